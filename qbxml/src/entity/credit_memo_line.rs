//! Lines of credit memos. For lines in a Mod see [`crate::entity::lines`].

use crate::entity::{
    CreditCardTxnInfo, CreditCardTxnInfoRet, DataExt, DataExtRet, Rate, RateRet, SalesGroupLineAdd, SerialOrLot,
};
use crate::query::Definition;
use crate::schema::{qb_choice, qb_struct};
use crate::types::{Amount, Change, ListRef, QbDate, QbText, Quantity, TxnLineId};

qb_struct! {
    /// A new line (`CreditMemoLineAdd`). Send the amount to be exact: it outranks quantity times
    /// rate.
    #[derive(Default)]
    pub struct CreditMemoLineAdd [attributes definition: Definition] {
        item_ref: Option<ListRef> = "ItemRef",
        desc: Option<QbText<4095>> = "Desc",
        quantity: Option<Quantity> = "Quantity",
        unit_of_measure: Option<QbText<31>> = "UnitOfMeasure" since 7.0,
        rate: Option<Rate> = "(choice)",
        class_ref: Option<ListRef> = "ClassRef" max 159,
        amount: Option<Amount> = "Amount",
        inventory_site_ref: Option<ListRef> = "InventorySiteRef" max 31 since 10.0,
        inventory_site_location_ref: Option<ListRef> = "InventorySiteLocationRef" max 31 since 12.0,
        serial_or_lot: Option<SerialOrLot> = "(choice)",
        service_date: Option<QbDate> = "ServiceDate",
        sales_tax_code_ref: Option<ListRef> = "SalesTaxCodeRef" max 3,
        override_item_account_ref: Option<ListRef> = "OverrideItemAccountRef" max 159 since 2.0,
        other1: Option<QbText<29>> = "Other1" since 6.0,
        other2: Option<QbText<29>> = "Other2" since 6.0,
        credit_card_txn_info: Option<CreditCardTxnInfo> = "CreditCardTxnInfo" since 7.0,
        data_ext: Vec<DataExt> = "DataExt" since 5.0,
    }
}

qb_struct! {
    /// A changed, kept or added line (`CreditMemoLineMod`).
    pub struct CreditMemoLineMod new(txn_line_id: TxnLineId) {
        txn_line_id: TxnLineId = "TxnLineID",
        item_ref: Change<ListRef> = "ItemRef" [noclear],
        desc: Change<QbText<4095>> = "Desc",
        quantity: Change<Quantity> = "Quantity" [noclear],
        unit_of_measure: Change<QbText<31>> = "UnitOfMeasure" since 7.0,
        override_uom_set_ref: Change<ListRef> = "OverrideUOMSetRef" max 31 since 7.0,
        rate: Option<Rate> = "(choice)",
        class_ref: Change<ListRef> = "ClassRef" max 159,
        amount: Change<Amount> = "Amount" [noclear],
        inventory_site_ref: Change<ListRef> = "InventorySiteRef" max 31 since 10.0,
        inventory_site_location_ref: Change<ListRef> = "InventorySiteLocationRef" max 31 since 12.0,
        serial_or_lot: Option<SerialOrLot> = "(choice)",
        service_date: Change<QbDate> = "ServiceDate",
        sales_tax_code_ref: Change<ListRef> = "SalesTaxCodeRef" max 3,
        override_item_account_ref: Change<ListRef> = "OverrideItemAccountRef" max 159,
        other1: Change<QbText<29>> = "Other1" since 6.0,
        other2: Change<QbText<29>> = "Other2" since 6.0,
    }
}

qb_struct! {
    /// A line (`CreditMemoLineRet`).
    #[derive(Default)]
    pub struct CreditMemoLineRet {
        txn_line_id: Option<TxnLineId> = "TxnLineID",
        item_ref: Option<ListRef> = "ItemRef",
        desc: Option<String> = "Desc" max 4095,
        quantity: Option<Quantity> = "Quantity",
        unit_of_measure: Option<String> = "UnitOfMeasure" max 31 since 7.0,
        override_uom_set_ref: Option<ListRef> = "OverrideUOMSetRef" max 31 since 7.0,
        rate: Option<RateRet> = "(choice)",
        class_ref: Option<ListRef> = "ClassRef" max 159,
        amount: Option<Amount> = "Amount",
        inventory_site_ref: Option<ListRef> = "InventorySiteRef" max 31 since 10.0,
        inventory_site_location_ref: Option<ListRef> = "InventorySiteLocationRef" max 31 since 12.0,
        serial_number: Option<String> = "SerialNumber" max 4095 since 11.0,
        lot_number: Option<String> = "LotNumber" max 40 since 11.0,
        expiration_date_for_serial_lot_number: Option<String> = "ExpirationDateForSerialLotNumber" max 1099 since 16.0,
        service_date: Option<QbDate> = "ServiceDate",
        sales_tax_code_ref: Option<ListRef> = "SalesTaxCodeRef" max 3,
        other1: Option<String> = "Other1" max 29 since 6.0,
        other2: Option<String> = "Other2" max 29 since 6.0,
        credit_card_txn_info: Option<CreditCardTxnInfoRet> = "CreditCardTxnInfo" since 7.0,
        data_ext_ret: Vec<DataExtRet> = "DataExtRet" since 2.0,
    }
}

qb_struct! {
    /// A changed, kept or added group of items (`CreditMemoLineGroupMod`).
    pub struct CreditMemoLineGroupMod new(txn_line_id: TxnLineId) {
        txn_line_id: TxnLineId = "TxnLineID",
        item_group_ref: Change<ListRef> = "ItemGroupRef" max 31 [noclear],
        quantity: Change<Quantity> = "Quantity" [noclear],
        unit_of_measure: Change<QbText<31>> = "UnitOfMeasure" since 7.0,
        override_uom_set_ref: Change<ListRef> = "OverrideUOMSetRef" max 31 since 7.0,
        credit_memo_line_mod: Vec<CreditMemoLineMod> = "CreditMemoLineMod",
    }
}

qb_struct! {
    /// A group of items (`CreditMemoLineGroupRet`).
    #[derive(Default)]
    pub struct CreditMemoLineGroupRet {
        txn_line_id: Option<TxnLineId> = "TxnLineID" since 3.0,
        item_group_ref: Option<ListRef> = "ItemGroupRef" max 31,
        desc: Option<String> = "Desc" max 4095,
        quantity: Option<Quantity> = "Quantity",
        unit_of_measure: Option<String> = "UnitOfMeasure" max 31 since 7.0,
        override_uom_set_ref: Option<ListRef> = "OverrideUOMSetRef" max 31 since 7.0,
        is_print_items_in_group: Option<bool> = "IsPrintItemsInGroup",
        total_amount: Option<Amount> = "TotalAmount",
        credit_memo_line_ret: Vec<CreditMemoLineRet> = "CreditMemoLineRet",
        data_ext_ret: Vec<DataExtRet> = "DataExtRet" since 2.0,
    }
}

qb_choice! {
    /// A line or a group, in an Add.
    pub enum CreditMemoLineOrGroupAdd {
        Item(CreditMemoLineAdd) = "CreditMemoLineAdd",
        Group(SalesGroupLineAdd) = "CreditMemoLineGroupAdd",
    }
}

qb_choice! {
    /// A line or a group, in a Mod.
    pub enum CreditMemoLineOrGroupMod {
        Item(CreditMemoLineMod) = "CreditMemoLineMod",
        Group(CreditMemoLineGroupMod) = "CreditMemoLineGroupMod",
    }
}

qb_choice! {
    /// A line or a group, as QuickBooks returns it.
    pub enum CreditMemoLineOrGroupRet {
        Item(CreditMemoLineRet) = "CreditMemoLineRet",
        Group(CreditMemoLineGroupRet) = "CreditMemoLineGroupRet",
    }
}

impl CreditMemoLineAdd {
    /// A line with what QuickBooks needs in practice.
    #[must_use]
    pub fn new(item: ListRef, amount: Amount) -> Self {
        Self { item_ref: Some(item), amount: Some(amount), ..Self::default() }
    }
}

impl CreditMemoLineMod {
    /// Keeps the line as it is; [`TxnLineId::new_line`] adds one.
    #[must_use]
    pub fn keep(txn_line_id: TxnLineId) -> Self {
        Self::new(txn_line_id)
    }
}
