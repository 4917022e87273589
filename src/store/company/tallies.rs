//! How many of everything there are, read from what triggers count (`0003_pages.sql`): a page that is looked at every second
//! costs the same with a hundred records as with a hundred thousand.

use super::{StoreError, Tx};
use crate::model::{IntentState, Kind, Operation, ProblemCode, Side};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeMap;

/// Milliseconds of a day.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Live intents of one sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiveTally {
    /// The side they are written to.
    pub target: Side,
    /// What they are about.
    pub kind: Kind,
    /// What is to be done.
    pub operation: Operation,
    /// Where they stand.
    pub state: IntentState,
    /// How many.
    pub count: u64,
}

/// How many of everything there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Intents by state.
    pub intents: BTreeMap<&'static str, u64>,
    /// Live intents by kind and target.
    pub live: BTreeMap<(Kind, Side), u64>,
    /// The same in full, in the order of sides, kinds and operations.
    pub moving: Vec<LiveTally>,
    /// Applied intents by kind.
    pub applied: BTreeMap<Kind, u64>,
    /// Pairs by kind.
    pub links: BTreeMap<Kind, u64>,
    /// Living records by kind and side.
    pub records: BTreeMap<(Kind, Side), u64>,
    /// Open problems by kind (none for those of the company) and code.
    pub problems: BTreeMap<(Option<Kind>, ProblemCode), u64>,
}

/// What was settled on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayTally {
    /// The day, in UTC.
    pub day: NaiveDate,
    /// The side that was written to.
    pub side: Side,
    /// Applied or rejected.
    pub state: IntentState,
    /// How many.
    pub count: u64,
}

impl Tx<'_> {
    /// How many of everything there are.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn counts(&self) -> Result<Counts, StoreError> {
        let mut counts = Counts::default();
        for state in IntentState::ALL {
            counts.intents.insert(state.word(), 0);
        }
        let mut statement = self.sql.prepare_cached(
            "SELECT what, kind, side, state, operation, count FROM tally WHERE count > 0 ORDER BY side, kind, operation, state",
        )?;
        let mut rows = statement.query([])?;
        let broken = || StoreError::Broken { what: "tally" };
        while let Some(row) = rows.next()? {
            let text = |at: usize| row.get_ref(at).map_err(StoreError::from)?.as_str().map_err(|_| broken());
            let count = row.get::<_, i64>(5)?.unsigned_abs();
            let kind = text(1)?.parse::<Kind>();
            let side = Side::from_word(text(2)?);
            match text(0)? {
                "record" => {
                    counts.records.insert((kind.map_err(|()| broken())?, side.ok_or_else(broken)?), count);
                }
                "pair" => {
                    counts.links.insert(kind.map_err(|()| broken())?, count);
                }
                "problem" => {
                    let code = ProblemCode::from_word(text(3)?).ok_or_else(broken)?;
                    counts.problems.insert((kind.ok(), code), count);
                }
                _ => counts.add_intents(LiveTally {
                    target: side.ok_or_else(broken)?,
                    kind: kind.map_err(|()| broken())?,
                    operation: Operation::from_word(text(4)?).ok_or_else(broken)?,
                    state: IntentState::from_word(text(3)?).ok_or_else(broken)?,
                    count,
                }),
            }
        }
        Ok(counts)
    }

    /// What was settled on each day since the day of a time.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn settled_per_day(&self, since: DateTime<Utc>) -> Result<Vec<DayTally>, StoreError> {
        let broken = || StoreError::Broken { what: "tally" };
        let mut statement =
            self.sql.prepare_cached("SELECT day, side, state, count FROM day_tally WHERE day >= ?1 ORDER BY day")?;
        let mut rows = statement.query([since.timestamp_millis().div_euclid(DAY_MS)])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let start = row.get::<_, i64>(0)?.checked_mul(DAY_MS).and_then(DateTime::from_timestamp_millis);
            let text = |at: usize| row.get_ref(at).map_err(StoreError::from)?.as_str().map_err(|_| broken());
            found.push(DayTally {
                day: start.ok_or_else(broken)?.date_naive(),
                side: Side::from_word(text(1)?).ok_or_else(broken)?,
                state: IntentState::from_word(text(2)?).ok_or_else(broken)?,
                count: row.get::<_, i64>(3)?.unsigned_abs(),
            });
        }
        Ok(found)
    }
}

impl Counts {
    fn add_intents(&mut self, tally: LiveTally) {
        *self.intents.entry(tally.state.word()).or_default() += tally.count;
        if tally.state.is_live() {
            *self.live.entry((tally.kind, tally.target)).or_default() += tally.count;
            self.moving.push(tally);
        }
        if tally.state == IntentState::Applied {
            *self.applied.entry(tally.kind).or_default() += tally.count;
        }
    }

    /// Live intents towards a side.
    #[must_use]
    pub fn towards(&self, side: Side) -> u64 {
        self.live.iter().filter(|((_, target), _)| *target == side).map(|(_, count)| count).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::CompanyStore;

    /// What the tables hold, counted the long way.
    const RECOUNT: &str = "
        SELECT 'record', kind, side, '', '', count(*) FROM sighting WHERE gone = 0 GROUP BY kind, side
        UNION ALL SELECT 'pair', kind, '', '', '', count(*) FROM link GROUP BY kind
        UNION ALL SELECT 'intent', kind, target, state, operation, count(*) FROM intent GROUP BY 2, 3, 4, 5
        UNION ALL SELECT 'problem', ifnull(kind, ''), '', code, '', count(*) FROM problem WHERE closed_at IS NULL GROUP BY 2, 4";

    /// What the triggers say.
    const TALLIED: &str = "
        SELECT what, kind, side, state, operation, count FROM tally WHERE count > 0 OR count < 0";

    fn rows(tx: &Tx<'_>, sql: &str) -> Vec<[String; 6]> {
        let mut statement = tx.sql.prepare(&format!("SELECT * FROM ({sql}) ORDER BY 1, 2, 3, 4, 5")).expect("sql");
        let mut rows = statement.query([]).expect("rows");
        let mut found = Vec::new();
        while let Some(row) = rows.next().expect("a row") {
            let count: i64 = row.get(5).expect("a number");
            let text = |at| row.get::<_, String>(at).expect("a text");
            found.push([text(0), text(1), text(2), text(3), text(4), count.to_string()]);
        }
        found
    }

    /// Statements as writers use them, in an order that takes every trigger through its cases.
    const LIFE: &str = "
        INSERT INTO sighting (side, kind, id, version, fields, hash, title, seen_at)
            VALUES ('billcom', 'vendor', '1', '', '{}', x'', 'A', 0), ('billcom', 'vendor', '2', '', '{}', x'', 'B', 0);
        INSERT INTO sighting (side, kind, id, version, fields, hash, title, seen_at, gone)
            VALUES ('quickbooks', 'vendor', '3', '', '{}', x'', 'C', 0, 1);
        UPDATE sighting SET gone = 1 WHERE id = '1';
        UPDATE sighting SET gone = 0 WHERE id = '3';
        UPDATE sighting SET gone = 0 WHERE id = '3';
        INSERT INTO sighting (side, kind, id, version, fields, hash, title, seen_at, gone)
            VALUES ('billcom', 'vendor', '2', '', '{}', x'', 'B', 0, 1)
            ON CONFLICT (side, kind, id) DO UPDATE SET gone = excluded.gone;
        DELETE FROM sighting WHERE id = '3';
        INSERT INTO link (kind, quickbooks_id, billcom_id, quickbooks_base, billcom_base, linked_at)
            VALUES ('vendor', '3', '1', '{}', '{}', 0), ('vendor', '4', '2', '{}', '{}', 0);
        DELETE FROM link WHERE quickbooks_id = '4';
        INSERT INTO intent (id, target, kind, operation, source_id, fields, cleared, source_fields, reason, title, state, created_at)
            VALUES ('a', 'quickbooks', 'bill', 'create', '1', '{}', '[]', '{}', '', '', 'waiting', 0),
                   ('b', 'billcom', 'vendor', 'update', '2', '{}', '[]', '{}', '', '', 'ready', 0);
        UPDATE intent SET state = 'ready' WHERE id = 'a';
        UPDATE intent SET state = 'ready', note = 'x' WHERE id = 'a';
        UPDATE intent SET state = 'applied', settled_at = 86400000 WHERE id = 'a';
        UPDATE intent SET state = 'rejected', settled_at = 86400001 WHERE id = 'b';
        INSERT INTO problem (code, summary, what_happened, what_to_do, actions, opened_at)
            VALUES ('restored', '', '', '[]', '[]', 0);
        INSERT INTO problem (code, side, kind, record_id, summary, what_happened, what_to_do, actions, opened_at)
            VALUES ('ambiguous', 'billcom', 'vendor', '1', '', '', '[]', '[]', 0);
        UPDATE problem SET closed_at = 1 WHERE code = 'restored';
        UPDATE problem SET closed_at = 2 WHERE code = 'restored';
        DELETE FROM intent WHERE id = 'b';
        DELETE FROM problem WHERE code = 'ambiguous'";

    #[test]
    fn triggers_count_what_a_recount_counts() {
        let store = CompanyStore::in_memory().expect("a store");
        store
            .transact(|tx| -> Result<(), StoreError> {
                for sql in LIFE.split(';') {
                    tx.sql.execute_batch(sql)?;
                    let tallied = rows(tx, TALLIED);
                    assert_eq!(tallied, rows(tx, RECOUNT), "after {sql}");
                }
                let days = tx.settled_per_day(DateTime::UNIX_EPOCH)?;
                let told: Vec<_> = days.iter().map(|day| (day.day.to_string(), day.side, day.count)).collect();
                let day = || "1970-01-02".to_owned();
                assert_eq!(told, [(day(), Side::BillCom, 1), (day(), Side::QuickBooks, 1)]);
                Ok(())
            })
            .expect("counted");
    }
}
