//! Start, pause, resume, sync now: the switches of a company.

use super::{ask, company_of};
use crate::engine::{Engine, EngineError};
use crate::web::error::PageError;
use crate::web::respond;
use crate::web::session::Submission;
use crate::web::site::Site;
use actix_web::{HttpRequest, HttpResponse, web};

/// From preview to running.
pub(in crate::web) async fn start(
    request: HttpRequest,
    submission: Submission,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    act(&request, &submission, &site, "started", |engine, company, who| engine.start(company, who)).await
}

/// Nothing is written any more.
pub(in crate::web) async fn pause(
    request: HttpRequest,
    submission: Submission,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    act(&request, &submission, &site, "paused", |engine, company, who| engine.pause(company, who)).await
}

/// Goes on.
pub(in crate::web) async fn resume(
    request: HttpRequest,
    submission: Submission,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    act(&request, &submission, &site, "resumed", |engine, company, who| engine.resume(company, who)).await
}

/// Both sides are to be read at once, as far as that is ours to say.
pub(in crate::web) async fn sync(
    request: HttpRequest,
    submission: Submission,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    act(&request, &submission, &site, "sync", |engine, company, who| engine.sync_now(company, who)).await
}

async fn act(
    request: &HttpRequest,
    submission: &Submission,
    site: &Site,
    done: &str,
    action: fn(&Engine, &str, &str) -> Result<(), EngineError>,
) -> Result<HttpResponse, PageError> {
    let (company, who) = (company_of(request), submission.session.who());
    let target = format!("/companies/{company}?done={done}");
    ask(site, move |engine| action(engine, &company, &who)).await?;
    Ok(respond::see_other(&target))
}
