//! The stored form of a session.

use crate::connector::{Conversation, Reading};
use crate::limits::{DELETION_HORIZON_DAYS, QUICKBOOKS_OVERLAP_HOURS};
use crate::model::{Kind, Side};
use crate::store::{StoreError, Tx};
use chrono::{DateTime, Utc};
use qbxml::QbDateTime;
use std::collections::HashMap;

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
/// remembers deletions, everything.
pub(super) fn reading(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<Reading, StoreError> {
    let deletions = tx.cursor(Side::QuickBooks, DELETED_LISTS)?;
    let silent = deletions.full_read_at.is_some_and(|at| (now - at).num_days() >= DELETION_HORIZON_DAYS);
    let mut marks: HashMap<Kind, String> = HashMap::new();
    for entity in crate::entities::ENTITIES {
        let cursor = tx.cursor(Side::QuickBooks, entity.kind().word())?;
        if let Some(mark) = cursor.mark.filter(|_| cursor.complete && !silent) {
            marks.extend(overlapped(&mark).map(|since| (entity.kind(), since)));
        }
    }
    Ok(Reading::from_marks(|kind| marks.get(&kind).cloned()))
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
