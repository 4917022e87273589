//! Alerts: the channels, what each was told, and the server that takes e-mail.

use super::{ServerStore, from_ms, to_ms};
use crate::plan::alerts::{Memory, Sort, Told};
use crate::store::StoreError;
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};
use serde_json::{Value, json};

/// A channel. Its target is sealed for table `alert_channel`, the channel's id, and the column `target`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelRow {
    /// Its number.
    pub id: i64,
    /// `email`, `webhook`, `slack` or `heartbeat`.
    pub kind: String,
    /// The company it is about; all where there is none.
    pub company: Option<String>,
    /// What lists show.
    pub label: String,
    /// Where messages go, sealed.
    pub target: Vec<u8>,
    /// What it was told, and how the last tries went.
    pub memory: Memory,
    /// Why the last try failed.
    pub error: Option<String>,
}

/// The server that takes e-mail. Its password is sealed for table `mail_server`, row `1` and the column `password`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailRow {
    /// `smtps://HOST:PORT`, or `smtp://HOST:PORT`.
    pub server: String,
    /// The address that messages come from.
    pub sender: String,
    /// The user name; empty when it asks for none.
    pub user: String,
    /// The password, sealed; empty when there is none.
    pub password: Vec<u8>,
}

impl ServerStore {
    /// All channels, in the order they were added.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub fn alert_channels(&self) -> Result<Vec<ChannelRow>, StoreError> {
        let sql = self.sql();
        let mut statement = sql.prepare_cached(
            "SELECT id, kind, company, label, target, told, sent_at, tried_at, failures, error FROM alert_channel ORDER BY id",
        )?;
        let rows = statement.query_map((), |row| Ok(read_channel(row)))?;
        rows.map(|row| row?).collect()
    }

    /// Adds a channel whose target is not known yet, and gives its number: the seal is bound to it.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written, or when there are too many.
    pub fn add_alert_channel(
        &self,
        kind: &str,
        company: Option<&str>,
        label: &str,
        seal: impl FnOnce(i64) -> Vec<u8>,
    ) -> Result<i64, StoreError> {
        self.transact(|sql| {
            sql.execute(
                "INSERT INTO alert_channel (kind, company, label, target) VALUES (?1, ?2, ?3, x'')",
                params![kind, company, label],
            )?;
            let id = sql.last_insert_rowid();
            sql.execute("UPDATE alert_channel SET target = ?2 WHERE id = ?1", params![id, seal(id)])?;
            Ok(id)
        })
    }

    /// Keeps what a channel was told and how the last try went.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn keep_alert_memory(&self, id: i64, memory: &Memory, error: Option<&str>) -> Result<(), StoreError> {
        let told: Vec<Value> =
            memory.told.iter().map(|told| json!([told.company, told.sort.word(), told.mark])).collect();
        self.sql().execute(
            "UPDATE alert_channel SET told = ?2, sent_at = ?3, tried_at = ?4, failures = ?5, error = ?6 WHERE id = ?1",
            params![
                id,
                Value::Array(told).to_string(),
                memory.sent_at.map(to_ms),
                memory.tried_at.map(to_ms),
                memory.failures,
                error
            ],
        )?;
        Ok(())
    }

    /// Removes a channel. False when there is none of this number.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn remove_alert_channel(&self, id: i64) -> Result<bool, StoreError> {
        Ok(self.sql().execute("DELETE FROM alert_channel WHERE id = ?1", [id])? == 1)
    }

    /// The server that takes e-mail.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn mail_server(&self) -> Result<Option<MailRow>, StoreError> {
        let sql = self.sql();
        let mut statement = sql.prepare_cached("SELECT server, sender, user, password FROM mail_server")?;
        let row = statement.query_row((), |row| {
            Ok(MailRow { server: row.get(0)?, sender: row.get(1)?, user: row.get(2)?, password: row.get(3)? })
        });
        Ok(row.optional()?)
    }

    /// Keeps, or with none forgets, the server that takes e-mail.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn set_mail_server(&self, row: Option<&MailRow>) -> Result<(), StoreError> {
        self.transact(|sql| {
            sql.execute("DELETE FROM mail_server", ())?;
            if let Some(row) = row {
                sql.execute(
                    "INSERT INTO mail_server (id, server, sender, user, password) VALUES (1, ?1, ?2, ?3, ?4)",
                    params![row.server, row.sender, row.user, row.password],
                )?;
            }
            Ok(())
        })
    }
}

fn read_channel(row: &Row<'_>) -> Result<ChannelRow, StoreError> {
    let time = |at: usize| -> Result<Option<DateTime<Utc>>, StoreError> {
        row.get::<_, Option<i64>>(at)?.map(from_ms).transpose()
    };
    let memory = Memory {
        told: read_told(&row.get::<_, String>(5)?),
        sent_at: time(6)?,
        tried_at: time(7)?,
        failures: row.get(8)?,
    };
    Ok(ChannelRow {
        id: row.get(0)?,
        kind: row.get(1)?,
        company: row.get(2)?,
        label: row.get(3)?,
        target: row.get(4)?,
        memory,
        error: row.get(9)?,
    })
}

/// What cannot be read was not told: at worst something is told twice.
fn read_told(text: &str) -> Vec<Told> {
    let parsed: Vec<(String, String, i64)> = serde_json::from_str(text).unwrap_or_default();
    let told = parsed
        .into_iter()
        .filter_map(|(company, sort, mark)| Sort::from_word(&sort).map(|sort| Told { company, sort, mark }));
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone as _;

    #[test]
    fn channels_keep_what_they_were_told() {
        let store = ServerStore::in_memory().expect("store");
        let id = store.add_alert_channel("email", None, "ada@example.com", |id| vec![u8::try_from(id).expect("small")]);
        let id = id.expect("added");
        let fresh = store.alert_channels().expect("listed");
        assert_eq!(
            (fresh.len(), fresh[0].target.as_slice(), &fresh[0].memory),
            (1, [1].as_slice(), &Memory::default())
        );
        let at = Utc.timestamp_millis_opt(1_764_000_000_000).single();
        let told = vec![Told { company: "acme \"x\"".to_owned(), sort: Sort::Silent, mark: 7 }];
        let memory = Memory { told, sent_at: at, tried_at: at, failures: 2 };
        store.keep_alert_memory(id, &memory, Some("no answer")).expect("kept");
        let kept = store.alert_channels().expect("listed");
        assert_eq!((&kept[0].memory, kept[0].error.as_deref()), (&memory, Some("no answer")));
        assert!(store.remove_alert_channel(id).expect("removed"));
        assert!(!store.remove_alert_channel(id).expect("gone"));
        assert_eq!(read_told("[[\"a\",\"of a newer version\",1],[\"b\",\"stopped\",2]]").len(), 1);
        assert_eq!(read_told("damaged"), []);
    }

    #[test]
    fn there_is_one_mail_server_at_most() {
        let store = ServerStore::in_memory().expect("store");
        assert_eq!(store.mail_server().expect("none"), None);
        let row = |server: &str| MailRow {
            server: server.to_owned(),
            sender: "counterfoil@example.com".to_owned(),
            user: String::new(),
            password: Vec::new(),
        };
        store.set_mail_server(Some(&row("smtps://a:465"))).expect("set");
        store.set_mail_server(Some(&row("smtps://b:465"))).expect("replaced");
        assert_eq!(store.mail_server().expect("one"), Some(row("smtps://b:465")));
        store.set_mail_server(None).expect("forgotten");
        assert_eq!(store.mail_server().expect("none"), None);
    }
}
