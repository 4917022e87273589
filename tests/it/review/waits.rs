//! Whatever waits comes to an end, or a person is told.

use super::kit::{at_billcom, bill, bills_numbered, books, picture, rounds};
use crate::harness::{Office, Setup};

#[test]
fn a_bill_of_a_vendor_archived_before_the_first_sync_travels_or_is_shown() {
    let mut office = Office::new(Setup { books: books(), ..Setup::default() });
    at_billcom(&office, |person| {
        let account = person.create_account("Fees", "7", "6000").expect("account");
        let vendor = person.create_vendor("Retired").expect("vendor");
        person.create_bill(&bill(&vendor, Some(&account), "R-1", 700)).expect("bill");
        person.archive("Vendor", &vendor).expect("archive");
    });
    rounds(&mut office, 4);
    let travelled = bills_numbered(&office, "R-1").len() == 1;
    assert!(travelled || !office.status().problems.is_empty(), "the bill is lost without a word: {}", picture(&office));
}

#[test]
fn a_bill_on_a_child_of_an_archived_account_travels_or_is_shown() {
    let mut office = Office::new(Setup { books: books(), ..Setup::default() });
    at_billcom(&office, |person| {
        let parent = person.create_account("Overhead", "7", "").expect("account");
        let fields = [
            ("name", serde_json::json!("Post")),
            ("accountType", serde_json::json!("7")),
            ("parentChartOfAccountId", serde_json::json!(parent)),
        ];
        let child = person.create("ChartOfAccount", &fields).expect("account");
        person.archive("ChartOfAccount", &parent).expect("archive");
        let vendor = person.create_vendor("Post office").expect("vendor");
        person.create_bill(&bill(&vendor, Some(&child), "C-1", 700)).expect("bill");
    });
    rounds(&mut office, 4);
    let travelled = bills_numbered(&office, "C-1").len() == 1;
    assert!(travelled || !office.status().problems.is_empty(), "the bill waits for ever: {}", picture(&office));
}

#[test]
fn what_waits_for_a_person_does_not_keep_the_company_busy() {
    let mut office = Office::new(Setup { books: books(), ..Setup::default() });
    at_billcom(&office, |person| {
        let account = person.create_account("Odd", "0", "").expect("account");
        let vendor = person.create_vendor("Somebody").expect("vendor");
        person.create_bill(&bill(&vendor, Some(&account), "W-1", 700)).expect("bill");
    });
    rounds(&mut office, 4);
    assert!(!office.status().problems.is_empty());
    assert!(office.status().idle, "open problems must not make a company busy: {}", picture(&office));
}

#[test]
fn a_bill_moved_to_another_vendor_is_not_entered_under_the_old_one() {
    let mut office = Office::new(Setup { books: books(), ..Setup::default() });
    let (wrong, account) = at_billcom(&office, |person| {
        (person.create_vendor("Wrong").expect("vendor"), person.create_account("Fees", "7", "6000").expect("account"))
    });
    office.settle(6);
    office.clock.advance(chrono::Duration::minutes(20));
    let id = at_billcom(&office, |person| person.create_bill(&bill(&wrong, Some(&account), "M-1", 700)).expect("bill"));
    office.work();
    let plan = office.engine().plan(&office.company).expect("plan");
    assert!(plan.steps.iter().any(|step| step.kind == "bill"), "{}", picture(&office));
    office.clock.advance(chrono::Duration::minutes(5));
    at_billcom(&office, |person| {
        let right = person.create_vendor("Right").expect("vendor");
        person.edit_bill(&id, &bill(&right, Some(&account), "M-1", 700)).expect("edit");
        person.archive("Vendor", &right).expect("archive");
    });
    rounds(&mut office, 3);
    let found = bills_numbered(&office, "M-1");
    assert_eq!(found.len(), 1, "{}", picture(&office));
    assert_eq!(found[0].vendor_name, "Right");
    let mended = office.connector.requests.iter().any(|request| request.contains("BillModRq"));
    assert!(!mended, "an overtaken version was entered first: {}", picture(&office));
}
