//! What queries of transactions select, and in which order: by date, then by number.
//!
//! By ID or number all other filters are excluded by the schema, and what is missing is reported with 500. The filters of
//! `TransactionQuery` have longer names and the same meaning; it has further ones of its own, in
//! [`super::objects::across`].

use std::collections::BTreeSet;

use chrono::{Datelike as _, Days, Months, NaiveDate};

use super::Call;
use super::answer::Outcome;
use super::applied::open_cents;
use super::books::{Books, Transaction};
use super::lists::{ListKind, ListRecord};
use super::query::{self, Hit, Selection, Span, TextFilter};
use super::refs;
use super::status::Status;
use super::txn_kind::TxnKind;
use super::txn_render::{Shown, render};
use crate::sim::xml::Element;

/// `…Query` of one kind of transaction.
///
/// # Errors
/// 3020, 3030 and 3031 for filters that make no sense; 1030 for a date macro that is not simulated.
pub(crate) fn run(call: &mut Call<'_>, kind: TxnKind) -> Result<Outcome, Status> {
    let told = |name: &str| matches!(call.request.text_of(name), Some("true" | "1"));
    let shown = Shown { lines: told("IncludeLineItems"), links: told("IncludeLinkedTxns") };
    query::run(
        call,
        |call| select(call, &[kind], |_| true),
        |call, hit| {
            let Hit::Txn(id) = hit else { return None };
            let txn = call.file.books.txns.get(id)?;
            Some(render(&call.file.books, &call.file.setup.zone, txn, call.version, shown))
        },
    )
}

/// The transactions of some kinds that a query means and that a further condition takes.
///
/// # Errors
/// As [`run`].
pub(crate) fn select(
    call: &Call<'_>,
    kinds: &[TxnKind],
    further: impl Fn(&Transaction) -> bool,
) -> Result<Selection, Status> {
    let mut selection = Selection { hits: Vec::new(), missing: None, by_name: false, missing_was_id: false };
    let of_kinds = || call.file.books.txns.values().filter(|txn| kinds.contains(&txn.kind));
    let mut found: Vec<&Transaction> = Vec::new();
    for asked in &call.request.children {
        let is_meant = |txn: &&Transaction| {
            let number = txn.field("RefNumber").unwrap_or("");
            match asked.name.as_str() {
                "TxnID" => txn.id == asked.text,
                "RefNumber" => number.eq_ignore_ascii_case(&asked.text),
                _ => number == asked.text,
            }
        };
        if !matches!(asked.name.as_str(), "TxnID" | "RefNumber" | "RefNumberCaseSensitive") {
            continue;
        }
        selection.by_name = true;
        let before = found.len();
        found.extend(of_kinds().filter(is_meant));
        if found.len() == before && selection.missing.is_none() {
            selection.missing = Some(asked.text.clone());
            selection.missing_was_id = asked.name == "TxnID";
        }
    }
    let filter = Filter::read(call)?;
    if !selection.by_name {
        found = of_kinds().collect();
    }
    found.retain(|txn| filter.takes(call, txn) && further(txn));
    found.sort_by_key(|txn| (txn.date, txn.number));
    found.dedup_by_key(|txn| txn.number);
    selection.hits = found.into_iter().map(|txn| Hit::Txn(txn.id.clone())).collect();
    Ok(selection)
}

/// The names and kinds of records an entity filter may mean.
pub(crate) const ENTITIES: &[ListKind] =
    &[ListKind::Vendor, ListKind::Customer, ListKind::Employee, ListKind::OtherName];

/// The filters that most queries of transactions have.
struct Filter<'a> {
    modified: Span,
    modified_days: DateRange,
    dated: DateRange,
    entities: Option<BTreeSet<&'a str>>,
    accounts: Option<BTreeSet<&'a str>>,
    number: Option<TextFilter<'a>>,
    paid: Option<bool>,
    impossible: bool,
}

impl<'a> Filter<'a> {
    fn read(call: &'a Call<'_>) -> Result<Self, Status> {
        let request = call.request;
        let books = &call.file.books;
        let nothing = Element::default();
        let child = |name: &str, longer: &str| request.child(name).or_else(|| request.child(longer));
        let modified = child("ModifiedDateRangeFilter", "TransactionModifiedDateRangeFilter").unwrap_or(&nothing);
        let dated = child("TxnDateRangeFilter", "TransactionDateRangeFilter");
        let today = call.now.local.date();
        let meant = |name: &str, longer: &str, kinds: &[ListKind]| {
            let filter = child(name, longer).filter(|filter| !filter.children.iter().any(is_type))?;
            Some(kinds.iter().flat_map(|kind| tree(books, *kind, filter)).collect())
        };
        Ok(Self {
            modified: Span::read(modified, "FromModifiedDate", "ToModifiedDate")?,
            modified_days: match modified.text_of("DateMacro") {
                Some(name) => macro_range(name, today)?,
                None => (None, None),
            },
            dated: date_range(dated, today)?,
            entities: meant("EntityFilter", "TransactionEntityFilter", ENTITIES),
            accounts: meant("AccountFilter", "TransactionAccountFilter", &[ListKind::Account]),
            number: TextFilter::read(request, "RefNumber")?,
            paid: match request.text_of("PaidStatus") {
                Some("PaidOnly") => Some(true),
                Some("NotPaidOnly") => Some(false),
                _ => None,
            },
            impossible: request.child("CurrencyFilter").is_some(),
        })
    }

    fn takes(&self, call: &Call<'_>, txn: &Transaction) -> bool {
        let books = &call.file.books;
        let within = |(from, to): DateRange, date: NaiveDate| {
            from.is_none_or(|from| date >= from) && to.is_none_or(|to| date <= to)
        };
        !self.impossible
            && self.modified.holds(&call.file.setup.zone, txn.modified)
            && within(self.modified_days, txn.modified.local.date())
            && within(self.dated, txn.date)
            && self.entities.as_ref().is_none_or(|wanted| names(txn).any(|id| wanted.contains(id)))
            && self
                .accounts
                .as_ref()
                .is_none_or(|accounts| txn.postings.iter().any(|posting| accounts.contains(posting.account.as_str())))
            && self.number.as_ref().is_none_or(|number| number.takes(txn.field("RefNumber").unwrap_or("")))
            && self.paid.is_none_or(|paid| (open_cents(books, txn) == 0) == paid)
    }
}

/// True for a filter by type instead of by record.
fn is_type(element: &Element) -> bool {
    element.name.ends_with("TypeFilter")
}

/// The vendors, customers and payees a transaction names in its header or, where it has none there, in its lines.
pub(crate) fn names(txn: &Transaction) -> impl Iterator<Item = &str> {
    let own = Some(txn.party.as_str()).filter(|party| !party.is_empty());
    own.into_iter().chain(txn.lines.iter().filter_map(|line| line.reference("EntityRef")))
}

/// The records a filter by ID or name means, with their children where it says so.
pub(crate) fn tree<'a>(books: &'a Books, kind: ListKind, filter: &Element) -> BTreeSet<&'a str> {
    let mut meant = BTreeSet::new();
    for asked in &filter.children {
        let record = match asked.name.as_str() {
            "ListID" | "ListIDWithChildren" => books.lists.get(kind, &asked.text),
            _ => refs::by_name(books, kind, &asked.text),
        };
        let Some(record) = record else { continue };
        meant.insert(record.id.as_str());
        if asked.name.ends_with("WithChildren") {
            add_children(books, record, &mut meant);
        }
    }
    meant
}

fn add_children<'a>(books: &'a Books, record: &'a ListRecord, meant: &mut BTreeSet<&'a str>) {
    for child in books.lists.children(record) {
        meant.insert(child.id.as_str());
        add_children(books, child, meant);
    }
}

type DateRange = (Option<NaiveDate>, Option<NaiveDate>);

fn date_range(filter: Option<&Element>, today: NaiveDate) -> Result<DateRange, Status> {
    let Some(filter) = filter else {
        return Ok((None, None));
    };
    if let Some(macro_name) = filter.text_of("DateMacro") {
        return macro_range(macro_name, today);
    }
    let bound = |name: &str| filter.text_of(name).and_then(|text| text.parse::<NaiveDate>().ok());
    let (from, to) = (bound("FromTxnDate"), bound("ToTxnDate"));
    match (from, to) {
        (Some(low), Some(high)) if low > high => Err(Status::bad_date_range()),
        range => Ok(range),
    }
}

/// The date macros an integration might use; the others are refused as not supported rather than misread.
fn macro_range(name: &str, today: NaiveDate) -> Result<DateRange, Status> {
    let first_of_month = today.with_day(1).unwrap_or(today);
    let first_of_year = first_of_month.with_month(1).unwrap_or(first_of_month);
    let months_on = |date: NaiveDate, months| date.checked_add_months(Months::new(months)).unwrap_or(date);
    let day_before = |date: NaiveDate| date.checked_sub_days(Days::new(1)).unwrap_or(date);
    let last_month = first_of_month.checked_sub_months(Months::new(1)).unwrap_or(first_of_month);
    Ok(match name {
        "All" => (None, None),
        "Today" => (Some(today), Some(today)),
        "Yesterday" => (Some(day_before(today)), Some(day_before(today))),
        "ThisMonth" => (Some(first_of_month), Some(day_before(months_on(first_of_month, 1)))),
        "ThisMonthToDate" => (Some(first_of_month), Some(today)),
        "LastMonth" => (Some(last_month), Some(day_before(first_of_month))),
        "ThisCalendarYear" | "ThisFiscalYear" => (Some(first_of_year), Some(day_before(months_on(first_of_year, 12)))),
        "ThisCalendarYearToDate" | "ThisFiscalYearToDate" => (Some(first_of_year), Some(today)),
        _ => {
            return Err(Status::new(1030, "This request is not supported by this implementation."));
        }
    })
}
