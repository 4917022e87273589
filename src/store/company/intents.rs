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

/// The states before the last, word for word as the index of live intents has them: SQLite takes a partial index only for its
/// own words. Without it, every question about what is to be done would go through everything that was ever done.
const LIVE: &str = "state IN ('waiting', 'ready', 'sent', 'in_doubt', 'rejected')";

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

    /// Whether the partner of a record was made by us, and not found on the other side.
    pub(super) fn was_made(&self, source: &RecordKey) -> Result<bool, StoreError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT 1 FROM intent WHERE target = ?1 AND kind = ?2 AND source_id = ?3 AND operation = 'create'
             AND state = 'applied'",
        )?;
        Ok(statement.exists(params![source.side.other().word(), source.kind.word(), source.id.as_str()])?)
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

    /// Ready intents towards a side that may be sent now, in the order of the sync, oldest first. What goes out of use goes
    /// last, and not before everything that waits and names it: neither side lets a document point to it afterwards.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn ready_intents(&self, target: Side, now: DateTime<Utc>, limit: usize) -> Result<Vec<Intent>, StoreError> {
        let (mut found, mut last) = (Vec::new(), Vec::new());
        // Mostly nothing is ready, or one kind is: the others need not be looked at one by one.
        let kinds = self.ready_kinds(target)?;
        for entity in entities::ENTITIES.iter().filter(|entity| kinds.contains(&entity.kind())) {
            let left = limit - found.len();
            if left == 0 {
                break;
            }
            let ready = self.intents_where(
                &format!(
                    "{LIVE} AND target = ?1 AND state = 'ready' AND kind = ?2
                     AND (not_before IS NULL OR not_before <= ?3 OR not_before > ?3 + 7200000)
                     ORDER BY operation, created_at, id LIMIT ?4"
                ),
                params![target.word(), entity.kind().word(), ms(now), i64::try_from(left).unwrap_or(i64::MAX)],
            )?;
            let (out_of_use, others): (Vec<_>, Vec<_>) = ready.into_iter().partition(Intent::takes_out_of_use);
            found.extend(others);
            last.extend(out_of_use);
        }
        for intent in last {
            if found.len() < limit && !self.is_awaited(&intent)? {
                found.push(intent);
            }
        }
        Ok(found)
    }

    /// The kinds of which anything is ready towards a side, now or later.
    fn ready_kinds(&self, target: Side) -> Result<Vec<Kind>, StoreError> {
        let sql = format!("SELECT DISTINCT kind FROM intent WHERE {LIVE} AND target = ?1 AND state = 'ready'");
        let mut statement = self.sql.prepare_cached(&sql)?;
        let mut rows = statement.query([target.word()])?;
        let mut kinds = Vec::new();
        while let Some(row) = rows.next()? {
            let broken = StoreError::Broken { what: "intent" };
            kinds.push(row.get_ref(0)?.as_str().ok().and_then(|word| word.parse().ok()).ok_or(broken)?);
        }
        Ok(kinds)
    }

    /// Whether something that still waits names the record that an intent takes out of use.
    fn is_awaited(&self, intent: &Intent) -> Result<bool, StoreError> {
        let sql = format!(
            "SELECT 1 FROM intent WHERE {LIVE} AND target = ?1 AND state = 'waiting' AND instr(fields, ?2) > 0"
        );
        let mut statement = self.sql.prepare_cached(&sql)?;
        Ok(statement.exists(params![intent.target().word(), intent.source.id.as_str()])?)
    }

    /// Intents towards a side in one of the states before the last, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn intents_in(&self, target: Side, state: IntentState, limit: usize) -> Result<Vec<Intent>, StoreError> {
        self.intents_where(
            &format!("{LIVE} AND target = ?1 AND state = '{}' ORDER BY created_at, id LIMIT ?2", state.word()),
            params![target.word(), i64::try_from(limit).unwrap_or(i64::MAX)],
        )
    }

    /// What was put off towards a side may be sent at once.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn hurry(&self, target: Side) -> Result<(), StoreError> {
        let sql = format!("UPDATE intent SET not_before = NULL WHERE {LIVE} AND target = ?1 AND state = 'ready'");
        self.sql.prepare_cached(&sql)?.execute([target.word()])?;
        Ok(())
    }

    /// Whether there is any intent towards a side in one of these states that may be acted on now.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn has_work(&self, target: Side, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT 1 FROM intent WHERE {LIVE} AND target = ?1 AND (state IN ('sent', 'in_doubt')
             OR (state = 'ready' AND (not_before IS NULL OR not_before <= ?2 OR not_before > ?2 + 7200000))) LIMIT 1"
        ))?;
        Ok(statement.exists(params![target.word(), ms(now)])?)
    }

    /// Whether a record of a kind is being made on a side, or it is not known whether it was.
    pub(super) fn is_being_made(&self, target: Side, kind: Kind) -> Result<bool, StoreError> {
        let sql = format!(
            "SELECT 1 FROM intent WHERE {LIVE} AND target = ?1 AND state IN ('sent', 'in_doubt') AND operation = 'create'
             AND kind = ?2 LIMIT 1"
        );
        Ok(self.sql.prepare_cached(&sql)?.exists([target.word(), kind.word()])?)
    }

    /// Whether another record with this identity key, which is gone by now, is being made on the other side, or it is not known
    /// whether it was.
    pub(super) fn former_self_is_being_made(&self, key: &RecordKey, identity: &str) -> Result<bool, StoreError> {
        let sql = format!(
            "SELECT 1 FROM intent JOIN sighting_key k ON k.side = ?1 AND k.kind = ?2 AND k.key = ?3 AND k.id = source_id
             JOIN sighting s ON s.side = k.side AND s.kind = k.kind AND s.id = k.id
             WHERE {LIVE} AND target = ?4 AND state IN ('sent', 'in_doubt') AND operation = 'create' AND intent.kind = ?2
             AND s.gone = 1 AND source_id <> ?5 LIMIT 1"
        );
        let (side, target) = (key.side.word(), key.side.other().word());
        Ok(self.sql.prepare_cached(&sql)?.exists(params![side, key.kind.word(), identity, target, key.id.as_str()])?)
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
        let sql = format!("SELECT min(ifnull(not_before, 0)) FROM intent WHERE {LIVE} AND target = ?1 AND {condition}");
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

#[cfg(test)]
mod tests {
    use crate::store::{CompanyStore, StoreError};

    #[test]
    fn what_is_to_be_done_is_found_without_what_was_done() {
        let store = CompanyStore::in_memory().expect("store");
        let plan = store.read(|tx| -> Result<String, StoreError> {
            let sql = format!(
                "EXPLAIN QUERY PLAN SELECT id FROM intent WHERE {} AND target = ?1 AND state = 'ready'",
                super::LIVE
            );
            Ok(tx.sql.query_row(&sql, ["billcom"], |row| row.get(3))?)
        });
        let plan = plan.expect("plan");
        assert!(plan.contains("intent_live (target=? AND state=?)"), "{plan}");
    }
}
