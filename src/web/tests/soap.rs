//! The Web Connector's endpoint, as a client sees it.

use super::{House, get, local, send};
use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;

const SERVER_VERSION: &str = r#"<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><serverVersion xmlns="http://developer.intuit.com/" /></soap:Body></soap:Envelope>"#;

fn call(path: &str, body: &'static str) -> TestRequest {
    local(TestRequest::post().uri(path)).insert_header(("content-type", "text/xml; charset=utf-8")).set_payload(body)
}

fn authenticate(user: &str) -> String {
    SERVER_VERSION.replace(
        r#"<serverVersion xmlns="http://developer.intuit.com/" />"#,
        &format!(r#"<authenticate xmlns="http://developer.intuit.com/"><strUserName>{user}</strUserName><strPassword>p</strPassword></authenticate>"#),
    )
}

#[actix_web::test]
async fn a_call_is_answered_with_an_envelope_with_and_without_a_trailing_slash() {
    let house = House::new();
    let app = house.app(false).await;
    for path in [format!("/qbwc/{}", house.id), format!("/qbwc/{}/", house.id), "/qbwc/nobody".to_owned()] {
        let seen = send(&app, call(&path, SERVER_VERSION)).await;
        assert_eq!(seen.status, StatusCode::OK, "{path}");
        assert_eq!(seen.header("content-type"), "text/xml; charset=utf-8");
        assert!(seen.body.contains("<serverVersionResult>"), "{}", seen.body);
        assert!(seen.header("content-encoding").is_empty() && seen.header("set-cookie").is_empty());
    }
}

#[actix_web::test]
async fn an_unknown_company_is_refused_like_a_wrong_password() {
    let house = House::new();
    let app = house.app(false).await;
    let body: &'static str = authenticate("somebody").leak();
    let known = send(&app, call(&format!("/qbwc/{}", house.id), body)).await;
    let unknown = send(&app, call("/qbwc/nobody", body)).await;
    assert!(unknown.body.contains("<string>nvu</string>"), "{}", unknown.body);
    assert_eq!(known.body, unknown.body);
    assert_eq!((known.status, unknown.status), (StatusCode::OK, StatusCode::OK));
}

#[actix_web::test]
async fn what_is_no_call_gets_a_fault() {
    let house = House::new();
    let app = house.app(false).await;
    let dtd: &'static str = SERVER_VERSION.replace("?><soap", "?><!DOCTYPE x [<!ENTITY a 'b'>]><soap").leak();
    let two: &'static str = SERVER_VERSION
        .replace("</soap:Body>", "<serverVersion xmlns=\"http://developer.intuit.com/\"/></soap:Body>")
        .leak();
    let deep: &'static str =
        format!("{}{}", SERVER_VERSION.split("<serverVersion").next().expect("a head"), "<a>".repeat(100_000)).leak();
    for junk in ["", "junk", "{\"json\": true}", "<a/>", "\u{0}\u{1}", dtd, two, deep, &SERVER_VERSION[..80]] {
        let seen = send(&app, call("/qbwc/acme", junk)).await;
        assert_eq!(seen.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(seen.header("content-type"), "text/xml; charset=utf-8");
        assert!(seen.body.contains("Fault>") && seen.body.len() < 2_000, "{}", seen.body);
    }
}

#[actix_web::test]
async fn soap_12_is_answered_in_kind() {
    let house = House::new();
    let app = house.app(false).await;
    let body: &'static str = SERVER_VERSION
        .replace("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope")
        .leak();
    let request = call("/qbwc/acme", body).insert_header(("content-type", "application/soap+xml; charset=utf-8"));
    let seen = send(&app, request).await;
    assert_eq!(seen.status, StatusCode::OK);
    assert!(seen.header("content-type").starts_with("application/soap+xml"));
    assert!(seen.body.contains("http://www.w3.org/2003/05/soap-envelope"));
}

#[actix_web::test]
async fn probes_get_200_and_the_wsdl_names_this_address() {
    let house = House::reached_as(Some("https://sync.example.com"));
    let app = house.app(false).await;
    let path = format!("/qbwc/{}", house.id);
    for method in [Method::GET, Method::HEAD] {
        let seen = send(&app, get(&path).method(method)).await;
        assert_eq!(seen.status, StatusCode::OK);
    }
    for query in ["?wsdl", "?WSDL", "?singleWsdl"] {
        let seen = send(&app, get(&format!("{path}{query}"))).await;
        assert_eq!(seen.header("content-type"), "text/xml; charset=utf-8");
        assert!(seen.body.contains(&format!("location=\"https://sync.example.com{path}\"")), "{query}");
    }
    let stranger = send(&app, get("/qbwc/nobody?wsdl")).await;
    assert!(stranger.body.contains("location=\"https://sync.example.com/qbwc/nobody\""));
    let seen = send(&app, get(&path).method(Method::PUT)).await;
    assert_eq!((seen.status, seen.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "GET, HEAD, POST"));
}
