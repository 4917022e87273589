//! Queries: filters, iterators, truncation, metadata, choice of elements.

use super::*;
use crate::sim::quickbooks::{ListKind, MissingId};

impl Desk {
    fn with_vendors(count: usize) -> Self {
        let mut desk = Self::new();
        for number in 1..count {
            desk.file.person(at(1)).add_vendor(&format!("Vendor {number:03}")).expect("new");
        }
        desk
    }
}

#[test]
fn an_iterator_hands_out_every_record_once() {
    let mut desk = Desk::with_vendors(25);
    let (_, first) = desk.one("<VendorQueryRq iterator=\"Start\"><MaxReturned>10</MaxReturned></VendorQueryRq>");
    let id = first.attribute("iteratorID").expect("an iterator").to_owned();
    assert_eq!(first.attribute("iteratorRemainingCount"), Some("15"));
    let mut names: Vec<String> = texts(&first, "Name").into_iter().map(str::to_owned).collect();
    let go_on = format!(
        "<VendorQueryRq iterator=\"Continue\" iteratorID=\"{id}\"><MaxReturned>10</MaxReturned></VendorQueryRq>"
    );
    for remaining in ["5", "0"] {
        let (code, page) = desk.one(&go_on);
        assert_eq!((code, page.attribute("iteratorRemainingCount")), (0, Some(remaining)));
        assert_eq!(page.attribute("iteratorID"), Some(id.as_str()));
        names.extend(texts(&page, "Name").into_iter().map(str::to_owned));
    }
    assert_eq!(names.len(), 25);
    names.dedup();
    assert_eq!(names.len(), 25);
    let (code, text) = desk.refusal(&go_on);
    assert_eq!((code, text), (3391, format!("The iteratorID \"{id}\" is not valid.")));
}

#[test]
fn an_iterator_belongs_to_its_session_and_filters() {
    let mut desk = Desk::with_vendors(9);
    let (_, first) = desk.one("<VendorQueryRq iterator=\"Start\"><MaxReturned>2</MaxReturned><ActiveStatus>All</ActiveStatus></VendorQueryRq>");
    let id = first.attribute("iteratorID").expect("an iterator").to_owned();
    let go_on = format!(
        "<VendorQueryRq iterator=\"Continue\" iteratorID=\"{id}\"><MaxReturned>2</MaxReturned><ActiveStatus>All</ActiveStatus></VendorQueryRq>"
    );
    assert_eq!(desk.refusal(&go_on.replace("<ActiveStatus>All</ActiveStatus>", "")).0, 3391, "other filters");
    assert_eq!(desk.one(&go_on).0, 0);
    let own = std::mem::replace(&mut desk.session, AppSession { owner: String::new(), number: 0 });
    desk.session = desk.file.begin_session("{OWNER}", "").expect("open");
    assert_eq!(desk.refusal(&go_on).0, 3391, "another session");
    desk.session = own;
    assert_eq!(desk.one(&go_on.replace("Continue", "Stop")).0, 0);
    assert_eq!(desk.refusal(&go_on).0, 3391, "stopped");
}

#[test]
fn an_iterator_may_expire() {
    let mut desk = Desk::with_vendors(9);
    desk.file.setup.habits.iterator_seconds_max = Some(10);
    let (_, first) = desk.one("<VendorQueryRq iterator=\"Start\"><MaxReturned>2</MaxReturned></VendorQueryRq>");
    let id = first.attribute("iteratorID").expect("an iterator");
    let go_on = format!(
        "<VendorQueryRq iterator=\"Continue\" iteratorID=\"{id}\"><MaxReturned>2</MaxReturned></VendorQueryRq>"
    );
    assert_eq!(desk.refusal(&go_on).0, 3391, "a minute later");
}

#[test]
fn without_an_iterator_the_rest_is_cut_off_without_a_word() {
    let mut desk = Desk::with_vendors(5);
    let (code, response) =
        desk.one("<AccountQueryRq metaData=\"MetaDataAndResponseData\"><MaxReturned>3</MaxReturned></AccountQueryRq>");
    assert_eq!((code, response.children.len(), response.attribute("retCount")), (0, 3, Some("4")));
    assert_eq!(response.attribute("iteratorID"), None);
    let (_, response) = desk.one("<VendorQueryRq metaData=\"MetaDataOnly\"/>");
    assert_eq!((response.children.len(), response.attribute("retCount")), (0, Some("5")));
}

#[test]
fn nothing_found_is_status_1() {
    let mut desk = Desk::new();
    let (code, response) = desk.one("<BillQueryRq/>");
    assert_eq!(code, 1);
    assert_eq!(response.attribute("statusSeverity"), Some("Info"));
    assert_eq!(
        response.attribute("statusMessage"),
        Some("A query request did not find a matching object in QuickBooks")
    );
}

#[test]
fn missing_names_are_500_with_the_found_ones() {
    let mut desk = Desk::new();
    let (code, response) =
        desk.one("<VendorQueryRq><FullName>c.u. electric</FullName><FullName>bleech</FullName></VendorQueryRq>");
    assert_eq!((code, response.children.len()), (500, 1));
    assert_eq!(response.attribute("statusSeverity"), Some("Warn"));
    assert_eq!(
        response.attribute("statusMessage"),
        Some(
            "The query request has not been fully completed. There was a required element (\"bleech\") that could not be found in QuickBooks."
        )
    );
    let by_id = "<VendorQueryRq><ListID>80000099-1700000000</ListID></VendorQueryRq>";
    assert_eq!(desk.one(by_id).0, 500);
    desk.file.setup.habits.missing_id = MissingId::Error3120;
    assert_eq!(desk.refusal(by_id).0, 3120);
}

#[test]
fn inactive_records_are_returned_only_when_asked_for() {
    let mut desk = Desk::with_vendors(3);
    let id = desk.vendor.clone();
    desk.file.person(at(1)).set_active(ListKind::Vendor, &id, false).expect("known");
    let mut count = |status: &str| desk.one(&format!("<VendorQueryRq>{status}</VendorQueryRq>")).1.children.len();
    assert_eq!(count(""), 2);
    assert_eq!(count("<ActiveStatus>InactiveOnly</ActiveStatus>"), 1);
    assert_eq!(count("<ActiveStatus>All</ActiveStatus>"), 3);
    assert_eq!(desk.one(&format!("<VendorQueryRq><ListID>{id}</ListID></VendorQueryRq>")).0, 0, "by ID always");
}

#[test]
fn modified_dates_are_compared_with_the_wall_clock() {
    let mut desk = Desk::new();
    desk.file.person(at(30)).add_vendor("Late").expect("new");
    let mut names = |filter: &str| {
        let (_, response) = desk.one(&format!("<VendorQueryRq>{filter}</VendorQueryRq>"));
        texts(&response, "Name").len()
    };
    assert_eq!(names("<FromModifiedDate>2026-01-12T09:30:00</FromModifiedDate>"), 1);
    assert_eq!(names("<FromModifiedDate>2026-01-12T09:30:01</FromModifiedDate>"), 0);
    assert_eq!(names("<FromModifiedDate>2026-01-12T09:30:00-05:00</FromModifiedDate>"), 1);
    assert_eq!(names("<FromModifiedDate>2026-01-12T09:30:00-04:00</FromModifiedDate>"), 2);
    assert_eq!(names("<ToModifiedDate>2026-01-12T09:29</ToModifiedDate>"), 1);
    assert_eq!(names("<FromModifiedDate>2026-01-12</FromModifiedDate><ToModifiedDate>2026-01-12</ToModifiedDate>"), 2);
    let wrong = "<VendorQueryRq><FromModifiedDate>2026-01-13</FromModifiedDate><ToModifiedDate>2026-01-12</ToModifiedDate></VendorQueryRq>";
    assert_eq!(desk.refusal(wrong), (3030, "Invalid date range: From date is greater than To date.".to_owned()));
    let (code, text) = desk.refusal("<VendorQueryRq><FromModifiedDate>2026-02-30</FromModifiedDate></VendorQueryRq>");
    assert_eq!(
        (code, text.as_str()),
        (3020, "There was an error when converting the date value \"2026-02-30\" in the field \"FromModifiedDate\".")
    );
}

#[test]
fn names_are_filtered_by_match_and_range() {
    let mut desk = Desk::with_vendors(10);
    let mut count = |filter: &str| desk.one(&format!("<VendorQueryRq>{filter}</VendorQueryRq>")).1.children.len();
    let filter = |criterion: &str, name: &str| {
        format!("<NameFilter><MatchCriterion>{criterion}</MatchCriterion><Name>{name}</Name></NameFilter>")
    };
    assert_eq!(count(&filter("StartsWith", "vendor")), 9);
    assert_eq!(count(&filter("EndsWith", "003")), 1);
    assert_eq!(count(&filter("Contains", "elect")), 1);
    assert_eq!(
        count("<NameRangeFilter><FromName>Vendor 002</FromName><ToName>Vendor 004</ToName></NameRangeFilter>"),
        3
    );
    assert_eq!(
        desk.refusal(
            "<VendorQueryRq><NameRangeFilter><FromName>b</FromName><ToName>a</ToName></NameRangeFilter></VendorQueryRq>"
        )
        .0,
        3031
    );
}

#[test]
fn only_the_named_elements_come_back() {
    let mut desk = Desk::new();
    let (_, response) = desk.one("<AccountQueryRq><AccountType>Bank</AccountType><IncludeRetElement>ListID</IncludeRetElement><IncludeRetElement>Balance</IncludeRetElement><IncludeRetElement>Nonsense</IncludeRetElement></AccountQueryRq>");
    let names: Vec<&str> = response.children[0].children.iter().map(|child| child.name.as_str()).collect();
    assert_eq!(names, ["ListID", "Balance"]);
}

#[test]
fn an_entity_query_finds_a_name_in_all_four_lists() {
    let mut desk = Desk::new();
    desk.file.person(at(1)).add_customer("Acme").expect("new");
    let (code, response) = desk.one("<EntityQueryRq><FullName>ACME</FullName></EntityQueryRq>");
    assert_eq!((code, response.children[0].name.as_str()), (0, "CustomerRet"));
    let (_, response) = desk.one("<EntityQueryRq><ActiveStatus>All</ActiveStatus></EntityQueryRq>");
    assert_eq!(response.children.len(), 2);
}

#[test]
fn terms_come_as_one_list_of_two_kinds() {
    let mut desk = Desk::new();
    let (code, response) = desk.one("<StandardTermsAddRq><StandardTermsAdd><Name>Net 45</Name><StdDueDays>45</StdDueDays></StandardTermsAdd></StandardTermsAddRq>");
    assert_eq!((code, response.children[0].text_of("StdDueDays")), (0, Some("45")));
    desk.file.person(at(1)).add_name(ListKind::DateDrivenTerms, "15th").expect("new");
    let (_, response) = desk.one("<TermsQueryRq/>");
    let names: Vec<&str> = response.children.iter().map(|ret| ret.name.as_str()).collect();
    assert_eq!(names, ["DateDrivenTermsRet", "StandardTermsRet"]);
}
