//! What goes wrong with a page, and what the person is told: one sentence, and the next step.

use super::pages::message::Message;
use super::respond;
use crate::engine::EngineError;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use std::fmt;

/// Why a page is not shown.
#[derive(Debug)]
pub(super) enum PageError {
    /// Nobody has signed in, or the session is over. The path to come back to.
    SignIn {
        /// Where to go on after signing in.
        next: Option<String>,
    },
    /// There is no such page.
    NotFound,
    /// The person may look but not touch.
    OwnerOnly,
    /// The form is not from a page of ours, or from before the last sign-in.
    StaleForm,
    /// The browser did not send back the cookie that came with the form.
    NoCookie,
    /// The form is larger than any of ours, or not a form.
    BadForm,
    /// Pages are open and the request came under a foreign name.
    ForeignHost,
    /// The engine refused or failed.
    Engine(EngineError),
    /// A page could not be made: ours to mend.
    Internal,
}

impl From<EngineError> for PageError {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

impl From<askama::Error> for PageError {
    fn from(error: askama::Error) -> Self {
        tracing::error!(%error, "a page could not be made");
        Self::Internal
    }
}

impl From<actix_web::error::BlockingError> for PageError {
    fn from(_: actix_web::error::BlockingError) -> Self {
        tracing::error!("the work for a page failed inside the server");
        Self::Internal
    }
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Engine(error) => error.fmt(f),
            other => f.write_str(other.words().1),
        }
    }
}

/// The status that fits an error of the engine.
pub(super) fn engine_status(error: &EngineError) -> StatusCode {
    match error {
        EngineError::NoSuchCompany(_)
        | EngineError::NoSuchProblem(_)
        | EngineError::NoSuchRecord
        | EngineError::NoSuchChannel(_) => StatusCode::NOT_FOUND,
        EngineError::BadAction(_) => StatusCode::CONFLICT,
        EngineError::Setting(_)
        | EngineError::BadCompany(_)
        | EngineError::BadPerson(_)
        | EngineError::BadAlert(_)
        | EngineError::BillCom(_)
        | EngineError::Credentials { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl PageError {
    /// Headline and sentence.
    const fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::SignIn { .. } => ("Please sign in", "This page needs you to sign in."),
            Self::NotFound => ("There is no such page", "The address is wrong, or what was here has been removed."),
            Self::OwnerOnly => {
                ("Only an owner can do that", "You can look at everything. Ask an owner to make this change.")
            }
            Self::StaleForm => (
                "Please try that again",
                "The form was from an earlier session, so nothing was done. Go back, reload the page, and press the button again.",
            ),
            Self::NoCookie => (
                "Your browser did not keep our cookie",
                "Signing in needs one. Allow cookies for this address and try again. Safari keeps none on http://localhost: use \
                 another browser there, or this computer's name in place of localhost.",
            ),
            Self::BadForm => {
                ("That form could not be read", "Nothing was done. Go back, reload the page, and try again.")
            }
            Self::ForeignHost => (
                "This address is not served",
                "The demonstration answers under localhost and 127.0.0.1 only. Open the address that it printed.",
            ),
            Self::Engine(_) => ("That did not work", "Nothing was done."),
            Self::Internal => (
                "Something went wrong in Counterfoil",
                "This page could not be made. Syncing goes on. The server's log says what happened.",
            ),
        }
    }
}

impl ResponseError for PageError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::SignIn { .. } => StatusCode::SEE_OTHER,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::OwnerOnly | Self::StaleForm | Self::NoCookie => StatusCode::FORBIDDEN,
            Self::BadForm => StatusCode::BAD_REQUEST,
            Self::ForeignHost => StatusCode::MISDIRECTED_REQUEST,
            Self::Engine(error) => engine_status(error),
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        if let Self::SignIn { next } = self {
            return respond::see_other(&super::next::sign_in_path(next.as_deref()));
        }
        let (title, sentence) = self.words();
        let status = self.status_code();
        let message = match self {
            Self::Engine(error) if status.is_server_error() => {
                tracing::error!(%error, "a page could not be made");
                let (title, sentence) = Self::Internal.words();
                Message::new(title, sentence)
            }
            Self::Engine(error) => Message::new(title, &error.to_string()),
            _ => Message::new(title, sentence),
        };
        let mut response = message.respond(status);
        if status == StatusCode::MISDIRECTED_REQUEST {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}
