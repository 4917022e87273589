//! Everything that can go wrong between two computers goes wrong, and nobody is told of changes: the end is the same as in
//! calm weather.

use crate::harness::{Office, Setup};
use crate::year;
use chrono::TimeDelta;
use counterfoil::sim::billcom::{FaultKind, On, lock};
use counterfoil::sim::firm::{Firm, Size};
use counterfoil::sim::quickbooks::{ListKind, TxnKind};
use std::collections::BTreeSet;

/// A firm in step that has then worked on both sides for a day; nothing of that has travelled yet.
fn office(stormy: bool) -> Office {
    let mut office = Office::new(Setup { settings: year::SETTINGS.to_vec(), ..Setup::default() });
    let now = office.now();
    let mut firm = {
        let books = office.books.get_mut().expect("books");
        Firm::found(11, Size::YEAR.divided(60, 2), books, &mut lock(&office.organization), now)
    };
    office.settle(12);
    let now = office.now();
    let books = office.books.get_mut().expect("books");
    let mut organization = lock(&office.organization);
    firm.work(books, &mut organization, now);
    if stormy {
        let rules = &mut organization.rules;
        rules.types_wander = true;
        rules.undocumented_fields = true;
        rules.older_merge_spelling = true;
        rules.stamp_grain = TimeDelta::seconds(30);
        rules.late_lines = TimeDelta::seconds(40);
        rules.clock_skew = TimeDelta::seconds(90);
        rules.unstable_ties = true;
        rules.coarse_filters = true;
        let hazards = &mut organization.hazards;
        for (on, kind) in [
            (On::Any, FaultKind::LostBefore),
            (On::Any, FaultKind::LostAfter),
            (On::Any, FaultKind::Html),
            (On::Any, FaultKind::Truncated),
            (On::Any, FaultKind::Status(503)),
            (On::Any, FaultKind::SessionKilled),
            (On::Any, FaultKind::Code("BDC_1322")),
            (On::Any, FaultKind::Code("BDC_1001")),
            (On::Any, FaultKind::Oversize(80_000_000)),
            (On::Any, FaultKind::Redirect),
            (On::List, FaultKind::EditListedRow),
        ] {
            hazards.rate(on, kind, 12);
        }
    }
    drop(organization);
    office
}

/// Everything that both books say, by names and numbers.
fn picture(office: &Office) -> BTreeSet<String> {
    let (books, organization) = (office.books.lock().expect("books"), office.organization());
    let mut said = BTreeSet::new();
    for kind in [ListKind::Account, ListKind::Class, ListKind::Vendor, ListKind::Customer] {
        said.extend(books.entries(kind).into_iter().map(|it| format!("here {kind:?} {} {}", it.full_name, it.active)));
    }
    for entity in ["ChartOfAccount", "Department", "Vendor", "Customer", "Item"] {
        let entries = organization.entries(entity).into_iter();
        said.extend(entries.map(|it| format!("there {entity} {} {}", it.name.trim(), it.active)));
    }
    for kind in TxnKind::ALL {
        said.extend(
            books.txns(*kind).into_iter().map(|it| {
                format!("here {kind:?} {:?} {} {} {}", it.ref_number, it.date, it.total_cents, it.open_cents)
            }),
        );
    }
    said.extend(
        organization.invoices().into_iter().map(|it| format!("there {} {} {}", it.number, it.cents, it.due_cents)),
    );
    said.extend(organization.receipts().into_iter().map(|it| format!("there {} {}", it.cents, it.status)));
    said
}

#[test]
fn the_end_is_the_same_with_every_hazard_and_without_notices() {
    let mut calm = office(false);
    calm.settle(12);
    let mut stormy = office(true);
    // The hazards never stop while everything travels; only then the weather clears, for the comparison.
    for _ in 0..60 {
        stormy.clock.advance(chrono::Duration::minutes(30));
        stormy.work();
        stormy.update();
        if stormy.status().idle {
            break;
        }
    }
    assert!(stormy.organization().hazards.injected().len() > 20, "{:?}", stormy.organization().hazards.injected());
    stormy.organization().hazards.calm();
    stormy.clock.advance(chrono::Duration::hours(1));
    let status = stormy.settle(12);
    assert!(status.problems.is_empty(), "{:#?}", status.problems);
    assert_eq!(picture(&calm), picture(&stormy));
    year::assert_alike(&stormy, "after the storm");
    let applied = stormy.applied();
    stormy.clock.advance(chrono::Duration::days(2));
    stormy.settle(4);
    assert_eq!(stormy.applied(), applied, "a full scan found something");
}
