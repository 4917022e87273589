//! What the tests share: a clock of their own, an organisation, a client.

use crate::billcom::{BoxFuture, Budget, CredentialKind, HttpClient, HttpConfig, Now};
use crate::model::{NativeId, Raw};
use crate::sim::billcom::{
    BillDraft, Identity, InProcess, KeyUsage, LineDraft, Organization, SharedOrganization, SharedUsage, SignInKind,
    lock,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(super) const TOKEN: &str = "token-value-1234567890";
pub(super) const KEY: &str = "developer-key-1234567890";

/// A clock that moves only when told to, or when somebody waits.
#[derive(Debug)]
pub(super) struct TestClock(AtomicI64);

impl TestClock {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(instant("2026-03-02T10:00:00.250Z").timestamp_millis())))
    }

    pub(super) fn advance(&self, delta: TimeDelta) {
        self.0.fetch_add(delta.num_milliseconds(), Ordering::SeqCst);
    }
}

impl Now for TestClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0.load(Ordering::SeqCst)).expect("test instant")
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        self.advance(TimeDelta::from_std(duration).expect("short"));
        Box::pin(tokio::task::yield_now())
    }
}

pub(super) fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("test instant")
}

pub(super) fn organization(seed: u64, usage: SharedUsage) -> Organization {
    let identity = Identity {
        name: "Practice".to_owned(),
        accounting_software: Some("QuickBooks".to_owned()),
        developer_key: KEY.to_owned(),
    };
    let mut organization = Organization::new(identity, seed, instant("2026-01-01T00:00:00Z"), usage);
    organization.allow("sync", TOKEN, SignInKind::SyncToken);
    organization.allow("ann@example.com", TOKEN, SignInKind::User);
    organization
}

pub(super) fn shared() -> SharedOrganization {
    Arc::new(Mutex::new(organization(7, KeyUsage::shared())))
}

pub(super) fn config(organization: &SharedOrganization, base_url: &str) -> HttpConfig {
    HttpConfig {
        base_url: base_url.to_owned(),
        organization_id: lock(organization).id().to_owned(),
        user_name: "sync".to_owned(),
        password: TOKEN.into(),
        developer_key: KEY.into(),
        kind: CredentialKind::SyncToken,
    }
}

/// A client that reaches the organisation without a network.
pub(super) fn client(organization: &SharedOrganization, clock: &Arc<TestClock>) -> HttpClient {
    client_with(organization, clock, &Arc::new(Budget::new()))
}

pub(super) fn client_with(
    organization: &SharedOrganization,
    clock: &Arc<TestClock>,
    budget: &Arc<Budget>,
) -> HttpClient {
    let wire = InProcess::new(organization.clone(), clock.clone());
    let config = config(organization, "https://sim.example/api/v2");
    HttpClient::over(Box::new(wire), config, budget.clone(), clock.clone()).expect("good configuration")
}

/// Calls past the client: signs in if need be, and gives the envelope.
pub(super) fn raw_call(organization: &mut Organization, now: DateTime<Utc>, path: &str, data: &Value) -> Value {
    let id = field("orgId", organization.id());
    let login = [field("devKey", KEY), field("userName", "sync"), field("password", TOKEN), id];
    let login = body(&organization.handle(now, "/api/v2/Login.json", &login).body);
    let session = login["response_data"]["sessionId"].as_str().expect("session").to_owned();
    let form = [field("devKey", KEY), field("sessionId", &session), field("data", &data.to_string())];
    body(&organization.handle(now, path, &form).body)
}

pub(super) fn body(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).expect("JSON")
}

/// Signs in as a person and calls; gives the envelope.
pub(super) fn call_as_person(organization: &mut Organization, path: &str, data: &Value) -> Value {
    let id = field("orgId", organization.id());
    let login = [field("devKey", KEY), field("userName", "ann@example.com"), field("password", TOKEN), id];
    let login = body(&organization.handle(now(), "/api/v2/Login.json", &login).body);
    let session = login["response_data"]["sessionId"].as_str().expect("session").to_owned();
    let form = [field("devKey", KEY), field("sessionId", &session), field("data", &data.to_string())];
    body(&organization.handle(now(), path, &form).body)
}

/// A vendor on its way to Bill.com.
pub(super) fn vendor(name: &str) -> Raw {
    let mut vendor = Raw::default();
    vendor.set("name", name);
    vendor
}

pub(super) fn id(record: &Raw) -> NativeId {
    record.id().expect("an id")
}

/// A field of a form.
pub(super) fn field(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

pub(super) fn now() -> DateTime<Utc> {
    instant("2026-03-02T10:00:00.250Z")
}

pub(super) fn fresh() -> Organization {
    organization(3, KeyUsage::shared())
}

/// The data of a call that went well.
pub(super) fn good(organization: &mut Organization, path: &str, data: &Value) -> Value {
    let envelope = raw_call(organization, now(), path, data);
    assert_eq!(envelope["response_status"], 0, "{path}: {envelope}");
    envelope["response_data"].clone()
}

/// The code of a call that was declined.
pub(super) fn code(organization: &mut Organization, path: &str, data: &Value) -> String {
    let envelope = raw_call(organization, now(), path, data);
    assert_eq!(envelope["response_status"], 1, "{path}: {envelope}");
    envelope["response_data"]["error_code"].as_str().expect("code").to_owned()
}

pub(super) fn create_vendor(organization: &mut Organization, name: &str) -> Value {
    good(organization, "Crud/Create/Vendor.json", &json!({"obj": {"entity": "Vendor", "name": name}}))
}

pub(super) fn bill(vendor: &str, number: &str, amounts: &[i64]) -> BillDraft {
    let date = now().date_naive();
    let lines = amounts.iter().map(|&cents| LineDraft { cents, ..LineDraft::default() }).collect();
    BillDraft { vendor_id: vendor.to_owned(), number: number.to_owned(), date, due: date, lines }
}
