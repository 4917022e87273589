//! Ten thousand changes at once: `cargo bench -p counterfoil --bench changes`.
//!
//! A whole office runs in this process: real SOAP bytes, real planner, real SQLite in files; both neighbours are simulated, and
//! their time is part of what is printed. First ten thousand bills are entered in Bill.com and travel to QuickBooks, then ten
//! thousand vendors get another telephone number in QuickBooks and travel to Bill.com. What is printed is the time of each step,
//! the calls of the Web Connector, and the most memory the process ever had, simulators included.

#[path = "../tests/it/harness.rs"]
#[allow(dead_code, reason = "the tests use the rest of it")]
mod harness;

use chrono::Duration;
use counterfoil::sim::billcom::{BillDraft, LineDraft};
use counterfoil::sim::quickbooks::ListKind;
use harness::{Office, Setup, day};
use std::time::Instant;

/// Changes in each direction.
const CHANGES: usize = 10_000;

fn main() {
    let mut office = Office::new(Setup::default());
    let wall = office.wall_clock();
    office.books.get_mut().expect("books").person(wall).add_account("Payables", "AccountsPayable").expect("account");
    let (vendors, account) = {
        let (now, mut organization) = (office.now(), office.organization());
        let mut person = organization.person(now);
        let account = person.create_account("Supplies", "7", "6150").expect("account");
        let named = |number| person.create_vendor(&format!("Supplier {number}")).expect("vendor");
        ((0..CHANGES).map(named).collect::<Vec<_>>(), account)
    };
    timed("vendors come over, at first", || office.settle(6));
    {
        let (now, mut organization) = (office.now(), office.organization());
        let mut person = organization.person(now);
        for (number, vendor) in vendors.iter().enumerate() {
            person.create_bill(&draft(vendor, &account, number)).expect("bill");
        }
    }
    office.clock.advance(Duration::minutes(20));
    timed("bills are read and planned", || office.work());
    let ready = office.status().intents["ready"];
    let report = timed("bills go to QuickBooks", || office.update());
    let calls = report.calls.iter().filter(|call| call.operation == "sendRequestXML").count();
    println!("  {ready} changes in {calls} calls of sendRequestXML");
    timed("the rest, until idle", || office.settle(6));
    let (wall, books) = (office.wall_clock(), office.books.get_mut().expect("books"));
    let known: Vec<String> = books.vendors().into_iter().map(|vendor| vendor.id).collect();
    for (number, id) in known.iter().enumerate() {
        books.person(wall).set_field(ListKind::Vendor, id, "Phone", &format!("555-{number:05}")).expect("phone");
    }
    office.clock.advance(Duration::minutes(20));
    timed("vendors are read and planned", || office.update());
    timed("vendors go to Bill.com", || office.work());
    timed("the rest, until idle", || office.settle(6));
    println!("carried {} changes; at most {} KB", office.applied(), peak_kilobytes());
    let check = office.engine().check(&office.company).expect("a comparison");
    println!("both ledgers are equal: {}", check.equal);
}

fn timed<T>(what: &str, step: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let done = step();
    println!("{what:<30} {:>8} ms", began.elapsed().as_millis());
    done
}

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

/// The most memory this process has had so far, as the operating system counts it; 0 where it does not.
fn peak_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
