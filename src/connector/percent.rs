//! The progress bar.

/// The progress after an answer: 100 only when nothing is left, because 100 ends the session (`qbwc.md` 1.5), and never
/// less than before.
#[must_use]
pub fn percent(before: i32, rounds_done: u32, rounds_left: usize) -> i32 {
    if rounds_left == 0 {
        return 100;
    }
    let done = u64::from(rounds_done);
    let left = u64::try_from(rounds_left).unwrap_or(u64::MAX);
    let share = (done * 100) / done.saturating_add(left).max(1);
    i32::try_from(share).unwrap_or(99).clamp(before.clamp(0, 99), 99)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_end_is_a_hundred() {
        assert_eq!(percent(0, 1, 0), 100);
        assert_eq!(percent(0, 1_000_000, 1), 99);
        assert_eq!(percent(0, 0, 10), 0);
    }

    #[test]
    fn it_never_falls() {
        assert_eq!(percent(60, 1, 50), 60);
        assert_eq!(percent(40, 9, 1), 90);
    }
}
