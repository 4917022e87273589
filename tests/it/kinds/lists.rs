//! Classes, customers with jobs, items.

use super::{
    billcom_entry, in_billcom, in_quickbooks, quickbooks_entry, settle, settle_and_stay, settle_with_problems,
};
use crate::harness::{Office, Setup};
use counterfoil::sim::billcom::Person;
use counterfoil::sim::quickbooks::ListKind;

#[test]
fn classes_travel_both_ways_below_their_parents() {
    let mut office = Office::new(Setup::default());
    in_quickbooks(&mut office, |person| {
        let west = person.add_class("West").expect("class");
        person.add_sub_class(&west, "Reno").expect("class");
    });
    in_billcom(&office, |person| {
        let east = person.create("Department", &[("name", "East".into())]).expect("department");
        let below = [("name", "Boston".into()), ("parentDepartmentId", east.into())];
        person.create("Department", &below).expect("department");
    });
    settle_and_stay(&mut office);
    let west = billcom_entry(&office, "Department", "West");
    let reno = billcom_entry(&office, "Department", "Reno");
    assert_eq!(reno.fields.get("parentDepartmentId"), Some(&west.id));
    assert_eq!(office.organization().count("Department"), 4);
    let boston = quickbooks_entry(&office, ListKind::Class, "East:Boston");
    assert!(boston.active);

    in_quickbooks(&mut office, |person| person.rename(ListKind::Class, &boston.id, "Cambridge").expect("renamed"));
    in_billcom(&office, |person| person.archive("Department", &reno.id).expect("archived"));
    settle_and_stay(&mut office);
    assert!(billcom_entry(&office, "Department", "Cambridge").active);
    assert!(!quickbooks_entry(&office, ListKind::Class, "West:Reno").active);
}

#[test]
fn classes_are_accounting_classes_where_the_settings_say_so() {
    let mut office = Office::new(Setup { settings: vec![("class_dimension", "accounting_class")], ..Setup::default() });
    in_quickbooks(&mut office, |person| {
        let west = person.add_class("West").expect("class");
        person.add_sub_class(&west, "Reno").expect("class");
    });
    settle_and_stay(&mut office);
    let west = billcom_entry(&office, "ActgClass", "West");
    assert_eq!(billcom_entry(&office, "ActgClass", "Reno").fields.get("parentActgClassId"), Some(&west.id));
    assert_eq!(office.organization().count("Department"), 0);
}

fn customer(person: &mut Person<'_>, name: &str, parent: Option<&str>) -> String {
    person.create_customer(name, parent).expect("customer")
}

#[test]
fn customers_and_jobs_travel_both_ways_at_any_depth() {
    let mut office = Office::new(Setup::default());
    in_quickbooks(&mut office, |person| {
        let acme = person.add_customer("Acme Homes").expect("customer");
        person.set_field(ListKind::Customer, &acme, "Phone", "555-0100").expect("phone");
        let house = person.add_job(&acme, "Lake House").expect("job");
        person.add_job(&house, "Kitchen").expect("job");
    });
    in_billcom(&office, |person| {
        let baker = customer(person, "Baker & Sons", None);
        let shop = customer(person, "Shop", Some(&baker));
        person.edit("Customer", &shop, &[("billAddressCity", "Reno".into())]).expect("address");
    });
    settle_and_stay(&mut office);
    let (acme, house) =
        (billcom_entry(&office, "Customer", "Acme Homes"), billcom_entry(&office, "Customer", "Lake House"));
    assert_eq!(acme.fields.get("phone").map(String::as_str), Some("555-0100"));
    assert_eq!(house.fields.get("parentCustomerId"), Some(&acme.id));
    assert_eq!(billcom_entry(&office, "Customer", "Kitchen").fields.get("parentCustomerId"), Some(&house.id));
    let shop = quickbooks_entry(&office, ListKind::Customer, "Baker & Sons:Shop");
    assert_eq!(shop.field("BillAddress/City"), Some("Reno"));

    in_quickbooks(&mut office, |person| {
        person.set_field(ListKind::Customer, &shop.id, "Phone", "555-0200").expect("phone");
    });
    in_billcom(&office, |person| person.archive("Customer", &acme.id).expect("archived"));
    settle_and_stay(&mut office);
    assert_eq!(billcom_entry(&office, "Customer", "Shop").fields.get("phone").map(String::as_str), Some("555-0200"));
    assert!(!quickbooks_entry(&office, ListKind::Customer, "Acme Homes").active);
}

#[test]
fn a_customer_whose_name_a_vendor_has_gets_the_suffix_and_keeps_it() {
    let mut office = Office::new(Setup::default());
    in_quickbooks(&mut office, |person| person.add_vendor("Acme").expect("vendor"));
    settle(&mut office);
    in_billcom(&office, |person| customer(person, "Acme", None));
    settle_and_stay(&mut office);
    assert!(quickbooks_entry(&office, ListKind::Customer, "Acme (C)").active);
    assert_eq!(billcom_entry(&office, "Customer", "Acme").name, "Acme");
}

#[test]
fn jobs_are_jobs_where_the_settings_say_so_and_one_without_a_customer_is_asked_about() {
    let mut office = Office::new(Setup { settings: vec![("jobs", "jobs")], ..Setup::default() });
    in_quickbooks(&mut office, |person| {
        let acme = person.add_customer("Acme Homes").expect("customer");
        person.add_job(&acme, "Lake House").expect("job");
    });
    settle_and_stay(&mut office);
    assert_eq!(office.organization().count("Customer"), 1);
    assert!(billcom_entry(&office, "Job", "Acme Homes:Lake House").active);
    in_billcom(&office, |person| person.create("Job", &[("name", "Nobody's".into())]).expect("job"));
    let status = settle_with_problems(&mut office);
    assert_eq!(status.problems.len(), 1, "{:#?}", status.problems);
    assert_eq!(status.problems[0].code, "incomplete");
    assert_eq!(office.books.lock().expect("books").entries(ListKind::Customer).len(), 2);
}

#[test]
fn items_travel_to_billcom_and_their_edits_there_do_not_come_back() {
    let mut office = Office::new(Setup::default());
    in_quickbooks(&mut office, |person| {
        let income = person.add_account("Fees", "Income").expect("account");
        let work = person.add_service("Work", &income, "80.00").expect("item");
        let below = person.add_service("Design", &income, "95.50").expect("item");
        person.move_under(ListKind::ItemService, &below, Some(&work)).expect("moved");
    });
    settle_and_stay(&mut office);
    let (work, design) = (billcom_entry(&office, "Item", "Work"), billcom_entry(&office, "Item", "Design"));
    assert_eq!(design.fields.get("parentItemId"), Some(&work.id));
    assert_eq!(design.fields.get("price").and_then(|price| price.parse::<f64>().ok()), Some(95.5));
    let fees = billcom_entry(&office, "ChartOfAccount", "Fees");
    assert_eq!(work.fields.get("chartOfAccountId"), Some(&fees.id));

    in_billcom(&office, |person| person.edit("Item", &work.id, &[("description", "theirs".into())]).expect("edited"));
    settle_and_stay(&mut office);
    let here = quickbooks_entry(&office, ListKind::ItemService, "Work");
    in_quickbooks(&mut office, |person| person.rename(ListKind::ItemService, &here.id, "Labour").expect("renamed"));
    settle_and_stay(&mut office);
    assert_eq!(billcom_entry(&office, "Item", "Labour").id, work.id);
}

#[test]
fn an_item_made_in_billcom_is_offered_and_made_with_one_click() {
    let mut office = Office::new(Setup::default());
    in_quickbooks(&mut office, |person| person.add_account("Fees", "Income").expect("account"));
    settle(&mut office);
    let fees = billcom_entry(&office, "ChartOfAccount", "Fees").id;
    in_billcom(&office, |person| {
        let fields = [("name", "Consulting".into()), ("type", "0".into()), ("chartOfAccountId", fees.into())];
        person.create("Item", &fields).expect("item")
    });
    let status = settle_with_problems(&mut office);
    assert_eq!(status.problems.len(), 1, "{:#?}", status.problems);
    let problem = &status.problems[0];
    assert_eq!(problem.code, "not_created");
    office.engine().resolve(&office.company, problem.id, "create", None, "a test").expect("pressed");
    settle_and_stay(&mut office);
    assert!(quickbooks_entry(&office, ListKind::ItemService, "Consulting").active);
}
