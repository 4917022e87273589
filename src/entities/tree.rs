//! Lists whose records form trees: a record is its own name below its parent.

use super::{Partners, squash};
use crate::model::{Fields, Kind, NativeId, Reference, Value};

/// The key under which a name is looked up.
pub(super) fn name_key(fields: &Fields, chars_max: usize) -> Option<String> {
    fields.text("name").map(|name| format!("name:{}", squash(name, chars_max)))
}

/// Whether both stand below the same parent, or both below none.
pub(super) fn same_parent(quickbooks: &Fields, billcom: &Fields, partners: &Partners) -> bool {
    match (quickbooks.reference("parent"), billcom.reference("parent")) {
        (None, None) => true,
        (Some(left), Some(right)) => partners.same(left, right),
        _ => false,
    }
}

/// Whether both have the same name below the same parent. Records without a name are never the same.
pub(super) fn same_place(quickbooks: &Fields, billcom: &Fields, chars_max: usize, partners: &Partners) -> bool {
    let name = |fields: &Fields| fields.text("name").map(|name| squash(name, chars_max));
    name(quickbooks).is_some() && name(quickbooks) == name(billcom) && same_parent(quickbooks, billcom, partners)
}

/// The value of a field that points to another record.
pub(super) fn pointer(kind: Kind, id: Option<NativeId>) -> Option<Value> {
    id.map(|id| Value::Ref(Reference { kind, id }))
}
