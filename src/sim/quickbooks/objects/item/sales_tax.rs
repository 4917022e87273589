//! One sales tax, owed to one agency. Only while sales tax is switched on; 3250 otherwise.

use super::parts::{BARCODE_GIVEN, CLASSED_FILTERS, DATA_EXT};
use super::rules::item;
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::objects::{Attributes, ListObject, RequestType};
use crate::sim::quickbooks::schema::{Node, date_time, flag, group, guid, id, number, reference, text};
use crate::sim::quickbooks::tables::{INCLUDE, OWNER};
use crate::sim::quickbooks::{list_ops, query};

const QUERY: &[Node] = &[CLASSED_FILTERS, INCLUDE, OWNER];

const ADD: &[Node] = &[
    group(
        "ItemSalesTaxAdd",
        &[
            text("Name", 31).required(),
            BARCODE_GIVEN,
            flag("IsActive"),
            reference("ClassRef", 159).since(12, 0),
            text("ItemDesc", 4095),
            number("TaxRate"),
            reference("TaxVendorRef", 41),
            reference("SalesTaxReturnLineRef", 0).since(8, 0).foreign(),
            guid("ExternalGUID").since(8, 0),
        ],
    )
    .required(),
    INCLUDE,
];

const MOD: &[Node] = &[
    group(
        "ItemSalesTaxMod",
        &[
            id("ListID").required(),
            text("EditSequence", 16).required(),
            text("Name", 31),
            BARCODE_GIVEN,
            flag("IsActive"),
            reference("ClassRef", 159).since(12, 0),
            text("ItemDesc", 4095),
            number("TaxRate"),
            reference("TaxVendorRef", 41),
            reference("SalesTaxReturnLineRef", 0).since(8, 0).foreign(),
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
    number("TaxRate"),
    reference("TaxVendorRef", 41),
    reference("SalesTaxReturnLineRef", 0).since(8, 0).foreign(),
    guid("ExternalGUID").since(8, 0),
    DATA_EXT,
];

pub(crate) static OBJECT: ListObject =
    ListObject { needs: |preferences| preferences.sales_tax, ..item("ItemSalesTaxRet", RET) };

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("ItemSalesTaxQuery", QUERY, |call| query::lists(call, &[ListKind::ItemSalesTax]))
        .with(Attributes::Iterated),
    RequestType::new("ItemSalesTaxAdd", ADD, |call| list_ops::add(call, ListKind::ItemSalesTax, ADD)),
    RequestType::new("ItemSalesTaxMod", MOD, |call| list_ops::modify(call, ListKind::ItemSalesTax, MOD)).since(3, 0),
];
