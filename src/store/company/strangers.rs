//! Records that appeared on a side while one of their kind was being made there. Until it is known what became of that, each of
//! them may be what came of it, whatever somebody has called it since: they are held, and where nothing else decides it, they
//! become doubtful, like what may have been carried before a backup was restored (`restored.rs`), and a person is asked.

use super::sightings::address;
use super::{StoreError, Tx};
use crate::model::{Kind, RecordKey, Side, Sighting};
use rusqlite::params;

/// In the column `doubtful`: it may have been carried, and nothing says so.
pub(super) const DOUBTFUL: i64 = 1;
/// In the same column: it appeared while a record of its kind was being made on its side.
pub(super) const STRANGER: i64 = 2;

impl Tx<'_> {
    /// Records that appeared on a side while one of their kind was being made there, and are held for this reason, or were when
    /// they were looked at last.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn held(&self, side: Side, kind: Kind, because: &str) -> Result<Vec<Sighting>, StoreError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT side, kind, id FROM sighting WHERE due IN (1, 2) AND due <> 0 AND kind = ?1 AND side = ?2 AND deferred = ?3
             AND doubtful = ?4",
        )?;
        let mut rows = statement.query(params![kind.word(), side.word(), because, STRANGER])?;
        let mut held = Vec::new();
        while let Some(row) = rows.next()? {
            held.extend(self.sighting(&address(row, 0)?)?.map(|seen| seen.sighting));
        }
        Ok(held)
    }

    /// It is not known whether a record was carried: it may be one of these on the other side. A person is asked before one of
    /// them is made on the other side.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn doubt_whether(&self, source: &RecordKey, is_one_of: &[Sighting]) -> Result<(), StoreError> {
        let sql = "UPDATE sighting SET doubtful = ?4 WHERE side = ?1 AND kind = ?2 AND id = ?3";
        for key in is_one_of.iter().map(|sighting| &sighting.key).chain([source]) {
            self.sql.prepare_cached(sql)?.execute(params![
                key.side.word(),
                key.kind.word(),
                key.id.as_str(),
                DOUBTFUL
            ])?;
        }
        Ok(())
    }

    /// Whether a record appeared while one of its kind was being made on its side, of which it is still not known what became.
    pub(super) fn may_be_a_new_one(&self, key: &RecordKey) -> Result<bool, StoreError> {
        let mut statement = self
            .sql
            .prepare_cached("SELECT 1 FROM sighting WHERE side = ?1 AND kind = ?2 AND id = ?3 AND doubtful = ?4")?;
        let appeared = statement.exists(params![key.side.word(), key.kind.word(), key.id.as_str(), STRANGER])?;
        Ok(appeared && self.is_being_made(key.side, key.kind)?)
    }

    /// Whether QuickBooks gives back the marks of what we made of a kind.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn shows_marks(&self, kind: Kind) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM sighting WHERE side = 'quickbooks' AND kind = ?1 AND mark IS NOT NULL)";
        Ok(self.sql.prepare_cached(sql)?.query_row([kind.word()], |row| row.get(0))?)
    }
}
