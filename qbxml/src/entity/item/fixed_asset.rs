//! Fixed asset item: a thing that is owned and depreciated. It has no parent and no full name.

use crate::entity::{BarCode, DataExtRet};
use crate::request::{qb_named, qb_request};
use crate::schema::qb_struct;
use crate::types::{
    AcquiredAs, Amount, Change, EditSequence, ExternalGuid, ListId, ListRef, Price, QbDate, QbDateTime, QbText,
};

qb_struct! {
    /// A new fixed asset (`ItemFixedAssetAdd`).
    pub struct ItemFixedAssetAdd with rules
        new(name: QbText<31>, acquired_as: AcquiredAs, purchase_desc: QbText<50>, purchase_date: QbDate)
    {
        name: QbText<31> = "Name",
        bar_code: Option<BarCode> = "BarCode" since 12.0,
        is_active: Option<bool> = "IsActive",
        class_ref: Option<ListRef> = "ClassRef" max 159 since 12.0,
        acquired_as: AcquiredAs = "AcquiredAs",
        purchase_desc: QbText<50> = "PurchaseDesc",
        purchase_date: QbDate = "PurchaseDate",
        purchase_cost: Option<Price> = "PurchaseCost",
        vendor_or_payee_name: Option<QbText<50>> = "VendorOrPayeeName",
        asset_account_ref: Option<ListRef> = "AssetAccountRef" max 159,
        fixed_asset_sales_info: Option<FixedAssetSalesInfo> = "FixedAssetSalesInfo",
        asset_desc: Option<QbText<50>> = "AssetDesc",
        location: Option<QbText<50>> = "Location",
        po_number: Option<QbText<30>> = "PONumber",
        serial_number: Option<QbText<30>> = "SerialNumber",
        warranty_exp_date: Option<QbDate> = "WarrantyExpDate",
        notes: Option<QbText<4095>> = "Notes",
        asset_number: Option<QbText<10>> = "AssetNumber",
        cost_basis: Option<Amount> = "CostBasis",
        year_end_accumulated_depreciation: Option<Amount> = "YearEndAccumulatedDepreciation",
        year_end_book_value: Option<Amount> = "YearEndBookValue",
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 8.0,
    }
}

qb_request!(ItemFixedAssetAdd, "ItemFixedAssetAdd" => ItemFixedAssetRet, since 3.0, body);

qb_struct! {
    /// A changed item (`ItemFixedAssetMod`). Only what is sent changes.
    pub struct ItemFixedAssetMod with rules new(list_id: ListId, edit_sequence: EditSequence) {
        list_id: ListId = "ListID" [record_id],
        edit_sequence: EditSequence = "EditSequence",
        name: Change<QbText<31>> = "Name" [noclear],
        bar_code: Change<BarCode> = "BarCode" since 12.0,
        is_active: Change<bool> = "IsActive",
        class_ref: Change<ListRef> = "ClassRef" max 159 since 12.0,
        acquired_as: Change<AcquiredAs> = "AcquiredAs",
        purchase_desc: Change<QbText<50>> = "PurchaseDesc",
        purchase_date: Change<QbDate> = "PurchaseDate",
        purchase_cost: Change<Price> = "PurchaseCost",
        vendor_or_payee_name: Change<QbText<50>> = "VendorOrPayeeName",
        asset_account_ref: Change<ListRef> = "AssetAccountRef" max 159,
        fixed_asset_sales_info_mod: Change<FixedAssetSalesInfoMod> = "FixedAssetSalesInfoMod",
        asset_desc: Change<QbText<50>> = "AssetDesc",
        location: Change<QbText<50>> = "Location",
        po_number: Change<QbText<30>> = "PONumber",
        serial_number: Change<QbText<30>> = "SerialNumber",
        warranty_exp_date: Change<QbDate> = "WarrantyExpDate",
        notes: Change<QbText<4095>> = "Notes",
        asset_number: Change<QbText<10>> = "AssetNumber",
        cost_basis: Change<Amount> = "CostBasis",
        year_end_accumulated_depreciation: Change<Amount> = "YearEndAccumulatedDepreciation",
        year_end_book_value: Change<Amount> = "YearEndBookValue",
    }
}

qb_request!(ItemFixedAssetMod, "ItemFixedAssetMod" => ItemFixedAssetRet, since 3.0, body);

qb_struct! {
    /// A fixed asset (`ItemFixedAssetRet`).
    #[derive(Default)]
    pub struct ItemFixedAssetRet {
        list_id: Option<ListId> = "ListID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        name: Option<String> = "Name" max 31,
        bar_code_value: Option<String> = "BarCodeValue" max 50 since 12.0,
        is_active: Option<bool> = "IsActive",
        class_ref: Option<ListRef> = "ClassRef" max 159 since 12.0,
        acquired_as: Option<AcquiredAs> = "AcquiredAs",
        purchase_desc: Option<String> = "PurchaseDesc" max 50,
        purchase_date: Option<QbDate> = "PurchaseDate",
        purchase_cost: Option<Price> = "PurchaseCost",
        vendor_or_payee_name: Option<String> = "VendorOrPayeeName" max 50,
        asset_account_ref: Option<ListRef> = "AssetAccountRef" max 159,
        fixed_asset_sales_info: Option<FixedAssetSalesInfoRet> = "FixedAssetSalesInfo",
        asset_desc: Option<String> = "AssetDesc" max 50,
        location: Option<String> = "Location" max 50,
        po_number: Option<String> = "PONumber" max 30,
        serial_number: Option<String> = "SerialNumber" max 30,
        warranty_exp_date: Option<QbDate> = "WarrantyExpDate",
        notes: Option<String> = "Notes" max 4095,
        asset_number: Option<String> = "AssetNumber" max 10,
        cost_basis: Option<Amount> = "CostBasis",
        year_end_accumulated_depreciation: Option<Amount> = "YearEndAccumulatedDepreciation",
        year_end_book_value: Option<Amount> = "YearEndBookValue",
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 8.0,
        data_ext_ret: Vec<DataExtRet> = "DataExtRet",
    }
}

qb_struct! {
    /// How an asset was sold (`FixedAssetSalesInfo`).
    pub struct FixedAssetSalesInfo new(sales_desc: QbText<50>, sales_date: QbDate) {
        sales_desc: QbText<50> = "SalesDesc",
        sales_date: QbDate = "SalesDate",
        sales_price: Option<Price> = "SalesPrice",
        sales_expense: Option<Price> = "SalesExpense",
    }
}

qb_struct! {
    /// How an asset was sold, changed (`FixedAssetSalesInfoMod`).
    #[derive(Default)]
    pub struct FixedAssetSalesInfoMod {
        sales_desc: Change<QbText<50>> = "SalesDesc",
        sales_date: Change<QbDate> = "SalesDate",
        sales_price: Change<Price> = "SalesPrice",
        sales_expense: Change<Price> = "SalesExpense",
    }
}

qb_struct! {
    /// How an asset was sold, as QuickBooks returns it (`FixedAssetSalesInfo`).
    #[derive(Default)]
    pub struct FixedAssetSalesInfoRet {
        sales_desc: Option<String> = "SalesDesc" max 50,
        sales_date: Option<QbDate> = "SalesDate",
        sales_price: Option<Price> = "SalesPrice",
        sales_expense: Option<Price> = "SalesExpense",
    }
}

qb_named!(add ItemFixedAssetAdd; change ItemFixedAssetMod);
