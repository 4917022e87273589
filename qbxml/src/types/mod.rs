//! Values: the texts inside leaf elements, each with its grammar and limits (`qbxml.md` 4).
//!
//! A value is checked once, where it is made; afterwards holding one is the proof. Money is whole
//! cents, other numbers are exact decimals: **Invariant:** no float anywhere.

mod amount;
mod change;
mod date;
mod decimal;
mod enums;
mod id;
mod reference;
mod status;
mod status_table;
mod text;
mod value;

pub use amount::Amount;
pub use change::Change;
pub use date::{QbDate, QbDateTime};
pub use decimal::{ExchangeRate, Percent, Price, Quantity};
pub use enums::*;
pub use id::{EditSequence, ExternalGuid, IteratorId, ListId, MacroName, OwnerId, TxnId, TxnLineId};
pub use reference::ListRef;
pub use status::{Reaction, Severity, Status, StatusCode};
pub use status_table::{STATUS_TABLE, StatusEntry, StatusRange};
pub use text::{QbText, Substitution};
pub use value::{Value, ValueType};
