//! What is voided in Bill.com after QuickBooks has closed its books over it: taken back by a journal entry of a later day.

use super::payables::Firm;
use super::{billcom_entry, in_billcom, in_quickbooks, settle, settle_and_stay, settle_with_problems};
use crate::between::{Between, between};
use crate::harness::{Office, day};
use counterfoil::engine::{CheckView, ProblemLine};
use counterfoil::sim::billcom::ReceiptPlan;
use counterfoil::sim::connector::{Fault, When};
use counterfoil::sim::quickbooks::{Sale, TxnKind};
use std::sync::{Arc, Mutex};

/// A bill, a credit, a payment by hand, one made online and a cheque of a customer, all in step, in books closed over them.
struct Closed {
    firm: Firm,
    bill: String,
    credit: String,
    recorded: String,
    online: String,
    cheque: String,
}

/// The last day of the closed period; the first one that is open follows it.
fn closing() -> chrono::NaiveDate {
    day(2026, 3, 31)
}

fn closed() -> Closed {
    let mut firm = Firm::new();
    in_quickbooks(&mut firm.office, |person| {
        person.add_account("Accounts Receivable", "AccountsReceivable").expect("account");
        person.add_account("Undeposited Funds", "OtherCurrentAsset").expect("account");
        let fees = person.add_account("Fees", "Income").expect("account");
        let customer_id = person.add_customer("Acme Homes").expect("customer");
        let item_id = person.add_service("Work", &fees, "80.00").expect("item");
        let sale = Sale { customer_id, item_id, cents: 5_000, number: "I-1".to_owned() };
        person.enter_invoice(&sale).expect("invoice");
    });
    settle(&mut firm.office);
    let (bill, paid, sent) = (firm.bill("B-1", 10_000), firm.bill("B-2", 4_000), firm.bill("B-3", 700));
    let credit = firm.credit("CR-1", 2_500);
    let recorded = firm.recorded(&firm.plan(&[(&paid, 4_000)], &[]));
    let (plan, bank) = (firm.plan(&[(&sent, 700)], &[]), firm.bank.clone());
    let invoice = firm.office.organization().invoices().remove(0).id;
    let customer_id = billcom_entry(&firm.office, "Customer", "Acme Homes").id;
    let of = ReceiptPlan { customer_id, date: day(2026, 3, 3), cents: 5_000, invoices: vec![(invoice, 5_000)] };
    let (online, cheque) = in_billcom(&firm.office, |person| {
        let online = person.schedule(&plan, &bank).expect("scheduled");
        (online, person.record_cheque(&of, None, "77").expect("recorded"))
    });
    settle_and_stay(&mut firm.office);
    close(&mut firm.office, Some(closing()));
    Closed { firm, bill, credit, recorded, online, cheque }
}

fn close(office: &mut Office, day: Option<chrono::NaiveDate>) {
    in_quickbooks(office, |person| person.set_preferences(|preferences| preferences.closing_date = day));
}

fn check(office: &Office) -> CheckView {
    office.engine().check(&office.company).expect("a comparison")
}

/// The problems that offer the button.
fn offered(office: &Office) -> Vec<ProblemLine> {
    let offers = |line: &ProblemLine| line.actions.iter().any(|action| action.id == "reverse");
    office.status().problems.into_iter().filter(offers).collect()
}

fn take_back(office: &Office, problem: i64, day: &str) {
    office.engine().resolve(&office.company, problem, "reverse", Some(day), "a test").expect("pressed");
}

#[test]
fn what_was_voided_in_a_closed_period_is_taken_back_on_a_later_day_whatever_it_is() {
    let Closed { mut firm, bill, credit, recorded, online, cheque } = closed();
    let before = firm.office.books.lock().expect("books").trial_balances();
    in_billcom(&firm.office, |person| {
        person.void_payment(&recorded, "0", "wrong cheque").expect("voided");
        person.cancel_payment(&online).expect("cancelled");
        person.void_receipt(&cheque).expect("voided");
        person.archive("Bill", &bill).expect("archived");
        person.archive("VendorCredit", &credit).expect("archived");
    });
    settle_with_problems(&mut firm.office);
    let problems = offered(&firm.office);
    assert_eq!(problems.len(), 5, "{:#?}", firm.office.status().problems);
    assert_eq!(firm.office.books.lock().expect("books").trial_balances(), before, "the closed period is untouched");
    assert!(!check(&firm.office).equal);
    for problem in &problems {
        take_back(&firm.office, problem.id, "2026-04-01");
    }
    settle_and_stay(&mut firm.office);
    let entries = firm.txns(TxnKind::JournalEntry);
    assert_eq!(entries.len(), 5, "{entries:#?}");
    assert!(entries.iter().all(|entry| entry.date == day(2026, 4, 1)), "{entries:#?}");
    // What is left is what was not voided: two bills of 47.00 and an invoice of 50.00, all of it to be paid.
    assert_eq!(firm.payable(), 4_700);
    let names = [("Accounts Payable", -4_700), ("Office Supplies", 4_700), ("Checking", 0), ("Money Out Clearing", 0)];
    for (account, cents) in names.into_iter().chain([("Accounts Receivable", 5_000), ("Undeposited Funds", 0)]) {
        assert_eq!(firm.balance(account), cents, "{account}");
    }
    firm.trial_balance_is_zero();
    let differences = check(&firm.office).differences;
    assert!(differences.is_empty(), "{differences:#?}");
    assert!(firm.office.organization().violations().is_empty());
}

#[test]
fn the_entry_says_what_it_takes_back_and_is_shown_before_anything_is_done() {
    let Closed { mut firm, bill, .. } = closed();
    in_billcom(&firm.office, |person| person.archive("Bill", &bill).expect("archived"));
    settle_with_problems(&mut firm.office);
    let [problem] = offered(&firm.office).try_into().expect("one problem");
    let engine = firm.office.engine();
    let effect = engine.preview(&firm.office.company, &[problem.id], "reverse", Some("2026-04-02")).expect("shown");
    assert_eq!(effect.day.as_deref(), Some("2026-04-02"));
    let [send] = &effect.sends[..] else { panic!("{:#?}", effect.sends) };
    assert_eq!((send.operation.as_str(), send.kind.as_str()), ("create", "reversal"));
    let told = |label: &str| send.changes.iter().find(|change| change.label == label).and_then(|it| it.after.clone());
    assert_eq!(told("Number").as_deref(), Some("REV-B-1"));
    assert_eq!(told("Amount").as_deref(), Some("100.00"));
    assert_eq!(told("Memo").as_deref(), Some("Takes back bill B-1 of 2026-02-10, 100.00, voided in Bill.com"));
    drop(engine);
    assert!(firm.txns(TxnKind::JournalEntry).is_empty());
    assert_eq!(offered(&firm.office).len(), 1, "a look changes nothing");
    let refused = firm.office.engine().resolve(&firm.office.company, problem.id, "reverse", Some("soon"), "a test");
    assert!(refused.expect_err("no day").to_string().starts_with("give the day like 2026-"));
    let refused =
        firm.office.engine().resolve(&firm.office.company, problem.id, "reverse", Some("2026-02-09"), "a test");
    assert!(refused.expect_err("too early").to_string().contains("booked on 2026-02-10"));
    take_back(&firm.office, problem.id, "2026-04-02");
    settle_and_stay(&mut firm.office);
    let [entry] = firm.txns(TxnKind::JournalEntry).try_into().expect("one entry");
    assert_eq!((entry.ref_number.as_deref(), entry.total_cents), (Some("REV-B-1"), 10_000));
}

#[test]
fn a_day_that_is_closed_as_well_is_asked_for_again() {
    let Closed { mut firm, bill, .. } = closed();
    in_billcom(&firm.office, |person| person.archive("Bill", &bill).expect("archived"));
    settle_with_problems(&mut firm.office);
    take_back(&firm.office, offered(&firm.office)[0].id, "2026-03-15");
    settle_with_problems(&mut firm.office);
    let [again] = offered(&firm.office).try_into().expect("one problem");
    assert!(again.summary.starts_with("Reversal of bill B-1"), "{}", again.summary);
    assert!(firm.txns(TxnKind::JournalEntry).is_empty());
    take_back(&firm.office, again.id, "2026-04-15");
    settle_and_stay(&mut firm.office);
    let [entry] = firm.txns(TxnKind::JournalEntry).try_into().expect("one entry");
    assert_eq!(entry.date, day(2026, 4, 15));
    assert!(check(&firm.office).equal);
}

#[test]
fn an_entry_whose_answer_is_lost_is_not_made_twice() {
    let Closed { mut firm, bill, credit, .. } = closed();
    in_billcom(&firm.office, |person| {
        person.archive("Bill", &bill).expect("archived");
        person.archive("VendorCredit", &credit).expect("archived");
    });
    settle_with_problems(&mut firm.office);
    for problem in offered(&firm.office) {
        take_back(&firm.office, problem.id, "2026-04-01");
    }
    firm.office.clock.advance(chrono::Duration::minutes(20));
    let mut calm = firm.copy();
    calm.office.update();
    for call in 1..=calm.office.connector.calls() {
        for fault in [Fault::LoseAnswer, Fault::CutBeforeExecution, Fault::ReceiveTwice] {
            let mut firm = firm.copy();
            firm.office.connector.faults.plan(When::Call(call), fault.clone());
            firm.office.update();
            settle_and_stay(&mut firm.office);
            assert_eq!(firm.txns(TxnKind::JournalEntry).len(), 2, "{fault:?} at call {call}");
            assert!(check(&firm.office).equal, "{fault:?} at call {call}");
        }
    }
}

#[test]
fn an_entry_that_somebody_deletes_counts_no_more_and_can_be_made_again() {
    let Closed { mut firm, bill, .. } = closed();
    in_billcom(&firm.office, |person| person.archive("Bill", &bill).expect("archived"));
    settle_with_problems(&mut firm.office);
    take_back(&firm.office, offered(&firm.office)[0].id, "2026-04-01");
    settle_and_stay(&mut firm.office);
    assert!(check(&firm.office).equal);
    let [entry] = firm.txns(TxnKind::JournalEntry).try_into().expect("one entry");
    in_quickbooks(&mut firm.office, |person| person.delete_txn(TxnKind::JournalEntry, &entry.id).expect("deleted"));
    settle_with_problems(&mut firm.office);
    let differences: Vec<_> = check(&firm.office).differences.into_iter().map(|it| (it.kind, it.difference)).collect();
    assert_eq!(differences, [("bill".to_owned(), "100.00".to_owned()), ("vendor".to_owned(), "100.00".to_owned())]);
    let [problem] = firm.office.status().problems.try_into().expect("one problem");
    assert_eq!(problem.code, "difference");
    take_back(&firm.office, problem.id, "2026-04-20");
    settle_and_stay(&mut firm.office);
    let [entry] = firm.txns(TxnKind::JournalEntry).try_into().expect("one entry");
    assert_eq!(entry.date, day(2026, 4, 20));
    assert!(check(&firm.office).equal);
    // A third press has nothing left to be pressed for.
    assert!(offered(&firm.office).is_empty());
}

#[test]
fn nobody_who_may_not_see_journal_entries_is_asked_for_them_before_there_is_a_reversal() {
    let Closed { mut firm, bill, .. } = closed();
    let sent = Arc::new(Mutex::new(Vec::<String>::new()));
    let noted = sent.clone();
    let note = move |_: &str, given: String| {
        noted.lock().expect("sent").push(given.clone());
        Some(given)
    };
    between(&mut firm.office, &Between::changing(note, |_, answer| Some(answer)));
    settle(&mut firm.office);
    assert!(!sent.lock().expect("sent").iter().any(|set| set.contains("JournalEntry")));
    in_billcom(&firm.office, |person| person.archive("Bill", &bill).expect("archived"));
    settle_with_problems(&mut firm.office);
    assert!(!sent.lock().expect("sent").iter().any(|set| set.contains("JournalEntry")));
    take_back(&firm.office, offered(&firm.office)[0].id, "2026-04-01");
    settle(&mut firm.office);
    assert!(sent.lock().expect("sent").iter().any(|set| set.contains("<JournalEntryQueryRq")));
}

/// A backup that is older than the button: the entry stands in QuickBooks, and nobody remembers it.
#[test]
fn an_entry_made_since_the_backup_is_recognised() {
    let Closed { mut firm, bill, .. } = closed();
    in_billcom(&firm.office, |person| person.archive("Bill", &bill).expect("archived"));
    settle_with_problems(&mut firm.office);
    let file = firm.office.back_up("backup.tar");
    take_back(&firm.office, offered(&firm.office)[0].id, "2026-04-01");
    settle_and_stay(&mut firm.office);
    firm.office.restore(&file, 91);
    settle_with_problems(&mut firm.office);
    let [problem] = offered(&firm.office).try_into().expect("asked again");
    take_back(&firm.office, problem.id, "2026-04-01");
    settle_and_stay(&mut firm.office);
    assert_eq!(firm.txns(TxnKind::JournalEntry).len(), 1);
    assert!(check(&firm.office).equal);
}
