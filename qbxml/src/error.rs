//! What can go wrong, as data.
//!
//! Three kinds, by who caused it: [`ValueError`] (a text is not a value of its type),
//! [`WriteError`] (our own request would not be valid: a program or mapping fault, found before a
//! byte leaves) and [`ReadError`] (the answer cannot be read on).
//!
//! **Invariant:** no error carries more than [`SAFE_TEXT_CHARS`] characters of outside text, and
//! those without control characters: errors end up in logs and on pages. [`WriteError`] names
//! lengths and limits, never the content itself.

use std::fmt::Write as _;

use thiserror::Error;

use crate::version::QbXmlVersion;

/// The most characters of outside text that an error repeats.
pub const SAFE_TEXT_CHARS: usize = 60;

/// Outside text made fit for an error: short, one line, printable.
#[must_use]
pub fn safe_text(text: &str) -> String {
    let mut safe = String::new();
    for character in text.chars().take(SAFE_TEXT_CHARS) {
        match character {
            control if control.is_control() => safe.push(' '),
            shown => safe.push(shown),
        }
    }
    if text.chars().nth(SAFE_TEXT_CHARS).is_some() {
        safe.push('…');
    }
    safe
}

/// A text that is not a value of the wanted type.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ValueError {
    /// The text does not follow the grammar of the type (`qbxml.md` 4).
    #[error("expected {expected}, found \"{found}\"")]
    Grammar {
        /// What was wanted, in words.
        expected: &'static str,
        /// The beginning of what was found.
        found: String,
    },
    /// More characters than the schema allows.
    #[error("at most {limit} characters, found {found}")]
    TooLong {
        /// The schema's limit in characters.
        limit: usize,
        /// The length found in characters.
        found: usize,
    },
    /// A character QuickBooks does not keep (`qbxml.md` 4, "Characters").
    #[error("character {code:#06x} at position {at} is not kept by QuickBooks")]
    Character {
        /// The Unicode code point.
        code: u32,
        /// Its place in the text, in characters from 0.
        at: usize,
    },
    /// A number outside the range of its type.
    #[error("expected {expected}")]
    Range {
        /// The range in words.
        expected: &'static str,
    },
}

impl ValueError {
    pub(crate) fn grammar(expected: &'static str, found: &str) -> Self {
        Self::Grammar { expected, found: safe_text(found) }
    }
}

/// The rule a request broke.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Limit {
    /// The element or value came with a later version than the announced one.
    #[error("needs qbXML {0}")]
    Since(QbXmlVersion),
    /// At most so many characters.
    #[error("at most {0} characters")]
    MaxLength(u32),
    /// At most so many times.
    #[error("at most {0} times")]
    MaxOccurs(u32),
    /// Must be there.
    #[error("needs {0}")]
    Required(&'static str),
    /// These exclude each other.
    #[error("not together: {0}")]
    Exclusive(&'static str),
    /// The field may be changed but not emptied (status 3190).
    #[error("may not be cleared")]
    NotClearable,
    /// Only values of the schema may be sent.
    #[error("only a value of the schema")]
    KnownValue,
    /// A number or date outside the allowed range.
    #[error("allowed range: {0}")]
    Range(&'static str),
    /// A character that XML 1.0 or QuickBooks forbids here.
    #[error("character not allowed: {0}")]
    Character(&'static str),
    /// So many requests or bytes are allowed in one message set.
    #[error("at most {0} in one message set")]
    MessageSet(usize),
}

/// A request that QuickBooks would refuse; nothing of it was written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{path}: {limit}, found {found}")]
pub struct WriteError {
    /// The element, from the request inwards: `VendorAddRq/VendorAdd/Name`.
    pub path: String,
    /// The rule.
    pub limit: Limit,
    /// What was found instead: a length, a version, a count; never the content of a field.
    pub found: String,
}

/// Why an answer cannot be read on.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadErrorKind {
    /// Not well-formed XML.
    #[error("not well formed: {0}")]
    Malformed(String),
    /// The document ends before its root element does.
    #[error("the answer is cut short")]
    CutShort,
    /// Elements inside elements beyond the limit.
    #[error("nested deeper than {0} elements")]
    TooDeep(usize),
    /// A part of the document is larger than the limit.
    #[error("{what} longer than {limit} bytes")]
    TooLong {
        /// Which part.
        what: &'static str,
        /// The limit in bytes.
        limit: usize,
    },
    /// A document type declaration: never part of qbXML, often an attack.
    #[error("document type declaration")]
    DocType,
    /// A processing instruction other than the leading `<?qbxml ...?>`.
    #[error("processing instruction")]
    ProcessingInstruction,
    /// A reference to an entity that XML does not predefine.
    #[error("unknown entity \"{0}\"")]
    UnknownEntity(String),
    /// Well-formed, but not the document expected.
    #[error("expected {expected}, found \"{found}\"")]
    NotExpected {
        /// The element expected.
        expected: &'static str,
        /// The beginning of what was found.
        found: String,
    },
    /// An attribute that steers the reading is missing or no number.
    #[error("attribute {name} is \"{found}\"")]
    BadAttribute {
        /// Its name.
        name: &'static str,
        /// The beginning of its value, or `missing`.
        found: String,
    },
    /// A required element of a request is missing or unreadable.
    #[error("{0} is missing or unreadable")]
    Missing(&'static str),
    /// Something stands behind the end of the root element.
    #[error("content behind the end of the document")]
    TrailingContent,
    /// The byte source failed.
    #[error("reading failed: {0}")]
    Io(std::io::ErrorKind),
    /// Reading went on after an error, or methods were called out of order.
    #[error("out of turn: {0}")]
    OutOfTurn(&'static str),
}

/// An answer that cannot be read on: why and where. Records handed out before stay valid.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{kind} (byte {position}{})", in_path(.path))]
pub struct ReadError {
    /// Why.
    pub kind: ReadErrorKind,
    /// How many bytes had been read.
    pub position: u64,
    /// The open elements, shortened.
    pub path: String,
}

fn in_path(path: &str) -> String {
    let mut text = String::new();
    if !path.is_empty() {
        // Writing to a String cannot fail.
        let _ = write!(text, ", in {path}");
    }
    text
}
