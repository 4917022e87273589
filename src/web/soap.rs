//! `POST /qbwc/{company}`: the Web Connector's endpoint (`qbwc.md` 2.2 to 2.5).
//!
//! This file moves bytes: it reads a body, has `qbwc` decode it, hands the operation to the engine on a blocking thread and
//! sends what `qbwc` encodes. It knows no ticket, no password and no company; a company that does not exist is the engine's to
//! answer, in the same time and words as a wrong password.
//!
//! What the client class of .NET demands and gets: 200 with `text/xml` for every business answer; every failure a SOAP
//! fault with 500, because anything else is shown as "content type of 'text/html'"; `Content-Length`, no compression, no
//! redirect (a trailing slash is answered in place); `GET` and `HEAD` with 200, or registration fails with QBWC1048.
//!
//! **Invariant:** every `POST` is answered with an envelope, also when the engine panics; nothing of a body is logged.

use super::body::{self, BodyError};
use super::caller;
use super::site::Site;
use crate::engine::Engine;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use qbwc::{Fault, FaultCode, GuardLimits, SoapVersion};

/// What a browser or the connector's probe sees on the service URL.
const PROBE_TEXT: &str = "This is Counterfoil's address for the QuickBooks Web Connector. It is in order.\n\
     There is nothing to do here with a browser: add the .qwc file to the Web Connector.\n";

/// An encoded answer.
struct Answer {
    status: StatusCode,
    soap: SoapVersion,
    bytes: Vec<u8>,
}

impl Answer {
    fn fault(fault: &Fault, soap: SoapVersion) -> Self {
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, soap, bytes: qbwc::encode_fault(fault, soap) }
    }

    fn into_response(self) -> HttpResponse {
        HttpResponse::build(self.status)
            .insert_header((header::CONTENT_TYPE, HeaderValue::from_static(qbwc::content_type(self.soap))))
            .insert_header((header::CACHE_CONTROL, HeaderValue::from_static("no-store")))
            .insert_header((header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")))
            .body(self.bytes)
    }
}

/// One SOAP call.
pub(super) async fn post(request: HttpRequest, mut payload: web::Payload, site: web::Data<Site>) -> HttpResponse {
    let limits = GuardLimits::default();
    let soap = announced_soap(&request);
    let read = body::read(&mut payload, announced_length(&request), limits.body_bytes_max, site.large_bodies()).await;
    let body = match read {
        Ok(body) => body,
        Err(error) => return refuse(error, soap),
    };
    let (engine, company) = (site.engine().clone(), company_of(&request));
    let address = caller::address(&request).to_string();
    apart(soap, move || answer(&engine, &company, &address, body.bytes(), &limits)).await.into_response()
}

/// Works on a blocking thread. A panic there ends as a fault.
async fn apart(soap: SoapVersion, work: impl FnOnce() -> Answer + Send + 'static) -> Answer {
    web::block(work).await.unwrap_or_else(|_| failed(soap))
}

/// Decodes, asks the engine, encodes. Runs on a blocking thread.
fn answer(engine: &Engine, company: &str, address: &str, body: &[u8], limits: &GuardLimits) -> Answer {
    match qbwc::decode(body, limits) {
        Ok(decoded) => {
            let soap = decoded.soap;
            let reply = engine.soap(company, address, decoded.operation);
            Answer { status: StatusCode::OK, soap, bytes: qbwc::encode(&reply, soap) }
        }
        Err(error) => {
            tracing::warn!(%error, address, "a SOAP call could not be understood");
            Answer::fault(&error.fault(), SoapVersion::guess(body))
        }
    }
}

/// The work panicked: the panic hook has told the log why, the caller gets a fault instead of a dropped connection.
fn failed(soap: SoapVersion) -> Answer {
    tracing::error!("a SOAP call failed inside the server");
    Answer::fault(&Fault::server("Counterfoil failed on this call. Nothing is lost; the next update goes on."), soap)
}

fn refuse(error: BodyError, soap: SoapVersion) -> HttpResponse {
    tracing::warn!(%error, "a SOAP body was refused");
    let code = match error {
        BodyError::Busy => FaultCode::Server,
        BodyError::TooLarge { .. } | BodyError::Slow | BodyError::Broken => FaultCode::Client,
    };
    let mut response = Answer::fault(&Fault { code, text: error.to_string() }, soap).into_response();
    // Whatever is left of the body would be taken for the next request.
    response.head_mut().set_connection_type(actix_web::http::ConnectionType::Close);
    response
}

/// `GET` and `HEAD`: the WSDL for `?wsdl`, else a line that says all is well.
pub(super) async fn probe(request: HttpRequest, site: web::Data<Site>) -> HttpResponse {
    if !request.query_string().split('&').any(asks_for_wsdl) {
        return plain(PROBE_TEXT);
    }
    let (engine, company) = (site.engine().clone(), company_of(&request));
    let known = web::block(move || engine.support_text(&company).ok().map(|support| support.app_url)).await;
    let url = known.ok().flatten().unwrap_or_else(|| site.origin_for(&request) + request.path());
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=utf-8")))
        .insert_header((header::CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")))
        .body(qbwc::wsdl(&url))
}

/// Any other method.
pub(super) async fn other_method() -> HttpResponse {
    let mut response = plain("Use POST for SOAP, GET for ?wsdl.\n");
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
    response
}

fn plain(text: &'static str) -> HttpResponse {
    super::respond::text(StatusCode::OK, text)
}

/// `?wsdl`, `?WSDL`, `?wsdl=1`, `?singleWsdl`: what SOAP tools append.
fn asks_for_wsdl(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or(pair);
    name.eq_ignore_ascii_case("wsdl") || name.eq_ignore_ascii_case("singlewsdl")
}

/// The text that stands for the company in the path, whatever it is.
fn company_of(request: &HttpRequest) -> String {
    request.match_info().query("company").to_owned()
}

pub(super) fn announced_length(request: &HttpRequest) -> Option<u64> {
    request.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The version that the media type names; what the envelope says wins when there is one.
fn announced_soap(request: &HttpRequest) -> SoapVersion {
    let media = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let soap_12 = media.get(..20).is_some_and(|start| start.eq_ignore_ascii_case("application/soap+xml"));
    if soap_12 { SoapVersion::V12 } else { SoapVersion::V11 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wsdl_is_asked_for_in_the_usual_ways() {
        assert!(["wsdl", "WSDL", "wsdl=1", "singleWsdl"].into_iter().all(asks_for_wsdl));
        assert!(["", "wsdls", "x=wsdl"].into_iter().all(|pair| !asks_for_wsdl(pair)));
    }

    #[actix_web::test]
    async fn a_panic_inside_is_a_fault_of_ours() {
        let answer = apart(SoapVersion::V11, || panic!("a broken invariant with a secret in it")).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        let text = String::from_utf8(answer.bytes).expect("UTF-8");
        assert!(text.contains(":Server") && text.contains("Nothing is lost") && !text.contains("secret"), "{text}");
    }
}
