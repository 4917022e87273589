//! Figures about the work, for whoever watches over many servers: numbers and company ids, never a name or an amount.
//!
//! Figures about the state are read when they are asked for, so that they cannot drift from it; what happens is counted while it
//! happens, and begins at nought with the process.

use super::{Engine, EngineError};
use crate::limits::MEASURED_COMPANIES_MAX;
use crate::model::Mode;
use crate::store::{CommitTimes, Fact, StoreError};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What became of a message set with writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AttemptEvent {
    /// It was handed to the Web Connector.
    Sent,
    /// Its bytes were handed over once more.
    Resent,
    /// Its answer came.
    Answered,
    /// Its answer did not come.
    Lost,
}

impl AttemptEvent {
    const ALL: [Self; 4] = [Self::Sent, Self::Resent, Self::Answered, Self::Lost];

    const fn word(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Resent => "resent",
            Self::Answered => "answered",
            Self::Lost => "lost",
        }
    }
}

/// What is counted while it happens.
#[derive(Debug, Default)]
pub(super) struct Meters {
    attempts: [AtomicU64; AttemptEvent::ALL.len()],
    pub(super) commits: Arc<CommitTimes>,
}

impl Meters {
    pub(super) fn count(&self, event: AttemptEvent) {
        for (known, counter) in AttemptEvent::ALL.iter().zip(&self.attempts) {
            if *known == event {
                counter.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    fn attempts(&self) -> Vec<(&'static str, u64)> {
        AttemptEvent::ALL
            .iter()
            .zip(&self.attempts)
            .map(|(event, count)| (event.word(), count.load(Ordering::Relaxed)))
            .collect()
    }
}

/// Figures of one company.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompanyMeasures {
    /// Its id.
    pub company: String,
    /// Whether it is kept in step; otherwise it is looked at only, or paused.
    pub running: bool,
    /// Changes that are not settled, by their state.
    pub intents: BTreeMap<&'static str, u64>,
    /// When the oldest change that is under way was wanted.
    pub oldest: Option<DateTime<Utc>>,
    /// When the Web Connector was last here.
    pub last_contact: Option<DateTime<Utc>>,
    /// When Bill.com was last read.
    pub billcom_read: Option<DateTime<Utc>>,
    /// Open problems.
    pub problems: u64,
}

/// Figures of the server.
#[derive(Clone, Debug, Default)]
pub struct Measures {
    /// The time they hold for.
    pub now: DateTime<Utc>,
    /// How many companies there are.
    pub companies: usize,
    /// The companies, up to a bound.
    pub each: Vec<CompanyMeasures>,
    /// Companies whose file cannot be read.
    pub unreadable: usize,
    /// Message sets with writes, by what became of them.
    pub attempts: Vec<(&'static str, u64)>,
    /// Answers of Bill.com, by what they meant for the call.
    pub billcom_calls: Vec<(&'static str, u64)>,
    /// Calls that the developer key with the fewest has left in this hour.
    pub billcom_calls_left: Option<u32>,
    /// Sign-ins likewise.
    pub billcom_logins_left: Option<u32>,
    /// How long commits took: for each bound in turn the commits above the bound before, the rest, and the sum.
    pub commits: Arc<CommitTimes>,
    /// When the newest nightly backup was made.
    pub last_backup: Option<DateTime<Utc>>,
    /// Free bytes where the data lies.
    pub disk_free_bytes: Option<u64>,
}

impl Engine {
    /// The answer to a message set with writes came.
    pub(super) fn answered(&self) {
        self.shared.meters.count(AttemptEvent::Answered);
    }

    /// The figures as they are now. Blocking.
    ///
    /// # Errors
    /// [`EngineError`] when the server's file cannot be read.
    pub fn measures(&self) -> Result<Measures, EngineError> {
        let now = self.now();
        let ids = self.shared.server.company_ids()?;
        let usage = self.shared.world.billcom.usage(now);
        let mut measures = Measures {
            now,
            companies: ids.len(),
            attempts: self.shared.meters.attempts(),
            billcom_calls: usage.answers.to_vec(),
            billcom_calls_left: usage.calls_left,
            billcom_logins_left: usage.logins_left,
            commits: self.shared.meters.commits.clone(),
            last_backup: self.last_backup(),
            disk_free_bytes: fs4::available_space(&self.shared.options.data).ok(),
            ..Measures::default()
        };
        for id in ids.iter().take(MEASURED_COMPANIES_MAX) {
            match self.measure(id.as_str()) {
                Ok(company) => measures.each.push(company),
                Err(error) => {
                    tracing::warn!(company = %id, error = %super::run::chain(&error), "a company could not be measured");
                    measures.unreadable += 1;
                }
            }
        }
        Ok(measures)
    }

    fn measure(&self, id: &str) -> Result<CompanyMeasures, EngineError> {
        let company = self.company(id)?;
        // The loop writes the time of contact down a moment later.
        let fresh = DateTime::from_timestamp_millis(company.contact.load(Ordering::Relaxed));
        let measured = company.store.read(|tx| -> Result<_, StoreError> {
            let unsettled = tx.unsettled()?;
            Ok(CompanyMeasures {
                company: id.to_owned(),
                running: tx.mode()? == Mode::Running,
                intents: unsettled.counts,
                oldest: unsettled.oldest,
                last_contact: tx.time(Fact::LastContact)?,
                billcom_read: tx.time(Fact::BillComReadAt)?,
                problems: tx.problem_count()?,
            })
        })?;
        let fresh = fresh.filter(|at| *at > DateTime::UNIX_EPOCH);
        Ok(CompanyMeasures { last_contact: measured.last_contact.max(fresh), ..measured })
    }
}
