//! `receiveResponseXML`: what QuickBooks answered, read as a stream, in one transaction.

use super::send::FirstAnswer;
use super::{session, ticket_hash};
use crate::connector::{Conversation, Identity, Move, advise, next_move, percent};
use crate::engine::companies::Company;
use crate::engine::{Engine, EngineError};
use crate::limits::{INTENTS_PER_SET_MAX, PROGRESS_COUNTED_MAX};
use crate::model::{Attempt, AttemptId, AttemptPurpose, AttemptState, Event, EventKind, IntentState, Side};
use crate::plan::{self, Transition};
use crate::store::{Fact, SessionRow, StoreError, Tx};
use chrono::{DateTime, Utc};
use qbwc::{HResult, ReceiveResponseXml};
use qbxml::{ReadError, ResponseReader, WireLimits};
use std::io::BufRead;

/// What the connector is told when an answer cannot be used.
const FAILED: i32 = -1;

/// Why an answer could not be taken in. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
enum ReceiveError {
    /// It is not the document it should be.
    #[error("the answer of QuickBooks cannot be read")]
    Read(#[from] ReadError),
    /// The file.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A session and the attempt that an answer belongs to.
struct Expected {
    session: SessionRow,
    conversation: Conversation,
    attempt: AttemptId,
    /// The session is over: the answer is taken in, but nothing more is asked.
    late: bool,
}

impl Engine {
    pub(super) fn receive_response(&self, company: &str, call: &ReceiveResponseXml<'_>) -> Result<i32, EngineError> {
        let row = self.row(company)?;
        let company = self.handle(&row.id)?;
        let now = self.now();
        company.note_contact(now.timestamp_millis());
        let found = company.store.read(|tx| tx.conversation(&ticket_hash(&call.ticket)))?;
        let Some(session) = found else { return Ok(FAILED) };
        let conversation = session::from_text(&session.state)?;
        let late = session.ended_at.is_some();
        let Some(attempt) = conversation.in_flight() else {
            // The answer came twice, or after the session was given up. A late answer to a lost write still says what happened.
            return self.receive_unexpected(&company, session, conversation, call, now);
        };
        let expected = Expected { session, conversation, attempt, late };
        if let Some(hresult) = &call.hresult {
            return self.receive_failure(&company, expected, hresult, &call.message, now);
        }
        self.receive_answer(&company, expected, call, &row.owner_id, &row.file_id, now)
    }

    fn receive_answer(
        &self,
        company: &Company,
        expected: Expected,
        call: &ReceiveResponseXml<'_>,
        owner_id: &str,
        file_id: &str,
        now: DateTime<Utc>,
    ) -> Result<i32, EngineError> {
        let Expected { mut session, mut conversation, attempt, late } = expected;
        let taken = company.store.transact(|tx| -> Result<(), ReceiveError> {
            let attempt = tx.attempt(attempt)?.ok_or(StoreError::Broken { what: "attempt" })?;
            if attempt.purpose == AttemptPurpose::Identify {
                self.take_identity(tx, &mut conversation, call, owner_id, file_id, now)?;
                tx.move_attempt(attempt.id, AttemptState::Cleared, now)?;
            } else {
                self.take_in(tx, &mut conversation, &attempt, call.response.reader(), now)?;
            }
            conversation.in_flight = None;
            self.save(tx, &mut session, &conversation, now)?;
            Ok(())
        });
        match taken {
            Ok(()) => {}
            Err(ReceiveError::Store(error)) => return Err(error.into()),
            Err(ReceiveError::Read(error)) => return self.receive_garbled(company, session, &error, now),
        }
        self.plan_due(company)?;
        self.touch();
        if late { Ok(FAILED) } else { self.progress(company, &mut session, now) }
    }

    /// The company was asked which file is open, because the first contact did not say.
    fn take_identity(
        &self,
        tx: &Tx<'_>,
        conversation: &mut Conversation,
        call: &ReceiveResponseXml<'_>,
        owner_id: &str,
        file_id: &str,
        now: DateTime<Utc>,
    ) -> Result<(), ReceiveError> {
        let mut reader = ResponseReader::new(call.response.reader(), WireLimits::default());
        let mut told = FirstAnswer::default();
        reader.message_set()?;
        while reader.next_response()?.is_some() {
            while let Some(record) = reader.next_record()? {
                told.take(&record, owner_id);
            }
        }
        reader.finish()?;
        if told.name.is_none() && told.file_id.is_none() {
            let text = "QuickBooks does not say which company file is open. Nothing is read or written until it does.";
            conversation.identity = Identity::Wrong(text.to_owned());
            return Ok(());
        }
        Ok(self.identify(tx, conversation, told, file_id, now)?)
    }

    /// Takes in an answer, response by response and record by record.
    fn take_in(
        &self,
        tx: &Tx<'_>,
        conversation: &mut Conversation,
        attempt: &Attempt,
        answer: impl BufRead,
        now: DateTime<Utc>,
    ) -> Result<(), ReceiveError> {
        let mut reader = ResponseReader::new(answer, WireLimits::default());
        let set = reader.message_set()?;
        let mut intake = super::answers::Intake::new(self, tx, attempt, now)?;
        while let Some(head) = reader.next_response()? {
            intake.begin(head, conversation)?;
            while let Some(record) = reader.next_record()? {
                intake.record(&record, conversation)?;
            }
            intake.end(conversation)?;
        }
        reader.finish()?;
        intake.finish(&set, conversation)?;
        Ok(())
    }

    /// How far the session is; 100 when nothing is left.
    fn progress(&self, company: &Company, session: &mut SessionRow, now: DateTime<Utc>) -> Result<i32, EngineError> {
        let answer = company.store.transact(|tx| -> Result<i32, StoreError> {
            let mut conversation = session::from_text(&session.state)?;
            let board = self.board(tx, now)?;
            let answer = match next_move(&conversation, &board) {
                Move::Done => 100,
                Move::Stop(why) => {
                    conversation.last_error = Some(why);
                    FAILED
                }
                _ => {
                    let ready = tx.ready_intents(Side::QuickBooks, now, PROGRESS_COUNTED_MAX)?.len();
                    let left = 1 + board.inquiries + ready / INTENTS_PER_SET_MAX;
                    percent(conversation.percent, conversation.rounds, left)
                }
            };
            if answer >= 0 {
                conversation.percent = answer;
            }
            self.save(tx, session, &conversation, now)?;
            Ok(answer)
        })?;
        Ok(answer)
    }

    /// The answer is damaged: what was done is found out before anything else.
    fn receive_garbled(
        &self,
        company: &Company,
        mut session: SessionRow,
        error: &ReadError,
        now: DateTime<Utc>,
    ) -> Result<i32, EngineError> {
        tracing::warn!(company = %company.id, error = %error, "an answer of QuickBooks could not be read");
        company.store.transact(|tx| -> Result<(), StoreError> {
            let mut conversation = session::from_text(&session.state)?;
            let text = "The answer of QuickBooks was damaged on its way. The next update finds out what was done.";
            conversation.last_error = Some(text.to_owned());
            session.state = session::to_text(&conversation);
            self.end_session(tx, &mut session, text, now)
        })?;
        self.touch();
        Ok(FAILED)
    }

    /// QuickBooks could not work on the message set as a whole.
    fn receive_failure(
        &self,
        company: &Company,
        expected: Expected,
        hresult: &HResult,
        message: &str,
        now: DateTime<Utc>,
    ) -> Result<i32, EngineError> {
        let Expected { mut session, mut conversation, attempt, late } = expected;
        let advice = advise(hresult);
        tracing::warn!(company = %company.id, hresult = %hresult, "QuickBooks reported a failure");
        let goes_on = company.store.transact(|tx| -> Result<bool, StoreError> {
            let attempt = tx.attempt(attempt)?.ok_or(StoreError::Broken { what: "attempt" })?;
            let text = format!("{} ({hresult})", advice.text);
            tx.note(&Event::of_company(EventKind::Session, text, now))?;
            let goes_on =
                advice.nothing_ran && self.refuse_set(tx, &mut conversation, &attempt, hresult, message, now)?;
            if goes_on {
                conversation.in_flight = None;
                self.save(tx, &mut session, &conversation, now)?;
                return Ok(true);
            }
            conversation.last_error = Some(advice.text.to_owned());
            session.state = session::to_text(&conversation);
            self.end_session(tx, &mut session, advice.text, now)?;
            Ok(false)
        })?;
        self.plan_due(company)?;
        self.touch();
        if goes_on && !late { self.progress(company, &mut session, now) } else { Ok(FAILED) }
    }

    /// QuickBooks refused a whole message set unread, so nothing of it ran. A write is split until the change at fault
    /// stands alone. Whether the session can go on.
    fn refuse_set(
        &self,
        tx: &Tx<'_>,
        conversation: &mut Conversation,
        attempt: &Attempt,
        hresult: &HResult,
        message: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        match attempt.purpose {
            AttemptPurpose::Write => {}
            AttemptPurpose::StatusCheck => {
                if let Some(about) = attempt.about {
                    self.begin_probing(tx, about, now)?;
                }
                tx.move_attempt(attempt.id, AttemptState::Cleared, now)?;
                return Ok(true);
            }
            AttemptPurpose::Inquire => return self.refuse_inquiries(tx, conversation, attempt, hresult, now),
            AttemptPurpose::Read => {
                for part in conversation.reading.parts.iter_mut().filter(|part| !part.done) {
                    part.done = true;
                    part.failed = true;
                }
                conversation.reading.deletions_done = true;
                let trouble = plan::reading_refused(hresult.to_string());
                tx.report(&trouble.about(None, None, now), now)?;
                super::finish::finish_reading(tx, conversation, now)?;
                tx.move_attempt(attempt.id, AttemptState::Cleared, now)?;
                return Ok(true);
            }
            AttemptPurpose::Identify => return Ok(false),
        }
        let intents: Vec<_> = attempt.intents().collect();
        for id in &intents {
            let Some(intent) = tx.intent(*id)?.filter(|intent| intent.state.is_out()) else { continue };
            let transitions = if intents.len() == 1 {
                let technical = format!("{hresult} {}", plan::safe_text(message));
                plan::refused(&intent, plan::set_refused(&plan::title_of(&intent), technical), now)
            } else {
                let half = u32::try_from(intents.len().div_ceil(2)).unwrap_or(1);
                vec![
                    Transition::ready(*id, "its message was refused as a whole; sent again with fewer others", None),
                    Transition::Shrink { intent: *id, batch_max: half },
                ]
            };
            self.commit(tx, &transitions, now)?;
        }
        tx.move_attempt(attempt.id, AttemptState::Cleared, now)?;
        conversation.in_flight = None;
        Ok(true)
    }

    /// Look-ups that QuickBooks cannot read are asked one by one. One that it cannot read alone stays unanswered, and the
    /// intent it is about goes to a person: it may or may not have been carried out.
    fn refuse_inquiries(
        &self,
        tx: &Tx<'_>,
        conversation: &mut Conversation,
        attempt: &Attempt,
        hresult: &HResult,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        conversation.inquiries_alone = true;
        tx.reopen_inquiries()?;
        tx.move_attempt(attempt.id, AttemptState::Cleared, now)?;
        let [crate::model::RequestTag::Inquiry(id)] = attempt.tags.as_slice() else { return Ok(true) };
        let inquiry = tx.inquiry(*id)?.ok_or(StoreError::Broken { what: "inquiry" })?;
        tx.inquiry_answered(*id, None)?;
        let intent = inquiry.intent.map(|id| tx.intent(id)).transpose()?.flatten();
        match intent.filter(|intent| intent.state == IntentState::InDoubt) {
            Some(intent) => {
                let trouble = plan::set_refused(&plan::title_of(&intent), hresult.to_string());
                self.commit(tx, &plan::refused(&intent, trouble, now), now)?;
                self.conclude_probes(tx, now)?;
            }
            None => tx.report(&plan::reading_refused(hresult.to_string()).about(None, None, now), now)?,
        }
        Ok(true)
    }

    /// An answer that nothing is waiting for: told twice, or told after the session was given up.
    fn receive_unexpected(
        &self,
        company: &Company,
        mut session: SessionRow,
        mut conversation: Conversation,
        call: &ReceiveResponseXml<'_>,
        now: DateTime<Utc>,
    ) -> Result<i32, EngineError> {
        if call.hresult.is_none() {
            let late = company.store.transact(|tx| -> Result<(), ReceiveError> {
                let Some(attempt) = self.unsettled_write(tx, call)? else { return Ok(()) };
                self.take_in(tx, &mut conversation, &attempt, call.response.reader(), now)?;
                Ok(())
            });
            match late {
                Ok(()) => self.plan_due(company)?,
                Err(ReceiveError::Store(error)) => return Err(error.into()),
                Err(ReceiveError::Read(_)) => {}
            }
        }
        if session.ended_at.is_some() { Ok(FAILED) } else { self.progress(company, &mut session, now) }
    }

    /// The write that a late answer belongs to, when its outcome is still unknown.
    fn unsettled_write(&self, tx: &Tx<'_>, call: &ReceiveResponseXml<'_>) -> Result<Option<Attempt>, ReceiveError> {
        let mut reader = ResponseReader::new(call.response.reader(), WireLimits::default());
        let set = reader.message_set()?;
        let Some(attempt) = set.new_id.as_deref().map(|id| tx.attempt_by_set(id)).transpose()?.flatten() else {
            return Ok(None);
        };
        let unsettled = matches!(attempt.state, AttemptState::Lost | AttemptState::Probing);
        Ok(Some(attempt).filter(|_| unsettled))
    }
}

/// When QuickBooks was written to.
pub(super) fn note_written(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    tx.set_time(Fact::QuickBooksWrittenAt, now)
}
