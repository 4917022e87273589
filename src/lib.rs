//! Counterfoil keeps Bill.com and QuickBooks Desktop in step.
//!
//! The rooms, and which may use which, are drawn in `ARCHITECTURE.md`; `tests/tidy.rs` holds the arrows.

pub mod billcom;
pub mod cli;
pub mod config;
pub mod connector;
pub mod engine;
pub mod entities;
pub mod limits;
pub mod model;
pub mod plan;
pub mod secrets;
pub mod sim;
pub mod store;
pub mod telemetry;
pub mod web;
