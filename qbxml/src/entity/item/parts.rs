//! What items have in common: bar codes, and the sides of those that can be sold, bought, or both.

use crate::schema::{qb_choice, qb_struct};
use crate::types::{Change, ListRef, Percent, Price, QbText};

qb_choice! {
    /// The sides of an item in an Add: exactly one of the two kinds (`qbxml.md` 6).
    pub enum SalesSide {
        /// Sold or bought, with one account.
        One(SalesOrPurchase) = "SalesOrPurchase",
        /// Bought and sold on, with an account for each.
        Both(SalesAndPurchase) = "SalesAndPurchase",
    }
}

qb_choice! {
    /// The sides of an item in a Mod.
    pub enum SalesSideMod {
        One(SalesOrPurchaseMod) = "SalesOrPurchaseMod",
        Both(SalesAndPurchaseMod) = "SalesAndPurchaseMod",
    }
}

qb_choice! {
    /// The sides of an item, as QuickBooks returns them.
    pub enum SalesSideRet {
        One(SalesOrPurchaseRet) = "SalesOrPurchase",
        Both(SalesAndPurchaseRet) = "SalesAndPurchase",
    }
}

qb_choice! {
    /// What a unit costs: an amount, or a percentage of what stands above.
    pub enum ItemPrice {
        Price(Price) = "Price",
        Percent(Percent) = "PricePercent",
    }
}

qb_struct! {
    /// An item with one side (`SalesOrPurchase`).
    #[derive(Default)]
    pub struct SalesOrPurchase {
        desc: Option<QbText<4095>> = "Desc",
        price: Option<ItemPrice> = "(choice)",
        account_ref: Option<ListRef> = "AccountRef" max 159,
    }
}

qb_struct! {
    /// An item with two sides (`SalesAndPurchase`).
    #[derive(Default)]
    pub struct SalesAndPurchase {
        sales_desc: Option<QbText<4095>> = "SalesDesc",
        sales_price: Option<Price> = "SalesPrice",
        income_account_ref: Option<ListRef> = "IncomeAccountRef" max 159,
        purchase_desc: Option<QbText<4095>> = "PurchaseDesc",
        purchase_cost: Option<Price> = "PurchaseCost",
        expense_account_ref: Option<ListRef> = "ExpenseAccountRef" max 159,
        pref_vendor_ref: Option<ListRef> = "PrefVendorRef" max 41,
    }
}

qb_struct! {
    /// A changed item with one side (`SalesOrPurchaseMod`).
    #[derive(Default)]
    pub struct SalesOrPurchaseMod {
        desc: Change<QbText<4095>> = "Desc",
        price: Option<ItemPrice> = "(choice)",
        account_ref: Change<ListRef> = "AccountRef" max 159 since 7.0,
        /// Goes with a change of the account: whether what was booked before moves too (recalled).
        apply_account_ref_to_existing_txns: Change<bool> = "ApplyAccountRefToExistingTxns" since 7.0,
    }
}

qb_struct! {
    /// A changed item with two sides (`SalesAndPurchaseMod`).
    #[derive(Default)]
    pub struct SalesAndPurchaseMod {
        sales_desc: Change<QbText<4095>> = "SalesDesc",
        sales_price: Change<Price> = "SalesPrice",
        income_account_ref: Change<ListRef> = "IncomeAccountRef" max 159 since 7.0,
        /// Whether what was booked before moves too (recalled).
        apply_income_account_ref_to_existing_txns: Change<bool> = "ApplyIncomeAccountRefToExistingTxns" since 7.0,
        purchase_desc: Change<QbText<4095>> = "PurchaseDesc",
        purchase_cost: Change<Price> = "PurchaseCost",
        expense_account_ref: Change<ListRef> = "ExpenseAccountRef" max 159 since 7.0,
        /// Whether what was booked before moves too (recalled).
        apply_expense_account_ref_to_existing_txns: Change<bool> = "ApplyExpenseAccountRefToExistingTxns" since 7.0,
        pref_vendor_ref: Change<ListRef> = "PrefVendorRef" max 41,
    }
}

qb_struct! {
    /// An item with one side, as QuickBooks returns it (`SalesOrPurchase`).
    #[derive(Default)]
    pub struct SalesOrPurchaseRet {
        desc: Option<String> = "Desc" max 4095,
        price: Option<ItemPrice> = "(choice)",
        account_ref: Option<ListRef> = "AccountRef" max 159,
    }
}

qb_struct! {
    /// An item with two sides, as QuickBooks returns it (`SalesAndPurchase`).
    #[derive(Default)]
    pub struct SalesAndPurchaseRet {
        sales_desc: Option<String> = "SalesDesc" max 4095,
        sales_price: Option<Price> = "SalesPrice",
        income_account_ref: Option<ListRef> = "IncomeAccountRef" max 159,
        purchase_desc: Option<String> = "PurchaseDesc" max 4095,
        purchase_cost: Option<Price> = "PurchaseCost",
        expense_account_ref: Option<ListRef> = "ExpenseAccountRef" max 159,
        pref_vendor_ref: Option<ListRef> = "PrefVendorRef" max 41,
    }
}

qb_struct! {
    /// The bar code of an item (`BarCode`).
    #[derive(Default)]
    pub struct BarCode {
        bar_code_value: Option<QbText<50>> = "BarCodeValue",
        /// Although another item has it.
        assign_even_if_used: Option<bool> = "AssignEvenIfUsed",
        /// Although it is no usual bar code (recalled).
        allow_override: Option<bool> = "AllowOverride",
    }
}
