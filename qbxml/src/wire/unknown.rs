//! What an answer held that we did not understand: counted, kept visible, never fatal.

use std::collections::BTreeMap;

use crate::error::ValueError;

/// Elements that were skipped, by their place (`BillRet/ExpenseLineRet/NewField`), with how often
/// each came.
///
/// Two kinds are told apart. *Unknown* ones are not in our tables: a newer QuickBooks, or a gap of
/// ours. *Known* ones are in the schema but deliberately not read (a customer's shipping addresses
/// while only names are wanted).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnknownCounts {
    unknown: BTreeMap<String, u64>,
    known: BTreeMap<String, u64>,
    beyond: u64,
}

impl UnknownCounts {
    /// Unknown elements by place.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.unknown.iter().map(|(path, count)| (path.as_str(), *count))
    }

    /// Elements of the schema that were deliberately not read, by place.
    pub fn known(&self) -> impl Iterator<Item = (&str, u64)> {
        self.known.iter().map(|(path, count)| (path.as_str(), *count))
    }

    /// How many elements were counted without their place because too many places had been seen.
    #[must_use]
    pub const fn beyond_limit(&self) -> u64 {
        self.beyond
    }

    /// All unknown elements together.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.unknown.values().sum::<u64>() + self.beyond
    }

    /// Whether everything was understood or deliberately left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.total() == 0
    }

    /// Counts one skipped element; allocates only for a place not seen before.
    pub(crate) fn count(&mut self, path: &str, known: bool, paths_max: usize) {
        let seen = self.unknown.len() + self.known.len();
        let places = if known { &mut self.known } else { &mut self.unknown };
        if let Some(count) = places.get_mut(path) {
            *count += 1;
        } else if seen < paths_max {
            places.insert(path.to_owned(), 1);
        } else {
            self.beyond += 1;
        }
    }
}

/// A record in which a value could not be read: nothing of it is guessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The place of the first such value: `BillRet/AmountDue`.
    pub path: String,
    /// What was wrong with it.
    pub reason: ValueError,
    /// The record's own id (`ListID` or `TxnID`) as text, if it was read before.
    pub id: Option<String>,
}
