//! `POST /webhooks/billcom/{company}`: Bill.com's notices (`billcom.md` 5).
//!
//! Anything but 200 makes Bill.com send a notice again, and after some time no more at all; so a genuine notice is answered with
//! 200 whatever it says, as soon as it is written down. What is not signed with the company's key gets 401, and so does what is
//! sent to a company that does not exist. Nothing of a notice is logged, and nothing in it reaches the books.

use super::body::{self, BodyError};
use super::respond;
use super::site::Site;
use super::{limits, soap};
use crate::engine::Heard;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

/// The header with the signature.
const SIGNATURE: &str = "x-bill-sha-signature";

/// One notice.
pub(super) async fn post(request: HttpRequest, mut payload: web::Payload, site: web::Data<Site>) -> HttpResponse {
    let announced = soap::announced_length(&request);
    let body = match body::read(&mut payload, announced, limits::NOTICE_BYTES_MAX, site.large_bodies()).await {
        Ok(body) => body,
        Err(error) => return refuse(error),
    };
    let signature = request.headers().get(SIGNATURE).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (engine, company) = (site.engine().clone(), request.match_info().query("company").to_owned());
    let heard = web::block(move || engine.hear(&company, signature.as_deref(), body.bytes())).await;
    match heard {
        Ok(Ok(Heard::Genuine)) => respond::text(StatusCode::OK, "ok\n"),
        Ok(Ok(Heard::NotOurs)) => respond::text(StatusCode::UNAUTHORIZED, "the signature is not right\n"),
        Ok(Err(error)) => {
            tracing::error!(%error, "a notice of Bill.com could not be checked");
            respond::text(StatusCode::SERVICE_UNAVAILABLE, "try again later\n")
        }
        Err(_) => respond::text(StatusCode::SERVICE_UNAVAILABLE, "try again later\n"),
    }
}

fn refuse(error: BodyError) -> HttpResponse {
    tracing::warn!(%error, "the body of a notice was refused");
    let mut response = match error {
        BodyError::TooLarge { .. } => respond::text(StatusCode::PAYLOAD_TOO_LARGE, "too large\n"),
        BodyError::Busy => respond::text(StatusCode::SERVICE_UNAVAILABLE, "try again later\n"),
        BodyError::Slow | BodyError::Broken => respond::text(StatusCode::BAD_REQUEST, "incomplete\n"),
    };
    // Whatever is left of the body would be taken for the next request.
    response.head_mut().set_connection_type(actix_web::http::ConnectionType::Close);
    response
}
