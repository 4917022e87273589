//! Two full sides that were kept in step before by somebody else: everything is recognised, nothing is made.

use crate::harness::{Office, Setup};
use crate::year;
use counterfoil::sim::firm::Size;

/// Requests to QuickBooks and calls to Bill.com that make something.
fn made(office: &Office) -> (usize, usize) {
    let adds = |request: &String| ["AddRq", "ListMergeRq"].iter().any(|word| request.contains(word));
    let in_quickbooks = office.connector.requests.iter().filter(|request| adds(request)).count();
    let organization = office.organization();
    let in_billcom = ["Crud/Create/", "Bulk/Crud/Create/", "RecordA"].map(|call| organization.calls_to(call));
    (in_quickbooks, in_billcom.iter().sum())
}

fn writes(office: &Office) -> u64 {
    let intents = office.status().intents;
    intents["applied"]
}

/// A new company over what the old one has left on both sides; our own copy of the past is gone.
fn anew(old: &Office, start: bool) -> Office {
    let books = old.books.lock().expect("books").clone();
    let organization = old.organization().clone();
    let office = Office::new(Setup {
        books,
        organization: Some(organization),
        settings: year::SETTINGS.to_vec(),
        start,
        ..Setup::default()
    });
    office.clock.advance(old.now() - office.now());
    office
}

#[test]
fn two_full_sides_are_recognised_and_nothing_is_made() {
    let (old, _) = year::live_through(7, Size::YEAR.divided(60, 10), 100);
    let already = made_in_billcom(&old);
    let mut office = anew(&old, true);
    let links = old.status().links.clone();
    drop(old);
    let status = office.settle(12);
    let (in_quickbooks, in_billcom) = made(&office);
    assert_eq!((in_quickbooks, in_billcom - already), (0, 0), "{:#?}", status.problems);
    assert!(status.problems.is_empty(), "{:#?}", status.problems);
    year::assert_alike(&office, "after the first sync");
    // What is void on both sides needs no partner any more; everything else has the one it had.
    for (kind, count) in &links {
        assert!(status.links[kind] <= *count && status.links[kind] * 10 >= *count * 8, "{kind}: {links:?} {status:?}");
    }
    let applied = writes(&office);
    office.clock.advance(chrono::Duration::days(2));
    office.settle(4);
    assert_eq!(writes(&office), applied, "a second look wrote something");
}

fn made_in_billcom(office: &Office) -> usize {
    made(office).1
}
