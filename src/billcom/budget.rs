//! The vendor's limits, counted on our side.
//!
//! Bill.com counts calls and logins per developer key and clock hour, and calls at once per key and organisation
//! (`billcom.md` 4). All companies that use one developer key therefore share one [`Budget`]. Staying below the limits
//! ourselves keeps one busy company from locking out the others with an answer nobody can act on.

use super::{BillComError, limits};
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// Calls and logins of one developer key in the current clock hour, and the lanes of its organisations.
#[derive(Debug, Default)]
pub struct Budget {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    hour: Option<DateTime<Utc>>,
    calls: u32,
    logins: u32,
    lanes: HashMap<String, Arc<Semaphore>>,
}

impl Budget {
    /// A budget of which nothing is used.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Calls and logins counted in the hour of `now`.
    #[must_use]
    pub fn used(&self, now: DateTime<Utc>) -> (u32, u32) {
        self.with(now, |state| (state.calls, state.logins))
    }

    /// Counts a call.
    ///
    /// # Errors
    /// [`BillComError::RateLimited`] when the hour's calls are used up; nothing is counted then.
    pub(crate) fn take_call(&self, now: DateTime<Utc>) -> Result<(), BillComError> {
        self.with(now, |state| {
            if state.calls >= limits::CALLS_PER_HOUR_MAX {
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
        budget.take_call(now).expect("calls are counted apart");
        budget.take_login(until).expect("a new hour");
        assert_eq!(budget.used(until), (1, 1));
    }

    #[test]
    fn what_bill_com_says_counts_more_than_our_count() {
        let budget = Budget::new();
        let now = at("2026-03-01T10:00:00Z");
        budget.calls_spent(now);
        assert!(budget.take_call(now).is_err());
        assert!(budget.take_login(now).is_err(), "a login is a call too");
        assert!(budget.take_call(at("2026-03-01T11:00:00Z")).is_ok());
    }

    #[test]
    fn a_clock_that_steps_back_opens_no_fresh_hour() {
        let budget = Budget::new();
        budget.logins_spent(at("2026-03-01T10:00:01Z"));
        assert!(budget.take_login(at("2026-03-01T09:59:58Z")).is_err());
        assert!(budget.take_login(at("2026-02-01T09:59:58Z")).is_ok(), "but a clock put right by a month counts");
    }
}
