//! Reading a notice, as far as it is of use: which one it is.

use serde_json::Value;

/// Longest id and event name that are kept.
const TEXT_CHARS_MAX: usize = 128;

/// Times a text may turn out to hold JSON again: the payload is documented as an object in one place and as escaped text in
/// another (`billcom.md` 5).
const UNWRAPPED_MAX: usize = 3;

/// What a notice says about itself. Everything may be missing; a notice that says nothing still wakes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    /// Which notice: the same when it comes again.
    pub event_id: Option<String>,
    /// What happened, such as `bill.updated`.
    pub event_type: Option<String>,
    /// Which organisation it is about.
    pub organization_id: Option<String>,
}

/// Reads a notice. Whatever is not understood is left out.
#[must_use]
pub fn read_notice(body: &[u8]) -> Notice {
    let mut value: Value = serde_json::from_slice(body).unwrap_or_default();
    for _ in 0..UNWRAPPED_MAX {
        let within = match &value {
            Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
            Value::Object(object) if !object.contains_key("metadata") => {
                object.get("payload").cloned().unwrap_or_default()
            }
            _ => break,
        };
        value = within;
    }
    let text = |field: &str| {
        let text = value.get("metadata")?.get(field)?.as_str()?;
        let fits = !text.is_empty() && text.chars().count() <= TEXT_CHARS_MAX && !text.chars().any(char::is_control);
        fits.then(|| text.to_owned())
    };
    Notice { event_id: text("eventId"), event_type: text("eventType"), organization_id: text("organizationId") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn objects_and_texts_are_read_alike() {
        let object = json!({"metadata": {"eventId": "e-1", "eventType": "bill.created", "organizationId": "008"}, "bill": {"id": "00n"}});
        let text = json!(object.to_string());
        let wanted = Notice {
            event_id: Some("e-1".to_owned()),
            event_type: Some("bill.created".to_owned()),
            organization_id: Some("008".to_owned()),
        };
        for body in [&object, &text, &json!({ "payload": object }), &json!({ "payload": text })] {
            assert_eq!(read_notice(body.to_string().as_bytes()), wanted, "{body}");
        }
    }

    #[test]
    fn junk_says_nothing_and_does_no_harm() {
        let deep = "[".repeat(1_000_000);
        let nested = (0..20).fold(json!({}), |inner, _| json!(inner.to_string())).to_string();
        let long = json!({"metadata": {"eventId": "x".repeat(100_000), "eventType": 7}}).to_string();
        for body in ["", "x", "null", "{\"metadata\":[]}", "\u{0}", &deep, &nested, &long] {
            assert_eq!(read_notice(body.as_bytes()), Notice::default());
        }
    }

    #[test]
    fn the_vendors_example_is_read() {
        let Some(folder) = std::env::var_os("COUNTERFOIL_REFERENCE") else {
            println!("skipped: COUNTERFOIL_REFERENCE is not set");
            return;
        };
        let path = std::path::Path::new(&folder).join("billcom-samples/v2/21-v3-webhook-bill-created.json");
        let sample: Value = serde_json::from_slice(&std::fs::read(path).expect("sample")).expect("JSON");
        let notice = read_notice(sample["body"].to_string().as_bytes());
        assert_eq!(notice.event_type.as_deref(), Some("bill.created"));
        assert!(notice.event_id.is_some() && notice.organization_id.is_some());
    }
}
