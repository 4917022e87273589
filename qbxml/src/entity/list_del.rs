//! ListDel and ListMerge: taking list objects away.
//!
//! A deletion needs single-user mode and an object without transactions (3160 otherwise, vendor
//! documentation): making it inactive is usually better. A merge moves the transactions of one
//! object to another, which keeps its id; the loser is listed as deleted. The answers hold their
//! fields directly in the response, without a record element.

use crate::error::{Limit, WriteError};
use crate::request::qb_request;
use crate::schema::{Example, Rules, qb_struct};
use crate::types::{EditSequence, ListDelType, ListId, ListMergeType, QbDateTime};
use crate::wire::Writer;

qb_struct! {
    /// Deletes a list object (`ListDelRq`).
    pub struct ListDel new(list_del_type: ListDelType, list_id: ListId) {
        list_del_type: ListDelType = "ListDelType",
        list_id: ListId = "ListID",
    }
}

qb_request!(ListDel, "ListDel" => ListDelResult, since 1.1, direct);

qb_struct! {
    /// Merges two list objects of one kind (`ListMergeRq`, since 7.0).
    pub struct ListMerge with rules
        new(list_merge_type: ListMergeType, merge_from: MergeObject, merge_to: MergeObject)
    {
        list_merge_type: ListMergeType = "ListMergeType",
        /// The one that goes.
        merge_from: MergeObject = "MergeFrom",
        /// The one that stays.
        merge_to: MergeObject = "MergeTo",
        /// Whether customers with an equal shipping address name may be merged (recalled).
        same_ship_addr_ok: Option<bool> = "SameShipAddrOk" since 8.0,
    }
}

qb_request!(ListMerge, "ListMerge" => ListMergeResult, since 7.0, direct);

qb_struct! {
    /// An object to be merged, in its current state (`MergeFrom`, `MergeTo`).
    pub struct MergeObject new(list_id: ListId, edit_sequence: EditSequence) {
        list_id: ListId = "ListID",
        edit_sequence: EditSequence = "EditSequence",
    }
}

qb_struct! {
    /// A list object we deleted (the fields of `ListDelRs`).
    #[derive(Default)]
    pub struct ListDelResult {
        list_del_type: Option<ListDelType> = "ListDelType",
        list_id: Option<ListId> = "ListID" [record_id],
        time_deleted: Option<QbDateTime> = "TimeDeleted",
        full_name: Option<String> = "FullName",
    }
}

qb_struct! {
    /// Two list objects we merged (the fields of `ListMergeRs`).
    #[derive(Default)]
    pub struct ListMergeResult {
        list_merge_type: Option<ListMergeType> = "ListMergeType",
        merged_from: Option<MergedFromRet> = "MergedFrom",
        merged_to: Option<MergedToRet> = "MergedTo",
    }
}

qb_struct! {
    /// The object that went (`MergedFrom`).
    #[derive(Default)]
    pub struct MergedFromRet {
        list_id: Option<ListId> = "ListID",
        time_deleted: Option<QbDateTime> = "TimeDeleted",
        full_name: Option<String> = "FullName",
    }
}

qb_struct! {
    /// The object that stayed (`MergedTo`).
    #[derive(Default)]
    pub struct MergedToRet {
        list_id: Option<ListId> = "ListID",
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        full_name: Option<String> = "FullName",
    }
}

impl ListDelResult {
    /// Whether the response held nothing: the request was refused.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl ListMergeResult {
    /// Whether the response held nothing: the request was refused.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Rules for ListMerge {
    fn check(&self, w: &Writer) -> Result<(), WriteError> {
        if self.merge_from.list_id == self.merge_to.list_id {
            return Err(w.refuse("MergeTo", Limit::Exclusive("the same object twice"), "the same object"));
        }
        Ok(())
    }

    fn settle(&mut self, _ex: &mut Example) {}
}
