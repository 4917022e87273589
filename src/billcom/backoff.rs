//! Pauses that do not all end at once.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Lengthens pauses by a random share. One that was not seeded leaves them as they are, for tests that count seconds.
#[derive(Debug, Default)]
pub(crate) struct Spread(Mutex<Option<u64>>);

impl Spread {
    /// With chances that follow from a seed.
    pub(crate) const fn seeded(seed: u64) -> Self {
        Self(Mutex::new(Some(seed)))
    }

    /// The pause, longer by nothing up to a half: never shorter than the vendor asks.
    pub(crate) fn of(&self, pause: Duration) -> Duration {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(seed) = *state else { return pause };
        let (next, chance) = step(seed);
        *state = Some(next);
        pause.saturating_add((pause / 2 / 256).saturating_mul(u32::from(chance)))
    }
}

/// One step of SplitMix64: the next state, and eight well mixed bits.
const fn step(state: u64) -> (u64, u8) {
    let next = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (next ^ (next >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (next, (mixed ^ (mixed >> 31)).to_be_bytes()[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_get_longer_by_at_most_a_half_and_differ() {
        let spread = Spread::seeded(7);
        let pauses: Vec<_> = (0..100).map(|_| spread.of(Duration::from_secs(2)).as_millis()).collect();
        assert!(pauses.iter().all(|pause| (2_000..=3_000).contains(pause)), "{pauses:?}");
        let different: std::collections::BTreeSet<_> = pauses.iter().collect();
        assert!(different.len() > 50, "{} different pauses", different.len());
        assert_eq!(Spread::default().of(Duration::from_secs(2)), Duration::from_secs(2));
    }
}
