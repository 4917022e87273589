//! `/setup/{token}`: the link that the first start prints. It makes the first owner, once, and is dead afterwards.

use super::Frame;
use crate::engine::check_name;
use crate::web::error::PageError;
use crate::web::people::SetUp;
use crate::web::session::Visitor;
use crate::web::site::Site;
use crate::web::{caller, form, respond};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

#[derive(Template)]
#[template(path = "first_owner.html")]
struct FirstOwnerPage<'v> {
    frame: Frame,
    name: &'v str,
    refusal: Option<String>,
}

/// The form, while the link lives.
pub(in crate::web) async fn get(request: HttpRequest, site: web::Data<Site>) -> Result<HttpResponse, PageError> {
    let (people, token) = (site.people().clone(), token_of(&request));
    if !web::block(move || people.is_setup_open(&token)).await?? {
        return Err(PageError::NotFound);
    }
    show(&request, StatusCode::OK, "", None)
}

fn show(
    request: &HttpRequest,
    status: StatusCode,
    name: &str,
    refusal: Option<String>,
) -> Result<HttpResponse, PageError> {
    let visitor = Visitor::of(request);
    let page = FirstOwnerPage { frame: Frame::bare(visitor.csrf()), name, refusal };
    let mut response = respond::html(status, page.render()?);
    visitor.remember(&mut response);
    Ok(response)
}

/// The first owner.
pub(in crate::web) async fn post(
    request: HttpRequest,
    payload: web::Payload,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let fields = form::read(&request, payload.into_inner()).await?;
    Visitor::of(&request).check(&request, &fields)?;
    let (name, password) = (fields.get("name").trim(), fields.get("password"));
    if let Some(refusal) = refusal(name, password, fields.get("again")) {
        return show(&request, StatusCode::UNPROCESSABLE_ENTITY, name, Some(refusal.to_owned()));
    }
    let (people, token) = (site.people().clone(), token_of(&request));
    let (owner, password) = (name.to_owned(), password.to_owned().into());
    let origin = caller::origin(&request);
    let _turn = site.take_hash_turn().await;
    match web::block(move || people.set_up(&token, &owner, &password, &origin)).await?? {
        SetUp::Welcome(token) => Ok(super::sign_in::welcome(&request, &site, &token, "/").await),
        SetUp::Dead => Err(PageError::NotFound),
        SetUp::BadPassword(why) => show(&request, StatusCode::UNPROCESSABLE_ENTITY, name, Some(why)),
    }
}

/// What is wrong with the form as far as this page can tell; the rules for passwords are `secrets`' own.
fn refusal(name: &str, password: &str, again: &str) -> Option<&'static str> {
    if check_name(name).is_err() {
        return Some("Give a name of 1 to 60 characters.");
    }
    (password != again).then_some("The two passwords are not the same.")
}

fn token_of(request: &HttpRequest) -> String {
    request.match_info().query("token").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_needs_a_name_and_the_same_password_twice() {
        assert_eq!(refusal("Ada", "a long password", "a long password"), None);
        assert!(refusal("", "x", "x").is_some());
        assert!(refusal(&"x".repeat(61), "x", "x").is_some());
        assert!(refusal("a\u{7}", "x", "x").is_some());
        assert!(refusal("Ada", "x", "x ").is_some());
    }
}
