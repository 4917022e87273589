//! `/people`: who may sign in, what they may do, and where they are signed in.
//!
//! An owner changes all of it, after giving their own password again; a viewer looks. Names of people stand in paths, percent-encoded.

use super::{Frame, ask, confirm};
use crate::engine::{Engine, EngineError, PersonView, Role, WebSessionView, person_refusal};
use crate::web::error::PageError;
use crate::web::respond;
use crate::web::session::{Session, Submission};
use crate::web::site::Site;
use crate::web::view;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    frame: Frame,
    people: Vec<PersonView>,
    refusal: Option<String>,
    /// The name that was typed and refused.
    typed: String,
}

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage {
    frame: Frame,
    person: PersonView,
    sessions: Vec<WebSessionView>,
    refusal: Option<String>,
}

/// Everybody.
pub(in crate::web) async fn list(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    show_all(&request, &session, &site, "", None).await
}

async fn show_all(
    request: &HttpRequest,
    session: &Session,
    site: &Site,
    typed: &str,
    refusal: Option<String>,
) -> Result<HttpResponse, PageError> {
    let people = ask(site, Engine::people).await?;
    let status = status_of(refusal.as_ref());
    let page = PeoplePage { frame: Frame::of(session, request), people, refusal, typed: typed.to_owned() };
    Ok(respond::html(status, page.render()?))
}

fn status_of(refusal: Option<&String>) -> StatusCode {
    if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
}

/// One more.
pub(in crate::web) async fn add(
    request: HttpRequest,
    submission: Submission,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let (session, fields) = (submission.session, submission.fields);
    let name = fields.get("name").trim().to_owned();
    let mut refusal = confirm(&request, &session, &fields, &site).await?;
    if refusal.is_none() && fields.get("password") != fields.get("again") {
        refusal = Some("The two passwords are not the same.".to_owned());
    }
    let role = role_of(fields.get("role"))?;
    if refusal.is_none() {
        let (who, chosen) = (name.clone(), fields.get("password").to_owned().into());
        let _turn = site.take_hash_turn().await;
        refusal = refused(ask(&site, move |engine| engine.add_person(&who, role, &chosen)).await)?;
    }
    match refusal {
        None => Ok(respond::see_other("/people?done=person")),
        Some(refusal) => show_all(&request, &session, &site, &name, Some(refusal)).await,
    }
}

fn role_of(word: &str) -> Result<Role, PageError> {
    Role::from_word(word).ok_or(PageError::BadForm)
}

/// The sentence where people cannot be changed like this; other errors stay errors.
fn refused(result: Result<(), PageError>) -> Result<Option<String>, PageError> {
    match result {
        Ok(()) => Ok(None),
        Err(PageError::Engine(error)) => match person_refusal(&error) {
            Some(refusal) => Ok(Some(refusal)),
            None => Err(error.into()),
        },
        Err(error) => Err(error),
    }
}

/// One person.
pub(in crate::web) async fn show(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    show_one(&request, &session, &site, None).await
}

async fn show_one(
    request: &HttpRequest,
    session: &Session,
    site: &Site,
    refusal: Option<String>,
) -> Result<HttpResponse, PageError> {
    let name = name_of(request);
    let load = move |engine: &Engine| -> Result<_, EngineError> {
        let found = engine.people()?.into_iter().find(|person| person.name == name);
        Ok((found, engine.web_sessions(Some(&name))?))
    };
    let (person, sessions) = ask(site, load).await?;
    let person = person.ok_or(PageError::NotFound)?;
    let status = status_of(refusal.as_ref());
    let page = PersonPage { frame: Frame::of(session, request), person, sessions, refusal };
    Ok(respond::html(status, page.render()?))
}

fn name_of(request: &HttpRequest) -> String {
    // The router leaves these three as they came, because they mean something in a path.
    request.match_info().query("person").replace("%2F", "/").replace("%2B", "+").replace("%25", "%")
}

/// Another role.
pub(in crate::web) async fn role(
    request: HttpRequest,
    submission: Submission,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let role = role_of(submission.fields.get("role"))?;
    change(&request, &submission, &site, move |engine, name| engine.set_role(name, role)).await
}

/// Another password; their sessions end.
pub(in crate::web) async fn password(
    request: HttpRequest,
    submission: Submission,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let (chosen, again) = (submission.fields.get("password").to_owned(), submission.fields.get("again"));
    if chosen != again {
        let refusal = "The two new passwords are not the same.".to_owned();
        return show_one(&request, &submission.session, &site, Some(refusal)).await;
    }
    let chosen = chosen.into();
    change(&request, &submission, &site, move |engine, name| engine.set_person_password(name, &chosen, None)).await
}

/// An end to all their sessions.
pub(in crate::web) async fn sessions(
    request: HttpRequest,
    submission: Submission,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    change(&request, &submission, &site, |engine, name| engine.sign_out_everywhere(name)).await
}

/// They may not sign in any more.
pub(in crate::web) async fn remove(
    request: HttpRequest,
    submission: Submission,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    change(&request, &submission, &site, |engine, name| engine.remove_person(name)).await
}

/// Does it once the owner has given their password again.
async fn change(
    request: &HttpRequest,
    submission: &Submission,
    site: &Site,
    action: impl FnOnce(&Engine, &str) -> Result<(), EngineError> + Send + 'static,
) -> Result<HttpResponse, PageError> {
    let mut refusal = confirm(request, &submission.session, &submission.fields, site).await?;
    if refusal.is_none() {
        let name = name_of(request);
        let _turn = site.take_hash_turn().await;
        refusal = refused(ask(site, move |engine| action(engine, &name)).await)?;
    }
    match refusal {
        None => Ok(respond::see_other("/people?done=changed")),
        Some(refusal) => show_one(request, &submission.session, site, Some(refusal)).await,
    }
}
