//! The simulator against itself, and the client against the simulator.

mod api;
mod client;
mod kit;
mod openapi;
