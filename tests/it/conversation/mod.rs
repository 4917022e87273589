//! Web Connector sessions from end to end.

mod edits;
mod faults;
mod first_sync;
mod real_books;
mod recovery;
mod two_connectors;

pub(crate) use first_sync::bills;
