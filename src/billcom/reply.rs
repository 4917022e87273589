//! Reading the envelope that every v2 answer comes in.

use super::{BillComError, ErrorCode, Stamp, WireReply, budget, limits};
use crate::model::Raw;
use chrono::{DateTime, Utc};
use serde_json::Value;

/// What an answer says: its data, or why not.
///
/// The body decides, not the HTTP status: v2 sends its envelope with every status (`billcom.md` 4).
pub(crate) fn decode(reply: &WireReply, now: DateTime<Utc>) -> Result<Value, BillComError> {
    let text = trim(&reply.body);
    if text.first() != Some(&b'{') {
        return Err(without_envelope(reply.status, text));
    }
    let envelope: Value = serde_json::from_slice(text).map_err(|_| BillComError::Shape { wanted: "whole JSON" })?;
    open(envelope, reply.status, now)
}

/// The data within an envelope, or the refusal.
fn open(mut envelope: Value, status: u16, now: DateTime<Utc>) -> Result<Value, BillComError> {
    let data = envelope.get_mut("response_data").map(Value::take).unwrap_or_default();
    match envelope.get("response_status").map(ToString::to_string).as_deref() {
        Some("0" | "\"0\"") if data.get("error_code").is_none() => Ok(data),
        Some("0" | "\"0\"" | "1" | "\"1\"") => Err(refusal(&data, now)),
        _ if status == 429 => Err(BillComError::TooManyAtOnce),
        _ => Err(BillComError::Shape { wanted: "an answer with response_status" }),
    }
}

/// What an answer of version 3 says: its JSON, or why not. There the HTTP status decides, and an error is a list with the same
/// codes as in version 2 (`billcom.md` 4).
pub(crate) fn decode_rest(reply: &WireReply, now: DateTime<Utc>) -> Result<Value, BillComError> {
    let text = trim(&reply.body);
    let good = (200..300).contains(&reply.status);
    if good && text.is_empty() {
        return Ok(Value::Null);
    }
    if !matches!(text.first(), Some(b'{' | b'[')) {
        return Err(without_envelope(reply.status, text));
    }
    let answer: Value = serde_json::from_slice(text).map_err(|_| BillComError::Shape { wanted: "whole JSON" })?;
    if good {
        return Ok(answer);
    }
    let first = answer.get(0).unwrap_or(&answer);
    let code = first.get("code").and_then(Value::as_str);
    let told = first.get("message").cloned().unwrap_or_default();
    match (code, reply.status) {
        (Some(code), _) => Err(refusal(&serde_json::json!({"error_code": code, "error_message": told}), now)),
        (None, 401) => Err(BillComError::SessionExpired),
        (None, 429) => Err(BillComError::TooManyAtOnce),
        (None, 502..=504) => Err(BillComError::Maintenance { status: reply.status }),
        (None, 400..=499) => {
            let code = ErrorCode::new(&format!("HTTP_{}", reply.status));
            Err(BillComError::Refused { code, message: message(&serde_json::json!({ "error_message": told })) })
        }
        _ => Err(BillComError::NotJson { status: reply.status }),
    }
}

/// White space and a byte order mark around the text do not matter.
fn trim(body: &[u8]) -> &[u8] {
    body.trim_ascii_start().strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii()
}

fn without_envelope(status: u16, text: &[u8]) -> BillComError {
    match status {
        300..=399 => BillComError::Redirected { status },
        429 => BillComError::TooManyAtOnce,
        502..=504 => BillComError::Maintenance { status },
        _ if text.first() == Some(&b'<') => BillComError::Maintenance { status },
        _ => BillComError::NotJson { status },
    }
}

fn refusal(data: &Value, now: DateTime<Utc>) -> BillComError {
    let Some(code) = data.get("error_code").and_then(Value::as_str) else {
        return BillComError::Shape { wanted: "an error with error_code" };
    };
    let code = ErrorCode::new(code);
    match code.as_str() {
        ErrorCode::CREDENTIALS | ErrorCode::LOGIN_LOCKED | ErrorCode::NO_USER => BillComError::Credentials,
        ErrorCode::DEVELOPER_KEY | ErrorCode::DEVELOPER_KEY_INACTIVE | ErrorCode::DEVELOPER_TERMS => {
            BillComError::DeveloperKey
        }
        ErrorCode::NO_ACCESS
        | ErrorCode::OTHER_PARTNER
        | ErrorCode::ORGANIZATION_LOCKED
        | ErrorCode::ORGANIZATION_ID => BillComError::NoAccess,
        ErrorCode::SESSION => BillComError::SessionExpired,
        ErrorCode::UNTRUSTED | ErrorCode::TRUST_EXPIRED => BillComError::Untrusted,
        ErrorCode::HOURLY_LIMIT => BillComError::RateLimited { until: budget::next_hour(now) },
        ErrorCode::CROWDED => BillComError::TooManyAtOnce,
        ErrorCode::SYSTEM | ErrorCode::UNKNOWN => BillComError::Internal { code, message: message(data) },
        _ => BillComError::Refused { code, message: message(data) },
    }
}

/// Bill.com's words, on one line and not too many.
fn message(data: &Value) -> String {
    safe(data.get("error_message").and_then(Value::as_str).unwrap_or_default())
}

/// A foreign text on one line, and not too long.
pub(crate) fn safe(text: &str) -> String {
    let safe = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    safe.take(limits::MESSAGE_CHARS_MAX).collect::<String>().trim().to_owned()
}

/// The data as one record.
pub(crate) fn record(data: Value) -> Result<Raw, BillComError> {
    match data {
        Value::Object(object) if !object.is_empty() => Ok(Raw::new(object)),
        _ => Err(BillComError::Shape { wanted: "a record" }),
    }
}

/// The data as rows of a list. No rows may be written as an empty list, as null or as nothing at all.
pub(crate) fn rows(data: Value) -> Result<Vec<Raw>, BillComError> {
    let wanted = "a list of records";
    match data {
        Value::Null => Ok(Vec::new()),
        Value::Array(rows) => {
            rows.into_iter().map(|row| record(row).map_err(|_| BillComError::Shape { wanted })).collect()
        }
        _ => Err(BillComError::Shape { wanted }),
    }
}

/// The answer to a bulk call: an envelope for each of its rows, in their order (`billcom.md` 4). Another number of them leaves
/// open what became of any row.
pub(crate) fn bulk(
    mut data: Value,
    rows: usize,
    now: DateTime<Utc>,
) -> Result<Vec<Result<Raw, BillComError>>, BillComError> {
    match data.get_mut("bulk").map(Value::take) {
        Some(Value::Array(envelopes)) if envelopes.len() == rows => {
            Ok(envelopes.into_iter().map(|envelope| open(envelope, 200, now).and_then(record)).collect())
        }
        _ => Err(BillComError::Shape { wanted: "one answer for each row" }),
    }
}

/// The stamp of a record, if it has one that can be read.
pub(crate) fn stamp(row: &Raw) -> Option<Stamp> {
    row.text("updatedTime").and_then(|text| Stamp::parse(&text).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billcom::Outcome;

    fn read(status: u16, body: &str) -> Result<Value, BillComError> {
        let now = "2026-03-01T10:20:30Z".parse().expect("test instant");
        decode(&WireReply { status, body: body.as_bytes().to_vec() }, now)
    }

    fn error(code: &str) -> BillComError {
        let body = format!(
            r#"{{"response_status":1,"response_message":"Error","response_data":{{"error_code":"{code}","error_message":"words\nof theirs"}}}}"#
        );
        read(200, &body).expect_err(code)
    }

    #[test]
    fn the_envelope_counts_whatever_the_status() {
        let body = r#"{"response_status":0,"response_message":"Success","response_data":{"id":"x"}}"#;
        for status in [200, 201, 400, 500] {
            assert_eq!(read(status, body).expect("data"), serde_json::json!({"id": "x"}));
        }
        assert!(read(200, &format!("\u{feff}  {body}\n")).is_ok(), "byte order mark and white space");
    }

    #[test]
    fn every_documented_code_has_its_own_meaning() {
        assert!(matches!(error("BDC_1101"), BillComError::Credentials));
        assert!(matches!(error("BDC_1102"), BillComError::DeveloperKey));
        assert!(matches!(error("BDC_1105"), BillComError::NoAccess));
        assert!(matches!(error("BDC_1109"), BillComError::SessionExpired));
        assert!(matches!(error("BDC_1123"), BillComError::NoAccess));
        assert!(error("BDC_1120").is_not_found());
        assert!(matches!(error("BDC_1361"), BillComError::Untrusted));
        assert!(matches!(error("BDC_1356"), BillComError::Untrusted));
        assert!(matches!(error("BDC_1322"), BillComError::TooManyAtOnce));
        assert!(matches!(error("BDC_1001"), BillComError::Internal { .. }));
        let BillComError::RateLimited { until } = error("BDC_1144") else { panic!("not the limit") };
        assert_eq!(until.to_rfc3339(), "2026-03-01T11:00:00+00:00");
        let BillComError::Refused { code, message } = error("BDC_9999") else { panic!("not a refusal") };
        assert_eq!((code.as_str(), message.as_str()), ("BDC_9999", "words of theirs"));
    }

    #[test]
    fn what_is_no_envelope_is_named_and_never_taken_for_a_refusal() {
        let html = "<!DOCTYPE html><html>Scheduled maintenance</html>";
        assert!(matches!(read(200, html), Err(BillComError::Maintenance { status: 200 })));
        assert!(matches!(read(503, ""), Err(BillComError::Maintenance { status: 503 })));
        assert!(matches!(read(302, ""), Err(BillComError::Redirected { status: 302 })));
        assert!(matches!(read(429, "slow down"), Err(BillComError::TooManyAtOnce)));
        assert!(matches!(read(200, ""), Err(BillComError::NotJson { status: 200 })));
        assert!(matches!(read(200, "[1,2]"), Err(BillComError::NotJson { .. })));
        for body in [
            r#"{"response_status":0,"respon"#,
            "{}",
            r#"{"response_status":7}"#,
            r#"{"response_status":1,"response_data":[]}"#,
        ] {
            let error = read(200, body).expect_err(body);
            assert!(matches!(error, BillComError::Shape { .. }), "{body}");
            assert_eq!(error.outcome(), Outcome::Unknown);
        }
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_crash() {
        let deep = format!("{{\"response_status\":0,\"response_data\":{}", "[".repeat(1_000_000));
        assert!(matches!(read(200, &deep), Err(BillComError::Shape { .. })));
    }

    #[test]
    fn each_row_of_a_bulk_call_has_its_own_answer() {
        let now = "2026-03-01T10:20:30Z".parse().expect("test instant");
        let good = serde_json::json!({"response_status": 0, "response_data": {"id": "a"}});
        let bad = serde_json::json!({"response_status": 1, "response_data": {"error_code": "BDC_1171"}});
        let odd = serde_json::json!({"id": "a"});
        let data = serde_json::json!({ "bulk": [good, bad, odd] });
        let rows = bulk(data.clone(), 3, now).expect("three");
        let outcomes: Vec<_> = rows.iter().map(|row| row.as_ref().map_err(BillComError::outcome).err()).collect();
        assert_eq!(outcomes, [None, Some(Outcome::Refused), Some(Outcome::Unknown)]);
        for (data, wanted) in [(data, 2), (serde_json::json!({}), 0), (Value::Null, 1)] {
            assert_eq!(bulk(data, wanted, now).expect_err("not one for each").outcome(), Outcome::Unknown);
        }
    }

    #[test]
    fn lists_hold_records() {
        assert_eq!(rows(Value::Null).expect("empty").len(), 0);
        assert_eq!(rows(serde_json::json!([{"id": "a"}])).expect("one").len(), 1);
        assert!(rows(serde_json::json!([1])).is_err());
        assert!(rows(serde_json::json!({"a": 1})).is_err());
        assert!(record(serde_json::json!({})).is_err());
    }
}
