//! Shipped simulators of the two worlds we do not own, and of the connector between them.
//!
//! The same code serves the demo, `counterfoil simulate …`, the tests and the fault runs. The simulators are strict
//! where the real thing is strict, and they share no parser with the product: a mistake in ours must not be hidden by
//! the same mistake here.

pub mod billcom;
pub mod connector;
pub mod firm;
pub mod quickbooks;
pub mod world;
pub mod xml;
