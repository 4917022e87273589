//! Sales taxes, alone and in groups: what an invoice's `ItemSalesTaxRef` names.

use crate::entity::{BarCode, DataExtRet};
use crate::request::{qb_named, qb_request};
use crate::schema::qb_struct;
use crate::types::{Change, EditSequence, ExternalGuid, ListId, ListRef, Percent, QbDateTime, QbText};

qb_struct! {
    /// A new sales tax (`ItemSalesTaxAdd`).
    pub struct ItemSalesTaxAdd with rules new(name: QbText<31>) {
        name: QbText<31> = "Name",
        bar_code: Option<BarCode> = "BarCode" since 12.0,
        is_active: Option<bool> = "IsActive",
        class_ref: Option<ListRef> = "ClassRef" max 159 since 12.0,
        item_desc: Option<QbText<4095>> = "ItemDesc",
        tax_rate: Option<Percent> = "TaxRate",
        /// The agency it is paid to.
        tax_vendor_ref: Option<ListRef> = "TaxVendorRef" max 41,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 8.0,
    }
}

qb_request!(ItemSalesTaxAdd, "ItemSalesTaxAdd" => ItemSalesTaxRet, since 1.0, body);

qb_struct! {
    /// A changed item (`ItemSalesTaxMod`). Only what is sent changes.
    pub struct ItemSalesTaxMod with rules new(list_id: ListId, edit_sequence: EditSequence) {
        list_id: ListId = "ListID" [record_id],
        edit_sequence: EditSequence = "EditSequence",
        name: Change<QbText<31>> = "Name" [noclear],
        bar_code: Change<BarCode> = "BarCode" since 12.0,
        is_active: Change<bool> = "IsActive",
        class_ref: Change<ListRef> = "ClassRef" max 159 since 12.0,
        item_desc: Change<QbText<4095>> = "ItemDesc",
        tax_rate: Change<Percent> = "TaxRate",
        tax_vendor_ref: Change<ListRef> = "TaxVendorRef" max 41,
    }
}

qb_request!(ItemSalesTaxMod, "ItemSalesTaxMod" => ItemSalesTaxRet, since 3.0, body);

qb_struct! {
    /// A sales tax (`ItemSalesTaxRet`).
    #[derive(Default)]
    pub struct ItemSalesTaxRet {
        list_id: Option<ListId> = "ListID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        name: Option<String> = "Name" max 31,
        bar_code_value: Option<String> = "BarCodeValue" max 50 since 12.0,
        is_active: Option<bool> = "IsActive",
        class_ref: Option<ListRef> = "ClassRef" max 159 since 12.0,
        item_desc: Option<String> = "ItemDesc" max 4095,
        tax_rate: Option<Percent> = "TaxRate",
        tax_vendor_ref: Option<ListRef> = "TaxVendorRef" max 41,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 8.0,
        data_ext_ret: Vec<DataExtRet> = "DataExtRet" since 2.0,
    }
}

qb_struct! {
    /// A new group of sales taxes (`ItemSalesTaxGroupAdd`), at least one.
    pub struct ItemSalesTaxGroupAdd with rules new(name: QbText<31>, item_sales_tax_ref: Vec<ListRef>) {
        name: QbText<31> = "Name",
        bar_code: Option<BarCode> = "BarCode" since 12.0,
        is_active: Option<bool> = "IsActive",
        item_desc: Option<QbText<4095>> = "ItemDesc",
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 8.0,
        item_sales_tax_ref: Vec<ListRef> = "ItemSalesTaxRef" max 31 [required],
    }
}

qb_request!(ItemSalesTaxGroupAdd, "ItemSalesTaxGroupAdd" => ItemSalesTaxGroupRet, since 1.0, body);

qb_struct! {
    /// A changed item (`ItemSalesTaxGroupMod`). Only what is sent changes.
    pub struct ItemSalesTaxGroupMod with rules new(list_id: ListId, edit_sequence: EditSequence) {
        list_id: ListId = "ListID" [record_id],
        edit_sequence: EditSequence = "EditSequence",
        name: Change<QbText<31>> = "Name" [noclear],
        bar_code: Change<BarCode> = "BarCode" since 12.0,
        is_active: Change<bool> = "IsActive",
        item_desc: Change<QbText<4095>> = "ItemDesc",
        /// If any is sent, they replace the ones there (recalled).
        item_sales_tax_ref: Vec<ListRef> = "ItemSalesTaxRef" max 31,
    }
}

qb_request!(ItemSalesTaxGroupMod, "ItemSalesTaxGroupMod" => ItemSalesTaxGroupRet, since 3.0, body);

qb_struct! {
    /// A group of sales taxes (`ItemSalesTaxGroupRet`).
    #[derive(Default)]
    pub struct ItemSalesTaxGroupRet {
        list_id: Option<ListId> = "ListID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        name: Option<String> = "Name" max 31,
        bar_code_value: Option<String> = "BarCodeValue" max 50 since 12.0,
        is_active: Option<bool> = "IsActive",
        item_desc: Option<String> = "ItemDesc" max 4095,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 8.0,
        item_sales_tax_ref: Vec<ListRef> = "ItemSalesTaxRef" max 31,
        data_ext_ret: Vec<DataExtRet> = "DataExtRet" since 2.0,
    }
}

qb_named!(add ItemSalesTaxAdd, ItemSalesTaxGroupAdd; change ItemSalesTaxMod, ItemSalesTaxGroupMod);
