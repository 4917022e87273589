//! Data extensions: their definitions, their values, and how answers show them.
//!
//! Values come back only with queries that name their owner (`qbxml.md` 6); a record shows them as its last elements. A value
//! needs a definition of that owner and name (3121) that is assigned to that kind of object, and the form of its type.
//! `DataExtAdd` sets a value whether there is one or not; `DataExtMod` of a private value that was never set is 3120, of a
//! custom field it sets it. That, and all codes here, are recalled: no source settles them.

use super::company::included;
use super::data_ext_tables::{ADD, DEF_ADD, DEF_DEL, DEF_MOD, DEF_QUERY, DEF_RET, DEL, MOD};
use super::{Attributes, RequestType};
use crate::sim::quickbooks::answer::Outcome;
use crate::sim::quickbooks::data_ext::{DataExts, Definition, Holder};
use crate::sim::quickbooks::lists::{ListKey, ListKind, ListRecord};
use crate::sim::quickbooks::query::Hit;
use crate::sim::quickbooks::schema::{Kind, has_form};
use crate::sim::quickbooks::shape::{self, arrange};
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::{Call, refs};
use crate::sim::xml::Element;

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("DataExtDefQuery", DEF_QUERY, query_definitions).since(2, 0).with(Attributes::Query),
    RequestType::new("DataExtDefAdd", DEF_ADD, define).since(2, 0),
    RequestType::new("DataExtDefMod", DEF_MOD, redefine).since(2, 0),
    RequestType::new("DataExtDefDel", DEF_DEL, undefine).since(2, 0),
    RequestType::new("DataExtAdd", ADD, add).since(2, 0),
    RequestType::new("DataExtMod", MOD, modify).since(2, 0),
    RequestType::new("DataExtDel", DEL, delete).since(2, 0),
];

/// The owner of custom fields, which people see.
const CUSTOM_FIELDS: &str = "0";

fn find(call: &Call<'_>, owner: &str, name: &str) -> Result<Definition, Status> {
    let found = call.file.books.data_ext.definition(owner, name).cloned();
    found.ok_or_else(|| Status::no_such_definition(owner, name))
}

fn definition_ret(call: &Call<'_>, definition: &Definition) -> Element {
    let truth = |value: bool| if value { "true" } else { "false" };
    let mut fields = vec![
        Element::leaf("OwnerID", &definition.owner),
        Element::leaf("DataExtID", &definition.id.to_string()),
        Element::leaf("DataExtName", &definition.name),
        Element::leaf("DataExtType", &definition.value_type),
        Element::leaf("DataExtListRequire", truth(definition.is_required_by_list)),
        Element::leaf("DataExtTxnRequire", truth(definition.is_required_by_txn)),
        Element::leaf("DataExtFormatString", &definition.format),
    ];
    fields.extend(definition.objects.iter().map(|object| Element::leaf("AssignToObject", object)));
    included(call.request, "DataExtDefRet", arrange(DEF_RET, &fields, call.version))
}

fn defined(call: &Call<'_>, definition: &Definition) -> Outcome {
    Outcome::changed(definition_ret(call, definition), recovery(definition))
}

/// What error recovery tells of a definition or a value.
fn recovery(definition: &Definition) -> Element {
    Element::group("ErrorRecovery", vec![Element::leaf("OwnerID", &definition.owner)])
}

fn query_definitions(call: &mut Call<'_>) -> Result<Outcome, Status> {
    let asked = |name| call.request.children_named(name).map(|asked| asked.text.as_str()).collect::<Vec<_>>();
    let (owners, objects) = (asked("OwnerID"), asked("AssignToObject"));
    let fits = |definition: &&Definition| {
        (owners.is_empty() || owners.iter().any(|owner| definition.owner.eq_ignore_ascii_case(owner)))
            && (objects.is_empty() || definition.objects.iter().any(|object| objects.contains(&object.as_str())))
    };
    let found: Vec<&Definition> = call.file.books.data_ext.definitions().into_iter().filter(fits).collect();
    let status = if found.is_empty() { Status::nothing_found() } else { Status::ok() };
    let mut outcome = Outcome::status(status);
    let meta = call.request.attribute("metaData").unwrap_or("NoMetaData");
    outcome.ret_count = (meta != "NoMetaData").then_some(found.len());
    if meta != "MetaDataOnly" {
        outcome.body = found.into_iter().map(|definition| definition_ret(call, definition)).collect();
    }
    Ok(outcome)
}

fn words(given: &Element, name: &str) -> Vec<String> {
    given.children_named(name).map(|word| word.text.clone()).collect()
}

fn define(call: &mut Call<'_>) -> Result<Outcome, Status> {
    let given = shape::given(DEF_ADD, call.request, "DataExtDefAdd");
    let text = |name: &str| given.text_of(name).unwrap_or("").to_owned();
    let definition = Definition {
        id: 0,
        owner: text("OwnerID"),
        name: text("DataExtName"),
        value_type: text("DataExtType"),
        objects: words(&given, "AssignToObject"),
        is_required_by_list: text("DataExtListRequire") == "true",
        is_required_by_txn: text("DataExtTxnRequire") == "true",
        format: text("DataExtFormatString"),
    };
    check_free(call, &definition)?;
    let definition = call.file.books.data_ext.define(definition);
    Ok(defined(call, &definition))
}

/// Refuses a name that its owner uses already.
fn check_free(call: &Call<'_>, definition: &Definition) -> Result<(), Status> {
    let name = &definition.name;
    match call.file.books.data_ext.definition(&definition.owner, name) {
        Some(other) if other.id != definition.id => Err(Status::name_in_use(name)),
        _ => Ok(()),
    }
}

fn redefine(call: &mut Call<'_>) -> Result<Outcome, Status> {
    let given = shape::given(DEF_MOD, call.request, "DataExtDefMod");
    let text = |name: &str| given.text_of(name);
    let before = find(call, text("OwnerID").unwrap_or(""), text("DataExtName").unwrap_or(""))?;
    let mut after = before.clone();
    if let Some(name) = text("DataExtNewName").filter(|name| !name.is_empty()) {
        name.clone_into(&mut after.name);
    }
    let removed = words(&given, "RemoveFromObject");
    after.objects.retain(|object| !removed.contains(object));
    for object in words(&given, "AssignToObject") {
        if !after.objects.contains(&object) {
            after.objects.push(object);
        }
    }
    let flag = |name: &str, before: bool| text(name).map_or(before, |value| value == "true");
    after.is_required_by_list = flag("DataExtListRequire", before.is_required_by_list);
    after.is_required_by_txn = flag("DataExtTxnRequire", before.is_required_by_txn);
    if let Some(format) = text("DataExtFormatString") {
        format.clone_into(&mut after.format);
    }
    check_free(call, &after)?;
    call.file.books.data_ext.redefine(&before, after.clone());
    Ok(defined(call, &after))
}

fn undefine(call: &mut Call<'_>) -> Result<Outcome, Status> {
    let text = |name: &str| call.request.text_of(name).unwrap_or("");
    let definition = find(call, text("OwnerID"), text("DataExtName"))?;
    call.file.books.data_ext.undefine(&definition);
    let ret = vec![
        Element::leaf("OwnerID", &definition.owner),
        Element::leaf("DataExtName", &definition.name),
        Element::leaf("TimeDeleted", &call.file.setup.zone.stamp(call.now)),
    ];
    Ok(Outcome::changed(Element::group("DataExtDefDelRet", ret), recovery(&definition)))
}

/// The kind of object a list record is to a definition.
fn object_of(kind: ListKind) -> &'static str {
    if kind.item_rank() > 0 { "Item" } else { kind.word() }
}

/// Finds the definition and the holder a request names.
fn target(call: &Call<'_>, given: &Element) -> Result<(Definition, Holder), Status> {
    let text = |name: &str| given.text_of(name).unwrap_or("");
    let definition = find(call, text("OwnerID"), text("DataExtName"))?;
    let (object, holder) = match (given.text_of("ListDataExtType"), given.text_of("TxnDataExtType")) {
        (Some(object), _) => (object, Holder::List(list_holder(call, object, given)?)),
        (None, Some(object)) => (object, txn_holder(call, object, given)?),
        (None, None) => ("Company", Holder::Company),
    };
    if !definition.objects.iter().any(|assigned| assigned == object) {
        let reason = format!("It is not assigned to objects of the kind {object}.");
        return Err(Status::rule("DataExtName", &definition.name, &reason));
    }
    Ok((definition, holder))
}

fn list_holder(call: &Call<'_>, object: &str, given: &Element) -> Result<ListKey, Status> {
    let single = ListKind::of_word(object);
    let kinds = if object == "Item" { ListKind::ITEMS } else { single.as_slice() };
    let nothing = Element::default();
    let reference = given.child("ListObjRef").unwrap_or(&nothing);
    if let Some(id) = reference.text_of("ListID")
        && !refs::has_id_form(id)
    {
        return Err(Status::bad_id(id, "list id"));
    }
    let record = refs::look_up(&call.file.books, kinds, reference)
        .ok_or_else(|| Status::bad_reference(object, refs::said(reference), "DataExt"))?;
    if call.is_open_elsewhere(&record.id) {
        return Err(Status::list_locked(record.kind));
    }
    Ok(record.key())
}

fn txn_holder(call: &Call<'_>, object: &str, given: &Element) -> Result<Holder, Status> {
    let nothing = Element::default();
    let named = given.child("TxnID").unwrap_or(&nothing);
    let id = match named.attribute("useMacro") {
        Some(name) => call.macros.get(name).ok_or_else(|| Status::unknown_macro(name))?,
        None => &named.text,
    };
    let txn = call.file.books.txns.get(id).filter(|txn| txn.kind.word() == object);
    let txn = txn.ok_or_else(|| Status::no_such_object(id))?;
    if call.is_open_elsewhere(id) {
        return Err(Status::transaction_locked());
    }
    let Some(line) = given.text_of("TxnLineID") else {
        return Ok(Holder::Txn(id.clone()));
    };
    match txn.lines.iter().find(|known| known.id == line) {
        Some(_) => Ok(Holder::Line(line.to_owned())),
        None => Err(Status::no_such_object(line)),
    }
}

/// Refuses a value without the form of its type, with the code for that type.
fn check_value(definition: &Definition, value: &str) -> Result<(), Status> {
    let length_max = match definition.value_type.as_str() {
        "STR255TYPE" => 255,
        "STR1024TYPE" => 1024,
        other => {
            let (code, word, kind) = match other {
                "AMTTYPE" => (3040, "amount", Kind::Amount),
                "DATETIMETYPE" => (3020, "date value", Kind::DateTime),
                "INTTYPE" => (3085, "number", Kind::Integer),
                "PERCENTTYPE" => (3050, "percent", Kind::Number),
                "PRICETYPE" => (3045, "price", Kind::Number),
                _ => (3060, "quantity", Kind::Number),
            };
            let fits = has_form(kind, value);
            return if fits { Ok(()) } else { Err(Status::bad_value(code, word, value, "DataExtValue")) };
        }
    };
    if value.chars().count() > length_max { Err(Status::too_long(value, "DataExtValue")) } else { Ok(()) }
}

fn stored_value<'a>(call: &'a Call<'_>, holder: &Holder, definition: &Definition) -> Option<&'a str> {
    match holder {
        Holder::Company => call.file.company_data(&definition.owner, &definition.name),
        _ => call.file.books.data_ext.value(holder, definition),
    }
}

fn store(call: &mut Call<'_>, holder: Holder, definition: &Definition, value: Option<&str>) {
    match holder {
        Holder::Company => call.file.set_company_data(&definition.owner, &definition.name, value),
        _ => call.file.books.data_ext.set(holder, definition, value),
    }
}

fn value_ret(definition: &Definition, value: &str) -> Element {
    Element::group(
        "DataExtRet",
        vec![
            Element::leaf("OwnerID", &definition.owner),
            Element::leaf("DataExtName", &definition.name),
            Element::leaf("DataExtType", &definition.value_type),
            Element::leaf("DataExtValue", value),
        ],
    )
}

fn add(call: &mut Call<'_>) -> Result<Outcome, Status> {
    let given = shape::given(ADD, call.request, "DataExtAdd");
    set(call, &given, false)
}

fn modify(call: &mut Call<'_>) -> Result<Outcome, Status> {
    let given = shape::given(MOD, call.request, "DataExtMod");
    set(call, &given, true)
}

fn set(call: &mut Call<'_>, given: &Element, is_change: bool) -> Result<Outcome, Status> {
    let (definition, holder) = target(call, given)?;
    let value = given.text_of("DataExtValue").unwrap_or("");
    check_value(&definition, value)?;
    let is_private = definition.owner != CUSTOM_FIELDS;
    if is_change && is_private && stored_value(call, &holder, &definition).is_none() {
        return Err(Status::no_such_object(&definition.name));
    }
    store(call, holder, &definition, Some(value).filter(|value| !value.is_empty()));
    Ok(Outcome::changed(value_ret(&definition, value), recovery(&definition)))
}

fn delete(call: &mut Call<'_>) -> Result<Outcome, Status> {
    let given = shape::given(DEL, call.request, "DataExtDel");
    let (definition, holder) = target(call, &given)?;
    if stored_value(call, &holder, &definition).is_none() {
        return Err(Status::no_such_object(&definition.name));
    }
    store(call, holder, &definition, None);
    let mut ret = given.children.clone();
    ret.push(Element::leaf("TimeDeleted", &call.file.setup.zone.stamp(call.now)));
    Ok(Outcome::changed(Element::group("DataExtDelRet", ret), recovery(&definition)))
}

/// Takes in a value that a loaded record shows, with a definition if there is none.
pub(crate) fn load(data_ext: &mut DataExts, record: &ListRecord, value: &Element) {
    let text = |name: &str| value.text_of(name).unwrap_or("").to_owned();
    let (owner, name, object) = (text("OwnerID"), text("DataExtName"), object_of(record.kind).to_owned());
    let definition = match data_ext.definition(&owner, &name).cloned() {
        Some(known) if known.objects.contains(&object) => known,
        Some(known) => {
            let mut wider = known.clone();
            wider.objects.push(object);
            data_ext.redefine(&known, wider.clone());
            wider
        }
        None => data_ext.define(Definition {
            id: 0,
            owner,
            name,
            value_type: text("DataExtType"),
            objects: vec![object],
            is_required_by_list: false,
            is_required_by_txn: false,
            format: String::new(),
        }),
    };
    data_ext.set(Holder::List(record.key()), &definition, Some(&text("DataExtValue")));
}

/// Adds to an answer's record, and to its lines, the values of the owners the query names.
pub(crate) fn shown(call: &Call<'_>, hit: &Hit, mut ret: Element) -> Element {
    let books = &call.file.books;
    let (holder, object) = match hit {
        Hit::List(key) => (Holder::List(key.clone()), books.lists.at(key).map(|record| object_of(record.kind))),
        Hit::Txn(id) => (Holder::Txn(id.clone()), books.txns.get(id).map(|txn| txn.kind.word())),
    };
    let object = object.unwrap_or("");
    let owners: Vec<&str> = call.request.children_named("OwnerID").map(|owner| owner.text.as_str()).collect();
    let asked = |definition: &&Definition| {
        owners.iter().any(|owner| definition.owner.eq_ignore_ascii_case(owner))
            && definition.objects.iter().any(|assigned| assigned == object)
    };
    let definitions: Vec<&Definition> = books.data_ext.definitions().into_iter().filter(asked).collect();
    if definitions.is_empty() {
        return ret;
    }
    let values = |holder: &Holder| -> Vec<Element> {
        let of = |definition: &&Definition| Some(value_ret(definition, books.data_ext.value(holder, definition)?));
        definitions.iter().filter_map(of).collect()
    };
    for line in &mut ret.children {
        if let Some(id) = line.text_of("TxnLineID") {
            let of_line = values(&Holder::Line(id.to_owned()));
            line.children.extend(of_line);
        }
    }
    ret.children.extend(values(&holder));
    ret
}
