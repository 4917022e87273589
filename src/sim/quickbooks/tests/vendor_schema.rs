//! The tables and the answers of lists against the vendor's own schema, and real answers against what comes back of them.
//!
//! Needs the reference folder, named by `COUNTERFOIL_REFERENCE`; says so and passes without it.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::items::Shop;
use super::*;
use crate::sim::quickbooks::objects::{list_object, request_type};
use crate::sim::quickbooks::schema::{Kind, Node, Version};
use crate::sim::quickbooks::tables::{ADDRESS, ADDRESS_BLOCK};
use crate::sim::quickbooks::{ListKind, Setup, validate};

pub(super) fn reference() -> Option<PathBuf> {
    let folder = std::env::var_os("COUNTERFOIL_REFERENCE").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: COUNTERFOIL_REFERENCE is not set");
    }
    folder
}

pub(super) fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(super) fn fields(folder: &Path) -> Value {
    serde_json::from_str(&read(&folder.join("qbxml-fields.json"))).expect("JSON")
}

/// One line of a schema: path, most occurrences (0 for any), longest text, version it came with.
pub(super) type Row = (String, u64, u64, (u16, u16));

/// The rows of the vendor's schema; those of other countries' editions are of no interest.
pub(super) fn theirs(rows: &Value, strip: usize) -> Vec<Row> {
    let rows = rows.as_array().expect("rows").iter().filter(|row| row[7]["not_in_us_desktop"].is_null());
    let row = |row: &Value| {
        let since = match row[6].as_str() {
            None => (0, 0),
            Some(text) if text.starts_with('>') => (16, 0),
            Some(text) => Version::parse(text).map(|version| (version.0, version.1)).expect("a version"),
        };
        let path = row[0].as_str().expect("a path").splitn(strip + 1, '/').nth(strip).unwrap_or("").to_owned();
        (path, row[4].as_u64().unwrap_or(0), row[5].as_u64().unwrap_or(0), since)
    };
    rows.map(row).filter(|row| !row.0.is_empty()).collect()
}

/// The rows of a table of ours.
pub(super) fn ours(nodes: &[Node], above: &str, since: Version, rows: &mut Vec<Row>) {
    for node in nodes.iter().filter(|node| !node.foreign) {
        let since = since.max(node.since);
        if let Kind::Choice(branches) = node.kind {
            branches.iter().for_each(|branch| ours(branch, above, since, rows));
            continue;
        }
        let path = if above.is_empty() { node.name.to_owned() } else { format!("{above}/{}", node.name) };
        let most = u64::try_from(node.most).expect("small");
        let length = |length: usize| u64::try_from(length).expect("small");
        let own = if let Kind::Text(longest) = node.kind { length(longest) } else { 0 };
        rows.push((path.clone(), most, own, (since.0, since.1)));
        if let Kind::Reference(longest) = node.kind {
            rows.push((format!("{path}/ListID"), 1, 0, (since.0, since.1)));
            rows.push((format!("{path}/FullName"), 1, length(longest), (since.0, since.1)));
        } else {
            ours(node.inside(), &path, since, rows);
        }
    }
}

/// Requests of lists: all that the registry has for them.
fn list_requests() -> Vec<String> {
    let words = ListKind::ITEMS.iter().map(|kind| kind.word()).chain([
        "Class",
        "Customer",
        "Vendor",
        "Account",
        "OtherName",
        "StandardTerms",
        "DateDrivenTerms",
        "SalesTaxCode",
        "PaymentMethod",
        "CustomerType",
        "VendorType",
        "SalesRep",
        "ShipMethod",
        "CustomerMsg",
        "Item",
        "Terms",
        "Entity",
        "DataExt",
        "DataExtDef",
        "List",
        "ListDeleted",
    ]);
    let names = words.flat_map(|word| ["Query", "Add", "Mod", "Del", "Merge"].map(|verb| format!("{word}{verb}")));
    names.filter(|name| request_type(name).is_some()).collect()
}

#[test]
fn every_table_of_a_request_is_the_vendors() {
    let Some(folder) = reference() else { return };
    let schema = fields(&folder);
    let names = list_requests();
    assert!(names.len() > 70, "{}", names.len());
    for name in names {
        let kind = request_type(&name).expect("registered");
        let theirs_of = &schema["requests"][format!("{name}Rq")];
        let since = theirs_of["since"].as_str().and_then(Version::parse).unwrap_or(Version(0, 0));
        assert_eq!(kind.since, since, "{name}");
        let mut rows = Vec::new();
        ours(kind.content, "", kind.since, &mut rows);
        let wanted: Vec<Row> = theirs(&theirs_of["rows"], 0)
            .into_iter()
            .map(|(path, most, longest, began)| (path, most, longest, began.max((since.0, since.1))))
            .collect();
        assert_eq!(rows, wanted, "{name}");
        let has = |attribute: &str| !theirs_of["attributes"][attribute].is_null();
        let attributes = format!("{:?}", kind.attributes);
        let expected = if has("iterator") {
            "Iterated"
        } else if has("metaData") {
            "Query"
        } else {
            "None"
        };
        assert_eq!(attributes, expected, "{name}");
    }
}

#[test]
fn every_table_of_an_answer_is_the_vendors() {
    let Some(folder) = reference() else { return };
    let schema = fields(&folder);
    let kinds = ListKind::ITEMS.iter().copied().chain([
        ListKind::Account,
        ListKind::Vendor,
        ListKind::Customer,
        ListKind::OtherName,
        ListKind::Class,
        ListKind::StandardTerms,
        ListKind::DateDrivenTerms,
        ListKind::SalesTaxCode,
        ListKind::PaymentMethod,
        ListKind::VendorType,
        ListKind::CustomerType,
        ListKind::SalesRep,
        ListKind::ShipMethod,
        ListKind::CustomerMsg,
    ]);
    for kind in kinds {
        let object = list_object(kind);
        let mut rows = Vec::new();
        ours(object.table, "", Version(0, 0), &mut rows);
        let paths = |rows: Vec<Row>| rows.into_iter().map(|row| (row.0, row.1, row.2)).collect::<Vec<_>>();
        assert_eq!(paths(rows), paths(theirs(&schema["objects"][object.ret]["rows"], 1)), "{}", object.ret);
    }
    assert_eq!((ADDRESS.len(), ADDRESS_BLOCK.len()), (10, 5));
}

/// Complaints about one element of an answer by the vendor's rows for it.
pub(super) fn complaints(element: &Element, rows: &[&Value], path: &str, version: Version, found: &mut Vec<String>) {
    let mut last = 0;
    for child in &element.children {
        let inside = format!("{path}/{}", child.name);
        let Some(row) = rows.iter().find(|row| row[0] == inside.as_str()) else {
            found.push(format!("{inside} is unknown"));
            continue;
        };
        let order = row[1].as_u64().unwrap_or(0);
        let is_choice = row[7]["choice"].is_string();
        if order < last && !is_choice {
            found.push(format!("{inside} is too late"));
        }
        last = last.max(order);
        let since = row[6].as_str().and_then(Version::parse);
        if since.is_some_and(|since| since > version) {
            found.push(format!("{inside} is too new for {version}"));
        }
        let longest = row[5].as_u64().unwrap_or(0);
        let length = u64::try_from(child.text.chars().count()).expect("small");
        if longest > 0 && length > longest {
            found.push(format!("{inside} is too long"));
        }
        complaints(child, rows, &inside, version, found);
    }
    let below =
        |row: &&&Value| row[0].as_str().is_some_and(|p| p.rsplit_once('/').is_some_and(|(above, _)| above == path));
    for row in rows.iter().filter(below).filter(|row| row[3] == 1 && row[7]["choice"].is_null()) {
        let name = row[0].as_str().and_then(|p| p.rsplit('/').next()).unwrap_or("");
        let since = row[6].as_str().and_then(Version::parse).unwrap_or(Version(0, 0));
        if since <= version && element.child(name).is_none() {
            found.push(format!("{path}/{name} is missing"));
        }
    }
}

#[test]
fn answers_fit_the_vendors_schema() {
    let Some(folder) = reference() else { return };
    let schema = fields(&folder);
    let mut shop = Shop::with_all_types();
    let mut person = shop.desk.file.person(at(70));
    let class = person.add_class("East").expect("new");
    person.add_sub_class(&class, "Far").expect("new");
    person.add_terms("Net 30", 30).expect("new");
    let customer = person.add_customer("Acme").expect("new");
    person.add_job(&customer, "Roof").expect("new");
    let address = "<ShipAddress><Addr1>1</Addr1><City>X</City></ShipAddress><Contacts><FirstName>A</FirstName></Contacts><AdditionalNotes><Note>n</Note></AdditionalNotes>";
    shop.desk.one(&format!("<CustomerAddRq><CustomerAdd><Name>Full</Name>{address}</CustomerAdd></CustomerAddRq>"));
    let queries = "<ItemQueryRq/><ClassQueryRq/><CustomerQueryRq/><VendorQueryRq/><AccountQueryRq/><TermsQueryRq/><SalesTaxCodeQueryRq/><PreferencesQueryRq/>";
    for version in [Version(8, 0), Version(13, 0), Version(16, 0)] {
        let answer = shop.desk.send_with("onError=\"stopOnError\"", &version.to_string(), queries).expect("valid");
        let mut count = 0;
        for ret in answer.children.iter().flat_map(|response| &response.children) {
            let rows: Vec<&Value> = schema["objects"][&ret.name]["rows"].as_array().expect("rows").iter().collect();
            let mut found = Vec::new();
            complaints(ret, &rows, &ret.name, version, &mut found);
            assert!(found.is_empty(), "{version}: {found:#?} in {ret:?}");
            count += 1;
        }
        assert!(count > 25, "{count} records");
    }
}

#[test]
fn the_sample_requests_of_lists_are_valid() {
    let Some(folder) = reference() else { return };
    let versions = Setup::default().versions;
    let mut count = 0;
    for entry in std::fs::read_dir(folder.join("qbxml-samples/requests")).expect("the folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("").to_owned();
        let begins =
            ["Class", "Customer", "Item", "Terms", "SalesTaxCode", "PaymentMethod", "DataExt", "List", "Preferences"];
        if begins.iter().any(|word| name.starts_with(word)) {
            assert_eq!(validate(&read(&path), &versions), Ok(()), "{name}");
            count += 1;
        }
    }
    assert!(count >= 15, "{count} samples");
}

/// Loads a real answer, asks for everything again, and gives what came back and what was loaded, both by ID.
fn round_trip(real: &str, request: &str) -> (Vec<Element>, Vec<Element>) {
    let mut file = CompanyFile::new("Real", 1);
    let count = file.load(real).expect("a real answer");
    let session = file.begin_session("{A}", "").expect("open");
    let request = format!("<{request}Rq><ActiveStatus>All</ActiveStatus></{request}Rq>");
    let answer = file.process(&session, at(0), &set("onError=\"stopOnError\"", "16.0", &request)).expect("valid");
    let records = |text: &str| parse(text).expect("XML").root.children.remove(0).children.remove(0).children;
    let (mut ours, theirs) = (records(&answer), records(real));
    // Records that the answer only refers to were made as names.
    ours.retain(|ret| theirs.iter().any(|real| real.text_of("ListID") == ret.text_of("ListID")));
    assert_eq!((ours.len(), theirs.len()), (count, count));
    (ours, theirs)
}

/// What an element says, one leaf a line. Time stamps stand without their offset: the machine was somewhere else.
fn said(element: &Element, path: &str, lines: &mut Vec<String>) {
    if element.children.is_empty() {
        let is_stamp = path.ends_with("TimeCreated") || path.ends_with("TimeModified");
        let text = element.text.get(..19).filter(|_| is_stamp).unwrap_or(&element.text);
        lines.push(format!("{path} {text}"));
    }
    for child in &element.children {
        said(child, &format!("{path}/{}", child.name), lines);
    }
}

/// Each record as lines, by ID.
fn by_id(records: &[Element]) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = Vec::new();
    for ret in records {
        let mut lines = Vec::new();
        said(ret, &ret.name, &mut lines);
        all.push(lines);
    }
    all.sort();
    all
}

#[test]
fn a_real_list_of_customers_comes_back_as_it_was() {
    let Some(folder) = reference() else { return };
    let real = read(&folder.join("qbxml-samples/real/CustomerQueryRs-rockcastle.xml"));
    let (ours, theirs) = round_trip(&real, "CustomerQuery");
    // Somebody once dragged "Overhead" to the end of the list; an order made by hand is not kept here.
    let names = |records: &[Element]| {
        let full = records.iter().filter_map(|ret| ret.text_of("FullName").map(str::to_owned));
        full.filter(|name| name != "Overhead").collect::<Vec<_>>()
    };
    assert_eq!(names(&ours), names(&theirs), "in the same order");
    for (mine, real) in by_id(&ours).iter().zip(&by_id(&theirs)) {
        assert_eq!(mine, real);
    }
}

#[test]
fn real_items_come_back_as_they_were() {
    let Some(folder) = reference() else { return };
    for name in ["ItemInventoryQueryRs-2", "ItemInventoryQueryRs-4", "ItemInventoryQueryRs-many", "ItemQueryRs-mixed"] {
        let real = read(&folder.join(format!("qbxml-samples/real/{name}.xml")));
        let (request, _) = name.split_once("Rs-").expect("named after its answer");
        let (ours, theirs) = round_trip(&real, request);
        for (mine, real) in by_id(&ours).iter().zip(&by_id(&theirs)) {
            assert_eq!(mine, real, "{name}");
        }
    }
}
