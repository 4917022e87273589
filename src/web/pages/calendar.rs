//! `/companies/{id}/calendar`: what the bank accounts hold and will hold, as a curve and as a month whose days open what is
//! due on them.

use super::{Frame, Head, Tab, ask, company_of, page_or_part};
use crate::engine::{BalanceView, CalendarView, Engine, ExpectedView, ForecastDayView, SeriesView, SummaryView};
use crate::model::Money;
use crate::web::amounts;
use crate::web::chart::{self, Chart};
use crate::web::error::PageError;
use crate::web::form::Fields;
use crate::web::next::percent_encode;
use crate::web::session::Session;
use crate::web::site::Site;
use crate::web::view;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{Datelike, Months, NaiveDate};
use std::collections::BTreeMap;

/// Days of the nearer figure.
const SOON: usize = 30;

/// The columns of the month.
const WEEKDAYS: [(&str, &str); 7] = [
    ("Sunday", "Sun"),
    ("Monday", "Mon"),
    ("Tuesday", "Tue"),
    ("Wednesday", "Wed"),
    ("Thursday", "Thu"),
    ("Friday", "Fri"),
    ("Saturday", "Sat"),
];

/// What the address asks for.
#[derive(Clone, Debug, Default)]
pub(in crate::web) struct Asked {
    /// Any day of the month; the one of today without it.
    pub(in crate::web) month: Option<NaiveDate>,
    /// The account; all of them without it.
    pub(in crate::web) account: Option<String>,
    /// Whether unapproved bills count.
    pub(in crate::web) unapproved: Option<bool>,
}

impl Asked {
    fn of(fields: &Fields) -> Self {
        let account = Some(fields.get("account").to_owned()).filter(|account| !account.is_empty());
        Self {
            month: format!("{}-01", fields.get("month")).parse().ok(),
            account,
            unapproved: fields.get("unapproved").parse().ok(),
        }
    }
}

/// A day of the month.
struct Cell<'v> {
    day: NaiveDate,
    class: &'static str,
    /// What is there in the evening, with what moves; for days to come.
    ahead: Option<&'v ForecastDayView>,
    /// What was there in the evening; for days that have passed.
    past: Option<&'v BalanceView>,
    /// What is due.
    due: Vec<&'v ExpectedView>,
    is_today: bool,
}

impl Cell<'_> {
    fn name(&self) -> String {
        self.day.format("%A, %-d %B").to_string()
    }

    fn moves_in(&self) -> Option<&str> {
        self.ahead.map(|day| day.money_in.as_str()).filter(|amount| *amount != "0.00")
    }

    fn moves_out(&self) -> Option<&str> {
        self.ahead.map(|day| day.money_out.as_str()).filter(|amount| *amount != "0.00")
    }

    fn is_below(&self) -> bool {
        self.ahead.map_or_else(|| self.past.is_some_and(|day| day.below_zero), |day| day.below_zero)
    }
}

/// What was due before today.
struct Overdue<'v> {
    due: Vec<&'v ExpectedView>,
    /// As a positive amount.
    to_pay: String,
    to_receive: String,
}

#[derive(Template)]
#[template(path = "calendar.html", blocks = ["live"])]
pub(in crate::web) struct CalendarPage<'v> {
    frame: Frame,
    head: Head<'v>,
    view: &'v CalendarView,
    asked: &'v Asked,
    series: Option<&'v SeriesView>,
    chart: Option<Chart>,
    month: NaiveDate,
    weeks: Vec<Vec<Option<Cell<'v>>>>,
    overdue: Overdue<'v>,
    soon_in: String,
    soon_out: String,
    /// The first and the last month for which anything is known.
    bounds: (NaiveDate, NaiveDate),
}

impl<'v> CalendarPage<'v> {
    pub(in crate::web) fn new(
        frame: Frame,
        summary: &'v SummaryView,
        view: &'v CalendarView,
        asked: &'v Asked,
    ) -> Self {
        let chosen = view.accounts.iter().find(|series| series.account == asked.account);
        let series = chosen.or(view.accounts.first()).filter(|_| view.accounts.len() > 1);
        let today = view.today.parse().unwrap_or_default();
        let bounds = bounds(series, today);
        let month = asked.month.map_or(first_of(today), |day| first_of(day).clamp(bounds.0, bounds.1));
        let expected: Vec<_> = view.expected.iter().filter(|it| concerns(it, series)).collect();
        let soon = series.map_or(&[][..], |series| &series.days[..series.days.len().min(SOON + 1)]);
        Self {
            frame,
            head: Head::new(summary, Tab::Calendar),
            chart: series.and_then(Chart::new),
            weeks: weeks(month, today, series, &expected),
            overdue: overdue(&expected),
            soon_in: sum(soon.iter().map(|day| day.money_in.as_str())),
            soon_out: sum(soon.iter().map(|day| day.money_out.as_str())),
            view,
            asked,
            series,
            month,
            bounds,
        }
    }

    /// This page with another month, account or choice.
    fn address(&self, month: NaiveDate, account: Option<&str>, unapproved: Option<bool>) -> String {
        let mut address = format!("/companies/{}/calendar?month={}", self.head.id, month.format("%Y-%m"));
        if let Some(account) = account {
            address.push_str(&format!("&account={}", percent_encode(account)));
        }
        if let Some(unapproved) = unapproved {
            address.push_str(&format!("&unapproved={unapproved}"));
        }
        address
    }

    fn to_month(&self, month: &NaiveDate) -> String {
        self.address(*month, self.asked.account.as_deref(), self.asked.unapproved)
    }

    fn to_account(&self, account: &Option<String>) -> String {
        self.address(self.month, account.as_deref(), self.asked.unapproved)
    }

    fn to_other_choice(&self) -> String {
        self.address(self.month, self.asked.account.as_deref(), Some(!self.view.counts_unapproved))
    }

    fn month_before(&self) -> Option<NaiveDate> {
        self.month.checked_sub_months(Months::new(1)).filter(|month| *month >= self.bounds.0)
    }

    fn month_after(&self) -> Option<NaiveDate> {
        self.month.checked_add_months(Months::new(1)).filter(|month| *month <= self.bounds.1)
    }

    /// What the curve says, for those who do not see it.
    fn summary(&self, series: &SeriesView) -> String {
        let last = series.days.last().map_or("0.00", |day| day.balance.as_str());
        format!(
            "{}: {} now; {} in {} days if everything is paid when it is due; lowest on {}: {}.",
            series.name,
            amounts::shown(&series.balance),
            amounts::shown(last),
            series.days.len().saturating_sub(1),
            day_name(&series.lowest.day),
            amounts::shown(&series.lowest.balance)
        )
    }
}

fn first_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// `Fri 5 Dec`.
fn day_name(day: &str) -> String {
    day.parse::<NaiveDate>().map_or_else(|_| day.to_owned(), |day| day.format("%a %-d %b").to_string())
}

/// The months that can be turned to.
fn bounds(series: Option<&SeriesView>, today: NaiveDate) -> (NaiveDate, NaiveDate) {
    let month = |day: Option<&str>| first_of(day.and_then(|day| day.parse().ok()).unwrap_or(today));
    let past = series.and_then(|series| series.history.first()).map(|day| day.day.as_str());
    let last = series.and_then(|series| series.days.last()).map(|day| day.day.as_str());
    (month(past), month(last))
}

/// Whether something belongs to what is shown: one account, or all of them.
fn concerns(expected: &ExpectedView, series: Option<&SeriesView>) -> bool {
    series.is_some_and(|series| series.account.is_none() || series.account == expected.account)
}

fn sum<'t>(amounts: impl Iterator<Item = &'t str>) -> String {
    let amounts = amounts.map(|amount| Money::parse(amount).unwrap_or(Money::ZERO));
    Money::checked_sum(amounts).unwrap_or(Money::ZERO).to_string()
}

fn overdue<'v>(expected: &[&'v ExpectedView]) -> Overdue<'v> {
    let due: Vec<_> = expected.iter().copied().filter(|it| it.overdue).collect();
    let counted = || due.iter().filter(|it| it.counted_on.is_some()).map(|it| it.amount.as_str());
    Overdue {
        to_pay: sum(counted().filter_map(|amount| amount.strip_prefix('-'))),
        to_receive: sum(counted().filter(|amount| !amount.starts_with('-'))),
        due,
    }
}

/// The month, week by week; days of other months are left empty.
fn weeks<'v>(
    month: NaiveDate,
    today: NaiveDate,
    series: Option<&'v SeriesView>,
    expected: &[&'v ExpectedView],
) -> Vec<Vec<Option<Cell<'v>>>> {
    let mut due: BTreeMap<&str, Vec<&'v ExpectedView>> = BTreeMap::new();
    for it in expected.iter().copied().filter(|it| !it.overdue) {
        due.entry(it.due.as_str()).or_default().push(it);
    }
    let cell = |day: NaiveDate| {
        let name = day.to_string();
        let ahead = series.and_then(|series| series.days.iter().find(|it| it.day == name));
        let past = series.and_then(|series| series.history.iter().find(|it| it.day == name));
        Cell {
            day,
            class: match day.cmp(&today) {
                std::cmp::Ordering::Less => "cal-past",
                std::cmp::Ordering::Equal => "cal-today",
                std::cmp::Ordering::Greater => "cal-ahead",
            },
            // Behind the last day nothing is shown: it would not be all.
            due: if ahead.is_some() { due.get(name.as_str()).cloned().unwrap_or_default() } else { Vec::new() },
            ahead,
            past,
            is_today: day == today,
        }
    };
    let week = |week: [NaiveDate; 7]| week.map(|day| chart::is_in_month(day, month).then(|| cell(day))).into();
    chart::weeks(month).into_iter().map(week).collect()
}

/// What is expected, in words.
fn kind_words(kind: &str) -> &str {
    match kind {
        "bill" => "Bill",
        "invoice" => "Invoice",
        "bill_payment" => "Scheduled payment",
        "invoice_payment" => "Announced payment",
        "clearing" => "Booked already, on its way",
        other => other,
    }
}

/// How many days ago something was due.
fn days_late(due: &str, today: &str) -> u64 {
    let (Ok(due), Ok(today)) = (due.parse::<NaiveDate>(), today.parse::<NaiveDate>()) else { return 0 };
    today.signed_duration_since(due).num_days().unsigned_abs()
}

/// The handler.
pub(in crate::web) async fn get(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let (company, asked) = (company_of(&request), Asked::of(&Fields::of_query(&request)));
    let unapproved = asked.unapproved;
    let load = move |engine: &Engine| Ok((engine.summary(&company)?, engine.calendar(&company, unapproved)?));
    let (summary, view) = ask(&site, load).await?;
    let page = CalendarPage::new(Frame::of(&session, &request), &summary, &view, &asked);
    page_or_part(&request, || page.render(), || page.as_live().render())
}
