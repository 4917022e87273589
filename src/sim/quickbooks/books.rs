//! The books: everything that a backup of a company file holds.
//!
//! Lists, transactions, the ledger, the deleted records, the message sets kept for error recovery, preferences and
//! the private data that applications stored at the company. What belongs to the running program (sessions, iterators,
//! open windows) is in [`super::CompanyFile`] instead, so that a restore is one assignment.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};

use super::applied::Applied;
use super::data_ext::DataExts;
use super::ledger::{Ledger, Posting};
use super::lists::{Family, ListKey, ListKind, ListRecord, Lists};
use super::recovery::Recovery;
use super::time::{Now, Zone};
pub use super::txn_kind::TxnKind;
use crate::sim::xml::Element;

/// The tables of lines that transactions have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineTable {
    /// An account and an amount, on bills, vendor credits and cheques.
    Expense,
    /// An item that was bought.
    Item,
    /// An item that was sold, on invoices and credit memos.
    Sales,
    /// A payment, or money from an account, on a deposit.
    Deposit,
    /// Money kept back from a deposit.
    CashBack,
    Debit,
    Credit,
    /// The money of a received payment, which a deposit names; never shown.
    Money,
}

/// One line of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) id: String,
    pub(crate) table: LineTable,
    pub(crate) cents: i64,
    pub(crate) fields: Vec<Element>,
    /// The lines a group of items was unfolded to; only groups have any.
    pub(crate) members: Vec<Self>,
}

impl Line {
    pub(crate) fn new(table: LineTable) -> Self {
        Self { id: String::new(), table, cents: 0, fields: Vec::new(), members: Vec::new() }
    }

    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|field| field.name == name).map(|field| field.text.as_str())
    }

    pub(crate) fn reference(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|field| field.name == name)?.text_of("ListID")
    }

    /// True for a line that stands for a group of items.
    pub(crate) fn is_group(&self) -> bool {
        self.reference("ItemGroupRef").is_some()
    }

    pub(crate) fn set(&mut self, name: &str, text: &str) {
        match self.fields.iter_mut().find(|field| field.name == name) {
            Some(field) => text.clone_into(&mut field.text),
            None => self.fields.push(Element::leaf(name, text)),
        }
    }
}

/// One transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Transaction {
    pub(crate) kind: TxnKind,
    pub(crate) id: String,
    pub(crate) number: u32,
    pub(crate) created: Now,
    pub(crate) modified: Now,
    pub(crate) edit_sequence: i64,
    pub(crate) date: NaiveDate,
    /// The vendor, customer or payee; empty if there is none.
    pub(crate) party: String,
    pub(crate) total_cents: i64,
    pub(crate) fields: Vec<Element>,
    pub(crate) lines: Vec<Line>,
    pub(crate) postings: Vec<Posting>,
}

impl Transaction {
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|field| field.name == name).map(|field| field.text.as_str())
    }

    pub(crate) fn reference(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|field| field.name == name)?.text_of("ListID")
    }
}

/// A record that is gone, as the deleted queries report it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deleted {
    /// `ListDelType` or `TxnDelType`.
    pub(crate) word: &'static str,
    pub(crate) id: String,
    pub(crate) created: Now,
    pub(crate) deleted: Now,
    /// Full name, or number of the transaction.
    pub(crate) label: String,
}

/// The preferences that matter to an application.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preferences {
    /// Account numbers are shown and may stand for names.
    pub account_numbers: bool,
    /// Class references are allowed; otherwise 3250.
    pub class_tracking: bool,
    /// Currency references are allowed; otherwise 3250.
    pub multicurrency: bool,
    /// Sales tax is charged; otherwise sales tax codes, items and references are 3250.
    pub sales_tax: bool,
    /// Goods are counted; otherwise inventory items are 3250.
    pub inventory: bool,
    /// Nothing dated on or before this day may change.
    pub closing_date: Option<NaiveDate>,
}

/// Everything in the file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Books {
    pub(crate) company_name: String,
    pub(crate) is_sample: bool,
    pub(crate) lists: Lists,
    pub(crate) txns: BTreeMap<String, Transaction>,
    pub(crate) ledger: Ledger,
    /// Which payment and which credit was used for what.
    pub(crate) applied: Applied,
    pub(crate) deleted_lists: Vec<Deleted>,
    pub(crate) deleted_txns: Vec<Deleted>,
    pub(crate) preferences: Preferences,
    /// Private data at the company: owner in upper case, name, value.
    pub(crate) company_data: BTreeMap<(String, String), String>,
    /// Private data and custom fields of records and transactions.
    pub(crate) data_ext: DataExts,
    pub(crate) last_restore: Option<Now>,
    pub(crate) last_condense: Option<Now>,
    pub(crate) recovery: Recovery,
    /// Date of the last saved transaction of each kind, which the next one takes if it names none.
    pub(crate) last_dates: BTreeMap<TxnKind, NaiveDate>,
    /// The day it is, as far as anybody said.
    pub(crate) today: NaiveDate,
    list_ids: BTreeMap<Family, u32>,
    txn_ids: u32,
    txn_numbers: u32,
    note_ids: u32,
    contact_ids: u32,
}

impl Books {
    /// Empty books of a company.
    pub(crate) fn of(company_name: &str) -> Self {
        Self { company_name: company_name.to_owned(), ..Self::default() }
    }

    /// A new ListID: a hex counter and the Unix time. Counters are per family, so that two lists may share an ID.
    pub(crate) fn new_list_id(&mut self, kind: ListKind, zone: &Zone, now: Now) -> String {
        let counter = self.list_ids.entry(kind.family()).or_default();
        *counter += 1;
        format!("{:X}-{}", 0x8000_0000_u32 + *counter, zone.unix(now))
    }

    /// Makes sure that no new ID repeats a loaded one.
    pub(crate) fn reserve_list_id(&mut self, key: &ListKey) {
        let hex = key.id.split('-').next().and_then(|hex| u32::from_str_radix(hex, 16).ok()).unwrap_or(0);
        let counter = self.list_ids.entry(key.family).or_default();
        *counter = (*counter).max(hex.saturating_sub(0x8000_0000));
    }

    /// A new TxnID or TxnLineID; both draw from one counter.
    pub(crate) fn new_txn_id(&mut self, zone: &Zone, now: Now) -> String {
        self.txn_ids += 1;
        format!("{:X}-{}", 0x1F5 + self.txn_ids, zone.unix(now))
    }

    pub(crate) fn new_txn_number(&mut self) -> u32 {
        self.txn_numbers += 1;
        self.txn_numbers
    }

    pub(crate) fn new_note_id(&mut self) -> u32 {
        self.note_ids += 1;
        self.note_ids
    }

    /// IDs of contacts have a form of their own (`qbxml-samples`).
    pub(crate) fn new_contact_id(&mut self) -> String {
        self.contact_ids += 1;
        format!("{:0>16}", format!("p{:x}", self.contact_ids))
    }

    /// Stamps a change. The edit sequence is the Unix time in nearly all real files; a second change within one second,
    /// or after the clock went back, still gets a new one.
    pub(crate) fn next_edit_sequence(zone: &Zone, now: Now, before: i64) -> i64 {
        zone.unix(now).max(before + 1)
    }

    pub(crate) fn account_type(&self, id: &str) -> &str {
        self.lists.get(ListKind::Account, id).and_then(|account| account.field("AccountType")).unwrap_or("")
    }

    pub(crate) fn is_closed(&self, date: NaiveDate) -> bool {
        self.preferences.closing_date.is_some_and(|closing| date <= closing)
    }

    /// True if any record or transaction refers to a list record, so that it cannot be deleted.
    pub(crate) fn is_in_use(&self, record: &ListRecord) -> bool {
        let has_children = self.lists.children(record).next().is_some();
        let holds = |fields: &[Element]| super::refs::lead_to(fields, record.kind, &record.id);
        let in_lists = self.lists.all().any(|other| holds(&other.fields));
        let in_txns = self.txns.values().any(|txn| {
            holds(&txn.fields)
                || txn
                    .lines
                    .iter()
                    .any(|line| holds(&line.fields) || line.members.iter().any(|member| holds(&member.fields)))
                || txn.postings.iter().any(|posting| {
                    record.kind == ListKind::Account && posting.account == record.id
                        || record.kind.family() == Family::Names && posting.party.as_deref() == Some(&record.id)
                })
        });
        let classes = self.applied.all().filter_map(|used| used.discount.as_ref()?.class.as_deref());
        let in_discounts = record.kind == ListKind::Class && classes.into_iter().any(|class| class == record.id);
        has_children || in_lists || in_txns || in_discounts || self.has_balance(record)
    }

    fn has_balance(&self, record: &ListRecord) -> bool {
        match record.kind {
            ListKind::Account => self.ledger.account(&record.id) != 0,
            ListKind::Vendor | ListKind::Customer => self.ledger.party(&record.id) != 0,
            _ => false,
        }
    }

    /// The A/P account used when a bill names none.
    pub(crate) fn default_payable_account(&self) -> Option<&ListRecord> {
        self.default_account("AccountsPayable")
    }

    /// The oldest active account of a type, which is used when none is named.
    pub(crate) fn default_account(&self, account_type: &str) -> Option<&ListRecord> {
        let fits = |record: &&ListRecord| record.field("AccountType") == Some(account_type) && record.active;
        self.lists
            .of_kind(ListKind::Account)
            .filter(fits)
            .min_by_key(|record| (record.created.local, record.id.clone()))
    }

    /// Day a bill is due by its terms.
    pub(crate) fn due_date(&self, terms: Option<&str>, date: NaiveDate) -> NaiveDate {
        let standard = terms.and_then(|id| self.lists.get(ListKind::StandardTerms, id));
        if let Some(record) = standard {
            let days = record.field("StdDueDays").and_then(|days| days.parse::<u64>().ok()).unwrap_or(0);
            return date.checked_add_days(chrono::Days::new(days)).unwrap_or(date);
        }
        let driven = terms.and_then(|id| self.lists.get(ListKind::DateDrivenTerms, id));
        if let Some(record) = driven {
            let number = |name| record.field(name).and_then(|text| text.parse::<u32>().ok()).unwrap_or(0);
            let mut due = date.with_day(number("DayOfMonthDue").clamp(1, 28)).unwrap_or(date);
            let soonest =
                date.checked_add_days(chrono::Days::new(u64::from(number("DueNextMonthDays")))).unwrap_or(date);
            if due <= soonest {
                due = due.checked_add_months(chrono::Months::new(1)).unwrap_or(due);
            }
            return due;
        }
        // The preference "bills are due after ten days", which the real preferences answer shows as DaysBillsAreDue.
        date.checked_add_days(chrono::Days::new(10)).unwrap_or(date)
    }
}
