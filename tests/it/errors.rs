//! Every status code of the catalogue, as an answer to a write: what follows, and what people read (`fixtures/errors`).
//!
//! `response.xml` is the answer, `read.txt` what the planner makes of it, at the first answer and at the last one that is
//! tried. `UPDATE_GOLDENS=1` writes the latter anew; read the difference before keeping it. The second test sends the same
//! answers through the whole engine.

use crate::between::{Between, between};
use crate::harness::{Office, Setup};
use crate::review::kit::{at_billcom, books, picture, rounds};
use chrono::{DateTime, TimeZone, Utc};
use counterfoil::limits::ATTEMPTS_MAX;
use counterfoil::model::{
    Fields, Intent, IntentId, IntentState, Kind, Money, NativeId, Operation, RecordKey, Side, Value,
};
use counterfoil::plan::{self, Outcome, Transition};
use qbxml::types::STATUS_TABLE;
use qbxml::{Record, ResponseHead, ResponseReader, Status, StatusCode, WireLimits};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/errors");
    let mut found: Vec<_> =
        std::fs::read_dir(folder).expect("fixtures").map(|entry| entry.expect("an entry").path()).collect();
    found.sort();
    found
}

/// The answer of a fixture: the status of its message set, and its response with what it shows.
struct Answer {
    folder: PathBuf,
    xml: String,
    set: StatusCode,
    response: Option<(ResponseHead, Vec<Record>)>,
}

impl Answer {
    fn read(folder: &Path) -> Self {
        let xml = std::fs::read_to_string(folder.join("response.xml")).expect("an answer");
        let mut reader = ResponseReader::new(xml.as_bytes(), WireLimits::default());
        let set = reader.message_set().expect("a message set").status.expect("its status");
        let head = reader.next_response().expect("readable");
        let mut records = Vec::new();
        while let Some(record) = reader.next_record().expect("readable") {
            records.push(record);
        }
        reader.finish().expect("whole");
        Self { folder: folder.to_owned(), xml, set, response: head.map(|head| (head, records)) }
    }

    fn name(&self) -> String {
        self.folder.file_name().expect("a name").to_string_lossy().into_owned()
    }

    /// The status that the fixture is about.
    fn status(&self) -> Status {
        let of_set = Status { code: self.set, severity: self.set.severity(), message: String::new() };
        self.response.as_ref().map_or(of_set, |(head, _)| head.status.clone())
    }

    fn request(&self) -> &str {
        self.response.as_ref().map_or("BillAdd", |(head, _)| head.name.trim_end_matches("Rs"))
    }
}

fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 12, 0, 0).single().expect("an instant")
}

/// The write that was answered.
fn intent(request: &str, attempts: u32) -> Intent {
    let (kind, operation) = match request {
        "VendorAdd" => (Kind::Vendor, Operation::Create),
        "VendorMod" => (Kind::Vendor, Operation::Update),
        "BillAdd" => (Kind::Bill, Operation::Create),
        "BillMod" => (Kind::Bill, Operation::Update),
        "TxnVoid" => (Kind::Bill, Operation::Void),
        other => panic!("no write is called {other}"),
    };
    let fields = match kind {
        Kind::Vendor => Fields::new().with("name", Value::Text("Acme Tools".to_owned())),
        _ => Fields::new()
            .with("number", Value::Text("1042".to_owned()))
            .with("amount", Value::Money(Money::from_cents(700))),
    };
    let id = |text: &str| NativeId::new(text).expect("an id");
    Intent {
        id: IntentId::parse("018f0000-0000-7000-8000-000000000001").expect("an id"),
        operation,
        source: RecordKey::new(Side::BillCom, kind, id("00901")),
        target_id: (operation != Operation::Create).then(|| id("1F6-1772460000")),
        fields: fields.clone(),
        cleared: Vec::new(),
        source_fields: fields,
        needs: Vec::new(),
        reason: "new in Bill.com".to_owned(),
        state: IntentState::Sent,
        note: None,
        attempts,
        not_before: None,
        batch_max: None,
        created_at: noon(),
        sent_at: Some(noon()),
    }
}

/// What follows from an answer at the so-many-eth sending, in words.
fn follows(answer: &Answer, attempts: u32) -> String {
    let intent = intent(answer.request(), attempts);
    let status = answer.status();
    let shown = answer.response.as_ref().is_some_and(|(_, records)| !records.is_empty());
    let outcome = match answer.response {
        Some(_) => plan::outcome(intent.operation, &status, shown),
        None => Outcome::Unclear,
    };
    let mut text = format!("  {outcome:?}\n");
    let transitions = match outcome {
        Outcome::Done => plan::remarked(&intent, &status, noon()),
        Outcome::NotDone => plan::refused_by_quickbooks(&intent, &status, false, noon()),
        Outcome::Unclear => {
            text.push_str("  It is looked for in QuickBooks. When it is not there:\n");
            plan::not_found(&intent, 1, noon())
        }
    };
    transitions.iter().for_each(|transition| in_words(transition, &mut text));
    text
}

fn in_words(transition: &Transition, text: &mut String) {
    let _written = match transition {
        Transition::Move { to, note, not_before, .. } => {
            let pause = not_before.map(|at| format!(", in {} s", (at - noon()).num_seconds())).unwrap_or_default();
            writeln!(text, "  {}{pause}: {}", to.word(), note.as_deref().unwrap_or_default())
        }
        Transition::Open(problem) => {
            let mut written = writeln!(text, "  Problem {}: {}", problem.code.word(), problem.summary);
            written = written.and_then(|()| writeln!(text, "    {}", problem.what_happened));
            for (number, step) in problem.what_to_do.iter().enumerate() {
                written = written.and_then(|()| writeln!(text, "    {}. {step}", number + 1));
            }
            let buttons: Vec<_> = problem.actions.iter().map(|action| format!("[{}]", action.id.label())).collect();
            assert!(!buttons.is_empty(), "a problem without a button: {}", problem.summary);
            written = written.and_then(|()| writeln!(text, "    {}", buttons.join(" ")));
            written
                .and_then(|()| writeln!(text, "    ({})", problem.technical.as_deref().unwrap_or("nothing technical")))
        }
        Transition::Note(event) => writeln!(text, "  History, {}: {}", event.kind.word(), event.text),
        Transition::ReadAgain(key) => writeln!(text, "  {} {} is read again", key.side.title(), key.kind.title()),
        Transition::Stale(_) => writeln!(text, "  a round of reading again is counted"),
        Transition::Replan(_) => writeln!(text, "  decided anew"),
        Transition::Shrink { batch_max, .. } => writeln!(text, "  at most {batch_max} in its message set"),
        Transition::FindName { name, .. } => writeln!(text, "  all name lists are asked who is called “{name}”"),
        other => panic!("not expected of an answer: {other:?}"),
    };
}

#[test]
fn what_people_read_for_every_code() {
    let update = std::env::var_os("UPDATE_GOLDENS").is_some();
    let mut different = Vec::new();
    for folder in fixtures() {
        let answer = Answer::read(&folder);
        let status = answer.status();
        let entry = status.code.entry().unwrap_or_else(|| panic!("{} is not in the catalogue", status.code));
        let (first, last) = (follows(&answer, 1), follows(&answer, ATTEMPTS_MAX));
        let mut text = format!("{}, status {}: {}\n", answer.request(), status, entry.meaning);
        let _written = write!(text, "Reaction: {:?}\n\nAt the first answer\n{first}", status.reaction());
        if last != first {
            let _written = write!(text, "\nAt the answer to the {ATTEMPTS_MAX}th sending\n{last}");
        }
        let golden = folder.join("read.txt");
        if update {
            std::fs::write(&golden, &text).expect("a golden is written");
        } else if std::fs::read_to_string(&golden).ok().as_deref() != Some(text.as_str()) {
            different.push(format!("{}:\n{text}", answer.name()));
        }
    }
    assert!(different.is_empty(), "these read differently now:\n\n{}", different.join("\n"));
}

#[test]
fn every_code_of_the_catalogue_has_a_fixture_and_every_fixture_a_code() {
    let codes: Vec<_> = fixtures().iter().map(|folder| Answer::read(folder)).collect();
    for answer in &codes {
        let begins = answer.name().split('-').next().map(str::to_owned);
        assert_eq!(begins, Some(answer.status().code.to_string()), "{}", answer.name());
    }
    for entry in STATUS_TABLE {
        let fixtures = codes.iter().filter(|answer| entry.codes.contains(answer.status().code.0)).count();
        assert!(fixtures > 0, "{} has no fixture", entry.codes.first);
        // Where the text decides there is one of each decision.
        if entry.by_text {
            let reactions: BTreeSet<_> = codes
                .iter()
                .filter(|answer| entry.codes.contains(answer.status().code.0))
                .map(|answer| format!("{:?}", answer.status().reaction()))
                .collect();
            assert_eq!(reactions.len(), 2, "{} is decided by its text", entry.codes.first);
        }
    }
}

#[test]
fn the_catalogue_is_the_reference() {
    let Ok(reference) = std::env::var("COUNTERFOIL_REFERENCE") else {
        println!("skipped: COUNTERFOIL_REFERENCE is not set");
        return;
    };
    let table = std::fs::read_to_string(Path::new(&reference).join("qbxml-status-codes.tsv")).expect("the table");
    let listed: BTreeSet<String> =
        table.lines().skip(1).filter_map(|line| line.split('\t').next()).map(str::to_owned).collect();
    let ours: BTreeSet<String> = STATUS_TABLE
        .iter()
        .map(|entry| match (entry.codes.first, entry.codes.last) {
            (first, last) if first == last => first.to_string(),
            (first, last) => format!("{first}-{last}"),
        })
        .collect();
    assert_eq!(ours, listed);
}

/// The message set that a fixture answers, in the place of the real one.
fn answered(answer: &Answer, request: &str, answer_to_write: &str) -> Option<String> {
    let attribute = |name: &str| request.split(&format!("{name}=\"")).nth(1)?.split('"').next().map(str::to_owned);
    if !request.contains(answer_to_write) {
        return None;
    }
    let xml = answer.xml.replace("cf-0123456789abcdef01", &attribute("newMessageSetID")?);
    let requests: Vec<_> = request.split("requestID=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    Some(xml.replace("requestID=\"1\"", &format!("requestID=\"{}\"", requests.first()?)))
}

/// An office in which a vendor is about to be made, or changed, in QuickBooks.
fn about_to_write(adds: bool) -> Office {
    let mut office = Office::new(Setup { books: books(), ..Setup::default() });
    let id = at_billcom(&office, |person| person.create_vendor("Somebody").expect("vendor"));
    office.settle(6);
    office.clock.advance(chrono::Duration::minutes(20));
    at_billcom(&office, |person| {
        if adds {
            person.create_vendor("Acme Tools").expect("vendor");
        } else {
            person.edit("Vendor", &id, &[("phone", "555-0100".into())]).expect("changed");
        }
    });
    office
}

/// Every answer, to a write that QuickBooks did not carry out, as often as it is sent: no write is repeated for ever, a
/// person is told, and once QuickBooks is content the button that is offered brings both books together.
fn heals(codes: std::ops::Range<i32>) {
    for folder in fixtures() {
        let answer = Answer::read(&folder);
        let says_done = answer.response.as_ref().is_some_and(|(_, records)| !records.is_empty());
        if says_done || !codes.contains(&answer.status().code.0) {
            continue;
        }
        let adds = answer.request().ends_with("Add");
        let (name, word) = (answer.name(), if adds { "VendorAddRq" } else { "VendorModRq" });
        let mut office = about_to_write(adds);
        let refusing = Between::new(move |request| answered(&answer, request, word));
        between(&mut office, &refusing);
        let mut updates = 0;
        while office.status().problems.is_empty() && updates < 12 {
            rounds(&mut office, 1);
            updates += 1;
        }
        let sent = refusing.answered();
        assert!((1..=2 * usize::try_from(ATTEMPTS_MAX).expect("few")).contains(&sent), "{name}: sent {sent} times");
        let problems = office.status().problems;
        assert!(!problems.is_empty(), "{name}: nobody is told: {}", picture(&office));
        refusing.stop();
        for _ in 0..4 {
            let Some(problem) = office.status().problems.first().cloned() else { break };
            let action = problem.actions.first().unwrap_or_else(|| panic!("{name}: no button")).id.clone();
            office.engine().resolve(&office.company, problem.id, &action, None, "a test").expect("pressed");
            rounds(&mut office, 2);
        }
        assert!(office.status().problems.is_empty() && office.status().idle, "{name}: {}", picture(&office));
        office.assert_exactly_once(0);
        let books = office.books.lock().expect("books");
        let phone = books.vendor("Somebody").and_then(|vendor| vendor.field("Phone").map(str::to_owned));
        assert!(books.vendor("Acme Tools").is_some() == adds && phone.is_some() != adds, "{name}: it was not written");
    }
}

#[test]
fn nothing_is_lost_or_repeated_for_ever_warnings_and_wrong_values() {
    heals(0..3100);
}

#[test]
fn nothing_is_lost_or_repeated_for_ever_records_and_references() {
    heals(3100..3180);
}

#[test]
fn nothing_is_lost_or_repeated_for_ever_rules_and_rights() {
    heals(3180..3300);
}

#[test]
fn nothing_is_lost_or_repeated_for_ever_iterators_and_message_sets() {
    heals(3300..10_000);
}
