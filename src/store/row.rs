//! Documents as they stand in rows, and back. Nowhere else is this form known.
//!
//! A document is a JSON object; each value is an object with one member naming its type, so that reading back needs no
//! schema: `{"name":{"t":"Acme"},"amount":{"m":12345},"lines":{"l":[…]}}`.

use super::StoreError;
use crate::model::{
    Action, ActionId, FieldName, Fields, IntentId, Kind, Money, NativeId, Reference, RequestTag, Shelf, Value,
};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json, json};

/// A row that does not hold what this program writes: damage, or a bug.
fn broken(what: &'static str) -> StoreError {
    StoreError::Broken { what }
}

/// The text of a document.
pub(super) fn fields_to_text(fields: &Fields) -> String {
    serde_json::to_string(&Stored(fields)).expect("invariant: a document has text keys and plain values")
}

/// A list of ids, for `json_each`.
pub(super) fn ids_to_text(ids: &[NativeId]) -> String {
    let ids: Vec<_> = ids.iter().map(NativeId::as_str).collect();
    serde_json::to_string(&ids).expect("invariant: ids are texts")
}

/// A reference as it stands within a document.
pub(super) fn reference_to_text(kind: Kind, id: &NativeId) -> String {
    serde_json::to_string(&[kind.word(), id.as_str()]).expect("invariant: a reference is two texts")
}

/// Something as it stands in a row, written without a tree of JSON values in between: readings have tens of thousands.
struct Stored<T>(T);

impl Serialize for Stored<&Fields> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name.as_str(), Stored(value))))
    }
}

impl Serialize for Stored<&Value> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Text(text) => serializer.collect_map([("t", text)]),
            Value::Flag(flag) => serializer.collect_map([("f", flag)]),
            Value::Money(amount) => serializer.collect_map([("m", amount.cents())]),
            Value::Number(number) => serializer.collect_map([("n", number.to_string())]),
            Value::Date(date) => serializer.collect_map([("d", date.to_string())]),
            Value::Ref(reference) => serializer.collect_map([("r", [reference.kind.word(), reference.id.as_str()])]),
            Value::Lines(lines) => serializer.collect_map([("l", lines.iter().map(Stored).collect::<Vec<_>>())]),
        }
    }
}

/// The document of a text.
pub(super) fn fields_from_text(text: &str) -> Result<Fields, StoreError> {
    let json: Map<String, Json> = serde_json::from_str(text).map_err(|_| broken("document"))?;
    fields_from_json(&json)
}

fn fields_from_json(object: &Map<String, Json>) -> Result<Fields, StoreError> {
    object.iter().map(|(name, json)| Ok((FieldName::stored(name.clone()), value_from_json(json)?))).collect()
}

fn value_from_json(json: &Json) -> Result<Value, StoreError> {
    let bad = || broken("value");
    let (sort, json) = json.as_object().and_then(|object| object.iter().next()).ok_or_else(bad)?;
    let text = || json.as_str().ok_or_else(bad);
    Ok(match sort.as_str() {
        "t" => Value::Text(text()?.to_owned()),
        "f" => Value::Flag(json.as_bool().ok_or_else(bad)?),
        "m" => Value::Money(Money::from_cents(json.as_i64().ok_or_else(bad)?)),
        "n" => Value::Number(text()?.parse().map_err(|_| bad())?),
        "d" => Value::Date(text()?.parse().map_err(|_| bad())?),
        "r" => Value::Ref(reference_from_json(json).ok_or_else(bad)?),
        "l" => {
            let lines = json.as_array().ok_or_else(bad)?;
            let line = |line: &Json| fields_from_json(line.as_object().ok_or_else(bad)?);
            Value::Lines(lines.iter().map(line).collect::<Result<_, _>>()?)
        }
        _ => return Err(bad()),
    })
}

fn reference_from_json(json: &Json) -> Option<Reference> {
    let kind = json.get(0)?.as_str()?.parse().ok()?;
    Some(Reference { kind, id: NativeId::new(json.get(1)?.as_str()?).ok()? })
}

/// A list of texts.
pub(super) fn texts_to_text(texts: &[String]) -> String {
    json!(texts).to_string()
}

/// A list of texts.
pub(super) fn texts_from_text(text: &str) -> Result<Vec<String>, StoreError> {
    serde_json::from_str(text).map_err(|_| broken("list of texts"))
}

/// Buttons.
pub(super) fn actions_to_text(actions: &[Action]) -> String {
    json!(actions.iter().map(|action| json!([action.id.word(), action.with])).collect::<Vec<_>>()).to_string()
}

/// Buttons.
pub(super) fn actions_from_text(text: &str) -> Result<Vec<Action>, StoreError> {
    let rows: Vec<(String, Option<String>)> = serde_json::from_str(text).map_err(|_| broken("actions"))?;
    rows.into_iter()
        .map(|(word, with)| Ok(Action { id: ActionId::from_word(&word).ok_or_else(|| broken("action"))?, with }))
        .collect()
}

/// What each request of an attempt is about: `i:<uuid>`, `r:account`, `c:bill_payment.1`, `dl`, `dt`, `a`, `q:17`.
pub(super) fn tags_to_text(tags: &[RequestTag]) -> String {
    let word = |tag: &RequestTag| match tag {
        RequestTag::Intent(id) => format!("i:{id}"),
        RequestTag::Read(shelf) => format!("r:{shelf}"),
        RequestTag::Continue(shelf) => format!("c:{shelf}"),
        RequestTag::DeletedLists => "dl".to_owned(),
        RequestTag::DeletedTransactions => "dt".to_owned(),
        RequestTag::Balances => "b".to_owned(),
        RequestTag::About => "a".to_owned(),
        RequestTag::Inquiry(id) => format!("q:{id}"),
    };
    tags.iter().map(word).collect::<Vec<_>>().join(" ")
}

/// What each request of an attempt is about.
pub(super) fn tags_from_text(text: &str) -> Result<Vec<RequestTag>, StoreError> {
    let shelf = |word: &str| word.parse::<Shelf>().map_err(|()| broken("request tag"));
    let tag = |word: &str| {
        Ok(match word.split_once(':') {
            Some(("i", id)) => RequestTag::Intent(IntentId::parse(id).map_err(|_| broken("request tag"))?),
            Some(("r", word)) => RequestTag::Read(shelf(word)?),
            Some(("c", word)) => RequestTag::Continue(shelf(word)?),
            Some(("q", id)) => RequestTag::Inquiry(id.parse().map_err(|_| broken("request tag"))?),
            _ if word == "dl" => RequestTag::DeletedLists,
            _ if word == "dt" => RequestTag::DeletedTransactions,
            _ if word == "b" => RequestTag::Balances,
            _ if word == "a" => RequestTag::About,
            _ => return Err(broken("request tag")),
        })
    };
    text.split_whitespace().map(tag).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;

    #[test]
    fn documents_come_back_as_they_were() {
        let account = Reference { kind: Kind::Account, id: NativeId::new("7").expect("id") };
        let line = Fields::new()
            .with("account", Value::Ref(account))
            .with("amount", Value::Money(Money::from_cents(-5)))
            .with("rate", Value::Number("1.50".parse().expect("number")));
        let fields = Fields::new()
            .with("name", Value::Text("Ünï \" \u{1F600}".into()))
            .with("active", Value::Flag(false))
            .with("date", Value::Date(chrono::NaiveDate::from_ymd_opt(2026, 2, 28).expect("date")))
            .with("lines", Value::Lines(vec![line, Fields::new()]));
        let text = fields_to_text(&fields);
        assert_eq!(fields_from_text(&text).expect("reads"), fields);
        let written = r#"{"active":{"f":false},"date":{"d":"2026-02-28"},"lines":{"l":[{"account":{"r":["account","7"]},"amount":{"m":-5},"rate":{"n":"1.50"}},{}]},"name":{"t":"Ünï \" 😀"}}"#;
        assert_eq!(text, written, "the form in rows is compared as text");
    }

    #[test]
    fn damage_is_noticed() {
        for text in ["", "[]", r#"{"a":1}"#, r#"{"a":{"x":1}}"#, r#"{"a":{"m":1.5}}"#, r#"{"a":{"r":["planet","1"]}}"#]
        {
            assert!(fields_from_text(text).is_err(), "{text}");
        }
    }

    #[test]
    fn tags_come_back_as_they_were() {
        let tags = vec![
            RequestTag::Intent(IntentId::new(uuid::Uuid::from_u128(7))),
            RequestTag::Read(Shelf::first(Kind::Vendor)),
            RequestTag::Read(Shelf { kind: Kind::BillPayment, place: 1 }),
            RequestTag::Continue(Shelf::first(Kind::Bill)),
            RequestTag::DeletedLists,
            RequestTag::DeletedTransactions,
            RequestTag::About,
            RequestTag::Inquiry(12),
        ];
        assert_eq!(tags_from_text(&tags_to_text(&tags)).expect("reads"), tags);
    }
}
