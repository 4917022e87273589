//! Text as QuickBooks keeps it: one policy for writing, comparing and telling.
//!
//! Which characters QuickBooks keeps, what stands for the others, and where a text is cut is the policy of `qbxml`
//! (`qbxml/src/types/text.rs`). The application adds three things:
//!
//! * **Names of lists are one line**, and a colon in them separates levels (3090): line ends and tabs become blanks, colons
//!   dashes ([`adapt_name`]).
//! * **A lossy copy is no edit**: texts are compared as QuickBooks would give them back ([`same_text`]), and what QuickBooks
//!   showed is kept as the base, not what was sent. White space around lines never counts.
//! * **What was lost is told** ([`adaptation`]): every write that cut or replaced something leaves a line of history.
//!
//! Text travels from QuickBooks to Bill.com as it is.

use super::FieldSpec;
use qbxml::QbText;

/// The text as QuickBooks would give it back; `chars_max` 0 means that there is no known limit.
#[must_use]
pub fn adapt_text(text: &str, chars_max: usize) -> String {
    let (whole, _) = QbText::<{ usize::MAX }>::clean(text);
    let chars_max = if chars_max == 0 { usize::MAX } else { chars_max };
    let kept: String = whole.as_str().chars().take(chars_max).collect();
    kept.trim_end().to_owned()
}

/// A name as QuickBooks can hold it: as [`adapt_text`], on one line, with a dash for every colon, which separates the levels
/// of a full name.
#[must_use]
pub fn adapt_name(name: &str, chars_max: usize) -> String {
    let one_line = adapt_text(name, 0).replace(['\n', '\t'], " ").replace(':', "-");
    adapt_text(&one_line, chars_max)
}

/// What QuickBooks could not keep of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adaptation {
    /// What it keeps.
    pub kept: String,
    /// How many characters it has room for, where the text was longer.
    pub cut_to: Option<usize>,
}

/// What QuickBooks cannot keep of the text of a field; none when it keeps it, white space around lines aside.
#[must_use]
pub fn adaptation(spec: &FieldSpec, text: &str) -> Option<Adaptation> {
    let adapt = if spec.is_name { adapt_name } else { adapt_text };
    let (kept, whole) = (adapt(text, spec.quickbooks_chars_max), adapt(text, 0));
    let cut_to = (kept != whole).then_some(spec.quickbooks_chars_max);
    (cut_to.is_some() || tidy(&kept) != tidy(text)).then_some(Adaptation { kept, cut_to })
}

/// Whether QuickBooks' text is Bill.com's text as QuickBooks keeps it. White space around lines never counts.
#[must_use]
pub fn same_text(quickbooks: &str, billcom: &str, chars_max: usize) -> bool {
    quickbooks == billcom || tidy(quickbooks) == tidy(&adapt_text(billcom, chars_max))
}

/// Lines trimmed, line ends alike.
fn tidy(text: &str) -> String {
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .split('\n')
        .map(str::trim)
        .collect::<Vec<_>>()
        .join("\n")
        .trim()
        .to_owned()
}

/// A name as it is compared for identity: as QuickBooks would hold it, lower case, runs of white space as one space.
#[must_use]
pub fn squash(name: &str, chars_max: usize) -> String {
    let adapted = adapt_name(name, chars_max).to_lowercase();
    adapted.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lossy_copy_is_no_edit() {
        assert!(same_text("Caf\u{e9} \"X\"", "Caf\u{e9} \u{201c}X\u{201d} ", 41));
        assert!(same_text("abc", "abcdef", 3));
        assert!(same_text("one\ntwo", "one \r\ntwo", 0));
        assert!(!same_text("abd", "abcdef", 3));
    }

    #[test]
    fn what_is_lost_is_told_and_nothing_else() {
        let (name, memo) = (FieldSpec::name(5), FieldSpec::text("memo", "Memo", 10));
        let told = |spec: &FieldSpec, text: &str| adaptation(spec, text).map(|told| (told.kept, told.cut_to));
        assert_eq!(told(&name, " Acme "), None);
        assert_eq!(told(&memo, "one \r\n two"), None);
        assert_eq!(told(&name, "Acme Tools"), Some(("Acme".to_owned(), Some(5))));
        assert_eq!(told(&name, "A:B\tC"), Some(("A-B C".to_owned(), None)));
        assert_eq!(told(&memo, "\u{65e5}\u{672c} \u{20ac}5"), Some(("?? EUR5".to_owned(), None)));
    }

    #[test]
    fn names_are_compared_without_case_and_spaces() {
        assert_eq!(squash("  ACME   Tools ", 41), squash("Acme Tools", 41));
        assert_eq!(squash("Parent:Child", 41), "parent-child");
        assert_ne!(squash("Acme", 41), squash("Acme Inc", 41));
    }
}
