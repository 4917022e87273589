//! Webhooks: subscribing, what is told, signatures, and everything that goes wrong on the way.

use super::kit::{KEY, TOKEN, bill, fresh, now};
use super::openapi::reference;
use super::schema_check::EventDocument;
use crate::sim::billcom::{Bank, Delivery, Organization, PayloadForm, PaymentPlan, V3Request};
use base64::Engine as _;
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

/// An organisation, and somebody who is signed in to its v3.
struct Desk {
    organization: Organization,
    session: String,
    documents: Option<EventDocument>,
}

impl Desk {
    fn new() -> Self {
        let documents = reference().map(|reference| EventDocument::load(&reference));
        let mut desk = Self { organization: fresh(), session: String::new(), documents };
        let login =
            json!({"username": "sync", "password": TOKEN, "organizationId": desk.organization.id(), "devKey": KEY});
        let (status, answer) = desk.send("POST", "/connect/v3/login", None, &login);
        assert_eq!((status, &answer["trusted"]), (200, &json!(false)), "{answer}");
        desk.session = answer["sessionId"].as_str().expect("session").to_owned();
        desk
    }

    fn send(&mut self, method: &str, target: &str, idempotent: Option<&str>, body: &Value) -> (u16, Value) {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut headers = vec![header("devkey", KEY), header("sessionid", &self.session)];
        headers.extend(idempotent.map(|key| header("x-idempotent-key", key)));
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let reply = self.organization.handle_v3(now(), &V3Request { method, target, headers: &headers, body: &body });
        (reply.status, serde_json::from_slice(&reply.body).expect("JSON"))
    }

    /// A call that goes well, checked against the vendor's document. `id` stands for the name in braces.
    fn call(&mut self, method: &str, path: &str, id: &str, body: &Value) -> Value {
        let target = path.replace("{subscriptionId}", id);
        let key = format!("{method} {target} {body}");
        let (status, answer) = self.send(method, &format!("/connect-events{target}"), Some(&key), body);
        assert_eq!(status, 200, "{method} {path}: {answer}");
        if let Some(documents) = self.documents.as_ref().filter(|_| method != "DELETE") {
            let body = Some(body).filter(|body| !body.is_null());
            assert_eq!(documents.check(method, path, body, &answer), Vec::<String>::new(), "{method} {path}");
        }
        answer
    }

    /// Subscribes to some events; gives the id and the key.
    fn subscribe(&mut self, events: &[&str]) -> (String, String) {
        let wish = wish(events);
        let made = self.call("POST", "/v3/subscriptions", "", &wish);
        (made["id"].as_str().expect("id").to_owned(), made["securityKey"].as_str().expect("key").to_owned())
    }

    /// Sends what leaves by then and answers everything with this status; gives what was sent.
    fn pump(&mut self, when: DateTime<Utc>, status: Option<u16>) -> Vec<Delivery> {
        let deliveries = self.organization.deliveries(when);
        for delivery in &deliveries {
            self.organization.delivered(when, delivery, status);
        }
        deliveries
    }
}

fn wish(events: &[&str]) -> Value {
    let events: Vec<Value> = events.iter().map(|event| json!({"type": event, "version": "1"})).collect();
    json!({"name": "sync", "status": {"enabled": true}, "events": events, "notificationUrl": "https://counterfoil.example/webhooks"})
}

fn fits(key: &str, delivery: &Delivery) -> bool {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("key");
    mac.update(&delivery.body);
    base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes()) == delivery.signature
}

fn body(delivery: &Delivery) -> Value {
    serde_json::from_slice(&delivery.body).expect("JSON")
}

#[test]
fn every_endpoint_fits_the_vendors_document() {
    let mut desk = Desk::new();
    let (id, key) = desk.subscribe(&["vendor.created", "bill.updated"]);
    assert!(desk.call("GET", "/v3/events/catalog", "", &Value::Null).as_array().expect("rows").len() > 10);
    assert_eq!(desk.call("GET", "/v3/subscriptions", "", &Value::Null)["results"][0]["id"], json!(id));
    let one = "/v3/subscriptions/{subscriptionId}";
    assert_eq!(desk.call("GET", one, &id, &Value::Null).get("securityKey"), None, "it is told once");
    assert_eq!(desk.call("PATCH", one, &id, &json!({"name": "other"}))["name"], "other");
    desk.call("PUT", one, &id, &wish(&["bill.created"]));
    let renewed = desk.call("POST", "/v3/subscriptions/{subscriptionId}/security_key", &id, &Value::Null);
    assert_ne!(renewed["securityKey"], json!(key));
    let sample = json!({"eventType": "bill.created", "version": "1", "bill": {"id": "00n01SAMPLE"}});
    let tested = desk.call("POST", "/v3/subscriptions/{subscriptionId}/test", &id, &sample);
    assert_eq!(desk.pump(now(), Some(200)).len(), 1);
    let history = desk.call("GET", "/v3/events/subscription/{subscriptionId}", &id, &Value::Null);
    assert_eq!((&history["results"][0]["id"], &history["results"][0]["statusCode"]), (&tested["id"], &json!(200)));
    let event = tested["id"].as_str().expect("id");
    let again = format!("/v3/events/subscription/{id}/event/{event}");
    assert_eq!(desk.send("POST", &again, None, &Value::Null).0, 200);
    assert_eq!(desk.pump(now(), Some(200))[0].event_id, event);
    desk.call("GET", "/v3/health", "", &Value::Null);
    desk.call("DELETE", one, &id, &Value::Null);
    assert_eq!(desk.send("GET", &format!("/v3/subscriptions/{id}"), None, &Value::Null).0, 404);
}

#[test]
fn calls_that_do_not_fit_are_declined() {
    let mut desk = Desk::new();
    let good = wish(&["bill.created"]);
    assert_eq!(desk.send("POST", "/v3/subscriptions", None, &good).0, 400, "without a key it could be done twice");
    let first = desk.send("POST", "/v3/subscriptions", Some("1"), &good);
    assert_eq!(desk.send("POST", "/v3/subscriptions", Some("1"), &good), first, "the same key is the same call");
    let change = |name: &str, value: Value| {
        let mut wish = wish(&["bill.created"]);
        wish[name] = value;
        wish
    };
    let wrong = [
        change("notificationUrl", json!("http://counterfoil.example/webhooks")),
        change("events", json!([])),
        change("events", json!([{"type": "customer.created", "version": "1"}])),
        change("status", json!({})),
        change("colour", json!("blue")),
    ];
    for (number, wrong) in wrong.iter().enumerate() {
        let (status, answer) = desk.send("POST", "/v3/subscriptions", Some(&format!("w{number}")), wrong);
        assert_eq!((status, &answer[0]["severity"]), (400, &json!("ERROR")), "{wrong}");
    }
    for number in 0..9 {
        assert_eq!(desk.send("POST", "/v3/subscriptions", Some(&format!("n{number}")), &good).0, 200);
    }
    assert_eq!(desk.send("POST", "/v3/subscriptions", Some("n9"), &good).0, 400, "ten are enough");
    assert_eq!(desk.send("GET", "/v3/subscriptions?max=101", None, &Value::Null).0, 400);
    let page = desk.send("GET", "/v3/subscriptions?max=8", None, &Value::Null).1;
    let rest = format!("/v3/subscriptions?max=8&page={}", page["nextPage"].as_str().expect("more"));
    assert_eq!(desk.send("GET", &rest, None, &Value::Null).1["results"].as_array().map(Vec::len), Some(2));
    assert_eq!(desk.send("POST", "/v3/logout", None, &Value::Null).0, 200);
    let (status, answer) = desk.send("GET", "/v3/subscriptions", None, &Value::Null);
    assert_eq!((status, &answer[0]["code"]), (401, &json!("BDC_1109")));
}

#[test]
fn people_at_work_are_told_of_with_a_signature_that_fits() {
    let mut desk = Desk::new();
    let events = [
        "vendor.created",
        "vendor.updated",
        "vendor.archived",
        "vendor.restored",
        "bill.created",
        "bill.updated",
        "payment.updated",
        "payment.failed",
        "bank-account.created",
    ];
    let (id, key) = desk.subscribe(&events);
    let mut person = desk.organization.person(now());
    let vendor = person.create_vendor("Acme").expect("vendor");
    person.rename("Vendor", &vendor, "Acme Ltd").expect("renamed");
    person.archive("Vendor", &vendor).expect("archived");
    person.restore("Vendor", &vendor).expect("restored");
    let bill = person.create_bill(&bill(&vendor, "1", &[100])).expect("bill");
    let bank = person.connect_bank(&Bank::default());
    person.create_customer("Nobody is told", None).expect("customer");
    let (bills, date) = (vec![(bill.clone(), 100)], now().date_naive());
    let plan = PaymentPlan { vendor_id: vendor.clone(), date, bills, credits: Vec::new() };
    let payment = person.schedule(&plan, &bank).expect("scheduled");
    desk.organization.back_office(now()).pick_up();
    desk.organization.back_office(now()).fail(&payment).expect("failed");
    let sent = desk.pump(now(), Some(200));
    let kinds: Vec<&str> = sent.iter().map(|delivery| delivery.event_type.as_str()).collect();
    assert_eq!(
        kinds[..6],
        [
            "vendor.created",
            "vendor.updated",
            "vendor.archived",
            "vendor.restored",
            "bill.created",
            "bank-account.created"
        ]
    );
    assert!(kinds.contains(&"bill.updated") && kinds.contains(&"payment.updated") && kinds.contains(&"payment.failed"));
    for delivery in &sent {
        assert!(fits(&key, delivery));
        let body = body(delivery);
        assert_eq!(body["metadata"]["organizationId"], json!(desk.organization.id()));
        assert_eq!(body["metadata"]["subscriptionId"], json!(id));
        let name = delivery.event_type.split('.').next().expect("name");
        if let Some(documents) = &desk.documents {
            assert_eq!(documents.check_object(name, &body[name]), Vec::<String>::new(), "{name}");
        }
    }
    let told = sent.iter().find(|delivery| delivery.event_type == "payment.updated").map(body).expect("told");
    assert_eq!((&told["payment"]["id"], &told["payment"]["billIds"]), (&json!(payment), &json!([bill])));
    assert_eq!(body(&sent[2])["vendor"]["archived"], true);
    assert!(desk.pump(now() + TimeDelta::days(1), Some(200)).is_empty(), "everything was answered");
}

#[test]
fn what_is_not_answered_is_tried_again_and_then_given_up() {
    let mut desk = Desk::new();
    let (id, _) = desk.subscribe(&["vendor.created"]);
    desk.organization.webhooks.rules.attempts_max = 4;
    desk.organization.person(now()).create_vendor("Acme").expect("vendor");
    let mut at = now();
    let mut waited = Vec::new();
    for (answer, minutes) in [(Some(500), 1), (None, 2), (Some(302), 4), (Some(201), 0)] {
        assert_eq!(desk.pump(at, answer).len(), 1, "only 200 counts");
        assert!(desk.pump(at, answer).is_empty(), "not before its time");
        at += TimeDelta::minutes(minutes);
        waited.push(desk.organization.webhooks.is_enabled(&id));
    }
    assert_eq!(waited, [Some(true), Some(true), Some(true), Some(false)]);
    desk.organization.person(at).create_vendor("Bolt").expect("vendor");
    assert!(desk.pump(at + TimeDelta::days(1), Some(200)).is_empty());
    let seen = desk.call("GET", "/v3/subscriptions/{subscriptionId}", &id, &Value::Null);
    assert_eq!(seen["status"]["actor"], "SYSTEM");
    desk.call("PATCH", "/v3/subscriptions/{subscriptionId}", &id, &json!({"status": {"enabled": true}}));
    desk.organization.person(at).create_vendor("Corn").expect("vendor");
    assert_eq!(desk.pump(at, Some(200)).len(), 1, "switched on again; what was missed stays missed");
    let history = desk.call("GET", "/v3/events/subscription/{subscriptionId}", &id, &Value::Null);
    assert_eq!(history["results"][1]["retries"].as_array().map(Vec::len), Some(3));
}

#[test]
fn notifications_are_late_doubled_reordered_forged_or_lost() {
    let mut desk = Desk::new();
    let (_, key) = desk.subscribe(&["vendor.created"]);
    let work = |desk: &mut Desk, name: &str| {
        for number in 0..8 {
            desk.organization.person(now()).create_vendor(&format!("{name}{number}")).expect("vendor");
        }
    };
    desk.organization.webhooks.rules.delay = TimeDelta::minutes(5);
    work(&mut desk, "late");
    assert!(desk.pump(now() + TimeDelta::minutes(4), Some(200)).is_empty());
    assert_eq!(desk.pump(now() + TimeDelta::minutes(5), Some(200)).len(), 8);
    desk.organization.webhooks.rules.delay = TimeDelta::zero();
    desk.organization.webhooks.rules.twice_per_mille = 1_000;
    work(&mut desk, "twice");
    let twice = desk.pump(now(), Some(200));
    assert_eq!((twice.len(), &twice[0].event_id), (16, &twice[1].event_id));
    desk.organization.webhooks.rules.twice_per_mille = 0;
    desk.organization.webhooks.rules.reordered = true;
    work(&mut desk, "mixed");
    let names =
        |sent: &[Delivery]| -> Vec<String> { sent.iter().map(|it| body(it)["vendor"]["name"].to_string()).collect() };
    let mixed = names(&desk.pump(now(), Some(200)));
    let mut sorted = mixed.clone();
    sorted.sort();
    assert_ne!(mixed, sorted);
    desk.organization.webhooks.rules.forged_per_mille = 1_000;
    work(&mut desk, "forged");
    assert!(desk.pump(now(), Some(200)).iter().all(|delivery| !fits(&key, delivery)));
    desk.organization.webhooks.rules.lost_per_mille = 1_000;
    work(&mut desk, "lost");
    assert!(desk.pump(now(), Some(200)).is_empty());
}

#[test]
fn the_object_stands_in_the_body_in_one_of_three_ways() {
    for form in [PayloadForm::Object, PayloadForm::TextWithin, PayloadForm::WholeText] {
        let mut desk = Desk::new();
        let (_, key) = desk.subscribe(&["vendor.created"]);
        desk.organization.webhooks.rules.payload = form;
        desk.organization.person(now()).create_vendor("Acme").expect("vendor");
        let delivery = desk.pump(now(), Some(200)).remove(0);
        assert!(fits(&key, &delivery), "the signature is over the bytes that are sent");
        let unfold = |value: Value| match value {
            Value::String(text) => serde_json::from_str(&text).expect("JSON in a text"),
            other => other,
        };
        let outer = unfold(body(&delivery));
        assert_eq!(unfold(outer["vendor"].clone())["name"], "Acme", "{form:?}");
    }
}
