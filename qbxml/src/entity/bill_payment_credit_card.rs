//! Bill payment by credit card. There is no Mod in any version (schema): delete and add again.

use crate::entity::{AppliedToTxnAdd, AppliedToTxnRet, DataExtRet};
use crate::query::{Definition, Paging, TxnSelection, TxnWhere, qb_paged};
use crate::request::qb_request;
use crate::schema::qb_struct;
use crate::types::{
    Amount, EditSequence, ExchangeRate, ExternalGuid, ListRef, OwnerId, QbDate, QbDateTime, QbText, TxnId,
};

qb_struct! {
    /// Asks for bill payments by credit card (`BillPaymentCreditCardQueryRq`), in pages if wanted.
    #[derive(Default)]
    pub struct BillPaymentCreditCardQuery [attributes paging: Paging] with rules {
        selection: TxnSelection<TxnWhere> = "(choice)",
        /// Off unless asked for; the bills paid (`AppliedToTxnRet`) count as lines.
        include_line_items: Option<bool> = "IncludeLineItems",
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement" since 4.0,
        owner_id: Vec<OwnerId> = "OwnerID",
    }
}

qb_request!(BillPaymentCreditCardQuery, "BillPaymentCreditCardQuery" => BillPaymentCreditCardRet, since 2.0, direct);
qb_paged!(BillPaymentCreditCardQuery);

qb_struct! {
    /// A new bill payment by credit card (`BillPaymentCreditCardAdd`).
    pub struct BillPaymentCreditCardAdd [attributes definition: Definition]
        new(
            payee_entity_ref: ListRef,
            txn_date: QbDate,
            credit_card_account_ref: ListRef,
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
        credit_card_account_ref: ListRef = "CreditCardAccountRef" max 159,
        ref_number: Option<QbText<11>> = "RefNumber",
        memo: Option<QbText<4095>> = "Memo" since 3.0,
        exchange_rate: Option<ExchangeRate> = "ExchangeRate" since 8.0,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 9.0,
        /// At least one.
        applied_to_txn_add: Vec<AppliedToTxnAdd> = "AppliedToTxnAdd" [required],
    }
}

qb_request!(BillPaymentCreditCardAdd, "BillPaymentCreditCardAdd" => BillPaymentCreditCardRet, since 2.0, body);

qb_struct! {
    /// A bill payment by credit card (`BillPaymentCreditCardRet`).
    #[derive(Default)]
    pub struct BillPaymentCreditCardRet {
        txn_id: Option<TxnId> = "TxnID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        txn_number: Option<i64> = "TxnNumber",
        payee_entity_ref: Option<ListRef> = "PayeeEntityRef" max 209,
        ap_account_ref: Option<ListRef> = "APAccountRef" max 159,
        txn_date: Option<QbDate> = "TxnDate",
        credit_card_account_ref: Option<ListRef> = "CreditCardAccountRef" max 159,
        amount: Option<Amount> = "Amount",
        currency_ref: Option<ListRef> = "CurrencyRef" max 64 since 8.0,
        exchange_rate: Option<ExchangeRate> = "ExchangeRate" since 8.0,
        amount_in_home_currency: Option<Amount> = "AmountInHomeCurrency" since 8.0,
        /// Not unique.
        ref_number: Option<String> = "RefNumber" max 11,
        memo: Option<String> = "Memo" max 4095,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 9.0,
        applied_to_txn_ret: Vec<AppliedToTxnRet> = "AppliedToTxnRet",
        data_ext_ret: Vec<DataExtRet> = "DataExtRet",
    }
}
