//! `sendRequestXML`: what QuickBooks is asked to do next.

use super::session;
use super::ticket_hash;
use crate::connector::{Board, Conversation, FileFacts, Identity, Move, Pinned, Reading, Verdict, judge, next_move};
use crate::engine::measures::AttemptEvent;
use crate::engine::transcripts::request_text;
use crate::engine::{Engine, EngineError, Safeguard, intents};
use crate::entities;
use crate::limits::{ATTEMPTS_MAX, EMPTY_SETS_MAX, INQUIRIES_PER_SET_MAX, TRANSCRIPT_ROUNDS_MAX};
use crate::model::{AttemptId, AttemptPurpose, AttemptState, IntentState, Life, Mode, Operation, ProblemCode, Side};
use crate::plan::{self, Transition};
use crate::store::{Fact, SessionRow, StoreError, Tx};
use chrono::{DateTime, Utc};
use qbwc::SendRequestXml;
use qbxml::{OwnerId, QbXmlVersion, Record, ResponseReader, WireLimits};

impl Engine {
    pub(super) fn send_request(&self, company: &str, call: &SendRequestXml) -> Result<String, EngineError> {
        let row = self.row(company)?;
        let company = self.handle(&row.id)?;
        let now = self.now();
        company.note_contact(now.timestamp_millis());
        self.plan_due(&company)?;
        let xml = company.store.transact(|tx| -> Result<String, StoreError> {
            let open = tx.conversation(&ticket_hash(&call.ticket))?.filter(|session| session.ended_at.is_none());
            let Some(mut session) = open else { return Ok(String::new()) };
            let mut conversation = session::from_text(&session.state)?;
            if let Some(attempt) = conversation.in_flight() {
                // The answer to the last request never came. A write is looked up before anything else; a reading is asked again.
                self.lose(tx, attempt, now)?;
                tx.reopen_inquiries()?;
                conversation.in_flight = None;
            }
            if conversation.identity == Identity::Unknown {
                self.first_contact(tx, &mut conversation, call, &row.owner_id, &row.file_id, now)?;
            }
            let xml = self.next_set(tx, &mut session, &mut conversation, &row.owner_id, now)?;
            self.save(tx, &mut session, &conversation, now)?;
            Ok(xml)
        })?;
        self.touch();
        Ok(xml)
    }

    /// Keeps the state of a session and its counts.
    pub(super) fn save(
        &self,
        tx: &Tx<'_>,
        session: &mut SessionRow,
        conversation: &Conversation,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        session.state = session::to_text(conversation);
        session.rounds = conversation.rounds;
        session.records = conversation.records;
        session.applied = conversation.applied;
        tx.save_conversation(session, now)
    }

    /// The next message set, committed; empty when there is none.
    fn next_set(
        &self,
        tx: &Tx<'_>,
        session: &mut SessionRow,
        conversation: &mut Conversation,
        owner_id: &str,
        now: DateTime<Utc>,
    ) -> Result<String, StoreError> {
        // A batch may turn out to hold nothing that can be sent; each turn settles something, so this ends.
        for _ in 0..EMPTY_SETS_MAX {
            let board = self.board(tx, conversation, now)?;
            let composed = match next_move(conversation, &board) {
                Move::Identify => self.compose_identify(tx, conversation, owner_id)?,
                Move::Check(attempt) => self.compose_check(tx, conversation, attempt)?,
                Move::Resend(attempt) => match self.resend(tx, conversation, attempt, now)? {
                    Some(xml) => return Ok(xml),
                    None => {
                        self.plan_within(tx)?;
                        None
                    }
                },
                Move::Inquire => self.compose_inquiries(tx, conversation, now)?,
                Move::Read => self.compose_read(tx, conversation, now)?,
                Move::ReadAnew => {
                    let page_halvings = conversation.reading.page_halvings;
                    let overlap = self.shared.world.has(Safeguard::Overlap);
                    conversation.reading = Reading { page_halvings, ..session::reading(tx, overlap, now)? };
                    None
                }
                Move::Write => self.compose_write(tx, conversation, now)?,
                Move::Done => return Ok(String::new()),
                Move::Stop(why) => {
                    conversation.last_error = Some(why);
                    return Ok(String::new());
                }
            };
            let Some(mut attempt) = composed else { continue };
            attempt.conversation = session.id;
            conversation.hand_over(attempt.id);
            tx.insert_attempt(&attempt, now)?;
            if conversation.rounds < TRANSCRIPT_ROUNDS_MAX {
                tx.keep_request(attempt.id, session.id, &request_text(&attempt.xml))?;
            }
            if attempt.purpose == AttemptPurpose::Write {
                let intents: Vec<_> = attempt.tags.iter().filter_map(crate::model::RequestTag::intent).collect();
                tx.mark_sent(&intents, now)?;
                self.shared.meters.count(AttemptEvent::Sent);
            }
            return Ok(attempt.xml);
        }
        Err(StoreError::Invariant { what: "composing a message set does not come to an end".to_owned() })
    }

    /// What lies at hand.
    pub(super) fn board(
        &self,
        tx: &Tx<'_>,
        conversation: &Conversation,
        now: DateTime<Utc>,
    ) -> Result<Board, StoreError> {
        let may_write = tx.mode()? == Mode::Running;
        let mut resend = None;
        for attempt in tx.attempts_in(AttemptState::Probing)? {
            let (answered, _) = tx.probes_of(attempt.id)?;
            if answered {
                resend = Some(attempt.id);
                break;
            }
        }
        Ok(Board {
            lost: tx.attempts_in(AttemptState::Lost)?.first().map(|attempt| attempt.id),
            resend,
            resend_unread: resend.is_some_and(|attempt| attempt.get() >= conversation.reading.begun_with),
            inquiries: tx.open_inquiries(INQUIRIES_PER_SET_MAX)?.len(),
            ready: if may_write { tx.ready_intents(Side::QuickBooks, now, 1)?.len() } else { 0 },
            may_write,
        })
    }

    /// What follows for a lost write whose records were all looked for, and not found. Where some of them were, or not all of it
    /// is wanted any more, the others had not been carried out and are ready again. Where none was, the very bytes are handed over
    /// again, under their old id: if QuickBooks has run them meanwhile, it gives the stored answer and runs nothing (`qbxml.md` 2,
    /// third row).
    fn resend(
        &self,
        tx: &Tx<'_>,
        conversation: &mut Conversation,
        attempt: AttemptId,
        now: DateTime<Utc>,
    ) -> Result<Option<String>, StoreError> {
        let attempt = tx.attempt(attempt)?.ok_or(StoreError::Broken { what: "attempt" })?;
        let (_, found) = tx.probes_of(attempt.id)?;
        let mut out = Vec::new();
        let mut is_whole = found == 0 && !attempt.xml.is_empty();
        for id in attempt.intents() {
            let Some(intent) = tx.intent(id)?.filter(|intent| intent.state == IntentState::InDoubt) else {
                is_whole = false;
                continue;
            };
            if intent.operation == Operation::Create {
                let held = tx.held(Side::QuickBooks, intent.kind(), &plan::waits_for_new(intent.kind()))?;
                if let Some(made) = held.iter().find(|sighting| plan::bears_mark_of(sighting, &intent)) {
                    is_whole = false;
                    self.recovered(tx, &intent, made, now)?;
                    continue;
                }
                // Where QuickBooks gives marks back, ours would bear one.
                if !held.is_empty() && !tx.shows_marks(intent.kind())? {
                    is_whole = false;
                    self.commit(tx, &intents::perhaps_renamed(tx, &intent, &held)?, now)?;
                    continue;
                }
            }
            let source = tx.sighting(&intent.source)?.map(|seen| seen.sighting);
            let stands = source.is_some_and(|source| source.life == Life::Alive && source.merged_into.is_none());
            is_whole &= stands && tx.link(&intent.source)?.is_none() && intent.attempts < ATTEMPTS_MAX;
            if intent.operation == Operation::Create {
                out.push(intent);
            }
        }
        if !is_whole || out.len() != attempt.tags.len() {
            for intent in &out {
                self.commit(tx, &plan::not_found(intent, out.len(), now), now)?;
                tx.replan(&intent.source)?;
            }
            tx.move_attempt(attempt.id, AttemptState::Settled, now)?;
            return Ok(None);
        }
        let out: Vec<_> = out.iter().map(|intent| intent.id).collect();
        tx.mark_sent(&out, now)?;
        tx.move_attempt(attempt.id, AttemptState::Sent, now)?;
        conversation.hand_over(attempt.id);
        self.shared.meters.count(AttemptEvent::Resent);
        Ok(Some(attempt.xml))
    }

    /// A message set whose answer will not come. A write leaves its intents in doubt; everything else is asked again.
    pub(super) fn lose(&self, tx: &Tx<'_>, attempt: AttemptId, now: DateTime<Utc>) -> Result<(), StoreError> {
        let Some(attempt) = tx.attempt(attempt)?.filter(|attempt| attempt.state == AttemptState::Sent) else {
            return Ok(());
        };
        if attempt.purpose != AttemptPurpose::Write {
            return tx.move_attempt(attempt.id, AttemptState::Cleared, now);
        }
        let looked_up = self.shared.world.has(Safeguard::Recovery);
        tx.move_attempt(attempt.id, if looked_up { AttemptState::Lost } else { AttemptState::Settled }, now)?;
        self.shared.meters.count(AttemptEvent::Lost);
        let why = "the answer of QuickBooks was lost";
        for id in attempt.intents() {
            if tx.intent(id)?.is_some_and(|intent| intent.state == IntentState::Sent) {
                let then = if looked_up { Transition::doubt(id, why, None) } else { Transition::ready(id, why, None) };
                self.commit(tx, &[then], now)?;
            }
        }
        Ok(())
    }

    /// The first `sendRequestXML` of a session brings what QuickBooks says about itself and its company file (`qbwc.md` 4).
    fn first_contact(
        &self,
        tx: &Tx<'_>,
        conversation: &mut Conversation,
        call: &SendRequestXml,
        owner_id: &str,
        file_id: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let told = FirstAnswer::read(call.hcp_response.as_bytes(), owner_id);
        conversation.company_file = Some(call.company_file_name.clone()).filter(|path| !path.is_empty());
        conversation.version = Some(choose_version(&told.versions, call).to_string());
        tx.close_problem(ProblemCode::QuickBooksNotOpen, None, now)?;
        if told.file_id.is_none() {
            conversation.identity = Identity::MustAsk;
            return Ok(());
        }
        self.identify(tx, conversation, told, file_id, now)
    }

    /// Decides whether this is the right company file, and remembers it.
    pub(super) fn identify(
        &self,
        tx: &Tx<'_>,
        conversation: &mut Conversation,
        told: FirstAnswer,
        file_id: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let facts = FileFacts { file_id: told.file_id, name: told.name, path: conversation.company_file.clone() };
        let accepted = tx.fact(Fact::AcceptNextFile)?.is_some();
        let pinned = Pinned {
            expected_file_id: file_id.to_owned(),
            was_stamped: tx.fact(Fact::PinnedFileId)?.is_some() && !accepted,
            name: tx.fact(Fact::PinnedName)?.filter(|_| !accepted),
            path: tx.fact(Fact::PinnedPath)?.filter(|_| !accepted),
        };
        let verdict = match judge(&facts, &pinned) {
            Verdict::Wrong { .. } if !self.shared.world.has(Safeguard::IdentityCheck) => {
                Verdict::Right { stamped: false }
            }
            verdict => verdict,
        };
        match verdict {
            Verdict::Right { stamped } => {
                conversation.identity = Identity::Right;
                // A file that a person has just accepted is read from the beginning, and what it lacks is shown.
                conversation.reading.restored |= accepted;
                let moved = pinned.path.is_some() && pinned.path != facts.path;
                if stamped && moved {
                    // A file that was moved may be a copy from before: it is read from the beginning.
                    tx.forget_marks(Side::QuickBooks)?;
                    conversation.reading = session::reading(tx, self.shared.world.has(Safeguard::Overlap), now)?;
                    conversation.reading.restored = true;
                }
                if stamped {
                    tx.set_fact(Fact::PinnedFileId, facts.file_id.as_deref())?;
                }
                tx.set_fact(Fact::PinnedName, facts.name.as_deref())?;
                tx.set_fact(Fact::PinnedPath, facts.path.as_deref())?;
                tx.set_fact(Fact::AcceptNextFile, None)?;
                tx.close_problem(ProblemCode::WrongCompanyFile, None, now)
            }
            Verdict::Wrong { expected, found, acceptable } => {
                let trouble = plan::wrong_file(&expected, &found, acceptable);
                conversation.identity = Identity::Wrong(trouble.what_happened.clone());
                tx.report(&trouble.about(None, None, now), now)
            }
        }
    }

    /// Everything an attempt in doubt was to do is looked into, one by one: what it was to make is looked for, what it was to
    /// change is read again, and decided anew from what stands there.
    pub(super) fn begin_probing(&self, tx: &Tx<'_>, attempt: AttemptId, now: DateTime<Utc>) -> Result<(), StoreError> {
        let attempt = tx.attempt(attempt)?.ok_or(StoreError::Broken { what: "attempt" })?;
        let mut probed = false;
        for id in attempt.intents() {
            let Some(intent) = tx.intent(id)?.filter(|intent| intent.state.is_out()) else { continue };
            if intent.operation == Operation::Create {
                if entities::entity(intent.kind()).is_some_and(|entity| entity.only_applies(&intent.fields)) {
                    // Nothing can be looked for, and doing it twice would use the credit twice.
                    let trouble = plan::application_unknown(&plan::title_of(&intent));
                    self.commit(tx, &plan::refused(&intent, trouble, now), now)?;
                    continue;
                }
                if intent.state == IntentState::Sent {
                    let doubt = Transition::Move { intent: id, to: IntentState::InDoubt, note: None, not_before: None };
                    self.commit(tx, &[doubt], now)?;
                }
                tx.probe(intent.kind(), id, attempt.id)?;
                probed = true;
                continue;
            }
            if let (Operation::Update, Some(target)) = (intent.operation, &intent.target_id) {
                if intent.state == IntentState::Sent {
                    self.commit(tx, &[Transition::doubt(id, "read again after a lost answer", None)], now)?;
                }
                tx.look_at_change(intent.kind(), target, id)?;
                continue;
            }
            let mut transitions = vec![Transition::skip(id, "read again after a lost answer")];
            transitions.extend(intent.target_key().map(Transition::ReadAgain));
            transitions.push(Transition::Replan(intent.source.clone()));
            self.commit(tx, &transitions, now)?;
        }
        tx.move_attempt(attempt.id, if probed { AttemptState::Probing } else { AttemptState::Settled }, now)
    }
}

/// What QuickBooks says about itself and its company file.
#[derive(Debug, Default)]
pub(super) struct FirstAnswer {
    pub(super) file_id: Option<String>,
    pub(super) name: Option<String>,
    pub(super) versions: Vec<QbXmlVersion>,
}

impl FirstAnswer {
    /// Reads an answer to Host, Company and Preferences queries. What cannot be understood counts as not said: then the
    /// company is asked.
    pub(super) fn read(answer: &[u8], owner_id: &str) -> Self {
        let mut told = Self::default();
        if answer.is_empty() {
            return told;
        }
        let mut reader = ResponseReader::new(answer, WireLimits::default());
        while let Ok(Some(_)) = reader.next_response() {
            while let Ok(Some(record)) = reader.next_record() {
                told.take(&record, owner_id);
            }
        }
        told
    }

    /// Takes what one record says.
    pub(super) fn take(&mut self, record: &Record, owner_id: &str) {
        match record {
            Record::Host(host) => self.versions = host.versions(),
            Record::Company(company) => {
                self.name.clone_from(&company.company_name);
                let owner = OwnerId::new(owner_id).ok();
                self.file_id = owner.and_then(|owner| company.data_ext(&owner, "FileID").map(str::to_owned));
            }
            _ => {}
        }
    }
}

/// The version spoken: 13.0, or the newest the host knows when that is older (`qbwc.md` 4).
fn choose_version(supported: &[QbXmlVersion], call: &SendRequestXml) -> QbXmlVersion {
    if !supported.is_empty() {
        return QbXmlVersion::choose(supported, QbXmlVersion::V13);
    }
    let part = |number: Option<i32>| number.and_then(|number| u8::try_from(number).ok());
    match (part(call.major_version), part(call.minor_version)) {
        (Some(major), minor) if major > 0 => QbXmlVersion::us(major, minor.unwrap_or(0)).min(QbXmlVersion::V13),
        _ => QbXmlVersion::V13,
    }
}

/// The version a session speaks.
pub(super) fn version(conversation: &Conversation) -> QbXmlVersion {
    conversation.version.as_deref().and_then(|text| text.parse().ok()).unwrap_or(QbXmlVersion::V13)
}
