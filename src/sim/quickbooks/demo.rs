//! A plausible small firm: a landscaping company with a chart of accounts, vendors, terms, customers with jobs, classes,
//! items, and bills of the last weeks.

use chrono::{Days, NaiveDate};

use super::lists::ListKind;
use super::person::{BillDraft, BillDraftLine};
use super::{CompanyFile, Now, Zone};
use crate::sim::xml::Element;

/// Parent, name, type, number. Parents stand before their children.
const ACCOUNTS: &[(&str, &str, &str, &str)] = &[
    ("", "Checking", "Bank", "10100"),
    ("", "Savings", "Bank", "10300"),
    ("", "Money Out Clearing", "Bank", "10500"),
    ("", "Money In Clearing", "Bank", "10600"),
    ("", "Accounts Receivable", "AccountsReceivable", "11000"),
    ("", "Undeposited Funds", "OtherCurrentAsset", "12000"),
    ("", "Prepaid Insurance", "OtherCurrentAsset", "13100"),
    ("", "Trucks", "FixedAsset", "15100"),
    ("", "Mowers and Equipment", "FixedAsset", "15300"),
    ("", "Accumulated Depreciation", "FixedAsset", "17000"),
    ("", "Security Deposits", "OtherAsset", "18700"),
    ("", "Accounts Payable", "AccountsPayable", "20000"),
    ("", "Company Credit Card", "CreditCard", "20500"),
    ("", "Payroll Liabilities", "OtherCurrentLiability", "24000"),
    ("", "Sales Tax Payable", "OtherCurrentLiability", "25500"),
    ("", "Loan - Trucks", "LongTermLiability", "23000"),
    ("", "Opening Balance Equity", "Equity", "30000"),
    ("", "Retained Earnings", "Equity", "32000"),
    ("", "Landscaping Services", "Income", "40100"),
    ("Landscaping Services", "Design", "Income", "40110"),
    ("Landscaping Services", "Installation", "Income", "40120"),
    ("Landscaping Services", "Maintenance", "Income", "40130"),
    ("", "Job Materials", "CostOfGoodsSold", "54300"),
    ("Job Materials", "Plants and Sod", "CostOfGoodsSold", "54310"),
    ("Job Materials", "Sprinklers", "CostOfGoodsSold", "54320"),
    ("", "Subcontractors", "CostOfGoodsSold", "54500"),
    ("", "Advertising", "Expense", "60000"),
    ("", "Automobile", "Expense", "60100"),
    ("Automobile", "Fuel", "Expense", "60110"),
    ("Automobile", "Repairs", "Expense", "60130"),
    ("", "Bank Service Charges", "Expense", "60600"),
    ("", "Dues and Subscriptions", "Expense", "61200"),
    ("", "Insurance", "Expense", "62100"),
    ("", "Office Supplies", "Expense", "63000"),
    ("", "Professional Fees", "Expense", "63600"),
    ("", "Rent", "Expense", "63900"),
    ("", "Tools and Machinery", "Expense", "64800"),
    ("", "Utilities", "Expense", "65100"),
    ("Utilities", "Gas and Electric", "Expense", "65110"),
    ("Utilities", "Telephone", "Expense", "65120"),
    ("Utilities", "Water", "Expense", "65130"),
    ("", "Interest Income", "OtherIncome", "70200"),
];

/// Name, city, terms, usual expense account, usual amount in cents.
const VENDORS: &[(&str, &str, &str, &str, i64)] = &[
    ("Bayside Nursery", "Bayshore", "Net 30", "Job Materials:Plants and Sod", 86_250),
    ("Green Acres Sod Farm", "Middlefield", "Net 30", "Job Materials:Plants and Sod", 142_000),
    ("Irrigation Depot", "Bayshore", "2% 10 Net 30", "Job Materials:Sprinklers", 31_875),
    ("Stone & Slate Supply", "East Bayshore", "Net 15", "Job Materials", 58_990),
    ("City of Bayshore", "Bayshore", "Due on receipt", "Utilities:Water", 11_240),
    ("Coast Gas & Electric", "San Tomas", "Net 15", "Utilities:Gas and Electric", 23_417),
    ("Pacific Telephone", "San Tomas", "Net 15", "Utilities:Telephone", 14_999),
    ("Reyes Properties", "Bayshore", "Due on receipt", "Rent", 245_000),
    ("Sergeant Insurance", "Middlefield", "Net 30", "Insurance", 67_500),
    ("Fay Bookkeeping", "Bayshore", "Net 15", "Professional Fees", 45_000),
    ("CalOil Service Station", "Bayshore", "Net 15", "Automobile:Fuel", 32_188),
    ("Dianne's Auto Shop", "East Bayshore", "Net 15", "Automobile:Repairs", 51_360),
    ("East Bay Tool Rental", "East Bayshore", "Net 30", "Tools and Machinery", 18_500),
    ("Mendoza Tree Service", "Middlefield", "Net 15", "Subcontractors", 190_000),
    ("Lew Masonry", "Bayshore", "Net 15", "Subcontractors", 228_000),
    ("Vu Concrete", "San Tomas", "Net 30", "Subcontractors", 310_000),
    ("Kershaw Computer Services", "Bayshore", "Net 30", "Professional Fees", 24_000),
    ("Paper & Pen Office Supply", "Bayshore", "Net 30", "Office Supplies", 8_635),
    ("Garden Weekly Magazine", "San Tomas", "Due on receipt", "Dues and Subscriptions", 4_900),
    ("Bayshore Herald", "Bayshore", "Net 30", "Advertising", 27_500),
    ("Kubota of Middlefield", "Middlefield", "Net 30", "Tools and Machinery", 96_420),
    ("Hopkins Equipment Rentals", "East Bayshore", "Net 15", "Tools and Machinery", 41_275),
    ("Bank of Anycity", "Middlefield", "Due on receipt", "Bank Service Charges", 3_500),
    ("Express Delivery", "San Tomas", "Net 15", "Job Materials", 6_180),
    ("Muñoz Bewässerung GmbH", "San Tomas", "Net 30", "Job Materials:Sprinklers", 74_310),
];

const TERMS: &[(&str, u32)] = &[("Due on receipt", 0), ("Net 15", 15), ("Net 30", 30), ("2% 10 Net 30", 30)];

/// Opening balances in cents, as debits and credits that need not balance among themselves.
const OPENING: &[(&str, &str)] =
    &[("Checking", "46969.10"), ("Savings", "17910.19"), ("Trucks", "78936.91"), ("Loan - Trucks", "30438.38")];

/// Customers, each with their jobs.
const CUSTOMERS: &[(&str, &str, &[&str])] = &[
    ("Alvarez Family", "Bayshore", &["Front Yard", "Pool Terrace"]),
    ("Bayshore Unified Schools", "Bayshore", &["Playground", "Sports Field", "Sports Field:Irrigation"]),
    ("Crestview Homeowners", "San Tomas", &["Common Areas"]),
    ("Delgado, Rosa", "Middlefield", &["Herb Garden"]),
    ("Harbor Inn", "Bayshore", &["Courtyard", "Parking Islands"]),
    ("Okafor, Ben", "East Bayshore", &[]),
    ("Town of Middlefield", "Middlefield", &["Main Street Planters", "Memorial Park"]),
    ("Whitcomb Dental", "San Tomas", &["Entrance"]),
];

/// Classes, parents before their children.
const CLASSES: &[&str] =
    &["Design", "Installation", "Installation:Residential", "Installation:Commercial", "Maintenance"];

/// Services: name, income account, price.
const SERVICES: &[(&str, &str, &str)] = &[
    ("Design Hour", "Landscaping Services:Design", "85.00"),
    ("Planting", "Landscaping Services:Installation", "62.50"),
    ("Irrigation Work", "Landscaping Services:Installation", "70.00"),
    ("Lawn Care", "Landscaping Services:Maintenance", "45.00"),
    ("Tree Pruning", "Landscaping Services:Maintenance", "95.00"),
    ("Garden design", "Landscaping Services:Design", "75.00"),
    ("Mowing", "Landscaping Services:Maintenance", "45.00"),
];

/// The sales tax: name, percentage, to whom it is paid.
const TAX: (&str, &str, &str) = ("San Tomas County", "7.75", "City of Bayshore");

/// Goods that are bought to be sold: name, income account, cost account.
const GOODS: &[(&str, &str, &str)] = &[
    ("Plants", "Landscaping Services:Installation", "Job Materials:Plants and Sod"),
    ("Sod", "Landscaping Services:Installation", "Job Materials:Plants and Sod"),
    ("Sprinkler Heads", "Landscaping Services:Installation", "Job Materials:Sprinklers"),
    ("Stone", "Landscaping Services:Installation", "Job Materials"),
    ("Sod, roll", "Landscaping Services:Installation", "Job Materials:Plants and Sod"),
    ("Drip line, metre", "Landscaping Services:Installation", "Job Materials:Sprinklers"),
];

/// Makes the firm. The same seed and day always give the same file.
///
/// # Panics
/// Never: the tables above fit the rules of the simulator, which a test checks.
#[must_use]
pub fn demo(seed: u64, today: NaiveDate) -> CompanyFile {
    let mut file = CompanyFile::new("Larch Street Landscaping", seed);
    file.books.is_sample = true;
    let founded = Zone::default().on_wall_clock(
        today.checked_sub_days(Days::new(400)).and_then(|date| date.and_hms_opt(9, 0, 0)).unwrap_or_default(),
    );
    add_lists(&mut file, founded);
    let mut dice = seed;
    for back in (1..=40_u64).rev() {
        let Some(date) = today.checked_sub_days(Days::new(back)) else {
            continue;
        };
        add_bill(&mut file, date, back, &mut dice);
    }
    file
}

const FITS: &str = "invariant: the tables of the demo fit the rules";

fn add_lists(file: &mut CompanyFile, now: Now) {
    for (name, days) in TERMS {
        file.person(now).add_terms(name, *days).expect(FITS);
    }
    for (parent, name, account_type, number) in ACCOUNTS {
        let mut fields = vec![Element::leaf("Name", name)];
        let parent = file.books.lists.by_full_name(ListKind::Account, parent).map(|record| record.id.clone());
        fields.extend(parent.map(|id| super::refs::to("ParentRef", &id)));
        fields.push(Element::leaf("AccountType", account_type));
        fields.push(Element::leaf("AccountNumber", number));
        let opening = OPENING.iter().find(|(account, _)| account == name);
        fields.extend(opening.map(|(_, amount)| Element::leaf("OpenBalance", amount)));
        file.person(now).add(ListKind::Account, fields).expect(FITS);
    }
    for (index, (name, city, terms, _, _)) in VENDORS.iter().enumerate() {
        let address = vec![
            Element::leaf("Addr1", name),
            Element::leaf("Addr2", &format!("{} Main Street", 100 + 17 * index)),
            Element::leaf("City", city),
            Element::leaf("State", "CA"),
            Element::leaf("PostalCode", &format!("{}", 94_320 + index)),
        ];
        let terms = file.books.lists.by_full_name(ListKind::StandardTerms, terms).map(|record| record.id.clone());
        let mut fields = vec![
            Element::leaf("Name", name),
            Element::leaf("CompanyName", name),
            Element::group("VendorAddress", address),
            Element::leaf("Phone", &format!("415-555-{:04}", 100 + index)),
            Element::leaf("NameOnCheck", name),
        ];
        fields.extend(terms.map(|id| super::refs::to("TermsRef", &id)));
        file.person(now).add(ListKind::Vendor, fields).expect(FITS);
    }
    add_customers(file, now);
    add_classes(file, now);
    add_items(file, now);
}

/// The record of a list that a path of names leads to, above its last one.
fn parent_of(file: &CompanyFile, kind: ListKind, path: &str) -> Option<String> {
    let (above, _) = path.rsplit_once(':')?;
    file.books.lists.by_full_name(kind, above).map(|record| record.id.clone())
}

fn own_name(path: &str) -> &str {
    path.rsplit(':').next().unwrap_or(path)
}

fn add_customers(file: &mut CompanyFile, now: Now) {
    for (index, (name, city, jobs)) in CUSTOMERS.iter().enumerate() {
        let address = vec![
            Element::leaf("Addr1", name),
            Element::leaf("Addr2", &format!("{} Garden Way", 40 + 13 * index)),
            Element::leaf("City", city),
            Element::leaf("State", "CA"),
            Element::leaf("PostalCode", &format!("{}", 94_320 + index)),
        ];
        let fields = vec![
            Element::leaf("Name", name),
            Element::group("BillAddress", address),
            Element::leaf("Phone", &format!("415-555-{:04}", 300 + index)),
        ];
        file.person(now).add(ListKind::Customer, fields).expect(FITS);
        for job in *jobs {
            let path = format!("{name}:{job}");
            let parent = parent_of(file, ListKind::Customer, &path).expect(FITS);
            let fields = vec![
                Element::leaf("Name", own_name(&path)),
                super::refs::to("ParentRef", &parent),
                Element::leaf("JobStatus", if index % 2 == 0 { "InProgress" } else { "Awarded" }),
            ];
            file.person(now).add(ListKind::Customer, fields).expect(FITS);
        }
    }
}

fn add_classes(file: &mut CompanyFile, now: Now) {
    file.person(now).set_preferences(|preferences| preferences.class_tracking = true);
    for path in CLASSES {
        let parent = parent_of(file, ListKind::Class, path);
        let mut person = file.person(now);
        match parent {
            Some(parent) => person.add_sub_class(&parent, own_name(path)).expect(FITS),
            None => person.add_class(path).expect(FITS),
        };
    }
}

fn add_items(file: &mut CompanyFile, now: Now) {
    let account = |file: &CompanyFile, name: &str| file.account(name).expect(FITS).id;
    let agency = file.vendor(TAX.2).expect(FITS).id;
    file.person(now).charge_sales_tax(TAX.0, TAX.1, &agency).expect(FITS);
    let untaxed = file.entry(ListKind::SalesTaxCode, "Non").expect(FITS).id;
    for (name, income, price) in SERVICES {
        let income = account(file, income);
        let id = file.person(now).add_service(name, &income, price).expect(FITS);
        // Work is not taxed, goods are.
        let mut person = file.person(now);
        person.set_reference(ListKind::ItemService, &id, "SalesTaxCodeRef", Some(&untaxed)).expect(FITS);
    }
    for (name, income, cost) in GOODS {
        let (income, cost) = (account(file, income), account(file, cost));
        file.person(now).add_goods(name, &income, &cost).expect(FITS);
    }
    let services = account(file, "Landscaping Services");
    let side = vec![Element::leaf("Price", "60.00"), super::refs::to("AccountRef", &services)];
    let delivery = vec![Element::leaf("Name", "Delivery"), Element::group("SalesOrPurchase", side)];
    let off = vec![
        Element::leaf("Name", "Neighbor Discount"),
        Element::leaf("DiscountRatePercent", "5.0"),
        super::refs::to("AccountRef", &services),
    ];
    let mut person = file.person(now);
    person.add(ListKind::ItemOtherCharge, delivery).expect(FITS);
    person.add(ListKind::ItemSubtotal, vec![Element::leaf("Name", "Subtotal")]).expect(FITS);
    person.add(ListKind::ItemDiscount, off).expect(FITS);
}

/// On about every third day a bill of some vendor arrives; older ones are paid.
fn add_bill(file: &mut CompanyFile, date: NaiveDate, back: u64, dice: &mut u64) {
    *dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    let roll = *dice >> 33;
    if !roll.is_multiple_of(3) {
        return;
    }
    let index = usize::try_from(roll / 3).unwrap_or(0) % VENDORS.len();
    let (name, _, _, account, usual) = VENDORS[index];
    let now = file.setup.zone.on_wall_clock(date.and_hms_opt(10, 30, 0).unwrap_or_default());
    let vendor_id = file.vendor(name).expect(FITS).id;
    let account_id = file.account(account).expect(FITS).id;
    let cents = usual + i64::try_from(roll % 977).unwrap_or(0);
    let draft = BillDraft {
        vendor_id,
        date,
        ref_number: format!("{}", 4_000 + roll % 5_000),
        memo: String::new(),
        lines: vec![BillDraftLine { account_id, cents, memo: String::new() }],
    };
    let bill = file.person(now).add_bill(&draft).expect(FITS);
    if back > 25 {
        let bank = file.account("Checking").expect(FITS).id;
        let number = format!("{}", 1_100 + back);
        file.person(now).pay_bill(&bill, &bank, cents, &number).expect(FITS);
    }
}
