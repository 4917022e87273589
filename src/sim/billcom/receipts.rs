//! What customers pay, and which credit memos they use: receiving, voiding, and what becomes of the invoices.

use super::Organization;
use super::derive::EXPECTED;
use super::payments::MOVEMENT;
use super::record::{Record, Values, print_decimal};
use super::reply::Refusal;
use super::schema::{CREDIT_MEMO, INVOICE, INVOICE_CREDIT, RECEIVED_PAY, RP_CONV_FEE};
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// On an invoice: the money received. Not printed; `Invoice` shows only what is due.
pub(super) const RECEIVED: &str = "receivedAmount";

/// Levels of customers below customers that are looked through; keeps a circle from being followed for ever.
const CUSTOMER_LEVELS_MAX: usize = 16;

/// A payment about to be received.
pub(super) struct ReceiptDraft {
    pub(super) customer_id: String,
    pub(super) date: NaiveDate,
    /// The vendor's code: "0" cash, "1" cheque, "2" card, "3" bank, "4" PayPal, "5" other.
    pub(super) payment_type: String,
    /// The whole payment; what the invoices get when it is left out.
    pub(super) amount: Option<Decimal>,
    /// Invoice and amount.
    pub(super) pays: Vec<(String, Decimal)>,
    pub(super) description: Option<String>,
    pub(super) means: Receipt,
}

/// How a payment is received.
pub(super) enum Receipt {
    /// Outside Bill.com; only recorded.
    Recorded { account_id: Option<String>, reference: Option<String> },
    /// By Bill.com, into a bank account; the fee is for cards.
    Online { bank_account_id: String, fee: Decimal },
}

impl Organization {
    /// Receives a payment; gives the id of the `ReceivedPay`.
    pub(super) fn receive(&mut self, now: DateTime<Utc>, draft: &ReceiptDraft) -> Result<String, Refusal> {
        self.active("Customer", &draft.customer_id)?;
        let applied = self.check_invoices(draft)?;
        let amount = draft.amount.unwrap_or(applied);
        if amount < applied || amount <= Decimal::ZERO {
            return Err(Refusal::unfit("amount", "less than the invoices get"));
        }
        let mut values = self.receipt_values(draft);
        values.extend([("amount", print_decimal(amount)), ("unappliedAmount", print_decimal(amount - applied))]);
        let status = values["status"].clone();
        let rows = draft.pays.iter().map(|(invoice, amount)| {
            Values::from([
                ("invoiceId", json!(invoice)),
                ("amount", print_decimal(*amount)),
                ("status", status.clone()),
                ("paymentDate", json!(draft.date.to_string())),
            ])
        });
        let rows = rows.collect();
        let mut record = self.make(now, &RECEIVED_PAY, values);
        record.rows = self.new_rows(now, &RECEIVED_PAY, &record.id, rows);
        self.hold_back_rows(now, &mut record, Vec::new());
        let id = record.id.clone();
        self.enter(&RECEIVED_PAY, record);
        self.refresh_received(now, &id);
        Ok(id)
    }

    /// What the invoices get together. They belong to the customer or to one below it, and get no more than is open.
    fn check_invoices(&self, draft: &ReceiptDraft) -> Result<Decimal, Refusal> {
        let mut applied = Decimal::ZERO;
        for (invoice_id, amount) in &draft.pays {
            let invoice = self.active("Invoice", invoice_id)?;
            let open = invoice.amount("amountDue") - invoice.amount(EXPECTED);
            let given: Decimal = draft.pays.iter().filter(|(id, _)| id == invoice_id).map(|(_, amount)| amount).sum();
            if *amount <= Decimal::ZERO || given > open {
                return Err(Refusal::unfit("amount", "more than is open on the invoice"));
            }
            if !self.is_of_customer(invoice, &draft.customer_id) {
                return Err(Refusal::unfit("invoiceId", "the invoice is another customer's"));
            }
            applied += amount;
        }
        Ok(applied)
    }

    fn is_of_customer(&self, invoice: &Record, customer_id: &str) -> bool {
        let mut at = invoice.text("customerId");
        for _ in 0..CUSTOMER_LEVELS_MAX {
            match at {
                Some(id) if id == customer_id => return true,
                Some(id) => at = self.record("Customer", id).and_then(|it| it.text("parentCustomerId")),
                None => return false,
            }
        }
        false
    }

    fn receipt_values(&mut self, draft: &ReceiptDraft) -> Values {
        let mut values = Values::from([
            ("customerId", json!(draft.customer_id)),
            ("paymentDate", json!(draft.date.to_string())),
            ("paymentType", json!(draft.payment_type)),
            ("convFeeAmount", print_decimal(Decimal::ZERO)),
        ]);
        values.extend(draft.description.clone().map(|text| ("description", Value::from(text))));
        match &draft.means {
            Receipt::Recorded { account_id, reference } => {
                let set = [("isOnline", json!(false)), ("status", json!("0")), ("source", json!("0"))];
                values.extend(set);
                values.extend(account_id.clone().map(|id| ("depositToAccountId", Value::from(id))));
                values.extend(reference.clone().map(|text| ("refNumber", Value::from(text))));
            }
            Receipt::Online { bank_account_id, fee } => {
                let number = self.random.text(b"0123456789", 9);
                values.extend([
                    ("isOnline", json!(true)),
                    ("status", json!("2")),
                    ("source", json!("2")),
                    ("refNumber", json!(number)),
                    ("payToBankAccountId", json!(bank_account_id)),
                    ("convFeeAmount", print_decimal(*fee)),
                    ("rPConvFee", print_decimal(*fee)),
                ]);
                let account = self.preferences.money_in_clearing.clone();
                values.extend(account.map(|id| ("depositToAccountId", Value::from(id))));
                self.enter_fee(draft, &number, *fee);
            }
        }
        values
    }

    fn enter_fee(&mut self, draft: &ReceiptDraft, number: &str, fee: Decimal) {
        if fee.is_zero() {
            return;
        }
        let values = Values::from([
            ("refNumber", json!(number)),
            ("amount", print_decimal(fee)),
            ("paymentDate", json!(draft.date.to_string())),
        ]);
        // It has no stamps, so any instant will do.
        let record = self.make(DateTime::UNIX_EPOCH, &RP_CONV_FEE, values);
        self.enter(&RP_CONV_FEE, record);
    }

    /// Moves a received payment and its parts to another status; the invoices follow.
    pub(super) fn set_receipt_status(&mut self, now: DateTime<Utc>, id: &str, status: &'static str) {
        let Some(mut record) = self.record("ReceivedPay", id).cloned() else { return };
        record.values.insert("status", json!(status));
        record.stamp_at(now);
        for row in &mut record.rows {
            row.values.insert("status", json!(status));
            row.stamp_at(now);
        }
        self.enter(&RECEIVED_PAY, record);
        self.refresh_received(now, id);
    }

    /// Remembers which movement carries a received payment. Readers see nothing of it.
    pub(super) fn note_movement(&mut self, entity: &str, id: &str, movement: &str) {
        if let Some(record) = self.books.get_mut(entity).and_then(|records| records.get_mut(id)) {
            record.values.insert(MOVEMENT, json!(movement));
        }
    }

    /// Uses credit memos on an invoice, as people do in the web app.
    pub(super) fn use_memo(
        &mut self,
        now: DateTime<Utc>,
        invoice_id: &str,
        memo_id: &str,
        amount: Decimal,
    ) -> Result<String, Refusal> {
        let (invoice, memo) = (self.active("Invoice", invoice_id)?, self.active("CreditMemo", memo_id)?);
        if memo.text("customerId") != invoice.text("customerId") {
            return Err(Refusal::unfit("creditMemoId", "the memo is another customer's"));
        }
        let open = invoice.amount("amountDue") - invoice.amount(EXPECTED);
        if amount <= Decimal::ZERO || amount > open || amount > memo.amount("availableAmount") {
            return Err(Refusal::unfit("amount", "more than is left"));
        }
        let values = Values::from([
            ("invoiceId", json!(invoice_id)),
            ("creditMemoId", json!(memo_id)),
            ("amount", print_decimal(amount)),
            ("syncedAmount", print_decimal(Decimal::ZERO)),
        ]);
        let record = self.make(now, &INVOICE_CREDIT, values);
        let id = record.id.clone();
        self.enter(&INVOICE_CREDIT, record);
        self.refresh_credited(now, &id);
        Ok(id)
    }

    /// Takes a use of a memo back.
    pub(super) fn drop_memo_use(&mut self, now: DateTime<Utc>, id: &str) -> Result<(), Refusal> {
        self.set_state(now, &INVOICE_CREDIT, id, "2")?;
        self.refresh_credited(now, id);
        Ok(())
    }

    fn refresh_credited(&mut self, now: DateTime<Utc>, id: &str) {
        let Some(used) = self.record("InvoiceCredit", id).cloned() else { return };
        let sum = |organization: &Self, field: &str| -> Decimal {
            let uses = organization.records("InvoiceCredit").filter(|it| it.state == "1");
            uses.filter(|it| it.text(field) == used.text(field)).map(|it| it.amount("amount")).sum()
        };
        let (credited, applied) = (sum(self, "invoiceId"), sum(self, "creditMemoId"));
        self.settle(now, &INVOICE, used.text("invoiceId").unwrap_or_default(), &[("creditAmount", credited)]);
        self.settle(now, &CREDIT_MEMO, used.text("creditMemoId").unwrap_or_default(), &[("appliedAmount", applied)]);
    }

    /// Adds up anew what is received on the invoices of a payment.
    fn refresh_received(&mut self, now: DateTime<Utc>, payment: &str) {
        let rows = self.record("ReceivedPay", payment).map(|it| it.rows.clone()).unwrap_or_default();
        let invoices: BTreeSet<String> =
            rows.iter().filter_map(|row| row.text("invoiceId")).map(str::to_owned).collect();
        for invoice in invoices {
            let sum = |status: &str| -> Decimal {
                let rows = self.records("ReceivedPay").flat_map(|it| &it.rows);
                let rows = rows.filter(|row| row.text("invoiceId") == Some(&invoice));
                rows.filter(|row| row.text("status") == Some(status)).map(|row| row.amount("amount")).sum()
            };
            let totals = [(RECEIVED, sum("0")), (EXPECTED, sum("2"))];
            self.settle(now, &INVOICE, &invoice, &totals);
        }
    }
}
