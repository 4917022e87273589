use super::*;

fn example() -> QwcFile {
    QwcFile {
        app_description: "Sends bills and payments to QuickBooks".to_owned(),
        auth_flags: Some(0xF),
        app_unique_name: Some("ledger-bridge-7f3k2m".to_owned()),
        personal_data_pref: Some(PersonalDataPref::NotNeeded),
        unattended_mode_pref: Some(UnattendedModePref::Optional),
        schedule: Some(Schedule::Minutes(15)),
        ..QwcFile::new(
            "Ledger Bridge - Acme Tools",
            "https://sync.example.com/qbwc/soap",
            "https://sync.example.com/qbwc/help",
            "conn-7f3k2m",
            "{6E1B0C54-3D0A-4B53-9C1E-5C1B7A2F90D1}".parse().expect("a GUID"),
            "{B2A7D9E0-51C4-4F6B-8E37-0D9C6A14E582}".parse().expect("a GUID"),
        )
    }
}

const EXAMPLE: &str = include_str!("../../../fixtures/qbwc/example.qwc");

#[test]
fn the_example_of_the_reference_is_written_byte_for_byte() {
    assert_eq!(example().to_xml(), EXAMPLE);
}

#[test]
fn a_written_file_reads_back() {
    assert_eq!(QwcFile::from_xml(EXAMPLE.as_bytes()), Ok(example()));
    let odd = QwcFile {
        app_name: "Müller & Söhne <\"1\">".to_owned(),
        app_url: "https://sync.example.com/qbwc?a=1&b=2".to_owned(),
        app_display_name: Some("Shown".to_owned()),
        cert_url: Some("https://sync.example.com/".to_owned()),
        notify: true,
        schedule: Some(Schedule::Seconds(30)),
        qb_type: QbType::PointOfSale,
        style: Style::Rpc,
        auth_flags: None,
        ..example()
    };
    let xml = odd.to_xml();
    assert!(xml.contains("?a=1&amp;b=2"), "{xml}");
    assert_eq!(QwcFile::from_xml(xml.as_bytes()), Ok(odd));
}

#[test]
fn the_reader_takes_any_order_and_keeps_unknown_values() {
    let file = QwcFile::from_xml(
        b"\xEF\xBB\xBF<?xml version='1.0' encoding='utf-16'?><!-- x -->
        <QBWCXML>
          <Scheduler><RunEveryNSeconds> 45 </RunEveryNSeconds><RunEveryNMinutes>9</RunEveryNMinutes></Scheduler>
          <FileID>b2a7d9e0-51c4-4f6b-8e37-0d9c6a14e582</FileID>
          <Novelty><Deep>1</Deep></Novelty>
          <OwnerID>{6e1b0c54-3d0a-4b53-9c1e-5c1b7a2f90d1}</OwnerID>
          <QBType>QBXX</QBType><Style>Fancy</Style><Notify>True</Notify>
          <UserName> me </UserName><AppURL>
            http://localhost:8080/qbwc
          </AppURL>
        </QBWCXML>",
    )
    .expect("readable");
    assert_eq!(file.schedule, Some(Schedule::Seconds(45)));
    assert_eq!(file.owner_id, example().owner_id);
    assert_eq!(file.file_id, example().file_id);
    assert_eq!(file.qb_type, QbType::Other("QBXX".to_owned()));
    assert_eq!(file.style, Style::Other("Fancy".to_owned()));
    assert_eq!((file.user_name.as_str(), file.app_url.as_str()), ("me", "http://localhost:8080/qbwc"));
    assert!(file.notify && !file.is_read_only);
    assert_eq!(
        file.validate(),
        [
            RuleBreak::Empty { element: "AppName" },
            RuleBreak::Empty { element: "AppSupport" },
            RuleBreak::UnknownQbType,
            RuleBreak::UnknownStyle,
        ]
    );
}

#[test]
fn what_cannot_be_a_qwc_file_is_refused() {
    let read = |text: &str| QwcFile::from_xml(text.as_bytes()).expect_err(text);
    assert!(matches!(read(""), QwcError::Malformed { .. }));
    assert!(matches!(read("not XML"), QwcError::Malformed { .. }));
    assert!(matches!(read("<QBWCXML><AppURL>"), QwcError::Malformed { .. }));
    assert!(matches!(
        read("<!DOCTYPE a [<!ENTITY b 'c'>]><QBWCXML><AppURL>&b;</AppURL></QBWCXML>"),
        QwcError::Malformed { .. }
    ));
    assert_eq!(read("<QBWCXML/>"), QwcError::Missing { element: "AppURL" });
    let no_guid = EXAMPLE.replace("{B2A7D9E0", "{G2A7D9E0");
    assert!(matches!(read(&no_guid), QwcError::NotAGuid { element: "FileID", .. }));
    assert!(matches!(read(&" ".repeat(FILE_BYTES_MAX + 1)), QwcError::Unreadable(_)));
}

#[test]
fn control_characters_never_reach_the_file() {
    let file = QwcFile { app_name: "a\u{0}b\u{1F}\r\nc".to_owned(), ..example() };
    assert!(file.to_xml().contains("<AppName>abc</AppName>"));
}

#[test]
fn a_good_file_breaks_no_rule() {
    assert_eq!(example().validate(), []);
    for (app_url, app_support) in [
        ("http://localhost:8080/qbwc/acme", "http://localhost:8080/support/acme"),
        ("http://accounting-pc:8080/qbwc", "http://ACCOUNTING-PC/help"),
        ("https://sync.example.com:8443/index.php?x=1", "http://sync.example.com/help"),
        ("HTTPS://sync.example.com", "https://sync.example.com"),
    ] {
        let file = QwcFile { app_url: app_url.to_owned(), app_support: app_support.to_owned(), ..example() };
        assert_eq!(file.validate(), [], "{app_url}");
    }
}

#[test]
fn each_rule_of_the_urls_can_be_broken() {
    let url = |app_url: &str, app_support: &str| {
        QwcFile { app_url: app_url.to_owned(), app_support: app_support.to_owned(), ..example() }.validate()
    };
    let https = "https://sync.example.com/";
    assert_eq!(url("http://sync.example.com/qbwc", https), [RuleBreak::NotHttps]);
    assert_eq!(url("https://192.168.1.4/qbwc", https), [RuleBreak::IpAddress { element: "AppURL" }]);
    assert_eq!(url("https://[::1]:8080/qbwc", https), [RuleBreak::IpAddress { element: "AppURL" }]);
    assert_eq!(url(https, "http://127.0.0.1:3000/"), [RuleBreak::IpAddress { element: "AppSupport" }]);
    assert_eq!(url(https, "https://help.example.com/"), [RuleBreak::HostsDiffer]);
    assert_eq!(url(https, "https://www.intuit.com/"), [RuleBreak::HostsDiffer, RuleBreak::IntuitSite]);
    for broken in [
        "sync.example.com/qbwc",
        "ftp://sync.example.com",
        "https://",
        "https://a b/",
        "https://a:99999/",
        "https://u@a/",
    ] {
        assert_eq!(url(broken, https), [RuleBreak::NotAUrl { element: "AppURL" }], "{broken}");
    }
}

#[test]
fn each_rule_of_the_options_can_be_broken() {
    let with = |change: fn(&mut QwcFile)| {
        let mut file = example();
        change(&mut file);
        file.validate()
    };
    assert_eq!(with(|file| file.is_read_only = true), [RuleBreak::ReadOnly]);
    assert_eq!(with(|file| file.qb_type = QbType::PointOfSale), [RuleBreak::AuthFlagsWithoutQuickBooks]);
    assert_eq!(with(|file| file.schedule = Some(Schedule::Seconds(0))), [RuleBreak::NoInterval]);
    assert_eq!(with(|file| file.app_description = "é".repeat(81)), [RuleBreak::LongDescription { found: 81 }]);
    assert_eq!(with(|file| file.user_name = " ".to_owned()), [RuleBreak::Empty { element: "UserName" }]);
}
