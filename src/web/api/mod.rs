//! `/api/v1`: what the pages show and do, as JSON, for scripts. The models are the pages' own (`engine::views`).
//!
//! Every call needs a bearer token (`counterfoil token create`), except for the description of the interface itself. Cookies
//! mean nothing here and tokens mean nothing on the pages, so a foreign page can make a browser call neither.
//!
//! Errors are `{"error": {"code", "message"}}` with the fitting status; the message is the sentence the page would show.

use super::error::engine_status;
use super::form;
use super::limits;
use super::respond;
use super::session;
use super::site::Site;
use crate::engine::{Engine, EngineError};
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{FromRequest, HttpRequest, HttpResponse, Resource, ResponseError, web};
use futures_util::future::LocalBoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fmt;

/// The description of this interface, OpenAPI 3.1.
const OPENAPI: &str = include_str!("openapi.json");

/// The routes below `/api/v1`.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    let at = |path: &str| resource(&format!("/companies/{{company}}{path}"));
    let scope = web::scope("/api/v1")
        .service(resource("/openapi.json").route(super::get_or_head().to(openapi)))
        .service(resource("/status").route(super::get_or_head().to(all_status)))
        .service(resource("/companies").route(super::get_or_head().to(companies)))
        .service(at("").route(super::get_or_head().to(status)))
        .service(at("/status").route(super::get_or_head().to(status)))
        .service(at("/plan").route(super::get_or_head().to(plan)))
        .service(at("/problems").route(super::get_or_head().to(problems)))
        .service(at("/problems/{problem}").route(super::get_or_head().to(problem)))
        .service(at("/problems/{problem}/resolve").route(web::post().to(resolve)))
        .service(at("/history").route(super::get_or_head().to(history)))
        .service(at("/start").route(web::post().to(start)))
        .service(at("/pause").route(web::post().to(pause)))
        .service(at("/resume").route(web::post().to(resume)))
        .default_service(web::to(not_found));
    config.service(scope);
}

fn resource(path: &str) -> Resource {
    web::resource(path).default_service(web::to(wrong_method))
}

/// Why a call failed.
#[derive(Debug)]
pub(super) enum ApiError {
    NoToken,
    NotFound,
    WrongMethod,
    BadRequest(&'static str),
    Engine(EngineError),
    Internal,
}

impl From<EngineError> for ApiError {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

impl From<actix_web::error::BlockingError> for ApiError {
    fn from(_: actix_web::error::BlockingError) -> Self {
        tracing::error!("the work for a call of the JSON interface failed inside the server");
        Self::Internal
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoToken => {
                f.write_str("Send a token made with \"counterfoil token create\": Authorization: Bearer TOKEN.")
            }
            Self::NotFound => f.write_str("There is no such path; /api/v1/openapi.json lists them all."),
            Self::WrongMethod => f.write_str("This path does not know that method; see /api/v1/openapi.json."),
            Self::BadRequest(why) => f.write_str(why),
            Self::Engine(error) if !engine_status(error).is_server_error() => error.fmt(f),
            Self::Engine(_) | Self::Internal => f.write_str("Counterfoil failed on this call. Its log says why."),
        }
    }
}

impl ApiError {
    const fn code(&self) -> &'static str {
        match self {
            Self::NoToken => "no_token",
            Self::NotFound => "not_found",
            Self::WrongMethod => "wrong_method",
            Self::BadRequest(_) => "bad_request",
            Self::Engine(EngineError::NoSuchCompany(_)) => "no_such_company",
            Self::Engine(EngineError::NoSuchProblem(_)) => "no_such_problem",
            Self::Engine(EngineError::BadAction(_)) => "bad_action",
            Self::Engine(EngineError::Setting(_)) => "bad_setting",
            Self::Engine(_) | Self::Internal => "internal",
        }
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NoToken => StatusCode::UNAUTHORIZED,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Engine(error) => engine_status(error),
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let status = self.status_code();
        if let Self::Engine(error) = self
            && status.is_server_error()
        {
            tracing::error!(%error, "a call of the JSON interface failed");
        }
        let mut response = reply(status, &json!({ "error": { "code": self.code(), "message": self.to_string() } }));
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

fn reply<T: Serialize>(status: StatusCode, value: &T) -> HttpResponse {
    let body = serde_json::to_vec(value).expect("invariant: views have text keys and serialise without fail");
    respond::guarded(status)
        .insert_header((header::CONTENT_TYPE, HeaderValue::from_static("application/json")))
        .body(body)
}

/// A caller with a token: its name.
pub(super) struct Caller(String);

impl Caller {
    /// How its actions are signed in the history.
    fn who(&self) -> String {
        format!("api: {}", self.0)
    }
}

impl FromRequest for Caller {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let token = bearer(request).map(str::to_owned);
        let people = session::site(request).people().clone();
        Box::pin(async move {
            let token = token.ok_or(ApiError::NoToken)?;
            let name = web::block(move || people.by_token(&token)).await??;
            name.map(Self).ok_or(ApiError::NoToken)
        })
    }
}

/// The token of `Authorization: Bearer TOKEN`.
fn bearer(request: &HttpRequest) -> Option<&str> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && (1..=256).contains(&token.len())).then_some(token)
}

async fn ask<T: Serialize + Send + 'static>(
    site: &Site,
    work: impl FnOnce(&Engine) -> Result<T, EngineError> + Send + 'static,
) -> Result<HttpResponse, ApiError> {
    let engine = site.engine().clone();
    let answer = web::block(move || work(&engine)).await??;
    Ok(reply(StatusCode::OK, &answer))
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

async fn all_status(_caller: Caller, site: web::Data<Site>) -> Result<HttpResponse, ApiError> {
    ask(&site, |engine| Ok(json!({ "companies": engine.overview()? }))).await
}

/// The short list: what a script needs to go on.
#[derive(Serialize)]
struct CompanyLine {
    id: String,
    name: String,
    state: crate::engine::StateWord,
    mode: String,
    problems: usize,
}

async fn companies(_caller: Caller, site: web::Data<Site>) -> Result<HttpResponse, ApiError> {
    ask(&site, |engine| {
        let lines = engine.overview()?.into_iter().map(|status| CompanyLine {
            problems: status.problems.len(),
            id: status.company,
            name: status.name,
            state: status.state,
            mode: status.mode,
        });
        Ok(json!({ "companies": lines.collect::<Vec<_>>() }))
    })
    .await
}

async fn status(request: HttpRequest, _caller: Caller, site: web::Data<Site>) -> Result<HttpResponse, ApiError> {
    let company = company_of(&request);
    ask(&site, move |engine| engine.status(&company)).await
}

async fn plan(request: HttpRequest, _caller: Caller, site: web::Data<Site>) -> Result<HttpResponse, ApiError> {
    let company = company_of(&request);
    ask(&site, move |engine| engine.plan(&company)).await
}

async fn problems(request: HttpRequest, _caller: Caller, site: web::Data<Site>) -> Result<HttpResponse, ApiError> {
    let company = company_of(&request);
    ask(&site, move |engine| Ok(json!({ "company": &company, "problems": engine.problems(&company)? }))).await
}

async fn problem(request: HttpRequest, _caller: Caller, site: web::Data<Site>) -> Result<HttpResponse, ApiError> {
    let (company, problem) = (company_of(&request), problem_of(&request)?);
    ask(&site, move |engine| engine.problem(&company, problem)).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Resolve {
    action: String,
    #[serde(default)]
    with: Option<String>,
}

async fn resolve(
    request: HttpRequest,
    caller: Caller,
    payload: web::Payload,
    site: web::Data<Site>,
) -> Result<HttpResponse, ApiError> {
    const WANTED: &str = "Send JSON: {\"action\": \"retry\"}, with \"with\" where the action wants one.";
    let (company, problem) = (company_of(&request), problem_of(&request)?);
    let body = form::read_bytes(&request, payload.into_inner()).await.ok_or(ApiError::BadRequest(WANTED))?;
    let wish: Resolve = serde_json::from_slice(&body).map_err(|_| ApiError::BadRequest(WANTED))?;
    let act = move |engine: &Engine| {
        engine.resolve(&company, problem, &wish.action, wish.with.as_deref(), &caller.who())?;
        engine.status(&company)
    };
    ask(&site, act).await
}

async fn history(request: HttpRequest, _caller: Caller, site: web::Data<Site>) -> Result<HttpResponse, ApiError> {
    #[derive(Deserialize)]
    struct Page {
        before: Option<i64>,
        limit: Option<usize>,
    }
    let page = web::Query::<Page>::from_query(request.query_string());
    let page = page.map_err(|_| ApiError::BadRequest("before and limit are whole numbers."))?.into_inner();
    let limit = page.limit.unwrap_or(limits::HISTORY_ROWS).clamp(1, limits::HISTORY_ROWS_MAX);
    let company = company_of(&request);
    let read = move |engine: &Engine| {
        Ok(json!({ "company": &company, "events": engine.history(&company, page.before, limit)? }))
    };
    ask(&site, read).await
}

async fn start(request: HttpRequest, caller: Caller, site: web::Data<Site>) -> Result<HttpResponse, ApiError> {
    switch(&request, &caller, &site, |engine, company, who| engine.start(company, who)).await
}

async fn pause(request: HttpRequest, caller: Caller, site: web::Data<Site>) -> Result<HttpResponse, ApiError> {
    switch(&request, &caller, &site, |engine, company, who| engine.pause(company, who)).await
}

async fn resume(request: HttpRequest, caller: Caller, site: web::Data<Site>) -> Result<HttpResponse, ApiError> {
    switch(&request, &caller, &site, |engine, company, who| engine.resume(company, who)).await
}

/// Does it and answers how the company stands then.
async fn switch(
    request: &HttpRequest,
    caller: &Caller,
    site: &Site,
    action: fn(&Engine, &str, &str) -> Result<(), EngineError>,
) -> Result<HttpResponse, ApiError> {
    let (company, who) = (company_of(request), caller.who());
    let act = move |engine: &Engine| {
        action(engine, &company, &who)?;
        engine.status(&company)
    };
    ask(site, act).await
}

async fn not_found() -> Result<HttpResponse, ApiError> {
    Err(ApiError::NotFound)
}

async fn wrong_method() -> Result<HttpResponse, ApiError> {
    Err(ApiError::WrongMethod)
}
