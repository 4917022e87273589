//! What notifications say: records in the words of v3.

use crate::sim::billcom::Organization;
use crate::sim::billcom::record::{Record, ZERO_ID};
use crate::sim::billcom::schema::Table;
use chrono::{DateTime, SubsecRound, Utc};
use serde_json::{Map, Value, json};

/// How the object of a notification stands in its body; the vendor's pages differ (`billcom.md` 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayloadForm {
    /// As an object beside the metadata.
    Object,
    /// As a text that holds the object.
    TextWithin,
    /// The whole body is one text.
    WholeText,
}

impl PayloadForm {
    /// The body, minified.
    pub(super) fn text(self, name: &str, mut body: Map<String, Value>) -> String {
        match self {
            Self::Object => Value::Object(body).to_string(),
            Self::TextWithin => {
                let object = body.get(name).map(Value::to_string).unwrap_or_default();
                body.insert(name.to_owned(), json!(object));
                Value::Object(body).to_string()
            }
            Self::WholeText => json!(Value::Object(body).to_string()).to_string(),
        }
    }
}

/// What notifications call an entity; nothing for those that have no events.
pub(super) fn object_name(table: &Table) -> Option<&'static str> {
    Some(match table.name {
        "Vendor" => "vendor",
        "Bill" => "bill",
        "Invoice" => "invoice",
        "SentPay" => "payment",
        "BankAccount" => "bank-account",
        "CardAccount" => "card-account",
        _ => return None,
    })
}

impl Organization {
    /// A record as v3 tells it. Fields without a value are left out.
    pub(super) fn webhook_object(&self, table: &Table, record: &Record) -> Value {
        let mut object = match table.name {
            "Vendor" => vendor(record),
            "Bill" => bill(record),
            "Invoice" => invoice(record),
            "SentPay" => self.payment(record),
            "BankAccount" => bank_account(record),
            _ => card_account(record),
        };
        object["id"] = json!(record.id);
        object["createdTime"] = json!(print_time(record.created));
        object["updatedTime"] = json!(print_time(record.updated));
        if table.name != "SentPay" {
            object["archived"] = json!(record.state != "1");
        }
        without_empty(object)
    }

    /// Enough to know what to read again: the bills, and how far it is.
    fn payment(&self, record: &Record) -> Value {
        let parts = self.naming("BillPay", "sentPayId", &record.id);
        let vendor = record.text("vendorId").and_then(|id| self.record("Vendor", id));
        let status = match record.text("status") {
            Some("0") => "APPROVING",
            Some("1") => "SCHEDULED",
            Some("2") => "PAID",
            Some("3") => "CANCELLED",
            _ => "VOID",
        };
        json!({
            "billIds": parts.iter().map(|part| part.text("billId")).collect::<Vec<_>>(),
            "transactionNumber": record.text("txnNumber"),
            "status": status,
            "processDate": record.text("processDate"),
            "funding": {"amount": record.values.get("amount"), "currency": "USD"},
            "vendor": {"id": record.text("vendorId"), "name": vendor.and_then(|vendor| vendor.text("name"))},
            "billingType": "BDC",
        })
    }
}

fn vendor(record: &Record) -> Value {
    json!({
        "name": record.text("name"),
        "shortName": record.text("shortName"),
        "accountNumber": record.text("accNumber"),
        "email": record.text("email"),
        "phone": record.text("phone"),
        "billCurrency": record.text("billCurrency"),
        "address": {
            "line1": record.text("address1"),
            "line2": record.text("address2"),
            "city": record.text("addressCity"),
            "stateOrProvince": record.text("addressState"),
            "zipOrPostalCode": record.text("addressZip"),
            "country": record.text("addressCountry"),
        },
        "balance": {"amount": record.values.get("balance")},
    })
}

fn bill(record: &Record) -> Value {
    let status = match record.text("paymentStatus") {
        Some("0") => "PAID",
        Some("1") => "UNPAID",
        Some("2") => "PARTIAL",
        Some("4") => "SCHEDULED",
        _ => "UNDEFINED",
    };
    // A whole instant, where the API has a day (`billcom.md` 3).
    let date = record.text("invoiceDate").map(|date| format!("{date}T00:00:00.000Z"));
    json!({
        "vendorId": record.text("vendorId"),
        "invoice": {"invoiceNumber": record.text("invoiceNumber"), "invoiceDate": date},
        "amount": record.values.get("amount"),
        "description": record.text("description"),
        "dueDate": record.text("dueDate"),
        "paymentStatus": status,
        "payFromChartOfAccountId": record.text("payFromChartOfAccountId"),
        "classifications": {
            "chartOfAccountId": record.text("chartOfAccountId"),
            "accountingClassId": record.text("actgClassId"),
            "departmentId": record.text("departmentId"),
            "locationId": record.text("locationId"),
        },
        "purchaseOrderNumber": record.text("poNumber"),
    })
}

fn invoice(record: &Record) -> Value {
    let status = match record.text("paymentStatus") {
        Some("0") => "PAID_IN_FULL",
        Some("1") => "OPEN",
        Some("2") => "PARTIAL_PAYMENT",
        Some("4") => "SCHEDULED",
        _ => "UNDEFINED",
    };
    json!({
        "customerId": record.text("customerId"),
        "invoiceNumber": record.text("invoiceNumber"),
        "totalAmount": record.values.get("amount"),
        "dueAmount": record.values.get("amountDue"),
        "creditAmount": record.values.get("creditAmount"),
        "invoiceDate": record.text("invoiceDate"),
        "dueDate": record.text("dueDate"),
        "salesTaxTotal": record.values.get("salesTaxTotal"),
        "status": status,
    })
}

fn bank_account(record: &Record) -> Value {
    json!({
        "accountNumber": record.text("accountNumber"),
        "nameOnAccount": record.text("nameOnAcct"),
        "routingNumber": record.text("routingNumber"),
        "bankName": record.text("bankName"),
        "status": "VERIFIED",
        "default": {"payables": record.flag("primaryAP"), "receivables": record.flag("primaryAR")},
    })
}

fn card_account(record: &Record) -> Value {
    json!({
        "nameOnAccount": record.text("nameOnAcct"),
        "brand": record.text("cardBrand"),
        "status": "VERIFIED",
        "last4": record.text("last4"),
        "default": {"payables": record.flag("primaryAP"), "receivables": record.flag("primaryAR")},
    })
}

/// `…SSS+00:00`, the way of v3.
pub(super) fn print_time(time: DateTime<Utc>) -> String {
    time.trunc_subsecs(3).format("%Y-%m-%dT%H:%M:%S%.3f+00:00").to_string()
}

fn without_empty(value: Value) -> Value {
    let Value::Object(object) = value else { return value };
    let kept = object.into_iter().map(|(name, value)| (name, without_empty(value)));
    let empty = |value: &Value| value.is_null() || value == ZERO_ID || value.as_object().is_some_and(Map::is_empty);
    Value::Object(kept.filter(|(_, value)| !empty(value)).collect())
}
