//! Received payments: money from customers.
//!
//! The total debits Undeposited Funds, or the account named, and credits A/R. It is distributed by the request or, with
//! `IsAutoApply`, to an invoice of exactly that amount, else to the oldest ones; what is not used stays as a credit
//! (`qbxml.md` 6, 10). Nothing received and nothing but credits set makes no transaction, as with payments of bills
//! (recalled). A payment that a deposit holds keeps amount and account, and cannot be deleted. Received payments
//! cannot be voided.

use super::payments::{self, Side};
use super::txn_tables::receive_payment::{ADD, MOD, QUERY, RET};
use super::{Attributes, RequestType, deposit, sales};
use crate::sim::quickbooks::applied::{Use, open_cents, standing};
use crate::sim::quickbooks::books::{Books, Line, LineTable, Transaction};
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::txn_kind::TxnKind;
use crate::sim::quickbooks::txn_ops::{self, Draft, TxnObject, UNDEPOSITED};
use crate::sim::quickbooks::{Call, money, refs, txn_query};
use crate::sim::xml::Element;

const KIND: TxnKind = TxnKind::ReceivePayment;

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("ReceivePaymentQuery", QUERY, |call| txn_query::run(call, KIND))
        .with(Attributes::Iterated)
        .since(1, 1),
    RequestType::new("ReceivePaymentAdd", ADD, |call| txn_ops::add(call, KIND, ADD)).since(1, 1),
    RequestType::new("ReceivePaymentMod", MOD, |call| txn_ops::modify(call, KIND, MOD)).since(6, 0),
];

pub(crate) static OBJECT: TxnObject = TxnObject {
    ret: "ReceivePaymentRet",
    table: RET,
    never_cleared: &["CustomerRef", "ARAccountRef", "TxnDate", "TotalAmount", "DepositToAccountRef"],
    settle,
    computed,
};

fn computed(books: &Books, payment: &Transaction) -> Vec<Element> {
    let is_credit = |txn: &&Transaction| {
        let party = |standing: &crate::sim::quickbooks::applied::Standing| standing.party == payment.party;
        txn.kind == TxnKind::CreditMemo && standing(books, txn).as_ref().is_some_and(party)
    };
    let credits: i64 = books.txns.values().filter(is_credit).map(|credit| open_cents(books, credit)).sum();
    vec![
        Element::leaf("TotalAmount", &money::format(payment.total_cents)),
        Element::leaf("UnusedPayment", &money::format(open_cents(books, payment))),
        Element::leaf("UnusedCredits", &money::format(credits)),
    ]
}

fn settle(call: &Call<'_>, draft: &mut Draft, given: &Element) -> Result<(), Status> {
    let books = &call.file.books;
    sales::take_customer(call, &mut draft.txn)?;
    let receivable = sales::take_receivable_account(call, &mut draft.txn, given.child("ARAccountRef"))?;
    take_total(draft, given)?;
    take_deposit_account(call, draft, given)?;
    check_deposited(call, draft)?;
    let asked = payments::read(call, KIND.word(), given)?;
    let paid = asked.iter().try_fold(0_i64, |sum, one| sum.checked_add(one.cents()));
    let paid = paid.ok_or_else(Status::amount_too_large)?;
    if paid > draft.txn.total_cents {
        let amount = money::format(draft.txn.total_cents);
        return Err(Status::rule("TotalAmount", &amount, "The amount must cover the payments applied."));
    }
    let side = Side::of(books, &receivable, &draft.txn.party.clone());
    let is_credits_only =
        draft.before.is_none() && draft.txn.total_cents == 0 && asked.iter().all(payments::Asked::is_credits_only);
    if !asked.is_empty() {
        payments::start_over(call, draft);
        payments::plan(call, draft, asked, &side)?;
        draft.is_credits_only = is_credits_only;
    } else if given.text_of("IsAutoApply") == Some("true") {
        apply_by_itself(books, draft, &side);
    }
    draft.txn.postings = payments::postings(books, &draft.txn, &payments::own_uses(call, draft));
    Ok(())
}

fn take_total(draft: &mut Draft, given: &Element) -> Result<(), Status> {
    match given.text_of("TotalAmount").and_then(money::parse) {
        Some(cents) if cents < 0 => {
            return Err(Status::rule("TotalAmount", &money::format(cents), "Transaction amount must be positive."));
        }
        Some(cents) => draft.txn.total_cents = cents,
        None if draft.before.is_none() => return Err(Status::missing("TotalAmount")),
        None => {}
    }
    if draft.txn.lines.is_empty() {
        draft.txn.lines.push(Line::new(LineTable::Money));
    }
    for line in &mut draft.txn.lines {
        line.cents = draft.txn.total_cents;
    }
    Ok(())
}

/// Money goes to Undeposited Funds unless another account is named, which must hold money or the like.
fn take_deposit_account(call: &Call<'_>, draft: &mut Draft, given: &Element) -> Result<(), Status> {
    let books = &call.file.books;
    let Some(account) = draft.txn.reference("DepositToAccountRef") else {
        let known = txn_ops::undeposited_account(books).map_or(UNDEPOSITED, |account| account.id.as_str());
        draft.txn.fields.push(refs::to("DepositToAccountRef", known));
        return Ok(());
    };
    if !matches!(books.account_type(account), "Bank" | "OtherCurrentAsset") {
        let said = given.child("DepositToAccountRef").cloned();
        let said = said.unwrap_or_else(|| refs::to("DepositToAccountRef", account));
        let reason = "The account for this transaction must be of type Bank or Other Current Asset.";
        return Err(refs::refused(&said, KIND.word(), reason));
    }
    Ok(())
}

/// What a deposit holds keeps its amount, its account and its customer.
fn check_deposited(call: &Call<'_>, draft: &Draft) -> Result<(), Status> {
    let Some(before) = draft.before.as_ref().filter(|before| deposit::holder(&call.file.books, &before.id).is_some())
    else {
        return Ok(());
    };
    let account = |txn: &Transaction| txn.reference("DepositToAccountRef").map(str::to_owned);
    if before.total_cents != draft.txn.total_cents || account(before) != account(&draft.txn) {
        return Err(Status::cannot_modify(KIND.word(), "This payment has been deposited. Change the deposit first."));
    }
    Ok(())
}

/// An invoice of exactly the amount first, else the oldest ones.
fn apply_by_itself(books: &Books, draft: &mut Draft, side: &Side<'_>) {
    let mut open: Vec<(&Transaction, i64)> = books
        .txns
        .values()
        .filter(|txn| side.find(books, &txn.id, true).is_ok())
        .map(|txn| (txn, open_cents(books, txn)))
        .filter(|(_, cents)| *cents > 0)
        .collect();
    open.sort_by_key(|(txn, _)| (txn.date, txn.number));
    let mut rest = draft.txn.total_cents;
    if let Some(exact) = open.iter().position(|(_, cents)| *cents == rest) {
        let exact = open.remove(exact);
        open.insert(0, exact);
    }
    for (txn, cents) in open {
        let cents = cents.min(rest);
        if cents > 0 {
            rest -= cents;
            let source = String::new();
            draft.uses.push(Use { source, target: txn.id.clone(), cents, discount: None });
        }
    }
}
