//! What follows from the fields of a record: totals, defaults, balances.

use super::Organization;
use super::record::{Record, print_decimal};
use super::schema::Table;
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// Fills in what Bill.com computes itself.
pub(super) fn complete(table: &Table, record: &mut Record) {
    match table.name {
        "Bill" => complete_bill(record),
        "Vendor" => complete_vendor(record),
        "Location" => complete_location(record),
        _ => {}
    }
}

/// The amount is the sum of the lines; what is due is what is neither paid nor credited.
fn complete_bill(bill: &mut Record) {
    let total: Decimal = bill.rows.iter().map(|row| row.amount("amount")).sum();
    let paid = bill.amount("paidAmount");
    let paid_now = !paid.is_zero();
    let status = match (paid >= total && paid_now, paid_now, !bill.amount("scheduledAmount").is_zero()) {
        (true, _, _) => "0",
        (_, _, true) => "4",
        (_, true, _) => "2",
        _ => "1",
    };
    let items = summary(bill, "2");
    let expenses = summary(bill, "1");
    let several = bill.rows.len() > 1;
    let values = &mut bill.values;
    values.insert("amount", print_decimal(total));
    values.insert("localAmount", print_decimal(total));
    values.insert("dueAmount", print_decimal(total - paid));
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
        if let Some(vendor) = self.books.get_mut("Vendor").and_then(|vendors| vendors.get_mut(vendor_id)) {
            vendor.values.insert("balance", print_decimal(balance));
        }
    }
}
