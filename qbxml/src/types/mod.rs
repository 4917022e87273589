//! Values: the texts inside leaf elements, each with its grammar and limits (`qbxml.md` 4).
//!
//! A value is checked once, where it is made; afterwards holding one is the proof. Money is whole
//! cents, other numbers are exact decimals: **Invariant:** no float anywhere.

mod amount;
mod change;
mod date;
mod decimal;
mod enums;
mod enums_lists;
mod enums_txns;
mod id;
mod ranged;
mod reference;
mod status;
mod status_table;
mod text;
mod txn_ref;
mod value;

pub use amount::Amount;
pub use change::Change;
pub use date::{QbDate, QbDateTime};
pub use decimal::{ExchangeRate, Percent, Price, Quantity};
pub use enums::*;
pub use enums_lists::*;
pub use enums_txns::*;
pub use id::{EditSequence, ExternalGuid, IteratorId, ListId, MacroName, OwnerId, TxnId, TxnLineId};
pub use ranged::{DayOfMonth, MonthNumber};
pub use reference::ListRef;
pub use status::{Reaction, Severity, Status, StatusCode};
pub use status_table::{STATUS_TABLE, StatusEntry, StatusRange};
pub use text::{QbText, Substitution};
pub use txn_ref::TxnRef;
pub use value::{Value, ValueType};
