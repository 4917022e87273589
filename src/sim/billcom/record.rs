//! One record of the organisation, and how it is printed.

use super::reply::Refusal;
use super::schema::{Field, Table, Type};
use chrono::{DateTime, DurationRound, NaiveDate, NaiveDateTime, SubsecRound, TimeDelta, Utc};
use rust_decimal::Decimal;
use serde_json::{Map, Number, Value, json};
use std::collections::BTreeMap;
use std::str::FromStr;

/// "No value" of an id.
pub(crate) const ZERO_ID: &str = "00000000000000000000";

/// Values that are set; an absent one is empty.
pub(crate) type Values = BTreeMap<&'static str, Value>;

/// A record. Instants keep their milliseconds; only replies to writes show them.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) id: String,
    /// In which order records were made.
    pub(crate) serial: u64,
    pub(crate) state: &'static str,
    pub(crate) created: DateTime<Utc>,
    pub(crate) updated: DateTime<Utc>,
    pub(crate) values: Values,
    pub(crate) rows: Vec<Self>,
    /// Until then readers still see these child rows.
    pub(crate) late: Option<(DateTime<Utc>, Vec<Self>)>,
}

/// How a record is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    pub(crate) now: DateTime<Utc>,
    /// With child rows.
    pub(crate) nested: bool,
    /// In the reply to a write: real milliseconds, and the rows just written.
    pub(crate) written: bool,
    /// Amounts and flags as texts.
    pub(crate) as_text: bool,
    /// Those that the documents of Read call texts, as texts; of the record itself, not of what is inside it.
    pub(crate) read: bool,
    /// Vendors print `mergedIntoId` instead of `mergeIntoId`.
    pub(crate) older_spelling: bool,
}

impl View {
    /// How the records inside a record are looked at.
    pub(crate) const fn inside(mut self) -> Self {
        self.read = false;
        self
    }
}

impl Record {
    /// A new record.
    pub(crate) fn new(id: String, serial: u64, now: DateTime<Utc>, values: Values) -> Self {
        Self { id, serial, state: "1", created: now, updated: now, values, rows: Vec::new(), late: None }
    }

    /// Stamps the record; stamps never go back.
    pub(crate) fn stamp_at(&mut self, now: DateTime<Utc>) {
        self.updated = now.max(self.updated);
    }

    /// Makes the stamps so coarse; not at all when zero.
    pub(crate) fn coarsen(&mut self, grain: TimeDelta) {
        self.created = self.created.duration_trunc(grain).unwrap_or(self.created);
        self.updated = self.updated.duration_trunc(grain).unwrap_or(self.updated);
    }

    /// A yes or no; nothing is no.
    pub(crate) fn flag(&self, field: &str) -> bool {
        self.values.get(field).and_then(Value::as_bool).unwrap_or(false)
    }

    /// A text, id or code that is set.
    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.values.get(field).and_then(Value::as_str)
    }

    /// An amount; nothing is zero.
    pub(crate) fn amount(&self, field: &str) -> Decimal {
        self.values.get(field).and_then(decimal).unwrap_or_default()
    }

    /// The child rows as a reader sees them at `now`.
    pub(crate) fn rows_at(&self, now: DateTime<Utc>) -> &[Self] {
        match &self.late {
            Some((until, rows)) if now < *until => rows,
            _ => &self.rows,
        }
    }

    /// The stored stamp: whole seconds.
    pub(crate) fn stamp(&self) -> DateTime<Utc> {
        self.updated.trunc_subsecs(0)
    }

    /// The record as JSON.
    pub(crate) fn print(&self, table: &Table, view: View) -> Value {
        let mut object = Map::new();
        object.insert("entity".to_owned(), json!(table.name));
        if !table.prefix.is_empty() {
            object.insert("id".to_owned(), json!(self.id));
        }
        if !table.states.is_empty() {
            object.insert("isActive".to_owned(), json!(self.state));
        }
        if table.stamped {
            object.insert("createdTime".to_owned(), json!(print_time(self.created, view.written)));
            object.insert("updatedTime".to_owned(), json!(print_time(self.updated, view.written)));
        }
        for field in table.fields.iter().filter(|field| field.printed) {
            if let Some(value) = self.print_field(field, view) {
                object.insert(spelling(field.name, view).to_owned(), value);
            }
        }
        Value::Object(object)
    }

    fn print_field(&self, field: &Field, view: View) -> Option<Value> {
        let value = self.values.get(field.name);
        let as_text = view.as_text || view.read && field.text_in_read;
        Some(match (field.kind, value) {
            // Records of their own: whoever holds them prints them.
            (Type::Linked(..), _) => return None,
            (Type::Rows(table), _) => {
                let rows = if view.written { &self.rows } else { self.rows_at(view.now) };
                let view = view.inside();
                return view.nested.then(|| rows.iter().map(|row| row.print(table, view)).collect());
            }
            (Type::Money | Type::Number, Some(value)) if as_text => json!(value.to_string()),
            (Type::Flag, value) if as_text => {
                json!(value.unwrap_or(&json!(false)).to_string())
            }
            // An amount that the vendor prints as a text in this place.
            (Type::Text, Some(Value::Number(amount))) => json!(amount.to_string()),
            (_, Some(value)) => value.clone(),
            (Type::Id(_), None) => json!(ZERO_ID),
            (Type::Flag, None) => json!(false),
            (Type::Summary, None) => return None,
            (_, None) => Value::Null,
        })
    }
}

fn spelling(name: &'static str, view: View) -> &'static str {
    if name == "mergeIntoId" && view.older_spelling { "mergedIntoId" } else { name }
}

/// `yyyy-MM-ddTHH:mm:ss.SSS+0000`; stored stamps end in `.000` (`billcom.md` 3).
pub(crate) fn print_time(time: DateTime<Utc>, with_millis: bool) -> String {
    let time = if with_millis { time } else { time.trunc_subsecs(0) };
    time.format("%Y-%m-%dT%H:%M:%S%.3f+0000").to_string()
}

/// Reads exactly the vendor's form.
pub(crate) fn parse_time(text: &str) -> Option<DateTime<Utc>> {
    let plain = text.strip_suffix("+0000").filter(|plain| plain.len() == 23)?;
    NaiveDateTime::parse_from_str(plain, "%Y-%m-%dT%H:%M:%S%.3f").ok().map(|time| time.and_utc())
}

/// Reads a calendar date with all its digits.
pub(crate) fn parse_date(text: &str) -> Option<NaiveDate> {
    (text.len() == 10).then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten()
}

/// A JSON number as an exact decimal.
pub(crate) fn decimal(value: &Value) -> Option<Decimal> {
    let text = value.as_number()?.to_string();
    Decimal::from_str(&text).or_else(|_| Decimal::from_scientific(&text)).ok()
}

/// A decimal as JSON prints amounts: at least one place, no more than needed (`600.0`).
pub(crate) fn print_decimal(amount: Decimal) -> Value {
    let mut text = amount.normalize().to_string();
    if !text.contains('.') {
        text.push_str(".0");
    }
    Value::Number(Number::from_str(&text).expect("invariant: a decimal prints as a JSON number"))
}

/// A value as it is kept, or nothing for an empty one.
pub(crate) fn accept(field: &Field, value: &Value) -> Result<Option<Value>, Refusal> {
    if value.is_null() {
        return Ok(None);
    }
    let name = field.name;
    let text = || value.as_str().ok_or_else(|| Refusal::field_type(name));
    let invalid = || Refusal::field_value(name, value);
    match field.kind {
        Type::Text if text()?.chars().count() > field.characters_max => {
            Err(Refusal::too_long(name, field.characters_max))
        }
        Type::Text => Ok(Some(text()?).filter(|text| !text.is_empty()).map(Value::from)),
        Type::Id(_) => match text()? {
            "" | ZERO_ID => Ok(None),
            id if id.len() == 20 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()) => Ok(Some(json!(id))),
            _ => Err(invalid()),
        },
        Type::Code(codes) => {
            let code = text()?;
            let known = if codes.is_empty() { code.parse::<i32>().is_ok() } else { codes.contains(&code) };
            if known { Ok(Some(json!(code))) } else { Err(invalid()) }
        }
        Type::Time => parse_time(text()?).map(|time| Some(json!(print_time(time, true)))).ok_or_else(invalid),
        Type::Date => match text()? {
            "" => Ok(None),
            date => parse_date(date).map(|date| Some(json!(date.to_string()))).ok_or_else(invalid),
        },
        Type::Money => {
            let amount = decimal(value).ok_or_else(|| Refusal::field_type(name))?;
            if amount.normalize().scale() > 2 { Err(invalid()) } else { Ok(Some(print_decimal(amount))) }
        }
        Type::Number => decimal(value).map(|_| Some(value.clone())).ok_or_else(|| Refusal::field_type(name)),
        Type::Flag => value.as_bool().map(|flag| Some(json!(flag))).ok_or_else(|| Refusal::field_type(name)),
        Type::Rows(_) | Type::Linked(..) | Type::Summary => Err(Refusal::field_type(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_and_printed_like_the_vendor_does() {
        let print = |text: &str| print_decimal(Decimal::from_str(text).expect("decimal")).to_string();
        assert_eq!(print("600"), "600.0");
        assert_eq!(print("0.10"), "0.1");
        assert_eq!(print("9007199254740993.01"), "9007199254740993.01");
        assert_eq!(print("-0.05"), "-0.05");
    }

    #[test]
    fn times_are_read_in_one_form_only() {
        let time = parse_time("2013-10-28T04:41:49.123+0000").expect("time");
        assert_eq!(print_time(time, true), "2013-10-28T04:41:49.123+0000");
        assert_eq!(print_time(time, false), "2013-10-28T04:41:49.000+0000");
        for wrong in ["2013-10-28T04:41:49.123Z", "2013-10-28T04:41:49.123+00:00", "2013-10-28"] {
            assert_eq!(parse_time(wrong), None, "{wrong}");
        }
        assert_eq!(parse_date("2013-1-28"), None);
    }
}
