//! Time as a QuickBooks machine sees it: a wall clock, and an offset that cannot be trusted.
//!
//! QuickBooks writes time stamps with the local wall clock and the machine's **standard** offset, also in summer, so that
//! the instant they name is an hour off; some newer files have the right offset (`qbxml.md` 4, "Time"). Both habits are
//! here ([`OffsetHabit`]). A filter without an offset is compared with the wall clock; one with an offset is understood
//! with the same wrong offset.
//!
//! **Invariant:** no function reads a clock; every "now" is an argument.

use chrono::{DateTime, Datelike as _, Duration, NaiveDate, NaiveDateTime, NaiveTime, Utc, Weekday};

/// A moment as the QuickBooks machine's wall clock shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Now {
    /// Date and time on the wall clock, whole seconds.
    pub local: NaiveDateTime,
    /// True while daylight saving time is in force.
    pub daylight: bool,
}

impl From<NaiveDateTime> for Now {
    /// A moment in winter.
    fn from(local: NaiveDateTime) -> Self {
        Self { local, daylight: false }
    }
}

/// Which offset QuickBooks writes behind a time stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OffsetHabit {
    /// The standard offset, also in summer: what nearly all real files show.
    #[default]
    AlwaysStandard,
    /// The offset in force at that moment.
    Correct,
}

/// The time zone of the QuickBooks machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone {
    /// Minutes east of Greenwich in winter; -300 for New York.
    pub standard_minutes: i32,
    /// True if the clocks change by the rule of the United States.
    pub daylight_saving: bool,
    /// What stands behind the time stamps.
    pub habit: OffsetHabit,
}

impl Default for Zone {
    /// US Eastern time with the usual habit.
    fn default() -> Self {
        Self { standard_minutes: -300, daylight_saving: true, habit: OffsetHabit::AlwaysStandard }
    }
}

impl Zone {
    /// What the wall clock shows at an instant.
    #[must_use]
    pub fn at(&self, instant: DateTime<Utc>) -> Now {
        let standard = instant.naive_utc() + Duration::minutes(i64::from(self.standard_minutes));
        let daylight = self.daylight_saving && in_summer_time(standard);
        let local = if daylight { standard + Duration::hours(1) } else { standard };
        Now { local: whole_seconds(local), daylight }
    }

    /// The moment at which the wall clock shows this time. In the hour that comes twice in autumn, the first one.
    #[must_use]
    pub fn on_wall_clock(&self, local: NaiveDateTime) -> Now {
        let daylight = self.daylight_saving && in_summer_time(local - Duration::hours(1));
        Now { local, daylight }
    }

    /// The Unix time of a moment, which QuickBooks builds IDs and edit sequences from.
    #[must_use]
    pub fn unix(&self, now: Now) -> i64 {
        let summer = if now.daylight { 3600 } else { 0 };
        now.local.and_utc().timestamp() - i64::from(self.standard_minutes) * 60 - summer
    }

    /// A time stamp as written in an answer.
    #[must_use]
    pub fn stamp(&self, now: Now) -> String {
        let minutes = self.written_offset_minutes(now);
        let sign = if minutes < 0 { '-' } else { '+' };
        let local = now.local.format("%Y-%m-%dT%H:%M:%S");
        format!("{local}{sign}{:02}:{:02}", minutes.unsigned_abs() / 60, minutes.unsigned_abs() % 60)
    }

    fn written_offset_minutes(&self, now: Now) -> i32 {
        let summer = if now.daylight && self.habit == OffsetHabit::Correct { 60 } else { 0 };
        self.standard_minutes + summer
    }

    /// True if a moment lies at or after the start of a filter.
    pub(super) fn is_from(&self, now: Now, filter: &Moment) -> bool {
        self.comparable(now, filter) >= filter.first
    }

    /// True if a moment lies at or before the end of a filter.
    pub(super) fn is_until(&self, now: Now, filter: &Moment) -> bool {
        self.comparable(now, filter) <= filter.last
    }

    /// The wall clock, or the instant the written stamp claims if the filter names an offset.
    fn comparable(&self, now: Now, filter: &Moment) -> NaiveDateTime {
        match filter.offset_minutes {
            None => now.local,
            Some(_) => now.local - Duration::minutes(i64::from(self.written_offset_minutes(now))),
        }
    }
}

fn whole_seconds(time: NaiveDateTime) -> NaiveDateTime {
    let seconds = time.and_utc().timestamp();
    DateTime::from_timestamp(seconds, 0).map_or(time, |whole| whole.naive_utc())
}

/// From the second Sunday of March, two o'clock, to the first Sunday of November, one o'clock standard time.
fn in_summer_time(standard: NaiveDateTime) -> bool {
    let year = standard.year();
    let change = |month, nth, hour| {
        NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Sun, nth)
            .and_then(|date| date.and_hms_opt(hour, 0, 0))
    };
    match (change(3, 2, 2), change(11, 1, 1)) {
        (Some(begin), Some(end)) => begin <= standard && standard < end,
        _ => false,
    }
}

/// A DATETIMETYPE of a filter: the span it names, because parts may be left out from the right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    first: NaiveDateTime,
    last: NaiveDateTime,
    /// The offset, if one was given; then `first` and `last` are in UTC.
    offset_minutes: Option<i32>,
}

impl Moment {
    /// Reads a value that has the form of the type. `None` if it names no date, or one outside 1970 to 2038.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let parts = split_date_time(text)?;
        let date = NaiveDate::from_ymd_opt(parts.year, parts.month, parts.day)?;
        let known = |part: Option<u32>, otherwise: u32| part.unwrap_or(otherwise);
        let first = NaiveTime::from_hms_opt(known(parts.hour, 0), known(parts.minute, 0), known(parts.second, 0))?;
        let last = NaiveTime::from_hms_opt(known(parts.hour, 23), known(parts.minute, 59), known(parts.second, 59))?;
        if !(1970..=2038).contains(&parts.year) {
            return None;
        }
        let shift = Duration::minutes(i64::from(parts.offset_minutes.unwrap_or(0)));
        Some(Self {
            first: date.and_time(first) - shift,
            last: date.and_time(last) - shift,
            offset_minutes: parts.offset_minutes,
        })
    }

    /// True if this start lies after that end.
    pub(super) fn is_after(&self, end: &Self) -> bool {
        self.first > end.last
    }
}

struct DateTimeParts {
    year: i32,
    month: u32,
    day: u32,
    hour: Option<u32>,
    minute: Option<u32>,
    second: Option<u32>,
    offset_minutes: Option<i32>,
}

/// True if the text has the form of DATETIMETYPE, whatever date it names.
pub(super) fn has_date_time_form(text: &str) -> bool {
    split_date_time(text).is_some()
}

fn split_date_time(text: &str) -> Option<DateTimeParts> {
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let mut date_parts = date.split('-');
    let year = date_parts.next().filter(|part| part.len() == 4)?;
    let (month, day) = (date_parts.next()?, date_parts.next()?);
    if date_parts.next().is_some() {
        return None;
    }
    let mut parts = DateTimeParts {
        year: digits(year, 4)?.try_into().ok()?,
        month: digits(month, 2)?,
        day: digits(day, 2)?,
        hour: None,
        minute: None,
        second: None,
        offset_minutes: None,
    };
    let Some(time) = time else { return Some(parts) };
    let clock_end = time.find(['+', '-']).unwrap_or(time.len());
    let (clock, offset) = time.split_at(clock_end);
    let mut clock_parts = clock.split(':');
    parts.hour = Some(digits(clock_parts.next()?, 2)?);
    parts.minute = optional_digits(clock_parts.next())?;
    parts.second = optional_digits(clock_parts.next())?;
    if clock_parts.next().is_some() || (!offset.is_empty() && parts.second.is_none()) {
        return None;
    }
    if !offset.is_empty() {
        parts.offset_minutes = Some(split_offset(offset)?);
    }
    Some(parts)
}

fn split_offset(text: &str) -> Option<i32> {
    let (sign, clock) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+')?),
    };
    let (hours, minutes) = clock.split_once(':')?;
    let minutes = i32::try_from(digits(hours, 2)? * 60 + digits(minutes, 2)?).ok()?;
    Some(sign * minutes)
}

/// Absent, present and wrong are three things: `Some(None)`, `Some(Some(_))`, `None`.
fn optional_digits(part: Option<&str>) -> Option<Option<u32>> {
    match part {
        None => Some(None),
        Some(part) => digits(part, 2).map(Some),
    }
}

fn digits(part: &str, length_max: usize) -> Option<u32> {
    let fits = (1..=length_max).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| part.parse().ok())?
}

/// Reads a stamp as QuickBooks writes it: the wall clock and whether the offset is the summer one.
pub(super) fn parse_stamp(text: &str, zone: &Zone) -> Option<Now> {
    let parts = split_date_time(text)?;
    let local = NaiveDate::from_ymd_opt(parts.year, parts.month, parts.day)?.and_hms_opt(
        parts.hour.unwrap_or(0),
        parts.minute.unwrap_or(0),
        parts.second.unwrap_or(0),
    )?;
    Some(zone.on_wall_clock(local))
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;

    use super::*;

    fn utc(year: i32, month: u32, day: u32, hour: u32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(year, month, day, hour, 0, 0).single().expect("a real date")
    }

    #[test]
    fn summer_stamps_are_an_hour_off_by_habit() {
        let zone = Zone::default();
        let summer = zone.at(utc(2026, 7, 1, 16));
        assert_eq!(zone.stamp(summer), "2026-07-01T12:00:00-05:00");
        assert_eq!(zone.unix(summer), utc(2026, 7, 1, 16).timestamp());
        let correct = Zone { habit: OffsetHabit::Correct, ..zone };
        assert_eq!(correct.stamp(summer), "2026-07-01T12:00:00-04:00");
        let winter = zone.at(utc(2026, 1, 1, 16));
        assert_eq!(zone.stamp(winter), "2026-01-01T11:00:00-05:00");
        assert_eq!(zone.unix(winter), utc(2026, 1, 1, 16).timestamp());
    }

    #[test]
    fn clocks_change_in_march_and_november() {
        let zone = Zone::default();
        for hour in [5, 6, 7, 8] {
            let now = zone.at(utc(2026, 3, 8, hour));
            assert_eq!(zone.on_wall_clock(now.local), now, "{hour} UTC");
        }
        assert!(!zone.at(utc(2026, 3, 8, 6)).daylight);
        assert!(zone.at(utc(2026, 3, 8, 7)).daylight);
        assert!(zone.at(utc(2026, 11, 1, 5)).daylight);
        assert!(!zone.at(utc(2026, 11, 1, 6)).daylight);
    }

    #[test]
    fn filters_name_spans_and_are_inclusive() {
        let zone = Zone::default();
        let noon: Now = NaiveDate::from_ymd_opt(2026, 1, 5).and_then(|d| d.and_hms_opt(12, 0, 0)).expect("real").into();
        let moment = |text| Moment::parse(text).expect("a date");
        assert!(zone.is_from(noon, &moment("2026-01-05T12:00:00")));
        assert!(!zone.is_from(noon, &moment("2026-01-05T12:00:01")));
        assert!(zone.is_until(noon, &moment("2026-01-05")));
        assert!(zone.is_until(noon, &moment("2026-01-05T12")));
        assert!(!zone.is_until(noon, &moment("2026-01-04")));
        assert!(zone.is_from(noon, &moment("2026-01-05T17:00:00+00:00")));
        assert!(!zone.is_from(noon, &moment("2026-01-05T17:00:01+00:00")));
    }

    #[test]
    fn filter_offsets_are_understood_with_the_written_offset() {
        let zone = Zone::default();
        let summer = zone.at(utc(2026, 7, 1, 16));
        let echoed = Moment::parse(&zone.stamp(summer)).expect("a stamp");
        assert!(zone.is_from(summer, &echoed) && zone.is_until(summer, &echoed));
        let true_instant = Moment::parse("2026-07-01T12:00:00-04:00").expect("a date");
        assert!(!zone.is_until(summer, &true_instant), "the stored claim lies an hour later");
    }

    #[test]
    fn forms_of_date_times() {
        for good in [
            "2026-08-05",
            "2026-8-5",
            "2026-08-05T14",
            "2026-08-05T14:43",
            "2026-08-05T14:43:18",
            "2026-08-05T14:43:18-05:00",
        ] {
            assert!(has_date_time_form(good), "{good}");
        }
        for bad in [
            "2026-08-05Z",
            "2026-08-05T14:43:18Z",
            "2026-08-05T14:43:18.5",
            "26-08-05",
            "2026-08-05T14:43-05:00",
            "2026-08",
            "",
        ] {
            assert!(!has_date_time_form(bad), "{bad}");
        }
        assert_eq!(Moment::parse("2026-13-01"), None);
        assert_eq!(Moment::parse("2039-01-01"), None);
    }
}
