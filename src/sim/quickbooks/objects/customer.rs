//! Customers and jobs: query with iterator, add, change.
//!
//! A job is a customer below another one, down to five levels; its name must be unique under its parent only, while a
//! customer at the top shares its name space with vendors, employees and other names. `Balance` is what is owed on the record
//! itself, `TotalBalance` adds its jobs (`qbxml.md` 10); neither moves the edit sequence. The shipping address is the
//! default one among up to fifty: whichever of the two a request gives, the other follows.

use super::customer_tables::{ADD, MOD, QUERY, RET};
use super::{Attributes, ListObject, RequestType, address_block, contacts};
use crate::sim::quickbooks::books::Books;
use crate::sim::quickbooks::ledger::{PRIOR, Posting};
use crate::sim::quickbooks::lists::{ListKind, ListRecord};
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::time::Now;
use crate::sim::quickbooks::{CompanyFile, list_ops, money, query};
use crate::sim::xml::Element;

pub(crate) static OBJECT: ListObject =
    ListObject { fold, computed, check, settle, ..ListObject::plain("CustomerRet", RET) };

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("CustomerQuery", QUERY, |call| query::lists(call, &[ListKind::Customer]))
        .with(Attributes::Iterated),
    RequestType::new("CustomerAdd", ADD, |call| list_ops::add(call, ListKind::Customer, ADD)),
    RequestType::new("CustomerMod", MOD, |call| list_ops::modify(call, ListKind::Customer, MOD)),
];

/// What is owed on the record itself, in cents.
pub(crate) fn balance(books: &Books, record: &ListRecord) -> i64 {
    i64::try_from(books.ledger.party(&record.id)).expect("invariant: balances of a simulated company fit an i64")
}

/// What is owed on the record and its jobs, in cents.
pub(crate) fn total_balance(books: &Books, record: &ListRecord) -> i64 {
    balance(books, record) + books.lists.children(record).map(|job| total_balance(books, job)).sum::<i64>()
}

fn computed(books: &Books, record: &ListRecord) -> Vec<Element> {
    let mut fields = vec![
        Element::leaf("Balance", &money::format(balance(books, record))),
        Element::leaf("TotalBalance", &money::format(total_balance(books, record))),
    ];
    let field = |name: &str| record.fields.iter().find(|field| field.name == name);
    let ships_elsewhere = field("ShipToAddress").is_some() && !record.fields.iter().any(is_default);
    for (name, block) in [("BillAddress", "BillAddressBlock"), ("ShipAddress", "ShipAddressBlock")] {
        // A real answer leaves the printed form out where none of the addresses to ship to is the default.
        if name == "ShipAddress" && ships_elsewhere {
            continue;
        }
        if let Some(address) = field(name).filter(|_| field(block).is_none()) {
            fields.push(address_block(block, address));
        }
    }
    if field("JobStatus").is_none() {
        fields.push(Element::leaf("JobStatus", "None"));
    }
    fields
}

/// Fields of an address that both forms have.
const LINES: &[&str] = &["Addr1", "Addr2", "Addr3", "Addr4", "Addr5", "City", "State", "PostalCode", "Country", "Note"];

fn is_default(address: &Element) -> bool {
    address.text_of("DefaultShipTo") == Some("true")
}

fn lines(address: &Element) -> Vec<Element> {
    address.children.iter().filter(|line| LINES.contains(&line.name.as_str())).cloned().collect()
}

/// Keeps the shipping address and the default among the addresses to ship to the same. What a request gives stands last
/// among the fields, so the later one of the two leads.
fn fold(record: &mut ListRecord) -> Result<(), Status> {
    let fields = &mut record.fields;
    let own = fields.iter().rposition(|field| field.name == "ShipAddress");
    let default = fields.iter().rposition(|field| field.name == "ShipToAddress" && is_default(field));
    match (own, default) {
        (Some(own), Some(default)) if own > default => {
            let mut children = vec![Element::leaf("Name", fields[default].text_of("Name").unwrap_or(""))];
            children.extend(lines(&fields[own]));
            children.push(Element::leaf("DefaultShipTo", "true"));
            fields[default].children = children;
        }
        (own, Some(default)) => {
            let address = Element::group("ShipAddress", lines(&fields[default]));
            match own.map(|own| &mut fields[own]) {
                Some(known) if known.children == address.children => {}
                Some(known) => {
                    *known = address;
                    fields.retain(|field| field.name != "ShipAddressBlock");
                }
                None => fields.push(address),
            }
        }
        (Some(own), None) if !fields.iter().any(|field| field.name == "ShipToAddress") => {
            let mut children = vec![Element::leaf("Name", "Ship To 1")];
            children.extend(lines(&fields[own]));
            children.push(Element::leaf("DefaultShipTo", "true"));
            fields.push(Element::group("ShipToAddress", children));
        }
        _ => {}
    }
    Ok(())
}

fn check(_file: &CompanyFile, record: &ListRecord, _before: Option<&ListRecord>) -> Result<(), Status> {
    let addresses: Vec<&Element> = record.fields.iter().filter(|field| field.name == "ShipToAddress").collect();
    for (index, address) in addresses.iter().enumerate() {
        let name = address.text_of("Name").unwrap_or("");
        let same = |other: &&Element| other.text_of("Name").is_some_and(|known| known.eq_ignore_ascii_case(name));
        if addresses[..index].iter().any(same) {
            return Err(Status::name_in_use(name));
        }
        if is_default(address) && addresses[..index].iter().any(|other| is_default(other)) {
            return Err(Status::rule("DefaultShipTo", "true", "Only one address can be the default."));
        }
    }
    Ok(())
}

/// Posts an opening balance, and gives contacts and notes their IDs.
fn settle(file: &mut CompanyFile, record: &mut ListRecord, now: Now) {
    let cents = record.field("OpenBalance").and_then(money::parse).unwrap_or(0);
    let receivable = file.books.default_account("AccountsReceivable").map(|account| account.id.clone());
    if let Some(receivable) = receivable.filter(|_| cents != 0) {
        file.books.ledger.post(&[
            Posting { account: receivable, party: Some(record.id.clone()), cents },
            Posting { account: PRIOR.to_owned(), party: None, cents: -cents },
        ]);
    }
    record.fields.retain(|field| !matches!(field.name.as_str(), "OpenBalance" | "OpenBalanceDate"));
    contacts::settle(file, record, now);
}
