//! The first day: both books with what every firm has, the machines connected, the company added and not yet started.

use super::clock::Clocks;
use super::faults::Fault;
use super::office::{DEVELOPER_KEY, Office, Parts, TOKEN};
use super::schedule::Plan;
use super::{Manner, checks};
use crate::sim::billcom::random::Random;
use crate::sim::billcom::{Bank, Identity, KeyUsage, Organization, SignInKind, V3Request};
use crate::sim::quickbooks::{CompanyFile, MissingId, StatusCheck, StoreFull};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

/// Accounts of the company file: name and type.
const ACCOUNTS: &[(&str, &str)] = &[
    ("Accounts Payable", "AccountsPayable"),
    ("Accounts Receivable", "AccountsReceivable"),
    ("Checking", "Bank"),
    ("Savings", "Bank"),
    ("Money Out Clearing", "Bank"),
    ("Money In Clearing", "Bank"),
    ("Undeposited Funds", "OtherCurrentAsset"),
    ("Services", "Income"),
    ("Office Supplies", "Expense"),
];

/// Those that Bill.com has too: name and the vendor's number for the type.
const SHARED_ACCOUNTS: &[(&str, &str)] = &[
    ("Checking", "3"),
    ("Money Out Clearing", "3"),
    ("Money In Clearing", "3"),
    ("Services", "9"),
    ("Office Supplies", "7"),
];

const FITS: &str = "invariant: what every firm has fits the rules of the simulators";

/// Sets a world up. Gives its office and the Web Connector's password.
pub(super) fn found(plan: &Plan, manner: Manner) -> (Office, String) {
    let mut random = Random::new(plan.seed ^ 0xF00D);
    let clocks = Clocks::starting(plan.begins);
    let parts = Parts {
        seed: plan.seed,
        clocks,
        organization: organization(plan, &mut random),
        books: books(plan, &mut random),
        keeps_lines: manner.keeps_lines,
        left_out: manner.left_out,
        settings: vec![
            ("start_date".to_owned(), "2025-12-01".to_owned()),
            ("money_out_clearing".to_owned(), "Money Out Clearing".to_owned()),
            ("money_in_clearing".to_owned(), "Money In Clearing".to_owned()),
        ],
    };
    let mut office = Office::new(parts);
    office.connector.settings.calls_max = checks::CALLS_MAX;
    let view = office.engine().qwc(&office.company, false, true).expect(FITS);
    let password = view.password.expect("invariant: a new password was asked for");
    office.connector.set_password(&password);
    // The owner adds the application while the right file is open.
    office.connector.add(&office.books).expect(FITS);
    if random.chance(500) {
        subscribe(&office, plan.begins);
    }
    (office, password)
}

/// A company file with the habits of one installation.
fn books(plan: &Plan, random: &mut Random) -> CompanyFile {
    let mut file = CompanyFile::new("Acme Tools", random.next());
    let now = file.setup.zone.at(plan.begins - TimeDelta::days(3));
    let mut person = file.person(now);
    person.set_preferences(|preferences| preferences.class_tracking = true);
    for (name, kind) in ACCOUNTS {
        let id = person.add_account(name, kind).expect(FITS);
        if *name == "Services" {
            person.add_service("Work", &id, "80.00").expect(FITS);
        }
    }
    let habits = &mut file.setup.habits;
    habits.line_ids_change = random.chance(300);
    habits.payment_touches_bill = random.chance(700);
    habits.crlf = random.chance(300);
    if random.chance(300) {
        habits.missing_id = MissingId::Error3120;
    }
    if plan.has(Fault::IdsOnly) {
        habits.status_check = StatusCheck::ErrorRecovery;
    }
    if plan.has(Fault::StoreFull) {
        habits.message_sets_max = 0;
        habits.store_full = *random.pick(&[StoreFull::DoneButWithheld, StoreFull::DoneAndAnswered, StoreFull::Refused]);
    }
    file
}

fn organization(plan: &Plan, random: &mut Random) -> Organization {
    let identity =
        Identity { name: "Acme Tools".to_owned(), accounting_software: None, developer_key: DEVELOPER_KEY.to_owned() };
    let before = plan.begins - TimeDelta::days(3);
    let mut organization = Organization::new(identity, random.next(), before, KeyUsage::shared());
    organization.allow(TOKEN.0, TOKEN.1, SignInKind::SyncToken);
    if random.chance(800) {
        organization.trust(TOKEN.0);
    }
    let rules = &mut organization.rules;
    rules.undocumented_fields = random.chance(300);
    rules.older_merge_spelling = random.chance(300);
    rules.single_debits = random.chance(300);
    if plan.has(Fault::EqualStamps) {
        rules.stamp_grain = TimeDelta::seconds(60);
        rules.unstable_ties = true;
    }
    if plan.has(Fault::BillComClock) {
        let seconds = i64::try_from(random.below(1200)).unwrap_or(0);
        rules.clock_skew = TimeDelta::seconds(seconds - 600);
    }
    if plan.has(Fault::LateLines) {
        rules.late_lines = TimeDelta::seconds(60);
    }
    rules.coarse_filters = plan.has(Fault::CoarseFilters);
    rules.types_wander = plan.has(Fault::TypesWander);
    let mut ids = Vec::new();
    for (name, kind) in SHARED_ACCOUNTS {
        let fields = [("name", json!(name)), ("accountType", json!(kind))];
        ids.push(organization.person(before).create("ChartOfAccount", &fields).expect(FITS));
    }
    let checking = Some(ids[0].clone());
    let bank = Bank { name: "First Bank".to_owned(), account_id: checking, pays: true, receives: true };
    organization.person(before).connect_bank(&bank);
    organization.preferences.money_out_clearing = Some(ids[1].clone());
    organization.preferences.money_in_clearing = Some(ids[2].clone());
    let rules = &mut organization.webhooks.rules;
    rules.lost_per_mille = if plan.has(Fault::NoticeNever) { 1_000 } else { 0 };
    rules.twice_per_mille = if plan.has(Fault::NoticeTwice) { 500 } else { 0 };
    rules.forged_per_mille = if plan.has(Fault::NoticeForged) { 500 } else { 0 };
    rules.delay = TimeDelta::minutes(if plan.has(Fault::NoticeLate) { 90 } else { 0 });
    rules.reordered = plan.has(Fault::NoticesReordered);
    organization
}

/// Somebody subscribes by hand to all there is, and gives the server the key.
fn subscribe(office: &Office, now: DateTime<Utc>) {
    let login = json!({
        "username": TOKEN.0,
        "password": TOKEN.1,
        "organizationId": office.organization().id(),
        "devKey": DEVELOPER_KEY,
    });
    let session = call(office, now, "/connect/v3/login", "", &login)["sessionId"].as_str().map(str::to_owned);
    let kinds =
        ["vendor.created", "vendor.updated", "bill.created", "bill.updated", "bill.archived", "payment.updated"];
    let events: Vec<Value> = kinds.iter().map(|kind| json!({"type": kind, "version": "1"})).collect();
    let wish = json!({
        "name": "sync",
        "status": {"enabled": true},
        "events": events,
        "notificationUrl": "https://counterfoil.example/webhooks/billcom/acme",
    });
    let made = call(office, now, "/connect-events/v3/subscriptions", &session.unwrap_or_default(), &wish);
    let key = made["securityKey"].as_str().expect(FITS);
    office.engine().webhooks_set_key(&office.company, &key.into(), "the owner").expect(FITS);
}

fn call(office: &Office, now: DateTime<Utc>, target: &str, session: &str, body: &Value) -> Value {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let headers = [
        header("devkey", DEVELOPER_KEY),
        header("sessionid", session),
        header("x-idempotent-key", "00000000-0000-4000-8000-000000000001"),
    ];
    let body = body.to_string().into_bytes();
    let request = V3Request { method: "POST", target, headers: &headers, body: &body };
    let reply = office.organization().handle_v3(now, &request);
    serde_json::from_slice(&reply.body).unwrap_or_default()
}
