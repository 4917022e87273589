//! Over real HTTP: eight connectors at once on eight companies, and bodies no connector would send.

use crate::conversation::bills;
use crate::harness::day;
use counterfoil::billcom::{BillCom, Budget, ConfigError, HttpClient, HttpConfig, SystemNow};
use counterfoil::engine::{Connect, Engine, EngineOptions, NewCompany, World};
use counterfoil::sim::billcom::{Identity, InProcess, KeyUsage, Organization, SharedOrganization, SignInKind, lock};
use counterfoil::sim::connector::{Connector, HttpTransport, SystemClock};
use counterfoil::sim::quickbooks::{self, CompanyFile};
use counterfoil::web::{WebOptions, serve};
use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const COMPANIES: usize = 8;
const BILLS: usize = 40;

/// Several organisations, found by their ids.
struct Registry(HashMap<String, SharedOrganization>);

impl Connect for Registry {
    fn connect(&self, config: HttpConfig) -> Result<Arc<dyn BillCom>, ConfigError> {
        let organization = self.0.get(&config.organization_id).ok_or(ConfigError::NotAUrl)?.clone();
        let wire = InProcess::new(organization, Arc::new(SystemNow));
        Ok(Arc::new(HttpClient::over(Box::new(wire), config, Arc::new(Budget::new()), Arc::new(SystemNow))?))
    }
}

fn organization(seed: u64) -> SharedOrganization {
    let identity = Identity {
        name: format!("Company {seed}"),
        accounting_software: None,
        developer_key: "developer-key".to_owned(),
    };
    let mut organization = Organization::new(identity, seed, chrono::Utc::now(), KeyUsage::shared());
    organization.allow("sync", "sync-token-value", SignInKind::SyncToken);
    bills(&mut organization, chrono::Utc::now(), 5, BILLS);
    Arc::new(Mutex::new(organization))
}

struct Desk {
    company: String,
    connector: Connector<HttpTransport>,
    books: Arc<Mutex<CompanyFile>>,
    organization: SharedOrganization,
}

fn desks(engine: &Engine, organizations: Vec<SharedOrganization>) -> Vec<Desk> {
    let mut desks = Vec::new();
    for (number, organization) in organizations.into_iter().enumerate() {
        let added = engine
            .add_company(&NewCompany {
                name: format!("Company {number}"),
                billcom_url: "http://127.0.0.1:9/api/v2".to_owned(),
                billcom_org: lock(&organization).id().to_owned(),
                billcom_user: "sync".to_owned(),
                billcom_password: "sync-token-value".into(),
                billcom_dev_key: "developer-key".into(),
                settings: vec![
                    ("start_date".to_owned(), "2020-01-01".to_owned()),
                    ("read_interval".to_owned(), "0s".to_owned()),
                    ("poll_interval".to_owned(), "1s".to_owned()),
                ],
                start: true,
            })
            .expect("added");
        let qwc = engine.qwc(&added.id, false, false).expect("qwc").xml;
        let transport = HttpTransport::new(&added.app_url, false).expect("url");
        let connector = Connector::new(&qwc, &added.password, transport).expect("connector");
        let books = Arc::new(Mutex::new(quickbooks::demo(u64::try_from(number).expect("small"), day(2026, 3, 2))));
        desks.push(Desk { company: added.id, connector, books, organization });
    }
    desks
}

#[test]
fn eight_connectors_at_once_lose_nothing() {
    let organizations: Vec<_> = (0..COMPANIES).map(|seed| organization(seed as u64 + 1)).collect();
    let by_id = organizations.iter().map(|organization| (lock(organization).id().to_owned(), organization.clone()));
    let registry = Arc::new(Registry(by_id.collect()));
    let folder = tempfile::tempdir().expect("folder");
    let listener = TcpListener::bind("127.0.0.1:0").expect("port");
    let listen = listener.local_addr().expect("address");
    let world = World::of(Arc::new(SystemNow), registry, Arc::new(Mutex::new(counterfoil::secrets::SystemRandom)));
    let options = EngineOptions {
        data: folder.path().to_owned(),
        public_url: None,
        listen: Some(listen),
        ..EngineOptions::default()
    };
    let engine = Engine::open(options, world).expect("opens");
    let desks = desks(&engine, organizations);
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().expect("runtime");
    let web = {
        let (engine, stopped) = (engine.clone(), stopped.clone());
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().expect("runtime");
            runtime.block_on(serve(engine, listener, WebOptions { open_pages: true, ..WebOptions::new(stopped) }))
        })
    };
    let running = engine.clone();
    let looping = runtime.spawn(async move { running.run(stopped).await });
    let tasks: Vec<_> = desks
        .into_iter()
        .map(|mut desk| {
            let engine = engine.clone();
            runtime.spawn(async move {
                let until = Instant::now() + Duration::from_secs(60);
                while Instant::now() < until {
                    desk.connector.run_update(&desk.books, &SystemClock).await;
                    let (engine, company) = (engine.clone(), desk.company.clone());
                    let status = tokio::task::spawn_blocking(move || engine.status(&company).expect("status"))
                        .await
                        .expect("joins");
                    if status.idle && status.links["bill"] == BILLS as u64 {
                        break;
                    }
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
                desk
            })
        })
        .collect();
    for task in tasks {
        let desk = runtime.block_on(task).expect("joins");
        assert!(desk.connector.violations.is_empty(), "{:?}", desk.connector.violations);
        let status = engine.status(&desk.company).expect("status");
        assert!(status.idle && status.problems.is_empty(), "{status:#?}");
        let books = desk.books.lock().expect("books");
        let ours =
            books.bills().into_iter().filter_map(|bill| bill.ref_number).filter(|n| n.starts_with("INV-")).count();
        assert_eq!(ours, BILLS, "{}", desk.company);
        assert_eq!(books.vendors().len(), lock(&desk.organization).vendors().len(), "{}", desk.company);
    }
    stop.send(true).expect("told to stop");
    runtime.block_on(looping).expect("the loops end");
    web.join().expect("the web thread ends").expect("the web server ends well");
}
