//! When a refused or failed write is tried again.

use crate::limits::{ATTEMPTS_MAX, RETRY_PAUSE, RETRY_PAUSE_MAX};
use std::time::Duration;

/// The pause before the next try after `attempts` of them, or `None` when a person must be asked instead.
#[must_use]
pub fn next_pause(attempts: u32) -> Option<Duration> {
    if attempts >= ATTEMPTS_MAX {
        return None;
    }
    let doublings = attempts.saturating_sub(1).min(16);
    Some(RETRY_PAUSE.saturating_mul(1 << doublings).min(RETRY_PAUSE_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        let pauses: Vec<_> = (1..=ATTEMPTS_MAX).map(next_pause).collect();
        assert_eq!(pauses[0], Some(RETRY_PAUSE));
        assert!(pauses.windows(2).all(|pair| pair[1].is_none() || pair[0] <= pair[1]));
        assert_eq!(pauses.last(), Some(&None));
    }
}
