//! `PreferencesQuery`: the company preferences, in the order and with the defaults of a real answer.

use super::RequestType;
use super::company::included;
use crate::sim::quickbooks::answer::Outcome;
use crate::sim::quickbooks::books::Books;
use crate::sim::quickbooks::lists::{ListKind, ListRecord};
use crate::sim::quickbooks::schema::{Node, Version};
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::tables::INCLUDE;
use crate::sim::quickbooks::{Call, refs};
use crate::sim::xml::Element;

const QUERY: &[Node] = &[INCLUDE];

pub(crate) const REQUESTS: &[RequestType] = &[RequestType::new("PreferencesQuery", QUERY, query).since(1, 1)];

/// Groups that do not depend on anything: name, version they came with, fields.
type Fixed = (&'static str, Version, &'static [(&'static str, &'static str)]);

const PURCHASES: &str = "PurchasesAndVendorsPreferences";
const TIME: &str = "TimeTrackingPreferences";

const FIXED: &[Fixed] = &[
    (
        "FinanceChargePreferences",
        Version(1, 1),
        &[
            ("AnnualInterestRate", "0.00"),
            ("MinFinanceCharge", "0.00"),
            ("GracePeriod", "0"),
            ("IsAssessingForOverdueCharges", "false"),
            ("CalculateChargesFrom", "DueDate"),
            ("IsMarkedToBePrinted", "false"),
        ],
    ),
    (
        "JobsAndEstimatesPreferences",
        Version(1, 1),
        &[
            ("IsUsingEstimates", "true"),
            ("IsUsingProgressInvoicing", "false"),
            ("IsPrintingItemsWithZeroAmounts", "false"),
        ],
    ),
    (
        PURCHASES,
        Version(1, 1),
        &[("IsUsingInventory", "false"), ("DaysBillsAreDue", "10"), ("IsAutomaticallyUsingDiscounts", "false")],
    ),
    ("ReportsPreferences", Version(1, 1), &[("AgingReportBasis", "AgeFromDueDate"), ("SummaryReportBasis", "Accrual")]),
    (
        "SalesAndCustomersPreferences",
        Version(1, 1),
        &[("IsTrackingReimbursedExpensesAsIncome", "false"), ("IsAutoApplyingPayments", "true")],
    ),
    (TIME, Version(1, 1), &[("FirstDayOfWeek", "Monday")]),
    (
        "CurrentAppAccessRights",
        Version(1, 1),
        &[("IsAutomaticLoginAllowed", "false"), ("IsPersonalDataAccessAllowed", "false")],
    ),
];

fn query(call: &mut Call<'_>) -> Result<Outcome, Status> {
    let preferences = &call.file.books.preferences;
    let truth = |value: bool| if value { "true" } else { "false" };
    let mut accounting = vec![
        Element::leaf("IsUsingAccountNumbers", truth(preferences.account_numbers)),
        Element::leaf("IsRequiringAccounts", "true"),
        Element::leaf("IsUsingClassTracking", truth(preferences.class_tracking)),
    ];
    if preferences.class_tracking && call.version >= Version(12, 0) {
        accounting.push(Element::leaf("AssignClassesTo", "Accounts"));
    }
    accounting.push(Element::leaf("IsUsingAuditTrail", "true"));
    accounting.push(Element::leaf("IsAssigningJournalEntryNumbers", "true"));
    if let Some(date) = preferences.closing_date {
        accounting.push(Element::leaf("ClosingDate", &date.to_string()));
    }
    let currency = vec![Element::leaf("IsMultiCurrencyOn", truth(preferences.multicurrency))];
    let mut groups = vec![Element::group("AccountingPreferences", accounting)];
    for (name, since, fields) in FIXED {
        if *name == PURCHASES && call.version >= Version(8, 0) {
            groups.push(Element::group("MultiCurrencyPreferences", currency.clone()));
        }
        if *name == TIME && preferences.sales_tax {
            groups.extend(sales_tax(&call.file.books));
        }
        if *since <= call.version {
            let value = |name: &str, fixed: &'static str| match name {
                "IsUsingInventory" => truth(preferences.inventory),
                _ => fixed,
            };
            let leaves = fields.iter().map(|(name, fixed)| Element::leaf(name, value(name, fixed))).collect();
            groups.push(Element::group(name, leaves));
        }
    }
    Ok(Outcome::of(vec![included(call.request, "PreferencesRet", groups)]))
}

/// The group that only companies have that charge sales tax: the tax and the codes used when a customer names none.
fn sales_tax(books: &Books) -> Option<Element> {
    let oldest = |kind| books.lists.of_kind(kind).min_by_key(|record| (record.created.local, record.id.clone()));
    let code = |is_taxable: &str| {
        let codes =
            books.lists.of_kind(ListKind::SalesTaxCode).filter(|code| code.field("IsTaxable") == Some(is_taxable));
        codes.min_by_key(|record| (record.created.local, record.id.clone()))
    };
    let reference = |name: &str, record: &ListRecord| {
        let mut reference = refs::to(name, &record.id);
        reference.children.push(Element::leaf("FullName", &books.lists.full_name(record)));
        reference
    };
    Some(Element::group(
        "SalesTaxPreferences",
        vec![
            reference("DefaultItemSalesTaxRef", oldest(ListKind::ItemSalesTax)?),
            Element::leaf("PaySalesTax", "Quarterly"),
            reference("DefaultTaxableSalesTaxCodeRef", code("true")?),
            reference("DefaultNonTaxableSalesTaxCodeRef", code("false")?),
        ],
    ))
}
