//! The integration tests: one binary for all of them.

mod between;
mod billcom;
mod conversation;
mod errors;
mod harness;
mod http;
mod kinds;
mod pages;
mod review;
