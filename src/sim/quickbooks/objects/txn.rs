//! `TxnVoid` and `TxnDel`, for every kind of transaction.
//!
//! A void keeps the record with all amounts at zero and a memo that begins with `VOID:`; a deletion removes it and leaves
//! a trace in `TxnDeletedQuery`. Payments that were linked are unlinked, or the request is refused, by
//! [`crate::sim::quickbooks::Habits::paid_bill_stays`].

use super::RequestType;
use crate::sim::quickbooks::Call;
use crate::sim::quickbooks::answer::{Outcome, txn_recovery};
use crate::sim::quickbooks::books::{Books, Deleted, Transaction};
use crate::sim::quickbooks::refs;
use crate::sim::quickbooks::schema::{Node, id, word};
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::tables::{TXN_DEL_TYPE, TXN_VOID_TYPE};
use crate::sim::xml::Element;

const VOID: &[Node] = &[word("TxnVoidType", TXN_VOID_TYPE).required(), id("TxnID").required()];
const DEL: &[Node] = &[word("TxnDelType", TXN_DEL_TYPE).required(), id("TxnID").required()];

pub(crate) const REQUESTS: &[RequestType] =
    &[RequestType::new("TxnVoid", VOID, void).since(1, 1), RequestType::new("TxnDel", DEL, delete).since(1, 1)];

/// The transaction a request names.
fn named(call: &Call<'_>, type_element: &str) -> Result<Transaction, Status> {
    let id = call.request.text_of("TxnID").unwrap_or("");
    if !refs::has_id_form(id) {
        return Err(Status::bad_id(id, "txn id"));
    }
    let found = call.file.books.txns.get(id);
    let found = found.filter(|txn| Some(txn.kind.word()) == call.request.text_of(type_element));
    let txn = found.cloned().ok_or_else(|| Status::no_such_object(id))?;
    if call.is_open_elsewhere(id) {
        return Err(Status::transaction_locked());
    }
    Ok(txn)
}

fn void(call: &mut Call<'_>) -> Result<Outcome, Status> {
    let mut txn = named(call, "TxnVoidType")?;
    if call.is_closed(txn.date) {
        return Err(Status::closed_period(txn.kind.word()));
    }
    let zone = call.file.setup.zone;
    unlink(call, &txn);
    let books = &mut call.file.books;
    books.ledger.unpost(&txn.postings);
    txn.postings.clear();
    txn.links.clear();
    txn.total_cents = 0;
    for line in &mut txn.lines {
        line.cents = 0;
        for field in line.fields.iter_mut().filter(|field| matches!(field.name.as_str(), "Amount" | "Cost")) {
            "0.00".clone_into(&mut field.text);
        }
    }
    let memo = format!("VOID: {}", txn.field("Memo").unwrap_or(""));
    txn.fields.retain(|field| field.name != "Memo");
    txn.fields.push(Element::leaf("Memo", memo.trim_end()));
    txn.modified = call.now;
    txn.edit_sequence = Books::next_edit_sequence(&zone, call.now, txn.edit_sequence);
    let mut body = vec![
        Element::leaf("TxnVoidType", txn.kind.word()),
        Element::leaf("TxnID", &txn.id),
        Element::leaf("TimeCreated", &zone.stamp(txn.created)),
        Element::leaf("TimeModified", &zone.stamp(txn.modified)),
    ];
    body.extend(txn.field("RefNumber").map(|number| Element::leaf("RefNumber", number)));
    let recovery = txn_recovery(&txn.id, txn.number, txn.edit_sequence, None);
    books.txns.insert(txn.id.clone(), txn);
    Ok(Outcome { recovery: Some(recovery), ..Outcome::of(body) })
}

fn delete(call: &mut Call<'_>) -> Result<Outcome, Status> {
    let txn = named(call, "TxnDelType")?;
    if call.is_closed(txn.date) {
        return Err(Status::delete_in_closed_period());
    }
    if !txn.links.is_empty() && call.file.setup.habits.paid_bill_stays {
        return Err(Status::list_element_in_use(&txn.id));
    }
    unlink(call, &txn);
    let books = &mut call.file.books;
    books.ledger.unpost(&txn.postings);
    books.txns.remove(&txn.id);
    let label = txn.field("RefNumber").unwrap_or("").to_owned();
    let word = txn.kind.word();
    books.deleted_txns.push(Deleted {
        word,
        id: txn.id.clone(),
        created: txn.created,
        deleted: call.now,
        label: label.clone(),
    });
    let mut body = vec![
        Element::leaf("TxnDelType", word),
        Element::leaf("TxnID", &txn.id),
        Element::leaf("TimeDeleted", &call.file.setup.zone.stamp(call.now)),
    ];
    if !label.is_empty() {
        body.push(Element::leaf("RefNumber", &label));
    }
    let recovery = Element::group("ErrorRecovery", vec![Element::leaf("TxnID", &txn.id)]);
    Ok(Outcome { recovery: Some(recovery), ..Outcome::of(body) })
}

/// Takes the links to a transaction off the other side.
fn unlink(call: &mut Call<'_>, txn: &Transaction) {
    let zone = call.file.setup.zone;
    for other in call.file.books.txns.values_mut() {
        let before = other.links.len();
        other.links.retain(|(id, _)| *id != txn.id);
        if other.links.len() != before {
            other.modified = call.now;
            other.edit_sequence = Books::next_edit_sequence(&zone, call.now, other.edit_sequence);
        }
    }
}
