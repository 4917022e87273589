//! Message sets: the documents that go to QuickBooks, with their recovery attributes (`qbxml.md` 1
//! and 2).
//!
//! | `newMessageSetID` | `oldMessageSetID` | what QuickBooks does |
//! |---|---|---|
//! | none | none | runs the set, stores nothing |
//! | X (new) | none | runs the set, stores its outcome under X |
//! | X (seen, same content) | none | runs nothing, returns the stored outcome |
//! | X (seen, other content) | none | runs nothing, status 9001 |
//! | X | X | status check: runs nothing, returns the stored outcome |
//! | Y | X | clears X, then runs the set and stores it under Y |
//! | none | X | clears X (600 if it was not there) |
//! | none | `ClearAllMessageSets` | clears all states of this application |
//!
//! The content is compared by a checksum, so the bytes stored for a resend must be the very same:
//! store what [`MessageSet::finish`] returned, never build it again.

use crate::error::{Limit, WriteError};
use crate::request::{MessageSetId, Request, RequestId};
use crate::version::QbXmlVersion;
use crate::wire::Writer;

/// What happens to the rest of the set when a request fails. `rollbackOnError` is in the schema,
/// but the desktop refuses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OnError {
    /// `stopOnError`: what was done stays done, the rest answers 3231.
    Stop,
    /// `continueOnError`: the rest is run.
    Continue,
}

impl OnError {
    const fn text(self) -> &'static str {
        match self {
            Self::Stop => "stopOnError",
            Self::Continue => "continueOnError",
        }
    }
}

/// Which stored outcomes are to be cleared.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Old {
    One(MessageSetId),
    All,
}

/// A message set under construction.
#[derive(Debug)]
pub struct MessageSet {
    writer: Writer,
    on_error: OnError,
    new_id: Option<MessageSetId>,
    old: Option<Old>,
    count: usize,
}

impl MessageSet {
    /// The most requests in one set: beyond some dozens recovery becomes unreadable, beyond this it
    /// is a program error.
    pub const REQUESTS_MAX: usize = 1000;
    /// The most bytes in one set: the Web Connector and SOAP hold all of it in memory.
    pub const BYTES_MAX: usize = 16 * 1024 * 1024;

    /// An empty set for an announced version.
    #[must_use]
    pub const fn new(version: QbXmlVersion, on_error: OnError) -> Self {
        Self { writer: Writer::new(version), on_error, new_id: None, old: None, count: 0 }
    }

    /// The outcome is stored under this id.
    #[must_use]
    pub fn new_id(mut self, id: MessageSetId) -> Self {
        self.new_id = Some(id);
        self
    }

    /// The outcome stored under this earlier id is cleared first.
    #[must_use]
    pub fn old_id(mut self, id: MessageSetId) -> Self {
        self.old = Some(Old::One(id));
        self
    }

    /// All outcomes stored for this application are cleared.
    #[must_use]
    pub fn clear_all(mut self) -> Self {
        self.old = Some(Old::All);
        self
    }

    /// Adds a request. On an error the set is as it was before.
    ///
    /// # Errors
    /// The request is not valid under the announced version, or the set is full.
    pub fn push<Q: Request>(&mut self, id: &RequestId, request: &Q) -> Result<&mut Self, WriteError> {
        let before = self.writer.text().len();
        let pushed = self.write_request(id, request);
        if let Err(error) = pushed {
            self.writer.rewind(before);
            return Err(error);
        }
        self.count += 1;
        Ok(self)
    }

    fn write_request<Q: Request>(&mut self, id: &RequestId, request: &Q) -> Result<(), WriteError> {
        if self.count >= Self::REQUESTS_MAX {
            return Err(self.writer.refuse(Q::NAME, Limit::MessageSet(Self::REQUESTS_MAX), "one request more"));
        }
        self.writer.gate(Q::NAME, Q::since())?;
        self.writer.set_request_id(id.as_str());
        request.write(&mut self.writer)?;
        if self.size_bytes() > Self::BYTES_MAX {
            let found = format!("{} bytes", self.size_bytes());
            return Err(self.writer.refuse(Q::NAME, Limit::MessageSet(Self::BYTES_MAX), &found));
        }
        Ok(())
    }

    /// The number of requests.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Whether there is no request.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The size of the finished document in bytes.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        self.head().len() + self.writer.text().len() + TAIL.len()
    }

    /// The document, pure ASCII. The same requests give the same bytes.
    #[must_use]
    pub fn finish(&self) -> String {
        let mut document = self.head();
        document.push_str(self.writer.text());
        document.push_str(TAIL);
        document
    }

    /// The document that asks what became of a message set: old and new id alike, no requests.
    #[must_use]
    pub fn status_check(version: QbXmlVersion, id: &MessageSetId) -> String {
        Self::new(version, OnError::Continue).new_id(id.clone()).old_id(id.clone()).finish()
    }

    fn head(&self) -> String {
        let version = self.writer.version();
        let mut head = format!("<?xml version=\"1.0\" encoding=\"utf-8\"?><?qbxml version=\"{version}\"?>");
        let mut root = Writer::new(version);
        root.open("QBXML");
        root.open_start("QBXMLMsgsRq");
        let old = self.old.as_ref().map(|old| match old {
            Old::One(id) => id.as_str(),
            Old::All => MessageSetId::ALL,
        });
        let attributes = [
            ("newMessageSetID", self.new_id.as_ref().map(MessageSetId::as_str)),
            ("oldMessageSetID", old),
            ("onError", Some(self.on_error.text())),
        ];
        for (name, value) in attributes {
            if let Some(value) = value {
                root.attribute(name, value).expect("invariant: ids are printable ASCII");
            }
        }
        root.end_start();
        head.push_str(root.text());
        head
    }
}

const TAIL: &str = "</QBXMLMsgsRq></QBXML>";
