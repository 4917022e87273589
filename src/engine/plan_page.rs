//! The plan as a person reads it: what goes out, by side, kind and operation, with some examples of each, and what waits.

use super::show::{step_view, waiting_view};
use super::{Engine, EngineError, MovingView, StepView, WaitingView};
use crate::entities;
use crate::limits::{PLAN_EXAMPLES, PLAN_STEPS_PER_PAGE, RECORDS_SKIPPED_MAX};
use crate::model::{IntentState, Kind, Side};
use crate::store::{StoreError, Tx};
use serde::Serialize;

/// States of what goes out without waiting for something else.
const GOING: [IntentState; 3] = [IntentState::InDoubt, IntentState::Sent, IntentState::Ready];

/// What is planned for one kind on one side.
#[derive(Clone, Debug, Serialize)]
pub struct PlanGroupView {
    /// The side it is done on.
    pub side: String,
    /// What it is about.
    pub kind: String,
    /// Its plural, for people.
    pub title: String,
    /// How many of each operation go out.
    pub going: Vec<MovingView>,
    /// How many altogether.
    pub count: u64,
    /// Some of them, with their reasons.
    pub examples: Vec<StepView>,
    /// How many have to wait.
    pub waiting_count: u64,
    /// Some of those, with what they wait for.
    pub waiting: Vec<WaitingView>,
}

/// The plan.
#[derive(Clone, Debug, Serialize)]
pub struct PlanPageView {
    /// What goes out, in the order of the sync, QuickBooks first.
    pub groups: Vec<PlanGroupView>,
    /// How many changes go out in QuickBooks, and in Bill.com.
    pub going: [u64; 2],
    /// Pairs that were recognised: they change nothing.
    pub linked: u64,
    /// Records that cannot be planned yet, with the reason, some of them.
    pub deferred: Vec<WaitingView>,
}

/// A page of the steps of one kind on one side.
#[derive(Clone, Debug, Serialize)]
pub struct PlanStepsView {
    /// The steps.
    pub steps: Vec<StepView>,
    /// What waits, once all steps were shown.
    pub waiting: Vec<WaitingView>,
    /// Whether there are more.
    pub has_more: bool,
}

impl Engine {
    /// The plan, summed up.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn plan_page(&self, company: &str) -> Result<PlanPageView, EngineError> {
        let handle = self.company(company)?;
        Ok(handle.store.read(|tx| -> Result<_, StoreError> {
            let counts = tx.counts()?;
            let mut groups: Vec<PlanGroupView> = Vec::new();
            let mut going = [0_u64; 2];
            let mut moving = counts.moving.clone();
            moving.sort_by_key(|tally| (tally.target, entities::rank(tally.kind)));
            for tally in &moving {
                let (side, kind) = (tally.target.word().to_owned(), tally.kind.word().to_owned());
                let known = groups.iter().position(|group| group.side == side && group.kind == kind);
                let place = known.unwrap_or(groups.len());
                if known.is_none() {
                    groups.push(examples(tx, tally.target, tally.kind)?);
                }
                let Some(group) = groups.get_mut(place) else { continue };
                if tally.state == IntentState::Waiting {
                    group.waiting_count += tally.count;
                    continue;
                }
                going[usize::from(tally.target == Side::BillCom)] += tally.count;
                group.count += tally.count;
                let operation = tally.operation.word().to_owned();
                match group.going.iter_mut().find(|known| known.operation == operation) {
                    Some(known) => known.count += tally.count,
                    None => group.going.push(MovingView {
                        side,
                        kind,
                        operation,
                        state: tally.state.word().to_owned(),
                        count: tally.count,
                    }),
                }
            }
            let deferred = tx.deferred(PLAN_STEPS_PER_PAGE)?.into_iter().map(|(key, title, reason)| WaitingView {
                side: key.side.other().word().to_owned(),
                kind: key.kind.word().to_owned(),
                record: title,
                reason,
            });
            Ok(PlanPageView { groups, going, linked: counts.links.values().sum(), deferred: deferred.collect() })
        })?)
    }

    /// The steps of one kind on one side, a page of them.
    ///
    /// # Errors
    /// [`EngineError::NoSuchRecord`] when there is no such kind or side.
    pub fn plan_steps(&self, company: &str, side: &str, kind: &str, skip: usize) -> Result<PlanStepsView, EngineError> {
        let handle = self.company(company)?;
        let side = Side::from_word(side).ok_or(EngineError::NoSuchRecord)?;
        let kind: Kind = kind.parse().map_err(|()| EngineError::NoSuchRecord)?;
        let skip = skip.min(RECORDS_SKIPPED_MAX);
        Ok(handle.store.read(|tx| -> Result<_, StoreError> {
            let wanted = skip + PLAN_STEPS_PER_PAGE + 1;
            let mut intents = Vec::new();
            for state in GOING.into_iter().chain([IntentState::Waiting]) {
                let room = wanted.saturating_sub(intents.len());
                if room > 0 {
                    intents.extend(tx.intents_of_kind(side, state, kind, room)?);
                }
            }
            let has_more = intents.len() >= wanted;
            let (mut steps, mut waiting) = (Vec::new(), Vec::new());
            for intent in intents.iter().skip(skip).take(PLAN_STEPS_PER_PAGE) {
                match intent.state {
                    IntentState::Waiting => waiting.push(waiting_view(tx, intent)?),
                    _ => steps.push(step_view(tx, intent)?),
                }
            }
            Ok(PlanStepsView { steps, waiting, has_more })
        })?)
    }
}

/// A group with its examples; its counts are the caller's.
fn examples(tx: &Tx<'_>, side: Side, kind: Kind) -> Result<PlanGroupView, StoreError> {
    let mut examples = Vec::new();
    for state in GOING {
        let room = PLAN_EXAMPLES.saturating_sub(examples.len());
        if room > 0 {
            for intent in tx.intents_of_kind(side, state, kind, room)? {
                examples.push(step_view(tx, &intent)?);
            }
        }
    }
    let waiting = tx.intents_of_kind(side, IntentState::Waiting, kind, PLAN_EXAMPLES)?;
    Ok(PlanGroupView {
        side: side.word().to_owned(),
        kind: kind.word().to_owned(),
        title: kind.plural().to_owned(),
        going: Vec::new(),
        count: 0,
        examples,
        waiting_count: 0,
        waiting: waiting.iter().map(|intent| waiting_view(tx, intent)).collect::<Result<_, _>>()?,
    })
}
