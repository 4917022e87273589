//! A page that says one thing: an error, or that something is done.

use super::Frame;
use crate::web::respond;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

/// What it says.
#[derive(Template)]
#[template(path = "message.html")]
pub(in crate::web) struct Message {
    frame: Frame,
    title: String,
    sentence: String,
}

impl Message {
    /// A headline and a sentence.
    pub(in crate::web) fn new(title: &str, sentence: &str) -> Self {
        Self { frame: Frame::bare(String::new()), title: title.to_owned(), sentence: sentence.to_owned() }
    }

    /// The response. Never fails: it is what is shown when something else did.
    pub(in crate::web) fn respond(&self, status: StatusCode) -> HttpResponse {
        match self.render() {
            Ok(body) => respond::html(status, body),
            Err(_) => respond::text(status, "Something went wrong in Counterfoil. Its log says what happened.\n"),
        }
    }
}
