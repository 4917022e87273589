//! Data extensions: an application's own fields and the user's custom fields on objects.
//!
//! They are defined first: by [`DataExtDefAdd`](crate::entity::DataExtDefAdd), or by the user
//! (owner 0). Ours (under an owner of our own) are not shown in QuickBooks, and come back only if
//! the query names the owner. On list objects they are a good place for a partner's id; on
//! transactions `ExternalGUID` or the memo is cheaper (`qbxml.md` 6).

use crate::error::{Limit, WriteError};
use crate::request::qb_request;
use crate::schema::{Example, Rules, qb_branches, qb_struct};
use crate::types::{
    DataExtType, ListDataExtType, ListRef, OtherDataExtType, OwnerId, QbDateTime, QbText, TxnDataExtType, TxnId,
    TxnLineId, TxnRef, Value,
};
use crate::wire::Writer;

qb_struct! {
    /// A value for a data extension, inside an Add (`DataExt`). It must have been defined before.
    pub struct DataExt {
        owner_id: OwnerId = "OwnerID",
        data_ext_name: QbText<31> = "DataExtName",
        data_ext_value: String = "DataExtValue",
    }
}

qb_struct! {
    /// A data extension's value as QuickBooks returns it (`DataExtRet`). Private ones come only if
    /// the query names their owner.
    #[derive(Default)]
    pub struct DataExtRet {
        owner_id: Option<OwnerId> = "OwnerID",
        data_ext_name: Option<String> = "DataExtName" max 31,
        data_ext_type: Option<DataExtType> = "DataExtType",
        data_ext_value: Option<String> = "DataExtValue",
    }
}

qb_struct! {
    /// A data extension's value on a group of items (`DataExt` in `ItemGroupLineRet`): without its
    /// type.
    #[derive(Default)]
    pub struct GroupDataExtRet {
        owner_id: Option<OwnerId> = "OwnerID",
        data_ext_name: Option<String> = "DataExtName" max 31,
        data_ext_value: Option<String> = "DataExtValue",
    }
}

qb_struct! {
    /// A value on an object that exists (`DataExtAdd`).
    pub struct DataExtAdd
        new(owner_id: OwnerId, data_ext_name: QbText<31>, target: DataExtTarget, data_ext_value: String)
    {
        owner_id: OwnerId = "OwnerID",
        data_ext_name: QbText<31> = "DataExtName",
        target: DataExtTarget = "(choice)",
        data_ext_value: String = "DataExtValue",
    }
}

qb_request!(DataExtAdd, "DataExtAdd" => DataExtRet, since 2.0, wrapped);

qb_struct! {
    /// A changed value (`DataExtMod`).
    pub struct DataExtMod with rules
        new(owner_id: OwnerId, data_ext_name: QbText<31>, target: DataExtTarget, data_ext_value: String)
    {
        owner_id: OwnerId = "OwnerID",
        data_ext_name: QbText<31> = "DataExtName",
        target: DataExtTarget = "(choice)",
        data_ext_value: String = "DataExtValue",
    }
}

qb_request!(DataExtMod, "DataExtMod" => DataExtRet, since 2.0, wrapped);

qb_struct! {
    /// Takes a value away (`DataExtDel`).
    pub struct DataExtDel with rules new(owner_id: OwnerId, data_ext_name: QbText<31>, target: DataExtTarget) {
        owner_id: OwnerId = "OwnerID",
        data_ext_name: QbText<31> = "DataExtName",
        target: DataExtTarget = "(choice)",
    }
}

qb_request!(DataExtDel, "DataExtDel" => DataExtDelRet, since 2.0, wrapped);

qb_branches! {
    /// What holds a value: exactly one of the three (schema).
    pub enum DataExtTarget {
        /// A list object.
        List(ListDataExt),
        /// A transaction or a line of it.
        Txn(TxnDataExt),
        /// The company.
        Other(OtherDataExt),
    }
}

qb_struct! {
    /// A list object that holds a value.
    pub struct ListDataExt new(list_data_ext_type: ListDataExtType, list_obj_ref: ListRef) {
        list_data_ext_type: ListDataExtType = "ListDataExtType",
        list_obj_ref: ListRef = "ListObjRef" max 159,
    }
}

qb_struct! {
    /// A transaction, or a line of it, that holds a value.
    pub struct TxnDataExt new(txn_data_ext_type: TxnDataExtType, txn_id: TxnRef) {
        txn_data_ext_type: TxnDataExtType = "TxnDataExtType",
        txn_id: TxnRef = "TxnID",
        txn_line_id: Option<TxnLineId> = "TxnLineID" since 3.0,
    }
}

qb_struct! {
    /// Something else that holds a value: the company.
    pub struct OtherDataExt new(other_data_ext_type: OtherDataExtType) {
        other_data_ext_type: OtherDataExtType = "OtherDataExtType",
    }
}

qb_struct! {
    /// A value we took away (`DataExtDelRet`).
    #[derive(Default)]
    pub struct DataExtDelRet {
        owner_id: Option<OwnerId> = "OwnerID",
        data_ext_name: Option<String> = "DataExtName" max 31,
        list_data_ext_type: Option<ListDataExtType> = "ListDataExtType",
        list_obj_ref: Option<ListRef> = "ListObjRef" max 159,
        txn_data_ext_type: Option<TxnDataExtType> = "TxnDataExtType",
        txn_id: Option<TxnId> = "TxnID",
        txn_line_id: Option<TxnLineId> = "TxnLineID" since 3.0,
        other_data_ext_type: Option<OtherDataExtType> = "OtherDataExtType",
        time_deleted: Option<QbDateTime> = "TimeDeleted",
    }
}

/// Macros name transactions in an Add only (schema).
fn check_target(target: &DataExtTarget, w: &Writer) -> Result<(), WriteError> {
    match target {
        DataExtTarget::Txn(TxnDataExt { txn_id: TxnRef::Macro(_), .. }) => {
            Err(w.refuse("TxnID", Limit::Required("an id"), "a macro"))
        }
        _ => Ok(()),
    }
}

fn settle_target(target: &mut DataExtTarget, ex: &mut Example) {
    if let DataExtTarget::Txn(TxnDataExt { txn_id: txn_id @ TxnRef::Macro(_), .. }) = target {
        *txn_id = TxnRef::Id(<TxnId as Value>::example(None, ex));
    }
}

impl Rules for DataExtMod {
    fn check(&self, w: &Writer) -> Result<(), WriteError> {
        check_target(&self.target, w)
    }

    fn settle(&mut self, ex: &mut Example) {
        settle_target(&mut self.target, ex);
    }
}

impl Rules for DataExtDel {
    fn check(&self, w: &Writer) -> Result<(), WriteError> {
        check_target(&self.target, w)
    }

    fn settle(&mut self, ex: &mut Example) {
        settle_target(&mut self.target, ex);
    }
}
