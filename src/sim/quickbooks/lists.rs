//! Lists: their records, and the rules of names. The kinds of lists are in [`super::list_kind`].
//!
//! A record is kept as the tree of fields it was given, in the form of [`super::schema::canonical`]; only what the rules need
//! (name, activity, parent, stamps) has a place of its own. So a field needs no code here to survive.
//!
//! Names (`qbxml.md` 8): vendors, customers, employees and other names share one name space at the top level, inactive ones
//! included and without regard to case; a job, sub-account, sub-class or sub-item must be unique under its parent only. IDs
//! are unique only within one *family* of lists: all names lists are one, and all twelve types of items are one.

use std::collections::BTreeMap;

pub(crate) use super::list_kind::{Family, ListKind};
use super::status::Status;
use super::text::folded;
use super::time::Now;
use crate::sim::xml::Element;

/// Where a record is found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ListKey {
    pub(crate) family: Family,
    pub(crate) id: String,
}

/// One record of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListRecord {
    pub(crate) kind: ListKind,
    pub(crate) id: String,
    pub(crate) created: Now,
    pub(crate) modified: Now,
    pub(crate) edit_sequence: i64,
    pub(crate) name: String,
    pub(crate) active: bool,
    /// `ListID` of the parent, of the same kind.
    pub(crate) parent: Option<String>,
    /// All other fields. References hold a `ListID` only; the full name is looked up when an answer is written.
    pub(crate) fields: Vec<Element>,
}

impl ListRecord {
    pub(crate) fn key(&self) -> ListKey {
        ListKey { family: self.kind.family(), id: self.id.clone() }
    }

    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|field| field.name == name).map(|field| field.text.as_str())
    }

    pub(crate) fn set_field(&mut self, name: &str, text: &str) {
        self.fields.retain(|field| field.name != name);
        if !text.is_empty() {
            self.fields.push(Element::leaf(name, text));
        }
    }

    /// The `ListID` a reference field holds.
    pub(crate) fn reference(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|field| field.name == name)?.text_of("ListID")
    }
}

/// All lists of a company file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Lists {
    records: BTreeMap<ListKey, ListRecord>,
    /// Folded names of each family, kept beside the records so that a clash is found without a search.
    names: BTreeMap<(Family, String), Vec<String>>,
}

impl Lists {
    pub(crate) fn get(&self, kind: ListKind, id: &str) -> Option<&ListRecord> {
        let record = self.at(&ListKey { family: kind.family(), id: id.to_owned() })?;
        (record.kind == kind).then_some(record)
    }

    pub(crate) fn at(&self, key: &ListKey) -> Option<&ListRecord> {
        self.records.get(key)
    }

    pub(crate) fn of_kind(&self, kind: ListKind) -> impl Iterator<Item = &ListRecord> {
        self.records.values().filter(move |record| record.kind == kind)
    }

    /// The item of that ID, whatever its type.
    pub(crate) fn item(&self, id: &str) -> Option<&ListRecord> {
        self.at(&ListKey { family: Family::Items, id: id.to_owned() })
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &ListRecord> {
        self.records.values()
    }

    pub(crate) fn insert(&mut self, record: ListRecord) {
        let key = record.key();
        self.forget_name(&key);
        self.names.entry((key.family, folded(&record.name))).or_default().push(record.id.clone());
        self.records.insert(key, record);
    }

    pub(crate) fn remove(&mut self, key: &ListKey) -> Option<ListRecord> {
        self.forget_name(key);
        self.records.remove(key)
    }

    /// Changes a record in place; the name index follows.
    pub(crate) fn change(&mut self, key: &ListKey, change: impl FnOnce(&mut ListRecord)) {
        if let Some(mut record) = self.remove(key) {
            change(&mut record);
            self.insert(record);
        }
    }

    fn forget_name(&mut self, key: &ListKey) {
        let Some(record) = self.records.get(key) else {
            return;
        };
        let entry = (key.family, folded(&record.name));
        if let Some(ids) = self.names.get_mut(&entry) {
            ids.retain(|id| *id != key.id);
            if ids.is_empty() {
                self.names.remove(&entry);
            }
        }
    }

    fn named(&self, family: Family, name: &str) -> impl Iterator<Item = &ListRecord> {
        let ids = self.names.get(&(family, folded(name))).map_or(&[][..], Vec::as_slice);
        ids.iter().filter_map(move |id| self.records.get(&ListKey { family, id: id.clone() }))
    }

    /// `Parent:Child` with every ancestor.
    pub(crate) fn full_name(&self, record: &ListRecord) -> String {
        let mut parts = vec![record.name.as_str()];
        let mut parent = record.parent.as_deref();
        while let Some(above) = parent.and_then(|id| self.get(record.kind, id)) {
            parts.push(&above.name);
            parent = above.parent.as_deref();
            if parts.len() > LEVELS_MAX {
                break;
            }
        }
        parts.reverse();
        parts.join(":")
    }

    /// How many ancestors a record has.
    pub(crate) fn level(&self, record: &ListRecord) -> usize {
        self.full_name(record).matches(':').count()
    }

    pub(crate) fn by_full_name(&self, kind: ListKind, full_name: &str) -> Option<&ListRecord> {
        let wanted = folded(full_name);
        let last = full_name.rsplit(':').next().unwrap_or(full_name);
        self.named(kind.family(), last)
            .filter(|record| record.kind == kind)
            .find(|record| folded(&self.full_name(record)) == wanted)
    }

    pub(crate) fn children<'a>(&'a self, record: &'a ListRecord) -> impl Iterator<Item = &'a ListRecord> {
        self.of_kind(record.kind).filter(|child| child.parent.as_deref() == Some(record.id.as_str()))
    }

    /// Checks the name rules for a new or changed record; `except` is the record itself.
    pub(crate) fn check_name(
        &self,
        kind: ListKind,
        name: &str,
        parent: Option<&str>,
        except: Option<&str>,
    ) -> Result<(), Status> {
        if name.trim().is_empty() {
            return Err(Status::bad_name(name, kind, "The name may not be empty."));
        }
        if name.contains(':') {
            return Err(Status::colon_in_name(name, kind));
        }
        let taken = self
            .named(kind.family(), name)
            .any(|other| other.parent.as_deref() == parent && Some(other.id.as_str()) != except);
        if taken { Err(Status::name_in_use(name)) } else { Ok(()) }
    }

    /// True if `ancestor` stands anywhere above the record.
    pub(crate) fn is_below(&self, record: &ListRecord, ancestor: &str) -> bool {
        let mut above = record.parent.as_deref();
        for _ in 0..LEVELS_MAX {
            if above == Some(ancestor) {
                return true;
            }
            above = above.and_then(|id| self.get(record.kind, id)).and_then(|found| found.parent.as_deref());
        }
        false
    }

    /// Levels below a record: 0 without children.
    fn depth_below(&self, record: &ListRecord) -> usize {
        self.children(record).map(|child| 1 + self.depth_below(child)).max().unwrap_or(0)
    }

    /// Checks that a record may stand under a parent with all that is below it: no circle, not too deep.
    pub(crate) fn check_parent(&self, parent: &ListRecord, record: Option<&str>) -> Result<(), Status> {
        let moved = record.and_then(|id| self.get(parent.kind, id));
        let is_circle = moved.is_some_and(|moved| moved.id == parent.id || self.is_below(parent, &moved.id));
        let levels = self.level(parent) + 2 + moved.map_or(0, |moved| self.depth_below(moved));
        if is_circle || levels > LEVELS_MAX {
            return Err(Status::no_such_parent(&self.full_name(parent), parent.kind));
        }
        Ok(())
    }
}

/// Deepest nesting of accounts, customers, classes and items (`qbxml.md` 8).
pub(in crate::sim) const LEVELS_MAX: usize = 5;
