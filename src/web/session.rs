//! Who is looking: extractors that stand in front of every page.
//!
//! A handler that takes a [`Session`] answers signed-in people only; one that takes a [`Submission`] answers owners only, and
//! only forms with a token that fits; one that takes an [`OwnForm`] answers everybody who is signed in, about themselves. There is no other way to a page behind the sign-in, and a test walks all routes
//! without a cookie.
//!
//! With open pages (`demo`) everybody on this machine is an owner. Such a server answers under names of this machine only, so
//! that a foreign page cannot reach it by a host name that it points at 127.0.0.1.

use super::cookie::Cookie;
use super::error::PageError;
use super::site::Site;
use super::{caller, csrf, form};
use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::LocalBoxFuture;
use subtle::ConstantTimeEq;

/// Somebody who may see the pages.
pub(super) struct Session {
    /// The person's name; none where pages are open.
    pub(super) person: Option<String>,
    /// Whether they may change anything.
    pub(super) is_owner: bool,
    /// The token for the forms of their pages.
    pub(super) csrf: String,
}

impl Session {
    /// The person's name.
    ///
    /// # Errors
    /// [`PageError::NotFound`] where pages are open: nobody is anybody there.
    pub(super) fn person(&self) -> Result<&str, PageError> {
        self.person.as_deref().ok_or(PageError::NotFound)
    }

    /// How actions of this person are signed in the history.
    pub(super) fn who(&self) -> String {
        format!("page: {}", self.person.as_deref().unwrap_or("demonstration"))
    }
}

impl FromRequest for Session {
    type Error = PageError;
    type Future = LocalBoxFuture<'static, Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { find(&request).await })
    }
}

/// The site of a request.
pub(super) fn site(request: &HttpRequest) -> &web::Data<Site> {
    request.app_data::<web::Data<Site>>().expect("invariant: `serve` gives every app a site")
}

async fn find(request: &HttpRequest) -> Result<Session, PageError> {
    let site = site(request);
    if site.open_pages() {
        return open(request, site);
    }
    let back = || (request.method() == Method::GET).then(|| request.uri().to_string());
    let secret =
        Cookie::Session.read(request, site.is_secure(request)).ok_or_else(|| PageError::SignIn { next: back() })?;
    let csrf = csrf::token(secret);
    let (people, secret) = (site.people().clone(), secret.to_owned());
    let person = web::block(move || people.by_session(&secret)).await??;
    let person = person.ok_or_else(|| PageError::SignIn { next: back() })?;
    Ok(Session { person: Some(person.name), is_owner: person.is_owner, csrf })
}

fn open(request: &HttpRequest, site: &Site) -> Result<Session, PageError> {
    if !caller::is_loopback_host(caller::host(request)) {
        return Err(PageError::ForeignHost);
    }
    Ok(Session { person: None, is_owner: true, csrf: csrf::token(site.open_secret()) })
}

/// Whether a form is one that we gave to this session.
///
/// # Errors
/// [`PageError::StaleForm`].
pub(super) fn check_token(session: &Session, request: &HttpRequest, fields: &form::Fields) -> Result<(), PageError> {
    let fits: bool = session.csrf.as_bytes().ct_eq(fields.get("csrf").as_bytes()).into();
    if fits && site(request).is_same_origin(request) { Ok(()) } else { Err(PageError::StaleForm) }
}

/// A form sent by an owner from one of our pages.
pub(super) struct Submission {
    /// Who sent it.
    pub(super) session: Session,
    /// What it says.
    pub(super) fields: form::Fields,
}

impl FromRequest for Submission {
    type Error = PageError;
    type Future = LocalBoxFuture<'static, Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let OwnForm { session, fields } = read_form(&request, payload).await?;
            if !session.is_owner {
                return Err(PageError::OwnerOnly);
            }
            Ok(Self { session, fields })
        })
    }
}

/// A form that somebody sent about themselves: their password, their sessions.
pub(super) struct OwnForm {
    /// Who sent it.
    pub(super) session: Session,
    /// What it says.
    pub(super) fields: form::Fields,
}

impl FromRequest for OwnForm {
    type Error = PageError;
    type Future = LocalBoxFuture<'static, Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move { read_form(&request, payload).await })
    }
}

async fn read_form(request: &HttpRequest, payload: Payload) -> Result<OwnForm, PageError> {
    let session = find(request).await?;
    let fields = form::read(request, payload).await?;
    check_token(&session, request, &fields)?;
    Ok(OwnForm { session, fields })
}

/// A browser without a session, in front of the sign-in or setup form.
pub(super) struct Visitor {
    /// The value of its cookie.
    secret: String,
    /// Whether the cookie has to be set.
    is_new: bool,
    secure: bool,
}

impl Visitor {
    /// The visitor of a request; a new one when it brings no cookie.
    pub(super) fn of(request: &HttpRequest) -> Self {
        let secure = site(request).is_secure(request);
        match Cookie::Visitor.read(request, secure) {
            Some(secret) => Self { secret: secret.to_owned(), is_new: false, secure },
            None => Self { secret: super::site::random_text(), is_new: true, secure },
        }
    }

    /// The token for the form.
    pub(super) fn csrf(&self) -> String {
        csrf::token(&self.secret)
    }

    /// Whether the form is one that we gave to this browser.
    ///
    /// # Errors
    /// [`PageError::NoCookie`] or [`PageError::StaleForm`].
    pub(super) fn check(&self, request: &HttpRequest, fields: &form::Fields) -> Result<(), PageError> {
        if self.is_new {
            return Err(PageError::NoCookie);
        }
        let fits = csrf::fits(&self.secret, fields.get("csrf")) && site(request).is_same_origin(request);
        if fits { Ok(()) } else { Err(PageError::StaleForm) }
    }

    /// Adds the cookie to the page with the form, where the browser has none yet.
    pub(super) fn remember(&self, response: &mut actix_web::HttpResponse) {
        if self.is_new {
            let cookie = Cookie::Visitor.set(&self.secret, self.secure);
            response.headers_mut().append(actix_web::http::header::SET_COOKIE, cookie);
        }
    }
}
