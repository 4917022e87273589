//! The comparison of both ledgers, as last seen (`counterfoil check`, and its page). Nothing is read from either side for it,
//! and nothing is written.

use super::views::{AmountsView, CheckView, DifferenceView, LedgerLineView, LedgersView, LeftOutView, RecordRef};
use super::{Engine, EngineError};
use crate::model::{ProblemId, RecordKey, Side};
use crate::plan::ledgers::{self, Amounts, Difference, LeftOut, Line, Report};
use crate::store::StoreError;

impl Engine {
    /// What differs between the ledgers of a company.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn check(&self, company: &str) -> Result<CheckView, EngineError> {
        let handle = self.company(company)?;
        Ok(check_view(handle.id.as_str(), self.compare(company)?.differences))
    }

    /// The same with all figures, for the page.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn ledgers(&self, company: &str) -> Result<LedgersView, EngineError> {
        let handle = self.company(company)?;
        let report = self.compare(company)?;
        Ok(LedgersView {
            kinds: report.kinds.iter().map(line_view).collect(),
            parties: report.parties.iter().map(line_view).collect(),
            clearing: report.clearing.iter().map(line_view).collect(),
            left_out: report.left_out.iter().map(left_out_view).collect(),
            check: check_view(handle.id.as_str(), report.differences),
        })
    }

    fn compare(&self, company: &str) -> Result<Report, EngineError> {
        let (handle, now) = (self.company(company)?, self.now());
        let report = handle.store.read(|tx| -> Result<_, StoreError> {
            // A party without a partner goes by its id in Bill.com.
            let name = |party: &ledgers::Party| {
                let titles =
                    Side::ALL.into_iter().map(|side| tx.title(&RecordKey::new(side, party.kind, party.id.clone())));
                titles.flatten().flatten().next()
            };
            ledgers::compare(&tx.ledgers(now)?, name).map_err(|_| StoreError::Broken { what: "ledger" })
        })?;
        Ok(report)
    }
}

fn check_view(company: &str, differences: Vec<Difference>) -> CheckView {
    CheckView {
        company: company.to_owned(),
        equal: differences.is_empty(),
        differences: differences.into_iter().map(difference_view).collect(),
    }
}

fn difference_view(difference: Difference) -> DifferenceView {
    let key = difference.key.map(|(side, id)| RecordKey::new(side, difference.kind, id));
    DifferenceView {
        found: key.as_ref().map(RecordRef::of),
        kind: difference.kind.word().to_owned(),
        record: difference.record,
        quickbooks: difference.amounts.quickbooks.to_string(),
        billcom: difference.amounts.billcom.to_string(),
        difference: difference.difference.to_string(),
        cause: difference.cause,
        problem: difference.problem.map(ProblemId::get),
    }
}

fn amounts_view(amounts: Amounts) -> AmountsView {
    AmountsView {
        quickbooks: amounts.quickbooks.to_string(),
        billcom: amounts.billcom.to_string(),
        equal: amounts.are_equal(),
    }
}

fn line_view(line: &Line) -> LedgerLineView {
    LedgerLineView {
        kind: line.kind.word().to_owned(),
        name: line.name.clone().unwrap_or_else(|| line.kind.plural().to_owned()),
        documents: line.documents,
        amounts: amounts_view(line.amounts),
    }
}

fn left_out_view(left: &LeftOut) -> LeftOutView {
    LeftOutView { kind: left.kind.plural().to_owned(), documents: left.documents, amounts: amounts_view(left.amounts) }
}
