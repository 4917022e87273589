//! The stages of one update (`qbwc.md` 3), one function each.

use std::sync::Mutex;

use super::faults::Fault;
use super::report::{Ending, UpdateReport};
use super::soap::{self, Argument, SoapError};
use super::{AfterDone, Clock, Connector, Interactive, Transport, open};
use crate::sim::quickbooks::{AppSession, CompanyFile, HResult};

/// An update on its way; made by [`Connector::begin_update`], moved by [`Connector::step`].
#[derive(Debug)]
pub struct Update {
    pub(super) stage: Stage,
    pub(super) ticket: String,
    /// Company file asked for; empty for the one now open.
    pub(super) path: String,
    pub(super) session: Option<AppSession>,
    /// Answer about host, company and preferences, until it was sent.
    pub(super) company_data: Option<String>,
    pub(super) attempts: u32,
    /// The last answer delivered, for faults that deliver it again.
    pub(super) delivered: Option<Delivery>,
    pub(super) report: UpdateReport,
}

impl Update {
    /// The account of it; of an update that is not over, too.
    #[must_use]
    pub fn into_report(self) -> UpdateReport {
        self.report
    }

    /// True once no call will follow.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Over)
    }
}

/// What `receiveResponseXML` carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Delivery {
    pub(super) response: String,
    pub(super) hresult: String,
    pub(super) message: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stage {
    ServerVersion,
    ClientVersion,
    Authenticate,
    Open,
    ConnectionError(HResult),
    Send,
    Receive(Delivery),
    /// Asks for the reason; `NoOp` counts only after an empty `sendRequestXML`.
    LastError {
        after_empty_request: bool,
    },
    InteractiveUrl,
    InteractivePoll,
    InteractiveReject,
    Close(Ending),
    Over,
}

/// Why a call gave nothing to go on with.
pub(super) enum Failure {
    Cut,
    Exception(String),
}

impl<T: Transport> Connector<T> {
    /// Starts an update; nothing is called yet.
    #[must_use]
    pub fn begin_update(&self) -> Update {
        Update {
            stage: Stage::ServerVersion,
            ticket: String::new(),
            path: String::new(),
            session: None,
            company_data: None,
            attempts: 0,
            delivered: None,
            report: UpdateReport::new(),
        }
    }

    /// Goes one stage on. False once the update is over.
    pub async fn step(&mut self, update: &mut Update, company: &Mutex<CompanyFile>, clock: &impl Clock) -> bool {
        if update.is_over() {
            return false;
        }
        if update.report.calls.len() >= self.settings.calls_max {
            self.end(update, company, Ending::Endless);
            return false;
        }
        match update.stage.clone() {
            Stage::ServerVersion => self.server_version(update, company).await,
            Stage::ClientVersion => self.client_version(update, company).await,
            Stage::Authenticate => self.authenticate(update, company).await,
            Stage::Open => self.open_company(update, company, clock),
            Stage::ConnectionError(hresult) => {
                self.connection_error(update, company, hresult).await;
            }
            Stage::Send => self.send(update, company, clock).await,
            Stage::Receive(delivery) => self.receive(update, company, delivery).await,
            Stage::LastError { after_empty_request } => {
                self.last_error(update, company, clock, after_empty_request).await;
            }
            Stage::InteractiveUrl => self.interactive_url(update, company).await,
            Stage::InteractivePoll => self.interactive_poll(update, company, clock).await,
            Stage::InteractiveReject => self.interactive_reject(update, company).await,
            Stage::Close(ending) => self.close(update, company, ending).await,
            Stage::Over => {}
        }
        !update.is_over()
    }

    /// Ends the update in good order: QuickBooks is closed, the lock taken off.
    pub(super) fn end(&mut self, update: &mut Update, company: &Mutex<CompanyFile>, ending: Ending) {
        let mut company = open(company);
        if let Some(session) = update.session.take() {
            company.end_session(&session);
            if ending != Ending::Cut {
                company.set_company_data(&self.qwc.owner_id, "AppLock", None);
            }
        }
        update.report.ending = ending;
        update.stage = Stage::Over;
    }

    /// Ends the update after a call that failed.
    fn fail(&mut self, update: &mut Update, company: &Mutex<CompanyFile>, code: &'static str, failure: Failure) {
        let ending = match failure {
            Failure::Cut => Ending::Cut,
            Failure::Exception(text) => Ending::Exception { code, text },
        };
        self.end(update, company, ending);
    }

    async fn server_version(&mut self, update: &mut Update, company: &Mutex<CompanyFile>) {
        match self.call(update, "serverVersion", &[]).await {
            Err(failure @ Failure::Cut) => self.fail(update, company, "QBWC1038", failure),
            // Failures of this call are borne.
            Err(Failure::Exception(text)) => {
                update.report.messages.push(text);
                update.stage = Stage::ClientVersion;
            }
            Ok(_) => update.stage = Stage::ClientVersion,
        }
    }

    async fn client_version(&mut self, update: &mut Update, company: &Mutex<CompanyFile>) {
        let version = Argument::Text(self.settings.product_version.clone());
        let result = match self.call(update, "clientVersion", &[("strVersion", version)]).await {
            Ok(result) => result,
            Err(failure) => return self.fail(update, company, "QBWC1036", failure),
        };
        let text = soap::string(result.as_ref()).unwrap_or("").to_owned();
        match text.split_once(':') {
            _ if text.is_empty() => update.stage = Stage::Authenticate,
            Some(("W", warning)) => {
                update.report.messages.push(warning.to_owned());
                self.violate("clientVersion: a warning stops an unattended machine with a dialog");
                update.stage = Stage::Authenticate;
            }
            Some(("E" | "O", reason)) => {
                self.end(update, company, Ending::VersionRefused(reason.to_owned()));
            }
            _ => {
                self.violate(format!("clientVersion: {text:?} has no known form"));
                self.fail(update, company, "QBWC1046", Failure::Exception("incorrect syntax".to_owned()));
            }
        }
    }

    async fn authenticate(&mut self, update: &mut Update, company: &Mutex<CompanyFile>) {
        let arguments = [
            ("strUserName", Argument::Text(self.qwc.user_name.clone())),
            ("strPassword", Argument::Text(self.password.clone())),
        ];
        let result = match self.call(update, "authenticate", &arguments).await {
            Ok(result) => result,
            Err(failure) => return self.fail(update, company, "QBWC1012", failure),
        };
        let Some(result) = result else {
            let failure = Failure::Exception(SoapError::Null.to_string());
            return self.fail(update, company, "QBWC1012", failure);
        };
        let items = soap::strings(self.form, &result);
        if items.len() != 4 {
            self.violate(format!("authenticate: {} strings instead of four", items.len()));
        }
        if items.len() < 2 {
            let failure = Failure::Exception(SoapError::EmptyArray.to_string());
            return self.fail(update, company, "QBWC1012", failure);
        }
        let seconds = |index: usize| items.get(index).and_then(|item| item.trim().parse::<u64>().ok());
        update.ticket.clone_from(&items[0]);
        update.report.minimum_run_seconds = seconds(3);
        if let Some(seconds) = seconds(2).filter(|_| self.settings.auto_run) {
            return self.end(update, company, Ending::Postponed(seconds));
        }
        update.stage = match items[1].to_ascii_lowercase().as_str() {
            "none" => Stage::Close(Ending::NoWork),
            "nvu" => Stage::Close(Ending::InvalidUser),
            "busy" => Stage::Close(Ending::Busy),
            _ => {
                update.path.clone_from(&items[1]);
                Stage::Open
            }
        };
    }

    async fn connection_error(&mut self, update: &mut Update, company: &Mutex<CompanyFile>, hresult: HResult) {
        let arguments = [
            ("ticket", Argument::Text(update.ticket.clone())),
            ("hresult", Argument::Text(format!("0x{:08X}", hresult.code))),
            ("message", Argument::Text(hresult.message.clone())),
        ];
        let result = match self.call(update, "connectionError", &arguments).await {
            Ok(result) => result,
            Err(failure) => return self.fail(update, company, "QBWC1045", failure),
        };
        let Some(text) = soap::string(result.as_ref()).map(str::to_owned) else {
            self.violate("connectionError: a null result");
            return self.fail(update, company, "QBWC1045", Failure::Exception(SoapError::Null.to_string()));
        };
        if text.eq_ignore_ascii_case("done") {
            update.stage = match self.settings.after_done {
                AfterDone::Nothing => return self.end(update, company, Ending::NotOpened(hresult)),
                AfterDone::CloseConnection => Stage::Close(Ending::NotOpened(hresult)),
                AfterDone::GetLastError => Stage::LastError { after_empty_request: false },
            };
            return;
        }
        if update.attempts >= self.settings.connection_attempts_max {
            self.violate("connectionError: asks for yet another attempt");
            return self.end(update, company, Ending::NotOpened(hresult));
        }
        update.path = text;
        update.stage = Stage::Open;
    }

    async fn send(&mut self, update: &mut Update, company: &Mutex<CompanyFile>, clock: &impl Clock) {
        let company_data = update.company_data.take().unwrap_or_default();
        let (path, country, major, minor) = {
            let file = open(company);
            let version = file.setup.versions.last().map_or((0, 0), |version| (version.0, version.1));
            (file.setup.path.clone(), file.setup.country.clone(), i32::from(version.0), i32::from(version.1))
        };
        let arguments = [
            ("ticket", Argument::Text(update.ticket.clone())),
            ("strHCPResponse", Argument::Text(company_data)),
            ("strCompanyFileName", Argument::Text(path)),
            ("qbXMLCountry", Argument::Text(country)),
            ("qbXMLMajorVers", Argument::Integer(major)),
            ("qbXMLMinorVers", Argument::Integer(minor)),
        ];
        let mut result = self.call(update, "sendRequestXML", &arguments).await;
        let twice = self.faults.strike(self.moment("sendRequestXML"), |fault| *fault == Fault::SendTwice);
        if twice.is_some() && result.is_ok() {
            result = self.call(update, "sendRequestXML", &arguments).await;
        }
        let result = match result {
            Ok(result) => result,
            Err(failure) => return self.fail(update, company, "QBWC1041", failure),
        };
        match soap::string(result.as_ref()) {
            None => {
                self.violate("sendRequestXML: a null result");
                self.fail(update, company, "QBWC1041", Failure::Exception(SoapError::Null.to_string()));
            }
            Some("") => update.stage = Stage::LastError { after_empty_request: true },
            Some(request) => {
                let request = request.to_owned();
                self.execute(update, company, clock, request);
            }
        }
    }

    async fn receive(&mut self, update: &mut Update, company: &Mutex<CompanyFile>, delivery: Delivery) {
        let mut progress = self.deliver(update, &delivery).await;
        let twice = self.faults.strike(self.moment("receiveResponseXML"), |fault| *fault == Fault::ReceiveTwice);
        if twice.is_some() && progress.is_ok() {
            // The client knows of one call only; what it takes is the second answer.
            progress = self.deliver(update, &delivery).await;
        }
        update.delivered = Some(delivery);
        let progress = match progress {
            Ok(progress) => progress,
            Err(failure) => return self.fail(update, company, "QBWC1042", failure),
        };
        let before = update.report.progress.last().copied().unwrap_or(0);
        if (0..before).contains(&progress) && twice.is_none() {
            self.violate(format!("receiveResponseXML: progress falls from {before} to {progress}"));
        }
        if progress > 100 {
            self.violate(format!("receiveResponseXML: progress {progress}"));
        }
        update.report.progress.push(progress);
        update.stage = match progress {
            i32::MIN..=-1 => Stage::LastError { after_empty_request: false },
            0..=99 => Stage::Send,
            _ => Stage::Close(Ending::Done),
        };
    }

    async fn last_error(
        &mut self,
        update: &mut Update,
        company: &Mutex<CompanyFile>,
        clock: &impl Clock,
        after_empty_request: bool,
    ) {
        let arguments = [("ticket", Argument::Text(update.ticket.clone()))];
        let result = match self.call(update, "getLastError", &arguments).await {
            Ok(result) => result,
            Err(failure) => return self.fail(update, company, "QBWC1043", failure),
        };
        let text = soap::string(result.as_ref()).unwrap_or("").to_owned();
        if text.eq_ignore_ascii_case("noop") && after_empty_request {
            clock.pause(self.settings.no_op_pause).await;
            update.stage = Stage::Send;
            return;
        }
        if text == "Interactive mode" && after_empty_request {
            update.stage = match self.settings.interactive {
                Interactive::Reject => Stage::InteractiveReject,
                _ => Stage::InteractiveUrl,
            };
            return;
        }
        if text.trim().is_empty() {
            self.violate("getLastError: no reason for the user");
        }
        update.report.last_error = Some(text.clone());
        update.stage = Stage::Close(Ending::LastError(text));
    }

    async fn interactive_url(&mut self, update: &mut Update, company: &Mutex<CompanyFile>) {
        let arguments = [
            ("wcTicket", Argument::Text(update.ticket.clone())),
            ("sessionID", Argument::Text(self.qwc.file_id.clone())),
        ];
        match self.call(update, "getInteractiveURL", &arguments).await {
            Ok(result) => {
                if !soap::string(result.as_ref()).is_some_and(|url| url.starts_with("http")) {
                    self.violate("getInteractiveURL: no address");
                }
                update.stage = Stage::InteractivePoll;
            }
            Err(failure) => self.fail(update, company, "QBWC1043", failure),
        }
    }

    async fn interactive_poll(&mut self, update: &mut Update, company: &Mutex<CompanyFile>, clock: &impl Clock) {
        let operation = match self.settings.interactive {
            Interactive::PollInteractiveDone => "interactiveDone",
            _ => "isInteractiveDone",
        };
        clock.pause(self.settings.interactive_pause).await;
        let arguments = [("wcTicket", Argument::Text(update.ticket.clone()))];
        let result = match self.call(update, operation, &arguments).await {
            Ok(result) => result,
            Err(failure) => return self.fail(update, company, "QBWC1043", failure),
        };
        let text = soap::string(result.as_ref()).unwrap_or("").to_owned();
        update.stage = match text.to_ascii_lowercase().as_str() {
            "" => Stage::InteractivePoll,
            "done" => Stage::Close(Ending::Done),
            "continue" => Stage::Send,
            _ => Stage::Close(Ending::LastError(text)),
        };
    }

    async fn interactive_reject(&mut self, update: &mut Update, company: &Mutex<CompanyFile>) {
        let reason = "Interactive mode was rejected by the user.";
        let arguments =
            [("wcTicket", Argument::Text(update.ticket.clone())), ("reason", Argument::Text(reason.to_owned()))];
        match self.call(update, "interactiveRejected", &arguments).await {
            Ok(_) => update.stage = Stage::Close(Ending::LastError(reason.to_owned())),
            Err(failure) => self.fail(update, company, "QBWC1043", failure),
        }
    }

    async fn close(&mut self, update: &mut Update, company: &Mutex<CompanyFile>, ending: Ending) {
        let arguments = [("ticket", Argument::Text(update.ticket.clone()))];
        match self.call(update, "closeConnection", &arguments).await {
            Err(failure) => self.fail(update, company, "QBWC1044", failure),
            Ok(result) => {
                update.report.close_text = soap::string(result.as_ref()).map(str::to_owned);
                if update.report.close_text.is_none() {
                    self.violate("closeConnection: a null result");
                }
                let late =
                    self.faults.strike(self.moment("closeConnection"), |fault| *fault == Fault::ReceiveAfterClose);
                if let Some(delivery) = update.delivered.clone().filter(|_| late.is_some()) {
                    // Whatever the server says to it, nobody listens any more.
                    let _ = self.deliver(update, &delivery).await;
                }
                self.end(update, company, ending);
            }
        }
    }
}
