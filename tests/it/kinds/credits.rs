//! Vendor credits that payments use: what becomes of them when the payment is voided, and when nobody knows whether they
//! were used before.

use super::payables::Firm;
use super::{in_billcom, in_quickbooks, quickbooks_entry, settle, settle_and_stay, settle_with_problems};
use crate::harness::{Office, day};
use counterfoil::sim::quickbooks::{BillDraft, BillDraftLine, ListKind, TxnKind};

fn press(office: &mut Office, problem: i64, action: &str) {
    office.engine().resolve(&office.company, problem, action, None, "a test").expect("pressed");
}

#[test]
fn a_voided_payment_says_which_credits_a_person_must_take_off_in_quickbooks() {
    let mut firm = Firm::new();
    let (bill, credit) = (firm.bill("B-1", 10_000), firm.credit("CR-1", 2_500));
    let payment = firm.recorded(&firm.plan(&[(&bill, 7_500)], &[(&bill, &credit, 2_500)]));
    settle_and_stay(&mut firm.office);
    in_billcom(&firm.office, |person| person.void_payment(&payment, "0", "wrong cheque").expect("voided"));
    let status = settle_with_problems(&mut firm.office);
    assert!(firm.txns(TxnKind::BillPaymentCheck).iter().all(|payment| payment.total_cents == 0));
    assert_eq!((firm.payable(), firm.txns(TxnKind::Bill)[0].open_cents), (7_500, 7_500), "the credit is still used");
    assert_eq!(status.problems.len(), 1, "{:#?}", status.problems);
    let problem = firm.office.engine().problem(&firm.office.company, status.problems[0].id).expect("problem");
    for said in ["CR-1", "B-1", "25.00"] {
        assert!(problem.what_happened.contains(said), "{said}: {problem:#?}");
    }
    assert!(status.idle, "what waits for a person keeps nobody busy");
    press(&mut firm.office, status.problems[0].id, "skip");
    settle_and_stay(&mut firm.office);
}

#[test]
fn a_voided_payment_by_credits_alone_waits_for_a_person() {
    let mut firm = Firm::new();
    let (bill, credit) = (firm.bill("B-1", 10_000), firm.credit("CR-1", 2_500));
    let payment = firm.recorded(&firm.plan(&[(&bill, 0)], &[(&bill, &credit, 2_500)]));
    settle_and_stay(&mut firm.office);
    in_billcom(&firm.office, |person| person.void_payment(&payment, "0", "not meant").expect("voided"));
    let status = settle_with_problems(&mut firm.office);
    assert_eq!(status.problems.len(), 1, "{:#?}", status.problems);
    press(&mut firm.office, status.problems[0].id, "skip");
    settle_and_stay(&mut firm.office);
}

/// A firm whose bill of 100.00 and credit of 50.00 stand on both sides since before; gives the ids in Bill.com and QuickBooks.
fn formerly_in_step() -> (Firm, [String; 2], [String; 2]) {
    let mut firm = Firm::new();
    settle(&mut firm.office);
    let vendor_id = quickbooks_entry(&firm.office, ListKind::Vendor, "Paper Mill").id;
    let account_id = quickbooks_entry(&firm.office, ListKind::Account, "Office Supplies").id;
    let mut booked = [String::new(), String::new()];
    in_quickbooks(&mut firm.office, |person| {
        let lines = vec![BillDraftLine { account_id: account_id.clone(), cents: 10_000, memo: "paper".into() }];
        let (date, ref_number, memo) = (day(2026, 2, 10), "B-1".to_owned(), String::new());
        let draft = BillDraft { vendor_id: vendor_id.clone(), date, ref_number, memo, lines };
        let bill = person.add_bill(&draft).expect("bill");
        let credit = person.enter_vendor_credit(&vendor_id, &account_id, 5_000, "CR-1").expect("credit");
        person.change_txn(TxnKind::VendorCredit, &credit, &[("TxnDate", "2026-02-11")]).expect("dated");
        booked = [bill, credit];
    });
    let in_billcom = [firm.bill("B-1", 10_000), firm.credit("CR-1", 5_000)];
    (firm, in_billcom, booked)
}

#[test]
fn credits_that_may_have_been_used_before_are_not_used_again_unasked() {
    let (mut firm, [bill, credit], [booked_bill, booked_credit]) = formerly_in_step();
    let checking = quickbooks_entry(&firm.office, ListKind::Account, "Checking").id;
    in_quickbooks(&mut firm.office, |person| {
        person.apply_credit(&booked_bill, &booked_credit, &checking, 2_500).expect("applied");
    });
    firm.recorded(&firm.plan(&[(&bill, 0)], &[(&bill, &credit, 2_500)]));
    let status = settle_with_problems(&mut firm.office);
    assert_eq!(firm.txns(TxnKind::Bill)[0].open_cents, 7_500, "the credit was used twice");
    assert_eq!(status.problems.len(), 1, "{:#?}", status.problems);
    assert!(status.idle);
    press(&mut firm.office, status.problems[0].id, "skip");
    settle_and_stay(&mut firm.office);
    assert_eq!(firm.txns(TxnKind::Bill)[0].open_cents, 7_500);
}

#[test]
fn credits_that_a_person_says_were_not_used_are_used() {
    let (mut firm, [bill, credit], _) = formerly_in_step();
    firm.recorded(&firm.plan(&[(&bill, 0)], &[(&bill, &credit, 2_500)]));
    let status = settle_with_problems(&mut firm.office);
    assert_eq!(firm.txns(TxnKind::Bill)[0].open_cents, 10_000);
    assert_eq!(status.problems.len(), 1, "{:#?}", status.problems);
    press(&mut firm.office, status.problems[0].id, "create");
    settle_and_stay(&mut firm.office);
    assert_eq!(firm.txns(TxnKind::Bill)[0].open_cents, 7_500);
}

#[test]
fn a_bill_that_is_paid_in_quickbooks_takes_no_credit_and_nobody_is_asked() {
    let (mut firm, [bill, credit], [booked_bill, booked_credit]) = formerly_in_step();
    let checking = quickbooks_entry(&firm.office, ListKind::Account, "Checking").id;
    in_quickbooks(&mut firm.office, |person| {
        person.pay_bill(&booked_bill, &checking, 7_500, "77").expect("paid");
        person.apply_credit(&booked_bill, &booked_credit, &checking, 2_500).expect("applied");
    });
    firm.recorded(&firm.plan(&[(&bill, 0)], &[(&bill, &credit, 2_500)]));
    settle_and_stay(&mut firm.office);
    let credits = firm.txns(TxnKind::VendorCredit);
    assert_eq!((firm.txns(TxnKind::Bill)[0].open_cents, credits[0].open_cents), (0, 2_500));
}

#[test]
fn a_new_credit_is_used_for_an_old_bill_unasked() {
    let (mut firm, [bill, _], _) = formerly_in_step();
    let fresh = firm.credit("CR-2", 1_000);
    firm.recorded(&firm.plan(&[(&bill, 0)], &[(&bill, &fresh, 1_000)]));
    settle_and_stay(&mut firm.office);
    let bill = firm.txns(TxnKind::Bill).into_iter().find(|bill| bill.ref_number.as_deref() == Some("B-1"));
    assert_eq!(bill.expect("bill").open_cents, 9_000);
}
