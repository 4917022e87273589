//! Looking into the books, for checkers: plain values, taken past the API.

use super::Organization;
use super::record::Record;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::Value;
use std::collections::BTreeMap;

/// A vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VendorView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is in use.
    pub active: bool,
    /// The survivor, when it was merged.
    pub merged_into: Option<String>,
    /// Every field that is set, as text.
    pub fields: BTreeMap<&'static str, String>,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountView {
    /// Its id.
    pub id: String,
    /// Its own name, without its parents'.
    pub name: String,
    /// Its number, if it has one.
    pub number: Option<String>,
    /// The vendor's number for its type.
    pub kind: String,
    /// Its parent.
    pub parent_id: Option<String>,
    /// Whether it is in use.
    pub active: bool,
    /// The survivor, when it was merged.
    pub merged_into: Option<String>,
    /// Every field that is set, as text.
    pub fields: BTreeMap<&'static str, String>,
}

/// A bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillView {
    /// Its id.
    pub id: String,
    /// Whose bill.
    pub vendor_id: String,
    /// The number on it.
    pub number: String,
    /// The date on it, `yyyy-MM-dd`.
    pub date: String,
    /// When it is due.
    pub due: String,
    /// The total in cents.
    pub cents: i64,
    /// What was paid of it, credits included.
    pub paid_cents: i64,
    /// What is scheduled.
    pub scheduled_cents: i64,
    /// The vendor's code: "0" paid, "1" open, "2" partly, "4" scheduled, "6" in process.
    pub status: String,
    /// The vendor's code: "1" active, "2" inactive, "5" draft, "6" deleted draft.
    pub state: String,
    /// The vendor's code: "3" approved.
    pub approval: String,
    /// Its lines in order.
    pub lines: Vec<LineView>,
}

/// A line of a bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineView {
    /// The amount in cents.
    pub cents: i64,
    /// The account.
    pub account_id: Option<String>,
    /// The department.
    pub department_id: Option<String>,
    /// What it is for.
    pub description: Option<String>,
}

/// A record of any list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is in use.
    pub active: bool,
    /// Everything it says.
    pub fields: BTreeMap<&'static str, String>,
}

impl Organization {
    /// All vendors, inactive ones too, as they were made.
    #[must_use]
    pub fn vendors(&self) -> Vec<VendorView> {
        self.in_order("Vendor").map(vendor).collect()
    }

    /// All accounts, inactive ones too, as they were made.
    #[must_use]
    pub fn accounts(&self) -> Vec<AccountView> {
        self.in_order("ChartOfAccount").map(account).collect()
    }

    /// All bills, inactive ones too, as they were made.
    #[must_use]
    pub fn bills(&self) -> Vec<BillView> {
        self.in_order("Bill").map(bill).collect()
    }

    /// All records of an entity, inactive ones too, as they were made.
    #[must_use]
    pub fn entries(&self, entity: &str) -> Vec<EntryView> {
        self.in_order(entity).map(entry).collect()
    }

    /// How many records an entity has, inactive ones too.
    #[must_use]
    pub fn count(&self, entity: &str) -> usize {
        self.records(entity).count()
    }
}

fn entry(record: &Record) -> EntryView {
    EntryView { id: record.id.clone(), name: text(record, "name"), active: record.state == "1", fields: fields(record) }
}

fn vendor(record: &Record) -> VendorView {
    VendorView {
        id: record.id.clone(),
        name: text(record, "name"),
        active: record.state == "1",
        merged_into: record.text("mergeIntoId").map(str::to_owned),
        fields: fields(record),
    }
}

fn account(record: &Record) -> AccountView {
    let some = |field| record.text(field).map(str::to_owned);
    AccountView {
        id: record.id.clone(),
        name: text(record, "name"),
        number: some("accountNumber"),
        kind: text(record, "accountType"),
        parent_id: some("parentChartOfAccountId"),
        active: record.state == "1",
        merged_into: some("mergedIntoId"),
        fields: fields(record),
    }
}

fn bill(record: &Record) -> BillView {
    BillView {
        id: record.id.clone(),
        vendor_id: text(record, "vendorId"),
        number: text(record, "invoiceNumber"),
        date: text(record, "invoiceDate"),
        due: text(record, "dueDate"),
        cents: cents(record, "amount"),
        paid_cents: cents(record, "paidAmount"),
        scheduled_cents: cents(record, "scheduledAmount"),
        status: text(record, "paymentStatus"),
        state: record.state.to_owned(),
        approval: text(record, "approvalStatus"),
        lines: record.rows.iter().map(line).collect(),
    }
}

fn line(record: &Record) -> LineView {
    let some = |field| record.text(field).map(str::to_owned);
    LineView {
        cents: cents(record, "amount"),
        account_id: some("chartOfAccountId"),
        department_id: some("departmentId"),
        description: some("description"),
    }
}

pub(super) fn text(record: &Record, field: &str) -> String {
    record.text(field).unwrap_or_default().to_owned()
}

pub(super) fn cents(record: &Record, field: &str) -> i64 {
    let cents = record.amount(field) * Decimal::ONE_HUNDRED;
    cents.to_i64().expect("invariant: the simulator's amounts are far below the range of cents")
}

fn fields(record: &Record) -> BTreeMap<&'static str, String> {
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    record.values.iter().map(|(name, value)| (*name, plain(value))).collect()
}
