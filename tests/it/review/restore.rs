//! A backup restored in QuickBooks changes nothing in Bill.com by itself.

use super::kit::{at_billcom, at_quickbooks, picture, rounds, vendor_in_quickbooks};
use crate::harness::{Office, Setup, day};
use counterfoil::sim::quickbooks;

fn restored(extra_vendor: bool) -> Office {
    let books = quickbooks::demo(3, day(2026, 3, 2));
    let mut office = Office::new(Setup { books, ..Setup::default() });
    office.settle(6);
    // A day later something is changed, so that the high-water marks have moved on.
    office.clock.advance(chrono::Duration::hours(20));
    at_quickbooks(&office, |person| {
        person.add_account("Newer account", "Expense").expect("account");
        person.add_vendor("Newer vendor").expect("vendor");
    });
    rounds(&mut office, 2);
    let backup = office.books.lock().expect("books").backup();
    office.clock.advance(chrono::Duration::hours(20));
    if extra_vendor {
        at_billcom(&office, |person| person.create_vendor("After the backup").expect("vendor"));
    }
    rounds(&mut office, 2);
    {
        let mut books = office.books.lock().expect("books");
        let now = books.setup.zone.at(office.now());
        books.restore(&backup, now);
    }
    rounds(&mut office, 3);
    office
}

#[test]
fn a_restored_backup_deactivates_nothing_in_billcom() {
    let office = restored(false);
    let accounts = office.organization().accounts();
    let vendors = office.organization().vendors();
    let gone = accounts.iter().filter(|account| !account.active).count()
        + vendors.iter().filter(|vendor| !vendor.active).count();
    assert_eq!(gone, 0, "of {} accounts and {} vendors; {}", accounts.len(), vendors.len(), picture(&office));
}

#[test]
fn what_was_made_after_the_backup_stays_in_billcom() {
    let office = restored(true);
    let vendors = office.organization().vendors();
    let vendor = vendors.iter().find(|vendor| vendor.name == "After the backup").expect("vendor");
    assert!(vendor.active, "a restored backup archived a vendor in Bill.com");
    let shown = office.status().problems.iter().any(|problem| problem.summary.contains("After the backup"));
    assert!(shown || vendor_in_quickbooks(&office, "After the backup").is_some(), "{}", picture(&office));
}
