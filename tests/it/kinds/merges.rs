//! A merge on one side, and the documents of those that were merged.

use super::payables::Firm;
use super::receivables::{draft, enter_invoice, invoices, practice};
use super::{
    billcom_entry, in_billcom, in_quickbooks, quickbooks_entry, settle, settle_and_stay, settle_with_problems,
};
use crate::harness::{Office, day};
use counterfoil::sim::quickbooks::{BillDraft, BillDraftLine, ListKind, TxnKind};

/// The paper mill and its later name, on both sides.
fn two_mills() -> (Firm, String) {
    let mut firm = Firm::new();
    let other = in_billcom(&firm.office, |person| person.create_vendor("Paper Mill & Sons").expect("vendor"));
    settle(&mut firm.office);
    (firm, other)
}

fn enter_bill(firm: &mut Firm, vendor: &str, number: &str, cents: i64) {
    let vendor_id = quickbooks_entry(&firm.office, ListKind::Vendor, vendor).id;
    let account_id = quickbooks_entry(&firm.office, ListKind::Account, "Office Supplies").id;
    let lines = vec![BillDraftLine { account_id, cents, memo: "paper".into() }];
    let draft = BillDraft { vendor_id, date: day(2026, 2, 10), ref_number: number.into(), memo: String::new(), lines };
    in_quickbooks(&mut firm.office, |person| person.add_bill(&draft).expect("bill"));
}

fn bills(firm: &Firm) -> Vec<(String, i64)> {
    let books = firm.office.books.lock().expect("books");
    books.bills().into_iter().map(|bill| (bill.vendor_name, bill.total_cents)).collect()
}

fn asked(office: &mut Office) -> Vec<String> {
    settle_with_problems(office).problems.into_iter().map(|problem| problem.summary).collect()
}

fn merge_in_quickbooks(office: &mut Office, kind: ListKind, loser: &str, winner: &str) {
    let (loser, winner) = (quickbooks_entry(office, kind, loser).id, quickbooks_entry(office, kind, winner).id);
    in_quickbooks(office, |person| person.merge(kind, &loser, &winner).expect("merged"));
}

#[test]
fn a_bill_on_both_sides_is_recognised_although_its_vendor_was_merged_before() {
    let (mut firm, survivor) = two_mills();
    enter_bill(&mut firm, "Paper Mill", "B-7", 5_000);
    firm.bill("B-7", 5_000);
    in_billcom(&firm.office, |person| person.merge("Vendor", &firm.vendor, &survivor).expect("merged"));
    assert_eq!(asked(&mut firm.office), ["Vendor Paper Mill was merged in Bill.com"]);
    assert_eq!(bills(&firm), [("Paper Mill & Sons".to_owned(), 5_000)], "once, and owed to whom Bill.com says");
    merge_in_quickbooks(&mut firm.office, ListKind::Vendor, "Paper Mill", "Paper Mill & Sons");
    settle_and_stay(&mut firm.office);
}

#[test]
fn a_bill_that_names_the_survivor_in_quickbooks_already_is_recognised_too() {
    let (mut firm, survivor) = two_mills();
    enter_bill(&mut firm, "Paper Mill & Sons", "B-7", 5_000);
    firm.bill("B-7", 5_000);
    in_billcom(&firm.office, |person| person.merge("Vendor", &firm.vendor, &survivor).expect("merged"));
    assert_eq!(asked(&mut firm.office), ["Vendor Paper Mill was merged in Bill.com"]);
    assert_eq!(bills(&firm), [("Paper Mill & Sons".to_owned(), 5_000)]);
}

#[test]
fn two_bills_that_a_merge_made_alike_are_asked_about() {
    let (mut firm, survivor) = two_mills();
    enter_bill(&mut firm, "Paper Mill", "B-7", 5_000);
    enter_bill(&mut firm, "Paper Mill & Sons", "B-7", 5_000);
    firm.bill("B-7", 5_000);
    in_billcom(&firm.office, |person| person.merge("Vendor", &firm.vendor, &survivor).expect("merged"));
    let asked = asked(&mut firm.office);
    assert!(asked.iter().any(|summary| summary.contains("B-7")), "{asked:?}");
    assert_eq!(bills(&firm).len(), 2);
}

#[test]
fn a_payment_by_credits_alone_follows_its_vendor() {
    let (mut firm, survivor) = two_mills();
    let (bill, credit) = (firm.bill("B-1", 10_000), firm.credit("CR-1", 2_500));
    firm.recorded(&firm.plan(&[(&bill, 0)], &[(&bill, &credit, 2_500)]));
    settle_and_stay(&mut firm.office);
    in_billcom(&firm.office, |person| person.merge("Vendor", &firm.vendor, &survivor).expect("merged"));
    // QuickBooks moves no bill that a credit is used for; of the payment it has nothing to move.
    let asked = asked(&mut firm.office);
    assert!(asked.iter().all(|summary| !summary.starts_with("Bill payment")), "{asked:?}");
    merge_in_quickbooks(&mut firm.office, ListKind::Vendor, "Paper Mill", "Paper Mill & Sons");
    settle_and_stay(&mut firm.office);
    assert_eq!(firm.txns(TxnKind::Bill)[0].open_cents, 7_500);
}

/// A practice with a second customer on both sides.
fn two_homes() -> Office {
    let mut office = practice(Vec::new());
    in_quickbooks(&mut office, |person| person.add_customer("Acme Houses").expect("customer"));
    settle(&mut office);
    office
}

#[test]
fn an_invoice_whose_customer_was_merged_was_not_edited() {
    let mut office = two_homes();
    enter_invoice(&mut office, "INV-1", 12_345);
    settle_and_stay(&mut office);
    let [loser, winner] = ["Acme Homes", "Acme Houses"].map(|name| billcom_entry(&office, "Customer", name).id);
    in_billcom(&office, |person| person.merge("Customer", &loser, &winner).expect("merged"));
    assert_eq!(
        asked(&mut office),
        ["Customer Acme Homes was merged in Bill.com"],
        "the customer is asked about, not each of its invoices"
    );
    merge_in_quickbooks(&mut office, ListKind::Customer, "Acme Homes", "Acme Houses");
    settle_and_stay(&mut office);
    assert_eq!(invoices(&office).len(), 1);
    assert_eq!(office.organization().invoices().len(), 1);
}

#[test]
fn an_invoice_that_came_from_billcom_follows_a_merge_in_quickbooks() {
    let mut office = two_homes();
    let first = draft(&office, "INV-7", &[(1, 8_000)]);
    in_billcom(&office, |person| person.create_invoice(&first).expect("invoice"));
    settle_and_stay(&mut office);
    merge_in_quickbooks(&mut office, ListKind::Customer, "Acme Homes", "Acme Houses");
    settle(&mut office);
    let [there] = office.organization().invoices().try_into().expect("one invoice");
    let winner = billcom_entry(&office, "Customer", "Acme Houses").id;
    assert_eq!(there.customer_id, winner);
}
