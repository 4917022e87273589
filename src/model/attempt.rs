//! One message set handed to QuickBooks.

use super::{AttemptId, IntentId, Shelf};
use chrono::{DateTime, Utc};

/// What a message set was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptPurpose {
    /// Which company file is this?
    Identify,
    /// What changed in QuickBooks?
    Read,
    /// Change QuickBooks.
    Write,
    /// What became of an earlier write? Runs nothing (`qbxml.md` 2).
    StatusCheck,
    /// Look for, or read again, certain records.
    Inquire,
}

impl AttemptPurpose {
    /// Every purpose.
    pub const ALL: [Self; 5] = [Self::Identify, Self::Read, Self::Write, Self::StatusCheck, Self::Inquire];

    /// The word used in stored rows.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Identify => "identify",
            Self::Read => "read",
            Self::Write => "write",
            Self::StatusCheck => "status_check",
            Self::Inquire => "inquire",
        }
    }

    /// The purpose with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.word() == word)
    }
}

/// Where a message set stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptState {
    /// Handed over, no answer yet.
    Sent,
    /// The session it belonged to is over without an answer.
    Lost,
    /// A status check found that QuickBooks holds no answer: its records are being looked for.
    Probing,
    /// Answered or found out; for a write, QuickBooks still stores the outcome.
    Settled,
    /// Settled, and QuickBooks was told to forget the outcome.
    Cleared,
}

impl AttemptState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Sent, Self::Lost, Self::Probing, Self::Settled, Self::Cleared];

    /// The word used in stored rows.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Lost => "lost",
            Self::Probing => "probing",
            Self::Settled => "settled",
            Self::Cleared => "cleared",
        }
    }

    /// The state with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// What one request of a message set is about, by its place in the set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestTag {
    /// It carries out an intent.
    Intent(IntentId),
    /// It reads all changed records of a shelf.
    Read(Shelf),
    /// It goes on with an iterator over a shelf.
    Continue(Shelf),
    /// It asks which records of any list kind were deleted.
    DeletedLists,
    /// It asks which transactions were deleted.
    DeletedTransactions,
    /// It asks what the bank accounts hold.
    Balances,
    /// It asks for host, company, preferences or activity.
    About,
    /// It answers an inquiry.
    Inquiry(i64),
}

impl RequestTag {
    /// The intent it carries out.
    #[must_use]
    pub const fn intent(&self) -> Option<IntentId> {
        match self {
            Self::Intent(id) => Some(*id),
            _ => None,
        }
    }
}

/// One message set handed to QuickBooks: committed with its exact bytes before they leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Row number; the message set id and the request ids are made from it.
    pub id: AttemptId,
    /// What it is for.
    pub purpose: AttemptPurpose,
    /// The attempt whose outcome a status check asks for.
    pub about: Option<AttemptId>,
    /// The id QuickBooks stores the outcome under; writes only.
    pub message_set_id: Option<String>,
    /// The earlier attempt that QuickBooks is told to forget in the same breath.
    pub clears: Option<AttemptId>,
    /// The exact XML, kept for writes until settled: a resend must have the same bytes.
    pub xml: String,
    /// What each request is about.
    pub tags: Vec<RequestTag>,
    /// Where it stands.
    pub state: AttemptState,
    /// When it was committed.
    pub at: DateTime<Utc>,
}

impl Attempt {
    /// The `requestID` of the request at a place: unique over all attempts, so that any answer finds its attempt.
    #[must_use]
    pub fn request_id(id: AttemptId, place: usize) -> String {
        format!("{id}.{place}")
    }

    /// The attempt and place of a `requestID` of ours.
    #[must_use]
    pub fn parse_request_id(text: &str) -> Option<(AttemptId, usize)> {
        let (id, place) = text.split_once('.')?;
        Some((AttemptId::new(id.parse().ok()?), place.parse().ok()?))
    }

    /// The intents it carries out.
    pub fn intents(&self) -> impl Iterator<Item = IntentId> {
        self.tags.iter().filter_map(RequestTag::intent)
    }
}
