//! Sales tax code: whether a line or customer is taxable. Names have three characters.
//!
//! No iterator (schema).

use crate::query::{Counting, ListSelection, ListWhere};
use crate::request::{qb_named, qb_request};
use crate::schema::qb_struct;
use crate::types::{Change, EditSequence, ListId, QbDateTime, QbText};

qb_struct! {
    /// Asks for sales tax codes (`SalesTaxCodeQueryRq`).
    #[derive(Default)]
    pub struct SalesTaxCodeQuery [attributes counting: Counting] {
        selection: ListSelection<ListWhere> = "(choice)",
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement" since 4.0,
    }
}

qb_request!(SalesTaxCodeQuery, "SalesTaxCodeQuery" => SalesTaxCodeRet, since 1.0, direct);

qb_struct! {
    /// A new sales tax code (`SalesTaxCodeAdd`).
    pub struct SalesTaxCodeAdd with rules new(name: QbText<3>, is_taxable: bool) {
        name: QbText<3> = "Name",
        is_active: Option<bool> = "IsActive",
        is_taxable: bool = "IsTaxable",
        desc: Option<QbText<31>> = "Desc",
    }
}

qb_request!(SalesTaxCodeAdd, "SalesTaxCodeAdd" => SalesTaxCodeRet, since 1.0, body);

qb_struct! {
    /// A changed sales tax code (`SalesTaxCodeMod`). Only what is sent changes.
    pub struct SalesTaxCodeMod with rules new(list_id: ListId, edit_sequence: EditSequence) {
        list_id: ListId = "ListID" [record_id],
        edit_sequence: EditSequence = "EditSequence",
        name: Change<QbText<3>> = "Name" [noclear],
        is_active: Change<bool> = "IsActive",
        is_taxable: Change<bool> = "IsTaxable",
        desc: Change<QbText<31>> = "Desc",
    }
}

qb_request!(SalesTaxCodeMod, "SalesTaxCodeMod" => SalesTaxCodeRet, since 8.0, body);

qb_struct! {
    /// A sales tax code (`SalesTaxCodeRet`).
    #[derive(Default)]
    pub struct SalesTaxCodeRet {
        list_id: Option<ListId> = "ListID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        name: Option<String> = "Name" max 3,
        is_active: Option<bool> = "IsActive",
        is_taxable: Option<bool> = "IsTaxable",
        desc: Option<String> = "Desc" max 31,
    }
}

qb_named!(add SalesTaxCodeAdd; change SalesTaxCodeMod);
