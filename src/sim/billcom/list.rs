//! `List`: filters, order, offset paging.

use super::Organization;
use super::record::{Record, decimal, parse_date, parse_time};
use super::reply::Refusal;
use super::schema::{Table, Type};
use chrono::{DateTime, Days, SubsecRound, Utc};
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use std::cmp::Ordering;
use std::str::FromStr;

/// Names in `data` of a `List` call. `showAudit` is for bills and sent payments only; it is not simulated.
pub(super) const PARAMETERS: &[&str] = &["start", "max", "filters", "sort", "nested"];

/// Rows of one page: the documented maximum.
const PAGE_ROWS_MAX: u64 = 999;

/// Something that can be compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Nothing,
    Flag(bool),
    Number(Decimal),
    Time(DateTime<Utc>),
    Text(String),
}

/// A condition that has been checked.
struct Condition {
    field: &'static str,
    kind: Kind,
    op: Op,
    values: Vec<Key>,
}

/// The types a field can be compared as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Time,
    Date,
    Number,
    Flag,
}

/// A field to sort by, and whether ascending.
type Sort = (&'static str, Kind, bool);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Op {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
}

impl Organization {
    /// One page.
    pub(super) fn list(
        &mut self,
        now: DateTime<Utc>,
        table: &'static Table,
        data: &Map<String, Value>,
    ) -> Result<Value, Refusal> {
        let start = whole_number(data, "start")?;
        let max = whole_number(data, "max")?;
        if max == 0 || max > PAGE_ROWS_MAX {
            return Err(Refusal::parameter_value("max", &data["max"]));
        }
        let nested = match data.get("nested") {
            None => false,
            Some(flag) => flag.as_bool().ok_or_else(|| Refusal::field_type("nested"))?,
        };
        let conditions = rows(data, "filters")?;
        let conditions = conditions.iter().map(|row| self.condition(table, row)).collect::<Result<Vec<_>, _>>()?;
        let order = rows(data, "sort")?.iter().map(|row| sort_by(table, row)).collect::<Result<Vec<_>, _>>()?;
        let shuffle = if self.rules.unstable_ties { self.random.next() } else { 0 };
        let found = self.records(table.name).filter(|record| conditions.iter().all(|it| it.holds(table, record)));
        let mut found: Vec<Found<'_>> = found.map(|record| Found::new(table, &order, shuffle, record)).collect();
        found.sort_by(|a, b| a.compare(b, &order));
        let (start, max) = (usize::try_from(start).unwrap_or(usize::MAX), usize::try_from(max).unwrap_or(usize::MAX));
        let view = self.view(now, nested);
        Ok(found.into_iter().skip(start).take(max).map(|found| self.print(found.record, table, view)).collect())
    }

    fn condition(&self, table: &'static Table, row: &Map<String, Value>) -> Result<Condition, Refusal> {
        let name = text(row, "field")?;
        let (field, kind) = filterable(table, name).ok_or_else(|| Refusal::filter_field(name))?;
        let op = Op::read(text(row, "op")?)?;
        let value = row.get("value").ok_or_else(|| Refusal::missing_parameter("value"))?;
        let given = value.as_str().ok_or_else(|| Refusal::field_type("value"))?;
        let parts: Vec<&str> =
            if matches!(op, Op::In | Op::NotIn) { given.split(',').map(str::trim).collect() } else { vec![given] };
        let values = parts.into_iter().map(|part| kind.key(part).ok_or_else(|| Refusal::field_value(name, value)));
        let mut values = values.collect::<Result<Vec<_>, _>>()?;
        if self.rules.coarse_filters && kind == Kind::Time {
            values.iter_mut().for_each(|key| key.widen(op));
        }
        Ok(Condition { field, kind, op, values })
    }
}

impl Key {
    /// To the whole day, so that nothing that should be found is left out.
    fn widen(&mut self, op: Op) {
        let Self::Time(time) = self else { return };
        let day = time.date_naive();
        let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
        let day = if matches!(op, Op::Less | Op::LessOrEqual) { next } else { day };
        *time = day.and_time(chrono::NaiveTime::MIN).and_utc();
    }
}

impl Op {
    fn read(op: &str) -> Result<Self, Refusal> {
        Ok(match op {
            "=" => Self::Equal,
            "!=" => Self::NotEqual,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            "in" => Self::In,
            "nin" => Self::NotIn,
            other => return Err(Refusal::filter_operator(other)),
        })
    }
}

impl Condition {
    fn holds(&self, table: &Table, record: &Record) -> bool {
        let actual = key(table, self.field, self.kind, record);
        let wanted = self.values.first().unwrap_or(&Key::Nothing);
        match self.op {
            Op::Equal => actual == *wanted,
            Op::NotEqual => actual != *wanted,
            Op::In => self.values.contains(&actual),
            Op::NotIn => !self.values.contains(&actual),
            _ if actual == Key::Nothing => false,
            Op::Less => actual < *wanted,
            Op::LessOrEqual => actual <= *wanted,
            Op::Greater => actual > *wanted,
            Op::GreaterOrEqual => actual >= *wanted,
        }
    }
}

impl Kind {
    const fn of(kind: Type) -> Option<Self> {
        Some(match kind {
            Type::Text | Type::Id(_) | Type::Code(_) => Self::Text,
            Type::Time => Self::Time,
            Type::Date => Self::Date,
            Type::Money | Type::Number => Self::Number,
            Type::Flag => Self::Flag,
            Type::Rows(_) | Type::Linked(..) | Type::Summary => return None,
        })
    }

    fn key(self, text: &str) -> Option<Key> {
        Some(match self {
            Self::Text if text == super::record::ZERO_ID => Key::Nothing,
            Self::Text => Key::Text(text.to_owned()),
            Self::Time => Key::Time(parse_time(text)?),
            Self::Date => Key::Text(parse_date(text)?.to_string()),
            Self::Number => Key::Number(Decimal::from_str(text).ok()?),
            Self::Flag => match text {
                "true" | "1" => Key::Flag(true),
                "false" | "0" => Key::Flag(false),
                _ => return None,
            },
        })
    }
}

/// Filterable fields: those the vendor marks, and the ones every stamped entity has.
fn filterable(table: &'static Table, name: &str) -> Option<(&'static str, Kind)> {
    match name {
        "id" => Some(("id", Kind::Text)),
        "isActive" if !table.states.is_empty() => Some(("isActive", Kind::Text)),
        "createdTime" if table.stamped => Some(("createdTime", Kind::Time)),
        "updatedTime" if table.stamped => Some(("updatedTime", Kind::Time)),
        _ => {
            let field = table.field(name).filter(|field| field.filtered)?;
            Some((field.name, Kind::of(field.kind)?))
        }
    }
}

/// Sortable fields: the vendor names none, so every plain one.
fn sort_by(table: &'static Table, row: &Map<String, Value>) -> Result<Sort, Refusal> {
    let name = text(row, "field")?;
    let plain = || table.field(name).and_then(|field| Some((field.name, Kind::of(field.kind)?)));
    let (field, kind) =
        filterable(table, name).or_else(plain).ok_or_else(|| Refusal::unknown_name(&format!("sort by {name}")))?;
    match text(row, "asc")? {
        "true" => Ok((field, kind, true)),
        "false" => Ok((field, kind, false)),
        _ => Err(Refusal::parameter_value("asc", &row["asc"])),
    }
}

fn key(table: &Table, field: &str, kind: Kind, record: &Record) -> Key {
    match field {
        "id" => Key::Text(record.id.clone()),
        "isActive" if !table.states.is_empty() => Key::Text(record.state.to_owned()),
        "createdTime" if table.stamped => Key::Time(record.created.trunc_subsecs(0)),
        "updatedTime" if table.stamped => Key::Time(record.stamp()),
        _ => {
            let value = record.values.get(field);
            let found = match kind {
                Kind::Number => value.and_then(decimal).map(Key::Number),
                Kind::Flag => return Key::Flag(value.and_then(Value::as_bool).unwrap_or(false)),
                Kind::Time => value.and_then(Value::as_str).and_then(parse_time).map(Key::Time),
                Kind::Text | Kind::Date => value.and_then(Value::as_str).map(|text| Key::Text(text.to_owned())),
            };
            found.unwrap_or(Key::Nothing)
        }
    }
}

/// A record that was found, with what it is sorted by.
struct Found<'a> {
    keys: Vec<Key>,
    /// The order of rows that are equal otherwise: as they were made, or any order.
    tie: u64,
    record: &'a Record,
}

impl<'a> Found<'a> {
    fn new(table: &Table, order: &[Sort], shuffle: u64, record: &'a Record) -> Self {
        let keys = order.iter().map(|&(field, kind, _)| key(table, field, kind, record)).collect();
        let shuffled = (record.serial ^ shuffle).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Self { keys, tie: if shuffle == 0 { record.serial } else { shuffled }, record }
    }

    fn compare(&self, other: &Self, order: &[Sort]) -> Ordering {
        let steps = self.keys.iter().zip(&other.keys).zip(order);
        let mut steps =
            steps.map(|((one, other), (_, _, ascending))| if *ascending { one.cmp(other) } else { other.cmp(one) });
        steps.find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal).then(self.tie.cmp(&other.tie))
    }
}

fn whole_number(data: &Map<String, Value>, name: &'static str) -> Result<u64, Refusal> {
    let value = data.get(name).ok_or_else(|| Refusal::missing_parameter(name))?;
    value.as_u64().ok_or_else(|| Refusal::field_type(name))
}

/// A list of objects, each with the keys of a filter or a sort.
fn rows<'a>(data: &'a Map<String, Value>, name: &'static str) -> Result<Vec<&'a Map<String, Value>>, Refusal> {
    let Some(value) = data.get(name) else {
        return Ok(Vec::new());
    };
    let known: &[&str] = if name == "filters" { &["field", "op", "value"] } else { &["field", "asc"] };
    let list = value.as_array().ok_or_else(|| Refusal::field_type(name))?;
    let objects = list.iter().map(|row| {
        let row = row.as_object().ok_or_else(|| Refusal::field_type(name))?;
        let odd = row.keys().find(|key| !known.contains(&key.as_str()));
        odd.map_or(Ok(row), |key| Err(Refusal::unknown_name(&format!("{name}.{key}"))))
    });
    objects.collect()
}

fn text<'a>(row: &'a Map<String, Value>, name: &'static str) -> Result<&'a str, Refusal> {
    let value = row.get(name).ok_or_else(|| Refusal::missing_parameter(name))?;
    value.as_str().ok_or_else(|| Refusal::field_type(name))
}
