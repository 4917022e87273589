//! `/support/{company}`: the page behind the link in the Web Connector. It answers 200 without a session, for whatever
//! company (`qbwc.md` 2.4: any other code is QBWC1003), and tells a stranger nothing, not even whether the company exists.

use super::Frame;
use crate::web::error::PageError;
use crate::web::respond;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

#[derive(Template)]
#[template(path = "support.html")]
struct SupportPage {
    frame: Frame,
}

/// The handler.
pub(in crate::web) async fn get() -> Result<HttpResponse, PageError> {
    let page = SupportPage { frame: Frame::bare(String::new()) };
    Ok(respond::html(StatusCode::OK, page.render()?))
}
