//! Behaviour that the sources leave open or that changes over time, as switches. The defaults are the likeliest.

use chrono::TimeDelta;
use std::time::Duration;

/// How far a bill number must be unique (`billcom.md` 8, 12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberScope {
    /// Among the active bills of one vendor.
    Vendor,
    /// Among all active bills.
    Organization,
    /// Not checked.
    Unchecked,
}

/// When an update of the guarded vendor fields needs a trusted session (`billcom.md` 1 and 8, 10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MfaGuard {
    /// Never.
    Off,
    /// When a guarded field would get another value.
    WhenChanged,
    /// When a guarded field stands in the request at all.
    WhenSent,
}

/// The switches.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Names of active vendors, accounts, classes and customers are unique below one parent, account numbers everywhere.
    pub unique_names: bool,
    /// Account names are unique over all parents.
    pub unique_account_names_everywhere: bool,
    /// How far bill numbers must be unique.
    pub bill_numbers: NumberScope,
    /// The guard on payee name, address and e-mail.
    pub mfa_guard: MfaGuard,
    /// Read prints amounts and flags as texts, List as numbers and flags.
    pub types_wander: bool,
    /// Vendors print `mergedIntoId`, as a capture does, instead of the documented `mergeIntoId`.
    pub older_merge_spelling: bool,
    /// New lines of a bill are seen by readers only this much later than the bill itself.
    pub late_lines: TimeDelta,
    /// Equal stamps come in another order with every call.
    pub unstable_ties: bool,
    /// Filters on stamps are exact to the day only.
    pub coarse_filters: bool,
    /// The HTTP status of declined calls.
    pub declined_status: u16,
    /// The organisation is open to the API.
    pub api_access: bool,
    /// A sync token may read the organisation.
    pub token_reads_organization: bool,
    /// How long each call takes when served over HTTP.
    pub latency: Duration,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            unique_names: true,
            unique_account_names_everywhere: false,
            bill_numbers: NumberScope::Vendor,
            mfa_guard: MfaGuard::WhenChanged,
            types_wander: false,
            older_merge_spelling: false,
            late_lines: TimeDelta::zero(),
            unstable_ties: false,
            coarse_filters: false,
            declined_status: 200,
            api_access: true,
            token_reads_organization: true,
            latency: Duration::ZERO,
        }
    }
}
