//! Database files as files: copies of databases in use, and whether a copy is sound.
//!
//! A database in write-ahead mode is three files that only belong together for a moment; copying them one after another gives
//! something that opens and is wrong. So a copy is made by SQLite itself, from one snapshot, while everybody goes on writing.

use super::StoreError;
use super::migrate::{MigrateError, make_private};
use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};
use std::fs::OpenOptions;
use std::path::Path;
use std::time::Duration;

/// How long a copy waits for somebody who is just writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

/// Findings of SQLite's check that are read: one is enough to refuse a file.
const FINDINGS_MAX: usize = 3;

/// Copies a database that may be in use to a new file, which only its owner may read, complete in itself and on the disk.
///
/// # Errors
/// [`StoreError`] when there is no complete copy.
pub fn copy_database(from: &Path, to: &Path) -> Result<(), StoreError> {
    let source = open(from, "copied")?;
    make_private(to).map_err(|source| io_failed(to, source))?;
    let mut copy = open(to, "written")?;
    {
        let backup = Backup::new(&source, &mut copy)?;
        // In one step: one snapshot, however much is written meanwhile.
        backup.run_to_completion(i32::MAX, Duration::ZERO, None)?;
    }
    // One file, without companions that could be forgotten.
    copy.pragma_update(None, "journal_mode", "DELETE")?;
    copy.close().map_err(|(_, error)| error)?;
    OpenOptions::new().write(true).open(to).and_then(|file| file.sync_all()).map_err(|source| io_failed(to, source))
}

/// Checks a database that nobody uses from end to end, and gives the number of its form.
///
/// # Errors
/// [`StoreError::Unsound`] when something is wrong with it.
pub fn inspect_database(path: &Path) -> Result<u32, StoreError> {
    let database = open(path, "checked")?;
    let mut findings: Vec<String> = Vec::new();
    {
        let mut check = database.prepare("PRAGMA integrity_check(3)")?;
        let mut rows = check.query(())?;
        while let (Some(row), true) = (rows.next()?, findings.len() < FINDINGS_MAX) {
            findings.push(row.get(0)?);
        }
    }
    findings.retain(|finding| finding != "ok");
    let dangling = database.prepare("PRAGMA foreign_key_check")?.exists(())?;
    if dangling {
        findings.push("a row points at one that is not there".to_owned());
    }
    if let Some(finding) = findings.into_iter().next() {
        return Err(StoreError::Unsound { path: path.to_owned(), finding });
    }
    Ok(database.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

fn open(path: &Path, doing: &'static str) -> Result<Connection, StoreError> {
    let failed = |source| MigrateError::Sqlite { path: path.to_owned(), doing, source };
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(failed)?;
    Ok(connection)
}

fn io_failed(path: &Path, source: std::io::Error) -> StoreError {
    MigrateError::Io { path: path.to_owned(), doing: "copied", source }.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::server::ServerStore;

    #[test]
    fn a_copy_holds_what_was_committed_and_is_one_file() {
        let folder = tempfile::tempdir().expect("folder");
        let (path, copy) = (folder.path().join("server.db"), folder.path().join("copy.db"));
        let store = ServerStore::open(&path).expect("store");
        store.set_public_url("https://a.example").expect("set");
        copy_database(&path, &copy).expect("copied");
        store.set_public_url("https://b.example").expect("set");
        assert_eq!(inspect_database(&copy).expect("sound"), ServerStore::newest_form());
        assert!(!folder.path().join("copy.db-wal").exists());
        let copied = ServerStore::open(&copy).expect("opens");
        assert_eq!(copied.public_url().expect("get").as_deref(), Some("https://a.example"));
    }

    #[test]
    fn a_damaged_file_is_not_sound() {
        use std::os::unix::fs::FileExt as _;
        let folder = tempfile::tempdir().expect("folder");
        let (path, copy) = (folder.path().join("server.db"), folder.path().join("copy.db"));
        drop(ServerStore::open(&path).expect("store"));
        copy_database(&path, &copy).expect("copied");
        let file = OpenOptions::new().write(true).open(&copy).expect("open");
        let length = file.metadata().expect("metadata").len();
        // The roots of several tables are overwritten; the header stays.
        file.write_all_at(&vec![0xA5; usize::try_from(length - 4096).expect("length")], 4096).expect("write");
        assert!(inspect_database(&copy).is_err());
        assert!(copy_database(&folder.path().join("missing.db"), &folder.path().join("x.db")).is_err());
    }
}
