//! The v3 calls that are simulated: signing in, and everything about subscriptions.
//!
//! Answers are plain JSON; refusals are an array of errors with an HTTP status (`billcom.md` 4).

use super::payload::print_time;
use super::{EVENTS, Event, SUBSCRIPTIONS_MAX, Subscription, Webhooks};
use crate::sim::billcom::reply::HttpReply;
use crate::sim::billcom::{Organization, SharedUsage};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use std::sync::PoisonError;

/// Rows of a page: the vendor's default and maximum.
const PAGE_ROWS: usize = 20;
const PAGE_ROWS_MAX: usize = 100;

/// A v3 call as it arrives.
#[derive(Clone, Copy, Debug)]
pub struct V3Request<'a> {
    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
    pub method: &'a str,
    /// Path and query; what stands before `/v3/` does not matter.
    pub target: &'a str,
    /// Names and values; names in any case.
    pub headers: &'a [(String, String)],
    /// The body, empty when there is none.
    pub body: &'a [u8],
}

/// Why a call is declined: HTTP status, code, text.
struct Declined(u16, &'static str, String);

type Answer = Result<Value, Declined>;

impl Declined {
    fn wrong(what: &str) -> Self {
        Self(400, "BDC_1119", format!("Invalid value: {what}"))
    }

    fn unknown(what: &str) -> Self {
        Self(404, "BDC_1205", format!("Record not found: {what}"))
    }

    fn session() -> Self {
        Self(401, "BDC_1109", "Session is invalid. Please log in.".to_owned())
    }

    fn reply(&self, now: DateTime<Utc>) -> HttpReply {
        let Self(status, code, message) = self;
        let error = json!([{"timestamp": print_time(now), "code": code, "severity": "ERROR", "category": "REQUEST", "message": message}]);
        HttpReply::json(*status, &error)
    }
}

impl V3Request<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// The body as an object with these fields only.
    fn object(&self, known: &[&str]) -> Result<Map<String, Value>, Declined> {
        let body = if self.body.is_empty() { b"{}" } else { self.body };
        let object: Map<String, Value> = serde_json::from_slice(body).map_err(|_| Declined::wrong("body"))?;
        match object.keys().find(|name| !known.contains(&name.as_str())) {
            Some(name) => Err(Declined::wrong(name)),
            None => Ok(object),
        }
    }

    fn query(&self, name: &str) -> Option<&str> {
        let (_, query) = self.target.split_once('?')?;
        query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// Rows of the page, and where it begins.
    fn page(&self) -> Result<(usize, usize), Declined> {
        let number = |name: &'static str, default: usize| {
            self.query(name).map_or(Ok(default), |text| text.parse().map_err(|_| Declined::wrong(name)))
        };
        let (max, start) = (number("max", PAGE_ROWS)?, number("page", 0)?);
        if max == 0 || max > PAGE_ROWS_MAX { Err(Declined::wrong("max")) } else { Ok((max, start)) }
    }
}

impl Organization {
    /// Answers one v3 call.
    pub fn handle_v3(&mut self, now: DateTime<Utc>, request: &V3Request<'_>) -> HttpReply {
        let now = now + self.rules.clock_skew;
        match self.answer_v3(now, request) {
            Ok(answer) => HttpReply::json(200, &answer),
            Err(declined) => declined.reply(now),
        }
    }

    fn answer_v3(&mut self, now: DateTime<Utc>, request: &V3Request<'_>) -> Answer {
        let path = request.target.split('?').next().unwrap_or_default();
        let path = path.split_once("/v3/").map_or("", |(_, path)| path);
        let parts: Vec<&str> = path.split('/').collect();
        if (request.method, &parts[..]) == ("GET", &["health"]) {
            return Ok(json!({"appId": "connect-events", "appEnv": "practice", "appVersion": "1", "bdcRegion": "us"}));
        }
        count(&self.usage, now, path == "login")?;
        if (request.method, path) == ("POST", "login") {
            return self.login_v3(now, request);
        }
        if request.header("devKey") != Some(self.developer_key()) {
            return Err(Declined(401, "BDC_1102", "Developer key is invalid.".to_owned()));
        }
        let session_id = request.header("sessionId").ok_or_else(Declined::session)?;
        let session = self.webhooks.sessions.touch(session_id, now).ok_or_else(Declined::session)?;
        let organization_id = self.id.clone();
        match (request.method, &parts[..]) {
            ("GET", ["login", "session"]) => Ok(json!({"organizationId": organization_id, "userId": session.user_id})),
            ("POST", ["logout"]) => {
                self.webhooks.sessions.close(session_id);
                Ok(json!({}))
            }
            (method, parts) => self.webhooks.answer(now, &organization_id, method, parts, request),
        }
    }

    fn login_v3(&mut self, now: DateTime<Utc>, request: &V3Request<'_>) -> Answer {
        let known = ["username", "password", "organizationId", "devKey", "rememberMeId", "device"];
        let object = request.object(&known)?;
        let text = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default();
        if text("devKey") != self.developer_key() {
            return Err(Declined(401, "BDC_1102", "Developer key is invalid.".to_owned()));
        }
        let found = self.credentials.iter().find(|it| it.name == text("username") && it.secret == text("password"));
        let wrong = || Declined(401, "BDC_1101", "User name and/or password do not match our records.".to_owned());
        let credential = found.cloned().ok_or_else(wrong)?;
        if text("organizationId") != self.id {
            return Err(Declined::wrong("organizationId"));
        }
        let webhooks = &mut self.webhooks;
        let session = webhooks.sessions.open(&credential, now, &mut webhooks.random);
        Ok(json!({
            "sessionId": session,
            "organizationId": self.id,
            "userId": credential.user_id,
            "trusted": credential.trusted,
        }))
    }
}

/// Both versions share the limits of the key.
fn count(usage: &SharedUsage, now: DateTime<Utc>, login: bool) -> Result<(), Declined> {
    let counted = usage.lock().unwrap_or_else(PoisonError::into_inner).call(now, login);
    counted.map_err(|limit| {
        Declined(429, "BDC_1144", format!("Max number of allowed requests per hour reached: {limit}."))
    })
}

impl Webhooks {
    fn answer(
        &mut self,
        now: DateTime<Utc>,
        organization_id: &str,
        method: &str,
        parts: &[&str],
        request: &V3Request<'_>,
    ) -> Answer {
        match (method, parts) {
            ("GET", ["events", "catalog"]) => {
                Ok(EVENTS.iter().map(|event| json!({"type": event, "versions": ["1"]})).collect())
            }
            ("POST", ["subscriptions"]) => {
                self.once(request, |webhooks| webhooks.subscribe(now, organization_id, request))
            }
            ("GET", ["subscriptions"]) => self.list(organization_id, request),
            ("GET", ["subscriptions", id]) => Ok(self.known(id)?.print(organization_id)),
            ("PUT" | "PATCH", ["subscriptions", id]) => self.change(now, organization_id, id, method, request),
            ("DELETE", ["subscriptions", id]) => {
                self.subscriptions.remove(*id).ok_or_else(|| Declined::unknown(id)).map(|_| json!({}))
            }
            ("POST", ["subscriptions", id, "security_key"]) => {
                self.known(id)?;
                self.once(request, |webhooks| webhooks.renew_key(now, id))
            }
            ("POST", ["subscriptions", id, "test"]) => self.test(now, organization_id, id, request),
            ("GET", ["events", "subscription", id]) => self.history(id, request),
            ("POST", ["events", "subscription", id, "event", event]) => {
                let found = self.event(event).filter(|it| it.subscription == *id).cloned();
                let found = found.ok_or_else(|| Declined::unknown(event))?;
                self.send_later(now, event, id);
                Ok(found.print())
            }
            _ => Err(Declined(404, "BDC_1121", "API not supported".to_owned())),
        }
    }

    /// A call that is done once for each `X-Idempotent-Key`; the same key again gets the same answer.
    fn once(&mut self, request: &V3Request<'_>, act: impl FnOnce(&mut Self) -> Answer) -> Answer {
        let key = request.header("X-Idempotent-Key").ok_or_else(|| Declined::wrong("X-Idempotent-Key"))?;
        let key = format!("{} {key}", request.target);
        if let Some(reply) = self.replies.get(&key) {
            return Ok(reply.clone());
        }
        let answer = act(self)?;
        self.replies.insert(key, answer.clone());
        Ok(answer)
    }

    fn known(&self, id: &str) -> Result<&Subscription, Declined> {
        self.subscriptions.get(id).ok_or_else(|| Declined::unknown(id))
    }

    fn subscribe(&mut self, now: DateTime<Utc>, organization_id: &str, request: &V3Request<'_>) -> Answer {
        let wish = Wish::read(request)?;
        let (Some(name), Some(url), Some(events), Some((enabled, reason))) =
            (wish.name, wish.url, wish.events, wish.status)
        else {
            return Err(Declined::wrong("name, status, events and notificationUrl are required"));
        };
        if self.subscriptions.len() >= SUBSCRIPTIONS_MAX {
            return Err(Declined::wrong("there are too many subscriptions"));
        }
        let (id, serial, key) = (self.uuid(), self.next_serial(), self.new_key());
        let subscription = Subscription {
            id: id.clone(),
            serial,
            name,
            enabled,
            reason,
            actor: "CLIENT",
            events,
            url,
            key: key.clone(),
            created: now,
            updated: now,
        };
        let mut printed = subscription.print(organization_id);
        printed["securityKey"] = json!(key);
        self.subscriptions.insert(id, subscription);
        Ok(printed)
    }

    fn new_key(&mut self) -> String {
        self.random.text(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 44)
    }

    fn renew_key(&mut self, now: DateTime<Utc>, id: &str) -> Answer {
        let key = self.new_key();
        let subscription = self.subscriptions.get_mut(id).ok_or_else(|| Declined::unknown(id))?;
        subscription.key.clone_from(&key);
        subscription.updated = now;
        Ok(json!({ "securityKey": key }))
    }

    fn list(&self, organization_id: &str, request: &V3Request<'_>) -> Answer {
        let mut all: Vec<&Subscription> = self.subscriptions.values().collect();
        all.sort_by_key(|subscription| subscription.serial);
        let rows = all.into_iter().map(|subscription| subscription.print(organization_id)).collect();
        paged(rows, request)
    }

    /// `PUT` says everything anew, `PATCH` what changes.
    fn change(
        &mut self,
        now: DateTime<Utc>,
        organization_id: &str,
        id: &str,
        method: &str,
        request: &V3Request<'_>,
    ) -> Answer {
        let wish = Wish::read(request)?;
        let whole = wish.name.is_some() && wish.url.is_some() && wish.events.is_some() && wish.status.is_some();
        if method == "PUT" && !whole {
            return Err(Declined::wrong("name, status, events and notificationUrl are required"));
        }
        let subscription = self.subscriptions.get_mut(id).ok_or_else(|| Declined::unknown(id))?;
        subscription.name = wish.name.unwrap_or_else(|| subscription.name.clone());
        subscription.url = wish.url.unwrap_or_else(|| subscription.url.clone());
        subscription.events = wish.events.unwrap_or_else(|| subscription.events.clone());
        if let Some((enabled, reason)) = wish.status {
            (subscription.enabled, subscription.reason, subscription.actor) = (enabled, reason, "CLIENT");
        }
        subscription.updated = now;
        Ok(subscription.print(organization_id))
    }

    /// Sends a notification about a sample object, given or empty.
    fn test(&mut self, now: DateTime<Utc>, organization_id: &str, id: &str, request: &V3Request<'_>) -> Answer {
        self.known(id)?;
        let body = if request.body.is_empty() { b"{}" } else { request.body };
        let object: Map<String, Value> = serde_json::from_slice(body).map_err(|_| Declined::wrong("body"))?;
        let kind = object.get("eventType").and_then(Value::as_str).unwrap_or("bill.created");
        if !EVENTS.contains(&kind) {
            return Err(Declined::wrong("eventType"));
        }
        let name = kind.split('.').next().unwrap_or_default();
        let sample = object.get(name).cloned().unwrap_or_else(|| json!({}));
        let event = self.notify(now, organization_id, id, kind, "", &sample);
        self.send_later(now, &event, id);
        self.event(&event).map(Event::print).ok_or_else(|| Declined::unknown(&event))
    }

    fn history(&self, id: &str, request: &V3Request<'_>) -> Answer {
        self.known(id)?;
        let instant = |name: &'static str| {
            let text = request.query(name).map(|text| text.replace("%3A", ":").replace("%2B", "+"));
            let time = text.map(|text| DateTime::parse_from_rfc3339(&text).map(|time| time.with_timezone(&Utc)));
            time.transpose().map_err(|_| Declined::wrong(name))
        };
        let (from, to) = (instant("createdTimeFrom")?, instant("createdTimeTo")?);
        let wanted = |event: &&Event| {
            let about = request.query("entityId").is_none_or(|entity| event.entity_id == entity);
            let late = from.is_none_or(|from| event.created >= from);
            event.subscription == id && about && late && to.is_none_or(|to| event.created <= to)
        };
        let mut rows: Vec<Value> = self.events.iter().filter(wanted).map(Event::print_with_retries).collect();
        if from.is_none() || request.query("ascending") != Some("true") {
            rows.reverse();
        }
        paged(rows, request)
    }
}

fn paged(rows: Vec<Value>, request: &V3Request<'_>) -> Answer {
    let (max, start) = request.page()?;
    let more = rows.len() > start + max;
    let mut page = json!({"results": rows.into_iter().skip(start).take(max).collect::<Vec<_>>()});
    if more {
        page["nextPage"] = json!((start + max).to_string());
    }
    Ok(page)
}

/// What a subscription is to be; what is not said is nothing.
struct Wish {
    name: Option<String>,
    status: Option<(bool, Option<String>)>,
    events: Option<Vec<(String, String)>>,
    url: Option<String>,
}

impl Wish {
    fn read(request: &V3Request<'_>) -> Result<Self, Declined> {
        let object = request.object(&["name", "status", "events", "notificationUrl"])?;
        let text = |name: &'static str| {
            let value = object.get(name).map(|value| value.as_str().ok_or_else(|| Declined::wrong(name)));
            value.transpose().map(|text| text.map(str::to_owned))
        };
        let url = text("notificationUrl")?;
        if url.as_ref().is_some_and(|url| !url.starts_with("https://")) {
            return Err(Declined::wrong("notificationUrl"));
        }
        let status = object.get("status").map(|status| {
            let enabled = status["enabled"].as_bool().ok_or_else(|| Declined::wrong("status"))?;
            Ok((enabled, status["reason"].as_str().map(str::to_owned)))
        });
        let events = object.get("events").map(|events| {
            let rows = events.as_array().filter(|rows| !rows.is_empty()).ok_or_else(|| Declined::wrong("events"))?;
            rows.iter().map(event_wish).collect::<Result<Vec<_>, _>>()
        });
        Ok(Self { name: text("name")?, status: status.transpose()?, events: events.transpose()?, url })
    }
}

fn event_wish(row: &Value) -> Result<(String, String), Declined> {
    let (kind, version) = (row["type"].as_str().unwrap_or_default(), row["version"].as_str().unwrap_or_default());
    if !EVENTS.contains(&kind) || version != "1" {
        return Err(Declined::wrong("events"));
    }
    Ok((kind.to_owned(), version.to_owned()))
}

impl Subscription {
    fn print(&self, organization_id: &str) -> Value {
        let events = self.events.iter().map(|(kind, version)| json!({"type": kind, "version": version}));
        json!({
            "id": self.id,
            "name": self.name,
            "organizationId": organization_id,
            "status": {"enabled": self.enabled, "reason": self.reason, "actor": self.actor},
            "events": events.collect::<Vec<_>>(),
            "notificationUrl": self.url,
            "createdTime": print_time(self.created),
            "updatedTime": print_time(self.updated),
        })
    }
}

impl Event {
    /// The payload is a text here, whatever it was on its way.
    fn print(&self) -> Value {
        json!({
            "id": self.id,
            "type": self.kind,
            "version": "1",
            "subscriptionId": self.subscription,
            "payload": self.body,
            "createdTime": print_time(self.created),
            "statusCode": self.status,
        })
    }

    fn print_with_retries(&self) -> Value {
        let retry = |(number, at, status): &(usize, DateTime<Utc>, u16)| json!({"attemptNumber": number, "createdTime": print_time(*at), "statusCode": status});
        let mut printed = self.print();
        printed["retries"] = self.retries.iter().map(retry).collect();
        printed
    }
}
