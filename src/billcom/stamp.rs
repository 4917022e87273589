//! Bill.com's times.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use std::fmt;

/// An instant as v2 writes it: `yyyy-MM-ddTHH:mm:ss.SSS+0000`, without a colon in the offset (`billcom.md` 3).
///
/// Stored records always end in `.000`; the reply to a write may show real milliseconds, so a stamp from such a reply
/// is never a watermark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp(DateTime<Utc>);

/// A text that is not a v2 time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a Bill.com time")]
pub struct BadStamp;

impl Stamp {
    /// Wraps an instant; anything finer than a millisecond is dropped.
    #[must_use]
    pub fn new(instant: DateTime<Utc>) -> Self {
        let millis = instant.timestamp_millis();
        Self(DateTime::from_timestamp_millis(millis).unwrap_or(instant))
    }

    /// Reads `+0000`, `+00:00` and `Z`, with or without milliseconds.
    ///
    /// # Errors
    /// [`BadStamp`] for any other text.
    pub fn parse(text: &str) -> Result<Self, BadStamp> {
        if text.len() > 40 {
            return Err(BadStamp);
        }
        DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z")
            .or_else(|_| DateTime::parse_from_rfc3339(text))
            .map(|time| Self::new(time.with_timezone(&Utc)))
            .map_err(|_| BadStamp)
    }

    /// The instant.
    #[must_use]
    pub const fn instant(self) -> DateTime<Utc> {
        self.0
    }

    /// The stamp so many seconds earlier; the earliest there is when that would leave the calendar.
    #[must_use]
    pub fn minus_seconds(self, seconds: i64) -> Self {
        let delta = TimeDelta::try_seconds(seconds).unwrap_or(TimeDelta::MAX);
        Self(self.0.checked_sub_signed(delta).unwrap_or(DateTime::<Utc>::MIN_UTC))
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_rfc3339_opts(SecondsFormat::Millis, true);
        write!(f, "{}+0000", text.trim_end_matches('Z'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_comes_back_as_it_was() {
        for text in ["2013-10-28T04:41:49.000+0000", "2016-12-09T21:38:40.123+0000", "1999-12-31T23:59:59.999+0000"] {
            assert_eq!(Stamp::parse(text).expect("stamp").to_string(), text);
        }
    }

    #[test]
    fn other_spellings_of_the_same_instant_are_equal() {
        let wanted = Stamp::parse("2020-01-02T03:04:05.000+0000").expect("stamp");
        for text in ["2020-01-02T03:04:05Z", "2020-01-02T03:04:05.000+00:00", "2020-01-02T05:04:05.000+0200"] {
            assert_eq!(Stamp::parse(text), Ok(wanted), "{text}");
        }
    }

    #[test]
    fn junk_is_refused() {
        for text in ["", "2020-01-02", "yesterday", "2020-13-02T03:04:05.000+0000", &"9".repeat(100_000)] {
            assert_eq!(Stamp::parse(text), Err(BadStamp));
        }
    }

    #[test]
    fn going_back_in_time_never_fails() {
        let stamp = Stamp::parse("2020-01-01T00:00:30.000+0000").expect("stamp");
        assert_eq!(stamp.minus_seconds(120).to_string(), "2019-12-31T23:58:30.000+0000");
        assert!(stamp.minus_seconds(i64::MAX) < stamp);
    }
}
