//! Error recovery: the message sets QuickBooks keeps, and what it does with the two IDs of a new one.
//!
//! | newMessageSetID | oldMessageSetID | what happens |
//! |---|---|---|
//! | none | none | the set runs, nothing is kept |
//! | X, new | none | the set runs, its outcome is kept under X |
//! | X, kept, same content | none | nothing runs, the kept outcome comes back |
//! | X, kept, other content | none | nothing runs, 9001 |
//! | X | X | status check: nothing runs, the kept outcome comes back, or 9002 |
//! | Y | X | X is cleared, then the set runs and is kept under Y |
//! | none | X | X is cleared, 600 if it was not there |
//! | none | `ClearAllMessageSets` | everything of this application is cleared |
//!
//! (`qbxml.md` 2.) What is kept belongs to the application and the company file: a restored backup loses both the work and
//! the memory of it.

use std::collections::BTreeMap;

/// Longest message set ID in characters; the sources give 23 and 24, so the smaller one holds.
pub(crate) const ID_LENGTH_MAX: usize = 23;
/// The old ID that clears everything of an application.
pub(crate) const CLEAR_ALL: &str = "ClearAllMessageSets";

/// What a status check answers; which of the two is open question 1 of `qbxml.md` 13.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusCheck {
    /// The kept answer, whole.
    FullAnswer,
    /// The status of each request, with an `ErrorRecovery` aggregate instead of the object.
    ErrorRecovery,
}

/// What happens when the outcome of a message set cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreFull {
    /// The work is done, but the answer says 9005 and nothing else.
    DoneButWithheld,
    /// The work is done and the answer is whole, with 9005.
    DoneAndAnswered,
    /// Nothing is done, 9005.
    Refused,
}

/// The outcome of one message set, as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    checksum: u64,
    /// Inner text of the answer, with the objects.
    pub(crate) full: String,
    /// Inner text of the answer, with `ErrorRecovery` aggregates.
    pub(crate) brief: String,
}

/// What to do with a message set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Run it and keep nothing; the code to answer, if IDs were given.
    Run { code: Option<u16> },
    /// Run it and keep the outcome under this ID.
    RunAndKeep { id: String },
    /// Answer what was kept.
    Replay(Kept),
    /// Answer this code and nothing else.
    Refuse { code: u16 },
}

/// All message sets kept in a company file, by application.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Recovery {
    kept: BTreeMap<String, BTreeMap<String, Kept>>,
}

impl Recovery {
    pub(crate) fn kept(&self, owner: &str) -> usize {
        self.kept.get(owner).map_or(0, BTreeMap::len)
    }

    /// Decides by the two IDs, and clears the old one if it is time to.
    pub(crate) fn decide(&mut self, owner: &str, new: Option<&str>, old: Option<&str>, content: &str) -> Decision {
        let too_long = |id: Option<&str>| id.is_some_and(|id| id.chars().count() > ID_LENGTH_MAX && id != CLEAR_ALL);
        if too_long(new) || too_long(old) {
            return Decision::Refuse { code: 9004 };
        }
        if new.is_none() && old.is_none() {
            return Decision::Run { code: None };
        }
        let own = self.kept.entry(owner.to_owned()).or_default();
        match (new, old) {
            (Some(new), Some(old)) if new == old => match own.get(new) {
                Some(kept) => Decision::Replay(kept.clone()),
                None => Decision::Refuse { code: 9002 },
            },
            (None, Some(CLEAR_ALL)) => {
                own.clear();
                Decision::Run { code: Some(0) }
            }
            (None, old) => {
                let code = if old.is_some_and(|old| own.remove(old).is_some()) { 0 } else { 600 };
                Decision::Run { code: Some(code) }
            }
            (Some(new), old) => {
                if let Some(kept) = own.get(new) {
                    let same = kept.checksum == checksum(content);
                    return if same { Decision::Replay(kept.clone()) } else { Decision::Refuse { code: 9001 } };
                }
                match old {
                    Some(CLEAR_ALL) => own.clear(),
                    Some(old) => drop(own.remove(old)),
                    None => {}
                }
                Decision::RunAndKeep { id: new.to_owned() }
            }
        }
    }

    /// True if one more can be kept.
    pub(crate) fn has_room(&self, owner: &str, message_sets_max: usize) -> bool {
        self.kept(owner) < message_sets_max
    }

    pub(crate) fn keep(&mut self, owner: &str, id: &str, content: &str, full: &str, brief: &str) {
        let kept = Kept { checksum: checksum(content), full: full.to_owned(), brief: brief.to_owned() };
        self.kept.entry(owner.to_owned()).or_default().insert(id.to_owned(), kept);
    }
}

/// The checksum that tells whether two message sets have the same content: FNV-1a over the bytes.
fn checksum(content: &str) -> u64 {
    content.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keep(recovery: &mut Recovery, id: &str, content: &str) {
        let decision = recovery.decide("A", Some(id), None, content);
        assert_eq!(decision, Decision::RunAndKeep { id: id.to_owned() });
        recovery.keep("A", id, content, "full", "brief");
    }

    #[test]
    fn every_row_of_the_table() {
        let mut recovery = Recovery::default();
        assert_eq!(recovery.decide("A", None, None, "c"), Decision::Run { code: None });
        keep(&mut recovery, "X", "c");
        assert!(matches!(recovery.decide("A", Some("X"), None, "c"), Decision::Replay(_)));
        assert_eq!(recovery.decide("A", Some("X"), None, "d"), Decision::Refuse { code: 9001 });
        assert!(matches!(recovery.decide("A", Some("X"), Some("X"), "anything"), Decision::Replay(_)));
        assert_eq!(recovery.decide("A", Some("Z"), Some("Z"), ""), Decision::Refuse { code: 9002 });
        assert_eq!(recovery.decide("A", Some("Y"), Some("X"), "e"), Decision::RunAndKeep { id: "Y".to_owned() });
        assert_eq!(recovery.decide("A", None, Some("X"), ""), Decision::Run { code: Some(600) }, "Y cleared X");
        keep(&mut recovery, "W", "c");
        assert_eq!(recovery.decide("A", None, Some("W"), ""), Decision::Run { code: Some(0) });
        keep(&mut recovery, "V", "c");
        assert_eq!(recovery.decide("A", None, Some(CLEAR_ALL), ""), Decision::Run { code: Some(0) });
        assert_eq!(recovery.kept("A"), 0);
    }

    #[test]
    fn applications_do_not_see_each_other() {
        let mut recovery = Recovery::default();
        keep(&mut recovery, "X", "c");
        assert_eq!(recovery.decide("B", Some("X"), Some("X"), "c"), Decision::Refuse { code: 9002 });
        assert!(matches!(recovery.decide("B", Some("X"), None, "c"), Decision::RunAndKeep { .. }));
    }

    #[test]
    fn long_ids_are_refused() {
        let mut recovery = Recovery::default();
        let id = "x".repeat(ID_LENGTH_MAX);
        assert!(matches!(recovery.decide("A", Some(&id), None, ""), Decision::RunAndKeep { .. }));
        let id = "x".repeat(ID_LENGTH_MAX + 1);
        assert_eq!(recovery.decide("A", Some(&id), None, ""), Decision::Refuse { code: 9004 });
        assert_eq!(recovery.decide("A", None, Some(&id), ""), Decision::Refuse { code: 9004 });
    }
}
