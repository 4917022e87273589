//! A small, bounded XML tree, for the simulators only.
//!
//! The product reads XML as a stream and never holds a document as a tree. The simulators do the opposite on purpose:
//! they are the second opinion, so they share neither code nor method with the crates `qbxml` and `qbwc`. A document is
//! read whole, checked to be well formed, and handed out as [`Element`]s with their namespace resolved.
//!
//! **Invariant:** a tree never has more than [`ELEMENTS_MAX`] elements or a depth of more than [`DEPTH_MAX`], and a document
//! type declaration is always refused, so that no input can make a simulator grow without bound.

use std::fmt::Write as _;

use quick_xml::Reader;
use quick_xml::escape::{resolve_predefined_entity, unescape};
use quick_xml::events::{BytesRef, BytesStart, Event};

/// Deepest nesting accepted; the deepest qbXML answer has nine levels, a SOAP envelope adds four.
pub const DEPTH_MAX: usize = 32;
/// Most elements in one document: a company of 50,000 customers with thirty fields each.
pub const ELEMENTS_MAX: usize = 2_000_000;
/// Longest document in bytes.
pub const BYTES_MAX: usize = 64 * 1024 * 1024;

/// Why a text is not a document the simulators read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// Not well formed; the text says where the reader stopped.
    #[error("not well-formed XML near byte {position}: {reason}")]
    NotWellFormed {
        /// Byte offset at which reading stopped.
        position: u64,
        /// What was wrong there, in the words of the parser.
        reason: String,
    },
    /// A document type declaration, which neither qbXML nor SOAP allows.
    #[error("a document type declaration is not accepted")]
    DocumentType,
    /// One of the bounds of this module was passed.
    #[error("the document has more than {limit} {what}")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// The bound that was passed.
        limit: usize,
    },
}

/// One XML element: local name, namespace, attributes, own text and children in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Element {
    /// Local name, without a prefix.
    pub name: String,
    /// Namespace URI, empty for none.
    pub namespace: String,
    /// Attributes in order, names as written, without namespace declarations.
    pub attributes: Vec<(String, String)>,
    /// All character data directly inside, entities resolved, line ends as LF.
    pub text: String,
    /// Child elements in order.
    pub children: Vec<Self>,
}

impl Element {
    /// An element without content.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// An element that holds text only.
    #[must_use]
    pub fn leaf(name: &str, text: &str) -> Self {
        Self { name: name.to_owned(), text: text.to_owned(), ..Self::default() }
    }

    /// An element that holds other elements.
    #[must_use]
    pub fn group(name: &str, children: Vec<Self>) -> Self {
        Self { name: name.to_owned(), children, ..Self::default() }
    }

    /// The first child of that name.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All children of that name, in order.
    pub fn children_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first child of that name.
    #[must_use]
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str())
    }

    /// The value of an attribute.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// True if it holds neither text (white space aside) nor elements.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.children.is_empty() && self.text.trim().is_empty()
    }
}

/// A whole document: what stood before the root element, and the root.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// Processing instructions before the root, as target and content.
    pub instructions: Vec<(String, String)>,
    /// The root element.
    pub root: Element,
}

impl Document {
    /// The content of the first processing instruction with that target, such as `version="13.0"` of `qbxml`.
    #[must_use]
    pub fn instruction(&self, target: &str) -> Option<&str> {
        self.instructions.iter().find(|(name, _)| name == target).map(|(_, content)| content.as_str())
    }
}

/// Reads a whole document.
///
/// # Errors
/// [`XmlError`] if the text is not well formed, carries a document type, or passes a bound.
pub fn parse(text: &str) -> Result<Document, XmlError> {
    if text.len() > BYTES_MAX {
        return Err(XmlError::TooLarge { what: "bytes", limit: BYTES_MAX });
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if let Some((position, character)) = text.char_indices().find(|(_, character)| !is_xml_char(*character)) {
        return Err(XmlError::NotWellFormed {
            position: position as u64,
            reason: format!("character U+{:04X} is not allowed", u32::from(character)),
        });
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_comments = true;
    let mut builder = Builder::default();
    loop {
        let event = reader.read_event();
        let position = reader.buffer_position();
        let event = event.map_err(|error| XmlError::NotWellFormed { position, reason: error.to_string() })?;
        if matches!(event, Event::Eof) {
            return builder.finish(position);
        }
        builder.take(event, position)?;
    }
}

/// The characters XML 1.0 allows.
fn is_xml_char(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Collects reader events into a tree.
#[derive(Default)]
struct Builder {
    instructions: Vec<(String, String)>,
    /// Open elements, the root first.
    open: Vec<Element>,
    /// Namespace bindings in force: depth at which each was declared, prefix, URI.
    bindings: Vec<(usize, String, String)>,
    root: Option<Element>,
    elements: usize,
    declared: bool,
    started: bool,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, position: u64) -> Result<(), XmlError> {
        let first = !self.started;
        self.started = true;
        match event {
            Event::Decl(_) if first && !self.declared => self.declared = true,
            Event::Decl(_) => return Err(broken(position, "the XML declaration must come first")),
            Event::DocType(_) => return Err(XmlError::DocumentType),
            Event::PI(instruction) => {
                if instruction.target().eq_ignore_ascii_case("xml") {
                    return Err(broken(position, "the XML declaration must come first"));
                }
                if self.root.is_none() && self.open.is_empty() {
                    self.instructions.push((instruction.target().to_owned(), instruction.content().trim().to_owned()));
                }
            }
            Event::Start(start) => self.open(&start, position)?,
            Event::Empty(start) => {
                self.open(&start, position)?;
                self.close(position)?;
            }
            Event::End(_) => self.close(position)?,
            Event::Text(text) => self.text(&text.xml10_content(), position)?,
            Event::CData(text) => self.character_data(&text.xml10_content(), position)?,
            Event::GeneralRef(reference) => {
                let resolved = resolve(&reference, position)?;
                self.character_data(&resolved, position)?;
            }
            Event::Comment(_) | Event::Eof => {}
        }
        Ok(())
    }

    fn open(&mut self, start: &BytesStart<'_>, position: u64) -> Result<(), XmlError> {
        if self.root.is_some() {
            return Err(broken(position, "content after the root element"));
        }
        self.elements += 1;
        if self.elements > ELEMENTS_MAX {
            return Err(XmlError::TooLarge { what: "elements", limit: ELEMENTS_MAX });
        }
        if self.open.len() >= DEPTH_MAX {
            return Err(XmlError::TooLarge { what: "levels", limit: DEPTH_MAX });
        }
        let depth = self.open.len();
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| broken(position, &error.to_string()))?;
            let key: &str = attribute.key.as_ref();
            let value = unescape(&attribute.value).map_err(|error| broken(position, &error.to_string()))?;
            if attribute.value.contains('<') {
                return Err(broken(position, "a '<' in an attribute"));
            }
            if key == "xmlns" {
                self.bindings.push((depth, String::new(), value.into_owned()));
            } else if let Some(prefix) = key.strip_prefix("xmlns:") {
                self.bindings.push((depth, prefix.to_owned(), value.into_owned()));
            } else {
                attributes.push((key.to_owned(), value.into_owned()));
            }
        }
        let qualified: &str = start.name().0;
        if !is_name(qualified) {
            return Err(broken(position, "not an element name"));
        }
        let (prefix, name) = qualified.split_once(':').unwrap_or(("", qualified));
        let bound = self.bindings.iter().rev().find(|(_, known, _)| known == prefix);
        let namespace = match bound {
            Some((_, _, uri)) => uri.clone(),
            None if prefix.is_empty() => String::new(),
            None => return Err(broken(position, "a prefix without a namespace")),
        };
        self.open.push(Element { name: name.to_owned(), namespace, attributes, ..Element::default() });
        Ok(())
    }

    fn close(&mut self, position: u64) -> Result<(), XmlError> {
        let element = self.open.pop().ok_or_else(|| broken(position, "an end tag without a start tag"))?;
        let depth = self.open.len();
        self.bindings.retain(|(declared_at, _, _)| *declared_at < depth);
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn text(&mut self, text: &str, position: u64) -> Result<(), XmlError> {
        if self.open.is_empty() && text.trim().is_empty() {
            return Ok(());
        }
        if text.contains("]]>") {
            return Err(broken(position, "']]>' in text"));
        }
        self.character_data(text, position)
    }

    fn character_data(&mut self, text: &str, position: u64) -> Result<(), XmlError> {
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None => return Err(broken(position, "text outside the root element")),
        }
        Ok(())
    }

    fn finish(self, position: u64) -> Result<Document, XmlError> {
        if !self.open.is_empty() {
            return Err(broken(position, "the document ends inside an element"));
        }
        let root = self.root.ok_or_else(|| broken(position, "there is no root element"))?;
        Ok(Document { instructions: self.instructions, root })
    }
}

fn broken(position: u64, reason: &str) -> XmlError {
    XmlError::NotWellFormed { position, reason: reason.to_owned() }
}

fn is_name(name: &str) -> bool {
    let mut characters = name.chars();
    let begins = |character: char| character.is_alphabetic() || character == '_';
    characters.next().is_some_and(begins)
        && characters.all(|character| character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | ':'))
}

fn resolve(reference: &BytesRef<'_>, position: u64) -> Result<String, XmlError> {
    let character = reference.resolve_char_ref().map_err(|error| broken(position, &error.to_string()))?;
    match character {
        Some(character) if is_xml_char(character) => Ok(character.to_string()),
        Some(_) => Err(broken(position, "a reference to a character that is not allowed")),
        None => {
            resolve_predefined_entity(reference).map(str::to_owned).ok_or_else(|| broken(position, "an unknown entity"))
        }
    }
}

/// Appends text so that it can stand in an element or in a quoted attribute.
///
/// Quotes are written as entities even in text, as QuickBooks does. With `ascii`, everything beyond ASCII becomes a
/// decimal character reference, which is how real answers carry `®` (`qbxml-samples`).
pub fn escape_into(out: &mut String, text: &str, ascii: bool) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            // A carriage return inside text would be lost to line end normalisation; .NET writes it like this.
            '\r' => out.push_str("&#xD;"),
            other if ascii && !other.is_ascii() => {
                // Writing into a String cannot fail.
                let _ = write!(out, "&#{};", u32::from(other));
            }
            other => out.push(other),
        }
    }
}

/// [`escape_into`] as a value, without the ASCII rule.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    escape_into(&mut out, text, false);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_document_becomes_a_tree_with_namespaces() {
        let document = parse(
            "<?xml version=\"1.0\"?><?qbxml version=\"13.0\"?>\n<a xmlns=\"urn:x\" k='1 &amp; 2'>\n<b>x &lt;&#233;<![CDATA[<&]]></b><p:c xmlns:p=\"urn:p\"/></a>",
        )
        .expect("well formed");
        assert_eq!(document.instruction("qbxml"), Some("version=\"13.0\""));
        let root = &document.root;
        assert_eq!((root.name.as_str(), root.namespace.as_str(), root.attribute("k")), ("a", "urn:x", Some("1 & 2")));
        assert_eq!(root.text_of("b"), Some("x <é<&"));
        assert_eq!(root.child("c").map(|child| child.namespace.as_str()), Some("urn:p"));
        assert_eq!(root.child("b").map(|child| child.namespace.as_str()), Some("urn:x"));
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for text in [
            "",
            "x",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a>&nbsp;</a>",
            "<a>&#1;</a>",
            "<a>&</a>",
            "<a b=\"1\" b=\"2\"/>",
            "<a>\u{1}</a>",
            "<p:a/>",
            "<a/>trailing",
            " <?xml version=\"1.0\"?><a/>",
            "<a><?xml version=\"1.0\"?></a>",
            "<1/>",
        ] {
            assert!(matches!(parse(text), Err(XmlError::NotWellFormed { .. })), "{text:?} was accepted");
        }
    }

    #[test]
    fn bounds_and_document_types_are_refused() {
        assert_eq!(parse("<!DOCTYPE a><a/>"), Err(XmlError::DocumentType));
        let deep = format!("{}{}", "<a>".repeat(DEPTH_MAX + 1), "</a>".repeat(DEPTH_MAX + 1));
        assert_eq!(parse(&deep), Err(XmlError::TooLarge { what: "levels", limit: DEPTH_MAX }));
    }

    #[test]
    fn line_ends_are_normalised_but_references_are_kept() {
        let document = parse("<a>x\r\ny&#xD;z</a>").expect("well formed");
        assert_eq!(document.root.text, "x\ny\rz");
    }

    #[test]
    fn ascii_escaping_writes_decimal_references() {
        let mut out = String::new();
        escape_into(&mut out, "Café \"R&D\" <ü>'", true);
        assert_eq!(out, "Caf&#233; &quot;R&amp;D&quot; &lt;&#252;&gt;&apos;");
    }

    proptest! {
        #[test]
        fn any_text_survives_escaping(text in "[\\x20-\\x7e\\t\\n\\r\u{a0}-\u{ff}\u{2013}\u{1f600}]{0,60}") {
            let document = parse(&format!("<a b=\"x\">{}</a>", escape(&text))).expect("escaped text is well formed");
            prop_assert_eq!(document.root.text, text);
        }

        #[test]
        fn arbitrary_text_never_panics(text in "\\PC{0,200}") {
            let _ = parse(&text);
        }
    }
}
