//! Alerts from an engine to real listeners: HTTP and SMTP over sockets, with the time in our hands.

use super::{AlertKind, NewChannel, NewMail};
use crate::billcom::{BillCom, ConfigError, HttpConfig, Now};
use crate::engine::{Connect, Engine, EngineOptions, NewCompany, World};
use crate::model::span;
use crate::plan;
use crate::secrets::SystemRandom;
use crate::store::{CompanyStore, Fact, StoreError};
use chrono::{DateTime, TimeZone as _, Utc};
use futures_util::future::BoxFuture;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;
use tempfile::TempDir;

/// A clock that stands still until it is moved.
struct Hand(AtomicI64);

impl Now for Hand {
    fn now(&self) -> DateTime<Utc> {
        Utc.timestamp_millis_opt(self.0.load(Ordering::Relaxed)).single().expect("a time")
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

struct NoBillCom;

impl Connect for NoBillCom {
    fn connect(&self, _: HttpConfig) -> Result<Arc<dyn BillCom>, ConfigError> {
        Err(ConfigError::NoNotices)
    }
}

/// An engine with one company that has been read and goes on.
struct House {
    engine: Engine,
    clock: Arc<Hand>,
    company: String,
    folder: TempDir,
}

impl House {
    fn new() -> Self {
        let _kept = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(Hand(AtomicI64::new(1_764_000_000_000)));
        let world = World::of(clock.clone(), Arc::new(NoBillCom), Arc::new(Mutex::new(SystemRandom)));
        let options = EngineOptions { data: folder.path().to_owned(), ..EngineOptions::default() };
        let engine = Engine::open(options, world).expect("an engine");
        let new = NewCompany {
            name: "Acme <Tools> & Sons".to_owned(),
            billcom_url: "https://billcom.invalid/api/v2".to_owned(),
            billcom_org: "1".to_owned(),
            billcom_user: "u".to_owned(),
            billcom_password: "p".to_owned().into(),
            billcom_dev_key: "k".to_owned().into(),
            settings: Vec::new(),
            start: true,
        };
        let company = engine.add_company(&new).expect("a company").id;
        let house = Self { engine, clock, company, folder };
        house.touch(&[Fact::LastContact, Fact::QuickBooksReadAt, Fact::BillComReadAt]);
        house
    }

    fn store(&self) -> CompanyStore {
        let path = self.folder.path().join("companies").join(format!("{}.db", self.company));
        CompanyStore::open(&path).expect("the company's file")
    }

    fn touch(&self, facts: &[Fact]) {
        let now = self.clock.now();
        let note = |tx: &crate::store::Tx<'_>| facts.iter().try_for_each(|fact| tx.set_time(*fact, now));
        self.store().transact(note).expect("noted");
    }

    fn report(&self) {
        let now = self.clock.now();
        let problem = plan::not_open("QuickBooks is closed.", "0x80040408".to_owned()).about(None, None, now);
        self.store().transact(|tx| -> Result<(), StoreError> { tx.report(&problem, now) }).expect("reported");
    }

    fn later(&self, length: Duration) {
        self.clock.0.fetch_add(span(length).num_milliseconds(), Ordering::Relaxed);
    }

    fn add(&self, kind: AlertKind, target: String) -> i64 {
        let new = NewChannel { kind, target: target.into(), company: None };
        self.engine.add_channel(&new).expect("a channel").id
    }

    async fn look(&self) {
        self.engine.alert_once().await.expect("looked");
    }
}

const HOUR: Duration = Duration::from_secs(3600);

/// An HTTP server of a few lines: answers with `status`, and hands over the head and body of each request.
fn http(status: &'static str) -> (String, mpsc::Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a listener");
    let address = listener.local_addr().expect("an address");
    let (send, seen) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
            let (mut head, mut length) = (String::new(), 0);
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).unwrap_or(0) <= 2 {
                    break;
                }
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().expect("a length");
                }
                head.push_str(&line);
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).expect("a body");
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            let _gone = (&stream).write_all(answer.as_bytes());
            if send.send((head, body)).is_err() {
                return;
            }
        }
    });
    (format!("http://{address}/hook/T0SECRET"), seen)
}

/// A mail server of a few lines: takes one message and hands over what was said to it.
fn smtp() -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a listener");
    let address = listener.local_addr().expect("an address");
    let (send, seen) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let _done = send.send(converse(&stream));
        }
    });
    (format!("smtp://{address}"), seen)
}

fn converse(stream: &TcpStream) -> String {
    let mut out = stream;
    let mut say = |line: &str| out.write_all(format!("{line}\r\n").as_bytes()).expect("written");
    let mut said = String::new();
    let mut in_data = false;
    say("220 here");
    for line in BufReader::new(stream).lines().map_while(Result::ok) {
        said.push_str(&line);
        said.push('\n');
        match line.split(' ').next().unwrap_or_default().to_ascii_uppercase().as_str() {
            "." if in_data => {
                in_data = false;
                say("250 taken");
            }
            _ if in_data => {}
            "EHLO" => say("250-here\r\n250 AUTH PLAIN"),
            "AUTH" => say("235 welcome"),
            "DATA" => {
                in_data = true;
                say("354 go on");
            }
            "QUIT" => {
                say("221 bye");
                break;
            }
            _ => say("250 ok"),
        }
    }
    said
}

fn next<T>(seen: &mpsc::Receiver<T>) -> T {
    seen.recv_timeout(Duration::from_secs(20)).expect("a message")
}

fn nothing<T>(seen: &mpsc::Receiver<T>) -> bool {
    seen.try_recv().is_err()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_told_once_and_again_when_it_is_over() {
    let house = House::new();
    let (url, seen) = http("204 No Content");
    let id = house.add(AlertKind::Webhook, url);
    house.look().await;
    assert!(nothing(&seen), "all is well");
    house.report();
    house.look().await;
    let (head, body) = next(&seen);
    let told: Value = serde_json::from_slice(&body).expect("JSON");
    assert!(head.starts_with("POST /hook/T0SECRET HTTP/1.1") && head.contains("application/json"), "{head}");
    assert_eq!(told["faults"][0]["company"], house.company.as_str());
    assert_eq!((told["faults"][0]["state"].as_str(), told["test"].as_bool()), (Some("needs_you"), Some(false)));
    house.later(HOUR * 2);
    house.touch(&[Fact::LastContact]);
    house.look().await;
    assert!(nothing(&seen), "told already");
    let problem = house.engine.problems(&house.company).expect("listed")[0].id;
    house.engine.resolve(&house.company, problem, "retry", None, "test").expect("resolved");
    house.look().await;
    let told: Value = serde_json::from_slice(&next(&seen).1).expect("JSON");
    assert_eq!(told["over"][0]["state"], "needs_you");
    let view = house.engine.alerts().expect("alerts");
    assert_eq!((view.channels[0].id, view.channels[0].last_error.as_deref()), (id, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_is_told_by_e_mail_with_user_and_password() {
    let house = House::new();
    let (server, seen) = smtp();
    let mail = NewMail {
        server,
        sender: "Counterfoil <counterfoil@example.com>".to_owned(),
        user: "relay".to_owned(),
        password: Some("hunter2".to_owned().into()),
    };
    house.engine.set_mail(&mail).expect("set");
    house.add(AlertKind::Email, "ada@example.com".to_owned());
    house.engine.set_silence("4h").expect("set");
    house.later(HOUR * 5);
    house.look().await;
    let said = next(&seen);
    assert!(said.contains("AUTH PLAIN") && said.contains("RCPT TO:<ada@example.com>"), "{said}");
    assert!(
        said.contains("From: Counterfoil <counterfoil@example.com>") && said.contains("has not come by since"),
        "{said}"
    );
    assert_eq!(said.matches("DATA").count(), 1);
    house.look().await;
    assert!(nothing(&seen));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_fails_is_tried_again_and_says_nothing_secret() {
    let house = House::new();
    let (url, seen) = http("503 Service Unavailable");
    let id = house.add(AlertKind::Slack, url);
    house.report();
    house.look().await;
    let (_, body) = next(&seen);
    let told: Value = serde_json::from_slice(&body).expect("JSON");
    assert!(told["text"].as_str().expect("text").contains("Acme &lt;Tools&gt; &amp; Sons"), "{told}");
    let view = house.engine.alerts().expect("alerts");
    let error = view.channels[0].last_error.clone().expect("it failed");
    assert!(error.contains("503") && !error.contains("T0SECRET"), "{error}");
    house.look().await;
    assert!(nothing(&seen), "not so soon");
    house.later(Duration::from_secs(61));
    house.look().await;
    next(&seen);
    assert_eq!(house.engine.test_channel(id).await.expect("tried").as_deref(), Some(error.as_str()));
    let listed = serde_json::to_string(&house.engine.alerts().expect("alerts")).expect("JSON");
    assert!(!listed.contains("T0SECRET") && listed.contains("127.0.0.1"), "{listed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_heart_beats_until_the_connector_is_silent() {
    let house = House::new();
    let (url, seen) = http("200 OK");
    house.add(AlertKind::Heartbeat, url);
    house.engine.set_silence("1h").expect("set");
    house.look().await;
    assert!(next(&seen).0.starts_with("GET /hook/"));
    house.look().await;
    assert!(nothing(&seen), "five minutes are not over");
    house.later(Duration::from_secs(301));
    house.look().await;
    next(&seen);
    house.later(HOUR);
    house.look().await;
    assert!(nothing(&seen), "silence stops it");
    house.touch(&[Fact::LastContact]);
    house.look().await;
    next(&seen);
}

#[test]
fn secrets_of_channels_rest_sealed() {
    let house = House::new();
    house.add(AlertKind::Webhook, "https://hooks.example/T0SECRET".to_owned());
    let mail = NewMail {
        server: "smtps://mail.example.com".to_owned(),
        sender: "a@example.com".to_owned(),
        user: "relay".to_owned(),
        password: Some("hunter2-hunter2".to_owned().into()),
    };
    house.engine.set_mail(&mail).expect("set");
    for entry in std::fs::read_dir(house.folder.path()).expect("a folder") {
        let path = entry.expect("an entry").path();
        let bytes = if path.is_file() { std::fs::read(&path).expect("readable") } else { Vec::new() };
        for secret in ["T0SECRET", "hunter2-hunter2"] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} stands in {}", path.display());
        }
    }
    let same_again = NewMail { password: None, ..mail.clone() };
    house.engine.set_mail(&same_again).expect("set");
    assert!(house.engine.alerts().expect("alerts").mail.expect("a server").has_password, "it stays");
    let another = NewMail { server: "smtps://other.example.com".to_owned(), password: None, ..mail };
    house.engine.set_mail(&another).expect("set");
    let view = house.engine.alerts().expect("alerts").mail.expect("a server");
    assert!(!view.has_password, "a password never goes to another server than it was given for");
}
