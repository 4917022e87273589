//! `/companies/{id}/history`: what happened, newest first; by sort, side, kind, day, who and words; as a page and as CSV.

use super::{Frame, Head, Tab, ask, company_of, page_or_part};
use crate::engine::{Engine, EventView, HistoryQuery, SummaryView};
use crate::model::{EventKind, Kind};
use crate::web::csv;
use crate::web::error::PageError;
use crate::web::form::Fields;
use crate::web::limits;
use crate::web::next::percent_encode;
use crate::web::respond;
use crate::web::session::Session;
use crate::web::site::Site;
use crate::web::view;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

#[derive(Template)]
#[template(path = "history.html", blocks = ["live"])]
pub(in crate::web) struct HistoryPage<'v> {
    frame: Frame,
    head: Head<'v>,
    query: &'v HistoryQuery,
    events: &'v [EventView],
    sorts: &'static [EventKind],
    kinds: &'static [Kind],
}

impl<'v> HistoryPage<'v> {
    pub(in crate::web) fn new(
        frame: Frame,
        summary: &'v SummaryView,
        query: &'v HistoryQuery,
        events: &'v [EventView],
    ) -> Self {
        let head = Head::new(summary, Tab::History);
        Self { frame, head, query, events, sorts: &EventKind::ALL, kinds: Kind::ALL }
    }

    fn is_filtered(&self) -> bool {
        HistoryQuery { before: None, ..self.query.clone() } != HistoryQuery::default()
    }

    /// Where older lines begin, if there may be some.
    fn older(&self) -> Option<String> {
        let last = self.events.last().filter(|_| self.events.len() >= limits::HISTORY_ROWS)?;
        Some(format!("/companies/{}/history?{}&before={}", self.head.id, self.filter(), last.id))
    }

    fn csv_address(&self) -> String {
        format!("/companies/{}/history.csv?{}", self.head.id, self.filter())
    }

    fn filter(&self) -> String {
        let (query, part) = (self.query, percent_encode);
        format!(
            "q={}&sort={}&side={}&kind={}&from={}&to={}&who={}",
            part(&query.text),
            part(&query.sort),
            part(&query.side),
            part(&query.kind),
            part(&query.from),
            part(&query.to),
            part(&query.who)
        )
    }
}

fn query_of(request: &HttpRequest) -> HistoryQuery {
    let fields = Fields::of_query(request);
    let bounded = |name: &str| fields.get(name).trim().chars().take(limits::NEXT_CHARS_MAX).collect::<String>();
    HistoryQuery {
        before: fields.get("before").parse().ok(),
        sort: bounded("sort"),
        side: bounded("side"),
        kind: bounded("kind"),
        from: bounded("from"),
        to: bounded("to"),
        who: bounded("who"),
        text: bounded("q"),
    }
}

/// The page.
pub(in crate::web) async fn get(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let (company, query) = (company_of(&request), query_of(&request));
    let wanted = query.clone();
    let load = move |engine: &Engine| {
        Ok((engine.summary(&company)?, engine.history_like(&company, &wanted, limits::HISTORY_ROWS)?))
    };
    let (summary, events) = ask(&site, load).await?;
    let page = HistoryPage::new(Frame::of(&session, &request), &summary, &query, &events);
    page_or_part(&request, || page.render(), || page.as_live().render())
}

/// The same lines, all of them, as a file for a spreadsheet.
pub(in crate::web) async fn file(
    request: HttpRequest,
    _session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let (company, query) = (company_of(&request), query_of(&request));
    let name = company.clone();
    let load = move |engine: &Engine| engine.history_like(&company, &query, limits::EXPORTED_EVENTS_MAX);
    let events = ask(&site, load).await?;
    let mut text = csv::row(&["Number", "Time (UTC)", "What", "Side", "Kind", "Record", "Text"]);
    for event in &events {
        let record =
            |of: fn(&crate::engine::RecordRef) -> &String| event.record.as_ref().map_or("", |it| of(it).as_str());
        text.push_str(&csv::row(&[
            &event.id.to_string(),
            &event.at,
            &view::event_label(&event.kind),
            view::side(record(|record| &record.side)),
            &view::spaced(record(|record| &record.kind)),
            record(|record| &record.id),
            &event.text,
        ]));
    }
    let disposition = format!("attachment; filename=\"counterfoil-{name}-history.csv\"");
    Ok(respond::guarded(StatusCode::OK)
        .insert_header((header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")))
        .insert_header((
            header::CONTENT_DISPOSITION,
            HeaderValue::try_from(disposition).map_err(|_| PageError::NotFound)?,
        ))
        .body(text))
}
