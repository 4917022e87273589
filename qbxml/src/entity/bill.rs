//! Bill: what is owed to a vendor.
//!
//! The total is the sum of the lines; there is no header amount. A negative line is allowed, a
//! negative total is not. QuickBooks accepts a second bill with the same number (recalled): look
//! before adding. A bill's links to payments survive a Mod of its header.
//!
//! `IncludeLineItems` and `IncludeLinkedTxns` are off unless asked for; without the first an answer
//! has no lines at all.

use crate::entity::{
    Address, AddressRet, DataExtRet, ExpenseLineAdd, ExpenseLineMod, ExpenseLineRet, ItemOrGroupAdd, ItemOrGroupMod,
    ItemOrGroupRet, LinkedTxnRet, check_line_tables, settle_line_tables,
};
use crate::error::{Limit, WriteError};
use crate::query::{Definition, Paging, PayableWhere, TxnSelection, qb_paged};
use crate::request::qb_request;
use crate::schema::{Example, Rules, qb_struct};
use crate::types::{
    Amount, Change, EditSequence, ExchangeRate, ExternalGuid, ListRef, OwnerId, QbDate, QbDateTime, QbText, TxnId,
};
use crate::wire::Writer;

qb_struct! {
    /// Asks for bills (`BillQueryRq`), in pages if wanted.
    #[derive(Default)]
    pub struct BillQuery [attributes paging: Paging] with rules {
        selection: TxnSelection<BillWhere> = "(choice)",
        include_line_items: Option<bool> = "IncludeLineItems",
        include_linked_txns: Option<bool> = "IncludeLinkedTxns" since 2.0,
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement" since 4.0,
        owner_id: Vec<OwnerId> = "OwnerID" since 2.0,
    }
}

qb_request!(BillQuery, "BillQuery" => BillRet, since 1.0, direct);
qb_paged!(BillQuery);

/// The conditions of a BillQuery.
pub type BillWhere = PayableWhere;

qb_struct! {
    /// A new bill (`BillAdd`). It needs at least one line, or a purchase order to take its lines
    /// from.
    pub struct BillAdd [attributes definition: Definition] with rules new(vendor_ref: ListRef, txn_date: QbDate) {
        vendor_ref: ListRef = "VendorRef" max 41,
        vendor_address: Option<Address> = "VendorAddress" since 13.0,
        /// Always send it where there are several payables accounts.
        ap_account_ref: Option<ListRef> = "APAccountRef" max 159 since 2.0,
        /// Always send it: left out, QuickBooks may take the date of the last saved bill.
        txn_date: Option<QbDate> = "TxnDate",
        due_date: Option<QbDate> = "DueDate",
        ref_number: Option<QbText<20>> = "RefNumber",
        terms_ref: Option<ListRef> = "TermsRef" max 31,
        class_ref: Option<ListRef> = "ClassRef" max 159 since 16.0,
        memo: Option<QbText<4095>> = "Memo",
        exchange_rate: Option<ExchangeRate> = "ExchangeRate" since 8.0,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 9.0,
        link_to_txn_id: Vec<TxnId> = "LinkToTxnID" since 4.0,
        expense_line_add: Vec<ExpenseLineAdd> = "ExpenseLineAdd",
        item_line: Vec<ItemOrGroupAdd> = "(choice)",
    }
}

qb_request!(BillAdd, "BillAdd" => BillRet, since 1.0, body);

qb_struct! {
    /// A changed bill (`BillMod`). Only what is sent changes; for lines see
    /// [`crate::entity::lines`].
    pub struct BillMod with rules new(txn_id: TxnId, edit_sequence: EditSequence) {
        txn_id: TxnId = "TxnID" [record_id],
        edit_sequence: EditSequence = "EditSequence",
        vendor_ref: Change<ListRef> = "VendorRef" max 41 [noclear],
        vendor_address: Change<Address> = "VendorAddress" since 13.0,
        ap_account_ref: Change<ListRef> = "APAccountRef" max 159 [noclear],
        txn_date: Change<QbDate> = "TxnDate" [noclear],
        due_date: Change<QbDate> = "DueDate" [noclear],
        ref_number: Change<QbText<20>> = "RefNumber",
        terms_ref: Change<ListRef> = "TermsRef" max 31,
        class_ref: Change<ListRef> = "ClassRef" max 159 since 16.0,
        memo: Change<QbText<4095>> = "Memo",
        exchange_rate: Change<ExchangeRate> = "ExchangeRate" since 8.0,
        clear_expense_lines: Option<bool> = "ClearExpenseLines",
        expense_line_mod: Vec<ExpenseLineMod> = "ExpenseLineMod",
        clear_item_lines: Option<bool> = "ClearItemLines",
        item_line: Vec<ItemOrGroupMod> = "(choice)",
    }
}

qb_request!(BillMod, "BillMod" => BillRet, since 3.0, body);

qb_struct! {
    /// A bill (`BillRet`). Lines come only with `IncludeLineItems`, links only with
    /// `IncludeLinkedTxns`.
    #[derive(Default)]
    pub struct BillRet {
        txn_id: Option<TxnId> = "TxnID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        txn_number: Option<i64> = "TxnNumber",
        vendor_ref: Option<ListRef> = "VendorRef" max 41,
        vendor_address: Option<AddressRet> = "VendorAddress" since 13.0,
        ap_account_ref: Option<ListRef> = "APAccountRef" max 159 since 2.0,
        txn_date: Option<QbDate> = "TxnDate",
        due_date: Option<QbDate> = "DueDate",
        amount_due: Option<Amount> = "AmountDue",
        currency_ref: Option<ListRef> = "CurrencyRef" max 64 since 8.0,
        exchange_rate: Option<ExchangeRate> = "ExchangeRate" since 8.0,
        amount_due_in_home_currency: Option<Amount> = "AmountDueInHomeCurrency" since 8.0,
        ref_number: Option<String> = "RefNumber" max 20,
        is_pending: Option<bool> = "IsPending" since 16.0,
        terms_ref: Option<ListRef> = "TermsRef" max 31,
        class_ref: Option<ListRef> = "ClassRef" max 159 since 16.0,
        memo: Option<String> = "Memo" max 4095,
        /// Whether nothing is open.
        is_paid: Option<bool> = "IsPaid" since 2.0,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 9.0,
        linked_txn: Vec<LinkedTxnRet> = "LinkedTxn" since 2.0,
        expense_line_ret: Vec<ExpenseLineRet> = "ExpenseLineRet",
        item_line_ret: Vec<ItemOrGroupRet> = "(choice)",
        /// Sometimes missing, and seen to hold the vendor's whole open balance: do not rely on it
        /// (`qbxml.md` 10, observed).
        open_amount: Option<Amount> = "OpenAmount",
        data_ext_ret: Vec<DataExtRet> = "DataExtRet" since 2.0,
    }
}

impl Rules for BillAdd {
    fn check(&self, w: &Writer) -> Result<(), WriteError> {
        if self.expense_line_add.is_empty() && self.item_line.is_empty() && self.link_to_txn_id.is_empty() {
            return Err(w.refuse("", Limit::Required("a line, or LinkToTxnID"), "no line"));
        }
        Ok(())
    }

    fn settle(&mut self, ex: &mut Example) {
        if self.expense_line_add.is_empty() && self.item_line.is_empty() {
            self.expense_line_add.push(<ExpenseLineAdd as crate::schema::Sequence>::example_fields(ex));
        }
    }
}

impl Rules for BillMod {
    fn check(&self, w: &Writer) -> Result<(), WriteError> {
        check_line_tables(
            self.clear_expense_lines == Some(true),
            !self.expense_line_mod.is_empty(),
            self.clear_item_lines == Some(true),
            !self.item_line.is_empty(),
            w,
        )
    }

    fn settle(&mut self, _ex: &mut Example) {
        settle_line_tables(
            &mut self.clear_expense_lines,
            !self.expense_line_mod.is_empty(),
            &mut self.clear_item_lines,
            !self.item_line.is_empty(),
        );
    }
}
