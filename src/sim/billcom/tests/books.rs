//! What the simulator's books do: bills and their lines, balances, merges, the demo.

use super::kit::{bill, code, create_vendor, fresh, good, now, raw_call};
use crate::sim::billcom::{NumberScope, Organization, PeopleError, demo, full_demo, full_tick, tick};
use chrono::TimeDelta;
use proptest::prelude::*;
use serde_json::{Value, json};

#[test]
fn a_bill_is_the_sum_of_its_lines_and_an_update_gives_new_lines() {
    let mut organization = fresh();
    let vendor = create_vendor(&mut organization, "Acme")["id"].clone();
    let line = |amount: Value| json!({"entity": "BillLineItem", "amount": amount});
    let object = |lines: Vec<Value>| {
        let dates = ["2026-03-01", "2026-03-31"];
        let mut bill = json!({"entity": "Bill", "vendorId": vendor, "invoiceDate": dates[0], "dueDate": dates[1]});
        bill["invoiceNumber"] = json!("1");
        bill["billLineItems"] = json!(lines);
        bill
    };
    let created = good(
        &mut organization,
        "Crud/Create/Bill.json",
        &json!({"obj": object(vec![line(json!(0.1)), line(json!(0.2))])}),
    );
    assert_eq!(created["amount"].to_string(), "0.3");
    assert_eq!((&created["paymentStatus"], &created["approvalStatus"]), (&json!("1"), &json!("0")));
    let mut changed = object(vec![line(json!(600))]);
    changed["id"] = created["id"].clone();
    let updated = good(&mut organization, "Crud/Update/Bill.json", &json!({ "obj": changed }));
    assert_eq!(updated["amount"].to_string(), "600.0");
    assert_ne!(updated["billLineItems"][0]["id"], created["billLineItems"][0]["id"]);
    assert_eq!(
        good(&mut organization, "Crud/Read/Vendor.json", &json!({"id": vendor}))["balance"].to_string(),
        "600.0"
    );
    let without_lines = json!({"obj": object(vec![])});
    assert_eq!(code(&mut organization, "Crud/Create/Bill.json", &without_lines), "BDC_1117");
    let fraction = json!({"obj": object(vec![line(json!(0.001))])});
    assert_eq!(code(&mut organization, "Crud/Create/Bill.json", &fraction), "BDC_1119");
}

#[test]
fn a_bill_number_is_used_once_unless_allowed() {
    for (scope, same_vendor, other_vendor) in [
        (NumberScope::Vendor, true, false),
        (NumberScope::Organization, true, true),
        (NumberScope::Unchecked, false, false),
    ] {
        let mut organization = fresh();
        organization.rules.bill_numbers = scope;
        let mut person = organization.person(now());
        let (acme, bolt) =
            (person.create_vendor("Acme").expect("vendor"), person.create_vendor("Bolt").expect("vendor"));
        person.create_bill(&bill(&acme, "77", &[100])).expect("bill");
        let refused = |result: Result<String, _>| result.is_err_and(|error: PeopleError| error.code == "BDC_1171");
        assert_eq!(refused(person.create_bill(&bill(&acme, "77", &[100]))), same_vendor, "{scope:?}");
        assert_eq!(refused(person.create_bill(&bill(&bolt, "77", &[100]))), other_vendor, "{scope:?}");
    }
    let mut organization = fresh();
    let vendor = create_vendor(&mut organization, "Acme")["id"].clone();
    let mut data = json!({"obj": {"entity": "Bill", "vendorId": vendor, "invoiceNumber": "1", "invoiceDate": "2026-03-01", "dueDate": "2026-03-31",
        "billLineItems": [{"entity": "BillLineItem", "amount": 1}]}});
    good(&mut organization, "Crud/Create/Bill.json", &data);
    assert_eq!(code(&mut organization, "Crud/Create/Bill.json", &data), "BDC_1171");
    data["allowDuplicateInvNum"] = json!(true);
    good(&mut organization, "Crud/Create/Bill.json", &data);
    assert_eq!(organization.bills().len(), 2);
}

#[test]
fn lines_come_with_nested_only_and_can_be_late() {
    let mut organization = fresh();
    let vendor = organization.person(now()).create_vendor("Acme").expect("vendor");
    organization.rules.late_lines = TimeDelta::seconds(5);
    let id = organization.person(now()).create_bill(&bill(&vendor, "1", &[100, 200])).expect("bill");
    let mut lines_at = |seconds: i64, nested: bool| {
        let data = json!({"start": 0, "max": 9, "nested": nested});
        let envelope = raw_call(&mut organization, now() + TimeDelta::seconds(seconds), "List/Bill.json", &data);
        envelope["response_data"][0]["billLineItems"].as_array().map(Vec::len)
    };
    assert_eq!(lines_at(0, false), None);
    assert_eq!(lines_at(4, true), Some(0), "the bill is there, its lines are not");
    assert_eq!(lines_at(5, true), Some(2));
    organization.person(now() + TimeDelta::seconds(60)).edit_bill(&id, &bill(&vendor, "1", &[300])).expect("edit");
    let read = |organization: &mut Organization, seconds: i64| {
        raw_call(
            organization,
            now() + TimeDelta::seconds(seconds),
            "Crud/Read/Bill.json",
            &json!({ "id": id }),
        )["response_data"]
            .clone()
    };
    let early = read(&mut organization, 61);
    assert_eq!(
        (early["amount"].to_string(), early["billLineItems"].as_array().map(Vec::len)),
        ("3.0".to_owned(), Some(2))
    );
    assert_eq!(read(&mut organization, 65)["billLineItems"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_merge_touches_both_and_repoints_the_bills() {
    let mut organization = fresh();
    let mut person = organization.person(now());
    let (from, into) =
        (person.create_vendor("Acme Ltd").expect("vendor"), person.create_vendor("Acme").expect("vendor"));
    person.create_bill(&bill(&from, "1", &[5_000])).expect("bill");
    let later = now() + TimeDelta::minutes(5);
    organization.person(later).merge("Vendor", &from, &into).expect("merge");
    let vendors = organization.vendors();
    assert_eq!((vendors[0].active, vendors[0].merged_into.as_deref()), (false, Some(into.as_str())));
    assert_eq!(organization.bills()[0].vendor_id, into);
    let since = json!([{"field": "updatedTime", "op": ">=", "value": "2026-03-02T10:05:00.000+0000"}]);
    let changed = good(&mut organization, "List/Vendor.json", &json!({"start": 0, "max": 9, "filters": since}));
    assert_eq!(changed.as_array().map(Vec::len), Some(2), "both are stamped");
    assert_eq!(changed[0]["mergeIntoId"], json!(into));
    assert_eq!(changed[1]["balance"].to_string(), "50.0");
    organization.rules.older_merge_spelling = true;
    let read = good(&mut organization, "Crud/Read/Vendor.json", &json!({ "id": from }));
    assert_eq!((&read["mergedIntoId"], read.get("mergeIntoId")), (&json!(into), None));
    assert!(organization.person(later).restore("Vendor", &from).is_err(), "a merged record stays out of use");
}

#[test]
fn the_demo_is_the_same_every_time_and_goes_on() {
    let today = now().date_naive();
    let mut organization = demo(1, today);
    assert_eq!(organization.bills(), demo(1, today).bills());
    assert_ne!(organization.bills(), demo(2, today).bills());
    let before = (organization.vendors().len(), organization.bills().len());
    for step in 0..200 {
        tick(&mut organization, 1, step, now() + TimeDelta::minutes(i64::try_from(step).expect("small")));
    }
    assert!(organization.vendors().len() > before.0 + 10 && organization.bills().len() > before.1 + 50);
    assert!(organization.violations().is_empty());
}

#[test]
fn the_full_demo_has_every_kind_and_its_books_agree() {
    let today = now().date_naive();
    let mut organization = full_demo(1, today);
    assert_eq!(organization.payments(), full_demo(1, today).payments());
    let plain = demo(1, today);
    let ids = |organization: &Organization| organization.bills().into_iter().map(|bill| bill.id).collect::<Vec<_>>();
    assert_eq!(ids(&organization), ids(&plain), "the plain demo is the beginning of the full one");
    let statuses: Vec<String> = organization.payments().into_iter().map(|payment| payment.status).collect();
    assert_eq!(statuses, ["2", "2", "2", "4", "2", "1"]);
    assert_eq!(organization.movements().iter().map(|it| it.status.as_str()).collect::<Vec<_>>(), ["1", "0", "0", "0"]);
    for step in 0..240 {
        full_tick(&mut organization, 1, step, now() + TimeDelta::hours(i64::try_from(step).expect("small")));
    }
    assert!(organization.invoices().len() > 40 && organization.payments().len() > 30);
    organization.back_office(now() + TimeDelta::days(60)).pick_up();
    organization.back_office(now() + TimeDelta::days(60)).confirm_after(0);
    organization.back_office(now() + TimeDelta::days(60)).confirm_after(0);
    assert_eq!((organization.unfunded_cents(), organization.undeposited_cents()), (0, 0));
    let balances: i64 = organization.customers().iter().map(|customer| customer.balance_cents).sum();
    assert_eq!(balances, organization.invoices().iter().map(|invoice| invoice.due_cents).sum::<i64>());
    assert!(organization.violations().is_empty());
}

proptest! {
    /// Whatever people enter, totals are exact: bills are the sum of their lines, vendors owe the sum of their bills.
    #[test]
    fn totals_are_exact(bills in proptest::collection::vec((0_usize..3, proptest::collection::vec(-100_000_000_i64..100_000_000, 1..5)), 1..20)) {
        let mut organization = fresh();
        let vendors: Vec<String> = ["A", "B", "C"].map(|name| organization.person(now()).create_vendor(name).expect("vendor")).into();
        let mut owed = [0_i64; 3];
        for (index, (vendor, lines)) in bills.iter().enumerate() {
            organization.person(now()).create_bill(&bill(&vendors[*vendor], &index.to_string(), lines)).expect("bill");
            owed[*vendor] += lines.iter().sum::<i64>();
        }
        for (view, (_, lines)) in organization.bills().iter().zip(&bills) {
            prop_assert_eq!(view.cents, lines.iter().sum::<i64>());
        }
        for (view, owed) in organization.vendors().iter().zip(owed) {
            let printed: rust_decimal::Decimal = view.fields["balance"].parse().expect("decimal");
            prop_assert_eq!(printed, rust_decimal::Decimal::new(owed, 2));
        }
    }
}
