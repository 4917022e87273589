//! Bytes to UTF-8, before anything is parsed.
//!
//! What is accepted: UTF-8 with or without a byte order mark, which is what .NET sends (`qbwc.md` 2.2); UTF-16 with a
//! byte order mark; ISO-8859-1 and US-ASCII when declared. UTF-8 is borrowed; the others are transcoded once, and the
//! result has the same limit as the body. Every other encoding is refused by name.
//!
//! The bytes win over the declaration where they cannot both be right: a document that says `utf-16` but plainly is
//! made of single bytes (a .NET `StringWriter` produces such) is read as UTF-8.
//!
//! **Invariant:** the result is valid UTF-8 without byte order mark, NUL, U+FFFE and U+FFFF, the characters that can
//! confuse a parser further on.

use crate::error::{DecodeError, Excerpt};
use crate::text::Source;
use std::sync::Arc;

/// The declaration must end within this many bytes to be looked at; a longer one is left to the parser.
const DECLARATION_BYTES_MAX: usize = 256;

/// Reads `body` as text of at most `bytes_max` bytes.
pub(crate) fn read(body: &[u8], bytes_max: usize) -> Result<Source<'_>, DecodeError> {
    check_size(body.len(), bytes_max)?;
    let source = match body {
        [0xEF, 0xBB, 0xBF, rest @ ..] => Source::Borrowed(utf8(rest)?),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes, bytes_max)?,
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes, bytes_max)?,
        [0, ..] | [_, 0, ..] => {
            return Err(unsupported("UTF-16 or UTF-32 without byte order mark"));
        }
        _ => by_declaration(body, bytes_max)?,
    };
    check_characters(source.as_str())?;
    Ok(source)
}

fn by_declaration(body: &[u8], bytes_max: usize) -> Result<Source<'_>, DecodeError> {
    let declared = declared_encoding(body).unwrap_or("utf-8");
    let is = |names: &[&str]| names.iter().any(|name| declared.eq_ignore_ascii_case(name));
    if is(&["utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be"]) {
        Ok(Source::Borrowed(utf8(body)?))
    } else if is(&["iso-8859-1", "latin1", "iso8859-1", "iso_8859-1"]) {
        latin1(body, bytes_max)
    } else {
        Err(unsupported(declared))
    }
}

fn utf8(bytes: &[u8]) -> Result<&str, DecodeError> {
    std::str::from_utf8(bytes).map_err(|error| DecodeError::BadEncoding { encoding: "UTF-8", at: error.valid_up_to() })
}

fn utf16<'a>(bytes: &[u8], unit: fn([u8; 2]) -> u16, bytes_max: usize) -> Result<Source<'a>, DecodeError> {
    let bad = |at| DecodeError::BadEncoding { encoding: "UTF-16", at };
    let (pairs, odd) = bytes.as_chunks::<2>();
    if !odd.is_empty() {
        return Err(bad(bytes.len()));
    }
    let mut text = String::with_capacity(pairs.len());
    let mut at = 0;
    for character in char::decode_utf16(pairs.iter().map(|&pair| unit(pair))) {
        let character = character.map_err(|_| bad(at))?;
        at += 2 * character.len_utf16();
        text.push(character);
        check_size(text.len(), bytes_max)?;
    }
    Ok(Source::Transcoded(Arc::from(text)))
}

fn latin1<'a>(bytes: &[u8], bytes_max: usize) -> Result<Source<'a>, DecodeError> {
    let wide = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    check_size(bytes.len() + wide, bytes_max)?;
    let text: String = bytes.iter().map(|&byte| char::from(byte)).collect();
    Ok(Source::Transcoded(Arc::from(text)))
}

fn check_size(found: usize, limit: usize) -> Result<(), DecodeError> {
    if found > limit { Err(DecodeError::BodyTooLarge { limit, found }) } else { Ok(()) }
}

fn check_characters(text: &str) -> Result<(), DecodeError> {
    // Three searches at memory speed are cheaper than one look at every character.
    match ['\0', '\u{FFFE}', '\u{FFFF}'].iter().find_map(|&character| text.find(character)) {
        Some(at) => Err(DecodeError::Malformed { at, reason: Excerpt::new("a character that XML does not allow") }),
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
        read(body, 1_000).map(|source| source.as_str().to_owned())
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
