//! The tables of data extensions, cut down from the vendor's schema.

use crate::sim::quickbooks::schema::{Node, flag, group, guid, id, integer, one_of, reference, text, word};
use crate::sim::quickbooks::tables::{DATA_EXT_TYPE, INCLUDE};

pub(super) const DEF_QUERY: &[Node] =
    &[one_of(&[&[guid("OwnerID").many()], &[word("AssignToObject", OBJECT).many()]]).optional(), INCLUDE];

const REQUIRED_BY_LIST: Node = flag("DataExtListRequire").since(12, 0);
const REQUIRED_BY_TXN: Node = flag("DataExtTxnRequire").since(12, 0);
const FORMAT: Node = text("DataExtFormatString", 0).since(12, 0);

pub(super) const DEF_ADD: &[Node] = &[
    group(
        "DataExtDefAdd",
        &[
            guid("OwnerID").required(),
            text("DataExtName", 31).required(),
            word("DataExtType", DATA_EXT_TYPE).required(),
            word("AssignToObject", OBJECT).many(),
            REQUIRED_BY_LIST,
            REQUIRED_BY_TXN,
            FORMAT,
        ],
    )
    .required(),
    INCLUDE,
];

pub(super) const DEF_MOD: &[Node] = &[
    group(
        "DataExtDefMod",
        &[
            guid("OwnerID").required(),
            text("DataExtName", 31).required(),
            text("DataExtNewName", 31),
            word("AssignToObject", OBJECT).many(),
            word("RemoveFromObject", OBJECT).many(),
            REQUIRED_BY_LIST,
            REQUIRED_BY_TXN,
            FORMAT,
        ],
    )
    .required(),
    INCLUDE,
];

pub(super) const DEF_DEL: &[Node] = &[guid("OwnerID").required(), text("DataExtName", 31).required()];

pub(super) const DEF_RET: &[Node] = &[
    guid("OwnerID"),
    integer("DataExtID").required().since(11, 0),
    text("DataExtName", 31),
    word("DataExtType", DATA_EXT_TYPE),
    word("AssignToObject", OBJECT).many(),
    flag("DataExtListRequire").required().since(11, 0),
    flag("DataExtTxnRequire").required().since(11, 0),
    text("DataExtFormatString", 0).required().since(11, 0),
];

const LIST_HOLDER: &[Node] = &[word("ListDataExtType", LIST).required(), reference("ListObjRef", 159).required()];
const LINE: Node = id("TxnLineID").since(3, 0);
const OTHER_HOLDER: &[Node] = &[word("OtherDataExtType", &["Company"]).required()];

/// What holds the value; only an Add may name a transaction by a macro.
const HOLDER_ADD: Node = one_of(&[
    LIST_HOLDER,
    &[word("TxnDataExtType", TXN).required(), id("TxnID").required().attribute("useMacro"), LINE],
    OTHER_HOLDER,
]);
const HOLDER: Node =
    one_of(&[LIST_HOLDER, &[word("TxnDataExtType", TXN).required(), id("TxnID").required(), LINE], OTHER_HOLDER]);

const OWNED: Node = guid("OwnerID").required();
const NAMED: Node = text("DataExtName", 31).required();
const VALUE: Node = text("DataExtValue", 0).required();

pub(super) const ADD: &[Node] = &[group("DataExtAdd", &[OWNED, NAMED, HOLDER_ADD, VALUE]).required()];
pub(super) const MOD: &[Node] = &[group("DataExtMod", &[OWNED, NAMED, HOLDER, VALUE]).required()];
pub(super) const DEL: &[Node] = &[group("DataExtDel", &[OWNED, NAMED, HOLDER]).required()];

/// `AssignToObject`.
const OBJECT: &[&str] = &[
    "Account",
    "ARRefundCreditCard",
    "Bill",
    "BillPaymentCheck",
    "BillPaymentCreditCard",
    "BuildAssembly",
    "Charge",
    "Check",
    "Company",
    "CreditCardCharge",
    "CreditCardCredit",
    "CreditMemo",
    "Customer",
    "Deposit",
    "Employee",
    "Estimate",
    "InventoryAdjustment",
    "Invoice",
    "Item",
    "ItemReceipt",
    "JournalEntry",
    "OtherName",
    "PurchaseOrder",
    "ReceivePayment",
    "SalesOrder",
    "SalesReceipt",
    "SalesTaxPaymentCheck",
    "Vendor",
    "VendorCredit",
];

/// `ListDataExtType`.
const LIST: &[&str] = &["Account", "Customer", "Employee", "Item", "OtherName", "Vendor"];

/// `TxnDataExtType`.
const TXN: &[&str] = &[
    "ARRefundCreditCard",
    "Bill",
    "BillPaymentCheck",
    "BillPaymentCreditCard",
    "BuildAssembly",
    "Charge",
    "Check",
    "CreditCardCharge",
    "CreditCardCredit",
    "CreditMemo",
    "Deposit",
    "Estimate",
    "InventoryAdjustment",
    "Invoice",
    "ItemReceipt",
    "JournalEntry",
    "PurchaseOrder",
    "ReceivePayment",
    "SalesOrder",
    "SalesReceipt",
    "SalesTaxPaymentCheck",
    "VendorCredit",
];
