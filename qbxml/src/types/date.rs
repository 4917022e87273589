//! `DATETYPE` and `DATETIMETYPE`: days, and QuickBooks' peculiar idea of time.
//!
//! QuickBooks writes local wall-clock time with the machine's *standard* offset, in summer too, so
//! the instant is one hour off for half the year; some installations get it right. The offset can
//! therefore not be trusted either way (`qbxml.md` 4, "Time", observed). What can be trusted is the
//! local text. So [`QbDateTime`] keeps the text, and its marks are made from the local part: cut
//! the offset, keep that text as the high-water mark, go back some hours for the overlap, and send
//! it without an offset.
//!
//! **Invariant:** nothing here turns a stamp into an instant, and nothing reads a clock.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta};

use crate::error::{Limit, ValueError};
use crate::schema::Example;
use crate::types::{Value, ValueType};
use crate::version::QbXmlVersion;

/// A day (`DATETYPE`, `YYYY-MM-DD`), year 1 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QbDate(NaiveDate);

impl QbDate {
    /// Takes a day.
    ///
    /// # Errors
    /// The year has not one to four digits.
    pub fn new(day: NaiveDate) -> Result<Self, ValueError> {
        if (1..=9999).contains(&day.year()) {
            Ok(Self(day))
        } else {
            Err(ValueError::Range { expected: "a day of the years 1 to 9999" })
        }
    }

    /// The day.
    #[must_use]
    pub const fn day(self) -> NaiveDate {
        self.0
    }
}

impl FromStr for QbDate {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let wrong = || ValueError::grammar("a day: YYYY-MM-DD", text);
        let mut rest = text.trim();
        let day = take_day(&mut rest).ok_or_else(wrong)?;
        if rest.is_empty() { Self::new(day) } else { Err(wrong()) }
    }
}

impl fmt::Display for QbDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl Value for QbDate {
    const TYPE: ValueType = ValueType::Date;
    const CLEARABLE: bool = true;

    fn parse(text: &str) -> Result<Self, ValueError> {
        text.parse()
    }

    fn put(&self, out: &mut String) {
        out.push_str(&self.to_string());
    }

    fn example(_max: Option<u32>, ex: &mut Example) -> Self {
        Self(example_day(ex))
    }
}

/// A time stamp as QuickBooks wrote it, or a mark to filter by (`DATETIMETYPE`).
///
/// Hours, minutes, seconds and offset may be missing from right to left; there are no fractions and
/// no `Z`. Digits are stored padded (`9` becomes `09`), so that local texts of equal precision
/// compare as time does.
///
/// Ordered by the local text, then by the whole text; equal only if the whole text is equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct QbDateTime {
    text: String,
    local_bytes: usize,
}

impl QbDateTime {
    /// The first stamp a filter may name.
    const FILTER_MIN: &'static str = "1970-01-01T00:00:00";
    /// The last stamp a filter may name.
    const FILTER_MAX: &'static str = "2038-01-19T03:14:07";

    /// A mark in the local time of the QuickBooks machine, without offset.
    ///
    /// # Errors
    /// The year has not one to four digits.
    pub fn from_local(local: NaiveDateTime) -> Result<Self, ValueError> {
        QbDate::new(local.date())?;
        let text = format!("{}{}", QbDate(local.date()), local.format("T%H:%M:%S"));
        Ok(Self { local_bytes: text.len(), text })
    }

    /// The whole text, offset included.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The wall-clock text without offset: the high-water mark. Compare it as text.
    #[must_use]
    pub fn local_text(&self) -> &str {
        &self.text[..self.local_bytes]
    }

    /// The offset as sent (`-05:00`), to be shown, not to be calculated with.
    #[must_use]
    pub fn offset_text(&self) -> Option<&str> {
        (self.local_bytes < self.text.len()).then(|| &self.text[self.local_bytes..])
    }

    /// The wall-clock time; missing parts are zero.
    #[must_use]
    pub fn local(&self) -> NaiveDateTime {
        let mut rest = self.local_text();
        take_local(&mut rest).expect("invariant: the text was checked when it was made").0
    }

    /// The same stamp without its offset: what to send back as a filter.
    #[must_use]
    pub fn without_offset(&self) -> Self {
        Self { text: self.local_text().to_owned(), local_bytes: self.local_bytes }
    }

    /// So many hours earlier on the wall clock, without offset, not before 1970 (the first stamp
    /// filters accept).
    ///
    /// Used for the overlap of incremental reads, which covers the clock change and changes made
    /// during the previous run.
    #[must_use]
    pub fn minus_hours(&self, hours: u32) -> Self {
        let floor = NaiveDate::from_ymd_opt(1970, 1, 1).and_then(|day| day.and_hms_opt(0, 0, 0));
        let floor = floor.expect("invariant: 1970-01-01 is a date");
        let earlier = self.local().checked_sub_signed(TimeDelta::hours(i64::from(hours)));
        let mark = earlier.map_or(floor, |earlier| earlier.max(floor));
        Self::from_local(mark).expect("invariant: between 1970 and a year of four digits")
    }
}

impl Ord for QbDateTime {
    fn cmp(&self, other: &Self) -> Ordering {
        self.local_text().cmp(other.local_text()).then_with(|| self.text.cmp(&other.text))
    }
}

impl PartialOrd for QbDateTime {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl FromStr for QbDateTime {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let wrong = || ValueError::grammar("a time: YYYY-MM-DDTHH:MM:SS+HH:MM", text);
        let text = text.trim();
        let mut rest = text;
        let (local, parts) = take_local(&mut rest).ok_or_else(wrong)?;
        QbDate::new(local.date())?;
        let offset = if rest.is_empty() {
            None
        } else {
            let offset = take_offset(&mut rest).filter(|_| parts == 3 && rest.is_empty());
            Some(offset.ok_or_else(wrong)?)
        };
        let local_bytes = LOCAL_BYTES[parts];
        let padded_bytes = local_bytes + if offset.is_some() { OFFSET_BYTES } else { 0 };
        // As long as its padded form: it is its padded form. QuickBooks writes no other.
        let text = if text.len() == padded_bytes { text.to_owned() } else { padded(local, parts, offset) };
        Ok(Self { text, local_bytes })
    }
}

/// The length of a padded local text with so many time parts.
const LOCAL_BYTES: [usize; 4] = [10, 13, 16, 19];
/// The length of a padded offset.
const OFFSET_BYTES: usize = 6;

/// The text with every number padded to its width.
fn padded(local: NaiveDateTime, parts: usize, offset: Option<(char, u32, u32)>) -> String {
    let form = ["%Y-%m-%d", "%Y-%m-%dT%H", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"][parts];
    let mut text = local.format(form).to_string();
    if let Some((sign, hours, minutes)) = offset {
        text.push_str(&format!("{sign}{hours:02}:{minutes:02}"));
    }
    text
}

impl fmt::Display for QbDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Value for QbDateTime {
    const TYPE: ValueType = ValueType::DateTime;
    const CLEARABLE: bool = true;

    fn parse(text: &str) -> Result<Self, ValueError> {
        text.parse()
    }

    fn put(&self, out: &mut String) {
        out.push_str(&self.text);
    }

    /// Every time stamp in a request is a filter, and filters have a range (`qbxml.md` 4).
    fn allowed(&self, _version: QbXmlVersion) -> Result<(), Limit> {
        let local = self.local_text();
        if local >= &Self::FILTER_MIN[..local.len()] && local <= Self::FILTER_MAX {
            Ok(())
        } else {
            Err(Limit::Range("1970-01-01 to 2038-01-19T03:14:07"))
        }
    }

    fn example(_max: Option<u32>, ex: &mut Example) -> Self {
        let minutes = i64::try_from(ex.below(86_400)).expect("invariant: small");
        let local =
            example_day(ex).and_hms_opt(0, 0, 0).expect("invariant: midnight exists") + TimeDelta::seconds(minutes);
        let mark = Self::from_local(local).expect("invariant: example days have four-digit years");
        match ex.below(3) {
            0 => format!("{}-05:00", mark.text).parse().expect("invariant: follows the grammar"),
            1 => mark.text[..13].parse().expect("invariant: follows the grammar"),
            _ => mark,
        }
    }
}

fn example_day(ex: &mut Example) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(1990, 1, 1).expect("invariant: a date");
    first + TimeDelta::days(i64::try_from(ex.below(16_000)).expect("invariant: small"))
}

/// Takes `YYYY-M-D` off the front; month and day have one or two digits (schema pattern).
fn take_day(rest: &mut &str) -> Option<NaiveDate> {
    let year = take_number(rest, 4, 4)?;
    *rest = rest.strip_prefix('-')?;
    let month = take_number(rest, 1, 2)?;
    *rest = rest.strip_prefix('-')?;
    let day = take_number(rest, 1, 2)?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// Takes a day and up to three time parts off the front; returns how many time parts there were.
fn take_local(rest: &mut &str) -> Option<(NaiveDateTime, usize)> {
    let day = take_day(rest)?;
    let mut clock = [0; 3];
    let mut parts = 0;
    for separator in ['T', ':', ':'] {
        let Some(behind) = rest.strip_prefix(separator) else {
            break;
        };
        *rest = behind;
        clock[parts] = take_number(rest, 1, 2)?;
        parts += 1;
    }
    Some((day.and_hms_opt(clock[0], clock[1], clock[2])?, parts))
}

/// Takes `+H:M` or `-H:M` off the front.
fn take_offset(rest: &mut &str) -> Option<(char, u32, u32)> {
    let sign = rest.chars().next().filter(|sign| matches!(sign, '+' | '-'))?;
    *rest = &rest[1..];
    let hours = take_number(rest, 1, 2).filter(|hours| *hours < 24)?;
    *rest = rest.strip_prefix(':')?;
    let minutes = take_number(rest, 1, 2).filter(|minutes| *minutes < 60)?;
    Some((sign, hours, minutes))
}

/// Takes a number of so many digits off the front.
fn take_number(rest: &mut &str, digits_min: usize, digits_max: usize) -> Option<u32> {
    let mut number = 0;
    let mut digits = 0;
    for byte in rest.bytes().take(digits_max).take_while(u8::is_ascii_digit) {
        number = number * 10 + u32::from(byte - b'0');
        digits += 1;
    }
    if digits < digits_min {
        return None;
    }
    *rest = &rest[digits..];
    Some(number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stamp(text: &str) -> QbDateTime {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn the_forms_of_the_schema() {
        for text in [
            "2026-08-05",
            "2026-08-05T14",
            "2026-08-05T14:43",
            "2026-08-05T14:43:18",
            "2026-08-05T14:43:18-05:00",
            "1999-07-29T00:00:00+05:30",
        ] {
            assert_eq!(stamp(text).text(), text);
        }
        assert_eq!(stamp("2026-8-5T4:3:1-5:0").text(), "2026-08-05T04:03:01-05:00");
        for text in [
            "",
            "2026-13-01",
            "2026-02-30",
            "2026-08-05T25",
            "2026-08-05T14:43:18Z",
            "2026-08-05T14:43:18.5",
            "2026-08-05T14:43-05:00",
            "2026-08-05 14:43",
            "26-08-05",
            "2026-08-05T14:43:18-05",
            "2026-08-05T14:43:18-05:00x",
            "2026-08-05T",
            "2026-08-05T14:43:18-5é:00",
        ] {
            assert!(text.parse::<QbDateTime>().is_err(), "{text}");
        }
        for text in ["2026-8-5", "0001-01-01", "9999-12-31"] {
            assert!(text.parse::<QbDate>().is_ok(), "{text}");
        }
        for text in ["2026-08-05T00", "0000-01-01", "2026-02-29", "x"] {
            assert!(text.parse::<QbDate>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_offset_is_kept_and_can_be_cut() {
        let july = stamp("2026-07-15T09:30:00-05:00");
        assert_eq!(july.local_text(), "2026-07-15T09:30:00");
        assert_eq!(july.offset_text(), Some("-05:00"));
        assert_eq!(july.without_offset().text(), "2026-07-15T09:30:00");
        assert_eq!(july.without_offset().offset_text(), None);
    }

    #[test]
    fn marks_go_back_on_the_wall_clock() {
        assert_eq!(stamp("2026-03-01T00:30:00-05:00").minus_hours(1).text(), "2026-02-28T23:30:00");
        assert_eq!(stamp("2026-03-01").minus_hours(24).text(), "2026-02-28T00:00:00");
        assert_eq!(stamp("1970-01-01T00:30:00").minus_hours(1).text(), "1970-01-01T00:00:00");
        assert_eq!(stamp("2026-03-01").minus_hours(u32::MAX).text(), "1970-01-01T00:00:00");
    }

    #[test]
    fn stamps_are_ordered_by_local_text() {
        // As instants the order would be the other way round.
        assert!(stamp("2026-07-15T09:00:00-08:00") < stamp("2026-07-15T10:00:00-05:00"));
        assert!(stamp("2026-07-15") < stamp("2026-07-15T00:00:00"));
    }

    #[test]
    fn filters_have_a_range() {
        for text in ["1970-01-01", "2038-01-19T03:14:07", "2026-08-05T14:43"] {
            assert_eq!(stamp(text).allowed(QbXmlVersion::V13), Ok(()), "{text}");
        }
        for text in ["1969-12-31", "2038-01-19T03:14:08", "2038-01-20", "0001-01-01"] {
            assert!(stamp(text).allowed(QbXmlVersion::V13).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn text_round_trip(seconds in 0_i64..2_147_483_647, offset in -14_i32..=14) {
            let local = chrono::DateTime::from_timestamp(seconds, 0).expect("in range").naive_utc();
            let plain = QbDateTime::from_local(local).expect("in range");
            prop_assert_eq!(plain.local(), local);
            let text = format!("{}{:+03}:00", plain.text(), offset);
            let with_offset: QbDateTime = text.parse().expect("valid");
            prop_assert_eq!(with_offset.text(), text.as_str());
            prop_assert_eq!(with_offset.local_text(), plain.text());
            let day = QbDate::new(local.date()).expect("in range");
            prop_assert_eq!(day.to_string().parse::<QbDate>(), Ok(day));
        }

        #[test]
        fn no_text_panics(text in "[0-9T:+é-]{0,28}") {
            if let Ok(stamp) = text.parse::<QbDateTime>() {
                prop_assert_eq!(stamp.text().parse::<QbDateTime>(), Ok(stamp.clone()));
                let _ = (stamp.local(), stamp.minus_hours(7));
            }
            let _ = text.parse::<QbDate>();
        }
    }
}
