//! Transactions of all types at once: heads or single lines, without what is special to a type.
//!
//! Good for finding what changed, and for amounts by account; ask for the object itself afterwards.
//! Since 4.0.

use crate::error::{Limit, WriteError};
use crate::query::{
    CurrencyFilter, MaxReturned, Paging, RefNumberFilter, RefNumberRangeFilter, RefTreeFilter, TxnDateRangeFilter,
    TxnIdSelection, qb_paged,
};
use crate::request::qb_request;
use crate::schema::{Example, Rules, qb_branches, qb_filter, qb_struct};
use crate::types::{
    AccountTypeFilter, Amount, DateMacro, EntityType, ExchangeRate, ItemTypeFilter, ListId, ListRef, OpenStatus,
    PostingStatus, QbDate, QbDateTime, QbText, TransactionDetailLevel, TxnId, TxnLineId, TxnType, TxnTypeFilter,
};
use crate::wire::Writer;

qb_struct! {
    /// Asks for transactions of all types (`TransactionQueryRq`), in pages if wanted.
    #[derive(Default)]
    pub struct TransactionQuery [attributes paging: Paging] with rules {
        selection: TxnIdSelection<TransactionWhere> = "(choice)",
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement",
    }
}

qb_request!(TransactionQuery, "TransactionQuery" => TransactionRet, since 4.0, direct);
qb_paged!(TransactionQuery);

qb_struct! {
    /// The conditions of a TransactionQuery.
    #[derive(Default)]
    pub struct TransactionWhere {
        max_returned: Option<MaxReturned> = "MaxReturned",
        ref_number: Option<TransactionNumbers> = "(choice)",
        modified: Option<TransactionModifiedDateRangeFilter> = "TransactionModifiedDateRangeFilter",
        dated: Option<TxnDateRangeFilter> = "TransactionDateRangeFilter",
        entity: Option<TransactionEntityFilter> = "TransactionEntityFilter",
        account: Option<TransactionAccountFilter> = "TransactionAccountFilter",
        item: Option<TransactionItemFilter> = "TransactionItemFilter",
        class: Option<RefTreeFilter> = "TransactionClassFilter",
        txn_type: Option<TransactionTypeFilter> = "TransactionTypeFilter",
        detail_level: Option<TransactionDetailLevel> = "TransactionDetailLevelFilter",
        posting_status: Option<PostingStatus> = "TransactionPostingStatusFilter",
        paid_status: Option<OpenStatus> = "TransactionPaidStatusFilter",
        currency_filter: Option<CurrencyFilter> = "CurrencyFilter" since 8.0,
    }
}

qb_branches! {
    /// A condition on reference numbers.
    pub enum TransactionNumbers {
        /// Ignores case; slow when numbers contain letters.
        Is(Vec<String>) = "RefNumber",
        /// Much faster than without case (vendor documentation).
        IsCaseSensitive(Vec<String>) = "RefNumberCaseSensitive",
        Part(RefNumberFilter) = "RefNumberFilter",
        Range(RefNumberRangeFilter) = "RefNumberRangeFilter",
    }
}

qb_struct! {
    /// Changed between two stamps, both included, or in a named range
    /// (`TransactionModifiedDateRangeFilter`).
    #[derive(Default)]
    pub struct TransactionModifiedDateRangeFilter with rules {
        from_modified_date: Option<QbDateTime> = "FromModifiedDate",
        to_modified_date: Option<QbDateTime> = "ToModifiedDate",
        date_macro: Option<DateMacro> = "DateMacro",
    }
}

qb_filter! {
    /// With names of one kind, or with these names (`TransactionEntityFilter`).
    pub enum TransactionEntityFilter {
        Type(EntityType) = "EntityTypeFilter",
        ListIds(Vec<ListId>) = "ListID",
        FullNames(Vec<String>) = "FullName",
        ListIdWithChildren(ListId) = "ListIDWithChildren",
        FullNameWithChildren(String) = "FullNameWithChildren",
    }
}

qb_filter! {
    /// On accounts of one kind, or on these accounts (`TransactionAccountFilter`).
    pub enum TransactionAccountFilter {
        Type(AccountTypeFilter) = "AccountTypeFilter",
        ListIds(Vec<ListId>) = "ListID",
        FullNames(Vec<String>) = "FullName",
        ListIdWithChildren(ListId) = "ListIDWithChildren",
        FullNameWithChildren(String) = "FullNameWithChildren",
    }
}

qb_filter! {
    /// With items of one kind, or with these items (`TransactionItemFilter`).
    pub enum TransactionItemFilter {
        Type(ItemTypeFilter) = "ItemTypeFilter",
        ListIds(Vec<ListId>) = "ListID",
        FullNames(Vec<String>) = "FullName",
        ListIdWithChildren(ListId) = "ListIDWithChildren",
        FullNameWithChildren(String) = "FullNameWithChildren",
    }
}

qb_struct! {
    /// Of these types (`TransactionTypeFilter`), at least one.
    pub struct TransactionTypeFilter new(txn_type_filter: Vec<TxnTypeFilter>) {
        txn_type_filter: Vec<TxnTypeFilter> = "TxnTypeFilter" [required],
    }
}

qb_struct! {
    /// A transaction, or one line of it (`TransactionRet`).
    #[derive(Default)]
    pub struct TransactionRet {
        txn_type: Option<TxnType> = "TxnType",
        txn_id: Option<TxnId> = "TxnID" [record_id],
        /// Missing when it is the transaction as a whole.
        txn_line_id: Option<TxnLineId> = "TxnLineID",
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        entity_ref: Option<ListRef> = "EntityRef" max 209,
        account_ref: Option<ListRef> = "AccountRef" max 159,
        txn_date: Option<QbDate> = "TxnDate",
        ref_number: Option<String> = "RefNumber",
        amount: Option<Amount> = "Amount",
        currency_ref: Option<ListRef> = "CurrencyRef" max 64 since 8.0,
        exchange_rate: Option<ExchangeRate> = "ExchangeRate" since 8.0,
        amount_in_home_currency: Option<Amount> = "AmountInHomeCurrency" since 8.0,
        memo: Option<String> = "Memo" max 4095,
    }
}

impl Rules for TransactionModifiedDateRangeFilter {
    fn check(&self, w: &Writer) -> Result<(), WriteError> {
        if self.date_macro.is_some() && (self.from_modified_date.is_some() || self.to_modified_date.is_some()) {
            return Err(w.refuse("DateMacro", Limit::Exclusive("DateMacro and stamps"), "both"));
        }
        Ok(())
    }

    fn settle(&mut self, ex: &mut Example) {
        if self.date_macro.is_some() && ex.below(2) == 0 {
            self.date_macro = None;
        } else if self.date_macro.is_some() {
            (self.from_modified_date, self.to_modified_date) = (None, None);
        }
    }
}
