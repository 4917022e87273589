//! A checker for the vendor's OpenAPI documents, loosened as their README says: any field may be null, amounts and flags in
//! replies may be texts. Beyond that it is strict both ways: a field that the schema does not name is an error.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The vendor's documents that cover what is simulated.
const DOCUMENTS: &[&str] = &[
    "authentication-2.0",
    "other-search-operations-2.0",
    "organization-basic-operations-2.0",
    "organization-accounts-tracking-2.0",
    "ap-vendor-management-2.0",
    "ap-vendor-transactions-2.0",
    "ar-customer-management-2.0",
    "ar-customer-transactions-2.0",
];

/// Where the documents have request and reply swapped.
const SWAPPED: &[&str] = &["Undelete/Department", "Undelete/Employee", "Undelete/Item"];

/// The documents, by the path of a call.
pub(super) struct Documents(BTreeMap<String, (Value, Arc<Value>)>);

impl Documents {
    pub(super) fn load(reference: &std::path::Path) -> Self {
        let mut paths = BTreeMap::new();
        for name in DOCUMENTS {
            let text =
                std::fs::read_to_string(reference.join(format!("billcom-openapi/{name}.json"))).expect("document");
            let document: Arc<Value> = Arc::new(serde_json::from_str(&text).expect("JSON"));
            for (path, item) in document["paths"].as_object().expect("paths") {
                paths.insert(path.trim_start_matches('/').to_owned(), (item["post"].clone(), document.clone()));
            }
        }
        Self(paths)
    }

    pub(super) fn check(&self, call: &Call) -> Vec<String> {
        let Some((operation, document)) = self.0.get(&call.path) else {
            return vec!["no such operation".to_owned()];
        };
        if SWAPPED.iter().any(|part| call.path.contains(part)) {
            return Vec::new();
        }
        let mut checker = Checker { document, complaints: Vec::new(), reply: false };
        let request = &operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"];
        checker.check(request, &call.form(), "form");
        checker.reply = true;
        let reply: Value = serde_json::from_slice(&call.reply).expect("JSON");
        if reply["response_status"] == 0 {
            let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
            checker.check(schema, &reply, "reply");
        } else {
            checker.complaints.extend(error_envelope(&reply));
        }
        checker.complaints
    }
}

fn error_envelope(reply: &Value) -> Option<String> {
    let data = &reply["response_data"];
    let fits =
        reply["response_message"] == "Error" && data["error_code"].is_string() && data["error_message"].is_string();
    (!fits).then(|| format!("not an error envelope: {reply}"))
}

/// A checker for the part of JSON Schema that the documents use.
struct Checker<'a> {
    document: &'a Value,
    complaints: Vec<String>,
    reply: bool,
}

impl Checker<'_> {
    fn check(&mut self, schema: &Value, value: &Value, place: &str) {
        let schema = self.resolve(schema);
        if value.is_null() || schema.as_object().is_none_or(Map::is_empty) {
            return;
        }
        let kind = schema["type"].as_str().unwrap_or(if schema["properties"].is_object() { "object" } else { "" });
        let fits = match kind {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "number" | "integer" => value.is_number() || self.reply && is_number_text(value),
            "boolean" => value.is_boolean() || self.reply && is_flag_text(value),
            _ => true,
        };
        if !fits {
            self.complaints.push(format!("{place}: {value} is not of type {kind}"));
        }
        if let Some(object) = value.as_object() {
            self.check_object(&schema, object, place);
        }
        for row in value.as_array().into_iter().flatten() {
            self.check(&schema["items"], row, &format!("{place}[]"));
        }
    }

    fn check_object(&mut self, schema: &Value, object: &Map<String, Value>, place: &str) {
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            // A slip of RecordARPayment: it requires two fields of ChargeCustomer, which it does not have.
            if schema["properties"].get(name).is_none() && schema["properties"].is_object() {
                continue;
            }
            if object.get(name).is_none_or(Value::is_null) {
                self.complaints.push(format!("{place}.{name} is required"));
            }
        }
        let properties = schema["properties"].as_object();
        // A reply without any documented shape (GetEntityMetadata) may say anything.
        let shapeless = self.reply && properties.is_none() && schema["maxProperties"].is_null();
        for (name, value) in object.iter().filter(|_| !shapeless) {
            match properties.and_then(|properties| properties.get(name)) {
                Some(property) => self.check(property, value, &format!("{place}.{name}")),
                None => self.complaints.push(format!("{place}.{name} is not documented")),
            }
        }
    }

    fn resolve(&self, schema: &Value) -> Value {
        match schema["$ref"].as_str() {
            Some(name) => {
                let name = name.rsplit('/').next().unwrap_or_default();
                self.resolve(&self.document["components"]["schemas"][name])
            }
            None => self.merge(schema),
        }
    }

    /// `allOf` as one schema.
    fn merge(&self, schema: &Value) -> Value {
        let Some(parts) = schema["allOf"].as_array() else { return schema.clone() };
        let mut merged = schema.as_object().cloned().unwrap_or_default();
        merged.remove("allOf");
        for part in parts {
            let Value::Object(part) = self.resolve(part) else { continue };
            for (name, value) in part {
                match (merged.get_mut(&name), value) {
                    (Some(Value::Object(known)), Value::Object(more)) => known.extend(more),
                    (Some(Value::Array(known)), Value::Array(more)) => known.extend(more),
                    (_, value) => drop(merged.insert(name, value)),
                }
            }
        }
        Value::Object(merged)
    }
}

/// The vendor's document of the webhook API.
pub(super) struct EventDocument(Value);

impl EventDocument {
    pub(super) fn load(reference: &std::path::Path) -> Self {
        let path = reference.join("billcom-openapi/connect-events-api-1.json");
        Self(serde_json::from_slice(&std::fs::read(path).expect("document")).expect("JSON"))
    }

    /// What is wrong with a call and its answer. The path is the document's own, with names in braces.
    pub(super) fn check(&self, method: &str, path: &str, body: Option<&Value>, answer: &Value) -> Vec<String> {
        let operation = &self.0["paths"][path][method.to_lowercase()];
        assert!(operation.is_object(), "{method} {path} is documented");
        let mut checker = Checker { document: &self.0, complaints: Vec::new(), reply: false };
        if let Some(body) = body {
            checker.check(schema_in(&operation["requestBody"]), body, "request");
        }
        checker.reply = true;
        checker.check(schema_in(&operation["responses"]["200"]), answer, "answer");
        checker.complaints
    }

    /// What is wrong with the object of a notification: it must fit the sample that the vendor's test call takes.
    pub(super) fn check_object(&self, name: &str, object: &Value) -> Vec<String> {
        let test = &self.0["paths"]["/v3/subscriptions/{subscriptionId}/test"]["post"]["requestBody"];
        let mut checker = Checker { document: &self.0, complaints: Vec::new(), reply: false };
        let samples = checker.resolve(schema_in(test));
        checker.check(&samples["properties"][name], object, name);
        checker.complaints
    }
}

fn schema_in(message: &Value) -> &Value {
    let content = message["content"].as_object().and_then(|content| content.values().next());
    content.map_or(&Value::Null, |content| &content["schema"])
}

fn is_number_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.parse::<rust_decimal::Decimal>().is_ok())
}

fn is_flag_text(value: &Value) -> bool {
    matches!(value.as_str(), Some("true" | "false" | "0" | "1"))
}

/// One call as it went over the line.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) path: String,
    pub(super) fields: Vec<(String, String)>,
    pub(super) reply: Vec<u8>,
}

impl Call {
    /// The form as JSON; `data` is a JSON text and is looked into.
    fn form(&self) -> Value {
        let field = |(name, value): &(String, String)| {
            let value = if name == "data" { serde_json::from_str(value).expect("JSON in data") } else { json!(value) };
            (name.clone(), value)
        };
        Value::Object(self.fields.iter().map(field).collect())
    }
}

#[test]
fn the_checker_can_fail() {
    let document = json!({"components": {"schemas": {"Row": {
        "type": "object", "required": ["id"], "properties": {"id": {"type": "string"}, "n": {"type": "number"}},
    }}}});
    let schema = json!({"type": "array", "items": {"$ref": "#/components/schemas/Row"}});
    let complaints = |value: Value, reply: bool| {
        let mut checker = Checker { document: &document, complaints: Vec::new(), reply };
        checker.check(&schema, &value, "x");
        checker.complaints.len()
    };
    assert_eq!(complaints(json!([{"id": "a", "n": 1}]), false), 0);
    assert_eq!(complaints(json!([{"id": "a", "n": null}]), false), 0);
    assert_eq!(complaints(json!([{"n": 1}]), false), 1);
    assert_eq!(complaints(json!([{"id": "a", "m": 1}]), false), 1);
    assert_eq!(complaints(json!([{"id": 5}]), false), 1);
    assert_eq!(complaints(json!([{"id": "a", "n": "1.50"}]), false), 1);
    assert_eq!(complaints(json!([{"id": "a", "n": "1.50"}]), true), 0);
    assert_eq!(complaints(json!({}), true), 1);
}
