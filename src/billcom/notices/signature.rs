//! Whether a notice comes from Bill.com.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

/// Whether a body was signed with one of the keys: base64 of HMAC-SHA256 over the body (`billcom.md` 5).
///
/// The documentation speaks of the body without white space, so a body that was laid out anew on its way is tried in that
/// form as well. The comparison takes the same time for every wrong signature.
#[must_use]
pub fn is_signed(keys: &[SecretString], signature: &str, body: &[u8]) -> bool {
    let Ok(given) = STANDARD.decode(signature.trim()) else { return false };
    let minified = minified(body);
    let mut right = Choice::from(0);
    for key in keys.iter().filter(|key| !key.expose_secret().is_empty()) {
        for form in [body, &minified] {
            right |= signed(key, form).as_slice().ct_eq(given.as_slice());
        }
    }
    right.into()
}

fn signed(key: &SecretString, body: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes())
        .expect("invariant: HMAC takes a key of any length");
    mac.update(body);
    mac.finalize().into_bytes().into()
}

/// JSON without the white space between its tokens; numbers and the order of names stay as they are.
fn minified(body: &[u8]) -> Vec<u8> {
    let (mut in_text, mut escaped) = (false, false);
    let mut kept = Vec::with_capacity(body.len());
    for &byte in body {
        if in_text {
            (in_text, escaped) = (escaped || byte != b'"', !escaped && byte == b'\\');
        } else if byte == b'"' {
            in_text = true;
        } else if byte.is_ascii_whitespace() {
            continue;
        }
        kept.push(byte);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(texts: &[&str]) -> Vec<SecretString> {
        texts.iter().map(|text| SecretString::from(*text)).collect()
    }

    fn sign(key: &str, body: &[u8]) -> String {
        STANDARD.encode(signed(&key.into(), body))
    }

    #[test]
    fn a_known_pair_of_key_and_body_is_recognised() {
        // RFC 4231, test case 2.
        let signature = STANDARD.encode(
            [0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a, 0x04, 0x24, 0x26, 0x08, 0x95, 0x75, 0xc7]
                .iter()
                .chain(&[
                    0x5a, 0x00, 0x3f, 0x08, 0x9d, 0x27, 0x39, 0x83, 0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43,
                ])
                .copied()
                .collect::<Vec<u8>>(),
        );
        assert!(is_signed(&keys(&["Jefe"]), &signature, b"what do ya want for nothing?"));
    }

    #[test]
    fn either_of_two_keys_will_do_and_no_other() {
        let body = br#"{"metadata":{"eventId":"1"}}"#;
        for key in ["new", "old"] {
            assert!(is_signed(&keys(&["new", "old"]), &sign(key, body), body));
        }
        assert!(!is_signed(&keys(&["new", "old"]), &sign("other", body), body));
        assert!(!is_signed(&keys(&[]), &sign("new", body), body));
        assert!(!is_signed(&keys(&[""]), &sign("", body), body), "an empty key is no key");
    }

    #[test]
    fn any_change_of_the_body_is_noticed_except_of_white_space() {
        let body = br#"{"a":{"b":"x y \" z"},"n":1.50}"#;
        let signature = sign("k", body);
        let laid_out = b"{\n  \"a\": {\"b\": \"x y \\\" z\"},\r\n\t\"n\": 1.50\n}\n";
        assert!(is_signed(&keys(&["k"]), &signature, laid_out));
        for other in [&br#"{"a":{"b":"xy \" z"},"n":1.50}"#[..], br#"{"a":{"b":"x y \" z"},"n":1.5}"#, b"", b"\""] {
            assert!(!is_signed(&keys(&["k"]), &signature, other), "{}", String::from_utf8_lossy(other));
        }
        for odd in ["", "x", "====", &signature[..20], &format!("{signature}AA=="), "\u{0}"] {
            assert!(!is_signed(&keys(&["k"]), odd, body), "{odd:?}");
        }
        assert!(is_signed(&keys(&["k"]), &format!(" {signature}\n"), body));
    }
}
