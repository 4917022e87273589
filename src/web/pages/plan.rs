//! `/companies/{id}/plan`: what would be done next on each side, and why. The page to read before the start.

use super::{Frame, Head, Tab, ask, company_of, page_or_part};
use crate::engine::{Engine, PlanGroupView, PlanPageView, PlanStepsView, SummaryView};
use crate::web::error::PageError;
use crate::web::form::Fields;
use crate::web::respond;
use crate::web::session::Session;
use crate::web::site::Site;
use crate::web::view;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

#[derive(Template)]
#[template(path = "plan.html", blocks = ["live"])]
pub(in crate::web) struct PlanPage<'v> {
    frame: Frame,
    head: Head<'v>,
    summary: &'v SummaryView,
    plan: &'v PlanPageView,
}

impl<'v> PlanPage<'v> {
    pub(in crate::web) fn new(frame: Frame, summary: &'v SummaryView, plan: &'v PlanPageView) -> Self {
        Self { frame, head: Head::new(summary, Tab::Plan), summary, plan }
    }

    /// What the button of the start answers for, in words.
    fn what_starts(&self) -> String {
        let [quickbooks, billcom] = self.plan.going;
        format!(
            "{} in QuickBooks and {} in Bill.com are ready to go out.",
            view::counted(quickbooks, "change", "changes"),
            view::number(billcom)
        )
    }

    /// The kinds of one side for which something is planned.
    fn on(&self, side: &str) -> Vec<&'v PlanGroupView> {
        self.plan.groups.iter().filter(|group| group.side == side).collect()
    }

    fn count(&self, side: &str) -> u64 {
        self.plan.going[usize::from(side == "billcom")]
    }
}

#[derive(Template)]
#[template(path = "plan_steps.html")]
pub(in crate::web) struct StepsPage<'v> {
    frame: Frame,
    head: Head<'v>,
    side: &'v str,
    kind: &'v str,
    steps: &'v PlanStepsView,
    next: usize,
}

impl<'v> StepsPage<'v> {
    pub(in crate::web) fn new(
        frame: Frame,
        summary: &'v SummaryView,
        (side, kind): (&'v str, &'v str),
        steps: &'v PlanStepsView,
        skip: usize,
    ) -> Self {
        let next = skip + steps.steps.len() + steps.waiting.len();
        Self { frame, head: Head::new(summary, Tab::Plan), side, kind, steps, next }
    }
}

/// The plan.
pub(in crate::web) async fn get(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let company = company_of(&request);
    let load = move |engine: &Engine| Ok((engine.summary(&company)?, engine.plan_page(&company)?));
    let (summary, plan) = ask(&site, load).await?;
    let page = PlanPage::new(Frame::of(&session, &request), &summary, &plan);
    page_or_part(&request, || page.render(), || page.as_live().render())
}

/// All steps of one kind on one side.
pub(in crate::web) async fn steps(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let company = company_of(&request);
    let [side, kind] = ["side", "kind"].map(|part| request.match_info().query(part).to_owned());
    let skip = Fields::of_query(&request).get("skip").parse().unwrap_or(0);
    let wanted = (side.clone(), kind.clone());
    let load = move |engine: &Engine| {
        Ok((engine.summary(&company)?, engine.plan_steps(&company, &wanted.0, &wanted.1, skip)?))
    };
    let (summary, steps) = ask(&site, load).await?;
    let page = StepsPage::new(Frame::of(&session, &request), &summary, (&side, &kind), &steps, skip);
    Ok(respond::html(StatusCode::OK, page.render()?))
}
