//! The client against the simulator over real HTTP.

use super::kit::{KEY, TOKEN, config, id, organization, shared, vendor};
use crate::billcom::{
    BillCom, BillComError, Budget, Entity, HttpClient, ListQuery, NetworkKind, Outcome, SystemNow, limits,
};
use crate::sim::billcom::{FaultKind, KeyUsage, On, Served, SharedOrganization, lock, serve};
use serde_json::{Value, json};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn install_tls() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

fn served(organization: &SharedOrganization) -> Served {
    install_tls();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    serve(listener, organization.clone(), Arc::new(SystemNow)).expect("served")
}

fn http_client(organization: &SharedOrganization, base_url: &str, budget: &Arc<Budget>) -> HttpClient {
    HttpClient::new(config(organization, base_url), budget.clone(), Arc::new(SystemNow)).expect("good configuration")
}

#[tokio::test]
async fn over_http_everything_works_with_and_without_the_usual_path() {
    let organization = shared();
    let served = served(&organization);
    let bare = served.base_url.trim_end_matches("/api/v2").to_owned();
    for (base, name) in [(served.base_url.as_str(), "Acme"), (bare.as_str(), "Bolt")] {
        let client = http_client(&organization, base, &Arc::new(Budget::new()));
        client.check_access().await.expect("access");
        let made = client.create(Entity::VENDOR, vendor(name)).await.expect("created");
        assert_eq!(client.read(Entity::VENDOR, &id(&made)).await.expect("read").text("name").as_deref(), Some(name));
    }
    assert_eq!(lock(&organization).violations(), []);
    served.stop().await;
}

#[tokio::test]
async fn over_http_v3_takes_json_and_headers() {
    install_tls();
    let organization = shared();
    let served = served(&organization);
    let base = served.base_url.trim_end_matches("/api/v2").to_owned();
    let http = reqwest::Client::new();
    let id = lock(&organization).id().to_owned();
    let login = json!({"username": "sync", "password": TOKEN, "organizationId": id, "devKey": KEY});
    let login = http.post(format!("{base}/connect/v3/login")).json(&login).send().await.expect("sent");
    let session: Value = login.json().await.expect("JSON");
    let catalog = http.get(format!("{base}/connect-events/v3/events/catalog")).header("devKey", KEY);
    let refused = catalog.try_clone().expect("a call without a body").send().await.expect("sent");
    assert_eq!(refused.status(), 401, "no session");
    let session = session["sessionId"].as_str().expect("session");
    let catalog: Value = catalog.header("sessionId", session).send().await.expect("sent").json().await.expect("JSON");
    assert_eq!(catalog[0], json!({"type": "vendor.created", "versions": ["1"]}));
    served.stop().await;
}

#[tokio::test]
async fn over_http_every_fault_is_told_apart() {
    type Expected = fn(&BillComError) -> bool;
    let organization = shared();
    let served = served(&organization);
    let client = http_client(&organization, &served.base_url, &Arc::new(Budget::new()));
    client.check_access().await.expect("access");
    let faults: [(FaultKind, Expected); 7] = [
        (FaultKind::LostBefore, |error| matches!(error, BillComError::Network { kind: NetworkKind::Sent, .. })),
        (FaultKind::LostAfter, |error| matches!(error, BillComError::Network { kind: NetworkKind::Sent, .. })),
        (FaultKind::Html, |error| matches!(error, BillComError::Maintenance { status: 200 })),
        (FaultKind::Truncated, |error| matches!(error, BillComError::Shape { .. })),
        (FaultKind::Status(503), |error| matches!(error, BillComError::Maintenance { status: 503 })),
        (FaultKind::Oversize(limits::REPLY_BYTES_MAX + 1), |error| matches!(error, BillComError::TooLarge)),
        (FaultKind::Redirect, |error| matches!(error, BillComError::Redirected { status: 302 })),
    ];
    for (number, (fault, expected)) in faults.into_iter().enumerate() {
        lock(&organization).hazards.once(On::Write, fault);
        let error = client.create(Entity::VENDOR, vendor(&format!("V{number}"))).await.expect_err("a fault");
        assert!(expected(&error), "{fault:?}: {error:?}");
        assert_eq!(error.outcome(), Outcome::Unknown);
    }
    client.create(Entity::VENDOR, vendor("after")).await.expect("none of it lasts");
    let names: Vec<String> = lock(&organization).vendors().into_iter().map(|vendor| vendor.name).collect();
    assert_eq!(names, ["V1", "V3", "after"], "done although the answer was lost or cut");
    served.stop().await;
}

#[tokio::test]
async fn over_http_nobody_listening_means_not_done() {
    let organization = shared();
    let served = served(&organization);
    let client = http_client(&organization, &served.base_url, &Arc::new(Budget::new()));
    served.stop().await;
    let error = client.check_access().await.expect_err("nobody listens");
    assert_eq!(error.outcome(), Outcome::NotDone, "{error:?}");
}

#[tokio::test]
async fn over_http_two_calls_at_once_are_never_exceeded() {
    let usage = KeyUsage::shared();
    let budget = Arc::new(Budget::new());
    let mut running = Vec::new();
    let mut tasks = Vec::new();
    for seed in 0..3 {
        let organization: SharedOrganization = Arc::new(Mutex::new(organization(seed, usage.clone())));
        lock(&organization).rules.latency = Duration::from_millis(3);
        let served = served(&organization);
        // Two clients of one organisation share its lane, as two companies of one practice would.
        for _ in 0..2 {
            let client = Arc::new(http_client(&organization, &served.base_url, &budget));
            for _ in 0..5 {
                let client = client.clone();
                tasks.push(tokio::spawn(async move {
                    for _ in 0..4 {
                        client.list(&ListQuery::all(Entity::VENDOR)).await.expect("list");
                    }
                }));
            }
        }
        running.push(served);
    }
    for task in tasks {
        task.await.expect("task");
    }
    for served in running {
        served.stop().await;
    }
    let usage = usage.lock().expect("usage");
    assert_eq!(usage.most_at_once(), limits::CALLS_AT_ONCE_MAX);
    assert_eq!((usage.declined(), usage.total().logins), (0, 6));
}

#[tokio::test]
async fn over_http_secrets_in_a_query_string_and_other_methods_are_turned_away() {
    let organization = shared();
    let served = served(&organization);
    let http = reqwest::Client::builder().no_proxy().build().expect("client");
    let url = format!("{}/Login.json", served.base_url);
    assert_eq!(http.get(&url).send().await.expect("answer").status(), 405);
    let form = [("devKey", KEY)];
    assert_eq!(http.post(format!("{url}?devKey=x")).form(&form).send().await.expect("answer").status(), 405);
    served.stop().await;
    let open = TcpListener::bind("0.0.0.0:0").expect("a free port");
    assert!(serve(open, organization, Arc::new(SystemNow)).is_err(), "loopback only");
}
