//! Payment method: how a customer paid.
//!
//! There is no Mod in any version (schema), and no iterator.

use crate::query::{Counting, ListSelection, MaxReturned, NameMatch};
use crate::request::{qb_named, qb_request};
use crate::schema::qb_struct;
use crate::types::{ActiveStatus, EditSequence, ListId, PaymentMethodType, QbDateTime, QbText};

qb_struct! {
    /// Asks for payment methods (`PaymentMethodQueryRq`).
    #[derive(Default)]
    pub struct PaymentMethodQuery [attributes counting: Counting] {
        selection: ListSelection<PaymentMethodWhere> = "(choice)",
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement" since 4.0,
    }
}

qb_request!(PaymentMethodQuery, "PaymentMethodQuery" => PaymentMethodRet, since 1.0, direct);

qb_struct! {
    /// The conditions of a PaymentMethodQuery.
    #[derive(Default)]
    pub struct PaymentMethodWhere {
        max_returned: Option<MaxReturned> = "MaxReturned",
        active_status: Option<ActiveStatus> = "ActiveStatus",
        from_modified_date: Option<QbDateTime> = "FromModifiedDate",
        to_modified_date: Option<QbDateTime> = "ToModifiedDate",
        name: Option<NameMatch> = "(choice)",
        payment_method_type: Vec<PaymentMethodType> = "PaymentMethodType" since 7.0,
    }
}

qb_struct! {
    /// A new payment method (`PaymentMethodAdd`).
    pub struct PaymentMethodAdd with rules new(name: QbText<31>) {
        name: QbText<31> = "Name",
        is_active: Option<bool> = "IsActive",
        payment_method_type: Option<PaymentMethodType> = "PaymentMethodType" since 7.0,
    }
}

qb_request!(PaymentMethodAdd, "PaymentMethodAdd" => PaymentMethodRet, since 1.0, body);

qb_struct! {
    /// A payment method (`PaymentMethodRet`).
    #[derive(Default)]
    pub struct PaymentMethodRet {
        list_id: Option<ListId> = "ListID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        name: Option<String> = "Name" max 31,
        is_active: Option<bool> = "IsActive",
        payment_method_type: Option<PaymentMethodType> = "PaymentMethodType" since 7.0,
    }
}

qb_named!(add PaymentMethodAdd; change);
