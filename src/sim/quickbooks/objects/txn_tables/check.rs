//! The tables of cheques, cut down from the vendor's schema.

use super::{
    DATED, EXPENSE_LINE, EXPENSE_LINE_RET, ITEM_GROUP_LINE, ITEM_GROUP_LINE_RET, ITEM_LINE, ITEM_LINE_RET,
    LINKED_BY_PAYMENT, MODIFIED, REF_NUMBER, REF_NUMBER_RANGE, SERIAL_OR_LOT, TREE_FILTER_SINCE_2,
};
use crate::sim::quickbooks::schema::{
    Node, address, address_block, amount, count, date, date_time, flag, float, group, guid, id, integer, number,
    one_of, reference, text, word,
};
use crate::sim::quickbooks::tables::{BILLABLE, CURRENCY_FILTER, DATA_EXT_RET, INCLUDE, OWNER};

/// Inside `ApplyCheckToTxnAdd`.
const REFUND: &[Node] = &[id("TxnID").required().attribute("useMacro"), amount("Amount")];

/// Inside `ItemLineMod`.
const ITEM_LINE_MOD_SINCE_6: &[Node] = &[
    id("TxnLineID").required(),
    reference("ItemRef", 0),
    reference("InventorySiteRef", 31).since(10, 0),
    reference("InventorySiteLocationRef", 31).since(12, 0),
    SERIAL_OR_LOT,
    text("ExpirationDateForSerialLotNumber", 1099).since(16, 0),
    text("Desc", 4095),
    number("Quantity"),
    text("UnitOfMeasure", 31).since(7, 0),
    reference("OverrideUOMSetRef", 31).since(7, 0),
    number("Cost"),
    amount("Amount"),
    amount("TaxAmount").since(6, 1).foreign(),
    reference("CustomerRef", 209),
    reference("ClassRef", 159),
    reference("SalesTaxCodeRef", 3).foreign(),
    word("BillableStatus", BILLABLE),
    reference("OverrideItemAccountRef", 159),
    reference("SalesRepRef", 5).since(13, 0),
];

/// Content of `CheckQueryRq`.
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
    flag("IncludeLinkedTxns").since(7, 0),
    INCLUDE,
    OWNER,
];

/// Content of `CheckAddRq`.
pub(crate) const ADD: &[Node] = &[
    group(
        "CheckAdd",
        &[
            reference("AccountRef", 159).required(),
            reference("PayeeEntityRef", 209),
            text("RefNumber", 11),
            date("TxnDate"),
            text("Memo", 4095),
            address("Address"),
            flag("IsToBePrinted"),
            flag("IsTaxIncluded").since(6, 0).foreign(),
            reference("SalesTaxCodeRef", 3).since(6, 0).foreign(),
            float("ExchangeRate").since(8, 0),
            guid("ExternalGUID").since(9, 0),
            group("ApplyCheckToTxnAdd", REFUND).many().since(7, 0).attribute("useMacro"),
            group("ExpenseLineAdd", EXPENSE_LINE).many().attribute("defMacro"),
            one_of(&[
                &[group("ItemLineAdd", ITEM_LINE).required()],
                &[group("ItemGroupLineAdd", ITEM_GROUP_LINE).required()],
            ])
            .optional()
            .many(),
        ],
    )
    .required()
    .attribute("defMacro"),
    INCLUDE,
];

/// Content of `CheckModRq`.
pub(crate) const MOD: &[Node] = &[
    group(
        "CheckMod",
        &[
            id("TxnID").required(),
            text("EditSequence", 16).required(),
            reference("AccountRef", 159),
            reference("PayeeEntityRef", 209),
            text("RefNumber", 11),
            date("TxnDate"),
            text("Memo", 4095),
            address("Address"),
            flag("IsToBePrinted"),
            flag("IsTaxIncluded").foreign(),
            reference("SalesTaxCodeRef", 3).foreign(),
            float("ExchangeRate").since(8, 0),
            group("ApplyCheckToTxnMod", REFUND).many().since(7, 0).attribute("useMacro"),
            flag("ClearExpenseLines"),
            group(
                "ExpenseLineMod",
                &[
                    id("TxnLineID").required(),
                    reference("AccountRef", 159),
                    amount("Amount"),
                    amount("TaxAmount").since(6, 1).foreign(),
                    text("Memo", 4095),
                    reference("CustomerRef", 209),
                    reference("ClassRef", 159),
                    reference("SalesTaxCodeRef", 3).foreign(),
                    word("BillableStatus", BILLABLE),
                    reference("SalesRepRef", 5).since(13, 0),
                ],
            )
            .many(),
            flag("ClearItemLines"),
            one_of(&[
                &[group("ItemLineMod", ITEM_LINE_MOD_SINCE_6).required()],
                &[group(
                    "ItemGroupLineMod",
                    &[
                        id("TxnLineID").required(),
                        reference("ItemGroupRef", 31),
                        number("Quantity"),
                        text("UnitOfMeasure", 31).since(7, 0),
                        reference("OverrideUOMSetRef", 31).since(7, 0),
                        group("ItemLineMod", ITEM_LINE_MOD_SINCE_6).many(),
                    ],
                )
                .required()],
            ])
            .optional()
            .many(),
        ],
    )
    .required(),
    text("IncludeRetElement", 50).many(),
];

/// Content of `CheckRet`.
pub(crate) const RET: &[Node] = &[
    id("TxnID"),
    date_time("TimeCreated"),
    date_time("TimeModified"),
    text("EditSequence", 16),
    integer("TxnNumber"),
    reference("AccountRef", 159),
    reference("PayeeEntityRef", 209),
    text("RefNumber", 11),
    date("TxnDate"),
    amount("Amount"),
    reference("CurrencyRef", 64).since(8, 0),
    float("ExchangeRate").since(8, 0),
    amount("AmountInHomeCurrency").since(8, 0),
    text("Memo", 4095),
    address("Address"),
    address_block("AddressBlock").since(6, 0),
    flag("IsPending").since(16, 0),
    flag("IsToBePrinted"),
    flag("IsTaxIncluded").since(6, 0).foreign(),
    reference("SalesTaxCodeRef", 3).since(6, 0).foreign(),
    guid("ExternalGUID").since(9, 0),
    group("LinkedTxn", LINKED_BY_PAYMENT).many().since(7, 0),
    group("ExpenseLineRet", EXPENSE_LINE_RET).many(),
    one_of(&[
        &[group("ItemLineRet", ITEM_LINE_RET).required()],
        &[group("ItemGroupLineRet", ITEM_GROUP_LINE_RET).required()],
    ])
    .optional()
    .many(),
    group("DataExtRet", DATA_EXT_RET).many().since(2, 0),
];
