//! The tables of credit memos, cut down from the vendor's schema.

use super::words::{AVSSTREET, CREDIT_CARD_TXN_TYPE, PAYMENT_STATUS, TRANSACTION_MODE};
use super::{
    DATED, DISCOUNT_LINE, LINKED_TXN, MODIFIED, REF_NUMBER, REF_NUMBER_RANGE, SALES_GROUP_LINE, SALES_TAX_LINE,
    SERIAL_OR_LOT, SHIPPING_LINE, TREE_FILTER_SINCE_2,
};
use crate::sim::quickbooks::schema::{
    Node, address, address_block, amount, count, date, date_time, flag, float, group, guid, id, integer, number,
    one_of, reference, text, word,
};
use crate::sim::quickbooks::tables::{CURRENCY_FILTER, DATA_EXT, DATA_EXT_RET, INCLUDE, OWNER};

/// Inside `CreditCardTxnInputInfo`.
const CARD_INPUT_OF_CREDIT: &[Node] = &[
    text("CreditCardNumber", 25).required(),
    count("ExpirationMonth").required(),
    integer("ExpirationYear").required(),
    text("NameOnCard", 41).required(),
    text("CreditCardAddress", 41),
    text("CreditCardPostalCode", 18),
    text("CommercialCardCode", 24),
    word("TransactionMode", TRANSACTION_MODE),
    word("CreditCardTxnType", CREDIT_CARD_TXN_TYPE),
];

/// Inside `CreditCardTxnResultInfo`.
const CARD_RESULT_OF_CREDIT: &[Node] = &[
    integer("ResultCode").required(),
    text("ResultMessage", 60).required(),
    text("CreditCardTransID", 24).required(),
    text("MerchantAccountNumber", 32).required(),
    text("AuthorizationCode", 12),
    word("AVSStreet", AVSSTREET),
    word("AVSZip", AVSSTREET),
    word("CardSecurityCodeMatch", AVSSTREET),
    text("ReconBatchID", 84),
    integer("PaymentGroupingCode"),
    word("PaymentStatus", PAYMENT_STATUS).required(),
    date_time("TxnAuthorizationTime").required(),
    integer("TxnAuthorizationStamp"),
    text("ClientTransID", 16),
];

/// Inside `CreditMemoLineMod`.
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
    reference("InventorySiteRef", 31).since(10, 0),
    reference("InventorySiteLocationRef", 31).since(12, 0),
    SERIAL_OR_LOT,
    date("ServiceDate"),
    reference("SalesTaxCodeRef", 3),
    reference("OverrideItemAccountRef", 159),
    text("Other1", 29).since(6, 0),
    text("Other2", 29).since(6, 0),
];

/// Inside `CreditCardTxnInfo`.
const CARD_OF_CREDIT: &[Node] = &[
    group("CreditCardTxnInputInfo", CARD_INPUT_OF_CREDIT).required(),
    group("CreditCardTxnResultInfo", CARD_RESULT_OF_CREDIT).required(),
];

/// Inside `CreditMemoLineRet`.
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
    group("CreditCardTxnInfo", CARD_OF_CREDIT).since(7, 0),
    group("DataExtRet", DATA_EXT_RET).many().since(2, 0),
];

/// Content of `CreditMemoQueryRq`.
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
    flag("IncludeLinkedTxns").since(1, 1),
    INCLUDE,
    OWNER,
];

/// Content of `CreditMemoAddRq`.
pub(crate) const ADD: &[Node] = &[
    group(
        "CreditMemoAdd",
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
            one_of(&[
                &[group(
                    "CreditMemoLineAdd",
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
                        reference("InventorySiteRef", 31).since(10, 0),
                        reference("InventorySiteLocationRef", 31).since(12, 0),
                        SERIAL_OR_LOT,
                        date("ServiceDate"),
                        reference("SalesTaxCodeRef", 3),
                        flag("IsTaxable").since(4, 0).foreign(),
                        reference("OverrideItemAccountRef", 159).since(2, 0),
                        text("Other1", 29).since(6, 0),
                        text("Other2", 29).since(6, 0),
                        group("CreditCardTxnInfo", CARD_OF_CREDIT).since(7, 0),
                        group("DataExt", DATA_EXT).many().since(5, 0),
                    ],
                )
                .required()
                .attribute("defMacro")],
                &[group("CreditMemoLineGroupAdd", SALES_GROUP_LINE).required()],
            ])
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

/// Content of `CreditMemoModRq`.
pub(crate) const MOD: &[Node] = &[
    group(
        "CreditMemoMod",
        &[
            id("TxnID").required(),
            text("EditSequence", 16).required(),
            reference("CustomerRef", 209),
            reference("ClassRef", 159),
            reference("ARAccountRef", 159),
            reference("TemplateRef", 31),
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
            one_of(&[
                &[group("CreditMemoLineMod", LINE_MOD).required()],
                &[group(
                    "CreditMemoLineGroupMod",
                    &[
                        id("TxnLineID").required(),
                        reference("ItemGroupRef", 31),
                        number("Quantity"),
                        text("UnitOfMeasure", 31).since(7, 0),
                        reference("OverrideUOMSetRef", 31).since(7, 0),
                        group("CreditMemoLineMod", LINE_MOD).many(),
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

/// Content of `CreditMemoRet`.
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
    amount("TotalAmount"),
    amount("CreditRemaining").since(2, 0),
    reference("CurrencyRef", 64).since(8, 0),
    float("ExchangeRate").since(8, 0),
    amount("CreditRemainingInHomeCurrency").since(8, 0),
    text("Memo", 4095),
    reference("CustomerMsgRef", 101),
    flag("IsToBePrinted"),
    flag("IsToBeEmailed").since(6, 0),
    flag("IsTaxIncluded").since(6, 0).foreign(),
    reference("CustomerSalesTaxCodeRef", 3),
    text("Other", 29).since(6, 0),
    guid("ExternalGUID").since(9, 0),
    group("LinkedTxn", LINKED_TXN).many().since(1, 1),
    one_of(&[
        &[group("CreditMemoLineRet", LINE_RET).required()],
        &[group(
            "CreditMemoLineGroupRet",
            &[
                id("TxnLineID").required().since(3, 0),
                reference("ItemGroupRef", 31).required(),
                text("Desc", 4095),
                number("Quantity"),
                text("UnitOfMeasure", 31).since(7, 0),
                reference("OverrideUOMSetRef", 31).since(7, 0),
                flag("IsPrintItemsInGroup").required(),
                amount("TotalAmount").required(),
                date("ServiceDate").foreign(),
                group("CreditMemoLineRet", LINE_RET).many(),
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
