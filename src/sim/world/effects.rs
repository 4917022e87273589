//! Everything the server does to the outside, counted: commits, calls of Bill.com, answers to the Web Connector.
//!
//! Between any two of them the process can die. From then on nothing leaves it and nothing is committed, until another one
//! is started on the same files: what a real process leaves behind when it is killed. A disk can also refuse some commits
//! while the process lives on.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// No death is planned.
const NEVER: u64 = u64::MAX;

/// The effects of one server.
#[derive(Debug)]
pub(super) struct Effects {
    until_death: AtomicU64,
    dead: AtomicBool,
    /// Commits that go well before the disk is full.
    until_full: AtomicU64,
    /// Commits that a full disk still refuses.
    refusals: AtomicU64,
    refused: AtomicU64,
    done: AtomicU64,
    commits: AtomicU64,
}

impl Effects {
    pub(super) const fn new() -> Self {
        Self {
            until_death: AtomicU64::new(NEVER),
            dead: AtomicBool::new(false),
            until_full: AtomicU64::new(0),
            refusals: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            done: AtomicU64::new(0),
            commits: AtomicU64::new(0),
        }
    }

    /// The process dies after so many more effects.
    pub(super) fn die_after(&self, effects: u64) {
        self.until_death.store(effects, Ordering::Relaxed);
    }

    /// After so many more commits the disk refuses so many.
    pub(super) fn refuse_after(&self, commits: u64, refusals: u64) {
        self.until_full.store(commits, Ordering::Relaxed);
        self.refusals.store(refusals, Ordering::Relaxed);
    }

    pub(super) fn is_dead(&self) -> bool {
        self.dead.load(Ordering::Relaxed)
    }

    /// How many commits a disk has refused so far.
    pub(super) fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// How many effects there were so far.
    pub(super) fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// How many of them were commits.
    pub(super) fn committed(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// Another process is started, on a disk that has room.
    pub(super) fn revive(&self) {
        self.until_death.store(NEVER, Ordering::Relaxed);
        self.dead.store(false, Ordering::Relaxed);
        self.refusals.store(0, Ordering::Relaxed);
    }

    /// Something is about to leave the process. False when it is dead.
    pub(super) fn happens(&self) -> bool {
        if self.is_dead() {
            return false;
        }
        let left = self.until_death.load(Ordering::Relaxed);
        if left == 0 {
            self.dead.store(true, Ordering::Relaxed);
            return false;
        }
        if left != NEVER {
            self.until_death.store(left - 1, Ordering::Relaxed);
        }
        self.done.fetch_add(1, Ordering::Relaxed);
        true
    }

    /// A commit is about to be made. False when it is not.
    pub(super) fn commits(&self) -> bool {
        if !self.happens() {
            return false;
        }
        self.commits.fetch_add(1, Ordering::Relaxed);
        if self.refusals.load(Ordering::Relaxed) == 0 {
            return true;
        }
        let left = self.until_full.load(Ordering::Relaxed);
        if left > 0 {
            self.until_full.store(left - 1, Ordering::Relaxed);
            return true;
        }
        self.refusals.fetch_sub(1, Ordering::Relaxed);
        self.refused.fetch_add(1, Ordering::Relaxed);
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_dies_between_two_effects_and_stays_dead() {
        let effects = Effects::new();
        effects.die_after(2);
        assert!(effects.happens() && effects.commits());
        assert!(!effects.commits() && !effects.happens() && effects.is_dead());
        effects.revive();
        assert!(effects.happens() && !effects.is_dead());
        assert_eq!((effects.done(), effects.committed()), (3, 1));
    }

    #[test]
    fn a_full_disk_refuses_commits_and_nothing_else() {
        let effects = Effects::new();
        effects.refuse_after(1, 2);
        assert!(effects.commits());
        assert!(!effects.commits() && effects.happens() && !effects.commits());
        assert!(effects.commits());
        assert_eq!(effects.refused(), 2);
    }
}
