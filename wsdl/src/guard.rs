//! The guard: one streaming pass over the document before any parser allocates for it.
//!
//! The pull parser under yaserde needs quadratic time for deep nesting and keeps whole texts; a hostile document must
//! not reach it. This pass walks the document with quick-xml, which holds nothing but the current tag, and
//!
//! * enforces every bound of [`GuardLimits`];
//! * refuses document types, processing instructions, stray text, undeclared prefixes and trailing content;
//! * follows the one path the contract allows: `Envelope / [Header] / Body / operation / parameters`, with exactly
//!   one operation, in its namespace, and no parameter given twice;
//! * notes where each known parameter's text stands ([`Survey`]), without un-escaping it.
//!
//! What it deliberately does not do: it does not interpret a parameter. A header and unknown parameters are walked
//! under the same limits and forgotten. The text of a known parameter is skipped by searching for the next `<`,
//! because the `response` text may be most of 64 MiB and is read once more when it is un-escaped.
//!
//! **Invariant:** time is linear in the bytes, memory is constant, and what [`Survey`] points at contains no element.

use crate::error::{DecodeError, Excerpt};
use crate::name::{NAMESPACE, OperationName, Parameter};
use crate::reply::SoapVersion;
use quick_xml::NsReader;
use quick_xml::errors::{Error as XmlError, IllFormedError};
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{NamespaceError, QName, ResolveResult};
use std::ops::Range;

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
            attribute_value_bytes_max: 4 * 1024,
            elements_max: 2_000_000,
            namespaces_max: 32,
            ticket_bytes_max: 256,
            parameter_bytes_max: 64 * 1024,
            company_data_bytes_max: 4 * 1024 * 1024,
        }
    }
}

/// What the guard learned about a document that passed.
#[derive(Debug)]
pub(crate) struct Survey {
    pub(crate) soap: SoapVersion,
    pub(crate) name: OperationName,
    /// The known parameters that are present and where their escaped text stands. An absent parameter is not listed;
    /// an empty one has an empty range.
    pub(crate) texts: Vec<(&'static Parameter, Range<usize>)>,
}

/// Checks `document` and finds its operation.
pub(crate) fn survey(document: &str, limits: &GuardLimits) -> Result<Survey, DecodeError> {
    let mut guard = Guard::new(document, limits);
    while guard.advance()? {}
    guard.finish()
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

struct Guard<'d, 'l> {
    document: &'d str,
    limits: &'l GuardLimits,
    reader: NsReader<&'d [u8]>,
    place: Place,
    depth: usize,
    elements: usize,
    declared: bool,
    header_seen: bool,
    soap: Option<SoapVersion>,
    name: Option<OperationName>,
    texts: Vec<(&'static Parameter, Range<usize>)>,
}

impl<'d, 'l> Guard<'d, 'l> {
    fn new(document: &'d str, limits: &'l GuardLimits) -> Self {
        let mut reader = NsReader::from_str(document);
        reader.resolver_mut().set_max_namespace_bindings(limits.namespaces_max);
        Self {
            document,
            limits,
            reader,
            place: Place::Prolog,
            depth: 0,
            elements: 0,
            declared: false,
            header_seen: false,
            soap: None,
            name: None,
            texts: Vec::new(),
        }
    }

    /// Offset of the next byte to be read.
    fn position(&self) -> usize {
        self.document.len() - self.reader.get_ref().len()
    }

    /// Handles one event; false at the end of the document.
    fn advance(&mut self) -> Result<bool, DecodeError> {
        let event = match self.reader.read_event() {
            Ok(event) => event,
            Err(error) => return Err(self.malformed(&error)),
        };
        match event {
            Event::Start(tag) => self.open(&tag, false)?,
            Event::Empty(tag) => self.open(&tag, true)?,
            Event::End(_) => self.close(),
            Event::Text(text) => self.text(text.trim_ascii().is_empty())?,
            Event::CData(_) | Event::GeneralRef(_) => self.text(false)?,
            Event::Comment(_) => {}
            Event::Decl(_) => self.declaration()?,
            Event::PI(_) => return Err(DecodeError::ProcessingInstruction),
            Event::DocType(_) => return Err(DecodeError::DocumentType),
            Event::Eof => return Ok(false),
        }
        Ok(true)
    }

    fn finish(self) -> Result<Survey, DecodeError> {
        match (self.place, self.soap, self.name) {
            (Place::Epilog, Some(soap), Some(name)) => Ok(Survey { soap, name, texts: self.texts }),
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

    fn text(&self, blank: bool) -> Result<(), DecodeError> {
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

    fn open(&mut self, tag: &BytesStart<'d>, empty: bool) -> Result<(), DecodeError> {
        self.elements += 1;
        check(self.elements, self.limits.elements_max, |limit, found| DecodeError::TooManyElements { limit, found })?;
        check(self.depth + 1, self.limits.depth_max, |limit, found| DecodeError::TooDeep { limit, found })?;
        self.check_tag(tag)?;
        let place = self.place_of(tag)?;
        if let Place::Parameter = place {
            self.note_text(tag, empty)?;
        }
        self.depth += 1;
        self.place = place;
        if empty {
            self.close();
        }
        Ok(())
    }

    /// The place inside the element that `tag` opens.
    fn place_of(&mut self, tag: &BytesStart<'d>) -> Result<Place, DecodeError> {
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

    /// Notes where the text of the parameter that `tag` opens stands, and moves the reader to its end tag.
    fn note_text(&mut self, tag: &BytesStart<'d>, empty: bool) -> Result<(), DecodeError> {
        let Some(parameter) = self.known_parameter(tag.local_name().into_inner()) else {
            return Ok(());
        };
        if self.texts.iter().any(|(seen, _)| *seen == parameter) {
            return Err(DecodeError::DuplicateParameter { parameter: parameter.name });
        }
        let start = self.position();
        let length = if empty { 0 } else { text_length(&self.document[start..], parameter.name)? };
        *self.reader.get_mut() = &self.document.as_bytes()[start + length..];
        self.texts.push((parameter, start..start + length));
        Ok(())
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
        match error {
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

/// Length of the escaped text at the start of `rest`, up to the end tag that follows it. CDATA and comments are part
/// of the text; anything else in angle brackets is refused.
fn text_length(rest: &str, parameter: &'static str) -> Result<usize, DecodeError> {
    let mut length = 0;
    loop {
        let markup = length + rest[length..].find('<').ok_or(DecodeError::Truncated)?;
        let tail = &rest[markup..];
        let close = match tail {
            _ if tail.starts_with("</") => return Ok(markup),
            _ if tail.starts_with("<![CDATA[") => "]]>",
            _ if tail.starts_with("<!--") => "-->",
            _ if tail.starts_with("<?") => return Err(DecodeError::ProcessingInstruction),
            _ if tail.starts_with("<!") => return Err(DecodeError::DocumentType),
            _ => return Err(DecodeError::ElementInText { parameter }),
        };
        // `<!-->` is no comment: the search starts behind the opening.
        let opening = if close == "]]>" { "<![CDATA[".len() } else { "<!--".len() };
        let end = tail[opening..].find(close).ok_or(DecodeError::Truncated)?;
        length = markup + opening + end + close.len();
    }
}
