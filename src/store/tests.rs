//! Every form that data files ever had is brought up to date here.
//!
//! `fixtures/db` holds, for each migration, the file as it was in that form, as SQL. A migration without its fixture fails, so that
//! none is released that was not tried on what is out there. To make those that are missing: `UPDATE_GOLDENS=1 cargo test upgrades`.

use super::files::inspect_database;
use super::migrate::{self, Migration};
use super::server::ServerStore;
use super::{CompanyStore, company, server};
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The two sorts of files, with what they are made of and rows that they must keep.
const SORTS: [(&str, &[Migration], &str); 2] = [
    (
        "server",
        server::MIGRATIONS,
        "INSERT INTO company VALUES ('acme', 'Acme & Söhne', 'https://api.bill.com/api/v2', '008', 'sync', x'01', x'02', 'cf-acme',
           zeroblob(32), '{O}', '{F}', 1764000000000, NULL);
         INSERT INTO setting VALUES ('public_url', 'https://sync.example.com');
         INSERT INTO person VALUES ('Owner', 'owner', '$argon2id$x', 1764000000000);",
    ),
    (
        "company",
        company::MIGRATIONS,
        "INSERT INTO fact VALUES ('mode', 'running'), ('last_attempt', '41');
         INSERT INTO setting VALUES ('bills', 'approved');
         INSERT INTO cursor VALUES ('billcom', 'Vendor', '2026-01-01T00:00:00.000+0000', 1, 1764000000000);
         INSERT INTO sighting (side, kind, id, version, fields, hash, title, seen_at)
           VALUES ('billcom', 'vendor', '009', 'v1', '{}', zeroblob(32), 'Paper Mill', 1764000000000);
         INSERT INTO link (kind, quickbooks_id, billcom_id, quickbooks_base, billcom_base, linked_at)
           VALUES ('vendor', '80000001-1', '009', '{}', '{}', 1764000000000);
         INSERT INTO intent (id, target, kind, operation, source_id, fields, cleared, source_fields, reason, title, state, created_at)
           VALUES ('01890000-0000-7000-8000-000000000001', 'quickbooks', 'vendor', 'update', '009', '{}', '[]', '{}', 'r', 't', 'ready',
                   1764000000000);
         INSERT INTO event (at, sort, text) VALUES (1764000000000, 'note', 'a line of history');",
    ),
];

fn fixture(sort: &str, number: u32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/db").join(sort).join(format!("v{number:04}.sql"))
}

/// A file in one of its forms, with rows in it.
fn made(migrations: &[Migration], number: u32, rows: &str) -> Connection {
    let mut connection = migrate::open_in_memory().expect("memory");
    let first = &migrations[..1];
    migrate::migrate(&mut connection, first, |_| Ok(())).expect("the first form");
    connection.execute_batch(rows).expect("rows");
    let upto = usize::try_from(number).expect("small");
    migrate::migrate(&mut connection, &migrations[..upto], |_| Ok(())).expect("later forms");
    connection
}

/// Everything in a file as SQL, in a fixed order.
fn dump(connection: &Connection) -> String {
    let mut text = String::new();
    let schema: Vec<(String, String)> = rows(
        connection,
        "SELECT type, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, name",
    );
    for (_, sql) in schema.iter().filter(|(sort, _)| sort == "table") {
        writeln!(text, "{sql};").expect("text");
    }
    for (table, content) in contents(connection) {
        for row in content {
            writeln!(text, "INSERT INTO {table} VALUES ({row});").expect("text");
        }
    }
    for (_, sql) in schema.iter().filter(|(sort, _)| sort != "table") {
        writeln!(text, "{sql};").expect("text");
    }
    let form: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).expect("form");
    writeln!(text, "PRAGMA user_version = {form};").expect("text");
    text
}

fn rows(connection: &Connection, sql: &str) -> Vec<(String, String)> {
    let mut statement = connection.prepare(sql).expect("prepared");
    let rows = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?))).expect("query");
    rows.collect::<Result<_, _>>().expect("rows")
}

/// For every table its rows as lists of SQL values. The times of the migrations are those of the first fixture.
fn contents(connection: &Connection) -> BTreeMap<String, Vec<String>> {
    let tables =
        rows(connection, "SELECT name, '' FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
    let mut found = BTreeMap::new();
    for (table, _) in tables {
        let columns = rows(connection, &format!("SELECT name, type FROM pragma_table_info('{table}')"));
        let values: Vec<String> = columns
            .iter()
            .map(|(column, _)| {
                if table == "migration" && column == "at" {
                    "1764000000000".to_owned()
                } else {
                    format!("quote({column})")
                }
            })
            .collect();
        let select = format!("SELECT {}, '' FROM {table} ORDER BY 1", values.join(" || ', ' || "));
        let content: Vec<String> = rows(connection, &select).into_iter().map(|(row, _)| row).collect();
        found.insert(table, content);
    }
    found
}

#[test]
fn upgrades_of_every_form_keep_what_was_there() {
    for (sort, migrations, first_rows) in SORTS {
        for migration in migrations {
            let path = fixture(sort, migration.number);
            if std::env::var_os("UPDATE_GOLDENS").is_some() && !path.exists() {
                std::fs::create_dir_all(path.parent().expect("folder")).expect("folder");
                std::fs::write(&path, dump(&made(migrations, migration.number, first_rows))).expect("written");
            }
            let text = std::fs::read_to_string(&path).unwrap_or_else(|error| {
                panic!("migration {} of {sort} has no fixture {}: {error}", migration.number, path.display())
            });
            let old = Connection::open_in_memory().expect("memory");
            old.execute_batch(&text).expect("the fixture is SQL");
            let before = contents(&old);
            let folder = tempfile::tempdir().expect("folder");
            let file = folder.path().join("old.db");
            old.execute("VACUUM INTO ?1", [file.to_str().expect("path")]).expect("written");
            match sort {
                "server" => drop(ServerStore::open(&file).expect("upgraded")),
                _ => drop(CompanyStore::open(&file).expect("upgraded")),
            }
            let newest = migrations.last().expect("migrations").number;
            assert_eq!(inspect_database(&file).expect("sound"), newest, "{sort} {}", migration.number);
            let kept = folder.path().join(format!("old.db.form-{}", migration.number));
            assert_eq!(kept.exists(), migration.number < newest, "the copy of before");
            let after = contents(&Connection::open(&file).expect("open"));
            for (table, rows) in before.into_iter().filter(|(table, _)| table != "migration") {
                // A later form may add columns behind those that were there; it loses no row.
                assert_eq!(after.get(&table).map(Vec::len), Some(rows.len()), "{sort} {} {table}", migration.number);
            }
        }
    }
}

/// What an upgraded file looks like is what a new one looks like.
#[test]
fn upgrades_end_in_the_form_of_a_new_file() {
    for (sort, migrations, _) in SORTS {
        let newest = migrations.last().expect("migrations").number;
        let text = std::fs::read_to_string(fixture(sort, newest)).expect("the newest fixture");
        let fixture = Connection::open_in_memory().expect("memory");
        fixture.execute_batch(&text).expect("the fixture is SQL");
        let mut new = migrate::open_in_memory().expect("memory");
        migrate::migrate(&mut new, migrations, |_| Ok(())).expect("migrated");
        let shape =
            "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY name";
        assert_eq!(
            rows(&fixture, shape),
            rows(&new, shape),
            "{sort}: a released migration was changed; add a new one instead"
        );
    }
}
