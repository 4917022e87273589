//! `/companies/{id}/plan`: what would be done next on each side, and why. The page to read before the start.

use super::{Frame, Head, Tab, ask, company_of, page_or_part};
use crate::engine::{PlanView, StatusView, StepView};
use crate::web::error::PageError;
use crate::web::limits;
use crate::web::session::Session;
use crate::web::site::Site;
use crate::web::view;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

/// The steps on one side.
struct Group<'v> {
    title: &'static str,
    steps: Vec<&'v StepView>,
    more: u64,
}

#[derive(Template)]
#[template(path = "plan.html", blocks = ["live"])]
pub(in crate::web) struct PlanPage<'v> {
    frame: Frame,
    head: Head<'v>,
    plan: &'v PlanView,
    groups: [Group<'v>; 2],
    more_waiting: u64,
}

impl<'v> PlanPage<'v> {
    pub(in crate::web) fn new(frame: Frame, status: &'v StatusView, plan: &'v PlanView) -> Self {
        Self {
            frame,
            head: Head::new(status, Tab::Plan),
            groups: [group("In QuickBooks", "quickbooks", &plan.steps), group("In Bill.com", "billcom", &plan.steps)],
            more_waiting: plan.waiting.len().saturating_sub(limits::PLAN_ROWS_MAX) as u64,
            plan,
        }
    }

    /// What the button of the start answers for, in words.
    fn what_starts(&self) -> String {
        let [quickbooks, billcom] = &self.groups;
        let count = |group: &Group<'_>| group.steps.len() as u64 + group.more;
        format!(
            "{} in QuickBooks and {} in Bill.com are ready to go out.",
            view::counted(count(quickbooks), "change", "changes"),
            view::number(count(billcom))
        )
    }
}

fn group<'v>(title: &'static str, side: &str, steps: &'v [StepView]) -> Group<'v> {
    let mut steps: Vec<_> = steps.iter().filter(|step| step.side == side).collect();
    let more = steps.len().saturating_sub(limits::PLAN_ROWS_MAX) as u64;
    steps.truncate(limits::PLAN_ROWS_MAX);
    Group { title, steps, more }
}

/// The handler.
pub(in crate::web) async fn get(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let company = company_of(&request);
    let load = move |engine: &crate::engine::Engine| Ok((engine.status(&company)?, engine.plan(&company)?));
    let (status, plan) = ask(&site, load).await?;
    let page = PlanPage::new(Frame::of(&session, &request), &status, &plan);
    page_or_part(&request, || page.render(), || page.as_live().render())
}
