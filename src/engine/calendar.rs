//! The cash-flow calendar of a company, as last seen. Nothing is read from either side for it, and nothing is written.

use super::views::{BalanceView, CalendarView, ExpectedView, ForecastDayView, RecordRef, SeriesView};
use super::{Engine, EngineError};
use crate::limits::{FORECAST_DAYS, FORECAST_DAYS_BACK, FORECAST_ITEMS_MAX};
use crate::model::{BillFilter, Kind, Money, NativeId, RecordKey, Side};
use crate::plan::forecast::{self, Choice, Flow, Forecast, Series, Source};
use crate::plan::ledgers::Overflow;
use crate::store::{StoreError, Tx};

impl Engine {
    /// What the bank accounts will hold. Bills that nobody has approved count when `unapproved` says so; when it says nothing,
    /// they count as they travel: by the setting `bills`.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn calendar(&self, company: &str, unapproved: Option<bool>) -> Result<CalendarView, EngineError> {
        let (handle, now) = (self.company(company)?, self.now());
        let broken = |_: Overflow| StoreError::Broken { what: "ledger" };
        let view = handle.store.read(|tx| -> Result<_, StoreError> {
            let books = tx.calendar_books(now, FORECAST_DAYS_BACK)?;
            let unapproved = unapproved.unwrap_or(tx.settings()?.bills == BillFilter::All);
            let choice = Choice { days_back: FORECAST_DAYS_BACK, days_ahead: FORECAST_DAYS, unapproved };
            let Forecast { series, flows } = forecast::forecast(&books, choice).map_err(broken)?;
            let waiting = flows.iter().filter(|flow| !flow.approved);
            let listed = flows.iter().take(FORECAST_ITEMS_MAX).map(|flow| expected_view(tx, flow, now.date_naive()));
            Ok(CalendarView {
                company: handle.id.as_str().to_owned(),
                today: books.today.to_string(),
                counts_unapproved: unapproved,
                unapproved_bills: waiting.clone().count(),
                unapproved: sum(waiting).map_err(broken)?,
                accounts: series.iter().map(series_view).collect(),
                expected: listed.collect::<Result<_, _>>()?,
                more_expected: flows.len().saturating_sub(FORECAST_ITEMS_MAX),
            })
        })?;
        Ok(view)
    }
}

fn sum<'f>(flows: impl Iterator<Item = &'f Flow>) -> Result<String, Overflow> {
    Money::checked_sum(flows.map(|flow| flow.amount)).map(|sum| sum.to_string()).ok_or(Overflow)
}

/// The kind of the record behind it; none for what a clearing account holds.
const fn kind_of(source: Source) -> Option<Kind> {
    match source {
        Source::Clearing => None,
        Source::Payment => Some(Kind::BillPayment),
        Source::Bill => Some(Kind::Bill),
        Source::Receipt => Some(Kind::InvoicePayment),
        Source::Invoice => Some(Kind::Invoice),
    }
}

fn expected_view(tx: &Tx<'_>, flow: &Flow, today: chrono::NaiveDate) -> Result<ExpectedView, StoreError> {
    let mut party = None;
    if let Some(of) = &flow.party {
        for side in Side::ALL {
            party = party.or(tx.title(&RecordKey::new(side, of.kind, of.id.clone()))?);
        }
    }
    let kind = kind_of(flow.source);
    Ok(ExpectedView {
        kind: kind.map_or("clearing", Kind::word).to_owned(),
        title: flow.title.clone(),
        party,
        due: flow.due.to_string(),
        counted_on: flow.counted_on.map(|day| day.to_string()),
        overdue: flow.due < today,
        amount: flow.amount.to_string(),
        account: flow.account.as_ref().map(NativeId::to_string),
        approved: flow.approved,
        record: flow
            .key
            .as_ref()
            .zip(kind)
            .map(|((side, id), kind)| RecordRef::of(&RecordKey::new(*side, kind, id.clone()))),
    })
}

fn series_view(series: &Series) -> SeriesView {
    let balance_view = |day: chrono::NaiveDate, balance: Money| BalanceView {
        day: day.to_string(),
        balance: balance.to_string(),
        below_zero: balance.is_negative(),
    };
    SeriesView {
        account: series.account.as_ref().map(NativeId::to_string),
        name: series.name.clone(),
        balance: series.balance.to_string(),
        lowest: balance_view(series.lowest.0, series.lowest.1),
        history: series.history.iter().map(|(day, balance)| balance_view(*day, *balance)).collect(),
        days: series
            .days
            .iter()
            .map(|day| ForecastDayView {
                day: day.day.to_string(),
                money_in: day.money_in.to_string(),
                money_out: day.money_out.to_string(),
                balance: day.balance.to_string(),
                below_zero: day.balance.is_negative(),
            })
            .collect(),
    }
}
