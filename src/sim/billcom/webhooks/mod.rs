//! Webhooks, which only v3 has: who wants to hear of what, what there is to say, and getting it there (`billcom.md` 5).
//!
//! Nothing here runs by itself. [`Organization::deliveries`] gives what is to be sent by now, whoever calls it sends it (or
//! does not), and [`Organization::delivered`] is told how that went: so tests decide when time passes and which door is
//! shut. What a notification says is fixed when its event happens; what goes wrong on the way is in [`WebhookRules`].
//!
//! There are no events for customers, credits, lists, received payments or movements: they are a wake-up call, never data.

mod delivery;
mod endpoints;
mod payload;

pub use delivery::Delivery;
pub use endpoints::V3Request;
pub use payload::PayloadForm;

use super::Organization;
use super::random::Random;
use super::record::Record;
use super::schema::Table;
use super::session::Sessions;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Subscriptions of one organisation.
const SUBSCRIPTIONS_MAX: usize = 10;

/// Notifications kept as history; the oldest are forgotten, as they are after 180 days in life.
const EVENTS_KEPT_MAX: usize = 50_000;

/// Every event there is, with its one version.
const EVENTS: &[&str] = &[
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
    "card-account.created",
    "card-account.updated",
];

/// What goes wrong with notifications. The defaults go well.
#[derive(Clone, Debug)]
pub struct WebhookRules {
    /// How long after its event a notification leaves.
    pub delay: TimeDelta,
    /// So many of a thousand are never sent.
    pub lost_per_mille: u32,
    /// So many of a thousand are sent twice.
    pub twice_per_mille: u32,
    /// Those that leave together leave in any order.
    pub reordered: bool,
    /// So many of a thousand carry a signature that does not fit.
    pub forged_per_mille: u32,
    /// How the object stands in the body.
    pub payload: PayloadForm,
    /// How often a notification is tried before its subscription is switched off.
    pub attempts_max: usize,
    /// How long after the first failure it is tried again; doubled every time.
    pub first_retry: TimeDelta,
}

impl Default for WebhookRules {
    /// How often and how fast the vendor tries again is not published; these are plausible.
    fn default() -> Self {
        Self {
            delay: TimeDelta::zero(),
            lost_per_mille: 0,
            twice_per_mille: 0,
            reordered: false,
            forged_per_mille: 0,
            payload: PayloadForm::Object,
            attempts_max: 6,
            first_retry: TimeDelta::minutes(1),
        }
    }
}

/// Somebody who wants to hear of events.
#[derive(Clone, Debug)]
struct Subscription {
    id: String,
    serial: u64,
    name: String,
    enabled: bool,
    reason: Option<String>,
    /// Who switched it: "CLIENT" or "SYSTEM".
    actor: &'static str,
    events: Vec<(String, String)>,
    url: String,
    key: String,
    created: DateTime<Utc>,
    updated: DateTime<Utc>,
}

/// A notification as the history keeps it.
#[derive(Clone, Debug)]
struct Event {
    id: String,
    kind: String,
    subscription: String,
    /// The record it is about.
    entity_id: String,
    body: String,
    created: DateTime<Utc>,
    status: Option<u16>,
    retries: Vec<(usize, DateTime<Utc>, u16)>,
}

/// A notification on its way.
#[derive(Clone, Debug)]
struct Pending {
    number: u64,
    event: String,
    subscription: String,
    due: DateTime<Utc>,
    attempt: usize,
    /// It has left and nobody has said how it went.
    out: bool,
}

/// The subscriptions of an organisation and their notifications.
#[derive(Clone, Debug)]
pub struct Webhooks {
    /// What goes wrong.
    pub rules: WebhookRules,
    sessions: Sessions,
    subscriptions: BTreeMap<String, Subscription>,
    events: Vec<Event>,
    queue: Vec<Pending>,
    /// Replies to calls that must not be done twice, by their key.
    replies: BTreeMap<String, Value>,
    random: Random,
    serial: u64,
}

impl Webhooks {
    /// Nobody listens yet. A seed of its own keeps the ids of the books as they are.
    pub(super) fn new(seed: u64) -> Self {
        Self {
            rules: WebhookRules::default(),
            sessions: Sessions::default(),
            subscriptions: BTreeMap::new(),
            events: Vec::new(),
            queue: Vec::new(),
            replies: BTreeMap::new(),
            random: Random::new(seed ^ 0x57EB),
            serial: 0,
        }
    }

    /// Whether a subscription is switched on; nothing when there is none of this id.
    #[must_use]
    pub fn is_enabled(&self, subscription_id: &str) -> Option<bool> {
        self.subscriptions.get(subscription_id).map(|it| it.enabled)
    }

    const fn next_serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// An id that looks like a UUID.
    fn uuid(&mut self) -> String {
        let mut part = |length| self.random.text(b"0123456789abcdef", length);
        format!("{}-{}-4{}-a{}-{}", part(8), part(4), part(3), part(3), part(12))
    }

    /// Writes a notification for everybody who listens to such events.
    fn raise(&mut self, at: DateTime<Utc>, organization_id: &str, kind: &str, entity_id: &str, object: &Value) {
        let listens = |it: &&Subscription| it.enabled && it.events.iter().any(|(event, _)| event == kind);
        let listeners: Vec<String> = self.subscriptions.values().filter(listens).map(|it| it.id.clone()).collect();
        for subscription in listeners {
            let id = self.notify(at, organization_id, &subscription, kind, entity_id, object);
            if !self.random.chance(self.rules.lost_per_mille) {
                self.send_later(at, &id, &subscription);
            }
            if self.random.chance(self.rules.twice_per_mille) {
                self.send_later(at, &id, &subscription);
            }
        }
    }

    /// Enters a notification into the history; gives its id.
    fn notify(
        &mut self,
        at: DateTime<Utc>,
        organization_id: &str,
        subscription: &str,
        kind: &str,
        entity_id: &str,
        object: &Value,
    ) -> String {
        let id = self.uuid();
        let metadata = json!({
            "eventId": id,
            "subscriptionId": subscription,
            "organizationId": organization_id,
            "eventType": kind,
            "version": "1",
        });
        let name = kind.split('.').next().unwrap_or_default();
        let body = Map::from_iter([("metadata".to_owned(), metadata), (name.to_owned(), object.clone())]);
        let body = self.rules.payload.text(name, body);
        if self.events.len() >= EVENTS_KEPT_MAX {
            self.events.remove(0);
        }
        self.events.push(Event {
            id: id.clone(),
            kind: kind.to_owned(),
            subscription: subscription.to_owned(),
            entity_id: entity_id.to_owned(),
            body,
            created: at,
            status: None,
            retries: Vec::new(),
        });
        id
    }

    fn send_later(&mut self, at: DateTime<Utc>, event: &str, subscription: &str) {
        let (number, due) = (self.next_serial(), at + self.rules.delay);
        let (event, subscription) = (event.to_owned(), subscription.to_owned());
        self.queue.push(Pending { number, event, subscription, due, attempt: 1, out: false });
    }

    fn event(&self, id: &str) -> Option<&Event> {
        self.events.iter().rev().find(|event| event.id == id)
    }
}

impl Organization {
    /// Tells the webhooks that a record has changed.
    pub(super) fn announce(&mut self, table: &Table, id: &str, before: Option<&Record>) {
        let Some(name) = payload::object_name(table) else { return };
        let Some(record) = self.record(table.name, id).filter(|_| !self.webhooks.subscriptions.is_empty()) else {
            return;
        };
        let verb = match before {
            _ if name == "payment" => "updated",
            None => "created",
            Some(before) => match (before.state == "1", record.state == "1") {
                (true, false) => "archived",
                (false, true) => "restored",
                _ => "updated",
            },
        };
        let (at, object) = (record.updated, self.webhook_object(table, record));
        let organization_id = self.id.clone();
        self.webhooks.raise(at, &organization_id, &format!("{name}.{verb}"), id, &object);
    }

    /// Tells the webhooks that a payment did not reach its vendor.
    pub(super) fn announce_failure(&mut self, now: DateTime<Utc>, payment_id: &str) {
        let table = &super::schema::SENT_PAY;
        let Some(record) = self.record(table.name, payment_id) else { return };
        let (object, organization_id) = (self.webhook_object(table, record), self.id.clone());
        self.webhooks.raise(now, &organization_id, "payment.failed", payment_id, &object);
    }
}
