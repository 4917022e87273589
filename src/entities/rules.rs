//! Which way a kind moves: what happens on one side, and what follows for the other (design section 4).

use crate::model::Side;

/// What a new record on one side means for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnNew {
    /// It is made there.
    Create,
    /// It stays where it is; it may be linked.
    Stay,
    /// It is made there when a person says so.
    Offer,
}

/// What an edit on one side means for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnEdit {
    /// It is made there too.
    Update,
    /// It never travels; people see it as a difference.
    Difference,
    /// It never travels, and nobody is told: only the other side's version counts.
    Ignore,
}

/// What it means for the other side when a record is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnGone {
    /// It is made inactive there.
    Deactivate,
    /// It is voided there; in Bill.com it is archived.
    Void,
    /// People see it as a difference.
    Difference,
    /// People see it as a difference, and can have it voided there.
    Offer,
    /// People see it as a difference, and can have it made again here.
    Again,
    /// Nothing, and nobody is told.
    Ignore,
}

/// What happens on one side, and what follows for the other (a row of the table in design section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SideRules {
    /// A new record.
    pub new: OnNew,
    /// An edited one.
    pub edited: OnEdit,
    /// One that is gone.
    pub gone: OnGone,
}

/// The rules of a kind, for both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// For what happens in QuickBooks.
    pub quickbooks: SideRules,
    /// For what happens in Bill.com.
    pub billcom: SideRules,
}

impl Rules {
    /// For what happens on a side.
    #[must_use]
    pub const fn on(&self, side: Side) -> SideRules {
        match side {
            Side::QuickBooks => self.quickbooks,
            Side::BillCom => self.billcom,
        }
    }
}
