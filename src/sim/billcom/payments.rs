//! Payments to vendors: making them, and what becomes of bills and credits when their status moves.
//!
//! A payment is a `SentPay` with a `BillPay` for every bill that gets money and a `BillCredit` for every use of a credit.
//! A bill's amounts are always added up from these, so a payment that is voided or cancelled gives everything back by
//! itself.

use super::Organization;
use super::derive::IN_PROCESS;
use super::record::{Record, Values, print_decimal};
use super::reply::Refusal;
use super::schema::{BILL, BILL_CREDIT, BILL_PAY, SENT_PAY, VENDOR_CREDIT};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// On a payment, sent or received: the movement that carried it. Not printed; the vendor's records have no such field.
pub(super) const MOVEMENT: &str = "movementId";

/// On a payment: the money goes back as soon as its withdrawal is confirmed. Not printed.
pub(super) const REFUND_DUE: &str = "refundDue";

/// A payment about to be made.
pub(super) struct PaymentDraft {
    /// The payee; may be left out when there is one bill.
    pub(super) vendor_id: Option<String>,
    pub(super) process_date: NaiveDate,
    /// Bill and amount.
    pub(super) pays: Vec<(String, Decimal)>,
    pub(super) credits: Vec<CreditUse>,
    pub(super) means: Means,
    pub(super) description: Option<String>,
    pub(super) allow_export: Option<bool>,
    pub(super) user_id: String,
}

/// One use of a credit.
pub(super) struct CreditUse {
    pub(super) bill_id: String,
    pub(super) credit_id: String,
    pub(super) amount: Decimal,
}

/// How a payment is made.
pub(super) enum Means {
    /// Outside Bill.com; only recorded.
    Recorded { account_id: Option<String>, reference: Option<String>, to_print: bool },
    /// By Bill.com, from a bank account.
    Online { bank_account_id: String },
}

impl Organization {
    /// Makes a payment; gives the id of the `SentPay`.
    pub(super) fn pay(&mut self, now: DateTime<Utc>, draft: &PaymentDraft) -> Result<String, Refusal> {
        let vendor_id = self.payee(draft)?;
        let pays = self.money_of(draft)?;
        self.check_open(draft, &pays)?;
        let amount: Decimal = pays.iter().map(|(_, amount)| amount).sum();
        let mut values = self.shared_values(now, draft);
        let online = matches!(draft.means, Means::Online { .. });
        let status = if online { "1" } else { "2" };
        let lines: Values = values.iter().map(|(name, value)| (*name, value.clone())).collect();
        let bank_account = match &draft.means {
            Means::Online { bank_account_id } => Some(json!(bank_account_id)),
            Means::Recorded { .. } => None,
        };
        values.extend(bank_account.map(|id| ("bankAccountId", id)));
        values.extend([
            ("amount", print_decimal(amount)),
            ("status", json!(status)),
            ("vendorId", json!(vendor_id)),
            ("isOnline", json!(online)),
            ("txnNumber", json!(self.random.text(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", 20))),
            ("paymentType", json!(if online { "0" } else { "4" })),
            ("source", json!("0")),
            ("createdBy", json!(draft.user_id)),
        ]);
        let mut payment = self.make(now, &SENT_PAY, values);
        let late = self.rules.late_lines;
        payment.late = (late > TimeDelta::zero()).then(|| (now + late, Vec::new()));
        let id = payment.id.clone();
        for (order, (bill, amount)) in pays.iter().enumerate() {
            self.enter_bill_pay(behind(now, order), &id, bill, *amount, status, &lines);
        }
        for (order, credit) in draft.credits.iter().enumerate() {
            self.enter_bill_credit(behind(now, order), &id, credit);
        }
        // Last, so that whoever is told of it finds its parts.
        self.enter(&SENT_PAY, payment);
        self.refresh_paid(now, &id);
        Ok(id)
    }

    /// The vendor, which all bills and credits must have.
    fn payee(&self, draft: &PaymentDraft) -> Result<String, Refusal> {
        let several = draft.pays.iter().map(|(bill, _)| bill).collect::<BTreeSet<_>>().len() > 1;
        let first = draft.pays.first().ok_or_else(|| Refusal::missing_parameter("billPays"))?;
        let of = |id: &str| self.active("Bill", id).map(|bill| bill.text("vendorId").unwrap_or_default().to_owned());
        let vendor_id = match &draft.vendor_id {
            Some(vendor) => vendor.clone(),
            None if several => return Err(Refusal::missing_parameter("vendorId")),
            None => of(&first.0)?,
        };
        for (bill, _) in &draft.pays {
            if of(bill)? != vendor_id {
                return Err(Refusal::unfit("billId", "the bill is another vendor's"));
            }
        }
        for credit in &draft.credits {
            let record = self.active("VendorCredit", &credit.credit_id)?;
            if record.text("vendorId") != Some(&vendor_id) || of(&credit.bill_id)? != vendor_id {
                return Err(Refusal::unfit("vendorCreditId", "the credit is another vendor's"));
            }
        }
        Ok(vendor_id)
    }

    /// What each bill gets in money, credits taken out if the amounts hold them (`billcom.md` 8, 9).
    fn money_of(&self, draft: &PaymentDraft) -> Result<Vec<(String, Decimal)>, Refusal> {
        let within = self.rules.credit_sum == super::CreditSum::Within;
        let mut pays = Vec::new();
        for (bill, amount) in &draft.pays {
            let credits = draft.credits.iter().filter(|credit| credit.bill_id == *bill);
            let credit: Decimal = credits.map(|credit| credit.amount).sum();
            let money = if within { amount - credit } else { *amount };
            if money < Decimal::ZERO || money + credit <= Decimal::ZERO {
                return Err(Refusal::unfit("amount", "less than nothing would be paid"));
            }
            pays.push((bill.clone(), money));
        }
        let unknown = |credit: &&CreditUse| !draft.pays.iter().any(|(bill, _)| *bill == credit.bill_id);
        match draft.credits.iter().find(unknown) {
            Some(_) => Err(Refusal::unfit("billId", "a credit for a bill that is not paid")),
            None => Ok(pays),
        }
    }

    /// No bill gets more than is open, and no credit is used beyond what is left of it.
    fn check_open(&self, draft: &PaymentDraft, pays: &[(String, Decimal)]) -> Result<(), Refusal> {
        for bill_id in pays.iter().map(|(bill, _)| bill).collect::<BTreeSet<_>>() {
            let bill = self.active("Bill", bill_id)?;
            let open = bill.amount("amount") - bill.amount("paidAmount") - bill.amount("scheduledAmount");
            let money: Decimal = pays.iter().filter(|(id, _)| id == bill_id).map(|(_, amount)| amount).sum();
            let credits = draft.credits.iter().filter(|credit| credit.bill_id == *bill_id);
            let credit: Decimal = credits.map(|credit| credit.amount).sum();
            if money + credit > open {
                return Err(Refusal::unfit("amount", "more than is open on the bill"));
            }
        }
        for credit_id in draft.credits.iter().map(|credit| &credit.credit_id).collect::<BTreeSet<_>>() {
            let credit = self.active("VendorCredit", credit_id)?;
            let used: Decimal =
                draft.credits.iter().filter(|credit| credit.credit_id == *credit_id).map(|it| it.amount).sum();
            let positive = draft.credits.iter().all(|credit| credit.amount > Decimal::ZERO);
            if !positive || used > credit.amount("amount") - credit.amount("appliedAmount") {
                return Err(Refusal::unfit("amount", "more than is left of the credit"));
            }
        }
        Ok(())
    }

    /// What the payment and its parts say alike. Online, the account is the preference and nobody's choice.
    fn shared_values(&mut self, now: DateTime<Utc>, draft: &PaymentDraft) -> Values {
        let exported = draft.allow_export.unwrap_or(self.rules.exported_by_default);
        let number = self.random.below(10_000_000);
        let day = now.format("%y%m%d");
        let mut values = Values::from([
            ("name", json!(format!("P{day}{:02} - {number:07}", self.count("SentPay") % 100))),
            ("processDate", json!(draft.process_date.to_string())),
            ("allowExport", json!(exported)),
        ]);
        let account = match &draft.means {
            Means::Online { .. } => self.preferences.money_out_clearing.clone(),
            Means::Recorded { account_id, reference, to_print } => {
                values.extend(reference.clone().map(|text| ("syncReference", Value::from(text))));
                values.insert("toPrintCheck", json!(to_print));
                account_id.clone()
            }
        };
        values.extend(account.map(|id| ("chartOfAccountId", json!(id))));
        values.extend(draft.description.clone().map(|text| ("description", Value::from(text))));
        values
    }

    fn enter_bill_pay(
        &mut self,
        now: DateTime<Utc>,
        payment: &str,
        bill: &str,
        amount: Decimal,
        status: &str,
        shared: &Values,
    ) {
        let mut values = shared.clone();
        values.extend([
            ("billId", json!(bill)),
            ("sentPayId", json!(payment)),
            ("amount", print_decimal(amount)),
            ("paymentStatus", json!(status)),
            ("paymentType", json!(if status == "1" { "0" } else { "1" })),
        ]);
        let record = self.make(now, &BILL_PAY, values);
        self.enter(&BILL_PAY, record);
    }

    fn enter_bill_credit(&mut self, now: DateTime<Utc>, payment: &str, credit: &CreditUse) {
        let values = Values::from([
            ("billId", json!(credit.bill_id)),
            ("sentPayId", json!(payment)),
            ("vendorCreditId", json!(credit.credit_id)),
            ("amount", print_decimal(credit.amount)),
        ]);
        let record = self.make(now, &BILL_CREDIT, values);
        self.enter(&BILL_CREDIT, record);
    }

    /// Puts another account and text on a recorded payment.
    pub(super) fn correct_payment(&mut self, now: DateTime<Utc>, id: &str, account: &str, description: &str) {
        let Some(mut payment) = self.record("SentPay", id).cloned() else { return };
        payment.values.insert("chartOfAccountId", json!(account));
        payment.values.insert("description", json!(description));
        payment.stamp_at(now);
        self.enter(&SENT_PAY, payment);
    }

    /// Moves a payment and its parts to another status; bills and credits follow.
    pub(super) fn set_payment_status(&mut self, now: DateTime<Utc>, id: &str, status: &'static str) {
        let Some(mut payment) = self.record("SentPay", id).cloned() else { return };
        payment.values.insert("status", json!(status));
        payment.stamp_at(now);
        self.enter(&SENT_PAY, payment);
        for mut part in self.parts("BillPay", id) {
            // Parts know no "approving" (`billcom.md` 2.6).
            part.values.insert("paymentStatus", json!(if status == "0" { "1" } else { status }));
            part.stamp_at(now);
            self.enter(&BILL_PAY, part);
        }
        let gone = matches!(status, "3" | "4");
        for mut part in self.parts("BillCredit", id).into_iter().filter(|_| gone) {
            part.state = "2";
            part.stamp_at(now);
            self.enter(&BILL_CREDIT, part);
        }
        self.refresh_paid(now, id);
    }

    /// The parts of a payment in their order.
    pub(super) fn parts(&self, entity: &str, payment: &str) -> Vec<Record> {
        self.naming(entity, "sentPayId", payment).into_iter().cloned().collect()
    }

    /// Adds up anew what is paid on the bills of a payment, and used of its credits.
    pub(super) fn refresh_paid(&mut self, now: DateTime<Utc>, payment: &str) {
        let (pays, credits) = (self.parts("BillPay", payment), self.parts("BillCredit", payment));
        let named = |parts: &[Record], field: &str| -> BTreeSet<String> {
            parts.iter().filter_map(|part| part.text(field)).map(str::to_owned).collect()
        };
        for bill in named(&pays, "billId") {
            let (paid, scheduled, in_process) = self.paid_on(&bill);
            let totals = [("paidAmount", paid), ("scheduledAmount", scheduled), (IN_PROCESS, in_process)];
            self.settle(now, &BILL, &bill, &totals);
        }
        for credit in named(&credits, "vendorCreditId") {
            let uses = self.records("BillCredit").filter(|part| part.state == "1");
            let uses = uses.filter(|part| part.text("vendorCreditId") == Some(&credit));
            let used: Decimal = uses.map(|part| part.amount("amount")).sum();
            self.settle(now, &VENDOR_CREDIT, &credit, &[("appliedAmount", used)]);
        }
    }

    /// What is paid on a bill, what is scheduled, and what of the paid is on its way; credits count like money.
    fn paid_on(&self, bill: &str) -> (Decimal, Decimal, Decimal) {
        let (mut paid, mut scheduled, mut in_process) = (Decimal::ZERO, Decimal::ZERO, Decimal::ZERO);
        let parts = self.records("BillPay").chain(self.records("BillCredit").filter(|part| part.state == "1"));
        for part in parts.filter(|part| part.text("billId") == Some(bill)) {
            let payment = part.text("sentPayId").and_then(|id| self.record("SentPay", id));
            let Some(payment) = payment else { continue };
            let amount = part.amount("amount");
            match payment.text("status") {
                Some("0" | "1") => scheduled += amount,
                Some("2" | "5") => {
                    paid += amount;
                    in_process += if self.is_under_way(payment) { amount } else { Decimal::ZERO };
                }
                _ => {}
            }
        }
        (paid, scheduled, in_process)
    }

    /// Whether the movement that carries a payment has not been confirmed yet.
    fn is_under_way(&self, payment: &Record) -> bool {
        let movement = payment.text(MOVEMENT).and_then(|id| self.record("MoneyMovement", id));
        movement.is_some_and(|movement| movement.text("status") == Some("0"))
    }

    /// A record that is in use.
    pub(super) fn active(&self, entity: &str, id: &str) -> Result<&Record, Refusal> {
        self.record(entity, id).filter(|record| record.state == "1").ok_or_else(|| Refusal::not_found(id))
    }
}

/// Parts are stamped a little after the whole (`billcom.md` 3, hazard 3).
fn behind(now: DateTime<Utc>, order: usize) -> DateTime<Utc> {
    now + TimeDelta::seconds(i64::try_from(order.min(3)).unwrap_or(0))
}
