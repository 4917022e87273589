//! HRESULT codes: how QuickBooks says that a whole request, or opening the company file, failed.
//!
//! The table is `qbwc.md` 3, "HRESULT values"; errors of *single* requests arrive as status codes inside a normal
//! answer and are not this module's business. Codes come with `0x` and in any case; bare hexadecimal digits and a
//! signed decimal number are understood too. A code that is not in the table, and a text that is no code at all, are
//! kept: that something failed must not get lost because we cannot read its name.

use crate::error::Excerpt;
use std::fmt;

/// A reported failure: a COM error code, or the text that stood in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HResult(Repr);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Repr {
    Code(u32),
    Unreadable(Excerpt),
}

impl HResult {
    /// Wraps a known code.
    #[must_use]
    pub const fn from_code(code: u32) -> Self {
        Self(Repr::Code(code))
    }

    /// Every code of the table, in its order.
    pub fn known() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| Self::from_code(row.code))
    }

    /// Reads the `hresult` parameter. `None` means that no failure is reported: blank, or zero (`S_OK`).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        match parse_code(text) {
            Some(0) => None,
            Some(code) => Some(Self(Repr::Code(code))),
            None => Some(Self(Repr::Unreadable(Excerpt::new(text)))),
        }
    }

    /// The code; `None` if the text was no code.
    #[must_use]
    pub const fn code(&self) -> Option<u32> {
        match self.0 {
            Repr::Code(code) => Some(code),
            Repr::Unreadable(_) => None,
        }
    }

    /// What the code means.
    #[must_use]
    pub fn kind(&self) -> HResultKind {
        let known = |code: u32| TABLE.iter().find(|row| row.code == code).map(|row| row.kind);
        self.code().and_then(known).unwrap_or(HResultKind::Unknown)
    }
}

impl fmt::Display for HResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Code(code) => write!(f, "0x{code:08X}"),
            Repr::Unreadable(text) => write!(f, "{text}"),
        }
    }
}

fn parse_code(text: &str) -> Option<u32> {
    let hexadecimal = |digits: &str| {
        let all_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        all_digits.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
    };
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => hexadecimal(digits),
        // COM errors are negative as signed numbers, so only a minus sign tells decimal from hexadecimal.
        None if text.starts_with('-') => text.parse::<i32>().ok().map(i32::cast_unsigned),
        None => hexadecimal(text),
    }
}

/// What a failure means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HResultKind {
    /// 0x80040400: the qbXML could not be parsed, so none of it ran. A bug of ours; never resend unchanged.
    RequestNotParsed,
    /// 0x80040401: could not access QuickBooks.
    NoAccess,
    /// 0x80040402: unexpected error, details in `qbsdklog.txt`.
    Unexpected,
    /// 0x80040408: QuickBooks could not be started: closed, another Windows user, or other elevation.
    CannotStart,
    /// 0x8004040A: another company file is open than the one asked for.
    OtherCompanyOpen,
    /// 0x8004040D: the request processor's ticket is invalid; seen when QuickBooks died in mid-session.
    SessionLost,
    /// 0x80040410: the file is open in another mode (single or multi user).
    OpenInOtherMode,
    /// 0x80040414: a dialog is open in QuickBooks.
    DialogOpen,
    /// 0x80040416: QuickBooks is not running and no file was named.
    NotRunning,
    /// 0x80040417: no file is open and none was named.
    NoCompanyOpen,
    /// 0x80040418: the application was never authorised for this file.
    NeverAuthorised,
    /// 0x8004041A: the application has no permission.
    NoPermission,
    /// 0x8004041B: needed data could not be locked.
    NotLockable,
    /// 0x8004041C: internal error of QuickBooks on opening.
    InternalError,
    /// 0x8004041D: the application may not log in by itself.
    AutomaticLoginForbidden,
    /// 0x8004041E: the application's certificate has expired.
    CertificateExpired,
    /// 0x8004041F: this edition cannot run XML requests.
    EditionUnsupported,
    /// 0x80040420: the user denied access.
    AccessDenied,
    /// 0x80040422: single-user access was wanted while the file is shared.
    FileShared,
    /// 0x80040423: this QuickBooks does not know the qbXML version; nothing ran.
    VersionUnsupported,
    /// 0x80040424: QuickBooks is still starting.
    StillStarting,
    /// 0x80040427: QuickBooks is not registered.
    Unregistered,
    /// 0x8004042A: remote access is not allowed.
    RemoteAccessForbidden,
    /// 0x8004042C: the certificate was revoked.
    CertificateRevoked,
    /// 0x800706BA: QuickBooks crashed or was closed.
    ServerUnavailable,
    /// Not in the table.
    Unknown,
}

impl HResultKind {
    /// True if the next scheduled run has a fair chance without anybody doing anything.
    #[must_use]
    pub fn retry(self) -> bool {
        self.row().is_some_and(|row| matches!(row.advice, Advice::Retry))
    }

    /// True only if it is certain that no part of the message set in flight was executed: it was not parsed, or its
    /// version was refused before parsing. Only then may a write be prepared anew without looking first.
    #[must_use]
    pub const fn definitely_not_executed(self) -> bool {
        matches!(self, Self::RequestNotParsed | Self::VersionUnsupported)
    }

    /// True if a message set in flight may have been executed wholly or partly, so that writes are in doubt. The
    /// default for everything that is not known better. When the failure comes by `connectionError`, nothing is in
    /// flight.
    #[must_use]
    pub const fn outcome_unknown(self) -> bool {
        !self.definitely_not_executed()
    }

    /// Who has to do something about it.
    #[must_use]
    pub fn advice(self) -> Advice {
        self.row().map_or(Advice::Report, |row| row.advice)
    }

    fn row(self) -> Option<&'static Row> {
        TABLE.iter().find(|row| row.kind == self)
    }
}

/// The "Server" column of the table: who has to do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Advice {
    /// Nobody: the next scheduled run is enough.
    Retry,
    /// The person at QuickBooks: open it, close the dialog, switch the mode.
    TellUser,
    /// The QuickBooks Admin, in the application's permissions.
    Setup,
    /// We: the request is wrong. Park it.
    FixRequest,
    /// We: announce a lower qbXML version.
    LowerVersion,
    /// The session is over; find out what happened before writing again.
    EndSession,
    /// Nobody can: this edition cannot do it.
    Unsupported,
    /// Unknown code: show it.
    Report,
}

struct Row {
    code: u32,
    kind: HResultKind,
    advice: Advice,
}

const fn row(code: u32, kind: HResultKind, advice: Advice) -> Row {
    Row { code, kind, advice }
}

/// `qbwc.md` 3.
const TABLE: &[Row] = &[
    row(0x8004_0400, HResultKind::RequestNotParsed, Advice::FixRequest),
    row(0x8004_0401, HResultKind::NoAccess, Advice::Retry),
    row(0x8004_0402, HResultKind::Unexpected, Advice::Retry),
    row(0x8004_0408, HResultKind::CannotStart, Advice::TellUser),
    row(0x8004_040A, HResultKind::OtherCompanyOpen, Advice::TellUser),
    row(0x8004_040D, HResultKind::SessionLost, Advice::EndSession),
    row(0x8004_0410, HResultKind::OpenInOtherMode, Advice::TellUser),
    row(0x8004_0414, HResultKind::DialogOpen, Advice::TellUser),
    row(0x8004_0416, HResultKind::NotRunning, Advice::TellUser),
    row(0x8004_0417, HResultKind::NoCompanyOpen, Advice::TellUser),
    row(0x8004_0418, HResultKind::NeverAuthorised, Advice::Setup),
    row(0x8004_041A, HResultKind::NoPermission, Advice::Setup),
    row(0x8004_041B, HResultKind::NotLockable, Advice::Retry),
    row(0x8004_041C, HResultKind::InternalError, Advice::Retry),
    row(0x8004_041D, HResultKind::AutomaticLoginForbidden, Advice::Setup),
    row(0x8004_041E, HResultKind::CertificateExpired, Advice::Setup),
    row(0x8004_041F, HResultKind::EditionUnsupported, Advice::Unsupported),
    row(0x8004_0420, HResultKind::AccessDenied, Advice::Setup),
    row(0x8004_0422, HResultKind::FileShared, Advice::Retry),
    row(0x8004_0423, HResultKind::VersionUnsupported, Advice::LowerVersion),
    row(0x8004_0424, HResultKind::StillStarting, Advice::Retry),
    row(0x8004_0427, HResultKind::Unregistered, Advice::TellUser),
    row(0x8004_042A, HResultKind::RemoteAccessForbidden, Advice::TellUser),
    row(0x8004_042C, HResultKind::CertificateRevoked, Advice::TellUser),
    row(0x8007_06BA, HResultKind::ServerUnavailable, Advice::EndSession),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_spelling_of_a_code_is_one_code() {
        for text in ["0x80040408", "0X80040408", "80040408", " 0x80040408 ", "-2147220472"] {
            let hresult = HResult::parse(text).expect(text);
            assert_eq!(hresult.kind(), HResultKind::CannotStart, "{text}");
            assert_eq!(hresult.to_string(), "0x80040408");
        }
        assert_eq!(HResult::parse("0x8004040a"), HResult::parse("0x8004040A"));
        assert_eq!(HResult::parse("0x800706ba").expect("a code").to_string(), "0x800706BA");
    }

    #[test]
    fn no_failure_is_not_a_code() {
        for text in ["", "  ", "0", "0x0", "0x00000000"] {
            assert_eq!(HResult::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_still_a_failure() {
        for text in ["0x", "0x180040400", "E_FAIL", "-x", "+5", "0x-5", "80 04"] {
            let hresult = HResult::parse(text).expect("a failure");
            assert_eq!(hresult.code(), None, "{text}");
            assert_eq!(hresult.kind(), HResultKind::Unknown);
            assert_eq!(hresult.to_string(), text);
            assert!(hresult.kind().outcome_unknown());
        }
        assert_eq!(HResult::from_code(0x8004_9999).kind(), HResultKind::Unknown);
        assert_eq!(HResult::from_code(5).to_string(), "0x00000005");
    }

    #[test]
    fn only_two_kinds_are_known_not_to_have_run() {
        let certain: Vec<_> =
            TABLE.iter().filter(|row| row.kind.definitely_not_executed()).map(|row| row.code).collect();
        assert_eq!(certain, [0x8004_0400, 0x8004_0423]);
        assert!(HResultKind::Unexpected.outcome_unknown() && HResultKind::Unexpected.retry());
        assert!(!HResultKind::Unknown.retry());
        assert_eq!(HResultKind::Unknown.advice(), Advice::Report);
    }

    #[test]
    fn codes_and_kinds_are_unique() {
        assert_eq!(TABLE.iter().map(|row| row.code).collect::<HashSet<_>>().len(), TABLE.len());
        assert_eq!(TABLE.iter().map(|row| row.kind).collect::<HashSet<_>>().len(), TABLE.len());
    }
}
