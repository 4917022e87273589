//! Secrets that we make up: tokens, tickets and connector passwords.
//!
//! All of them carry at least 128 random bits, so nobody guesses them and a fast hash of them is safe to store.

use super::Random;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::fmt;
use zeroize::Zeroizing;

/// Random bytes in a token: 256 bits.
const TOKEN_BYTES: usize = 32;
/// Characters of a token: base64url without padding.
const TOKEN_CHARS: usize = 43;
/// Random bytes in a ticket: 128 bits.
const TICKET_BYTES: usize = 16;
/// Characters of a generated password.
const PASSWORD_CHARS: usize = 24;

/// Letters and digits that cannot be taken for one another, read aloud or copied by hand: no `0 O o`, no `1 I i l L`.
/// 24 of them carry 138 bits.
const PASSWORD_ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789";

/// A token of 256 random bits: a web session, an API token or a setup link. Fit for URLs, cookies and headers.
/// Its `Debug` shows nothing, its memory is wiped when it goes, and only its [hash](Token::hash) is ever stored.
#[derive(Clone)]
pub struct Token(SecretString);

impl Token {
    /// Makes a new token.
    #[must_use]
    pub fn generate(random: &mut dyn Random) -> Self {
        let mut bytes = Zeroizing::new([0; TOKEN_BYTES]);
        random.fill(bytes.as_mut_slice());
        Self(SecretString::from(URL_SAFE_NO_PAD.encode(bytes.as_slice())))
    }

    /// Reads a token that came from outside; `None` when it has not the form of one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plausible = text.len() == TOKEN_CHARS
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        plausible.then(|| Self(SecretString::from(text)))
    }

    /// The token itself, to be shown or sent once.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// What is stored of it.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.expose().as_bytes()).into())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// SHA-256 of a token. Looking one up by its hash needs no constant time: nobody can steer a hash.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// The hash, for storing and looking up.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first 12 hexadecimal digits: a name for lists, which opens nothing.
    #[must_use]
    pub fn short(&self) -> String {
        self.0[..6].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

/// Makes a password of 24 characters with 138 random bits and no look-alike characters, for a Web Connector.
#[must_use]
pub fn generate_password(random: &mut dyn Random) -> SecretString {
    // Bytes at or above the largest multiple of the alphabet's length would favour its first characters.
    let fair = 256 - 256 % PASSWORD_ALPHABET.len();
    let mut password = Zeroizing::new(String::with_capacity(PASSWORD_CHARS));
    let mut bytes = Zeroizing::new([0_u8; 2 * PASSWORD_CHARS]);
    while password.len() < PASSWORD_CHARS {
        random.fill(bytes.as_mut_slice());
        let chosen = bytes.iter().map(|byte| usize::from(*byte)).filter(|byte| *byte < fair);
        for byte in chosen.take(PASSWORD_CHARS - password.len()) {
            password.push(char::from(PASSWORD_ALPHABET[byte % PASSWORD_ALPHABET.len()]));
        }
    }
    SecretString::from(password.as_str())
}

/// Makes a ticket for a Web Connector session: 128 random bits in 32 hexadecimal digits (`qbwc.md` 1, `authenticate`).
#[must_use]
pub fn generate_ticket(random: &mut dyn Random) -> SecretString {
    let mut bytes = Zeroizing::new([0; TICKET_BYTES]);
    random.fill(bytes.as_mut_slice());
    SecretString::from(format!("{:032x}", u128::from_be_bytes(*bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::{CountingRandom, SystemRandom};
    use std::collections::BTreeSet;

    #[test]
    fn tokens_are_read_back_and_hash_alike() {
        let token = Token::generate(&mut SystemRandom);
        let again = Token::parse(token.expose()).expect("a token of ours has the form of one");
        assert_eq!(token.hash(), again.hash());
        assert_ne!(token.hash(), Token::generate(&mut SystemRandom).hash());
        assert_eq!((token.hash().short().len(), token.hash().short()), (12, again.hash().short()));
        assert_eq!(format!("{token:?} {:?}", token.hash()), "Token(…) TokenHash(…)");
    }

    #[test]
    fn what_cannot_be_a_token_is_refused() {
        let token = Token::generate(&mut CountingRandom::default());
        for text in [
            "",
            "x",
            &token.expose()[1..],
            &format!("{}x", token.expose()),
            &format!("{}ä", &token.expose()[2..]),
            &" ".repeat(43),
        ] {
            assert!(Token::parse(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn passwords_use_every_character_of_the_alphabet_and_no_other() {
        let mut seen = BTreeSet::new();
        for _ in 0..200 {
            let password = generate_password(&mut SystemRandom);
            assert_eq!(password.expose_secret().len(), PASSWORD_CHARS);
            seen.extend(password.expose_secret().bytes());
        }
        assert_eq!(seen, PASSWORD_ALPHABET.iter().copied().collect());
        assert!(!seen.iter().any(|byte| b"0Oo1IilL".contains(byte)));
    }

    #[test]
    fn a_password_carries_at_least_128_bits() {
        let choices = u32::try_from(PASSWORD_ALPHABET.len()).expect("small");
        // choices^24 >= 2^128 holds when choices^3 >= 2^16.
        assert!(choices.pow(3) >= 1 << 16);
        assert_eq!(PASSWORD_CHARS, 24);
    }

    #[test]
    fn tickets_have_32_digits_even_when_the_first_are_zero() {
        struct Zeros;
        impl Random for Zeros {
            fn fill(&mut self, bytes: &mut [u8]) {
                bytes.fill(0);
            }
        }
        assert_eq!(generate_ticket(&mut Zeros).expose_secret(), "0".repeat(32));
        assert_ne!(
            generate_ticket(&mut SystemRandom).expose_secret(),
            generate_ticket(&mut SystemRandom).expose_secret()
        );
    }
}
