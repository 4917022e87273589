//! Lists that are made many at once, and what becomes of the rows when something goes wrong.

use crate::harness::{Office, Setup};
use chrono::NaiveDate;
use counterfoil::sim::billcom::{FaultKind, On};
use counterfoil::sim::quickbooks::CompanyFile;

const VENDORS: usize = 150;

/// An office whose QuickBooks has many vendors.
fn office() -> Office {
    let mut books = CompanyFile::new("Acme Tools", 1);
    let day = NaiveDate::from_ymd_opt(2026, 3, 1).and_then(|day| day.and_hms_opt(9, 0, 0)).expect("time");
    for number in 0..VENDORS {
        books.person(day).add_vendor(&format!("Vendor {number:03}")).expect("vendor");
    }
    Office::new(Setup { books, ..Setup::default() })
}

fn made(office: &Office) -> usize {
    let names: std::collections::BTreeSet<_> =
        office.organization().vendors().into_iter().map(|vendor| vendor.name).collect();
    assert_eq!(names.len(), office.organization().vendors().len(), "somebody stands twice");
    names.len()
}

#[test]
fn up_to_a_hundred_new_vendors_are_one_call() {
    let mut office = office();
    office.settle(6);
    assert_eq!(made(&office), VENDORS);
    assert_eq!(office.organization().calls_to("Bulk/Crud/Create/Vendor"), 2);
    assert_eq!(office.organization().calls_to("Crud/Create/Vendor"), 0);
    assert!(office.organization().violations().is_empty());
}

#[test]
fn a_lost_answer_puts_a_hundred_rows_in_doubt_and_none_is_made_twice() {
    for fault in [FaultKind::LostAfter, FaultKind::LostBefore, FaultKind::Truncated, FaultKind::Html] {
        let mut office = office();
        office.organization().hazards.once(On::Path("Bulk/Crud/Create/Vendor"), fault);
        let status = office.settle(12);
        assert!(status.problems.is_empty(), "{fault:?}: {:?}", status.problems);
        assert_eq!(made(&office), VENDORS, "{fault:?}");
        assert_eq!(status.links["vendor"], VENDORS as u64, "{fault:?}");
    }
}

#[test]
fn when_many_at_once_are_declined_each_is_made_by_itself() {
    let mut office = office();
    office.organization().hazards.rate(On::Path("Bulk/"), FaultKind::Code("BDC_1121"), 1000);
    let status = office.settle(12);
    assert!(status.problems.is_empty(), "{:?}", status.problems);
    assert_eq!(made(&office), VENDORS);
    assert_eq!(office.organization().calls_to("Crud/Create/Vendor"), VENDORS);
}

#[test]
fn an_error_of_their_own_over_many_rows_does_not_become_a_problem_of_each() {
    let mut office = office();
    office.organization().hazards.rate(On::Path("Bulk/"), FaultKind::Code("BDC_1001"), 1000);
    let status = office.settle(12);
    assert!(status.problems.is_empty(), "{:?}", status.problems);
    assert_eq!(made(&office), VENDORS, "what failed together is tried alone");
}
