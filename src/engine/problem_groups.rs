//! Problems that are the same thing over and over again, one heading each: three hundred bills in a closed period are one decision.
//!
//! Equal are problems of one sort and kind, with the same cause, the same steps and the same buttons. The cause is what the
//! one-line summary says after the record's own title.

use super::show::time;
use super::views::{ActionView, RecordRef};
use super::{Engine, EngineError};
use crate::limits::PROBLEMS_SHOWN_MAX;
use crate::model::{Action, Kind, capital};
use crate::store::ProblemSum;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// One problem of a group.
#[derive(Clone, Debug, Serialize)]
pub struct MemberView {
    /// Its number.
    pub id: i64,
    /// Its one line.
    pub summary: String,
    /// Its record.
    pub record: Option<RecordRef>,
    /// Since when, RFC 3339.
    pub opened_at: String,
}

/// Problems that are the same.
#[derive(Clone, Debug, Serialize)]
pub struct GroupView {
    /// Names the group in addresses; stays while its problems do.
    pub key: String,
    /// What sort.
    pub code: String,
    /// What they are about.
    pub kind: Option<String>,
    /// What they have in common, in a line; the summary where there is one problem only.
    pub title: String,
    /// The problems, oldest first.
    pub members: Vec<MemberView>,
    /// Buttons that can be pressed for all of them at once: those that need to know nothing else.
    pub actions: Vec<ActionView>,
}

impl Engine {
    /// What needs a decision, equal problems together; the largest group first.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn problem_groups(&self, company: &str) -> Result<Vec<GroupView>, EngineError> {
        let handle = self.company(company)?;
        Ok(group_views(handle.store.read(|tx| tx.problem_sums(PROBLEMS_SHOWN_MAX))?))
    }
}

/// Puts equal problems together. Those of the company stand first, then the largest groups.
pub(super) fn group_views(sums: Vec<ProblemSum>) -> Vec<GroupView> {
    let mut groups: Vec<(GroupView, Option<Kind>, String)> = Vec::new();
    for sum in sums {
        let cause = cause(&sum).to_owned();
        let key = key_of(&sum, &cause);
        let kind = sum.key.as_ref().map(|key| key.kind);
        let member = MemberView {
            id: sum.id.get(),
            summary: sum.summary,
            record: sum.key.as_ref().map(RecordRef::of),
            opened_at: time(sum.opened_at),
        };
        if let Some((group, _, _)) = groups.iter_mut().find(|(group, _, _)| group.key == key) {
            group.members.push(member);
            continue;
        }
        let group = GroupView {
            key,
            code: sum.code.word().to_owned(),
            kind: kind.map(|kind| kind.word().to_owned()),
            title: member.summary.clone(),
            members: vec![member],
            actions: sum.actions.iter().filter(|action| action.with.is_none()).map(action_view).collect(),
        };
        groups.push((group, kind, cause));
    }
    let mut views: Vec<GroupView> = groups
        .into_iter()
        .map(|(mut group, kind, cause)| {
            if let (2.., Some(kind)) = (group.members.len(), kind) {
                group.title = format!("{} {}{}", group.members.len(), kind.plural(), of_many(&cause));
            }
            group
        })
        .collect();
    views.sort_by_key(|group| (group.kind.is_some(), std::cmp::Reverse(group.members.len())));
    views
}

/// What is said of one record, said of many.
fn of_many(cause: &str) -> String {
    for (one, many) in [(" was ", " were "), (" is ", " are "), (" has ", " have ")] {
        if let Some(rest) = cause.strip_prefix(one) {
            return format!("{many}{rest}");
        }
    }
    cause.to_owned()
}

fn action_view(action: &Action) -> ActionView {
    ActionView { id: action.id.word().to_owned(), label: action.id.label().to_owned(), with: action.with.clone() }
}

/// What the summary says after the record's own name.
fn cause(sum: &ProblemSum) -> &str {
    let (Some(key), Some(title)) = (&sum.key, &sum.title) else { return &sum.summary };
    let Some(rest) = sum.summary.strip_prefix(&capital(key.kind.title())) else { return &sum.summary };
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    // The title of a document goes on with its owner, the summary with the cause.
    let same =
        rest.chars().zip(title.chars()).take_while(|(left, right)| left == right).map(|(left, _)| left.len_utf8());
    &rest[same.sum::<usize>()..]
}

fn key_of(sum: &ProblemSum, cause: &str) -> String {
    let mut hash = Sha256::new();
    let kind = sum.key.as_ref().map_or("", |key| key.kind.word());
    let side = sum.key.as_ref().map_or("", |key| key.side.word());
    for part in [sum.code.word(), kind, side, cause, &sum.what_to_do] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    for action in &sum.actions {
        hash.update(action.id.word().as_bytes());
        hash.update([u8::from(action.with.is_some())]);
    }
    let mut key = String::new();
    for byte in &hash.finalize()[..8] {
        write!(key, "{byte:02x}").expect("invariant: writing to a String does not fail");
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ActionId, NativeId, ProblemCode, ProblemId, RecordKey, Side};
    use chrono::DateTime;

    fn sum(id: i64, number: &str, cause: &str) -> ProblemSum {
        let title = format!("{number} of 2026-01-02, 5.00");
        ProblemSum {
            id: ProblemId::new(id),
            code: ProblemCode::QuickBooksRejected,
            key: Some(RecordKey::new(Side::BillCom, Kind::Bill, NativeId::new(number).expect("an id"))),
            summary: format!("Bill {title}: {cause}"),
            what_to_do: "[]".to_owned(),
            actions: Action::plain_all(&[ActionId::Retry]),
            title: Some(format!("{title}, Acme")),
            opened_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn equal_causes_are_one_group_and_the_largest_stands_first() {
        let closed = "QuickBooks has the period closed";
        let groups = group_views(vec![sum(1, "A1", "another thing"), sum(2, "B22", closed), sum(3, "C333", closed)]);
        assert_eq!(groups.len(), 2);
        assert_eq!(groups[0].title, "2 bills: QuickBooks has the period closed");
        assert_eq!(groups[0].members.iter().map(|member| member.id).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(groups[1].title, "Bill A1 of 2026-01-02, 5.00: another thing", "alone, it keeps its name");
    }

    #[test]
    fn what_has_other_buttons_or_no_record_stands_alone() {
        let mut linkable = sum(1, "A1", "x");
        linkable.actions.push(Action { id: ActionId::Link, with: Some("7".to_owned()) });
        let company = ProblemSum { key: None, title: None, ..sum(3, "A3", "x") };
        let groups = group_views(vec![linkable, sum(2, "A2", "x"), company]);
        assert_eq!(groups.iter().map(|group| group.members.len()).collect::<Vec<_>>(), [1, 1, 1]);
        assert_eq!(groups[0].members[0].id, 3, "problems of the company stand first");
        assert_eq!(groups[1].actions.len(), 1, "a button that needs a candidate is for one problem only");
    }
}
