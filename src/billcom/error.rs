//! What can go wrong, sorted by what to do about it.
//!
//! A caller asks three questions of an error: did the write happen ([`BillComError::outcome`]), is it worth trying again
//! ([`BillComError::retry`]), and what do we tell a person (the variant). The texts here are for the log: they carry
//! codes and numbers of our own making, never Bill.com's words, because those may quote names or bank numbers.

use super::limits;
use chrono::{DateTime, Utc};
use std::error::Error;
use std::fmt;

/// A v2 error code such as `BDC_1171`: short, printable, otherwise opaque.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ErrorCode(String);

impl ErrorCode {
    /// System error; also what misspelt parameters get.
    pub const SYSTEM: &'static str = "BDC_1001";
    /// Unknown error.
    pub const UNKNOWN: &'static str = "BDC_1002";
    /// Wrong user or password.
    pub const CREDENTIALS: &'static str = "BDC_1101";
    /// Login locked.
    pub const LOGIN_LOCKED: &'static str = "BDC_1110";
    /// No active user of this name.
    pub const NO_USER: &'static str = "BDC_1111";
    /// Wrong developer key; also a sandbox key in production.
    pub const DEVELOPER_KEY: &'static str = "BDC_1102";
    /// Developer key switched off.
    pub const DEVELOPER_KEY_INACTIVE: &'static str = "BDC_1103";
    /// Developer terms not accepted.
    pub const DEVELOPER_TERMS: &'static str = "BDC_1104";
    /// Organisation without API access.
    pub const NO_ACCESS: &'static str = "BDC_1105";
    /// Organisation of another kind of partner.
    pub const OTHER_PARTNER: &'static str = "BDC_1106";
    /// Organisation locked out.
    pub const ORGANIZATION_LOCKED: &'static str = "BDC_1107";
    /// No organisation of this id.
    pub const ORGANIZATION_ID: &'static str = "BDC_1123";
    /// Session gone.
    pub const SESSION: &'static str = "BDC_1109";
    /// "No data found" in the vendor's list of codes; a dead session according to one connector.
    pub const NO_DATA: &'static str = "BDC_1120";
    /// Session gone or not trusted.
    pub const UNTRUSTED: &'static str = "BDC_1361";
    /// The trust of an MFA sign-in has run out.
    pub const TRUST_EXPIRED: &'static str = "BDC_1356";
    /// Calls or logins of this hour are used up.
    pub const HOURLY_LIMIT: &'static str = "BDC_1144";
    /// Too many calls at once.
    pub const CROWDED: &'static str = "BDC_1322";
    /// Record not found.
    pub const NOT_FOUND: &'static str = "BDC_1205";
    /// Document number used already.
    pub const NUMBER_USED: &'static str = "BDC_1171";

    /// Keeps letters, digits, `_`, `-` and `.` of a text, and not many of them.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let safe = text.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
        Self(safe.take(limits::CODE_CHARS_MAX).collect())
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How far a call came before the network failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetworkKind {
    /// No connection: not a byte of the call was sent.
    Connect,
    /// The call was on its way, or the answer was.
    Sent,
}

/// Whether a write happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It certainly did not happen, and the same write may be sent again.
    NotDone,
    /// It may have happened. Look the record up before anything else.
    Unknown,
    /// It did not happen, because Bill.com said no. Sending the same again will not help.
    Refused,
}

/// When another attempt makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backoff {
    /// After seconds, then longer each time.
    Soon,
    /// After minutes: the other side is down, and will say so for a while.
    Later,
    /// Not before this instant.
    At(DateTime<Utc>),
}

/// A call to Bill.com that did not succeed.
#[derive(Debug)]
pub enum BillComError {
    /// Bill.com understood the call and declined it.
    Refused {
        /// Why, as a code.
        code: ErrorCode,
        /// Bill.com's own words, bounded and without control characters. For the page of the company, not for logs.
        message: String,
    },
    /// The vendor has no such call; nothing was sent.
    NotOffered,
    /// Bill.com failed inside (`BDC_1001`, `BDC_1002`). Misspelt parameters get the same codes.
    Internal {
        /// Which of the two.
        code: ErrorCode,
        /// Bill.com's own words, as above.
        message: String,
    },
    /// Wrong user, password or token, or a locked or inactive user.
    Credentials,
    /// Wrong or inactive developer key.
    DeveloperKey,
    /// No such organisation, or it is not open to the API.
    NoAccess,
    /// The sign-in led into another organisation than the configured one.
    OtherOrganization,
    /// The session was dead again right after a new sign-in.
    SessionExpired,
    /// The call needs a session trusted by multi-factor sign-in, which ours never is.
    Untrusted,
    /// The hour's calls or logins are used up.
    RateLimited {
        /// When the next hour begins.
        until: DateTime<Utc>,
    },
    /// Too many calls at once, even after waiting.
    TooManyAtOnce,
    /// A web page instead of an answer.
    Maintenance {
        /// The HTTP status.
        status: u16,
    },
    /// Neither an answer nor a web page.
    NotJson {
        /// The HTTP status.
        status: u16,
    },
    /// A redirect, which is never followed: it would carry the secrets somewhere else.
    Redirected {
        /// The HTTP status.
        status: u16,
    },
    /// The network failed.
    Network {
        /// How far the call came.
        kind: NetworkKind,
        /// Why.
        source: Box<dyn Error + Send + Sync>,
    },
    /// No answer in time.
    Timeout {
        /// Whether the call had been sent.
        kind: NetworkKind,
    },
    /// The answer is larger than [`limits::REPLY_BYTES_MAX`].
    TooLarge,
    /// JSON, but cut off or not of the documented shape.
    Shape {
        /// What was wanted.
        wanted: &'static str,
    },
    /// The sign-in before the call failed, so the call itself was never sent.
    SignIn(Box<Self>),
}

impl BillComError {
    /// Whether a write that failed like this has happened.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        match self {
            Self::Refused { .. } | Self::Untrusted | Self::NotOffered => Outcome::Refused,
            Self::Credentials
            | Self::DeveloperKey
            | Self::NoAccess
            | Self::OtherOrganization
            | Self::SessionExpired
            | Self::RateLimited { .. }
            | Self::TooManyAtOnce
            | Self::SignIn(_)
            | Self::Network { kind: NetworkKind::Connect, .. }
            | Self::Timeout { kind: NetworkKind::Connect } => Outcome::NotDone,
            Self::Internal { .. }
            | Self::Maintenance { .. }
            | Self::NotJson { .. }
            | Self::Redirected { .. }
            | Self::Network { kind: NetworkKind::Sent, .. }
            | Self::Timeout { kind: NetworkKind::Sent }
            | Self::TooLarge
            | Self::Shape { .. } => Outcome::Unknown,
        }
    }

    /// When another attempt makes sense; `None` when a person, or a change of our code, must come first.
    #[must_use]
    pub fn retry(&self) -> Option<Backoff> {
        match self {
            Self::Refused { .. }
            | Self::NotOffered
            | Self::Credentials
            | Self::DeveloperKey
            | Self::NoAccess
            | Self::OtherOrganization
            | Self::Untrusted
            | Self::Redirected { .. }
            | Self::TooLarge => None,
            Self::RateLimited { until } => Some(Backoff::At(*until)),
            Self::Maintenance { .. } => Some(Backoff::Later),
            Self::SignIn(source) => source.retry(),
            Self::Internal { .. }
            | Self::SessionExpired
            | Self::TooManyAtOnce
            | Self::NotJson { .. }
            | Self::Network { .. }
            | Self::Timeout { .. }
            | Self::Shape { .. } => Some(Backoff::Soon),
        }
    }

    /// The code, when Bill.com gave one that is kept.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused { code, .. } | Self::Internal { code, .. } => Some(code.as_str()),
            Self::SignIn(source) => source.code(),
            _ => None,
        }
    }

    /// Bill.com's own words, for the page of the company they belong to; never for a log.
    #[must_use]
    pub fn vendor_message(&self) -> Option<&str> {
        match self {
            Self::Refused { message, .. } | Self::Internal { message, .. } => Some(message),
            Self::SignIn(source) => source.vendor_message(),
            _ => None,
        }
    }

    /// Whether the record asked for does not exist, or is hidden from these credentials.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused { code, .. } if matches!(code.as_str(), ErrorCode::NOT_FOUND | ErrorCode::NO_DATA))
    }
}

impl fmt::Display for BillComError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { code, .. } => write!(f, "Bill.com declined the call ({code})"),
            Self::NotOffered => f.write_str("Bill.com has no call for this"),
            Self::Internal { code, .. } => {
                write!(f, "Bill.com reported an error of its own ({code})")
            }
            Self::Credentials => f.write_str("Bill.com does not accept the user name and password"),
            Self::DeveloperKey => f.write_str("Bill.com does not accept the developer key"),
            Self::NoAccess => f.write_str("the organisation is not open to the API"),
            Self::OtherOrganization => f.write_str("the sign-in led into another organisation"),
            Self::SessionExpired => f.write_str("the session was dead right after signing in"),
            Self::Untrusted => f.write_str("the call needs a session trusted by multi-factor sign-in"),
            Self::RateLimited { until } => {
                write!(f, "the calls of this hour are used up until {until}")
            }
            Self::TooManyAtOnce => f.write_str("too many calls at once"),
            Self::Maintenance { status } => write!(f, "Bill.com shows a web page instead of an answer (HTTP {status})"),
            Self::NotJson { status } => write!(f, "the answer is not JSON (HTTP {status})"),
            Self::Redirected { status } => write!(f, "the answer is a redirect (HTTP {status}), which is not followed"),
            Self::Network { kind: NetworkKind::Connect, .. } => f.write_str("no connection to Bill.com"),
            Self::Network { kind: NetworkKind::Sent, .. } => f.write_str("the connection broke during the call"),
            Self::Timeout { kind: NetworkKind::Connect } => f.write_str("no connection to Bill.com in time"),
            Self::Timeout { kind: NetworkKind::Sent } => f.write_str("no answer from Bill.com in time"),
            Self::TooLarge => write!(f, "the answer is larger than {} bytes", limits::REPLY_BYTES_MAX),
            Self::Shape { wanted } => write!(f, "the answer is not {wanted}"),
            Self::SignIn(_) => f.write_str("signing in to Bill.com failed"),
        }
    }
}

impl Error for BillComError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Network { source, .. } => Some(&**source),
            Self::SignIn(source) => Some(&**source),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: &str) -> BillComError {
        BillComError::Refused { code: ErrorCode::new(code), message: "Vendor Jane Roe, account 12345678".to_owned() }
    }

    #[test]
    fn nothing_that_left_our_side_and_was_not_understood_counts_as_not_done() {
        let sent = [
            BillComError::Maintenance { status: 503 },
            BillComError::NotJson { status: 200 },
            BillComError::Redirected { status: 302 },
            BillComError::Network { kind: NetworkKind::Sent, source: "reset".into() },
            BillComError::Timeout { kind: NetworkKind::Sent },
            BillComError::TooLarge,
            BillComError::Shape { wanted: "an object" },
            BillComError::Internal { code: ErrorCode::new("BDC_1001"), message: String::new() },
        ];
        for error in sent {
            assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
        }
    }

    #[test]
    fn a_failed_sign_in_means_that_the_write_was_never_sent() {
        let error = BillComError::SignIn(Box::new(BillComError::Timeout { kind: NetworkKind::Sent }));
        assert_eq!(error.outcome(), Outcome::NotDone);
        assert_eq!(error.retry(), Some(Backoff::Soon));
        assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("no answer from Bill.com in time"));
    }

    #[test]
    fn log_texts_do_not_quote_bill_com() {
        let text = refused("BDC_1171").to_string();
        assert_eq!(text, "Bill.com declined the call (BDC_1171)");
        assert_eq!(refused("BDC_1171").outcome(), Outcome::Refused);
        assert_eq!(refused("BDC_1171").vendor_message(), Some("Vendor Jane Roe, account 12345678"));
    }

    #[test]
    fn codes_are_made_safe() {
        assert_eq!(ErrorCode::new("BDC_11\n71<script>").as_str(), "BDC_1171script");
        assert!(ErrorCode::new(&"A".repeat(10_000)).as_str().len() <= limits::CODE_CHARS_MAX);
        assert!(refused("BDC_1205").is_not_found());
    }
}
