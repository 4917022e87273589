//! The simulator against itself, and the client against the simulator.

mod api;
mod books;
mod client;
mod client_calls;
mod hazards;
mod http;
mod kit;
mod limits;
mod openapi;
mod openapi_money;
mod payables;
mod receivables;
mod scans;
mod schema_check;
mod signing_in;
mod webhooks;
