//! Create, Update, Delete and Undelete.

use super::Organization;
use super::record::{Record, Values, accept};
use super::reply::Refusal;
use super::rules::{MfaGuard, NumberScope};
use super::schema::{Field, Table, Type};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

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

/// What the caller may do beyond the ordinary.
#[derive(Clone, Copy, Debug)]
pub(super) struct Permit {
    /// A used bill number is let through.
    pub(super) duplicates: bool,
    /// Guarded fields may be changed.
    pub(super) trusted: bool,
}

/// Which fields must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    Create,
    Update,
    Nothing,
}

/// A request that has been read: what it sets, and what it empties.
struct Draft {
    state: Option<&'static str>,
    values: BTreeMap<&'static str, Option<Value>>,
    rows: Option<Vec<Values>>,
}

impl Organization {
    /// Makes a record.
    pub(super) fn create(
        &mut self,
        now: DateTime<Utc>,
        table: &'static Table,
        object: &Map<String, Value>,
        permit: Permit,
    ) -> Result<String, Refusal> {
        let draft = self.draft(table, object, Needs::Create)?;
        let id = self.random.id(table.prefix);
        self.check_unique(table, None, &draft)?;
        self.check_number(table, None, &draft, permit)?;
        let serial = self.next_serial();
        let state = draft.state.unwrap_or("1");
        let values = draft.values.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        let rows = self.new_rows(now, table, &id, draft.rows.unwrap_or_default());
        let mut record = Record { id: id.clone(), serial, state, created: now, updated: now, values, rows, late: None };
        self.hold_back_rows(now, &mut record, Vec::new());
        self.enter(table, record);
        Ok(id)
    }

    /// Changes a record. Fields left out keep their values; lines are overwritten as a whole and get new ids.
    pub(super) fn update(
        &mut self,
        now: DateTime<Utc>,
        table: &'static Table,
        object: &Map<String, Value>,
        permit: Permit,
    ) -> Result<String, Refusal> {
        let id = object.get("id").and_then(Value::as_str).ok_or_else(|| Refusal::missing_field("id"))?.to_owned();
        let draft = self.draft(table, object, Needs::Update)?;
        self.check_guard(table, &id, &draft, permit)?;
        self.change(now, table, &id, draft, permit)?;
        Ok(id)
    }

    /// Sets some fields, as a person does in the web app: nothing is required again, lines stay when they are not given.
    pub(super) fn amend(
        &mut self,
        now: DateTime<Utc>,
        table: &'static Table,
        id: &str,
        object: &Map<String, Value>,
    ) -> Result<(), Refusal> {
        let draft = self.draft(table, object, Needs::Nothing)?;
        self.change(now, table, id, draft, Permit { duplicates: true, trusted: true })
    }

    fn change(
        &mut self,
        now: DateTime<Utc>,
        table: &'static Table,
        id: &str,
        draft: Draft,
        permit: Permit,
    ) -> Result<(), Refusal> {
        let mut record = self.record(table.name, id).cloned().ok_or_else(|| Refusal::not_found(id))?;
        self.check_unique(table, Some(&record), &draft)?;
        self.check_number(table, Some(&record), &draft, permit)?;
        let seen = record.rows_at(now).to_vec();
        record.updated = now.max(record.updated);
        record.state = draft.state.unwrap_or(record.state);
        for (name, value) in draft.values {
            match value {
                Some(value) => record.values.insert(name, value),
                None => record.values.remove(name),
            };
        }
        if let Some(rows) = draft.rows {
            record.rows = self.new_rows(now, table, id, rows);
            self.hold_back_rows(now, &mut record, seen);
        }
        self.enter(table, record);
        Ok(())
    }

    /// Takes a record out of use or brings it back.
    pub(super) fn set_state(
        &mut self,
        now: DateTime<Utc>,
        table: &'static Table,
        id: &str,
        state: &'static str,
    ) -> Result<(), Refusal> {
        let mut record = self.record(table.name, id).cloned().ok_or_else(|| Refusal::not_found(id))?;
        let merged = record.text("mergedIntoId").or_else(|| record.text("mergeIntoId")).is_some();
        if merged && state == "1" {
            return Err(Refusal::not_found(id));
        }
        if record.state != state {
            record.state = state;
            record.updated = now.max(record.updated);
            self.enter(table, record);
        }
        Ok(())
    }

    /// Puts a record into the books, with what follows from its fields.
    pub(super) fn enter(&mut self, table: &'static Table, mut record: Record) {
        super::derive::complete(table, &mut record);
        let vendor = record.text("vendorId").map(str::to_owned);
        self.books.entry(table.name).or_default().insert(record.id.clone(), record);
        if let Some(vendor) = vendor {
            self.refresh_balance(&vendor);
        }
    }

    /// Reads the object of a request against the entity's table.
    fn draft(&self, table: &'static Table, object: &Map<String, Value>, needs: Needs) -> Result<Draft, Refusal> {
        check_entity(table, object)?;
        let mut draft = Draft { state: None, values: BTreeMap::new(), rows: None };
        for (name, value) in object {
            match name.as_str() {
                "entity" | "id" | "createdTime" | "updatedTime" => {}
                "isActive" if !table.states.is_empty() => draft.state = Some(state(table, value)?),
                _ => {
                    let field =
                        table.field(name).ok_or_else(|| Refusal::unknown_name(&format!("{}.{name}", table.name)))?;
                    self.draft_field(field, value, &mut draft)?;
                }
            }
        }
        let needed = |field: &&Field| match needs {
            Needs::Create => field.needed_to_create,
            Needs::Update => field.needed_to_update,
            Needs::Nothing => false,
        };
        for field in table.fields.iter().filter(needed) {
            let given = match field.kind {
                Type::Rows(_) => draft.rows.as_ref().is_some_and(|rows| !rows.is_empty()),
                _ => draft.values.get(field.name).is_some_and(Option::is_some),
            };
            if !given {
                return Err(Refusal::missing_field(field.name));
            }
        }
        Ok(draft)
    }

    /// Read-only fields are ignored, as the vendor says (`billcom.md` 2).
    fn draft_field(&self, field: &'static Field, value: &Value, draft: &mut Draft) -> Result<(), Refusal> {
        match field.kind {
            _ if !field.written => {}
            Type::Rows(table) => {
                let rows = value.as_array().ok_or_else(|| Refusal::field_type(field.name))?;
                let rows = rows.iter().map(|row| self.draft_row(table, row));
                draft.rows = Some(rows.collect::<Result<_, _>>()?);
            }
            Type::Id(target) => {
                let id = accept(field, value)?;
                if let Some(id) = id.as_ref().and_then(Value::as_str) {
                    self.check_target(target, id)?;
                }
                draft.values.insert(field.name, id);
            }
            _ => {
                draft.values.insert(field.name, accept(field, value)?);
            }
        }
        Ok(())
    }

    fn draft_row(&self, table: &'static Table, row: &Value) -> Result<Values, Refusal> {
        let row = row.as_object().ok_or_else(Refusal::not_json)?;
        let draft = self.draft(table, row, Needs::Create)?;
        Ok(draft.values.into_iter().filter_map(|(name, value)| Some((name, value?))).collect())
    }

    fn check_target(&self, target: &'static str, id: &str) -> Result<(), Refusal> {
        let known = target == super::schema::ANY || self.record(target, id).is_some();
        if known { Ok(()) } else { Err(Refusal::not_found(id)) }
    }

    /// New child rows; their stamps trail the parent's by seconds, as in captures (`billcom.md` 3, hazard 3).
    fn new_rows(&mut self, now: DateTime<Utc>, table: &Table, parent: &str, rows: Vec<Values>) -> Vec<Record> {
        let Some((_, child)) = table.child() else {
            return Vec::new();
        };
        let mut made = Vec::new();
        for (order, mut values) in rows.into_iter().enumerate() {
            if let Some(field) = child.field("billId") {
                values.insert(field.name, Value::from(parent));
            }
            if child.field("lineOrder").is_some() {
                values.entry("lineOrder").or_insert_with(|| Value::from(order));
            }
            values.entry("lineType").or_insert_with(|| Value::from("1"));
            let behind = now + TimeDelta::seconds(i64::try_from(order.min(3)).unwrap_or(0));
            let (id, serial) = (self.random.id(child.prefix), self.next_serial());
            made.push(Record {
                id,
                serial,
                state: "1",
                created: behind,
                updated: behind,
                values,
                rows: Vec::new(),
                late: None,
            });
        }
        made
    }

    fn hold_back_rows(&self, now: DateTime<Utc>, record: &mut Record, seen: Vec<Record>) {
        let late = self.rules.late_lines > TimeDelta::zero() && !record.rows.is_empty();
        record.late = late.then(|| (now + self.rules.late_lines, seen));
    }

    fn check_guard(&self, table: &Table, id: &str, draft: &Draft, permit: Permit) -> Result<(), Refusal> {
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
    fn check_unique(&self, table: &Table, old: Option<&Record>, draft: &Draft) -> Result<(), Refusal> {
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

    /// A bill number is used once, unless the caller allows it (`billcom.md` 2.4).
    fn check_number(&self, table: &Table, old: Option<&Record>, draft: &Draft, permit: Permit) -> Result<(), Refusal> {
        if table.name != "Bill" || permit.duplicates || self.rules.bill_numbers == NumberScope::Unchecked {
            return Ok(());
        }
        let wanted = |name: &'static str| draft.values.get(name).and_then(Option::as_ref).and_then(Value::as_str);
        let number = wanted("invoiceNumber");
        let used = self.records("Bill").any(|other| {
            let same_vendor =
                self.rules.bill_numbers == NumberScope::Organization || wanted("vendorId") == other.text("vendorId");
            let another = old.is_none_or(|old| old.id != other.id);
            another && same_vendor && other.state == "1" && same_text(number, other.text("invoiceNumber"))
        });
        if used { Err(Refusal::number_used(number.unwrap_or_default())) } else { Ok(()) }
    }
}

fn check_entity(table: &Table, object: &Map<String, Value>) -> Result<(), Refusal> {
    match object.get("entity").and_then(Value::as_str) {
        None => Err(Refusal::missing_field("entity")),
        Some(entity) if entity != table.name => Err(Refusal::other_entity(table.name, entity)),
        Some(_) => Ok(()),
    }
}

fn state(table: &Table, value: &Value) -> Result<&'static str, Refusal> {
    let wanted = value.as_str().ok_or_else(|| Refusal::field_type("isActive"))?;
    let state = table.states.iter().find(|state| **state == wanted);
    state.copied().ok_or_else(|| Refusal::field_value("isActive", value))
}

/// Whether two texts are the same apart from case and surrounding space; nothing equals nothing.
fn same_text(one: Option<&str>, other: Option<&str>) -> bool {
    let (Some(one), Some(other)) = (one, other) else {
        return false;
    };
    one.trim().to_lowercase() == other.trim().to_lowercase()
}
