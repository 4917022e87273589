//! Both ledgers side by side, and the calendar: equal while everything is calm, and every sort of difference named once a
//! person has made it.

use super::payables::Firm;
use super::{in_billcom, in_quickbooks, quickbooks_entry, settle, settle_and_stay, settle_with_problems};
use crate::harness::{Office, Setup, day};
use crate::year::live_through;
use counterfoil::engine::{CheckView, DifferenceView};
use counterfoil::sim::billcom::{BillDraft, OfflinePayment};
use counterfoil::sim::firm::Size;
use counterfoil::sim::quickbooks::{BillDraft as QuickBooksBill, BillDraftLine, ListKind, TxnKind};
use std::process::Command;

fn check(office: &Office) -> CheckView {
    office.engine().check(&office.company).expect("a comparison")
}

fn assert_equal(office: &Office) {
    let check = check(office);
    assert!(check.equal && check.differences.is_empty(), "{:#?}", check.differences);
}

/// Kind, difference and cause of every difference.
fn said(office: &Office) -> Vec<(String, String, String)> {
    let check = check(office);
    assert_eq!(check.equal, check.differences.is_empty());
    let said = |it: DifferenceView| (it.kind, it.difference, it.cause.unwrap_or_else(|| "not known".to_owned()));
    check.differences.into_iter().map(said).collect()
}

fn kinds(office: &Office) -> Vec<(String, String)> {
    said(office).into_iter().map(|(kind, difference, _)| (kind, difference)).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(kind, difference)| ((*kind).to_owned(), (*difference).to_owned())).collect()
}

#[test]
fn the_ledgers_of_a_firm_of_all_kinds_are_equal() {
    let (office, firm) = live_through(7, Size::YEAR.divided(80, 24), 1_000);
    assert!(firm.done().bills > 20, "{:?}", firm.done());
    assert_equal(&office);
    let ledgers = office.engine().ledgers(&office.company).expect("ledgers");
    let documents = |kind: &str| ledgers.kinds.iter().find(|line| line.kind == kind).expect("a line").documents;
    for kind in ["bill", "vendor_credit", "bill_payment", "invoice", "invoice_payment", "funds_transfer"] {
        assert!(documents(kind) > 0, "{kind}");
    }
    let clearing: Vec<_> = ledgers.clearing.iter().map(|line| line.name.as_str()).collect();
    assert_eq!(clearing, ["Money Out Clearing", "Money In Clearing"]);
    assert!(ledgers.left_out.is_empty());
}

#[test]
fn payables_are_equal_at_every_step_of_a_payment() {
    let mut firm = Firm::new();
    let (first, second, credit) = (firm.bill("B-1", 10_000), firm.bill("B-2", 4_000), firm.credit("CR-1", 1_500));
    settle_and_stay(&mut firm.office);
    assert_equal(&firm.office);
    let (plan, bank) = (firm.plan(&[(&first, 8_500)], &[(&first, &credit, 1_500)]), firm.bank.clone());
    let online = in_billcom(&firm.office, |person| person.schedule(&plan, &bank).expect("scheduled"));
    firm.recorded(&firm.plan(&[(&second, 1_000)], &[]));
    settle_and_stay(&mut firm.office);
    assert_equal(&firm.office);
    firm.office.clock.advance(chrono::Duration::days(4));
    let now = firm.office.now();
    let movements = firm.office.organization().back_office(now).pick_up();
    settle(&mut firm.office);
    assert_equal(&firm.office);
    let now = firm.office.now();
    firm.office.organization().back_office(now).confirm(&movements[0]).expect("confirmed");
    settle_and_stay(&mut firm.office);
    assert_equal(&firm.office);
    assert_eq!(firm.balance("Money Out Clearing"), 0);
    in_billcom(&firm.office, |person| person.void_payment(&online, "0", "lost").expect("asked for"));
    let now = firm.office.now();
    firm.office.organization().back_office(now).decide_void(&online, true).expect("voided");
    let status = settle_with_problems(&mut firm.office);
    assert_eq!(status.problems.len(), 1, "the credit is to be taken off by hand: {:#?}", status.problems);
    assert_equal(&firm.office);
}

#[test]
fn what_waits_by_the_settings_is_no_difference() {
    let mut firm = Firm::with(vec![("bills", "approved"), ("payments", "processed")]);
    let approved = firm.bill("B-1", 10_000);
    firm.bill("B-2", 700);
    in_billcom(&firm.office, |person| person.approve(&approved).expect("approved"));
    let (plan, bank) = (firm.plan(&[(&approved, 10_000)], &[]), firm.bank.clone());
    in_billcom(&firm.office, |person| person.schedule(&plan, &bank).expect("scheduled"));
    settle_and_stay(&mut firm.office);
    assert_eq!(firm.txns(TxnKind::Bill).len(), 1);
    assert!(firm.txns(TxnKind::BillPaymentCheck).is_empty());
    assert_equal(&firm.office);
}

#[test]
fn an_amount_changed_in_quickbooks_is_named_with_its_problem() {
    let mut firm = Firm::new();
    firm.bill("B-1", 10_000);
    settle_and_stay(&mut firm.office);
    let bill = firm.txns(TxnKind::Bill)[0].id.clone();
    let account_id = quickbooks_entry(&firm.office, ListKind::Account, "Office Supplies").id;
    in_quickbooks(&mut firm.office, |person| {
        let line = BillDraftLine { account_id, cents: 9_000, memo: "paper".into() };
        person.change_bill_lines(&bill, &[line]).expect("changed");
    });
    let status = settle_with_problems(&mut firm.office);
    assert_eq!(kinds(&firm.office), pairs(&[("bill", "-10.00"), ("vendor", "-10.00")]));
    let check = check(&firm.office);
    let [bill, vendor] = check.differences.try_into().expect("two differences");
    assert_eq!((bill.quickbooks.as_str(), bill.billcom.as_str()), ("90.00", "100.00"));
    assert_eq!(bill.problem, Some(status.problems[0].id));
    assert!(bill.cause.is_some_and(|cause| cause.contains(&status.problems[0].summary)));
    assert_eq!(vendor.record, "Paper Mill");
    assert!(vendor.cause.is_some_and(|cause| cause.contains(&bill.record)));
}

#[test]
fn what_is_deleted_or_moved_in_quickbooks_is_named() {
    let mut firm = Firm::new();
    let bill = firm.bill("B-1", 10_000);
    let (plan, bank) = (firm.plan(&[(&bill, 10_000)], &[]), firm.bank.clone());
    in_billcom(&firm.office, |person| person.schedule(&plan, &bank).expect("scheduled"));
    settle_and_stay(&mut firm.office);
    let payment = firm.txns(TxnKind::BillPaymentCheck)[0].id.clone();
    in_quickbooks(&mut firm.office, |person| person.delete_txn(TxnKind::BillPaymentCheck, &payment).expect("deleted"));
    settle_with_problems(&mut firm.office);
    assert_eq!(
        kinds(&firm.office),
        pairs(&[("bill_payment", "-100.00"), ("vendor", "100.00"), ("account", "100.00")]),
        "the payment, what the vendor is owed, and the clearing account"
    );
    let causes: Vec<_> = said(&firm.office).into_iter().map(|(_, _, cause)| cause).collect();
    assert!(causes[0].contains("problem") && causes[1..].iter().all(|cause| cause.starts_with("It comes from")));
}

#[test]
fn an_entry_by_hand_on_the_clearing_account_is_named() {
    let mut firm = Firm::new();
    firm.bill("B-1", 10_000);
    settle_and_stay(&mut firm.office);
    let id = |name: &str| quickbooks_entry(&firm.office, ListKind::Account, name).id;
    let (checking, clearing) = (id("Checking"), id("Money Out Clearing"));
    // Nobody has paid online yet: which account is for clearing is known by its setting.
    let set = [("money_out_clearing".to_owned(), "Money Out Clearing".to_owned())];
    firm.office.engine().set(&firm.office.company, &set, "a test").expect("set");
    in_quickbooks(&mut firm.office, |person| person.transfer(&checking, &clearing, 2_500, "by hand").expect("moved"));
    settle(&mut firm.office);
    let [(kind, difference, cause)] = said(&firm.office).try_into().expect("one difference");
    assert_eq!((kind.as_str(), difference.as_str()), ("account", "25.00"));
    assert!(cause.starts_with("It comes from 25.00 of"), "{cause}");
}

#[test]
fn what_stands_on_one_side_says_why() {
    let mut firm = Firm::new();
    let account_id = quickbooks_entry(&firm.office, ListKind::Account, "Office Supplies").id;
    let bill = firm.bill("B-1", 10_000);
    let how = OfflinePayment { allow_export: Some(false), ..OfflinePayment::default() };
    let plan = firm.plan(&[(&bill, 4_000)], &[]);
    in_billcom(&firm.office, |person| person.record_payment(&plan, &how).expect("payment"));
    settle(&mut firm.office);
    let vendor_id = quickbooks_entry(&firm.office, ListKind::Vendor, "Paper Mill").id;
    in_quickbooks(&mut firm.office, |person| {
        let lines = vec![BillDraftLine { account_id, cents: 300, memo: String::new() }];
        let draft =
            QuickBooksBill { vendor_id, date: day(2026, 3, 1), ref_number: "OWN".into(), memo: String::new(), lines };
        person.add_bill(&draft).expect("bill");
    });
    settle(&mut firm.office);
    let said = said(&firm.office);
    assert_eq!(kinds(&firm.office), pairs(&[("bill", "3.00"), ("bill_payment", "-40.00"), ("vendor", "43.00")]));
    assert!(said[0].2.contains("never travel there"), "{said:#?}");
    assert!(said[1].2.contains("not exported"), "{said:#?}");

    firm.bill("B-2", 500);
    firm.office.clock.advance(chrono::Duration::minutes(20));
    firm.office.work();
    let waits = check(&firm.office).differences.into_iter().find(|it| it.difference == "-5.00").expect("it waits");
    assert!(waits.cause.is_some_and(|cause| cause.starts_with("It is still to be written to QuickBooks")));
}

#[test]
fn the_past_of_the_books_and_a_preview_are_told_apart() {
    let mut firm = Firm::with(vec![("start_date", "2026-02-15")]);
    firm.bill("B-1", 10_000);
    settle(&mut firm.office);
    assert_equal(&firm.office);
    let ledgers = firm.office.engine().ledgers(&firm.office.company).expect("ledgers");
    let left: Vec<_> = ledgers.left_out.iter().map(|it| (it.documents, it.amounts.billcom.as_str())).collect();
    assert_eq!(left, [(1, "100.00")]);

    let mut office = Office::new(Setup { start: false, ..Setup::default() });
    let (vendor, account) = in_billcom(&office, |person| {
        let account = person.create_account("Rent", "7", "").expect("account");
        (person.create_vendor("Landlord").expect("vendor"), account)
    });
    in_billcom(&office, |person| {
        let line =
            counterfoil::sim::billcom::LineDraft { cents: 9_900, account_id: Some(account), ..Default::default() };
        let (date, due) = (day(2026, 2, 20), day(2026, 3, 20));
        let draft = BillDraft { vendor_id: vendor, number: "R-1".into(), date, due, lines: vec![line] };
        person.create_bill(&draft).expect("bill");
    });
    office.work();
    office.update();
    office.work();
    let check = check(&office);
    let bill = check.differences.iter().find(|it| it.kind == "bill").expect("a bill");
    assert_eq!((bill.quickbooks.as_str(), bill.billcom.as_str(), check.equal), ("0.00", "99.00", false));
    assert!(bill.cause.is_some(), "{bill:#?}");
}

#[test]
fn the_command_succeeds_only_when_the_ledgers_are_equal() {
    let mut firm = Firm::new();
    firm.bill("B-1", 10_000);
    settle_and_stay(&mut firm.office);
    let run = |firm: &Firm| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_counterfoil"));
        command.arg("--data").arg(firm.office.folder.path()).args(["check", &firm.office.company, "--json"]);
        let output = command.output().expect("the program runs");
        let said: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        (output.status.code(), said)
    };
    let (code, said) = run(&firm);
    assert_eq!(
        (code, said["equal"].as_bool(), said["differences"].as_array().map(Vec::len)),
        (Some(0), Some(true), Some(0))
    );
    assert_eq!(said["company"], firm.office.company);
    let bill = firm.txns(TxnKind::Bill)[0].id.clone();
    in_quickbooks(&mut firm.office, |person| person.delete_txn(TxnKind::Bill, &bill).expect("deleted"));
    settle_with_problems(&mut firm.office);
    let (code, said) = run(&firm);
    assert_eq!((code, said["equal"].as_bool()), (Some(1), Some(false)));
    let difference = said["differences"][0].as_object().expect("a difference");
    let names: Vec<_> = difference.keys().map(String::as_str).collect();
    assert_eq!(names, ["billcom", "cause", "difference", "kind", "quickbooks", "record"]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_counterfoil"));
    command.arg("--data").arg(firm.office.folder.path()).args(["check", "nobody"]);
    assert_eq!(command.output().expect("the program runs").status.code(), Some(1));
}

#[test]
fn the_calendar_counts_every_payment_once() {
    let mut firm = Firm::new();
    let (first, second) = (firm.bill("B-1", 10_000), firm.bill("B-2", 4_000));
    in_billcom(&firm.office, |person| person.approve(&first).expect("approved"));
    settle_and_stay(&mut firm.office);
    let calendar = |firm: &Firm, unapproved| {
        let calendar = firm.office.engine().calendar(&firm.office.company, unapproved).expect("a calendar");
        let due = |kind: &str| {
            let of = calendar.expected.iter().filter(|it| it.kind == kind);
            of.map(|it| (it.due.clone(), it.amount.clone())).collect::<Vec<_>>()
        };
        let days = &calendar.accounts[0].days;
        (due("bill"), due("bill_payment"), due("clearing"), days.last().expect("a day").balance.clone())
    };
    let pair = |due: &str, amount: &str| (due.to_owned(), amount.to_owned());
    let (bills, payments, clearing, last) = calendar(&firm, None);
    assert_eq!(bills, [pair("2026-03-10", "-100.00"), pair("2026-03-10", "-40.00")]);
    assert_eq!((payments.len(), clearing.len(), last.as_str()), (0, 0, "-140.00"));
    assert_eq!(calendar(&firm, Some(false)).3, "-100.00", "one of them is not approved");

    let date = day(2026, 3, 20);
    let plan = counterfoil::sim::billcom::PaymentPlan { date, ..firm.plan(&[(&second, 4_000)], &[]) };
    let bank = firm.bank.clone();
    in_billcom(&firm.office, |person| person.schedule(&plan, &bank).expect("scheduled"));
    settle_and_stay(&mut firm.office);
    let (bills, payments, clearing, last) = calendar(&firm, None);
    assert_eq!(bills, [pair("2026-03-10", "-100.00")]);
    assert_eq!(payments, [pair("2026-03-20", "-40.00")]);
    assert_eq!((clearing, last.as_str()), (Vec::new(), "-140.00"), "on clearing by the books, and it counts once");

    firm.office.clock.advance(chrono::Duration::days(20));
    settle(&mut firm.office);
    let (_, payments, clearing, last) = calendar(&firm, None);
    assert_eq!(
        (payments.len(), clearing.len(), last.as_str()),
        (0, 1, "-140.00"),
        "on its way, by the clearing account"
    );
    let now = firm.office.now();
    let movements = firm.office.organization().back_office(now).pick_up();
    let now = firm.office.now();
    firm.office.organization().back_office(now).confirm(&movements[0]).expect("confirmed");
    settle_and_stay(&mut firm.office);
    let (_, payments, clearing, last) = calendar(&firm, None);
    assert_eq!((payments.len(), clearing.len(), last.as_str()), (0, 0, "-140.00"), "the bank has paid it");
}
