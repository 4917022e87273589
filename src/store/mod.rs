//! The only room with SQL: one SQLite file for the server, one per company.
//!
//! Everything that belongs to one company lies in its own file, so that restoring, removing or moving a company touches
//! nobody else, and no query can mix two companies. A company's file has one writer at a time: [`CompanyStore`] holds
//! its connection in a mutex, and every piece of work is one `BEGIN IMMEDIATE` transaction, so that a command line beside
//! a running server is serialised by SQLite itself.
//!
//! **Invariant:** WAL with `synchronous=FULL`: what is committed survives a power cut, because a committed attempt is what
//! stands between a lost answer and a duplicate.

pub mod files;
pub mod migrate;
pub mod server;
#[cfg(test)]
mod tests;

mod commit_times;
mod company;
mod row;
mod spool;

pub use commit_times::CommitTimes;
pub use company::{
    BankAccount, CompanyStore, Counts, Cursor, DayTally, EventFilter, Exchange, Fact, Found, Inquiry, InquiryPurpose,
    LiveTally, LookAlikes, NewAttempt, Owner, ProblemRow, ProblemSum, RecordFilter, SessionRow, SightingRow,
    TranscriptText, Tx, Unsettled, UntoldBalance,
};
pub use spool::{Entry, EntryReader, Spool, SpoolReader};

/// What can go wrong with a store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite refused.
    #[error("the data file could not be read or written")]
    Sqlite(#[from] rusqlite::Error),
    /// A file could not be upgraded or is newer than this program.
    #[error(transparent)]
    Migrate(#[from] migrate::MigrateError),
    /// The disk does not take, or not give back, what is too long for memory.
    #[error("a long list could not be kept on the disk")]
    Spool(#[source] std::io::Error),
    /// A database is damaged.
    #[error("the database {} is damaged: {finding}", .path.display())]
    Unsound {
        /// The file.
        path: std::path::PathBuf,
        /// The first thing that is wrong.
        finding: String,
    },
    /// A row does not hold what this program writes.
    #[error("the data file holds a {what} that cannot be understood")]
    Broken {
        /// Which part.
        what: &'static str,
    },
    /// A state change that must never happen was asked for. Nothing was committed.
    #[error("internal check failed: {what}")]
    Invariant {
        /// Which one.
        what: String,
    },
}

/// Whether the disk takes a commit. A world that is simulated has full disks, and processes that die before they commit.
pub type CommitCheck = std::sync::Arc<dyn Fn() -> bool + Send + Sync>;

/// Has a disk asked before every commit that writes; with none, the machine's own disk is the only one to refuse. Such a disk is
/// a simulation's: nobody else opens the file, so its locks are taken once.
fn check_commits(connection: &mut rusqlite::Connection, disk: Option<CommitCheck>) -> Result<(), StoreError> {
    let Some(disk) = disk else { return Ok(()) };
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    Ok(connection.commit_hook(Some(move || !disk()))?)
}
