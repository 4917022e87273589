//! What is asked for: nothing here changes anything.

use super::{ApiError, Caller, ask, company_of, problem_of};
use crate::engine::{Engine, EngineError};
use crate::web::limits;
use crate::web::respond;
use crate::web::site::Site;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

type Answer = Result<HttpResponse, ApiError>;

pub(super) async fn all_status(_caller: Caller, site: web::Data<Site>) -> Answer {
    ask(&site, |engine| Ok(json!({ "companies": engine.overview()? }))).await
}

/// The short list: what a script needs to go on.
#[derive(Serialize)]
struct CompanyLine {
    id: String,
    name: String,
    state: crate::engine::StateWord,
    mode: String,
    problems: u64,
}

pub(super) async fn companies(_caller: Caller, site: web::Data<Site>) -> Answer {
    ask(&site, |engine| {
        let lines = engine.summaries()?.into_iter().map(|summary| CompanyLine {
            problems: summary.problems,
            id: summary.company,
            name: summary.name,
            state: summary.state,
            mode: summary.mode,
        });
        Ok(json!({ "companies": lines.collect::<Vec<_>>() }))
    })
    .await
}

pub(super) async fn status(request: HttpRequest, _caller: Caller, site: web::Data<Site>) -> Answer {
    let company = company_of(&request);
    ask(&site, move |engine| engine.status(&company)).await
}

/// All of the company's page.
pub(super) async fn details(request: HttpRequest, _caller: Caller, site: web::Data<Site>) -> Answer {
    let company = company_of(&request);
    ask(&site, move |engine| {
        let page = engine.company_page(&company)?;
        Ok(json!({
            "status": engine.status(&company)?,
            "kinds": page.kinds,
            "days": page.days,
            "sessions": page.sessions,
            "events": page.events,
            "company_file": page.company_file,
            "app_url": page.app_url,
            "user_name": page.user_name,
            "settings": object(page.settings),
        }))
    })
    .await
}

pub(super) async fn plan(request: HttpRequest, _caller: Caller, site: web::Data<Site>) -> Answer {
    let company = company_of(&request);
    ask(&site, move |engine| engine.plan(&company)).await
}

/// Both ledgers side by side.
pub(super) async fn check(request: HttpRequest, _caller: Caller, site: web::Data<Site>) -> Answer {
    let company = company_of(&request);
    ask(&site, move |engine| engine.check(&company)).await
}

/// The cash-flow calendar.
pub(super) async fn calendar(request: HttpRequest, _caller: Caller, site: web::Data<Site>) -> Answer {
    #[derive(Deserialize)]
    struct Choice {
        unapproved: Option<bool>,
    }
    let choice = web::Query::<Choice>::from_query(request.query_string());
    let choice = choice.map_err(|_| ApiError::BadRequest("unapproved is true or false."))?.into_inner();
    let company = company_of(&request);
    ask(&site, move |engine| engine.calendar(&company, choice.unapproved)).await
}

pub(super) async fn problems(request: HttpRequest, _caller: Caller, site: web::Data<Site>) -> Answer {
    let company = company_of(&request);
    ask(&site, move |engine| Ok(json!({ "company": &company, "problems": engine.problems(&company)? }))).await
}

pub(super) async fn problem(request: HttpRequest, _caller: Caller, site: web::Data<Site>) -> Answer {
    let (company, problem) = (company_of(&request), problem_of(&request)?);
    ask(&site, move |engine| engine.problem(&company, problem)).await
}

pub(super) async fn history(request: HttpRequest, _caller: Caller, site: web::Data<Site>) -> Answer {
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

pub(super) async fn settings(request: HttpRequest, _caller: Caller, site: web::Data<Site>) -> Answer {
    let company = company_of(&request);
    ask(&site, move |engine| settings_of(engine, &company)).await
}

/// All settings of a company with their values.
pub(super) fn settings_of(engine: &Engine, company: &str) -> Result<Value, EngineError> {
    let page = engine.company_page(company)?;
    Ok(json!({ "company": page.summary.company, "settings": object(page.settings) }))
}

fn object(settings: Vec<(String, String)>) -> Map<String, Value> {
    settings.into_iter().map(|(key, value)| (key, Value::String(value))).collect()
}

/// The `.qwc` file, as it is.
pub(super) async fn qwc(request: HttpRequest, _caller: Caller, site: web::Data<Site>) -> Answer {
    let (company, engine) = (company_of(&request), site.engine().clone());
    let file = web::block(move || engine.qwc(&company, false, false)).await??;
    Ok(respond::guarded(StatusCode::OK)
        .insert_header((header::CONTENT_TYPE, HeaderValue::from_static(qbwc::qwc::MIME)))
        .body(file.xml))
}
