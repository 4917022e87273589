//! What must hold at every moment: nothing twice in the books, nothing ever falls that must only rise, no contract broken.

use super::{Findings, Violation};
use crate::engine::StatusView;
use crate::sim::connector::{Ending, UpdateReport};
use std::collections::BTreeMap;

/// SOAP calls after which an update counts as endless: ten times what the busiest world needs.
pub(in crate::sim::world) const CALLS_MAX: usize = 400;

/// Times that the very bytes of one message set may be handed over: the tries of an intent, and as many status checks.
const SENT_AGAIN_MAX: u32 = 40;

/// What is remembered from one look to the next.
#[derive(Debug, Default)]
pub(in crate::sim::world) struct Watch {
    applied: u64,
    newest_event: i64,
    sent: BTreeMap<String, u32>,
}

impl Watch {
    /// Monotonic: what was carried out stays carried out, and history only grows.
    pub(in crate::sim::world) fn status(&mut self, status: &StatusView, newest_event: i64, findings: &mut Findings) {
        let applied = status.intents.get("applied").copied().unwrap_or(0);
        if applied < self.applied {
            findings.add("monotonic", format!("{} changes were carried out, now only {applied}", self.applied));
        }
        if newest_event < self.newest_event {
            findings.add("monotonic", format!("history went back from {} to {newest_event}", self.newest_event));
        }
        self.applied = applied;
        self.newest_event = newest_event;
    }

    /// How many changes were carried out so far.
    pub(in crate::sim::world) const fn applied(&self) -> u64 {
        self.applied
    }

    /// Bounded: an update comes to an end, and no message set is sent for ever.
    pub(in crate::sim::world) fn update(
        &mut self,
        report: &UpdateReport,
        requests: &[String],
        violations: &mut Vec<String>,
        findings: &mut Findings,
    ) {
        if report.ending == Ending::Endless {
            findings.add("bounded", format!("an update did not end within {} calls", report.calls.len()));
        }
        for request in requests {
            let Some(id) = message_set_id(request) else { continue };
            let count = self.sent.entry(id.to_owned()).or_default();
            *count += 1;
            if *count == SENT_AGAIN_MAX {
                findings.add("bounded", format!("message set {id} was sent {count} times"));
            }
        }
        findings.0.extend(violations.drain(..).map(|text| Violation { promise: "contract", text }));
    }
}

/// The id under which a message set is kept.
fn message_set_id(request: &str) -> Option<&str> {
    let begin = request.split_once("newMessageSetID=\"")?.1;
    begin.split_once('"').map(|(id, _)| id)
}
