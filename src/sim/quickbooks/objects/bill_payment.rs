//! Payments of bills, by cheque and by credit card.
//!
//! The amount is the sum of the payments it names. It credits the bank or card account and debits A/P with the discounts on
//! top; all bills belong to one vendor and one A/P account (`qbxml.md` 6). The bank account must be of type Bank. With
//! nothing but credits no transaction is made: the credits are applied, and the answer holds no ID. Card payments cannot be
//! changed.

use super::payments::{self, Side};
use super::txn_tables::bill_payment::{CARD_ADD, CARD_QUERY, CARD_RET, CHECK_ADD, CHECK_MOD, CHECK_QUERY, CHECK_RET};
use super::{Attributes, RequestType, address_block, purchases};
use crate::sim::quickbooks::books::{Books, Transaction};
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::txn_kind::TxnKind;
use crate::sim::quickbooks::txn_ops::{self, Draft, TxnObject};
use crate::sim::quickbooks::{Call, money, refs, txn_query};
use crate::sim::xml::Element;

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("BillPaymentCheckQuery", CHECK_QUERY, |call| txn_query::run(call, TxnKind::BillPaymentCheck))
        .with(Attributes::Iterated)
        .since(2, 0),
    RequestType::new("BillPaymentCheckAdd", CHECK_ADD, |call| txn_ops::add(call, TxnKind::BillPaymentCheck, CHECK_ADD))
        .since(2, 0),
    RequestType::new("BillPaymentCheckMod", CHECK_MOD, |call| {
        txn_ops::modify(call, TxnKind::BillPaymentCheck, CHECK_MOD)
    })
    .since(6, 0),
    RequestType::new("BillPaymentCreditCardQuery", CARD_QUERY, |call| {
        txn_query::run(call, TxnKind::BillPaymentCreditCard)
    })
    .with(Attributes::Iterated)
    .since(2, 0),
    RequestType::new("BillPaymentCreditCardAdd", CARD_ADD, |call| {
        txn_ops::add(call, TxnKind::BillPaymentCreditCard, CARD_ADD)
    })
    .since(2, 0),
];

pub(crate) static CHECK: TxnObject = TxnObject {
    ret: "BillPaymentCheckRet",
    table: CHECK_RET,
    never_cleared: &["TxnDate", "BankAccountRef", "Amount"],
    settle,
    computed,
};

pub(crate) static CREDIT_CARD: TxnObject =
    TxnObject { ret: "BillPaymentCreditCardRet", table: CARD_RET, never_cleared: &[], settle, computed };

fn computed(books: &Books, payment: &Transaction) -> Vec<Element> {
    let mut fields = vec![Element::leaf("Amount", &money::format(payment.total_cents))];
    if payment.field("IsToBePrinted").is_none() {
        fields.push(Element::leaf("IsToBePrinted", "false"));
    }
    let vendor = books.lists.get(ListKind::Vendor, &payment.party);
    let address = vendor.and_then(|vendor| vendor.fields.iter().find(|field| field.name == "VendorAddress"));
    if let Some(address) = address {
        fields.push(Element::group("Address", address.children.clone()));
        fields.push(address_block("AddressBlock", address));
    }
    fields
}

fn settle(call: &Call<'_>, draft: &mut Draft, given: &Element) -> Result<(), Status> {
    let word = draft.txn.kind.word();
    draft.txn.party = draft.txn.reference("PayeeEntityRef").unwrap_or("").to_owned();
    if draft.txn.party.is_empty() {
        return Err(Status::bad_id("", "list id"));
    }
    if call.file.books.lists.get(ListKind::Vendor, &draft.txn.party).is_none() {
        let said = given.child("PayeeEntityRef").cloned().unwrap_or_default();
        return Err(refs::refused(&said, word, "The payee of a bill payment must be a vendor."));
    }
    let payable = purchases::take_payable_account(call, &mut draft.txn, given.child("APAccountRef"))?;
    check_account(call, draft, given)?;
    number_or_print(&mut draft.txn, given);
    let asked = payments::read(call, word, given)?;
    let is_credits_only = draft.before.is_none() && asked.iter().all(payments::Asked::is_credits_only);
    if !asked.is_empty() {
        payments::start_over(call, draft);
        let total = asked.iter().try_fold(0_i64, |sum, one| sum.checked_add(one.cents()));
        draft.txn.total_cents = total.filter(|sum| *sum <= money::CENTS_MAX).ok_or_else(Status::amount_too_large)?;
        let party = draft.txn.party.clone();
        payments::plan(call, draft, asked, &Side::of(&call.file.books, &payable, &party))?;
    }
    if let Some(amount) = given.text_of("Amount").filter(|text| money::parse(text) != Some(draft.txn.total_cents)) {
        return Err(Status::rule("Amount", amount, "The amount must be the sum of the payments."));
    }
    draft.is_credits_only = is_credits_only;
    draft.txn.postings = payments::postings(&call.file.books, &draft.txn, &payments::own_uses(call, draft));
    Ok(())
}

/// The money comes from an account of the type that goes with the kind of payment.
fn check_account(call: &Call<'_>, draft: &Draft, given: &Element) -> Result<(), Status> {
    let (name, account_type, type_name) = match draft.txn.kind {
        TxnKind::BillPaymentCheck => ("BankAccountRef", "Bank", "Bank"),
        _ => ("CreditCardAccountRef", "CreditCard", "Credit Card"),
    };
    let account = draft.txn.reference(name).unwrap_or("");
    if account.is_empty() {
        return Err(Status::bad_id("", "list id"));
    }
    if call.file.books.account_type(account) != account_type {
        let said = given.child(name).cloned().unwrap_or_else(|| refs::to(name, account));
        let reason = format!("The account for this transaction must be of type {type_name}.");
        return Err(refs::refused(&said, draft.txn.kind.word(), &reason));
    }
    Ok(())
}

/// A cheque has a number or waits for the printer, not both.
fn number_or_print(txn: &mut Transaction, given: &Element) {
    if given.text_of("IsToBePrinted") == Some("true") {
        txn.fields.retain(|field| field.name != "RefNumber");
    } else if given.child("RefNumber").is_some() {
        txn.fields.retain(|field| field.name != "IsToBePrinted");
    }
}
