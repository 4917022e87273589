//! Web Connector sessions from end to end.

mod clocks;
mod edits;
mod faults;
mod first_sync;
mod message_sets;
mod real_books;
mod recovery;
mod texts;
mod two_connectors;

pub(crate) use first_sync::bills;
