//! `/sign-in` and `/sign-out`.
//!
//! A wrong name and a wrong password get the same words after the same time. Failures are counted per name and address in
//! the throttle that `authenticate` of the Web Connector uses too (design section 5).

use super::{Frame, query};
use crate::secrets::Token;
use crate::web::cookie::Cookie;
use crate::web::error::PageError;
use crate::web::people::SignIn;
use crate::web::session::{self, Session, Visitor};
use crate::web::site::Site;
use crate::web::{caller, form, next, respond};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage<'v> {
    frame: Frame,
    name: &'v str,
    next: &'v str,
    refusal: Option<String>,
    /// Whether nobody has been set up yet.
    is_new: bool,
}

/// The form.
pub(in crate::web) async fn get(request: HttpRequest, site: web::Data<Site>) -> Result<HttpResponse, PageError> {
    if site.open_pages() {
        return Ok(respond::see_other("/"));
    }
    let back = query(&request, "next").map(decode).unwrap_or_default();
    show(&request, &site, StatusCode::OK, "", &back, None).await
}

/// The percent-decoded form of a query value.
fn decode(value: &str) -> String {
    let parsed = web::Query::<Vec<(String, String)>>::from_query(&format!("v={value}"));
    parsed.ok().and_then(|pairs| pairs.into_inner().into_iter().next()).map_or_else(String::new, |(_, value)| value)
}

async fn show(
    request: &HttpRequest,
    site: &Site,
    status: StatusCode,
    name: &str,
    back: &str,
    refusal: Option<String>,
) -> Result<HttpResponse, PageError> {
    let people = site.people().clone();
    let is_new = !web::block(move || people.is_anybody()).await??;
    let visitor = Visitor::of(request);
    let page = SignInPage { frame: Frame::bare(visitor.csrf()), name, next: next::or_home(back), refusal, is_new };
    let mut response = respond::html(status, page.render()?);
    visitor.remember(&mut response);
    Ok(response)
}

/// Name and password.
pub(in crate::web) async fn post(
    request: HttpRequest,
    payload: web::Payload,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let fields = form::read(&request, payload.into_inner()).await?;
    Visitor::of(&request).check(&request, &fields)?;
    let (name, password) = (fields.get("name").trim().to_owned(), fields.get("password").to_owned().into());
    let origin = caller::origin(&request);
    let _turn = site.take_hash_turn().await;
    let people = site.people().clone();
    let attempt = {
        let name = name.clone();
        web::block(move || people.sign_in(&name, &password, &origin)).await??
    };
    let back = fields.get("next");
    match attempt {
        SignIn::Welcome(token) => Ok(welcome(&request, &site, &token, next::or_home(back)).await),
        SignIn::Refused => {
            let words = "That name and password do not fit together.".to_owned();
            show(&request, &site, StatusCode::FORBIDDEN, &name, back, Some(words)).await
        }
        SignIn::Later(at) => later(&request, &site, &name, back, at).await,
    }
}

async fn later(
    request: &HttpRequest,
    site: &Site,
    name: &str,
    back: &str,
    at: DateTime<Utc>,
) -> Result<HttpResponse, PageError> {
    let seconds = seconds_until(site, at);
    let words = too_many(seconds);
    let mut response = show(request, site, StatusCode::TOO_MANY_REQUESTS, name, back, Some(words)).await?;
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    Ok(response)
}

/// Whole seconds until a time, rounded up.
pub(super) fn seconds_until(site: &Site, at: DateTime<Utc>) -> u64 {
    at.signed_duration_since(site.people().now()).num_seconds().max(0).unsigned_abs() + 1
}

/// What somebody is told who failed too often.
pub(super) fn too_many(seconds: u64) -> String {
    format!("Too many wrong passwords from here. Try again in {seconds} seconds.")
}

/// Sends somebody who just signed in on their way, with a session of their own: whatever cookie the browser brought is replaced,
/// and the session behind it, if there was one, is over.
pub(in crate::web) async fn welcome(request: &HttpRequest, site: &Site, token: &Token, to: &str) -> HttpResponse {
    let secure = site.is_secure(request);
    if let Some(old) = Cookie::Session.read(request, secure).map(str::to_owned) {
        let people = site.people().clone();
        // Losing this race leaves an old session to its own end; the new one is what counts.
        let _ = web::block(move || people.sign_out(&old)).await;
    }
    let mut response = respond::see_other(to);
    response.headers_mut().append(header::SET_COOKIE, Cookie::Session.set(token.expose(), secure));
    response.headers_mut().append(header::SET_COOKIE, Cookie::Visitor.clear(secure));
    response
}

/// Ends the session, also for people who may only look.
pub(in crate::web) async fn sign_out(
    request: HttpRequest,
    session: Session,
    payload: web::Payload,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let fields = form::read(&request, payload.into_inner()).await?;
    session::check_token(&session, &request, &fields)?;
    let secure = site.is_secure(&request);
    if let Some(secret) = Cookie::Session.read(&request, secure).map(str::to_owned) {
        let people = site.people().clone();
        web::block(move || people.sign_out(&secret)).await??;
    }
    let mut response = respond::see_other("/sign-in");
    response.headers_mut().append(header::SET_COOKIE, Cookie::Session.clear(secure));
    Ok(response)
}
