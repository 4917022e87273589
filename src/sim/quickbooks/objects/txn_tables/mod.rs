//! The tables of transactions, cut down from the vendor's schema; here what several kinds share.

pub(super) mod across;
pub(super) mod bill;
pub(super) mod bill_payment;
pub(super) mod check;
pub(super) mod credit_memo;
pub(super) mod deposit;
pub(super) mod invoice;
pub(super) mod journal_entry;
pub(super) mod receive_payment;
pub(super) mod transfer;
pub(super) mod vendor_credit;
pub(super) mod words;

use crate::sim::quickbooks::schema::{
    Node, amount, date, date_time, flag, group, id, number, one_of, reference, text, word,
};
use crate::sim::quickbooks::tables::{BILLABLE, DATA_EXT, DATA_EXT_RET, DATE_MACRO, LINK_TYPE, MATCH, TXN_TYPE};

/// `SerialNumber` or `LotNumber`.
const SERIAL_OR_LOT: Node =
    one_of(&[&[text("SerialNumber", 4095).since(11, 0)], &[text("LotNumber", 40).since(11, 0)]]).optional();

/// Inside `RefNumberRangeFilter`.
const REF_NUMBER_RANGE: &[Node] = &[text("FromRefNumber", 0), text("ToRefNumber", 0)];

/// Inside `LinkToTxn`.
const LINE_OF_TXN: &[Node] = &[id("TxnID").required(), id("TxnLineID").required()];

/// Inside `TxnLineDetail`.
const LINE_DETAIL: &[Node] = &[id("TxnLineID").required(), amount("Amount").required()];

/// Inside `ShippingLineAdd`.
const SHIPPING_LINE: &[Node] = &[amount("Amount").required(), reference("AccountRef", 159)];

/// Inside `ModifiedDateRangeFilter`.
const MODIFIED: &[Node] = &[date_time("FromModifiedDate"), date_time("ToModifiedDate")];

/// Inside `RefNumberFilter`.
const REF_NUMBER: &[Node] = &[word("MatchCriterion", MATCH).required(), text("RefNumber", 0).required()];

/// Inside `TxnDateRangeFilter`.
const DATED: &[Node] =
    &[one_of(&[&[date("FromTxnDate"), date("ToTxnDate")], &[word("DateMacro", DATE_MACRO).required()]])];

/// Inside `SalesTaxLineAdd`.
const SALES_TAX_LINE: &[Node] = &[
    one_of(&[&[amount("Amount").required()], &[number("RatePercent").required()]]).optional(),
    reference("AccountRef", 159),
];

/// Inside `DiscountLineAdd`.
const DISCOUNT_LINE: &[Node] = &[
    one_of(&[&[amount("Amount").required()], &[number("RatePercent").required()]]).optional(),
    flag("IsTaxable"),
    reference("AccountRef", 159),
];

/// Inside `SetCredit`.
const SET_CREDIT: &[Node] = &[
    id("CreditTxnID").required().attribute("useMacro"),
    id("TxnLineID").foreign(),
    amount("AppliedAmount").required(),
    flag("Override").since(10, 0),
];

/// Inside `EntityFilter`.
const TREE_FILTER_SINCE_2: &[Node] = &[one_of(&[
    &[id("ListID").required().many().since(2, 0)],
    &[text("FullName", 0).required().many()],
    &[id("ListIDWithChildren").required().since(2, 0)],
    &[text("FullNameWithChildren", 0).required()],
])];

/// Inside `LinkedTxn`.
const LINKED_BY_PAYMENT: &[Node] = &[
    id("TxnID").required(),
    word("TxnType", TXN_TYPE).required(),
    date("TxnDate").required(),
    text("RefNumber", 20),
    word("LinkType", LINK_TYPE),
    amount("Amount").required(),
    group("TxnLineDetail", LINE_DETAIL).many().foreign(),
];

/// Inside `LinkedTxn`.
const LINKED_TXN: &[Node] = &[
    id("TxnID").required(),
    word("TxnType", TXN_TYPE).required(),
    date("TxnDate").required(),
    text("RefNumber", 20),
    word("LinkType", LINK_TYPE).since(3, 0),
    amount("Amount").required(),
    group("TxnLineDetail", LINE_DETAIL).many().foreign(),
];

/// Inside `AppliedToTxnMod`.
const APPLIED_MOD: &[Node] = &[
    id("TxnID").required(),
    amount("PaymentAmount"),
    group("SetCredit", SET_CREDIT).many().attribute("useMacro"),
    amount("DiscountAmount"),
    reference("DiscountAccountRef", 159),
    reference("DiscountClassRef", 159).since(11, 0),
];

/// Inside `ItemGroupLineAdd`.
const ITEM_GROUP_LINE: &[Node] = &[
    reference("ItemGroupRef", 31).required(),
    text("Desc", 0).foreign(),
    number("Quantity"),
    text("UnitOfMeasure", 31).since(7, 0),
    reference("InventorySiteRef", 31).since(10, 0),
    reference("InventorySiteLocationRef", 31).since(12, 0),
    group("DataExt", DATA_EXT).many().since(13, 0),
];

/// Inside `InvoiceLineGroupAdd`.
const SALES_GROUP_LINE: &[Node] = &[
    reference("ItemGroupRef", 31).required(),
    text("Desc", 0).foreign(),
    number("Quantity"),
    text("UnitOfMeasure", 31).since(7, 0),
    date("ServiceDate").foreign(),
    reference("InventorySiteRef", 31).since(10, 0),
    reference("InventorySiteLocationRef", 31).since(12, 0),
    group("DataExt", DATA_EXT).many().since(5, 0),
];

/// Inside `AppliedToTxnAdd`.
const APPLIED_ADD: &[Node] = &[
    id("TxnID").required().attribute("useMacro"),
    amount("PaymentAmount"),
    group("TxnLineDetail", LINE_DETAIL).many().foreign(),
    group("SetCredit", SET_CREDIT).many().attribute("useMacro"),
    amount("DiscountAmount"),
    reference("DiscountAccountRef", 159),
    reference("DiscountClassRef", 159).since(11, 0),
];

/// Inside `ExpenseLineAdd`.
const EXPENSE_LINE: &[Node] = &[
    reference("AccountRef", 159),
    amount("Amount"),
    amount("TaxAmount").since(6, 1).foreign(),
    text("Memo", 4095),
    reference("CustomerRef", 209),
    reference("VendorRef", 41).since(16, 0),
    reference("ClassRef", 159),
    reference("SalesTaxCodeRef", 3).since(6, 0).foreign(),
    word("BillableStatus", BILLABLE).since(2, 0),
    reference("SalesRepRef", 5).since(13, 0),
    group("DataExt", DATA_EXT).many().since(13, 0),
];

/// Inside `ExpenseLineRet`.
const EXPENSE_LINE_RET: &[Node] = &[
    id("TxnLineID").required(),
    reference("AccountRef", 159),
    amount("Amount"),
    amount("TaxAmount").since(6, 1).foreign(),
    text("Memo", 4095),
    reference("CustomerRef", 209),
    reference("VendorRef", 41).since(16, 0),
    reference("ClassRef", 159),
    reference("SalesTaxCodeRef", 3).since(6, 0).foreign(),
    word("BillableStatus", BILLABLE).since(2, 0),
    reference("SalesRepRef", 5).since(13, 0),
    group("DataExtRet", DATA_EXT_RET).many().since(13, 0),
];

/// Inside `AppliedToTxnRet`.
const APPLIED_RET: &[Node] = &[
    id("TxnID").required(),
    word("TxnType", TXN_TYPE).required(),
    date("TxnDate"),
    text("RefNumber", 20),
    amount("BalanceRemaining"),
    amount("Amount"),
    group("TxnLineDetail", LINE_DETAIL).many().foreign(),
    amount("DiscountAmount"),
    reference("DiscountAccountRef", 159),
    reference("DiscountClassRef", 159).since(11, 0),
    group("LinkedTxn", LINKED_BY_PAYMENT).many().since(10, 0),
];

/// Inside `ItemLineRet`.
const ITEM_LINE_RET: &[Node] = &[
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
    reference("SalesTaxCodeRef", 3).since(6, 0).foreign(),
    word("BillableStatus", BILLABLE).since(2, 0),
    reference("SalesRepRef", 5).since(13, 0),
    group("DataExtRet", DATA_EXT_RET).many().since(13, 0),
];

/// Inside `ItemLineAdd`.
const ITEM_LINE: &[Node] = &[
    reference("ItemRef", 0),
    reference("InventorySiteRef", 31).since(10, 0),
    reference("InventorySiteLocationRef", 31).since(12, 0),
    SERIAL_OR_LOT,
    text("ExpirationDateForSerialLotNumber", 1099).since(16, 0),
    text("Desc", 4095),
    number("Quantity"),
    text("UnitOfMeasure", 31).since(7, 0),
    number("Cost"),
    amount("Amount"),
    amount("TaxAmount").since(6, 1).foreign(),
    reference("CustomerRef", 209),
    reference("ClassRef", 159),
    reference("SalesTaxCodeRef", 3).since(6, 0).foreign(),
    word("BillableStatus", BILLABLE).since(2, 0),
    reference("OverrideItemAccountRef", 159).since(2, 0),
    group("LinkToTxn", LINE_OF_TXN).since(4, 0).foreign(),
    reference("SalesRepRef", 5).since(13, 0),
    group("DataExt", DATA_EXT).many().since(13, 0),
];

/// Inside `ItemGroupLineRet`.
const ITEM_GROUP_LINE_RET: &[Node] = &[
    id("TxnLineID").required().since(3, 0),
    reference("ItemGroupRef", 31).required(),
    text("Desc", 4095),
    number("Quantity"),
    text("UnitOfMeasure", 31).since(7, 0),
    reference("OverrideUOMSetRef", 31).since(7, 0),
    amount("TotalAmount").required(),
    group("ItemLineRet", ITEM_LINE_RET).many(),
    group("DataExt", DATA_EXT).many().since(13, 0),
];
