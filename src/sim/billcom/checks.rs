//! What is looked at before a record is written: guarded fields, unique names and numbers, closed documents.

use super::Organization;
use super::record::{Record, Values};
use super::reply::Refusal;
use super::rules::{Lock, MfaGuard, NumberScope};
use super::schema::Table;
use super::write::{Draft, Permit};
use serde_json::Value;

/// Vendor fields that need a session trusted by multi-factor sign-in (`billcom.md` 1).
const GUARDED: &[&str] = &[
    "nameOnCheck",
    "address1",
    "address2",
    "address3",
    "address4",
    "addressCity",
    "addressState",
    "addressZip",
    "addressCountry",
    "email",
];

impl Organization {
    /// Whether an update leaves the guarded fields alone, or comes from a trusted session.
    pub(super) fn check_guard(&self, table: &Table, id: &str, draft: &Draft, permit: Permit) -> Result<(), Refusal> {
        let Some(old) = self.record(table.name, id) else {
            return Ok(());
        };
        if table.name != "Vendor" || permit.trusted || self.rules.mfa_guard == MfaGuard::Off {
            return Ok(());
        }
        let touched = |name: &&&str| {
            let sent = draft.values.get(**name);
            match self.rules.mfa_guard {
                MfaGuard::WhenSent => sent.is_some(),
                _ => sent.is_some_and(|value| value.as_ref() != old.values.get(**name)),
            }
        };
        if GUARDED.iter().any(|name| touched(&name)) { Err(Refusal::untrusted()) } else { Ok(()) }
    }

    /// Names are unique below one parent, account numbers everywhere; inactive records do not count.
    pub(super) fn check_unique(&self, table: &Table, old: Option<&Record>, draft: &Draft) -> Result<(), Refusal> {
        let checked = ["Vendor", "ChartOfAccount", "Customer", "Department", "ActgClass", "Location", "Job", "Item"];
        if !self.rules.unique_names || !checked.contains(&table.name) || draft.state.is_some_and(|state| state != "1") {
            return Ok(());
        }
        let value = |name: &'static str| match draft.values.get(name) {
            Some(value) => value.as_ref().and_then(Value::as_str),
            None => old.and_then(|old| old.text(name)),
        };
        let everywhere = table.name == "ChartOfAccount" && self.rules.unique_account_names_everywhere;
        let parent = table.fields.iter().find(|field| field.name.starts_with("parent")).filter(|_| !everywhere);
        let others =
            self.records(table.name).filter(|other| other.state == "1" && old.is_none_or(|old| old.id != other.id));
        for other in others {
            let same = |name: &'static str| same_text(value(name), other.text(name));
            if same("name") && parent.is_none_or(|parent| value(parent.name) == other.text(parent.name)) {
                return Err(Refusal::taken("name", value("name").unwrap_or_default()));
            }
            if table.name == "ChartOfAccount" && same("accountNumber") {
                return Err(Refusal::taken("accountNumber", value("accountNumber").unwrap_or_default()));
            }
        }
        Ok(())
    }

    /// The number of a bill or an invoice is used once; for bills the caller may allow it twice (`billcom.md` 2.4, 2.11).
    pub(super) fn check_number(
        &self,
        table: &Table,
        old: Option<&Record>,
        draft: &Draft,
        permit: Permit,
    ) -> Result<(), Refusal> {
        let (partner, scope) = match table.name {
            "Bill" if !permit.duplicates => ("vendorId", self.rules.bill_numbers),
            "Invoice" => ("customerId", self.rules.invoice_numbers),
            _ => return Ok(()),
        };
        if scope == NumberScope::Unchecked {
            return Ok(());
        }
        let wanted = |name: &'static str| draft.values.get(name).and_then(Option::as_ref).and_then(Value::as_str);
        let number = wanted("invoiceNumber");
        let used = self.records(table.name).any(|other| {
            let in_scope = scope == NumberScope::Organization || wanted(partner) == other.text(partner);
            let another = old.is_none_or(|old| old.id != other.id);
            another && in_scope && other.state == "1" && same_text(number, other.text("invoiceNumber"))
        });
        if used { Err(Refusal::number_used(number.unwrap_or_default())) } else { Ok(()) }
    }

    /// Whether a document is still open to programs.
    pub(super) fn check_lock(&self, table: &Table, id: &str) -> Result<(), Refusal> {
        let Some(record) = self.record(table.name, id).filter(|_| matches!(table.name, "Bill" | "Invoice")) else {
            return Ok(());
        };
        let touched = ["paidAmount", "scheduledAmount", "creditAmount", super::receipts::RECEIVED];
        let paid = touched.iter().any(|field| !record.amount(field).is_zero());
        let approved = record.text("approvalStatus") == Some("3");
        let locked = match self.rules.locked {
            Lock::Nothing => false,
            Lock::Paid => paid,
            Lock::Approved => paid || approved,
        };
        if locked { Err(Refusal::unfit("id", "the document can no longer be changed")) } else { Ok(()) }
    }
}

/// A line of an invoice has a price or a percentage, never both (`billcom.md` 2.11).
pub(super) fn check_lines(table: &Table, draft: &Draft) -> Result<(), Refusal> {
    if table.name != "Invoice" {
        return Ok(());
    }
    let fits = |row: &Values| row.contains_key("price") != row.contains_key("ratePercent");
    if draft.rows.iter().flatten().all(fits) { Ok(()) } else { Err(Refusal::missing_field("price")) }
}

/// Whether two texts are the same apart from case and surrounding space; nothing equals nothing.
fn same_text(one: Option<&str>, other: Option<&str>) -> bool {
    let (Some(one), Some(other)) = (one, other) else {
        return false;
    };
    one.trim().to_lowercase() == other.trim().to_lowercase()
}
