//! Enumerations of the schema (`ENUMTYPE`), values in its order.

use crate::schema::qb_enum;

qb_enum! {
    /// The type of an account (`AccountType`). `NonPosting` exists only as QuickBooks' own; it
    /// cannot be added.
    pub enum AccountType {
        AccountsPayable,
        AccountsReceivable,
        Bank,
        CostOfGoodsSold,
        CreditCard,
        Equity,
        Expense,
        FixedAsset,
        Income,
        LongTermLiability,
        NonPosting,
        OtherAsset,
        OtherCurrentAsset,
        OtherCurrentLiability,
        OtherExpense,
        OtherIncome,
    }
}

qb_enum! {
    /// Which list objects a query returns (`ActiveStatus`). QuickBooks' default is `ActiveOnly`:
    /// ask for `All` when syncing.
    pub enum ActiveStatus {
        ActiveOnly,
        InactiveOnly,
        All,
    }
}

qb_enum! {
    /// How a name or number filter compares.
    pub enum MatchCriterion {
        StartsWith,
        Contains,
        EndsWith,
    }
}

qb_enum! {
    /// How a balance filter compares.
    pub enum Operator {
        LessThan,
        LessThanEqual,
        Equal,
        GreaterThan,
        GreaterThanEqual,
    }
}

qb_enum! {
    /// Whether a line is charged on to a customer.
    pub enum BillableStatus {
        Billable,
        NotBillable,
        HasBeenBilled,
    }
}

qb_enum! {
    /// A named range of dates.
    pub enum DateMacro {
        All,
        Today,
        ThisWeek,
        ThisWeekToDate,
        ThisMonth,
        ThisMonthToDate,
        ThisCalendarQuarter,
        ThisCalendarQuarterToDate,
        ThisFiscalQuarter,
        ThisFiscalQuarterToDate,
        ThisCalendarYear,
        ThisCalendarYearToDate,
        ThisFiscalYear,
        ThisFiscalYearToDate,
        Yesterday,
        LastWeek,
        LastWeekToDate,
        LastMonth,
        LastMonthToDate,
        LastCalendarQuarter,
        LastCalendarQuarterToDate,
        LastFiscalQuarter,
        LastFiscalQuarterToDate,
        LastCalendarYear,
        LastCalendarYearToDate,
        LastFiscalYear,
        LastFiscalYearToDate,
        NextWeek,
        NextFourWeeks,
        NextMonth,
        NextCalendarQuarter,
        NextCalendarYear,
        NextFiscalQuarter,
        NextFiscalYear,
    }
}

qb_enum! {
    /// Which bills a query returns by payment.
    pub enum PaidStatus {
        All,
        PaidOnly,
        NotPaidOnly,
    }
}

qb_enum! {
    /// The built-in role of an account (`SpecialAccountType`).
    pub enum SpecialAccountType {
        AccountsPayable,
        AccountsReceivable,
        CondenseItemAdjustmentExpenses,
        CostOfGoodsSold,
        DirectDepositLiabilities,
        Estimates,
        ExchangeGainLoss,
        InventoryAssets,
        ItemReceiptAccount,
        OpeningBalanceEquity,
        PayrollExpenses,
        PayrollLiabilities,
        PettyCash,
        PurchaseOrders,
        ReconciliationDifferences,
        RetainedEarnings,
        SalesOrders,
        SalesTaxPayable,
        UncategorizedExpenses,
        UncategorizedIncome,
        UndepositedFunds,
    }
}

qb_enum! {
    /// A kind of list object that can be deleted, and looked for among the deleted.
    pub enum ListDelType {
        Account,
        BillingRate,
        Class,
        Currency,
        Customer,
        CustomerMsg,
        CustomerType,
        DateDrivenTerms,
        Employee,
        InventorySite,
        ItemDiscount,
        ItemFixedAsset,
        ItemGroup,
        ItemInventory,
        ItemInventoryAssembly,
        ItemNonInventory,
        ItemOtherCharge,
        ItemPayment,
        ItemSalesTax,
        ItemSalesTaxGroup,
        ItemService,
        ItemSubtotal,
        JobType,
        OtherName,
        PaymentMethod,
        PayrollItemNonWage,
        PayrollItemWage,
        PriceLevel,
        SalesRep,
        SalesTaxCode,
        ShipMethod,
        StandardTerms,
        ToDo,
        UnitOfMeasureSet,
        Vehicle,
        Vendor,
        VendorType,
        WorkersCompCode,
    }
}

qb_enum! {
    /// A kind of transaction that can be deleted, and looked for among the deleted. Transfers are
    /// not among them (schema).
    pub enum TxnDelType {
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
        PayrollLiabilityAdjustment since 16.0,
        PayrollPriorPayment since 16.0,
        PayrollYearToDateAdjustment since 16.0,
        PurchaseOrder,
        ReceivePayment,
        SalesOrder,
        SalesReceipt,
        SalesTaxPaymentCheck,
        TimeTracking,
        TransferInventory,
        VehicleMileage,
        VendorCredit,
    }
}

qb_enum! {
    /// A kind of transaction that can be voided. Neither received payments nor transfers can
    /// (schema).
    pub enum TxnVoidType {
        ArRefundCreditCard = "ARRefundCreditCard",
        Bill,
        BillPaymentCheck,
        BillPaymentCreditCard,
        Charge,
        Check,
        CreditCardCharge,
        CreditCardCredit,
        CreditMemo,
        Deposit,
        InventoryAdjustment,
        Invoice,
        ItemReceipt,
        JournalEntry,
        SalesReceipt,
        VendorCredit,
    }
}

qb_enum! {
    /// The type of a data extension's value.
    pub enum DataExtType {
        Amount = "AMTTYPE",
        DateTime = "DATETIMETYPE",
        Int = "INTTYPE",
        Percent = "PERCENTTYPE",
        Price = "PRICETYPE",
        Quantity = "QUANTYPE",
        Str1024 = "STR1024TYPE",
        Str255 = "STR255TYPE",
    }
}

qb_enum! {
    /// Where an account appears in the cash flow report.
    pub enum CashFlowClassification {
        None,
        Operating,
        Investing,
        Financing,
        NotApplicable,
    }
}

qb_enum! {
    /// The kind of a linked transaction.
    pub enum TxnType {
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
    /// Whether a link is by amount or by quantity.
    pub enum LinkType {
        Amount = "AMTTYPE",
        Quantity = "QUANTYPE",
    }
}

qb_enum! {
    /// Whether the company file is open for one user or several.
    pub enum QbFileMode {
        MultiUser,
        SingleUser,
    }
}

qb_enum! {
    /// A month.
    pub enum Month {
        January,
        February,
        March,
        April,
        May,
        June,
        July,
        August,
        September,
        October,
        November,
        December,
    }
}

qb_enum! {
    /// The income tax form of the company.
    pub enum TaxForm {
        Form1040,
        Form1065,
        Form1120,
        Form1120S,
        Form990,
        Form990PF,
        Form990T,
        OtherOrNone,
    }
}

qb_enum! {
    /// The state of a subscribed service.
    pub enum ServiceStatus {
        Active,
        Expired,
        Never,
        Pending,
        Suspended,
        Terminated,
        Trial,
    }
}

qb_enum! {
    /// What classes are assigned to.
    pub enum AssignClassesTo {
        None,
        Accounts,
        Items,
        Names,
    }
}
