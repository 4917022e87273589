//! Documents with a number that belong to somebody: bills, vendor credits, invoices.

use super::{Likeness, NotExpressible, Partners, quickbooks, squash};
use crate::model::{
    DocumentDate, Fields, Kind, Life, Money, NativeId, Raw, RawError, RecordKey, Settings, Side, Sighting, Value,
};
use qbxml::query::TxnSelection;

/// What a person calls it: number, date and amount.
pub(super) fn title(fields: &Fields) -> String {
    let number = fields.text("number").unwrap_or("without a number");
    let date = fields.date("date").map(|date| format!(" of {date}")).unwrap_or_default();
    let amount = fields.money("amount").map(|amount| format!(", {amount}")).unwrap_or_default();
    format!("{number}{date}{amount}")
}

/// The keys under which it is looked up; none without a number.
pub(super) fn keys(fields: &Fields, number_max: usize) -> Vec<String> {
    let Some(number) = fields.text("number") else { return Vec::new() };
    let number = squash(number, number_max);
    let day = fields.date("date").map(|date| date.to_string()).unwrap_or_default();
    let amount = fields.money("amount").unwrap_or(Money::ZERO);
    vec![format!("exact:{number}|{day}|{amount}"), format!("number:{number}")]
}

/// The same owner and number make two documents alike; date and amount make them the same.
pub(super) fn compare(
    quickbooks: &Fields,
    billcom: &Fields,
    owner: &str,
    number_max: usize,
    partners: &Partners,
) -> Likeness {
    let number = |fields: &Fields| fields.text("number").map(|number| squash(number, number_max));
    if !same_reference(quickbooks, billcom, owner, partners)
        || number(quickbooks).is_none()
        || number(quickbooks) != number(billcom)
    {
        return Likeness::Different;
    }
    let exact =
        quickbooks.money("amount") == billcom.money("amount") && quickbooks.date("date") == billcom.date("date");
    if exact { Likeness::Same } else { Likeness::Doubtful }
}

/// Whether both point at the same record, by its pair.
pub(super) fn same_reference(quickbooks: &Fields, billcom: &Fields, field: &str, partners: &Partners) -> bool {
    match (quickbooks.reference(field), billcom.reference(field)) {
        (Some(left), Some(right)) => partners.of(Side::QuickBooks, left) == Some(&right.id),
        _ => false,
    }
}

/// The date of a Bill.com document, by the setting `document_date`.
pub(super) fn billcom_date(raw: &Raw, field: &'static str, settings: &Settings) -> Result<Option<Value>, RawError> {
    let posting = if settings.document_date == DocumentDate::Posting { raw.date("glPostingDate")? } else { None };
    Ok(posting.or(raw.date(field)?).map(Value::Date))
}

/// One transaction by its id.
pub(super) fn by_id<W>(id: &NativeId) -> Result<TxnSelection<W>, NotExpressible> {
    Ok(TxnSelection::TxnIds(vec![quickbooks::txn_id(id)?]))
}

/// Transactions by their number.
pub(super) fn by_number<W, const MAX: usize>(fields: &Fields) -> TxnSelection<W> {
    let number = quickbooks::text::<MAX>(fields, "number");
    TxnSelection::RefNumbers(vec![number.map(|number| number.as_str().to_owned()).unwrap_or_default()])
}

/// Whether QuickBooks shows a voided transaction: it keeps its record, with amount 0 and a marked memo (recalled).
pub(super) fn is_voided(amount: Option<Money>, memo: Option<&str>) -> bool {
    amount == Some(Money::ZERO) && memo.is_some_and(|memo| memo.starts_with("VOID:"))
}

/// A document of Bill.com as it was seen. `isActive` "2" is archived, "5" a draft, "6" a deleted draft: drafts stay out of
/// the ledger (`billcom.md` 2).
pub(super) fn seen_in_billcom(kind: Kind, raw: &Raw, fields: Fields) -> Result<Sighting, RawError> {
    let state = raw.text("isActive");
    let gone = matches!(state.as_deref(), Some("2" | "6"));
    let draft = state.as_deref() == Some("5");
    Ok(Sighting {
        key: RecordKey::new(Side::BillCom, kind, raw.id()?),
        version: raw.text("updatedTime").unwrap_or_default(),
        fields,
        life: if gone { Life::Gone } else { Life::Alive },
        merged_into: None,
        hold: draft.then(|| "it is a draft in Bill.com".to_owned()),
        mark: None,
        line_ids: Vec::new(),
    })
}
