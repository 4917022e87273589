//! A record as last seen on one side.

use super::{ContentHash, Fields, NativeId, RecordKey};

/// Whether a record still stands in its books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// It is there (active or not: that is a field).
    Alive,
    /// It was deleted or voided.
    Gone,
}

/// A record as last seen on one side: the side's own version of it, and what it said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Which record.
    pub key: RecordKey,
    /// `EditSequence` or `updatedTime`: opaque, compared for equality only (`qbxml.md` 4).
    pub version: String,
    /// What it said.
    pub fields: Fields,
    /// Whether it still stands.
    pub life: Life,
    /// The survivor, when the side merged this record into another one.
    pub merged_into: Option<NativeId>,
    /// Why a person does not want it carried (`allowExport=false`, `billSyncPref=1`), in words.
    pub hold: Option<String>,
    /// The mark we gave it when we made it (`ExternalGUID`), where the side gives it back: the intent's id.
    pub mark: Option<String>,
    /// Where the side gives it back: the ids of its lines in order, needed to change it.
    pub line_ids: Vec<String>,
}

impl Sighting {
    /// The fingerprint of everything that matters for carrying it.
    #[must_use]
    pub fn hash(&self) -> ContentHash {
        let mut more = Fields::new();
        more.set("~gone", Some(super::Value::Flag(self.life == Life::Gone)));
        more.set_text("~merged", self.merged_into.as_ref().map(NativeId::as_str));
        more.set_text("~hold", self.hold.as_deref());
        // A tilde comes after all letters and digits, of which the names of fields are made.
        ContentHash::of_both(&self.fields, &more)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Kind, Side, Value};

    #[test]
    fn the_fingerprint_is_that_of_one_document() {
        let id = NativeId::new("7").expect("id");
        let fields = Fields::new().with("name", Value::Text("Acme".into())).with("zip_9", Value::Flag(true));
        let sighting = Sighting {
            key: RecordKey::new(Side::BillCom, Kind::Vendor, id.clone()),
            version: "1".to_owned(),
            fields: fields.clone(),
            life: Life::Gone,
            merged_into: Some(id),
            hold: Some("held".to_owned()),
            mark: None,
            line_ids: Vec::new(),
        };
        let all = fields.with("~gone", Value::Flag(true)).with("~merged", Value::Text("7".into()));
        let all = all.with("~hold", Value::Text("held".into()));
        assert_eq!(sighting.hash(), ContentHash::of(&all));
    }
}
