//! Making and changing bills: the header, the rules, and what is posted.
//!
//! A bill debits the accounts of its lines and credits an A/P account, with the vendor as the party; its amount is the sum
//! of the lines and never negative (`qbxml.md` 6, 10). Defaults: the A/P account, the vendor's terms and address, the due
//! date by the terms. In a Mod only what is sent changes; links made by payments survive, but a paid bill can neither change
//! vendor or A/P account nor fall below what is paid (`qbxml.md` 7).

use chrono::NaiveDate;

use super::bill::{Shown, render};
use super::bill_lines;
use super::bill_tables::{ADD, MOD};
use crate::sim::quickbooks::answer::{Outcome, txn_recovery};
use crate::sim::quickbooks::books::{Books, Transaction, TxnKind};
use crate::sim::quickbooks::ledger::Posting;
use crate::sim::quickbooks::list_ops::overlay;
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::shape;
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::{Call, money, refs};
use crate::sim::xml::Element;

/// Header fields that may not be cleared: 3190 (`qbxml.md` 7).
const NEVER_CLEARED: &[&str] = &["VendorRef", "APAccountRef", "TxnDate", "DueDate"];

/// Fields of the header, as opposed to lines and instructions.
fn is_header(field: &Element) -> bool {
    !matches!(
        field.name.as_str(),
        "TxnID"
            | "EditSequence"
            | "TxnDate"
            | "LinkToTxnID"
            | "ClearExpenseLines"
            | "ClearItemLines"
            | "ExpenseLineAdd"
            | "ItemLineAdd"
            | "ItemGroupLineAdd"
            | "ExpenseLineMod"
            | "ItemLineMod"
            | "ItemGroupLineMod"
    )
}

/// `BillAdd`.
pub(super) fn add(call: &mut Call<'_>) -> Result<Outcome, Status> {
    let macro_name = check_macro(call)?;
    let given = shape::given(ADD, call.request, "BillAdd");
    if let Some(link) = given.child("LinkToTxnID") {
        return Err(unknown_link(call, link));
    }
    let date = given.text_of("TxnDate").and_then(|text| text.parse().ok());
    let date = date.or(call.file.books.last_bill_date).unwrap_or_else(|| call.now.local.date());
    if call.is_closed(date) {
        return Err(Status::closed_period("Bill"));
    }
    let header: Vec<Element> =
        given.children.iter().filter(|field| is_header(field) && !field.is_empty()).cloned().collect();
    let (books, habits) = (&call.file.books, &call.file.setup.habits);
    refs::refuse_empty(&header)?;
    let fields = refs::resolve_all(books, habits, "Bill", header)?;
    let mut bill = Transaction {
        kind: TxnKind::Bill,
        id: String::new(),
        number: 0,
        created: call.now,
        modified: call.now,
        edit_sequence: 0,
        date,
        party: String::new(),
        total_cents: 0,
        fields,
        lines: bill_lines::added(books, habits, &given)?,
        links: Vec::new(),
        postings: Vec::new(),
    };
    add_defaults(call, &mut bill)?;
    settle(&call.file.books, &mut bill, given.child("APAccountRef"))?;
    let zone = call.file.setup.zone;
    let books = &mut call.file.books;
    bill.id = books.new_txn_id(&zone, call.now);
    bill.number = books.new_txn_number();
    bill.edit_sequence = Books::next_edit_sequence(&zone, call.now, 0);
    for line in &mut bill.lines {
        line.id = books.new_txn_id(&zone, call.now);
    }
    books.last_bill_date = Some(date);
    if let Some(name) = macro_name {
        call.macros.insert(name, bill.id.clone());
    }
    Ok(store(call, bill))
}

/// A link to a purchase order; there are none, so none is found.
fn unknown_link(call: &Call<'_>, link: &Element) -> Status {
    match link.attribute("useMacro") {
        Some(name) if !call.macros.contains_key(name) => Status::unknown_macro(name),
        Some(name) => Status::no_such_object(name),
        None => Status::no_such_object(&link.text),
    }
}

/// The macro a `BillAdd` defines, if its name is good and new.
fn check_macro(call: &Call<'_>) -> Result<Option<String>, Status> {
    let Some(name) = call.request.child("BillAdd").and_then(|bill| bill.attribute("defMacro")) else {
        return Ok(None);
    };
    let is_good = name.strip_prefix("TxnID:").is_some_and(|rest| !rest.is_empty());
    if is_good && !call.macros.contains_key(name) { Ok(Some(name.to_owned())) } else { Err(Status::bad_macro(name)) }
}

/// Fills in what the request left out.
fn add_defaults(call: &Call<'_>, bill: &mut Transaction) -> Result<(), Status> {
    let books = &call.file.books;
    let vendor_id = bill.reference("VendorRef").unwrap_or("").to_owned();
    let Some(vendor) = books.lists.get(ListKind::Vendor, &vendor_id) else {
        return Err(Status::bad_id(&vendor_id, "list id"));
    };
    let has = |bill: &Transaction, name: &str| bill.fields.iter().any(|field| field.name == name);
    if !has(bill, "APAccountRef") {
        let payable = books
            .default_payable_account()
            .ok_or_else(|| Status::bad_reference("AP Account", "Accounts Payable", "Bill"))?;
        bill.fields.push(refs::to("APAccountRef", &payable.id));
    }
    let vendor_terms = vendor.reference("TermsRef").filter(|_| call.file.setup.habits.bill_takes_vendor_terms);
    if let Some(terms) = vendor_terms.filter(|_| !has(bill, "TermsRef")) {
        bill.fields.push(refs::to("TermsRef", terms));
    }
    let address = vendor.fields.iter().find(|field| field.name == "VendorAddress");
    if let Some(address) = address.filter(|_| !has(bill, "VendorAddress")) {
        bill.fields.push(address.clone());
    }
    if !has(bill, "DueDate") {
        let due = books.due_date(bill.reference("TermsRef"), bill.date);
        bill.fields.push(Element::leaf("DueDate", &due.to_string()));
    }
    bill.party = vendor_id;
    Ok(())
}

/// Computes amount and postings, and checks what must hold for them.
fn settle(books: &Books, bill: &mut Transaction, payable_said: Option<&Element>) -> Result<(), Status> {
    let payable = bill.reference("APAccountRef").unwrap_or("").to_owned();
    if books.account_type(&payable) != "AccountsPayable" {
        let said = payable_said.cloned().unwrap_or_else(|| refs::to("APAccountRef", &payable));
        return Err(refs::refused(&said, "Bill", "The account for this transaction must be of type Accounts Payable."));
    }
    if bill.lines.is_empty() {
        return Err(Status::cannot_save("Bill", "The transaction is empty."));
    }
    let mut total: i64 = 0;
    let mut postings = Vec::with_capacity(bill.lines.len() + 1);
    for line in &bill.lines {
        total = total
            .checked_add(line.cents)
            .filter(|sum| sum.abs() <= money::CENTS_MAX)
            .ok_or_else(Status::amount_too_large)?;
        if let Some(account) = bill_lines::account(books, line)? {
            postings.push(Posting { account, party: None, cents: line.cents });
        }
    }
    if total < 0 {
        return Err(Status::rule("Amount", &money::format(total), "Transaction amount must be positive."));
    }
    postings.push(Posting { account: payable, party: Some(bill.party.clone()), cents: -total });
    bill.total_cents = total;
    bill.postings = postings;
    Ok(())
}

/// Books the bill and answers with it.
fn store(call: &mut Call<'_>, bill: Transaction) -> Outcome {
    let zone = call.file.setup.zone;
    let books = &mut call.file.books;
    if let Some(before) = books.txns.remove(&bill.id) {
        books.ledger.unpost(&before.postings);
    }
    books.ledger.post(&bill.postings);
    let ret = render(books, &zone, &bill, call.version, Shown { lines: true, links: false });
    let recovery = txn_recovery(&bill.id, bill.number, bill.edit_sequence, bill.field("ExternalGUID"));
    books.txns.insert(bill.id.clone(), bill);
    Outcome::changed(ret, recovery)
}

/// `BillMod`.
pub(super) fn modify(call: &mut Call<'_>) -> Result<Outcome, Status> {
    let given = shape::given(MOD, call.request, "BillMod");
    let id = given.text_of("TxnID").unwrap_or("");
    if !refs::has_id_form(id) {
        return Err(Status::bad_id(id, "txn id"));
    }
    let found = call.file.books.txns.get(id).filter(|txn| txn.kind == TxnKind::Bill);
    let before = found.cloned().ok_or_else(|| Status::no_such_object(id))?;
    if call.is_open_elsewhere(id) {
        return Err(Status::transaction_locked());
    }
    let edit_sequence = given.text_of("EditSequence").unwrap_or("");
    if edit_sequence != before.edit_sequence.to_string() {
        return Err(Status::stale(edit_sequence));
    }
    let is_cleared = |field: &&Element| field.is_empty() || refs::is_cleared(field);
    if let Some(field) =
        given.children.iter().filter(is_cleared).find(|field| NEVER_CLEARED.contains(&field.name.as_str()))
    {
        return Err(Status::cannot_clear(&field.name, "Bill"));
    }
    let mut bill = before.clone();
    bill.date = given.text_of("TxnDate").and_then(|text| text.parse::<NaiveDate>().ok()).unwrap_or(before.date);
    if call.is_closed(before.date) || call.is_closed(bill.date) {
        return Err(Status::closed_period("Bill"));
    }
    let header = given.children.iter().filter(|field| is_header(field)).cloned().collect();
    let (books, habits) = (&call.file.books, &call.file.setup.habits);
    let changes = refs::resolve_all(books, habits, "Bill", header)?;
    overlay(&mut bill.fields, changes);
    bill.party = bill.reference("VendorRef").unwrap_or("").to_owned();
    bill.lines = bill_lines::modified(books, habits, &before.lines, &given)?;
    settle(books, &mut bill, given.child("APAccountRef"))?;
    check_paid(&before, &bill)?;
    let zone = call.file.setup.zone;
    bill.modified = call.now;
    bill.edit_sequence = Books::next_edit_sequence(&zone, call.now, before.edit_sequence);
    let all_new = call.file.setup.habits.line_ids_change && bill.lines != before.lines;
    for line in bill.lines.iter_mut().filter(|line| all_new || line.id.is_empty()) {
        line.id = call.file.books.new_txn_id(&zone, call.now);
    }
    Ok(store(call, bill))
}

fn check_paid(before: &Transaction, bill: &Transaction) -> Result<(), Status> {
    let paid = bill.linked_cents();
    if bill.links.is_empty() {
        return Ok(());
    }
    let moved = before.party != bill.party || before.reference("APAccountRef") != bill.reference("APAccountRef");
    if moved {
        return Err(Status::cannot_modify("Bill", "The vendor or account of a paid bill cannot be changed."));
    }
    if bill.total_cents < paid {
        let amount = money::format(bill.total_cents);
        return Err(Status::rule("Amount", &amount, "The amount cannot be less than what has been paid."));
    }
    Ok(())
}
