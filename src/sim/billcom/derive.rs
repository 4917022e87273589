//! What follows from the fields of a record: totals, defaults, balances, and how far a document is paid.
//!
//! A document is completed from its own fields whenever it enters the books. What it takes from other records (how much
//! was paid on it, how much of a credit was used) is written into it first by the `refresh_` functions, which add up
//! everything anew: nothing here counts up or down, so nothing can drift.

use super::Organization;
use super::receipts::RECEIVED;
use super::record::{Record, print_decimal};
use super::rules::Rules;
use super::schema::Table;
use chrono::{DateTime, Utc};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value, json};

/// On a bill: what was picked up and is not confirmed yet. Not printed.
pub(super) const IN_PROCESS: &str = "inProcessAmount";

/// On an invoice: what is scheduled. Not printed; `Invoice` has no such field.
pub(super) const EXPECTED: &str = "expectedAmount";

/// Fills in what Bill.com computes itself. `tax` is the percentage of the document's sales-tax item.
pub(super) fn complete(table: &Table, record: &mut Record, rules: &Rules, tax: Option<Decimal>) {
    match table.name {
        "Bill" => complete_bill(record, rules),
        "VendorCredit" => complete_vendor_credit(record),
        "Invoice" => complete_invoice(record, tax),
        "CreditMemo" => complete_credit_memo(record, tax),
        "Vendor" => complete_vendor(record),
        "Customer" => complete_customer(record),
        "Location" => complete_location(record),
        _ => {}
    }
}

/// The amount is the sum of the lines; what is due is what is neither paid nor credited.
fn complete_bill(bill: &mut Record, rules: &Rules) {
    let total: Decimal = bill.rows.iter().map(|row| row.amount("amount")).sum();
    let paid = bill.amount("paidAmount");
    let scheduled = bill.amount("scheduledAmount");
    let paid_now = !paid.is_zero();
    let in_process = rules.shows_in_process && !bill.amount(IN_PROCESS).is_zero();
    let status = match (paid >= total && paid_now, paid_now, !scheduled.is_zero()) {
        _ if in_process => "6",
        (true, _, _) => "0",
        (_, _, true) => "4",
        (_, true, _) => "2",
        _ => "1",
    };
    let items = summary(bill, "2");
    let expenses = summary(bill, "1");
    let several = bill.rows.len() > 1;
    let promised = if rules.due_counts_scheduled { scheduled } else { Decimal::ZERO };
    let values = &mut bill.values;
    values.insert("amount", print_decimal(total));
    values.insert("localAmount", print_decimal(total));
    values.insert("dueAmount", print_decimal(total - paid - promised));
    values.insert("paymentStatus", json!(status));
    values.insert("multipleBillLineItems", json!(several));
    values.insert("item", items);
    values.insert("expense", expenses);
    values.entry("approvalStatus").or_insert_with(|| json!("0"));
    values.entry("source").or_insert_with(|| json!("0"));
}

fn summary(bill: &Record, line_type: &str) -> Value {
    let lines = bill.rows.iter().filter(|row| row.text("lineType") == Some(line_type));
    let total: Decimal = lines.clone().map(|row| row.amount("amount")).sum();
    json!({"count": lines.count(), "totalAmount": print_decimal(total)})
}

fn complete_vendor_credit(credit: &mut Record) {
    let total: Decimal = credit.rows.iter().map(|row| row.amount("amount")).sum();
    let used = credit.amount("appliedAmount");
    let values = &mut credit.values;
    values.insert("amount", print_decimal(total));
    values.insert("localAmount", print_decimal(total));
    values.insert("appliedAmount", print_decimal(used));
    values.insert("creditStatus", json!(use_of(used, total)));
    values.entry("approvalStatus").or_insert_with(|| json!("0"));
}

/// "0" fully, "1" not, "2" partly applied.
fn use_of(used: Decimal, total: Decimal) -> &'static str {
    match (used.is_zero(), used >= total) {
        (true, _) => "1",
        (false, true) => "0",
        (false, false) => "2",
    }
}

/// Lines by price come first; a percentage is of the sum of those (`billcom.md` 2.11). Sales tax is on the taxable lines.
fn complete_invoice(invoice: &mut Record, tax: Option<Decimal>) {
    let priced = |row: &Record| round(row.amount("quantity") * row.amount("price"));
    let base: Decimal = invoice.rows.iter().map(priced).sum();
    for row in &mut invoice.rows {
        let by_rate = row.values.contains_key("ratePercent");
        let amount = if by_rate { round(base * row.amount("ratePercent") / Decimal::ONE_HUNDRED) } else { priced(row) };
        row.values.insert("amount", print_decimal(amount));
    }
    let total = total_with_tax(invoice, tax);
    let credited = invoice.amount("creditAmount");
    let settled = invoice.amount(RECEIVED) + credited;
    let status = match (settled >= total && !settled.is_zero(), !settled.is_zero()) {
        (true, _) => "0",
        _ if !invoice.amount(EXPECTED).is_zero() => "4",
        (_, true) => "2",
        _ => "1",
    };
    let values = &mut invoice.values;
    values.insert("amountDue", print_decimal(total - settled));
    values.insert("creditAmount", print_decimal(credited));
    values.insert("paymentStatus", json!(status));
    values.entry("emailDeliveryOption").or_insert_with(|| json!("0"));
    values.entry("mailDeliveryOption").or_insert_with(|| json!("0"));
}

fn complete_credit_memo(memo: &mut Record, tax: Option<Decimal>) {
    let total = total_with_tax(memo, tax);
    let used = memo.amount("appliedAmount");
    let values = &mut memo.values;
    values.insert("appliedAmount", print_decimal(used));
    values.insert("availableAmount", print_decimal(total - used));
    values.insert("status", json!(use_of(used, total)));
}

/// Sets and gives the total of a document to a customer.
fn total_with_tax(document: &mut Record, tax: Option<Decimal>) -> Decimal {
    let lines: Decimal = document.rows.iter().map(|row| row.amount("amount")).sum();
    let taxable: Decimal = document.rows.iter().filter(|row| row.flag("taxable")).map(|row| row.amount("amount")).sum();
    let percentage = tax.unwrap_or_default();
    let tax = round(taxable * percentage / Decimal::ONE_HUNDRED);
    let total = lines + tax;
    let values = &mut document.values;
    values.insert("salesTaxPercentage", print_decimal(percentage));
    values.insert("salesTaxTotal", print_decimal(tax));
    values.insert("amount", print_decimal(total));
    values.insert("localAmount", print_decimal(total));
    total
}

/// To cents, halves away from zero, as invoices are written.
fn round(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

fn complete_vendor(vendor: &mut Record) {
    let defaults = [
        ("payBy", json!("0")),
        ("accountType", json!("0")),
        ("billCurrency", json!("USD")),
        ("billSyncPref", json!("0")),
        ("prefPmtMethod", json!("1")),
        ("vendorBankAccountStatus", json!("-1")),
        ("enabledCombinePayments", json!(true)),
        ("sendNotifications", json!(true)),
        ("balance", print_decimal(Decimal::ZERO)),
    ];
    for (name, value) in defaults {
        vendor.values.entry(name).or_insert(value);
    }
}

fn complete_customer(customer: &mut Record) {
    let defaults = [("accountType", json!("0")), ("invoiceCurrency", json!("USD"))];
    for (name, value) in defaults {
        customer.values.entry(name).or_insert(value);
    }
    for name in ["balance", "availCredit"] {
        customer.values.entry(name).or_insert_with(|| print_decimal(Decimal::ZERO));
    }
}

/// Requests say `parentLocationId`, replies `parentActgClassId`: probably a slip, but the documented one (`billcom.md` 2.2).
fn complete_location(location: &mut Record) {
    match location.values.get("parentLocationId").cloned() {
        Some(parent) => location.values.insert("parentActgClassId", parent),
        None => location.values.remove("parentActgClassId"),
    };
}

impl Organization {
    /// A vendor's balance is what its active bills still owe. This is no edit: the stamp stays.
    pub(super) fn refresh_balance(&mut self, vendor_id: &str) {
        let bills = self.records("Bill").filter(|bill| bill.state == "1" && bill.text("vendorId") == Some(vendor_id));
        let balance: Decimal = bills.map(|bill| bill.amount("dueAmount")).sum();
        self.note_total("Vendor", vendor_id, "balance", balance);
    }

    /// A customer's balance is what its active invoices still owe; its credit what memos and payments leave over. No edit either.
    pub(super) fn refresh_customer(&mut self, customer_id: &str) {
        let of_customer = |record: &&Record| record.text("customerId") == Some(customer_id) && record.state == "1";
        let due: Decimal = self.records("Invoice").filter(of_customer).map(|invoice| invoice.amount("amountDue")).sum();
        let memos: Decimal =
            self.records("CreditMemo").filter(of_customer).map(|memo| memo.amount("availableAmount")).sum();
        let received = self.records("ReceivedPay").filter(of_customer).filter(|pay| pay.text("status") == Some("0"));
        let unapplied: Decimal = received.map(|pay| pay.amount("unappliedAmount")).sum();
        self.note_total("Customer", customer_id, "balance", due);
        self.note_total("Customer", customer_id, "availCredit", memos + unapplied);
    }

    fn note_total(&mut self, entity: &str, id: &str, field: &'static str, total: Decimal) {
        if let Some(record) = self.books.get_mut(entity).and_then(|records| records.get_mut(id)) {
            record.values.insert(field, print_decimal(total));
        }
    }

    /// Sets totals of a document that follow from other records, and stamps it: every reader sees it change.
    pub(super) fn settle(
        &mut self,
        now: DateTime<Utc>,
        table: &'static Table,
        id: &str,
        totals: &[(&'static str, Decimal)],
    ) {
        let Some(mut record) = self.record(table.name, id).cloned() else { return };
        for &(field, total) in totals {
            record.values.insert(field, print_decimal(total));
        }
        record.stamp_at(now);
        self.enter(table, record);
    }
}
