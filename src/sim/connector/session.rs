//! What happens between the stages: the SOAP call itself, opening QuickBooks, running a request there.

use std::sync::Mutex;

use super::faults::{Fault, Moment, garbled, truncated};
use super::report::{CallRecord, Ending};
use super::soap::{self, Argument, SoapError};
use super::update::{Delivery, Failure, Stage, Update};
use super::{Clock, Connector, HttpAnswer, Transport, open};
use crate::sim::quickbooks::{CompanyFile, HResult, validate};
use crate::sim::xml::Element;

/// The result element of a call, `None` where the client sees null.
type Called = Result<Option<Element>, Failure>;

impl<T: Transport> Connector<T> {
    pub(super) fn moment<'a>(&self, operation: &'a str) -> Moment<'a> {
        Moment { call: self.calls, request: self.requests_given, operation }
    }

    /// One SOAP call.
    pub(super) async fn call(
        &mut self,
        update: &mut Update,
        operation: &'static str,
        arguments: &[(&str, Argument)],
    ) -> Called {
        self.calls += 1;
        let number = self.calls;
        let body = soap::write(self.form, operation, arguments);
        let answer = self.transport.post(&soap::action(operation), body).await;
        let during = self.faults.strike(self.moment(operation), |fault| *fault == Fault::CutDuringCall);
        let result = match answer {
            Err(error) => Err(error.to_string()),
            Ok(answer) => {
                self.check_transport(operation, &answer);
                soap::read(self.form, operation, &answer).map_err(|error| error.to_string())
            }
        };
        let exception = result.as_ref().err().cloned();
        update.report.calls.push(CallRecord { number, operation, exception });
        let after = self.faults.strike(self.moment(operation), |fault| *fault == Fault::CutAfterCall);
        if during.is_some() || after.is_some() {
            return Err(Failure::Cut);
        }
        result.map_err(Failure::Exception)
    }

    /// What `qbwc.md` 2.3 asks of every answer.
    fn check_transport(&mut self, operation: &str, answer: &HttpAnswer) {
        if answer.status == 200 && answer.header("content-length").is_none() {
            self.violate(format!("{operation}: an answer without Content-Length"));
        }
        if answer.header("content-encoding").is_some() {
            self.violate(format!("{operation}: a compressed answer that nobody asked for"));
        }
        if (300..400).contains(&answer.status) {
            self.violate(format!("{operation}: a redirect, which is never followed"));
        }
    }

    /// `OpenConnection`, `BeginSession`, the stamp, the lock, and the three questions. No SOAP call.
    pub(super) fn open_company(&mut self, update: &mut Update, company: &Mutex<CompanyFile>, clock: &impl Clock) {
        update.attempts += 1;
        let fault = self.faults.strike(self.moment("BeginSession"), |fault| matches!(fault, Fault::CannotOpen(_)));
        let begun = match fault {
            Some(Fault::CannotOpen(hresult)) => Err(hresult),
            _ => open(company).begin_session(&self.qwc.owner_id, &update.path),
        };
        let session = match begun {
            Ok(session) => session,
            Err(hresult) => {
                update.stage = Stage::ConnectionError(hresult);
                return;
            }
        };
        update.session = Some(session.clone());
        if !self.added {
            let stamped = self.stamp(&mut open(company));
            if let Err(error) = stamped {
                return self.end(update, company, Ending::NotAdded(error.to_string()));
            }
        }
        let answer = {
            let mut file = open(company);
            let ticks = clock.now().timestamp() * 10_000_000 + 621_355_968_000_000_000;
            let lock = format!("LOCKED:{}:{ticks}", self.settings.machine);
            file.set_company_data(&self.qwc.owner_id, "AppLock", Some(&lock));
            let now = file.setup.zone.at(clock.now());
            let questions = self.company_questions(&file);
            file.process(&session, now, &questions)
        };
        match answer {
            Ok(answer) => {
                update.company_data = Some(answer);
                update.stage = Stage::Send;
            }
            Err(hresult) => self.end(update, company, Ending::NoCompanyData(hresult)),
        }
    }

    fn company_questions(&self, file: &CompanyFile) -> String {
        let version = file.setup.versions.last().map_or_else(String::new, ToString::to_string);
        format!(
            "<?xml version=\"1.0\"?><?qbxml version=\"{version}\"?><QBXML><QBXMLMsgsRq onError=\"continueOnError\"><HostQueryRq requestID=\"0\"/><CompanyQueryRq requestID=\"1\"><OwnerID>{}</OwnerID></CompanyQueryRq><PreferencesQueryRq requestID=\"2\"/></QBXMLMsgsRq></QBXML>",
            self.qwc.owner_id
        )
    }

    /// `ProcessRequest`, with whatever goes wrong there.
    pub(super) fn execute(
        &mut self,
        update: &mut Update,
        company: &Mutex<CompanyFile>,
        clock: &impl Clock,
        request: String,
    ) {
        self.requests_given += 1;
        update.report.requests += 1;
        if let Err(reason) = validate(&request, &open(company).setup.versions) {
            self.violate(format!("qbXML that QuickBooks does not parse: {reason}"));
        }
        let moment = self.moment("ProcessRequest");
        let before =
            self.faults.strike(moment, |fault| matches!(fault, Fault::CutBeforeExecution | Fault::HResultInstead(_)));
        let processed = match before {
            Some(Fault::CutBeforeExecution) => {
                self.keep(request);
                return self.end(update, company, Ending::Cut);
            }
            Some(Fault::HResultInstead(hresult)) => Err(hresult),
            _ => {
                let mut file = open(company);
                let now = file.setup.zone.at(clock.now());
                match &update.session {
                    Some(session) => file.process(session, now, &request),
                    None => Err(HResult::ticket_invalid()),
                }
            }
        };
        self.keep(request);
        let after = self.faults.strike(moment, |fault| {
            matches!(fault, Fault::LoseAnswer | Fault::HResultAfter(_) | Fault::Truncate(_) | Fault::Garble)
        });
        let answer = match (after, processed) {
            (Some(Fault::LoseAnswer), _) => return self.end(update, company, Ending::Cut),
            (Some(Fault::HResultAfter(hresult)), _) => Err(hresult),
            (Some(Fault::Truncate(percent)), Ok(answer)) => Ok(truncated(&answer, percent)),
            (Some(Fault::Garble), Ok(answer)) => Ok(garbled(&answer)),
            (_, processed) => processed,
        };
        let delivery = match answer {
            Ok(response) => Delivery { response, hresult: String::new(), message: String::new() },
            Err(hresult) => Delivery {
                response: String::new(),
                hresult: format!("0x{:08X}", hresult.code),
                message: hresult.message,
            },
        };
        update.stage = Stage::Receive(delivery);
    }

    fn keep(&mut self, request: String) {
        if self.requests.len() >= self.settings.requests_kept_max.max(1) {
            self.requests.remove(0);
        }
        self.requests.push(request);
    }

    pub(super) async fn deliver(&mut self, update: &mut Update, delivery: &Delivery) -> Result<i32, Failure> {
        let arguments = [
            ("ticket", Argument::Text(update.ticket.clone())),
            ("response", Argument::Text(delivery.response.clone())),
            ("hresult", Argument::Text(delivery.hresult.clone())),
            ("message", Argument::Text(delivery.message.clone())),
        ];
        let result = self.call(update, "receiveResponseXML", &arguments).await?;
        let Some(text) = soap::string(result.as_ref()).map(str::to_owned) else {
            // An absent number is zero to .NET.
            self.violate("receiveResponseXML: a null result");
            return Ok(0);
        };
        text.trim().parse().map_err(|_| Failure::Exception(SoapError::NotANumber(text).to_string()))
    }
}
