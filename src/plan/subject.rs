//! What the planner may look at.

use crate::entities::Partners;
use crate::model::{Fields, Intent, Kind, Link, Problem, RecordKey, Reference, Side, Sighting};

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
    /// Records of the other side that a merge there, made before the two were recognised, has to do with.
    pub inherited: Vec<Inherited>,
    /// Whether what may be the same record is being written right now: one of the candidates to this side, so that this record may
    /// be what came of it; or one of its own name to the other side that is gone by now, so that this one was entered in its stead.
    pub same_may_be_out: bool,
    /// Whether it appeared while a record of its kind was being made on its side, of which it is not known what became: it may be
    /// that one, although the two are not alike any more.
    pub may_be_a_new_one: bool,
    /// There are more candidates than are looked at: not finding one proves nothing.
    pub candidates_cut_short: bool,
    /// Unlinked records of the other side that it may have become, or come from, since the backup that was restored; documents
    /// also when they were removed.
    pub suspects: Vec<Sighting>,
    /// Linked living records of the other side that share an identity key: the name is theirs.
    pub occupied: Vec<Sighting>,
    /// Rounds of reading again because of a stale version, since the last success.
    pub stale_rounds: u32,
}

/// A record without a partner may be the same as one that was merged on the other side, or that was merged into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inherited {
    /// The record itself, or what was merged into it.
    pub own: Sighting,
    /// What that may be the same as, on the other side.
    pub other: Sighting,
    /// The record of the other side that is left of it.
    pub heir: Sighting,
    /// Whether that one has a partner already.
    pub taken: bool,
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

/// References of a document that have no partner yet.
#[must_use]
pub(super) fn unlinked<'a>(fields: &'a Fields, side: Side, partners: &Partners) -> Vec<&'a Reference> {
    fields.references().into_iter().filter(|reference| partners.of(side, reference).is_none()).collect()
}
