//! Journal entries: bookings by hand.
//!
//! Debits equal credits, amounts are positive (`qbxml.md` 6). A line on an A/R account names a customer, one on an A/P
//! account a vendor, and an entry has one such line at most. A Mod sends lines of either side in one list; what is not sent is
//! deleted, a line with only its ID stays.

use super::txn_tables::journal_entry::{ADD, MOD, QUERY, RET};
use super::{Attributes, RequestType};
use crate::sim::quickbooks::books::{Books, Line, LineTable, Transaction};
use crate::sim::quickbooks::ledger::Posting;
use crate::sim::quickbooks::list_ops::overlay;
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::txn_kind::TxnKind;
use crate::sim::quickbooks::txn_ops::{self, Draft, TxnObject};
use crate::sim::quickbooks::{Call, money, refs, txn_query};
use crate::sim::xml::Element;

const KIND: TxnKind = TxnKind::JournalEntry;

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("JournalEntryQuery", QUERY, |call| txn_query::run(call, KIND)).with(Attributes::Iterated),
    RequestType::new("JournalEntryAdd", ADD, |call| txn_ops::add(call, KIND, ADD)),
    RequestType::new("JournalEntryMod", MOD, |call| txn_ops::modify(call, KIND, MOD)).since(6, 0),
];

pub(crate) static OBJECT: TxnObject =
    TxnObject { ret: "JournalEntryRet", table: RET, never_cleared: &["TxnDate"], settle, computed };

fn computed(_books: &Books, entry: &Transaction) -> Vec<Element> {
    let is_adjustment = entry.field("IsAdjustment").is_none();
    is_adjustment.then(|| Element::leaf("IsAdjustment", "false")).into_iter().collect()
}

fn settle(call: &Call<'_>, draft: &mut Draft, given: &Element) -> Result<(), Status> {
    let before = draft.before.as_ref().map_or(&[][..], |before| &before.lines);
    draft.txn.lines = lines(call, before, given)?;
    if draft.txn.lines.is_empty() {
        return Err(Status::cannot_save(KIND.word(), "The transaction is empty."));
    }
    let books = &call.file.books;
    let (mut debits, mut credits): (i64, i64) = (0, 0);
    let mut postings = Vec::new();
    draft.txn.party.clear();
    for line in &draft.txn.lines {
        let is_debit = line.table == LineTable::Debit;
        let side = if is_debit { &mut debits } else { &mut credits };
        let sum = side.checked_add(line.cents).filter(|sum| *sum <= money::CENTS_MAX);
        *side = sum.ok_or_else(Status::amount_too_large)?;
        let account = line.reference("AccountRef").ok_or_else(Status::no_posting_account)?.to_owned();
        let party = party(books, line, &account)?;
        if let Some(party) = &party {
            if !draft.txn.party.is_empty() {
                return Err(Status::cannot_save(
                    KIND.word(),
                    "An entry can have one line on Accounts Receivable or Accounts Payable only.",
                ));
            }
            draft.txn.party.clone_from(party);
        }
        postings.push(Posting { account, party, cents: if is_debit { line.cents } else { -line.cents } });
    }
    if debits != credits {
        return Err(Status::cannot_save(KIND.word(), "Transaction is not in balance."));
    }
    draft.txn.total_cents = debits;
    draft.txn.postings = postings;
    Ok(())
}

/// The name a line on A/P or A/R stands for.
fn party(books: &Books, line: &Line, account: &str) -> Result<Option<String>, Status> {
    let named = line.reference("EntityRef");
    let (kind, text) = match books.account_type(account) {
        "AccountsPayable" => (ListKind::Vendor, "You must choose a vendor for a line on Accounts Payable."),
        "AccountsReceivable" => (ListKind::Customer, "You must choose a customer for a line on Accounts Receivable."),
        "NonPosting" => return Err(Status::cannot_save(KIND.word(), "The posting account is invalid.")),
        _ => return Ok(None),
    };
    let record = named.and_then(|id| books.lists.get(kind, id));
    record.map(|record| Some(record.id.clone())).ok_or_else(|| Status::cannot_save(KIND.word(), text))
}

/// The lines after an Add or a Mod.
fn lines(call: &Call<'_>, before: &[Line], given: &Element) -> Result<Vec<Line>, Status> {
    let mut lines = Vec::new();
    for child in &given.children {
        let line = match child.name.as_str() {
            "JournalDebitLine" => changed(call, Line::new(LineTable::Debit), child)?,
            "JournalCreditLine" => changed(call, Line::new(LineTable::Credit), child)?,
            "JournalLineMod" => modified(call, before, child)?,
            _ => continue,
        };
        lines.push(line);
    }
    let is_mod = given.name == "JournalEntryMod";
    Ok(if lines.is_empty() && is_mod { before.to_vec() } else { lines })
}

fn modified(call: &Call<'_>, before: &[Line], child: &Element) -> Result<Line, Status> {
    let side = match child.text_of("JournalLineType") {
        Some("Debit") => Some(LineTable::Debit),
        Some("Credit") => Some(LineTable::Credit),
        _ => None,
    };
    let id = child.text_of("TxnLineID").unwrap_or("");
    if id == "-1" {
        let side = side.ok_or_else(|| Status::missing("JournalLineType"))?;
        return changed(call, Line::new(side), child);
    }
    let known = before.iter().find(|line| line.id == id).cloned();
    let mut line = known.ok_or_else(|| Status::no_such_object(id))?;
    line.table = side.unwrap_or(line.table);
    changed(call, line, child)
}

fn changed(call: &Call<'_>, mut line: Line, child: &Element) -> Result<Line, Status> {
    let is_value = |field: &&Element| !matches!(field.name.as_str(), "TxnLineID" | "JournalLineType");
    let fields = child.children.iter().filter(is_value).cloned().collect();
    if line.fields.is_empty() {
        refs::refuse_empty(&child.children)?;
    }
    let (books, habits) = (&call.file.books, &call.file.setup.habits);
    overlay(&mut line.fields, refs::resolve_all(books, habits, KIND.word(), fields)?);
    line.cents = line.field("Amount").and_then(money::parse).unwrap_or(0);
    if line.cents < 0 {
        return Err(Status::rule("Amount", &money::format(line.cents), "Transaction amount must be positive."));
    }
    line.set("Amount", &money::format(line.cents));
    Ok(line)
}
