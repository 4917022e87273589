//! A year of a plausible small firm: everything travels, every day, and at the end both books say the same.
//!
//! What is compared is read from the simulators' books, past the product. The whole year takes minutes and is run by name:
//! `cargo test --release --test it year:: -- --ignored --nocapture`.

use crate::harness::{Office, Setup};
use counterfoil::sim::billcom::Organization;
use counterfoil::sim::firm::{Firm, Size};
use counterfoil::sim::quickbooks::{CompanyFile, ListKind, TxnKind};
use std::collections::BTreeMap;

pub(crate) const SETTINGS: [(&str, &str); 3] = [
    ("money_out_clearing", "Money Out Clearing"),
    ("money_in_clearing", "Money In Clearing"),
    ("deposit_account", "Undeposited Funds"),
];

fn found(seed: u64, size: Size) -> (Office, Firm) {
    let mut office = Office::new(Setup { settings: SETTINGS.to_vec(), ..Setup::default() });
    let now = office.now();
    let firm = {
        let books = office.books.get_mut().expect("books");
        let mut organization = counterfoil::sim::billcom::lock(&office.organization);
        Firm::found(seed, size, books, &mut organization, now)
    };
    (office, firm)
}

/// One day: people work, then everything travels.
fn work_a_day(office: &mut Office, firm: &mut Firm) {
    office.clock.advance(chrono::Duration::hours(23));
    let now = office.now();
    {
        let books = office.books.get_mut().expect("books");
        let mut organization = counterfoil::sim::billcom::lock(&office.organization);
        firm.work(books, &mut organization, now);
    }
    office.clock.advance(chrono::Duration::minutes(20));
    office.settle(12);
}

/// A name as both sides can keep it: without case, double spaces, suffix and what is too long.
fn plain(name: &str) -> String {
    let squashed = name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let bare = squashed.strip_suffix(" (c)").or(squashed.strip_suffix(" (v)")).unwrap_or(&squashed);
    bare.chars().take(36).collect::<String>().trim().to_owned()
}

/// What is owed to each vendor, by name: QuickBooks, Bill.com.
fn payables(books: &CompanyFile, organization: &Organization) -> [BTreeMap<String, i64>; 2] {
    let names: BTreeMap<_, _> = books.vendors().into_iter().map(|it| (it.id, plain(&it.name))).collect();
    let here = books.payable_by_vendor().into_iter().map(|(id, cents)| (names[&id].clone(), cents)).collect();
    let names: BTreeMap<_, _> = organization.vendors().into_iter().map(|it| (it.id, plain(&it.name))).collect();
    let owed = organization.payables().into_iter().map(|(id, owed)| (names[&id].clone(), owed.owed_cents()));
    [here, owed.filter(|(_, cents)| *cents != 0).collect()]
}

/// What each customer or job owes, by the path of its names: QuickBooks, Bill.com.
fn receivables(books: &CompanyFile, organization: &Organization) -> [BTreeMap<String, i64>; 2] {
    let path = |full: &str| full.split(':').map(plain).collect::<Vec<_>>().join(":");
    let names: BTreeMap<_, _> =
        books.entries(ListKind::Customer).into_iter().map(|it| (it.id, path(&it.full_name))).collect();
    let here = books.receivable_by_customer().into_iter().map(|(id, cents)| (names[&id].clone(), cents)).collect();
    let customers: BTreeMap<_, _> = organization.customers().into_iter().map(|it| (it.id.clone(), it)).collect();
    let there = organization.receivables().into_iter().map(|(id, due)| {
        let (mut full, mut at) = (plain(&customers[&id].name), customers[&id].parent_id.clone());
        while let Some(parent) = at.and_then(|id| customers.get(&id)) {
            full = format!("{}:{full}", plain(&parent.name));
            at = parent.parent_id.clone();
        }
        (full, due.due_cents())
    });
    [here, there.filter(|(_, cents)| *cents != 0).collect()]
}

/// Documents that one side has otherwise, or not at all: for the message of a failure.
fn unlike(books: &CompanyFile, organization: &Organization) -> Vec<String> {
    let (mut here, mut there) = (BTreeMap::<String, i64>::new(), BTreeMap::<String, i64>::new());
    for kind in [TxnKind::Bill, TxnKind::VendorCredit, TxnKind::Invoice] {
        for txn in books.txns(kind) {
            *here.entry(txn.ref_number.unwrap_or_default()).or_default() += txn.total_cents;
        }
    }
    for txn in books.txns(TxnKind::BillPaymentCheck).into_iter().chain(books.txns(TxnKind::ReceivePayment)) {
        *here.entry(format!("{} {}", txn.date, txn.total_cents)).or_default() += txn.total_cents;
    }
    let bills = organization.bills().into_iter().filter(|it| it.state == "1").map(|it| (it.number, it.cents));
    let credits = organization.credits().into_iter().filter(|it| it.active).map(|it| (it.number, it.cents));
    let invoices = organization.invoices().into_iter().filter(|it| it.state == "1").map(|it| (it.number, it.cents));
    let payments = organization.payments().into_iter().filter(|it| matches!(it.status.as_str(), "1" | "2"));
    let payments = payments.map(|it| (format!("{} {}", it.process_date, it.cents), it.cents));
    let receipts = organization.receipts().into_iter().filter(|it| it.status == "0");
    let receipts = receipts.map(|it| (format!("{} {}", it.date, it.cents), it.cents));
    for (name, cents) in bills.chain(credits).chain(invoices).chain(payments).chain(receipts) {
        *there.entry(name).or_default() += cents;
    }
    let names = here.keys().chain(there.keys()).collect::<std::collections::BTreeSet<_>>();
    let of = |map: &BTreeMap<String, i64>, name: &str| map.get(name).copied().unwrap_or(0);
    let unlike = names.into_iter().filter(|name| of(&here, name) != of(&there, name));
    unlike.map(|name| format!("{name}: {} in QuickBooks, {} in Bill.com", of(&here, name), of(&there, name))).collect()
}

/// What the product itself says of both ledgers, from what it has seen.
fn assert_checked(office: &Office, when: &str) {
    let check = office.engine().check(&office.company).expect("a comparison");
    assert!(check.equal && check.differences.is_empty(), "{when}: {:#?}", check.differences);
}

/// Both ledgers, as the simulators' books show them.
pub(crate) fn assert_alike(office: &Office, when: &str) {
    let (books, organization) = (office.books.lock().expect("books"), office.organization());
    let [here, there] = payables(&books, &organization);
    assert_eq!(here, there, "{when}: what is owed to vendors: {:#?}", unlike(&books, &organization));
    let [here, there] = receivables(&books, &organization);
    assert_eq!(here, there, "{when}: what customers owe");
    let balances = books.trial_balances();
    let of = |name: &str| books.account(name).and_then(|account| balances.get(&account.id).copied()).unwrap_or(0);
    let (out, into) = (of("Money Out Clearing"), of("Money In Clearing"));
    assert_eq!(out, -i128::from(organization.unfunded_cents()), "{when}: clearing of money on its way out");
    assert_eq!(into, i128::from(organization.undeposited_cents()), "{when}: clearing of money on its way in");
    assert_eq!(balances.values().sum::<i128>(), 0, "{when}: the trial balance");
    assert!(organization.violations().is_empty(), "{:?}", organization.violations());
}

/// Every document stands as often on one side as on the other.
fn assert_counted(office: &Office) {
    let (books, organization) = (office.books.lock().expect("books"), office.organization());
    let standing = |kind| books.txns(kind).iter().filter(|txn| txn.total_cents != 0).count();
    let active = organization.bills().iter().filter(|bill| bill.state == "1").count();
    assert_eq!(standing(TxnKind::Bill), active, "bills");
    assert_eq!(
        standing(TxnKind::VendorCredit),
        organization.credits().iter().filter(|it| it.active).count(),
        "credits"
    );
    let live = |status: &str| matches!(status, "1" | "2");
    let payments = organization.payments();
    let cash = payments.iter().filter(|payment| live(&payment.status) && payment.cents > 0).count();
    assert_eq!(standing(TxnKind::BillPaymentCheck), cash, "payments");
    let confirmed = organization.movements().iter().filter(|it| it.status == "1").count();
    assert_eq!(standing(TxnKind::Transfer), confirmed, "transfers");
    assert_eq!(
        standing(TxnKind::Invoice),
        organization.invoices().iter().filter(|it| it.state == "1").count(),
        "invoices"
    );
    let received = organization.receipts().iter().filter(|it| it.status == "0").count();
    assert_eq!(standing(TxnKind::ReceivePayment), received, "receipts");
    for (kind, entity) in [
        (ListKind::Account, "ChartOfAccount"),
        (ListKind::Class, "Department"),
        (ListKind::Vendor, "Vendor"),
        (ListKind::Customer, "Customer"),
    ] {
        let names = |mut names: Vec<String>| {
            names.sort();
            names
        };
        let here = books.entries(kind).into_iter().filter(|it| it.active).map(|it| plain(&it.name)).collect();
        let there = organization.entries(entity).into_iter().filter(|it| it.active).map(|it| plain(&it.name)).collect();
        assert_eq!(names(here), names(there), "{entity}");
    }
}

/// A second look at everything writes nothing on either side.
fn assert_nothing_more_is_written(office: &mut Office) {
    let writes = |office: &Office| {
        let organization = office.organization();
        ["/Create/", "/Update/", "/Delete/", "/Undelete/", "Record"].map(|call| organization.calls_to(call))
    };
    let before = (office.applied(), writes(office));
    office.clock.advance(chrono::Duration::days(8));
    office.settle(4);
    assert_eq!((office.applied(), writes(office)), before, "a second look wrote something");
    assert_checked(office, "after a second look");
}

pub(crate) fn live_through(seed: u64, size: Size, compare_every: usize) -> (Office, Firm) {
    let (mut office, mut firm) = found(seed, size);
    office.settle(12);
    while !firm.is_done() {
        work_a_day(&mut office, &mut firm);
        // What is merged on one side only, or shown to a person, differs by nature until the other side follows.
        let settled = !firm.is_merging() && !office.status().problems.iter().any(|it| it.code == "difference");
        if settled && firm.day().is_multiple_of(compare_every) {
            assert_alike(&office, &format!("seed {seed}, day {}, {:#?}", firm.day(), office.status().problems));
        }
    }
    // What was merged on the last day is merged on the other side, too.
    office.clock.advance(chrono::Duration::hours(23));
    let now = office.now();
    {
        let books = office.books.get_mut().expect("books");
        firm.finish(books, &mut counterfoil::sim::billcom::lock(&office.organization), now);
    }
    office.settle(12);
    let status = office.status();
    assert!(status.problems.is_empty(), "seed {seed}: {:#?}", status.problems);
    assert_alike(&office, &format!("seed {seed}, at the end"));
    assert_checked(&office, &format!("seed {seed}, at the end"));
    assert_counted(&office);
    (office, firm)
}

#[test]
fn a_small_year_ends_without_a_difference() {
    let (mut office, firm) = live_through(1, Size::YEAR.divided(40, 16), 1);
    let done = firm.done();
    assert!(done.bills >= 100 && done.payments >= 60 && done.merges >= 1 && done.voids >= 5, "{done:?}");
    assert_nothing_more_is_written(&mut office);
}

#[test]
#[ignore = "minutes: run it by name, see the module"]
fn a_year_ends_without_a_difference() {
    let (mut office, firm) = live_through(2026, Size::YEAR, 5);
    println!("{:?}", firm.done());
    println!("{:?}", office.status().links);
    assert_nothing_more_is_written(&mut office);
}
