//! Responses with the headers that every page carries. All pages are built here, so none can miss one.
//!
//! The policy allows our own script, style sheet and pictures and nothing else: no inline code, no frame around us, no
//! foreign target of a form. Text of strangers that slipped through escaping could still not run.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};

/// `Content-Security-Policy` of pages.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Headers of every answer to a browser. Pages show books and hold form tokens: nothing between us and the browser keeps them.
const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Not `no-referrer`: with that, browsers send `Origin: null` with our own forms, which is what a foreign one looks like.
    (header::REFERRER_POLICY, "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// A response with everything but its body.
pub(super) fn guarded(status: StatusCode) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    for (name, value) in HEADERS {
        response.insert_header((name, HeaderValue::from_static(value)));
    }
    response
}

/// A page.
pub(super) fn html(status: StatusCode, body: String) -> HttpResponse {
    guarded(status)
        .insert_header((header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")))
        .body(body)
}

/// A line of text.
pub(super) fn text(status: StatusCode, body: &'static str) -> HttpResponse {
    guarded(status)
        .insert_header((header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")))
        .body(body)
}

/// "Look there": after a form was accepted, or to the sign-in page. `path` is one of our own.
pub(super) fn see_other(path: &str) -> HttpResponse {
    let location = HeaderValue::try_from(path).unwrap_or_else(|_| HeaderValue::from_static("/"));
    guarded(StatusCode::SEE_OTHER).insert_header((header::LOCATION, location)).finish()
}
