//! Edits on either side, and what follows.

use super::first_sync::bills;
use crate::harness::{Office, Setup, day};
use counterfoil::engine::StatusView;
use counterfoil::sim::billcom::{BillDraft, LineDraft};
use counterfoil::sim::quickbooks::{self, ListKind, StoreFull, TxnKind};

fn in_step() -> Office {
    let books = quickbooks::demo(3, day(2026, 3, 2));
    let mut office =
        Office::new(Setup { books, fill: |organization, now| bills(organization, now, 3, 4), ..Setup::default() });
    let status = office.settle(6);
    assert!(status.problems.is_empty(), "{:#?}", status.problems);
    office
}

/// Somebody changes a field of a QuickBooks vendor.
fn set_in_quickbooks(office: &mut Office, name: &str, field: &str, value: &str) {
    let now = office.wall_clock();
    let books = office.books.get_mut().expect("books");
    let id = books.vendor(name).expect("vendor").id;
    books.person(now).set_field(ListKind::Vendor, &id, field, value).expect("changed");
}

/// Somebody changes a field of a Bill.com vendor.
fn set_in_billcom(office: &Office, name: &str, field: &'static str, value: &str) {
    let now = office.now();
    let id = billcom_vendor(office, name).0;
    office.organization().person(now).edit("Vendor", &id, &[(field, value.into())]).expect("changed");
}

fn billcom_vendor(office: &Office, name: &str) -> (String, std::collections::BTreeMap<&'static str, String>, bool) {
    let vendors = office.organization().vendors();
    let vendor = vendors.into_iter().find(|vendor| vendor.name == name).expect("vendor");
    (vendor.id, vendor.fields, vendor.active)
}

fn quickbooks_field(office: &Office, name: &str, field: &str) -> Option<String> {
    office.books.lock().expect("books").vendor(name).expect("vendor").field(field).map(str::to_owned)
}

fn settle(office: &mut Office) -> StatusView {
    office.clock.advance(chrono::Duration::minutes(20));
    office.settle(6)
}

#[test]
fn different_fields_changed_on_both_sides_both_travel() {
    let mut office = in_step();
    set_in_quickbooks(&mut office, "Supplier 001", "Phone", "555-0100");
    set_in_billcom(&office, "Supplier 001", "fax", "555-0200");
    let status = settle(&mut office);
    assert!(status.problems.is_empty(), "{:#?}", status.problems);
    let (_, fields, _) = billcom_vendor(&office, "Supplier 001");
    assert_eq!(fields.get("phone").map(String::as_str), Some("555-0100"));
    assert_eq!(quickbooks_field(&office, "Supplier 001", "Fax").as_deref(), Some("555-0200"));
}

#[test]
fn the_same_field_changed_on_both_sides_goes_to_the_winner_and_leaves_an_event() {
    for (winner, expected) in [("quickbooks", "555-0100"), ("billcom", "555-0200")] {
        let mut office = in_step();
        let change = [("conflict_winner".to_owned(), winner.to_owned())];
        office.engine().set(&office.company, &change, "a test").expect("set");
        set_in_quickbooks(&mut office, "Supplier 001", "Phone", "555-0100");
        set_in_billcom(&office, "Supplier 001", "phone", "555-0200");
        settle(&mut office);
        let (_, fields, _) = billcom_vendor(&office, "Supplier 001");
        assert_eq!(fields.get("phone").map(String::as_str), Some(expected));
        assert_eq!(quickbooks_field(&office, "Supplier 001", "Phone").as_deref(), Some(expected));
        let history = office.engine().history(&office.company, None, 500).expect("history");
        let conflicts: Vec<_> = history.iter().filter(|event| event.kind == "conflict").collect();
        assert_eq!(conflicts.len(), 1, "{history:#?}");
        assert!(
            conflicts[0].text.contains("555-0100") && conflicts[0].text.contains("555-0200"),
            "{}",
            conflicts[0].text
        );
    }
}

#[test]
fn a_field_emptied_on_one_side_is_emptied_on_the_other() {
    let mut office = in_step();
    set_in_quickbooks(&mut office, "Supplier 001", "Phone", "555-0100");
    settle(&mut office);
    set_in_billcom(&office, "Supplier 001", "phone", "");
    settle(&mut office);
    assert_eq!(quickbooks_field(&office, "Supplier 001", "Phone"), None);
}

#[test]
fn a_vendor_made_inactive_in_quickbooks_is_archived_in_billcom_and_back() {
    let mut office = in_step();
    let now = office.wall_clock();
    let books = office.books.get_mut().expect("books");
    let id = books.vendor("Supplier 002").expect("vendor").id;
    books.person(now).set_active(ListKind::Vendor, &id, false).expect("inactive");
    settle(&mut office);
    assert!(!billcom_vendor(&office, "Supplier 002").2);
    let (now, id) = (office.now(), billcom_vendor(&office, "Supplier 002").0);
    office.organization().person(now).restore("Vendor", &id).expect("restored");
    settle(&mut office);
    assert!(office.books.lock().expect("books").vendor("Supplier 002").expect("vendor").active);
}

fn bill_draft(office: &Office, number: &str, lines: &[(i64, &str)]) -> (String, BillDraft) {
    let organization = office.organization();
    let bill = organization.bills().into_iter().find(|bill| bill.number == number).expect("bill");
    let account = bill.lines[0].account_id.clone();
    let line = |(cents, text): &(i64, &str)| LineDraft {
        cents: *cents,
        account_id: account.clone(),
        department_id: None,
        description: (*text).to_owned(),
    };
    let draft = BillDraft {
        vendor_id: bill.vendor_id.clone(),
        number: number.to_owned(),
        date: day(2026, 2, 10),
        due: day(2026, 4, 1),
        lines: lines.iter().map(line).collect(),
    };
    (bill.id, draft)
}

fn quickbooks_bill(office: &Office, number: &str) -> quickbooks::Bill {
    let bills = office.books.lock().expect("books").bills();
    bills.into_iter().find(|bill| bill.ref_number.as_deref() == Some(number)).expect("bill")
}

#[test]
fn a_bill_edited_in_billcom_changes_in_quickbooks_line_by_line() {
    let mut office = in_step();
    for lines in [vec![(500, "one"), (700, "two"), (-100, "back")], vec![(900, "only")]] {
        let (id, draft) = bill_draft(&office, "INV-0002", &lines);
        let now = office.now();
        office.organization().person(now).edit_bill(&id, &draft).expect("edited");
        let status = settle(&mut office);
        assert!(status.problems.is_empty(), "{:#?}", status.problems);
        let bill = quickbooks_bill(&office, "INV-0002");
        let seen: Vec<_> = bill.lines.iter().map(|line| (line.cents, line.memo.clone().unwrap_or_default())).collect();
        let wanted: Vec<_> = lines.iter().map(|(cents, text)| (*cents, (*text).to_owned())).collect();
        assert_eq!(seen, wanted);
        assert_eq!((bill.date, bill.due_date), (day(2026, 2, 10), Some(day(2026, 4, 1))));
    }
    office.assert_exactly_once(4);
}

#[test]
fn a_bill_archived_in_billcom_is_voided_in_quickbooks() {
    let mut office = in_step();
    let (id, _) = bill_draft(&office, "INV-0002", &[]);
    let now = office.now();
    office.organization().person(now).archive("Bill", &id).expect("archived");
    let status = settle(&mut office);
    assert!(status.problems.is_empty(), "{:#?}", status.problems);
    assert_eq!(quickbooks_bill(&office, "INV-0002").total_cents, 0);
    let applied = office.applied();
    settle(&mut office);
    assert_eq!(office.applied(), applied, "it was voided twice");
}

#[test]
fn a_bill_edited_in_quickbooks_changes_nothing_in_billcom_and_is_shown() {
    let mut office = in_step();
    let bill = quickbooks_bill(&office, "INV-0001");
    let now = office.wall_clock();
    let books = office.books.get_mut().expect("books");
    books.person(now).change_bill(&bill.id, &[("Memo", "paid by hand")]).expect("changed");
    let before = office.organization().bills();
    let status = settle(&mut office);
    assert_eq!(office.organization().bills(), before);
    assert_eq!(status.problems.len(), 1, "{:#?}", status.problems);
    let problem = &status.problems[0];
    assert_eq!(problem.code, "difference");
    office.engine().resolve(&office.company, problem.id, "use_billcom", None, "a test").expect("resolved");
    let status = settle(&mut office);
    assert!(status.problems.is_empty(), "{:#?}", status.problems);
    assert_eq!(quickbooks_bill(&office, "INV-0001").memo, None);
}

#[test]
fn a_bill_deleted_in_quickbooks_is_shown_and_not_made_again() {
    let mut office = in_step();
    let bill = quickbooks_bill(&office, "INV-0001");
    let now = office.wall_clock();
    office.books.get_mut().expect("books").person(now).delete_txn(TxnKind::Bill, &bill.id).expect("deleted");
    let status = settle(&mut office);
    assert_eq!(status.problems.len(), 1, "{:#?}", status.problems);
    assert_eq!(status.problems[0].code, "difference");
    office.engine().resolve(&office.company, status.problems[0].id, "skip", None, "a test").expect("resolved");
    let status = settle(&mut office);
    assert!(status.problems.is_empty(), "{:#?}", status.problems);
    let numbers: Vec<_> =
        office.books.lock().expect("books").bills().into_iter().filter_map(|bill| bill.ref_number).collect();
    assert!(!numbers.contains(&"INV-0001".to_owned()));
}

#[test]
fn a_name_taken_by_a_customer_gets_the_suffix_and_keeps_it() {
    let mut office = in_step();
    let now = office.wall_clock();
    office.books.get_mut().expect("books").person(now).add_customer("Double Name").expect("customer");
    let now = office.now();
    office.organization().person(now).create_vendor("Double Name").expect("vendor");
    let status = settle(&mut office);
    assert!(status.problems.is_empty(), "{:#?}", status.problems);
    assert!(office.books.lock().expect("books").vendor("Double Name (V)").is_some());
    billcom_vendor(&office, "Double Name");
    settle(&mut office);
    billcom_vendor(&office, "Double Name");
    set_in_billcom(&office, "Double Name", "phone", "555-0300");
    settle(&mut office);
    assert_eq!(quickbooks_field(&office, "Double Name (V)", "Phone").as_deref(), Some("555-0300"));
}

#[test]
fn a_vendor_made_by_hand_on_both_sides_between_two_updates_is_one_vendor() {
    let mut office = in_step();
    let now = office.wall_clock();
    office.books.get_mut().expect("books").person(now).add_vendor("acme   TOOLS").expect("vendor");
    let now = office.now();
    office.organization().person(now).create_vendor("Acme Tools").expect("vendor");
    let (before, links) = (office.organization().vendors().len(), office.status().links["vendor"]);
    let status = settle(&mut office);
    assert!(status.problems.is_empty(), "{:#?}", status.problems);
    assert_eq!(office.organization().vendors().len(), before);
    assert_eq!(status.links["vendor"], links + 1);
    assert!(office.books.lock().expect("books").vendor("acme   TOOLS").is_some(), "each side keeps its own spelling");
}

#[test]
fn a_bill_typed_into_quickbooks_with_another_amount_is_a_question() {
    let mut office = in_step();
    let vendor = quickbooks_bill(&office, "INV-0001");
    let draft = quickbooks::BillDraft {
        vendor_id: vendor.vendor_id.clone(),
        ref_number: "Z-77".to_owned(),
        memo: String::new(),
        date: day(2026, 2, 20),
        lines: vec![quickbooks::BillDraftLine {
            account_id: vendor.lines[0].account_id.clone().expect("account"),
            cents: 5_000,
            memo: String::new(),
        }],
    };
    let now = office.wall_clock();
    office.books.get_mut().expect("books").person(now).add_bill(&draft).expect("typed");
    let (_, mut twin) = bill_draft(&office, "INV-0001", &[(5_100, "the same, but dearer")]);
    twin.number = "Z-77".to_owned();
    twin.date = day(2026, 2, 20);
    let now = office.now();
    office.organization().person(now).create_bill(&twin).expect("entered");
    let status = settle(&mut office);
    assert_eq!(status.problems.len(), 1, "{:#?}", status.problems);
    assert_eq!(status.problems[0].code, "money_differs");
    let link = status.problems[0].actions.iter().find(|action| action.id == "link").expect("a button");
    office
        .engine()
        .resolve(&office.company, status.problems[0].id, "link", link.with.as_deref(), "a test")
        .expect("linked");
    let status = settle(&mut office);
    assert_eq!(status.links["bill"], 5, "{:#?}", status.problems);
    let count = office
        .books
        .lock()
        .expect("books")
        .bills()
        .into_iter()
        .filter(|b| b.ref_number.as_deref() == Some("Z-77"))
        .count();
    assert_eq!(count, 1);
}

#[test]
fn a_record_whose_window_is_open_waits_for_a_later_session() {
    let mut office = in_step();
    set_in_billcom(&office, "Supplier 001", "phone", "555-0200");
    let id = office.books.lock().expect("books").vendor("Supplier 001").expect("vendor").id;
    office.clock.advance(chrono::Duration::minutes(20));
    office.work();
    let now = office.wall_clock();
    office.books.get_mut().expect("books").person(now).open_window(&id);
    let report = office.update();
    assert!(report.requests <= 60 && report.calls.len() < 30, "{} calls, {:#?}", report.calls.len(), office.status());
    assert_ne!(quickbooks_field(&office, "Supplier 001", "Phone").as_deref(), Some("555-0200"));
    office.books.get_mut().expect("books").person(now).close_window(&id);
    settle(&mut office);
    assert_eq!(quickbooks_field(&office, "Supplier 001", "Phone").as_deref(), Some("555-0200"));
}

#[test]
fn a_change_that_quickbooks_cannot_keep_the_outcome_of_does_not_go_round_for_ever() {
    let mut office = in_step();
    set_in_billcom(&office, "Supplier 001", "phone", "555-0300");
    office.clock.advance(chrono::Duration::minutes(20));
    office.work();
    let full = |office: &mut Office, sets: usize| {
        let habits = &mut office.books.get_mut().expect("books").setup.habits;
        (habits.store_full, habits.message_sets_max) = (StoreFull::Refused, sets);
    };
    full(&mut office, 0);
    let report = office.update();
    assert!(report.requests <= 12, "{} requests", report.requests);
    let codes =
        |office: &Office| office.status().problems.iter().map(|problem| problem.code.clone()).collect::<Vec<_>>();
    assert_eq!(codes(&office), ["outcome_untold"]);
    assert_ne!(quickbooks_field(&office, "Supplier 001", "Phone").as_deref(), Some("555-0300"));
    full(&mut office, 100);
    settle(&mut office);
    assert_eq!(quickbooks_field(&office, "Supplier 001", "Phone").as_deref(), Some("555-0300"));
    assert_eq!(codes(&office), Vec::<String>::new());
}
