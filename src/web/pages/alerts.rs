//! `/alerts`: where people are told that something needs them, with a test of each channel. An owner changes it, a viewer looks.
//!
//! The URL of a webhook and the mail server's password go in and never come out again.

use super::{Frame, ask};
use crate::engine::{AlertKind, AlertsView, Engine, EngineError, NewChannel, NewMail};
use crate::model::sentence;
use crate::web::error::PageError;
use crate::web::respond;
use crate::web::session::{Session, Submission};
use crate::web::site::Site;
use crate::web::view;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

#[derive(Template)]
#[template(path = "alerts.html")]
struct AlertsPage {
    frame: Frame,
    alerts: AlertsView,
    /// Ids and names of the companies there are.
    companies: Vec<(String, String)>,
    refusal: Option<String>,
}

/// The page.
pub(in crate::web) async fn get(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    show(&request, &session, &site, None).await
}

async fn show(
    request: &HttpRequest,
    session: &Session,
    site: &Site,
    refusal: Option<String>,
) -> Result<HttpResponse, PageError> {
    let load = |engine: &Engine| -> Result<_, EngineError> {
        let companies = engine.summaries()?.into_iter().map(|summary| (summary.company, summary.name));
        Ok((engine.alerts()?, companies.collect()))
    };
    let (alerts, companies) = ask(site, load).await?;
    let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = AlertsPage { frame: Frame::of(session, request), alerts, companies, refusal };
    Ok(respond::html(status, page.render()?))
}

/// One more channel.
pub(in crate::web) async fn add(
    request: HttpRequest,
    submission: Submission,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let fields = &submission.fields;
    let new = NewChannel {
        kind: AlertKind::from_word(fields.get("kind")).ok_or(PageError::BadForm)?,
        target: fields.get("target").to_owned().into(),
        company: fields.filled("company").map(str::to_owned),
    };
    change(&request, &submission, &site, move |engine| engine.add_channel(&new).map(drop)).await
}

/// One less.
pub(in crate::web) async fn remove(
    request: HttpRequest,
    submission: Submission,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let channel = channel_of(&request)?;
    change(&request, &submission, &site, move |engine| engine.remove_channel(channel)).await
}

/// The server that takes e-mail; with an empty address, none.
pub(in crate::web) async fn mail(
    request: HttpRequest,
    submission: Submission,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let fields = &submission.fields;
    let new = NewMail {
        server: fields.get("server").trim().to_owned(),
        sender: fields.get("sender").trim().to_owned(),
        user: fields.get("user").trim().to_owned(),
        password: fields.filled("password").map(|password| password.to_owned().into()),
    };
    let set = move |engine: &Engine| if new.server.is_empty() { engine.remove_mail() } else { engine.set_mail(&new) };
    change(&request, &submission, &site, set).await
}

/// How long the Web Connector may be silent.
pub(in crate::web) async fn silence(
    request: HttpRequest,
    submission: Submission,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let after = submission.fields.get("after").to_owned();
    change(&request, &submission, &site, move |engine| engine.set_silence(&after)).await
}

/// Sends a message that says it is a test.
pub(in crate::web) async fn test(
    request: HttpRequest,
    submission: Submission,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    match site.engine().test_channel(channel_of(&request)?).await {
        Ok(None) => Ok(respond::see_other("/alerts?done=tested")),
        Ok(Some(error)) => {
            show(&request, &submission.session, &site, Some(format!("The test was not taken. {error}"))).await
        }
        Err(EngineError::BadAlert(why)) => show(&request, &submission.session, &site, Some(sentence(&why))).await,
        Err(error) => Err(error.into()),
    }
}

async fn change(
    request: &HttpRequest,
    submission: &Submission,
    site: &Site,
    action: impl FnOnce(&Engine) -> Result<(), EngineError> + Send + 'static,
) -> Result<HttpResponse, PageError> {
    match ask(site, action).await {
        Ok(()) => Ok(respond::see_other("/alerts?done=saved")),
        Err(PageError::Engine(EngineError::BadAlert(why))) => {
            show(request, &submission.session, site, Some(sentence(&why))).await
        }
        Err(error) => Err(error),
    }
}

fn channel_of(request: &HttpRequest) -> Result<i64, PageError> {
    request.match_info().query("channel").parse().map_err(|_| PageError::NotFound)
}
