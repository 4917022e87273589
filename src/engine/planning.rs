//! Planning: whatever is due is decided and committed, a batch at a time.

use super::companies::Company;
use super::{Engine, EngineError};
use crate::limits::SUBJECTS_PER_PASS_MAX;
use crate::plan;
use crate::store::{StoreError, Tx};

/// Passes in a row before planning gives up for now: a loop guard, far above what a tree of any depth needs.
const PASSES_MAX: usize = 10_000;

impl Engine {
    /// Plans everything that is due. Each batch is one transaction, so that the connector never waits long for the file.
    pub(super) fn plan_due(&self, company: &Company) -> Result<(), EngineError> {
        let mut planned = 0_usize;
        for _ in 0..PASSES_MAX {
            let batch = company.store.transact(|tx| self.plan_batch(tx))?;
            planned += batch;
            if batch == 0 {
                break;
            }
        }
        if planned > 0 {
            self.touch();
            company.wake.notify_one();
        }
        Ok(())
    }

    fn plan_batch(&self, tx: &Tx<'_>) -> Result<usize, StoreError> {
        let due = tx.due(SUBJECTS_PER_PASS_MAX)?;
        if due.is_empty() {
            return Ok(0);
        }
        let settings = tx.settings()?;
        let now = self.now();
        for key in &due {
            if !tx.is_due(key)? {
                continue;
            }
            let (subject, context) = tx.subject(key, &settings, now)?;
            let transitions = plan::decide(&subject, &context);
            // Planning always says what became of its subject, so that nothing is due for ever.
            tx.apply(&transitions, now, &mut || self.new_intent_id())?;
            if tx.is_due(key)?
                && !transitions.iter().any(|t| matches!(t, plan::Transition::Replan(_) | plan::Transition::Pair { .. }))
            {
                return Err(StoreError::Invariant { what: format!("{key} is still due after planning") });
            }
        }
        Ok(due.len())
    }
}
