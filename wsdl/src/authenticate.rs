//! The answer to `authenticate`: four strings whose meaning lies in their position (`qbwc.md` 1.3).

use std::fmt;

/// The second string: refuse, idle, or work, and on which company file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Company {
    /// Work on the file now open in QuickBooks. Cannot work while QuickBooks is closed. On the wire: empty.
    Current,
    /// Work on this file: full path of a `.qbw`. A text that the connector takes for a status (`none`, `nvu`, `busy`,
    /// in any case) is no path and must not be put here.
    File(String),
    /// The caller is known, there is nothing to do. On the wire: `none`.
    None,
    /// Unknown user or wrong password. On the wire: `nvu`.
    Invalid,
    /// Come back later. On the wire: `busy`.
    Busy,
}

impl Company {
    /// The wire form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Current => "",
            Self::File(path) => path,
            Self::None => "none",
            Self::Invalid => "nvu",
            Self::Busy => "busy",
        }
    }

    /// Reads the wire form as the connector does: case is ignored, anything unknown is a path.
    #[must_use]
    pub fn from_wire(text: &str) -> Self {
        match text.to_ascii_lowercase().as_str() {
            "" => Self::Current,
            "none" => Self::None,
            "nvu" => Self::Invalid,
            "busy" => Self::Busy,
            _ => Self::File(text.to_owned()),
        }
    }
}

/// The answer to `authenticate`.
///
/// On the wire it is always exactly four items: the connector reads indices 0 to 3, and an array that is too short,
/// or whose empty item got lost, shows up as QBWC1012 "Index was outside the bounds of the array" (`qbwc.md` 1.3).
#[derive(Clone, PartialEq, Eq)]
pub struct AuthenticateResult {
    /// Returned in every later call of the session. May be empty with [`Company::None`] and [`Company::Invalid`].
    pub ticket: String,
    /// Refuse, idle, or work.
    pub company: Company,
    /// Drop this run and try again after so many seconds; wins over every status. Works only with Auto-Run on.
    pub postpone_seconds: Option<u32>,
    /// Lower limit of the connector's interval in seconds. Works only with Auto-Run on.
    pub minimum_run_seconds: Option<u32>,
}

impl AuthenticateResult {
    /// A refusal.
    #[must_use]
    pub const fn invalid() -> Self {
        Self::without_ticket(Company::Invalid)
    }

    /// No work, or busy, or refused: no session follows, so no ticket is needed.
    #[must_use]
    pub const fn without_ticket(company: Company) -> Self {
        Self { ticket: String::new(), company, postpone_seconds: None, minimum_run_seconds: None }
    }

    /// A session on `company`.
    #[must_use]
    pub const fn session(ticket: String, company: Company) -> Self {
        Self { ticket, company, postpone_seconds: None, minimum_run_seconds: None }
    }

    /// The four strings in wire order.
    #[must_use]
    pub fn items(&self) -> [String; 4] {
        let seconds = |value: Option<u32>| value.map(|seconds| seconds.to_string()).unwrap_or_default();
        [
            self.ticket.clone(),
            self.company.as_str().to_owned(),
            seconds(self.postpone_seconds),
            seconds(self.minimum_run_seconds),
        ]
    }
}

impl fmt::Debug for AuthenticateResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthenticateResult")
            .field("ticket", &"<redacted>")
            .field("company", &self.company)
            .field("postpone_seconds", &self.postpone_seconds)
            .field("minimum_run_seconds", &self.minimum_run_seconds)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_always_four_items() {
        assert_eq!(AuthenticateResult::invalid().items(), ["", "nvu", "", ""]);
        let later = AuthenticateResult {
            ticket: "T".to_owned(),
            company: Company::File("C:\\Books\\Acme.qbw".to_owned()),
            postpone_seconds: Some(60),
            minimum_run_seconds: Some(0),
        };
        assert_eq!(later.items(), ["T", "C:\\Books\\Acme.qbw", "60", "0"]);
        assert!(!format!("{later:?}").contains('T'), "tickets are redacted: {later:?}");
    }

    #[test]
    fn a_company_reads_back_as_the_connector_reads_it() {
        for company in
            [Company::Current, Company::None, Company::Invalid, Company::Busy, Company::File("C:\\a.qbw".into())]
        {
            assert_eq!(Company::from_wire(company.as_str()), company);
        }
        assert_eq!(Company::from_wire("NVU"), Company::Invalid);
        assert_eq!(Company::from_wire("None"), Company::None);
    }
}
