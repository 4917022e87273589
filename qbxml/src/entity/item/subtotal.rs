//! Subtotal item: a line that adds up the lines above it.

use crate::entity::{BarCode, DataExtRet};
use crate::request::{qb_named, qb_request};
use crate::schema::qb_struct;
use crate::types::{Change, EditSequence, ExternalGuid, ListId, QbDateTime, QbText, SpecialItemType};

qb_struct! {
    /// A new subtotal (`ItemSubtotalAdd`).
    pub struct ItemSubtotalAdd with rules new(name: QbText<31>) {
        name: QbText<31> = "Name",
        bar_code: Option<BarCode> = "BarCode" since 12.0,
        is_active: Option<bool> = "IsActive",
        item_desc: Option<QbText<4095>> = "ItemDesc",
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 8.0,
    }
}

qb_request!(ItemSubtotalAdd, "ItemSubtotalAdd" => ItemSubtotalRet, since 1.0, body);

qb_struct! {
    /// A changed item (`ItemSubtotalMod`). Only what is sent changes.
    pub struct ItemSubtotalMod with rules new(list_id: ListId, edit_sequence: EditSequence) {
        list_id: ListId = "ListID" [record_id],
        edit_sequence: EditSequence = "EditSequence",
        name: Change<QbText<31>> = "Name" [noclear],
        bar_code: Change<BarCode> = "BarCode" since 12.0,
        is_active: Change<bool> = "IsActive",
        item_desc: Change<QbText<4095>> = "ItemDesc",
    }
}

qb_request!(ItemSubtotalMod, "ItemSubtotalMod" => ItemSubtotalRet, since 3.0, body);

qb_struct! {
    /// A subtotal (`ItemSubtotalRet`).
    #[derive(Default)]
    pub struct ItemSubtotalRet {
        list_id: Option<ListId> = "ListID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        name: Option<String> = "Name" max 31,
        bar_code_value: Option<String> = "BarCodeValue" max 50 since 12.0,
        is_active: Option<bool> = "IsActive",
        item_desc: Option<String> = "ItemDesc",
        /// Set on QuickBooks' own items.
        special_item_type: Option<SpecialItemType> = "SpecialItemType" since 6.0,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 8.0,
        data_ext_ret: Vec<DataExtRet> = "DataExtRet" since 2.0,
    }
}

qb_named!(add ItemSubtotalAdd; change ItemSubtotalMod);
