//! What is read from Bill.com, how often, and what is asked about it.

use super::kit::Desk;
use chrono::TimeDelta;
use counterfoil::billcom::Stamp;
use counterfoil::sim::billcom::{FaultKind, On};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};

fn lists(sent: &[(String, String)]) -> Vec<(String, String)> {
    sent.iter().filter(|(path, _)| path.starts_with("List/")).cloned().collect()
}

fn vendors(desk: &Desk, count: usize) -> Vec<String> {
    let now = desk.now();
    let mut organization = desk.organization();
    (0..count)
        .map(|number| organization.person(now).create_vendor(&format!("Vendor {number}")).expect("vendor"))
        .collect()
}

#[test]
fn an_idle_poll_costs_one_list_call_for_each_kind_and_nothing_else() {
    let mut desk = Desk::new();
    vendors(&desk, 5);
    desk.work();
    desk.taken();
    // A reversal is of our making: Bill.com has none.
    let links = desk.engine.status(desk.company()).expect("status").links;
    let kinds = links.keys().filter(|kind| kind.as_str() != "reversal").count();
    for _ in 0..10 {
        desk.later(2);
        let sent = desk.taken();
        // The bank accounts are no kind, and are read as well.
        assert_eq!((sent.len(), lists(&sent).len()), (kinds + 1, kinds + 1), "{sent:?}");
        let entities: std::collections::BTreeSet<_> = sent.iter().map(|(path, _)| path).collect();
        assert_eq!(entities.len(), sent.len(), "one call for each: {sent:?}");
    }
    // The marks are in the company's file: a new process goes on from there.
    desk.restart();
    desk.later(2);
    let sent = lists(&desk.taken());
    assert_eq!(sent.len(), kinds + 1, "{sent:?}");
    assert!(
        sent.iter().any(|(path, data)| path == "List/Vendor.json" && data.contains("updatedTime\",\"op\":\">=")),
        "{sent:?}"
    );
}

/// Bills of one vendor, entered one a second until now.
fn bills(desk: &Desk, count: i64) {
    let now = desk.now();
    let mut organization = desk.organization();
    let vendor = organization.person(now).create_vendor("Acme").expect("vendor");
    organization.enter_many_bills(&vendor, count, now);
}

#[test]
fn twenty_thousand_bills_take_twenty_one_calls() {
    let desk = Desk::new();
    bills(&desk, 20_000);
    desk.later(10);
    let calls = desk.taken().iter().filter(|(path, _)| path == "List/Bill.json").count();
    assert!((20..=21).contains(&calls), "{calls} calls");
    let page = desk.engine.company_page(desk.company()).expect("page");
    assert_eq!(page.kinds.iter().map(|kind| kind.billcom).sum::<u64>(), 20_001, "and their vendor");
}

#[test]
fn after_a_slow_reading_the_next_poll_reaches_back_to_its_beginning() {
    let desk = Desk::new();
    bills(&desk, 1_100);
    let begun = Stamp::new(desk.now());
    let (clock, pages) = (desk.clock.clone(), AtomicUsize::new(0));
    // Between two pages pass ten minutes, as when Bill.com lets us wait.
    desk.answer_instead(move |path| {
        if path == "List/Bill.json" && pages.fetch_add(1, Ordering::Relaxed) == 1 {
            clock.advance(TimeDelta::minutes(10));
        }
        None
    });
    desk.work();
    let from = |desk: &Desk| {
        let sent = desk.taken();
        let (_, data) = sent.iter().rfind(|(path, _)| path == "List/Bill.json").expect("bills are read");
        let data: Value = serde_json::from_str(data).expect("JSON");
        let filters = data["filters"].as_array().expect("filters");
        let value = filters.iter().find(|filter| filter["field"] == "updatedTime").expect("a lower bound");
        Stamp::parse(value["value"].as_str().expect("text")).expect("a stamp")
    };
    desk.taken();
    desk.later(10);
    assert!(from(&desk) <= begun.minus_seconds(600 + 120), "what was stamped near its beginning is read again");
    // The poll after that found nothing to be slow about.
    desk.later(10);
    let third = from(&desk);
    desk.later(10);
    assert_eq!(from(&desk), third);
    assert!(third >= begun.minus_seconds(121), "{third} is back at the ordinary overlap");
}

#[test]
fn three_thousand_vendors_take_four_calls() {
    let desk = Desk::new();
    vendors(&desk, 3_000);
    desk.later(10);
    let calls = lists(&desk.taken()).iter().filter(|(path, _)| path == "List/Vendor.json").count();
    assert!(calls <= 5, "{calls} calls: one second holds them all, so it is read again by id");
    assert_eq!(
        desk.engine.company_page(desk.company()).expect("page").kinds.iter().map(|kind| kind.billcom).sum::<u64>(),
        3_000
    );
}

#[test]
fn the_daily_reading_finds_nothing_and_says_so_when_it_does() {
    let desk = Desk::new();
    vendors(&desk, 20);
    desk.later(10);
    let now = desk.now();
    desk.organization().person(now).create_vendor("The newest").expect("vendor");
    desk.work();
    let told = |desk: &Desk| {
        let events = desk.engine.history(desk.company(), None, 100).expect("history");
        events.iter().filter(|event| event.text.contains("the polls had not shown")).count()
    };
    for _ in 0..60 {
        desk.later(60);
    }
    assert_eq!(told(&desk), 0);
    // Somebody changes a record behind our back: what was seen is not what stands there.
    let path = desk.folder.path().join("companies").join(format!("{}.db", desk.company()));
    let store = rusqlite::Connection::open(path).expect("store");
    let changed =
        store.execute("UPDATE sighting SET hash = zeroblob(32) WHERE title = 'Vendor 7'", ()).expect("changed");
    assert_eq!(changed, 1);
    drop(store);
    desk.later(25 * 60);
    assert_eq!(told(&desk), 1);
    assert!(desk.problems().is_empty(), "{:?}", desk.problems());
}

#[test]
fn a_record_that_bill_com_stops_showing_is_asked_about_and_not_taken_for_gone() {
    let desk = Desk::new();
    let vendors = vendors(&desk, 3);
    desk.work();
    let nothing = r#"{"response_status":0,"response_message":"Success","response_data":[]}"#;
    let not_found = r#"{"response_status":1,"response_message":"Error","response_data":{"error_code":"BDC_1205","error_message":"x"}}"#;
    desk.answer_instead(move |path| match path {
        "List/Vendor.json" => Some(nothing.to_owned()),
        "Crud/Read/Vendor.json" => Some(not_found.to_owned()),
        _ => None,
    });
    desk.later(25 * 60);
    let problems = desk.problems();
    assert_eq!(problems.iter().map(|problem| problem.line.code.as_str()).collect::<Vec<_>>(), ["billcom_vanished"]);
    assert!(problems[0].line.summary.contains("3 vendors"), "{}", problems[0].line.summary);
    desk.answer_itself();
    desk.later(25 * 60);
    assert!(desk.problems().is_empty(), "they are there again: {:?}", desk.problems());
    assert_eq!(vendors.len(), 3);
}

#[test]
fn another_sync_is_asked_about_before_the_first_write() {
    let desk = Desk::with(1, Some("QuickBooks Desktop"));
    desk.work();
    let problems = desk.problems();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0].line.code, "other_sync");
    assert!(problems[0].what_happened.contains("QuickBooks Desktop"), "{}", problems[0].what_happened);
    assert_eq!(desk.engine.plan(desk.company()).expect("plan").problems.len(), 1, "the plan shows it");
    desk.engine.start(desk.company(), "test").expect("nothing holds anybody from starting");
    desk.later(60);
    assert_eq!(desk.problems().len(), 1, "once, not once a reading");
    let id = desk.problems()[0].line.id;
    desk.engine.resolve(desk.company(), id, "skip", None, "test").expect("pressed");
    desk.later(25 * 60);
    assert!(desk.problems().is_empty(), "it is not asked again: {:?}", desk.problems());
}

#[test]
fn a_record_made_by_another_sync_is_a_sign_too() {
    let desk = Desk::new();
    let vendors = vendors(&desk, 1);
    let now = desk.now();
    desk.organization().person(now).edit("Vendor", &vendors[0], &[("creationSource", json!("7"))]).expect("edit");
    desk.work();
    let problems = desk.problems();
    assert_eq!(problems.iter().map(|problem| problem.line.code.as_str()).collect::<Vec<_>>(), ["other_sync"]);
    assert!(problems[0].what_happened.contains("A vendor was made by an accounting sync"));
}

#[test]
fn fields_that_bill_com_does_not_have_are_told_and_an_unknown_answer_is_not() {
    let desk = Desk::new();
    let answer = |data: Value| {
        let reply = json!({"response_status": 0, "response_message": "Success", "response_data": data}).to_string();
        move |path: &str| (path == "GetEntityMetadata.json").then(|| reply.clone())
    };
    desk.answer_instead(answer(json!({"unheard": "of"})));
    desk.work();
    assert!(desk.problems().is_empty(), "{:?}", desk.problems());
    let facts = json!({"readonly": false});
    desk.answer_instead(answer(json!({"Bill": {"fields": {"id": facts, "vendorId": facts, "invoiceNumber": facts}}})));
    desk.later(25 * 60);
    let problems = desk.problems();
    assert_eq!(problems.iter().map(|problem| problem.line.code.as_str()).collect::<Vec<_>>(), ["billcom_fields"]);
    assert!(problems[0].technical.as_deref().is_some_and(|text| text.contains("Bill.dueDate")), "{problems:?}");
    desk.answer_itself();
    desk.later(25 * 60);
    assert!(desk.problems().is_empty(), "{:?}", desk.problems());
}

#[test]
fn what_bill_com_declines_to_tell_about_itself_holds_nothing_up() {
    let desk = Desk::new();
    vendors(&desk, 2);
    desk.organization().rules.token_reads_organization = false;
    desk.organization().hazards.rate(On::Path("GetEntityMetadata"), FaultKind::Code("BDC_1205"), 1000);
    desk.work();
    assert!(desk.problems().is_empty(), "{:?}", desk.problems());
    assert_eq!(
        desk.engine.company_page(desk.company()).expect("page").kinds.iter().map(|kind| kind.billcom).sum::<u64>(),
        2
    );
}
