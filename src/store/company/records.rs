//! Records as people look for them: by a part of their title, which holds name or number, date, amount and owner.

use super::history::like;
use super::{StoreError, Tx};
use crate::entities::ENTITIES;
use crate::model::{Intent, IntentState, Kind, NativeId, RecordKey, Side};
use rusqlite::params;

/// Which records are wanted; what is absent does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordFilter {
    /// A part of the title, in whatever case.
    pub text: String,
    /// Of this kind.
    pub kind: Option<Kind>,
    /// Seen on this side.
    pub side: Option<Side>,
    /// With or without a partner.
    pub paired: Option<bool>,
    /// Leave so many out.
    pub skip: usize,
}

/// A record that was found. A pair is found once, as the record of Bill.com, unless only its other half fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which record.
    pub key: RecordKey,
    /// What a person calls it.
    pub title: String,
    /// It was deleted or voided.
    pub gone: bool,
    /// Its partner on the other side.
    pub partner: Option<NativeId>,
}

/// A statement for the records of a side; the other names belong to its partner.
macro_rules! look {
    ($own:literal, $other:literal) => {
        concat!(
            "SELECT s.id, s.title, l.",
            $other,
            "_id FROM sighting s LEFT JOIN link l ON l.kind = s.kind AND l.",
            $own,
            "_id = s.id WHERE s.kind = ?1 AND s.side = '",
            $own,
            "' AND s.gone = ?2 AND s.title LIKE ?3 ESCAPE '\\' ",
            "AND (?4 IS NULL OR (l.id IS NOT NULL) = ?4) ",
            "AND NOT (s.side = 'quickbooks' AND ?5 AND l.id IS NOT NULL AND EXISTS (SELECT 1 FROM sighting o WHERE ",
            "o.side = '",
            $other,
            "' AND o.kind = s.kind AND o.id = l.",
            $other,
            "_id AND o.title LIKE ?3 ESCAPE '\\')) ",
            "ORDER BY s.title, s.id LIMIT ?6"
        )
    };
}

impl Tx<'_> {
    /// Records that fit, in the order of the sync, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn find_records(&self, filter: &RecordFilter, limit: usize) -> Result<Vec<Found>, StoreError> {
        let mut found = Vec::new();
        let mut skip = filter.skip;
        let kinds = ENTITIES.iter().map(|entity| entity.kind()).filter(|kind| filter.kind.is_none_or(|it| it == *kind));
        for kind in kinds {
            for side in [Side::BillCom, Side::QuickBooks] {
                if filter.side.is_some_and(|wanted| wanted != side) {
                    continue;
                }
                for gone in [false, true] {
                    let room = limit.saturating_sub(found.len());
                    if room == 0 {
                        return Ok(found);
                    }
                    let mut more = self.find_on(filter, kind, side, gone, skip + room)?;
                    let skipped = skip.min(more.len());
                    skip -= skipped;
                    found.extend(more.drain(skipped..));
                }
            }
        }
        Ok(found)
    }

    fn find_on(
        &self,
        filter: &RecordFilter,
        kind: Kind,
        side: Side,
        gone: bool,
        limit: usize,
    ) -> Result<Vec<Found>, StoreError> {
        let bad = |_| StoreError::Broken { what: "record address" };
        let mut statement = self.sql.prepare_cached(match side {
            Side::QuickBooks => look!("quickbooks", "billcom"),
            Side::BillCom => look!("billcom", "quickbooks"),
        })?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut rows = statement.query(params![
            kind.word(),
            gone,
            like(&filter.text),
            filter.paired,
            filter.side.is_none(),
            limit
        ])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let partner = row.get::<_, Option<String>>(2)?;
            found.push(Found {
                key: RecordKey::new(side, kind, NativeId::new(row.get::<_, String>(0)?).map_err(bad)?),
                title: row.get(1)?,
                gone,
                partner: partner.map(|id| NativeId::new(id).map_err(bad)).transpose()?,
            });
        }
        Ok(found)
    }

    /// Why a record is not carried yet, in words.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn deferral(&self, key: &RecordKey) -> Result<Option<String>, StoreError> {
        let mut statement = self
            .sql
            .prepare_cached("SELECT deferred FROM sighting WHERE side = ?1 AND kind = ?2 AND id = ?3 AND due > 1")?;
        let mut rows = statement.query(params![key.side.word(), key.kind.word(), key.id.as_str()])?;
        Ok(rows.next()?.map(|row| row.get(0)).transpose()?.flatten())
    }

    /// Everything that was ever to be written because of a record, newest first.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn intents_of(&self, source: &RecordKey, limit: usize) -> Result<Vec<Intent>, StoreError> {
        self.intents_where(
            "target = ?1 AND kind = ?2 AND source_id = ?3 ORDER BY created_at DESC, id DESC LIMIT ?4",
            params![
                source.side.other().word(),
                source.kind.word(),
                source.id.as_str(),
                i64::try_from(limit).unwrap_or(i64::MAX)
            ],
        )
    }

    /// Live intents of one sort, oldest first: those of a page of the plan.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn intents_of_kind(
        &self,
        target: Side,
        state: IntentState,
        kind: Kind,
        limit: usize,
    ) -> Result<Vec<Intent>, StoreError> {
        self.intents_where(
            "target = ?1 AND state = ?2 AND state IN ('waiting', 'ready', 'sent', 'in_doubt', 'rejected') AND kind = ?3
             ORDER BY id LIMIT ?4",
            params![target.word(), state.word(), kind.word(), i64::try_from(limit).unwrap_or(i64::MAX)],
        )
    }
}
