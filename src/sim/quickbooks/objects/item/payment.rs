//! Lines for a payment made at the same time.

use super::parts::{BARCODE_GIVEN, CLASSED_FILTERS, DATA_EXT};
use super::rules::item;
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::objects::{Attributes, ListObject, RequestType};
use crate::sim::quickbooks::schema::{Node, date_time, flag, group, guid, id, reference, text};
use crate::sim::quickbooks::tables::{INCLUDE, OWNER};
use crate::sim::quickbooks::{list_ops, query};

const QUERY: &[Node] = &[CLASSED_FILTERS, INCLUDE, OWNER];

const ADD: &[Node] = &[
    group(
        "ItemPaymentAdd",
        &[
            text("Name", 31).required(),
            BARCODE_GIVEN,
            flag("IsActive"),
            reference("ClassRef", 159).since(12, 0),
            text("ItemDesc", 4095),
            reference("DepositToAccountRef", 159),
            reference("PaymentMethodRef", 31),
            guid("ExternalGUID").since(8, 0),
        ],
    )
    .required(),
    INCLUDE,
];

const MOD: &[Node] = &[
    group(
        "ItemPaymentMod",
        &[
            id("ListID").required(),
            text("EditSequence", 16).required(),
            text("Name", 31),
            BARCODE_GIVEN,
            flag("IsActive"),
            reference("ClassRef", 159).since(12, 0),
            text("ItemDesc", 4095),
            reference("DepositToAccountRef", 159),
            reference("PaymentMethodRef", 31),
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
    reference("ClassRef", 159).since(12, 0),
    text("ItemDesc", 4095),
    reference("DepositToAccountRef", 159),
    reference("PaymentMethodRef", 31),
    guid("ExternalGUID").since(8, 0),
    DATA_EXT,
];

pub(crate) static OBJECT: ListObject = item("ItemPaymentRet", RET);

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("ItemPaymentQuery", QUERY, |call| query::lists(call, &[ListKind::ItemPayment]))
        .with(Attributes::Iterated),
    RequestType::new("ItemPaymentAdd", ADD, |call| list_ops::add(call, ListKind::ItemPayment, ADD)),
    RequestType::new("ItemPaymentMod", MOD, |call| list_ops::modify(call, ListKind::ItemPayment, MOD)).since(3, 0),
];
