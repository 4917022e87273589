//! `receiveResponseXML`: what QuickBooks answered, taken in in one transaction.
//!
//! The answer itself has been worked out before, while it arrived (`findings`); here it meets the company's state.

use super::answers::Intake;
use super::findings::{Answer, AnswerError};
use super::send::FirstAnswer;
use super::{session, ticket_hash};
use crate::connector::{Conversation, Identity, Move, advise, next_move, percent};
use crate::engine::companies::Company;
use crate::engine::{Engine, EngineError};
use crate::limits::{INTENTS_PER_SET_MAX, PROGRESS_COUNTED_MAX};
use crate::model::{
    Attempt, AttemptId, AttemptPurpose, AttemptState, Event, EventKind, IntentState, ProblemCode, Side,
};
use crate::plan::{self, Transition};
use crate::store::{Fact, SessionRow, StoreError, Tx};
use chrono::{DateTime, Utc};
use qbwc::{ArrivingAnswer, HResult, ReceiveResponseXml};
use qbxml::{MessageSetInfo, ReadError};
use std::io;

/// What the connector is told when an answer cannot be used.
const FAILED: i32 = -1;

/// An answer as it was worked out, if anybody may be waiting for it.
pub(super) type Worked = Option<Result<Answer, AnswerError>>;

/// A session and the attempt that an answer belongs to.
struct Expected {
    session: SessionRow,
    conversation: Conversation,
    attempt: AttemptId,
    /// The session is over: the answer is taken in, but nothing more is asked.
    late: bool,
}

impl Engine {
    /// Works an answer out while it arrives. Nothing has an effect yet, and nothing is kept for strangers: an answer under a
    /// ticket that this company never gave out is left unread. (Where the ticket comes behind the answer, this is judged later.)
    pub(super) fn work_out(&self, company: &str, answer: &mut ArrivingAnswer<'_>) -> Worked {
        let row = self.row(company).ok()?;
        if let Some(ticket) = answer.ticket() {
            let company = self.handle(&row.id).ok()?;
            if let Ok(None) = company.store.read::<_, StoreError>(|tx| tx.conversation(&ticket_hash(ticket))) {
                return None;
            }
        }
        Some(Answer::read(answer, &row.owner_id, &self.spool_folder()))
    }

    pub(super) fn receive_response(&self, company: &str, call: ReceiveResponseXml<Worked>) -> Result<i32, EngineError> {
        let row = self.row(company)?;
        let company = self.handle(&row.id)?;
        let now = self.now();
        company.note_contact(now.timestamp_millis());
        let found = company.store.read(|tx| tx.conversation(&ticket_hash(&call.ticket)))?;
        let Some(session) = found else { return Ok(FAILED) };
        let conversation = session::from_text(&session.state)?;
        let late = session.ended_at.is_some();
        // No answer at all is one that cannot be read.
        let nothing = || Answer::read(io::empty(), &row.owner_id, &self.spool_folder());
        let answer = call.response.unwrap_or_else(nothing);
        let Some(attempt) = conversation.in_flight() else {
            // The answer came twice, or after the session was given up. A late answer to a lost write still says what happened.
            let answer = if call.hresult.is_none() { answer.ok() } else { None };
            return self.receive_unexpected(&company, session, conversation, answer, now);
        };
        let expected = Expected { session, conversation, attempt, late };
        if let Some(hresult) = &call.hresult {
            return self.receive_failure(&company, expected, hresult, &call.message, now);
        }
        match answer {
            Ok(answer) => self.receive_answer(&company, expected, answer, &row.file_id, now),
            Err(AnswerError::Read(error)) => self.receive_garbled(&company, expected.session, &error, now),
            Err(AnswerError::Store(error)) => Err(error.into()),
        }
    }

    fn receive_answer(
        &self,
        company: &Company,
        expected: Expected,
        mut answer: Answer,
        file_id: &str,
        now: DateTime<Utc>,
    ) -> Result<i32, EngineError> {
        let Expected { mut session, mut conversation, attempt, late } = expected;
        company.store.transact(|tx| -> Result<(), StoreError> {
            let attempt = tx.attempt(attempt)?.ok_or(StoreError::Broken { what: "attempt" })?;
            tx.keep_answer(attempt.id, &answer.heard, now)?;
            if attempt.purpose == AttemptPurpose::Identify {
                self.take_identity(tx, &mut conversation, std::mem::take(&mut answer.told), file_id, now)?;
                tx.move_attempt(attempt.id, AttemptState::Cleared, now)?;
            } else {
                self.take_in(tx, &mut conversation, &attempt, &mut answer, now)?;
            }
            conversation.in_flight = None;
            self.save(tx, &mut session, &conversation, now)
        })?;
        self.plan_if_few(company)?;
        self.touch();
        if late { Ok(FAILED) } else { self.progress(company, &mut session, now) }
    }

    /// The company was asked which file is open, because the first contact did not say.
    fn take_identity(
        &self,
        tx: &Tx<'_>,
        conversation: &mut Conversation,
        told: FirstAnswer,
        file_id: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        if told.name.is_none() && told.file_id.is_none() {
            let text = "QuickBooks does not say which company file is open. Nothing is read or written until it does.";
            conversation.identity = Identity::Wrong(text.to_owned());
            return Ok(());
        }
        self.identify(tx, conversation, told, file_id, now)
    }

    /// Takes in an answer, finding by finding.
    fn take_in(
        &self,
        tx: &Tx<'_>,
        conversation: &mut Conversation,
        attempt: &Attempt,
        answer: &mut Answer,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut intake = Intake::new(self, tx, attempt, now)?;
        while let Some(finding) = answer.next()? {
            intake.finding(finding, conversation)?;
        }
        intake.finish(&answer.set, conversation)
    }

    /// How far the session is; 100 when nothing is left.
    fn progress(&self, company: &Company, session: &mut SessionRow, now: DateTime<Utc>) -> Result<i32, EngineError> {
        let answer = company.store.transact(|tx| -> Result<i32, StoreError> {
            let mut conversation = session::from_text(&session.state)?;
            let board = self.board(tx, &conversation, now)?;
            // What is not planned yet may still have to be written.
            let all_planned = !board.may_write || tx.due(1)?.is_empty();
            let answer = match next_move(&conversation, &board) {
                Move::Done if all_planned => {
                    tx.close_problem(ProblemCode::OutcomeUntold, None, now)?;
                    100
                }
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
        answer: Option<Answer>,
        now: DateTime<Utc>,
    ) -> Result<i32, EngineError> {
        if let Some(mut answer) = answer {
            company.store.transact(|tx| -> Result<(), StoreError> {
                let Some(attempt) = unsettled_write(tx, &answer.set)? else { return Ok(()) };
                self.take_in(tx, &mut conversation, &attempt, &mut answer, now)
            })?;
            self.plan_due(company)?;
        }
        if session.ended_at.is_some() { Ok(FAILED) } else { self.progress(company, &mut session, now) }
    }
}

/// The write that a late answer belongs to, when its outcome is still unknown.
fn unsettled_write(tx: &Tx<'_>, set: &MessageSetInfo) -> Result<Option<Attempt>, StoreError> {
    let attempt = set.new_id.as_deref().map(|id| tx.attempt_by_set(id)).transpose()?.flatten();
    Ok(attempt.filter(|attempt| matches!(attempt.state, AttemptState::Lost | AttemptState::Probing)))
}

/// When QuickBooks was written to.
pub(super) fn note_written(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    tx.set_time(Fact::QuickBooksWrittenAt, now)
}
