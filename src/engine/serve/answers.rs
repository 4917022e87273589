//! Taking in one answer: every response finds its question by its `requestID`, every record its place.

use super::findings::Finding;
use super::finish;
use super::receive::note_written;
use crate::connector::Conversation;
use crate::engine::{Engine, intents, reverse};
use crate::entities::{self, ENTITIES};
use crate::limits::{LOOKED_UP_MAX, UNCLEAR_WRITES_MAX};
use crate::model::{
    Attempt, AttemptId, AttemptPurpose, AttemptState, Intent, IntentId, Kind, Life, Money, NativeId, Operation,
    ProblemCode, RecordKey, RequestTag, Side, Sighting,
};
use crate::plan::{self, Carried, Outcome, Transition};
use crate::store::{Inquiry, InquiryPurpose, SightingRow, StoreError, Tx};
use chrono::{DateTime, Utc};
use qbxml::{MessageSetInfo, ResponseHead, StatusCode};
use std::collections::{HashMap, HashSet};

/// One answer being taken in.
pub(super) struct Intake<'a> {
    engine: &'a Engine,
    tx: &'a Tx<'a>,
    attempt: &'a Attempt,
    now: DateTime<Utc>,
    latest_stamp: String,
    /// There is a record that could not be read; this may be it.
    unreadable: bool,
    /// Tags of the attempts that responses belong to: a status check answers for the attempt it asks about.
    tags: HashMap<AttemptId, Vec<RequestTag>>,
    answered: HashSet<IntentId>,
    current: Option<Current>,
}

/// The response being taken in.
struct Current {
    head: ResponseHead,
    tag: Option<RequestTag>,
    /// The intent in doubt whose record is looked for: only what may be it is kept, however long the answer is.
    probed: Option<Intent>,
    seen: Vec<Sighting>,
    /// There were more records than are kept, so that not finding one proves nothing.
    cut_short: bool,
    /// There was a record that could not be read: it may be the one that is looked for.
    unread: bool,
    names_elsewhere: bool,
    recovery: Option<(NativeId, String)>,
    voided: bool,
}

impl<'a> Intake<'a> {
    pub(super) fn new(
        engine: &'a Engine,
        tx: &'a Tx<'a>,
        attempt: &'a Attempt,
        now: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let mut tags = HashMap::from([(attempt.id, attempt.tags.clone())]);
        if let Some(about) = attempt.about.map(|id| tx.attempt(id)).transpose()?.flatten() {
            tags.insert(about.id, about.tags);
        }
        let latest_stamp = finish::latest_stamp(now);
        let unreadable = tx.has_problem(ProblemCode::Unreadable)?;
        Ok(Self { engine, tx, attempt, now, latest_stamp, unreadable, tags, answered: HashSet::new(), current: None })
    }

    fn commit(&self, transitions: &[Transition]) -> Result<(), StoreError> {
        self.engine.commit(self.tx, transitions, self.now)
    }

    /// A response begins.
    fn begin(&mut self, head: ResponseHead, conversation: &mut Conversation) -> Result<(), StoreError> {
        let place = head.request_id.as_deref().and_then(Attempt::parse_request_id);
        let tag = place.and_then(|(id, place)| self.tags.get(&id)?.get(place).cloned());
        if let Some(RequestTag::Read(shelf) | RequestTag::Continue(shelf)) = &tag {
            finish::page_begins(conversation, *shelf, &head);
        }
        let probed = match tag {
            Some(RequestTag::Inquiry(id)) => self.probed(id)?,
            _ => None,
        };
        self.current = Some(Current {
            head,
            tag,
            probed,
            seen: Vec::new(),
            cut_short: false,
            unread: false,
            names_elsewhere: false,
            recovery: None,
            voided: false,
        });
        Ok(())
    }

    /// The intent that a look-up is about, when it asks for the record that the intent may have made.
    fn probed(&self, inquiry: i64) -> Result<Option<Intent>, StoreError> {
        let inquiry = self.tx.inquiry(inquiry)?.filter(|inquiry| inquiry.purpose == InquiryPurpose::Probe);
        let Some(id) = inquiry.and_then(|inquiry| inquiry.intent) else { return Ok(None) };
        self.tx.intent(id)
    }

    /// A finding of the present response.
    pub(super) fn finding(&mut self, finding: Finding, conversation: &mut Conversation) -> Result<(), StoreError> {
        match finding {
            Finding::Begin(head) => return self.begin(*head, conversation),
            Finding::End => return self.end(conversation),
            // What stands outside any response is not asked for.
            _ if self.current.is_none() => {}
            Finding::Seen(row, modified) => return self.seen(&row, modified, conversation),
            Finding::Restored(time) => finish::note_restore(self.tx, conversation, time, self.now)?,
            Finding::Deleted { of_list, word, id, time } => {
                let reading = &mut conversation.reading;
                let mark = if of_list { &mut reading.lists_deleted } else { &mut reading.transactions_deleted };
                finish::newest(mark, time);
                let id = id.and_then(|id| NativeId::new(id).ok());
                self.vanished(word.as_deref(), id, conversation)?;
            }
            Finding::Unreadable { element, path, reason, id } => {
                let trouble = plan::unreadable(&element, id.as_deref(), &path, &reason);
                let key = self.key_of_unreadable(&element, id.as_deref());
                self.tx.report(&trouble.about(key, None, self.now), self.now)?;
                self.unreadable = true;
                if let Some(current) = &mut self.current {
                    current.unread = true;
                }
            }
            Finding::Name(name) => {
                let is_it = self.is_the_name(&name)?;
                if let Some(current) = &mut self.current {
                    current.names_elsewhere |= is_it;
                }
            }
            Finding::Recovered { id, sequence } => {
                if let Some(current) = &mut self.current {
                    current.recovery = id.and_then(|id| NativeId::new(id).ok()).map(|id| (id, sequence));
                }
            }
            Finding::Balance { account, cents } => {
                if self.current.as_ref().is_some_and(|current| current.tag == Some(RequestTag::Balances)) {
                    self.tx.note_balance(&account, Money::from_cents(cents), self.now)?;
                }
            }
            Finding::Voided => {
                if let Some(current) = &mut self.current {
                    current.voided = true;
                }
            }
        }
        Ok(())
    }

    /// A record of a kind that is carried.
    fn seen(&mut self, row: &SightingRow, modified: String, conversation: &mut Conversation) -> Result<(), StoreError> {
        conversation.records += 1;
        if self.unreadable {
            self.tx.close_problem(ProblemCode::Unreadable, Some(row.key()), self.now)?;
        }
        if self.stands_elsewhere(row)? {
            return Ok(());
        }
        let Some(current) = &mut self.current else { return Ok(()) };
        match &current.tag {
            // It was asked what it holds, not what it says.
            Some(RequestTag::Balances) => {}
            Some(RequestTag::Read(shelf) | RequestTag::Continue(shelf)) => {
                if let Some(part) = conversation.reading.part(*shelf) {
                    finish::newest(&mut part.newest, Some(modified).filter(|at| *at <= self.latest_stamp));
                }
                self.tx.see_row(row, self.now)?;
            }
            Some(RequestTag::Inquiry(_)) => {
                self.tx.see_row(row, self.now)?;
                let sighting = row.sighting()?;
                let wanted = match &current.probed {
                    Some(intent) => intents::made_by(self.tx, intent, std::slice::from_ref(&sighting))?.is_some(),
                    None => true,
                };
                if wanted && current.seen.len() < LOOKED_UP_MAX {
                    current.seen.push(sighting);
                } else {
                    current.cut_short |= wanted;
                }
            }
            Some(RequestTag::Intent(_)) => {
                if current.seen.len() < LOOKED_UP_MAX {
                    current.seen.push(row.sighting()?);
                }
            }
            _ => {
                self.tx.see_row(row, self.now)?;
            }
        }
        Ok(())
    }

    /// Whether a look-up met a record of another kind: it may have taken the name that is asked for.
    fn stands_elsewhere(&mut self, row: &SightingRow) -> Result<bool, StoreError> {
        let Some(RequestTag::Inquiry(id)) = self.current.as_ref().and_then(|current| current.tag.clone()) else {
            return Ok(false);
        };
        let asked = self.tx.inquiry(id)?.map(|inquiry| inquiry.kind);
        if asked.is_none_or(|kind| kind == row.key().kind) {
            return Ok(false);
        }
        let sighting = row.sighting()?;
        let name = sighting.fields.text("full_name").or(sighting.fields.text("name"));
        let is_it = name.map(|name| self.is_the_name(name)).transpose()?.unwrap_or(false);
        if let Some(current) = &mut self.current {
            current.names_elsewhere |= is_it;
        }
        self.tx.see_row(row, self.now)?;
        Ok(true)
    }

    /// The address of a record that could not be read, as far as it says.
    fn key_of_unreadable(&self, element: &str, id: Option<&str>) -> Option<RecordKey> {
        let word = element.strip_suffix("Ret")?;
        let entity = ENTITIES.iter().find(|entity| entity.deleted_types().has(word))?;
        Some(RecordKey::new(Side::QuickBooks, entity.kind(), NativeId::new(id?).ok()?))
    }

    /// A name in another list is the one asked for only when it is equal, not when it merely begins like it.
    fn is_the_name(&self, name: &str) -> Result<bool, StoreError> {
        let Some(RequestTag::Inquiry(id)) = self.current.as_ref().and_then(|current| current.tag.clone()) else {
            return Ok(false);
        };
        let asked = self.tx.inquiry(id)?.and_then(|inquiry| inquiry.name);
        Ok(asked.is_some_and(|asked| entities::squash(name, 0) == entities::squash(&asked, 0)))
    }

    fn vanished(
        &self,
        word: Option<&str>,
        id: Option<NativeId>,
        conversation: &mut Conversation,
    ) -> Result<(), StoreError> {
        let of_kind = |entity: &&&dyn entities::Entity| word.is_some_and(|word| entity.deleted_types().has(word));
        let kind = ENTITIES.iter().find(of_kind).map(|entity| entity.kind());
        let (Some(kind), Some(id)) = (kind, id) else { return Ok(()) };
        conversation.records += 1;
        self.tx.vanish(&RecordKey::new(Side::QuickBooks, kind, id), self.now)
    }

    /// The present response ends.
    fn end(&mut self, conversation: &mut Conversation) -> Result<(), StoreError> {
        let Some(current) = self.current.take() else { return Ok(()) };
        match current.tag.clone() {
            Some(RequestTag::Intent(id)) => self.end_intent(id, current, conversation),
            Some(RequestTag::Read(shelf) | RequestTag::Continue(shelf)) => {
                finish::page_ends(self.tx, conversation, shelf, &current.head, self.now)
            }
            Some(RequestTag::DeletedLists | RequestTag::DeletedTransactions) => {
                conversation.reading.deletions_done = true;
                Ok(())
            }
            Some(RequestTag::Inquiry(id)) => self.end_inquiry(id, &current),
            Some(RequestTag::About | RequestTag::Balances) | None => Ok(()),
        }
    }

    fn end_intent(
        &mut self,
        id: IntentId,
        current: Current,
        conversation: &mut Conversation,
    ) -> Result<(), StoreError> {
        let Some(intent) = self.tx.intent(id)? else { return Ok(()) };
        self.answered.insert(id);
        if !intent.state.is_out() {
            // Settled already: the answer came twice.
            return Ok(());
        }
        let status = current.head.status;
        let shown = current.seen.into_iter().find(|sighting| sighting.key.kind == intent.kind());
        let shown = match shown {
            None if status.code.is_success() => self.application_of(&intent)?,
            shown => shown,
        };
        let shows_itself = shown.is_some() || current.recovery.is_some() || current.voided;
        match plan::outcome(intent.operation, &status, shows_itself) {
            Outcome::NotDone => {
                let reversible = reverse::is_possible(self.tx, &intent)?;
                return self.commit(&plan::refused_by_quickbooks(&intent, &status, reversible, self.now));
            }
            Outcome::Unclear => {
                self.answered.remove(&id);
                return Ok(());
            }
            Outcome::Done => {}
        }
        let known = shown.as_ref().map(|shown| (shown.key.id.clone(), None));
        let told = known.or(current.recovery.map(|(id, sequence)| (id, Some(sequence))));
        let told = told.or_else(|| {
            intent
                .target_id
                .clone()
                .filter(|_| current.voided || intent.operation != Operation::Create)
                .map(|id| (id, None))
        });
        let Some((target, unseen_version)) = told else {
            // Carried out, but not said what it made: it is looked for.
            self.answered.remove(&id);
            return Ok(());
        };
        let link = self.tx.link(&intent.source)?;
        let sent = intents::translated(self.tx, &intent)?.unwrap_or_default();
        let carried = Carried {
            intent: &intent,
            link: link.as_ref(),
            target,
            shown,
            unseen_version,
            sent: plan::as_kept(intent.kind(), sent),
            made: None,
            now: self.now,
        };
        conversation.applied += 1;
        note_written(self.tx, self.now)?;
        self.commit(&plan::applied(carried))?;
        self.commit(&plan::remarked(&intent, &status, self.now))
    }

    /// What stands for an application of credits: QuickBooks makes no transaction of it, and gives it no id.
    fn application_of(&self, intent: &Intent) -> Result<Option<Sighting>, StoreError> {
        let applies = entities::entity(intent.kind()).is_some_and(|entity| entity.only_applies(&intent.fields));
        let mark = intent.id.to_string();
        let Some(id) = entities::application_id(&mark).filter(|_| applies && intent.operation == Operation::Create)
        else {
            return Ok(None);
        };
        let fields = plan::as_kept(intent.kind(), intents::translated(self.tx, intent)?.unwrap_or_default());
        Ok(Some(Sighting {
            key: RecordKey::new(Side::QuickBooks, intent.kind(), id),
            version: String::new(),
            fields,
            life: Life::Alive,
            merged_into: None,
            hold: None,
            mark: Some(mark),
            line_ids: Vec::new(),
        }))
    }

    fn end_inquiry(&mut self, id: i64, current: &Current) -> Result<(), StoreError> {
        let Some(inquiry) = self.tx.inquiry(id)? else { return Ok(()) };
        let gone =
            matches!(current.head.status.code, StatusCode::NOTHING_FOUND | StatusCode::SOME_MISSING | StatusCode(3120));
        if !gone && !current.head.status.code.is_success() {
            // QuickBooks would not say: asked again in the next session.
            return Ok(());
        }
        let proves_nothing = current.cut_short || current.unread && current.seen.is_empty();
        if proves_nothing && current.probed.is_some() {
            return Ok(());
        }
        if let (InquiryPurpose::Again, Some(record), true, true) =
            (inquiry.purpose, &inquiry.id_of, gone, current.seen.is_empty())
        {
            self.tx.vanish(&RecordKey::new(Side::QuickBooks, inquiry.kind, record.clone()), self.now)?;
        }
        self.conclude(&inquiry, &current.seen, current.names_elsewhere)
    }

    fn conclude(&self, inquiry: &Inquiry, seen: &[Sighting], elsewhere: bool) -> Result<(), StoreError> {
        if elsewhere {
            return self.engine.give_alias(self.tx, inquiry, self.now);
        }
        self.engine.conclude_inquiry(self.tx, inquiry, seen, self.now)
    }

    /// The answer ends: the attempt is settled, or what it left open is looked into.
    pub(super) fn finish(&mut self, set: &MessageSetInfo, conversation: &mut Conversation) -> Result<(), StoreError> {
        match self.attempt.purpose {
            AttemptPurpose::Write => {
                let told = self.finish_write(self.attempt, set)?;
                self.note_outcome(told, set, conversation)?;
            }
            AttemptPurpose::StatusCheck => {
                self.tx.move_attempt(self.attempt.id, AttemptState::Cleared, self.now)?;
                if let Some(about) = self.attempt.about.map(|id| self.tx.attempt(id)).transpose()?.flatten() {
                    self.finish_write(&about, set)?;
                }
            }
            AttemptPurpose::Read => {
                self.tx.move_attempt(self.attempt.id, AttemptState::Cleared, self.now)?;
                let took = (self.now - self.attempt.at).to_std().unwrap_or_default();
                conversation.reading.note_pace(took);
                finish::unanswered_parts(conversation, self.attempt);
                if conversation.reading.is_answered() {
                    finish::finish_reading(self.tx, conversation, self.now)?;
                }
            }
            AttemptPurpose::Inquire | AttemptPurpose::Identify => {
                self.tx.move_attempt(self.attempt.id, AttemptState::Cleared, self.now)?;
                self.engine.conclude_probes(self.tx, self.now)?;
            }
        }
        Ok(())
    }

    /// Keeps count of writes in a row that told nothing: a session that goes on with them would never end.
    fn note_outcome(
        &self,
        told: bool,
        set: &MessageSetInfo,
        conversation: &mut Conversation,
    ) -> Result<(), StoreError> {
        if told {
            conversation.unclear_writes = 0;
            return Ok(());
        }
        conversation.unclear_writes += 1;
        if conversation.unclear_writes < UNCLEAR_WRITES_MAX {
            return Ok(());
        }
        let technical = format!("message set status {}", set.status.map_or(0, |status| status.0));
        self.tx.report(&plan::outcome_untold(technical).about(None, None, self.now), self.now)
    }

    /// Intents that got no answer are looked for, one by one. Whether there was none.
    fn finish_write(&self, attempt: &Attempt, set: &MessageSetInfo) -> Result<bool, StoreError> {
        let mut open = false;
        for id in attempt.intents() {
            if !self.answered.contains(&id) && self.tx.intent(id)?.is_some_and(|intent| intent.state.is_out()) {
                open = true;
            }
        }
        if !open {
            self.tx.move_attempt(attempt.id, AttemptState::Settled, self.now)?;
            self.engine.answered();
            if let Some(cleared) = self.tx.clears(attempt.id)? {
                self.tx.move_attempt(cleared, AttemptState::Cleared, self.now)?;
            }
            return Ok(true);
        }
        let code = set.status.map_or(0, |status| status.0);
        if matches!(
            set.status,
            Some(StatusCode::CHECKSUM_DIFFERS | StatusCode::MESSAGE_SET_ID_TOO_LONG | StatusCode::ANSWER_NOT_STORED)
        ) {
            // Under this id QuickBooks will never tell: what is not found goes out under another one.
            self.tx.forget_bytes(attempt.id)?;
        }
        tracing::warn!(attempt = %attempt.id, message_set_status = code, "a write has no complete answer; its records are looked for");
        self.engine.begin_probing(self.tx, attempt.id, self.now)?;
        Ok(false)
    }
}

/// Records of the kind of an inquiry that have no partner, also those that were voided since they were made.
pub(super) fn free(tx: &Tx<'_>, kind: Kind, seen: &[Sighting]) -> Result<Vec<Sighting>, StoreError> {
    let mut found = Vec::new();
    for sighting in seen.iter().filter(|sighting| sighting.key.kind == kind) {
        if tx.partner(&sighting.key)?.is_none() {
            found.push(sighting.clone());
        }
    }
    Ok(found)
}
