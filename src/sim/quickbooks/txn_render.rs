//! Transactions as the elements of an answer.
//!
//! The header comes first, then what is computed, then links and lines as far as they are asked for; the table of the object
//! gives all of it its order. What a payment was used for counts as its lines (`qbxml.md` 1).

use super::applied::{Use, open_cents};
use super::books::{Books, Line, LineTable, Transaction};
use super::money;
use super::objects;
use super::refs;
use super::schema::Version;
use super::shape::arrange;
use super::time::Zone;
use super::txn_kind::TxnKind;
use crate::sim::xml::Element;

/// What an answer shows besides the header.
#[derive(Clone, Copy)]
pub(crate) struct Shown {
    pub(crate) lines: bool,
    pub(crate) links: bool,
}

/// A transaction as its `…Ret` element, with the elements of a version.
pub(crate) fn render(books: &Books, zone: &Zone, txn: &Transaction, version: Version, shown: Shown) -> Element {
    let object = objects::txn_object(txn.kind);
    let mut fields = vec![
        Element::leaf("TxnID", &txn.id),
        Element::leaf("TimeCreated", &zone.stamp(txn.created)),
        Element::leaf("TimeModified", &zone.stamp(txn.modified)),
        Element::leaf("EditSequence", &txn.edit_sequence.to_string()),
        Element::leaf("TxnNumber", &txn.number.to_string()),
        Element::leaf("TxnDate", &txn.date.to_string()),
    ];
    fields.extend(refs::with_names(books, &txn.fields));
    fields.extend((object.computed)(books, txn));
    if shown.links {
        fields.extend(links(books, &txn.id));
    }
    if shown.lines {
        fields.extend(books.applied.of(&txn.id).into_iter().filter_map(|used| applied(books, used)));
        fields.extend(txn.lines.iter().filter_map(|line| line_element(books, txn.kind, line)));
    }
    Element::group(object.ret, arrange(object.table, &fields, version))
}

/// The name of a line's element; `None` for a line that is never shown.
fn line_name(kind: TxnKind, line: &Line) -> Option<String> {
    let name = match (line.table, line.is_group()) {
        (LineTable::Expense, _) => "ExpenseLineRet".to_owned(),
        (LineTable::Item, false) => "ItemLineRet".to_owned(),
        (LineTable::Item, true) => "ItemGroupLineRet".to_owned(),
        (LineTable::Sales, false) => format!("{}LineRet", kind.word()),
        (LineTable::Sales, true) => format!("{}LineGroupRet", kind.word()),
        (LineTable::Deposit, _) => "DepositLineRet".to_owned(),
        (LineTable::CashBack, _) => "CashBackInfoRet".to_owned(),
        (LineTable::Debit, _) => "JournalDebitLine".to_owned(),
        (LineTable::Credit, _) => "JournalCreditLine".to_owned(),
        (LineTable::Money, _) => return None,
    };
    Some(name)
}

fn line_element(books: &Books, kind: TxnKind, line: &Line) -> Option<Element> {
    let mut children = vec![Element::leaf("TxnLineID", &line.id)];
    children.extend(refs::with_names(books, &line.fields));
    children.extend(line.members.iter().filter_map(|member| line_element(books, kind, member)));
    Some(Element::group(&line_name(kind, line)?, children))
}

/// The transactions linked to one, payments and credits with negative amounts, as real answers have it for invoices. A
/// discount counts in (recalled), so that total and links make up what is open.
fn links(books: &Books, id: &str) -> Vec<Element> {
    let on = books.applied.on(id).iter().map(|used| (used.source.as_str(), -used.relief_cents()));
    let of = books.applied.of(id).into_iter().map(|used| (used.target.as_str(), used.relief_cents()));
    on.chain(of).filter_map(|(other, cents)| linked(books, other, cents)).collect()
}

fn linked(books: &Books, id: &str, cents: i64) -> Option<Element> {
    let other = books.txns.get(id)?;
    let mut fields = named(other);
    fields.push(Element::leaf("LinkType", "AMTTYPE"));
    fields.push(Element::leaf("Amount", &money::format(cents)));
    Some(Element::group("LinkedTxn", fields))
}

/// What a use tells of the transaction at its other end.
fn named(other: &Transaction) -> Vec<Element> {
    let mut fields = vec![
        Element::leaf("TxnID", &other.id),
        Element::leaf("TxnType", other.kind.word()),
        Element::leaf("TxnDate", &other.date.to_string()),
    ];
    fields.extend(other.field("RefNumber").map(|number| Element::leaf("RefNumber", number)));
    fields
}

/// One transaction a payment was used for. Credits are not payments and show their uses as links only.
fn applied(books: &Books, used: &Use) -> Option<Element> {
    let target = books.txns.get(&used.target)?;
    let mut fields = named(target);
    fields.push(Element::leaf("BalanceRemaining", &money::format(open_cents(books, target))));
    fields.push(Element::leaf("Amount", &money::format(used.cents)));
    if let Some(discount) = &used.discount {
        fields.push(Element::leaf("DiscountAmount", &money::format(discount.cents)));
        fields.push(refs::to("DiscountAccountRef", &discount.account));
        fields.extend(discount.class.as_deref().map(|class| refs::to("DiscountClassRef", class)));
    }
    Some(Element::group("AppliedToTxnRet", refs::with_names(books, &fields)))
}
