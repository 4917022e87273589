//! Looking into transactions and the ledger without qbXML, for tests and checkers.
//!
//! As [`super::inspect`]: plain structs, copied out.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::CompanyFile;
use super::applied::{open_cents, standing};
use super::books::{Line, Transaction};
use super::lists::ListKind;
use super::objects::deposit;
use super::txn_kind::TxnKind;

/// A transaction of any kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Txn {
    /// Which kind it is.
    pub kind: TxnKind,
    /// `TxnID`.
    pub id: String,
    /// `ListID` of the vendor, customer or payee.
    pub party_id: Option<String>,
    /// `TxnDate`.
    pub date: NaiveDate,
    /// `RefNumber`.
    pub ref_number: Option<String>,
    /// `Memo`.
    pub memo: Option<String>,
    /// `ExternalGUID`.
    pub external_guid: Option<String>,
    /// Its amount in cents, never negative.
    pub total_cents: i64,
    /// What is still to be paid of it or to be used, in cents; 0 for what has nothing to do with A/P and A/R.
    pub open_cents: i64,
    /// `EditSequence`.
    pub edit_sequence: i64,
    /// What it was used for, or what was used for it.
    pub links: Vec<Link>,
    /// `TxnID` of the deposit that holds it.
    pub deposit_id: Option<String>,
    /// Lines in order, the members of groups behind their group.
    pub lines: Vec<TxnLine>,
    /// Every posting: `ListID` of the account and cents, debit positive.
    pub postings: Vec<(String, i64)>,
}

/// The use of one transaction for another, as seen from one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// `TxnID` of the other one.
    pub other_id: String,
    /// Money used, in cents.
    pub cents: i64,
    /// Discount taken, in cents.
    pub discount_cents: i64,
}

/// A line of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TxnLine {
    /// `TxnLineID`.
    pub id: String,
    /// Amount in cents.
    pub cents: i64,
    /// `ListID` of the account, where the line names one.
    pub account_id: Option<String>,
    /// `ListID` of the item.
    pub item_id: Option<String>,
    /// `ListID` of the customer or job.
    pub customer_id: Option<String>,
    /// `ListID` of the class.
    pub class_id: Option<String>,
    /// `TxnID` of the payment, on a deposit.
    pub payment_id: Option<String>,
    /// `Memo` or `Desc`.
    pub memo: Option<String>,
}

fn line_of(line: &Line) -> TxnLine {
    let reference = |name: &str| line.reference(name).map(str::to_owned);
    TxnLine {
        id: line.id.clone(),
        cents: line.cents,
        account_id: reference("AccountRef"),
        item_id: reference("ItemRef").or_else(|| reference("ItemGroupRef")),
        customer_id: reference("CustomerRef"),
        class_id: reference("ClassRef"),
        payment_id: line.field("TxnID").map(str::to_owned),
        memo: line.field("Memo").or_else(|| line.field("Desc")).map(str::to_owned),
    }
}

impl CompanyFile {
    /// All transactions of a kind in the order of their dates.
    #[must_use]
    pub fn txns(&self, kind: TxnKind) -> Vec<Txn> {
        let mut txns: Vec<&Transaction> = self.books.txns.values().filter(|txn| txn.kind == kind).collect();
        txns.sort_by_key(|txn| (txn.date, txn.number));
        txns.into_iter().map(|txn| self.txn_of(txn)).collect()
    }

    /// The transaction of that ID, whatever its kind.
    #[must_use]
    pub fn txn(&self, id: &str) -> Option<Txn> {
        self.books.txns.get(id).map(|txn| self.txn_of(txn))
    }

    fn txn_of(&self, txn: &Transaction) -> Txn {
        let books = &self.books;
        let on = books.applied.on(&txn.id).iter().map(|used| (&used.source, used));
        let of = books.applied.of(&txn.id).into_iter().map(|used| (&used.target, used));
        let link = |(other, used): (&String, &super::applied::Use)| Link {
            other_id: other.clone(),
            cents: used.cents,
            discount_cents: used.relief_cents() - used.cents,
        };
        Txn {
            kind: txn.kind,
            id: txn.id.clone(),
            party_id: Some(txn.party.clone()).filter(|party| !party.is_empty()),
            date: txn.date,
            ref_number: txn.field("RefNumber").map(str::to_owned),
            memo: txn.field("Memo").map(str::to_owned),
            external_guid: txn.field("ExternalGUID").map(str::to_owned),
            total_cents: txn.total_cents,
            open_cents: open_cents(books, txn),
            edit_sequence: txn.edit_sequence,
            links: on.chain(of).map(link).collect(),
            deposit_id: deposit::holder(books, &txn.id).map(|deposit| deposit.id.clone()),
            lines: txn.lines.iter().flat_map(|line| [line].into_iter().chain(&line.members)).map(line_of).collect(),
            postings: txn.postings.iter().map(|posting| (posting.account.clone(), posting.cents)).collect(),
        }
    }

    /// What the ledger says of every account that was ever posted to, in cents, debit positive. Unlike the balances shown,
    /// income and expenses are not cut to the year. Sums to zero with the hidden account of opening balances.
    #[must_use]
    pub fn trial_balances(&self) -> BTreeMap<String, i128> {
        self.books.ledger.accounts().map(|(id, cents)| (id.to_owned(), cents)).collect()
    }

    /// What is open on A/P by vendor, in cents, by the transactions: bills less payments and credits.
    #[must_use]
    pub fn payable_by_vendor(&self) -> BTreeMap<String, i64> {
        self.open_by_party("AccountsPayable")
    }

    /// What is open on A/R by customer or job, in cents, by the transactions: invoices less payments and credits.
    #[must_use]
    pub fn receivable_by_customer(&self) -> BTreeMap<String, i64> {
        self.open_by_party("AccountsReceivable")
    }

    fn open_by_party(&self, account_type: &str) -> BTreeMap<String, i64> {
        let mut open = BTreeMap::new();
        for txn in self.books.txns.values() {
            let Some(standing) = standing(&self.books, txn) else { continue };
            if self.books.account_type(&standing.account) == account_type {
                let cents = open_cents(&self.books, txn);
                *open.entry(standing.party).or_default() += if standing.is_debt { cents } else { -cents };
            }
        }
        open.retain(|_, cents| *cents != 0);
        open
    }

    /// What is owed on a customer and all its jobs, in cents.
    #[must_use]
    pub fn customer_total_cents(&self, id: &str) -> Option<i64> {
        let record = self.books.lists.get(ListKind::Customer, id)?;
        Some(super::objects::customer::total_balance(&self.books, record))
    }
}
