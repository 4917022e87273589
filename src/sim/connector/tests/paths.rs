//! The roads through an update.

use super::*;

#[tokio::test]
async fn a_session_with_work_runs_to_the_end() {
    let (one, two) = (vendor_add("One"), vendor_add("Two"));
    let mut office = office(Service::with_work(&[&one, &two]));
    let report = office.run().await;
    assert_eq!(
        report.operations(),
        [
            "serverVersion",
            "clientVersion",
            "authenticate",
            "sendRequestXML",
            "receiveResponseXML",
            "sendRequestXML",
            "receiveResponseXML",
            "closeConnection"
        ]
    );
    assert_eq!((report.ending.clone(), report.close_text.as_deref()), (Ending::Done, Some("OK")));
    assert_eq!(report.progress, [50, 100]);
    assert_eq!(office.connector.violations, Vec::<String>::new());
    assert_eq!(office.connector.requests, [one, two]);
    assert_eq!(office.vendors(), ["One", "Two"]);
    let login = &office.seen("authenticate")[0];
    assert_eq!(login.text_of("strUserName"), Some("conn-7f3k2m"));
    assert_eq!(login.text_of("strPassword"), Some("secret & <safe>"));
    assert!(!format!("{:?}", office.connector).contains("secret"), "no password in Debug output");
}

#[tokio::test]
async fn the_first_request_brings_host_company_and_preferences() {
    let one = vendor_add("One");
    let mut office = office(Service::with_work(&[&one, &one]));
    office.company.lock().expect("free").setup.zone.habit = OffsetHabit::Correct;
    office.run().await;
    let calls = office.seen("sendRequestXML");
    let arguments: Vec<&str> = calls[0].children.iter().map(|child| &*child.name).collect();
    assert_eq!(
        arguments,
        ["ticket", "strHCPResponse", "strCompanyFileName", "qbXMLCountry", "qbXMLMajorVers", "qbXMLMinorVers"]
    );
    assert_eq!(calls[0].text_of("ticket"), Some("T1"));
    assert_eq!((calls[0].text_of("qbXMLMajorVers"), calls[0].text_of("qbXMLMinorVers")), (Some("16"), Some("0")));
    let answer = parse(calls[0].text_of("strHCPResponse").expect("there")).expect("qbXML").root;
    let responses = &answer.children[0].children;
    let heads: Vec<_> = responses.iter().map(|rs| (rs.name.as_str(), rs.attribute("requestID"))).collect();
    assert_eq!(heads, [("HostQueryRs", Some("0")), ("CompanyQueryRs", Some("1")), ("PreferencesQueryRs", Some("2"))]);
    let data: Vec<_> = responses[1].children[0]
        .children_named("DataExtRet")
        .map(|ext| (ext.text_of("DataExtName").unwrap_or(""), ext.text_of("DataExtValue").unwrap_or("")))
        .collect();
    assert_eq!(data[0], ("AppLock", "LOCKED:OFFICE-PC:639185184000000000"));
    assert_eq!(data[1], ("FileID", "{B2A7D9E0-51C4-4F6B-8E37-0D9C6A14E582}"));
    assert_eq!(calls[1].text_of("strHCPResponse"), Some(""), "only once in a session");
    let company = office.company.lock().expect("free");
    assert_eq!(company.company_data(&office.connector.qwc.owner_id, "AppLock"), None, "the lock is taken off");
}

#[tokio::test]
async fn no_work_wrong_password_and_busy_end_with_a_closed_connection() {
    for (word, ending) in [("none", Ending::NoWork), ("NVU", Ending::InvalidUser), ("busy", Ending::Busy)] {
        let mut office = office(Service::with_work(&[]));
        office.script("authenticate", &strings(&["T", word, "", ""]));
        let report = office.run().await;
        assert_eq!(
            report.operations(),
            ["serverVersion", "clientVersion", "authenticate", "closeConnection"],
            "{word}"
        );
        assert_eq!(report.ending, ending);
        assert_eq!(office.connector.violations, Vec::<String>::new());
    }
}

#[tokio::test]
async fn the_server_can_postpone_and_ask_for_longer_intervals() {
    let mut office = office(Service::with_work(&[]));
    office.script("authenticate", &strings(&["T", "none", "120", "600"]));
    let report = office.run().await;
    assert_eq!((report.ending, report.minimum_run_seconds), (Ending::Postponed(120), Some(600)));
    assert_eq!(report.calls.len(), 3, "postponement drops the update at once");
    office.connector.settings.auto_run = false;
    office.script("authenticate", &strings(&["T", "none", "120", "600"]));
    assert_eq!(office.run().await.ending, Ending::NoWork, "only with Auto-Run");
}

#[tokio::test]
async fn the_version_may_be_refused_or_warned_about() {
    for (text, ending) in [
        ("E:too old", Some(Ending::VersionRefused("too old".to_owned()))),
        ("O:3.0", Some(Ending::VersionRefused("3.0".to_owned()))),
        ("W:old", None),
        ("nonsense", Some(Ending::Exception { code: "QBWC1046", text: "incorrect syntax".to_owned() })),
    ] {
        let mut office = office(Service::with_work(&[&vendor_add("One")]));
        office.script("clientVersion", text);
        let report = office.run().await;
        assert_eq!(report.ending, ending.unwrap_or(Ending::Done), "{text}");
    }
}

#[tokio::test]
async fn bad_authenticate_results_fail_as_documented() {
    let cases = [
        ("<x:string xmlns:x=\"urn:other\">T</x:string>", "Index was outside the bounds of the array."),
        ("", "Index was outside the bounds of the array."),
    ];
    for (result, text) in cases {
        let mut office = office(Service::with_work(&[]));
        office.script("authenticate", result);
        let report = office.run().await;
        assert_eq!(report.ending, Ending::Exception { code: "QBWC1012", text: text.to_owned() });
        assert_eq!(report.calls.len(), 3, "no call follows");
        assert!(office.connector.violations[0].contains("instead of four"));
    }
    let mut office = office(Service::with_work(&[]));
    office.script("authenticate", &strings(&["T", "none"]));
    assert_eq!(office.run().await.ending, Ending::NoWork, "two strings do");
    assert_eq!(office.connector.violations, ["authenticate: 2 strings instead of four"]);
}

#[tokio::test]
async fn exceptions_end_the_update_with_the_code_of_the_call() {
    let html = || {
        Ok(HttpAnswer {
            status: 200,
            headers: vec![("Content-Type".to_owned(), "text/html".to_owned())],
            body: Vec::new(),
        })
    };
    for (operation, code) in [
        ("clientVersion", "QBWC1036"),
        ("authenticate", "QBWC1012"),
        ("sendRequestXML", "QBWC1041"),
        ("receiveResponseXML", "QBWC1042"),
        ("closeConnection", "QBWC1044"),
    ] {
        let mut office = office(Service::with_work(&[&vendor_add("One")]));
        office.service.lock().expect("free").raw = Some((operation, html()));
        let report = office.run().await;
        assert!(
            matches!(&report.ending, Ending::Exception { code: found, .. } if *found == code),
            "{:?}",
            report.ending
        );
        assert_eq!(report.calls.last().map(|call| call.operation), Some(operation), "nothing follows");
        assert!(report.calls.last().is_some_and(|call| call.exception.is_some()));
    }
    let mut office = office(Service::with_work(&[&vendor_add("One")]));
    office.service.lock().expect("free").raw = Some(("serverVersion", Err(TransportError::TimedOut)));
    assert_eq!(office.run().await.ending, Ending::Done, "serverVersion may fail");
}

#[tokio::test]
async fn null_and_wrong_results_are_exceptions() {
    let null = format!(
        "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><sendRequestXMLResponse xmlns=\"{NAMESPACE}\"/></soap:Body></soap:Envelope>"
    );
    let mut first = office(Service::with_work(&[&vendor_add("One")]));
    first.service.lock().expect("free").raw = Some(("sendRequestXML", Ok(HttpAnswer::xml(200, &null))));
    let expected = Ending::Exception {
        code: "QBWC1041",
        text: "Object reference not set to an instance of an object.".to_owned(),
    };
    assert_eq!(first.run().await.ending, expected);
    let mut second = office(Service::with_work(&[&vendor_add("One")]));
    second.script("receiveResponseXML", "fifty");
    assert!(matches!(second.run().await.ending, Ending::Exception { code: "QBWC1042", .. }));
}

#[tokio::test]
async fn an_empty_request_asks_for_the_reason() {
    let mut office = office(Service::with_work(&[&vendor_add("One"), &vendor_add("Two")]));
    office.script("sendRequestXML", "");
    office.script("getLastError", "NoOp");
    let before = office.clock.now();
    let report = office.run().await;
    assert_eq!(report.ending, Ending::Done, "after a pause it goes on");
    assert_eq!(office.clock.now() - before, chrono::Duration::seconds(5));
    let again = office.run().await;
    assert_eq!(again.ending, Ending::LastError("Nothing left to do.".to_owned()));
    assert_eq!(again.operations()[3..], ["sendRequestXML", "getLastError", "closeConnection"]);
    office.script("getLastError", "");
    office.run().await;
    assert_eq!(office.connector.violations, ["getLastError: no reason for the user"]);
}

#[tokio::test]
async fn negative_progress_ends_with_the_reason() {
    let mut office = office(Service::with_work(&[&vendor_add("One"), &vendor_add("Two")]));
    office.script("receiveResponseXML", "-101");
    office.script("getLastError", "Another company file is open.");
    let report = office.run().await;
    assert_eq!(report.operations()[4..], ["receiveResponseXML", "getLastError", "closeConnection"]);
    assert_eq!(report.last_error.as_deref(), Some("Another company file is open."));
    assert_eq!(report.progress, [-101]);
}

#[tokio::test]
async fn falling_progress_and_bad_qbxml_are_violations() {
    let bad = message_set("<VendorAddRq><VendorAdd><Phone>1</Phone></VendorAdd></VendorAddRq>");
    let mut office = office(Service::with_work(&[&vendor_add("One"), &vendor_add("Two"), &bad]));
    office.script("receiveResponseXML", "60");
    office.script("receiveResponseXML", "40");
    let report = office.run().await;
    assert_eq!(report.progress, [60, 40, 100]);
    assert_eq!(office.connector.violations[0], "receiveResponseXML: progress falls from 60 to 40");
    assert!(office.connector.violations[1].contains("<Name> is missing"), "{:?}", office.connector.violations);
    let answer = &office.seen("receiveResponseXML")[2];
    assert_eq!(answer.text_of("hresult"), Some("0x80040400"));
    assert_eq!(answer.text_of("message"), Some("QuickBooks found an error when parsing the provided XML text stream."));
    assert_eq!(answer.text_of("response"), Some(""));
}

#[tokio::test]
async fn a_file_that_does_not_open_is_a_connection_error() {
    let mut office = office(Service::with_work(&[&vendor_add("One")]));
    office.company.lock().expect("free").condition = Condition::DialogOpen;
    let report = office.run().await;
    assert_eq!(report.operations()[3..], ["connectionError", "closeConnection"]);
    assert_eq!(report.ending, Ending::NotOpened(HResult::dialog_open()));
    let call = &office.seen("connectionError")[0];
    assert_eq!((call.text_of("ticket"), call.text_of("hresult")), (Some("T1"), Some("0x80040414")));
    office.connector.settings.after_done = AfterDone::GetLastError;
    assert_eq!(office.run().await.operations()[3..], ["connectionError", "getLastError", "closeConnection"]);
    office.connector.settings.after_done = AfterDone::Nothing;
    assert_eq!(office.run().await.operations()[3..], ["connectionError"]);
}

#[tokio::test]
async fn another_path_or_the_open_file_may_be_tried() {
    let mut office = office(Service::with_work(&[&vendor_add("One")]));
    office.script("authenticate", &strings(&["T", r"C:\Wrong.qbw", "", ""]));
    office.script("connectionError", "");
    let report = office.run().await;
    assert_eq!((report.count("connectionError"), report.ending), (1, Ending::Done));
    office.company.lock().expect("free").condition = Condition::OtherFileOpen;
    for _ in 0..3 {
        office.script("connectionError", "");
    }
    let report = office.run().await;
    assert_eq!(report.count("connectionError"), 3);
    assert_eq!(office.connector.violations, ["connectionError: asks for yet another attempt"]);
}

#[tokio::test]
async fn the_stamp_is_set_when_the_application_is_added_and_never_later() {
    let mut office = office(Service::with_work(&[&vendor_add("One")]));
    office.connector.add(&office.company).expect("a fresh file");
    let owner = office.connector.qwc.owner_id.clone();
    assert!(office.company.lock().expect("free").company_data(&owner, "FileID").is_some());
    *office.company.lock().expect("free") = CompanyFile::new("Another", 2);
    office.run().await;
    let call = &office.seen("sendRequestXML")[0];
    assert!(!call.text_of("strHCPResponse").unwrap_or("").contains("FileID"), "the server must notice");
    office.company.lock().expect("free").set_company_data(
        &owner,
        "FileID",
        Some("{00000000-0000-0000-0000-000000000000}"),
    );
    assert_eq!(office.connector.add(&office.company), Err(AddError::OtherStamp));
    office.connector.remove(&office.company);
    assert_eq!(office.connector.add(&office.company), Ok(()));
}

#[tokio::test]
async fn interactive_mode_is_polled_or_refused() {
    let mut office = office(Service::with_work(&[]));
    for interactive in [Interactive::PollIsInteractiveDone, Interactive::PollInteractiveDone] {
        office.connector.settings.interactive = interactive;
        let operation =
            if interactive == Interactive::PollInteractiveDone { "interactiveDone" } else { "isInteractiveDone" };
        office.script("getLastError", "Interactive mode");
        office.script("getInteractiveURL", "https://sync.example.com/page");
        office.script(operation, "");
        office.script(operation, "Done");
        let report = office.run().await;
        assert_eq!(
            report.operations()[3..],
            ["sendRequestXML", "getLastError", "getInteractiveURL", operation, operation, "closeConnection"]
        );
        assert_eq!(report.ending, Ending::Done);
    }
    office.connector.settings.interactive = Interactive::Reject;
    office.script("getLastError", "Interactive mode");
    let report = office.run().await;
    assert_eq!(report.operations()[5..], ["interactiveRejected", "closeConnection"]);
    assert_eq!(office.connector.violations, Vec::<String>::new());
}
