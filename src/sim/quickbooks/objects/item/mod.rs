//! Items: twelve types, one list.
//!
//! Every type has requests, fields and rules of its own, in a file of its own; names and IDs are shared by all of them, and
//! `ItemQuery` reads them all as one stream, with an iterator: the types in a fixed order, each sorted by full name. A
//! sub-item has the type of its parent. What one side of an item posts to is in [`posting`].

pub(super) mod assembly;
pub(super) mod discount;
pub(super) mod fixed_asset;
pub(super) mod group;
pub(super) mod inventory;
pub(super) mod non_inventory;
pub(super) mod other_charge;
mod parts;
pub(super) mod payment;
pub(crate) mod posting;
mod rules;
pub(super) mod sales_tax;
pub(super) mod sales_tax_group;
pub(super) mod service;
pub(super) mod subtotal;

use super::{Attributes, RequestType};
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::query;
use crate::sim::quickbooks::schema::Node;
use crate::sim::quickbooks::tables::{INCLUDE, LIST_FILTERS, OWNER};

const QUERY: &[Node] = &[LIST_FILTERS, INCLUDE, OWNER];

const ALL: &[RequestType] =
    &[RequestType::new("ItemQuery", QUERY, |call| query::lists(call, ListKind::ITEMS)).with(Attributes::Iterated)];

/// The requests of all types, and the one over all of them.
pub(crate) const REQUESTS: &[&[RequestType]] = &[
    ALL,
    service::REQUESTS,
    non_inventory::REQUESTS,
    other_charge::REQUESTS,
    inventory::REQUESTS,
    assembly::REQUESTS,
    fixed_asset::REQUESTS,
    subtotal::REQUESTS,
    discount::REQUESTS,
    payment::REQUESTS,
    sales_tax::REQUESTS,
    sales_tax_group::REQUESTS,
    group::REQUESTS,
];
