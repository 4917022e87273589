//! The comparison of both ledgers, as last seen (`counterfoil check`). Nothing is read from either side for it, and nothing
//! is written.

use super::views::{CheckView, DifferenceView};
use super::{Engine, EngineError};
use crate::model::{RecordKey, Side};
use crate::plan::ledgers::{self, Difference};
use crate::store::StoreError;

impl Engine {
    /// What differs between the ledgers of a company.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn check(&self, company: &str) -> Result<CheckView, EngineError> {
        let handle = self.company(company)?;
        let differences = handle.store.read(|tx| -> Result<_, StoreError> {
            let ledgers = tx.ledgers()?;
            // A party without a partner goes by its id in Bill.com.
            let name = |party: &ledgers::Party| {
                let titles =
                    Side::ALL.into_iter().map(|side| tx.title(&RecordKey::new(side, party.kind, party.id.clone())));
                titles.flatten().flatten().next()
            };
            ledgers::differences(&ledgers.documents, &ledgers.clearing, name)
                .map_err(|_| StoreError::Broken { what: "ledger" })
        })?;
        Ok(CheckView {
            company: handle.id.as_str().to_owned(),
            equal: differences.is_empty(),
            differences: differences.into_iter().map(view).collect(),
        })
    }
}

fn view(difference: Difference) -> DifferenceView {
    DifferenceView {
        kind: difference.kind.word().to_owned(),
        record: difference.record,
        quickbooks: difference.quickbooks.to_string(),
        billcom: difference.billcom.to_string(),
        difference: difference.difference.to_string(),
        cause: difference.cause,
    }
}
