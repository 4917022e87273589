//! Lists: each record once on each side, alike on both, and holding what people typed in last.

use super::{Findings, Rest, name};
use crate::model::{Kind, Side};
use crate::sim::world::diary::{Claims, Who, mark_of};
use crate::sim::world::shelf::{Entry, is_token};
use std::collections::BTreeMap;

/// One record on both sides.
#[derive(Default)]
struct Pair<'a> {
    quickbooks: Vec<&'a Entry>,
    billcom: Vec<&'a Entry>,
}

pub(super) fn check(rest: &Rest<'_>, findings: &mut Findings) {
    let mut pairs: BTreeMap<Who, Pair<'_>> = BTreeMap::new();
    for entry in rest.lists(Side::QuickBooks) {
        pairs.entry((entry.kind, entry.token.clone())).or_default().quickbooks.push(entry);
    }
    for entry in rest.lists(Side::BillCom).iter().filter(|entry| !entry.merged) {
        pairs.entry((entry.kind, entry.token.clone())).or_default().billcom.push(entry);
    }
    for (who, pair) in &pairs {
        once(rest, who, pair, findings);
        alike(rest, who, pair, findings);
    }
    for (who, field, claims) in rest.diary.claims() {
        if let Some(pair) = pairs.get(who) {
            claimed(rest, who, pair, (field, claims), findings);
        }
    }
}

/// No duplicate.
fn once(rest: &Rest<'_>, who: &Who, pair: &Pair<'_>, findings: &mut Findings) {
    for (side, entries) in [(Side::QuickBooks, &pair.quickbooks), (Side::BillCom, &pair.billcom)] {
        let again = rest.diary.is_confused(who);
        let counted = entries.iter().filter(|entry| !again || entry.active).count();
        // What was entered again, and came back with a backup that does not know of that, was entered twice by people. What is
        // left over from it is shown, and nobody but a person can say that both are one.
        let entered_twice = rest.diary.was_entered_again(who) && rest.is_shown(who);
        if counted > 1 && !rest.diary.is_decided(who) && !entered_twice {
            let text = format!("{} stands {counted} times in {}", name(who.0, &who.1), side.title());
            findings.add("no-duplicate", text);
        }
    }
}

/// No loss: what is in use on one side is in use on the other, or people are told why not.
fn alike(rest: &Rest<'_>, who: &Who, pair: &Pair<'_>, findings: &mut Findings) {
    let (quickbooks, billcom) = (active(&pair.quickbooks), active(&pair.billcom));
    if quickbooks == billcom || rest.is_shown(who) {
        return;
    }
    let (there, missing) =
        if quickbooks { (Side::QuickBooks, Side::BillCom) } else { (Side::BillCom, Side::QuickBooks) };
    let what =
        if pair.quickbooks.is_empty() || pair.billcom.is_empty() { "is not there" } else { "is not in use there" };
    let text = format!("{} is in use in {}, and {what} in {}", name(who.0, &who.1), there.title(), missing.title());
    // Somebody merged it or entered it again: what follows for it is not written in one line of the table.
    if !rest.diary.is_confused(who) {
        findings.add("no-loss", text);
    }
}

fn active(entries: &[&Entry]) -> bool {
    entries.iter().any(|entry| entry.active)
}

/// No clobber: what people typed in stands, on the side where they did and on the other.
fn claimed(rest: &Rest<'_>, who: &Who, pair: &Pair<'_>, (field, claims): (&str, &Claims), findings: &mut Findings) {
    let (Some(quickbooks), Some(billcom)) = (only(&pair.quickbooks), only(&pair.billcom)) else { return };
    // What is out of use on both sides is not kept in step.
    let nobody = claims.quickbooks.is_none() && claims.billcom.is_none();
    if nobody || rest.diary.is_confused(who) || rest.diary.is_decided(who) || !quickbooks.active && !billcom.active {
        return;
    }
    let text = |entry: &Entry| entry.fields.get(field).cloned().unwrap_or_default();
    let (left, right) = (text(quickbooks), text(billcom));
    let marks = [mark_of(field, &left), mark_of(field, &right)];
    let item = who.0 == Kind::Item;
    let winner = winner(rest, claims, item);
    let told =
        format!("{field} of {}: {left:?} in QuickBooks, {right:?} in Bill.com, claims {claims:?}", name(who.0, &who.1));
    if marks[0] != marks[1] {
        if !(rest.is_shown(who) || item && claims.quickbooks.is_none()) {
            findings.add("no-loss", told);
        }
        return;
    }
    let allowed =
        [Side::QuickBooks, Side::BillCom].into_iter().filter(|side| winner.is_none_or(|winner| winner == *side));
    let claim_of = |side: Side| claims.on(side).filter(|claim| claim.mark == marks[0]);
    if !allowed.clone().any(|side| claim_of(side).is_some()) {
        findings.add("no-clobber", told);
        return;
    }
    // Nobody but a person changes the words on the side where they were typed in.
    for (side, stands) in [(Side::QuickBooks, &left), (Side::BillCom, &right)] {
        if claim_of(side).is_some_and(|claim| claim.shown != *stands) {
            findings.add("no-clobber", format!("its own words were changed in {}: {told}", side.title()));
        }
    }
}

/// The side whose word counts, when that can be said.
fn winner(rest: &Rest<'_>, claims: &Claims, item: bool) -> Option<Side> {
    match (&claims.quickbooks, &claims.billcom) {
        _ if item => Some(Side::QuickBooks),
        (Some(left), Some(right)) if left.mark == right.mark => None,
        (Some(_), Some(_)) if rest.diary.winner_changed => None,
        (Some(_), Some(_)) => Some(rest.winner),
        (Some(_), None) => Some(Side::QuickBooks),
        (None, Some(_)) => Some(Side::BillCom),
        (None, None) => None,
    }
}

fn only<'a>(entries: &[&'a Entry]) -> Option<&'a Entry> {
    match entries {
        [one] if is_token(&one.token) => Some(one),
        _ => None,
    }
}
