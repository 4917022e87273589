//! Small helpers for writing Bill.com's JSON. An empty text empties a field; twenty zeros empty a reference (`billcom.md` 2).

use super::Write;
use crate::model::Raw;

const ZERO_ID: &str = "00000000000000000000";

/// The object of a Create or Update call, with what every one carries.
pub(super) fn begin(entity: &str, write: &Write<'_>) -> Raw {
    let mut raw = Raw::default();
    raw.set("entity", entity);
    match write.current {
        Some(current) => raw.set("id", current.key.id.as_str()),
        None => raw.set("isActive", "1"),
    }
    raw
}

/// A child row as it is sent along unchanged: without what Bill.com gives it anew.
pub(super) fn sent_again(row: Raw) -> Raw {
    let mut object = row.into_object();
    for own in ["id", "createdTime", "updatedTime", "amount"] {
        object.remove(own);
    }
    Raw::new(object)
}

/// A text that is written or emptied.
pub(super) fn put_text(raw: &mut Raw, write: &Write<'_>, name: &str, field: &str) {
    if write.touches(name) {
        raw.set(field, write.fields.text(name).unwrap_or_default());
    }
}

/// A reference that is written or emptied.
pub(super) fn put_reference(raw: &mut Raw, write: &Write<'_>, name: &str, field: &str) {
    if write.touches(name) {
        raw.set(field, write.fields.reference(name).map_or(ZERO_ID, |reference| reference.id.as_str()));
    }
}
