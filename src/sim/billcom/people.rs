//! What people do in the web app. They are signed in for real, so no session, limit or guard stands in their way.

use super::Organization;
use super::record::{Record, print_decimal};
use super::reply::Refusal;
use super::schema::{Field, Table, Type};
use super::write::Permit;
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

/// Something the web app does not let a person do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct PeopleError {
    /// The code that the API would give.
    pub code: &'static str,
    /// Its text.
    pub message: String,
}

impl From<Refusal> for PeopleError {
    fn from(refusal: Refusal) -> Self {
        Self { code: refusal.code, message: refusal.message }
    }
}

/// A bill to be entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillDraft {
    /// Whose bill.
    pub vendor_id: String,
    /// The number on it.
    pub number: String,
    /// The date on it.
    pub date: NaiveDate,
    /// When it is due.
    pub due: NaiveDate,
    /// Its lines.
    pub lines: Vec<LineDraft>,
}

/// A line of a bill to be entered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineDraft {
    /// The amount in cents.
    pub cents: i64,
    /// The account it is coded to.
    pub account_id: Option<String>,
    /// The department it is coded to.
    pub department_id: Option<String>,
    /// What it is for.
    pub description: String,
}

/// Somebody at the web app, at a certain moment.
#[derive(Debug)]
pub struct Person<'a> {
    pub(super) organization: &'a mut Organization,
    pub(super) now: DateTime<Utc>,
}

impl Organization {
    /// Somebody acts.
    pub fn person(&mut self, now: DateTime<Utc>) -> Person<'_> {
        let now = now + self.rules.clock_skew;
        Person { organization: self, now }
    }
}

impl Person<'_> {
    /// Enters a record of any entity.
    ///
    /// # Errors
    /// [`PeopleError`] when the web app would refuse it.
    pub fn create(&mut self, entity: &str, fields: &[(&str, Value)]) -> Result<String, PeopleError> {
        let permit = Permit { duplicates: false, trusted: true };
        Ok(self.organization.create(self.now, table(entity)?, &object(entity, fields), permit)?)
    }

    /// Changes fields of a record; lines stay as they are.
    ///
    /// # Errors
    /// [`PeopleError`] when the web app would refuse it.
    pub fn edit(&mut self, entity: &str, id: &str, fields: &[(&str, Value)]) -> Result<(), PeopleError> {
        Ok(self.organization.amend(self.now, table(entity)?, id, &object(entity, fields))?)
    }

    /// Enters a vendor.
    ///
    /// # Errors
    /// [`PeopleError`] when the name is taken.
    pub fn create_vendor(&mut self, name: &str) -> Result<String, PeopleError> {
        self.create("Vendor", &[("name", json!(name))])
    }

    /// Enters an account; the type is the vendor's number (`billcom.md` 2.1).
    ///
    /// # Errors
    /// [`PeopleError`] when name or number is taken.
    pub fn create_account(&mut self, name: &str, kind: &str, number: &str) -> Result<String, PeopleError> {
        self.create(
            "ChartOfAccount",
            &[("name", json!(name)), ("accountType", json!(kind)), ("accountNumber", json!(number))],
        )
    }

    /// Gives a record another name.
    ///
    /// # Errors
    /// [`PeopleError`] when the name is taken.
    pub fn rename(&mut self, entity: &str, id: &str, name: &str) -> Result<(), PeopleError> {
        self.edit(entity, id, &[("name", json!(name))])
    }

    /// Enters a bill.
    ///
    /// # Errors
    /// [`PeopleError`] when the vendor is unknown or the number used.
    pub fn create_bill(&mut self, draft: &BillDraft) -> Result<String, PeopleError> {
        self.create("Bill", &bill_fields(draft))
    }

    /// Replaces a bill's contents, lines included.
    ///
    /// # Errors
    /// [`PeopleError`] when there is no such bill or vendor.
    pub fn edit_bill(&mut self, id: &str, draft: &BillDraft) -> Result<(), PeopleError> {
        self.edit("Bill", id, &bill_fields(draft))
    }

    /// Approves a bill.
    ///
    /// # Errors
    /// [`PeopleError`] when there is no such bill.
    pub fn approve(&mut self, bill_id: &str) -> Result<(), PeopleError> {
        self.decide("Bill", bill_id, "3")
    }

    /// Decides on a bill or a vendor credit: "0" unassigned, "1" assigned, "3" approved, "4" approving, "5" denied.
    ///
    /// # Errors
    /// [`PeopleError`] when there is no such document.
    pub fn decide(&mut self, entity: &str, id: &str, status: &str) -> Result<(), PeopleError> {
        self.touch(entity, id, "approvalStatus", json!(status))
    }

    /// Takes a record out of use.
    ///
    /// # Errors
    /// [`PeopleError`] when there is no such record.
    pub fn archive(&mut self, entity: &str, id: &str) -> Result<(), PeopleError> {
        Ok(self.organization.set_state(self.now, table(entity)?, id, "2")?)
    }

    /// Brings a record back.
    ///
    /// # Errors
    /// [`PeopleError`] when there is no such record, or it was merged.
    pub fn restore(&mut self, entity: &str, id: &str) -> Result<(), PeopleError> {
        Ok(self.organization.set_state(self.now, table(entity)?, id, "1")?)
    }

    /// Merges one record of a list into another: the first goes out of use and points to the second, and everything
    /// that named the first names the second, in one go (`billcom.md` 3, hazard 6).
    ///
    /// # Errors
    /// [`PeopleError`] when one of them does not exist or they are the same.
    pub fn merge(&mut self, entity: &str, from: &str, into: &str) -> Result<(), PeopleError> {
        let table = table(entity)?;
        let both = self.organization.record(entity, from).is_some() && self.organization.record(entity, into).is_some();
        if from == into || !both {
            return Err(Refusal::not_found(from).into());
        }
        let pointer = if entity == "Vendor" { "mergeIntoId" } else { "mergedIntoId" };
        self.touch(entity, from, pointer, json!(into))?;
        self.touch(entity, into, "", Value::Null)?;
        self.organization.set_state(self.now, table, from, "2")?;
        self.repoint(entity, from, into);
        Ok(())
    }

    /// Every record that named one record names another; only the merged one keeps its own parents and survivors.
    fn repoint(&mut self, entity: &str, from: &str, into: &str) {
        for table in Table::ALL {
            let child = table.child().map(|(_, child)| child);
            let (header, line) =
                (pointers(table, entity), child.map_or_else(Vec::new, |child| pointers(child, entity)));
            let names = |record: &Record, fields: &[&str]| fields.iter().any(|field| record.text(field) == Some(from));
            let found = self.organization.records(table.name);
            let found = found.filter(|it| names(it, &header) || it.rows.iter().any(|row| names(row, &line)));
            for mut record in found.cloned().collect::<Vec<_>>() {
                replace(&mut record, &header, from, into);
                record.rows.iter_mut().for_each(|row| replace(row, &line, from, into));
                record.stamp_at(self.now);
                self.organization.enter(table, record);
            }
        }
        self.organization.refresh_balance(from);
        self.organization.refresh_customer(from);
    }

    /// Sets a field that the API does not write, and stamps the record. An empty name only stamps it.
    pub(super) fn touch(&mut self, entity: &str, id: &str, field: &str, value: Value) -> Result<(), PeopleError> {
        let table = table(entity)?;
        let mut record = self.organization.record(entity, id).cloned().ok_or_else(|| Refusal::not_found(id))?;
        if let Some(field) = table.field(field) {
            record.values.insert(field.name, value);
        }
        record.stamp_at(self.now);
        self.organization.enter(table, record);
        Ok(())
    }
}

/// The fields of an entity that name a record of another, but for those that name a survivor.
fn pointers(table: &Table, entity: &str) -> Vec<&'static str> {
    let names = |field: &&Field| matches!(field.kind, Type::Id(target) if target == entity);
    let fields = table.fields.iter().filter(names).map(|field| field.name);
    fields.filter(|name| !matches!(*name, "mergeIntoId" | "mergedIntoId")).collect()
}

fn replace(record: &mut Record, fields: &[&'static str], from: &str, into: &str) {
    for field in fields {
        if let Some(value) = record.values.get_mut(field).filter(|value| value.as_str() == Some(from)) {
            *value = json!(into);
        }
    }
}

pub(super) fn table(entity: &str) -> Result<&'static Table, Refusal> {
    Table::named(entity).ok_or_else(|| Refusal::unsupported(entity))
}

pub(super) fn object(entity: &str, fields: &[(&str, Value)]) -> Map<String, Value> {
    let mut object: Map<String, Value> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    object.insert("entity".to_owned(), json!(entity));
    object
}

/// A line of a bill or of a vendor credit.
pub(super) fn line_object(entity: &str, line: &LineDraft) -> Value {
    let mut row = object(entity, &[("amount", print_decimal(Decimal::new(line.cents, 2)))]);
    row.insert("description".to_owned(), json!(line.description));
    row.extend(line.account_id.iter().map(|id| ("chartOfAccountId".to_owned(), json!(id))));
    row.extend(line.department_id.iter().map(|id| ("departmentId".to_owned(), json!(id))));
    Value::Object(row)
}

fn bill_fields(draft: &BillDraft) -> Vec<(&'static str, Value)> {
    let lines = draft.lines.iter().map(|line| line_object("BillLineItem", line));
    vec![
        ("vendorId", json!(draft.vendor_id)),
        ("invoiceNumber", json!(draft.number)),
        ("invoiceDate", json!(draft.date.to_string())),
        ("dueDate", json!(draft.due.to_string())),
        ("billLineItems", lines.collect()),
    ]
}

impl Organization {
    /// Many bills of one vendor, without lines and a second apart until now, without the checks that would make this slow.
    pub fn enter_many_bills(&mut self, vendor_id: &str, count: i64, now: DateTime<Utc>) {
        let table = Table::named("Bill").expect("invariant: bills are a table");
        let date = json!(now.date_naive().to_string());
        for number in 0..count {
            let values = [
                ("vendorId", json!(vendor_id)),
                ("invoiceNumber", json!(number.to_string())),
                ("invoiceDate", date.clone()),
                ("dueDate", date.clone()),
            ];
            let stamp = now - chrono::TimeDelta::seconds(count - number);
            let (id, serial) = (self.random.id(table.prefix), self.next_serial());
            let record = Record::new(id, serial, stamp, values.into_iter().collect());
            self.books.entry(table.name).or_default().insert(record.id.clone(), record);
        }
    }
}
