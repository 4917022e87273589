//! What a suspicious bookkeeper tries: one file for each promise, each test named by what it guards.

mod kit;

mod bills;
mod billcom;
mod clock;
mod connectors;
mod doubt;
mod merges;
mod names;
mod refused;
mod restore;
mod waits;
