//! Looking into the books without qbXML, for tests and checkers.
//!
//! Plain structs, copied out; nothing here changes anything. The checkers of the fault simulation read these and the
//! public pages of the server, never the server's store.

use chrono::NaiveDate;

use super::applied::open_cents;
use super::books::{LineTable, Transaction, TxnKind};
use super::lists::{ListKind, ListRecord};
use super::objects::{account, vendor};
use super::{CompanyFile, money};
use crate::sim::xml::Element;

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// `ListID`.
    pub id: String,
    /// Own name.
    pub name: String,
    /// With all ancestors.
    pub full_name: String,
    /// `AccountType`.
    pub account_type: String,
    /// `AccountNumber`, also while numbers are off.
    pub number: Option<String>,
    /// `Desc`.
    pub description: Option<String>,
    /// `ListID` of the parent.
    pub parent: Option<String>,
    /// False once made inactive.
    pub active: bool,
    /// Own balance in cents on the side normal for the type.
    pub balance_cents: i64,
    /// `EditSequence`.
    pub edit_sequence: i64,
}

/// A vendor, customer, employee or other name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Which list it is in.
    pub kind: ListKind,
    /// `ListID`.
    pub id: String,
    /// Own name.
    pub name: String,
    /// With all ancestors.
    pub full_name: String,
    /// False once made inactive.
    pub active: bool,
    /// Owed to the vendor, or by the customer, in cents.
    pub balance_cents: i64,
    /// `EditSequence`.
    pub edit_sequence: i64,
    /// `ExternalGUID`.
    pub external_guid: Option<String>,
    fields: Vec<Element>,
}

impl Party {
    /// A further field, by its path: `Email`, `VendorAddress/City`.
    #[must_use]
    pub fn field(&self, path: &str) -> Option<&str> {
        let mut parts = path.split('/');
        let first = parts.next()?;
        let start = self.fields.iter().find(|field| field.name == first)?;
        parts.try_fold(start, |element, part| element.child(part)).map(|element| element.text.as_str())
    }
}

/// A bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bill {
    /// `TxnID`.
    pub id: String,
    /// `ListID` of the vendor.
    pub vendor_id: String,
    /// Name of the vendor.
    pub vendor_name: String,
    /// `ListID` of the A/P account.
    pub payable_account_id: String,
    /// `TxnDate`.
    pub date: NaiveDate,
    /// `DueDate`.
    pub due_date: Option<NaiveDate>,
    /// `RefNumber`.
    pub ref_number: Option<String>,
    /// `Memo`.
    pub memo: Option<String>,
    /// `ExternalGUID`.
    pub external_guid: Option<String>,
    /// Name of the terms.
    pub terms: Option<String>,
    /// Sum of the lines in cents.
    pub total_cents: i64,
    /// What is still to be paid, in cents.
    pub open_cents: i64,
    /// `EditSequence`.
    pub edit_sequence: i64,
    /// Lines in order, expenses first.
    pub lines: Vec<BillLine>,
}

/// A line of a bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillLine {
    /// `TxnLineID`.
    pub id: String,
    /// True for a line of the item table.
    pub is_item: bool,
    /// `ListID` of the account of an expense line.
    pub account_id: Option<String>,
    /// Full name of that account.
    pub account_name: Option<String>,
    /// `ListID` of the item of an item line.
    pub item_id: Option<String>,
    /// `ListID` of the customer:job.
    pub customer_id: Option<String>,
    /// `ListID` of the class.
    pub class_id: Option<String>,
    /// Amount in cents.
    pub cents: i64,
    /// `Memo`, or `Desc` of an item line.
    pub memo: Option<String>,
}

/// A deleted record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// The kind, as in `ListDelType` and `TxnDelType`.
    pub kind: &'static str,
    /// Its ID.
    pub id: String,
    /// Its full name or number.
    pub label: String,
}

impl CompanyFile {
    /// All accounts, active or not, by ID.
    #[must_use]
    pub fn accounts(&self) -> Vec<Account> {
        self.books.lists.of_kind(ListKind::Account).map(|record| self.account_of(record)).collect()
    }

    /// The account of that full name, whatever the case.
    #[must_use]
    pub fn account(&self, full_name: &str) -> Option<Account> {
        self.books.lists.by_full_name(ListKind::Account, full_name).map(|record| self.account_of(record))
    }

    fn account_of(&self, record: &ListRecord) -> Account {
        Account {
            id: record.id.clone(),
            name: record.name.clone(),
            full_name: self.books.lists.full_name(record),
            account_type: record.field("AccountType").unwrap_or("").to_owned(),
            number: record.field("AccountNumber").map(str::to_owned),
            description: record.field("Desc").map(str::to_owned),
            parent: record.parent.clone(),
            active: record.active,
            balance_cents: account::balance(&self.books, record),
            edit_sequence: record.edit_sequence,
        }
    }

    /// All vendors, active or not, by ID.
    #[must_use]
    pub fn vendors(&self) -> Vec<Party> {
        self.parties(ListKind::Vendor)
    }

    /// The vendor of that name, whatever the case.
    #[must_use]
    pub fn vendor(&self, name: &str) -> Option<Party> {
        self.books.lists.by_full_name(ListKind::Vendor, name).map(|record| self.party_of(record))
    }

    /// All records of a list of names, active or not, by ID.
    #[must_use]
    pub fn parties(&self, kind: ListKind) -> Vec<Party> {
        self.books.lists.of_kind(kind).map(|record| self.party_of(record)).collect()
    }

    fn party_of(&self, record: &ListRecord) -> Party {
        let owed = vendor::balance(&self.books, record);
        Party {
            kind: record.kind,
            id: record.id.clone(),
            name: record.name.clone(),
            full_name: self.books.lists.full_name(record),
            active: record.active,
            balance_cents: if record.kind == ListKind::Customer { -owed } else { owed },
            edit_sequence: record.edit_sequence,
            external_guid: record.field("ExternalGUID").map(str::to_owned),
            fields: record.fields.clone(),
        }
    }

    /// All bills in the order of their dates.
    #[must_use]
    pub fn bills(&self) -> Vec<Bill> {
        let mut bills: Vec<&Transaction> = self.books.txns.values().filter(|txn| txn.kind == TxnKind::Bill).collect();
        bills.sort_by_key(|bill| (bill.date, bill.number));
        bills.into_iter().map(|bill| self.bill_of(bill)).collect()
    }

    /// The bill of that ID.
    #[must_use]
    pub fn bill(&self, id: &str) -> Option<Bill> {
        let bill = self.books.txns.get(id).filter(|txn| txn.kind == TxnKind::Bill)?;
        Some(self.bill_of(bill))
    }

    fn bill_of(&self, bill: &Transaction) -> Bill {
        let name = |kind, id: Option<&str>| {
            let record = id.and_then(|id| self.books.lists.get(kind, id))?;
            Some(self.books.lists.full_name(record))
        };
        let terms = bill.reference("TermsRef");
        Bill {
            id: bill.id.clone(),
            vendor_id: bill.party.clone(),
            vendor_name: name(ListKind::Vendor, Some(&bill.party)).unwrap_or_default(),
            payable_account_id: bill.reference("APAccountRef").unwrap_or("").to_owned(),
            date: bill.date,
            due_date: bill.field("DueDate").and_then(|text| text.parse().ok()),
            ref_number: bill.field("RefNumber").map(str::to_owned),
            memo: bill.field("Memo").map(str::to_owned),
            external_guid: bill.field("ExternalGUID").map(str::to_owned),
            terms: name(ListKind::StandardTerms, terms).or_else(|| name(ListKind::DateDrivenTerms, terms)),
            total_cents: bill.total_cents,
            open_cents: open_cents(&self.books, bill),
            edit_sequence: bill.edit_sequence,
            lines: bill.lines.iter().map(|line| self.line_of(line)).collect(),
        }
    }

    fn line_of(&self, line: &super::books::Line) -> BillLine {
        let reference = |name: &str| line.reference(name).map(str::to_owned);
        let account_id = reference("AccountRef");
        let account = account_id.as_deref().and_then(|id| self.books.lists.get(ListKind::Account, id));
        BillLine {
            id: line.id.clone(),
            is_item: line.table == LineTable::Item,
            account_name: account.map(|record| self.books.lists.full_name(record)),
            account_id,
            item_id: reference("ItemRef"),
            customer_id: reference("CustomerRef"),
            class_id: reference("ClassRef"),
            cents: line.cents,
            memo: line.field("Memo").or_else(|| line.field("Desc")).map(str::to_owned),
        }
    }

    /// Everything deleted so far, of any age, oldest first: list records, then transactions.
    #[must_use]
    pub fn gone(&self) -> Vec<Gone> {
        let all = self.books.deleted_lists.iter().chain(&self.books.deleted_txns);
        all.map(|gone| Gone { kind: gone.word, id: gone.id.clone(), label: gone.label.clone() }).collect()
    }

    /// A sum in cents as text, for messages of tests.
    #[must_use]
    pub fn amount_text(cents: i64) -> String {
        money::format(cents)
    }
}
