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
    ItemOrGroupRet,
};
use crate::error::{Limit, WriteError};
use crate::query::{
    CurrencyFilter, Definition, MaxReturned, Paging, RefNumberMatch, RefTreeFilter, TxnDates, TxnSelection, settle_page,
};
use crate::request::qb_request;
use crate::schema::{Example, Rules, qb_struct};
use crate::types::{
    Amount, Change, EditSequence, ExchangeRate, ExternalGuid, LinkType, ListRef, OwnerId, PaidStatus, QbDate,
    QbDateTime, QbText, TxnId, TxnType,
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

qb_struct! {
    /// The conditions of a BillQuery.
    #[derive(Default)]
    pub struct BillWhere {
        max_returned: Option<MaxReturned> = "MaxReturned",
        dates: Option<TxnDates> = "(choice)",
        entity_filter: Option<RefTreeFilter> = "EntityFilter",
        account_filter: Option<RefTreeFilter> = "AccountFilter",
        ref_number: Option<RefNumberMatch> = "(choice)",
        currency_filter: Option<CurrencyFilter> = "CurrencyFilter" since 8.0,
        paid_status: Option<PaidStatus> = "PaidStatus",
    }
}

qb_struct! {
    /// A new bill (`BillAdd`). It needs at least one line, or a purchase order to take its lines
    /// from.
    pub struct BillAdd [attributes definition: Definition] with rules {
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
    pub struct BillMod with rules {
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

qb_struct! {
    /// A transaction linked to this one (`LinkedTxn`): the payments and credits of a bill. Amounts
    /// are negative (observed for invoices).
    #[derive(Default)]
    pub struct LinkedTxnRet {
        txn_id: Option<TxnId> = "TxnID",
        txn_type: Option<TxnType> = "TxnType",
        txn_date: Option<QbDate> = "TxnDate",
        ref_number: Option<String> = "RefNumber" max 20,
        link_type: Option<LinkType> = "LinkType" since 3.0,
        amount: Option<Amount> = "Amount",
    }
}

impl BillAdd {
    /// A new bill of a vendor, still without lines.
    #[must_use]
    pub fn new(vendor: ListRef, txn_date: QbDate) -> Self {
        Self {
            definition: Definition::default(),
            vendor_ref: vendor,
            vendor_address: None,
            ap_account_ref: None,
            txn_date: Some(txn_date),
            due_date: None,
            ref_number: None,
            terms_ref: None,
            class_ref: None,
            memo: None,
            exchange_rate: None,
            external_guid: None,
            link_to_txn_id: Vec::new(),
            expense_line_add: Vec::new(),
            item_line: Vec::new(),
        }
    }
}

impl BillMod {
    /// A Mod that changes nothing yet.
    #[must_use]
    pub const fn new(txn_id: TxnId, edit_sequence: EditSequence) -> Self {
        Self {
            txn_id,
            edit_sequence,
            vendor_ref: Change::Keep,
            vendor_address: Change::Keep,
            ap_account_ref: Change::Keep,
            txn_date: Change::Keep,
            due_date: Change::Keep,
            ref_number: Change::Keep,
            terms_ref: Change::Keep,
            class_ref: Change::Keep,
            memo: Change::Keep,
            exchange_rate: Change::Keep,
            clear_expense_lines: None,
            expense_line_mod: Vec::new(),
            clear_item_lines: None,
            item_line: Vec::new(),
        }
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
        let (no_expense, no_item) = (self.clear_expense_lines == Some(true), self.clear_item_lines == Some(true));
        if no_expense && no_item {
            return Err(w.refuse("ClearItemLines", Limit::Exclusive("ClearExpenseLines and ClearItemLines"), "both"));
        }
        if no_expense && !self.expense_line_mod.is_empty() {
            return Err(w.refuse("ExpenseLineMod", Limit::Exclusive("ClearExpenseLines and expense lines"), "both"));
        }
        if no_item && !self.item_line.is_empty() {
            return Err(w.refuse("ItemLineMod", Limit::Exclusive("ClearItemLines and item lines"), "both"));
        }
        Ok(())
    }

    fn settle(&mut self, _ex: &mut Example) {
        if !self.expense_line_mod.is_empty() {
            self.clear_expense_lines = self.clear_expense_lines.map(|_| false);
        }
        if !self.item_line.is_empty() || self.clear_expense_lines == Some(true) {
            self.clear_item_lines = self.clear_item_lines.map(|_| false);
        }
    }
}

impl Rules for BillQuery {
    fn check(&self, w: &Writer) -> Result<(), WriteError> {
        let size = match &self.selection {
            TxnSelection::Where(filters) => filters.max_returned,
            _ => None,
        };
        self.paging.check(size, w)
    }

    fn settle(&mut self, ex: &mut Example) {
        let size = match &mut self.selection {
            TxnSelection::Where(filters) => Some(&mut filters.max_returned),
            _ => None,
        };
        settle_page(&mut self.paging, size, ex);
    }
}
