//! Tables that several objects share: references, addresses, the filters of list queries, and the word lists.
//!
//! Everything here is cut down from the vendor's schema (`qbxml-fields.json`); an object's own tables stand in its file.

use super::schema::{Node, amount, count, date_time, group, guid, id, one_of, text, word};

/// Inside every `…Ref`. The limit of the full name differs by reference and is checked with it.
pub(super) const REFERENCE: &[Node] = &[id("ListID"), text("FullName", 0)];

/// Inside every address.
pub(super) const ADDRESS: &[Node] = &[
    text("Addr1", 41),
    text("Addr2", 41),
    text("Addr3", 41),
    text("Addr4", 41).since(2, 0),
    text("Addr5", 41).since(6, 0),
    text("City", 31),
    text("State", 21),
    text("PostalCode", 13),
    text("Country", 31),
    text("Note", 41).since(6, 0),
];

/// Inside every address as printed.
pub(super) const ADDRESS_BLOCK: &[Node] =
    &[text("Addr1", 41), text("Addr2", 41), text("Addr3", 41), text("Addr4", 41), text("Addr5", 41)];

/// Inside `AdditionalContactRef`.
pub(super) const CONTACT_VALUE: &[Node] = &[text("ContactName", 40).required(), text("ContactValue", 255).required()];

/// Inside `DataExt` of a request.
pub(super) const DATA_EXT: &[Node] =
    &[guid("OwnerID").required(), text("DataExtName", 31).required(), text("DataExtValue", 0).required()];

/// Inside `DataExtRet` of an answer.
pub(super) const DATA_EXT_RET: &[Node] = &[
    guid("OwnerID"),
    text("DataExtName", 31).required(),
    word("DataExtType", DATA_EXT_TYPE).required(),
    text("DataExtValue", 0).required(),
];

const NAME_FILTER: &[Node] = &[word("MatchCriterion", MATCH).required(), text("Name", 0).required()];
const NAME_RANGE_FILTER: &[Node] = &[text("FromName", 0), text("ToName", 0)];

/// `NameFilter` or `NameRangeFilter`, or neither.
pub(super) const BY_NAME: Node = one_of(&[
    &[group("NameFilter", NAME_FILTER).required()],
    &[group("NameRangeFilter", NAME_RANGE_FILTER).required()],
])
.optional();

/// Inside `CurrencyFilter`.
const CURRENCY: &[Node] = &[one_of(&[&[id("ListID").required().many()], &[text("FullName", 64).required().many()]])];
/// `CurrencyFilter`, since 8.0.
pub(super) const CURRENCY_FILTER: Node = group("CurrencyFilter", CURRENCY).since(8, 0);

/// Inside `EntityFilter`, `AccountFilter` and `ClassFilter`.
pub(super) const TREE_FILTER: &[Node] = &[one_of(&[
    &[id("ListID").required().many()],
    &[text("FullName", 0).required().many()],
    &[id("ListIDWithChildren").required()],
    &[text("FullNameWithChildren", 0).required()],
])];

const BALANCE_FILTER: &[Node] = &[word("Operator", OPERATOR).required(), amount("Amount").required()];

/// `IncludeRetElement`, since 4.0.
pub(super) const INCLUDE: Node = text("IncludeRetElement", 50).many().since(4, 0);
/// `OwnerID` of a query, since 2.0: whose private data to return.
pub(super) const OWNER: Node = guid("OwnerID").many().since(2, 0);

pub(super) const BY_ID: &[Node] = &[id("ListID").required().many()];
pub(super) const BY_FULL_NAME: &[Node] = &[text("FullName", 0).required().many()];
pub(super) const MAX_RETURNED: Node = count("MaxReturned");
pub(super) const ACTIVE: Node = word("ActiveStatus", ACTIVE_STATUS);
pub(super) const FROM: Node = date_time("FromModifiedDate");
pub(super) const TO: Node = date_time("ToModifiedDate");

/// The filters of a plain list query (terms, entities, other names).
pub(super) const LIST_FILTERS: Node =
    one_of(&[BY_ID, BY_FULL_NAME, &[MAX_RETURNED, ACTIVE, FROM, TO, BY_NAME]]).optional();

/// The filters of `AccountQuery`.
pub(super) const ACCOUNT_FILTERS: Node = one_of(&[
    BY_ID,
    BY_FULL_NAME,
    &[MAX_RETURNED, ACTIVE, FROM, TO, BY_NAME, word("AccountType", ACCOUNT_TYPE).many(), CURRENCY_FILTER],
])
.optional();

/// The filters of `VendorQuery` and `CustomerQuery`.
pub(super) const PARTY_FILTERS: Node = one_of(&[
    BY_ID,
    BY_FULL_NAME,
    &[
        MAX_RETURNED,
        ACTIVE,
        FROM,
        TO,
        BY_NAME,
        group("TotalBalanceFilter", BALANCE_FILTER),
        CURRENCY_FILTER,
        group("ClassFilter", TREE_FILTER).since(12, 0),
    ],
])
.optional();

const DELETED_RANGE: &[Node] = &[date_time("FromDeletedDate"), date_time("ToDeletedDate")];
/// The date range of the deleted queries.
pub(super) const DELETED_FILTER: Node = group("DeletedDateRangeFilter", DELETED_RANGE);

/// `ActiveStatus`.
pub(super) const ACTIVE_STATUS: &[&str] = &["ActiveOnly", "InactiveOnly", "All"];

/// `MatchCriterion`.
pub(super) const MATCH: &[&str] = &["StartsWith", "Contains", "EndsWith"];

/// `Operator` of a balance filter.
pub(super) const OPERATOR: &[&str] = &["LessThan", "LessThanEqual", "Equal", "GreaterThan", "GreaterThanEqual"];

/// `AccountType`.
pub(super) const ACCOUNT_TYPE: &[&str] = &[
    "AccountsPayable",
    "AccountsReceivable",
    "Bank",
    "CostOfGoodsSold",
    "CreditCard",
    "Equity",
    "Expense",
    "FixedAsset",
    "Income",
    "LongTermLiability",
    "NonPosting",
    "OtherAsset",
    "OtherCurrentAsset",
    "OtherCurrentLiability",
    "OtherExpense",
    "OtherIncome",
];

/// `BillableStatus`.
pub(super) const BILLABLE: &[&str] = &["Billable", "NotBillable", "HasBeenBilled"];

/// `DateMacro`.
pub(super) const DATE_MACRO: &[&str] = &[
    "All",
    "Today",
    "ThisWeek",
    "ThisWeekToDate",
    "ThisMonth",
    "ThisMonthToDate",
    "ThisCalendarQuarter",
    "ThisCalendarQuarterToDate",
    "ThisFiscalQuarter",
    "ThisFiscalQuarterToDate",
    "ThisCalendarYear",
    "ThisCalendarYearToDate",
    "ThisFiscalYear",
    "ThisFiscalYearToDate",
    "Yesterday",
    "LastWeek",
    "LastWeekToDate",
    "LastMonth",
    "LastMonthToDate",
    "LastCalendarQuarter",
    "LastCalendarQuarterToDate",
    "LastFiscalQuarter",
    "LastFiscalQuarterToDate",
    "LastCalendarYear",
    "LastCalendarYearToDate",
    "LastFiscalYear",
    "LastFiscalYearToDate",
    "NextWeek",
    "NextFourWeeks",
    "NextMonth",
    "NextCalendarQuarter",
    "NextCalendarYear",
    "NextFiscalQuarter",
    "NextFiscalYear",
];

/// `PaidStatus`.
pub(super) const PAID_STATUS: &[&str] = &["All", "PaidOnly", "NotPaidOnly"];

/// `ListDelType`.
pub(super) const LIST_DEL_TYPE: &[&str] = &[
    "Account",
    "BillingRate",
    "Class",
    "Currency",
    "Customer",
    "CustomerMsg",
    "CustomerType",
    "DateDrivenTerms",
    "Employee",
    "InventorySite",
    "ItemDiscount",
    "ItemFixedAsset",
    "ItemGroup",
    "ItemInventory",
    "ItemInventoryAssembly",
    "ItemNonInventory",
    "ItemOtherCharge",
    "ItemPayment",
    "ItemSalesTax",
    "ItemSalesTaxGroup",
    "ItemService",
    "ItemSubtotal",
    "JobType",
    "OtherName",
    "PaymentMethod",
    "PayrollItemNonWage",
    "PayrollItemWage",
    "PriceLevel",
    "SalesRep",
    "SalesTaxCode",
    "ShipMethod",
    "StandardTerms",
    "ToDo",
    "UnitOfMeasureSet",
    "Vehicle",
    "Vendor",
    "VendorType",
    "WorkersCompCode",
];

/// `TxnDelType`.
pub(super) const TXN_DEL_TYPE: &[&str] = &[
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
    "PayrollLiabilityAdjustment",
    "PayrollPriorPayment",
    "PayrollYearToDateAdjustment",
    "PurchaseOrder",
    "ReceivePayment",
    "SalesOrder",
    "SalesReceipt",
    "SalesTaxPaymentCheck",
    "TimeTracking",
    "TransferInventory",
    "VehicleMileage",
    "VendorCredit",
];

/// `TxnVoidType`.
pub(super) const TXN_VOID_TYPE: &[&str] = &[
    "ARRefundCreditCard",
    "Bill",
    "BillPaymentCheck",
    "BillPaymentCreditCard",
    "Charge",
    "Check",
    "CreditCardCharge",
    "CreditCardCredit",
    "CreditMemo",
    "Deposit",
    "InventoryAdjustment",
    "Invoice",
    "ItemReceipt",
    "JournalEntry",
    "SalesReceipt",
    "VendorCredit",
];

/// `TxnType` of a linked transaction.
pub(super) const TXN_TYPE: &[&str] = &[
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
    "LiabilityAdjustment",
    "Paycheck",
    "PayrollLiabilityCheck",
    "PurchaseOrder",
    "ReceivePayment",
    "SalesOrder",
    "SalesReceipt",
    "SalesTaxPaymentCheck",
    "Transfer",
    "VendorCredit",
    "YTDAdjustment",
];

/// `LinkType`.
pub(super) const LINK_TYPE: &[&str] = &["AMTTYPE", "QUANTYPE"];

/// `SpecialAccountType`.
pub(super) const SPECIAL_ACCOUNT: &[&str] = &[
    "AccountsPayable",
    "AccountsReceivable",
    "CondenseItemAdjustmentExpenses",
    "CostOfGoodsSold",
    "DirectDepositLiabilities",
    "Estimates",
    "ExchangeGainLoss",
    "InventoryAssets",
    "ItemReceiptAccount",
    "OpeningBalanceEquity",
    "PayrollExpenses",
    "PayrollLiabilities",
    "PettyCash",
    "PurchaseOrders",
    "ReconciliationDifferences",
    "RetainedEarnings",
    "SalesOrders",
    "SalesTaxPayable",
    "UncategorizedExpenses",
    "UncategorizedIncome",
    "UndepositedFunds",
];

/// `CashFlowClassification`.
pub(super) const CASH_FLOW: &[&str] = &["None", "Operating", "Investing", "Financing", "NotApplicable"];

/// `DataExtType`.
pub(super) const DATA_EXT_TYPE: &[&str] =
    &["AMTTYPE", "DATETIMETYPE", "INTTYPE", "PERCENTTYPE", "PRICETYPE", "QUANTYPE", "STR1024TYPE", "STR255TYPE"];

/// `SalesTaxCountry`, not in the US edition.
pub(super) const TAX_COUNTRY: &[&str] = &["Australia", "Canada", "UK", "US"];

/// `ReportingPeriod`, not in the US edition.
pub(super) const REPORTING_PERIOD: &[&str] = &["Monthly", "Quarterly"];

/// `JobStatus`.
pub(super) const JOB_STATUS: &[&str] = &["Awarded", "Closed", "InProgress", "None", "NotAwarded", "Pending"];

/// `DeliveryMethod`, not in the US edition.
pub(super) const DELIVERY: &[&str] = &["Email", "Fax", "Print"];

/// `PreferredDeliveryMethod`.
pub(super) const PREFERRED_DELIVERY: &[&str] = &["None", "Email", "Fax"];
