//! Book balances: what QuickBooks says its bank accounts hold, as a series, and what of it Bill.com was told.

use super::meta::{instant, ms};
use super::{StoreError, Tx};
use crate::model::{Kind, Money, NativeId, RecordKey, Side};
use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{OptionalExtension, params};

/// A book balance that Bill.com does not know yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UntoldBalance {
    /// Row number, by which it is marked as told.
    pub id: i64,
    /// The Bill.com account of the chart.
    pub account: NativeId,
    /// What it holds.
    pub amount: Money,
    /// Whether it is the account that payments leave from unless somebody says otherwise.
    pub main: bool,
}

impl Tx<'_> {
    /// Keeps a book balance, when it is another one than the last.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn note_balance(&self, account: &NativeId, amount: Money, now: DateTime<Utc>) -> Result<(), StoreError> {
        let last: Option<i64> = self
            .sql
            .prepare_cached("SELECT cents FROM balance WHERE account = ?1 ORDER BY id DESC LIMIT 1")?
            .query_row([account.as_str()], |row| row.get(0))
            .optional()?;
        if last == Some(amount.cents()) {
            return Ok(());
        }
        self.sql.prepare_cached("INSERT INTO balance (account, cents, at) VALUES (?1, ?2, ?3)")?.execute(params![
            account.as_str(),
            amount.cents(),
            ms(now)
        ])?;
        Ok(())
    }

    /// The last balance of every account that Bill.com keeps one for, when one of them was not told yet; otherwise none.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn untold_balances(&self) -> Result<Vec<UntoldBalance>, StoreError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT id, account, cents, told FROM balance AS b
             WHERE id = (SELECT max(id) FROM balance WHERE account = b.account) ORDER BY account",
        )?;
        let mut rows = statement.query([])?;
        let banks = self.all_bank_accounts()?;
        let (mut found, mut news) = (Vec::new(), false);
        while let Some(row) = rows.next()? {
            let account =
                NativeId::new(row.get::<_, String>(1)?).map_err(|_| StoreError::Broken { what: "balance" })?;
            let Some(account) = self.partner(&RecordKey::new(Side::QuickBooks, Kind::Account, account))? else {
                continue;
            };
            let Some(bank) = banks.iter().find(|bank| bank.account.as_ref() == Some(&account)) else { continue };
            news |= !row.get::<_, bool>(3)?;
            let amount = Money::from_cents(row.get(2)?);
            found.push(UntoldBalance { id: row.get(0)?, account, amount, main: bank.main });
        }
        if !news {
            found.clear();
        }
        Ok(found)
    }

    /// Bill.com knows these balances.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn balances_told(&self, told: &[UntoldBalance]) -> Result<(), StoreError> {
        let mut statement = self.sql.prepare_cached("UPDATE balance SET told = 1 WHERE id = ?1")?;
        for balance in told {
            statement.execute([balance.id])?;
        }
        Ok(())
    }

    /// What an account held at the end of each day since then on which it changed, oldest first; the first row may be older.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn balance_changes(
        &self,
        account: &NativeId,
        since: DateTime<Utc>,
    ) -> Result<Vec<(NaiveDate, Money)>, StoreError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT at, cents FROM balance WHERE account = ?1
             AND id >= ifnull((SELECT max(id) FROM balance WHERE account = ?1 AND at < ?2), 0) ORDER BY id",
        )?;
        let mut rows = statement.query(params![account.as_str(), ms(since)])?;
        let mut changes: Vec<(NaiveDate, Money)> = Vec::new();
        while let Some(row) = rows.next()? {
            let change = (instant(row.get(0)?)?.date_naive(), Money::from_cents(row.get(1)?));
            match changes.last_mut() {
                Some(last) if last.0 == change.0 => *last = change,
                _ => changes.push(change),
            }
        }
        Ok(changes)
    }

    /// The last book balance of each bank account of QuickBooks, with the time it was read.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn balances(&self) -> Result<Vec<(NativeId, Money, DateTime<Utc>)>, StoreError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT account, cents, at FROM balance AS b
             WHERE id = (SELECT max(id) FROM balance WHERE account = b.account) ORDER BY account",
        )?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let account =
                NativeId::new(row.get::<_, String>(0)?).map_err(|_| StoreError::Broken { what: "balance" })?;
            found.push((account, Money::from_cents(row.get(1)?), instant(row.get(2)?)?));
        }
        Ok(found)
    }
}
