//! A pair: what changed on one side is carried to the other, and what is gone is followed.

use super::{Decision, Proposal};
use crate::entities::{Likeness, OnEdit, OnGone, is_application};
use crate::limits::STALE_ROUNDS_MAX;
use crate::model::{
    EventKind, Fields, Life, Link, Money, NativeId, Operation, Problem, ProblemCode, RecordKey, Reference, Side,
    Sighting, Value,
};
use crate::plan::matching::{alike, successor};
use crate::plan::merge::{Merged, Pair, equivalent, merge};
use crate::plan::{Seen, Transition, problems};

impl Decision<'_> {
    /// What follows for a record and its partner.
    pub(super) fn reconcile(&mut self, link: &Link, quickbooks: &Seen, billcom: &Seen) {
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
            (Life::Gone, _) => self.follow_gone(link, quickbooks, billcom),
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
        let left = survivor.as_ref().map(|id| RecordKey::new(side, self.subject.kind, id.clone()));
        if left.is_some_and(|left| self.context.survivors_on_the_way.contains(&left)) {
            return self.defer_all("waits until it is known what became of the record that it was merged into");
        }
        let free = survivor.filter(|survivor| {
            let to = Reference { kind: self.subject.kind, id: survivor.clone() };
            self.context.partners.of(side, &to).is_none() && !self.has_twin(survivor)
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

    /// Whether what is left of a merge stands on the other side as itself, not recognised yet: its partner is that one.
    fn has_twin(&self, survivor: &NativeId) -> bool {
        self.context.twins_of_survivors.iter().any(|(left, twin)| {
            left.key.id == *survivor && alike(self.entity, left, twin, self.context) == Likeness::Same
        })
    }

    /// `gone` does not stand any more, `left` does.
    fn follow_gone(&mut self, link: &Link, gone: &Seen, left: &Seen) {
        let side = gone.sighting.key.side;
        self.withdraw(side, "it is gone there");
        let key = left.sighting.key.clone();
        let left_base = link.base_on(side.other());
        if let Some(successor) =
            successor(self.entity, self.subject, &gone.sighting, &left.sighting, left_base, self.context)
        {
            self.take_over(link, &successor.clone(), left);
            return self.planned();
        }
        let rule = match &gone.sighting.hold {
            // It is missing because of a backup, not because somebody removed it.
            Some(_) if self.rules(side).gone != OnGone::Again => OnGone::Difference,
            _ => self.rules(side).gone,
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
            OnGone::Deactivate | OnGone::Difference | OnGone::Void | OnGone::Offer | OnGone::Again => {
                self.withdraw(side.other(), "its partner is gone");
                if !left.skipped {
                    let title = self.title(&left.sighting.fields);
                    self.open(problems::gone(&title, side, rule), &key);
                }
            }
        }
        self.planned();
    }

    /// Deleted and entered again: the new record takes the place of the old one. What was not typed in again was not changed
    /// either: it has no base any more, so that the other side fills it.
    fn take_over(&mut self, link: &Link, successor: &Sighting, left: &Seen) {
        let side = successor.key.side;
        self.withdraw(side.other(), "its record was entered again");
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
        let mut pair = Pair {
            quickbooks: &quickbooks.sighting.fields,
            billcom: &billcom.sighting.fields,
            quickbooks_base: &link.quickbooks_base,
            billcom_base: &link.billcom_base,
        };
        let unsettled = self.unsettled_base(pair, quickbooks);
        if let Some(base) = &unsettled {
            pair.quickbooks_base = base;
        }
        let mut merged = merge(self.entity, pair, &self.context.settings, &self.context.partners);
        if is_application(&quickbooks.sighting.key.id) {
            // QuickBooks has no record of it that would belong to anybody: the bill and the credit do.
            let identity = self.entity.fields().iter().filter(|spec| spec.identity);
            identity.for_each(|spec| merged.agree(spec.name, Side::QuickBooks));
        }
        self.leave_what_was_merged(pair, &mut merged);
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

    /// A record of Bill.com that was made while whom it names was merged there names the merged one for ever: nobody tells it of
    /// the merge. It is told whom QuickBooks names, where that is what is left.
    fn leave_what_was_merged(&self, pair: Pair<'_>, merged: &mut Merged) {
        if self.entity.rules(&self.context.settings).quickbooks.edited != OnEdit::Update {
            return;
        }
        for spec in self.entity.fields() {
            let (Some(named), Some(own)) = (pair.billcom.reference(spec.name), pair.quickbooks.reference(spec.name))
            else {
                continue;
            };
            let key = RecordKey::new(Side::BillCom, named.kind, named.id.clone());
            let left = self.context.survivors.get(&key);
            if left.is_some() && left == self.context.partners.of(Side::QuickBooks, own) {
                merged.carry(spec.name, pair.quickbooks.get(spec.name), Side::BillCom);
            }
        }
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

    /// What only a person may change in Bill.com still differs, and people are shown it: an edit made there meanwhile is another
    /// side of the same conflict, not news that goes over what QuickBooks says.
    fn unsettled_base(&self, pair: Pair<'_>, quickbooks: &Seen) -> Option<Fields> {
        let key = Some(&quickbooks.sighting.key);
        let is_shown = |open: &Problem| open.code == ProblemCode::BillComGuardedFields && open.key.as_ref() == key;
        if !self.subject.problems.iter().any(is_shown) {
            return None;
        }
        let mut base = pair.quickbooks_base.clone();
        for name in self.entity.guarded_fields() {
            if pair.billcom.get(name) != pair.billcom_base.get(name) {
                base.set(*name, pair.billcom_base.get(name).cloned());
            }
        }
        Some(base)
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
