//! Bills that are paid by credit card: another object of QuickBooks than the cheque, read and written beside it.

use super::payables::Firm;
use super::{
    billcom_entry, in_billcom, in_quickbooks, quickbooks_entry, settle, settle_and_stay, settle_with_problems,
};
use counterfoil::sim::billcom::{OfflinePayment, PaymentPlan};
use counterfoil::sim::connector::{Fault, When};
use counterfoil::sim::quickbooks::{ListKind, Txn, TxnKind};

/// The firm with a credit card; gives the account as Bill.com calls it.
fn with_card() -> (Firm, String) {
    let mut firm = Firm::new();
    in_quickbooks(&mut firm.office, |person| {
        person.add_account("Company Card", "CreditCard").expect("account");
    });
    settle(&mut firm.office);
    let card = billcom_entry(&firm.office, "ChartOfAccount", "Company Card").id;
    (firm, card)
}

fn by_card(firm: &Firm, card: &str, plan: &PaymentPlan) -> String {
    let how = OfflinePayment {
        account_id: Some(card.to_owned()),
        reference: Some("4711".into()),
        ..OfflinePayment::default()
    };
    in_billcom(&firm.office, |person| person.record_payment(plan, &how).expect("payment"))
}

/// Somebody pays so many cents of the only bill by card in QuickBooks.
fn charge_in_quickbooks(firm: &mut Firm, cents: i64) {
    let [bill] = firm.txns(TxnKind::Bill).try_into().expect("one bill");
    let card_id = quickbooks_entry(&firm.office, ListKind::Account, "Company Card").id;
    in_quickbooks(&mut firm.office, |person| {
        person.pay_bill_by_card(&bill.id, &card_id, cents).expect("paid");
    });
}

/// The card payments; there is no cheque beside them.
fn card_payments(firm: &Firm) -> Vec<Txn> {
    assert!(firm.txns(TxnKind::BillPaymentCheck).is_empty(), "a cheque was written");
    firm.txns(TxnKind::BillPaymentCreditCard)
}

#[test]
fn a_payment_by_credit_card_pays_its_bills_and_uses_its_credits() {
    let (mut firm, card) = with_card();
    let (first, second, credit) = (firm.bill("B-1", 10_000), firm.bill("B-2", 4_000), firm.credit("CR-1", 2_500));
    by_card(&firm, &card, &firm.plan(&[(&first, 7_500), (&second, 1_500)], &[(&first, &credit, 2_500)]));
    settle_and_stay(&mut firm.office);
    let [payment] = card_payments(&firm).try_into().expect("one payment");
    assert_eq!((payment.total_cents, payment.ref_number.as_deref()), (9_000, Some("4711")));
    assert_eq!((firm.payable(), firm.balance("Company Card")), (2_500, -9_000));
    firm.trial_balance_is_zero();
}

#[test]
fn a_voided_payment_by_credit_card_is_voided() {
    let (mut firm, card) = with_card();
    let bill = firm.bill("B-1", 10_000);
    let payment = by_card(&firm, &card, &firm.plan(&[(&bill, 10_000)], &[]));
    settle_and_stay(&mut firm.office);
    assert_eq!(firm.payable(), 0);
    in_billcom(&firm.office, |person| person.void_payment(&payment, "0", "wrong card").expect("voided"));
    settle_and_stay(&mut firm.office);
    let [payment] = card_payments(&firm).try_into().expect("one payment");
    assert_eq!((payment.total_cents, firm.payable(), firm.balance("Company Card")), (0, 10_000, 0));
    firm.trial_balance_is_zero();
}

#[test]
fn a_payment_by_credit_card_that_stands_on_both_sides_is_linked() {
    let (mut firm, card) = with_card();
    let bill = firm.bill("B-1", 10_000);
    settle_and_stay(&mut firm.office);
    charge_in_quickbooks(&mut firm, 10_000);
    let [paid] = card_payments(&firm).try_into().expect("one payment");
    let mut plan = firm.plan(&[(&bill, 10_000)], &[]);
    plan.date = paid.date;
    by_card(&firm, &card, &plan);
    settle_with_problems(&mut firm.office);
    assert_eq!(card_payments(&firm).len(), 1, "it is not made twice");
    assert_eq!((firm.payable(), firm.office.organization().count("SentPay")), (0, 1));
    let linked = firm.office.status().links.get("bill_payment").copied();
    assert_eq!(linked, Some(1));
}

#[test]
fn a_payment_by_credit_card_that_is_changed_in_billcom_waits_for_a_person() {
    let (mut firm, card) = with_card();
    let bill = firm.bill("B-1", 10_000);
    let payment = by_card(&firm, &card, &firm.plan(&[(&bill, 10_000)], &[]));
    settle_and_stay(&mut firm.office);
    in_billcom(&firm.office, |person| {
        person.correct_payment(&payment, &card, "for March").expect("corrected");
    });
    let status = settle_with_problems(&mut firm.office);
    assert_eq!(status.problems.len(), 1, "{:#?}", status.problems);
    let problem = firm.office.engine().problem(&firm.office.company, status.problems[0].id).expect("problem");
    assert!(problem.what_happened.contains("by credit card"), "{problem:#?}");
    assert_eq!(card_payments(&firm)[0].memo, None, "QuickBooks has no way to change it");
    assert!(status.idle);
}

#[test]
fn a_payment_keeps_its_form_when_it_is_booked_on_an_account_of_another_type() {
    let (mut firm, card) = with_card();
    let (first, second) = (firm.bill("B-1", 10_000), firm.bill("B-2", 4_000));
    let cheque = firm.recorded(&firm.plan(&[(&first, 10_000)], &[]));
    let charge = by_card(&firm, &card, &firm.plan(&[(&second, 4_000)], &[]));
    settle_and_stay(&mut firm.office);
    let checking = firm.checking.clone();
    in_billcom(&firm.office, |person| {
        person.correct_payment(&cheque, &card, "by card").expect("corrected");
        person.correct_payment(&charge, &checking, "by cheque").expect("corrected");
    });
    let status = settle_with_problems(&mut firm.office);
    let codes: Vec<_> = status.problems.iter().map(|problem| problem.code.as_str()).collect();
    assert_eq!(codes.len(), 2, "{:#?}", status.problems);
    assert!(codes.iter().all(|code| matches!(*code, "quickbooks_rejected" | "not_expressible")), "{codes:?}");
    let kinds = [TxnKind::BillPaymentCheck, TxnKind::BillPaymentCreditCard];
    assert_eq!(kinds.map(|kind| firm.txns(kind).len()), [1, 1]);
    assert_eq!((firm.balance("Checking"), firm.balance("Company Card")), (-10_000, -4_000));
}

#[test]
fn a_payment_by_credit_card_that_is_deleted_in_quickbooks_is_shown_and_not_made_again() {
    let (mut firm, card) = with_card();
    let bill = firm.bill("B-1", 10_000);
    by_card(&firm, &card, &firm.plan(&[(&bill, 10_000)], &[]));
    settle_and_stay(&mut firm.office);
    let id = card_payments(&firm)[0].id.clone();
    in_quickbooks(&mut firm.office, |person| {
        person.delete_txn(TxnKind::BillPaymentCreditCard, &id).expect("deleted");
    });
    let status = settle_with_problems(&mut firm.office);
    assert_eq!(status.problems.len(), 1, "{:#?}", status.problems);
    assert!(status.problems[0].summary.contains("is gone in QuickBooks"), "{:#?}", status.problems);
    assert!(card_payments(&firm).is_empty());
}

/// A company whose books were read by a version that knew cheques only.
fn forget_card_payments(firm: &Firm) {
    let path = firm.office.folder.path().join("companies").join(format!("{}.db", firm.office.company));
    let store = rusqlite::Connection::open(path).expect("store");
    let cursors = "DELETE FROM cursor WHERE kind IN ('bill_payment.1', '~begins:bill_payment.1')";
    assert_eq!(store.execute(cursors, ()).expect("forgotten"), 2);
    let seen = "DELETE FROM sighting WHERE side = 'quickbooks' AND kind = 'bill_payment'";
    assert_eq!(store.execute(seen, ()).expect("forgotten"), 1);
}

#[test]
fn card_payments_that_were_never_read_are_read_before_any_payment_is_made() {
    let (mut firm, card) = with_card();
    let bill = firm.bill("B-1", 10_000);
    settle_and_stay(&mut firm.office);
    charge_in_quickbooks(&mut firm, 4_000);
    settle(&mut firm.office);
    forget_card_payments(&firm);
    let mut plan = firm.plan(&[(&bill, 4_000)], &[]);
    plan.date = card_payments(&firm)[0].date;
    by_card(&firm, &card, &plan);
    settle_with_problems(&mut firm.office);
    assert_eq!((card_payments(&firm).len(), firm.payable()), (1, 6_000), "it is not made twice");
    assert_eq!(firm.office.status().links.get("bill_payment").copied(), Some(1));
}

/// The accident happens at every call of the session in which the payment travels, and of the one in which its void does.
fn survives(fault: &Fault) {
    let (mut firm, card) = with_card();
    let bill = firm.bill("B-1", 10_000);
    settle(&mut firm.office);
    let payment = by_card(&firm, &card, &firm.plan(&[(&bill, 10_000)], &[]));
    let paid = each_call(&firm, fault, |firm, when| {
        assert_eq!((card_payments(firm).len(), firm.payable()), (1, 0), "{when}");
    });
    in_billcom(&paid.office, |person| person.void_payment(&payment, "0", "wrong card").expect("voided"));
    each_call(&paid, fault, |firm, when| {
        assert_eq!((card_payments(firm).len(), firm.payable()), (1, 10_000), "{when}");
    });
}

/// The same with the accident at each call in turn; gives the firm to which none happened.
fn each_call(firm: &Firm, fault: &Fault, check: impl Fn(&Firm, &str)) -> Firm {
    firm.office.clock.advance(chrono::Duration::minutes(20));
    firm.office.work();
    let mut calm = firm.copy();
    calm.office.update();
    let calls = calm.office.connector.calls();
    settle_and_stay(&mut calm.office);
    check(&calm, "calm");
    for call in 1..=calls {
        let mut firm = firm.copy();
        firm.office.connector.faults.plan(When::Call(call), fault.clone());
        firm.office.update();
        settle_and_stay(&mut firm.office);
        check(&firm, &format!("{fault:?} at call {call}"));
    }
    calm
}

#[test]
fn a_payment_by_credit_card_survives_an_answer_that_is_lost_after_the_work() {
    survives(&Fault::LoseAnswer);
}

#[test]
fn a_payment_by_credit_card_survives_a_session_that_is_cut_before_the_work() {
    survives(&Fault::CutBeforeExecution);
}
