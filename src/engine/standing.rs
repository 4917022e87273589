//! Where a company stands: one word, who must act, and the figures of its page.
//!
//! What it takes is counted by the store and kept as long as nothing was written, so that an overview of a thousand companies
//! asks a thousand times for a mark and reads hardly anything.

use super::companies::Company;
use super::contact::{self, Expected};
use super::problem_groups::group_views;
use super::show::{event_view, problem_line, session_view, time};
use super::views::{CompanyView, DayView, KindView, MovingView, ProgressView, StateWord, StatusView, SummaryView};
use super::{Engine, EngineError};
use crate::connector::Conversation;
use crate::entities::ENTITIES;
use crate::limits::PROBLEMS_SHOWN_MAX;
use crate::model::{IntentState, Kind, Mode, ProblemCode, QuietHours, Settings, Side};
use crate::store::server::CompanyRow;
use crate::store::{Counts, DayTally, Fact, StoreError, Tx};
use chrono::{DateTime, Days, Local, Utc};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

/// Days of activity shown.
const DAYS: u64 = 14;
/// Sessions and events on a company's page.
const RECENT: usize = 20;

/// Everything a status is made of, the present time apart.
#[derive(Debug)]
pub(super) struct Facts {
    mode: Mode,
    counts: Counts,
    /// Why it cannot go on.
    stopping: Option<String>,
    /// Why Bill.com is out of reach for now.
    away: Option<String>,
    contact: Option<DateTime<Utc>>,
    quickbooks_read: Option<DateTime<Utc>>,
    billcom_read: Option<DateTime<Utc>>,
    idle: bool,
    session: Option<ProgressView>,
    minutes: u32,
    quiet: Option<QuietHours>,
    sync_wanted: bool,
}

/// A word with what belongs to it.
struct Standing {
    state: StateWord,
    reason: String,
    /// Who must act.
    who: &'static str,
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

    /// Every company in short.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn summaries(&self) -> Result<Vec<SummaryView>, EngineError> {
        let rows = self.shared.server.companies()?;
        rows.iter().map(|row| self.glance(row)).collect()
    }

    /// A company in short, as it was before what is being written right now: a list waits for nobody.
    fn glance(&self, row: &CompanyRow) -> Result<SummaryView, EngineError> {
        let company = self.handle(&row.id)?;
        let known = company.facts.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match (known, company.store.mark_if_free()) {
            (Some((_, facts)), None) => Ok(self.summary_from(row, &facts, contact_of(&company, &facts))),
            _ => self.summary_of(row),
        }
    }

    /// A company's status.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn status(&self, company: &str) -> Result<StatusView, EngineError> {
        self.status_of(&self.row(company)?)
    }

    /// A company in short.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn summary(&self, company: &str) -> Result<SummaryView, EngineError> {
        self.summary_of(&self.row(company)?)
    }

    fn status_of(&self, row: &CompanyRow) -> Result<StatusView, EngineError> {
        let company = self.handle(&row.id)?;
        let (facts, contact) = self.facts(&company)?;
        let problems = company.store.read(|tx| tx.open_problems(PROBLEMS_SHOWN_MAX))?;
        let expected = self.expected(&facts, contact);
        let standing = word(&facts, &expected, contact, self.now());
        Ok(StatusView {
            company: row.id.as_str().to_owned(),
            name: row.name.clone(),
            state: standing.state,
            state_reason: standing.reason,
            who: standing.who.to_owned(),
            mode: facts.mode.word().to_owned(),
            last_contact: contact.map(time),
            next_contact: expected.next.map(time),
            silent: expected.is_silent,
            last_billcom_read: facts.billcom_read.map(time),
            last_quickbooks_read: facts.quickbooks_read.map(time),
            idle: facts.idle,
            intents: intents(&facts.counts),
            links: ENTITIES
                .iter()
                .map(|entity| {
                    let count = facts.counts.links.get(&entity.kind()).copied().unwrap_or(0);
                    (entity.kind().word().to_owned(), count)
                })
                .collect(),
            problems: problems.iter().map(problem_line).collect(),
        })
    }

    fn summary_of(&self, row: &CompanyRow) -> Result<SummaryView, EngineError> {
        let company = self.handle(&row.id)?;
        let (facts, contact) = self.facts(&company)?;
        Ok(self.summary_from(row, &facts, contact))
    }

    fn summary_from(&self, row: &CompanyRow, facts: &Facts, contact: Option<DateTime<Utc>>) -> SummaryView {
        let expected = self.expected(facts, contact);
        let standing = word(facts, &expected, contact, self.now());
        SummaryView {
            company: row.id.as_str().to_owned(),
            name: row.name.clone(),
            state: standing.state,
            state_reason: standing.reason,
            who: standing.who.to_owned(),
            mode: facts.mode.word().to_owned(),
            last_contact: contact.map(time),
            next_contact: expected.next.map(time),
            every_minutes: facts.minutes,
            silent: expected.is_silent,
            quiet: expected.is_quiet,
            sync_wanted: facts.sync_wanted,
            last_billcom_read: facts.billcom_read.map(time),
            last_quickbooks_read: facts.quickbooks_read.map(time),
            problems: facts.counts.problems.values().sum(),
            to_quickbooks: facts.counts.towards(Side::QuickBooks),
            to_billcom: facts.counts.towards(Side::BillCom),
        }
    }

    /// What is stored, read anew when something was written since; and when the connector was last here.
    fn facts(&self, company: &Company) -> Result<(Arc<Facts>, Option<DateTime<Utc>>), EngineError> {
        let mark = company.store.mark();
        let known = company.facts.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let facts = match known {
            Some((at, facts)) if at == mark => facts,
            _ => {
                let facts = Arc::new(company.store.read(read_facts)?);
                let mut kept = company.facts.lock().unwrap_or_else(PoisonError::into_inner);
                *kept = Some((mark, facts.clone()));
                facts
            }
        };
        let contact = contact_of(company, &facts);
        Ok((facts, contact))
    }

    fn expected(&self, facts: &Facts, contact: Option<DateTime<Utc>>) -> Expected {
        contact::expected(facts.minutes, facts.quiet, contact, self.now(), &Local)
    }

    /// A company's page.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn company_page(&self, company: &str) -> Result<CompanyView, EngineError> {
        let row = self.row(company)?;
        let summary = self.summary_of(&row)?;
        let handle = self.handle(&row.id)?;
        let (facts, _) = self.facts(&handle)?;
        let now = self.now();
        let (settled, sessions, events, file, settings, sums) = handle.store.read(|tx| -> Result<_, StoreError> {
            let file = match (tx.fact(Fact::PinnedName)?, tx.fact(Fact::PinnedPath)?) {
                (Some(name), Some(path)) => Some(format!("{name} ({path})")),
                (name, path) => name.or(path),
            };
            Ok((
                tx.settled_per_day(now - Days::new(DAYS))?,
                tx.recent_sessions(RECENT)?,
                tx.events(None, RECENT)?,
                file,
                tx.settings()?,
                tx.problem_sums(PROBLEMS_SHOWN_MAX)?,
            ))
        })?;
        let setting = |key: &&str| ((*key).to_owned(), settings.get(key).unwrap_or_default());
        Ok(CompanyView {
            summary,
            intents: intents(&facts.counts),
            progress: facts.session.clone(),
            moving: facts.counts.moving.iter().map(moving_view).collect(),
            groups: group_views(sums),
            kinds: ENTITIES
                .iter()
                .map(|entity| (entity, kind_view(&facts.counts, entity.kind())))
                .filter(|(entity, view)| !entity.is_asked_for_only_where_wanted() || view.billcom > 0)
                .map(|(_, view)| view)
                .collect(),
            days: days(now, &settled),
            sessions: sessions.iter().map(session_view).collect(),
            events: events.iter().map(|(id, event)| event_view(*id, event)).collect(),
            company_file: file,
            app_url: self.app_url(&row.id)?,
            billcom_user: row.billcom_user,
            user_name: row.connector_user,
            settings: Settings::KEYS.iter().map(setting).collect(),
        })
    }
}

/// When the connector was last here, which may be known before it is written down.
fn contact_of(company: &Company, facts: &Facts) -> Option<DateTime<Utc>> {
    let fresh = DateTime::from_timestamp_millis(company.contact.load(Ordering::Relaxed));
    facts.contact.max(fresh.filter(|at| at.timestamp() > 0))
}

fn intents(counts: &Counts) -> std::collections::BTreeMap<String, u64> {
    counts.intents.iter().map(|(word, count)| ((*word).to_owned(), *count)).collect()
}

fn read_facts(tx: &Tx<'_>) -> Result<Facts, StoreError> {
    let counts = tx.counts()?;
    let settings = tx.settings()?;
    let (quickbooks_read, billcom_read) = (tx.time(Fact::QuickBooksReadAt)?, tx.time(Fact::BillComReadAt)?);
    let read_since = |read: Option<DateTime<Utc>>, side| -> Result<bool, StoreError> {
        let written = tx.time(Fact::written_at(side))?;
        Ok(read.is_some_and(|read| written.is_none_or(|written| read > written)))
    };
    let up_to_date = read_since(quickbooks_read, Side::QuickBooks)? && read_since(billcom_read, Side::BillCom)?;
    let summary = |code| -> Result<Option<String>, StoreError> {
        if !counts.problems.contains_key(&(None, code)) {
            return Ok(None);
        }
        Ok(tx.problem_of_company(code)?.map(|problem| problem.summary))
    };
    let stopping = match summary(ProblemCode::WrongCompanyFile)? {
        Some(why) => Some(why),
        None => summary(ProblemCode::BillComSignIn)?,
    };
    Ok(Facts {
        mode: tx.mode()?,
        stopping,
        away: summary(ProblemCode::BillComUnreachable)?,
        contact: tx.time(Fact::LastContact)?,
        idle: up_to_date && !tx.is_busy()? && tx.untold_balances()?.is_empty(),
        session: tx.open_conversations()?.last().map(progress),
        minutes: contact::every_minutes(&settings),
        quiet: settings.quiet_hours,
        sync_wanted: tx.fact(Fact::SyncWanted)?.is_some(),
        quickbooks_read,
        billcom_read,
        counts,
    })
}

/// How far the session is that is under way.
fn progress(session: &crate::store::SessionRow) -> ProgressView {
    let state: Conversation = serde_json::from_str(&session.state).unwrap_or_default();
    let reading = &state.reading;
    let doing = match reading.parts.iter().find(|part| !part.done && part.begun > 0).and_then(|part| part.kind()) {
        Some(kind) => format!("reading {}", kind.plural()),
        None if !reading.finished => "getting acquainted".to_owned(),
        None => "writing changes".to_owned(),
    };
    ProgressView {
        percent: state.percent.clamp(0, 99).unsigned_abs(),
        doing,
        started_at: time(session.started_at),
        rounds: session.rounds,
        records_read: session.records,
        applied: session.applied,
    }
}

/// One word for where a company stands, a sentence that says why, and who must act.
fn word(facts: &Facts, expected: &Expected, contact: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Standing {
    let standing = |state, who, reason: String| Standing { state, reason, who };
    if let Some(why) = &facts.stopping {
        return standing(StateWord::Stopped, "You: see the problem below", format!("{why}."));
    }
    if facts.mode == Mode::Paused {
        let text = "Nothing is read or written until somebody resumes it.";
        return standing(StateWord::Paused, "You, when you are ready", text.to_owned());
    }
    if facts.quickbooks_read.is_none() && facts.session.is_none() {
        let text = "QuickBooks has not been read yet. Register the .qwc file in the Web Connector and let it run.";
        return standing(StateWord::WaitingForQuickbooks, "You, at the computer with QuickBooks", text.to_owned());
    }
    if facts.mode == Mode::Preview && facts.session.is_none() {
        let text = "Nothing is written yet. See the plan, then start.";
        return standing(StateWord::NeedsYou, "You: read the plan, then start", text.to_owned());
    }
    // Bill.com out of reach needs nobody: it is tried again.
    let nobody = |code| matches!(code, ProblemCode::Difference | ProblemCode::BillComUnreachable);
    let problems = || facts.counts.problems.iter();
    let hard: u64 = problems().filter(|((_, code), _)| !nobody(*code)).map(|(_, count)| count).sum();
    if hard > 0 {
        let noun = if hard == 1 { "problem needs" } else { "problems need" };
        // They are counted in the badge and listed below.
        let differences = problems().filter(|((_, code), _)| *code == ProblemCode::Difference).map(|(_, count)| *count);
        let shown = match differences.sum::<u64>() {
            0 => String::new(),
            1 => ", and 1 difference is shown".to_owned(),
            many => format!(", and {many} differences are shown"),
        };
        let text = format!("{hard} {noun} your decision{shown}; everything else goes on.");
        return standing(StateWord::NeedsYou, "You", text);
    }
    if let Some((since, true)) = contact.map(|at| (at, expected.is_silent)) {
        let text = format!(
            "The Web Connector has not been here for {}, although it should come every {}. Is the computer with QuickBooks on, \
             is somebody signed in to Windows, and is Auto-Run ticked?",
            lasted(now - since),
            if facts.minutes == 1 { "minute".to_owned() } else { format!("{} minutes", facts.minutes) }
        );
        return standing(StateWord::WaitingForQuickbooks, "You, at the computer with QuickBooks", text);
    }
    moving_word(facts, expected)
}

/// The word where nobody has to do anything.
fn moving_word(facts: &Facts, expected: &Expected) -> Standing {
    const NOBODY: &str = "Nobody";
    let standing = |state, who, reason: String| Standing { state, reason, who };
    if let Some(away) = &facts.away {
        return standing(StateWord::Syncing, NOBODY, format!("{away}; it is tried again by itself."));
    }
    let (to_quickbooks, to_billcom) = (facts.counts.towards(Side::QuickBooks), facts.counts.towards(Side::BillCom));
    if facts.session.is_some() || to_billcom > 0 {
        return standing(StateWord::Syncing, "Nobody: Counterfoil is at work", "Changes are moving.".to_owned());
    }
    if to_quickbooks > 0 {
        let who = if expected.is_quiet {
            "Nobody: QuickBooks is left alone in its quiet hours"
        } else {
            "Nobody: the Web Connector comes by itself"
        };
        let text = match to_quickbooks {
            1 => "1 change waits for the next visit of the Web Connector.".to_owned(),
            count => format!("{count} changes wait for the next visit of the Web Connector."),
        };
        return standing(StateWord::WaitingForQuickbooks, who, text);
    }
    let differences: u64 = facts.counts.problems.values().sum();
    let text = match differences {
        0 => "Both sides agree.".to_owned(),
        1 => "Both sides agree, apart from one difference that is shown.".to_owned(),
        _ => format!("Both sides agree, apart from {differences} differences that are shown."),
    };
    standing(StateWord::UpToDate, NOBODY, text)
}

/// A silence in one unit.
fn lasted(silence: chrono::Duration) -> String {
    match (silence.num_days(), silence.num_hours(), silence.num_minutes()) {
        (2.., _, _) => format!("{} days", silence.num_days()),
        (_, 2.., _) => format!("{} hours", silence.num_hours()),
        (_, _, minutes) => format!("{minutes} minutes"),
    }
}

fn moving_view(tally: &crate::store::LiveTally) -> MovingView {
    MovingView {
        side: tally.target.word().to_owned(),
        kind: tally.kind.word().to_owned(),
        operation: tally.operation.word().to_owned(),
        state: tally.state.word().to_owned(),
        count: tally.count,
    }
}

fn kind_view(counts: &Counts, kind: Kind) -> KindView {
    let count = |side| counts.records.get(&(kind, side)).copied().unwrap_or(0);
    let live = |side| counts.live.get(&(kind, side)).copied().unwrap_or(0);
    let problems = counts.problems.iter().filter(|((about, _), _)| *about == Some(kind)).map(|(_, count)| count).sum();
    KindView {
        kind: kind.word().to_owned(),
        title: kind.plural().to_owned(),
        linked: counts.links.get(&kind).copied().unwrap_or(0),
        quickbooks: count(Side::QuickBooks),
        billcom: count(Side::BillCom),
        to_quickbooks: live(Side::QuickBooks),
        to_billcom: live(Side::BillCom),
        applied: counts.applied.get(&kind).copied().unwrap_or(0),
        problems,
    }
}

fn days(now: DateTime<Utc>, settled: &[DayTally]) -> Vec<DayView> {
    (0..DAYS)
        .rev()
        .map(|back| {
            let day = (now - Days::new(back)).date_naive();
            let sum = |wanted: &dyn Fn(&DayTally) -> bool| {
                settled.iter().filter(|tally| tally.day == day && wanted(tally)).map(|tally| tally.count).sum()
            };
            let applied = |side: Side| sum(&|tally| tally.side == side && tally.state == IntentState::Applied);
            DayView {
                to_quickbooks: applied(Side::QuickBooks),
                to_billcom: applied(Side::BillCom),
                rejected: sum(&|tally| tally.state == IntentState::Rejected),
                day: day.to_string(),
            }
        })
        .collect()
}
