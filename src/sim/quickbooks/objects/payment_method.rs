//! Ways to pay: query with a filter by type, and add. They cannot be changed through the SDK.

use super::{Attributes, ListObject, RequestType};
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::schema::{Node, date_time, flag, group, id, one_of, text, word};
use crate::sim::quickbooks::tables::{ACTIVE, BY_FULL_NAME, BY_ID, BY_NAME, FROM, INCLUDE, MAX_RETURNED, TO};
use crate::sim::quickbooks::{list_ops, query};

/// `PaymentMethodType`.
const TYPE: &[&str] = &[
    "AmericanExpress",
    "Cash",
    "Check",
    "DebitCard",
    "Discover",
    "ECheck",
    "GiftCard",
    "MasterCard",
    "Other",
    "OtherCreditCard",
    "Visa",
];

const FILTERS: Node = one_of(&[
    BY_ID,
    BY_FULL_NAME,
    &[MAX_RETURNED, ACTIVE, FROM, TO, BY_NAME, word("PaymentMethodType", TYPE).many().since(7, 0)],
])
.optional();

const QUERY: &[Node] = &[FILTERS, INCLUDE];

const ADD: &[Node] = &[
    group(
        "PaymentMethodAdd",
        &[text("Name", 31).required(), flag("IsActive"), word("PaymentMethodType", TYPE).since(7, 0)],
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
    flag("IsActive"),
    word("PaymentMethodType", TYPE).since(7, 0),
];

pub(crate) static OBJECT: ListObject = ListObject::plain("PaymentMethodRet", RET);

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("PaymentMethodQuery", QUERY, |call| query::lists(call, &[ListKind::PaymentMethod]))
        .with(Attributes::Query),
    RequestType::new("PaymentMethodAdd", ADD, |call| list_ops::add(call, ListKind::PaymentMethod, ADD)),
];
