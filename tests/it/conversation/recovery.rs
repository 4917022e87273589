//! Round trips, second runs, two connectors, other company files.

use super::first_sync::bills;
use crate::harness::{Office, Setup, day};
use counterfoil::sim::quickbooks::{self, CompanyFile};

#[test]
fn five_hundred_bills_leave_in_few_round_trips_and_a_second_run_writes_nothing() {
    let books = quickbooks::demo(3, day(2026, 3, 2));
    let mut office =
        Office::new(Setup { books, fill: |organization, now| bills(organization, now, 40, 500), ..Setup::default() });
    office.work();
    office.update();
    let reads_first = office.connector.requests.iter().filter(|request| request.contains("QueryRq")).count();
    let status = office.settle(6);
    assert!(status.problems.is_empty(), "{:#?}", status.problems);
    office.assert_exactly_once(500);
    let writes: Vec<_> = office.connector.requests.iter().filter(|request| request.contains("AddRq")).collect();
    assert!(office.connector.requests.len() - reads_first <= 25, "{} requests", office.connector.requests.len());
    assert!(writes.len() <= 15, "{} message sets with writes", writes.len());
    let (applied, calls) = (office.applied(), office.connector.requests.len());
    let written = office.organization().calls_to("Crud");
    office.settle(4);
    assert_eq!(office.applied(), applied);
    assert!(
        office.connector.requests[calls..]
            .iter()
            .all(|request| !request.contains("AddRq") && !request.contains("ModRq"))
    );
    assert_eq!(
        office.organization().calls_to("Crud"),
        written,
        "the second run called Bill.com for something else than reading"
    );
}

#[test]
fn another_company_file_is_never_written() {
    let books = quickbooks::demo(3, day(2026, 3, 2));
    let mut office =
        Office::new(Setup { books, fill: |organization, now| bills(organization, now, 2, 3), ..Setup::default() });
    office.settle(6);
    let ours = std::mem::replace(office.books.get_mut().expect("books"), CompanyFile::new("Somebody else", 99));
    let now = office.now();
    office.organization().person(now).create_vendor("New after the swap").expect("vendor");
    office.clock.advance(chrono::Duration::minutes(30));
    office.work();
    office.update();
    let status = office.status();
    assert_eq!(status.problems.len(), 1, "{:#?}", status.problems);
    assert_eq!(status.problems[0].code, "wrong_company_file");
    assert!(
        office.books.get_mut().expect("books").vendors().is_empty(),
        "something was written to another company's file"
    );
    *office.books.get_mut().expect("books") = ours;
    let status = office.settle(6);
    assert!(status.problems.is_empty(), "{:#?}", status.problems);
    office.assert_exactly_once(3);
}

#[test]
fn nothing_is_written_before_the_owner_starts_it() {
    let books = quickbooks::demo(3, day(2026, 3, 2));
    let mut office = Office::new(Setup {
        books,
        start: false,
        fill: |organization, now| bills(organization, now, 3, 4),
        ..Setup::default()
    });
    let vendors = office.organization().vendors().len();
    let accounts = office.organization().accounts().len();
    for _ in 0..3 {
        office.work();
        office.update();
        office.clock.advance(chrono::Duration::minutes(20));
    }
    office.work();
    let plan = office.engine().plan(&office.company).expect("plan");
    assert!(plan.steps.iter().any(|step| step.side == "billcom" && step.kind == "vendor"));
    assert!(plan.steps.iter().any(|step| step.side == "quickbooks" && step.kind == "vendor"));
    assert!(
        plan.waiting.iter().any(|step| step.kind == "bill" && step.reason.starts_with("waits for")),
        "{:#?}",
        plan.waiting
    );
    assert_eq!(office.organization().vendors().len(), vendors);
    assert_eq!(office.organization().accounts().len(), accounts);
    assert!(office.connector.requests.iter().all(|request| !request.contains("AddRq")));
    office.engine().start(&office.company, "a test").expect("started");
    office.settle(6);
    office.assert_exactly_once(4);
}

#[test]
fn two_full_sides_are_linked_and_nothing_is_made_twice() {
    let books = quickbooks::demo(3, day(2026, 3, 2));
    let fill = |organization: &mut _, now| bills(organization, now, 3, 6);
    let mut office = Office::new(Setup { books, fill, ..Setup::default() });
    office.settle(6);
    // The same two books, and a server that knows nothing of them.
    let books = std::mem::replace(office.books.get_mut().expect("books"), CompanyFile::new("x", 1));
    let organization = office.organization().clone();
    let before = (books.accounts().len(), books.vendors().len(), books.bills().len());
    let mut again = Office::new(Setup { books, organization: Some(organization), ..Setup::default() });
    again.connector.requests.clear();
    let writes = again.organization().calls_to("Crud/Create");
    let status = again.settle(6);
    assert!(status.problems.is_empty(), "{:#?}", status.problems);
    assert_eq!(status.links["bill"], 6);
    assert_eq!(status.links["vendor"], u64::try_from(before.1).expect("few"));
    assert_eq!(again.organization().calls_to("Crud/Create"), writes, "something was created in Bill.com");
    assert!(
        again.connector.requests.iter().all(|request| !request.contains("AddRq")),
        "something was created in QuickBooks"
    );
    let books = again.books.lock().expect("books");
    assert_eq!((books.accounts().len(), books.vendors().len(), books.bills().len()), before);
}
