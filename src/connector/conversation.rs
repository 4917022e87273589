//! The state of one session.

use crate::limits::PAGE_HALVINGS_FIRST;
use crate::model::{AttemptId, Kind, Shelf};
use serde::{Deserialize, Serialize};

/// Whether the open company file is the right one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Identity {
    /// The first `sendRequestXML` has not come yet.
    #[default]
    Unknown,
    /// It came without what we need; the company must be asked.
    MustAsk,
    /// It is the right one.
    Right,
    /// It is not, in words. Nothing is read or written.
    Wrong(String),
}

/// Reading one shelf.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The word of the shelf.
    #[serde(alias = "kind")]
    pub shelf: String,
    /// The mark it is read from, with the overlap taken off; everything without one.
    pub since: Option<String>,
    /// The iterator to go on with.
    pub iterator_id: Option<String>,
    /// Records in a page of that iterator.
    #[serde(default)]
    pub page_max: Option<u32>,
    /// The newest `TimeModified` seen, as local text.
    pub newest: Option<String>,
    /// Nothing more comes.
    pub done: bool,
    /// QuickBooks would not answer: what there is of this kind stays unknown.
    pub failed: bool,
    /// The question under way was asked before something came out that makes its answer useless: it is asked again.
    pub again: bool,
    /// How often it was begun: an iterator that QuickBooks has forgotten (3391) makes it begin anew.
    pub begun: u32,
    /// How often QuickBooks would not go on with an iterator.
    #[serde(default)]
    pub refused_iterators: u32,
}

impl Part {
    /// The shelf.
    #[must_use]
    pub fn shelf(&self) -> Option<Shelf> {
        self.shelf.parse().ok()
    }

    /// The kind of what stands on it.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        self.shelf().map(|shelf| shelf.kind)
    }
}

/// Reading everything that changed, once in a session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The first message set has been asked.
    pub begun: bool,
    /// When, in ms of Unix time.
    #[serde(default)]
    pub begun_at_ms: i64,
    /// Its first message set: what was handed over before that one shows in the reading, if it came to anything.
    #[serde(default)]
    pub begun_with: i64,
    /// One for each shelf.
    pub parts: Vec<Part>,
    /// Deletions have been asked for and answered.
    pub deletions_done: bool,
    /// Newest `TimeDeleted` of lists.
    pub lists_deleted: Option<String>,
    /// Newest `TimeDeleted` of transactions.
    pub transactions_deleted: Option<String>,
    /// The file had been restored from a backup: this reading is of everything.
    pub restored: bool,
    /// It is complete and its marks are kept.
    pub finished: bool,
    /// How often the pages are halved (see `pace.rs`).
    #[serde(default)]
    pub page_halvings: u32,
}

impl Reading {
    /// A reading of shelves from the given marks.
    #[must_use]
    pub fn from_marks(shelves: impl IntoIterator<Item = Shelf>, mark: impl Fn(Shelf) -> Option<String>) -> Self {
        let part = |shelf: Shelf| Part {
            shelf: shelf.to_string(),
            since: mark(shelf),
            iterator_id: None,
            page_max: None,
            newest: None,
            done: false,
            failed: false,
            again: false,
            begun: 0,
            refused_iterators: 0,
        };
        let parts = shelves.into_iter().map(part).collect();
        Self { parts, page_halvings: PAGE_HALVINGS_FIRST, ..Self::default() }
    }

    /// The part of a shelf.
    pub fn part(&mut self, shelf: Shelf) -> Option<&mut Part> {
        self.parts.iter_mut().find(|part| part.shelf() == Some(shelf))
    }

    /// Whether all there is of a kind was asked for, and answered.
    #[must_use]
    pub fn is_of_everything(&self, kind: Kind) -> bool {
        let mut parts = self.parts.iter().filter(|part| part.kind() == Some(kind)).peekable();
        parts.peek().is_some() && parts.all(|part| part.since.is_none() && part.done && !part.failed)
    }

    /// Whether every answer is in.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.begun && self.deletions_done && self.parts.iter().all(|part| part.done)
    }
}

/// One Web Connector session, as it is kept between two calls, and across a restart of the server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// Whether the open company file is the right one.
    pub identity: Identity,
    /// The qbXML version spoken, such as `13.0`; set with the first `sendRequestXML`.
    pub version: Option<String>,
    /// The path that the connector named.
    pub company_file: Option<String>,
    /// Reading what changed.
    pub reading: Reading,
    /// The message set whose answer is outstanding.
    pub in_flight: Option<i64>,
    /// Message sets handed over.
    pub rounds: u32,
    /// Records read.
    pub records: u64,
    /// Changes confirmed.
    pub applied: u64,
    /// The progress last told: it never falls.
    pub percent: i32,
    /// Writes in a row whose answer did not tell what became of them.
    #[serde(default)]
    pub unclear_writes: u32,
    /// QuickBooks could not read a set of look-ups: they are asked one by one.
    pub inquiries_alone: bool,
    /// What `getLastError` answers.
    pub last_error: Option<String>,
}

impl Conversation {
    /// The message set whose answer is outstanding.
    #[must_use]
    pub fn in_flight(&self) -> Option<AttemptId> {
        self.in_flight.map(AttemptId::new)
    }

    /// Notes a message set as handed over.
    pub fn hand_over(&mut self, attempt: AttemptId) {
        self.in_flight = Some(attempt.get());
        self.rounds += 1;
    }
}
