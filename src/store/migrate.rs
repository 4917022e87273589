//! Opening database files, and bringing them up to date.
//!
//! Both sorts of file, the server's and a company's, are opened and migrated here, so that every connection has the
//! same durability and the same limits.
//!
//! Migrations are numbered, forward only, and each runs in one transaction together with the `user_version` that says
//! it was done: a crash in the middle leaves the file as it was. Several processes may open the same file at once (the
//! server and a command): the first one migrates, the others wait and find nothing left to do.
//!
//! What is deliberately missing: a way back. A newer file is refused, and the copy made before an upgrade
//! (`before_upgrade`) is the way to return.
//!
//! **Invariant:** a commit that was reported is on the disk (`synchronous=FULL`). With less, a power cut could undo an
//! attempt whose bytes QuickBooks already has, and it would be sent twice.

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long a statement waits for another process's write. Commands write single rows; five seconds are plenty.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Pause between two tries of what SQLite does not wait for by itself.
const BUSY_PAUSE: Duration = Duration::from_millis(10);

/// Prepared statements kept per connection: about as many as one room's SQL has.
const CACHED_STATEMENTS: usize = 128;

/// Length of one SQL statement in bytes: ours have a few thousand at most.
const SQL_BYTES_MAX: i32 = 100_000;

/// One step forward in a database's shape.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// 1, 2, 3, … without gaps: what `user_version` is afterwards.
    pub number: u32,
    /// A few words for people.
    pub name: &'static str,
    /// What is done.
    pub sql: &'static str,
}

/// Why a database file could not be opened or brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The file cannot be made, opened or copied.
    #[error("the database {} cannot be {doing}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// Why it failed.
        source: io::Error,
    },
    /// SQLite refuses it. No migration was begun.
    #[error("the database {} cannot be {doing}", .path.display())]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// Why it failed.
        source: rusqlite::Error,
    },
    /// The file system cannot do what write-ahead logging needs.
    #[error("the database {} cannot be kept safely where it is; put the data folder on a local disk", .path.display())]
    NoWriteAheadLog {
        /// The file.
        path: PathBuf,
    },
    /// A newer version of the program has been at it.
    #[error(
        "the data was written by a newer version of Counterfoil (its form is number {found}, this version knows {known}); \
         install that version, or restore a backup made before"
    )]
    Newer {
        /// The form of the data.
        found: u32,
        /// The newest form we know.
        known: u32,
    },
    /// The file holds something that is not ours.
    #[error("the database {} was not made by Counterfoil", .path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// A step failed; the data is as it was before that step.
    #[error("the data could not be brought to form {number} ({name}); it is as it was before")]
    Step {
        /// The migration that failed.
        number: u32,
        /// Its name.
        name: &'static str,
        /// Why it failed.
        source: rusqlite::Error,
    },
}

/// Opens a database file, which is made (readable by its owner only) when it does not exist.
///
/// # Errors
/// [`MigrateError`] when the file or its place cannot be used.
pub fn open_connection(path: &Path) -> Result<Connection, MigrateError> {
    make_private(path).map_err(|source| MigrateError::Io { path: path.to_owned(), doing: "opened", source })?;
    let failed = |source| MigrateError::Sqlite { path: path.to_owned(), doing: "opened", source };
    // One mutex of ours guards each connection, so SQLite needs none of its own; no URI, so that a path means what it says.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(failed)?;
    let mode = write_ahead(&connection).map_err(failed)?;
    if !mode.eq_ignore_ascii_case("wal") {
        return Err(MigrateError::NoWriteAheadLog { path: path.to_owned() });
    }
    prepare(&connection).map_err(failed)?;
    Ok(connection)
}

/// Switches write-ahead logging on, and gives the mode that holds. SQLite does not wait for another process that does the same to
/// a new file at the same moment, whatever its busy timeout says: we do.
fn write_ahead(connection: &Connection) -> rusqlite::Result<String> {
    let began = Instant::now();
    loop {
        let switched = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0));
        match switched {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && began.elapsed() < BUSY_TIMEOUT =>
            {
                std::thread::sleep(BUSY_PAUSE);
            }
            done => return done,
        }
    }
}

/// Opens a database that lives in memory and ends with its connection: for tests and the simulation.
///
/// # Errors
/// [`MigrateError::Sqlite`] when there is no memory for it.
pub fn open_in_memory() -> Result<Connection, MigrateError> {
    let failed = |source| MigrateError::Sqlite { path: PathBuf::from(":memory:"), doing: "opened", source };
    let connection = Connection::open_in_memory().map_err(failed)?;
    prepare(&connection).map_err(failed)?;
    Ok(connection)
}

/// The number of the last of these migrations.
#[must_use]
pub fn newest(migrations: &[Migration]) -> u32 {
    migrations.last().map_or(0, |migration| migration.number)
}

/// Brings a database up to date. `before_upgrade` is called before anything is changed, and only if the database was in
/// use in an older form: it makes the copy ([`copy_before_upgrade`]).
///
/// # Errors
/// [`MigrateError`]; the data is then in the form of the last migration that succeeded.
pub fn migrate(
    connection: &mut Connection,
    migrations: &[Migration],
    before_upgrade: impl FnOnce(&Connection) -> Result<(), MigrateError>,
) -> Result<(), MigrateError> {
    debug_assert!(
        migrations.iter().zip(1..).all(|(migration, number)| migration.number == number),
        "numbers have gaps"
    );
    let newest = newest(migrations);
    let found = looked_at(connection, form)?;
    if found > newest {
        return Err(MigrateError::Newer { found, known: newest });
    }
    if found == 0 && !looked_at(connection, is_empty)? {
        return Err(MigrateError::Foreign { path: path_of(connection) });
    }
    if (1..newest).contains(&found) {
        before_upgrade(connection)?;
    }
    for migration in migrations.iter().filter(|migration| migration.number > found) {
        step(connection, migration).map_err(|source| MigrateError::Step {
            number: migration.number,
            name: migration.name,
            source,
        })?;
    }
    Ok(())
}

/// Copies a database beside itself, as `NAME.form-N` with the number of its present form, readable by its owner only.
/// A database in memory has no place for a copy and needs none.
///
/// # Errors
/// [`MigrateError`] when there is no complete copy; nothing was changed then.
pub fn copy_before_upgrade(connection: &Connection, path: Option<&Path>) -> Result<(), MigrateError> {
    let Some(path) = path else { return Ok(()) };
    let form = looked_at(connection, form)?;
    let beside = |ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    let (unfinished, copy) = (beside(".copying"), beside(&format!(".form-{form}")));
    let io_failed = |source| MigrateError::Io { path: path.to_owned(), doing: "copied before its upgrade", source };
    match std::fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(io_failed(error)),
        _ => {}
    }
    make_private(&unfinished).map_err(io_failed)?;
    let name = unfinished.to_str().ok_or_else(|| io_failed(io::ErrorKind::InvalidFilename.into()))?;
    connection.execute("VACUUM INTO ?1", [name]).map_err(|source| MigrateError::Sqlite {
        path: path.to_owned(),
        doing: "copied before its upgrade",
        source,
    })?;
    std::fs::OpenOptions::new().write(true).open(&unfinished).and_then(|file| file.sync_all()).map_err(io_failed)?;
    std::fs::rename(&unfinished, &copy).map_err(io_failed)
}

/// One migration in one transaction; nothing when another process has done it meanwhile.
fn step(connection: &mut Connection, migration: &Migration) -> Result<(), rusqlite::Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if form(&transaction)? >= migration.number {
        return Ok(());
    }
    transaction.execute_batch(
        "CREATE TABLE IF NOT EXISTS migration (
           number INTEGER PRIMARY KEY,
           name   TEXT NOT NULL,
           at     INTEGER NOT NULL  -- milliseconds since 1970, UTC; the only time SQLite's own clock is read
         ) STRICT",
    )?;
    transaction.execute_batch(migration.sql)?;
    transaction.execute(
        "INSERT INTO migration (number, name, at) VALUES (?1, ?2, CAST(unixepoch('subsec') * 1000 AS INTEGER))",
        (migration.number, migration.name),
    )?;
    transaction.pragma_update(None, "user_version", migration.number)?;
    transaction.commit()
}

/// The number of the last migration done; 0 for an empty file.
fn form(connection: &Connection) -> Result<u32, rusqlite::Error> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Whether a database without a form is empty. Another program's tables are not built upon.
fn is_empty(connection: &Connection) -> Result<bool, rusqlite::Error> {
    // Both are read in one statement: another process may be migrating this very moment.
    let tables: i64 = connection.query_row(
        "SELECT count(*) FROM sqlite_schema WHERE (SELECT user_version FROM pragma_user_version) = 0",
        (),
        |row| row.get(0),
    )?;
    Ok(tables == 0)
}

fn looked_at<T>(
    connection: &Connection,
    look: impl FnOnce(&Connection) -> Result<T, rusqlite::Error>,
) -> Result<T, MigrateError> {
    look(connection).map_err(|source| MigrateError::Sqlite { path: path_of(connection), doing: "read", source })
}

fn path_of(connection: &Connection) -> PathBuf {
    connection.path().filter(|path| !path.is_empty()).unwrap_or(":memory:").into()
}

/// Makes an empty file that only its owner may read. SQLite gives its companions (`-wal`, `-shm`) the same rights.
pub(super) fn make_private(path: &Path) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path).map(drop)
}

/// What every connection has in common.
fn prepare(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.pragma_update(None, "trusted_schema", "OFF")?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_limit(rusqlite::limits::Limit::SQLITE_LIMIT_SQL_LENGTH, SQL_BYTES_MAX)?;
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    // A plan does not depend on what is bound to a LIMIT or compared with the condition of a partial index; otherwise such a
    // statement would be planned anew at every execution, which took a third of the time of a quiet session.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    const FIRST: Migration =
        Migration { number: 1, name: "first", sql: "CREATE TABLE thing (id INTEGER PRIMARY KEY) STRICT;" };
    const SECOND: Migration = Migration { number: 2, name: "second", sql: "ALTER TABLE thing ADD COLUMN name TEXT;" };
    const BROKEN: Migration = Migration {
        number: 2,
        name: "broken",
        sql: "CREATE TABLE other (id INTEGER) STRICT; CREATE TABLE thing (id INTEGER) STRICT;",
    };

    fn no_copy(_: &Connection) -> Result<(), MigrateError> {
        panic!("no copy is due")
    }

    fn pragma(connection: &Connection, name: &str) -> String {
        connection.pragma_query_value(None, name, |row| Ok(format!("{:?}", row.get_ref(0)?))).expect("pragma")
    }

    #[test]
    fn every_connection_is_durable_and_defensive() {
        let folder = tempfile::tempdir().expect("folder");
        let file = open_connection(&folder.path().join("a.db")).expect("open");
        for (connection, journal) in [(&file, "wal"), (&open_in_memory().expect("memory"), "memory")] {
            assert!(pragma(connection, "journal_mode").contains(&format!("{:?}", journal.as_bytes())));
            assert_eq!(pragma(connection, "synchronous"), "Integer(2)");
            assert_eq!(pragma(connection, "foreign_keys"), "Integer(1)");
            assert_eq!(pragma(connection, "trusted_schema"), "Integer(0)");
            assert!(connection.db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE).expect("config"));
        }
        assert_eq!(pragma(&file, "busy_timeout"), "Integer(5000)");
    }

    #[cfg(unix)]
    #[test]
    fn a_new_file_and_its_companions_are_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("folder");
        let mut connection = open_connection(&folder.path().join("a.db")).expect("open");
        migrate(&mut connection, &[FIRST], no_copy).expect("migrate");
        for entry in std::fs::read_dir(folder.path()).expect("list") {
            let entry = entry.expect("entry");
            assert_eq!(
                entry.metadata().expect("metadata").permissions().mode() & 0o777,
                0o600,
                "{:?}",
                entry.file_name()
            );
        }
    }

    #[test]
    fn migrations_run_once_and_are_recorded() {
        let mut connection = open_in_memory().expect("open");
        migrate(&mut connection, &[FIRST], no_copy).expect("first");
        migrate(&mut connection, &[FIRST], no_copy).expect("nothing to do");
        let copied = Cell::new(0);
        let copy = |connection: &Connection| {
            copied.set(form(connection).expect("form"));
            Ok(())
        };
        migrate(&mut connection, &[FIRST, SECOND], copy).expect("second");
        assert_eq!(copied.get(), 1, "a copy is made before an upgrade");
        let recorded: Vec<(u32, String, i64)> = connection
            .prepare("SELECT number, name, at FROM migration ORDER BY number")
            .expect("prepare")
            .query_map((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .expect("query")
            .collect::<Result<_, _>>()
            .expect("rows");
        assert_eq!(
            recorded.iter().map(|row| (row.0, row.1.as_str())).collect::<Vec<_>>(),
            [(1, "first"), (2, "second")]
        );
        assert!(recorded.iter().all(|row| row.2 > 1_700_000_000_000), "{recorded:?}");
    }

    #[test]
    fn a_newer_database_is_refused_in_a_plain_sentence() {
        let mut connection = open_in_memory().expect("open");
        migrate(&mut connection, &[FIRST, SECOND], no_copy).expect("migrate");
        let error = migrate(&mut connection, &[FIRST], no_copy).expect_err("newer");
        assert!(matches!(error, MigrateError::Newer { found: 2, known: 1 }));
        assert!(error.to_string().contains("newer version of Counterfoil"), "{error}");
    }

    #[test]
    fn a_step_that_fails_leaves_no_trace() {
        let mut connection = open_in_memory().expect("open");
        migrate(&mut connection, &[FIRST], no_copy).expect("first");
        let error = migrate(&mut connection, &[FIRST, BROKEN], |_| Ok(())).expect_err("broken");
        assert!(matches!(error, MigrateError::Step { number: 2, .. }), "{error}");
        assert_eq!(form(&connection).expect("form"), 1);
        let other: i64 = connection
            .query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'other'", (), |row| row.get(0))
            .expect("count");
        assert_eq!(other, 0);
        migrate(&mut connection, &[FIRST, SECOND], |_| Ok(())).expect("the right step still works");
    }

    #[test]
    fn without_a_copy_there_is_no_upgrade() {
        let mut connection = open_in_memory().expect("open");
        migrate(&mut connection, &[FIRST], no_copy).expect("first");
        let error = migrate(&mut connection, &[FIRST, SECOND], |_| Err(MigrateError::Foreign { path: PathBuf::new() }))
            .expect_err("copy");
        assert!(matches!(error, MigrateError::Foreign { .. }));
        assert_eq!(form(&connection).expect("form"), 1);
    }

    #[test]
    fn the_copy_before_an_upgrade_is_complete_and_in_the_old_form() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("it's a.db");
        let mut connection = open_connection(&path).expect("open");
        migrate(&mut connection, &[FIRST], no_copy).expect("first");
        connection.execute("INSERT INTO thing (id) VALUES (7)", ()).expect("insert");
        std::fs::write(folder.path().join("it's a.db.copying"), "left over from a crash").expect("write");
        migrate(&mut connection, &[FIRST, SECOND], |connection| copy_before_upgrade(connection, Some(&path)))
            .expect("second");
        let copy = open_connection(&folder.path().join("it's a.db.form-1")).expect("copy");
        assert_eq!(form(&copy).expect("form"), 1);
        let id: i64 = copy.query_row("SELECT id FROM thing", (), |row| row.get(0)).expect("row");
        assert_eq!(id, 7);
        assert!(!folder.path().join("it's a.db.copying").exists());
        copy_before_upgrade(&open_in_memory().expect("memory"), None).expect("nothing to copy");
    }

    #[test]
    fn another_programs_database_is_not_built_upon() {
        let mut connection = open_in_memory().expect("open");
        connection.execute_batch("CREATE TABLE theirs (id INTEGER)").expect("create");
        let error = migrate(&mut connection, &[FIRST], no_copy).expect_err("foreign");
        assert!(matches!(error, MigrateError::Foreign { .. }), "{error}");
    }

    #[test]
    fn processes_that_start_at_once_migrate_once() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("a.db");
        std::thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(|| {
                    let mut connection = open_connection(&path).expect("open");
                    migrate(&mut connection, &[FIRST, SECOND], |_| Ok(())).expect("migrate");
                });
            }
        });
        let connection = open_connection(&path).expect("open");
        assert_eq!(form(&connection).expect("form"), 2);
        let rows: i64 = connection.query_row("SELECT count(*) FROM migration", (), |row| row.get(0)).expect("count");
        assert_eq!(rows, 2);
    }

    #[test]
    fn a_file_that_is_no_database_is_refused() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("a.db");
        std::fs::write(&path, "this is not a database, but a long enough text ".repeat(50)).expect("write");
        assert!(matches!(open_connection(&path), Err(MigrateError::Sqlite { .. })));
        let missing = folder.path().join("missing").join("a.db");
        assert!(matches!(open_connection(&missing), Err(MigrateError::Io { .. })));
    }
}
