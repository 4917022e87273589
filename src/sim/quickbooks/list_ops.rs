//! Adding, changing and deleting records of lists: what all lists have in common.
//!
//! What is special to one list (required combinations, an opening balance, contacts) is in that list's file, called through
//! [`super::objects::ListObject`]. The order of the checks is fixed, so that the same bad request always gives the
//! same code: object, lock, edit sequence, name, parent, references, uniqueness, rules of the list.

use super::answer::{Outcome, list_recovery};
use super::books::{Books, Deleted};
use super::lists::{ListKind, ListRecord};
use super::objects::{self, ListObject};
use super::refs;
use super::schema::Node;
use super::shape;
use super::status::Status;
use super::time::Now;
use super::{Asker, Call, CompanyFile};
use crate::sim::xml::Element;

/// `…Add` of a list object.
///
/// # Errors
/// The status of the first rule that is broken.
pub(crate) fn add(call: &mut Call<'_>, kind: ListKind, content: &'static [Node]) -> Result<Outcome, Status> {
    let object = objects::list_object(kind);
    check_feature(call, object)?;
    let given = shape::given(content, call.request, &format!("{}Add", kind.word()));
    let parent = resolve_parent(call, kind, &given, None)?;
    let name = given.text_of(object.name_element).unwrap_or("").to_owned();
    let active = given.text_of("IsActive") != Some("false");
    let (books, habits) = (&call.file.books, &call.file.setup.habits);
    let fields: Vec<Element> =
        given.children.into_iter().filter(is_plain_field).filter(|field| !field.is_empty()).collect();
    refs::refuse_empty(&fields)?;
    let fields = refs::resolve_all(books, habits, kind.word(), fields)?;
    books.lists.check_name(kind, &name, parent.as_deref(), None)?;
    let mut record = ListRecord {
        kind,
        id: String::new(),
        created: call.now,
        modified: call.now,
        edit_sequence: 0,
        name,
        active,
        parent,
        fields,
    };
    (object.fold)(&mut record)?;
    (object.check)(call.file, &record, None)?;
    let zone = call.file.setup.zone;
    record.id = call.file.books.new_list_id(kind, &zone, call.now);
    record.edit_sequence = Books::next_edit_sequence(&zone, call.now, 0);
    (object.settle)(call.file, &mut record, call.now);
    let outcome = answer(call, &record);
    call.file.books.lists.insert(record);
    Ok(outcome)
}

/// `…Mod` of a list object.
///
/// # Errors
/// The status of the first rule that is broken.
pub(crate) fn modify(call: &mut Call<'_>, kind: ListKind, content: &'static [Node]) -> Result<Outcome, Status> {
    let object = objects::list_object(kind);
    check_feature(call, object)?;
    let given = shape::given(content, call.request, &format!("{}Mod", kind.word()));
    let id = given.text_of("ListID").unwrap_or("").to_owned();
    let before = find(&call.file.books, kind, &id)?.clone();
    if call.is_open_elsewhere(&id) {
        return Err(Status::list_locked(kind));
    }
    let edit_sequence = given.text_of("EditSequence").unwrap_or("");
    if edit_sequence != before.edit_sequence.to_string() {
        return Err(Status::stale(edit_sequence));
    }
    let mut record = before.clone();
    if let Some(name) = given.text_of(object.name_element) {
        record.name = name.to_owned();
    }
    if let Some(active) = given.text_of("IsActive").filter(|text| !text.is_empty()) {
        record.active = active == "true";
    }
    if given.child("ParentRef").is_some() {
        record.parent = resolve_parent(call, kind, &given, Some(&id))?;
    }
    let (books, habits) = (&call.file.books, &call.file.setup.habits);
    let plain = given.children.into_iter().filter(is_plain_field).collect();
    let changes = refs::resolve_all(books, habits, kind.word(), plain)?;
    if let Some(kept) =
        changes.iter().find(|field| field.is_empty() && object.never_cleared.contains(&field.name.as_str()))
    {
        return Err(Status::cannot_clear(&kept.name, kind.word()));
    }
    overlay(&mut record.fields, changes);
    (object.fold)(&mut record)?;
    if (&record.name, &record.parent) != (&before.name, &before.parent) {
        books.lists.check_name(kind, &record.name, record.parent.as_deref(), Some(&id))?;
    }
    (object.check)(call.file, &record, Some(&before))?;
    touch(call.file, &mut record, call.now);
    (object.settle)(call.file, &mut record, call.now);
    let outcome = answer(call, &record);
    call.file.books.lists.insert(record);
    Ok(outcome)
}

/// `ListDel`.
///
/// # Errors
/// 3120 if it is not there, 3160 if it is in use or the file is shared, 3176 if somebody has it open.
pub(crate) fn delete(call: &mut Call<'_>) -> Result<Outcome, Status> {
    let word = call.request.text_of("ListDelType").unwrap_or("");
    let id = call.request.text_of("ListID").unwrap_or("").to_owned();
    let kind = ListKind::of_word(word).ok_or_else(|| Status::no_such_object(&id))?;
    let record = find(&call.file.books, kind, &id)?.clone();
    if call.is_open_elsewhere(&id) {
        return Err(Status::list_locked(kind));
    }
    if call.file.books.is_in_use(&record) || (call.asker == Asker::Application && call.file.setup.multi_user) {
        return Err(Status::list_element_in_use(&id));
    }
    let full_name = call.file.books.lists.full_name(&record);
    call.file.books.data_ext.forget(&record.key());
    remove(&mut call.file.books, &record, call.now);
    Ok(Outcome::of(vec![
        Element::leaf("ListDelType", word),
        Element::leaf("ListID", &id),
        Element::leaf("TimeDeleted", &call.file.setup.zone.stamp(call.now)),
        Element::leaf("FullName", &full_name),
    ]))
}

/// Takes a record out and remembers that it was there.
pub(crate) fn remove(books: &mut Books, record: &ListRecord, now: Now) {
    let label = books.lists.full_name(record);
    let (word, id, created) = (record.kind.word(), record.id.clone(), record.created);
    books.deleted_lists.push(Deleted { word, id, created, deleted: now, label });
    books.lists.remove(&record.key());
}

/// The record an ID names.
///
/// # Errors
/// 3000 for an ID without the form of one, 3120 if it is not there.
pub(crate) fn find<'a>(books: &'a Books, kind: ListKind, id: &str) -> Result<&'a ListRecord, Status> {
    if !refs::has_id_form(id) {
        return Err(Status::bad_id(id, "list id"));
    }
    books.lists.get(kind, id).ok_or_else(|| Status::no_such_object(id))
}

/// Moves the stamps of a changed record.
pub(crate) fn touch(file: &CompanyFile, record: &mut ListRecord, now: Now) {
    record.modified = now;
    record.edit_sequence = Books::next_edit_sequence(&file.setup.zone, now, record.edit_sequence);
}

fn answer(call: &Call<'_>, record: &ListRecord) -> Outcome {
    let file = &call.file;
    let ret = objects::render_list(&file.books, &file.setup.zone, record, call.version);
    let recovery = list_recovery(&record.id, record.edit_sequence, record.field("ExternalGUID"));
    Outcome::changed(ret, recovery)
}

/// Refuses a name that is too long for its list; requests are measured by their tables before.
pub(crate) fn check_length(kind: ListKind, name: &str) -> Result<(), Status> {
    let is_long = name.chars().count() > kind.name_length_max();
    if is_long { Err(Status::too_long(name, "Name")) } else { Ok(()) }
}

/// Fields that have no place of their own in a record.
fn is_plain_field(field: &Element) -> bool {
    !matches!(field.name.as_str(), "ListID" | "EditSequence" | "Name" | "Initial" | "IsActive" | "ParentRef")
}

/// Refuses records of a list that is switched off in the preferences.
fn check_feature(call: &Call<'_>, object: &ListObject) -> Result<(), Status> {
    if (object.needs)(&call.file.books.preferences) { Ok(()) } else { Err(Status::feature_off()) }
}

fn resolve_parent(
    call: &Call<'_>,
    kind: ListKind,
    given: &Element,
    record: Option<&str>,
) -> Result<Option<String>, Status> {
    let Some(reference) = given.child("ParentRef").filter(|reference| !refs::is_cleared(reference)) else {
        return Ok(None);
    };
    let books = &call.file.books;
    let parent =
        refs::look_up(books, &[kind], reference).ok_or_else(|| Status::no_such_parent(refs::said(reference), kind))?;
    books.lists.check_parent(parent, record)?;
    Ok(Some(parent.id.clone()))
}

/// Lays changes over fields: an empty element clears, a group or a repeated element is replaced as a whole. The printed
/// form of an address goes with the address. A `…Mod` group, which changes a part of a group, is kept as it was sent.
pub(crate) fn overlay(fields: &mut Vec<Element>, changes: Vec<Element>) {
    for change in &changes {
        fields.retain(|field| field.name != change.name && field.name.strip_suffix("Block") != Some(&change.name));
    }
    for mut change in changes {
        if !change.name.ends_with("Mod") {
            change.children.retain(|child| !child.is_empty());
        }
        if !change.is_empty() && !refs::is_cleared(&change) {
            fields.push(change);
        }
    }
}

impl ListObject {
    /// A list without rules of its own.
    pub(crate) const fn plain(ret: &'static str, table: &'static [Node]) -> Self {
        Self {
            ret,
            table,
            name_element: "Name",
            never_cleared: &[],
            needs: |_| true,
            fold: |_| Ok(()),
            computed: |_, _| Vec::new(),
            check: |_, _, _| Ok(()),
            settle: |_, _, _| {},
        }
    }
}
