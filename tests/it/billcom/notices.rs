//! Notices: what they lead to, and how their subscription is looked after.

use super::kit::Desk;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use counterfoil::engine::Heard;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

fn sign(key: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("key");
    mac.update(body.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

fn hear(desk: &Desk, key: &str, event: &str) -> Heard {
    let body = json!({"metadata": {"eventId": event, "eventType": "vendor.created"}}).to_string();
    desk.engine.hear(desk.company(), Some(&sign(key, &body)), body.as_bytes()).expect("heard")
}

fn lists(desk: &Desk) -> usize {
    desk.taken().iter().filter(|(path, _)| path == "List/Vendor.json").count()
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime").block_on(work)
}

#[test]
fn a_notice_is_a_reading_at_once_and_the_same_notice_again_is_none() {
    let desk = Desk::new();
    desk.engine.webhooks_set_key(desk.company(), &"k".into(), "test").expect("key");
    desk.work();
    desk.clock.advance(chrono::Duration::seconds(5));
    desk.work();
    lists(&desk);
    desk.work();
    assert_eq!(lists(&desk), 0, "nothing is due");
    assert_eq!(hear(&desk, "k", "e-1"), Heard::Genuine);
    desk.work();
    assert_eq!(lists(&desk), 1);
    desk.clock.advance(chrono::Duration::seconds(5));
    assert_eq!((hear(&desk, "k", "e-1"), hear(&desk, "wrong", "e-2")), (Heard::Genuine, Heard::NotOurs));
    desk.work();
    assert_eq!(lists(&desk), 0, "it came before, and the other was not genuine");
    (0..50).for_each(|number| assert_eq!(hear(&desk, "k", &format!("storm-{number}")), Heard::Genuine));
    desk.work();
    assert_eq!(lists(&desk), 1, "a storm is one reading");
}

#[test]
fn a_notice_that_comes_during_an_outage_is_not_forgotten() {
    let desk = Desk::new();
    desk.engine.webhooks_set_key(desk.company(), &"k".into(), "test").expect("key");
    desk.work();
    desk.clock.advance(chrono::Duration::seconds(10));
    desk.organization().offline = true;
    hear(&desk, "k", "e-1");
    desk.work();
    desk.organization().offline = false;
    let vendor = {
        let now = desk.now();
        desk.organization().person(now).create_vendor("Seen at once").expect("vendor")
    };
    desk.clock.advance(chrono::Duration::seconds(10));
    desk.work();
    let page = desk.engine.company_page(desk.company()).expect("page");
    assert_eq!(page.kinds.iter().map(|kind| kind.billcom).sum::<u64>(), 1, "{vendor}");
}

#[test]
fn a_subscription_is_made_once_found_again_and_kept_sealed() {
    let desk = Desk::new();
    let company = desk.company();
    let made = run(desk.engine.webhooks_create(company, "test")).expect("made");
    assert!(made.has_key && made.enabled && made.subscription.is_some(), "{made:?}");
    assert_eq!(hear(&desk, "key-1", "e-1"), Heard::Genuine);
    // The answer to the first try might have been lost: the second finds it, and no second one is made.
    let again = run(desk.engine.webhooks_create(company, "test")).expect("found");
    assert_eq!(again.subscription, made.subscription);
    assert_eq!(desk.gateway().subscriptions.len(), 1);
    let (new, old) = (hear(&desk, "key-2", "e-2"), hear(&desk, "key-1", "e-3"));
    assert_eq!((new, old), (Heard::Genuine, Heard::Genuine), "both keys hold for a while");
    desk.clock.advance(chrono::Duration::days(4));
    assert_eq!((hear(&desk, "key-2", "e-4"), hear(&desk, "key-1", "e-5")), (Heard::Genuine, Heard::NotOurs));
    run(desk.engine.webhooks_rotate(company, "test")).expect("rotated");
    assert_eq!(hear(&desk, "key-3", "e-6"), Heard::Genuine);
    let file = std::fs::read(desk.folder.path().join("server.db")).expect("file");
    assert!(!file.windows(5).any(|bytes| bytes == b"key-3"), "the key lies sealed");
    run(desk.engine.webhooks_remove(company, "test")).expect("removed");
    assert!(desk.gateway().subscriptions.is_empty());
    assert_eq!(hear(&desk, "key-3", "e-7"), Heard::NotOurs);
    assert!(!desk.engine.webhooks(company).expect("view").has_key);
}

#[test]
fn notices_that_bill_com_switched_off_are_one_problem_until_they_are_on_again() {
    let desk = Desk::new();
    run(desk.engine.webhooks_create(desk.company(), "test")).expect("made");
    desk.later(7 * 60);
    assert!(desk.problems().is_empty(), "{:?}", desk.problems());
    desk.gateway().switch_off();
    desk.later(7 * 60);
    let problems = desk.problems();
    assert_eq!(problems.iter().map(|problem| problem.line.code.as_str()).collect::<Vec<_>>(), ["billcom_notices"]);
    assert!(problems[0].what_happened.contains("retries ran out"), "{}", problems[0].what_happened);
    assert!(!desk.engine.webhooks(desk.company()).expect("view").enabled);
    run(desk.engine.webhooks_enable(desk.company(), "test")).expect("enabled");
    assert!(desk.problems().is_empty());
    desk.later(7 * 60);
    assert!(
        desk.problems().is_empty()
            && desk.gateway().subscriptions.iter().all(|one| one["status"]["enabled"] == Value::Bool(true))
    );
}

#[test]
fn without_a_gateway_nothing_but_the_notices_is_missing() {
    let desk = Desk::new();
    desk.gateway().closed = true;
    let error = run(desk.engine.webhooks_create(desk.company(), "test")).expect_err("closed");
    assert!(error.to_string().contains("web page instead of an answer"), "{error}");
    desk.later(60);
    assert!(desk.problems().is_empty(), "{:?}", desk.problems());
}
