//! `/companies/{id}/problems`: what a person must decide, equal problems together; one problem in full; and what a button would
//! do, which is shown before it is done.

use super::{Frame, Head, Tab, ask, company_of, page_or_part};
use crate::engine::{EffectView, Engine, GroupView, MemberView, ProblemView, SummaryView};
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
pub(in crate::web) struct ProblemsPage<'v> {
    frame: Frame,
    head: Head<'v>,
    shown: &'v [GroupView],
    more: u64,
}

impl<'v> ProblemsPage<'v> {
    pub(in crate::web) fn new(frame: Frame, summary: &'v SummaryView, groups: &'v [GroupView]) -> Self {
        let shown = &groups[..groups.len().min(limits::PROBLEM_GROUPS_MAX)];
        let more = groups[shown.len()..].iter().map(|group| group.members.len() as u64).sum();
        Self { frame, head: Head::new(summary, Tab::Problems), shown, more }
    }
}

#[derive(Template)]
#[template(path = "problem_group.html")]
pub(in crate::web) struct GroupPage<'v> {
    frame: Frame,
    head: Head<'v>,
    group: &'v GroupView,
    /// The problems that stand on the page, and those that do not but are included.
    shown: &'v [MemberView],
    rest: &'v [MemberView],
}

impl<'v> GroupPage<'v> {
    pub(in crate::web) fn new(frame: Frame, summary: &'v SummaryView, group: &'v GroupView) -> Self {
        let (shown, rest) = group.members.split_at(group.members.len().min(limits::PROBLEM_ROWS_MAX));
        Self { frame, head: Head::new(summary, Tab::Problems), group, shown, rest }
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
pub(in crate::web) struct ProblemPage<'v> {
    frame: Frame,
    head: Head<'v>,
    problem: &'v ProblemView,
}

impl<'v> ProblemPage<'v> {
    pub(in crate::web) fn new(frame: Frame, summary: &'v SummaryView, problem: &'v ProblemView) -> Self {
        Self { frame, head: Head::new(summary, Tab::Problems), problem }
    }

    /// Whether there are buttons that need no candidate.
    fn has_plain_buttons(&self) -> bool {
        self.problem.line.actions.iter().any(|action| action.with.is_none())
    }

    fn has_candidates(&self) -> bool {
        self.problem.compare.columns.iter().any(|column| column.link.is_some())
    }
}

#[derive(Template)]
#[template(path = "confirm.html")]
pub(in crate::web) struct ConfirmPage<'v> {
    frame: Frame,
    head: Head<'v>,
    effect: &'v EffectView,
}

impl<'v> ConfirmPage<'v> {
    pub(in crate::web) fn new(frame: Frame, summary: &'v SummaryView, effect: &'v EffectView) -> Self {
        Self { frame, head: Head::new(summary, Tab::Problems), effect }
    }
}

/// The list.
pub(in crate::web) async fn list(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let company = company_of(&request);
    let (summary, groups) = ask(&site, move |engine| groups(engine, &company)).await?;
    let page = ProblemsPage::new(Frame::of(&session, &request), &summary, &groups);
    page_or_part(&request, || page.render(), || page.as_live().render())
}

fn groups(engine: &Engine, company: &str) -> Result<(SummaryView, Vec<GroupView>), crate::engine::EngineError> {
    Ok((engine.summary(company)?, engine.problem_groups(company)?))
}

/// The problems of one group.
pub(in crate::web) async fn group(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let (company, key) = (company_of(&request), request.match_info().query("group").to_owned());
    let (summary, groups) = ask(&site, move |engine| groups(engine, &company)).await?;
    let group = groups.iter().find(|group| group.key == key).ok_or(PageError::NotFound)?;
    let page = GroupPage::new(Frame::of(&session, &request), &summary, group);
    Ok(respond::html(StatusCode::OK, page.render()?))
}

/// One problem.
pub(in crate::web) async fn show(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let (company, problem) = (company_of(&request), number_of(&request)?);
    let load = move |engine: &Engine| Ok((engine.summary(&company)?, engine.problem(&company, problem)?));
    let (summary, problem) = ask(&site, load).await?;
    let page = ProblemPage::new(Frame::of(&session, &request), &summary, &problem);
    Ok(respond::html(StatusCode::OK, page.render()?))
}

/// What a form says is to be pressed.
struct Wish {
    problems: Vec<i64>,
    action: String,
    with: Option<String>,
}

impl Wish {
    /// The wish of a form that names problems.
    fn of(submission: &Submission) -> Result<Self, PageError> {
        let problems = submission.fields.all("problem").map(str::parse).collect::<Result<_, _>>();
        Ok(Self {
            problems: problems.map_err(|_| PageError::NotFound)?,
            action: submission.fields.get("action").to_owned(),
            with: submission.fields.filled("with").map(str::to_owned),
        })
    }
}

/// A button was pressed: what would it do? Nothing is done yet.
pub(in crate::web) async fn preview(
    request: HttpRequest,
    submission: Submission,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let (company, wish) = (company_of(&request), Wish::of(&submission)?);
    let load = move |engine: &Engine| {
        let effect = engine.preview(&company, &wish.problems, &wish.action, wish.with.as_deref())?;
        Ok((engine.summary(&company)?, effect))
    };
    let (summary, effect) = ask(&site, load).await?;
    let page = ConfirmPage::new(Frame::of(&submission.session, &request), &summary, &effect);
    Ok(respond::html(StatusCode::OK, page.render()?))
}

/// A button was pressed, and what it does was seen.
pub(in crate::web) async fn resolve(
    request: HttpRequest,
    submission: Submission,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let wish = Wish::of(&submission)?;
    press(&request, &submission, &site, wish).await
}

/// The same for the one problem that the address names.
pub(in crate::web) async fn resolve_one(
    request: HttpRequest,
    submission: Submission,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let wish = Wish { problems: vec![number_of(&request)?], ..Wish::of(&submission)? };
    press(&request, &submission, &site, wish).await
}

async fn press(
    request: &HttpRequest,
    submission: &Submission,
    site: &Site,
    wish: Wish,
) -> Result<HttpResponse, PageError> {
    let (company, who) = (company_of(request), submission.session.who());
    let target = format!("/companies/{company}/problems?done=resolved");
    let work =
        move |engine: &Engine| engine.resolve_all(&company, &wish.problems, &wish.action, wish.with.as_deref(), &who);
    ask(site, work).await?;
    Ok(respond::see_other(&target))
}

fn number_of(request: &HttpRequest) -> Result<i64, PageError> {
    request.match_info().query("problem").parse().map_err(|_| PageError::NotFound)
}
