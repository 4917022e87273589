//! The bounded pull reader.
//!
//! One pass of quick-xml over any byte source. It joins text, references and character data in one
//! place (quick-xml hands `A &amp; B` out in three pieces), keeps the path of open elements for
//! errors and counts, and reuses its buffers: an element that is skipped costs no allocation.
//!
//! What it deliberately does not do: namespaces (qbXML has none), encodings (the SOAP layer
//! delivers UTF-8), validation (answers are read leniently, `qbxml-xsd/README.md`).
//!
//! **Invariant:** no buffer grows beyond its limit, whatever the source sends: [`Budget`] stops the
//! source itself.

use std::io::{self, BufRead, Read};

use quick_xml::Reader;
use quick_xml::errors::{Error as XmlError, IllFormedError, SyntaxError};
use quick_xml::events::Event;
use quick_xml::events::attributes::Attributes;

use crate::error::{ReadError, ReadErrorKind, ValueError, safe_text};
use crate::wire::{UnknownCounts, Unreadable, WireLimits};

/// Where values and records are read from: one open element at a time.
///
/// The protocol: [`child`](Self::child) enters the next child of the open element (or leaves the
/// element when there is none); then exactly one of [`text`](Self::text),
/// [`skip_unknown`](Self::skip_unknown), [`skip_known`](Self::skip_known) or a loop over `child`
/// reads the entered element to its end.
pub trait Source {
    /// Enters the next child of the open element; `false` when the element ended instead.
    ///
    /// # Errors
    /// The document cannot be read on.
    fn child(&mut self) -> Result<bool, ReadError>;

    /// The name of the open element.
    fn name(&self) -> &str;

    /// An attribute of the element just entered, un-escaped.
    ///
    /// # Errors
    /// The attributes are not well formed.
    fn attribute(&mut self, name: &str) -> Result<Option<String>, ReadError>;

    /// The whole text of the open element, which ends with it. Line ends are LF. Elements inside
    /// are skipped and counted.
    ///
    /// # Errors
    /// The document cannot be read on.
    fn text(&mut self) -> Result<&str, ReadError>;

    /// Reads over the open element and counts it as unknown.
    ///
    /// # Errors
    /// The document cannot be read on.
    fn skip_unknown(&mut self) -> Result<(), ReadError>;

    /// Reads over the open element, which is in the schema but deliberately not read, and counts it
    /// so.
    ///
    /// # Errors
    /// The document cannot be read on.
    fn skip_known(&mut self) -> Result<(), ReadError>;

    /// Remembers that the last text was no value of its type; the first such of a record counts.
    fn note_bad_value(&mut self, reason: ValueError);

    /// Remembers the id of the record being read, for [`Unreadable`].
    fn note_id(&mut self, id: &str);

    /// An error at the present place.
    fn error(&self, kind: ReadErrorKind) -> ReadError;
}

/// A byte source that ends with an error when its allowance is used up.
struct Budget<R> {
    inner: R,
    left: usize,
    exhausted: bool,
}

impl<R: BufRead> BufRead for Budget<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            self.exhausted = true;
            return Err(io::Error::other("allowance used up"));
        }
        let available = self.inner.fill_buf()?;
        Ok(&available[..available.len().min(self.left)])
    }

    fn consume(&mut self, bytes: usize) {
        self.left -= bytes;
        self.inner.consume(bytes);
    }
}

impl<R: BufRead> Read for Budget<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(into.len());
        into[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

/// The reader itself.
pub(crate) struct Pull<R> {
    xml: Reader<Budget<R>>,
    buffer: Vec<u8>,
    text: String,
    /// The open elements, each with a slash before it, and behind them the element left last.
    path: String,
    /// Where the open elements end in `path`.
    open_bytes: usize,
    /// Where each open element begins in `path`.
    marks: Vec<usize>,
    /// Where the path of the present record begins in `path`.
    record_mark: usize,
    attributes: String,
    record_start: u64,
    limits: WireLimits,
    unknown: UnknownCounts,
    bad_value: Option<(String, ValueError)>,
    id: Option<String>,
    failed: bool,
}

/// What an event means to the loop that asked for it.
enum Step {
    Start,
    End,
    Text,
    Blank,
    Eof,
}

impl<R: BufRead> Pull<R> {
    pub(crate) fn new(source: R, limits: WireLimits) -> Self {
        let budget = Budget { inner: source, left: limits.token_bytes_max, exhausted: false };
        let mut xml = Reader::from_reader(budget);
        xml.config_mut().expand_empty_elements = true;
        Self {
            xml,
            buffer: Vec::new(),
            text: String::new(),
            path: String::new(),
            open_bytes: 0,
            marks: Vec::new(),
            record_mark: 0,
            attributes: String::new(),
            record_start: 0,
            limits,
            unknown: UnknownCounts::default(),
            bad_value: None,
            id: None,
            failed: false,
        }
    }

    pub(crate) const fn unknown(&self) -> &UnknownCounts {
        &self.unknown
    }

    /// How many elements are open.
    pub(crate) fn depth(&self) -> usize {
        self.marks.len()
    }

    /// Begins a record: its size is counted from here and its values are judged together.
    pub(crate) fn begin_record(&mut self) {
        self.record_start = self.xml.buffer_position();
        self.record_mark = self.marks.last().copied().unwrap_or(0);
        self.bad_value = None;
        self.id = None;
    }

    /// Ends a record: the first value in it that could not be read, if any.
    pub(crate) fn end_record(&mut self) -> Option<Unreadable> {
        let id = self.id.take();
        self.record_mark = 0;
        self.bad_value.take().map(|(path, reason)| Unreadable { path, reason, id })
    }

    /// Enters the root element, after the prolog.
    pub(crate) fn root(&mut self) -> Result<(), ReadError> {
        debug_assert!(self.marks.is_empty(), "invariant: the root is entered once");
        loop {
            match self.step(true)? {
                Step::Start => return Ok(()),
                Step::Text => {
                    return Err(self.fail(ReadErrorKind::Malformed("text before the root element".into())));
                }
                Step::Eof => return Err(self.fail(ReadErrorKind::CutShort)),
                Step::End | Step::Blank => {}
            }
        }
    }

    /// Confirms that nothing but blanks and comments follows the root element.
    pub(crate) fn trailing(&mut self) -> Result<(), ReadError> {
        if !self.marks.is_empty() {
            return Err(self.fail(ReadErrorKind::OutOfTurn("the root element is still open")));
        }
        loop {
            match self.step(false)? {
                Step::Eof => return Ok(()),
                Step::Blank => {}
                Step::Start | Step::End | Step::Text => {
                    return Err(self.fail(ReadErrorKind::TrailingContent));
                }
            }
        }
    }

    /// Reads over the rest of the open element without counting anything.
    pub(crate) fn skip_rest(&mut self) -> Result<(), ReadError> {
        let outside = self.marks.len().saturating_sub(1);
        while self.marks.len() > outside {
            self.text.clear();
            if matches!(self.step(false)?, Step::Eof) {
                return Err(self.fail(ReadErrorKind::CutShort));
            }
        }
        Ok(())
    }

    /// Marks the reader as broken: everything after an error fails too.
    fn fail(&mut self, kind: ReadErrorKind) -> ReadError {
        self.failed = true;
        self.error(kind)
    }

    /// Reads one event and keeps the path. Text is appended to `self.text`.
    fn step(&mut self, prolog: bool) -> Result<Step, ReadError> {
        if self.failed {
            return Err(self.error(ReadErrorKind::OutOfTurn("reading goes on after an error")));
        }
        match self.next_event(prolog) {
            Ok(step) => Ok(step),
            Err(kind) => Err(self.fail(kind)),
        }
    }

    fn next_event(&mut self, prolog: bool) -> Result<Step, ReadErrorKind> {
        self.check_record_size()?;
        self.buffer.clear();
        self.xml.get_mut().left = self.limits.token_bytes_max;
        let event = match self.xml.read_event_into(&mut self.buffer) {
            Ok(event) => event,
            Err(error) => {
                return Err(explain(&error, self.xml.get_ref().exhausted, self.limits.token_bytes_max));
            }
        };
        match event {
            Event::Start(start) => {
                let name = start.name();
                self.path.truncate(self.open_bytes);
                enter(&mut self.path, &mut self.marks, name.as_ref(), &self.limits)?;
                self.open_bytes = self.path.len();
                self.attributes.clear();
                self.attributes.push_str(start.attributes_raw());
                Ok(Step::Start)
            }
            Event::End(_) => {
                self.path.truncate(self.open_bytes);
                self.open_bytes = self.marks.pop().unwrap_or(0);
                Ok(Step::End)
            }
            Event::Text(text) => append(&mut self.text, &text.xml10_content(), &self.limits),
            Event::CData(text) => append(&mut self.text, &text.xml10_content(), &self.limits),
            Event::GeneralRef(reference) => {
                let mut bytes = [0; 4];
                let text = match reference.resolve_char_ref() {
                    Ok(Some(character)) => &*character.encode_utf8(&mut bytes),
                    Ok(None) => quick_xml::escape::resolve_predefined_entity(&reference)
                        .ok_or_else(|| ReadErrorKind::UnknownEntity(safe_text(&reference)))?,
                    Err(_) => {
                        return Err(ReadErrorKind::Malformed("a wrong character reference".into()));
                    }
                };
                append(&mut self.text, text, &self.limits)
            }
            Event::Comment(_) => Ok(Step::Blank),
            Event::Decl(_) if prolog => Ok(Step::Blank),
            Event::PI(instruction) if prolog && instruction.target() == "qbxml" => Ok(Step::Blank),
            Event::Decl(_) | Event::PI(_) => Err(ReadErrorKind::ProcessingInstruction),
            Event::DocType(_) => Err(ReadErrorKind::DocType),
            Event::Eof => Ok(Step::Eof),
            Event::Empty(_) => Err(ReadErrorKind::Malformed("an empty element that was not expanded".into())),
        }
    }

    fn check_record_size(&self) -> Result<(), ReadErrorKind> {
        let used = self.xml.buffer_position() - self.record_start;
        if self.record_mark > 0 && used > self.limits.record_bytes_max as u64 {
            return Err(ReadErrorKind::TooLong { what: "a record", limit: self.limits.record_bytes_max });
        }
        Ok(())
    }

    fn skip(&mut self, known: bool) -> Result<(), ReadError> {
        let path = self.path.get(self.record_mark + 1..self.open_bytes).unwrap_or_default();
        self.unknown.count(path, known, self.limits.unknown_paths_max);
        self.skip_rest()
    }
}

impl<R: BufRead> Source for Pull<R> {
    fn child(&mut self) -> Result<bool, ReadError> {
        // The blanks between elements are most of the events, and none of them counts.
        self.xml.config_mut().trim_text_start = true;
        loop {
            self.text.clear();
            match self.step(false)? {
                Step::Start => return Ok(true),
                Step::End => return Ok(false),
                Step::Blank => {}
                Step::Text => {
                    let path = self.path.get(self.record_mark + 1..self.open_bytes).unwrap_or_default();
                    let place = format!("{path}/#text");
                    self.unknown.count(&place, false, self.limits.unknown_paths_max);
                }
                Step::Eof => return Err(self.fail(ReadErrorKind::CutShort)),
            }
        }
    }

    fn name(&self) -> &str {
        let mark = self.marks.last().copied().unwrap_or(0);
        self.path.get(mark + 1..self.open_bytes).unwrap_or_default()
    }

    fn attribute(&mut self, name: &str) -> Result<Option<String>, ReadError> {
        match find_attribute(&self.attributes, name) {
            Ok(value) => Ok(value),
            Err(kind) => Err(self.fail(kind)),
        }
    }

    fn text(&mut self) -> Result<&str, ReadError> {
        self.xml.config_mut().trim_text_start = false;
        self.text.clear();
        loop {
            match self.step(false)? {
                Step::End => return Ok(&self.text),
                Step::Start => {
                    let kept = std::mem::take(&mut self.text);
                    self.skip(false)?;
                    self.text = kept;
                }
                Step::Text | Step::Blank => {}
                Step::Eof => return Err(self.fail(ReadErrorKind::CutShort)),
            }
        }
    }

    fn skip_unknown(&mut self) -> Result<(), ReadError> {
        self.skip(false)
    }

    fn skip_known(&mut self) -> Result<(), ReadError> {
        self.skip(true)
    }

    fn note_bad_value(&mut self, reason: ValueError) {
        if self.bad_value.is_none() {
            // The element has just been left: it still stands behind the open ones.
            let path = self.path.get(self.record_mark + 1..).unwrap_or_default();
            self.bad_value = Some((path.to_owned(), reason));
        }
    }

    fn note_id(&mut self, id: &str) {
        if self.id.is_none() {
            self.id = Some(id.to_owned());
        }
    }

    fn error(&self, kind: ReadErrorKind) -> ReadError {
        ReadError {
            kind,
            position: self.xml.buffer_position(),
            path: safe_text(self.path.get(1..self.open_bytes).unwrap_or_default()),
        }
    }
}

/// Enters an element in the path.
fn enter(path: &mut String, marks: &mut Vec<usize>, name: &str, limits: &WireLimits) -> Result<(), ReadErrorKind> {
    if marks.len() >= limits.depth_max {
        return Err(ReadErrorKind::TooDeep(limits.depth_max));
    }
    if name.len() > limits.name_bytes_max {
        return Err(ReadErrorKind::TooLong { what: "an element name", limit: limits.name_bytes_max });
    }
    marks.push(path.len());
    path.push('/');
    path.push_str(name);
    Ok(())
}

/// Appends a piece of text; tells text from mere blanks.
fn append(text: &mut String, piece: &str, limits: &WireLimits) -> Result<Step, ReadErrorKind> {
    if text.len() + piece.len() > limits.text_bytes_max {
        return Err(ReadErrorKind::TooLong { what: "a text", limit: limits.text_bytes_max });
    }
    text.push_str(piece);
    let blank = |byte: u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    // A byte order mark that arrived in pieces is a blank too.
    Ok(if piece.bytes().all(blank) || piece == "\u{FEFF}" { Step::Blank } else { Step::Text })
}

fn find_attribute(raw: &str, name: &str) -> Result<Option<String>, ReadErrorKind> {
    for attribute in Attributes::new(raw, 0) {
        let attribute = attribute.map_err(|error| ReadErrorKind::Malformed(safe_text(&error.to_string())))?;
        if attribute.key.as_ref() == name {
            let value = quick_xml::escape::unescape(&attribute.value);
            return value
                .map(|value| Some(value.into_owned()))
                .map_err(|error| ReadErrorKind::Malformed(safe_text(&error.to_string())));
        }
    }
    Ok(None)
}

/// Turns a parser error into ours, without outside text beyond the safe amount.
fn explain(error: &XmlError, exhausted: bool, limit: usize) -> ReadErrorKind {
    match error {
        XmlError::Io(_) if exhausted => ReadErrorKind::TooLong { what: "a piece of markup or text", limit },
        XmlError::Io(io) => ReadErrorKind::Io(io.kind()),
        XmlError::Syntax(SyntaxError::InvalidBangMarkup) => ReadErrorKind::Malformed("unknown markup".into()),
        XmlError::Syntax(_) | XmlError::IllFormed(IllFormedError::MissingEndTag(_)) => ReadErrorKind::CutShort,
        XmlError::IllFormed(IllFormedError::MismatchedEndTag { .. }) => {
            ReadErrorKind::Malformed("an end tag that does not match".into())
        }
        XmlError::Encoding(_) => ReadErrorKind::Malformed("bytes that are not UTF-8".into()),
        other => ReadErrorKind::Malformed(safe_text(&other.to_string())),
    }
}
