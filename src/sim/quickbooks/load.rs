//! Loading the answers of a real QuickBooks: a company file with somebody's real chart of accounts and vendors.
//!
//! IDs, edit sequences, time stamps, balances and all fields stay as they are in the answer; what QuickBooks computes is
//! computed again, except the printed form of addresses, which keeps what was once typed in. A record that is only referred to
//! (terms, vendor types) is made as a name. Values of applications are kept with a definition made for them. Balances are booked against a
//! hidden account, so the trial balance stays zero.

use super::books::Books;
use super::ledger::{PRIOR, Posting};
use super::lists::{ListKind, ListRecord};
use super::objects::account::on_normal_side;
use super::time::parse_stamp;
use super::{CompanyFile, Now, money, objects, refs};
use crate::sim::xml::{Element, XmlError, parse};

/// Why an answer cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The text is not XML.
    #[error("the answer cannot be read")]
    Xml(#[from] XmlError),
    /// A record lacks what every record has, or has it twice.
    #[error("record {id:?} has no usable {what}")]
    Record {
        /// Its `ListID`, as far as there is one.
        id: String,
        /// What is missing or wrong.
        what: &'static str,
    },
}

/// Elements QuickBooks computes; they are not stored.
const COMPUTED: &[&str] = &[
    "ListID",
    "TimeCreated",
    "TimeModified",
    "EditSequence",
    "Name",
    "Initial",
    "FullName",
    "IsActive",
    "ParentRef",
    "Sublevel",
    "Balance",
    "TotalBalance",
    "DataExtRet",
];

/// The list a record of an answer belongs to, by the name of its element.
fn kind_of(element: &Element) -> Option<ListKind> {
    ListKind::of_word(element.name.strip_suffix("Ret")?)
}

impl CompanyFile {
    /// Takes in the list records of an answer and says how many there were. Other elements are passed over.
    ///
    /// # Errors
    /// [`LoadError`] if the text is no XML or a record is incomplete or already there; earlier records stay.
    pub fn load(&mut self, answer_xml: &str) -> Result<usize, LoadError> {
        let document = parse(answer_xml)?;
        let responses = document.root.children.iter().flat_map(|messages| &messages.children);
        let mut loaded = 0;
        for element in responses.flat_map(|response| &response.children) {
            if let Some(kind) = kind_of(element) {
                self.load_record(kind, element)?;
                loaded += 1;
            }
        }
        self.check_books();
        Ok(loaded)
    }

    fn load_record(&mut self, kind: ListKind, element: &Element) -> Result<(), LoadError> {
        let id = element.text_of("ListID").unwrap_or("").to_owned();
        let lacks = |what| LoadError::Record { id: id.clone(), what };
        let zone = self.setup.zone;
        let stamp =
            |name| element.text_of(name).and_then(|text| parse_stamp(text, &zone)).ok_or_else(|| lacks("time stamp"));
        let named = |name| element.text_of(name).filter(|name| !name.is_empty());
        let name = named(objects::list_object(kind).name_element).ok_or_else(|| lacks("Name"))?;
        let record = ListRecord {
            kind,
            id: id.clone(),
            created: stamp("TimeCreated")?,
            modified: stamp("TimeModified")?,
            edit_sequence: element
                .text_of("EditSequence")
                .and_then(|text| text.parse().ok())
                .ok_or_else(|| lacks("EditSequence"))?,
            name: name.to_owned(),
            active: element.text_of("IsActive") != Some("false"),
            parent: element.child("ParentRef").and_then(|parent| parent.text_of("ListID")).map(str::to_owned),
            fields: element.children.iter().filter(|field| !COMPUTED.contains(&field.name.as_str())).cloned().collect(),
        };
        if self.books.lists.at(&record.key()).is_some_and(|known| !is_stub(known)) {
            return Err(lacks("ListID: it is already there"));
        }
        self.books.reserve_list_id(&record.key());
        for value in element.children_named("DataExtRet") {
            objects::data_ext::load(&mut self.books.data_ext, &record, value);
        }
        let mut record = record;
        for field in &mut record.fields {
            load_reference(&mut self.books, field, record.created);
        }
        if let Some(parent) = element.child("ParentRef")
            && let (Some(id), Some(full_name)) = (parent.text_of("ListID"), parent.text_of("FullName"))
            && self.books.lists.get(kind, id).is_none()
        {
            make_stub(&mut self.books, kind, id, full_name, record.created);
        }
        let cents = element.text_of("Balance").and_then(money::parse).unwrap_or(0);
        post_balance(&mut self.books, &record, cents);
        self.books.lists.insert(record);
        Ok(())
    }
}

/// A record made from a reference only: it never changed and has no fields.
fn is_stub(record: &ListRecord) -> bool {
    record.edit_sequence == 0 && record.fields.is_empty()
}

/// Cuts a reference down to its ID and makes the record it points to, if there is none; inside groups too.
fn load_reference(books: &mut Books, field: &mut Element, now: Now) {
    let kinds = refs::kinds_of(&field.name);
    let Some(kind) = kinds.first().copied() else {
        for inside in &mut field.children {
            load_reference(books, inside, now);
        }
        return;
    };
    let (Some(id), Some(full_name)) = (field.text_of("ListID"), field.text_of("FullName")) else {
        return;
    };
    if !kinds.iter().any(|kind| books.lists.get(*kind, id).is_some()) {
        make_stub(books, kind, id, full_name, now);
    }
    *field = refs::to(&field.name, id);
}

/// Makes a record that is only referred to; should it come later, it takes this one's place.
fn make_stub(books: &mut Books, kind: ListKind, id: &str, name: &str, now: Now) {
    books.lists.insert(ListRecord {
        kind,
        id: id.to_owned(),
        created: now,
        modified: now,
        edit_sequence: 0,
        name: name.to_owned(),
        active: true,
        parent: None,
        fields: Vec::new(),
    });
}

/// Books an opening balance: of an account against the hidden account, of a party on the hidden account alone.
fn post_balance(books: &mut Books, record: &ListRecord, cents: i64) {
    let posting = |account: &str, party: Option<&str>, cents| Posting {
        account: account.to_owned(),
        party: party.map(str::to_owned),
        cents,
    };
    let postings = match record.kind {
        ListKind::Account => {
            let debit = on_normal_side(record.field("AccountType").unwrap_or(""), i128::from(cents));
            let debit = i64::try_from(debit).unwrap_or(0);
            [posting(&record.id, None, debit), posting(PRIOR, None, -debit)]
        }
        ListKind::Vendor => [posting(PRIOR, Some(&record.id), -cents), posting(PRIOR, None, cents)],
        ListKind::Customer => [posting(PRIOR, Some(&record.id), cents), posting(PRIOR, None, -cents)],
        _ => return,
    };
    if cents != 0 {
        books.ledger.post(&postings);
    }
}
