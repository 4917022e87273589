//! Terms: when a bill is due, and the discount for paying early. Bills and vendors carry a
//! reference to them.
//!
//! There is no Mod for terms in any version (schema), and no iterator.

use crate::query::{Counting, ListSelection, ListWhere};
use crate::record::{FromRecord, Record};
use crate::request::{qb_named, qb_request};
use crate::schema::qb_struct;
use crate::types::{DayOfMonth, EditSequence, ListId, Percent, QbDateTime, QbText};

qb_struct! {
    /// Asks for terms of both kinds (`TermsQueryRq`).
    #[derive(Default)]
    pub struct TermsQuery [attributes counting: Counting] {
        selection: ListSelection<ListWhere> = "(choice)",
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement" since 4.0,
    }
}

qb_request!(TermsQuery, "TermsQuery" => TermsRet, since 1.0, direct);

/// Terms of either kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TermsRet {
    /// Due some days after the date.
    Standard(StandardTermsRet),
    /// Due on a day of the month.
    DateDriven(DateDrivenTermsRet),
}

impl FromRecord for TermsRet {
    fn from_record(record: Record) -> Result<Self, Record> {
        match record {
            Record::StandardTerms(terms) => Ok(Self::Standard(*terms)),
            Record::DateDrivenTerms(terms) => Ok(Self::DateDriven(*terms)),
            other => Err(other),
        }
    }
}

qb_struct! {
    /// New terms with a number of days (`StandardTermsAdd`).
    pub struct StandardTermsAdd with rules new(name: QbText<31>) {
        name: QbText<31> = "Name",
        is_active: Option<bool> = "IsActive",
        std_due_days: Option<i64> = "StdDueDays",
        std_discount_days: Option<i64> = "StdDiscountDays",
        discount_pct: Option<Percent> = "DiscountPct",
    }
}

qb_request!(StandardTermsAdd, "StandardTermsAdd" => StandardTermsRet, since 1.0, body);

qb_struct! {
    /// New terms with a day of the month (`DateDrivenTermsAdd`).
    pub struct DateDrivenTermsAdd with rules new(name: QbText<31>, day_of_month_due: DayOfMonth) {
        name: QbText<31> = "Name",
        is_active: Option<bool> = "IsActive",
        /// 1 to 31.
        day_of_month_due: DayOfMonth = "DayOfMonthDue",
        /// Issued fewer days than this before the day: due a month later (recalled).
        due_next_month_days: Option<i64> = "DueNextMonthDays",
        discount_day_of_month: Option<DayOfMonth> = "DiscountDayOfMonth",
        discount_pct: Option<Percent> = "DiscountPct",
    }
}

qb_request!(DateDrivenTermsAdd, "DateDrivenTermsAdd" => DateDrivenTermsRet, since 1.0, body);

qb_struct! {
    /// Due some days after the date (`StandardTermsRet`).
    #[derive(Default)]
    pub struct StandardTermsRet {
        list_id: Option<ListId> = "ListID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        name: Option<String> = "Name" max 31,
        is_active: Option<bool> = "IsActive",
        std_due_days: Option<i64> = "StdDueDays",
        std_discount_days: Option<i64> = "StdDiscountDays",
        discount_pct: Option<Percent> = "DiscountPct",
    }
}

qb_struct! {
    /// Due on a day of the month (`DateDrivenTermsRet`).
    #[derive(Default)]
    pub struct DateDrivenTermsRet {
        list_id: Option<ListId> = "ListID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        name: Option<String> = "Name" max 31,
        is_active: Option<bool> = "IsActive",
        day_of_month_due: Option<i64> = "DayOfMonthDue",
        due_next_month_days: Option<i64> = "DueNextMonthDays",
        discount_day_of_month: Option<i64> = "DiscountDayOfMonth",
        discount_pct: Option<Percent> = "DiscountPct",
    }
}

qb_named!(add StandardTermsAdd, DateDrivenTermsAdd; change);
