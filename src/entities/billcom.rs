//! Small helpers for writing Bill.com's JSON. An empty text empties a field; twenty zeros empty a reference (`billcom.md` 2).

use super::Write;
use crate::model::Raw;

const ZERO_ID: &str = "00000000000000000000";

/// The object of a Create or Update call, with what every one carries.
pub(super) fn begin(entity: &str, write: &Write<'_>) -> Raw {
    let mut raw = Raw::default();
    raw.set("entity", entity);
    match write.current {
        Some(current) => raw.set("id", current.key.id.as_str()),
        None => raw.set("isActive", "1"),
    }
    raw
}

/// Numbers of child rows. Bill.com prints them now as numbers, now as texts, and takes them as numbers only (`billcom.md` 2.1).
const ROW_NUMBERS: [&str; 4] = ["lineOrder", "quantity", "price", "ratePercent"];
/// Flags of child rows, of which the same is true.
const ROW_FLAGS: [&str; 1] = ["taxable"];

/// A child row as it is sent along unchanged: without what Bill.com gives it anew, and in the types that it takes.
pub(super) fn sent_again(row: Raw) -> Raw {
    let numbers = ROW_NUMBERS.map(|name| (name, row.number(name).ok().flatten()));
    let flags = ROW_FLAGS.map(|name| (name, row.flag(name).ok().flatten()));
    let mut object = row.into_object();
    for own in ["id", "createdTime", "updatedTime", "amount"] {
        object.remove(own);
    }
    let mut row = Raw::new(object);
    for (name, number) in numbers {
        if let Some(number) = number {
            row.set_number(name, number);
        }
    }
    for (name, flag) in flags {
        if let Some(flag) = flag {
            row.set(name, flag);
        }
    }
    row
}

/// A text that is written or emptied.
pub(super) fn put_text(raw: &mut Raw, write: &Write<'_>, name: &str, field: &str) {
    if write.touches(name) {
        raw.set(field, write.fields.text(name).unwrap_or_default());
    }
}

/// A reference that is written or emptied.
pub(super) fn put_reference(raw: &mut Raw, write: &Write<'_>, name: &str, field: &str) {
    if write.touches(name) {
        raw.set(field, write.fields.reference(name).map_or(ZERO_ID, |reference| reference.id.as_str()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_is_sent_again_has_the_types_that_billcom_takes() {
        let printed = r#"{"entity":"InvoiceLineItem","id":"x","lineOrder":"0","quantity":"2","price":"7.5","amount":"15.0","taxable":"false","itemId":"0ii"}"#;
        let row = sent_again(Raw::new(serde_json::from_str(printed).expect("JSON")));
        let sent = serde_json::Value::Object(row.into_object());
        let wanted =
            r#"{"entity":"InvoiceLineItem","itemId":"0ii","lineOrder":0,"price":7.5,"quantity":2,"taxable":false}"#;
        assert_eq!(sent, serde_json::from_str::<serde_json::Value>(wanted).expect("JSON"));
    }
}
