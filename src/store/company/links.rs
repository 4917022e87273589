//! Pairs.

use super::meta::ms;
use super::{SightingRow, StoreError, Tx};
use crate::entities::Partners;
use crate::model::{Fields, Kind, Link, LinkId, NativeId, RecordKey, Reference, Side};
use crate::store::row;
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};

const fn id_column(side: Side) -> &'static str {
    match side {
        Side::QuickBooks => "quickbooks_id",
        Side::BillCom => "billcom_id",
    }
}

fn link(row: &Row<'_>) -> Result<Link, StoreError> {
    let bad = || StoreError::Broken { what: "pair" };
    let id = |index| NativeId::new(row.get::<_, String>(index)?).map_err(|_| bad());
    Ok(Link {
        id: LinkId::new(row.get(0)?),
        kind: row.get_ref(1)?.as_str().map_err(|_| bad())?.parse().map_err(|()| bad())?,
        quickbooks_id: id(2)?,
        billcom_id: id(3)?,
        quickbooks_base: row::fields_from_text(row.get_ref(4)?.as_str().map_err(|_| bad())?)?,
        billcom_base: row::fields_from_text(row.get_ref(5)?.as_str().map_err(|_| bad())?)?,
    })
}

/// A new pair.
pub(super) struct NewPair<'a> {
    pub(super) kind: Kind,
    pub(super) quickbooks_id: &'a NativeId,
    pub(super) billcom_id: &'a NativeId,
    pub(super) quickbooks_base: &'a Fields,
    pub(super) billcom_base: &'a Fields,
    pub(super) unseen_version: Option<&'a str>,
}

impl Tx<'_> {
    /// The pair a record belongs to.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn link(&self, key: &RecordKey) -> Result<Option<Link>, StoreError> {
        let sql = format!(
            "SELECT id, kind, quickbooks_id, billcom_id, quickbooks_base, billcom_base FROM link WHERE kind = ?1 AND {} = ?2",
            id_column(key.side)
        );
        let mut statement = self.sql.prepare_cached(&sql)?;
        let mut rows = statement.query(params![key.kind.word(), key.id.as_str()])?;
        rows.next()?.map(link).transpose()
    }

    /// The partner of a record on the other side.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn partner(&self, key: &RecordKey) -> Result<Option<NativeId>, StoreError> {
        let sql = format!(
            "SELECT {} FROM link WHERE kind = ?1 AND {} = ?2",
            id_column(key.side.other()),
            id_column(key.side)
        );
        let mut statement = self.sql.prepare_cached(&sql)?;
        let id: Option<String> =
            statement.query_row(params![key.kind.word(), key.id.as_str()], |row| row.get(0)).optional()?;
        id.map(|id| NativeId::new(id).map_err(|_| StoreError::Broken { what: "pair" })).transpose()
    }

    /// Partners of all references given, which are those of one side.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn partners<'a>(
        &self,
        side: Side,
        references: impl IntoIterator<Item = &'a Reference>,
        into: &mut Partners,
    ) -> Result<(), StoreError> {
        for reference in references {
            if into.of(side, reference).is_some() {
                continue;
            }
            let key = RecordKey::new(side, reference.kind, reference.id.clone());
            if let Some(partner) = self.partner(&key)? {
                match side {
                    Side::QuickBooks => into.insert(reference.kind, &reference.id, &partner),
                    Side::BillCom => into.insert(reference.kind, &partner, &reference.id),
                }
            }
        }
        Ok(())
    }

    /// Makes a pair. The same pair again is no change; a record that has another partner is a broken invariant.
    pub(super) fn insert_pair(&self, pair: &NewPair<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
        let quickbooks = RecordKey::new(Side::QuickBooks, pair.kind, pair.quickbooks_id.clone());
        let billcom = RecordKey::new(Side::BillCom, pair.kind, pair.billcom_id.clone());
        match (self.partner(&quickbooks)?, self.partner(&billcom)?) {
            (None, None) => {}
            (Some(left), Some(right)) if left == *pair.billcom_id && right == *pair.quickbooks_id => return Ok(()),
            _ => {
                let what = format!("{quickbooks} and {billcom} cannot be paired: one of them has a partner");
                return Err(StoreError::Invariant { what });
            }
        }
        self.sql
            .prepare_cached(
                "INSERT INTO link (kind, quickbooks_id, billcom_id, quickbooks_base, billcom_base, unseen_version, linked_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                pair.kind.word(),
                pair.quickbooks_id.as_str(),
                pair.billcom_id.as_str(),
                row::fields_to_text(pair.quickbooks_base),
                row::fields_to_text(pair.billcom_base),
                pair.unseen_version,
                ms(now)
            ])?;
        self.fulfil_needs(&quickbooks)?;
        self.fulfil_needs(&billcom)?;
        self.wake_deferred()
    }

    /// Sets new bases.
    pub(super) fn rebase(&self, link: LinkId, quickbooks: &Fields, billcom: &Fields) -> Result<(), StoreError> {
        self.sql
            .prepare_cached("UPDATE link SET quickbooks_base = ?2, billcom_base = ?3 WHERE id = ?1")?
            .execute(params![link.get(), row::fields_to_text(quickbooks), row::fields_to_text(billcom)])?;
        Ok(())
    }

    /// Points a pair to the survivor of a merge.
    pub(super) fn move_pair(&self, link: &Link, side: Side, to: &NativeId) -> Result<(), StoreError> {
        let sql = format!("UPDATE link SET {} = ?2 WHERE id = ?1", id_column(side));
        self.sql.prepare_cached(&sql)?.execute(params![link.id.get(), to.as_str()])?;
        for key in [link.key_on(side), RecordKey::new(side, link.kind, to.clone()), link.key_on(side.other())] {
            self.replan(&key)?;
        }
        self.replan_what_names(&link.key_on(side))?;
        self.fulfil_needs(&RecordKey::new(side, link.kind, to.clone()))?;
        self.wake_deferred()
    }

    /// A record we made is shown for the first time. When it is still as we made it, what is shown is its base;
    /// when somebody changed it before, the base stays what we sent, so that the change is seen.
    pub(super) fn confirm_unseen(&self, sighting: &SightingRow) -> Result<(), StoreError> {
        if sighting.key.side != Side::QuickBooks {
            return Ok(());
        }
        self.sql
            .prepare_cached(
                "UPDATE link SET quickbooks_base = CASE WHEN unseen_version = ?3 THEN ?4 ELSE quickbooks_base END,
                 unseen_version = NULL WHERE kind = ?1 AND quickbooks_id = ?2 AND unseen_version IS NOT NULL",
            )?
            .execute(params![sighting.key.kind.word(), sighting.key.id.as_str(), sighting.version, sighting.fields])?;
        Ok(())
    }

    /// Starts to count stale readings of a pair anew.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn forgive_stale(&self, key: &RecordKey) -> Result<(), StoreError> {
        self.count_stale(key, true)
    }

    /// Counts a reading because of a stale version, or starts to count anew.
    pub(super) fn count_stale(&self, key: &RecordKey, reset: bool) -> Result<(), StoreError> {
        let sql = format!(
            "UPDATE link SET stale_rounds = CASE WHEN ?3 THEN 0 ELSE stale_rounds + 1 END WHERE kind = ?1 AND {} = ?2",
            id_column(key.side)
        );
        self.sql.prepare_cached(&sql)?.execute(params![key.kind.word(), key.id.as_str(), reset])?;
        Ok(())
    }

    /// Readings because of a stale version since the last success.
    pub(super) fn stale_rounds(&self, link: LinkId) -> Result<u32, StoreError> {
        let mut statement = self.sql.prepare_cached("SELECT stale_rounds FROM link WHERE id = ?1")?;
        Ok(statement.query_row([link.get()], |row| row.get(0)).optional()?.unwrap_or(0))
    }
}
