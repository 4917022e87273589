//! Small helpers between canonical values and qbXML's.

use super::{AnyRequest, Ask, NotExpressible, Write, adapt_name};
use crate::model::{Fields, Kind, Money, NativeId, Reference, Sighting, Value};
use qbxml::entity::{EntityQuery, TxnVoid};
use qbxml::query::{
    ListSelection, ListWhere, MaxReturned, ModifiedDateRangeFilter, NameFilter, NameMatch, Page, Paging,
    TxnDateRangeFilter, TxnDates,
};
use qbxml::types::{ActiveStatus, MatchCriterion, TxnVoidType};
use qbxml::{Amount, Change, EditSequence, IteratorId, ListId, ListRef, QbDate, QbDateTime, QbText, TxnId};

/// A ListID or TxnID as an id of the domain.
pub(super) fn native(id: &str) -> Option<NativeId> {
    NativeId::new(id).ok()
}

/// An id of the domain as a ListID.
pub(super) fn list_id(id: &NativeId) -> Result<ListId, NotExpressible> {
    Ok(ListId::new(id.as_str())?)
}

/// An id of the domain as a TxnID.
pub(super) fn txn_id(id: &NativeId) -> Result<TxnId, NotExpressible> {
    Ok(TxnId::new(id.as_str())?)
}

/// Voids a transaction: it stays, with an amount of zero.
pub(super) fn void(txn_void_type: TxnVoidType, standing: &Sighting) -> Result<Box<dyn AnyRequest>, NotExpressible> {
    Ok(Box::new(TxnVoid { txn_void_type, txn_id: txn_id(&standing.key.id)? }))
}

/// The edit sequence a record was last seen with.
pub(super) fn edit_sequence(current: &Sighting) -> Result<EditSequence, NotExpressible> {
    Ok(EditSequence::new(&current.version)?)
}

/// The version of a record.
pub(super) fn version(edit_sequence: Option<&EditSequence>) -> String {
    edit_sequence.map(|sequence| sequence.as_str().to_owned()).unwrap_or_default()
}

/// What a reading asks for: since when, which page, how many records. Empty for look-ups of single records.
pub(super) struct Reading {
    pub(super) since: Option<QbDateTime>,
    pub(super) paging: Paging,
    pub(super) max_returned: Option<MaxReturned>,
}

impl Reading {
    pub(super) fn of(ask: &Ask) -> Result<Self, NotExpressible> {
        let (since, page, max) = match ask {
            Ask::Changed { since, page_max } => (since.as_deref(), page_max.map(|_| Page::Start), *page_max),
            Ask::Continue { since, iterator_id, page_max } => {
                (since.as_deref(), Some(Page::Continue(IteratorId::new(iterator_id)?)), Some(*page_max))
            }
            Ask::ById(_) | Ask::Like(_) | Ask::Named(_) => (None, None, None),
        };
        let since = since.map(|text| text.parse::<QbDateTime>()).transpose()?;
        let paging = Paging { page, ..Paging::default() };
        Ok(Self { since, paging, max_returned: max.and_then(MaxReturned::new) })
    }

    /// The same mark as a range of stamps of transactions.
    pub(super) fn modified(&self) -> Option<TxnDates> {
        let from_modified_date = Some(self.since.clone()?);
        Some(TxnDates::Modified(ModifiedDateRangeFilter { from_modified_date, to_modified_date: None }))
    }
}

/// The transactions of one day.
pub(super) fn day(day: chrono::NaiveDate) -> Result<TxnDates, NotExpressible> {
    let day = date(day)?;
    let (from_txn_date, to_txn_date) = (Some(day), Some(day));
    Ok(TxnDates::Dated(TxnDateRangeFilter { from_txn_date, to_txn_date, date_macro: None }))
}

/// Asks for a name in all name lists: customers, vendors, employees and other names share theirs (`qbxml.md` 8).
pub(super) fn named_anywhere(name: &str, chars_max: usize) -> EntityQuery {
    let filter = ListWhere {
        active_status: Some(ActiveStatus::All),
        name: named(Some(name), chars_max),
        ..ListWhere::default()
    };
    EntityQuery { selection: ListSelection::Where(filter), ..EntityQuery::default() }
}

/// The local text of a stamp, without its offset, which cannot be trusted (`qbxml.md` 4).
pub(super) fn stamp(time: Option<&QbDateTime>) -> String {
    time.map(|time| time.local_text().to_owned()).unwrap_or_default()
}

/// A reference read from QuickBooks.
pub(super) fn reference(kind: Kind, list_ref: Option<&ListRef>) -> Option<Value> {
    let id = native(list_ref?.list_id.as_ref()?.as_str())?;
    Some(Value::Ref(Reference { kind, id }))
}

/// The ListID of a reference.
pub(super) fn list_id_of(list_ref: Option<&ListRef>) -> Option<&str> {
    Some(list_ref?.list_id.as_ref()?.as_str())
}

/// A reference written to QuickBooks.
pub(super) fn list_ref(reference: Option<&Reference>) -> Result<Option<ListRef>, NotExpressible> {
    reference.map(|reference| Ok(ListRef::by_id(list_id(&reference.id)?))).transpose()
}

/// A reference that QuickBooks demands.
pub(super) fn required(fields: &Fields, name: &str, missing: &'static str) -> Result<ListRef, NotExpressible> {
    list_ref(fields.reference(name))?.ok_or(NotExpressible::Reason(missing))
}

/// The account on which the document is booked as a whole.
pub(super) fn control(write: &Write<'_>) -> Result<Option<ListRef>, NotExpressible> {
    write.control_account.map(|id| Ok(ListRef::by_id(list_id(id)?))).transpose()
}

/// A text field, adapted and cut.
pub(super) fn text<const MAX: usize>(fields: &Fields, name: &str) -> Option<QbText<MAX>> {
    fields.text(name).map(|text| QbText::clean(text).0).filter(|text| !text.is_empty())
}

/// A text field of a Mod: set, emptied, or left alone.
pub(super) fn change<const MAX: usize>(write: &Write<'_>, name: &str) -> Change<QbText<MAX>> {
    if write.touches(name) { Change::to(text(write.fields, name)) } else { Change::Keep }
}

/// An amount.
pub(super) fn amount(money: Money) -> Result<Amount, NotExpressible> {
    Ok(Amount::from_cents(money.cents())?)
}

/// An amount read from QuickBooks.
pub(super) fn money(amount: &Amount) -> Money {
    Money::from_cents(amount.cents())
}

/// A date.
pub(super) fn date(day: chrono::NaiveDate) -> Result<QbDate, NotExpressible> {
    Ok(QbDate::new(day)?)
}

/// Records whose name begins like this one. The name filter has no "equals"; what comes back is compared exactly.
pub(super) fn named(name: Option<&str>, chars_max: usize) -> Option<NameMatch> {
    let name = adapt_name(name?, chars_max);
    Some(NameMatch::Part(NameFilter { match_criterion: MatchCriterion::StartsWith, name }))
}

/// The mark by which something we made is found again: the intent's id as an `ExternalGUID`.
pub(super) fn guid(mark: uuid::Uuid) -> String {
    format!("{{{}}}", mark.hyphenated().to_string().to_uppercase())
}

/// The mark as QuickBooks gives it back, in the form of an intent's id.
pub(super) fn seen_mark(guid: Option<&qbxml::ExternalGuid>) -> Option<String> {
    let text = guid?.as_str().trim_start_matches('{').trim_end_matches('}').to_lowercase();
    (text.len() == 36).then_some(text)
}
