//! When the Web Connector should come by, and from when on its silence is an alarm.
//!
//! A server that waits looks the same whether all is well or nobody is coming any more. Therefore the schedule that we wrote into
//! the `.qwc` file is held against the clock: two visits may fail to come, the next silence is told. In quiet hours QuickBooks is
//! left alone and its computer may be off; they do not count.

use crate::limits::CONTACT_GRACE;
use crate::model::{QuietHours, Settings, span};
use chrono::{DateTime, Duration, NaiveDateTime, TimeZone, Utc};

/// Visits that may fail to come.
const MISSED_MAX: i32 = 2;

/// When the Web Connector is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Expected {
    /// When it should come next; may lie in the past. None before the first visit.
    pub(super) next: Option<DateTime<Utc>>,
    /// Whether it is overdue by so much that somebody must look.
    pub(super) is_silent: bool,
    /// Whether it is to leave QuickBooks alone now.
    pub(super) is_quiet: bool,
}

/// Minutes between two visits, as the `.qwc` file says: as often as there may be something, in the connector's own words.
pub(super) fn every_minutes(settings: &Settings) -> u32 {
    let seconds = settings.read_interval.as_secs().clamp(60, 15 * 60);
    u32::try_from(seconds / 60).unwrap_or(15)
}

/// What is to be expected after a visit at `last`. `zone` is the server's, in which quiet hours are meant.
pub(super) fn expected<Z: TimeZone>(
    minutes: u32,
    quiet: Option<QuietHours>,
    last: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    zone: &Z,
) -> Expected {
    let every = Duration::minutes(i64::from(minutes));
    let is_quiet = quiet.is_some_and(|hours| hours.contains(now.with_timezone(zone).time()));
    let Some(last) = last else { return Expected { next: None, is_silent: false, is_quiet } };
    let since = last.max(quiet.and_then(|hours| ended(hours, now, zone)).unwrap_or(last));
    let alarm = since + every * MISSED_MAX + span(CONTACT_GRACE);
    Expected { next: Some(last + every), is_silent: !is_quiet && now > alarm, is_quiet }
}

/// When quiet hours last ended.
fn ended<Z: TimeZone>(hours: QuietHours, now: DateTime<Utc>, zone: &Z) -> Option<DateTime<Utc>> {
    let local = now.with_timezone(zone).naive_local();
    let at = |day| zone.from_local_datetime(&NaiveDateTime::new(day, hours.to)).latest().map(|time| time.to_utc());
    let today = at(local.date()).filter(|time| *time <= now);
    today.or_else(|| local.date().pred_opt().and_then(at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{FixedOffset, NaiveTime};

    fn at(text: &str) -> DateTime<Utc> {
        format!("2026-11-{text}:00Z").parse().expect("a time")
    }

    fn hours(from: u32, to: u32) -> Option<QuietHours> {
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).expect("a time");
        Some(QuietHours { from: time(from), to: time(to) })
    }

    #[test]
    fn silence_is_an_alarm_after_two_missed_visits_and_not_before() {
        let told = |now: &str| expected(15, None, Some(at("20T12:00")), at(now), &Utc);
        assert_eq!(told("20T12:10").next, Some(at("20T12:15")));
        assert!(!told("20T12:32").is_silent);
        assert!(told("20T12:33").is_silent);
        assert!(!expected(15, None, None, at("20T12:33"), &Utc).is_silent, "it never came: that is told otherwise");
    }

    #[test]
    fn a_night_in_quiet_hours_is_no_silence() {
        let last = Some(at("20T18:00"));
        let told = |now: &str| expected(15, hours(18, 8), last, at(now), &Utc);
        assert!(told("21T03:00").is_quiet && !told("21T03:00").is_silent);
        assert!(!told("21T08:30").is_quiet && !told("21T08:30").is_silent, "half an hour to wake up");
        assert!(told("21T08:33").is_silent);
    }

    #[test]
    fn quiet_hours_are_those_of_the_server() {
        let zone = FixedOffset::west_opt(5 * 3600).expect("an offset");
        let told = expected(15, hours(9, 17), Some(at("20T12:00")), at("20T15:00"), &zone);
        assert!(told.is_quiet, "it is ten o'clock there");
    }
}
