//! What will happen in a world, drawn from its seed before anything does.
//!
//! Every event carries a seed of its own, so that leaving one out, to find the few that matter, does not change what the
//! others do.

use super::faults::{self, Fault};
use crate::sim::billcom::random::Random;
use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};

/// Days of business in one world.
const DAYS_MAX: usize = 3;
/// Things that happen on one day.
const EVENTS_PER_DAY_MAX: usize = 26;
/// Things that people enter before the first sync.
const BEFORE_MAX: usize = 14;

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Somebody in QuickBooks.
    QuickBooks,
    /// Somebody, or a bank, in Bill.com.
    BillCom,
    /// The Web Connector comes by.
    Update,
    /// The server works towards Bill.com.
    Round,
    /// Notices arrive.
    Notices,
    /// The owner presses a button.
    Owner,
    /// Something goes wrong.
    Mishap(Fault),
}

/// One thing that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Event {
    /// How long after the beginning.
    pub(super) after: TimeDelta,
    pub(super) act: Act,
    pub(super) seed: u64,
}

/// What will happen in one world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The seed it was drawn from.
    pub seed: u64,
    pub(super) faults: Vec<Fault>,
    pub(super) begins: DateTime<Utc>,
    pub(super) events: Vec<Event>,
}

impl Plan {
    /// Draws a world.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        let mut random = Random::new(seed ^ 0x5EED_0001);
        let faults = faults::drawn(&mut random);
        let begins = beginning(&mut random, &faults);
        let mut events = Vec::new();
        for _ in 0..random.below(BEFORE_MAX) {
            let act = if random.chance(500) { Act::QuickBooks } else { Act::BillCom };
            events.push(Event { after: TimeDelta::zero(), act, seed: random.next() });
        }
        let days = 1 + random.below(DAYS_MAX);
        for day in 0..days {
            for _ in 0..4 + random.below(EVENTS_PER_DAY_MAX) {
                let after = moment(&mut random, day);
                events.push(Event { after, act: ordinary(&mut random), seed: random.next() });
            }
        }
        for fault in faults.iter().filter(|fault| fault.has_its_moment()) {
            for _ in 0..=random.below(2) {
                let day = random.below(days);
                events.push(Event { after: moment(&mut random, day), act: Act::Mishap(*fault), seed: random.next() });
            }
        }
        events.sort_by_key(|event| event.after);
        Self { seed, faults, begins, events }
    }

    /// The beginning of the same business, without any fault.
    #[must_use]
    pub fn quiet(mut self, events_max: usize) -> Self {
        self.faults.clear();
        self.events.retain(|event| !matches!(event.act, Act::Mishap(_)));
        self.events.truncate(events_max);
        self
    }

    pub(super) fn has(&self, fault: Fault) -> bool {
        self.faults.contains(&fault)
    }

    /// How many things will happen.
    #[must_use]
    pub fn length(&self) -> usize {
        self.events.len()
    }
}

/// A moment of a working day.
fn moment(random: &mut Random, day: usize) -> TimeDelta {
    let minutes = i64::try_from(day * 24 * 60 + 5 + random.below(11 * 60)).unwrap_or(0);
    TimeDelta::minutes(minutes) + TimeDelta::seconds(i64::try_from(random.below(60)).unwrap_or(0))
}

fn ordinary(random: &mut Random) -> Act {
    match random.below(100) {
        0..32 => Act::QuickBooks,
        32..64 => Act::BillCom,
        64..84 => Act::Update,
        84..93 => Act::Round,
        93..97 => Act::Notices,
        _ => Act::Owner,
    }
}

/// The first morning: any day, or the last before the clocks change.
fn beginning(random: &mut Random, faults: &[Fault]) -> DateTime<Utc> {
    let (month, day) = if faults.contains(&Fault::SummerTime) {
        *random.pick(&[(3, 7), (10, 31)])
    } else {
        *random.pick(&[(1, 14), (5, 12), (6, 29), (9, 8), (12, 30)])
    };
    Utc.with_ymd_and_hms(2026, month, day, 13, 0, 0).single().expect("invariant: these days exist")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_one_plan_and_its_events_are_in_order() {
        for seed in 0..50 {
            let plan = Plan::of(seed);
            assert_eq!(plan, Plan::of(seed));
            assert!(plan.events.is_sorted_by_key(|event| event.after));
        }
        assert_ne!(Plan::of(1), Plan::of(2));
    }

    #[test]
    fn every_fault_is_drawn_by_some_seed_and_none_by_every() {
        let plans: Vec<Plan> = (0..300).map(Plan::of).collect();
        for fault in Fault::ALL {
            let count = plans.iter().filter(|plan| plan.has(*fault)).count();
            assert!((1..200).contains(&count), "{fault}: {count}");
        }
    }
}
