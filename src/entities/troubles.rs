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

/// A payment that used credits is voided, and the credits stay used in QuickBooks (`qbxml.md` 6, SetCredit).
#[must_use]
pub(super) fn credits_left(title: &str, used: &str) -> Trouble {
    Trouble::new(
        ProblemCode::Difference,
        format!("{title} is voided, and QuickBooks still uses its credits"),
        format!("QuickBooks lets no program take back a credit that was used for a bill: {used}."),
        &[
            "Open the bill in QuickBooks, choose Set Credits, and take the credit off it.",
            "Then leave it as it is here. Until then the bill counts as paid by that much in QuickBooks.",
        ],
        Action::plain_all(&[ActionId::Skip]),
    )
}

/// A payment by credits alone, of a bill and a credit that QuickBooks had before.
#[must_use]
pub(super) fn perhaps_applied(title: &str, used: &str) -> Trouble {
    Trouble::new(
        ProblemCode::NotCreated,
        format!("{title}: were its credits used in QuickBooks before?"),
        format!(
            "It pays by credits alone: {used}. QuickBooks had both before, makes no record of such a payment, and would use the credit \
             once more."
        ),
        &[
            "Open the bill in QuickBooks and look whether the credit is taken off it.",
            "If it is, leave it as it is here: there is nothing to do.",
            "If it is not, create it with one click.",
        ],
        Action::plain_all(&[ActionId::Create, ActionId::Skip]),
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
