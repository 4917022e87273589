//! Services: work that is sold, bought, or both.
//!
//! Which of the two it is was decided when it was made and stays so; see [`super::rules`].

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
        "ItemServiceAdd",
        &[
            text("Name", 31).required(),
            BARCODE_GIVEN,
            flag("IsActive"),
            reference("ClassRef", 159).since(12, 0),
            reference("ParentRef", 0),
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
        "ItemServiceMod",
        &[
            id("ListID").required(),
            text("EditSequence", 16).required(),
            text("Name", 31),
            BARCODE_GIVEN,
            flag("IsActive"),
            reference("ClassRef", 159).since(12, 0),
            reference("ParentRef", 0),
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
    reference("UnitOfMeasureSetRef", 31).since(7, 0),
    flag("IsTaxIncluded").since(6, 0).foreign(),
    reference("SalesTaxCodeRef", 3),
    SIDES.optional(),
    guid("ExternalGUID").since(8, 0),
    DATA_EXT,
];

pub(crate) static OBJECT: ListObject = item("ItemServiceRet", RET);

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("ItemServiceQuery", QUERY, |call| query::lists(call, &[ListKind::ItemService]))
        .with(Attributes::Iterated),
    RequestType::new("ItemServiceAdd", ADD, |call| list_ops::add(call, ListKind::ItemService, ADD)),
    RequestType::new("ItemServiceMod", MOD, |call| list_ops::modify(call, ListKind::ItemService, MOD)),
];
