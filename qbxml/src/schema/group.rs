//! Clearing a whole aggregate: an address is replaced as a whole (`qbxml.md` 7, recalled), so it is
//! cleared by all its lines, empty.

use crate::error::{Limit, WriteError};
use crate::schema::{FieldSpec, Kind};
use crate::types::ValueType;
use crate::wire::Writer;

/// Whether a group consists of texts only, so that sending them all empty clears it.
pub(crate) const fn all_clearable(fields: &[FieldSpec]) -> bool {
    let mut index = 0;
    while index < fields.len() {
        let text = matches!(fields[index].kind, Kind::Value(ValueType::Str));
        if !text || fields[index].min_occurs > 0 {
            return false;
        }
        index += 1;
    }
    !fields.is_empty()
}

/// Writes the group with every line empty that the version knows.
pub(crate) fn write_cleared_group(
    spec: &'static FieldSpec,
    fields: &'static [FieldSpec],
    w: &mut Writer,
) -> Result<(), WriteError> {
    if !all_clearable(fields) {
        return Err(w.refuse(spec.name, Limit::NotClearable, "an empty element"));
    }
    w.open(spec.name);
    for field in fields {
        if field.since.is_none_or(|since| w.version().knows(since)) {
            w.leaf(field.name, "")?;
        }
    }
    w.close(spec.name);
    Ok(())
}
