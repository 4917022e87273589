//! Bill payment by check, and by every other way money leaves a bank account.
//!
//! All bills of one payment belong to one vendor and one payables account; the bank account must be
//! of type Bank (3140 otherwise, observed). The amount is the sum of the payments. "To be printed"
//! only puts the check in QuickBooks' queue; for an electronic payment send a number, or
//! [`CheckNumber::ToBePrinted`]`(false)` for none.

use crate::entity::{AddressBlockRet, AddressRet, AppliedToTxnAdd, AppliedToTxnMod, AppliedToTxnRet, DataExtRet};
use crate::query::{Definition, Paging, TxnSelection, TxnWhere, qb_paged};
use crate::request::qb_request;
use crate::schema::{qb_choice, qb_struct};
use crate::types::{
    Amount, Change, EditSequence, ExchangeRate, ExternalGuid, ListRef, OwnerId, QbDate, QbDateTime, QbText, TxnId,
};

qb_struct! {
    /// Asks for bill payments by check (`BillPaymentCheckQueryRq`), in pages if wanted.
    #[derive(Default)]
    pub struct BillPaymentCheckQuery [attributes paging: Paging] with rules {
        selection: TxnSelection<TxnWhere> = "(choice)",
        /// Off unless asked for; the bills paid (`AppliedToTxnRet`) count as lines.
        include_line_items: Option<bool> = "IncludeLineItems",
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement" since 4.0,
        owner_id: Vec<OwnerId> = "OwnerID",
    }
}

qb_request!(BillPaymentCheckQuery, "BillPaymentCheckQuery" => BillPaymentCheckRet, since 2.0, direct);
qb_paged!(BillPaymentCheckQuery);

qb_struct! {
    /// A new bill payment (`BillPaymentCheckAdd`).
    pub struct BillPaymentCheckAdd [attributes definition: Definition]
        new(
            payee_entity_ref: ListRef,
            txn_date: QbDate,
            bank_account_ref: ListRef,
            number: CheckNumber,
            applied_to_txn_add: Vec<AppliedToTxnAdd>,
        )
    {
        /// The vendor of the bills.
        payee_entity_ref: ListRef = "PayeeEntityRef" max 209,
        /// As in the bills.
        ap_account_ref: Option<ListRef> = "APAccountRef" max 159,
        /// Always send it: left out, QuickBooks may take the date of the last one saved (vendor
        /// documentation).
        txn_date: Option<QbDate> = "TxnDate",
        bank_account_ref: ListRef = "BankAccountRef" max 159,
        number: CheckNumber = "(choice)",
        memo: Option<QbText<4095>> = "Memo" since 3.0,
        exchange_rate: Option<ExchangeRate> = "ExchangeRate" since 8.0,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 9.0,
        /// At least one.
        applied_to_txn_add: Vec<AppliedToTxnAdd> = "AppliedToTxnAdd" [required],
    }
}

qb_request!(BillPaymentCheckAdd, "BillPaymentCheckAdd" => BillPaymentCheckRet, since 2.0, body);

qb_struct! {
    /// A changed bill payment (`BillPaymentCheckMod`). Only what is sent changes; the payee cannot.
    pub struct BillPaymentCheckMod new(txn_id: TxnId, edit_sequence: EditSequence) {
        txn_id: TxnId = "TxnID" [record_id],
        edit_sequence: EditSequence = "EditSequence",
        txn_date: Change<QbDate> = "TxnDate" [noclear],
        bank_account_ref: Change<ListRef> = "BankAccountRef" max 159 [noclear],
        amount: Change<Amount> = "Amount" [noclear],
        exchange_rate: Change<ExchangeRate> = "ExchangeRate" since 8.0,
        number: Option<CheckNumber> = "(choice)",
        memo: Change<QbText<4095>> = "Memo",
        /// Left out, the distribution is kept.
        applied_to_txn_mod: Vec<AppliedToTxnMod> = "AppliedToTxnMod",
    }
}

qb_request!(BillPaymentCheckMod, "BillPaymentCheckMod" => BillPaymentCheckRet, since 6.0, body);

qb_struct! {
    /// A bill payment by check (`BillPaymentCheckRet`). A voided one has the amount 0
    /// (recalled).
    #[derive(Default)]
    pub struct BillPaymentCheckRet {
        txn_id: Option<TxnId> = "TxnID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        txn_number: Option<i64> = "TxnNumber",
        payee_entity_ref: Option<ListRef> = "PayeeEntityRef" max 209,
        ap_account_ref: Option<ListRef> = "APAccountRef" max 159,
        txn_date: Option<QbDate> = "TxnDate",
        bank_account_ref: Option<ListRef> = "BankAccountRef" max 159,
        amount: Option<Amount> = "Amount",
        currency_ref: Option<ListRef> = "CurrencyRef" max 64 since 8.0,
        exchange_rate: Option<ExchangeRate> = "ExchangeRate" since 8.0,
        amount_in_home_currency: Option<Amount> = "AmountInHomeCurrency" since 8.0,
        /// Not unique.
        ref_number: Option<String> = "RefNumber" max 11,
        memo: Option<String> = "Memo" max 4095,
        address: Option<AddressRet> = "Address",
        address_block: Option<AddressBlockRet> = "AddressBlock" since 6.0,
        is_to_be_printed: Option<bool> = "IsToBePrinted",
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 9.0,
        applied_to_txn_ret: Vec<AppliedToTxnRet> = "AppliedToTxnRet",
        data_ext_ret: Vec<DataExtRet> = "DataExtRet",
    }
}

qb_choice! {
    /// The number of a check: to be printed later, or known. One of them must be said in an Add
    /// (schema).
    pub enum CheckNumber {
        ToBePrinted(bool) = "IsToBePrinted",
        Number(QbText<11>) = "RefNumber",
    }
}
