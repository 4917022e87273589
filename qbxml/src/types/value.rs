//! The trait of all leaf values, and its implementations for plain Rust types.

use crate::error::{Limit, ValueError};
use crate::schema::Example;
use crate::version::QbXmlVersion;

/// The simple types of the schema, as `qbxml-fields.json` names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum ValueType {
    Str,
    Id,
    Amount,
    Price,
    Quantity,
    Percent,
    Float,
    Int,
    Bool,
    Date,
    DateTime,
    Guid,
    Enum,
}

impl ValueType {
    /// The name in the schema: `AMTTYPE`.
    #[must_use]
    pub const fn schema_name(self) -> &'static str {
        match self {
            Self::Str => "STRTYPE",
            Self::Id => "IDTYPE",
            Self::Amount => "AMTTYPE",
            Self::Price => "PRICETYPE",
            Self::Quantity => "QUANTYPE",
            Self::Percent => "PERCENTTYPE",
            Self::Float => "FLOATTYPE",
            Self::Int => "INTTYPE",
            Self::Bool => "BOOLTYPE",
            Self::Date => "DATETYPE",
            Self::DateTime => "DATETIMETYPE",
            Self::Guid => "GUIDTYPE",
            Self::Enum => "ENUMTYPE",
        }
    }
}

/// The text content of a leaf element.
///
/// `parse(put(value)) == value` holds for every value; the property tests check it.
pub trait Value: Sized {
    /// The simple type of the schema.
    const TYPE: ValueType;
    /// The schema's limit in characters, where the type itself has one.
    const MAX: Option<u32> = None;
    /// Whether an empty element may clear the field in a Mod (numbers, dates and text yes;
    /// booleans, ids and enumerations no).
    const CLEARABLE: bool;
    /// Whether an empty element is a value (text) rather than an absent one (all else).
    const EMPTY_IS_VALUE: bool = false;

    /// Reads the un-escaped text.
    ///
    /// # Errors
    /// The text does not follow the grammar of the type.
    fn parse(text: &str) -> Result<Self, ValueError>;

    /// Appends the text form, not escaped.
    fn put(&self, out: &mut String);

    /// Whether the value may be sent under the announced version.
    ///
    /// # Errors
    /// The rule it breaks.
    fn allowed(&self, _version: QbXmlVersion) -> Result<(), Limit> {
        Ok(())
    }

    /// An example value; `max` is the field's own limit in characters.
    fn example(max: Option<u32>, ex: &mut Example) -> Self;
}

/// Free text as QuickBooks returned it: no limit, so that an answer is never refused for its
/// length.
impl Value for String {
    const TYPE: ValueType = ValueType::Str;
    const CLEARABLE: bool = true;
    const EMPTY_IS_VALUE: bool = true;

    fn parse(text: &str) -> Result<Self, ValueError> {
        Ok(text.to_owned())
    }

    fn put(&self, out: &mut String) {
        out.push_str(self);
    }

    fn example(max: Option<u32>, ex: &mut Example) -> Self {
        ex.text(max)
    }
}

#[expect(clippy::use_self)] // "Whether it can be cleared" is no value of this type.
impl Value for bool {
    const TYPE: ValueType = ValueType::Bool;
    const CLEARABLE: bool = false;

    fn parse(text: &str) -> Result<Self, ValueError> {
        match text.trim() {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            other => Err(ValueError::grammar("true or false", other)),
        }
    }

    fn put(&self, out: &mut String) {
        out.push_str(if *self { "true" } else { "false" });
    }

    fn example(_max: Option<u32>, ex: &mut Example) -> Self {
        ex.below(2) == 1
    }
}

impl Value for i64 {
    const TYPE: ValueType = ValueType::Int;
    const CLEARABLE: bool = false;

    fn parse(text: &str) -> Result<Self, ValueError> {
        text.trim().parse().map_err(|_| ValueError::grammar("a whole number", text))
    }

    fn put(&self, out: &mut String) {
        out.push_str(&self.to_string());
    }

    fn example(_max: Option<u32>, ex: &mut Example) -> Self {
        // 1 to 28 suits counts and days of a month alike.
        Self::try_from(ex.below(28)).expect("invariant: below 28") + 1
    }
}
