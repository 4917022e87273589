//! Getting to know an organisation: when a server begins to work with it, and once a day after that.
//!
//! Two calls tell what it is called and works with, and of which fields its records consist. Neither is needed for the
//! sync: when Bill.com declines one, for want of a right, the other things go on and nothing is concluded.
//!
//! This is also where a second writer is looked for. Bill.com's own sync cannot be asked about (`billcom.md` 8, 6), so the
//! organisation's `accountingSoftware` and traces on its records are shown to a person before the first write.

use super::Engine;
use super::companies::Company;
use super::pull::{PullError, api_entity};
use crate::billcom::{self, BillCom, BillComError};
use crate::entities::ENTITIES;
use crate::limits::BILLCOM_FULL_SCAN;
use crate::model::{NativeId, ProblemCode, Raw, span};
use crate::plan;
use crate::store::{Fact, StoreError, Tx};
use chrono::{DateTime, Utc};
use std::sync::atomic::Ordering;

impl Engine {
    /// Makes itself acquainted, when that is due.
    pub(super) async fn introduce(&self, company: &Company, client: &dyn BillCom) -> Result<(), PullError> {
        let now = self.now();
        let last = DateTime::from_timestamp_millis(company.introduced.load(Ordering::Relaxed));
        if last.is_some_and(|at| at.timestamp() > 0 && now - at < span(BILLCOM_FULL_SCAN)) {
            return Ok(());
        }
        let id = NativeId::new(self.row(company.id.as_str())?.billcom_org);
        let organization = match id {
            Ok(id) => unless_declined(client.read(billcom::Entity::ORGANIZATION, &id).await)?,
            Err(_) => None,
        };
        let missing = self.missing_fields(company, client).await?;
        company.store.transact(|tx| -> Result<(), StoreError> {
            note_organization(tx, organization.as_ref())?;
            if missing.is_empty() {
                tx.close_problem(ProblemCode::BillComFields, None, now)
            } else {
                tx.report(&plan::fields_missing(&missing).about(None, None, now), now)
            }
        })?;
        company.introduced.store(now.timestamp_millis(), Ordering::Relaxed);
        Ok(())
    }

    /// Which fields of the kinds that are carried Bill.com does not name.
    async fn missing_fields(&self, company: &Company, client: &dyn BillCom) -> Result<Vec<String>, PullError> {
        let settings = company.store.read(|tx| tx.settings())?;
        let homes = ENTITIES.iter().flat_map(|entity| entity.homes(&settings));
        let entities: Vec<_> = homes.map(|home| api_entity(*home)).collect();
        let Some(known) = unless_declined(client.field_names(&entities).await)? else { return Ok(Vec::new()) };
        let missing: Vec<_> = entities.iter().flat_map(|&entity| billcom::missing_fields(entity, &known)).collect();
        let unclear = entities.iter().filter(|entity| !known.contains_key(entity)).count();
        if !missing.is_empty() || unclear > 0 {
            tracing::warn!(missing = %missing.join(", "), unclear, "Bill.com describes its records otherwise than expected");
        }
        Ok(missing)
    }
}

/// What Bill.com answered; none when it declined. Anything else goes on as an error.
fn unless_declined<T>(answer: Result<T, BillComError>) -> Result<Option<T>, BillComError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(
            error @ (BillComError::Refused { .. }
            | BillComError::Untrusted
            | BillComError::Internal { .. }
            | BillComError::NotOffered),
        ) => {
            tracing::info!(%error, "Bill.com declined to tell about itself");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn note_organization(tx: &Tx<'_>, organization: Option<&Raw>) -> Result<(), StoreError> {
    let Some(organization) = organization else { return Ok(()) };
    tx.set_fact(Fact::BillComOrganization, organization.text("name").as_deref())?;
    // "0" is how v2 writes that nothing was chosen.
    let software = organization.text("accountingSoftware").filter(|software| software.trim() != "0");
    tx.set_fact(Fact::AccountingSoftware, software.as_deref())
}

/// Keeps the first trace of another sync, until we have written ourselves.
pub(super) fn note_trace(tx: &Tx<'_>, entity: billcom::Entity, row: &Raw) -> Result<(), StoreError> {
    let Some(trace) = billcom::sync_trace(entity, row) else { return Ok(()) };
    if tx.fact(Fact::OtherSyncTrace)?.is_none() && tx.time(Fact::BillComWrittenAt)?.is_none() {
        tx.set_fact(Fact::OtherSyncTrace, Some(trace))?;
    }
    Ok(())
}

/// Asks a person about another sync before the first write, or takes the question back when there is no sign of it any more.
pub(super) fn ask_about_other_sync(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    let (software, trace) = (tx.fact(Fact::AccountingSoftware)?, tx.fact(Fact::OtherSyncTrace)?);
    if software.is_none() && trace.is_none() {
        return tx.close_problem(ProblemCode::OtherSync, None, now);
    }
    let written = tx.time(Fact::BillComWrittenAt)?.is_some() || tx.time(Fact::QuickBooksWrittenAt)?.is_some();
    if written || tx.fact(Fact::OtherSyncAccepted)?.is_some() {
        return Ok(());
    }
    tx.report(&plan::other_sync(software.as_deref(), trace.as_deref()).about(None, None, now), now)
}
