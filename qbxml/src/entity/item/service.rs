//! Service item: work that is sold, or bought and sold on.

use crate::entity::{BarCode, DataExtRet, SalesSide, SalesSideMod, SalesSideRet};
use crate::request::{qb_named, qb_request};
use crate::schema::qb_struct;
use crate::types::{Change, EditSequence, ExternalGuid, ListId, ListRef, QbDateTime, QbText};

qb_struct! {
    /// A new service (`ItemServiceAdd`).
    pub struct ItemServiceAdd with rules new(name: QbText<31>, sides: SalesSide) {
        name: QbText<31> = "Name",
        bar_code: Option<BarCode> = "BarCode" since 12.0,
        is_active: Option<bool> = "IsActive",
        class_ref: Option<ListRef> = "ClassRef" max 159 since 12.0,
        parent_ref: Option<ListRef> = "ParentRef",
        unit_of_measure_set_ref: Option<ListRef> = "UnitOfMeasureSetRef" max 31 since 7.0,
        sales_tax_code_ref: Option<ListRef> = "SalesTaxCodeRef" max 3,
        /// Which sides it has: cannot be changed later.
        sides: SalesSide = "(choice)",
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 8.0,
    }
}

qb_request!(ItemServiceAdd, "ItemServiceAdd" => ItemServiceRet, since 1.0, body);

qb_struct! {
    /// A changed item (`ItemServiceMod`). Only what is sent changes.
    pub struct ItemServiceMod with rules new(list_id: ListId, edit_sequence: EditSequence) {
        list_id: ListId = "ListID" [record_id],
        edit_sequence: EditSequence = "EditSequence",
        name: Change<QbText<31>> = "Name" [noclear],
        bar_code: Change<BarCode> = "BarCode" since 12.0,
        is_active: Change<bool> = "IsActive",
        class_ref: Change<ListRef> = "ClassRef" max 159 since 12.0,
        parent_ref: Change<ListRef> = "ParentRef",
        unit_of_measure_set_ref: Change<ListRef> = "UnitOfMeasureSetRef" max 31 since 7.0,
        force_uom_change: Change<bool> = "ForceUOMChange" since 7.0,
        sales_tax_code_ref: Change<ListRef> = "SalesTaxCodeRef" max 3,
        /// Of the kind it has: one kind cannot become the other (vendor documentation).
        sides: Option<SalesSideMod> = "(choice)",
    }
}

qb_request!(ItemServiceMod, "ItemServiceMod" => ItemServiceRet, since 1.0, body);

qb_struct! {
    /// A service (`ItemServiceRet`).
    #[derive(Default)]
    pub struct ItemServiceRet {
        list_id: Option<ListId> = "ListID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        name: Option<String> = "Name" max 31,
        /// With its ancestors: `Parent:Child`.
        full_name: Option<String> = "FullName" max 159,
        bar_code_value: Option<String> = "BarCodeValue" max 50 since 12.0,
        is_active: Option<bool> = "IsActive",
        class_ref: Option<ListRef> = "ClassRef" max 159 since 12.0,
        parent_ref: Option<ListRef> = "ParentRef",
        sublevel: Option<i64> = "Sublevel",
        unit_of_measure_set_ref: Option<ListRef> = "UnitOfMeasureSetRef" max 31 since 7.0,
        sales_tax_code_ref: Option<ListRef> = "SalesTaxCodeRef" max 3,
        sides: Option<SalesSideRet> = "(choice)",
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 8.0,
        data_ext_ret: Vec<DataExtRet> = "DataExtRet" since 2.0,
    }
}

qb_named!(add ItemServiceAdd; change ItemServiceMod);
