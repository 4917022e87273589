//! What Bill.com refuses, forgets or guards.

use super::kit::{at_billcom, at_quickbooks, picture, rounds, vendor_in_quickbooks};
use crate::harness::{Office, Setup};
use counterfoil::sim::billcom::{Fault, FaultKind, On};
use counterfoil::sim::quickbooks::ListKind;

fn one_vendor() -> (Office, String, String) {
    let mut office = Office::new(Setup::default());
    let quickbooks = at_quickbooks(&office, |person| person.add_vendor("Somebody").expect("vendor"));
    office.settle(6);
    let billcom = office.organization().vendors()[0].id.clone();
    (office, quickbooks, billcom)
}

#[test]
fn a_record_that_billcom_does_not_show_for_once_is_not_deactivated_in_quickbooks() {
    for code in ["BDC_1205", "BDC_1120"] {
        let (mut office, quickbooks, _) = one_vendor();
        at_quickbooks(&office, |person| {
            person.set_field(ListKind::Vendor, &quickbooks, "Phone", "555-1").expect("edit");
        });
        office.organization().hazards.once(On::Read, FaultKind::Code(code));
        office.organization().hazards.once(On::Read, FaultKind::Code(code));
        rounds(&mut office, 3);
        assert!(vendor_in_quickbooks(&office, "Somebody").expect("vendor").active, "{code}: {}", picture(&office));
        let phone = office.organization().vendors()[0].fields.get("phone").cloned();
        assert!(phone.as_deref() == Some("555-1") || !office.status().problems.is_empty(), "{code}: the edit is lost");
    }
}

#[test]
fn a_write_that_billcom_can_never_digest_becomes_a_problem() {
    let mut office = Office::new(Setup::default());
    at_quickbooks(&office, |person| person.add_vendor("Somebody").expect("vendor"));
    office.organization().hazards.rate(On::Path("Crud/Create/Vendor"), FaultKind::Code("BDC_1001"), 1000);
    rounds(&mut office, 40);
    let tries = office.organization().calls_to("Crud/Create/Vendor");
    let named = office.status().problems.iter().any(|problem| problem.summary.contains("Somebody"));
    assert!(named, "tried {tries} times and nobody is told: {}", picture(&office));
}

#[test]
fn guarded_fields_entered_by_hand_close_their_problem() {
    let (mut office, quickbooks, billcom) = one_vendor();
    at_quickbooks(&office, |person| {
        person.set_field(ListKind::Vendor, &quickbooks, "Email", "a@example.com").expect("edit");
    });
    rounds(&mut office, 2);
    assert_eq!(office.status().problems.len(), 1, "{}", picture(&office));
    at_billcom(&office, |person| {
        person.edit("Vendor", &billcom, &[("email", serde_json::json!("a@example.com"))]).expect("edit");
    });
    rounds(&mut office, 2);
    assert!(office.status().problems.is_empty(), "both sides agree: {}", picture(&office));
}

#[test]
fn a_refused_change_that_was_taken_back_leaves_no_problem() {
    let mut office = Office::new(Setup::default());
    let one = at_quickbooks(&office, |person| person.add_vendor("One").expect("vendor"));
    at_quickbooks(&office, |person| person.add_vendor("Two").expect("vendor"));
    office.settle(6);
    office.organization().hazards.once(On::Path("Crud/Update/Vendor"), FaultKind::Code("BDC_1199"));
    at_quickbooks(&office, |person| person.set_field(ListKind::Vendor, &one, "Phone", "555-1").expect("edit"));
    rounds(&mut office, 2);
    assert_eq!(office.status().problems.len(), 1, "{}", picture(&office));
    at_quickbooks(&office, |person| person.set_field(ListKind::Vendor, &one, "Phone", "").expect("edit"));
    rounds(&mut office, 2);
    assert!(office.status().problems.is_empty(), "both sides agree: {}", picture(&office));
}

#[test]
fn what_lost_against_a_guarded_field_is_not_written_over_the_winner() {
    let (mut office, quickbooks, billcom) = one_vendor();
    at_quickbooks(&office, |person| {
        person.set_field(ListKind::Vendor, &quickbooks, "Email", "winner@example.com").expect("edit");
    });
    at_billcom(&office, |person| {
        person.edit("Vendor", &billcom, &[("email", serde_json::json!("loser@example.com"))]).expect("edit");
    });
    rounds(&mut office, 4);
    assert_eq!(office.status().problems.len(), 1, "{}", picture(&office));
    let vendor = office.books.lock().expect("books").entry(ListKind::Vendor, "Somebody").expect("vendor");
    assert_eq!(vendor.field("Email"), Some("winner@example.com"), "{}", picture(&office));
}

/// The answer to a create is lost, and somebody renames what it made before it was looked for: nobody can tell what it is but a
/// person. Nothing is made meanwhile, on either side.
#[test]
fn what_was_renamed_before_its_lost_answer_was_looked_for_is_asked_about() {
    let mut office = Office::new(Setup::default());
    at_quickbooks(&office, |person| person.add_vendor("Somebody").expect("vendor"));
    let lost = Fault { on: On::Path("Crud/Create/Vendor"), skip: 0, kind: FaultKind::LostAfter };
    office.organization().hazards.add(lost);
    office.update();
    office.work();
    let [made] = office.organization().vendors().try_into().expect("one vendor");
    at_billcom(&office, |person| person.rename("Vendor", &made.id, "Somebody else").expect("renamed"));
    rounds(&mut office, 4);
    assert_eq!(office.organization().vendors().len(), 1, "{}", picture(&office));
    assert_eq!(office.books.lock().expect("books").vendors().len(), 1, "{}", picture(&office));
    let problems = office.status().problems;
    let with = problems.iter().flat_map(|line| &line.actions).find(|action| action.id == "link").expect("a button");
    let with = with.with.clone();
    office.engine().resolve(&office.company, problems[0].id, "link", with.as_deref(), "a test").expect("pressed");
    rounds(&mut office, 2);
    assert!(office.status().problems.is_empty(), "{}", picture(&office));
    assert_eq!((office.organization().vendors().len(), office.books.lock().expect("books").vendors().len()), (1, 1));
}
