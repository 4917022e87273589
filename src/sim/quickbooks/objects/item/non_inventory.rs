//! Goods that are sold or bought and not counted.
//!
//! The same two forms as a service; see [`super::rules`].

use super::parts::{BARCODE_GIVEN, CLASSED_FILTERS, DATA_EXT, SIDES, SIDES_MOD};
use super::rules::item;
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::objects::{Attributes, ListObject, RequestType};
use crate::sim::quickbooks::schema::{Node, date_time, flag, group, guid, id, integer, reference, text};
use crate::sim::quickbooks::tables::{INCLUDE, OWNER};
use crate::sim::quickbooks::{list_ops, query};

const QUERY: &[Node] = &[CLASSED_FILTERS, INCLUDE, OWNER];

const ADD: &[Node] = &[
    group(
        "ItemNonInventoryAdd",
        &[
            text("Name", 31).required(),
            BARCODE_GIVEN,
            flag("IsActive"),
            reference("ParentRef", 0),
            reference("ClassRef", 159).since(12, 0),
            text("ManufacturerPartNumber", 31).since(7, 0),
            reference("UnitOfMeasureSetRef", 31).since(7, 0),
            flag("IsTaxIncluded").since(6, 0).foreign(),
            reference("SalesTaxCodeRef", 3),
            SIDES,
            guid("ExternalGUID").since(8, 0),
        ],
    )
    .required(),
    INCLUDE,
];

const MOD: &[Node] = &[
    group(
        "ItemNonInventoryMod",
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
            SIDES_MOD.optional(),
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
    SIDES.optional(),
    guid("ExternalGUID").since(8, 0),
    DATA_EXT,
];

pub(crate) static OBJECT: ListObject = item("ItemNonInventoryRet", RET);

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("ItemNonInventoryQuery", QUERY, |call| query::lists(call, &[ListKind::ItemNonInventory]))
        .with(Attributes::Iterated),
    RequestType::new("ItemNonInventoryAdd", ADD, |call| list_ops::add(call, ListKind::ItemNonInventory, ADD)),
    RequestType::new("ItemNonInventoryMod", MOD, |call| list_ops::modify(call, ListKind::ItemNonInventory, MOD)),
];
