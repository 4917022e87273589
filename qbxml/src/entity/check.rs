//! Check: money out of a bank account that pays no bill.
//!
//! Bills are paid by [`BillPaymentCheckAdd`](crate::entity::BillPaymentCheckAdd); CheckMod does not
//! work on those (vendor documentation). `ApplyCheckToTxnAdd` is for refunds against receivables:
//! the line's account must be that receivables account, and the sums equal (vendor documentation).

use crate::entity::{
    Address, AddressBlockRet, AddressRet, DataExtRet, ExpenseLineAdd, ExpenseLineMod, ExpenseLineRet, ItemOrGroupMod,
    ItemOrGroupRet, LinkedTxnRet, UnlinkedItemOrGroupAdd, check_line_tables, settle_line_tables,
};
use crate::error::WriteError;
use crate::query::{Definition, Paging, TxnSelection, TxnWhere, qb_paged};
use crate::request::qb_request;
use crate::schema::{Example, Rules, qb_struct};
use crate::types::{
    Amount, Change, EditSequence, ExchangeRate, ExternalGuid, ListRef, OwnerId, QbDate, QbDateTime, QbText, TxnId,
    TxnRef,
};
use crate::wire::Writer;

qb_struct! {
    /// Asks for checks (`CheckQueryRq`), in pages if wanted.
    #[derive(Default)]
    pub struct CheckQuery [attributes paging: Paging] with rules {
        selection: TxnSelection<TxnWhere> = "(choice)",
        /// Off unless asked for.
        include_line_items: Option<bool> = "IncludeLineItems",
        /// Off unless asked for.
        include_linked_txns: Option<bool> = "IncludeLinkedTxns" since 7.0,
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement" since 4.0,
        owner_id: Vec<OwnerId> = "OwnerID" since 2.0,
    }
}

qb_request!(CheckQuery, "CheckQuery" => CheckRet, since 1.0, direct);
qb_paged!(CheckQuery);

qb_struct! {
    /// A new check (`CheckAdd`).
    pub struct CheckAdd [attributes definition: Definition] new(account_ref: ListRef, txn_date: QbDate) {
        /// The bank account.
        account_ref: ListRef = "AccountRef" max 159,
        payee_entity_ref: Option<ListRef> = "PayeeEntityRef" max 209,
        ref_number: Option<QbText<11>> = "RefNumber",
        /// Always send it: left out, QuickBooks may take the date of the last one saved (vendor
        /// documentation).
        txn_date: Option<QbDate> = "TxnDate",
        memo: Option<QbText<4095>> = "Memo",
        address: Option<Address> = "Address",
        is_to_be_printed: Option<bool> = "IsToBePrinted",
        exchange_rate: Option<ExchangeRate> = "ExchangeRate" since 8.0,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 9.0,
        apply_check_to_txn_add: Vec<ApplyCheckToTxn> = "ApplyCheckToTxnAdd" since 7.0,
        expense_line_add: Vec<ExpenseLineAdd> = "ExpenseLineAdd",
        item_line: Vec<UnlinkedItemOrGroupAdd> = "(choice)",
    }
}

qb_request!(CheckAdd, "CheckAdd" => CheckRet, since 1.0, body);

qb_struct! {
    /// A changed check (`CheckMod`). Only what is sent changes; for lines see
    /// [`crate::entity::lines`].
    pub struct CheckMod with rules new(txn_id: TxnId, edit_sequence: EditSequence) {
        txn_id: TxnId = "TxnID" [record_id],
        edit_sequence: EditSequence = "EditSequence",
        account_ref: Change<ListRef> = "AccountRef" max 159 [noclear],
        payee_entity_ref: Change<ListRef> = "PayeeEntityRef" max 209,
        ref_number: Change<QbText<11>> = "RefNumber",
        txn_date: Change<QbDate> = "TxnDate" [noclear],
        memo: Change<QbText<4095>> = "Memo",
        address: Change<Address> = "Address",
        is_to_be_printed: Change<bool> = "IsToBePrinted",
        exchange_rate: Change<ExchangeRate> = "ExchangeRate" since 8.0,
        apply_check_to_txn_mod: Vec<ApplyCheckToTxn> = "ApplyCheckToTxnMod" since 7.0,
        clear_expense_lines: Option<bool> = "ClearExpenseLines",
        expense_line_mod: Vec<ExpenseLineMod> = "ExpenseLineMod",
        clear_item_lines: Option<bool> = "ClearItemLines",
        item_line: Vec<ItemOrGroupMod> = "(choice)",
    }
}

qb_request!(CheckMod, "CheckMod" => CheckRet, since 6.0, body);

qb_struct! {
    /// A check (`CheckRet`). Lines come only with `IncludeLineItems`, links only with
    /// `IncludeLinkedTxns`.
    #[derive(Default)]
    pub struct CheckRet {
        txn_id: Option<TxnId> = "TxnID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        txn_number: Option<i64> = "TxnNumber",
        account_ref: Option<ListRef> = "AccountRef" max 159,
        payee_entity_ref: Option<ListRef> = "PayeeEntityRef" max 209,
        /// Not unique.
        ref_number: Option<String> = "RefNumber" max 11,
        txn_date: Option<QbDate> = "TxnDate",
        amount: Option<Amount> = "Amount",
        currency_ref: Option<ListRef> = "CurrencyRef" max 64 since 8.0,
        exchange_rate: Option<ExchangeRate> = "ExchangeRate" since 8.0,
        amount_in_home_currency: Option<Amount> = "AmountInHomeCurrency" since 8.0,
        memo: Option<String> = "Memo" max 4095,
        address: Option<AddressRet> = "Address",
        address_block: Option<AddressBlockRet> = "AddressBlock" since 6.0,
        is_pending: Option<bool> = "IsPending" since 16.0,
        is_to_be_printed: Option<bool> = "IsToBePrinted",
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 9.0,
        linked_txn: Vec<LinkedTxnRet> = "LinkedTxn" since 7.0,
        expense_line_ret: Vec<ExpenseLineRet> = "ExpenseLineRet",
        item_line: Vec<ItemOrGroupRet> = "(choice)",
        data_ext_ret: Vec<DataExtRet> = "DataExtRet" since 2.0,
    }
}

qb_struct! {
    /// A credit memo or overpayment that a check refunds (`ApplyCheckToTxnAdd`,
    /// `ApplyCheckToTxnMod`).
    pub struct ApplyCheckToTxn new(txn_id: TxnRef) {
        txn_id: TxnRef = "TxnID",
        amount: Option<Amount> = "Amount",
    }
}

impl Rules for CheckMod {
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
