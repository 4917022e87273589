//! Records as people look for them, and one record in full: both sides, what they last agreed on, what happened, what is planned.

use super::effects::{ChangeView, send_view};
use super::show::{event_view, problem_line, shown_field, time};
use super::{Engine, EngineError, EventView, ProblemLine, RecordRef};
use crate::entities::{self, Partners};
use crate::limits::{RECORD_HISTORY_MAX, RECORDS_PER_PAGE, RECORDS_SKIPPED_MAX, SEARCH_CHARS_MAX};
use crate::model::{Event, Fields, Intent, Kind, Life, Link, Money, NativeId, RecordKey, Side, Value, capital};
use crate::plan::{self, Seen};
use crate::store::{Found, RecordFilter, StoreError, Tx};
use serde::Serialize;

/// Which records are wanted. What is empty, or no word there is, does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordQuery {
    /// A part of a name or number, or an amount as people write it.
    pub text: String,
    /// The word of a kind.
    pub kind: String,
    /// The word of a side.
    pub side: String,
    /// `pairs` for linked records, `single` for those on one side only.
    pub state: String,
    /// How many to leave out.
    pub skip: usize,
}

/// A record in a list.
#[derive(Clone, Debug, Serialize)]
pub struct RecordLine {
    /// Which record.
    pub record: RecordRef,
    /// What a person calls it.
    pub title: String,
    /// What it is, for people.
    pub kind: String,
    /// How it stands, in words.
    pub state: String,
    /// Whether something needs a person.
    pub needs_you: bool,
    /// Whether it is a pair.
    pub is_pair: bool,
}

/// A page of records.
#[derive(Clone, Debug, Serialize)]
pub struct RecordsView {
    /// The records.
    pub records: Vec<RecordLine>,
    /// How many to leave out for the next page, where there is one.
    pub next: Option<usize>,
}

/// A record on one side.
#[derive(Clone, Debug, Serialize)]
pub struct WhereView {
    /// The side.
    pub side: String,
    /// Its id there; none where it is not.
    pub id: Option<String>,
    /// Whether it was deleted or voided.
    pub is_gone: bool,
    /// Why it is not carried, in words.
    pub hold: Option<String>,
    /// Whether a person left it as it is.
    pub is_skipped: bool,
    /// The name it has on the other side, where its own is taken.
    pub alias: Option<String>,
    /// Its version: `EditSequence`, or the time of its last change.
    pub version: Option<String>,
}

/// One field of a record.
#[derive(Clone, Debug, Serialize)]
pub struct RecordFieldView {
    /// Its label.
    pub label: String,
    /// In QuickBooks.
    pub quickbooks: Option<String>,
    /// In QuickBooks, when both sides last agreed.
    pub quickbooks_base: Option<String>,
    /// In Bill.com.
    pub billcom: Option<String>,
    /// In Bill.com, when both sides last agreed.
    pub billcom_base: Option<String>,
    /// Whether the sides mean different things.
    pub differs: bool,
    /// Whether it was changed in QuickBooks since they agreed.
    pub is_changed_in_quickbooks: bool,
    /// Whether it was changed in Bill.com since they agreed.
    pub is_changed_in_billcom: bool,
}

/// Something that was, or is, to be written because of a record.
#[derive(Clone, Debug, Serialize)]
pub struct IntentView {
    /// To which side.
    pub side: String,
    /// `create`, `update` or `void`.
    pub operation: String,
    /// Where it stands.
    pub state: String,
    /// Why it was decided.
    pub reason: String,
    /// Why it stands there.
    pub note: Option<String>,
    /// When it was decided.
    pub at: String,
    /// How often it was sent.
    pub attempts: u32,
    /// What it writes.
    pub changes: Vec<ChangeView>,
}

impl IntentView {
    /// Whether what stood there before is known.
    #[must_use]
    pub fn shows_before(&self) -> bool {
        self.changes.iter().any(|change| change.before.is_some())
    }
}

/// A record in full.
#[derive(Clone, Debug, Serialize)]
pub struct RecordView {
    /// Which record was asked for.
    pub record: RecordRef,
    /// What it is, for people.
    pub kind: String,
    /// What a person calls it.
    pub title: String,
    /// How it stands, in a sentence.
    pub state: String,
    /// In QuickBooks, and in Bill.com.
    pub sides: [WhereView; 2],
    /// Whether both sides ever agreed.
    pub is_pair: bool,
    /// Field by field.
    pub fields: Vec<RecordFieldView>,
    /// What to look for in QuickBooks: number, date, name, amount; as far as there are.
    pub number: Option<String>,
    /// See `number`.
    pub date: Option<String>,
    /// See `number`.
    pub name: Option<String>,
    /// See `number`.
    pub amount: Option<String>,
    /// Open problems.
    pub problems: Vec<ProblemLine>,
    /// What was and is to be written, newest first.
    pub intents: Vec<IntentView>,
    /// Its history, newest first.
    pub events: Vec<EventView>,
}

impl Engine {
    /// Records that fit, a page of them.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn records(&self, company: &str, query: &RecordQuery) -> Result<RecordsView, EngineError> {
        let handle = self.company(company)?;
        let filter = RecordFilter {
            text: searched(&query.text),
            kind: query.kind.parse().ok(),
            side: Side::from_word(&query.side),
            paired: match query.state.as_str() {
                "pairs" => Some(true),
                "single" => Some(false),
                _ => None,
            },
            skip: query.skip.min(RECORDS_SKIPPED_MAX),
        };
        Ok(handle.store.read(|tx| -> Result<_, StoreError> {
            let mut found = tx.find_records(&filter, RECORDS_PER_PAGE + 1)?;
            let next = filter.skip + RECORDS_PER_PAGE;
            let has_more = found.len() > RECORDS_PER_PAGE && next <= RECORDS_SKIPPED_MAX;
            found.truncate(RECORDS_PER_PAGE);
            let records = found.iter().map(|found| record_line(tx, found)).collect::<Result<_, _>>()?;
            Ok(RecordsView { records, next: has_more.then_some(next) })
        })?)
    }

    /// One record in full, by its id on a side.
    ///
    /// # Errors
    /// [`EngineError::NoSuchRecord`] when it was never seen.
    pub fn record(&self, company: &str, side: &str, kind: &str, id: &str) -> Result<RecordView, EngineError> {
        let handle = self.company(company)?;
        let key = key_of(side, kind, id)?;
        handle.store.read(|tx| record_view(tx, &key))
    }

    /// Where a record of Bill.com is found in its web pages. Asks Bill.com.
    ///
    /// # Errors
    /// [`EngineError::NoSuchRecord`] when it was never seen, [`EngineError::BadAction`] when Bill.com does not say.
    pub async fn billcom_page(&self, company: &str, kind: &str, id: &str) -> Result<String, EngineError> {
        let handle = self.company(company)?;
        let key = key_of(Side::BillCom.word(), kind, id)?;
        if handle.store.read(|tx| tx.title(&key))?.is_none() {
            return Err(EngineError::NoSuchRecord);
        }
        let client = self.billcom(&handle)?;
        client.object_url(&key.id).await.map_err(|error| {
            tracing::info!(%error, "Bill.com did not say where a record is");
            EngineError::BadAction("Bill.com does not say where its page of this record is".to_owned())
        })
    }
}

fn key_of(side: &str, kind: &str, id: &str) -> Result<RecordKey, EngineError> {
    let side = Side::from_word(side).ok_or(EngineError::NoSuchRecord)?;
    let kind: Kind = kind.parse().map_err(|()| EngineError::NoSuchRecord)?;
    let id = NativeId::new(id).map_err(|_| EngineError::NoSuchRecord)?;
    Ok(RecordKey::new(side, kind, id))
}

/// The text as titles have it: an amount without its sign and thousands separators.
fn searched(text: &str) -> String {
    let text: String = text.trim().chars().take(SEARCH_CHARS_MAX).collect();
    let plain = text.trim_start_matches('$').replace(',', "");
    let is_amount = plain.contains('.') && Money::parse(&plain).is_ok();
    if is_amount { Money::parse(&plain).map_or(text, |amount| amount.to_string()) } else { text }
}

fn record_line(tx: &Tx<'_>, found: &Found) -> Result<RecordLine, StoreError> {
    let partner = found.partner.clone().map(|id| RecordKey::new(found.key.side.other(), found.key.kind, id));
    let mut problems = tx.problems_about(&found.key)?.len();
    let mut live = tx.live_from(&found.key)?.len();
    if let Some(partner) = &partner {
        problems += tx.problems_about(partner)?.len();
        live += tx.live_from(partner)?.len();
    }
    let state = match (problems, live, &partner) {
        (1.., _, _) => "Needs you".to_owned(),
        (_, 1.., _) => "On its way".to_owned(),
        _ if found.gone => format!("Gone in {}", found.key.side.title()),
        (_, _, Some(_)) => "In step".to_owned(),
        _ => format!("Only in {}", found.key.side.title()),
    };
    Ok(RecordLine {
        record: RecordRef::of(&found.key),
        title: found.title.clone(),
        kind: found.key.kind.title().to_owned(),
        state,
        needs_you: problems > 0,
        is_pair: partner.is_some(),
    })
}

fn record_view(tx: &Tx<'_>, key: &RecordKey) -> Result<RecordView, EngineError> {
    let title = tx.title(key)?.ok_or(EngineError::NoSuchRecord)?;
    let link = tx.link(key)?;
    let key_on = |side: Side| match &link {
        Some(link) => Some(link.key_on(side)),
        None => Some(key.clone()).filter(|key| key.side == side),
    };
    let keys: Vec<RecordKey> = Side::ALL.into_iter().filter_map(key_on).collect();
    let seen_on = |side: Side| key_on(side).map(|key| tx.sighting(&key)).transpose().map(Option::flatten);
    let (quickbooks, billcom) = (seen_on(Side::QuickBooks)?, seen_on(Side::BillCom)?);
    let mut problems = Vec::new();
    let mut intents = Vec::new();
    let mut events: Vec<(i64, Event)> = Vec::new();
    for key in &keys {
        problems.extend(tx.problems_about(key)?.iter().map(problem_line));
        intents.extend(tx.intents_of(key, RECORD_HISTORY_MAX)?);
        events.extend(tx.events_about(key, RECORD_HISTORY_MAX)?);
    }
    intents.sort_by_key(|intent| std::cmp::Reverse(intent.created_at));
    events.sort_by_key(|(id, _)| std::cmp::Reverse(*id));
    let state = state_of(tx, key, link.as_ref(), &problems, &intents)?;
    let known = quickbooks.as_ref().or(billcom.as_ref()).map(|seen| &seen.sighting.fields);
    let plain = |name: &str| known.and_then(|fields| fields.get(name)).map(Value::to_string);
    let owner = entities::entity(key.kind).and_then(|entity| entity.owner());
    let owner = match (owner.and_then(|field| known?.reference(field)), quickbooks.is_some()) {
        (Some(owner), is_quickbooks) => {
            let side = if is_quickbooks { Side::QuickBooks } else { Side::BillCom };
            tx.title(&RecordKey::new(side, owner.kind, owner.id.clone()))?
        }
        (None, _) => None,
    };
    Ok(RecordView {
        record: RecordRef::of(key),
        kind: key.kind.title().to_owned(),
        title,
        state,
        fields: record_fields(tx, key.kind, quickbooks.as_ref(), billcom.as_ref(), link.as_ref())?,
        number: plain("number"),
        date: plain("date"),
        name: owner.or_else(|| plain("name")),
        amount: plain("amount"),
        sides: [
            where_view(Side::QuickBooks, key_on(Side::QuickBooks), quickbooks.as_ref()),
            where_view(Side::BillCom, key_on(Side::BillCom), billcom.as_ref()),
        ],
        is_pair: link.is_some(),
        problems,
        intents: intents
            .iter()
            .take(RECORD_HISTORY_MAX)
            .map(|intent| intent_view(tx, intent))
            .collect::<Result<_, _>>()?,
        events: events.iter().take(RECORD_HISTORY_MAX).map(|(id, event)| event_view(*id, event)).collect(),
    })
}

/// How a record stands, in a sentence.
fn state_of(
    tx: &Tx<'_>,
    key: &RecordKey,
    link: Option<&Link>,
    problems: &[ProblemLine],
    intents: &[Intent],
) -> Result<String, StoreError> {
    if !problems.is_empty() {
        return Ok("It needs a decision of yours.".to_owned());
    }
    if let Some(intent) = intents.iter().find(|intent| intent.state.is_live()) {
        let why = intent.note.as_ref().unwrap_or(&intent.reason);
        return Ok(format!("A change is on its way to {}: {why}.", intent.target().title()));
    }
    if let Some(why) = tx.deferral(key)? {
        return Ok(format!("It is not carried yet: it {why}."));
    }
    Ok(match link {
        Some(_) => "Both sides are in step.".to_owned(),
        None => format!("It stands in {} only.", key.side.title()),
    })
}

fn where_view(side: Side, key: Option<RecordKey>, seen: Option<&Seen>) -> WhereView {
    WhereView {
        side: side.word().to_owned(),
        id: key.map(|key| key.id.to_string()),
        is_gone: seen.is_some_and(|seen| seen.sighting.life == Life::Gone),
        hold: seen.and_then(|seen| seen.sighting.hold.as_deref().map(capital)),
        is_skipped: seen.is_some_and(|seen| seen.skipped),
        alias: seen.and_then(|seen| seen.alias.clone()),
        version: seen.map(|seen| seen.sighting.version.clone()),
    }
}

fn record_fields(
    tx: &Tx<'_>,
    kind: Kind,
    quickbooks: Option<&Seen>,
    billcom: Option<&Seen>,
    link: Option<&Link>,
) -> Result<Vec<RecordFieldView>, StoreError> {
    let Some(entity) = entities::entity(kind) else { return Ok(Vec::new()) };
    let mut partners = Partners::default();
    if let Some(seen) = quickbooks {
        tx.partners(Side::QuickBooks, seen.sighting.fields.references(), &mut partners)?;
    }
    let mut views = Vec::new();
    for spec in entity.fields() {
        let raw = |seen: Option<&Seen>| seen.and_then(|seen| seen.sighting.fields.get(spec.name)).cloned();
        let base = |side: Side| link.and_then(|link: &Link| link.base_on(side).get(spec.name)).cloned();
        let values = [
            (Side::QuickBooks, raw(quickbooks)),
            (Side::QuickBooks, base(Side::QuickBooks)),
            (Side::BillCom, raw(billcom)),
            (Side::BillCom, base(Side::BillCom)),
        ];
        if values.iter().all(|(_, value)| value.is_none()) {
            continue;
        }
        let both = quickbooks.is_some() && billcom.is_some();
        let differs = both && !plan::equivalent(spec, values[0].1.as_ref(), values[2].1.as_ref(), &partners);
        let is_changed = |now: usize, base: usize| link.is_some() && values[now].1 != values[base].1;
        let show = |at: usize| {
            let (side, value) = &values[at];
            value.as_ref().map(|value| shown_field(tx, *side, spec, value)).transpose()
        };
        views.push(RecordFieldView {
            label: spec.label.to_owned(),
            quickbooks: show(0)?,
            quickbooks_base: show(1)?,
            billcom: show(2)?,
            billcom_base: show(3)?,
            differs,
            is_changed_in_quickbooks: quickbooks.is_some() && is_changed(0, 1),
            is_changed_in_billcom: billcom.is_some() && is_changed(2, 3),
        });
    }
    Ok(views)
}

fn intent_view(tx: &Tx<'_>, intent: &Intent) -> Result<IntentView, StoreError> {
    // What was written long ago is not compared with what stands there today.
    let changes = if intent.state.is_live() { send_view(tx, intent)?.changes } else { wrote(tx, intent)? };
    Ok(IntentView {
        side: intent.target().word().to_owned(),
        operation: intent.operation.word().to_owned(),
        state: intent.state.word().to_owned(),
        reason: intent.reason.clone(),
        note: intent.note.clone(),
        at: time(intent.created_at),
        attempts: intent.attempts,
        changes,
    })
}

/// What an intent wrote.
fn wrote(tx: &Tx<'_>, intent: &Intent) -> Result<Vec<ChangeView>, StoreError> {
    let Some(entity) = entities::entity(intent.kind()) else { return Ok(Vec::new()) };
    let fields: &Fields = &intent.fields;
    let mut views = Vec::new();
    for spec in entity.fields() {
        if let Some(value) = fields.get(spec.name) {
            let after = Some(shown_field(tx, intent.source.side, spec, value)?);
            views.push(ChangeView { label: spec.label.to_owned(), before: None, after });
        }
    }
    Ok(views)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_found_as_people_write_them() {
        for (typed, wanted) in [
            ("$1,234.5", "1234.50"),
            ("1234.50", "1234.50"),
            (" Acme, Inc. ", "Acme, Inc."),
            ("10423", "10423"),
            ("", ""),
        ] {
            assert_eq!(searched(typed), wanted, "{typed}");
        }
    }
}
