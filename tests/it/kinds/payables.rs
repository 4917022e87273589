//! Bills, vendor credits, payments and funds transfers: from Bill.com to QuickBooks, never back.

use super::{
    billcom_entry, in_billcom, in_quickbooks, quickbooks_entry, settle, settle_and_stay, settle_with_problems,
};
use crate::harness::{Office, Setup, day};
use counterfoil::sim::billcom::{Bank, BillDraft, CreditDraft, CreditSum, LineDraft, OfflinePayment, PaymentPlan};
use counterfoil::sim::quickbooks::{ListKind, Txn, TxnKind};

/// What a practice has before the first payment: accounts, a vendor, a bank account.
pub(super) struct Firm {
    pub(super) office: Office,
    pub(super) vendor: String,
    pub(super) expense: String,
    pub(super) checking: String,
    pub(super) clearing: String,
    pub(super) bank: String,
}

impl Firm {
    pub(super) fn new() -> Self {
        Self::with(Vec::new())
    }

    pub(super) fn with(settings: Vec<(&'static str, &'static str)>) -> Self {
        let mut office = Office::new(Setup { settings, ..Setup::default() });
        in_quickbooks(&mut office, |person| {
            person.add_account("Accounts Payable", "AccountsPayable").expect("account");
            person.add_account("Office Supplies", "Expense").expect("account");
            person.add_account("Checking", "Bank").expect("account");
            person.add_account("Money Out Clearing", "Bank").expect("account");
        });
        settle(&mut office);
        let account = |name: &str| billcom_entry(&office, "ChartOfAccount", name).id;
        let (expense, checking) = (account("Office Supplies"), account("Checking"));
        let clearing = account("Money Out Clearing");
        let tied = Bank { name: "First".into(), account_id: Some(checking.clone()), pays: true, receives: true };
        let (vendor, bank) = in_billcom(&office, |person| {
            (person.create_vendor("Paper Mill").expect("vendor"), person.connect_bank(&tied))
        });
        office.organization().preferences.money_out_clearing = Some(clearing.clone());
        Self { office, vendor, expense, checking, clearing, bank }
    }

    /// The same firm once more, as if nothing had happened since.
    pub(super) fn copy(&self) -> Self {
        Self {
            office: self.office.copy(),
            vendor: self.vendor.clone(),
            expense: self.expense.clone(),
            checking: self.checking.clone(),
            clearing: self.clearing.clone(),
            bank: self.bank.clone(),
        }
    }

    pub(super) fn line(&self, cents: i64, text: &str) -> LineDraft {
        let account_id = Some(self.expense.clone());
        LineDraft { cents, account_id, department_id: None, description: text.to_owned() }
    }

    pub(super) fn bill(&self, number: &str, cents: i64) -> String {
        let draft = BillDraft {
            vendor_id: self.vendor.clone(),
            number: number.to_owned(),
            date: day(2026, 2, 10),
            due: day(2026, 3, 10),
            lines: vec![self.line(cents, "paper")],
        };
        in_billcom(&self.office, |person| person.create_bill(&draft).expect("bill"))
    }

    pub(super) fn credit(&self, number: &str, cents: i64) -> String {
        let draft = CreditDraft {
            vendor_id: self.vendor.clone(),
            number: number.to_owned(),
            date: day(2026, 2, 11),
            lines: vec![self.line(cents, "returned")],
        };
        in_billcom(&self.office, |person| person.create_credit(&draft).expect("credit"))
    }

    pub(super) fn plan(&self, bills: &[(&str, i64)], credits: &[(&str, &str, i64)]) -> PaymentPlan {
        let owned = |id: &&str| (*id).to_owned();
        PaymentPlan {
            vendor_id: self.vendor.clone(),
            date: day(2026, 3, 5),
            bills: bills.iter().map(|(bill, cents)| (owned(bill), *cents)).collect(),
            credits: credits.iter().map(|(bill, credit, cents)| (owned(bill), owned(credit), *cents)).collect(),
        }
    }

    pub(super) fn recorded(&self, plan: &PaymentPlan) -> String {
        let account_id = Some(self.checking.clone());
        let how = OfflinePayment { account_id, reference: Some("1042".into()), ..OfflinePayment::default() };
        in_billcom(&self.office, |person| person.record_payment(plan, &how).expect("payment"))
    }

    pub(super) fn txns(&self, kind: TxnKind) -> Vec<Txn> {
        self.office.books.lock().expect("books").txns(kind)
    }

    pub(super) fn payable(&self) -> i64 {
        let books = self.office.books.lock().expect("books");
        let vendor = books.entry(ListKind::Vendor, "Paper Mill").expect("vendor").id;
        books.payable_by_vendor().get(&vendor).copied().unwrap_or(0)
    }

    pub(super) fn balance(&self, account: &str) -> i128 {
        let id = quickbooks_entry(&self.office, ListKind::Account, account).id;
        self.office.books.lock().expect("books").trial_balances().get(&id).copied().unwrap_or(0)
    }

    pub(super) fn trial_balance_is_zero(&self) {
        let sum: i128 = self.office.books.lock().expect("books").trial_balances().values().sum();
        assert_eq!(sum, 0);
    }
}

#[test]
fn a_vendor_credit_travels_is_changed_and_voided() {
    let mut firm = Firm::new();
    let credit = firm.credit("CR-1", 2_500);
    settle_and_stay(&mut firm.office);
    let [made] = firm.txns(TxnKind::VendorCredit).try_into().expect("one credit");
    assert_eq!((made.total_cents, made.ref_number.as_deref()), (2_500, Some("CR-1")));
    assert_eq!(firm.payable(), -2_500);
    let lines = vec![firm.line(2_000, "returned"), firm.line(1_000, "more")];
    let draft = CreditDraft { vendor_id: firm.vendor.clone(), number: "CR-1".into(), date: day(2026, 2, 11), lines };
    in_billcom(&firm.office, |person| person.edit_credit(&credit, &draft).expect("edited"));
    settle_and_stay(&mut firm.office);
    assert_eq!(firm.payable(), -3_000);
    in_billcom(&firm.office, |person| person.archive("VendorCredit", &credit).expect("archived"));
    settle_and_stay(&mut firm.office);
    assert_eq!(firm.payable(), 0);
    firm.trial_balance_is_zero();
}

#[test]
fn a_recorded_payment_pays_its_bills_with_its_number_and_account() {
    let mut firm = Firm::new();
    let (first, second) = (firm.bill("B-1", 10_000), firm.bill("B-2", 4_000));
    firm.recorded(&firm.plan(&[(&first, 10_000), (&second, 1_500)], &[]));
    settle_and_stay(&mut firm.office);
    let [payment] = firm.txns(TxnKind::BillPaymentCheck).try_into().expect("one payment");
    assert_eq!((payment.total_cents, payment.ref_number.as_deref()), (11_500, Some("1042")));
    assert_eq!(payment.links.len(), 2);
    assert_eq!(firm.payable(), 2_500);
    assert_eq!(firm.balance("Checking"), -11_500);
    firm.trial_balance_is_zero();
}

#[test]
fn a_payment_uses_credits_whichever_way_billcom_counts_them() {
    for sum in [CreditSum::Within, CreditSum::Apart] {
        let mut firm = Firm::new();
        firm.office.organization().rules.credit_sum = sum;
        let (bill, credit) = (firm.bill("B-1", 10_000), firm.credit("CR-1", 2_500));
        firm.recorded(&firm.plan(&[(&bill, 7_500)], &[(&bill, &credit, 2_500)]));
        settle_and_stay(&mut firm.office);
        let [payment] = firm.txns(TxnKind::BillPaymentCheck).try_into().expect("one payment");
        assert_eq!(payment.total_cents, 7_500);
        assert_eq!(firm.payable(), 0, "{sum:?}");
        let [bill] = firm.txns(TxnKind::Bill).try_into().expect("one bill");
        assert_eq!(bill.open_cents, 0);
    }
}

#[test]
fn a_payment_by_credits_alone_is_applied_once() {
    let mut firm = Firm::new();
    let (bill, credit) = (firm.bill("B-1", 2_500), firm.credit("CR-1", 2_500));
    firm.recorded(&firm.plan(&[(&bill, 0)], &[(&bill, &credit, 2_500)]));
    settle_and_stay(&mut firm.office);
    assert!(firm.txns(TxnKind::BillPaymentCheck).is_empty(), "QuickBooks makes no transaction of it");
    let [bill] = firm.txns(TxnKind::Bill).try_into().expect("one bill");
    assert_eq!((bill.open_cents, bill.links.len()), (0, 1));
    assert_eq!(firm.payable(), 0);
}

#[test]
fn a_payment_made_online_goes_through_clearing_and_a_transfer_follows_the_money() {
    let mut firm = Firm::new();
    let bill = firm.bill("B-1", 10_000);
    let plan = firm.plan(&[(&bill, 10_000)], &[]);
    let bank = firm.bank.clone();
    in_billcom(&firm.office, |person| person.schedule(&plan, &bank).expect("scheduled"));
    settle_and_stay(&mut firm.office);
    assert_eq!(firm.payable(), 0, "the bill is paid as soon as the payment is scheduled");
    assert_eq!(firm.balance("Money Out Clearing"), -10_000);
    firm.office.clock.advance(chrono::Duration::days(4));
    let now = firm.office.now();
    let movements = firm.office.organization().back_office(now).pick_up();
    assert_eq!(movements.len(), 1);
    settle(&mut firm.office);
    assert!(firm.txns(TxnKind::Transfer).is_empty(), "not before the bank has confirmed it");
    let now = firm.office.now();
    firm.office.organization().back_office(now).confirm(&movements[0]).expect("confirmed");
    settle_and_stay(&mut firm.office);
    let [transfer] = firm.txns(TxnKind::Transfer).try_into().expect("one transfer");
    assert_eq!(transfer.total_cents, 10_000);
    assert_eq!((firm.balance("Money Out Clearing"), firm.balance("Checking")), (0, -10_000));

    let now = firm.office.now();
    firm.office.organization().back_office(now).send_back(&movements[0]).expect("sent back");
    settle_and_stay(&mut firm.office);
    assert_eq!(firm.txns(TxnKind::Transfer).len(), 2, "a transfer is taken back by another one");
    assert_eq!(firm.balance("Checking"), 0);
    firm.trial_balance_is_zero();
    assert!(!firm.clearing.is_empty());
}

#[test]
fn payments_wait_until_they_are_processed_where_the_settings_say_so() {
    let mut firm = Firm::with(vec![("payments", "processed")]);
    let bill = firm.bill("B-1", 10_000);
    let (plan, bank) = (firm.plan(&[(&bill, 10_000)], &[]), firm.bank.clone());
    in_billcom(&firm.office, |person| person.schedule(&plan, &bank).expect("scheduled"));
    settle_and_stay(&mut firm.office);
    assert_eq!(firm.payable(), 10_000);
    firm.office.clock.advance(chrono::Duration::days(4));
    let now = firm.office.now();
    firm.office.organization().back_office(now).pick_up();
    settle_and_stay(&mut firm.office);
    assert_eq!(firm.payable(), 0);
}

#[test]
fn a_voided_payment_is_voided_also_one_made_online() {
    let mut firm = Firm::new();
    let (first, second) = (firm.bill("B-1", 10_000), firm.bill("B-2", 4_000));
    let recorded = firm.recorded(&firm.plan(&[(&first, 10_000)], &[]));
    let (plan, bank) = (firm.plan(&[(&second, 4_000)], &[]), firm.bank.clone());
    let online = in_billcom(&firm.office, |person| person.schedule(&plan, &bank).expect("scheduled"));
    settle_and_stay(&mut firm.office);
    assert_eq!(firm.payable(), 0);
    in_billcom(&firm.office, |person| {
        person.void_payment(&recorded, "0", "wrong cheque").expect("voided");
        person.cancel_payment(&online).expect("cancelled");
    });
    settle_and_stay(&mut firm.office);
    assert_eq!(firm.payable(), 14_000);
    assert!(firm.txns(TxnKind::BillPaymentCheck).iter().all(|payment| payment.total_cents == 0));
    firm.trial_balance_is_zero();
}

#[test]
fn a_payment_that_is_not_to_be_exported_stays_in_billcom() {
    let mut firm = Firm::new();
    let bill = firm.bill("B-1", 10_000);
    let how = OfflinePayment { allow_export: Some(false), ..OfflinePayment::default() };
    let plan = firm.plan(&[(&bill, 10_000)], &[]);
    in_billcom(&firm.office, |person| person.record_payment(&plan, &how).expect("payment"));
    settle_and_stay(&mut firm.office);
    assert!(firm.txns(TxnKind::BillPaymentCheck).is_empty());
}

#[test]
fn what_people_do_to_payables_in_quickbooks_is_shown_and_never_travels() {
    let mut firm = Firm::new();
    let bill = firm.bill("B-1", 10_000);
    firm.credit("CR-1", 1_000);
    firm.recorded(&firm.plan(&[(&bill, 4_000)], &[]));
    settle_and_stay(&mut firm.office);
    let writes = |office: &Office| {
        let organization = office.organization();
        ["Crud/Create", "Crud/Update", "Crud/Delete", "Record"]
            .iter()
            .map(|call| organization.calls_to(call))
            .sum::<usize>()
    };
    let before = writes(&firm.office);
    let id = |kind: TxnKind| firm.txns(kind)[0].id.clone();
    let (payment, credit) = (id(TxnKind::BillPaymentCheck), id(TxnKind::VendorCredit));
    in_quickbooks(&mut firm.office, |person| {
        person.change_txn(TxnKind::BillPaymentCheck, &payment, &[("Memo", "by hand")]).expect("changed");
        person.change_txn(TxnKind::VendorCredit, &credit, &[("Memo", "by hand")]).expect("changed");
    });
    let status = settle_with_problems(&mut firm.office);
    let codes: Vec<_> = status.problems.iter().map(|problem| problem.code.as_str()).collect();
    assert_eq!(codes, ["difference", "difference"], "{:#?}", status.problems);
    assert_eq!(writes(&firm.office), before);
    in_quickbooks(&mut firm.office, |person| person.delete_txn(TxnKind::BillPaymentCheck, &payment).expect("deleted"));
    let status = settle_with_problems(&mut firm.office);
    assert_eq!(status.problems.len(), 2, "{:#?}", status.problems);
    assert!(firm.txns(TxnKind::BillPaymentCheck).is_empty(), "it is not made again");
    assert_eq!(writes(&firm.office), before);
}

#[test]
fn a_vendor_that_is_archived_after_its_bill_was_entered_and_paid_ends_out_of_use_on_both_sides() {
    let mut firm = Firm::new();
    let bill = firm.bill("B-1", 10_000);
    firm.recorded(&firm.plan(&[(&bill, 4_000)], &[]));
    let vendor = firm.vendor.clone();
    in_billcom(&firm.office, |person| person.archive("Vendor", &vendor).expect("archived"));
    settle_and_stay(&mut firm.office);
    assert_eq!(firm.payable(), 6_000, "the bill and its payment have travelled");
    assert!(!quickbooks_entry(&firm.office, ListKind::Vendor, "Paper Mill").active);
}
