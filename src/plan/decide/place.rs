//! A record without a partner: it is recognised, asked about, made, or left where it is.

use super::{Decision, Proposal};
use crate::entities::{HoldBack, Likeness, OnNew};
use crate::limits::CANDIDATES_MAX;
use crate::model::{
    EventKind, Fields, Kind, Life, Operation, ProblemCode, RecordKey, Reference, Side, Sighting, Value,
};
use crate::plan::matching::{Match, alike, match_candidates};
use crate::plan::{Inherited, Seen, Transition, problems};

impl Decision<'_> {
    /// What follows for a record without a partner.
    pub(super) fn place(&mut self, seen: &Seen) {
        let key = &seen.sighting.key;
        let other = key.side.other();
        if self.subject.live_towards(other).is_some_and(|live| live.state.is_out()) {
            return self.defer(key, "its creation is under way");
        }
        if self.subject.may_be_a_new_one && seen.sighting.life == Life::Gone {
            // Voided or removed before it was recognised: it is not made once more.
            return self.hold(key, waits_for_new(self.subject.kind));
        }
        if let Some(why) = unwanted(seen) {
            self.withdraw(other, &why);
            self.drop_refusals(other);
            self.close(PLACING, key);
            return self.planned();
        }
        if !self.context.complete.contains(&(other, self.subject.kind)) {
            return self.stay(seen, format!("waits until {} has been read completely", other.title()));
        }
        if let Some(reference) = self.unplaced_identity(seen) {
            self.close_incomplete(seen);
            return self.wait_for(key, &reference);
        }
        if self.subject.same_may_be_out {
            return self.stay(seen, "a record that could be the same one is under way".to_owned());
        }
        match match_candidates(self.entity, seen, self.subject, self.context) {
            Match::One(candidate) => self.adopt(seen, &candidate.clone()),
            Match::Unsure(candidates) => self.ask_which(seen, &candidates),
            Match::Nothing => match self.heirs(seen).as_slice() {
                [] => self.create(seen),
                [one] if !one.taken => self.adopt_heir(seen, &one.clone()),
                heirs => self.ask_about_merge(seen, &heirs[0].clone()),
            },
        }
    }

    /// Holds it for a reason of its own: that it was incomplete is not said any longer once it is complete.
    fn stay(&mut self, seen: &Seen, reason: String) {
        self.close_incomplete(seen);
        self.hold(&seen.sighting.key, reason);
    }

    /// Closes the question about an incomplete record as soon as it is complete, whatever else it waits for.
    fn close_incomplete(&mut self, seen: &Seen) {
        let was_told = self.subject.problems.iter().any(|open| open.code == ProblemCode::Incomplete);
        if was_told && self.entity.complete(&seen.sighting, self.context).is_ok() {
            self.close(&[ProblemCode::Incomplete], &seen.sighting.key);
        }
    }

    /// Records of the other side that this one is the same as, because of a merge that was made before the two were recognised.
    fn heirs(&self, seen: &Seen) -> Vec<Inherited> {
        let same = |it: &&Inherited| alike(self.entity, &it.own, &it.other, self.context) == Likeness::Same;
        let inherited = self.subject.inherited.iter().filter(|_| !seen.forced);
        inherited.filter(same).cloned().collect()
    }

    fn ask_about_merge(&mut self, seen: &Seen, heir: &Inherited) {
        let key = &seen.sighting.key;
        self.withdraw(key.side.other(), "a record of its name was merged on the other side");
        if self.rules(key.side).new != OnNew::Stay {
            let (title, left) = (self.title(&seen.sighting.fields), self.entity.title(&heir.heir.fields));
            self.open(problems::merged_before(&title, key.side, &left), key);
        }
        self.planned();
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
                let partners = &self.context.partners;
                let known = partners.of(side, reference).is_some() || partners.may_be_known(side, reference);
                !known && !self.context.coming.contains(&key)
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

    /// As if the two had been recognised before the merge: what is left of it counts as changed since.
    fn adopt_heir(&mut self, seen: &Seen, inherited: &Inherited) {
        let (quickbooks, billcom) = match seen.sighting.key.side {
            Side::QuickBooks => (&inherited.own, &inherited.other),
            Side::BillCom => (&inherited.other, &inherited.own),
        };
        let bases = self.bases(&quickbooks.fields, &billcom.fields);
        self.pair_with(seen, &inherited.heir, bases);
    }

    fn adopt(&mut self, seen: &Seen, candidate: &Sighting) {
        let (quickbooks, billcom) = match seen.sighting.key.side {
            Side::QuickBooks => (&seen.sighting, candidate),
            Side::BillCom => (candidate, &seen.sighting),
        };
        let bases = self.bases(&quickbooks.fields, &billcom.fields);
        self.pair_with(seen, candidate, bases);
    }

    fn pair_with(&mut self, seen: &Seen, candidate: &Sighting, (quickbooks_base, billcom_base): (Fields, Fields)) {
        let (quickbooks, billcom) = match seen.sighting.key.side {
            Side::QuickBooks => (&seen.sighting, candidate),
            Side::BillCom => (candidate, &seen.sighting),
        };
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
            Some(HoldBack::Until(reason)) => self.stay(seen, reason),
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
        if self.subject.may_be_a_new_one {
            return self.stay(seen, waits_for_new(self.subject.kind));
        }
        if self.rules(key.side).new == OnNew::Offer && !seen.forced {
            self.withdraw(other, "a person decides whether it is made");
            self.open(problems::not_created(&self.title(&seen.sighting.fields), key.side), key);
            return self.planned();
        }
        if self.subject.candidates_cut_short && !seen.forced {
            return self.stay(seen, format!("more records in {} are like it than can be compared", other.title()));
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

/// Why a record is held while it is not known what became of one of its kind that was being made on its side: it may be that one,
/// changed by somebody since.
#[must_use]
pub fn waits_for_new(kind: Kind) -> String {
    format!("waits until it is known what became of a new {} there", kind.title())
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
