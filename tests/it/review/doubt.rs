//! Between a doubt and its end, the world goes on.

use super::kit::{at_billcom, at_quickbooks, bill, bills_numbered, books, picture, rounds};
use crate::harness::{Office, Setup, day};
use counterfoil::sim::connector::{Fault, When};
use counterfoil::sim::quickbooks::{BillDraft, BillDraftLine};

/// A vendor and an account on both sides, then a bill whose BillAdd was lost before QuickBooks saw it.
fn in_doubt() -> (Office, String) {
    let mut office = Office::new(Setup { books: books(), ..Setup::default() });
    let (vendor, account) = at_billcom(&office, |person| {
        (person.create_vendor("Somebody").expect("vendor"), person.create_account("Fees", "7", "6000").expect("account"))
    });
    office.settle(6);
    let id = at_billcom(&office, |person| person.create_bill(&bill(&vendor, Some(&account), "N-1", 700)).expect("bill"));
    office.clock.advance(chrono::Duration::minutes(20));
    office.work();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("runtime");
    let mut update = office.connector.begin_update();
    while runtime.block_on(office.connector.step(&mut update, &office.books, &office.clock)) {
        let probe = office.connector.requests.last().is_some_and(|request| request.contains("BillQueryRq"));
        if probe {
            office.connector.faults.plan(When::Next, Fault::CutBeforeExecution);
            break;
        }
    }
    // Let the reading go through, cut the write.
    office.connector.faults.clear();
    loop {
        let goes_on = runtime.block_on(office.connector.step(&mut update, &office.books, &office.clock));
        if !goes_on || office.connector.requests.last().is_some_and(|request| request.contains("BillAddRq")) {
            break;
        }
    }
    drop(update);
    (office, id)
}

#[test]
fn a_look_up_of_an_earlier_session_is_not_trusted() {
    let (mut office, _) = in_doubt();
    if !bills_numbered(&office, "N-1").is_empty() {
        panic!("the test wants the write cut before QuickBooks saw it");
    }
    // The next session finds that nothing was done, and ends before it does anything about it.
    office.clock.advance(chrono::Duration::minutes(20));
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("runtime");
    let before = office.connector.requests.len();
    let mut update = office.connector.begin_update();
    while runtime.block_on(office.connector.step(&mut update, &office.books, &office.clock)) {
        let new = &office.connector.requests[before..];
        if new.iter().any(|request| request.contains("BillAddRq")) {
            panic!("sent again before the cut: {new:#?}");
        }
        let looked = new.iter().any(|request| request.contains("BillQueryRq"));
        let answered = office.engine().plan(&office.company).expect("plan");
        if looked && answered.steps.iter().any(|step| step.kind == "bill") {
            // One more step delivers the answer.
            runtime.block_on(office.connector.step(&mut update, &office.books, &office.clock));
            break;
        }
    }
    drop(update);
    // Days later the bookkeeper misses the bill and enters it by hand.
    office.clock.advance(chrono::Duration::days(2));
    let account = office.books.lock().expect("books").account("Fees").expect("account").id;
    let vendor = office.books.lock().expect("books").vendor("Somebody").expect("vendor").id;
    at_quickbooks(&office, |person| {
        let lines = vec![BillDraftLine { account_id: account, cents: 700, memo: "work".to_owned() }];
        let draft = BillDraft { vendor_id: vendor, date: day(2026, 2, 10), ref_number: "N-1".into(), memo: String::new(), lines };
        person.add_bill(&draft).expect("bill");
    });
    rounds(&mut office, 3);
    assert_eq!(bills_numbered(&office, "N-1").len(), 1, "a duplicate bill: {}", picture(&office));
}

#[test]
fn a_bill_archived_while_in_doubt_does_not_stand_in_quickbooks() {
    let (mut office, id) = in_doubt();
    office.clock.advance(chrono::Duration::minutes(20));
    at_billcom(&office, |person| person.archive("Bill", &id).expect("archive"));
    rounds(&mut office, 4);
    assert!(bills_numbered(&office, "N-1").iter().all(|bill| bill.total_cents == 0), "{}", picture(&office));
    assert!(office.status().idle, "{}", picture(&office));
}

#[test]
fn a_bill_edited_while_in_doubt_arrives_once_with_its_last_version() {
    let (mut office, id) = in_doubt();
    office.clock.advance(chrono::Duration::minutes(20));
    let (vendor, account) = {
        let organization = office.organization();
        (organization.vendors()[0].id.clone(), organization.accounts().iter().find(|a| a.name == "Fees").expect("account").id.clone())
    };
    at_billcom(&office, |person| person.edit_bill(&id, &bill(&vendor, Some(&account), "N-1", 900)).expect("edit"));
    rounds(&mut office, 4);
    let found = bills_numbered(&office, "N-1");
    assert_eq!(found.len(), 1, "{}", picture(&office));
    assert_eq!(found[0].total_cents, 900, "{}", picture(&office));
}
