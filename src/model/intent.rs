//! The outbox: what one side should hold, because the other side does.

use super::{Fields, IntentId, Kind, NativeId, RecordKey, Side};
use chrono::{DateTime, Utc};

/// What is to be done on the target side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Make a record that does not exist there.
    Create,
    /// Change fields of a record that does.
    Update,
    /// Void a transaction, keeping its record.
    Void,
}

impl Operation {
    /// Every operation.
    pub const ALL: [Self; 3] = [Self::Create, Self::Update, Self::Void];

    /// The word used in stored rows and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Void => "void",
        }
    }

    /// The operation with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.word() == word)
    }
}

/// Where an intent stands (design section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IntentState {
    /// Something it needs is not there yet.
    Waiting,
    /// It can be sent.
    Ready,
    /// It was handed over; the answer is outstanding.
    Sent,
    /// The answer was lost: whether it happened must be found out before anything else.
    InDoubt,
    /// Done and confirmed.
    Applied,
    /// Refused; a person sees why.
    Rejected,
    /// Not needed any more, or not wanted by a person.
    Skipped,
}

impl IntentState {
    /// Every state, in the order of an intent's life.
    pub const ALL: [Self; 7] =
        [Self::Waiting, Self::Ready, Self::Sent, Self::InDoubt, Self::Applied, Self::Rejected, Self::Skipped];

    /// The word used in stored rows and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Ready => "ready",
            Self::Sent => "sent",
            Self::InDoubt => "in_doubt",
            Self::Applied => "applied",
            Self::Rejected => "rejected",
            Self::Skipped => "skipped",
        }
    }

    /// The state with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Whether something is still to happen.
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Waiting | Self::Ready | Self::Sent | Self::InDoubt)
    }

    /// Whether it may have reached the other side, so that nothing else may be sent for the same record.
    #[must_use]
    pub const fn is_out(self) -> bool {
        matches!(self, Self::Sent | Self::InDoubt)
    }

    /// The moves that can happen. Everything else is a broken invariant, asserted by the store on every change.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        use IntentState::{Applied, InDoubt, Ready, Rejected, Sent, Skipped, Waiting};
        match self {
            Waiting => matches!(next, Waiting | Ready | Rejected | Skipped),
            Ready => matches!(next, Ready | Waiting | Sent | Rejected | Skipped),
            Sent => matches!(next, Applied | Rejected | InDoubt | Ready | Waiting | Skipped),
            InDoubt => matches!(next, InDoubt | Applied | Rejected | Ready | Waiting | Skipped | Sent),
            Rejected => matches!(next, Ready | Waiting | Skipped),
            Applied | Skipped => false,
        }
    }
}

/// A record of the source side whose partner must exist before the intent can be sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Need {
    /// What it is.
    pub kind: Kind,
    /// Its id on the source side.
    pub id: NativeId,
}

/// What one side should hold. Only state, note, attempts and times change once it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// The idempotency key.
    pub id: IntentId,
    /// What is to be done.
    pub operation: Operation,
    /// The record it comes from, on the other side.
    pub source: RecordKey,
    /// The record to change; none for a create until it is applied.
    pub target_id: Option<NativeId>,
    /// What to write: everything for a create, the changed fields for an update. References are those of the source side.
    /// A field that is to be emptied stands in `cleared`.
    pub fields: Fields,
    /// Fields to be emptied.
    pub cleared: Vec<String>,
    /// What the source said when this was decided: becomes its base once applied.
    pub source_fields: Fields,
    /// Records whose partners must exist first.
    pub needs: Vec<Need>,
    /// Why it was decided, in words.
    pub reason: String,
    /// Where it stands.
    pub state: IntentState,
    /// Why it stands there, in words, where that is not plain.
    pub note: Option<String>,
    /// How often it was sent.
    pub attempts: u32,
    /// Not to be sent before.
    pub not_before: Option<DateTime<Utc>>,
    /// How many intents may share its message set: halved whenever QuickBooks refuses a set as a whole, so that the
    /// one at fault is found in few rounds.
    pub batch_max: Option<u32>,
    /// When it was decided.
    pub created_at: DateTime<Utc>,
    /// When it was last handed over.
    pub sent_at: Option<DateTime<Utc>>,
}

impl Intent {
    /// Whether it takes a record of a list out of use. Nothing can point to the record from then on.
    #[must_use]
    pub fn takes_out_of_use(&self) -> bool {
        self.operation == Operation::Update && self.fields.flag("active") == Some(false)
    }

    /// The side it is to be written to.
    #[must_use]
    pub const fn target(&self) -> Side {
        self.source.side.other()
    }

    /// What it is about.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.source.kind
    }

    /// The address of the record to change, once it is known.
    #[must_use]
    pub fn target_key(&self) -> Option<RecordKey> {
        self.target_id.clone().map(|id| RecordKey::new(self.target(), self.kind(), id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_settled_stays_settled() {
        for state in [IntentState::Applied, IntentState::Skipped] {
            assert!(IntentState::ALL.iter().all(|next| !state.may_become(*next)), "{state:?}");
        }
    }

    #[test]
    fn nothing_is_sent_twice_without_a_look_in_between() {
        assert!(!IntentState::Sent.may_become(IntentState::Sent));
        assert!(!IntentState::Applied.may_become(IntentState::Ready));
        assert!(!IntentState::Waiting.may_become(IntentState::Sent));
    }
}
