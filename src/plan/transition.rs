//! What the planner wants to be true next. The store commits a list of these in one transaction.

use crate::model::{
    Event, Fields, IntentId, IntentState, Kind, Link, LinkId, NativeId, Need, Operation, Problem, ProblemCode,
    RecordKey, Side, Sighting,
};
use chrono::{DateTime, Utc};

/// A new intent, before it has an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewIntent {
    /// What is to be done.
    pub operation: Operation,
    /// The record it comes from.
    pub source: RecordKey,
    /// The record to change.
    pub target_id: Option<NativeId>,
    /// What to write, with references of the source side.
    pub fields: Fields,
    /// Fields to be emptied.
    pub cleared: Vec<String>,
    /// What the source said.
    pub source_fields: Fields,
    /// Records whose partners must exist first.
    pub needs: Vec<Need>,
    /// Why, in words.
    pub reason: String,
}

/// One change of the sync state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transition {
    /// A record was seen. Makes its subject due for planning when its fingerprint changed.
    See(Sighting),
    /// A record is not there any more.
    Vanish(RecordKey),
    /// A record's subject is due for planning again.
    Replan(RecordKey),
    /// A record is needed by another one although it would not be carried for its own sake: it is carried now.
    Want(RecordKey),
    /// A record's subject has been dealt with.
    Planned(RecordKey),
    /// It cannot be dealt with yet; tried again whenever something was linked or settled.
    Defer {
        /// Which record.
        key: RecordKey,
        /// Why, in words.
        reason: String,
    },
    /// Two records are the same.
    Pair {
        /// What they are.
        kind: Kind,
        /// The ListID or TxnID.
        quickbooks_id: NativeId,
        /// The Bill.com id.
        billcom_id: NativeId,
        /// The base as QuickBooks expresses it.
        quickbooks_base: Fields,
        /// The base as Bill.com expresses it.
        billcom_base: Fields,
        /// The record was made by us but not shown: when QuickBooks shows this version, what it shows is the base.
        unseen_version: Option<String>,
    },
    /// New bases of a pair.
    Rebase {
        /// Which pair.
        link: LinkId,
        /// The base as QuickBooks expresses it.
        quickbooks_base: Fields,
        /// The base as Bill.com expresses it.
        billcom_base: Fields,
    },
    /// A pair's record on one side was merged into another record there.
    MovePair {
        /// Which pair.
        link: Box<Link>,
        /// On which side.
        side: Side,
        /// The survivor.
        to: NativeId,
    },
    /// Something is to be written.
    Propose(Box<NewIntent>),
    /// An intent moves on.
    Move {
        /// Which intent.
        intent: IntentId,
        /// Where to.
        to: IntentState,
        /// Why, in words.
        note: Option<String>,
        /// Not to be sent before.
        not_before: Option<DateTime<Utc>>,
    },
    /// An intent was carried out; it now knows its target.
    Apply {
        /// Which intent.
        intent: IntentId,
        /// The record it made or changed.
        target: NativeId,
    },
    /// An intent's message set was refused as a whole: send it with fewer others.
    Shrink {
        /// Which intent.
        intent: IntentId,
        /// How many may share a set.
        batch_max: u32,
    },
    /// The name of a record is taken on the other side: it gets this one there.
    Alias {
        /// Which record.
        key: RecordKey,
        /// The name it gets on the other side.
        name: String,
    },
    /// A record must be read again by its id.
    ReadAgain(RecordKey),
    /// A name must be looked up in all name lists, for an intent whose name was refused as taken.
    FindName {
        /// Which intent.
        intent: IntentId,
        /// What it is.
        kind: Kind,
        /// The name that was sent.
        name: String,
    },
    /// A pair had to be read again because its version was stale; counts the rounds.
    Stale(RecordKey),
    /// Something a person must decide. Replaces an open problem of the same code and record.
    Open(Box<Problem>),
    /// Such a problem does not stand any more.
    Close {
        /// What sort.
        code: ProblemCode,
        /// About which record.
        key: Option<RecordKey>,
    },
    /// One line of history.
    Note(Event),
}

impl Transition {
    /// An intent is not wanted any more.
    pub fn skip(intent: IntentId, why: impl Into<String>) -> Self {
        Self::Move { intent, to: IntentState::Skipped, note: Some(why.into()), not_before: None }
    }

    /// An intent may be sent, at once or not before some time.
    pub fn ready(intent: IntentId, why: impl Into<String>, not_before: Option<DateTime<Utc>>) -> Self {
        Self::Move { intent, to: IntentState::Ready, note: Some(why.into()), not_before }
    }

    /// Whether an intent was carried out is not known; looked up at once or not before some time.
    pub fn doubt(intent: IntentId, why: impl Into<String>, not_before: Option<DateTime<Utc>>) -> Self {
        Self::Move { intent, to: IntentState::InDoubt, note: Some(why.into()), not_before }
    }
}
