//! `/livez` and `/readyz`: for whoever restarts or routes to the server. Neither tells a stranger anything but yes or no.

use super::respond;
use super::site::Site;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

/// The process answers.
pub(super) async fn live() -> HttpResponse {
    respond::text(StatusCode::OK, "alive\n")
}

/// The database can be written and its migrations are done.
pub(super) async fn ready(site: web::Data<Site>) -> HttpResponse {
    let engine = site.engine().clone();
    let found = web::block(move || engine.ready()).await;
    match found {
        Ok(Ok(())) => respond::text(StatusCode::OK, "ready\n"),
        Ok(Err(error)) => {
            tracing::error!(%error, "not ready");
            respond::text(StatusCode::SERVICE_UNAVAILABLE, "not ready; the server's log says why\n")
        }
        Err(_) => respond::text(StatusCode::SERVICE_UNAVAILABLE, "not ready; the server's log says why\n"),
    }
}
