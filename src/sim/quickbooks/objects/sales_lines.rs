//! The lines of invoices and credit memos.
//!
//! Most are an item, quantity times rate; an amount given wins over the rate. A subtotal adds up the lines above, back to the
//! last subtotal, and counts nothing itself. A discount takes an amount off or a percentage of the line above, which may be
//! a subtotal, and has no quantity (`qbxml.md` 6). In a Mod the rules are those of all lines: none sent, all stay; one sent,
//! all others go (`qbxml.md` 7).

use super::item_facts::{self, ItemFacts, Manner};
use super::purchase_lines::{members, total};
use crate::sim::quickbooks::books::{Books, Line, LineTable};
use crate::sim::quickbooks::list_ops::overlay;
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::txn_ops::{Draft, txn_id};
use crate::sim::quickbooks::{Call, money, refs};
use crate::sim::xml::Element;

/// Line fields that may not be cleared: 3190.
const NEVER_CLEARED: &[&str] = &["ItemRef", "Quantity", "Rate", "Amount"];

/// The lines a draft has after an Add or a Mod, with their amounts.
///
/// # Errors
/// The status of the first line that breaks a rule.
pub(super) fn settled(call: &Call<'_>, draft: &Draft, given: &Element) -> Result<Vec<Line>, Status> {
    let maker = Maker { call, word: draft.txn.kind.word() };
    let names = ["LineAdd", "LineMod", "LineGroupAdd", "LineGroupMod"].map(|end| format!("{}{end}", maker.word));
    let sent = given.children.iter().filter(|child| names.contains(&child.name));
    let before = draft.before.as_ref().map_or(&[][..], |before| &before.lines);
    let mut lines = Vec::new();
    for child in sent {
        if let Some(link) = child.child("LinkToTxn").and_then(|link| link.child("TxnID")) {
            return Err(Status::no_such_object(&txn_id(call, link)?));
        }
        let is_group = child.name.contains("LineGroup");
        lines.push(if is_group { maker.group(before, child)? } else { maker.line(before, child)? });
    }
    if lines.is_empty() {
        lines = before.to_vec();
    }
    compute(&call.file.books, &mut lines)?;
    Ok(lines)
}

/// Makes lines for one request.
struct Maker<'a> {
    call: &'a Call<'a>,
    word: &'static str,
}

impl Maker<'_> {
    fn line(&self, before: &[Line], child: &Element) -> Result<Line, Status> {
        let mut line = match child.text_of("TxnLineID").filter(|id| *id != "-1") {
            None => {
                refs::refuse_empty(&child.children)?;
                Line::new(LineTable::Sales)
            }
            Some(id) => {
                let known = before.iter().find(|line| line.id == id && !line.is_group());
                known.cloned().ok_or_else(|| Status::no_such_object(id))?
            }
        };
        let is_new = line.fields.is_empty();
        let mut changes = self.changes(child)?;
        if changes.iter().any(|field| field.name == "Amount" && !field.is_empty()) {
            changes.retain(|field| !matches!(field.name.as_str(), "Rate" | "RatePercent"));
        }
        let cleared = changes.iter().find(|field| field.is_empty() && NEVER_CLEARED.contains(&field.name.as_str()));
        if let Some(field) = cleared.filter(|_| !is_new) {
            return Err(Status::cannot_clear(&field.name, self.word));
        }
        let sends = |name: &str| changes.iter().any(|field| field.name == name);
        // What is not sent follows from what is.
        if sends("Amount") {
            line.fields.retain(|field| !matches!(field.name.as_str(), "Rate" | "RatePercent"));
        } else if ["Quantity", "Rate", "RatePercent", "ItemRef"].iter().any(|name| sends(name)) {
            line.fields.retain(|field| field.name != "Amount");
        }
        overlay(&mut line.fields, changes);
        if is_new {
            describe(&self.call.file.books, &mut line);
        }
        Ok(line)
    }

    fn changes(&self, child: &Element) -> Result<Vec<Element>, Status> {
        let is_value = |field: &&Element| field.name != "TxnLineID" && !field.name.ends_with("LineMod");
        let fields = child.children.iter().filter(is_value).cloned().collect();
        refs::resolve_all(&self.call.file.books, &self.call.file.setup.habits, self.word, fields)
    }

    /// A group: unfolded when new or changed itself, with its members changed as far as they are sent.
    fn group(&self, before: &[Line], child: &Element) -> Result<Line, Status> {
        let known = match child.text_of("TxnLineID").filter(|id| *id != "-1") {
            None => None,
            Some(id) => {
                let known = before.iter().find(|line| line.id == id && line.is_group());
                Some(known.ok_or_else(|| Status::no_such_object(id))?)
            }
        };
        let mut line = known.cloned().unwrap_or_else(|| Line::new(LineTable::Sales));
        let changes = self.changes(child)?;
        let unfolds = known.is_none() || changes.iter().any(|f| matches!(f.name.as_str(), "ItemGroupRef" | "Quantity"));
        overlay(&mut line.fields, changes);
        let books = &self.call.file.books;
        if unfolds {
            let group = line.reference("ItemGroupRef").and_then(|id| books.lists.get(ListKind::ItemGroup, id));
            let prints = group.and_then(|group| group.field("IsPrintItemsInGroup")).unwrap_or("false");
            line.set("IsPrintItemsInGroup", prints);
            line.members = members(books, &line)
                .into_iter()
                .map(|(item, quantity)| {
                    let mut member = Line::new(LineTable::Sales);
                    member.fields.push(refs::to("ItemRef", &item));
                    member.set("Quantity", &quantity);
                    describe(books, &mut member);
                    member
                })
                .collect();
        }
        let name = format!("{}LineMod", self.word);
        let sent = child.children_named(&name).map(|member| self.line(&line.members, member));
        let sent = sent.collect::<Result<Vec<Line>, Status>>()?;
        if !sent.is_empty() {
            line.members = sent;
        }
        Ok(line)
    }
}

/// A new line takes the item's description and tax code.
fn describe(books: &Books, line: &mut Line) {
    let Some(facts) = line.reference("ItemRef").and_then(|id| item_facts::sold(books, id)) else { return };
    let (text, code) = (item_facts::description(facts.record), facts.tax_code);
    if let Some(text) = text.filter(|_| line.field("Desc").is_none()) {
        line.set("Desc", text);
    }
    let lacks_code = books.preferences.sales_tax && line.reference("SalesTaxCodeRef").is_none();
    if let Some(code) = code.filter(|_| lacks_code) {
        line.fields.push(refs::to("SalesTaxCodeRef", code));
    }
}

/// What the lines above a line come to.
#[derive(Default)]
struct Above {
    /// The line right above.
    last: i64,
    /// Since the last subtotal.
    since_subtotal: i64,
}

/// Computes the amounts of all lines from top to bottom.
fn compute(books: &Books, lines: &mut [Line]) -> Result<(), Status> {
    let mut above = Above::default();
    for line in lines {
        if line.is_group() {
            for member in &mut line.members {
                value(books, member, &mut above)?;
            }
            total(line)?;
            above.last = line.cents;
        } else {
            value(books, line, &mut above)?;
        }
    }
    Ok(())
}

fn value(books: &Books, line: &mut Line, above: &mut Above) -> Result<(), Status> {
    let facts = match line.reference("ItemRef") {
        None => None,
        Some(id) => Some(item_facts::sold(books, id).ok_or_else(|| wrong_item(books, id))?),
    };
    match facts.as_ref().map(|facts| facts.manner) {
        Some(Manner::Subtotal) => {
            line.cents = above.since_subtotal;
            line.set("Amount", &money::format(line.cents));
            *above = Above { last: line.cents, since_subtotal: 0 };
            return Ok(());
        }
        Some(Manner::TakenOff) => taken_off(line, facts.as_ref(), above)?,
        Some(Manner::Counted) => counted(line, facts.as_ref(), above)?,
        // A line without an item is a remark, or an amount that the posting refuses.
        None => line.cents = line.field("Amount").and_then(money::parse).unwrap_or(0),
    }
    if line.cents.abs() > money::CENTS_MAX {
        return Err(Status::amount_too_large());
    }
    if facts.is_some() || line.cents != 0 {
        line.set("Amount", &money::format(line.cents));
    }
    above.last = line.cents;
    let sum = above.since_subtotal.checked_add(line.cents);
    above.since_subtotal = sum.ok_or_else(Status::amount_too_large)?;
    Ok(())
}

fn wrong_item(books: &Books, id: &str) -> Status {
    Status::wrong_item(&books.lists.item(id).map(|item| books.lists.full_name(item)).unwrap_or_default())
}

/// An amount, or a percentage of the line above; always taken off.
fn taken_off(line: &mut Line, facts: Option<&ItemFacts<'_>>, above: &Above) -> Result<(), Status> {
    if let Some(quantity) = line.field("Quantity") {
        return Err(Status::rule("Quantity", quantity, "A discount line has no quantity."));
    }
    let (own_rate, own_percent) = (line.field("Rate"), line.field("RatePercent"));
    // A percentage that is kept is computed anew, for the line above may have changed.
    let given = line.field("Amount").filter(|_| own_percent.is_none()).and_then(money::parse);
    let suggests = own_rate.is_none() && own_percent.is_none();
    let percent =
        own_percent.or_else(|| facts?.rate_percent.filter(|_| suggests)).map(|text| text.trim_start_matches('-'));
    let rate = own_rate.or_else(|| facts?.rate.filter(|_| suggests)).map(|text| text.trim_start_matches('-'));
    let cents = match (given, percent, rate) {
        (Some(cents), ..) => Some(-cents.abs()),
        (None, Some(percent), _) => money::percent(above.last, percent).map(|cents| -cents),
        (None, None, Some(rate)) => money::extend("1", rate).map(|cents| -cents),
        (None, None, None) => Some(0),
    };
    let percent = percent.map(|text| format!("-{text}"));
    line.cents = cents.ok_or_else(Status::amount_too_large)?;
    if let Some(percent) = percent.filter(|_| given.is_none()) {
        line.set("RatePercent", &percent);
    }
    Ok(())
}

/// Quantity times rate, or a percentage of the line above.
fn counted(line: &mut Line, facts: Option<&ItemFacts<'_>>, above: &Above) -> Result<(), Status> {
    let given = line.field("Amount").filter(|_| line.field("RatePercent").is_none()).and_then(money::parse);
    let quantity = line.field("Quantity").map(str::to_owned);
    if let Some(cents) = given {
        line.cents = cents;
        let one = quantity.as_deref().unwrap_or("1");
        if line.field("Rate").and_then(|rate| money::extend(one, rate)) == given {
            return Ok(());
        }
        if let Some(rate) = money::cost_of_one(cents, one) {
            line.set("Rate", &rate);
        }
        return Ok(());
    }
    let suggests = line.field("Rate").is_none();
    let percent = line.field("RatePercent").or_else(|| facts?.rate_percent.filter(|_| suggests)).map(str::to_owned);
    if let Some(percent) = percent {
        line.cents = money::percent(above.last, &percent).ok_or_else(Status::amount_too_large)?;
        line.set("RatePercent", &percent);
        return Ok(());
    }
    let rate = line.field("Rate").or_else(|| facts?.rate).unwrap_or("0.00").to_owned();
    let quantity = quantity.unwrap_or_else(|| "1".to_owned());
    line.cents = money::extend(&quantity, &rate).ok_or_else(Status::amount_too_large)?;
    line.set("Quantity", &quantity);
    line.set("Rate", &rate);
    Ok(())
}
