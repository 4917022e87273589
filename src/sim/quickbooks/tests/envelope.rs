//! The envelope: strictness, versions, attributes, onError, the form of answers.

use super::*;
use crate::sim::quickbooks::{Version, validate};

const VENDORS: &str = "<VendorQueryRq requestID=\"1\"/>";

#[test]
fn an_answer_has_the_form_of_real_ones() {
    let mut desk = Desk::new();
    let xml = set(
        "onError=\"stopOnError\"",
        "13.0",
        "<VendorAddRq requestID=\"a &quot;b&quot;\"><VendorAdd><Name>Caf\u{e9} &lt;R&amp;D&gt;</Name><VendorAddress><Addr1>1 Main</Addr1><City>X</City><State>CA</State></VendorAddress></VendorAdd></VendorAddRq><AccountAddRq><AccountAdd><Name>Rent</Name><AccountType>Expense</AccountType></AccountAdd></AccountAddRq>",
    );
    let answer = desk.raw(&xml).expect("valid");
    let expected = "<?xml version=\"1.0\" ?>\n<QBXML>\n<QBXMLMsgsRs>\n\
<VendorAddRs requestID=\"a &quot;b&quot;\" statusCode=\"0\" statusSeverity=\"Info\" statusMessage=\"Status OK\">\n\
<VendorRet>\n<ListID>80000002-1768226520</ListID>\n<TimeCreated>2026-01-12T09:02:00-05:00</TimeCreated>\n\
<TimeModified>2026-01-12T09:02:00-05:00</TimeModified>\n<EditSequence>1768226520</EditSequence>\n\
<Name>Caf&#233; &lt;R&amp;D&gt;</Name>\n<IsActive>true</IsActive>\n<VendorAddress>\n<Addr1>1 Main</Addr1>\n<City>X</City>\n<State>CA</State>\n</VendorAddress>\n\
<VendorAddressBlock>\n<Addr1>1 Main</Addr1>\n<Addr2>X, CA</Addr2>\n</VendorAddressBlock>\n\
<IsVendorEligibleFor1099>false</IsVendorEligibleFor1099>\n<Balance>0.00</Balance>\n</VendorRet>\n</VendorAddRs>\n\
<AccountAddRs statusCode=\"3100\" statusSeverity=\"Error\" statusMessage=\"The name &quot;Rent&quot; of the list element is already in use.\" />\n\
</QBXMLMsgsRs>\n</QBXML>\n";
    assert_eq!(answer, expected);
}

const GOOD: &str = "<VendorAddRq><VendorAdd><Name>New</Name><Phone>1</Phone></VendorAdd></VendorAddRq>";

/// Message sets of which each has one thing wrong.
fn broken_sets() -> Vec<String> {
    let good = GOOD;
    vec![
        set(
            "onError=\"stopOnError\"",
            "13.0",
            "<VendorAddRq><VendorAdd><Phone>1</Phone><Name>New</Name></VendorAdd></VendorAddRq>",
        ),
        set("onError=\"stopOnError\"", "13.0", &format!("{good}<VendorAddRq><VendorAdd/></VendorAddRq>")),
        set("onError=\"stopOnError\"", "13.0", &format!("{good}<NoSuchRq/>")),
        set("onError=\"stopOnError\"", "13.0", "<AccountQueryRq iterator=\"Start\"/>"),
        set("onError=\"stopOnError\"", "13.0", "<VendorQueryRq metaData=\"Yes\"/>"),
        set("onError=\"stopOnError\"", "13.0", "<VendorQueryRq><MaxReturned>0</MaxReturned></VendorQueryRq>"),
        set("onError=\"stopOnError\"", "3.0", "<VendorQueryRq iterator=\"Start\"/>"),
        set(
            "onError=\"stopOnError\"",
            "5.0",
            "<AccountModRq><AccountMod><ListID>1</ListID><EditSequence>1</EditSequence></AccountMod></AccountModRq>",
        ),
        set(
            "onError=\"stopOnError\"",
            "11.0",
            "<VendorAddRq><VendorAdd><Name>New</Name><Cc>a@b</Cc></VendorAdd></VendorAddRq>",
        ),
        set("onError=\"rollbackOnError\"", "13.0", good),
        set("", "13.0", good),
        set("onError=\"stopOnError\" extra=\"1\"", "13.0", good),
        set(
            "onError=\"stopOnError\"",
            "13.0",
            "<VendorAddRq><VendorAdd><Name>\u{20ac}</Name></VendorAdd></VendorAddRq>",
        ),
        set("onError=\"stopOnError\"", "13.0", "stray"),
        set("onError=\"stopOnError\"", "13.0", good).replace("<?qbxml version=\"13.0\"?>", ""),
        set("onError=\"stopOnError\"", "13.0", good).replace("<?qbxml version=\"13.0\"?>", "<?qbxml 13.0?>"),
        set("onError=\"stopOnError\"", "13.0", good).replace("</QBXML>", ""),
        set("onError=\"stopOnError\"", "13.0", good).replace("<QBXML>", "<QBXML xmlns=\"urn:x\">"),
        set("onError=\"stopOnError\"", "13.0", good).replace("<QBXML>", "<!DOCTYPE QBXML><QBXML>"),
        String::new(),
    ]
}

#[test]
fn any_deviation_from_the_schema_refuses_the_whole_set() {
    for xml in broken_sets() {
        let mut desk = Desk::new();
        let before = desk.file.books.clone();
        let refused = desk.raw(&xml).expect_err(&xml);
        assert_eq!(refused.code, 0x8004_0400, "{xml}");
        assert_eq!(refused.message, "QuickBooks found an error when parsing the provided XML text stream.");
        assert!(before == desk.file.books, "nothing ran: {xml}");
        assert!(validate(&xml, &desk.file.setup.versions).is_err(), "validate agrees: {xml}");
    }
    let mut desk = Desk::new();
    assert!(desk.raw(&set("onError=\"stopOnError\"", "13.0", GOOD)).is_ok());
}

#[test]
fn unknown_versions_are_told_apart() {
    let mut desk = Desk::new();
    for version in ["17.0", "CA2.0", "13.5"] {
        let refused = desk.send_with("onError=\"stopOnError\"", version, VENDORS).expect_err("unknown");
        assert_eq!(refused.code, 0x8004_0423, "{version}");
    }
    desk.file.setup.versions.retain(|version| *version <= Version(13, 0));
    assert!(desk.send_with("onError=\"stopOnError\"", "13.0", VENDORS).is_ok());
    assert_eq!(desk.send_with("onError=\"stopOnError\"", "14.0", VENDORS).expect_err("too new").code, 0x8004_0423);
}

#[test]
fn the_announced_version_decides_what_is_returned() {
    let mut desk = Desk::new();
    desk.send("<VendorAddRq><VendorAdd><Name>New</Name><Email>a@b</Email><Cc>c@d</Cc></VendorAdd></VendorAddRq>");
    let query = "<VendorQueryRq><FullName>New</FullName></VendorQueryRq>";
    let old = desk.send_with("onError=\"stopOnError\"", "11.0", query).expect("valid");
    assert_eq!(old.children[0].children[0].text_of("Cc"), None);
    let new = desk.send_with("onError=\"stopOnError\"", "12.0", query).expect("valid");
    assert_eq!(new.children[0].children[0].text_of("Cc"), Some("c@d"));
}

#[test]
fn stop_on_error_answers_the_rest_with_3231() {
    let mut desk = Desk::new();
    let requests = "<VendorAddRq requestID=\"1\"><VendorAdd><Name>One</Name></VendorAdd></VendorAddRq><VendorAddRq requestID=\"2\"><VendorAdd><Name>one</Name></VendorAdd></VendorAddRq><VendorAddRq requestID=\"3\"><VendorAdd><Name>Three</Name></VendorAdd></VendorAddRq>";
    let answer = desk.send_with("onError=\"stopOnError\"", "13.0", requests).expect("valid");
    assert_eq!(answer.children.iter().map(code).collect::<Vec<_>>(), [0, 3100, 3231]);
    assert_eq!(answer.children[2].attribute("statusMessage"), Some("The request has not been processed."));
    assert!(desk.file.vendor("One").is_some(), "work already done stays done");
    assert!(desk.file.vendor("Three").is_none());
    let mut desk = Desk::new();
    let answer = desk.send(requests);
    assert_eq!(answer.children.iter().map(code).collect::<Vec<_>>(), [0, 3100, 0]);
}

#[test]
fn request_ids_are_echoed_only_if_given_and_short() {
    let mut desk = Desk::new();
    let long = "x".repeat(51);
    let answer = desk.send(&format!("<HostQueryRq/><HostQueryRq requestID=\"\"/><VendorAddRq requestID=\"{long}\"><VendorAdd><Name>L</Name></VendorAdd></VendorAddRq>"));
    assert_eq!(answer.children[0].attribute("requestID"), None);
    assert_eq!(answer.children[1].attribute("requestID"), Some(""));
    assert_eq!(code(&answer.children[2]), 1060);
    assert!(desk.file.vendor("L").is_none());
}

#[test]
fn response_data_can_be_left_out() {
    let mut desk = Desk::new();
    let answer =
        desk.send_with("onError=\"stopOnError\" responseData=\"includeNone\"", "13.0", VENDORS).expect("valid");
    assert_eq!((code(&answer.children[0]), answer.children[0].children.len()), (0, 0));
}

#[test]
fn a_session_that_ended_is_refused() {
    let mut desk = Desk::new();
    desk.file.end_session(&desk.session.clone());
    assert_eq!(desk.send_with("onError=\"stopOnError\"", "13.0", VENDORS).expect_err("ended").code, 0x8004_040D);
}

#[test]
fn host_company_and_preferences_answer() {
    let mut desk = Desk::new();
    desk.file.set_company_data("{owner}", "FileID", Some("{1}"));
    desk.file.set_company_data("{other}", "FileID", Some("{2}"));
    desk.file.person(at(1)).set_preferences(|preferences| preferences.closing_date = Some(day("2025-12-31")));
    let answer = desk.send(
        "<HostQueryRq/><CompanyQueryRq><OwnerID>{3F2504E0-4F89-41D3-9A0C-0305E82C3301}</OwnerID></CompanyQueryRq><PreferencesQueryRq/><CompanyActivityQueryRq/>",
    );
    let host = &answer.children[0].children[0];
    assert_eq!(host.children_named("SupportedQBXMLVersion").last().map(|version| version.text.as_str()), Some("16.0"));
    let company = &answer.children[1].children[0];
    assert_eq!(company.text_of("CompanyName"), Some("Test & Sons"));
    assert!(company.child("DataExtRet").is_none(), "only the data of the named owner comes back");
    let accounting = answer.children[2].children[0].child("AccountingPreferences").expect("it is there");
    assert_eq!(accounting.text_of("ClosingDate"), Some("2025-12-31"));
    assert_eq!(answer.children[3].children.len(), 1);
}

#[test]
fn line_ends_and_characters_follow_the_habits() {
    let mut desk = Desk::new();
    desk.file.setup.habits.crlf = true;
    desk.file.setup.habits.ascii = false;
    let xml = set(
        "onError=\"stopOnError\"",
        "13.0",
        "<VendorAddRq><VendorAdd><Name>\u{e9}</Name><Notes>a&#13;&#10;b</Notes></VendorAdd></VendorAddRq>",
    );
    let answer = desk.raw(&xml).expect("valid");
    assert!(answer.contains("<Name>\u{e9}</Name>\r\n"), "{answer}");
    assert!(answer.contains("<Notes>a\r\nb</Notes>"), "{answer}");
}
