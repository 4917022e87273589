//! Web Connector sessions from end to end.

mod first_sync;
