//! What people did: who changed which field on which side, and whether they had seen what the other side says.
//!
//! From this follows what must stand in both books once everything is quiet (design section 4): a change stays, unless
//! somebody who saw it changed the field again, or somebody on the other side changed it at the same time and that side
//! wins. Every value that is typed in bears a mark of its own, so that an old value which comes back is recognised.

use super::shelf::token_of;
use crate::model::{Kind, Side};
use std::collections::{BTreeMap, BTreeSet};

/// A value that somebody typed in and nobody has knowingly replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claim {
    /// What is unique in it.
    pub(super) mark: String,
    /// How the side on which it was typed in shows it.
    pub(super) shown: String,
}

/// The standing claims on one field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Claims {
    pub(super) quickbooks: Option<Claim>,
    pub(super) billcom: Option<Claim>,
}

impl Claims {
    pub(super) fn on(&self, side: Side) -> Option<&Claim> {
        match side {
            Side::QuickBooks => self.quickbooks.as_ref(),
            Side::BillCom => self.billcom.as_ref(),
        }
    }

    fn on_mut(&mut self, side: Side) -> &mut Option<Claim> {
        match side {
            Side::QuickBooks => &mut self.quickbooks,
            Side::BillCom => &mut self.billcom,
        }
    }
}

/// The name of a record: its kind and token.
pub(super) type Who = (Kind, String);

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Diary {
    serial: u64,
    claims: BTreeMap<(Who, &'static str), Claims>,
    /// Records whose fields nobody can predict any more, and why: a backup was restored under them, they were merged.
    unpredictable: BTreeMap<Who, &'static str>,
    /// Records that a person told the server to leave as they are, or to treat in another way than the table says.
    decided: BTreeSet<Who>,
    /// Records that were entered on both sides: with another name before they are recognised they would be two.
    twins: BTreeSet<String>,
    /// Records that were deleted and entered again.
    again: BTreeSet<Who>,
    /// The setting for conflicts was changed meanwhile.
    pub(super) winner_changed: bool,
}

/// The part of a value that no other has: the second word of a name, the first of everything else.
pub(super) fn mark_of(field: &str, value: &str) -> String {
    let place = usize::from(field == "name");
    value.split_whitespace().nth(place).unwrap_or_default().to_lowercase()
}

impl Diary {
    /// A number that no one else gets.
    pub(super) fn number(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// Somebody on a side typed in a field that showed `before`, and now shows `after`.
    pub(super) fn claim(&mut self, who: Who, field: &'static str, side: Side, before: Option<&str>, after: &str) {
        let claims = self.claims.entry((who, field)).or_default();
        let seen = before.map(|value| mark_of(field, value));
        let other = claims.on_mut(side.other());
        if other.as_ref().is_some_and(|claim| seen.as_deref() == Some(claim.mark.as_str())) {
            *other = None;
        }
        *claims.on_mut(side) = Some(Claim { mark: mark_of(field, after), shown: after.to_owned() });
    }

    /// A record was deleted on a side: what was typed in there is gone with it.
    pub(super) fn forget(&mut self, who: &Who, side: Side) {
        let of_record = self.claims.iter_mut().filter(|((known, _), _)| known == who);
        of_record.for_each(|(_, claims)| *claims.on_mut(side) = None);
    }

    /// All claims.
    pub(super) fn claims(&self) -> impl Iterator<Item = (&Who, &'static str, &Claims)> {
        self.claims.iter().map(|((who, field), claims)| (who, *field, claims))
    }

    /// Nobody can say any more what this record must hold.
    pub(super) fn confuse(&mut self, who: Who, why: &'static str) {
        self.unpredictable.entry(who).or_insert(why);
    }

    /// A record was deleted and entered again.
    pub(super) fn enter_again(&mut self, who: Who) {
        self.confuse(who.clone(), "entered again");
        self.again.insert(who);
    }

    pub(super) fn was_entered_again(&self, who: &Who) -> bool {
        self.again.contains(who)
    }

    pub(super) fn is_confused(&self, who: &Who) -> bool {
        self.unpredictable.contains_key(who)
    }

    /// A record is entered on both sides.
    pub(super) fn twin(&mut self, name: &str) {
        self.twins.insert(token_of(name));
    }

    pub(super) fn is_twin(&self, token: &str) -> bool {
        self.twins.contains(token)
    }

    /// A person has decided about this record.
    pub(super) fn decide(&mut self, who: Who) {
        self.decided.insert(who);
    }

    pub(super) fn is_decided(&self, who: &Who) -> bool {
        self.decided.contains(who)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who() -> Who {
        (Kind::Vendor, "V1".to_owned())
    }

    fn claims(diary: &Diary) -> Claims {
        diary.claims().next().expect("a claim").2.clone()
    }

    #[test]
    fn who_saw_a_change_replaces_it_and_who_did_not_contests_it() {
        let mut diary = Diary::default();
        diary.claim(who(), "phone", Side::QuickBooks, None, "555-1");
        diary.claim(who(), "phone", Side::BillCom, Some("555-1"), "555-2");
        assert!(claims(&diary).on(Side::QuickBooks).is_none());
        diary.claim(who(), "phone", Side::QuickBooks, Some("555-1"), "555-3");
        assert_eq!(claims(&diary).on(Side::BillCom).map(|claim| claim.mark.as_str()), Some("555-2"));
        assert_eq!(claims(&diary).on(Side::QuickBooks).map(|claim| claim.mark.as_str()), Some("555-3"));
    }

    #[test]
    fn the_mark_of_a_name_is_its_second_word() {
        assert_eq!(mark_of("name", "V1 R2 Acme"), "r2");
        assert_eq!(mark_of("notes", "N7 whatever"), "n7");
    }
}
