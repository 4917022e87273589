//! `TxnVoid` and `TxnDel`, for every kind of transaction.
//!
//! A void keeps the record with all amounts at zero and a memo that begins with `VOID:`; a deletion removes it and leaves
//! a trace in `TxnDeletedQuery`. What was linked is unlinked; a bill or invoice that is paid cannot be deleted, by
//! [`crate::sim::quickbooks::Habits::paid_bill_stays`]. A payment that a deposit holds stays as it is.

use super::{RequestType, deposit};
use crate::sim::quickbooks::Call;
use crate::sim::quickbooks::answer::{Outcome, txn_recovery};
use crate::sim::quickbooks::books::{Books, Deleted, Line, Transaction};
use crate::sim::quickbooks::schema::{Node, id, word};
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::tables::{TXN_DEL_TYPE, TXN_VOID_TYPE};
use crate::sim::quickbooks::{objects, refs, txn_ops};
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

/// Refuses to touch what a deposit holds, and what is linked to something that somebody has open.
fn check_free(call: &Call<'_>, txn: &Transaction) -> Result<(), Status> {
    let books = &call.file.books;
    if deposit::holder(books, &txn.id).is_some() {
        let reason = "This payment has been deposited. Delete the deposit first.";
        return Err(Status::cannot_modify(txn.kind.word(), reason));
    }
    let linked = books.applied.on(&txn.id).iter().chain(books.applied.of(&txn.id));
    let mut ends = linked.flat_map(|used| [&used.source, &used.target]).filter(|id| **id != txn.id);
    if ends.any(|id| call.is_open_elsewhere(id)) {
        return Err(Status::related_locked(txn.kind.word()));
    }
    Ok(())
}

fn void(call: &mut Call<'_>) -> Result<Outcome, Status> {
    let mut txn = named(call, "TxnVoidType")?;
    if call.is_closed(txn.date) {
        return Err(Status::closed_period(txn.kind.word()));
    }
    check_free(call, &txn)?;
    let zone = call.file.setup.zone;
    unlink(call, &txn.id);
    // Unlinking may have booked a payment again.
    let booked = call.file.books.txns.get(&txn.id).map(|txn| txn.postings.clone()).unwrap_or_default();
    call.file.books.ledger.unpost(txn.date, &booked);
    txn.postings.clear();
    txn.total_cents = 0;
    txn.lines.retain(|line| line.field("TxnID").is_none());
    for line in &mut txn.lines {
        clear(line);
        line.members.iter_mut().for_each(clear);
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
    call.file.books.txns.insert(txn.id.clone(), txn);
    Ok(Outcome { recovery: Some(recovery), ..Outcome::of(body) })
}

/// Takes the amount of a line away.
fn clear(line: &mut Line) {
    line.cents = 0;
    let is_amount = |name: &str| matches!(name, "Amount" | "Cost" | "Rate" | "TotalAmount");
    for field in line.fields.iter_mut().filter(|field| is_amount(&field.name)) {
        "0.00".clone_into(&mut field.text);
    }
}

fn delete(call: &mut Call<'_>) -> Result<Outcome, Status> {
    let txn = named(call, "TxnDelType")?;
    if call.is_closed(txn.date) {
        return Err(Status::delete_in_closed_period());
    }
    if !call.file.books.applied.on(&txn.id).is_empty() && call.file.setup.habits.paid_bill_stays {
        return Err(Status::list_element_in_use(&txn.id));
    }
    check_free(call, &txn)?;
    unlink(call, &txn.id);
    let books = &mut call.file.books;
    if let Some(gone) = books.txns.remove(&txn.id) {
        books.ledger.unpost(gone.date, &gone.postings);
    }
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

/// Takes the links of a transaction off, books payments at their other ends again, and stamps those.
fn unlink(call: &mut Call<'_>, id: &str) {
    let gone = call.file.books.applied.unlink(id);
    let mut ends: Vec<String> = gone.into_iter().flat_map(|used| [used.source, used.target]).collect();
    ends.sort();
    ends.dedup();
    for end in &ends {
        objects::repost(&mut call.file.books, end);
    }
    ends.retain(|end| end != id);
    txn_ops::touch(call, &ends);
}
