//! Bill.com's bank accounts: which account of the chart each is tied to.

use super::{StoreError, Tx};
use crate::model::{Kind, NativeId, Reference};
use rusqlite::params;

/// A bank account of Bill.com.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankAccount {
    /// Its id.
    pub id: NativeId,
    /// The account of the chart that it is tied to; none when nobody chose one.
    pub account: Option<NativeId>,
    /// The name of the bank.
    pub name: String,
    /// Whether payments leave from it unless somebody says otherwise.
    pub main: bool,
}

impl Tx<'_> {
    /// Takes over all bank accounts. Whether anything changed.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn set_bank_accounts(&self, accounts: &[BankAccount]) -> Result<bool, StoreError> {
        let mut wanted = accounts.to_vec();
        wanted.sort_by(|left, right| left.id.cmp(&right.id));
        if self.all_bank_accounts()? == wanted {
            return Ok(false);
        }
        self.sql.prepare_cached("DELETE FROM bank_account")?.execute([])?;
        let mut insert =
            self.sql.prepare_cached("INSERT INTO bank_account (id, account, name, main) VALUES (?1, ?2, ?3, ?4)")?;
        for bank in wanted {
            let account = bank.account.as_ref().map(NativeId::as_str);
            insert.execute(params![bank.id.as_str(), account, bank.name, bank.main])?;
        }
        Ok(true)
    }

    /// All bank accounts, in the order of their ids.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn all_bank_accounts(&self) -> Result<Vec<BankAccount>, StoreError> {
        let mut statement = self.sql.prepare_cached("SELECT id, account, name, main FROM bank_account ORDER BY id")?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        let id = |text: String| NativeId::new(text).map_err(|_| StoreError::Broken { what: "bank account" });
        while let Some(row) = rows.next()? {
            found.push(BankAccount {
                id: id(row.get(0)?)?,
                account: row.get::<_, Option<String>>(1)?.map(id).transpose()?,
                name: row.get(2)?,
                main: row.get(3)?,
            });
        }
        Ok(found)
    }

    /// The account of the chart of every bank account that is tied to one.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn bank_accounts(&self) -> Result<Vec<(NativeId, Reference)>, StoreError> {
        let all = self.all_bank_accounts()?.into_iter();
        let tied = all.filter_map(|bank| {
            let account = Reference { kind: Kind::Account, id: bank.account? };
            Some((bank.id, account))
        });
        Ok(tied.collect())
    }
}
