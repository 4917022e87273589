//! The tables of invoices, cut down from the vendor's schema.

use super::words::OPTION_FOR_PRICE_RULE_CONFLICT;
use super::{
    DATED, DISCOUNT_LINE, LINE_OF_TXN, LINKED_TXN, MODIFIED, REF_NUMBER, REF_NUMBER_RANGE, SALES_GROUP_LINE,
    SALES_TAX_LINE, SERIAL_OR_LOT, SHIPPING_LINE, TREE_FILTER_SINCE_2,
};
use crate::sim::quickbooks::schema::{
    Node, address, address_block, amount, count, date, date_time, flag, float, group, guid, id, integer, number,
    one_of, reference, text, word,
};
use crate::sim::quickbooks::tables::{CURRENCY_FILTER, DATA_EXT, DATA_EXT_RET, INCLUDE, OWNER, PAID_STATUS};

/// Inside `SetCredit`.
const CREDIT_OF_INVOICE: &[Node] = &[
    id("CreditTxnID").required().attribute("useMacro"),
    id("TxnLineID").foreign(),
    amount("AppliedAmount").required(),
    flag("Override"),
];

/// Inside `InvoiceLineMod`.
const LINE_MOD: &[Node] = &[
    id("TxnLineID").required(),
    reference("ItemRef", 0),
    text("Desc", 4095),
    number("Quantity"),
    text("UnitOfMeasure", 31).since(7, 0),
    reference("OverrideUOMSetRef", 31).since(7, 0),
    one_of(&[
        &[number("Rate").required()],
        &[number("RatePercent").required()],
        &[reference("PriceLevelRef", 31).required().since(4, 0)],
    ])
    .optional(),
    reference("ClassRef", 159),
    amount("Amount"),
    amount("TaxAmount").since(6, 1).foreign(),
    word("OptionForPriceRuleConflict", OPTION_FOR_PRICE_RULE_CONFLICT).since(13, 0),
    reference("InventorySiteRef", 31).since(10, 0),
    reference("InventorySiteLocationRef", 31).since(12, 0),
    SERIAL_OR_LOT,
    date("ServiceDate"),
    reference("SalesTaxCodeRef", 3),
    reference("OverrideItemAccountRef", 159),
    text("Other1", 29).since(6, 0),
    text("Other2", 29).since(6, 0),
];

/// Inside `InvoiceLineRet`.
const LINE_RET: &[Node] = &[
    id("TxnLineID").required(),
    reference("ItemRef", 0),
    text("Desc", 4095),
    number("Quantity"),
    text("UnitOfMeasure", 31).since(7, 0),
    reference("OverrideUOMSetRef", 31).since(7, 0),
    one_of(&[&[number("Rate").required()], &[number("RatePercent").required()]]).optional(),
    reference("ClassRef", 159),
    amount("Amount"),
    amount("TaxAmount").since(6, 1).foreign(),
    reference("InventorySiteRef", 31).since(10, 0),
    reference("InventorySiteLocationRef", 31).since(12, 0),
    SERIAL_OR_LOT,
    text("ExpirationDateForSerialLotNumber", 1099).since(16, 0),
    date("ServiceDate"),
    reference("SalesTaxCodeRef", 3),
    flag("IsTaxable").since(4, 0).foreign(),
    text("Other1", 29).since(6, 0),
    text("Other2", 29).since(6, 0),
    group("DataExtRet", DATA_EXT_RET).many().since(2, 0),
];

/// Content of `InvoiceQueryRq`.
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
            word("PaidStatus", PAID_STATUS),
        ],
    ])
    .optional(),
    flag("IncludeLineItems"),
    flag("IncludeLinkedTxns").since(1, 1),
    INCLUDE,
    OWNER,
];

/// Content of `InvoiceAddRq`.
pub(crate) const ADD: &[Node] = &[
    group(
        "InvoiceAdd",
        &[
            reference("CustomerRef", 209).required(),
            reference("ClassRef", 159),
            reference("ARAccountRef", 159),
            reference("TemplateRef", 31).since(3, 0),
            date("TxnDate"),
            text("RefNumber", 11),
            address("BillAddress"),
            address("ShipAddress"),
            flag("IsPending"),
            flag("IsFinanceCharge").since(8, 0),
            text("PONumber", 25),
            reference("TermsRef", 31),
            date("DueDate"),
            reference("SalesRepRef", 5),
            text("FOB", 13),
            date("ShipDate"),
            reference("ShipMethodRef", 15),
            reference("ItemSalesTaxRef", 31),
            text("Memo", 4095),
            reference("CustomerMsgRef", 101),
            flag("IsToBePrinted"),
            flag("IsToBeEmailed").since(6, 0),
            flag("IsTaxIncluded").since(6, 0).foreign(),
            reference("CustomerSalesTaxCodeRef", 3),
            text("Other", 29).since(6, 0),
            float("ExchangeRate").since(8, 0),
            guid("ExternalGUID").since(9, 0),
            id("LinkToTxnID").many().since(6, 0),
            group("SetCredit", CREDIT_OF_INVOICE).many().since(10, 0).attribute("useMacro"),
            one_of(&[
                &[group(
                    "InvoiceLineAdd",
                    &[
                        reference("ItemRef", 0),
                        text("Desc", 4095),
                        number("Quantity"),
                        text("UnitOfMeasure", 31).since(7, 0),
                        one_of(&[
                            &[number("Rate").required()],
                            &[number("RatePercent").required()],
                            &[reference("PriceLevelRef", 31).required().since(4, 0)],
                        ])
                        .optional(),
                        reference("ClassRef", 159),
                        amount("Amount"),
                        amount("TaxAmount").since(6, 1).foreign(),
                        word("OptionForPriceRuleConflict", OPTION_FOR_PRICE_RULE_CONFLICT).since(13, 0),
                        reference("InventorySiteRef", 31).since(10, 0),
                        reference("InventorySiteLocationRef", 31).since(12, 0),
                        SERIAL_OR_LOT,
                        date("ServiceDate"),
                        reference("SalesTaxCodeRef", 3),
                        flag("IsTaxable").since(4, 0).foreign(),
                        reference("OverrideItemAccountRef", 159).since(2, 0),
                        text("Other1", 29).since(6, 0),
                        text("Other2", 29).since(6, 0),
                        group("LinkToTxn", LINE_OF_TXN).since(6, 0),
                        group("DataExt", DATA_EXT).many().since(5, 0),
                    ],
                )
                .required()
                .attribute("defMacro")],
                &[group("InvoiceLineGroupAdd", SALES_GROUP_LINE).required()],
            ])
            .optional()
            .many(),
            group("DiscountLineAdd", DISCOUNT_LINE).since(4, 0).foreign(),
            group("SalesTaxLineAdd", SALES_TAX_LINE).since(4, 0).foreign(),
            group("ShippingLineAdd", SHIPPING_LINE).since(4, 0).foreign(),
        ],
    )
    .required()
    .attribute("defMacro"),
    INCLUDE,
];

/// Content of `InvoiceModRq`.
pub(crate) const MOD: &[Node] = &[
    group(
        "InvoiceMod",
        &[
            id("TxnID").required(),
            text("EditSequence", 16).required(),
            reference("CustomerRef", 209),
            reference("ClassRef", 159),
            reference("ARAccountRef", 159),
            reference("TemplateRef", 31).since(3, 0),
            date("TxnDate"),
            text("RefNumber", 11),
            address("BillAddress"),
            address("ShipAddress"),
            flag("IsPending"),
            text("PONumber", 25),
            reference("TermsRef", 31),
            date("DueDate"),
            reference("SalesRepRef", 5),
            text("FOB", 13),
            date("ShipDate"),
            reference("ShipMethodRef", 15),
            reference("ItemSalesTaxRef", 31),
            text("Memo", 4095),
            reference("CustomerMsgRef", 101),
            flag("IsToBePrinted"),
            flag("IsToBeEmailed").since(6, 0),
            flag("IsTaxIncluded").since(6, 0).foreign(),
            reference("CustomerSalesTaxCodeRef", 3),
            text("Other", 29).since(6, 0),
            float("ExchangeRate").since(8, 0),
            group("SetCredit", CREDIT_OF_INVOICE).many().since(10, 0).attribute("useMacro"),
            one_of(&[
                &[group("InvoiceLineMod", LINE_MOD).required()],
                &[group(
                    "InvoiceLineGroupMod",
                    &[
                        id("TxnLineID").required(),
                        reference("ItemGroupRef", 31),
                        number("Quantity"),
                        text("UnitOfMeasure", 31).since(7, 0),
                        reference("OverrideUOMSetRef", 31).since(7, 0),
                        group("InvoiceLineMod", LINE_MOD).many(),
                    ],
                )
                .required()],
            ])
            .optional()
            .many(),
        ],
    )
    .required(),
    INCLUDE,
];

/// Content of `InvoiceRet`.
pub(crate) const RET: &[Node] = &[
    id("TxnID"),
    date_time("TimeCreated"),
    date_time("TimeModified"),
    text("EditSequence", 16),
    integer("TxnNumber"),
    reference("CustomerRef", 209),
    reference("ClassRef", 159),
    reference("ARAccountRef", 159),
    reference("TemplateRef", 31).since(3, 0),
    date("TxnDate"),
    text("RefNumber", 11),
    address("BillAddress"),
    address_block("BillAddressBlock").since(6, 0),
    address("ShipAddress"),
    address_block("ShipAddressBlock").since(6, 0),
    flag("IsPending"),
    flag("IsFinanceCharge"),
    text("PONumber", 25),
    reference("TermsRef", 31),
    date("DueDate"),
    reference("SalesRepRef", 5),
    text("FOB", 13),
    date("ShipDate"),
    reference("ShipMethodRef", 15),
    amount("Subtotal"),
    reference("ItemSalesTaxRef", 31),
    number("SalesTaxPercentage"),
    amount("SalesTaxTotal"),
    amount("AppliedAmount"),
    amount("BalanceRemaining"),
    reference("CurrencyRef", 64).since(8, 0),
    float("ExchangeRate").since(8, 0),
    amount("BalanceRemainingInHomeCurrency").since(8, 0),
    text("Memo", 4095),
    flag("IsPaid").since(2, 0),
    reference("CustomerMsgRef", 101),
    flag("IsToBePrinted"),
    flag("IsToBeEmailed").since(6, 0),
    flag("IsTaxIncluded").since(6, 0).foreign(),
    reference("CustomerSalesTaxCodeRef", 3),
    amount("SuggestedDiscountAmount"),
    date("SuggestedDiscountDate"),
    text("Other", 29).since(6, 0),
    guid("ExternalGUID").since(9, 0),
    group("LinkedTxn", LINKED_TXN).many().since(1, 1),
    one_of(&[
        &[group("InvoiceLineRet", LINE_RET).required()],
        &[group(
            "InvoiceLineGroupRet",
            &[
                id("TxnLineID").required().since(2, 1),
                reference("ItemGroupRef", 31).required(),
                text("Desc", 4095),
                number("Quantity"),
                text("UnitOfMeasure", 31).since(7, 0),
                reference("OverrideUOMSetRef", 31).since(7, 0),
                flag("IsPrintItemsInGroup").required(),
                amount("TotalAmount").required(),
                date("ServiceDate").foreign(),
                group("InvoiceLineRet", LINE_RET).many(),
                group("DataExtRet", DATA_EXT_RET).many().since(2, 0),
            ],
        )
        .required()],
    ])
    .optional()
    .many(),
    group("DiscountLineRet", DISCOUNT_LINE).since(4, 0).foreign(),
    group("SalesTaxLineRet", SALES_TAX_LINE).since(4, 0).foreign(),
    group("ShippingLineRet", SHIPPING_LINE).since(4, 0).foreign(),
    group("DataExtRet", DATA_EXT_RET).many().since(2, 0),
];
