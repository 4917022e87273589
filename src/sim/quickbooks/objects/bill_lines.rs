//! The lines of a bill: expenses and items, in two tables of their own.
//!
//! In a Mod, no line sent means that all stay. As soon as one line of a table is sent, every line of that table that is
//! not sent is deleted; a line with only its ID stays as it is, -1 makes a new one, and the order sent is the order
//! kept (`qbxml.md` 7). The tables do not touch each other.
//!
//! An item line is quantity times cost; if the amount is given it wins and the cost follows (`qbxml.md` 6).

use super::item::posting;
use crate::sim::quickbooks::books::{Books, Line, LineTable};
use crate::sim::quickbooks::list_ops::overlay;
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::{Habits, money, refs};
use crate::sim::xml::Element;

/// Line fields that may not be cleared: 3190 (`qbxml.md` 7).
const NEVER_CLEARED: &[&str] = &["Amount", "BillableStatus", "ItemRef", "Quantity", "Cost"];

/// The lines of a `BillAdd`; their IDs are given later.
pub(super) fn added(books: &Books, habits: &Habits, given: &Element) -> Result<Vec<Line>, Status> {
    let mut lines = Vec::new();
    for child in &given.children {
        let table = match child.name.as_str() {
            "ExpenseLineAdd" => LineTable::Expense,
            "ItemLineAdd" => LineTable::Item,
            "ItemGroupLineAdd" => return Err(no_group(child)),
            _ => continue,
        };
        if let Some(link) = child.child("LinkToTxn") {
            return Err(Status::no_such_object(link.text_of("TxnID").unwrap_or("")));
        }
        lines.push(made(books, habits, table, child)?);
    }
    Ok(lines)
}

/// The lines after a `BillMod`, in the order kept: expenses first.
pub(super) fn modified(books: &Books, habits: &Habits, before: &[Line], given: &Element) -> Result<Vec<Line>, Status> {
    let mut lines = Vec::new();
    let tables = [
        (LineTable::Expense, "ExpenseLineMod", "ClearExpenseLines"),
        (LineTable::Item, "ItemLineMod", "ClearItemLines"),
    ];
    if let Some(child) = given.child("ItemGroupLineMod") {
        return Err(no_group(child));
    }
    for (table, mod_name, clear_name) in tables {
        let sent: Vec<&Element> = given.children_named(mod_name).collect();
        if sent.is_empty() {
            let cleared = given.text_of(clear_name) == Some("true");
            lines.extend(before.iter().filter(|line| line.table == table && !cleared).cloned());
        }
        for child in sent {
            lines.push(modified_line(books, habits, table, before, child)?);
        }
    }
    Ok(lines)
}

fn no_group(child: &Element) -> Status {
    let said = child.child("ItemGroupRef").map_or("", refs::said);
    Status::bad_reference("Item Group", said, "Bill")
}

fn modified_line(
    books: &Books,
    habits: &Habits,
    table: LineTable,
    before: &[Line],
    child: &Element,
) -> Result<Line, Status> {
    let id = child.text_of("TxnLineID").unwrap_or("");
    if id == "-1" {
        return made(books, habits, table, child);
    }
    let known = before.iter().find(|line| line.table == table && line.id == id);
    let mut line = known.cloned().ok_or_else(|| Status::no_such_object(id))?;
    let changes = changes(books, habits, child)?;
    if changes.is_empty() {
        return Ok(line);
    }
    let cleared = changes.iter().find(|field| field.is_empty() && NEVER_CLEARED.contains(&field.name.as_str()));
    if let Some(field) = cleared {
        return Err(Status::cannot_clear(&field.name, "Bill"));
    }
    let sends = |name: &str| changes.iter().any(|field| field.name == name);
    if sends("Amount") && !sends("Cost") {
        line.fields.retain(|field| field.name != "Cost");
    } else if sends("Quantity") || sends("Cost") {
        line.fields.retain(|field| field.name != "Amount");
    }
    overlay(&mut line.fields, changes);
    value(books, &mut line)?;
    Ok(line)
}

fn changes(books: &Books, habits: &Habits, child: &Element) -> Result<Vec<Element>, Status> {
    let fields = child.children.iter().filter(|field| field.name != "TxnLineID").cloned().collect();
    refs::resolve_all(books, habits, "Bill", fields)
}

fn made(books: &Books, habits: &Habits, table: LineTable, child: &Element) -> Result<Line, Status> {
    let mut line = Line { id: String::new(), table, cents: 0, fields: Vec::new() };
    refs::refuse_empty(&child.children)?;
    overlay(&mut line.fields, changes(books, habits, child)?);
    value(books, &mut line)?;
    Ok(line)
}

/// Computes the amount of a line from what it holds.
fn value(books: &Books, line: &mut Line) -> Result<(), Status> {
    let field =
        |line: &Line, name: &str| line.fields.iter().find(|field| field.name == name).map(|field| field.text.clone());
    let amount = field(line, "Amount").as_deref().and_then(money::parse);
    if line.table == LineTable::Expense {
        line.cents = amount.unwrap_or(0);
        set(line, "Amount", &money::format(line.cents));
        return Ok(());
    }
    let quantity = field(line, "Quantity");
    let cost = field(line, "Cost").or_else(|| suggested_cost(books, line));
    match (amount, quantity) {
        (Some(cents), quantity) => {
            line.cents = cents;
            let one = quantity.as_deref().unwrap_or("1");
            if let Some(cost) = money::cost_of_one(cents, one) {
                set(line, "Cost", &cost);
            }
        }
        (None, quantity) => {
            let quantity = quantity.unwrap_or_else(|| "1".to_owned());
            let cost = cost.unwrap_or_else(|| "0.00".to_owned());
            line.cents = money::extend(&quantity, &cost)
                .filter(|cents| cents.abs() <= money::CENTS_MAX)
                .ok_or_else(Status::amount_too_large)?;
            set(line, "Quantity", &quantity);
            set(line, "Cost", &cost);
        }
    }
    set(line, "Amount", &money::format(line.cents));
    Ok(())
}

fn suggested_cost(books: &Books, line: &Line) -> Option<String> {
    posting::cost(item(books, line)?).map(str::to_owned)
}

fn item<'a>(books: &'a Books, line: &Line) -> Option<&'a crate::sim::quickbooks::lists::ListRecord> {
    let reference = line.fields.iter().find(|field| field.name == "ItemRef")?;
    books.lists.item(reference.text_of("ListID")?)
}

fn set(line: &mut Line, name: &str, text: &str) {
    match line.fields.iter_mut().find(|field| field.name == name) {
        Some(field) => text.clone_into(&mut field.text),
        None => line.fields.push(Element::leaf(name, text)),
    }
}

/// The account a line is posted to; `None` for an empty item line.
pub(super) fn account(books: &Books, line: &Line) -> Result<Option<String>, Status> {
    let reference = |name: &str| {
        let field = line.fields.iter().find(|field| field.name == name)?;
        field.text_of("ListID").map(str::to_owned)
    };
    let account = match line.table {
        LineTable::Expense => reference("AccountRef"),
        LineTable::Item => {
            reference("OverrideItemAccountRef").or_else(|| posting::bought_to(item(books, line)?).map(str::to_owned))
        }
    };
    let Some(account) = account else {
        let is_blank = line.table == LineTable::Item && line.cents == 0 && reference("ItemRef").is_none();
        return if is_blank { Ok(None) } else { Err(Status::no_posting_account()) };
    };
    if books.account_type(&account) == "NonPosting" {
        return Err(Status::cannot_save("Bill", "The posting account is invalid."));
    }
    Ok(Some(account))
}
