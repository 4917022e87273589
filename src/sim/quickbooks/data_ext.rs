//! Data extensions: values that applications and people keep at records, and their definitions.
//!
//! A definition belongs to an owner (an application's GUID, or `0` for the custom fields that people see), has a name, a type
//! and the kinds of objects it may be used with. A value belongs to one record, transaction or line. Values of the company
//! itself are kept apart, in [`super::books::Books::company_data`], because the Web Connector writes there without a definition.
//!
//! A value goes with its record; changing one does not touch the record's stamps (recalled, like most of this).

use std::collections::BTreeMap;

use super::lists::ListKey;
use super::text::folded;

/// What holds a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Holder {
    List(ListKey),
    Txn(String),
    Line(String),
    Company,
}

/// A definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Definition {
    pub(crate) id: u32,
    /// The owner as it was spelled in the definition.
    pub(crate) owner: String,
    pub(crate) name: String,
    /// `DataExtType`.
    pub(crate) value_type: String,
    /// `AssignToObject`, in the order given.
    pub(crate) objects: Vec<String>,
    pub(crate) is_required_by_list: bool,
    pub(crate) is_required_by_txn: bool,
    pub(crate) format: String,
}

/// Owner and name, as they are compared.
type Key = (String, String);

fn key(owner: &str, name: &str) -> Key {
    (owner.to_ascii_uppercase(), folded(name))
}

/// All definitions and values of a company file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct DataExts {
    definitions: BTreeMap<Key, Definition>,
    values: BTreeMap<Holder, BTreeMap<Key, String>>,
    ids: u32,
}

impl DataExts {
    pub(crate) fn definition(&self, owner: &str, name: &str) -> Option<&Definition> {
        self.definitions.get(&key(owner, name))
    }

    /// All definitions in the order in which they were made.
    pub(crate) fn definitions(&self) -> Vec<&Definition> {
        let mut all: Vec<&Definition> = self.definitions.values().collect();
        all.sort_by_key(|definition| definition.id);
        all
    }

    /// Stores a new definition under a new ID and gives it back.
    pub(crate) fn define(&mut self, mut definition: Definition) -> Definition {
        self.ids += 1;
        definition.id = self.ids;
        self.definitions.insert(key(&definition.owner, &definition.name), definition.clone());
        definition
    }

    /// Replaces a definition; under a new name its values follow.
    pub(crate) fn redefine(&mut self, before: &Definition, after: Definition) {
        let (old, new) = (key(&before.owner, &before.name), key(&after.owner, &after.name));
        self.definitions.remove(&old);
        for values in self.values.values_mut() {
            if let Some(value) = values.remove(&old) {
                values.insert(new.clone(), value);
            }
        }
        self.definitions.insert(new, after);
    }

    /// Removes a definition with all its values.
    pub(crate) fn undefine(&mut self, definition: &Definition) {
        let gone = key(&definition.owner, &definition.name);
        self.definitions.remove(&gone);
        for values in self.values.values_mut() {
            values.remove(&gone);
        }
    }

    pub(crate) fn value(&self, holder: &Holder, definition: &Definition) -> Option<&str> {
        self.values.get(holder)?.get(&key(&definition.owner, &definition.name)).map(String::as_str)
    }

    /// Sets or, with `None`, removes a value.
    pub(crate) fn set(&mut self, holder: Holder, definition: &Definition, value: Option<&str>) {
        let place = key(&definition.owner, &definition.name);
        let values = self.values.entry(holder).or_default();
        match value {
            Some(value) => values.insert(place, value.to_owned()),
            None => values.remove(&place),
        };
    }

    /// Forgets the values of a record that is gone.
    pub(crate) fn forget(&mut self, record: &ListKey) {
        self.values.remove(&Holder::List(record.clone()));
    }
}
