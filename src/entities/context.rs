//! What may be looked at besides the record itself: which records are partners, settings, titles.

use crate::model::{DefaultRecord, Fields, Kind, NativeId, RecordKey, Reference, Settings, Side, Sighting};
use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet};

/// Which record here is which record there, for everything a batch of subjects points at.
#[derive(Clone, Debug, Default)]
pub struct Partners {
    pairs: HashMap<RecordKey, NativeId>,
    lineages: Vec<Lineage>,
}

/// Records of both sides that are one and the same, by pairs and merges.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lineage {
    /// All of them.
    pub records: Vec<RecordKey>,
    /// Those that Bill.com merged into another one. QuickBooks never tells: what it merged is merely gone.
    pub departed: Vec<RecordKey>,
}

impl Partners {
    /// Adds a pair, in both directions.
    pub fn insert(&mut self, kind: Kind, quickbooks: &NativeId, billcom: &NativeId) {
        self.pairs.insert(RecordKey::new(Side::QuickBooks, kind, quickbooks.clone()), billcom.clone());
        self.pairs.insert(RecordKey::new(Side::BillCom, kind, billcom.clone()), quickbooks.clone());
    }

    /// The partner's id on the other side.
    #[must_use]
    pub fn of(&self, side: Side, reference: &Reference) -> Option<&NativeId> {
        self.pairs.get(&address(side, reference))
    }

    /// Adds records that are one and the same.
    pub fn unite(&mut self, lineage: Lineage) {
        self.lineages.push(lineage);
    }

    /// Whether both sides mean the same one: a pair, or what was merged into half of it.
    #[must_use]
    pub fn same(&self, quickbooks: &Reference, billcom: &Reference) -> bool {
        let (left, right) = (address(Side::QuickBooks, quickbooks), address(Side::BillCom, billcom));
        quickbooks.kind == billcom.kind
            && (self.of(Side::QuickBooks, quickbooks) == Some(&billcom.id) || self.lineage_of(&left, &right).is_some())
    }

    /// Whether a record is known to be, or may be, one of the other side: by pairs, merges or its name.
    #[must_use]
    pub fn may_be_known(&self, side: Side, reference: &Reference) -> bool {
        let own = address(side, reference);
        let crosses = |lineage: &&Lineage| lineage.records.iter().any(|record| record.side != side);
        self.lineages.iter().filter(crosses).any(|lineage| lineage.records.contains(&own))
    }

    /// Whether Bill.com merged one of its records into another one, so that what named the one names the other now.
    #[must_use]
    pub fn merged_in_billcom(&self, before: &Reference, now: &Reference) -> bool {
        let (before, now) = (address(Side::BillCom, before), address(Side::BillCom, now));
        before != now && self.lineage_of(&before, &now).is_some_and(|lineage| lineage.departed.contains(&before))
    }

    fn lineage_of(&self, left: &RecordKey, right: &RecordKey) -> Option<&Lineage> {
        self.lineages.iter().find(|lineage| lineage.records.contains(left) && lineage.records.contains(right))
    }
}

fn address(side: Side, reference: &Reference) -> RecordKey {
    RecordKey::new(side, reference.kind, reference.id.clone())
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
    /// What is known of the record that a document without a partner belongs to ([`crate::entities::Entity::owner`]), on the
    /// document's side.
    pub owner: Option<Fields>,
    /// What is known of the items that the subject points at.
    pub items: HashMap<RecordKey, Fields>,
    /// What is known of the Bill.com accounts that the subject is paid from; as QuickBooks has them, where it does.
    pub accounts: HashMap<RecordKey, Fields>,
    /// What a payment by credits alone uses, on Bill.com's side, and QuickBooks had before: it was found there, not made.
    pub found: HashSet<RecordKey>,
    /// Of these, what is paid in QuickBooks.
    pub paid: HashSet<RecordKey>,
    /// The account of the chart that each of Bill.com's bank accounts is tied to.
    pub bank_accounts: HashMap<NativeId, Reference>,
    /// The Bill.com records that the settings name and the subject's kind asks for ([`crate::entities::Entity::defaults`]).
    /// A clearing account that they do not name is the one that Bill.com's own payments show.
    pub defaults: HashMap<DefaultRecord, Reference>,
    /// The record that is left at the end of a chain of merges; none where the chain has no end.
    pub survivors: HashMap<RecordKey, NativeId>,
    /// What is left of merges, each with a free record of the other side that looks like it.
    pub twins_of_survivors: Vec<(Sighting, Sighting)>,
    /// What is left of merges and is being written to the other side right now, or it is not known whether it was.
    pub survivors_on_the_way: HashSet<RecordKey>,
    /// Titles of records pointed at, for texts.
    pub titles: HashMap<RecordKey, String>,
}

impl Context {
    /// Nothing is known yet but the time and the settings.
    #[must_use]
    pub fn new(now: DateTime<Utc>, settings: Settings) -> Self {
        Self {
            now,
            settings,
            partners: Partners::default(),
            coming: HashSet::new(),
            wanted: HashSet::new(),
            complete: HashSet::new(),
            owner: None,
            items: HashMap::new(),
            accounts: HashMap::new(),
            found: HashSet::new(),
            paid: HashSet::new(),
            bank_accounts: HashMap::new(),
            defaults: HashMap::new(),
            survivors: HashMap::new(),
            twins_of_survivors: Vec::new(),
            survivors_on_the_way: HashSet::new(),
            titles: HashMap::new(),
        }
    }

    /// What a person calls a record, or its id.
    #[must_use]
    pub fn title(&self, side: Side, reference: &Reference) -> String {
        let key = RecordKey::new(side, reference.kind, reference.id.clone());
        self.titles.get(&key).cloned().unwrap_or_else(|| format!("{} {}", reference.kind.title(), reference.id))
    }
}
