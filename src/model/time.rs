//! Lengths of time.

use chrono::TimeDelta;
use std::time::Duration;

/// A length of time as it is added to a date. Every length here is a bound of `limits`, or a setting, which are seven days
/// at the most.
#[must_use]
pub fn span(length: Duration) -> TimeDelta {
    TimeDelta::from_std(length).expect("invariant: lengths of time are bounds of limits.rs or settings")
}
