//! A plausible small firm that works on both sides for a year: the workload of tests and figures.
//!
//! A seed decides everything. [`Firm::found`] enters the lists, some on one side, some on the other, some on both in another
//! spelling; [`Firm::work`] does what people do on one day: enter, edit, pay, void, rename, merge. What is entered on one side is
//! used on the other only once it has arrived there, and both sides never edit the same field on the same day: what follows can
//! therefore be told from the two books alone, and they must end alike. Faults and conflicts are for others to add.
//!
//! Payables are entered in Bill.com only, as its users do; invoices are entered on both sides, and each is paid on one of them.

mod founding;
mod lists;
mod names;
mod payables;
mod payments;
mod receivables;

use super::billcom::{Organization, Random};
use super::quickbooks::CompanyFile;
use chrono::{DateTime, Utc};

/// How much there is of everything, over all days together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Days on which people work.
    pub days: usize,
    /// Accounts, those that every firm has included.
    pub accounts: usize,
    /// Classes, some below others.
    pub classes: usize,
    /// Vendors.
    pub vendors: usize,
    /// Customers that are below nobody.
    pub customers: usize,
    /// Jobs of customers, and jobs below jobs.
    pub jobs: usize,
    /// Items.
    pub items: usize,
    /// Bills.
    pub bills: usize,
    /// Vendor credits.
    pub credits: usize,
    /// Payments to vendors.
    pub payments: usize,
    /// Invoices.
    pub invoices: usize,
    /// What customers pay.
    pub receipts: usize,
}

impl Size {
    /// A year of a small firm. Two pick-ups a day make about 500 transfers of its payments and receipts.
    pub const YEAR: Self = Self {
        days: 260,
        accounts: 60,
        classes: 25,
        vendors: 300,
        customers: 400,
        jobs: 200,
        items: 150,
        bills: 4_000,
        credits: 600,
        payments: 2_500,
        invoices: 3_000,
        receipts: 2_000,
    };

    /// The same firm, so many times smaller, in fewer days.
    #[must_use]
    pub fn divided(self, by: usize, days: usize) -> Self {
        let least = |whole: usize, least: usize| (whole / by.max(1)).max(least);
        Self {
            days,
            accounts: least(self.accounts, 30),
            classes: least(self.classes, 5),
            vendors: least(self.vendors, 12),
            customers: least(self.customers, 12),
            jobs: least(self.jobs, 6),
            items: least(self.items, 6),
            bills: least(self.bills, 1),
            credits: least(self.credits, 1),
            payments: least(self.payments, 1),
            invoices: least(self.invoices, 1),
            receipts: least(self.receipts, 1),
        }
    }
}

/// A bill that is not settled, as the people who entered it know it.
#[derive(Clone, Debug)]
struct OpenBill {
    id: String,
    vendor: String,
    number: String,
    cents: i64,
    open: i64,
}

/// A vendor credit of which something is left.
#[derive(Clone, Debug)]
struct OpenCredit {
    id: String,
    vendor: String,
    number: String,
    left: i64,
    used: bool,
}

/// A payment that can still be taken back.
#[derive(Clone, Debug)]
struct Paid {
    id: String,
    online: bool,
    day: usize,
    bills: Vec<(String, String, i64)>,
    credits: Vec<(String, i64)>,
}

/// A record that somebody found to be double, to be merged on the other side as well.
#[derive(Clone, Debug)]
struct Merge {
    list: lists::List,
    /// Where it was done.
    in_quickbooks: bool,
    /// Ids on the other side.
    loser: String,
    winner: String,
    /// What both are called in QuickBooks.
    names: [String; 2],
}

/// How much was entered so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Bills.
    pub bills: usize,
    /// Vendor credits.
    pub credits: usize,
    /// Payments to vendors.
    pub payments: usize,
    /// Invoices, on either side.
    pub invoices: usize,
    /// What customers paid, on either side.
    pub receipts: usize,
    /// Changes of what was there: edits, renamings, movements below other parents.
    pub edits: usize,
    /// Documents and payments taken back.
    pub voids: usize,
    /// Merges, each on both sides.
    pub merges: usize,
}

/// The firm. See the module.
#[derive(Debug)]
pub struct Firm {
    size: Size,
    random: Random,
    day: usize,
    bank: String,
    bills: Vec<OpenBill>,
    credits: Vec<OpenCredit>,
    paid: Vec<Paid>,
    /// Invoices of QuickBooks that are paid there, by `TxnID`.
    quickbooks_invoices: Vec<String>,
    /// Receipts of QuickBooks that wait to be brought to the bank.
    undeposited: Vec<String>,
    /// Numbers of invoices that are paid in Bill.com.
    billcom_invoices: Vec<String>,
    /// Receipts of Bill.com that can still be voided.
    receipts: Vec<String>,
    merges: Vec<Merge>,
    done: Done,
}

/// The tables of names fit the rules of both simulators, which tests check.
const FITS: &str = "invariant: people enter what both simulators take";

impl Firm {
    /// How many days were worked.
    #[must_use]
    pub const fn day(&self) -> usize {
        self.day
    }

    /// Whether everything was entered.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        self.day >= self.size.days
    }

    /// How much was entered.
    #[must_use]
    pub const fn done(&self) -> Done {
        self.done
    }

    /// What people do on one day, on both sides.
    ///
    /// # Panics
    /// When a simulator refuses what people enter: then the two do not fit together.
    pub fn work(&mut self, books: &mut CompanyFile, organization: &mut Organization, now: DateTime<Utc>) {
        self.merge_on_the_other_side(books, organization, now);
        self.tend_lists(books, organization, now);
        self.enter_payables(organization, now);
        self.pay(organization, now);
        self.enter_invoices(books, organization, now);
        self.receive(books, organization, now);
        organization.back_office(now).confirm_after(2);
        organization.back_office(now).pick_up();
        self.day += 1;
    }

    /// Whether something was merged on one side only so far: until it is on the other, the two say different things by nature.
    #[must_use]
    pub const fn is_merging(&self) -> bool {
        !self.merges.is_empty()
    }

    /// What is left to be merged on the other side is merged there.
    ///
    /// # Panics
    /// As [`Self::work`].
    pub fn finish(&mut self, books: &mut CompanyFile, organization: &mut Organization, now: DateTime<Utc>) {
        self.merge_on_the_other_side(books, organization, now);
    }

    /// How many more of a kind are to be entered today.
    const fn due(&self, whole: usize, done: usize) -> usize {
        let until_today = match (whole * (self.day + 1)).checked_div(self.size.days) {
            Some(share) => share,
            None => whole,
        };
        until_today.saturating_sub(done)
    }

    /// A number from `least` to `most`.
    fn between(&mut self, least: i64, most: i64) -> i64 {
        let width = usize::try_from(most - least + 1).unwrap_or(1);
        least + i64::try_from(self.random.below(width)).unwrap_or(0)
    }

    /// Takes one out of a list, by chance.
    fn draw<T>(random: &mut Random, from: &mut Vec<T>) -> Option<T> {
        if from.is_empty() {
            return None;
        }
        let place = random.below(from.len());
        Some(from.swap_remove(place))
    }
}
