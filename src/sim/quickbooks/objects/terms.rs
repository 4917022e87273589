//! Terms of payment: standard (a number of days) and date driven (a day of the month).
//!
//! Both are one list with one name space. Terms cannot be changed through the SDK, only made (`qbxml.md` 5).

use super::{Attributes, ListObject, RequestType};
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::schema::{Node, count, date_time, flag, group, id, integer, number, text};
use crate::sim::quickbooks::tables::{INCLUDE, LIST_FILTERS};
use crate::sim::quickbooks::{list_ops, query};

const QUERY: &[Node] = &[LIST_FILTERS, INCLUDE];

const ADD: &[Node] = &[
    group(
        "StandardTermsAdd",
        &[
            text("Name", 31).required(),
            flag("IsActive"),
            integer("StdDueDays"),
            integer("StdDiscountDays"),
            number("DiscountPct"),
        ],
    )
    .required(),
    INCLUDE,
];

const DATE_DRIVEN_ADD: &[Node] = &[
    group(
        "DateDrivenTermsAdd",
        &[
            text("Name", 31).required(),
            flag("IsActive"),
            count("DayOfMonthDue").required(),
            integer("DueNextMonthDays"),
            count("DiscountDayOfMonth"),
            number("DiscountPct"),
        ],
    )
    .required(),
    INCLUDE,
];

const STANDARD_RET: &[Node] = &[
    id("ListID"),
    date_time("TimeCreated"),
    date_time("TimeModified"),
    text("EditSequence", 16),
    text("Name", 31),
    flag("IsActive"),
    integer("StdDueDays"),
    integer("StdDiscountDays"),
    number("DiscountPct"),
];

const DATE_DRIVEN_RET: &[Node] = &[
    id("ListID"),
    date_time("TimeCreated"),
    date_time("TimeModified"),
    text("EditSequence", 16),
    text("Name", 31),
    flag("IsActive"),
    count("DayOfMonthDue"),
    integer("DueNextMonthDays"),
    count("DiscountDayOfMonth"),
    number("DiscountPct"),
];

pub(crate) static STANDARD: ListObject = ListObject::plain("StandardTermsRet", STANDARD_RET);
pub(crate) static DATE_DRIVEN: ListObject = ListObject::plain("DateDrivenTermsRet", DATE_DRIVEN_RET);

const BOTH: &[ListKind] = &[ListKind::StandardTerms, ListKind::DateDrivenTerms];

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("TermsQuery", QUERY, |call| query::lists(call, BOTH)).with(Attributes::Query),
    RequestType::new("StandardTermsQuery", QUERY, |call| query::lists(call, &[ListKind::StandardTerms]))
        .with(Attributes::Query),
    RequestType::new("DateDrivenTermsQuery", QUERY, |call| query::lists(call, &[ListKind::DateDrivenTerms]))
        .with(Attributes::Query),
    RequestType::new("StandardTermsAdd", ADD, |call| list_ops::add(call, ListKind::StandardTerms, ADD)),
    RequestType::new("DateDrivenTermsAdd", DATE_DRIVEN_ADD, |call| {
        list_ops::add(call, ListKind::DateDrivenTerms, DATE_DRIVEN_ADD)
    }),
];
