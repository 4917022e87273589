//! Sealing at rest, and the keyed hashes.

use super::key::keyed_hash;
use super::{KeyError, Random, ServerKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::path::Path;
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

/// First byte of everything sealed: the layout of the rest.
const LAYOUT: u8 = 1;
const KEY_ID_BYTES: usize = 8;
const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;
const HEAD_BYTES: usize = 1 + KEY_ID_BYTES + NONCE_BYTES;

/// Where the connectors' key rests once the server key was replaced.
const CONNECTORS_PLACE: SealContext<'_> = SealContext { table: "setting", row: "connector_key", column: "value" };

/// The place a sealed value rests in. It opens nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealContext<'a> {
    /// The table.
    pub table: &'a str,
    /// The row's key.
    pub row: &'a str,
    /// The column.
    pub column: &'a str,
}

/// Why a sealed value does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// It was not sealed by us, or was cut short.
    #[error("the stored secret is not in a form this version knows")]
    NotSealed,
    /// It was sealed under another server key.
    #[error(
        "the stored secret was sealed under another server key; put back the key file that belongs to this data, or set the secret again"
    )]
    OtherKey,
    /// It was altered, or moved here from another row or column.
    #[error("the stored secret has been altered; set it again")]
    Altered,
}

/// The keyed hash of a connector password. Its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct ConnectorHash([u8; 32]);

impl ConnectorHash {
    /// Wraps a stored hash; `None` when it has not 32 bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The hash, for storing.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for ConnectorHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConnectorHash(…)")
    }
}

/// Holds the keys derived from the server key, and does everything that needs one.
///
/// Sealed values are `layout (1) | key id (8) | nonce (24) | ciphertext | tag (16)`. The nonce is random: with 192 bits
/// none ever comes twice. Table, row, column and key id are authenticated with the text.
pub struct Sealer {
    key_id: [u8; KEY_ID_BYTES],
    sealing: Zeroizing<[u8; 32]>,
    connectors: Zeroizing<[u8; 32]>,
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(…)")
    }
}

impl Sealer {
    /// A sealer under a key.
    #[must_use]
    pub fn new(key: &ServerKey) -> Self {
        let mut key_id = [0; KEY_ID_BYTES];
        key_id.copy_from_slice(&key.subkey("counterfoil key id 1")[..KEY_ID_BYTES]);
        Self {
            key_id,
            sealing: key.subkey("counterfoil sealing 1"),
            connectors: key.subkey("counterfoil connector passwords 1"),
        }
    }

    /// A sealer under the key of a data folder; see [`ServerKey::load`].
    ///
    /// # Errors
    /// [`KeyError`] when there is no usable key.
    pub fn load(folder: &Path, random: &mut dyn Random) -> Result<Self, KeyError> {
        ServerKey::load(folder, random).map(|key| Self::new(&key))
    }

    /// A sealer under the key of a data folder, if there is one; none is made.
    ///
    /// # Errors
    /// [`KeyError`] when what is there is not a key.
    pub fn existing(folder: &Path) -> Result<Option<Self>, KeyError> {
        Ok(ServerKey::existing(folder)?.map(|key| Self::new(&key)))
    }

    /// The same with the connectors' key of another one: their passwords are known as hashes only, which cannot be keyed anew.
    #[must_use]
    pub(super) fn with_connectors_of(mut self, other: &Self) -> Self {
        self.connectors = other.connectors.clone();
        self
    }

    /// The connectors' key, sealed for where it rests.
    #[must_use]
    pub fn sealed_connectors(&self, random: &mut dyn Random) -> Vec<u8> {
        let text = SecretString::from(STANDARD.encode(self.connectors.as_slice()));
        self.seal(CONNECTORS_PLACE, &text, random)
    }

    /// The same with the connectors' key that was sealed.
    ///
    /// # Errors
    /// [`SealError`] when it does not open, or is no key.
    pub fn with_connectors(mut self, sealed: &[u8]) -> Result<Self, SealError> {
        let text = self.open(CONNECTORS_PLACE, sealed)?;
        let bytes = Zeroizing::new(STANDARD.decode(text.expose_secret()).map_err(|_| SealError::NotSealed)?);
        let key: [u8; 32] = bytes.as_slice().try_into().map_err(|_| SealError::NotSealed)?;
        self.connectors = Zeroizing::new(key);
        Ok(self)
    }

    /// Which key this is, in hexadecimal digits. Says nothing about the key.
    #[must_use]
    pub fn key_id(&self) -> String {
        self.key_id.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Seals a secret for one place.
    #[must_use]
    pub fn seal(&self, context: SealContext<'_>, plain: &SecretString, random: &mut dyn Random) -> Vec<u8> {
        let mut nonce = [0; NONCE_BYTES];
        random.fill(&mut nonce);
        let bound = self.bound_to(context);
        let payload = Payload { msg: plain.expose_secret().as_bytes(), aad: &bound };
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), payload)
            .expect("invariant: a secret is shorter than the cipher's limit of 256 GiB");
        let mut stored = Vec::with_capacity(HEAD_BYTES + sealed.len());
        stored.push(LAYOUT);
        stored.extend_from_slice(&self.key_id);
        stored.extend_from_slice(&nonce);
        stored.extend_from_slice(&sealed);
        stored
    }

    /// Opens what was sealed for this very place.
    ///
    /// # Errors
    /// [`SealError`] when it is not a sealed value, was sealed under another key, or does not belong here.
    pub fn open(&self, context: SealContext<'_>, stored: &[u8]) -> Result<SecretString, SealError> {
        if stored.len() < HEAD_BYTES + TAG_BYTES || stored[0] != LAYOUT {
            return Err(SealError::NotSealed);
        }
        let (head, sealed) = stored.split_at(HEAD_BYTES);
        let (key_id, nonce) = head[1..].split_at(KEY_ID_BYTES);
        if key_id != self.key_id {
            return Err(SealError::OtherKey);
        }
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| SealError::NotSealed)?;
        let payload = Payload { msg: sealed, aad: &self.bound_to(context) };
        let plain = self.cipher().decrypt(&XNonce::from(nonce), payload).map_err(|_| SealError::Altered)?;
        let plain = Zeroizing::new(plain);
        let text = std::str::from_utf8(&plain).map_err(|_| SealError::NotSealed)?;
        Ok(SecretString::from(text))
    }

    /// The keyed hash of a connector password. Only for passwords that we generated: it is fast.
    #[must_use]
    pub fn connector_hash(&self, password: &SecretString) -> ConnectorHash {
        ConnectorHash(keyed_hash(&self.connectors, password.expose_secret().as_bytes()))
    }

    /// Whether this is the connector password behind a hash. `None` stands for an unknown user: never right, and as
    /// much work as for a known one.
    #[must_use]
    pub fn is_connector_password(&self, stored: Option<&ConnectorHash>, given: &str) -> bool {
        let given = keyed_hash(&self.connectors, given.as_bytes());
        let nobody = [0; 32];
        let known = Choice::from(u8::from(stored.is_some()));
        let expected = stored.map_or(&nobody, ConnectorHash::as_bytes);
        bool::from(given.ct_eq(expected) & known)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new_from_slice(self.sealing.as_slice()).expect("invariant: the sealing key has 32 bytes")
    }

    /// What is authenticated beside the text; lengths first, so that no two places give the same bytes.
    fn bound_to(&self, context: SealContext<'_>) -> Vec<u8> {
        let mut bytes = b"counterfoil sealed 1".to_vec();
        for part in [context.table, context.row, context.column] {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        bytes.extend_from_slice(&self.key_id);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::CountingRandom;
    use proptest::prelude::*;

    const PLACE: SealContext<'_> = SealContext { table: "company", row: "acme", column: "billcom_password" };

    fn sealer() -> Sealer {
        Sealer::new(&ServerKey::generate(&mut CountingRandom::default()))
    }

    fn secret(text: &str) -> SecretString {
        SecretString::from(text)
    }

    #[test]
    fn what_is_sealed_opens_in_its_place_only() {
        let sealer = sealer();
        let stored = sealer.seal(PLACE, &secret("s3cret"), &mut CountingRandom::default());
        assert_eq!(sealer.open(PLACE, &stored).expect("open").expose_secret(), "s3cret");
        for other in [
            SealContext { table: "companx", ..PLACE },
            SealContext { row: "acme-2", ..PLACE },
            SealContext { column: "billcom_dev_key", ..PLACE },
            SealContext { table: "companya", row: "cme", ..PLACE },
            SealContext { row: "acmeb", column: "illcom_password", ..PLACE },
        ] {
            assert_eq!(sealer.open(other, &stored).err(), Some(SealError::Altered), "{other:?}");
        }
    }

    #[test]
    fn every_sealing_is_different_and_hides_the_text() {
        let (sealer, mut random) = (sealer(), CountingRandom::default());
        let first = sealer.seal(PLACE, &secret("correct horse"), &mut random);
        let second = sealer.seal(PLACE, &secret("correct horse"), &mut random);
        assert_ne!(first, second);
        assert!(!first.windows(7).any(|window| window == b"correct"));
    }

    #[test]
    fn another_key_and_every_flipped_bit_are_noticed() {
        let (sealer, mut random) = (sealer(), CountingRandom::default());
        let stored = sealer.seal(PLACE, &secret("x"), &mut random);
        let other = Sealer::new(&ServerKey::generate(&mut random));
        assert_eq!(other.open(PLACE, &stored).err(), Some(SealError::OtherKey));
        for place in 0..stored.len() {
            let mut bent = stored.clone();
            bent[place] ^= 1;
            assert!(sealer.open(PLACE, &bent).is_err(), "byte {place}");
        }
        for length in 0..stored.len() {
            assert!(sealer.open(PLACE, &stored[..length]).is_err(), "cut to {length}");
        }
    }

    #[test]
    fn connector_passwords_are_recognised_and_unknown_users_never() {
        let sealer = sealer();
        let hash = sealer.connector_hash(&secret("  p p  "));
        assert!(sealer.is_connector_password(Some(&hash), "  p p  "));
        for wrong in ["p p", "", "  p p ", "  P P  "] {
            assert!(!sealer.is_connector_password(Some(&hash), wrong), "{wrong:?}");
        }
        assert!(!sealer.is_connector_password(None, "  p p  "));
        assert!(!sealer.is_connector_password(Some(&ConnectorHash([0; 32])), ""));
        assert!(!format!("{sealer:?}{hash:?}").contains(char::is_numeric));
    }

    proptest! {
        #[test]
        fn any_text_survives_sealing(text in any::<String>(), row in any::<String>()) {
            let sealer = sealer();
            let place = SealContext { row: &row, ..PLACE };
            let stored = sealer.seal(place, &secret(&text), &mut CountingRandom::default());
            let opened = sealer.open(place, &stored).expect("open");
            prop_assert_eq!(opened.expose_secret(), text.as_str());
        }

        #[test]
        fn any_bytes_are_refused_without_a_crash(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(sealer().open(PLACE, &bytes).is_err());
        }
    }
}
