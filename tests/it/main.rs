//! The integration tests: one binary for all of them.

mod between;
mod billcom;
mod conversation;
mod errors;
mod harness;
mod hazards;
mod http;
mod kinds;
mod pages;
mod restores;
mod resync;
mod review;
mod round_trips;
mod year;
