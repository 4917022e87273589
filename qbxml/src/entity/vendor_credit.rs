//! Vendor credit: what a vendor owes us. Amounts are positive.
//!
//! It lowers the vendor's balance at once, a bill only when a payment applies it: see
//! [`SetCredit`](crate::entity::SetCredit).

use crate::entity::{
    DataExtRet, ExpenseLineAdd, ExpenseLineMod, ExpenseLineRet, ItemOrGroupMod, ItemOrGroupRet, LinkedTxnRet,
    UnlinkedItemOrGroupAdd, check_line_tables, settle_line_tables,
};
use crate::error::{Limit, WriteError};
use crate::query::{Definition, Paging, TxnSelection, TxnWhere, qb_paged};
use crate::request::qb_request;
use crate::schema::{Example, Rules, Sequence, qb_struct};
use crate::types::{
    Amount, Change, EditSequence, ExchangeRate, ExternalGuid, ListRef, OwnerId, QbDate, QbDateTime, QbText, TxnId,
};
use crate::wire::Writer;

qb_struct! {
    /// Asks for vendor credits (`VendorCreditQueryRq`), in pages if wanted.
    #[derive(Default)]
    pub struct VendorCreditQuery [attributes paging: Paging] with rules {
        selection: TxnSelection<TxnWhere> = "(choice)",
        /// Off unless asked for.
        include_line_items: Option<bool> = "IncludeLineItems",
        /// Off unless asked for.
        include_linked_txns: Option<bool> = "IncludeLinkedTxns" since 2.0,
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement" since 4.0,
        owner_id: Vec<OwnerId> = "OwnerID" since 2.0,
    }
}

qb_request!(VendorCreditQuery, "VendorCreditQuery" => VendorCreditRet, since 1.0, direct);
qb_paged!(VendorCreditQuery);

qb_struct! {
    /// A new vendor credit (`VendorCreditAdd`). It needs at least one line.
    pub struct VendorCreditAdd [attributes definition: Definition] with rules
        new(vendor_ref: ListRef, txn_date: QbDate)
    {
        vendor_ref: ListRef = "VendorRef" max 41,
        /// Always send it where there are several payables accounts.
        ap_account_ref: Option<ListRef> = "APAccountRef" max 159 since 2.0,
        /// Always send it: left out, QuickBooks may take the date of the last one saved (vendor
        /// documentation).
        txn_date: Option<QbDate> = "TxnDate",
        ref_number: Option<QbText<20>> = "RefNumber",
        memo: Option<QbText<4095>> = "Memo",
        exchange_rate: Option<ExchangeRate> = "ExchangeRate" since 8.0,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 9.0,
        expense_line_add: Vec<ExpenseLineAdd> = "ExpenseLineAdd",
        item_line: Vec<UnlinkedItemOrGroupAdd> = "(choice)",
    }
}

qb_request!(VendorCreditAdd, "VendorCreditAdd" => VendorCreditRet, since 1.0, body);

qb_struct! {
    /// A changed vendor credit (`VendorCreditMod`). Only what is sent changes; for lines see
    /// [`crate::entity::lines`].
    pub struct VendorCreditMod with rules new(txn_id: TxnId, edit_sequence: EditSequence) {
        txn_id: TxnId = "TxnID" [record_id],
        edit_sequence: EditSequence = "EditSequence",
        vendor_ref: Change<ListRef> = "VendorRef" max 41 [noclear],
        ap_account_ref: Change<ListRef> = "APAccountRef" max 159 [noclear],
        txn_date: Change<QbDate> = "TxnDate" [noclear],
        ref_number: Change<QbText<20>> = "RefNumber",
        memo: Change<QbText<4095>> = "Memo",
        exchange_rate: Change<ExchangeRate> = "ExchangeRate",
        clear_expense_lines: Option<bool> = "ClearExpenseLines",
        expense_line_mod: Vec<ExpenseLineMod> = "ExpenseLineMod",
        clear_item_lines: Option<bool> = "ClearItemLines",
        item_line: Vec<ItemOrGroupMod> = "(choice)",
    }
}

qb_request!(VendorCreditMod, "VendorCreditMod" => VendorCreditRet, since 8.0, body);

qb_struct! {
    /// A vendor credit (`VendorCreditRet`). Lines come only with `IncludeLineItems`, links only
    /// with `IncludeLinkedTxns`.
    #[derive(Default)]
    pub struct VendorCreditRet {
        txn_id: Option<TxnId> = "TxnID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        txn_number: Option<i64> = "TxnNumber",
        vendor_ref: Option<ListRef> = "VendorRef" max 41,
        ap_account_ref: Option<ListRef> = "APAccountRef" max 159 since 2.0,
        txn_date: Option<QbDate> = "TxnDate",
        /// Positive.
        credit_amount: Option<Amount> = "CreditAmount",
        currency_ref: Option<ListRef> = "CurrencyRef" max 64 since 8.0,
        exchange_rate: Option<ExchangeRate> = "ExchangeRate" since 8.0,
        credit_amount_in_home_currency: Option<Amount> = "CreditAmountInHomeCurrency" since 8.0,
        /// Not unique.
        ref_number: Option<String> = "RefNumber" max 20,
        memo: Option<String> = "Memo" max 4095,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 9.0,
        linked_txn: Vec<LinkedTxnRet> = "LinkedTxn" since 2.0,
        expense_line_ret: Vec<ExpenseLineRet> = "ExpenseLineRet",
        item_line: Vec<ItemOrGroupRet> = "(choice)",
        /// What is not applied yet; sometimes missing or wrong (known product bug, observed for
        /// bills).
        open_amount: Option<Amount> = "OpenAmount",
        data_ext_ret: Vec<DataExtRet> = "DataExtRet" since 2.0,
    }
}

impl Rules for VendorCreditAdd {
    fn check(&self, w: &Writer) -> Result<(), WriteError> {
        if self.expense_line_add.is_empty() && self.item_line.is_empty() {
            return Err(w.refuse("", Limit::Required("a line"), "no line"));
        }
        Ok(())
    }

    fn settle(&mut self, ex: &mut Example) {
        if self.expense_line_add.is_empty() && self.item_line.is_empty() {
            self.expense_line_add.push(<ExpenseLineAdd as Sequence>::example_fields(ex));
        }
    }
}

impl Rules for VendorCreditMod {
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
