//! The book balances of bank accounts: the one thing that programs write about banks (`billcom.md` 2.8).
//!
//! Only a bank account that is tied to an account of the chart keeps a balance. The two values at the top are the default
//! bank account's; which one is the default the vendor does not say, here it is the primary one for payables.

use super::Organization;
use super::record::{Record, parse_date, print_decimal};
use super::reply::Refusal;
use super::schema::BANK_ACCOUNT;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use std::str::FromStr;

/// On a bank account: the day its balance holds for. Not printed; `GetBankBalance` tells it.
const DAY: &str = "bankBalanceDate";

impl Organization {
    /// `SetBankBalance`. Answers with nothing, also when nothing was kept.
    pub(super) fn set_bank_balance(&mut self, now: DateTime<Utc>, data: &Map<String, Value>) -> Result<Value, Refusal> {
        let top = amount(data, "bankBalance")?;
        let day = text(data, "bankBalanceDate")?;
        let day = parse_date(day).ok_or_else(|| Refusal::parameter_value("bankBalanceDate", &json!(day)))?.to_string();
        let mut balances: Vec<(String, Decimal)> = Vec::new();
        let rows =
            data.get("bankBalances").map(|rows| rows.as_array().ok_or_else(|| Refusal::field_type("bankBalances")));
        for row in rows.transpose()?.into_iter().flatten() {
            let row = row.as_object().ok_or_else(Refusal::not_json)?;
            super::calls::only(row, &["chartOfAccountId", "chartOfAccountBalance"])?;
            let (account, balance) = (text(row, "chartOfAccountId")?, amount(row, "chartOfAccountBalance")?);
            self.record("ChartOfAccount", account).ok_or_else(|| Refusal::not_found(account))?;
            let tied = self.in_order("BankAccount").find(|bank| bank.text("chartOfAccountId") == Some(account));
            balances.extend(tied.map(|bank| (bank.id.clone(), balance)));
        }
        balances.extend(self.default_bank().map(|bank| (bank.id.clone(), top)));
        for (id, balance) in balances {
            self.keep_balance(now, &id, balance, &day);
        }
        Ok(json!({}))
    }

    /// `GetBankBalance`: nothing at all when the default bank account keeps no balance.
    pub(super) fn bank_balance(&self) -> Value {
        let bank = self.default_bank();
        let kept = bank.and_then(|bank| Some((bank.values.get("bankBalance")?, bank.values.get(DAY)?)));
        kept.map_or_else(
            || json!({}),
            |(balance, day)| json!({"bankBalance": balance.to_string(), "bankBalanceDate": day}),
        )
    }

    fn default_bank(&self) -> Option<&Record> {
        let mut banks = self.in_order("BankAccount").filter(|bank| bank.state == "1" && bank.flag("primaryAP"));
        banks.next().filter(|bank| bank.text("chartOfAccountId").is_some())
    }

    fn keep_balance(&mut self, now: DateTime<Utc>, id: &str, balance: Decimal, day: &str) {
        let Some(mut bank) = self.record("BankAccount", id).cloned() else { return };
        bank.values.insert("bankBalance", print_decimal(balance));
        bank.values.insert(DAY, json!(day));
        bank.stamp_at(now);
        self.enter(&BANK_ACCOUNT, bank);
    }
}

fn text<'a>(data: &'a Map<String, Value>, name: &'static str) -> Result<&'a str, Refusal> {
    super::calls::text_parameter(data, name)
}

/// An amount, which is a text in these calls.
fn amount(data: &Map<String, Value>, name: &'static str) -> Result<Decimal, Refusal> {
    let given = text(data, name)?;
    let amount = Decimal::from_str(given).ok().filter(|amount| amount.normalize().scale() <= 2);
    amount.ok_or_else(|| Refusal::parameter_value(name, &json!(given)))
}
