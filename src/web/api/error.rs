//! Why a call failed: `{"error": {"code", "message"}}` with the fitting status; the message is the sentence the page would show.

use super::reply;
use crate::engine::EngineError;
use crate::web::error::engine_status;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde_json::json;
use std::fmt;

/// Why a call failed.
#[derive(Debug)]
pub(in crate::web) enum ApiError {
    /// There is no token, or none of ours.
    NoToken,
    /// The token may read only.
    OwnerOnly,
    /// There is no such path.
    NotFound,
    /// The path knows other methods: these.
    WrongMethod(String),
    /// The body or the query cannot be understood; what is wanted.
    BadRequest(&'static str),
    /// The engine refused or failed.
    Engine(EngineError),
    /// Ours to mend.
    Internal,
}

impl From<EngineError> for ApiError {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

impl From<actix_web::error::BlockingError> for ApiError {
    fn from(_: actix_web::error::BlockingError) -> Self {
        tracing::error!("the work for a call of the JSON interface failed inside the server");
        Self::Internal
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoToken => {
                f.write_str("Send a token made with \"counterfoil token create\": Authorization: Bearer TOKEN.")
            }
            Self::OwnerOnly => f.write_str("This token may read only; changes need one with the role owner."),
            Self::NotFound => f.write_str("There is no such path; /api/v1/openapi.json lists them all."),
            Self::WrongMethod(known) => write!(f, "This path knows {known} only; see /api/v1/openapi.json."),
            Self::BadRequest(why) => f.write_str(why),
            Self::Engine(error) if !engine_status(error).is_server_error() => error.fmt(f),
            Self::Engine(_) | Self::Internal => f.write_str("Counterfoil failed on this call. Its log says why."),
        }
    }
}

impl ApiError {
    const fn code(&self) -> &'static str {
        match self {
            Self::NoToken => "no_token",
            Self::OwnerOnly => "owner_only",
            Self::NotFound => "not_found",
            Self::WrongMethod(_) => "wrong_method",
            Self::BadRequest(_) => "bad_request",
            Self::Engine(EngineError::NoSuchCompany(_)) => "no_such_company",
            Self::Engine(EngineError::NoSuchProblem(_)) => "no_such_problem",
            Self::Engine(EngineError::NoSuchChannel(_)) => "no_such_channel",
            Self::Engine(EngineError::BadAction(_)) => "bad_action",
            Self::Engine(EngineError::Setting(_)) => "bad_setting",
            Self::Engine(EngineError::BadCompany(_) | EngineError::BillCom(_)) => "bad_company",
            Self::Engine(EngineError::BadAlert(_)) => "bad_alert",
            Self::Engine(_) | Self::Internal => "internal",
        }
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NoToken => StatusCode::UNAUTHORIZED,
            Self::OwnerOnly => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::WrongMethod(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Engine(error) => engine_status(error),
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let status = self.status_code();
        if let Self::Engine(error) = self
            && status.is_server_error()
        {
            tracing::error!(%error, "a call of the JSON interface failed");
        }
        let mut response = reply(status, &json!({ "error": { "code": self.code(), "message": self.to_string() } }));
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Self::WrongMethod(known) = self
            && let Ok(allowed) = HeaderValue::try_from(known.as_str())
        {
            response.headers_mut().insert(header::ALLOW, allowed);
        }
        response
    }
}
