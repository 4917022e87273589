//! Bills, vendor credits, invoices: each once, alike on both sides or shown to differ.

use super::{Findings, Rest, name};
use crate::model::{Kind, Side};
use crate::sim::world::diary::Who;
use crate::sim::world::shelf::{Paper, is_token};
use std::collections::BTreeMap;

#[derive(Default)]
struct Pair<'a> {
    quickbooks: Vec<&'a Paper>,
    billcom: Vec<&'a Paper>,
}

pub(super) fn check(rest: &Rest<'_>, findings: &mut Findings) {
    let mut pairs: BTreeMap<Who, Pair<'_>> = BTreeMap::new();
    for paper in rest.papers(Side::QuickBooks).iter().filter(|paper| is_token(&paper.token)) {
        pairs.entry((paper.kind, paper.token.clone())).or_default().quickbooks.push(paper);
    }
    for paper in rest.papers(Side::BillCom) {
        pairs.entry((paper.kind, paper.token.clone())).or_default().billcom.push(paper);
    }
    for (who, pair) in &pairs {
        once(rest, who, pair, findings);
        alike(rest, who, pair, findings);
    }
}

/// No duplicate: not even one that was voided later, for nobody enters a document twice.
fn once(rest: &Rest<'_>, who: &Who, pair: &Pair<'_>, findings: &mut Findings) {
    for (side, papers) in [(Side::QuickBooks, &pair.quickbooks), (Side::BillCom, &pair.billcom)] {
        // One that people entered on both sides, and voided on one before it was recognised, is made there anew.
        let voided = rest.diary.is_twin(&who.1) && papers.iter().filter(|paper| paper.stands).count() < 2;
        if papers.len() > 1 && !voided && !rest.diary.is_decided(who) {
            let text = format!("{} stands {} times in {}", name(who.0, &who.1), papers.len(), side.title());
            findings.add("no-duplicate", text);
        }
    }
}

fn alike(rest: &Rest<'_>, who: &Who, pair: &Pair<'_>, findings: &mut Findings) {
    // Bills that people enter in QuickBooks stay there.
    let stays = who.0 == Kind::Bill && who.1.starts_with('Q');
    if stays && !pair.billcom.is_empty() {
        findings.add("no-duplicate", format!("{} was entered in QuickBooks and went to Bill.com", name(who.0, &who.1)));
    }
    if stays || rest.is_shown(who) {
        return;
    }
    let standing = |papers: &[&Paper]| papers.iter().find(|paper| paper.stands).map(|paper| (*paper).clone());
    match (standing(&pair.quickbooks), standing(&pair.billcom)) {
        (Some(left), Some(right)) => {
            let lines = who.0 == Kind::VendorCredit || left.lines == right.lines;
            // Whoever was merged into another one keeps its partner (design section 4). Where that one's name is refused, both
            // sides call the same pair by two names, and people are shown which: then its documents stand with the right one.
            let party = left.party == right.party || [&left, &right].iter().any(|it| rest.explained.names(&it.party));
            if left.cents != right.cents || !party || !lines {
                findings.add("balanced", format!("{} differs: {left:?} and {right:?}", name(who.0, &who.1)));
            }
        }
        (None, None) => {}
        // Archived before anybody knew that both are the same: what people entered in QuickBooks stays there.
        (Some(_), None) if rest.diary.is_twin(&who.1) && !pair.billcom.is_empty() => {}
        (Some(_), None) => {
            findings.add("no-loss", format!("{} stands in QuickBooks only", name(who.0, &who.1)));
        }
        (None, Some(right)) if right.cents == 0 => {}
        (None, Some(_)) => {
            findings.add("no-loss", format!("{} stands in Bill.com only", name(who.0, &who.1)));
        }
    }
}
