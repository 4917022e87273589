//! The client against the simulator, without a network and on a clock of our own: records, sessions, errors.

use super::kit::{KEY, TOKEN, TestClock, client, config, id, shared, vendor};
use crate::billcom::{
    Backoff, BillCom, BillComError, Budget, CredentialKind, Entity, HttpClient, HttpConfig, ListQuery, NetworkKind,
    Outcome, limits,
};
use crate::model::{Money, NativeId, Raw};
use crate::sim::billcom::{FaultKind, InProcess, MfaGuard, On, lock};
use chrono::TimeDelta;
use std::sync::Arc;

#[tokio::test]
async fn records_are_made_read_changed_and_put_aside() {
    let (organization, clock) = (shared(), TestClock::new());
    let client = client(&organization, &clock);
    let access = client.check_access().await.expect("access");
    assert_eq!(access.organization_name.as_deref(), Some("Practice"));
    assert_eq!(access.accounting_software.as_deref(), Some("QuickBooks"));
    let made = client.create(Entity::VENDOR, vendor("Acme")).await.expect("created");
    let mut change = vendor("Acme");
    change.set("id", id(&made).as_str());
    change.set("phone", "555");
    assert_eq!(client.update(Entity::VENDOR, change).await.expect("updated").text("phone").as_deref(), Some("555"));
    assert!(!client.set_active(Entity::VENDOR, &id(&made), false).await.expect("archived").is_active());
    assert!(client.set_active(Entity::VENDOR, &id(&made), true).await.expect("restored").is_active());
    assert_eq!(client.read(Entity::VENDOR, &id(&made)).await.expect("read").text("phone").as_deref(), Some("555"));
    let unknown = NativeId::new("00901AAAAAAAAAAAaaaa").expect("id");
    assert!(client.read(Entity::VENDOR, &unknown).await.expect_err("unknown").is_not_found());
    assert_eq!(lock(&organization).violations(), []);
    assert_eq!(lock(&organization).calls_to("Login"), 1);
}

#[tokio::test]
async fn amounts_come_back_to_the_cent() {
    let (organization, clock) = (shared(), TestClock::new());
    lock(&organization).rules.types_wander = true;
    let client = client(&organization, &clock);
    let vendor_id = id(&client.create(Entity::VENDOR, vendor("Acme")).await.expect("vendor"));
    for (number, cents) in [(1, 10), (2, 123_456_789_012_345), (3, -1), (4, 100)] {
        let mut line = Raw::default();
        line.set("entity", "BillLineItem");
        line.set_money("amount", Money::from_cents(cents));
        let mut bill = Raw::default();
        bill.set("vendorId", vendor_id.as_str());
        bill.set("invoiceNumber", number.to_string());
        bill.set("invoiceDate", "2026-03-01");
        bill.set("dueDate", "2026-03-31");
        bill.set("billLineItems", vec![serde_json::Value::Object(line.into_object())]);
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
    client.create(Entity::VENDOR, vendor("A")).await.expect("first");
    lock(&organization).kill_sessions();
    client.create(Entity::VENDOR, vendor("B")).await.expect("replayed");
    assert_eq!(lock(&organization).vendors().len(), 2, "the replay made one record, not two");
    assert_eq!(lock(&organization).calls_to("Login"), 2);
}

#[tokio::test]
async fn an_idle_session_is_replaced_before_it_is_used() {
    let (organization, clock) = (shared(), TestClock::new());
    let wire = InProcess::new(organization.clone(), clock.clone());
    let config = HttpConfig {
        user_name: "ann@example.com".to_owned(),
        kind: CredentialKind::User,
        ..config(&organization, "https://sim.example/api/v2")
    };
    let client = HttpClient::over(Box::new(wire), config, Arc::new(Budget::new()), clock.clone()).expect("client");
    let query = ListQuery::all(Entity::VENDOR);
    client.list(&query).await.expect("list");
    clock.advance(TimeDelta::minutes(34));
    client.list(&query).await.expect("list");
    assert_eq!(lock(&organization).calls_to("List"), 2, "no call was wasted on a session that must be dead");
    assert_eq!(lock(&organization).calls_to("Login"), 2);
    clock.advance(TimeDelta::minutes(33));
    client.list(&query).await.expect("list");
    assert_eq!(lock(&organization).calls_to("Login"), 2);
}

#[tokio::test]
async fn a_session_that_is_merely_untrusted_costs_one_login_and_then_none() {
    let (organization, clock) = (shared(), TestClock::new());
    lock(&organization).rules.mfa_guard = MfaGuard::WhenSent;
    let client = client(&organization, &clock);
    let made = client.create(Entity::VENDOR, vendor("Acme")).await.expect("vendor");
    let guarded = || {
        let mut change = vendor("Acme");
        change.set("id", id(&made).as_str());
        change.set("email", "new@example.com");
        change
    };
    for _ in 0..5 {
        let error = client.update(Entity::VENDOR, guarded()).await.expect_err("guarded");
        assert!(matches!(error, BillComError::Untrusted), "{error}");
        assert_eq!((error.outcome(), error.retry()), (Outcome::Refused, None));
    }
    assert_eq!(lock(&organization).calls_to("Login"), 2);
    client.create(Entity::VENDOR, vendor("Bolt")).await.expect("the session is alive");
}

#[tokio::test]
async fn a_code_that_may_mean_a_dead_session_does_not_burn_logins() {
    let (organization, clock) = (shared(), TestClock::new());
    let client = client(&organization, &clock);
    lock(&organization).hazards.rate(On::Read, FaultKind::Code("BDC_1120"), 1000);
    let nothing = NativeId::new("00901AAAAAAAAAAAaaaa").expect("id");
    for _ in 0..5 {
        assert!(client.read(Entity::VENDOR, &nothing).await.expect_err("no data").is_not_found());
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
        let error = client.create(Entity::VENDOR, vendor("Acme")).await.expect_err("a fault");
        assert_eq!(error.outcome(), Outcome::Unknown, "{fault:?}: {error}");
        let done = lock(&organization).vendors().len();
        let carried_out = matches!(fault, FaultKind::LostAfter | FaultKind::Truncated | FaultKind::Slow(_));
        assert_eq!(done, usize::from(carried_out), "{fault:?}");
        assert_eq!(lock(&organization).calls_to("Crud/Create"), 1, "{fault:?}: a write is never repeated by itself");
        assert_eq!(lock(&organization).hazards.injected().len(), 1);
    }
}

#[tokio::test]
async fn a_login_that_fails_leaves_the_write_undone() {
    for fault in [FaultKind::LostAfter, FaultKind::Html, FaultKind::Truncated, FaultKind::Slow(limits::CALL_TIMEOUT)] {
        let (organization, clock) = (shared(), TestClock::new());
        let client = client(&organization, &clock);
        lock(&organization).hazards.once(On::Login, fault);
        let error = client.create(Entity::VENDOR, vendor("Acme")).await.expect_err("a fault");
        assert!(matches!(error, BillComError::SignIn(_)), "{fault:?}: {error}");
        assert_eq!(error.outcome(), Outcome::NotDone);
        client.create(Entity::VENDOR, vendor("Acme")).await.expect("the next try heals");
    }
}

#[tokio::test]
async fn no_network_is_no_harm() {
    let (organization, clock) = (shared(), TestClock::new());
    let client = client(&organization, &clock);
    client.check_access().await.expect("access");
    lock(&organization).offline = true;
    let error = client.create(Entity::VENDOR, vendor("Acme")).await.expect_err("offline");
    assert!(matches!(error, BillComError::Network { kind: NetworkKind::Connect, .. }), "{error}");
    assert_eq!((error.outcome(), error.retry()), (Outcome::NotDone, Some(Backoff::Soon)));
    lock(&organization).offline = false;
    client.create(Entity::VENDOR, vendor("Acme")).await.expect("online again");
}

#[tokio::test]
async fn each_wrong_setting_has_its_own_error_and_no_secret_in_it() {
    let (organization, clock) = (shared(), TestClock::new());
    let attempt = async |change: &dyn Fn(&mut HttpConfig)| {
        let mut config = config(&organization, "https://sim.example/api/v2");
        change(&mut config);
        let wire = InProcess::new(organization.clone(), clock.clone());
        let client = HttpClient::over(Box::new(wire), config, Arc::new(Budget::new()), clock.clone()).expect("client");
        let error = client.check_access().await.expect_err("wrong");
        let text = format!("{client:?} {error:?} {error}");
        assert!(!text.contains("secret-of-a-test") && !text.contains(KEY), "{text}");
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
async fn words_that_quote_a_secret_are_blotted_out() {
    let (organization, clock) = (shared(), TestClock::new());
    let client = client(&organization, &clock);
    let error = client.create(Entity::CHART_OF_ACCOUNT, vendor(TOKEN)).await.expect_err("no type");
    assert!(matches!(error, BillComError::Refused { .. }), "{error:?}");
    let mut account = vendor("A");
    account.set("accountType", TOKEN);
    let error = client.create(Entity::CHART_OF_ACCOUNT, account).await.expect_err("no such type");
    let words = error.vendor_message().expect("words");
    assert!(words.contains("[hidden]") && !words.contains(TOKEN), "{words}");
}
