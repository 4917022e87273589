//! No statement reads a whole table unless it is meant to: every SQL text of this room is explained by SQLite itself.
//!
//! A partial index is used only where its own condition stands in the statement, word for word, and nothing fails when it is
//! not: the statement is merely slow, later, in somebody's large file.

use super::CompanyStore;
use rusqlite::types::Null;
use std::collections::BTreeSet;
use std::path::Path;

/// Statements that read a table from end to end on purpose: counts for the page, small tables, what follows a new reading.
const MEANT: [&str; 12] = [
    "FROM tally WHERE count > 0",
    "SELECT id, account, name, main FROM bank_account",
    "SELECT name, value FROM setting",
    "UPDATE sighting SET due = 1, deferred = NULL",
    // Pages and history, newest first: cut off by their limit.
    "FROM conversation WHERE",
    "FROM intent WHERE 1",
    "FROM problem WHERE 1",
    // A handful of rows while an attempt is looked for.
    "WHERE purpose = 'probe' AND found IS NULL",
    "FROM inquiry WHERE purpose = 'probe' AND attempt",
    // Once, after a backup was restored.
    "UPDATE attempt SET state = 'cleared', xml = ''",
    // Guards of an insert of one row.
    "INSERT INTO inquiry",
    "INSERT INTO fact",
];

/// The SQL texts of a source file, with the constants of the file put in.
fn statements(source: &str) -> Vec<String> {
    let literals: Vec<(usize, String)> = literals(source);
    let constant = |name: &str| {
        let at = source.find(&format!("const {name}: &str"))?;
        literals.iter().find(|(place, _)| *place > at).map(|(_, text)| text.clone())
    };
    let verbs = ["SELECT ", "UPDATE ", "DELETE ", "INSERT "];
    let wanted = literals.iter().filter(|(_, text)| verbs.iter().any(|verb| text.starts_with(verb)));
    wanted.map(|(_, text)| filled_in(text, &constant)).collect()
}

/// The string literals of a source file that have no quotation marks inside, with their places.
fn literals(source: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut place = 0;
    for (number, part) in source.split('"').enumerate() {
        if number % 2 == 1 {
            let unfolded: Vec<&str> = part.split("\\\n").map(str::trim_start).collect();
            found.push((place, unfolded.concat()));
        }
        place += part.len() + 1;
    }
    found
}

/// A text for `format!`, with what stands in braces replaced: a constant by its text, anything else by a column of the table.
fn filled_in(text: &str, constant: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').expect("a closed brace");
        out.push_str(before);
        let column = if before.ends_with("SELECT ") { "*" } else { "1" };
        out.push_str(&constant(name).unwrap_or_else(|| column.to_owned()));
        rest = after;
    }
    out + rest
}

#[test]
fn no_statement_reads_a_whole_table_by_accident() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/company");
    let store = CompanyStore::in_memory().expect("a file");
    let connection = store.connection.lock().expect("unused");
    let (mut looked_at, mut scans, mut used) = (0, Vec::new(), BTreeSet::new());
    for file in std::fs::read_dir(folder).expect("the room") {
        let path = file.expect("a file").path();
        if path.ends_with("scans.rs") {
            continue;
        }
        for sql in statements(&std::fs::read_to_string(&path).expect("readable")) {
            // A place that is filled in with more than a word cannot be explained from here.
            let Ok(mut explained) = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")) else { continue };
            looked_at += 1;
            let unknown = vec![Null; explained.parameter_count()];
            let steps = explained.query_map(rusqlite::params_from_iter(unknown), |row| row.get::<_, String>(3));
            // A bound list is a virtual table of a few rows.
            let harmless = |step: &str| {
                step == "SCAN CONSTANT ROW"
                    || step.contains(" USING ")
                    || step.starts_with("SCAN json_each VIRTUAL TABLE")
            };
            let scanned =
                steps.expect("a plan").flatten().any(|step| step.starts_with("SCAN ") && !harmless(step.as_str()));
            let words: String = sql.split_whitespace().collect::<Vec<_>>().join(" ");
            match MEANT.iter().find(|meant| words.contains(**meant)) {
                Some(meant) => drop(used.insert(meant)),
                None if scanned => scans.push(format!("{}: {words}", path.display())),
                None => {}
            }
        }
    }
    assert!(looked_at > 80, "{looked_at} statements were found");
    assert!(scans.is_empty(), "{scans:#?}");
    let idle: Vec<_> = MEANT.iter().filter(|meant| !used.contains(meant)).collect();
    assert!(idle.is_empty(), "no statement says {idle:?}");
}

#[test]
fn a_bound_limit_compiles_nothing_anew() {
    let store = CompanyStore::in_memory().expect("a file");
    let connection = store.connection.lock().expect("unused");
    let mut statement = connection.prepare("SELECT id FROM event ORDER BY id LIMIT ?1").expect("SQL");
    for limit in [1, 2, 3] {
        assert!(!statement.exists([limit]).expect("an answer"));
    }
    assert_eq!(statement.get_status(rusqlite::StatementStatus::RePrepare), 0);
}
