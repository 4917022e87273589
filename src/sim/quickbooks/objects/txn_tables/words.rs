//! The word lists that only transactions have.

/// `OptionForPriceRuleConflict`.
pub(super) const OPTION_FOR_PRICE_RULE_CONFLICT: &[&str] = &["Zero", "BasePrice"];

/// `TransactionMode`.
pub(super) const TRANSACTION_MODE: &[&str] = &["CardNotPresent", "CardPresent"];

/// `CreditCardTxnType`.
pub(super) const CREDIT_CARD_TXN_TYPE: &[&str] =
    &["Authorization", "Capture", "Charge", "Refund", "VoiceAuthorization"];

/// `AVSStreet`.
pub(super) const AVSSTREET: &[&str] = &["Pass", "Fail", "NotAvailable"];

/// `PaymentStatus`.
pub(super) const PAYMENT_STATUS: &[&str] = &["Unknown", "Completed"];

/// `JournalLineType`.
pub(super) const JOURNAL_LINE_TYPE: &[&str] = &["Debit", "Credit"];

/// `EntityTypeFilter`.
pub(super) const ENTITY_TYPE_FILTER: &[&str] = &["Customer", "Employee", "OtherName", "Vendor"];

/// `AccountTypeFilter`.
pub(super) const ACCOUNT_TYPE_FILTER: &[&str] = &[
    "AccountsPayable",
    "AccountsReceivable",
    "AllowedFor1099",
    "APAndSalesTax",
    "APOrCreditCard",
    "ARAndAP",
    "Asset",
    "BalanceSheet",
    "Bank",
    "BankAndARAndAPAndUF",
    "BankAndUF",
    "CostOfSales",
    "CreditCard",
    "CurrentAsset",
    "CurrentAssetAndExpense",
    "CurrentLiability",
    "Equity",
    "EquityAndIncomeAndExpense",
    "ExpenseAndOtherExpense",
    "FixedAsset",
    "IncomeAndExpense",
    "IncomeAndOtherIncome",
    "Liability",
    "LiabilityAndEquity",
    "LongTermLiability",
    "NonPosting",
    "OrdinaryExpense",
    "OrdinaryIncome",
    "OrdinaryIncomeAndCOGS",
    "OrdinaryIncomeAndExpense",
    "OtherAsset",
    "OtherCurrentAsset",
    "OtherCurrentLiability",
    "OtherExpense",
    "OtherIncome",
    "OtherIncomeOrExpense",
];

/// `ItemTypeFilter`.
pub(super) const ITEM_TYPE_FILTER: &[&str] = &[
    "AllExceptFixedAsset",
    "Assembly",
    "Discount",
    "FixedAsset",
    "Inventory",
    "InventoryAndAssembly",
    "NonInventory",
    "OtherCharge",
    "Payment",
    "Sales",
    "SalesTax",
    "Service",
];

/// `TxnTypeFilter`.
pub(super) const TXN_TYPE_FILTER: &[&str] = &[
    "All",
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

/// `TransactionDetailLevelFilter`.
pub(super) const TRANSACTION_DETAIL_LEVEL_FILTER: &[&str] = &["All", "SummaryOnly", "AllExceptSummary"];

/// `TransactionPostingStatusFilter`.
pub(super) const TRANSACTION_POSTING_STATUS_FILTER: &[&str] = &["Either", "NonPosting", "Posting"];

/// `TransactionPaidStatusFilter`.
pub(super) const TRANSACTION_PAID_STATUS_FILTER: &[&str] = &["Either", "Closed", "Open"];
