//! `EntityQuery`: customers, employees, other names and vendors in one question, which is how a name clash (3100) is
//! looked into.

use super::{Attributes, RequestType};
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::query;
use crate::sim::quickbooks::schema::Node;
use crate::sim::quickbooks::tables::{INCLUDE, LIST_FILTERS};

const QUERY: &[Node] = &[LIST_FILTERS, INCLUDE];

const KINDS: &[ListKind] = &[ListKind::Customer, ListKind::Employee, ListKind::OtherName, ListKind::Vendor];

pub(crate) const REQUESTS: &[RequestType] =
    &[RequestType::new("EntityQuery", QUERY, |call| query::lists(call, KINDS)).with(Attributes::Iterated)];
