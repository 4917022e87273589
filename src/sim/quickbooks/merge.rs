//! Merging two records of a list into one, by a person or through `ListMerge` (since 7.0).
//!
//! Everything that named the loser names the winner afterwards: references of other lists, transactions with the IDs they
//! had, postings and balances, children. The loser's ID shows up among the deleted ones. No modification time moves, so an
//! application that follows these alone never hears of it (`qbxml.md` 4, 8).
//!
//! Through the SDK it takes the edit sequences of both, single-user mode, and a list that `ListMerge` knows.

use super::answer::Outcome;
use super::books::Transaction;
use super::list_ops;
use super::lists::{Family, ListKind, ListRecord, Lists};
use super::status::Status;
use super::time::Now;
use super::{Call, CompanyFile, refs};
use crate::sim::xml::Element;

/// Merges the loser into the winner.
///
/// # Errors
/// 3120 if one is not there or they are the same; 3210 if they do not go together; 3100 if children would clash.
pub(crate) fn merge(file: &mut CompanyFile, kind: ListKind, loser: &str, winner: &str, now: Now) -> Result<(), Status> {
    let gone = list_ops::find(&file.books, kind, loser)?.clone();
    let kept = list_ops::find(&file.books, kind, winner)?;
    check(&file.books.lists, &gone, kept)?;
    let books = &mut file.books;
    let keys: Vec<_> = books.lists.all().map(ListRecord::key).collect();
    for key in keys {
        books.lists.change(&key, |record| {
            refs::redirect(&mut record.fields, kind, loser, winner);
            if record.kind == kind && record.parent.as_deref() == Some(loser) {
                record.parent = Some(winner.to_owned());
            }
        });
    }
    for txn in books.txns.values_mut() {
        move_transaction(txn, kind, loser, winner);
    }
    if matches!(kind, ListKind::Account | ListKind::Class) {
        books.applied.redirect(loser, winner, kind == ListKind::Account);
    }
    match kind {
        ListKind::Account => books.ledger.merge_accounts(loser, winner),
        ListKind::Vendor | ListKind::Customer => books.ledger.merge_parties(loser, winner),
        _ => {}
    }
    books.data_ext.forget(&gone.key());
    list_ops::remove(books, &gone, now);
    Ok(())
}

fn check(lists: &Lists, gone: &ListRecord, kept: &ListRecord) -> Result<(), Status> {
    if gone.id == kept.id {
        return Err(Status::no_such_object(&gone.id));
    }
    if gone.field("AccountType") != kept.field("AccountType") {
        let account_type = gone.field("AccountType").unwrap_or("");
        return Err(Status::rule("AccountType", account_type, "Accounts of different types cannot be merged."));
    }
    if lists.is_below(kept, &gone.id) {
        return Err(Status::rule("MergeTo", &kept.id, "A record cannot be merged into one of its own children."));
    }
    for child in lists.children(gone) {
        lists.check_name(child.kind, &child.name, Some(&kept.id), None)?;
        lists.check_parent(kept, Some(&child.id))?;
    }
    Ok(())
}

fn move_transaction(txn: &mut Transaction, kind: ListKind, loser: &str, winner: &str) {
    refs::redirect(&mut txn.fields, kind, loser, winner);
    for line in &mut txn.lines {
        refs::redirect(&mut line.fields, kind, loser, winner);
        for member in &mut line.members {
            refs::redirect(&mut member.fields, kind, loser, winner);
        }
    }
    let is_party = kind.family() == Family::Names;
    if is_party && txn.party == loser {
        winner.clone_into(&mut txn.party);
    }
    for posting in &mut txn.postings {
        if kind == ListKind::Account && posting.account == loser {
            winner.clone_into(&mut posting.account);
        }
        if is_party && posting.party.as_deref() == Some(loser) {
            posting.party = Some(winner.to_owned());
        }
    }
}

/// `ListMerge`.
///
/// # Errors
/// As [`merge`]; 3162 in multi-user mode, 3176 if somebody has one of them open, 3200 for an old edit sequence, 3210 for
/// customers that ship to addresses of the same name, unless the request allows it.
pub(crate) fn request(call: &mut Call<'_>) -> Result<Outcome, Status> {
    let word = call.request.text_of("ListMergeType").unwrap_or("");
    let kind = ListKind::of_word(word).ok_or_else(|| Status::no_such_object(""))?;
    if call.file.setup.multi_user {
        return Err(Status::wrong_mode());
    }
    let loser = named(call, kind, "MergeFrom")?;
    let winner = named(call, kind, "MergeTo")?;
    let is_allowed = matches!(call.request.text_of("SameShipAddrOk"), Some("true" | "1"));
    if !is_allowed && let Some(name) = shared_address(&loser, &winner) {
        return Err(Status::rule("ShipToAddress", name, "Both customers ship to an address of this name."));
    }
    let full_name = call.file.books.lists.full_name(&loser);
    merge(call.file, kind, &loser.id, &winner.id, call.now)?;
    let zone = &call.file.setup.zone;
    let kept = list_ops::find(&call.file.books, kind, &winner.id)?;
    Ok(Outcome::of(vec![
        Element::leaf("ListMergeType", word),
        Element::group(
            "MergedFrom",
            vec![
                Element::leaf("ListID", &loser.id),
                Element::leaf("TimeDeleted", &zone.stamp(call.now)),
                Element::leaf("FullName", &full_name),
            ],
        ),
        Element::group(
            "MergedTo",
            vec![
                Element::leaf("ListID", &kept.id),
                Element::leaf("TimeCreated", &zone.stamp(kept.created)),
                Element::leaf("TimeModified", &zone.stamp(kept.modified)),
                Element::leaf("EditSequence", &kept.edit_sequence.to_string()),
                Element::leaf("FullName", &call.file.books.lists.full_name(kept)),
            ],
        ),
    ]))
}

/// The record one side of the request names, if it may be touched.
fn named(call: &Call<'_>, kind: ListKind, side: &str) -> Result<ListRecord, Status> {
    let text = |name| call.request.child(side).and_then(|side| side.text_of(name)).unwrap_or("");
    let record = list_ops::find(&call.file.books, kind, text("ListID"))?;
    if call.is_open_elsewhere(&record.id) {
        return Err(Status::list_locked(kind));
    }
    if record.edit_sequence.to_string() != text("EditSequence") {
        return Err(Status::stale(text("EditSequence")));
    }
    Ok(record.clone())
}

fn shared_address<'a>(one: &'a ListRecord, other: &ListRecord) -> Option<&'a str> {
    let names = |record: &'a ListRecord| record.fields.iter().filter(|f| f.name == "ShipToAddress");
    let has = |name: &str| {
        let mut addresses = other.fields.iter().filter(|field| field.name == "ShipToAddress");
        addresses.any(|address| address.text_of("Name").is_some_and(|known| known.eq_ignore_ascii_case(name)))
    };
    names(one).filter_map(|address| address.text_of("Name")).find(|name| has(name))
}
