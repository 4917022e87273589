//! What people, Bill.com and the banks do in Bill.com: one small deed at a time, of every kind of record.
//!
//! As in [`super::at_quickbooks`], a deed that the web app refuses is none.

use super::at_quickbooks::{Deed, TwinBill};
use super::diary::Diary;
use super::shelf::{self, Entry, FieldNames, is_token, sort_of};
use super::words;
use crate::model::{Kind, Side};
use crate::sim::billcom::random::Random;
use crate::sim::billcom::{
    BillDraft, BillView, CreditDraft, InvoiceDraft, InvoiceLineDraft, LineDraft, OfflinePayment, Organization,
    PaymentPlan, Person, Price, ReceiptPlan,
};
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::json;

/// Somebody at Bill.com, at a certain moment.
pub(super) struct AtBillCom<'a> {
    pub(super) organization: &'a mut Organization,
    pub(super) now: DateTime<Utc>,
    pub(super) diary: &'a mut Diary,
    pub(super) random: &'a mut Random,
}

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
    Merge,
    EnterBill,
    EditBill,
    ArchiveBill,
    Approve,
    EnterCredit,
    EditCredit,
    Pay,
    TakePaymentBack,
    EnterInvoice,
    EditInvoice,
    Receive,
    VoidReceipt,
    Banks,
}

/// How often each is done.
const DEEDS: &[(u64, Does)] = &[
    (7, Does::AddName),
    (3, Does::AddBelow),
    (2, Does::AddAccount),
    (2, Does::AddClass),
    (1, Does::AddItem),
    (10, Does::EditField),
    (5, Does::Rename),
    (4, Does::Switch),
    (1, Does::Merge),
    (14, Does::EnterBill),
    (5, Does::EditBill),
    (2, Does::ArchiveBill),
    (3, Does::Approve),
    (4, Does::EnterCredit),
    (2, Does::EditCredit),
    (8, Does::Pay),
    (3, Does::TakePaymentBack),
    (5, Does::EnterInvoice),
    (1, Does::EditInvoice),
    (4, Does::Receive),
    (1, Does::VoidReceipt),
    (6, Does::Banks),
];

impl AtBillCom<'_> {
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
            Does::Merge => self.merge(),
            Does::EnterBill => self.enter_bill(),
            Does::EditBill => self.edit_bill(),
            Does::ArchiveBill => self.archive_bill(),
            Does::Approve => self.approve(),
            Does::EnterCredit => self.enter_credit(),
            Does::EditCredit => self.edit_credit(),
            Does::Pay => self.pay(),
            Does::TakePaymentBack => self.take_payment_back(),
            Does::EnterInvoice => self.enter_invoice(),
            Does::EditInvoice => self.edit_invoice(),
            Does::Receive => self.receive(),
            Does::VoidReceipt => self.void_receipt(),
            Does::Banks => self.banks(),
        }
    }

    pub(super) fn person(&mut self) -> Person<'_> {
        self.organization.person(self.now)
    }

    fn pick(&mut self, kinds: &[Kind], wanted: impl Fn(&Entry) -> bool) -> Option<Entry> {
        let entries = shelf::lists_in_billcom(self.organization);
        let fit =
            |entry: &&Entry| kinds.contains(&entry.kind) && is_token(&entry.token) && !entry.merged && wanted(entry);
        let fitting: Vec<&Entry> = entries.iter().filter(fit).collect();
        (!fitting.is_empty()).then(|| (*self.random.pick(&fitting)).clone())
    }

    fn entry(&self, id: &str) -> Option<Entry> {
        shelf::lists_in_billcom(self.organization).into_iter().find(|entry| entry.id == id)
    }

    fn claim(&mut self, before: &Entry, field: &'static str) {
        let after = self.entry(&before.id);
        if let Some(text) = after.as_ref().and_then(|after| after.fields.get(field)) {
            let who = (before.kind, before.token.clone());
            self.diary.claim(who, field, Side::BillCom, before.fields.get(field).map(String::as_str), text);
        }
    }

    fn claim_new(&mut self, id: &str) {
        let Some(new) = self.entry(id) else { return };
        for (field, text) in &new.fields {
            self.diary.claim((new.kind, new.token.clone()), field, Side::BillCom, None, text);
        }
    }

    fn new_name(&mut self, letter: char) -> String {
        words::new_name(self.diary, self.random, letter, Side::BillCom)
    }

    fn account(&self, name: &str) -> Option<String> {
        let found = self.organization.accounts().into_iter().find(|account| account.active && account.name == name);
        found.map(|account| account.id)
    }

    fn add_name(&mut self) -> Deed {
        let vendor = self.random.chance(700);
        let name = self.new_name(if vendor { 'V' } else { 'K' });
        self.add_named(vendor, &name)
    }

    /// Enters a vendor or a customer of this name.
    pub(super) fn add_named(&mut self, vendor: bool, name: &str) -> Deed {
        let added = if vendor { self.person().create_vendor(name) } else { self.person().create_customer(name, None) };
        let id = added.ok()?;
        if self.random.chance(500) {
            let text = words::value(self.diary, self.random, "notes", Side::BillCom);
            let entity = if vendor { "Vendor" } else { "Customer" };
            self.person().edit(entity, &id, &[("description", json!(text))]).ok()?;
        }
        self.claim_new(&id);
        Some(format!("enters {name:?}"))
    }

    fn add_below(&mut self) -> Deed {
        let parent = self.pick(&[Kind::Customer, Kind::Class], |entry| entry.active)?;
        let customer = parent.kind == Kind::Customer;
        let name = self.new_name(if customer { 'K' } else { 'D' });
        let added = if customer {
            self.person().create_customer(&name, Some(&parent.id))
        } else {
            let fields = [("name", json!(name)), ("parentDepartmentId", json!(parent.id))];
            self.person().create("Department", &fields)
        };
        self.claim_new(&added.ok()?);
        Some(format!("enters {name:?} below {}", parent.token))
    }

    fn add_account(&mut self) -> Deed {
        let name = self.new_name('A');
        let fields = [("name", json!(name)), ("accountType", json!(*self.random.pick(&["7", "4", "9"])))];
        let id = self.person().create("ChartOfAccount", &fields).ok()?;
        self.claim_new(&id);
        Some(format!("enters the account {name:?}"))
    }

    fn add_class(&mut self) -> Deed {
        let name = self.new_name('D');
        let id = self.person().create("Department", &[("name", json!(name))]).ok()?;
        self.claim_new(&id);
        Some(format!("enters the department {name:?}"))
    }

    fn add_item(&mut self) -> Deed {
        let name = self.new_name('I');
        let income = self.account("Services")?;
        let fields = [("name", json!(name)), ("type", json!("0")), ("chartOfAccountId", json!(income))];
        self.person().create("Item", &fields).ok()?;
        Some(format!("enters the item {name:?}"))
    }

    fn edit_field(&mut self) -> Deed {
        let kind = *self.random.pick(&[Kind::Vendor, Kind::Vendor, Kind::Customer, Kind::Account]);
        let entry = self.pick(&[kind], |entry| entry.active)?;
        let names: FieldNames = *self.random.pick(sort_of(kind).fields);
        let text = words::value(self.diary, self.random, names.0, Side::BillCom);
        self.person().edit(sort_of(kind).billcom, &entry.id, &[(names.2, json!(text))]).ok()?;
        self.claim(&entry, names.0);
        Some(format!("changes {} of {} to {text:?}", names.0, entry.token))
    }

    fn rename(&mut self) -> Deed {
        let entry = self.pick(&[Kind::Vendor, Kind::Customer, Kind::Account, Kind::Class], |entry| entry.active)?;
        if self.diary.is_twin(&entry.token) {
            return None;
        }
        let name = words::other_name(self.diary, self.random, &entry.token, Side::BillCom);
        self.person().rename(sort_of(entry.kind).billcom, &entry.id, &name).ok()?;
        self.claim(&entry, "name");
        Some(format!("renames {} to {name:?}", entry.token))
    }

    fn switch(&mut self) -> Deed {
        let entry = self.pick(&[Kind::Vendor, Kind::Customer, Kind::Account, Kind::Class], |_| true)?;
        let entity = sort_of(entry.kind).billcom;
        let mut person = self.person();
        let done = if entry.active { person.archive(entity, &entry.id) } else { person.restore(entity, &entry.id) };
        done.ok()?;
        Some(format!("{} {}", if entry.active { "archives" } else { "brings back" }, entry.token))
    }

    pub(super) fn merge(&mut self) -> Deed {
        let kinds = *self.random.pick(&[
            [Kind::Vendor, Kind::Customer],
            [Kind::Customer, Kind::Vendor],
            [Kind::Class, Kind::Vendor],
        ]);
        kinds.into_iter().find_map(|kind| self.merge_two(kind))
    }

    fn merge_two(&mut self, kind: Kind) -> Deed {
        let loser = self.pick(&[kind], |_| true)?;
        let winner = self.pick(&[kind], |entry| entry.id != loser.id && entry.active)?;
        self.person().merge(sort_of(kind).billcom, &loser.id, &winner.id).ok()?;
        for entry in [&loser, &winner] {
            self.diary.confuse((kind, entry.token.clone()), "merged in Bill.com");
        }
        Some(format!("merges {} into {}", loser.token, winner.token))
    }

    fn lines(&mut self) -> Vec<LineDraft> {
        let mut lines = Vec::new();
        for _ in 0..=self.random.below(3) {
            let account = self.pick(&[Kind::Account], |entry| entry.active);
            let department = self.pick(&[Kind::Class], |entry| entry.active);
            let supplies = self.account("Office Supplies");
            let named = account.filter(|_| self.random.chance(300)).map(|entry| entry.id);
            lines.push(LineDraft {
                cents: words::amount(self.diary, self.random),
                account_id: named.or(supplies),
                department_id: department.filter(|_| self.random.chance(300)).map(|entry| entry.id),
                description: words::value(self.diary, self.random, "notes", Side::BillCom),
            });
        }
        lines
    }

    fn date(&self) -> NaiveDate {
        self.now.date_naive()
    }

    fn due(&self) -> NaiveDate {
        self.date().checked_add_days(Days::new(30)).unwrap_or_default()
    }

    /// The half of Bill.com of a bill that is entered on both sides.
    pub(super) fn enter_twin(&mut self, bill: &TwinBill<'_>) -> Deed {
        let vendor = self.pick(&[Kind::Vendor], |entry| entry.active && entry.token == bill.vendor)?;
        let line = LineDraft {
            cents: bill.cents,
            account_id: self.account("Office Supplies"),
            department_id: None,
            description: String::new(),
        };
        let (number, date, due) = (bill.number.to_owned(), bill.date, self.due());
        let draft = BillDraft { vendor_id: vendor.id, number, date, due, lines: vec![line] };
        self.person().create_bill(&draft).ok()
    }

    fn enter_bill(&mut self) -> Deed {
        let vendor = self.pick(&[Kind::Vendor], |entry| entry.active)?;
        let number = words::number(self.diary, self.random, 'B');
        let lines = self.lines();
        let draft =
            BillDraft { vendor_id: vendor.id, number: number.clone(), date: self.date(), due: self.due(), lines };
        self.person().create_bill(&draft).ok()?;
        let cents: i64 = draft.lines.iter().map(|line| line.cents).sum();
        Some(format!("enters bill {number} of {} for {cents}", vendor.token))
    }

    fn a_bill(&mut self, wanted: impl Fn(&BillView) -> bool) -> Option<BillView> {
        let mut bills = self.organization.bills();
        bills.retain(|bill| bill.state == "1" && wanted(bill));
        (!bills.is_empty()).then(|| self.random.pick(&bills).clone())
    }

    fn edit_bill(&mut self) -> Deed {
        let bill = self.a_bill(|bill| bill.paid_cents == 0 && bill.scheduled_cents == 0)?;
        let lines = self.lines();
        let draft = BillDraft {
            vendor_id: bill.vendor_id.clone(),
            number: bill.number.clone(),
            date: bill.date.parse().ok()?,
            due: self.due(),
            lines,
        };
        self.person().edit_bill(&bill.id, &draft).ok()?;
        let cents: i64 = draft.lines.iter().map(|line| line.cents).sum();
        Some(format!("changes bill {} to {cents}", bill.number))
    }

    fn archive_bill(&mut self) -> Deed {
        let bill = self.a_bill(|bill| bill.paid_cents == 0 && bill.scheduled_cents == 0)?;
        self.person().archive("Bill", &bill.id).ok()?;
        Some(format!("archives bill {}", bill.number))
    }

    fn approve(&mut self) -> Deed {
        let bill = self.a_bill(|bill| bill.approval != "3")?;
        self.person().approve(&bill.id).ok()?;
        Some(format!("approves bill {}", bill.number))
    }

    fn enter_credit(&mut self) -> Deed {
        let vendor = self.pick(&[Kind::Vendor], |entry| entry.active)?;
        let number = words::number(self.diary, self.random, 'C');
        let lines = self.lines();
        let draft = CreditDraft { vendor_id: vendor.id, number: number.clone(), date: self.date(), lines };
        self.person().create_credit(&draft).ok()?;
        let cents: i64 = draft.lines.iter().map(|line| line.cents).sum();
        Some(format!("enters credit {number} of {} for {cents}", vendor.token))
    }

    fn edit_credit(&mut self) -> Deed {
        let mut credits = self.organization.credits();
        credits.retain(|credit| credit.active && credit.used_cents == 0);
        if credits.is_empty() {
            return None;
        }
        let credit = self.random.pick(&credits).clone();
        if self.random.chance(300) {
            self.person().archive("VendorCredit", &credit.id).ok()?;
            return Some(format!("archives credit {}", credit.number));
        }
        let lines = self.lines();
        let date = self.date();
        let draft = CreditDraft { vendor_id: credit.partner_id.clone(), number: credit.number.clone(), date, lines };
        self.person().edit_credit(&credit.id, &draft).ok()?;
        Some(format!("changes credit {}", credit.number))
    }

    /// Pays one or two bills of a vendor, now and then with a credit: by hand, or through Bill.com.
    fn pay(&mut self) -> Deed {
        let open = |bill: &BillView| bill.cents - bill.paid_cents - bill.scheduled_cents;
        let first = self.a_bill(|bill| open(bill) > 2)?;
        let second = self.a_bill(|bill| open(bill) > 2 && bill.vendor_id == first.vendor_id && bill.id != first.id);
        let mut bills = vec![(first.id.clone(), words::share(self.random, open(&first)))];
        if let Some(second) = second.filter(|_| self.random.chance(300)) {
            bills.push((second.id.clone(), words::share(self.random, open(&second))));
        }
        let usable = self.organization.credits().into_iter().find(|credit| {
            credit.active && credit.partner_id == first.vendor_id && credit.cents - credit.used_cents > 1
        });
        let mut credits = Vec::new();
        if let Some(credit) = usable.filter(|_| self.random.chance(600)) {
            let cents = (credit.cents - credit.used_cents).min(bills[0].1 / 2);
            bills[0].1 -= cents;
            credits.push((first.id.clone(), credit.id, cents));
        }
        let plan = PaymentPlan { vendor_id: first.vendor_id.clone(), date: self.date(), bills, credits };
        if self.random.chance(500) {
            let reference = words::number(self.diary, self.random, 'P');
            let allow_export = self.random.chance(100).then_some(false);
            let account_id = self.account("Checking");
            let how = OfflinePayment { account_id, reference: Some(reference.clone()), to_print: false, allow_export };
            self.person().record_payment(&plan, &how).ok()?;
            return Some(format!("records payment {reference} of {:?}", plan.bills));
        }
        let bank = self.organization.entries("BankAccount").into_iter().next()?.id;
        self.person().schedule(&plan, &bank).ok()?;
        Some(format!("schedules a payment of {:?} for {}", plan.bills, first.number))
    }

    fn take_payment_back(&mut self) -> Deed {
        let mut payments = self.organization.payments();
        payments.retain(|payment| matches!(payment.status.as_str(), "1" | "2"));
        if payments.is_empty() {
            return None;
        }
        let payment = self.random.pick(&payments).clone();
        let kind = *self.random.pick(&["0", "2"]);
        let mut person = self.person();
        if payment.status == "1" {
            person.cancel_payment(&payment.id).ok()?;
            return Some(format!("cancels a payment of {}", payment.cents));
        }
        person.void_payment(&payment.id, kind, "by mistake").ok()?;
        if payment.online {
            let accepted = self.random.chance(700);
            self.organization.back_office(self.now).decide_void(&payment.id, accepted).ok()?;
        }
        Some(format!("voids a payment of {}", payment.cents))
    }

    fn invoice_lines(&mut self) -> Option<Vec<InvoiceLineDraft>> {
        let items = shelf::lists_in_billcom(self.organization);
        let work = items.iter().find(|entry| entry.kind == Kind::Item && entry.token == "work")?.id.clone();
        let cents = words::amount(self.diary, self.random);
        let description = words::value(self.diary, self.random, "notes", Side::BillCom);
        let price = Price::Each(cents);
        Some(vec![InvoiceLineDraft { quantity: 1, price, item_id: Some(work), taxable: false, description }])
    }

    fn enter_invoice(&mut self) -> Deed {
        let customer = self.pick(&[Kind::Customer], |entry| entry.active)?;
        let number = words::number(self.diary, self.random, 'N');
        let draft = InvoiceDraft {
            customer_id: customer.id,
            number: number.clone(),
            date: self.date(),
            due: self.due(),
            tax_item_id: None,
            lines: self.invoice_lines()?,
        };
        self.person().create_invoice(&draft).ok()?;
        Some(format!("enters invoice {number} of {}", customer.token))
    }

    fn edit_invoice(&mut self) -> Deed {
        let mut invoices = self.organization.invoices();
        invoices.retain(|invoice| invoice.state == "1" && invoice.due_cents == invoice.cents);
        if invoices.is_empty() {
            return None;
        }
        let invoice = self.random.pick(&invoices).clone();
        if self.random.chance(300) {
            self.person().archive("Invoice", &invoice.id).ok()?;
            return Some(format!("archives invoice {}", invoice.number));
        }
        let draft = InvoiceDraft {
            customer_id: invoice.customer_id.clone(),
            number: invoice.number.clone(),
            date: self.date(),
            due: self.due(),
            tax_item_id: None,
            lines: self.invoice_lines()?,
        };
        self.person().edit_invoice(&invoice.id, &draft).ok()?;
        Some(format!("changes invoice {}", invoice.number))
    }

    fn receive(&mut self) -> Deed {
        let mut open = self.organization.invoices();
        open.retain(|invoice| invoice.state == "1" && invoice.due_cents - invoice.scheduled_cents > 1);
        if open.is_empty() {
            return None;
        }
        let invoice = self.random.pick(&open).clone();
        let cents = words::share(self.random, invoice.due_cents - invoice.scheduled_cents);
        let customer_id = invoice.customer_id.clone();
        let plan = ReceiptPlan { customer_id, date: self.date(), cents, invoices: vec![(invoice.id, cents)] };
        if self.random.chance(500) {
            self.person().customer_pays(&plan, None).ok()?;
            return Some(format!("a customer pays {cents} of {}", invoice.number));
        }
        let number = words::number(self.diary, self.random, 'R');
        let account = self.account("Checking");
        self.person().record_cheque(&plan, account.as_deref(), &number).ok()?;
        Some(format!("records cheque {number}, {cents} for {}", invoice.number))
    }

    fn void_receipt(&mut self) -> Deed {
        let mut receipts = self.organization.receipts();
        receipts.retain(|receipt| matches!(receipt.status.as_str(), "0" | "2"));
        if receipts.is_empty() {
            return None;
        }
        let receipt = self.random.pick(&receipts).clone();
        self.person().void_receipt(&receipt.id).ok()?;
        Some(format!("voids a receipt of {}", receipt.cents))
    }

    /// Bill.com and the banks at work.
    fn banks(&mut self) -> Deed {
        let choice = self.random.below(8);
        let movements: Vec<_> = self.organization.movements();
        let mut office = self.organization.back_office(self.now);
        match choice {
            0..=2 => Some(format!("picks up {} movements", office.pick_up().len())),
            3..=5 => Some(format!("confirms {} movements", office.confirm_after(0).len())),
            6 => {
                let sent: Vec<_> = movements.iter().filter(|movement| movement.status != "2").collect();
                let movement = (!sent.is_empty()).then(|| *self.random.pick(&sent))?;
                self.organization.back_office(self.now).send_back(&movement.id).ok()?;
                Some(format!("the bank sends {} back", movement.cents))
            }
            _ => {
                let payments = self.organization.payments();
                let made: Vec<_> = payments.iter().filter(|it| it.online && it.status == "2").collect();
                let payment = (!made.is_empty()).then(|| *self.random.pick(&made))?;
                self.organization.back_office(self.now).fail(&payment.id).ok()?;
                Some(format!("a payment of {} does not arrive", payment.cents))
            }
        }
    }
}
