//! The tables of journal entries, cut down from the vendor's schema.

use super::words::JOURNAL_LINE_TYPE;
use super::{DATED, MODIFIED, REF_NUMBER, REF_NUMBER_RANGE, TREE_FILTER_SINCE_2};
use crate::sim::quickbooks::schema::{
    Node, amount, count, date, date_time, flag, float, group, guid, id, integer, one_of, reference, text, word,
};
use crate::sim::quickbooks::tables::{BILLABLE, CURRENCY_FILTER, DATA_EXT_RET, INCLUDE, OWNER};

/// Inside `JournalDebitLine`.
const JOURNAL_LINE: &[Node] = &[
    id("TxnLineID"),
    reference("AccountRef", 159),
    amount("Amount"),
    amount("TaxAmount").since(6, 1).foreign(),
    text("Memo", 4095),
    reference("EntityRef", 209),
    reference("ClassRef", 159),
    reference("ItemSalesTaxRef", 31).since(6, 0).foreign(),
    word("BillableStatus", BILLABLE).since(3, 0),
];

/// Content of `JournalEntryQueryRq`.
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

/// Content of `JournalEntryAddRq`.
pub(crate) const ADD: &[Node] = &[
    group(
        "JournalEntryAdd",
        &[
            date("TxnDate"),
            text("RefNumber", 11),
            text("Memo", 0).foreign(),
            flag("IsAdjustment").since(3, 0),
            one_of(&[
                &[flag("IsHomeCurrencyAdjustment").required().since(8, 0)],
                &[
                    flag("IsAmountsEnteredInHomeCurrency").since(8, 0),
                    reference("CurrencyRef", 64).since(8, 0),
                    float("ExchangeRate").since(8, 0),
                ],
            ])
            .optional(),
            guid("ExternalGUID").since(9, 0),
            one_of(&[
                &[group("JournalDebitLine", JOURNAL_LINE).required().attribute("defMacro")],
                &[group("JournalCreditLine", JOURNAL_LINE).required().attribute("defMacro")],
            ])
            .many(),
        ],
    )
    .required()
    .attribute("defMacro"),
    INCLUDE,
];

/// Content of `JournalEntryModRq`.
pub(crate) const MOD: &[Node] = &[
    group(
        "JournalEntryMod",
        &[
            id("TxnID").required(),
            text("EditSequence", 16).required(),
            date("TxnDate"),
            text("RefNumber", 11),
            flag("IsAdjustment"),
            flag("IsAmountsEnteredInHomeCurrency").since(8, 0),
            reference("CurrencyRef", 64).since(8, 0),
            float("ExchangeRate").since(8, 0),
            group(
                "JournalLineMod",
                &[
                    id("TxnLineID").required(),
                    word("JournalLineType", JOURNAL_LINE_TYPE),
                    reference("AccountRef", 159),
                    amount("Amount"),
                    amount("TaxAmount").since(6, 1).foreign(),
                    text("Memo", 4095),
                    reference("EntityRef", 209),
                    reference("ClassRef", 159),
                    reference("ItemSalesTaxRef", 31).foreign(),
                    word("BillableStatus", BILLABLE),
                ],
            )
            .many(),
        ],
    )
    .required(),
    text("IncludeRetElement", 50).many(),
];

/// Content of `JournalEntryRet`.
pub(crate) const RET: &[Node] = &[
    id("TxnID"),
    date_time("TimeCreated"),
    date_time("TimeModified"),
    text("EditSequence", 16),
    integer("TxnNumber"),
    date("TxnDate"),
    text("RefNumber", 11),
    text("Memo", 0).foreign(),
    flag("IsAdjustment").since(3, 0),
    flag("IsHomeCurrencyAdjustment").since(8, 0),
    flag("IsAmountsEnteredInHomeCurrency").since(8, 0),
    reference("CurrencyRef", 64).since(8, 0),
    float("ExchangeRate").since(8, 0),
    guid("ExternalGUID").since(9, 0),
    one_of(&[
        &[group("JournalDebitLine", JOURNAL_LINE).required().attribute("defMacro")],
        &[group("JournalCreditLine", JOURNAL_LINE).required().attribute("defMacro")],
    ])
    .optional()
    .many(),
    group("DataExtRet", DATA_EXT_RET).many().since(2, 0),
];
