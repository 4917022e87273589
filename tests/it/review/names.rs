//! Names that are taken, nearly equal, or the same below another parent.

use super::kit::{
    at_billcom, at_quickbooks, bill, bills_numbered, books, picture, rounds, vendor_in_quickbooks, writes,
};
use crate::harness::{Office, Setup};
use counterfoil::sim::connector::{Fault, When};
use counterfoil::sim::quickbooks::ListKind;

const FEW: usize = 12;

#[test]
fn a_vendor_renamed_to_the_name_of_a_customer_is_not_sent_for_ever() {
    let mut office = Office::new(Setup { books: books(), ..Setup::default() });
    at_quickbooks(&office, |person| person.add_customer("Northwind").expect("customer"));
    let vendor = at_billcom(&office, |person| person.create_vendor("Nordwind").expect("vendor"));
    office.settle(6);
    let before = writes(&office);
    at_billcom(&office, |person| person.rename("Vendor", &vendor, "Northwind").expect("rename"));
    rounds(&mut office, 2);
    assert!(writes(&office) - before <= FEW, "{} message sets for one rename", writes(&office) - before);
    let done = vendor_in_quickbooks(&office, "Northwind (V)").is_some();
    assert!(done || !office.status().problems.is_empty(), "neither done nor shown: {}", picture(&office));
}

#[test]
fn a_vendor_renamed_to_the_name_of_an_inactive_one_is_not_sent_for_ever() {
    let mut office = Office::new(Setup { books: books(), ..Setup::default() });
    at_quickbooks(&office, |person| {
        let id = person.add_vendor("Old Mill").expect("vendor");
        person.set_active(ListKind::Vendor, &id, false).expect("inactive");
    });
    let vendor = at_billcom(&office, |person| person.create_vendor("Mill").expect("vendor"));
    office.settle(6);
    let before = writes(&office);
    at_billcom(&office, |person| person.rename("Vendor", &vendor, "Old Mill").expect("rename"));
    rounds(&mut office, 2);
    assert!(writes(&office) - before <= FEW, "{} message sets for one rename", writes(&office) - before);
    assert!(!office.status().problems.is_empty(), "nobody is told: {}", picture(&office));
}

#[test]
fn a_suffixed_name_that_is_taken_too_is_not_sent_for_ever() {
    let mut office = Office::new(Setup { books: books(), ..Setup::default() });
    at_quickbooks(&office, |person| {
        person.add_customer("Acme").expect("customer");
        let id = person.add_vendor("Acme (V)").expect("vendor");
        person.set_active(ListKind::Vendor, &id, false).expect("inactive");
    });
    at_billcom(&office, |person| person.create_vendor("Acme").expect("vendor"));
    rounds(&mut office, 3);
    assert!(writes(&office) <= FEW, "{} message sets for one vendor", writes(&office));
    assert!(!office.status().problems.is_empty() || office.status().links["vendor"] == 1, "{}", picture(&office));
}

#[test]
fn accounts_of_one_name_below_two_parents_both_travel() {
    let mut office = Office::new(Setup { books: books(), ..Setup::default() });
    let car = at_quickbooks(&office, |person| {
        let truck = person.add_account("Truck", "Expense").expect("account");
        let car = person.add_account("Car", "Expense").expect("account");
        person.add_sub_account(&truck, "Fuel").expect("account");
        car
    });
    office.settle(6);
    at_quickbooks(&office, |person| person.add_sub_account(&car, "Fuel").expect("account"));
    rounds(&mut office, 3);
    let fuel = office.organization().accounts().into_iter().filter(|account| account.name == "Fuel").count();
    assert_eq!(fuel, 2, "{}", picture(&office));
}

#[test]
fn create_anyway_for_an_account_of_another_type_ends() {
    let mut office = Office::new(Setup { books: books(), ..Setup::default() });
    at_quickbooks(&office, |person| person.add_account("Fees", "Income").expect("account"));
    at_billcom(&office, |person| person.create_account("Fees", "7", "").expect("account"));
    rounds(&mut office, 2);
    let before = writes(&office);
    for problem in office.status().problems {
        if problem.actions.iter().any(|action| action.id == "create_anyway") {
            office.engine().resolve(&office.company, problem.id, "create_anyway", None, "a test").expect("pressed");
        }
    }
    rounds(&mut office, 2);
    assert!(writes(&office) - before <= FEW, "{} message sets for one account", writes(&office) - before);
    assert!(!office.status().problems.is_empty() || office.status().links["account"] >= 2, "{}", picture(&office));
}

#[test]
fn of_two_vendors_of_one_name_none_is_adopted_unasked() {
    let mut office = Office::new(Setup {
        fill: |organization, now| {
            organization.rules.unique_names = false;
            organization.person(now).create_vendor("Blue Sky").expect("vendor");
            organization.person(now).create_vendor("BLUE  sky").expect("vendor");
        },
        ..Setup::default()
    });
    at_quickbooks(&office, |person| person.add_vendor("Blue Sky").expect("vendor"));
    rounds(&mut office, 2);
    assert_eq!(office.status().links["vendor"], 0, "one of the two was chosen by chance: {}", picture(&office));
    assert!(!office.status().problems.is_empty());
}

#[test]
fn names_that_quickbooks_cannot_hold_are_not_mixed_up() {
    let mut office = Office::new(Setup {
        fill: |organization, now| {
            organization.person(now).create_vendor("大阪商事").expect("vendor");
            organization.person(now).create_vendor("東京商事").expect("vendor");
        },
        ..Setup::default()
    });
    at_quickbooks(&office, |person| person.add_vendor("????").expect("vendor"));
    rounds(&mut office, 2);
    assert_eq!(office.status().links["vendor"], 0, "one of the two was taken for ????: {}", picture(&office));
    assert!(!office.status().problems.is_empty());
}

#[test]
fn an_archived_namesake_does_not_take_the_place_of_the_vendor_in_use() {
    let mut office = Office::new(Setup { books: books(), ..Setup::default() });
    at_quickbooks(&office, |person| person.add_vendor("Harbour").expect("vendor"));
    let (mut archived, mut used) = (Vec::new(), String::new());
    for number in 0..6 {
        at_billcom(&office, |person| {
            let id = person.create_vendor("Harbour").expect("vendor");
            if number < 5 {
                person.archive("Vendor", &id).expect("archive");
                archived.push(id);
            } else {
                used = id;
            }
        });
    }
    rounds(&mut office, 3);
    let vendors = office.organization().vendors();
    for id in archived {
        assert!(!vendors.iter().any(|vendor| vendor.id == id && vendor.active), "an archived vendor was brought back");
    }
    at_billcom(&office, |person| person.edit("Vendor", &used, &[("phone", serde_json::json!("555-7"))]).expect("edit"));
    rounds(&mut office, 2);
    let vendor = vendor_in_quickbooks(&office, "Harbour").expect("vendor");
    assert_eq!(vendor.field("Phone"), Some("555-7"), "{}", picture(&office));
}

#[test]
fn account_numbers_alike_in_their_first_seven_characters_are_two_accounts() {
    let mut office = Office::new(Setup { books: books(), ..Setup::default() });
    let (vendor, power) = at_billcom(&office, |person| {
        person.create_account("Rent", "7", "6000100-1").expect("account");
        (
            person.create_vendor("Landlord").expect("vendor"),
            person.create_account("Power", "7", "6000100-2").expect("account"),
        )
    });
    at_quickbooks(&office, |person| {
        let id = person.add_account("Insurance", "Expense").expect("account");
        person.set_field(ListKind::Account, &id, "AccountNumber", "6000100").expect("number");
    });
    at_billcom(&office, |person| person.create_bill(&bill(&vendor, Some(&power), "P-1", 900)).expect("bill"));
    rounds(&mut office, 4);
    let known = |name: &str| {
        let problems = office.status().problems;
        let there = office.books.lock().expect("books").account(name).is_some();
        there || problems.iter().any(|problem| problem.summary.contains(name))
    };
    for name in ["Rent", "Power", "Insurance"] {
        assert!(known(name), "{name} was silently taken for another account: {}", picture(&office));
    }
    for bill in bills_numbered(&office, "P-1") {
        let account = bill.lines[0].account_name.clone().unwrap_or_default();
        assert_eq!(account, "Power", "the bill was booked on another account");
    }
    assert!(!bills_numbered(&office, "P-1").is_empty() || !office.status().problems.is_empty(), "{}", picture(&office));
}

#[test]
fn a_vendor_deleted_and_entered_again_in_quickbooks_stays_in_use_in_billcom() {
    let mut office = Office::new(Setup { books: books(), ..Setup::default() });
    let first = at_quickbooks(&office, |person| person.add_vendor("Harbour").expect("vendor"));
    office.settle(6);
    office.clock.advance(chrono::Duration::minutes(30));
    at_quickbooks(&office, |person| {
        person.delete(ListKind::Vendor, &first).expect("deleted");
        person.add_vendor("Harbour").expect("vendor");
    });
    rounds(&mut office, 3);
    let vendors = office.organization().vendors();
    assert!(vendors.iter().any(|vendor| vendor.name == "Harbour" && vendor.active), "{}", picture(&office));
}

/// A vendor whose name a customer has, so that it is called "Harbour (V)" in QuickBooks, with a telephone number.
fn suffixed_vendor() -> (Office, String, String) {
    let mut office = Office::new(Setup { books: books(), ..Setup::default() });
    at_quickbooks(&office, |person| person.add_customer("Harbour").expect("customer"));
    let billcom = at_billcom(&office, |person| person.create_vendor("Harbour").expect("vendor"));
    at_billcom(&office, |person| {
        person.edit("Vendor", &billcom, &[("phone", serde_json::json!("555-7"))]).expect("edit");
    });
    office.settle(6);
    let quickbooks = vendor_in_quickbooks(&office, "Harbour (V)").expect("the vendor with its suffix").id;
    office.clock.advance(chrono::Duration::minutes(30));
    (office, quickbooks, billcom)
}

/// Deletes a vendor and enters one of this name in its place.
fn enter_again(office: &Office, id: &str, name: &str) {
    at_quickbooks(office, |person| {
        person.delete(ListKind::Vendor, id).expect("deleted");
        person.add_vendor(name).expect("vendor");
    });
}

#[test]
fn a_vendor_with_a_suffix_that_was_entered_again_is_not_made_twice_in_billcom() {
    let (mut office, quickbooks, billcom) = suffixed_vendor();
    enter_again(&office, &quickbooks, "Harbour (V)");
    rounds(&mut office, 3);
    let vendors = office.organization().vendors();
    assert_eq!(vendors.len(), 1, "{}", picture(&office));
    assert!(vendors[0].id == billcom && vendors[0].active && vendors[0].name == "Harbour", "{}", picture(&office));
    let vendor = vendor_in_quickbooks(&office, "Harbour (V)").expect("vendor");
    assert_eq!(vendor.field("Phone"), Some("555-7"), "what was not typed in again is filled: {}", picture(&office));
    assert_eq!(vendors[0].fields.get("phone").map(String::as_str), Some("555-7"), "nothing is emptied");
}

#[test]
fn a_vendor_entered_again_under_the_name_it_had_there_is_the_one_that_billcom_renamed() {
    let mut office = Office::new(Setup { books: books(), ..Setup::default() });
    let quickbooks = at_quickbooks(&office, |person| person.add_vendor("Harbour").expect("vendor"));
    office.settle(6);
    office.clock.advance(chrono::Duration::minutes(30));
    let billcom = office.organization().vendors()[0].id.clone();
    at_billcom(&office, |person| person.rename("Vendor", &billcom, "New Harbour").expect("rename"));
    enter_again(&office, &quickbooks, "Harbour");
    rounds(&mut office, 3);
    let vendors = office.organization().vendors();
    assert_eq!(vendors.len(), 1, "{}", picture(&office));
    assert!(vendors[0].active && vendors[0].name == "New Harbour", "{}", picture(&office));
    assert!(vendor_in_quickbooks(&office, "New Harbour").is_some(), "{}", picture(&office));
}

#[test]
fn a_vendor_renamed_before_it_was_made_with_a_suffix_is_made_under_its_new_name() {
    for call in 6..16 {
        let mut office = Office::new(Setup { books: books(), ..Setup::default() });
        at_quickbooks(&office, |person| person.add_customer("Harbour").expect("customer"));
        let vendor = at_billcom(&office, |person| person.create_vendor("Harbour").expect("vendor"));
        office.work();
        let at = office.connector.calls() + call;
        office.connector.faults.plan(When::Call(at), Fault::CutAfterCall);
        office.update();
        office.clock.advance(chrono::Duration::minutes(30));
        at_billcom(&office, |person| person.rename("Vendor", &vendor, "Seaside").expect("rename"));
        rounds(&mut office, 3);
        let renamed = vendor_in_quickbooks(&office, "Seaside").is_some();
        assert!(renamed, "the session was cut after call {call}: {}", picture(&office));
    }
}
