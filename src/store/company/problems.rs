//! What a person must decide.

use super::meta::{instant, ms};
use super::sightings::address;
use super::{StoreError, Tx};
use crate::model::{Action, IntentId, Problem, ProblemCode, ProblemId, ProblemState, RecordKey};
use crate::store::row;
use chrono::{DateTime, Utc};
use rusqlite::{Row, params};

/// A problem as it lies in the store.
pub type ProblemRow = Problem;

/// An open problem as a list groups it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemSum {
    /// Its number.
    pub id: ProblemId,
    /// What sort.
    pub code: ProblemCode,
    /// About which record.
    pub key: Option<RecordKey>,
    /// One line.
    pub summary: String,
    /// The steps, as one text: equal texts mean equal steps.
    pub what_to_do: String,
    /// The buttons.
    pub actions: Vec<Action>,
    /// What a person calls the record, where it was seen.
    pub title: Option<String>,
    /// Since when.
    pub opened_at: DateTime<Utc>,
}

const COLUMNS: &str = "id, code, side, kind, record_id, intent, summary, what_happened, what_to_do, actions, technical, \
                       opened_at, closed_at";

fn problem(row: &Row<'_>) -> Result<Problem, StoreError> {
    let bad = || StoreError::Broken { what: "problem" };
    let text = |index: usize| row.get::<_, String>(index).map_err(StoreError::from);
    let key = if row.get::<_, Option<String>>(2)?.is_some() { Some(address(row, 2)?) } else { None };
    let intent = row.get::<_, Option<String>>(5)?;
    Ok(Problem {
        id: ProblemId::new(row.get(0)?),
        code: ProblemCode::from_word(&text(1)?).ok_or_else(bad)?,
        key,
        intent: intent.map(|id| IntentId::parse(&id).map_err(|_| bad())).transpose()?,
        summary: text(6)?,
        what_happened: text(7)?,
        what_to_do: row::texts_from_text(&text(8)?)?,
        actions: row::actions_from_text(&text(9)?)?,
        technical: row.get(10)?,
        opened_at: instant(row.get(11)?)?,
        state: if row.get::<_, Option<i64>>(12)?.is_none() { ProblemState::Open } else { ProblemState::Closed },
    })
}

impl Tx<'_> {
    fn problems_where(&self, condition: &str, values: impl rusqlite::Params) -> Result<Vec<Problem>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM problem WHERE {condition}");
        let mut statement = self.sql.prepare_cached(&sql)?;
        let mut rows = statement.query(values)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(problem(row)?);
        }
        Ok(found)
    }

    /// Open problems, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn open_problems(&self, limit: usize) -> Result<Vec<Problem>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.problems_where("closed_at IS NULL ORDER BY id LIMIT ?1", [limit])
    }

    /// Open problems in short, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn problem_sums(&self, limit: usize) -> Result<Vec<ProblemSum>, StoreError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT p.id, p.code, p.side, p.kind, p.record_id, p.summary, p.what_to_do, p.actions, p.opened_at, s.title
             FROM problem p LEFT JOIN sighting s ON s.side = p.side AND s.kind = p.kind AND s.id = p.record_id
             WHERE p.closed_at IS NULL ORDER BY p.id LIMIT ?1",
        )?;
        let mut rows = statement.query([i64::try_from(limit).unwrap_or(i64::MAX)])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let bad = || StoreError::Broken { what: "problem" };
            let has_key = row.get::<_, Option<String>>(2)?.is_some();
            found.push(ProblemSum {
                id: ProblemId::new(row.get(0)?),
                code: ProblemCode::from_word(&row.get::<_, String>(1)?).ok_or_else(bad)?,
                key: if has_key { Some(address(row, 2)?) } else { None },
                summary: row.get(5)?,
                what_to_do: row.get(6)?,
                actions: row::actions_from_text(&row.get::<_, String>(7)?)?,
                opened_at: instant(row.get(8)?)?,
                title: row.get(9)?,
            });
        }
        Ok(found)
    }

    /// Open problems about a record.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn problems_about(&self, key: &RecordKey) -> Result<Vec<Problem>, StoreError> {
        self.problems_where(
            "side = ?1 AND kind = ?2 AND record_id = ?3 AND closed_at IS NULL",
            params![key.side.word(), key.kind.word(), key.id.as_str()],
        )
    }

    /// A problem, open or closed.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn problem(&self, id: ProblemId) -> Result<Option<Problem>, StoreError> {
        Ok(self.problems_where("id = ?1", [id.get()])?.pop())
    }

    /// The open problem of the company with this code.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn problem_of_company(&self, code: ProblemCode) -> Result<Option<Problem>, StoreError> {
        Ok(self.problems_where("code = ?1 AND side IS NULL AND closed_at IS NULL", [code.word()])?.pop())
    }

    /// Whether a problem of the company is open.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn has_problem(&self, code: ProblemCode) -> Result<bool, StoreError> {
        let mut statement =
            self.sql.prepare_cached("SELECT 1 FROM problem WHERE code = ?1 AND closed_at IS NULL LIMIT 1")?;
        Ok(statement.exists([code.word()])?)
    }

    /// Opens a problem that planning did not find, such as one of the company.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn report(&self, problem: &Problem, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.open_problem(problem, now)
    }

    /// Opens a problem, in the place of an open one of the same code and record.
    pub(super) fn open_problem(&self, problem: &Problem, now: DateTime<Utc>) -> Result<(), StoreError> {
        let key = problem.key.as_ref();
        let (side, kind, id) =
            (key.map(|key| key.side.word()), key.map(|key| key.kind.word()), key.map(|key| key.id.as_str()));
        let open: Option<i64> = {
            let mut statement = self.sql.prepare_cached(
                "SELECT id FROM problem WHERE code = ?1 AND side IS ?2 AND kind IS ?3 AND record_id IS ?4 AND closed_at IS NULL",
            )?;
            let mut rows = statement.query(params![problem.code.word(), side, kind, id])?;
            rows.next()?.map(|row| row.get(0)).transpose()?
        };
        let (steps, actions) = (row::texts_to_text(&problem.what_to_do), row::actions_to_text(&problem.actions));
        let intent = problem.intent.map(|intent| intent.to_string());
        match open {
            Some(open) => self
                .sql
                .prepare_cached(
                    "UPDATE problem SET intent = ?2, summary = ?3, what_happened = ?4, what_to_do = ?5, actions = ?6,
                     technical = ?7 WHERE id = ?1",
                )?
                .execute(params![open, intent, problem.summary, problem.what_happened, steps, actions, problem.technical])?,
            None => self
                .sql
                .prepare_cached(
                    "INSERT INTO problem (code, side, kind, record_id, intent, summary, what_happened, what_to_do, actions,
                                          technical, opened_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                )?
                .execute(params![
                    problem.code.word(),
                    side,
                    kind,
                    id,
                    intent,
                    problem.summary,
                    problem.what_happened,
                    steps,
                    actions,
                    problem.technical,
                    ms(now)
                ])?,
        };
        Ok(())
    }

    /// Closes a problem that does not stand any more, if it was open.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn close_problem(
        &self,
        code: ProblemCode,
        key: Option<&RecordKey>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.sql
            .prepare_cached(
                "UPDATE problem SET closed_at = ?5 WHERE code = ?1 AND side IS ?2 AND kind IS ?3 AND record_id IS ?4
                 AND closed_at IS NULL",
            )?
            .execute(params![
                code.word(),
                key.map(|key| key.side.word()),
                key.map(|key| key.kind.word()),
                key.map(|key| key.id.as_str()),
                ms(now)
            ])?;
        Ok(())
    }

    /// Closes one problem by its number.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn close_by_id(&self, id: ProblemId, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.sql
            .prepare_cached("UPDATE problem SET closed_at = ?2 WHERE id = ?1 AND closed_at IS NULL")?
            .execute(params![id.get(), ms(now)])?;
        Ok(())
    }
}
