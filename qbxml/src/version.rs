//! qbXML versions: which elements a company file understands.
//!
//! A request announces one version in its `<?qbxml version="13.0"?>` line, and QuickBooks then
//! knows exactly the elements of that version: a later one fails the whole message set with HRESULT
//! 0x80040400 and no hint where (`qbxml.md` 1 and 5). The versions a file understands come from
//! `HostRet/SupportedQBXMLVersion`.
//!
//! This room compares versions and picks one. It does not know which element needs which version:
//! that is declared with each field and checked by the writer.

use std::fmt;
use std::str::FromStr;

use crate::error::ValueError;

/// The national edition a version belongs to; the US edition has no prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Edition {
    /// United States: `13.0`.
    Us,
    /// Canada: `CA2.0`.
    Canada,
    /// United Kingdom: `UK2.0`.
    UnitedKingdom,
    /// Australia: `AU2.0`.
    Australia,
}

impl Edition {
    fn prefix(self) -> &'static str {
        match self {
            Self::Us => "",
            Self::Canada => "CA",
            Self::UnitedKingdom => "UK",
            Self::Australia => "AU",
        }
    }
}

/// A qbXML version, ordered by its numbers first (`2.1` before `13.0`) and by edition second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QbXmlVersion {
    major: u8,
    minor: u8,
    edition: Edition,
}

impl QbXmlVersion {
    /// The first version.
    pub const V1: Self = Self::us(1, 0);
    /// 13.0 (QuickBooks 2014): all that payables and receivables need except the bill's header
    /// class (`qbxml-xsd/README.md`).
    pub const V13: Self = Self::us(13, 0);
    /// 16.0: the newest public schema. Elements "above 14.0" are declared with this version, the
    /// first one known to have them.
    pub const V16: Self = Self::us(16, 0);

    /// A version of the US edition.
    #[must_use]
    pub const fn us(major: u8, minor: u8) -> Self {
        Self { major, minor, edition: Edition::Us }
    }

    /// The number before the point.
    #[must_use]
    pub const fn major(self) -> u8 {
        self.major
    }

    /// The number behind the point.
    #[must_use]
    pub const fn minor(self) -> u8 {
        self.minor
    }

    /// The national edition.
    #[must_use]
    pub const fn edition(self) -> Edition {
        self.edition
    }

    /// Whether an element that came with `since` is known to this version.
    #[must_use]
    pub const fn knows(self, since: Self) -> bool {
        self.major > since.major || (self.major == since.major && self.minor >= since.minor)
    }

    /// Reads the literal of a field declaration (`13.0`) while compiling.
    pub(crate) const fn literal(text: &str) -> Self {
        let bytes = text.as_bytes();
        let (mut major, mut minor, mut index, mut behind_point) = (0u8, 0u8, 0, false);
        while index < bytes.len() {
            match bytes[index] {
                b'.' => behind_point = true,
                digit @ b'0'..=b'9' if behind_point => minor = minor * 10 + (digit - b'0'),
                digit @ b'0'..=b'9' => major = major * 10 + (digit - b'0'),
                _ => panic!("invariant: a version literal has digits and one point"),
            }
            index += 1;
        }
        Self::us(major, minor)
    }

    /// The version to announce: the highest of the US edition that the file supports and our
    /// builders know.
    ///
    /// `supported` is the list of `HostRet`. Before it is known (empty), 13.0 is announced, or
    /// `builder_max` if that is lower. When the file supports nothing we can write, `builder_max`
    /// is announced: QuickBooks then refuses visibly (0x80040423) instead of misreading us.
    #[must_use]
    pub fn choose(supported: &[Self], builder_max: Self) -> Self {
        if supported.is_empty() {
            return Self::V13.min(builder_max);
        }
        let usable =
            supported.iter().copied().filter(|version| version.edition == Edition::Us && *version <= builder_max);
        usable.max().unwrap_or(builder_max)
    }
}

impl FromStr for QbXmlVersion {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let wrong = || ValueError::grammar("a qbXML version such as 13.0 or CA2.0", text);
        let text = text.trim();
        let editions = [Edition::Canada, Edition::UnitedKingdom, Edition::Australia];
        let edition = editions.into_iter().find(|edition| text.starts_with(edition.prefix())).unwrap_or(Edition::Us);
        let numbers = &text[edition.prefix().len()..];
        let (major, minor) = numbers.split_once('.').ok_or_else(wrong)?;
        let number = |digits: &str| {
            let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| digits.parse::<u8>().ok()).flatten().ok_or_else(wrong)
        };
        Ok(Self { major: number(major)?, minor: number(minor)?, edition })
    }
}

impl fmt::Display for QbXmlVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}.{}", self.edition.prefix(), self.major, self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> QbXmlVersion {
        text.parse().expect("a version")
    }

    #[test]
    fn numbers_are_compared_as_numbers() {
        assert!(version("2.1") < version("13.0"));
        assert!(version("4.0") < version("4.1"));
        assert!(QbXmlVersion::V16.knows(QbXmlVersion::V13));
        assert!(!QbXmlVersion::V13.knows(QbXmlVersion::us(13, 1)));
    }

    #[test]
    fn text_form_survives() {
        for text in ["1.0", "13.0", "CA2.0", "UK3.0", "AU1.0"] {
            assert_eq!(version(text).to_string(), text);
        }
        for text in ["", "13", "13.", ".0", "a.b", "13.0.1", "999.0", "+1.0", "XX1.0", "1.-0"] {
            assert!(text.parse::<QbXmlVersion>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_highest_common_version_is_chosen() {
        let file = ["1.0", "CA3.0", "12.0", "13.0"].map(version);
        assert_eq!(QbXmlVersion::choose(&file, QbXmlVersion::V16), version("13.0"));
        assert_eq!(QbXmlVersion::choose(&file, version("12.0")), version("12.0"));
        assert_eq!(QbXmlVersion::choose(&[], QbXmlVersion::V16), QbXmlVersion::V13);
        assert_eq!(QbXmlVersion::choose(&[version("CA3.0")], QbXmlVersion::V13), QbXmlVersion::V13);
    }
}
