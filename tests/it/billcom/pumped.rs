//! From a change in Bill.com to our reading of it, over HTTP on both sides: subscription, signature, delivery, waking.

use crate::harness::Seeded;
use counterfoil::billcom::SystemNow;
use counterfoil::engine::{Engine, EngineOptions, NewCompany, World};
use counterfoil::sim::billcom::{
    Delivery, Identity, KeyUsage, Organization, SharedOrganization, SignInKind, lock, serve as serve_organization,
};
use counterfoil::web::{WebOptions, serve};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// What our server is known as from outside; a proxy would take it to the port that it really listens on.
const OUTSIDE: &str = "https://books.example";

/// A server and an organisation, both behind real ports, and what carries notices from one to the other.
struct Town {
    engine: Engine,
    organization: SharedOrganization,
    company: String,
    /// Where our server really listens.
    inside: String,
    client: reqwest::Client,
    stop: watch::Sender<bool>,
    _folder: tempfile::TempDir,
}

impl Town {
    async fn new() -> Self {
        let identity = Identity {
            name: "Acme Tools".to_owned(),
            accounting_software: None,
            developer_key: "practice-developer-key".to_owned(),
        };
        let mut organization = Organization::new(identity, 1, chrono::Utc::now(), KeyUsage::shared());
        organization.allow("sync", "practice-sync-token", SignInKind::SyncToken);
        organization.person(chrono::Utc::now()).create_vendor("There before").expect("vendor");
        let organization: SharedOrganization = Arc::new(Mutex::new(organization));
        let port = TcpListener::bind("127.0.0.1:0").expect("port");
        let served = serve_organization(port, organization.clone(), Arc::new(SystemNow)).expect("served");
        let listener = TcpListener::bind("127.0.0.1:0").expect("port");
        let listen = listener.local_addr().expect("address");
        let folder = tempfile::tempdir().expect("folder");
        let options = EngineOptions {
            data: folder.path().to_owned(),
            public_url: Some(OUTSIDE.to_owned()),
            listen: Some(listen),
            ..EngineOptions::default()
        };
        let real = World::real();
        let world = World::of(real.clock.clone(), real.billcom.clone(), Arc::new(Mutex::new(Seeded(3))));
        let engine = Engine::open(options, world).expect("opens");
        let company = add(&engine, &organization, &served.base_url);
        let (stop, stopped) = watch::channel(false);
        let (site, options) = (engine.clone(), WebOptions { open_pages: true, ..WebOptions::new(stopped.clone()) });
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().expect("runtime");
            runtime.block_on(serve(site, listener, options)).expect("the web server ends well");
        });
        let running = engine.clone();
        tokio::spawn(async move { running.run(stopped).await });
        // Others in this process may have done so before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::new();
        Self { engine, organization, company, inside: format!("http://{listen}"), client, stop, _folder: folder }
    }

    /// One notice over HTTP; gives the status.
    async fn post(&self, delivery: &Delivery) -> u16 {
        let url = delivery.url.replacen(OUTSIDE, &self.inside, 1);
        assert!(url.starts_with(&self.inside), "{} is not ours", delivery.url);
        let request = self.client.post(url).header("x-bill-sha-signature", &delivery.signature);
        let request = request.header("content-type", "application/json").body(delivery.body.clone());
        request.send().await.expect("our server answers").status().as_u16()
    }

    /// Sends what leaves by now, as Bill.com does; gives each with the status it was answered with.
    async fn pump(&self) -> Vec<(Delivery, u16)> {
        let leaving = lock(&self.organization).deliveries(chrono::Utc::now());
        let mut sent = Vec::new();
        for delivery in leaving {
            let status = self.post(&delivery).await;
            lock(&self.organization).delivered(chrono::Utc::now(), &delivery, Some(status));
            sent.push((delivery, status));
        }
        sent
    }

    fn create_vendor(&self, name: &str) {
        lock(&self.organization).person(chrono::Utc::now()).create_vendor(name).expect("vendor");
    }

    fn lists(&self) -> usize {
        lock(&self.organization).calls_to("List/Vendor")
    }

    async fn known(&self) -> u64 {
        let (engine, company) = (self.engine.clone(), self.company.clone());
        let page =
            tokio::task::spawn_blocking(move || engine.company_page(&company).expect("page")).await.expect("joins");
        page.kinds.iter().map(|kind| kind.billcom).sum()
    }

    /// Waits until so many records of Bill.com are known.
    async fn wait_for(&self, records: u64) {
        let until = Instant::now() + Duration::from_secs(60);
        while self.known().await < records {
            assert!(Instant::now() < until, "{records} records are not known after a minute");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

fn add(engine: &Engine, organization: &SharedOrganization, base_url: &str) -> String {
    let new = NewCompany {
        name: "Practice".to_owned(),
        billcom_url: base_url.to_owned(),
        billcom_org: lock(organization).id().to_owned(),
        billcom_user: "sync".to_owned(),
        billcom_password: "practice-sync-token".into(),
        billcom_dev_key: "practice-developer-key".into(),
        // Nothing but a notice makes it read again while this test runs.
        settings: vec![
            ("start_date".to_owned(), "2020-01-01".to_owned()),
            ("poll_interval".to_owned(), "1h".to_owned()),
        ],
        start: true,
    };
    engine.add_company(&new).expect("the company is added").id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_is_read_when_its_notice_comes_and_forged_or_repeated_notices_change_nothing() {
    let town = Town::new().await;
    town.wait_for(1).await;
    town.engine.webhooks_create(&town.company, "test").await.expect("subscribed");

    town.create_vendor("Told of");
    let sent = town.pump().await;
    assert_eq!(sent.iter().map(|(_, status)| *status).collect::<Vec<_>>(), [200], "{sent:?}");
    town.wait_for(2).await;

    // Not a single call follows from a notice that came before, or that somebody else signed.
    tokio::time::sleep(Duration::from_secs(4)).await;
    let lists = town.lists();
    assert_eq!(town.post(&sent[0].0).await, 200, "a repeated notice is Bill.com's all the same");
    lock(&town.organization).webhooks.rules.forged_per_mille = 1_000;
    town.create_vendor("Told of by a stranger");
    let sent = town.pump().await;
    assert_eq!(sent.iter().map(|(_, status)| *status).collect::<Vec<_>>(), [401], "{sent:?}");
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!((town.lists(), town.known().await), (lists, 2));

    // The next genuine one brings what the forged one spoke of.
    lock(&town.organization).webhooks.rules.forged_per_mille = 0;
    town.create_vendor("Told of again");
    assert_eq!(town.pump().await.last().map(|(_, status)| *status), Some(200));
    town.wait_for(4).await;
    town.stop.send(true).expect("told to stop");
}
