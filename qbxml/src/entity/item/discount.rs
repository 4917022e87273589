//! Discount item: takes off an amount or a percentage. Its lines have no quantity (vendor
//! documentation).

use crate::entity::{BarCode, DataExtRet};
use crate::request::{qb_named, qb_request};
use crate::schema::{qb_choice, qb_struct};
use crate::types::{Change, EditSequence, ExternalGuid, ListId, ListRef, Percent, Price, QbDateTime, QbText};

qb_struct! {
    /// A new discount (`ItemDiscountAdd`).
    pub struct ItemDiscountAdd with rules new(name: QbText<31>) {
        name: QbText<31> = "Name",
        bar_code: Option<BarCode> = "BarCode" since 12.0,
        is_active: Option<bool> = "IsActive",
        class_ref: Option<ListRef> = "ClassRef" max 159 since 12.0,
        parent_ref: Option<ListRef> = "ParentRef",
        item_desc: Option<QbText<4095>> = "ItemDesc",
        sales_tax_code_ref: Option<ListRef> = "SalesTaxCodeRef" max 3,
        rate: Option<DiscountRate> = "(choice)",
        account_ref: Option<ListRef> = "AccountRef" max 159,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 8.0,
    }
}

qb_request!(ItemDiscountAdd, "ItemDiscountAdd" => ItemDiscountRet, since 1.0, body);

qb_struct! {
    /// A changed item (`ItemDiscountMod`). Only what is sent changes.
    pub struct ItemDiscountMod with rules new(list_id: ListId, edit_sequence: EditSequence) {
        list_id: ListId = "ListID" [record_id],
        edit_sequence: EditSequence = "EditSequence",
        name: Change<QbText<31>> = "Name" [noclear],
        bar_code: Change<BarCode> = "BarCode" since 12.0,
        is_active: Change<bool> = "IsActive",
        class_ref: Change<ListRef> = "ClassRef" max 159 since 12.0,
        parent_ref: Change<ListRef> = "ParentRef",
        item_desc: Change<QbText<4095>> = "ItemDesc",
        sales_tax_code_ref: Change<ListRef> = "SalesTaxCodeRef" max 3,
        rate: Option<DiscountRate> = "(choice)",
        account_ref: Change<ListRef> = "AccountRef" max 159 since 7.0,
        apply_account_ref_to_existing_txns: Change<bool> = "ApplyAccountRefToExistingTxns" since 7.0,
    }
}

qb_request!(ItemDiscountMod, "ItemDiscountMod" => ItemDiscountRet, since 3.0, body);

qb_struct! {
    /// A discount (`ItemDiscountRet`).
    #[derive(Default)]
    pub struct ItemDiscountRet {
        list_id: Option<ListId> = "ListID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        name: Option<String> = "Name" max 31,
        full_name: Option<String> = "FullName" max 159,
        bar_code_value: Option<String> = "BarCodeValue" max 50 since 12.0,
        is_active: Option<bool> = "IsActive",
        class_ref: Option<ListRef> = "ClassRef" max 159 since 12.0,
        parent_ref: Option<ListRef> = "ParentRef",
        sublevel: Option<i64> = "Sublevel",
        item_desc: Option<String> = "ItemDesc" max 4095,
        sales_tax_code_ref: Option<ListRef> = "SalesTaxCodeRef" max 3,
        rate: Option<DiscountRate> = "(choice)",
        account_ref: Option<ListRef> = "AccountRef" max 159,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 8.0,
        data_ext_ret: Vec<DataExtRet> = "DataExtRet" since 2.0,
    }
}

qb_choice! {
    /// What a discount takes off.
    pub enum DiscountRate {
        Amount(Price) = "DiscountRate",
        Percent(Percent) = "DiscountRatePercent",
    }
}

qb_named!(add ItemDiscountAdd; change ItemDiscountMod);
