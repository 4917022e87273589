//! What queries have in common: paging, counting, and the filters of lists and transactions
//! (`qbxml.md` 3).
//!
//! Ids, names and numbers exclude all other filters (schema: one choice), so a query selects
//! *either* by a list of them *or* by conditions: [`ListSelection`] and [`TxnSelection`].
//!
//! Not every query can be paged. Those that can have [`Paging`]; the others have [`Counting`] only,
//! so that asking AccountQuery for an iterator does not compile. Without an iterator `MaxReturned`
//! just truncates, and nothing says so.

use std::num::NonZeroU32;

mod lists;
mod txns;

pub use lists::*;
pub use txns::*;

use crate::error::{Limit, ReadError, ValueError, WriteError};
use crate::schema::{Attributes, Detail, Example};
use crate::types::{IteratorId, MacroName, Value, ValueType};
use crate::version::QbXmlVersion;
use crate::wire::{Source, Writer};

/// Whether a query returns counts, data, or both (`metaData`). A count can be slightly off (vendor
/// documentation).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum MetaData {
    /// Data only: QuickBooks' default, nothing is sent.
    #[default]
    None,
    /// `MetaDataOnly`: the count in `retCount`, no data.
    Only,
    /// `MetaDataAndResponseData`: both.
    AndData,
}

impl MetaData {
    fn write(self, w: &mut Writer) -> Result<(), WriteError> {
        match self {
            Self::None => Ok(()),
            Self::Only => w.attribute("metaData", "MetaDataOnly"),
            Self::AndData => w.attribute("metaData", "MetaDataAndResponseData"),
        }
    }

    fn read(src: &mut dyn Source) -> Result<Self, ReadError> {
        Ok(match src.attribute("metaData")?.as_deref() {
            Some("MetaDataOnly") => Self::Only,
            Some("MetaDataAndResponseData") => Self::AndData,
            _ => Self::None,
        })
    }

    fn example(ex: &mut Example) -> Self {
        if ex.present() { *ex.pick(&[Self::Only, Self::AndData]) } else { Self::None }
    }
}

/// A step of an iterator (`iterator`, `iteratorID`; since 5.0). It lives only in the session that
/// started it; an expired one answers 3391: start again from the beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// The first page.
    Start,
    /// The next page, with the same filters and the same `MaxReturned`.
    Continue(IteratorId),
    /// No further pages are wanted.
    Stop(IteratorId),
}

/// The attributes of a query that can be paged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paging {
    /// `metaData`.
    pub meta_data: MetaData,
    /// `iterator` and `iteratorID`. Needs `MaxReturned`.
    pub page: Option<Page>,
}

impl Paging {
    /// Pages need a size: what the two schema attributes and `MaxReturned` have to do with each
    /// other.
    pub(crate) fn check(&self, max_returned: Option<MaxReturned>, w: &Writer) -> Result<(), WriteError> {
        match (&self.page, max_returned) {
            (Some(Page::Start | Page::Continue(_)), None) => {
                Err(w.refuse("MaxReturned", Limit::Required("MaxReturned for an iterator"), "none"))
            }
            _ => Ok(()),
        }
    }
}

impl Attributes for Paging {
    fn write_attributes(&self, w: &mut Writer) -> Result<(), WriteError> {
        self.meta_data.write(w)?;
        let Some(page) = &self.page else {
            return Ok(());
        };
        w.gate("iterator", QbXmlVersion::us(5, 0))?;
        match page {
            Page::Start => w.attribute("iterator", "Start"),
            Page::Continue(id) => {
                w.attribute("iterator", "Continue").and_then(|()| w.attribute("iteratorID", id.as_str()))
            }
            Page::Stop(id) => w.attribute("iterator", "Stop").and_then(|()| w.attribute("iteratorID", id.as_str())),
        }
    }

    fn read_attributes(src: &mut dyn Source) -> Result<Self, ReadError> {
        let meta_data = MetaData::read(src)?;
        let id = src.attribute("iteratorID")?.and_then(|id| IteratorId::new(&id).ok());
        let page = match (src.attribute("iterator")?.as_deref(), id) {
            (Some("Start"), _) => Some(Page::Start),
            (Some("Continue"), Some(id)) => Some(Page::Continue(id)),
            (Some("Stop"), Some(id)) => Some(Page::Stop(id)),
            _ => None,
        };
        Ok(Self { meta_data, page })
    }

    fn example_attributes(ex: &mut Example) -> Self {
        let meta_data = MetaData::example(ex);
        let id = <IteratorId as Value>::example(None, ex);
        let pages = [Page::Start, Page::Continue(id.clone()), Page::Stop(id)];
        let known = ex.version().knows(QbXmlVersion::us(5, 0));
        Self { meta_data, page: (known && ex.present()).then(|| ex.pick(&pages).clone()) }
    }
}

/// The attributes of a query that cannot be paged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counting {
    /// `metaData`.
    pub meta_data: MetaData,
}

impl Attributes for Counting {
    fn write_attributes(&self, w: &mut Writer) -> Result<(), WriteError> {
        self.meta_data.write(w)
    }

    fn read_attributes(src: &mut dyn Source) -> Result<Self, ReadError> {
        Ok(Self { meta_data: MetaData::read(src)? })
    }

    fn example_attributes(ex: &mut Example) -> Self {
        Self { meta_data: MetaData::example(ex) }
    }
}

/// The attribute of an Add, or of a line in it, that names the new object's id for later requests
/// of the same message set (`defMacro`, since 2.0).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Definition {
    /// `defMacro`.
    pub def_macro: Option<MacroName>,
}

impl Attributes for Definition {
    fn write_attributes(&self, w: &mut Writer) -> Result<(), WriteError> {
        let Some(name) = &self.def_macro else {
            return Ok(());
        };
        w.gate("defMacro", QbXmlVersion::us(2, 0))?;
        w.attribute("defMacro", name.as_str())
    }

    fn read_attributes(src: &mut dyn Source) -> Result<Self, ReadError> {
        Ok(Self { def_macro: src.attribute("defMacro")?.and_then(|name| MacroName::new(&name).ok()) })
    }

    fn example_attributes(ex: &mut Example) -> Self {
        let known = ex.version().knows(QbXmlVersion::us(2, 0));
        Self { def_macro: (known && ex.present()).then(|| <MacroName as Value>::example(None, ex)) }
    }
}

/// The most objects to return, at least 1 (`MaxReturned`). With an iterator it is the page size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MaxReturned(pub NonZeroU32);

impl MaxReturned {
    /// So many; `None` for 0, which the schema forbids.
    #[must_use]
    pub const fn new(count: u32) -> Option<Self> {
        match NonZeroU32::new(count) {
            Some(count) => Some(Self(count)),
            None => None,
        }
    }
}

impl Value for MaxReturned {
    const TYPE: ValueType = ValueType::Int;
    const CLEARABLE: bool = false;

    fn parse(text: &str) -> Result<Self, ValueError> {
        text.trim().parse().map(Self).map_err(|_| ValueError::grammar("a whole number from 1", text))
    }

    fn put(&self, out: &mut String) {
        out.push_str(&self.0.to_string());
    }

    fn example(_max: Option<u32>, ex: &mut Example) -> Self {
        let count = u32::try_from(ex.below(500)).expect("invariant: below 500");
        Self(NonZeroU32::MIN.saturating_add(count))
    }
}

/// Gives an example a page size if its page needs one; drops the page if there is no place for a
/// size.
pub(crate) fn settle_page(paging: &mut Paging, max_returned: Option<&mut Option<MaxReturned>>, ex: &mut Example) {
    let needs_size = matches!(paging.page, Some(Page::Start | Page::Continue(_)));
    match max_returned {
        Some(size) if needs_size && size.is_none() => {
            *size = Some(<MaxReturned as Value>::example(None, ex));
        }
        None if needs_size => paging.page = None,
        _ => {}
    }
    if ex.detail() == Detail::Minimal {
        paging.page = None;
    }
}

/// Implements the one rule that every query with pages has: pages need a size.
macro_rules! qb_paged {
    ($($query:ty),* $(,)?) => {
        $(
            impl $crate::schema::Rules for $query {
                fn check(&self, w: &$crate::wire::Writer) -> Result<(), $crate::error::WriteError> {
                    self.paging.check(self.selection.filters().and_then(|filters| filters.max_returned), w)
                }

                fn settle(&mut self, ex: &mut $crate::schema::Example) {
                    let size = self.selection.filters_mut().map(|filters| &mut filters.max_returned);
                    $crate::query::settle_page(&mut self.paging, size, ex);
                }
            }
        )*
    };
}

pub(crate) use qb_paged;
