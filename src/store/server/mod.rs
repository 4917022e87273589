//! The server's own file: companies and their sealed credentials, people, sessions, tokens, the sign-in throttle.
//!
//! The server and the command line use the same file at the same time, so nothing of it is kept in memory: what a
//! command changed holds for the very next request. Every method is one statement or one `BEGIN IMMEDIATE` transaction,
//! says what it means, and gets the time as an argument.
//!
//! What this room deliberately does not do: it opens no seal, compares no password and makes no token. It stores
//! hashes and sealed bytes as it gets them from `secrets`.
//!
//! **Invariant:** no secret is stored in clear, and no method that runs on every request of a Web Connector writes
//! anything unless there is something to change.

mod alerts;
mod companies;
mod people;
mod sealed;
mod sessions;
mod settings;
mod throttle;
mod tokens;
mod webhooks;

pub use alerts::{ChannelRow, MailRow};
pub use companies::CompanyRow;
pub use people::{Changed, Person, Role};
pub use sessions::{Origin, SignedIn, WebSession};
pub use tokens::ApiToken;
pub use webhooks::WebhookRow;

use super::migrate::{self, Migration};
use super::{CommitCheck, StoreError};
use chrono::{DateTime, TimeZone as _, Utc};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The schema of the server's file, oldest first.
pub(super) const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "init", sql: include_str!("../sql/server/0001_init.sql") },
    Migration { number: 2, name: "webhook", sql: include_str!("../sql/server/0002_webhook.sql") },
    Migration { number: 3, name: "people", sql: include_str!("../sql/server/0003_people.sql") },
    Migration { number: 4, name: "alerts", sql: include_str!("../sql/server/0004_alerts.sql") },
];

/// The server's own file.
#[derive(Debug)]
pub struct ServerStore {
    connection: Mutex<Connection>,
}

impl ServerStore {
    /// Opens, and if need be makes or upgrades, the server's file.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be opened, is damaged, or was written by a newer program.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::prepare(migrate::open_connection(path)?, Some(path))
    }

    /// A server's file in memory, for tests and simulations.
    ///
    /// # Errors
    /// [`StoreError`] when SQLite cannot make it.
    pub fn in_memory() -> Result<Self, StoreError> {
        Self::prepare(migrate::open_in_memory()?, None)
    }

    /// The number of the form that this program writes.
    #[must_use]
    pub fn newest_form() -> u32 {
        migrate::newest(MIGRATIONS)
    }

    /// Makes a file that was just restored forget who was signed in: a session that ended since must not come back.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn distrust(&self) -> Result<(), StoreError> {
        self.transact(|sql| {
            sql.execute("DELETE FROM web_session", ())?;
            sql.execute("DELETE FROM setup_link", ())?;
            Ok(())
        })
    }

    fn prepare(mut connection: Connection, path: Option<&Path>) -> Result<Self, StoreError> {
        // What is wiped is overwritten: credentials of a removed company do not linger in free pages.
        connection.pragma_update(None, "secure_delete", "ON")?;
        migrate::migrate(&mut connection, MIGRATIONS, |connection| migrate::copy_before_upgrade(connection, path))?;
        Ok(Self { connection: Mutex::new(connection) })
    }

    /// Whether the file can be written to: begins a write and gives it up.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot, for instance because the disk is read-only.
    pub fn check_writable(&self) -> Result<(), StoreError> {
        self.transact(|sql| {
            sql.execute("INSERT INTO setting (name, value) VALUES ('~writable', '') ON CONFLICT DO NOTHING", ())?;
            sql.execute("DELETE FROM setting WHERE name = '~writable'", ())?;
            Ok(())
        })
    }

    /// Asks before every commit whether the disk takes it; when it does not, nothing of the transaction is kept.
    ///
    /// # Errors
    /// [`StoreError`] when the file is closed.
    pub fn check_commits(&self, disk: Option<CommitCheck>) -> Result<(), StoreError> {
        super::check_commits(&mut self.sql(), disk)
    }

    /// Refuses every write, as a disk that has become read-only would. For tests of what must survive that.
    #[cfg(test)]
    pub fn refuse_writes(&self, refuse: bool) {
        self.sql().pragma_update(None, "query_only", refuse).expect("pragma");
    }

    /// The connection, for single statements. A panic elsewhere rolled its transaction back; the connection is sound.
    fn sql(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does several statements in one transaction: all of it is committed, or nothing.
    fn transact<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut connection = self.sql();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let result = work(&transaction)?;
        transaction.commit()?;
        Ok(result)
    }
}

/// A time as it is stored.
fn to_ms(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis()
}

/// A stored time.
fn from_ms(ms: i64) -> Result<DateTime<Utc>, StoreError> {
    Utc.timestamp_millis_opt(ms).single().ok_or(StoreError::Broken { what: "time" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_made_once_and_opened_ever_after() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("server.db");
        ServerStore::open(&path).expect("made").set_public_url("https://a.example").expect("set");
        let again = ServerStore::open(&path).expect("opened");
        assert_eq!(again.public_url().expect("get").as_deref(), Some("https://a.example"));
    }

    #[test]
    fn two_connections_at_once_see_each_others_work() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("server.db");
        let (server, command) = (ServerStore::open(&path).expect("server"), ServerStore::open(&path).expect("command"));
        assert_eq!(server.public_url().expect("get"), None);
        command.set_public_url("https://b.example").expect("set");
        assert_eq!(server.public_url().expect("get").as_deref(), Some("https://b.example"));
    }

    #[test]
    fn writers_in_two_processes_wait_for_each_other() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("server.db");
        ServerStore::open(&path).expect("made");
        let now = Utc.timestamp_millis_opt(1_700_000_000_000).single().expect("time");
        std::thread::scope(|scope| {
            for process in 0..4 {
                let path = &path;
                scope.spawn(move || {
                    let store = ServerStore::open(path).expect("open");
                    for failure in 0..25 {
                        store.throttle_failed(&format!("{process}-{failure}"), "10.0.0.1", now).expect("written");
                    }
                });
            }
        });
        let store = ServerStore::open(&path).expect("open");
        let rows: i64 = store.sql().query_row("SELECT count(*) FROM throttle", (), |row| row.get(0)).expect("count");
        assert_eq!(rows, 100);
    }

    #[test]
    fn a_store_that_cannot_be_written_to_says_so() {
        let store = ServerStore::in_memory().expect("store");
        store.check_writable().expect("writable");
        store.sql().pragma_update(None, "query_only", "ON").expect("pragma");
        assert!(matches!(store.check_writable(), Err(StoreError::Sqlite(_))));
    }

    #[test]
    fn times_are_exact_to_the_millisecond_and_nonsense_is_refused() {
        let at = Utc.timestamp_millis_opt(1_764_000_000_123).single().expect("time");
        assert_eq!(from_ms(to_ms(at)).expect("time"), at);
        assert!(from_ms(i64::MAX).is_err());
    }
}
