//! Documents with a number that belong to somebody: bills, vendor credits, invoices.

use super::{Likeness, NotExpressible, Partners, Standing, adapt_text, quickbooks, squash};
use crate::model::{
    DocumentDate, Fields, Kind, Life, Money, NativeId, Raw, RawError, RecordKey, Settings, Side, Sighting, Value,
};
use qbxml::query::{TxnSelection, TxnWhere};

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

/// Whether both point at the same record, by its pair or by a merge.
pub(super) fn same_reference(quickbooks: &Fields, billcom: &Fields, field: &str, partners: &Partners) -> bool {
    match (quickbooks.reference(field), billcom.reference(field)) {
        (Some(left), Some(right)) => partners.same(left, right),
        _ => false,
    }
}

/// Which of Bill.com's dates counts for a document: chosen by the setting `document_date` when it is first looked at, and kept
/// by its pair, so that another choice moves no document that stands on both sides already.
pub(super) const DATED_BY: &str = "dated_by";
/// The word for the posting date in [`DATED_BY`]; anything else is the date on the document.
const POSTING: &str = "posting";
/// The posting date, beside the date on the document.
const POSTING_DATE: &str = "posting_date";

/// Reads both dates of a Bill.com document.
pub(super) fn read_dates(raw: &Raw, field: &'static str, fields: &mut Fields) -> Result<(), RawError> {
    fields.set("date", raw.date(field)?.map(Value::Date));
    fields.set(POSTING_DATE, raw.date("glPostingDate")?.map(Value::Date));
    Ok(())
}

/// Lets the date that counts be the document's date.
pub(super) fn choose_date(sighting: &mut Sighting, settings: &Settings) {
    if sighting.key.side != Side::BillCom {
        return;
    }
    let chosen = match settings.document_date {
        DocumentDate::Invoice => "invoice",
        DocumentDate::Posting => POSTING,
    };
    let kept = sighting.fields.text(DATED_BY).unwrap_or(chosen).to_owned();
    if kept == POSTING
        && let Some(date) = sighting.fields.date(POSTING_DATE)
    {
        sighting.fields.set("date", Some(Value::Date(date)));
    }
    sighting.fields.set_text(DATED_BY, Some(kept));
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

/// Whether QuickBooks shows a voided transaction: it keeps its record, with amount 0 in every part and a marked memo (recalled).
/// A document of nothing may say the same, see [`VOIDED`].
pub(super) fn is_voided(amount: Option<Money>, memo: Option<&str>, lines: &[Fields]) -> bool {
    let nothing = lines.iter().all(|line| line.money("amount").is_none_or(Money::is_zero));
    amount == Some(Money::ZERO) && nothing && memo.is_some_and(|memo| memo.starts_with("VOID:"))
}

/// A record of QuickBooks reads as voided. Where both sides agreed on it while it read so already, nobody voided it: a document
/// of nothing was given such a memo.
pub const VOIDED: &str = "voided";

/// Whether one line may continue another.
type Rule<'a> = &'a dyn Fn(&Fields, &Fields) -> bool;

/// Which of the standing lines each wanted one continues: those that say the same, then those of the same account or item that
/// agree in amount or text, then those of the same account or item, then what is left in order; the others are new.
pub(super) fn continued<'a>(wanted: &[&Fields], standing: Vec<(&Fields, &'a str)>) -> Vec<Option<&'a str>> {
    let coded = |left: &Fields, right: &Fields| {
        ["account", "item"].iter().all(|field| left.reference(field) == right.reference(field))
    };
    let alike = |left: &Fields, right: &Fields| {
        coded(left, right) && (left.money("amount") == right.money("amount") || left.text("memo") == right.text("memo"))
    };
    let rules: [Rule<'_>; 4] = [&|left, right| left == right, &alike, &coded, &|_, _| true];
    let (mut left, mut taken) = (standing, vec![None; wanted.len()]);
    for rule in rules {
        for (wanted, place) in wanted.iter().zip(&mut taken).filter(|(_, place)| place.is_none()) {
            if let Some(at) = left.iter().position(|(line, _)| rule(wanted, line)) {
                *place = Some(left.remove(at).1);
            }
        }
    }
    taken
}

/// Why a draft is kept out. It is no part of the ledger it stands in.
const DRAFT: &str = "it is a draft in Bill.com";
/// The same for a pending invoice of QuickBooks, which posts to no account.
pub(super) const PENDING: &str = "it is pending in QuickBooks";

/// How a document stands in its own ledger.
pub(super) fn standing(sighting: &Sighting) -> Standing {
    let hold = sighting.hold.as_deref();
    let out = sighting.life == Life::Gone || sighting.merged_into.is_some() || matches!(hold, Some(DRAFT | PENDING));
    if out { Standing::Out } else { Standing::Booked }
}

/// The account payable or receivable on which QuickBooks has a document, as its ListID: several may be in use.
pub const CONTROL: &str = "control_account";

/// What QuickBooks itself says is left to pay of a document, where that is less than all of it. Nothing is decided by it: it
/// also counts payments of sorts that are not read, such as journal entries.
pub const OPEN: &str = "open";

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
        hold: draft.then(|| DRAFT.to_owned()),
        mark: None,
        line_ids: Vec::new(),
    })
}

/// The key of a payment: its day and amount.
pub(super) fn payment_keys(fields: &Fields) -> Vec<String> {
    let (Some(date), Some(amount)) = (fields.date("date"), fields.money("amount")) else { return Vec::new() };
    vec![format!("paid:{date}|{amount}")]
}

/// Payments of one day and amount, to or from the same, are the same when they pay the same documents, and doubtful
/// otherwise.
pub(super) fn compare_payments(
    quickbooks: &Fields,
    billcom: &Fields,
    owner: &str,
    document: &str,
    partners: &Partners,
) -> Likeness {
    let alike = same_reference(quickbooks, billcom, owner, partners)
        && quickbooks.date("date") == billcom.date("date")
        && quickbooks.money("amount") == billcom.money("amount");
    if !alike {
        return Likeness::Different;
    }
    let (left, right) = (quickbooks.lines("lines"), billcom.lines("lines"));
    let pays = |line: &Fields| {
        left.iter()
            .any(|own| own.money("amount") == line.money("amount") && same_reference(own, line, document, partners))
    };
    if left.len() == right.len() && !right.is_empty() && right.iter().all(pays) {
        return Likeness::Same;
    }
    Likeness::Doubtful
}

/// The transactions of a document's day: for those that have no number to be found by.
pub(super) fn on_its_day(fields: &Fields) -> Result<TxnSelection<TxnWhere>, NotExpressible> {
    let day = fields.date("date").ok_or(NotExpressible::Reason("It has no date to be looked for by."))?;
    Ok(TxnSelection::Where(TxnWhere { dates: Some(quickbooks::day(day)?), ..TxnWhere::default() }))
}

/// The field that says how a payment came about, and what it says of one that Bill.com made itself: those are booked on
/// clearing accounts.
pub const CHANNEL: &str = "channel";
/// See [`CHANNEL`].
pub const ONLINE: &str = "online";

/// How a mark begins that stands behind a memo, where a transaction has no other place for one.
const MARK_BEGINS: &str = " [cf ";

/// A memo with the mark of the intent behind it, within what QuickBooks keeps.
pub(super) fn marked(memo: &str, mark: uuid::Uuid) -> String {
    let tail = format!("{MARK_BEGINS}{}]", mark.hyphenated());
    let room = MEMO_MAX - tail.chars().count();
    let memo = adapt_text(memo, room);
    format!("{memo}{tail}")
}

/// How much of a memo QuickBooks keeps.
const MEMO_MAX: usize = 4095;

/// A memo without the mark behind it, and the mark in the form of an intent's id.
pub(super) fn unmarked(memo: &str) -> (String, Option<String>) {
    let parts = memo.rsplit_once(MARK_BEGINS).and_then(|(memo, tail)| {
        let mark = tail.strip_suffix(']')?.parse::<uuid::Uuid>().ok()?;
        Some((memo.to_owned(), mark.hyphenated().to_string()))
    });
    parts.map_or_else(|| (memo.to_owned(), None), |(memo, mark)| (memo, Some(mark)))
}
