//! Linking before creating: which record on the other side is this one?

use super::{Seen, Subject};
use crate::entities::Context;
use crate::entities::{self, Entity, Likeness, likeness};
use crate::model::{Fields, Side, Sighting};

/// What looking for a partner found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Match<'a> {
    /// Nothing is like it.
    Nothing,
    /// Exactly one is it.
    One(&'a Sighting),
    /// Several could be it, or one differs in money: a person decides.
    Unsure(Vec<&'a Sighting>),
}

/// Looks for the partner of an unlinked record among those that share an identity key.
///
/// Exactly one equal candidate is adopted. A doubtful one is never adopted, and stands in the way of making a new
/// record, unless a person has said that none of them is it.
#[must_use]
pub(super) fn match_candidates<'a>(
    entity: &dyn Entity,
    seen: &Seen,
    subject: &'a Subject,
    context: &Context,
) -> Match<'a> {
    if seen.forced {
        return Match::Nothing;
    }
    let mut same: Vec<&Sighting> = Vec::new();
    let mut doubtful = Vec::new();
    for candidate in &subject.candidates {
        match alike(entity, &seen.sighting, candidate, context) {
            Likeness::Same => same.push(candidate),
            Likeness::Doubtful => doubtful.push(candidate),
            Likeness::Different => {}
        }
    }
    if same.len() > 1 {
        // Two payments of one day, amount and bill: the number tells which is which.
        let numbered: Vec<_> = same.iter().copied().filter(|it| same_number(entity, &seen.sighting, it)).collect();
        if numbered.len() == 1 {
            same = numbered;
        }
    }
    match (same.as_slice(), doubtful.is_empty()) {
        ([], true) => Match::Nothing,
        ([one], _) => match claim(entity, seen, subject, context, one) {
            Claim::Sole => Match::One(one),
            Claim::Shared => Match::Unsure(vec![one]),
            Claim::Weaker => Match::Nothing,
        },
        ([], false) => Match::Unsure(doubtful),
        _ => Match::Unsure(same),
    }
}

/// How alike two records of both sides are. A name that QuickBooks holds with the suffix behind it, because another of its lists
/// has the name, is the name that Bill.com holds without.
pub(super) fn alike(entity: &dyn Entity, own: &Sighting, other: &Sighting, context: &Context) -> Likeness {
    let side = own.key.side;
    let plain = likeness(entity, side, &own.fields, &other.fields, &context.partners);
    if plain != Likeness::Different {
        return plain;
    }
    let (quickbooks, billcom) = if side == Side::QuickBooks { (own, other) } else { (other, own) };
    let Some(renamed) = entities::suffixed(entity, &billcom.fields, &context.settings) else { return plain };
    entity.compare(&quickbooks.fields, &renamed, &context.partners)
}

/// The record that took the place of the one that is gone on a side of a pair: the only free one there that is the same as what
/// is `left` on the other side, as that reads now or as it read when both agreed. Somebody who enters a record again types in
/// the name that it had there, whatever it is called elsewhere since.
pub(super) fn successor<'a>(
    entity: &dyn Entity,
    subject: &'a Subject,
    gone: &Sighting,
    left: &Sighting,
    left_base: &Fields,
    context: &Context,
) -> Option<&'a Sighting> {
    let agreed = Sighting { fields: left_base.clone(), ..left.clone() };
    let same = |sibling: &&Sighting| {
        let like = |other: &Sighting| alike(entity, sibling, other, context) == Likeness::Same;
        like(left) || like(&agreed) || is_entered_again(entity, gone, sibling)
    };
    let mut found = subject.siblings.iter().filter(same);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// Whether a record bears everything that the one which is gone on its side was known by.
fn is_entered_again(entity: &dyn Entity, gone: &Sighting, sibling: &Sighting) -> bool {
    let keys = entity.keys(&gone.fields);
    let belongs = [entity.owner(), entity.parent()];
    let same = |field: &&str| gone.fields.reference(field) == sibling.fields.reference(field);
    !keys.is_empty() && keys == entity.keys(&sibling.fields) && belongs.iter().flatten().all(same)
}

/// Whether both bear the same number, as QuickBooks can keep it.
fn same_number(entity: &dyn Entity, own: &Sighting, other: &Sighting) -> bool {
    let spec = entity.fields().iter().find(|spec| spec.name == "number");
    let numbers = own.fields.text("number").zip(other.fields.text("number"));
    spec.zip(numbers).is_some_and(|(spec, (left, right))| entities::same_text(left, right, spec.quickbooks_chars_max))
}

/// How good a record's claim to a candidate is.
enum Claim {
    /// No other record of its side is like the candidate.
    Sole,
    /// Another one in use is as like it.
    Shared,
    /// Another one is in use, this one is not.
    Weaker,
}

/// "Exactly one" holds from both sides: of two records of one name, neither is taken unasked; one in use goes before one
/// that is not.
fn claim(entity: &dyn Entity, seen: &Seen, subject: &Subject, context: &Context, candidate: &Sighting) -> Claim {
    let active = |sighting: &Sighting| sighting.fields.flag("active") != Some(false);
    let ours = same_number(entity, &seen.sighting, candidate);
    let rival = |sibling: &&Sighting| {
        let closer = ours && !same_number(entity, sibling, candidate);
        alike(entity, sibling, candidate, context) == Likeness::Same && active(sibling) && !closer
    };
    match (subject.siblings.iter().any(|sibling| rival(&sibling)), active(&seen.sighting)) {
        (false, _) => Claim::Sole,
        (true, true) => Claim::Shared,
        (true, false) => Claim::Weaker,
    }
}
