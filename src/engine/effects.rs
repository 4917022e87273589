//! What a button of a problem would do, before it is pressed.
//!
//! The preview is the action itself: it is carried out in a transaction together with the planning that follows, what came out is
//! read, and all of it is undone. So a preview cannot promise anything else than what happens.

use super::resolve::chosen;
use super::show::{problem_line, shown_field};
use super::views::{ProblemLine, RecordRef};
use super::{Engine, EngineError, reverse};
use crate::entities::{self, Entity};
use crate::limits::RESOLVED_TOGETHER_MAX;
use crate::model::{ActionId, Fields, Intent, IntentId, IntentState, Mode, Operation, Problem, RecordKey, Side};
use crate::store::{StoreError, Tx};
use serde::Serialize;
use std::collections::HashSet;
use std::convert::Infallible;

/// Problems whose effects are worked out one by one; those behind them are treated alike.
const SHOWN_MAX: usize = 10;

/// One field that would be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangeView {
    /// Its label.
    pub label: String,
    /// What stands there now.
    pub before: Option<String>,
    /// What would stand there.
    pub after: Option<String>,
}

/// One thing that would be sent.
#[derive(Clone, Debug, Serialize)]
pub struct SendView {
    /// To which side.
    pub side: String,
    /// `create`, `update` or `void`.
    pub operation: String,
    /// What it is.
    pub kind: String,
    /// Which record, as a person knows it.
    pub record: String,
    /// What it has to wait for, if it cannot go out next.
    pub waits: Option<String>,
    /// Field by field.
    pub changes: Vec<ChangeView>,
}

/// What pressing a button would do.
#[derive(Clone, Debug, Serialize)]
pub struct EffectView {
    /// The word of the button.
    pub action: String,
    /// Its label.
    pub label: String,
    /// What it wants to know.
    pub with: Option<String>,
    /// The day it would be done on, where whoever presses it may choose one.
    pub day: Option<String>,
    /// The problems it would settle.
    pub problems: Vec<ProblemLine>,
    /// What it means, in a sentence.
    pub meaning: String,
    /// The record it links to, as a person knows it.
    pub partner: Option<String>,
    /// What would be sent. Of many problems, what the first of them would send.
    pub sends: Vec<SendView>,
    /// How many of the problems `sends` was worked out for.
    pub worked_out: usize,
    /// Whether nothing goes out before somebody starts or resumes the company.
    pub is_held: bool,
    /// The records it is about.
    pub records: Vec<RecordRef>,
}

/// How a preview ends: never with a commit.
enum Undone {
    Shown(Box<EffectView>),
    Failed(EngineError),
}

impl From<StoreError> for Undone {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<EngineError> for Undone {
    fn from(error: EngineError) -> Self {
        Self::Failed(error)
    }
}

impl Engine {
    /// What pressing a button of these problems would do. Nothing is changed.
    ///
    /// # Errors
    /// As [`Engine::resolve`], for the first of the problems that it cannot be pressed for.
    pub fn preview(
        &self,
        company: &str,
        problems: &[i64],
        action: &str,
        with: Option<&str>,
    ) -> Result<EffectView, EngineError> {
        let company = self.company(company)?;
        let undone = company.store.transact(|tx| -> Result<Infallible, Undone> {
            Err(Undone::Shown(Box::new(self.try_out(tx, problems, action, with)?)))
        });
        match undone {
            Err(Undone::Shown(view)) => Ok(*view),
            Err(Undone::Failed(error)) => Err(error),
            Ok(never) => match never {},
        }
    }

    fn try_out(
        &self,
        tx: &Tx<'_>,
        problems: &[i64],
        action: &str,
        with: Option<&str>,
    ) -> Result<EffectView, EngineError> {
        let Some(&first) = problems.first() else {
            return Err(EngineError::BadAction("choose at least one problem".to_owned()));
        };
        let mut lines = Vec::new();
        let mut records = Vec::new();
        let mut sends = Vec::new();
        let mut partner = None;
        let id = chosen(tx, first, action, with)?.1.id;
        for (place, &number) in problems.iter().take(RESOLVED_TOGETHER_MAX).enumerate() {
            let (problem, action) = chosen(tx, number, action, with)?;
            lines.push(problem_line(&problem));
            records.extend(problem.key.as_ref().map(RecordRef::of));
            if place >= SHOWN_MAX {
                continue;
            }
            let before = about(tx, &problem)?.into_iter().map(|intent| intent.id).collect();
            partner = match (&problem.key, &action.with) {
                (Some(key), Some(with)) => partner_title(tx, key, with)?,
                _ => None,
            };
            self.press(tx, &problem, &action)?;
            self.plan_within(tx)?;
            sends.extend(new_sends(tx, &problem, &before)?);
            if action.id == ActionId::Reverse {
                sends.extend(reversal_of(tx, &problem)?);
            }
        }
        Ok(EffectView {
            action: action.to_owned(),
            label: id.label().to_owned(),
            with: with.map(str::to_owned),
            day: id.takes_a_day().then(|| with.map_or_else(|| self.now().date_naive().to_string(), str::to_owned)),
            meaning: meaning(id).to_owned(),
            worked_out: lines.len().min(SHOWN_MAX),
            problems: lines,
            partner,
            sends,
            is_held: tx.mode()? != Mode::Running,
            records,
        })
    }
}

/// Live intents of a problem's record and of its partner.
fn about(tx: &Tx<'_>, problem: &Problem) -> Result<Vec<Intent>, StoreError> {
    let Some(key) = &problem.key else { return Ok(Vec::new()) };
    let mut intents = tx.live_from(key)?;
    if let Some(partner) = tx.partner(key)? {
        intents.extend(tx.live_from(&RecordKey::new(key.side.other(), key.kind, partner))?);
    }
    Ok(intents)
}

fn partner_title(tx: &Tx<'_>, key: &RecordKey, with: &str) -> Result<Option<String>, StoreError> {
    let Ok(id) = crate::model::NativeId::new(with) else { return Ok(None) };
    tx.title(&RecordKey::new(key.side.other(), key.kind, id))
}

fn new_sends(tx: &Tx<'_>, problem: &Problem, before: &HashSet<IntentId>) -> Result<Vec<SendView>, StoreError> {
    let intents = about(tx, problem)?;
    intents.iter().filter(|intent| !before.contains(&intent.id)).map(|intent| send_view(tx, intent)).collect()
}

/// What a problem's record is taken back with, before QuickBooks was asked whether it has that already.
fn reversal_of(tx: &Tx<'_>, problem: &Problem) -> Result<Option<SendView>, StoreError> {
    let Some(key) = &problem.key else { return Ok(None) };
    let Some(reversal) = reverse::newest(tx, key)? else { return Ok(None) };
    let Some(entity) = entities::entity(reversal.key.kind) else { return Ok(None) };
    Ok(Some(SendView {
        side: Side::QuickBooks.word().to_owned(),
        operation: Operation::Create.word().to_owned(),
        kind: reversal.key.kind.word().to_owned(),
        record: entity.title(&reversal.fields),
        waits: None,
        changes: field_changes(tx, entity, &reversal.fields, &[], None, Side::BillCom)?,
    }))
}

/// An intent, field by field.
pub(super) fn send_view(tx: &Tx<'_>, intent: &Intent) -> Result<SendView, StoreError> {
    let current = intent.target_key().map(|key| tx.sighting(&key)).transpose()?.flatten();
    let current = current.map(|seen| seen.sighting.fields);
    let waits = match (intent.state, intent.needs.first()) {
        (IntentState::Waiting, Some(need)) => {
            let key = RecordKey::new(intent.source.side, need.kind, need.id.clone());
            Some(format!("{} {}", need.kind.title(), tx.title(&key)?.unwrap_or_else(|| need.id.to_string())))
        }
        _ => None,
    };
    Ok(SendView {
        side: intent.target().word().to_owned(),
        operation: intent.operation.word().to_owned(),
        kind: intent.kind().word().to_owned(),
        record: tx.intent_title(intent.id)?,
        waits,
        changes: changes(tx, intent, current.as_ref())?,
    })
}

fn changes(tx: &Tx<'_>, intent: &Intent, current: Option<&Fields>) -> Result<Vec<ChangeView>, StoreError> {
    let Some(entity) = entities::entity(intent.kind()) else { return Ok(Vec::new()) };
    field_changes(tx, entity, &intent.fields, &intent.cleared, current, intent.source.side)
}

/// What would be written, told by `source`, over what stands on the other side.
fn field_changes(
    tx: &Tx<'_>,
    entity: &dyn Entity,
    fields: &Fields,
    cleared: &[String],
    current: Option<&Fields>,
    source: Side,
) -> Result<Vec<ChangeView>, StoreError> {
    let mut views = Vec::new();
    for spec in entity.fields() {
        if !fields.has(spec.name) && !cleared.iter().any(|name| name == spec.name) {
            continue;
        }
        let show = |side: Side, fields: Option<&Fields>| {
            fields.and_then(|fields| fields.get(spec.name)).map(|value| shown_field(tx, side, spec, value)).transpose()
        };
        let before = show(source.other(), current)?;
        let after = show(source, Some(fields))?;
        if before != after {
            views.push(ChangeView { label: spec.label.to_owned(), before, after });
        }
    }
    Ok(views)
}

/// What a button means, in a sentence that stays true whatever the record says.
const fn meaning(action: ActionId) -> &'static str {
    match action {
        ActionId::Retry => "It is worked out again from what both sides say now, and sent again if it still has to be.",
        ActionId::Skip => "Both sides stay as they are. Counterfoil does not ask again unless the record changes.",
        ActionId::Link => {
            "The two records become a pair. Nothing is created; from now on a change of one is carried to the other."
        }
        ActionId::CreateAnyway => "A new record is made on the other side, beside those that look like it.",
        ActionId::Create => "The record is made on the other side.",
        ActionId::Void => "The record is voided on the other side too. Its number stays, its amounts become zero.",
        ActionId::Reverse => {
            "QuickBooks gets a journal entry of the day you choose, which books everything the other way round. What was booked \
             before stays as it is."
        }
        ActionId::UseBillCom => "What Bill.com says is written over what QuickBooks says, in the fields that differ.",
        ActionId::UseQuickBooks => {
            "What QuickBooks says is written over what Bill.com says, in the fields that differ."
        }
        ActionId::AcceptFile => {
            "The company file that is open at the next visit of the Web Connector becomes this company's file. QuickBooks is \
             read completely before anything is written."
        }
    }
}
