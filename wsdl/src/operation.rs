//! Requests, decoded: exactly one of the eleven operations.
//!
//! [`decode`] runs the stages in order: bytes to UTF-8 (`source`), the guard (`guard`), the short parameters through
//! yaserde (`envelope`), and here the sealed ones. *Sealed* are tickets, passwords, company data and the answer of
//! QuickBooks: yaserde logs every event it reads at debug level, so they never pass through it, and none of them
//! appears in the `Debug` output of these types.
//!
//! Unknown is data: a version number that is no number is `None`, an HRESULT that is none keeps its text, an absent
//! parameter is an empty one (`qbwc.md` 2.2).

use crate::envelope::{self, Body};
use crate::error::DecodeError;
use crate::guard::{self, GuardLimits, Survey};
use crate::hresult::HResult;
use crate::name::{OperationName, Role};
use crate::reply::SoapVersion;
use crate::source;
use crate::text::{CollectError, EscapedText, Source, collect};
use std::fmt;
use std::io::BufRead;

/// A request that passed the guard.
#[derive(Debug)]
pub struct Decoded<'a> {
    /// What is asked.
    pub operation: Operation<'a>,
    /// The SOAP version to answer in.
    pub soap: SoapVersion,
}

/// The Web Connector's operations (`qbwc.md` 1). `Debug` never shows a ticket, a password, company data or an answer.
pub enum Operation<'a> {
    /// Who are you? Parameters, if any, are ignored.
    ServerVersion,
    /// The same under the guide's name; answer with [`Reply::GetServerVersion`](crate::Reply::GetServerVersion).
    GetServerVersion,
    /// The connector's product version, e.g. `2.3.0.215`. Compare part by part; never refuse what cannot be parsed.
    ClientVersion {
        /// As sent.
        version: String,
    },
    /// Start of a session.
    Authenticate {
        /// As in the `.qwc` file.
        user_name: String,
        /// Every character counts, blanks included.
        password: Password,
    },
    /// Give me work.
    SendRequestXml(SendRequestXml),
    /// Here is what QuickBooks said.
    ReceiveResponseXml(ReceiveResponseXml<'a>),
    /// QuickBooks could not be opened.
    ConnectionError {
        /// The session.
        ticket: String,
        /// Why, as a code.
        hresult: Option<HResult>,
        /// Why, in QuickBooks' words.
        message: String,
    },
    /// Why did you answer that?
    GetLastError {
        /// The session.
        ticket: String,
    },
    /// End of the session. Also sent after a refused `authenticate`, then with an empty ticket.
    CloseConnection {
        /// The session.
        ticket: String,
    },
    /// Which page should the user see?
    GetInteractiveUrl {
        /// The session.
        ticket: String,
        /// The connector's id of the interactive session.
        session_id: String,
    },
    /// Is the user done with the page?
    InteractiveDone {
        /// The session.
        ticket: String,
        /// The name the poll came under; to be mirrored in the reply.
        spelling: PollSpelling,
    },
    /// The user refused, or did not answer in time.
    InteractiveRejected {
        /// The session.
        ticket: String,
        /// Why.
        reason: String,
    },
}

/// The two names of the interactive poll; which one current connectors use is disputed (`qbwc.md` 1.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PollSpelling {
    /// `isInteractiveDone`
    IsInteractiveDone,
    /// `interactiveDone`
    InteractiveDone,
}

impl PollSpelling {
    pub(crate) const fn name(self) -> OperationName {
        match self {
            Self::IsInteractiveDone => OperationName::IsInteractiveDone,
            Self::InteractiveDone => OperationName::InteractiveDone,
        }
    }
}

/// A password as sent. `Debug` prints nothing of it; compare [`expose`](Self::expose) in constant time.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// The text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

/// The arguments of `sendRequestXML` (`qbwc.md` 4).
#[derive(Clone)]
pub struct SendRequestXml {
    /// The session.
    pub ticket: String,
    /// Host, Company and Preferences as qbXML; only in the first call of a session, empty afterwards. Holds tax
    /// numbers and addresses.
    pub hcp_response: String,
    /// Full path of the open company file. Not an identity: files are moved and renamed.
    pub company_file_name: String,
    /// `US`, `CA`, `UK`, `AU`.
    pub country: String,
    /// Highest qbXML version of the request processor, before the point; `None` if absent or no number.
    pub major_version: Option<i32>,
    /// The same after the point.
    pub minor_version: Option<i32>,
}

/// The arguments of `receiveResponseXML` (`qbwc.md` 1.5).
pub struct ReceiveResponseXml<'a> {
    /// The session.
    pub ticket: String,
    /// Present only if the whole request failed below the message level. Look here first: `response` is empty then.
    pub hresult: Option<HResult>,
    /// QuickBooks' words for the failure.
    pub message: String,
    /// The answer, still escaped.
    pub response: ResponseText<'a>,
}

/// The answer of QuickBooks: qbXML, still escaped as it came, to be read as a stream.
///
/// It is never held whole un-escaped: [`reader`](Self::reader) resolves entities, character references, CDATA and
/// line ends while it is read, 32 KiB at a time.
#[derive(Clone)]
pub struct ResponseText<'a>(EscapedText<'a>);

impl<'a> ResponseText<'a> {
    /// True if there is no text at all: absent, empty, nil, or an empty CDATA section.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.escaped_bytes() == 0 || self.0.reader().fill_buf().is_ok_and(<[u8]>::is_empty)
    }

    /// Bytes on the wire, about a third more than un-escaped.
    #[must_use]
    pub fn escaped_bytes(&self) -> usize {
        self.0.escaped_bytes()
    }

    /// The un-escaped text from its start; can be called repeatedly.
    ///
    /// # Errors
    ///
    /// Reading fails with [`InvalidData`](std::io::ErrorKind::InvalidData) around a [`TextError`](crate::TextError)
    /// where the text cannot be un-escaped. What precedes the fault is delivered first.
    pub fn reader(&self) -> impl BufRead + 'a {
        self.0.reader()
    }
}

/// Decodes one request.
///
/// Nothing is allocated for the document before it has passed the guard; the `response` text is borrowed from `body`
/// (or, for a body that is not UTF-8, from one transcoded copy).
///
/// # Errors
///
/// A [`DecodeError`] that names the limit and the value found, or what is not as the contract has it. Answer with
/// its [`fault`](DecodeError::fault) and HTTP 500.
pub fn decode<'a>(body: &'a [u8], limits: &GuardLimits) -> Result<Decoded<'a>, DecodeError> {
    let source = source::read(body, limits.body_bytes_max)?;
    let survey = guard::survey(source.as_str(), limits)?;
    let soap = survey.soap;
    let request = Request { source, survey, limits };
    Ok(Decoded { operation: request.operation()?, soap })
}

/// A surveyed request, on its way to an operation.
struct Request<'a, 'l> {
    source: Source<'a>,
    survey: Survey,
    limits: &'l GuardLimits,
}

impl<'a> Request<'a, '_> {
    fn operation(&self) -> Result<Operation<'a>, DecodeError> {
        let body = self.plain()?;
        Ok(match self.survey.name {
            OperationName::ServerVersion => Operation::ServerVersion,
            OperationName::GetServerVersion => Operation::GetServerVersion,
            OperationName::ClientVersion => Operation::ClientVersion {
                version: body.client_version.and_then(|call| call.version).unwrap_or_default(),
            },
            OperationName::Authenticate => Operation::Authenticate {
                user_name: body.authenticate.and_then(|call| call.user_name).unwrap_or_default(),
                password: Password(self.sealed(Role::Password)?),
            },
            OperationName::SendRequestXml => {
                Operation::SendRequestXml(self.send_request_xml(body.send_request_xml.unwrap_or_default())?)
            }
            OperationName::ReceiveResponseXml => {
                Operation::ReceiveResponseXml(self.receive_response_xml(body.receive_response_xml.unwrap_or_default())?)
            }
            OperationName::ConnectionError => self.connection_error(body.connection_error.unwrap_or_default())?,
            OperationName::GetLastError => Operation::GetLastError { ticket: self.sealed(Role::Ticket)? },
            OperationName::CloseConnection => Operation::CloseConnection { ticket: self.sealed(Role::Ticket)? },
            OperationName::GetInteractiveUrl => Operation::GetInteractiveUrl {
                ticket: self.sealed(Role::Ticket)?,
                session_id: self.sealed(Role::SessionId)?,
            },
            OperationName::IsInteractiveDone => self.poll(PollSpelling::IsInteractiveDone)?,
            OperationName::InteractiveDone => self.poll(PollSpelling::InteractiveDone)?,
            OperationName::InteractiveRejected => Operation::InteractiveRejected {
                ticket: self.sealed(Role::Ticket)?,
                reason: body.interactive_rejected.and_then(|call| call.reason).unwrap_or_default(),
            },
        })
    }

    fn send_request_xml(&self, plain: envelope::SendRequestXml) -> Result<SendRequestXml, DecodeError> {
        Ok(SendRequestXml {
            ticket: self.sealed(Role::Ticket)?,
            hcp_response: self.sealed(Role::CompanyData)?,
            company_file_name: plain.company_file_name.unwrap_or_default(),
            country: plain.country.unwrap_or_default(),
            major_version: plain.major_version.and_then(|text| text.trim_ascii().parse().ok()),
            minor_version: plain.minor_version.and_then(|text| text.trim_ascii().parse().ok()),
        })
    }

    fn receive_response_xml(&self, plain: envelope::Failure) -> Result<ReceiveResponseXml<'a>, DecodeError> {
        let response = self.texts(Role::Response).next().map_or(0..0, |(_, text)| text);
        Ok(ReceiveResponseXml {
            ticket: self.sealed(Role::Ticket)?,
            hresult: plain.hresult.as_deref().and_then(HResult::parse),
            message: plain.message.unwrap_or_default(),
            response: ResponseText(EscapedText::new(self.source.clone(), response)),
        })
    }

    fn connection_error(&self, plain: envelope::Failure) -> Result<Operation<'a>, DecodeError> {
        Ok(Operation::ConnectionError {
            ticket: self.sealed(Role::Ticket)?,
            hresult: plain.hresult.as_deref().and_then(HResult::parse),
            message: plain.message.unwrap_or_default(),
        })
    }

    fn poll(&self, spelling: PollSpelling) -> Result<Operation<'a>, DecodeError> {
        Ok(Operation::InteractiveDone { ticket: self.sealed(Role::Ticket)?, spelling })
    }

    /// The present parameters of one role, with the place of their text.
    fn texts(&self, role: Role) -> impl Iterator<Item = (&'static str, std::ops::Range<usize>)> + '_ {
        let of_role = move |(parameter, text): &(&'static crate::name::Parameter, std::ops::Range<usize>)| {
            (parameter.role == role).then(|| (parameter.name, text.clone()))
        };
        self.survey.texts.iter().filter_map(of_role)
    }

    /// The un-escaped text of the one sealed parameter of this role; empty if absent.
    fn sealed(&self, role: Role) -> Result<String, DecodeError> {
        self.texts(role).next().map_or(Ok(String::new()), |(name, text)| self.collect(name, role, text))
    }

    fn collect(
        &self,
        parameter: &'static str,
        role: Role,
        text: std::ops::Range<usize>,
    ) -> Result<String, DecodeError> {
        let limit = match role {
            Role::Ticket | Role::SessionId => self.limits.ticket_bytes_max,
            Role::Plain | Role::Password => self.limits.parameter_bytes_max,
            Role::CompanyData => self.limits.company_data_bytes_max,
            Role::Response => self.limits.body_bytes_max,
        };
        collect(&EscapedText::new(self.source.clone(), text), limit).map_err(|error| match error {
            CollectError::TooLong => DecodeError::TextTooLong { parameter, limit },
            CollectError::Text(source) => DecodeError::BadText { parameter, source },
        })
    }

    /// The plain parameters, by way of yaserde.
    fn plain(&self) -> Result<Body, DecodeError> {
        let mut texts = Vec::new();
        for (name, text) in self.texts(Role::Plain) {
            texts.push((name, self.collect(name, Role::Plain, text)?));
        }
        envelope::read(self.survey.name, &texts)
    }
}

const REDACTED: &str = "<redacted>";

impl fmt::Debug for Operation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ServerVersion => f.write_str("ServerVersion"),
            Self::GetServerVersion => f.write_str("GetServerVersion"),
            Self::ClientVersion { version } => f.debug_struct("ClientVersion").field("version", version).finish(),
            Self::Authenticate { user_name, password } => {
                f.debug_struct("Authenticate").field("user_name", user_name).field("password", password).finish()
            }
            Self::SendRequestXml(request) => fmt::Debug::fmt(request, f),
            Self::ReceiveResponseXml(request) => fmt::Debug::fmt(request, f),
            Self::ConnectionError { hresult, message, .. } => f
                .debug_struct("ConnectionError")
                .field("ticket", &REDACTED)
                .field("hresult", hresult)
                .field("message", message)
                .finish(),
            Self::GetLastError { .. } => f.debug_struct("GetLastError").field("ticket", &REDACTED).finish(),
            Self::CloseConnection { .. } => f.debug_struct("CloseConnection").field("ticket", &REDACTED).finish(),
            Self::GetInteractiveUrl { .. } => {
                f.debug_struct("GetInteractiveUrl").field("ticket", &REDACTED).field("session_id", &REDACTED).finish()
            }
            Self::InteractiveDone { spelling, .. } => {
                f.debug_struct("InteractiveDone").field("ticket", &REDACTED).field("spelling", spelling).finish()
            }
            Self::InteractiveRejected { reason, .. } => {
                f.debug_struct("InteractiveRejected").field("ticket", &REDACTED).field("reason", reason).finish()
            }
        }
    }
}

impl fmt::Debug for SendRequestXml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendRequestXml")
            .field("ticket", &REDACTED)
            .field("hcp_response_bytes", &self.hcp_response.len())
            .field("company_file_name", &self.company_file_name)
            .field("country", &self.country)
            .field("major_version", &self.major_version)
            .field("minor_version", &self.minor_version)
            .finish()
    }
}

impl fmt::Debug for ReceiveResponseXml<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceiveResponseXml")
            .field("ticket", &REDACTED)
            .field("hresult", &self.hresult)
            .field("message", &self.message)
            .field("response", &self.response)
            .finish()
    }
}

impl fmt::Debug for ResponseText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} bytes escaped>", self.escaped_bytes())
    }
}
