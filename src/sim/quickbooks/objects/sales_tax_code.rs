//! Sales tax codes: whether something is taxable, in three letters. Only while sales tax is switched on; 3250 otherwise.

use super::{Attributes, ListObject, RequestType};
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::schema::{Node, date_time, flag, group, id, reference, text};
use crate::sim::quickbooks::tables::{INCLUDE, LIST_FILTERS};
use crate::sim::quickbooks::{list_ops, query};

const QUERY: &[Node] = &[LIST_FILTERS, INCLUDE];

const ADD: &[Node] = &[
    group(
        "SalesTaxCodeAdd",
        &[
            text("Name", 3).required(),
            flag("IsActive"),
            flag("IsTaxable").required(),
            text("Desc", 31),
            reference("ItemPurchaseTaxRef", 31).since(6, 0).foreign(),
            reference("ItemSalesTaxRef", 31).since(6, 0).foreign(),
        ],
    )
    .required(),
    INCLUDE,
];

const MOD: &[Node] = &[
    group(
        "SalesTaxCodeMod",
        &[
            id("ListID").required(),
            text("EditSequence", 16).required(),
            text("Name", 3),
            flag("IsActive"),
            flag("IsTaxable"),
            text("Desc", 31),
            reference("ItemPurchaseTaxRef", 31).foreign(),
            reference("ItemSalesTaxRef", 31).foreign(),
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
    text("Name", 3),
    flag("IsActive"),
    flag("IsTaxable"),
    text("Desc", 31),
    reference("ItemPurchaseTaxRef", 31).since(6, 0).foreign(),
    reference("ItemSalesTaxRef", 31).since(6, 0).foreign(),
];

pub(crate) static OBJECT: ListObject = ListObject {
    needs: |preferences| preferences.sales_tax,
    never_cleared: &["IsTaxable"],
    ..ListObject::plain("SalesTaxCodeRet", RET)
};

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("SalesTaxCodeQuery", QUERY, |call| query::lists(call, &[ListKind::SalesTaxCode]))
        .with(Attributes::Query),
    RequestType::new("SalesTaxCodeAdd", ADD, |call| list_ops::add(call, ListKind::SalesTaxCode, ADD)),
    RequestType::new("SalesTaxCodeMod", MOD, |call| list_ops::modify(call, ListKind::SalesTaxCode, MOD)).since(8, 0),
];
