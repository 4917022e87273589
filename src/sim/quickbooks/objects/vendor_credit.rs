//! Vendor credits: what a vendor owes back.
//!
//! The mirror of a bill, without terms and due date: it debits A/P and credits the accounts of its lines, amounts positive. It
//! lowers what the vendor is owed at once, but bills only when a payment applies it to them (`qbxml.md` 10).

use super::txn_tables::vendor_credit::{ADD, MOD, QUERY, RET};
use super::{Attributes, RequestType, purchase_lines, purchases};
use crate::sim::quickbooks::applied::open_cents;
use crate::sim::quickbooks::books::{Books, Transaction};
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::txn_kind::TxnKind;
use crate::sim::quickbooks::txn_ops::{self, Draft, TxnObject};
use crate::sim::quickbooks::{Call, money, txn_query};
use crate::sim::xml::Element;

const KIND: TxnKind = TxnKind::VendorCredit;

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("VendorCreditQuery", QUERY, |call| txn_query::run(call, KIND)).with(Attributes::Iterated),
    RequestType::new("VendorCreditAdd", ADD, |call| txn_ops::add(call, KIND, ADD)),
    RequestType::new("VendorCreditMod", MOD, |call| txn_ops::modify(call, KIND, MOD)).since(8, 0),
];

pub(crate) static OBJECT: TxnObject = TxnObject {
    ret: "VendorCreditRet",
    table: RET,
    never_cleared: &["VendorRef", "APAccountRef", "TxnDate"],
    settle,
    computed,
};

fn computed(books: &Books, credit: &Transaction) -> Vec<Element> {
    vec![
        Element::leaf("CreditAmount", &money::format(credit.total_cents)),
        Element::leaf("OpenAmount", &money::format(open_cents(books, credit))),
    ]
}

fn settle(call: &Call<'_>, draft: &mut Draft, given: &Element) -> Result<(), Status> {
    draft.txn.lines = purchase_lines::settled(call, draft, given)?;
    purchases::take_vendor(call, &mut draft.txn)?;
    purchases::post(call, &mut draft.txn, given.child("APAccountRef"))
}
