//! The tables of payments of bills, by cheque and by credit card, cut down from the vendor's schema.

use super::{APPLIED_ADD, APPLIED_MOD, APPLIED_RET, DATED, MODIFIED, REF_NUMBER, REF_NUMBER_RANGE};
use crate::sim::quickbooks::schema::{
    Node, address, address_block, amount, count, date, date_time, flag, float, group, guid, id, integer, one_of,
    reference, text,
};
use crate::sim::quickbooks::tables::{CURRENCY_FILTER, DATA_EXT_RET, INCLUDE, OWNER, TREE_FILTER};

/// Content of `BillPaymentCheckQueryRq`.
pub(crate) const CHECK_QUERY: &[Node] = &[
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
            group("EntityFilter", TREE_FILTER),
            group("AccountFilter", TREE_FILTER),
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

/// Content of `BillPaymentCheckAddRq`.
pub(crate) const CHECK_ADD: &[Node] = &[
    group(
        "BillPaymentCheckAdd",
        &[
            reference("PayeeEntityRef", 209).required(),
            reference("APAccountRef", 159),
            date("TxnDate"),
            reference("BankAccountRef", 159).required(),
            one_of(&[&[flag("IsToBePrinted").required()], &[text("RefNumber", 11).required()]]),
            text("Memo", 4095).since(3, 0),
            float("ExchangeRate").since(8, 0),
            guid("ExternalGUID").since(9, 0),
            group("AppliedToTxnAdd", APPLIED_ADD).required().many().attribute("useMacro"),
        ],
    )
    .required()
    .attribute("defMacro"),
    INCLUDE,
];

/// Content of `BillPaymentCheckModRq`.
pub(crate) const CHECK_MOD: &[Node] = &[
    group(
        "BillPaymentCheckMod",
        &[
            id("TxnID").required(),
            text("EditSequence", 16).required(),
            date("TxnDate"),
            reference("BankAccountRef", 159),
            amount("Amount"),
            float("ExchangeRate").since(8, 0),
            one_of(&[&[flag("IsToBePrinted").required()], &[text("RefNumber", 11).required()]]).optional(),
            text("Memo", 4095),
            group("AppliedToTxnMod", APPLIED_MOD).many(),
        ],
    )
    .required(),
    text("IncludeRetElement", 50).many(),
];

/// Content of `BillPaymentCheckRet`.
pub(crate) const CHECK_RET: &[Node] = &[
    id("TxnID"),
    date_time("TimeCreated"),
    date_time("TimeModified"),
    text("EditSequence", 16),
    integer("TxnNumber"),
    reference("PayeeEntityRef", 209),
    reference("APAccountRef", 159),
    date("TxnDate"),
    reference("BankAccountRef", 159),
    amount("Amount"),
    reference("CurrencyRef", 64).since(8, 0),
    float("ExchangeRate").since(8, 0),
    amount("AmountInHomeCurrency").since(8, 0),
    text("RefNumber", 11),
    text("Memo", 4095),
    address("Address"),
    address_block("AddressBlock").since(6, 0),
    flag("IsToBePrinted"),
    guid("ExternalGUID").since(9, 0),
    group("AppliedToTxnRet", APPLIED_RET).many(),
    group("DataExtRet", DATA_EXT_RET).many(),
];

/// Content of `BillPaymentCreditCardQueryRq`.
pub(crate) const CARD_QUERY: &[Node] = &[
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
            group("EntityFilter", TREE_FILTER),
            group("AccountFilter", TREE_FILTER),
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

/// Content of `BillPaymentCreditCardAddRq`.
pub(crate) const CARD_ADD: &[Node] = &[
    group(
        "BillPaymentCreditCardAdd",
        &[
            reference("PayeeEntityRef", 209).required(),
            reference("APAccountRef", 159),
            date("TxnDate"),
            reference("CreditCardAccountRef", 159).required(),
            text("RefNumber", 11),
            text("Memo", 4095).since(3, 0),
            float("ExchangeRate").since(8, 0),
            guid("ExternalGUID").since(9, 0),
            group("AppliedToTxnAdd", APPLIED_ADD).required().many().attribute("useMacro"),
        ],
    )
    .required()
    .attribute("defMacro"),
    INCLUDE,
];

/// Content of `BillPaymentCreditCardRet`.
pub(crate) const CARD_RET: &[Node] = &[
    id("TxnID"),
    date_time("TimeCreated"),
    date_time("TimeModified"),
    text("EditSequence", 16),
    integer("TxnNumber"),
    reference("PayeeEntityRef", 209),
    reference("APAccountRef", 159),
    date("TxnDate"),
    reference("CreditCardAccountRef", 159),
    amount("Amount"),
    reference("CurrencyRef", 64).since(8, 0),
    float("ExchangeRate").since(8, 0),
    amount("AmountInHomeCurrency").since(8, 0),
    text("RefNumber", 11),
    text("Memo", 4095),
    guid("ExternalGUID").since(9, 0),
    group("AppliedToTxnRet", APPLIED_RET).many(),
    group("DataExtRet", DATA_EXT_RET).many(),
];
