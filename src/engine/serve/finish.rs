//! Ends: of a page, of a reading, of an inquiry, of a doubt.

use super::answers::free;
use super::receive::note_written;
use super::session::{DELETED_LISTS, DELETED_TRANSACTIONS, keep_beginning};
use crate::connector::Conversation;
use crate::engine::{Engine, intents};
use crate::entities::{self, ENTITIES};
use crate::limits::{QUICKBOOKS_AHEAD_HOURS, READING_BEGINNINGS_MAX, VANISHED_UNASKED_MAX, VANISHED_UNASKED_PERCENT};
use crate::model::{
    Attempt, AttemptState, Event, EventKind, Intent, IntentState, Kind, Life, Operation, ProblemCode, RequestTag,
    Shelf, Side, Sighting,
};
use crate::plan::{self, Carried, Transition};
use crate::store::{Cursor, Fact, Inquiry, InquiryPurpose, StoreError, Tx};
use chrono::{DateTime, Utc};
use qbxml::{ResponseHead, StatusCode};

/// Keeps the newer of two local stamps: they have one form, so their text order is their time order.
pub(super) fn newest(known: &mut Option<String>, time: Option<String>) {
    if let Some(time) = time.filter(|time| !time.is_empty())
        && known.as_deref().is_none_or(|known| known < time.as_str())
    {
        *known = Some(time);
    }
}

/// The latest local time a record can honestly have been changed at.
pub(super) fn latest_stamp(now: DateTime<Utc>) -> String {
    (now + chrono::Duration::hours(QUICKBOOKS_AHEAD_HOURS)).format("%Y-%m-%dT%H:%M:%S").to_string()
}

/// A page of a reading begins: where it goes on.
pub(super) fn page_begins(conversation: &mut Conversation, shelf: Shelf, head: &ResponseHead) {
    let Some(part) = conversation.reading.part(shelf) else { return };
    let more = head.iterator_remaining.is_some_and(|left| left > 0);
    part.iterator_id = head.iterator_id.as_ref().filter(|_| more).map(|id| id.as_str().to_owned());
    // More pages, and no way to ask for them: what is missing must not count as gone.
    part.failed |= more && part.iterator_id.is_none();
}

/// A page of a reading ends.
pub(super) fn page_ends(
    tx: &Tx<'_>,
    conversation: &mut Conversation,
    shelf: Shelf,
    head: &ResponseHead,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(part) = conversation.reading.part(shelf) else { return Ok(()) };
    if std::mem::take(&mut part.again) {
        part.iterator_id = None;
        part.done = false;
        return Ok(());
    }
    let code = head.status.code;
    if code.is_success() || matches!(code, StatusCode::NOTHING_FOUND | StatusCode::SOME_MISSING) {
        part.done = part.iterator_id.is_none();
        return Ok(());
    }
    part.iterator_id = None;
    if matches!(code, StatusCode::ITERATOR_EXPIRED | StatusCode::BAD_ITERATOR) && part.begun < READING_BEGINNINGS_MAX {
        part.refused_iterators += 1;
        return Ok(());
    }
    part.done = true;
    part.failed = true;
    let said = plan::safe_text(&head.status.message);
    let technical = format!("QuickBooks status {}: {said}", code.0);
    tx.report(&plan::list_refused(shelf.kind, &said, technical).about(None, None, now), now)
}

/// Questions of a reading that got no response at all are given up for this session, not asked for ever.
pub(super) fn unanswered_parts(conversation: &mut Conversation, attempt: &Attempt) {
    for tag in &attempt.tags {
        match tag {
            RequestTag::Read(shelf) => {
                if let Some(part) =
                    conversation.reading.part(*shelf).filter(|part| !part.done && part.iterator_id.is_none())
                    && part.begun >= READING_BEGINNINGS_MAX
                {
                    part.done = true;
                    part.failed = true;
                }
            }
            RequestTag::DeletedLists | RequestTag::DeletedTransactions => conversation.reading.deletions_done = true,
            _ => {}
        }
    }
}

/// QuickBooks says when the file was last restored. When that has moved, everything that was known may be void: all is
/// read from the beginning (`qbxml.md` 2).
pub(super) fn note_restore(
    tx: &Tx<'_>,
    conversation: &mut Conversation,
    restored: Option<String>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let known = tx.fact(Fact::LastRestore)?;
    let value = restored.unwrap_or_default();
    tx.set_fact(Fact::LastRestore, Some(&value))?;
    if known.is_none_or(|known| known == value) {
        return Ok(());
    }
    tx.forget_marks(Side::QuickBooks)?;
    for part in &mut conversation.reading.parts {
        // The questions of this very message set were asked with a mark: they are asked again without one.
        part.again = part.since.is_some();
        part.since = None;
        part.iterator_id = None;
        part.done = false;
        part.begun = 0;
    }
    conversation.reading.restored = true;
    tx.report(&plan::restored().about(None, None, now), now)
}

/// Everything was answered: marks are kept, and what a complete reading did not show is gone.
pub(super) fn finish_reading(
    tx: &Tx<'_>,
    conversation: &mut Conversation,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut complete = true;
    let awaited = tx.awaits_readings()?;
    let begun_at = DateTime::from_timestamp_millis(conversation.reading.begun_at_ms).unwrap_or(now);
    for entity in ENTITIES {
        let kind = entity.kind();
        if conversation.reading.is_of_everything(kind) && tx.was_read_from_quickbooks(kind)? {
            vanish_unseen(tx, kind, conversation.reading.restored, now)?;
        }
    }
    for part in &conversation.reading.parts {
        let Some(shelf) = part.shelf() else { continue };
        let what = shelf.to_string();
        if part.failed {
            complete = false;
            if awaited {
                // Since the backup nobody knows what there is of it: nothing of this kind is made until it was read.
                let cursor = tx.cursor(Side::QuickBooks, &what)?;
                tx.set_cursor(Side::QuickBooks, &what, &Cursor { complete: false, ..cursor })?;
            }
            continue;
        }
        let before = tx.cursor(Side::QuickBooks, &what)?;
        let mut mark = before.mark.clone();
        newest(&mut mark, part.newest.clone());
        keep_beginning(tx, shelf, (before.mark.as_deref(), mark.as_deref()), begun_at)?;
        let full_read_at = if part.since.is_none() { Some(now) } else { before.full_read_at };
        tx.set_cursor(Side::QuickBooks, &what, &Cursor { mark, complete: true, full_read_at })?;
    }
    let lists = conversation.reading.lists_deleted.clone();
    let transactions = conversation.reading.transactions_deleted.clone();
    for (what, seen) in [(DELETED_LISTS, lists), (DELETED_TRANSACTIONS, transactions)] {
        let mut cursor = tx.cursor(Side::QuickBooks, what)?;
        newest(&mut cursor.mark, seen);
        tx.set_cursor(Side::QuickBooks, what, &Cursor { complete: true, full_read_at: Some(now), ..cursor })?;
    }
    conversation.reading.finished = true;
    tx.was_read_whole(Side::QuickBooks, now)?;
    if complete {
        tx.close_problem(ProblemCode::ListRefused, None, now)?;
        tx.set_time(Fact::QuickBooksReadAt, now)?;
        tx.wake_all_deferred()?;
    }
    Ok(())
}

/// Records that a complete reading did not show are gone; unless there are so many that something else must be wrong, or
/// the file was restored: then they are shown, and nothing follows from it.
fn vanish_unseen(tx: &Tx<'_>, kind: Kind, restored: bool, now: DateTime<Utc>) -> Result<(), StoreError> {
    let (mut unseen, known) = tx.unseen(Side::QuickBooks, kind)?;
    unseen.retain(|key| !entities::is_application(&key.id));
    let many = unseen.len() > VANISHED_UNASKED_MAX && unseen.len() * 100 > known * VANISHED_UNASKED_PERCENT;
    if many && !restored {
        return tx.report(&plan::many_gone(kind, unseen.len(), known).about(None, None, now), now);
    }
    for key in unseen {
        let why = restored.then_some("it is missing since the company file was restored");
        tx.lose_sight(&key, why, now)?;
    }
    Ok(())
}

impl Engine {
    /// A question was answered by these records.
    pub(super) fn conclude_inquiry(
        &self,
        tx: &Tx<'_>,
        inquiry: &Inquiry,
        seen: &[Sighting],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let intent = inquiry.intent.map(|id| tx.intent(id)).transpose()?.flatten();
        let intent = intent.filter(|intent| intent.state == IntentState::InDoubt);
        match (inquiry.purpose, intent) {
            (InquiryPurpose::Probe, Some(intent)) => self.conclude_probe(tx, inquiry, &intent, seen, now),
            (InquiryPurpose::Again, Some(intent)) => self.conclude_change(tx, inquiry, &intent, seen, now),
            (InquiryPurpose::Name, Some(intent)) => {
                tx.inquiry_answered(inquiry.id, None)?;
                self.conclude_name(tx, &intent, seen, now)
            }
            _ => tx.inquiry_answered(inquiry.id, None),
        }
    }

    /// Did an intent in doubt make its record?
    fn conclude_probe(
        &self,
        tx: &Tx<'_>,
        inquiry: &Inquiry,
        intent: &Intent,
        seen: &[Sighting],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        if let Some(link) = tx.link(&intent.source)? {
            // It has its partner already: somebody or something linked it meanwhile.
            tx.inquiry_answered(inquiry.id, Some(&link.quickbooks_id))?;
            let carried = Carried {
                intent,
                link: Some(&link),
                target: link.quickbooks_id.clone(),
                shown: None,
                unseen_version: None,
                sent: link.quickbooks_base.clone(),
                made: None,
                now,
            };
            return self.commit(tx, &plan::applied(carried), now);
        }
        let candidates = free(tx, intent.kind(), seen)?;
        let found = intents::made_by(tx, intent, &candidates)?;
        tx.inquiry_answered(inquiry.id, found.map(|sighting| &sighting.key.id))?;
        let Some(found) = found else { return Ok(()) };
        self.recovered(tx, intent, found, now)
    }

    /// The answer was lost, and what it would have told of was found.
    pub(super) fn recovered(
        &self,
        tx: &Tx<'_>,
        intent: &Intent,
        found: &Sighting,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        note_written(tx, now)?;
        self.commit(tx, &plan::applied(Carried::found(intent, found, now)), now)?;
        let text = format!("{}: the answer was lost, the record was found in QuickBooks", plan::title_of(intent));
        tx.note(&Event::of_intent(intent, EventKind::Recovered, text, now))
    }

    /// Was an intent in doubt carried out? What stands there as it was sent is ours, and no edit of somebody else's.
    fn conclude_change(
        &self,
        tx: &Tx<'_>,
        inquiry: &Inquiry,
        intent: &Intent,
        seen: &[Sighting],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        tx.inquiry_answered(inquiry.id, None)?;
        let shown = seen.iter().find(|sighting| Some(&sighting.key) == intent.target_key().as_ref());
        let mut transitions = vec![Transition::skip(intent.id, "read again after a lost answer")];
        if let (Some(shown), Some(link), Some(sent)) =
            (shown, tx.link(&intent.source)?, intents::translated(tx, intent)?)
        {
            transitions.extend(plan::found_changed(intent, &link, sent, shown));
        }
        transitions.push(Transition::Replan(intent.source.clone()));
        self.commit(tx, &transitions, now)
    }

    /// Who has the name? A record of the same kind is a candidate like any other; planning decides.
    fn conclude_name(
        &self,
        tx: &Tx<'_>,
        intent: &Intent,
        seen: &[Sighting],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let entity = entities::entity(intent.kind());
        let wanted = entity.map(|entity| entity.keys(&intent.fields)).unwrap_or_default();
        let source = tx.sighting(&intent.source)?;
        let undecided = source.is_some_and(|source| source.alias.is_none() && !source.forced);
        let mut helps = false;
        for sighting in free(tx, intent.kind(), seen)?.into_iter().filter(|sighting| sighting.life == Life::Alive) {
            helps |= entity.is_some_and(|entity| entity.keys(&sighting.fields).iter().any(|key| wanted.contains(key)));
        }
        // Deciding anew only helps when there is a record to adopt or to ask about; otherwise the same would be sent for ever.
        if intent.operation == Operation::Create && undecided && helps {
            let skip = Transition::skip(intent.id, "QuickBooks has a record of this name; compared with it");
            return self.commit(tx, &[skip, Transition::Replan(intent.source.clone())], now);
        }
        let technical = "QuickBooks status 3100, and no record of that name".to_owned();
        let trouble = plan::name_refused(&plan::title_of(intent), technical);
        self.commit(tx, &plan::refused(intent, trouble, now), now)
    }

    /// The name belongs to a record of another name list: the suffix of the settings goes behind it, and is remembered.
    pub(super) fn give_alias(&self, tx: &Tx<'_>, inquiry: &Inquiry, now: DateTime<Utc>) -> Result<(), StoreError> {
        tx.inquiry_answered(inquiry.id, None)?;
        let intent = inquiry.intent.map(|id| tx.intent(id)).transpose()?.flatten();
        let Some(intent) = intent.filter(|intent| intent.state == IntentState::InDoubt) else { return Ok(()) };
        let settings = tx.settings()?;
        let entity = entities::entity(intent.kind());
        let suffix = entity.and_then(|entity| entity.name_suffix(&settings));
        let (Some(entity), Some(suffix), Some(name)) = (entity, suffix, intent.source_fields.text("name")) else {
            return self.conclude_name(tx, &intent, &[], now);
        };
        let alias = entities::with_suffix(entity, name, suffix);
        if intent.fields.text("name") == Some(alias.as_str()) {
            return self.conclude_name(tx, &intent, &[], now);
        }
        let text = format!("{name}: another name list of QuickBooks has this name, so it is called “{alias}” there");
        let transitions = [
            Transition::skip(intent.id, format!("the name is taken in another list; sent as “{alias}”")),
            Transition::Alias { key: intent.source.clone(), name: alias },
            Transition::Note(Event::of_intent(&intent, EventKind::Adapted, text, now)),
            Transition::Replan(intent.source.clone()),
        ];
        self.commit(tx, &transitions, now)
    }

    /// Attempts whose records were all looked for and found are over. What was not found is looked for once more among what was
    /// read since, before anything follows (`Engine::resend`).
    pub(super) fn conclude_probes(&self, tx: &Tx<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
        for attempt in tx.attempts_in(AttemptState::Probing)? {
            let (answered, _) = tx.probes_of(attempt.id)?;
            let mut in_doubt = false;
            for id in attempt.intents() {
                in_doubt |= tx.intent(id)?.is_some_and(|intent| {
                    intent.state == IntentState::InDoubt && intent.operation == Operation::Create
                });
            }
            if answered && !in_doubt {
                tx.move_attempt(attempt.id, AttemptState::Settled, now)?;
            }
        }
        Ok(())
    }
}
