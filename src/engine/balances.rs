//! The book balance: what QuickBooks says its bank accounts hold goes to Bill.com, which shows it while bills are paid
//! (`billcom.md` 2.8). Only accounts that Bill.com's bank accounts are tied to, and only when a number changed.
//!
//! Telling twice does no harm, so an answer that was lost is simply followed by another try.

use super::Engine;
use super::companies::Company;
use super::pull::PullError;
use crate::billcom::{BankBalance, BankBalances, BillComError};
use crate::model::{Mode, ProblemCode};
use crate::plan;
use crate::store::{StoreError, UntoldBalance};

impl Engine {
    /// Tells Bill.com the balances that changed.
    pub(super) async fn tell_balances(&self, company: &Company) -> Result<(), PullError> {
        let (mode, untold) = company.store.read(|tx| Ok::<_, StoreError>((tx.mode()?, tx.untold_balances()?)))?;
        if mode != Mode::Running {
            return Ok(());
        }
        let Some(main) = untold.iter().find(|balance| balance.main).or(untold.first()) else { return Ok(()) };
        let default = BankBalance { amount: main.amount, date: self.now().date_naive() };
        let others = untold.iter().filter(|balance| balance.id != main.id);
        let accounts = others.map(|balance| (balance.account.clone(), balance.amount)).collect();
        let answer = self.billcom(company)?.set_bank_balances(&BankBalances { default, accounts }).await;
        match answer {
            Ok(()) => self.balances_settled(company, &untold, None),
            // Asked again when a balance changes: until then a person knows.
            Err(error @ (BillComError::Refused { .. } | BillComError::Untrusted | BillComError::NotOffered)) => {
                self.balances_settled(company, &untold, Some(&error))
            }
            Err(error) => Err(error.into()),
        }
    }

    fn balances_settled(
        &self,
        company: &Company,
        untold: &[UntoldBalance],
        refused: Option<&BillComError>,
    ) -> Result<(), PullError> {
        let now = self.now();
        company.store.transact(|tx| -> Result<(), StoreError> {
            tx.balances_told(untold)?;
            match refused {
                None => tx.close_problem(ProblemCode::BalanceRefused, None, now),
                Some(error) => {
                    let said = plan::safe_text(error.vendor_message().unwrap_or("it gave no reason"));
                    tx.report(&plan::balance_refused(&said, error.to_string()).about(None, None, now), now)
                }
            }
        })?;
        self.touch();
        Ok(())
    }
}
