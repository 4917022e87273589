//! The tables of the queries that look across kinds of transactions, cut down from the vendor's schema.

use super::words::{
    ACCOUNT_TYPE_FILTER, ENTITY_TYPE_FILTER, ITEM_TYPE_FILTER, TRANSACTION_DETAIL_LEVEL_FILTER,
    TRANSACTION_PAID_STATUS_FILTER, TRANSACTION_POSTING_STATUS_FILTER, TXN_TYPE_FILTER,
};
use super::{DATED, MODIFIED, REF_NUMBER, REF_NUMBER_RANGE};
use crate::sim::quickbooks::schema::{
    Node, amount, count, date, date_time, float, group, id, one_of, reference, text, word,
};
use crate::sim::quickbooks::tables::{CURRENCY_FILTER, DATE_MACRO, INCLUDE, TREE_FILTER, TXN_TYPE};

/// Content of `BillToPayQueryRq`.
pub(crate) const TO_PAY_QUERY: &[Node] = &[
    reference("PayeeEntityRef", 209).required(),
    reference("APAccountRef", 159),
    date("DueDate"),
    CURRENCY_FILTER,
    INCLUDE,
];

/// Content of `BillToPayRet`.
pub(crate) const TO_PAY_RET: &[Node] = &[one_of(&[
    &[group(
        "BillToPay",
        &[
            id("TxnID").required(),
            word("TxnType", TXN_TYPE).required(),
            reference("APAccountRef", 159).required(),
            date("TxnDate").required(),
            text("RefNumber", 20),
            date("DueDate"),
            amount("AmountDue").required(),
            reference("CurrencyRef", 64).since(8, 0),
            float("ExchangeRate").since(8, 0),
            amount("AmountDueInHomeCurrency").since(8, 0),
        ],
    )
    .required()],
    &[group(
        "CreditToApply",
        &[
            id("TxnID").required(),
            word("TxnType", TXN_TYPE).required(),
            reference("APAccountRef", 159).required(),
            date("TxnDate").required(),
            text("RefNumber", 20),
            amount("CreditRemaining").required(),
            reference("CurrencyRef", 64).since(8, 0),
            float("ExchangeRate").since(8, 0),
            amount("CreditRemainingInHomeCurrency").since(8, 0),
        ],
    )
    .required()],
])
.optional()];

/// Content of `ReceivePaymentToDepositQueryRq`.
pub(crate) const TO_DEPOSIT_QUERY: &[Node] = &[INCLUDE];

/// Content of `ReceivePaymentToDepositRet`.
pub(crate) const TO_DEPOSIT_RET: &[Node] = &[
    id("TxnID"),
    id("TxnLineID"),
    word("TxnType", TXN_TYPE),
    reference("CustomerRef", 209),
    date("TxnDate"),
    text("RefNumber", 0),
    amount("Amount"),
    reference("CurrencyRef", 64).since(8, 0),
    float("ExchangeRate").since(8, 0),
    amount("AmountInHomeCurrency").since(8, 0),
];

/// Content of `TransactionQueryRq`.
pub(crate) const TRANSACTION_QUERY: &[Node] = &[
    one_of(&[
        &[id("TxnID").required().many()],
        &[
            count("MaxReturned"),
            one_of(&[
                &[text("RefNumber", 0).required().many()],
                &[text("RefNumberCaseSensitive", 0).required().many()],
                &[group("RefNumberFilter", REF_NUMBER).required()],
                &[group("RefNumberRangeFilter", REF_NUMBER_RANGE).required()],
            ])
            .optional(),
            group(
                "TransactionModifiedDateRangeFilter",
                &[one_of(&[MODIFIED, &[word("DateMacro", DATE_MACRO).required()]])],
            ),
            group("TransactionDateRangeFilter", DATED),
            group(
                "TransactionEntityFilter",
                &[one_of(&[
                    &[word("EntityTypeFilter", ENTITY_TYPE_FILTER).required()],
                    &[id("ListID").required().many()],
                    &[text("FullName", 0).required().many()],
                    &[id("ListIDWithChildren").required()],
                    &[text("FullNameWithChildren", 0).required()],
                ])],
            ),
            group(
                "TransactionAccountFilter",
                &[one_of(&[
                    &[word("AccountTypeFilter", ACCOUNT_TYPE_FILTER).required()],
                    &[id("ListID").required().many()],
                    &[text("FullName", 0).required().many()],
                    &[id("ListIDWithChildren").required()],
                    &[text("FullNameWithChildren", 0).required()],
                ])],
            ),
            group(
                "TransactionItemFilter",
                &[one_of(&[
                    &[word("ItemTypeFilter", ITEM_TYPE_FILTER).required()],
                    &[id("ListID").required().many()],
                    &[text("FullName", 0).required().many()],
                    &[id("ListIDWithChildren").required()],
                    &[text("FullNameWithChildren", 0).required()],
                ])],
            ),
            group("TransactionClassFilter", TREE_FILTER),
            group("TransactionTypeFilter", &[word("TxnTypeFilter", TXN_TYPE_FILTER).required().many()]),
            word("TransactionDetailLevelFilter", TRANSACTION_DETAIL_LEVEL_FILTER),
            word("TransactionPostingStatusFilter", TRANSACTION_POSTING_STATUS_FILTER),
            word("TransactionPaidStatusFilter", TRANSACTION_PAID_STATUS_FILTER),
            CURRENCY_FILTER,
        ],
    ])
    .optional(),
    INCLUDE,
];

/// Content of `TransactionRet`.
pub(crate) const TRANSACTION_RET: &[Node] = &[
    word("TxnType", TXN_TYPE),
    id("TxnID"),
    id("TxnLineID"),
    date_time("TimeCreated"),
    date_time("TimeModified"),
    reference("EntityRef", 209),
    reference("AccountRef", 159),
    date("TxnDate"),
    text("RefNumber", 0),
    amount("Amount"),
    reference("CurrencyRef", 64).since(8, 0),
    float("ExchangeRate").since(8, 0),
    amount("AmountInHomeCurrency").since(8, 0),
    text("Memo", 4095),
];
