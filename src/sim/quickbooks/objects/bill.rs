//! Bills: the requests, the query with all its filters, and the answer's form.
//!
//! What a bill is made of and how it changes is in `bill_change` and `bill_lines`. A query returns lines and linked
//! transactions only when told to; the answers to Add and Mod always carry the lines.

use std::collections::BTreeSet;

use chrono::{Datelike as _, Days, Months, NaiveDate};

use super::bill_tables::{ADD, MOD, QUERY, RET};
use super::{Attributes, RequestType, bill_change};
use crate::sim::quickbooks::answer::Outcome;
use crate::sim::quickbooks::books::{Books, LineTable, Transaction, TxnKind};
use crate::sim::quickbooks::lists::{ListKind, ListRecord};
use crate::sim::quickbooks::query::{self, Hit, Selection, Span, TextFilter};
use crate::sim::quickbooks::schema::Version;
use crate::sim::quickbooks::shape::arrange;
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::time::Zone;
use crate::sim::quickbooks::{Call, money, refs};
use crate::sim::xml::Element;

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("BillQuery", QUERY, query).with(Attributes::Iterated),
    RequestType::new("BillAdd", ADD, bill_change::add),
    RequestType::new("BillMod", MOD, bill_change::modify).since(3, 0),
];

/// What an answer shows besides the header.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    pub(super) lines: bool,
    pub(super) links: bool,
}

/// A bill as its `BillRet` element.
pub(super) fn render(books: &Books, zone: &Zone, bill: &Transaction, version: Version, shown: Shown) -> Element {
    let open = bill.open_cents();
    let mut fields = vec![
        Element::leaf("TxnID", &bill.id),
        Element::leaf("TimeCreated", &zone.stamp(bill.created)),
        Element::leaf("TimeModified", &zone.stamp(bill.modified)),
        Element::leaf("EditSequence", &bill.edit_sequence.to_string()),
        Element::leaf("TxnNumber", &bill.number.to_string()),
        Element::leaf("TxnDate", &bill.date.to_string()),
        Element::leaf("AmountDue", &money::format(bill.total_cents)),
        Element::leaf("IsPaid", if open == 0 { "true" } else { "false" }),
        Element::leaf("OpenAmount", &money::format(open)),
    ];
    fields.extend(refs::with_names(books, &bill.fields));
    if shown.links {
        fields.extend(bill.links.iter().filter_map(|(id, cents)| linked(books, id, *cents)));
    }
    if shown.lines {
        for line in &bill.lines {
            let name = match line.table {
                LineTable::Expense => "ExpenseLineRet",
                LineTable::Item => "ItemLineRet",
            };
            let mut children = vec![Element::leaf("TxnLineID", &line.id)];
            children.extend(refs::with_names(books, &line.fields));
            fields.push(Element::group(name, children));
        }
    }
    Element::group("BillRet", arrange(RET, &fields, version))
}

fn linked(books: &Books, id: &str, cents: i64) -> Option<Element> {
    let other = books.txns.get(id)?;
    let mut fields = vec![
        Element::leaf("TxnID", id),
        Element::leaf("TxnType", other.kind.word()),
        Element::leaf("TxnDate", &other.date.to_string()),
    ];
    fields.extend(other.field("RefNumber").map(|number| Element::leaf("RefNumber", number)));
    fields.push(Element::leaf("LinkType", "AMTTYPE"));
    // Links carry negative amounts, as with invoices in real answers.
    fields.push(Element::leaf("Amount", &money::format(-cents)));
    Some(Element::group("LinkedTxn", fields))
}

fn query(call: &mut Call<'_>) -> Result<Outcome, Status> {
    let told = |name: &str| matches!(call.request.text_of(name), Some("true" | "1"));
    let shown = Shown { lines: told("IncludeLineItems"), links: told("IncludeLinkedTxns") };
    query::run(call, select, |call, hit| {
        let Hit::Txn(id) = hit else { return None };
        let bill = call.file.books.txns.get(id)?;
        Some(render(&call.file.books, &call.file.setup.zone, bill, call.version, shown))
    })
}

fn select(call: &Call<'_>) -> Result<Selection, Status> {
    let mut found: Vec<&Transaction> = Vec::new();
    let mut selection = Selection { hits: Vec::new(), missing: None, by_name: false, missing_was_id: false };
    let bills = || call.file.books.txns.values().filter(|txn| txn.kind == TxnKind::Bill);
    for asked in &call.request.children {
        let is_meant = |bill: &&Transaction| {
            let number = bill.field("RefNumber").unwrap_or("");
            match asked.name.as_str() {
                "TxnID" => bill.id == asked.text,
                "RefNumber" => number.eq_ignore_ascii_case(&asked.text),
                _ => number == asked.text,
            }
        };
        if !matches!(asked.name.as_str(), "TxnID" | "RefNumber" | "RefNumberCaseSensitive") {
            continue;
        }
        selection.by_name = true;
        let before = found.len();
        found.extend(bills().filter(is_meant));
        if found.len() == before && selection.missing.is_none() {
            selection.missing = Some(asked.text.clone());
            selection.missing_was_id = asked.name == "TxnID";
        }
    }
    if !selection.by_name {
        let filter = Filter::read(call)?;
        found = bills().filter(|bill| filter.takes(call, bill)).collect();
    }
    found.sort_by_key(|bill| (bill.date, bill.number));
    selection.hits = found.into_iter().map(|bill| Hit::Txn(bill.id.clone())).collect();
    Ok(selection)
}

/// The filters of `BillQuery`.
struct Filter<'a> {
    modified: Span,
    dated: (Option<NaiveDate>, Option<NaiveDate>),
    vendors: Option<BTreeSet<&'a str>>,
    accounts: Option<BTreeSet<&'a str>>,
    number: Option<TextFilter<'a>>,
    paid: Option<bool>,
    impossible: bool,
}

impl<'a> Filter<'a> {
    fn read(call: &'a Call<'_>) -> Result<Self, Status> {
        let request = call.request;
        let nothing = Element::default();
        let modified = request.child("ModifiedDateRangeFilter").unwrap_or(&nothing);
        let books = &call.file.books;
        Ok(Self {
            modified: Span::read(modified, "FromModifiedDate", "ToModifiedDate")?,
            dated: date_range(request.child("TxnDateRangeFilter"), call.now.local.date())?,
            vendors: request.child("EntityFilter").map(|filter| tree(books, ListKind::Vendor, filter)),
            accounts: request.child("AccountFilter").map(|filter| tree(books, ListKind::Account, filter)),
            number: TextFilter::read(request, "RefNumber")?,
            paid: match request.text_of("PaidStatus") {
                Some("PaidOnly") => Some(true),
                Some("NotPaidOnly") => Some(false),
                _ => None,
            },
            impossible: request.child("CurrencyFilter").is_some(),
        })
    }

    fn takes(&self, call: &Call<'_>, bill: &Transaction) -> bool {
        let (from, to) = self.dated;
        !self.impossible
            && self.modified.holds(&call.file.setup.zone, bill.modified)
            && from.is_none_or(|from| bill.date >= from)
            && to.is_none_or(|to| bill.date <= to)
            && self.vendors.as_ref().is_none_or(|vendors| vendors.contains(bill.party.as_str()))
            && self
                .accounts
                .as_ref()
                .is_none_or(|accounts| bill.postings.iter().any(|posting| accounts.contains(posting.account.as_str())))
            && self.number.as_ref().is_none_or(|number| number.takes(bill.field("RefNumber").unwrap_or("")))
            && self.paid.is_none_or(|paid| (bill.open_cents() == 0) == paid)
    }
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
