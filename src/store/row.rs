//! Documents as they stand in rows, and back. Nowhere else is this form known.
//!
//! A document is a JSON object; each value is an object with one member naming its type, so that reading back needs no
//! schema: `{"name":{"t":"Acme"},"amount":{"m":12345},"lines":{"l":[…]}}`.

use super::StoreError;
use crate::model::{
    Action, ActionId, FieldName, Fields, IntentId, Kind, Money, NativeId, Reference, RequestTag, Value,
};
use serde_json::{Map, Value as Json, json};

/// A row that does not hold what this program writes: damage, or a bug.
fn broken(what: &'static str) -> StoreError {
    StoreError::Broken { what }
}

/// The text of a document.
pub(super) fn fields_to_text(fields: &Fields) -> String {
    fields_to_json(fields).to_string()
}

fn fields_to_json(fields: &Fields) -> Json {
    let members = fields.iter().map(|(name, value)| (name.as_str().to_owned(), value_to_json(value)));
    Json::Object(members.collect())
}

fn value_to_json(value: &Value) -> Json {
    match value {
        Value::Text(text) => json!({ "t": text }),
        Value::Flag(flag) => json!({ "f": flag }),
        Value::Money(amount) => json!({ "m": amount.cents() }),
        Value::Number(number) => json!({ "n": number.to_string() }),
        Value::Date(date) => json!({ "d": date.to_string() }),
        Value::Ref(reference) => json!({ "r": [reference.kind.word(), reference.id.as_str()] }),
        Value::Lines(lines) => json!({ "l": lines.iter().map(fields_to_json).collect::<Vec<_>>() }),
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

/// What each request of an attempt is about: `i:<uuid>`, `r:account`, `c:vendor`, `dl`, `dt`, `a`, `q:17`.
pub(super) fn tags_to_text(tags: &[RequestTag]) -> String {
    let word = |tag: &RequestTag| match tag {
        RequestTag::Intent(id) => format!("i:{id}"),
        RequestTag::Read(kind) => format!("r:{kind}"),
        RequestTag::Continue(kind) => format!("c:{kind}"),
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
    let kind = |word: &str| word.parse::<Kind>().map_err(|()| broken("request tag"));
    let tag = |word: &str| {
        Ok(match word.split_once(':') {
            Some(("i", id)) => RequestTag::Intent(IntentId::parse(id).map_err(|_| broken("request tag"))?),
            Some(("r", word)) => RequestTag::Read(kind(word)?),
            Some(("c", word)) => RequestTag::Continue(kind(word)?),
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
        assert_eq!(fields_from_text(&fields_to_text(&fields)).expect("reads"), fields);
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
            RequestTag::Read(Kind::Vendor),
            RequestTag::Continue(Kind::Bill),
            RequestTag::DeletedLists,
            RequestTag::DeletedTransactions,
            RequestTag::About,
            RequestTag::Inquiry(12),
        ];
        assert_eq!(tags_from_text(&tags_to_text(&tags)).expect("reads"), tags);
    }
}
