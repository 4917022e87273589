//! The ordered writer.
//!
//! Output is compact, pure ASCII with decimal character references (QuickBooks refuses raw
//! characters beyond ISO-8859-1, `qbxml.md` 4) and deterministic: the same request gives the same
//! bytes, which error recovery compares by checksum (`qbxml.md` 2).
//!
//! Order is not checked here: the field tables are declared in schema order and written from top to
//! bottom, so no other order can come out. What is checked here is the version: nothing later than
//! the announced one is written.

use crate::error::{Limit, WriteError};
use crate::version::QbXmlVersion;

/// Collects the text of requests under one announced version.
#[derive(Debug)]
pub struct Writer {
    out: String,
    path: Vec<&'static str>,
    version: QbXmlVersion,
    request_id: Option<String>,
}

impl Writer {
    /// An empty writer.
    #[must_use]
    pub const fn new(version: QbXmlVersion) -> Self {
        Self { out: String::new(), path: Vec::new(), version, request_id: None }
    }

    /// The announced version.
    #[must_use]
    pub const fn version(&self) -> QbXmlVersion {
        self.version
    }

    /// What was written so far.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.out
    }

    /// Opens an element without attributes.
    pub fn open(&mut self, name: &'static str) {
        self.open_start(name);
        self.end_start();
    }

    /// Opens a start tag for [`attribute`](Self::attribute); [`end_start`](Self::end_start) ends
    /// it. The first element of a request carries its `requestID`.
    pub fn open_start(&mut self, name: &'static str) {
        self.path.push(name);
        self.out.push('<');
        self.out.push_str(name);
        if let Some(id) = self.request_id.take() {
            self.raw_attribute("requestID", &id);
        }
    }

    /// Adds an attribute to the open start tag.
    ///
    /// # Errors
    /// A control character in the value.
    pub fn attribute(&mut self, name: &'static str, value: &str) -> Result<(), WriteError> {
        if let Some(control) = forbidden(value) {
            return Err(self.refuse(name, Limit::Character("control character"), &control));
        }
        self.raw_attribute(name, value);
        Ok(())
    }

    fn raw_attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape(value, true, &mut self.out);
        self.out.push('"');
    }

    /// Ends the open start tag.
    pub fn end_start(&mut self) {
        self.out.push('>');
    }

    /// Closes the innermost element, which must be `name`.
    pub fn close(&mut self, name: &'static str) {
        let open = self.path.pop();
        debug_assert_eq!(open, Some(name), "invariant: elements are closed in the order they were opened");
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    /// Writes a leaf element.
    ///
    /// # Errors
    /// A control character in the text.
    pub fn leaf(&mut self, name: &'static str, text: &str) -> Result<(), WriteError> {
        if let Some(control) = forbidden(text) {
            return Err(self.refuse(name, Limit::Character("control character"), &control));
        }
        self.out.push('<');
        self.out.push_str(name);
        self.out.push('>');
        escape(text, false, &mut self.out);
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
        Ok(())
    }

    /// Refuses what came with a later version than the announced one.
    ///
    /// # Errors
    /// [`Limit::Since`].
    pub fn gate(&self, name: &str, since: QbXmlVersion) -> Result<(), WriteError> {
        if self.version.knows(since) {
            Ok(())
        } else {
            Err(self.refuse(name, Limit::Since(since), &self.version.to_string()))
        }
    }

    /// An error at the element `name` inside the open ones.
    #[must_use]
    pub fn refuse(&self, name: &str, limit: Limit, found: &str) -> WriteError {
        let mut path = self.path.join("/");
        if !name.is_empty() {
            if !path.is_empty() {
                path.push('/');
            }
            path.push_str(name);
        }
        WriteError { path, limit, found: found.to_owned() }
    }

    /// The next element opened carries this `requestID`.
    pub(crate) fn set_request_id(&mut self, id: &str) {
        self.request_id = Some(id.to_owned());
    }

    /// Back to an earlier length, with nothing open: undoes a request that was refused half-way.
    pub(crate) fn rewind(&mut self, bytes: usize) {
        self.out.truncate(bytes);
        self.path.clear();
        self.request_id = None;
    }
}

/// The first character that XML 1.0 forbids even as a reference.
fn forbidden(text: &str) -> Option<String> {
    let bad = |character: &char| match character {
        '\t' | '\n' | '\r' => false,
        '\u{0}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => true,
        _ => false,
    };
    text.chars().find(bad).map(|character| format!("U+{:04X}", u32::from(character)))
}

/// Appends text with markup characters and everything outside ASCII as references. Line ends become
/// LF, as XML itself would make them.
fn escape(text: &str, attribute: bool, out: &mut String) {
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if attribute => out.push_str("&quot;"),
            '\n' | '\t' if attribute => reference(character, out),
            '\r' => {
                characters.next_if_eq(&'\n');
                out.push_str(if attribute { "&#10;" } else { "\n" });
            }
            ' '..='~' | '\n' | '\t' => out.push(character),
            other => reference(other, out),
        }
    }
}

fn reference(character: char, out: &mut String) {
    out.push_str("&#");
    out.push_str(&u32::from(character).to_string());
    out.push(';');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_ascii_with_decimal_references() {
        let mut writer = Writer::new(QbXmlVersion::V13);
        writer.open("A");
        writer.leaf("B", "a<b> & \"ü\" €\r\nx\ry\tz\u{7f}").expect("allowed");
        writer.close("A");
        assert_eq!(writer.text(), "<A><B>a&lt;b&gt; &amp; \"&#252;\" &#8364;\nx\ny\tz&#127;</B></A>");
    }

    #[test]
    fn attributes_are_quoted() {
        let mut writer = Writer::new(QbXmlVersion::V13);
        writer.set_request_id("a\"&\n");
        writer.open_start("A");
        writer.attribute("x", "é").expect("allowed");
        writer.end_start();
        writer.close("A");
        assert_eq!(writer.text(), "<A requestID=\"a&quot;&amp;&#10;\" x=\"&#233;\"></A>");
    }

    #[test]
    fn control_characters_are_refused_with_their_place() {
        let mut writer = Writer::new(QbXmlVersion::V13);
        writer.open("A");
        let error = writer.leaf("B", "a\u{1}").expect_err("refused");
        assert_eq!((error.path.as_str(), error.found.as_str()), ("A/B", "U+0001"));
        assert_eq!(writer.gate("C", QbXmlVersion::V16).expect_err("too late").path, "A/C");
    }
}
