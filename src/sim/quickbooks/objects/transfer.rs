//! Transfers: money moved between two accounts of the balance sheet.
//!
//! The one account is credited, the other debited (`qbxml.md` 10). The schema has everything optional, QuickBooks needs both
//! accounts and the amount. A transfer has no number, can neither be voided nor deleted by an application, and a deletion by
//! hand leaves no trace.

use super::txn_tables::transfer::{ADD, MOD, QUERY, RET};
use super::{Attributes, RequestType, account};
use crate::sim::quickbooks::books::{Books, Transaction};
use crate::sim::quickbooks::ledger::Posting;
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::txn_kind::TxnKind;
use crate::sim::quickbooks::txn_ops::{self, Draft, TxnObject};
use crate::sim::quickbooks::{Call, money, refs, txn_query};
use crate::sim::xml::Element;

const KIND: TxnKind = TxnKind::Transfer;

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("TransferQuery", QUERY, |call| txn_query::run(call, KIND)).with(Attributes::Iterated).since(12, 0),
    RequestType::new("TransferAdd", ADD, |call| txn_ops::add(call, KIND, ADD)).since(12, 0),
    RequestType::new("TransferMod", MOD, |call| txn_ops::modify(call, KIND, MOD)).since(12, 0),
];

pub(crate) static OBJECT: TxnObject = TxnObject {
    ret: "TransferRet",
    table: RET,
    never_cleared: &["TxnDate", "TransferFromAccountRef", "TransferToAccountRef", "Amount"],
    settle,
    computed,
};

fn computed(books: &Books, transfer: &Transaction) -> Vec<Element> {
    let balance = |name: &str| {
        let record = transfer.reference(name).and_then(|id| books.lists.get(ListKind::Account, id));
        money::format(record.map_or(0, |record| account::balance(books, record)))
    };
    vec![
        Element::leaf("FromAccountBalance", &balance("TransferFromAccountRef")),
        Element::leaf("ToAccountBalance", &balance("TransferToAccountRef")),
        Element::leaf("Amount", &money::format(transfer.total_cents)),
    ]
}

fn settle(call: &Call<'_>, draft: &mut Draft, given: &Element) -> Result<(), Status> {
    let from = end(call, draft, given, "TransferFromAccountRef")?;
    let to = end(call, draft, given, "TransferToAccountRef")?;
    match given.text_of("Amount").and_then(money::parse) {
        Some(cents) => draft.txn.total_cents = cents,
        None if draft.before.is_none() => return Err(Status::missing("Amount")),
        None => {}
    }
    let cents = draft.txn.total_cents;
    // A change to nothing is the only way an application has to undo a transfer.
    if cents < 0 || cents == 0 && draft.before.is_none() {
        return Err(Status::rule("Amount", &money::format(cents), "Transaction amount must be positive."));
    }
    if from == to {
        return Err(Status::rule("TransferToAccountRef", &to, "Money cannot be transferred within one account."));
    }
    let posting = |account: String, cents| Posting { account, party: None, cents };
    draft.txn.postings = vec![posting(to, cents), posting(from, -cents)];
    Ok(())
}

/// The account at one end; one of the balance sheet, and not one that needs a name beside it.
fn end(call: &Call<'_>, draft: &Draft, given: &Element, name: &str) -> Result<String, Status> {
    let Some(account) = draft.txn.reference(name) else {
        return Err(Status::missing(name));
    };
    let fits = matches!(
        call.file.books.account_type(account),
        "Bank"
            | "CreditCard"
            | "OtherCurrentAsset"
            | "FixedAsset"
            | "OtherAsset"
            | "OtherCurrentLiability"
            | "LongTermLiability"
            | "Equity"
    );
    if !fits {
        let said = given.child(name).cloned().unwrap_or_else(|| refs::to(name, account));
        return Err(refs::refused(
            &said,
            KIND.word(),
            "The account for this transaction must be a balance sheet account.",
        ));
    }
    Ok(account.to_owned())
}
