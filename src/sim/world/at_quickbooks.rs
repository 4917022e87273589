//! What people do in QuickBooks: one small deed at a time, of every kind of record.
//!
//! A deed that the program refuses, or for which there is nothing to do it to, is none. Amounts are far apart from each
//! other, so that no two transactions are alike by chance.

use super::diary::Diary;
use super::shelf::{self, Entry, FieldNames, Paper, is_token, sort_of};
use super::words;
use crate::model::{Kind, Side};
use crate::sim::billcom::random::Random;
use crate::sim::quickbooks::{
    BillDraft, BillDraftLine, CompanyFile, ListKind, Now, Person, Receipt, Sale, Txn, TxnKind,
};
use chrono::NaiveDate;

/// Somebody at QuickBooks, at a certain moment.
pub(super) struct AtQuickBooks<'a> {
    pub(super) file: &'a mut CompanyFile,
    pub(super) now: Now,
    pub(super) diary: &'a mut Diary,
    pub(super) random: &'a mut Random,
}

/// A bill that people enter on both sides.
pub(super) struct TwinBill<'a> {
    /// Token of the vendor.
    pub(super) vendor: &'a str,
    pub(super) number: &'a str,
    pub(super) date: NaiveDate,
    pub(super) cents: i64,
}

/// What was done, in words.
pub(super) type Deed = Option<String>;

/// What somebody can do.
#[derive(Clone, Copy)]
enum Does {
    AddName,
    AddBelow,
    AddAccount,
    AddClass,
    AddItem,
    EditField,
    Rename,
    Switch,
    Delete,
    Merge,
    EnterInvoice,
    EditInvoice,
    VoidInvoice,
    Receive,
    EditPayable,
    DeletePayable,
    EnterBill,
    PayBill,
    MoveMoney,
}

/// How often each is done.
const DEEDS: &[(u64, Does)] = &[
    (8, Does::AddName),
    (4, Does::AddBelow),
    (3, Does::AddAccount),
    (2, Does::AddClass),
    (3, Does::AddItem),
    (12, Does::EditField),
    (5, Does::Rename),
    (4, Does::Switch),
    (3, Does::Delete),
    (1, Does::Merge),
    (10, Does::EnterInvoice),
    (3, Does::EditInvoice),
    (2, Does::VoidInvoice),
    (5, Does::Receive),
    (3, Does::EditPayable),
    (1, Does::DeletePayable),
    (1, Does::EnterBill),
    (2, Does::PayBill),
    (2, Does::MoveMoney),
];

/// Lists that people merge.
const MERGED: &[(Kind, ListKind)] =
    &[(Kind::Vendor, ListKind::Vendor), (Kind::Customer, ListKind::Customer), (Kind::Class, ListKind::Class)];

impl AtQuickBooks<'_> {
    /// Does something.
    pub(super) fn act(&mut self) -> Deed {
        match words::draw(self.random, DEEDS) {
            Does::AddName => self.add_name(),
            Does::AddBelow => self.add_below(),
            Does::AddAccount => self.add_account(),
            Does::AddClass => self.add_class(),
            Does::AddItem => self.add_item(),
            Does::EditField => self.edit_field(),
            Does::Rename => self.rename(),
            Does::Switch => self.switch(),
            Does::Delete => self.delete(),
            Does::Merge => self.merge(),
            Does::EnterInvoice => self.enter_invoice(),
            Does::EditInvoice => self.edit_invoice(),
            Does::VoidInvoice => self.void_invoice(),
            Does::Receive => self.receive(),
            Does::EditPayable => self.edit_payable(),
            Does::DeletePayable => self.delete_payable(),
            Does::EnterBill => self.enter_bill(),
            Does::PayBill => self.pay_bill(),
            Does::MoveMoney => self.move_money(),
        }
    }

    pub(super) fn person(&mut self) -> Person<'_> {
        self.file.person(self.now)
    }

    /// A record that people entered, of one of these kinds.
    fn pick(&mut self, kinds: &[Kind], wanted: impl Fn(&Entry) -> bool) -> Option<Entry> {
        let entries = shelf::lists_in_quickbooks(self.file);
        let fit = |entry: &&Entry| kinds.contains(&entry.kind) && is_token(&entry.token) && wanted(entry);
        let fitting: Vec<&Entry> = entries.iter().filter(fit).collect();
        (!fitting.is_empty()).then(|| (*self.random.pick(&fitting)).clone())
    }

    fn list_of(&self, entry: &Entry) -> ListKind {
        let holds = |kind: &&ListKind| self.file.entries(**kind).iter().any(|found| found.id == entry.id);
        let lists = sort_of(entry.kind).quickbooks;
        lists.iter().find(holds).copied().unwrap_or(lists[0])
    }

    /// Notes what a field shows now that somebody has typed in it.
    fn claim(&mut self, before: &Entry, field: &'static str) {
        let same = |entry: &Entry| entry.id == before.id && entry.kind == before.kind;
        let after = shelf::lists_in_quickbooks(self.file).into_iter().find(same);
        if let Some(text) = after.as_ref().and_then(|after| after.fields.get(field)) {
            let who = (before.kind, before.token.clone());
            self.diary.claim(who, field, Side::QuickBooks, before.fields.get(field).map(String::as_str), text);
        }
    }

    /// Notes all that a new record shows.
    fn claim_new(&mut self, kind: Kind, id: &str) {
        let same = |entry: &Entry| entry.id == id && entry.kind == kind;
        let new = shelf::lists_in_quickbooks(self.file).into_iter().find(same);
        for (field, text) in new.iter().flat_map(|new| &new.fields) {
            let who = new.as_ref().map(|new| (new.kind, new.token.clone()));
            who.into_iter().for_each(|who| self.diary.claim(who, field, Side::QuickBooks, None, text));
        }
    }

    fn new_name(&mut self, letter: char) -> String {
        words::new_name(self.diary, self.random, letter, Side::QuickBooks)
    }

    fn add_name(&mut self) -> Deed {
        let vendor = self.random.chance(600);
        let name = self.new_name(if vendor { 'V' } else { 'K' });
        self.add_named(vendor, &name)
    }

    /// Enters a vendor or a customer of this name.
    pub(super) fn add_named(&mut self, vendor: bool, name: &str) -> Deed {
        let added = if vendor { self.person().add_vendor(name) } else { self.person().add_customer(name) };
        let id = added.ok()?;
        let list = if vendor { ListKind::Vendor } else { ListKind::Customer };
        if self.random.chance(500) {
            let text = words::value(self.diary, self.random, "phone", Side::QuickBooks);
            self.person().set_field(list, &id, "Phone", &text).ok()?;
        }
        self.claim_new(if vendor { Kind::Vendor } else { Kind::Customer }, &id);
        Some(format!("enters {name:?}"))
    }

    fn add_below(&mut self) -> Deed {
        let kinds = [Kind::Customer, Kind::Account, Kind::Class];
        let parent = self.pick(&kinds, |entry| entry.active)?;
        let (letter, id) = match parent.kind {
            Kind::Customer => ('K', parent.id.clone()),
            Kind::Account => ('A', parent.id.clone()),
            _ => ('D', parent.id.clone()),
        };
        let name = self.new_name(letter);
        let added = match parent.kind {
            Kind::Customer => self.person().add_job(&id, &name),
            Kind::Account => self.person().add_sub_account(&id, &name),
            _ => self.person().add_sub_class(&id, &name),
        };
        self.claim_new(parent.kind, &added.ok()?);
        Some(format!("enters {name:?} below {}", parent.token))
    }

    fn add_account(&mut self) -> Deed {
        let name = self.new_name('A');
        let sort = *self.random.pick(&["Expense", "CostOfGoodsSold", "Income", "OtherCurrentAsset"]);
        let id = self.person().add_account(&name, sort).ok()?;
        self.claim_new(Kind::Account, &id);
        Some(format!("enters the account {name:?}"))
    }

    fn add_class(&mut self) -> Deed {
        let name = self.new_name('D');
        let id = self.person().add_class(&name).ok()?;
        self.claim_new(Kind::Class, &id);
        Some(format!("enters the class {name:?}"))
    }

    fn add_item(&mut self) -> Deed {
        let name = self.new_name('I');
        let income = self.file.account("Services")?.id;
        let id = self.person().add_service(&name, &income, "35.00").ok()?;
        self.claim_new(Kind::Item, &id);
        Some(format!("enters the item {name:?}"))
    }

    fn edit_field(&mut self) -> Deed {
        let kinds = [Kind::Vendor, Kind::Vendor, Kind::Customer, Kind::Account];
        let kind = *self.random.pick(&kinds);
        let entry = self.pick(&[kind], |entry| entry.active)?;
        let names: FieldNames = *self.random.pick(sort_of(kind).fields);
        let text = words::value(self.diary, self.random, names.0, Side::QuickBooks);
        let list = self.list_of(&entry);
        self.person().set_field(list, &entry.id, names.1, &text).ok()?;
        self.claim(&entry, names.0);
        Some(format!("changes {} of {} to {text:?}", names.0, entry.token))
    }

    fn rename(&mut self) -> Deed {
        let kinds = [Kind::Vendor, Kind::Customer, Kind::Account, Kind::Class, Kind::Item];
        let entry = self.pick(&kinds, |entry| entry.active)?;
        if self.diary.is_twin(&entry.token) {
            return None;
        }
        let name = words::other_name(self.diary, self.random, &entry.token, Side::QuickBooks);
        let list = self.list_of(&entry);
        self.person().rename(list, &entry.id, &name).ok()?;
        self.claim(&entry, "name");
        Some(format!("renames {} to {name:?}", entry.token))
    }

    fn switch(&mut self) -> Deed {
        let kinds = [Kind::Vendor, Kind::Customer, Kind::Account, Kind::Class, Kind::Item];
        let entry = self.pick(&kinds, |_| true)?;
        let list = self.list_of(&entry);
        self.person().set_active(list, &entry.id, !entry.active).ok()?;
        Some(format!("makes {} {}", entry.token, if entry.active { "inactive" } else { "active" }))
    }

    fn delete(&mut self) -> Deed {
        let kinds = [Kind::Vendor, Kind::Customer, Kind::Account, Kind::Class, Kind::Item];
        let entry = self.pick(&kinds, |_| true)?;
        let list = self.list_of(&entry);
        self.person().delete(list, &entry.id).ok()?;
        self.diary.forget(&(entry.kind, entry.token.clone()), Side::QuickBooks);
        if entry.kind != Kind::Vendor || self.random.chance(700) {
            return Some(format!("deletes {}", entry.token));
        }
        let name = entry.fields.get("name")?.clone();
        self.person().add_vendor(&name).ok()?;
        self.diary.enter_again((entry.kind, entry.token.clone()));
        Some(format!("deletes {} and enters it again", entry.token))
    }

    fn merge(&mut self) -> Deed {
        let (kind, list) = *self.random.pick(MERGED);
        let loser = self.pick(&[kind], |_| true)?;
        let winner = self.pick(&[kind], |entry| entry.id != loser.id)?;
        self.person().merge(list, &loser.id, &winner.id).ok()?;
        for entry in [&loser, &winner] {
            self.diary.confuse((kind, entry.token.clone()), "merged in QuickBooks");
        }
        Some(format!("merges {} into {}", loser.token, winner.token))
    }

    fn papers(&self, kind: Kind) -> Vec<Paper> {
        let lists = shelf::lists_in_quickbooks(self.file);
        let mut papers = shelf::papers_in_quickbooks(self.file, &lists);
        papers.retain(|paper| paper.kind == kind && paper.stands && is_token(&paper.token));
        papers
    }

    fn a_paper(&mut self, kind: Kind) -> Option<Paper> {
        let papers = self.papers(kind);
        (!papers.is_empty()).then(|| self.random.pick(&papers).clone())
    }

    fn enter_invoice(&mut self) -> Deed {
        let customer = self.pick(&[Kind::Customer], |entry| entry.active)?;
        let item = self.pick(&[Kind::Item], |entry| entry.active);
        let item_id = item.map_or_else(|| self.file.item("Work").map(|item| item.entry.id), |item| Some(item.id))?;
        let number = words::number(self.diary, self.random, 'N');
        let cents = words::amount(self.diary, self.random);
        let sale = Sale { customer_id: customer.id, item_id, cents, number: number.clone() };
        self.person().enter_invoice(&sale).ok()?;
        Some(format!("enters invoice {number} of {} for {cents}", customer.token))
    }

    fn edit_invoice(&mut self) -> Deed {
        let invoice = self.a_paper(Kind::Invoice)?;
        let memo = words::value(self.diary, self.random, "notes", Side::QuickBooks);
        self.person().change_txn(TxnKind::Invoice, &invoice.id, &[("Memo", &memo)]).ok()?;
        Some(format!("changes the memo of invoice {}", invoice.token))
    }

    fn void_invoice(&mut self) -> Deed {
        let invoice = self.a_paper(Kind::Invoice)?;
        let void = self.random.chance(500);
        let mut person = self.person();
        let done = if void {
            person.void(TxnKind::Invoice, &invoice.id)
        } else {
            person.delete_txn(TxnKind::Invoice, &invoice.id)
        };
        done.ok()?;
        Some(format!("{} invoice {}", if void { "voids" } else { "deletes" }, invoice.token))
    }

    fn receive(&mut self) -> Deed {
        let invoices: Vec<Txn> = self.file.txns(TxnKind::Invoice);
        let open: Vec<&Txn> = invoices.iter().filter(|invoice| invoice.open_cents > 1).collect();
        if open.is_empty() {
            return None;
        }
        let invoice = (*self.random.pick(&open)).clone();
        let cents = words::share(self.random, invoice.open_cents);
        let number = words::number(self.diary, self.random, 'R');
        let funds = self.file.account("Undeposited Funds").map(|account| account.id);
        let bank = self.file.account("Checking").map(|account| account.id);
        let deposit_to_id = if self.random.chance(500) { funds } else { bank };
        let receipt = Receipt {
            customer_id: invoice.party_id?,
            cents,
            number: number.clone(),
            deposit_to_id,
            paid: vec![(invoice.id, cents)],
        };
        self.person().receive_payment(&receipt).ok()?;
        Some(format!("receives {number}, {cents} for {}", invoice.ref_number.unwrap_or_default()))
    }

    fn edit_payable(&mut self) -> Deed {
        let (kind, txn) =
            *self.random.pick(&[(Kind::Bill, TxnKind::Bill), (Kind::VendorCredit, TxnKind::VendorCredit)]);
        let paper = self.a_paper(kind)?;
        let memo = words::value(self.diary, self.random, "notes", Side::QuickBooks);
        self.person().change_txn(txn, &paper.id, &[("Memo", &memo)]).ok()?;
        Some(format!("changes the memo of {}", paper.token))
    }

    fn delete_payable(&mut self) -> Deed {
        let (kind, txn) =
            *self.random.pick(&[(Kind::Bill, TxnKind::Bill), (Kind::VendorCredit, TxnKind::VendorCredit)]);
        let paper = self.a_paper(kind)?;
        let void = self.random.chance(500);
        let mut person = self.person();
        let done = if void { person.void(txn, &paper.id) } else { person.delete_txn(txn, &paper.id) };
        done.ok()?;
        Some(format!("{} {}", if void { "voids" } else { "deletes" }, paper.token))
    }

    /// The half of QuickBooks of a bill that is entered on both sides.
    pub(super) fn enter_twin(&mut self, bill: &TwinBill<'_>) -> Deed {
        let vendor = self.pick(&[Kind::Vendor], |entry| entry.active && entry.token == bill.vendor)?;
        let account_id = self.file.account("Office Supplies")?.id;
        let draft = BillDraft {
            vendor_id: vendor.id,
            date: bill.date,
            ref_number: bill.number.to_owned(),
            memo: "here too".to_owned(),
            lines: vec![BillDraftLine { account_id, cents: bill.cents, memo: String::new() }],
        };
        self.person().add_bill(&draft).ok()
    }

    fn enter_bill(&mut self) -> Deed {
        let vendor = self.pick(&[Kind::Vendor], |entry| entry.active)?;
        let account_id = self.file.account("Office Supplies")?.id;
        let number = words::number(self.diary, self.random, 'Q');
        let cents = words::amount(self.diary, self.random);
        let draft = BillDraft {
            vendor_id: vendor.id,
            date: self.now.local.date(),
            ref_number: number.clone(),
            memo: "by hand".to_owned(),
            lines: vec![BillDraftLine { account_id, cents, memo: String::new() }],
        };
        self.person().add_bill(&draft).ok()?;
        Some(format!("enters bill {number} of {} for {cents}", vendor.token))
    }

    /// Pays one of the bills that were entered here: those of Bill.com are paid there.
    fn pay_bill(&mut self) -> Deed {
        let bank = self.file.account("Checking")?.id;
        let mut open = self.file.bills();
        open.retain(|bill| bill.open_cents > 1 && bill.ref_number.as_deref().is_some_and(|it| it.starts_with('Q')));
        if open.is_empty() {
            return None;
        }
        let bill = self.random.pick(&open).clone();
        let cents = words::share(self.random, bill.open_cents);
        self.person().pay_bill(&bill.id, &bank, cents, "by hand").ok()?;
        Some(format!("pays {cents} of {}", bill.ref_number.unwrap_or_default()))
    }

    fn move_money(&mut self) -> Deed {
        let (bank, other) = (self.file.account("Checking")?.id, self.file.account("Savings")?.id);
        let cents = words::amount(self.diary, self.random);
        self.person().transfer(&bank, &other, cents, "by hand").ok()?;
        Some(format!("moves {cents} to savings"))
    }

    /// Whether a record is known by this name in another list of names, so that it is taken.
    pub(super) fn take_name(&mut self, name: &str) -> Deed {
        self.person().add_name(ListKind::OtherName, name).ok()?;
        Some(format!("enters the other name {name:?}"))
    }

    /// Changes the record that a message set is about to change, or leaves its window open. Gives the id of the window.
    pub(super) fn get_ahead_of(&mut self, request: &str, locks: bool) -> Option<(String, String)> {
        let about = request.split_once("Mod>")?.1;
        let id = about.split_once("<ListID>")?.1.split_once("</ListID>")?.0.to_owned();
        let entries = shelf::lists_in_quickbooks(self.file);
        let named = |entry: &&Entry| entry.id == id && matches!(entry.kind, Kind::Vendor | Kind::Customer);
        let entry = entries.iter().find(named)?.clone();
        if locks {
            self.person().open_window(&entry.id);
            return Some((entry.id, format!("leaves the window of {} open", entry.token)));
        }
        let text = words::value(self.diary, self.random, "account_number", Side::QuickBooks);
        let list = self.list_of(&entry);
        self.person().set_field(list, &entry.id, "AccountNumber", &text).ok()?;
        self.claim(&entry, "account_number");
        Some((String::new(), format!("changes {} to {text:?} before the message set is run", entry.token)))
    }
}
