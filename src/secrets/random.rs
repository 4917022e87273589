//! The random source as an argument.

/// A source of random bytes.
///
/// Everything that needs randomness takes it as an argument: the product hands in [`SystemRandom`], tests and the
/// simulation hand in a seeded one.
pub trait Random {
    /// Fills the whole slice with bytes that nobody can foresee.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// The operating system's random source.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    /// # Panics
    /// When the operating system has no randomness to give. Going on would mean guessable secrets.
    fn fill(&mut self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("invariant: the operating system provides randomness");
    }
}

/// A source that counts upwards: different on every call, the same in every run. For tests only.
#[cfg(test)]
#[derive(Clone, Debug, Default)]
pub(crate) struct CountingRandom(u64);

#[cfg(test)]
impl Random for CountingRandom {
    fn fill(&mut self, bytes: &mut [u8]) {
        use sha2::{Digest, Sha256};
        for chunk in bytes.chunks_mut(32) {
            self.0 += 1;
            let block = Sha256::digest(self.0.to_be_bytes());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_source_fills_every_byte_anew() {
        let (mut first, mut second) = ([0_u8; 64], [0_u8; 64]);
        SystemRandom.fill(&mut first);
        SystemRandom.fill(&mut second);
        assert_ne!(first, second);
        assert!(first.iter().any(|byte| *byte != 0) && first[32..].iter().any(|byte| *byte != 0));
    }
}
