//! Linking before creating: which record on the other side is this one?

use super::{Seen, Subject};
use crate::entities::Context;
use crate::entities::{Entity, Likeness, likeness};
use crate::model::Sighting;

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
        match likeness(entity, seen.sighting.key.side, &seen.sighting.fields, &candidate.fields, &context.partners) {
            Likeness::Same => same.push(candidate),
            Likeness::Doubtful => doubtful.push(candidate),
            Likeness::Different => {}
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
    let rival = |sibling: &&Sighting| {
        let alike = likeness(entity, sibling.key.side, &sibling.fields, &candidate.fields, &context.partners);
        alike == Likeness::Same && active(sibling)
    };
    match (subject.siblings.iter().any(|sibling| rival(&sibling)), active(&seen.sighting)) {
        (false, _) => Claim::Sole,
        (true, true) => Claim::Shared,
        (true, false) => Claim::Weaker,
    }
}
