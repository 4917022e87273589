//! `ListDeletedQuery` and `TxnDeletedQuery`: what is gone, for ninety days; and `ListDel` and `ListMerge`, by which list
//! records go.
//!
//! Grouped by type in the order asked, oldest first, whatever the range says never older than ninety days
//! (`qbxml.md` 9). There is no iterator.

use chrono::Duration;

use super::{Attributes, RequestType};
use crate::sim::quickbooks::Call;
use crate::sim::quickbooks::answer::Outcome;
use crate::sim::quickbooks::books::Deleted;
use crate::sim::quickbooks::query::Span;
use crate::sim::quickbooks::schema::{Node, flag, group, id, text, word};
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::tables::{DELETED_FILTER, INCLUDE, LIST_DEL_TYPE, TXN_DEL_TYPE};
use crate::sim::quickbooks::{list_ops, merge};
use crate::sim::xml::Element;

use super::company::included;

const LIST_QUERY: &[Node] = &[word("ListDelType", LIST_DEL_TYPE).required().many(), DELETED_FILTER, INCLUDE];
const TXN_QUERY: &[Node] = &[word("TxnDelType", TXN_DEL_TYPE).required().many(), DELETED_FILTER, INCLUDE];
/// `ListMergeType`.
const LIST_MERGE_TYPE: &[&str] = &[
    "Account",
    "Class",
    "Customer",
    "ItemDiscount",
    "ItemGroup",
    "ItemInventory",
    "ItemNonInventory",
    "ItemOtherCharge",
    "ItemPayment",
    "ItemSalesTax",
    "ItemSalesTaxGroup",
    "ItemService",
    "ItemSubtotal",
    "Vendor",
];

const MERGED: &[Node] = &[id("ListID").required(), text("EditSequence", 16).required()];

const LIST_MERGE: &[Node] = &[
    word("ListMergeType", LIST_MERGE_TYPE).required(),
    group("MergeFrom", MERGED).required(),
    group("MergeTo", MERGED).required(),
    flag("SameShipAddrOk").since(8, 0),
];

const LIST_DEL: &[Node] = &[word("ListDelType", LIST_DEL_TYPE).required(), id("ListID").required()];

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("ListDeletedQuery", LIST_QUERY, lists).since(2, 0).with(Attributes::Query),
    RequestType::new("TxnDeletedQuery", TXN_QUERY, txns).since(2, 0).with(Attributes::Query),
    RequestType::new("ListDel", LIST_DEL, list_ops::delete).since(1, 1),
    RequestType::new("ListMerge", LIST_MERGE, merge::request).since(7, 0),
];

/// How long QuickBooks remembers a deletion.
const HORIZON_DAYS: i64 = 90;

/// The names the two queries differ in.
struct Names {
    ret: &'static str,
    kind: &'static str,
    id: &'static str,
    label: &'static str,
}

fn lists(call: &mut Call<'_>) -> Result<Outcome, Status> {
    let names = Names { ret: "ListDeletedRet", kind: "ListDelType", id: "ListID", label: "FullName" };
    query(call, &names, &call.file.books.deleted_lists)
}

fn txns(call: &mut Call<'_>) -> Result<Outcome, Status> {
    let names = Names { ret: "TxnDeletedRet", kind: "TxnDelType", id: "TxnID", label: "RefNumber" };
    query(call, &names, &call.file.books.deleted_txns)
}

fn query(call: &Call<'_>, names: &Names, deleted: &[Deleted]) -> Result<Outcome, Status> {
    let nothing = Element::default();
    let filter = call.request.child("DeletedDateRangeFilter").unwrap_or(&nothing);
    let span = Span::read(filter, "FromDeletedDate", "ToDeletedDate")?;
    let zone = &call.file.setup.zone;
    let horizon = call.now.local - Duration::days(HORIZON_DAYS);
    let mut found = Vec::new();
    for asked in call.request.children_named(names.kind) {
        let mut of_kind: Vec<&Deleted> = deleted
            .iter()
            .filter(|gone| gone.word == asked.text && gone.deleted.local >= horizon && span.holds(zone, gone.deleted))
            .collect();
        of_kind.sort_by_key(|gone| zone.unix(gone.deleted));
        found.extend(of_kind);
    }
    let mut outcome = Outcome::of(Vec::new());
    let meta = call.request.attribute("metaData").unwrap_or("NoMetaData");
    if meta != "NoMetaData" {
        outcome.ret_count = Some(found.len());
    }
    if found.is_empty() {
        outcome.status = Status::nothing_found();
    }
    if meta != "MetaDataOnly" {
        outcome.body = found
            .into_iter()
            .map(|gone| {
                let mut fields = vec![
                    Element::leaf(names.kind, gone.word),
                    Element::leaf(names.id, &gone.id),
                    Element::leaf("TimeCreated", &zone.stamp(gone.created)),
                    Element::leaf("TimeDeleted", &zone.stamp(gone.deleted)),
                ];
                if !gone.label.is_empty() {
                    fields.push(Element::leaf(names.label, &gone.label));
                }
                included(call.request, names.ret, fields)
            })
            .collect();
    }
    Ok(outcome)
}
