//! `/companies/{id}/check`: both ledgers side by side, as last seen. What differs comes first, each with why and where to
//! mend it; then the figures that agree.

use super::{Frame, Head, Tab, ask, company_of, page_or_part};
use crate::engine::{Engine, LedgerLineView, LedgersView, SummaryView};
use crate::web::amounts;
use crate::web::error::PageError;
use crate::web::limits;
use crate::web::session::Session;
use crate::web::site::Site;
use crate::web::view;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

/// What vendors are owed, or customers owe.
struct Owed<'v> {
    title: &'static str,
    /// Those who differ first, and cut to what a page holds.
    lines: Vec<&'v LedgerLineView>,
    more: u64,
}

#[derive(Template)]
#[template(path = "check.html", blocks = ["live"])]
pub(in crate::web) struct CheckPage<'v> {
    frame: Frame,
    head: Head<'v>,
    summary: &'v SummaryView,
    view: &'v LedgersView,
    owed: [Owed<'v>; 2],
    more_differences: u64,
}

impl<'v> CheckPage<'v> {
    pub(in crate::web) fn new(frame: Frame, summary: &'v SummaryView, view: &'v LedgersView) -> Self {
        Self {
            frame,
            head: Head::new(summary, Tab::Check),
            summary,
            owed: [
                owed("What is owed to vendors", "vendor", &view.parties),
                owed("What customers owe", "customer", &view.parties),
            ],
            more_differences: view.check.differences.len().saturating_sub(limits::CHECK_ROWS_MAX) as u64,
            view,
        }
    }
}

fn owed<'v>(title: &'static str, kind: &str, lines: &'v [LedgerLineView]) -> Owed<'v> {
    let mut lines: Vec<_> = lines.iter().filter(|line| line.kind == kind).collect();
    lines.sort_by(|left, right| (left.amounts.equal, &left.name).cmp(&(right.amounts.equal, &right.name)));
    let more = lines.len().saturating_sub(limits::CHECK_ROWS_MAX) as u64;
    lines.truncate(limits::CHECK_ROWS_MAX);
    Owed { title, lines, more }
}

/// The handler.
pub(in crate::web) async fn get(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let company = company_of(&request);
    let load = move |engine: &Engine| Ok((engine.summary(&company)?, engine.ledgers(&company)?));
    let (summary, view) = ask(&site, load).await?;
    let page = CheckPage::new(Frame::of(&session, &request), &summary, &view);
    page_or_part(&request, || page.render(), || page.as_live().render())
}
