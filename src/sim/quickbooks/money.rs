//! Amounts: whole cents in an `i64`, and the decimals of quantities and costs.
//!
//! AMTTYPE has at most 13 digits before the point (`qbxml.md` 4), so an amount always fits an `i64`; sums are checked.

use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive as _};

/// The largest amount QuickBooks can hold, in cents.
pub(super) const CENTS_MAX: i64 = 999_999_999_999_999;

/// Reads an AMTTYPE that already has the right form; empty is `None`.
pub(super) fn parse(text: &str) -> Option<i64> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, places) = unsigned.split_once('.').unwrap_or((unsigned, "00"));
    if whole.is_empty() || places.len() != 2 {
        return None;
    }
    let cents = whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(places.parse::<i64>().ok()?)?;
    Some(if negative { -cents } else { cents })
}

/// Writes cents as QuickBooks does: always two places, no thousands separator.
pub(super) fn format(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.unsigned_abs() / 100, cents.unsigned_abs() % 100)
}

/// Quantity times cost in cents, rounded half away from zero.
pub(super) fn extend(quantity: &str, cost: &str) -> Option<i64> {
    let quantity: Decimal = quantity.parse().ok()?;
    let cost: Decimal = cost.parse().ok()?;
    let cents = quantity.checked_mul(cost)?.checked_mul(Decimal::ONE_HUNDRED)?;
    cents.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64()
}

/// One quantity times another, without trailing zeros; `None` if it is too large.
pub(super) fn product(one: &str, other: &str) -> Option<String> {
    let one: Decimal = one.parse().ok()?;
    let product = one.checked_mul(other.parse().ok()?)?;
    Some(product.round_dp_with_strategy(5, RoundingStrategy::MidpointAwayFromZero).normalize().to_string())
}

/// A percentage of an amount in cents, rounded half away from zero; `None` if it is too large.
pub(super) fn percent(cents: i64, percent: &str) -> Option<i64> {
    let percent: Decimal = percent.parse().ok()?;
    let share = Decimal::from(cents).checked_mul(percent)?.checked_div(Decimal::ONE_HUNDRED)?;
    share.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64()
}

/// The sum of percentages, with at least two places.
pub(super) fn percent_sum<'a>(percents: impl Iterator<Item = &'a str>) -> Option<String> {
    let sum = percents.map(|percent| percent.parse::<Decimal>().ok()).sum::<Option<Decimal>>()?.normalize();
    Some(format!("{sum:.*}", usize::try_from(sum.scale().max(2)).unwrap_or(2)))
}

/// Cost of one, from an amount and a quantity; `None` for a quantity of zero.
pub(super) fn cost_of_one(cents: i64, quantity: &str) -> Option<String> {
    let quantity: Decimal = quantity.parse().ok()?;
    let cost = Decimal::new(cents, 2).checked_div(quantity)?;
    let rounded = cost.round_dp_with_strategy(5, RoundingStrategy::MidpointAwayFromZero).normalize();
    let places = rounded.scale().max(2);
    Some(format!("{rounded:.*}", usize::try_from(places).unwrap_or(2)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_read_and_write() {
        for (text, cents) in [("10", 1_000), ("10.05", 1_005), ("-0.01", -1), ("+3.00", 300), ("0.00", 0)] {
            assert_eq!(parse(text), Some(cents), "{text}");
        }
        assert_eq!(parse(""), None);
        assert_eq!(parse("10.5"), None);
        assert_eq!(format(-5), "-0.05");
        assert_eq!(format(1_234_500), "12345.00");
    }

    #[test]
    fn quantities_times_costs_are_rounded_to_cents() {
        assert_eq!(extend("2", "35.00"), Some(7_000));
        assert_eq!(extend("3", "0.33333"), Some(100));
        assert_eq!(extend("1", "0.005"), Some(1));
        assert_eq!(extend("-1", "0.005"), Some(-1));
        assert_eq!(cost_of_one(1_000, "3").as_deref(), Some("3.33333"));
        assert_eq!(cost_of_one(1_000, "4").as_deref(), Some("2.50"));
        assert_eq!(cost_of_one(1_000, "0"), None);
    }

    proptest! {
        #[test]
        fn every_amount_round_trips(cents in -CENTS_MAX..=CENTS_MAX) {
            prop_assert_eq!(parse(&format(cents)), Some(cents));
        }
    }
}
