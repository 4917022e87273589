//! A QuickBooks company file that behaves like the real one, as far as an application can tell.
//!
//! [`CompanyFile::process`] is the request processor: qbXML in, qbXML or an HRESULT out. It is strict where QuickBooks is
//! strict (schema, order, versions, edit sequences, names, references, closed periods, locks) and lossy where QuickBooks
//! is lossy (characters, white space, time offsets, truncated queries). Around it stand the things that happen to a real
//! file: people who edit at the keyboard ([`Person`]), backups that are restored, windows left open, dialogs,
//! another file opened instead ([`Condition`]). Where the facts are not settled both behaviours are here, as [`Habits`].
//!
//! What it deliberately is not: an accounting program. It knows the lists (accounts, names, classes, items, terms, taxes) and the
//! transactions that are posted to its ledger; a new object is one file in `objects/` and one line in its registry.
//!
//! The file is a plain value: `Clone` is a backup, and the same calls with the same times give the same bytes.
//!
//! **Invariant:** no clock, no random source, no parser of the product; time comes in as [`Now`], chance as a seed.
//! **Invariant:** a request that answers an error has changed nothing.
//! **Invariant:** the trial balance is zero after every operation.

mod answer;
mod applied;
mod books;
mod data_ext;
mod demo;
mod envelope;
mod inspect;
mod inspect_lists;
mod inspect_txns;
mod ledger;
mod list_kind;
mod list_ops;
mod list_query;
mod listing;
mod lists;
mod load;
mod merge;
mod money;
mod objects;
mod person;
mod person_lists;
mod person_txns;
mod query;
mod recovery;
mod refs;
mod schema;
mod shape;
mod status;
mod tables;
mod text;
mod time;
mod txn_kind;
mod txn_ops;
mod txn_query;
mod txn_render;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

pub use books::{Preferences, TxnKind};
pub use demo::demo;
pub use inspect::{Account, Bill, BillLine, Gone, Party};
pub use inspect_lists::{Item, ListEntry};
pub use inspect_txns::{Link, Txn, TxnLine};
pub use list_kind::ListKind;
pub(super) use lists::LEVELS_MAX;
pub use load::LoadError;
pub use person::{BillDraft, BillDraftLine, Person};
pub use person_txns::{Receipt, Sale, SaleDraft, SaleLine};
pub use recovery::{StatusCheck, StoreFull};
pub use schema::{SchemaBreak, Version};
pub use status::{Severity, Status};
pub use text::{has_raw_beyond_latin1, stored};
pub use time::{Now, OffsetHabit, Zone};

pub use envelope::validate;

use books::Books;
use query::Iterators;

/// A failure below the message level, as COM reports it and the Web Connector passes it on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("0x{code:08X}: {message}")]
pub struct HResult {
    /// The code, such as `0x80040400`.
    pub code: u32,
    /// The text that goes with it.
    pub message: String,
}

impl HResult {
    /// Any code with any text.
    #[must_use]
    pub fn new(code: u32, message: &str) -> Self {
        Self { code, message: message.to_owned() }
    }
    /// 0x80040400: the text was not understood. QuickBooks gives no reason.
    #[must_use]
    pub fn parse_error() -> Self {
        Self::new(0x8004_0400, "QuickBooks found an error when parsing the provided XML text stream.")
    }
    /// 0x80040402: something went wrong inside.
    #[must_use]
    pub fn unexpected() -> Self {
        Self::new(0x8004_0402, "Unexpected error. Check the qbsdklog.txt file for possible additional information.")
    }
    /// 0x80040408: QuickBooks is closed and cannot be started.
    #[must_use]
    pub fn cannot_start() -> Self {
        Self::new(0x8004_0408, "Could not start QuickBooks.")
    }
    /// 0x8004040A: another company file is open.
    #[must_use]
    pub fn other_file() -> Self {
        Self::new(
            0x8004_040A,
            "A QuickBooks company data file is already open and it is different from the one requested or there are company file\nmode conflicts.",
        )
    }
    /// 0x8004040D: the session is gone.
    #[must_use]
    pub fn ticket_invalid() -> Self {
        Self::new(0x8004_040D, "The ticket parameter is invalid.")
    }
    /// 0x80040414: a dialog is open.
    #[must_use]
    pub fn dialog_open() -> Self {
        Self::new(
            0x8004_0414,
            "A modal dialog box is showing in the QuickBooks user interface.  Your application cannot access QuickBooks until the user dismisses the dialog box.",
        )
    }
    /// 0x80040416: closed, and no file was named.
    #[must_use]
    pub fn no_file_named() -> Self {
        Self::new(
            0x8004_0416,
            "If QuickBooks is not running, a call to the \"BeginSession\" method must include the name of the data file.",
        )
    }
    /// 0x8004041A: the application may not use this file.
    #[must_use]
    pub fn no_permission() -> Self {
        Self::new(
            0x8004_041A,
            "This application does not have permission to access this QuickBooks company data file.  The QuickBooks administrator can grant access permission through the Integrated Application preferences.",
        )
    }
    /// 0x80040423: the announced qbXML version is unknown.
    #[must_use]
    pub fn unknown_version() -> Self {
        Self::new(0x8004_0423, "The version of qbXML that was requested is not supported or is unknown.")
    }
}

/// What a person, or Windows, has made of QuickBooks at the moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Condition {
    /// The file is open and nothing is in the way.
    #[default]
    Ready,
    /// QuickBooks is not running, but opens the file if its path is named (unattended mode).
    Closed,
    /// QuickBooks is not running and cannot be started.
    CannotStart,
    /// Another company file is open.
    OtherFileOpen,
    /// A dialog waits for somebody.
    DialogOpen,
    /// Any other failure to open, as an HRESULT.
    Failing(HResult),
}

/// Behaviour that the facts leave open, or that differs between installations (`qbxml.md` 13).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Habits {
    /// What a status check answers.
    pub status_check: StatusCheck,
    /// What happens when a message set cannot be stored (9005).
    pub store_full: StoreFull,
    /// Most message sets kept per application.
    pub message_sets_max: usize,
    /// What a query by ID answers for an ID that is not there.
    pub missing_id: MissingId,
    /// Whether a reference to an inactive record is accepted.
    pub inactive_reference: InactiveReference,
    /// A bill without terms takes those of its vendor.
    pub bill_takes_vendor_terms: bool,
    /// Paying a bill or invoice, or using a credit, moves its modification time.
    pub payment_touches_bill: bool,
    /// A Mod that changes a line gives all lines of the transaction new IDs.
    pub line_ids_change: bool,
    /// A bill or invoice that is paid cannot be deleted; otherwise the payment is unlinked.
    pub paid_bill_stays: bool,
    /// A vendor eligible for a 1099 needs a tax number and an address.
    pub complete_1099: bool,
    /// Answers end their lines with CR LF.
    pub crlf: bool,
    /// Answers write characters beyond ASCII as references.
    pub ascii: bool,
    /// Seconds after which an unused iterator is gone; `None` for the whole session.
    pub iterator_seconds_max: Option<i64>,
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            status_check: StatusCheck::FullAnswer,
            store_full: StoreFull::DoneButWithheld,
            message_sets_max: 1_000,
            missing_id: MissingId::Warning500,
            inactive_reference: InactiveReference::Refused,
            bill_takes_vendor_terms: true,
            payment_touches_bill: true,
            line_ids_change: false,
            paid_bill_stays: true,
            complete_1099: true,
            crlf: false,
            ascii: true,
            iterator_seconds_max: None,
        }
    }
}

/// See [`Habits::missing_id`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingId {
    /// 500, with the records that were found.
    Warning500,
    /// 3120, and nothing.
    Error3120,
}

/// See [`Habits::inactive_reference`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InactiveReference {
    /// 3140.
    Refused,
    /// Taken as any other.
    Accepted,
}

/// Which QuickBooks this is and how it is set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// `ProductName` of the host answer.
    pub product: String,
    /// `MajorVersion` of the host answer: the year less 1990.
    pub major_version: u16,
    /// `Country`.
    pub country: String,
    /// The qbXML versions this QuickBooks understands, oldest first.
    pub versions: Vec<Version>,
    /// Full path of the company file on the QuickBooks machine.
    pub path: String,
    /// `SingleUser` or `MultiUser`; lists are deleted in single-user mode only.
    pub multi_user: bool,
    /// Time zone of the machine.
    pub zone: Zone,
    /// Behaviour the facts leave open.
    pub habits: Habits,
}

impl Default for Setup {
    /// A QuickBooks Enterprise of 2024 on US Eastern time.
    fn default() -> Self {
        let versions = [
            (1, 0),
            (1, 1),
            (2, 0),
            (2, 1),
            (3, 0),
            (4, 0),
            (4, 1),
            (5, 0),
            (6, 0),
            (7, 0),
            (8, 0),
            (9, 0),
            (10, 0),
            (11, 0),
            (12, 0),
            (13, 0),
            (14, 0),
            (15, 0),
            (16, 0),
        ];
        Self {
            product: "QuickBooks Enterprise Solutions 24.0".to_owned(),
            major_version: 34,
            country: "US".to_owned(),
            versions: versions.into_iter().map(|(major, minor)| Version(major, minor)).collect(),
            path: r"C:\Users\Public\Documents\Intuit\QuickBooks\Company Files\Company.qbw".to_owned(),
            multi_user: false,
            zone: Zone::default(),
            habits: Habits::default(),
        }
    }
}

/// An application inside one QuickBooks session, from `BeginSession` to `EndSession`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppSession {
    /// The application, as its OwnerID in upper case. Message sets belong to it.
    pub owner: String,
    /// Number of the session; iterators belong to it.
    pub number: u64,
}

/// A company file with everything in it. `Clone` makes an independent copy.
#[derive(Debug, Clone)]
pub struct CompanyFile {
    /// Which QuickBooks this is.
    pub setup: Setup,
    /// What stands in the way of opening it.
    pub condition: Condition,
    books: Books,
    seed: u64,
    sessions: BTreeSet<u64>,
    sessions_begun: u64,
    iterators: Iterators,
    /// IDs of records that somebody has open in a window.
    open_windows: BTreeSet<String>,
}

/// A backup of the books, made by [`CompanyFile::backup`].
#[derive(Debug, Clone)]
pub struct Backup(Books);

impl CompanyFile {
    /// An empty company.
    #[must_use]
    pub fn new(company_name: &str, seed: u64) -> Self {
        Self {
            setup: Setup::default(),
            condition: Condition::Ready,
            books: Books::of(company_name),
            seed,
            sessions: BTreeSet::new(),
            sessions_begun: 0,
            iterators: Iterators::default(),
            open_windows: BTreeSet::new(),
        }
    }

    /// `OpenConnection` and `BeginSession` for an application, naming a file or, with an empty path, the one now open.
    ///
    /// # Errors
    /// The [`HResult`] a real QuickBooks gives in the present [`Condition`].
    pub fn begin_session(&mut self, owner: &str, path: &str) -> Result<AppSession, HResult> {
        let is_this = path.is_empty() || path.eq_ignore_ascii_case(&self.setup.path);
        match &self.condition {
            Condition::Ready if is_this => {}
            Condition::Closed if path.is_empty() => return Err(HResult::no_file_named()),
            Condition::Closed if is_this => {}
            Condition::Ready | Condition::OtherFileOpen => return Err(HResult::other_file()),
            Condition::Closed | Condition::CannotStart => return Err(HResult::cannot_start()),
            Condition::DialogOpen => return Err(HResult::dialog_open()),
            Condition::Failing(hresult) => return Err(hresult.clone()),
        }
        self.sessions_begun += 1;
        self.sessions.insert(self.sessions_begun);
        Ok(AppSession { owner: owner.to_ascii_uppercase(), number: self.sessions_begun })
    }

    /// `EndSession`: the iterators of the session are gone.
    pub fn end_session(&mut self, session: &AppSession) {
        self.sessions.remove(&session.number);
        self.iterators.end_session(session.number);
    }

    /// `ProcessRequest`: one qbXML message set in, the answer out.
    ///
    /// # Errors
    /// An [`HResult`] if the set was refused whole; nothing was done then.
    pub fn process(&mut self, session: &AppSession, now: impl Into<Now>, xml: &str) -> Result<String, HResult> {
        if !self.sessions.contains(&session.number) {
            return Err(HResult::ticket_invalid());
        }
        let now = now.into();
        self.books.today = now.local.date();
        let answer = envelope::process(self, session, now, xml);
        self.check_books();
        answer
    }

    /// Somebody at the keyboard.
    pub fn person(&mut self, now: impl Into<Now>) -> Person<'_> {
        Person::new(self, now.into())
    }

    /// A copy of the books as they are now.
    #[must_use]
    pub fn backup(&self) -> Backup {
        Backup(self.books.clone())
    }

    /// Restores a backup: what came after it is gone, IDs included, and `LastRestoreTime` moves. Message sets kept for
    /// error recovery come back as they were, too. Open sessions end.
    pub fn restore(&mut self, backup: &Backup, now: impl Into<Now>) {
        self.books = backup.0.clone();
        self.books.last_restore = Some(now.into());
        self.sessions.clear();
        self.iterators = Iterators::default();
        self.open_windows.clear();
    }

    /// The private data an application stored at the company, such as `FileID`.
    #[must_use]
    pub fn company_data(&self, owner: &str, name: &str) -> Option<&str> {
        self.books.company_data.get(&(owner.to_ascii_uppercase(), name.to_owned())).map(String::as_str)
    }

    /// Stores or, with `None`, removes private data at the company.
    pub fn set_company_data(&mut self, owner: &str, name: &str, value: Option<&str>) {
        let key = (owner.to_ascii_uppercase(), name.to_owned());
        match value {
            Some(value) => self.books.company_data.insert(key, value.to_owned()),
            None => self.books.company_data.remove(&key),
        };
    }

    /// Number of message sets kept for an application.
    #[must_use]
    pub fn message_sets_kept(&self, owner: &str) -> usize {
        self.books.recovery.kept(&owner.to_ascii_uppercase())
    }

    /// Sum of all account balances in cents; always zero.
    #[must_use]
    pub fn trial_balance(&self) -> i128 {
        self.books.ledger.trial_balance()
    }

    /// The preferences in force.
    #[must_use]
    pub fn preferences(&self) -> &Preferences {
        &self.books.preferences
    }

    fn check_books(&self) {
        let sum = self.books.ledger.trial_balance();
        assert!(sum == 0, "invariant: the trial balance is zero, but it is {sum}");
        if cfg!(debug_assertions) {
            applied::check(&self.books);
        }
    }
}

/// Who asks: an application is held back by open windows and closed periods, a person at the keyboard answers the warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asker {
    Application,
    Person,
}

/// One request on its way through the books.
struct Call<'a> {
    file: &'a mut CompanyFile,
    session: &'a AppSession,
    asker: Asker,
    now: Now,
    version: Version,
    request: &'a crate::sim::xml::Element,
    /// Macros defined so far in this message set, with the IDs they stand for.
    macros: &'a mut BTreeMap<String, String>,
}

impl Call<'_> {
    /// Refuses to touch a record that somebody has open.
    fn is_open_elsewhere(&self, id: &str) -> bool {
        self.asker == Asker::Application && self.file.open_windows.contains(id)
    }

    fn is_closed(&self, date: chrono::NaiveDate) -> bool {
        self.asker == Asker::Application && self.file.books.is_closed(date)
    }
}
