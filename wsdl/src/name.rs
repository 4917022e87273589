//! The table of operations: wire names, parameters, and what kind of text each parameter carries.
//!
//! Names are binding and case-sensitive (`qbwc.md` 1); everything that dispatches, limits or documents operations
//! reads this table. The WSDL is checked against it by a test.

use std::fmt;

/// Namespace of every element of the contract, with its trailing slash.
pub const NAMESPACE: &str = "http://developer.intuit.com/";

/// What a parameter's text is, which decides its limit and who may see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Short and harmless; read by yaserde.
    Plain,
    /// A session's ticket; sealed.
    Ticket,
    /// The connector's id of an interactive session; sealed.
    SessionId,
    /// A password; sealed.
    Password,
    /// `strHCPResponse`: company data with tax numbers and addresses; sealed.
    CompanyData,
    /// `response`: may be as long as the body; only ever streamed.
    Response,
}

/// One parameter of an operation.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) role: Role,
}

const fn parameter(name: &'static str, role: Role) -> Parameter {
    Parameter { name, role }
}

/// An operation as it is named on the wire. Thirteen names for eleven operations: the interactive poll has two
/// spellings (`qbwc.md` 1.9) and `getServerVersion` is another name of `serverVersion` (1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OperationName {
    /// `serverVersion`
    ServerVersion,
    /// `getServerVersion`, the guide's name for `serverVersion`; no connector is known to send it.
    GetServerVersion,
    /// `clientVersion`
    ClientVersion,
    /// `authenticate`
    Authenticate,
    /// `sendRequestXML`
    SendRequestXml,
    /// `receiveResponseXML`
    ReceiveResponseXml,
    /// `connectionError`
    ConnectionError,
    /// `getLastError`
    GetLastError,
    /// `closeConnection`
    CloseConnection,
    /// `getInteractiveURL`
    GetInteractiveUrl,
    /// `isInteractiveDone`
    IsInteractiveDone,
    /// `interactiveDone`
    InteractiveDone,
    /// `interactiveRejected`
    InteractiveRejected,
}

impl OperationName {
    /// All names, in the order of a session.
    pub const ALL: [Self; 13] = [
        Self::ServerVersion,
        Self::GetServerVersion,
        Self::ClientVersion,
        Self::Authenticate,
        Self::SendRequestXml,
        Self::ReceiveResponseXml,
        Self::ConnectionError,
        Self::GetLastError,
        Self::CloseConnection,
        Self::GetInteractiveUrl,
        Self::IsInteractiveDone,
        Self::InteractiveDone,
        Self::InteractiveRejected,
    ];

    /// Local name of the request element. The reply is this plus `Response`, its result this plus `Result`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ServerVersion => "serverVersion",
            Self::GetServerVersion => "getServerVersion",
            Self::ClientVersion => "clientVersion",
            Self::Authenticate => "authenticate",
            Self::SendRequestXml => "sendRequestXML",
            Self::ReceiveResponseXml => "receiveResponseXML",
            Self::ConnectionError => "connectionError",
            Self::GetLastError => "getLastError",
            Self::CloseConnection => "closeConnection",
            Self::GetInteractiveUrl => "getInteractiveURL",
            Self::IsInteractiveDone => "isInteractiveDone",
            Self::InteractiveDone => "interactiveDone",
            Self::InteractiveRejected => "interactiveRejected",
        }
    }

    /// The operation with exactly this local name.
    #[must_use]
    pub fn parse(local_name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.as_str() == local_name)
    }

    /// The parameters in the order of the contract.
    pub(crate) const fn parameters(self) -> &'static [Parameter] {
        match self {
            // Some WSDLs give it a parameter; the connector sends none, and whatever comes is ignored (`qbwc.md`
            // 1.1).
            Self::ServerVersion | Self::GetServerVersion => &[],
            Self::ClientVersion => CLIENT_VERSION,
            Self::Authenticate => AUTHENTICATE,
            Self::SendRequestXml => SEND_REQUEST_XML,
            Self::ReceiveResponseXml => RECEIVE_RESPONSE_XML,
            Self::ConnectionError => CONNECTION_ERROR,
            Self::GetLastError | Self::CloseConnection => &[TICKET],
            Self::GetInteractiveUrl => GET_INTERACTIVE_URL,
            Self::IsInteractiveDone | Self::InteractiveDone => &[WC_TICKET],
            Self::InteractiveRejected => INTERACTIVE_REJECTED,
        }
    }
}

const TICKET: Parameter = parameter("ticket", Role::Ticket);
const WC_TICKET: Parameter = parameter("wcTicket", Role::Ticket);
const HRESULT: Parameter = parameter("hresult", Role::Plain);
const MESSAGE: Parameter = parameter("message", Role::Plain);

const CLIENT_VERSION: &[Parameter] = &[parameter("strVersion", Role::Plain)];
const AUTHENTICATE: &[Parameter] = &[parameter("strUserName", Role::Plain), parameter("strPassword", Role::Password)];
const SEND_REQUEST_XML: &[Parameter] = &[
    TICKET,
    parameter("strHCPResponse", Role::CompanyData),
    parameter("strCompanyFileName", Role::Plain),
    parameter("qbXMLCountry", Role::Plain),
    parameter("qbXMLMajorVers", Role::Plain),
    parameter("qbXMLMinorVers", Role::Plain),
];
const RECEIVE_RESPONSE_XML: &[Parameter] = &[TICKET, parameter("response", Role::Response), HRESULT, MESSAGE];
const CONNECTION_ERROR: &[Parameter] = &[TICKET, HRESULT, MESSAGE];
const GET_INTERACTIVE_URL: &[Parameter] = &[WC_TICKET, parameter("sessionID", Role::SessionId)];
const INTERACTIVE_REJECTED: &[Parameter] = &[WC_TICKET, parameter("reason", Role::Plain)];

impl fmt::Display for OperationName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_case_sensitive() {
        for name in OperationName::ALL {
            assert_eq!(OperationName::parse(name.as_str()), Some(name));
        }
        assert_eq!(OperationName::parse("sendRequestXml"), None);
        assert_eq!(OperationName::parse(""), None);
    }
}
