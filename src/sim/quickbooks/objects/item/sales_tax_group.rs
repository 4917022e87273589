//! Several sales taxes, charged as one. Only while sales tax is switched on; 3250 otherwise.

use super::parts::{BARCODE_GIVEN, DATA_EXT};
use super::rules::item;
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::objects::{Attributes, ListObject, RequestType};
use crate::sim::quickbooks::schema::{Node, date_time, flag, group, guid, id, reference, text};
use crate::sim::quickbooks::tables::{INCLUDE, LIST_FILTERS, OWNER};
use crate::sim::quickbooks::{list_ops, query};

const QUERY: &[Node] = &[LIST_FILTERS, INCLUDE, OWNER];

const ADD: &[Node] = &[
    group(
        "ItemSalesTaxGroupAdd",
        &[
            text("Name", 31).required(),
            BARCODE_GIVEN,
            flag("IsActive"),
            text("ItemDesc", 4095),
            guid("ExternalGUID").since(8, 0),
            reference("ItemSalesTaxRef", 31).required().many(),
        ],
    )
    .required(),
    INCLUDE,
];

const MOD: &[Node] = &[
    group(
        "ItemSalesTaxGroupMod",
        &[
            id("ListID").required(),
            text("EditSequence", 16).required(),
            text("Name", 31),
            BARCODE_GIVEN,
            flag("IsActive"),
            text("ItemDesc", 4095),
            reference("ItemSalesTaxRef", 31).many(),
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
    guid("ExternalGUID").since(8, 0),
    reference("ItemSalesTaxRef", 31).many(),
    DATA_EXT,
];

pub(crate) static OBJECT: ListObject =
    ListObject { needs: |preferences| preferences.sales_tax, ..item("ItemSalesTaxGroupRet", RET) };

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("ItemSalesTaxGroupQuery", QUERY, |call| query::lists(call, &[ListKind::ItemSalesTaxGroup]))
        .with(Attributes::Iterated),
    RequestType::new("ItemSalesTaxGroupAdd", ADD, |call| list_ops::add(call, ListKind::ItemSalesTaxGroup, ADD)),
    RequestType::new("ItemSalesTaxGroupMod", MOD, |call| list_ops::modify(call, ListKind::ItemSalesTaxGroup, MOD))
        .since(3, 0),
];
