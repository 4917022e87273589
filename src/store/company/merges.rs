//! Which records are one and the same, because they were paired or merged.

use super::sightings::address;
use super::{Owner, StoreError, Tx};
use crate::entities::{self, Entity, Lineage, is_application};
use crate::limits::{LINEAGE_MAX, MERGES_FOLLOWED_MAX, NAMING_READ_AGAIN_MAX};
use crate::model::{Fields, NativeId, RecordKey, Side};
use crate::store::row;
use rusqlite::{OptionalExtension, params};

impl Tx<'_> {
    /// The record at the end of a chain of merges that begins here; none when there is no merge, or the chain has no end.
    pub(super) fn survivor(&self, key: &RecordKey) -> Result<Option<NativeId>, StoreError> {
        let mut at = key.clone();
        for step in 0..MERGES_FOLLOWED_MAX {
            match self.merged_into(&at)? {
                None => return Ok((step > 0).then_some(at.id)),
                Some(next) => at = next,
            }
        }
        Ok(None)
    }

    /// All records that one stands for, on both sides: by pairs, and by merges in Bill.com that QuickBooks may not have made. A
    /// document that was entered on both sides is found by any of them, whoever of them it names.
    pub(super) fn lineage(&self, key: &RecordKey) -> Result<Lineage, StoreError> {
        let mut lineage = Lineage { records: vec![key.clone()], departed: Vec::new() };
        let mut at = 0;
        while let Some(record) = lineage.records.get(at).cloned() {
            at += 1;
            let survivor = self.merged_into(&record)?;
            if survivor.is_some() {
                lineage.departed.push(record.clone());
            }
            let partner = self.partner(&record)?.map(|id| RecordKey::new(record.side.other(), record.kind, id));
            let namesakes = self.namesakes(&record)?;
            for next in survivor.into_iter().chain(partner).chain(self.merged_from(&record)?).chain(namesakes) {
                if lineage.records.len() < LINEAGE_MAX && !lineage.records.contains(&next) {
                    lineage.records.push(next);
                }
            }
        }
        Ok(lineage)
    }

    /// Records of the other side that bear the name of one, where one of the two has no partner: whatever becomes of the question
    /// which is which, a document that names one of them may be one that names the other.
    fn namesakes(&self, key: &RecordKey) -> Result<Vec<RecordKey>, StoreError> {
        let entity = entities::entity(key.kind).filter(|entity| entity.owner().is_none() && entity.parent().is_none());
        let (Some(entity), Some(seen)) = (entity, self.sighting(key)?) else { return Ok(Vec::new()) };
        let keys = entity.keys(&seen.sighting.fields);
        let alike = self.look_alikes(key.side.other(), key.kind, &keys, &Owner::Any)?;
        let taken = if self.partner(key)?.is_none() { alike.taken } else { Vec::new() };
        Ok(alike.free.into_iter().chain(taken).map(|sighting| sighting.key).collect())
    }

    /// The lineages of what identifies a record, where they may matter: all of them when nothing is `agreed` yet, else those
    /// of what is another one than was agreed.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn lineages(
        &self,
        entity: &dyn Entity,
        side: Side,
        fields: &Fields,
        agreed: Option<&Fields>,
    ) -> Result<Vec<Lineage>, StoreError> {
        let mut found = Vec::new();
        for spec in entity.fields().iter().filter(|spec| spec.identity) {
            let Some(reference) = fields.reference(spec.name) else { continue };
            if agreed.is_some_and(|agreed| agreed.reference(spec.name) == Some(reference)) {
                continue;
            }
            found.push(self.lineage(&RecordKey::new(side, reference.kind, reference.id.clone()))?);
        }
        Ok(found)
    }

    /// QuickBooks lets nobody delete a record of a list that others name (3160): one that is gone and named was merged, and what
    /// named it names the survivor now. No modification time tells of that (`qbxml.md` 4, 8), so all of these are read again. What
    /// named a transaction that is gone is less than it was, and is read again as well.
    pub(super) fn read_again_what_names(&self, key: &RecordKey) -> Result<(), StoreError> {
        if key.side != Side::QuickBooks {
            return Ok(());
        }
        let named = row::reference_to_text(key.kind, &key.id);
        let rows_max = i64::try_from(NAMING_READ_AGAIN_MAX + 1).unwrap_or(i64::MAX);
        let mut statement = self.sql.prepare_cached(
            "SELECT side, kind, id FROM sighting WHERE side = ?1 AND gone = 0 AND instr(fields, ?2) > 0 LIMIT ?3",
        )?;
        let mut rows = statement.query(params![key.side.word(), named, rows_max])?;
        let mut naming = Vec::new();
        while let Some(row) = rows.next()? {
            naming.push(address(row, 0)?);
        }
        if naming.len() > NAMING_READ_AGAIN_MAX {
            return self.forget_marks(key.side);
        }
        // An application is no record of QuickBooks.
        naming.iter().filter(|key| !is_application(&key.id)).try_for_each(|key| self.read_again(key))
    }

    /// What names a record is due again: its partner belongs to another one now.
    pub(super) fn replan_what_names(&self, key: &RecordKey) -> Result<(), StoreError> {
        let named = row::reference_to_text(key.kind, &key.id);
        self.sql
            .prepare_cached(
                "UPDATE sighting SET due = 1, deferred = NULL
                 WHERE side = ?1 AND gone = 0 AND due <> 3 AND instr(fields, ?2) > 0",
            )?
            .execute(params![key.side.word(), named])?;
        Ok(())
    }

    fn merged_into(&self, key: &RecordKey) -> Result<Option<RecordKey>, StoreError> {
        let mut statement =
            self.sql.prepare_cached("SELECT merged_into FROM sighting WHERE side = ?1 AND kind = ?2 AND id = ?3")?;
        let found = statement
            .query_row(params![key.side.word(), key.kind.word(), key.id.as_str()], |row| {
                row.get::<_, Option<String>>(0)
            })
            .optional()?;
        let id = found.flatten().map(NativeId::new).transpose();
        let id = id.map_err(|_| StoreError::Broken { what: "record address" })?;
        Ok(id.map(|id| RecordKey::new(key.side, key.kind, id)))
    }

    pub(super) fn merged_from(&self, key: &RecordKey) -> Result<Vec<RecordKey>, StoreError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT side, kind, id FROM sighting WHERE kind = ?1 AND side = ?2 AND merged_into = ?3 LIMIT ?4",
        )?;
        let rows_max = i64::try_from(LINEAGE_MAX).unwrap_or(i64::MAX);
        let mut rows = statement.query(params![key.kind.word(), key.side.word(), key.id.as_str(), rows_max])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(address(row, 0)?);
        }
        Ok(found)
    }
}
