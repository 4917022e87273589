//! GUIDs as the Web Connector writes them: `{8-4-4-4-12}`, upper case, in braces.

use std::fmt;
use std::str::FromStr;

/// Positions of the hyphens in the 36 characters between the braces.
const HYPHENS: [usize; 4] = [8, 13, 18, 23];

/// An `OwnerID` or `FileID`. Two texts that differ only in case or braces are the same GUID.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Guid([u8; 16]);

impl Guid {
    /// From its bytes in the order in which they are written; the caller's random source decides.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes in the order in which they are written.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0
    }
}

/// The text is not a GUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a GUID has the form {{XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}} with hexadecimal digits")]
pub struct GuidError;

impl FromStr for Guid {
    type Err = GuidError;

    /// Accepts any case, with both braces or none, and white space around.
    fn from_str(text: &str) -> Result<Self, GuidError> {
        let text = text.trim();
        let bare = match text.strip_prefix('{') {
            Some(rest) => rest.strip_suffix('}').ok_or(GuidError)?,
            None => text,
        };
        if bare.len() != 36 || !bare.is_ascii() {
            return Err(GuidError);
        }
        let mut bytes = [0; 16];
        let mut digits = 0;
        for (at, character) in bare.chars().enumerate() {
            if HYPHENS.contains(&at) {
                if character != '-' {
                    return Err(GuidError);
                }
                continue;
            }
            let digit = character.to_digit(16).and_then(|digit| u8::try_from(digit).ok()).ok_or(GuidError)?;
            bytes[digits / 2] = (bytes[digits / 2] << 4) | digit;
            digits += 1;
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (index, byte) in self.0.iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02X}")?;
        }
        f.write_str("}")
    }
}

impl fmt::Debug for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn case_and_braces_do_not_matter() {
        let guid: Guid = "{6E1B0C54-3D0A-4B53-9C1E-5C1B7A2F90D1}".parse().expect("a GUID");
        assert_eq!("6e1b0c54-3d0a-4b53-9c1e-5c1b7a2f90d1".parse(), Ok(guid));
        assert_eq!(" {6e1b0c54-3D0A-4b53-9C1E-5c1b7a2f90d1}\n".parse(), Ok(guid));
        assert_eq!(guid.to_string(), "{6E1B0C54-3D0A-4B53-9C1E-5C1B7A2F90D1}");
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "{}",
            "{6E1B0C54-3D0A-4B53-9C1E-5C1B7A2F90D1",
            "6E1B0C54-3D0A-4B53-9C1E-5C1B7A2F90D1}",
            "6E1B0C543D0A4B539C1E5C1B7A2F90D1",
            "6E1B0C54-3D0A-4B53-9C1E-5C1B7A2F90DG",
            "6E1B0C54-3D0A-4B53-9C1E5-C1B7A2F90D1",
            "6E1B0C54-3D0A-4B53-9C1E-5C1B7A2F90Dé",
        ] {
            assert_eq!(text.parse::<Guid>(), Err(GuidError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn bytes_survive(bytes in any::<[u8; 16]>()) {
            let guid = Guid::from_bytes(bytes);
            prop_assert_eq!(guid.to_string().parse(), Ok(guid));
            prop_assert_eq!(guid.to_bytes(), bytes);
        }
    }
}
