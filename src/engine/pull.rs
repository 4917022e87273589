//! Reading Bill.com: what changed since the watermark, page by page; pages that hold little are stored together.
//!
//! Polls see what has a new stamp. Once a day each kind is read from beginning to end, which must find nothing: what it finds
//! all the same is carried like everything else, and said aloud, because a poll has missed it. Records that it does not
//! show are looked at one by one: Bill.com removes nothing, so a record that is not there means a lost right or a mistake, and
//! nothing follows from it for QuickBooks.

use super::companies::Company;
use super::introduce::{ask_about_other_sync, note_trace};
use super::obstacle::overcome;
use super::{Engine, EngineError, Safeguard};
use crate::billcom::{self, BillCom, BillComError, ChangeScan, ScanError, ScanStep, Stamp};
use crate::entities::{BillComHome, ENTITIES, Entity};
use crate::limits::{BILLCOM_FULL_SCAN, BILLCOM_ROWS_TOGETHER_MAX, VANISHED_LOOKED_AT_MAX};
use crate::model::{
    Event, EventKind, Kind, NativeId, Problem, ProblemCode, Raw, RawError, RecordKey, Settings, Side, span,
};
use crate::plan;
use crate::store::{BankAccount, Cursor, Fact, StoreError, Tx};
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::atomic::Ordering;

/// A reading that did not come to its end. What was read is kept; the watermarks stay where they were.
#[derive(Debug, thiserror::Error)]
pub(super) enum PullError {
    /// Bill.com did not answer as hoped.
    #[error(transparent)]
    BillCom(#[from] BillComError),
    /// The list would not hold still.
    #[error(transparent)]
    Scan(#[from] ScanError),
    /// Everything else.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl From<StoreError> for PullError {
    fn from(error: StoreError) -> Self {
        Self::Engine(error.into())
    }
}

/// One reading of one entity of Bill.com.
struct Reading {
    entity: &'static dyn Entity,
    home: BillComHome,
    cursor: Cursor,
    /// From beginning to end.
    full: bool,
    /// What is stamped before this was read before; what is new all the same was missed.
    settled: Option<Stamp>,
    missed: usize,
}

impl Reading {
    fn new(entity: &'static dyn Entity, home: BillComHome, cursor: Cursor, now: DateTime<Utc>) -> Self {
        let full = cursor.full_read_at.is_none_or(|at| now - at > span(BILLCOM_FULL_SCAN));
        let mark = cursor.mark.as_deref().and_then(|mark| Stamp::parse(mark).ok());
        let settled = mark.filter(|_| full && cursor.complete);
        let settled = settled.map(|mark| mark.minus_seconds(billcom::limits::SCAN_OVERLAP_SECONDS));
        Self { entity, home, cursor, full, settled, missed: 0 }
    }

    fn scan(&self, overlap: bool) -> ChangeScan {
        let since = self.mark().filter(|_| !self.full);
        // A simulation also tries what would happen without the overlap that every scan begins with.
        let back = if overlap { 0 } else { billcom::limits::SCAN_OVERLAP_SECONDS };
        ChangeScan::new(api_entity(self.home), since.map(|mark| mark.minus_seconds(-back)))
    }

    /// The newest stamp that a reading of this entity ended with before.
    fn mark(&self) -> Option<Stamp> {
        self.cursor.mark.as_deref().and_then(|mark| Stamp::parse(mark).ok())
    }

    /// Where the next poll begins: earlier than the newest stamp by the time that this reading took. A record can be read before
    /// its lines are there (`billcom.md` 3, hazard 3); the overlap has to reach back from when it was read, and that may have
    /// been at the reading's beginning. Never earlier than where this reading began.
    fn next_mark(&self, newest: Stamp, took: TimeDelta) -> Stamp {
        let earlier = newest.minus_seconds(took.num_seconds().max(0));
        self.mark().map_or(earlier, |mark| earlier.max(mark))
    }

    /// Whether a row that turned out to be new should have been known.
    fn was_missed(&self, row: &Raw) -> bool {
        let stamp = row.text("updatedTime").and_then(|text| Stamp::parse(&text).ok());
        stamp.zip(self.settled).is_some_and(|(stamp, settled)| stamp < settled)
    }
}

/// A page of a reading, not stored yet.
struct Page {
    /// Of which reading.
    place: usize,
    rows: Vec<Raw>,
    /// The reading is over; the newest stamp, where there is one.
    watermark: Option<Option<Stamp>>,
    /// When the reading of its entity began.
    began: DateTime<Utc>,
    /// How long that had taken when the page was there.
    took: TimeDelta,
}

/// Pages that are stored together: a poll that finds little is one transaction, not one for each entity.
#[derive(Default)]
struct Pages {
    pages: Vec<Page>,
    rows: usize,
}

impl Pages {
    fn add(&mut self, page: Page) {
        self.rows += page.rows.len();
        self.pages.push(page);
    }
}

impl Engine {
    /// Reads everything that changed in Bill.com and plans what follows.
    pub(super) async fn pull(&self, company: &Company) -> Result<(), PullError> {
        let begun = self.now();
        let client = self.billcom(company)?;
        self.introduce(company, &*client).await?;
        self.watch_notices(company).await?;
        let (mut readings, settings) = company.store.read(|tx| -> Result<_, StoreError> {
            let settings = tx.settings()?;
            let mut readings = Vec::new();
            for entity in ENTITIES {
                for home in entity.homes(&settings) {
                    let cursor = tx.cursor(Side::BillCom, home.entity)?;
                    readings.push(Reading::new(*entity, *home, cursor, begun));
                }
            }
            Ok((readings, settings))
        })?;
        if readings.iter().any(|reading| reading.full) {
            company.store.transact(|tx| tx.next_number(Fact::BillComRound))?;
        }
        let mut pages = Pages::default();
        let read = self.pull_homes(company, &*client, &mut readings, &settings, &mut pages).await;
        // What was read before the line broke is kept.
        self.store_pages(company, &mut readings, &settings, &mut pages)?;
        read?;
        self.look_for_vanished(company, &*client, &readings).await?;
        let banks = self.pull_banks(&*client).await?;
        company.store.transact(|tx| -> Result<(), StoreError> {
            if tx.set_bank_accounts(&banks)? {
                tx.replan_kind(Side::BillCom, Kind::FundsTransfer)?;
            }
            tx.set_time(Fact::BillComReadAt, begun)?;
            // After a restore it is not known when a kind was read, so each has been read whole by now.
            tx.was_read_whole(Side::BillCom, begun)?;
            tx.wake_all_deferred()?;
            overcome(tx, begun)?;
            ask_about_other_sync(tx, begun)
        })?;
        company.failures.store(0, Ordering::Relaxed);
        self.plan_due(company)?;
        self.touch();
        Ok(())
    }

    async fn pull_homes(
        &self,
        company: &Company,
        client: &dyn BillCom,
        readings: &mut [Reading],
        settings: &Settings,
        pages: &mut Pages,
    ) -> Result<(), PullError> {
        for place in 0..readings.len() {
            let began = self.now();
            let overlap = self.shared.world.has(Safeguard::Overlap);
            let mut scan = readings[place].scan(overlap);
            loop {
                let mut query = scan.next_query();
                query.nested = readings[place].home.nested;
                let rows = client.list(&query).await?;
                let (rows, watermark) = match scan.page(rows)? {
                    ScanStep::More(rows) => (rows, None),
                    ScanStep::Restarted(rows) => {
                        let kind = readings[place].entity.kind();
                        tracing::debug!(company = %company.id, %kind, "rows moved while they were read; some are read again");
                        (rows, None)
                    }
                    ScanStep::Done { rows, watermark } => (rows, Some(watermark)),
                };
                let took = if overlap { self.now() - began } else { TimeDelta::zero() };
                let is_last = watermark.is_some();
                pages.add(Page { place, rows, watermark, began, took });
                if pages.rows >= BILLCOM_ROWS_TOGETHER_MAX {
                    self.store_pages(company, readings, settings, pages)?;
                }
                if is_last {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Stores the pages that are at hand, in one transaction.
    fn store_pages(
        &self,
        company: &Company,
        readings: &mut [Reading],
        settings: &Settings,
        pages: &mut Pages,
    ) -> Result<(), StoreError> {
        let pages = std::mem::take(pages).pages;
        if pages.is_empty() {
            return Ok(());
        }
        company.store.transact(|tx| -> Result<(), StoreError> {
            for page in &pages {
                let reading = &mut readings[page.place];
                self.see_rows(tx, reading, settings, &page.rows)?;
                let Some(newest) = page.watermark else { continue };
                let full_read_at = if reading.full { Some(page.began) } else { reading.cursor.full_read_at };
                let mark = newest.map(|stamp| reading.next_mark(stamp, page.took).to_string());
                let cursor = Cursor { mark, complete: true, full_read_at };
                if cursor != reading.cursor {
                    tx.set_cursor(Side::BillCom, reading.home.entity, &cursor)?;
                }
                self.tell_of_missed(tx, company, reading, page.began)?;
            }
            Ok(())
        })
    }

    /// Bill.com's bank accounts, as far as they are understood: a few rows, read whole.
    async fn pull_banks(&self, client: &dyn BillCom) -> Result<Vec<BankAccount>, PullError> {
        let mut scan = ChangeScan::new(billcom::Entity::BANK_ACCOUNT, None);
        let mut banks = Vec::new();
        loop {
            let rows = client.list(&scan.next_query()).await?;
            match scan.page(rows)? {
                ScanStep::More(rows) | ScanStep::Restarted(rows) => banks.extend(rows),
                ScanStep::Done { rows, .. } => {
                    banks.extend(rows);
                    return Ok(banks.iter().filter_map(bank_account).collect());
                }
            }
        }
    }

    fn see_rows(
        &self,
        tx: &Tx<'_>,
        reading: &mut Reading,
        settings: &Settings,
        rows: &[Raw],
    ) -> Result<(), StoreError> {
        let now = self.now();
        for row in rows {
            note_trace(tx, api_entity(reading.home), row)?;
            match reading.entity.read_billcom(row, settings) {
                Ok(sighting) => {
                    tx.close_problem(ProblemCode::Unreadable, Some(&sighting.key), now)?;
                    if tx.see(&sighting, now)? && reading.was_missed(row) {
                        reading.missed += 1;
                    }
                    // What could not be read of a follower could not be read of its record either.
                    for follower in reading.entity.followers(row, settings).unwrap_or_default() {
                        tx.see(&follower, now)?;
                    }
                }
                Err(error) => tx.report(&unreadable(reading.entity, row, &error, now), now)?,
            }
        }
        Ok(())
    }

    fn tell_of_missed(
        &self,
        tx: &Tx<'_>,
        company: &Company,
        reading: &Reading,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        if reading.missed == 0 {
            return Ok(());
        }
        let (kind, missed) = (reading.entity.kind(), reading.missed);
        tracing::warn!(company = %company.id, %kind, missed, "the daily reading found changes that no poll had shown");
        let text = format!("The daily reading of all {} found {missed} that the polls had not shown", kind.plural());
        tx.note(&Event::of_company(EventKind::BillCom, text, now))
    }

    /// What the complete readings did not show is told to a person, or taken back when everything is there again.
    async fn look_for_vanished(
        &self,
        company: &Company,
        client: &dyn BillCom,
        readings: &[Reading],
    ) -> Result<(), PullError> {
        let mut vanished = Vec::new();
        for reading in readings.iter().filter(|reading| reading.full) {
            let gone = self.count_vanished(company, client, reading).await?;
            vanished.extend((gone > 0).then_some((reading.entity.kind(), gone)));
        }
        let now = self.now();
        if !vanished.is_empty() {
            tracing::warn!(company = %company.id, ?vanished, "Bill.com no longer shows records that were known");
            let problem = plan::vanished(&vanished).about(None, None, now);
            company.store.transact(|tx| tx.report(&problem, now))?;
        } else if readings.iter().all(|reading| reading.full) {
            company.store.transact(|tx| tx.close_problem(ProblemCode::BillComVanished, None, now))?;
        }
        Ok(())
    }

    /// Each is read by itself: a draft, or a record that only the list leaves out, is seen then.
    async fn count_vanished(
        &self,
        company: &Company,
        client: &dyn BillCom,
        reading: &Reading,
    ) -> Result<usize, PullError> {
        let entity = reading.entity;
        let unseen = company.store.read(|tx| {
            let settings = tx.settings()?;
            let (unseen, _) = tx.unseen(Side::BillCom, entity.kind())?;
            let mut of_home = Vec::new();
            for key in unseen {
                let seen = tx.sighting(&key)?;
                of_home.extend(
                    seen.filter(|seen| entity.home(&seen.sighting.fields, &settings) == reading.home).map(|_| key),
                );
            }
            Ok::<_, StoreError>(of_home)
        })?;
        let mut gone = unseen.len().saturating_sub(VANISHED_LOOKED_AT_MAX);
        for key in unseen.iter().take(VANISHED_LOOKED_AT_MAX) {
            match client.read(api_entity(reading.home), &key.id).await {
                Ok(row) => company.store.transact(|tx| -> Result<(), StoreError> {
                    if let Ok(sighting) = entity.read_billcom(&row, &tx.settings()?) {
                        tx.see(&sighting, self.now())?;
                    }
                    Ok(())
                })?,
                Err(BillComError::Refused { .. }) => gone += 1,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(gone)
    }
}

/// A bank account as far as it is understood.
fn bank_account(row: &Raw) -> Option<BankAccount> {
    let account = row.reference("chartOfAccountId").ok()?;
    let name = row.text("bankName").unwrap_or_default();
    let main = row.flag("primaryAP").ok()? == Some(true);
    row.is_active().then_some(())?;
    Some(BankAccount { id: row.id().ok()?, account, name, main })
}

/// The client's name of an entity.
pub(super) fn api_entity(home: BillComHome) -> billcom::Entity {
    billcom::Entity::from_name(home.entity).expect("invariant: every kind names an entity of the v2 API")
}

/// The problem that a row which cannot be understood is. It stops nothing else, and is not forgotten.
fn unreadable(entity: &dyn Entity, row: &Raw, error: &RawError, now: DateTime<Utc>) -> Problem {
    let id = row.id().ok().or_else(|| NativeId::new("unknown").ok());
    let key = id.map(|id| RecordKey::new(Side::BillCom, entity.kind(), id));
    plan::unreadable_in_billcom(entity.kind(), error.to_string()).about(key, None, now)
}
