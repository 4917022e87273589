//! Exact amounts of money.

use std::fmt;

/// An amount in minor units (cents) of the company's currency.
///
/// QuickBooks' amounts have at most 13 digits before the point (`qbxml.md` 4), so an `i64` of cents holds every amount
/// both sides can express with room for sums. Arithmetic is checked: an overflow is an error, never a wrap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(i64);

/// A text that is not an amount with at most two places.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an amount with at most two decimal places")]
pub struct BadMoney;

impl Money {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// An amount of `cents`.
    #[must_use]
    pub const fn from_cents(cents: i64) -> Self {
        Self(cents)
    }

    /// The amount in cents.
    #[must_use]
    pub const fn cents(self) -> i64 {
        self.0
    }

    /// Reads `12`, `12.3`, `12.30`, `-0.05`, and forms with further zeros such as `12.3000` that JSON writers emit.
    ///
    /// # Errors
    /// [`BadMoney`] for anything else: thousands separators, exponents, a third place that is not zero, an amount out of range.
    pub fn parse(text: &str) -> Result<Self, BadMoney> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 16 || !all_digits(whole) || !all_digits(fraction) {
            return Err(BadMoney);
        }
        if digits.ends_with('.') || fraction.bytes().skip(2).any(|byte| byte != b'0') {
            return Err(BadMoney);
        }
        let mut cents: i64 = whole.parse().map_err(|_| BadMoney)?;
        for place in 0..2 {
            let digit = fraction.as_bytes().get(place).map_or(0, |byte| i64::from(byte - b'0'));
            cents = cents.checked_mul(10).and_then(|value| value.checked_add(digit)).ok_or(BadMoney)?;
        }
        Ok(Self(if negative { -cents } else { cents }))
    }

    /// The sum, or `None` when it does not fit.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, or `None` when it does not fit.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The sum of all, or `None` when it does not fit.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// Whether the amount is below zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The amount with the other sign.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self(self.0.saturating_neg())
    }

    /// The amount without its sign.
    #[must_use]
    pub const fn abs(self) -> Self {
        Self(self.0.saturating_abs())
    }

    /// Whether it is below nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }
}

impl fmt::Display for Money {
    /// Always two places and never a thousands separator: `-1234.50`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", cents / 100, cents % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_both_sides_write() {
        for (text, cents) in [("0", 0), ("12", 1200), ("12.3", 1230), ("12.30", 1230), ("-0.05", -5), ("9.5000", 950)] {
            assert_eq!(Money::parse(text), Ok(Money::from_cents(cents)), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_not_an_exact_amount() {
        for text in ["", "-", ".5", "1.", "1,000.00", "1e3", "0.001", "12.345", "99999999999999999", "NaN", " 1"] {
            assert_eq!(Money::parse(text), Err(BadMoney), "{text}");
        }
    }

    #[test]
    fn prints_two_places() {
        assert_eq!(Money::from_cents(-123_450).to_string(), "-1234.50");
        assert_eq!(Money::from_cents(7).to_string(), "0.07");
    }

    #[test]
    fn sums_are_checked() {
        assert_eq!(Money::checked_sum([Money::from_cents(i64::MAX), Money::from_cents(1)]), None);
        assert_eq!(Money::checked_sum([Money::from_cents(3), Money::from_cents(-5)]), Some(Money::from_cents(-2)));
    }
}
