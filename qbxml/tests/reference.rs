//! Comparison with the reference material, where it is at hand.
//!
//! `QBXML_REFERENCE=<folder>` names a folder with `qbxml-fields.json`, `qbxml-status-codes.tsv` and
//! `qbxml-samples/`. Without it these tests print a line and pass: everything they rely on is
//! pinned by fixtures too.

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use qbxml::types::STATUS_TABLE;
use qbxml::{
    MessageSet, MessageSetId, OnError, QbXmlVersion, RECORDS, REQUESTS, Reaction, Record, RequestId, RequestReader,
    ResponseReader, StatusCode, WireLimits,
};
use support::{Row, flatten, pretty, read_text, xml_files};

fn reference() -> Option<PathBuf> {
    let folder = std::env::var_os("QBXML_REFERENCE").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: QBXML_REFERENCE is not set");
    }
    folder
}

/// The elements of requests and records that the samples may hold beyond our objects: not counted.
fn is_ours(element: &str) -> bool {
    RECORDS.iter().any(|entry| entry.element == element)
}

#[test]
fn every_sample_answer_is_understood() {
    let Some(reference) = reference() else { return };
    let mut records_read = 0;
    for folder in ["real", "constructed", "errors"] {
        for file in xml_files(&reference.join("qbxml-samples").join(folder)) {
            let text = read_text(&file);
            let mut reader = ResponseReader::new(text.as_bytes(), WireLimits::default());
            let answer = support::read_all(&mut reader).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            for record in answer.iter().flat_map(|(_, records)| records) {
                match record {
                    Record::Unknown { name } => {
                        assert!(!is_ours(name), "{}: {name}", file.display());
                    }
                    Record::Unreadable { name, problem } => {
                        panic!("{}: {name} {problem:?}", file.display())
                    }
                    _ => records_read += 1,
                }
            }
            for (path, count) in reader.unknown().iter() {
                let top = path.split('/').next().unwrap_or_default();
                assert!(!is_ours(top), "{}: {path} ({count} times) was not understood", file.display());
            }
        }
    }
    assert!(records_read > 300, "{records_read}");
}

/// Samples whose publisher has moved elements out of the order of the schema (which is why they are
/// not valid): our records come back in order.
const REORDERED: &[&str] = &["CustomerAddRs-batch-mixed-3100-3250-3130.xml", "ReceivePaymentQueryRs-creditcard.xml"];

#[test]
fn every_record_of_the_samples_is_written_back_alike() {
    let Some(reference) = reference() else { return };
    let mut compared = 0;
    for folder in ["real", "constructed", "errors"] {
        for file in xml_files(&reference.join("qbxml-samples").join(folder)) {
            let text = read_text(&file);
            let document = roxmltree::Document::parse(&text).expect("well formed");
            let is_response = |node: &roxmltree::Node<'_, '_>| {
                node.parent_element().is_some_and(|parent| parent.tag_name().name() == "QBXMLMsgsRs")
            };
            let responses = document.descendants().filter(roxmltree::Node::is_element).filter(is_response);
            for ((_, records), response) in support::read_answer(&text).into_iter().zip(responses) {
                let originals = originals(&text, response);
                assert_eq!(records.len(), originals.len(), "{}", file.display());
                for (record, original) in records.iter().zip(originals) {
                    let Some(xml) = record.to_xml().expect("writable") else { continue };
                    // Numbers are kept as numbers: the month of a card has a leading zero.
                    let original = original.replace("<ExpirationMonth>0", "<ExpirationMonth>");
                    let (mut expected, mut found) = (pretty(&original), pretty(&xml));
                    if REORDERED.iter().any(|name| file.ends_with(name)) {
                        (expected, found) = (sorted_lines(&expected), sorted_lines(&found));
                    }
                    assert_eq!(expected, found, "{}", file.display());
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 300, "{compared}");
}

/// The records of a response as they stand in the sample. Where a response holds its fields
/// directly, they are one record, if there are any.
fn originals(text: &str, response: roxmltree::Node<'_, '_>) -> Vec<String> {
    let name = response.tag_name().name();
    let children: Vec<_> = response.children().filter(roxmltree::Node::is_element).collect();
    let parts = children.iter().map(|child| text[child.range()].to_owned());
    match (RECORDS.iter().any(|entry| entry.element == name), children.is_empty()) {
        (false, _) => parts.collect(),
        (true, true) => Vec::new(),
        (true, false) => vec![format!("<{name}>{}</{name}>", parts.collect::<String>())],
    }
}

fn sorted_lines(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines.join("\n")
}

#[test]
fn our_builders_reproduce_the_sample_requests() {
    let Some(reference) = reference() else { return };
    let mut reproduced = Vec::new();
    for file in xml_files(&reference.join("qbxml-samples/requests")) {
        let text = read_text(&file);
        if let Some(ours) = rebuilt(&text, &file) {
            assert_eq!(pretty(&text), pretty(&ours), "{}", file.display());
            reproduced.push(file.file_stem().expect("a name").to_string_lossy().into_owned());
        }
    }
    println!("{} reproduced: {}", reproduced.len(), reproduced.join(" "));
    assert_eq!(reproduced.len(), xml_files(&reference.join("qbxml-samples/requests")).len(), "{reproduced:?}");
}

/// The same message set, rebuilt through our types; `None` if it has a request that is not in
/// scope.
fn rebuilt(text: &str, file: &Path) -> Option<String> {
    let version = text.split("qbxml version=\"").nth(1)?.split('"').next()?.parse::<QbXmlVersion>().expect("a version");
    let mut reader = RequestReader::new(text.as_bytes(), WireLimits::default());
    let head = reader.message_set().unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let on_error = if head.on_error.as_deref() == Some("stopOnError") { OnError::Stop } else { OnError::Continue };
    let mut set = MessageSet::new(version, on_error);
    if let Some(id) = head.new_id {
        set = set.new_id(MessageSetId::new(&id).expect("short"));
    }
    if let Some(id) = head.old_id {
        set = set.old_id(MessageSetId::new(&id).expect("short"));
    }
    while let Some(head) = reader.next_request().expect("readable") {
        let id = RequestId::new(head.request_id.as_deref().expect("an id")).expect("short");
        let known =
            reader.copy_into(&head, &id, &mut set).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        if !known {
            return None;
        }
    }
    reader.finish().expect("whole");
    let unknown: Vec<_> = reader.unknown().iter().collect();
    assert!(unknown.is_empty(), "{}: {unknown:?}", file.display());
    Some(set.finish())
}

#[test]
fn the_status_table_says_what_the_catalogue_says() {
    let Some(reference) = reference() else { return };
    let text = read_text(&reference.join("qbxml-status-codes.tsv"));
    let mut rows = 0;
    for line in text.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let first: i32 = columns[0].split('-').next().expect("a code").parse().expect("a number");
        let entry = StatusCode(first).entry().unwrap_or_else(|| panic!("{first} is missing"));
        assert_eq!(entry.meaning, columns[2], "{first}");
        let expected = match columns[4] {
            "ok" => Reaction::Ok,
            "partial" => Reaction::Partial,
            "retry" => Reaction::Retry,
            "refresh" => Reaction::Refresh,
            "adopt" => Reaction::Adopt,
            "fix" => Reaction::Fix,
            "recovery" => Reaction::Recovery,
            "person" | "depends" => Reaction::Person,
            // Requests we never send; the payroll permission is a person's matter (qbxml.md 12),
            // 9003 is "not used".
            "never" if first == 3262 => Reaction::Person,
            "never" => Reaction::Fix,
            "-" => Reaction::Recovery,
            other => panic!("{other}"),
        };
        assert!(entry.by_text || entry.reaction == expected, "{first}: {:?}, expected {expected:?}", entry.reaction);
        assert_eq!(entry.by_text, [3170, 3180, 3210].contains(&first), "{first}");
        rows += 1;
    }
    assert_eq!(rows, STATUS_TABLE.len());
}

/// Requests of the table that this crate does not write, and why. **May only shrink.**
const REQUESTS_LEFT_OUT: &[(&str, &str)] = &[
    ("ARRefundCreditCard", "no part of the sync"),
    ("AccountTaxLineInfo", "no part of the sync"),
    ("ClearedStatus", "reconciling is a person's work"),
    ("CreditCardCharge", "no part of the sync"),
    ("CreditCardCredit", "no part of the sync"),
    ("Currency", "references name currencies"),
    ("CustomerMsg", "references name messages"),
    ("CustomerType", "references name types"),
    ("DateDrivenTermsQuery", "TermsQuery returns both kinds"),
    ("Employee", "EntityQuery returns their names; nothing personal is touched"),
    ("ItemReceipt", "no part of the sync"),
    ("Item*Query", "ItemQuery returns all types"),
    ("OtherName", "EntityQuery returns them"),
    ("PurchaseOrder", "no part of the sync"),
    ("SalesReceipt", "no part of the sync"),
    ("SalesRep", "references name them"),
    ("ShipMethod", "references name them"),
    ("SpecialAccount", "QuickBooks makes them itself"),
    ("StandardTermsQuery", "TermsQuery returns both kinds"),
    ("Template", "references name them"),
    ("VendorType", "references name types"),
];

/// Records of which not everything is read, and why. **May only shrink.**
const RECORDS_IN_PART: &[(&str, &str)] = &[("EmployeeRet", "nothing personal is read")];

/// Whether an entry of [`REQUESTS_LEFT_OUT`] names a request: exactly, as an object, or with a
/// star.
fn names(entry: &str, request: &str) -> bool {
    if let Some((head, tail)) = entry.split_once('*') {
        return request.len() > head.len() + tail.len() && request.starts_with(head) && request.ends_with(tail);
    }
    let rest = request.strip_prefix(entry);
    rest.is_some_and(|rest| ["", "Query", "Add", "Mod"].contains(&rest))
}

#[test]
fn every_request_of_the_table_can_be_written_and_every_record_read() {
    let Some(reference) = reference() else { return };
    let schema = Schema::read(&read_text(&reference.join("qbxml-fields.json")));
    let ours = |name: &str| REQUESTS.iter().any(|entry| entry.name == name);
    let left_out = |name: &str| REQUESTS_LEFT_OUT.iter().any(|(entry, _)| names(entry, name));
    let requests: Vec<&str> = schema.requests.keys().filter_map(|name| name.strip_suffix("Rq")).collect();
    for name in &requests {
        assert!(ours(name) != left_out(name), "{name}: either written or left out with a reason");
    }
    for (entry, _) in REQUESTS_LEFT_OUT {
        assert!(requests.iter().any(|name| names(entry, name)), "{entry} names no request");
    }
    for name in schema.objects.keys().filter(|name| name.ends_with("Ret")) {
        let object = name.trim_end_matches("Ret");
        let reachable = !left_out(object) && !left_out(&format!("{object}Query")) || is_ours(name);
        assert!(is_ours(name) == reachable || object.starts_with("Item"), "{name} cannot be read");
    }
    for entry in RECORDS {
        let in_part = RECORDS_IN_PART.iter().any(|(element, _)| *element == entry.element);
        assert_eq!(!entry.skipped.is_empty(), in_part, "{}", entry.element);
    }
}

#[test]
fn our_tables_say_what_the_schema_says() {
    let Some(reference) = reference() else { return };
    let schema = Schema::read(&read_text(&reference.join("qbxml-fields.json")));
    let mut problems = Vec::new();
    for entry in REQUESTS {
        let qbxml::schema::Kind::Group(fields) = entry.kind else { panic!("{}: a group", entry.name) };
        let mut expected = schema.rows(&format!("{}Rq", entry.name), false);
        if entry.has_body {
            let body = format!("{}/", entry.name);
            expected.retain_mut(|row| {
                row.path.strip_prefix(&body).map(ToOwned::to_owned).is_some_and(|path| {
                    row.path = path;
                    true
                })
            });
        }
        compare(entry.name, &expected, &flatten(fields, (entry.since)()), &[], false, &mut problems);
    }
    for entry in RECORDS {
        if entry.element.ends_with("Rs") {
            continue;
        }
        let record = format!("{}/", entry.element);
        let mut expected = schema.rows(entry.element, true);
        let floor = expected[0].since;
        expected.retain_mut(|row| {
            row.path.strip_prefix(&record).map(ToOwned::to_owned).is_some_and(|path| {
                row.path = path;
                true
            })
        });
        compare(entry.element, &expected, &flatten(entry.fields, floor), entry.skipped, true, &mut problems);
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Compares order, types, occurrence, lengths and versions. Answers are read leniently, so their
/// required elements are optional here.
fn compare(
    name: &str,
    expected: &[SchemaRow],
    found: &[Row],
    skipped: &[&str],
    lenient: bool,
    problems: &mut Vec<String>,
) {
    let expected: Vec<&SchemaRow> =
        expected.iter().filter(|row| !skipped.contains(&row.path.split('/').next().unwrap_or_default())).collect();
    for index in 0..expected.len().max(found.len()) {
        let (Some(schema), Some(ours)) = (expected.get(index), found.get(index)) else {
            problems.push(format!("{name}: {} elements in the schema, {} here", expected.len(), found.len()));
            return;
        };
        if schema.path != ours.path {
            problems.push(format!("{name}: element {index} is {} in the schema, {} here", schema.path, ours.path));
            return;
        }
        let occurs_differ = schema.max_occurs != ours.max_occurs && !schema.in_choice;
        let min_differs = !lenient && !schema.in_choice && schema.min_occurs != ours.min_occurs;
        if schema.kind != ours.kind
            || schema.max_length != ours.max_length
            || schema.since != ours.since
            || occurs_differ
            || min_differs
        {
            problems.push(format!(
                "{name}/{}: {} {}..{:?} max {:?} since {} in the schema; {} {}..{:?} max {:?} since {} here",
                schema.path,
                schema.kind,
                schema.min_occurs,
                schema.max_occurs,
                schema.max_length,
                schema.since,
                ours.kind,
                ours.min_occurs,
                ours.max_occurs,
                ours.max_length,
                ours.since
            ));
        }
    }
}

struct SchemaRow {
    path: String,
    kind: String,
    min_occurs: u32,
    max_occurs: Option<u32>,
    max_length: Option<u32>,
    since: QbXmlVersion,
    in_choice: bool,
}

/// Just enough of the field table: one row a line.
struct Schema {
    requests: BTreeMap<String, Vec<String>>,
    objects: BTreeMap<String, Vec<String>>,
}

impl Schema {
    fn read(text: &str) -> Self {
        let mut schema = Self { requests: BTreeMap::new(), objects: BTreeMap::new() };
        let (mut in_objects, mut table) = (false, String::new());
        for line in text.lines() {
            let trimmed = line.trim();
            if let Some(name) = trimmed.strip_prefix('"').and_then(|rest| rest.strip_suffix("\": {")) {
                in_objects |= name == "objects";
                if name != "rows" && name != "response" {
                    name.clone_into(&mut table);
                }
                if !in_objects && name.ends_with("Rq") {
                    schema.requests.entry(table.clone()).or_default();
                }
            } else if trimmed.starts_with("[\"") && !table.is_empty() {
                let tables = if in_objects { &mut schema.objects } else { &mut schema.requests };
                tables.entry(table.clone()).or_default().push(trimmed.trim_end_matches(',').to_owned());
            }
        }
        schema
    }

    fn rows(&self, table: &str, object: bool) -> Vec<SchemaRow> {
        let tables = if object { &self.objects } else { &self.requests };
        let lines = tables.get(table).unwrap_or_else(|| panic!("{table} is not in the schema"));
        lines.iter().filter(|line| !line.contains("not_in_us_desktop")).map(|line| schema_row(line)).collect()
    }
}

/// `["A/B","STRTYPE"...`: path, order, type, min, max, length, since, extra.
fn schema_row(line: &str) -> SchemaRow {
    let columns: Vec<&str> = line
        .trim_start_matches('[')
        .splitn(8, ',')
        .map(|column| column.trim_end_matches(']').trim_matches('"'))
        .collect();
    let number = |column: &str| column.parse().ok();
    let since = match columns[6] {
        "null" => QbXmlVersion::V1,
        ">14.0" => QbXmlVersion::V16,
        version => version.parse().expect("a version"),
    };
    SchemaRow {
        path: columns[0].to_owned(),
        kind: columns[2].to_owned(),
        min_occurs: number(columns[3]).expect("a number"),
        max_occurs: number(columns[4]),
        max_length: number(columns[5]),
        since,
        in_choice: columns.get(7).is_some_and(|extra| extra.contains("\"choice\"")),
    }
}
