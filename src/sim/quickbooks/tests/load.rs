//! Loading answers of a real QuickBooks.

use super::*;
use crate::sim::quickbooks::{ListKind, LoadError};

const ACCOUNTS: &str = include_str!("../../../../fixtures/sim/quickbooks/accounts.xml");
const VENDORS: &str = include_str!("../../../../fixtures/sim/quickbooks/vendors.xml");

fn loaded() -> CompanyFile {
    let mut file = CompanyFile::new("Loaded", 1);
    assert_eq!(file.load(ACCOUNTS).expect("a good answer"), 6);
    assert_eq!(file.load(VENDORS).expect("a good answer"), 2);
    file
}

#[test]
fn ids_stamps_and_balances_stay_as_they_are() {
    let mut file = loaded();
    assert_eq!(file.trial_balance(), 0);
    let session = file.begin_session("{A}", "").expect("open");
    let query = |inside: &str| set("onError=\"stopOnError\"", "13.0", inside);
    for (request, source) in [
        ("<AccountQueryRq requestID=\"1\"><ActiveStatus>All</ActiveStatus></AccountQueryRq>", ACCOUNTS),
        ("<VendorQueryRq requestID=\"1\"><ActiveStatus>All</ActiveStatus></VendorQueryRq>", VENDORS),
    ] {
        let answer = file.process(&session, at(0), &query(request)).expect("valid");
        assert_eq!(answer.trim(), source.trim(), "what was loaded comes back byte for byte");
    }
}

#[test]
fn loaded_records_take_part_in_everything() {
    let mut file = loaded();
    assert_eq!(file.vendor("C.U. Electric").expect("loaded").balance_cents, 75_000);
    assert_eq!(file.account("Accounts Payable").expect("loaded").balance_cents, 2_663_692);
    assert_eq!(file.parties(ListKind::VendorType).len(), 1, "made from a reference");
    let new = file.person(at(0)).add_account("New", "Expense").expect("new");
    assert!(new.starts_with("8000006D-"), "the counter goes on after the loaded IDs: {new}");
    assert_eq!(file.person(at(0)).add_vendor("c.u. electric").expect_err("taken").code, 3100);
}

#[test]
fn what_cannot_be_loaded_is_told() {
    let mut file = loaded();
    assert!(matches!(file.load(VENDORS), Err(LoadError::Record { .. })), "twice");
    assert!(matches!(file.load("<a"), Err(LoadError::Xml(_))));
    let nameless = "<QBXML><QBXMLMsgsRs><VendorQueryRs><VendorRet><ListID>1-1</ListID></VendorRet></VendorQueryRs></QBXMLMsgsRs></QBXML>";
    assert!(matches!(file.load(nameless), Err(LoadError::Record { what: "Name", .. })));
}
