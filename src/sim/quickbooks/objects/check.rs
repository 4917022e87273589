//! Cheques that pay no bill: expenses, items, refunds to customers.
//!
//! A cheque credits a bank account and debits the accounts of its lines. With a line on an A/R account and the customer
//! beside it, `ApplyCheckToTxnAdd` refunds what the customer has to the good; line and refund must be equal. A line on an A/P
//! account records a payment without a bill, which can be used as a credit later (`qbxml.md` 6). Payments of bills are
//! transactions of their own.

use super::payments::Side;
use super::txn_tables::check::{ADD, MOD, QUERY, RET};
use super::{Attributes, RequestType, address_block, purchase_lines};
use crate::sim::quickbooks::applied::{Use, standing};
use crate::sim::quickbooks::books::{Books, Transaction};
use crate::sim::quickbooks::ledger::Posting;
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::txn_kind::TxnKind;
use crate::sim::quickbooks::txn_ops::{self, Draft, TxnObject};
use crate::sim::quickbooks::{Call, money, refs, txn_query};
use crate::sim::xml::Element;

const KIND: TxnKind = TxnKind::Check;

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("CheckQuery", QUERY, |call| txn_query::run(call, KIND)).with(Attributes::Iterated),
    RequestType::new("CheckAdd", ADD, |call| txn_ops::add(call, KIND, ADD)),
    RequestType::new("CheckMod", MOD, |call| txn_ops::modify(call, KIND, MOD)).since(6, 0),
];

pub(crate) static OBJECT: TxnObject =
    TxnObject { ret: "CheckRet", table: RET, never_cleared: &["AccountRef", "TxnDate"], settle, computed };

fn computed(_books: &Books, check: &Transaction) -> Vec<Element> {
    let mut fields = vec![Element::leaf("Amount", &money::format(check.total_cents))];
    if check.field("IsToBePrinted").is_none() {
        fields.push(Element::leaf("IsToBePrinted", "false"));
    }
    let address = check.fields.iter().find(|field| field.name == "Address");
    fields.extend(address.map(|address| address_block("AddressBlock", address)));
    fields
}

fn settle(call: &Call<'_>, draft: &mut Draft, given: &Element) -> Result<(), Status> {
    let books = &call.file.books;
    let bank = draft.txn.reference("AccountRef").unwrap_or("").to_owned();
    if bank.is_empty() {
        return Err(Status::bad_id("", "list id"));
    }
    if books.account_type(&bank) != "Bank" {
        let said = given.child("AccountRef").cloned().unwrap_or_else(|| refs::to("AccountRef", &bank));
        return Err(refs::refused(&said, KIND.word(), "The account for this transaction must be of type Bank."));
    }
    draft.txn.party = draft.txn.reference("PayeeEntityRef").unwrap_or("").to_owned();
    add_address(books, draft);
    draft.txn.lines = purchase_lines::settled(call, draft, given)?;
    let (mut postings, total) = purchase_lines::postings(call, KIND, &draft.txn.lines)?;
    if total < 0 {
        return Err(Status::rule("Amount", &money::format(total), "Transaction amount must be positive."));
    }
    postings.push(Posting { account: bank, party: None, cents: -total });
    draft.txn.total_cents = total;
    draft.txn.postings = postings;
    refund(call, draft, given)
}

/// A cheque to a vendor takes the vendor's address.
fn add_address(books: &Books, draft: &mut Draft) {
    let has_one = draft.txn.fields.iter().any(|field| field.name == "Address");
    let vendor = books.lists.get(ListKind::Vendor, &draft.txn.party).filter(|_| draft.before.is_none() && !has_one);
    let address = vendor.and_then(|vendor| vendor.fields.iter().find(|field| field.name == "VendorAddress"));
    if let Some(address) = address {
        draft.txn.fields.push(Element::group("Address", address.children.clone()));
    }
}

/// Uses what a customer has to the good for the cheque that pays it out.
fn refund(call: &Call<'_>, draft: &mut Draft, given: &Element) -> Result<(), Status> {
    let books = &call.file.books;
    let is_refund = |child: &&Element| matches!(child.name.as_str(), "ApplyCheckToTxnAdd" | "ApplyCheckToTxnMod");
    let asked: Vec<&Element> = given.children.iter().filter(is_refund).collect();
    if asked.is_empty() {
        return Ok(());
    }
    if let Some(before) = &draft.before {
        let old = books.applied.on(&before.id).iter();
        draft.taken_back.extend(old.map(|used| (used.source.clone(), used.target.clone())));
    }
    let owed = standing(books, &draft.txn).filter(|standing| standing.is_debt);
    let owed = owed.ok_or_else(|| Status::cannot_save(KIND.word(), "A refund needs a line on Accounts Receivable."))?;
    let side = Side::of(books, &owed.account, &owed.party);
    let mut refunded: i64 = 0;
    for element in asked {
        let id = txn_ops::txn_id(call, element.child("TxnID").unwrap_or(element))?;
        let source = side.find(books, &id, false)?;
        let open = draft.open_cents(books, source);
        let cents = element.text_of("Amount").and_then(money::parse).unwrap_or(open);
        if cents <= 0 || cents > open {
            let reason = "You cannot refund more than what is left of the credit.";
            return Err(Status::rule("ApplyCheckToTxn amount", &money::format(cents), reason));
        }
        refunded += cents;
        let target = draft.txn.id.clone();
        draft.uses.push(Use { source: id, target, cents, discount: None });
    }
    if refunded != owed.cents {
        let reason = "The refunds must be equal to the line on Accounts Receivable.";
        return Err(Status::rule("ApplyCheckToTxn amount", &money::format(refunded), reason));
    }
    Ok(())
}
