//! Merges in Bill.com: the link follows, and nothing else stops.

use super::kit::{at_billcom, bill, bills_numbered, books, picture, rounds, vendor_in_quickbooks};
use crate::harness::{Office, Setup};

#[test]
fn a_merge_of_two_linked_vendors_does_not_stop_the_company() {
    let mut office = Office::new(Setup { books: books(), ..Setup::default() });
    let (a, b) = at_billcom(&office, |person| {
        (person.create_vendor("Alpha").expect("vendor"), person.create_vendor("Beta").expect("vendor"))
    });
    office.settle(6);
    office.clock.advance(chrono::Duration::minutes(5));
    at_billcom(&office, |person| {
        person.merge("Vendor", &a, &b).expect("merge");
        person.create_vendor("Gamma").expect("vendor");
    });
    rounds(&mut office, 3);
    assert!(vendor_in_quickbooks(&office, "Gamma").is_some(), "{}", picture(&office));
    assert!(!office.status().problems.is_empty(), "QuickBooks still has both, and nobody is told");
    assert!(office.status().idle, "{}", picture(&office));
}

#[test]
fn a_bill_that_waits_for_the_survivor_of_a_merge_travels() {
    let mut office = Office::new(Setup { books: books(), ..Setup::default() });
    let (a, account) = at_billcom(&office, |person| {
        (person.create_vendor("Alpha").expect("vendor"), person.create_account("Fees", "7", "6000").expect("account"))
    });
    office.settle(6);
    let b = at_billcom(&office, |person| {
        let b = person.create_vendor("Beta").expect("vendor");
        person.create_bill(&bill(&b, Some(&account), "B-1", 500)).expect("bill");
        b
    });
    office.clock.advance(chrono::Duration::minutes(5));
    office.work();
    at_billcom(&office, |person| person.merge("Vendor", &a, &b).expect("merge"));
    rounds(&mut office, 4);
    assert_eq!(bills_numbered(&office, "B-1").len(), 1, "{}", picture(&office));
    assert!(office.status().idle, "{}", picture(&office));
}

#[test]
fn vendors_merged_into_each_other_do_not_keep_the_planner_busy() {
    let mut office = Office::new(Setup { books: books(), ..Setup::default() });
    let a = at_billcom(&office, |person| person.create_vendor("Alpha").expect("vendor"));
    office.settle(6);
    at_billcom(&office, |person| {
        let b = person.create_vendor("Beta").expect("vendor");
        person.merge("Vendor", &a, &b).expect("merge");
        person.merge("Vendor", &b, &a).expect("merge");
        person.create_vendor("Gamma").expect("vendor");
    });
    let begun = std::time::Instant::now();
    rounds(&mut office, 2);
    assert!(begun.elapsed().as_secs() < 5, "planning went in circles for {:?}", begun.elapsed());
    assert!(vendor_in_quickbooks(&office, "Gamma").is_some());
}
