//! Lines of transactions that spend: expense lines by account, item lines by item, and groups of
//! items.
//!
//! All expense lines stand before the item lines (schema), so the mix a person typed cannot be
//! kept. In a Mod, sending any line of a kind deletes every line of that kind not named; a line
//! with only its `TxnLineID` stays as it is; `TxnLineID` -1 adds one; the order sent is the order
//! stored (`qbxml.md` 7). Line ids can change in a Mod: store those of the answer.

use crate::entity::{DataExt, DataExtRet, GroupDataExtRet};
use crate::error::{Limit, WriteError};
use crate::query::Definition;
use crate::schema::{qb_choice, qb_struct};
use crate::types::{Amount, BillableStatus, Change, ListRef, Price, QbText, Quantity, TxnId, TxnLineId};
use crate::wire::Writer;

qb_choice! {
    /// Which single piece or batch of an inventory item is meant.
    pub enum SerialOrLot {
        Serial(QbText<4095>) = "SerialNumber" since 11.0,
        Lot(QbText<40>) = "LotNumber" since 11.0,
    }
}

qb_struct! {
    /// A line of an earlier transaction, such as a purchase order, that this line fulfils
    /// (`LinkToTxn`).
    pub struct LinkToTxn {
        txn_id: TxnId = "TxnID",
        txn_line_id: TxnLineId = "TxnLineID",
    }
}

qb_struct! {
    /// A new line by account (`ExpenseLineAdd`).
    #[derive(Default)]
    pub struct ExpenseLineAdd [attributes definition: Definition] {
        account_ref: Option<ListRef> = "AccountRef" max 159,
        amount: Option<Amount> = "Amount",
        memo: Option<QbText<4095>> = "Memo",
        customer_ref: Option<ListRef> = "CustomerRef" max 209,
        vendor_ref: Option<ListRef> = "VendorRef" max 41 since 16.0,
        class_ref: Option<ListRef> = "ClassRef" max 159,
        billable_status: Option<BillableStatus> = "BillableStatus" since 2.0,
        sales_rep_ref: Option<ListRef> = "SalesRepRef" max 5 since 13.0,
        data_ext: Vec<DataExt> = "DataExt" since 13.0,
    }
}

qb_struct! {
    /// A changed, kept or added line by account (`ExpenseLineMod`).
    pub struct ExpenseLineMod new(txn_line_id: TxnLineId) {
        txn_line_id: TxnLineId = "TxnLineID",
        account_ref: Change<ListRef> = "AccountRef" max 159,
        amount: Change<Amount> = "Amount" [noclear],
        memo: Change<QbText<4095>> = "Memo",
        customer_ref: Change<ListRef> = "CustomerRef" max 209,
        class_ref: Change<ListRef> = "ClassRef" max 159,
        billable_status: Change<BillableStatus> = "BillableStatus" [noclear],
        sales_rep_ref: Change<ListRef> = "SalesRepRef" max 5 since 13.0,
    }
}

qb_struct! {
    /// A line by account (`ExpenseLineRet`).
    #[derive(Default)]
    pub struct ExpenseLineRet {
        txn_line_id: Option<TxnLineId> = "TxnLineID",
        account_ref: Option<ListRef> = "AccountRef" max 159,
        amount: Option<Amount> = "Amount",
        memo: Option<String> = "Memo" max 4095,
        customer_ref: Option<ListRef> = "CustomerRef" max 209,
        vendor_ref: Option<ListRef> = "VendorRef" max 41 since 16.0,
        class_ref: Option<ListRef> = "ClassRef" max 159,
        billable_status: Option<BillableStatus> = "BillableStatus" since 2.0,
        sales_rep_ref: Option<ListRef> = "SalesRepRef" max 5 since 13.0,
        data_ext_ret: Vec<DataExtRet> = "DataExtRet" since 13.0,
    }
}

qb_struct! {
    /// A new line by item (`ItemLineAdd`). Send the amount to be exact: it outranks quantity times
    /// cost.
    #[derive(Default)]
    pub struct ItemLineAdd {
        item_ref: Option<ListRef> = "ItemRef",
        inventory_site_ref: Option<ListRef> = "InventorySiteRef" max 31 since 10.0,
        inventory_site_location_ref: Option<ListRef> = "InventorySiteLocationRef" max 31 since 12.0,
        serial_or_lot: Option<SerialOrLot> = "(choice)",
        expiration_date_for_serial_lot_number: Option<QbText<1099>> = "ExpirationDateForSerialLotNumber" since 16.0,
        desc: Option<QbText<4095>> = "Desc",
        quantity: Option<Quantity> = "Quantity",
        unit_of_measure: Option<QbText<31>> = "UnitOfMeasure" since 7.0,
        cost: Option<Price> = "Cost",
        amount: Option<Amount> = "Amount",
        customer_ref: Option<ListRef> = "CustomerRef" max 209,
        class_ref: Option<ListRef> = "ClassRef" max 159,
        billable_status: Option<BillableStatus> = "BillableStatus" since 2.0,
        override_item_account_ref: Option<ListRef> = "OverrideItemAccountRef" max 159 since 2.0,
        link_to_txn: Option<LinkToTxn> = "LinkToTxn" since 4.0,
        sales_rep_ref: Option<ListRef> = "SalesRepRef" max 5 since 13.0,
        data_ext: Vec<DataExt> = "DataExt" since 13.0,
    }
}

qb_struct! {
    /// A new line by item of a vendor credit or check (`ItemLineAdd`): these fulfil no earlier
    /// transaction. Send the amount to be exact: it outranks quantity times cost.
    #[derive(Default)]
    pub struct UnlinkedItemLineAdd {
        item_ref: Option<ListRef> = "ItemRef",
        inventory_site_ref: Option<ListRef> = "InventorySiteRef" max 31 since 10.0,
        inventory_site_location_ref: Option<ListRef> = "InventorySiteLocationRef" max 31 since 12.0,
        serial_or_lot: Option<SerialOrLot> = "(choice)",
        expiration_date_for_serial_lot_number: Option<QbText<1099>> = "ExpirationDateForSerialLotNumber" since 16.0,
        desc: Option<QbText<4095>> = "Desc",
        quantity: Option<Quantity> = "Quantity",
        unit_of_measure: Option<QbText<31>> = "UnitOfMeasure" since 7.0,
        cost: Option<Price> = "Cost",
        amount: Option<Amount> = "Amount",
        customer_ref: Option<ListRef> = "CustomerRef" max 209,
        class_ref: Option<ListRef> = "ClassRef" max 159,
        billable_status: Option<BillableStatus> = "BillableStatus" since 2.0,
        override_item_account_ref: Option<ListRef> = "OverrideItemAccountRef" max 159 since 2.0,
        sales_rep_ref: Option<ListRef> = "SalesRepRef" max 5 since 13.0,
        data_ext: Vec<DataExt> = "DataExt" since 13.0,
    }
}

qb_struct! {
    /// A changed, kept or added line by item (`ItemLineMod`).
    pub struct ItemLineMod new(txn_line_id: TxnLineId) {
        txn_line_id: TxnLineId = "TxnLineID",
        item_ref: Change<ListRef> = "ItemRef" [noclear],
        inventory_site_ref: Change<ListRef> = "InventorySiteRef" max 31 since 10.0,
        inventory_site_location_ref: Change<ListRef> = "InventorySiteLocationRef" max 31 since 12.0,
        serial_or_lot: Option<SerialOrLot> = "(choice)",
        expiration_date_for_serial_lot_number: Change<QbText<1099>> = "ExpirationDateForSerialLotNumber" since 16.0,
        desc: Change<QbText<4095>> = "Desc",
        quantity: Change<Quantity> = "Quantity" [noclear],
        unit_of_measure: Change<QbText<31>> = "UnitOfMeasure" since 7.0,
        override_uom_set_ref: Change<ListRef> = "OverrideUOMSetRef" max 31 since 7.0,
        cost: Change<Price> = "Cost" [noclear],
        amount: Change<Amount> = "Amount" [noclear],
        customer_ref: Change<ListRef> = "CustomerRef" max 209,
        class_ref: Change<ListRef> = "ClassRef" max 159,
        billable_status: Change<BillableStatus> = "BillableStatus" [noclear],
        override_item_account_ref: Change<ListRef> = "OverrideItemAccountRef" max 159,
        sales_rep_ref: Change<ListRef> = "SalesRepRef" max 5 since 13.0,
    }
}

qb_struct! {
    /// A line by item (`ItemLineRet`).
    #[derive(Default)]
    pub struct ItemLineRet {
        txn_line_id: Option<TxnLineId> = "TxnLineID",
        item_ref: Option<ListRef> = "ItemRef",
        inventory_site_ref: Option<ListRef> = "InventorySiteRef" max 31 since 10.0,
        inventory_site_location_ref: Option<ListRef> = "InventorySiteLocationRef" max 31 since 12.0,
        serial_number: Option<String> = "SerialNumber" max 4095 since 11.0,
        lot_number: Option<String> = "LotNumber" max 40 since 11.0,
        expiration_date_for_serial_lot_number: Option<String> = "ExpirationDateForSerialLotNumber" max 1099 since 16.0,
        desc: Option<String> = "Desc" max 4095,
        quantity: Option<Quantity> = "Quantity",
        unit_of_measure: Option<String> = "UnitOfMeasure" max 31 since 7.0,
        override_uom_set_ref: Option<ListRef> = "OverrideUOMSetRef" max 31 since 7.0,
        cost: Option<Price> = "Cost",
        amount: Option<Amount> = "Amount",
        customer_ref: Option<ListRef> = "CustomerRef" max 209,
        class_ref: Option<ListRef> = "ClassRef" max 159,
        billable_status: Option<BillableStatus> = "BillableStatus" since 2.0,
        sales_rep_ref: Option<ListRef> = "SalesRepRef" max 5 since 13.0,
        data_ext_ret: Vec<DataExtRet> = "DataExtRet" since 13.0,
    }
}

qb_struct! {
    /// A new group of items (`ItemGroupLineAdd`).
    pub struct ItemGroupLineAdd new(item_group_ref: ListRef) {
        item_group_ref: ListRef = "ItemGroupRef" max 31,
        quantity: Option<Quantity> = "Quantity",
        unit_of_measure: Option<QbText<31>> = "UnitOfMeasure" since 7.0,
        inventory_site_ref: Option<ListRef> = "InventorySiteRef" max 31 since 10.0,
        inventory_site_location_ref: Option<ListRef> = "InventorySiteLocationRef" max 31 since 12.0,
        data_ext: Vec<DataExt> = "DataExt" since 13.0,
    }
}

qb_struct! {
    /// A changed, kept or added group of items (`ItemGroupLineMod`).
    pub struct ItemGroupLineMod new(txn_line_id: TxnLineId) {
        txn_line_id: TxnLineId = "TxnLineID",
        item_group_ref: Change<ListRef> = "ItemGroupRef" max 31 [noclear],
        quantity: Change<Quantity> = "Quantity" [noclear],
        unit_of_measure: Change<QbText<31>> = "UnitOfMeasure" since 7.0,
        override_uom_set_ref: Change<ListRef> = "OverrideUOMSetRef" max 31 since 7.0,
        item_line_mod: Vec<ItemLineMod> = "ItemLineMod",
    }
}

qb_struct! {
    /// A group of items (`ItemGroupLineRet`).
    #[derive(Default)]
    pub struct ItemGroupLineRet {
        txn_line_id: Option<TxnLineId> = "TxnLineID" since 3.0,
        item_group_ref: Option<ListRef> = "ItemGroupRef" max 31,
        desc: Option<String> = "Desc" max 4095,
        quantity: Option<Quantity> = "Quantity",
        unit_of_measure: Option<String> = "UnitOfMeasure" max 31 since 7.0,
        override_uom_set_ref: Option<ListRef> = "OverrideUOMSetRef" max 31 since 7.0,
        total_amount: Option<Amount> = "TotalAmount",
        item_line_ret: Vec<ItemLineRet> = "ItemLineRet",
        data_ext: Vec<GroupDataExtRet> = "DataExt" since 13.0,
    }
}

qb_choice! {
    /// An item line or a group, in an Add.
    pub enum ItemOrGroupAdd {
        Item(ItemLineAdd) = "ItemLineAdd",
        Group(ItemGroupLineAdd) = "ItemGroupLineAdd",
    }
}

qb_choice! {
    /// An item line or a group, in the Add of a vendor credit or check.
    pub enum UnlinkedItemOrGroupAdd {
        Item(UnlinkedItemLineAdd) = "ItemLineAdd",
        Group(ItemGroupLineAdd) = "ItemGroupLineAdd",
    }
}

qb_choice! {
    /// An item line or a group, in a Mod.
    pub enum ItemOrGroupMod {
        Item(ItemLineMod) = "ItemLineMod",
        Group(ItemGroupLineMod) = "ItemGroupLineMod",
    }
}

qb_choice! {
    /// An item line or a group, as QuickBooks returns it.
    pub enum ItemOrGroupRet {
        Item(ItemLineRet) = "ItemLineRet",
        Group(ItemGroupLineRet) = "ItemGroupLineRet",
    }
}

impl ExpenseLineAdd {
    /// A line with what QuickBooks needs in practice.
    #[must_use]
    pub fn new(account: ListRef, amount: Amount) -> Self {
        Self { account_ref: Some(account), amount: Some(amount), ..Self::default() }
    }
}

impl ExpenseLineMod {
    /// Keeps the line as it is; [`TxnLineId::new_line`] adds one.
    #[must_use]
    pub fn keep(txn_line_id: TxnLineId) -> Self {
        Self::new(txn_line_id)
    }
}

impl ItemLineAdd {
    /// A line with what QuickBooks needs in practice.
    #[must_use]
    pub fn new(item: ListRef, amount: Amount) -> Self {
        Self { item_ref: Some(item), amount: Some(amount), ..Self::default() }
    }
}

impl UnlinkedItemLineAdd {
    /// A line with what QuickBooks needs in practice.
    #[must_use]
    pub fn new(item: ListRef, amount: Amount) -> Self {
        Self { item_ref: Some(item), amount: Some(amount), ..Self::default() }
    }
}

impl ItemLineMod {
    /// Keeps the line as it is; [`TxnLineId::new_line`] adds one.
    #[must_use]
    pub fn keep(txn_line_id: TxnLineId) -> Self {
        Self::new(txn_line_id)
    }
}

impl ItemGroupLineMod {
    /// Keeps the group as it is; [`TxnLineId::new_line`] adds one.
    #[must_use]
    pub fn keep(txn_line_id: TxnLineId) -> Self {
        Self::new(txn_line_id)
    }
}

/// Checks the two tables of a Mod: each is emptied or given lines, and not both are emptied (vendor
/// documentation, for card charges).
pub(crate) fn check_line_tables(
    clears_expense_lines: bool,
    has_expense_lines: bool,
    clears_item_lines: bool,
    has_item_lines: bool,
    w: &Writer,
) -> Result<(), WriteError> {
    if clears_expense_lines && clears_item_lines {
        return Err(w.refuse("ClearItemLines", Limit::Exclusive("ClearExpenseLines and ClearItemLines"), "both"));
    }
    if clears_expense_lines && has_expense_lines {
        return Err(w.refuse("ExpenseLineMod", Limit::Exclusive("ClearExpenseLines and expense lines"), "both"));
    }
    if clears_item_lines && has_item_lines {
        return Err(w.refuse("ItemLineMod", Limit::Exclusive("ClearItemLines and item lines"), "both"));
    }
    Ok(())
}

/// Makes an example keep what [`check_line_tables`] checks.
pub(crate) fn settle_line_tables(
    clear_expense_lines: &mut Option<bool>,
    has_expense_lines: bool,
    clear_item_lines: &mut Option<bool>,
    has_item_lines: bool,
) {
    if has_expense_lines {
        *clear_expense_lines = clear_expense_lines.map(|_| false);
    }
    if has_item_lines || *clear_expense_lines == Some(true) {
        *clear_item_lines = clear_item_lines.map(|_| false);
    }
}
