//! The loops: one per company, and a supervisor that notices companies coming and going.

use super::Engine;
use super::companies::Company;
use super::pull::PullError;
use super::push::Pushed;
use crate::entities::ENTITIES;
use crate::limits::{BACKUP_LOOKED_AT_EVERY, LOOK_AROUND, NOTICE_PAUSE, REST_MIN, RETRY_PAUSE, STOP_GRACE};
use crate::model::{CompanyId, Mode, Settings, Side, span};
use crate::store::{Fact, StoreError};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What one round of a company's work came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Round {
    /// Go on at once.
    Again,
    /// Nothing to do for this long, unless woken.
    Rest(Duration),
}

impl Engine {
    /// Works until told to stop, then finishes what is in hand.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        let mut loops: HashMap<CompanyId, JoinHandle<()>> = HashMap::new();
        let alerts = tokio::spawn(self.clone().keep_alerting(stop.clone()));
        let backups = tokio::spawn(self.clone().look_after_backups(stop.clone()));
        let mut ticks = tokio::time::interval(LOOK_AROUND);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                _ = stop.changed() => {}
            }
            if *stop.borrow() {
                break;
            }
            let engine = self.clone();
            let present = tokio::task::spawn_blocking(move || engine.look_around()).await.unwrap_or_default();
            loops.retain(|id, handle| present.contains(id) && !handle.is_finished());
            for id in present {
                loops.entry(id.clone()).or_insert_with(|| tokio::spawn(self.clone().keep(id, stop.clone())));
            }
        }
        let finish = async {
            for (_, handle) in loops {
                let _ended = handle.await;
            }
            let _told = alerts.await;
            let _ended = backups.await;
        };
        let _in_time = tokio::time::timeout(STOP_GRACE, finish).await;
        let engine = self.clone();
        let _kept = tokio::task::spawn_blocking(move || engine.keep_contacts()).await;
    }

    /// Makes the nightly backups, beside everything else.
    async fn look_after_backups(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let engine = self.clone();
            if let Err(error) = tokio::task::spawn_blocking(move || engine.keep_backups()).await {
                tracing::error!(%error, "a backup broke off; it is tried again");
            }
            pause(&mut stop, BACKUP_LOOKED_AT_EVERY).await;
        }
    }

    /// The companies there are; wakes those that another process has worked on.
    fn look_around(&self) -> Vec<CompanyId> {
        self.keep_contacts();
        let rows = match self.shared.server.companies() {
            Ok(rows) => rows,
            Err(error) => {
                tracing::error!(error = %chain(&error), "the list of companies could not be read");
                return Vec::new();
            }
        };
        let handles: Vec<Arc<Company>> = self.handles().values().cloned().collect();
        for company in handles {
            if company.store.changed_elsewhere() {
                company.wake.notify_one();
                self.touch();
            }
        }
        rows.into_iter().map(|row| row.id).collect()
    }

    /// Writes down when the Web Connector was last here.
    fn keep_contacts(&self) {
        let handles: Vec<Arc<Company>> = self.handles().values().cloned().collect();
        for company in handles {
            let contact = company.contact.swap(0, Ordering::Relaxed);
            let Some(time) = (contact > 0).then(|| DateTime::from_timestamp_millis(contact)).flatten() else {
                continue;
            };
            let kept = company.store.transact(|tx| -> Result<(), StoreError> { tx.set_time(Fact::LastContact, time) });
            if let Err(error) = kept {
                company.note_contact(contact);
                tracing::warn!(company = %company.id, error = %chain(&error), "the time of contact could not be kept");
            } else {
                self.touch();
            }
        }
    }

    async fn keep(self, id: CompanyId, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() && self.row(id.as_str()).is_ok() {
            let company = match self.handle(&id) {
                Ok(company) => company,
                Err(error) => {
                    tracing::error!(company = %id, error = %chain(&error), "the company's file cannot be used");
                    pause(&mut stop, Duration::from_secs(30)).await;
                    continue;
                }
            };
            let (engine, working) = (self.clone(), company.clone());
            let runtime = tokio::runtime::Handle::current();
            let round = tokio::task::spawn_blocking(move || runtime.block_on(engine.round(&working))).await;
            match round {
                Ok(Round::Again) => {}
                Ok(Round::Rest(rest)) => {
                    tokio::select! {
                        () = company.wake.notified() => {}
                        () = tokio::time::sleep(rest) => {}
                        _ = stop.changed() => {}
                    }
                }
                Err(error) => {
                    tracing::error!(company = %id, error = %error, "a round of work broke off; the next one begins afresh");
                    pause(&mut stop, RETRY_PAUSE).await;
                }
            }
        }
    }

    /// One round of a company's work towards Bill.com, without a loop around it: for simulations, which own the time.
    /// Gives how long there is nothing to do; nothing when it should go on at once.
    ///
    /// # Errors
    /// [`super::EngineError`] when there is no such company.
    pub async fn work_once(&self, company: &str) -> Result<Option<Duration>, super::EngineError> {
        let company = self.company(company)?;
        Ok(match self.round(&company).await {
            Round::Again => None,
            Round::Rest(rest) => Some(rest),
        })
    }

    /// One round: read Bill.com when it is time, then write.
    async fn round(&self, company: &Company) -> Round {
        let _turn = company.turn.lock().await;
        match self.try_round(company).await {
            Ok(round) => round,
            Err(error) => Round::Rest(self.broke_off(company, &error)),
        }
    }

    async fn try_round(&self, company: &Company) -> Result<Round, PullError> {
        let now = self.now();
        let facts = company.store.read(|tx| -> Result<_, StoreError> {
            Ok((
                tx.mode()?,
                tx.settings()?,
                tx.time(Fact::BillComReadAt)?,
                tx.time(Fact::BillComWrittenAt)?,
                tx.doubts_due(Side::BillCom)?,
            ))
        })?;
        let (mode, settings, read_at, written_at, doubt_due) = facts;
        let (poll, read_at) = (settings.poll_interval, super::serve::sane(read_at, now));
        if mode == Mode::Paused {
            return Ok(Round::Rest(poll));
        }
        let poll = poll.max(self.billcom(company)?.reading_pause(calls_of_a_reading(&settings)));
        // A notice makes the next reading due at once, but a storm of them no more often than a person would notice.
        let hinted = company.hinted.load(Ordering::Relaxed) && read_at.is_none_or(|at| now - at >= span(NOTICE_PAUSE));
        let written = |at: DateTime<Utc>| written_at.is_some_and(|written| written >= at);
        let stale = hinted || read_at.is_none_or(|at| now - at >= span(poll) || written(at));
        let doubt = doubt_due.is_some_and(|due| now >= due && read_at.is_none_or(|at| at < due));
        // What a large answer of QuickBooks has left does not wait for Bill.com.
        self.plan_due(company)?;
        if stale || doubt {
            // Taken back before reading: what is told meanwhile is read again.
            let hinted = company.hinted.swap(false, Ordering::Relaxed);
            self.pull(company).await.inspect_err(|_| {
                company.hinted.fetch_or(hinted, Ordering::Relaxed);
            })?;
        }
        let read_at = company.store.read(|tx| tx.time(Fact::BillComReadAt))?;
        self.tell_balances(company).await?;
        match self.push(company, read_at).await? {
            Pushed::Something => Ok(Round::Again),
            Pushed::Blocked => Ok(Round::Rest(RETRY_PAUSE)),
            Pushed::Nothing => Ok(Round::Rest(self.rest(company, poll)?)),
        }
    }

    /// Until the next reading, the next retry or the next look-up, whichever is first.
    fn rest(&self, company: &Company, poll: Duration) -> Result<Duration, StoreError> {
        let now = self.now();
        company.store.read(|tx| {
            let read_at = tx.time(Fact::BillComReadAt)?;
            let soonest = if company.hinted.load(Ordering::Relaxed) { NOTICE_PAUSE } else { poll };
            let next_read = read_at.map(|at| at + span(soonest));
            let times = [next_read, tx.doubts_due(Side::BillCom)?, tx.next_retry(Side::BillCom)?];
            let first = times.into_iter().flatten().min().unwrap_or(now);
            Ok((first - now).to_std().unwrap_or_default().clamp(REST_MIN, poll))
        })
    }
}

/// List calls of a reading that finds nothing: one for each kind that Bill.com has, and one for the bank accounts.
fn calls_of_a_reading(settings: &Settings) -> u32 {
    let homes: usize = ENTITIES.iter().map(|entity| entity.homes(settings).len()).sum();
    u32::try_from(homes + 1).unwrap_or(u32::MAX)
}

async fn pause(stop: &mut watch::Receiver<bool>, length: Duration) {
    tokio::select! {
        () = tokio::time::sleep(length) => {}
        _ = stop.changed() => {}
    }
}

/// An error with its causes, for the log.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
