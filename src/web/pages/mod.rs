//! The pages, one file each: what the handler asks the engine for, what its template sees.
//!
//! Every page works without script. A page that moves keeps its moving part in the template block `live`; with
//! `?part=live` it answers that block alone, which is what the script fetches when something changed.
//!
//! **Invariant:** templates see view models and [`Frame`] only; every text is escaped by askama. Marked safe is nothing but the
//! pages of `help`, which are compiled in.

pub(super) mod account;
pub(super) mod actions;
pub(super) mod add;
pub(super) mod alerts;
pub(super) mod connect;
pub(super) mod credentials;
pub(super) mod first_owner;
pub(super) mod help;
pub(super) mod history;
pub(super) mod message;
pub(super) mod overview;
pub(super) mod people;
pub(super) mod plan;
pub(super) mod problems;
pub(super) mod records;
pub(super) mod removal;
pub(super) mod sessions;
pub(super) mod settings;
pub(super) mod sign_in;
pub(super) mod status;
pub(super) mod support;
pub(super) mod tokens;

use super::assets::{Assets, assets};
use super::caller;
use super::error::PageError;
use super::form::Fields;
use super::people::Confirmed;
use super::respond;
use super::session::{self, Session};
use super::site::Site;
use super::view;
use crate::engine::SummaryView;
use crate::engine::{Engine, EngineError};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};

/// What surrounds every page.
pub(super) struct Frame {
    /// Who is signed in; none on pages before that, and where pages are open.
    person: Option<String>,
    pub(super) is_owner: bool,
    /// Whether this is the demonstration.
    is_demo: bool,
    csrf: String,
    now: DateTime<Utc>,
    assets: &'static Assets,
    /// What was just done, in a sentence.
    notice: Option<&'static str>,
}

impl Frame {
    /// The frame for a person; `request` may say what was just done.
    fn of(session: &Session, request: &HttpRequest) -> Self {
        let site = session::site(request);
        Self {
            person: session.person.clone(),
            is_owner: session.is_owner,
            is_demo: site.open_pages(),
            csrf: session.csrf.clone(),
            now: site.people().now(),
            assets: assets(),
            notice: query(request, "done").and_then(notice),
        }
    }

    /// The frame for somebody who is not signed in. Such pages tell no times.
    fn bare(csrf: String) -> Self {
        let now = DateTime::UNIX_EPOCH;
        Self { person: None, is_owner: false, is_demo: false, csrf, now, assets: assets(), notice: None }
    }

    /// A frame for an owner at a time of the test's.
    #[cfg(test)]
    pub(super) fn for_tests(person: &str, now: DateTime<Utc>) -> Self {
        Self { person: Some(person.to_owned()), is_owner: true, now, ..Self::bare("token".to_owned()) }
    }

    /// When something is expected, as seen from now.
    fn until(&self, at: &str) -> String {
        view::until(at, self.now)
    }

    /// How long something goes on already.
    fn since(&self, at: &str) -> String {
        view::lasted(at, &self.now.to_rfc3339())
    }

    /// Whether this page is shown to somebody who was let in.
    const fn is_inside(&self) -> bool {
        self.person.is_some() || self.is_demo
    }

    /// Whether the forms about people and tokens are for this person: an owner who has a password to prove it with.
    const fn manages_people(&self) -> bool {
        self.person.is_some() && self.is_owner
    }

    /// How long ago.
    fn ago(&self, at: &str) -> String {
        view::ago(at, self.now)
    }
}

/// The sentence for a word in the address: only these sentences can be shown.
fn notice(word: &str) -> Option<&'static str> {
    Some(match word {
        "started" => "Started. Changes go out from now on.",
        "paused" => "Paused. Nothing is written until you resume.",
        "resumed" => "Resumed. What has collected goes out now.",
        "resolved" => "Thank you. Counterfoil goes on with that.",
        "saved" => "The settings are saved.",
        "sync" => "Bill.com is being read now. QuickBooks is read at the next visit of the Web Connector.",
        "added" => "Bill.com lets us in. Now a few settings.",
        "credentials" => "Bill.com lets us in with these, and they are kept.",
        "removed" => {
            "The company is removed. Its data file stays in the data folder, and nothing in the books was touched."
        }
        "person" => "They can sign in now.",
        "changed" => "It is changed.",
        "password" => "Your password is changed. You are signed out everywhere else.",
        "sessions" => "Those sessions are over.",
        "tested" => "The test was taken. Look whether it has arrived.",
        "revoked" => "That token opens nothing any more.",
        _ => return None,
    })
}

/// The tab of a company's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    Status,
    Problems,
    Plan,
    Records,
    History,
    Settings,
    Connect,
}

/// The head of a company's page: its name and the way to its other pages.
pub(super) struct Head<'v> {
    id: &'v str,
    name: &'v str,
    tab: Tab,
    problems: u64,
    is_preview: bool,
}

impl<'v> Head<'v> {
    fn new(status: &'v SummaryView, tab: Tab) -> Self {
        Self {
            id: &status.company,
            name: &status.name,
            tab,
            problems: status.problems,
            is_preview: status.mode == "preview",
        }
    }

    /// `page` on the tab that is open: `aria-current`.
    fn current(&self, tab: Tab) -> &'static str {
        if self.tab == tab { "page" } else { "false" }
    }
}

/// A value of the address's query, as it stands there.
fn query<'r>(request: &'r HttpRequest, name: &str) -> Option<&'r str> {
    let mut pairs = request.query_string().split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// Whether only the moving part is wanted.
fn wants_part(request: &HttpRequest) -> bool {
    query(request, "part") == Some("live")
}

/// The company named in the path.
fn company_of(request: &HttpRequest) -> String {
    request.match_info().query("company").to_owned()
}

/// Checks the password that stands in the field `own` of somebody's form. A sentence where it is not theirs.
async fn confirm(
    request: &HttpRequest,
    session: &Session,
    fields: &Fields,
    site: &Site,
) -> Result<Option<String>, PageError> {
    let (name, given) = (session.person()?.to_owned(), fields.get("own").to_owned().into());
    let (people, address) = (site.people().clone(), caller::address(request).to_string());
    let _turn = site.take_hash_turn().await;
    Ok(match web::block(move || people.confirm(&name, &given, &address)).await?? {
        Confirmed::Right => None,
        Confirmed::Wrong => Some("That is not your own password. Nothing was changed.".to_owned()),
        Confirmed::Later(at) => Some(sign_in::too_many(sign_in::seconds_until(site, at))),
    })
}

/// Asks the engine on a blocking thread.
async fn ask<T: Send + 'static>(
    site: &Site,
    work: impl FnOnce(&Engine) -> Result<T, EngineError> + Send + 'static,
) -> Result<T, PageError> {
    let engine = site.engine().clone();
    Ok(web::block(move || work(&engine)).await??)
}

/// A page, or the part of it that moves.
fn page_or_part(
    request: &HttpRequest,
    page: impl FnOnce() -> askama::Result<String>,
    part: impl FnOnce() -> askama::Result<String>,
) -> Result<HttpResponse, PageError> {
    let body = if wants_part(request) { part()? } else { page()? };
    Ok(respond::html(StatusCode::OK, body))
}
