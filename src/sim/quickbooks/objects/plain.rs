//! Lists that exist only so that references can lead somewhere: classes, items, types, representatives, currencies.
//!
//! They have no requests yet; people make them at the keyboard ([`super::super::Person::add_name`]) and loaded files bring them along.

use super::ListObject;
use crate::sim::quickbooks::schema::{Node, date_time, flag, id, reference, text};

const TABLE: &[Node] = &[
    id("ListID"),
    date_time("TimeCreated"),
    date_time("TimeModified"),
    text("EditSequence", 16),
    text("Name", 31),
    text("FullName", 159),
    flag("IsActive"),
    reference("ParentRef", 0),
];

pub(crate) static CLASS: ListObject = ListObject::plain("ClassRet", TABLE);
pub(crate) static ITEM: ListObject = ListObject::plain("ItemServiceRet", TABLE);
pub(crate) static VENDOR_TYPE: ListObject = ListObject::plain("VendorTypeRet", TABLE);
pub(crate) static CUSTOMER_TYPE: ListObject = ListObject::plain("CustomerTypeRet", TABLE);
pub(crate) static SALES_REP: ListObject = ListObject::plain("SalesRepRet", TABLE);
pub(crate) static CURRENCY: ListObject = ListObject::plain("CurrencyRet", TABLE);
