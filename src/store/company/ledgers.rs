//! Loading both ledgers for a comparison and for the calendar.

use super::sightings::address;
use super::{StoreError, Tx};
use crate::entities::{self, Context, Entity, OPEN, OnEdit, OnNew, REVERSES, Standing};
use crate::limits::MERGES_FOLLOWED_MAX;
use crate::model::{
    DefaultRecord, Fields, Kind, Life, Mode, Money, NativeId, RecordKey, Reference, Settings, Side, Sighting, Value,
};
use crate::plan::forecast::{Account, Books};
use crate::plan::ledgers::{Applied, Booking, Clearing, Document, KINDS, Ledgers, Leg, Party, Scope};
use crate::store::row;
use chrono::{DateTime, Days, Utc};
use rusqlite::{Row, params};
use std::collections::{HashMap, HashSet};

/// Fields that name an account on which a document puts its amount, and whether it takes it from there.
const BOOKED_ON: [(Kind, &str, bool); 4] = [
    (Kind::BillPayment, "account", true),
    (Kind::InvoicePayment, "account", false),
    (Kind::FundsTransfer, "from", true),
    (Kind::FundsTransfer, "to", false),
];

/// Where a payment says what it pays: its lines, and the field that names the document.
const PAYS: [(Kind, &str, &str); 3] = [
    (Kind::BillPayment, "lines", "bill"),
    (Kind::BillPayment, "credits", "bill"),
    (Kind::InvoicePayment, "lines", "invoice"),
];

/// The accounts through which Bill.com's own payments pass.
const CLEARING: [DefaultRecord; 2] = [DefaultRecord::MoneyOutClearing, DefaultRecord::MoneyInClearing];

/// The pairs of a kind: by the id in Bill.com, the one in QuickBooks.
type Pairs = HashMap<NativeId, NativeId>;

/// What a document is read with.
struct Reader {
    context: Context,
    /// Of accounts, vendors and customers.
    pairs: HashMap<Kind, Pairs>,
    /// Vendors and customers that were merged, and into which.
    merged: HashMap<RecordKey, NativeId>,
}

impl Tx<'_> {
    /// Both ledgers, as last seen.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn ledgers(&self, now: DateTime<Utc>) -> Result<Ledgers, StoreError> {
        let reader = self.ledger_reader(now)?;
        let mut documents = Vec::new();
        for kind in KINDS {
            if let Some(entity) = entities::entity(kind) {
                documents.extend(self.ledger_documents(entity, &reader)?);
            }
        }
        self.take_back(&mut documents)?;
        for document in documents.iter_mut().filter(|document| document.differs()) {
            self.explain(document, &reader.context.settings)?;
        }
        Ok(Ledgers { documents, clearing: self.clearing(&reader.context.settings)? })
    }

    /// Everything that the calendar is made of, with the balances of so many days.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn calendar_books(&self, now: DateTime<Utc>, days_back: u64) -> Result<Books, StoreError> {
        let Ledgers { documents, clearing } = self.ledgers(now)?;
        let mut accounts = Vec::new();
        for (id, balance, _) in self.balances()? {
            if clearing.iter().any(|clearing| clearing.account == id) {
                continue;
            }
            let key = RecordKey::new(Side::QuickBooks, Kind::Account, id.clone());
            let used = self.sighting(&key)?.is_none_or(|seen| {
                seen.sighting.life == Life::Alive && seen.sighting.fields.flag("active") != Some(false)
            });
            if used || !balance.is_zero() {
                let changes = self.balance_changes(&id, now - Days::new(days_back))?;
                accounts.push(Account { name: self.title(&key)?.unwrap_or_default(), id, balance, changes });
            }
        }
        let main = self.all_bank_accounts()?.into_iter().find(|bank| bank.main).and_then(|bank| bank.account);
        let main =
            main.map(|id| self.partner(&RecordKey::new(Side::BillCom, Kind::Account, id))).transpose()?.flatten();
        Ok(Books { today: now.date_naive(), accounts, main, clearing, documents })
    }

    fn ledger_reader(&self, now: DateTime<Utc>) -> Result<Reader, StoreError> {
        let mut context = Context::new(now, self.settings()?);
        for wanted in CLEARING.into_iter().chain([DefaultRecord::DepositAccount]) {
            let reference = self.default_reference(wanted, &context.settings)?;
            context.defaults.extend(reference.map(|reference| (wanted, reference)));
        }
        context.bank_accounts.extend(self.bank_accounts()?);
        for (billcom, quickbooks) in self.pairs(Kind::FundsTransfer)? {
            context.partners.insert(Kind::FundsTransfer, &quickbooks, &billcom);
        }
        let (mut pairs, mut merged) = (HashMap::new(), HashMap::new());
        for kind in [Kind::Account, Kind::Vendor, Kind::Customer] {
            pairs.insert(kind, self.pairs(kind)?);
            merged.extend(self.merges(kind)?);
        }
        Ok(Reader { context, pairs, merged })
    }

    /// What is taken back by a journal entry that stands in QuickBooks counts for nothing there any more.
    fn take_back(&self, documents: &mut [Document]) -> Result<(), StoreError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT own.fields FROM sighting own
             JOIN link l ON l.kind = own.kind AND l.billcom_id = own.id
             JOIN sighting entry ON entry.side = 'quickbooks' AND entry.kind = l.kind AND entry.id = l.quickbooks_id
             WHERE own.side = 'billcom' AND own.kind = ?1 AND entry.gone = 0",
        )?;
        let mut rows = statement.query([Kind::Reversal.word()])?;
        let mut taken_back: HashSet<(Kind, NativeId)> = HashSet::new();
        while let Some(row) = rows.next()? {
            let fields = row::fields_from_text(row.get_ref(0)?.as_str().map_err(|_| broken())?)?;
            taken_back.extend(fields.reference(REVERSES).map(|document| (document.kind, document.id.clone())));
        }
        for document in documents.iter_mut().filter(|_| !taken_back.is_empty()) {
            let own = document.billcom.as_ref().map(|leg| (document.kind, leg.id.clone()));
            if own.is_some_and(|own| taken_back.contains(&own))
                && let Some(leg) = &mut document.quickbooks
            {
                leg.standing = Standing::Out;
            }
        }
        Ok(())
    }

    fn pairs(&self, kind: Kind) -> Result<Pairs, StoreError> {
        let mut statement = self.sql.prepare_cached("SELECT billcom_id, quickbooks_id FROM link WHERE kind = ?1")?;
        let mut rows = statement.query([kind.word()])?;
        let mut pairs = Pairs::new();
        while let Some(row) = rows.next()? {
            pairs.insert(native(row, 0)?, native(row, 1)?);
        }
        Ok(pairs)
    }

    fn merges(&self, kind: Kind) -> Result<Vec<(RecordKey, NativeId)>, StoreError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT side, kind, id, merged_into FROM sighting WHERE kind = ?1 AND merged_into IS NOT NULL",
        )?;
        let mut rows = statement.query([kind.word()])?;
        let mut merges = Vec::new();
        while let Some(row) = rows.next()? {
            merges.push((address(row, 0)?, native(row, 3)?));
        }
        Ok(merges)
    }

    /// All documents of a kind: the pairs, and those without a partner.
    fn ledger_documents(&self, entity: &dyn Entity, reader: &Reader) -> Result<Vec<Document>, StoreError> {
        let (kind, settings) = (entity.kind(), &reader.context.settings);
        let pairs = self.pairs(kind)?;
        let paired: HashSet<&NativeId> = pairs.values().collect();
        let (mut found, mut places): (Vec<Document>, HashMap<NativeId, usize>) = Default::default();
        for side in [Side::QuickBooks, Side::BillCom] {
            let mut statement = self.sql.prepare_cached(
                "SELECT side, kind, id, fields, gone, merged_into, hold, title FROM sighting
                 WHERE side = ?1 AND kind = ?2 ORDER BY id",
            )?;
            let mut rows = statement.query(params![side.word(), kind.word()])?;
            while let Some(row) = rows.next()? {
                let mut sighting = ledger_sighting(row)?;
                let id = sighting.key.id.clone();
                let is_paired = if side == Side::BillCom { pairs.contains_key(&id) } else { paired.contains(&id) };
                let leg = reader.leg(entity, &mut sighting, is_paired);
                let place = if side == Side::BillCom { pairs.get(&id).and_then(|id| places.get(id)) } else { None };
                if let Some(document) = place.and_then(|place| found.get_mut(*place)) {
                    document.billcom = Some(leg);
                    continue;
                }
                let (quickbooks, billcom) = match side {
                    Side::QuickBooks => (Some(leg), None),
                    Side::BillCom => (None, Some(leg)),
                };
                if side == Side::QuickBooks {
                    places.insert(id, found.len());
                }
                let (title, scope) = (row.get(7)?, Scope::Compared);
                found.push(Document { kind, title, scope, quickbooks, billcom, cause: None, problem: None });
            }
        }
        let own = entity.rules(settings).quickbooks;
        // What is made in QuickBooks and concerns nobody else, such as a transfer between two banks.
        let private = own.new == OnNew::Stay && own.edited == OnEdit::Ignore;
        for document in &mut found {
            document.scope = match (&document.quickbooks, &document.billcom) {
                (Some(_), Some(_)) => Scope::Compared,
                (Some(_), None) if private => Scope::Private,
                (Some(leg), None) | (None, Some(leg)) if leg.date.is_some_and(|day| day < settings.start_date) => {
                    Scope::Past
                }
                _ => Scope::Compared,
            };
        }
        Ok(found)
    }

    /// The clearing accounts whose balance is known.
    fn clearing(&self, settings: &Settings) -> Result<Vec<Clearing>, StoreError> {
        let balances = self.balances()?;
        let mut found: Vec<Clearing> = Vec::new();
        for wanted in CLEARING {
            let Some(reference) = self.default_reference(wanted, settings)? else { continue };
            let key = RecordKey::new(Side::BillCom, reference.kind, reference.id);
            let Some(account) = self.partner(&key)? else { continue };
            let Some((_, balance, _)) = balances.iter().find(|(id, _, _)| *id == account) else { continue };
            let name = self.title(&RecordKey::new(Side::QuickBooks, Kind::Account, account.clone()))?;
            // Both settings may name one account.
            if !found.iter().any(|known| known.account == account) {
                found.push(Clearing { account, name: name.unwrap_or_default(), balance: *balance });
            }
        }
        Ok(found)
    }

    /// Says why a document is not the same on both sides, as far as anybody knows.
    fn explain(&self, document: &mut Document, settings: &Settings) -> Result<(), StoreError> {
        let legs = Side::ALL.into_iter().filter_map(|side| Some((side, document.on(side)?)));
        let keys: Vec<RecordKey> =
            legs.map(|(side, leg)| RecordKey::new(side, document.kind, leg.id.clone())).collect();
        for key in &keys {
            if let Some(problem) = self.problems_about(key)?.into_iter().next() {
                document.problem = Some(problem.id);
                document.cause = Some(format!("{} (problem {})", problem.summary, problem.id.get()));
                return Ok(());
            }
        }
        document.cause = self.cause(document, &keys, settings)?;
        Ok(())
    }

    fn cause(
        &self,
        document: &Document,
        keys: &[RecordKey],
        settings: &Settings,
    ) -> Result<Option<String>, StoreError> {
        for key in keys {
            if let Some(intent) = self.live_intents(key)?.into_iter().next() {
                let why = intent.note.unwrap_or(intent.reason);
                return Ok(Some(format!("It is still to be written to {}: {why}.", key.side.other().title())));
            }
        }
        for key in keys {
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

impl Reader {
    /// A document as a side has it. One of Bill.com is completed as it would be for QuickBooks: with its accounts.
    fn leg(&self, entity: &dyn Entity, sighting: &mut Sighting, is_paired: bool) -> Leg {
        entity.prepare(sighting, &self.context);
        let standing = match entity.standing(sighting, &self.context) {
            // What both sides have counts on both, whatever else is said of it.
            Standing::Announced => {
                if is_paired {
                    Standing::Booked
                } else {
                    Standing::Announced
                }
            }
            Standing::Out if is_paired && sighting.life == Life::Alive => Standing::Booked,
            other => other,
        };
        let side = sighting.key.side;
        let completed = if side == Side::BillCom { entity.complete(sighting, &self.context).ok() } else { None };
        let fields = completed.as_ref().unwrap_or(&sighting.fields);
        Leg {
            standing,
            amount: fields.money("amount").unwrap_or(Money::ZERO),
            party: entity.owner().and_then(|owner| self.party(side, fields.reference(owner)?)),
            number: fields.text("number").map(str::to_owned),
            date: fields.date("date"),
            due: fields.date("due_date"),
            open: fields.money(OPEN),
            approved: side == Side::QuickBooks || entities::is_approved(fields),
            booked: self.booked(sighting.key.kind, side, fields),
            applied: applied(sighting.key.kind, fields),
            id: sighting.key.id.clone(),
        }
    }

    /// The record of QuickBooks that a reference means, when there is one: the survivor of merges, and its partner.
    fn party(&self, side: Side, reference: &Reference) -> Option<Party> {
        let kind = reference.kind;
        let own = self.survivor(side, kind, reference.id.clone());
        let partner = if side == Side::BillCom { self.pairs.get(&kind)?.get(&own).cloned() } else { None };
        let id = partner.map_or(own, |partner| self.survivor(Side::QuickBooks, kind, partner));
        Some(Party { kind, id })
    }

    fn survivor(&self, side: Side, kind: Kind, id: NativeId) -> NativeId {
        let mut at = RecordKey::new(side, kind, id);
        for _ in 0..MERGES_FOLLOWED_MAX {
            let Some(next) = self.merged.get(&at) else { break };
            at.id = next.clone();
        }
        at.id
    }

    fn booked(&self, kind: Kind, side: Side, fields: &Fields) -> Vec<Booking> {
        let named = BOOKED_ON.iter().filter(|(of, ..)| *of == kind);
        let booking = |(_, field, taken): &(Kind, &str, bool)| {
            let own = &fields.reference(field)?.id;
            let account = match side {
                Side::QuickBooks => Some(own),
                Side::BillCom => self.pairs.get(&Kind::Account)?.get(own),
            };
            Some(Booking { account: account?.clone(), taken: *taken })
        };
        named.filter_map(booking).collect()
    }
}

fn applied(kind: Kind, fields: &Fields) -> Vec<Applied> {
    let mut found = Vec::new();
    for (_, lines, document) in PAYS.iter().filter(|(of, ..)| *of == kind) {
        for line in fields.lines(lines) {
            let Some(Value::Ref(paid)) = line.get(document) else { continue };
            let amount = line.money("amount").unwrap_or(Money::ZERO);
            found.push(Applied { kind: paid.kind, id: paid.id.clone(), amount });
        }
    }
    found
}

fn ledger_sighting(row: &Row<'_>) -> Result<Sighting, StoreError> {
    let merged_into = row.get::<_, Option<String>>(5)?.map(|_| native(row, 5)).transpose()?;
    Ok(Sighting {
        key: address(row, 0)?,
        version: String::new(),
        fields: row::fields_from_text(row.get_ref(3)?.as_str().map_err(|_| broken())?)?,
        life: if row.get(4)? { Life::Gone } else { Life::Alive },
        merged_into,
        hold: row.get(6)?,
        mark: None,
        line_ids: Vec::new(),
    })
}

fn native(row: &Row<'_>, column: usize) -> Result<NativeId, StoreError> {
    NativeId::new(row.get::<_, String>(column)?).map_err(|_| broken())
}

const fn broken() -> StoreError {
    StoreError::Broken { what: "ledger" }
}
