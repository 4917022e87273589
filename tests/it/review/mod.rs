//! What a suspicious bookkeeper tries: one file for each promise, each test named by what it guards.

pub(crate) mod kit;

mod billcom;
mod bills;
mod clock;
mod doubt;
mod identity;
mod merges;
mod names;
mod refused;
mod restore;
mod waits;
