//! The integration tests: one binary for all of them.

mod billcom;
mod conversation;
mod harness;
mod http;
mod review;
