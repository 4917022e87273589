//! The guard: one streaming pass over the document before any parser allocates for it.
//!
//! The pull parser under yaserde needs quadratic time for deep nesting and keeps whole texts; a hostile document must
//! not reach it. This pass walks the document with quick-xml, while it arrives, holds nothing but the current tag, and
//!
//! * enforces every bound of [`GuardLimits`];
//! * refuses document types, processing instructions, stray text, undeclared prefixes and trailing content;
//! * follows the one path the contract allows: `Envelope / [Header] / Body / operation / parameters`, with exactly
//!   one operation, in its namespace, and no parameter given twice;
//! * stops at each known parameter ([`Stop`]), whose text is then read by its owner ([`Guard::text`]).
//!
//! What it deliberately does not do: it does not interpret a parameter. A header and unknown parameters are walked
//! under the same limits and forgotten.
//!
//! **Invariant:** time is linear in the bytes, memory is one token, and a parameter's text contains no element.

use crate::error::{DecodeError, Excerpt};
use crate::name::{NAMESPACE, OperationName, Parameter};
use crate::reply::SoapVersion;
use crate::source::Utf8;
use crate::text::TextReader;
use quick_xml::NsReader;
use quick_xml::errors::{Error as XmlError, IllFormedError};
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{NamespaceError, QName, ResolveResult};
use std::io::BufRead;

/// Every bound on one request. `Default` is the table of limits in `ecosystem.md` 3, with 64 MiB for the body because
/// large answers are legitimate (`qbwc.md` 6.1, row 7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardLimits {
    /// Bytes of the whole body, also after transcoding to UTF-8. 64 MiB.
    pub body_bytes_max: usize,
    /// Nesting of elements; an operation's parameter is at depth 4. 16.
    pub depth_max: usize,
    /// Attributes of one element, namespace declarations included. 32.
    pub attributes_max: usize,
    /// Bytes of one element's or attribute's name, prefix included. 128.
    pub name_bytes_max: usize,
    /// Bytes of one tag, comment, or text outside the known parameters: what is in memory at once. 16 MiB.
    pub token_bytes_max: usize,
    /// Bytes of one attribute's value. 4 KiB.
    pub attribute_value_bytes_max: usize,
    /// Elements of the document. 2,000,000.
    pub elements_max: usize,
    /// Namespace bindings in scope at once. 32.
    pub namespaces_max: usize,
    /// Bytes of a ticket or session id, un-escaped. 256.
    pub ticket_bytes_max: usize,
    /// Bytes of any other short parameter, un-escaped: names, passwords, paths, messages. 64 KiB.
    pub parameter_bytes_max: usize,
    /// Bytes of `strHCPResponse`, un-escaped: 8 KB in real files, more with many custom fields. 4 MiB.
    pub company_data_bytes_max: usize,
}

impl Default for GuardLimits {
    fn default() -> Self {
        Self {
            body_bytes_max: 64 * 1024 * 1024,
            depth_max: 16,
            attributes_max: 32,
            name_bytes_max: 128,
            token_bytes_max: 16 * 1024 * 1024,
            attribute_value_bytes_max: 4 * 1024,
            elements_max: 2_000_000,
            namespaces_max: 32,
            ticket_bytes_max: 256,
            parameter_bytes_max: 64 * 1024,
            company_data_bytes_max: 4 * 1024 * 1024,
        }
    }
}

/// Where the guard hands over to its owner.
#[derive(Debug)]
pub(crate) enum Stop {
    /// At the text of a known parameter, which must be read, or at least closed, before the pass goes on.
    Text(&'static Parameter),
    /// At a known parameter that is self-closed.
    Empty(&'static Parameter),
    /// At the end of a document that passed.
    End(SoapVersion, OperationName),
}

/// Where in the envelope the pass stands. Depth is that of the elements now open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the document element.
    Prolog,
    /// In `Envelope`, before `Body`.
    BeforeBody,
    /// In `Body`.
    Body,
    /// In the operation element.
    Operation,
    /// In a known parameter whose text has been skipped: its end tag is next.
    Parameter,
    /// In a header or an unknown parameter; `back` is the place to return to when the depth falls to `depth`.
    Skipping { depth: usize, back: Skipped },
    /// In `Envelope`, after `Body`.
    AfterBody,
    /// After the document element.
    Epilog,
}

/// What is being walked over without interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Skipped {
    Header,
    UnknownParameter,
}

/// The pass over one document.
pub(crate) struct Guard<'l, R> {
    limits: &'l GuardLimits,
    reader: NsReader<Utf8<R>>,
    buffer: Vec<u8>,
    place: Place,
    depth: usize,
    elements: usize,
    declared: bool,
    header_seen: bool,
    soap: Option<SoapVersion>,
    name: Option<OperationName>,
    seen: Vec<&'static Parameter>,
}

impl<'l, R: BufRead> Guard<'l, R> {
    pub(crate) fn new(body: R, limits: &'l GuardLimits) -> Self {
        let mut reader = NsReader::from_reader(Utf8::new(body, limits.body_bytes_max));
        reader.resolver_mut().set_max_namespace_bindings(limits.namespaces_max);
        Self {
            limits,
            reader,
            buffer: Vec::new(),
            place: Place::Prolog,
            depth: 0,
            elements: 0,
            declared: false,
            header_seen: false,
            soap: None,
            name: None,
            seen: Vec::new(),
        }
    }

    /// Walks on to the next known parameter, or to the end.
    pub(crate) fn advance(&mut self) -> Result<Stop, DecodeError> {
        // Moved out so that an event can borrow it while the pass goes on.
        let mut buffer = std::mem::take(&mut self.buffer);
        let stop = loop {
            buffer.clear();
            self.reader.get_mut().allow(self.limits.token_bytes_max);
            let event = match self.reader.read_event_into(&mut buffer) {
                Ok(event) => event,
                Err(error) => break Err(self.malformed(&error)),
            };
            match self.handle(event) {
                Ok(None) => {}
                Ok(Some(stop)) => break Ok(stop),
                Err(error) => break Err(error),
            }
        };
        self.buffer = buffer;
        stop
    }

    /// The text of the parameter at which the pass has stopped.
    pub(crate) fn text(&mut self) -> TextReader<&mut Utf8<R>> {
        TextReader::new(self.reader.get_mut())
    }

    /// Offset of the next byte to be read.
    pub(crate) fn position(&self) -> usize {
        self.reader.get_ref().position()
    }

    /// Why the body could not be read on, when that was the reason.
    pub(crate) fn failure(&self) -> Option<DecodeError> {
        self.reader.get_ref().failure()
    }

    fn handle(&mut self, event: Event<'_>) -> Result<Option<Stop>, DecodeError> {
        match event {
            Event::Start(tag) => return Ok(self.open(&tag)?.map(Stop::Text)),
            Event::Empty(tag) => {
                let parameter = self.open(&tag)?;
                self.close();
                return Ok(parameter.map(Stop::Empty));
            }
            Event::End(_) => self.close(),
            Event::Text(text) => self.stray(text.trim_ascii().is_empty())?,
            Event::CData(_) | Event::GeneralRef(_) => self.stray(false)?,
            Event::Comment(_) => {}
            Event::Decl(_) => self.declaration()?,
            Event::PI(_) => return Err(DecodeError::ProcessingInstruction),
            Event::DocType(_) => return Err(DecodeError::DocumentType),
            Event::Eof => return self.finish().map(Some),
        }
        Ok(None)
    }

    fn finish(&self) -> Result<Stop, DecodeError> {
        match (self.place, self.soap, self.name) {
            (Place::Epilog, Some(soap), Some(name)) => Ok(Stop::End(soap, name)),
            (Place::Epilog, ..) => Err(DecodeError::NoOperation),
            (Place::Prolog, ..) => Err(DecodeError::Empty),
            _ => Err(DecodeError::Truncated),
        }
    }

    /// The XML declaration: once, before the envelope. White space in front of it is tolerated.
    fn declaration(&mut self) -> Result<(), DecodeError> {
        if self.place != Place::Prolog || self.declared {
            return Err(DecodeError::ProcessingInstruction);
        }
        self.declared = true;
        Ok(())
    }

    fn stray(&self, blank: bool) -> Result<(), DecodeError> {
        let within = match self.place {
            Place::Skipping { .. } => return Ok(()),
            _ if blank => return Ok(()),
            Place::Prolog => "the document, before the envelope",
            Place::Epilog => return Err(DecodeError::TrailingContent),
            Place::BeforeBody | Place::AfterBody => "Envelope",
            Place::Body => "Body",
            Place::Operation | Place::Parameter => "the operation",
        };
        Err(DecodeError::StrayText { within })
    }

    /// Enters an element; the known parameter that it is, if any.
    fn open(&mut self, tag: &BytesStart<'_>) -> Result<Option<&'static Parameter>, DecodeError> {
        self.elements += 1;
        check(self.elements, self.limits.elements_max, |limit, found| DecodeError::TooManyElements { limit, found })?;
        check(self.depth + 1, self.limits.depth_max, |limit, found| DecodeError::TooDeep { limit, found })?;
        self.check_tag(tag)?;
        let place = self.place_of(tag)?;
        let parameter = match place {
            Place::Parameter => self.known_parameter(tag.local_name().into_inner()),
            _ => None,
        };
        if let Some(parameter) = parameter {
            if self.seen.contains(&parameter) {
                return Err(DecodeError::DuplicateParameter { parameter: parameter.name });
            }
            self.seen.push(parameter);
        }
        self.depth += 1;
        self.place = place;
        Ok(parameter)
    }

    /// The place inside the element that `tag` opens.
    fn place_of(&mut self, tag: &BytesStart<'_>) -> Result<Place, DecodeError> {
        let namespace = self.namespace(tag.name())?;
        let name = tag.local_name();
        let local = name.into_inner();
        let unexpected = |within| DecodeError::UnexpectedElement { found: Excerpt::new(local), within };
        let in_soap = self.soap.is_some_and(|version| namespace == Namespace::Soap(version));
        match self.place {
            Place::Prolog => {
                self.soap = Some(envelope_version(local, namespace)?);
                Ok(Place::BeforeBody)
            }
            Place::BeforeBody if in_soap && local == "Header" && !self.header_seen => {
                self.header_seen = true;
                Ok(Place::Skipping { depth: self.depth, back: Skipped::Header })
            }
            Place::BeforeBody if in_soap && local == "Body" => Ok(Place::Body),
            Place::BeforeBody | Place::AfterBody => Err(unexpected("Envelope")),
            Place::Body if self.name.is_some() => Err(DecodeError::TwoOperations),
            Place::Body => {
                self.name = Some(operation(local, namespace)?);
                Ok(Place::Operation)
            }
            // Document style puts parameters into the contract's namespace, RPC style into none (`qbwc.md` 2.2).
            Place::Operation if matches!(namespace, Namespace::None | Namespace::Contract) => {
                let skipping = Place::Skipping { depth: self.depth, back: Skipped::UnknownParameter };
                Ok(self.known_parameter(local).map_or(skipping, |_| Place::Parameter))
            }
            Place::Operation => Ok(Place::Skipping { depth: self.depth, back: Skipped::UnknownParameter }),
            Place::Parameter => Err(unexpected("a parameter")),
            Place::Skipping { .. } => Ok(self.place),
            Place::Epilog => Err(DecodeError::TrailingContent),
        }
    }

    fn known_parameter(&self, local: &str) -> Option<&'static Parameter> {
        self.name?.parameters().iter().find(|parameter| parameter.name == local)
    }

    fn close(&mut self) {
        self.depth -= 1;
        self.place = match self.place {
            Place::Parameter => Place::Operation,
            Place::Operation => Place::Body,
            Place::Body => Place::AfterBody,
            Place::BeforeBody | Place::AfterBody => Place::Epilog,
            Place::Skipping { depth, back } if depth == self.depth => match back {
                Skipped::Header => Place::BeforeBody,
                Skipped::UnknownParameter => Place::Operation,
            },
            other => other,
        };
    }

    fn check_tag(&self, tag: &BytesStart<'_>) -> Result<(), DecodeError> {
        let limits = self.limits;
        let name_bytes = |name: QName<'_>| {
            check(name.into_inner().len(), limits.name_bytes_max, |limit, found| DecodeError::NameTooLong {
                limit,
                found,
            })
        };
        name_bytes(tag.name())?;
        for (index, attribute) in tag.attributes().enumerate() {
            check(index + 1, limits.attributes_max, |limit, found| DecodeError::TooManyAttributes { limit, found })?;
            let attribute = attribute.map_err(|error| self.malformed(&error.into()))?;
            name_bytes(attribute.key)?;
            check(attribute.value.len(), limits.attribute_value_bytes_max, |limit, found| {
                DecodeError::AttributeTooLong { limit, found }
            })?;
        }
        Ok(())
    }

    fn namespace(&self, name: QName<'_>) -> Result<Namespace<'_>, DecodeError> {
        match self.reader.resolver().resolve_element(name).0 {
            ResolveResult::Unbound => Ok(Namespace::None),
            ResolveResult::Bound(bound) => Ok(Namespace::of(bound.into_inner())),
            ResolveResult::Unknown(prefix) => Err(DecodeError::UndeclaredPrefix { prefix: Excerpt::new(&prefix) }),
        }
    }

    fn malformed(&self, error: &XmlError) -> DecodeError {
        let source = self.reader.get_ref();
        match error {
            XmlError::Io(_) if source.is_exhausted() => {
                DecodeError::TokenTooLong { limit: self.limits.token_bytes_max }
            }
            XmlError::Io(_) => source.failure().unwrap_or(DecodeError::Interrupted),
            XmlError::Namespace(NamespaceError::TooManyBindings(limit)) => {
                DecodeError::TooManyNamespaces { limit: *limit }
            }
            _ => DecodeError::Malformed { at: self.position(), reason: Excerpt::new(&reason(error)) },
        }
    }
}

/// The parser's reason without the names it found: a `</` inside an unescaped password looks like an end tag.
fn reason(error: &XmlError) -> String {
    match error {
        XmlError::Syntax(error) => error.to_string(),
        XmlError::InvalidAttr(error) => error.to_string(),
        XmlError::IllFormed(IllFormedError::MismatchedEndTag { .. }) => "an end tag closes another element".to_owned(),
        XmlError::IllFormed(IllFormedError::UnmatchedEndTag(_)) => "an end tag closes nothing".to_owned(),
        XmlError::IllFormed(IllFormedError::UnclosedReference) => "an ampersand starts no reference".to_owned(),
        XmlError::Namespace(_) => "a reserved prefix or namespace is bound".to_owned(),
        _ => "ill-formed".to_owned(),
    }
}

fn check(found: usize, limit: usize, error: impl FnOnce(usize, usize) -> DecodeError) -> Result<(), DecodeError> {
    if found > limit { Err(error(limit, found)) } else { Ok(()) }
}

/// The namespaces the contract knows, and the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Namespace<'n> {
    None,
    Soap(SoapVersion),
    Contract,
    Other(&'n str),
}

impl<'n> Namespace<'n> {
    fn of(uri: &'n str) -> Self {
        let soap = [SoapVersion::V11, SoapVersion::V12].into_iter().find(|version| version.namespace() == uri);
        match soap {
            Some(version) => Self::Soap(version),
            None if uri == NAMESPACE => Self::Contract,
            None => Self::Other(uri),
        }
    }

    fn excerpt(self) -> Excerpt {
        Excerpt::new(match self {
            Self::None => "",
            Self::Soap(version) => version.namespace(),
            Self::Contract => NAMESPACE,
            Self::Other(uri) => uri,
        })
    }
}

fn envelope_version(local: &str, namespace: Namespace<'_>) -> Result<SoapVersion, DecodeError> {
    match namespace {
        _ if local != "Envelope" => Err(DecodeError::NotAnEnvelope { found: Excerpt::new(local) }),
        Namespace::Soap(version) => Ok(version),
        other => Err(DecodeError::UnknownSoapVersion { found: other.excerpt() }),
    }
}

fn operation(local: &str, namespace: Namespace<'_>) -> Result<OperationName, DecodeError> {
    let operation =
        OperationName::parse(local).ok_or_else(|| DecodeError::UnknownOperation { found: Excerpt::new(local) })?;
    match namespace {
        Namespace::Contract => Ok(operation),
        other => Err(DecodeError::WrongNamespace { operation, found: other.excerpt() }),
    }
}
