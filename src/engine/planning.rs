//! Planning: whatever is due is decided and committed, a batch at a time.

use super::companies::Company;
use super::{Engine, EngineError, Safeguard};
use crate::limits::{PLANNING_PASSES_MAX, SUBJECTS_PER_PASS_MAX, SUBJECTS_WAITED_FOR};
use crate::model::{Fields, RecordKey, Settings, capital};
use crate::plan::{self, Subject};
use crate::store::{StoreError, Tx};

impl Engine {
    /// Plans everything that is due. Each batch is one transaction, so that the connector never waits long for the file.
    pub(super) fn plan_due(&self, company: &Company) -> Result<(), EngineError> {
        let mut planned = 0_usize;
        for _ in 0..PLANNING_PASSES_MAX {
            let (pass, is_last) = company.store.transact(|tx| self.plan_pass(tx))?;
            planned += pass;
            if is_last {
                break;
            }
        }
        if planned > 0 {
            self.touch();
            company.wake.notify_one();
        }
        Ok(())
    }

    /// Plans everything that is due, unless that is more than a connector should wait for: then it is left to the company's
    /// loop, and to the next call that needs it.
    pub(super) fn plan_if_few(&self, company: &Company) -> Result<(), EngineError> {
        if company.store.read(|tx| tx.due(SUBJECTS_WAITED_FOR + 1))?.len() <= SUBJECTS_WAITED_FOR {
            return self.plan_due(company);
        }
        company.wake.notify_one();
        Ok(())
    }

    /// Plans what is due, within a transaction that is under way.
    pub(super) fn plan_within(&self, tx: &Tx<'_>) -> Result<(), StoreError> {
        for _ in 0..PLANNING_PASSES_MAX {
            if self.plan_batch(tx)? == 0 {
                break;
            }
        }
        Ok(())
    }

    /// Batches within one transaction, as many as a pass holds; how many subjects, and whether nothing more is due.
    fn plan_pass(&self, tx: &Tx<'_>) -> Result<(usize, bool), StoreError> {
        let mut planned = 0;
        while planned < SUBJECTS_PER_PASS_MAX {
            let batch = self.plan_batch(tx)?;
            if batch == 0 {
                return Ok((planned, true));
            }
            planned += batch;
        }
        Ok((planned, false))
    }

    fn plan_batch(&self, tx: &Tx<'_>) -> Result<usize, StoreError> {
        // After a restore, what is known may be out of date on either side: nothing follows from it.
        if tx.awaits_readings()? {
            return Ok(0);
        }
        let due = tx.due(SUBJECTS_PER_PASS_MAX)?;
        if due.is_empty() {
            return Ok(0);
        }
        let settings = tx.settings()?;
        for key in &due {
            if tx.is_due(key)? {
                self.plan_one(tx, key, &settings)?;
            }
        }
        Ok(due.len())
    }

    /// Plans one subject. When an internal check fails at it, it is set aside with a problem, and everything else goes on.
    fn plan_one(&self, tx: &Tx<'_>, key: &RecordKey, settings: &Settings) -> Result<(), StoreError> {
        let now = self.now();
        let planned = tx.guarded(|| {
            let (mut subject, context) = tx.subject(key, settings, now)?;
            self.leave_out(&mut subject);
            let transitions = plan::decide(&subject, &context);
            self.commit(tx, &transitions, now)?;
            let looks_again = |t: &plan::Transition| {
                matches!(
                    t,
                    plan::Transition::Replan(_) | plan::Transition::Pair { .. } | plan::Transition::MovePair { .. }
                )
            };
            if tx.is_due(key)? && !transitions.iter().any(looks_again) {
                return Err(StoreError::Invariant { what: format!("{key} is still due after planning") });
            }
            Ok(())
        });
        match planned {
            Err(error @ (StoreError::Invariant { .. } | StoreError::Broken { .. })) => {
                tracing::error!(record = %key, error = %error, "a record is set aside");
                let title = tx.title(key)?.unwrap_or_else(|| key.to_string());
                tx.set_aside(key)?;
                let trouble = plan::set_aside(&format!("{} {title}", capital(key.kind.title())), error.to_string());
                tx.report(&trouble.about(Some(key.clone()), None, now), now)
            }
            other => other,
        }
    }

    /// What the planner does not see in a simulation of an engine that lacks a safeguard.
    fn leave_out(&self, subject: &mut Subject) {
        if !self.shared.world.has(Safeguard::Adoption) {
            subject.candidates.clear();
        }
        if !self.shared.world.has(Safeguard::EchoSuppression)
            && let Some(link) = &mut subject.link
        {
            (link.quickbooks_base, link.billcom_base) = (Fields::new(), Fields::new());
        }
    }
}
