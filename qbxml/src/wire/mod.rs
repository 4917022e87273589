//! XML, in and out: the only room that knows angle brackets.
//!
//! * [`Source`]: a bounded pull reader that hands out one element at a time,
//! * [`Writer`]: an ordered writer whose output is pure ASCII and always the same bytes for the
//!   same request,
//! * [`UnknownCounts`]: what was in an answer and not understood.

mod limits;
mod reader;
mod unknown;
mod writer;

pub(crate) use reader::Pull;

pub use limits::WireLimits;
pub use reader::Source;
pub use unknown::{UnknownCounts, Unreadable};
pub use writer::Writer;
