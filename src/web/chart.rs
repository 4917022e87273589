//! The curve of a balance: its past, and what it will be, as paths on a grid of whole units.
//!
//! **Invariant:** no floats. Amounts are cents in `i128`, so that no product of one and the height of the drawing overflows.

use super::amounts;
use crate::engine::SeriesView;
use crate::model::Money;
use chrono::{Datelike, Days, NaiveDate};
use std::fmt::Write;

/// Size of the drawing, and of the space around the curve.
pub(super) const WIDTH: i128 = 960;
pub(super) const HEIGHT: i128 = 300;
const LEFT: i128 = 84;
const RIGHT: i128 = 14;
const TOP: i128 = 26;
const BOTTOM: i128 = 34;

/// Lines across the drawing, at most, without the lowest one.
const LINES_MAX: i128 = 5;
/// The least that the drawing is high, in cents: a balance that never changes is a line in the middle.
const RANGE_MIN: i128 = 10_000;

/// A line with a label.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tick {
    pub(super) at: i128,
    pub(super) label: String,
}

/// A point with a label.
pub(super) struct Mark {
    pub(super) x: i128,
    pub(super) y: i128,
    pub(super) label_y: i128,
    /// How the label hangs on that point: `start`, `middle` or `end`.
    pub(super) anchor: &'static str,
    pub(super) label: String,
}

/// The drawing.
pub(super) struct Chart {
    /// The balance until today.
    pub(super) past: String,
    /// The balance from today on.
    pub(super) ahead: String,
    /// The surface between both and zero.
    pub(super) surface: String,
    /// Where zero is.
    pub(super) zero: i128,
    /// Where today is.
    pub(super) today: i128,
    /// How its label hangs there.
    pub(super) today_anchor: &'static str,
    pub(super) amounts: Vec<Tick>,
    pub(super) months: Vec<Tick>,
    pub(super) lowest: Mark,
    /// Whether the curve goes below zero.
    pub(super) is_below: bool,
    pub(super) left: i128,
    pub(super) right: i128,
    pub(super) top: i128,
    pub(super) bottom: i128,
}

/// The grid: first day, number of days, lowest and highest amount.
struct Grid {
    first: NaiveDate,
    days: i128,
    low: i128,
    high: i128,
}

impl Grid {
    fn x(&self, day: NaiveDate) -> i128 {
        let at = i128::from(day.signed_duration_since(self.first).num_days());
        LEFT + at * (WIDTH - LEFT - RIGHT) / self.days.max(1)
    }

    fn y(&self, cents: i128) -> i128 {
        TOP + (self.high - cents) * (HEIGHT - TOP - BOTTOM) / (self.high - self.low).max(1)
    }
}

fn cents(amount: &str) -> i128 {
    Money::parse(amount).map_or(0, |amount| i128::from(amount.cents()))
}

fn date(day: &str) -> Option<NaiveDate> {
    day.parse().ok()
}

impl Chart {
    /// Draws a balance; none when there is nothing to draw.
    pub(super) fn new(series: &SeriesView) -> Option<Self> {
        let past: Vec<(NaiveDate, i128)> =
            series.history.iter().filter_map(|it| Some((date(&it.day)?, cents(&it.balance)))).collect();
        let ahead: Vec<(NaiveDate, i128)> =
            series.days.iter().filter_map(|it| Some((date(&it.day)?, cents(&it.balance)))).collect();
        let (today, last) = (ahead.first()?.0, ahead.last()?.0);
        let now = cents(&series.balance);
        let all = || past.iter().chain(&ahead).map(|(_, cents)| *cents).chain([now, 0]);
        let (low, high, step) = range(all().min()?, all().max()?);
        let first = past.first().map_or(today, |(day, _)| *day);
        let grid = Grid { first, days: i128::from(last.signed_duration_since(first).num_days()), low, high };
        let zero = grid.y(0);
        let past_path = steps(&grid, past.iter().copied().chain([(today, now)]));
        let ahead_path = steps(&grid, ahead.iter().copied());
        let surface = steps(&grid, past.iter().chain(&ahead).copied());
        let surface = format!("{surface}V{zero}H{}Z", grid.x(first));
        Some(Self {
            past: past_path,
            ahead: ahead_path,
            surface,
            zero,
            today: grid.x(today),
            today_anchor: if past.is_empty() { "start" } else { "middle" },
            amounts: lines(&grid, step),
            months: months(&grid, last),
            lowest: lowest(&grid, series)?,
            is_below: ahead.iter().chain(&past).any(|(_, cents)| *cents < 0),
            left: LEFT,
            right: WIDTH - RIGHT,
            top: TOP,
            bottom: HEIGHT - BOTTOM,
        })
    }
}

/// A curve that keeps its height until the day on which it changes.
fn steps(grid: &Grid, points: impl Iterator<Item = (NaiveDate, i128)>) -> String {
    let mut path = String::new();
    for (at, (day, cents)) in points.enumerate() {
        let (x, y) = (grid.x(day), grid.y(cents));
        // Writing to a text does not fail.
        let _ = if at == 0 { write!(path, "M{x} {y}") } else { write!(path, "H{x}V{y}") };
    }
    path
}

/// The lowest and the highest line, and the steps between: 1, 2 or 5 with zeros behind it.
fn range(low: i128, high: i128) -> (i128, i128, i128) {
    let wanted = (high - low).max(RANGE_MIN) / LINES_MAX;
    let mut step = 100;
    while step < wanted {
        step = match step.to_string().as_bytes().first() {
            Some(b'2') => step / 2 * 5,
            _ => step * 2,
        };
    }
    let high = (high.max(low + RANGE_MIN) + step - 1).div_euclid(step) * step;
    (low.div_euclid(step) * step, high, step)
}

fn lines(grid: &Grid, step: i128) -> Vec<Tick> {
    let mut found = Vec::new();
    let mut at = grid.low;
    while at <= grid.high {
        found.push(Tick { at: grid.y(at), label: amounts::shown(&(at / 100).to_string()) });
        at += step;
    }
    found
}

/// The first days of months.
fn months(grid: &Grid, last: NaiveDate) -> Vec<Tick> {
    let days = grid.first.iter_days().skip(1).take_while(|day| *day <= last).filter(|day| day.day() == 1);
    days.map(|day| Tick { at: grid.x(day), label: day.format("%b").to_string() }).collect()
}

fn lowest(grid: &Grid, series: &SeriesView) -> Option<Mark> {
    let day = date(&series.lowest.day)?;
    let (x, y) = (grid.x(day), grid.y(cents(&series.lowest.balance)));
    let anchor = match x {
        x if x < LEFT + 120 => "start",
        x if x > WIDTH - RIGHT - 120 => "end",
        _ => "middle",
    };
    let label = format!("{} on {}", amounts::shown(&series.lowest.balance), day.format("%-d %b"));
    let label_y = if y + 24 < HEIGHT - BOTTOM { y + 20 } else { y - 12 };
    Some(Mark { x, y, label_y, anchor, label })
}

/// The day before the first of a month and the day after its last are in other months.
pub(super) fn is_in_month(day: NaiveDate, first: NaiveDate) -> bool {
    (day.year(), day.month()) == (first.year(), first.month())
}

/// The days of the weeks that a month touches, from Sunday to Saturday.
pub(super) fn weeks(first: NaiveDate) -> Vec<[NaiveDate; 7]> {
    let back = u64::from(first.weekday().num_days_from_sunday());
    let mut sunday = first.checked_sub_days(Days::new(back)).unwrap_or(first);
    let mut found = Vec::new();
    while found.is_empty() || is_in_month(sunday, first) {
        let day = |at: u64| sunday.checked_add_days(Days::new(at)).unwrap_or(sunday);
        found.push([0, 1, 2, 3, 4, 5, 6].map(day));
        let Some(next) = sunday.checked_add_days(Days::new(7)) else { break };
        sunday = next;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{BalanceView, ForecastDayView};
    use proptest::prelude::*;

    fn balance(day: NaiveDate, cents: i64) -> BalanceView {
        let balance = Money::from_cents(cents);
        BalanceView { day: day.to_string(), balance: balance.to_string(), below_zero: balance.is_negative() }
    }

    fn series(past: &[i64], ahead: &[i64]) -> SeriesView {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
        let days: Vec<ForecastDayView> = today
            .iter_days()
            .zip(ahead)
            .map(|(day, cents)| ForecastDayView {
                day: day.to_string(),
                money_in: "0.00".into(),
                money_out: "0.00".into(),
                balance: Money::from_cents(*cents).to_string(),
                below_zero: *cents < 0,
            })
            .collect();
        let first = today.checked_sub_days(Days::new(past.len() as u64)).expect("a day");
        SeriesView {
            account: None,
            name: "Checking".into(),
            balance: Money::from_cents(ahead.first().copied().unwrap_or(0)).to_string(),
            lowest: balance(today, ahead.iter().copied().min().unwrap_or(0)),
            history: first.iter_days().zip(past).map(|(day, cents)| balance(day, *cents)).collect(),
            days,
        }
    }

    #[test]
    fn a_curve_keeps_its_height_until_it_changes() {
        let chart = Chart::new(&series(&[10_000, 10_000], &[20_000, 5_000, 5_000])).expect("a chart");
        assert_eq!(chart.past, "M84 146H299V146H515V26");
        assert_eq!(chart.ahead, "M515 26H730V206H946V206");
        assert_eq!((chart.zero, chart.today, chart.is_below), (266, 515, false));
        let labels: Vec<_> = chart.amounts.iter().map(|line| line.label.as_str()).collect();
        assert_eq!(labels, ["0", "50", "100", "150", "200"]);
    }

    #[test]
    fn months_and_weeks_begin_where_they_should() {
        let chart = Chart::new(&series(&[0; 30], &[0; 91])).expect("a chart");
        let labels: Vec<_> = chart.months.iter().map(|month| month.label.as_str()).collect();
        assert_eq!(labels, ["Nov", "Dec", "Jan", "Feb"]);
        let november = weeks(NaiveDate::from_ymd_opt(2026, 11, 1).expect("a day"));
        assert_eq!((november.len(), november[0][0].to_string()), (5, "2026-11-01".to_owned()));
        assert_eq!(november[4][6].to_string(), "2026-12-05");
        assert_eq!(weeks(NaiveDate::from_ymd_opt(2027, 2, 1).expect("a day")).len(), 5);
        assert_eq!(weeks(NaiveDate::from_ymd_opt(2026, 2, 1).expect("a day")).len(), 4);
    }

    #[test]
    fn nothing_known_is_nothing_drawn() {
        assert!(Chart::new(&series(&[], &[])).is_none());
    }

    proptest! {
        #[test]
        fn nothing_leaves_the_drawing(
            past in prop::collection::vec(any::<i64>().prop_map(|it| it / 2), 0..40),
            ahead in prop::collection::vec(any::<i64>().prop_map(|it| it / 2), 1..91),
        ) {
            let chart = Chart::new(&series(&past, &ahead)).expect("a chart");
            let inside = |y: i128| (TOP..=HEIGHT - BOTTOM).contains(&y);
            prop_assert!(inside(chart.zero) && inside(chart.lowest.y));
            prop_assert!(chart.amounts.len() <= 8 && chart.amounts.iter().all(|line| inside(line.at)));
            for path in [&chart.past, &chart.ahead, &chart.surface] {
                for part in path.split(['V', ' ']).skip(1) {
                    let digits: String = part.chars().take_while(|sign| sign.is_ascii_digit() || *sign == '-').collect();
                    prop_assert!(inside(digits.parse().expect("a height")));
                }
            }
        }
    }
}
