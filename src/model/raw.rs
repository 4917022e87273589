//! One JSON record as Bill.com sent it, read with care.

use super::{BadMoney, Money, NativeId};
use rust_decimal::Decimal;
use serde_json::{Map, Value};

/// "No value" of an id field in Bill.com's v2 API (`billcom.md` 2).
const ZERO_ID: &str = "00000000000000000000";

/// A record of Bill.com's v2 API, field by field.
///
/// JSON types wander between Read and List (`billcom.md` 2): money and flags come as text, number or boolean, so every
/// accessor accepts all of them. Numbers keep their digits; none of them ever becomes a float.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Raw(Map<String, Value>);

/// A field that does not hold what it should.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("field {field} of {entity} is not {wanted}")]
pub struct RawError {
    /// Which entity.
    pub entity: String,
    /// Which field.
    pub field: &'static str,
    /// What it should have been.
    pub wanted: &'static str,
}

impl Raw {
    /// Wraps a JSON object.
    #[must_use]
    pub const fn new(object: Map<String, Value>) -> Self {
        Self(object)
    }

    /// The object itself.
    #[must_use]
    pub fn into_object(self) -> Map<String, Value> {
        self.0
    }

    /// The object itself, to look at.
    #[must_use]
    pub const fn object(&self) -> &Map<String, Value> {
        &self.0
    }

    /// Sets a field, for records on their way to Bill.com.
    pub fn set(&mut self, field: &str, value: impl Into<Value>) {
        self.0.insert(field.to_owned(), value.into());
    }

    /// Sets an amount as a JSON number with its exact two places.
    pub fn set_money(&mut self, field: &str, amount: Money) {
        let number = serde_json::from_str::<Value>(&amount.to_string());
        self.0.insert(field.to_owned(), number.expect("invariant: Money prints as a JSON number"));
    }

    /// Sets a quantity, price or rate as a JSON number with its exact digits.
    pub fn set_number(&mut self, field: &str, number: Decimal) {
        let number = serde_json::from_str::<Value>(&number.to_string());
        self.0.insert(field.to_owned(), number.expect("invariant: a decimal prints as a JSON number"));
    }

    /// Sets child records, in the order given.
    pub fn set_rows(&mut self, field: &str, rows: impl IntoIterator<Item = Self>) {
        let rows = rows.into_iter().map(|row| Value::Object(row.0)).collect();
        self.0.insert(field.to_owned(), Value::Array(rows));
    }

    /// The `entity` field, for messages.
    #[must_use]
    pub fn entity(&self) -> &str {
        self.0.get("entity").and_then(Value::as_str).unwrap_or("record")
    }

    fn bad(&self, field: &'static str, wanted: &'static str) -> RawError {
        RawError { entity: self.entity().to_owned(), field, wanted }
    }

    /// A text; `None` when absent, null or empty. Numbers and flags are given as their text.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<String> {
        match self.0.get(field)? {
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            _ => None,
        }
    }

    /// The record's own id.
    ///
    /// # Errors
    /// [`RawError`] when it is missing or not an id.
    pub fn id(&self) -> Result<NativeId, RawError> {
        self.reference("id")?.ok_or_else(|| self.bad("id", "an id"))
    }

    /// An id of another record; `None` when absent, null, empty or twenty zeros.
    ///
    /// # Errors
    /// [`RawError`] when it is not an id.
    pub fn reference(&self, field: &'static str) -> Result<Option<NativeId>, RawError> {
        match self.text(field) {
            None => Ok(None),
            Some(text) if text == ZERO_ID => Ok(None),
            Some(text) => NativeId::new(text).map(Some).map_err(|_| self.bad(field, "an id")),
        }
    }

    /// An amount; `None` when absent or null.
    ///
    /// # Errors
    /// [`RawError`] when it is not an amount with two places.
    pub fn money(&self, field: &'static str) -> Result<Option<Money>, RawError> {
        let Some(text) = self.text(field) else { return Ok(None) };
        Money::parse(&plain_number(&text)).map(Some).map_err(|BadMoney| self.bad(field, "an amount"))
    }

    /// A quantity, price or rate; `None` when absent or null.
    ///
    /// # Errors
    /// [`RawError`] when it is not a number.
    pub fn number(&self, field: &'static str) -> Result<Option<Decimal>, RawError> {
        let Some(text) = self.text(field) else { return Ok(None) };
        let number = plain_number(&text).parse::<Decimal>();
        number.map(|number| Some(number.normalize())).map_err(|_| self.bad(field, "a number"))
    }

    /// A flag; `None` when absent or null. Accepts true, "true", "1" and 1, and their opposites.
    ///
    /// # Errors
    /// [`RawError`] when it is none of these.
    pub fn flag(&self, field: &'static str) -> Result<Option<bool>, RawError> {
        match self.text(field).as_deref() {
            None => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(_) => Err(self.bad(field, "a flag")),
        }
    }

    /// A calendar date `yyyy-MM-dd`; a longer text with a time behind it is accepted for its date.
    ///
    /// # Errors
    /// [`RawError`] when it is no date.
    pub fn date(&self, field: &'static str) -> Result<Option<chrono::NaiveDate>, RawError> {
        let Some(text) = self.text(field) else { return Ok(None) };
        let day = text.get(..10).unwrap_or(&text);
        chrono::NaiveDate::parse_from_str(day, "%Y-%m-%d").map(Some).map_err(|_| self.bad(field, "a date"))
    }

    /// Whether the record is in use: `isActive` "1", or no such field.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.text("isActive").is_none_or(|code| code == "1")
    }

    /// Child records, in the order given.
    ///
    /// # Errors
    /// [`RawError`] when the field is something other than a list of objects.
    pub fn rows(&self, field: &'static str) -> Result<Vec<Self>, RawError> {
        match self.0.get(field) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(rows)) => rows
                .iter()
                .map(|row| row.as_object().cloned().map(Self).ok_or_else(|| self.bad(field, "a list of records")))
                .collect(),
            Some(_) => Err(self.bad(field, "a list of records")),
        }
    }
}

/// `1.5E+2`-style numbers do not occur in captures, but JSON allows them: written out plainly when they are exact.
fn plain_number(text: &str) -> String {
    if !text.contains(['e', 'E']) {
        return text.to_owned();
    }
    Decimal::from_scientific(text).map_or_else(|_| text.to_owned(), |number| number.normalize().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(json: &str) -> Raw {
        Raw::new(serde_json::from_str(json).expect("test JSON"))
    }

    #[test]
    fn money_comes_as_number_or_text_and_stays_exact() {
        let bill = raw(r#"{"a":600.0,"b":"1234.56","c":0.1,"d":null,"e":1e3,"f":1.005,"g":9007199254740993.01}"#);
        assert_eq!(bill.money("a"), Ok(Some(Money::from_cents(60_000))));
        assert_eq!(bill.money("b"), Ok(Some(Money::from_cents(123_456))));
        assert_eq!(bill.money("c"), Ok(Some(Money::from_cents(10))));
        assert_eq!(bill.money("d"), Ok(None));
        assert_eq!(bill.money("e"), Ok(Some(Money::from_cents(100_000))));
        assert!(bill.money("f").is_err(), "a third place is not an amount");
        assert_eq!(bill.money("g"), Ok(Some(Money::from_cents(900_719_925_474_099_301))), "no float on the way");
    }

    #[test]
    fn zero_ids_are_no_ids() {
        let line = raw(r#"{"entity":"BillLineItem","x":"00000000000000000000","y":"0ca01ABC","z":null}"#);
        assert_eq!(line.reference("x"), Ok(None));
        assert_eq!(line.reference("z"), Ok(None));
        assert_eq!(line.reference("y").expect("id").expect("some").as_str(), "0ca01ABC");
    }

    #[test]
    fn flags_and_dates_wander_too() {
        let record = raw(r#"{"a":true,"b":"0","c":1,"d":"maybe","e":"2012-11-14","f":"2012-11-14T00:00:00.000+0000"}"#);
        assert_eq!(record.flag("a"), Ok(Some(true)));
        assert_eq!(record.flag("b"), Ok(Some(false)));
        assert_eq!(record.flag("c"), Ok(Some(true)));
        assert!(record.flag("d").is_err());
        assert_eq!(record.date("e"), record.date("f"));
    }

    #[test]
    fn amounts_leave_with_their_places() {
        let mut record = Raw::default();
        record.set_money("amount", Money::from_cents(10));
        assert_eq!(serde_json::to_string(record.object()).expect("json"), r#"{"amount":0.10}"#);
    }
}
