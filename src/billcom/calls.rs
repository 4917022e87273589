//! The calls themselves: what each verb of [`BillCom`] is on the wire.
//!
//! Every path that can leave this process towards the v2 API is written in this file or in `http` (`Login`, `GetSessionInfo`),
//! and nowhere else. None of them moves money: payments are only read, `RecordARPayment` notes what was received elsewhere, and
//! `SetBankBalance` writes a number that people look at. A vendor's payment has no `Create` here at all: the ledger never
//! makes one.

use super::{
    Access, Answer, BankBalance, BankBalances, BillCom, BillComError, Entity, FieldNames, HttpClient, ListQuery, Verb,
    limits, metadata, reply,
};
use crate::model::{NativeId, Raw};
use serde_json::{Value, json};
use std::time::Duration;

/// Fields that a record of a list needs and a recorded payment does not know.
const RECORD_ONLY: &[&str] = &["entity", "id", "isActive"];

impl HttpClient {
    async fn crud(&self, verb: Verb, entity: Entity, data: Value) -> Result<Raw, BillComError> {
        if !entity.offers(verb) {
            return Err(BillComError::NotOffered);
        }
        reply::record(self.call(&format!("Crud/{}/{entity}.json", verb.word()), Some(data)).await?)
    }

    /// Notes money that came in elsewhere. The answer is the received payment.
    async fn record_received(&self, payment: Raw) -> Result<Raw, BillComError> {
        let mut data = payment.into_object();
        data.retain(|name, _| !RECORD_ONLY.contains(&name.as_str()));
        reply::record(self.call("RecordARPayment.json", Some(Value::Object(data))).await?)
    }

    async fn make_many(
        &self,
        entity: Entity,
        objects: Vec<Raw>,
    ) -> Result<Vec<Result<Raw, BillComError>>, BillComError> {
        if !entity.offers_bulk() || objects.len() > limits::BULK_ROWS_MAX {
            return Err(BillComError::NotOffered);
        }
        let rows: Vec<Value> = objects.into_iter().map(|object| wrapped(entity, object)).collect();
        let count = rows.len();
        let data = self.call(&format!("Bulk/Crud/Create/{entity}.json"), Some(json!({ "bulk": rows }))).await?;
        let answers = reply::bulk(data, count, self.now())?;
        Ok(answers.into_iter().map(|answer| answer.map_err(|error| self.without_secrets(error, None))).collect())
    }

    async fn read_balance(&self) -> Result<Option<BankBalance>, BillComError> {
        let data = self.call("GetBankBalance.json", None).await?;
        let Value::Object(data) = data else { return Ok(None) };
        let told = Raw::new(data);
        let odd = |_| BillComError::Shape { wanted: "a bank balance" };
        let (amount, date) = (told.money("bankBalance").map_err(odd)?, told.date("bankBalanceDate").map_err(odd)?);
        // Nothing is told without an account of the chart of accounts (`billcom.md` 2.8).
        Ok(amount.zip(date).map(|(amount, date)| BankBalance { amount, date }))
    }

    async fn url_of(&self, id: &NativeId) -> Result<String, BillComError> {
        let data = self.call("GetObjectUrl.json", Some(json!({ "objectId": id.as_str() }))).await?;
        let url = data.get("url").and_then(Value::as_str).filter(|url| is_link(url));
        url.map(str::to_owned).ok_or(BillComError::Shape { wanted: "the address of a page" })
    }
}

impl BillCom for HttpClient {
    fn list<'a>(&'a self, query: &'a ListQuery) -> Answer<'a, Vec<Raw>> {
        Box::pin(async move {
            if !query.entity.offers(Verb::List) {
                return Err(BillComError::NotOffered);
            }
            let path = format!("List/{}.json", query.entity);
            reply::rows(self.call(&path, Some(query.data())).await?)
        })
    }

    fn read<'a>(&'a self, entity: Entity, id: &'a NativeId) -> Answer<'a, Raw> {
        Box::pin(self.crud(Verb::Read, entity, json!({ "id": id.as_str() })))
    }

    fn create<'a>(&'a self, entity: Entity, object: Raw) -> Answer<'a, Raw> {
        if entity == Entity::RECEIVED_PAY {
            return Box::pin(self.record_received(object));
        }
        Box::pin(self.crud(Verb::Create, entity, wrapped(entity, object)))
    }

    fn create_many<'a>(&'a self, entity: Entity, objects: Vec<Raw>) -> Answer<'a, Vec<Result<Raw, BillComError>>> {
        Box::pin(self.make_many(entity, objects))
    }

    fn update<'a>(&'a self, entity: Entity, object: Raw) -> Answer<'a, Raw> {
        Box::pin(self.crud(Verb::Update, entity, wrapped(entity, object)))
    }

    fn set_active<'a>(&'a self, entity: Entity, id: &'a NativeId, active: bool) -> Answer<'a, Raw> {
        let verb = if active { Verb::Undelete } else { Verb::Delete };
        Box::pin(self.crud(verb, entity, json!({ "id": id.as_str() })))
    }

    fn bank_balance(&self) -> Answer<'_, Option<BankBalance>> {
        Box::pin(self.read_balance())
    }

    fn set_bank_balances<'a>(&'a self, balances: &'a BankBalances) -> Answer<'a, ()> {
        Box::pin(async move { self.call("SetBankBalance.json", Some(balances.data())).await.map(drop) })
    }

    fn object_url<'a>(&'a self, id: &'a NativeId) -> Answer<'a, String> {
        Box::pin(self.url_of(id))
    }

    fn field_names<'a>(&'a self, entities: &'a [Entity]) -> Answer<'a, FieldNames> {
        Box::pin(async move {
            let names: Vec<_> = entities.iter().map(|entity| entity.name()).collect();
            let data = self.call("GetEntityMetadata.json", Some(json!({ "entity": names }))).await?;
            Ok(metadata::read(&data, entities))
        })
    }

    fn check_access(&self) -> Answer<'_, Access> {
        Box::pin(self.access())
    }

    fn reading_pause(&self, calls: u32) -> Duration {
        self.budget().reading_pause(calls)
    }
}

impl BankBalances {
    /// The `data` parameter: amounts are texts there, unlike everywhere else.
    fn data(&self) -> Value {
        let mut data = json!({
            "bankBalance": self.default.amount.to_string(),
            "bankBalanceDate": self.default.date.to_string(),
        });
        if !self.accounts.is_empty() {
            let row = |(id, amount): &(NativeId, _)| {
                let amount: &crate::model::Money = amount;
                json!({ "chartOfAccountId": id.as_str(), "chartOfAccountBalance": amount.to_string() })
            };
            data["bankBalances"] = self.accounts.iter().map(row).collect();
        }
        data
    }
}

/// The object as a write carries it; `entity` is required on every row and always told the same way.
fn wrapped(entity: Entity, mut object: Raw) -> Value {
    object.set("entity", entity.name());
    json!({ "obj": object.into_object() })
}

/// Only a link to an encrypted page is shown to people.
fn is_link(url: &str) -> bool {
    reqwest::Url::parse(url).is_ok_and(|url| url.scheme() == "https" && url.has_host() && url.username().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Money;

    #[test]
    fn written_objects_always_name_their_entity() {
        let mut vendor = Raw::default();
        vendor.set("name", "Acme");
        assert_eq!(wrapped(Entity::VENDOR, vendor).to_string(), r#"{"obj":{"entity":"Vendor","name":"Acme"}}"#);
    }

    #[test]
    fn balances_are_texts_with_two_places() {
        let date = chrono::NaiveDate::from_ymd_opt(2026, 3, 2).expect("date");
        let default = BankBalance { amount: Money::from_cents(-1_205), date };
        let account = (NativeId::new("0ca01AAAA").expect("id"), Money::from_cents(700_000_000_010));
        let balances = BankBalances { default, accounts: vec![account] };
        let wanted = json!({
            "bankBalance": "-12.05",
            "bankBalanceDate": "2026-03-02",
            "bankBalances": [{"chartOfAccountId": "0ca01AAAA", "chartOfAccountBalance": "7000000000.10"}],
        });
        assert_eq!(balances.data(), wanted);
        assert_eq!(BankBalances { accounts: Vec::new(), ..balances }.data().get("bankBalances"), None);
    }

    #[test]
    fn links_lead_to_encrypted_pages_only() {
        assert!(is_link("https://app-stage02.us.bill.com/bill?id=00n01"));
        for bad in ["http://app.bill.com/x", "javascript:alert(1)", "https://user@app.bill.com/x", "x", ""] {
            assert!(!is_link(bad), "{bad}");
        }
    }

    /// What would move money, change who is paid, or release a payment must not even be spelt in the client.
    #[test]
    fn no_call_that_moves_money_is_spelt_anywhere_in_this_room() {
        let source = [
            include_str!("calls.rs").split("mod tests").next().expect("code"),
            include_str!("http.rs"),
            include_str!("entity.rs"),
            include_str!("mod.rs"),
        ]
        .map(|text| text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n"));
        let words = [
            "PayBills",
            "RecordAPPayment",
            "CancelAPPayment",
            "VoidAPPayment",
            "ChargeCustomer",
            "SetCustomerAuthorization",
            "BankAccount.json",
            "VendorBankAccount",
            "CustomerBankAccount",
            "SendInvoice",
            "Approve",
            "MFAAuthenticate",
            "RecurringBill",
        ];
        for word in words {
            assert!(source.iter().all(|text| !text.contains(word)), "{word}");
        }
    }
}
