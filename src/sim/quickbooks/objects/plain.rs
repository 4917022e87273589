//! Lists that are little more than names: kinds of customers and vendors, ways to ship, sentences to customers.
//!
//! They can be added and not changed. Kinds of jobs and currencies exist only so that references can lead somewhere; people
//! make them at the keyboard ([`super::super::Person::add_name`]) and loaded files bring them along.

use super::{Attributes, ListObject, RequestType};
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::schema::{Node, date_time, flag, group, id, integer, reference, text};
use crate::sim::quickbooks::tables::{INCLUDE, LIST_FILTERS};
use crate::sim::quickbooks::{list_ops, query};

const QUERY: &[Node] = &[LIST_FILTERS, INCLUDE];

const TREE: &[Node] = &[text("Name", 31).required(), flag("IsActive"), reference("ParentRef", 0)];

const TREE_RET: &[Node] = &[
    id("ListID"),
    date_time("TimeCreated"),
    date_time("TimeModified"),
    text("EditSequence", 16),
    text("Name", 31),
    text("FullName", 159),
    flag("IsActive"),
    reference("ParentRef", 0),
    integer("Sublevel"),
];

/// The content of an answer with a name of that length and nothing else.
const fn named(length_max: usize) -> [Node; 6] {
    [
        id("ListID"),
        date_time("TimeCreated"),
        date_time("TimeModified"),
        text("EditSequence", 16),
        text("Name", length_max),
        flag("IsActive"),
    ]
}

const CUSTOMER_TYPE_ADD: &[Node] = &[group("CustomerTypeAdd", TREE).required(), INCLUDE];
const VENDOR_TYPE_ADD: &[Node] = &[group("VendorTypeAdd", TREE).required(), INCLUDE];
const SHIP_METHOD_ADD: &[Node] =
    &[group("ShipMethodAdd", &[text("Name", 15).required(), flag("IsActive")]).required(), INCLUDE];
const CUSTOMER_MSG_ADD: &[Node] =
    &[group("CustomerMsgAdd", &[text("Name", 101).required(), flag("IsActive")]).required(), INCLUDE];

const SHIP_METHOD_RET: &[Node] = &named(15);
const CUSTOMER_MSG_RET: &[Node] = &named(101);
const CURRENCY_RET: &[Node] = &named(64);

pub(crate) static CUSTOMER_TYPE: ListObject = ListObject::plain("CustomerTypeRet", TREE_RET);
pub(crate) static VENDOR_TYPE: ListObject = ListObject::plain("VendorTypeRet", TREE_RET);
pub(crate) static SHIP_METHOD: ListObject = ListObject::plain("ShipMethodRet", SHIP_METHOD_RET);
pub(crate) static CUSTOMER_MSG: ListObject = ListObject::plain("CustomerMsgRet", CUSTOMER_MSG_RET);
pub(crate) static JOB_TYPE: ListObject = ListObject::plain("JobTypeRet", TREE_RET);
pub(crate) static CURRENCY: ListObject = ListObject::plain("CurrencyRet", CURRENCY_RET);

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("CustomerTypeQuery", QUERY, |call| query::lists(call, &[ListKind::CustomerType]))
        .with(Attributes::Query),
    RequestType::new("CustomerTypeAdd", CUSTOMER_TYPE_ADD, |call| {
        list_ops::add(call, ListKind::CustomerType, CUSTOMER_TYPE_ADD)
    }),
    RequestType::new("VendorTypeQuery", QUERY, |call| query::lists(call, &[ListKind::VendorType]))
        .with(Attributes::Query),
    RequestType::new("VendorTypeAdd", VENDOR_TYPE_ADD, |call| {
        list_ops::add(call, ListKind::VendorType, VENDOR_TYPE_ADD)
    }),
    RequestType::new("ShipMethodQuery", QUERY, |call| query::lists(call, &[ListKind::ShipMethod]))
        .with(Attributes::Query),
    RequestType::new("ShipMethodAdd", SHIP_METHOD_ADD, |call| {
        list_ops::add(call, ListKind::ShipMethod, SHIP_METHOD_ADD)
    }),
    RequestType::new("CustomerMsgQuery", QUERY, |call| query::lists(call, &[ListKind::CustomerMsg]))
        .with(Attributes::Query),
    RequestType::new("CustomerMsgAdd", CUSTOMER_MSG_ADD, |call| {
        list_ops::add(call, ListKind::CustomerMsg, CUSTOMER_MSG_ADD)
    }),
];
