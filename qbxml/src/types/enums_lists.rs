//! Enumerations of list objects and preferences, values in the schema's order.

use crate::schema::qb_enum;

qb_enum! {
    /// How far a job is.
    pub enum JobStatus {
        Awarded,
        Closed,
        InProgress,
        None,
        NotAwarded,
        Pending,
    }
}

qb_enum! {
    /// How a customer wants to get documents.
    pub enum DeliveryMethod {
        None,
        Email,
        Fax,
    }
}

qb_enum! {
    /// Whether an asset was new when it was bought.
    pub enum AcquiredAs {
        New,
        Old,
    }
}

qb_enum! {
    /// The type of a payment method.
    pub enum PaymentMethodType {
        AmericanExpress,
        Cash,
        Check,
        DebitCard,
        Discover,
        ElectronicCheck = "ECheck",
        GiftCard,
        MasterCard,
        Other,
        OtherCreditCard,
        Visa,
    }
}

qb_enum! {
    /// QuickBooks' own items, made for finance charges and expenses charged on.
    pub enum SpecialItemType {
        FinanceCharge,
        ReimbursableExpenseGroup,
        ReimbursableExpenseSubtotal,
    }
}

qb_enum! {
    /// A kind of list object that can be merged.
    pub enum ListMergeType {
        Account,
        Class,
        Customer,
        ItemDiscount,
        ItemGroup,
        ItemInventory,
        ItemNonInventory,
        ItemOtherCharge,
        ItemPayment,
        ItemSalesTax,
        ItemSalesTaxGroup,
        ItemService,
        ItemSubtotal,
        Vendor,
    }
}

qb_enum! {
    /// A kind of object that a data extension is defined for.
    pub enum DataExtObject {
        Account,
        ArRefundCreditCard = "ARRefundCreditCard",
        Bill,
        BillPaymentCheck,
        BillPaymentCreditCard,
        BuildAssembly,
        Charge,
        Check,
        Company,
        CreditCardCharge,
        CreditCardCredit,
        CreditMemo,
        Customer,
        Deposit,
        Employee,
        Estimate,
        InventoryAdjustment,
        Invoice,
        Item,
        ItemReceipt,
        JournalEntry,
        OtherName,
        PurchaseOrder,
        ReceivePayment,
        SalesOrder,
        SalesReceipt,
        SalesTaxPaymentCheck,
        Vendor,
        VendorCredit,
    }
}

qb_enum! {
    /// A kind of list object that has data extensions.
    pub enum ListDataExtType {
        Account,
        Customer,
        Employee,
        Item,
        OtherName,
        Vendor,
    }
}

qb_enum! {
    /// A kind of transaction that has data extensions.
    pub enum TxnDataExtType {
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
        PurchaseOrder,
        ReceivePayment,
        SalesOrder,
        SalesReceipt,
        SalesTaxPaymentCheck,
        VendorCredit,
    }
}

qb_enum! {
    /// What else has data extensions.
    pub enum OtherDataExtType {
        Company,
    }
}

qb_enum! {
    /// From when finance charges are reckoned.
    pub enum FinanceChargeFrom {
        DueDate,
        InvoiceOrBilledDate,
    }
}

qb_enum! {
    /// From when the age of what is open is reckoned.
    pub enum AgingBasis {
        AgeFromDueDate,
        AgeFromTransactionDate,
    }
}

qb_enum! {
    /// When reports count income and expenses.
    pub enum ReportBasis {
        Accrual,
        Cash,
    }
}

qb_enum! {
    /// How often sales tax is paid.
    pub enum SalesTaxPeriod {
        Monthly,
        Quarterly,
        Annually,
    }
}

qb_enum! {
    /// A day of the week.
    pub enum Weekday {
        Monday,
        Tuesday,
        Wednesday,
        Thursday,
        Friday,
        Saturday,
        Sunday,
    }
}

qb_enum! {
    /// What single pieces of inventory are told apart by.
    pub enum SerialOrLotTracking {
        None,
        SerialNumber,
        LotNumber,
    }
}
