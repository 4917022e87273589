//! The JSON interface.

use super::{House, get, local, send};
use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use serde_json::Value;

fn json(body: &str) -> Value {
    serde_json::from_str(body).expect("JSON")
}

fn authorised(request: TestRequest, token: &str) -> TestRequest {
    request.insert_header(("authorization", format!("Bearer {token}")))
}

#[actix_web::test]
async fn every_described_call_exists_and_wants_a_token() {
    let house = House::new();
    let app = house.app(false).await;
    let described = json(&send(&app, get("/api/v1/openapi.json")).await.body);
    let paths = described["paths"].as_object().expect("paths");
    assert_eq!(paths.len(), 13);
    for (path, methods) in paths.iter().filter(|(path, _)| *path != "/openapi.json") {
        let real = format!("/api/v1{}", path.replace("{company}", &house.id).replace("{problem}", "1"));
        for method in methods.as_object().expect("methods").keys().filter(|key| *key != "parameters") {
            let method: Method = method.to_uppercase().parse().expect("a method");
            for request in [get(&real), authorised(get(&real), "wrong"), authorised(get(&real), &"A".repeat(43))] {
                let seen = send(&app, request.method(method.clone())).await;
                assert_eq!(seen.status, StatusCode::UNAUTHORIZED, "{method} {path}");
                assert_eq!(seen.header("www-authenticate"), "Bearer");
                assert_eq!(json(&seen.body)["error"]["code"], "no_token");
            }
        }
    }
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
    let (app, token) = (house.app(false).await, house.api_token());
    let base = format!("/api/v1/companies/{}", house.id);
    let read = async |path: &str| {
        let seen = send(&app, authorised(get(path), &token)).await;
        assert_eq!(
            (seen.status, seen.header("content-type")),
            (StatusCode::OK, "application/json"),
            "{path}: {}",
            seen.body
        );
        json(&seen.body)
    };
    assert_eq!(read("/api/v1/status").await["companies"][0]["company"], house.id);
    assert_eq!(read("/api/v1/companies").await["companies"][0]["mode"], "preview");
    assert_eq!(read(&format!("{base}/status")).await, read(&base).await);
    assert!(read(&format!("{base}/plan")).await["steps"].is_array());
    assert!(read(&format!("{base}/problems")).await["problems"].is_array());
    assert!(read(&format!("{base}/history?limit=5")).await["events"].is_array());
    for (verb, mode) in [("start", "running"), ("pause", "paused"), ("resume", "running")] {
        let request = authorised(local(TestRequest::post().uri(&format!("{base}/{verb}"))), &token);
        assert_eq!(json(&send(&app, request).await.body)["mode"], mode);
    }
}

#[actix_web::test]
async fn mistakes_are_named() {
    let house = House::new();
    let (app, token) = (house.app(false).await, house.api_token());
    let base = format!("/api/v1/companies/{}", house.id);
    let resolve =
        |body: &'static str| local(TestRequest::post().uri(&format!("{base}/problems/99/resolve"))).set_payload(body);
    for (request, status, code) in [
        (get("/api/v1/companies/nobody"), StatusCode::NOT_FOUND, "no_such_company"),
        (get("/api/v1/nowhere"), StatusCode::NOT_FOUND, "not_found"),
        (get(&format!("{base}/problems/99")), StatusCode::NOT_FOUND, "no_such_problem"),
        (get(&format!("{base}/problems/x")), StatusCode::BAD_REQUEST, "bad_request"),
        (get(&format!("{base}/history?limit=many")), StatusCode::BAD_REQUEST, "bad_request"),
        (get(&format!("{base}/start")), StatusCode::METHOD_NOT_ALLOWED, "wrong_method"),
        (resolve("{\"action\": \"retry\"}"), StatusCode::NOT_FOUND, "no_such_problem"),
        (resolve("{\"akshun\": \"retry\"}"), StatusCode::BAD_REQUEST, "bad_request"),
        (resolve("junk"), StatusCode::BAD_REQUEST, "bad_request"),
    ] {
        let seen = send(&app, authorised(request, &token)).await;
        assert_eq!((seen.status, json(&seen.body)["error"]["code"].as_str()), (status, Some(code)), "{}", seen.body);
    }
}
