//! Several items, sold as one. A group holds no other group.

use super::parts::{BARCODE_GIVEN, DATA_EXT, GROUP_LINE, SPECIAL_ITEM};
use super::rules::item;
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::objects::{Attributes, ListObject, RequestType};
use crate::sim::quickbooks::schema::{Node, date_time, flag, group, guid, id, one_of, reference, text, word};
use crate::sim::quickbooks::tables::{INCLUDE, LIST_FILTERS, OWNER};
use crate::sim::quickbooks::{list_ops, query};

const QUERY: &[Node] = &[LIST_FILTERS, INCLUDE, OWNER];

const ADD: &[Node] = &[
    group(
        "ItemGroupAdd",
        &[
            text("Name", 31).required(),
            BARCODE_GIVEN,
            flag("IsActive"),
            text("ItemDesc", 4095),
            reference("UnitOfMeasureSetRef", 31).since(7, 0),
            flag("IsPrintItemsInGroup"),
            guid("ExternalGUID").since(8, 0),
            group("ItemGroupLine", GROUP_LINE).many(),
        ],
    )
    .required(),
    INCLUDE,
];

const MOD: &[Node] = &[
    group(
        "ItemGroupMod",
        &[
            id("ListID").required(),
            text("EditSequence", 16).required(),
            text("Name", 31),
            BARCODE_GIVEN,
            flag("IsActive"),
            text("ItemDesc", 4095),
            reference("UnitOfMeasureSetRef", 31).since(7, 0),
            flag("ForceUOMChange").since(7, 0),
            flag("IsPrintItemsInGroup"),
            one_of(&[&[flag("ClearItemsInGroup").required()], &[group("ItemGroupLine", GROUP_LINE).required().many()]])
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
    text("BarCodeValue", 50).since(12, 0),
    flag("IsActive"),
    text("ItemDesc", 4095),
    reference("UnitOfMeasureSetRef", 31).since(7, 0),
    flag("IsPrintItemsInGroup"),
    word("SpecialItemType", SPECIAL_ITEM).since(6, 0),
    guid("ExternalGUID").since(8, 0),
    group("ItemGroupLine", GROUP_LINE).many(),
    DATA_EXT,
];

pub(crate) static OBJECT: ListObject = item("ItemGroupRet", RET);

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("ItemGroupQuery", QUERY, |call| query::lists(call, &[ListKind::ItemGroup]))
        .with(Attributes::Iterated),
    RequestType::new("ItemGroupAdd", ADD, |call| list_ops::add(call, ListKind::ItemGroup, ADD)),
    RequestType::new("ItemGroupMod", MOD, |call| list_ops::modify(call, ListKind::ItemGroup, MOD)).since(3, 0),
];
