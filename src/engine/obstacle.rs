//! What happens to a company when Bill.com does not answer as hoped: one problem, a pause, another try.
//!
//! | what came | whose reaction | what follows | on the page |
//! | --- | --- | --- | --- |
//! | dead session | client | one sign-in, one replay | nothing |
//! | dead again | engine | pause, growing | problem: cannot be understood |
//! | wrong password, key, organisation | client, engine | no call before a growing pause is over | problem: does not let us in; state *stopped* |
//! | too many at once | client | 1, 2, 4 s and a random share; then as below | after that: problem |
//! | hour used up (theirs or ours) | client, engine | no call before the next clock hour | problem with the time |
//! | no connection, time-out, connection broken | engine | 5 s, doubling to 5 min, a random share on top | problem; a write is in doubt unless it surely never left |
//! | web page, HTML, 502 to 504 | engine | 30 s, doubling to 5 min | problem: being worked on |
//! | JSON cut off, unknown shape, not JSON, error of their own | engine | as no connection | problem: cannot be understood |
//! | redirect | engine | as refused; never followed | problem: address has changed |
//! | answer too large | engine | as refused | problem: cannot be understood |
//! | list that will not hold still | engine | what was read is kept; pause | problem: faster than they can be read |
//! | one record declined | engine | the record's own problem; everything else goes on | problem of the record |
//! | second factor wanted for a write | engine | the fields are left out, a person enters them | problem of the record |
//!
//! A reading that comes to its end closes the problem and forgets the pauses.

use super::Engine;
use super::companies::Company;
use super::pull::PullError;
use super::run::chain;
use crate::billcom::{Backoff, BillComError, NetworkKind};
use crate::limits::{BILLCOM_BLOCKED_PAUSE, BILLCOM_BUSY_PAUSE, RETRY_PAUSE};
use crate::model::{Problem, ProblemCode, sentence};
use crate::plan::{self, Obstacle};
use crate::store::{StoreError, Tx};
use chrono::{DateTime, Utc};
use std::sync::atomic::Ordering;
use std::time::Duration;

/// The problems that stand for an obstacle; at most one of them is open.
const CODES: [ProblemCode; 2] = [ProblemCode::BillComSignIn, ProblemCode::BillComUnreachable];

impl Engine {
    /// A round broke off: what a person is told, and how long to rest.
    pub(super) fn broke_off(&self, company: &Company, error: &PullError) -> Duration {
        let failures = company.failures.fetch_add(1, Ordering::Relaxed);
        let (found, technical) = match error {
            PullError::BillCom(error) => (obstacle_of(error), technical(error)),
            PullError::Scan(error) => (Obstacle::Restless, Some(sentence(&error.to_string()))),
            PullError::Engine(error) => {
                tracing::warn!(company = %company.id, error = %chain(error), "a round of work failed");
                return RETRY_PAUSE;
            }
        };
        tracing::warn!(company = %company.id, error = %chain(error), failures, "Bill.com could not be read");
        let now = self.now();
        let problem = plan::obstacle(found, technical).about(None, None, now);
        let reported = company.store.transact(|tx| report(tx, &problem, now));
        if let Err(error) = reported {
            tracing::error!(company = %company.id, error = %chain(&error), "a problem could not be kept");
        }
        self.touch();
        let pause = match error {
            PullError::BillCom(error) => self.pause_after(error, failures),
            _ => RETRY_PAUSE,
        };
        self.spread(pause)
    }

    fn pause_after(&self, error: &BillComError, failures: u32) -> Duration {
        let growing = |first: Duration| first.saturating_mul(2_u32.saturating_pow(failures)).min(BILLCOM_BUSY_PAUSE);
        match error.retry() {
            Some(Backoff::At(time)) => (time - self.now()).to_std().unwrap_or(RETRY_PAUSE).max(RETRY_PAUSE),
            Some(Backoff::Soon) => growing(RETRY_PAUSE),
            Some(Backoff::Later) => growing(BILLCOM_BLOCKED_PAUSE),
            // The client keeps its own, growing pause between refused sign-ins.
            None => BILLCOM_BLOCKED_PAUSE,
        }
    }

    /// A pause, longer by a random share of at most a half, so that companies which were turned away together do not come
    /// back together.
    fn spread(&self, pause: Duration) -> Duration {
        let mut chance = [0];
        self.shared.world.random().fill(&mut chance);
        pause.saturating_add((pause / 512).saturating_mul(u32::from(chance[0])))
    }
}

/// Opens the problem of an obstacle in the place of the one before.
fn report(tx: &Tx<'_>, problem: &Problem, now: DateTime<Utc>) -> Result<(), StoreError> {
    for code in CODES.into_iter().filter(|code| *code != problem.code) {
        tx.close_problem(code, None, now)?;
    }
    tx.report(problem, now)
}

/// Bill.com answers again.
pub(super) fn overcome(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    CODES.into_iter().try_for_each(|code| tx.close_problem(code, None, now))
}

/// Opens the problem of the company that an error of a write is.
pub(super) fn report_error(tx: &Tx<'_>, error: &BillComError, now: DateTime<Utc>) -> Result<(), StoreError> {
    report(tx, &plan::obstacle(obstacle_of(error), technical(error)).about(None, None, now), now)
}

/// Codes and our own words; never Bill.com's.
fn technical(error: &BillComError) -> Option<String> {
    Some(match error.code() {
        Some(code) => format!("{} ({code})", sentence(&chain(error))),
        None => sentence(&chain(error)),
    })
}

fn obstacle_of(error: &BillComError) -> Obstacle {
    match error {
        BillComError::Credentials => Obstacle::Credentials,
        BillComError::DeveloperKey => Obstacle::DeveloperKey,
        BillComError::NoAccess => Obstacle::NoAccess,
        BillComError::OtherOrganization => Obstacle::OtherOrganization,
        BillComError::Untrusted => Obstacle::SecondFactor,
        BillComError::RateLimited { until } => Obstacle::HourUsedUp(*until),
        BillComError::TooManyAtOnce => Obstacle::Crowded,
        BillComError::Maintenance { .. } => Obstacle::Maintenance,
        BillComError::Redirected { .. } => Obstacle::Redirected,
        BillComError::Network { kind: NetworkKind::Connect, .. }
        | BillComError::Timeout { kind: NetworkKind::Connect } => Obstacle::NoNetwork,
        BillComError::Network { kind: NetworkKind::Sent, .. } | BillComError::Timeout { kind: NetworkKind::Sent } => {
            Obstacle::NoAnswer
        }
        // A sign-in that is declined for a reason of its own: whatever it is, only a person can mend it.
        BillComError::SignIn(inner) if matches!(**inner, BillComError::Refused { .. }) => Obstacle::NoAccess,
        BillComError::SignIn(inner) => obstacle_of(inner),
        BillComError::Refused { .. }
        | BillComError::NotOffered
        | BillComError::Internal { .. }
        | BillComError::SessionExpired
        | BillComError::NotJson { .. }
        | BillComError::TooLarge
        | BillComError::Shape { .. } => Obstacle::Unclear,
    }
}
