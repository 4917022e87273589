//! What Bill.com and the banks do by themselves: picking payments up, confirming, failing, deciding requests.
//!
//! Two pick-ups a day gather what is due into one movement for every bank account and direction (`billcom.md` 2.7, 7). A
//! movement starts as sent ("0"), is confirmed ("1") days later, or is voided ("2") when the bank sends it back.

use super::Organization;
use super::payments::{MOVEMENT, REFUND_DUE};
use super::people::PeopleError;
use super::record::{Record, Values, print_decimal};
use super::reply::Refusal;
use super::schema::MONEY_MOVEMENT;
use chrono::{DateTime, Days, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::json;
use std::collections::BTreeMap;

/// Bill.com at work, at a certain moment.
#[derive(Debug)]
pub struct BackOffice<'a> {
    organization: &'a mut Organization,
    now: DateTime<Utc>,
}

/// What one movement will carry: ids of payments, their payees or payers, and their amounts.
type Load = Vec<(String, String, Decimal)>;

/// A direction and a bank account, and the payment itself when every payment is moved by itself.
type Lane = (&'static str, String, Option<String>);

impl Organization {
    /// Bill.com acts.
    pub fn back_office(&mut self, now: DateTime<Utc>) -> BackOffice<'_> {
        let now = now + self.rules.clock_skew;
        BackOffice { organization: self, now }
    }

    /// Sends back what was withdrawn for a payment, as a movement towards the bank.
    pub(super) fn refund(&mut self, now: DateTime<Utc>, payment_id: &str) {
        let Some(payment) = self.record("SentPay", payment_id) else { return };
        let bank = payment.text("bankAccountId").unwrap_or_default().to_owned();
        let (amount, name) = (payment.amount("amount"), self.name_of("Vendor", payment.text("vendorId")));
        self.enter_movement(now, "1", &bank, "Credit for a voided payment", &[(name, amount)]);
    }

    fn name_of(&self, entity: &str, id: Option<&str>) -> String {
        let record = id.and_then(|id| self.record(entity, id));
        record.and_then(|record| record.text("name")).unwrap_or_default().to_owned()
    }

    fn enter_movement(
        &mut self,
        now: DateTime<Utc>,
        kind: &str,
        bank: &str,
        description: &str,
        items: &[(String, Decimal)],
    ) -> String {
        let total: Decimal = items.iter().map(|(_, amount)| amount).sum();
        let values = Values::from([
            ("name", json!(self.random.text(b"0123456789", 15))),
            ("type", json!(kind)),
            ("amount", print_decimal(total)),
            ("processDate", json!(now.date_naive().to_string())),
            ("status", json!("0")),
            ("bankAccountId", json!(bank)),
            ("description", json!(description)),
        ]);
        let rows = items
            .iter()
            .map(|(name, amount)| Values::from([("name", json!(name)), ("amount", print_decimal(*amount))]));
        let rows = rows.collect();
        let mut movement = self.make(now, &MONEY_MOVEMENT, values);
        movement.rows = self.new_rows(now, &MONEY_MOVEMENT, &movement.id, rows);
        self.hold_back_rows(now, &mut movement, Vec::new());
        let id = movement.id.clone();
        self.enter(&MONEY_MOVEMENT, movement);
        id
    }
}

impl BackOffice<'_> {
    /// Picks up everything that is due: payments to vendors count as paid, those of customers as received. Card payments
    /// are settled without a movement. Gives the ids of the movements.
    pub fn pick_up(&mut self) -> Vec<String> {
        let today = self.now.date_naive();
        let mut lanes: BTreeMap<Lane, Load> = BTreeMap::new();
        let mut without = Vec::new();
        for (kind, entity, record) in self.due(today) {
            let (bank, partner, pointer) = match kind {
                "1" => ("bankAccountId", "Vendor", "vendorId"),
                _ => ("payToBankAccountId", "Customer", "customerId"),
            };
            let card = entity == "ReceivedPay" && record.text("paymentType") == Some("2");
            let amount = record.amount("amount");
            if card || amount.is_zero() {
                without.push((entity, record.id));
                continue;
            }
            let name = self.organization.name_of(partner, record.text(pointer));
            let alone = self.organization.rules.single_debits.then(|| record.id.clone());
            let bank = record.text(bank).unwrap_or_default().to_owned();
            let signed = if kind == "1" { -amount } else { amount };
            lanes.entry((kind, bank, alone)).or_default().push((record.id, name, signed));
        }
        without.iter().for_each(|(entity, id)| self.settle(entity, id));
        lanes.into_iter().map(|((kind, bank, _), load)| self.move_money(kind, &bank, load)).collect()
    }

    /// Direction, entity and record of what waits for a pick-up and is due.
    fn due(&self, today: NaiveDate) -> Vec<(&'static str, &'static str, Record)> {
        let today = today.to_string();
        let waits = |record: &&Record, status: &str, date: &str| {
            let due = record.text(date).is_some_and(|date| date <= today.as_str());
            due && record.flag("isOnline") && record.text("status") == Some(status)
        };
        let sent = self.organization.in_order("SentPay").filter(|it| waits(it, "1", "processDate"));
        let received = self.organization.in_order("ReceivedPay").filter(|it| waits(it, "2", "paymentDate"));
        let sent = sent.map(|it| ("1", "SentPay", it.clone()));
        sent.chain(received.map(|it| ("2", "ReceivedPay", it.clone()))).collect()
    }

    fn move_money(&mut self, kind: &'static str, bank: &str, load: Load) -> String {
        let (entity, description) = match kind {
            "1" => ("SentPay", "Bill.com payables"),
            _ => ("ReceivedPay", "Bill.com receivables"),
        };
        let items: Vec<(String, Decimal)> = load.iter().map(|(_, name, amount)| (name.clone(), *amount)).collect();
        let movement = self.organization.enter_movement(self.now, kind, bank, description, &items);
        for (id, _, _) in load {
            self.organization.note_movement(entity, &id, &movement);
            self.settle(entity, &id);
        }
        movement
    }

    fn settle(&mut self, entity: &str, id: &str) {
        match entity {
            "SentPay" => self.organization.set_payment_status(self.now, id, "2"),
            _ => self.organization.set_receipt_status(self.now, id, "0"),
        }
    }

    /// The bank confirms a movement: status "1". Refunds that waited for it are sent.
    ///
    /// # Errors
    /// [`PeopleError`] when there is no such movement, or it is not on its way.
    pub fn confirm(&mut self, movement_id: &str) -> Result<(), PeopleError> {
        self.set_movement(movement_id, "1")?;
        for payment in self.carried("SentPay", movement_id) {
            let id = payment.id.clone();
            if payment.flag(REFUND_DUE) {
                self.organization.refund(self.now, &id);
            }
            if self.organization.rules.shows_in_process {
                self.organization.refresh_paid(self.now, &id);
            }
        }
        Ok(())
    }

    /// Confirms every movement that is at least so many days old. Gives their ids.
    pub fn confirm_after(&mut self, days: u64) -> Vec<String> {
        let until = self.now.date_naive().checked_sub_days(Days::new(days)).unwrap_or_default().to_string();
        let old = self.organization.in_order("MoneyMovement").filter(|it| it.text("status") == Some("0"));
        let old = old.filter(|it| it.text("processDate").is_some_and(|date| date <= until.as_str()));
        let ids: Vec<String> = old.map(|it| it.id.clone()).collect();
        ids.into_iter().filter(|id| self.confirm(id).is_ok()).collect()
    }

    /// The bank sends a movement back, early or late: status "2", and the payments it carried are void.
    ///
    /// # Errors
    /// [`PeopleError`] when there is no such movement, or it was sent back before.
    pub fn send_back(&mut self, movement_id: &str) -> Result<(), PeopleError> {
        self.set_movement(movement_id, "2")?;
        for payment in self.carried("SentPay", movement_id) {
            if payment.text("status") == Some("2") {
                self.organization.set_payment_status(self.now, &payment.id, "4");
                self.organization.announce_failure(self.now, &payment.id);
            }
        }
        for receipt in self.carried("ReceivedPay", movement_id) {
            self.organization.set_receipt_status(self.now, &receipt.id, "1");
        }
        Ok(())
    }

    /// A payment does not reach its vendor: it is void, and the money comes back.
    ///
    /// # Errors
    /// [`PeopleError`] when there is no such payment, or it is not an online one that was made.
    pub fn fail(&mut self, payment_id: &str) -> Result<(), PeopleError> {
        let payment = self.organization.record("SentPay", payment_id).ok_or_else(|| Refusal::not_found(payment_id))?;
        if payment.text("status") != Some("2") || !payment.flag("isOnline") {
            return Err(Refusal::unfit("sentPayId", "only an online payment that was made can fail").into());
        }
        self.organization.void_with_refund(self.now, payment_id);
        self.organization.announce_failure(self.now, payment_id);
        Ok(())
    }

    /// Accepts or rejects a wish to void a payment.
    ///
    /// # Errors
    /// [`PeopleError`] when nobody asked.
    pub fn decide_void(&mut self, payment_id: &str, accepted: bool) -> Result<(), PeopleError> {
        Ok(self.organization.decide_void(self.now, payment_id, accepted)?)
    }

    fn set_movement(&mut self, id: &str, status: &'static str) -> Result<(), PeopleError> {
        let found = self.organization.record("MoneyMovement", id).cloned();
        let mut movement = found.ok_or_else(|| Refusal::not_found(id))?;
        let old = movement.text("status").unwrap_or_default();
        if old == "2" || old == status {
            return Err(Refusal::unfit("id", "the movement is settled").into());
        }
        movement.values.insert("status", json!(status));
        movement.stamp_at(self.now);
        self.organization.enter(&MONEY_MOVEMENT, movement);
        Ok(())
    }

    fn carried(&self, entity: &str, movement_id: &str) -> Vec<Record> {
        self.organization.naming(entity, MOVEMENT, movement_id).into_iter().cloned().collect()
    }
}
