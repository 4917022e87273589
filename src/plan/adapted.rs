//! What QuickBooks could not keep of a text, told once for every write, so that nobody has to find out by comparing.
//!
//! The policy is `qbxml`'s and `entities/text.rs`'s; here it is put into words for the history.

use super::{Transition, safe_text, title_of};
use crate::entities::{FieldSpec, adaptation, entity};
use crate::limits::ADAPTATIONS_SHOWN_MAX;
use crate::model::{Event, EventKind, Fields, Intent, Side, Value};
use chrono::{DateTime, Utc};

/// The line of history about texts that were cut or written with other characters; none when QuickBooks keeps all of them.
#[must_use]
pub(super) fn adapted(intent: &Intent, now: DateTime<Utc>) -> Option<Transition> {
    let entity = entity(intent.kind()).filter(|_| intent.target() == Side::QuickBooks)?;
    let mut told = Vec::new();
    for spec in entity.fields() {
        match intent.fields.get(spec.name) {
            Some(Value::Text(text)) => told.extend(one(spec, text, "")),
            Some(Value::Lines(lines)) => {
                for (number, line) in lines.iter().enumerate() {
                    told.extend(of_line(spec.line, line, number + 1));
                }
            }
            _ => {}
        }
    }
    if told.is_empty() {
        return None;
    }
    let more = told.len().saturating_sub(ADAPTATIONS_SHOWN_MAX);
    told.truncate(ADAPTATIONS_SHOWN_MAX);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    let text = format!("{}: {}{more}", title_of(intent), told.join("; "));
    Some(Transition::Note(Event::of_intent(intent, EventKind::Adapted, text, now)))
}

fn of_line(specs: &[FieldSpec], line: &Fields, number: usize) -> Vec<String> {
    let place = format!(" of line {number}");
    specs.iter().filter_map(|spec| one(spec, line.text(spec.name)?, &place)).collect()
}

fn one(spec: &FieldSpec, text: &str, place: &str) -> Option<String> {
    let adapted = adaptation(spec, text)?;
    let kept = safe_text(&adapted.kept);
    let label = spec.label;
    Some(match adapted.cut_to {
        Some(chars_max) => format!("{label}{place} was cut to {chars_max} characters: “{kept}”"),
        None => format!("{label}{place} was written as “{kept}”, not “{}”", safe_text(text.trim())),
    })
}
