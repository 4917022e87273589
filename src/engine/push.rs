//! Writing to Bill.com: one careful write at a time.
//!
//! Bill.com has no idempotency key (`billcom.md` 4), so the order is always: commit that it is being sent, send, commit
//! what came back. A reply that was not understood leaves the intent in doubt; after a pause for a call that may still
//! be running, everything that changed is read again and the record is looked up by what makes it recognisable.

use super::companies::Company;
use super::obstacle::report_error;
use super::pull::api_entity;
use super::push_many::groups;
use super::{Engine, EngineError, Safeguard, intents};
use crate::billcom::Entity as ApiEntity;
use crate::billcom::{Backoff, BillCom, BillComError, Outcome};
use crate::entities::{self, Entity, Write};
use crate::limits::{
    BILLCOM_BLOCKED_PAUSE, BILLCOM_BUSY_PAUSE, BILLCOM_SETTLE, BILLCOM_SETTLE_AFTER_TIMEOUT,
    BILLCOM_WRITES_PER_ROUND_MAX, NOT_TAKEN_TRIES_COUNTED_MAX, RETRY_PAUSE_MAX,
};
use crate::model::{Fields, Intent, IntentState, Mode, NativeId, Operation, Raw, Settings, Side, span};
use crate::plan::{self, Carried, Transition};
use crate::store::{Fact, Owner, StoreError, Tx};
use chrono::{DateTime, Utc};

/// How far a round of writing came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pushed {
    /// Nothing could be written.
    Nothing,
    /// Something was; there may be more.
    Something,
    /// Bill.com does not answer as hoped: no more for now.
    Blocked,
}

/// A write that is about to leave: committed as sent.
pub(super) struct Outgoing {
    pub(super) entity: &'static dyn Entity,
    pub(super) home: ApiEntity,
    pub(super) intent: Intent,
    pub(super) object: Raw,
    fields: Fields,
}

impl Engine {
    /// Settles what is in doubt, then writes what is ready. `read_at` is when the last complete reading began.
    pub(super) async fn push(&self, company: &Company, read_at: Option<DateTime<Utc>>) -> Result<Pushed, EngineError> {
        self.settle_doubts(company, read_at)?;
        let mode = company.store.read(|tx| tx.mode())?;
        if mode != Mode::Running {
            return Ok(Pushed::Nothing);
        }
        let ready =
            company.store.read(|tx| tx.ready_intents(Side::BillCom, self.now(), BILLCOM_WRITES_PER_ROUND_MAX))?;
        let mut pushed = Pushed::Nothing;
        let client = if ready.is_empty() { return Ok(pushed) } else { self.billcom(company)? };
        let settings = company.store.read(|tx| tx.settings())?;
        for group in groups(&ready, &settings) {
            pushed = match group {
                [one] => self.push_one(company, &*client, one).await?,
                many => self.push_many(company, &*client, many).await?,
            };
            if pushed == Pushed::Blocked {
                break;
            }
        }
        self.plan_due(company)?;
        self.touch();
        Ok(pushed)
    }

    /// What was being sent when the server stopped is in doubt; what is in doubt is looked up once a reading began late
    /// enough to show it.
    fn settle_doubts(&self, company: &Company, read_at: Option<DateTime<Utc>>) -> Result<(), EngineError> {
        let now = self.now();
        company.store.transact(|tx| -> Result<(), StoreError> {
            for intent in tx.intents_in(Side::BillCom, IntentState::Sent, BILLCOM_WRITES_PER_ROUND_MAX)? {
                let why = "the server stopped before the answer came";
                let settled = Some(now + span(BILLCOM_SETTLE));
                let then = match self.shared.world.has(Safeguard::Recovery) {
                    true => Transition::doubt(intent.id, why, settled),
                    false => Transition::ready(intent.id, why, settled),
                };
                self.commit(tx, &[then], now)?;
            }
            for intent in tx.intents_in(Side::BillCom, IntentState::InDoubt, BILLCOM_WRITES_PER_ROUND_MAX)? {
                let due = intent.not_before.unwrap_or(now);
                if read_at.is_some_and(|read_at| read_at >= due) {
                    let transitions = look_up(tx, &intent, now)?;
                    self.commit(tx, &transitions, now)?;
                }
            }
            Ok(())
        })?;
        self.plan_due(company)
    }

    async fn push_one(&self, company: &Company, client: &dyn BillCom, intent: &Intent) -> Result<Pushed, EngineError> {
        let mut standing = None;
        if let Some(id) = &intent.target_id {
            standing = self.still_as_seen(company, client, intent, id).await?;
            if standing.is_none() {
                return Ok(Pushed::Something);
            }
        }
        let Some(outgoing) = company.store.transact(|tx| self.hand_over(tx, intent, standing.as_ref()))? else {
            return Ok(Pushed::Something);
        };
        let answer = self.send(client, &outgoing).await;
        let blocked = matches!(&answer, Err(error) if blocks_everything(error));
        company.store.transact(|tx| self.take_answer(tx, &outgoing, answer.as_ref()))?;
        Ok(if blocked { Pushed::Blocked } else { Pushed::Something })
    }

    /// Reads the record right before changing it. When somebody changed it since it was last seen, the change is merged
    /// first: nothing is overwritten unseen. Gives the record as it stands, when it is as it was seen.
    async fn still_as_seen(
        &self,
        company: &Company,
        client: &dyn BillCom,
        intent: &Intent,
        id: &NativeId,
    ) -> Result<Option<Raw>, EngineError> {
        let Some(entity) = entities::entity(intent.kind()) else { return Ok(None) };
        let home = company.store.read(|tx| home_of(tx, entity, intent))?;
        let answer = client.read(home, id).await;
        let now = self.now();
        company.store.transact(|tx| {
            let raw = match answer {
                Ok(raw) => raw,
                Err(error) => {
                    self.commit(tx, &postponed(intent, &error, now), now)?;
                    if blocks_everything(&error) {
                        report_error(tx, &error, now)?;
                    }
                    return Ok(None);
                }
            };
            if !entity.is_whole(&raw) {
                let why = "Bill.com does not show its lines yet";
                let later = Transition::ready(intent.id, why, Some(now + span(BILLCOM_SETTLE)));
                self.commit(tx, &[later], now)?;
                return Ok(None);
            }
            let settings = tx.settings()?;
            let shown = match entity.read_billcom(&raw, &settings) {
                Ok(shown) => shown,
                Err(error) => {
                    // What cannot be understood is not written over.
                    let said = plan::safe_text(&error.to_string());
                    let trouble = plan::rejected(&plan::title_of(intent), Side::BillCom, &said, said.clone());
                    self.commit(tx, &plan::refused(intent, trouble, now), now)?;
                    return Ok(None);
                }
            };
            let known = tx.known_hash(&shown.key)?;
            if known == Some(shown.hash()) {
                return Ok(Some(raw));
            }
            let skip = Transition::skip(intent.id, "somebody changed it in Bill.com meanwhile; merged anew");
            self.commit(tx, &[Transition::See(shown), skip, Transition::Replan(intent.source.clone())], now)?;
            Ok(None)
        })
    }

    /// Commits that an intent is being sent, with everything its sending needs. None when it may not be sent any more.
    pub(super) fn hand_over(
        &self,
        tx: &Tx<'_>,
        intent: &Intent,
        standing: Option<&Raw>,
    ) -> Result<Option<Outgoing>, StoreError> {
        let Some(intent) = tx.intent(intent.id)? else { return Ok(None) };
        let Some(entity) = entities::entity(intent.kind()) else { return Ok(None) };
        if intent.state != IntentState::Ready || tx.mode()? != Mode::Running {
            return Ok(None);
        }
        let Some(fields) = intents::translated(tx, &intent)? else {
            tx.replan(&intent.source)?;
            return Ok(None);
        };
        let current = intents::current(tx, &intent)?;
        let settings = tx.settings()?;
        let write = Write {
            fields: &fields,
            cleared: &intent.cleared,
            current: current.as_ref(),
            raw: standing,
            mark: intent.id.uuid(),
            control_account: None,
            settings: &settings,
        };
        let object = entity.write_billcom(&write);
        let home = home_of(tx, entity, &intent)?;
        tx.mark_sent(&[intent.id], self.now())?;
        let intent = tx.intent(intent.id)?.ok_or(StoreError::Broken { what: "intent" })?;
        Ok(Some(Outgoing { entity, home, intent, object, fields }))
    }

    async fn send(&self, client: &dyn BillCom, outgoing: &Outgoing) -> Result<Raw, BillComError> {
        let entity = outgoing.home;
        let active = outgoing.fields.flag("active");
        match (outgoing.intent.operation, &outgoing.intent.target_id) {
            (Operation::Create, _) => client.create(entity, outgoing.object.clone()).await,
            (Operation::Void, Some(id)) => client.set_active(entity, id, false).await,
            (Operation::Update, Some(id)) => {
                if active == Some(true) {
                    client.set_active(entity, id, true).await?;
                }
                let only_active = active.is_some()
                    && outgoing.intent.cleared.is_empty()
                    && outgoing.fields.iter().all(|(name, _)| name.as_str() == "active");
                if !only_active {
                    client.update(entity, outgoing.object.clone()).await?;
                }
                if active == Some(false) {
                    client.set_active(entity, id, false).await?;
                }
                client.read(entity, id).await
            }
            (Operation::Void | Operation::Update, None) => Err(BillComError::Shape { wanted: "a record to change" }),
        }
    }

    pub(super) fn take_answer(
        &self,
        tx: &Tx<'_>,
        outgoing: &Outgoing,
        answer: Result<&Raw, &BillComError>,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let intent = &outgoing.intent;
        let transitions = match answer {
            Ok(raw) => self.carried(tx, outgoing, raw, now)?,
            Err(BillComError::Untrusted) if outgoing.intent.operation == Operation::Update => {
                return self.leave_guarded(tx, outgoing, now);
            }
            Err(error) => {
                if blocks_everything(error) {
                    report_error(tx, error, now)?;
                }
                tracing::warn!(kind = %intent.kind(), intent = %intent.id, error = %error, "a write to Bill.com failed");
                match error.outcome() {
                    Outcome::Unknown if !self.shared.world.has(Safeguard::Recovery) => {
                        vec![Transition::ready(intent.id, error.to_string(), Some(now + span(BILLCOM_SETTLE)))]
                    }
                    _ => failed(intent, error, now),
                }
            }
        };
        self.commit(tx, &transitions, now)
    }

    fn carried(
        &self,
        tx: &Tx<'_>,
        outgoing: &Outgoing,
        raw: &Raw,
        now: DateTime<Utc>,
    ) -> Result<Vec<Transition>, StoreError> {
        let intent = &outgoing.intent;
        let settings: Settings = tx.settings()?;
        tx.set_time(Fact::BillComWrittenAt, now)?;
        let Ok(shown) = outgoing.entity.read_billcom(raw, &settings) else {
            // It was done, but what came back cannot be understood: the next reading shows it, or says what is wrong.
            return Ok(vec![Transition::doubt(intent.id, "the answer could not be understood", Some(now))]);
        };
        let link = tx.link(&intent.source)?;
        Ok(plan::applied(Carried {
            intent,
            link: link.as_ref(),
            target: shown.key.id.clone(),
            shown: Some(shown),
            unseen_version: None,
            sent: outgoing.fields.clone(),
            made: None,
            now,
        }))
    }

    /// Bill.com wants a second factor for some vendor fields: everything else is wanted anew without them, and a person
    /// is told what to enter.
    fn leave_guarded(&self, tx: &Tx<'_>, outgoing: &Outgoing, now: DateTime<Utc>) -> Result<(), StoreError> {
        let intent = &outgoing.intent;
        let Some(link) = tx.link(&intent.source)? else {
            let skip = Transition::skip(intent.id, "its pair is gone");
            return self.commit(tx, &[skip, Transition::Replan(intent.source.clone())], now);
        };
        debug_assert_eq!(
            intent.source.side,
            Side::QuickBooks,
            "invariant: what is written to Bill.com comes from QuickBooks"
        );
        let guarded = outgoing.entity.guarded_fields();
        let touched = |name: &str| intent.fields.has(name) || intent.cleared.iter().any(|cleared| cleared == name);
        let held: Vec<_> =
            outgoing.entity.fields().iter().filter(|spec| guarded.contains(&spec.name) && touched(spec.name)).collect();
        // What both sides say becomes their base: it is not tried again until it changes again, and what Bill.com says, which has
        // lost against it, is not written over it either. The problem keeps both visible.
        let current = intents::current(tx, intent)?;
        let (mut quickbooks_base, mut billcom_base) = (link.quickbooks_base.clone(), link.billcom_base.clone());
        for spec in &held {
            quickbooks_base.set(spec.name, intent.source_fields.get(spec.name).cloned());
            if let Some(current) = &current {
                billcom_base.set(spec.name, current.fields.get(spec.name).cloned());
            }
        }
        let labels: Vec<_> = held.iter().map(|spec| spec.label).collect();
        let title = outgoing.entity.title(&intent.source_fields);
        let problem = plan::guarded_fields(&title, &labels).about(Some(intent.source.clone()), Some(intent), now);
        self.commit(
            tx,
            &[
                Transition::skip(intent.id, "some fields need a person; the rest is written without them"),
                Transition::Rebase { link: link.id, quickbooks_base, billcom_base },
                Transition::Open(Box::new(problem)),
                Transition::Replan(intent.source.clone()),
            ],
            now,
        )
    }
}

/// The entity of Bill.com that the record of an intent belongs to.
fn home_of(tx: &Tx<'_>, entity: &dyn Entity, intent: &Intent) -> Result<ApiEntity, StoreError> {
    let settings = tx.settings()?;
    let home = match intents::current(tx, intent)? {
        Some(current) => entity.home(&current.fields, &settings),
        None => entity.home(&intent.fields, &settings),
    };
    Ok(api_entity(home))
}

/// What an intent in doubt has done, by what a fresh reading shows.
fn look_up(tx: &Tx<'_>, intent: &Intent, now: DateTime<Utc>) -> Result<Vec<Transition>, StoreError> {
    if intent.operation != Operation::Create {
        // What stands there now decides what is still to be done.
        let skip = Transition::skip(intent.id, "read again after a lost answer");
        return Ok(vec![skip, Transition::Replan(intent.source.clone())]);
    }
    let Some(entity) = entities::entity(intent.kind()) else { return Ok(Vec::new()) };
    let alike = tx.look_alikes(Side::BillCom, intent.kind(), &entity.keys(&intent.fields), &Owner::Any)?;
    match intents::made_by(tx, intent, &alike.free)? {
        Some(found) => {
            tx.set_time(Fact::BillComWrittenAt, now)?;
            Ok(plan::applied(Carried::found(intent, found, now)))
        }
        // Among so many, not finding it proves nothing.
        None if alike.cut_short => {
            let why = "too many records in Bill.com are like it to tell whether it was carried out";
            Ok(vec![Transition::doubt(intent.id, why, Some(now + span(RETRY_PAUSE_MAX)))])
        }
        None => Ok(match plan::next_pause(intent.attempts) {
            Some(pause) => {
                // What appeared meanwhile may be what came of it, if somebody has renamed it since.
                let held = tx.held(Side::BillCom, intent.kind(), &plan::waits_for_new(intent.kind()))?;
                if !held.is_empty() {
                    return intents::perhaps_renamed(tx, intent, &held);
                }
                let why = "looked for in Bill.com and not found: it had not been carried out";
                vec![Transition::ready(intent.id, why, Some(now + span(pause)))]
            }
            None => {
                let said = "it failed every time, without saying why";
                let trouble = plan::rejected(&plan::title_of(intent), Side::BillCom, said, said.to_owned());
                plan::refused(intent, trouble, now)
            }
        }),
    }
}

/// Errors that would meet every other write as well.
pub(super) fn blocks_everything(error: &BillComError) -> bool {
    !matches!(
        error,
        BillComError::Refused { .. }
            | BillComError::NotOffered
            | BillComError::Untrusted
            | BillComError::Internal { .. }
    )
}

fn failed(intent: &Intent, error: &BillComError, now: DateTime<Utc>) -> Vec<Transition> {
    match error.outcome() {
        Outcome::NotDone => postponed(intent, error, now),
        Outcome::Unknown => {
            let timeout = matches!(error, BillComError::Timeout { .. });
            let settle = if timeout { BILLCOM_SETTLE_AFTER_TIMEOUT } else { BILLCOM_SETTLE };
            let why = format!("no answer that could be understood: {error}");
            vec![Transition::doubt(intent.id, why, Some(now + span(settle)))]
        }
        Outcome::Refused => {
            let said = plan::safe_text(error.vendor_message().unwrap_or("it gave no reason"));
            let technical = format!("Bill.com {}: {said}", error.code().unwrap_or("error"));
            plan::refused(intent, plan::rejected(&plan::title_of(intent), Side::BillCom, &said, technical), now)
        }
    }
}

/// It certainly was not done: again after a pause, or a person when there is no sense in trying.
fn postponed(intent: &Intent, error: &BillComError, now: DateTime<Utc>) -> Vec<Transition> {
    let not_before = match error.retry() {
        Some(Backoff::At(time)) => time,
        Some(Backoff::Later) => now + span(BILLCOM_BUSY_PAUSE),
        Some(Backoff::Soon) => {
            let pause = plan::next_pause(intent.attempts.clamp(1, NOT_TAKEN_TRIES_COUNTED_MAX));
            now + span(pause.unwrap_or(RETRY_PAUSE_MAX))
        }
        None if blocks_everything(error) => now + span(BILLCOM_BLOCKED_PAUSE),
        None => return failed_for_good(intent, error, now),
    };
    vec![Transition::ready(intent.id, error.to_string(), Some(not_before))]
}

fn failed_for_good(intent: &Intent, error: &BillComError, now: DateTime<Utc>) -> Vec<Transition> {
    let said = plan::safe_text(error.vendor_message().unwrap_or("it gave no reason"));
    plan::refused(intent, plan::rejected(&plan::title_of(intent), Side::BillCom, &said, error.to_string()), now)
}
