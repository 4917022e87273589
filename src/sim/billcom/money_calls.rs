//! Calls about money that are not Create, Read, Update or Delete: recording, voiding, balances, and those that a sync
//! token must never make.

use super::Organization;
use super::calls::{Form, only, text_parameter};
use super::payments::{CreditUse, Means, PaymentDraft};
use super::receipts::{Receipt, ReceiptDraft};
use super::record::{View, decimal, parse_date};
use super::reply::Refusal;
use super::schema::{RECEIVED_PAY, SENT_PAY, Table};
use super::session::{Session, SignInKind};
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

/// Bills of one `PayBills` call (`billcom.md` 2.6).
const PAID_BILLS_MAX: usize = 200;

/// Parameters of `RecordAPPayment`. The e-mail that two of them order is not sent.
const RECORD_PAYABLE: &[&str] = &[
    "vendorId",
    "processDate",
    "toPrintCheck",
    "chartOfAccountId",
    "description",
    "syncReference",
    "vendorEmail",
    "notifyVendorPaidWithCredits",
    "allowExport",
    "billPays",
    "billCredits",
];

const PAY_BILLS: &[&str] = &[
    "vendorId",
    "bankAccountId",
    "cardAccountId",
    "cardFundingPurpose",
    "processDate",
    "description",
    "isVendorDirectPayment",
    "isFasterPayment",
    "deliveryType",
    "batchId",
    "allowExport",
    "billPays",
    "billCredits",
];

const RECORD_RECEIVABLE: &[&str] = &[
    "customerId",
    "paymentDate",
    "paymentType",
    "amount",
    "depositToAccountId",
    "description",
    "refNumber",
    "invoicePays",
];

impl Organization {
    /// One of these calls.
    pub(super) fn money_call(
        &mut self,
        now: DateTime<Utc>,
        name: &str,
        form: &Form<'_>,
        session: &Session,
    ) -> Result<Value, Refusal> {
        let token = session.kind == SignInKind::SyncToken;
        let rights = self.rules.token_rights;
        let permit = |right: bool| if token && !right { Err(Refusal::not_permitted()) } else { Ok(()) };
        match name {
            "RecordAPPayment" => {
                permit(rights.record_payables)?;
                self.record_payable(now, &form.data(RECORD_PAYABLE)?, session)
            }
            "RecordARPayment" => {
                permit(rights.record_receivables)?;
                self.record_receivable(now, &form.data(RECORD_RECEIVABLE)?)
            }
            "VoidAPPayment" => {
                permit(rights.void_payments)?;
                let data = form.data(&["sentPayId", "voidRequestType", "reason"])?;
                let id = text_parameter(&data, "sentPayId")?;
                let (kind, reason) = (text_parameter(&data, "voidRequestType")?, text_parameter(&data, "reason")?);
                self.request_void(now, id, kind, reason, &session.user_id)?;
                self.written(now, &SENT_PAY, id)
            }
            "CancelAPPayment" => {
                permit(rights.void_payments)?;
                let data = form.data(&["sentPayId"])?;
                let id = text_parameter(&data, "sentPayId")?;
                self.cancel_payment(now, id)?;
                self.written(now, &SENT_PAY, id)
            }
            "PayBills" | "ChargeCustomer" if token => Err(Refusal::moves_money(name)),
            "PayBills" => self.pay_bills(now, &form.data(PAY_BILLS)?, session),
            "GetDisbursementData" => self.disbursement(&form.data(&["sentPayId"])?),
            "SetBankBalance" => {
                permit(rights.bank_balance)?;
                self.set_bank_balance(now, &form.data(&["bankBalance", "bankBalanceDate", "bankBalances"])?)
            }
            "GetBankBalance" => {
                permit(rights.bank_balance)?;
                Ok(self.bank_balance())
            }
            _ => Err(Refusal::unsupported(name)),
        }
    }

    fn record_payable(
        &mut self,
        now: DateTime<Utc>,
        data: &Map<String, Value>,
        session: &Session,
    ) -> Result<Value, Refusal> {
        let to_print = data.get("toPrintCheck").ok_or_else(|| Refusal::missing_parameter("toPrintCheck"))?;
        let account_id = optional(data, "chartOfAccountId")?;
        if let Some(id) = &account_id {
            self.active("ChartOfAccount", id)?;
        }
        for name in ["vendorEmail", "notifyVendorPaidWithCredits"] {
            let fits = data.get(name).is_none_or(|value| value.is_string() == (name == "vendorEmail"));
            if !fits {
                return Err(Refusal::field_type(name));
            }
        }
        let means = Means::Recorded {
            account_id,
            reference: optional(data, "syncReference")?,
            to_print: to_print.as_bool().ok_or_else(|| Refusal::field_type("toPrintCheck"))?,
        };
        let date = day(data, "processDate")?;
        let id = self.pay(now, &payment(data, date, means, session)?)?;
        Ok(without_requests(self.written(now, &SENT_PAY, &id)?))
    }

    /// Pays online: trusted sessions only, here one vendor at a time.
    fn pay_bills(
        &mut self,
        now: DateTime<Utc>,
        data: &Map<String, Value>,
        session: &Session,
    ) -> Result<Value, Refusal> {
        if !session.trusted {
            return Err(Refusal::untrusted());
        }
        let bank_account_id = text_parameter(data, "bankAccountId")?.to_owned();
        self.active("BankAccount", &bank_account_id)?;
        let date = data.get("processDate").map(|_| day(data, "processDate")).transpose()?;
        let draft = payment(data, date.unwrap_or(now.date_naive()), Means::Online { bank_account_id }, session)?;
        if draft.pays.len() > PAID_BILLS_MAX {
            return Err(Refusal::parameter_value("billPays", &json!(draft.pays.len())));
        }
        let id = self.pay(now, &draft)?;
        Ok(json!({"sentPays": [without_requests(self.written(now, &SENT_PAY, &id)?)]}))
    }

    fn record_receivable(&mut self, now: DateTime<Utc>, data: &Map<String, Value>) -> Result<Value, Refusal> {
        let payment_type = text_parameter(data, "paymentType")?.to_owned();
        if !matches!(payment_type.as_str(), "0" | "1" | "2" | "3" | "4" | "5") {
            return Err(Refusal::parameter_value("paymentType", &json!(payment_type)));
        }
        let account_id = optional(data, "depositToAccountId")?;
        if let Some(id) = &account_id {
            self.active("ChartOfAccount", id)?;
        }
        let pays = pays(data, "invoicePays", "invoiceId")?;
        let draft = ReceiptDraft {
            customer_id: text_parameter(data, "customerId")?.to_owned(),
            date: day(data, "paymentDate")?,
            payment_type,
            amount: data.get("amount").map(|_| amount(data)).transpose()?,
            pays,
            description: optional(data, "description")?,
            means: Receipt::Recorded { account_id, reference: optional(data, "refNumber")? },
        };
        let id = self.receive(now, &draft)?;
        self.written(now, &RECEIVED_PAY, &id)
    }

    /// Empty while a payment is only scheduled; the details of each way of paying are left out.
    fn disbursement(&self, data: &Map<String, Value>) -> Result<Value, Refusal> {
        let id = text_parameter(data, "sentPayId")?;
        let payment = self.record("SentPay", id).ok_or_else(|| Refusal::not_found(id))?;
        let (status, combined) = match payment.text("status") {
            Some("2") => ("3", 4),
            Some("4") => ("5", 6),
            _ => return Ok(json!({})),
        };
        let vendor = payment.text("vendorId").and_then(|id| self.record("Vendor", id));
        Ok(json!({
            "paymentType": "0",
            "disbursementStatus": status,
            "combinedStatus": combined,
            "vendorName": vendor.and_then(|vendor| vendor.text("name")),
            "orgName": self.identity.name,
            "isVoidable": status == "3",
        }))
    }

    /// A record as the reply to the call that wrote it.
    fn written(&self, now: DateTime<Utc>, table: &Table, id: &str) -> Result<Value, Refusal> {
        let record = self.record(table.name, id).ok_or_else(|| Refusal::not_found(id))?;
        Ok(self.print(record, table, View { written: true, ..self.view(now, true) }))
    }
}

/// The replies of the calls that make payments know two fields less.
fn without_requests(mut payment: Value) -> Value {
    if let Some(fields) = payment.as_object_mut() {
        fields.remove("voidRequests");
        fields.remove("useAltPmtType");
    }
    payment
}

fn payment(
    data: &Map<String, Value>,
    process_date: NaiveDate,
    means: Means,
    session: &Session,
) -> Result<PaymentDraft, Refusal> {
    let allow_export =
        data.get("allowExport").map(|flag| flag.as_bool().ok_or_else(|| Refusal::field_type("allowExport")));
    let pays = pays(data, "billPays", "billId")?;
    if pays.is_empty() {
        return Err(Refusal::missing_parameter("billPays"));
    }
    let credits = rows(data, "billCredits")?.into_iter().map(|row| {
        only(row, &["billId", "vendorCreditId", "amount"])?;
        Ok(CreditUse {
            bill_id: text_parameter(row, "billId")?.to_owned(),
            credit_id: text_parameter(row, "vendorCreditId")?.to_owned(),
            amount: amount(row)?,
        })
    });
    Ok(PaymentDraft {
        vendor_id: optional(data, "vendorId")?,
        process_date,
        pays,
        credits: credits.collect::<Result<_, Refusal>>()?,
        means,
        description: optional(data, "description")?,
        allow_export: allow_export.transpose()?,
        user_id: session.user_id.clone(),
    })
}

/// The list must be there, as the vendor's schema says.
fn pays(data: &Map<String, Value>, name: &'static str, id: &'static str) -> Result<Vec<(String, Decimal)>, Refusal> {
    if !data.contains_key(name) {
        return Err(Refusal::missing_parameter(name));
    }
    let rows = rows(data, name)?.into_iter().map(|row| {
        only(row, &[id, "amount"])?;
        Ok((text_parameter(row, id)?.to_owned(), amount(row)?))
    });
    rows.collect()
}

fn rows<'a>(data: &'a Map<String, Value>, name: &'static str) -> Result<Vec<&'a Map<String, Value>>, Refusal> {
    let Some(rows) = data.get(name) else { return Ok(Vec::new()) };
    let rows = rows.as_array().ok_or_else(|| Refusal::field_type(name))?;
    rows.iter().map(|row| row.as_object().ok_or_else(Refusal::not_json)).collect()
}

fn amount(data: &Map<String, Value>) -> Result<Decimal, Refusal> {
    let value = data.get("amount").ok_or_else(|| Refusal::missing_parameter("amount"))?;
    let amount = decimal(value).ok_or_else(|| Refusal::field_type("amount"))?;
    if amount.normalize().scale() > 2 { Err(Refusal::field_value("amount", value)) } else { Ok(amount) }
}

fn day(data: &Map<String, Value>, name: &'static str) -> Result<NaiveDate, Refusal> {
    let text = text_parameter(data, name)?;
    parse_date(text).ok_or_else(|| Refusal::parameter_value(name, &json!(text)))
}

/// A text that may be left out; empty, null and twenty zeros are the same.
fn optional(data: &Map<String, Value>, name: &'static str) -> Result<Option<String>, Refusal> {
    match data.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => {
            Ok(Some(text.clone()).filter(|text| !text.is_empty() && text != super::record::ZERO_ID))
        }
        Some(_) => Err(Refusal::field_type(name)),
    }
}
