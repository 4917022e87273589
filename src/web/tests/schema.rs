//! A small judge of JSON against the schemas of the interface's own document. It knows the words that the document uses and
//! fails at any other, so that nothing passes because it was not understood. What an answer holds and the document does not
//! name is a complaint too: a description that leaves something out is not true.

use serde_json::Value;
use std::collections::BTreeSet;

/// Words that say nothing about what is allowed.
const REMARKS: [&str; 3] = ["description", "format", "default"];

/// What is wrong with a value, one complaint a line; empty when it fits.
pub(super) fn complaints(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(document, schema, value, "", &mut found);
    undescribed(document, schema, value, "", &mut found);
    found
}

fn resolve<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    match schema.get("$ref").and_then(Value::as_str) {
        Some(path) => {
            let pointer = path.strip_prefix('#').expect("a reference within the document");
            resolve(document, document.pointer(pointer).unwrap_or_else(|| panic!("{path} is not there")))
        }
        None => schema,
    }
}

fn check(document: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let schema = resolve(document, schema);
    for (word, rule) in schema.as_object().expect("a schema is an object") {
        match word.as_str() {
            "type" => {
                let types: Vec<&str> = rule.as_str().map_or_else(
                    || rule.as_array().into_iter().flatten().filter_map(Value::as_str).collect(),
                    |one| vec![one],
                );
                if !types.iter().any(|name| is_of_type(value, name)) {
                    found.push(format!("{at}: {value} is none of {types:?}"));
                }
            }
            "required" => {
                let missing = |name: &&str| value.is_object() && value.get(name).is_none();
                let wanted = rule.as_array().into_iter().flatten().filter_map(Value::as_str);
                found.extend(wanted.filter(missing).map(|name| format!("{at}: {name} is missing")));
            }
            "properties" => {
                for (name, inner) in rule.as_object().into_iter().flatten() {
                    if let Some(given) = value.get(name) {
                        check(document, inner, given, &format!("{at}/{name}"), found);
                    }
                }
            }
            "items" => {
                for (number, given) in value.as_array().into_iter().flatten().enumerate() {
                    check(document, rule, given, &format!("{at}/{number}"), found);
                }
            }
            "additionalProperties" if rule.is_object() => {
                for (name, given) in value.as_object().into_iter().flatten() {
                    check(document, rule, given, &format!("{at}/{name}"), found);
                }
            }
            "enum" if !rule.as_array().is_some_and(|known| known.contains(value)) => {
                found.push(format!("{at}: {value} is none of {rule}"));
            }
            "allOf" => rule.as_array().into_iter().flatten().for_each(|one| check(document, one, value, at, found)),
            "anyOf" => {
                let fits = |one: &Value| {
                    let mut inner = Vec::new();
                    check(document, one, value, at, &mut inner);
                    inner.is_empty()
                };
                if !rule.as_array().into_iter().flatten().any(fits) {
                    found.push(format!("{at}: {value} fits none of {rule}"));
                }
            }
            "additionalProperties" | "enum" => {}
            word => assert!(REMARKS.contains(&word), "this judge does not know the word {word}"),
        }
    }
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        name => panic!("this judge does not know the type {name}"),
    }
}

/// The properties that a schema names; none when it names no property at all.
fn names(document: &Value, schema: &Value, named: &mut BTreeSet<String>) {
    let schema = resolve(document, schema);
    named.extend(schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()));
    for several in ["allOf", "anyOf"] {
        schema[several].as_array().into_iter().flatten().for_each(|one| names(document, one, named));
    }
}

/// The schema of a property, wherever it is named.
fn property<'d>(document: &'d Value, schema: &'d Value, name: &str) -> Option<&'d Value> {
    let schema = resolve(document, schema);
    let several = ["allOf", "anyOf"].iter().filter_map(|word| schema[*word].as_array()).flatten();
    schema["properties"].get(name).or_else(|| several.filter_map(|one| property(document, one, name)).next())
}

fn undescribed(document: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let resolved = resolve(document, schema);
    let mut named = BTreeSet::new();
    names(document, resolved, &mut named);
    for (name, inner) in value.as_object().into_iter().flatten().filter(|_| !named.is_empty()) {
        match property(document, resolved, name) {
            Some(schema) => undescribed(document, schema, inner, &format!("{at}/{name}"), found),
            None => found.push(format!("{at}/{name} is not described")),
        }
    }
    for (number, inner) in value.as_array().into_iter().flatten().enumerate() {
        undescribed(document, &resolved["items"], inner, &format!("{at}/{number}"), found);
    }
}

#[test]
fn the_judge_can_fail() {
    let document = serde_json::json!({ "components": { "schemas": {
        "Line": { "type": "object", "required": ["id"], "properties": { "id": { "type": "integer" } } },
        "Full": { "allOf": [{ "$ref": "#/components/schemas/Line" },
            { "type": "object", "properties": { "word": { "type": ["string", "null"], "enum": ["a", null] } } }] }
    } } });
    let schema = serde_json::json!({ "type": "array", "items": { "$ref": "#/components/schemas/Full" } });
    let of = |value: Value| complaints(&document, &schema, &value);
    assert_eq!(of(serde_json::json!([{ "id": 1, "word": "a" }, { "id": 2, "word": null }])), Vec::<String>::new());
    for (bad, complaint) in [
        (serde_json::json!({}), "is none of"),
        (serde_json::json!([{ "word": "a" }]), "/0: id is missing"),
        (serde_json::json!([{ "id": "1" }]), "/0/id: \"1\" is none of"),
        (serde_json::json!([{ "id": 1, "word": "b" }]), "/0/word: \"b\" is none of"),
        (serde_json::json!([{ "id": 1, "new": 2 }]), "/0/new is not described"),
    ] {
        assert!(of(bad.clone()).iter().any(|found| found.contains(complaint)), "{bad}: {:?}", of(bad.clone()));
    }
}
