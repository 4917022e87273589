//! Records as last seen.

use super::meta::ms;
use super::strangers::{DOUBTFUL, STRANGER};
use super::{SightingRow, StoreError, Tx};
use crate::entities;
use crate::limits::LOOK_ALIKES_MAX;
use crate::model::{ContentHash, Fields, Kind, Life, NativeId, RecordKey, Side, Sighting};
use crate::plan::Seen;
use crate::store::row;
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};

const COLUMNS: &str =
    "side, kind, id, version, fields, gone, merged_into, hold, mark, line_ids, skipped, forced, alias";

/// Reads a row of [`COLUMNS`].
fn seen(row: &Row<'_>) -> Result<Seen, StoreError> {
    let bad = || StoreError::Broken { what: "record address" };
    let side = Side::from_word(row.get_ref(0)?.as_str().map_err(|_| bad())?).ok_or_else(bad)?;
    let kind: Kind = row.get_ref(1)?.as_str().map_err(|_| bad())?.parse().map_err(|()| bad())?;
    let id = |index| -> Result<Option<NativeId>, StoreError> {
        row.get::<_, Option<String>>(index)?.map(|text| NativeId::new(text).map_err(|_| bad())).transpose()
    };
    Ok(Seen {
        sighting: Sighting {
            key: RecordKey::new(side, kind, id(2)?.ok_or_else(bad)?),
            version: row.get(3)?,
            fields: row::fields_from_text(row.get_ref(4)?.as_str().map_err(|_| bad())?)?,
            life: if row.get(5)? { Life::Gone } else { Life::Alive },
            merged_into: id(6)?,
            hold: row.get(7)?,
            mark: row.get(8)?,
            line_ids: row::texts_from_text(row.get_ref(9)?.as_str().map_err(|_| bad())?)?,
        },
        skipped: row.get(10)?,
        forced: row.get(11)?,
        alias: row.get(12)?,
    })
}

/// To whom documents must belong to be compared with one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Records of this kind belong to nobody.
    Any,
    /// To one of these records, which are the same one and which this field names.
    OneOf(&'static str, Vec<NativeId>),
    /// To somebody who is not known on that side, so that no document there can be the same.
    Unknown,
}

/// Records that share an identity key with one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LookAlikes {
    /// Those without a partner.
    pub free: Vec<Sighting>,
    /// Those that have one.
    pub taken: Vec<Sighting>,
    /// Those that were merged into others there.
    pub merged: Vec<Sighting>,
    /// There are more than are looked at.
    pub cut_short: bool,
}

impl Tx<'_> {
    /// A record as last seen.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn sighting(&self, key: &RecordKey) -> Result<Option<Seen>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM sighting WHERE side = ?1 AND kind = ?2 AND id = ?3");
        let mut statement = self.sql.prepare_cached(&sql)?;
        let mut rows = statement.query(params![key.side.word(), key.kind.word(), key.id.as_str()])?;
        rows.next()?.map(seen).transpose()
    }

    /// Keeps what was seen. Its subject is due for planning only when the fingerprint changed.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn see(&self, sighting: &Sighting, now: DateTime<Utc>) -> Result<bool, StoreError> {
        self.see_row(&SightingRow::of(sighting), now)
    }

    /// The same for a sighting whose row was worked out before.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn see_row(&self, sighting: &SightingRow, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let key = &sighting.key;
        let (side, kind, id) = (key.side.word(), key.kind.word(), key.id.as_str());
        let round = self.round(key.side)?;
        let mut statement =
            self.sql.prepare_cached("SELECT hash, version FROM sighting WHERE side = ?1 AND kind = ?2 AND id = ?3")?;
        let before: Option<(Vec<u8>, String)> =
            statement.query_row(params![side, kind, id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        if let Some((known, version)) = &before
            && known.as_slice() == sighting.hash
        {
            self.touch(sighting, *version != sighting.version, round, now)?;
            self.confirm_unseen(sighting)?;
            return Ok(false);
        }
        let title = self.owned_title(&sighting.title, sighting.owner.as_ref())?;
        // What is new to a restored file may have been carried by the one before it.
        let doubtful = match before.is_none() {
            true if self.awaits_readings()? => DOUBTFUL,
            // It may be what came of that, whatever it is called.
            true if self.is_being_made(key.side, key.kind)? => STRANGER,
            _ => 0,
        };
        self.sql
            .prepare_cached(
                "INSERT INTO sighting (side, kind, id, version, fields, hash, gone, merged_into, hold, mark, line_ids,
                                       title, due, round, seen_at, doubtful)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 1, ?13, ?14, ?15)
                 ON CONFLICT (side, kind, id) DO UPDATE SET version = excluded.version, fields = excluded.fields,
                 hash = excluded.hash, gone = excluded.gone, merged_into = excluded.merged_into, hold = excluded.hold,
                 mark = excluded.mark, line_ids = excluded.line_ids, title = excluded.title, due = 1, deferred = NULL,
                 round = excluded.round, seen_at = excluded.seen_at",
            )?
            .execute(params![
                side,
                kind,
                id,
                sighting.version,
                sighting.fields,
                sighting.hash,
                sighting.gone,
                sighting.merged_into.as_ref().map(NativeId::as_str),
                sighting.hold,
                sighting.mark,
                sighting.line_ids,
                title,
                round,
                ms(now),
                doubtful,
            ])?;
        self.index_keys(key, &sighting.identities, before.is_some())?;
        self.confirm_unseen(sighting)?;
        Ok(true)
    }

    /// The same content again: at most its version, its line ids and the reading it was seen in are new.
    fn touch(&self, sighting: &SightingRow, moved: bool, round: i64, now: DateTime<Utc>) -> Result<(), StoreError> {
        let key = &sighting.key;
        if moved {
            self.sql
                .prepare_cached(
                    "UPDATE sighting SET version = ?4, line_ids = ?5, round = ?6, seen_at = ?7
                     WHERE side = ?1 AND kind = ?2 AND id = ?3",
                )?
                .execute(params![
                    key.side.word(),
                    key.kind.word(),
                    key.id.as_str(),
                    sighting.version,
                    sighting.line_ids,
                    round,
                    ms(now)
                ])?;
        } else {
            self.sql
                .prepare_cached(
                    "UPDATE sighting SET round = ?4 WHERE side = ?1 AND kind = ?2 AND id = ?3 AND round <> ?4",
                )?
                .execute(params![key.side.word(), key.kind.word(), key.id.as_str(), round])?;
        }
        Ok(())
    }

    /// Keeps under which identities a record is found; those of a record that was known are replaced.
    fn index_keys(&self, key: &RecordKey, identities: &[String], known: bool) -> Result<(), StoreError> {
        let (side, kind, id) = (key.side.word(), key.kind.word(), key.id.as_str());
        if known {
            self.sql
                .prepare_cached("DELETE FROM sighting_key WHERE side = ?1 AND kind = ?2 AND id = ?3")?
                .execute(params![side, kind, id])?;
        }
        let mut insert = self
            .sql
            .prepare_cached("INSERT OR IGNORE INTO sighting_key (side, kind, key, id) VALUES (?1, ?2, ?3, ?4)")?;
        for identity in identities {
            insert.execute(params![side, kind, identity, id])?;
        }
        Ok(())
    }

    /// A record is not there any more.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn vanish(&self, key: &RecordKey, now: DateTime<Utc>) -> Result<(), StoreError> {
        let Some(mut known) = self.sighting(key)? else { return Ok(()) };
        if known.sighting.life == Life::Alive {
            known.sighting.life = Life::Gone;
            self.see(&known.sighting, now)?;
            self.read_again_what_names(key)?;
        }
        Ok(())
    }

    /// A record is not shown any more; with a reason when it was not somebody who removed it.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn lose_sight(&self, key: &RecordKey, why: Option<&str>, now: DateTime<Utc>) -> Result<(), StoreError> {
        let Some(mut known) = self.sighting(key)? else { return Ok(()) };
        known.sighting.life = Life::Gone;
        known.sighting.hold = why.map(str::to_owned);
        self.see(&known.sighting, now).map(|_| ())
    }

    /// Living records of a kind on a side that the present reading has not shown, and how many there are in all.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn unseen(&self, side: Side, kind: Kind) -> Result<(Vec<RecordKey>, usize), StoreError> {
        let round = self.round(side)?;
        let unseen = {
            let mut statement = self
                .sql
                .prepare_cached("SELECT id FROM sighting WHERE side = ?1 AND kind = ?2 AND gone = 0 AND round < ?3")?;
            let ids = statement.query_map(params![side.word(), kind.word(), round], |row| row.get::<_, String>(0))?;
            ids.collect::<Result<Vec<_>, _>>()?
        };
        let keys = unseen.into_iter().map(|id| {
            let id = NativeId::new(id).map_err(|_| StoreError::Broken { what: "record address" })?;
            Ok(RecordKey::new(side, kind, id))
        });
        let keys = keys.collect::<Result<Vec<_>, StoreError>>()?;
        let mut statement =
            self.sql.prepare_cached("SELECT count(*) FROM sighting WHERE side = ?1 AND kind = ?2 AND gone = 0")?;
        let known: i64 = statement.query_row(params![side.word(), kind.word()], |row| row.get(0))?;
        Ok((keys, usize::try_from(known).unwrap_or(usize::MAX)))
    }

    /// Living records of a side that share an identity key with the ones given and belong to the same owner, split by
    /// whether they have a partner.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn look_alikes(
        &self,
        side: Side,
        kind: Kind,
        keys: &[String],
        owner: &Owner,
    ) -> Result<LookAlikes, StoreError> {
        let mut found = LookAlikes::default();
        let (path, owner) = match owner {
            Owner::Any => (None, None),
            Owner::OneOf(field, ids) => (Some(format!("$.{field}.r[1]")), Some(row::ids_to_text(ids))),
            Owner::Unknown => return Ok(found),
        };
        // One more than may be found shows that there are more.
        let rows_max = i64::try_from(LOOK_ALIKES_MAX + 1).unwrap_or(i64::MAX);
        let mut statement = self.sql.prepare_cached(
            "SELECT k.id FROM sighting_key k JOIN sighting s ON s.side = k.side AND s.kind = k.kind AND s.id = k.id
             WHERE k.side = ?1 AND k.kind = ?2 AND k.key = ?3 AND s.gone = 0
               AND (?4 IS NULL OR json_extract(s.fields, ?4) IN (SELECT value FROM json_each(?5))) LIMIT ?6",
        )?;
        for key in keys {
            let mut rows = 0;
            let ids = statement.query_map(params![side.word(), kind.word(), key, path, owner, rows_max], |row| {
                row.get::<_, String>(0)
            })?;
            for id in ids {
                rows += 1;
                let id = NativeId::new(id?).map_err(|_| StoreError::Broken { what: "record address" })?;
                let address = RecordKey::new(side, kind, id);
                let known = |list: &[Sighting]| list.iter().any(|sighting| sighting.key == address);
                if known(&found.free) || known(&found.taken) {
                    continue;
                }
                let Some(seen) = self.sighting(&address)? else { continue };
                let usable = seen.sighting.life == Life::Alive && seen.sighting.merged_into.is_none();
                if seen.sighting.merged_into.is_some() {
                    found.merged.push(seen.sighting);
                    continue;
                }
                match (usable, self.partner(&address)?) {
                    (true, None) => found.free.push(seen.sighting),
                    (true, Some(_)) => found.taken.push(seen.sighting),
                    (false, _) => {}
                }
            }
            found.cut_short |= rows > LOOK_ALIKES_MAX;
        }
        Ok(found)
    }

    /// The living records of a kind on a side whose text field has a value; for small lists such as A/P accounts.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn with_text(&self, side: Side, kind: Kind, field: &str, value: &str) -> Result<Vec<Sighting>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM sighting WHERE side = ?1 AND kind = ?2 AND gone = 0 AND json_extract(fields, ?3) = ?4"
        );
        let mut statement = self.sql.prepare_cached(&sql)?;
        let mut rows = statement.query(params![side.word(), kind.word(), format!("$.{field}.t"), value])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(seen(row)?.sighting);
        }
        Ok(found)
    }

    /// One of the records of a kind in which a text field says this, gone or not.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn any_with_text(
        &self,
        side: Side,
        kind: Kind,
        field: &str,
        value: &str,
    ) -> Result<Option<Sighting>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM sighting WHERE side = ?1 AND kind = ?2 AND json_extract(fields, ?3) = ?4 LIMIT 1"
        );
        let mut statement = self.sql.prepare_cached(&sql)?;
        let mut rows = statement.query(params![side.word(), kind.word(), format!("$.{field}.t"), value])?;
        rows.next()?.map(|row| Ok(seen(row)?.sighting)).transpose()
    }

    /// Whether any record of a kind is known on a side.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn has_any(&self, side: Side, kind: Kind) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM sighting WHERE side = ?1 AND kind = ?2)";
        Ok(self.sql.prepare_cached(sql)?.query_row([side.word(), kind.word()], |row| row.get(0))?)
    }

    /// Makes a record's subject due for planning.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn replan(&self, key: &RecordKey) -> Result<(), StoreError> {
        self.set_due(key, 1, None)
    }

    pub(super) fn set_due(&self, key: &RecordKey, due: i64, deferred: Option<&str>) -> Result<(), StoreError> {
        self.sql
            .prepare_cached("UPDATE sighting SET due = ?4, deferred = ?5 WHERE side = ?1 AND kind = ?2 AND id = ?3")?
            .execute(params![key.side.word(), key.kind.word(), key.id.as_str(), due, deferred])?;
        Ok(())
    }

    /// A record is left out of planning until it changes or a person tries again.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn set_aside(&self, key: &RecordKey) -> Result<(), StoreError> {
        self.set_due(key, 3, None)
    }

    /// Everything deferred is due again: something was linked or settled.
    pub(super) fn wake_deferred(&self) -> Result<(), StoreError> {
        self.sql.prepare_cached("UPDATE sighting SET due = 1 WHERE due = 2 AND due <> 0")?.execute([])?;
        Ok(())
    }

    /// Everything deferred is due again: a side has been read completely.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn wake_all_deferred(&self) -> Result<(), StoreError> {
        self.wake_deferred()
    }

    /// QuickBooks' active accounts payable.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn accounts_of_type(&self, account_type: &str) -> Result<Vec<NativeId>, StoreError> {
        let found = self.with_text(Side::QuickBooks, Kind::Account, "type", account_type)?;
        Ok(found
            .into_iter()
            .filter(|account| account.fields.flag("active") != Some(false))
            .map(|account| account.key.id)
            .collect())
    }

    /// Every record of a kind on a side is due again.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn replan_kind(&self, side: Side, kind: Kind) -> Result<(), StoreError> {
        self.sql
            .prepare_cached("UPDATE sighting SET due = 1, deferred = NULL WHERE side = ?1 AND kind = ?2")?
            .execute(params![side.word(), kind.word()])?;
        Ok(())
    }

    /// Everything is due again: a setting changed.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn replan_all(&self) -> Result<(), StoreError> {
        self.sql.prepare_cached("UPDATE sighting SET due = 1, deferred = NULL")?.execute([])?;
        Ok(())
    }

    /// Notes what a person decided about a record.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn set_wish(&self, key: &RecordKey, skipped: bool, forced: bool) -> Result<(), StoreError> {
        self.sql
            .prepare_cached(
                "UPDATE sighting SET skipped = ?4, forced = ?5, due = 1 WHERE side = ?1 AND kind = ?2 AND id = ?3",
            )?
            .execute(params![key.side.word(), key.kind.word(), key.id.as_str(), skipped, forced])?;
        Ok(())
    }

    /// The name a record gets on the other side.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn set_alias(&self, key: &RecordKey, alias: &str) -> Result<(), StoreError> {
        self.sql
            .prepare_cached("UPDATE sighting SET alias = ?4, due = 1 WHERE side = ?1 AND kind = ?2 AND id = ?3")?
            .execute(params![key.side.word(), key.kind.word(), key.id.as_str(), alias])?;
        Ok(())
    }

    /// The fingerprint last seen.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn known_hash(&self, key: &RecordKey) -> Result<Option<ContentHash>, StoreError> {
        Ok(self.sighting(key)?.map(|seen| seen.sighting.hash()))
    }

    /// The title of a document, with the name of whom it belongs to.
    pub(super) fn title_of(&self, key: &RecordKey, fields: &Fields) -> Result<String, StoreError> {
        let Some(entity) = entities::entity(key.kind) else { return Ok(String::new()) };
        let owner = entity.owner().and_then(|field| fields.reference(field));
        let owner = owner.map(|owner| RecordKey::new(key.side, owner.kind, owner.id.clone()));
        self.owned_title(&entity.title(fields), owner.as_ref())
    }

    fn owned_title(&self, title: &str, owner: Option<&RecordKey>) -> Result<String, StoreError> {
        let owner = owner.map(|owner| self.title(owner)).transpose()?.flatten();
        Ok(owner.map_or_else(|| title.to_owned(), |owner| format!("{title}, {owner}")))
    }

    /// What a person calls a record, or nothing when it was never seen.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn title(&self, key: &RecordKey) -> Result<Option<String>, StoreError> {
        let mut statement =
            self.sql.prepare_cached("SELECT title FROM sighting WHERE side = ?1 AND kind = ?2 AND id = ?3")?;
        Ok(statement
            .query_row(params![key.side.word(), key.kind.word(), key.id.as_str()], |row| row.get(0))
            .optional()?)
    }

    /// Deferred records with their reasons, oldest kinds first.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn deferred(&self, limit: usize) -> Result<Vec<(RecordKey, String, String)>, StoreError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT side, kind, id, title, ifnull(deferred, '') FROM sighting WHERE due = 2 AND due <> 0
             ORDER BY kind, id LIMIT ?1",
        )?;
        let mut rows = statement.query([i64::try_from(limit).unwrap_or(i64::MAX)])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push((address(row, 0)?, row.get(3)?, row.get(4)?));
        }
        Ok(found)
    }
}

/// Reads side, kind and id from three columns.
pub(super) fn address(row: &Row<'_>, at: usize) -> Result<RecordKey, StoreError> {
    let bad = || StoreError::Broken { what: "record address" };
    let side = Side::from_word(row.get_ref(at)?.as_str().map_err(|_| bad())?).ok_or_else(bad)?;
    let kind: Kind = row.get_ref(at + 1)?.as_str().map_err(|_| bad())?.parse().map_err(|()| bad())?;
    let id = NativeId::new(row.get::<_, String>(at + 2)?).map_err(|_| bad())?;
    Ok(RecordKey::new(side, kind, id))
}
