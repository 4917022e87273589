//! The sync state of one company.

mod attempts;
mod balances;
mod banks;
mod commit;
mod history;
mod intents;
mod ledgers;
mod links;
mod merges;
mod meta;
mod problems;
mod records;
mod restored;
#[cfg(test)]
mod scans;
mod sighting_row;
mod sightings;
mod strangers;
mod subjects;
mod tallies;
mod transcripts;

pub use attempts::{Inquiry, InquiryPurpose, NewAttempt, SessionRow};
pub use balances::UntoldBalance;
pub use banks::BankAccount;
pub use history::{EventFilter, Unsettled};
pub use meta::{Cursor, Fact};
pub use problems::{ProblemRow, ProblemSum};
pub use records::{Found, RecordFilter};
pub use sighting_row::SightingRow;
pub use sightings::{LookAlikes, Owner};
pub use tallies::{Counts, DayTally, LiveTally};
pub use transcripts::{Exchange, TranscriptText};

use super::commit_times::CommitTimes;
use super::migrate::{self, Migration};
use super::{CommitCheck, StoreError};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::cell::Cell;
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::time::Instant;

/// The schema of company files, oldest first.
pub(super) const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "init", sql: include_str!("../sql/company/0001_init.sql") },
    Migration { number: 2, name: "doubtful", sql: include_str!("../sql/company/0002_doubtful.sql") },
    Migration { number: 3, name: "pages", sql: include_str!("../sql/company/0003_pages.sql") },
    Migration { number: 4, name: "merged", sql: include_str!("../sql/company/0004_merged.sql") },
];

/// One company's file.
#[derive(Debug)]
pub struct CompanyStore {
    connection: Mutex<Connection>,
    data_version: AtomicI64,
    commits: Arc<CommitTimes>,
    written: AtomicU64,
}

impl CompanyStore {
    /// Opens, and if need be makes or upgrades, a company's file.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be opened, is damaged, or was written by a newer program.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::prepare(migrate::open_connection(path)?, Some(path))
    }

    /// A company's state in memory, for tests and simulations.
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

    fn prepare(mut connection: Connection, path: Option<&Path>) -> Result<Self, StoreError> {
        migrate::migrate(&mut connection, MIGRATIONS, |connection| migrate::copy_before_upgrade(connection, path))?;
        let version = connection.pragma_query_value(None, "data_version", |row| row.get(0))?;
        Ok(Self {
            connection: Mutex::new(connection),
            data_version: AtomicI64::new(version),
            commits: Arc::default(),
            written: AtomicU64::new(0),
        })
    }

    /// Does one piece of work in one transaction: all of it is committed, or nothing.
    ///
    /// # Errors
    /// Whatever the work gives, or [`StoreError`] when it cannot be committed. Nothing is changed then.
    pub fn transact<T, E: From<StoreError>>(&self, work: impl FnOnce(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.within(TransactionBehavior::Immediate, work)
    }

    /// Reads in one transaction, so that everything read belongs together.
    ///
    /// # Errors
    /// As [`Self::transact`].
    pub fn read<T, E: From<StoreError>>(&self, work: impl FnOnce(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.within(TransactionBehavior::Deferred, work)
    }

    fn within<T, E: From<StoreError>>(
        &self,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let writes = matches!(behavior, TransactionBehavior::Immediate);
        // A panic inside a transaction rolls it back; the connection itself stays sound.
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction_with_behavior(behavior).map_err(StoreError::from)?;
        let tx = Tx { sql: transaction, rounds: Cell::new([None; 2]) };
        let result = work(&tx)?;
        let began = Instant::now();
        tx.sql.commit().map_err(StoreError::from)?;
        if writes {
            self.commits.note(began.elapsed());
            self.written.fetch_add(1, Ordering::Release);
        }
        Ok(result)
    }

    /// The same, with its commits counted together with those of others.
    #[must_use]
    pub fn timed(mut self, commits: Arc<CommitTimes>) -> Self {
        self.commits = commits;
        self
    }

    /// A mark that differs whenever something may have been written since it was last asked for, by whatever process. What was
    /// worked out under a mark may be kept as long as it stands. Ask for the mark first, then read.
    #[must_use]
    pub fn mark(&self) -> (u64, i64) {
        self.mark_of(&self.connection.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The same, or nothing while somebody is at work on the file.
    #[must_use]
    pub fn mark_if_free(&self) -> Option<(u64, i64)> {
        match self.connection.try_lock() {
            Ok(connection) => Some(self.mark_of(&connection)),
            Err(TryLockError::Poisoned(poisoned)) => Some(self.mark_of(&poisoned.into_inner())),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    fn mark_of(&self, connection: &Connection) -> (u64, i64) {
        let version = connection.pragma_query_value(None, "data_version", |row| row.get(0)).unwrap_or(0);
        (self.written.load(Ordering::Acquire), version)
    }

    /// Copies the whole file, as it stands now, to a place where there is none yet.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read or written.
    pub fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        connection.execute("VACUUM INTO ?1", [path.to_string_lossy()])?;
        Ok(())
    }

    /// Whether another connection, such as a command line beside the server, has changed the file since this was last asked.
    #[must_use]
    pub fn changed_elsewhere(&self) -> bool {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let version: i64 = connection.pragma_query_value(None, "data_version", |row| row.get(0)).unwrap_or(0);
        drop(connection);
        self.data_version.swap(version, Ordering::Relaxed) != version
    }

    /// Asks before every commit whether the disk takes it; when it does not, nothing of the transaction is kept.
    ///
    /// # Errors
    /// [`StoreError`] when the file is closed.
    pub fn check_commits(&self, disk: Option<CommitCheck>) -> Result<(), StoreError> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        super::check_commits(&mut connection, disk)
    }
}

impl Tx<'_> {
    /// Does a part of the work so that it is undone alone when it fails.
    ///
    /// # Errors
    /// Whatever the part gives; what it had changed is undone then.
    pub fn guarded<T>(&self, part: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.sql.prepare_cached("SAVEPOINT part")?.execute([])?;
        let result = part();
        if result.is_err() {
            self.sql.execute_batch("ROLLBACK TO part")?;
        }
        self.sql.prepare_cached("RELEASE part")?.execute([])?;
        result
    }
}

/// One transaction on a company's file. Its methods say what they mean, not what they select.
#[derive(Debug)]
pub struct Tx<'a> {
    sql: Transaction<'a>,
    /// The present reading of QuickBooks and of Bill.com, once looked up: every record that is seen asks for it.
    rounds: Cell<[Option<i64>; 2]>,
}
