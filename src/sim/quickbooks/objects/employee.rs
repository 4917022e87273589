//! Employees, by name only: they take part in the shared name space and show up in `EntityQuery`.

use super::ListObject;
use crate::sim::quickbooks::schema::{Node, date_time, flag, id, text};

const TABLE: &[Node] = &[
    id("ListID"),
    date_time("TimeCreated"),
    date_time("TimeModified"),
    text("EditSequence", 16),
    text("Name", 100),
    flag("IsActive"),
    text("FirstName", 25),
    text("LastName", 25),
];

pub(crate) static OBJECT: ListObject = ListObject::plain("EmployeeRet", TABLE);
