//! The words of the domain, and nothing else.
//!
//! Every other room speaks in these types. They carry no I/O, no SQL and no XML; [`Raw`] is the one place where a
//! JSON document of Bill.com is visible, so that entities can read it without knowing the HTTP client.
//!
//! **Invariant:** nothing here is `async`, reads a clock or a random source, or implements `Serialize`: what is stored
//! is decided in `store::row`, what is shown in `web::view`.

mod attempt;
mod event;
mod fields;
mod hash;
mod id;
mod intent;
mod kind;
mod link;
mod money;
mod problem;
mod raw;
mod settings;
mod sighting;
mod time;
mod trouble;
mod words;

pub use attempt::{Attempt, AttemptPurpose, AttemptState, RequestTag};
pub use event::{Event, EventKind};
pub use fields::{FieldName, Fields, Reference, Value};
pub use hash::ContentHash;
pub use id::{AttemptId, BadId, CompanyId, ConversationId, IntentId, LinkId, NativeId, ProblemId};
pub use intent::{Intent, IntentState, Need, Operation};
pub use kind::{Kind, RecordKey, Shelf, Side};
pub use link::Link;
pub use money::{BadMoney, Money};
pub use problem::{Action, ActionId, Candidate, Problem, ProblemCode, ProblemState};
pub use raw::{Raw, RawError};
pub use settings::{
    BadSetting, BillFilter, ClassDimension, DefaultRecord, DocumentDate, JobShape, Mode, QuietHours, Settings,
    duration, show_duration,
};
pub use sighting::{Life, Sighting};
pub use time::span;
pub use trouble::Trouble;
pub use words::{capital, sentence};
