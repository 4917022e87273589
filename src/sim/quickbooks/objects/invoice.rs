//! Invoices: what a customer is charged.
//!
//! An invoice debits A/R with the customer or job as the party. What is paid of it shows as a negative `AppliedAmount` and
//! negative links, as in real answers (`qbxml.md` 10). Links survive a change, within the limits of what is paid.

use super::payments::{self, Side};
use super::txn_tables::invoice::{ADD, MOD, QUERY, RET};
use super::{Attributes, RequestType, sales};
use crate::sim::quickbooks::applied::open_cents;
use crate::sim::quickbooks::books::{Books, Transaction};
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::txn_kind::TxnKind;
use crate::sim::quickbooks::txn_ops::{self, Draft, TxnObject};
use crate::sim::quickbooks::{Call, money, txn_query};
use crate::sim::xml::Element;

const KIND: TxnKind = TxnKind::Invoice;

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("InvoiceQuery", QUERY, |call| txn_query::run(call, KIND)).with(Attributes::Iterated),
    RequestType::new("InvoiceAdd", ADD, |call| txn_ops::add(call, KIND, ADD)),
    RequestType::new("InvoiceMod", MOD, |call| txn_ops::modify(call, KIND, MOD)).since(2, 1),
];

pub(crate) static OBJECT: TxnObject = TxnObject {
    ret: "InvoiceRet",
    table: RET,
    never_cleared: &["CustomerRef", "ARAccountRef", "TxnDate", "DueDate", "ItemSalesTaxRef"],
    settle,
    computed,
};

fn computed(books: &Books, invoice: &Transaction) -> Vec<Element> {
    let applied = books.applied.relief_cents(&invoice.id);
    let is_pending = invoice.field("IsPending") == Some("true");
    let open = if is_pending { invoice.total_cents } else { open_cents(books, invoice) };
    let mut fields = sales::computed(books, invoice);
    fields.extend([
        Element::leaf("IsFinanceCharge", "false"),
        Element::leaf("AppliedAmount", &money::format(-applied)),
        Element::leaf("BalanceRemaining", &money::format(open)),
        Element::leaf("IsPaid", if open == 0 { "true" } else { "false" }),
    ]);
    if invoice.field("IsFinanceCharge").is_some() {
        fields.retain(|field| field.name != "IsFinanceCharge");
    }
    fields
}

fn settle(call: &Call<'_>, draft: &mut Draft, given: &Element) -> Result<(), Status> {
    sales::settle(call, draft, given)?;
    let books = &call.file.books;
    let account = draft.txn.reference("ARAccountRef").unwrap_or("").to_owned();
    let side = Side::of(books, &account, &draft.txn.party.clone());
    let mut open = draft.txn.total_cents - draft.before.as_ref().map_or(0, |b| books.applied.relief_cents(&b.id));
    let target = draft.txn.id.clone();
    for element in given.children_named("SetCredit") {
        let credit = payments::read_credit(call, element)?;
        let cents = credit.cents();
        payments::take_credit(books, draft, &side, &target, open, credit)?;
        open -= cents;
    }
    Ok(())
}
