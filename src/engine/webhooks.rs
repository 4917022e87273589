//! Bill.com's notices: taking them in, and looking after the subscription.
//!
//! A genuine notice makes the company's loop read a little sooner, once for each notice. It carries nothing into the books: with
//! all notices lost, or forged, a scan finds the same. A subscription that Bill.com has switched off is noticed by looking at it a
//! few times a day.

use super::companies::Company;
use super::{Engine, EngineError};
use crate::billcom::BillComError;
use crate::billcom::notices::{NoticeClient, Subscription, is_signed, read_notice};
use crate::limits::{NOTICES_LOOKED_AT_EVERY, WEBHOOK_FORMER_KEY_KEPT};
use crate::model::{Event, EventKind, ProblemCode, sentence, span};
use crate::plan;
use crate::secrets::SealContext;
use crate::store::StoreError;
use crate::store::server::{CompanyRow, WebhookRow};
use chrono::{DateTime, SecondsFormat, Utc};
use secrecy::SecretString;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// The column of the key in use.
const KEY: &str = "key";
/// The column of the key before.
const FORMER_KEY: &str = "former_key";

/// What became of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It is Bill.com's.
    Genuine,
    /// It is not signed with a key of the company, or there is no such company: the same to whoever sent it.
    NotOurs,
}

/// Where a company stands with notices.
#[derive(Clone, Debug, Serialize)]
pub struct WebhookView {
    /// The company's id.
    pub company: String,
    /// The address that notices go to.
    pub url: String,
    /// Whether Bill.com can send to it: it sends over https only.
    pub reachable: bool,
    /// The subscription's id at Bill.com; none when there is none, or when it was made by hand.
    pub subscription: Option<String>,
    /// Whether there is a key to check notices with.
    pub has_key: bool,
    /// Whether Bill.com sends notices, as it last said.
    pub enabled: bool,
    /// When the last genuine notice came, RFC 3339.
    pub last_notice: Option<String>,
}

impl Engine {
    /// Takes in a notice.
    ///
    /// # Errors
    /// [`EngineError`] when it cannot be told whether the notice is genuine, because a file cannot be read.
    pub fn hear(&self, company: &str, signature: Option<&str>, body: &[u8]) -> Result<Heard, EngineError> {
        let now = self.now();
        let row = self.row(company).ok();
        let keys = match &row {
            Some(row) => self.webhook_keys(row, now)?,
            None => Vec::new(),
        };
        // Where there is no key, as much work is done in vain: the time taken tells nobody which companies there are.
        let nobody = [SecretString::from("nobody")];
        let signed = is_signed(if keys.is_empty() { &nobody } else { &keys }, signature.unwrap_or_default(), body);
        let Some(row) = row.filter(|_| signed && !keys.is_empty()) else {
            tracing::warn!(known = !keys.is_empty(), "a notice was not signed with a key of ours");
            return Ok(Heard::NotOurs);
        };
        let notice = read_notice(body);
        let new = match &notice.event_id {
            Some(id) => self.shared.server.note_webhook_event(&row.id, &Sha256::digest(id).into(), now),
            None => Ok(true),
        };
        // A memory that fails makes us read once too often, which is better than not at all.
        if new.unwrap_or(true) {
            tracing::debug!(company = %row.id, event = notice.event_type.as_deref(), "Bill.com has news");
            self.handle(&row.id)?.hint();
        }
        Ok(Heard::Genuine)
    }

    /// The keys that notices of a company may be signed with now.
    fn webhook_keys(&self, row: &CompanyRow, now: DateTime<Utc>) -> Result<Vec<SecretString>, EngineError> {
        let Some(webhook) = self.shared.server.webhook(&row.id)? else { return Ok(Vec::new()) };
        let mut keys = Vec::new();
        if !webhook.key.is_empty() {
            keys.push(self.shared.sealer.open(place(row, KEY), &webhook.key)?);
        }
        if !webhook.former_key.is_empty() && now < webhook.former_until {
            keys.push(self.shared.sealer.open(place(row, FORMER_KEY), &webhook.former_key)?);
        }
        Ok(keys)
    }

    /// Where a company stands with notices.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn webhooks(&self, company: &str) -> Result<WebhookView, EngineError> {
        let row = self.row(company)?;
        let webhook = self.shared.server.webhook(&row.id)?;
        let url = self.webhook_url(&row)?;
        let last = webhook.as_ref().and_then(|webhook| webhook.last_at);
        Ok(WebhookView {
            company: row.id.as_str().to_owned(),
            reachable: url.starts_with("https://"),
            url,
            has_key: webhook.as_ref().is_some_and(|webhook| !webhook.key.is_empty()),
            enabled: webhook.as_ref().is_some_and(|webhook| webhook.enabled),
            last_notice: last.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true)),
            subscription: webhook.and_then(|webhook| webhook.subscription),
        })
    }

    fn webhook_url(&self, row: &CompanyRow) -> Result<String, EngineError> {
        Ok(format!("{}/webhooks/billcom/{}", self.public_url()?, row.id))
    }

    /// Has Bill.com send notices. A subscription that is there already, perhaps from a try whose answer was lost, is taken
    /// over with a new key.
    ///
    /// # Errors
    /// [`EngineError`] saying why not; calling it again is safe.
    pub async fn webhooks_create(&self, company: &str, who: &str) -> Result<WebhookView, EngineError> {
        let (row, client) = self.notice_client(company)?;
        let url = self.webhook_url(&row)?;
        if !url.starts_with("https://") && !row.billcom_url.starts_with("http://") {
            let text = format!(
                "Bill.com sends notices over https only, and this server is known as {url}: start it with --public-url"
            );
            return Err(EngineError::BadAction(text));
        }
        // Kept before it is sent: the same key makes the same subscription however often it is tried.
        let mut webhook = match self.shared.server.webhook(&row.id)? {
            Some(webhook) => webhook,
            None => WebhookRow { request_key: self.new_request_key(), ..blank() },
        };
        self.shared.server.set_webhook(&row.id, &webhook)?;
        let (subscription, key) = match client.find(&url).await.map_err(|error| in_words(&error))? {
            Some(found) => {
                let key = client.new_key(&found.id, &self.new_request_key()).await.map_err(|error| in_words(&error))?;
                let found = if found.enabled {
                    found
                } else {
                    client.enable(&found.id).await.map_err(|error| in_words(&error))?
                };
                (found, key)
            }
            None => {
                let name = format!("Counterfoil {}", row.id);
                client.subscribe(&name, &url, &webhook.request_key).await.map_err(|error| in_words(&error))?
            }
        };
        self.take_key(&row, &mut webhook, &key)?;
        webhook.subscription = Some(subscription.id);
        webhook.enabled = subscription.enabled;
        webhook.request_key = self.new_request_key();
        self.shared.server.set_webhook(&row.id, &webhook)?;
        self.note_notices(&row, &format!("Bill.com was asked by {who} to send notices"))?;
        self.webhooks(company)
    }

    /// A new key for the notices; the one before is accepted for a while, for notices that are on their way.
    ///
    /// # Errors
    /// [`EngineError`] saying why not.
    pub async fn webhooks_rotate(&self, company: &str, who: &str) -> Result<WebhookView, EngineError> {
        let (row, client) = self.notice_client(company)?;
        let (mut webhook, id) = self.subscription_of(&row)?;
        let key = client.new_key(&id, &self.new_request_key()).await.map_err(|error| in_words(&error))?;
        self.take_key(&row, &mut webhook, &key)?;
        self.shared.server.set_webhook(&row.id, &webhook)?;
        self.note_notices(&row, &format!("The key of Bill.com's notices was replaced by {who}"))?;
        self.webhooks(company)
    }

    /// Keeps a key that a person got from Bill.com, for a subscription that was made there by hand.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn webhooks_set_key(&self, company: &str, key: &SecretString, who: &str) -> Result<WebhookView, EngineError> {
        let row = self.row(company)?;
        let known = self.shared.server.webhook(&row.id)?;
        let mut webhook = known.unwrap_or_else(|| WebhookRow { request_key: self.new_request_key(), ..blank() });
        self.take_key(&row, &mut webhook, key)?;
        webhook.enabled = true;
        self.shared.server.set_webhook(&row.id, &webhook)?;
        self.note_notices(&row, &format!("The key of Bill.com's notices was given by {who}"))?;
        self.webhooks(company)
    }

    /// Has notices sent again after Bill.com gave up.
    ///
    /// # Errors
    /// [`EngineError`] saying why not.
    pub async fn webhooks_enable(&self, company: &str, who: &str) -> Result<WebhookView, EngineError> {
        let (row, client) = self.notice_client(company)?;
        let (mut webhook, id) = self.subscription_of(&row)?;
        webhook.enabled = client.enable(&id).await.map_err(|error| in_words(&error))?.enabled;
        self.shared.server.set_webhook(&row.id, &webhook)?;
        self.note_notices(&row, &format!("Bill.com's notices were switched on by {who}"))?;
        let (company, now) = (self.handle(&row.id)?, self.now());
        company.store.transact(|tx| tx.close_problem(ProblemCode::BillComNotices, None, now))?;
        self.webhooks(row.id.as_str())
    }

    /// Ends the notices, at Bill.com and here.
    ///
    /// # Errors
    /// [`EngineError`] saying why not; nothing is forgotten here then.
    pub async fn webhooks_remove(&self, company: &str, who: &str) -> Result<WebhookView, EngineError> {
        let (row, client) = self.notice_client(company)?;
        let (_, id) = self.subscription_of(&row)?;
        match client.unsubscribe(&id).await {
            Err(error) if !error.is_not_found() => return Err(in_words(&error)),
            _ => {}
        }
        self.shared.server.remove_webhook(&row.id)?;
        self.note_notices(&row, &format!("Bill.com's notices were ended by {who}"))?;
        self.webhooks(company)
    }

    /// Looks a few times a day whether Bill.com still sends notices. What it does not tell changes nothing.
    pub(super) async fn watch_notices(&self, company: &Company) -> Result<(), EngineError> {
        let now = self.now();
        let last = DateTime::from_timestamp_millis(company.notices_looked_at.load(Ordering::Relaxed));
        if last.is_some_and(|at| now - at < span(NOTICES_LOOKED_AT_EVERY)) {
            return Ok(());
        }
        company.notices_looked_at.store(now.timestamp_millis(), Ordering::Relaxed);
        let Some(webhook) = self.shared.server.webhook(&company.id)? else { return Ok(()) };
        let Some(id) = webhook.subscription.clone() else { return Ok(()) };
        let (row, client) = self.notice_client(company.id.as_str())?;
        match client.look(&id).await {
            Ok(told) => self.heed(company, &row, webhook, &told, now),
            Err(error) if error.is_not_found() => {
                let gone = Subscription { id, url: String::new(), enabled: false, reason: None };
                self.heed(company, &row, webhook, &gone, now)
            }
            Err(error) => {
                tracing::info!(company = %company.id, %error, "Bill.com does not tell whether it sends notices");
                Ok(())
            }
        }
    }

    fn heed(
        &self,
        company: &Company,
        row: &CompanyRow,
        webhook: WebhookRow,
        told: &Subscription,
        now: DateTime<Utc>,
    ) -> Result<(), EngineError> {
        if webhook.enabled != told.enabled {
            self.shared.server.set_webhook(&row.id, &WebhookRow { enabled: told.enabled, ..webhook })?;
        }
        company.store.transact(|tx| -> Result<(), StoreError> {
            if told.enabled {
                return tx.close_problem(ProblemCode::BillComNotices, None, now);
            }
            tx.report(&plan::notices_off(told.reason.as_deref()).about(None, None, now), now)
        })?;
        Ok(())
    }

    fn notice_client(&self, company: &str) -> Result<(CompanyRow, Arc<NoticeClient>), EngineError> {
        let row = self.row(company)?;
        let client = self.shared.world.billcom.notices(self.billcom_config(&row)?)?;
        Ok((row, client))
    }

    fn subscription_of(&self, row: &CompanyRow) -> Result<(WebhookRow, String), EngineError> {
        let webhook = self.shared.server.webhook(&row.id)?;
        let known = webhook.and_then(|webhook| webhook.subscription.clone().map(|id| (webhook, id)));
        known.ok_or_else(|| {
            EngineError::BadAction("no subscription of this company is known; create one first".to_owned())
        })
    }

    /// The key in use becomes the one before.
    fn take_key(&self, row: &CompanyRow, webhook: &mut WebhookRow, key: &SecretString) -> Result<(), EngineError> {
        let random = &mut *self.shared.world.random();
        if !webhook.key.is_empty() {
            let former = self.shared.sealer.open(place(row, KEY), &webhook.key)?;
            webhook.former_key = self.shared.sealer.seal(place(row, FORMER_KEY), &former, random);
            webhook.former_until = self.now() + span(WEBHOOK_FORMER_KEY_KEPT);
        }
        webhook.key = self.shared.sealer.seal(place(row, KEY), key, random);
        Ok(())
    }

    fn new_request_key(&self) -> String {
        let mut bytes = [0; 16];
        self.shared.world.random().fill(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
    }

    fn note_notices(&self, row: &CompanyRow, text: &str) -> Result<(), EngineError> {
        let event = Event::of_company(EventKind::Person, text.to_owned(), self.now());
        self.handle(&row.id)?.store.transact(|tx| tx.note(&event))?;
        self.touch();
        Ok(())
    }
}

/// Where a key of a company's notices rests.
fn place<'a>(row: &'a CompanyRow, column: &'a str) -> SealContext<'a> {
    SealContext { table: "webhook", row: row.id.as_str(), column }
}

const fn blank() -> WebhookRow {
    WebhookRow {
        subscription: None,
        request_key: String::new(),
        key: Vec::new(),
        former_key: Vec::new(),
        former_until: DateTime::UNIX_EPOCH,
        enabled: false,
        last_at: None,
    }
}

/// An error of Bill.com for the person who asked.
fn in_words(error: &BillComError) -> EngineError {
    let said = error.vendor_message().map_or_else(String::new, |message| format!(" ({})", plan::safe_text(message)));
    EngineError::BadAction(format!("{}{said}", sentence(&super::run::chain(error))))
}
