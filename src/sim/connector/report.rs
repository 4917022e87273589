//! What an update came to: the calls, how it ended, and what the user saw.

use std::fmt;

use crate::sim::quickbooks::HResult;

/// One SOAP call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRecord {
    /// Number of the call in the connector's life, from 1.
    pub number: u64,
    /// Name of the operation.
    pub operation: &'static str,
    /// The exception it ended in, if it did.
    pub exception: Option<String>,
}

/// How an update ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// All done: progress 100 and a closed connection.
    Done,
    /// `none`: no work.
    NoWork,
    /// `nvu`: wrong user or password.
    InvalidUser,
    /// `busy`.
    Busy,
    /// The server put the update off for these seconds.
    Postponed(u64),
    /// The server does not want this version of the connector.
    VersionRefused(String),
    /// `getLastError` told the user this.
    LastError(String),
    /// The company file could not be opened and the server, or the connector, gave up.
    NotOpened(HResult),
    /// The questions about host, company and preferences failed (QBWC1014).
    NoCompanyData(HResult),
    /// The application could not be added.
    NotAdded(String),
    /// An exception in a call, with the connector's code for it.
    Exception {
        /// Such as `QBWC1041`.
        code: &'static str,
        /// The text of the exception.
        text: String,
    },
    /// A fault cut the session.
    Cut,
    /// [`super::Settings::calls_max`] was reached.
    Endless,
}

impl fmt::Display for Ending {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done => formatter.write_str("done"),
            Self::NoWork => formatter.write_str("No data exchange required."),
            Self::InvalidUser => formatter.write_str("QBWC1030: user name or password not valid"),
            Self::Busy => formatter.write_str("Application Busy"),
            Self::Postponed(seconds) => {
                write!(formatter, "Update postponed by application for {seconds} s")
            }
            Self::VersionRefused(text) => write!(formatter, "QBWC1037: {text}"),
            Self::LastError(text) => write!(formatter, "{text}"),
            Self::NotOpened(hresult) => write!(formatter, "QBWC1013: {hresult}"),
            Self::NoCompanyData(hresult) => write!(formatter, "QBWC1014: {hresult}"),
            Self::NotAdded(text) => write!(formatter, "{text}"),
            Self::Exception { code, text } => write!(formatter, "{code}: {text}"),
            Self::Cut => formatter.write_str("the session was cut"),
            Self::Endless => formatter.write_str("the update did not come to an end"),
        }
    }
}

/// The account of one update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateReport {
    /// All calls in order.
    pub calls: Vec<CallRecord>,
    /// How it ended.
    pub ending: Ending,
    /// The last text of `getLastError` that was not an instruction.
    pub last_error: Option<String>,
    /// The text of `closeConnection`, shown as the last result.
    pub close_text: Option<String>,
    /// Dialogs and log lines the user would see.
    pub messages: Vec<String>,
    /// Answers of `receiveResponseXML` in order.
    pub progress: Vec<i32>,
    /// Number of qbXML requests run.
    pub requests: usize,
    /// Lower limit for the interval, as the server asked.
    pub minimum_run_seconds: Option<u64>,
}

impl UpdateReport {
    pub(super) fn new() -> Self {
        Self {
            calls: Vec::new(),
            ending: Ending::Endless,
            last_error: None,
            close_text: None,
            messages: Vec::new(),
            progress: Vec::new(),
            requests: 0,
            minimum_run_seconds: None,
        }
    }

    /// The names of the calls in order.
    #[must_use]
    pub fn operations(&self) -> Vec<&'static str> {
        self.calls.iter().map(|call| call.operation).collect()
    }

    /// Number of calls of one operation.
    #[must_use]
    pub fn count(&self, operation: &str) -> usize {
        self.calls.iter().filter(|call| call.operation == operation).count()
    }
}
