//! `/account`: what everybody can do about themselves, viewers too: another password, and an end to other browsers' sessions.
//!
//! Both ask for the password again: a browser that was left open must not be enough to lock its owner out (OWASP ASVS 5.0,
//! 6.2.3 and 7.5.2).

use super::{Frame, ask, confirm};
use crate::engine::{WebSessionView, person_refusal};
use crate::web::cookie::Cookie;
use crate::web::error::PageError;
use crate::web::people::People;
use crate::web::respond;
use crate::web::session::{OwnForm, Session};
use crate::web::site::Site;
use crate::web::view;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage<'v> {
    frame: Frame,
    name: &'v str,
    sessions: Vec<WebSessionView>,
    /// The session that this very browser has.
    current: Option<String>,
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
    let name = session.person()?.to_owned();
    let of = name.clone();
    let sessions = ask(site, move |engine| engine.web_sessions(Some(&of))).await?;
    let current = cookie(request, site).and_then(|secret| People::short_name(&secret));
    let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = AccountPage { frame: Frame::of(session, request), name: &name, sessions, current, refusal };
    Ok(respond::html(status, page.render()?))
}

fn cookie(request: &HttpRequest, site: &Site) -> Option<String> {
    Cookie::Session.read(request, site.is_secure(request)).map(str::to_owned)
}

/// Another password. All other browsers are signed out.
pub(in crate::web) async fn password(
    request: HttpRequest,
    form: OwnForm,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let (session, fields) = (form.session, form.fields);
    if let Some(refusal) = confirm(&request, &session, &fields, &site).await? {
        return show(&request, &session, &site, Some(refusal)).await;
    }
    if fields.get("password") != fields.get("again") {
        return show(&request, &session, &site, Some("The two new passwords are not the same.".to_owned())).await;
    }
    let (name, chosen) = (session.person()?.to_owned(), fields.get("password").to_owned().into());
    let (people, kept) = (site.people().clone(), cookie(&request, &site).unwrap_or_default());
    let _turn = site.take_hash_turn().await;
    match web::block(move || people.change_password(&name, &chosen, &kept)).await? {
        Ok(()) => Ok(respond::see_other("/account?done=password")),
        Err(error) => match person_refusal(&error) {
            Some(refusal) => show(&request, &session, &site, Some(refusal)).await,
            None => Err(error.into()),
        },
    }
}

/// An end to the sessions that were ticked, or to all others.
pub(in crate::web) async fn sessions(
    request: HttpRequest,
    form: OwnForm,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let (session, fields) = (form.session, form.fields);
    if let Some(refusal) = confirm(&request, &session, &fields, &site).await? {
        return show(&request, &session, &site, Some(refusal)).await;
    }
    let name = session.person()?.to_owned();
    let ticked: Vec<String> = fields.with_prefix("end.").map(|(id, _)| id.to_owned()).collect();
    let (people, kept) = (site.people().clone(), cookie(&request, &site).unwrap_or_default());
    let all = fields.get("which") == "others";
    web::block(move || {
        if all {
            return people.end_others(&name, &kept).map(drop);
        }
        ticked.iter().try_for_each(|id| people.end_session(Some(&name), id).map(drop))
    })
    .await??;
    Ok(respond::see_other("/account?done=sessions"))
}
