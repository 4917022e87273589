//! Taking back what was voided in a closed period, on a later day: the record that says so is made here, when a person presses
//! the button, and travels like any other (`entities/reversal.rs`).

use super::serve::ControlAccounts;
use super::{Engine, EngineError};
use crate::entities::{self, Entity, PostedTo, Posting, ReversalLine};
use crate::model::{
    Fields, Intent, Kind, Life, Money, NativeId, Operation, ProblemCode, RecordKey, Reference, Side, Sighting, Value,
};
use crate::store::{StoreError, Tx};
use chrono::NaiveDate;

/// Something cannot be taken back by a journal entry.
#[derive(Debug, thiserror::Error)]
enum NotReversible {
    /// Why, for a person.
    #[error(
        "it cannot be taken back by a journal entry: {0}. Take it back in QuickBooks by hand, then leave it as it is"
    )]
    Because(&'static str),
    /// The file.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<NotReversible> for EngineError {
    fn from(error: NotReversible) -> Self {
        match error {
            NotReversible::Because(_) => Self::BadAction(error.to_string()),
            NotReversible::Store(error) => error.into(),
        }
    }
}

/// Whether what an intent was to do in QuickBooks can be done by a journal entry of another day.
pub(super) fn is_possible(tx: &Tx<'_>, intent: &Intent) -> Result<bool, StoreError> {
    if intent.kind() == Kind::Reversal {
        return Ok(intent.operation == Operation::Create);
    }
    if intent.operation != Operation::Void || intent.target() != Side::QuickBooks {
        return Ok(false);
    }
    let Some(target) = intent.target_key() else { return Ok(false) };
    match lines(tx, &target) {
        Ok(_) => Ok(true),
        Err(NotReversible::Because(_)) => Ok(false),
        Err(NotReversible::Store(error)) => Err(error),
    }
}

/// What takes back a document of QuickBooks, in references of Bill.com.
fn lines(tx: &Tx<'_>, document: &RecordKey) -> Result<Vec<ReversalLine>, NotReversible> {
    let (Some(entity), Some(seen)) = (entities::entity(document.kind), tx.sighting(document)?) else {
        return Err(NotReversible::Because("it is not known any more"));
    };
    let standing = seen.sighting;
    if standing.life == Life::Gone {
        return Err(NotReversible::Because("nothing is left of it in QuickBooks"));
    }
    let postings: Vec<Posting> =
        entity.booked(&standing.fields).into_iter().filter(|posting| !posting.amount.is_zero()).collect();
    if postings.is_empty() {
        return Err(NotReversible::Because("it has booked nothing that a journal entry could take back"));
    }
    if Money::checked_sum(postings.iter().map(|posting| posting.amount)) != Some(Money::ZERO) {
        return Err(NotReversible::Because("its lines do not say all that QuickBooks has booked, such as sales tax"));
    }
    postings.iter().map(|posting| line(tx, entity, &standing.fields, posting)).collect()
}

fn line(tx: &Tx<'_>, entity: &dyn Entity, standing: &Fields, posting: &Posting) -> Result<ReversalLine, NotReversible> {
    let (account, unknown) = match &posting.to {
        PostedTo::Account(account) => (Some(account.clone()), "a line of it names no account"),
        PostedTo::Control => {
            let why = "it is not known which account payable or receivable it stands on";
            (control_account(tx, entity, standing)?, why)
        }
        PostedTo::Item { item, bought } => {
            let known = tx.sighting(&on_quickbooks(item))?;
            let account = known.and_then(|known| entities::account_of_item(&known.sighting.fields, *bought));
            (account, "an item on it books on more than one account, as what is kept in stock does")
        }
    };
    let account = account.ok_or(NotReversible::Because(unknown))?;
    let account = in_billcom(tx, &account)?
        .ok_or(NotReversible::Because("an account it is booked on is not carried to Bill.com"))?;
    let carried = |reference: Option<&Reference>| {
        let Some(reference) = reference else { return Ok(None) };
        let partner = in_billcom(tx, reference)?;
        partner.map(Some).ok_or(NotReversible::Because("a name or class on it is not carried to Bill.com"))
    };
    let (name, class) = (carried(posting.name.as_ref())?, carried(posting.class.as_ref())?);
    Ok(ReversalLine { account, amount: posting.amount.negated(), name, class })
}

/// The account payable or receivable that a document stands on: as QuickBooks shows it, or as the settings or the books say.
fn control_account(tx: &Tx<'_>, entity: &dyn Entity, standing: &Fields) -> Result<Option<Reference>, StoreError> {
    let shown = standing.text(entities::CONTROL).and_then(|id| NativeId::new(id).ok());
    let id = match shown {
        Some(id) => Some(id),
        None => ControlAccounts::load(tx)?.of(entity.kind()).cloned(),
    };
    Ok(id.map(|id| Reference { kind: Kind::Account, id }))
}

fn on_quickbooks(reference: &Reference) -> RecordKey {
    RecordKey::new(Side::QuickBooks, reference.kind, reference.id.clone())
}

fn in_billcom(tx: &Tx<'_>, reference: &Reference) -> Result<Option<Reference>, StoreError> {
    let partner = tx.partner(&on_quickbooks(reference))?;
    Ok(partner.map(|id| Reference { kind: reference.kind, id }))
}

/// The reversal that a record is, or that was made of it last.
pub(super) fn newest(tx: &Tx<'_>, key: &RecordKey) -> Result<Option<Sighting>, StoreError> {
    let mut newest = None;
    if let Some(link) = original(tx, key)?.map(|key| tx.link(&key)).transpose()?.flatten() {
        for number in 1.. {
            let Some(known) = nth(&link.billcom_id, number).map(|key| tx.sighting(&key)).transpose()?.flatten() else {
                break;
            };
            newest = Some(known);
        }
    }
    Ok(newest.map(|known| known.sighting))
}

/// The record of Bill.com that is to be taken back: the one that is asked about, or the one whose reversal that is.
fn original(tx: &Tx<'_>, key: &RecordKey) -> Result<Option<RecordKey>, StoreError> {
    if key.kind != Kind::Reversal {
        return Ok(Some(key.clone()));
    }
    let known = tx.sighting(key)?;
    let of = known.and_then(|known| known.sighting.fields.reference(entities::REVERSES).cloned());
    Ok(of.map(|of| RecordKey::new(Side::BillCom, of.kind, of.id)))
}

/// Where the reversals of a record of Bill.com stand; none where its id is too long for that.
fn nth(document: &NativeId, number: u32) -> Option<RecordKey> {
    let id = NativeId::new(format!("{document}-back-{number}")).ok()?;
    Some(RecordKey::new(Side::BillCom, Kind::Reversal, id))
}

impl Engine {
    /// What was voided in a closed period is taken back on a day, today where none is given. Pressed for a reversal, it gets
    /// another day.
    pub(super) fn reverse(
        &self,
        tx: &Tx<'_>,
        key: &RecordKey,
        code: ProblemCode,
        day: Option<&str>,
    ) -> Result<(), EngineError> {
        let bad = |text: String| EngineError::BadAction(text);
        let today = self.now().date_naive();
        let date = day.map_or(Ok(today), str::parse::<NaiveDate>);
        let date = date.map_err(|_| bad(format!("give the day like {today}")))?;
        if key.kind == Kind::Reversal && tx.link(key)?.is_none() {
            return self.date_anew(tx, key, date);
        }
        let missing = || bad("that record has no partner any more".to_owned());
        let taken_back = original(tx, key)?.ok_or_else(missing)?;
        let link = tx.link(&taken_back)?.ok_or_else(missing)?;
        let document = link.key_on(Side::QuickBooks);
        let lines = lines(tx, &document)?;
        let entity = entities::entity(document.kind).ok_or_else(missing)?;
        let standing = tx.sighting(&document)?.ok_or_else(missing)?.sighting;
        if let Some(booked) = standing.fields.date("date").filter(|booked| date < *booked) {
            return Err(bad(format!("it was booked on {booked}: choose that day or a later one")));
        }
        let title = format!("{} {}", document.kind.title(), entity.title(&standing.fields));
        let id = free_id(tx, &link.billcom_id)?;
        let source = link.key_on(Side::BillCom);
        let number = standing.fields.text("number");
        let reversal = entities::reversal(id, &source, &title, number, date, &lines);
        self.leave(tx, key, code)?;
        tx.see(&reversal, self.now())?;
        let (_, context) = tx.subject(&source, &tx.settings()?, self.now())?;
        if let Some(left) = entity.left_by_void(&link.billcom_base, &context) {
            tx.report(&left.about(Some(source), None, self.now()), self.now())?;
        }
        Ok(())
    }

    /// A reversal that QuickBooks has refused for its day gets another one.
    fn date_anew(&self, tx: &Tx<'_>, key: &RecordKey, date: NaiveDate) -> Result<(), EngineError> {
        let missing = || EngineError::BadAction("that record is not known".to_owned());
        let known = tx.sighting(key)?.ok_or_else(missing)?.sighting;
        self.withdraw_rejected(tx, key, "a person chose another day")?;
        let mut dated = Sighting { version: date.to_string(), ..known };
        dated.fields.set("date", Some(Value::Date(date)));
        tx.see(&dated, self.now())?;
        tx.replan(key)?;
        Ok(())
    }
}

/// The id of a document's reversal: the next free one where an earlier reversal was taken back itself.
fn free_id(tx: &Tx<'_>, document: &NativeId) -> Result<NativeId, EngineError> {
    for key in (1..).map_while(|number| nth(document, number)) {
        let Some(known) = tx.sighting(&key)? else { return Ok(key.id) };
        let entry = match tx.partner(&key)? {
            Some(entry) => tx.sighting(&RecordKey::new(Side::QuickBooks, Kind::Reversal, entry))?,
            None => None,
        };
        if !known.skipped && entry.is_none_or(|entry| entry.sighting.life == Life::Alive) {
            return Err(EngineError::BadAction("it is being taken back already".to_owned()));
        }
    }
    Err(EngineError::BadAction("that record cannot be taken back".to_owned()))
}
