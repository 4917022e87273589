//! Answers: the envelope every v2 call comes back in, and the ways it can fail to come back.

use serde_json::{Value, json};
use std::time::Duration;

/// An answer on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpReply {
    /// HTTP status.
    pub status: u16,
    /// Media type.
    pub content_type: &'static str,
    /// Where a redirect leads.
    pub location: Option<&'static str>,
    /// The body.
    pub body: Vec<u8>,
    /// How long the answer is held back.
    pub delay: Duration,
    /// The connection is cut instead of answering.
    pub cut: bool,
}

impl HttpReply {
    /// Any body.
    pub(crate) fn new(status: u16, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, content_type, location: None, body: body.into(), delay: Duration::ZERO, cut: false }
    }

    /// Any JSON.
    pub(crate) fn json(status: u16, value: &Value) -> Self {
        Self::new(status, "application/json", value.to_string())
    }

    /// A call that went well.
    pub(crate) fn success(data: &Value) -> Self {
        Self::json(200, &envelope(data))
    }

    /// A call that was declined.
    pub(crate) fn declined(status: u16, refusal: &Refusal) -> Self {
        Self::json(status, &refusal.envelope())
    }

    /// No answer at all.
    pub(crate) fn cut() -> Self {
        Self { cut: true, ..Self::new(200, "application/json", "") }
    }
}

/// The envelope of success.
pub(crate) fn envelope(data: &Value) -> Value {
    json!({"response_status": 0, "response_message": "Success", "response_data": data})
}

/// Why a call is declined. The codes and their texts are the vendor's (`billcom.md` 4, and the vendor's error-code list).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// The caller did something that the vendor's schema does not allow: a mistake in its program, not in the books.
    pub(crate) violation: bool,
}

impl Refusal {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), violation: false }
    }

    fn violation(code: &'static str, message: impl Into<String>) -> Self {
        Self { violation: true, ..Self::new(code, message) }
    }

    pub(crate) fn envelope(&self) -> Value {
        let data = json!({"error_code": self.code, "error_message": self.message});
        json!({"response_status": 1, "response_message": "Error", "response_data": data})
    }

    /// One of the codes, for injected faults.
    pub(crate) fn injected(code: &'static str) -> Self {
        Self::new(code, "Injected by the simulator.")
    }

    pub(crate) fn credentials() -> Self {
        Self::new("BDC_1101", "User name and/or password do not match our records.")
    }

    pub(crate) fn developer_key() -> Self {
        Self::new("BDC_1102", "Developer key is invalid.")
    }

    pub(crate) fn no_api_access() -> Self {
        Self::new("BDC_1105", "API access is not enabled for this organization.")
    }

    pub(crate) fn session() -> Self {
        Self::new("BDC_1109", "Session is invalid. Please log in.")
    }

    pub(crate) fn unsupported(path: &str) -> Self {
        Self::violation("BDC_1121", format!("API not supported: {path}"))
    }

    pub(crate) fn organization() -> Self {
        Self::new("BDC_1123", "Invalid organization id.")
    }

    pub(crate) fn hourly(limit: u32) -> Self {
        Self::new("BDC_1144", format!("Max number of allowed requests per hour reached: {limit}."))
    }

    pub(crate) fn crowded() -> Self {
        Self::new("BDC_1322", "Max number of concurrent requests per organization reached.")
    }

    pub(crate) fn number_used(number: &str) -> Self {
        Self::new("BDC_1171", format!("The number {number} is already used."))
    }

    /// A text longer than its field. The v2 documents name no lengths, so this is no violation of them.
    pub(crate) fn too_long(field: &str, characters_max: usize) -> Self {
        Self::new("BDC_1119", format!("Invalid field,value: {field}, longer than {characters_max} characters"))
    }

    /// Something that the books do not allow. The vendor does not publish which codes these get.
    pub(crate) fn unfit(field: &str, why: &str) -> Self {
        Self::new("BDC_1119", format!("Invalid field,value: {field}, {why}"))
    }

    pub(crate) fn not_found(id: &str) -> Self {
        Self::new("BDC_1205", format!("Record not found: {id}"))
    }

    pub(crate) fn untrusted() -> Self {
        Self::new("BDC_1361", "The session is not trusted.")
    }

    /// Something that a sync token may not do. The vendor's table of rights could not be read, nor the code this gets; the
    /// one of a session that is not good enough is the nearest.
    pub(crate) fn not_permitted() -> Self {
        Self::new("BDC_1361", "This session may not do that.")
    }

    /// A name or number that must be unique. The vendor does not publish which code this gets; this one says "invalid field, value".
    pub(crate) fn taken(field: &str, value: &str) -> Self {
        Self::new("BDC_1119", format!("Invalid field,value: {field}, {value}"))
    }

    pub(crate) fn unknown_name(what: &str) -> Self {
        Self::violation("BDC_1001", format!("System error occurred. ({what})"))
    }

    /// A call that moves money, made by a sync token: a mistake in the program, whatever the answer.
    pub(crate) fn moves_money(name: &str) -> Self {
        Self::violation("BDC_1361", format!("The session is not trusted. ({name})"))
    }

    pub(crate) fn missing_parameter(name: &str) -> Self {
        Self::violation("BDC_1108", format!("Missing parameter value for parameter: {name}."))
    }

    pub(crate) fn missing_field(name: &str) -> Self {
        Self::violation("BDC_1117", format!("Missing required data for: {name}."))
    }

    pub(crate) fn other_entity(path: &str, data: &str) -> Self {
        let text =
            format!("Entity from CRUD operation: {path} does not match the entity specified in the data: {data}.");
        Self::violation("BDC_1118", text)
    }

    pub(crate) fn field_value(name: &str, value: &Value) -> Self {
        Self::violation("BDC_1119", format!("Invalid field,value: {name}, {value}"))
    }

    pub(crate) fn not_json() -> Self {
        Self::violation("BDC_1122", "Error Parsing Json Object. Please check your request.")
    }

    pub(crate) fn field_type(name: &str) -> Self {
        Self::violation("BDC_1124", format!("Invalid field datatype: {name}."))
    }

    pub(crate) fn parameter_value(name: &str, value: &Value) -> Self {
        Self::violation("BDC_1129", format!("Invalid parameter value for parameter,value: {name}, {value}"))
    }

    pub(crate) fn filter_field(name: &str) -> Self {
        Self::violation("BDC_1130", format!("Invalid list filter field: {name}."))
    }

    pub(crate) fn filter_operator(op: &str) -> Self {
        Self::violation("BDC_1131", format!("Invalid list filter operator: {op}."))
    }
}
