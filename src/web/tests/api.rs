//! The JSON interface: held against its own document, call by call.

use super::schema::complaints;
use super::{Browser, House, Seen, get, local, send};
use crate::engine::Role;
use crate::web::api::ROUTES;
use actix_web::http::{Method, StatusCode, header};
use actix_web::test::TestRequest;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn parse(body: &str) -> Value {
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {body}"))
}

fn authorised(request: TestRequest, token: &str) -> TestRequest {
    request.insert_header(("authorization", format!("Bearer {token}")))
}

fn call(method: &str, path: &str, body: Option<&Value>) -> TestRequest {
    let method: Method = method.to_uppercase().parse().expect("a method");
    let request = local(TestRequest::with_uri(&format!("/api/v1{path}")).method(method));
    match body {
        Some(body) => request.insert_header((header::CONTENT_TYPE, "application/json")).set_payload(body.to_string()),
        None => request,
    }
}

async fn document(app: &Browser) -> Value {
    parse(&send(app, get("/api/v1/openapi.json")).await.body)
}

/// What is described of an operation.
fn described(document: &Value) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for method in methods.as_object().expect("methods").keys().filter(|key| *key != "parameters") {
            found.insert((method.clone(), path.clone()));
        }
    }
    found
}

/// Complains when an answer is not one that the document describes for this operation.
fn judge(document: &Value, method: &str, pattern: &str, seen: &Seen) -> Vec<String> {
    let status = seen.status.as_u16().to_string();
    let response = &document["paths"][pattern][method]["responses"][&status];
    let response = match response["$ref"].as_str() {
        Some(path) => document.pointer(&path[1..]).expect("a response that exists"),
        None => response,
    };
    let Some(content) = response["content"].as_object() else {
        return vec![format!("{method} {pattern}: the status {status} is not described: {}", seen.body)];
    };
    let media = seen.header("content-type");
    let Some(schema) = content.get(media).map(|content| &content["schema"]) else {
        return vec![format!("{method} {pattern}: {media} is not described")];
    };
    let value = if media == "application/json" { parse(&seen.body) } else { Value::String(seen.body.clone()) };
    complaints(document, schema, &value).iter().map(|what| format!("{method} {pattern} {status}{what}")).collect()
}

#[actix_web::test]
async fn every_route_is_described_and_nothing_else_is() {
    let house = House::new();
    let document = document(&house.app(false).await).await;
    let routes: BTreeSet<(String, String)> =
        ROUTES.iter().map(|(method, path)| ((*method).to_owned(), (*path).to_owned())).collect();
    assert_eq!(described(&document), routes);
    assert_eq!(routes.len(), ROUTES.len(), "a route stands twice in the table");
}

#[actix_web::test]
async fn every_described_call_exists_and_wants_a_token() {
    let house = House::new();
    let app = house.app(false).await;
    let document = document(&app).await;
    let viewer = house.api_token(Role::Viewer);
    for (method, pattern) in described(&document).iter().filter(|(_, path)| path != "/openapi.json") {
        let path = filled(pattern, &house.id, "1", "1");
        for token in [None, Some("wrong"), Some(&*"A".repeat(43))] {
            let request = call(method, &path, None);
            let request = token.map_or_else(|| call(method, &path, None), |token| authorised(request, token));
            let seen = send(&app, request).await;
            assert_eq!(seen.status, StatusCode::UNAUTHORIZED, "{method} {path}");
            assert_eq!(seen.header("www-authenticate"), "Bearer");
            assert_eq!(judge(&document, method, pattern, &seen), Vec::<String>::new());
        }
        let seen = send(&app, authorised(call(method, &path, Some(&json!({}))), &viewer)).await;
        assert_eq!(seen.status == StatusCode::FORBIDDEN, method != "get", "{method} {path}: a viewer changes nothing");
        assert_eq!(judge(&document, method, pattern, &seen), Vec::<String>::new());
    }
    let status = house.engine.status(&house.id).expect("still there");
    assert_eq!((status.mode.as_str(), status.problems.len()), ("preview", 0));
}

fn filled(pattern: &str, company: &str, problem: &str, channel: &str) -> String {
    pattern.replace("{company}", company).replace("{problem}", problem).replace("{channel}", channel)
}

/// Calls in an order in which each has something to do: method, path as it is described, body, status.
fn script() -> Vec<(&'static str, &'static str, Option<Value>, u16)> {
    let company = json!({ "name": "Second", "billcom_url": "http://127.0.0.1:9/api/v2", "billcom_org": "1",
        "billcom_user": "u", "billcom_password": "p", "billcom_dev_key": "k", "settings": { "bills": "approved" } });
    let of = "/companies/{company}";
    let path = |rest: &str| -> &'static str { Box::leak(format!("{of}{rest}").into_boxed_str()) };
    let channel = json!({ "kind": "webhook", "target": "http://127.0.0.1:9/hook", "company": null });
    vec![
        ("get", "/openapi.json", None, 200),
        ("get", "/status", None, 200),
        ("get", "/companies", None, 200),
        ("post", "/companies", Some(company), 201),
        ("post", "/companies", Some(json!({ "name": "x" })), 400),
        ("get", path(""), None, 200),
        ("get", path("/status"), None, 200),
        ("get", path("/details"), None, 200),
        ("get", path("/plan"), None, 200),
        ("get", path("/check"), None, 200),
        ("get", path("/calendar"), None, 200),
        ("get", path("/problems"), None, 200),
        ("get", path("/problems/{problem}"), None, 200),
        ("post", path("/problems/{problem}/resolve"), Some(json!({ "action": "fly" })), 409),
        ("post", path("/problems/{problem}/resolve"), Some(json!({ "action": "retry" })), 200),
        ("post", path("/problems/{problem}/resolve"), Some(json!({ "action": "retry" })), 404),
        ("post", path("/resume"), None, 409),
        ("post", path("/start"), None, 200),
        ("post", path("/pause"), None, 200),
        ("post", path("/resume"), None, 200),
        ("post", path("/sync"), None, 200),
        ("get", path("/history"), None, 200),
        ("get", path("/settings"), None, 200),
        ("patch", path("/settings"), Some(json!({ "poll_interval": "5m" })), 200),
        ("patch", path("/settings"), Some(json!({ "poll_interval": "often" })), 422),
        ("put", path("/credentials"), Some(json!({ "user": "another" })), 200),
        ("put", path("/credentials"), Some(json!({ "usr": "another" })), 400),
        ("get", path("/qwc"), None, 200),
        ("post", path("/qwc/password"), None, 200),
        ("post", path("/qwc/ids"), None, 200),
        ("get", path("/webhooks"), None, 200),
        ("post", path("/webhooks"), None, 409),
        ("post", path("/webhooks/key"), None, 409),
        ("put", path("/webhooks/key"), Some(json!({ "key": "c2VjcmV0" })), 200),
        ("post", path("/webhooks/enable"), None, 409),
        ("delete", path("/webhooks"), None, 409),
        ("get", "/alerts", None, 200),
        ("put", "/alerts/silence", Some(json!({ "after": "4h" })), 200),
        ("put", "/alerts/silence", Some(json!({ "after": "soon" })), 422),
        ("put", "/alerts/mail", Some(json!({ "server": "smtps://mail.example.com", "sender": "a@example.com" })), 200),
        ("delete", "/alerts/mail", None, 200),
        ("post", "/alerts/channels", Some(channel), 201),
        ("post", "/alerts/channels", Some(json!({ "kind": "slack", "target": "ftp://x" })), 422),
        ("get", "/alerts", None, 200),
        ("post", "/alerts/channels/{channel}/test", None, 200),
        ("delete", "/alerts/channels/{channel}", None, 200),
        ("delete", "/alerts/channels/{channel}", None, 404),
        ("delete", path(""), None, 200),
        ("get", path(""), None, 404),
    ]
}

#[actix_web::test]
async fn every_answer_is_as_it_is_described() {
    let house = House::new();
    let (app, token) = (house.app(false).await, house.api_token(Role::Owner));
    let document = document(&app).await;
    let problem = house.report_a_problem().to_string();
    let mut called = BTreeSet::new();
    for (method, pattern, body, status) in script() {
        let path = filled(pattern, &house.id, &problem, "1");
        let seen = send(&app, authorised(call(method, &path, body.as_ref()), &token)).await;
        assert_eq!(seen.status.as_u16(), status, "{method} {path}: {}", seen.body);
        assert_eq!(judge(&document, method, pattern, &seen), Vec::<String>::new());
        called.insert((method.to_owned(), pattern.to_owned()));
    }
    assert_eq!(called, described(&document), "a call that is described was not tried");
}

#[actix_web::test]
async fn open_pages_do_not_open_the_interface() {
    let house = House::new();
    let app = house.app(true).await;
    assert_eq!(send(&app, get("/api/v1/status")).await.status, StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn a_token_reads_and_switches() {
    let house = House::new();
    let (app, token) = (house.app(false).await, house.api_token(Role::Owner));
    let base = format!("/companies/{}", house.id);
    let read = async |path: &str| {
        let seen = send(&app, authorised(call("get", path, None), &token)).await;
        assert_eq!(seen.status, StatusCode::OK, "{path}: {}", seen.body);
        parse(&seen.body)
    };
    assert_eq!(read("/status").await["companies"][0]["company"], house.id);
    assert_eq!(read("/companies").await["companies"][0]["mode"], "preview");
    assert_eq!(read(&format!("{base}/status")).await, read(&base).await);
    assert_eq!(read(&format!("{base}/history?limit=1")).await["events"].as_array().map(Vec::len), Some(1));
    for (verb, mode) in [("start", "running"), ("pause", "paused"), ("resume", "running")] {
        let seen = send(&app, authorised(call("post", &format!("{base}/{verb}"), None), &token)).await;
        assert_eq!(parse(&seen.body)["mode"], mode);
    }
    let events = read(&format!("{base}/history")).await.to_string();
    assert!(events.contains("paused by api: test"), "the history names the script: {events}");
}

#[actix_web::test]
async fn mistakes_are_named() {
    let house = House::new();
    let (app, token) = (house.app(false).await, house.api_token(Role::Owner));
    let base = format!("/companies/{}", house.id);
    let resolve = |body: &'static str| call("post", &format!("{base}/problems/99/resolve"), None).set_payload(body);
    let read = |path: &str| call("get", path, None);
    for (request, status, code) in [
        (read("/companies/nobody"), StatusCode::NOT_FOUND, "no_such_company"),
        (read("/nowhere"), StatusCode::NOT_FOUND, "not_found"),
        (read(&format!("{base}/problems/99")), StatusCode::NOT_FOUND, "no_such_problem"),
        (read(&format!("{base}/problems/x")), StatusCode::BAD_REQUEST, "bad_request"),
        (read(&format!("{base}/history?limit=many")), StatusCode::BAD_REQUEST, "bad_request"),
        (read(&format!("{base}/start")), StatusCode::METHOD_NOT_ALLOWED, "wrong_method"),
        (resolve("{\"action\": \"retry\"}"), StatusCode::NOT_FOUND, "no_such_problem"),
        (resolve("{\"akshun\": \"retry\"}"), StatusCode::BAD_REQUEST, "bad_request"),
        (resolve("junk"), StatusCode::BAD_REQUEST, "bad_request"),
    ] {
        let seen = send(&app, authorised(request, &token)).await;
        assert_eq!((seen.status, parse(&seen.body)["error"]["code"].as_str()), (status, Some(code)), "{}", seen.body);
    }
    let seen = send(&app, authorised(call("delete", &format!("{base}/problems/1/resolve"), None), &token)).await;
    assert_eq!((seen.status, seen.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "POST"));
}

#[actix_web::test]
async fn a_token_that_was_taken_back_opens_nothing() {
    let house = House::new();
    let (app, token) = (house.app(false).await, house.api_token(Role::Viewer));
    let read = async || send(&app, authorised(call("get", "/status", None), &token)).await.status;
    assert_eq!(read().await, StatusCode::OK);
    let listed = house.engine.api_tokens().expect("listed");
    assert_eq!((listed[0].name.as_str(), listed[0].role.as_str()), ("test", "viewer"));
    assert!(listed[0].last_used_at.is_some());
    house.engine.revoke_token(&listed[0].id).expect("taken back");
    assert_eq!(read().await, StatusCode::UNAUTHORIZED);
}
