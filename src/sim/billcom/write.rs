//! Create, Update, Delete and Undelete.

use super::Organization;
use super::checks::check_lines;
use super::record::{Record, Values, accept};
use super::reply::Refusal;
use super::schema::{Field, Table, Type};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

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
pub(super) struct Draft {
    pub(super) state: Option<&'static str>,
    pub(super) values: BTreeMap<&'static str, Option<Value>>,
    pub(super) rows: Option<Vec<Values>>,
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
        check_lines(table, &draft)?;
        let serial = self.next_serial();
        let values = draft.values.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        let mut record = Record::new(id.clone(), serial, now, values);
        record.state = draft.state.unwrap_or("1");
        record.rows = self.new_rows(now, table, &id, draft.rows.unwrap_or_default());
        self.hold_back_rows(now, &mut record, Vec::new());
        self.enter(table, record);
        Ok(id)
    }

    /// Makes a record that no call makes, past all checks; the caller enters it.
    pub(super) fn make(&mut self, now: DateTime<Utc>, table: &'static Table, values: Values) -> Record {
        let (id, serial) = (self.random.id(table.prefix), self.next_serial());
        Record::new(id, serial, now, values)
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
        self.check_lock(table, &id)?;
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
        check_lines(table, &draft)?;
        let seen = record.rows_at(now).to_vec();
        record.stamp_at(now);
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
            record.stamp_at(now);
            self.enter(table, record);
        }
        Ok(())
    }

    /// Puts a record into the books, with what follows from its fields, and tells the webhooks.
    pub(super) fn enter(&mut self, table: &'static Table, mut record: Record) {
        let tax = record.text("itemSalesTax").and_then(|item| self.record("Item", item));
        let tax = tax.map(|item| item.amount("percentage"));
        super::derive::complete(table, &mut record, &self.rules, tax);
        record.coarsen(self.rules.stamp_grain);
        let vendor = record.text("vendorId").map(str::to_owned);
        let customer = record.text("customerId").map(str::to_owned);
        let id = record.id.clone();
        let before = self.books.entry(table.name).or_default().insert(id.clone(), record);
        self.announce(table, &id, before.as_ref());
        if let Some(vendor) = vendor {
            self.refresh_balance(&vendor);
        }
        if let Some(customer) = customer {
            self.refresh_customer(&customer);
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
    pub(super) fn new_rows(
        &mut self,
        now: DateTime<Utc>,
        table: &Table,
        parent: &str,
        rows: Vec<Values>,
    ) -> Vec<Record> {
        let Some((_, child)) = table.child() else {
            return Vec::new();
        };
        let mut made = Vec::new();
        for (order, mut values) in rows.into_iter().enumerate() {
            if let Some(pointer) = child.pointer_to(table) {
                values.insert(pointer, Value::from(parent));
            }
            if child.field("lineOrder").is_some() {
                values.entry("lineOrder").or_insert_with(|| Value::from(order));
            }
            if child.field("lineType").is_some() {
                values.entry("lineType").or_insert_with(|| Value::from("1"));
            }
            let behind = now + TimeDelta::seconds(i64::try_from(order.min(3)).unwrap_or(0));
            made.push(self.make(behind, child, values));
        }
        made
    }

    pub(super) fn hold_back_rows(&self, now: DateTime<Utc>, record: &mut Record, seen: Vec<Record>) {
        let late = self.rules.late_lines > TimeDelta::zero() && !record.rows.is_empty();
        record.late = late.then(|| (now + self.rules.late_lines, seen));
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
