//! Bill.com's notices of a company: the subscription, and the key they are signed with.
//!
//! The engine keeps a company's file while it waits for Bill.com, so these calls wait on a blocking thread like all others.

use super::{ApiError, Caller, Owner, ask, body, company_of};
use crate::engine::{Engine, EngineError, WebhookView};
use crate::web::site::Site;
use actix_web::{HttpRequest, HttpResponse, web};
use secrecy::SecretString;
use serde::Deserialize;
use std::future::Future;

type Answer = Result<HttpResponse, ApiError>;

pub(super) async fn show(request: HttpRequest, _caller: Caller, site: web::Data<Site>) -> Answer {
    let company = company_of(&request);
    ask(&site, move |engine| engine.webhooks(&company)).await
}

pub(super) async fn create(request: HttpRequest, owner: Owner, site: web::Data<Site>) -> Answer {
    change(&request, &owner, &site, async |engine, company, who| engine.webhooks_create(company, who).await).await
}

pub(super) async fn remove(request: HttpRequest, owner: Owner, site: web::Data<Site>) -> Answer {
    change(&request, &owner, &site, async |engine, company, who| engine.webhooks_remove(company, who).await).await
}

pub(super) async fn rotate_key(request: HttpRequest, owner: Owner, site: web::Data<Site>) -> Answer {
    change(&request, &owner, &site, async |engine, company, who| engine.webhooks_rotate(company, who).await).await
}

pub(super) async fn enable(request: HttpRequest, owner: Owner, site: web::Data<Site>) -> Answer {
    change(&request, &owner, &site, async |engine, company, who| engine.webhooks_enable(company, who).await).await
}

/// Does something that Bill.com is asked for.
async fn change<F>(request: &HttpRequest, owner: &Owner, site: &Site, action: F) -> Answer
where
    F: AsyncFnOnce(&Engine, &str, &str) -> Result<WebhookView, EngineError> + Send + 'static,
{
    let (company, who) = (company_of(request), owner.who());
    ask(site, move |engine| wait(action(engine, &company, &who))).await
}

/// Waits for a call of Bill.com on this blocking thread.
fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Handle::current().block_on(work)
}

/// The key of a subscription that was made by hand. No `Debug`: it is a secret.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    key: String,
}

pub(super) async fn set_key(
    request: HttpRequest,
    owner: Owner,
    payload: web::Payload,
    site: web::Data<Site>,
) -> Answer {
    const WANTED: &str = "Send JSON: {\"key\": \"the security key of the subscription\"}.";
    let company = company_of(&request);
    let wish: Key = body(&request, payload, WANTED).await?;
    ask(&site, move |engine| engine.webhooks_set_key(&company, &SecretString::from(wish.key), &owner.who())).await
}
