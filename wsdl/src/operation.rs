//! Requests, decoded: exactly one of the eleven operations.
//!
//! [`decode_stream`] runs the stages together, while the body arrives: bytes to UTF-8 (`source`), the guard (`guard`), which
//! stops at each parameter, and the parameters' texts (`text`). When the document has ended and passed, the short parameters
//! go through yaserde (`envelope`). *Sealed* are tickets, passwords, company data and the answer of QuickBooks: yaserde
//! logs every event it reads at debug level, so they never pass through it, and none of them appears in the `Debug` output of
//! these types.
//!
//! The answer is the one text that is not collected: whoever decodes is handed a reader of it, in the middle of a document
//! that may yet turn out to be damaged, cut short or hostile. What is made of the answer must therefore have no effect
//! before decoding has succeeded; what is handed out then is all there is to act on. [`decode`] is the same for a body
//! that is at hand: there the answer is read afterwards, from where it stands.
//!
//! Unknown is data: a version number that is no number is `None`, an HRESULT that is none keeps its text, an absent
//! parameter is an empty one (`qbwc.md` 2.2). Parameters may come in any order.

use crate::envelope::{self, Body};
use crate::error::DecodeError;
use crate::guard::{Guard, GuardLimits, Stop};
use crate::hresult::HResult;
use crate::name::{OperationName, Parameter, Role};
use crate::reply::SoapVersion;
use crate::source::Utf8;
use crate::text::{CollectError, TextReader, Window, collect};
use std::fmt;
use std::io::{self, BufRead, Read};
use std::ops::Range;

/// A request that passed the guard. `A` is what stands for the answer of QuickBooks.
#[derive(Debug)]
pub struct Decoded<A> {
    /// What is asked.
    pub operation: Operation<A>,
    /// The SOAP version to answer in.
    pub soap: SoapVersion,
}

/// The Web Connector's operations (`qbwc.md` 1). `A` is what stands for the answer of QuickBooks: its text, or what was
/// made of it. `Debug` never shows a ticket, a password, company data or an answer.
pub enum Operation<A> {
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
    ReceiveResponseXml(ReceiveResponseXml<A>),
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
pub struct ReceiveResponseXml<A> {
    /// The session.
    pub ticket: String,
    /// Present only if the whole request failed below the message level. Look here first: `response` is empty then.
    pub hresult: Option<HResult>,
    /// QuickBooks' words for the failure.
    pub message: String,
    /// The answer: a [`ResponseText`], or what the reader of [`decode_stream`] has made of it.
    pub response: A,
}

/// The answer of QuickBooks: qbXML, still escaped as it came, to be read as a stream.
///
/// It is never held whole un-escaped: [`reader`](Self::reader) resolves entities, character references, CDATA and
/// line ends while it is read, 32 KiB at a time.
#[derive(Clone)]
pub struct ResponseText<'a> {
    body: &'a [u8],
    /// Where its escaped text stands in the body as UTF-8.
    place: Range<usize>,
}

impl<'a> ResponseText<'a> {
    /// True if there is no text at all: absent, empty, nil, or an empty CDATA section.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.place.is_empty() || self.text().fill_buf().is_ok_and(<[u8]>::is_empty)
    }

    /// Bytes on the wire, about a third more than un-escaped.
    #[must_use]
    pub const fn escaped_bytes(&self) -> usize {
        self.place.end - self.place.start
    }

    /// The un-escaped text from its start; can be called repeatedly.
    ///
    /// # Errors
    ///
    /// Reading fails with [`InvalidData`](std::io::ErrorKind::InvalidData) around a [`TextError`](crate::TextError)
    /// where the text cannot be un-escaped. What precedes the fault is delivered first.
    pub fn reader(&self) -> impl BufRead + 'a {
        // A reader of no text at all, where there is none: `take` of zero bytes is one.
        self.text().take(if self.place.is_empty() { 0 } else { u64::MAX })
    }

    fn text(&self) -> TextReader<Utf8<&'a [u8]>> {
        let mut source = Utf8::new(self.body, usize::MAX);
        // The body has been read to its end before, so this cannot fail; if it did, reading would.
        let _ = source.skip(self.place.start);
        TextReader::new(source)
    }
}

/// The answer of QuickBooks while it arrives: un-escaped text, to be read as a stream, once.
///
/// # Errors
/// Reading fails with [`InvalidData`](std::io::ErrorKind::InvalidData) where the text cannot be un-escaped or the document
/// ends; what precedes the fault is delivered first.
pub struct ArrivingAnswer<'t> {
    ticket: Option<&'t str>,
    text: &'t mut dyn BufRead,
}

impl ArrivingAnswer<'_> {
    /// The session, if its ticket came before the answer, as the contract has it.
    #[must_use]
    pub const fn ticket(&self) -> Option<&str> {
        self.ticket
    }
}

impl Read for ArrivingAnswer<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.text.read(out)
    }
}

impl BufRead for ArrivingAnswer<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.text.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.text.consume(amount);
    }
}

/// Decodes one request from a body that is at hand.
///
/// Nothing is allocated for the answer: it stays where it is, in `body`.
///
/// # Errors
///
/// A [`DecodeError`] that names the limit and the value found, or what is not as the contract has it. Answer with
/// its [`fault`](DecodeError::fault) and HTTP 500.
pub fn decode<'a>(body: &'a [u8], limits: &GuardLimits) -> Result<Decoded<ResponseText<'a>>, DecodeError> {
    if body.len() > limits.body_bytes_max {
        return Err(DecodeError::BodyTooLarge { limit: limits.body_bytes_max, found: body.len() });
    }
    let mut request = Request::new(limits);
    let (name, soap) = request.read(body, |_| ())?;
    let response = ResponseText { body, place: request.answer.clone().unwrap_or_default() };
    Ok(Decoded { operation: request.operation(name, response)?, soap })
}

/// Decodes one request while its body arrives.
///
/// `read_answer` is called at most once, at the answer's text, when only what stands before it is known; what it leaves
/// unread is read over. Its result is handed out with the operation when the whole document has passed, and dropped otherwise.
/// Without the parameter, and where it is self-closed, it is not called and stands for `None`.
///
/// Memory: 32 KiB of the body, the short parameters, and what `read_answer` keeps.
///
/// # Errors
///
/// As [`decode`]; [`DecodeError::Interrupted`] when `body` fails. Nothing may be done then.
pub fn decode_stream<A>(
    body: impl BufRead,
    limits: &GuardLimits,
    read_answer: impl FnOnce(&mut ArrivingAnswer<'_>) -> A,
) -> Result<Decoded<Option<A>>, DecodeError> {
    let mut request = Request::new(limits);
    let mut read_answer = Some(read_answer);
    let mut made = None;
    let (name, soap) = request.read(body, |answer| made = read_answer.take().map(|read| read(answer)))?;
    Ok(Decoded { operation: request.operation(name, made)?, soap })
}

/// A request that is being read: what its parameters say so far.
struct Request<'l> {
    limits: &'l GuardLimits,
    /// The known parameters that are present, un-escaped, all but the answer. An absent parameter is not listed.
    texts: Vec<(&'static Parameter, String)>,
    /// Where the escaped text of the answer stands.
    answer: Option<Range<usize>>,
}

impl<'l> Request<'l> {
    const fn new(limits: &'l GuardLimits) -> Self {
        Self { limits, texts: Vec::new(), answer: None }
    }

    /// Reads a document to its end.
    fn read(
        &mut self,
        body: impl BufRead,
        mut read_answer: impl FnMut(&mut ArrivingAnswer<'_>),
    ) -> Result<(OperationName, SoapVersion), DecodeError> {
        let mut guard = Guard::new(body, self.limits);
        loop {
            match guard.advance()? {
                Stop::End(soap, name) => return Ok((name, soap)),
                Stop::Empty(parameter) if parameter.role == Role::Response => {}
                Stop::Empty(parameter) => self.texts.push((parameter, String::new())),
                Stop::Text(parameter) if parameter.role == Role::Response => {
                    let start = guard.position();
                    let mut text = guard.text();
                    let ticket = self.texts.iter().find(|(parameter, _)| parameter.role == Role::Ticket);
                    let ticket = ticket.map(|(_, ticket)| ticket.as_str());
                    read_answer(&mut ArrivingAnswer { ticket, text: &mut text });
                    let closed = text.close(parameter.name);
                    let bytes = closed.map_err(|error| guard.failure().unwrap_or(error))?;
                    self.answer = Some(start..start + bytes);
                }
                Stop::Text(parameter) => {
                    let mut text = guard.text();
                    let collected = self.collect(parameter, &mut text);
                    // What spoils the document counts for more than what spoils the text.
                    text.close(parameter.name).map_err(|error| guard.failure().unwrap_or(error))?;
                    self.texts.push((parameter, collected?));
                }
            }
        }
    }

    fn operation<A>(&self, name: OperationName, response: A) -> Result<Operation<A>, DecodeError> {
        let body = self.plain(name)?;
        Ok(match name {
            OperationName::ServerVersion => Operation::ServerVersion,
            OperationName::GetServerVersion => Operation::GetServerVersion,
            OperationName::ClientVersion => Operation::ClientVersion {
                version: body.client_version.and_then(|call| call.version).unwrap_or_default(),
            },
            OperationName::Authenticate => Operation::Authenticate {
                user_name: body.authenticate.and_then(|call| call.user_name).unwrap_or_default(),
                password: Password(self.sealed(Role::Password)),
            },
            OperationName::SendRequestXml => {
                Operation::SendRequestXml(self.send_request_xml(body.send_request_xml.unwrap_or_default()))
            }
            OperationName::ReceiveResponseXml => {
                let failure = body.receive_response_xml.unwrap_or_default();
                Operation::ReceiveResponseXml(ReceiveResponseXml {
                    ticket: self.sealed(Role::Ticket),
                    hresult: failure.hresult.as_deref().and_then(HResult::parse),
                    message: failure.message.unwrap_or_default(),
                    response,
                })
            }
            OperationName::ConnectionError => {
                let failure = body.connection_error.unwrap_or_default();
                Operation::ConnectionError {
                    ticket: self.sealed(Role::Ticket),
                    hresult: failure.hresult.as_deref().and_then(HResult::parse),
                    message: failure.message.unwrap_or_default(),
                }
            }
            OperationName::GetLastError => Operation::GetLastError { ticket: self.sealed(Role::Ticket) },
            OperationName::CloseConnection => Operation::CloseConnection { ticket: self.sealed(Role::Ticket) },
            OperationName::GetInteractiveUrl => Operation::GetInteractiveUrl {
                ticket: self.sealed(Role::Ticket),
                session_id: self.sealed(Role::SessionId),
            },
            OperationName::IsInteractiveDone => self.poll(PollSpelling::IsInteractiveDone),
            OperationName::InteractiveDone => self.poll(PollSpelling::InteractiveDone),
            OperationName::InteractiveRejected => Operation::InteractiveRejected {
                ticket: self.sealed(Role::Ticket),
                reason: body.interactive_rejected.and_then(|call| call.reason).unwrap_or_default(),
            },
        })
    }

    fn send_request_xml(&self, plain: envelope::SendRequestXml) -> SendRequestXml {
        SendRequestXml {
            ticket: self.sealed(Role::Ticket),
            hcp_response: self.sealed(Role::CompanyData),
            company_file_name: plain.company_file_name.unwrap_or_default(),
            country: plain.country.unwrap_or_default(),
            major_version: plain.major_version.and_then(|text| text.trim_ascii().parse().ok()),
            minor_version: plain.minor_version.and_then(|text| text.trim_ascii().parse().ok()),
        }
    }

    fn poll<A>(&self, spelling: PollSpelling) -> Operation<A> {
        Operation::InteractiveDone { ticket: self.sealed(Role::Ticket), spelling }
    }

    /// The text of the one sealed parameter of this role; empty if absent.
    fn sealed(&self, role: Role) -> String {
        let found = self.texts.iter().find(|(parameter, _)| parameter.role == role);
        found.map_or_else(String::new, |(_, text)| text.clone())
    }

    fn collect(
        &self,
        parameter: &'static Parameter,
        text: &mut TextReader<impl Window>,
    ) -> Result<String, DecodeError> {
        let limit = match parameter.role {
            Role::Ticket | Role::SessionId => self.limits.ticket_bytes_max,
            Role::Plain | Role::Password => self.limits.parameter_bytes_max,
            Role::CompanyData => self.limits.company_data_bytes_max,
            Role::Response => self.limits.body_bytes_max,
        };
        collect(text, limit).map_err(|error| match error {
            CollectError::TooLong => DecodeError::TextTooLong { parameter: parameter.name, limit },
            CollectError::Text(source) => DecodeError::BadText { parameter: parameter.name, source },
            CollectError::CutOff => DecodeError::Interrupted,
        })
    }

    /// The plain parameters, by way of yaserde.
    fn plain(&self, name: OperationName) -> Result<Body, DecodeError> {
        let plain = self.texts.iter().filter(|(parameter, _)| parameter.role == Role::Plain);
        let texts: Vec<_> = plain.map(|(parameter, text)| (parameter.name, text.as_str())).collect();
        envelope::read(name, &texts)
    }
}

const REDACTED: &str = "<redacted>";

impl<A: fmt::Debug> fmt::Debug for Operation<A> {
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

impl<A: fmt::Debug> fmt::Debug for ReceiveResponseXml<A> {
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
