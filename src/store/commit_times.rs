//! How long commits take: the first figure that tells of a disk which is about to fail, or is shared with too many.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper bounds of the classes, in microseconds. A commit on a local disk takes a tenth of a millisecond to ten.
const BOUNDS_MICROS: [u64; 8] = [250, 500, 1_000, 5_000, 20_000, 100_000, 500_000, 2_000_000];

/// Commits by how long they took.
#[derive(Debug, Default)]
pub struct CommitTimes {
    /// One counter a class, and one for what took longer.
    counts: [AtomicU64; BOUNDS_MICROS.len() + 1],
    sum_micros: AtomicU64,
}

impl CommitTimes {
    pub(super) fn note(&self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let class = BOUNDS_MICROS.iter().position(|bound| micros <= *bound).unwrap_or(BOUNDS_MICROS.len());
        self.counts[class].fetch_add(1, Ordering::Relaxed);
        self.sum_micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// For each class its upper bound and how many commits fell into it; the last one has no bound.
    #[must_use]
    pub fn classes(&self) -> Vec<(Option<Duration>, u64)> {
        let bounds = BOUNDS_MICROS.iter().map(|micros| Some(Duration::from_micros(*micros))).chain([None]);
        bounds.zip(&self.counts).map(|(bound, count)| (bound, count.load(Ordering::Relaxed))).collect()
    }

    /// What all of them took together.
    #[must_use]
    pub fn sum(&self) -> Duration {
        Duration::from_micros(self.sum_micros.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_falls_into_one_class() {
        let times = CommitTimes::default();
        for micros in [1, 250, 251, 2_000_000, 9_000_000] {
            times.note(Duration::from_micros(micros));
        }
        let counts: Vec<_> = times.classes().into_iter().map(|(_, count)| count).collect();
        assert_eq!(counts, [2, 1, 0, 0, 0, 0, 0, 1, 1]);
        assert_eq!(times.sum(), Duration::from_micros(11_000_502));
    }
}
