//! What the planner may look at.

use crate::model::{Fields, Intent, Kind, Link, NativeId, Problem, RecordKey, Reference, Settings, Side, Sighting};
use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet};

/// A sighting together with what people and earlier rounds decided about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The record.
    pub sighting: Sighting,
    /// A person left it as it is: it is not created on the other side.
    pub skipped: bool,
    /// A person said that no candidate is it.
    pub forced: bool,
    /// The name it gets on the other side, where its own is taken in another name list.
    pub alias: Option<String>,
}

/// A pair of linked records, or one record without a partner, with everything that bears on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// What it is.
    pub kind: Kind,
    /// The pair, where there is one.
    pub link: Option<Link>,
    /// As last seen in QuickBooks.
    pub quickbooks: Option<Seen>,
    /// As last seen in Bill.com.
    pub billcom: Option<Seen>,
    /// Live intents from either record.
    pub live: Vec<Intent>,
    /// Refused intents whose problem is still open.
    pub rejected: Vec<Intent>,
    /// Open problems about either record.
    pub problems: Vec<Problem>,
    /// Unlinked living records of the other side that share an identity key.
    pub candidates: Vec<Sighting>,
    /// Unlinked living records of the same side that share an identity key: they may have a claim to the same partner.
    pub siblings: Vec<Sighting>,
    /// Whether one of the candidates is being written to this side right now: this record may be what came of it.
    pub candidate_is_out: bool,
    /// There are more candidates than are looked at: not finding one proves nothing.
    pub candidates_cut_short: bool,
    /// Linked living records of the other side that share an identity key: the name is theirs.
    pub occupied: Vec<Sighting>,
    /// Rounds of reading again because of a stale version, since the last success.
    pub stale_rounds: u32,
}

impl Subject {
    /// The record on a side.
    #[must_use]
    pub const fn on(&self, side: Side) -> Option<&Seen> {
        match side {
            Side::QuickBooks => self.quickbooks.as_ref(),
            Side::BillCom => self.billcom.as_ref(),
        }
    }

    /// The live intent towards a side.
    #[must_use]
    pub fn live_towards(&self, side: Side) -> Option<&Intent> {
        self.live.iter().find(|intent| intent.target() == side)
    }

    /// Addresses of the records that are there.
    pub fn keys(&self) -> impl Iterator<Item = &RecordKey> {
        [&self.quickbooks, &self.billcom].into_iter().flatten().map(|seen| &seen.sighting.key)
    }
}

/// Which record here is which record there, for everything a batch of subjects points at.
#[derive(Clone, Debug, Default)]
pub struct Partners(HashMap<RecordKey, NativeId>);

impl Partners {
    /// Adds a pair, in both directions.
    pub fn insert(&mut self, kind: Kind, quickbooks: &NativeId, billcom: &NativeId) {
        self.0.insert(RecordKey::new(Side::QuickBooks, kind, quickbooks.clone()), billcom.clone());
        self.0.insert(RecordKey::new(Side::BillCom, kind, billcom.clone()), quickbooks.clone());
    }

    /// The partner's id on the other side.
    #[must_use]
    pub fn of(&self, side: Side, reference: &Reference) -> Option<&NativeId> {
        self.0.get(&RecordKey::new(side, reference.kind, reference.id.clone()))
    }
}

/// What all subjects of a pass share.
#[derive(Clone, Debug)]
pub struct Context {
    /// The time of the decision, for events and problems.
    pub now: DateTime<Utc>,
    /// The company's settings.
    pub settings: Settings,
    /// Partners of everything the subjects point at.
    pub partners: Partners,
    /// Records that a live intent is going to create on the other side.
    pub coming: HashSet<RecordKey>,
    /// Records that a waiting intent needs a partner of.
    pub wanted: HashSet<RecordKey>,
    /// Sides and kinds that have been read completely at least once.
    pub complete: HashSet<(Side, Kind)>,
    /// The Bill.com account of bill lines that name none, from `default_expense_account`.
    pub default_expense_account: Option<Reference>,
    /// The record that is left at the end of a chain of merges; none where the chain has no end.
    pub survivors: HashMap<RecordKey, NativeId>,
    /// Titles of records pointed at, for texts.
    pub titles: HashMap<RecordKey, String>,
}

impl Context {
    /// What a person calls a record, or its id.
    #[must_use]
    pub fn title(&self, side: Side, reference: &Reference) -> String {
        let key = RecordKey::new(side, reference.kind, reference.id.clone());
        self.titles.get(&key).cloned().unwrap_or_else(|| format!("{} {}", reference.kind.title(), reference.id))
    }
}

/// References of a document that have no partner yet.
#[must_use]
pub(super) fn unlinked<'a>(fields: &'a Fields, side: Side, partners: &Partners) -> Vec<&'a Reference> {
    fields.references().into_iter().filter(|reference| partners.of(side, reference).is_none()).collect()
}
