//! Every call of the Web Connector costs seconds: how many message sets the work takes.
//!
//! The full figure is taken by name: `cargo test --release --test it round_trips:: -- --ignored`.

use crate::harness::{Office, Setup, day};
use counterfoil::sim::billcom::{BillDraft, LineDraft};
use counterfoil::sim::connector::UpdateReport;
use counterfoil::sim::quickbooks::ListKind;

fn draft(vendor_id: &str, account: &str, number: usize) -> BillDraft {
    let line = LineDraft {
        cents: 1_000 + i64::try_from(number).expect("small"),
        account_id: Some(account.to_owned()),
        department_id: None,
        description: format!("Delivery {number}"),
    };
    let (date, due) = (day(2026, 2, 10), day(2026, 3, 12));
    BillDraft { vendor_id: vendor_id.to_owned(), number: format!("INV-{number}"), date, due, lines: vec![line] }
}

/// An office in step, with vendors and an account; their ids in Bill.com.
fn office(vendors: usize) -> (Office, Vec<String>, String) {
    let mut office = Office::new(Setup::default());
    let wall = office.wall_clock();
    office.books.get_mut().expect("books").person(wall).add_account("Payables", "AccountsPayable").expect("account");
    let now = office.now();
    let (vendors, account) = {
        let mut organization = office.organization();
        let mut person = organization.person(now);
        let account = person.create_account("Supplies", "7", "6150").expect("account");
        let named = |number| format!("Supplier {number}");
        ((0..vendors).map(|number| person.create_vendor(&named(number)).expect("vendor")).collect(), account)
    };
    office.settle(6);
    (office, vendors, account)
}

fn sent(report: &UpdateReport) -> usize {
    report.calls.iter().filter(|call| call.operation == "sendRequestXML").count()
}

/// So many bills are entered at once; the calls of the one session in which they leave.
fn session_of(bills: usize) -> usize {
    let (mut office, vendors, account) = office(50);
    let now = office.now();
    {
        let mut organization = office.organization();
        let mut person = organization.person(now);
        for number in 0..bills {
            person.create_bill(&draft(&vendors[number % vendors.len()], &account, number)).expect("bill");
        }
    }
    office.clock.advance(chrono::Duration::minutes(20));
    office.work();
    assert_eq!(office.status().intents["ready"], u64::try_from(bills).expect("small"));
    let calls = sent(&office.update());
    assert_eq!(office.books.lock().expect("books").bills().len(), bills, "all of them left in one session");
    calls
}

#[test]
fn a_thousand_changes_leave_in_a_fortieth_of_as_many_calls() {
    // Fifty in a set; reading before and after costs a few calls, whatever their number.
    let calls = session_of(1_000);
    assert!(calls <= 25, "{calls} calls of sendRequestXML");
}

#[test]
#[ignore = "a minute: run it by name, see the module"]
fn ten_thousand_changes_leave_in_250_calls() {
    let calls = session_of(10_000);
    println!("{calls} calls of sendRequestXML for 10,000 changes");
    assert!(calls <= 250, "{calls} calls of sendRequestXML");
}

#[test]
fn after_a_day_with_forty_changes_a_session_has_at_most_six_calls() {
    let (mut office, vendors, account) = office(20);
    let now = office.now();
    let ids: Vec<String> = {
        let mut organization = office.organization();
        let mut person = organization.person(now);
        (0..10).map(|number| person.create_bill(&draft(&vendors[number], &account, number)).expect("bill")).collect()
    };
    office.settle(6);
    office.clock.advance(chrono::Duration::hours(20));
    let now = office.now();
    {
        let mut organization = office.organization();
        let mut person = organization.person(now);
        for number in 10..25 {
            person.create_bill(&draft(&vendors[number % 20], &account, number)).expect("bill");
        }
        for (number, id) in ids.iter().enumerate() {
            person.edit_bill(id, &draft(&vendors[number], &account, number + 100)).expect("edited");
        }
        for number in 0..5 {
            person.create_vendor(&format!("Newcomer {number}")).expect("vendor");
        }
    }
    let wall = office.wall_clock();
    let known: Vec<String> = office.books.lock().expect("books").vendors().into_iter().map(|it| it.id).collect();
    for (number, id) in known.iter().take(10).enumerate() {
        let books = office.books.get_mut().expect("books");
        books.person(wall).set_field(ListKind::Vendor, id, "Phone", &format!("555-{number:04}")).expect("phone");
    }
    office.work();
    let calls = sent(&office.update());
    assert!(calls <= 6, "{calls} calls of sendRequestXML");
    office.work();
    let later = sent(&office.update());
    assert!(later <= 6, "{later} calls of sendRequestXML in the session after it");
    assert_eq!(office.books.lock().expect("books").bills().len(), 25);
}
