//! Every call about credits, payments, invoices and banks against the vendor's own OpenAPI documents, and the names in the
//! vendor's samples against what the simulator prints.

use super::kit::{KEY, TOKEN, bill, field, fresh, now};
use super::openapi::reference;
use super::schema_check::{Call, Documents};
use crate::sim::billcom::{Bank, InvoiceDraft, InvoiceLineDraft, Organization, PaymentPlan, Price, ReceiptPlan};
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Calls of a trusted person, each checked against the documents.
struct Caller {
    organization: Organization,
    documents: Documents,
    session: String,
    calls: usize,
}

impl Caller {
    fn new(documents: Documents, types_wander: bool) -> Self {
        let mut organization = fresh();
        organization.rules.types_wander = types_wander;
        organization.trust("ann@example.com");
        let mut caller = Self { organization, documents, session: String::new(), calls: 0 };
        let id = caller.organization.id().to_owned();
        let name = field("userName", "ann@example.com");
        let login = vec![field("devKey", KEY), name, field("password", TOKEN), field("orgId", &id)];
        caller.session = caller.form("Login.json", login)["sessionId"].as_str().expect("session").to_owned();
        caller
    }

    fn form(&mut self, path: &str, fields: Vec<(String, String)>) -> Value {
        let reply = self.organization.handle(now(), path, &fields).body;
        let call = Call { path: path.to_owned(), fields, reply };
        assert_eq!(self.documents.check(&call), Vec::<String>::new(), "{path}");
        let reply: Value = serde_json::from_slice(&call.reply).expect("JSON");
        assert_eq!(reply["response_status"], 0, "{path}: {reply}");
        self.calls += 1;
        reply["response_data"].clone()
    }

    fn call(&mut self, path: &str, data: &Value) -> Value {
        let fields = vec![field("devKey", KEY), field("sessionId", &self.session), field("data", &data.to_string())];
        self.form(&format!("{path}.json"), fields)
    }

    fn list(&mut self, entity: &str) -> Value {
        let sort = json!([{"field": "id", "asc": "true"}]);
        self.call(&format!("List/{entity}"), &json!({"start": 0, "max": 99, "nested": true, "sort": sort}))
    }

    fn list_and_read(&mut self, entity: &str) {
        let rows = self.list(entity);
        let rows = rows.as_array().expect("rows");
        assert!(!rows.is_empty(), "{entity}");
        for row in rows {
            self.call(&format!("Crud/Read/{entity}"), &json!({"id": row["id"]}));
        }
    }

    /// Everything that can be done with a record that is written; gives its id.
    fn write(&mut self, entity: &str, object: &Value, undelete: bool) -> String {
        let mut object = object.clone();
        object["entity"] = json!(entity);
        let made = self.call(&format!("Crud/Create/{entity}"), &json!({ "obj": object }));
        let id = made["id"].as_str().expect("id").to_owned();
        object["id"] = json!(id);
        self.call(&format!("Crud/Update/{entity}"), &json!({ "obj": object }));
        self.call(&format!("Bulk/Crud/Update/{entity}"), &json!({"bulk": [{ "obj": object }]}));
        self.call(&format!("Crud/Delete/{entity}"), &json!({ "id": id }));
        if undelete {
            self.call(&format!("Crud/Undelete/{entity}"), &json!({ "id": id }));
            self.call(&format!("Bulk/Crud/Delete/{entity}"), &json!({"bulk": [{ "id": id }]}));
            self.call(&format!("Bulk/Crud/Undelete/{entity}"), &json!({"bulk": [{ "id": id }]}));
        } else {
            self.organization.person(now()).restore(entity, &id).expect("restored");
        }
        self.list_and_read(entity);
        id
    }
}

/// What is on both sides of the books.
struct Known {
    vendor: String,
    bill: String,
    customer: String,
    account: String,
    bank: String,
}

fn set_up(organization: &mut Organization) -> Known {
    let mut person = organization.person(now());
    let vendor = person.create_vendor("Acme").expect("vendor");
    let bill = person.create_bill(&bill(&vendor, "1", &[100_000])).expect("bill");
    let customer = person.create_customer("Garden Club", None).expect("customer");
    let account = person.create_account("Checking", "3", "100").expect("account");
    person.connect_card("Second Bank", &account);
    let (pays, receives) = (true, true);
    let bank =
        person.connect_bank(&Bank { name: "Bank".to_owned(), account_id: Some(account.clone()), pays, receives });
    Known { vendor, bill, customer, account, bank }
}

fn pay_vendors(caller: &mut Caller, known: &Known) {
    let line = json!({"entity": "VendorCreditLineItem", "amount": 30, "description": "returned", "chartOfAccountId": known.account});
    let credit = json!({"vendorId": known.vendor, "refNumber": "C1", "creditDate": "2026-03-01", "vendorCreditLineItems": [line]});
    let credit = caller.write("VendorCredit", &credit, false);
    let used = json!([{"billId": known.bill, "vendorCreditId": credit, "amount": 10}]);
    let recorded = json!({"vendorId": known.vendor, "processDate": "2026-03-02", "toPrintCheck": true, "chartOfAccountId": known.account,
        "description": "cheque", "syncReference": "1001", "vendorEmail": "a@example.com", "notifyVendorPaidWithCredits": false,
        "allowExport": true, "billPays": [{"billId": known.bill, "amount": 50}], "billCredits": used});
    let recorded = caller.call("RecordAPPayment", &recorded);
    let online = json!({"vendorId": known.vendor, "bankAccountId": known.bank, "processDate": "2026-03-02", "billPays": [{"billId": known.bill, "amount": 20}]});
    let first = caller.call("PayBills", &online)["sentPays"][0]["id"].clone();
    let second = caller.call("PayBills", &online)["sentPays"][0]["id"].clone();
    caller.call("CancelAPPayment", &json!({ "sentPayId": first }));
    caller.call("GetDisbursementData", &json!({ "sentPayId": second }));
    caller.organization.back_office(now()).pick_up();
    caller.call("GetDisbursementData", &json!({ "sentPayId": second }));
    for id in [&second, &recorded["id"]] {
        caller.call("VoidAPPayment", &json!({"sentPayId": id, "voidRequestType": "0", "reason": "lost"}));
    }
    for entity in ["SentPay", "BillPay", "BillCredit", "Bill"] {
        caller.list_and_read(entity);
    }
}

fn be_paid(caller: &mut Caller, known: &Known) {
    let line = json!({"entity": "InvoiceLineItem", "quantity": 2, "price": 50, "taxable": true, "description": "work"});
    let discount = json!({"entity": "InvoiceLineItem", "quantity": 1, "ratePercent": -10});
    let invoice = json!({"customerId": known.customer, "invoiceNumber": "I1", "invoiceDate": "2026-03-01", "dueDate": "2026-03-31",
        "isToBePrinted": false, "terms": "Net 30", "invoiceLineItems": [line, discount]});
    let invoice = caller.write("Invoice", &invoice, true);
    let line = json!({"entity": "CreditMemoLineItem", "quantity": 1, "amount": 5, "price": 5});
    let memo = json!({"customerId": known.customer, "refNumber": "M1", "creditDate": "2026-03-01", "creditMemoLineItems": [line]});
    let memo = caller.write("CreditMemo", &memo, false);
    let contact = json!({"customerId": known.customer, "firstName": "Ann", "email": "ann@example.com"});
    caller.write("CustomerContact", &contact, true);
    let recorded = json!({"customerId": known.customer, "paymentDate": "2026-03-02", "paymentType": "1", "amount": 20, "depositToAccountId": known.account,
        "description": "cheque", "refNumber": "735", "invoicePays": [{"invoiceId": invoice, "amount": 15}]});
    caller.call("RecordARPayment", &recorded);
    let mut person = caller.organization.person(now());
    person.apply_memo(&invoice, &memo, 500).expect("used");
    let date = now().date_naive();
    for fee in [None, Some(29)] {
        let invoices = vec![(invoice.clone(), 1_000)];
        let plan = ReceiptPlan { customer_id: known.customer.clone(), date, cents: 1_000, invoices };
        person.customer_pays(&plan, fee).expect("paid");
    }
    caller.organization.back_office(now()).pick_up();
    for entity in ["ReceivedPay", "InvoiceCredit", "RPConvFee", "MoneyMovement", "BankAccount", "Customer"] {
        caller.list_and_read(entity);
    }
    assert!(!caller.list("CardAccount")[0]["chartOfAccountId"].is_null());
}

#[test]
fn credits_payments_invoices_and_banks_fit_the_vendors_documents() {
    let Some(reference) = reference() else { return };
    for wander in [false, true] {
        let mut caller = Caller::new(Documents::load(&reference), wander);
        let known = set_up(&mut caller.organization);
        pay_vendors(&mut caller, &known);
        be_paid(&mut caller, &known);
        let rows = json!([{"chartOfAccountId": known.account, "chartOfAccountBalance": "7.00"}]);
        caller.call(
            "SetBankBalance",
            &json!({"bankBalance": "7.00", "bankBalanceDate": "2026-03-02", "bankBalances": rows}),
        );
        let session = vec![field("devKey", KEY), field("sessionId", &caller.session)];
        assert_eq!(caller.form("GetBankBalance.json", session)["bankBalance"], "7.0");
        caller.list_and_read("BankAccount");
        assert!(caller.calls > 70, "{} calls", caller.calls);
        assert_eq!(caller.organization.violations(), []);
    }
}

/// Names that samples have and the vendor's documents have not; the simulator prints what the documents say.
const OLDER: &[(&str, &str)] = &[("InvoicePay", "description"), ("Vendor", "availCredit"), ("Vendor", "mergedIntoId")];

/// The names of every record in a sample, by entity.
fn names_in(value: &Value, found: &mut BTreeSet<(String, String)>) {
    if let (Some(entity), Some(_)) = (value["entity"].as_str(), value.get("createdTime")) {
        let names = value.as_object().into_iter().flat_map(|object| object.keys());
        found.extend(names.map(|name| (entity.to_owned(), name.clone())));
    }
    value.as_array().into_iter().flatten().for_each(|row| names_in(row, found));
    value.as_object().into_iter().flat_map(|it| it.values()).for_each(|it| names_in(it, found));
}

#[test]
fn every_name_in_the_samples_is_printed() {
    let Some(reference) = reference() else { return };
    let mut caller = Caller::new(Documents::load(&reference), false);
    let known = set_up(&mut caller.organization);
    pay_vendors(&mut caller, &known);
    be_paid(&mut caller, &known);
    for (entity, fields) in [("ActgClass", json!({"name": "North"})), ("Job", json!({"name": "Bridge"}))] {
        let mut object = fields;
        object["entity"] = json!(entity);
        caller.call(&format!("Crud/Create/{entity}"), &json!({ "obj": object }));
    }
    let mut printed = BTreeSet::new();
    let entities = [
        "ActgClass",
        "BankAccount",
        "Bill",
        "ChartOfAccount",
        "Customer",
        "Invoice",
        "Job",
        "MoneyMovement",
        "ReceivedPay",
        "SentPay",
        "Vendor",
    ];
    for entity in entities {
        names_in(&caller.list(entity), &mut printed);
    }
    let mut sampled = BTreeSet::new();
    for entry in std::fs::read_dir(reference.join("billcom-samples/v2")).expect("samples") {
        let text = std::fs::read(entry.expect("entry").path()).expect("sample");
        names_in(&serde_json::from_slice(&text).expect("JSON"), &mut sampled);
    }
    let known: BTreeSet<&str> = printed.iter().map(|(entity, _)| entity.as_str()).collect();
    let missing: Vec<_> = sampled.difference(&printed).filter(|(entity, _)| known.contains(entity.as_str())).collect();
    let missing: Vec<(&str, &str)> = missing.iter().map(|(entity, name)| (entity.as_str(), name.as_str())).collect();
    assert_eq!(missing, OLDER);
    assert!(known.len() >= 15, "{known:?}");
}

#[test]
fn a_plan_with_credits_means_the_same_under_both_readings() {
    for rule in [crate::sim::billcom::CreditSum::Within, crate::sim::billcom::CreditSum::Apart] {
        let mut organization = fresh();
        organization.rules.credit_sum = rule;
        let known = set_up(&mut organization);
        let lines = vec![crate::sim::billcom::LineDraft { cents: 2_000, ..Default::default() }];
        let draft = crate::sim::billcom::CreditDraft {
            vendor_id: known.vendor.clone(),
            number: "C".to_owned(),
            date: now().date_naive(),
            lines,
        };
        let credit = organization.person(now()).create_credit(&draft).expect("credit");
        let plan = PaymentPlan {
            vendor_id: known.vendor,
            date: now().date_naive(),
            bills: vec![(known.bill.clone(), 98_000)],
            credits: vec![(known.bill, credit, 2_000)],
        };
        organization.person(now()).schedule(&plan, &known.bank).expect("scheduled");
        let payment = organization.payments().remove(0);
        assert_eq!((payment.cents, payment.credits[0].cents), (98_000, 2_000));
        organization.back_office(now() + TimeDelta::days(1)).pick_up();
        assert_eq!(organization.unfunded_cents(), 98_000, "credits move no money");
    }
}

#[test]
fn an_invoice_can_be_made_without_any_item() {
    let mut organization = fresh();
    let known = set_up(&mut organization);
    let line = InvoiceLineDraft {
        quantity: 1,
        price: Price::Each(1),
        item_id: None,
        taxable: false,
        description: String::new(),
    };
    let date = now().date_naive();
    let (customer_id, number) = (known.customer, "I9".to_owned());
    let draft = InvoiceDraft { customer_id, number, date, due: date, tax_item_id: None, lines: vec![line] };
    organization.person(now()).create_invoice(&draft).expect("invoice");
    assert_eq!(organization.invoices()[0].lines[0].item_id, None);
}
