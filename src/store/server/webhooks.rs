//! Bill.com's notices: subscriptions, their keys, and which notices came already.

use super::{ServerStore, from_ms, to_ms};
use crate::model::CompanyId;
use crate::store::StoreError;
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};

/// Notices remembered for each company. Bill.com repeats one for a matter of days at most, and forgetting one early costs a
/// reading, nothing else.
const EVENTS_KEPT_MAX: i64 = 1_000;

/// What is known of a company's subscription. Its keys are sealed for table `webhook`, the company's id, and the columns `key`
/// and `former_key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookRow {
    /// Its id at Bill.com; none when it was made there by hand.
    pub subscription: Option<String>,
    /// Idempotency key of its making.
    pub request_key: String,
    /// The key that notices are signed with, sealed; empty until there is one.
    pub key: Vec<u8>,
    /// The key before that, sealed; empty when there is none.
    pub former_key: Vec<u8>,
    /// Until when the key before is accepted.
    pub former_until: DateTime<Utc>,
    /// Whether Bill.com sends notices, as it last said.
    pub enabled: bool,
    /// When the last genuine notice came.
    pub last_at: Option<DateTime<Utc>>,
}

impl ServerStore {
    /// The subscription of a company.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn webhook(&self, company: &CompanyId) -> Result<Option<WebhookRow>, StoreError> {
        let sql = self.sql();
        let mut statement = sql.prepare_cached(
            "SELECT subscription, request_key, key, former_key, former_until, enabled, last_at FROM webhook WHERE company = ?1",
        )?;
        let row = statement.query_row([company.as_str()], |row| {
            let (former_until, last_at): (i64, Option<i64>) = (row.get(4)?, row.get(6)?);
            Ok((
                WebhookRow {
                    subscription: row.get(0)?,
                    request_key: row.get(1)?,
                    key: row.get(2)?,
                    former_key: row.get(3)?,
                    former_until: DateTime::UNIX_EPOCH,
                    enabled: row.get(5)?,
                    last_at: None,
                },
                former_until,
                last_at,
            ))
        });
        let Some((row, former_until, last_at)) = row.optional()? else { return Ok(None) };
        Ok(Some(WebhookRow { former_until: from_ms(former_until)?, last_at: last_at.map(from_ms).transpose()?, ..row }))
    }

    /// Keeps the subscription of a company; when its last notice came stays as it is.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn set_webhook(&self, company: &CompanyId, row: &WebhookRow) -> Result<(), StoreError> {
        self.sql().execute(
            "INSERT INTO webhook (company, subscription, request_key, key, former_key, former_until, enabled)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (company) DO UPDATE SET subscription = excluded.subscription, request_key = excluded.request_key,
               key = excluded.key, former_key = excluded.former_key, former_until = excluded.former_until,
               enabled = excluded.enabled",
            params![
                company.as_str(),
                row.subscription,
                row.request_key,
                row.key,
                row.former_key,
                to_ms(row.former_until),
                row.enabled
            ],
        )?;
        Ok(())
    }

    /// Forgets the subscription of a company and its keys. False when there is none.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn remove_webhook(&self, company: &CompanyId) -> Result<bool, StoreError> {
        self.transact(|sql| {
            sql.execute("DELETE FROM webhook_event WHERE company = ?1", [company.as_str()])?;
            Ok(sql.execute("DELETE FROM webhook WHERE company = ?1", [company.as_str()])? == 1)
        })
    }

    /// Notes that a genuine notice came. False when it had come before.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn note_webhook_event(
        &self,
        company: &CompanyId,
        event: &[u8; 32],
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        self.transact(|sql| {
            let new = sql.execute(
                "INSERT INTO webhook_event (company, event, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                params![company.as_str(), event, to_ms(now)],
            )?;
            sql.execute("UPDATE webhook SET last_at = ?2 WHERE company = ?1", params![company.as_str(), to_ms(now)])?;
            sql.execute(
                "DELETE FROM webhook_event WHERE company = ?1 AND at <= (SELECT at FROM webhook_event WHERE company = ?1
                   ORDER BY at DESC LIMIT 1 OFFSET ?2)",
                params![company.as_str(), EVENTS_KEPT_MAX],
            )?;
            Ok(new == 1)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        from_ms(1_764_000_000_000 + second * 1_000).expect("time")
    }

    fn id() -> CompanyId {
        CompanyId::new("acme").expect("id")
    }

    fn store() -> ServerStore {
        let store = ServerStore::in_memory().expect("store");
        store.sql().pragma_update(None, "foreign_keys", "OFF").expect("no company is needed here");
        store
    }

    fn row() -> WebhookRow {
        WebhookRow {
            subscription: Some("s-1".to_owned()),
            request_key: "r".to_owned(),
            key: b"sealed".to_vec(),
            former_key: Vec::new(),
            former_until: at(5),
            enabled: true,
            last_at: None,
        }
    }

    #[test]
    fn a_subscription_is_kept_changed_and_forgotten() {
        let store = store();
        assert_eq!(store.webhook(&id()).expect("none"), None);
        store.set_webhook(&id(), &row()).expect("kept");
        assert!(store.note_webhook_event(&id(), &[1; 32], at(9)).expect("new"));
        let changed = WebhookRow { enabled: false, former_key: b"old".to_vec(), ..row() };
        store.set_webhook(&id(), &changed).expect("changed");
        assert_eq!(store.webhook(&id()).expect("found"), Some(WebhookRow { last_at: Some(at(9)), ..changed }));
        assert!(store.remove_webhook(&id()).expect("removed") && !store.remove_webhook(&id()).expect("gone"));
        assert!(store.note_webhook_event(&id(), &[1; 32], at(9)).expect("its notices are forgotten too"));
    }

    #[test]
    fn a_notice_counts_once_and_the_memory_is_bounded() {
        let store = store();
        let event = |number: i64| {
            let mut event = [0; 32];
            event[..8].copy_from_slice(&number.to_be_bytes());
            event
        };
        for number in 0..EVENTS_KEPT_MAX + 50 {
            assert!(store.note_webhook_event(&id(), &event(number), at(number)).expect("new"));
            assert!(!store.note_webhook_event(&id(), &event(number), at(number)).expect("again"));
        }
        let kept: i64 =
            store.sql().query_row("SELECT count(*) FROM webhook_event", (), |row| row.get(0)).expect("count");
        assert_eq!(kept, EVENTS_KEPT_MAX);
        assert!(store.note_webhook_event(&id(), &event(0), at(5_000)).expect("forgotten long ago"));
    }
}
