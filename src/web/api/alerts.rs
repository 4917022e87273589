//! Alerts: where they go, and a test of each.

use super::{ApiError, Caller, Owner, ask, body, reply};
use crate::engine::{AlertKind, Engine, NewChannel, NewMail};
use crate::web::site::Site;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

type Answer = Result<HttpResponse, ApiError>;

pub(super) async fn show(_caller: Caller, site: web::Data<Site>) -> Answer {
    ask(&site, Engine::alerts).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Silence {
    after: String,
}

pub(super) async fn silence(
    request: HttpRequest,
    _owner: Owner,
    payload: web::Payload,
    site: web::Data<Site>,
) -> Answer {
    const WANTED: &str = "Send JSON: {\"after\": \"4h\"}.";
    let wish: Silence = body(&request, payload, WANTED).await?;
    ask(&site, move |engine| {
        engine.set_silence(&wish.after)?;
        engine.alerts()
    })
    .await
}

/// The mail server. No `Debug`: it holds a password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mail {
    server: String,
    sender: String,
    #[serde(default)]
    user: Option<String>,
    #[serde(default)]
    password: Option<String>,
}

pub(super) async fn set_mail(
    request: HttpRequest,
    _owner: Owner,
    payload: web::Payload,
    site: web::Data<Site>,
) -> Answer {
    const WANTED: &str = "Send JSON with server and sender, and with user and password where the server wants them.";
    let wish: Mail = body(&request, payload, WANTED).await?;
    let mail = NewMail {
        server: wish.server,
        sender: wish.sender,
        user: wish.user.unwrap_or_default(),
        password: wish.password.map(Into::into),
    };
    ask(&site, move |engine| {
        engine.set_mail(&mail)?;
        engine.alerts()
    })
    .await
}

pub(super) async fn remove_mail(_owner: Owner, site: web::Data<Site>) -> Answer {
    ask(&site, move |engine| {
        engine.remove_mail()?;
        engine.alerts()
    })
    .await
}

/// A channel about to be added. No `Debug`: an address of a webhook is a secret.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Add {
    kind: String,
    target: String,
    #[serde(default)]
    company: Option<String>,
}

pub(super) async fn add(request: HttpRequest, _owner: Owner, payload: web::Payload, site: web::Data<Site>) -> Answer {
    const WANTED: &str =
        "Send JSON with kind (email, webhook, slack or heartbeat) and target, and company for one company only.";
    let wish: Add = body(&request, payload, WANTED).await?;
    let kind = AlertKind::from_word(&wish.kind).ok_or(ApiError::BadRequest(WANTED))?;
    let new = NewChannel { kind, target: wish.target.into(), company: wish.company };
    let engine = site.engine().clone();
    let added = web::block(move || engine.add_channel(&new)).await??;
    Ok(reply(StatusCode::CREATED, &added))
}

fn channel_of(request: &HttpRequest) -> Result<i64, ApiError> {
    request.match_info().query("channel").parse().map_err(|_| ApiError::BadRequest("A channel is named by its number."))
}

pub(super) async fn remove(request: HttpRequest, _owner: Owner, site: web::Data<Site>) -> Answer {
    let channel = channel_of(&request)?;
    ask(&site, move |engine| {
        engine.remove_channel(channel)?;
        Ok(json!({ "id": channel, "removed": true }))
    })
    .await
}

/// Sends a message that says it is a test. The answer tells whether it was taken.
pub(super) async fn test(request: HttpRequest, _owner: Owner, site: web::Data<Site>) -> Answer {
    let (channel, engine) = (channel_of(&request)?, site.engine().clone());
    let error = engine.test_channel(channel).await?;
    Ok(reply(StatusCode::OK, &json!({ "id": channel, "sent": error.is_none(), "error": error })))
}
