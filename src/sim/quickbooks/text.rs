//! The lossy storage of text.
//!
//! QuickBooks keeps Windows-1252 (`qbxml.md` 4, "Characters"). A character beyond it that arrives as an entity is accepted
//! and stored as a question mark, for ever. Text is trimmed and line ends become LF. Raw characters are another matter:
//! beyond ISO-8859-1 they make the whole message set fail ([`has_raw_beyond_latin1`]); whether the typographic
//! characters that only Windows-1252 has may stand raw is not known, and the simulator refuses them.

/// The characters of Windows-1252 that ISO-8859-1 lacks.
const TYPOGRAPHIC: &str = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ";

/// The text as QuickBooks keeps it.
#[must_use]
pub fn stored(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' => {
                if characters.peek() == Some(&'\n') {
                    characters.next();
                }
                kept.push('\n');
            }
            other if fits(other) => kept.push(other),
            _ => kept.push('?'),
        }
    }
    kept.trim_matches([' ', '\t', '\n']).to_owned()
}

/// True if Windows-1252 has the character.
fn fits(character: char) -> bool {
    let code = u32::from(character);
    matches!(character, '\t' | '\n')
        || (0x20..0x7f).contains(&code)
        || (0xa0..=0xff).contains(&code)
        || TYPOGRAPHIC.contains(character)
}

/// True if a character beyond ISO-8859-1 stands in the document as it is, not as an entity.
#[must_use]
pub fn has_raw_beyond_latin1(document: &str) -> bool {
    document.chars().any(|character| u32::from(character) > 0xff)
}

/// How names are compared: without regard to case (`qbxml.md` 8).
pub(super) fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_does_not_fit_becomes_a_question_mark() {
        assert_eq!(stored(" Łódź “quoted” €5 – naïve 東京 😀 "), "?ód? “quoted” €5 – naïve ?? ?");
        assert_eq!(stored("a\r\nb\rc\n"), "a\nb\nc");
        assert_eq!(stored("   "), "");
    }

    #[test]
    fn raw_characters_beyond_latin1_are_noticed() {
        assert!(!has_raw_beyond_latin1("<a>é&#8364;</a>"));
        assert!(has_raw_beyond_latin1("<a>€</a>"));
    }

    proptest! {
        #[test]
        fn storing_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = stored(&text);
            prop_assert_eq!(stored(&once), once);
        }
    }
}
