//! What people are shown, made from what is stored.

use super::views::{
    ActionView, CompanyView, DayView, EventView, FieldView, KindView, PlanView, ProblemLine, ProblemView, SessionView,
    StateWord, StatusView, StepView, WaitingView,
};
use super::{Engine, EngineError};
use crate::entities::{self, ENTITIES};
use crate::limits::{HISTORY_PAGE_MAX, PROBLEMS_SHOWN_MAX, STEPS_SHOWN_MAX};
use crate::model::{
    Event, Intent, IntentState, Mode, Problem, ProblemCode, ProblemId, ProblemState, RecordKey, Settings, Side, Value,
};
use crate::store::server::CompanyRow;
use crate::store::{Counts, Fact, SessionRow, StoreError, Tx};
use chrono::{DateTime, Days, SecondsFormat, Utc};
use std::sync::atomic::Ordering;

/// Days of activity shown.
const DAYS: u64 = 14;
/// Sessions and events on a company's page.
const RECENT: usize = 20;

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Everything a status is made of.
struct Facts {
    mode: Mode,
    counts: Counts,
    problems: Vec<Problem>,
    contact: Option<DateTime<Utc>>,
    quickbooks_read: Option<DateTime<Utc>>,
    billcom_read: Option<DateTime<Utc>>,
    idle: bool,
    in_session: bool,
    to_quickbooks: u64,
    to_billcom: u64,
}

impl Engine {
    /// Every company's status.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn overview(&self) -> Result<Vec<StatusView>, EngineError> {
        let rows = self.shared.server.companies()?;
        rows.iter().map(|row| self.status_of(row)).collect()
    }

    /// A company's status.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn status(&self, company: &str) -> Result<StatusView, EngineError> {
        self.status_of(&self.row(company)?)
    }

    fn status_of(&self, row: &CompanyRow) -> Result<StatusView, EngineError> {
        let company = self.handle(&row.id)?;
        let mut facts = company.store.read(facts)?;
        let fresh =
            DateTime::from_timestamp_millis(company.contact.load(Ordering::Relaxed)).filter(|at| at.timestamp() > 0);
        facts.contact = facts.contact.max(fresh);
        let (state, state_reason) = word(&facts);
        Ok(StatusView {
            company: row.id.as_str().to_owned(),
            name: row.name.clone(),
            state,
            state_reason,
            mode: facts.mode.word().to_owned(),
            last_contact: facts.contact.map(time),
            last_billcom_read: facts.billcom_read.map(time),
            last_quickbooks_read: facts.quickbooks_read.map(time),
            idle: facts.idle,
            intents: facts.counts.intents.iter().map(|(word, count)| ((*word).to_owned(), *count)).collect(),
            links: ENTITIES
                .iter()
                .map(|entity| {
                    let count = facts.counts.links.get(&entity.kind()).copied().unwrap_or(0);
                    (entity.kind().word().to_owned(), count)
                })
                .collect(),
            problems: facts.problems.iter().map(problem_line).collect(),
        })
    }

    /// A company's page.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn company_page(&self, company: &str) -> Result<CompanyView, EngineError> {
        let row = self.row(company)?;
        let status = self.status_of(&row)?;
        let handle = self.handle(&row.id)?;
        let now = self.now();
        let (counts, settled, sessions, events, file, settings) = handle.store.read(|tx| -> Result<_, StoreError> {
            let since = now - Days::new(DAYS);
            let file = match (tx.fact(Fact::PinnedName)?, tx.fact(Fact::PinnedPath)?) {
                (Some(name), Some(path)) => Some(format!("{name} ({path})")),
                (name, path) => name.or(path),
            };
            Ok((
                tx.counts()?,
                tx.settled_per_day(since)?,
                tx.recent_sessions(RECENT)?,
                tx.events(None, RECENT)?,
                file,
                tx.settings()?,
            ))
        })?;
        let setting = |key: &&str| ((*key).to_owned(), settings.get(key).unwrap_or_default());
        Ok(CompanyView {
            status,
            kinds: ENTITIES.iter().map(|entity| kind_view(&counts, entity.kind())).collect(),
            days: days(now, &settled),
            sessions: sessions.iter().map(session_view).collect(),
            events: events.iter().map(|(id, event)| event_view(*id, event)).collect(),
            company_file: file,
            app_url: self.app_url(&row.id)?,
            user_name: row.connector_user,
            settings: Settings::KEYS.iter().map(setting).collect(),
        })
    }

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
            let fields = match &problem.key {
                Some(key) => field_views(tx, &problem, key)?,
                None => Vec::new(),
            };
            Ok(ProblemView {
                line: problem_line(&problem),
                kind: problem.key.as_ref().map(|key| key.kind.word().to_owned()),
                what_happened: problem.what_happened,
                what_to_do: problem.what_to_do,
                technical: problem.technical,
                opened_at: time(problem.opened_at),
                fields,
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

fn facts(tx: &Tx<'_>) -> Result<Facts, StoreError> {
    let counts = tx.counts()?;
    let (quickbooks_read, billcom_read) = (tx.time(Fact::QuickBooksReadAt)?, tx.time(Fact::BillComReadAt)?);
    let read_since = |read: Option<DateTime<Utc>>, side| -> Result<bool, StoreError> {
        let written = tx.time(Fact::written_at(side))?;
        Ok(read.is_some_and(|read| written.is_none_or(|written| read > written)))
    };
    let up_to_date = read_since(quickbooks_read, Side::QuickBooks)? && read_since(billcom_read, Side::BillCom)?;
    let live = |side: Side| counts.live.iter().filter(|((_, target), _)| *target == side).map(|(_, count)| count).sum();
    Ok(Facts {
        mode: tx.mode()?,
        problems: tx.open_problems(PROBLEMS_SHOWN_MAX)?,
        contact: tx.time(Fact::LastContact)?,
        idle: up_to_date && !tx.is_busy()? && tx.untold_balances()?.is_empty(),
        in_session: !tx.open_conversations()?.is_empty(),
        to_quickbooks: live(Side::QuickBooks),
        to_billcom: live(Side::BillCom),
        quickbooks_read,
        billcom_read,
        counts,
    })
}

/// One word for where a company stands, and a sentence that says who must act.
fn word(facts: &Facts) -> (StateWord, String) {
    let stops = |problem: &&Problem| matches!(problem.code, ProblemCode::WrongCompanyFile | ProblemCode::BillComSignIn);
    if let Some(problem) = facts.problems.iter().find(stops) {
        return (StateWord::Stopped, format!("{}.", problem.summary));
    }
    if facts.mode == Mode::Paused {
        return (StateWord::Paused, "Nothing is read or written until somebody resumes it.".to_owned());
    }
    if facts.quickbooks_read.is_none() {
        let text = "QuickBooks has not been read yet. Register the .qwc file in the Web Connector and let it run.";
        return (StateWord::WaitingForQuickbooks, text.to_owned());
    }
    if facts.mode == Mode::Preview {
        return (StateWord::NeedsYou, "Nothing is written yet. See the plan, then start.".to_owned());
    }
    // Bill.com out of reach needs nobody: it is tried again.
    let nobody = |code| matches!(code, ProblemCode::Difference | ProblemCode::BillComUnreachable);
    let hard = facts.problems.iter().filter(|problem| !nobody(problem.code)).count();
    if hard > 0 {
        let noun = if hard == 1 { "problem needs" } else { "problems need" };
        return (StateWord::NeedsYou, format!("{hard} {noun} your decision; everything else goes on."));
    }
    if let Some(away) = facts.problems.iter().find(|problem| problem.code == ProblemCode::BillComUnreachable) {
        return (StateWord::Syncing, format!("{}; it is tried again by itself.", away.summary));
    }
    if facts.in_session || facts.to_billcom > 0 {
        return (StateWord::Syncing, "Changes are moving.".to_owned());
    }
    if facts.to_quickbooks > 0 {
        let text = match facts.to_quickbooks {
            1 => "1 change waits for the next visit of the Web Connector.".to_owned(),
            count => format!("{count} changes wait for the next visit of the Web Connector."),
        };
        return (StateWord::WaitingForQuickbooks, text);
    }
    let differences = facts.problems.len();
    let text = match differences {
        0 => "Both sides agree.".to_owned(),
        1 => "Both sides agree, apart from one difference that is shown.".to_owned(),
        _ => format!("Both sides agree, apart from {differences} differences that are shown."),
    };
    (StateWord::UpToDate, text)
}

fn problem_line(problem: &Problem) -> ProblemLine {
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

/// Both sides of a problem's record, field by field; for a record without a partner, its first candidate stands opposite.
fn field_views(tx: &Tx<'_>, problem: &Problem, key: &RecordKey) -> Result<Vec<FieldView>, StoreError> {
    let Some(entity) = entities::entity(key.kind) else { return Ok(Vec::new()) };
    let partner = match tx.partner(key)? {
        Some(id) => Some(id),
        None => {
            let first = problem.actions.iter().find_map(|action| action.with.as_deref());
            first.and_then(|id| crate::model::NativeId::new(id).ok())
        }
    };
    let other = partner.map(|id| RecordKey::new(key.side.other(), key.kind, id));
    let own = tx.sighting(key)?;
    let opposite = other.map(|key| tx.sighting(&key)).transpose()?.flatten();
    let (quickbooks, billcom) = match key.side {
        Side::QuickBooks => (own, opposite),
        Side::BillCom => (opposite, own),
    };
    let mut views = Vec::new();
    for spec in entity.fields() {
        let value = |seen: &Option<crate::plan::Seen>, side| -> Result<Option<String>, StoreError> {
            let value = seen.as_ref().and_then(|seen| seen.sighting.fields.get(spec.name));
            value.map(|value| shown(tx, side, value)).transpose()
        };
        let (left, right) = (value(&quickbooks, Side::QuickBooks)?, value(&billcom, Side::BillCom)?);
        if left.is_some() || right.is_some() {
            let differs = left != right;
            views.push(FieldView { label: spec.label.to_owned(), quickbooks: left, billcom: right, differs });
        }
    }
    Ok(views)
}

/// A value as a person reads it: references by their names.
fn shown(tx: &Tx<'_>, side: Side, value: &Value) -> Result<String, StoreError> {
    match value {
        Value::Ref(reference) => {
            let key = RecordKey::new(side, reference.kind, reference.id.clone());
            Ok(tx.title(&key)?.unwrap_or_else(|| reference.id.to_string()))
        }
        other => Ok(other.to_string()),
    }
}

fn step_view(tx: &Tx<'_>, intent: &Intent) -> Result<StepView, StoreError> {
    Ok(StepView {
        side: intent.target().word().to_owned(),
        kind: intent.kind().word().to_owned(),
        operation: intent.operation.word().to_owned(),
        record: tx.intent_title(intent.id)?,
        reason: intent.note.clone().map_or_else(|| intent.reason.clone(), |note| format!("{}; {note}", intent.reason)),
    })
}

fn waiting_view(tx: &Tx<'_>, intent: &Intent) -> Result<WaitingView, StoreError> {
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

fn event_view(id: i64, event: &Event) -> EventView {
    EventView {
        id,
        at: time(event.at),
        kind: event.kind.word().to_owned(),
        record_kind: event.key.as_ref().map(|key| key.kind.word().to_owned()),
        text: event.text.clone(),
    }
}

fn session_view(session: &SessionRow) -> SessionView {
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

fn kind_view(counts: &Counts, kind: crate::model::Kind) -> KindView {
    let count = |side| counts.records.get(&(kind, side)).copied().unwrap_or(0);
    let live = |side| counts.live.get(&(kind, side)).copied().unwrap_or(0);
    KindView {
        kind: kind.word().to_owned(),
        title: kind.plural().to_owned(),
        linked: counts.links.get(&kind).copied().unwrap_or(0),
        quickbooks: count(Side::QuickBooks),
        billcom: count(Side::BillCom),
        to_quickbooks: live(Side::QuickBooks),
        to_billcom: live(Side::BillCom),
        applied: counts.applied.get(&kind).copied().unwrap_or(0),
    }
}

fn days(now: DateTime<Utc>, settled: &[(String, Side, IntentState, u64)]) -> Vec<DayView> {
    let sum = |day: &str, wanted: &dyn Fn(Side, IntentState) -> bool| {
        settled
            .iter()
            .filter(|(at, side, state, _)| at == day && wanted(*side, *state))
            .map(|(_, _, _, count)| count)
            .sum()
    };
    (0..DAYS)
        .rev()
        .map(|back| {
            let day = (now - Days::new(back)).date_naive().to_string();
            DayView {
                to_quickbooks: sum(&day, &|side, state| side == Side::QuickBooks && state == IntentState::Applied),
                to_billcom: sum(&day, &|side, state| side == Side::BillCom && state == IntentState::Applied),
                rejected: sum(&day, &|_, state| state == IntentState::Rejected),
                day,
            }
        })
        .collect()
}
