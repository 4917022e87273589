//! Cancelling and voiding payments to vendors.
//!
//! A payment that was not picked up yet is cancelled. Afterwards it is voided: a recorded one at once, an online one on
//! request, which Bill.com's staff accept or reject (`billcom.md` 2.6). What was withdrawn comes back as a movement of its
//! own, and only once the withdrawal is confirmed.

use super::Organization;
use super::payments::{MOVEMENT, REFUND_DUE};
use super::record::{Values, print_time};
use super::reply::Refusal;
use super::schema::{SENT_PAY, VOID_REQUEST};
use chrono::{DateTime, Utc};
use serde_json::json;

impl Organization {
    /// Cancels an online payment before it is picked up.
    pub(super) fn cancel_payment(&mut self, now: DateTime<Utc>, id: &str) -> Result<(), Refusal> {
        let payment = self.record("SentPay", id).ok_or_else(|| Refusal::not_found(id))?;
        let waiting = matches!(payment.text("status"), Some("0" | "1"));
        if !payment.flag("isOnline") || !waiting {
            return Err(Refusal::unfit("sentPayId", "only a scheduled payment can be cancelled"));
        }
        self.set_payment_status(now, id, "3");
        Ok(())
    }

    /// Asks for a void: "0" with the money back, "1" and "3" paying anew, "2" without anything.
    pub(super) fn request_void(
        &mut self,
        now: DateTime<Utc>,
        id: &str,
        kind: &str,
        reason: &str,
        user: &str,
    ) -> Result<(), Refusal> {
        let payment = self.record("SentPay", id).ok_or_else(|| Refusal::not_found(id))?;
        if !matches!(kind, "0" | "1" | "2" | "3") {
            return Err(Refusal::parameter_value("voidRequestType", &json!(kind)));
        }
        let pending = payment.rows.iter().any(|row| row.text("status") == Some("0"));
        if payment.text("status") != Some("2") || pending {
            return Err(Refusal::unfit("sentPayId", "only a payment that was made can be voided, and once"));
        }
        if !payment.flag("isOnline") {
            self.set_payment_status(now, id, "4");
            return Ok(());
        }
        let mut payment = payment.clone();
        let stamp = json!(print_time(now, false));
        let values = Values::from([
            ("type", json!(kind)),
            ("status", json!("0")),
            ("reason", json!(reason)),
            ("userId", json!(user)),
            ("createdDate", stamp.clone()),
            ("updatedDate", stamp),
        ]);
        payment.rows.push(self.make(now, &VOID_REQUEST, values));
        payment.stamp_at(now);
        self.enter(&SENT_PAY, payment);
        Ok(())
    }

    /// Decides a pending request.
    pub(super) fn decide_void(&mut self, now: DateTime<Utc>, id: &str, accepted: bool) -> Result<(), Refusal> {
        let mut payment = self.record("SentPay", id).cloned().ok_or_else(|| Refusal::not_found(id))?;
        let pending = payment.rows.iter_mut().find(|row| row.text("status") == Some("0"));
        let request = pending.ok_or_else(|| Refusal::unfit("sentPayId", "nobody asked for a void"))?;
        let stamp = json!(print_time(now, false));
        request.values.insert("status", json!(if accepted { "1" } else { "2" }));
        request.values.insert("decisionDate", stamp.clone());
        request.values.insert("updatedDate", stamp);
        let kind = request.text("type").unwrap_or_default().to_owned();
        payment.stamp_at(now);
        self.enter(&SENT_PAY, payment);
        match kind.as_str() {
            "0" if accepted => self.void_with_refund(now, id),
            "2" if accepted => self.set_payment_status(now, id, "4"),
            // Paying anew keeps the same payment.
            _ => {}
        }
        Ok(())
    }

    /// Voids a payment; what was withdrawn for it comes back as soon as the withdrawal is confirmed, or now if it is.
    pub(super) fn void_with_refund(&mut self, now: DateTime<Utc>, id: &str) {
        let movement = self.record("SentPay", id).and_then(|payment| payment.text(MOVEMENT)).map(str::to_owned);
        let funding = movement.as_deref().and_then(|id| self.record("MoneyMovement", id));
        match funding.and_then(|movement| movement.text("status")) {
            Some("1") => self.refund(now, id),
            Some("0") => {
                if let Some(payment) = self.books.get_mut("SentPay").and_then(|payments| payments.get_mut(id)) {
                    payment.values.insert(REFUND_DUE, json!(true));
                }
            }
            _ => {}
        }
        self.set_payment_status(now, id, "4");
    }
}
