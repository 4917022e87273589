//! Deposits: money brought to the bank.
//!
//! Lines are of two kinds: received payments that wait in Undeposited Funds, each as a whole, and money straight from an
//! account, which may be negative for fees (`qbxml.md` 6). A deposit debits the bank with what is not kept back as cash. A
//! payment is held by one deposit at most; deleting or voiding the deposit sets it free.

use std::collections::BTreeSet;

use super::txn_tables::deposit::{ADD, MOD, QUERY, RET};
use super::{Attributes, RequestType};
use crate::sim::quickbooks::books::{Books, Line, LineTable, Transaction};
use crate::sim::quickbooks::ledger::Posting;
use crate::sim::quickbooks::list_ops::overlay;
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::txn_kind::TxnKind;
use crate::sim::quickbooks::txn_ops::{self, Draft, TxnObject, undeposited_account};
use crate::sim::quickbooks::{Call, money, refs, txn_query};
use crate::sim::xml::Element;

const KIND: TxnKind = TxnKind::Deposit;

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("DepositQuery", QUERY, |call| txn_query::run(call, KIND)).with(Attributes::Iterated).since(2, 0),
    RequestType::new("DepositAdd", ADD, |call| txn_ops::add(call, KIND, ADD)).since(2, 0),
    RequestType::new("DepositMod", MOD, |call| txn_ops::modify(call, KIND, MOD)).since(7, 0),
];

pub(crate) static OBJECT: TxnObject =
    TxnObject { ret: "DepositRet", table: RET, never_cleared: &["TxnDate", "DepositToAccountRef"], settle, computed };

/// The payments that deposits hold.
pub(super) fn held(books: &Books) -> BTreeSet<&str> {
    let deposits = books.txns.values().filter(|txn| txn.kind == KIND);
    deposits.flat_map(|deposit| &deposit.lines).filter_map(|line| line.field("TxnID")).collect()
}

/// The deposit that holds a payment.
pub(crate) fn holder<'a>(books: &'a Books, payment: &str) -> Option<&'a Transaction> {
    let mut deposits = books.txns.values().filter(|txn| txn.kind == KIND);
    deposits.find(|deposit| deposit.lines.iter().any(|line| line.field("TxnID") == Some(payment)))
}

/// Cents of a transaction that went to Undeposited Funds.
pub(super) fn undeposited_cents(books: &Books, txn: &Transaction) -> i64 {
    let Some(account) = undeposited_account(books).filter(|_| txn.kind == TxnKind::ReceivePayment) else {
        return 0;
    };
    txn.postings.iter().filter(|posting| posting.account == account.id).map(|posting| posting.cents).sum()
}

fn computed(_books: &Books, deposit: &Transaction) -> Vec<Element> {
    vec![Element::leaf("DepositTotal", &money::format(deposit.total_cents))]
}

fn settle(call: &Call<'_>, draft: &mut Draft, given: &Element) -> Result<(), Status> {
    let books = &call.file.books;
    let account = draft.txn.reference("DepositToAccountRef").unwrap_or("").to_owned();
    if account.is_empty() {
        return Err(Status::bad_id("", "list id"));
    }
    if !matches!(books.account_type(&account), "Bank" | "OtherCurrentAsset" | "CreditCard") {
        let said = given.child("DepositToAccountRef").cloned();
        let said = said.unwrap_or_else(|| refs::to("DepositToAccountRef", &account));
        return Err(refs::refused(&said, KIND.word(), "The account for this transaction must be of type Bank."));
    }
    take_lines(call, draft, given)?;
    if draft.txn.lines.is_empty() {
        return Err(Status::cannot_save(KIND.word(), "The transaction is empty."));
    }
    let mut postings = Vec::new();
    let mut total: i64 = 0;
    for line in &draft.txn.lines {
        let sign = if line.table == LineTable::CashBack { -1 } else { 1 };
        let cents = total.checked_add(sign * line.cents);
        total = cents.filter(|sum| sum.abs() <= money::CENTS_MAX).ok_or_else(Status::amount_too_large)?;
        let account = line.reference("AccountRef").unwrap_or("").to_owned();
        let has_party = matches!(books.account_type(&account), "AccountsPayable" | "AccountsReceivable");
        let party = line.reference("EntityRef").filter(|_| has_party).map(str::to_owned);
        if has_party && party.is_none() {
            return Err(Status::cannot_save(KIND.word(), "A line on this account needs a name."));
        }
        postings.push(Posting { account, party, cents: -sign * line.cents });
    }
    if total < 0 {
        return Err(Status::rule("DepositTotal", &money::format(total), "Transaction amount must be positive."));
    }
    postings.push(Posting { account, party: None, cents: total });
    draft.txn.total_cents = total;
    draft.txn.postings = postings;
    Ok(())
}

/// The lines after an Add or a Mod: those sent, or all that were there; cash kept back comes first.
fn take_lines(call: &Call<'_>, draft: &mut Draft, given: &Element) -> Result<(), Status> {
    let before: Vec<Line> = draft.before.iter().flat_map(|before| before.lines.clone()).collect();
    let mut lines: Vec<Line> = Vec::new();
    let cash = given.child("CashBackInfoAdd").or_else(|| given.child("CashBackInfoMod"));
    let old_cash = before.iter().find(|line| line.table == LineTable::CashBack).cloned();
    match cash {
        Some(cash) => {
            let line = old_cash.unwrap_or_else(|| Line::new(LineTable::CashBack));
            lines.push(free_line(call, line, cash)?);
        }
        None => lines.extend(old_cash),
    }
    let is_line = |child: &&Element| matches!(child.name.as_str(), "DepositLineAdd" | "DepositLineMod");
    let sent: Vec<&Element> = given.children.iter().filter(is_line).collect();
    if sent.is_empty() {
        lines.extend(before.iter().filter(|line| line.table == LineTable::Deposit).cloned());
    }
    for child in sent {
        let line = match child.text_of("TxnLineID").filter(|id| *id != "-1") {
            None => Line::new(LineTable::Deposit),
            Some(id) => {
                let known = before.iter().find(|line| line.id == id && line.table == LineTable::Deposit);
                known.cloned().ok_or_else(|| Status::no_such_object(id))?
            }
        };
        let line = match child.child("PaymentTxnID") {
            Some(payment) => payment_line(call, draft, line, child, payment)?,
            None => free_line(call, line, child)?,
        };
        let twice =
            lines.iter().any(|known| line.field("TxnID").is_some() && known.field("TxnID") == line.field("TxnID"));
        if twice {
            return Err(Status::linked_twice());
        }
        lines.push(line);
    }
    draft.txn.lines = lines;
    Ok(())
}

/// A line of money straight from an account.
fn free_line(call: &Call<'_>, mut line: Line, child: &Element) -> Result<Line, Status> {
    let (books, habits) = (&call.file.books, &call.file.setup.habits);
    let fields = child.children.iter().filter(|field| field.name != "TxnLineID").cloned().collect();
    if line.fields.is_empty() {
        refs::refuse_empty(&child.children)?;
    } else if line.field("TxnID").is_some() && !child.children.iter().all(|field| field.name == "TxnLineID") {
        return Err(Status::cannot_modify(KIND.word(), "A payment on a deposit cannot be changed there."));
    }
    overlay(&mut line.fields, refs::resolve_all(books, habits, KIND.word(), fields)?);
    if line.field("TxnID").is_some() {
        return Ok(line);
    }
    line.cents = line.field("Amount").and_then(money::parse).unwrap_or(0);
    line.set("Amount", &money::format(line.cents));
    let account = line.reference("AccountRef").ok_or_else(Status::no_posting_account)?;
    if books.account_type(account) == "NonPosting" {
        return Err(Status::cannot_save(KIND.word(), "The posting account is invalid."));
    }
    Ok(line)
}

/// A received payment that waits in Undeposited Funds.
fn payment_line(call: &Call<'_>, draft: &Draft, line: Line, child: &Element, said: &Element) -> Result<Line, Status> {
    let books = &call.file.books;
    let id = txn_ops::txn_id(call, said)?;
    let known = books.txns.get(&id).filter(|txn| undeposited_cents(books, txn) > 0);
    let payment = known.ok_or_else(|| Status::no_such_object(&id))?;
    let own = draft.before.as_ref().map(|before| before.id.as_str());
    if holder(books, &id).is_some_and(|deposit| Some(deposit.id.as_str()) != own) {
        return Err(Status::no_such_object(&id));
    }
    let part = payment.lines.iter().find(|line| line.table == LineTable::Money).map_or("", |line| line.id.as_str());
    if let Some(asked) = child.text_of("PaymentTxnLineID").filter(|asked| *asked != part) {
        return Err(Status::no_such_object(asked));
    }
    let account = undeposited_account(books).map_or("", |account| account.id.as_str());
    let mut fields = vec![
        Element::leaf("TxnType", payment.kind.word()),
        Element::leaf("TxnID", &id),
        Element::leaf("PaymentTxnLineID", part),
        refs::to("EntityRef", &payment.party),
        refs::to("AccountRef", account),
    ];
    let memo = child.text_of("OverrideMemo").or_else(|| payment.field("Memo"));
    fields.extend(memo.map(|memo| Element::leaf("Memo", memo)));
    let number = child.text_of("OverrideCheckNumber");
    fields.extend(number.map(|number| Element::leaf("CheckNumber", number)));
    fields.extend(payment.reference("PaymentMethodRef").map(|method| refs::to("PaymentMethodRef", method)));
    if let Some(class) = child.child("OverrideClassRef") {
        let class = Element::group("ClassRef", class.children.clone());
        let record = refs::resolve(books, &call.file.setup.habits, KIND.word(), &class)?;
        fields.push(refs::to("ClassRef", &record.id));
    }
    let cents = undeposited_cents(books, payment);
    fields.push(Element::leaf("Amount", &money::format(cents)));
    Ok(Line { cents, fields, ..line })
}
