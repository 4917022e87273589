//! Bills: what a vendor is owed.
//!
//! A bill debits the accounts of its lines and credits an A/P account, with the vendor as the party; its amount is the sum
//! of the lines and never negative (`qbxml.md` 6, 10). Defaults: the A/P account, the vendor's terms and address, the due
//! date by the terms. Links made by payments survive a change, but a paid bill can neither change vendor or A/P account
//! nor fall below what is paid (`qbxml.md` 7).

use super::txn_tables::bill::{ADD, MOD, QUERY, RET};
use super::{Attributes, RequestType, purchase_lines, purchases};
use crate::sim::quickbooks::applied::open_cents;
use crate::sim::quickbooks::books::{Books, Transaction};
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::txn_kind::TxnKind;
use crate::sim::quickbooks::txn_ops::{self, Draft, TxnObject};
use crate::sim::quickbooks::{Call, money, refs, txn_query};
use crate::sim::xml::Element;

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("BillQuery", QUERY, |call| txn_query::run(call, TxnKind::Bill)).with(Attributes::Iterated),
    RequestType::new("BillAdd", ADD, |call| txn_ops::add(call, TxnKind::Bill, ADD)),
    RequestType::new("BillMod", MOD, |call| txn_ops::modify(call, TxnKind::Bill, MOD)).since(3, 0),
];

pub(crate) static OBJECT: TxnObject = TxnObject {
    ret: "BillRet",
    table: RET,
    never_cleared: &["VendorRef", "APAccountRef", "TxnDate", "DueDate"],
    settle,
    computed,
};

fn computed(books: &Books, bill: &Transaction) -> Vec<Element> {
    let open = open_cents(books, bill);
    vec![
        Element::leaf("AmountDue", &money::format(bill.total_cents)),
        Element::leaf("IsPaid", if open == 0 { "true" } else { "false" }),
        Element::leaf("OpenAmount", &money::format(open)),
    ]
}

fn settle(call: &Call<'_>, draft: &mut Draft, given: &Element) -> Result<(), Status> {
    draft.txn.lines = purchase_lines::settled(call, draft, given)?;
    purchases::take_vendor(call, &mut draft.txn)?;
    if draft.before.is_none() {
        add_defaults(call, &mut draft.txn);
    }
    purchases::post(call, &mut draft.txn, given.child("APAccountRef"))
}

/// Fills in what the request left out.
fn add_defaults(call: &Call<'_>, bill: &mut Transaction) {
    let books = &call.file.books;
    let has = |bill: &Transaction, name: &str| bill.fields.iter().any(|field| field.name == name);
    let vendor = books.lists.get(ListKind::Vendor, &bill.party);
    let takes_terms = call.file.setup.habits.bill_takes_vendor_terms && !has(bill, "TermsRef");
    if let Some(terms) = vendor.and_then(|vendor| vendor.reference("TermsRef")).filter(|_| takes_terms) {
        bill.fields.push(refs::to("TermsRef", terms));
    }
    let address = vendor.and_then(|vendor| vendor.fields.iter().find(|field| field.name == "VendorAddress"));
    if let Some(address) = address.filter(|_| !has(bill, "VendorAddress")) {
        bill.fields.push(address.clone());
    }
    if !has(bill, "DueDate") {
        let due = books.due_date(bill.reference("TermsRef"), bill.date);
        bill.fields.push(Element::leaf("DueDate", &due.to_string()));
    }
}
