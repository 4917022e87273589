//! A list that may be longer than memory: written once, then read once, in order.
//!
//! Short lists, which is what a quiet day brings, never leave memory. A longer one goes on in a file without a name beside the
//! company's own: nobody else can open it, it ends with its handle, and a crash leaves nothing behind. It is no part of
//! anybody's state, so it is neither synced nor recovered.
//!
//! An entry is a run of texts and numbers, which its owner reads back in the order it wrote them ([`Entry`], [`EntryReader`]).

use super::StoreError;
use crate::limits::{SPOOL_BYTES_MAX, SPOOL_MEMORY_BYTES_MAX};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// What stands for the length of a text that is absent.
const ABSENT: u32 = u32::MAX;

/// Bytes that go to the file, and come from it, at once.
const BUFFER_BYTES: usize = 64 * 1024;

/// One entry being written.
#[derive(Debug, Default)]
pub struct Entry(Vec<u8>);

impl Entry {
    /// Appends a number.
    pub fn number(&mut self, number: i64) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    /// Appends a text.
    pub fn text(&mut self, text: &str) {
        // An entry is far below the bounds of the whole list, and so is its length.
        self.0.extend_from_slice(&u32::try_from(text.len()).unwrap_or(ABSENT).to_le_bytes());
        self.0.extend_from_slice(text.as_bytes());
    }

    /// Appends a text that may be absent.
    pub fn maybe(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.0.extend_from_slice(&ABSENT.to_le_bytes()),
        }
    }

    /// Appends bytes of a known number.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Empties it for the next one.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Reads it back.
    #[must_use]
    pub fn reader(&self) -> EntryReader<'_> {
        EntryReader(&self.0)
    }
}

/// One entry being read.
#[derive(Debug)]
pub struct EntryReader<'e>(&'e [u8]);

impl<'e> EntryReader<'e> {
    /// The next number.
    ///
    /// # Errors
    /// [`StoreError::Broken`] when there is none.
    pub fn number(&mut self) -> Result<i64, StoreError> {
        self.bytes().map(|bytes| i64::from_le_bytes(*bytes))
    }

    /// The next text.
    ///
    /// # Errors
    /// [`StoreError::Broken`] when there is none.
    pub fn text(&mut self) -> Result<&'e str, StoreError> {
        self.maybe()?.ok_or_else(broken)
    }

    /// The next text, if it is not absent.
    ///
    /// # Errors
    /// [`StoreError::Broken`] when something else stands there.
    pub fn maybe(&mut self) -> Result<Option<&'e str>, StoreError> {
        let length = u32::from_le_bytes(*self.bytes()?);
        if length == ABSENT {
            return Ok(None);
        }
        let length = usize::try_from(length).map_err(|_| broken())?;
        let (text, rest) = self.0.split_at_checked(length).ok_or_else(broken)?;
        self.0 = rest;
        std::str::from_utf8(text).map(Some).map_err(|_| broken())
    }

    pub(super) fn bytes<const N: usize>(&mut self) -> Result<&'e [u8; N], StoreError> {
        let (bytes, rest) = self.0.split_first_chunk().ok_or_else(broken)?;
        self.0 = rest;
        Ok(bytes)
    }
}

fn broken() -> StoreError {
    StoreError::Broken { what: "spooled entry" }
}

/// The list while it is written.
#[derive(Debug)]
pub struct Spool {
    folder: PathBuf,
    memory: Vec<u8>,
    file: Option<BufWriter<File>>,
    bytes: usize,
}

impl Spool {
    /// An empty list. `folder` is where its file is made, if it needs one.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), memory: Vec::new(), file: None, bytes: 0 }
    }

    /// Appends an entry.
    ///
    /// # Errors
    /// [`StoreError::Spool`] when the disk does not take it, or the list has become longer than is allowed.
    pub fn push(&mut self, entry: &Entry) -> Result<(), StoreError> {
        self.bytes += entry.0.len();
        if self.bytes > SPOOL_BYTES_MAX {
            return Err(StoreError::Spool(io::ErrorKind::FileTooLarge.into()));
        }
        let length = u32::try_from(entry.0.len()).map_err(|_| StoreError::Spool(io::ErrorKind::FileTooLarge.into()))?;
        if self.file.is_none() && self.memory.len() + entry.0.len() > SPOOL_MEMORY_BYTES_MAX {
            let file = tempfile::tempfile_in(&self.folder).map_err(StoreError::Spool)?;
            let mut file = BufWriter::with_capacity(BUFFER_BYTES, file);
            file.write_all(&self.memory).map_err(StoreError::Spool)?;
            self.memory = Vec::new();
            self.file = Some(file);
        }
        let target: &mut dyn Write = match &mut self.file {
            Some(file) => file,
            None => &mut self.memory,
        };
        target.write_all(&length.to_le_bytes()).and_then(|()| target.write_all(&entry.0)).map_err(StoreError::Spool)
    }

    /// Ends the writing.
    ///
    /// # Errors
    /// [`StoreError::Spool`] when the disk does not take the rest.
    pub fn read(self) -> Result<SpoolReader, StoreError> {
        let Some(file) = self.file else { return Ok(SpoolReader::Memory(io::Cursor::new(self.memory))) };
        let mut file = file.into_inner().map_err(|error| StoreError::Spool(error.into_error()))?;
        file.rewind().map_err(StoreError::Spool)?;
        Ok(SpoolReader::File(BufReader::with_capacity(BUFFER_BYTES, file)))
    }
}

/// The list while it is read.
#[derive(Debug)]
pub enum SpoolReader {
    /// It never left memory.
    Memory(io::Cursor<Vec<u8>>),
    /// It was too long for that.
    File(BufReader<File>),
}

impl SpoolReader {
    /// Reads the next entry into `entry`; `false` after the last.
    ///
    /// # Errors
    /// [`StoreError::Spool`] when the disk does not give it back.
    pub fn next(&mut self, entry: &mut Entry) -> Result<bool, StoreError> {
        let source: &mut dyn Read = match self {
            Self::Memory(memory) => memory,
            Self::File(file) => file,
        };
        let mut length = [0; 4];
        match source.read_exact(&mut length) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
            Err(error) => return Err(StoreError::Spool(error)),
        }
        let length = usize::try_from(u32::from_le_bytes(length)).map_err(|_| broken())?;
        entry.0.resize(length, 0);
        source.read_exact(&mut entry.0).map_err(StoreError::Spool)?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(number: usize) -> Entry {
        let mut entry = Entry::default();
        entry.number(i64::try_from(number).expect("small"));
        entry.text(&"x".repeat(number % 700));
        entry.maybe(None);
        entry
    }

    #[test]
    fn short_and_long_lists_come_back_in_order_and_leave_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        for count in [0, 1, 7, 20_000] {
            let mut spool = Spool::new(folder.path());
            for number in 0..count {
                spool.push(&entry(number)).expect("room");
            }
            assert_eq!(spool.file.is_some(), count == 20_000, "a file only where memory does not do");
            assert!(spool.memory.len() <= SPOOL_MEMORY_BYTES_MAX + 4 * count);
            assert_eq!(std::fs::read_dir(folder.path()).expect("readable").count(), 0, "the file has no name");
            let mut reader = spool.read().expect("written");
            let mut found = Entry::default();
            for number in 0..count {
                assert!(reader.next(&mut found).expect("an entry"));
                let mut parts = found.reader();
                assert_eq!(parts.number().expect("a number"), i64::try_from(number).expect("small"));
                assert_eq!(parts.text().expect("a text").len(), number % 700);
                assert_eq!(parts.maybe().expect("absent"), None);
                assert!(parts.number().is_err(), "nothing more");
            }
            assert!(!reader.next(&mut found).expect("the end"));
        }
    }

    #[test]
    fn a_list_has_an_end() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut spool = Spool::new(folder.path());
        spool.bytes = SPOOL_BYTES_MAX - 10;
        assert!(matches!(spool.push(&entry(1)), Err(StoreError::Spool(_))));
    }
}
