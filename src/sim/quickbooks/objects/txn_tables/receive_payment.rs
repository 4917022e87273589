//! The tables of received payments, cut down from the vendor's schema.

use super::words::{AVSSTREET, CREDIT_CARD_TXN_TYPE, PAYMENT_STATUS, TRANSACTION_MODE};
use super::{
    APPLIED_ADD, APPLIED_MOD, APPLIED_RET, DATED, MODIFIED, REF_NUMBER, REF_NUMBER_RANGE, TREE_FILTER_SINCE_2,
};
use crate::sim::quickbooks::schema::{
    Node, amount, count, date, date_time, flag, float, group, guid, id, integer, one_of, reference, text, word,
};
use crate::sim::quickbooks::tables::{CURRENCY_FILTER, DATA_EXT_RET, INCLUDE, OWNER};

/// Inside `CreditCardTxnInputInfo`.
const CARD_INPUT: &[Node] = &[
    text("CreditCardNumber", 25).required(),
    count("ExpirationMonth").required(),
    integer("ExpirationYear").required(),
    text("NameOnCard", 41).required(),
    text("CreditCardAddress", 41),
    text("CreditCardPostalCode", 18),
    text("CommercialCardCode", 24),
    word("TransactionMode", TRANSACTION_MODE).since(6, 0),
    word("CreditCardTxnType", CREDIT_CARD_TXN_TYPE).since(7, 0),
];

/// Inside `CreditCardTxnResultInfo`.
const CARD_RESULT: &[Node] = &[
    integer("ResultCode").required(),
    text("ResultMessage", 60).required(),
    text("CreditCardTransID", 24).required(),
    text("MerchantAccountNumber", 32).required(),
    text("AuthorizationCode", 12),
    word("AVSStreet", AVSSTREET),
    word("AVSZip", AVSSTREET),
    word("CardSecurityCodeMatch", AVSSTREET).since(6, 0),
    text("ReconBatchID", 84),
    integer("PaymentGroupingCode"),
    word("PaymentStatus", PAYMENT_STATUS).required(),
    date_time("TxnAuthorizationTime").required(),
    integer("TxnAuthorizationStamp"),
    text("ClientTransID", 16).since(6, 0),
];

/// Inside `CreditCardTxnInfo`.
const CARD: &[Node] =
    &[group("CreditCardTxnInputInfo", CARD_INPUT).required(), group("CreditCardTxnResultInfo", CARD_RESULT).required()];

/// Content of `ReceivePaymentQueryRq`.
pub(crate) const QUERY: &[Node] = &[
    one_of(&[
        &[id("TxnID").required().many()],
        &[text("RefNumber", 0).required().many()],
        &[text("RefNumberCaseSensitive", 0).required().many().since(4, 0)],
        &[
            count("MaxReturned"),
            one_of(&[
                &[group("ModifiedDateRangeFilter", MODIFIED).required()],
                &[group("TxnDateRangeFilter", DATED).required()],
            ])
            .optional(),
            group("EntityFilter", TREE_FILTER_SINCE_2),
            group("AccountFilter", TREE_FILTER_SINCE_2),
            one_of(&[
                &[group("RefNumberFilter", REF_NUMBER).required()],
                &[group("RefNumberRangeFilter", REF_NUMBER_RANGE).required()],
            ])
            .optional(),
            CURRENCY_FILTER,
        ],
    ])
    .optional(),
    flag("IncludeLineItems"),
    INCLUDE,
    OWNER,
];

/// Content of `ReceivePaymentAddRq`.
pub(crate) const ADD: &[Node] = &[
    group(
        "ReceivePaymentAdd",
        &[
            reference("CustomerRef", 209).required(),
            reference("ARAccountRef", 159),
            date("TxnDate"),
            text("RefNumber", 20),
            amount("TotalAmount"),
            float("ExchangeRate").since(8, 0),
            reference("PaymentMethodRef", 31),
            text("Memo", 4095),
            reference("DepositToAccountRef", 159),
            group("CreditCardTxnInfo", CARD).since(4, 1),
            guid("ExternalGUID").since(9, 0),
            one_of(&[
                &[flag("IsAutoApply").required()],
                &[group("AppliedToTxnAdd", APPLIED_ADD).required().many().attribute("useMacro")],
            ]),
        ],
    )
    .required()
    .attribute("defMacro"),
    INCLUDE,
];

/// Content of `ReceivePaymentModRq`.
pub(crate) const MOD: &[Node] = &[
    group(
        "ReceivePaymentMod",
        &[
            id("TxnID").required(),
            text("EditSequence", 16).required(),
            reference("CustomerRef", 209),
            reference("ARAccountRef", 159),
            date("TxnDate"),
            text("RefNumber", 20),
            amount("TotalAmount"),
            float("ExchangeRate").since(8, 0),
            reference("PaymentMethodRef", 31),
            text("Memo", 4095),
            reference("DepositToAccountRef", 159),
            group(
                "CreditCardTxnInfoMod",
                &[
                    group(
                        "CreditCardTxnInputInfoMod",
                        &[
                            text("CreditCardNumber", 25),
                            count("ExpirationMonth"),
                            integer("ExpirationYear"),
                            text("NameOnCard", 41),
                            text("CreditCardAddress", 41),
                            text("CreditCardPostalCode", 18),
                            text("CommercialCardCode", 24),
                            word("TransactionMode", TRANSACTION_MODE),
                            word("CreditCardTxnType", CREDIT_CARD_TXN_TYPE),
                        ],
                    ),
                    group(
                        "CreditCardTxnResultInfoMod",
                        &[
                            integer("ResultCode"),
                            text("ResultMessage", 60),
                            text("CreditCardTransID", 24),
                            text("MerchantAccountNumber", 32),
                            text("AuthorizationCode", 12),
                            word("AVSStreet", AVSSTREET),
                            word("AVSZip", AVSSTREET),
                            word("CardSecurityCodeMatch", AVSSTREET),
                            text("ReconBatchID", 84),
                            integer("PaymentGroupingCode"),
                            word("PaymentStatus", PAYMENT_STATUS),
                            date_time("TxnAuthorizationTime"),
                            integer("TxnAuthorizationStamp"),
                            text("ClientTransID", 16),
                        ],
                    ),
                ],
            )
            .since(7, 0),
            group("AppliedToTxnMod", APPLIED_MOD).many(),
        ],
    )
    .required(),
    text("IncludeRetElement", 50).many(),
];

/// Content of `ReceivePaymentRet`.
pub(crate) const RET: &[Node] = &[
    id("TxnID"),
    date_time("TimeCreated"),
    date_time("TimeModified"),
    text("EditSequence", 16),
    integer("TxnNumber"),
    reference("CustomerRef", 209),
    reference("ARAccountRef", 159),
    date("TxnDate"),
    text("RefNumber", 20),
    amount("TotalAmount"),
    reference("CurrencyRef", 64).since(8, 0),
    float("ExchangeRate").since(8, 0),
    amount("TotalAmountInHomeCurrency").since(8, 0),
    reference("PaymentMethodRef", 31),
    text("Memo", 4095),
    reference("DepositToAccountRef", 159),
    group("CreditCardTxnInfo", CARD).since(4, 1),
    amount("UnusedPayment"),
    amount("UnusedCredits"),
    guid("ExternalGUID").since(9, 0),
    group("AppliedToTxnRet", APPLIED_RET).many(),
    group("DataExtRet", DATA_EXT_RET).many().since(2, 0),
];
