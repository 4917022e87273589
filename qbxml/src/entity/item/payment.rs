//! Payment item: a line for what was paid at once.

use crate::entity::{BarCode, DataExtRet};
use crate::request::{qb_named, qb_request};
use crate::schema::qb_struct;
use crate::types::{Change, EditSequence, ExternalGuid, ListId, ListRef, QbDateTime, QbText};

qb_struct! {
    /// A new payment item (`ItemPaymentAdd`).
    pub struct ItemPaymentAdd with rules new(name: QbText<31>) {
        name: QbText<31> = "Name",
        bar_code: Option<BarCode> = "BarCode" since 12.0,
        is_active: Option<bool> = "IsActive",
        class_ref: Option<ListRef> = "ClassRef" max 159 since 12.0,
        item_desc: Option<QbText<4095>> = "ItemDesc",
        /// Left out: undeposited funds.
        deposit_to_account_ref: Option<ListRef> = "DepositToAccountRef" max 159,
        payment_method_ref: Option<ListRef> = "PaymentMethodRef" max 31,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 8.0,
    }
}

qb_request!(ItemPaymentAdd, "ItemPaymentAdd" => ItemPaymentRet, since 1.0, body);

qb_struct! {
    /// A changed item (`ItemPaymentMod`). Only what is sent changes.
    pub struct ItemPaymentMod with rules new(list_id: ListId, edit_sequence: EditSequence) {
        list_id: ListId = "ListID" [record_id],
        edit_sequence: EditSequence = "EditSequence",
        name: Change<QbText<31>> = "Name" [noclear],
        bar_code: Change<BarCode> = "BarCode" since 12.0,
        is_active: Change<bool> = "IsActive",
        class_ref: Change<ListRef> = "ClassRef" max 159 since 12.0,
        item_desc: Change<QbText<4095>> = "ItemDesc",
        deposit_to_account_ref: Change<ListRef> = "DepositToAccountRef" max 159,
        payment_method_ref: Change<ListRef> = "PaymentMethodRef" max 31,
    }
}

qb_request!(ItemPaymentMod, "ItemPaymentMod" => ItemPaymentRet, since 3.0, body);

qb_struct! {
    /// A payment item (`ItemPaymentRet`).
    #[derive(Default)]
    pub struct ItemPaymentRet {
        list_id: Option<ListId> = "ListID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        name: Option<String> = "Name" max 31,
        bar_code_value: Option<String> = "BarCodeValue" max 50 since 12.0,
        is_active: Option<bool> = "IsActive",
        class_ref: Option<ListRef> = "ClassRef" max 159 since 12.0,
        item_desc: Option<String> = "ItemDesc" max 4095,
        deposit_to_account_ref: Option<ListRef> = "DepositToAccountRef" max 159,
        payment_method_ref: Option<ListRef> = "PaymentMethodRef" max 31,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 8.0,
        data_ext_ret: Vec<DataExtRet> = "DataExtRet" since 2.0,
    }
}

qb_named!(add ItemPaymentAdd; change ItemPaymentMod);
