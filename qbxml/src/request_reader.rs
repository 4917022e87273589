//! Reads message sets back: what was sent, for showing it and for tests.

use std::io::BufRead;

use crate::error::{ReadError, ReadErrorKind, safe_text};
use crate::request::Request;
use crate::wire::{Pull, Source, UnknownCounts, WireLimits};

/// The attributes of `QBXMLMsgsRq`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MessageSetHead {
    /// `newMessageSetID`.
    pub new_id: Option<String>,
    /// `oldMessageSetID`.
    pub old_id: Option<String>,
    /// `onError`.
    pub on_error: Option<String>,
}

/// The head of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestHead {
    /// The name without `Rq`: `VendorAdd`.
    pub name: String,
    /// `requestID`.
    pub request_id: Option<String>,
}

/// Reads one message set of requests: [`message_set`](Self::message_set), then
/// [`next_request`](Self::next_request), each followed by [`read`](Self::read) or
/// [`skip`](Self::skip).
pub struct RequestReader<R> {
    pull: Pull<R>,
}

impl<R: BufRead> RequestReader<R> {
    /// A reader over a message set in UTF-8.
    pub fn new(reader: R, limits: WireLimits) -> Self {
        Self { pull: Pull::new(reader, limits) }
    }

    /// Reads to the message set and its attributes.
    ///
    /// # Errors
    /// Not a message set of requests, or it cannot be read on.
    pub fn message_set(&mut self) -> Result<MessageSetHead, ReadError> {
        self.pull.root()?;
        let entered = self.pull.name() == "QBXML" && self.pull.child()? && self.pull.name() == "QBXMLMsgsRq";
        if !entered {
            let found = safe_text(self.pull.name());
            return Err(self.pull.error(ReadErrorKind::NotExpected { expected: "QBXMLMsgsRq", found }));
        }
        Ok(MessageSetHead {
            new_id: self.pull.attribute("newMessageSetID")?,
            old_id: self.pull.attribute("oldMessageSetID")?,
            on_error: self.pull.attribute("onError")?,
        })
    }

    /// Enters the next request; `None` after the last.
    ///
    /// # Errors
    /// It cannot be read on.
    pub fn next_request(&mut self) -> Result<Option<RequestHead>, ReadError> {
        if !self.pull.child()? {
            return Ok(None);
        }
        self.pull.begin_record();
        let name = self.pull.name();
        let name = name.strip_suffix("Rq").unwrap_or(name).to_owned();
        Ok(Some(RequestHead { name, request_id: self.pull.attribute("requestID")? }))
    }

    /// Reads the request just entered.
    ///
    /// # Errors
    /// It cannot be read on, lacks a required element, or holds a value that is none.
    pub fn read<Q: Request>(&mut self) -> Result<Q, ReadError> {
        let request = Q::read(&mut self.pull)?;
        self.settled()?;
        Ok(request)
    }

    pub(crate) fn source(&mut self) -> &mut dyn Source {
        &mut self.pull
    }

    /// Ends the request just read: a value in it that could not be read is an error here.
    pub(crate) fn settled(&mut self) -> Result<(), ReadError> {
        match self.pull.end_record() {
            None => Ok(()),
            Some(problem) => {
                let detail = safe_text(&format!("{}: {}", problem.path, problem.reason));
                Err(self.pull.error(ReadErrorKind::Malformed(detail)))
            }
        }
    }

    /// Reads over the request just entered.
    ///
    /// # Errors
    /// It cannot be read on.
    pub fn skip(&mut self) -> Result<(), ReadError> {
        self.pull.skip_known()
    }

    /// Confirms that the document ended properly, after [`next_request`](Self::next_request)
    /// returned `None`.
    ///
    /// # Errors
    /// Something is left.
    pub fn finish(&mut self) -> Result<(), ReadError> {
        while self.pull.depth() > 0 {
            if self.pull.child()? {
                self.pull.skip_unknown()?;
            }
        }
        self.pull.trailing()
    }

    /// What was in the message set and not understood.
    pub fn unknown(&self) -> &UnknownCounts {
        self.pull.unknown()
    }
}
