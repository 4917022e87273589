//! What a developer key has been used for: counted as the vendor counts, so that tests can tell whether a client keeps the limits.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Calls and logins of one clock hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HourUse {
    /// Calls, logins among them.
    pub calls: u32,
    /// `Login` and `ListOrgs`.
    pub logins: u32,
}

/// Everything done with one developer key, over all organisations that share it.
#[derive(Clone, Debug)]
pub struct KeyUsage {
    /// Calls an hour.
    pub calls_per_hour_max: u32,
    /// Logins an hour.
    pub logins_per_hour_max: u32,
    /// Calls at once per organisation.
    pub calls_at_once_max: usize,
    hours: BTreeMap<DateTime<Utc>, HourUse>,
    at_once: BTreeMap<String, AtOnce>,
    declined: u32,
}

#[derive(Clone, Copy, Debug, Default)]
struct AtOnce {
    now: usize,
    most: usize,
}

/// The usage of one key, shared by the organisations that use it.
pub type SharedUsage = Arc<Mutex<KeyUsage>>;

impl Default for KeyUsage {
    /// The documented limits: 20,000 calls and 200 logins an hour, three calls at once (`billcom.md` 4).
    fn default() -> Self {
        Self {
            calls_per_hour_max: 20_000,
            logins_per_hour_max: 200,
            calls_at_once_max: 3,
            hours: BTreeMap::new(),
            at_once: BTreeMap::new(),
            declined: 0,
        }
    }
}

impl KeyUsage {
    /// An unused key.
    #[must_use]
    pub fn shared() -> SharedUsage {
        Arc::default()
    }

    /// The use in each clock hour.
    #[must_use]
    pub const fn hours(&self) -> &BTreeMap<DateTime<Utc>, HourUse> {
        &self.hours
    }

    /// Everything so far.
    #[must_use]
    pub fn total(&self) -> HourUse {
        let add =
            |sum: HourUse, hour: &HourUse| HourUse { calls: sum.calls + hour.calls, logins: sum.logins + hour.logins };
        self.hours.values().fold(HourUse::default(), add)
    }

    /// The most calls made in one clock hour.
    #[must_use]
    pub fn most_in_an_hour(&self) -> u32 {
        self.hours.values().map(|hour| hour.calls).max().unwrap_or(0)
    }

    /// The most calls that ran at once for any one organisation.
    #[must_use]
    pub fn most_at_once(&self) -> usize {
        self.at_once.values().map(|lane| lane.most).max().unwrap_or(0)
    }

    /// Calls declined because of a limit.
    #[must_use]
    pub const fn declined(&self) -> u32 {
        self.declined
    }

    /// Counts a call; the limit it breaks, if it breaks one.
    pub(crate) fn call(&mut self, now: DateTime<Utc>, login: bool) -> Result<(), u32> {
        let hour = now.duration_trunc(TimeDelta::hours(1)).unwrap_or(now);
        let used = self.hours.entry(hour).or_default();
        used.calls += 1;
        used.logins += u32::from(login);
        let broken = match (login && used.logins > self.logins_per_hour_max, used.calls > self.calls_per_hour_max) {
            (true, _) => Some(self.logins_per_hour_max),
            (false, true) => Some(self.calls_per_hour_max),
            (false, false) => None,
        };
        self.declined += u32::from(broken.is_some());
        broken.map_or(Ok(()), Err)
    }

    /// A call begins; whether it may go on.
    pub(crate) fn enter(&mut self, organization: &str) -> bool {
        let lane = self.at_once.entry(organization.to_owned()).or_default();
        lane.now += 1;
        lane.most = lane.most.max(lane.now);
        let allowed = lane.now <= self.calls_at_once_max;
        self.declined += u32::from(!allowed);
        allowed
    }

    /// A call has ended.
    pub(crate) fn leave(&mut self, organization: &str) {
        if let Some(lane) = self.at_once.get_mut(organization) {
            lane.now = lane.now.saturating_sub(1);
        }
    }
}

/// A call in progress; leaves when dropped, also when the client has gone away.
pub(crate) struct InProgress {
    usage: SharedUsage,
    organization: String,
    pub(crate) allowed: bool,
}

impl InProgress {
    pub(crate) fn begin(usage: &SharedUsage, organization: &str) -> Self {
        let allowed = usage.lock().unwrap_or_else(PoisonError::into_inner).enter(organization);
        Self { usage: usage.clone(), organization: organization.to_owned(), allowed }
    }
}

impl Drop for InProgress {
    fn drop(&mut self) {
        self.usage.lock().unwrap_or_else(PoisonError::into_inner).leave(&self.organization);
    }
}
