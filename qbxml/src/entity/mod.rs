//! One file for each QuickBooks object: its requests and what QuickBooks returns, declared
//! together.
//!
//! To add an object: one file here, one line in this list, and one line for its record in
//! [`crate::record`].

mod account;
mod address;
mod bill;
mod company;
mod company_activity;
mod contact;
mod customer;
mod data_ext;
mod deleted;
mod error_recovery;
mod host;
pub mod lines;
mod names;
mod preferences;
mod terms;
mod txn_del;
mod vendor;

pub use account::*;
pub use address::*;
pub use bill::*;
pub use company::*;
pub use company_activity::*;
pub use contact::*;
pub use customer::*;
pub use data_ext::*;
pub use deleted::*;
pub use error_recovery::*;
pub use host::*;
pub use lines::*;
pub use names::*;
pub use preferences::*;
pub use terms::*;
pub use txn_del::*;
pub use vendor::*;
