//! The client against the simulator: first without a network, on a clock of our own, then over real HTTP.

use super::kit::{KEY, TestClock, client, client_with, config, organization, shared};
use crate::billcom::{
    Backoff, BillCom, BillComError, Budget, ChangeScan, CredentialKind, Entity, HttpClient,
    ListQuery, NetworkKind, Now, Outcome, ScanError, ScanStep, Stamp, SystemNow, limits,
};
use crate::model::{Money, NativeId, Raw};
use crate::sim::billcom::{
    BillDraft, Fault, FaultKind, InProcess, KeyUsage, LineDraft, MfaGuard, On, Served,
    SharedOrganization, lock, serve,
};
use chrono::TimeDelta;
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn vendor(name: &str) -> Raw {
    let mut vendor = Raw::default();
    vendor.set("name", name);
    vendor
}

fn id(record: &Raw) -> NativeId {
    record.id().expect("an id")
}

/// Reads a list to its end.
async fn scan(
    client: &dyn BillCom,
    mut scan: ChangeScan,
) -> Result<(Vec<Raw>, Option<Stamp>), ScanError> {
    let mut all = Vec::new();
    loop {
        let page = client.list(&scan.next_query()).await.expect("page");
        match scan.page(page)? {
            ScanStep::More(rows) | ScanStep::Restarted(rows) => all.extend(rows),
            ScanStep::Done { rows, watermark } => {
                all.extend(rows);
                return Ok((all, watermark));
            }
        }
    }
}

#[tokio::test]
async fn records_are_made_read_changed_and_put_aside() {
    let (organization, clock) = (shared(), TestClock::new());
    let client = client(&organization, &clock);
    let access = client.check_access().await.expect("access");
    assert_eq!(access.organization_name.as_deref(), Some("Practice"));
    assert_eq!(access.accounting_software.as_deref(), Some("QuickBooks"));
    let made = client
        .create(Entity::VENDOR, vendor("Acme"))
        .await
        .expect("created");
    let mut change = vendor("Acme");
    change.set("id", id(&made).as_str());
    change.set("phone", "555");
    assert_eq!(
        client
            .update(Entity::VENDOR, change)
            .await
            .expect("updated")
            .text("phone")
            .as_deref(),
        Some("555")
    );
    assert!(
        !client
            .set_active(Entity::VENDOR, &id(&made), false)
            .await
            .expect("archived")
            .is_active()
    );
    assert!(
        client
            .set_active(Entity::VENDOR, &id(&made), true)
            .await
            .expect("restored")
            .is_active()
    );
    assert_eq!(
        client
            .read(Entity::VENDOR, &id(&made))
            .await
            .expect("read")
            .text("phone")
            .as_deref(),
        Some("555")
    );
    let unknown = NativeId::new("00901AAAAAAAAAAAaaaa").expect("id");
    assert!(
        client
            .read(Entity::VENDOR, &unknown)
            .await
            .expect_err("unknown")
            .is_not_found()
    );
    assert_eq!(lock(&organization).violations(), []);
    assert_eq!(lock(&organization).calls_to("Login"), 1);
}

#[tokio::test]
async fn amounts_come_back_to_the_cent() {
    let (organization, clock) = (shared(), TestClock::new());
    lock(&organization).rules.types_wander = true;
    let client = client(&organization, &clock);
    let vendor_id = id(&client
        .create(Entity::VENDOR, vendor("Acme"))
        .await
        .expect("vendor"));
    for (number, cents) in [(1, 10), (2, 123_456_789_012_345), (3, -1), (4, 100)] {
        let mut line = Raw::default();
        line.set("entity", "BillLineItem");
        line.set_money("amount", Money::from_cents(cents));
        let mut bill = Raw::default();
        bill.set("vendorId", vendor_id.as_str());
        bill.set("invoiceNumber", number.to_string());
        bill.set("invoiceDate", "2026-03-01");
        bill.set("dueDate", "2026-03-31");
        bill.set(
            "billLineItems",
            vec![serde_json::Value::Object(line.into_object())],
        );
        let made = client.create(Entity::BILL, bill).await.expect("bill");
        let read = client.read(Entity::BILL, &id(&made)).await.expect("read");
        for record in [&made, &read] {
            assert_eq!(record.money("amount"), Ok(Some(Money::from_cents(cents))));
            let rows = record.rows("billLineItems").expect("lines");
            assert_eq!(rows[0].money("amount"), Ok(Some(Money::from_cents(cents))));
        }
    }
    assert_eq!(lock(&organization).violations(), []);
}

#[tokio::test]
async fn a_dead_session_is_renewed_once_and_the_call_replayed() {
    let (organization, clock) = (shared(), TestClock::new());
    let client = client(&organization, &clock);
    client
        .create(Entity::VENDOR, vendor("A"))
        .await
        .expect("first");
    lock(&organization).kill_sessions();
    client
        .create(Entity::VENDOR, vendor("B"))
        .await
        .expect("replayed");
    assert_eq!(
        lock(&organization).vendors().len(),
        2,
        "the replay made one record, not two"
    );
    assert_eq!(lock(&organization).calls_to("Login"), 2);
}

#[tokio::test]
async fn an_idle_session_is_replaced_before_it_is_used() {
    let (organization, clock) = (shared(), TestClock::new());
    let wire = InProcess::new(organization.clone(), clock.clone());
    let config = crate::billcom::HttpConfig {
        user_name: "ann@example.com".to_owned(),
        kind: CredentialKind::User,
        ..config(&organization, "https://sim.example/api/v2")
    };
    let client = HttpClient::over(
        Box::new(wire),
        config,
        Arc::new(Budget::new()),
        clock.clone(),
    )
    .expect("client");
    let query = ListQuery::all(Entity::VENDOR);
    client.list(&query).await.expect("list");
    clock.advance(TimeDelta::minutes(34));
    client.list(&query).await.expect("list");
    assert_eq!(
        lock(&organization).calls_to("List"),
        2,
        "no call was wasted on a session that must be dead"
    );
    assert_eq!(lock(&organization).calls_to("Login"), 2);
    clock.advance(TimeDelta::minutes(33));
    client.list(&query).await.expect("list");
    assert_eq!(lock(&organization).calls_to("Login"), 2);
}

#[tokio::test]
async fn twenty_callers_share_one_login() {
    let (organization, clock) = (shared(), TestClock::new());
    lock(&organization).rules.latency = Duration::from_millis(5);
    let client = Arc::new(client(&organization, &clock));
    let all_list = async || {
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                let client = client.clone();
                tokio::spawn(async move {
                    client
                        .list(&ListQuery::all(Entity::VENDOR))
                        .await
                        .map(|rows| rows.len())
                })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.expect("task").expect("list"), 0);
        }
    };
    all_list().await;
    assert_eq!(lock(&organization).calls_to("Login"), 1);
    lock(&organization).kill_sessions();
    all_list().await;
    assert_eq!(
        lock(&organization).calls_to("Login"),
        2,
        "whoever finds the session dead waits for the same login"
    );
}

#[tokio::test]
async fn a_session_that_is_merely_untrusted_costs_one_login_and_then_none() {
    let (organization, clock) = (shared(), TestClock::new());
    lock(&organization).rules.mfa_guard = MfaGuard::WhenSent;
    let client = client(&organization, &clock);
    let made = client
        .create(Entity::VENDOR, vendor("Acme"))
        .await
        .expect("vendor");
    let guarded = || {
        let mut change = vendor("Acme");
        change.set("id", id(&made).as_str());
        change.set("email", "new@example.com");
        change
    };
    for _ in 0..5 {
        let error = client
            .update(Entity::VENDOR, guarded())
            .await
            .expect_err("guarded");
        assert!(matches!(error, BillComError::Untrusted), "{error}");
        assert_eq!((error.outcome(), error.retry()), (Outcome::Refused, None));
    }
    assert_eq!(lock(&organization).calls_to("Login"), 2);
    client
        .create(Entity::VENDOR, vendor("Bolt"))
        .await
        .expect("the session is alive");
}

#[tokio::test]
async fn a_code_that_may_mean_a_dead_session_does_not_burn_logins() {
    let (organization, clock) = (shared(), TestClock::new());
    let client = client(&organization, &clock);
    lock(&organization)
        .hazards
        .rate(On::Read, FaultKind::Code("BDC_1120"), 1000);
    let nothing = NativeId::new("00901AAAAAAAAAAAaaaa").expect("id");
    for _ in 0..5 {
        assert!(
            client
                .read(Entity::VENDOR, &nothing)
                .await
                .expect_err("no data")
                .is_not_found()
        );
    }
    assert_eq!(lock(&organization).calls_to("Login"), 2);
}

#[tokio::test]
async fn a_lost_reply_is_never_called_undone() {
    let faults = [
        FaultKind::LostBefore,
        FaultKind::LostAfter,
        FaultKind::Html,
        FaultKind::Truncated,
        FaultKind::Status(502),
        FaultKind::Status(500),
        FaultKind::Slow(limits::CALL_TIMEOUT),
        FaultKind::Oversize(limits::REPLY_BYTES_MAX + 1),
        FaultKind::Redirect,
        FaultKind::Code("BDC_1001"),
    ];
    for fault in faults {
        let (organization, clock) = (shared(), TestClock::new());
        let client = client(&organization, &clock);
        lock(&organization).hazards.once(On::Write, fault);
        let error = client
            .create(Entity::VENDOR, vendor("Acme"))
            .await
            .expect_err("a fault");
        assert_eq!(error.outcome(), Outcome::Unknown, "{fault:?}: {error}");
        let done = lock(&organization).vendors().len();
        let carried_out = matches!(
            fault,
            FaultKind::LostAfter | FaultKind::Truncated | FaultKind::Slow(_)
        );
        assert_eq!(done, usize::from(carried_out), "{fault:?}");
        assert_eq!(
            lock(&organization).calls_to("Crud/Create"),
            1,
            "{fault:?}: a write is never repeated by itself"
        );
        assert_eq!(lock(&organization).hazards.injected().len(), 1);
    }
}

#[tokio::test]
async fn a_login_that_fails_leaves_the_write_undone() {
    for fault in [
        FaultKind::LostAfter,
        FaultKind::Html,
        FaultKind::Truncated,
        FaultKind::Slow(limits::CALL_TIMEOUT),
    ] {
        let (organization, clock) = (shared(), TestClock::new());
        let client = client(&organization, &clock);
        lock(&organization).hazards.once(On::Login, fault);
        let error = client
            .create(Entity::VENDOR, vendor("Acme"))
            .await
            .expect_err("a fault");
        assert!(
            matches!(error, BillComError::SignIn(_)),
            "{fault:?}: {error}"
        );
        assert_eq!(error.outcome(), Outcome::NotDone);
        client
            .create(Entity::VENDOR, vendor("Acme"))
            .await
            .expect("the next try heals");
    }
}

#[tokio::test]
async fn no_network_is_no_harm() {
    let (organization, clock) = (shared(), TestClock::new());
    let client = client(&organization, &clock);
    client.check_access().await.expect("access");
    lock(&organization).offline = true;
    let error = client
        .create(Entity::VENDOR, vendor("Acme"))
        .await
        .expect_err("offline");
    assert!(
        matches!(
            error,
            BillComError::Network {
                kind: NetworkKind::Connect,
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(
        (error.outcome(), error.retry()),
        (Outcome::NotDone, Some(Backoff::Soon))
    );
    lock(&organization).offline = false;
    client
        .create(Entity::VENDOR, vendor("Acme"))
        .await
        .expect("online again");
}

#[tokio::test]
async fn each_wrong_setting_has_its_own_error_and_no_secret_in_it() {
    let (organization, clock) = (shared(), TestClock::new());
    let attempt = async |change: &dyn Fn(&mut crate::billcom::HttpConfig)| {
        let mut config = config(&organization, "https://sim.example/api/v2");
        change(&mut config);
        let wire = InProcess::new(organization.clone(), clock.clone());
        let client = HttpClient::over(
            Box::new(wire),
            config,
            Arc::new(Budget::new()),
            clock.clone(),
        )
        .expect("client");
        let error = client.check_access().await.expect_err("wrong");
        let text = format!("{client:?} {error:?} {error}");
        assert!(
            !text.contains("secret-of-a-test") && !text.contains(KEY),
            "{text}"
        );
        error
    };
    let wrong = attempt(&|config| config.password = "secret-of-a-test".into()).await;
    assert!(matches!(wrong, BillComError::Credentials));
    let wrong = attempt(&|config| config.developer_key = "secret-of-a-test".into()).await;
    assert!(matches!(wrong, BillComError::DeveloperKey));
    let wrong = attempt(&|config| config.organization_id = "00801ANOTHERONEXabcd".to_owned()).await;
    assert!(matches!(wrong, BillComError::NoAccess));
    lock(&organization).rules.api_access = false;
    let wrong = attempt(&|_| {}).await;
    assert!(matches!(wrong, BillComError::NoAccess));
    assert_eq!(wrong.retry(), None);
}

#[tokio::test]
async fn a_wrong_password_does_not_use_up_the_logins_and_heals_by_itself() {
    let (organization, clock) = (shared(), TestClock::new());
    let client = client(&organization, &clock);
    lock(&organization).allow(
        "sync",
        "changed meanwhile",
        crate::sim::billcom::SignInKind::SyncToken,
    );
    let query = ListQuery::all(Entity::VENDOR);
    for _ in 0..600 {
        assert!(matches!(
            client.list(&query).await,
            Err(BillComError::Credentials)
        ));
        clock.advance(TimeDelta::seconds(1));
    }
    assert!(
        lock(&organization).calls_to("Login") <= 8,
        "{}",
        lock(&organization).calls_to("Login")
    );
    lock(&organization).allow(
        "sync",
        super::kit::TOKEN,
        crate::sim::billcom::SignInKind::SyncToken,
    );
    clock.advance(TimeDelta::minutes(15));
    client.list(&query).await.expect("mended");
}

#[tokio::test]
async fn words_that_quote_a_secret_are_blotted_out() {
    let (organization, clock) = (shared(), TestClock::new());
    let client = client(&organization, &clock);
    let error = client
        .create(Entity::CHART_OF_ACCOUNT, vendor(super::kit::TOKEN))
        .await
        .expect_err("no type");
    assert!(matches!(error, BillComError::Refused { .. }), "{error:?}");
    let mut account = vendor("A");
    account.set("accountType", super::kit::TOKEN);
    let error = client
        .create(Entity::CHART_OF_ACCOUNT, account)
        .await
        .expect_err("no such type");
    let words = error.vendor_message().expect("words");
    assert!(
        words.contains("[hidden]") && !words.contains(super::kit::TOKEN),
        "{words}"
    );
}

#[tokio::test]
async fn too_many_at_once_is_waited_out() {
    let (organization, clock) = (shared(), TestClock::new());
    let client = client(&organization, &clock);
    let crowded = Fault {
        on: On::Write,
        skip: 0,
        kind: FaultKind::Code("BDC_1322"),
    };
    for _ in 0..limits::CROWDED_REPEATS_MAX {
        lock(&organization).hazards.add(crowded);
    }
    let before = clock.now();
    client
        .create(Entity::VENDOR, vendor("Acme"))
        .await
        .expect("after waiting");
    assert_eq!((clock.now() - before).num_seconds(), 1 + 2 + 4);
    for _ in 0..=limits::CROWDED_REPEATS_MAX {
        lock(&organization).hazards.add(crowded);
    }
    let error = client
        .create(Entity::VENDOR, vendor("Bolt"))
        .await
        .expect_err("given up");
    assert!(matches!(error, BillComError::TooManyAtOnce));
    assert_eq!(error.outcome(), Outcome::NotDone);
}

#[tokio::test]
async fn an_hour_that_bill_com_calls_used_up_is_left_alone() {
    let (organization, clock) = (shared(), TestClock::new());
    let client = client(&organization, &clock);
    let query = ListQuery::all(Entity::VENDOR);
    lock(&organization)
        .hazards
        .once(On::List, FaultKind::Code("BDC_1144"));
    let error = client.list(&query).await.expect_err("used up");
    let Some(Backoff::At(until)) = error.retry() else {
        panic!("no time to wait for")
    };
    assert_eq!(until.to_rfc3339(), "2026-03-02T11:00:00+00:00");
    let before = lock(&organization).calls().count();
    assert!(matches!(
        client.list(&query).await,
        Err(BillComError::RateLimited { .. })
    ));
    assert_eq!(
        lock(&organization).calls().count(),
        before,
        "no call leaves before the hour is over"
    );
    clock.advance(TimeDelta::hours(1));
    client.list(&query).await.expect("a new hour");
}

#[tokio::test]
async fn ten_organisations_with_one_key_stay_within_its_limits() {
    let usage = KeyUsage::shared();
    {
        let mut limits = usage.lock().expect("usage");
        limits.calls_per_hour_max = 20_000;
    }
    let clock = TestClock::new();
    let budget = Arc::new(Budget::new());
    let mut tasks = Vec::new();
    for seed in 0..10 {
        let organization: SharedOrganization =
            Arc::new(Mutex::new(organization(seed, usage.clone())));
        lock(&organization).rules.latency = Duration::from_micros(1);
        let client = Arc::new(client_with(&organization, &clock, &budget));
        for _ in 0..5 {
            let client = client.clone();
            tasks.push(tokio::spawn(async move {
                let mut limited = 0_u32;
                for _ in 0..500 {
                    match client.list(&ListQuery::all(Entity::VENDOR)).await {
                        Ok(_) => {}
                        Err(BillComError::RateLimited { .. }) => limited += 1,
                        Err(error) => panic!("{error}"),
                    }
                }
                limited
            }));
        }
    }
    let mut limited = 0;
    for task in tasks {
        limited += task.await.expect("task");
    }
    let usage = usage.lock().expect("usage");
    assert_eq!(
        usage.total().calls + limited,
        10 * 5 * 500 + 10,
        "every call was made or held back"
    );
    assert!(limited > 0, "25,000 calls do not fit into an hour");
    assert!(
        usage
            .hours()
            .values()
            .all(|hour| hour.calls <= 20_000 && hour.logins <= 200)
    );
    assert!(
        usage.most_at_once() <= limits::CALLS_AT_ONCE_MAX,
        "{} at once",
        usage.most_at_once()
    );
    assert_eq!(usage.declined(), 0, "Bill.com never had to say no");
}

#[tokio::test]
async fn a_page_that_shifts_while_it_is_read_loses_nothing() {
    let (organization, clock) = (shared(), TestClock::new());
    for number in 0..40 {
        lock(&organization)
            .person(clock.now())
            .create_vendor(&format!("V{number}"))
            .expect("vendor");
        clock.advance(TimeDelta::seconds(1));
    }
    let client = client(&organization, &clock);
    for _ in 0..3 {
        lock(&organization)
            .hazards
            .once(On::List, FaultKind::EditListedRow);
    }
    let (rows, _) = scan(
        &client,
        ChangeScan::new(Entity::VENDOR, None).with_page_rows(7),
    )
    .await
    .expect("scan");
    let mut names: Vec<String> = rows.iter().filter_map(|row| row.text("name")).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 40);
}

#[tokio::test]
async fn late_lines_are_seen_by_the_next_poll() {
    let (organization, clock) = (shared(), TestClock::new());
    lock(&organization).rules.late_lines = TimeDelta::seconds(8);
    let vendor_id = lock(&organization)
        .person(clock.now())
        .create_vendor("Acme")
        .expect("vendor");
    let date = clock.now().date_naive();
    let line = LineDraft {
        cents: 4_200,
        ..LineDraft::default()
    };
    let draft = BillDraft {
        vendor_id,
        number: "1".to_owned(),
        date,
        due: date,
        lines: vec![line],
    };
    lock(&organization)
        .person(clock.now())
        .create_bill(&draft)
        .expect("bill");
    let client = client(&organization, &clock);
    let (early, watermark) = scan(&client, ChangeScan::new(Entity::BILL, None))
        .await
        .expect("scan");
    assert_eq!(
        early[0].rows("billLineItems").expect("lines").len(),
        0,
        "read in between, the bill is incomplete"
    );
    clock.advance(TimeDelta::minutes(15));
    let (late, _) = scan(&client, ChangeScan::new(Entity::BILL, watermark))
        .await
        .expect("scan");
    assert_eq!(
        late[0].rows("billLineItems").expect("lines").len(),
        1,
        "the overlap brings it again"
    );
}

#[tokio::test]
async fn twenty_thousand_bills_take_twenty_one_calls() {
    let (organization, clock) = (shared(), TestClock::new());
    let vendor_id = lock(&organization)
        .person(clock.now())
        .create_vendor("Acme")
        .expect("vendor");
    lock(&organization).rules.bill_numbers = crate::sim::billcom::NumberScope::Unchecked;
    lock(&organization).enter_many_bills(&vendor_id, 20_000, clock.now());
    let client = client(&organization, &clock);
    let (rows, watermark) = scan(&client, ChangeScan::new(Entity::BILL, None))
        .await
        .expect("scan");
    assert_eq!(rows.len(), 20_000);
    assert!(lock(&organization).calls_to("List/Bill") <= 21);
    let before = lock(&organization).calls_to("List/Bill");
    scan(&client, ChangeScan::new(Entity::BILL, watermark))
        .await
        .expect("scan");
    assert_eq!(
        lock(&organization).calls_to("List/Bill"),
        before + 1,
        "an idle poll is one call"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    /// People edit between pages, ties come in any order, filters may be coarse: after the edits, one more poll from the
    /// watermark completes the picture, and a full scan finds nothing new.
    #[test]
    fn scans_and_edits_together_miss_nothing(
        seed in any::<u64>(),
        edits in proptest::collection::vec((0_usize..30, 0_i64..200), 1..60),
        coarse in any::<bool>(),
        page_rows in 3_usize..12,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("runtime");
        runtime.block_on(async {
            let clock = TestClock::new();
            let organization: SharedOrganization = Arc::new(Mutex::new(organization(seed, KeyUsage::shared())));
            lock(&organization).rules.unstable_ties = true;
            lock(&organization).rules.coarse_filters = coarse;
            let mut ids = Vec::new();
            for number in 0..30 {
                ids.push(lock(&organization).person(clock.now()).create_vendor(&format!("V{number}")).expect("vendor"));
                clock.advance(TimeDelta::seconds(if number % 3 == 0 { 150 } else { 0 }));
            }
            let client = client(&organization, &clock);
            let mut seen: BTreeMap<String, String> = BTreeMap::new();
            let mut edits = edits.into_iter();
            let mut watermark = None;
            for _ in 0..40 {
                let mut scan = ChangeScan::new(Entity::VENDOR, watermark).with_page_rows(page_rows);
                let idle = edits.len() == 0;
                let end = loop {
                    let rows = client.list(&scan.next_query()).await.expect("page");
                    for (vendor, seconds) in edits.by_ref().take(3) {
                        clock.advance(TimeDelta::seconds(seconds));
                        let phone = json!(clock.now().to_rfc3339());
                        lock(&organization).person(clock.now()).edit("Vendor", &ids[vendor], &[("phone", phone)]).expect("edit");
                    }
                    let step = scan.page(rows);
                    let (rows, end) = match step {
                        Ok(ScanStep::More(rows) | ScanStep::Restarted(rows)) => (rows, None),
                        Ok(ScanStep::Done { rows, watermark }) => (rows, Some(watermark)),
                        Err(ScanError::Restless) => (Vec::new(), Some(watermark)),
                        Err(error) => panic!("{error}"),
                    };
                    for row in rows {
                        seen.insert(row.text("id").expect("id"), row.text("phone").unwrap_or_default());
                    }
                    if let Some(end) = end {
                        break end;
                    }
                };
                watermark = end;
                if idle {
                    break;
                }
            }
            let truth: BTreeMap<String, String> = lock(&organization)
                .vendors()
                .into_iter()
                .map(|vendor| (vendor.id, vendor.fields.get("phone").cloned().unwrap_or_default()))
                .collect();
            assert_eq!(seen, truth);
            assert_eq!(lock(&organization).violations(), []);
        });
    }
}

// Over real HTTP.

fn install_tls() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

fn served(organization: &SharedOrganization) -> Served {
    install_tls();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    serve(listener, organization.clone(), Arc::new(SystemNow)).expect("served")
}

fn http_client(
    organization: &SharedOrganization,
    base_url: &str,
    budget: &Arc<Budget>,
) -> HttpClient {
    HttpClient::new(
        config(organization, base_url),
        budget.clone(),
        Arc::new(SystemNow),
    )
    .expect("good configuration")
}

#[tokio::test]
async fn over_http_everything_works_with_and_without_the_usual_path() {
    let organization = shared();
    let served = served(&organization);
    let bare = served.base_url.trim_end_matches("/api/v2").to_owned();
    for (base, name) in [(served.base_url.as_str(), "Acme"), (bare.as_str(), "Bolt")] {
        let client = http_client(&organization, base, &Arc::new(Budget::new()));
        client.check_access().await.expect("access");
        let made = client
            .create(Entity::VENDOR, vendor(name))
            .await
            .expect("created");
        assert_eq!(
            client
                .read(Entity::VENDOR, &id(&made))
                .await
                .expect("read")
                .text("name")
                .as_deref(),
            Some(name)
        );
    }
    assert_eq!(lock(&organization).violations(), []);
    served.stop().await;
}

#[tokio::test]
async fn over_http_every_fault_is_told_apart() {
    type Expected = fn(&BillComError) -> bool;
    let organization = shared();
    let served = served(&organization);
    let client = http_client(&organization, &served.base_url, &Arc::new(Budget::new()));
    client.check_access().await.expect("access");
    let faults: [(FaultKind, Expected); 7] = [
        (FaultKind::LostBefore, |error| {
            matches!(
                error,
                BillComError::Network {
                    kind: NetworkKind::Sent,
                    ..
                }
            )
        }),
        (FaultKind::LostAfter, |error| {
            matches!(
                error,
                BillComError::Network {
                    kind: NetworkKind::Sent,
                    ..
                }
            )
        }),
        (FaultKind::Html, |error| {
            matches!(error, BillComError::Maintenance { status: 200 })
        }),
        (FaultKind::Truncated, |error| {
            matches!(error, BillComError::Shape { .. })
        }),
        (FaultKind::Status(503), |error| {
            matches!(error, BillComError::Maintenance { status: 503 })
        }),
        (FaultKind::Oversize(limits::REPLY_BYTES_MAX + 1), |error| {
            matches!(error, BillComError::TooLarge)
        }),
        (FaultKind::Redirect, |error| {
            matches!(error, BillComError::Redirected { status: 302 })
        }),
    ];
    for (number, (fault, expected)) in faults.into_iter().enumerate() {
        lock(&organization).hazards.once(On::Write, fault);
        let error = client
            .create(Entity::VENDOR, vendor(&format!("V{number}")))
            .await
            .expect_err("a fault");
        assert!(expected(&error), "{fault:?}: {error:?}");
        assert_eq!(error.outcome(), Outcome::Unknown);
    }
    client
        .create(Entity::VENDOR, vendor("after"))
        .await
        .expect("none of it lasts");
    let names: Vec<String> = lock(&organization)
        .vendors()
        .into_iter()
        .map(|vendor| vendor.name)
        .collect();
    assert_eq!(
        names,
        ["V1", "V3", "after"],
        "done although the answer was lost or cut"
    );
    served.stop().await;
}

#[tokio::test]
async fn over_http_nobody_listening_means_not_done() {
    let organization = shared();
    let served = served(&organization);
    let client = http_client(&organization, &served.base_url, &Arc::new(Budget::new()));
    served.stop().await;
    let error = client.check_access().await.expect_err("nobody listens");
    assert_eq!(error.outcome(), Outcome::NotDone, "{error:?}");
}

#[tokio::test]
async fn over_http_two_calls_at_once_are_never_exceeded() {
    let usage = KeyUsage::shared();
    let budget = Arc::new(Budget::new());
    let mut running = Vec::new();
    let mut tasks = Vec::new();
    for seed in 0..3 {
        let organization: SharedOrganization =
            Arc::new(Mutex::new(organization(seed, usage.clone())));
        lock(&organization).rules.latency = Duration::from_millis(3);
        let served = served(&organization);
        // Two clients of one organisation share its lane, as two companies of one practice would.
        for _ in 0..2 {
            let client = Arc::new(http_client(&organization, &served.base_url, &budget));
            for _ in 0..5 {
                let client = client.clone();
                tasks.push(tokio::spawn(async move {
                    for _ in 0..4 {
                        client
                            .list(&ListQuery::all(Entity::VENDOR))
                            .await
                            .expect("list");
                    }
                }));
            }
        }
        running.push(served);
    }
    for task in tasks {
        task.await.expect("task");
    }
    for served in running {
        served.stop().await;
    }
    let usage = usage.lock().expect("usage");
    assert_eq!(usage.most_at_once(), limits::CALLS_AT_ONCE_MAX);
    assert_eq!((usage.declined(), usage.total().logins), (0, 6));
}

#[tokio::test]
async fn over_http_secrets_in_a_query_string_and_other_methods_are_turned_away() {
    let organization = shared();
    let served = served(&organization);
    let http = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("client");
    let url = format!("{}/Login.json", served.base_url);
    assert_eq!(http.get(&url).send().await.expect("answer").status(), 405);
    let form = [("devKey", KEY)];
    assert_eq!(
        http.post(format!("{url}?devKey=x"))
            .form(&form)
            .send()
            .await
            .expect("answer")
            .status(),
        405
    );
    served.stop().await;
    let open = TcpListener::bind("0.0.0.0:0").expect("a free port");
    assert!(
        serve(open, organization, Arc::new(SystemNow)).is_err(),
        "loopback only"
    );
}
