//! Answers: the outcome of a request, and its text in the form real QuickBooks writes.
//!
//! One element a line without indentation, attributes in a fixed order, refused and empty requests as empty elements
//! with a blank before the slash, no `<?qbxml?>` line (`qbxml-samples/INDEX.md`).

use super::Habits;
use super::status::Status;
use crate::sim::xml::{Element, escape_into};

/// The outcome of one request.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) status: Status,
    pub(crate) ret_count: Option<usize>,
    /// Records left, and the iterator's ID.
    pub(crate) iterator: Option<(usize, String)>,
    pub(crate) body: Vec<Element>,
    /// What error recovery returns instead of the body.
    pub(crate) recovery: Option<Element>,
}

impl Outcome {
    pub(crate) fn of(body: Vec<Element>) -> Self {
        Self { status: Status::ok(), ret_count: None, iterator: None, body, recovery: None }
    }

    pub(crate) fn status(status: Status) -> Self {
        Self { status, ..Self::of(Vec::new()) }
    }

    /// A changed object, with what error recovery would tell of it.
    pub(crate) fn changed(ret: Element, recovery: Element) -> Self {
        Self { recovery: Some(recovery), ..Self::of(vec![ret]) }
    }
}

/// The `ErrorRecovery` aggregate of a list object.
pub(crate) fn list_recovery(id: &str, edit_sequence: i64, guid: Option<&str>) -> Element {
    let mut children = vec![Element::leaf("ListID", id), Element::leaf("EditSequence", &edit_sequence.to_string())];
    children.extend(guid.map(|guid| Element::leaf("ExternalGUID", guid)));
    Element::group("ErrorRecovery", children)
}

/// The `ErrorRecovery` aggregate of a transaction.
pub(crate) fn txn_recovery(id: &str, number: u32, edit_sequence: i64, guid: Option<&str>) -> Element {
    let mut children = vec![
        Element::leaf("TxnID", id),
        Element::leaf("TxnNumber", &number.to_string()),
        Element::leaf("EditSequence", &edit_sequence.to_string()),
    ];
    children.extend(guid.map(|guid| Element::leaf("ExternalGUID", guid)));
    Element::group("ErrorRecovery", children)
}

/// Writes answers in one of the two line end habits.
pub(crate) struct AnswerWriter<'a> {
    habits: &'a Habits,
    out: String,
}

impl<'a> AnswerWriter<'a> {
    pub(crate) fn new(habits: &'a Habits) -> Self {
        Self { habits, out: String::new() }
    }

    fn line(&mut self) {
        self.out.push_str(if self.habits.crlf { "\r\n" } else { "\n" });
    }

    fn text(&mut self, text: &str) {
        let text = if self.habits.crlf { text.replace('\n', "\r\n") } else { text.to_owned() };
        // A line end inside a field is written as it is; only a lone carriage return would need a reference.
        let mut escaped = String::new();
        escape_into(&mut escaped, &text, self.habits.ascii);
        self.out.push_str(&escaped.replace("&#xD;\n", "\r\n"));
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape_into(&mut self.out, value, self.habits.ascii);
        self.out.push('"');
    }

    fn element(&mut self, element: &Element) {
        self.out.push('<');
        self.out.push_str(&element.name);
        self.out.push('>');
        if element.children.is_empty() {
            self.text(&element.text);
        } else {
            self.line();
            for child in &element.children {
                self.element(child);
            }
        }
        self.out.push_str("</");
        self.out.push_str(&element.name);
        self.out.push('>');
        self.line();
    }

    /// Writes one `…Rs` element.
    pub(crate) fn response(&mut self, name: &str, request_id: Option<&str>, outcome: &Outcome, body: &[Element]) {
        self.out.push('<');
        self.out.push_str(name);
        if let Some(id) = request_id {
            self.attribute("requestID", id);
        }
        self.attribute("statusCode", &outcome.status.code.to_string());
        self.attribute("statusSeverity", &outcome.status.severity().to_string());
        self.attribute("statusMessage", &outcome.status.message);
        if let Some(count) = outcome.ret_count {
            self.attribute("retCount", &count.to_string());
        }
        if let Some((remaining, id)) = &outcome.iterator {
            self.attribute("iteratorRemainingCount", &remaining.to_string());
            self.attribute("iteratorID", id);
        }
        if body.is_empty() {
            self.out.push_str(" />");
        } else {
            self.out.push('>');
            self.line();
            for element in body {
                self.element(element);
            }
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
        }
        self.line();
    }

    /// The responses written so far.
    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// The whole answer around responses.
    pub(crate) fn document(habits: &'a Habits, new_id: Option<&str>, code: Option<u16>, responses: &str) -> String {
        let mut writer = Self::new(habits);
        writer.out.push_str("<?xml version=\"1.0\" ?>");
        writer.line();
        writer.out.push_str("<QBXML>");
        writer.line();
        writer.out.push_str("<QBXMLMsgsRs");
        if let Some(id) = new_id {
            writer.attribute("newMessageSetID", id);
        }
        if let Some(code) = code {
            writer.attribute("messageSetStatusCode", &code.to_string());
        }
        writer.out.push('>');
        writer.line();
        writer.out.push_str(responses);
        if responses.is_empty() {
            writer.line();
        }
        writer.out.push_str("</QBXMLMsgsRs>");
        writer.line();
        writer.out.push_str("</QBXML>");
        writer.line();
        writer.out
    }
}
