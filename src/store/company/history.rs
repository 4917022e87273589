//! History and counts.

use super::meta::{instant, ms};
use super::sightings::address;
use super::{StoreError, Tx};
use crate::model::{Event, EventKind, IntentId, IntentState, Kind, Side};
use chrono::{DateTime, Utc};
use rusqlite::params;
use std::collections::BTreeMap;

/// How many of everything there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Intents by state.
    pub intents: BTreeMap<&'static str, u64>,
    /// Live intents by kind and target.
    pub live: BTreeMap<(Kind, Side), u64>,
    /// Applied intents by kind.
    pub applied: BTreeMap<Kind, u64>,
    /// Pairs by kind.
    pub links: BTreeMap<Kind, u64>,
    /// Living records by kind and side.
    pub records: BTreeMap<(Kind, Side), u64>,
    /// Subjects due for planning (not deferred ones).
    pub due: u64,
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
        let bad = || StoreError::Broken { what: "event" };
        let mut statement = self.sql.prepare_cached(
            "SELECT id, at, sort, side, kind, record_id, intent, text FROM event WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
        )?;
        let mut rows =
            statement.query(params![before.unwrap_or(i64::MAX), i64::try_from(limit).unwrap_or(i64::MAX)])?;
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

    /// How many of everything there are.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn counts(&self) -> Result<Counts, StoreError> {
        let mut counts = Counts::default();
        for state in IntentState::ALL {
            counts.intents.insert(state.word(), 0);
        }
        let number = |count: i64| count.unsigned_abs();
        let mut statement =
            self.sql.prepare_cached("SELECT state, kind, target, count(*) FROM intent GROUP BY state, kind, target")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let bad = || StoreError::Broken { what: "intent" };
            let state = IntentState::from_word(row.get_ref(0)?.as_str().map_err(|_| bad())?).ok_or_else(bad)?;
            let kind: Kind = row.get_ref(1)?.as_str().map_err(|_| bad())?.parse().map_err(|()| bad())?;
            let target = Side::from_word(row.get_ref(2)?.as_str().map_err(|_| bad())?).ok_or_else(bad)?;
            let count = number(row.get(3)?);
            *counts.intents.entry(state.word()).or_default() += count;
            if state.is_live() {
                *counts.live.entry((kind, target)).or_default() += count;
            }
            if state == IntentState::Applied {
                *counts.applied.entry(kind).or_default() += count;
            }
        }
        let mut statement = self.sql.prepare_cached("SELECT kind, count(*) FROM link GROUP BY kind")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if let Ok(kind) = row.get::<_, String>(0)?.parse::<Kind>() {
                counts.links.insert(kind, number(row.get(1)?));
            }
        }
        let mut statement =
            self.sql.prepare_cached("SELECT kind, side, count(*) FROM sighting WHERE gone = 0 GROUP BY kind, side")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (kind, side): (String, String) = (row.get(0)?, row.get(1)?);
            if let (Ok(kind), Some(side)) = (kind.parse::<Kind>(), Side::from_word(&side)) {
                counts.records.insert((kind, side), number(row.get(2)?));
            }
        }
        let mut statement = self.sql.prepare_cached("SELECT count(*) FROM sighting WHERE due = 1 AND due <> 0")?;
        counts.due = number(statement.query_row([], |row| row.get(0))?);
        Ok(counts)
    }

    /// Changes that are not settled, by state, and when the oldest that is under way was wanted.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn unsettled(&self) -> Result<(BTreeMap<&'static str, u64>, Option<DateTime<Utc>>), StoreError> {
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
        Ok((counts, oldest.map(instant).transpose()?))
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

    /// Settled intents per day since a time: day (UTC), target, whether applied, how many.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn settled_per_day(&self, since: DateTime<Utc>) -> Result<Vec<(String, Side, IntentState, u64)>, StoreError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT date(settled_at / 1000, 'unixepoch'), target, state, count(*) FROM intent
             WHERE settled_at >= ?1 AND state IN ('applied', 'rejected') GROUP BY 1, 2, 3",
        )?;
        let mut rows = statement.query([ms(since)])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let bad = || StoreError::Broken { what: "intent" };
            let side = Side::from_word(&row.get::<_, String>(1)?).ok_or_else(bad)?;
            let state = IntentState::from_word(&row.get::<_, String>(2)?).ok_or_else(bad)?;
            found.push((row.get(0)?, side, state, row.get::<_, i64>(3)?.unsigned_abs()));
        }
        Ok(found)
    }
}
