//! People to talk to and further notes, as vendors and customers have them.
//!
//! A request gives them without IDs; they get IDs of their own when they are stored, and a Mod names them by these. A
//! contact that a Mod names is replaced as a whole; one that is unknown is passed over, as is a note.

use crate::sim::quickbooks::CompanyFile;
use crate::sim::quickbooks::lists::ListRecord;
use crate::sim::quickbooks::time::Now;
use crate::sim::xml::Element;

/// Turns contacts and notes into the form in which they are kept.
pub(super) fn settle(file: &mut CompanyFile, record: &mut ListRecord, now: Now) {
    let mut settled = Vec::with_capacity(record.fields.len());
    for field in std::mem::take(&mut record.fields) {
        match field.name.as_str() {
            "Contacts" => {
                let id = file.books.new_contact_id();
                settled.push(contact(file, &id, &field, now, None));
            }
            "ContactsMod" => change_contact(file, &mut settled, &field, now),
            "AdditionalNotes" => {
                let id = file.books.new_note_id();
                settled.push(note(id, &field, now));
            }
            "AdditionalNotesMod" => change_note(&mut settled, &field),
            _ => settled.push(field),
        }
    }
    record.fields = settled;
}

fn contact(file: &CompanyFile, id: &str, given: &Element, now: Now, before: Option<&Element>) -> Element {
    let zone = &file.setup.zone;
    let stamp = zone.stamp(now);
    let created = before.and_then(|before| before.text_of("TimeCreated")).unwrap_or(&stamp);
    let mut children = vec![
        Element::leaf("ListID", id),
        Element::leaf("TimeCreated", created),
        Element::leaf("TimeModified", &stamp),
        Element::leaf("EditSequence", &zone.unix(now).to_string()),
    ];
    let own = |child: &&Element| !child.is_empty() && !matches!(child.name.as_str(), "ListID" | "EditSequence");
    children.extend(given.children.iter().filter(own).cloned());
    Element::group("ContactsRet", children)
}

fn change_contact(file: &CompanyFile, settled: &mut [Element], given: &Element, now: Now) {
    let id = given.text_of("ListID").unwrap_or("").to_owned();
    let known = settled.iter_mut().find(|field| field.name == "ContactsRet" && field.text_of("ListID") == Some(&id));
    if let Some(known) = known {
        *known = contact(file, &id, given, now, Some(known));
    }
}

fn note(id: u32, given: &Element, now: Now) -> Element {
    Element::group(
        "AdditionalNotesRet",
        vec![
            Element::leaf("NoteID", &id.to_string()),
            Element::leaf("Date", &now.local.date().to_string()),
            Element::leaf("Note", given.text_of("Note").unwrap_or("")),
        ],
    )
}

fn change_note(settled: &mut [Element], given: &Element) {
    let known = settled
        .iter_mut()
        .find(|field| field.name == "AdditionalNotesRet" && field.text_of("NoteID") == given.text_of("NoteID"));
    let text = known.and_then(|note| note.children.iter_mut().find(|child| child.name == "Note"));
    if let Some(text) = text {
        given.text_of("Note").unwrap_or("").clone_into(&mut text.text);
    }
}
