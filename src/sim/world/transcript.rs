//! What happened in a world, line by line, and a hash of all of it.
//!
//! The hash also covers what is too long to be printed: every SOAP body and every call of Bill.com. Two runs of one seed
//! with the same hash were the same.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// Lines of one world: a guard against a world that does not end, far above what one writes.
const LINES_MAX: usize = 100_000;

/// See the module.
#[derive(Debug)]
pub(super) struct Transcript {
    lines: Option<Vec<String>>,
    hash: Sha256,
}

impl Transcript {
    /// One that keeps its lines, or only their hash.
    pub(super) fn new(keeps_lines: bool) -> Self {
        Self { lines: keeps_lines.then(Vec::new), hash: Sha256::new() }
    }

    /// Somebody did something.
    pub(super) fn tell(&mut self, at: DateTime<Utc>, who: &str, what: &str) {
        let line = format!("{} {who:<10} {what}", at.format("%m-%d %H:%M:%S"));
        self.hash.update(line.as_bytes());
        if let Some(lines) = self.lines.as_mut().filter(|lines| lines.len() < LINES_MAX) {
            lines.push(line);
        }
    }

    /// Something was sent: a part of the hash only.
    pub(super) fn pass(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
    }

    /// The lines, where they are kept.
    pub(super) fn lines(&self) -> &[String] {
        self.lines.as_deref().unwrap_or_default()
    }

    pub(super) fn hash(&self) -> String {
        let bytes = self.hash.clone().finalize();
        bytes.iter().take(16).fold(String::new(), |mut text, byte| {
            // Writing to a text does not fail.
            let _written = write!(text, "{byte:02x}");
            text
        })
    }
}
