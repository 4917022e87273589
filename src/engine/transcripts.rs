//! Sessions with QuickBooks as people can read them: what was asked, what came back.
//!
//! A transcript is taken on the way: the request where its bytes are committed, the answer while it arrives ([`Overheard`]).
//! It is bounded (`limits`), and what looks like a secret of somebody is masked before it is kept. qbXML carries neither our
//! password nor a ticket; those stand in the SOAP around it, which is not kept.

use super::show::{session_view, time};
use super::{Engine, EngineError, SessionView};
use crate::limits::{EXCHANGES_SHOWN_MAX, TRANSCRIPT_TEXT_BYTES_MAX};
use crate::model::{AttemptId, AttemptPurpose, AttemptState, ConversationId, RequestTag};
use crate::store::{Exchange, TranscriptText};
use serde::Serialize;
use std::io::{self, BufRead, Read};

/// Elements whose text is nobody's business: numbers of accounts, cards and people (`qbxml-fields.json`).
const MASKED: [&str; 8] = [
    "BankNumber",
    "BankAccountNumber",
    "CreditCardNumber",
    "EIN",
    "SSN",
    "VendorTaxIdent",
    "TaxLineID",
    "AccountNumberLast4",
];

/// What stands in their place.
const MASK: &str = "•••";

/// A source whose beginning is copied while it is read.
pub(super) struct Overheard<R> {
    source: R,
    heard: Vec<u8>,
    bytes: u64,
}

impl<R: BufRead> Overheard<R> {
    pub(super) const fn new(source: R) -> Self {
        Self { source, heard: Vec::new(), bytes: 0 }
    }

    /// What was heard of it, without secrets.
    pub(super) fn text(self) -> TranscriptText {
        TranscriptText { text: masked(&String::from_utf8_lossy(&self.heard)), bytes: self.bytes }
    }
}

impl<R: BufRead> Read for Overheard<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(into.len());
        into[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Overheard<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.source.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        let room = TRANSCRIPT_TEXT_BYTES_MAX.saturating_sub(self.heard.len()).min(count);
        if room > 0
            && let Ok(available) = self.source.fill_buf()
        {
            self.heard.extend_from_slice(&available[..room.min(available.len())]);
        }
        self.bytes = self.bytes.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
        self.source.consume(count);
    }
}

/// A request as it is kept.
pub(super) fn request_text(xml: &str) -> TranscriptText {
    let mut end = xml.len().min(TRANSCRIPT_TEXT_BYTES_MAX);
    while !xml.is_char_boundary(end) {
        end -= 1;
    }
    TranscriptText { text: masked(&xml[..end]), bytes: u64::try_from(xml.len()).unwrap_or(u64::MAX) }
}

/// The text with the content of [`MASKED`] elements taken out.
fn masked(xml: &str) -> String {
    let mut clean = String::with_capacity(xml.len());
    let mut rest = xml;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        clean.push_str(before);
        let Some(end) = tag.find('>') else {
            rest = tag;
            break;
        };
        let (tag, after) = tag.split_at(end + 1);
        clean.push_str(tag);
        rest = after;
        if MASKED.iter().any(|name| tag.strip_prefix('<').and_then(|tag| tag.strip_prefix(name)) == Some(">")) {
            let secret = rest.find('<').unwrap_or(rest.len());
            if secret > 0 {
                clean.push_str(MASK);
            }
            rest = &rest[secret..];
        }
    }
    clean.push_str(rest);
    clean
}

/// One message set of a session.
#[derive(Clone, Debug, Serialize)]
pub struct ExchangeView {
    /// Its number.
    pub id: i64,
    /// What it was for, in words.
    pub purpose: String,
    /// What it asked, in words.
    pub about: String,
    /// When it was handed over, RFC 3339.
    pub at: String,
    /// When the answer was there.
    pub answered_at: Option<String>,
    /// What became of it, in words.
    pub state: String,
    /// Bytes of the request; none when its text was not kept.
    pub request_bytes: Option<u64>,
    /// Bytes of the answer; none when its text was not kept.
    pub answer_bytes: Option<u64>,
}

/// A session with what was said in it.
#[derive(Clone, Debug, Serialize)]
pub struct TranscriptView {
    /// The session.
    pub session: SessionView,
    /// Its message sets, in order.
    pub exchanges: Vec<ExchangeView>,
}

/// The texts of one message set.
#[derive(Clone, Debug, Serialize)]
pub struct ExchangeTextView {
    /// The session.
    pub session: SessionView,
    /// The message set.
    pub exchange: ExchangeView,
    /// The request, its lines broken where elements end.
    pub request: String,
    /// The answer, if there is one.
    pub answer: Option<String>,
    /// Whether a part of a text is missing, because it was too long to be kept.
    pub is_cut: bool,
}

impl Engine {
    /// Sessions of the Web Connector before a number, newest first.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn sessions(&self, company: &str, before: Option<i64>, limit: usize) -> Result<Vec<SessionView>, EngineError> {
        let handle = self.company(company)?;
        let rows = handle.store.read(|tx| tx.sessions_before(before.unwrap_or(i64::MAX), limit))?;
        Ok(rows.iter().map(session_view).collect())
    }

    /// A session and its message sets.
    ///
    /// # Errors
    /// [`EngineError::NoSuchRecord`] when there is no such session.
    pub fn transcript(&self, company: &str, session: i64) -> Result<TranscriptView, EngineError> {
        let handle = self.company(company)?;
        let id = ConversationId::new(session);
        handle.store.read(|tx| {
            let row = tx.session_numbered(id)?.ok_or(EngineError::NoSuchRecord)?;
            let exchanges = tx.exchanges(id, EXCHANGES_SHOWN_MAX)?;
            let exchanges = exchanges.iter().map(exchange_view).collect();
            Ok(TranscriptView { session: session_view(&row), exchanges })
        })
    }

    /// What was said in one message set.
    ///
    /// # Errors
    /// [`EngineError::NoSuchRecord`] when there is none, or its texts were not kept.
    pub fn exchange(&self, company: &str, session: i64, attempt: i64) -> Result<ExchangeTextView, EngineError> {
        let handle = self.company(company)?;
        let (id, attempt) = (ConversationId::new(session), AttemptId::new(attempt));
        handle.store.read(|tx| {
            let row = tx.session_numbered(id)?.ok_or(EngineError::NoSuchRecord)?;
            let all = tx.exchanges(id, EXCHANGES_SHOWN_MAX)?;
            let exchange = all.iter().find(|exchange| exchange.attempt == attempt).ok_or(EngineError::NoSuchRecord)?;
            let (request, answer) = tx.transcript(id, attempt)?.ok_or(EngineError::NoSuchRecord)?;
            let is_cut =
                |text: &TranscriptText| text.bytes > u64::try_from(TRANSCRIPT_TEXT_BYTES_MAX).unwrap_or(u64::MAX);
            Ok(ExchangeTextView {
                session: session_view(&row),
                exchange: exchange_view(exchange),
                is_cut: is_cut(&request) || answer.as_ref().is_some_and(is_cut),
                request: in_lines(&request.text),
                answer: answer.map(|answer| in_lines(&answer.text)),
            })
        })
    }
}

fn exchange_view(exchange: &Exchange) -> ExchangeView {
    ExchangeView {
        id: exchange.attempt.get(),
        purpose: purpose(exchange.purpose).to_owned(),
        about: about(&exchange.tags),
        at: time(exchange.at),
        answered_at: exchange.answered_at.map(time),
        state: state(exchange.state).to_owned(),
        request_bytes: exchange.request_bytes,
        answer_bytes: exchange.answer_bytes,
    }
}

const fn purpose(purpose: AttemptPurpose) -> &'static str {
    match purpose {
        AttemptPurpose::Identify => "Which company file is open?",
        AttemptPurpose::Read => "Read what changed",
        AttemptPurpose::Write => "Write changes",
        AttemptPurpose::StatusCheck => "Ask what became of an earlier write",
        AttemptPurpose::Inquire => "Look up records",
    }
}

const fn state(state: AttemptState) -> &'static str {
    match state {
        AttemptState::Sent => "waits for its answer",
        AttemptState::Lost => "its answer was lost; it is looked up",
        AttemptState::Probing => "its answer was lost; its records are looked for",
        AttemptState::Settled | AttemptState::Cleared => "answered",
    }
}

/// What the requests of a set were about: `5 changes; vendors, bills; deletions`.
fn about(tags: &[RequestTag]) -> String {
    let mut parts: Vec<String> = Vec::new();
    let count = |wanted: fn(&RequestTag) -> bool| tags.iter().filter(|tag| wanted(tag)).count();
    match count(|tag| matches!(tag, RequestTag::Intent(_))) {
        0 => {}
        1 => parts.push("1 change".to_owned()),
        many => parts.push(format!("{many} changes")),
    }
    match count(|tag| matches!(tag, RequestTag::Inquiry(_))) {
        0 => {}
        1 => parts.push("1 look-up".to_owned()),
        many => parts.push(format!("{many} look-ups")),
    }
    for tag in tags {
        let part = match tag {
            RequestTag::Read(shelf) => shelf.kind.plural().to_owned(),
            RequestTag::Continue(shelf) => format!("more {}", shelf.kind.plural()),
            RequestTag::DeletedLists | RequestTag::DeletedTransactions => "deletions".to_owned(),
            RequestTag::Balances => "bank balances".to_owned(),
            RequestTag::About => "the company file".to_owned(),
            RequestTag::Intent(_) | RequestTag::Inquiry(_) => continue,
        };
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts.join(", ")
}

/// XML with each element that has children on a line of its own, so that a person can read it.
fn in_lines(xml: &str) -> String {
    let mut lines = String::with_capacity(xml.len() + xml.len() / 4);
    let mut depth = 0_usize;
    for piece in xml.split_inclusive('>').map(str::trim).filter(|piece| !piece.is_empty()) {
        let (text, tag) = piece.split_at(piece.rfind('<').unwrap_or(piece.len()));
        let closes = tag.starts_with("</");
        if closes {
            depth = depth.saturating_sub(1);
        }
        // The end of an element that holds only text stays on its line.
        let stays = closes && (!text.is_empty() || lines.ends_with('>') && opens_just_this(&lines, tag));
        if !stays {
            if !lines.is_empty() {
                lines.push('\n');
            }
            lines.extend(std::iter::repeat_n("  ", depth));
        }
        lines.push_str(text);
        lines.push_str(tag);
        let single = tag.ends_with("/>") || tag.starts_with("<?") || tag.starts_with("<!");
        if tag.starts_with('<') && !closes && !single {
            depth += 1;
        }
    }
    lines
}

/// Whether the text ends with the opening tag that this closing tag closes.
fn opens_just_this(lines: &str, closing: &str) -> bool {
    let name = closing.trim_start_matches("</").trim_end_matches('>');
    let opening = lines.rsplit('<').next().unwrap_or("");
    opening.strip_prefix(name).is_some_and(|rest| rest.starts_with(['>', ' '])) && !opening.ends_with("/>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_overheard_is_bounded_and_nothing_is_lost_on_the_way() {
        let text = "<a>é</a>".repeat(40_000);
        let mut source = Overheard::new(io::BufReader::with_capacity(77, text.as_bytes()));
        let mut passed = String::new();
        source.read_to_string(&mut passed).expect("read");
        assert_eq!(passed, text);
        let heard = source.text();
        assert_eq!(heard.bytes, text.len() as u64);
        assert!(heard.text.len() <= TRANSCRIPT_TEXT_BYTES_MAX + 3 && text.starts_with(&heard.text[..1_000]));
    }

    #[test]
    fn numbers_of_accounts_and_people_are_masked() {
        for (xml, wanted) in [
            ("<Name>A</Name><BankNumber>12345678</BankNumber>", "<Name>A</Name><BankNumber>•••</BankNumber>"),
            ("<EIN></EIN><EINX>1</EINX>", "<EIN></EIN><EINX>1</EINX>"),
            ("<CreditCardNumber>4111 cut off here", "<CreditCardNumber>•••"),
            ("<SSN>1-2", "<SSN>•••"),
            ("no markup", "no markup"),
            ("<cut", "<cut"),
        ] {
            assert_eq!(masked(xml), wanted);
        }
    }

    #[test]
    fn xml_is_broken_into_lines_where_a_person_would() {
        let xml =
            "<?xml version=\"1.0\"?><QBXML><Rs a=\"1\"><Name>Acme &amp; Co</Name><Empty></Empty><None/></Rs></QBXML>";
        let wanted = "<?xml version=\"1.0\"?>\n<QBXML>\n  <Rs a=\"1\">\n    <Name>Acme &amp; Co</Name>\n    <Empty></Empty>\n    <None/>\n  </Rs>\n</QBXML>";
        assert_eq!(in_lines(xml), wanted);
        assert_eq!(in_lines(wanted), wanted, "what is in lines stays so");
        assert_eq!(in_lines("<a><b>cut"), "<a>\n  <b>\n    cut");
        assert_eq!(in_lines(""), "");
    }
}
