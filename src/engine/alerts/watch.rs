//! The loop that looks whether somebody must be told, and a test of one channel.

use super::message::{Message, of_digest, of_test};
use super::send::NotTaken;
use super::{AlertKind, Way};
use crate::engine::run::chain;
use crate::engine::{Engine, EngineError, StateWord, SummaryView};
use crate::limits::ALERT_LOOK_EVERY;
use crate::plan::alerts::{Memory, Sort, Standing, beats, digest, failed, faults, taken};
use crate::store::server::ChannelRow;
use chrono::{DateTime, Utc};
use tokio::sync::watch;

/// A message that is due, the way it takes, and the channel's memory once it was taken.
struct Due {
    row: ChannelRow,
    way: Result<Way, EngineError>,
    message: Message,
    then: Memory,
}

impl Engine {
    /// Tells people what they should know, until told to stop.
    pub(in crate::engine) async fn keep_alerting(self, mut stop: watch::Receiver<bool>) {
        let mut ticks = tokio::time::interval(ALERT_LOOK_EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                _ = stop.wait_for(|stop| *stop) => return,
            }
            tokio::select! {
                told = self.alert_once() => {
                    if let Err(error) = told {
                        tracing::error!(error = %chain(&error), "it could not be looked whether somebody must be told");
                    }
                }
                _ = stop.wait_for(|stop| *stop) => return,
            }
        }
    }

    /// One look: what is due is sent, and remembered. Without a loop around it for tests, which own the time.
    ///
    /// # Errors
    /// [`EngineError`] when the companies or channels cannot be read. A channel that fails is no error: it is tried again.
    pub async fn alert_once(&self) -> Result<(), EngineError> {
        let engine = self.clone();
        let due = blocking(move || engine.due_alerts()).await?;
        for Due { row, way, message, then } in due {
            let sent = match way {
                Ok(way) => way.send(&message).await,
                Err(error) => Err(error.into()),
            };
            let engine = self.clone();
            blocking(move || engine.keep_outcome(&row, &then, &sent)).await?;
        }
        Ok(())
    }

    fn due_alerts(&self) -> Result<Vec<Due>, EngineError> {
        let channels = self.server().alert_channels()?;
        if channels.is_empty() {
            return Ok(Vec::new());
        }
        let (now, silence, public_url) = (self.now(), self.silence()?, self.public_url()?);
        let all = self.summaries()?.iter().map(|summary| self.standing(summary)).collect::<Result<Vec<_>, _>>()?;
        let mut due = Vec::new();
        for row in channels {
            let about = |standing: &&Standing| row.company.as_ref().is_none_or(|company| *company == standing.company);
            let standings: Vec<Standing> = all.iter().filter(about).cloned().collect();
            let wrong = faults(&standings, silence, now);
            let next = if row.kind == AlertKind::Heartbeat.word() {
                let beat = Memory { sent_at: Some(now), tried_at: Some(now), ..Memory::default() };
                beats(&standings, &wrong, &row.memory, now).then(|| (of_test(&public_url), beat))
            } else {
                digest(&wrong, &row.memory, now).map(|told| (of_digest(&told, &public_url), taken(&told, now)))
            };
            if let Some((message, then)) = next {
                due.push(Due { way: self.way(&row), row, message, then });
            }
        }
        Ok(due)
    }

    /// How a company stands, as far as alerts go: in the words of its page. Only where it needs somebody its problems are read.
    fn standing(&self, summary: &SummaryView) -> Result<Standing, EngineError> {
        let state = match summary.state {
            StateWord::Stopped => Some(Sort::Stopped),
            StateWord::NeedsYou => Some(Sort::NeedsYou),
            _ => None,
        };
        let problems = if state.is_some() { self.problems(&summary.company)? } else { Vec::new() };
        // Differences are shown and wait for nobody; Bill.com out of reach is tried again by itself.
        let waits = |code: &str| !matches!(code, "difference" | "billcom_unreachable");
        let newest = problems.iter().filter(|problem| waits(&problem.code)).map(|problem| problem.id).max();
        let contact = summary.last_contact.as_deref().and_then(|text| DateTime::parse_from_rfc3339(text).ok());
        Ok(Standing {
            company: summary.company.clone(),
            name: summary.name.clone(),
            state,
            reason: summary.state_reason.clone(),
            newest_problem: newest.unwrap_or(0),
            last_contact: contact.map(|at| at.with_timezone(&Utc)),
            paused: summary.mode == "paused",
        })
    }

    fn keep_outcome(&self, row: &ChannelRow, then: &Memory, sent: &Result<(), NotTaken>) -> Result<(), EngineError> {
        match sent {
            Ok(()) => self.server().keep_alert_memory(row.id, then, None)?,
            Err(error) => {
                tracing::warn!(channel = row.id, kind = %row.kind, %error, "an alert was not taken; it is tried again");
                let memory = failed(&row.memory, self.now());
                self.server().keep_alert_memory(row.id, &memory, Some(&error.to_string()))?;
            }
        }
        Ok(())
    }

    /// Sends a message that says it is a test. Gives why it was not taken, if it was not.
    ///
    /// # Errors
    /// [`EngineError::NoSuchChannel`], or that the channels cannot be read.
    pub async fn test_channel(&self, id: i64) -> Result<Option<String>, EngineError> {
        let engine = self.clone();
        let (way, message) = blocking(move || {
            let channels = engine.server().alert_channels()?;
            let row = channels.into_iter().find(|row| row.id == id).ok_or(EngineError::NoSuchChannel(id))?;
            Ok((engine.way(&row)?, of_test(&engine.public_url()?)))
        })
        .await?;
        Ok(way.send(&message).await.err().map(|error| error.to_string()))
    }
}

/// Does it on a thread that may wait.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
) -> Result<T, EngineError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| EngineError::BrokeOff)?
}
