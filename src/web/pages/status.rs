//! `/companies/{id}`: is it fine, and if not, who must act.

use super::{Frame, Head, Tab, ask, company_of, page_or_part};
use crate::engine::{CompanyView, GroupView, KindView, MovingView, StateWord};
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
    groups: &'v [GroupView],
    bars: Bars,
    linked: u64,
    applied: u64,
}

impl<'v> StatusPage<'v> {
    pub(in crate::web) fn new(frame: Frame, view: &'v CompanyView) -> Self {
        let sum = |of: fn(&KindView) -> u64| view.kinds.iter().map(of).fold(0, u64::saturating_add);
        Self {
            frame,
            head: Head::new(&view.summary, Tab::Status),
            groups: &view.groups[..view.groups.len().min(limits::PROBLEM_CARDS_MAX)],
            bars: Bars::new(&view.days),
            linked: sum(|kind| kind.linked),
            applied: sum(|kind| kind.applied),
            view,
        }
    }

    /// Intents in a state; a state that is not named has none.
    fn intents(&self, state: &str) -> u64 {
        self.view.intents.get(state).copied().unwrap_or(0)
    }

    /// Live intents of a kind towards a side, in words: `3 to create, 1 to update`.
    fn moving(&self, side: &str, kind: &str) -> String {
        let mut operations: Vec<(&str, u64)> = Vec::new();
        let about = |moving: &&MovingView| moving.side == side && moving.kind == kind;
        for moving in self.view.moving.iter().filter(about) {
            match operations.iter_mut().find(|(operation, _)| *operation == moving.operation) {
                Some((_, count)) => *count += moving.count,
                None => operations.push((&moving.operation, moving.count)),
            }
        }
        let parts: Vec<_> =
            operations.iter().map(|(operation, count)| format!("{} to {operation}", view::number(count))).collect();
        parts.join(", ")
    }

    /// How often the Web Connector should come.
    fn every(&self) -> String {
        view::counted(u64::from(self.view.summary.every_minutes), "minute", "minutes")
    }

    /// Groups of problems that are not shown here.
    fn more_groups(&self) -> u64 {
        (self.view.groups.len() - self.groups.len()) as u64
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
