//! The ledger: double entry behind every transaction.
//!
//! A transaction posts to accounts, debit positive, and its postings sum to zero. Balances are kept up to date as postings
//! come and go; [`Ledger::trial_balance`] is checked after every operation of a company file. Opening balances of a loaded
//! file are booked against [`PRIOR`], an account that no list shows, so that the loaded balances can stay as they are.
//!
//! Income and expense accounts show the year to date (`qbxml.md` 10), so what is booked is kept by year as well. An opening
//! balance has no year and counts in every one.
//!
//! **Invariant:** the sum of all account balances is zero at all times.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};

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
    /// What was booked on an account in a year, openings left out.
    years: BTreeMap<(String, i32), i128>,
    parties: BTreeMap<String, i128>,
}

impl Ledger {
    /// Books an opening balance, which belongs to no year.
    ///
    /// # Panics
    /// If the postings do not sum to zero: that is a mistake in the simulator itself.
    pub(crate) fn post(&mut self, postings: &[Posting]) {
        self.book(postings, None, 1);
    }

    /// Books the postings of a transaction of that day.
    ///
    /// # Panics
    /// As [`Self::post`].
    pub(crate) fn post_on(&mut self, date: NaiveDate, postings: &[Posting]) {
        self.book(postings, Some(date.year()), 1);
    }

    /// Takes the postings of a transaction of that day back.
    pub(crate) fn unpost(&mut self, date: NaiveDate, postings: &[Posting]) {
        self.book(postings, Some(date.year()), -1);
    }

    fn book(&mut self, postings: &[Posting], year: Option<i32>, sign: i128) {
        let sum: i128 = postings.iter().map(|posting| i128::from(posting.cents)).sum();
        assert!(sum == 0, "invariant: the postings of a transaction balance, but they differ by {sum}");
        for posting in postings {
            let cents = sign * i128::from(posting.cents);
            *self.accounts.entry(posting.account.clone()).or_default() += cents;
            if let Some(year) = year {
                *self.years.entry((posting.account.clone(), year)).or_default() += cents;
            }
            if let Some(party) = &posting.party {
                *self.parties.entry(party.clone()).or_default() += cents;
            }
        }
    }

    /// Balance of an account, debit positive.
    pub(crate) fn account(&self, id: &str) -> i128 {
        self.accounts.get(id).copied().unwrap_or(0)
    }

    /// What was booked on an account in years other than this one, openings left out, debit positive.
    pub(crate) fn other_years(&self, id: &str, year: i32) -> i128 {
        let of_account = self.years.range((id.to_owned(), i32::MIN)..=(id.to_owned(), i32::MAX));
        of_account.filter(|((_, booked), _)| *booked != year).map(|(_, cents)| cents).sum()
    }

    /// What was booked on an account before a year, openings left out, debit positive.
    pub(crate) fn before_year(&self, id: &str, year: i32) -> i128 {
        self.years.range((id.to_owned(), i32::MIN)..(id.to_owned(), year)).map(|(_, cents)| cents).sum()
    }

    /// Balance of a vendor or customer, debit positive.
    pub(crate) fn party(&self, id: &str) -> i128 {
        self.parties.get(id).copied().unwrap_or(0)
    }

    /// Moves everything booked on one account to another, as a merge does.
    pub(crate) fn merge_accounts(&mut self, from: &str, into: &str) {
        let of_loser: Vec<((String, i32), i128)> = self
            .years
            .iter()
            .filter(|((account, _), _)| account == from)
            .map(|(key, cents)| (key.clone(), *cents))
            .collect();
        for (key, cents) in of_loser {
            self.years.remove(&key);
            *self.years.entry((into.to_owned(), key.1)).or_default() += cents;
        }
        move_balance(&mut self.accounts, from, into);
    }

    /// Moves everything booked on one vendor or customer to another. An account may have the id of a customer: ListIDs are
    /// unique only within a list (`qbxml.md` 4).
    pub(crate) fn merge_parties(&mut self, from: &str, into: &str) {
        move_balance(&mut self.parties, from, into);
    }

    /// All accounts with their balances, debit positive.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = (&str, i128)> {
        self.accounts.iter().map(|(id, cents)| (id.as_str(), *cents))
    }

    /// The sum of all balances; anything but zero is a mistake in the simulator.
    pub(crate) fn trial_balance(&self) -> i128 {
        self.accounts.values().sum()
    }
}

fn move_balance(balances: &mut BTreeMap<String, i128>, from: &str, into: &str) {
    if let Some(cents) = balances.remove(from) {
        *balances.entry(into.to_owned()).or_default() += cents;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_keeps_its_balance_when_a_customer_of_its_id_is_merged() {
        let posting = |account: &str, party: Option<&str>, cents| Posting {
            account: account.to_owned(),
            party: party.map(str::to_owned),
            cents,
        };
        let mut ledger = Ledger::default();
        ledger.post(&[posting("1", None, 500), posting("2", Some("1"), -500)]);
        ledger.merge_parties("1", "9");
        assert_eq!((ledger.account("1"), ledger.party("1"), ledger.party("9")), (500, 0, -500));
        ledger.merge_accounts("1", "3");
        assert_eq!((ledger.account("1"), ledger.account("3"), ledger.party("9")), (0, 500, -500));
    }
}
