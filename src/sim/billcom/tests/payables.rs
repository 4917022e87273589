//! Paying vendors: what is scheduled, picked up, confirmed, voided and credited, and what the books say meanwhile.

use super::kit::{bill, call_as_person, code, fresh, good, now};
use crate::sim::billcom::{Bank, CreditDraft, CreditSum, LineDraft, Lock, OfflinePayment, Organization, PaymentPlan};
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A vendor with one bill of 100.00, a bank account and a clearing account.
struct Books {
    organization: Organization,
    vendor: String,
    bill: String,
    bank: String,
    clearing: String,
}

fn books() -> Books {
    let mut organization = fresh();
    let mut person = organization.person(now());
    let vendor = person.create_vendor("Acme").expect("vendor");
    let bill = person.create_bill(&bill(&vendor, "1", &[10_000])).expect("bill");
    let checking = person.create_account("Checking", "3", "100").expect("account");
    let clearing = person.create_account("Money Out Clearing", "3", "101").expect("account");
    let bank = person.connect_bank(&Bank {
        name: "First Bank".to_owned(),
        account_id: Some(checking),
        pays: true,
        receives: true,
    });
    organization.preferences.money_out_clearing = Some(clearing.clone());
    Books { organization, vendor, bill, bank, clearing }
}

fn credit(vendor: &str, number: &str, cents: i64) -> CreditDraft {
    let lines = vec![LineDraft { cents, ..LineDraft::default() }];
    CreditDraft { vendor_id: vendor.to_owned(), number: number.to_owned(), date: now().date_naive(), lines }
}

impl Books {
    fn plan(&self, cents: i64) -> PaymentPlan {
        let bills = vec![(self.bill.clone(), cents)];
        PaymentPlan { vendor_id: self.vendor.clone(), date: now().date_naive(), bills, credits: Vec::new() }
    }

    fn schedule(&mut self, cents: i64) -> String {
        let plan = self.plan(cents);
        self.organization.person(now()).schedule(&plan, &self.bank).expect("scheduled")
    }

    fn record(&mut self, cents: i64) -> String {
        let plan = self.plan(cents);
        self.organization.person(now()).record_payment(&plan, &OfflinePayment::default()).expect("recorded")
    }

    fn read(&mut self, entity: &str, id: &str) -> Value {
        good(&mut self.organization, &format!("Crud/Read/{entity}.json"), &json!({ "id": id }))
    }

    /// Status, paid, scheduled and due of the bill.
    fn bill(&mut self) -> [String; 4] {
        let id = self.bill.clone();
        let bill = self.read("Bill", &id);
        let status = bill["paymentStatus"].as_str().expect("status").to_owned();
        [status, bill["paidAmount"].to_string(), bill["scheduledAmount"].to_string(), bill["dueAmount"].to_string()]
    }
}

fn later(days: i64) -> DateTime<Utc> {
    now() + TimeDelta::days(days)
}

#[test]
fn an_online_payment_goes_from_scheduled_to_confirmed_and_clearing_returns_to_zero() {
    let mut books = books();
    let id = books.schedule(6_000);
    assert_eq!(books.bill(), ["4", "0.0", "60.0", "100.0"]);
    let payment = books.read("SentPay", &id);
    assert_eq!((&payment["status"], &payment["isOnline"]), (&json!("1"), &json!(true)));
    assert_eq!(payment["chartOfAccountId"], json!(books.clearing), "the account is the preference");
    assert_eq!(payment["billPays"][0]["paymentStatus"], "1");
    assert_eq!(books.organization.unfunded_cents(), 6_000);

    let movements = books.organization.back_office(later(0)).pick_up();
    assert_eq!(books.organization.back_office(later(0)).pick_up(), Vec::<String>::new(), "picked up once");
    assert_eq!(books.bill(), ["2", "60.0", "0.0", "40.0"]);
    let movement = books.read("MoneyMovement", &movements[0]);
    assert_eq!((&movement["status"], &movement["type"]), (&json!("0"), &json!("1")));
    assert_eq!(movement["amount"], "-60.0", "a text in Read");
    let listed = good(&mut books.organization, "List/MoneyMovement.json", &json!({"start": 0, "max": 9}));
    assert_eq!(listed[0]["amount"].to_string(), "-60.0", "a number in List");
    books.organization.rules.documented_types = false;
    assert_eq!(books.read("MoneyMovement", &movements[0])["amount"].to_string(), "-60.0", "as captures have it");
    assert_eq!(
        (&movement["moneyMovementItems"][0]["name"], &movement["moneyMovementItems"][0]["amount"]),
        (&json!("Acme"), &json!("-60.0"))
    );
    assert_eq!(books.organization.unfunded_cents(), 6_000);

    assert_eq!(books.organization.back_office(later(1)).confirm_after(2), Vec::<String>::new());
    assert_eq!(books.organization.back_office(later(2)).confirm_after(2), movements);
    assert_eq!(books.organization.unfunded_cents(), 0);
    assert_eq!(books.organization.payables()[&books.vendor].owed_cents(), 4_000);
}

#[test]
fn one_pick_up_withdraws_once_for_all_vendors_unless_told_otherwise() {
    for (single, expected) in [(false, vec![-7_000]), (true, vec![-4_000, -3_000])] {
        let mut books = books();
        books.organization.rules.single_debits = single;
        books.schedule(4_000);
        let mut person = books.organization.person(now());
        let other = person.create_vendor("Bolt").expect("vendor");
        let second = person.create_bill(&bill(&other, "2", &[3_000])).expect("bill");
        let plan = PaymentPlan {
            vendor_id: other,
            date: later(0).date_naive(),
            bills: vec![(second, 3_000)],
            credits: Vec::new(),
        };
        person.schedule(&plan, &books.bank).expect("scheduled");
        books.organization.back_office(later(0)).pick_up();
        let mut cents: Vec<i64> = books.organization.movements().iter().map(|it| it.cents).collect();
        cents.sort_unstable();
        assert_eq!(cents, expected);
        let items: usize = books.organization.movements().iter().map(|it| it.items.len()).sum();
        assert_eq!(items, 2);
    }
}

#[test]
fn a_scheduled_payment_can_be_held_and_cancelled_but_not_voided() {
    let mut books = books();
    let id = books.schedule(10_000);
    let mut person = books.organization.person(now());
    person.void_payment(&id, "0", "wrong").expect_err("not made yet");
    person.hold_payment(&id, true).expect("held");
    assert!(books.organization.back_office(later(0)).pick_up().is_empty(), "nobody approved it");
    assert_eq!(books.read("SentPay", &id)["status"], "0");
    assert_eq!(books.read("SentPay", &id)["billPays"][0]["paymentStatus"], "1", "parts know no such status");
    books.organization.person(now()).hold_payment(&id, false).expect("approved");
    books.organization.person(now()).cancel_payment(&id).expect("cancelled");
    assert_eq!(books.bill(), ["1", "0.0", "0.0", "100.0"]);
    assert_eq!(books.read("SentPay", &id)["billPays"][0]["paymentStatus"], "3");
    books.organization.person(now()).cancel_payment(&id).expect_err("once");
    assert_eq!(books.organization.unfunded_cents(), 0);
}

#[test]
fn a_void_waits_for_a_decision_and_the_refund_for_the_withdrawal() {
    for confirmed_first in [false, true] {
        let mut books = books();
        let id = books.schedule(10_000);
        let movement = books.organization.back_office(later(0)).pick_up().remove(0);
        if confirmed_first {
            books.organization.back_office(later(1)).confirm(&movement).expect("confirmed");
        }
        books.organization.person(later(1)).void_payment(&id, "0", "lost").expect("asked");
        books.organization.person(later(1)).void_payment(&id, "0", "lost").expect_err("pending");
        let payment = books.read("SentPay", &id);
        assert_eq!((&payment["status"], &payment["voidRequests"][0]["status"]), (&json!("2"), &json!("0")));
        books.organization.back_office(later(2)).decide_void(&id, true).expect("decided");
        assert_eq!(books.read("SentPay", &id)["status"], "4");
        assert_eq!(books.bill(), ["1", "0.0", "0.0", "100.0"]);
        if !confirmed_first {
            assert_eq!(books.organization.movements().len(), 1, "nothing comes back before it has gone");
            books.organization.back_office(later(3)).confirm(&movement).expect("confirmed");
        }
        let refund = books.organization.movements()[1].clone();
        assert_eq!((refund.cents, refund.status.as_str()), (10_000, "0"));
        books.organization.back_office(later(5)).confirm(&refund.id).expect("confirmed");
        assert_eq!(books.organization.unfunded_cents(), 0);
    }
}

#[test]
fn a_rejected_void_and_a_reissue_leave_the_payment_as_it_was() {
    for (kind, accepted, decided) in [("0", false, "2"), ("1", true, "1")] {
        let mut books = books();
        let id = books.schedule(10_000);
        books.organization.back_office(later(0)).pick_up();
        books.organization.person(later(1)).void_payment(&id, kind, "lost").expect("asked");
        books.organization.back_office(later(2)).decide_void(&id, accepted).expect("decided");
        books.organization.back_office(later(2)).decide_void(&id, accepted).expect_err("nothing is pending");
        let payment = books.read("SentPay", &id);
        assert_eq!((&payment["status"], &payment["voidRequests"][0]["status"]), (&json!("2"), &json!(decided)));
        assert_eq!(books.bill()[0], "0");
    }
}

#[test]
fn a_withdrawal_that_the_bank_sends_back_voids_its_payments_without_a_refund() {
    let mut books = books();
    let id = books.schedule(10_000);
    let movement = books.organization.back_office(later(0)).pick_up().remove(0);
    books.organization.back_office(later(1)).confirm(&movement).expect("confirmed");
    books.organization.back_office(later(3)).send_back(&movement).expect("sent back");
    books.organization.back_office(later(3)).send_back(&movement).expect_err("once");
    assert_eq!(books.read("MoneyMovement", &movement)["status"], "2");
    assert_eq!(books.read("SentPay", &id)["status"], "4");
    assert_eq!((books.organization.movements().len(), books.organization.unfunded_cents()), (1, 0));
}

#[test]
fn a_payment_that_fails_comes_back() {
    let mut books = books();
    let id = books.schedule(10_000);
    books.organization.back_office(later(0)).fail(&id).expect_err("not made yet");
    books.organization.back_office(later(0)).pick_up();
    books.organization.back_office(later(2)).confirm_after(1);
    books.organization.back_office(later(3)).fail(&id).expect("failed");
    books.organization.back_office(later(6)).confirm_after(1);
    assert_eq!(books.organization.movements().iter().map(|it| it.cents).collect::<Vec<_>>(), [-10_000, 10_000]);
    assert_eq!(books.organization.unfunded_cents(), 0);
    assert_eq!(books.organization.payables()[&books.vendor].owed_cents(), 10_000);
}

#[test]
fn a_bill_can_show_that_its_payment_is_in_process() {
    let mut books = books();
    books.organization.rules.shows_in_process = true;
    books.organization.rules.due_counts_scheduled = true;
    books.schedule(10_000);
    assert_eq!(books.bill(), ["4", "0.0", "100.0", "0.0"]);
    books.organization.back_office(later(0)).pick_up();
    assert_eq!(books.bill()[0], "6");
    books.organization.back_office(later(2)).confirm_after(1);
    assert_eq!(books.bill()[0], "0");
}

#[test]
fn credits_are_used_while_paying_and_come_back_with_a_void() {
    for rule in [CreditSum::Within, CreditSum::Apart] {
        let mut books = books();
        books.organization.rules.credit_sum = rule;
        let vendor_credit =
            books.organization.person(now()).create_credit(&credit(&books.vendor, "C1", 3_000)).expect("credit");
        let money = if rule == CreditSum::Within { 100 } else { 75 };
        let data = json!({
            "processDate": "2026-03-02", "toPrintCheck": false, "syncReference": "1001", "allowExport": false,
            "billPays": [{"billId": books.bill, "amount": money}],
            "billCredits": [{"billId": books.bill, "vendorCreditId": vendor_credit, "amount": 25}],
        });
        let payment = good(&mut books.organization, "RecordAPPayment.json", &data);
        assert_eq!((payment["amount"].to_string(), &payment["status"]), ("75.0".to_owned(), &json!("2")));
        assert_eq!((&payment["paymentType"], &payment["allowExport"]), (&json!("4"), &json!(false)));
        assert_eq!(payment["billCredits"][0]["amount"], "25.0", "a text in this place");
        assert_eq!(payment["billCredits"][0].get("isActive"), None);
        assert_eq!(books.bill(), ["0", "100.0", "0.0", "0.0"]);
        let seen = books.read("VendorCredit", &vendor_credit);
        assert_eq!((seen["appliedAmount"].to_string(), &seen["creditStatus"]), ("25.0".to_owned(), &json!("2")));
        assert_eq!(books.organization.payables()[&books.vendor].owed_cents(), -500);

        let id = payment["id"].as_str().expect("id").to_owned();
        books.organization.person(now()).void_payment(&id, "0", "wrong").expect("recorded ones are void at once");
        assert_eq!(books.bill(), ["1", "0.0", "0.0", "100.0"]);
        assert_eq!(books.read("VendorCredit", &vendor_credit)["creditStatus"], "1");
        let uses = good(&mut books.organization, "List/BillCredit.json", &json!({"start": 0, "max": 9}));
        assert_eq!(uses[0]["isActive"], "2");
        assert_eq!(books.organization.payables()[&books.vendor].owed_cents(), 7_000);
    }
}

#[test]
fn payments_that_do_not_add_up_are_refused() {
    let mut books = books();
    let mut person = books.organization.person(now());
    let other = person.create_vendor("Bolt").expect("vendor");
    let second = person.create_bill(&bill(&other, "2", &[500])).expect("bill");
    let foreign = person.create_credit(&credit(&other, "C2", 5_000)).expect("credit");
    let own = person.create_credit(&credit(&books.vendor, "C1", 1_000)).expect("credit");
    let pay = |pays: Value, credits: Value| json!({"processDate": "2026-03-02", "toPrintCheck": false, "billPays": pays, "billCredits": credits});
    let first = books.bill.clone();
    let cases = [
        pay(json!([{"billId": first, "amount": 100.01}]), json!([])),
        pay(json!([{"billId": first, "amount": 0}]), json!([])),
        pay(
            json!([{"billId": first, "amount": 50}]),
            json!([{"billId": first, "vendorCreditId": foreign, "amount": 10}]),
        ),
        pay(
            json!([{"billId": first, "amount": 50}]),
            json!([{"billId": first, "vendorCreditId": own, "amount": 10.01}]),
        ),
        pay(json!([{"billId": first, "amount": 50}]), json!([{"billId": second, "vendorCreditId": own, "amount": 1}])),
    ];
    for case in cases {
        assert_eq!(code(&mut books.organization, "RecordAPPayment.json", &case), "BDC_1119", "{case}");
    }
    let several = pay(json!([{"billId": first, "amount": 1}, {"billId": second, "amount": 1}]), json!([]));
    assert_eq!(code(&mut books.organization, "RecordAPPayment.json", &several), "BDC_1108", "whose bills are they?");
    let unknown = json!({"processDate": "2026-03-02", "toPrintCheck": false, "billPays": [{"billId": first, "amount": 1}], "memo": "x"});
    assert_eq!(code(&mut books.organization, "RecordAPPayment.json", &unknown), "BDC_1001");
    assert_eq!(books.organization.payments().len(), 0);
    assert_eq!(books.bill(), ["1", "null", "null", "100.0"], "nothing was ever paid on it");
}

#[test]
fn a_sync_token_moves_no_money_and_a_person_does() {
    let mut books = books();
    let id = books.schedule(1_000);
    let cancel = json!({"sentPayId": id});
    let void = json!({"sentPayId": id, "voidRequestType": "0", "reason": "lost"});
    assert_eq!(code(&mut books.organization, "CancelAPPayment.json", &cancel), "BDC_1361");
    assert_eq!(code(&mut books.organization, "VoidAPPayment.json", &void), "BDC_1361");
    assert!(books.organization.violations().is_empty(), "whether it may is an open question");
    assert_eq!(
        call_as_person(&mut books.organization, "CancelAPPayment.json", &cancel)["response_data"]["status"],
        "3"
    );
    let paid = json!({"vendorId": books.vendor, "bankAccountId": books.bank, "processDate": "2026-03-02", "billPays": [{"billId": books.bill, "amount": 100}]});
    let refused = call_as_person(&mut books.organization, "PayBills.json", &paid);
    assert_eq!(refused["response_data"]["error_code"], "BDC_1361", "paying needs a trusted session");
    books.organization.trust("ann@example.com");
    let paid = call_as_person(&mut books.organization, "PayBills.json", &paid);
    let sent = paid["response_data"]["sentPays"][0]["id"].clone();
    let disbursement = json!({ "sentPayId": sent });
    assert_eq!(good(&mut books.organization, "GetDisbursementData.json", &disbursement), json!({}));
    books.organization.back_office(later(0)).pick_up();
    assert_eq!(good(&mut books.organization, "GetDisbursementData.json", &disbursement)["disbursementStatus"], "3");
    let mut void = void;
    void["sentPayId"] = sent;
    let asked = call_as_person(&mut books.organization, "VoidAPPayment.json", &void);
    assert_eq!(asked["response_data"]["voidRequests"][0]["status"], "0");
    books.organization.rules.token_rights.record_payables = false;
    let record =
        json!({"processDate": "2026-03-02", "toPrintCheck": false, "billPays": [{"billId": books.bill, "amount": 1}]});
    assert_eq!(code(&mut books.organization, "RecordAPPayment.json", &record), "BDC_1361");
    books.organization.rules.token_rights.read_movements = false;
    assert_eq!(code(&mut books.organization, "List/MoneyMovement.json", &json!({"start": 0, "max": 9})), "BDC_1361");
}

#[test]
fn payments_and_their_parts_are_listed_by_what_they_belong_to() {
    let mut books = books();
    let id = books.record(2_500);
    let filter = |field: &str, value: &str| json!({"start": 0, "max": 9, "nested": true, "filters": [{"field": field, "op": "=", "value": value}]});
    let pays = good(&mut books.organization, "List/BillPay.json", &filter("billId", &books.bill));
    assert_eq!((&pays[0]["sentPayId"], &pays[0]["paymentType"]), (&json!(id), &json!("1")));
    let sent = good(&mut books.organization, "List/SentPay.json", &filter("isOnline", "false"));
    assert_eq!(sent[0]["billPays"][0]["id"], pays[0]["id"]);
    let plain = good(&mut books.organization, "List/SentPay.json", &json!({"start": 0, "max": 9}));
    assert_eq!(plain[0].get("billPays"), None, "parts come with nested only");
    assert_eq!(code(&mut books.organization, "List/SentPay.json", &filter("syncReference", "1")), "BDC_1130");
    books.organization.rules.late_lines = TimeDelta::seconds(8);
    let late = books.record(500);
    assert_eq!(books.read("SentPay", &late)["billPays"], json!([]), "parts can be late like lines");
}

#[test]
fn documents_can_be_closed_once_something_was_paid() {
    for (lock, paid, approved) in
        [(Lock::Nothing, true, true), (Lock::Paid, false, true), (Lock::Approved, false, false)]
    {
        let mut books = books();
        books.organization.rules.locked = lock;
        let second = books.organization.person(now()).create_bill(&bill(&books.vendor, "2", &[100])).expect("bill");
        books.organization.person(now()).approve(&second).expect("approved");
        books.schedule(1_000);
        let mut may_archive = |id: &str| {
            let envelope =
                super::kit::raw_call(&mut books.organization, now(), "Crud/Delete/Bill.json", &json!({ "id": id }));
            envelope["response_status"] == 0
        };
        assert_eq!(may_archive(&books.bill), paid, "{lock:?}");
        assert_eq!(may_archive(&second), approved, "{lock:?}");
    }
}

#[test]
fn balances_are_kept_for_bank_accounts_that_have_an_account() {
    let mut books = books();
    let savings = books.organization.person(now()).create_account("Savings", "3", "102").expect("account");
    let loose = books.organization.person(now()).connect_bank(&Bank { name: "Loose".to_owned(), ..Bank::default() });
    let saved = Bank { name: "Second".to_owned(), account_id: Some(savings.clone()), ..Bank::default() };
    let saved = books.organization.person(now()).connect_bank(&saved);
    assert_eq!(good(&mut books.organization, "GetBankBalance.json", &json!({})), json!({}));
    let data = json!({"bankBalance": "1234.56", "bankBalanceDate": "2026-03-02", "bankBalances": [{"chartOfAccountId": savings, "chartOfAccountBalance": "-7"}]});
    assert_eq!(good(&mut books.organization, "SetBankBalance.json", &data), json!({}));
    let kept = good(&mut books.organization, "GetBankBalance.json", &json!({}));
    assert_eq!(kept, json!({"bankBalance": "1234.56", "bankBalanceDate": "2026-03-02"}));
    assert_eq!(books.organization.book_balance_cents(&books.bank), Some(123_456));
    assert_eq!(books.organization.book_balance_cents(&saved), Some(-700));
    assert_eq!(books.organization.book_balance_cents(&loose), None);
    let mut number = data.clone();
    number["bankBalance"] = json!(1234.56);
    assert_eq!(code(&mut books.organization, "SetBankBalance.json", &number), "BDC_1129", "amounts are texts here");
    books.organization.rules.token_rights.bank_balance = false;
    assert_eq!(code(&mut books.organization, "SetBankBalance.json", &data), "BDC_1361");
}

proptest! {
    /// Whatever is scheduled, recorded, picked up, cancelled and voided in whatever order: a bill is never overpaid, its
    /// amounts are the sum of its live payments, and once everything is confirmed clearing is at zero.
    #[test]
    fn bills_payments_and_clearing_agree(steps in proptest::collection::vec((0_u8..6, 1_i64..6_000), 1..30)) {
        let mut books = books();
        let mut day = 0;
        for (step, cents) in steps {
            let payments = books.organization.payments();
            let some = payments.get(usize::try_from(cents).expect("small") % payments.len().max(1)).map(|it| it.id.clone());
            let plan = books.plan(cents);
            // Whether a step is allowed depends on the ones before; a refusal must change nothing, which the end shows.
            match (step, some) {
                (0, _) => drop(books.organization.person(later(day)).schedule(&plan, &books.bank)),
                (1, _) => drop(books.organization.person(later(day)).record_payment(&plan, &OfflinePayment::default())),
                (2, _) => drop(books.organization.back_office(later(day)).pick_up()),
                (3, Some(id)) => drop(books.organization.person(later(day)).cancel_payment(&id)),
                (4, Some(id)) => drop(books.organization.person(later(day)).void_payment(&id, "0", "x")),
                (5, Some(id)) => drop(books.organization.back_office(later(day)).decide_void(&id, cents % 2 == 0)),
                _ => {}
            }
            day += i64::from(step == 2);
        }
        books.organization.back_office(later(day)).pick_up();
        for _ in 0..2 {
            books.organization.back_office(later(day + 30)).confirm_after(0);
        }
        let live: i64 = books.organization.payments().iter().filter(|it| it.status == "2").map(|it| it.cents).sum();
        prop_assert!(live <= 10_000);
        prop_assert_eq!(books.organization.unfunded_cents(), 0);
        prop_assert_eq!(books.organization.payables()[&books.vendor].owed_cents(), 10_000 - live);
        let vendor = books.vendor.clone();
        let balance = books.read("Vendor", &vendor)["balance"].to_string();
        prop_assert_eq!(balance.parse::<rust_decimal::Decimal>().expect("decimal"), rust_decimal::Decimal::new(10_000 - live, 2));
    }
}
