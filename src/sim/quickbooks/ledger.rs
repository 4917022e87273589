//! The ledger: double entry behind every transaction.
//!
//! A transaction posts to accounts, debit positive, and its postings sum to zero. Balances are kept up to date as postings
//! come and go; [`Ledger::trial_balance`] is checked after every operation of a company file. Opening balances of a loaded
//! file are booked against [`PRIOR`], an account that no list shows, so that the loaded balances can stay as they are.
//!
//! **Invariant:** the sum of all account balances is zero at all times.

use std::collections::BTreeMap;

/// The hidden counterpart of opening balances.
pub(crate) const PRIOR: &str = "(prior)";

/// One line of a booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Posting {
    /// `ListID` of the account.
    pub(crate) account: String,
    /// `ListID` of the vendor or customer, on payable and receivable accounts.
    pub(crate) party: Option<String>,
    /// Debit positive, credit negative.
    pub(crate) cents: i64,
}

/// Balances of accounts and of vendors and customers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ledger {
    accounts: BTreeMap<String, i128>,
    parties: BTreeMap<String, i128>,
}

impl Ledger {
    /// Books the postings of a transaction.
    ///
    /// # Panics
    /// If they do not sum to zero: that is a mistake in the simulator itself.
    pub(crate) fn post(&mut self, postings: &[Posting]) {
        let sum: i128 = postings.iter().map(|posting| i128::from(posting.cents)).sum();
        assert!(sum == 0, "invariant: the postings of a transaction balance, but they differ by {sum}");
        for posting in postings {
            self.add(posting, i128::from(posting.cents));
        }
    }

    /// Takes postings back.
    pub(crate) fn unpost(&mut self, postings: &[Posting]) {
        for posting in postings {
            self.add(posting, -i128::from(posting.cents));
        }
    }

    fn add(&mut self, posting: &Posting, cents: i128) {
        *self.accounts.entry(posting.account.clone()).or_default() += cents;
        if let Some(party) = &posting.party {
            *self.parties.entry(party.clone()).or_default() += cents;
        }
    }

    /// Balance of an account, debit positive.
    pub(crate) fn account(&self, id: &str) -> i128 {
        self.accounts.get(id).copied().unwrap_or(0)
    }

    /// Balance of a vendor or customer, debit positive.
    pub(crate) fn party(&self, id: &str) -> i128 {
        self.parties.get(id).copied().unwrap_or(0)
    }

    /// Moves everything booked on one account or party to another, as a merge does.
    pub(crate) fn merge(&mut self, from: &str, into: &str) {
        for balances in [&mut self.accounts, &mut self.parties] {
            if let Some(cents) = balances.remove(from) {
                *balances.entry(into.to_owned()).or_default() += cents;
            }
        }
    }

    /// The sum of all balances; anything but zero is a mistake in the simulator.
    pub(crate) fn trial_balance(&self) -> i128 {
        self.accounts.values().sum()
    }
}
