//! Classes: the preference, nesting, names, changes.

use super::*;
use crate::sim::quickbooks::ListKind;

impl Desk {
    /// A desk whose company tracks classes.
    pub(super) fn with_classes() -> Self {
        let mut desk = Self::new();
        desk.file.person(at(0)).set_preferences(|preferences| preferences.class_tracking = true);
        desk
    }

    /// A `…Mod` of any list record, with its present edit sequence.
    pub(super) fn list_mod(&self, kind: ListKind, id: &str, fields: &str) -> String {
        let entry = self.file.entries(kind).into_iter().find(|entry| entry.id == id).expect("the record");
        let word = kind.word();
        let head = format!("<ListID>{id}</ListID><EditSequence>{}</EditSequence>", entry.edit_sequence);
        format!("<{word}ModRq><{word}Mod>{head}{fields}</{word}Mod></{word}ModRq>")
    }
}

fn class_add(name: &str, parent: &str) -> String {
    let parent =
        if parent.is_empty() { String::new() } else { format!("<ParentRef><FullName>{parent}</FullName></ParentRef>") };
    format!("<ClassAddRq><ClassAdd><Name>{name}</Name>{parent}</ClassAdd></ClassAddRq>")
}

#[test]
fn classes_are_made_only_while_they_are_tracked() {
    let mut desk = Desk::new();
    let off = "This feature is not enabled or not available in this version of QuickBooks.";
    assert_eq!(desk.refusal(&class_add("East", "")), (3250, off.to_owned()));
    assert_eq!(desk.one("<ClassQueryRq/>").0, 1, "asking is no use of the feature");
    let mut desk = Desk::with_classes();
    let (code, response) = desk.one(&class_add("East", ""));
    assert_eq!(code, 0);
    let names: Vec<&str> = response.children[0].children.iter().map(|child| child.name.as_str()).collect();
    assert_eq!(names.join(" "), "ListID TimeCreated TimeModified EditSequence Name FullName IsActive Sublevel");
    let vendor = "<VendorAddRq><VendorAdd><Name>N</Name><ClassRef><FullName>east</FullName></ClassRef></VendorAdd></VendorAddRq>";
    assert_eq!(desk.one(vendor).0, 0);
}

#[test]
fn classes_nest_five_levels_deep() {
    let mut desk = Desk::with_classes();
    let mut parent = String::new();
    for level in 0..5 {
        let (code, response) = desk.one(&class_add("Same", &parent));
        assert_eq!((code, response.children[0].text_of("Sublevel")), (0, Some(level.to_string().as_str())));
        parent = if parent.is_empty() { "Same".to_owned() } else { format!("{parent}:Same") };
    }
    let (code, text) = desk.refusal(&class_add("Same", &parent));
    assert_eq!(code, 3130);
    assert!(text.contains("\"Same:Same:Same:Same:Same\" in the Classes list."), "{text}");
    assert_eq!(desk.refusal(&class_add("SAME", "Same:Same")).0, 3100);
    assert_eq!(desk.refusal(&class_add("a:b", "")).0, 3090);
    assert_eq!(desk.refusal(&class_add(&"x".repeat(32), "")).0, 3070);
    let top = desk.file.entry(ListKind::Class, "Same").expect("known");
    let other = desk.file.person(at(50)).add_class("Other").expect("new");
    let moved = desk.file.person(at(51)).move_under(ListKind::Class, &top.id, Some(&other)).expect_err("too deep");
    assert_eq!(moved.code, 3130, "what is below counts");
}

#[test]
fn a_rename_reaches_the_children_without_a_trace_on_them() {
    let mut desk = Desk::with_classes();
    let mut person = desk.file.person(at(1));
    let remodel = person.add_class("Remodel").expect("new");
    let east = person.add_sub_class(&remodel, "East").expect("new");
    let before = desk.file.entry(ListKind::Class, "Remodel:East").expect("known");
    desk.minute = 60;
    assert_eq!(desk.one(&desk.list_mod(ListKind::Class, &remodel, "<Name>Remodeling</Name>")).0, 0);
    let after = desk.file.entry(ListKind::Class, "Remodeling:East").expect("follows its parent");
    assert_eq!((after.id.as_str(), after.edit_sequence), (east.as_str(), before.edit_sequence));
    let changed = "<ClassQueryRq><FromModifiedDate>2026-01-12T09:30:00</FromModifiedDate></ClassQueryRq>";
    assert_eq!(texts(&desk.one(changed).1, "FullName"), ["Remodeling"], "the child is not among the changed ones");
    assert_eq!(
        desk.refusal(&desk.list_mod(
            ListKind::Class,
            &remodel,
            "<ParentRef><FullName>Remodeling:East</FullName></ParentRef>"
        ))
        .0,
        3130
    );
    assert_eq!(desk.one(&desk.list_mod(ListKind::Class, &east, "<ParentRef><ListID></ListID></ParentRef>")).0, 0);
    assert_eq!(desk.file.entry(ListKind::Class, "East").expect("now at the top").parent, None);
    let stale = desk.list_mod(ListKind::Class, &east, "<IsActive>0</IsActive>");
    assert_eq!(desk.one(&stale).0, 0);
    assert_eq!(desk.refusal(&stale).0, 3200);
    assert_eq!(texts(&desk.one("<ClassQueryRq/>").1, "Name"), ["Remodeling"], "active ones only");
}

#[test]
fn class_queries_have_no_iterator_and_mods_a_version() {
    let mut desk = Desk::with_classes();
    for name in ["A", "B", "C"] {
        desk.file.person(at(1)).add_class(name).expect("new");
    }
    let iterated = "<ClassQueryRq iterator=\"Start\"><MaxReturned>2</MaxReturned></ClassQueryRq>";
    let refused = |answer: Result<Element, HResult>| answer.expect_err("refused").code;
    assert_eq!(refused(desk.send_with("onError=\"stopOnError\"", "13.0", iterated)), 0x8004_0400);
    let (code, cut) = desk.one("<ClassQueryRq><MaxReturned>2</MaxReturned></ClassQueryRq>");
    assert_eq!((code, texts(&cut, "Name"), cut.attribute("iteratorRemainingCount")), (0, vec!["A", "B"], None));
    let id = desk.file.entry(ListKind::Class, "A").expect("known").id;
    let change = desk.list_mod(ListKind::Class, &id, "<Name>Z</Name>");
    assert_eq!(refused(desk.send_with("onError=\"stopOnError\"", "7.0", &change)), 0x8004_0400);
    let swapped = "<ClassAddRq><ClassAdd><IsActive>1</IsActive><Name>D</Name></ClassAdd></ClassAddRq>";
    assert_eq!(refused(desk.send_with("onError=\"stopOnError\"", "13.0", swapped)), 0x8004_0400);
}
