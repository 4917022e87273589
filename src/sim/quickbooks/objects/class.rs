//! Classes: query (without an iterator), add, change. Only while class tracking is switched on; 3250 otherwise.
//!
//! Classes nest to any of five levels; full names are unique. A query works whether they are on or not.

use super::{Attributes, ListObject, RequestType};
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::schema::{Node, date_time, flag, group, id, integer, reference, text};
use crate::sim::quickbooks::tables::{INCLUDE, LIST_FILTERS};
use crate::sim::quickbooks::{list_ops, query};

const QUERY: &[Node] = &[LIST_FILTERS, INCLUDE];

const ADD: &[Node] = &[
    group("ClassAdd", &[text("Name", 31).required(), flag("IsActive"), reference("ParentRef", 0)]).required(),
    INCLUDE,
];

const MOD: &[Node] = &[
    group(
        "ClassMod",
        &[
            id("ListID").required(),
            text("EditSequence", 16).required(),
            text("Name", 31),
            flag("IsActive"),
            reference("ParentRef", 0),
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
    flag("IsActive"),
    reference("ParentRef", 0),
    integer("Sublevel"),
];

pub(crate) static OBJECT: ListObject =
    ListObject { needs: |preferences| preferences.class_tracking, ..ListObject::plain("ClassRet", RET) };

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("ClassQuery", QUERY, |call| query::lists(call, &[ListKind::Class])).with(Attributes::Query),
    RequestType::new("ClassAdd", ADD, |call| list_ops::add(call, ListKind::Class, ADD)),
    RequestType::new("ClassMod", MOD, |call| list_ops::modify(call, ListKind::Class, MOD)).since(8, 0),
];
