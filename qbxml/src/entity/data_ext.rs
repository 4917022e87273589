//! Data extensions: an application's own fields and the user's custom fields on objects.

use crate::schema::qb_struct;
use crate::types::{DataExtType, OwnerId, QbText};

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
