//! Answers: a pull reader over any byte source, one record at a time (`qbxml.md` 1).
//!
//! Order of calls: [`message_set`](ResponseReader::message_set) once, then
//! [`next_response`](ResponseReader::next_response) until `None`, for each response
//! [`next_record`](ResponseReader::next_record) until `None` (records not fetched are read over),
//! and at the end [`finish`](ResponseReader::finish), which is what notices a truncated answer.
//! Memory is bounded by one record.
//!
//! Reading is lenient where life is: unknown elements are counted, a record of an unknown kind is a
//! value, a value that cannot be read makes *its record* unreadable and nothing else. It is strict
//! where being lenient would mean guessing: a document that is not well formed, too deep, cut
//! short, or that carries a DTD or processing instructions is an error with a position.

use std::io::BufRead;

use crate::error::{ReadError, ReadErrorKind, safe_text};
use crate::record::{Record, is_flat, read_record};
use crate::types::{IteratorId, Severity, Status, StatusCode};
use crate::wire::{Pull, Source, UnknownCounts, WireLimits};

/// The attributes of `QBXMLMsgsRs`: the outcome of error recovery.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MessageSetInfo {
    /// `newMessageSetID`, echoed.
    pub new_id: Option<String>,
    /// `messageSetStatusCode`: comes only if an id was sent. 0 is fine; 600, 9001, 9002, 9004 and
    /// 9005 see `qbxml.md` 2.
    pub status: Option<StatusCode>,
}

/// The head of one response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseHead {
    /// The element: `VendorQueryRs`.
    pub name: String,
    /// `requestID`, if the request had one.
    pub request_id: Option<String>,
    /// Code, severity and message.
    pub status: Status,
    /// `retCount`: the number of objects, if metadata was asked for.
    pub ret_count: Option<u64>,
    /// `iteratorRemainingCount`: how many objects follow on further pages; 0 is the last page.
    pub iterator_remaining: Option<u64>,
    /// `iteratorID`: what to go on with.
    pub iterator_id: Option<IteratorId>,
}

/// Where the reader stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    BetweenResponses,
    InResponse,
    InFlatResponse,
    Ended,
}

/// How deep a message set's children lie: `QBXML/QBXMLMsgsRs`.
const MESSAGE_SET_DEPTH: usize = 2;

/// Reads one answer.
pub struct ResponseReader<R> {
    pull: Pull<R>,
    state: State,
    waiting: Option<Record>,
}

impl<R: BufRead> ResponseReader<R> {
    /// A reader over an answer in UTF-8.
    pub fn new(reader: R, limits: WireLimits) -> Self {
        Self { pull: Pull::new(reader, limits), state: State::Start, waiting: None }
    }

    /// Reads to the message set and its attributes.
    ///
    /// # Errors
    /// Not an answer, or it cannot be read on.
    pub fn message_set(&mut self) -> Result<MessageSetInfo, ReadError> {
        if self.state != State::Start {
            return Err(self.pull.error(ReadErrorKind::OutOfTurn("message_set is called first and once")));
        }
        self.pull.root()?;
        self.expect("QBXML")?;
        loop {
            if !self.pull.child()? {
                return Err(not_expected(&self.pull, "QBXMLMsgsRs", "nothing"));
            }
            match self.pull.name() {
                "QBXMLMsgsRs" => break,
                "SignonMsgsRs" => self.pull.skip_known()?,
                _ => {
                    return self.expect("QBXMLMsgsRs").map(|()| MessageSetInfo::default());
                }
            }
        }
        self.state = State::BetweenResponses;
        let new_id = self.pull.attribute("newMessageSetID")?;
        let status = number(&mut self.pull, "messageSetStatusCode")?.map(StatusCode);
        Ok(MessageSetInfo { new_id, status })
    }

    /// The next response; `None` after the last. Records of the previous one that were not fetched
    /// are read over.
    ///
    /// # Errors
    /// It cannot be read on, or lacks a status.
    pub fn next_response(&mut self) -> Result<Option<ResponseHead>, ReadError> {
        self.leave_response()?;
        match self.state {
            State::Start => {
                return Err(self.pull.error(ReadErrorKind::OutOfTurn("message_set is called first")));
            }
            State::Ended => return Ok(None),
            State::BetweenResponses | State::InResponse | State::InFlatResponse => {}
        }
        if !self.pull.child()? {
            self.state = State::Ended;
            return Ok(None);
        }
        let head = read_head(&mut self.pull)?;
        self.state = if is_flat(&head.name) { State::InFlatResponse } else { State::InResponse };
        Ok(Some(head))
    }

    /// The next record of the present response; `None` after the last.
    ///
    /// # Errors
    /// It cannot be read on.
    pub fn next_record(&mut self) -> Result<Option<Record>, ReadError> {
        if let Some(record) = self.waiting.take() {
            return Ok(Some(record));
        }
        match self.state {
            State::InResponse => self.next_child_record(),
            State::InFlatResponse => self.flat_record(),
            State::Start | State::BetweenResponses | State::Ended => Ok(None),
        }
    }

    /// Confirms that the answer was whole: reads over what is left and demands the end of the
    /// document.
    ///
    /// # Errors
    /// The document is cut short, or goes on after its end.
    pub fn finish(&mut self) -> Result<(), ReadError> {
        while self.next_response()?.is_some() {}
        while self.pull.depth() > 0 {
            if self.pull.child()? {
                self.pull.skip_unknown()?;
            }
        }
        self.pull.trailing()
    }

    /// What was in the answer so far and not understood.
    pub fn unknown(&self) -> &UnknownCounts {
        self.pull.unknown()
    }

    fn expect(&mut self, name: &'static str) -> Result<(), ReadError> {
        if self.pull.name() == name {
            return Ok(());
        }
        let found = self.pull.name().to_owned();
        Err(not_expected(&self.pull, name, &found))
    }

    fn leave_response(&mut self) -> Result<(), ReadError> {
        self.waiting = None;
        while self.pull.depth() > MESSAGE_SET_DEPTH {
            self.pull.skip_rest()?;
        }
        if matches!(self.state, State::InResponse | State::InFlatResponse) {
            self.state = State::BetweenResponses;
        }
        Ok(())
    }

    fn next_child_record(&mut self) -> Result<Option<Record>, ReadError> {
        if !self.pull.child()? {
            self.state = State::BetweenResponses;
            return Ok(None);
        }
        self.pull.begin_record();
        let name = self.pull.name();
        // The names of flat responses are in the list of records, but are not records here.
        let record = if is_flat(name) { None } else { read_record(&mut self.pull)? };
        let Some(record) = record else {
            let name = self.pull.name().to_owned();
            self.pull.skip_unknown()?;
            self.pull.end_record();
            return Ok(Some(Record::Unknown { name }));
        };
        Ok(Some(self.judged(record)))
    }

    /// Hands the record out unless a value in it was unreadable.
    fn judged(&mut self, record: Record) -> Record {
        match self.pull.end_record() {
            None => record,
            Some(problem) => {
                let name = problem.path.split('/').next().unwrap_or_default().to_owned();
                Record::Unreadable { name, problem }
            }
        }
    }

    /// Deletions, voids and merges hold their fields directly in the response, or an
    /// `ErrorRecovery`, or nothing when refused.
    fn flat_record(&mut self) -> Result<Option<Record>, ReadError> {
        self.pull.begin_record();
        let record = read_record(&mut self.pull)?;
        self.state = State::BetweenResponses;
        let (recovery, record) = match record {
            Some(Record::TxnDel(mut done)) => {
                (done.error_recovery.take(), (!done.is_empty()).then_some(Record::TxnDel(done)))
            }
            Some(Record::TxnVoid(mut done)) => {
                (done.error_recovery.take(), (!done.is_empty()).then_some(Record::TxnVoid(done)))
            }
            Some(Record::ListDel(done)) => (None, (!done.is_empty()).then_some(Record::ListDel(done))),
            Some(Record::ListMerge(done)) => (None, (!done.is_empty()).then_some(Record::ListMerge(done))),
            other => (None, other),
        };
        let record = match self.pull.end_record() {
            Some(problem) => {
                let name = problem.path.split('/').next().unwrap_or_default().to_owned();
                Some(Record::Unreadable { name, problem })
            }
            None => record,
        };
        match recovery {
            Some(recovery) => {
                self.waiting = record;
                Ok(Some(Record::ErrorRecovery(Box::new(recovery))))
            }
            None => Ok(record),
        }
    }
}

fn not_expected<R: BufRead>(pull: &Pull<R>, expected: &'static str, found: &str) -> ReadError {
    pull.error(ReadErrorKind::NotExpected { expected, found: safe_text(found) })
}

fn read_head<R: BufRead>(pull: &mut Pull<R>) -> Result<ResponseHead, ReadError> {
    let name = pull.name().to_owned();
    if !name.ends_with("Rs") {
        return Err(not_expected(pull, "a response", &name));
    }
    let Some(code) = number(pull, "statusCode")?.map(StatusCode) else {
        return Err(pull.error(ReadErrorKind::BadAttribute { name: "statusCode", found: "missing".into() }));
    };
    let severity = pull.attribute("statusSeverity")?.and_then(|word| Severity::from_word(&word));
    let message = pull.attribute("statusMessage")?.unwrap_or_default();
    Ok(ResponseHead {
        name,
        request_id: pull.attribute("requestID")?,
        status: Status { code, severity: severity.unwrap_or(code.severity()), message },
        ret_count: number(pull, "retCount")?,
        iterator_remaining: number(pull, "iteratorRemainingCount")?,
        iterator_id: pull.attribute("iteratorID")?.and_then(|id| IteratorId::new(&id).ok()),
    })
}

/// An attribute that is a number; an empty one is absent.
fn number<R: BufRead, N: std::str::FromStr>(pull: &mut Pull<R>, name: &'static str) -> Result<Option<N>, ReadError> {
    let Some(text) = pull.attribute(name)?.filter(|text| !text.trim().is_empty()) else {
        return Ok(None);
    };
    match text.trim().parse() {
        Ok(number) => Ok(Some(number)),
        Err(_) => Err(pull.error(ReadErrorKind::BadAttribute { name, found: safe_text(&text) })),
    }
}
