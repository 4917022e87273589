//! Who calls: a script with a token. A handler that takes a [`Caller`] answers every token, one that takes an [`Owner`] only those
//! that may change something.

use super::error::ApiError;
use crate::web::session;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::LocalBoxFuture;

/// A script with a token, which may read.
pub(in crate::web) struct Caller;

/// A script whose token may change things: its name.
pub(super) struct Owner(String);

impl Owner {
    /// How its actions are signed in the history.
    pub(super) fn who(&self) -> String {
        format!("api: {}", self.0)
    }
}

impl FromRequest for Caller {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { find(&request).await.map(|_| Self) })
    }
}

impl FromRequest for Owner {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let (name, is_owner) = find(&request).await?;
            if is_owner { Ok(Self(name)) } else { Err(ApiError::OwnerOnly) }
        })
    }
}

/// The name of the caller's token, and whether it may change things.
async fn find(request: &HttpRequest) -> Result<(String, bool), ApiError> {
    let token = bearer(request).map(str::to_owned).ok_or(ApiError::NoToken)?;
    let people = session::site(request).people().clone();
    let found = web::block(move || people.by_token(&token)).await??;
    found.map(|script| (script.name, script.is_owner)).ok_or(ApiError::NoToken)
}

/// The token of `Authorization: Bearer TOKEN`.
fn bearer(request: &HttpRequest) -> Option<&str> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && (1..=256).contains(&token.len())).then_some(token)
}
