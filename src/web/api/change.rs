//! What is done to companies: the same that the pages' buttons and the command line do.

use super::read::settings_of;
use super::{ApiError, Owner, ask, body, company_of, problem_of, reply};
use crate::engine::{Engine, EngineError, NewCompany};
use crate::web::site::Site;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;

type Answer = Result<HttpResponse, ApiError>;

/// A company about to be added. No `Debug`: it holds secrets.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Add {
    name: String,
    billcom_url: String,
    billcom_org: String,
    billcom_user: String,
    billcom_password: String,
    billcom_dev_key: String,
    #[serde(default)]
    settings: BTreeMap<String, String>,
    #[serde(default)]
    start: bool,
}

pub(super) async fn add(request: HttpRequest, _owner: Owner, payload: web::Payload, site: web::Data<Site>) -> Answer {
    const WANTED: &str =
        "Send JSON with name, billcom_url, billcom_org, billcom_user, billcom_password and billcom_dev_key.";
    let wish: Add = body(&request, payload, WANTED).await?;
    let new = NewCompany {
        name: wish.name,
        billcom_url: wish.billcom_url,
        billcom_org: wish.billcom_org,
        billcom_user: wish.billcom_user,
        billcom_password: wish.billcom_password.into(),
        billcom_dev_key: wish.billcom_dev_key.into(),
        settings: wish.settings.into_iter().collect(),
        start: wish.start,
    };
    let engine = site.engine().clone();
    let added = web::block(move || engine.add_company(&new)).await??;
    Ok(reply(StatusCode::CREATED, &added))
}

pub(super) async fn remove(request: HttpRequest, owner: Owner, site: web::Data<Site>) -> Answer {
    let (company, who) = (company_of(&request), owner.who());
    ask(&site, move |engine| {
        engine.remove(&company, &who)?;
        Ok(json!({ "company": company, "removed": true }))
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Resolve {
    action: String,
    #[serde(default)]
    with: Option<String>,
}

pub(super) async fn resolve(
    request: HttpRequest,
    owner: Owner,
    payload: web::Payload,
    site: web::Data<Site>,
) -> Answer {
    const WANTED: &str = "Send JSON: {\"action\": \"retry\"}, with \"with\" where the action wants one.";
    let (company, problem) = (company_of(&request), problem_of(&request)?);
    let wish: Resolve = body(&request, payload, WANTED).await?;
    ask(&site, move |engine| {
        engine.resolve(&company, problem, &wish.action, wish.with.as_deref(), &owner.who())?;
        engine.status(&company)
    })
    .await
}

pub(super) async fn settings(
    request: HttpRequest,
    owner: Owner,
    payload: web::Payload,
    site: web::Data<Site>,
) -> Answer {
    const WANTED: &str = "Send a JSON object of settings and their values, both text.";
    let company = company_of(&request);
    let wish: BTreeMap<String, String> = body(&request, payload, WANTED).await?;
    ask(&site, move |engine| {
        engine.set(&company, &wish.into_iter().collect::<Vec<_>>(), &owner.who())?;
        settings_of(engine, &company)
    })
    .await
}

/// Other credentials for Bill.com; what is left out stays. No `Debug`: it holds secrets.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Credentials {
    #[serde(default)]
    user: Option<String>,
    #[serde(default)]
    password: Option<String>,
    #[serde(default)]
    developer_key: Option<String>,
}

pub(super) async fn credentials(
    request: HttpRequest,
    owner: Owner,
    payload: web::Payload,
    site: web::Data<Site>,
) -> Answer {
    const WANTED: &str = "Send JSON with user, password or developer_key, each a text.";
    let company = company_of(&request);
    let wish: Credentials = body(&request, payload, WANTED).await?;
    ask(&site, move |engine| {
        let (password, key) = (wish.password.map(Into::into), wish.developer_key.map(Into::into));
        engine.set_credentials(&company, wish.user.as_deref(), password.as_ref(), key.as_ref(), &owner.who())?;
        Ok(json!({ "company": company, "changed": true }))
    })
    .await
}

pub(super) async fn start(request: HttpRequest, owner: Owner, site: web::Data<Site>) -> Answer {
    switch(&request, &owner, &site, |engine, company, who| engine.start(company, who)).await
}

pub(super) async fn pause(request: HttpRequest, owner: Owner, site: web::Data<Site>) -> Answer {
    switch(&request, &owner, &site, |engine, company, who| engine.pause(company, who)).await
}

pub(super) async fn resume(request: HttpRequest, owner: Owner, site: web::Data<Site>) -> Answer {
    switch(&request, &owner, &site, |engine, company, who| engine.resume(company, who)).await
}

pub(super) async fn sync(request: HttpRequest, owner: Owner, site: web::Data<Site>) -> Answer {
    switch(&request, &owner, &site, |engine, company, who| engine.sync_now(company, who)).await
}

/// Does it and answers how the company stands then.
async fn switch(
    request: &HttpRequest,
    owner: &Owner,
    site: &Site,
    action: fn(&Engine, &str, &str) -> Result<(), EngineError>,
) -> Answer {
    let (company, who) = (company_of(request), owner.who());
    ask(site, move |engine| {
        action(engine, &company, &who)?;
        engine.status(&company)
    })
    .await
}

/// A new password for the Web Connector, shown this once.
pub(super) async fn new_password(request: HttpRequest, _owner: Owner, site: web::Data<Site>) -> Answer {
    let company = company_of(&request);
    ask(&site, move |engine| {
        let user_name = engine.company_page(&company)?.user_name;
        let file = engine.qwc(&company, false, true)?;
        Ok(json!({ "company": company, "user_name": user_name, "password": file.password }))
    })
    .await
}

/// Fresh ids in the `.qwc` file.
pub(super) async fn new_ids(request: HttpRequest, _owner: Owner, site: web::Data<Site>) -> Answer {
    let company = company_of(&request);
    ask(&site, move |engine| {
        let file = engine.qwc(&company, true, false)?;
        Ok(json!({ "company": company, "file_name": file.file_name, "qwc": file.xml }))
    })
    .await
}
