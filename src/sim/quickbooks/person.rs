//! Somebody at the keyboard: the edits that happen behind an application's back.
//!
//! A person is not held back by open windows or by the closing date (the program warns, the person goes on), but names,
//! references and the ledger hold for everybody. Every edit stamps the record like a change through the SDK, except a
//! merge, which moves references without touching their modification times (`qbxml.md` 8, 9).

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::answer::Outcome;
use super::books::{Books, Preferences, TxnKind};
use super::list_ops;
use super::lists::{ListKind, ListRecord};
use super::merge;
use super::money;
use super::objects;
use super::refs;
use super::schema::Version;
use super::status::Status;
use super::text::stored;
use super::time::Now;
use super::{AppSession, Asker, Call, CompanyFile};
use crate::sim::xml::Element;

/// A bill as typed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillDraft {
    /// `ListID` of the vendor.
    pub vendor_id: String,
    /// Date of the bill.
    pub date: NaiveDate,
    /// Number on the bill.
    pub ref_number: String,
    /// Memo of the bill.
    pub memo: String,
    /// Expense lines.
    pub lines: Vec<BillDraftLine>,
}

/// An expense line as typed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillDraftLine {
    /// `ListID` of the account.
    pub account_id: String,
    /// Amount in cents.
    pub cents: i64,
    /// Memo of the line.
    pub memo: String,
}

/// Somebody at the keyboard at a certain moment; made by [`CompanyFile::person`].
#[derive(Debug)]
pub struct Person<'a> {
    pub(super) file: &'a mut CompanyFile,
    pub(super) now: Now,
}

/// The qbXML version whose answers a person would see; any that has all elements.
const NEWEST: Version = Version(16, 0);

impl<'a> Person<'a> {
    pub(super) fn new(file: &'a mut CompanyFile, now: Now) -> Self {
        file.books.today = now.local.date();
        Self { file, now }
    }

    /// Runs a request as a person, without schema check.
    pub(super) fn submit(&mut self, name: &str, children: Vec<Element>) -> Result<Outcome, Status> {
        let kind = objects::request_type(name).expect("invariant: people submit requests of the registry only");
        let request = Element::group(&format!("{name}Rq"), children);
        let session = AppSession { owner: String::new(), number: 0 };
        let mut call = Call {
            file: &mut *self.file,
            session: &session,
            asker: Asker::Person,
            now: self.now,
            version: NEWEST,
            request: &request,
            macros: &mut BTreeMap::new(),
        };
        let outcome = (kind.run)(&mut call);
        self.file.check_books();
        outcome
    }

    pub(super) fn add(&mut self, kind: ListKind, mut fields: Vec<Element>) -> Result<String, Status> {
        let name = format!("{}Add", kind.word());
        for field in fields.iter_mut().filter(|field| field.name == "Name") {
            // The program takes no more letters of a name than it keeps.
            let typed: String = field.text.chars().take(kind.name_length_max()).collect();
            *field = Element::leaf("Name", typed.trim_end());
        }
        let outcome = self.submit(&name, vec![Element::group(&name, fields)])?;
        Ok(outcome.body.first().and_then(|ret| ret.text_of("ListID")).unwrap_or("").to_owned())
    }

    /// Makes an account and gives its `ListID`.
    ///
    /// # Errors
    /// The [`Status`] a request would get.
    pub fn add_account(&mut self, name: &str, account_type: &str) -> Result<String, Status> {
        self.add(ListKind::Account, vec![Element::leaf("Name", name), Element::leaf("AccountType", account_type)])
    }

    /// Makes an account under another one and gives its `ListID`.
    ///
    /// # Errors
    /// As [`Self::add_account`].
    pub fn add_sub_account(&mut self, parent_id: &str, name: &str) -> Result<String, Status> {
        let account_type = self.file.books.account_type(parent_id).to_owned();
        let fields = vec![
            Element::leaf("Name", name),
            refs::to("ParentRef", parent_id),
            Element::leaf("AccountType", &account_type),
        ];
        self.add(ListKind::Account, fields)
    }

    /// Makes a vendor and gives its `ListID`.
    ///
    /// # Errors
    /// As [`Self::add_account`].
    pub fn add_vendor(&mut self, name: &str) -> Result<String, Status> {
        self.add(ListKind::Vendor, vec![Element::leaf("Name", name)])
    }

    /// Makes terms of a number of days and gives their `ListID`.
    ///
    /// # Errors
    /// As [`Self::add_account`].
    pub fn add_terms(&mut self, name: &str, days: u32) -> Result<String, Status> {
        let fields = vec![Element::leaf("Name", name), Element::leaf("StdDueDays", &days.to_string())];
        self.add(ListKind::StandardTerms, fields)
    }

    /// Makes a record of any list by name only and gives its `ListID`; the way to employees, classes and the like.
    ///
    /// # Errors
    /// 3090 or 3100 for the name.
    pub fn add_name(&mut self, kind: ListKind, name: &str) -> Result<String, Status> {
        list_ops::check_length(kind, name)?;
        self.file.books.lists.check_name(kind, name, None, None)?;
        let zone = self.file.setup.zone;
        let id = self.file.books.new_list_id(kind, &zone, self.now);
        self.file.books.lists.insert(ListRecord {
            kind,
            id: id.clone(),
            created: self.now,
            modified: self.now,
            edit_sequence: Books::next_edit_sequence(&zone, self.now, 0),
            name: stored(name),
            active: true,
            parent: None,
            fields: Vec::new(),
        });
        Ok(id)
    }

    /// Changes a list record in place and stamps it.
    pub(super) fn edit(
        &mut self,
        kind: ListKind,
        id: &str,
        change: impl FnOnce(&mut ListRecord),
    ) -> Result<(), Status> {
        let mut record = list_ops::find(&self.file.books, kind, id)?.clone();
        change(&mut record);
        list_ops::check_length(kind, &record.name)?;
        self.file.books.lists.check_name(kind, &record.name, record.parent.as_deref(), Some(id))?;
        list_ops::touch(self.file, &mut record, self.now);
        self.file.books.lists.insert(record);
        Ok(())
    }

    /// Sets a simple field of a record, such as `Email`; an empty value clears it.
    ///
    /// # Errors
    /// 3120 if the record is not there.
    pub fn set_field(&mut self, kind: ListKind, id: &str, field: &str, value: &str) -> Result<(), Status> {
        self.edit(kind, id, |record| record.set_field(field, &stored(value)))
    }

    /// Sets the terms a vendor or customer has.
    ///
    /// # Errors
    /// 3120 if the record is not there.
    pub fn set_terms(&mut self, kind: ListKind, id: &str, terms_id: &str) -> Result<(), Status> {
        self.edit(kind, id, |record| {
            record.fields.retain(|field| field.name != "TermsRef");
            record.fields.push(refs::to("TermsRef", terms_id));
        })
    }

    /// Renames a record. The full names of its children change, their modification times do not.
    ///
    /// # Errors
    /// 3090, 3100 or 3120.
    pub fn rename(&mut self, kind: ListKind, id: &str, name: &str) -> Result<(), Status> {
        self.edit(kind, id, |record| record.name = stored(name))
    }

    /// Makes a record active or inactive.
    ///
    /// # Errors
    /// 3120 if the record is not there.
    pub fn set_active(&mut self, kind: ListKind, id: &str, active: bool) -> Result<(), Status> {
        self.edit(kind, id, |record| record.active = active)
    }

    /// Deletes a list record.
    ///
    /// # Errors
    /// 3120 if it is not there, 3160 if it is in use.
    pub fn delete(&mut self, kind: ListKind, id: &str) -> Result<(), Status> {
        let children = vec![Element::leaf("ListDelType", kind.word()), Element::leaf("ListID", id)];
        self.submit("ListDel", children).map(drop)
    }

    /// Merges one record into another: everything that named the loser names the winner, and the loser's ID shows up among
    /// the deleted ones. No modification time moves.
    ///
    /// # Errors
    /// 3120 if one is not there or they are the same; 3210 for accounts of different types and for a winner that stands
    /// below the loser; 3100 if children of both have the same name.
    pub fn merge(&mut self, kind: ListKind, loser: &str, winner: &str) -> Result<(), Status> {
        merge::merge(self.file, kind, loser, winner, self.now)?;
        self.file.check_books();
        Ok(())
    }

    /// Types in a bill and gives its `TxnID`.
    ///
    /// # Errors
    /// The [`Status`] a request would get.
    pub fn add_bill(&mut self, draft: &BillDraft) -> Result<String, Status> {
        let mut fields = vec![
            refs::to("VendorRef", &draft.vendor_id),
            Element::leaf("TxnDate", &draft.date.to_string()),
            Element::leaf("RefNumber", &draft.ref_number),
            Element::leaf("Memo", &draft.memo),
        ];
        fields.extend(draft.lines.iter().map(|line| Element::group("ExpenseLineAdd", draft_line(line))));
        let outcome = self.submit("BillAdd", vec![Element::group("BillAdd", fields)])?;
        Ok(outcome.body.first().and_then(|ret| ret.text_of("TxnID")).unwrap_or("").to_owned())
    }

    /// Changes simple header fields of a bill, such as `Memo` or `DueDate`.
    ///
    /// # Errors
    /// The [`Status`] a request would get.
    pub fn change_bill(&mut self, id: &str, fields: &[(&str, &str)]) -> Result<(), Status> {
        let leaves = fields.iter().map(|(name, value)| Element::leaf(name, value));
        self.modify_bill(id, leaves.collect())
    }

    /// Replaces the expense lines of a bill.
    ///
    /// # Errors
    /// The [`Status`] a request would get.
    pub fn change_bill_lines(&mut self, id: &str, lines: &[BillDraftLine]) -> Result<(), Status> {
        let new = lines.iter().map(|line| {
            let mut fields = vec![Element::leaf("TxnLineID", "-1")];
            fields.extend(draft_line(line));
            Element::group("ExpenseLineMod", fields)
        });
        self.modify_bill(id, new.collect())
    }

    fn modify_bill(&mut self, id: &str, mut fields: Vec<Element>) -> Result<(), Status> {
        let edit_sequence = self.file.books.txns.get(id).map_or(0, |bill| bill.edit_sequence).to_string();
        fields.insert(0, Element::leaf("TxnID", id));
        fields.insert(1, Element::leaf("EditSequence", &edit_sequence));
        self.submit("BillMod", vec![Element::group("BillMod", fields)]).map(drop)
    }

    /// Voids a transaction.
    ///
    /// # Errors
    /// 3120 if it is not there.
    pub fn void(&mut self, kind: TxnKind, id: &str) -> Result<(), Status> {
        let children = vec![Element::leaf("TxnVoidType", kind.word()), Element::leaf("TxnID", id)];
        self.submit("TxnVoid", children).map(drop)
    }

    /// Deletes a transaction.
    ///
    /// # Errors
    /// 3120 if it is not there; 3160 for a paid bill, if the file's habits say so.
    pub fn delete_txn(&mut self, kind: TxnKind, id: &str) -> Result<(), Status> {
        let children = vec![Element::leaf("TxnDelType", kind.word()), Element::leaf("TxnID", id)];
        self.submit("TxnDel", children).map(drop)
    }

    /// Opens a record in a window: until it is closed, applications get 3175 or 3176 for it.
    pub fn open_window(&mut self, id: &str) {
        self.file.open_windows.insert(id.to_owned());
    }

    /// Closes the window of a record.
    pub fn close_window(&mut self, id: &str) {
        self.file.open_windows.remove(id);
    }

    /// Changes the company preferences: closing date, class tracking, account numbers, currencies.
    pub fn set_preferences(&mut self, change: impl FnOnce(&mut Preferences)) {
        change(&mut self.file.books.preferences);
    }

    /// Condenses the file: `LastCondenseTime` moves. No transaction goes.
    pub fn condense(&mut self) {
        self.file.books.last_condense = Some(self.now);
    }
}

fn draft_line(line: &BillDraftLine) -> Vec<Element> {
    vec![
        refs::to("AccountRef", &line.account_id),
        Element::leaf("Amount", &money::format(line.cents)),
        Element::leaf("Memo", &line.memo),
    ]
}
