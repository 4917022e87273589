//! The simulator's own randomness: a seed decides everything.

/// SplitMix64: small, well mixed, and the same on every machine.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; zero when the bound is zero.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % bound).unwrap_or(0)
    }

    /// True in `per_mille` of a thousand cases.
    pub(crate) fn chance(&mut self, per_mille: u32) -> bool {
        self.next() % 1000 < u64::from(per_mille)
    }

    /// One of the choices.
    pub(crate) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    /// So many characters of an alphabet.
    pub(crate) fn text(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length).map(|_| char::from(*self.pick(alphabet))).collect()
    }

    /// An id as Bill.com makes them: prefix, two digits, capitals, a lower-case tail; 20 characters (`billcom.md` 2).
    pub(crate) fn id(&mut self, prefix: &str) -> String {
        let capitals = self.text(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", 11);
        let tail = self.text(b"abcdefghijklmnopqrstuvwxyz0123456789", 4);
        format!("{prefix}01{capitals}{tail}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_look_like_the_real_ones_and_repeat_with_the_seed() {
        let id = Random::new(1).id("009");
        assert_eq!(id.len(), 20);
        assert!(id.starts_with("00901"));
        assert_eq!(id, Random::new(1).id("009"));
        assert_ne!(id, Random::new(2).id("009"));
    }
}
