//! Contact persons and further notes of names: vendors and customers.

use crate::error::{Limit, WriteError};
use crate::schema::{Example, Rules, qb_struct};
use crate::types::{Change, EditSequence, ListId, QbDate, QbDateTime, QbText, Value};
use crate::version::QbXmlVersion;
use crate::wire::Writer;

qb_struct! {
    /// A way to reach somebody: what kind, and the number or address (`AdditionalContactRef`).
    pub struct AdditionalContact {
        contact_name: QbText<40> = "ContactName",
        contact_value: QbText<255> = "ContactValue",
    }
}

qb_struct! {
    /// A way to reach somebody, as QuickBooks returns it (`AdditionalContactRef`).
    #[derive(Default)]
    pub struct AdditionalContactRet {
        contact_name: Option<String> = "ContactName" max 40,
        contact_value: Option<String> = "ContactValue" max 255,
    }
}

qb_struct! {
    /// A contact person in an Add (`Contacts`).
    pub struct Contact new(first_name: QbText<25>) {
        salutation: Option<QbText<15>> = "Salutation",
        first_name: QbText<25> = "FirstName",
        middle_name: Option<QbText<5>> = "MiddleName",
        last_name: Option<QbText<25>> = "LastName",
        job_title: Option<QbText<41>> = "JobTitle",
        additional_contact_ref: Vec<AdditionalContact> = "AdditionalContactRef" times 5,
    }
}

qb_struct! {
    /// A contact person in a Mod (`ContactsMod`). Since 13.0 one without `ListID` is added; 12.0
    /// demands id and edit sequence (schema).
    pub struct ContactMod with rules new(first_name: QbText<25>) {
        list_id: Option<ListId> = "ListID",
        edit_sequence: Option<EditSequence> = "EditSequence",
        salutation: Change<QbText<15>> = "Salutation",
        first_name: QbText<25> = "FirstName",
        middle_name: Change<QbText<5>> = "MiddleName",
        last_name: Change<QbText<25>> = "LastName",
        job_title: Change<QbText<41>> = "JobTitle",
        additional_contact_ref: Vec<AdditionalContact> = "AdditionalContactRef" times 5,
    }
}

qb_struct! {
    /// A contact person as QuickBooks returns it (`ContactsRet`). Its id has a form of its own.
    #[derive(Default)]
    pub struct ContactRet {
        list_id: Option<ListId> = "ListID",
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        contact: Option<String> = "Contact" max 41,
        salutation: Option<String> = "Salutation" max 15,
        first_name: Option<String> = "FirstName" max 25,
        middle_name: Option<String> = "MiddleName" max 5,
        last_name: Option<String> = "LastName" max 25,
        job_title: Option<String> = "JobTitle" max 41,
        additional_contact_ref: Vec<AdditionalContactRet> = "AdditionalContactRef" times 5,
    }
}

qb_struct! {
    /// A further note in an Add (`AdditionalNotes`).
    pub struct AdditionalNote {
        note: QbText<4095> = "Note",
    }
}

qb_struct! {
    /// A changed note (`AdditionalNotesMod`).
    pub struct AdditionalNoteMod {
        note_id: i64 = "NoteID",
        note: QbText<4095> = "Note",
    }
}

qb_struct! {
    /// A further note as QuickBooks returns it (`AdditionalNotesRet`).
    #[derive(Default)]
    pub struct AdditionalNoteRet {
        note_id: Option<i64> = "NoteID",
        date: Option<QbDate> = "Date",
        note: Option<String> = "Note" max 4095,
    }
}

impl Rules for ContactMod {
    fn check(&self, w: &Writer) -> Result<(), WriteError> {
        let named = self.list_id.is_some() && self.edit_sequence.is_some();
        if named || w.version().knows(QbXmlVersion::V13) {
            return Ok(());
        }
        Err(w.refuse("ListID", Limit::Required("ListID and EditSequence before qbXML 13.0"), "not both"))
    }

    fn settle(&mut self, ex: &mut Example) {
        if !ex.version().knows(QbXmlVersion::V13) {
            self.list_id = self.list_id.take().or_else(|| Some(<ListId as Value>::example(None, ex)));
            self.edit_sequence = self.edit_sequence.take().or_else(|| Some(<EditSequence as Value>::example(None, ex)));
        }
    }
}
