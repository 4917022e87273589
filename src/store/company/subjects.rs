//! Loading what the planner looks at.

use super::restored::Suspects;
use super::sightings::{Owner, address};
use super::{StoreError, Tx};
use crate::entities::Context;
use crate::entities::{self, ENTITIES, Entity};
use crate::limits::MERGES_FOLLOWED_MAX;
use crate::model::{
    DefaultRecord, Fields, Intent, Kind, Life, Money, RecordKey, Reference, Settings, Side, Sighting, Value,
};
use crate::plan::{Inherited, Subject};
use chrono::{DateTime, Utc};
use rusqlite::params;

impl Tx<'_> {
    /// The next record whose subject is due for planning, in the order of the sync.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn due(&self, limit: usize) -> Result<Vec<RecordKey>, StoreError> {
        let mut found = Vec::new();
        let any = "SELECT EXISTS (SELECT 1 FROM sighting WHERE due = 1 AND due <> 0)";
        if !self.sql.prepare_cached(any)?.query_row([], |row| row.get::<_, bool>(0))? {
            return Ok(found);
        }
        let mut statement = self
            .sql
            .prepare_cached("SELECT side, kind, id FROM sighting WHERE due = 1 AND due <> 0 AND kind = ?1 LIMIT ?2")?;
        for entity in ENTITIES {
            let left = i64::try_from(limit - found.len()).unwrap_or(i64::MAX);
            let mut rows = statement.query(params![entity.kind().word(), left])?;
            while let Some(row) = rows.next()? {
                found.push(address(row, 0)?);
            }
            if !found.is_empty() {
                break;
            }
        }
        Ok(found)
    }

    /// Whether a record's subject is still due: planning its partner may have dealt with it.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn is_due(&self, key: &RecordKey) -> Result<bool, StoreError> {
        let mut statement =
            self.sql.prepare_cached("SELECT 1 FROM sighting WHERE side = ?1 AND kind = ?2 AND id = ?3 AND due = 1")?;
        Ok(statement.exists(params![key.side.word(), key.kind.word(), key.id.as_str()])?)
    }

    /// The subject of a record, with the context to decide about it.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn subject(
        &self,
        key: &RecordKey,
        settings: &Settings,
        now: DateTime<Utc>,
    ) -> Result<(Subject, Context), StoreError> {
        let link = self.link(key)?;
        let mut subject = Subject {
            kind: key.kind,
            quickbooks: None,
            billcom: None,
            live: Vec::new(),
            rejected: Vec::new(),
            problems: Vec::new(),
            candidates: Vec::new(),
            siblings: Vec::new(),
            same_may_be_out: false,
            may_be_a_new_one: false,
            inherited: Vec::new(),
            candidates_cut_short: false,
            suspects: Vec::new(),
            occupied: Vec::new(),
            stale_rounds: 0,
            link: None,
        };
        let addresses = match &link {
            Some(link) => vec![link.key_on(Side::QuickBooks), link.key_on(Side::BillCom)],
            None => vec![key.clone()],
        };
        for address in addresses {
            subject.live.extend(self.live_intents(&address)?);
            subject.rejected.extend(self.rejected_intents(&address)?);
            subject.problems.extend(self.problems_about(&address)?);
            let mut seen = self.sighting(&address)?;
            if let Some(seen) = &mut seen {
                self.drop_own_parent(&mut seen.sighting)?;
            }
            match address.side {
                Side::QuickBooks => subject.quickbooks = seen,
                Side::BillCom => subject.billcom = seen,
            }
        }
        match &link {
            Some(link) => {
                subject.stale_rounds = self.stale_rounds(link.id)?;
                self.load_successors(&mut subject)?;
            }
            None => self.load_candidates(key, &mut subject, settings)?,
        }
        subject.link = link;
        let context = self.context(&subject, settings, now)?;
        Ok((subject, context))
    }

    /// A parent that was merged into one below it leaves records that stand below themselves. What is left of the merge takes the
    /// place of what was merged, and stands below nothing.
    fn drop_own_parent(&self, sighting: &mut Sighting) -> Result<(), StoreError> {
        let Some(parent) = entities::entity(sighting.key.kind).and_then(|entity| entity.parent()) else {
            return Ok(());
        };
        let mut around = vec![sighting.key.clone()];
        let mut at = self.above(&sighting.fields, parent, sighting.key.side)?;
        while let Some(above) = at.filter(|_| around.len() <= MERGES_FOLLOWED_MAX) {
            if above == sighting.key {
                if self.stands_first(&around)? {
                    sighting.fields.set(parent, None);
                }
                return Ok(());
            }
            let seen = self.sighting(&above)?;
            around.push(above);
            at = match seen {
                Some(seen) => self.above(&seen.sighting.fields, parent, sighting.key.side)?,
                None => None,
            };
        }
        Ok(())
    }

    /// Whom a record stands below, or what is left of that one.
    fn above(&self, fields: &Fields, parent: &str, side: Side) -> Result<Option<RecordKey>, StoreError> {
        let Some(named) = fields.reference(parent) else { return Ok(None) };
        let named = RecordKey::new(side, named.kind, named.id.clone());
        let left = self.survivor(&named)?.map(|id| RecordKey::new(side, named.kind, id));
        Ok(Some(left.unwrap_or(named)))
    }

    /// Of records that stand below each other all around, the one that stands below nothing: what is left of a merge, or the one
    /// with the least id.
    fn stands_first(&self, around: &[RecordKey]) -> Result<bool, StoreError> {
        let mut left = Vec::new();
        for key in around {
            if !self.merged_from(key)?.is_empty() {
                left.push(key);
            }
        }
        let first = left.into_iter().min().or_else(|| around.iter().min());
        Ok(first == around.first())
    }

    /// Who is the same as whom a record of no pair belongs to; of a pair, as whom it does not belong to any more.
    fn load_lineages(&self, subject: &Subject, context: &mut Context) -> Result<(), StoreError> {
        let Some(entity) = entities::entity(subject.kind) else { return Ok(()) };
        for side in Side::ALL {
            let Some(seen) = subject.on(side) else { continue };
            let agreed = subject.link.as_ref().map(|link| link.base_on(side));
            for lineage in self.lineages(entity, side, &seen.sighting.fields, agreed)? {
                context.partners.unite(lineage);
            }
        }
        Ok(())
    }

    /// When one record of a pair is gone: records of its side that could have taken its place.
    fn load_successors(&self, subject: &mut Subject) -> Result<(), StoreError> {
        let Some(entity) = entities::entity(subject.kind) else { return Ok(()) };
        for side in Side::ALL {
            let gone = subject.on(side).filter(|seen| seen.sighting.life == Life::Gone);
            let Some(gone) = gone.map(|seen| &seen.sighting) else { continue };
            let (keys, owners) = (entity.keys(&gone.fields), self.owners(entity, gone)?);
            subject.siblings = self.look_alikes(side, subject.kind, &keys, &owners.on(side))?.free;
        }
        Ok(())
    }

    fn load_candidates(&self, key: &RecordKey, subject: &mut Subject, settings: &Settings) -> Result<(), StoreError> {
        let Some(entity) = entities::entity(key.kind) else { return Ok(()) };
        let Some(seen) = subject.on(key.side) else { return Ok(()) };
        let mut keys = entity.keys(&seen.sighting.fields);
        if let Some(alias) = &seen.alias {
            let mut renamed = seen.sighting.fields.clone();
            renamed.set_text("name", Some(alias.as_str()));
            keys.extend(entity.keys(&renamed));
        }
        let elsewhere = match key.side {
            Side::QuickBooks => entities::unsuffixed(entity, &seen.sighting.fields, settings),
            Side::BillCom => entities::suffixed(entity, &seen.sighting.fields, settings),
        };
        keys.extend(elsewhere.iter().flat_map(|renamed| entity.keys(renamed)));
        let owners = self.owners(entity, &seen.sighting)?;
        let (own, partners) = (owners.on(key.side), owners.on(key.side.other()));
        let siblings = self.look_alikes(key.side, key.kind, &keys, &own)?.free;
        subject.siblings = siblings.into_iter().filter(|sibling| sibling.key != *key).collect();
        let others = self.look_alikes(key.side.other(), key.kind, &keys, &partners)?;
        for candidate in &others.free {
            subject.same_may_be_out |= self.is_out(&candidate.key)?;
        }
        for own in &keys {
            subject.same_may_be_out |= self.former_self_is_being_made(key, own)?;
        }
        subject.may_be_a_new_one = self.may_be_a_new_one(key)?;
        if let Some(seen) = subject.on(key.side) {
            subject.inherited = self.inherited(entity, &seen.sighting, &others.merged)?;
        }
        subject.candidates = others.free;
        subject.occupied = others.taken;
        let suspects = match subject.on(key.side) {
            Some(seen) => self.suspects(entity, &seen.sighting, &partners)?,
            None => Suspects::default(),
        };
        subject.suspects = suspects.found;
        subject.candidates_cut_short = others.cut_short || suspects.cut_short;
        Ok(())
    }

    /// Whether what was planned of a record is being written right now, or it is not known whether it was.
    fn is_out(&self, key: &RecordKey) -> Result<bool, StoreError> {
        Ok(self.live_intents(key)?.iter().any(|intent| intent.state.is_out()))
    }

    /// What merges have to do with a record of a list: `merged` are its look-alikes of the other side that were merged there.
    fn inherited(
        &self,
        entity: &dyn Entity,
        seen: &Sighting,
        merged: &[Sighting],
    ) -> Result<Vec<Inherited>, StoreError> {
        let mut found = Vec::new();
        if entity.owner().is_some() {
            return Ok(found);
        }
        for other in merged {
            let Some(heir) = self.survivor(&other.key)? else { continue };
            let heir = RecordKey::new(other.key.side, other.key.kind, heir);
            let taken = self.partner(&heir)?.is_some();
            let Some(heir) = self.sighting(&heir)? else { continue };
            found.push(Inherited { own: seen.clone(), other: other.clone(), heir: heir.sighting, taken });
        }
        for own in self.merged_from(&seen.key)? {
            let Some(own) = self.sighting(&own)? else { continue };
            let keys = entity.keys(&own.sighting.fields);
            let others = self.look_alikes(seen.key.side.other(), seen.key.kind, &keys, &Owner::Any)?;
            found.extend(others.free.into_iter().map(|other| Inherited {
                own: own.sighting.clone(),
                other: other.clone(),
                heir: other,
                taken: false,
            }));
        }
        Ok(found)
    }

    /// To whom a document belongs.
    fn owners(&self, entity: &dyn Entity, sighting: &Sighting) -> Result<Owners, StoreError> {
        let Some(field) = entity.owner() else { return Ok(Owners::Any) };
        let Some(own) = sighting.fields.reference(field) else { return Ok(Owners::Of(field, Vec::new())) };
        let lineage = self.lineage(&RecordKey::new(sighting.key.side, own.kind, own.id.clone()))?;
        Ok(Owners::Of(field, lineage.records))
    }

    fn context(&self, subject: &Subject, settings: &Settings, now: DateTime<Utc>) -> Result<Context, StoreError> {
        let mut context = Context::new(now, settings.clone());
        for side in Side::ALL {
            if self.is_complete(side, subject.kind, settings)? {
                context.complete.insert((side, subject.kind));
            }
            for document in documents(subject, side) {
                self.resolve(side, document, &mut context)?;
            }
        }
        for key in subject.keys() {
            if self.is_wanted(key)? {
                context.wanted.insert(key.clone());
            }
            if let Some(survivor) = self.survivor(key)? {
                let reference = Reference { kind: key.kind, id: survivor.clone() };
                self.partners(key.side, [&reference], &mut context.partners)?;
                let survivor_key = RecordKey::new(key.side, key.kind, survivor.clone());
                if let (Some(entity), Some(left)) = (entities::entity(key.kind), self.sighting(&survivor_key)?) {
                    let keys = entity.keys(&left.sighting.fields);
                    let twins = self.look_alikes(key.side.other(), key.kind, &keys, &Owner::Any)?.free;
                    context.twins_of_survivors.extend(twins.into_iter().map(|twin| (left.sighting.clone(), twin)));
                }
                if self.is_out(&survivor_key)? {
                    context.survivors_on_the_way.insert(survivor_key);
                }
                context.survivors.insert(key.clone(), survivor);
            }
        }
        if subject.link.is_none() {
            context.owner = self.owner_fields(subject)?;
        }
        self.load_lineages(subject, &mut context)?;
        for wanted in entities::entity(subject.kind).map_or(&[][..], |entity| entity.defaults()) {
            let Some(reference) = self.default_reference(*wanted, settings)? else { continue };
            let document = Fields::new().with("default", Value::Ref(reference.clone()));
            self.resolve(Side::BillCom, &document, &mut context)?;
            context.defaults.insert(*wanted, reference);
        }
        if subject.kind == Kind::FundsTransfer {
            for (bank, account) in self.bank_accounts()? {
                let document = Fields::new().with("account", Value::Ref(account.clone()));
                self.resolve(Side::BillCom, &document, &mut context)?;
                context.bank_accounts.insert(bank, account);
            }
        }
        if subject.kind == Kind::BillPayment {
            self.load_paying_accounts(subject, &mut context)?;
            self.load_what_is_applied(subject, &mut context)?;
        }
        Ok(context)
    }

    /// The accounts from which payments of Bill.com are made, as QuickBooks has them where it does: what sort of payment it is there
    /// depends on them.
    fn load_paying_accounts(&self, subject: &Subject, context: &mut Context) -> Result<(), StoreError> {
        let named = documents(subject, Side::BillCom).into_iter().filter_map(|document| document.reference("account"));
        for account in named.chain(context.defaults.values()) {
            let own = RecordKey::new(Side::BillCom, account.kind, account.id.clone());
            let partner = context.partners.of(Side::BillCom, account);
            let key = partner.map(|id| RecordKey::new(Side::QuickBooks, account.kind, id.clone()));
            if let Some(seen) = self.sighting(key.as_ref().unwrap_or(&own))? {
                context.accounts.insert(own, seen.sighting.fields);
            }
        }
        Ok(())
    }

    /// Which of the documents that a payment by credits alone uses were in QuickBooks before, and which of these are paid there.
    fn load_what_is_applied(&self, subject: &Subject, context: &mut Context) -> Result<(), StoreError> {
        let applies =
            |fields: &Fields| entities::entity(subject.kind).is_some_and(|entity| entity.only_applies(fields));
        let unlinked = subject.billcom.as_ref().filter(|_| subject.link.is_none()).map(|seen| &seen.sighting.fields);
        let Some(payment) = unlinked.filter(|fields| applies(fields)) else { return Ok(()) };
        for reference in payment.references() {
            let own = RecordKey::new(Side::BillCom, reference.kind, reference.id.clone());
            let Some(partner) = context.partners.of(Side::BillCom, reference) else { continue };
            if self.was_made(&own)? {
                continue;
            }
            let partner = self.sighting(&RecordKey::new(Side::QuickBooks, reference.kind, partner.clone()))?;
            if partner.is_some_and(|seen| seen.sighting.fields.money(entities::OPEN).is_some_and(Money::is_zero)) {
                context.paid.insert(own.clone());
            }
            context.found.insert(own);
        }
        Ok(())
    }

    /// The record of Bill.com that stands in where a document names none: the one that a setting names, or that Bill.com shows.
    pub(super) fn default_reference(
        &self,
        wanted: DefaultRecord,
        settings: &Settings,
    ) -> Result<Option<Reference>, StoreError> {
        match settings.default_record(wanted) {
            Some(name) => self.default_named(wanted.kind(), name),
            None => self.clearing_shown(wanted),
        }
    }

    /// The clearing account that a payment of Bill.com's own shows.
    fn clearing_shown(&self, wanted: DefaultRecord) -> Result<Option<Reference>, StoreError> {
        let kind = match wanted {
            DefaultRecord::MoneyOutClearing => Kind::BillPayment,
            DefaultRecord::MoneyInClearing => Kind::InvoicePayment,
            _ => return Ok(None),
        };
        let payment = self.any_with_text(Side::BillCom, kind, entities::CHANNEL, entities::ONLINE)?;
        Ok(payment.and_then(|payment| payment.fields.reference("account").cloned()))
    }

    /// What the record says to which a document without a partner belongs.
    fn owner_fields(&self, subject: &Subject) -> Result<Option<Fields>, StoreError> {
        let field = entities::entity(subject.kind).and_then(Entity::owner);
        let Some((field, seen)) = field.zip(subject.quickbooks.as_ref().or(subject.billcom.as_ref())) else {
            return Ok(None);
        };
        let Some(owner) = seen.sighting.fields.reference(field) else { return Ok(None) };
        let key = RecordKey::new(seen.sighting.key.side, owner.kind, owner.id.clone());
        Ok(self.sighting(&key)?.map(|seen| seen.sighting.fields))
    }

    /// Whether all records of a kind have been read on a side.
    fn is_complete(&self, side: Side, kind: Kind, settings: &Settings) -> Result<bool, StoreError> {
        if side == Side::QuickBooks {
            return self.was_read_from_quickbooks(kind);
        }
        for home in entities::entity(kind).map_or(&[][..], |entity| entity.homes(settings)) {
            if !self.cursor(side, home.entity)?.complete {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether everything there is of a kind in QuickBooks has been read at least once.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn was_read_from_quickbooks(&self, kind: Kind) -> Result<bool, StoreError> {
        for shelf in entities::shelves().filter(|shelf| shelf.kind == kind) {
            if !self.cursor(Side::QuickBooks, &shelf.to_string())?.complete {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The Bill.com record that a setting names; one that goes by this name only in QuickBooks is found by its partner.
    fn default_named(&self, kind: Kind, name: &str) -> Result<Option<Reference>, StoreError> {
        if let Some(reference) = self.record_named(Side::BillCom, kind, name)? {
            return Ok(Some(reference));
        }
        let Some(reference) = self.record_named(Side::QuickBooks, kind, name)? else { return Ok(None) };
        let partner = self.partner(&RecordKey::new(Side::QuickBooks, kind, reference.id))?;
        Ok(partner.map(|id| Reference { kind, id }))
    }

    fn resolve(&self, side: Side, document: &Fields, context: &mut Context) -> Result<(), StoreError> {
        let references = document.references();
        self.partners(side, references.iter().copied(), &mut context.partners)?;
        for reference in references {
            let key = RecordKey::new(side, reference.kind, reference.id.clone());
            if context.titles.contains_key(&key) {
                continue;
            }
            if context.partners.of(side, reference).is_none() {
                if self.is_coming(&key)? {
                    context.coming.insert(key.clone());
                }
                if let Some(survivor) = self.survivor(&key)? {
                    context.survivors.insert(key.clone(), survivor);
                }
            }
            if reference.kind == Kind::Item
                && let Some(item) = self.sighting(&key)?
            {
                context.items.insert(key.clone(), item.sighting.fields);
            }
            if let Some(title) = self.title(&key)? {
                context.titles.insert(key, format!("{} {title}", reference.kind.title()));
            }
        }
        Ok(())
    }

    /// The record of a list that a setting names, by number or full name.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn record_named(&self, side: Side, kind: Kind, name: &str) -> Result<Option<Reference>, StoreError> {
        let Some(entity) = entities::entity(kind) else { return Ok(None) };
        let own = name.rsplit(':').next().unwrap_or(name).trim();
        let mut wanted = Fields::new();
        wanted.set_text("name", Some(own));
        wanted.set_text("number", Some(name.trim()));
        let alike = self.look_alikes(side, kind, &entity.keys(&wanted), &Owner::Any)?;
        if alike.cut_short {
            return Ok(None);
        }
        let mut found = Vec::new();
        for sighting in alike.free.into_iter().chain(alike.taken) {
            let by_number = sighting.fields.text("number") == Some(name.trim());
            if by_number || self.path_of(&sighting)?.eq_ignore_ascii_case(name.trim()) {
                found.push(sighting.key.id);
            }
        }
        // More than one is as good as none: guessing would book on the wrong account.
        let id = if found.len() == 1 { found.pop() } else { None };
        Ok(id.map(|id| Reference { kind, id }))
    }

    /// The full name of a record: the names of its ancestors and its own, with colons between them.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn path_of(&self, sighting: &Sighting) -> Result<String, StoreError> {
        let mut path = sighting.fields.text("name").unwrap_or_default().to_owned();
        let mut parent = sighting.fields.reference("parent").cloned();
        for _ in 0..MERGES_FOLLOWED_MAX {
            let Some(reference) = parent else { break };
            let key = RecordKey::new(sighting.key.side, reference.kind, reference.id);
            let Some(above) = self.sighting(&key)? else { break };
            path = format!("{}:{path}", above.sighting.fields.text("name").unwrap_or_default());
            parent = above.sighting.fields.reference("parent").cloned();
        }
        Ok(path)
    }
}

/// To whom a document belongs, on both sides.
enum Owners {
    /// Records of this kind belong to nobody.
    Any,
    /// To these, which are one and the same, and which this field names; to nobody who is known when there are none.
    Of(&'static str, Vec<RecordKey>),
}

impl Owners {
    /// As a side calls them.
    fn on(&self, side: Side) -> Owner {
        let Self::Of(field, records) = self else { return Owner::Any };
        let ids: Vec<_> = records.iter().filter(|record| record.side == side).map(|key| key.id.clone()).collect();
        if ids.is_empty() { Owner::Unknown } else { Owner::OneOf(field, ids) }
    }
}

/// Every document of a subject whose references are those of a side.
fn documents(subject: &Subject, side: Side) -> Vec<&Fields> {
    let mut documents: Vec<&Fields> = Vec::new();
    if let Some(seen) = subject.on(side) {
        documents.push(&seen.sighting.fields);
    }
    if let Some(link) = &subject.link {
        documents.push(link.base_on(side));
    }
    let from_side = |intent: &&Intent| intent.source.side == side;
    documents.extend(subject.live.iter().filter(from_side).map(|intent| &intent.fields));
    let others = subject.candidates.iter().chain(&subject.occupied);
    documents.extend(others.filter(|sighting| sighting.key.side == side).map(|sighting| &sighting.fields));
    documents
}
