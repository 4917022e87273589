//! Things the company keeps: bought once, sold perhaps.

use super::parts::{ACQUIRED_AS, BARCODE_GIVEN, CLASSED_FILTERS, DATA_EXT, SALE};
use super::rules::item;
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::objects::{Attributes, ListObject, RequestType};
use crate::sim::quickbooks::schema::{
    Node, amount, date, date_time, flag, group, guid, id, number, reference, text, word,
};
use crate::sim::quickbooks::tables::{INCLUDE, OWNER};
use crate::sim::quickbooks::{list_ops, query};

const QUERY: &[Node] = &[CLASSED_FILTERS, INCLUDE, OWNER];

const ADD: &[Node] = &[
    group(
        "ItemFixedAssetAdd",
        &[
            text("Name", 31).required(),
            BARCODE_GIVEN,
            flag("IsActive"),
            reference("ClassRef", 159).since(12, 0),
            word("AcquiredAs", ACQUIRED_AS).required(),
            text("PurchaseDesc", 50).required(),
            date("PurchaseDate").required(),
            number("PurchaseCost"),
            text("VendorOrPayeeName", 50),
            reference("AssetAccountRef", 159),
            group("FixedAssetSalesInfo", SALE),
            text("AssetDesc", 50),
            text("Location", 50),
            text("PONumber", 30),
            text("SerialNumber", 30),
            date("WarrantyExpDate"),
            text("Notes", 4095),
            text("AssetNumber", 10),
            amount("CostBasis"),
            amount("YearEndAccumulatedDepreciation"),
            amount("YearEndBookValue"),
            guid("ExternalGUID").since(8, 0),
        ],
    )
    .required(),
    INCLUDE,
];

const MOD: &[Node] = &[
    group(
        "ItemFixedAssetMod",
        &[
            id("ListID").required(),
            text("EditSequence", 16).required(),
            text("Name", 31),
            BARCODE_GIVEN,
            flag("IsActive"),
            reference("ClassRef", 159).since(12, 0),
            word("AcquiredAs", ACQUIRED_AS),
            text("PurchaseDesc", 50),
            date("PurchaseDate"),
            number("PurchaseCost"),
            text("VendorOrPayeeName", 50),
            reference("AssetAccountRef", 159),
            group(
                "FixedAssetSalesInfoMod",
                &[text("SalesDesc", 50), date("SalesDate"), number("SalesPrice"), number("SalesExpense")],
            ),
            text("AssetDesc", 50),
            text("Location", 50),
            text("PONumber", 30),
            text("SerialNumber", 30),
            date("WarrantyExpDate"),
            text("Notes", 4095),
            text("AssetNumber", 10),
            amount("CostBasis"),
            amount("YearEndAccumulatedDepreciation"),
            amount("YearEndBookValue"),
        ],
    )
    .required(),
    INCLUDE,
];

const RET: &[Node] = &[
    id("ListID"),
    date_time("TimeCreated"),
    date_time("TimeModified"),
    text("EditSequence", 16),
    text("Name", 31),
    text("BarCodeValue", 50).since(12, 0),
    flag("IsActive"),
    reference("ClassRef", 159).since(12, 0),
    word("AcquiredAs", ACQUIRED_AS),
    text("PurchaseDesc", 50),
    date("PurchaseDate"),
    number("PurchaseCost"),
    text("VendorOrPayeeName", 50),
    reference("AssetAccountRef", 159),
    group("FixedAssetSalesInfo", SALE),
    text("AssetDesc", 50),
    text("Location", 50),
    text("PONumber", 30),
    text("SerialNumber", 30),
    date("WarrantyExpDate"),
    text("Notes", 4095),
    text("AssetNumber", 10),
    amount("CostBasis"),
    amount("YearEndAccumulatedDepreciation"),
    amount("YearEndBookValue"),
    guid("ExternalGUID").since(8, 0),
    DATA_EXT,
];

pub(crate) static OBJECT: ListObject = item("ItemFixedAssetRet", RET);

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("ItemFixedAssetQuery", QUERY, |call| query::lists(call, &[ListKind::ItemFixedAsset]))
        .with(Attributes::Iterated)
        .since(3, 0),
    RequestType::new("ItemFixedAssetAdd", ADD, |call| list_ops::add(call, ListKind::ItemFixedAsset, ADD)).since(3, 0),
    RequestType::new("ItemFixedAssetMod", MOD, |call| list_ops::modify(call, ListKind::ItemFixedAsset, MOD))
        .since(3, 0),
];
