//! Text in and out of XML: the one place where references, CDATA and line ends are resolved, and the one place where
//! text is escaped.
//!
//! The answer QuickBooks gave travels as *escaped* text inside `receiveResponseXML/response`; unescaped it may be
//! tens of megabytes. [`TextReader`] therefore resolves it chunk by chunk behind [`std::io::BufRead`], straight from
//! the bytes of the request. Short parameters go through the same reader and are collected under a limit, so a
//! password and an answer follow the same rules:
//!
//! * the five predefined entities and all character references to Unicode scalar values other than NUL are resolved,
//!   also to control characters (.NET writes those, although XML 1.0 forbids it);
//! * CDATA is taken literally, comments are dropped;
//! * a literal CR LF or CR becomes LF as XML demands, a CR written as `&#xD;` stays (`qbwc.md` appendix A);
//! * white space is never trimmed: it may be part of a password.
//!
//! **Invariant:** errors of this module never contain any of the text.

use std::io::{self, BufRead, Read};
use std::sync::Arc;

/// Bytes of resolved text held at any time by one [`TextReader`].
const CHUNK_BYTES: usize = 32 * 1024;

/// Longest reference understood, from `&` to `;`: leaves room for leading zeros in `&#x0000000D;`.
const REFERENCE_BYTES_MAX: usize = 32;

/// Why a text could not be resolved. Carries none of the text, which may be a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextError {
    /// A `&` that starts no reference.
    #[error("an ampersand starts no reference")]
    LoneAmpersand,
    /// A named entity other than the five of XML; there is no DTD that could define one.
    #[error("an entity is not one of the five that XML predefines")]
    UnknownEntity,
    /// A character reference to NUL, to a surrogate or beyond Unicode.
    #[error("a character reference names no character")]
    BadCharacter,
    /// Markup other than CDATA and comments; cannot happen in a text the guard has passed.
    #[error("text contains markup")]
    Markup,
}

impl From<TextError> for io::Error {
    fn from(error: TextError) -> Self {
        Self::new(io::ErrorKind::InvalidData, error)
    }
}

/// The document, either in the caller's buffer or, when it had to be transcoded to UTF-8, in a shared buffer of ours.
#[derive(Clone)]
pub(crate) enum Source<'a> {
    /// UTF-8 as received.
    Borrowed(&'a str),
    /// Transcoded from UTF-16 or ISO-8859-1.
    Transcoded(Arc<str>),
}

impl Source<'_> {
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Transcoded(text) => text,
        }
    }
}

/// A part of the document that holds escaped text.
#[derive(Clone)]
pub(crate) struct EscapedText<'a> {
    source: Source<'a>,
    start: usize,
    end: usize,
}

impl<'a> EscapedText<'a> {
    pub(crate) fn new(source: Source<'a>, range: std::ops::Range<usize>) -> Self {
        Self { source, start: range.start, end: range.end }
    }

    /// Length on the wire, still escaped.
    pub(crate) fn escaped_bytes(&self) -> usize {
        self.end - self.start
    }

    pub(crate) fn reader(&self) -> TextReader<'a> {
        TextReader {
            source: self.source.clone(),
            at: self.start,
            end: self.end,
            in_cdata: false,
            chunk: Vec::new(),
            consumed: 0,
        }
    }
}

/// A streaming reader of resolved text. Memory: one chunk of 32 KiB, whatever the length of the text.
pub(crate) struct TextReader<'a> {
    source: Source<'a>,
    at: usize,
    end: usize,
    in_cdata: bool,
    chunk: Vec<u8>,
    consumed: usize,
}

impl TextReader<'_> {
    fn refill(&mut self) -> Result<(), TextError> {
        self.chunk.clear();
        self.consumed = 0;
        // The buffer is moved out so that `source` can be borrowed while it is written to.
        let mut chunk = std::mem::take(&mut self.chunk);
        chunk.reserve(CHUNK_BYTES.min(self.end - self.at));
        let result = self.fill(&mut chunk);
        self.chunk = chunk;
        // What was resolved before the fault is delivered first; the fault is found again by the next call.
        if self.chunk.is_empty() { result } else { Ok(()) }
    }

    fn fill(&mut self, chunk: &mut Vec<u8>) -> Result<(), TextError> {
        let bytes = &self.source.as_str().as_bytes()[..self.end];
        while self.at < bytes.len() && chunk.len() < CHUNK_BYTES {
            let rest = &bytes[self.at..];
            let room = CHUNK_BYTES - chunk.len();
            let in_cdata = self.in_cdata;
            let special = |byte: &u8| match byte {
                b'\r' => true,
                b']' => in_cdata,
                b'&' | b'<' => !in_cdata,
                _ => false,
            };
            let window = &rest[..rest.len().min(room)];
            let run = window.iter().position(special).unwrap_or(window.len());
            chunk.extend_from_slice(&rest[..run]);
            self.at += run;
            if run < window.len() {
                self.at += resolve_special(&rest[run..], chunk, &mut self.in_cdata)?;
            }
        }
        Ok(())
    }
}

/// Resolves what stands at the start of `rest` and returns how many bytes of it were used, at least one.
fn resolve_special(rest: &[u8], out: &mut Vec<u8>, in_cdata: &mut bool) -> Result<usize, TextError> {
    const CDATA_OPEN: &[u8] = b"<![CDATA[";
    const CDATA_CLOSE: &[u8] = b"]]>";
    const COMMENT_OPEN: &[u8] = b"<!--";
    match rest[0] {
        b'\r' => {
            out.push(b'\n');
            Ok(if rest.get(1) == Some(&b'\n') { 2 } else { 1 })
        }
        b']' if rest.starts_with(CDATA_CLOSE) => {
            *in_cdata = false;
            Ok(CDATA_CLOSE.len())
        }
        b']' => {
            out.push(b']');
            Ok(1)
        }
        b'&' => resolve_reference(rest, out),
        _ if rest.starts_with(CDATA_OPEN) => {
            *in_cdata = true;
            Ok(CDATA_OPEN.len())
        }
        _ if rest.starts_with(COMMENT_OPEN) => {
            let body = &rest[COMMENT_OPEN.len()..];
            let close = body.windows(3).position(|three| three == b"-->").ok_or(TextError::Markup)?;
            Ok(COMMENT_OPEN.len() + close + 3)
        }
        _ => Err(TextError::Markup),
    }
}

/// Resolves one reference; `rest` starts with its `&`.
fn resolve_reference(rest: &[u8], out: &mut Vec<u8>) -> Result<usize, TextError> {
    let window = &rest[..rest.len().min(REFERENCE_BYTES_MAX)];
    let end = window.iter().position(|&byte| byte == b';').ok_or(TextError::LoneAmpersand)?;
    let character = match &window[1..end] {
        b"lt" => '<',
        b"gt" => '>',
        b"amp" => '&',
        b"quot" => '"',
        b"apos" => '\'',
        [b'#', b'x', digits @ ..] => character(digits, 16)?,
        [b'#', digits @ ..] => character(digits, 10)?,
        [] => return Err(TextError::LoneAmpersand),
        _ => return Err(TextError::UnknownEntity),
    };
    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    Ok(end + 1)
}

/// The character that a reference's digits name. No sign, no blank, no NUL.
fn character(digits: &[u8], radix: u32) -> Result<char, TextError> {
    let all_digits = !digits.is_empty() && digits.iter().all(|&byte| char::from(byte).is_digit(radix));
    let text = std::str::from_utf8(digits).ok().filter(|_| all_digits).ok_or(TextError::BadCharacter)?;
    u32::from_str_radix(text, radix)
        .ok()
        .filter(|&code| code != 0)
        .and_then(char::from_u32)
        .ok_or(TextError::BadCharacter)
}

impl BufRead for TextReader<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        // A CDATA section or comment may yield nothing, so one refill is not enough.
        while self.consumed == self.chunk.len() && self.at < self.end {
            self.refill()?;
        }
        Ok(&self.chunk[self.consumed..])
    }

    fn consume(&mut self, amount: usize) {
        self.consumed = (self.consumed + amount).min(self.chunk.len());
    }
}

impl Read for TextReader<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(out.len());
        out[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

/// Why a short text could not be collected.
pub(crate) enum CollectError {
    /// More than the limit; reading stopped there.
    TooLong,
    /// Not resolvable.
    Text(TextError),
}

/// Collects a short text, resolved, of at most `bytes_max` bytes.
pub(crate) fn collect(text: &EscapedText<'_>, bytes_max: usize) -> Result<String, CollectError> {
    let mut reader = text.reader();
    let mut collected = Vec::new();
    while reader.at < reader.end {
        reader.refill().map_err(CollectError::Text)?;
        if collected.len() + reader.chunk.len() > bytes_max {
            return Err(CollectError::TooLong);
        }
        collected.extend_from_slice(&reader.chunk);
    }
    // The source is UTF-8 and a reference resolves to whole characters, so this holds; a fault would be data, not a
    // crash.
    String::from_utf8(collected).map_err(|_| CollectError::Text(TextError::BadCharacter))
}

/// Appends `text`, escaped as content of an element.
///
/// `&`, `<` and `>` become entities and CR becomes `&#xD;` (a reader would turn it into LF otherwise). Characters
/// that XML 1.0 cannot carry at all are left out: `MSXML` and .NET refuse the *whole* document for a single one.
pub(crate) fn escape_into(out: &mut String, text: &str) {
    let mut written = 0;
    for (at, character) in text.char_indices() {
        let replacement = match character {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '\r' => "&#xD;",
            _ if is_forbidden(character) => "",
            _ => continue,
        };
        out.push_str(&text[written..at]);
        out.push_str(replacement);
        written = at + character.len_utf8();
    }
    out.push_str(&text[written..]);
}

/// Appends `text`, escaped for a double-quoted attribute value.
pub(crate) fn escape_attribute_into(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#x9;"),
            '\n' => out.push_str("&#xA;"),
            _ => escape_into(out, character.encode_utf8(&mut [0; 4])),
        }
    }
}

/// True for the characters that no XML 1.0 document may contain, not even as a reference.
fn is_forbidden(character: char) -> bool {
    matches!(character, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn resolve(escaped: &str) -> Result<String, TextError> {
        let text = EscapedText::new(Source::Borrowed(escaped), 0..escaped.len());
        match collect(&text, usize::MAX) {
            Ok(text) => Ok(text),
            Err(CollectError::Text(error)) => Err(error),
            Err(CollectError::TooLong) => unreachable!("no limit was given"),
        }
    }

    #[test]
    fn references_cdata_comments_and_line_ends_are_resolved() {
        assert_eq!(resolve("a&lt;b&gt;&amp;amp;&quot;&apos;"), Ok("a<b>&amp;\"'".to_owned()));
        assert_eq!(resolve("&#65;&#x42;&#x0000043;&#x1F600;&#xE9;"), Ok("ABC\u{1F600}é".to_owned()));
        assert_eq!(resolve("<![CDATA[<a>&amp;]]]]><![CDATA[>]]>"), Ok("<a>&amp;]]>".to_owned()));
        assert_eq!(resolve("a<!-- <b>&nope; -->c"), Ok("ac".to_owned()));
        assert_eq!(resolve("a\r\nb\rc\nd&#xD;\ne<![CDATA[\r\n]]>"), Ok("a\nb\nc\nd\r\ne\n".to_owned()));
        assert_eq!(resolve("  padded\t"), Ok("  padded\t".to_owned()));
        assert_eq!(resolve("&#x1F;"), Ok("\u{1F}".to_owned()));
    }

    #[test]
    fn what_is_no_text_is_refused_without_an_echo() {
        assert_eq!(resolve("a & b"), Err(TextError::LoneAmpersand));
        assert_eq!(resolve("a &;"), Err(TextError::LoneAmpersand));
        assert_eq!(resolve("R&D"), Err(TextError::LoneAmpersand));
        assert_eq!(resolve("&nbsp;"), Err(TextError::UnknownEntity));
        for reference in
            ["&#0;", "&#x0;", "&#xD800;", "&#x110000;", "&#;", "&#x;", "&#+65;", "&#x 41;", "&#99999999999;"]
        {
            assert_eq!(resolve(reference), Err(TextError::BadCharacter), "{reference}");
        }
        assert_eq!(resolve("<b/>"), Err(TextError::Markup));
    }

    #[test]
    fn what_precedes_a_fault_is_delivered_first() {
        let escaped = "good&nbsp;";
        let mut reader = EscapedText::new(Source::Borrowed(escaped), 0..escaped.len()).reader();
        assert_eq!(reader.fill_buf().expect("the text before the fault"), b"good");
        reader.consume(4);
        assert_eq!(reader.fill_buf().expect_err("the fault").kind(), io::ErrorKind::InvalidData);
        assert_eq!(reader.fill_buf().expect_err("the fault stays").kind(), io::ErrorKind::InvalidData);
    }

    #[test]
    fn a_long_text_never_needs_more_than_one_chunk() {
        let escaped = "&lt;Név&gt;<![CDATA[]]><!---->".repeat(20_000);
        let mut reader = EscapedText::new(Source::Borrowed(&escaped), 0..escaped.len()).reader();
        let mut total = Vec::new();
        loop {
            let chunk = reader.fill_buf().expect("resolvable");
            if chunk.is_empty() {
                break;
            }
            assert!(chunk.len() < CHUNK_BYTES + 4, "{}", chunk.len());
            total.extend_from_slice(chunk);
            let length = chunk.len();
            reader.consume(length);
        }
        assert_eq!(String::from_utf8(total).expect("UTF-8"), "<Név>".repeat(20_000));
    }

    #[test]
    fn forbidden_characters_do_not_leave_the_house() {
        let mut out = String::new();
        escape_into(&mut out, "a\u{1}b\u{0}\u{FFFE}c\u{1F}\td\ne\rf<g>&\"h'é");
        assert_eq!(out, "abc\td\ne&#xD;f&lt;g&gt;&amp;\"h'é");
        let mut out = String::new();
        escape_attribute_into(&mut out, "a\"b\n<&\u{2}");
        assert_eq!(out, "a&quot;b&#xA;&lt;&amp;");
    }

    proptest! {
        #[test]
        fn any_text_survives_escaping_and_reading(text in any::<String>(), repeat in 1usize..2_000) {
            let text = text.repeat(repeat.min(200_000 / text.len().max(1)).max(1));
            let mut escaped = String::new();
            escape_into(&mut escaped, &text);
            let expected: String = text.chars().filter(|&c| !is_forbidden(c)).collect();
            prop_assert_eq!(resolve(&escaped), Ok(expected));
        }

        #[test]
        fn arbitrary_input_never_panics(escaped in "[&#xl;tamp<!\\[CDATA\\]>\r\n0-9é-]{0,200}") {
            let _ = resolve(&escaped);
        }
    }
}
