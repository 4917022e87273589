//! The Web Connector's side: one operation in, one reply out, one transaction each.
//!
//! A call is understood while it arrives. That takes as long as the line takes, and nothing waits for it: what an answer says
//! is worked out on the way (`findings`), and only when the whole call has passed the guard does anything happen.
//!
//! **Invariant:** whatever happens, the connector gets a well-formed answer it can live with (`qbwc.md` 3): an empty
//! request and a sentence for a person, rather than a fault.

mod answers;
mod compose;
mod control;
mod findings;
mod finish;
mod receive;
mod send;
mod session;

pub(super) use control::ControlAccounts;

use super::companies::Company;
use super::run::chain;
use super::{Engine, EngineError, Safeguard};
use crate::connector::{Conversation, advise};
use crate::limits::{BUSY_FOR, FOREIGN_NAME_CHARS_MAX, INTERRUPTED_SESSIONS_MAX};
use crate::model::{Event, EventKind, Mode, ProblemCode, span};
use crate::plan;
use crate::secrets::generate_ticket;
use crate::store::{Fact, SessionRow, StoreError, Tx};
use chrono::{DateTime, Utc};
use qbwc::{AuthenticateResult, DecodeError, GuardLimits, HResult, Operation, ReceiveResponseXml, Reply, SoapVersion};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use std::io::BufRead;
use std::sync::Arc;

/// What `serverVersion` answers; shown in the connector's "More information".
const SERVER_VERSION: &str = concat!("Counterfoil ", env!("CARGO_PKG_VERSION"));

/// What `getLastError` answers when there is nothing to say.
const NOTHING_TO_SAY: &str = "No changes to exchange. Everything is up to date.";

/// What `getLastError` answers for a ticket nobody knows.
const UNKNOWN_SESSION: &str = "This update is over. The next one begins afresh.";

impl Engine {
    /// Answers one SOAP call, whose body may still be arriving. Blocking. `remote` is the address of the caller, for throttling.
    ///
    /// # Errors
    /// [`DecodeError`] when it cannot be understood, or did not arrive completely. Nothing has happened then.
    pub fn soap(
        &self,
        company: &str,
        remote: &str,
        body: impl BufRead,
        limits: &GuardLimits,
    ) -> Result<(Reply, SoapVersion), DecodeError> {
        let decoded = qbwc::decode_stream(body, limits, |answer| self.work_out(company, answer))?;
        Ok((self.reply(company, remote, decoded.operation), decoded.soap))
    }

    fn reply(&self, company: &str, remote: &str, operation: Operation<Option<receive::Worked>>) -> Reply {
        match operation {
            Operation::ServerVersion => Reply::ServerVersion(SERVER_VERSION.to_owned()),
            Operation::GetServerVersion => Reply::GetServerVersion(SERVER_VERSION.to_owned()),
            Operation::ClientVersion { .. } => Reply::ClientVersion(String::new()),
            Operation::Authenticate { user_name, password } => {
                Reply::Authenticate(self.authenticate(company, remote, &user_name, password.expose()))
            }
            Operation::SendRequestXml(call) => {
                let xml = self.logged(company, self.send_request(company, &call)).unwrap_or_default();
                Reply::SendRequestXml(xml)
            }
            Operation::ReceiveResponseXml(call) => {
                let ReceiveResponseXml { ticket, hresult, message, response } = call;
                let call = ReceiveResponseXml { ticket, hresult, message, response: response.flatten() };
                let percent = self.logged(company, self.receive_response(company, call)).unwrap_or(-1);
                Reply::ReceiveResponseXml(percent)
            }
            Operation::ConnectionError { ticket, hresult, message } => {
                let noted = self.connection_error(company, &ticket, hresult.as_ref(), &message);
                let _logged = self.logged(company, noted);
                Reply::ConnectionError("done".to_owned())
            }
            Operation::GetLastError { ticket } => {
                let text = self.logged(company, self.last_error(company, &ticket));
                Reply::GetLastError(text.unwrap_or_else(|| UNKNOWN_SESSION.to_owned()))
            }
            Operation::CloseConnection { ticket } => {
                let text = self.logged(company, self.close_connection(company, &ticket));
                Reply::CloseConnection(text.unwrap_or_else(|| "OK".to_owned()))
            }
            Operation::GetInteractiveUrl { .. } => Reply::GetInteractiveUrl(String::new()),
            Operation::InteractiveDone { spelling, .. } => Reply::InteractiveDone { spelling, text: "DONE".to_owned() },
            Operation::InteractiveRejected { .. } => Reply::InteractiveRejected("OK".to_owned()),
        }
    }

    /// An error is logged here, once, and becomes nothing: the caller has a tolerant answer for that.
    fn logged<T>(&self, company: &str, result: Result<T, EngineError>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(EngineError::NoSuchCompany(_)) => None,
            Err(error) => {
                let company: String = company.chars().filter(char::is_ascii_graphic).take(64).collect();
                tracing::error!(company, error = %chain(&error), "a call of the Web Connector could not be answered");
                None
            }
        }
    }

    fn authenticate(&self, company: &str, remote: &str, user_name: &str, password: &str) -> AuthenticateResult {
        let now = self.now();
        let account = account_of(company, user_name);
        let throttled = self.shared.server.throttle_check(&account, remote, now);
        if !matches!(throttled, Ok(None)) {
            return AuthenticateResult::invalid();
        }
        let row = self.row(company).ok();
        let hash = row.as_ref().filter(|row| row.connector_user == user_name).map(|row| &row.connector_hash);
        // Unknown companies and users cost the same as wrong passwords.
        let right = self.shared.sealer.is_connector_password(hash, password);
        let Some(row) = row.filter(|_| right) else {
            if let Err(error) = self.shared.server.throttle_failed(&account, remote, now) {
                tracing::error!(error = %chain(&error), "a refused sign-in could not be counted");
            }
            return AuthenticateResult::invalid();
        };
        if let Err(error) = self.shared.server.throttle_succeeded(&account, remote) {
            tracing::error!(error = %chain(&error), "a throttle could not be cleared");
        }
        let begun = self.handle(&row.id).and_then(|company| self.begin(&company));
        self.logged(company, begun).unwrap_or_else(|| AuthenticateResult::without_ticket(qbwc::Company::Busy))
    }

    /// Begins a session, or says that there is nothing to do.
    fn begin(&self, company: &Arc<Company>) -> Result<AuthenticateResult, EngineError> {
        let now = self.now();
        company.note_contact(now.timestamp_millis());
        let ticket = generate_ticket(&mut *self.shared.world.random());
        if !company.store.read(|tx| wants_session(tx, now))? {
            return Ok(AuthenticateResult::session(ticket.expose_secret().to_owned(), qbwc::Company::None));
        }
        let begun = company.store.transact(|tx| -> Result<bool, StoreError> {
            if must_wait(tx, now)? {
                return Ok(false);
            }
            self.end_open_sessions(tx, INTERRUPTED, now)?;
            tx.set_fact(Fact::SyncWanted, None)?;
            // What an earlier session found out about lost writes may not be true any more.
            tx.reopen_probes()?;
            let conversation = Conversation {
                reading: session::reading(tx, self.shared.world.has(Safeguard::Overlap), now)?,
                ..Conversation::default()
            };
            tx.insert_conversation(&ticket_hash(ticket.expose_secret()), &session::to_text(&conversation), now)?;
            Ok(true)
        })?;
        self.touch();
        if !begun {
            return Ok(AuthenticateResult::without_ticket(qbwc::Company::Busy));
        }
        Ok(AuthenticateResult::session(ticket.expose_secret().to_owned(), qbwc::Company::Current))
    }

    fn connection_error(
        &self,
        company: &str,
        ticket: &str,
        hresult: Option<&HResult>,
        message: &str,
    ) -> Result<(), EngineError> {
        let company = self.company(company)?;
        let now = self.now();
        company.store.transact(|tx| -> Result<(), StoreError> {
            let Some(mut session) = tx.conversation(&ticket_hash(ticket))?.filter(|session| session.ended_at.is_none())
            else {
                return Ok(());
            };
            let advice = hresult.map_or("The Web Connector could not open QuickBooks.", |hresult| advise(hresult).text);
            let code = hresult.map(ToString::to_string).unwrap_or_default();
            let technical = format!("{code} {}", plan::safe_text(message)).trim().to_owned();
            tx.report(&plan::not_open(advice, technical).about(None, None, now), now)?;
            let mut conversation = session::from_text(&session.state)?;
            conversation.last_error = Some(advice.to_owned());
            session.state = session::to_text(&conversation);
            self.end_session(tx, &mut session, advice, now)
        })?;
        self.touch();
        Ok(())
    }

    fn last_error(&self, company: &str, ticket: &str) -> Result<String, EngineError> {
        let company = self.company(company)?;
        let session = company.store.read(|tx| tx.conversation(&ticket_hash(ticket)))?;
        let Some(session) = session else { return Ok(UNKNOWN_SESSION.to_owned()) };
        let conversation = session::from_text(&session.state)?;
        // Asked after an empty request: what lay ready when the last answer came was taken back meanwhile.
        let nothing = if conversation.rounds > 0 { session::summary(&conversation) } else { NOTHING_TO_SAY.to_owned() };
        Ok(conversation.last_error.unwrap_or(nothing))
    }

    fn close_connection(&self, company: &str, ticket: &str) -> Result<String, EngineError> {
        let company = self.company(company)?;
        let now = self.now();
        company.note_contact(now.timestamp_millis());
        let open = company.store.read(|tx| -> Result<_, StoreError> {
            Ok(tx.conversation(&ticket_hash(ticket))?.filter(|session| session.ended_at.is_none()))
        })?;
        let Some(mut session) = open else { return Ok("OK".to_owned()) };
        let outcome = company.store.transact(|tx| -> Result<String, StoreError> {
            let conversation = session::from_text(&session.state)?;
            let outcome = session::summary(&conversation);
            self.end_session(tx, &mut session, &outcome, now)?;
            Ok(outcome)
        })?;
        company.wake.notify_one();
        self.touch();
        Ok(outcome)
    }

    /// Ends every session that is still open: there is one at a time. What was in flight is in doubt.
    fn end_open_sessions(&self, tx: &Tx<'_>, why: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        for mut session in tx.open_conversations()? {
            self.end_session(tx, &mut session, why, now)?;
        }
        Ok(())
    }

    /// Ends a session. A write whose answer is outstanding is lost: its intents are in doubt from now on.
    fn end_session(
        &self,
        tx: &Tx<'_>,
        session: &mut SessionRow,
        outcome: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut conversation = session::from_text(&session.state)?;
        if let Some(attempt) = conversation.in_flight() {
            self.lose(tx, attempt, now)?;
            conversation.in_flight = None;
        }
        tx.reopen_inquiries()?;
        session.state = session::to_text(&conversation);
        session.ended_at = Some(now);
        session.outcome = Some(outcome.to_owned());
        tx.save_conversation(session, now)?;
        let text = format!("Update ended: {outcome}");
        tx.note(&Event::of_company(EventKind::Session, text, now))
    }
}

/// How a session ends that another one has cut off.
const INTERRUPTED: &str = "another update began";

/// A newcomer cuts off an open session, because the connector it belonged to may be gone. When sessions keep cutting each
/// other off, two connectors are at work: then the newcomer waits until the other one is done.
fn must_wait(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let Some(open) = tx.open_conversations()?.pop().filter(|open| now - open.touched_at < span(BUSY_FOR)) else {
        return Ok(false);
    };
    let recent = tx.recent_sessions(INTERRUPTED_SESSIONS_MAX + 1)?;
    let cut_off = recent
        .iter()
        .filter(|session| session.id != open.id)
        .take_while(|session| session.outcome.as_deref() == Some(INTERRUPTED));
    Ok(cut_off.count() >= INTERRUPTED_SESSIONS_MAX)
}

/// A stored time, unless the clock was set back since: then it counts as long ago.
pub(super) fn sane(time: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    time.filter(|time| *time <= now + chrono::Duration::minutes(1))
}

/// Whether the connector has anything to do.
fn wants_session(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let mode = tx.mode()?;
    if mode == Mode::Paused {
        return Ok(false);
    }
    let settings = tx.settings()?;
    // Who asks for a sync by hand means it, also in quiet hours.
    let is_asked = tx.fact(Fact::SyncWanted)?.is_some();
    if !is_asked && settings.quiet_hours.is_some_and(|hours| hours.contains(now.with_timezone(&chrono::Local).time())) {
        return Ok(false);
    }
    let read_at = sane(tx.time(Fact::QuickBooksReadAt)?, now);
    let interval = span(settings.read_interval);
    let written = tx.time(Fact::QuickBooksWrittenAt)?;
    let stale = read_at.is_none_or(|at| now - at >= interval || written.is_some_and(|written| written >= at));
    let wrong_file = tx.has_problem(ProblemCode::WrongCompanyFile)?;
    Ok(stale
        || is_asked
        || wrong_file
        || (mode == Mode::Running && tx.has_work(crate::model::Side::QuickBooks, now)?)
        || !tx.open_inquiries(1)?.is_empty())
}

/// Tickets are kept as hashes: a stolen file opens no session.
pub(super) fn ticket_hash(ticket: &str) -> [u8; 32] {
    Sha256::digest(ticket.as_bytes()).into()
}

/// What failures are counted for: the company and the user named, both bounded.
fn account_of(company: &str, user_name: &str) -> String {
    let part = |text: &str| text.chars().take(FOREIGN_NAME_CHARS_MAX).collect::<String>();
    format!("connector:{}:{}", part(company), part(user_name))
}
