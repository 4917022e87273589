//! Conditions on list objects, and on references to them.

use crate::query::MaxReturned;
use crate::schema::{qb_choice, qb_filter, qb_selection, qb_struct};
use crate::types::{ActiveStatus, Amount, ListId, MatchCriterion, Operator, QbDateTime, QbText};

qb_selection! {
    /// Which list objects a query returns.
    pub enum ListSelection {
        ListIds(ListId) = "ListID",
        FullNames(String) = "FullName",
    }
}

qb_choice! {
    /// A condition on names: a part, or a range.
    pub enum NameMatch {
        Part(NameFilter) = "NameFilter",
        Range(NameRangeFilter) = "NameRangeFilter",
    }
}

qb_struct! {
    /// Names that begin with, contain or end with a text (`NameFilter`).
    pub struct NameFilter {
        match_criterion: MatchCriterion = "MatchCriterion",
        name: String = "Name",
    }
}

qb_struct! {
    /// Names from one to another (`NameRangeFilter`), both included.
    #[derive(Default)]
    pub struct NameRangeFilter {
        from_name: Option<String> = "FromName",
        to_name: Option<String> = "ToName",
    }
}

qb_struct! {
    /// A condition on the open balance (`TotalBalanceFilter`).
    pub struct TotalBalanceFilter {
        operator: Operator = "Operator",
        amount: Amount = "Amount",
    }
}

qb_filter! {
    /// Objects in one of these currencies (`CurrencyFilter`).
    pub enum CurrencyFilter {
        ListIds(Vec<ListId>) = "ListID",
        FullNames(Vec<QbText<64>>) = "FullName",
    }
}

qb_filter! {
    /// Objects that refer to one of these, or to one and everything below it (`EntityFilter`,
    /// `AccountFilter`, `ClassFilter`).
    pub enum RefTreeFilter {
        ListIds(Vec<ListId>) = "ListID" since 2.0,
        FullNames(Vec<String>) = "FullName",
        ListIdWithChildren(ListId) = "ListIDWithChildren" since 2.0,
        FullNameWithChildren(String) = "FullNameWithChildren",
    }
}

qb_struct! {
    /// The conditions that every list query has.
    #[derive(Default)]
    pub struct ListWhere {
        max_returned: Option<MaxReturned> = "MaxReturned",
        active_status: Option<ActiveStatus> = "ActiveStatus",
        from_modified_date: Option<QbDateTime> = "FromModifiedDate",
        to_modified_date: Option<QbDateTime> = "ToModifiedDate",
        name: Option<NameMatch> = "(choice)",
    }
}

qb_struct! {
    /// The conditions of a query for names that owe or are owed: vendors and customers.
    #[derive(Default)]
    pub struct BalanceWhere {
        max_returned: Option<MaxReturned> = "MaxReturned",
        active_status: Option<ActiveStatus> = "ActiveStatus",
        from_modified_date: Option<QbDateTime> = "FromModifiedDate",
        to_modified_date: Option<QbDateTime> = "ToModifiedDate",
        name: Option<NameMatch> = "(choice)",
        total_balance_filter: Option<TotalBalanceFilter> = "TotalBalanceFilter",
        currency_filter: Option<CurrencyFilter> = "CurrencyFilter" since 8.0,
        class_filter: Option<RefTreeFilter> = "ClassFilter" since 12.0,
    }
}
