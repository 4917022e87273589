//! Credit memos: what a customer is given back.
//!
//! The mirror of an invoice: it credits A/R. It lowers what the customer owes at once, but invoices only when a received
//! payment applies it to them, or a cheque pays it out (`qbxml.md` 10).

use super::txn_tables::credit_memo::{ADD, MOD, QUERY, RET};
use super::{Attributes, RequestType, sales};
use crate::sim::quickbooks::applied::open_cents;
use crate::sim::quickbooks::books::{Books, Transaction};
use crate::sim::quickbooks::txn_kind::TxnKind;
use crate::sim::quickbooks::txn_ops::{self, TxnObject};
use crate::sim::quickbooks::{money, txn_query};
use crate::sim::xml::Element;

const KIND: TxnKind = TxnKind::CreditMemo;

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("CreditMemoQuery", QUERY, |call| txn_query::run(call, KIND)).with(Attributes::Iterated),
    RequestType::new("CreditMemoAdd", ADD, |call| txn_ops::add(call, KIND, ADD)),
    RequestType::new("CreditMemoMod", MOD, |call| txn_ops::modify(call, KIND, MOD)).since(3, 0),
];

pub(crate) static OBJECT: TxnObject = TxnObject {
    ret: "CreditMemoRet",
    table: RET,
    never_cleared: &["CustomerRef", "ARAccountRef", "TxnDate", "DueDate", "ItemSalesTaxRef"],
    settle: sales::settle,
    computed,
};

fn computed(books: &Books, credit: &Transaction) -> Vec<Element> {
    let mut fields = sales::computed(books, credit);
    fields.push(Element::leaf("TotalAmount", &money::format(credit.total_cents)));
    fields.push(Element::leaf("CreditRemaining", &money::format(open_cents(books, credit))));
    fields
}
