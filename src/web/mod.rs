//! Everything that speaks HTTP: the Web Connector's endpoint, the pages, the JSON interface, Bill.com's notices, health.
//!
//! This room translates. It asks the engine for view models and hands it operations and actions; it decides nothing about
//! books. Two kinds of callers share one port and almost nothing else:
//!
//! * the **Web Connector** (`soap`): no cookies, no middleware, its own limits, an envelope for every answer;
//! * **people and scripts** (`pages`, `api`, `live`): a session or a bearer token, a form token for every change, a strict
//!   content security policy, 64 KiB bodies.
//!
//! There is no middleware: headers are put on where responses are built (`respond`), sessions are demanded by the arguments
//! of a handler (`session`). What is not asked for costs nothing, and an idle call of the connector is a decode, a call of the
//! engine and an encode on a blocking thread.
//!
//! **Invariant:** `web` never reaches `store` or `secrets`, except for people, their sessions and tokens (`people`).
//! **Invariant:** no form, header, cookie, password, token or path of a setup link is ever logged.

mod api;
mod assets;
mod body;
mod caller;
mod cookie;
mod csrf;
mod csv;
mod error;
mod find_words;
mod form;
mod health;
mod limits;
mod live;
mod metrics;
mod next;
mod pages;
mod people;
mod respond;
mod session;
mod setting_words;
mod site;
mod soap;
#[cfg(test)]
mod tests;
pub mod tls;
mod view;
mod webhook;

pub use caller::ProxyNet;

use crate::engine::Engine;
use actix_web::http::StatusCode;
use actix_web::{App, HttpResponse, HttpServer, Resource, Route, guard, web};
use pages::message::Message;
use site::Site;
use std::io;
use std::net::TcpListener;
use tokio::sync::watch;

/// How the pages are served.
pub struct WebOptions {
    /// Pages without sign-in: for the demonstration, on a loopback listener only.
    pub open_pages: bool,
    /// True when the server is to end.
    pub stop: watch::Receiver<bool>,
    /// The certificate to serve with; none: plain http.
    pub tls: Option<tls::Tls>,
    /// Whose word about the caller is believed, beside that of this machine.
    pub proxy: Option<ProxyNet>,
}

impl WebOptions {
    /// Plain http, without a proxy elsewhere.
    #[must_use]
    pub const fn new(stop: watch::Receiver<bool>) -> Self {
        Self { open_pages: false, stop, tls: None, proxy: None }
    }
}

/// Serves until `options.stop` turns true, then lets requests in hand finish and ends, within 10 s.
///
/// # Errors
/// When pages are to be open on a listener that others can reach, when the server's database cannot be read, or when the
/// operating system refuses the listener.
pub async fn serve(engine: Engine, listener: TcpListener, options: WebOptions) -> io::Result<()> {
    if options.open_pages && !listener.local_addr()?.ip().is_loopback() {
        let why = "pages without sign-in are served on this machine only: listen on 127.0.0.1";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    }
    let site = Site::new(engine, &options).map_err(io::Error::other)?;
    let site = web::Data::new(site);
    let server = HttpServer::new(move || App::new().app_data(site.clone()).configure(routes))
        .workers(limits::WORKERS)
        .worker_max_blocking_threads(limits::BLOCKING_THREADS_MAX)
        .keep_alive(limits::KEEP_ALIVE)
        .client_request_timeout(limits::HEAD_TIME_MAX)
        .shutdown_timeout(limits::STOP_SECONDS_MAX)
        .tls_handshake_timeout(limits::HANDSHAKE_TIME_MAX)
        .max_connection_rate(limits::HANDSHAKES_MAX)
        .max_connections(limits::CONNECTIONS_MAX)
        .backlog(limits::BACKLOG_MAX)
        .disable_signals();
    let server = match &options.tls {
        Some(tls) => server.listen_rustls_0_23(listener, tls.server_config().map_err(io::Error::other)?)?,
        None => server.listen(listener)?,
    };
    let server = server.run();
    let mut stop = options.stop;
    let handle = server.handle();
    tokio::spawn(async move {
        // A sender that is gone cannot tell us to stop any more, so it means the same.
        let _ = stop.wait_for(|stop| *stop).await;
        handle.stop(true).await;
    });
    server.await
}

/// All routes (design section 5).
fn routes(config: &mut web::ServiceConfig) {
    // A trailing slash is answered in place: the connector follows no redirect of a POST (`qbwc.md` 2.3).
    config.service(
        web::resource(["/qbwc/{company}", "/qbwc/{company}/"])
            .route(web::post().to(soap::post))
            .route(get_or_head().to(soap::probe))
            .default_service(web::to(soap::other_method)),
    );
    config.service(
        web::resource(["/webhooks/billcom/{company}", "/webhooks/billcom/{company}/"])
            .route(web::post().to(webhook::post))
            .default_service(web::to(wrong_method)),
    );
    config
        .service(page("/support/{company}").route(get_or_head().to(pages::support::get)))
        .service(page("/livez").route(get_or_head().to(health::live)))
        .service(page("/metrics").route(get_or_head().to(metrics::get)))
        .service(page("/readyz").route(get_or_head().to(health::ready)))
        .service(page("/assets/{file}").route(get_or_head().to(assets::get)))
        .service(
            page("/sign-in").route(get_or_head().to(pages::sign_in::get)).route(web::post().to(pages::sign_in::post)),
        )
        .service(page("/sign-out").route(web::post().to(pages::sign_in::sign_out)))
        .service(
            page("/setup/{token}")
                .route(get_or_head().to(pages::first_owner::get))
                .route(web::post().to(pages::first_owner::post)),
        )
        .service(page("/events").route(web::get().to(live::events)))
        .service(page("/").route(get_or_head().to(pages::overview::get)))
        .service(page("/add-company").route(get_or_head().to(pages::add::get)).route(web::post().to(pages::add::post)))
        .configure(server_routes)
        .configure(company_routes)
        .configure(api::routes)
        .default_service(web::to(not_found));
}

/// The pages about the server itself: people, tokens, alerts, help.
fn server_routes(config: &mut web::ServiceConfig) {
    use pages::{account, alerts, help, people, tokens};
    config
        .service(page("/account").route(get_or_head().to(account::get)))
        .service(page("/account/password").route(web::post().to(account::password)))
        .service(page("/account/sessions").route(web::post().to(account::sessions)))
        .service(page("/people").route(get_or_head().to(people::list)).route(web::post().to(people::add)))
        .service(page("/people/{person}").route(get_or_head().to(people::show)))
        .service(page("/people/{person}/role").route(web::post().to(people::role)))
        .service(page("/people/{person}/password").route(web::post().to(people::password)))
        .service(page("/people/{person}/sessions").route(web::post().to(people::sessions)))
        .service(page("/people/{person}/remove").route(web::post().to(people::remove)))
        .service(page("/tokens").route(get_or_head().to(tokens::list)).route(web::post().to(tokens::create)))
        .service(page("/tokens/{token}/revoke").route(web::post().to(tokens::revoke)))
        .service(page("/help").route(get_or_head().to(help::list)))
        .service(page("/help/{topic}").route(get_or_head().to(help::topic)))
        .service(page("/help/{topic}/{entry}").route(get_or_head().to(help::entry)))
        .service(page("/alerts").route(get_or_head().to(alerts::get)))
        .service(page("/alerts/channels").route(web::post().to(alerts::add)))
        .service(page("/alerts/channels/{channel}/test").route(web::post().to(alerts::test)))
        .service(page("/alerts/channels/{channel}/remove").route(web::post().to(alerts::remove)))
        .service(page("/alerts/mail").route(web::post().to(alerts::mail)))
        .service(page("/alerts/silence").route(web::post().to(alerts::silence)));
}

/// The pages of one company.
fn company_routes(config: &mut web::ServiceConfig) {
    use pages::{
        actions, add, connect, credentials, history, plan, problems, records, removal, sessions, settings, status,
    };
    let at = |path: &str| page(&format!("/companies/{{company}}{path}"));
    config
        .service(at("").route(get_or_head().to(status::get)))
        .service(at("/problems").route(get_or_head().to(problems::list)))
        .service(
            at("/problems/{problem:[0-9]+}")
                .route(get_or_head().to(problems::show))
                .route(web::post().to(problems::resolve_one)),
        )
        .service(at("/problems/preview").route(web::post().to(problems::preview)))
        .service(at("/problems/resolve").route(web::post().to(problems::resolve)))
        .service(at("/problems/group/{group}").route(get_or_head().to(problems::group)))
        .service(at("/plan").route(get_or_head().to(plan::get)))
        .service(at("/plan/{side}/{kind}").route(get_or_head().to(plan::steps)))
        .service(at("/records").route(get_or_head().to(records::list)))
        .service(at("/records/{side}/{kind}/{record}").route(get_or_head().to(records::show)))
        .service(at("/records/{side}/{kind}/{record}/open").route(get_or_head().to(records::open)))
        .service(at("/history").route(get_or_head().to(history::get)))
        .service(at("/history.csv").route(get_or_head().to(history::file)))
        .service(at("/sessions").route(get_or_head().to(sessions::list)))
        .service(at("/sessions/{session}").route(get_or_head().to(sessions::show)))
        .service(at("/sessions/{session}/{exchange}").route(get_or_head().to(sessions::exchange)))
        .service(at("/begin").route(get_or_head().to(add::begin)).route(web::post().to(add::save)))
        .service(at("/billcom").route(get_or_head().to(credentials::get)).route(web::post().to(credentials::post)))
        .service(at("/remove").route(get_or_head().to(removal::get)).route(web::post().to(removal::post)))
        .service(at("/export").route(get_or_head().to(removal::export)))
        .service(at("/sync").route(web::post().to(actions::sync)))
        .service(at("/settings").route(get_or_head().to(settings::get)).route(web::post().to(settings::post)))
        .service(at("/setup").route(get_or_head().to(connect::get)))
        .service(at("/setup/password").route(web::post().to(connect::new_password)))
        .service(at("/setup/ids").route(web::post().to(connect::new_ids)))
        .service(at("/counterfoil.qwc").route(get_or_head().to(connect::download)))
        .service(at("/start").route(web::post().to(actions::start)))
        .service(at("/pause").route(web::post().to(actions::pause)))
        .service(at("/resume").route(web::post().to(actions::resume)));
}

/// A resource that answers other methods with a page of ours.
fn page(path: &str) -> Resource {
    web::resource(path).default_service(web::to(wrong_method))
}

/// `HEAD` is answered like `GET`; the server leaves the body away.
fn get_or_head() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

async fn not_found() -> Result<HttpResponse, error::PageError> {
    Err(error::PageError::NotFound)
}

async fn wrong_method() -> HttpResponse {
    let message =
        Message::new("That is not how this page is used", "Go to the first page and follow the links from there.");
    message.respond(StatusCode::METHOD_NOT_ALLOWED)
}
