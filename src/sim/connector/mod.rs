//! A Web Connector: the client of our service, as a state machine that behaves like the real program.
//!
//! It reads a `.qwc` file, stamps its `FileID` into the company file when it is added, and then runs updates: the calls of
//! `qbwc.md` section 3 in order, QuickBooks in between. It is as strict as the .NET client it stands for, and besides
//! notes in [`Connector::violations`] what a server must not do even where the real program would bear it: a progress that
//! falls, an array without four strings, qbXML that no schema knows, an empty reason for the user.
//!
//! An update is driven call by call ([`Connector::step`]), so that a simulation can put anything between two calls, another
//! connector included, without threads or waiting; [`Connector::run_update`] simply takes all steps. Transport, clock and
//! company file are given from outside.
//!
//! What it deliberately does not do: retry within an update. The real one does not either.
//!
//! **Invariant:** one step makes at most the calls of one stage, and an update ends after [`Settings::calls_max`] calls.

mod clock;
mod faults;
mod qwc;
mod report;
mod session;
mod soap;
mod transport;
mod update;

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use clock::{Clock, SystemClock, VirtualClock};
pub use faults::{ConnectorFaults, Fault, Moment, When};
pub use qwc::{Qwc, QwcError};
pub use report::{CallRecord, Ending, UpdateReport};
pub use soap::{Form, NAMESPACE, SoapError, Style};
pub use transport::{HttpAnswer, HttpTransport, LocalTransport, Transport, TransportError};
pub use update::Update;

use crate::sim::quickbooks::CompanyFile;

/// What the connector calls after `connectionError` was answered `done`; not documented (`qbwc.md` 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AfterDone {
    /// Nothing.
    Nothing,
    /// `closeConnection`.
    #[default]
    CloseConnection,
    /// `getLastError`, then `closeConnection`.
    GetLastError,
}

/// What the user does when the server asks for interactive mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Interactive {
    /// Refuses.
    #[default]
    Reject,
    /// Opens the page; the connector polls with `isInteractiveDone`.
    PollIsInteractiveDone,
    /// Opens the page; the connector polls with `interactiveDone`.
    PollInteractiveDone,
}

/// Behaviour of one installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Sent as `strVersion`.
    pub product_version: String,
    /// Name of the machine, for the lock in the company file.
    pub machine: String,
    /// Auto-Run is on: the server's postponement and minimum interval count.
    pub auto_run: bool,
    /// Attempts to open the company file before the connector gives up by itself.
    pub connection_attempts_max: u32,
    /// Wait after `NoOp`.
    pub no_op_pause: Duration,
    /// Wait between polls of interactive mode.
    pub interactive_pause: Duration,
    /// Answer to interactive mode.
    pub interactive: Interactive,
    /// What follows `done`.
    pub after_done: AfterDone,
    /// Most SOAP calls in one update; the real one has no such bound, a test needs one.
    pub calls_max: usize,
    /// Most requests kept in [`Connector::requests`]; the oldest go first.
    pub requests_kept_max: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            product_version: "2.3.0.215".to_owned(),
            machine: "OFFICE-PC".to_owned(),
            auto_run: true,
            connection_attempts_max: 3,
            no_op_pause: Duration::from_secs(5),
            interactive_pause: Duration::from_secs(60),
            interactive: Interactive::Reject,
            after_done: AfterDone::CloseConnection,
            calls_max: 100_000,
            requests_kept_max: 10_000,
        }
    }
}

/// Why an application could not be added to a company file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddError {
    /// The file has another stamp of this application.
    #[error("QBWC1039: Unique OwnerID/FileID pair value required")]
    OtherStamp,
    /// QuickBooks could not be reached.
    #[error("QBWC1022: {0}")]
    Unreachable(#[from] crate::sim::quickbooks::HResult),
}

/// A Web Connector with one application in it.
pub struct Connector<T> {
    /// The application's file.
    pub qwc: Qwc,
    /// Form of the envelopes.
    pub form: Form,
    /// Behaviour of this installation.
    pub settings: Settings,
    /// What is to go wrong.
    pub faults: ConnectorFaults,
    /// Every qbXML request that was handed out, in order.
    pub requests: Vec<String>,
    /// What the server did that a server must not do.
    pub violations: Vec<String>,
    password: String,
    transport: T,
    /// True once the application was added to the company file.
    added: bool,
    calls: u64,
    requests_given: u64,
}

impl<T> fmt::Debug for Connector<T> {
    /// Without the password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Connector")
            .field("qwc", &self.qwc)
            .field("settings", &self.settings)
            .field("faults", &self.faults)
            .field("violations", &self.violations)
            .finish_non_exhaustive()
    }
}

impl<T: Transport> Connector<T> {
    /// A connector for a `.qwc` file, with the password typed in.
    ///
    /// # Errors
    /// [`QwcError`] if the real connector would refuse the file.
    pub fn new(qwc_text: &str, password: &str, transport: T) -> Result<Self, QwcError> {
        let qwc = Qwc::parse(qwc_text)?;
        let style = if qwc.rpc { Style::Rpc } else { Style::Document };
        Ok(Self {
            qwc,
            form: Form { style, soap_12: false },
            settings: Settings::default(),
            faults: ConnectorFaults::default(),
            requests: Vec::new(),
            violations: Vec::new(),
            password: password.to_owned(),
            transport,
            added: false,
            calls: 0,
            requests_given: 0,
        })
    }

    /// Adds the application to a company file: opens it and stores the `FileID` under the application's `OwnerID`. The
    /// first update does this by itself if it was not done before; later ones never stamp a file.
    ///
    /// # Errors
    /// [`AddError`] if the file carries another stamp of the application, or cannot be opened.
    pub fn add(&mut self, company: &Mutex<CompanyFile>) -> Result<(), AddError> {
        let mut company = open(company);
        let session = company.begin_session(&self.qwc.owner_id, "")?;
        company.end_session(&session);
        self.stamp(&mut company)
    }

    fn stamp(&mut self, company: &mut CompanyFile) -> Result<(), AddError> {
        match company.company_data(&self.qwc.owner_id, "FileID") {
            Some(stamp) if !stamp.eq_ignore_ascii_case(&self.qwc.file_id) => {
                return Err(AddError::OtherStamp);
            }
            Some(_) => {}
            None => company.set_company_data(&self.qwc.owner_id, "FileID", Some(&self.qwc.file_id)),
        }
        self.added = true;
        Ok(())
    }

    /// Removes the application: the `FileID` goes.
    pub fn remove(&mut self, company: &Mutex<CompanyFile>) {
        open(company).set_company_data(&self.qwc.owner_id, "FileID", None);
        self.added = false;
    }

    /// Tells the connector that the application was added earlier, so that the next update does not stamp the file.
    pub fn assume_added(&mut self) {
        self.added = true;
    }

    /// The user types another password.
    pub fn set_password(&mut self, password: &str) {
        password.clone_into(&mut self.password);
    }

    /// Number of SOAP calls so far.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.calls
    }

    /// Runs one update from beginning to end.
    pub async fn run_update(&mut self, company: &Mutex<CompanyFile>, clock: &impl Clock) -> UpdateReport {
        let mut update = self.begin_update();
        while self.step(&mut update, company, clock).await {}
        update.into_report()
    }

    /// Runs updates for ever, a pause after each, and hands every report out. The pause is the interval, or longer if the
    /// server asked for it. Dropping the future ends it.
    pub async fn run_on_timer(
        &mut self,
        company: &Mutex<CompanyFile>,
        interval: Duration,
        mut told: impl FnMut(&UpdateReport),
    ) {
        let mut interval = interval;
        loop {
            let report = self.run_update(company, &SystemClock).await;
            told(&report);
            let least = report.minimum_run_seconds.filter(|_| self.settings.auto_run).unwrap_or(0);
            interval = interval.max(Duration::from_secs(least));
            let pause = match report.ending {
                Ending::Postponed(seconds) => Duration::from_secs(seconds),
                _ => interval,
            };
            SystemClock.pause(pause).await;
        }
    }

    fn violate(&mut self, what: impl Into<String>) {
        self.violations.push(what.into());
    }
}

/// Runs two connectors against one company file, call by call in turns: two machines with the same `.qwc`.
pub async fn run_together<T: Transport>(
    first: &mut Connector<T>,
    second: &mut Connector<T>,
    company: &Mutex<CompanyFile>,
    clock: &impl Clock,
) -> (UpdateReport, UpdateReport) {
    let (mut one, mut two) = (first.begin_update(), second.begin_update());
    loop {
        let first_goes_on = first.step(&mut one, company, clock).await;
        let second_goes_on = second.step(&mut two, company, clock).await;
        if !first_goes_on && !second_goes_on {
            return (one.into_report(), two.into_report());
        }
    }
}

/// Takes the company file; a panic elsewhere does not make its data unusable for a simulation's report.
fn open(company: &Mutex<CompanyFile>) -> MutexGuard<'_, CompanyFile> {
    company.lock().unwrap_or_else(PoisonError::into_inner)
}
