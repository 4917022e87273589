//! Web Connector sessions from end to end.

mod edits;
mod faults;
mod first_sync;
mod recovery;
mod two_connectors;
