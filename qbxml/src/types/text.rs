//! `STRTYPE` with a limit: what QuickBooks can keep, decided in one place.
//!
//! QuickBooks (Western editions) stores Windows-1252. ISO-8859-1 goes both ways; what lies beyond
//! fails the parse when sent raw and becomes a question mark when sent as a reference; the
//! Windows-1252 extras (curly quotes, dashes, euro) are unsettled. Too long a text is refused
//! (3070), not cut (`qbxml.md` 4, observed). So the policy is:
//!
//! 1. `CR LF` and lone `CR` become `LF`; Unicode line separators too.
//! 2. Tab, LF, printable ASCII and U+00A0 to U+00FF stay. Other control characters and invisible
//!    format characters go.
//! 3. A combining accent joins the letter before it if ISO-8859-1 has the pair, and goes otherwise.
//! 4. Typography is transliterated: quotes to `"` and `'`, dashes to `-`, `…` to `...`, `€` to
//!    `EUR`, ligatures and Š, Ž, Ÿ to letters.
//! 5. Everything else becomes `?`.
//! 6. Blanks at both ends go (QuickBooks trims, recalled), the text is cut to the limit at a whole
//!    character, and blanks at the cut go.
//!
//! [`QbText::clean`] applies this and reports each change; [`QbText::strict`] refuses instead. The
//! policy is idempotent.
//!
//! Why not the whole of Windows-1252: its curly quotes, dashes and euro are the characters of which no
//! source says whether they survive (`qbxml.md` 13, question 2). Transliterated they are readable
//! either way; sent as references to a QuickBooks that does not keep them they would be question
//! marks for ever. Documents are pure ASCII, with references for U+00A0 to U+00FF, so that no
//! encoding on the way can spoil them (the writer sees to that, whatever a text holds).
//!
//! Reading has no policy: what QuickBooks shows is taken as it is, and compared with what it showed.

use std::fmt;

use crate::error::ValueError;
use crate::schema::Example;
use crate::types::{Value, ValueType};

/// One change that [`QbText::clean`] made, to be shown to people.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Substitution {
    /// A character was replaced (or removed, if `became` is empty).
    Character {
        /// Its place in the original, in characters from 0.
        at: usize,
        /// The character.
        found: char,
        /// What stands there now.
        became: String,
    },
    /// The text was longer than the field.
    Cut {
        /// The limit in characters.
        limit: usize,
        /// The length after all replacements, in characters.
        found: usize,
    },
}

/// Text of at most `MAX` characters, all of which QuickBooks keeps.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct QbText<const MAX: usize>(String);

impl<const MAX: usize> QbText<MAX> {
    /// The most characters.
    pub const LENGTH_MAX: usize = MAX;
    /// The most substitutions reported one by one; further ones are made but not listed.
    pub const REPORTED_MAX: usize = 100;

    /// Makes any text fit, by the policy of this module, and reports what was changed. Line ends
    /// and blanks at the ends are changed without a report.
    #[must_use]
    pub fn clean(text: &str) -> (Self, Vec<Substitution>) {
        let (mut kept, mut report) = substitute(text.trim(), leading_blanks(text), Self::REPORTED_MAX);
        // Removals may have laid blanks bare.
        kept = kept.trim().to_owned();
        let found = kept.chars().count();
        if found > MAX {
            let end = kept.char_indices().nth(MAX).map_or(kept.len(), |(end, _)| end);
            kept.truncate(end);
            kept.truncate(kept.trim_end().len());
            report.push(Substitution::Cut { limit: MAX, found });
        }
        (Self(kept), report)
    }

    /// Takes a text as it is.
    ///
    /// # Errors
    /// Longer than `MAX`, or a character that [`clean`](Self::clean) would change.
    pub fn strict(text: &str) -> Result<Self, ValueError> {
        if let Some((at, found)) = text.chars().enumerate().find(|(_, character)| !is_kept(*character)) {
            return Err(ValueError::Character { code: u32::from(found), at });
        }
        let found = text.chars().count();
        if found > MAX {
            return Err(ValueError::TooLong { limit: MAX, found });
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is no character.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<const MAX: usize> fmt::Display for QbText<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const MAX: usize> AsRef<str> for QbText<MAX> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> TryFrom<&str> for QbText<MAX> {
    type Error = ValueError;

    fn try_from(text: &str) -> Result<Self, ValueError> {
        Self::strict(text)
    }
}

impl<const MAX: usize> Value for QbText<MAX> {
    const TYPE: ValueType = ValueType::Str;
    #[allow(clippy::cast_possible_truncation)] // Limits of the schema are below 5000.
    const MAX: Option<u32> = Some(MAX as u32);
    const CLEARABLE: bool = true;
    const EMPTY_IS_VALUE: bool = true;

    fn parse(text: &str) -> Result<Self, ValueError> {
        Self::strict(text)
    }

    fn put(&self, out: &mut String) {
        out.push_str(&self.0);
    }

    fn example(_max: Option<u32>, ex: &mut Example) -> Self {
        Self::strict(&ex.text(<Self as Value>::MAX)).expect("invariant: example text is kept text within the limit")
    }
}

/// Whether QuickBooks keeps the character as it is.
const fn is_kept(character: char) -> bool {
    matches!(character, '\t' | '\n' | ' '..='~' | '\u{A0}'..='\u{FF}')
}

fn leading_blanks(text: &str) -> usize {
    text.chars().take_while(|character| character.is_whitespace()).count()
}

/// Applies the policy to each character; `offset` is the place of the first one in the original.
fn substitute(text: &str, offset: usize, reported_max: usize) -> (String, Vec<Substitution>) {
    let mut kept = String::with_capacity(text.len());
    let mut report = Vec::new();
    let mut characters = text.chars().enumerate().peekable();
    while let Some((index, found)) = characters.next() {
        if is_kept(found) {
            kept.push(found);
            continue;
        }
        if found == '\r' {
            characters.next_if(|(_, next)| *next == '\n');
            kept.push('\n');
            continue;
        }
        let accented = kept.chars().next_back().and_then(|base| compose(base, found));
        let became = match accented {
            Some(pair) => {
                kept.pop();
                String::from(pair)
            }
            None => transliterate(found).to_owned(),
        };
        kept.push_str(&became);
        if report.len() < reported_max {
            report.push(Substitution::Character { at: index + offset, found, became });
        }
    }
    (kept, report)
}

/// The letter of ISO-8859-1 that a base letter and a combining accent make.
fn compose(base: char, accent: char) -> Option<char> {
    let row: &[(char, char)] = match accent {
        '\u{300}' => &[
            ('A', 'À'),
            ('E', 'È'),
            ('I', 'Ì'),
            ('O', 'Ò'),
            ('U', 'Ù'),
            ('a', 'à'),
            ('e', 'è'),
            ('i', 'ì'),
            ('o', 'ò'),
            ('u', 'ù'),
        ],
        '\u{301}' => &[
            ('A', 'Á'),
            ('E', 'É'),
            ('I', 'Í'),
            ('O', 'Ó'),
            ('U', 'Ú'),
            ('Y', 'Ý'),
            ('a', 'á'),
            ('e', 'é'),
            ('i', 'í'),
            ('o', 'ó'),
            ('u', 'ú'),
            ('y', 'ý'),
        ],
        '\u{302}' => &[
            ('A', 'Â'),
            ('E', 'Ê'),
            ('I', 'Î'),
            ('O', 'Ô'),
            ('U', 'Û'),
            ('a', 'â'),
            ('e', 'ê'),
            ('i', 'î'),
            ('o', 'ô'),
            ('u', 'û'),
        ],
        '\u{303}' => &[('A', 'Ã'), ('N', 'Ñ'), ('O', 'Õ'), ('a', 'ã'), ('n', 'ñ'), ('o', 'õ')],
        '\u{308}' => &[
            ('A', 'Ä'),
            ('E', 'Ë'),
            ('I', 'Ï'),
            ('O', 'Ö'),
            ('U', 'Ü'),
            ('a', 'ä'),
            ('e', 'ë'),
            ('i', 'ï'),
            ('o', 'ö'),
            ('u', 'ü'),
            ('y', 'ÿ'),
        ],
        '\u{30A}' => &[('A', 'Å'), ('a', 'å')],
        '\u{327}' => &[('C', 'Ç'), ('c', 'ç')],
        _ => return None,
    };
    row.iter().find(|(letter, _)| *letter == base).map(|(_, pair)| *pair)
}

/// What stands for a character that QuickBooks does not keep.
const fn transliterate(character: char) -> &'static str {
    match character {
        '\u{85}' | '\u{2028}' | '\u{2029}' => "\n",
        // Controls, soft marks, joiners, direction marks, variation selectors, lone combining
        // accents.
        '\u{0}'..='\u{1F}'
        | '\u{7F}'..='\u{9F}'
        | '\u{300}'..='\u{36F}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' => "",
        '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' => "",
        '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => " ",
        '“' | '”' | '„' | '‟' | '″' => "\"",
        '‘' | '’' | '‚' | '‛' | '′' | 'ʼ' => "'",
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => "-",
        '…' => "...",
        '€' => "EUR",
        '™' => "TM",
        '•' | '‣' => "*",
        '‹' => "<",
        '›' => ">",
        '⁄' => "/",
        '˜' => "~",
        'ˆ' => "^",
        'Œ' => "OE",
        'œ' => "oe",
        'Š' => "S",
        'š' => "s",
        'Ž' => "Z",
        'ž' => "z",
        'Ÿ' => "Y",
        'ƒ' => "f",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ẞ' => "SS",
        _ => "?",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cleaned(text: &str) -> String {
        QbText::<41>::clean(text).0.as_str().to_owned()
    }

    #[test]
    fn typography_is_transliterated() {
        assert_eq!(cleaned("“Smith’s” – café… €5"), "\"Smith's\" - café... EUR5");
        assert_eq!(cleaned("Müller & Söhne ½ £"), "Müller & Söhne ½ £");
        assert_eq!(cleaned("Ελλάδα 日本 😀"), "?????? ?? ?");
        assert_eq!(cleaned("e\u{301}t\u{323}n\u{303}"), "étñ");
    }

    #[test]
    fn lines_and_controls() {
        assert_eq!(cleaned("a\r\nb\rc\u{2028}d\te\u{0}\u{7}\u{200B}f"), "a\nb\nc\nd\tef");
        assert_eq!(cleaned("  \u{7} trimmed \n\t"), "trimmed");
        assert_eq!(cleaned("\u{A0}\u{3000}"), "");
    }

    #[test]
    fn the_cut_is_at_a_whole_character_and_leaves_no_blank() {
        let (text, report) = QbText::<5>::clean("éééé éé");
        assert_eq!(text.as_str(), "éééé");
        assert_eq!(report, [Substitution::Cut { limit: 5, found: 7 }]);
        let (text, report) = QbText::<5>::clean("exact");
        assert_eq!((text.as_str(), report.as_slice()), ("exact", &[][..]));
    }

    #[test]
    fn every_change_is_reported_with_its_place() {
        let (_, report) = QbText::<41>::clean(" a—b");
        assert_eq!(report, [Substitution::Character { at: 2, found: '—', became: "-".into() }]);
        let (_, report) = QbText::<10>::clean(&"日".repeat(1000));
        assert_eq!(report.len(), 101);
    }

    #[test]
    fn strict_refuses_what_clean_would_change() {
        assert!(QbText::<41>::strict("Müller, 5 £\nline").is_ok());
        assert_eq!(QbText::<41>::strict("a€"), Err(ValueError::Character { code: 0x20AC, at: 1 }));
        assert_eq!(QbText::<3>::strict("éééé"), Err(ValueError::TooLong { limit: 3, found: 4 }));
        assert!(QbText::<41>::strict("a\r\n").is_err());
    }

    proptest! {
        #[test]
        fn clean_is_idempotent_bounded_and_strict(text in any::<String>()) {
            let (once, _) = QbText::<20>::clean(&text);
            prop_assert!(once.as_str().chars().count() <= 20);
            prop_assert_eq!(QbText::<20>::strict(once.as_str()), Ok(once.clone()));
            let (twice, report) = QbText::<20>::clean(once.as_str());
            prop_assert_eq!(&twice, &once);
            prop_assert!(report.is_empty());
        }

        #[test]
        fn latin_1_is_never_changed(text in "[!-~\u{A1}-\u{FF}]{0,41}") {
            let (kept, report) = QbText::<41>::clean(&text);
            prop_assert_eq!(kept.as_str(), text.as_str());
            prop_assert!(report.is_empty());
        }
    }
}
