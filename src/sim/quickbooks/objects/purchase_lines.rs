//! The lines of bills, vendor credits and cheques: expenses and items, in two tables of their own.
//!
//! In a Mod, no line sent means that all stay. As soon as one line of a table is sent, every line of that table that is
//! not sent is deleted; a line with only its ID stays as it is, -1 makes a new one, and the order sent is the order
//! kept (`qbxml.md` 7). The tables do not touch each other. Groups of items stand in the item table and are unfolded to
//! their members when they are added.
//!
//! An item line is quantity times cost; if the amount is given it wins and the cost follows (`qbxml.md` 6).

use super::item::posting;
use crate::sim::quickbooks::books::{Books, Line, LineTable};
use crate::sim::quickbooks::ledger::Posting;
use crate::sim::quickbooks::list_ops::overlay;
use crate::sim::quickbooks::lists::{ListKind, ListRecord};
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::txn_kind::TxnKind;
use crate::sim::quickbooks::txn_ops::{Draft, txn_id};
use crate::sim::quickbooks::{Call, money, refs};
use crate::sim::xml::Element;

/// Line fields that may not be cleared: 3190 (`qbxml.md` 7).
const NEVER_CLEARED: &[&str] = &["Amount", "BillableStatus", "ItemRef", "Quantity", "Cost"];

/// The lines a draft has after an Add or a Mod, expenses first.
///
/// # Errors
/// The status of the first line that breaks a rule.
pub(super) fn settled(call: &Call<'_>, draft: &Draft, given: &Element) -> Result<Vec<Line>, Status> {
    let maker = Maker { call, word: draft.txn.kind.word() };
    let lines = match &draft.before {
        None => maker.added(given)?,
        Some(before) => maker.modified(&before.lines, given)?,
    };
    for line in &lines {
        check(call, maker.word, line)?;
    }
    Ok(lines)
}

/// Makes lines for one request.
struct Maker<'a> {
    call: &'a Call<'a>,
    /// What QuickBooks calls the transaction.
    word: &'static str,
}

impl Maker<'_> {
    fn added(&self, given: &Element) -> Result<Vec<Line>, Status> {
        let mut lines = Vec::new();
        for child in &given.children {
            if let Some(link) = child.child("LinkToTxn").and_then(|link| link.child("TxnID")) {
                return Err(Status::no_such_object(&txn_id(self.call, link)?));
            }
            match child.name.as_str() {
                "ExpenseLineAdd" => lines.push(self.made(LineTable::Expense, child)?),
                "ItemLineAdd" => lines.push(self.made(LineTable::Item, child)?),
                "ItemGroupLineAdd" => lines.push(self.unfolded(child)?),
                _ => {}
            }
        }
        Ok(lines)
    }

    fn modified(&self, before: &[Line], given: &Element) -> Result<Vec<Line>, Status> {
        let mut lines = Vec::new();
        let tables = [
            (LineTable::Expense, ["ExpenseLineMod", ""], "ClearExpenseLines"),
            (LineTable::Item, ["ItemLineMod", "ItemGroupLineMod"], "ClearItemLines"),
        ];
        for (table, names, clear_name) in tables {
            let sent: Vec<&Element> = given.children.iter().filter(|c| names.contains(&c.name.as_str())).collect();
            if sent.is_empty() {
                let cleared = given.text_of(clear_name) == Some("true");
                lines.extend(before.iter().filter(|line| line.table == table && !cleared).cloned());
            }
            for child in sent {
                let of_table: Vec<&Line> = before.iter().filter(|line| line.table == table).collect();
                lines.push(if child.name == "ItemGroupLineMod" {
                    self.modified_group(&of_table, child)?
                } else {
                    self.modified_line(table, &of_table, child)?
                });
            }
        }
        Ok(lines)
    }

    fn modified_line(&self, table: LineTable, before: &[&Line], child: &Element) -> Result<Line, Status> {
        let id = child.text_of("TxnLineID").unwrap_or("");
        if id == "-1" {
            return self.made(table, child);
        }
        let known = before.iter().find(|line| line.id == id && !line.is_group());
        let mut line = (**known.ok_or_else(|| Status::no_such_object(id))?).clone();
        let changes = self.changes(child)?;
        if changes.is_empty() {
            return Ok(line);
        }
        let cleared = changes.iter().find(|field| field.is_empty() && NEVER_CLEARED.contains(&field.name.as_str()));
        if let Some(field) = cleared {
            return Err(Status::cannot_clear(&field.name, self.word));
        }
        let sends = |name: &str| changes.iter().any(|field| field.name == name);
        if sends("Amount") && !sends("Cost") {
            line.fields.retain(|field| field.name != "Cost");
        } else if sends("Quantity") || sends("Cost") {
            line.fields.retain(|field| field.name != "Amount");
        }
        overlay(&mut line.fields, changes);
        value(&self.call.file.books, &mut line)?;
        Ok(line)
    }

    /// A group in a Mod: a new one is unfolded, a known one keeps its members unless some are sent.
    fn modified_group(&self, before: &[&Line], child: &Element) -> Result<Line, Status> {
        let id = child.text_of("TxnLineID").unwrap_or("");
        if id == "-1" {
            return self.unfolded(child);
        }
        let known = before.iter().find(|line| line.id == id && line.is_group());
        let mut line = (**known.ok_or_else(|| Status::no_such_object(id))?).clone();
        if child.child("ItemGroupRef").is_some() || child.child("Quantity").is_some() {
            let mut asked = child.clone();
            if asked.child("ItemGroupRef").is_none() {
                asked.children.extend(line.fields.iter().find(|field| field.name == "ItemGroupRef").cloned());
            }
            let fresh = self.unfolded(&asked)?;
            line = Line { id: line.id, ..fresh };
        }
        let members: Vec<&Line> = line.members.iter().collect();
        let sent: Vec<&Element> = child.children_named("ItemLineMod").collect();
        let changed = sent.iter().map(|member| self.modified_line(LineTable::Item, &members, member));
        let changed = changed.collect::<Result<Vec<Line>, Status>>()?;
        if !changed.is_empty() {
            line.members = changed;
        }
        total(&mut line)?;
        Ok(line)
    }

    fn changes(&self, child: &Element) -> Result<Vec<Element>, Status> {
        let fields = child.children.iter().filter(|field| field.name != "TxnLineID").cloned().collect();
        refs::resolve_all(&self.call.file.books, &self.call.file.setup.habits, self.word, fields)
    }

    fn made(&self, table: LineTable, child: &Element) -> Result<Line, Status> {
        let mut line = Line::new(table);
        refs::refuse_empty(&child.children)?;
        overlay(&mut line.fields, self.changes(child)?);
        value(&self.call.file.books, &mut line)?;
        Ok(line)
    }

    /// A group with its members, each as often as the group says.
    fn unfolded(&self, child: &Element) -> Result<Line, Status> {
        let books = &self.call.file.books;
        let mut line = Line::new(LineTable::Item);
        refs::refuse_empty(&child.children)?;
        let own = child.children.iter().filter(|field| !matches!(field.name.as_str(), "TxnLineID" | "ItemLineMod"));
        let habits = &self.call.file.setup.habits;
        overlay(&mut line.fields, refs::resolve_all(books, habits, self.word, own.cloned().collect())?);
        for (item, quantity) in members(books, &line) {
            let mut member = Line::new(LineTable::Item);
            member.fields.push(refs::to("ItemRef", &item));
            member.set("Quantity", &quantity);
            value(books, &mut member)?;
            line.members.push(member);
        }
        total(&mut line)?;
        Ok(line)
    }
}

/// The items of a group line and how many of each, the group's own quantity counted in.
pub(super) fn members(books: &Books, line: &Line) -> Vec<(String, String)> {
    let group = line.reference("ItemGroupRef").and_then(|id| books.lists.get(ListKind::ItemGroup, id));
    let times = line.field("Quantity").unwrap_or("1");
    let parts = group.into_iter().flat_map(|group| group.fields.iter().filter(|field| field.name == "ItemGroupLine"));
    parts
        .filter_map(|part| {
            let item = part.child("ItemRef")?.text_of("ListID")?.to_owned();
            let quantity = money::product(part.text_of("Quantity").unwrap_or("1"), times)?;
            Some((item, quantity))
        })
        .collect()
}

/// The amount of a group is that of its members.
pub(super) fn total(line: &mut Line) -> Result<(), Status> {
    let sum: i64 = line.members.iter().map(|member| member.cents).sum();
    if sum.abs() > money::CENTS_MAX {
        return Err(Status::amount_too_large());
    }
    line.cents = sum;
    line.set("TotalAmount", &money::format(sum));
    Ok(())
}

/// Computes the amount of a line from what it holds.
fn value(books: &Books, line: &mut Line) -> Result<(), Status> {
    let amount = line.field("Amount").and_then(money::parse);
    if line.table == LineTable::Expense {
        line.cents = amount.unwrap_or(0);
        line.set("Amount", &money::format(line.cents));
        return Ok(());
    }
    let quantity = line.field("Quantity").map(str::to_owned);
    let cost = line.field("Cost").map(str::to_owned);
    let cost = cost.or_else(|| posting::cost(item(books, line)?).map(str::to_owned));
    match (amount, quantity) {
        (Some(cents), quantity) => {
            line.cents = cents;
            let one = quantity.as_deref().unwrap_or("1");
            if let Some(cost) = money::cost_of_one(cents, one) {
                line.set("Cost", &cost);
            }
        }
        (None, quantity) => {
            let quantity = quantity.unwrap_or_else(|| "1".to_owned());
            let cost = cost.unwrap_or_else(|| "0.00".to_owned());
            line.cents = money::extend(&quantity, &cost)
                .filter(|cents| cents.abs() <= money::CENTS_MAX)
                .ok_or_else(Status::amount_too_large)?;
            line.set("Quantity", &quantity);
            line.set("Cost", &cost);
        }
    }
    line.set("Amount", &money::format(line.cents));
    Ok(())
}

fn item<'a>(books: &'a Books, line: &Line) -> Option<&'a ListRecord> {
    books.lists.item(line.reference("ItemRef")?)
}

/// The rules of one line: who stands beside an A/P account, what may be billed on, which items can be bought.
fn check(call: &Call<'_>, word: &str, line: &Line) -> Result<(), Status> {
    let books = &call.file.books;
    let named = line.reference("CustomerRef");
    let is_vendor = named.is_some_and(|id| books.lists.get(ListKind::Vendor, id).is_some());
    let account_type = line.reference("AccountRef").map_or("", |account| books.account_type(account));
    match account_type {
        "AccountsPayable" if !is_vendor => {
            return Err(Status::cannot_save(
                word,
                "You must choose a vendor for a line on an Accounts Payable account.",
            ));
        }
        "AccountsReceivable" if named.is_none() || is_vendor => {
            return Err(Status::cannot_save(
                word,
                "You must choose a customer for a line on an Accounts Receivable account.",
            ));
        }
        "AccountsPayable" => {}
        _ if is_vendor => {
            let said = line.fields.iter().find(|field| field.name == "CustomerRef").cloned().unwrap_or_default();
            return Err(refs::refused(&said, word, "A customer or job is expected here."));
        }
        _ => {}
    }
    if line.field("BillableStatus") == Some("Billable") && named.is_none() {
        return Err(Status::rule("BillableStatus", "Billable", "A billable line needs a customer."));
    }
    let bought = [line].into_iter().chain(&line.members).filter_map(|line| item(books, line));
    for item in bought {
        let is_unfit = matches!(
            item.kind,
            ListKind::ItemSubtotal
                | ListKind::ItemDiscount
                | ListKind::ItemPayment
                | ListKind::ItemSalesTax
                | ListKind::ItemSalesTaxGroup
                | ListKind::ItemGroup
        );
        if is_unfit {
            return Err(Status::wrong_item(&books.lists.full_name(item)));
        }
    }
    Ok(())
}

/// The debits of the lines, and their sum.
///
/// # Errors
/// 3101 for a sum that is too large, 3180 without any line, 3270 for a line without an account.
pub(super) fn postings(call: &Call<'_>, kind: TxnKind, lines: &[Line]) -> Result<(Vec<Posting>, i64), Status> {
    if lines.is_empty() {
        return Err(Status::cannot_save(kind.word(), "The transaction is empty."));
    }
    let mut total: i64 = 0;
    let mut postings = Vec::with_capacity(lines.len() + 1);
    for line in lines {
        total = total
            .checked_add(line.cents)
            .filter(|sum| sum.abs() <= money::CENTS_MAX)
            .ok_or_else(Status::amount_too_large)?;
        let posted: &[Line] = if line.is_group() { &line.members } else { std::slice::from_ref(line) };
        for line in posted {
            postings.extend(posting_of(&call.file.books, kind, line)?);
        }
    }
    Ok((postings, total))
}

/// What a line is posted to; nothing for an empty item line.
fn posting_of(books: &Books, kind: TxnKind, line: &Line) -> Result<Option<Posting>, Status> {
    let account = match line.table {
        LineTable::Expense => line.reference("AccountRef").map(str::to_owned),
        _ => {
            let own = line.reference("OverrideItemAccountRef");
            own.or_else(|| posting::bought_to(item(books, line)?)).map(str::to_owned)
        }
    };
    let Some(account) = account else {
        let is_blank = line.table == LineTable::Item && line.cents == 0 && line.reference("ItemRef").is_none();
        return if is_blank { Ok(None) } else { Err(Status::no_posting_account()) };
    };
    let account_type = books.account_type(&account);
    if account_type == "NonPosting" {
        return Err(Status::cannot_save(kind.word(), "The posting account is invalid."));
    }
    let has_party = matches!(account_type, "AccountsPayable" | "AccountsReceivable");
    let party = line.reference("CustomerRef").filter(|_| has_party).map(str::to_owned);
    Ok(Some(Posting { account, party, cents: line.cents }))
}
