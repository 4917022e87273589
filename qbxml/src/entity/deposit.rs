//! Deposit: received payments taken to the bank, and other money in.
//!
//! A line is either a payment that waits in undeposited funds
//! ([`ReceivePaymentToDepositQuery`](crate::entity::ReceivePaymentToDepositQuery) lists them),
//! whole, or free: an account and an amount, negative for fees. There is no reference number.

use crate::entity::DataExtRet;
use crate::query::{
    CurrencyFilter, Definition, MaxReturned, Paging, RefTreeFilter, TxnDates, TxnIdSelection, qb_paged,
};
use crate::request::qb_request;
use crate::schema::{qb_branches, qb_struct};
use crate::types::{
    Amount, Change, EditSequence, ExchangeRate, ExternalGuid, ListRef, OwnerId, QbDate, QbDateTime, QbText, TxnId,
    TxnLineId, TxnRef, TxnType,
};

qb_struct! {
    /// Asks for deposits (`DepositQueryRq`), in pages if wanted.
    #[derive(Default)]
    pub struct DepositQuery [attributes paging: Paging] with rules {
        selection: TxnIdSelection<DepositWhere> = "(choice)",
        /// Off unless asked for.
        include_line_items: Option<bool> = "IncludeLineItems",
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement" since 4.0,
        owner_id: Vec<OwnerId> = "OwnerID",
    }
}

qb_request!(DepositQuery, "DepositQuery" => DepositRet, since 2.0, direct);
qb_paged!(DepositQuery);

qb_struct! {
    /// The conditions of a DepositQuery.
    #[derive(Default)]
    pub struct DepositWhere {
        max_returned: Option<MaxReturned> = "MaxReturned",
        dates: Option<TxnDates> = "(choice)",
        entity_filter: Option<RefTreeFilter> = "EntityFilter",
        account_filter: Option<RefTreeFilter> = "AccountFilter",
        currency_filter: Option<CurrencyFilter> = "CurrencyFilter" since 8.0,
    }
}

qb_struct! {
    /// A new deposit (`DepositAdd`).
    pub struct DepositAdd [attributes definition: Definition] new(txn_date: QbDate, deposit_to_account_ref: ListRef) {
        /// Always send it: left out, QuickBooks may take the date of the last one saved (vendor
        /// documentation).
        txn_date: Option<QbDate> = "TxnDate",
        deposit_to_account_ref: ListRef = "DepositToAccountRef" max 159,
        memo: Option<QbText<4095>> = "Memo",
        cash_back_info_add: Option<CashBackInfoAdd> = "CashBackInfoAdd",
        currency_ref: Option<ListRef> = "CurrencyRef" max 64 since 8.0,
        exchange_rate: Option<ExchangeRate> = "ExchangeRate" since 8.0,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 9.0,
        deposit_line_add: Vec<DepositLineAdd> = "DepositLineAdd",
    }
}

qb_request!(DepositAdd, "DepositAdd" => DepositRet, since 2.0, body);

qb_struct! {
    /// A changed deposit (`DepositMod`). Only what is sent changes; of lines, send all that are to
    /// stay.
    pub struct DepositMod new(txn_id: TxnId, edit_sequence: EditSequence) {
        txn_id: TxnId = "TxnID" [record_id],
        edit_sequence: EditSequence = "EditSequence",
        txn_date: Change<QbDate> = "TxnDate" [noclear],
        deposit_to_account_ref: Change<ListRef> = "DepositToAccountRef" max 159 [noclear],
        memo: Change<QbText<4095>> = "Memo",
        cash_back_info_mod: Change<CashBackInfoMod> = "CashBackInfoMod",
        currency_ref: Change<ListRef> = "CurrencyRef" max 64 since 8.0,
        exchange_rate: Change<ExchangeRate> = "ExchangeRate" since 8.0,
        deposit_line_mod: Vec<DepositLineMod> = "DepositLineMod",
    }
}

qb_request!(DepositMod, "DepositMod" => DepositRet, since 7.0, body);

qb_struct! {
    /// A deposit (`DepositRet`). Lines come only with `IncludeLineItems`.
    #[derive(Default)]
    pub struct DepositRet {
        txn_id: Option<TxnId> = "TxnID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        txn_number: Option<i64> = "TxnNumber",
        txn_date: Option<QbDate> = "TxnDate",
        deposit_to_account_ref: Option<ListRef> = "DepositToAccountRef" max 159,
        memo: Option<String> = "Memo" max 4095,
        deposit_total: Option<Amount> = "DepositTotal",
        currency_ref: Option<ListRef> = "CurrencyRef" max 64 since 8.0,
        exchange_rate: Option<ExchangeRate> = "ExchangeRate" since 8.0,
        deposit_total_in_home_currency: Option<Amount> = "DepositTotalInHomeCurrency" since 8.0,
        cash_back_info_ret: Option<CashBackInfoRet> = "CashBackInfoRet",
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 9.0,
        deposit_line_ret: Vec<DepositLineRet> = "DepositLineRet",
        data_ext_ret: Vec<DataExtRet> = "DataExtRet",
    }
}

qb_struct! {
    /// Cash taken back at the counter (`CashBackInfoAdd`).
    pub struct CashBackInfoAdd [attributes definition: Definition] new(account_ref: ListRef) {
        account_ref: ListRef = "AccountRef" max 159,
        memo: Option<QbText<4095>> = "Memo",
        amount: Option<Amount> = "Amount",
    }
}

qb_struct! {
    /// Cash taken back, changed (`CashBackInfoMod`).
    #[derive(Default)]
    pub struct CashBackInfoMod {
        account_ref: Change<ListRef> = "AccountRef" max 159,
        memo: Change<QbText<4095>> = "Memo",
        amount: Change<Amount> = "Amount",
    }
}

qb_struct! {
    /// Cash taken back (`CashBackInfoRet`).
    #[derive(Default)]
    pub struct CashBackInfoRet {
        txn_line_id: Option<TxnLineId> = "TxnLineID",
        account_ref: Option<ListRef> = "AccountRef" max 159,
        memo: Option<String> = "Memo" max 4095,
        amount: Option<Amount> = "Amount",
    }
}

qb_struct! {
    /// A new line of a deposit (`DepositLineAdd`).
    pub struct DepositLineAdd [attributes definition: Definition] new(source: DepositSource) {
        source: DepositSource = "(choice)",
    }
}

qb_struct! {
    /// A changed, kept or added line of a deposit (`DepositLineMod`).
    pub struct DepositLineMod new(txn_line_id: TxnLineId) {
        txn_line_id: TxnLineId = "TxnLineID",
        /// Left out: the line stays as it is.
        source: Option<DepositSourceMod> = "(choice)",
    }
}

qb_struct! {
    /// A line of a deposit (`DepositLineRet`).
    #[derive(Default)]
    pub struct DepositLineRet {
        /// Of the payment deposited; missing in free lines.
        txn_type: Option<TxnType> = "TxnType",
        /// The payment deposited.
        txn_id: Option<TxnId> = "TxnID",
        txn_line_id: Option<TxnLineId> = "TxnLineID",
        payment_txn_line_id: Option<TxnLineId> = "PaymentTxnLineID" since 7.0,
        entity_ref: Option<ListRef> = "EntityRef" max 209,
        account_ref: Option<ListRef> = "AccountRef" max 159,
        memo: Option<String> = "Memo" max 4095,
        check_number: Option<String> = "CheckNumber" max 11,
        payment_method_ref: Option<ListRef> = "PaymentMethodRef" max 31,
        class_ref: Option<ListRef> = "ClassRef" max 159,
        amount: Option<Amount> = "Amount",
    }
}

qb_branches! {
    /// Where the money of a new line comes from: exactly one of the two (schema).
    pub enum DepositSource {
        /// A payment received before.
        Payment(DepositedPayment),
        /// Anything else.
        Free(FreeDeposit),
    }
}

qb_branches! {
    /// Where the money of a changed line comes from.
    pub enum DepositSourceMod {
        /// A payment received before.
        Payment(DepositedPayment),
        /// Anything else.
        Free(FreeDepositMod),
    }
}

qb_struct! {
    /// A payment received before, as a line of a deposit: whole, it cannot be split.
    pub struct DepositedPayment new(payment_txn_id: TxnRef) {
        payment_txn_id: TxnRef = "PaymentTxnID",
        /// Left out: the transaction's first line of payment (vendor documentation).
        payment_txn_line_id: Option<TxnLineId> = "PaymentTxnLineID",
        override_memo: Option<QbText<4095>> = "OverrideMemo",
        override_check_number: Option<QbText<11>> = "OverrideCheckNumber",
        override_class_ref: Option<ListRef> = "OverrideClassRef" max 159,
    }
}

qb_struct! {
    /// Other money in, as a line of a deposit.
    pub struct FreeDeposit new(account_ref: ListRef) {
        entity_ref: Option<ListRef> = "EntityRef" max 209,
        account_ref: ListRef = "AccountRef" max 159,
        memo: Option<QbText<4095>> = "Memo",
        check_number: Option<QbText<11>> = "CheckNumber",
        payment_method_ref: Option<ListRef> = "PaymentMethodRef" max 31,
        class_ref: Option<ListRef> = "ClassRef" max 159,
        /// Negative for fees.
        amount: Option<Amount> = "Amount",
    }
}

qb_struct! {
    /// Other money in, as a changed line of a deposit.
    #[derive(Default)]
    pub struct FreeDepositMod {
        entity_ref: Change<ListRef> = "EntityRef" max 209,
        account_ref: Change<ListRef> = "AccountRef" max 159 [noclear],
        memo: Change<QbText<4095>> = "Memo",
        check_number: Change<QbText<11>> = "CheckNumber",
        payment_method_ref: Change<ListRef> = "PaymentMethodRef" max 31,
        class_ref: Change<ListRef> = "ClassRef" max 159,
        amount: Change<Amount> = "Amount" [noclear],
    }
}
