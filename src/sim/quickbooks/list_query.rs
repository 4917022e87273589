//! What queries of lists select, and in which order.
//!
//! By ID or by name, what was asked for comes in the order it was asked for. Otherwise the filters decide: activity (only
//! active records unless asked), time of change, name, and what single lists have besides (account types, ways to pay,
//! balances, classes). Accounts come in the order of the chart, items by type, and records of a tree behind their parents.

use std::collections::BTreeSet;

use super::Call;
use super::lists::{ListKind, ListRecord};
use super::money;
use super::objects;
use super::query::{Hit, Selection, Span, TextFilter};
use super::status::Status;
use super::text::folded;
use crate::sim::xml::Element;

/// The records a query of these lists means.
///
/// # Errors
/// 3020, 3030 and 3031 for filters that make no sense.
pub(crate) fn select(call: &Call<'_>, kinds: &[ListKind]) -> Result<Selection, Status> {
    let books = &call.file.books;
    let selection = by_name(call, kinds);
    if selection.by_name {
        return Ok(selection);
    }
    let filter = ListFilter::read(call)?;
    let mut found: Vec<&ListRecord> =
        kinds.iter().flat_map(|kind| books.lists.of_kind(*kind)).filter(|record| filter.takes(call, record)).collect();
    found.sort_by_cached_key(|record| {
        let chart = objects::account::type_rank(record.field("AccountType"));
        // A child stands right behind its parent, before "Parent 2".
        let place = folded(&books.lists.full_name(record)).replace(':', "\u{1}");
        (chart, record.kind.item_rank(), place, record.kind)
    });
    Ok(Selection { hits: found.into_iter().map(|record| Hit::List(record.key())).collect(), ..selection })
}

/// What the query asks for by ID or full name.
fn by_name(call: &Call<'_>, kinds: &[ListKind]) -> Selection {
    let books = &call.file.books;
    let mut selection = Selection { hits: Vec::new(), missing: None, by_name: false, missing_was_id: false };
    for asked in call.request.children.iter().filter(|child| matches!(child.name.as_str(), "ListID" | "FullName")) {
        selection.by_name = true;
        let found = kinds.iter().find_map(|kind| match asked.name.as_str() {
            "ListID" => books.lists.get(*kind, &asked.text),
            _ => super::refs::by_name(books, *kind, &asked.text),
        });
        match found {
            Some(record) => selection.hits.push(Hit::List(record.key())),
            None if selection.missing.is_none() => {
                selection.missing = Some(asked.text.clone());
                selection.missing_was_id = asked.name == "ListID";
            }
            None => {}
        }
    }
    selection
}

/// The filters of list queries.
struct ListFilter<'a> {
    active: &'a str,
    modified: Span,
    name: Option<TextFilter<'a>>,
    /// Words a field must be one of: account types and ways to pay.
    words: [(&'static str, Vec<&'a str>); 2],
    balance: Option<(&'a str, i64)>,
    /// `ListID`s of the classes asked for.
    classes: Option<BTreeSet<&'a str>>,
    impossible: bool,
}

impl<'a> ListFilter<'a> {
    fn read(call: &'a Call<'_>) -> Result<Self, Status> {
        let request: &'a Element = call.request;
        let balance = request.child("TotalBalanceFilter").map(|filter| {
            let cents = filter.text_of("Amount").and_then(money::parse).unwrap_or(0);
            (filter.text_of("Operator").unwrap_or("Equal"), cents)
        });
        let words = |name| (name, request.children_named(name).map(|word| word.text.as_str()).collect());
        let classes = request.child("ClassFilter");
        Ok(Self {
            active: request.text_of("ActiveStatus").unwrap_or("ActiveOnly"),
            modified: Span::read(request, "FromModifiedDate", "ToModifiedDate")?,
            name: TextFilter::read(request, "Name")?,
            words: [words("AccountType"), words("PaymentMethodType")],
            balance,
            classes: classes.map(|filter| super::txn_query::tree(&call.file.books, ListKind::Class, filter)),
            // Currencies of names are not kept, so nothing passes this filter.
            impossible: request.child("CurrencyFilter").is_some(),
        })
    }

    fn takes(&self, call: &Call<'_>, record: &ListRecord) -> bool {
        let books = &call.file.books;
        let active = match self.active {
            "All" => true,
            "InactiveOnly" => !record.active,
            _ => record.active,
        };
        let of_word = |(name, words): &(&str, Vec<&str>)| {
            words.is_empty() || record.field(name).is_some_and(|w| words.contains(&w))
        };
        let of_class =
            |classes: &BTreeSet<&str>| record.reference("ClassRef").is_some_and(|class| classes.contains(class));
        active
            && !self.impossible
            && self.words.iter().all(of_word)
            && self.balance.is_none_or(|(operator, cents)| has_balance(call, record, operator, cents))
            && self.classes.as_ref().is_none_or(of_class)
            && self.modified.holds(&call.file.setup.zone, record.modified)
            && self.name.as_ref().is_none_or(|name| name.takes(&books.lists.full_name(record)))
    }
}

/// What is owed to a vendor, or by a customer with all jobs, compared with an amount in cents.
fn has_balance(call: &Call<'_>, record: &ListRecord, operator: &str, cents: i64) -> bool {
    let books = &call.file.books;
    let actual = match record.kind {
        ListKind::Customer => objects::customer::total_balance(books, record),
        _ => objects::vendor::balance(books, record),
    };
    match operator {
        "LessThan" => actual < cents,
        "LessThanEqual" => actual <= cents,
        "GreaterThan" => actual > cents,
        "GreaterThanEqual" => actual >= cents,
        _ => actual == cents,
    }
}
