//! The landscaping firm with everything else: customers and what they pay, credits, payments to vendors and the bank.
//!
//! [`full_demo`] is [`demo`] and more, so whoever carries accounts, vendors and bills only still meets the same ones. What
//! is scheduled here is picked up and confirmed by [`full_tick`], a little at a time.

use super::demo::{FITS, at_nine, demo, tick};
use super::people_money::{
    Bank, CreditDraft, InvoiceDraft, InvoiceLineDraft, OfflinePayment, PaymentPlan, Price, ReceiptPlan,
};
use super::random::Random;
use super::record::print_decimal;
use super::{BillView, InvoiceView, LineDraft, Organization};
use chrono::{DateTime, Days, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::json;

/// Name, type, number.
const ACCOUNTS: &[(&str, &str, &str)] = &[
    ("Money Out Clearing", "3", "10500"),
    ("Money In Clearing", "3", "10600"),
    ("Undeposited Funds", "12", "12000"),
    ("Landscaping Services", "9", "40100"),
];

/// Customers and those below them.
const CUSTOMERS: &[(&str, &[&str])] = &[
    ("Bayshore Garden Club", &["Rose Walk", "Club House"]),
    ("Crider, Craig", &["Pool Landscape"]),
    ("Middlefield Schools", &["Oak Primary", "Hill High"]),
    ("Ortiz Café", &[]),
];

/// Name, the vendor's type, price in cents.
const ITEMS: &[(&str, &str, i64)] =
    &[("Garden design", "0", 7_500), ("Mowing", "0", 4_500), ("Sod, roll", "3", 1_295), ("Drip line, metre", "3", 185)];

/// The firm with every kind of record. The same seed and day always give the same organisation.
///
/// # Panics
/// Never: the tables above fit the rules of the simulator, which a test checks.
#[must_use]
pub fn full_demo(seed: u64, today: NaiveDate) -> Organization {
    let mut organization = demo(seed, today);
    let founded = at_nine(today, 58);
    let bank = add_banks(&mut organization, founded);
    let tax = add_items(&mut organization, founded);
    add_customers(&mut organization, founded);
    let mut random = Random::new(seed ^ 0xA12);
    for back in (3..=30).rev().step_by(3) {
        enter_invoice(&mut organization, at_nine(today, back), &tax, &mut random);
    }
    receive(&mut organization, today);
    pay(&mut organization, today, &bank);
    organization
}

/// Lets some time pass, as [`tick`] does; besides, what is due is picked up and what is old is confirmed, and now and then
/// a bill is paid or an invoice written.
///
/// # Panics
/// Never, as above.
pub fn full_tick(organization: &mut Organization, seed: u64, step: u64, now: DateTime<Utc>) {
    tick(organization, seed, step, now);
    let mut random = Random::new(seed ^ step.wrapping_mul(0x51_7CC1));
    organization.back_office(now).confirm_after(2);
    match step % 6 {
        1 => drop(organization.back_office(now).pick_up()),
        3 => {
            let banks: Vec<String> = organization.in_order("BankAccount").map(|bank| bank.id.clone()).collect();
            let open = organization.bills().into_iter().find(|bill| bill.state == "1" && bill.status == "1");
            if let Some((bill, bank)) = open.zip(banks.first()) {
                let plan = payment(&bill, now.date_naive());
                organization.person(now).schedule(&plan, bank).expect(FITS);
            }
        }
        5 => {
            let tax = organization.in_order("Item").find(|item| item.text("type") == Some("6"));
            let tax = tax.map(|item| item.id.clone()).unwrap_or_default();
            enter_invoice(organization, now, &tax, &mut random);
        }
        _ => {}
    }
}

/// Accounts, the bank account that pays and receives, and the settings; gives the bank account.
fn add_banks(organization: &mut Organization, now: DateTime<Utc>) -> String {
    for (name, kind, number) in ACCOUNTS {
        organization.person(now).create_account(name, kind, number).expect(FITS);
    }
    organization.preferences.money_out_clearing = account(organization, "Money Out Clearing");
    organization.preferences.money_in_clearing = account(organization, "Money In Clearing");
    let name = "First Bank of Bayshore".to_owned();
    let bank = Bank { name, account_id: account(organization, "Checking"), pays: true, receives: true };
    organization.person(now).connect_bank(&bank)
}

fn account(organization: &Organization, name: &str) -> Option<String> {
    organization.accounts().into_iter().find(|account| account.name == name).map(|account| account.id)
}

/// Items; gives the one for sales tax.
fn add_items(organization: &mut Organization, now: DateTime<Utc>) -> String {
    let income = account(organization, "Landscaping Services");
    for (name, kind, cents) in ITEMS {
        let price = print_decimal(Decimal::new(*cents, 2));
        let fields = [
            ("name", json!(name)),
            ("type", json!(kind)),
            ("price", price),
            ("chartOfAccountId", json!(income)),
            ("taxable", json!(*kind == "3")),
        ];
        organization.person(now).create("Item", &fields).expect(FITS);
    }
    let percentage = print_decimal(Decimal::new(775, 2));
    let tax = [("name", json!("San Tomas County")), ("type", json!("6")), ("percentage", percentage)];
    let tax = organization.person(now).create("Item", &tax).expect(FITS);
    // Somebody has made one here that the ledger does not know.
    let price = print_decimal(Decimal::new(650, 2));
    let unknown =
        [("name", json!("Compost, bag")), ("type", json!("3")), ("price", price), ("chartOfAccountId", json!(income))];
    organization.person(now).create("Item", &unknown).expect(FITS);
    tax
}

fn add_customers(organization: &mut Organization, now: DateTime<Utc>) {
    for (index, (name, below)) in CUSTOMERS.iter().enumerate() {
        let parent = organization.person(now).create_customer(name, None).expect(FITS);
        let fields = [
            ("email", json!(format!("office{index}@example.com"))),
            ("billAddress1", json!(format!("{} Hill Road", 10 + 7 * index))),
            ("billAddressCity", json!("Bayshore")),
            ("billAddressState", json!("CA")),
        ];
        organization.person(now).edit("Customer", &parent, &fields).expect(FITS);
        for name in *below {
            organization.person(now).create_customer(name, Some(&parent)).expect(FITS);
        }
    }
    let maintenance = organization.in_order("Department").find(|it| it.text("name") == Some("Maintenance"));
    let maintenance = maintenance.map(|department| department.id.clone());
    let fields = [("name", json!("Irrigation")), ("parentDepartmentId", json!(maintenance))];
    organization.person(now).create("Department", &fields).expect(FITS);
}

/// An invoice to one of the customers, with taxed material, work, and now and then a discount.
fn enter_invoice(organization: &mut Organization, now: DateTime<Utc>, tax: &str, random: &mut Random) {
    let customers: Vec<String> = organization.customers().into_iter().filter(|it| it.active).map(|it| it.id).collect();
    let items: Vec<(String, String, i64)> = organization
        .in_order("Item")
        .zip(ITEMS)
        .map(|(item, (name, _, cents))| (item.id.clone(), (*name).to_owned(), *cents))
        .collect();
    let line = |(id, name, cents): &(String, String, i64), quantity: i64, taxable: bool| InvoiceLineDraft {
        quantity,
        price: Price::Each(*cents),
        item_id: Some(id.clone()),
        taxable,
        description: name.clone(),
    };
    let quantity = |random: &mut Random| 1 + i64::try_from(random.below(12)).unwrap_or(0);
    let mut lines = vec![
        line(&items[random.below(2)], quantity(random), false),
        line(&items[2 + random.below(2)], 5 * quantity(random), true),
    ];
    if random.chance(250) {
        let price = Price::Percent(-500);
        let description = "Discount for regular customers".to_owned();
        lines.push(InvoiceLineDraft { quantity: 1, price, item_id: None, taxable: false, description });
    }
    let date = now.date_naive();
    let draft = InvoiceDraft {
        customer_id: random.pick(&customers).clone(),
        number: format!("{}", 2_001 + organization.count("Invoice")),
        date,
        due: date.checked_add_days(Days::new(30)).unwrap_or(date),
        tax_item_id: Some(tax.to_owned()),
        lines,
    };
    organization.person(now).create_invoice(&draft).expect(FITS);
}

/// What is still open on an invoice as one payment of its customer.
fn receipt(invoice: &InvoiceView, date: NaiveDate, over: i64) -> ReceiptPlan {
    let invoices = vec![(invoice.id.clone(), invoice.due_cents)];
    ReceiptPlan { customer_id: invoice.customer_id.clone(), date, cents: invoice.due_cents + over, invoices }
}

/// The oldest invoices are paid: by cheque, overpaid, online, by card, half, with a memo.
fn receive(organization: &mut Organization, today: NaiveDate) {
    let (then, date) = (at_nine(today, 6), at_nine(today, 6).date_naive());
    let funds = account(organization, "Undeposited Funds");
    let invoices = organization.invoices();
    let mut person = organization.person(then);
    person.record_cheque(&receipt(&invoices[0], date, 0), funds.as_deref(), "4401").expect(FITS);
    person.record_cheque(&receipt(&invoices[1], date, 2_500), funds.as_deref(), "187").expect(FITS);
    person.customer_pays(&receipt(&invoices[2], date, 0), None).expect(FITS);
    person.customer_pays(&receipt(&invoices[3], date, 0), Some(495)).expect(FITS);
    let mut half = receipt(&invoices[4], date, 0);
    half.invoices[0].1 /= 2;
    half.cents = half.invoices[0].1;
    person.record_cheque(&half, funds.as_deref(), "188").expect(FITS);
    let line = InvoiceLineDraft {
        quantity: 1,
        price: Price::Each(1_500),
        item_id: None,
        taxable: false,
        description: "Plants that did not grow".to_owned(),
    };
    let (customer_id, number) = (invoices[5].customer_id.clone(), "CM-1".to_owned());
    let memo = InvoiceDraft { customer_id, number, date, due: date, tax_item_id: None, lines: vec![line] };
    let memo = person.create_memo(&memo).expect(FITS);
    person.apply_memo(&invoices[5].id, &memo, 1_000).expect(FITS);
}

/// Everything open on a bill as one payment.
fn payment(bill: &BillView, date: NaiveDate) -> PaymentPlan {
    let bills = vec![(bill.id.clone(), bill.cents)];
    PaymentPlan { vendor_id: bill.vendor_id.clone(), date, bills, credits: Vec::new() }
}

/// The oldest bills are paid: by a recorded cheque, one of them not for export; online and confirmed; voided; picked up
/// but not confirmed; with a credit and scheduled for next week.
fn pay(organization: &mut Organization, today: NaiveDate, bank: &str) {
    let bills = organization.bills();
    let day = |back: u64| at_nine(today, back);
    for bill in &bills[..6] {
        organization.person(day(12)).approve(&bill.id).expect(FITS);
    }
    let checking = account(organization, "Checking");
    for (bill, number, allow_export) in [(&bills[0], "1001", None), (&bills[1], "1002", Some(false))] {
        let reference = Some(number.to_owned());
        let how = OfflinePayment { account_id: checking.clone(), reference, to_print: false, allow_export };
        organization.person(day(11)).record_payment(&payment(bill, day(11).date_naive()), &how).expect(FITS);
    }
    let mut person = organization.person(day(10));
    person.schedule(&payment(&bills[2], day(9).date_naive()), bank).expect(FITS);
    let lost = person.schedule(&payment(&bills[3], day(9).date_naive()), bank).expect(FITS);
    organization.back_office(day(9)).pick_up();
    organization.back_office(day(7)).confirm_after(2);
    organization.person(day(5)).void_payment(&lost, "0", "The cheque was lost").expect(FITS);
    organization.back_office(day(4)).decide_void(&lost, true).expect(FITS);
    organization.person(day(3)).schedule(&payment(&bills[4], day(2).date_naive()), bank).expect(FITS);
    organization.back_office(day(2)).pick_up();
    let bill = &bills[5];
    let lines = vec![LineDraft { cents: 1_250, description: "Returned pots".to_owned(), ..LineDraft::default() }];
    let (vendor_id, number) = (bill.vendor_id.clone(), "CR-77".to_owned());
    let credit = CreditDraft { vendor_id, number, date: day(2).date_naive(), lines };
    let mut person = organization.person(day(1));
    let credit = person.create_credit(&credit).expect(FITS);
    let next_week = today.checked_add_days(Days::new(7)).unwrap_or(today);
    let mut plan = payment(bill, next_week);
    plan.bills[0].1 -= 1_000;
    plan.credits.push((bill.id.clone(), credit, 1_000));
    person.schedule(&plan, bank).expect(FITS);
}
