//! Goods that are counted: an asset until sold, then a cost.
//!
//! What was on hand when the item was made is posted as an opening balance; later movements are those of
//! transactions. Only while inventory is switched on; 3250 otherwise.

use super::parts::{BARCODE_GIVEN, CLASSED_FILTERS, DATA_EXT};
use super::rules::item;
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::objects::{Attributes, ListObject, RequestType};
use crate::sim::quickbooks::schema::{
    Node, amount, date, date_time, flag, group, guid, id, integer, number, reference, text,
};
use crate::sim::quickbooks::tables::{INCLUDE, OWNER};
use crate::sim::quickbooks::{list_ops, query};

const QUERY: &[Node] = &[CLASSED_FILTERS, INCLUDE, OWNER];

const ADD: &[Node] = &[
    group(
        "ItemInventoryAdd",
        &[
            text("Name", 31).required(),
            BARCODE_GIVEN,
            flag("IsActive"),
            reference("ClassRef", 159).since(12, 0),
            reference("ParentRef", 0),
            text("ManufacturerPartNumber", 31).since(7, 0),
            reference("UnitOfMeasureSetRef", 31).since(7, 0),
            flag("IsTaxIncluded").since(6, 0).foreign(),
            reference("SalesTaxCodeRef", 3),
            text("SalesDesc", 4095),
            number("SalesPrice"),
            reference("IncomeAccountRef", 159),
            text("PurchaseDesc", 4095),
            number("PurchaseCost"),
            reference("PurchaseTaxCodeRef", 3).since(6, 0).foreign(),
            reference("COGSAccountRef", 159),
            reference("PrefVendorRef", 41),
            reference("AssetAccountRef", 159),
            number("ReorderPoint"),
            number("Max").since(13, 0),
            number("QuantityOnHand"),
            amount("TotalValue"),
            date("InventoryDate"),
            guid("ExternalGUID").since(8, 0),
        ],
    )
    .required(),
    INCLUDE,
];

const MOD: &[Node] = &[
    group(
        "ItemInventoryMod",
        &[
            id("ListID").required(),
            text("EditSequence", 16).required(),
            text("Name", 31),
            BARCODE_GIVEN,
            flag("IsActive"),
            reference("ClassRef", 159).since(12, 0),
            reference("ParentRef", 0),
            text("ManufacturerPartNumber", 31).since(7, 0),
            reference("UnitOfMeasureSetRef", 31).since(7, 0),
            flag("ForceUOMChange").since(7, 0),
            flag("IsTaxIncluded").since(6, 0).foreign(),
            reference("SalesTaxCodeRef", 3),
            text("SalesDesc", 4095),
            number("SalesPrice"),
            reference("IncomeAccountRef", 159).since(7, 0),
            flag("ApplyIncomeAccountRefToExistingTxns").since(7, 0),
            text("PurchaseDesc", 4095),
            number("PurchaseCost"),
            reference("PurchaseTaxCodeRef", 3).since(6, 0).foreign(),
            reference("COGSAccountRef", 159),
            flag("ApplyCOGSAccountRefToExistingTxns").since(8, 0),
            reference("PrefVendorRef", 41),
            reference("AssetAccountRef", 159),
            number("ReorderPoint"),
            number("Max").since(13, 0),
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
    text("FullName", 159),
    text("BarCodeValue", 50).since(12, 0),
    flag("IsActive"),
    reference("ClassRef", 159).since(12, 0),
    reference("ParentRef", 0),
    integer("Sublevel"),
    text("ManufacturerPartNumber", 31).since(7, 0),
    reference("UnitOfMeasureSetRef", 31).since(7, 0),
    flag("IsTaxIncluded").since(6, 0).foreign(),
    reference("SalesTaxCodeRef", 3),
    text("SalesDesc", 4095),
    number("SalesPrice"),
    reference("IncomeAccountRef", 159),
    text("PurchaseDesc", 4095),
    number("PurchaseCost"),
    reference("PurchaseTaxCodeRef", 3).since(6, 0).foreign(),
    reference("COGSAccountRef", 159),
    reference("PrefVendorRef", 41),
    reference("AssetAccountRef", 159),
    number("ReorderPoint"),
    number("Max").since(13, 0),
    number("QuantityOnHand"),
    number("AverageCost"),
    number("QuantityOnOrder"),
    number("QuantityOnSalesOrder").since(2, 0),
    guid("ExternalGUID").since(8, 0),
    DATA_EXT,
];

pub(crate) static OBJECT: ListObject =
    ListObject { needs: |preferences| preferences.inventory, ..item("ItemInventoryRet", RET) };

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("ItemInventoryQuery", QUERY, |call| query::lists(call, &[ListKind::ItemInventory]))
        .with(Attributes::Iterated),
    RequestType::new("ItemInventoryAdd", ADD, |call| list_ops::add(call, ListKind::ItemInventory, ADD)),
    RequestType::new("ItemInventoryMod", MOD, |call| list_ops::modify(call, ListKind::ItemInventory, MOD)),
];
