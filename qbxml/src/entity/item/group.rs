//! Group item: several items entered with one line. It has no parent and no full name.

use crate::entity::{BarCode, DataExtRet};
use crate::request::{qb_named, qb_request};
use crate::schema::{qb_branches, qb_struct};
use crate::types::{
    Change, EditSequence, ExternalGuid, ListId, ListRef, QbDateTime, QbText, Quantity, SpecialItemType,
};

qb_struct! {
    /// A new group (`ItemGroupAdd`).
    pub struct ItemGroupAdd with rules new(name: QbText<31>) {
        name: QbText<31> = "Name",
        bar_code: Option<BarCode> = "BarCode" since 12.0,
        is_active: Option<bool> = "IsActive",
        item_desc: Option<QbText<4095>> = "ItemDesc",
        unit_of_measure_set_ref: Option<ListRef> = "UnitOfMeasureSetRef" max 31 since 7.0,
        is_print_items_in_group: Option<bool> = "IsPrintItemsInGroup",
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 8.0,
        item_group_line: Vec<ItemGroupPart> = "ItemGroupLine",
    }
}

qb_request!(ItemGroupAdd, "ItemGroupAdd" => ItemGroupRet, since 1.0, body);

qb_struct! {
    /// A changed item (`ItemGroupMod`). Only what is sent changes.
    pub struct ItemGroupMod with rules new(list_id: ListId, edit_sequence: EditSequence) {
        list_id: ListId = "ListID" [record_id],
        edit_sequence: EditSequence = "EditSequence",
        name: Change<QbText<31>> = "Name" [noclear],
        bar_code: Change<BarCode> = "BarCode" since 12.0,
        is_active: Change<bool> = "IsActive",
        item_desc: Change<QbText<4095>> = "ItemDesc",
        unit_of_measure_set_ref: Change<ListRef> = "UnitOfMeasureSetRef" max 31 since 7.0,
        force_uom_change: Change<bool> = "ForceUOMChange" since 7.0,
        is_print_items_in_group: Change<bool> = "IsPrintItemsInGroup",
        /// All parts, or none: they are replaced as a whole.
        parts: Option<GroupParts> = "(choice)",
    }
}

qb_request!(ItemGroupMod, "ItemGroupMod" => ItemGroupRet, since 3.0, body);

qb_struct! {
    /// A group (`ItemGroupRet`).
    #[derive(Default)]
    pub struct ItemGroupRet {
        list_id: Option<ListId> = "ListID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        name: Option<String> = "Name" max 31,
        bar_code_value: Option<String> = "BarCodeValue" max 50 since 12.0,
        is_active: Option<bool> = "IsActive",
        item_desc: Option<String> = "ItemDesc" max 4095,
        unit_of_measure_set_ref: Option<ListRef> = "UnitOfMeasureSetRef" max 31 since 7.0,
        is_print_items_in_group: Option<bool> = "IsPrintItemsInGroup",
        /// Set on QuickBooks' own items.
        special_item_type: Option<SpecialItemType> = "SpecialItemType" since 6.0,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 8.0,
        item_group_line: Vec<ItemGroupPartRet> = "ItemGroupLine",
        data_ext_ret: Vec<DataExtRet> = "DataExtRet" since 2.0,
    }
}

qb_branches! {
    /// The parts of a group in a Mod.
    pub enum GroupParts {
        /// Whether all parts go.
        Clear(bool) = "ClearItemsInGroup",
        /// These instead of the ones there.
        Lines(Vec<ItemGroupPart>) = "ItemGroupLine",
    }
}

qb_struct! {
    /// A part of a group (`ItemGroupLine`).
    #[derive(Default)]
    pub struct ItemGroupPart {
        item_ref: Option<ListRef> = "ItemRef",
        quantity: Option<Quantity> = "Quantity",
        unit_of_measure: Option<QbText<31>> = "UnitOfMeasure" since 7.0,
    }
}

qb_struct! {
    /// A part of a group, as QuickBooks returns it (`ItemGroupLine`).
    #[derive(Default)]
    pub struct ItemGroupPartRet {
        item_ref: Option<ListRef> = "ItemRef",
        quantity: Option<Quantity> = "Quantity",
        unit_of_measure: Option<String> = "UnitOfMeasure" max 31 since 7.0,
    }
}

qb_named!(add ItemGroupAdd; change ItemGroupMod);
