//! The simulator's own behaviour, call by call.

use super::kit::{KEY, TOKEN, body, instant, organization, raw_call};
use crate::sim::billcom::{
    BillDraft, KeyUsage, LineDraft, MfaGuard, NumberScope, Organization, SignInKind, demo, tick,
};
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use serde_json::{Value, json};

fn now() -> DateTime<Utc> {
    instant("2026-03-02T10:00:00.250Z")
}

fn fresh() -> Organization {
    organization(3, KeyUsage::shared())
}

/// The data of a call that went well.
fn good(organization: &mut Organization, path: &str, data: &Value) -> Value {
    let envelope = raw_call(organization, now(), path, data);
    assert_eq!(envelope["response_status"], 0, "{path}: {envelope}");
    envelope["response_data"].clone()
}

/// The code of a call that was declined.
fn code(organization: &mut Organization, path: &str, data: &Value) -> String {
    let envelope = raw_call(organization, now(), path, data);
    assert_eq!(envelope["response_status"], 1, "{path}: {envelope}");
    envelope["response_data"]["error_code"]
        .as_str()
        .expect("code")
        .to_owned()
}

fn create_vendor(organization: &mut Organization, name: &str) -> Value {
    good(
        organization,
        "Crud/Create/Vendor.json",
        &json!({"obj": {"entity": "Vendor", "name": name}}),
    )
}

fn bill(vendor: &str, number: &str, amounts: &[i64]) -> BillDraft {
    let date = now().date_naive();
    let lines = amounts
        .iter()
        .map(|&cents| LineDraft {
            cents,
            ..LineDraft::default()
        })
        .collect();
    BillDraft {
        vendor_id: vendor.to_owned(),
        number: number.to_owned(),
        date,
        due: date,
        lines,
    }
}

#[test]
fn a_written_record_shows_milliseconds_and_a_read_one_whole_seconds() {
    let mut organization = fresh();
    let created = create_vendor(&mut organization, "Acme");
    assert_eq!(created["updatedTime"], "2026-03-02T10:00:00.250+0000");
    let read = good(
        &mut organization,
        "Crud/Read/Vendor.json",
        &json!({"id": created["id"]}),
    );
    assert_eq!(read["updatedTime"], "2026-03-02T10:00:00.000+0000");
    assert_eq!(read["paymentTermId"], "00000000000000000000");
    assert_eq!(
        (&read["address1"], &read["track1099"], &read["isActive"]),
        (&Value::Null, &json!(false), &json!("1"))
    );
    assert_eq!(created["id"].as_str().map(str::len), Some(20));
    assert!(organization.violations().is_empty());
}

#[test]
fn what_does_not_fit_the_schema_is_declined_and_kept() {
    let vendor = |object: Value| json!({ "obj": object });
    let cases = [
        (
            "Crud/Create/Vendor.json",
            vendor(json!({"entity": "Vendor", "name": "A", "nmae": "B"})),
            "BDC_1001",
        ),
        ("Crud/Create/Vendor.json", json!({"object": {}}), "BDC_1001"),
        (
            "Crud/Create/Vendor.json",
            vendor(json!({"entity": "Vendor"})),
            "BDC_1117",
        ),
        (
            "Crud/Create/Vendor.json",
            vendor(json!({"name": "A"})),
            "BDC_1117",
        ),
        (
            "Crud/Create/Vendor.json",
            vendor(json!({"entity": "Bill", "name": "A"})),
            "BDC_1118",
        ),
        (
            "Crud/Create/Vendor.json",
            vendor(json!({"entity": "Vendor", "name": 7})),
            "BDC_1124",
        ),
        (
            "Crud/Create/Vendor.json",
            vendor(json!({"entity": "Vendor", "name": "A", "isActive": "9"})),
            "BDC_1119",
        ),
        (
            "Crud/Create/Vendor.json",
            vendor(json!({"entity": "Vendor", "name": "A", "paymentTermId": "short"})),
            "BDC_1119",
        ),
        ("Crud/Read/Vendor.json", json!({"id": 5}), "BDC_1129"),
        ("Crud/Read/vendor.json", json!({"id": "x"}), "BDC_1121"),
        (
            "Crud/Undelete/PaymentTerm.json",
            json!({"id": "x"}),
            "BDC_1121",
        ),
        ("PayBills.json", json!({}), "BDC_1121"),
        ("List/Vendor.json", json!({"start": 0}), "BDC_1108"),
        (
            "List/Vendor.json",
            json!({"start": 0, "max": 1000}),
            "BDC_1129",
        ),
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
        (
            "List/Vendor.json",
            json!({"start": 0, "max": 9, "sort": [{"field": "name", "asc": true}]}),
            "BDC_1124",
        ),
    ];
    for (path, data, expected) in cases {
        let mut organization = fresh();
        assert_eq!(
            code(&mut organization, path, &data),
            expected,
            "{path} {data}"
        );
        assert_eq!(organization.violations().len(), 1, "{path} {data}");
        assert_eq!(organization.vendors().len(), 0);
    }
}

#[test]
fn names_and_numbers_are_unique_among_the_active() {
    let mut organization = fresh();
    let first = create_vendor(&mut organization, "Acme");
    let again = json!({"obj": {"entity": "Vendor", "name": " ACME "}});
    assert_eq!(
        code(&mut organization, "Crud/Create/Vendor.json", &again),
        "BDC_1119"
    );
    assert!(
        organization.violations().is_empty(),
        "a taken name is no mistake of the program"
    );
    good(
        &mut organization,
        "Crud/Delete/Vendor.json",
        &json!({"id": first["id"]}),
    );
    create_vendor(&mut organization, "Acme");

    let account = |name: &str, number: &str| json!({"obj": {"entity": "ChartOfAccount", "name": name, "accountType": "7", "accountNumber": number}});
    good(
        &mut organization,
        "Crud/Create/ChartOfAccount.json",
        &account("Rent", "600"),
    );
    assert_eq!(
        code(
            &mut organization,
            "Crud/Create/ChartOfAccount.json",
            &account("Lease", "600")
        ),
        "BDC_1119"
    );
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
    good(
        &mut organization,
        "Crud/Create/ChartOfAccount.json",
        &gas(&json!(auto)),
    );
    good(
        &mut organization,
        "Crud/Create/ChartOfAccount.json",
        &gas(&json!(house)),
    );
    organization.rules.unique_account_names_everywhere = true;
    let top = json!({"obj": {"entity": "ChartOfAccount", "name": "gas", "accountType": "7"}});
    assert_eq!(
        code(&mut organization, "Crud/Create/ChartOfAccount.json", &top),
        "BDC_1119"
    );
}

#[test]
fn a_bill_is_the_sum_of_its_lines_and_an_update_gives_new_lines() {
    let mut organization = fresh();
    let vendor = create_vendor(&mut organization, "Acme")["id"].clone();
    let line = |amount: Value| json!({"entity": "BillLineItem", "amount": amount});
    let object = |lines: Vec<Value>| json!({"entity": "Bill", "vendorId": vendor, "invoiceNumber": "1", "invoiceDate": "2026-03-01", "dueDate": "2026-03-31", "billLineItems": lines});
    let created = good(
        &mut organization,
        "Crud/Create/Bill.json",
        &json!({"obj": object(vec![line(json!(0.1)), line(json!(0.2))])}),
    );
    assert_eq!(created["amount"].to_string(), "0.3");
    assert_eq!(
        (&created["paymentStatus"], &created["approvalStatus"]),
        (&json!("1"), &json!("0"))
    );
    let mut changed = object(vec![line(json!(600))]);
    changed["id"] = created["id"].clone();
    let updated = good(
        &mut organization,
        "Crud/Update/Bill.json",
        &json!({ "obj": changed }),
    );
    assert_eq!(updated["amount"].to_string(), "600.0");
    assert_ne!(
        updated["billLineItems"][0]["id"],
        created["billLineItems"][0]["id"]
    );
    assert_eq!(
        good(
            &mut organization,
            "Crud/Read/Vendor.json",
            &json!({"id": vendor})
        )["balance"]
            .to_string(),
        "600.0"
    );
    let without_lines = json!({"obj": object(vec![])});
    assert_eq!(
        code(&mut organization, "Crud/Create/Bill.json", &without_lines),
        "BDC_1117"
    );
    let fraction = json!({"obj": object(vec![line(json!(0.001))])});
    assert_eq!(
        code(&mut organization, "Crud/Create/Bill.json", &fraction),
        "BDC_1119"
    );
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
        let (acme, bolt) = (
            person.create_vendor("Acme").expect("vendor"),
            person.create_vendor("Bolt").expect("vendor"),
        );
        person
            .create_bill(&bill(&acme, "77", &[100]))
            .expect("bill");
        let refused = |result: Result<String, _>| {
            result.is_err_and(|error: crate::sim::billcom::PeopleError| error.code == "BDC_1171")
        };
        assert_eq!(
            refused(person.create_bill(&bill(&acme, "77", &[100]))),
            same_vendor,
            "{scope:?}"
        );
        assert_eq!(
            refused(person.create_bill(&bill(&bolt, "77", &[100]))),
            other_vendor,
            "{scope:?}"
        );
    }
    let mut organization = fresh();
    let vendor = create_vendor(&mut organization, "Acme")["id"].clone();
    let mut data = json!({"obj": {"entity": "Bill", "vendorId": vendor, "invoiceNumber": "1", "invoiceDate": "2026-03-01", "dueDate": "2026-03-31",
        "billLineItems": [{"entity": "BillLineItem", "amount": 1}]}});
    good(&mut organization, "Crud/Create/Bill.json", &data);
    assert_eq!(
        code(&mut organization, "Crud/Create/Bill.json", &data),
        "BDC_1171"
    );
    data["allowDuplicateInvNum"] = json!(true);
    good(&mut organization, "Crud/Create/Bill.json", &data);
    assert_eq!(organization.bills().len(), 2);
}

#[test]
fn lists_filter_sort_and_page() {
    let mut organization = fresh();
    for (name, minute) in [("A", 1), ("B", 2), ("C", 3), ("D", 4)] {
        organization
            .person(now() + TimeDelta::minutes(minute))
            .create_vendor(name)
            .expect("vendor");
    }
    let archived = organization.vendors()[3].id.clone();
    organization
        .person(now() + TimeDelta::minutes(9))
        .archive("Vendor", &archived)
        .expect("archived");
    let mut names = |data: Value| -> String {
        let rows = good(&mut organization, "List/Vendor.json", &data);
        rows.as_array()
            .expect("rows")
            .iter()
            .map(|row| row["name"].as_str().expect("name"))
            .collect()
    };
    let sort = json!([{"field": "updatedTime", "asc": "false"}]);
    assert_eq!(names(json!({"start": 0, "max": 999})), "ABCD");
    assert_eq!(names(json!({"start": 1, "max": 2, "sort": sort})), "CB");
    let filter = |field: &str, op: &str, value: &str| json!({"start": 0, "max": 9, "filters": [{"field": field, "op": op, "value": value}]});
    assert_eq!(names(filter("isActive", "=", "2")), "D");
    assert_eq!(names(filter("isActive", "in", "1,2")), "ABCD");
    assert_eq!(names(filter("isActive", "nin", "2")), "ABC");
    assert_eq!(
        names(filter("updatedTime", ">=", "2026-03-02T10:03:00.000+0000")),
        "CD"
    );
    assert_eq!(
        names(filter("updatedTime", "<", "2026-03-02T10:02:00.000+0000")),
        "A"
    );
    assert_eq!(names(filter("balance", "<=", "0.00")), "ABCD");
}

#[test]
fn lines_come_with_nested_only_and_can_be_late() {
    let mut organization = fresh();
    let vendor = organization
        .person(now())
        .create_vendor("Acme")
        .expect("vendor");
    organization.rules.late_lines = TimeDelta::seconds(5);
    let id = organization
        .person(now())
        .create_bill(&bill(&vendor, "1", &[100, 200]))
        .expect("bill");
    let mut lines_at = |seconds: i64, nested: bool| {
        let data = json!({"start": 0, "max": 9, "nested": nested});
        let envelope = raw_call(
            &mut organization,
            now() + TimeDelta::seconds(seconds),
            "List/Bill.json",
            &data,
        );
        envelope["response_data"][0]["billLineItems"]
            .as_array()
            .map(Vec::len)
    };
    assert_eq!(lines_at(0, false), None);
    assert_eq!(
        lines_at(4, true),
        Some(0),
        "the bill is there, its lines are not"
    );
    assert_eq!(lines_at(5, true), Some(2));
    organization
        .person(now() + TimeDelta::seconds(60))
        .edit_bill(&id, &bill(&vendor, "1", &[300]))
        .expect("edit");
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
        (
            early["amount"].to_string(),
            early["billLineItems"].as_array().map(Vec::len)
        ),
        ("3.0".to_owned(), Some(2))
    );
    assert_eq!(
        read(&mut organization, 65)["billLineItems"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
}

#[test]
fn sessions_die_of_idleness_and_every_call_keeps_them_alive() {
    for (name, kind, idle) in [
        ("ann@example.com", SignInKind::User, TimeDelta::minutes(35)),
        ("sync", SignInKind::SyncToken, TimeDelta::hours(48)),
    ] {
        let mut organization = fresh();
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let id = organization.id().to_owned();
        let login = [
            field("devKey", KEY),
            field("userName", name),
            field("password", TOKEN),
            field("orgId", &id),
        ];
        let reply = body(&organization.handle(now(), "Login.json", &login).body);
        let session = reply["response_data"]["sessionId"]
            .as_str()
            .expect("session")
            .to_owned();
        let form = [field("devKey", KEY), field("sessionId", &session)];
        let mut alive = |when: DateTime<Utc>| {
            let reply = body(
                &organization
                    .handle(when, "/api/v2/GetSessionInfo.json", &form)
                    .body,
            );
            reply["response_data"]["error_code"]
                .as_str()
                .is_none_or(|code| {
                    assert_eq!(code, "BDC_1109");
                    false
                })
        };
        let second = TimeDelta::seconds(1);
        assert!(alive(now() + idle - second), "{kind:?}");
        assert!(
            alive(now() + idle + idle - second - second),
            "{kind:?}: use restarts the clock"
        );
        assert!(!alive(now() + idle * 3 - second), "{kind:?}");
    }
}

#[test]
fn the_201st_login_of_an_hour_is_declined() {
    let mut organization = fresh();
    for _ in 0..200 {
        good(&mut organization, "CurrentTime.json", &json!({}));
    }
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let list_orgs = [
        field("devKey", KEY),
        field("userName", "sync"),
        field("password", TOKEN),
    ];
    let declined = body(&organization.handle(now(), "ListOrgs.json", &list_orgs).body);
    assert_eq!(declined["response_data"]["error_code"], "BDC_1144");
    let next_hour = now() + TimeDelta::hours(1);
    assert_eq!(
        body(
            &organization
                .handle(next_hour, "ListOrgs.json", &list_orgs)
                .body
        )["response_status"],
        0
    );
    assert_eq!(organization.usage().lock().expect("usage").declined(), 1);
}

#[test]
fn sign_in_is_declined_for_one_reason_at_a_time() {
    let mut organization = fresh();
    let id = organization.id().to_owned();
    let mut attempt = |key: &str, name: &str, secret: &str, organization_id: &str| {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let form = [
            field("devKey", key),
            field("userName", name),
            field("password", secret),
            field("orgId", organization_id),
        ];
        body(&organization.handle(now(), "Login.json", &form).body)["response_data"]["error_code"]
            .as_str()
            .map(str::to_owned)
    };
    assert_eq!(attempt(KEY, "sync", TOKEN, &id), None);
    assert_eq!(
        attempt("other", "sync", TOKEN, &id).as_deref(),
        Some("BDC_1102")
    );
    assert_eq!(
        attempt(KEY, "sync", "wrong", &id).as_deref(),
        Some("BDC_1101")
    );
    assert_eq!(
        attempt(KEY, "sync", TOKEN, "00801ANOTHERONEXabcd").as_deref(),
        Some("BDC_1123")
    );
    organization.rules.api_access = false;
    assert_eq!(
        code_of_login(&mut organization).as_deref(),
        Some("BDC_1105")
    );
}

fn code_of_login(organization: &mut Organization) -> Option<String> {
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let id = organization.id().to_owned();
    let form = [
        field("devKey", KEY),
        field("userName", "sync"),
        field("password", TOKEN),
        field("orgId", &id),
    ];
    body(&organization.handle(now(), "Login.json", &form).body)["response_data"]["error_code"]
        .as_str()
        .map(str::to_owned)
}

#[test]
fn the_guard_on_vendor_fields_has_three_settings() {
    for (guard, unchanged, changed) in [
        (MfaGuard::Off, true, true),
        (MfaGuard::WhenChanged, true, false),
        (MfaGuard::WhenSent, false, false),
    ] {
        let mut organization = fresh();
        organization.rules.mfa_guard = guard;
        let object = json!({"entity": "Vendor", "name": "Acme", "email": "a@example.com"});
        let id = good(
            &mut organization,
            "Crud/Create/Vendor.json",
            &json!({ "obj": object }),
        )["id"]
            .clone();
        let mut allowed = |email: &str, phone: &str| {
            let object = json!({"entity": "Vendor", "id": id, "name": "Acme", "email": email, "phone": phone});
            let reply = raw_call(
                &mut organization,
                now(),
                "Crud/Update/Vendor.json",
                &json!({ "obj": object }),
            );
            let code = reply["response_data"]["error_code"]
                .as_str()
                .unwrap_or_default();
            assert!(code.is_empty() || code == "BDC_1361", "{code}");
            code.is_empty()
        };
        assert_eq!(allowed("a@example.com", "1"), unchanged, "{guard:?}");
        assert_eq!(allowed("b@example.com", "2"), changed, "{guard:?}");
        let plain = json!({"obj": {"entity": "Vendor", "id": id, "name": "Acme", "phone": "3"}});
        good(&mut organization, "Crud/Update/Vendor.json", &plain);
    }
}

#[test]
fn a_merge_touches_both_and_repoints_the_bills() {
    let mut organization = fresh();
    let mut person = organization.person(now());
    let (from, into) = (
        person.create_vendor("Acme Ltd").expect("vendor"),
        person.create_vendor("Acme").expect("vendor"),
    );
    person
        .create_bill(&bill(&from, "1", &[5_000]))
        .expect("bill");
    let later = now() + TimeDelta::minutes(5);
    organization
        .person(later)
        .merge("Vendor", &from, &into)
        .expect("merge");
    let vendors = organization.vendors();
    assert_eq!(
        (vendors[0].active, vendors[0].merged_into.as_deref()),
        (false, Some(into.as_str()))
    );
    assert_eq!(organization.bills()[0].vendor_id, into);
    let since =
        json!([{"field": "updatedTime", "op": ">=", "value": "2026-03-02T10:05:00.000+0000"}]);
    let changed = good(
        &mut organization,
        "List/Vendor.json",
        &json!({"start": 0, "max": 9, "filters": since}),
    );
    assert_eq!(
        changed.as_array().map(Vec::len),
        Some(2),
        "both are stamped"
    );
    assert_eq!(changed[0]["mergeIntoId"], json!(into));
    assert_eq!(changed[1]["balance"].to_string(), "50.0");
    organization.rules.older_merge_spelling = true;
    let read = good(
        &mut organization,
        "Crud/Read/Vendor.json",
        &json!({ "id": from }),
    );
    assert_eq!(
        (&read["mergedIntoId"], read.get("mergeIntoId")),
        (&json!(into), None)
    );
    assert!(
        organization.person(later).restore("Vendor", &from).is_err(),
        "a merged record stays out of use"
    );
}

#[test]
fn bulk_rows_succeed_and_fail_one_by_one() {
    let mut organization = fresh();
    let row = |name: &str| json!({"obj": {"entity": "Vendor", "name": name}});
    let data = json!({"bulk": [row("A"), row("a"), row("B")]});
    let reply = good(&mut organization, "Bulk/Crud/Create/Vendor.json", &data);
    let statuses: Vec<i64> = reply["bulk"]
        .as_array()
        .expect("rows")
        .iter()
        .filter_map(|it| it["response_status"].as_i64())
        .collect();
    assert_eq!(statuses, [0, 1, 0]);
    assert_eq!(organization.vendors().len(), 2);
    let too_many = json!({"bulk": vec![row("X"); 101]});
    assert_eq!(
        code(&mut organization, "Bulk/Crud/Create/Vendor.json", &too_many),
        "BDC_1129"
    );
    assert_eq!(
        code(
            &mut organization,
            "Bulk/Crud/Create/PaymentTerm.json",
            &data
        ),
        "BDC_1121"
    );
}

#[test]
fn types_wander_between_read_and_list() {
    let mut organization = fresh();
    organization.rules.types_wander = true;
    let vendor = organization
        .person(now())
        .create_vendor("Acme")
        .expect("vendor");
    organization
        .person(now())
        .create_bill(&bill(&vendor, "1", &[12_345]))
        .expect("bill");
    let listed = good(
        &mut organization,
        "List/Bill.json",
        &json!({"start": 0, "max": 1}),
    )[0]
    .clone();
    let read = good(
        &mut organization,
        "Crud/Read/Bill.json",
        &json!({"id": listed["id"]}),
    );
    assert_eq!(
        (listed["amount"].to_string(), &read["amount"]),
        ("123.45".to_owned(), &json!("123.45"))
    );
    assert_eq!(
        (&listed["hasAutoPay"], &read["hasAutoPay"]),
        (&json!(false), &json!("false"))
    );
}

#[test]
fn the_demo_is_the_same_every_time_and_goes_on() {
    let today = now().date_naive();
    let mut organization = demo(1, today);
    assert_eq!(organization.bills(), demo(1, today).bills());
    assert_ne!(organization.bills(), demo(2, today).bills());
    let before = (organization.vendors().len(), organization.bills().len());
    for step in 0..200 {
        tick(
            &mut organization,
            1,
            step,
            now() + TimeDelta::minutes(i64::try_from(step).expect("small")),
        );
    }
    assert!(
        organization.vendors().len() > before.0 + 10 && organization.bills().len() > before.1 + 50
    );
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
