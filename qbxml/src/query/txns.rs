//! Conditions on transactions.

use crate::error::{Limit, WriteError};
use crate::query::{CurrencyFilter, MaxReturned, RefTreeFilter};
use crate::schema::{Example, Rules, qb_choice, qb_selection, qb_struct};
use crate::types::{DateMacro, MatchCriterion, PaidStatus, QbDate, QbDateTime, TxnId};
use crate::wire::Writer;

qb_selection! {
    /// Which transactions a query returns.
    pub enum TxnSelection {
        TxnIds(TxnId) = "TxnID",
        /// Ignores case; slow when numbers contain letters.
        RefNumbers(String) = "RefNumber",
        /// Much faster than without case (vendor documentation).
        RefNumbersCaseSensitive(String) = "RefNumberCaseSensitive" since 4.0,
    }
}

qb_choice! {
    /// A condition on reference numbers: a part, or a range.
    pub enum RefNumberMatch {
        Part(RefNumberFilter) = "RefNumberFilter",
        Range(RefNumberRangeFilter) = "RefNumberRangeFilter",
    }
}

qb_struct! {
    /// Numbers that begin with, contain or end with a text (`RefNumberFilter`).
    pub struct RefNumberFilter {
        match_criterion: MatchCriterion = "MatchCriterion",
        ref_number: String = "RefNumber",
    }
}

qb_struct! {
    /// Numbers from one to another (`RefNumberRangeFilter`), both included.
    #[derive(Default)]
    pub struct RefNumberRangeFilter {
        from_ref_number: Option<String> = "FromRefNumber",
        to_ref_number: Option<String> = "ToRefNumber",
    }
}

qb_choice! {
    /// A condition on dates: when the transaction was changed, or when it is dated.
    pub enum TxnDates {
        Modified(ModifiedDateRangeFilter) = "ModifiedDateRangeFilter",
        Dated(TxnDateRangeFilter) = "TxnDateRangeFilter",
    }
}

qb_struct! {
    /// Changed between two stamps, both included (`ModifiedDateRangeFilter`). Send marks without
    /// offset: see [`QbDateTime`].
    #[derive(Default)]
    pub struct ModifiedDateRangeFilter {
        from_modified_date: Option<QbDateTime> = "FromModifiedDate",
        to_modified_date: Option<QbDateTime> = "ToModifiedDate",
    }
}

qb_struct! {
    /// Dated between two days, both included, or in a named range (`TxnDateRangeFilter`).
    #[derive(Default)]
    pub struct TxnDateRangeFilter with rules {
        from_txn_date: Option<QbDate> = "FromTxnDate",
        to_txn_date: Option<QbDate> = "ToTxnDate",
        date_macro: Option<DateMacro> = "DateMacro",
    }
}

impl Rules for TxnDateRangeFilter {
    fn check(&self, w: &Writer) -> Result<(), WriteError> {
        if self.date_macro.is_some() && (self.from_txn_date.is_some() || self.to_txn_date.is_some()) {
            return Err(w.refuse("DateMacro", Limit::Exclusive("DateMacro and days"), "both"));
        }
        Ok(())
    }

    fn settle(&mut self, ex: &mut Example) {
        if self.date_macro.is_some() && ex.below(2) == 0 {
            self.date_macro = None;
        } else if self.date_macro.is_some() {
            (self.from_txn_date, self.to_txn_date) = (None, None);
        }
    }
}

qb_struct! {
    /// Deleted between two stamps, both included (`DeletedDateRangeFilter`). QuickBooks knows only
    /// the last 90 days.
    #[derive(Default)]
    pub struct DeletedDateRangeFilter {
        from_deleted_date: Option<QbDateTime> = "FromDeletedDate",
        to_deleted_date: Option<QbDateTime> = "ToDeletedDate",
    }
}

qb_selection! {
    /// Which transactions without a reference number a query returns.
    pub enum TxnIdSelection {
        TxnIds(TxnId) = "TxnID",
    }
}

qb_struct! {
    /// The conditions that most transaction queries share.
    #[derive(Default)]
    pub struct TxnWhere {
        max_returned: Option<MaxReturned> = "MaxReturned",
        dates: Option<TxnDates> = "(choice)",
        entity_filter: Option<RefTreeFilter> = "EntityFilter",
        account_filter: Option<RefTreeFilter> = "AccountFilter",
        ref_number: Option<RefNumberMatch> = "(choice)",
        currency_filter: Option<CurrencyFilter> = "CurrencyFilter" since 8.0,
    }
}

qb_struct! {
    /// The conditions of a query for transactions that get paid: bills and invoices.
    #[derive(Default)]
    pub struct PayableWhere {
        max_returned: Option<MaxReturned> = "MaxReturned",
        dates: Option<TxnDates> = "(choice)",
        entity_filter: Option<RefTreeFilter> = "EntityFilter",
        account_filter: Option<RefTreeFilter> = "AccountFilter",
        ref_number: Option<RefNumberMatch> = "(choice)",
        currency_filter: Option<CurrencyFilter> = "CurrencyFilter" since 8.0,
        paid_status: Option<PaidStatus> = "PaidStatus",
    }
}
