//! Text as QuickBooks keeps it.
//!
//! QuickBooks trims, cuts and stores Windows-1252 only (`qbxml.md` 4). The policy itself is `qbxml`'s; here it is
//! applied to comparing, so that a lossy copy is not taken for an edit.

use qbxml::QbText;

/// The text as QuickBooks would give it back; `chars_max` 0 means that there is no known limit.
#[must_use]
pub fn adapt_text(text: &str, chars_max: usize) -> String {
    let (whole, _) = QbText::<{ usize::MAX }>::clean(text);
    let chars_max = if chars_max == 0 { usize::MAX } else { chars_max };
    let kept: String = whole.as_str().chars().take(chars_max).collect();
    kept.trim_end().to_owned()
}

/// A name as QuickBooks can hold it: as [`adapt_text`], with a dash for every colon, which separates the levels of a full name.
#[must_use]
pub fn adapt_name(name: &str, chars_max: usize) -> String {
    adapt_text(&name.replace(':', "-"), chars_max)
}

/// Whether QuickBooks' text is Bill.com's text as QuickBooks keeps it. White space around lines never counts.
#[must_use]
pub fn same_text(quickbooks: &str, billcom: &str, chars_max: usize) -> bool {
    quickbooks == billcom || tidy(quickbooks) == tidy(&adapt_text(billcom, chars_max))
}

/// Lines trimmed, line ends alike.
fn tidy(text: &str) -> String {
    text.replace("\r\n", "\n").split('\n').map(str::trim).collect::<Vec<_>>().join("\n").trim().to_owned()
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
    fn names_are_compared_without_case_and_spaces() {
        assert_eq!(squash("  ACME   Tools ", 41), squash("Acme Tools", 41));
        assert_eq!(squash("Parent:Child", 41), "parent-child");
        assert_ne!(squash("Acme", 41), squash("Acme Inc", 41));
    }
}
