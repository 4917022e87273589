//! What stands inside one element: a value, a reference, or other elements.

use crate::error::{Limit, ReadError, WriteError};
use crate::schema::{Example, FieldSpec};
use crate::types::{Value, ValueType};
use crate::wire::{Source, Writer};

/// The kind of content, as data.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Kind {
    /// Text of a simple type.
    Value(ValueType),
    /// `ListID` and `FullName`.
    Reference(&'static [FieldSpec]),
    /// Elements in order.
    Group(&'static [FieldSpec]),
    /// Not an element of its own: one of several branches.
    Choice(&'static [FieldSpec]),
    /// Not an element of its own: elements in order, as one branch of a choice.
    Inline(&'static [FieldSpec]),
}

/// Anything that can be the content of an element (or a choice between elements).
pub trait Content: Sized {
    /// The kind.
    const KIND: Kind;
    /// The schema's limit in characters, if the type itself has one.
    const MAX: Option<u32>;
    /// Whether an empty element clears it in a Mod.
    const CLEARABLE: bool;

    /// Writes the element, tags included.
    ///
    /// # Errors
    /// A rule is broken.
    fn write(&self, spec: &'static FieldSpec, w: &mut Writer) -> Result<(), WriteError>;

    /// Writes the element in the form that clears the field.
    ///
    /// # Errors
    /// It cannot be cleared.
    fn write_clear(spec: &'static FieldSpec, w: &mut Writer) -> Result<(), WriteError> {
        w.leaf(spec.name, "")
    }

    /// Reads the element just entered to its end. `None`: it was empty, or held no value of its
    /// type (which is noted).
    ///
    /// # Errors
    /// The document cannot be read on.
    fn read(spec: &'static FieldSpec, src: &mut dyn Source) -> Result<Option<Self>, ReadError>;

    /// An example value.
    fn example(spec: &'static FieldSpec, ex: &mut Example) -> Self;
}

impl<V: Value> Content for V {
    const KIND: Kind = Kind::Value(V::TYPE);
    const MAX: Option<u32> = <V as Value>::MAX;
    const CLEARABLE: bool = <V as Value>::CLEARABLE;

    fn write(&self, spec: &'static FieldSpec, w: &mut Writer) -> Result<(), WriteError> {
        if let Err(limit) = self.allowed(w.version()) {
            let found = match limit {
                Limit::Since(_) => w.version().to_string(),
                _ => "another value".to_owned(),
            };
            return Err(w.refuse(spec.name, limit, &found));
        }
        let mut text = String::new();
        self.put(&mut text);
        if let Some(max) = spec.max_length {
            let found = text.chars().count();
            if found > max as usize {
                return Err(w.refuse(spec.name, Limit::MaxLength(max), &format!("{found} characters")));
            }
        }
        w.leaf(spec.name, &text)
    }

    fn read(spec: &'static FieldSpec, src: &mut dyn Source) -> Result<Option<Self>, ReadError> {
        let value: Option<V> = read_value(src)?;
        if let (true, Some(id)) = (spec.record_id, &value) {
            let mut text = String::new();
            id.put(&mut text);
            src.note_id(&text);
        }
        Ok(value)
    }

    fn example(spec: &'static FieldSpec, ex: &mut Example) -> Self {
        <V as Value>::example(spec.max_length, ex)
    }
}

/// Reads the text of the element just entered as a value. An empty element is `None` unless empty
/// text is a value; a text that is no value of the type is noted with the record and `None`.
pub(crate) fn read_value<V: Value>(src: &mut dyn Source) -> Result<Option<V>, ReadError> {
    let text = src.text()?;
    if !V::EMPTY_IS_VALUE && text.trim().is_empty() {
        return Ok(None);
    }
    match V::parse(text) {
        Ok(value) => Ok(Some(value)),
        Err(reason) => {
            src.note_bad_value(reason);
            Ok(None)
        }
    }
}
