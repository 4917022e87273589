//! Sales representatives: initials, and the employee, vendor or other name they belong to.

use super::{Attributes, ListObject, RequestType};
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::schema::{Node, date_time, flag, group, id, reference, text};
use crate::sim::quickbooks::tables::{INCLUDE, LIST_FILTERS};
use crate::sim::quickbooks::{list_ops, query};

const QUERY: &[Node] = &[LIST_FILTERS, INCLUDE];

const ADD: &[Node] = &[
    group(
        "SalesRepAdd",
        &[text("Initial", 5).required(), flag("IsActive"), reference("SalesRepEntityRef", 41).required()],
    )
    .required(),
    INCLUDE,
];

const MOD: &[Node] = &[
    group(
        "SalesRepMod",
        &[
            id("ListID").required(),
            text("EditSequence", 16).required(),
            text("Initial", 5),
            flag("IsActive"),
            reference("SalesRepEntityRef", 41),
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
    text("Initial", 5),
    flag("IsActive"),
    reference("SalesRepEntityRef", 41),
];

pub(crate) static OBJECT: ListObject = ListObject { name_element: "Initial", ..ListObject::plain("SalesRepRet", RET) };

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("SalesRepQuery", QUERY, |call| query::lists(call, &[ListKind::SalesRep])).with(Attributes::Query),
    RequestType::new("SalesRepAdd", ADD, |call| list_ops::add(call, ListKind::SalesRep, ADD)),
    RequestType::new("SalesRepMod", MOD, |call| list_ops::modify(call, ListKind::SalesRep, MOD)).since(3, 0),
];
