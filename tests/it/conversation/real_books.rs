//! The chart of accounts and the vendors of a real company file arrive in Bill.com, once each.
//!
//! Records that are inactive in QuickBooks and unknown to Bill.com are not made there (design section 4): of the 116
//! accounts of the real sample two are.

use crate::harness::{Office, Setup};
use counterfoil::sim::quickbooks::CompanyFile;

fn arrive(accounts: &str, vendors: &str) -> (usize, usize) {
    let mut books = CompanyFile::new("Rock Castle", 1);
    books.load(accounts).expect("accounts load");
    books.load(vendors).expect("vendors load");
    let counts = (
        books.accounts().into_iter().filter(|account| account.active).count(),
        books.vendors().into_iter().filter(|vendor| vendor.active).count(),
    );
    let mut office = Office::new(Setup { books, ..Setup::default() });
    let status = office.settle(6);
    assert!(status.problems.is_empty(), "{:#?}", status.problems);
    office.assert_exactly_once(0);
    assert_eq!(office.organization().accounts().len(), counts.0);
    assert_eq!(office.organization().vendors().len(), counts.1);
    let writes = |office: &Office| {
        let organization = office.organization();
        organization.calls_to("Crud/") - organization.calls_to("Crud/Read") + organization.calls_to("Bulk/")
    };
    let written = writes(&office);
    assert!(written > 0 && written <= (counts.0 + counts.1) / 2, "{written} writes: many are made in one");
    office.clock.advance(chrono::Duration::hours(1));
    office.settle(3);
    assert_eq!(writes(&office), written, "a second run wrote");
    counts
}

#[test]
fn cut_down_real_lists_arrive_once_each() {
    let (accounts, vendors) = arrive(
        include_str!("../../../fixtures/sim/quickbooks/accounts.xml"),
        include_str!("../../../fixtures/sim/quickbooks/vendors.xml"),
    );
    assert!(accounts > 3 && vendors > 1);
}

#[test]
fn the_whole_real_lists_arrive_once_each() {
    let Ok(reference) = std::env::var("COUNTERFOIL_REFERENCE") else {
        println!("skipped: COUNTERFOIL_REFERENCE does not name the folder of real samples");
        return;
    };
    let sample = |name: &str| {
        let path = std::path::Path::new(&reference).join("qbxml-samples/real").join(name);
        std::fs::read_to_string(path).expect("the sample is there")
    };
    let (accounts, vendors) = (sample("AccountQueryRs-rockcastle.xml"), sample("VendorQueryRs-rockcastle.xml"));
    assert_eq!(arrive(&accounts, &vendors), (114, 54), "of 116 accounts, two of them inactive, and 54 vendors");
    // As they were before a person put those two out of use: all 116.
    let in_use = |text: &str| text.replace("<IsActive>false</IsActive>", "<IsActive>true</IsActive>");
    assert_eq!(arrive(&in_use(&accounts), &vendors), (116, 54));
}
