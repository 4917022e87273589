//! Every call that the client can make, against the vendor's documents, whether or not the simulator answers it; and every
//! sample of the vendor's answers, through the client.
//!
//! Needs the reference folder, named by `COUNTERFOIL_REFERENCE`; says so and passes without it.

use super::kit::{TestClock, config, shared};
use super::schema_check::{Call, Documents};
use crate::billcom::{
    BankBalance, BankBalances, BillCom, BillComError, BoxFuture, Budget, ChangeScan, Entity, Form, HttpClient, Outcome,
    Stamp, Verb, Wire, WireError, WireReply,
};
use crate::model::{Money, NativeId, Raw};
use chrono::NaiveDate;
use reqwest::Url;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

fn reference() -> Option<PathBuf> {
    let folder = std::env::var_os("COUNTERFOIL_REFERENCE").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: COUNTERFOIL_REFERENCE is not set");
    }
    folder
}

const SIGNED_IN: &str = r#"{"response_status":0,"response_message":"Success","response_data":{"sessionId":"s"}}"#;
const DECLINED: &str = r#"{"response_status":1,"response_message":"Error","response_data":{"error_code":"BDC_1205","error_message":"no"}}"#;

/// Lets everybody in, gives the same answer to everything else, and keeps what was sent.
#[derive(Clone)]
struct Counter {
    answer: Vec<u8>,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Wire for Counter {
    fn post<'a>(&'a self, url: &'a Url, form: &'a Form) -> BoxFuture<'a, Result<WireReply, WireError>> {
        let fields = form.fields().iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let path = url.path().trim_start_matches("/api/v2/").to_owned();
        let body = if path == "Login.json" { SIGNED_IN.as_bytes().to_vec() } else { self.answer.clone() };
        self.calls.lock().expect("calls").push(Call { path, fields, reply: body.clone() });
        Box::pin(std::future::ready(Ok(WireReply { status: 200, body })))
    }
}

fn client(answer: &[u8]) -> (HttpClient, Counter) {
    let counter = Counter { answer: answer.to_vec(), calls: Arc::default() };
    let config = config(&shared(), "https://sim.example/api/v2");
    let wire = Box::new(counter.clone());
    (HttpClient::over(wire, config, Arc::new(Budget::new()), TestClock::new()).expect("client"), counter)
}

fn raw(value: Value) -> Raw {
    let Value::Object(object) = value else { panic!("not an object: {value}") };
    Raw::new(object)
}

fn id(text: &str) -> NativeId {
    NativeId::new(text).expect("id")
}

/// A record with what the vendor requires to make one, as we would write it.
fn made(entity: Entity) -> Value {
    let line = |child: &str| json!([{"entity": child, "amount": 12.5}]);
    let sold = |child: &str| json!([{"entity": child, "quantity": 1, "price": 12.5, "amount": 12.5}]);
    match entity {
        Entity::CHART_OF_ACCOUNT => json!({"name": "Rent", "accountType": "7", "isActive": "1"}),
        Entity::ITEM => json!({"name": "Sod", "type": "3"}),
        Entity::PAYMENT_TERM => json!({"name": "Net 30", "netDue": 30}),
        Entity::BILL => {
            json!({"vendorId": "00901", "invoiceNumber": "1", "invoiceDate": "2026-03-01", "dueDate": "2026-03-31", "billLineItems": line("BillLineItem")})
        }
        Entity::VENDOR_CREDIT => {
            json!({"vendorId": "00901", "refNumber": "1", "creditDate": "2026-03-01", "vendorCreditLineItems": line("VendorCreditLineItem")})
        }
        Entity::INVOICE => {
            json!({"customerId": "0cu01", "invoiceNumber": "1", "invoiceDate": "2026-03-01", "dueDate": "2026-03-31", "invoiceLineItems": [{"entity": "InvoiceLineItem", "quantity": 1, "price": 12.5}]})
        }
        Entity::CREDIT_MEMO => {
            json!({"customerId": "0cu01", "refNumber": "1", "creditDate": "2026-03-01", "creditMemoLineItems": sold("CreditMemoLineItem")})
        }
        Entity::RECEIVED_PAY => {
            json!({"customerId": "0cu01", "isActive": "1", "paymentDate": "2026-03-01", "paymentType": "1", "amount": 12.5, "depositToAccountId": "0ca01", "refNumber": "7", "description": "x", "invoicePays": [{"invoiceId": "00e01", "amount": 12.5}]})
        }
        _ => json!({"name": "Something", "isActive": "1"}),
    }
}

/// Everything that the vendor offers for an entity.
async fn call_all(client: &HttpClient, entity: Entity) {
    let one = id("00n01ELUVVEVLWIYoslo");
    let since = Stamp::parse("2026-03-01T00:00:00.000+0000").ok();
    for &verb in Verb::ALL.iter().filter(|verb| entity.offers(**verb)) {
        let changed = || {
            raw(json!({"id": one.as_str()}).as_object().map_or(json!({}), |id| {
                let mut object = made(entity).as_object().cloned().unwrap_or_default();
                object.extend(id.clone());
                Value::Object(object)
            }))
        };
        let declined = match verb {
            Verb::Create => client.create(entity, raw(made(entity))).await.err(),
            Verb::Read => client.read(entity, &one).await.err(),
            Verb::List => client.list(&ChangeScan::new(entity, since).next_query()).await.err(),
            Verb::Update => client.update(entity, changed()).await.err(),
            Verb::Delete => client.set_active(entity, &one, false).await.err(),
            Verb::Undelete => client.set_active(entity, &one, true).await.err(),
        };
        assert!(declined.is_some_and(|error| error.is_not_found()), "{entity} {verb:?}");
    }
    if entity.offers_bulk() {
        let rows = vec![raw(made(entity)), raw(made(entity))];
        client.create_many(entity, rows).await.expect_err("declined as a whole");
    }
}

/// The documents require two names of `RecordARPayment` that they do not describe and forbid to send.
const CONTRADICTIONS: &[&str] = &[
    "RecordARPayment.json: form.data.paymentAccountId is required",
    "RecordARPayment.json: form.data.totalAmount is required",
];

#[tokio::test]
async fn every_call_of_the_client_fits_the_vendors_documents() {
    let Some(reference) = reference() else { return };
    let documents = Documents::load(&reference);
    let (client, counter) = client(DECLINED.as_bytes());
    for &entity in Entity::ALL {
        call_all(&client, entity).await;
    }
    let date = NaiveDate::from_ymd_opt(2026, 3, 2).expect("date");
    let default = BankBalance { amount: Money::from_cents(123_456), date };
    let balances = BankBalances { default, accounts: vec![(id("0ca01AAAA"), Money::from_cents(-5))] };
    client.set_bank_balances(&balances).await.expect_err("declined");
    client.bank_balance().await.expect_err("declined");
    client.object_url(&id("00n01ELUVVEVLWIYoslo")).await.expect_err("declined");
    client.field_names(Entity::ALL).await.expect_err("declined");
    client.check_access().await.expect_err("declined");
    let calls = counter.calls.lock().expect("calls").clone();
    let answered = calls.iter().filter(|call| call.path != "Login.json");
    let complaints: Vec<String> = answered
        .flat_map(|call| documents.check(call).into_iter().map(|complaint| format!("{}: {complaint}", call.path)))
        .filter(|complaint| !CONTRADICTIONS.contains(&complaint.as_str()))
        .collect();
    assert!(complaints.is_empty(), "{complaints:#?}");
    assert!(calls.len() > 100, "{} calls", calls.len());
}

#[tokio::test]
async fn what_the_vendor_does_not_offer_is_never_sent() {
    let (client, counter) = client(DECLINED.as_bytes());
    let one = id("stp01PRMNWCJDQGQb3zb");
    let payment = || raw(json!({"vendorId": "00901", "amount": 5}));
    let attempts = [
        client.create(Entity::SENT_PAY, payment()).await.err(),
        client.update(Entity::SENT_PAY, payment()).await.err(),
        client.set_active(Entity::SENT_PAY, &one, false).await.err(),
        client.create(Entity::MONEY_MOVEMENT, payment()).await.err(),
        client.update(Entity::BANK_ACCOUNT, payment()).await.err(),
        client.set_active(Entity::VENDOR_CREDIT, &one, true).await.err(),
        client.set_active(Entity::PAYMENT_TERM, &one, false).await.err(),
        client.create_many(Entity::PAYMENT_TERM, vec![payment()]).await.err(),
        client.create_many(Entity::VENDOR, (0..101).map(|_| payment()).collect()).await.err(),
    ];
    for error in attempts {
        let error = error.expect("declined by ourselves");
        assert!(matches!(error, BillComError::NotOffered) && error.outcome() == Outcome::Refused, "{error:?}");
    }
    assert_eq!(counter.calls.lock().expect("calls").len(), 0);
}

#[tokio::test]
async fn a_balance_is_read_as_it_comes_and_none_is_no_error() {
    let balance = async |data: Value| {
        let reply = json!({"response_status": 0, "response_message": "Success", "response_data": data});
        client(reply.to_string().as_bytes()).0.bank_balance().await
    };
    let told = balance(json!({"bankBalance": "1234.5", "bankBalanceDate": "2026-03-02"})).await.expect("read");
    let date = NaiveDate::from_ymd_opt(2026, 3, 2).expect("date");
    assert_eq!(told, Some(BankBalance { amount: Money::from_cents(123_450), date }));
    for nothing in [json!({}), json!(null), json!({"bankBalance": null, "bankBalanceDate": null}), json!("")] {
        assert_eq!(balance(nothing.clone()).await.expect("no account chosen"), None, "{nothing}");
    }
    let odd = balance(json!({"bankBalance": "much", "bankBalanceDate": "2026-03-02"})).await.expect_err("no amount");
    assert!(matches!(odd, BillComError::Shape { .. }));
}

/// Samples without an answer that this client reads, and why. A new sample must be read or be named here.
const NOT_READ: &[(&str, &str)] = &[
    ("01-login.json", "a login is no record"),
    ("02-list-orgs.json", "the client is told its organisation"),
    ("03-list-with-filters.json", "a request"),
    ("08-actgclass-shape.json", "braces where an id would be"),
    ("14-customer-bank-account-create.json", "bank accounts of others have no call in the client"),
    ("15-vendor-bank-account-create.json", "bank accounts of others have no call in the client"),
    ("17-bulk-create-vendor.json", "read below, as rows"),
    ("18-error-envelope.json", "read below, as an error"),
    ("19-error-rate-limit.json", "read below, as an error"),
    ("20-v3-error-session-and-rate.json", "version 3"),
    ("21-v3-webhook-bill-created.json", "version 3: see the webhooks"),
    ("23-customer-shape.json", "braces where an id would be"),
    ("24-list-bill-observed-keys-2026.json", "names only"),
    ("25-v3-record-ap-payment-request.json", "version 3"),
    ("26-v3-vendor-credit-create.json", "version 3"),
    ("27-v3-login-curl.json", "version 3"),
    ("28-v3-filter-examples.json", "version 3"),
    ("29-v3-invoice-customer-asymmetry.json", "version 3"),
    ("30-vendor-credit-create.json", "a request"),
    ("31-pay-bills-and-record-ap-payment-params.json", "calls that the client does not have"),
];

#[tokio::test]
async fn every_sample_is_read_or_named_with_a_reason() {
    let Some(reference) = reference() else { return };
    let mut unread = Vec::new();
    for entry in std::fs::read_dir(reference.join("billcom-samples/v2")).expect("samples") {
        let path = entry.expect("entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("name").to_owned();
        let sample: Value = serde_json::from_slice(&std::fs::read(&path).expect("sample")).expect("JSON");
        let mut read = false;
        for response in [&sample["response"], &sample["create"]["response"], &sample["read"]["response"]] {
            let Some(entity) = response["response_data"]["entity"].as_str().and_then(Entity::from_name) else {
                continue;
            };
            if response["response_data"]["id"].as_str().is_some_and(|id| id.contains('{')) {
                continue;
            }
            let (client, _) = client(response.to_string().as_bytes());
            let record = client.read(entity, &id("any")).await.expect("the sample is read");
            for rows in ["billPays", "billCredits", "invoicePays", "moneyMovementItems", "invoiceLineItems"] {
                for row in record.rows(rows).expect("rows") {
                    row.id().expect("each row has an id");
                    row.money("amount").expect("each row has an amount or none");
                }
            }
            read = true;
        }
        if !read {
            unread.push(name);
        }
    }
    unread.sort();
    assert_eq!(unread, NOT_READ.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_samples_of_rows_and_errors_mean_what_they_say() {
    let Some(reference) = reference() else { return };
    let sample = |name: &str| {
        let path = reference.join("billcom-samples/v2").join(name);
        let sample: Value = serde_json::from_slice(&std::fs::read(path).expect("sample")).expect("JSON");
        sample["response"].to_string().into_bytes()
    };
    let rows = client(&sample("17-bulk-create-vendor.json"))
        .0
        .create_many(Entity::VENDOR, vec![raw(made(Entity::VENDOR))])
        .await;
    let rows = rows.expect("rows");
    assert_eq!(rows[0].as_ref().expect("made").text("name").as_deref(), Some("Acme Vendor"));
    let error = client(&sample("18-error-envelope.json")).0.read(Entity::BILL, &id("x")).await.expect_err("an error");
    assert!(!matches!(error, BillComError::Shape { .. }), "{error:?}");
    let error = client(&sample("19-error-rate-limit.json")).0.read(Entity::BILL, &id("x")).await.expect_err("a limit");
    assert!(matches!(error, BillComError::RateLimited { .. } | BillComError::TooManyAtOnce), "{error:?}");
}
