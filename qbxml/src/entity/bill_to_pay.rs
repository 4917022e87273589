//! What is open with one vendor: bills to pay, and credits to apply. Its amounts can be trusted
//! where `OpenAmount` of a bill cannot (observed). No iterator (schema).

use crate::query::{Counting, CurrencyFilter};
use crate::request::qb_request;
use crate::schema::{qb_choice, qb_struct};
use crate::types::{Amount, ExchangeRate, ListRef, QbDate, QbText, TxnId, TxnType};

qb_struct! {
    /// Asks for what is open with a vendor (`BillToPayQueryRq`).
    pub struct BillToPayQuery [attributes counting: Counting] new(payee_entity_ref: ListRef) {
        payee_entity_ref: ListRef = "PayeeEntityRef" max 209,
        ap_account_ref: Option<ListRef> = "APAccountRef" max 159,
        /// Due up to this day.
        due_date: Option<QbDate> = "DueDate",
        currency_filter: Option<CurrencyFilter> = "CurrencyFilter" since 8.0,
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement" since 4.0,
    }
}

qb_request!(BillToPayQuery, "BillToPayQuery" => BillToPayRet, since 2.0, direct);

qb_struct! {
    /// Something open (`BillToPayRet`).
    #[derive(Default)]
    pub struct BillToPayRet {
        open: Option<BillOrCredit> = "(choice)",
    }
}

qb_choice! {
    /// A bill, or a credit.
    pub enum BillOrCredit {
        Bill(BillToPay) = "BillToPay",
        Credit(CreditToApply) = "CreditToApply",
    }
}

qb_struct! {
    /// A bill to pay (`BillToPay`).
    #[derive(Default)]
    pub struct BillToPay {
        txn_id: Option<TxnId> = "TxnID",
        txn_type: Option<TxnType> = "TxnType",
        ap_account_ref: Option<ListRef> = "APAccountRef" max 159,
        txn_date: Option<QbDate> = "TxnDate",
        ref_number: Option<String> = "RefNumber" max 20,
        due_date: Option<QbDate> = "DueDate",
        /// What is still open.
        amount_due: Option<Amount> = "AmountDue",
        currency_ref: Option<ListRef> = "CurrencyRef" max 64 since 8.0,
        exchange_rate: Option<ExchangeRate> = "ExchangeRate" since 8.0,
        amount_due_in_home_currency: Option<Amount> = "AmountDueInHomeCurrency" since 8.0,
    }
}

qb_struct! {
    /// A credit to apply (`CreditToApply`).
    #[derive(Default)]
    pub struct CreditToApply {
        txn_id: Option<TxnId> = "TxnID",
        txn_type: Option<TxnType> = "TxnType",
        ap_account_ref: Option<ListRef> = "APAccountRef" max 159,
        txn_date: Option<QbDate> = "TxnDate",
        ref_number: Option<String> = "RefNumber" max 20,
        credit_remaining: Option<Amount> = "CreditRemaining",
        currency_ref: Option<ListRef> = "CurrencyRef" max 64 since 8.0,
        exchange_rate: Option<ExchangeRate> = "ExchangeRate" since 8.0,
        credit_remaining_in_home_currency: Option<Amount> = "CreditRemainingInHomeCurrency" since 8.0,
    }
}
