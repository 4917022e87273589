#![doc = include_str!("../README.md")]

mod catalogue;
pub mod entity;
pub mod error;
mod message_set;
pub mod query;
pub mod record;
pub mod request;
mod request_reader;
mod response;
pub mod schema;
pub mod types;
mod version;
pub mod wire;

pub use catalogue::{CopyError, REQUESTS, RequestEntry};
pub use error::{Limit, ReadError, ReadErrorKind, ValueError, WriteError};
pub use message_set::{MessageSet, OnError};
pub use record::{FromRecord, RECORDS, Record, RecordEntry};
pub use request::{BodyRequest, MessageSetId, Request, RequestId, Returning, WrappedRequest};
pub use request_reader::{MessageSetHead, RequestHead, RequestReader};
pub use response::{MessageSetInfo, ResponseHead, ResponseReader};
pub use types::{
    Amount, Change, EditSequence, ExchangeRate, ExternalGuid, IteratorId, ListId, ListRef, MacroName, OwnerId, Percent,
    Price, QbDate, QbDateTime, QbText, Quantity, Reaction, Severity, Status, StatusCode, Substitution, TxnId,
    TxnLineId, TxnRef,
};
pub use version::{Edition, QbXmlVersion};
pub use wire::{UnknownCounts, Unreadable, WireLimits};
