//! After a backup was restored: what the file believes may be out of date by everything that was done since.
//!
//! A record may have been made on the other side since the backup, without this file knowing it. So nothing is decided until
//! both sides have been read from beginning to end: what was under way is taken back, all marks are forgotten, and planning
//! rests. Then every record is placed anew, and one that has its counterpart already is recognised instead of made. A message
//! set of before the backup is never sent again by its bytes: QuickBooks was told long ago to forget its id, and would run it.

use super::meta::ms;
use super::{CompanyStore, Fact, StoreError, Tx};
use crate::model::{Event, EventKind, Side};
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

impl Tx<'_> {
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
