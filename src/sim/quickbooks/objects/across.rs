//! The queries that look across kinds of transactions: what is to be paid, what is to be deposited, and everything.
//!
//! `BillToPayQuery` gives what a vendor is owed and what can be used for it; it can be trusted where `OpenAmount` cannot
//! (`qbxml.md` 10). `ReceivePaymentToDepositQuery` gives what waits in Undeposited Funds. `TransactionQuery` gives one row for
//! each transaction, or one for each of its postings, with the amount on the side that is normal for the account.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::company::included;
use super::txn_tables::across::{
    TO_DEPOSIT_QUERY, TO_DEPOSIT_RET, TO_PAY_QUERY, TO_PAY_RET, TRANSACTION_QUERY, TRANSACTION_RET,
};
use super::{Attributes, RequestType, account, deposit};
use crate::sim::quickbooks::Call;
use crate::sim::quickbooks::answer::Outcome;
use crate::sim::quickbooks::applied::{open_cents, standing};
use crate::sim::quickbooks::books::{Books, LineTable, Transaction};
use crate::sim::quickbooks::ledger::Posting;
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::query::{self, Hit};
use crate::sim::quickbooks::shape::arrange;
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::txn_kind::TxnKind;
use crate::sim::quickbooks::{money, refs, txn_query};
use crate::sim::xml::Element;

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("BillToPayQuery", TO_PAY_QUERY, to_pay).with(Attributes::Query).since(2, 0),
    RequestType::new("ReceivePaymentToDepositQuery", TO_DEPOSIT_QUERY, to_deposit).with(Attributes::Query).since(2, 0),
    RequestType::new("TransactionQuery", TRANSACTION_QUERY, transactions).with(Attributes::Iterated).since(4, 0),
];

/// The answer of a query without paging.
fn answer(call: &Call<'_>, ret: &str, found: Vec<Vec<Element>>) -> Outcome {
    let mut outcome = Outcome::of(Vec::new());
    let meta = call.request.attribute("metaData").unwrap_or("NoMetaData");
    if meta != "NoMetaData" {
        outcome.ret_count = Some(found.len());
    }
    if found.is_empty() {
        outcome.status = Status::nothing_found();
    }
    if meta != "MetaDataOnly" {
        outcome.body = found.into_iter().map(|fields| included(call.request, ret, fields)).collect();
    }
    outcome
}

fn to_pay(call: &mut Call<'_>) -> Result<Outcome, Status> {
    let (books, habits, request) = (&call.file.books, &call.file.setup.habits, call.request);
    let meant = |name: &str| request.child(name).map(|said| refs::resolve(books, habits, "BillToPayQuery", said));
    let payee = meant("PayeeEntityRef").transpose()?.map_or("", |record| record.id.as_str());
    let payable = meant("APAccountRef").transpose()?.map(|record| record.id.as_str());
    let until = request.text_of("DueDate").and_then(|text| text.parse::<NaiveDate>().ok());
    let is_foreign = request.child("CurrencyFilter").is_some();
    let mut found: Vec<(bool, &Transaction, i64)> = Vec::new();
    for txn in books.txns.values() {
        let Some(standing) = standing(books, txn) else { continue };
        let fits = standing.party == payee
            && books.account_type(&standing.account) == "AccountsPayable"
            && payable.is_none_or(|account| standing.account == account)
            && !is_foreign;
        let is_due = until.is_none_or(|until| !standing.is_debt || due(txn) <= until);
        let open = open_cents(books, txn);
        if fits && is_due && open > 0 {
            found.push((!standing.is_debt, txn, open));
        }
    }
    found.sort_by_key(|(is_credit, txn, _)| (*is_credit, due(txn), txn.number));
    let rows = found.into_iter().map(|(is_credit, txn, open)| {
        let account = standing(books, txn).map_or_else(String::new, |standing| standing.account);
        let mut fields = vec![
            Element::leaf("TxnID", &txn.id),
            Element::leaf("TxnType", txn.kind.word()),
            refs::to("APAccountRef", &account),
            Element::leaf("TxnDate", &txn.date.to_string()),
        ];
        fields.extend(txn.field("RefNumber").map(|number| Element::leaf("RefNumber", number)));
        fields.extend(txn.field("DueDate").map(|date| Element::leaf("DueDate", date)));
        let amount = if is_credit { "CreditRemaining" } else { "AmountDue" };
        fields.push(Element::leaf(amount, &money::format(open)));
        let name = if is_credit { "CreditToApply" } else { "BillToPay" };
        let row = Element::group(name, refs::with_names(books, &fields));
        arrange(TO_PAY_RET, &[row], call.version)
    });
    let rows = rows.collect();
    Ok(answer(call, "BillToPayRet", rows))
}

/// The day a transaction is due, or its own where it has no such day.
fn due(txn: &Transaction) -> NaiveDate {
    txn.field("DueDate").and_then(|text| text.parse().ok()).unwrap_or(txn.date)
}

fn to_deposit(call: &mut Call<'_>) -> Result<Outcome, Status> {
    let books = &call.file.books;
    let held = deposit::held(books);
    let waits = |txn: &&Transaction| deposit::undeposited_cents(books, txn) > 0 && !held.contains(txn.id.as_str());
    let mut found: Vec<&Transaction> = books.txns.values().filter(waits).collect();
    found.sort_by_key(|txn| (txn.date, txn.number));
    let rows = found.into_iter().map(|txn| {
        let line = txn.lines.iter().find(|line| line.table == LineTable::Money);
        let mut fields = vec![
            Element::leaf("TxnID", &txn.id),
            Element::leaf("TxnLineID", line.map_or("", |line| line.id.as_str())),
            Element::leaf("TxnType", txn.kind.word()),
            refs::to("CustomerRef", &txn.party),
            Element::leaf("TxnDate", &txn.date.to_string()),
            Element::leaf("Amount", &money::format(deposit::undeposited_cents(books, txn))),
        ];
        fields.extend(txn.field("RefNumber").map(|number| Element::leaf("RefNumber", number)));
        arrange(TO_DEPOSIT_RET, &refs::with_names(books, &fields), call.version)
    });
    let rows = rows.collect();
    Ok(answer(call, "ReceivePaymentToDepositRet", rows))
}

/// `TransactionQuery`. A hit is a transaction, and with details the number of one of its postings behind a blank.
fn transactions(call: &mut Call<'_>) -> Result<Outcome, Status> {
    query::run(
        call,
        |call| {
            let filter = Further::read(call)?;
            let mut selection = txn_query::select(call, TxnKind::ALL, |txn| filter.takes(&call.file.books, txn))?;
            let detail = call.request.text_of("TransactionDetailLevelFilter").unwrap_or("SummaryOnly");
            let rows = selection.hits.into_iter().flat_map(|hit| rows(&call.file.books, hit, detail));
            selection.hits = rows.collect();
            Ok(selection)
        },
        |call, hit| {
            let Hit::Txn(row) = hit else { return None };
            let (id, index) = row.split_once(' ').unwrap_or((row, "0"));
            let txn = call.file.books.txns.get(id)?;
            Some(transaction_row(call, txn, postings(txn).get(index.parse::<usize>().ok()?).copied()))
        },
    )
}

/// The postings of a transaction, the one on its main account first.
fn postings(txn: &Transaction) -> Vec<&Posting> {
    let is_main = |posting: &&Posting| match txn.kind {
        TxnKind::Transfer => posting.cents < 0,
        TxnKind::Deposit => txn.reference("DepositToAccountRef") == Some(&posting.account),
        TxnKind::JournalEntry => txn.postings.first() == Some(*posting),
        TxnKind::BillPaymentCheck => txn.reference("BankAccountRef") == Some(&posting.account),
        TxnKind::BillPaymentCreditCard => txn.reference("CreditCardAccountRef") == Some(&posting.account),
        TxnKind::ReceivePayment => txn.reference("DepositToAccountRef") == Some(&posting.account),
        TxnKind::Check => txn.reference("AccountRef") == Some(&posting.account),
        _ => posting.party.is_some(),
    };
    let (main, others): (Vec<&Posting>, Vec<&Posting>) = txn.postings.iter().partition(is_main);
    main.into_iter().chain(others).collect()
}

fn rows(books: &Books, hit: Hit, detail: &str) -> Vec<Hit> {
    let Hit::Txn(id) = &hit else { return vec![hit] };
    let count = books.txns.get(id).map_or(0, |txn| txn.postings.len());
    let row = |index: usize| Hit::Txn(format!("{id} {index}"));
    match detail {
        "All" => (0..count.max(1)).map(row).collect(),
        "AllExceptSummary" => (1..count).map(row).collect(),
        _ => vec![row(0)],
    }
}

fn transaction_row(call: &Call<'_>, txn: &Transaction, posting: Option<&Posting>) -> Element {
    let (books, zone) = (&call.file.books, &call.file.setup.zone);
    let mut fields = vec![
        Element::leaf("TxnType", txn.kind.word()),
        Element::leaf("TxnID", &txn.id),
        Element::leaf("TimeCreated", &zone.stamp(txn.created)),
        Element::leaf("TimeModified", &zone.stamp(txn.modified)),
        Element::leaf("TxnDate", &txn.date.to_string()),
    ];
    fields.extend(txn_query::names(txn).next().map(|name| refs::to("EntityRef", name)));
    for name in ["RefNumber", "Memo"] {
        fields.extend(txn.field(name).map(|text| Element::leaf(name, text)));
    }
    let cents = posting.map_or(0, |posting| {
        let account_type = books.account_type(&posting.account);
        i64::try_from(account::on_normal_side(account_type, i128::from(posting.cents))).unwrap_or(0)
    });
    fields.push(Element::leaf("Amount", &money::format(cents)));
    fields.extend(posting.map(|posting| refs::to("AccountRef", &posting.account)));
    Element::group("TransactionRet", arrange(TRANSACTION_RET, &refs::with_names(books, &fields), call.version))
}

/// The filters that only `TransactionQuery` has.
struct Further<'a> {
    types: BTreeSet<&'a str>,
    entity_type: Option<ListKind>,
    account_type: Option<&'a str>,
    items: Option<BTreeSet<&'a str>>,
    classes: Option<BTreeSet<&'a str>>,
    posting: Option<bool>,
    closed: Option<bool>,
}

impl<'a> Further<'a> {
    fn read(call: &'a Call<'_>) -> Result<Self, Status> {
        let (books, request) = (&call.file.books, call.request);
        let inside = |group: &str, name: &str| request.child(group).and_then(|group| group.text_of(name));
        let account_type = inside("TransactionAccountFilter", "AccountTypeFilter");
        let item_type = inside("TransactionItemFilter", "ItemTypeFilter");
        let is_known = |word: &str| crate::sim::quickbooks::tables::ACCOUNT_TYPE.contains(&word);
        if account_type.is_some_and(|word| !is_known(word)) || item_type.is_some() {
            // Groups of types are words of reports; nobody who follows changes needs them.
            return Err(Status::new(1030, "This request is not supported by this implementation."));
        }
        let either = |name: &str, yes: &str| match request.text_of(name) {
            None | Some("Either") => None,
            Some(word) => Some(word == yes),
        };
        let items = request.child("TransactionItemFilter");
        let types = request.child("TransactionTypeFilter");
        Ok(Self {
            types: types.into_iter().flat_map(|types| &types.children).map(|kind| kind.text.as_str()).collect(),
            entity_type: inside("TransactionEntityFilter", "EntityTypeFilter").and_then(ListKind::of_word),
            account_type,
            items: items
                .map(|items| ListKind::ITEMS.iter().flat_map(|kind| txn_query::tree(books, *kind, items)).collect()),
            classes: request
                .child("TransactionClassFilter")
                .map(|classes| txn_query::tree(books, ListKind::Class, classes)),
            posting: either("TransactionPostingStatusFilter", "Posting"),
            closed: either("TransactionPaidStatusFilter", "Closed"),
        })
    }

    fn takes(&self, books: &Books, txn: &Transaction) -> bool {
        let lines = || txn.lines.iter().chain(txn.lines.iter().flat_map(|line| &line.members));
        let has = |name: &str, wanted: &BTreeSet<&str>| {
            lines().any(|line| line.reference(name).is_some_and(|id| wanted.contains(id)))
        };
        let own_class = |wanted: &BTreeSet<&str>| txn.reference("ClassRef").is_some_and(|id| wanted.contains(id));
        let is_kind = |kind: ListKind| txn_query::names(txn).any(|id| books.lists.get(kind, id).is_some());
        let on_type = |word: &str| txn.postings.iter().any(|posting| books.account_type(&posting.account) == word);
        (self.types.is_empty() || self.types.contains("All") || self.types.contains(txn.kind.word()))
            && self.entity_type.is_none_or(is_kind)
            && self.account_type.is_none_or(on_type)
            && self.items.as_ref().is_none_or(|wanted| has("ItemRef", wanted))
            && self.classes.as_ref().is_none_or(|wanted| has("ClassRef", wanted) || own_class(wanted))
            && self.posting.is_none_or(|posts| txn.postings.is_empty() != posts)
            && self.closed.is_none_or(|closed| (open_cents(books, txn) == 0) == closed)
    }
}
