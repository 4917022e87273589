//! What a document lacks before it can be carried, in words.

use crate::model::{Action, ActionId, Money, ProblemCode, Trouble};

/// Something a document needs is missing.
#[must_use]
pub(super) fn incomplete(summary: String, what_happened: String, what_to_do: &[&str]) -> Trouble {
    Trouble::new(
        ProblemCode::Incomplete,
        summary,
        what_happened,
        what_to_do,
        Action::plain_all(&[ActionId::Retry, ActionId::Skip]),
    )
}

/// A bill whose lines do not add up to its amount.
#[must_use]
pub(super) fn unbalanced(title: &str, amount: Money, lines: Money) -> Trouble {
    Trouble::new(
        ProblemCode::Incomplete,
        format!("{title}: its lines do not add up"),
        format!("Bill.com says {amount}, its lines add up to {lines}. QuickBooks would book the sum of the lines."),
        &["Open the bill in Bill.com and mend its lines.", "It travels by itself once they add up."],
        Action::plain_all(&[ActionId::Retry, ActionId::Skip]),
    )
}
