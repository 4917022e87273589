//! TxnDel and TxnVoid: taking transactions back.
//!
//! A void keeps the record with amount zero, a deletion removes it. Received payments can only be
//! deleted, transfers neither (schema). The answers hold their fields directly in the response,
//! without a record element.

use crate::entity::ErrorRecovery;
use crate::request::qb_request;
use crate::schema::qb_struct;
use crate::types::{QbDateTime, TxnDelType, TxnId, TxnVoidType};

qb_struct! {
    /// Deletes a transaction (`TxnDelRq`).
    pub struct TxnDel {
        txn_del_type: TxnDelType = "TxnDelType",
        txn_id: TxnId = "TxnID",
    }
}

qb_request!(TxnDel, "TxnDel" => TxnDelResult, since 1.1, direct);

qb_struct! {
    /// Voids a transaction (`TxnVoidRq`).
    pub struct TxnVoid {
        txn_void_type: TxnVoidType = "TxnVoidType",
        txn_id: TxnId = "TxnID",
    }
}

qb_request!(TxnVoid, "TxnVoid" => TxnVoidResult, since 1.1, direct);

qb_struct! {
    /// A transaction we deleted (the fields of `TxnDelRs`).
    #[derive(Default)]
    pub struct TxnDelResult {
        txn_del_type: Option<TxnDelType> = "TxnDelType",
        txn_id: Option<TxnId> = "TxnID" [record_id],
        time_deleted: Option<QbDateTime> = "TimeDeleted",
        ref_number: Option<String> = "RefNumber",
        error_recovery: Option<ErrorRecovery> = "ErrorRecovery" since 11.0,
    }
}

qb_struct! {
    /// A transaction we voided (the fields of `TxnVoidRs`).
    #[derive(Default)]
    pub struct TxnVoidResult {
        txn_void_type: Option<TxnVoidType> = "TxnVoidType",
        txn_id: Option<TxnId> = "TxnID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        ref_number: Option<String> = "RefNumber",
        error_recovery: Option<ErrorRecovery> = "ErrorRecovery" since 11.0,
    }
}

impl TxnDelResult {
    /// Whether the response held nothing: the request was refused.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl TxnVoidResult {
    /// Whether the response held nothing: the request was refused.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
