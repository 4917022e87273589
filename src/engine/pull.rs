//! Reading Bill.com: what changed since the watermark, page by page, one transaction a page.

use super::companies::Company;
use super::{Engine, EngineError};
use crate::billcom::{self, BillComError, ChangeScan, ScanError, ScanStep, Stamp};
use crate::entities::{BillComHome, ENTITIES, Entity};
use crate::limits::BILLCOM_FULL_SCAN;
use crate::model::{NativeId, Problem, ProblemCode, Raw, RawError, RecordKey, Side, sentence, span};
use crate::plan;
use crate::store::{Cursor, Fact, StoreError};
use chrono::{DateTime, Utc};

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

impl Engine {
    /// Reads everything that changed in Bill.com and plans what follows.
    pub(super) async fn pull(&self, company: &Company) -> Result<(), PullError> {
        let begun = self.now();
        let settings = company.store.read(|tx| tx.settings())?;
        for entity in ENTITIES {
            for home in entity.homes(&settings) {
                self.pull_home(company, *entity, *home).await?;
            }
        }
        company.store.transact(|tx| -> Result<(), StoreError> {
            tx.set_time(Fact::BillComReadAt, begun)?;
            tx.wake_all_deferred()?;
            for code in [ProblemCode::BillComSignIn, ProblemCode::BillComUnreachable] {
                tx.close_problem(code, None, begun)?;
            }
            Ok(())
        })?;
        self.plan_due(company)?;
        self.touch();
        Ok(())
    }

    async fn pull_home(&self, company: &Company, entity: &dyn Entity, home: BillComHome) -> Result<(), PullError> {
        let now = self.now();
        let name = api_entity(home);
        let cursor = company.store.read(|tx| tx.cursor(Side::BillCom, home.entity))?;
        let full = cursor.full_read_at.is_none_or(|at| now - at > span(BILLCOM_FULL_SCAN));
        let since = cursor.mark.as_deref().and_then(|mark| Stamp::parse(mark).ok()).filter(|_| !full);
        let client = self.billcom(company)?;
        let mut scan = ChangeScan::new(name, since);
        loop {
            let mut query = scan.next_query();
            query.nested = home.nested;
            let rows = client.list(&query).await?;
            let (rows, watermark) = match scan.page(rows)? {
                ScanStep::More(rows) | ScanStep::Restarted(rows) => (rows, None),
                ScanStep::Done { rows, watermark } => (rows, Some(watermark)),
            };
            company.store.transact(|tx| -> Result<(), StoreError> {
                self.see_rows(tx, entity, &rows)?;
                if let Some(newest) = &watermark {
                    let cursor = Cursor {
                        mark: newest.map(|stamp| stamp.to_string()),
                        complete: true,
                        full_read_at: if full { Some(now) } else { cursor.full_read_at },
                    };
                    tx.set_cursor(Side::BillCom, home.entity, &cursor)?;
                }
                Ok(())
            })?;
            if watermark.is_some() {
                return Ok(());
            }
        }
    }

    fn see_rows(&self, tx: &crate::store::Tx<'_>, entity: &dyn Entity, rows: &[Raw]) -> Result<(), StoreError> {
        let settings = tx.settings()?;
        let now = self.now();
        for row in rows {
            match entity.read_billcom(row, &settings) {
                Ok(sighting) => {
                    tx.close_problem(ProblemCode::Unreadable, Some(&sighting.key), now)?;
                    tx.see(&sighting, now)?;
                }
                Err(error) => tx.report(&unreadable(entity, row, &error, now), now)?,
            }
        }
        Ok(())
    }
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

/// The problem of the company that an error of Bill.com is.
pub(super) fn company_problem(error: &BillComError, now: DateTime<Utc>) -> Problem {
    let sign_in = matches!(
        error,
        BillComError::Credentials
            | BillComError::DeveloperKey
            | BillComError::NoAccess
            | BillComError::OtherOrganization
    ) || matches!(error, BillComError::SignIn(inner) if inner.retry().is_none());
    let said = sentence(&error.to_string());
    let technical = error.code().map(str::to_owned);
    let trouble =
        if sign_in { plan::billcom_sign_in(said, technical) } else { plan::billcom_unreachable(said, technical) };
    trouble.about(None, None, now)
}
