//! A type for every id, so that no two kinds can be mixed up.

use std::fmt;

/// A text that cannot be an id of the wanted kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {what}")]
pub struct BadId {
    /// Which kind of id was wanted.
    pub what: &'static str,
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Checks and wraps a text.
            ///
            /// # Errors
            /// [`BadId`] when the text cannot be such an id.
            pub fn new(text: impl Into<String>) -> Result<Self, BadId> {
                let text = text.into();
                let valid: fn(&str) -> bool = $valid;
                if valid(&text) { Ok(Self(text)) } else { Err(BadId { what: $what }) }
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

/// Longest native id kept. QuickBooks' have at most 36 characters, Bill.com's 20 (`qbxml.md` 4, `billcom.md` 2).
const NATIVE_ID_CHARS_MAX: usize = 64;

text_id! {
    /// A company kept in step: the short text made from its name that stands in every path.
    CompanyId, "company id",
    |text| (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !text.starts_with('-')
}

text_id! {
    /// The id a side gave to a record of its own: a ListID or TxnID, or a Bill.com id. Opaque, compared exactly.
    NativeId, "record id",
    |text| !text.is_empty() && text.len() <= NATIVE_ID_CHARS_MAX && !text.chars().any(char::is_control)
}

impl CompanyId {
    /// The id a company of this name gets: lower case, words joined by dashes. Empty names give `company`.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        let mut slug = String::new();
        for character in name.chars().flat_map(char::to_lowercase) {
            if character.is_ascii_alphanumeric() {
                slug.push(character);
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
            if slug.len() >= 40 {
                break;
            }
        }
        let slug = slug.trim_matches('-');
        Self(if slug.is_empty() { "company".to_owned() } else { slug.to_owned() })
    }

    /// The same id with a number behind it, for the second company of a name.
    #[must_use]
    pub fn numbered(&self, number: u32) -> Self {
        Self(format!("{}-{number}", self.0))
    }
}

macro_rules! row_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// Wraps a row number.
            #[must_use]
            pub const fn new(number: i64) -> Self {
                Self(number)
            }

            /// The row number.
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

row_id! {
    /// A pair of records, one on each side.
    LinkId
}
row_id! {
    /// Something a person must decide.
    ProblemId
}
row_id! {
    /// One Web Connector session.
    ConversationId
}
row_id! {
    /// One message set handed to QuickBooks. Never used again, not even after a restart.
    AttemptId
}

/// What one side should hold: the outbox row, and the idempotency key that a write carries to the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IntentId(uuid::Uuid);

impl IntentId {
    /// Wraps an id.
    #[must_use]
    pub const fn new(uuid: uuid::Uuid) -> Self {
        Self(uuid)
    }

    /// Reads the usual text form.
    ///
    /// # Errors
    /// [`BadId`] for any other text.
    pub fn parse(text: &str) -> Result<Self, BadId> {
        uuid::Uuid::try_parse(text).map(Self).map_err(|_| BadId { what: "intent id" })
    }

    /// The id itself, which becomes the `ExternalGUID` of what it creates.
    #[must_use]
    pub const fn uuid(self) -> uuid::Uuid {
        self.0
    }
}

impl fmt::Display for IntentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn company_ids_are_short_texts_made_from_names() {
        for (name, id) in [
            ("Acme Tools", "acme-tools"),
            ("  Müller & Söhne GmbH ", "m-ller-s-hne-gmbh"),
            ("***", "company"),
            ("A", "a"),
        ] {
            let made = CompanyId::from_name(name);
            assert_eq!(made.as_str(), id);
            assert!(CompanyId::new(made.as_str()).is_ok(), "{name}: what is made must be valid");
        }
        assert!(CompanyId::new("../etc").is_err());
    }
}
