//! `AMTTYPE`: money, in whole cents.

use std::fmt;
use std::ops::Neg;
use std::str::FromStr;

use crate::error::ValueError;
use crate::schema::Example;
use crate::types::{Value, ValueType};

/// An amount of money in whole cents of its currency (`AMTTYPE`, `qbxml.md` 4).
///
/// On the wire: an optional sign, 1 to 13 digits and, optionally, exactly two decimals. `10` and
/// `10.00` are one value; `10.5` and `1,000.00` are none. It is always written with two decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount(i64);

impl Amount {
    /// No money.
    pub const ZERO: Self = Self(0);
    /// The largest amount qbXML can carry: 13 digits and two decimals.
    pub const MAX: Self = Self(999_999_999_999_999);
    /// The smallest.
    pub const MIN: Self = Self(-Self::MAX.0);

    /// An amount of so many cents.
    ///
    /// # Errors
    /// More than 13 digits before the point.
    pub const fn from_cents(cents: i64) -> Result<Self, ValueError> {
        if cents < Self::MIN.0 || cents > Self::MAX.0 {
            return Err(ValueError::Range { expected: "an amount of at most 13 digits and two decimals" });
        }
        Ok(Self(cents))
    }

    /// The cents.
    #[must_use]
    pub const fn cents(self) -> i64 {
        self.0
    }

    /// The sum, unless it has too many digits.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        // Both are within 15 digits, so the i64 sum cannot overflow.
        Self::from_cents(self.0 + other.0).ok()
    }

    /// The difference, unless it has too many digits.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        Self::from_cents(self.0 - other.0).ok()
    }

    /// The sum of many, unless a partial sum has too many digits.
    #[must_use]
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }
}

impl Neg for Amount {
    type Output = Self;

    fn neg(self) -> Self {
        // The range is symmetric.
        Self(-self.0)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", cents / 100, cents % 100)
    }
}

impl FromStr for Amount {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let wrong = || ValueError::grammar("an amount: up to 13 digits and no or two decimals", text);
        let trimmed = text.trim();
        let (negative, digits) = match trimmed.as_bytes().first() {
            Some(b'-') => (true, &trimmed[1..]),
            Some(b'+') => (false, &trimmed[1..]),
            _ => (false, trimmed),
        };
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "00"));
        let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 13 || decimals.len() != 2 || !plain(whole) || !plain(decimals) {
            return Err(wrong());
        }
        let units: i64 = whole.parse().map_err(|_| wrong())?;
        let cents: i64 = decimals.parse().map_err(|_| wrong())?;
        let total = units * 100 + cents;
        Ok(Self(if negative { -total } else { total }))
    }
}

impl Value for Amount {
    const TYPE: ValueType = ValueType::Amount;
    const CLEARABLE: bool = true;

    fn parse(text: &str) -> Result<Self, ValueError> {
        text.parse()
    }

    fn put(&self, out: &mut String) {
        use fmt::Write as _;
        // Writing to a String cannot fail.
        let _ = write!(out, "{self}");
    }

    fn example(_max: Option<u32>, ex: &mut Example) -> Self {
        let cents = i64::try_from(ex.below(1_999_999_999_999_999)).expect("invariant: 16 digits fit");
        Self(cents - 999_999_999_999_999)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_forms_of_the_schema() {
        for (text, cents) in [
            ("10", 1000),
            ("10.00", 1000),
            ("-5.25", -525),
            ("-0.05", -5),
            ("+7", 700),
            ("0", 0),
            ("-0.00", 0),
            (" 1.10 ", 110),
        ] {
            assert_eq!(text.parse::<Amount>().expect(text).cents(), cents, "{text}");
        }
        assert_eq!("9999999999999.99".parse::<Amount>().expect("13 digits"), Amount::MAX);
        for text in [
            "",
            "-",
            ".50",
            "10.",
            "10.5",
            "10.500",
            "1,000.00",
            "1e3",
            "--1",
            "- 1",
            "99999999999999",
            "١٢",
            "0x1",
            "NaN",
        ] {
            assert!(text.parse::<Amount>().is_err(), "{text}");
        }
    }

    #[test]
    fn always_two_decimals() {
        assert_eq!(Amount::from_cents(5).expect("small").to_string(), "0.05");
        assert_eq!(Amount::from_cents(-105).expect("small").to_string(), "-1.05");
        assert_eq!(Amount::MIN.to_string(), "-9999999999999.99");
    }

    #[test]
    fn sums_are_checked() {
        assert_eq!(Amount::MAX.checked_add(Amount(1)), None);
        assert_eq!(Amount::MIN.checked_sub(Amount(1)), None);
        assert_eq!(Amount::checked_sum([Amount(1), Amount(-3)]), Some(Amount(-2)));
        assert!(Amount::from_cents(i64::MIN).is_err());
    }

    proptest! {
        #[test]
        fn text_round_trip(cents in Amount::MIN.0..=Amount::MAX.0) {
            let amount = Amount(cents);
            prop_assert_eq!(amount.to_string().parse::<Amount>(), Ok(amount));
        }

        #[test]
        fn no_text_panics(text in ".{0,24}") {
            let _ = text.parse::<Amount>();
        }
    }
}
