//! The subscription: made, looked at, switched on again, removed.
//!
//! All of this is rare and asked for by a person, or looked at a few times a day; so each piece of work signs in for itself.
//! Sign-ins count as those of version 2 do: the vendor counts them for the developer key (`billcom.md` 1).

use super::rest::{Method, RestCall, RestWire};
use crate::billcom::budget::Purpose;
use crate::billcom::{BillComError, Budget, ConfigError, HttpConfig, HttpWire, Now, network, reply};
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::fmt;
use std::sync::Arc;

/// What is asked for when it is in the vendor's catalogue: everything there is about records that are carried.
const WANTED: &[&str] = &[
    "vendor.created",
    "vendor.updated",
    "vendor.archived",
    "vendor.restored",
    "bill.created",
    "bill.updated",
    "bill.archived",
    "bill.restored",
    "invoice.created",
    "invoice.updated",
    "invoice.archived",
    "invoice.restored",
    "payment.updated",
    "payment.failed",
    "bank-account.created",
    "bank-account.updated",
];

/// Pages of subscriptions read: an organisation has ten at most.
const PAGES_MAX: usize = 5;

/// A subscription, as Bill.com tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Its id.
    pub id: String,
    /// Where its notices go.
    pub url: String,
    /// Whether any are sent.
    pub enabled: bool,
    /// Why not, in Bill.com's words, bounded.
    pub reason: Option<String>,
}

/// Bill.com's version 3, for one organisation.
pub struct NoticeClient {
    config: HttpConfig,
    login: Url,
    events: Url,
    wire: Box<dyn RestWire>,
    budget: Arc<Budget>,
    clock: Arc<dyn Now>,
}

impl fmt::Debug for NoticeClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NoticeClient").field("config", &self.config).finish_non_exhaustive()
    }
}

/// The two gateways of version 3 that belong to a base of version 2: where to sign in, and where notices are looked after.
/// A base that is not Bill.com's own (a simulated organisation) has both on the same server.
#[must_use]
pub fn gateways(v2: &Url) -> (Url, Url) {
    let host = v2.host_str().unwrap_or_default();
    let of_vendor = host == "bill.com" || host.ends_with(".bill.com");
    let mut base = v2.clone();
    if of_vendor {
        let practice = host.contains("stage") || host.contains("sandbox");
        let gateway = if practice { "gateway.stage.bill.com" } else { "gateway.prod.bill.com" };
        if base.set_host(Some(gateway)).is_err() {
            base = v2.clone();
        }
    }
    let at = |path: &str| {
        let mut url = base.clone();
        url.set_path(path);
        url
    };
    (at("/connect"), at("/connect-events"))
}

impl NoticeClient {
    /// A client over the network.
    ///
    /// # Errors
    /// [`ConfigError`] when no call could be made like this.
    pub fn new(config: HttpConfig, budget: Arc<Budget>, clock: Arc<dyn Now>) -> Result<Self, ConfigError> {
        let wire = HttpWire::towards(&config.base()?)?;
        Self::over(Box::new(wire), config, budget, clock)
    }

    /// A client over any line.
    ///
    /// # Errors
    /// [`ConfigError`] when no call could be made like this.
    pub fn over(
        wire: Box<dyn RestWire>,
        config: HttpConfig,
        budget: Arc<Budget>,
        clock: Arc<dyn Now>,
    ) -> Result<Self, ConfigError> {
        let (login, events) = gateways(&config.base()?);
        Ok(Self { config, login, events, wire, budget, clock })
    }

    /// The subscription whose notices go to this address; none when there is none.
    ///
    /// # Errors
    /// [`BillComError`] when Bill.com does not tell.
    pub async fn find(&self, url: &str) -> Result<Option<Subscription>, BillComError> {
        let session = self.sign_in().await?;
        let mut page = None;
        for _ in 0..PAGES_MAX {
            let query = page.map(|page: String| ("page", page)).into_iter().chain([("max", "100".to_owned())]);
            let answer =
                self.call(&session, Method::Get, "subscriptions", &query.collect::<Vec<_>>(), None, None).await?;
            let rows = answer.get("results").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let found = rows.iter().filter_map(|row| subscription(row).ok()).find(|one| one.url == url);
            page = answer.get("nextPage").and_then(Value::as_str).filter(|page| !page.is_empty()).map(str::to_owned);
            if found.is_some() || page.is_none() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// Makes a subscription, and gives the key its notices are signed with. `request_key` is the same for every try.
    ///
    /// # Errors
    /// [`BillComError`]; after one of unknown outcome look for it with [`Self::find`] first.
    pub async fn subscribe(
        &self,
        name: &str,
        url: &str,
        request_key: &str,
    ) -> Result<(Subscription, SecretString), BillComError> {
        let session = self.sign_in().await?;
        let catalogue = self.call(&session, Method::Get, "events/catalog", &[], None, None).await?;
        let body = json!({
            "name": name,
            "status": {"enabled": true},
            "events": events(&catalogue),
            "notificationUrl": url,
        });
        let answer = self.call(&session, Method::Post, "subscriptions", &[], Some(request_key), Some(body)).await?;
        Ok((subscription(&answer)?, security_key(&answer)?))
    }

    /// A subscription, as it is now.
    ///
    /// # Errors
    /// [`BillComError`] when Bill.com does not tell; [`BillComError::is_not_found`] when it is gone.
    pub async fn look(&self, id: &str) -> Result<Subscription, BillComError> {
        let session = self.sign_in().await?;
        subscription(&self.call(&session, Method::Get, &of(id, ""), &[], None, None).await?)
    }

    /// Has notices sent again.
    ///
    /// # Errors
    /// [`BillComError`] when Bill.com declines.
    pub async fn enable(&self, id: &str) -> Result<Subscription, BillComError> {
        let session = self.sign_in().await?;
        let body = json!({"status": {"enabled": true}});
        subscription(&self.call(&session, Method::Patch, &of(id, ""), &[], None, Some(body)).await?)
    }

    /// A new key for the notices of a subscription.
    ///
    /// # Errors
    /// [`BillComError`]; after one of unknown outcome the old key may not hold any more.
    pub async fn new_key(&self, id: &str, request_key: &str) -> Result<SecretString, BillComError> {
        let session = self.sign_in().await?;
        let path = of(id, "/security_key");
        security_key(&self.call(&session, Method::Post, &path, &[], Some(request_key), None).await?)
    }

    /// Removes a subscription.
    ///
    /// # Errors
    /// [`BillComError`] when Bill.com declines.
    pub async fn unsubscribe(&self, id: &str) -> Result<(), BillComError> {
        let session = self.sign_in().await?;
        self.call(&session, Method::Delete, &of(id, ""), &[], None, None).await.map(drop)
    }

    async fn sign_in(&self) -> Result<SecretString, BillComError> {
        let now = self.clock.now();
        self.budget.take_login(now)?;
        let config = &self.config;
        let body = json!({
            "username": config.user_name,
            "password": config.password.expose_secret(),
            "organizationId": config.organization_id,
            "devKey": config.developer_key.expose_secret(),
        });
        let url = below(&self.login, "login", &[]);
        let call = RestCall { method: Method::Post, url, headers: Vec::new(), body: Some(body) };
        let answer = self.exchange(&call).await.inspect_err(|error| {
            if matches!(error, BillComError::RateLimited { .. }) {
                self.budget.logins_spent(now);
            }
        })?;
        let id = answer.get("sessionId").and_then(Value::as_str).filter(|id| !id.is_empty());
        id.map(SecretString::from).ok_or(BillComError::Shape { wanted: "a login with sessionId" })
    }

    async fn call(
        &self,
        session: &SecretString,
        method: Method,
        path: &str,
        query: &[(&str, String)],
        request_key: Option<&str>,
        body: Option<Value>,
    ) -> Result<Value, BillComError> {
        self.budget.take_call(self.clock.now(), Purpose::Other)?;
        let mut headers = vec![
            ("sessionId", session.expose_secret().to_owned()),
            ("devKey", self.config.developer_key.expose_secret().to_owned()),
        ];
        headers.extend(request_key.map(|key| ("X-Idempotent-Key", key.to_owned())));
        self.exchange(&RestCall { method, url: below(&self.events, path, query), headers, body }).await
    }

    async fn exchange(&self, call: &RestCall) -> Result<Value, BillComError> {
        let answer = self.wire.send(call).await.map_err(network)?;
        reply::decode_rest(&answer, self.clock.now())
    }
}

/// `base/v3/path?query`.
fn below(base: &Url, path: &str, query: &[(&str, String)]) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}/v3/{path}", base.path().trim_end_matches('/')));
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    url
}

/// The path of a subscription. Its id came from Bill.com; nothing in it may lead elsewhere.
fn of(id: &str, rest: &str) -> String {
    let safe: String = id.chars().filter(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_')).collect();
    format!("subscriptions/{safe}{rest}")
}

/// Of what the catalogue offers, what is wanted, in its newest version. Without a catalogue that can be read, the first
/// version of everything.
fn events(catalogue: &Value) -> Vec<Value> {
    let rows = catalogue.as_array().map(Vec::as_slice).unwrap_or_default();
    let newest = |row: &Value| {
        let versions = row.get("versions")?.as_array()?.iter().filter_map(Value::as_str);
        versions.max_by_key(|version| version.parse::<u32>().unwrap_or(0)).map(str::to_owned)
    };
    let offered = rows.iter().filter_map(|row| Some((row.get("type")?.as_str()?, newest(row)?)));
    let wanted: Vec<_> = offered
        .filter(|(name, _)| WANTED.contains(name))
        .map(|(name, version)| json!({"type": name, "version": version}))
        .collect();
    if wanted.is_empty() { WANTED.iter().map(|name| json!({"type": name, "version": "1"})).collect() } else { wanted }
}

fn subscription(row: &Value) -> Result<Subscription, BillComError> {
    let text = |field: &str| row.get(field).and_then(Value::as_str);
    let status = row.get("status").unwrap_or(&Value::Null);
    let id = text("id").filter(|id| !id.is_empty()).ok_or(BillComError::Shape { wanted: "a subscription" })?;
    Ok(Subscription {
        id: id.to_owned(),
        url: text("notificationUrl").unwrap_or_default().to_owned(),
        enabled: status.get("enabled").and_then(Value::as_bool).unwrap_or(true),
        reason: status.get("reason").and_then(Value::as_str).map(reply::safe).filter(|reason| !reason.is_empty()),
    })
}

fn security_key(answer: &Value) -> Result<SecretString, BillComError> {
    let key = answer.get("securityKey").and_then(Value::as_str).filter(|key| !key.is_empty());
    key.map(SecretString::from).ok_or(BillComError::Shape { wanted: "an answer with securityKey" })
}

#[cfg(test)]
mod tests;
