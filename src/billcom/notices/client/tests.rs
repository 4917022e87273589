//! The client against a gateway of a few lines, and its calls against the vendor's document.

use super::*;
use crate::billcom::{BoxFuture, CredentialKind, ErrorCode, SystemNow, WireError, WireReply};
use std::sync::Mutex;

/// Answers in turn, and keeps what was asked.
#[derive(Clone, Default)]
struct Gateway {
    answers: Arc<Mutex<Vec<(u16, Value)>>>,
    calls: Arc<Mutex<Vec<RestCall>>>,
}

impl RestWire for Gateway {
    fn send<'a>(&'a self, call: &'a RestCall) -> BoxFuture<'a, Result<WireReply, WireError>> {
        self.calls.lock().expect("calls").push(call.clone());
        let (status, body) = if call.url.path().ends_with("/v3/login") {
            (200, json!({"sessionId": "session", "organizationId": "008", "trusted": false, "userId": "006"}))
        } else {
            self.answers.lock().expect("answers").remove(0)
        };
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        Box::pin(std::future::ready(Ok(WireReply { status, body })))
    }
}

fn client(answers: Vec<(u16, Value)>) -> (NoticeClient, Gateway) {
    let gateway = Gateway { answers: Arc::new(Mutex::new(answers)), calls: Arc::default() };
    let config = HttpConfig {
        base_url: "https://api-stage.bill.com/api/v2".to_owned(),
        organization_id: "008".to_owned(),
        user_name: "sync".to_owned(),
        password: "the-token-value".into(),
        developer_key: "the-developer-key".into(),
        kind: CredentialKind::SyncToken,
    };
    let wire = Box::new(gateway.clone());
    (NoticeClient::over(wire, config, Arc::new(Budget::new()), Arc::new(SystemNow)).expect("client"), gateway)
}

fn told(id: &str, url: &str, enabled: bool) -> Value {
    json!({"id": id, "name": "n", "notificationUrl": url, "status": {"enabled": enabled, "reason": "too many\nfailures", "actor": "SYSTEM"}})
}

/// The document's paths, each with its operations.
fn document() -> Option<Value> {
    let Some(folder) = std::env::var_os("COUNTERFOIL_REFERENCE") else {
        println!("skipped: COUNTERFOIL_REFERENCE is not set");
        return None;
    };
    let path = std::path::Path::new(&folder).join("billcom-openapi/connect-events-api-1.json");
    Some(serde_json::from_slice(&std::fs::read(path).expect("document")).expect("JSON"))
}

fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let schema = schema["allOf"].get(0).unwrap_or(schema);
    match schema["$ref"].as_str() {
        Some(name) => resolve(document, &document["components"]["schemas"][name.rsplit('/').next().expect("a name")]),
        None => schema,
    }
}

fn check(document: &Value, schema: &Value, value: &Value, place: &str) {
    let schema = resolve(document, schema);
    let fits = match schema["type"].as_str().expect("a type") {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        other => panic!("{place}: {other}"),
    };
    assert!(fits, "{place}: {value}");
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        assert!(!value[name].is_null(), "{place}.{name} is required");
    }
    for (name, inner) in value.as_object().into_iter().flatten() {
        let property = &schema["properties"][name];
        assert!(!property.is_null(), "{place}.{name} is not documented");
        check(document, property, inner, &format!("{place}.{name}"));
    }
    for inner in value.as_array().into_iter().flatten() {
        check(document, &schema["items"], inner, &format!("{place}[]"));
    }
}

#[tokio::test]
async fn every_call_fits_the_vendors_document() {
    let Some(document) = document() else { return };
    let created =
        json!({"id": "s-1", "notificationUrl": "https://x.example/", "status": {"enabled": true}, "securityKey": "k"});
    let (client, gateway) = client(vec![
        (200, json!({"results": [], "nextPage": ""})),
        (
            200,
            json!([{"type": "bill.updated", "versions": ["1", "2"]}, {"type": "spend.transaction", "versions": ["1"]}]),
        ),
        (200, created),
        (200, told("s-1", "u", false)),
        (200, told("s-1", "u", true)),
        (200, json!({"securityKey": "k2"})),
        (200, Value::Null),
    ]);
    assert_eq!(client.find("https://x.example/").await.expect("asked"), None);
    let (made, key) = client.subscribe("Counterfoil", "https://x.example/", "key-1").await.expect("made");
    assert_eq!((made.id.as_str(), key.expose_secret()), ("s-1", "k"));
    let off = client.look("s-1").await.expect("looked");
    assert_eq!((off.enabled, off.reason.as_deref()), (false, Some("too many failures")));
    assert!(client.enable("s-1").await.expect("enabled").enabled);
    assert_eq!(client.new_key("s-1", "key-2").await.expect("key").expose_secret(), "k2");
    client.unsubscribe("s-1").await.expect("removed");
    for call in gateway.calls.lock().expect("calls").iter().filter(|call| !call.url.path().ends_with("/login")) {
        let path = call.url.path().trim_start_matches("/connect-events").replace("s-1", "{subscriptionId}");
        let method = format!("{:?}", call.method).to_lowercase();
        let operation = &document["paths"][&path][&method];
        assert!(operation.is_object(), "{method} {path}");
        let parameters: Vec<_> = operation["parameters"]
            .as_array()
            .expect("parameters")
            .iter()
            .map(|one| one["name"].as_str().expect("name"))
            .collect();
        assert!(call.headers.iter().all(|(name, _)| parameters.contains(name)), "{path}: {parameters:?}");
        let needed = parameters.contains(&"X-Idempotent-Key");
        assert_eq!(needed, call.headers.iter().any(|(name, _)| *name == "X-Idempotent-Key"), "{path}");
        assert!(call.url.query_pairs().all(|(name, _)| parameters.contains(&&*name)), "{path}");
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        assert_eq!(schema.is_object(), call.body.is_some(), "{path}");
        if let Some(body) = &call.body {
            check(&document, schema, body, &path);
        }
        assert_eq!(call.url.host_str(), Some("gateway.stage.bill.com"));
    }
    let calls = gateway.calls.lock().expect("calls");
    let made =
        calls.iter().find(|call| call.url.path().ends_with("/subscriptions") && call.body.is_some()).expect("made");
    let events = &made.body.as_ref().expect("body")["events"];
    assert_eq!(*events, json!([{"type": "bill.updated", "version": "2"}]), "what is offered and wanted, newest");
}

#[tokio::test]
async fn errors_have_the_meaning_that_they_have_in_version_2() {
    let error = async |status: u16, body: Value| client(vec![(status, body)]).0.look("s").await.expect_err("an error");
    let list = |code: &str| json!([{"code": code, "severity": "ERROR", "category": "REQUEST", "message": "words"}]);
    assert!(matches!(error(401, list("BDC_1109")).await, BillComError::SessionExpired));
    assert!(matches!(error(429, list("BDC_1144")).await, BillComError::RateLimited { .. }));
    assert!(matches!(error(400, list("BDC_1322")).await, BillComError::TooManyAtOnce));
    assert!(error(404, list("BDC_1205")).await.is_not_found());
    assert!(matches!(error(503, json!({})).await, BillComError::Maintenance { status: 503 }));
    assert!(matches!(error(401, json!({"x": 1})).await, BillComError::SessionExpired));
    let BillComError::Refused { code, .. } = error(422, json!({})).await else { panic!("not a refusal") };
    assert_eq!(code, ErrorCode::new("HTTP_422"));
    assert!(matches!(error(200, json!({"id": ""})).await, BillComError::Shape { .. }));
    assert!(matches!(error(200, Value::Null).await, BillComError::Shape { .. }));
}

#[test]
fn each_environment_has_its_gateways_and_a_simulator_its_own() {
    let of = |base: &str| {
        let (login, events) = gateways(&Url::parse(base).expect("URL"));
        (login.to_string(), events.to_string())
    };
    let pair = |base: &str| (format!("{base}/connect"), format!("{base}/connect-events"));
    assert_eq!(of("https://api.bill.com/api/v2"), pair("https://gateway.prod.bill.com"));
    assert_eq!(of("https://api-stage.bill.com/api/v2"), pair("https://gateway.stage.bill.com"));
    assert_eq!(of("https://api-sandbox.bill.com/api/v2"), pair("https://gateway.stage.bill.com"));
    assert_eq!(of("http://127.0.0.1:81/api/v2"), pair("http://127.0.0.1:81"));
    assert_eq!(of("https://evilbill.com/api/v2"), pair("https://evilbill.com"));
}

#[tokio::test]
async fn nothing_printed_holds_a_secret_and_no_id_leads_elsewhere() {
    let (client, gateway) = client(vec![(200, told("s", "u", true))]);
    client.look("../../login?x=").await.expect("looked");
    let calls = gateway.calls.lock().expect("calls");
    let printed = format!("{client:?} {:?}", *calls);
    for secret in ["the-token-value", "the-developer-key", "session\""] {
        assert!(!printed.contains(secret), "{printed}");
    }
    assert!(calls[1].url.as_str().ends_with("/connect-events/v3/subscriptions/loginx"), "{}", calls[1].url);
}
