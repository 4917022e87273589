//! Bytes to UTF-8, before anything is parsed, while they arrive.
//!
//! What is accepted: UTF-8 with or without a byte order mark, which is what .NET sends (`qbwc.md` 2.2); UTF-16 with a
//! byte order mark; ISO-8859-1 and US-ASCII when declared. The result has the same limit as the body. Every other
//! encoding is refused by name.
//!
//! The bytes win over the declaration where they cannot both be right: a document that says `utf-16` but plainly is
//! made of single bytes (a .NET `StringWriter` produces such) is read as UTF-8.
//!
//! [`Utf8`] decides on the first bytes and then holds one chunk at a time. Why it ended early is kept in it
//! ([`Utf8::failure`]): the parsers between it and its owner only know that reading failed.
//!
//! **Invariant:** what is handed out is valid UTF-8 without byte order mark, NUL, U+FFFE and U+FFFF, the characters that
//! can confuse a parser further on.

use crate::error::{DecodeError, Excerpt};
use crate::text::Window;
use std::io::{self, BufRead, Read};

/// The declaration must end within this many bytes to be looked at; a longer one is left to the parser.
const DECLARATION_BYTES_MAX: usize = 256;

/// Bytes of the body taken at once: what is held of it, whatever its length.
const CHUNK_BYTES: usize = 32 * 1024;

/// Reads `body` as text of at most `bytes_max` bytes.
pub(crate) fn read(body: &[u8], bytes_max: usize) -> Result<String, DecodeError> {
    check_size(body.len(), bytes_max)?;
    let mut source = Utf8::new(body, bytes_max);
    let mut text = String::new();
    match source.read_to_string(&mut text) {
        Ok(_) => Ok(text),
        Err(_) => Err(source.failure().unwrap_or(DecodeError::Interrupted)),
    }
}

/// How the bytes become text.
#[derive(Debug, Clone, Copy)]
enum Form {
    Utf8,
    Utf16(fn([u8; 2]) -> u16),
    Latin1,
}

/// A stream of UTF-8 made of the bytes of a body.
pub(crate) struct Utf8<R> {
    body: R,
    bytes_max: usize,
    /// Bytes of the body taken so far.
    taken: usize,
    form: Option<Form>,
    /// Bytes taken and not yet decoded: the first ones, or part of a character.
    raw: Vec<u8>,
    /// Offset of `raw` in what follows the byte order mark.
    raw_at: usize,
    /// Text decoded, from `consumed` on not yet read.
    text: Vec<u8>,
    consumed: usize,
    /// Offset of `text` in the whole text.
    text_at: usize,
    /// How much more may be read as a stream, before it is allowed anew.
    allowance: usize,
    ended: bool,
    failure: Option<DecodeError>,
}

impl<R: BufRead> Utf8<R> {
    /// Begins to read a body of at most `bytes_max` bytes, before and after decoding.
    pub(crate) const fn new(body: R, bytes_max: usize) -> Self {
        Self {
            body,
            bytes_max,
            taken: 0,
            form: None,
            raw: Vec::new(),
            raw_at: 0,
            text: Vec::new(),
            consumed: 0,
            text_at: 0,
            allowance: usize::MAX,
            ended: false,
            failure: None,
        }
    }

    /// Offset in the text of the next byte to be read.
    pub(crate) const fn position(&self) -> usize {
        self.text_at + self.consumed
    }

    /// Allows so many bytes to be read as a stream: what a parser collects before it says what it found is bounded so.
    pub(crate) const fn allow(&mut self, bytes: usize) {
        self.allowance = bytes;
    }

    /// Whether reading failed because the allowance was used up.
    pub(crate) const fn is_exhausted(&self) -> bool {
        self.allowance == 0
    }

    /// Why reading failed, if it did for a reason that is known here.
    pub(crate) fn failure(&self) -> Option<DecodeError> {
        self.failure.clone()
    }

    /// Reads over so many bytes of the text.
    pub(crate) fn skip(&mut self, bytes: usize) -> io::Result<()> {
        let mut left = bytes;
        while left > 0 {
            let available = self.window(1)?.len().min(left);
            if available == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.pass(available);
            left -= available;
        }
        Ok(())
    }

    /// Decodes one more chunk; the text that was not read stays in front of it.
    fn refill(&mut self) -> io::Result<()> {
        if self.failure.is_none()
            && let Err(error) = self.take_chunk().and_then(|()| self.decode_some())
        {
            self.failure = Some(error);
        }
        match &self.failure {
            Some(error) => Err(io::Error::new(io::ErrorKind::InvalidData, error.clone())),
            None => Ok(()),
        }
    }

    /// Takes the next bytes of the body.
    fn take_chunk(&mut self) -> Result<(), DecodeError> {
        let chunk = loop {
            match self.body.fill_buf() {
                Ok(chunk) => break chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return Err(DecodeError::Interrupted),
            }
        };
        let chunk = &chunk[..chunk.len().min(CHUNK_BYTES)];
        let bytes = chunk.len();
        self.raw.extend_from_slice(chunk);
        self.body.consume(bytes);
        self.taken += bytes;
        self.ended = bytes == 0;
        check_size(self.taken, self.bytes_max)
    }

    fn decode_some(&mut self) -> Result<(), DecodeError> {
        let Some(form) = self.form else { return self.decide() };
        self.text.drain(..self.consumed);
        self.text_at += self.consumed;
        self.consumed = 0;
        let before = self.text.len();
        let used = match form {
            Form::Utf8 => self.decode_utf8()?,
            Form::Utf16(unit) => self.decode_utf16(unit)?,
            Form::Latin1 => self.decode_latin1()?,
        };
        self.raw.drain(..used);
        self.raw_at += used;
        check_size(self.text_at + self.text.len(), self.bytes_max)?;
        check_characters(&self.text[before..], self.text_at + before)
    }

    /// Decides on the form as soon as there are enough bytes to tell.
    fn decide(&mut self) -> Result<(), DecodeError> {
        let whole_declaration = self.raw.windows(2).any(|two| two == b"?>");
        let enough = whole_declaration || self.raw.len() >= b"<?xml".len() + DECLARATION_BYTES_MAX;
        let marked = matches!(self.raw.first(), Some(0xEF | 0xFE | 0xFF)) && self.raw.len() >= 4;
        if !enough && !marked && !self.ended {
            return Ok(());
        }
        let (form, mark) = match self.raw.as_slice() {
            [0xEF, 0xBB, 0xBF, ..] => (Form::Utf8, 3),
            [0xFE, 0xFF, ..] => (Form::Utf16(u16::from_be_bytes), 2),
            [0xFF, 0xFE, ..] => (Form::Utf16(u16::from_le_bytes), 2),
            [0, ..] | [_, 0, ..] => return Err(unsupported("UTF-16 or UTF-32 without byte order mark")),
            start => (by_declaration(start)?, 0),
        };
        self.raw.drain(..mark);
        self.form = Some(form);
        self.decode_some()
    }

    fn decode_utf8(&mut self) -> Result<usize, DecodeError> {
        let valid = match std::str::from_utf8(&self.raw) {
            Ok(text) => text.len(),
            // The rest of the character is still to come.
            Err(error) if error.error_len().is_none() && !self.ended => error.valid_up_to(),
            Err(error) => {
                return Err(DecodeError::BadEncoding { encoding: "UTF-8", at: self.raw_at + error.valid_up_to() });
            }
        };
        self.text.extend_from_slice(&self.raw[..valid]);
        Ok(valid)
    }

    fn decode_utf16(&mut self, unit: fn([u8; 2]) -> u16) -> Result<usize, DecodeError> {
        let bad = |at| DecodeError::BadEncoding { encoding: "UTF-16", at };
        let (pairs, odd) = self.raw.as_chunks::<2>();
        if self.ended && !odd.is_empty() {
            return Err(bad(self.raw_at + self.raw.len()));
        }
        let is_high = |pair: &[u8; 2]| matches!(unit(*pair), 0xD800..=0xDBFF);
        // The second half of the last character may still be to come.
        let pairs = if self.ended || !pairs.last().is_some_and(is_high) { pairs } else { &pairs[..pairs.len() - 1] };
        let mut used = 0;
        let mut utf8 = [0; 4];
        for character in char::decode_utf16(pairs.iter().map(|&pair| unit(pair))) {
            let character = character.map_err(|_| bad(self.raw_at + used))?;
            used += 2 * character.len_utf16();
            self.text.extend_from_slice(character.encode_utf8(&mut utf8).as_bytes());
            check_size(self.text_at + self.text.len(), self.bytes_max)?;
        }
        Ok(used)
    }

    fn decode_latin1(&mut self) -> Result<usize, DecodeError> {
        let mut utf8 = [0; 2];
        for &byte in &self.raw {
            self.text.extend_from_slice(char::from(byte).encode_utf8(&mut utf8).as_bytes());
        }
        Ok(self.raw.len())
    }
}

impl<R: BufRead> Window for Utf8<R> {
    fn window(&mut self, least: usize) -> io::Result<&[u8]> {
        while self.text.len() - self.consumed < least && !self.ended {
            self.refill()?;
        }
        Ok(&self.text[self.consumed..])
    }

    fn pass(&mut self, bytes: usize) {
        self.consumed += bytes;
    }
}

impl<R: BufRead> BufRead for Utf8<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.allowance == 0 {
            return Err(io::Error::other("allowance used up"));
        }
        let allowance = self.allowance;
        let window = self.window(1)?;
        Ok(&window[..window.len().min(allowance)])
    }

    fn consume(&mut self, bytes: usize) {
        self.allowance -= bytes;
        self.pass(bytes);
    }
}

impl<R: BufRead> Read for Utf8<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(out.len());
        out[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

fn by_declaration(start: &[u8]) -> Result<Form, DecodeError> {
    let declared = declared_encoding(start).unwrap_or("utf-8");
    let is = |names: &[&str]| names.iter().any(|name| declared.eq_ignore_ascii_case(name));
    if is(&["utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be"]) {
        Ok(Form::Utf8)
    } else if is(&["iso-8859-1", "latin1", "iso8859-1", "iso_8859-1"]) {
        Ok(Form::Latin1)
    } else {
        Err(unsupported(declared))
    }
}

fn check_size(found: usize, limit: usize) -> Result<(), DecodeError> {
    if found > limit { Err(DecodeError::BodyTooLarge { limit, found }) } else { Ok(()) }
}

/// `text` is valid UTF-8, `at` its offset in the whole text.
fn check_characters(text: &[u8], at: usize) -> Result<(), DecodeError> {
    // Two searches at memory speed are cheaper than one look at every byte; most texts hold neither.
    if !text.contains(&0) && !text.contains(&0xEF) {
        return Ok(());
    }
    let forbidden = |bytes: &[u8]| matches!(bytes, [0, ..] | [0xEF, 0xBF, 0xBE | 0xBF, ..]);
    let suspects = text.iter().enumerate().filter(|(_, byte)| matches!(byte, 0 | 0xEF));
    match suspects.map(|(offset, _)| offset).find(|offset| forbidden(&text[*offset..])) {
        Some(offset) => {
            let reason = Excerpt::new("a character that XML does not allow");
            Err(DecodeError::Malformed { at: at + offset, reason })
        }
        None => Ok(()),
    }
}

fn unsupported(encoding: &str) -> DecodeError {
    DecodeError::UnsupportedEncoding { found: Excerpt::new(encoding) }
}

/// The encoding named by an XML declaration at the start.
fn declared_encoding(body: &[u8]) -> Option<&str> {
    let start = body.strip_prefix(b"<?xml")?;
    let window = &start[..start.len().min(DECLARATION_BYTES_MAX)];
    let end = window.windows(2).position(|two| two == b"?>")?;
    let declaration = std::str::from_utf8(&window[..end]).ok()?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value[1..].split_once(quote).map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(body: &[u8]) -> Result<String, DecodeError> {
        let whole = read(body, 1_000);
        let mut pieces = Utf8::new(io::BufReader::with_capacity(1, body), 1_000);
        let mut text = String::new();
        let read = pieces.read_to_string(&mut text).map(|_| text).map_err(|_| pieces.failure().expect("a reason"));
        match (&read, &whole) {
            (Err(DecodeError::BodyTooLarge { .. }), Err(DecodeError::BodyTooLarge { .. })) => {}
            _ => assert_eq!(read, whole, "byte by byte"),
        }
        whole
    }

    fn utf16_bytes(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).flat_map(order).collect()
    }

    #[test]
    fn four_encodings_are_read() {
        assert_eq!(text("<é/>".as_bytes()).as_deref(), Ok("<é/>"));
        assert_eq!(text("\u{FEFF}<é/>".as_bytes()).as_deref(), Ok("<é/>"));
        assert_eq!(text(&utf16_bytes("<é\u{1F600}/>", u16::to_le_bytes)).as_deref(), Ok("<é\u{1F600}/>"));
        assert_eq!(text(&utf16_bytes("<é\u{1F600}/>", u16::to_be_bytes)).as_deref(), Ok("<é\u{1F600}/>"));
        let latin = b"<?xml version='1.0' encoding = 'ISO-8859-1'?><\xE9/>";
        assert_eq!(text(latin).as_deref(), Ok("<?xml version='1.0' encoding = 'ISO-8859-1'?><é/>"));
    }

    #[test]
    fn bytes_win_over_a_declaration_that_cannot_be_true() {
        let claimed = "<?xml version=\"1.0\" encoding=\"utf-16\"?><é/>";
        assert_eq!(text(claimed.as_bytes()).as_deref(), Ok(claimed));
    }

    #[test]
    fn everything_else_is_refused_by_name() {
        let unsupported = |found| Err(DecodeError::UnsupportedEncoding { found: Excerpt::new(found) });
        assert_eq!(text(b"<?xml version=\"1.0\" encoding=\"EBCDIC\"?><a/>"), unsupported("EBCDIC"));
        assert_eq!(text(b"<\0a\0/\0>\0"), unsupported("UTF-16 or UTF-32 without byte order mark"));
        assert_eq!(text(b"<\xE9/>"), Err(DecodeError::BadEncoding { encoding: "UTF-8", at: 1 }));
        assert_eq!(text(b"\xFF\xFE<"), Err(DecodeError::BadEncoding { encoding: "UTF-16", at: 1 }));
        assert_eq!(text(b"\xFE\xFF\xD8\x00"), Err(DecodeError::BadEncoding { encoding: "UTF-16", at: 0 }));
        assert!(matches!(text(b"<a>\0</a>"), Err(DecodeError::Malformed { at: 3, .. })));
        assert!(matches!(text("<a>\u{FFFF}</a>".as_bytes()), Err(DecodeError::Malformed { at: 3, .. })));
    }

    #[test]
    fn transcoding_does_not_escape_the_limit() {
        let body = utf16_bytes(&"€".repeat(400), u16::to_le_bytes);
        assert_eq!(text(&body), Err(DecodeError::BodyTooLarge { limit: 1_000, found: 1_002 }));
        assert_eq!(text(&[b' '; 1_001]), Err(DecodeError::BodyTooLarge { limit: 1_000, found: 1_001 }));
    }
}
