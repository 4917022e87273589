//! The simulator's API, call by call: strictness, lists, bulk.

use super::kit::{bill, code, create_vendor, fresh, good, now};
use chrono::TimeDelta;
use serde_json::{Value, json};

#[test]
fn a_written_record_shows_milliseconds_and_a_read_one_whole_seconds() {
    let mut organization = fresh();
    let created = create_vendor(&mut organization, "Acme");
    assert_eq!(created["updatedTime"], "2026-03-02T10:00:00.250+0000");
    let read = good(&mut organization, "Crud/Read/Vendor.json", &json!({"id": created["id"]}));
    assert_eq!(read["updatedTime"], "2026-03-02T10:00:00.000+0000");
    assert_eq!(read["paymentTermId"], "00000000000000000000");
    assert_eq!((&read["address1"], &read["track1099"], &read["isActive"]), (&Value::Null, &json!(false), &json!("1")));
    assert_eq!(created["id"].as_str().map(str::len), Some(20));
    assert!(organization.violations().is_empty());
}

#[test]
fn objects_that_do_not_fit_are_declined_and_kept() {
    let vendor = |object: Value| json!({ "obj": object });
    let cases = [
        ("Crud/Create/Vendor.json", vendor(json!({"entity": "Vendor", "name": "A", "nmae": "B"})), "BDC_1001"),
        ("Crud/Create/Vendor.json", json!({"object": {}}), "BDC_1001"),
        ("Crud/Create/Vendor.json", vendor(json!({"entity": "Vendor"})), "BDC_1117"),
        ("Crud/Create/Vendor.json", vendor(json!({"name": "A"})), "BDC_1117"),
        ("Crud/Create/Vendor.json", vendor(json!({"entity": "Bill", "name": "A"})), "BDC_1118"),
        ("Crud/Create/Vendor.json", vendor(json!({"entity": "Vendor", "name": 7})), "BDC_1124"),
        ("Crud/Create/Vendor.json", vendor(json!({"entity": "Vendor", "name": "A", "isActive": "9"})), "BDC_1119"),
        (
            "Crud/Create/Vendor.json",
            vendor(json!({"entity": "Vendor", "name": "A", "paymentTermId": "short"})),
            "BDC_1119",
        ),
    ];
    declined_and_kept(&cases);
}

#[test]
fn calls_that_do_not_exist_are_declined_and_kept() {
    let cases = [
        ("Crud/Read/Vendor.json", json!({"id": 5}), "BDC_1129"),
        ("Crud/Read/vendor.json", json!({"id": "x"}), "BDC_1121"),
        ("Crud/Undelete/PaymentTerm.json", json!({"id": "x"}), "BDC_1121"),
        ("Crud/Undelete/VendorCredit.json", json!({"id": "x"}), "BDC_1121"),
        ("Crud/Create/SentPay.json", json!({"obj": {}}), "BDC_1121"),
        ("PayAllBills.json", json!({}), "BDC_1121"),
        // These exist, but a program that signs in with a sync token must never make them.
        ("PayBills.json", json!({}), "BDC_1361"),
        ("ChargeCustomer.json", json!({}), "BDC_1361"),
    ];
    declined_and_kept(&cases);
}

#[test]
fn lists_that_do_not_fit_are_declined_and_kept() {
    let cases = [
        ("List/Vendor.json", json!({"start": 0}), "BDC_1108"),
        ("List/Vendor.json", json!({"start": 0, "max": 1000}), "BDC_1129"),
        (
            "List/Vendor.json",
            json!({"start": 0, "max": 9, "filters": [{"field": "name", "op": "=", "value": "A"}]}),
            "BDC_1130",
        ),
        (
            "List/Vendor.json",
            json!({"start": 0, "max": 9, "filters": [{"field": "id", "op": "like", "value": "A"}]}),
            "BDC_1131",
        ),
        ("List/Vendor.json", json!({"start": 0, "max": 9, "sort": [{"field": "name", "asc": true}]}), "BDC_1124"),
    ];
    declined_and_kept(&cases);
}

fn declined_and_kept(cases: &[(&str, Value, &str)]) {
    for (path, data, expected) in cases {
        let mut organization = fresh();
        assert_eq!(code(&mut organization, path, data), *expected, "{path} {data}");
        assert_eq!(organization.violations().len(), 1, "{path} {data}");
        assert_eq!(organization.vendors().len(), 0);
    }
}

#[test]
fn names_and_numbers_are_unique_among_the_active() {
    let mut organization = fresh();
    let first = create_vendor(&mut organization, "Acme");
    let again = json!({"obj": {"entity": "Vendor", "name": " ACME "}});
    assert_eq!(code(&mut organization, "Crud/Create/Vendor.json", &again), "BDC_1119");
    assert!(organization.violations().is_empty(), "a taken name is no mistake of the program");
    good(&mut organization, "Crud/Delete/Vendor.json", &json!({"id": first["id"]}));
    create_vendor(&mut organization, "Acme");

    let account = |name: &str, number: &str| json!({"obj": {"entity": "ChartOfAccount", "name": name, "accountType": "7", "accountNumber": number}});
    good(&mut organization, "Crud/Create/ChartOfAccount.json", &account("Rent", "600"));
    assert_eq!(code(&mut organization, "Crud/Create/ChartOfAccount.json", &account("Lease", "600")), "BDC_1119");
}

#[test]
fn sub_accounts_may_share_a_name_under_different_parents() {
    let mut organization = fresh();
    let gas = |parent: &Value| json!({"obj": {"entity": "ChartOfAccount", "name": "Gas", "accountType": "7", "parentChartOfAccountId": parent}});
    let (auto, house) = {
        let mut person = organization.person(now());
        (
            person.create_account("Auto", "7", "").expect("account"),
            person.create_account("House", "7", "").expect("account"),
        )
    };
    good(&mut organization, "Crud/Create/ChartOfAccount.json", &gas(&json!(auto)));
    good(&mut organization, "Crud/Create/ChartOfAccount.json", &gas(&json!(house)));
    organization.rules.unique_account_names_everywhere = true;
    let top = json!({"obj": {"entity": "ChartOfAccount", "name": "gas", "accountType": "7"}});
    assert_eq!(code(&mut organization, "Crud/Create/ChartOfAccount.json", &top), "BDC_1119");
}

#[test]
fn lists_filter_sort_and_page() {
    let mut organization = fresh();
    for (name, minute) in [("A", 1), ("B", 2), ("C", 3), ("D", 4)] {
        organization.person(now() + TimeDelta::minutes(minute)).create_vendor(name).expect("vendor");
    }
    let archived = organization.vendors()[3].id.clone();
    organization.person(now() + TimeDelta::minutes(9)).archive("Vendor", &archived).expect("archived");
    let mut names = |data: Value| -> String {
        let rows = good(&mut organization, "List/Vendor.json", &data);
        rows.as_array().expect("rows").iter().map(|row| row["name"].as_str().expect("name")).collect()
    };
    let sort = json!([{"field": "updatedTime", "asc": "false"}]);
    assert_eq!(names(json!({"start": 0, "max": 999})), "ABCD");
    assert_eq!(names(json!({"start": 1, "max": 2, "sort": sort})), "CB");
    let filter = |field: &str, op: &str, value: &str| json!({"start": 0, "max": 9, "filters": [{"field": field, "op": op, "value": value}]});
    assert_eq!(names(filter("isActive", "=", "2")), "D");
    assert_eq!(names(filter("isActive", "in", "1,2")), "ABCD");
    assert_eq!(names(filter("isActive", "nin", "2")), "ABC");
    assert_eq!(names(filter("updatedTime", ">=", "2026-03-02T10:03:00.000+0000")), "CD");
    assert_eq!(names(filter("updatedTime", "<", "2026-03-02T10:02:00.000+0000")), "A");
    assert_eq!(names(filter("balance", "<=", "0.00")), "ABCD");
}

#[test]
fn bulk_rows_succeed_and_fail_one_by_one() {
    let mut organization = fresh();
    let row = |name: &str| json!({"obj": {"entity": "Vendor", "name": name}});
    let data = json!({"bulk": [row("A"), row("a"), row("B")]});
    let reply = good(&mut organization, "Bulk/Crud/Create/Vendor.json", &data);
    let statuses: Vec<i64> =
        reply["bulk"].as_array().expect("rows").iter().filter_map(|it| it["response_status"].as_i64()).collect();
    assert_eq!(statuses, [0, 1, 0]);
    assert_eq!(organization.vendors().len(), 2);
    let too_many = json!({"bulk": vec![row("X"); 101]});
    assert_eq!(code(&mut organization, "Bulk/Crud/Create/Vendor.json", &too_many), "BDC_1129");
    assert_eq!(code(&mut organization, "Bulk/Crud/Create/PaymentTerm.json", &data), "BDC_1121");
}

#[test]
fn types_wander_between_read_and_list() {
    let mut organization = fresh();
    organization.rules.types_wander = true;
    let vendor = organization.person(now()).create_vendor("Acme").expect("vendor");
    organization.person(now()).create_bill(&bill(&vendor, "1", &[12_345])).expect("bill");
    let listed = good(&mut organization, "List/Bill.json", &json!({"start": 0, "max": 1}))[0].clone();
    let read = good(&mut organization, "Crud/Read/Bill.json", &json!({"id": listed["id"]}));
    assert_eq!((listed["amount"].to_string(), &read["amount"]), ("123.45".to_owned(), &json!("123.45")));
    assert_eq!((&listed["hasAutoPay"], &read["hasAutoPay"]), (&json!(false), &json!("false")));
}
