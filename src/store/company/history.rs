//! History.

use super::meta::{instant, ms};
use super::sightings::address;
use super::{StoreError, Tx};
use crate::model::{Event, EventKind, IntentId, IntentState, Kind, RecordKey, Side};
use chrono::{DateTime, Utc};
use rusqlite::{Rows, params};
use std::collections::BTreeMap;

/// Which lines of history are wanted; what is absent does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Lines with smaller numbers.
    pub before: Option<i64>,
    /// Of this sort.
    pub sort: Option<EventKind>,
    /// About records of this side.
    pub side: Option<Side>,
    /// About records of this kind.
    pub kind: Option<Kind>,
    /// From this moment on.
    pub since: Option<DateTime<Utc>>,
    /// Before this moment.
    pub until: Option<DateTime<Utc>>,
    /// What people did, or what happened by itself.
    pub by_person: Option<bool>,
    /// With this text somewhere, in whatever case.
    pub text: Option<String>,
}

/// The pattern of `LIKE` for a text that stands anywhere.
pub(super) fn like(text: &str) -> String {
    let mut pattern = String::from("%");
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

fn collect(mut rows: Rows<'_>) -> Result<Vec<(i64, Event)>, StoreError> {
    let bad = || StoreError::Broken { what: "event" };
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let has_key = row.get::<_, Option<String>>(3)?.is_some();
        let intent = row.get::<_, Option<String>>(6)?;
        let event = Event {
            at: instant(row.get(1)?)?,
            kind: EventKind::from_word(&row.get::<_, String>(2)?).ok_or_else(bad)?,
            key: if has_key { Some(address(row, 3)?) } else { None },
            intent: intent.map(|id| IntentId::parse(&id).map_err(|_| bad())).transpose()?,
            text: row.get(7)?,
        };
        found.push((row.get(0)?, event));
    }
    Ok(found)
}

/// Changes that are not settled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unsettled {
    /// How many there are in each state.
    pub counts: BTreeMap<&'static str, u64>,
    /// When the oldest that is under way was wanted.
    pub oldest: Option<DateTime<Utc>>,
}

impl Tx<'_> {
    /// Adds a line of history.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn note(&self, event: &Event) -> Result<(), StoreError> {
        let key = event.key.as_ref();
        self.sql
            .prepare_cached(
                "INSERT INTO event (at, sort, side, kind, record_id, intent, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                ms(event.at),
                event.kind.word(),
                key.map(|key| key.side.word()),
                key.map(|key| key.kind.word()),
                key.map(|key| key.id.as_str()),
                event.intent.map(|id| id.to_string()),
                event.text
            ])?;
        Ok(())
    }

    /// Lines of history before a number, newest first, with their numbers.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn events(&self, before: Option<i64>, limit: usize) -> Result<Vec<(i64, Event)>, StoreError> {
        self.events_like(&EventFilter { before, ..EventFilter::default() }, limit)
    }

    /// Lines of history that fit a filter, newest first, with their numbers.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn events_like(&self, filter: &EventFilter, limit: usize) -> Result<Vec<(i64, Event)>, StoreError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT id, at, sort, side, kind, record_id, intent, text FROM event WHERE id < ?1
             AND (?2 IS NULL OR sort = ?2) AND (?3 IS NULL OR side = ?3) AND (?4 IS NULL OR kind = ?4)
             AND (?5 IS NULL OR at >= ?5) AND (?6 IS NULL OR at < ?6)
             AND (?7 IS NULL OR (sort = 'person') = ?7) AND (?8 IS NULL OR text LIKE ?8 ESCAPE '\\')
             ORDER BY id DESC LIMIT ?9",
        )?;
        let rows = statement.query(params![
            filter.before.unwrap_or(i64::MAX),
            filter.sort.map(EventKind::word),
            filter.side.map(Side::word),
            filter.kind.map(Kind::word),
            filter.since.map(ms),
            filter.until.map(ms),
            filter.by_person,
            filter.text.as_deref().map(like),
            i64::try_from(limit).unwrap_or(i64::MAX)
        ])?;
        collect(rows)
    }

    /// Lines of history about a record, newest first.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn events_about(&self, key: &RecordKey, limit: usize) -> Result<Vec<(i64, Event)>, StoreError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT id, at, sort, side, kind, record_id, intent, text FROM event
             WHERE record_id = ?1 AND kind = ?2 AND side = ?3 ORDER BY id DESC LIMIT ?4",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        collect(statement.query(params![key.id.as_str(), key.kind.word(), key.side.word(), limit])?)
    }

    /// Changes that are not settled, by state, and when the oldest that is under way was wanted.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn unsettled(&self) -> Result<Unsettled, StoreError> {
        // The states are spelled out: only so is the index of living intents used, however long the history is.
        let mut statement = self.sql.prepare_cached(
            "SELECT state, count(*), min(created_at) FROM intent
             WHERE state IN ('waiting', 'ready', 'sent', 'in_doubt', 'rejected') GROUP BY state",
        )?;
        let mut rows = statement.query([])?;
        let (mut counts, mut oldest) = (BTreeMap::new(), None::<i64>);
        for state in
            IntentState::ALL.into_iter().filter(|state| !matches!(state, IntentState::Applied | IntentState::Skipped))
        {
            counts.insert(state.word(), 0);
        }
        while let Some(row) = rows.next()? {
            let bad = || StoreError::Broken { what: "intent" };
            let state = IntentState::from_word(row.get_ref(0)?.as_str().map_err(|_| bad())?).ok_or_else(bad)?;
            counts.insert(state.word(), row.get::<_, i64>(1)?.unsigned_abs());
            if state.is_live() {
                let wanted: i64 = row.get(2)?;
                oldest = Some(oldest.map_or(wanted, |known| known.min(wanted)));
            }
        }
        Ok(Unsettled { counts, oldest: oldest.map(instant).transpose()? })
    }

    /// How many problems are open.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn problem_count(&self) -> Result<u64, StoreError> {
        let mut statement = self.sql.prepare_cached("SELECT count(*) FROM problem WHERE closed_at IS NULL")?;
        Ok(statement.query_row([], |row| row.get::<_, i64>(0))?.unsigned_abs())
    }

    /// Whether anything is waiting, ready, sent or in doubt, or still to be planned.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn is_busy(&self) -> Result<bool, StoreError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM intent WHERE state IN ('waiting', 'ready', 'sent', 'in_doubt'))
                 OR EXISTS (SELECT 1 FROM sighting WHERE due = 1 AND due <> 0)
                 OR EXISTS (SELECT 1 FROM inquiry WHERE state <> 'answered')",
        )?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }
}
