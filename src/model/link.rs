//! The pair: which record here is which record there.

use super::{Fields, Kind, LinkId, NativeId, RecordKey, Side};

/// Two records that are the same thing, and what each side said when both last agreed.
///
/// The base is kept twice, as each side expressed it: QuickBooks cuts, trims and transliterates (`qbxml.md` 4), and a
/// lossy copy must never look like an edit. A field is changed on a side when it differs from that side's base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Row number.
    pub id: LinkId,
    /// What both are.
    pub kind: Kind,
    /// The ListID or TxnID.
    pub quickbooks_id: NativeId,
    /// The Bill.com id.
    pub billcom_id: NativeId,
    /// The base as QuickBooks expressed it.
    pub quickbooks_base: Fields,
    /// The base as Bill.com expressed it.
    pub billcom_base: Fields,
}

impl Link {
    /// The id on a side.
    #[must_use]
    pub const fn id_on(&self, side: Side) -> &NativeId {
        match side {
            Side::QuickBooks => &self.quickbooks_id,
            Side::BillCom => &self.billcom_id,
        }
    }

    /// The base as a side expressed it.
    #[must_use]
    pub const fn base_on(&self, side: Side) -> &Fields {
        match side {
            Side::QuickBooks => &self.quickbooks_base,
            Side::BillCom => &self.billcom_base,
        }
    }

    /// The address of the record on a side.
    #[must_use]
    pub fn key_on(&self, side: Side) -> RecordKey {
        RecordKey::new(side, self.kind, self.id_on(side).clone())
    }
}
