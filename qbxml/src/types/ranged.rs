//! Whole numbers that the schema bounds.

use crate::error::ValueError;
use crate::schema::Example;
use crate::types::{Value, ValueType};

/// Declares a whole number from `$min` to `$max`, as it stands in requests. Answers are read as plain
/// numbers, so that an odd one spoils nothing.
macro_rules! def_ranged {
    ($(#[$meta:meta])* $name:ident, $min:literal..=$max:literal, $expected:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u8);

        impl $name {
            /// Takes a number.
            ///
            /// # Errors
            /// It is out of range.
            pub const fn new(number: u8) -> Result<Self, ValueError> {
                match number {
                    $min..=$max => Ok(Self(number)),
                    _ => Err(ValueError::Range { expected: $expected }),
                }
            }

            /// The number.
            #[must_use]
            pub const fn get(self) -> u8 {
                self.0
            }
        }

        impl Value for $name {
            const TYPE: ValueType = ValueType::Int;
            const CLEARABLE: bool = false;

            fn parse(text: &str) -> Result<Self, ValueError> {
                let number = text.trim().parse().map_err(|_| ValueError::grammar($expected, text))?;
                Self::new(number)
            }

            fn put(&self, out: &mut String) {
                out.push_str(&self.0.to_string());
            }

            fn example(_max: Option<u32>, ex: &mut Example) -> Self {
                let above = u8::try_from(ex.below($max)).expect("invariant: below a small number");
                Self(above + $min)
            }
        }
    };
}

def_ranged!(
    /// A month as a number (`ExpirationMonth`): 1 to 12.
    MonthNumber, 1..=12, "a month from 1 to 12"
);
def_ranged!(
    /// A day of the month (`DayOfMonthDue`): 1 to 31.
    DayOfMonth, 1..=31, "a day from 1 to 31"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_bounded() {
        assert_eq!(MonthNumber::new(12).map(MonthNumber::get), Ok(12));
        assert_eq!(MonthNumber::parse(" 09 ").map(MonthNumber::get), Ok(9));
        assert!(MonthNumber::new(0).is_err() && MonthNumber::parse("13").is_err());
        assert!(DayOfMonth::new(31).is_ok() && DayOfMonth::new(32).is_err());
        assert!(DayOfMonth::parse("-1").is_err() && DayOfMonth::parse("1.0").is_err());
    }
}
