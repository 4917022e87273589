//! `PRICETYPE`, `QUANTYPE`, `PERCENTTYPE` and `FLOATTYPE`: exact decimals with more than two
//! places.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

use crate::error::ValueError;
use crate::schema::Example;
use crate::types::{Value, ValueType};

/// Checks the grammar `[+-]?digits(.digits)?` before the number is read: no exponent, no
/// separators, no blanks inside.
fn decimal(text: &str, whole_max: usize, places_max: u32, expected: &'static str) -> Result<Decimal, ValueError> {
    let wrong = || ValueError::grammar(expected, text);
    let trimmed = text.trim();
    let unsigned = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
    let (whole, places) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(whole) || !plain(places) || whole.len() > whole_max || places.len() > places_max as usize {
        return Err(wrong());
    }
    Decimal::from_str_exact(trimmed.strip_prefix('+').unwrap_or(trimmed)).map_err(|_| wrong())
}

/// Declares one decimal type: its name, schema type, limits and documentation.
macro_rules! decimal_type {
    ($(#[$meta:meta])* $name:ident, $kind:expr, $whole:literal, $places:literal, $expected:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Decimal);

        impl $name {
            /// The most digits before the point.
            pub const WHOLE_DIGITS_MAX: usize = $whole;
            /// The most digits behind the point.
            pub const PLACES_MAX: u32 = $places;

            /// Takes a decimal as it is: it is never rounded.
            ///
            /// # Errors
            /// More digits than the type has.
            pub fn new(value: Decimal) -> Result<Self, ValueError> {
                decimal(&value.to_string(), $whole, $places, $expected).map(Self)
            }

            /// The number; its scale is the number of places it was written with.
            #[must_use]
            pub const fn decimal(self) -> Decimal {
                self.0
            }
        }

        impl FromStr for $name {
            type Err = ValueError;

            fn from_str(text: &str) -> Result<Self, ValueError> {
                decimal(text, $whole, $places, $expected).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl Value for $name {
            const TYPE: ValueType = $kind;
            const CLEARABLE: bool = true;

            fn parse(text: &str) -> Result<Self, ValueError> {
                text.parse()
            }

            fn put(&self, out: &mut String) {
                out.push_str(&self.0.to_string());
            }

            fn example(_max: Option<u32>, ex: &mut Example) -> Self {
                let digits = i64::try_from(ex.below(19_999_999_999_999)).expect("invariant: 14 digits fit");
                let places = u32::try_from(ex.below(6)).expect("invariant: below 6");
                Self(Decimal::new(digits % 1_000_000_000 - 500_000_000, places.min(Self::PLACES_MAX)))
            }
        }
    };
}

decimal_type!(
    /// A price (`PRICETYPE`): up to 10 digits and 5 places. The number of places written is kept,
    /// `35.00` stays `35.00`.
    Price, ValueType::Price, 10, 5, "a price: up to 10 digits and 5 decimals"
);
decimal_type!(
    /// A quantity (`QUANTYPE`): up to 10 digits and 5 places.
    Quantity, ValueType::Quantity, 10, 5, "a quantity: up to 10 digits and 5 decimals"
);
decimal_type!(
    /// A percentage (`PERCENTTYPE`), 5 for five per cent: up to 10 digits and 5 places, no `%`
    /// sign.
    Percent, ValueType::Percent, 10, 5, "a percentage: up to 10 digits and 5 decimals, no sign"
);
decimal_type!(
    /// An exchange rate (`FLOATTYPE`), home currency per unit of the transaction's currency: kept
    /// to 15 places, exactly.
    ExchangeRate, ValueType::Float, 13, 15, "a decimal number"
);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_forms_of_the_schema() {
        for text in ["2", "35.00", "-1.5", "0.00001", "9999999999.99999", "+3"] {
            assert!(text.parse::<Price>().is_ok(), "{text}");
        }
        for text in ["", "18.0%", "1.123456", "12345678901", "1e5", "1.", ".5", "1,5", "٣", "-", "+-1"] {
            assert!(text.parse::<Percent>().is_err(), "{text}");
        }
    }

    #[test]
    fn places_are_kept_but_do_not_count() {
        let price: Price = "35.00".parse().expect("a price");
        assert_eq!(price.to_string(), "35.00");
        assert_eq!(price, "35".parse().expect("a price"));
        assert!(Quantity::new(Decimal::new(1, 6)).is_err());
        assert!("0.000001".parse::<ExchangeRate>().is_ok());
    }

    proptest! {
        #[test]
        fn text_round_trip(digits in -999_999_999_999_999_i64..999_999_999_999_999, places in 0_u32..=5) {
            let Ok(quantity) = Quantity::new(Decimal::new(digits, places)) else { return Ok(()) };
            prop_assert_eq!(quantity.to_string().parse::<Quantity>(), Ok(quantity));
        }

        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let _ = text.parse::<Price>();
            let _ = text.parse::<ExchangeRate>();
        }
    }
}
