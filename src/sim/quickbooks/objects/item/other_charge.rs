//! Freight, fees, finance charges: what is neither work nor goods.
//!
//! The same two forms as a service, and the price may be a percentage of the line above.

use super::parts::{BARCODE_GIVEN, CLASSED_FILTERS, DATA_EXT, SIDES, SIDES_MOD, SPECIAL_ITEM};
use super::rules::item;
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::objects::{Attributes, ListObject, RequestType};
use crate::sim::quickbooks::schema::{Node, date_time, flag, group, guid, id, integer, reference, text, word};
use crate::sim::quickbooks::tables::{INCLUDE, OWNER};
use crate::sim::quickbooks::{list_ops, query};

const QUERY: &[Node] = &[CLASSED_FILTERS, INCLUDE, OWNER];

const ADD: &[Node] = &[
    group(
        "ItemOtherChargeAdd",
        &[
            text("Name", 31).required(),
            BARCODE_GIVEN,
            flag("IsActive"),
            reference("ClassRef", 159).since(12, 0),
            reference("ParentRef", 0),
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
        "ItemOtherChargeMod",
        &[
            id("ListID").required(),
            text("EditSequence", 16).required(),
            text("Name", 31),
            BARCODE_GIVEN,
            flag("IsActive"),
            reference("ClassRef", 159).since(12, 0),
            reference("ParentRef", 0),
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
    flag("IsTaxIncluded").since(6, 0).foreign(),
    reference("SalesTaxCodeRef", 3),
    SIDES.optional(),
    word("SpecialItemType", SPECIAL_ITEM).since(6, 0),
    guid("ExternalGUID").since(8, 0),
    DATA_EXT,
];

pub(crate) static OBJECT: ListObject = item("ItemOtherChargeRet", RET);

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("ItemOtherChargeQuery", QUERY, |call| query::lists(call, &[ListKind::ItemOtherCharge]))
        .with(Attributes::Iterated),
    RequestType::new("ItemOtherChargeAdd", ADD, |call| list_ops::add(call, ListKind::ItemOtherCharge, ADD)),
    RequestType::new("ItemOtherChargeMod", MOD, |call| list_ops::modify(call, ListKind::ItemOtherCharge, MOD))
        .since(3, 0),
];
