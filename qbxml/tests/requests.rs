//! What our builders write: readable goldens.

mod support;

use qbxml::entity::*;
use qbxml::query::*;
use qbxml::schema::{Detail, Example, Kind};
use qbxml::types::*;
use qbxml::{
    BodyRequest, Limit, MessageSet, MessageSetId, OnError, QbXmlVersion, RECORDS, REQUESTS, Request, Returning,
};
use support::build::*;
use support::{fixtures, golden, no_strays, pretty, table_text};

fn by_number(numbers: &[&str]) -> BillQuery {
    let numbers = numbers.iter().map(ToString::to_string).collect();
    BillQuery { selection: TxnSelection::RefNumbersCaseSensitive(numbers), ..BillQuery::default() }
}

fn by_name(name: &str) -> EntityQuery {
    EntityQuery { selection: ListSelection::FullNames(vec![name.to_owned()]), ..EntityQuery::default() }
}

fn account_add_returning() -> Returning<AccountAdd> {
    AccountAdd::new(text("Clearing"), AccountType::Bank).returning(&["ListID", "EditSequence"]).expect("short")
}

fn written<Q: Request>(request: &Q) -> String {
    write(QbXmlVersion::V13, request).expect("valid")
}

/// Single requests, by the name of their golden.
fn single_requests() -> Vec<(&'static str, String)> {
    let next = IteratorId::new("{84ff5521-205d-46b6-9d44-7b6b9acb7165}").expect("short");
    vec![
        ("vendor-add", written(&vendor_add())),
        ("vendor-mod", written(&vendor_mod())),
        ("vendor-query-start", written(&vendor_page(Page::Start))),
        ("vendor-query-continue", written(&vendor_page(Page::Continue(next)))),
        ("bill-add", written(&bill_add())),
        ("bill-mod", written(&bill_mod())),
        ("bill-query-changed", written(&bill_query())),
        ("bill-query-by-number", written(&by_number(&["INV-1001", "INV-1002"]))),
        ("account-balances", written(&account_balances())),
        ("account-add-returning", written(&account_add_returning())),
        ("names-in-use", written(&by_name("Acme"))),
        ("first-contact", first_contact()),
        ("bill-payment", written(&bill_payment())),
        ("received-payment", written(&received_payment())),
        ("deposit", written(&deposit())),
        ("journal-entry", written(&journal_entry())),
        ("transfer", written(&transfer())),
        ("invoice", written(&invoice())),
        ("service", written(&service())),
    ]
}

/// What a server asks first.
fn first_contact() -> String {
    let owner = OwnerId::new("{512349B1-1111-2222-3333-000DE1813D20}").expect("a GUID");
    let company = CompanyQuery { owner_id: vec![owner], ..CompanyQuery::default() };
    let mut set = MessageSet::new(QbXmlVersion::V13, OnError::Continue);
    set.push(&id("0"), &HostQuery::default()).expect("valid");
    set.push(&id("1"), &company).expect("valid");
    set.push(&id("2"), &PreferencesQuery::default()).expect("valid");
    set.push(&id("3"), &CompanyActivityQuery::default()).expect("valid");
    set.finish()
}

/// The rows of the recovery table, by the name of their golden.
fn recovery_sets() -> Vec<(&'static str, String)> {
    let earlier = MessageSetId::new("b7f0c3a2-0001").expect("short");
    let later = MessageSetId::new("b7f0c3a2-0002").expect("short");
    let set = || MessageSet::new(QbXmlVersion::V13, OnError::Stop);
    let delete = TxnDel { txn_del_type: TxnDelType::Bill, txn_id: TxnId::new("1A2B-1").expect("short") };
    let mut send = set().new_id(earlier.clone());
    send.push(&id("1"), &delete).expect("valid");
    let status_check = MessageSet::status_check(QbXmlVersion::V13, &earlier);
    vec![
        ("recovery-send", send.finish()),
        ("recovery-status-check", status_check),
        ("recovery-clear", set().old_id(earlier.clone()).finish()),
        ("recovery-clear-all", set().clear_all().finish()),
        ("recovery-clear-and-send", set().old_id(earlier).new_id(later).finish()),
    ]
}

#[test]
fn hand_built_requests() {
    let folder = fixtures().join("requests");
    let mut names = Vec::new();
    for (name, xml) in single_requests().into_iter().chain(recovery_sets()) {
        names.push(format!("{name}.xml"));
        golden(&folder.join(format!("{name}.xml")), &pretty(&xml));
    }
    no_strays(&folder, ".xml", &names);
}

#[test]
fn every_request_minimal_and_with_every_element() {
    for (folder, detail, seeds) in [("minimal", Detail::Minimal, 1), ("every", Detail::Every, 3)] {
        let folder = fixtures().join("requests").join(folder);
        let mut names = Vec::new();
        for entry in REQUESTS {
            let mut set = MessageSet::new(QbXmlVersion::V16, OnError::Continue);
            for seed in 0..seeds {
                let id = id(&format!("{}-{seed}", entry.name));
                (entry.push_example)(&mut set, &id, &mut Example::new(QbXmlVersion::V16, detail, seed)).expect("valid");
            }
            names.push(format!("{}.xml", entry.name));
            golden(&folder.join(format!("{}.xml", entry.name)), &pretty(&set.finish()));
        }
        no_strays(&folder, ".xml", &names);
    }
}

#[test]
fn field_tables() {
    let folder = fixtures().join("tables");
    let mut names = Vec::new();
    for entry in REQUESTS {
        let Kind::Group(fields) = entry.kind else { panic!("{}", entry.name) };
        names.push(format!("{}Rq.txt", entry.name));
        golden(&folder.join(format!("{}Rq.txt", entry.name)), &table_text(fields, (entry.since)()));
    }
    for entry in RECORDS {
        let skipped = entry.skipped.iter().map(|name| format!("{name} skipped\n")).collect::<String>();
        names.push(format!("{}.txt", entry.element));
        golden(
            &folder.join(format!("{}.txt", entry.element)),
            &(table_text(entry.fields, QbXmlVersion::V1) + &skipped),
        );
    }
    no_strays(&folder, ".txt", &names);
}

#[test]
fn documents_are_compact_ascii_and_repeatable() {
    let xml = write(QbXmlVersion::V13, &vendor_add()).expect("valid");
    assert!(xml.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?><?qbxml version=\"13.0\"?><QBXML><QBXMLMsgsRq onError=\"continueOnError\">"));
    assert!(xml.contains("<Notes>M&#252;ller &lt;s&#252;d&gt;\nsecond line</Notes>"), "{xml}");
    assert!(xml.is_ascii() && !xml.contains("> <"));
    assert_eq!(xml, write(QbXmlVersion::V13, &vendor_add()).expect("valid"));
}

#[test]
fn sizes_are_told_before_finishing_and_a_refused_request_leaves_no_trace() {
    let mut set = MessageSet::new(QbXmlVersion::V13, OnError::Stop);
    assert!(set.is_empty());
    assert_eq!(set.size_bytes(), set.finish().len());
    set.push(&id("1"), &vendor_add()).expect("valid").push(&id("2"), &bill_add()).expect("valid");
    let before = set.finish();
    let bad = BillAdd::new(list_id("1-1").into(), day("2026-08-05"));
    assert!(set.push(&id("3"), &bad).is_err());
    assert_eq!((set.len(), set.finish()), (2, before));
    set.push(&id("4"), &HostQuery::default()).expect("still usable");
    assert_eq!(set.size_bytes(), set.finish().len());
}

#[test]
fn a_set_has_a_most_of_requests() {
    let mut set = MessageSet::new(QbXmlVersion::V13, OnError::Stop);
    for _ in 0..MessageSet::REQUESTS_MAX {
        set.push(&id("1"), &HostQuery::default()).expect("room");
    }
    let error = set.push(&id("1"), &HostQuery::default()).map(|_| ()).expect_err("full");
    assert_eq!(error.limit, Limit::MessageSet(MessageSet::REQUESTS_MAX));
}
