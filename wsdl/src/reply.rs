//! Replies and faults as bytes.
//!
//! The shape is the one that is known to be accepted by every Web Connector (`qbwc.md` 2.3): compact, UTF-8, the
//! contract's namespace as default namespace of the reply element, results present and never nil. Written by hand
//! rather than by yaserde, whose writer orders namespaces alphabetically and abbreviates empty elements; these bytes
//! are pinned by golden files, because the connector's own parser cannot be tested here.
//!
//! RPC-style requests are answered in the same shape: the `.qwc` file we hand out asks for `Document`.
//!
//! **Invariant:** the same reply always gives the same bytes; no result is ever absent, nil, or wrapped in white
//! space.

use crate::authenticate::AuthenticateResult;
use crate::name::{NAMESPACE, OperationName};
use crate::operation::PollSpelling;
use crate::text::escape_into;

/// The version of SOAP a request came in; its reply goes out in the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SoapVersion {
    /// SOAP 1.1: what the Web Connector speaks (`qbwc.md` 2.1).
    #[default]
    V11,
    /// SOAP 1.2: tolerated, for tools that prefer it.
    V12,
}

impl SoapVersion {
    /// Namespace of `Envelope`.
    #[must_use]
    pub const fn namespace(self) -> &'static str {
        match self {
            Self::V11 => "http://schemas.xmlsoap.org/soap/envelope/",
            Self::V12 => "http://www.w3.org/2003/05/soap-envelope",
        }
    }

    /// The version to answer in when the request could not be decoded: 1.2 only if its namespace stands near the
    /// start.
    #[must_use]
    pub fn guess(body: &[u8]) -> Self {
        const WINDOW_BYTES: usize = 1024;
        let window = &body[..body.len().min(WINDOW_BYTES)];
        let wanted = Self::V12.namespace().as_bytes();
        if window.windows(wanted.len()).any(|bytes| bytes == wanted) { Self::V12 } else { Self::V11 }
    }
}

/// The answer to one operation. Every text may be empty; that is a meaning of its own (`qbwc.md` 1), never a nil.
///
/// No `Debug`: a reply may hold a ticket or company data.
#[derive(Clone, PartialEq, Eq)]
pub enum Reply {
    /// Shown in the connector's "More information" dialog.
    ServerVersion(String),
    /// The same, to a caller that used the name `getServerVersion`.
    GetServerVersion(String),
    /// Empty: go on. `W:text`, `E:text`, `O:version`: `qbwc.md` 1.2.
    ClientVersion(String),
    /// Ticket, company file or refusal, delays.
    Authenticate(AuthenticateResult),
    /// The qbXML to run, or empty: then the connector calls `getLastError`.
    SendRequestXml(String),
    /// Percent done: 0 to 99 go on, 100 done, negative an error (`qbwc.md` 1.5).
    ReceiveResponseXml(i32),
    /// `done`, or a company file to try next, or empty for the file now open (`qbwc.md` 1.6). Never an error text.
    ConnectionError(String),
    /// A sentence for a person, or `NoOp`, or `Interactive mode` (`qbwc.md` 1.7).
    GetLastError(String),
    /// Shown as the last result.
    CloseConnection(String),
    /// The page to open.
    GetInteractiveUrl(String),
    /// `DONE`, `CONTINUE`, empty to keep waiting, or an error text (`qbwc.md` 1.9).
    InteractiveDone {
        /// The name the poll came under.
        spelling: PollSpelling,
        /// The answer.
        text: String,
    },
    /// Free text.
    InteractiveRejected(String),
}

impl Reply {
    /// The operation this answers, by the name it is answered under.
    #[must_use]
    pub const fn name(&self) -> OperationName {
        match self {
            Self::ServerVersion(_) => OperationName::ServerVersion,
            Self::GetServerVersion(_) => OperationName::GetServerVersion,
            Self::ClientVersion(_) => OperationName::ClientVersion,
            Self::Authenticate(_) => OperationName::Authenticate,
            Self::SendRequestXml(_) => OperationName::SendRequestXml,
            Self::ReceiveResponseXml(_) => OperationName::ReceiveResponseXml,
            Self::ConnectionError(_) => OperationName::ConnectionError,
            Self::GetLastError(_) => OperationName::GetLastError,
            Self::CloseConnection(_) => OperationName::CloseConnection,
            Self::GetInteractiveUrl(_) => OperationName::GetInteractiveUrl,
            Self::InteractiveDone { spelling, .. } => spelling.name(),
            Self::InteractiveRejected(_) => OperationName::InteractiveRejected,
        }
    }

    fn write_result(&self, out: &mut String) {
        match self {
            Self::Authenticate(result) => {
                for item in result.items() {
                    out.push_str("<string>");
                    escape_into(out, &item);
                    out.push_str("</string>");
                }
            }
            Self::ReceiveResponseXml(percent) => out.push_str(&percent.to_string()),
            Self::InteractiveDone { text, .. }
            | Self::ServerVersion(text)
            | Self::GetServerVersion(text)
            | Self::ClientVersion(text)
            | Self::SendRequestXml(text)
            | Self::ConnectionError(text)
            | Self::GetLastError(text)
            | Self::CloseConnection(text)
            | Self::GetInteractiveUrl(text)
            | Self::InteractiveRejected(text) => escape_into(out, text),
        }
    }
}

/// Whose mistake a fault reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultCode {
    /// The request cannot be understood; sending it again will not help. `Sender` in SOAP 1.2.
    Client,
    /// We failed. `Receiver` in SOAP 1.2.
    Server,
    /// The envelope is of an unknown version of SOAP.
    VersionMismatch,
}

/// A SOAP fault, to be sent with HTTP 500 (`qbwc.md` 2.3). Its text appears in the connector's own message, so it is
/// one short sentence for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Whose mistake it is.
    pub code: FaultCode,
    /// The sentence.
    pub text: String,
}

impl Fault {
    /// A fault of ours.
    #[must_use]
    pub fn server(text: impl Into<String>) -> Self {
        Self { code: FaultCode::Server, text: text.into() }
    }
}

/// The media type of replies and faults.
#[must_use]
pub const fn content_type(soap: SoapVersion) -> &'static str {
    match soap {
        SoapVersion::V11 => "text/xml; charset=utf-8",
        SoapVersion::V12 => "application/soap+xml; charset=utf-8",
    }
}

/// The bytes of a reply.
///
/// Characters that XML 1.0 cannot carry are left out of texts. Everything else arrives as given, CR included.
#[must_use]
pub fn encode(reply: &Reply, soap: SoapVersion) -> Vec<u8> {
    let name = reply.name();
    envelope(soap, |out| {
        out.push_str(&format!("<{name}Response xmlns=\"{NAMESPACE}\"><{name}Result>"));
        reply.write_result(out);
        out.push_str(&format!("</{name}Result></{name}Response>"));
    })
}

/// The bytes of a fault.
#[must_use]
pub fn encode_fault(fault: &Fault, soap: SoapVersion) -> Vec<u8> {
    let code = match (fault.code, soap) {
        (FaultCode::Client, SoapVersion::V11) => "soap:Client",
        (FaultCode::Server, SoapVersion::V11) => "soap:Server",
        (FaultCode::Client, SoapVersion::V12) => "soap:Sender",
        (FaultCode::Server, SoapVersion::V12) => "soap:Receiver",
        (FaultCode::VersionMismatch, _) => "soap:VersionMismatch",
    };
    let (open, between, close) = match soap {
        SoapVersion::V11 => ("<faultcode>", "</faultcode><faultstring>", "</faultstring>"),
        SoapVersion::V12 => (
            "<soap:Code><soap:Value>",
            "</soap:Value></soap:Code><soap:Reason><soap:Text xml:lang=\"en\">",
            "</soap:Text></soap:Reason>",
        ),
    };
    envelope(soap, |out| {
        out.push_str("<soap:Fault>");
        out.push_str(open);
        out.push_str(code);
        out.push_str(between);
        escape_into(out, &fault.text);
        out.push_str(close);
        out.push_str("</soap:Fault>");
    })
}

/// The envelope around `body`, without any white space.
pub(crate) fn envelope(soap: SoapVersion, body: impl FnOnce(&mut String)) -> Vec<u8> {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><soap:Envelope xmlns:soap=\"{}\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"><soap:Body>",
        soap.namespace()
    );
    body(&mut out);
    out.push_str("</soap:Body></soap:Envelope>");
    out.into_bytes()
}
