//! Which company file it is, and what a person says about it.

use super::kit::{at_quickbooks, books, picture, rounds};
use crate::harness::{Office, Setup};
use counterfoil::sim::quickbooks::ListKind;

fn accept(office: &Office) -> bool {
    let problems = office.status().problems;
    let Some(problem) = problems.iter().find(|problem| problem.code == "wrong_company_file") else { return false };
    if !problem.actions.iter().any(|action| action.id == "accept_file") {
        return false;
    }
    office.engine().resolve(&office.company, problem.id, "accept_file", None, "a test").expect("pressed");
    true
}

#[test]
fn a_file_that_a_person_accepted_is_read_from_the_beginning() {
    let mut office = Office::new(Setup { books: books(), ..Setup::default() });
    let vendor = at_quickbooks(&office, |person| person.add_vendor("Somebody").expect("vendor"));
    office.settle(6);
    office.clock.advance(chrono::Duration::hours(5));
    // A copy is made and worked on; meanwhile the original goes on being synced.
    let mut copy = office.books.lock().expect("books").clone();
    copy.setup.path = r"D:\Moved\Company.qbw".to_owned();
    let now = copy.setup.zone.at(office.now());
    copy.person(now).set_field(ListKind::Vendor, &vendor, "Phone", "555-0100").expect("edit");
    office.clock.advance(chrono::Duration::hours(5));
    at_quickbooks(&office, |person| person.add_vendor("Later").expect("vendor"));
    rounds(&mut office, 2);
    *office.books.lock().expect("books") = copy;
    rounds(&mut office, 1);
    accept(&office);
    rounds(&mut office, 3);
    let phone = office
        .organization()
        .vendors()
        .iter()
        .find(|vendor| vendor.name == "Somebody")
        .expect("vendor")
        .fields
        .get("phone")
        .cloned();
    assert_eq!(phone.as_deref(), Some("555-0100"), "the edit in the accepted file is lost: {}", picture(&office));
}

#[test]
fn the_button_that_accepts_a_file_works_wherever_it_is_offered() {
    let mut office = Office::new(Setup { books: books(), ..Setup::default() });
    office.settle(6);
    let owner = office.connector.qwc.owner_id.to_string();
    let other = Some("{00000000-0000-4000-8000-000000000001}");
    office.books.lock().expect("books").set_company_data(&owner, "FileID", other);
    rounds(&mut office, 2);
    if accept(&office) {
        rounds(&mut office, 2);
        let still = office.status().problems.iter().any(|problem| problem.code == "wrong_company_file");
        assert!(!still, "pressed, and nothing came of it: {}", picture(&office));
    }
}
