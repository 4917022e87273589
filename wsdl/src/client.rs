//! The other end of the line: calls as a Web Connector sends them, and replies as it reads them.
//!
//! For simulators and tests, which must not be kinder than the real thing. [`encode_call`] writes the bytes of
//! `qbwc.md` 2.2: SOAP 1.1, Document style, no white space, empty arguments self-closed, CR as `&#xD;`.
//! [`read_reply`] is as strict as the .NET proxy compiled into the connector (`qbwc.md` 1.3 and 2.3): a result in
//! another namespace, nested in an extra element, nil or absent is read as null, and null is fatal except for the two
//! version calls.

use crate::authenticate::{AuthenticateResult, Company};
use crate::error::{DecodeError, Excerpt};
use crate::name::{NAMESPACE, OperationName};
use crate::operation::PollSpelling;
use crate::reply::{Fault, FaultCode, Reply, SoapVersion, envelope};
use crate::source;
use crate::text::{CollectError, TextReader, collect, escape_into};
use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use std::ops::Range;

/// Elements of the largest reply that is read; a real one has at most eight.
const ELEMENTS_MAX: usize = 1_000;

/// Depth of the deepest reply that is read.
const DEPTH_MAX: usize = 16;

/// One call of a session. No `Debug`: it may hold a password or company data.
#[derive(Clone, PartialEq, Eq)]
pub enum Call {
    /// `serverVersion`
    ServerVersion,
    /// `clientVersion`
    ClientVersion {
        /// Four parts, e.g. `2.3.0.215`.
        version: String,
    },
    /// `authenticate`
    Authenticate {
        /// `UserName` of the `.qwc` file.
        user_name: String,
        /// What the user typed.
        password: String,
    },
    /// `sendRequestXML`
    SendRequestXml {
        /// The session.
        ticket: String,
        /// Company data; only in the first call of a session.
        hcp_response: String,
        /// Path of the open file.
        company_file_name: String,
        /// `US`
        country: String,
        /// Highest qbXML version, before the point.
        major_version: i32,
        /// The same after the point.
        minor_version: i32,
    },
    /// `receiveResponseXML`
    ReceiveResponseXml {
        /// The session.
        ticket: String,
        /// The answer of QuickBooks; empty if there is an `hresult`.
        response: String,
        /// The code of a failure, with `0x`; else empty.
        hresult: String,
        /// The text of a failure.
        message: String,
    },
    /// `connectionError`
    ConnectionError {
        /// The session.
        ticket: String,
        /// The code, with `0x`.
        hresult: String,
        /// The text.
        message: String,
    },
    /// `getLastError`
    GetLastError {
        /// The session.
        ticket: String,
    },
    /// `closeConnection`
    CloseConnection {
        /// The session.
        ticket: String,
    },
    /// `getInteractiveURL`
    GetInteractiveUrl {
        /// The session.
        ticket: String,
        /// Id of the interactive session.
        session_id: String,
    },
    /// `isInteractiveDone` or `interactiveDone`
    InteractiveDone {
        /// The session.
        ticket: String,
        /// Which of the two.
        spelling: PollSpelling,
    },
    /// `interactiveRejected`
    InteractiveRejected {
        /// The session.
        ticket: String,
        /// Why.
        reason: String,
    },
}

impl Call {
    /// The operation called.
    #[must_use]
    pub const fn name(&self) -> OperationName {
        match self {
            Self::ServerVersion => OperationName::ServerVersion,
            Self::ClientVersion { .. } => OperationName::ClientVersion,
            Self::Authenticate { .. } => OperationName::Authenticate,
            Self::SendRequestXml { .. } => OperationName::SendRequestXml,
            Self::ReceiveResponseXml { .. } => OperationName::ReceiveResponseXml,
            Self::ConnectionError { .. } => OperationName::ConnectionError,
            Self::GetLastError { .. } => OperationName::GetLastError,
            Self::CloseConnection { .. } => OperationName::CloseConnection,
            Self::GetInteractiveUrl { .. } => OperationName::GetInteractiveUrl,
            Self::InteractiveDone { spelling, .. } => spelling.name(),
            Self::InteractiveRejected { .. } => OperationName::InteractiveRejected,
        }
    }

    /// The value of the `SOAPAction` header, with its quotes.
    #[must_use]
    pub fn soap_action(&self) -> String {
        format!("\"{NAMESPACE}{}\"", self.name())
    }

    /// The arguments in the order of the contract, which is the order of `OperationName::parameters`.
    fn arguments(&self) -> Vec<String> {
        match self {
            Self::ServerVersion => Vec::new(),
            Self::ClientVersion { version } => vec![version.clone()],
            Self::Authenticate { user_name, password } => vec![user_name.clone(), password.clone()],
            Self::SendRequestXml { ticket, hcp_response, company_file_name, country, major_version, minor_version } => {
                vec![
                    ticket.clone(),
                    hcp_response.clone(),
                    company_file_name.clone(),
                    country.clone(),
                    major_version.to_string(),
                    minor_version.to_string(),
                ]
            }
            Self::ReceiveResponseXml { ticket, response, hresult, message } => {
                vec![ticket.clone(), response.clone(), hresult.clone(), message.clone()]
            }
            Self::ConnectionError { ticket, hresult, message } => {
                vec![ticket.clone(), hresult.clone(), message.clone()]
            }
            Self::GetLastError { ticket } | Self::CloseConnection { ticket } | Self::InteractiveDone { ticket, .. } => {
                vec![ticket.clone()]
            }
            Self::GetInteractiveUrl { ticket, session_id } => {
                vec![ticket.clone(), session_id.clone()]
            }
            Self::InteractiveRejected { ticket, reason } => vec![ticket.clone(), reason.clone()],
        }
    }
}

/// The bytes of a call.
#[must_use]
pub fn encode_call(call: &Call) -> Vec<u8> {
    let name = call.name();
    envelope(SoapVersion::V11, |out| {
        let arguments = call.arguments();
        if arguments.is_empty() {
            out.push_str(&format!("<{name} xmlns=\"{NAMESPACE}\" />"));
            return;
        }
        out.push_str(&format!("<{name} xmlns=\"{NAMESPACE}\">"));
        for (parameter, argument) in name.parameters().iter().zip(&arguments) {
            let parameter = parameter.name;
            if argument.is_empty() {
                out.push_str(&format!("<{parameter} />"));
            } else {
                out.push_str(&format!("<{parameter}>"));
                escape_into(out, argument);
                out.push_str(&format!("</{parameter}>"));
            }
        }
        out.push_str(&format!("</{name}>"));
    })
}

/// Why a reply is of no use to a connector. Each ends the session with the call's QBWC code (`qbwc.md` 6.2).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplyError {
    /// The server answered with a fault.
    #[error("the server answered with a fault: {}", Excerpt::new(&.0.text))]
    Fault(Fault),
    /// Too long, or not readable text.
    #[error("the reply is not readable text")]
    Unreadable(#[source] DecodeError),
    /// Not a SOAP envelope, or not well-formed.
    #[error("the reply is not a SOAP envelope: {reason}")]
    NotSoap {
        /// What is wrong with it.
        reason: Excerpt,
    },
    /// The result is null: "Object reference not set to an instance of an object".
    #[error("the result of {operation} is absent, nil, in another namespace or wrapped in an element")]
    Null {
        /// The operation called.
        operation: OperationName,
    },
    /// The array of `authenticate` has fewer than two items: "Index was outside the bounds of the array".
    #[error("the result of authenticate has {found} items of the contract's namespace, at least 2 are needed")]
    ArrayTooShort {
        /// Items found.
        found: usize,
    },
    /// The result of `receiveResponseXML` is no integer.
    #[error("the result of receiveResponseXML is \"{found}\", not an integer")]
    NotANumber {
        /// Its text.
        found: Excerpt,
    },
}

/// Reads the reply to a call of `operation`, of at most `bytes_max` bytes.
///
/// # Errors
///
/// [`ReplyError`] where a connector would stop with an error of its own. Of the array of `authenticate`, indices 0 to
/// 3 count, absent ones are empty, and seconds that are no number are none.
pub fn read_reply(operation: OperationName, body: &[u8], bytes_max: usize) -> Result<Reply, ReplyError> {
    let document = source::read(body, bytes_max).map_err(ReplyError::Unreadable)?;
    let leaves = Leaves::read(&document)?;
    if let Some(fault) = leaves.fault()? {
        return Err(ReplyError::Fault(fault));
    }
    if operation == OperationName::Authenticate {
        return leaves.authenticate_result().map(Reply::Authenticate);
    }
    let optional = matches!(
        operation,
        OperationName::ServerVersion | OperationName::GetServerVersion | OperationName::ClientVersion
    );
    let text = match leaves.texts(&result_path(operation))?.into_iter().next() {
        Some(text) => text,
        None if optional => String::new(),
        None => return Err(ReplyError::Null { operation }),
    };
    reply(operation, text)
}

fn reply(operation: OperationName, text: String) -> Result<Reply, ReplyError> {
    Ok(match operation {
        OperationName::ServerVersion => Reply::ServerVersion(text),
        OperationName::GetServerVersion => Reply::GetServerVersion(text),
        OperationName::ClientVersion => Reply::ClientVersion(text),
        // Read by its caller: it is an array.
        OperationName::Authenticate => return Err(ReplyError::Null { operation }),
        OperationName::SendRequestXml => Reply::SendRequestXml(text),
        OperationName::ReceiveResponseXml => match text.trim().parse() {
            Ok(percent) => Reply::ReceiveResponseXml(percent),
            Err(_) => {
                return Err(ReplyError::NotANumber { found: Excerpt::new(&text) });
            }
        },
        OperationName::ConnectionError => Reply::ConnectionError(text),
        OperationName::GetLastError => Reply::GetLastError(text),
        OperationName::CloseConnection => Reply::CloseConnection(text),
        OperationName::GetInteractiveUrl => Reply::GetInteractiveUrl(text),
        OperationName::IsInteractiveDone => Reply::InteractiveDone { spelling: PollSpelling::IsInteractiveDone, text },
        OperationName::InteractiveDone => Reply::InteractiveDone { spelling: PollSpelling::InteractiveDone, text },
        OperationName::InteractiveRejected => Reply::InteractiveRejected(text),
    })
}

/// `{namespace}local` per element, from `Envelope` down.
type Path = Vec<String>;

fn path(soap: SoapVersion, below_body: &[String]) -> Path {
    let soap = |local: &str| format!("{{{}}}{local}", soap.namespace());
    [soap("Envelope"), soap("Body")].into_iter().chain(below_body.iter().cloned()).collect()
}

fn result_path(operation: OperationName) -> Vec<String> {
    vec![format!("{{{NAMESPACE}}}{operation}Response"), format!("{{{NAMESPACE}}}{operation}Result")]
}

/// The elements of a reply that hold no element, with the place of their text.
struct Leaves<'s> {
    document: &'s str,
    soap: SoapVersion,
    leaves: Vec<(Path, Range<usize>)>,
}

impl<'s> Leaves<'s> {
    fn read(document: &'s str) -> Result<Self, ReplyError> {
        let mut reader = NsReader::from_str(document);
        let mut walk = Walk::default();
        loop {
            let before = document.len() - reader.get_ref().len();
            let event = reader.read_event().map_err(|error| not_soap(&error.to_string()))?;
            let after = document.len() - reader.get_ref().len();
            match event {
                Event::Start(tag) => walk.open(qualified(&reader, &tag), is_nil(&tag), after)?,
                Event::Empty(tag) => {
                    walk.open(qualified(&reader, &tag), is_nil(&tag), after)?;
                    walk.close(after);
                }
                Event::End(_) => walk.close(before),
                Event::DocType(_) => {
                    return Err(not_soap("document type declarations are refused"));
                }
                Event::Eof => break,
                _ => {}
            }
        }
        Ok(Self { document, soap: walk.finish()?, leaves: walk.leaves })
    }

    /// The texts of all leaves at this path below `Body`.
    fn texts(&self, below_body: &[String]) -> Result<Vec<String>, ReplyError> {
        let wanted = path(self.soap, below_body);
        let found = self.leaves.iter().filter(|(path, _)| *path == wanted);
        found.map(|(_, range)| self.text(range)).collect()
    }

    fn text(&self, range: &Range<usize>) -> Result<String, ReplyError> {
        if range.is_empty() {
            return Ok(String::new());
        }
        let mut text = TextReader::new(&self.document.as_bytes()[range.start..]);
        collect(&mut text, self.document.len()).map_err(|_: CollectError| not_soap("a result is not text"))
    }

    fn authenticate_result(&self) -> Result<AuthenticateResult, ReplyError> {
        let mut item = result_path(OperationName::Authenticate);
        let array = path(self.soap, &item);
        item.push(format!("{{{NAMESPACE}}}string"));
        let present = self.leaves.iter().any(|(path, _)| path.starts_with(&array));
        if !present {
            return Err(ReplyError::Null { operation: OperationName::Authenticate });
        }
        let items = self.texts(&item)?;
        let [ticket, company, rest @ ..] = items.as_slice() else {
            return Err(ReplyError::ArrayTooShort { found: items.len() });
        };
        let seconds = |index: usize| rest.get(index).and_then(|text| text.trim().parse().ok());
        Ok(AuthenticateResult {
            ticket: ticket.clone(),
            company: Company::from_wire(company),
            postpone_seconds: seconds(0),
            minimum_run_seconds: seconds(1),
        })
    }

    fn fault(&self) -> Result<Option<Fault>, ReplyError> {
        let soap = |local: &str| format!("{{{}}}{local}", self.soap.namespace());
        let (code, text) = match self.soap {
            SoapVersion::V11 => {
                (vec![soap("Fault"), "{}faultcode".to_owned()], vec![soap("Fault"), "{}faultstring".to_owned()])
            }
            SoapVersion::V12 => {
                (vec![soap("Fault"), soap("Code"), soap("Value")], vec![soap("Fault"), soap("Reason"), soap("Text")])
            }
        };
        let Some(code) = self.texts(&code)?.into_iter().next() else {
            return Ok(None);
        };
        let local = code.rsplit(':').next().unwrap_or_default().trim();
        let code = match local {
            "Client" | "Sender" => FaultCode::Client,
            "VersionMismatch" => FaultCode::VersionMismatch,
            _ => FaultCode::Server,
        };
        let text = self.texts(&text)?.into_iter().next().unwrap_or_default();
        Ok(Some(Fault { code, text }))
    }
}

/// The pass over a reply: which elements are open, and the leaves found.
#[derive(Default)]
struct Walk {
    elements: usize,
    root: Option<String>,
    path: Path,
    /// Per open element: where its text starts, and whether it is a leaf so far.
    open: Vec<(usize, bool)>,
    leaves: Vec<(Path, Range<usize>)>,
}

impl Walk {
    fn open(&mut self, name: String, nil: bool, text_start: usize) -> Result<(), ReplyError> {
        self.elements += 1;
        if self.elements > ELEMENTS_MAX || self.open.len() >= DEPTH_MAX {
            return Err(not_soap("too many or too deeply nested elements"));
        }
        match self.open.last_mut() {
            Some((_, leaf)) => *leaf = false,
            None if self.root.is_some() => return Err(not_soap("something follows the envelope")),
            None => self.root = Some(name.clone()),
        }
        self.path.push(name);
        self.open.push((text_start, !nil));
        Ok(())
    }

    fn close(&mut self, text_end: usize) {
        if let Some((text_start, true)) = self.open.pop() {
            self.leaves.push((self.path.clone(), text_start..text_end));
        }
        self.path.pop();
    }

    /// The SOAP version of the complete document.
    fn finish(&self) -> Result<SoapVersion, ReplyError> {
        if !self.open.is_empty() {
            return Err(not_soap("the document ends before the envelope is closed"));
        }
        let root = self.root.as_deref().unwrap_or_default();
        [SoapVersion::V11, SoapVersion::V12]
            .into_iter()
            .find(|version| root.strip_prefix(&format!("{{{}}}", version.namespace())) == Some("Envelope"))
            .ok_or_else(|| not_soap("the document is not an envelope"))
    }
}

fn qualified(reader: &NsReader<&[u8]>, tag: &BytesStart<'_>) -> String {
    let name = tag.name();
    let (namespace, local) = reader.resolver().resolve_element(name);
    match namespace {
        ResolveResult::Bound(namespace) => {
            format!("{{{}}}{}", namespace.into_inner(), local.into_inner())
        }
        ResolveResult::Unbound | ResolveResult::Unknown(_) => format!("{{}}{}", local.into_inner()),
    }
}

fn is_nil(tag: &BytesStart<'_>) -> bool {
    tag.attributes()
        .flatten()
        .any(|attribute| attribute.key.local_name().into_inner() == "nil" && matches!(&*attribute.value, "true" | "1"))
}

fn not_soap(reason: &str) -> ReplyError {
    ReplyError::NotSoap { reason: Excerpt::new(reason) }
}

#[cfg(test)]
mod tests;
