//! The client stays within the vendor's limits, whatever runs at once.

use super::kit::{TOKEN, TestClock, client, client_with, organization, shared, vendor};
use crate::billcom::{Backoff, BillCom, BillComError, Budget, Entity, ListQuery, Now, Outcome, limits};
use crate::sim::billcom::{Fault, FaultKind, KeyUsage, On, SharedOrganization, SignInKind, lock};
use chrono::TimeDelta;
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[tokio::test]
async fn too_many_at_once_is_waited_out() {
    let (organization, clock) = (shared(), TestClock::new());
    let client = client(&organization, &clock);
    let crowded = Fault { on: On::Write, skip: 0, kind: FaultKind::Code("BDC_1322") };
    for _ in 0..limits::CROWDED_REPEATS_MAX {
        lock(&organization).hazards.add(crowded);
    }
    let before = clock.now();
    client.create(Entity::VENDOR, vendor("Acme")).await.expect("after waiting");
    assert_eq!((clock.now() - before).num_seconds(), 1 + 2 + 4);
    for _ in 0..=limits::CROWDED_REPEATS_MAX {
        lock(&organization).hazards.add(crowded);
    }
    let error = client.create(Entity::VENDOR, vendor("Bolt")).await.expect_err("given up");
    assert!(matches!(error, BillComError::TooManyAtOnce));
    assert_eq!(error.outcome(), Outcome::NotDone);
}

#[tokio::test]
async fn an_hour_that_bill_com_calls_used_up_is_left_alone() {
    let (organization, clock) = (shared(), TestClock::new());
    let client = client(&organization, &clock);
    let query = ListQuery::all(Entity::VENDOR);
    lock(&organization).hazards.once(On::List, FaultKind::Code("BDC_1144"));
    let error = client.list(&query).await.expect_err("used up");
    let Some(Backoff::At(until)) = error.retry() else { panic!("no time to wait for") };
    assert_eq!(until.to_rfc3339(), "2026-03-02T11:00:00+00:00");
    let before = lock(&organization).calls().count();
    assert!(matches!(client.list(&query).await, Err(BillComError::RateLimited { .. })));
    assert_eq!(lock(&organization).calls().count(), before, "no call leaves before the hour is over");
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
        let organization: SharedOrganization = Arc::new(Mutex::new(organization(seed, usage.clone())));
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
    assert_eq!(usage.total().calls + limited, 10 * 5 * 500 + 10, "every call was made or held back");
    assert!(limited > 0, "25,000 calls do not fit into an hour");
    assert!(usage.hours().values().all(|hour| hour.calls <= 20_000 && hour.logins <= 200));
    assert!((1..=20_000).contains(&usage.most_in_an_hour()), "{} in an hour", usage.most_in_an_hour());
    assert!(usage.most_at_once() <= limits::CALLS_AT_ONCE_MAX, "{} at once", usage.most_at_once());
    assert_eq!(usage.declined(), 0, "Bill.com never had to say no");
}

#[tokio::test]
async fn a_wrong_password_does_not_use_up_the_logins_and_heals_by_itself() {
    let (organization, clock) = (shared(), TestClock::new());
    let client = client(&organization, &clock);
    lock(&organization).allow("sync", "changed meanwhile", SignInKind::SyncToken);
    let query = ListQuery::all(Entity::VENDOR);
    for _ in 0..600 {
        assert!(matches!(client.list(&query).await, Err(BillComError::Credentials)));
        clock.advance(TimeDelta::seconds(1));
    }
    assert!(lock(&organization).calls_to("Login") <= 8, "{}", lock(&organization).calls_to("Login"));
    lock(&organization).allow("sync", TOKEN, SignInKind::SyncToken);
    clock.advance(TimeDelta::minutes(15));
    client.list(&query).await.expect("mended");
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
                tokio::spawn(async move { client.list(&ListQuery::all(Entity::VENDOR)).await.map(|rows| rows.len()) })
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
    assert_eq!(lock(&organization).calls_to("Login"), 2, "whoever finds the session dead waits for the same login");
}
