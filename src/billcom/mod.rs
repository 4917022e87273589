//! Bill.com, seen from our side: the v2 API as a handful of verbs, and everything that can go wrong with them.
//!
//! [`BillCom`] is what the engine talks to. [`HttpClient`] is the one implementation: it signs in, keeps the session,
//! stays inside the vendor's limits, and turns every answer, or the lack of one, into a value with exactly one meaning.
//! The bytes travel over a [`Wire`]: the network in production, a simulated organisation in simulations, so that
//! sessions, limits and error handling are the same code in both. [`ChangeScan`] decides which pages to read; it is pure.
//!
//! What this room deliberately does not do:
//! * it never repeats a write after an answer that was not understood. It says [`Outcome::Unknown`], and the engine looks the record up by its natural key;
//! * it knows no record types: a record is a [`Raw`], and the entities read it;
//! * it can move no money: paying, voiding, approving, vendors' bank accounts and MFA have no call here (`calls`, where every
//!   path is written, has a test for it);
//! * it stores nothing, and it decides no schedule.
//!
//! **Invariant:** a secret (password, token, developer key, session id) travels in the body of a POST and nowhere else:
//! not in a URL, not in a `Debug` text, not in an error. Version 3, which is used for notices only ([`notices`]), wants session
//! and key in headers.
//!
//! Facts: `billcom.md` sections 1 (sign-in), 3 (lists, time), 4 (errors, limits).

mod backoff;
mod budget;
mod calls;
mod clock;
mod config;
mod entity;
mod error;
mod http;
pub mod limits;
mod metadata;
pub mod notices;
mod origin;
mod query;
mod reply;
mod scan;
mod session;
mod stamp;
mod wire;

use crate::model::{Money, NativeId, Raw};
use chrono::NaiveDate;
use http::network;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

pub use budget::{Budget, Usage};
pub use clock::{Now, SystemNow};
pub use config::{ConfigError, CredentialKind, HttpConfig};
pub use entity::{Entity, Verb};
pub use error::{Backoff, BillComError, ErrorCode, NetworkKind, Outcome};
pub use http::HttpClient;
pub use metadata::{FieldNames, missing_fields};
pub use origin::sync_trace;
pub use query::{Filter, FilterOp, ListQuery};
pub use scan::{ChangeScan, ScanError, ScanStep};
pub use stamp::{BadStamp, Stamp};
pub use wire::{Form, HttpWire, Wire, WireError, WireReply};

/// A boxed future, which keeps the traits here usable as `dyn`.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The answer to one call.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, BillComError>>;

/// One Bill.com organisation.
pub trait BillCom: Send + Sync {
    /// One page of a list, in the order asked for. Fewer rows than asked for means that the list ends here.
    fn list<'a>(&'a self, query: &'a ListQuery) -> Answer<'a, Vec<Raw>>;

    /// One record with its child rows.
    fn read<'a>(&'a self, entity: Entity, id: &'a NativeId) -> Answer<'a, Raw>;

    /// Makes a record and answers with it. Not idempotent: after [`Outcome::Unknown`] look it up before trying again.
    /// A received payment is made by recording that it came in elsewhere.
    fn create<'a>(&'a self, entity: Entity, object: Raw) -> Answer<'a, Raw>;

    /// Makes up to [`limits::BULK_ROWS_MAX`] records of a list in one call. Each row has an answer of its own, in their order; an
    /// error of the whole holds for every row.
    fn create_many<'a>(&'a self, entity: Entity, objects: Vec<Raw>) -> Answer<'a, Vec<Result<Raw, BillComError>>>;

    /// Changes a record and answers with all of it. The object carries `id`, the entity's required fields and what changes;
    /// lines are overwritten as a whole (`billcom.md` 2).
    fn update<'a>(&'a self, entity: Entity, object: Raw) -> Answer<'a, Raw>;

    /// Brings a record back into use or takes it out (`Undelete`, `Delete`). Not offered for every entity.
    fn set_active<'a>(&'a self, entity: Entity, id: &'a NativeId, active: bool) -> Answer<'a, Raw>;

    /// The book balance of the default bank account; none when no account of the chart of accounts was chosen for it.
    fn bank_balance(&self) -> Answer<'_, Option<BankBalance>>;

    /// Writes book balances: figures that people are shown, no money.
    fn set_bank_balances<'a>(&'a self, balances: &'a BankBalances) -> Answer<'a, ()>;

    /// The page of a record in the web app.
    fn object_url<'a>(&'a self, id: &'a NativeId) -> Answer<'a, String>;

    /// Which fields Bill.com says that records have; entities whose answer is in no known shape are left out.
    fn field_names<'a>(&'a self, entities: &'a [Entity]) -> Answer<'a, FieldNames>;

    /// Least time between two readings of `calls` calls, so that all organisations of the developer key fit into its hour.
    fn reading_pause(&self, calls: u32) -> Duration;

    /// Signs in anew, and says to whose books. Costs one of the 200 logins an hour.
    fn check_access(&self) -> Answer<'_, Access>;
}

/// What a sign-in leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The organisation's id, as the session reports it.
    pub organization_id: String,
    /// Its name; `None` when these credentials may not read it.
    pub organization_name: Option<String>,
    /// The accounting software it says it works with. A value here may mean that the vendor's own sync is connected (`billcom.md` 8, 6).
    pub accounting_software: Option<String>,
    /// The user that the session belongs to.
    pub user_id: String,
}

/// A balance that holds for a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BankBalance {
    /// How much.
    pub amount: Money,
    /// The day, in the organisation's sense.
    pub date: NaiveDate,
}

/// Book balances on their way to Bill.com (`billcom.md` 2.8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankBalances {
    /// That of the default bank account.
    pub default: BankBalance,
    /// Those of others, by the bank account's id in the chart of accounts.
    pub accounts: Vec<(NativeId, Money)>,
}
