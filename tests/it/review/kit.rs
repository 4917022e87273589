//! Small helpers for the reviews.

use crate::harness::{Office, day};
use chrono::Duration;
use counterfoil::sim::billcom::{self, BillDraft, LineDraft};
use counterfoil::sim::quickbooks::{self, CompanyFile};

/// A company file with nothing in it but the account that bills are booked on.
pub(crate) fn books() -> CompanyFile {
    let mut books = CompanyFile::new("Acme Tools", 1);
    let morning = day(2026, 3, 1).and_hms_opt(9, 0, 0).expect("time");
    books.person(morning).add_account("Accounts Payable", "AccountsPayable").expect("account");
    books
}

/// Somebody at Bill.com.
pub(crate) fn at_billcom<T>(office: &Office, act: impl FnOnce(&mut billcom::Person<'_>) -> T) -> T {
    let now = office.now();
    act(&mut office.organization().person(now))
}

/// Somebody at QuickBooks.
pub(crate) fn at_quickbooks<T>(office: &Office, act: impl FnOnce(&mut quickbooks::Person<'_>) -> T) -> T {
    let mut books = office.books.lock().expect("books");
    let now = books.setup.zone.at(office.now());
    act(&mut books.person(now))
}

/// Some rounds of both sides, whether or not they come to rest. A session is cut after a few hundred calls.
pub(crate) fn rounds(office: &mut Office, count: usize) {
    office.connector.settings.calls_max = 300;
    for _ in 0..count {
        office.clock.advance(Duration::minutes(20));
        try_work(office);
        office.update();
        office.clock.advance(Duration::minutes(5));
        try_work(office);
    }
}

/// A bounded share of the work towards Bill.com.
fn try_work(office: &Office) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    let engine = office.engine();
    for _ in 0..100 {
        office.clock.advance(Duration::seconds(2));
        if runtime.block_on(engine.work_once(&office.company)).expect("company").is_some() {
            return;
        }
    }
}

/// A bill with one line.
pub(crate) fn bill(vendor: &str, account: Option<&str>, number: &str, cents: i64) -> BillDraft {
    BillDraft {
        vendor_id: vendor.to_owned(),
        number: number.to_owned(),
        date: day(2026, 2, 10),
        due: day(2026, 3, 15),
        lines: vec![LineDraft {
            cents,
            account_id: account.map(str::to_owned),
            department_id: None,
            description: "work".to_owned(),
        }],
    }
}

/// How many message sets with writes the connector was given.
pub(crate) fn writes(office: &Office) -> usize {
    office.connector.requests.iter().filter(|request| request.contains("AddRq") || request.contains("ModRq")).count()
}

pub(crate) fn vendor_in_quickbooks(office: &Office, name: &str) -> Option<quickbooks::Party> {
    office.books.lock().expect("books").vendor(name)
}

pub(crate) fn bills_numbered(office: &Office, number: &str) -> Vec<quickbooks::Bill> {
    let books = office.books.lock().expect("books");
    books.bills().into_iter().filter(|bill| bill.ref_number.as_deref() == Some(number)).collect()
}

/// Everything that is to be seen, for the message of a failure.
pub(crate) fn picture(office: &Office) -> String {
    use std::fmt::Write as _;
    let (engine, status) = (office.engine(), office.status());
    let intents: Vec<_> = status.intents.iter().filter(|(_, count)| **count > 0).collect();
    let mut text = format!("idle {}, {:?}, {:?}, links {:?}\n", status.idle, status.state, intents, status.links);
    for line in &status.problems {
        let problem = engine.problem(&office.company, line.id).expect("problem");
        let _written = writeln!(
            text,
            "problem {}: {} | {} | {:?}",
            line.code, line.summary, problem.what_happened, problem.technical
        );
    }
    let plan = engine.plan(&office.company).expect("plan");
    for step in plan.steps {
        let _written =
            writeln!(text, "step {} {} {} {}: {}", step.side, step.operation, step.kind, step.record, step.reason);
    }
    for step in plan.waiting {
        let _written = writeln!(text, "waits {} {} {}: {}", step.side, step.kind, step.record, step.reason);
    }
    for event in engine.history(&office.company, None, 12).expect("history").iter().rev() {
        let _written = writeln!(text, "{} {}: {}", event.at, event.kind, event.text);
    }
    text
}
