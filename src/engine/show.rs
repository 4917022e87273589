//! What people are shown, made from what is stored.

use super::views::{
    ActionView, CompareCell, CompareColumn, CompareRow, CompareView, EventView, FieldView, PlanView, ProblemLine,
    ProblemView, RecordRef, SessionView, StepView, WaitingView,
};
use super::{Engine, EngineError};
use crate::entities;
use crate::limits::{CANDIDATES_MAX, HISTORY_PAGE_MAX, PROBLEMS_SHOWN_MAX, STEPS_SHOWN_MAX};
use crate::model::{
    ActionId, Event, Intent, IntentState, NativeId, Problem, ProblemId, ProblemState, RecordKey, Side, Value,
};
use crate::store::{SessionRow, StoreError, Tx};
use chrono::{DateTime, SecondsFormat, Utc};

pub(super) fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

impl Engine {
    /// What would be done on each side, and why. Nothing is written.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn plan(&self, company: &str) -> Result<PlanView, EngineError> {
        let handle = self.company(company)?;
        handle.store.read(|tx| {
            let (mut steps, mut waiting) = (Vec::new(), Vec::new());
            for side in Side::ALL {
                for state in [IntentState::InDoubt, IntentState::Sent, IntentState::Ready] {
                    for intent in tx.intents_in(side, state, STEPS_SHOWN_MAX)? {
                        steps.push(step_view(tx, &intent)?);
                    }
                }
                for intent in tx.intents_in(side, IntentState::Waiting, STEPS_SHOWN_MAX)? {
                    waiting.push(waiting_view(tx, &intent)?);
                }
            }
            for (key, title, reason) in tx.deferred(STEPS_SHOWN_MAX)? {
                let side = key.side.other().word().to_owned();
                waiting.push(WaitingView { side, kind: key.kind.word().to_owned(), record: title, reason });
            }
            let problems = tx.open_problems(PROBLEMS_SHOWN_MAX)?.iter().map(problem_line).collect();
            Ok(PlanView { company: handle.id.as_str().to_owned(), steps, waiting, problems })
        })
    }

    /// Open problems.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn problems(&self, company: &str) -> Result<Vec<ProblemLine>, EngineError> {
        let handle = self.company(company)?;
        let open = handle.store.read(|tx| tx.open_problems(PROBLEMS_SHOWN_MAX))?;
        Ok(open.iter().map(problem_line).collect())
    }

    /// A problem in full.
    ///
    /// # Errors
    /// [`EngineError::NoSuchProblem`] when it does not exist or is closed.
    pub fn problem(&self, company: &str, id: i64) -> Result<ProblemView, EngineError> {
        let handle = self.company(company)?;
        handle.store.read(|tx| {
            let open = tx.problem(ProblemId::new(id))?.filter(|open| open.state == ProblemState::Open);
            let problem = open.ok_or(EngineError::NoSuchProblem(id))?;
            let compare = match &problem.key {
                Some(key) => comparison(tx, &problem, key)?,
                None => CompareView::default(),
            };
            Ok(ProblemView {
                line: problem_line(&problem),
                kind: problem.key.as_ref().map(|key| key.kind.word().to_owned()),
                what_happened: problem.what_happened,
                what_to_do: problem.what_to_do,
                technical: problem.technical,
                opened_at: time(problem.opened_at),
                fields: field_views(&compare),
                record: problem.key.as_ref().map(RecordRef::of),
                compare,
            })
        })
    }

    /// Lines of history before a number, newest first.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn history(&self, company: &str, before: Option<i64>, limit: usize) -> Result<Vec<EventView>, EngineError> {
        let handle = self.company(company)?;
        let events = handle.store.read(|tx| tx.events(before, limit.min(HISTORY_PAGE_MAX)))?;
        Ok(events.iter().map(|(id, event)| event_view(*id, event)).collect())
    }
}

pub(super) fn problem_line(problem: &Problem) -> ProblemLine {
    let action = |action: &crate::model::Action| ActionView {
        id: action.id.word().to_owned(),
        label: action.id.label().to_owned(),
        with: action.with.clone(),
    };
    ProblemLine {
        id: problem.id.get(),
        code: problem.code.word().to_owned(),
        summary: problem.summary.clone(),
        actions: problem.actions.iter().map(action).collect(),
    }
}

/// The record of a problem beside its partner, or beside each record that could be it, field by field.
pub(super) fn comparison(tx: &Tx<'_>, problem: &Problem, key: &RecordKey) -> Result<CompareView, StoreError> {
    let Some(entity) = entities::entity(key.kind) else { return Ok(CompareView::default()) };
    let mut others = Vec::new();
    match tx.partner(key)? {
        Some(id) => others.push((None, id)),
        None => {
            for action in problem.actions.iter().filter(|action| action.id == ActionId::Link) {
                let id = action.with.as_deref().and_then(|id| NativeId::new(id).ok());
                others.extend(id.map(|id| (action.with.clone(), id)));
            }
        }
    }
    others.truncate(CANDIDATES_MAX);
    let own = tx.sighting(key)?;
    let mut columns = vec![CompareColumn { side: key.side.word().to_owned(), id: key.id.to_string(), link: None }];
    let mut seen = vec![(key.side, own)];
    for (link, id) in others {
        let side = key.side.other();
        columns.push(CompareColumn { side: side.word().to_owned(), id: id.to_string(), link });
        seen.push((side, tx.sighting(&RecordKey::new(side, key.kind, id))?));
    }
    let mut rows = Vec::new();
    for spec in entity.fields() {
        let mut cells = Vec::new();
        for (side, seen) in &seen {
            let value = seen.as_ref().and_then(|seen| seen.sighting.fields.get(spec.name));
            cells.push(value.map(|value| shown_field(tx, *side, spec, value)).transpose()?);
        }
        if cells.iter().any(Option::is_some) {
            let cells: Vec<_> =
                cells.iter().map(|cell| CompareCell { value: cell.clone(), differs: cell != &cells[0] }).collect();
            rows.push(CompareRow { label: spec.label.to_owned(), cells });
        }
    }
    Ok(CompareView { columns, rows })
}

/// Both sides of a comparison, as scripts know it: the record, and its partner or first candidate.
fn field_views(compare: &CompareView) -> Vec<FieldView> {
    let is_own_quickbooks = compare.columns.first().is_some_and(|column| column.side == Side::QuickBooks.word());
    let view = |row: &CompareRow| {
        let own = row.cells.first().and_then(|cell| cell.value.clone());
        let other = row.cells.get(1).and_then(|cell| cell.value.clone());
        let (quickbooks, billcom) = if is_own_quickbooks { (own, other) } else { (other, own) };
        let differs = quickbooks != billcom;
        FieldView { label: row.label.clone(), quickbooks, billcom, differs }
    };
    compare.rows.iter().map(view).filter(|view| view.quickbooks.is_some() || view.billcom.is_some()).collect()
}

/// A field as a person reads it: references by their names, lines one below the other.
pub(super) fn shown_field(
    tx: &Tx<'_>,
    side: Side,
    spec: &entities::FieldSpec,
    value: &Value,
) -> Result<String, StoreError> {
    let Value::Lines(lines) = value else { return shown(tx, side, value) };
    let mut texts = Vec::new();
    for line in lines {
        let mut parts = Vec::new();
        for part in spec.line {
            if let Some(value) = line.get(part.name) {
                parts.push(format!("{} {}", part.label, shown(tx, side, value)?));
            }
        }
        texts.push(parts.join(" · "));
    }
    Ok(texts.join("\n"))
}

/// A value as a person reads it: references by their names.
pub(super) fn shown(tx: &Tx<'_>, side: Side, value: &Value) -> Result<String, StoreError> {
    match value {
        Value::Ref(reference) => {
            let key = RecordKey::new(side, reference.kind, reference.id.clone());
            Ok(tx.title(&key)?.unwrap_or_else(|| reference.id.to_string()))
        }
        other => Ok(other.to_string()),
    }
}

pub(super) fn step_view(tx: &Tx<'_>, intent: &Intent) -> Result<StepView, StoreError> {
    Ok(StepView {
        side: intent.target().word().to_owned(),
        kind: intent.kind().word().to_owned(),
        operation: intent.operation.word().to_owned(),
        record: tx.intent_title(intent.id)?,
        reason: intent.note.clone().map_or_else(|| intent.reason.clone(), |note| format!("{}; {note}", intent.reason)),
    })
}

pub(super) fn waiting_view(tx: &Tx<'_>, intent: &Intent) -> Result<WaitingView, StoreError> {
    let need = intent.needs.first().map(|need| {
        let key = RecordKey::new(intent.source.side, need.kind, need.id.clone());
        tx.title(&key)
            .map(|title| format!("waits for {} {}", need.kind.title(), title.unwrap_or_else(|| need.id.to_string())))
    });
    let reason = need.transpose()?.or_else(|| intent.note.clone()).unwrap_or_else(|| intent.reason.clone());
    Ok(WaitingView {
        side: intent.target().word().to_owned(),
        kind: intent.kind().word().to_owned(),
        record: tx.intent_title(intent.id)?,
        reason,
    })
}

pub(super) fn event_view(id: i64, event: &Event) -> EventView {
    EventView {
        id,
        at: time(event.at),
        kind: event.kind.word().to_owned(),
        record_kind: event.key.as_ref().map(|key| key.kind.word().to_owned()),
        record: event.key.as_ref().map(RecordRef::of),
        text: event.text.clone(),
    }
}

pub(super) fn session_view(session: &SessionRow) -> SessionView {
    SessionView {
        id: session.id.get(),
        started_at: time(session.started_at),
        ended_at: session.ended_at.map(time),
        rounds: session.rounds,
        records_read: session.records,
        applied: session.applied,
        outcome: session.outcome.clone().unwrap_or_else(|| "under way".to_owned()),
    }
}
