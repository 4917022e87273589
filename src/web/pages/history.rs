//! `/companies/{id}/history`: what happened, newest first.

use super::{Frame, Head, Tab, ask, company_of, page_or_part, query};
use crate::engine::{EventView, StatusView};
use crate::web::error::PageError;
use crate::web::limits;
use crate::web::session::Session;
use crate::web::site::Site;
use crate::web::view;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

#[derive(Template)]
#[template(path = "history.html", blocks = ["live"])]
pub(in crate::web) struct HistoryPage<'v> {
    frame: Frame,
    head: Head<'v>,
    events: &'v [EventView],
    /// How many to show next, where there may be more.
    next: Option<usize>,
}

impl<'v> HistoryPage<'v> {
    pub(in crate::web) fn new(frame: Frame, status: &'v StatusView, events: &'v [EventView], shown: usize) -> Self {
        let is_full = events.len() >= shown && shown < limits::HISTORY_ROWS_MAX;
        Self { frame, head: Head::new(status, Tab::History), events, next: is_full.then_some(limits::HISTORY_ROWS_MAX) }
    }
}

/// The handler.
pub(in crate::web) async fn get(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let company = company_of(&request);
    let wanted = query(&request, "show").and_then(|text| text.parse().ok()).unwrap_or(limits::HISTORY_ROWS);
    let shown = wanted.clamp(1, limits::HISTORY_ROWS_MAX);
    let load =
        move |engine: &crate::engine::Engine| Ok((engine.status(&company)?, engine.history(&company, None, shown)?));
    let (status, events) = ask(&site, load).await?;
    let page = HistoryPage::new(Frame::of(&session, &request), &status, &events, shown);
    page_or_part(&request, || page.render(), || page.as_live().render())
}
