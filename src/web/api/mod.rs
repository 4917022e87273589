//! `/api/v1`: what the pages show and do, as JSON, for scripts. The models are the pages' own (`engine::views`).
//!
//! Every call needs a bearer token (`counterfoil token create`), except for the description of the interface itself; a token
//! of a viewer reads and changes nothing. Cookies mean nothing here and tokens mean nothing on the pages, so a foreign page can
//! make a browser call neither.
//!
//! The table below is all there is. Tests hold it against the document, and every answer against its schema there.

mod alerts;
mod caller;
mod change;
mod error;
mod notices;
mod read;

use super::form;
use super::respond;
use super::site::Site;
use crate::engine::{Engine, EngineError};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
pub(super) use caller::Caller;
use caller::Owner;
pub(super) use error::ApiError;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The description of this interface, OpenAPI 3.1.
const OPENAPI: &str = include_str!("openapi.json");

/// Declares the table of routes once, for the server and for the tests.
macro_rules! table {
    ($($method:ident $path:literal $handler:path;)+) => {
        /// Every method and path below `/api/v1`, as the document spells them.
        pub(super) const ROUTES: &[(&str, &str)] = &[$((stringify!($method), $path),)+];

        /// The routes below `/api/v1`.
        pub(super) fn routes(config: &mut web::ServiceConfig) {
            let scope = web::scope("/api/v1")$(.route($path, table!(@$method).to($handler)))+;
            config.service(scope.default_service(web::to(elsewhere)));
        }
    };
    (@get) => { super::get_or_head() };
    (@post) => { web::post() };
    (@put) => { web::put() };
    (@patch) => { web::patch() };
    (@delete) => { web::delete() };
}

table! {
    get "/openapi.json" openapi;
    get "/status" read::all_status;
    get "/companies" read::companies;
    post "/companies" change::add;
    get "/companies/{company}" read::status;
    delete "/companies/{company}" change::remove;
    get "/companies/{company}/status" read::status;
    get "/companies/{company}/details" read::details;
    get "/companies/{company}/plan" read::plan;
    get "/companies/{company}/check" read::check;
    get "/companies/{company}/calendar" read::calendar;
    get "/companies/{company}/problems" read::problems;
    get "/companies/{company}/problems/{problem}" read::problem;
    post "/companies/{company}/problems/{problem}/resolve" change::resolve;
    get "/companies/{company}/history" read::history;
    get "/companies/{company}/settings" read::settings;
    patch "/companies/{company}/settings" change::settings;
    put "/companies/{company}/credentials" change::credentials;
    post "/companies/{company}/start" change::start;
    post "/companies/{company}/pause" change::pause;
    post "/companies/{company}/resume" change::resume;
    post "/companies/{company}/sync" change::sync;
    get "/companies/{company}/qwc" read::qwc;
    post "/companies/{company}/qwc/password" change::new_password;
    post "/companies/{company}/qwc/ids" change::new_ids;
    get "/companies/{company}/webhooks" notices::show;
    post "/companies/{company}/webhooks" notices::create;
    delete "/companies/{company}/webhooks" notices::remove;
    put "/companies/{company}/webhooks/key" notices::set_key;
    post "/companies/{company}/webhooks/key" notices::rotate_key;
    post "/companies/{company}/webhooks/enable" notices::enable;
    get "/alerts" alerts::show;
    put "/alerts/silence" alerts::silence;
    put "/alerts/mail" alerts::set_mail;
    delete "/alerts/mail" alerts::remove_mail;
    post "/alerts/channels" alerts::add;
    delete "/alerts/channels/{channel}" alerts::remove;
    post "/alerts/channels/{channel}/test" alerts::test;
}

fn reply<T: Serialize>(status: StatusCode, value: &T) -> HttpResponse {
    let body = serde_json::to_vec(value).expect("invariant: views have text keys and serialise without fail");
    respond::guarded(status)
        .insert_header((header::CONTENT_TYPE, HeaderValue::from_static("application/json")))
        .body(body)
}

/// Asks the engine on a blocking thread and answers with what it says.
async fn ask<T: Serialize + Send + 'static>(
    site: &Site,
    work: impl FnOnce(&Engine) -> Result<T, EngineError> + Send + 'static,
) -> Result<HttpResponse, ApiError> {
    let engine = site.engine().clone();
    let answer = web::block(move || work(&engine)).await??;
    Ok(reply(StatusCode::OK, &answer))
}

/// Reads a JSON body; `wanted` says what it should have been.
async fn body<T: DeserializeOwned>(
    request: &HttpRequest,
    payload: web::Payload,
    wanted: &'static str,
) -> Result<T, ApiError> {
    let bytes = form::read_bytes(request, payload.into_inner()).await.ok_or(ApiError::BadRequest(wanted))?;
    serde_json::from_slice(&bytes).map_err(|_| ApiError::BadRequest(wanted))
}

fn company_of(request: &HttpRequest) -> String {
    request.match_info().query("company").to_owned()
}

fn problem_of(request: &HttpRequest) -> Result<i64, ApiError> {
    request.match_info().query("problem").parse().map_err(|_| ApiError::BadRequest("A problem is named by its number."))
}

async fn openapi() -> HttpResponse {
    respond::guarded(StatusCode::OK)
        .insert_header((header::CONTENT_TYPE, HeaderValue::from_static("application/json")))
        .body(OPENAPI)
}

/// What is not in the table: a path that knows other methods, or none at all.
async fn elsewhere(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let path = request.path().strip_prefix("/api/v1").unwrap_or_default();
    let known = methods_of(path);
    Err(if known.is_empty() { ApiError::NotFound } else { ApiError::WrongMethod(known) })
}

/// The methods that a path knows, as `Allow` lists them; empty for an unknown path.
fn methods_of(path: &str) -> String {
    let fits = |pattern: &str| {
        let (wanted, given) = (pattern.split('/'), path.split('/'));
        let same = |(wanted, given): (&str, &str)| wanted == given || (wanted.starts_with('{') && !given.is_empty());
        wanted.clone().count() == given.clone().count() && wanted.zip(given).all(same)
    };
    let methods = ROUTES.iter().filter(|(_, pattern)| fits(pattern)).map(|(method, _)| method.to_uppercase());
    methods.collect::<Vec<_>>().join(", ")
}
