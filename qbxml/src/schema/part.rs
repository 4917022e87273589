//! How often an element occurs: the bridge between a field's Rust type and the elements on the
//! wire.

use crate::error::{Limit, ReadError, ReadErrorKind, WriteError};
use crate::schema::{Content, Example, FieldSpec, Kind, Sequence};
use crate::types::Change;
use crate::wire::{Source, Writer};

/// The type of a field: content with an occurrence.
pub trait Part: Sized {
    /// What reading gathers.
    type Slot: Default;
    /// What stands inside.
    const KIND: Kind;
    /// The limit of the content type.
    const MAX: Option<u32>;
    /// The fewest occurrences.
    const MIN_OCCURS: u32;
    /// The most occurrences.
    const MAX_OCCURS: Option<u32>;

    /// Writes what there is.
    ///
    /// # Errors
    /// A rule is broken.
    fn write(&self, spec: &'static FieldSpec, w: &mut Writer) -> Result<(), WriteError>;

    /// Reads the element just entered.
    ///
    /// # Errors
    /// The document cannot be read on.
    fn take(slot: &mut Self::Slot, spec: &'static FieldSpec, src: &mut dyn Source) -> Result<(), ReadError>;

    /// Makes the field of what was gathered.
    ///
    /// # Errors
    /// A required element is missing.
    fn finish(slot: Self::Slot, spec: &'static FieldSpec, src: &mut dyn Source) -> Result<Self, ReadError>;

    /// Makes the field of what a program gave, without reading.
    fn given(slot: Self::Slot) -> Self;

    /// An example field.
    fn example(spec: &'static FieldSpec, ex: &mut Example) -> Self;
}

/// Checks while compiling that a constructor takes every required field.
pub(crate) const fn assert_given(given: &[&str], fields: &[(&str, u32)]) {
    let mut at = 0;
    while at < fields.len() {
        let (name, min_occurs) = fields[at];
        assert!(min_occurs == 0 || holds(given, name), "a constructor leaves out a required field");
        at += 1;
    }
}

/// Whether a list holds a name; usable while compiling.
const fn holds(names: &[&str], name: &str) -> bool {
    let mut at = 0;
    while at < names.len() {
        if same(names[at].as_bytes(), name.as_bytes()) {
            return true;
        }
        at += 1;
    }
    false
}

/// Whether two texts are the same; usable while compiling.
const fn same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// Checks the version before an element of this field is written.
pub(crate) fn gate(spec: &FieldSpec, w: &Writer) -> Result<(), WriteError> {
    spec.since.map_or(Ok(()), |since| w.gate(spec.name, since))
}

/// Reads one element into a place for one; a second one is counted as unknown.
fn take_one<T: Content>(slot: &mut Option<T>, spec: &'static FieldSpec, src: &mut dyn Source) -> Result<(), ReadError> {
    if slot.is_some() {
        return src.skip_unknown();
    }
    *slot = T::read(spec, src)?;
    Ok(())
}

impl<T: Content> Part for T {
    type Slot = Option<T>;
    const KIND: Kind = <T as Content>::KIND;
    const MAX: Option<u32> = <T as Content>::MAX;
    const MIN_OCCURS: u32 = 1;
    const MAX_OCCURS: Option<u32> = Some(1);

    fn write(&self, spec: &'static FieldSpec, w: &mut Writer) -> Result<(), WriteError> {
        gate(spec, w)?;
        Content::write(self, spec, w)
    }

    fn take(slot: &mut Self::Slot, spec: &'static FieldSpec, src: &mut dyn Source) -> Result<(), ReadError> {
        take_one(slot, spec, src)
    }

    fn finish(slot: Self::Slot, spec: &'static FieldSpec, src: &mut dyn Source) -> Result<Self, ReadError> {
        slot.ok_or_else(|| src.error(ReadErrorKind::Missing(spec.name)))
    }

    fn given(slot: Self::Slot) -> Self {
        slot.expect("invariant: constructors take every required field, checked while compiling")
    }

    fn example(spec: &'static FieldSpec, ex: &mut Example) -> Self {
        <T as Content>::example(spec, ex)
    }
}

impl<T: Content> Part for Option<T> {
    type Slot = Self;
    const KIND: Kind = <T as Content>::KIND;
    const MAX: Option<u32> = <T as Content>::MAX;
    const MIN_OCCURS: u32 = 0;
    const MAX_OCCURS: Option<u32> = Some(1);

    fn write(&self, spec: &'static FieldSpec, w: &mut Writer) -> Result<(), WriteError> {
        let Some(content) = self else { return Ok(()) };
        gate(spec, w)?;
        Content::write(content, spec, w)
    }

    fn take(slot: &mut Self::Slot, spec: &'static FieldSpec, src: &mut dyn Source) -> Result<(), ReadError> {
        take_one(slot, spec, src)
    }

    fn finish(slot: Self::Slot, _spec: &'static FieldSpec, _src: &mut dyn Source) -> Result<Self, ReadError> {
        Ok(slot)
    }

    fn given(slot: Self::Slot) -> Self {
        slot
    }

    fn example(spec: &'static FieldSpec, ex: &mut Example) -> Self {
        ex.includes(spec).then(|| <T as Content>::example(spec, ex))
    }
}

impl<T: Content> Part for Vec<T> {
    type Slot = Self;
    const KIND: Kind = <T as Content>::KIND;
    const MAX: Option<u32> = <T as Content>::MAX;
    const MIN_OCCURS: u32 = 0;
    const MAX_OCCURS: Option<u32> = None;

    fn write(&self, spec: &'static FieldSpec, w: &mut Writer) -> Result<(), WriteError> {
        if self.is_empty() && spec.min_occurs == 0 {
            return Ok(());
        }
        gate(spec, w)?;
        count_check(self.len(), spec, w)?;
        self.iter().try_for_each(|content| Content::write(content, spec, w))
    }

    fn take(slot: &mut Self::Slot, spec: &'static FieldSpec, src: &mut dyn Source) -> Result<(), ReadError> {
        slot.extend(T::read(spec, src)?);
        Ok(())
    }

    fn finish(slot: Self::Slot, _spec: &'static FieldSpec, _src: &mut dyn Source) -> Result<Self, ReadError> {
        Ok(slot)
    }

    fn given(slot: Self::Slot) -> Self {
        slot
    }

    fn example(spec: &'static FieldSpec, ex: &mut Example) -> Self {
        let count = ex.count(spec);
        (0..count).map(|_| <T as Content>::example(spec, ex)).collect()
    }
}

impl<T: Content> Part for Change<T> {
    type Slot = Self;
    const KIND: Kind = <T as Content>::KIND;
    const MAX: Option<u32> = <T as Content>::MAX;
    const MIN_OCCURS: u32 = 0;
    const MAX_OCCURS: Option<u32> = Some(1);

    fn write(&self, spec: &'static FieldSpec, w: &mut Writer) -> Result<(), WriteError> {
        if self.is_keep() {
            return Ok(());
        }
        gate(spec, w)?;
        match self {
            Self::Keep => Ok(()),
            Self::Set(content) => Content::write(content, spec, w),
            Self::Clear if spec.not_clearable || !T::CLEARABLE => {
                Err(w.refuse(spec.name, Limit::NotClearable, "an empty element"))
            }
            Self::Clear => T::write_clear(spec, w),
        }
    }

    fn take(slot: &mut Self::Slot, spec: &'static FieldSpec, src: &mut dyn Source) -> Result<(), ReadError> {
        if !slot.is_keep() {
            return src.skip_unknown();
        }
        *slot = T::read(spec, src)?.map_or(Self::Clear, Self::Set);
        Ok(())
    }

    fn finish(slot: Self::Slot, _spec: &'static FieldSpec, _src: &mut dyn Source) -> Result<Self, ReadError> {
        Ok(slot)
    }

    fn given(slot: Self::Slot) -> Self {
        slot
    }

    fn example(spec: &'static FieldSpec, ex: &mut Example) -> Self {
        if !ex.includes(spec) {
            return Self::Keep;
        }
        if T::CLEARABLE && !spec.not_clearable && ex.clears() {
            return Self::Clear;
        }
        Self::Set(<T as Content>::example(spec, ex))
    }
}

/// Checks how often an element is about to be written.
fn count_check(count: usize, spec: &FieldSpec, w: &Writer) -> Result<(), WriteError> {
    if count < spec.min_occurs as usize {
        return Err(w.refuse(spec.name, Limit::Required("at least one"), "none"));
    }
    match spec.max_occurs {
        Some(max) if count > max as usize => Err(w.refuse(spec.name, Limit::MaxOccurs(max), &format!("{count} times"))),
        _ => Ok(()),
    }
}

/// The declaration of the element `name` inside a choice.
pub(crate) fn child_spec(branches: &'static [FieldSpec], name: &str) -> &'static FieldSpec {
    branches.iter().find(|branch| branch.name == name).expect("invariant: choices write the elements of their table")
}

/// One branch of a choice for an example, among those the version knows.
pub(crate) fn pick_branch(branches: &'static [FieldSpec], ex: &mut Example) -> &'static FieldSpec {
    let version = ex.version();
    let knows = |branch: &&FieldSpec| branch.since.is_none_or(|since| version.knows(since));
    let known: Vec<&'static FieldSpec> = branches.iter().filter(knows).collect();
    let chosen: &&FieldSpec = ex.pick(&known);
    chosen
}

/// The place of a branch for an example, among those the version knows.
pub(crate) fn pick_branch_place(branches: &'static [FieldSpec], ex: &mut Example) -> usize {
    let version = ex.version();
    let knows = |spec: &FieldSpec| spec.since.is_none_or(|since| version.knows(since));
    let known = |branch: &FieldSpec| match branch.kind {
        Kind::Inline(fields) => fields.iter().any(knows),
        _ => knows(branch),
    };
    let places: Vec<usize> = (0..branches.len()).filter(|place| known(&branches[*place])).collect();
    *ex.pick(&places)
}

/// The place of an element in a table. Elements come in schema order, so the search begins where
/// the last one was found.
fn find(fields: &'static [FieldSpec], name: &str, hint: &mut usize) -> Option<usize> {
    let count = fields.len();
    let at = (0..count).map(|step| (*hint + step) % count).find(|index| fields[*index].takes(name))?;
    *hint = at;
    Some(at)
}

/// Reads the children of the open element into a sequence.
pub(crate) fn read_sequence<S: Sequence>(src: &mut dyn Source) -> Result<S, ReadError> {
    let mut slots = S::Slots::default();
    let mut hint = 0;
    while src.child()? {
        match find(S::FIELDS, src.name(), &mut hint) {
            Some(index) => S::take(&mut slots, index, src)?,
            None if S::SKIPPED.contains(&src.name()) => src.skip_known()?,
            None => src.skip_unknown()?,
        }
    }
    S::finish(slots, src)
}
