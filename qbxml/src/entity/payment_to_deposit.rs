//! Payments that wait in undeposited funds. A payment that names a bank account itself is not among
//! them. The query has neither filters nor an iterator (schema).

use crate::query::Counting;
use crate::request::qb_request;
use crate::schema::qb_struct;
use crate::types::{Amount, ExchangeRate, ListRef, QbDate, QbText, TxnId, TxnLineId, TxnType};

qb_struct! {
    /// Asks for all payments not deposited yet (`ReceivePaymentToDepositQueryRq`).
    #[derive(Default)]
    pub struct ReceivePaymentToDepositQuery [attributes counting: Counting] {
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement" since 4.0,
    }
}

qb_request!(
    ReceivePaymentToDepositQuery,
    "ReceivePaymentToDepositQuery" => ReceivePaymentToDepositRet, since 2.0, direct
);

qb_struct! {
    /// A payment not deposited yet (`ReceivePaymentToDepositRet`).
    #[derive(Default)]
    pub struct ReceivePaymentToDepositRet {
        txn_id: Option<TxnId> = "TxnID" [record_id],
        /// Name it in the deposit: a transaction can hold several payments.
        txn_line_id: Option<TxnLineId> = "TxnLineID",
        txn_type: Option<TxnType> = "TxnType",
        customer_ref: Option<ListRef> = "CustomerRef" max 209,
        txn_date: Option<QbDate> = "TxnDate",
        ref_number: Option<String> = "RefNumber",
        amount: Option<Amount> = "Amount",
        currency_ref: Option<ListRef> = "CurrencyRef" max 64 since 8.0,
        exchange_rate: Option<ExchangeRate> = "ExchangeRate" since 8.0,
        amount_in_home_currency: Option<Amount> = "AmountInHomeCurrency" since 8.0,
    }
}
