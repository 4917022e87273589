//! ErrorRecovery: what a status check returns instead of the full object (`qbxml.md` 2). Query for
//! the object afterwards.

use crate::schema::qb_struct;
use crate::types::{EditSequence, ExternalGuid, ListId, OwnerId, TxnId};

qb_struct! {
    /// The ids of the object that a request made or changed (`ErrorRecovery`, since 11.0).
    #[derive(Default)]
    pub struct ErrorRecovery {
        list_id: Option<ListId> = "ListID",
        owner_id: Option<OwnerId> = "OwnerID",
        txn_id: Option<TxnId> = "TxnID",
        txn_number: Option<i64> = "TxnNumber",
        edit_sequence: Option<EditSequence> = "EditSequence",
        external_guid: Option<ExternalGuid> = "ExternalGUID",
    }
}
