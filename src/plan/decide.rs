//! What follows for one subject.

mod pair;
mod place;

pub use place::waits_for_new;

use super::merge::new_bases;
use super::subject::unlinked;
use super::{NewIntent, Seen, Subject, Transition};
use crate::entities::{Context, Entity, SideRules, VOIDED, entity, with_suffix};
use crate::model::{
    Event, EventKind, Fields, Intent, IntentState, Life, Need, Operation, ProblemCode, RecordKey, Reference, Side,
    Trouble, capital,
};

/// Decides what follows for one subject. The transitions say everything: nothing that is left unsaid happens.
#[must_use]
pub fn decide(subject: &Subject, context: &Context) -> Vec<Transition> {
    let Some(entity) = entity(subject.kind) else {
        return subject.keys().cloned().map(Transition::Planned).collect();
    };
    let subject = &prepared(entity, subject, context);
    let mut decision = Decision { entity, subject, context, transitions: Vec::new(), deferred: false };
    match (&subject.link, &subject.quickbooks, &subject.billcom) {
        (Some(link), Some(quickbooks), Some(billcom)) => decision.reconcile(link, quickbooks, billcom),
        (Some(_), _, _) => decision.defer_all("the other side has not shown it yet"),
        (None, Some(seen), None) | (None, None, Some(seen)) => decision.place(seen),
        (None, None, None) => {}
        (None, Some(_), Some(_)) => unreachable!("invariant: an unlinked subject is one record"),
    }
    decision.transitions
}

/// The subject with its records as they read together with what is around them.
#[must_use]
pub fn prepared(entity: &dyn Entity, subject: &Subject, context: &Context) -> Subject {
    let mut subject = subject.clone();
    if let Some(link) = &subject.link {
        for name in entity.kept() {
            if let Some(seen) = &mut subject.billcom {
                seen.sighting.fields.set(*name, link.billcom_base.get(name).cloned());
            }
        }
        if let Some(seen) = &mut subject.quickbooks
            && seen.sighting.life == Life::Gone
            && was_always_so(&seen.sighting.fields, &link.quickbooks_base)
        {
            seen.sighting.life = Life::Alive;
        }
    }
    let own = [&mut subject.quickbooks, &mut subject.billcom].into_iter().flatten().map(|seen| &mut seen.sighting);
    let others = subject.candidates.iter_mut().chain(&mut subject.siblings).chain(&mut subject.occupied);
    own.chain(others).for_each(|sighting| entity.prepare(sighting, context));
    subject
}

/// Whether a record of QuickBooks that reads as voided read so when both sides agreed on it: then nobody voided it.
fn was_always_so(fields: &Fields, base: &Fields) -> bool {
    let reads_voided = |fields: &Fields| fields.flag(VOIDED) == Some(true);
    reads_voided(fields) && reads_voided(base) && fields.text("memo") == base.text("memo")
}

struct Decision<'a> {
    entity: &'static dyn Entity,
    subject: &'a Subject,
    context: &'a Context,
    transitions: Vec<Transition>,
    /// A part of the subject waits for something.
    deferred: bool,
}

impl Decision<'_> {
    fn push(&mut self, transition: Transition) {
        self.transitions.push(transition);
    }

    fn rules(&self, side: Side) -> SideRules {
        self.entity.rules(&self.context.settings).on(side)
    }

    fn bases(&self, quickbooks: &Fields, billcom: &Fields) -> (Fields, Fields) {
        new_bases(self.entity, quickbooks, billcom, &self.context.settings, &self.context.partners)
    }

    fn title(&self, fields: &Fields) -> String {
        format!("{} {}", capital(self.subject.kind.title()), self.entity.title(fields))
    }

    /// Dealt with, unless a part of it had to be deferred.
    fn planned(&mut self) {
        if self.deferred {
            return;
        }
        let keys: Vec<_> = self.subject.keys().cloned().collect();
        for key in keys {
            self.push(Transition::Planned(key));
        }
    }

    fn defer(&mut self, key: &RecordKey, reason: impl Into<String>) {
        self.push(Transition::Defer { key: key.clone(), reason: reason.into() });
    }

    fn defer_all(&mut self, reason: &str) {
        let keys: Vec<_> = self.subject.keys().cloned().collect();
        for key in keys {
            self.defer(&key, reason);
        }
    }

    fn note(&mut self, kind: EventKind, key: &RecordKey, text: String) {
        let event = Event { at: self.context.now, kind, key: Some(key.clone()), intent: None, text };
        self.push(Transition::Note(event));
    }

    fn open(&mut self, trouble: Trouble, key: &RecordKey) {
        let problem = trouble.about(Some(key.clone()), None, self.context.now);
        let stands = self.subject.problems.iter().any(|open| {
            open.code == problem.code && open.key == problem.key && open.what_happened == problem.what_happened
        });
        if !stands {
            self.push(Transition::Open(Box::new(problem)));
        }
    }

    fn close(&mut self, codes: &[ProblemCode], key: &RecordKey) {
        for code in codes {
            if self.subject.problems.iter().any(|open| open.code == *code && open.key.as_ref() == Some(key)) {
                self.push(Transition::Close { code: *code, key: Some(key.clone()) });
            }
        }
    }

    /// Takes back an intent that has not been sent. One that has stays: its outcome decides what is next.
    fn withdraw(&mut self, towards: Side, why: &str) {
        let Some(live) = self.subject.live_towards(towards) else { return };
        if !live.state.is_out() {
            self.push(Transition::skip(live.id, why));
        }
    }

    /// Defers a record; what was to be made of it in an older version is taken back.
    fn hold(&mut self, key: &RecordKey, reason: String) {
        self.withdraw(key.side.other(), &reason);
        self.defer(key, reason);
    }

    /// Defers a record until another one has its partner, and sees to it that this other one is carried.
    fn wait_for(&mut self, key: &RecordKey, reference: &Reference) {
        self.push(Transition::Want(RecordKey::new(key.side, reference.kind, reference.id.clone())));
        self.hold(key, format!("waits for {}", self.context.title(key.side, reference)));
    }

    /// Nothing is wanted of a side any more: what it refused is forgotten, and so are the problems about that.
    fn drop_refusals(&mut self, towards: Side) {
        for rejected in self.subject.rejected.iter().filter(|rejected| rejected.target() == towards) {
            self.transitions.push(Transition::skip(rejected.id, "not needed any more"));
            for problem in self.subject.problems.iter().filter(|problem| problem.intent == Some(rejected.id)) {
                self.transitions.push(Transition::Close { code: problem.code, key: problem.key.clone() });
            }
        }
    }

    /// What a record is called in QuickBooks when another of its lists has the name that it has just been given.
    fn alias_for(&self, seen: &Seen, name: Option<&str>) -> Option<String> {
        let suffix = self.entity.name_suffix(&self.context.settings)?;
        let alias = with_suffix(self.entity, name?, suffix);
        seen.alias.clone().filter(|known| *known == alias)
    }
}

struct Proposal<'a> {
    operation: Operation,
    source: &'a Seen,
    target: Option<&'a Seen>,
    fields: Fields,
    cleared: Vec<String>,
    reason: String,
}

impl Decision<'_> {
    /// Wants something written, unless the same is wanted already or was refused. Whether an intent was made.
    fn propose(&mut self, proposal: Proposal<'_>) -> bool {
        let source = &proposal.source.sighting;
        let side = source.key.side;
        let target = side.other();
        let missing: Vec<Need> = unlinked(&proposal.fields, side, &self.context.partners)
            .into_iter()
            .map(|reference| Need { kind: reference.kind, id: reference.id.clone() })
            .collect();
        let uncertain = missing
            .iter()
            .find(|need| !self.context.coming.contains(&RecordKey::new(side, need.kind, need.id.clone())));
        if let Some(need) = uncertain {
            let reference = Reference { kind: need.kind, id: need.id.clone() };
            let key = source.key.clone();
            self.deferred = true;
            self.wait_for(&key, &reference);
            return false;
        }
        let state = if missing.is_empty() { IntentState::Ready } else { IntentState::Waiting };
        if let Some(live) = self.subject.live_towards(target) {
            debug_assert!(!live.state.is_out(), "invariant: intents that are out are deferred before");
            if wants_same(live, &proposal) && live.source_fields == source.fields && live.reason == proposal.reason {
                self.settle_state(live, state, &missing);
                return false;
            }
            self.withdraw(target, "replaced by a newer version");
        }
        if self.subject.rejected.iter().any(|rejected| wants_same(rejected, &proposal)) {
            return false;
        }
        for rejected in self.subject.rejected.iter().filter(|rejected| rejected.target() == target) {
            self.transitions.push(Transition::skip(rejected.id, "replaced by a newer version"));
        }
        self.push(Transition::Propose(Box::new(NewIntent {
            operation: proposal.operation,
            source: source.key.clone(),
            target_id: proposal.target.map(|seen| seen.sighting.key.id.clone()),
            fields: proposal.fields,
            cleared: proposal.cleared,
            source_fields: source.fields.clone(),
            needs: missing,
            reason: proposal.reason,
        })));
        true
    }

    /// A live intent that is still wanted becomes ready when nothing is missing any more.
    fn settle_state(&mut self, live: &Intent, state: IntentState, missing: &[Need]) {
        if live.state == state {
            return;
        }
        let note = missing.first().map(|need| {
            let reference = Reference { kind: need.kind, id: need.id.clone() };
            format!("waits for {}", self.context.title(live.source.side, &reference))
        });
        self.push(Transition::Move { intent: live.id, to: state, note, not_before: live.not_before });
    }
}

fn wants_same(intent: &Intent, proposal: &Proposal<'_>) -> bool {
    intent.operation == proposal.operation
        && intent.source == proposal.source.sighting.key
        && intent.fields == proposal.fields
        && intent.cleared == proposal.cleared
}
