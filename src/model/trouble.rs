//! A problem in the making.

use super::{Action, Intent, Problem, ProblemCode, ProblemId, ProblemState, RecordKey};
use chrono::{DateTime, Utc};

/// Something a person must mend, before it has a place in the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What sort.
    pub code: ProblemCode,
    /// One line.
    pub summary: String,
    /// What happened.
    pub what_happened: String,
    /// Numbered steps.
    pub what_to_do: Vec<String>,
    /// Buttons.
    pub actions: Vec<Action>,
    /// Codes and texts of the other side.
    pub technical: Option<String>,
}

impl Trouble {
    /// The problem it becomes.
    #[must_use]
    pub fn about(self, key: Option<RecordKey>, intent: Option<&Intent>, now: DateTime<Utc>) -> Problem {
        Problem {
            id: ProblemId::new(0),
            code: self.code,
            key,
            intent: intent.map(|intent| intent.id),
            summary: self.summary,
            what_happened: self.what_happened,
            what_to_do: self.what_to_do,
            actions: self.actions,
            technical: self.technical,
            state: ProblemState::Open,
            opened_at: now,
        }
    }

    /// One without codes or texts of the other side.
    #[must_use]
    pub fn new(
        code: ProblemCode,
        summary: String,
        what_happened: String,
        what_to_do: &[&str],
        actions: Vec<Action>,
    ) -> Self {
        let what_to_do = what_to_do.iter().map(|step| (*step).to_owned()).collect();
        Self { code, summary, what_happened, what_to_do, actions, technical: None }
    }

    /// The same with codes and texts of the other side.
    #[must_use]
    pub fn technical(mut self, text: String) -> Self {
        self.technical = Some(text);
        self
    }
}
