//! After a backup was restored: what the file believes may be out of date by everything that was done since.
//!
//! A record may have been made on the other side since the backup, without this file knowing it. So nothing is decided until
//! both sides have been read from beginning to end: what was under way is taken back, all marks are forgotten, and planning
//! rests. Then every record is placed anew, and one that has its counterpart already is recognised instead of made. One that
//! was carried since and renamed on one side only is recognised by nothing; so records that are without a partner when both sides
//! have been read are *doubtful*, and before one is made, a person is asked whether one on the other side is it. A document
//! whose original was removed since, before that was carried, looks as if it never had one: it is asked about too. A message
//! set of before the backup is never sent again by its bytes: QuickBooks was told long ago to forget its id, and would run it.

use super::meta::ms;
use super::{CompanyStore, Fact, Owner, StoreError, Tx};
use crate::entities::Entity;
use crate::limits::LOOK_ALIKES_MAX;
use crate::model::{Event, EventKind, NativeId, RecordKey, Side, Sighting};
use chrono::{DateTime, Utc};
use rusqlite::params;

/// What is written beside an intent that is taken back.
const WHY: &str = "taken back, because the data was restored from a backup; both sides are read first";

impl CompanyStore {
    /// Makes a file that was just restored distrust itself.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere; nothing is changed then.
    pub fn distrust(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.transact(|tx| {
            tx.doubt_unlinked()?;
            tx.take_back_everything(now)?;
            for side in Side::ALL {
                tx.forget_marks(side)?;
                tx.set_fact(Fact::read_at(side), None)?;
                tx.set_time(Fact::unread_since(side), now)?;
            }
            // Bill.com's lists are read whole when it is not known when they last were.
            tx.sql
                .prepare_cached("UPDATE cursor SET full_read_at = NULL WHERE side = ?1")?
                .execute([Side::BillCom.word()])?;
            tx.replan_all()?;
            let text = "The data was restored from a backup. Both sides are read completely before anything is written";
            tx.note(&Event::of_company(EventKind::Recovered, text.to_owned(), now))
        })
    }
}

/// Records on the other side that a doubtful one may be.
#[derive(Debug, Default)]
pub(super) struct Suspects {
    pub(super) found: Vec<Sighting>,
    /// There are more than are looked at.
    pub(super) cut_short: bool,
}

impl Tx<'_> {
    /// What has no partner may have been carried since, or have been on its way when the backup was made. What was gone by then
    /// cannot, unless it was on its way.
    fn doubt_unlinked(&self) -> Result<(), StoreError> {
        self.sql
            .prepare_cached(
                "UPDATE sighting SET doubtful = NOT EXISTS
                     (SELECT 1 FROM link l WHERE l.kind = sighting.kind
                      AND sighting.id = CASE sighting.side WHEN 'quickbooks' THEN l.quickbooks_id ELSE l.billcom_id END)
                 AND (gone = 0 OR EXISTS
                     (SELECT 1 FROM intent i WHERE i.target <> sighting.side AND i.kind = sighting.kind
                      AND i.source_id = sighting.id AND i.state IN ('sent', 'in_doubt')))",
            )?
            .execute(())?;
        Ok(())
    }

    /// Doubtful records without a partner that one without a partner may be: of a list any that is in use or was sent once, of documents those of
    /// the same owner that share a date, an amount or a number, removed or not. What has its own likeness on this side is left to
    /// that one.
    pub(super) fn suspects(&self, entity: &dyn Entity, seen: &Sighting, owner: &Owner) -> Result<Suspects, StoreError> {
        let key = &seen.key;
        let other = key.side.other();
        let mut suspects = Suspects::default();
        if !self.is_doubtful(key)? {
            return Ok(suspects);
        }
        let mut statement = self.sql.prepare_cached(
            "SELECT s.id FROM sighting s WHERE s.side = ?1 AND s.kind = ?2 AND s.doubtful = 1 AND (s.gone = 0 OR ?3)
             AND NOT EXISTS (SELECT 1 FROM link l WHERE l.kind = s.kind
                             AND s.id = CASE s.side WHEN 'quickbooks' THEN l.quickbooks_id ELSE l.billcom_id END)
             ORDER BY s.id",
        )?;
        let mut rows = statement.query(params![other.word(), key.kind.word(), entity.owner().is_some()])?;
        while let Some(row) = rows.next()? {
            let id =
                NativeId::new(row.get::<_, String>(0)?).map_err(|_| StoreError::Broken { what: "record address" })?;
            let Some(suspect) = self.sighting(&RecordKey::new(other, key.kind, id))?.map(|seen| seen.sighting) else {
                continue;
            };
            let in_use = suspect.fields.flag("active") != Some(false) || self.was_sent(&suspect.key)?;
            if suspect.merged_into.is_some() || !in_use || !is_akin(entity, seen, &suspect, owner) {
                continue;
            }
            let alike = self.look_alikes(key.side, key.kind, &entity.keys(&suspect.fields), &Owner::Any)?;
            if alike.free.iter().any(|own| own.key != *key) {
                continue;
            }
            if suspects.found.len() >= LOOK_ALIKES_MAX {
                suspects.cut_short = true;
                break;
            }
            suspects.found.push(suspect);
        }
        Ok(suspects)
    }

    /// Whether making a record on the other side was ever tried.
    fn was_sent(&self, source: &RecordKey) -> Result<bool, StoreError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT 1 FROM intent WHERE target = ?1 AND kind = ?2 AND source_id = ?3 AND operation = 'create' AND sent_at IS NOT NULL",
        )?;
        Ok(statement.exists(params![source.side.other().word(), source.kind.word(), source.id.as_str()])?)
    }

    fn is_doubtful(&self, key: &RecordKey) -> Result<bool, StoreError> {
        let mut statement = self
            .sql
            .prepare_cached("SELECT 1 FROM sighting WHERE side = ?1 AND kind = ?2 AND id = ?3 AND doubtful = 1")?;
        Ok(statement.exists(params![key.side.word(), key.kind.word(), key.id.as_str()])?)
    }

    fn take_back_everything(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.sql
            .prepare_cached(
                "UPDATE problem SET closed_at = ?1 WHERE closed_at IS NULL AND intent IN
                 (SELECT id FROM intent WHERE state IN ('waiting', 'ready', 'sent', 'in_doubt', 'rejected'))",
            )?
            .execute([ms(now)])?;
        self.sql
            .prepare_cached(
                "UPDATE intent SET state = 'skipped', note = ?1, settled_at = ?2
                 WHERE state IN ('waiting', 'ready', 'sent', 'in_doubt', 'rejected')",
            )?
            .execute(params![WHY, ms(now)])?;
        self.sql
            .prepare_cached(
                "UPDATE attempt SET state = 'cleared', xml = '', settled_at = ifnull(settled_at, ?1) WHERE state <> 'cleared'",
            )?
            .execute([ms(now)])?;
        self.sql.prepare_cached("DELETE FROM inquiry WHERE state <> 'answered'")?.execute([])?;
        self.sql
            .prepare_cached(
                "UPDATE conversation SET ended_at = ?1, outcome = 'the data was restored from a backup' WHERE ended_at IS NULL",
            )?
            .execute([ms(now)])?;
        Ok(())
    }

    /// Whether a side still has to be read from beginning to end before anything may be decided.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn awaits_readings(&self) -> Result<bool, StoreError> {
        for side in Side::ALL {
            if self.fact(Fact::unread_since(side))?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A side has been read from beginning to end. True when that is what everything waited for.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn was_read_whole(&self, side: Side, now: DateTime<Utc>) -> Result<bool, StoreError> {
        if self.fact(Fact::unread_since(side))?.is_none() {
            return Ok(false);
        }
        self.set_fact(Fact::unread_since(side), None)?;
        if self.awaits_readings()? {
            return Ok(false);
        }
        let text = "Both sides have been read since the backup was restored; the work goes on";
        self.note(&Event::of_company(EventKind::Recovered, text.to_owned(), now))?;
        Ok(true)
    }
}

/// Whether a record could be another one that was changed on one side since the backup.
fn is_akin(entity: &dyn Entity, seen: &Sighting, suspect: &Sighting, owner: &Owner) -> bool {
    match owner {
        Owner::Any => true,
        Owner::Unknown => false,
        Owner::OneOf(field, ids) => {
            let same = |name: &str| seen.fields.has(name) && seen.fields.get(name) == suspect.fields.get(name);
            suspect.fields.reference(field).is_some_and(|reference| ids.contains(&reference.id))
                && (same("date") || same("number") || entity.total().is_some_and(same))
        }
    }
}
