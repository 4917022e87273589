//! The fingerprint by which an unchanged record is recognised.

use super::{Fields, Value};
use sha2::{Digest, Sha256};
use std::fmt;

/// SHA-256 of a canonical document.
///
/// Stamps lie: status moves, our own writes and network events all touch `updatedTime` (`billcom.md` 3), and
/// QuickBooks' EditSequence moves with them. Only a changed fingerprint is a change.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ContentHash([u8; 32]);

impl ContentHash {
    /// The fingerprint of a document.
    #[must_use]
    pub fn of(fields: &Fields) -> Self {
        Self::of_both(fields, &Fields::new())
    }

    /// The fingerprint of the document that two make together; all names of `more` come after those of `fields`.
    #[must_use]
    pub(super) fn of_both(fields: &Fields, more: &Fields) -> Self {
        let mut hasher = Sha256::new();
        feed(&mut hasher, fields);
        feed(&mut hasher, more);
        Self(hasher.finalize().into())
    }

    /// Wraps a stored fingerprint.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ContentHash({:02x}{:02x}{:02x}{:02x}…)", self.0[0], self.0[1], self.0[2], self.0[3])
    }
}

/// Every part is preceded by its length, so that no two documents share their bytes.
fn feed(hasher: &mut Sha256, fields: &Fields) {
    for (name, value) in fields.iter() {
        part(hasher, b'n', name.as_str().as_bytes());
        match value {
            Value::Text(text) => part(hasher, b't', text.as_bytes()),
            Value::Flag(flag) => part(hasher, b'f', &[u8::from(*flag)]),
            Value::Money(amount) => part(hasher, b'm', &amount.cents().to_be_bytes()),
            Value::Number(number) => part(hasher, b'#', number.normalize().to_string().as_bytes()),
            Value::Date(date) => part(hasher, b'd', date.to_string().as_bytes()),
            Value::Ref(reference) => {
                part(hasher, b'k', reference.kind.word().as_bytes());
                part(hasher, b'r', reference.id.as_str().as_bytes());
            }
            Value::Lines(lines) => {
                part(hasher, b'l', &(lines.len() as u64).to_be_bytes());
                for line in lines {
                    feed(hasher, line);
                    part(hasher, b'e', b"");
                }
            }
        }
    }
}

fn part(hasher: &mut Sha256, tag: u8, bytes: &[u8]) {
    hasher.update([tag]);
    hasher.update((bytes.len() as u64).to_be_bytes());
    hasher.update(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_that_look_alike_differ() {
        let text = |name: &'static str, value: &str| Fields::new().with(name, Value::Text(value.into()));
        assert_ne!(ContentHash::of(&text("ab", "c")), ContentHash::of(&text("a", "bc")));
        let two = Value::Lines(vec![text("a", "1"), text("b", "2")]);
        let one = Value::Lines(vec![text("a", "1").with("b", Value::Text("2".into()))]);
        assert_ne!(
            ContentHash::of(&Fields::new().with("lines", two)),
            ContentHash::of(&Fields::new().with("lines", one))
        );
    }

    #[test]
    fn numbers_with_other_zeros_are_equal() {
        let number = |text: &str| Fields::new().with("rate", Value::Number(text.parse().expect("number")));
        assert_eq!(ContentHash::of(&number("1.50")), ContentHash::of(&number("1.5")));
    }
}
