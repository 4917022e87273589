//! Goods that are put together from others.
//!
//! Counted like other goods; the lines say what one of it is made of, and may not lead back to it.

use super::parts::{ASSEMBLY_LINE, BARCODE_GIVEN, CLASSED_FILTERS, DATA_EXT};
use super::rules::item;
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::objects::{Attributes, ListObject, RequestType};
use crate::sim::quickbooks::schema::{
    Node, amount, date, date_time, flag, group, guid, id, integer, number, one_of, reference, text,
};
use crate::sim::quickbooks::tables::{INCLUDE, OWNER};
use crate::sim::quickbooks::{list_ops, query};

const QUERY: &[Node] = &[CLASSED_FILTERS, INCLUDE, OWNER];

const ADD: &[Node] = &[
    group(
        "ItemInventoryAssemblyAdd",
        &[
            text("Name", 31).required(),
            BARCODE_GIVEN,
            flag("IsActive"),
            reference("ClassRef", 159).since(12, 0),
            reference("ParentRef", 0),
            text("ManufacturerPartNumber", 31).since(12, 0),
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
            number("BuildPoint"),
            number("Max").since(13, 0),
            number("QuantityOnHand"),
            amount("TotalValue"),
            date("InventoryDate"),
            guid("ExternalGUID").since(8, 0),
            group("ItemInventoryAssemblyLine", ASSEMBLY_LINE).many(),
        ],
    )
    .required(),
    INCLUDE,
];

const MOD: &[Node] = &[
    group(
        "ItemInventoryAssemblyMod",
        &[
            id("ListID").required(),
            text("EditSequence", 16).required(),
            text("Name", 31),
            BARCODE_GIVEN,
            flag("IsActive"),
            reference("ClassRef", 159).since(12, 0),
            reference("ParentRef", 0),
            text("ManufacturerPartNumber", 31).since(12, 0),
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
            reference("PrefVendorRef", 41),
            reference("AssetAccountRef", 159),
            number("BuildPoint"),
            number("Max").since(13, 0),
            one_of(&[
                &[flag("ClearItemsInGroup").required()],
                &[group("ItemInventoryAssemblyLine", ASSEMBLY_LINE).required().many()],
            ])
            .optional(),
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
    text("ManufacturerPartNumber", 31).since(12, 0),
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
    number("BuildPoint"),
    number("Max").since(13, 0),
    number("QuantityOnHand"),
    number("AverageCost"),
    number("QuantityOnOrder"),
    number("QuantityOnSalesOrder"),
    guid("ExternalGUID").since(8, 0),
    group("ItemInventoryAssemblyLine", ASSEMBLY_LINE).many(),
    DATA_EXT,
];

pub(crate) static OBJECT: ListObject =
    ListObject { needs: |preferences| preferences.inventory, ..item("ItemInventoryAssemblyRet", RET) };

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("ItemInventoryAssemblyQuery", QUERY, |call| {
        query::lists(call, &[ListKind::ItemInventoryAssembly])
    })
    .with(Attributes::Iterated)
    .since(2, 0),
    RequestType::new("ItemInventoryAssemblyAdd", ADD, |call| list_ops::add(call, ListKind::ItemInventoryAssembly, ADD))
        .since(2, 0),
    RequestType::new("ItemInventoryAssemblyMod", MOD, |call| {
        list_ops::modify(call, ListKind::ItemInventoryAssembly, MOD)
    })
    .since(3, 0),
];
