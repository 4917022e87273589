//! Other names: query (without an iterator) and add. They take part in the shared name space.

use super::{Attributes, ListObject, RequestType};
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::schema::{Node, address, address_block, date_time, flag, group, guid, id, text};
use crate::sim::quickbooks::tables::{DATA_EXT_RET, INCLUDE, LIST_FILTERS, OWNER};
use crate::sim::quickbooks::{list_ops, query};

const QUERY: &[Node] = &[LIST_FILTERS, INCLUDE, OWNER];

const ADD: &[Node] = &[
    group(
        "OtherNameAdd",
        &[
            text("Name", 41).required(),
            flag("IsActive"),
            text("CompanyName", 41),
            text("Salutation", 15),
            text("FirstName", 25),
            text("MiddleName", 5),
            text("LastName", 25),
            address("OtherNameAddress"),
            text("Phone", 21),
            text("AltPhone", 21),
            text("Fax", 21),
            text("Email", 1023),
            text("Contact", 41),
            text("AltContact", 41),
            text("AccountNumber", 99),
            text("Notes", 4095).since(3, 0),
            guid("ExternalGUID").since(8, 0),
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
    text("Name", 41),
    flag("IsActive"),
    text("CompanyName", 41),
    text("Salutation", 15),
    text("FirstName", 25),
    text("MiddleName", 5),
    text("LastName", 25),
    address("OtherNameAddress"),
    address_block("OtherNameAddressBlock").since(6, 0),
    text("Phone", 21),
    text("AltPhone", 21),
    text("Fax", 21),
    text("Email", 1023),
    text("Contact", 41),
    text("AltContact", 41),
    text("AccountNumber", 99),
    text("Notes", 4095).since(3, 0),
    guid("ExternalGUID").since(8, 0),
    group("DataExtRet", DATA_EXT_RET).many().since(2, 0),
];

pub(crate) static OBJECT: ListObject = ListObject::plain("OtherNameRet", RET);

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("OtherNameQuery", QUERY, |call| query::lists(call, &[ListKind::OtherName]))
        .with(Attributes::Query),
    RequestType::new("OtherNameAdd", ADD, |call| list_ops::add(call, ListKind::OtherName, ADD)),
];
