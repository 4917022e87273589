//! What invoices and credit memos have in common: the customer, the A/R account, sales tax, and postings that mirror each
//! other.
//!
//! QuickBooks computes the totals: the subtotal is the sum of the lines, the tax that of the taxable ones by the item of the
//! header (`qbxml.md` 6). A line is taxable if its code is and the customer's code is. Header defaults come from the
//! customer. A pending sale is kept and not posted.

use super::item_facts;
use super::{address_block, sales_lines};
use crate::sim::quickbooks::books::{Books, Line, LineTable, Transaction};
use crate::sim::quickbooks::ledger::Posting;
use crate::sim::quickbooks::lists::{ListKind, ListRecord};
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::txn_kind::TxnKind;
use crate::sim::quickbooks::txn_ops::{Draft, SALES_TAX};
use crate::sim::quickbooks::{Call, money, refs};
use crate::sim::xml::Element;

/// Makes the customer or job of the header the party.
///
/// # Errors
/// 3000 if there is none, 3140 if it is a vendor.
pub(super) fn take_customer(call: &Call<'_>, txn: &mut Transaction) -> Result<(), Status> {
    let customer = txn.reference("CustomerRef").unwrap_or("").to_owned();
    if customer.is_empty() {
        return Err(Status::bad_id("", "list id"));
    }
    if call.file.books.lists.get(ListKind::Customer, &customer).is_none() {
        return Err(Status::bad_reference("Customer", &customer, txn.kind.word()));
    }
    txn.party = customer;
    Ok(())
}

/// Gives a transaction the company's A/R account if it has none, and makes sure that it is one.
///
/// # Errors
/// 3140 if there is none or it is of another type.
pub(super) fn take_receivable_account(
    call: &Call<'_>,
    txn: &mut Transaction,
    said: Option<&Element>,
) -> Result<String, Status> {
    let (books, word) = (&call.file.books, txn.kind.word());
    if txn.reference("ARAccountRef").is_none() {
        let receivable = books.default_account("AccountsReceivable");
        let receivable = receivable.ok_or_else(|| Status::bad_reference("AR Account", "Accounts Receivable", word))?;
        txn.fields.push(refs::to("ARAccountRef", &receivable.id));
    }
    let receivable = txn.reference("ARAccountRef").unwrap_or("").to_owned();
    if books.account_type(&receivable) != "AccountsReceivable" {
        let said = said.cloned().unwrap_or_else(|| refs::to("ARAccountRef", &receivable));
        let reason = "The account for this transaction must be of type Accounts Receivable.";
        return Err(refs::refused(&said, word, reason));
    }
    Ok(receivable)
}

/// Lines, totals and postings of an invoice or credit memo.
///
/// # Errors
/// The status of the first rule that is broken.
pub(super) fn settle(call: &Call<'_>, draft: &mut Draft, given: &Element) -> Result<(), Status> {
    let books = &call.file.books;
    take_customer(call, &mut draft.txn)?;
    let receivable = take_receivable_account(call, &mut draft.txn, given.child("ARAccountRef"))?;
    if draft.before.is_none() {
        add_defaults(books, &mut draft.txn);
    }
    let word = draft.txn.kind.word();
    draft.txn.lines = sales_lines::settled(call, draft, given)?;
    if draft.txn.lines.is_empty() {
        return Err(Status::cannot_save(word, "The transaction is empty."));
    }
    if let Some(class) = draft.txn.reference("ClassRef").map(|class| refs::to("ClassRef", class)) {
        for line in draft.txn.lines.iter_mut().filter(|line| !line.is_group() && line.reference("ClassRef").is_none()) {
            line.fields.push(class.clone());
        }
    }
    let subtotal = subtotal_cents(books, &draft.txn);
    let total = subtotal.checked_add(tax_cents(books, &draft.txn)).ok_or_else(Status::amount_too_large)?;
    if total < 0 {
        return Err(Status::rule("Amount", &money::format(total), "Transaction amount must be positive."));
    }
    if total > money::CENTS_MAX {
        return Err(Status::amount_too_large());
    }
    draft.txn.total_cents = total;
    draft.txn.postings = postings(books, &draft.txn, receivable)?;
    Ok(())
}

/// Fills in what the customer says and the request left out.
fn add_defaults(books: &Books, sale: &mut Transaction) {
    let Some(customer) = books.lists.get(ListKind::Customer, &sale.party) else { return };
    let mut names = vec!["BillAddress", "ShipAddress", "TermsRef", "SalesRepRef"];
    if books.preferences.sales_tax {
        names.push("ItemSalesTaxRef");
    }
    for name in names {
        let own = customer.fields.iter().find(|field| field.name == name);
        if let Some(own) = own.filter(|_| !sale.fields.iter().any(|field| field.name == name)) {
            sale.fields.push(own.clone());
        }
    }
    if books.preferences.sales_tax {
        let code = customer.reference("SalesTaxCodeRef").map(str::to_owned);
        let code = code.or_else(|| Some(default_code(books)?.id.clone()));
        if let Some(code) = code.filter(|_| sale.reference("CustomerSalesTaxCodeRef").is_none()) {
            sale.fields.push(refs::to("CustomerSalesTaxCodeRef", &code));
        }
        let tax = oldest(books, ListKind::ItemSalesTax, |_| true);
        if let Some(tax) = tax.filter(|_| sale.reference("ItemSalesTaxRef").is_none()) {
            sale.fields.push(refs::to("ItemSalesTaxRef", &tax.id));
        }
    }
    let date = sale.date.to_string();
    let due = match sale.reference("TermsRef") {
        Some(terms) => books.due_date(Some(terms), sale.date).to_string(),
        None => date.clone(),
    };
    let fixed = [("DueDate", due), ("ShipDate", date), ("IsPending", "false".to_owned())];
    for (name, value) in fixed {
        if sale.field(name).is_none() {
            sale.fields.push(Element::leaf(name, &value));
        }
    }
}

fn oldest(books: &Books, kind: ListKind, fits: impl Fn(&&ListRecord) -> bool) -> Option<&ListRecord> {
    books.lists.of_kind(kind).filter(fits).min_by_key(|record| (record.created.local, record.id.clone()))
}

/// The taxable code a customer without a code has.
fn default_code(books: &Books) -> Option<&ListRecord> {
    oldest(books, ListKind::SalesTaxCode, |code| code.field("IsTaxable") == Some("true"))
}

/// The lines that count: members instead of their groups, subtotals left out.
fn counting<'a>(books: &'a Books, sale: &'a Transaction) -> impl Iterator<Item = &'a Line> {
    let single = sale.lines.iter().filter(|line| line.table == LineTable::Sales);
    let single =
        single.flat_map(|line| if line.is_group() { line.members.iter() } else { std::slice::from_ref(line).iter() });
    single.filter(|line| kind_of(books, line) != Some(ListKind::ItemSubtotal))
}

fn kind_of(books: &Books, line: &Line) -> Option<ListKind> {
    books.lists.item(line.reference("ItemRef")?).map(|item| item.kind)
}

/// The sum of the lines, in cents.
pub(super) fn subtotal_cents(books: &Books, sale: &Transaction) -> i64 {
    counting(books, sale).map(|line| line.cents).sum()
}

/// The rates that are charged: one tax, or those of a group.
fn rates<'a>(books: &'a Books, sale: &Transaction) -> Vec<&'a str> {
    let Some(item) = sale.reference("ItemSalesTaxRef").and_then(|id| books.lists.item(id)) else {
        return Vec::new();
    };
    let members = item.fields.iter().filter(|field| field.name == "ItemSalesTaxRef");
    let members = members.filter_map(|member| books.lists.item(member.text_of("ListID")?));
    [item].into_iter().chain(members).filter_map(|tax| tax.field("TaxRate")).collect()
}

fn is_taxable_code(books: &Books, code: Option<&str>) -> bool {
    let record = code.and_then(|id| books.lists.get(ListKind::SalesTaxCode, id));
    record.is_some_and(|record| record.field("IsTaxable") == Some("true"))
}

/// The sales tax, in cents; each tax of a group is rounded by itself.
pub(super) fn tax_cents(books: &Books, sale: &Transaction) -> i64 {
    let of_customer = sale.reference("CustomerSalesTaxCodeRef");
    if !books.preferences.sales_tax || !is_taxable_code(books, of_customer) {
        return 0;
    }
    let is_taxed = |line: &&Line| {
        kind_of(books, line) != Some(ListKind::ItemPayment)
            && is_taxable_code(books, line.reference("SalesTaxCodeRef").or(of_customer))
    };
    let taxable: i64 = counting(books, sale).filter(is_taxed).map(|line| line.cents).sum();
    rates(books, sale).into_iter().filter_map(|rate| money::percent(taxable, rate)).sum()
}

/// Debits A/R, credits what the lines post to and the sales tax; a credit memo the other way round.
fn postings(books: &Books, sale: &Transaction, receivable: String) -> Result<Vec<Posting>, Status> {
    let mut postings = Vec::new();
    for line in counting(books, sale) {
        let own = line.reference("OverrideItemAccountRef");
        let item = line.reference("ItemRef").and_then(|id| item_facts::sold(books, id));
        match own.or_else(|| item?.account) {
            Some(account) if books.account_type(account) == "NonPosting" => {
                return Err(Status::cannot_save(sale.kind.word(), "The posting account is invalid."));
            }
            Some(account) => postings.push(Posting { account: account.to_owned(), party: None, cents: -line.cents }),
            None if line.cents == 0 => {}
            None => return Err(Status::no_posting_account()),
        }
    }
    let tax = tax_cents(books, sale);
    if tax != 0 {
        postings.push(Posting { account: SALES_TAX.to_owned(), party: None, cents: -tax });
    }
    postings.push(Posting { account: receivable, party: Some(sale.party.clone()), cents: sale.total_cents });
    if sale.field("IsPending") == Some("true") {
        postings.clear();
    }
    if sale.kind == TxnKind::CreditMemo {
        for posting in &mut postings {
            posting.cents = -posting.cents;
        }
    }
    Ok(postings)
}

/// Totals and printed addresses, which both kinds show.
pub(super) fn computed(books: &Books, sale: &Transaction) -> Vec<Element> {
    let is_taxed = books.preferences.sales_tax && sale.total_cents != 0;
    let percentage = if is_taxed { money::percent_sum(rates(books, sale).into_iter()) } else { None };
    let subtotal = subtotal_cents(books, sale);
    let mut fields = vec![
        Element::leaf("Subtotal", &money::format(subtotal)),
        Element::leaf("SalesTaxPercentage", percentage.as_deref().unwrap_or("0.00")),
        Element::leaf("SalesTaxTotal", &money::format(sale.total_cents - subtotal)),
    ];
    for name in ["IsToBePrinted", "IsToBeEmailed"] {
        if sale.field(name).is_none() {
            fields.push(Element::leaf(name, "false"));
        }
    }
    for (name, block) in [("BillAddress", "BillAddressBlock"), ("ShipAddress", "ShipAddressBlock")] {
        let address = sale.fields.iter().find(|field| field.name == name);
        fields.extend(address.map(|address| address_block(block, address)));
    }
    fields
}
