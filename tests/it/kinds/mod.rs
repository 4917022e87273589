//! Every kind of record, in each direction in which it travels, and in those in which it never does.

mod balances;
mod cards;
mod choices;
mod credits;
mod faults;
mod ledgers;
mod lists;
mod merges;
mod payables;
mod receivables;
mod reversals;
mod stories;
mod table;

use crate::harness::Office;
use counterfoil::engine::StatusView;
use counterfoil::sim::billcom::{EntryView, Person as BillComPerson};
use counterfoil::sim::quickbooks::{ListEntry, ListKind, Person as QuickBooksPerson};

/// Time passes, and everything travels; nobody is asked anything.
fn settle(office: &mut Office) -> StatusView {
    let status = settle_with_problems(office);
    assert!(status.problems.is_empty(), "{:#?}", status.problems);
    status
}

fn settle_with_problems(office: &mut Office) -> StatusView {
    office.clock.advance(chrono::Duration::minutes(20));
    office.settle(8)
}

/// What is there travels once: another reading of everything writes nothing.
fn settle_and_stay(office: &mut Office) {
    settle(office);
    let applied = office.applied();
    office.clock.advance(chrono::Duration::days(2));
    settle(office);
    assert_eq!(office.applied(), applied, "a second look wrote something");
}

fn in_quickbooks<T>(office: &mut Office, act: impl FnOnce(&mut QuickBooksPerson<'_>) -> T) -> T {
    let now = office.wall_clock();
    act(&mut office.books.get_mut().expect("books").person(now))
}

fn in_billcom<T>(office: &Office, act: impl FnOnce(&mut BillComPerson<'_>) -> T) -> T {
    let now = office.now();
    act(&mut office.organization().person(now))
}

fn quickbooks_entry(office: &Office, kind: ListKind, full_name: &str) -> ListEntry {
    let books = office.books.lock().expect("books");
    books.entry(kind, full_name).unwrap_or_else(|| panic!("{full_name} is not in QuickBooks"))
}

fn billcom_entry(office: &Office, entity: &str, name: &str) -> EntryView {
    let entries = office.organization().entries(entity);
    let mut named = entries.iter().filter(|entry| entry.name == name);
    let found = named.next().unwrap_or_else(|| panic!("{name} is not in Bill.com: {entries:#?}"));
    assert!(named.next().is_none(), "{name} is in Bill.com twice: {entries:#?}");
    found.clone()
}
