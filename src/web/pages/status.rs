//! `/companies/{id}`: is it fine, and if not, who must act.

use super::{Frame, Head, Tab, ask, company_of, page_or_part};
use crate::engine::{CompanyView, KindView, ProblemLine};
use crate::web::error::PageError;
use crate::web::limits;
use crate::web::session::Session;
use crate::web::site::Site;
use crate::web::view::{self, Bars};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

#[derive(Template)]
#[template(path = "status.html", blocks = ["live"])]
pub(in crate::web) struct StatusPage<'v> {
    frame: Frame,
    head: Head<'v>,
    view: &'v CompanyView,
    problems: &'v [ProblemLine],
    bars: Bars,
    to_quickbooks: u64,
    to_billcom: u64,
    linked: u64,
    applied: u64,
}

impl<'v> StatusPage<'v> {
    pub(in crate::web) fn new(frame: Frame, view: &'v CompanyView) -> Self {
        let sum = |of: fn(&KindView) -> u64| view.kinds.iter().map(of).fold(0, u64::saturating_add);
        let problems = &view.status.problems;
        Self {
            frame,
            head: Head::new(&view.status, Tab::Status),
            problems: &problems[..problems.len().min(limits::PROBLEM_CARDS_MAX)],
            bars: Bars::new(&view.days),
            to_quickbooks: sum(|kind| kind.to_quickbooks),
            to_billcom: sum(|kind| kind.to_billcom),
            linked: sum(|kind| kind.linked),
            applied: sum(|kind| kind.applied),
            view,
        }
    }

    /// Intents in a state; a state that is not named has none.
    fn intents(&self, state: &str) -> u64 {
        self.view.status.intents.get(state).copied().unwrap_or(0)
    }

    /// Problems that are not shown here.
    fn more_problems(&self) -> u64 {
        (self.view.status.problems.len() - self.problems.len()) as u64
    }
}

/// The handler.
pub(in crate::web) async fn get(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let company = company_of(&request);
    let mut view = ask(&site, move |engine| engine.company_page(&company)).await?;
    view.events.truncate(limits::RECENT_EVENTS_MAX);
    view.sessions.truncate(limits::RECENT_SESSIONS_MAX);
    let page = StatusPage::new(Frame::of(&session, &request), &view);
    page_or_part(&request, || page.render(), || page.as_live().render())
}
