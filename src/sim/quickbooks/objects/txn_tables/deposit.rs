//! The tables of deposits, cut down from the vendor's schema.

use super::{DATED, MODIFIED};
use crate::sim::quickbooks::schema::{
    Node, amount, count, date, date_time, flag, float, group, guid, id, integer, one_of, reference, text, word,
};
use crate::sim::quickbooks::tables::{CURRENCY_FILTER, DATA_EXT_RET, INCLUDE, OWNER, TREE_FILTER, TXN_TYPE};

/// Content of `DepositQueryRq`.
pub(crate) const QUERY: &[Node] = &[
    one_of(&[
        &[id("TxnID").required().many()],
        &[
            count("MaxReturned"),
            one_of(&[
                &[group("ModifiedDateRangeFilter", MODIFIED).required()],
                &[group("TxnDateRangeFilter", DATED).required()],
            ])
            .optional(),
            group("EntityFilter", TREE_FILTER),
            group("AccountFilter", TREE_FILTER),
            CURRENCY_FILTER,
        ],
    ])
    .optional(),
    flag("IncludeLineItems"),
    INCLUDE,
    OWNER,
];

/// Content of `DepositAddRq`.
pub(crate) const ADD: &[Node] = &[
    group(
        "DepositAdd",
        &[
            date("TxnDate"),
            reference("DepositToAccountRef", 159).required(),
            text("Memo", 4095),
            group("CashBackInfoAdd", &[reference("AccountRef", 159).required(), text("Memo", 4095), amount("Amount")])
                .attribute("defMacro"),
            reference("CurrencyRef", 64).since(8, 0),
            float("ExchangeRate").since(8, 0),
            guid("ExternalGUID").since(9, 0),
            group(
                "DepositLineAdd",
                &[one_of(&[
                    &[
                        id("PaymentTxnID").required().attribute("useMacro"),
                        id("PaymentTxnLineID").attribute("useMacro"),
                        text("OverrideMemo", 4095),
                        text("OverrideCheckNumber", 11),
                        reference("OverrideClassRef", 159),
                    ],
                    &[
                        reference("EntityRef", 209),
                        reference("AccountRef", 159).required(),
                        text("Memo", 4095),
                        text("CheckNumber", 11),
                        reference("PaymentMethodRef", 31),
                        reference("ClassRef", 159),
                        amount("Amount"),
                    ],
                ])],
            )
            .many()
            .attribute("defMacro"),
        ],
    )
    .required()
    .attribute("defMacro"),
    INCLUDE,
];

/// Content of `DepositModRq`.
pub(crate) const MOD: &[Node] = &[
    group(
        "DepositMod",
        &[
            id("TxnID").required(),
            text("EditSequence", 16).required(),
            date("TxnDate"),
            reference("DepositToAccountRef", 159),
            text("Memo", 4095),
            group("CashBackInfoMod", &[reference("AccountRef", 159), text("Memo", 4095), amount("Amount")]),
            reference("CurrencyRef", 64).since(8, 0),
            float("ExchangeRate").since(8, 0),
            group(
                "DepositLineMod",
                &[
                    id("TxnLineID").required(),
                    one_of(&[
                        &[
                            id("PaymentTxnID").required().attribute("useMacro"),
                            id("PaymentTxnLineID").attribute("useMacro"),
                            text("OverrideMemo", 4095),
                            text("OverrideCheckNumber", 11),
                            reference("OverrideClassRef", 159),
                        ],
                        &[
                            reference("EntityRef", 209),
                            reference("AccountRef", 159),
                            text("Memo", 4095),
                            text("CheckNumber", 11),
                            reference("PaymentMethodRef", 31),
                            reference("ClassRef", 159),
                            amount("Amount"),
                        ],
                    ]),
                ],
            )
            .many(),
        ],
    )
    .required(),
    text("IncludeRetElement", 50).many(),
];

/// Content of `DepositRet`.
pub(crate) const RET: &[Node] = &[
    id("TxnID"),
    date_time("TimeCreated"),
    date_time("TimeModified"),
    text("EditSequence", 16),
    integer("TxnNumber"),
    date("TxnDate"),
    reference("DepositToAccountRef", 159),
    text("Memo", 4095),
    amount("DepositTotal"),
    reference("CurrencyRef", 64).since(8, 0),
    float("ExchangeRate").since(8, 0),
    amount("DepositTotalInHomeCurrency").since(8, 0),
    group(
        "CashBackInfoRet",
        &[id("TxnLineID").required(), reference("AccountRef", 159).required(), text("Memo", 4095), amount("Amount")],
    ),
    guid("ExternalGUID").since(9, 0),
    group(
        "DepositLineRet",
        &[
            word("TxnType", TXN_TYPE),
            id("TxnID"),
            id("TxnLineID").required(),
            id("PaymentTxnLineID").since(7, 0),
            reference("EntityRef", 209),
            reference("AccountRef", 159),
            text("Memo", 4095),
            text("CheckNumber", 11),
            reference("PaymentMethodRef", 31),
            reference("ClassRef", 159),
            amount("Amount"),
        ],
    )
    .many(),
    group("DataExtRet", DATA_EXT_RET).many(),
];
