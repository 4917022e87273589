//! Making transitions true.

use super::links::NewPair;
use super::{InquiryPurpose, StoreError, Tx};
use crate::model::{IntentId, RecordKey, Side};
use crate::plan::Transition;
use chrono::{DateTime, Utc};

impl Tx<'_> {
    /// Makes transitions true, in their order. `new_id` gives the ids of new intents.
    ///
    /// # Errors
    /// [`StoreError`]; then the whole transaction must not be committed.
    pub fn apply(
        &self,
        transitions: &[Transition],
        now: DateTime<Utc>,
        new_id: &mut dyn FnMut() -> IntentId,
    ) -> Result<(), StoreError> {
        for transition in transitions {
            self.apply_one(transition, now, new_id)?;
        }
        Ok(())
    }

    fn apply_one(
        &self,
        transition: &Transition,
        now: DateTime<Utc>,
        new_id: &mut dyn FnMut() -> IntentId,
    ) -> Result<(), StoreError> {
        match transition {
            Transition::See(sighting) => self.see(sighting, now).map(|_| ()),
            Transition::Vanish(key) => self.vanish(key, now),
            Transition::Replan(key) => self.replan(key),
            Transition::Want(key) => self.want(key),
            Transition::Planned(key) => self.set_due(key, 0, None),
            Transition::Defer { key, reason } => self.set_due(key, 2, Some(reason)),
            Transition::Pair { kind, quickbooks_id, billcom_id, quickbooks_base, billcom_base, unseen_version } => {
                let pair = NewPair {
                    kind: *kind,
                    quickbooks_id,
                    billcom_id,
                    quickbooks_base,
                    billcom_base,
                    unseen_version: unseen_version.as_deref(),
                };
                self.insert_pair(&pair, now)
            }
            Transition::Rebase { link, quickbooks_base, billcom_base } => {
                self.rebase(*link, quickbooks_base, billcom_base)
            }
            Transition::MovePair { link, side, to } => self.move_pair(link, *side, to),
            Transition::Propose(new) => self.insert_intent(new_id(), new, now),
            Transition::Move { intent, to, note, not_before } => {
                self.move_intent(*intent, *to, note.as_deref(), *not_before, now)
            }
            Transition::Apply { intent, target } => self.apply_and_reset(*intent, target, now),
            Transition::Shrink { intent, batch_max } => self.set_batch_max(*intent, *batch_max),
            Transition::Alias { key, name } => self.set_alias(key, name),
            Transition::ReadAgain(key) => self.read_again(key),
            Transition::FindName { intent, kind, name } => {
                self.insert_inquiry(InquiryPurpose::Name, *kind, None, Some(name), Some(*intent), None)
            }
            Transition::Stale(key) => self.count_stale(key, false),
            Transition::Open(problem) => self.open_problem(problem, now),
            Transition::Close { code, key } => self.close_problem(*code, key.as_ref(), now),
            Transition::Note(event) => self.note(event),
        }
    }

    fn apply_and_reset(
        &self,
        intent: IntentId,
        target: &crate::model::NativeId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.apply_intent(intent, target, now)?;
        if let Some(applied) = self.intent(intent)?
            && let Some(key) = applied.target_key()
        {
            self.count_stale(&key, true)?;
        }
        Ok(())
    }

    /// A record is read again in QuickBooks; an address in Bill.com stands for its partner.
    pub(super) fn read_again(&self, key: &RecordKey) -> Result<(), StoreError> {
        let id = match key.side {
            Side::QuickBooks => Some(key.id.clone()),
            Side::BillCom => self.partner(key)?,
        };
        match id {
            Some(id) => self.insert_inquiry(InquiryPurpose::Again, key.kind, Some(&id), None, None, None),
            None => Ok(()),
        }
    }
}
