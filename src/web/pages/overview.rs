//! `/`: all companies, each with its word.

use super::{Frame, ask, page_or_part};
use crate::engine::{StateWord, StatusView};
use crate::web::error::PageError;
use crate::web::session::Session;
use crate::web::site::Site;
use crate::web::view;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

#[derive(Template)]
#[template(path = "overview.html", blocks = ["live"])]
struct Overview<'v> {
    frame: Frame,
    companies: &'v [StatusView],
    summary: String,
}

/// The handler.
pub(in crate::web) async fn get(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let mut companies = ask(&site, |engine| engine.overview()).await?;
    companies.sort_by_key(|company| urgency(company.state));
    let page = Overview { frame: Frame::of(&session, &request), summary: summary(&companies), companies: &companies };
    page_or_part(&request, || page.render(), || page.as_live().render())
}

/// Whoever needs a person stands first; the order within is the engine's.
const fn urgency(state: StateWord) -> u8 {
    match state {
        StateWord::Stopped => 0,
        StateWord::NeedsYou => 1,
        StateWord::WaitingForQuickbooks => 2,
        StateWord::Syncing => 3,
        StateWord::Paused => 4,
        StateWord::UpToDate => 5,
    }
}

/// `12 companies: 1 needs you, 11 up to date.`
fn summary(companies: &[StatusView]) -> String {
    let mut parts = Vec::new();
    for (state, words) in [
        (StateWord::Stopped, "stopped"),
        (StateWord::NeedsYou, "need you"),
        (StateWord::WaitingForQuickbooks, "waiting for QuickBooks"),
        (StateWord::Syncing, "syncing"),
        (StateWord::Paused, "paused"),
        (StateWord::UpToDate, "up to date"),
    ] {
        match companies.iter().filter(|company| company.state == state).count() {
            0 => {}
            1 if state == StateWord::NeedsYou => parts.push("1 needs you".to_owned()),
            count => parts.push(format!("{} {words}", view::number(count as u64))),
        }
    }
    format!("{}: {}.", view::counted(companies.len() as u64, "company", "companies"), parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::tests::sample;

    #[test]
    fn the_summary_counts_what_needs_a_person_first() {
        let mut companies = vec![sample::status(), sample::status(), sample::status()];
        companies[0].state = StateWord::UpToDate;
        companies[1].state = StateWord::NeedsYou;
        companies[2].state = StateWord::UpToDate;
        assert_eq!(summary(&companies), "3 companies: 1 needs you, 2 up to date.");
        companies.sort_by_key(|company| urgency(company.state));
        assert_eq!(companies[0].state, StateWord::NeedsYou);
    }
}
