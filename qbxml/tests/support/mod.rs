//! What the test files share: fixtures on disk, comparison of XML regardless of white space, tables
//! as text.
#![allow(dead_code)] // Each test binary uses its own part.

pub(crate) mod build;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use qbxml::schema::{FieldSpec, Kind};
use qbxml::{QbXmlVersion, Record, ResponseReader, WireLimits};

/// The folder of this crate's fixtures.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/qbxml")
}

/// All XML files in a folder, by name.
pub(crate) fn xml_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("readable folder").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "xml"));
    files.sort();
    files
}

pub(crate) fn read_text(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Compares with a golden file. `QBXML_UPDATE_GOLDENS=1` writes it instead; then look at the
/// difference before committing.
pub(crate) fn golden(file: &Path, found: &str) {
    if std::env::var_os("QBXML_UPDATE_GOLDENS").is_some() {
        fs::create_dir_all(file.parent().expect("a folder")).expect("folder made");
        fs::write(file, found).expect("golden written");
        return;
    }
    let expected = read_text(file);
    assert!(expected == found, "{} differs.\n--- expected\n{expected}\n--- found\n{found}", file.display());
}

/// Demands that a folder holds exactly these files: goldens that nothing refers to are an error.
pub(crate) fn no_strays(folder: &Path, extension: &str, names: &[String]) {
    for entry in fs::read_dir(folder).expect("readable folder") {
        let path = entry.expect("readable folder").path();
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        let known = names.contains(&name);
        assert!(known || !name.ends_with(extension), "{} is not referred to by any test", path.display());
    }
}

/// A document with one element a line, indented: a readable golden.
pub(crate) fn pretty(xml: &str) -> String {
    let document = parse(xml);
    let mut text = String::new();
    for node in document.root().children() {
        if let Some(instruction) = node.pi() {
            let _ = writeln!(text, "<?{} {}?>", instruction.target, instruction.value.unwrap_or_default());
        }
    }
    pretty_node(document.root_element(), 0, &mut text);
    text
}

fn parse(xml: &str) -> roxmltree::Document<'_> {
    roxmltree::Document::parse(xml).unwrap_or_else(|error| panic!("not well formed: {error}\n{xml}"))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\n', "&#10;")
}

fn pretty_node(node: roxmltree::Node<'_, '_>, depth: usize, text: &mut String) {
    let name = node.tag_name().name();
    let mut attributes: Vec<String> = node.attributes().map(|a| format!(" {}={:?}", a.name(), a.value())).collect();
    attributes.sort();
    let _ = write!(text, "{}<{name}{}>", "  ".repeat(depth), attributes.concat());
    let children: Vec<_> = node.children().filter(roxmltree::Node::is_element).collect();
    if children.is_empty() {
        let content = node.text().filter(|content| !content.trim().is_empty()).unwrap_or_default();
        text.push_str(&escape(content));
    } else {
        text.push('\n');
        children.into_iter().for_each(|child| pretty_node(child, depth + 1, text));
        text.push_str(&"  ".repeat(depth));
    }
    let _ = writeln!(text, "</{name}>");
}

/// The table of a type as text, one element a line.
pub(crate) fn table_text(fields: &'static [FieldSpec], floor: QbXmlVersion) -> String {
    let mut text = String::new();
    for row in flatten(fields, floor) {
        let max = row.max_length.map(|max| format!(" max {max}")).unwrap_or_default();
        let since = if row.since > QbXmlVersion::V1 { format!(" since {}", row.since) } else { String::new() };
        let most = row.max_occurs.map_or("*".to_owned(), |most| most.to_string());
        let clear = if row.not_clearable { " noclear" } else { "" };
        let _ = writeln!(text, "{} {} {}..{most}{max}{since}{clear}", row.path, row.kind, row.min_occurs);
    }
    text
}

/// One element of a table, with its path.
pub(crate) struct Row {
    pub(crate) path: String,
    pub(crate) kind: &'static str,
    pub(crate) min_occurs: u32,
    pub(crate) max_occurs: Option<u32>,
    pub(crate) max_length: Option<u32>,
    pub(crate) since: QbXmlVersion,
    pub(crate) not_clearable: bool,
}

/// All elements of a table in order, groups before their children, choices dissolved. `floor` is
/// the version that brought the whole.
pub(crate) fn flatten(fields: &'static [FieldSpec], floor: QbXmlVersion) -> Vec<Row> {
    let mut rows = Vec::new();
    flatten_into(fields, "", floor, None, &mut rows);
    rows
}

fn flatten_into(
    fields: &'static [FieldSpec],
    prefix: &str,
    floor: QbXmlVersion,
    name_max: Option<u32>,
    rows: &mut Vec<Row>,
) {
    for field in fields {
        let since = field.since.map_or(floor, |since| since.max(floor));
        if let Kind::Choice(inner) | Kind::Inline(inner) = field.kind {
            let first = rows.len();
            flatten_into(inner, prefix, since, None, rows);
            if field.max_occurs.is_none() {
                // A choice that repeats repeats each of its branches.
                let depth = prefix.matches('/').count();
                rows[first..]
                    .iter_mut()
                    .filter(|row| row.path.matches('/').count() == depth)
                    .for_each(|row| row.max_occurs = None);
            }
            continue;
        }
        let path = format!("{prefix}{}", field.name);
        let (kind, children, is_reference) = match field.kind {
            Kind::Value(value) => (value.schema_name(), None, false),
            Kind::Reference(children) => ("group", Some(children), true),
            Kind::Group(children) => ("group", Some(children), false),
            _ => unreachable!("choices were dissolved"),
        };
        let full_name = (field.name == "FullName").then_some(name_max).flatten();
        rows.push(Row {
            path: path.clone(),
            kind,
            min_occurs: field.min_occurs,
            max_occurs: field.max_occurs,
            max_length: if is_reference { None } else { full_name.or(field.max_length) },
            since,
            not_clearable: field.not_clearable,
        });
        if let Some(children) = children {
            let name_max = if is_reference { field.max_length } else { None };
            flatten_into(children, &format!("{path}/"), since, name_max, rows);
        }
    }
}

/// Reads a whole answer: every head with its records. Fails the test on any error.
pub(crate) fn read_answer(xml: &str) -> Vec<(qbxml::ResponseHead, Vec<Record>)> {
    let mut reader = ResponseReader::new(xml.as_bytes(), WireLimits::default());
    read_all(&mut reader).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn read_all<R: std::io::BufRead>(
    reader: &mut ResponseReader<R>,
) -> Result<Vec<(qbxml::ResponseHead, Vec<Record>)>, qbxml::ReadError> {
    let mut answer = Vec::new();
    reader.message_set()?;
    while let Some(head) = reader.next_response()? {
        let mut records = Vec::new();
        while let Some(record) = reader.next_record()? {
            records.push(record);
        }
        answer.push((head, records));
    }
    reader.finish()?;
    Ok(answer)
}
