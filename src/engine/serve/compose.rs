//! Message sets, written.

use super::control::ControlAccounts;
use super::send::version;
use super::session;
use crate::connector::Conversation;
use crate::engine::{Engine, intents};
use crate::entities::{self, AnyRequest, Ask, DeletedTypes, NotExpressible, Write};
use crate::limits::{CONTESTED_SET_KEPT, INQUIRIES_PER_SET_MAX, INTENTS_PER_SET_MAX, SET_BYTES_MAX};
use crate::model::{
    Attempt, AttemptId, AttemptPurpose, ConversationId, Intent, NativeId, Operation, RecordKey, RequestTag, Side, span,
};
use crate::plan::{self, Transition};
use crate::store::{Inquiry, InquiryPurpose, NewAttempt, StoreError, Tx};
use chrono::{DateTime, Utc};
use qbxml::entity::{CompanyActivityQuery, CompanyQuery, HostQuery, ListDeletedQuery, TxnDeletedQuery};
use qbxml::query::DeletedDateRangeFilter;
use qbxml::types::{ListDelType, TxnDelType};
use qbxml::{MessageSet, MessageSetId, OnError, OwnerId, RequestId, WriteError};

/// A message set in the making.
struct Composer {
    id: AttemptId,
    set: MessageSet,
    tags: Vec<RequestTag>,
}

impl Composer {
    fn new(tx: &Tx<'_>, conversation: &Conversation) -> Result<Self, StoreError> {
        let set = MessageSet::new(version(conversation), OnError::Continue);
        Ok(Self { id: tx.next_attempt_id()?, set, tags: Vec::new() })
    }

    fn push(&mut self, tag: RequestTag, request: &dyn AnyRequest) -> Result<(), WriteError> {
        let id = RequestId::new(&Attempt::request_id(self.id, self.tags.len()))
            .expect("invariant: our request ids are short");
        request.push(&mut self.set, &id)?;
        self.tags.push(tag);
        Ok(())
    }

    fn finish(self, purpose: AttemptPurpose) -> NewAttempt {
        NewAttempt {
            id: self.id,
            conversation: ConversationId::new(0),
            purpose,
            about: None,
            message_set_id: None,
            clears: None,
            xml: self.set.finish(),
            tags: self.tags,
        }
    }
}

/// A question of ours that cannot be written is a bug, not bad data.
fn bug(error: impl std::fmt::Display) -> StoreError {
    StoreError::Invariant { what: format!("a question cannot be written: {error}") }
}

impl Engine {
    /// Which company file is open?
    pub(super) fn compose_identify(
        &self,
        tx: &Tx<'_>,
        conversation: &Conversation,
        owner_id: &str,
    ) -> Result<Option<NewAttempt>, StoreError> {
        let mut composer = Composer::new(tx, conversation)?;
        let owner = OwnerId::new(owner_id).map_err(bug)?;
        composer.push(RequestTag::About, &HostQuery::default()).map_err(bug)?;
        let company = CompanyQuery { owner_id: vec![owner], ..CompanyQuery::default() };
        composer.push(RequestTag::About, &company).map_err(bug)?;
        Ok(Some(composer.finish(AttemptPurpose::Identify)))
    }

    /// What became of a lost write? Runs nothing.
    pub(super) fn compose_check(
        &self,
        tx: &Tx<'_>,
        conversation: &Conversation,
        about: AttemptId,
    ) -> Result<Option<NewAttempt>, StoreError> {
        let lost = tx.attempt(about)?.ok_or(StoreError::Broken { what: "attempt" })?;
        let set = lost.message_set_id.as_deref().and_then(|id| MessageSetId::new(id).ok());
        let set = set.ok_or(StoreError::Broken { what: "message set id" })?;
        Ok(Some(NewAttempt {
            id: tx.next_attempt_id()?,
            conversation: ConversationId::new(0),
            purpose: AttemptPurpose::StatusCheck,
            about: Some(about),
            message_set_id: None,
            clears: None,
            xml: MessageSet::status_check(version(conversation), &set),
            tags: Vec::new(),
        }))
    }

    /// Everything that changed, or the next pages of it.
    pub(super) fn compose_read(
        &self,
        tx: &Tx<'_>,
        conversation: &mut Conversation,
        now: DateTime<Utc>,
    ) -> Result<Option<NewAttempt>, StoreError> {
        let mut composer = Composer::new(tx, conversation)?;
        if !conversation.reading.begun {
            conversation.reading.begun = true;
            conversation.reading.begun_with = composer.id.get();
            conversation.reading.begun_at_ms = now.timestamp_millis();
            tx.next_number(crate::store::Fact::QuickBooksRound)?;
            composer.push(RequestTag::About, &CompanyActivityQuery::default()).map_err(bug)?;
            composer.push(RequestTag::Balances, &*entities::ask_balances().map_err(bug)?).map_err(bug)?;
        }
        let halvings = conversation.reading.page_halvings;
        for shelf in entities::shelves() {
            let Some(part) = conversation.reading.part(shelf).filter(|part| !part.done) else { continue };
            let Some(entity) = entities::entity(shelf.kind) else { continue };
            let since = part.since.clone();
            let page_max = entity.page_max().and_then(|most| part.next_page(most, halvings));
            let (tag, ask) = match (part.iterator_id.clone(), page_max) {
                (Some(iterator_id), Some(page_max)) => {
                    (RequestTag::Continue(shelf), Ask::Continue { since, iterator_id, page_max })
                }
                _ => (RequestTag::Read(shelf), Ask::Changed { since, page_max }),
            };
            part.begun += u32::from(matches!(tag, RequestTag::Read(_)));
            let asked = match entity.ask_shelf(shelf.place, &ask) {
                Ok(question) => composer.push(tag, &*question).is_ok(),
                Err(_) => false,
            };
            if let (false, Some(part)) = (asked, conversation.reading.part(shelf)) {
                // This QuickBooks is too old for the question.
                part.done = true;
                part.failed = true;
            }
        }
        if !conversation.reading.deletions_done {
            push_deletions(&mut composer, tx)?;
        }
        if composer.tags.is_empty() {
            super::finish::finish_reading(tx, conversation, now)?;
            return Ok(None);
        }
        Ok(Some(composer.finish(AttemptPurpose::Read)))
    }

    /// Questions about single records.
    pub(super) fn compose_inquiries(
        &self,
        tx: &Tx<'_>,
        conversation: &Conversation,
        now: DateTime<Utc>,
    ) -> Result<Option<NewAttempt>, StoreError> {
        let mut composer = Composer::new(tx, conversation)?;
        let together = if conversation.inquiries_alone { 1 } else { INQUIRIES_PER_SET_MAX };
        for inquiry in tx.open_inquiries(together)? {
            let asked = match question(tx, &inquiry)? {
                Some(request) => composer.push(RequestTag::Inquiry(inquiry.id), &*request).is_ok(),
                None => false,
            };
            if asked {
                tx.inquiry_asked(inquiry.id)?;
            } else {
                tx.inquiry_answered(inquiry.id, None)?;
                self.conclude_inquiry(tx, &inquiry, &[], now)?;
            }
        }
        if composer.tags.is_empty() {
            self.conclude_probes(tx, now)?;
            return Ok(None);
        }
        Ok(Some(composer.finish(AttemptPurpose::Inquire)))
    }

    /// As many ready intents as one set may carry. Creates stand alone: only they can be sent again by their bytes.
    pub(super) fn compose_write(
        &self,
        tx: &Tx<'_>,
        conversation: &Conversation,
        now: DateTime<Utc>,
    ) -> Result<Option<NewAttempt>, StoreError> {
        let accounts = ControlAccounts::load(tx)?;
        let ready = tx.ready_intents(Side::QuickBooks, now, INTENTS_PER_SET_MAX)?;
        let ready = self.bookable(tx, ready, &accounts, now)?;
        let Some(first) = ready.first() else { return Ok(None) };
        let creating = first.operation == Operation::Create;
        let alone =
            |intent: &Intent| entities::entity(intent.kind()).is_some_and(|entity| entity.only_applies(&intent.fields));
        let batch_max = match first.batch_max {
            // What cannot be looked for goes alone: its set is never sent again for the sake of another.
            _ if alone(first) => 1,
            Some(max) => usize::try_from(max).unwrap_or(1),
            None => INTENTS_PER_SET_MAX,
        };
        let mut composer = Composer::new(tx, conversation)?;
        for intent in &ready {
            let fits = (intent.operation == Operation::Create) == creating && intent.batch_max == first.batch_max;
            let full = composer.tags.len() >= batch_max || alone(intent) && !composer.tags.is_empty();
            if !fits || full || composer.set.size_bytes() >= SET_BYTES_MAX {
                break;
            }
            let written = match request_of(tx, intent, accounts.of(intent.kind()))? {
                Composed::Request(request) => {
                    composer.push(RequestTag::Intent(intent.id), &*request).map_err(NotExpressible::Write)
                }
                Composed::Unwritable(error) => Err(error),
                Composed::Stale(why) => {
                    self.decide_anew(tx, intent, why, now)?;
                    continue;
                }
            };
            if let Err(error) = written {
                self.refuse_unwritable(tx, intent, &error, now)?;
            }
        }
        if composer.tags.is_empty() {
            return Ok(None);
        }
        let mut random = [0_u8; 9];
        self.shared.world.random().fill(&mut random);
        let set_id = format!("cf-{}", random.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
        composer.set = composer.set.new_id(MessageSetId::new(&set_id).map_err(bug)?);
        let clear = tx.clearable(now - span(CONTESTED_SET_KEPT))?;
        if let Some((_, old)) = &clear {
            composer.set = composer.set.old_id(MessageSetId::new(old).map_err(bug)?);
        }
        let mut attempt = composer.finish(AttemptPurpose::Write);
        attempt.message_set_id = Some(set_id);
        attempt.clears = clear.map(|(id, _)| id);
        Ok(Some(attempt))
    }

    /// It cannot be sent as it was decided: it is decided anew.
    fn decide_anew(&self, tx: &Tx<'_>, intent: &Intent, why: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.commit(tx, &[Transition::skip(intent.id, why), Transition::Replan(intent.source.clone())], now)
    }

    fn refuse_unwritable(
        &self,
        tx: &Tx<'_>,
        intent: &Intent,
        error: &NotExpressible,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let why = crate::engine::run::chain(error);
        let trouble = plan::not_expressible(&plan::title_of(intent), Side::QuickBooks, &plan::safe_text(&why));
        self.commit(tx, &plan::refused(intent, trouble, now), now)
    }
}

/// What putting an intent into qbXML came to.
enum Composed {
    /// The request that carries it out.
    Request(Box<dyn AnyRequest>),
    /// QuickBooks has no place for it: a person is told.
    Unwritable(NotExpressible),
    /// What it was decided on does not stand any more.
    Stale(&'static str),
}

fn request_of(tx: &Tx<'_>, intent: &Intent, control_account: Option<&NativeId>) -> Result<Composed, StoreError> {
    let Some(entity) = entities::entity(intent.kind()) else {
        return Ok(Composed::Stale("records of this kind do not travel"));
    };
    let Some(fields) = intents::translated(tx, intent)? else {
        return Ok(Composed::Stale("something it points at has no partner any more"));
    };
    let current = intents::current(tx, intent)?;
    let settings = tx.settings()?;
    let request = match (intent.operation, &current) {
        (Operation::Void | Operation::Update, _) if current.is_none() => {
            return Ok(Composed::Stale("the record is not known yet"));
        }
        (Operation::Void, Some(standing)) => entity.void_quickbooks(standing),
        _ => entity.write_quickbooks(&Write {
            fields: &fields,
            cleared: &intent.cleared,
            current: current.as_ref(),
            raw: None,
            mark: intent.id.uuid(),
            control_account,
            settings: &settings,
        }),
    };
    Ok(request.map_or_else(Composed::Unwritable, Composed::Request))
}

/// The question an inquiry asks; none when there is nothing left to ask.
fn question(tx: &Tx<'_>, inquiry: &Inquiry) -> Result<Option<Box<dyn AnyRequest>>, StoreError> {
    let Some(entity) = entities::entity(inquiry.kind) else { return Ok(None) };
    let asked = match inquiry.purpose {
        InquiryPurpose::Again => match inquiry.id_of.clone() {
            Some(id) => {
                let known = tx.sighting(&RecordKey::new(Side::QuickBooks, inquiry.kind, id.clone()))?;
                Some((known.map_or(0, |known| entity.shelf_of(&known.sighting.fields)), Ask::ById(id)))
            }
            None => None,
        },
        InquiryPurpose::Name => inquiry.name.clone().map(|name| (0, Ask::Named(name))),
        InquiryPurpose::Probe => {
            let intent = inquiry.intent.map(|id| tx.intent(id)).transpose()?.flatten();
            intent.map(|intent| (entity.shelf_of(&intent.fields), Ask::Like(Box::new(intent.fields))))
        }
    };
    Ok(asked.and_then(|(place, ask)| entity.ask_shelf(place, &ask).ok()))
}

/// Deletions since the marks. QuickBooks lists those of the last 90 days, whatever is asked (`qbxml.md` 9).
fn push_deletions(composer: &mut Composer, tx: &Tx<'_>) -> Result<(), StoreError> {
    let range = |what: &str| -> Result<Option<DeletedDateRangeFilter>, StoreError> {
        let mark = tx.cursor(Side::QuickBooks, what)?.mark;
        let from = mark.and_then(|mark| session::overlapped(&mark)).and_then(|text| text.parse().ok());
        Ok(from.map(|from| DeletedDateRangeFilter { from_deleted_date: Some(from), to_deleted_date: None }))
    };
    let kinds = session::asked_for(tx)?;
    let types = || kinds.iter().map(|entity| entity.deleted_types());
    let lists: Vec<_> = types()
        .flat_map(DeletedTypes::lists)
        .filter_map(|word| ListDelType::ALL.iter().find(|known| known.as_str() == *word).cloned())
        .collect();
    let transactions: Vec<_> = types()
        .flat_map(DeletedTypes::transactions)
        .filter_map(|word| TxnDelType::ALL.iter().find(|known| known.as_str() == *word).cloned())
        .collect();
    if !lists.is_empty() {
        let query = ListDeletedQuery {
            deleted_date_range_filter: range(session::DELETED_LISTS)?,
            ..ListDeletedQuery::new(&lists)
        };
        composer.push(RequestTag::DeletedLists, &query).map_err(bug)?;
    }
    if !transactions.is_empty() {
        let query = TxnDeletedQuery {
            deleted_date_range_filter: range(session::DELETED_TRANSACTIONS)?,
            ..TxnDeletedQuery::new(&transactions)
        };
        composer.push(RequestTag::DeletedTransactions, &query).map_err(bug)?;
    }
    Ok(())
}
