//! Lines that add up those above.

use super::parts::{BARCODE_GIVEN, DATA_EXT, SPECIAL_ITEM};
use super::rules::item;
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::objects::{Attributes, ListObject, RequestType};
use crate::sim::quickbooks::schema::{Node, date_time, flag, group, guid, id, text, word};
use crate::sim::quickbooks::tables::{INCLUDE, LIST_FILTERS, OWNER};
use crate::sim::quickbooks::{list_ops, query};

const QUERY: &[Node] = &[LIST_FILTERS, INCLUDE, OWNER];

const ADD: &[Node] = &[
    group(
        "ItemSubtotalAdd",
        &[
            text("Name", 31).required(),
            BARCODE_GIVEN,
            flag("IsActive"),
            text("ItemDesc", 4095),
            guid("ExternalGUID").since(8, 0),
        ],
    )
    .required(),
    INCLUDE,
];

const MOD: &[Node] = &[
    group(
        "ItemSubtotalMod",
        &[
            id("ListID").required(),
            text("EditSequence", 16).required(),
            text("Name", 31),
            BARCODE_GIVEN,
            flag("IsActive"),
            text("ItemDesc", 4095),
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
    text("ItemDesc", 0),
    word("SpecialItemType", SPECIAL_ITEM).since(6, 0),
    guid("ExternalGUID").since(8, 0),
    DATA_EXT,
];

pub(crate) static OBJECT: ListObject = item("ItemSubtotalRet", RET);

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("ItemSubtotalQuery", QUERY, |call| query::lists(call, &[ListKind::ItemSubtotal]))
        .with(Attributes::Iterated),
    RequestType::new("ItemSubtotalAdd", ADD, |call| list_ops::add(call, ListKind::ItemSubtotal, ADD)),
    RequestType::new("ItemSubtotalMod", MOD, |call| list_ops::modify(call, ListKind::ItemSubtotal, MOD)).since(3, 0),
];
