//! Definitions of data extensions: which fields an application adds to which kinds of objects.
//!
//! One definition serves several kinds of objects. A private field keeps 255 characters
//! ([`DataExtType::Str255`]).

use crate::query::Counting;
use crate::request::qb_request;
use crate::schema::{qb_branches, qb_struct};
use crate::types::{Change, DataExtObject, DataExtType, OwnerId, QbDateTime, QbText};

qb_struct! {
    /// Asks for definitions (`DataExtDefQueryRq`). No iterator (schema).
    #[derive(Default)]
    pub struct DataExtDefQuery [attributes counting: Counting] {
        filter: Option<DataExtDefFilter> = "(choice)",
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement" since 4.0,
    }
}

qb_request!(DataExtDefQuery, "DataExtDefQuery" => DataExtDefRet, since 2.0, direct);

qb_branches! {
    /// Which definitions: of these owners, or for these kinds of objects.
    pub enum DataExtDefFilter {
        Owners(Vec<OwnerId>) = "OwnerID",
        Objects(Vec<DataExtObject>) = "AssignToObject",
    }
}

qb_struct! {
    /// A new definition (`DataExtDefAdd`).
    pub struct DataExtDefAdd new(owner_id: OwnerId, data_ext_name: QbText<31>, data_ext_type: DataExtType) {
        owner_id: OwnerId = "OwnerID",
        data_ext_name: QbText<31> = "DataExtName",
        data_ext_type: DataExtType = "DataExtType",
        assign_to_object: Vec<DataExtObject> = "AssignToObject",
        data_ext_list_require: Option<bool> = "DataExtListRequire" since 12.0,
        data_ext_txn_require: Option<bool> = "DataExtTxnRequire" since 12.0,
        data_ext_format_string: Option<String> = "DataExtFormatString" since 12.0,
    }
}

qb_request!(DataExtDefAdd, "DataExtDefAdd" => DataExtDefRet, since 2.0, body);

qb_struct! {
    /// A changed definition (`DataExtDefMod`); owner and name say which.
    pub struct DataExtDefMod new(owner_id: OwnerId, data_ext_name: QbText<31>) {
        owner_id: OwnerId = "OwnerID",
        data_ext_name: QbText<31> = "DataExtName",
        data_ext_new_name: Change<QbText<31>> = "DataExtNewName" [noclear],
        assign_to_object: Vec<DataExtObject> = "AssignToObject",
        remove_from_object: Vec<DataExtObject> = "RemoveFromObject",
        data_ext_list_require: Change<bool> = "DataExtListRequire" since 12.0,
        data_ext_txn_require: Change<bool> = "DataExtTxnRequire" since 12.0,
        data_ext_format_string: Change<String> = "DataExtFormatString" since 12.0,
    }
}

qb_request!(DataExtDefMod, "DataExtDefMod" => DataExtDefRet, since 2.0, body);

qb_struct! {
    /// Takes a definition away, with all values (`DataExtDefDelRq`).
    pub struct DataExtDefDel new(owner_id: OwnerId, data_ext_name: QbText<31>) {
        owner_id: OwnerId = "OwnerID",
        data_ext_name: QbText<31> = "DataExtName",
    }
}

qb_request!(DataExtDefDel, "DataExtDefDel" => DataExtDefDelRet, since 2.0, direct);

qb_struct! {
    /// A definition (`DataExtDefRet`).
    #[derive(Default)]
    pub struct DataExtDefRet {
        owner_id: Option<OwnerId> = "OwnerID",
        data_ext_id: Option<i64> = "DataExtID" since 11.0,
        data_ext_name: Option<String> = "DataExtName" max 31,
        data_ext_type: Option<DataExtType> = "DataExtType",
        assign_to_object: Vec<DataExtObject> = "AssignToObject",
        data_ext_list_require: Option<bool> = "DataExtListRequire" since 11.0,
        data_ext_txn_require: Option<bool> = "DataExtTxnRequire" since 11.0,
        data_ext_format_string: Option<String> = "DataExtFormatString" since 11.0,
    }
}

qb_struct! {
    /// A definition we took away (`DataExtDefDelRet`).
    #[derive(Default)]
    pub struct DataExtDefDelRet {
        owner_id: Option<OwnerId> = "OwnerID",
        data_ext_name: Option<String> = "DataExtName" max 31,
        time_deleted: Option<QbDateTime> = "TimeDeleted",
    }
}
