//! Looking into lists without qbXML: any record by kind, and what an item posts to.

use super::CompanyFile;
use super::lists::{ListKind, ListRecord};
use super::objects::item::posting;
use crate::sim::xml::Element;

/// A record of any list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListEntry {
    /// Which list it is in.
    pub kind: ListKind,
    /// `ListID`.
    pub id: String,
    /// Own name, or initials.
    pub name: String,
    /// With all ancestors.
    pub full_name: String,
    /// `ListID` of the parent.
    pub parent: Option<String>,
    /// False once made inactive.
    pub active: bool,
    /// `EditSequence`.
    pub edit_sequence: i64,
    fields: Vec<Element>,
}

impl ListEntry {
    /// A further field, by its path: `ItemDesc`, `SalesOrPurchase/Price`, `ClassRef/ListID`.
    #[must_use]
    pub fn field(&self, path: &str) -> Option<&str> {
        let mut parts = path.split('/');
        let first = parts.next()?;
        let start = self.fields.iter().find(|field| field.name == first)?;
        parts.try_fold(start, |element, part| element.child(part)).map(|element| element.text.as_str())
    }
}

/// An item, with both of its sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The record.
    pub entry: ListEntry,
    /// `ListID` of the account that buying it debits.
    pub bought_to: Option<String>,
    /// `ListID` of the account that selling it credits.
    pub sold_to: Option<String>,
    /// What one costs, as the item suggests it.
    pub cost: Option<String>,
    /// What one is sold for, as the item suggests it.
    pub price: Option<String>,
}

impl CompanyFile {
    /// All records of a list, active or not, by ID.
    #[must_use]
    pub fn entries(&self, kind: ListKind) -> Vec<ListEntry> {
        self.books.lists.of_kind(kind).map(|record| self.entry_of(record)).collect()
    }

    /// The record of that full name, whatever the case.
    #[must_use]
    pub fn entry(&self, kind: ListKind, full_name: &str) -> Option<ListEntry> {
        self.books.lists.by_full_name(kind, full_name).map(|record| self.entry_of(record))
    }

    /// The item of that full name, whatever its type and the case.
    #[must_use]
    pub fn item(&self, full_name: &str) -> Option<Item> {
        let record = ListKind::ITEMS.iter().find_map(|kind| self.books.lists.by_full_name(*kind, full_name))?;
        Some(Item {
            entry: self.entry_of(record),
            bought_to: posting::bought_to(record).map(str::to_owned),
            sold_to: posting::sold_to(record).map(str::to_owned),
            cost: posting::cost(record).map(str::to_owned),
            price: posting::sales_price(record).map(str::to_owned),
        })
    }

    fn entry_of(&self, record: &ListRecord) -> ListEntry {
        ListEntry {
            kind: record.kind,
            id: record.id.clone(),
            name: record.name.clone(),
            full_name: self.books.lists.full_name(record),
            parent: record.parent.clone(),
            active: record.active,
            edit_sequence: record.edit_sequence,
            fields: record.fields.clone(),
        }
    }
}
