//! Example values: any declared type can make itself.
//!
//! Three uses, one mechanism: minimal and maximal requests for checking against the schemas, random
//! valid ones for property tests and fuzzing. Nothing that depends on chance is used in production;
//! the random numbers come from a seed.

use crate::schema::{FieldSpec, Kind};
use crate::version::QbXmlVersion;

/// How much an example fills in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Required elements only.
    Minimal,
    /// Every element the version knows, with texts as long as allowed; where there is a choice, the
    /// branch chosen by the seed.
    Maximal,
    /// Every element the version knows, with short texts: for reading.
    Every,
    /// A random part of them.
    Random,
}

/// A source of example values, decided by version, detail and seed.
#[derive(Debug, Clone)]
pub struct Example {
    version: QbXmlVersion,
    detail: Detail,
    state: u64,
}

impl Example {
    /// A source of examples for a version. The same arguments give the same examples.
    #[must_use]
    pub const fn new(version: QbXmlVersion, detail: Detail, seed: u64) -> Self {
        Self { version, detail, state: seed }
    }

    /// The version that the examples are valid for.
    #[must_use]
    pub const fn version(&self) -> QbXmlVersion {
        self.version
    }

    /// How much is filled in.
    #[must_use]
    pub const fn detail(&self) -> Detail {
        self.detail
    }

    /// The next number below `bound` (splitmix64); 0 if `bound` is 0.
    pub const fn below(&mut self, bound: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        if bound == 0 { 0 } else { mixed % bound }
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let count = u64::try_from(of.len()).expect("invariant: a list in memory");
        &of[usize::try_from(self.below(count)).expect("invariant: below a usize")]
    }

    /// Whether something optional is filled in.
    pub const fn present(&mut self) -> bool {
        match self.detail {
            Detail::Minimal => false,
            Detail::Maximal | Detail::Every => true,
            Detail::Random => self.below(2) == 1,
        }
    }

    /// Whether an optional field is filled in: only if the version knows it.
    pub fn includes(&mut self, spec: &FieldSpec) -> bool {
        let known = spec.since.is_none_or(|since| self.version.knows(since));
        let filled = match spec.kind {
            // An empty group or choice would be no example of it.
            Kind::Group(fields) | Kind::Choice(fields) => {
                fields.iter().any(|field| field.since.is_none_or(|since| self.version.knows(since)))
            }
            _ => true,
        };
        known && filled && (spec.min_occurs > 0 || self.present())
    }

    /// Whether a field that is changed is cleared: only in random examples.
    pub const fn clears(&mut self) -> bool {
        matches!(self.detail, Detail::Random) && self.below(3) == 0
    }

    /// How often a repeated element comes.
    pub fn count(&mut self, spec: &FieldSpec) -> u32 {
        let known = spec.since.is_none_or(|since| self.version.knows(since));
        let most = spec.max_occurs.unwrap_or(2).min(3);
        let count = match self.detail {
            Detail::Minimal => 0,
            Detail::Maximal => most,
            Detail::Every => most.min(1),
            Detail::Random => u32::try_from(self.below(u64::from(most) + 1)).expect("invariant: at most 3"),
        };
        if known { count.max(spec.min_occurs) } else { 0 }
    }

    /// A text of 1 to `max` characters that QuickBooks keeps, without blanks at its ends. Maximal
    /// ones use the whole length.
    pub fn text(&mut self, max: Option<u32>) -> String {
        const LETTERS: &[char] =
            &['a', 'e', 'n', 'R', 'S', '0', '7', ' ', '-', '.', '&', '<', '>', '"', '\'', 'é', 'ü', 'ñ', '£', '\n'];
        if self.detail == Detail::Every {
            let limit = max.map_or(usize::MAX, |max| max as usize);
            return "Example".chars().take(limit).collect();
        }
        let limit = u64::from(max.unwrap_or(60).min(5000));
        let length = match self.detail {
            Detail::Minimal => 1,
            Detail::Maximal => limit,
            Detail::Every | Detail::Random => 1 + self.below(limit.min(50)),
        };
        let mut text: String = (0..length.max(1)).map(|_| *self.pick(LETTERS)).collect();
        let blank = |character: char| character.is_whitespace();
        if text.starts_with(blank) || text.ends_with(blank) {
            let inner: String = text.chars().skip(1).take(text.chars().count().saturating_sub(2)).collect();
            text = if text.chars().count() == 1 { "A".to_owned() } else { format!("A{inner}Z") };
        }
        text
    }
}
