//! A sighting as it will stand in its row: all that can be worked out without the file.
//!
//! A large answer is worked out while it arrives and kept in a [`Spool`](crate::store::Spool); the transaction that takes it in
//! then has nothing left to do but to write.

use super::StoreError;
use crate::entities;
use crate::model::{Kind, Life, NativeId, RecordKey, Side, Sighting};
use crate::store::row;
use crate::store::spool::{Entry, EntryReader};

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SightingRow {
    pub(super) key: RecordKey,
    pub(super) version: String,
    /// The document as text.
    pub(super) fields: String,
    pub(super) hash: [u8; 32],
    pub(super) gone: bool,
    pub(super) merged_into: Option<NativeId>,
    pub(super) hold: Option<String>,
    pub(super) mark: Option<String>,
    /// The ids of the lines as text.
    pub(super) line_ids: String,
    /// What a person calls it, without its owner.
    pub(super) title: String,
    /// To whom a document belongs.
    pub(super) owner: Option<RecordKey>,
    /// Where candidates are looked up.
    pub(super) identities: Vec<String>,
}

impl SightingRow {
    /// The row of a sighting.
    #[must_use]
    pub fn of(sighting: &Sighting) -> Self {
        let (key, fields) = (&sighting.key, &sighting.fields);
        let entity = entities::entity(key.kind);
        let owner = entity.and_then(|entity| entity.owner()).and_then(|field| fields.reference(field));
        Self {
            key: key.clone(),
            version: sighting.version.clone(),
            fields: row::fields_to_text(fields),
            hash: *sighting.hash().as_bytes(),
            gone: sighting.life == Life::Gone,
            merged_into: sighting.merged_into.clone(),
            hold: sighting.hold.clone(),
            mark: sighting.mark.clone(),
            line_ids: row::texts_to_text(&sighting.line_ids),
            title: entity.map(|entity| entity.title(fields)).unwrap_or_default(),
            owner: owner.map(|owner| RecordKey::new(key.side, owner.kind, owner.id.clone())),
            identities: entity.map(|entity| entity.keys(fields)).unwrap_or_default(),
        }
    }

    /// Which record it is.
    #[must_use]
    pub const fn key(&self) -> &RecordKey {
        &self.key
    }

    /// The sighting of a row.
    ///
    /// # Errors
    /// [`StoreError::Broken`] when the row was not made by [`Self::of`].
    pub fn sighting(&self) -> Result<Sighting, StoreError> {
        Ok(Sighting {
            key: self.key.clone(),
            version: self.version.clone(),
            fields: row::fields_from_text(&self.fields)?,
            life: if self.gone { Life::Gone } else { Life::Alive },
            merged_into: self.merged_into.clone(),
            hold: self.hold.clone(),
            mark: self.mark.clone(),
            line_ids: row::texts_from_text(&self.line_ids)?,
        })
    }

    /// Appends it to an entry of a spool.
    pub fn write(&self, entry: &mut Entry) {
        write_key(entry, &self.key);
        entry.text(&self.version);
        entry.text(&self.fields);
        entry.bytes(&self.hash);
        entry.number(i64::from(self.gone));
        entry.maybe(self.merged_into.as_ref().map(NativeId::as_str));
        entry.maybe(self.hold.as_deref());
        entry.maybe(self.mark.as_deref());
        entry.text(&self.line_ids);
        entry.text(&self.title);
        entry.number(i64::from(self.owner.is_some()));
        if let Some(owner) = &self.owner {
            write_key(entry, owner);
        }
        for identity in &self.identities {
            entry.text(identity);
        }
        entry.maybe(None);
    }

    /// Reads it back.
    ///
    /// # Errors
    /// [`StoreError::Broken`] when something else stands there.
    pub fn read(entry: &mut EntryReader<'_>) -> Result<Self, StoreError> {
        let mut row = Self {
            key: read_key(entry)?,
            version: entry.text()?.to_owned(),
            fields: entry.text()?.to_owned(),
            hash: *entry.bytes()?,
            gone: entry.number()? != 0,
            merged_into: entry.maybe()?.map(|id| NativeId::new(id).map_err(|_| broken())).transpose()?,
            hold: entry.maybe()?.map(str::to_owned),
            mark: entry.maybe()?.map(str::to_owned),
            line_ids: entry.text()?.to_owned(),
            title: entry.text()?.to_owned(),
            owner: None,
            identities: Vec::new(),
        };
        if entry.number()? != 0 {
            row.owner = Some(read_key(entry)?);
        }
        while let Some(identity) = entry.maybe()? {
            row.identities.push(identity.to_owned());
        }
        Ok(row)
    }
}

fn write_key(entry: &mut Entry, key: &RecordKey) {
    entry.text(key.side.word());
    entry.text(key.kind.word());
    entry.text(key.id.as_str());
}

fn read_key(entry: &mut EntryReader<'_>) -> Result<RecordKey, StoreError> {
    let side = Side::from_word(entry.text()?).ok_or_else(broken)?;
    let kind: Kind = entry.text()?.parse().map_err(|()| broken())?;
    Ok(RecordKey::new(side, kind, NativeId::new(entry.text()?).map_err(|_| broken())?))
}

fn broken() -> StoreError {
    StoreError::Broken { what: "spooled sighting" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Fields, Reference, Value};

    #[test]
    fn a_row_comes_back_as_it_was() {
        let id = |text: &str| NativeId::new(text).expect("id");
        let vendor = Reference { kind: Kind::Vendor, id: id("V-1") };
        for life in [Life::Alive, Life::Gone] {
            let gone = life == Life::Gone;
            let sighting = Sighting {
                key: RecordKey::new(Side::QuickBooks, Kind::Bill, id("B-1")),
                version: "17".to_owned(),
                fields: Fields::new()
                    .with("vendor", Value::Ref(vendor.clone()))
                    .with("number", Value::Text("\"Ü\" 1".into())),
                life,
                merged_into: gone.then(|| id("B-2")),
                hold: gone.then(|| "held".to_owned()),
                mark: gone.then(|| "mark".to_owned()),
                line_ids: vec!["L-1".to_owned(), "L-2".to_owned()],
            };
            let row = SightingRow::of(&sighting);
            assert!(row.owner.is_some(), "a bill belongs to a vendor");
            let mut entry = Entry::default();
            row.write(&mut entry);
            assert_eq!(SightingRow::read(&mut entry.reader()).expect("read"), row);
            assert_eq!(row.sighting().expect("a sighting"), sighting);
        }
    }
}
