//! Status of a response, and the one reaction each code has.

use std::fmt;

use crate::error::safe_text;
use crate::types::status_table::{STATUS_TABLE, StatusEntry};

/// The number of a status (`statusCode`, `messageSetStatusCode`). 0 to 499 is information, 500 to
/// 999 a warning (work was done or data returned), 1000 and above an error (nothing was done for
/// that request).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatusCode(pub i32);

impl StatusCode {
    /// Done.
    pub const OK: Self = Self(0);
    /// A query matched nothing. Not a failure.
    pub const NOTHING_FOUND: Self = Self(1);
    /// A query by id or name found some or none of the objects.
    pub const SOME_MISSING: Self = Self(500);
    /// Message set: nothing is stored for the old id.
    pub const NOTHING_STORED: Self = Self(600);
    /// The name is in use already, in this list or another names list.
    pub const NAME_IN_USE: Self = Self(3100);
    /// The edit sequence is out of date.
    pub const STALE_EDIT_SEQUENCE: Self = Self(3200);
    /// Something failed inside QuickBooks.
    pub const INTERNAL_ERROR: Self = Self(1000);
    /// The object's creation time does not match: the file was restored or rebuilt.
    pub const OTHER_CREATION_TIME: Self = Self(3240);
    /// Not processed because an earlier request of the set failed.
    pub const NOT_PROCESSED: Self = Self(3231);
    /// The iterator attribute is missing or wrong.
    pub const BAD_ITERATOR: Self = Self(3390);
    /// The iterator is not valid any more.
    pub const ITERATOR_EXPIRED: Self = Self(3391);
    /// Message set: the same id was used with another content.
    pub const CHECKSUM_DIFFERS: Self = Self(9001);
    /// Message set: no stored answer was found.
    pub const NO_STORED_ANSWER: Self = Self(9002);
    /// Message set: the id is too long.
    pub const MESSAGE_SET_ID_TOO_LONG: Self = Self(9004);
    /// Message set: the answer could not be stored.
    pub const ANSWER_NOT_STORED: Self = Self(9005);

    /// The severity that the number means. Go by this, not by the word: an error with the word Info
    /// has been seen.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self.0 {
            0..=499 => Severity::Info,
            500..=999 => Severity::Warn,
            _ => Severity::Error,
        }
    }

    /// The row of the catalogue, if the code is known.
    #[must_use]
    pub fn entry(self) -> Option<&'static StatusEntry> {
        STATUS_TABLE.iter().find(|entry| entry.codes.contains(self.0))
    }

    /// Whether the request did its work or returned its data (below 1000).
    #[must_use]
    pub const fn is_success(self) -> bool {
        !matches!(self.severity(), Severity::Error)
    }
}

impl fmt::Display for StatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How bad a status is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Fine.
    Info,
    /// Done, but look at it.
    Warn,
    /// Not done.
    Error,
}

impl Severity {
    /// Reads the word of `statusSeverity`, without case; other words are `None`.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let known = [(Self::Info, "Info"), (Self::Warn, "Warn"), (Self::Error, "Error")];
        known.into_iter().find(|(_, name)| name.eq_ignore_ascii_case(word.trim())).map(|(severity, _)| severity)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Info => "Info",
            Self::Warn => "Warn",
            Self::Error => "Error",
        })
    }
}

/// What to do about a status (`qbxml.md` 12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reaction {
    /// Success.
    Ok,
    /// Success with something missing: use what came, look at the rest.
    Partial,
    /// Send the same request later, with growing pauses, a limited number of times.
    Retry,
    /// Read the object or list again, decide, send again.
    Refresh,
    /// An equal object exists: link it instead of creating one.
    Adopt,
    /// Show it to a person; do not retry until something changed.
    Person,
    /// Our program or mapping is wrong: log it, do not retry unchanged.
    Fix,
    /// Error recovery: the outcome of a message set is in question (`qbxml.md` 2).
    Recovery,
}

/// Code, severity and text of one response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The number: what decisions go by.
    pub code: StatusCode,
    /// The severity as sent; by the number if the word was missing or unknown.
    pub severity: Severity,
    /// The text as QuickBooks wrote it, possibly empty. It may contain names from the books.
    pub message: String,
}

/// The mark in front of the reason that QuickBooks itself gives.
const REASON_MARK: &str = "quickbooks error message:";

/// Phrases that mean: somebody else is holding it just now (English editions; `qbxml.md` 11 and
/// 12).
const LOCK_PHRASES: &[&str] =
    &["modified by another user", "could not be locked", "is in use", "failed to acquire the lock"];

impl Status {
    /// The one reaction to this status.
    ///
    /// Codes come from the catalogue. Those whose meaning lies in the text (3170, 3180, 3210) are
    /// `Retry` if the text speaks of a lock and `Person` otherwise. Unknown codes go by severity:
    /// `Ok`, `Partial`, `Person`.
    #[must_use]
    pub fn reaction(&self) -> Reaction {
        match self.code.entry() {
            Some(entry) if entry.by_text => {
                if self.speaks_of_a_lock() {
                    Reaction::Retry
                } else {
                    Reaction::Person
                }
            }
            Some(entry) => entry.reaction,
            None => match self.code.severity() {
                Severity::Info => Reaction::Ok,
                Severity::Warn => Reaction::Partial,
                Severity::Error => Reaction::Person,
            },
        }
    }

    /// What QuickBooks itself said: the part behind "QuickBooks error message:", or the whole text where that mark is
    /// missing. It may contain names from the books.
    #[must_use]
    pub fn reason(&self) -> &str {
        // The mark is ASCII, and lower-casing ASCII moves nothing.
        match self.message.to_ascii_lowercase().find(REASON_MARK) {
            Some(at) => self.message[at + REASON_MARK.len()..].trim(),
            None => self.message.trim(),
        }
    }

    /// Whether the reason is that somebody else is holding the object.
    ///
    /// Only the part behind "QuickBooks error message:" counts; without that mark, the text outside
    /// quotation marks (names in the books may contain anything).
    #[must_use]
    pub fn speaks_of_a_lock(&self) -> bool {
        let reason = self.reason();
        let marked = reason.len() < self.message.trim().len();
        let outside = || reason.split('"').step_by(2).collect::<Vec<_>>().join(" ");
        let told = if marked { reason.to_owned() } else { outside() }.to_ascii_lowercase();
        LOCK_PHRASES.iter().any(|phrase| told.contains(phrase))
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.severity, self.code, safe_text(&self.message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(code: i32, message: &str) -> Status {
        Status { code: StatusCode(code), severity: StatusCode(code).severity(), message: message.to_owned() }
    }

    #[test]
    fn the_text_decides_where_the_code_does_not() {
        let locked = "There was an error when saving a Customer list, element \"X\". QuickBooks error message: This list has been modified by another user.";
        let limit = "There was an error when saving a Invoice.  QuickBooks error message: The credit limit for the name on this transaction has been exceeded.";
        let spoof = "There was an error when saving a Vendor list, element \"Everything is in use Inc\".  QuickBooks error message: The name is wrong.";
        for code in [3170, 3180, 3210] {
            assert_eq!(status(code, locked).reaction(), Reaction::Retry, "{code}");
            assert_eq!(status(code, limit).reaction(), Reaction::Person, "{code}");
            assert_eq!(status(code, spoof).reaction(), Reaction::Person, "{code}");
            assert_eq!(status(code, "").reaction(), Reaction::Person, "{code}");
        }
        assert_eq!(status(3180, "Cannot save \"is in use\" today").reaction(), Reaction::Person);
        assert_eq!(status(3180, "The object IS IN USE by somebody").reaction(), Reaction::Retry);
    }

    #[test]
    fn unknown_codes_go_by_severity() {
        assert_eq!(status(77, "").reaction(), Reaction::Ok);
        assert_eq!(status(777, "").reaction(), Reaction::Partial);
        assert_eq!(status(7777, "is in use").reaction(), Reaction::Person);
        assert_eq!(status(-1, "").reaction(), Reaction::Person);
        assert_eq!(status(9150, "").reaction(), Reaction::Fix);
    }

    #[test]
    fn the_number_outranks_the_word() {
        assert_eq!(StatusCode(3210).severity(), Severity::Error);
        assert!(StatusCode(1).is_success() && StatusCode(530).is_success() && !StatusCode(1000).is_success());
        assert_eq!(Severity::from_word(" warn"), Some(Severity::Warn));
        assert_eq!(Severity::from_word("fatal"), None);
    }
}
