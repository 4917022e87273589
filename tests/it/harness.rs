//! An office in one process: a QuickBooks file, a Web Connector, our engine on real SQLite, and a Bill.com organisation.
//!
//! Real SOAP bytes, real guard, real planner, real SQL; only the two outside worlds and the clock are simulated, and
//! nothing sleeps.

use chrono::{DateTime, Duration, NaiveDate, TimeZone, Utc};
use counterfoil::billcom::{
    BillCom, BoxFuture, Budget, ConfigError, Form, HttpClient, HttpConfig, Now, Wire, WireError, WireReply,
};
use counterfoil::engine::{Connect, Engine, EngineOptions, NewCompany, StatusView, World};
use counterfoil::secrets::Random;
use counterfoil::sim::billcom::{Identity, InProcess, KeyUsage, Organization, SharedOrganization, SignInKind, lock};
use counterfoil::sim::connector::{
    Clock, Connector, HttpAnswer, LocalTransport, TransportError, UpdateReport, run_together,
};
use counterfoil::sim::quickbooks::CompanyFile;
use std::sync::{Arc, Mutex};

/// The office's clock: stands still until somebody moves it.
#[derive(Clone)]
pub(crate) struct OfficeClock(Arc<Mutex<DateTime<Utc>>>);

impl OfficeClock {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(Utc.with_ymd_and_hms(2026, 3, 2, 9, 0, 0).single().expect("instant"))))
    }

    pub(crate) fn advance(&self, duration: Duration) {
        *self.0.lock().expect("clock") += duration;
    }
}

impl Now for OfficeClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().expect("clock")
    }

    fn sleep(&self, duration: std::time::Duration) -> BoxFuture<'_, ()> {
        self.advance(Duration::from_std(duration).expect("duration"));
        Box::pin(std::future::ready(()))
    }
}

impl Clock for OfficeClock {
    fn now(&self) -> DateTime<Utc> {
        Now::now(self)
    }

    async fn pause(&self, duration: std::time::Duration) {
        self.advance(Duration::from_std(duration).expect("duration"));
    }
}

/// Random bytes from a seed: the same in every run.
pub(crate) struct Seeded(pub(crate) u64);

impl Random for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = self.0.to_be_bytes()[0];
        }
    }
}

/// The calls that were made to Bill.com, path and data, oldest first; without who made them.
pub(crate) type Calls = Arc<Mutex<Vec<(String, String)>>>;

struct InOffice {
    organization: SharedOrganization,
    clock: OfficeClock,
    calls: Calls,
}

/// Notes what is asked of Bill.com.
struct Noting {
    wire: InProcess,
    calls: Calls,
}

impl Wire for Noting {
    fn post<'a>(&'a self, url: &'a reqwest::Url, form: &'a Form) -> BoxFuture<'a, Result<WireReply, WireError>> {
        let path = url.path().trim_start_matches("/api/v2/").trim_end_matches(".json");
        let data = form.fields().iter().find(|(name, _)| *name == "data").map(|(_, data)| data.clone());
        self.calls.lock().expect("calls").push((path.to_owned(), data.unwrap_or_default()));
        self.wire.post(url, form)
    }
}

impl Connect for InOffice {
    fn connect(&self, config: HttpConfig) -> Result<Arc<dyn BillCom>, ConfigError> {
        let wire = InProcess::new(self.organization.clone(), Arc::new(self.clock.clone()));
        let wire = Noting { wire, calls: self.calls.clone() };
        let client = HttpClient::over(Box::new(wire), config, Arc::new(Budget::new()), Arc::new(self.clock.clone()))?;
        Ok(Arc::new(client))
    }
}

/// What stands where the network would be.
pub(crate) type Service = Box<dyn Fn(&str, &str) -> Result<HttpAnswer, TransportError> + Send + Sync>;

/// A connector of the office.
pub(crate) type OfficeConnector = Connector<LocalTransport<Service>>;

/// Everything together.
pub(crate) struct Office {
    pub(crate) clock: OfficeClock,
    pub(crate) folder: tempfile::TempDir,
    backups: tempfile::TempDir,
    pub(crate) organization: SharedOrganization,
    pub(crate) books: Mutex<CompanyFile>,
    pub(crate) connector: OfficeConnector,
    pub(crate) company: String,
    pub(crate) calls: Calls,
    password: String,
    engine: Arc<Mutex<Engine>>,
    runtime: tokio::runtime::Runtime,
}

/// What an office begins with.
pub(crate) struct Setup {
    pub(crate) books: CompanyFile,
    pub(crate) fill: fn(&mut Organization, DateTime<Utc>),
    pub(crate) organization: Option<Organization>,
    pub(crate) settings: Vec<(&'static str, &'static str)>,
    pub(crate) start: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            books: CompanyFile::new("Acme Tools", 1),
            fill: |_, _| {},
            organization: None,
            settings: Vec::new(),
            start: true,
        }
    }
}

fn open(
    folder: &std::path::Path,
    organization: &SharedOrganization,
    clock: &OfficeClock,
    calls: &Calls,
    seed: u64,
) -> Engine {
    let billcom = InOffice { organization: organization.clone(), clock: clock.clone(), calls: calls.clone() };
    let world = World::of(Arc::new(clock.clone()), Arc::new(billcom), Arc::new(Mutex::new(Seeded(seed))));
    let options = EngineOptions { data: folder.to_owned(), ..EngineOptions::default() };
    Engine::open(options, world).expect("the data folder opens")
}

impl Office {
    pub(crate) fn new(setup: Setup) -> Self {
        let clock = OfficeClock::new();
        let folder = tempfile::tempdir().expect("folder");
        let now = Now::now(&clock);
        let identity = Identity {
            name: "Acme Tools".to_owned(),
            accounting_software: None,
            developer_key: "office-developer-key".to_owned(),
        };
        let mut organization = setup.organization.unwrap_or_else(|| {
            let mut organization = Organization::new(identity, 7, now, KeyUsage::shared());
            organization.allow("sync", "office-sync-token", SignInKind::SyncToken);
            organization
        });
        (setup.fill)(&mut organization, now);
        let (organization_id, developer_key) = (organization.id().to_owned(), organization.developer_key().to_owned());
        let organization: SharedOrganization = Arc::new(Mutex::new(organization));
        let calls = Calls::default();
        let engine = open(folder.path(), &organization, &clock, &calls, 1);
        let mut settings = vec![("start_date".to_owned(), "2020-01-01".to_owned())];
        settings.extend(setup.settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        let added = engine
            .add_company(&NewCompany {
                name: "Acme Tools".to_owned(),
                billcom_url: "http://127.0.0.1:9/api/v2".to_owned(),
                billcom_org: organization_id,
                billcom_user: "sync".to_owned(),
                billcom_password: "office-sync-token".into(),
                billcom_dev_key: developer_key.into(),
                settings,
                start: setup.start,
            })
            .expect("the company is added");
        let qwc = engine.qwc(&added.id, false, false).expect("qwc").xml;
        let engine = Arc::new(Mutex::new(engine));
        let connector = connector(&engine, &added.id, &qwc, &added.password);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
        Self {
            clock,
            folder,
            backups: tempfile::tempdir().expect("folder"),
            organization,
            books: Mutex::new(setup.books),
            connector,
            company: added.id,
            calls,
            password: added.password,
            engine,
            runtime,
        }
    }

    /// The same office once more, as if nothing had happened since: both books, our data folder, the time.
    pub(crate) fn copy(&self) -> Self {
        let clock = OfficeClock(Arc::new(Mutex::new(self.now())));
        let folder = tempfile::tempdir().expect("folder");
        copy_folder(self.folder.path(), folder.path());
        let organization: SharedOrganization = Arc::new(Mutex::new(self.organization().clone()));
        let calls = Calls::default();
        let engine = Arc::new(Mutex::new(open(folder.path(), &organization, &clock, &calls, 2)));
        let qwc = self.engine().qwc(&self.company, false, false).expect("qwc").xml;
        let connector = connector(&engine, &self.company, &qwc, &self.password);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
        Self {
            clock,
            folder,
            backups: tempfile::tempdir().expect("folder"),
            organization,
            books: Mutex::new(self.books.lock().expect("books").clone()),
            connector,
            company: self.company.clone(),
            calls,
            password: self.password.clone(),
            engine,
            runtime,
        }
    }

    pub(crate) fn engine(&self) -> Engine {
        self.engine.lock().expect("engine").clone()
    }

    /// The server process dies and another one starts on the same folder.
    pub(crate) fn restart(&mut self, seed: u64) {
        *self.engine.lock().expect("engine") =
            open(self.folder.path(), &self.organization, &self.clock, &self.calls, seed);
    }

    /// A backup beside the data folder.
    pub(crate) fn back_up(&self, name: &str) -> std::path::PathBuf {
        let file = self.backups.path().join(name);
        self.engine().backup(&file).expect("the backup is made");
        file
    }

    /// The server process dies, the backup is restored, and another server starts.
    pub(crate) fn restore(&mut self, file: &std::path::Path, seed: u64) {
        let elsewhere = tempfile::tempdir().expect("folder");
        // A process that is gone holds no files.
        *self.engine.lock().expect("engine") =
            open(elsewhere.path(), &self.organization, &self.clock, &self.calls, seed);
        counterfoil::engine::backup::restore(file, self.folder.path(), self.now()).expect("the backup is restored");
        self.restart(seed);
    }

    /// One more call of an update that is never finished.
    pub(crate) fn step_update(&mut self) -> bool {
        let mut update = self.connector.begin_update();
        self.clock.advance(Duration::seconds(61));
        for _ in 0..200 {
            if !self.runtime.block_on(self.connector.step(&mut update, &self.books, &self.clock)) {
                return false;
            }
            let intents = self.status().intents;
            if intents.get("sent").copied().unwrap_or(0) > 0 {
                return true;
            }
        }
        false
    }

    /// Another connector with the same file and password.
    pub(crate) fn second_connector(&self, password: &str) -> OfficeConnector {
        let qwc = self.engine().qwc(&self.company, false, false).expect("qwc").xml;
        connector(&self.engine, &self.company, &qwc, password)
    }

    /// One update of the Web Connector, with the server dying and starting again after the `after`-th call.
    pub(crate) fn update_with_restart(&mut self, after: usize) {
        self.clock.advance(Duration::seconds(61));
        let mut update = self.connector.begin_update();
        let mut calls = 0;
        loop {
            let goes_on = self.runtime.block_on(self.connector.step(&mut update, &self.books, &self.clock));
            calls += 1;
            if calls == after {
                self.restart(after as u64 + 100);
            }
            if !goes_on {
                return;
            }
        }
    }

    /// A new connector password, as after `company qwc --new-password`.
    pub(crate) fn new_password(&self) -> String {
        self.engine().qwc(&self.company, false, true).expect("qwc").password.expect("a new password")
    }

    /// Our connector and another one take turns, call by call.
    pub(crate) fn together(&mut self, other: &mut OfficeConnector) {
        self.clock.advance(Duration::seconds(61));
        self.runtime.block_on(run_together(&mut self.connector, other, &self.books, &self.clock));
    }

    /// What the clock on the wall of the office shows.
    pub(crate) fn wall_clock(&self) -> counterfoil::sim::quickbooks::Now {
        self.books.lock().expect("books").setup.zone.at(self.now())
    }

    /// One update of the Web Connector.
    pub(crate) fn update(&mut self) -> UpdateReport {
        self.clock.advance(Duration::seconds(61));
        self.runtime.block_on(self.connector.run_update(&self.books, &self.clock))
    }

    /// Bill.com is read and written until there is nothing to do for now.
    pub(crate) fn work(&self) {
        let engine = self.engine();
        for _ in 0..10_000 {
            self.clock.advance(Duration::seconds(2));
            let rest = self.runtime.block_on(engine.work_once(&self.company)).expect("company");
            if rest.is_some() {
                return;
            }
        }
        panic!("the work towards Bill.com does not come to an end");
    }

    /// Until nothing is left to do on either side; at most `rounds` updates.
    pub(crate) fn settle(&mut self, rounds: usize) -> StatusView {
        for _ in 0..rounds {
            self.clock.advance(Duration::minutes(5));
            self.work();
            let report = self.update();
            assert!(self.connector.violations.is_empty(), "{:?}", self.connector.violations);
            drop(report);
            self.clock.advance(Duration::minutes(5));
            self.work();
            if self.status().idle {
                return self.status();
            }
        }
        panic!("not idle after {rounds} updates: {:#?}\n{:#?}", self.status(), self.engine().plan(&self.company));
    }

    pub(crate) fn status(&self) -> StatusView {
        self.engine().status(&self.company).expect("status")
    }

    /// How many changes have been carried out so far.
    pub(crate) fn applied(&self) -> u64 {
        self.status().intents["applied"]
    }

    /// Both books agree, everything stands there once, and the ledger balances.
    pub(crate) fn assert_exactly_once(&self, bills: usize) {
        let books = self.books.lock().expect("books");
        let organization = self.organization();
        let twice = |names: Vec<String>, what: &str| {
            let mut sorted: Vec<_> = names.iter().map(|name| name.trim().to_lowercase()).collect();
            sorted.sort();
            let count = sorted.len();
            sorted.dedup();
            assert_eq!(sorted.len(), count, "{what} stand twice");
            sorted
        };
        let quickbooks = twice(
            books.vendors().into_iter().filter(|vendor| vendor.active).map(|vendor| vendor.name).collect(),
            "QuickBooks vendors",
        );
        let billcom = twice(
            organization.vendors().into_iter().filter(|vendor| vendor.active).map(|vendor| vendor.name).collect(),
            "Bill.com vendors",
        );
        assert_eq!(quickbooks, billcom, "the vendors differ");
        let active = books.accounts().into_iter().filter(|account| account.active).count();
        let billcom_active = organization.accounts().into_iter().filter(|account| account.active).count();
        assert_eq!(active, billcom_active, "the accounts differ");
        let numbers: Vec<_> =
            books.bills().into_iter().filter_map(|bill| bill.ref_number).filter(|n| n.starts_with("INV-")).collect();
        let unique = twice(numbers, "bills");
        assert_eq!(unique.len(), bills, "bills in QuickBooks");
        for bill in organization.bills() {
            let twin = books.bills().into_iter().find(|twin| twin.ref_number.as_deref() == Some(bill.number.as_str()));
            let twin = twin.unwrap_or_else(|| panic!("bill {} is not in QuickBooks", bill.number));
            assert_eq!(twin.total_cents, bill.cents, "bill {}", bill.number);
        }
        assert_eq!(books.trial_balance(), 0);
        assert!(organization.violations().is_empty(), "{:?}", organization.violations());
    }

    pub(crate) fn organization(&self) -> std::sync::MutexGuard<'_, Organization> {
        lock(&self.organization)
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        Now::now(&self.clock)
    }
}

/// Every request that a test has sent is kept for the schema check, where a folder for them is named.
impl Drop for Office {
    fn drop(&mut self) {
        let Ok(folder) = std::env::var("COUNTERFOIL_EMIT_REQUESTS") else { return };
        let folder = std::path::Path::new(&folder);
        std::fs::create_dir_all(folder).expect("the folder for requests");
        for request in &self.connector.requests {
            use std::hash::{DefaultHasher, Hash, Hasher};
            let mut hasher = DefaultHasher::new();
            request.hash(&mut hasher);
            std::fs::write(folder.join(format!("{:016x}.xml", hasher.finish())), request).expect("a request is kept");
        }
    }
}

fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).expect("folder");
    for entry in std::fs::read_dir(from).expect("folder") {
        let entry = entry.expect("entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("type").is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("copied");
        }
    }
}

fn connector(engine: &Arc<Mutex<Engine>>, company: &str, qwc: &str, password: &str) -> OfficeConnector {
    let (engine, company) = (engine.clone(), company.to_owned());
    let service: Service = Box::new(move |_action, body| {
        let engine = engine.lock().expect("engine").clone();
        Ok(answer(&engine, &company, body))
    });
    Connector::new(qwc, password, LocalTransport::new(service)).expect("the connector accepts our .qwc file")
}

/// What the SOAP endpoint does, without HTTP around it.
pub(crate) fn answer(engine: &Engine, company: &str, body: &str) -> HttpAnswer {
    match engine.soap(company, "127.0.0.1", body.as_bytes(), &qbwc::GuardLimits::default()) {
        Ok((reply, soap)) => HttpAnswer::xml(200, &String::from_utf8(qbwc::encode(&reply, soap)).expect("utf-8")),
        Err(error) => {
            let fault = qbwc::encode_fault(&error.fault(), qbwc::SoapVersion::V11);
            HttpAnswer::xml(500, &String::from_utf8(fault).expect("utf-8"))
        }
    }
}

pub(crate) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("date")
}
