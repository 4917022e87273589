//! Clocks that are wrong for a while lose nothing.

use super::kit::{at_billcom, at_quickbooks, picture, rounds, vendor_in_quickbooks};
use crate::harness::{Office, Setup};
use chrono::Duration;
use counterfoil::sim::quickbooks::ListKind;

#[test]
fn a_server_clock_set_back_does_not_stop_the_reading() {
    let mut office = Office::new(Setup::default());
    at_billcom(&office, |person| person.create_vendor("Alpha").expect("vendor"));
    office.settle(6);
    office.clock.advance(Duration::days(400));
    rounds(&mut office, 2);
    office.clock.advance(-Duration::days(400));
    at_billcom(&office, |person| person.create_vendor("Beta").expect("vendor"));
    rounds(&mut office, 3);
    assert!(vendor_in_quickbooks(&office, "Beta").is_some(), "{}", picture(&office));
}

#[test]
fn one_record_stamped_in_the_future_hides_no_later_edit_in_quickbooks() {
    let mut office = Office::new(Setup::default());
    let (one, two) = at_quickbooks(&office, |person| {
        (person.add_vendor("One").expect("vendor"), person.add_vendor("Two").expect("vendor"))
    });
    office.settle(6);
    // The QuickBooks machine had a wrong date for a minute; somebody saved a vendor then.
    {
        let mut books = office.books.lock().expect("books");
        let wrong = books.setup.zone.at(office.now() + Duration::days(700));
        books.person(wrong).set_field(ListKind::Vendor, &one, "Phone", "555-0001").expect("edit");
    }
    rounds(&mut office, 2);
    at_quickbooks(&office, |person| person.set_field(ListKind::Vendor, &two, "Phone", "555-0002").expect("edit"));
    rounds(&mut office, 2);
    office.clock.advance(Duration::days(8));
    rounds(&mut office, 2);
    let vendors = office.organization().vendors();
    let two = vendors.iter().find(|vendor| vendor.name == "Two").expect("vendor");
    assert_eq!(two.fields.get("phone").map(String::as_str), Some("555-0002"), "the edit is lost for 700 days");
}
