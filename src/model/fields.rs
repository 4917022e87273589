//! The canonical document: typed fields by name.
//!
//! Both sides' records of a kind are read into the same named fields and written from them, so that matching, merging,
//! hashing, storing and showing need to be written only once. Which names a kind has, and what they mean on each side,
//! stands in its file under `entities`.

use super::{Kind, Money, NativeId};
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// The name of a field, such as `company_name`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldName(Cow<'static, str>);

impl FieldName {
    /// A name known at compile time.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// A name read back from the store.
    #[must_use]
    pub const fn stored(name: String) -> Self {
        Self(Cow::Owned(name))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&'static str> for FieldName {
    fn from(name: &'static str) -> Self {
        Self::new(name)
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A pointer to another record, by its id on the side the pointing record lives on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// What is pointed at.
    pub kind: Kind,
    /// Its id on the same side.
    pub id: NativeId,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text, never empty.
    Text(String),
    /// Yes or no.
    Flag(bool),
    /// An amount of money.
    Money(Money),
    /// A quantity, price or rate.
    Number(Decimal),
    /// A calendar date.
    Date(chrono::NaiveDate),
    /// Another record.
    Ref(Reference),
    /// The lines of a transaction, in order.
    Lines(Vec<Fields>),
}

impl fmt::Display for Value {
    /// For people; references show their id, lines their number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Flag(true) => f.write_str("yes"),
            Self::Flag(false) => f.write_str("no"),
            Self::Money(amount) => amount.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Date(date) => date.fmt(f),
            Self::Ref(reference) => reference.id.fmt(f),
            Self::Lines(lines) if lines.len() == 1 => f.write_str("1 line"),
            Self::Lines(lines) => write!(f, "{} lines", lines.len()),
        }
    }
}

/// A canonical document. A field without a value is absent: there is no empty text and no null.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(BTreeMap<FieldName, Value>);

impl Fields {
    /// A document without fields.
    #[must_use]
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Sets or, with `None` or an empty text, removes a field.
    pub fn set(&mut self, name: impl Into<FieldName>, value: Option<Value>) {
        match value {
            Some(Value::Text(text)) if text.is_empty() => self.0.remove(&name.into()),
            Some(value) => self.0.insert(name.into(), value),
            None => self.0.remove(&name.into()),
        };
    }

    /// Sets or removes a text field.
    pub fn set_text(&mut self, name: impl Into<FieldName>, text: Option<impl Into<String>>) {
        self.set(name, text.map(|text| Value::Text(text.into())));
    }

    /// The same document with one more field.
    #[must_use]
    pub fn with(mut self, name: impl Into<FieldName>, value: Value) -> Self {
        self.set(name, Some(value));
        self
    }

    /// A field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(&FieldName(Cow::Owned(name.to_owned())))
    }

    /// Whether the field has a value.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// A text field.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A flag.
    #[must_use]
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            Value::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// An amount.
    #[must_use]
    pub fn money(&self, name: &str) -> Option<Money> {
        match self.get(name)? {
            Value::Money(amount) => Some(*amount),
            _ => None,
        }
    }

    /// A date.
    #[must_use]
    pub fn date(&self, name: &str) -> Option<chrono::NaiveDate> {
        match self.get(name)? {
            Value::Date(date) => Some(*date),
            _ => None,
        }
    }

    /// A number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<Decimal> {
        match self.get(name)? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// A reference.
    #[must_use]
    pub fn reference(&self, name: &str) -> Option<&Reference> {
        match self.get(name)? {
            Value::Ref(reference) => Some(reference),
            _ => None,
        }
    }

    /// Lines; none when the field is absent.
    #[must_use]
    pub fn lines(&self, name: &str) -> &[Self] {
        match self.get(name) {
            Some(Value::Lines(lines)) => lines,
            _ => &[],
        }
    }

    /// All fields, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&FieldName, &Value)> {
        self.0.iter()
    }

    /// Whether there is no field at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every reference in the document, lines included.
    #[must_use]
    pub fn references(&self) -> Vec<&Reference> {
        let mut found = Vec::new();
        self.collect_references(&mut found);
        found
    }

    fn collect_references<'a>(&'a self, found: &mut Vec<&'a Reference>) {
        for value in self.0.values() {
            match value {
                Value::Ref(reference) => found.push(reference),
                Value::Lines(lines) => lines.iter().for_each(|line| line.collect_references(found)),
                _ => {}
            }
        }
    }
}

impl FromIterator<(FieldName, Value)> for Fields {
    fn from_iter<I: IntoIterator<Item = (FieldName, Value)>>(fields: I) -> Self {
        let mut document = Self::new();
        for (name, value) in fields {
            document.set(name, Some(value));
        }
        document
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_texts_are_absent() {
        let mut fields = Fields::new().with("name", Value::Text("Acme".into()));
        fields.set_text("name", Some(""));
        assert!(fields.is_empty());
    }

    #[test]
    fn references_in_lines_are_found() {
        let to = |id: &str| Reference { kind: Kind::Account, id: NativeId::new(id).expect("id") };
        let line = Fields::new().with("account", Value::Ref(to("7")));
        let bill = Fields::new().with("vendor", Value::Ref(to("1"))).with("lines", Value::Lines(vec![line]));
        let ids: Vec<_> = bill.references().iter().map(|reference| reference.id.as_str().to_owned()).collect();
        assert_eq!(ids, ["7", "1"]);
    }
}
