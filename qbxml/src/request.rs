//! Requests: what can be pushed into a message set.
//!
//! Two shapes exist. A query's conditions stand directly in the `…QueryRq` element. An Add, Mod,
//! Del or Void either has its body element inside (`<VendorAddRq><VendorAdd>…`) or its fields
//! directly (`TxnDelRq`). Both are values that implement [`Request`], and each names its response:
//! asking a VendorAdd for a bill does not compile.

use std::fmt;

use crate::error::{Limit, ReadError, ReadErrorKind, ValueError, WriteError};
use crate::record::{FromRecord, Record};
use crate::schema::{Content, Example, FieldSpec, Part, Sequence};
use crate::types::QbText;
use crate::version::QbXmlVersion;
use crate::wire::{Source, Writer};

/// A request of the schema.
pub trait Request: Sized {
    /// The name without `Rq`: `VendorAdd`.
    const NAME: &'static str;
    /// The record that its response holds.
    type Response: FromRecord;

    /// The version that brought the request.
    #[must_use]
    fn since() -> QbXmlVersion;

    /// Writes the whole `…Rq` element.
    ///
    /// # Errors
    /// The request would not be valid under the writer's version; nothing usable was written.
    fn write(&self, w: &mut Writer) -> Result<(), WriteError>;

    /// Reads the `…Rq` element just entered: for showing stored message sets, and for tests.
    ///
    /// # Errors
    /// The document cannot be read on, or lacks a required element.
    fn read(src: &mut dyn Source) -> Result<Self, ReadError>;

    /// An example, valid for the version of `ex`.
    #[must_use]
    fn example(ex: &mut Example) -> Self;

    /// The record of a response, as the type this request answers with.
    ///
    /// # Errors
    /// Gives the record back if it is of another kind: an `ErrorRecovery`, an unknown or an
    /// unreadable one.
    #[allow(clippy::result_large_err)] // The caller's own record comes back.
    fn response(record: Record) -> Result<Self::Response, Record> {
        Self::Response::from_record(record)
    }
}

/// A request with a body element.
pub trait WrappedRequest: Request + Content {
    /// The `…Rq` element.
    const ELEMENT: &'static str;
    /// The declaration of the body element.
    const BODY: &'static FieldSpec;
}

/// A request with a body element that can ask for a part of the object only: see [`Returning`]. All
/// but those for data extensions can (schema).
pub trait BodyRequest: WrappedRequest {
    /// Asks for these top-level elements of the resulting object only (`IncludeRetElement`, since
    /// 4.0).
    ///
    /// # Errors
    /// A name longer than 50 characters.
    fn returning(self, elements: &[&str]) -> Result<Returning<Self>, ValueError> {
        let include_ret_element = elements.iter().map(|name| QbText::strict(name)).collect::<Result<_, _>>()?;
        Ok(Returning { request: self, include_ret_element })
    }
}

/// A request that asks for some top-level elements of the resulting object only. Wrong names are
/// ignored by QuickBooks without a word; there is no path into an aggregate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returning<T> {
    /// The request.
    pub request: T,
    /// `IncludeRetElement`, at most 50 characters each.
    pub include_ret_element: Vec<QbText<50>>,
}

/// The declaration of `IncludeRetElement`.
const INCLUDE_RET_ELEMENT: &FieldSpec = &FieldSpec::leaf("IncludeRetElement", crate::types::ValueType::Str)
    .repeated()
    .with_max(50)
    .with_since(QbXmlVersion::us(4, 0));

impl<T: BodyRequest> Request for Returning<T> {
    const NAME: &'static str = T::NAME;
    type Response = T::Response;

    fn since() -> QbXmlVersion {
        T::since()
    }

    fn write(&self, w: &mut Writer) -> Result<(), WriteError> {
        w.open(T::ELEMENT);
        Content::write(&self.request, T::BODY, w)?;
        Part::write(&self.include_ret_element, INCLUDE_RET_ELEMENT, w)?;
        w.close(T::ELEMENT);
        Ok(())
    }

    fn read(src: &mut dyn Source) -> Result<Self, ReadError> {
        let (request, include_ret_element) = read_body(src)?;
        Ok(Self { request, include_ret_element })
    }

    fn example(ex: &mut Example) -> Self {
        let request = <T as Request>::example(ex);
        let include_ret_element = if ex.version().knows(QbXmlVersion::us(4, 0)) {
            <Vec<QbText<50>> as Part>::example(INCLUDE_RET_ELEMENT, ex)
        } else {
            Vec::new()
        };
        Self { request, include_ret_element }
    }
}

/// Reads body and wanted elements of the `…Rq` element just entered.
pub(crate) fn read_body<T: WrappedRequest>(src: &mut dyn Source) -> Result<(T, Vec<QbText<50>>), ReadError> {
    let mut body = None;
    let mut include_ret_element = Vec::new();
    while src.child()? {
        match src.name() {
            name if name == T::BODY.name && body.is_none() => {
                body = <T as Content>::read(T::BODY, src)?;
            }
            "IncludeRetElement" => include_ret_element.extend(crate::schema::read_value(src)?),
            _ => src.skip_unknown()?,
        }
    }
    let body = body.ok_or_else(|| src.error(ReadErrorKind::Missing(T::BODY.name)))?;
    Ok((body, include_ret_element))
}

/// The whole element of a request whose fields stand directly in it.
pub(crate) const fn element<T: Sequence + Content>(name: &'static str) -> FieldSpec {
    FieldSpec { min_occurs: 1, ..FieldSpec::leaf(name, crate::types::ValueType::Str).holding(<T as Content>::KIND) }
}

/// Declares that a type is a request: name, response, version, and whether it is the body inside
/// the request (`body`; `wrapped` if no part of the object can be asked for) or the request itself
/// (`direct`).
macro_rules! qb_request {
    ($ty:ty, $name:literal => $response:ty, since $since:literal, body) => {
        $crate::request::qb_request!($ty, $name => $response, since $since, wrapped);

        impl $crate::request::BodyRequest for $ty {}
    };
    ($ty:ty, $name:literal => $response:ty, since $since:literal, wrapped) => {
        impl $crate::request::Request for $ty {
            const NAME: &'static str = $name;
            type Response = $response;

            fn since() -> $crate::version::QbXmlVersion {
                const { $crate::version::QbXmlVersion::literal(stringify!($since)) }
            }

            fn write(&self, w: &mut $crate::wire::Writer) -> Result<(), $crate::error::WriteError> {
                use $crate::request::WrappedRequest;
                w.open(Self::ELEMENT);
                $crate::schema::Content::write(self, Self::BODY, w)?;
                w.close(Self::ELEMENT);
                Ok(())
            }

            fn read(src: &mut dyn $crate::wire::Source) -> Result<Self, $crate::error::ReadError> {
                $crate::request::read_body(src).map(|(body, _)| body)
            }

            fn example(ex: &mut $crate::schema::Example) -> Self {
                <Self as $crate::schema::Sequence>::example_fields(ex)
            }
        }

        impl $crate::request::WrappedRequest for $ty {
            const ELEMENT: &'static str = concat!($name, "Rq");
            const BODY: &'static $crate::schema::FieldSpec = &$crate::request::element::<$ty>($name);
        }
    };
    ($ty:ty, $name:literal => $response:ty, since $since:literal, direct) => {
        impl $crate::request::Request for $ty {
            const NAME: &'static str = $name;
            type Response = $response;

            fn since() -> $crate::version::QbXmlVersion {
                const { $crate::version::QbXmlVersion::literal(stringify!($since)) }
            }

            fn write(&self, w: &mut $crate::wire::Writer) -> Result<(), $crate::error::WriteError> {
                const ELEMENT: &$crate::schema::FieldSpec = &$crate::request::element::<$ty>(concat!($name, "Rq"));
                $crate::schema::Content::write(self, ELEMENT, w)
            }

            fn read(src: &mut dyn $crate::wire::Source) -> Result<Self, $crate::error::ReadError> {
                const ELEMENT: &$crate::schema::FieldSpec = &$crate::request::element::<$ty>(concat!($name, "Rq"));
                let request = <Self as $crate::schema::Content>::read(ELEMENT, src)?;
                request.ok_or_else(|| src.error($crate::error::ReadErrorKind::Missing(concat!($name, "Rq"))))
            }

            fn example(ex: &mut $crate::schema::Example) -> Self {
                <Self as $crate::schema::Sequence>::example_fields(ex)
            }
        }
    };
}

/// Implements the one rule that Adds and Mods of named list objects have: a name QuickBooks can
/// hold.
macro_rules! qb_named {
    (add $($add:ty),*; change $($change:ty),* $(,)?) => {
        $(
            impl $crate::schema::Rules for $add {
                fn check(&self, w: &$crate::wire::Writer) -> Result<(), $crate::error::WriteError> {
                    $crate::request::check_name(self.name.as_str(), w)
                }

                fn settle(&mut self, _ex: &mut $crate::schema::Example) {}
            }
        )*
        $(
            impl $crate::schema::Rules for $change {
                fn check(&self, w: &$crate::wire::Writer) -> Result<(), $crate::error::WriteError> {
                    self.name.as_set().map_or(Ok(()), |name| $crate::request::check_name(name.as_str(), w))
                }

                fn settle(&mut self, _ex: &mut $crate::schema::Example) {}
            }
        )*
    };
}

pub(crate) use {qb_named, qb_request};

/// The id of a request inside its message set (`requestID`), echoed in the response. At most 50
/// printable ASCII characters (1060 otherwise).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(String);

/// The id of a message set for error recovery. At most 23 printable ASCII characters without
/// blanks: a GUID with dashes is too long, use 22 characters of base64 or 20 hexadecimal digits
/// (`qbxml.md` 2).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageSetId(String);

fn ascii_id(text: &str, limit: usize, expected: &'static str) -> Result<String, ValueError> {
    let found = text.chars().count();
    if found > limit {
        return Err(ValueError::TooLong { limit, found });
    }
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(ValueError::grammar(expected, text));
    }
    Ok(text.to_owned())
}

impl RequestId {
    /// The most characters.
    pub const LENGTH_MAX: usize = 50;

    /// Takes an id.
    ///
    /// # Errors
    /// Empty, too long, or not printable ASCII without blanks.
    pub fn new(text: &str) -> Result<Self, ValueError> {
        ascii_id(text, Self::LENGTH_MAX, "a request id").map(Self)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl MessageSetId {
    /// The most characters.
    pub const LENGTH_MAX: usize = 23;
    /// The word that stands for all stored message sets of the application.
    pub(crate) const ALL: &'static str = "ClearAllMessageSets";

    /// Takes an id.
    ///
    /// # Errors
    /// Empty, too long, not printable ASCII without blanks, or the word that clears all message
    /// sets.
    pub fn new(text: &str) -> Result<Self, ValueError> {
        if text.eq_ignore_ascii_case(Self::ALL) {
            return Err(ValueError::grammar("a message set id other than ClearAllMessageSets", text));
        }
        ascii_id(text, Self::LENGTH_MAX, "a message set id").map(Self)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for MessageSetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Refuses list names that QuickBooks cannot hold (status 3090): empty, blank, or with a colon,
/// which separates parent and child.
pub(crate) fn check_name(name: &str, w: &Writer) -> Result<(), WriteError> {
    if name.trim().is_empty() {
        return Err(w.refuse("Name", Limit::Required("a name"), "blanks only"));
    }
    if name.contains(':') {
        return Err(w.refuse("Name", Limit::Character("colon"), "a colon"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_bounded() {
        assert!(RequestId::new(&"x".repeat(50)).is_ok());
        assert!(RequestId::new(&"x".repeat(51)).is_err());
        assert!(MessageSetId::new(&"x".repeat(23)).is_ok());
        assert!(MessageSetId::new(&"x".repeat(24)).is_err());
        for text in ["", "a b", "é", "a\n"] {
            assert!(RequestId::new(text).is_err() && MessageSetId::new(text).is_err(), "{text:?}");
        }
        assert!(MessageSetId::new("clearallmessagesets").is_err());
    }
}
