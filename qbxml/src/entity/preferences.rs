//! Preferences: which features of the company file are on.
//!
//! Read them first: class fields answer 3250 if class tracking is off, currency fields if
//! multicurrency is off; dates in a closed period answer 3171. Groups a sync does not decide by are
//! left unread, and counted as known.

use crate::request::qb_request;
use crate::schema::qb_struct;
use crate::types::{AssignClassesTo, ListRef, QbDate, QbText};

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
        multi_currency_preferences: Option<MultiCurrencyPreferencesRet> = "MultiCurrencyPreferences" since 8.0,
        purchases_and_vendors_preferences: Option<PurchasesAndVendorsPreferencesRet> = "PurchasesAndVendorsPreferences",
        current_app_access_rights: Option<CurrentAppAccessRightsRet> = "CurrentAppAccessRights",
    }
    skip {
        "FinanceChargePreferences", "JobsAndEstimatesPreferences",
        "MultiLocationInventoryPreferences", "ReportsPreferences",
        "SalesAndCustomersPreferences", "SalesTaxPreferences", "TimeTrackingPreferences",
        "ItemsAndInventoryPreferences",
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
    /// Currencies (`MultiCurrencyPreferences`).
    #[derive(Default)]
    pub struct MultiCurrencyPreferencesRet {
        is_multi_currency_on: Option<bool> = "IsMultiCurrencyOn",
        home_currency_ref: Option<ListRef> = "HomeCurrencyRef" max 64,
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
    /// What this application may do (`CurrentAppAccessRights`).
    #[derive(Default)]
    pub struct CurrentAppAccessRightsRet {
        is_automatic_login_allowed: Option<bool> = "IsAutomaticLoginAllowed",
        automatic_login_user_name: Option<String> = "AutomaticLoginUserName" max 29,
        /// If not, sensitive fields are missing from answers and 3261 comes.
        is_personal_data_access_allowed: Option<bool> = "IsPersonalDataAccessAllowed",
    }
}
