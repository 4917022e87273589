//! Identifiers: one type for each kind, so that a vendor's id cannot land where a line's id
//! belongs.

use std::fmt;
use std::str::FromStr;

use crate::error::ValueError;
use crate::schema::Example;
use crate::types::{Value, ValueType};

/// Checks an opaque identifier: 1 to `max` printable ASCII characters without blanks.
fn opaque(text: &str, max: usize, expected: &'static str) -> Result<String, ValueError> {
    // Never more characters than bytes.
    if text.len() > max && text.chars().count() > max {
        return Err(ValueError::TooLong { limit: max, found: text.chars().count() });
    }
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(ValueError::grammar(expected, text));
    }
    Ok(text.to_owned())
}

/// Checks the brace form of a GUID, or the single digit `0` (`GUIDTYPE`).
fn guid(text: &str, _max: usize, expected: &'static str) -> Result<String, ValueError> {
    let wrong = || ValueError::grammar(expected, text);
    if text == "0" {
        return Ok(text.to_owned());
    }
    let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).ok_or_else(wrong)?;
    let lengths_fit = inner.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    let hexadecimal = inner.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
    if lengths_fit && hexadecimal { Ok(text.to_owned()) } else { Err(wrong()) }
}

/// Declares one identifier type.
macro_rules! def_id {
    ($(#[$meta:meta])* $name:ident, $kind:expr, $max:literal, $check:ident, $expected:literal, $example:expr) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The most characters.
            pub const LENGTH_MAX: usize = $max;

            /// Takes an identifier.
            ///
            /// # Errors
            /// Empty, too long, or not of the form the schema wants.
            pub fn new(text: &str) -> Result<Self, ValueError> {
                $check(text, $max, $expected).map(Self)
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = ValueError;

            fn from_str(text: &str) -> Result<Self, ValueError> {
                Self::new(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Value for $name {
            const TYPE: ValueType = $kind;
            const MAX: Option<u32> = if matches!($kind, ValueType::Str) { Some($max) } else { None };
            const CLEARABLE: bool = false;

            fn parse(text: &str) -> Result<Self, ValueError> {
                Self::new(text.trim())
            }

            fn put(&self, out: &mut String) {
                out.push_str(&self.0);
            }

            fn example(_max: Option<u32>, ex: &mut Example) -> Self {
                let make: fn(&mut Example) -> String = $example;
                Self(make(ex))
            }
        }
    };
}

fn example_id(ex: &mut Example) -> String {
    format!("{:X}-{}", ex.below(0xFFFF_FFFF), 933_270_541 + ex.below(800_000_000))
}

fn example_guid(ex: &mut Example) -> String {
    let (high, low) = (ex.below(u64::MAX), ex.below(u64::MAX));
    format!(
        "{{{:08X}-{:04X}-{:04X}-{:04X}-{:012X}}}",
        high >> 32,
        (high >> 16) & 0xFFFF,
        high & 0xFFFF,
        low >> 48,
        low & 0xFFFF_FFFF_FFFF
    )
}

def_id!(
    /// The id of a list object (`ListID`, `IDTYPE`, 36 characters). Opaque; unique only within one
    /// kind of list, where the four name lists (customers, vendors, employees, other names) count
    /// as one (`qbxml.md` 4, vendor documentation).
    ListId, ValueType::Id, 36, opaque, "a list id", example_id
);
def_id!(
    /// The id of a transaction (`TxnID`, `IDTYPE`, 36 characters). Opaque and unique in the company
    /// file.
    TxnId, ValueType::Id, 36, opaque, "a transaction id", example_id
);
def_id!(
    /// The id of a transaction's line (`TxnLineID`, `IDTYPE`, 36 characters). It may change in a
    /// Mod (recalled): store the ones of the answer.
    TxnLineId, ValueType::Id, 36, opaque, "a line id", example_id
);
def_id!(
    /// The state of an object (`EditSequence`, 16 characters). Opaque: compare for equality only. A
    /// Mod must carry the current one, otherwise QuickBooks answers 3200.
    EditSequence, ValueType::Str, 16, opaque, "an edit sequence", |ex| (933_270_541 + ex.below(800_000_000)).to_string()
);
def_id!(
    /// Our own mark on an object (`ExternalGUID`, `GUIDTYPE`): set when it is added, never changed,
    /// not to be queried for (`qbxml.md` 2). Written `{8-4-4-4-12}`, or `0`.
    ExternalGuid, ValueType::Guid, 38, guid, "a GUID in braces, or 0", example_guid
);
def_id!(
    /// The owner of a data extension (`OwnerID`, `GUIDTYPE`): an application's GUID, or `0` for the
    /// user's own custom fields.
    OwnerId, ValueType::Guid, 38, guid, "a GUID in braces, or 0", example_guid
);
def_id!(
    /// The id of a running query iterator (`iteratorID`). Valid only in the session that started it
    /// (`qbxml.md` 3).
    IteratorId, ValueType::Str, 64, opaque, "an iterator id", example_guid
);
def_id!(
    /// The name of a macro (`defMacro`), such as `TxnID:bill1`: stands for the id of an object
    /// added earlier in the message set.
    MacroName, ValueType::Str, 50, opaque, "a macro name", |ex| format!("TxnID:{:X}", ex.below(0xFFFF_FFFF))
);

impl TxnLineId {
    /// The id that adds a line in a Mod: `-1` (`qbxml.md` 7).
    #[must_use]
    pub fn new_line() -> Self {
        Self("-1".to_owned())
    }
}

impl OwnerId {
    /// The user's own custom fields: `0`.
    #[must_use]
    pub fn custom_fields() -> Self {
        Self("0".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ids_are_bounded() {
        assert!(ListId::new("80000101-1700000000").is_ok());
        assert!(ListId::new(&"x".repeat(36)).is_ok());
        assert_eq!(ListId::new(&"x".repeat(37)), Err(ValueError::TooLong { limit: 36, found: 37 }));
        for text in ["", " ", "a b", "ü", "a\n", "\u{0}"] {
            assert!(TxnId::new(text).is_err(), "{text:?}");
        }
        assert_eq!(TxnLineId::new_line().as_str(), "-1");
        assert!(EditSequence::new("1234567890123456").is_ok());
        assert!(EditSequence::new("12345678901234567").is_err());
    }

    #[test]
    fn guids_have_braces() {
        for text in ["0", "{3F2504E0-4F89-41D3-9A0C-0305E82C3301}", "{3f2504e0-4f89-41d3-9a0c-0305e82c3301}"] {
            assert!(ExternalGuid::new(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "00",
            "{}",
            "3F2504E0-4F89-41D3-9A0C-0305E82C3301",
            "{3F2504E04F8941D39A0C0305E82C3301}",
            "{3F2504E0-4F89-41D3-9A0C-0305E82C330G}",
        ] {
            assert!(ExternalGuid::new(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn text_round_trip(text in "[!-~]{1,36}") {
            let id = ListId::new(&text).expect("printable");
            let mut put = String::new();
            id.put(&mut put);
            prop_assert_eq!(ListId::parse(&put), Ok(id));
        }

        #[test]
        fn no_text_panics(text in ".{0,45}") {
            let _ = (OwnerId::new(&text), EditSequence::new(&text), MacroName::parse(&text));
        }
    }
}
