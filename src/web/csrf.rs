//! The token that every form carries: proof that the form came from a page we gave to this very browser.
//!
//! It is an HMAC under a secret that only this browser and we have: its session, its visitor cookie before it has one, or
//! the secret of the running server where pages are open. Nothing needs to be stored, and a token cannot be turned back
//! into the session.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// What is signed: separates this use of the secret from any other.
const PURPOSE: &[u8] = b"counterfoil form 1";

/// The token for forms shown to the holder of `secret`.
pub(super) fn token(secret: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("invariant: HMAC takes keys of any length");
    mac.update(PURPOSE);
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

/// Whether `given` is the token of `secret`, in constant time.
pub(super) fn fits(secret: &str, given: &str) -> bool {
    token(secret).as_bytes().ct_eq(given.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_fits_its_secret_only() {
        let made = token("one");
        assert_eq!(made.len(), 43);
        assert!(fits("one", &made));
        assert!(!fits("two", &made));
        assert!(!fits("one", ""));
        assert!(!fits("one", &made[..42]));
        assert!(!made.contains("one"));
    }
}
