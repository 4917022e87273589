//! Preferences: which features of the company file are on.
//!
//! Read them first: class fields answer 3250 if class tracking is off, currency fields if
//! multicurrency is off; dates in a closed period answer 3171.

use crate::request::qb_request;
use crate::schema::qb_struct;
use crate::types::{
    AgingBasis, Amount, AssignClassesTo, FinanceChargeFrom, ListRef, Percent, QbDate, QbText, ReportBasis,
    SalesTaxPeriod, SerialOrLotTracking, Weekday,
};

qb_struct! {
    /// Asks for the preferences (`PreferencesQueryRq`).
    #[derive(Default)]
    pub struct PreferencesQuery {
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement" since 4.0,
    }
}

qb_request!(PreferencesQuery, "PreferencesQuery" => PreferencesRet, since 1.1, direct);

qb_struct! {
    /// The preferences (`PreferencesRet`).
    #[derive(Default)]
    pub struct PreferencesRet {
        accounting_preferences: Option<AccountingPreferencesRet> = "AccountingPreferences",
        finance_charge_preferences: Option<FinanceChargePreferencesRet> = "FinanceChargePreferences",
        jobs_and_estimates_preferences: Option<JobsAndEstimatesPreferencesRet> = "JobsAndEstimatesPreferences",
        multi_currency_preferences: Option<MultiCurrencyPreferencesRet> = "MultiCurrencyPreferences" since 8.0,
        multi_location_inventory_preferences: Option<MultiLocationInventoryPreferencesRet>
            = "MultiLocationInventoryPreferences" since 10.0,
        purchases_and_vendors_preferences: Option<PurchasesAndVendorsPreferencesRet> = "PurchasesAndVendorsPreferences",
        reports_preferences: Option<ReportsPreferencesRet> = "ReportsPreferences",
        sales_and_customers_preferences: Option<SalesAndCustomersPreferencesRet> = "SalesAndCustomersPreferences",
        sales_tax_preferences: Option<SalesTaxPreferencesRet> = "SalesTaxPreferences",
        time_tracking_preferences: Option<TimeTrackingPreferencesRet> = "TimeTrackingPreferences",
        current_app_access_rights: Option<CurrentAppAccessRightsRet> = "CurrentAppAccessRights",
        items_and_inventory_preferences: Option<ItemsAndInventoryPreferencesRet>
            = "ItemsAndInventoryPreferences" since 11.0,
    }
}

qb_struct! {
    /// Account numbers, classes and the closing date (`AccountingPreferences`).
    #[derive(Default)]
    pub struct AccountingPreferencesRet {
        /// If on, a `FullName` of digits is taken as an account number.
        is_using_account_numbers: Option<bool> = "IsUsingAccountNumbers",
        is_requiring_accounts: Option<bool> = "IsRequiringAccounts",
        is_using_class_tracking: Option<bool> = "IsUsingClassTracking",
        assign_classes_to: Option<AssignClassesTo> = "AssignClassesTo" since 12.0,
        is_using_audit_trail: Option<bool> = "IsUsingAuditTrail",
        is_assigning_journal_entry_numbers: Option<bool> = "IsAssigningJournalEntryNumbers",
        /// Transactions up to this day may be closed to us (3171).
        closing_date: Option<QbDate> = "ClosingDate",
    }
}

qb_struct! {
    /// Charges on what is overdue (`FinanceChargePreferences`).
    #[derive(Default)]
    pub struct FinanceChargePreferencesRet {
        annual_interest_rate: Option<Percent> = "AnnualInterestRate",
        min_finance_charge: Option<Amount> = "MinFinanceCharge",
        grace_period: Option<i64> = "GracePeriod",
        finance_charge_account_ref: Option<ListRef> = "FinanceChargeAccountRef" max 159,
        is_assessing_for_overdue_charges: Option<bool> = "IsAssessingForOverdueCharges",
        calculate_charges_from: Option<FinanceChargeFrom> = "CalculateChargesFrom",
        is_marked_to_be_printed: Option<bool> = "IsMarkedToBePrinted",
    }
}

qb_struct! {
    /// Estimates (`JobsAndEstimatesPreferences`).
    #[derive(Default)]
    pub struct JobsAndEstimatesPreferencesRet {
        is_using_estimates: Option<bool> = "IsUsingEstimates",
        is_using_progress_invoicing: Option<bool> = "IsUsingProgressInvoicing",
        is_printing_items_with_zero_amounts: Option<bool> = "IsPrintingItemsWithZeroAmounts",
    }
}

qb_struct! {
    /// Currencies (`MultiCurrencyPreferences`).
    #[derive(Default)]
    pub struct MultiCurrencyPreferencesRet {
        is_multi_currency_on: Option<bool> = "IsMultiCurrencyOn",
        home_currency_ref: Option<ListRef> = "HomeCurrencyRef" max 64,
    }
}

qb_struct! {
    /// Inventory in several places (`MultiLocationInventoryPreferences`).
    #[derive(Default)]
    pub struct MultiLocationInventoryPreferencesRet {
        is_multi_location_inventory_available: Option<bool> = "IsMultiLocationInventoryAvailable",
        is_multi_location_inventory_enabled: Option<bool> = "IsMultiLocationInventoryEnabled",
    }
}

qb_struct! {
    /// Bills and vendors (`PurchasesAndVendorsPreferences`).
    #[derive(Default)]
    pub struct PurchasesAndVendorsPreferencesRet {
        is_using_inventory: Option<bool> = "IsUsingInventory",
        days_bills_are_due: Option<i64> = "DaysBillsAreDue",
        is_automatically_using_discounts: Option<bool> = "IsAutomaticallyUsingDiscounts",
        default_discount_account_ref: Option<ListRef> = "DefaultDiscountAccountRef" max 159,
    }
}

qb_struct! {
    /// How reports count (`ReportsPreferences`).
    #[derive(Default)]
    pub struct ReportsPreferencesRet {
        aging_report_basis: Option<AgingBasis> = "AgingReportBasis",
        summary_report_basis: Option<ReportBasis> = "SummaryReportBasis",
    }
}

qb_struct! {
    /// Invoices and payments (`SalesAndCustomersPreferences`).
    #[derive(Default)]
    pub struct SalesAndCustomersPreferencesRet {
        default_ship_method_ref: Option<ListRef> = "DefaultShipMethodRef" max 15,
        default_fob: Option<String> = "DefaultFOB" max 13,
        default_markup: Option<Percent> = "DefaultMarkup",
        is_tracking_reimbursed_expenses_as_income: Option<bool> = "IsTrackingReimbursedExpensesAsIncome",
        is_auto_applying_payments: Option<bool> = "IsAutoApplyingPayments",
        price_levels: Option<PriceLevelPreferencesRet> = "PriceLevels" since 4.0,
    }
}

qb_struct! {
    /// Sales tax (`SalesTaxPreferences`).
    #[derive(Default)]
    pub struct SalesTaxPreferencesRet {
        default_item_sales_tax_ref: Option<ListRef> = "DefaultItemSalesTaxRef" max 31,
        pay_sales_tax: Option<SalesTaxPeriod> = "PaySalesTax",
        default_taxable_sales_tax_code_ref: Option<ListRef> = "DefaultTaxableSalesTaxCodeRef" max 3,
        default_non_taxable_sales_tax_code_ref: Option<ListRef> = "DefaultNonTaxableSalesTaxCodeRef" max 3,
        is_using_vendor_tax_code: Option<bool> = "IsUsingVendorTaxCode",
        is_using_customer_tax_code: Option<bool> = "IsUsingCustomerTaxCode",
        is_using_amounts_include_tax: Option<bool> = "IsUsingAmountsIncludeTax",
    }
}

qb_struct! {
    /// Time tracking (`TimeTrackingPreferences`).
    #[derive(Default)]
    pub struct TimeTrackingPreferencesRet {
        first_day_of_week: Option<Weekday> = "FirstDayOfWeek",
    }
}

qb_struct! {
    /// What this application may do (`CurrentAppAccessRights`).
    #[derive(Default)]
    pub struct CurrentAppAccessRightsRet {
        is_automatic_login_allowed: Option<bool> = "IsAutomaticLoginAllowed",
        automatic_login_user_name: Option<String> = "AutomaticLoginUserName" max 29,
        /// If not, sensitive fields are missing from answers and 3261 comes.
        is_personal_data_access_allowed: Option<bool> = "IsPersonalDataAccessAllowed",
    }
}

qb_struct! {
    /// Inventory (`ItemsAndInventoryPreferences`).
    #[derive(Default)]
    pub struct ItemsAndInventoryPreferencesRet {
        enhanced_inventory_receiving_enabled: Option<bool> = "EnhancedInventoryReceivingEnabled",
        is_tracking_serial_or_lot_number: Option<SerialOrLotTracking> = "IsTrackingSerialOrLotNumber",
        is_inventory_expiration_date_enabled: Option<bool> = "IsInventoryExpirationDateEnabled" since 16.0,
        is_tracking_on_sales_transactions_enabled: Option<bool> = "isTrackingOnSalesTransactionsEnabled",
        is_tracking_on_purchase_transactions_enabled: Option<bool> = "isTrackingOnPurchaseTransactionsEnabled",
        is_tracking_on_inventory_adjustment_enabled: Option<bool> = "isTrackingOnInventoryAdjustmentEnabled",
        is_tracking_on_build_assembly_enabled: Option<bool> = "isTrackingOnBuildAssemblyEnabled",
        fifo_enabled: Option<bool> = "FIFOEnabled",
        fifo_effective_date: Option<QbDate> = "FIFOEffectiveDate",
        is_rsb_enabled: Option<bool> = "IsRSBEnabled" since 12.0,
        is_barcode_enabled: Option<bool> = "IsBarcodeEnabled" since 12.0,
    }
}

qb_struct! {
    /// Price levels (`PriceLevels`).
    #[derive(Default)]
    pub struct PriceLevelPreferencesRet {
        is_using_price_levels: Option<bool> = "IsUsingPriceLevels",
        is_rounding_sales_price_up: Option<bool> = "IsRoundingSalesPriceUp",
    }
}
