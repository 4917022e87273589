//! CompanyActivity: when the file was restored from a backup or condensed.
//!
//! A change of the restore time means that all stored edit sequences, ids made after the backup and
//! high-water marks are void (`qbxml.md` 2): run a full comparison.

use crate::request::qb_request;
use crate::schema::qb_struct;
use crate::types::{QbDateTime, QbText};

qb_struct! {
    /// Asks for both times (`CompanyActivityQueryRq`).
    #[derive(Default)]
    pub struct CompanyActivityQuery {
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement" since 4.0,
    }
}

qb_request!(CompanyActivityQuery, "CompanyActivityQuery" => CompanyActivityRet, since 2.0, direct);

qb_struct! {
    /// The times (`CompanyActivityRet`).
    #[derive(Default)]
    pub struct CompanyActivityRet {
        last_restore_time: Option<QbDateTime> = "LastRestoreTime",
        last_condense_time: Option<QbDateTime> = "LastCondenseTime" since 3.0,
    }
}
