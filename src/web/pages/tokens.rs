//! `/tokens`: scripts that may use the JSON interface. A token is shown once, in the answer to the form that made it.

use super::{Frame, ask, confirm};
use crate::engine::{Engine, Role, TokenView, person_refusal};
use crate::web::error::PageError;
use crate::web::respond;
use crate::web::session::{Session, Submission};
use crate::web::site::Site;
use crate::web::view;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

#[derive(Template)]
#[template(path = "tokens.html")]
struct TokensPage<'v> {
    frame: Frame,
    tokens: Vec<TokenView>,
    /// A token that was just made.
    made: Option<&'v str>,
    refusal: Option<String>,
}

/// All of them.
pub(in crate::web) async fn list(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    show(&request, &session, &site, None, None).await
}

async fn show(
    request: &HttpRequest,
    session: &Session,
    site: &Site,
    made: Option<&str>,
    refusal: Option<String>,
) -> Result<HttpResponse, PageError> {
    let tokens = ask(site, Engine::api_tokens).await?;
    let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = TokensPage { frame: Frame::of(session, request), tokens, made, refusal };
    Ok(respond::html(status, page.render()?))
}

/// One more. It outlives the session, so the password is asked for again.
pub(in crate::web) async fn create(
    request: HttpRequest,
    submission: Submission,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let (session, fields) = (submission.session, submission.fields);
    if let Some(refusal) = confirm(&request, &session, &fields, &site).await? {
        return show(&request, &session, &site, None, Some(refusal)).await;
    }
    let role = Role::from_word(fields.get("role")).ok_or(PageError::BadForm)?;
    let name = fields.get("name").to_owned();
    match ask(&site, move |engine| engine.create_token(&name, role)).await {
        Ok(token) => show(&request, &session, &site, Some(token.expose()), None).await,
        Err(PageError::Engine(error)) if person_refusal(&error).is_some() => {
            show(&request, &session, &site, None, person_refusal(&error)).await
        }
        Err(error) => Err(error),
    }
}

/// One less. Taking a token back needs no password: it is what one does in a hurry.
pub(in crate::web) async fn revoke(
    request: HttpRequest,
    _submission: Submission,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let id = request.match_info().query("token").to_owned();
    match ask(&site, move |engine| engine.revoke_token(&id)).await {
        // Somebody else was faster: it is gone, which is what was wanted.
        Ok(()) | Err(PageError::Engine(crate::engine::EngineError::BadPerson(_))) => {
            Ok(respond::see_other("/tokens?done=revoked"))
        }
        Err(error) => Err(error),
    }
}
