//! What bills and vendor credits have in common: the vendor, the A/P account, and postings that mirror each other.

use super::purchase_lines;
use crate::sim::quickbooks::books::Transaction;
use crate::sim::quickbooks::ledger::Posting;
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::txn_kind::TxnKind;
use crate::sim::quickbooks::{Call, money, refs};
use crate::sim::xml::Element;

/// Makes the vendor of the header the party.
///
/// # Errors
/// 3000 if there is none.
pub(super) fn take_vendor(call: &Call<'_>, txn: &mut Transaction) -> Result<(), Status> {
    let vendor = txn.reference("VendorRef").unwrap_or("").to_owned();
    if call.file.books.lists.get(ListKind::Vendor, &vendor).is_none() {
        return Err(Status::bad_id(&vendor, "list id"));
    }
    txn.party = vendor;
    Ok(())
}

/// Gives a transaction the company's A/P account if it has none, and makes sure that it is one.
///
/// # Errors
/// 3140 if there is none or it is of another type.
pub(super) fn take_payable_account(
    call: &Call<'_>,
    txn: &mut Transaction,
    said: Option<&Element>,
) -> Result<String, Status> {
    let (books, word) = (&call.file.books, txn.kind.word());
    if txn.reference("APAccountRef").is_none() {
        let payable = books.default_payable_account();
        let payable = payable.ok_or_else(|| Status::bad_reference("AP Account", "Accounts Payable", word))?;
        txn.fields.push(refs::to("APAccountRef", &payable.id));
    }
    let payable = txn.reference("APAccountRef").unwrap_or("").to_owned();
    if books.account_type(&payable) != "AccountsPayable" {
        let said = said.cloned().unwrap_or_else(|| refs::to("APAccountRef", &payable));
        return Err(refs::refused(&said, word, "The account for this transaction must be of type Accounts Payable."));
    }
    Ok(payable)
}

/// Computes amount and postings of a bill or vendor credit, and checks what must hold for them.
///
/// # Errors
/// 3101, 3140, 3180, 3210 and 3270 for lines and accounts that do not make a transaction.
pub(super) fn post(call: &Call<'_>, txn: &mut Transaction, payable_said: Option<&Element>) -> Result<(), Status> {
    let payable = take_payable_account(call, txn, payable_said)?;
    let (mut postings, total) = purchase_lines::postings(call, txn.kind, &txn.lines)?;
    if total < 0 {
        return Err(Status::rule("Amount", &money::format(total), "Transaction amount must be positive."));
    }
    postings.push(Posting { account: payable, party: Some(txn.party.clone()), cents: -total });
    if txn.kind == TxnKind::VendorCredit {
        for posting in &mut postings {
            posting.cents = -posting.cents;
        }
    }
    txn.total_cents = total;
    txn.postings = postings;
    Ok(())
}
