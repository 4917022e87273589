//! History: what happened, in words that stay true.

use super::{Intent, IntentId, RecordKey};
use chrono::{DateTime, Utc};

/// What sort of thing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// Two records were recognised as the same.
    Linked,
    /// Something was decided or decided anew.
    Planned,
    /// Something was handed over.
    Sent,
    /// The other side confirmed it.
    Applied,
    /// The other side refused it.
    Rejected,
    /// It is not needed or wanted any more.
    Skipped,
    /// An answer was lost, found or found missing.
    Recovered,
    /// Both sides changed the same field.
    Conflict,
    /// Text had to be shortened or transliterated.
    Adapted,
    /// A problem was opened or closed.
    Problem,
    /// A Web Connector session began, ended or failed.
    Session,
    /// A person did something.
    Person,
    /// Something about the connection to Bill.com.
    BillCom,
}

impl EventKind {
    /// Every sort.
    pub const ALL: [Self; 13] = [
        Self::Linked,
        Self::Planned,
        Self::Sent,
        Self::Applied,
        Self::Rejected,
        Self::Skipped,
        Self::Recovered,
        Self::Conflict,
        Self::Adapted,
        Self::Problem,
        Self::Session,
        Self::Person,
        Self::BillCom,
    ];

    /// The word used in stored rows and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Linked => "linked",
            Self::Planned => "planned",
            Self::Sent => "sent",
            Self::Applied => "applied",
            Self::Rejected => "rejected",
            Self::Skipped => "skipped",
            Self::Recovered => "recovered",
            Self::Conflict => "conflict",
            Self::Adapted => "adapted",
            Self::Problem => "problem",
            Self::Session => "session",
            Self::Person => "person",
            Self::BillCom => "billcom",
        }
    }

    /// The sort with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// One line of history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: DateTime<Utc>,
    /// What sort.
    pub kind: EventKind,
    /// About which record.
    pub key: Option<RecordKey>,
    /// About which intent.
    pub intent: Option<IntentId>,
    /// One sentence a bookkeeper understands. Amounts may be shown; secrets never.
    pub text: String,
}

impl Event {
    /// Something about the company as a whole.
    #[must_use]
    pub const fn of_company(kind: EventKind, text: String, at: DateTime<Utc>) -> Self {
        Self { at, kind, key: None, intent: None, text }
    }

    /// Something about an intent and the record it comes from.
    #[must_use]
    pub fn of_intent(intent: &Intent, kind: EventKind, text: String, at: DateTime<Utc>) -> Self {
        Self { at, kind, key: Some(intent.source.clone()), intent: Some(intent.id), text }
    }
}
