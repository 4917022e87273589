//! The outbox.

use super::meta::{instant, ms};
use super::{StoreError, Tx};
use crate::entities;
use crate::model::{Intent, IntentId, IntentState, Kind, NativeId, Need, Operation, RecordKey, Side};
use crate::plan::NewIntent;
use crate::store::row;
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};

const COLUMNS: &str = "id, target, kind, operation, source_id, target_id, fields, cleared, source_fields, reason, state, \
                       note, attempts, not_before, batch_max, created_at, sent_at";

fn intent(row: &Row<'_>) -> Result<Intent, StoreError> {
    let bad = || StoreError::Broken { what: "intent" };
    let word = |index: usize| row.get_ref(index).map_err(StoreError::from)?.as_str().map_err(|_| bad());
    let time = |index: usize| row.get::<_, Option<i64>>(index)?.map(instant).transpose();
    let target = Side::from_word(word(1)?).ok_or_else(bad)?;
    let kind: Kind = word(2)?.parse().map_err(|()| bad())?;
    let source_id = NativeId::new(word(4)?).map_err(|_| bad())?;
    Ok(Intent {
        id: IntentId::parse(word(0)?).map_err(|_| bad())?,
        operation: Operation::from_word(word(3)?).ok_or_else(bad)?,
        source: RecordKey::new(target.other(), kind, source_id),
        target_id: row.get::<_, Option<String>>(5)?.map(|id| NativeId::new(id).map_err(|_| bad())).transpose()?,
        fields: row::fields_from_text(word(6)?)?,
        cleared: row::texts_from_text(word(7)?)?,
        source_fields: row::fields_from_text(word(8)?)?,
        needs: Vec::new(),
        reason: row.get(9)?,
        state: IntentState::from_word(word(10)?).ok_or_else(bad)?,
        note: row.get(11)?,
        attempts: row.get(12)?,
        not_before: time(13)?,
        batch_max: row.get(14)?,
        created_at: time(15)?.ok_or_else(bad)?,
        sent_at: time(16)?,
    })
}

impl Tx<'_> {
    pub(super) fn intents_where(
        &self,
        condition: &str,
        values: impl rusqlite::Params,
    ) -> Result<Vec<Intent>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM intent WHERE {condition}");
        let mut statement = self.sql.prepare_cached(&sql)?;
        let mut rows = statement.query(values)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(intent(row)?);
        }
        for intent in &mut found {
            intent.needs = self.needs(intent.id)?;
        }
        Ok(found)
    }

    fn needs(&self, intent: IntentId) -> Result<Vec<Need>, StoreError> {
        let bad = || StoreError::Broken { what: "need" };
        let mut statement = self.sql.prepare_cached("SELECT kind, id FROM intent_need WHERE intent = ?1")?;
        let mut rows = statement.query([intent.to_string()])?;
        let mut needs = Vec::new();
        while let Some(row) = rows.next()? {
            let kind = row.get_ref(0)?.as_str().map_err(|_| bad())?.parse().map_err(|()| bad())?;
            needs.push(Need { kind, id: NativeId::new(row.get::<_, String>(1)?).map_err(|_| bad())? });
        }
        Ok(needs)
    }

    /// An intent.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn intent(&self, id: IntentId) -> Result<Option<Intent>, StoreError> {
        Ok(self.intents_where("id = ?1", [id.to_string()])?.pop())
    }

    /// Refused intents that come from a record.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn rejected_from(&self, source: &RecordKey) -> Result<Vec<Intent>, StoreError> {
        self.rejected_intents(source)
    }

    /// Live intents that come from a record.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn live_from(&self, source: &RecordKey) -> Result<Vec<Intent>, StoreError> {
        self.live_intents(source)
    }

    /// Live intents that come from a record.
    pub(super) fn live_intents(&self, source: &RecordKey) -> Result<Vec<Intent>, StoreError> {
        self.intents_where(
            "target = ?1 AND kind = ?2 AND source_id = ?3 AND state IN ('waiting', 'ready', 'sent', 'in_doubt')",
            params![source.side.other().word(), source.kind.word(), source.id.as_str()],
        )
    }

    /// Refused intents that come from a record.
    pub(super) fn rejected_intents(&self, source: &RecordKey) -> Result<Vec<Intent>, StoreError> {
        self.intents_where(
            "target = ?1 AND kind = ?2 AND source_id = ?3 AND state = 'rejected'",
            params![source.side.other().word(), source.kind.word(), source.id.as_str()],
        )
    }

    /// Whether a live intent is going to create a partner of a record.
    pub(super) fn is_coming(&self, key: &RecordKey) -> Result<bool, StoreError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT 1 FROM intent WHERE target = ?1 AND kind = ?2 AND source_id = ?3 AND operation = 'create'
             AND state IN ('waiting', 'ready', 'sent', 'in_doubt')",
        )?;
        Ok(statement.exists(params![key.side.other().word(), key.kind.word(), key.id.as_str()])?)
    }

    /// Whether another record needs this one, although it would not be carried for its own sake.
    pub(super) fn is_wanted(&self, key: &RecordKey) -> Result<bool, StoreError> {
        let mut statement = self.sql.prepare_cached("SELECT 1 FROM want WHERE side = ?1 AND kind = ?2 AND id = ?3")?;
        Ok(statement.exists(params![key.side.word(), key.kind.word(), key.id.as_str()])?)
    }

    /// Another record needs this one.
    pub(super) fn want(&self, key: &RecordKey) -> Result<(), StoreError> {
        let added = self
            .sql
            .prepare_cached("INSERT OR IGNORE INTO want (side, kind, id) VALUES (?1, ?2, ?3)")?
            .execute(params![key.side.word(), key.kind.word(), key.id.as_str()])?;
        if added > 0 { self.replan(key) } else { Ok(()) }
    }

    /// A create came to nothing: what waits for it is looked at again.
    fn disappoint(&self, id: IntentId) -> Result<(), StoreError> {
        self.sql
            .prepare_cached(
                "UPDATE sighting SET due = 1 WHERE (side, kind, id) IN
                 (SELECT CASE w.target WHEN 'quickbooks' THEN 'billcom' ELSE 'quickbooks' END, w.kind, w.source_id
                  FROM intent i JOIN intent_need n ON n.kind = i.kind AND n.id = i.source_id
                  JOIN intent w ON w.id = n.intent AND w.target = i.target AND w.state = 'waiting'
                  WHERE i.id = ?1 AND i.operation = 'create')",
            )?
            .execute([id.to_string()])?;
        Ok(())
    }

    /// Ready intents towards a side that may be sent now, in the order of the sync, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn ready_intents(&self, target: Side, now: DateTime<Utc>, limit: usize) -> Result<Vec<Intent>, StoreError> {
        let mut found = Vec::new();
        for entity in entities::ENTITIES {
            let left = limit - found.len();
            if left == 0 {
                break;
            }
            found.extend(self.intents_where(
                "target = ?1 AND state = 'ready' AND kind = ?2 AND (not_before IS NULL OR not_before <= ?3 OR not_before > ?3 + 7200000)
                 ORDER BY operation, created_at, id LIMIT ?4",
                params![target.word(), entity.kind().word(), ms(now), i64::try_from(left).unwrap_or(i64::MAX)],
            )?);
        }
        Ok(found)
    }

    /// Intents towards a side in one state, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn intents_in(&self, target: Side, state: IntentState, limit: usize) -> Result<Vec<Intent>, StoreError> {
        self.intents_where(
            "target = ?1 AND state = ?2 ORDER BY created_at, id LIMIT ?3",
            params![target.word(), state.word(), i64::try_from(limit).unwrap_or(i64::MAX)],
        )
    }

    /// Whether there is any intent towards a side in one of these states that may be acted on now.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn has_work(&self, target: Side, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT 1 FROM intent WHERE target = ?1 AND (state IN ('sent', 'in_doubt')
             OR (state = 'ready' AND (not_before IS NULL OR not_before <= ?2 OR not_before > ?2 + 7200000))) LIMIT 1",
        )?;
        Ok(statement.exists(params![target.word(), ms(now)])?)
    }

    /// When the first intent in doubt towards a side may be looked up.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn doubts_due(&self, target: Side) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.first_time("state IN ('sent', 'in_doubt')", target)
    }

    /// When the first postponed intent towards a side may be sent.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn next_retry(&self, target: Side) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.first_time("state = 'ready' AND not_before IS NOT NULL", target)
    }

    fn first_time(&self, condition: &str, target: Side) -> Result<Option<DateTime<Utc>>, StoreError> {
        let sql = format!("SELECT min(ifnull(not_before, 0)) FROM intent WHERE target = ?1 AND {condition}");
        let mut statement = self.sql.prepare_cached(&sql)?;
        let first: Option<i64> = statement.query_row([target.word()], |row| row.get(0))?;
        first.map(instant).transpose()
    }

    /// Stores a new intent: ready, or waiting for what it needs.
    pub(super) fn insert_intent(&self, id: IntentId, new: &NewIntent, now: DateTime<Utc>) -> Result<(), StoreError> {
        let target = new.source.side.other();
        let kind = new.source.kind;
        let state = if new.needs.is_empty() { IntentState::Ready } else { IntentState::Waiting };
        let title = self.title_of(&new.source, &new.source_fields)?;
        self.sql
            .prepare_cached(
                "INSERT INTO intent (id, target, kind, operation, source_id, target_id, fields, cleared, source_fields,
                                     reason, title, state, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            )?
            .execute(params![
                id.to_string(),
                target.word(),
                kind.word(),
                new.operation.word(),
                new.source.id.as_str(),
                new.target_id.as_ref().map(NativeId::as_str),
                row::fields_to_text(&new.fields),
                row::texts_to_text(&new.cleared),
                row::fields_to_text(&new.source_fields),
                new.reason,
                title,
                state.word(),
                ms(now)
            ])?;
        let mut insert =
            self.sql.prepare_cached("INSERT OR IGNORE INTO intent_need (intent, kind, id) VALUES (?1, ?2, ?3)")?;
        for need in &new.needs {
            insert.execute(params![id.to_string(), need.kind.word(), need.id.as_str()])?;
        }
        Ok(())
    }

    /// Moves an intent on. A move that must never happen is refused, and with it the whole transaction.
    pub(super) fn move_intent(
        &self,
        id: IntentId,
        to: IntentState,
        note: Option<&str>,
        not_before: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut statement = self.sql.prepare_cached("SELECT state FROM intent WHERE id = ?1")?;
        let state: Option<String> = statement.query_row([id.to_string()], |row| row.get(0)).optional()?;
        let from = state.as_deref().and_then(IntentState::from_word).ok_or(StoreError::Broken { what: "intent" })?;
        if from == to && !to.is_live() {
            return Ok(());
        }
        if !from.may_become(to) {
            let what = format!("intent {id} cannot go from {} to {}", from.word(), to.word());
            return Err(StoreError::Invariant { what });
        }
        let settled = (!to.is_live()).then(|| ms(now));
        self.sql
            .prepare_cached("UPDATE intent SET state = ?2, note = ?3, not_before = ?4, settled_at = ?5 WHERE id = ?1")?
            .execute(params![id.to_string(), to.word(), note, not_before.map(ms), settled])?;
        if matches!(to, IntentState::Rejected | IntentState::Skipped) {
            self.disappoint(id)?;
        }
        if settled.is_some() || from.is_out() {
            self.wake_deferred()?;
        }
        Ok(())
    }

    /// Notes what an intent has made or changed.
    pub(super) fn apply_intent(&self, id: IntentId, target: &NativeId, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.move_intent(id, IntentState::Applied, None, None, now)?;
        self.sql
            .prepare_cached("UPDATE intent SET target_id = ?2 WHERE id = ?1")?
            .execute(params![id.to_string(), target.as_str()])?;
        Ok(())
    }

    /// Notes that intents are being handed over. From here on nobody may send them again without looking first.
    ///
    /// # Errors
    /// [`StoreError::Invariant`] when one of them may not be sent.
    pub fn mark_sent(&self, ids: &[IntentId], now: DateTime<Utc>) -> Result<(), StoreError> {
        for id in ids {
            self.move_intent(*id, IntentState::Sent, None, None, now)?;
            self.sql
                .prepare_cached("UPDATE intent SET attempts = attempts + 1, sent_at = ?2 WHERE id = ?1")?
                .execute(params![id.to_string(), ms(now)])?;
        }
        Ok(())
    }

    pub(super) fn set_batch_max(&self, id: IntentId, batch_max: u32) -> Result<(), StoreError> {
        self.sql
            .prepare_cached("UPDATE intent SET batch_max = ?2 WHERE id = ?1")?
            .execute(params![id.to_string(), batch_max])?;
        Ok(())
    }

    /// A record has its partner now. Intents that waited for nothing else are looked at again: perhaps what they wanted to
    /// make exists already, now that its partner is known.
    pub(super) fn fulfil_needs(&self, key: &RecordKey) -> Result<(), StoreError> {
        let waiting: Vec<String> = {
            let mut statement = self.sql.prepare_cached(
                "SELECT n.intent FROM intent_need n JOIN intent i ON i.id = n.intent
                 WHERE n.kind = ?1 AND n.id = ?2 AND i.target = ?3",
            )?;
            let rows = statement
                .query_map(params![key.kind.word(), key.id.as_str(), key.side.other().word()], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        for intent in waiting {
            self.sql
                .prepare_cached("DELETE FROM intent_need WHERE intent = ?1 AND kind = ?2 AND id = ?3")?
                .execute(params![intent, key.kind.word(), key.id.as_str()])?;
            self.sql
                .prepare_cached(
                    "UPDATE sighting SET due = 1 WHERE (side, kind, id) IN
                     (SELECT CASE target WHEN 'quickbooks' THEN 'billcom' ELSE 'quickbooks' END, kind, source_id
                      FROM intent WHERE id = ?1 AND state = 'waiting'
                      AND NOT EXISTS (SELECT 1 FROM intent_need WHERE intent = ?1))",
                )?
                .execute([intent])?;
        }
        Ok(())
    }

    /// The title stored with an intent, its state and what it waits for: for plans.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn intent_title(&self, id: IntentId) -> Result<String, StoreError> {
        let mut statement = self.sql.prepare_cached("SELECT title FROM intent WHERE id = ?1")?;
        Ok(statement.query_row([id.to_string()], |row| row.get(0)).optional()?.unwrap_or_default())
    }
}
