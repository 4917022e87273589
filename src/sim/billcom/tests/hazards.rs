//! Every hazard can be switched on, and does what it says (`billcom.md` 3 and 7).

use super::kit::{KEY, TOKEN, body, code, create_vendor, field, fresh, good, now, raw_call};
use crate::sim::billcom::{FaultKind, On};
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::time::Duration;

fn page(start: u64, max: u64) -> Value {
    let sort = json!([{"field": "updatedTime", "asc": "true"}]);
    json!({"start": start, "max": max, "sort": sort})
}

#[test]
fn a_page_shifts_when_a_listed_row_is_edited() {
    let mut organization = fresh();
    for (name, minute) in [("A", -3), ("B", -2), ("C", -1)] {
        organization.person(now() + TimeDelta::minutes(minute)).create_vendor(name).expect("vendor");
    }
    organization.hazards.once(On::List, FaultKind::EditListedRow);
    let first = good(&mut organization, "List/Vendor.json", &page(0, 1));
    let second = good(&mut organization, "List/Vendor.json", &page(1, 9));
    let names: Vec<&Value> = second.as_array().expect("rows").iter().map(|row| &row["name"]).collect();
    assert_eq!((first[0]["name"].as_str(), names), (Some("A"), vec![&json!("C"), &json!("A")]), "B is skipped");
}

#[test]
fn stamps_can_be_equal_and_ties_come_in_any_order() {
    let mut organization = fresh();
    organization.rules.stamp_grain = TimeDelta::minutes(10);
    organization.rules.unstable_ties = true;
    for (number, second) in [(1, 0), (2, 59), (3, 300)] {
        let mut person = organization.person(now() + TimeDelta::seconds(second));
        person.create_vendor(&format!("V{number}")).expect("vendor");
    }
    let mut orders = std::collections::BTreeSet::new();
    for _ in 0..20 {
        let rows = good(&mut organization, "List/Vendor.json", &page(0, 9));
        let rows = rows.as_array().expect("rows");
        assert!(rows.iter().all(|row| row["updatedTime"] == "2026-03-02T10:00:00.000+0000"), "{rows:?}");
        orders.insert(rows.iter().map(|row| row["name"].to_string()).collect::<String>());
    }
    assert!(orders.len() > 1, "{orders:?}");
}

#[test]
fn the_clock_over_there_can_be_ahead_or_behind() {
    for (minutes, expected) in [(7, "2026-03-02T10:07:00.250+0000"), (-7, "2026-03-02T09:53:00.250+0000")] {
        let mut organization = fresh();
        organization.rules.clock_skew = TimeDelta::minutes(minutes);
        assert_eq!(create_vendor(&mut organization, "Acme")["updatedTime"], expected);
        assert_eq!(good(&mut organization, "CurrentTime.json", &json!({}))["currentTime"], expected);
        organization.person(now()).create_vendor("Bolt").expect("vendor");
        let rows = good(&mut organization, "List/Vendor.json", &page(0, 9));
        assert_eq!(rows[0]["updatedTime"], rows[1]["updatedTime"], "people go by the same clock");
    }
}

#[test]
fn answers_get_lost_mangled_late_or_refused() {
    let mut organization = fresh();
    let id = organization.id().to_owned();
    let login = [field("devKey", KEY), field("userName", "sync"), field("password", TOKEN), field("orgId", &id)];
    let session = body(&organization.handle(now(), "Login.json", &login).body);
    let session = session["response_data"]["sessionId"].as_str().expect("session").to_owned();
    let data = json!({"obj": {"entity": "Vendor", "name": "Acme"}}).to_string();
    let form = [field("devKey", KEY), field("sessionId", &session), field("data", &data)];
    let mut faced = |kind: FaultKind| {
        organization.hazards.once(On::Write, kind);
        let reply = organization.handle(now(), "Crud/Create/Vendor.json", &form);
        let done = !organization.vendors().is_empty();
        for vendor in organization.vendors() {
            organization.person(now()).rename("Vendor", &vendor.id, &format!("{} gone", vendor.id)).expect("renamed");
        }
        (reply, done)
    };
    let (reply, done) = faced(FaultKind::LostBefore);
    assert!(reply.cut && !done);
    for status in [429, 500, 503] {
        let (reply, done) = faced(FaultKind::Status(status));
        assert!(reply.status == status && !done);
    }
    let (reply, done) = faced(FaultKind::Html);
    assert!(reply.body.starts_with(b"<!DOCTYPE html>") && reply.status == 200 && !done);
    let (reply, done) = faced(FaultKind::Code("BDC_1322"));
    assert!(body(&reply.body)["response_data"]["error_code"] == "BDC_1322" && !done);
    let (reply, done) = faced(FaultKind::LostAfter);
    assert!(reply.cut && done, "the worst one: done, and nobody was told");
    let (reply, _) = faced(FaultKind::Truncated);
    assert!(serde_json::from_slice::<Value>(&reply.body).is_err());
    let (reply, _) = faced(FaultKind::Slow(Duration::from_secs(90)));
    assert_eq!(reply.delay, Duration::from_secs(90));
    assert_eq!(organization.hazards.injected().len(), 9);
}

#[test]
fn a_payment_can_be_recorded_and_nobody_is_told() {
    let mut organization = fresh();
    let vendor = organization.person(now()).create_vendor("Acme").expect("vendor");
    let bill = organization.person(now()).create_bill(&super::kit::bill(&vendor, "1", &[100])).expect("bill");
    let id = organization.id().to_owned();
    let login = [field("devKey", KEY), field("userName", "sync"), field("password", TOKEN), field("orgId", &id)];
    let session = body(&organization.handle(now(), "Login.json", &login).body);
    let session = session["response_data"]["sessionId"].as_str().expect("session").to_owned();
    organization.hazards.once(On::Write, FaultKind::LostAfter);
    let pays = json!([{"billId": bill, "amount": 1}]);
    let data = json!({"processDate": "2026-03-02", "toPrintCheck": false, "syncReference": "17", "billPays": pays});
    let form = [field("devKey", KEY), field("sessionId", &session), field("data", &data.to_string())];
    assert!(organization.handle(now(), "RecordAPPayment.json", &form).cut);
    assert_eq!(organization.payments()[0].reference.as_deref(), Some("17"));
    let again = body(&organization.handle(now(), "RecordAPPayment.json", &form).body);
    assert_eq!(again["response_data"]["error_code"], "BDC_1119", "nothing is open any more");
}

#[test]
fn bills_can_carry_fields_that_nobody_documented() {
    let mut organization = fresh();
    let vendor = organization.person(now()).create_vendor("Acme").expect("vendor");
    organization.person(now()).create_bill(&super::kit::bill(&vendor, "1", &[100])).expect("bill");
    let listed = |organization: &mut _| good(organization, "List/Bill.json", &page(0, 1))[0].clone();
    assert_eq!(listed(&mut organization).get("quickbooksId"), None);
    organization.rules.undocumented_fields = true;
    let bill = listed(&mut organization);
    assert_eq!((&bill["quickbooksId"], &bill["apAccountId"]), (&Value::Null, &json!("00000000000000000000")));
}

#[test]
fn a_session_can_be_gone_and_limits_are_told_apart() {
    let mut organization = fresh();
    organization.hazards.once(On::List, FaultKind::SessionKilled);
    assert_eq!(code(&mut organization, "List/Vendor.json", &page(0, 9)), "BDC_1109");
    organization.usage().lock().expect("usage").calls_per_hour_max = 3;
    let envelope = raw_call(&mut organization, now(), "List/Vendor.json", &page(0, 9));
    assert_eq!(envelope["response_data"]["error_code"], "BDC_1144");
}
