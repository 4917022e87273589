//! `/companies/{id}/problems`: what a person must decide, and one problem in full.

use super::{Frame, Head, Tab, ask, company_of, page_or_part};
use crate::engine::{ProblemLine, ProblemView, StatusView};
use crate::web::error::PageError;
use crate::web::limits;
use crate::web::respond;
use crate::web::session::{Session, Submission};
use crate::web::site::Site;
use crate::web::view;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

#[derive(Template)]
#[template(path = "problems.html", blocks = ["live"])]
struct ProblemsPage<'v> {
    frame: Frame,
    head: Head<'v>,
    shown: &'v [ProblemLine],
    more: u64,
}

#[derive(Template)]
#[template(path = "problem.html")]
pub(in crate::web) struct ProblemPage<'v> {
    frame: Frame,
    head: Head<'v>,
    problem: &'v ProblemView,
}

impl<'v> ProblemPage<'v> {
    pub(in crate::web) fn new(frame: Frame, status: &'v StatusView, problem: &'v ProblemView) -> Self {
        Self { frame, head: Head::new(status, Tab::Problems), problem }
    }
}

/// The list.
pub(in crate::web) async fn list(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let company = company_of(&request);
    let status = ask(&site, move |engine| engine.status(&company)).await?;
    let shown = &status.problems[..status.problems.len().min(limits::PROBLEM_ROWS_MAX)];
    let page = ProblemsPage {
        frame: Frame::of(&session, &request),
        head: Head::new(&status, Tab::Problems),
        more: (status.problems.len() - shown.len()) as u64,
        shown,
    };
    page_or_part(&request, || page.render(), || page.as_live().render())
}

/// One problem.
pub(in crate::web) async fn show(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let (company, problem) = (company_of(&request), number_of(&request)?);
    let load = move |engine: &crate::engine::Engine| Ok((engine.status(&company)?, engine.problem(&company, problem)?));
    let (status, problem) = ask(&site, load).await?;
    let page = ProblemPage::new(Frame::of(&session, &request), &status, &problem);
    Ok(respond::html(StatusCode::OK, page.render()?))
}

/// A button was pressed.
pub(in crate::web) async fn resolve(
    request: HttpRequest,
    submission: Submission,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let (company, problem) = (company_of(&request), number_of(&request)?);
    let action = submission.fields.get("action").to_owned();
    let with = submission.fields.filled("with").map(str::to_owned);
    let who = submission.session.who();
    let target = company.clone();
    ask(&site, move |engine| engine.resolve(&company, problem, &action, with.as_deref(), &who)).await?;
    Ok(respond::see_other(&format!("/companies/{target}/problems?done=resolved")))
}

fn number_of(request: &HttpRequest) -> Result<i64, PageError> {
    request.match_info().query("problem").parse().map_err(|_| PageError::NotFound)
}
