//! Numbers, times and words as people read them, and the geometry of the bars.
//!
//! Templates pass fields by reference and results by value; what takes either is generic over [`Borrow`].
//!
//! **Invariant:** no floats: bars are drawn on a grid of whole units.

use super::next::percent_encode;
use crate::engine::{DayView, RecordRef, SessionView, StateWord};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use std::borrow::Borrow;

/// `1234567` as `1,234,567`.
pub(super) fn number(value: impl Borrow<u64>) -> String {
    let digits = value.borrow().to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 problem`, `2 problems`.
pub(super) fn counted(value: impl Borrow<u64>, one: &str, many: &str) -> String {
    let value = *value.borrow();
    format!("{} {}", number(value), if value == 1 { one } else { many })
}

/// How long ago, in one unit: `3 minutes ago`. A time that cannot be read is shown as it is.
pub(super) fn ago(at: &str, now: DateTime<Utc>) -> String {
    let Ok(then) = DateTime::parse_from_rfc3339(at) else { return at.to_owned() };
    let seconds = now.signed_duration_since(then).num_seconds().max(0).unsigned_abs();
    match seconds {
        0..=9 => "just now".to_owned(),
        10..=59 => format!("{seconds} seconds ago"),
        60..=3_599 => format!("{} ago", counted(seconds / 60, "minute", "minutes")),
        3_600..=172_799 => format!("{} ago", counted(seconds / 3_600, "hour", "hours")),
        _ => format!("{} ago", counted(seconds / 86_400, "day", "days")),
    }
}

/// When something is expected, in one unit: `in 3 minutes`, or `3 minutes late`.
pub(super) fn until(at: &str, now: DateTime<Utc>) -> String {
    let Ok(then) = DateTime::parse_from_rfc3339(at) else { return at.to_owned() };
    let seconds = then.signed_duration_since(now).num_seconds();
    let length = match seconds.unsigned_abs() {
        0..=59 => "a minute".to_owned(),
        length @ 60..=7_199 => counted(length.div_ceil(60), "minute", "minutes"),
        length @ 7_200..=172_799 => counted(length / 3_600, "hour", "hours"),
        length => counted(length / 86_400, "day", "days"),
    };
    match seconds {
        ..-59 => format!("{length} late"),
        -59..=0 => "any moment".to_owned(),
        1..=59 => "within a minute".to_owned(),
        _ => format!("in {length}"),
    }
}

/// The address of a record's page within its company.
pub(super) fn record_path(record: &RecordRef) -> String {
    format!("records/{}/{}/{}", record.side, record.kind, percent_encode(&record.id))
}

/// `5,120 bytes` as `5 KB`.
pub(super) fn size(bytes: impl Borrow<u64>) -> String {
    match *bytes.borrow() {
        bytes @ 0..=1_023 => counted(bytes, "byte", "bytes"),
        bytes @ 1_024..=1_048_575 => format!("{} KB", number(bytes.div_ceil(1_024))),
        bytes => format!("{} MB", number(bytes.div_ceil(1_048_576))),
    }
}

/// What an intent's state means, for people.
pub(super) fn intent_state(state: &str) -> &str {
    match state {
        "waiting" => "waits for something it needs",
        "ready" => "goes out next",
        "sent" => "sent, no answer yet",
        "in_doubt" => "being looked up",
        "applied" => "done",
        "rejected" => "refused",
        "skipped" => "left out",
        other => other,
    }
}

/// The moment in full: `22 Nov 2026, 23:07 UTC`. The script turns it into the reader's own time zone.
pub(super) fn moment(at: &str) -> String {
    match DateTime::parse_from_rfc3339(at) {
        Ok(then) => then.to_utc().format("%-d %b %Y, %H:%M UTC").to_string(),
        Err(_) => at.to_owned(),
    }
}

/// How long something took: `42 s`, `3 min 5 s`, `1 h 2 min`.
pub(super) fn lasted(from: &str, to: &str) -> String {
    let (Ok(from), Ok(to)) = (DateTime::parse_from_rfc3339(from), DateTime::parse_from_rfc3339(to)) else {
        return String::new();
    };
    let seconds = to.signed_duration_since(from).num_seconds().max(0);
    match seconds {
        0 => "under a second".to_owned(),
        1..=59 => format!("{seconds} s"),
        60..=3_599 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

/// What a session of the Web Connector did.
pub(super) fn session_sum(session: &SessionView) -> String {
    format!(
        "{}, {} read, {} confirmed",
        counted(u64::from(session.rounds), "round", "rounds"),
        counted(session.records_read, "record", "records"),
        counted(session.applied, "change", "changes")
    )
}

/// The name of a side, for its word.
pub(super) fn side(word: &str) -> &str {
    match word {
        "quickbooks" => "QuickBooks",
        "billcom" => "Bill.com",
        other => other,
    }
}

/// `bill_payment` as `bill payment`; the two sides as they write themselves.
pub(super) fn spaced(word: &str) -> String {
    let part = |part| match part {
        "billcom" => "Bill.com",
        "quickbooks" => "QuickBooks",
        other => other,
    };
    word.split('_').map(part).collect::<Vec<_>>().join(" ")
}

/// The same with a capital.
pub(super) fn title(word: &str) -> String {
    crate::model::capital(&spaced(word))
}

/// What sort of thing an event is, for people. Unknown sorts are shown by their word.
pub(super) fn event_label(kind: &str) -> String {
    match kind {
        "applied" => "Done".to_owned(),
        "rejected" => "Refused".to_owned(),
        "skipped" => "Left out".to_owned(),
        "adapted" => "Adjusted".to_owned(),
        "session" => "Web Connector".to_owned(),
        "person" => "By hand".to_owned(),
        "billcom" => "Bill.com".to_owned(),
        other => title(other),
    }
}

/// The class of a state in the style sheet, and the name of its icon.
pub(super) fn state_class(state: impl Borrow<StateWord>) -> &'static str {
    match state.borrow() {
        StateWord::UpToDate => "ok",
        StateWord::Syncing => "syncing",
        StateWord::WaitingForQuickbooks => "waiting",
        StateWord::NeedsYou => "needs",
        StateWord::Paused => "paused",
        StateWord::Stopped => "stopped",
    }
}

/// A browser as people call it, from what it calls itself: `Firefox on Windows`. Unknown ones are shown as they are.
pub(super) fn browser(agent: &str) -> String {
    // The order matters: nearly all of them claim to be Safari, and most to be Chrome.
    const NAMES: [(&str, &str); 6] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrom", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ];
    let find =
        |words: &[(&str, &'static str)]| words.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    match (find(&NAMES), find(&SYSTEMS)) {
        (Some(name), Some(system)) => format!("{name} on {system}"),
        (Some(name), None) => name.to_owned(),
        _ if agent.is_empty() => "A browser".to_owned(),
        _ => agent.chars().take(60).collect(),
    }
}

/// Units of the drawing: width of a day, height of the highest bar, line below the bars.
const DAY_WIDTH: u64 = 60;
const BAR_WIDTH: u64 = 32;
const BAR_HEIGHT_MAX: u64 = 100;
const BASE_LINE: u64 = 104;

/// One piece of a bar.
pub(super) struct Piece {
    /// What it stands for, a class of the style sheet.
    pub(super) class: &'static str,
    pub(super) x: u64,
    pub(super) y: u64,
    pub(super) width: u64,
    pub(super) height: u64,
}

/// A day of the drawing and of the table below it.
pub(super) struct Bar {
    /// `Mon 9 Nov`
    pub(super) label: String,
    /// Where the label goes; none where it would crowd.
    pub(super) label_at: Option<u64>,
    /// How the label hangs on that point: `start`, `middle` or `end`.
    pub(super) anchor: &'static str,
    pub(super) pieces: Vec<Piece>,
    pub(super) to_quickbooks: u64,
    pub(super) to_billcom: u64,
    pub(super) rejected: u64,
}

/// The last days as a drawing.
pub(super) struct Bars {
    pub(super) width: u64,
    pub(super) days: Vec<Bar>,
    pub(super) to_quickbooks: u64,
    pub(super) to_billcom: u64,
    pub(super) rejected: u64,
}

impl Bars {
    /// Lays out `days`, oldest first.
    pub(super) fn new(days: &[DayView]) -> Self {
        let highest = days.iter().map(total).max().unwrap_or(0).max(1);
        let last = days.len().saturating_sub(1);
        let bars =
            days.iter().zip(0_u64..).map(|(day, at)| bar(day, at, usize::try_from(at).ok() == Some(last), highest));
        Self {
            width: DAY_WIDTH * days.len() as u64,
            days: bars.collect(),
            to_quickbooks: sum(days, |day| day.to_quickbooks),
            to_billcom: sum(days, |day| day.to_billcom),
            rejected: sum(days, |day| day.rejected),
        }
    }

    /// Whether nothing at all happened.
    pub(super) const fn is_empty(&self) -> bool {
        self.to_quickbooks == 0 && self.to_billcom == 0 && self.rejected == 0
    }

    /// What the drawing says, for those who do not see it.
    pub(super) fn summary(&self) -> String {
        format!(
            "In the last {} days: {} written to QuickBooks, {} to Bill.com, {} refused.",
            self.days.len(),
            counted(self.to_quickbooks, "change", "changes"),
            number(self.to_billcom),
            number(self.rejected)
        )
    }
}

fn total(day: &DayView) -> u64 {
    day.to_quickbooks.saturating_add(day.to_billcom).saturating_add(day.rejected)
}

fn sum(days: &[DayView], of: impl Fn(&DayView) -> u64) -> u64 {
    days.iter().map(of).fold(0, u64::saturating_add)
}

fn bar(day: &DayView, at: u64, is_last: bool, highest: u64) -> Bar {
    let x = at * DAY_WIDTH + (DAY_WIDTH - BAR_WIDTH) / 2;
    let mut y = BASE_LINE;
    let mut pieces = Vec::new();
    for (class, value) in
        [("to-quickbooks", day.to_quickbooks), ("to-billcom", day.to_billcom), ("rejected", day.rejected)]
    {
        if value > 0 {
            let height = scaled(value, highest);
            y = y.saturating_sub(height);
            pieces.push(Piece { class, x, y, width: BAR_WIDTH, height });
        }
    }
    let (label_at, anchor) = match at {
        _ if is_last => (Some(x + BAR_WIDTH), "end"),
        0 => (Some(x), "start"),
        7 => (Some(x + BAR_WIDTH / 2), "middle"),
        _ => (None, "middle"),
    };
    let label = day.day.parse::<NaiveDate>().map_or_else(|_| day.day.clone(), short_day);
    Bar {
        label: if is_last { "Today".to_owned() } else { label },
        label_at,
        anchor,
        pieces,
        to_quickbooks: day.to_quickbooks,
        to_billcom: day.to_billcom,
        rejected: day.rejected,
    }
}

fn short_day(date: NaiveDate) -> String {
    format!("{} {} {}", date.weekday(), date.day(), date.format("%b"))
}

/// Height of a piece: in proportion, but never invisible.
fn scaled(value: u64, highest: u64) -> u64 {
    let height = u128::from(value) * u128::from(BAR_HEIGHT_MAX) / u128::from(highest);
    u64::try_from(height).unwrap_or(BAR_HEIGHT_MAX).clamp(2, BAR_HEIGHT_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_and_counts_read_well() {
        assert_eq!((number(0), number(999), number(1_000), number(1_234_567)).3, "1,234,567");
        assert_eq!(number(1_000), "1,000");
        assert_eq!(counted(1, "bill", "bills"), "1 bill");
        assert_eq!(counted(2_000, "bill", "bills"), "2,000 bills");
        assert_eq!(title("bill_payment"), "Bill payment");
        assert_eq!(title("billcom_sign_in"), "Bill.com sign in");
        assert_eq!(spaced("not_in_quickbooks"), "not in QuickBooks");
        assert_eq!(title(""), "");
    }

    #[test]
    fn times_are_told_in_one_unit() {
        let now = "2026-11-22T12:00:00Z".parse().expect("a time");
        for (at, said) in [
            ("2026-11-22T12:00:30Z", "just now"),
            ("2026-11-22T11:59:48Z", "12 seconds ago"),
            ("2026-11-22T11:58:30Z", "1 minute ago"),
            ("2026-11-22T06:58:30-04:00", "1 hour ago"),
            ("2026-11-21T11:00:00Z", "25 hours ago"),
            ("2026-11-01T11:00:00Z", "21 days ago"),
            ("whenever", "whenever"),
        ] {
            assert_eq!(ago(at, now), said);
        }
        assert_eq!(moment("2026-11-22T06:58:30-04:00"), "22 Nov 2026, 10:58 UTC");
        assert_eq!(lasted("2026-11-22T06:00:00Z", "2026-11-22T06:03:05Z"), "3 min 5 s");
        assert_eq!(lasted("2026-11-22T06:00:00Z", "2026-11-22T07:02:05Z"), "1 h 2 min");
        assert_eq!(lasted("?", "2026-11-22T07:02:05Z"), "");
    }

    #[test]
    fn what_is_expected_is_told_before_and_after() {
        let now = "2026-11-22T12:00:00Z".parse().expect("a time");
        for (at, said) in [
            ("2026-11-22T12:00:30Z", "within a minute"),
            ("2026-11-22T12:14:10Z", "in 15 minutes"),
            ("2026-11-22T15:00:00Z", "in 3 hours"),
            ("2026-11-22T11:59:30Z", "any moment"),
            ("2026-11-22T11:50:00Z", "10 minutes late"),
            ("2026-11-19T11:50:00Z", "3 days late"),
        ] {
            assert_eq!(until(at, now), said);
        }
        assert_eq!(
            (size(1_u64), size(5_000_u64), size(3_000_000_u64)),
            ("1 byte".into(), "5 KB".into(), "3 MB".into())
        );
    }

    fn day(day: &str, to_quickbooks: u64, to_billcom: u64, rejected: u64) -> DayView {
        DayView { day: day.into(), to_quickbooks, to_billcom, rejected }
    }

    #[test]
    fn bars_are_labelled_at_both_ends_and_the_middle() {
        let days: Vec<_> = (1..=14).map(|at| day(&format!("2026-11-{at:02}"), at, 0, 0)).collect();
        let bars = Bars::new(&days);
        let labels: Vec<_> =
            bars.days.iter().filter(|bar| bar.label_at.is_some()).map(|bar| bar.label.as_str()).collect();
        assert_eq!(labels, ["Sun 1 Nov", "Sun 8 Nov", "Today"]);
        assert_eq!(bars.width, 840);
        assert_eq!(bars.to_quickbooks, 105);
    }

    #[test]
    fn an_empty_fortnight_is_empty() {
        assert!(Bars::new(&[]).is_empty());
        assert!(Bars::new(&[day("2026-11-01", 0, 0, 0)]).is_empty());
    }

    proptest! {
        #[test]
        fn no_bar_leaves_the_drawing(values in prop::collection::vec((any::<u64>(), any::<u64>(), any::<u64>()), 1..14)) {
            let days: Vec<_> = values.iter().map(|&(a, b, c)| day("2026-11-01", a, b, c)).collect();
            for bar in Bars::new(&days).days {
                for piece in &bar.pieces {
                    prop_assert!(piece.height >= 2 && piece.y + piece.height <= BASE_LINE && piece.x + piece.width <= 840);
                }
            }
        }
    }

    #[test]
    fn browsers_go_by_the_names_people_know() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0";
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1";
        assert_eq!(browser(edge), "Edge on Windows");
        assert_eq!(browser(phone), "Safari on iPhone");
        assert_eq!(browser("curl/8.1"), "curl");
        assert_eq!(browser(""), "A browser");
        assert_eq!(browser(&"x".repeat(100)).len(), 60);
    }
}
