//! Behaviour that the sources leave open or that changes over time, as switches. The defaults are the likeliest.

use chrono::TimeDelta;
use std::time::Duration;

/// How far the number of a bill or an invoice must be unique (`billcom.md` 8, 12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberScope {
    /// Among the active bills of one vendor, or the active invoices of one customer.
    Vendor,
    /// Among all active bills, or all active invoices.
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

/// What `billPays[].amount` means when credits are used too (`billcom.md` 8, 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreditSum {
    /// Money and credit together, as the vendor's text says.
    Within,
    /// Money alone, as the published example has it.
    Apart,
}

/// Which bills and invoices can no longer be changed or taken out of use (`billcom.md` 8, 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// None.
    Nothing,
    /// Those on which something was paid, scheduled or credited.
    Paid,
    /// Those, and bills that are approved.
    Approved,
}

/// What a sync token may do besides lists and documents (`billcom.md` 8, 1). It never pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenRights {
    /// `RecordAPPayment`.
    pub record_payables: bool,
    /// `RecordARPayment`.
    pub record_receivables: bool,
    /// `VoidAPPayment` and `CancelAPPayment`.
    pub void_payments: bool,
    /// `SetBankBalance` and `GetBankBalance`.
    pub bank_balance: bool,
    /// Money movements.
    pub read_movements: bool,
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
    /// How far invoice numbers must be unique; no parameter lets a used one through.
    pub invoice_numbers: NumberScope,
    /// Which documents are closed to changes.
    pub locked: Lock,
    /// What the amounts of a payment mean.
    pub credit_sum: CreditSum,
    /// What is due of a bill is less by what is scheduled.
    pub due_counts_scheduled: bool,
    /// A bill whose payment was picked up shows "in process" until the bank has confirmed it.
    pub shows_in_process: bool,
    /// Every payment is withdrawn by itself instead of together with the others of a pick-up.
    pub single_debits: bool,
    /// A recorded payment may be exported unless it says otherwise.
    pub exported_by_default: bool,
    /// What a sync token may do.
    pub token_rights: TokenRights,
    /// The guard on payee name, address and e-mail.
    pub mfa_guard: MfaGuard,
    /// Read prints amounts and flags as texts, List as numbers and flags.
    pub types_wander: bool,
    /// Read prints as texts those amounts and flags of movements, bank accounts and bill payments that the documents call
    /// texts there; captures have numbers and flags.
    pub documented_types: bool,
    /// Bills carry fields that no document names.
    pub undocumented_fields: bool,
    /// Vendors print `mergedIntoId`, as a capture does, instead of the documented `mergeIntoId`.
    pub older_merge_spelling: bool,
    /// How far Bill.com's clock is ahead of ours; people and programs there go by it.
    pub clock_skew: TimeDelta,
    /// Stamps are this coarse, so that many records share one; whole seconds when zero.
    pub stamp_grain: TimeDelta,
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
            invoice_numbers: NumberScope::Organization,
            locked: Lock::Nothing,
            credit_sum: CreditSum::Within,
            due_counts_scheduled: false,
            shows_in_process: false,
            single_debits: false,
            exported_by_default: true,
            token_rights: TokenRights::default(),
            mfa_guard: MfaGuard::WhenChanged,
            types_wander: false,
            documented_types: true,
            undocumented_fields: false,
            older_merge_spelling: false,
            clock_skew: TimeDelta::zero(),
            stamp_grain: TimeDelta::zero(),
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

impl Default for TokenRights {
    /// Recording what happened elsewhere is on neither list of guarded calls (`billcom.md` 1); voiding moves money back.
    fn default() -> Self {
        Self {
            record_payables: true,
            record_receivables: true,
            void_payments: false,
            bank_balance: true,
            read_movements: true,
        }
    }
}
