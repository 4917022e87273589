//! How a card was charged: what went to the processor, and what came back. QuickBooks charges
//! nothing itself through these; it keeps the record.

use crate::schema::qb_struct;
use crate::types::{
    CardCheck, CardPaymentStatus, CardTransactionMode, CardTxnType, Change, MonthNumber, QbDateTime, QbText,
};

qb_struct! {
    /// A charge (`CreditCardTxnInfo`).
    pub struct CreditCardTxnInfo new(credit_card_txn_input_info: CardInput, credit_card_txn_result_info: CardResult) {
        credit_card_txn_input_info: CardInput = "CreditCardTxnInputInfo",
        credit_card_txn_result_info: CardResult = "CreditCardTxnResultInfo",
    }
}

qb_struct! {
    /// What went to the processor (`CreditCardTxnInputInfo`).
    pub struct CardInput
        new(
            credit_card_number: QbText<25>,
            expiration_month: MonthNumber,
            expiration_year: i64,
            name_on_card: QbText<41>,
        )
    {
        credit_card_number: QbText<25> = "CreditCardNumber",
        expiration_month: MonthNumber = "ExpirationMonth",
        expiration_year: i64 = "ExpirationYear",
        name_on_card: QbText<41> = "NameOnCard",
        credit_card_address: Option<QbText<41>> = "CreditCardAddress",
        credit_card_postal_code: Option<QbText<18>> = "CreditCardPostalCode",
        commercial_card_code: Option<QbText<24>> = "CommercialCardCode",
        transaction_mode: Option<CardTransactionMode> = "TransactionMode" since 6.0,
        credit_card_txn_type: Option<CardTxnType> = "CreditCardTxnType" since 7.0,
    }
}

qb_struct! {
    /// What came back (`CreditCardTxnResultInfo`).
    pub struct CardResult
        new(
            result_code: i64,
            result_message: QbText<60>,
            credit_card_trans_id: QbText<24>,
            merchant_account_number: QbText<32>,
            payment_status: CardPaymentStatus,
            txn_authorization_time: QbDateTime,
        )
    {
        result_code: i64 = "ResultCode",
        result_message: QbText<60> = "ResultMessage",
        credit_card_trans_id: QbText<24> = "CreditCardTransID",
        merchant_account_number: QbText<32> = "MerchantAccountNumber",
        authorization_code: Option<QbText<12>> = "AuthorizationCode",
        avs_street: Option<CardCheck> = "AVSStreet",
        avs_zip: Option<CardCheck> = "AVSZip",
        card_security_code_match: Option<CardCheck> = "CardSecurityCodeMatch" since 6.0,
        recon_batch_id: Option<QbText<84>> = "ReconBatchID",
        payment_grouping_code: Option<i64> = "PaymentGroupingCode",
        payment_status: CardPaymentStatus = "PaymentStatus",
        txn_authorization_time: QbDateTime = "TxnAuthorizationTime",
        txn_authorization_stamp: Option<i64> = "TxnAuthorizationStamp",
        client_trans_id: Option<QbText<16>> = "ClientTransID" since 6.0,
    }
}

qb_struct! {
    /// A changed charge (`CreditCardTxnInfoMod`).
    #[derive(Default)]
    pub struct CreditCardTxnInfoMod {
        credit_card_txn_input_info_mod: Change<CardInputMod> = "CreditCardTxnInputInfoMod",
        credit_card_txn_result_info_mod: Change<CardResultMod> = "CreditCardTxnResultInfoMod",
    }
}

qb_struct! {
    /// What went to the processor, changed (`CreditCardTxnInputInfoMod`).
    #[derive(Default)]
    pub struct CardInputMod {
        credit_card_number: Change<QbText<25>> = "CreditCardNumber",
        expiration_month: Change<MonthNumber> = "ExpirationMonth",
        expiration_year: Change<i64> = "ExpirationYear",
        name_on_card: Change<QbText<41>> = "NameOnCard",
        credit_card_address: Change<QbText<41>> = "CreditCardAddress",
        credit_card_postal_code: Change<QbText<18>> = "CreditCardPostalCode",
        commercial_card_code: Change<QbText<24>> = "CommercialCardCode",
        transaction_mode: Change<CardTransactionMode> = "TransactionMode",
        credit_card_txn_type: Change<CardTxnType> = "CreditCardTxnType",
    }
}

qb_struct! {
    /// What came back, changed (`CreditCardTxnResultInfoMod`).
    #[derive(Default)]
    pub struct CardResultMod {
        result_code: Change<i64> = "ResultCode",
        result_message: Change<QbText<60>> = "ResultMessage",
        credit_card_trans_id: Change<QbText<24>> = "CreditCardTransID",
        merchant_account_number: Change<QbText<32>> = "MerchantAccountNumber",
        authorization_code: Change<QbText<12>> = "AuthorizationCode",
        avs_street: Change<CardCheck> = "AVSStreet",
        avs_zip: Change<CardCheck> = "AVSZip",
        card_security_code_match: Change<CardCheck> = "CardSecurityCodeMatch",
        recon_batch_id: Change<QbText<84>> = "ReconBatchID",
        payment_grouping_code: Change<i64> = "PaymentGroupingCode",
        payment_status: Change<CardPaymentStatus> = "PaymentStatus",
        txn_authorization_time: Change<QbDateTime> = "TxnAuthorizationTime",
        txn_authorization_stamp: Change<i64> = "TxnAuthorizationStamp",
        client_trans_id: Change<QbText<16>> = "ClientTransID",
    }
}

qb_struct! {
    /// A charge, as QuickBooks returns it (`CreditCardTxnInfo`).
    #[derive(Default)]
    pub struct CreditCardTxnInfoRet {
        credit_card_txn_input_info: Option<CardInputRet> = "CreditCardTxnInputInfo",
        credit_card_txn_result_info: Option<CardResultRet> = "CreditCardTxnResultInfo",
    }
}

qb_struct! {
    /// What went to the processor, as QuickBooks returns it; the number masked
    /// (`CreditCardTxnInputInfo`).
    #[derive(Default)]
    pub struct CardInputRet {
        credit_card_number: Option<String> = "CreditCardNumber" max 25,
        expiration_month: Option<i64> = "ExpirationMonth",
        expiration_year: Option<i64> = "ExpirationYear",
        name_on_card: Option<String> = "NameOnCard" max 41,
        credit_card_address: Option<String> = "CreditCardAddress" max 41,
        credit_card_postal_code: Option<String> = "CreditCardPostalCode" max 18,
        commercial_card_code: Option<String> = "CommercialCardCode" max 24,
        transaction_mode: Option<CardTransactionMode> = "TransactionMode" since 6.0,
        credit_card_txn_type: Option<CardTxnType> = "CreditCardTxnType" since 7.0,
    }
}

qb_struct! {
    /// What came back, as QuickBooks returns it (`CreditCardTxnResultInfo`).
    #[derive(Default)]
    pub struct CardResultRet {
        result_code: Option<i64> = "ResultCode",
        result_message: Option<String> = "ResultMessage" max 60,
        credit_card_trans_id: Option<String> = "CreditCardTransID" max 24,
        merchant_account_number: Option<String> = "MerchantAccountNumber" max 32,
        authorization_code: Option<String> = "AuthorizationCode" max 12,
        avs_street: Option<CardCheck> = "AVSStreet",
        avs_zip: Option<CardCheck> = "AVSZip",
        card_security_code_match: Option<CardCheck> = "CardSecurityCodeMatch" since 6.0,
        recon_batch_id: Option<String> = "ReconBatchID" max 84,
        payment_grouping_code: Option<i64> = "PaymentGroupingCode",
        payment_status: Option<CardPaymentStatus> = "PaymentStatus",
        txn_authorization_time: Option<QbDateTime> = "TxnAuthorizationTime",
        txn_authorization_stamp: Option<i64> = "TxnAuthorizationStamp",
        client_trans_id: Option<String> = "ClientTransID" max 16 since 6.0,
    }
}
