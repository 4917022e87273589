//! Two full sides that were kept in step before by somebody else: everything is recognised, nothing is made.

use crate::harness::{Office, Setup};
use crate::year;
use counterfoil::sim::firm::Size;
use counterfoil::sim::quickbooks::{ListKind, TxnKind};

/// How many records both books hold.
fn held(office: &Office) -> (Vec<usize>, Vec<usize>) {
    let (books, organization) = (office.books.lock().expect("books"), office.organization());
    let lists = [ListKind::Account, ListKind::Class, ListKind::Vendor, ListKind::Customer, ListKind::ItemService];
    let here = lists.iter().map(|kind| books.entries(*kind).len());
    let here = here.chain(TxnKind::ALL.iter().map(|kind| books.txns(*kind).len())).collect();
    let entities = ["ChartOfAccount", "Department", "Vendor", "Customer", "Item", "Bill", "VendorCredit", "SentPay"];
    let there = entities.iter().chain(&["Invoice", "ReceivedPay", "MoneyMovement"]);
    (here, there.map(|entity| organization.count(entity)).collect())
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
    let before = held(&old);
    let mut office = anew(&old, true);
    let links = old.status().links.clone();
    drop(old);
    let status = office.settle(12);
    // Whether a payment by credits alone was carried out cannot be seen in QuickBooks: a person is asked.
    let asked: Vec<_> = status.problems.iter().filter(|it| !it.summary.contains(", 0.00: what it refers to")).collect();
    assert!(asked.is_empty(), "{asked:#?}");
    assert_eq!(held(&office), before, "something was made");
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
