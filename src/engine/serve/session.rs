//! The stored form of a session.

use crate::connector::{Conversation, Reading};
use crate::entities::{self, ENTITIES, Entity};
use crate::limits::{DELETION_HORIZON_DAYS, OVERLAP_FADES_MAX, QUICKBOOKS_FULL_READ, QUICKBOOKS_OVERLAP_HOURS};
use crate::model::{Shelf, Side, span};
use crate::store::{Cursor, StoreError, Tx};
use chrono::{DateTime, Utc};
use qbxml::QbDateTime;
use std::collections::{HashMap, HashSet};

/// The cursor of deleted list records.
pub(super) const DELETED_LISTS: &str = "~lists";
/// The cursor of deleted transactions.
pub(super) const DELETED_TRANSACTIONS: &str = "~transactions";

pub(super) fn to_text(conversation: &Conversation) -> String {
    serde_json::to_string(conversation).expect("invariant: a conversation has text keys and plain values")
}

pub(super) fn from_text(text: &str) -> Result<Conversation, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Broken { what: "session" })
}

/// What the session will read: everything since the marks, less the overlap. After a silence longer than QuickBooks
/// remembers deletions, everything. A simulation also tries what would happen without the overlap.
pub(super) fn reading(tx: &Tx<'_>, overlap: bool, now: DateTime<Utc>) -> Result<Reading, StoreError> {
    let deletions = tx.cursor(Side::QuickBooks, DELETED_LISTS)?;
    let silent = deletions.full_read_at.is_some_and(|at| (now - at).num_days() >= DELETION_HORIZON_DAYS);
    let mut marks: HashMap<Shelf, String> = HashMap::new();
    let mut from_the_beginning = HashSet::new();
    let shelves: Vec<Shelf> = asked_for(tx)?.into_iter().flat_map(entities::shelves_of).collect();
    for shelf in shelves.iter().copied() {
        let cursor = tx.cursor(Side::QuickBooks, &shelf.to_string())?;
        // What QuickBooks does not tell of, and what its clock has hidden, is found only by reading everything.
        let stale = cursor.full_read_at.is_none_or(|at| now - at > span(QUICKBOOKS_FULL_READ));
        if !cursor.complete || silent || stale {
            // All shelves of a kind together: what is on none of them is gone.
            from_the_beginning.insert(shelf.kind);
            continue;
        }
        let Some(mark) = cursor.mark else { continue };
        let faded = match overlap {
            true => tx.cursor(Side::QuickBooks, &begins(shelf))?.mark,
            false => plus(&mark, chrono::Duration::zero()),
        };
        marks.extend(faded.or_else(|| overlapped(&mark)).map(|since| (shelf, since)));
    }
    marks.retain(|shelf, _| !from_the_beginning.contains(&shelf.kind));
    Ok(Reading::from_marks(shelves, |shelf| marks.get(&shelf).cloned()))
}

/// The kinds that QuickBooks is asked about: not those of which there is none to carry, where that matters.
pub(super) fn asked_for(tx: &Tx<'_>) -> Result<Vec<&'static dyn Entity>, StoreError> {
    let mut kinds = Vec::new();
    for entity in ENTITIES {
        if !entity.is_asked_for_only_where_wanted() || tx.has_any(Side::BillCom, entity.kind())? {
            kinds.push(*entity);
        }
    }
    Ok(kinds)
}

/// The cursor that says where the next reading of a shelf begins, and when the last one began.
fn begins(shelf: Shelf) -> String {
    format!("~begins:{shelf}")
}

/// Where the next reading of a shelf begins, once one from `since` is complete and `mark` is the newest stamp seen.
///
/// A new mark is followed by the whole overlap. While the mark stands, the overlap fades by the time between two readings:
/// what was changed before the last one began was seen, and what is changed later bears a stamp that is so much later too,
/// as long as QuickBooks' clock is not set back by more than the overlap. That is a difference of the server's clock, never
/// its time; and a difference that is too large to be true counts little.
pub(super) fn keep_beginning(
    tx: &Tx<'_>,
    shelf: Shelf,
    (before, mark): (Option<&str>, Option<&str>),
    begun_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let known = tx.cursor(Side::QuickBooks, &begins(shelf))?;
    let mut next = mark.and_then(overlapped);
    if let (Some(mark), Some(from), Some(last)) = (mark, known.mark, known.full_read_at)
        && before == Some(mark)
    {
        let elapsed = (begun_at - last).to_std().unwrap_or_default().min(OVERLAP_FADES_MAX);
        // Behind the mark at last, so that what was written in its very second is not read for ever.
        let behind = plus(mark, chrono::Duration::seconds(1));
        next = plus(&from, span(elapsed)).zip(behind).map(|(later, behind)| later.min(behind)).or(next);
    }
    let cursor = Cursor { mark: next, complete: true, full_read_at: Some(begun_at) };
    tx.set_cursor(Side::QuickBooks, &begins(shelf), &cursor)
}

/// A local stamp so much later.
fn plus(stamp: &str, by: chrono::Duration) -> Option<String> {
    let stamp: QbDateTime = stamp.parse().ok()?;
    let later = QbDateTime::from_local(stamp.local().checked_add_signed(by)?).ok()?;
    Some(later.local_text().to_owned())
}

/// A mark less the overlap.
pub(super) fn overlapped(mark: &str) -> Option<String> {
    let hours = u32::try_from(QUICKBOOKS_OVERLAP_HOURS).ok()?;
    let time: QbDateTime = mark.parse().ok()?;
    Some(time.minus_hours(hours).local_text().to_owned())
}

/// How a session went, for the connector's status column and the page.
pub(super) fn summary(conversation: &Conversation) -> String {
    if let Some(error) = &conversation.last_error {
        return error.clone();
    }
    let count = |number: u64, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
    let read = count(conversation.records, "record", "records");
    match (conversation.records, conversation.applied) {
        (0, 0) => "OK, nothing had changed".to_owned(),
        (_, 0) => format!("OK, {read} read"),
        (_, applied) => format!("OK, {read} read, {} made", count(applied, "change", "changes")),
    }
}
