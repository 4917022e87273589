//! Lines that take an amount or a percentage off, but not both.

use super::parts::{BARCODE_GIVEN, CLASSED_FILTERS, DATA_EXT};
use super::rules::item;
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::objects::{Attributes, ListObject, RequestType};
use crate::sim::quickbooks::schema::{
    Node, date_time, flag, group, guid, id, integer, number, one_of, reference, text,
};
use crate::sim::quickbooks::tables::{INCLUDE, OWNER};
use crate::sim::quickbooks::{list_ops, query};

const QUERY: &[Node] = &[CLASSED_FILTERS, INCLUDE, OWNER];

const ADD: &[Node] = &[
    group(
        "ItemDiscountAdd",
        &[
            text("Name", 31).required(),
            BARCODE_GIVEN,
            flag("IsActive"),
            reference("ClassRef", 159).since(12, 0),
            reference("ParentRef", 0),
            text("ItemDesc", 4095),
            reference("SalesTaxCodeRef", 3),
            one_of(&[&[number("DiscountRate").required()], &[number("DiscountRatePercent").required()]]).optional(),
            reference("AccountRef", 159),
            guid("ExternalGUID").since(8, 0),
        ],
    )
    .required(),
    INCLUDE,
];

const MOD: &[Node] = &[
    group(
        "ItemDiscountMod",
        &[
            id("ListID").required(),
            text("EditSequence", 16).required(),
            text("Name", 31),
            BARCODE_GIVEN,
            flag("IsActive"),
            reference("ClassRef", 159).since(12, 0),
            reference("ParentRef", 0),
            text("ItemDesc", 4095),
            reference("SalesTaxCodeRef", 3),
            one_of(&[&[number("DiscountRate").required()], &[number("DiscountRatePercent").required()]]).optional(),
            reference("AccountRef", 159).since(7, 0),
            flag("ApplyAccountRefToExistingTxns").since(7, 0),
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
    text("ItemDesc", 4095),
    reference("SalesTaxCodeRef", 3),
    one_of(&[&[number("DiscountRate").required()], &[number("DiscountRatePercent").required()]]).optional(),
    reference("AccountRef", 159),
    guid("ExternalGUID").since(8, 0),
    DATA_EXT,
];

pub(crate) static OBJECT: ListObject = item("ItemDiscountRet", RET);

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("ItemDiscountQuery", QUERY, |call| query::lists(call, &[ListKind::ItemDiscount]))
        .with(Attributes::Iterated),
    RequestType::new("ItemDiscountAdd", ADD, |call| list_ops::add(call, ListKind::ItemDiscount, ADD)),
    RequestType::new("ItemDiscountMod", MOD, |call| list_ops::modify(call, ListKind::ItemDiscount, MOD)).since(3, 0),
];
