//! Sending notifications: signing, trying again, giving up.

use super::Webhooks;
use crate::sim::billcom::Organization;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// A notification that is being sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Which one this is; the same notification gets another number when it is tried again.
    pub number: u64,
    /// Where it goes.
    pub url: String,
    /// The header `x-bill-sha-signature`.
    pub signature: String,
    /// The body, minified.
    pub body: Vec<u8>,
    /// Its event; the same for a duplicate.
    pub event_id: String,
    /// What happened, such as `bill.updated`.
    pub event_type: String,
}

/// Base64 of HMAC-SHA256 over the body (`billcom.md` 5).
pub(super) fn sign(key: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("invariant: HMAC takes keys of any length");
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

impl Organization {
    /// The notifications that leave by now. Each must be answered with [`Organization::delivered`].
    pub fn deliveries(&mut self, now: DateTime<Utc>) -> Vec<Delivery> {
        let now = now + self.rules.clock_skew;
        self.webhooks.deliveries(now)
    }

    /// How a delivery went: its HTTP status, or nothing when nobody answered.
    pub fn delivered(&mut self, now: DateTime<Utc>, delivery: &Delivery, status: Option<u16>) {
        let now = now + self.rules.clock_skew;
        self.webhooks.delivered(now, delivery, status);
    }
}

impl Webhooks {
    fn deliveries(&mut self, now: DateTime<Utc>) -> Vec<Delivery> {
        // What is waiting for a subscription that was switched off or deleted is not sent any more.
        self.queue.retain(|pending| self.subscriptions.get(&pending.subscription).is_some_and(|it| it.enabled));
        let mut leaving = Vec::new();
        for pending in self.queue.iter_mut().filter(|pending| !pending.out && pending.due <= now) {
            pending.out = true;
            leaving.push((pending.number, pending.event.clone(), pending.subscription.clone()));
        }
        if self.rules.reordered {
            for at in (1..leaving.len()).rev() {
                leaving.swap(at, self.random.below(at + 1));
            }
        }
        leaving.into_iter().filter_map(|(number, event, id)| self.delivery(number, &event, &id)).collect()
    }

    fn delivery(&mut self, number: u64, event: &str, subscription: &str) -> Option<Delivery> {
        let forged = self.random.chance(self.rules.forged_per_mille);
        let (event, subscription) = (self.event(event)?, self.subscriptions.get(subscription)?);
        let key = if forged { "another key" } else { &subscription.key };
        Some(Delivery {
            number,
            url: subscription.url.clone(),
            signature: sign(key, event.body.as_bytes()),
            body: event.body.clone().into_bytes(),
            event_id: event.id.clone(),
            event_type: event.kind.clone(),
        })
    }

    fn delivered(&mut self, now: DateTime<Utc>, delivery: &Delivery, status: Option<u16>) {
        let Some(at) = self.queue.iter().position(|pending| pending.number == delivery.number) else { return };
        let mut pending = self.queue.remove(at);
        if let Some(event) = self.events.iter_mut().find(|event| event.id == pending.event) {
            event.status = status.or(Some(0));
            if pending.attempt > 1 {
                event.retries.push((pending.attempt - 1, now, status.unwrap_or(0)));
            }
        }
        if status == Some(200) {
            return;
        }
        if pending.attempt >= self.rules.attempts_max {
            self.switch_off(now, &pending.subscription);
            return;
        }
        let doubled = 1 << (pending.attempt - 1).min(16);
        pending.due = now + self.rules.first_retry.checked_mul(doubled).unwrap_or(TimeDelta::days(1));
        pending.attempt += 1;
        pending.out = false;
        pending.number = self.next_serial();
        self.queue.push(pending);
    }

    fn switch_off(&mut self, now: DateTime<Utc>, id: &str) {
        if let Some(subscription) = self.subscriptions.get_mut(id) {
            subscription.enabled = false;
            subscription.actor = "SYSTEM";
            subscription.reason = Some("Notifications could not be delivered.".to_owned());
            subscription.updated = now;
        }
    }
}
