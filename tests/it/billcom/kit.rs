//! Companies without a Web Connector: our engine, a clock that tests move, and a line to Bill.com that they can listen in on.

use super::gateway::{Gateway, State};
use crate::harness::{OfficeClock, Seeded};
use chrono::{DateTime, Duration, Utc};
use counterfoil::billcom::notices::NoticeClient;
use counterfoil::billcom::{
    BillCom, BoxFuture, Budget, ConfigError, Form, HttpClient, HttpConfig, Now, Wire, WireError, WireReply,
};
use counterfoil::engine::{Connect, Engine, EngineOptions, NewCompany, ProblemView, World};
use counterfoil::sim::billcom::{
    Identity, InProcess, KeyUsage, Organization, SharedOrganization, SharedUsage, SignInKind, lock,
};
use reqwest::Url;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

pub(super) const TOKEN: &str = "practice-sync-token";

/// What a test answers in the place of the organisation, by the path of the call.
type Answers = Box<dyn Fn(&str) -> Option<String> + Send>;
type Instead = Arc<Mutex<Option<Answers>>>;

/// A line that keeps what was sent, and can be answered by a test.
struct Tapped {
    inner: InProcess,
    sent: Arc<Mutex<Vec<(String, String)>>>,
    instead: Instead,
}

impl Wire for Tapped {
    fn post<'a>(&'a self, url: &'a Url, form: &'a Form) -> BoxFuture<'a, Result<WireReply, WireError>> {
        let path = url.path().trim_start_matches("/api/v2/").to_owned();
        let data = form.fields().iter().find(|(name, _)| *name == "data").map(|(_, data)| data.clone());
        self.sent.lock().expect("sent").push((path.clone(), data.unwrap_or_default()));
        let answer = self.instead.lock().expect("instead").as_ref().and_then(|answer| answer(&path));
        match answer {
            Some(answer) => Box::pin(std::future::ready(Ok(WireReply { status: 200, body: answer.into_bytes() }))),
            None => self.inner.post(url, form),
        }
    }
}

struct Exchange {
    organizations: HashMap<String, SharedOrganization>,
    clock: OfficeClock,
    budget: Arc<Budget>,
    sent: Arc<Mutex<Vec<(String, String)>>>,
    instead: Instead,
    gateway: Gateway,
}

impl Connect for Exchange {
    fn connect(&self, config: HttpConfig) -> Result<Arc<dyn BillCom>, ConfigError> {
        let organization = self.organizations.get(&config.organization_id).ok_or(ConfigError::NotAUrl)?.clone();
        let inner = InProcess::new(organization, Arc::new(self.clock.clone()));
        let wire = Tapped { inner, sent: self.sent.clone(), instead: self.instead.clone() };
        let clock = Arc::new(self.clock.clone());
        Ok(Arc::new(HttpClient::over(Box::new(wire), config, self.budget.clone(), clock)?))
    }

    fn notices(&self, config: HttpConfig) -> Result<Arc<NoticeClient>, ConfigError> {
        let (wire, clock) = (Box::new(self.gateway.clone()), Arc::new(self.clock.clone()));
        Ok(Arc::new(NoticeClient::over(wire, config, self.budget.clone(), clock)?))
    }
}

/// A server with some companies that share a developer key.
pub(super) struct Desk {
    pub(super) clock: OfficeClock,
    pub(super) engine: Engine,
    pub(super) organizations: Vec<SharedOrganization>,
    pub(super) usage: SharedUsage,
    pub(super) companies: Vec<String>,
    pub(super) sent: Arc<Mutex<Vec<(String, String)>>>,
    pub(super) folder: tempfile::TempDir,
    instead: Instead,
    budget: Arc<Budget>,
    gateway: Gateway,
}

impl Desk {
    /// One company.
    pub(super) fn new() -> Self {
        Self::with(1, None)
    }

    pub(super) fn with(companies: u64, software: Option<&str>) -> Self {
        let clock = OfficeClock::new();
        let usage = KeyUsage::shared();
        let organizations: Vec<_> =
            (0..companies).map(|number| organization(number + 1, software, Now::now(&clock), &usage)).collect();
        let folder = tempfile::tempdir().expect("folder");
        let instead = Instead::default();
        let (sent, budget, gateway) = (Arc::default(), Arc::new(Budget::seeded(1)), Gateway::default());
        let exchange = exchange(&organizations, &clock, &budget, &sent, &instead, &gateway);
        let engine = open(&folder, exchange, &clock);
        let companies = organizations.iter().map(|organization| add(&engine, organization)).collect();
        Self { clock, engine, organizations, usage, companies, sent, folder, instead, budget, gateway }
    }

    /// The process ends and begins again on the same folder.
    pub(super) fn restart(&mut self) {
        let (organizations, clock) = (&self.organizations, &self.clock);
        let exchange = exchange(organizations, clock, &self.budget, &self.sent, &self.instead, &self.gateway);
        self.engine = open(&self.folder, exchange, clock);
    }

    pub(super) fn company(&self) -> &str {
        &self.companies[0]
    }

    pub(super) fn organization(&self) -> std::sync::MutexGuard<'_, Organization> {
        lock(&self.organizations[0])
    }

    pub(super) fn gateway(&self) -> std::sync::MutexGuard<'_, State> {
        self.gateway.state()
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        Now::now(&self.clock)
    }

    /// From now on some calls are answered by the test.
    pub(super) fn answer_instead(&self, answer: impl Fn(&str) -> Option<String> + Send + 'static) {
        *self.instead.lock().expect("instead") = Some(Box::new(answer));
    }

    /// The organisation answers for itself again.
    pub(super) fn answer_itself(&self) {
        *self.instead.lock().expect("instead") = None;
    }

    /// The work towards Bill.com until there is a rest; gives its length.
    pub(super) fn work(&self) -> std::time::Duration {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
        for _ in 0..1_000 {
            if let Some(rest) = runtime.block_on(self.engine.work_once(self.company())).expect("company") {
                return rest;
            }
        }
        panic!("the work does not come to an end");
    }

    /// Time passes, then there is work.
    pub(super) fn later(&self, minutes: i64) {
        self.clock.advance(Duration::minutes(minutes));
        self.work();
    }

    pub(super) fn problems(&self) -> Vec<ProblemView> {
        let status = self.engine.status(self.company()).expect("status");
        status.problems.iter().map(|line| self.engine.problem(self.company(), line.id).expect("problem")).collect()
    }

    /// What was sent since the last look: path and data of each call.
    pub(super) fn taken(&self) -> Vec<(String, String)> {
        std::mem::take(&mut *self.sent.lock().expect("sent"))
    }
}

fn organization(seed: u64, software: Option<&str>, now: DateTime<Utc>, usage: &SharedUsage) -> SharedOrganization {
    let identity = Identity {
        name: format!("Company {seed}"),
        accounting_software: software.map(str::to_owned),
        developer_key: "practice-developer-key".to_owned(),
    };
    let mut organization = Organization::new(identity, seed, now, usage.clone());
    organization.allow("sync", TOKEN, SignInKind::SyncToken);
    Arc::new(Mutex::new(organization))
}

fn exchange(
    organizations: &[SharedOrganization],
    clock: &OfficeClock,
    budget: &Arc<Budget>,
    sent: &Arc<Mutex<Vec<(String, String)>>>,
    instead: &Instead,
    gateway: &Gateway,
) -> Exchange {
    let by_id = organizations.iter().map(|organization| (lock(organization).id().to_owned(), organization.clone()));
    Exchange {
        organizations: by_id.collect(),
        clock: clock.clone(),
        budget: budget.clone(),
        sent: sent.clone(),
        instead: instead.clone(),
        gateway: gateway.clone(),
    }
}

fn open(folder: &tempfile::TempDir, exchange: Exchange, clock: &OfficeClock) -> Engine {
    let world = World::of(Arc::new(clock.clone()), Arc::new(exchange), Arc::new(Mutex::new(Seeded(3))));
    let options = EngineOptions { data: folder.path().to_owned(), ..EngineOptions::default() };
    Engine::open(options, world).expect("the data folder opens")
}

fn add(engine: &Engine, organization: &SharedOrganization) -> String {
    let new = NewCompany {
        name: "Practice".to_owned(),
        billcom_url: "http://127.0.0.1:9/api/v2".to_owned(),
        billcom_org: lock(organization).id().to_owned(),
        billcom_user: "sync".to_owned(),
        billcom_password: TOKEN.into(),
        billcom_dev_key: "practice-developer-key".into(),
        settings: vec![("start_date".to_owned(), "2020-01-01".to_owned())],
        start: true,
    };
    engine.add_company(&new).expect("the company is added").id
}
