//! The few events of a failing world that matter: events and faults are left out as long as the same promise stays broken.

use super::campaign::run_caught;
use super::schedule::Plan;
use super::{Manner, World};

/// Worlds that are run to shrink one: most failures need far fewer.
const TRIES_MAX: usize = 600;

/// The promise that the world of a plan breaks first; `panic` when it breaks down itself.
fn broken(plan: &Plan, manner: Manner) -> Option<&'static str> {
    match run_caught(|| World::of(plan.clone(), manner).run()) {
        Ok(outcome) => outcome.violations.first().map(|violation| violation.promise),
        Err(_) => Some("panic"),
    }
}

/// A smaller plan that breaks the same promise; none when this one breaks none.
#[must_use]
pub fn shrunk(plan: &Plan, manner: Manner) -> Option<Plan> {
    let promise = broken(plan, manner)?;
    let mut smallest = plan.clone();
    let mut tries = 0;
    let mut fails = |plan: &Plan| {
        tries += 1;
        tries <= TRIES_MAX && broken(plan, manner) == Some(promise)
    };
    for fault in plan.faults.clone() {
        let mut without = smallest.clone();
        without.faults.retain(|kept| *kept != fault);
        if fails(&without) {
            smallest = without;
        }
    }
    let mut length = smallest.events.len().div_ceil(2);
    while length > 0 {
        let mut at = 0;
        while at < smallest.events.len() {
            let mut without = smallest.clone();
            without.events.drain(at..(at + length).min(smallest.events.len()));
            if fails(&without) {
                smallest = without;
            } else {
                at += length;
            }
        }
        length = if length == 1 { 0 } else { length.div_ceil(2) };
    }
    Some(smallest)
}
