//! How a qbXML aggregate is declared: once.
//!
//! `qb_struct!` takes a struct whose fields each name their element; from it come the Rust type,
//! writing in declaration order (which is schema order, so that no other order can come out),
//! reading (unknown elements are counted, not fatal), a static table of field metadata, and example
//! values for tests and schema checks. Which Rust type a field has says how often its element
//! occurs:
//!
//! | Rust type | occurrence |
//! |---|---|
//! | `T` | required |
//! | `Option<T>` | optional |
//! | `Vec<T>` | repeated |
//! | `Change<T>` | optional in a Mod: keep, set or clear |
//! | a choice, branches or selection type, element name `"(choice)"` | what the type says |
//!
//! Behind the element name stand, in this order and as needed: `max N` (characters; for a
//! reference, of its `FullName`), `since V` (the version that brought it), `times N` (the most
//! occurrences), `[noclear]` (status 3190), `[record_id]` (names the record in errors).
//!
//! The tables restate `qbxml-fields.json`: elements of the US desktop edition up to 16.0, in order.
//! A test compares them when the reference is at hand.

mod branches;
mod content;
mod example;
mod group;
mod macros;
mod part;

pub(crate) use branches::{qb_branches, qb_choice, qb_filter};
pub(crate) use content::read_value;
pub use content::{Content, Kind};
pub use example::{Detail, Example};
pub(crate) use group::{all_clearable, write_cleared_group};
pub(crate) use macros::{field_doc, qb_enum, qb_selection, qb_struct};
pub use part::Part;
pub(crate) use part::{assert_given, child_spec, gate, pick_branch, pick_branch_place, read_sequence};

use crate::error::{ReadError, WriteError};
use crate::version::QbXmlVersion;
use crate::wire::{Source, Writer};

/// The name that fields with a choice of elements have instead of an element name.
pub const CHOICE: &str = "(choice)";

/// The declaration of one field, as data.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FieldSpec {
    /// The element's name, or [`CHOICE`].
    pub name: &'static str,
    /// The most characters (of a reference: of its full name).
    pub max_length: Option<u32>,
    /// The version that brought the element; `None`: there from the first.
    pub since: Option<QbXmlVersion>,
    /// The fewest occurrences.
    pub min_occurs: u32,
    /// The most occurrences; `None`: no limit.
    pub max_occurs: Option<u32>,
    /// Whether an empty element is refused in a Mod (status 3190).
    pub not_clearable: bool,
    /// Whether it is the id of its record.
    pub record_id: bool,
    /// What stands inside.
    pub kind: Kind,
}

impl FieldSpec {
    /// An optional leaf without limits; a starting point for hand-written tables.
    #[must_use]
    pub const fn leaf(name: &'static str, value: crate::types::ValueType) -> Self {
        Self {
            name,
            max_length: None,
            since: None,
            min_occurs: 0,
            max_occurs: Some(1),
            not_clearable: false,
            record_id: false,
            kind: Kind::Value(value),
        }
    }

    /// The declaration that the type of a field implies.
    #[must_use]
    pub const fn of_part<P: Part>(name: &'static str) -> Self {
        Self {
            name,
            max_length: P::MAX,
            since: None,
            min_occurs: P::MIN_OCCURS,
            max_occurs: P::MAX_OCCURS,
            not_clearable: false,
            record_id: false,
            kind: P::KIND,
        }
    }

    /// A choice that must be made, or one branch of it: no element of its own.
    #[must_use]
    pub const fn choice(kind: Kind) -> Self {
        let spec = Self::leaf(CHOICE, crate::types::ValueType::Str);
        Self { min_occurs: 1, kind, ..spec }
    }

    /// The same, brought by a version.
    #[must_use]
    pub const fn with_since(mut self, since: QbXmlVersion) -> Self {
        self.since = Some(since);
        self
    }

    /// The same with a limit in characters.
    #[must_use]
    pub const fn with_max(mut self, max_length: u32) -> Self {
        self.max_length = Some(max_length);
        self
    }

    /// The same, but any number of times.
    #[must_use]
    pub const fn repeated(mut self) -> Self {
        self.max_occurs = None;
        self
    }

    /// The same, but holding other elements.
    #[must_use]
    pub const fn holding(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    /// Whether an element of this name belongs to the field.
    #[must_use]
    pub fn takes(&self, name: &str) -> bool {
        match self.kind {
            Kind::Choice(branches) | Kind::Inline(branches) => branches.iter().any(|branch| branch.takes(name)),
            _ => self.name == name,
        }
    }
}

/// A run of elements in schema order: the content of an aggregate.
///
/// Implemented by `qb_struct!`; not meant to be written by hand.
pub trait Sequence: Sized {
    /// The fields in order.
    const FIELDS: &'static [FieldSpec];
    /// Elements of the schema that are deliberately not read.
    const SKIPPED: &'static [&'static str];
    /// What reading has gathered so far.
    type Slots: Default;

    /// Writes all fields in order.
    ///
    /// # Errors
    /// A field breaks a rule.
    fn write_fields(&self, w: &mut Writer) -> Result<(), WriteError>;

    /// Reads the element just entered into the field at `index`.
    ///
    /// # Errors
    /// The document cannot be read on.
    fn take(slots: &mut Self::Slots, index: usize, src: &mut dyn Source) -> Result<(), ReadError>;

    /// Makes the value of what was gathered.
    ///
    /// # Errors
    /// A required field is missing.
    fn finish(slots: Self::Slots, src: &mut dyn Source) -> Result<Self, ReadError>;

    /// Makes the value of what a program gave, without reading. Only for types whose required
    /// fields were all given.
    fn given(slots: Self::Slots) -> Self;

    /// An example value.
    fn example_fields(ex: &mut Example) -> Self;
}

/// The attributes of an aggregate's start tag.
pub trait Attributes: Sized {
    /// Writes them into the open start tag.
    ///
    /// # Errors
    /// A value is not allowed.
    fn write_attributes(&self, w: &mut Writer) -> Result<(), WriteError>;

    /// Reads them from the element just entered.
    ///
    /// # Errors
    /// They are not well formed.
    fn read_attributes(src: &mut dyn Source) -> Result<Self, ReadError>;

    /// Example attributes.
    fn example_attributes(ex: &mut Example) -> Self;
}

/// Rules between the fields of an aggregate that its table cannot say.
pub trait Rules {
    /// Checks them before anything is written.
    ///
    /// # Errors
    /// The rule broken.
    fn check(&self, w: &Writer) -> Result<(), WriteError>;

    /// Makes a generated example keep them.
    fn settle(&mut self, ex: &mut Example);
}
