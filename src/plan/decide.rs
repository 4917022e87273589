//! What follows for one subject.

use super::matching::{Match, alike, match_candidates, successor};
use super::merge::{Merged, Pair, equivalent, merge, new_bases};
use super::subject::unlinked;
use super::{NewIntent, Seen, Subject, Transition, problems};
use crate::entities::Context;
use crate::entities::{Entity, HoldBack, Likeness, OnEdit, OnGone, OnNew, SideRules, VOIDED, entity, with_suffix};
use crate::limits::{CANDIDATES_MAX, STALE_ROUNDS_MAX};
use crate::model::{
    Event, EventKind, Fields, Intent, IntentState, Life, Link, Money, Need, Operation, ProblemCode, RecordKey,
    Reference, Side, Sighting, Trouble, Value, capital,
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
}

/// A record without a partner.
impl Decision<'_> {
    fn place(&mut self, seen: &Seen) {
        let key = &seen.sighting.key;
        let other = key.side.other();
        if self.subject.live_towards(other).is_some_and(|live| live.state.is_out()) {
            return self.defer(key, "its creation is under way");
        }
        if let Some(why) = unwanted(seen) {
            self.withdraw(other, &why);
            self.drop_refusals(other);
            self.close(PLACING, key);
            return self.planned();
        }
        if !self.context.complete.contains(&(other, self.subject.kind)) {
            return self.hold(key, format!("waits until {} has been read completely", other.title()));
        }
        if let Some(reference) = self.unplaced_identity(seen) {
            return self.wait_for(key, &reference);
        }
        if self.subject.candidate_is_out {
            return self.hold(key, "a record that could be the same one is under way".to_owned());
        }
        match match_candidates(self.entity, seen, self.subject, self.context) {
            Match::One(candidate) => self.adopt(seen, &candidate.clone()),
            Match::Unsure(candidates) => self.ask_which(seen, &candidates),
            Match::Nothing => self.create(seen),
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

    /// A reference that belongs to the identity and has no partner, nor will get a new one: without it, candidates
    /// cannot be recognised, and creating would be guessing.
    fn unplaced_identity(&self, seen: &Seen) -> Option<Reference> {
        let side = seen.sighting.key.side;
        let identity = self.entity.fields().iter().filter(|spec| spec.identity);
        identity
            .filter_map(|spec| seen.sighting.fields.reference(spec.name))
            .find(|reference| {
                let key = RecordKey::new(side, reference.kind, reference.id.clone());
                self.context.partners.of(side, reference).is_none() && !self.context.coming.contains(&key)
            })
            .cloned()
    }

    /// A record of the other side that has this one's name, below the same parent, and another partner.
    fn name_holder(&self, seen: &Seen) -> Option<Sighting> {
        if !self.entity.names_are_unique() || seen.alias.is_some() || seen.forced {
            return None;
        }
        let holds = |other: &&Sighting| alike(self.entity, &seen.sighting, other, self.context) != Likeness::Different;
        self.subject.occupied.iter().find(holds).cloned()
    }

    fn adopt(&mut self, seen: &Seen, candidate: &Sighting) {
        let (quickbooks, billcom) = match seen.sighting.key.side {
            Side::QuickBooks => (&seen.sighting, candidate),
            Side::BillCom => (candidate, &seen.sighting),
        };
        let (quickbooks_base, billcom_base) = self.bases(&quickbooks.fields, &billcom.fields);
        self.withdraw(seen.sighting.key.side.other(), "the same record was found on the other side");
        self.close(PLACING, &seen.sighting.key);
        self.close(PLACING, &candidate.key);
        self.push(Transition::Pair {
            kind: self.subject.kind,
            quickbooks_id: quickbooks.key.id.clone(),
            billcom_id: billcom.key.id.clone(),
            quickbooks_base,
            billcom_base,
            unseen_version: None,
        });
        let text = format!("{}: recognised as the same record on both sides", self.title(&billcom.fields));
        self.note(EventKind::Linked, &billcom.key, text);
        self.push(Transition::Replan(quickbooks.key.clone()));
        self.push(Transition::Replan(billcom.key.clone()));
    }

    fn ask_which(&mut self, seen: &Seen, candidates: &[&Sighting]) {
        let key = &seen.sighting.key;
        if self.rules(key.side).new == OnNew::Stay {
            // The question is asked about the record that would be made: it must look again.
            for candidate in candidates {
                self.push(Transition::Replan(candidate.key.clone()));
            }
            return self.planned();
        }
        self.withdraw(key.side.other(), "another record could be the same one");
        let shown = &candidates[..candidates.len().min(CANDIDATES_MAX)];
        let titles: Vec<_> = shown
            .iter()
            .map(|candidate| problems::candidate_title(&self.entity.title(&candidate.fields), &candidate.key.id))
            .collect();
        let trouble = problems::unsure(&self.title(&seen.sighting.fields), key.side, shown, &titles);
        let other_code =
            if trouble.code == ProblemCode::Ambiguous { ProblemCode::MoneyDiffers } else { ProblemCode::Ambiguous };
        self.close(&[other_code], key);
        self.open(trouble, key);
        self.planned();
    }

    /// A backup was restored: what was made of this record since may stand there under another name, or this one may have been
    /// made of a record that was removed there since.
    fn ask_after_restore(&mut self, seen: &Seen, suspects: &[&Sighting], makes_new: bool) {
        let key = &seen.sighting.key;
        let suspects = &suspects[..suspects.len().min(CANDIDATES_MAX)];
        let title_of =
            |suspect: &&Sighting| problems::candidate_title(&self.entity.title(&suspect.fields), &suspect.key.id);
        let titles: Vec<_> = suspects.iter().map(title_of).collect();
        let title = self.title(&seen.sighting.fields);
        let trouble = if suspects.iter().any(|suspect| suspect.life == Life::Gone) {
            problems::removed_since(&title, key.side, suspects, &titles, makes_new)
        } else {
            problems::renamed_since(&title, key.side, suspects, &titles)
        };
        self.withdraw(key.side.other(), "another record could be the same one");
        self.open(trouble, key);
        self.planned();
    }

    /// Whether a record that would be made is not, or not yet; what follows of that is decided here.
    fn held_back(&mut self, seen: &Seen, wanted: bool) -> bool {
        let key = &seen.sighting.key;
        let other = key.side.other();
        match self.entity.holds_back(&seen.sighting, self.context) {
            None => return false,
            // A person has seen why it is not made, and wants it all the same.
            Some(HoldBack::Never | HoldBack::Ask(_)) if seen.forced => return false,
            Some(HoldBack::Ask(trouble)) => {
                self.withdraw(other, "a person decides whether it is made");
                self.open(*trouble, key);
                self.planned();
            }
            Some(HoldBack::Never) if wanted => {
                self.withdraw(other, "a person decides whether it is made");
                let title = self.title(&seen.sighting.fields);
                self.open(problems::before_start(&title, key.side, self.context.settings.start_date), key);
                self.planned();
            }
            Some(HoldBack::Never) => {
                self.withdraw(other, "it is not carried");
                self.close(PLACING, key);
                self.planned();
            }
            Some(HoldBack::Until(reason)) => {
                self.withdraw(other, &reason);
                self.defer(key, reason);
            }
        }
        true
    }

    fn create(&mut self, seen: &Seen) {
        let key = &seen.sighting.key;
        let other = key.side.other();
        let wanted = self.context.wanted.contains(key);
        let inactive = seen.sighting.fields.flag("active") == Some(false);
        let stays = self.rules(key.side).new == OnNew::Stay;
        // Of a record that is not carried only what was carried to it matters: what stands on the other side asks for itself.
        let asks = |suspect: &&Sighting| !stays || suspect.life == Life::Gone;
        let suspects: Vec<_> = self.subject.suspects.iter().filter(asks).collect();
        if !seen.forced && suspects.iter().any(|suspect| suspect.life == Life::Gone) {
            return self.ask_after_restore(seen, &suspects, !stays);
        }
        if stays || (inactive && !wanted) {
            self.withdraw(other, "it is not carried");
            self.close(PLACING, key);
            return self.planned();
        }
        if self.held_back(seen, wanted) {
            return;
        }
        if self.rules(key.side).new == OnNew::Offer && !seen.forced {
            self.withdraw(other, "a person decides whether it is made");
            self.open(problems::not_created(&self.title(&seen.sighting.fields), key.side), key);
            return self.planned();
        }
        if self.subject.candidates_cut_short && !seen.forced {
            return self.hold(key, format!("more records in {} are like it than can be compared", other.title()));
        }
        if !suspects.is_empty() && !seen.forced {
            return self.ask_after_restore(seen, &suspects, true);
        }
        if let Some(occupied) = self.name_holder(seen) {
            let partner = self.entity.title(&occupied.fields);
            let trouble = problems::name_occupied(&self.title(&seen.sighting.fields), key.side, &partner);
            self.withdraw(other, "its name is taken");
            self.open(trouble, key);
            return self.planned();
        }
        let mut fields = match self.entity.complete(&seen.sighting, self.context) {
            Ok(fields) => fields,
            Err(trouble) => {
                self.withdraw(other, &trouble.summary);
                let reason = trouble.summary.clone();
                self.open(*trouble, key);
                // A default that is named and not there yet may still appear.
                let settings = &self.context.settings;
                let awaited = self.entity.defaults().iter().any(|wanted| settings.default_record(*wanted).is_some());
                return if awaited { self.defer(key, reason) } else { self.planned() };
            }
        };
        if let Some(alias) = self.alias_for(seen, fields.text("name")) {
            fields.set("name", Some(Value::Text(alias)));
        }
        self.close(PLACING, key);
        let reason = format!("new in {}", key.side.title());
        self.propose(Proposal {
            operation: Operation::Create,
            source: seen,
            target: None,
            fields,
            cleared: Vec::new(),
            reason,
        });
        self.planned();
    }
}

/// Problems that stand in the way of finding or making a partner.
const PLACING: &[ProblemCode] =
    &[ProblemCode::Ambiguous, ProblemCode::MoneyDiffers, ProblemCode::Incomplete, ProblemCode::NotCreated];

fn unwanted(seen: &Seen) -> Option<String> {
    if seen.sighting.life == Life::Gone {
        return Some("it is gone where it was made".to_owned());
    }
    if seen.skipped {
        return Some("a person left it as it is".to_owned());
    }
    if seen.sighting.merged_into.is_some() {
        return Some("it was merged into another record".to_owned());
    }
    seen.sighting.hold.clone()
}

/// A pair.
impl Decision<'_> {
    fn reconcile(&mut self, link: &Link, quickbooks: &Seen, billcom: &Seen) {
        if self.subject.live.iter().any(|live| live.state.is_out()) {
            return self.defer_all("a change is under way");
        }
        for seen in [quickbooks, billcom] {
            // It has its partner: whatever stood in the way of that does not any more.
            let placed = [ProblemCode::Ambiguous, ProblemCode::MoneyDiffers, ProblemCode::NotCreated];
            self.close(&placed, &seen.sighting.key);
        }
        let departed = |seen: &Seen| seen.sighting.life == Life::Gone || seen.sighting.merged_into.is_some();
        if departed(quickbooks) && departed(billcom) {
            return self.both_departed(link, quickbooks, billcom);
        }
        for (side, seen) in [(Side::QuickBooks, quickbooks), (Side::BillCom, billcom)] {
            if seen.sighting.merged_into.is_some() {
                return self.follow_merge(link, side, seen);
            }
        }
        match (quickbooks.sighting.life, billcom.sighting.life) {
            (Life::Alive, Life::Alive) => self.merge(link, quickbooks, billcom),
            (Life::Gone, Life::Gone) => self.both_departed(link, quickbooks, billcom),
            (Life::Gone, Life::Alive) => self.follow_gone(link, quickbooks, billcom),
            (Life::Alive, Life::Gone) => self.follow_gone(link, billcom, quickbooks),
        }
    }

    /// Nothing is left of a pair: both were removed, or merged into others.
    fn both_departed(&mut self, link: &Link, quickbooks: &Seen, billcom: &Seen) {
        self.withdraw_all("it is gone on both sides");
        self.close(STANDING, &quickbooks.sighting.key);
        match self.entity.left_by_void(&link.billcom_base, self.context) {
            Some(trouble) if !billcom.skipped => self.open(trouble, &billcom.sighting.key),
            _ => self.close(STANDING, &billcom.sighting.key),
        }
        self.planned();
    }

    fn withdraw_all(&mut self, why: &str) {
        for side in Side::ALL {
            self.withdraw(side, why);
        }
    }

    fn follow_merge(&mut self, link: &Link, side: Side, seen: &Seen) {
        self.withdraw_all("it was merged into another record");
        let survivor = self.context.survivors.get(&seen.sighting.key).cloned();
        let free = survivor.filter(|survivor| {
            let to = Reference { kind: self.subject.kind, id: survivor.clone() };
            self.context.partners.of(side, &to).is_none()
        });
        match free {
            Some(to) => {
                self.push(Transition::MovePair { link: Box::new(link.clone()), side, to });
                let title = self.title(&seen.sighting.fields);
                let text = format!("{title}: merged in {}; its partner now belongs to the survivor", side.title());
                self.note(EventKind::Linked, &seen.sighting.key, text);
            }
            None if seen.skipped => {}
            None => self.open(problems::merged(&self.title(&seen.sighting.fields), side), &seen.sighting.key),
        }
        self.planned();
    }

    /// `gone` does not stand any more, `left` does.
    fn follow_gone(&mut self, link: &Link, gone: &Seen, left: &Seen) {
        let side = gone.sighting.key.side;
        self.withdraw(side, "it is gone there");
        let key = left.sighting.key.clone();
        let left_base = link.base_on(side.other());
        if let Some(successor) = successor(self.entity, self.subject, &left.sighting, left_base, self.context) {
            self.take_over(link, &successor.clone(), left);
            return self.planned();
        }
        let rule = match &gone.sighting.hold {
            // It is missing because of a backup, not because somebody removed it.
            Some(_) => OnGone::Difference,
            None => self.rules(side).gone,
        };
        match rule {
            OnGone::Deactivate if left.sighting.fields.flag("active") == Some(false) => self.close(STANDING, &key),
            OnGone::Deactivate if link.base_on(side.other()).flag("active") != Some(false) => {
                let fields = Fields::new().with("active", Value::Flag(false));
                let reason = format!("gone in {}", side.title());
                // What is gone is out of use: that is what both agree on then. Should a backup bring it back, in use, that is news.
                let mut source = gone.clone();
                source.sighting.fields.set("active", Some(Value::Flag(false)));
                self.propose(Proposal {
                    operation: Operation::Update,
                    source: &source,
                    target: Some(left),
                    fields,
                    cleared: Vec::new(),
                    reason,
                });
            }
            OnGone::Void if gone.skipped => self.withdraw(side.other(), "a person left it as it is"),
            OnGone::Void | OnGone::Offer if rule == OnGone::Void || gone.forced => {
                let reason = format!("voided or removed in {}", side.title());
                self.propose(Proposal {
                    operation: Operation::Void,
                    source: gone,
                    target: Some(left),
                    fields: Fields::new(),
                    cleared: Vec::new(),
                    reason,
                });
            }
            OnGone::Ignore => self.withdraw(side.other(), "its partner is gone"),
            OnGone::Deactivate | OnGone::Difference | OnGone::Void | OnGone::Offer => {
                self.withdraw(side.other(), "its partner is gone");
                if !left.skipped {
                    let title = self.title(&left.sighting.fields);
                    self.open(problems::gone(&title, side, rule == OnGone::Offer), &key);
                }
            }
        }
        self.planned();
    }

    /// Deleted and entered again: the new record takes the place of the old one. What was not typed in again was not changed
    /// either: it has no base any more, so that the other side fills it.
    fn take_over(&mut self, link: &Link, successor: &Sighting, left: &Seen) {
        let side = successor.key.side;
        let (mut quickbooks_base, mut billcom_base) = (link.quickbooks_base.clone(), link.billcom_base.clone());
        for spec in self.entity.fields().iter().filter(|spec| !successor.fields.has(spec.name)) {
            quickbooks_base.set(spec.name, None);
            billcom_base.set(spec.name, None);
        }
        self.push(Transition::Rebase { link: link.id, quickbooks_base, billcom_base });
        self.push(Transition::MovePair { link: Box::new(link.clone()), side, to: successor.key.id.clone() });
        let text = format!("{}: entered again in {}", self.title(&left.sighting.fields), side.title());
        self.note(EventKind::Linked, &left.sighting.key, text);
    }

    fn merge(&mut self, link: &Link, quickbooks: &Seen, billcom: &Seen) {
        let pair = Pair {
            quickbooks: &quickbooks.sighting.fields,
            billcom: &billcom.sighting.fields,
            quickbooks_base: &link.quickbooks_base,
            billcom_base: &link.billcom_base,
        };
        let merged = merge(self.entity, pair, &self.context.settings, &self.context.partners);
        self.rebase_agreed(link, pair, &merged);
        if self.subject.stale_rounds > STALE_ROUNDS_MAX && merged.writes_to(Side::QuickBooks) {
            self.withdraw(Side::QuickBooks, "it keeps changing");
            self.open(problems::too_many_rounds(&self.title(pair.billcom)), &billcom.sighting.key);
            return self.planned();
        }
        self.close(&[ProblemCode::TooManyRounds], &billcom.sighting.key);
        self.close_guarded(pair, quickbooks);
        if let Some((quickbooks_total, billcom_total)) = self.totals_differ(&merged, quickbooks, billcom) {
            let trouble = problems::totals_differ(&self.title(pair.billcom), quickbooks_total, billcom_total);
            self.open(trouble, &billcom.sighting.key);
        } else if merged.differences.is_empty() {
            self.close(&[ProblemCode::Difference], &billcom.sighting.key);
        } else {
            let rules = self.entity.rules(&self.context.settings);
            let edited = if rules.quickbooks.edited == OnEdit::Difference { Side::QuickBooks } else { Side::BillCom };
            let trouble = problems::difference(&self.title(pair.billcom), &merged.differences, edited);
            self.open(trouble, &billcom.sighting.key);
        }
        let proposed_quickbooks = self.carry(billcom, quickbooks, &merged);
        let proposed_billcom = self.carry(quickbooks, billcom, &merged);
        if proposed_quickbooks || proposed_billcom {
            self.note_conflicts(&merged, billcom);
        }
        self.planned();
    }

    /// Both sides compute a total, and not the same one, although nobody edited anything and nothing is still to be told.
    fn totals_differ(&self, merged: &Merged, quickbooks: &Seen, billcom: &Seen) -> Option<(Money, Money)> {
        let settled = merged.differences.is_empty() && Side::ALL.into_iter().all(|side| !merged.writes_to(side));
        if !settled || quickbooks.skipped || billcom.skipped {
            return None;
        }
        let total = self.entity.total()?;
        let (left, right) = (quickbooks.sighting.fields.money(total)?, billcom.sighting.fields.money(total)?);
        (left != right).then_some((left, right))
    }

    /// Fields that a person had to enter in Bill.com agree now.
    fn close_guarded(&mut self, pair: Pair<'_>, quickbooks: &Seen) {
        let guarded = self.entity.guarded_fields();
        let agree = self.entity.fields().iter().filter(|spec| guarded.contains(&spec.name)).all(|spec| {
            equivalent(spec, pair.quickbooks.get(spec.name), pair.billcom.get(spec.name), &self.context.partners)
        });
        if agree {
            self.close(&[ProblemCode::BillComGuardedFields], &quickbooks.sighting.key);
        }
    }

    fn rebase_agreed(&mut self, link: &Link, pair: Pair<'_>, merged: &Merged) {
        if merged.agreed.is_empty() {
            return;
        }
        let (mut quickbooks_base, mut billcom_base) = (link.quickbooks_base.clone(), link.billcom_base.clone());
        for name in &merged.agreed {
            quickbooks_base.set(*name, pair.quickbooks.get(name).cloned());
            billcom_base.set(*name, pair.billcom.get(name).cloned());
        }
        self.push(Transition::Rebase { link: link.id, quickbooks_base, billcom_base });
    }

    /// Carries changes from one side to the other; whether something new was proposed.
    fn carry(&mut self, from: &Seen, to: &Seen, merged: &Merged) -> bool {
        let target = to.sighting.key.side;
        let (mut fields, cleared) = match target {
            Side::QuickBooks => (merged.to_quickbooks.clone(), merged.clear_quickbooks.clone()),
            Side::BillCom => (merged.to_billcom.clone(), merged.clear_billcom.clone()),
        };
        if fields.is_empty() && cleared.is_empty() {
            self.withdraw(target, "nothing is left to be changed");
            self.drop_refusals(target);
            return false;
        }
        // What a new record would be completed with, a changed one is too: the same line, the same default account.
        match self.entity.complete(&from.sighting, self.context) {
            Ok(complete) => {
                fields = fields
                    .iter()
                    .map(|(name, value)| (name.clone(), complete.get(name.as_str()).unwrap_or(value).clone()))
                    .collect();
            }
            Err(trouble) => {
                self.withdraw(target, &trouble.summary);
                self.open(*trouble, &from.sighting.key);
                return false;
            }
        }
        if let Some(alias) = self.alias_for(from, fields.text("name")) {
            fields.set("name", Some(Value::Text(alias)));
        }
        self.close(&[ProblemCode::Incomplete], &from.sighting.key);
        let mut reason = format!("changed in {}: {}", from.sighting.key.side.title(), self.labels(&fields, &cleared));
        for (label, quickbooks, billcom, winner) in merged.conflicts.iter().filter(|(.., winner)| *winner != target) {
            // A part of the reason, so that a conflict which appears later makes a new intent, and is noted.
            reason.push_str(&format!("; {label} on both sides ({quickbooks} and {billcom}), {} wins", winner.title()));
        }
        self.propose(Proposal { operation: Operation::Update, source: from, target: Some(to), fields, cleared, reason })
    }

    /// What a record is called in QuickBooks when another of its lists has the name that it has just been given.
    fn alias_for(&self, seen: &Seen, name: Option<&str>) -> Option<String> {
        let suffix = self.entity.name_suffix(&self.context.settings)?;
        let alias = with_suffix(self.entity, name?, suffix);
        seen.alias.clone().filter(|known| *known == alias)
    }

    fn labels(&self, fields: &Fields, cleared: &[String]) -> String {
        let touched = |name: &str| fields.has(name) || cleared.iter().any(|cleared| cleared == name);
        let labels: Vec<_> =
            self.entity.fields().iter().filter(|spec| touched(spec.name)).map(|spec| spec.label).collect();
        labels.join(", ")
    }

    fn note_conflicts(&mut self, merged: &Merged, billcom: &Seen) {
        for (label, left, right, winner) in &merged.conflicts {
            let text = format!(
                "{}: {label} was changed on both sides ({left} in QuickBooks, {right} in Bill.com); {} wins",
                self.title(&billcom.sighting.fields),
                winner.title()
            );
            self.note(EventKind::Conflict, &billcom.sighting.key, text);
        }
    }
}

/// Problems about a pair as it stands.
const STANDING: &[ProblemCode] = &[ProblemCode::Difference, ProblemCode::TooManyRounds];

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
