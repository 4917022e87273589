//! References to list objects.

use crate::error::{Limit, ReadError, ValueError, WriteError};
use crate::schema::{Content, Example, FieldSpec, Kind};
use crate::types::ListId;
use crate::wire::{Source, Writer};

/// A reference to a list object: `<VendorRef><ListID>…</ListID><FullName>…</FullName></VendorRef>`.
///
/// The id wins if both are given (vendor documentation), so it is the one to use. A full name is
/// compared without case and is `Parent:Child`; one made of digits is taken as an account number if
/// account numbers are on (`qbxml.md` 6). The longest name differs from field to field (vendor 41,
/// customer 209, account and class 159, terms 31) and is checked when the request is written.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct ListRef {
    /// `ListID`.
    pub list_id: Option<ListId>,
    /// `FullName`.
    pub full_name: Option<String>,
}

impl ListRef {
    /// A reference by id.
    #[must_use]
    pub const fn by_id(list_id: ListId) -> Self {
        Self { list_id: Some(list_id), full_name: None }
    }

    /// A reference by full name.
    #[must_use]
    pub fn by_name(full_name: &str) -> Self {
        Self { list_id: None, full_name: Some(full_name.to_owned()) }
    }
}

/// The children of every reference; the limit of `FullName` comes from the field.
pub(crate) const REF_FIELDS: &[FieldSpec] = &[
    FieldSpec::leaf("ListID", crate::types::ValueType::Id),
    FieldSpec::leaf("FullName", crate::types::ValueType::Str),
];

impl Content for ListRef {
    const KIND: Kind = Kind::Reference(REF_FIELDS);
    const MAX: Option<u32> = None;
    const CLEARABLE: bool = true;

    fn write(&self, spec: &'static FieldSpec, w: &mut Writer) -> Result<(), WriteError> {
        if self.list_id.is_none() && self.full_name.as_deref().is_none_or(str::is_empty) {
            return Err(w.refuse(spec.name, Limit::Required("ListID or FullName"), "neither"));
        }
        w.open(spec.name);
        if let Some(list_id) = &self.list_id {
            w.leaf("ListID", list_id.as_str())?;
        }
        if let Some(full_name) = &self.full_name {
            let found = full_name.chars().count();
            if let Some(max) = spec.max_length.filter(|max| found > *max as usize) {
                return Err(w.refuse("FullName", Limit::MaxLength(max), &format!("{found} characters")));
            }
            w.leaf("FullName", full_name)?;
        }
        w.close(spec.name);
        Ok(())
    }

    /// A reference is cleared by an empty `ListID` inside (`qbxml.md` 7, recalled).
    fn write_clear(spec: &'static FieldSpec, w: &mut Writer) -> Result<(), WriteError> {
        w.open(spec.name);
        w.leaf("ListID", "")?;
        w.close(spec.name);
        Ok(())
    }

    fn read(_spec: &'static FieldSpec, src: &mut dyn Source) -> Result<Option<Self>, ReadError> {
        let mut reference = Self::default();
        while src.child()? {
            match src.name() {
                "ListID" if reference.list_id.is_none() => {
                    reference.list_id = crate::schema::read_value(src)?;
                }
                "FullName" if reference.full_name.is_none() => {
                    reference.full_name = crate::schema::read_value(src)?.filter(|name: &String| !name.is_empty());
                }
                _ => src.skip_unknown()?,
            }
        }
        Ok((reference != Self::default()).then_some(reference))
    }

    fn example(spec: &'static FieldSpec, ex: &mut Example) -> Self {
        let by_name = ex.below(2) == 1;
        let list_id = (!by_name || ex.present()).then(|| <ListId as crate::types::Value>::example(None, ex));
        let full_name = by_name.then(|| ex.text(spec.max_length));
        Self { list_id, full_name: full_name.filter(|name| !name.is_empty()) }.or_id(ex)
    }
}

impl ListRef {
    /// Falls back to an id when an example came out empty.
    fn or_id(self, ex: &mut Example) -> Self {
        if self == Self::default() { Self::by_id(<ListId as crate::types::Value>::example(None, ex)) } else { self }
    }
}

impl From<ListId> for ListRef {
    fn from(list_id: ListId) -> Self {
        Self::by_id(list_id)
    }
}

impl TryFrom<&str> for ListRef {
    type Error = ValueError;

    /// A reference by full name.
    fn try_from(full_name: &str) -> Result<Self, ValueError> {
        if full_name.trim().is_empty() {
            return Err(ValueError::grammar("a full name", full_name));
        }
        Ok(Self::by_name(full_name))
    }
}
