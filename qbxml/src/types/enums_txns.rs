//! Enumerations of transactions, values in the schema's order.

use crate::schema::qb_enum;

qb_enum! {
    /// Which price a line takes when price rules contradict each other.
    pub enum PriceRuleConflict {
        Zero,
        BasePrice,
    }
}

qb_enum! {
    /// Whether the card was there.
    pub enum CardTransactionMode {
        CardNotPresent,
        CardPresent,
    }
}

qb_enum! {
    /// What was done with a card.
    pub enum CardTxnType {
        Authorization,
        Capture,
        Charge,
        Refund,
        VoiceAuthorization,
    }
}

qb_enum! {
    /// Whether something about a card was right.
    pub enum CardCheck {
        Pass,
        Fail,
        NotAvailable,
    }
}

qb_enum! {
    /// Whether a charge went through.
    pub enum CardPaymentStatus {
        Unknown,
        Completed,
    }
}

qb_enum! {
    /// On which side of a journal entry a line stands.
    pub enum JournalLineType {
        Debit,
        Credit,
    }
}

qb_enum! {
    /// One of the four name lists.
    pub enum EntityType {
        Customer,
        Employee,
        OtherName,
        Vendor,
    }
}

qb_enum! {
    /// A kind of account, or several, as a condition.
    pub enum AccountTypeFilter {
        AccountsPayable,
        AccountsReceivable,
        AllowedFor1099,
        ApAndSalesTax = "APAndSalesTax",
        ApOrCreditCard = "APOrCreditCard",
        ArAndAp = "ARAndAP",
        Asset,
        BalanceSheet,
        Bank,
        BankAndArAndApAndUf = "BankAndARAndAPAndUF",
        BankAndUf = "BankAndUF",
        CostOfSales,
        CreditCard,
        CurrentAsset,
        CurrentAssetAndExpense,
        CurrentLiability,
        Equity,
        EquityAndIncomeAndExpense,
        ExpenseAndOtherExpense,
        FixedAsset,
        IncomeAndExpense,
        IncomeAndOtherIncome,
        Liability,
        LiabilityAndEquity,
        LongTermLiability,
        NonPosting,
        OrdinaryExpense,
        OrdinaryIncome,
        OrdinaryIncomeAndCogs = "OrdinaryIncomeAndCOGS",
        OrdinaryIncomeAndExpense,
        OtherAsset,
        OtherCurrentAsset,
        OtherCurrentLiability,
        OtherExpense,
        OtherIncome,
        OtherIncomeOrExpense,
    }
}

qb_enum! {
    /// A kind of item, or several, as a condition.
    pub enum ItemTypeFilter {
        AllExceptFixedAsset,
        Assembly,
        Discount,
        FixedAsset,
        Inventory,
        InventoryAndAssembly,
        NonInventory,
        OtherCharge,
        Payment,
        Sales,
        SalesTax,
        Service,
    }
}

qb_enum! {
    /// A type of transaction, or all, as a condition.
    pub enum TxnTypeFilter {
        All,
        ArRefundCreditCard = "ARRefundCreditCard",
        Bill,
        BillPaymentCheck,
        BillPaymentCreditCard,
        BuildAssembly,
        Charge,
        Check,
        CreditCardCharge,
        CreditCardCredit,
        CreditMemo,
        Deposit,
        Estimate,
        InventoryAdjustment,
        Invoice,
        ItemReceipt,
        JournalEntry,
        LiabilityAdjustment,
        Paycheck,
        PayrollLiabilityCheck,
        PurchaseOrder,
        ReceivePayment,
        SalesOrder,
        SalesReceipt,
        SalesTaxPaymentCheck,
        Transfer,
        VendorCredit,
        YtdAdjustment = "YTDAdjustment",
    }
}

qb_enum! {
    /// Whether whole transactions are returned, or their lines.
    pub enum TransactionDetailLevel {
        All,
        SummaryOnly,
        AllExceptSummary,
    }
}

qb_enum! {
    /// Whether transactions move balances.
    pub enum PostingStatus {
        Either,
        NonPosting,
        Posting,
    }
}

qb_enum! {
    /// Whether something is still open.
    pub enum OpenStatus {
        Either,
        Closed,
        Open,
    }
}
