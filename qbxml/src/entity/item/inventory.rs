//! Inventory part: goods counted in stock.
//!
//! In practice QuickBooks wants all three accounts (income, cost of goods sold, asset; recalled). A
//! quantity on hand in an Add makes an inventory adjustment: leave it out.

use crate::entity::{BarCode, DataExtRet};
use crate::request::{qb_named, qb_request};
use crate::schema::qb_struct;
use crate::types::{
    Amount, Change, EditSequence, ExternalGuid, ListId, ListRef, Price, QbDate, QbDateTime, QbText, Quantity,
};

qb_struct! {
    /// A new inventory part (`ItemInventoryAdd`).
    pub struct ItemInventoryAdd with rules new(name: QbText<31>) {
        name: QbText<31> = "Name",
        bar_code: Option<BarCode> = "BarCode" since 12.0,
        is_active: Option<bool> = "IsActive",
        class_ref: Option<ListRef> = "ClassRef" max 159 since 12.0,
        parent_ref: Option<ListRef> = "ParentRef",
        manufacturer_part_number: Option<QbText<31>> = "ManufacturerPartNumber" since 7.0,
        unit_of_measure_set_ref: Option<ListRef> = "UnitOfMeasureSetRef" max 31 since 7.0,
        sales_tax_code_ref: Option<ListRef> = "SalesTaxCodeRef" max 3,
        sales_desc: Option<QbText<4095>> = "SalesDesc",
        sales_price: Option<Price> = "SalesPrice",
        income_account_ref: Option<ListRef> = "IncomeAccountRef" max 159,
        purchase_desc: Option<QbText<4095>> = "PurchaseDesc",
        purchase_cost: Option<Price> = "PurchaseCost",
        cogs_account_ref: Option<ListRef> = "COGSAccountRef" max 159,
        pref_vendor_ref: Option<ListRef> = "PrefVendorRef" max 41,
        asset_account_ref: Option<ListRef> = "AssetAccountRef" max 159,
        reorder_point: Option<Quantity> = "ReorderPoint",
        max: Option<Quantity> = "Max" since 13.0,
        /// Creates a transaction; leave it out.
        quantity_on_hand: Option<Quantity> = "QuantityOnHand",
        /// Of the quantity on hand.
        total_value: Option<Amount> = "TotalValue",
        inventory_date: Option<QbDate> = "InventoryDate",
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 8.0,
    }
}

qb_request!(ItemInventoryAdd, "ItemInventoryAdd" => ItemInventoryRet, since 1.0, body);

qb_struct! {
    /// A changed item (`ItemInventoryMod`). Only what is sent changes.
    pub struct ItemInventoryMod with rules new(list_id: ListId, edit_sequence: EditSequence) {
        list_id: ListId = "ListID" [record_id],
        edit_sequence: EditSequence = "EditSequence",
        name: Change<QbText<31>> = "Name" [noclear],
        bar_code: Change<BarCode> = "BarCode" since 12.0,
        is_active: Change<bool> = "IsActive",
        class_ref: Change<ListRef> = "ClassRef" max 159 since 12.0,
        parent_ref: Change<ListRef> = "ParentRef",
        manufacturer_part_number: Change<QbText<31>> = "ManufacturerPartNumber" since 7.0,
        unit_of_measure_set_ref: Change<ListRef> = "UnitOfMeasureSetRef" max 31 since 7.0,
        force_uom_change: Change<bool> = "ForceUOMChange" since 7.0,
        sales_tax_code_ref: Change<ListRef> = "SalesTaxCodeRef" max 3,
        sales_desc: Change<QbText<4095>> = "SalesDesc",
        sales_price: Change<Price> = "SalesPrice",
        income_account_ref: Change<ListRef> = "IncomeAccountRef" max 159 since 7.0,
        apply_income_account_ref_to_existing_txns: Change<bool> = "ApplyIncomeAccountRefToExistingTxns" since 7.0,
        purchase_desc: Change<QbText<4095>> = "PurchaseDesc",
        purchase_cost: Change<Price> = "PurchaseCost",
        cogs_account_ref: Change<ListRef> = "COGSAccountRef" max 159,
        apply_cogs_account_ref_to_existing_txns: Change<bool> = "ApplyCOGSAccountRefToExistingTxns" since 8.0,
        pref_vendor_ref: Change<ListRef> = "PrefVendorRef" max 41,
        asset_account_ref: Change<ListRef> = "AssetAccountRef" max 159,
        reorder_point: Change<Quantity> = "ReorderPoint",
        max: Change<Quantity> = "Max" since 13.0,
    }
}

qb_request!(ItemInventoryMod, "ItemInventoryMod" => ItemInventoryRet, since 1.0, body);

qb_struct! {
    /// An inventory part (`ItemInventoryRet`).
    #[derive(Default)]
    pub struct ItemInventoryRet {
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
        manufacturer_part_number: Option<String> = "ManufacturerPartNumber" max 31 since 7.0,
        unit_of_measure_set_ref: Option<ListRef> = "UnitOfMeasureSetRef" max 31 since 7.0,
        sales_tax_code_ref: Option<ListRef> = "SalesTaxCodeRef" max 3,
        sales_desc: Option<String> = "SalesDesc" max 4095,
        sales_price: Option<Price> = "SalesPrice",
        income_account_ref: Option<ListRef> = "IncomeAccountRef" max 159,
        purchase_desc: Option<String> = "PurchaseDesc" max 4095,
        purchase_cost: Option<Price> = "PurchaseCost",
        cogs_account_ref: Option<ListRef> = "COGSAccountRef" max 159,
        pref_vendor_ref: Option<ListRef> = "PrefVendorRef" max 41,
        asset_account_ref: Option<ListRef> = "AssetAccountRef" max 159,
        reorder_point: Option<Quantity> = "ReorderPoint",
        max: Option<Quantity> = "Max" since 13.0,
        quantity_on_hand: Option<Quantity> = "QuantityOnHand",
        average_cost: Option<Price> = "AverageCost",
        quantity_on_order: Option<Quantity> = "QuantityOnOrder",
        quantity_on_sales_order: Option<Quantity> = "QuantityOnSalesOrder" since 2.0,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 8.0,
        data_ext_ret: Vec<DataExtRet> = "DataExtRet" since 2.0,
    }
}

qb_named!(add ItemInventoryAdd; change ItemInventoryMod);
