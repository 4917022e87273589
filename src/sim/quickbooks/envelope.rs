//! The envelope: from the bytes of a message set to its requests, and from their outcomes to the answer.
//!
//! In this order, as in life: the document must be well formed and hold no raw character beyond ISO-8859-1; the
//! `<?qbxml?>` line must announce a version this QuickBooks knows; *every* request must fit the schema of that version
//! before the first one runs; error recovery decides whether anything runs at all; then the requests run one after the
//! other, and after an error `stopOnError` answers the rest with 3231.

use std::collections::BTreeMap;

use super::answer::{AnswerWriter, Outcome};
use super::objects::{Attributes, RequestType};
use super::recovery::{Decision, StatusCheck, StoreFull};
use super::schema::{self, Findings, SchemaBreak, Version};
use super::status::Status;
use super::text::has_raw_beyond_latin1;
use super::time::Now;
use super::{AppSession, Asker, Call, CompanyFile, HResult, objects};
use crate::sim::xml::{self, Element};

/// Longest request ID in characters; 1060 beyond.
const REQUEST_ID_LENGTH_MAX: usize = 50;

/// A message set that fits the schema.
struct MessageSet {
    version: Version,
    stop_on_error: bool,
    with_data: bool,
    new_id: Option<String>,
    old_id: Option<String>,
    requests: Vec<Request>,
}

struct Request {
    kind: &'static RequestType,
    element: Element,
    findings: Findings,
}

/// Why a message set is refused whole, with the reason QuickBooks keeps to itself.
enum Refusal {
    Version(String),
    Schema(SchemaBreak),
}

/// Checks a message set against the schema of the version it announces, without a company file.
///
/// # Errors
/// The first deviation. A version that `versions` does not hold is one too.
pub fn validate(xml: &str, versions: &[Version]) -> Result<(), SchemaBreak> {
    match read(xml, versions) {
        Ok(_) => Ok(()),
        Err(Refusal::Schema(reason)) => Err(reason),
        Err(Refusal::Version(version)) => Err(breaks("qbxml", &format!("version {version} is not known here"))),
    }
}

fn breaks(path: &str, reason: &str) -> SchemaBreak {
    SchemaBreak { path: path.to_owned(), reason: reason.to_owned() }
}

/// Runs a message set.
pub(super) fn process(file: &mut CompanyFile, session: &AppSession, now: Now, xml: &str) -> Result<String, HResult> {
    let set = read(xml, &file.setup.versions).map_err(|refusal| match refusal {
        Refusal::Version(_) => HResult::unknown_version(),
        Refusal::Schema(_) => HResult::parse_error(),
    })?;
    let (new_id, old_id) = (set.new_id.as_deref(), set.old_id.as_deref());
    let decision = file.books.recovery.decide(&session.owner, new_id, old_id, xml);
    let (code, responses) = match decision {
        Decision::Run { code } => (code, run(file, session, now, &set).0),
        Decision::Refuse { code } => (Some(code), String::new()),
        Decision::Replay(kept) => {
            let brief = file.setup.habits.status_check == StatusCheck::ErrorRecovery;
            (Some(0), if brief { kept.brief } else { kept.full })
        }
        Decision::RunAndKeep { id } => run_and_keep(file, session, now, &set, &id, xml),
    };
    Ok(AnswerWriter::document(&file.setup.habits, new_id, code, &responses))
}

fn run_and_keep(
    file: &mut CompanyFile,
    session: &AppSession,
    now: Now,
    set: &MessageSet,
    id: &str,
    xml: &str,
) -> (Option<u16>, String) {
    let habits = &file.setup.habits;
    let (store_full, message_sets_max) = (habits.store_full, habits.message_sets_max);
    let has_room = file.books.recovery.has_room(&session.owner, message_sets_max);
    if !has_room && store_full == StoreFull::Refused {
        return (Some(9005), String::new());
    }
    let (full, brief) = run(file, session, now, set);
    if has_room {
        file.books.recovery.keep(&session.owner, id, xml, &full, &brief);
        return (Some(0), full);
    }
    let told = if store_full == StoreFull::DoneAndAnswered { full } else { String::new() };
    (Some(9005), told)
}

/// Runs all requests; gives the answers in full and as error recovery would tell them.
fn run(file: &mut CompanyFile, session: &AppSession, now: Now, set: &MessageSet) -> (String, String) {
    let habits = file.setup.habits.clone();
    let mut full = AnswerWriter::new(&habits);
    let mut brief = AnswerWriter::new(&habits);
    let mut macros = BTreeMap::new();
    let mut failed = false;
    for request in &set.requests {
        let outcome = if failed && set.stop_on_error {
            Outcome::status(Status::not_processed())
        } else {
            let call = Call {
                file: &mut *file,
                session,
                asker: Asker::Application,
                now,
                version: set.version,
                request: &request.element,
                macros: &mut macros,
            };
            run_one(call, request)
        };
        failed |= outcome.status.is_error();
        let name = format!("{}Rs", request.kind.name);
        let request_id = request.element.attribute("requestID");
        let body: &[Element] = if set.with_data { &outcome.body } else { &[] };
        full.response(&name, request_id, &outcome, body);
        brief.response(&name, request_id, &outcome, outcome.recovery.as_slice());
    }
    (full.finish(), brief.finish())
}

fn run_one(mut call: Call<'_>, request: &Request) -> Outcome {
    if let Some(id) = request.element.attribute("requestID")
        && id.chars().count() > REQUEST_ID_LENGTH_MAX
    {
        return Outcome::status(Status::request_id_too_long(id));
    }
    if let Some((text, field)) = &request.findings.too_long {
        return Outcome::status(Status::too_long(text, field));
    }
    let mut outcome = (request.kind.run)(&mut call).unwrap_or_else(Outcome::status);
    if let Some(field) = &request.findings.foreign
        && outcome.status.code == 0
    {
        outcome.status = Status::not_supported_field(field);
    }
    outcome
}

fn read(xml: &str, versions: &[Version]) -> Result<MessageSet, Refusal> {
    let schema = |path: &str, reason: &str| Refusal::Schema(breaks(path, reason));
    if has_raw_beyond_latin1(xml) {
        return Err(schema("document", "a raw character beyond ISO-8859-1"));
    }
    let document = xml::parse(xml).map_err(|error| schema("document", &error.to_string()))?;
    let line = document.instruction("qbxml").ok_or_else(|| schema("document", "the <?qbxml?> line is missing"))?;
    let announced = quoted_version(line).ok_or_else(|| schema("qbxml", "the version is malformed"))?;
    let known = Version::parse(announced).filter(|version| versions.contains(version));
    let version = known.ok_or_else(|| Refusal::Version(announced.to_owned()))?;
    let root = &document.root;
    let only_child = root.children.first().filter(|_| root.children.len() == 1);
    let messages = only_child
        .filter(|messages| root.name == "QBXML" && root.attributes.is_empty() && messages.name == "QBXMLMsgsRq")
        .ok_or_else(|| schema("QBXML", "one QBXMLMsgsRq is expected and nothing else"))?;
    if !root.namespace.is_empty() || !root.text.trim().is_empty() || !messages.text.trim().is_empty() {
        return Err(schema("QBXML", "a namespace or stray text"));
    }
    let mut set = read_attributes(messages, version).map_err(Refusal::Schema)?;
    for element in &messages.children {
        set.requests.push(read_request(element, version).map_err(Refusal::Schema)?);
    }
    Ok(set)
}

/// The value in `version="13.0"`, with either kind of quotes and nothing else around it.
fn quoted_version(line: &str) -> Option<&str> {
    let value = line.strip_prefix("version")?.trim_start().strip_prefix('=')?.trim();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value.strip_prefix(quote)?.strip_suffix(quote)
}

fn read_attributes(messages: &Element, version: Version) -> Result<MessageSet, SchemaBreak> {
    let mut set =
        MessageSet { version, stop_on_error: false, with_data: true, new_id: None, old_id: None, requests: Vec::new() };
    let mut on_error = None;
    for (name, value) in &messages.attributes {
        match (name.as_str(), value.as_str()) {
            ("onError", "stopOnError" | "continueOnError") => on_error = Some(value.as_str()),
            ("responseData", "includeAll") => {}
            ("responseData", "includeNone") => set.with_data = false,
            ("newMessageSetID", _) => set.new_id = Some(value.clone()),
            ("oldMessageSetID", _) => set.old_id = Some(value.clone()),
            _ => {
                return Err(breaks("QBXMLMsgsRq", &format!("attribute {name}=\"{value}\"")));
            }
        }
    }
    let on_error = on_error.ok_or_else(|| breaks("QBXMLMsgsRq", "attribute onError is missing"))?;
    set.stop_on_error = on_error == "stopOnError";
    Ok(set)
}

fn read_request(element: &Element, version: Version) -> Result<Request, SchemaBreak> {
    let known = element.name.strip_suffix("Rq").and_then(objects::request_type);
    let kind = known.filter(|kind| kind.since <= version).ok_or_else(|| {
        breaks("QBXMLMsgsRq", &format!("request <{}> is not known to version {version}", element.name))
    })?;
    for (name, value) in &element.attributes {
        let fits = match (name.as_str(), kind.attributes) {
            ("requestID", _) => true,
            ("metaData", Attributes::Query | Attributes::Iterated) => {
                matches!(value.as_str(), "NoMetaData" | "MetaDataOnly" | "MetaDataAndResponseData")
                    && version >= Version(4, 0)
            }
            ("iterator", Attributes::Iterated) => {
                matches!(value.as_str(), "Start" | "Continue" | "Stop") && version >= Version(5, 0)
            }
            ("iteratorID", Attributes::Iterated) => version >= Version(5, 0),
            _ => false,
        };
        if !fits {
            return Err(breaks(&element.name, &format!("attribute {name}=\"{value}\"")));
        }
    }
    if !element.namespace.is_empty() {
        return Err(breaks(&element.name, "a namespace, which qbXML does not have"));
    }
    let findings = schema::check(kind.content, element, version)?;
    Ok(Request { kind, element: element.clone(), findings })
}
