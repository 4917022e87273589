//! Loading both ledgers for a comparison.

use super::sightings::address;
use super::{StoreError, Tx};
use crate::entities::{self, Entity, OnEdit, OnNew};
use crate::model::{DefaultRecord, Fields, Kind, Mode, Money, NativeId, RecordKey, Settings, Side};
use crate::plan::ledgers::{Clearing, Document, Leg, Party};
use crate::store::row;
use chrono::NaiveDate;
use rusqlite::params;
use std::collections::HashMap;

/// The kinds whose documents hold money, in the order in which they are shown.
const LEDGER: [Kind; 6] =
    [Kind::Bill, Kind::VendorCredit, Kind::BillPayment, Kind::Invoice, Kind::InvoicePayment, Kind::FundsTransfer];

/// Fields that name an account on which a document puts its amount, and whether it takes it from there.
const BOOKED_ON: [(Kind, &str, bool); 4] = [
    (Kind::BillPayment, "account", true),
    (Kind::InvoicePayment, "account", false),
    (Kind::FundsTransfer, "from", true),
    (Kind::FundsTransfer, "to", false),
];

/// Both ledgers.
#[derive(Debug, Default)]
pub struct Ledgers {
    /// The documents that are compared.
    pub documents: Vec<Document>,
    /// The clearing accounts whose balance is known.
    pub clearing: Vec<Clearing>,
}

/// A document while it is gathered.
struct Gathered {
    document: Document,
    date: Option<NaiveDate>,
    /// Accounts of QuickBooks on which it is booked there, and whether the amount is taken from them.
    booked: Vec<(NativeId, bool)>,
}

/// The pairs of a kind: by the id in Bill.com, the one in QuickBooks.
type Pairs = HashMap<NativeId, NativeId>;

impl Tx<'_> {
    /// Everything that `check` compares.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere; amounts that cannot be added up are [`StoreError::Broken`].
    pub fn ledgers(&self) -> Result<Ledgers, StoreError> {
        let settings = self.settings()?;
        let mut parties = HashMap::new();
        for kind in [Kind::Vendor, Kind::Customer] {
            parties.insert(kind, self.pairs(kind)?);
        }
        let mut gathered = Vec::new();
        for kind in LEDGER {
            let Some(entity) = entities::entity(kind) else { continue };
            gathered.extend(self.documents(entity, &settings, &parties)?);
        }
        let clearing = self.clearing(&settings, &gathered)?;
        let mut documents: Vec<Document> = gathered.into_iter().map(|gathered| gathered.document).collect();
        for document in documents.iter_mut().filter(|document| document.differs()) {
            document.cause = self.cause(document, &settings)?;
        }
        Ok(Ledgers { documents, clearing })
    }

    fn pairs(&self, kind: Kind) -> Result<Pairs, StoreError> {
        let mut statement = self.sql.prepare_cached("SELECT billcom_id, quickbooks_id FROM link WHERE kind = ?1")?;
        let mut rows = statement.query([kind.word()])?;
        let mut pairs = Pairs::new();
        while let Some(row) = rows.next()? {
            let id = |column| NativeId::new(row.get::<_, String>(column)?).map_err(|_| broken());
            pairs.insert(id(0)?, id(1)?);
        }
        Ok(pairs)
    }

    /// The documents of a kind, without those that nobody promised to compare.
    fn documents(
        &self,
        entity: &dyn Entity,
        settings: &Settings,
        parties: &HashMap<Kind, Pairs>,
    ) -> Result<Vec<Gathered>, StoreError> {
        let kind = entity.kind();
        let pairs = self.pairs(kind)?;
        let (mut found, mut places): (Vec<Gathered>, HashMap<NativeId, usize>) = Default::default();
        for side in [Side::QuickBooks, Side::BillCom] {
            let mut statement = self.sql.prepare_cached(
                "SELECT side, kind, id, fields, gone OR merged_into IS NOT NULL, title FROM sighting
                 WHERE side = ?1 AND kind = ?2 ORDER BY id",
            )?;
            let mut rows = statement.query(params![side.word(), kind.word()])?;
            while let Some(row) = rows.next()? {
                let id = address(row, 0)?.id;
                let fields = row::fields_from_text(&row.get::<_, String>(3)?)?;
                let leg = leg(entity, side, &id, &fields, row.get(4)?, parties);
                let pair = if side == Side::BillCom { pairs.get(&id).and_then(|id| places.get(id)) } else { None };
                if let Some(gathered) = pair.and_then(|place| found.get_mut(*place)) {
                    gathered.document.billcom = Some(leg);
                    continue;
                }
                let (quickbooks, billcom) = match side {
                    Side::QuickBooks => (Some(leg), None),
                    Side::BillCom => (None, Some(leg)),
                };
                let booked = if side == Side::QuickBooks { booked(kind, &fields) } else { Vec::new() };
                let document = Document { kind, title: row.get(5)?, quickbooks, billcom, cause: None };
                if side == Side::QuickBooks {
                    places.insert(id, found.len());
                }
                found.push(Gathered { document, date: fields.date("date"), booked });
            }
        }
        let own = entity.rules(settings).quickbooks;
        // What is made in QuickBooks and concerns nobody else, such as a transfer between two banks.
        let private = own.new == OnNew::Stay && own.edited == OnEdit::Ignore;
        found.retain(|gathered| match (&gathered.document.quickbooks, &gathered.document.billcom) {
            (Some(_), None) if private => false,
            (Some(_), Some(_)) => true,
            _ => gathered.date.is_none_or(|date| date >= settings.start_date),
        });
        Ok(found)
    }

    /// The clearing accounts: what QuickBooks says they hold, and what Bill.com's documents leave on them.
    fn clearing(&self, settings: &Settings, gathered: &[Gathered]) -> Result<Vec<Clearing>, StoreError> {
        let balances = self.balances()?;
        let mut found = Vec::new();
        for wanted in [DefaultRecord::MoneyOutClearing, DefaultRecord::MoneyInClearing] {
            let Some(account) = self.default_account(wanted, settings)? else { continue };
            let Some((_, balance, _)) = balances.iter().find(|(id, _, _)| *id == account) else { continue };
            let mut on_its_way = Money::ZERO;
            for gathered in gathered {
                let amount = gathered.document.billcom.as_ref().map_or(Money::ZERO, |leg| leg.amount);
                for (_, taken) in gathered.booked.iter().filter(|(id, _)| *id == account) {
                    let moved = if *taken { on_its_way.checked_sub(amount) } else { on_its_way.checked_add(amount) };
                    on_its_way = moved.ok_or_else(broken)?;
                }
            }
            let name = self.title(&RecordKey::new(Side::QuickBooks, Kind::Account, account))?.unwrap_or_default();
            // Both settings may name one account.
            if !found.iter().any(|known: &Clearing| known.name == name) {
                found.push(Clearing { name, balance: *balance, on_its_way });
            }
        }
        Ok(found)
    }

    /// The QuickBooks account that a setting, or Bill.com itself, names for a purpose.
    fn default_account(&self, wanted: DefaultRecord, settings: &Settings) -> Result<Option<NativeId>, StoreError> {
        let Some(reference) = self.default_reference(wanted, settings)? else { return Ok(None) };
        self.partner(&RecordKey::new(Side::BillCom, reference.kind, reference.id))
    }

    /// Why a document is not the same on both sides, as far as anybody knows.
    fn cause(&self, document: &Document, settings: &Settings) -> Result<Option<String>, StoreError> {
        let legs = Side::ALL.into_iter().filter_map(|side| Some((side, document.on(side)?)));
        let keys: Vec<RecordKey> =
            legs.map(|(side, leg)| RecordKey::new(side, document.kind, leg.id.clone())).collect();
        for key in &keys {
            if let Some(problem) = self.problems_about(key)?.into_iter().next() {
                return Ok(Some(format!("{} (problem {})", problem.summary, problem.id.get())));
            }
        }
        for key in &keys {
            if let Some(intent) = self.live_intents(key)?.into_iter().next() {
                let why = intent.note.unwrap_or(intent.reason);
                return Ok(Some(format!("It is still to be written to {}: {why}.", key.side.other().title())));
            }
        }
        for key in &keys {
            if let Some(why) = self.at_rest(key)? {
                return Ok(Some(why));
            }
        }
        if self.mode()? == Mode::Preview {
            return Ok(Some("The company has not been started yet: nothing is written.".to_owned()));
        }
        let rules = entities::entity(document.kind).map(|entity| entity.rules(settings).quickbooks);
        let stays = rules.is_some_and(|rules| rules.new == OnNew::Stay);
        Ok(match (&document.quickbooks, &document.billcom) {
            (Some(_), None) if stays => {
                let plural = document.kind.plural();
                Some(format!("It was entered in QuickBooks; {plural} are managed in Bill.com and never travel there."))
            }
            _ => None,
        })
    }

    /// Why a record stays as it is, for good or for now.
    fn at_rest(&self, key: &RecordKey) -> Result<Option<String>, StoreError> {
        let mut statement = self
            .sql
            .prepare_cached("SELECT hold, skipped, deferred FROM sighting WHERE side = ?1 AND kind = ?2 AND id = ?3")?;
        let mut rows = statement.query(params![key.side.word(), key.kind.word(), key.id.as_str()])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let (hold, skipped, deferred): (Option<String>, bool, Option<String>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if skipped {
            return Ok(Some("A person decided to leave it as it is.".to_owned()));
        }
        Ok(hold.map(|why| format!("It is kept out: {why}.")).or(deferred.map(|why| format!("It waits: {why}."))))
    }
}

fn leg(
    entity: &dyn Entity,
    side: Side,
    id: &NativeId,
    fields: &Fields,
    gone: bool,
    parties: &HashMap<Kind, Pairs>,
) -> Leg {
    let party = entity.owner().and_then(|owner| fields.reference(owner)).map(|owner| {
        let partner =
            if side == Side::BillCom { parties.get(&owner.kind).and_then(|of| of.get(&owner.id)) } else { None };
        Party { kind: owner.kind, id: partner.unwrap_or(&owner.id).clone() }
    });
    let amount = if gone { Money::ZERO } else { fields.money("amount").unwrap_or(Money::ZERO) };
    Leg { id: id.clone(), amount, party }
}

fn booked(kind: Kind, fields: &Fields) -> Vec<(NativeId, bool)> {
    let named = BOOKED_ON.iter().filter(|(of, ..)| *of == kind);
    named.filter_map(|(_, field, taken)| Some((fields.reference(field)?.id.clone(), *taken))).collect()
}

const fn broken() -> StoreError {
    StoreError::Broken { what: "ledger" }
}
