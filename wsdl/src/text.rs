//! Text in and out of XML: the one place where references, CDATA and line ends are resolved, and the one place where
//! text is escaped.
//!
//! The answer QuickBooks gave travels as *escaped* text inside `receiveResponseXML/response`; unescaped it may be
//! tens of megabytes. [`TextReader`] therefore resolves it chunk by chunk behind [`std::io::BufRead`], straight from
//! the bytes of the request, also while these still arrive. Short parameters go through the same reader and are
//! collected under a limit, so a password and an answer follow the same rules:
//!
//! * the five predefined entities and all character references to Unicode scalar values other than NUL are resolved,
//!   also to control characters (.NET writes those, although XML 1.0 forbids it);
//! * CDATA is taken literally, comments are dropped;
//! * a literal CR LF or CR becomes LF as XML demands, a CR written as `&#xD;` stays (`qbwc.md` appendix A);
//! * white space is never trimmed: it may be part of a password.
//!
//! A text ends at the end tag that follows it. Two sorts of faults are kept apart. A reference that is none spoils the
//! text, and the text alone: whoever reads it is told, and the document goes on behind it. Markup that has no place in a
//! text spoils the document: [`TextReader::close`] says so.
//!
//! **Invariant:** errors of this module never contain any of the text.

use crate::error::DecodeError;
use std::io::{self, BufRead, Read};

/// Most bytes of resolved text held at any time by one [`TextReader`].
const CHUNK_BYTES: usize = 32 * 1024;

/// Longest reference understood, from `&` to `;`: leaves room for leading zeros in `&#x0000000D;`. No other token inside a
/// text is longer, so that this is also how far must be looked ahead.
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
    /// Markup other than CDATA and comments; the document is refused for it.
    #[error("text contains markup")]
    Markup,
}

impl From<TextError> for io::Error {
    fn from(error: TextError) -> Self {
        Self::new(io::ErrorKind::InvalidData, error)
    }
}

/// Bytes of UTF-8 that can be looked at before they are consumed.
pub(crate) trait Window {
    /// What comes next: at least `least` bytes, fewer only when no more follow.
    fn window(&mut self, least: usize) -> io::Result<&[u8]>;

    /// Consumes what was looked at.
    fn pass(&mut self, bytes: usize);
}

impl Window for &[u8] {
    fn window(&mut self, _least: usize) -> io::Result<&[u8]> {
        Ok(self)
    }

    fn pass(&mut self, bytes: usize) {
        *self = &self[bytes..];
    }
}

impl<W: Window> Window for &mut W {
    fn window(&mut self, least: usize) -> io::Result<&[u8]> {
        (**self).window(least)
    }

    fn pass(&mut self, bytes: usize) {
        (**self).pass(bytes);
    }
}

/// What the next byte of a text belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    /// Text in which references are resolved.
    Text,
    /// A CDATA section.
    Cdata,
    /// A comment.
    Comment,
}

/// A streaming reader of one resolved text, which begins where `source` stands. Memory: one chunk of 32 KiB, whatever the
/// length of the text.
pub(crate) struct TextReader<W> {
    source: W,
    within: Within,
    chunk: Vec<u8>,
    consumed: usize,
    /// The end tag is next.
    ended: bool,
    /// Escaped bytes read so far.
    passed: usize,
}

impl<W: Window> TextReader<W> {
    pub(crate) const fn new(source: W) -> Self {
        Self { source, within: Within::Text, chunk: Vec::new(), consumed: 0, ended: false, passed: 0 }
    }

    /// Fills the chunk. What was resolved before a fault is delivered first; the fault is found again by the next call.
    fn refill(&mut self) -> io::Result<()> {
        self.chunk.clear();
        self.consumed = 0;
        while !self.ended && self.chunk.len() + REFERENCE_BYTES_MAX <= CHUNK_BYTES {
            match self.resolve_some() {
                Err(error) if self.chunk.is_empty() => return Err(error),
                Err(_) => break,
                Ok(()) => {}
            }
        }
        Ok(())
    }

    /// Resolves what lies in the window, as far as there is room.
    fn resolve_some(&mut self) -> io::Result<()> {
        let room = CHUNK_BYTES - self.chunk.len();
        let window = self.source.window(REFERENCE_BYTES_MAX)?;
        let window = &window[..window.len().min(room)];
        if window.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut at = 0;
        let result = loop {
            match resolve_one(&window[at..], at == 0, &mut self.within, &mut self.chunk) {
                Ok(Step::Used(bytes)) => at += bytes,
                Ok(Step::LookAhead) => break Ok(()),
                Ok(Step::End) => {
                    self.ended = true;
                    break Ok(());
                }
                // What precedes the fault counts as read.
                Err(error) => break Err(error),
            }
            if at == window.len() {
                break Ok(());
            }
        };
        self.source.pass(at);
        self.passed += at;
        result.map_err(io::Error::from)
    }

    /// Reads over the rest of the text without resolving it, up to its end tag, and returns the escaped bytes of the whole.
    pub(crate) fn close(mut self, parameter: &'static str) -> Result<usize, DecodeError> {
        while !self.ended {
            // Whatever the source has to say against it, it says itself.
            let window = self.source.window(REFERENCE_BYTES_MAX).map_err(|_| DecodeError::Interrupted)?;
            if window.is_empty() {
                return Err(DecodeError::Truncated);
            }
            let at = match walk(window, &mut self.within) {
                Step::Used(bytes) => bytes,
                Step::LookAhead => 0,
                Step::End => {
                    self.ended = true;
                    0
                }
            };
            if at == 0 && !self.ended {
                return Err(misplaced(window, parameter));
            }
            self.source.pass(at);
            self.passed += at;
        }
        Ok(self.passed)
    }
}

/// How far one step has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// So many bytes were used, at least one.
    Used(usize),
    /// What is next is seen better with more behind it.
    LookAhead,
    /// The end tag is next.
    End,
}

const CDATA_OPEN: &[u8] = b"<![CDATA[";
const CDATA_CLOSE: &[u8] = b"]]>";
const COMMENT_OPEN: &[u8] = b"<!--";
const COMMENT_CLOSE: &[u8] = b"-->";

/// Resolves a run without specials, or one special, at the start of `rest`, which is not empty. A special is looked at only
/// when it stands `first` in its window, or far enough from the window's end to be whole.
fn resolve_one(rest: &[u8], first: bool, within: &mut Within, out: &mut Vec<u8>) -> Result<Step, TextError> {
    let run = match within {
        Within::Text => resolve_run(rest, out),
        Within::Cdata => {
            let run = rest.iter().position(|byte| matches!(byte, b'\r' | b']')).unwrap_or(rest.len());
            out.extend_from_slice(&rest[..run]);
            run
        }
        Within::Comment => rest.iter().position(|byte| *byte == b'-').unwrap_or(rest.len()),
    };
    if run > 0 {
        return Ok(Step::Used(run));
    }
    if !first && rest.len() < REFERENCE_BYTES_MAX {
        return Ok(Step::LookAhead);
    }
    match rest[0] {
        b'\r' => {
            out.push(b'\n');
            Ok(Step::Used(if rest.get(1) == Some(&b'\n') { 2 } else { 1 }))
        }
        b'&' => resolve_reference(rest, out).map(Step::Used),
        b'<' => markup(rest, within).ok_or(TextError::Markup),
        byte => {
            let close = if byte == b']' { CDATA_CLOSE } else { COMMENT_CLOSE };
            if rest.starts_with(close) {
                *within = Within::Text;
                return Ok(Step::Used(close.len()));
            }
            if byte == b']' {
                out.push(byte);
            }
            Ok(Step::Used(1))
        }
    }
}

/// Resolves text as far as nothing is in it but plain characters and the two references of which an answer is full, and
/// returns how many bytes were used.
fn resolve_run(rest: &[u8], out: &mut Vec<u8>) -> usize {
    let mut at = 0;
    loop {
        let tail = &rest[at..];
        let run = tail.iter().position(|byte| matches!(byte, b'&' | b'<' | b'\r')).unwrap_or(tail.len());
        out.extend_from_slice(&tail[..run]);
        let sign = match tail[run..].first_chunk() {
            Some(b"&lt;") => b'<',
            Some(b"&gt;") => b'>',
            _ => return at + run,
        };
        out.push(sign);
        at += run + b"&lt;".len();
    }
}

/// Reads over a run of text, a CDATA section's or comment's edge, at the start of `rest`. Nothing is used where markup has no
/// place.
fn walk(rest: &[u8], within: &mut Within) -> Step {
    let (sign, close) = match within {
        Within::Text => (b'<', b"".as_slice()),
        Within::Cdata => (b']', CDATA_CLOSE),
        Within::Comment => (b'-', COMMENT_CLOSE),
    };
    match rest.iter().position(|byte| *byte == sign) {
        None => Step::Used(rest.len()),
        Some(0) if *within == Within::Text => markup(rest, within).unwrap_or(Step::LookAhead),
        Some(0) if rest.starts_with(close) => {
            *within = Within::Text;
            Step::Used(close.len())
        }
        Some(0) => Step::Used(1),
        Some(run) => Step::Used(run),
    }
}

/// What the `<` at the start of `rest` begins; nothing where it has no place in a text.
fn markup(rest: &[u8], within: &mut Within) -> Option<Step> {
    if rest.starts_with(b"</") {
        return Some(Step::End);
    }
    let (inside, opening) = match rest {
        _ if rest.starts_with(CDATA_OPEN) => (Within::Cdata, CDATA_OPEN),
        // `<!-->` is no comment: its end is looked for behind the opening.
        _ if rest.starts_with(COMMENT_OPEN) => (Within::Comment, COMMENT_OPEN),
        _ => return None,
    };
    *within = inside;
    Some(Step::Used(opening.len()))
}

/// Why the markup at the start of `rest` does not belong into a parameter.
fn misplaced(rest: &[u8], parameter: &'static str) -> DecodeError {
    match rest {
        b"<" => DecodeError::Truncated,
        [b'<', b'?', ..] => DecodeError::ProcessingInstruction,
        [b'<', b'!', ..] => DecodeError::DocumentType,
        _ => DecodeError::ElementInText { parameter },
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

impl<W: Window> BufRead for TextReader<W> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        // A CDATA section or comment may yield nothing, so one refill is not enough.
        while self.consumed == self.chunk.len() && !self.ended {
            self.refill()?;
        }
        Ok(&self.chunk[self.consumed..])
    }

    fn consume(&mut self, amount: usize) {
        self.consumed = (self.consumed + amount).min(self.chunk.len());
    }
}

impl<W: Window> Read for TextReader<W> {
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
    /// The document ends within it, or cannot be read on: [`TextReader::close`] says why.
    CutOff,
}

/// Collects a short text, resolved, of at most `bytes_max` bytes.
pub(crate) fn collect<W: Window>(reader: &mut TextReader<W>, bytes_max: usize) -> Result<String, CollectError> {
    let mut collected = Vec::new();
    loop {
        let chunk = reader.fill_buf().map_err(|error| match text_error(&error) {
            Some(TextError::Markup) | None => CollectError::CutOff,
            Some(error) => CollectError::Text(error),
        })?;
        if chunk.is_empty() {
            break;
        }
        if collected.len() + chunk.len() > bytes_max {
            return Err(CollectError::TooLong);
        }
        collected.extend_from_slice(chunk);
        let used = chunk.len();
        reader.consume(used);
    }
    // The source is UTF-8 and a reference resolves to whole characters, so this holds; a fault would be data, not a
    // crash.
    String::from_utf8(collected).map_err(|_| CollectError::Text(TextError::BadCharacter))
}

fn text_error(error: &io::Error) -> Option<TextError> {
    error.get_ref()?.downcast_ref().copied()
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

    /// A source that shows no more than it must.
    struct Narrow<'a>(&'a [u8], usize);

    impl Window for Narrow<'_> {
        fn window(&mut self, least: usize) -> io::Result<&[u8]> {
            Ok(&self.0[..self.0.len().min(least.max(self.1))])
        }

        fn pass(&mut self, bytes: usize) {
            self.0 = &self.0[bytes..];
        }
    }

    fn resolve(escaped: &str) -> Result<String, TextError> {
        let whole = format!("{escaped}</");
        let text = resolve_from(&mut TextReader::new(whole.as_bytes()));
        for least in [1, 33, 40] {
            let pieces = resolve_from(&mut TextReader::new(Narrow(whole.as_bytes(), least)));
            assert_eq!(pieces, text, "in pieces of {least}: {escaped:?}");
        }
        text
    }

    fn resolve_from(reader: &mut TextReader<impl Window>) -> Result<String, TextError> {
        match collect(reader, usize::MAX) {
            Ok(text) => Ok(text),
            Err(CollectError::Text(error)) => Err(error),
            Err(CollectError::CutOff) => Err(TextError::Markup),
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
        let escaped = "good&nbsp;<!-- </ --><![CDATA[</]]></";
        let mut reader = TextReader::new(escaped.as_bytes());
        assert_eq!(reader.fill_buf().expect("the text before the fault"), b"good");
        reader.consume(4);
        assert_eq!(reader.fill_buf().expect_err("the fault").kind(), io::ErrorKind::InvalidData);
        assert_eq!(reader.fill_buf().expect_err("the fault stays").kind(), io::ErrorKind::InvalidData);
        assert_eq!(reader.close("response"), Ok(escaped.len() - 2), "the document goes on behind it");
    }

    #[test]
    fn a_long_text_never_needs_more_than_one_chunk() {
        let escaped = "&lt;Név&gt;<![CDATA[]]><!---->".repeat(20_000) + "</";
        let mut reader = TextReader::new(escaped.as_bytes());
        let mut total = Vec::new();
        loop {
            let chunk = reader.fill_buf().expect("resolvable");
            if chunk.is_empty() {
                break;
            }
            assert!(chunk.len() <= CHUNK_BYTES, "{}", chunk.len());
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
        fn arbitrary_input_never_panics_and_is_the_same_in_pieces(
            escaped in "(&#|x|&|lt;|t|a|mp;|<|<!|\\[CDATA\\[|\\]|\\]\\]>|>|<!--|-|-->|\r|\n|[0-9]|é){0,60}",
        ) {
            let _ = resolve(&escaped);
            let whole = escaped + "</";
            let at_once = TextReader::new(whole.as_bytes()).close("response");
            prop_assert_eq!(TextReader::new(Narrow(whole.as_bytes(), 1)).close("response"), at_once);
        }
    }
}
