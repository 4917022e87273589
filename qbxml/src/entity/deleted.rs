//! What was deleted: list objects and transactions of the last 90 days, whatever range is asked for
//! (vendor documentation).
//!
//! No iterators. Deleted transfers are listed nowhere (schema); the loser of a merge is listed as
//! deleted. When the last successful read is older than 90 days, or after a restore, compare full
//! lists of ids instead (`qbxml.md` 9).

use crate::query::{Counting, DeletedDateRangeFilter};
use crate::request::qb_request;
use crate::schema::qb_struct;
use crate::types::{ListDelType, ListId, QbDateTime, QbText, TxnDelType, TxnId};

qb_struct! {
    /// Asks for deleted list objects (`ListDeletedQueryRq`) of at least one kind.
    pub struct ListDeletedQuery [attributes counting: Counting] {
        list_del_type: Vec<ListDelType> = "ListDelType" since 2.0 [required],
        deleted_date_range_filter: Option<DeletedDateRangeFilter> = "DeletedDateRangeFilter" since 2.0,
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement" since 4.0,
    }
}

qb_request!(ListDeletedQuery, "ListDeletedQuery" => ListDeletedRet, since 2.0, direct);

qb_struct! {
    /// A deleted list object (`ListDeletedRet`).
    #[derive(Default)]
    pub struct ListDeletedRet {
        list_del_type: Option<ListDelType> = "ListDelType",
        list_id: Option<ListId> = "ListID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_deleted: Option<QbDateTime> = "TimeDeleted",
        full_name: Option<String> = "FullName",
    }
}

qb_struct! {
    /// Asks for deleted transactions (`TxnDeletedQueryRq`) of at least one kind.
    pub struct TxnDeletedQuery [attributes counting: Counting] {
        txn_del_type: Vec<TxnDelType> = "TxnDelType" since 2.0 [required],
        deleted_date_range_filter: Option<DeletedDateRangeFilter> = "DeletedDateRangeFilter" since 2.0,
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement" since 4.0,
    }
}

qb_request!(TxnDeletedQuery, "TxnDeletedQuery" => TxnDeletedRet, since 2.0, direct);

qb_struct! {
    /// A deleted transaction (`TxnDeletedRet`).
    #[derive(Default)]
    pub struct TxnDeletedRet {
        txn_del_type: Option<TxnDelType> = "TxnDelType",
        txn_id: Option<TxnId> = "TxnID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_deleted: Option<QbDateTime> = "TimeDeleted",
        ref_number: Option<String> = "RefNumber",
    }
}

impl ListDeletedQuery {
    /// Asks for everything deleted of these kinds.
    #[must_use]
    pub fn new(kinds: &[ListDelType]) -> Self {
        Self {
            counting: Counting::default(),
            list_del_type: kinds.to_vec(),
            deleted_date_range_filter: None,
            include_ret_element: Vec::new(),
        }
    }
}

impl TxnDeletedQuery {
    /// Asks for everything deleted of these kinds.
    #[must_use]
    pub fn new(kinds: &[TxnDelType]) -> Self {
        Self {
            counting: Counting::default(),
            txn_del_type: kinds.to_vec(),
            deleted_date_range_filter: None,
            include_ret_element: Vec::new(),
        }
    }
}
