//! Class: what transactions and their lines are sorted by, in a tree.
//!
//! ClassQuery has no iterator (schema). Class fields answer 3250 if class tracking is off: see
//! [`PreferencesRet`](crate::entity::PreferencesRet). The full name changes when any ancestor is
//! renamed, and the children's `TimeModified` need not (recalled): read children again then.

use crate::query::{Counting, ListSelection, ListWhere};
use crate::request::{qb_named, qb_request};
use crate::schema::qb_struct;
use crate::types::{Change, EditSequence, ListId, ListRef, QbDateTime, QbText};

qb_struct! {
    /// Asks for classes (`ClassQueryRq`). They come whole: there are no pages.
    #[derive(Default)]
    pub struct ClassQuery [attributes counting: Counting] {
        selection: ListSelection<ListWhere> = "(choice)",
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement" since 4.0,
    }
}

qb_request!(ClassQuery, "ClassQuery" => ClassRet, since 1.0, direct);

qb_struct! {
    /// A new class (`ClassAdd`).
    pub struct ClassAdd with rules new(name: QbText<31>) {
        name: QbText<31> = "Name",
        is_active: Option<bool> = "IsActive",
        parent_ref: Option<ListRef> = "ParentRef",
    }
}

qb_request!(ClassAdd, "ClassAdd" => ClassRet, since 1.0, body);

qb_struct! {
    /// A changed class (`ClassMod`). Only what is sent changes.
    pub struct ClassMod with rules new(list_id: ListId, edit_sequence: EditSequence) {
        list_id: ListId = "ListID" [record_id],
        edit_sequence: EditSequence = "EditSequence",
        name: Change<QbText<31>> = "Name" [noclear],
        is_active: Change<bool> = "IsActive",
        parent_ref: Change<ListRef> = "ParentRef",
    }
}

qb_request!(ClassMod, "ClassMod" => ClassRet, since 8.0, body);

qb_struct! {
    /// A class (`ClassRet`).
    #[derive(Default)]
    pub struct ClassRet {
        list_id: Option<ListId> = "ListID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        name: Option<String> = "Name" max 31,
        /// With its ancestors: `Parent:Child`.
        full_name: Option<String> = "FullName" max 159,
        is_active: Option<bool> = "IsActive",
        parent_ref: Option<ListRef> = "ParentRef",
        /// How many ancestors it has.
        sublevel: Option<i64> = "Sublevel",
    }
}

qb_named!(add ClassAdd; change ClassMod);
