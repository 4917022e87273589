//! What customers owe and pay: invoices, tax, percentages, memos, online and recorded payments, sub-customers, merges.

use super::kit::{code, fresh, good, now};
use crate::sim::billcom::{Bank, InvoiceDraft, InvoiceLineDraft, NumberScope, Organization, Price, ReceiptPlan};
use chrono::TimeDelta;
use serde_json::{Value, json};

fn line(quantity: i64, price: Price) -> InvoiceLineDraft {
    InvoiceLineDraft { quantity, price, item_id: None, taxable: true, description: "work".to_owned() }
}

fn invoice(customer: &str, number: &str, lines: Vec<InvoiceLineDraft>) -> InvoiceDraft {
    let date = now().date_naive();
    let (customer_id, number) = (customer.to_owned(), number.to_owned());
    InvoiceDraft { customer_id, number, date, due: date, tax_item_id: None, lines }
}

fn receipt(customer: &str, cents: i64, invoices: &[(&str, i64)]) -> ReceiptPlan {
    let invoices = invoices.iter().map(|(id, cents)| ((*id).to_owned(), *cents)).collect();
    ReceiptPlan { customer_id: customer.to_owned(), date: now().date_naive(), cents, invoices }
}

/// An organisation with a customer that owes 100.00 on one invoice.
fn books() -> (Organization, String, String) {
    let mut organization = fresh();
    let mut person = organization.person(now());
    let customer = person.create_customer("Garden Club", None).expect("customer");
    let draft = invoice(&customer, "I1", vec![line(4, Price::Each(2_500))]);
    let id = person.create_invoice(&draft).expect("invoice");
    let clearing = person.create_account("Money In Clearing", "3", "102").expect("account");
    person.connect_bank(&Bank { name: "First Bank".to_owned(), receives: true, ..Bank::default() });
    organization.preferences.money_in_clearing = Some(clearing);
    (organization, customer, id)
}

fn read(organization: &mut Organization, entity: &str, id: &str) -> Value {
    good(organization, &format!("Crud/Read/{entity}.json"), &json!({ "id": id }))
}

#[test]
fn an_invoice_is_its_priced_lines_its_percentages_and_its_tax() {
    let mut organization = fresh();
    let mut person = organization.person(now());
    let customer = person.create_customer("Garden Club", None).expect("customer");
    let fields = [("name", json!("Sales tax")), ("type", json!("6")), ("percentage", json!(8.25))];
    let tax = person.create("Item", &fields).expect("item");
    let mut untaxed = line(1, Price::Each(1_000));
    untaxed.taxable = false;
    let lines = vec![line(3, Price::Each(3_333)), untaxed, line(1, Price::Percent(-1_000))];
    let draft = InvoiceDraft { tax_item_id: Some(tax), ..invoice(&customer, "I1", lines) };
    person.create_invoice(&draft).expect("invoice");
    let seen = organization.invoices().remove(0);
    assert_eq!(seen.lines.iter().map(|line| line.cents).collect::<Vec<_>>(), [9_999, 1_000, -1_100]);
    assert_eq!((seen.tax_cents, seen.cents), (734, 9_999 + 1_000 - 1_100 + 734));
    assert_eq!(organization.customers()[0].balance_cents, seen.cents);
}

#[test]
fn a_line_needs_a_price_or_a_percentage_and_a_number_is_used_once() {
    let (mut organization, customer, _) = books();
    let object = |number: &str, line: Value| {
        let mut line = line;
        line["entity"] = json!("InvoiceLineItem");
        json!({"obj": {"entity": "Invoice", "customerId": customer, "invoiceNumber": number, "invoiceDate": "2026-03-01", "dueDate": "2026-03-31", "invoiceLineItems": [line]}})
    };
    let path = "Crud/Create/Invoice.json";
    assert_eq!(code(&mut organization, path, &object("I2", json!({"quantity": 1}))), "BDC_1117");
    assert_eq!(
        code(&mut organization, path, &object("I2", json!({"quantity": 1, "price": 1, "ratePercent": 1}))),
        "BDC_1117"
    );
    assert_eq!(code(&mut organization, path, &object("I2", json!({"price": 1}))), "BDC_1117");
    assert_eq!(code(&mut organization, path, &object("i1", json!({"quantity": 1, "price": 1}))), "BDC_1171");
    let mut allowed = object("I1", json!({"quantity": 1, "price": 1}));
    allowed["allowDuplicateInvNum"] = json!(true);
    assert_eq!(code(&mut organization, path, &allowed), "BDC_1001", "bills only");
    organization.rules.invoice_numbers = NumberScope::Unchecked;
    good(&mut organization, path, &object("I1", json!({"quantity": 1, "price": 1})));
    let long = "9".repeat(101);
    assert_eq!(code(&mut organization, path, &object(&long, json!({"quantity": 1, "price": 1}))), "BDC_1119");
}

#[test]
fn an_update_rewrites_the_lines_and_wants_the_required_fields() {
    let (mut organization, customer, id) = books();
    let before = read(&mut organization, "Invoice", &id);
    let path = "Crud/Update/Invoice.json";
    let partly = json!({"obj": {"entity": "Invoice", "id": id, "description": "x"}});
    assert_eq!(code(&mut organization, path, &partly), "BDC_1117");
    let whole = json!({"obj": {"entity": "Invoice", "id": id, "customerId": customer, "invoiceNumber": "I1", "invoiceDate": "2026-03-01", "dueDate": "2026-03-31",
        "invoiceLineItems": [{"entity": "InvoiceLineItem", "quantity": 2, "price": 10}]}});
    let after = good(&mut organization, path, &whole);
    assert_eq!(after["amountDue"].to_string(), "20.0");
    assert_ne!(before["invoiceLineItems"][0]["id"], after["invoiceLineItems"][0]["id"]);
    assert_eq!(after["invoiceLineItems"][0]["invoiceId"], json!(id));
}

#[test]
fn a_recorded_payment_pays_at_once_and_leaves_the_rest_as_credit() {
    let (mut organization, customer, id) = books();
    let account = organization.person(now()).create_account("Undeposited", "12", "103").expect("account");
    let data = json!({"customerId": customer, "paymentDate": "2026-03-02", "paymentType": "1", "amount": 75.3, "refNumber": "735",
        "depositToAccountId": account, "invoicePays": [{"invoiceId": id, "amount": 56.5}]});
    let paid = good(&mut organization, "RecordARPayment.json", &data);
    assert_eq!((paid["unappliedAmount"].to_string(), &paid["status"]), ("18.8".to_owned(), &json!("0")));
    assert_eq!((&paid["depositToAccountId"], &paid["isOnline"]), (&json!(account), &json!(false)));
    assert_eq!(paid["invoicePays"][0]["receivedPayId"], paid["id"]);
    let open = read(&mut organization, "Invoice", &id);
    assert_eq!((open["amountDue"].to_string(), &open["paymentStatus"]), ("43.5".to_owned(), &json!("2")));
    let seen = read(&mut organization, "Customer", &customer);
    assert_eq!((seen["balance"].to_string(), seen["availCredit"].to_string()), ("43.5".to_owned(), "18.8".to_owned()));
    assert_eq!(organization.receivables()[&customer].due_cents(), 10_000 - 7_530);
    assert_eq!((organization.undeposited_cents(), organization.movements().len()), (0, 0), "Bill.com moves nothing");
    let mut more = data.clone();
    more["invoicePays"][0]["amount"] = json!(43.51);
    assert_eq!(code(&mut organization, "RecordARPayment.json", &more), "BDC_1119");
    more["paymentType"] = json!("6");
    assert_eq!(code(&mut organization, "RecordARPayment.json", &more), "BDC_1129");
    let receipt = paid["id"].as_str().expect("id").to_owned();
    organization.person(now()).void_receipt(&receipt).expect("void");
    organization.person(now()).void_receipt(&receipt).expect_err("once");
    assert_eq!(read(&mut organization, "Invoice", &id)["amountDue"].to_string(), "100.0");
    assert_eq!(read(&mut organization, "ReceivedPay", &receipt)["invoicePays"][0]["status"], "1");
    organization.rules.token_rights.record_receivables = false;
    assert_eq!(code(&mut organization, "RecordARPayment.json", &data), "BDC_1361");
}

#[test]
fn an_online_payment_is_scheduled_then_received_then_deposited() {
    let (mut organization, customer, id) = books();
    let plan = receipt(&customer, 10_000, &[(&id, 10_000)]);
    let paid = organization.person(now()).customer_pays(&plan, None).expect("paid");
    organization.person(now()).customer_pays(&plan, None).expect_err("all of it is scheduled");
    assert_eq!(organization.invoices()[0].status, "4");
    assert_eq!(organization.invoices()[0].scheduled_cents, 10_000);
    let movement = organization.back_office(now()).pick_up().remove(0);
    assert_eq!(read(&mut organization, "ReceivedPay", &paid)["status"], "0");
    assert_eq!(organization.invoices()[0].status, "0");
    assert_eq!(organization.undeposited_cents(), 10_000);
    organization.back_office(now() + TimeDelta::days(3)).confirm_after(2);
    assert_eq!(organization.undeposited_cents(), 0);
    let seen = read(&mut organization, "MoneyMovement", &movement);
    assert_eq!((&seen["type"], &seen["amount"]), (&json!("2"), &json!("100.0")));
    organization.back_office(now() + TimeDelta::days(5)).send_back(&movement).expect("sent back");
    assert_eq!((organization.invoices()[0].status.as_str(), organization.undeposited_cents()), ("1", 0));
}

#[test]
fn a_card_payment_has_a_fee_and_no_movement() {
    let (mut organization, customer, id) = books();
    let plan = receipt(&customer, 10_000, &[(&id, 10_000)]);
    organization.person(now()).customer_pays(&plan, Some(290)).expect("paid");
    assert!(organization.back_office(now()).pick_up().is_empty());
    assert_eq!((organization.invoices()[0].status.as_str(), organization.undeposited_cents()), ("0", 0));
    let fees = good(&mut organization, "List/RPConvFee.json", &json!({"start": 0, "max": 9}));
    assert_eq!((fees[0]["amount"].to_string(), fees[0].get("createdTime")), ("2.9".to_owned(), None));
}

#[test]
fn memos_are_used_by_people_and_have_no_stamps() {
    let (mut organization, customer, id) = books();
    let memo = invoice(&customer, "M1", vec![line(1, Price::Each(3_000))]);
    let memo = organization.person(now()).create_memo(&memo).expect("memo");
    let use_id = organization.person(now()).apply_memo(&id, &memo, 2_000).expect("used");
    organization.person(now()).apply_memo(&id, &memo, 1_001).expect_err("not so much is left");
    let seen = read(&mut organization, "CreditMemo", &memo);
    assert_eq!((seen["availableAmount"].to_string(), &seen["status"]), ("10.0".to_owned(), &json!("2")));
    assert_eq!((seen.get("updatedTime"), seen["creditMemoLineItems"][0].get("id")), (None, None));
    let open = read(&mut organization, "Invoice", &id);
    assert_eq!(
        (open["creditAmount"].to_string(), open["amountDue"].to_string()),
        ("20.0".to_owned(), "80.0".to_owned())
    );
    assert_eq!(organization.receivables()[&customer].due_cents(), 7_000);
    organization.person(now()).unapply_memo(&use_id).expect("taken back");
    assert_eq!(organization.memos()[0].status, "1");
    assert!(!organization.memo_uses()[0].active);
    assert_eq!(organization.invoices()[0].due_cents, 10_000);
}

#[test]
fn customers_below_customers_share_names_and_are_merged_with_everything_they_own() {
    let (mut organization, customer, id) = books();
    let mut person = organization.person(now());
    let other = person.create_customer("Golf Club", None).expect("customer");
    let job = person.create_customer("Green", Some(&customer)).expect("sub-customer");
    person.create_customer("Green", Some(&other)).expect("the same name below another");
    person.create_customer("Green", Some(&customer)).expect_err("taken");
    let below = person.create_invoice(&invoice(&job, "I2", vec![line(1, Price::Each(500))])).expect("invoice");
    person.record_cheque(&receipt(&customer, 500, &[(&below, 500)]), None, "9").expect("a parent may pay");
    person.record_cheque(&receipt(&other, 100, &[(&id, 100)]), None, "9").expect_err("a stranger may not");
    let later = now() + TimeDelta::minutes(5);
    organization.person(later).merge("Customer", &customer, &other).expect("merged");
    let seen = organization.customers();
    assert_eq!((seen[0].active, seen[0].merged_into.as_deref()), (false, Some(other.as_str())));
    assert_eq!(organization.invoices()[0].customer_id, other);
    assert_eq!(seen.iter().find(|it| it.id == job).and_then(|it| it.parent_id.clone()), Some(other.clone()));
    assert_eq!(organization.receipts()[0].customer_id, other);
    assert_eq!((seen[0].balance_cents, seen[1].balance_cents), (0, 10_000));
    let since = json!([{"field": "updatedTime", "op": ">=", "value": "2026-03-02T10:05:00.000+0000"}]);
    let changed = good(&mut organization, "List/Invoice.json", &json!({"start": 0, "max": 9, "filters": since}));
    assert_eq!(changed.as_array().map(Vec::len), Some(1), "every record that was pointed elsewhere is stamped");
}

#[test]
fn people_archive_and_restore_and_contacts_are_a_list_of_their_own() {
    let (mut organization, customer, id) = books();
    organization.person(now()).archive("Invoice", &id).expect("archived");
    assert_eq!(organization.customers()[0].balance_cents, 0);
    organization.person(now()).restore("Invoice", &id).expect("restored");
    assert_eq!(organization.customers()[0].balance_cents, 10_000);
    let contact = json!({"obj": {"entity": "CustomerContact", "customerId": customer, "firstName": "Ann", "email": "ann@example.com"}});
    let made = good(&mut organization, "Crud/Create/CustomerContact.json", &contact);
    assert!(made["id"].as_str().is_some_and(|id| id.starts_with("cpu")));
    let card = organization.person(now()).create_account("Card", "5", "104").expect("account");
    organization.person(now()).connect_card("Second Bank", &card);
    let cards = good(&mut organization, "List/CardAccount.json", &json!({"start": 0, "max": 9}));
    assert_eq!(cards[0]["chartOfAccountId"], json!(card));
}
