//! The vendor's limits, counted on our side.
//!
//! Bill.com counts calls and logins per developer key and clock hour, and calls at once per key and organisation
//! (`billcom.md` 4). All companies that use one developer key therefore share one [`Budget`]. Staying below the limits
//! ourselves keeps one busy company from locking out the others with an answer nobody can act on.
//!
//! Readings can wait and writes should not, so the last tenth of an hour is kept from readings; and the more organisations
//! share a key, the longer each is asked to wait between two readings ([`Budget::reading_pause`]), so that the hour lasts for all.

use super::backoff::Spread;
use super::{BillComError, Outcome, limits};
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Calls and logins of one developer key in the current clock hour, and the lanes of its organisations.
#[derive(Debug, Default)]
pub struct Budget {
    state: Mutex<State>,
    spread: Spread,
}

/// What a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A list: it can wait for the next hour.
    Reading,
    /// Everything else: writes, and the looks before and after them.
    Other,
}

#[derive(Debug, Default)]
struct State {
    hour: Option<DateTime<Utc>>,
    calls: u32,
    logins: u32,
    lanes: HashMap<String, Arc<Semaphore>>,
    /// Answers since the beginning, by what they meant: done, refused, not done, unknown.
    answers: [u64; 4],
}

/// How much of the limits is used, and what came of the calls; over one developer key, or over several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Calls left in this hour; none when there was no call yet.
    pub calls_left: Option<u32>,
    /// Sign-ins left in this hour.
    pub logins_left: Option<u32>,
    /// Answers since the beginning, by what they meant for the call.
    pub answers: [(&'static str, u64); 4],
}

impl Default for Usage {
    fn default() -> Self {
        Self {
            calls_left: None,
            logins_left: None,
            answers: ["done", "refused", "not_done", "unknown"].map(|word| (word, 0)),
        }
    }
}

impl Usage {
    /// Takes in those of another key: what is left is what the key with the fewest has left.
    pub fn add(&mut self, other: &Self) {
        let fewest = |ours: Option<u32>, theirs: Option<u32>| match (ours, theirs) {
            (Some(ours), Some(theirs)) => Some(ours.min(theirs)),
            (ours, theirs) => ours.or(theirs),
        };
        self.calls_left = fewest(self.calls_left, other.calls_left);
        self.logins_left = fewest(self.logins_left, other.logins_left);
        for ((_, count), (_, more)) in self.answers.iter_mut().zip(&other.answers) {
            *count += more;
        }
    }
}

impl Budget {
    /// A budget of which nothing is used. Pauses have exactly the length that the vendor advises.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with pauses that are spread at random, so that clients which were turned away together do not come back
    /// together. The seed comes from the caller's random source.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self { state: Mutex::default(), spread: Spread::seeded(seed) }
    }

    /// A pause, spread.
    pub(crate) fn spread(&self, pause: Duration) -> Duration {
        self.spread.of(pause)
    }

    /// Least time between two readings of `calls` calls each, so that those of all organisations of this key fit into the
    /// hour, with a quarter to spare.
    #[must_use]
    pub fn reading_pause(&self, calls: u32) -> Duration {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let organizations = u32::try_from(state.lanes.len()).unwrap_or(u32::MAX);
        let wanted = calls.saturating_mul(organizations);
        Duration::from_secs(3600).saturating_mul(wanted) / (limits::READINGS_PER_HOUR_MAX / 4 * 3)
    }

    /// Calls and logins counted in the hour of `now`.
    #[must_use]
    pub fn used(&self, now: DateTime<Utc>) -> (u32, u32) {
        self.with(now, |state| (state.calls, state.logins))
    }

    /// Counts an answer, by what it means for the call.
    pub(crate) fn answered<T>(&self, answer: &Result<T, BillComError>) {
        let class = match answer.as_ref().map_err(BillComError::outcome) {
            Ok(_) => 0,
            Err(Outcome::Refused) => 1,
            Err(Outcome::NotDone) => 2,
            Err(Outcome::Unknown) => 3,
        };
        self.state.lock().unwrap_or_else(PoisonError::into_inner).answers[class] += 1;
    }

    /// How much is left, and what came of the calls.
    #[must_use]
    pub fn usage(&self, now: DateTime<Utc>) -> Usage {
        let (calls, logins) = self.used(now);
        let counts = self.state.lock().unwrap_or_else(PoisonError::into_inner).answers;
        let mut usage = Usage {
            calls_left: Some(limits::CALLS_PER_HOUR_MAX.saturating_sub(calls)),
            logins_left: Some(limits::LOGINS_PER_HOUR_MAX.saturating_sub(logins)),
            ..Usage::default()
        };
        for ((_, count), counted) in usage.answers.iter_mut().zip(counts) {
            *count = counted;
        }
        usage
    }

    /// Counts a call.
    ///
    /// # Errors
    /// [`BillComError::RateLimited`] when the hour's calls for that purpose are used up; nothing is counted then.
    pub(crate) fn take_call(&self, now: DateTime<Utc>, purpose: Purpose) -> Result<(), BillComError> {
        let most = match purpose {
            Purpose::Reading => limits::READINGS_PER_HOUR_MAX,
            Purpose::Other => limits::CALLS_PER_HOUR_MAX,
        };
        self.with(now, |state| {
            if state.calls >= most {
                return Err(BillComError::RateLimited { until: next_hour(now) });
            }
            state.calls += 1;
            Ok(())
        })
    }

    /// Counts a login, which is a call too.
    ///
    /// # Errors
    /// [`BillComError::RateLimited`] when the hour's logins or calls are used up.
    pub(crate) fn take_login(&self, now: DateTime<Utc>) -> Result<(), BillComError> {
        self.with(now, |state| {
            if state.logins >= limits::LOGINS_PER_HOUR_MAX || state.calls >= limits::CALLS_PER_HOUR_MAX {
                return Err(BillComError::RateLimited { until: next_hour(now) });
            }
            state.logins += 1;
            state.calls += 1;
            Ok(())
        })
    }

    /// Bill.com says that the hour's calls are used up: somebody else uses the key too, or our clock differs from theirs.
    pub(crate) fn calls_spent(&self, now: DateTime<Utc>) {
        self.with(now, |state| state.calls = limits::CALLS_PER_HOUR_MAX);
    }

    /// The same for logins.
    pub(crate) fn logins_spent(&self, now: DateTime<Utc>) {
        self.with(now, |state| state.logins = limits::LOGINS_PER_HOUR_MAX);
    }

    /// The turnstile for calls to one organisation.
    pub(crate) fn lane(&self, organization_id: &str) -> Arc<Semaphore> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = state.lanes.entry(organization_id.to_owned());
        lane.or_insert_with(|| Arc::new(Semaphore::new(limits::CALLS_AT_ONCE_MAX))).clone()
    }

    fn with<T>(&self, now: DateTime<Utc>, act: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let hour = this_hour(now);
        // A clock that steps back by less than an hour must not open a fresh hour.
        let same = state.hour.is_some_and(|counted| counted >= hour && counted - hour <= TimeDelta::hours(1));
        if !same {
            state.hour = Some(hour);
            state.calls = 0;
            state.logins = 0;
        }
        act(&mut state)
    }
}

fn this_hour(now: DateTime<Utc>) -> DateTime<Utc> {
    now.duration_trunc(TimeDelta::hours(1)).unwrap_or(now)
}

/// When the next clock hour begins.
pub(crate) fn next_hour(now: DateTime<Utc>) -> DateTime<Utc> {
    this_hour(now) + TimeDelta::hours(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("test instant")
    }

    #[test]
    fn the_200_first_logins_pass_and_the_next_waits_for_the_hour() {
        let budget = Budget::new();
        let now = at("2026-03-01T10:59:59Z");
        for _ in 0..200 {
            budget.take_login(now).expect("within the limit");
        }
        let Err(BillComError::RateLimited { until }) = budget.take_login(now) else { panic!("the 201st passed") };
        assert_eq!(until, at("2026-03-01T11:00:00Z"));
        assert_eq!(budget.used(now), (200, 200));
        budget.take_call(now, Purpose::Other).expect("calls are counted apart");
        budget.take_login(until).expect("a new hour");
        assert_eq!(budget.used(until), (1, 1));
    }

    #[test]
    fn usage_says_what_is_left_and_what_came_of_the_calls() {
        let now = at("2026-03-01T10:00:00Z");
        let (one, other) = (Budget::new(), Budget::new());
        one.take_login(now).expect("login");
        one.answered(&Ok(()));
        one.answered::<()>(&Err(BillComError::TooManyAtOnce));
        one.answered::<()>(&Err(BillComError::Timeout { kind: crate::billcom::NetworkKind::Sent }));
        other.answered(&Ok(()));
        let mut usage = Usage::default();
        usage.add(&one.usage(now));
        usage.add(&other.usage(now));
        assert_eq!(usage.logins_left, Some(limits::LOGINS_PER_HOUR_MAX - 1));
        assert_eq!(usage.calls_left, Some(limits::CALLS_PER_HOUR_MAX - 1));
        assert_eq!(usage.answers.map(|(_, count)| count), [2, 0, 1, 1]);
    }

    #[test]
    fn what_bill_com_says_counts_more_than_our_count() {
        let budget = Budget::new();
        let now = at("2026-03-01T10:00:00Z");
        budget.calls_spent(now);
        assert!(budget.take_call(now, Purpose::Other).is_err());
        assert!(budget.take_login(now).is_err(), "a login is a call too");
        assert!(budget.take_call(at("2026-03-01T11:00:00Z"), Purpose::Reading).is_ok());
    }

    #[test]
    fn readings_leave_the_end_of_the_hour_to_writes() {
        let budget = Budget::new();
        let now = at("2026-03-01T10:00:00Z");
        for _ in 0..limits::READINGS_PER_HOUR_MAX {
            budget.take_call(now, Purpose::Reading).expect("within the limit");
        }
        assert!(matches!(budget.take_call(now, Purpose::Reading), Err(BillComError::RateLimited { .. })));
        budget.take_call(now, Purpose::Other).expect("a write has its place");
        budget.take_login(now).expect("and so has a login");
    }

    #[test]
    fn the_more_share_a_key_the_longer_each_waits_between_readings() {
        let budget = Budget::new();
        budget.lane("one");
        assert!(budget.reading_pause(20) < Duration::from_secs(10), "one company polls as it likes");
        (0..99).for_each(|number| drop(budget.lane(&number.to_string())));
        let pause = budget.reading_pause(20);
        let readings = 3600 / u32::try_from(pause.as_secs()).expect("short");
        assert!((1..=limits::READINGS_PER_HOUR_MAX).contains(&(readings * 100 * 20)), "{pause:?}");
    }

    #[test]
    fn a_clock_that_steps_back_opens_no_fresh_hour() {
        let budget = Budget::new();
        budget.logins_spent(at("2026-03-01T10:00:01Z"));
        assert!(budget.take_login(at("2026-03-01T09:59:58Z")).is_err());
        assert!(budget.take_login(at("2026-02-01T09:59:58Z")).is_ok(), "but a clock put right by a month counts");
    }
}
