//! Received payment: money from a customer.
//!
//! It goes to undeposited funds unless an account is named; a [deposit](crate::entity::DepositAdd)
//! takes it to the bank. What is not applied becomes an unused payment, a credit. It can be
//! deleted, not voided (schema).

use crate::entity::{
    AppliedToTxnAdd, AppliedToTxnMod, AppliedToTxnRet, CreditCardTxnInfo, CreditCardTxnInfoMod, CreditCardTxnInfoRet,
    DataExtRet,
};
use crate::error::{Limit, WriteError};
use crate::query::{Definition, Paging, TxnSelection, TxnWhere, qb_paged};
use crate::request::qb_request;
use crate::schema::{Example, Rules, qb_branches, qb_struct};
use crate::types::{
    Amount, Change, EditSequence, ExchangeRate, ExternalGuid, ListRef, OwnerId, QbDate, QbDateTime, QbText, TxnId,
};
use crate::wire::Writer;

qb_struct! {
    /// Asks for received payments (`ReceivePaymentQueryRq`), in pages if wanted.
    #[derive(Default)]
    pub struct ReceivePaymentQuery [attributes paging: Paging] with rules {
        selection: TxnSelection<TxnWhere> = "(choice)",
        /// Off unless asked for; the invoices paid (`AppliedToTxnRet`) count as lines.
        include_line_items: Option<bool> = "IncludeLineItems",
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement" since 4.0,
        owner_id: Vec<OwnerId> = "OwnerID" since 2.0,
    }
}

qb_request!(ReceivePaymentQuery, "ReceivePaymentQuery" => ReceivePaymentRet, since 1.1, direct);
qb_paged!(ReceivePaymentQuery);

qb_struct! {
    /// A new received payment (`ReceivePaymentAdd`).
    pub struct ReceivePaymentAdd [attributes definition: Definition] with rules
        new(customer_ref: ListRef, txn_date: QbDate, total_amount: Amount, application: PaymentApplication)
    {
        /// The invoices' customer, or its parent (recalled).
        customer_ref: ListRef = "CustomerRef" max 209,
        /// That of the invoices.
        ar_account_ref: Option<ListRef> = "ARAccountRef" max 159,
        /// Always send it: left out, QuickBooks may take the date of the last one saved (vendor
        /// documentation).
        txn_date: Option<QbDate> = "TxnDate",
        ref_number: Option<QbText<20>> = "RefNumber",
        total_amount: Option<Amount> = "TotalAmount",
        exchange_rate: Option<ExchangeRate> = "ExchangeRate" since 8.0,
        payment_method_ref: Option<ListRef> = "PaymentMethodRef" max 31,
        memo: Option<QbText<4095>> = "Memo",
        /// Left out: undeposited funds (vendor documentation).
        deposit_to_account_ref: Option<ListRef> = "DepositToAccountRef" max 159,
        credit_card_txn_info: Option<CreditCardTxnInfo> = "CreditCardTxnInfo" since 4.1,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 9.0,
        application: PaymentApplication = "(choice)",
    }
}

qb_request!(ReceivePaymentAdd, "ReceivePaymentAdd" => ReceivePaymentRet, since 1.1, body);

qb_struct! {
    /// A changed received payment (`ReceivePaymentMod`). Only what is sent changes; it cannot apply
    /// itself, and a change of the receivables account needs the distribution with it (vendor
    /// documentation).
    pub struct ReceivePaymentMod new(txn_id: TxnId, edit_sequence: EditSequence) {
        txn_id: TxnId = "TxnID" [record_id],
        edit_sequence: EditSequence = "EditSequence",
        customer_ref: Change<ListRef> = "CustomerRef" max 209 [noclear],
        ar_account_ref: Change<ListRef> = "ARAccountRef" max 159 [noclear],
        txn_date: Change<QbDate> = "TxnDate" [noclear],
        ref_number: Change<QbText<20>> = "RefNumber",
        total_amount: Change<Amount> = "TotalAmount" [noclear],
        exchange_rate: Change<ExchangeRate> = "ExchangeRate" since 8.0,
        payment_method_ref: Change<ListRef> = "PaymentMethodRef" max 31,
        memo: Change<QbText<4095>> = "Memo",
        deposit_to_account_ref: Change<ListRef> = "DepositToAccountRef" max 159,
        credit_card_txn_info_mod: Change<CreditCardTxnInfoMod> = "CreditCardTxnInfoMod" since 7.0,
        /// Left out, the distribution is kept.
        applied_to_txn_mod: Vec<AppliedToTxnMod> = "AppliedToTxnMod",
    }
}

qb_request!(ReceivePaymentMod, "ReceivePaymentMod" => ReceivePaymentRet, since 6.0, body);

qb_struct! {
    /// A received payment (`ReceivePaymentRet`).
    #[derive(Default)]
    pub struct ReceivePaymentRet {
        txn_id: Option<TxnId> = "TxnID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        txn_number: Option<i64> = "TxnNumber",
        customer_ref: Option<ListRef> = "CustomerRef" max 209,
        ar_account_ref: Option<ListRef> = "ARAccountRef" max 159,
        txn_date: Option<QbDate> = "TxnDate",
        /// Not unique.
        ref_number: Option<String> = "RefNumber" max 20,
        total_amount: Option<Amount> = "TotalAmount",
        currency_ref: Option<ListRef> = "CurrencyRef" max 64 since 8.0,
        exchange_rate: Option<ExchangeRate> = "ExchangeRate" since 8.0,
        total_amount_in_home_currency: Option<Amount> = "TotalAmountInHomeCurrency" since 8.0,
        payment_method_ref: Option<ListRef> = "PaymentMethodRef" max 31,
        memo: Option<String> = "Memo" max 4095,
        deposit_to_account_ref: Option<ListRef> = "DepositToAccountRef" max 159,
        credit_card_txn_info: Option<CreditCardTxnInfoRet> = "CreditCardTxnInfo" since 4.1,
        /// What is not applied to invoices.
        unused_payment: Option<Amount> = "UnusedPayment",
        unused_credits: Option<Amount> = "UnusedCredits",
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 9.0,
        /// Only with `IncludeLineItems`.
        applied_to_txn_ret: Vec<AppliedToTxnRet> = "AppliedToTxnRet",
        data_ext_ret: Vec<DataExtRet> = "DataExtRet" since 2.0,
    }
}

qb_branches! {
    /// What a payment is for: exactly one of the two (schema).
    pub enum PaymentApplication {
        /// `true`: QuickBooks pays an exact match first, else the oldest invoice (vendor
        /// documentation).
        Auto(bool) = "IsAutoApply",
        /// These invoices; at least one.
        To(Vec<AppliedToTxnAdd>) = "AppliedToTxnAdd",
    }
}

impl Rules for ReceivePaymentAdd {
    fn check(&self, w: &Writer) -> Result<(), WriteError> {
        let (Some(total), PaymentApplication::To(applied)) = (self.total_amount, &self.application) else {
            return Ok(());
        };
        let sum = Amount::checked_sum(applied.iter().filter_map(|one| one.payment_amount));
        if sum.is_none_or(|sum| sum > total) {
            return Err(w.refuse(
                "AppliedToTxnAdd",
                Limit::Range("payments up to TotalAmount"),
                "more than TotalAmount",
            ));
        }
        Ok(())
    }

    fn settle(&mut self, _ex: &mut Example) {
        if let PaymentApplication::To(applied) = &self.application {
            self.total_amount = Amount::checked_sum(applied.iter().filter_map(|one| one.payment_amount));
        }
    }
}
