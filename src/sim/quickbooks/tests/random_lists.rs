//! Random edits of trees by hand: whatever happens, names stay unique, trees stay trees, and references lead somewhere.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::sim::quickbooks::ListKind;

/// One thing somebody may do to a tree of records; numbers choose among those that are there.
#[derive(Debug, Clone)]
enum Deed {
    Add { parent: Option<usize>, name: u8 },
    Rename { record: usize, name: u8 },
    Move { record: usize, parent: Option<usize> },
    Merge { loser: usize, winner: usize },
    Delete { record: usize },
    Switch { record: usize, active: bool },
}

fn deed() -> impl Strategy<Value = Deed> {
    let some = any::<usize>;
    let name = || 0_u8..6;
    prop_oneof![
        4 => (prop::option::weighted(0.7, some()), name()).prop_map(|(parent, name)| Deed::Add { parent, name }),
        2 => (some(), name()).prop_map(|(record, name)| Deed::Rename { record, name }),
        3 => (some(), prop::option::weighted(0.8, some())).prop_map(|(record, parent)| Deed::Move { record, parent }),
        1 => (some(), some()).prop_map(|(loser, winner)| Deed::Merge { loser, winner }),
        1 => some().prop_map(|record| Deed::Delete { record }),
        1 => (some(), any::<bool>()).prop_map(|(record, active)| Deed::Switch { record, active }),
    ]
}

impl Desk {
    fn perform_on_tree(&mut self, kind: ListKind, deed: &Deed) {
        self.minute += 1;
        let ids: Vec<String> = self.file.entries(kind).into_iter().map(|entry| entry.id).collect();
        let pick = |index: usize| ids.get(index % ids.len().max(1)).cloned().unwrap_or_default();
        // Names differ by case only, which is no difference.
        let named =
            |name: u8| if name.is_multiple_of(2) { format!("name {name}") } else { format!("NAME {}", name - 1) };
        let mut person = self.file.person(at(self.minute));
        let refused = match deed {
            Deed::Add { parent: Some(parent), name } if kind == ListKind::Class => {
                person.add_sub_class(&pick(*parent), &named(*name)).err()
            }
            Deed::Add { parent: Some(parent), name } => person.add_job(&pick(*parent), &named(*name)).err(),
            Deed::Add { parent: None, name } if kind == ListKind::Class => person.add_class(&named(*name)).err(),
            Deed::Add { parent: None, name } => person.add_customer(&named(*name)).err(),
            Deed::Rename { record, name } => person.rename(kind, &pick(*record), &named(*name)).err(),
            Deed::Move { record, parent } => person.move_under(kind, &pick(*record), parent.map(pick).as_deref()).err(),
            Deed::Merge { loser, winner } => person.merge(kind, &pick(*loser), &pick(*winner)).err(),
            Deed::Delete { record } => person.delete(kind, &pick(*record)).err(),
            Deed::Switch { record, active } => person.set_active(kind, &pick(*record), *active).err(),
        };
        let known = [3000, 3100, 3120, 3130, 3160, 3210];
        assert!(refused.as_ref().is_none_or(|status| known.contains(&status.code)), "{refused:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn trees_stay_trees(deeds in prop::collection::vec(deed(), 1..60)) {
        for kind in [ListKind::Class, ListKind::Customer] {
            let mut desk = Desk::with_classes();
            for deed in &deeds {
                desk.perform_on_tree(kind, deed);
                let entries = desk.file.entries(kind);
                let names: BTreeSet<String> = entries.iter().map(|entry| entry.full_name.to_lowercase()).collect();
                prop_assert_eq!(names.len(), entries.len(), "full names are unique after {:?}", deed);
                for entry in &entries {
                    prop_assert!(entry.full_name.matches(':').count() < 5, "{} after {:?}", entry.full_name, deed);
                    let parent = entry.parent.as_ref();
                    prop_assert!(parent.is_none_or(|id| entries.iter().any(|other| other.id == *id)), "{:?}", deed);
                }
            }
            let query = format!("<{0}QueryRq><ActiveStatus>All</ActiveStatus></{0}QueryRq>", kind.word());
            let (_, answer) = desk.one(&query);
            prop_assert_eq!(answer.children.len(), desk.file.entries(kind).len());
        }
    }
}
