//! Why a request cannot be understood, with the limit and the value found.
//!
//! Two readers: the log takes the error itself, the caller takes [`DecodeError::fault`]. Neither ever sees more of
//! the outside text than one name, made printable and cut to 200 characters ([`Excerpt`]).
//!
//! **Invariant:** no error contains the *content* of an element: it may be a password. Names and prefixes only.

use crate::name::OperationName;
use crate::reply::{Fault, FaultCode};
use crate::text::TextError;
use std::fmt;

/// Characters of outside text that an error may repeat.
const EXCERPT_CHARACTERS_MAX: usize = 200;

/// A piece of outside text that is safe to show and to log: printable, at most 200 characters, then `…`.
#[derive(Clone, PartialEq, Eq)]
pub struct Excerpt(String);

impl Excerpt {
    /// Makes `text` safe. Control characters, line ends and the characters that reverse the direction of writing
    /// become `?`, so that an error stays one line in a log.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let harmless = |character: char| match character {
            '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' => '?',
            _ if character.is_control() => '?',
            _ => character,
        };
        let mut safe: String = text.chars().take(EXCERPT_CHARACTERS_MAX).map(harmless).collect();
        if text.chars().nth(EXCERPT_CHARACTERS_MAX).is_some() {
            safe.push('…');
        }
        Self(safe)
    }

    /// The safe text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Why [`decode`](crate::decode) refused a request.
///
/// Where a bound was exceeded, `found` is the value at the moment of refusal; reading stops there, so the document
/// may have held more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// Nothing but white space.
    #[error("the request has no body")]
    Empty,
    /// The body, or the body transcoded to UTF-8, is longer than allowed.
    #[error("the request has {found} bytes, {limit} are allowed")]
    BodyTooLarge {
        /// Most bytes allowed.
        limit: usize,
        /// Bytes found.
        found: usize,
    },
    /// The body ended before it was complete: the line broke, or whoever hands it over gave up.
    #[error("the request did not arrive completely")]
    Interrupted,
    /// One tag, comment or text outside the parameters is too long.
    #[error("a tag, a comment or a text outside the parameters has more than {limit} bytes")]
    TokenTooLong {
        /// Most bytes allowed.
        limit: usize,
    },
    /// Elements are nested too deeply.
    #[error("elements are nested {found} deep, {limit} are allowed")]
    TooDeep {
        /// Deepest nesting allowed.
        limit: usize,
        /// Depth found.
        found: usize,
    },
    /// An element carries too many attributes.
    #[error("an element has {found} or more attributes, {limit} are allowed")]
    TooManyAttributes {
        /// Most attributes allowed.
        limit: usize,
        /// Attributes counted until refusal.
        found: usize,
    },
    /// The name of an element or attribute is too long.
    #[error("a name has {found} bytes, {limit} are allowed")]
    NameTooLong {
        /// Most bytes allowed.
        limit: usize,
        /// Bytes found.
        found: usize,
    },
    /// An attribute's value is too long.
    #[error("an attribute value has {found} bytes, {limit} are allowed")]
    AttributeTooLong {
        /// Most bytes allowed.
        limit: usize,
        /// Bytes found.
        found: usize,
    },
    /// The document has too many elements.
    #[error("the document has {found} or more elements, {limit} are allowed")]
    TooManyElements {
        /// Most elements allowed.
        limit: usize,
        /// Elements counted until refusal.
        found: usize,
    },
    /// More namespaces are bound at once than allowed.
    #[error("more than {limit} namespaces are bound at once")]
    TooManyNamespaces {
        /// Most bindings in scope allowed.
        limit: usize,
    },
    /// A parameter's text is too long. Does not apply to `response`, which only the body's size bounds.
    #[error("the parameter {parameter} has more than {limit} bytes")]
    TextTooLong {
        /// The parameter.
        parameter: &'static str,
        /// Most bytes allowed, un-escaped.
        limit: usize,
    },
    /// The encoding is none of UTF-8, UTF-16 with a byte order mark, ISO-8859-1 and US-ASCII.
    #[error("the encoding \"{found}\" is not supported; send UTF-8")]
    UnsupportedEncoding {
        /// The encoding as declared or recognised.
        found: Excerpt,
    },
    /// The bytes are not text in the encoding they claim.
    #[error("the bytes are not valid {encoding} at byte {at}")]
    BadEncoding {
        /// The encoding claimed.
        encoding: &'static str,
        /// Offset of the first bad byte.
        at: usize,
    },
    /// A DTD. There is no legitimate one in SOAP, and entities are the classic attack.
    #[error("document type declarations are refused")]
    DocumentType,
    /// A processing instruction, or an XML declaration that is not at the start.
    #[error("processing instructions are refused")]
    ProcessingInstruction,
    /// Something follows the envelope.
    #[error("something follows the envelope")]
    TrailingContent,
    /// The document ends before the envelope is closed.
    #[error("the document ends before the envelope is closed")]
    Truncated,
    /// Text where the contract has none.
    #[error("text stands directly inside {within}, where only elements belong")]
    StrayText {
        /// Where it stands.
        within: &'static str,
    },
    /// A prefix that nothing declares.
    #[error("the prefix \"{prefix}\" is not declared")]
    UndeclaredPrefix {
        /// The prefix.
        prefix: Excerpt,
    },
    /// The document element is not a SOAP 1.1 or 1.2 envelope.
    #[error("the document is \"{found}\", not a SOAP 1.1 or 1.2 envelope")]
    NotAnEnvelope {
        /// Local name of the document element.
        found: Excerpt,
    },
    /// `Envelope` in an unknown namespace; SOAP calls this a version mismatch.
    #[error("the envelope's namespace \"{found}\" is neither SOAP 1.1 nor SOAP 1.2")]
    UnknownSoapVersion {
        /// The namespace.
        found: Excerpt,
    },
    /// An element that does not belong where it stands.
    #[error("the element \"{found}\" does not belong in {within}")]
    UnexpectedElement {
        /// Local name of the element.
        found: Excerpt,
        /// Where it stands.
        within: &'static str,
    },
    /// The envelope has no body, or the body no operation.
    #[error("the envelope holds no operation")]
    NoOperation,
    /// The body holds more than one element.
    #[error("the body holds more than one operation")]
    TwoOperations,
    /// The body's element is none of the Web Connector's operations.
    #[error("the operation \"{found}\" is unknown")]
    UnknownOperation {
        /// Local name of the element.
        found: Excerpt,
    },
    /// The operation's namespace is not `http://developer.intuit.com/` (with its trailing slash, `qbwc.md` 1).
    #[error("the operation {operation} is in the namespace \"{found}\", not in \"http://developer.intuit.com/\"")]
    WrongNamespace {
        /// The operation.
        operation: OperationName,
        /// The namespace found; empty if none.
        found: Excerpt,
    },
    /// A parameter is given twice.
    #[error("the parameter {parameter} is given twice")]
    DuplicateParameter {
        /// The parameter.
        parameter: &'static str,
    },
    /// A parameter holds an element; embedded XML must be escaped.
    #[error("the parameter {parameter} holds an element; embedded XML must be escaped")]
    ElementInText {
        /// The parameter.
        parameter: &'static str,
    },
    /// A parameter's text cannot be resolved.
    #[error("the parameter {parameter} is not text")]
    BadText {
        /// The parameter.
        parameter: &'static str,
        /// What is wrong with it.
        #[source]
        source: TextError,
    },
    /// Not well-formed XML.
    #[error("not well-formed XML near byte {at}: {reason}")]
    Malformed {
        /// Offset in the document as UTF-8.
        at: usize,
        /// What is wrong; none of the document's own words.
        reason: Excerpt,
    },
}

impl DecodeError {
    /// The SOAP fault that answers this request: the caller's mistake, in one short sentence.
    #[must_use]
    pub fn fault(&self) -> Fault {
        let code = match self {
            Self::UnknownSoapVersion { .. } => FaultCode::VersionMismatch,
            _ => FaultCode::Client,
        };
        let text = match self {
            Self::BadText { source, .. } => format!("{self}: {source}"),
            _ => self.to_string(),
        };
        Fault { code, text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_one_printable_line() {
        assert_eq!(Excerpt::new("a\r\nb\u{1b}[31m\u{202E}").as_str(), "a??b?[31m?");
        assert_eq!(Excerpt::new(&"é".repeat(200)).as_str().chars().count(), 200);
        assert_eq!(Excerpt::new(&"é".repeat(9_999)).as_str(), format!("{}…", "é".repeat(200)));
    }

    #[test]
    fn faults_blame_the_caller() {
        let fault = DecodeError::TooDeep { limit: 16, found: 17 }.fault();
        assert_eq!(fault.code, FaultCode::Client);
        assert_eq!(fault.text, "elements are nested 17 deep, 16 are allowed");
        let fault = DecodeError::UnknownSoapVersion { found: Excerpt::new("urn:x") }.fault();
        assert_eq!(fault.code, FaultCode::VersionMismatch);
    }
}
