//! The machines of a world: a company file with a Web Connector, the server on a real data folder, and Bill.com.
//!
//! Nothing of the server is replaced. SOAP bytes go through the guard and the decoder, the client of Bill.com maps every
//! answer and error as over HTTP, and SQLite writes files. Only the line to Bill.com, the clocks, the random source and the
//! disk's obedience are the world's.

use super::clock::{Clocks, OfficeClock, ServerClock, TrueClock};
use super::effects::Effects;
use super::transcript::Transcript;
use crate::billcom::{
    BillCom, BoxFuture, Budget, ConfigError, Form, HttpClient, HttpConfig, Wire, WireError, WireReply,
};
use crate::engine::{
    AddedView, Connect, Engine, EngineError, EngineOptions, NewCompany, NewFiles, Safeguard, World as Outside,
};
use crate::secrets::Random as RandomSource;
use crate::sim::billcom::random::Random;
use crate::sim::billcom::{InProcess, Organization, SharedOrganization, lock};
use crate::sim::connector::{Connector, HttpAnswer, LocalTransport, TransportError};
use crate::sim::quickbooks::CompanyFile;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

/// A value that the parts of a world share. A world runs in one thread; the lock is never waited for.
pub(super) type Shared<T> = Arc<Mutex<T>>;

/// Takes a shared value.
pub(super) fn open<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What stands where the network would be.
type Service = Box<dyn Fn(&str, &str) -> Result<HttpAnswer, TransportError> + Send + Sync>;

/// A Web Connector of a world.
pub(super) type OfficeConnector = Connector<LocalTransport<Service>>;

/// What somebody does in Bill.com between two calls of ours.
pub(super) type Between = Box<dyn FnOnce(&mut Organization, DateTime<Utc>) + Send>;

/// What is planned between calls, each with how many calls come first.
pub(super) type Betweens = Shared<Vec<(usize, Between)>>;

/// Somebody in QuickBooks who acts between the moment a message set left and the moment it is run, knowing what it is.
pub(super) type Onlooker = Shared<Option<Box<dyn FnMut(&str) + Send>>>;

/// Where data folders lie when the machine has a disk of memory: a simulated crash needs no real one.
const MEMORY_DISK: &str = "/dev/shm";

/// The name, secret and key with which the server signs in to Bill.com.
pub(super) const TOKEN: (&str, &str) = ("sync", "world-sync-token");
/// The developer key of the world's organisation.
pub(super) const DEVELOPER_KEY: &str = "world-developer-key";

/// A line to Bill.com that dies with the server's process.
struct Line {
    inner: InProcess,
    organization: SharedOrganization,
    clocks: Arc<Clocks>,
    effects: Arc<Effects>,
    transcript: Shared<Transcript>,
    betweens: Betweens,
}

impl Line {
    /// What people do before this call.
    fn let_people_act(&self) {
        let mut due = Vec::new();
        open(&self.betweens).retain_mut(|(calls, _)| {
            *calls = calls.saturating_sub(1);
            true
        });
        let mut planned = open(&self.betweens);
        while let Some(at) = planned.iter().position(|(calls, _)| *calls == 0) {
            due.push(planned.remove(at).1);
        }
        drop(planned);
        for act in due {
            act(&mut lock(&self.organization), self.clocks.now());
        }
    }
}

impl Wire for Line {
    fn post<'a>(&'a self, url: &'a reqwest::Url, form: &'a Form) -> BoxFuture<'a, Result<WireReply, WireError>> {
        Box::pin(async move {
            if !self.effects.happens() {
                return Err(WireError::Connect("the process has died".into()));
            }
            self.let_people_act();
            let answer = self.inner.post(url, form).await;
            let mut transcript = open(&self.transcript);
            transcript.pass(url.path().as_bytes());
            if let Ok(reply) = &answer {
                transcript.pass(&reply.body);
            }
            if self.effects.happens() { answer } else { Err(WireError::Sent("the process has died".into())) }
        })
    }
}

struct InWorld {
    organization: SharedOrganization,
    clocks: Arc<Clocks>,
    effects: Arc<Effects>,
    transcript: Shared<Transcript>,
    betweens: Betweens,
}

impl Connect for InWorld {
    fn connect(&self, config: HttpConfig) -> Result<Arc<dyn BillCom>, ConfigError> {
        let line = Line {
            inner: InProcess::new(self.organization.clone(), Arc::new(TrueClock(self.clocks.clone()))),
            organization: self.organization.clone(),
            clocks: self.clocks.clone(),
            effects: self.effects.clone(),
            transcript: self.transcript.clone(),
            betweens: self.betweens.clone(),
        };
        let clock = Arc::new(ServerClock(self.clocks.clone()));
        Ok(Arc::new(HttpClient::over(Box::new(line), config, Arc::new(Budget::new()), clock)?))
    }
}

/// Random bytes from a seed.
struct Seeded(Random);

impl RandomSource for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let drawn = self.0.next().to_be_bytes();
            chunk.copy_from_slice(&drawn[..chunk.len()]);
        }
    }
}

/// See the module.
pub(super) struct Office {
    pub(super) clocks: Arc<Clocks>,
    pub(super) effects: Arc<Effects>,
    pub(super) transcript: Shared<Transcript>,
    pub(super) betweens: Betweens,
    pub(super) organization: SharedOrganization,
    pub(super) books: Shared<CompanyFile>,
    pub(super) onlooker: Onlooker,
    pub(super) connector: OfficeConnector,
    /// How often QuickBooks' answers bore a status.
    pub(super) statuses: Shared<BTreeMap<u16, u64>>,
    pub(super) company: String,
    engine: Shared<Option<Engine>>,
    desk: Desk,
    folder: tempfile::TempDir,
    runtime: tokio::runtime::Runtime,
    seed: u64,
    starts: u64,
    left_out: Option<Safeguard>,
}

/// What an office is made of.
pub(super) struct Parts {
    pub(super) seed: u64,
    pub(super) clocks: Arc<Clocks>,
    pub(super) organization: Organization,
    pub(super) books: CompanyFile,
    pub(super) keeps_lines: bool,
    pub(super) left_out: Option<Safeguard>,
    pub(super) settings: Vec<(String, String)>,
}

impl Office {
    /// Sets everything up: the company is added, not started, and the Web Connector has its file.
    pub(super) fn new(parts: Parts) -> Self {
        let folder = data_folder();
        let (organization_id, developer_key) =
            (parts.organization.id().to_owned(), parts.organization.developer_key().to_owned());
        let organization: SharedOrganization = Arc::new(Mutex::new(parts.organization));
        let effects = Arc::new(Effects::new());
        let transcript = Arc::new(Mutex::new(Transcript::new(parts.keeps_lines)));
        let betweens = Betweens::default();
        let world = InWorld {
            organization: organization.clone(),
            clocks: parts.clocks.clone(),
            effects: effects.clone(),
            transcript: transcript.clone(),
            betweens: betweens.clone(),
        };
        NEW_FILES.lay_out(folder.path(), COMPANY).expect(OPENS);
        let engine = start(folder.path(), world, parts.seed, parts.left_out).expect(OPENS);
        let added = add(&engine, organization_id, developer_key, parts.settings).expect(OPENS);
        let qwc = engine.qwc(&added.id, false, false).expect(OPENS).xml;
        let engine = Arc::new(Mutex::new(Some(engine)));
        let statuses = Shared::<BTreeMap<u16, u64>>::default();
        let onlooker = Onlooker::default();
        let desk = Desk { engine, company: added.id.clone(), effects, transcript, statuses, onlooker };
        let service = desk.clone().service();
        let connector = Connector::new(&qwc, &added.password, LocalTransport::new(service))
            .expect("invariant: the Web Connector takes our own file");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("invariant: no threads are needed");
        Self {
            clocks: parts.clocks,
            effects: desk.effects.clone(),
            transcript: desk.transcript.clone(),
            betweens,
            organization,
            books: Arc::new(Mutex::new(parts.books)),
            onlooker: desk.onlooker.clone(),
            connector,
            statuses: desk.statuses.clone(),
            company: added.id,
            engine: desk.engine.clone(),
            desk,
            folder,
            runtime,
            seed: parts.seed,
            starts: 0,
            left_out: parts.left_out,
        }
    }

    /// A Web Connector on another machine, with the same file and password.
    pub(super) fn second_connector(&self, password: &str) -> OfficeConnector {
        let qwc = self.engine().qwc(&self.company, false, false).expect(OPENS).xml;
        Connector::new(&qwc, password, LocalTransport::new(self.desk.clone().service()))
            .expect("invariant: the same file as before")
    }

    pub(super) fn engine(&self) -> Engine {
        open(&self.engine).clone().expect("invariant: a server runs between two starts")
    }

    /// The server's process ends, however it was, and another one begins on the same files.
    pub(super) fn restart(&mut self) {
        *open(&self.engine) = None;
        self.effects.revive();
        self.starts += 1;
        let world = InWorld {
            organization: self.organization.clone(),
            clocks: self.clocks.clone(),
            effects: self.effects.clone(),
            transcript: self.transcript.clone(),
            betweens: self.betweens.clone(),
        };
        let seed = self.seed ^ self.starts.wrapping_mul(0x9E37_79B9);
        let engine = start(self.folder.path(), world, seed, self.left_out).expect(OPENS);
        *open(&self.engine) = Some(engine);
    }

    /// One round towards Bill.com; how long it can wait then.
    pub(super) fn round(&self) -> Result<Option<std::time::Duration>, EngineError> {
        let engine = self.engine();
        self.runtime.block_on(engine.work_once(&self.company))
    }

    /// One step of an update of the Web Connector; whether there is another.
    pub(super) fn step(&mut self, update: &mut crate::sim::connector::Update) -> bool {
        let clock = OfficeClock(self.clocks.clone());
        self.runtime.block_on(self.connector.step(update, &self.books, &clock))
    }

    pub(super) fn organization(&self) -> MutexGuard<'_, Organization> {
        lock(&self.organization)
    }

    pub(super) fn books(&self) -> MutexGuard<'_, CompanyFile> {
        open(&self.books)
    }

    /// What the wall clock beside QuickBooks shows.
    pub(super) fn wall_clock(&self) -> crate::sim::quickbooks::Now {
        self.books().setup.zone.at(self.clocks.on_quickbooks())
    }

    pub(super) fn tell(&self, who: &str, what: &str) {
        open(&self.transcript).tell(self.clocks.now(), who, what);
    }
}

const OPENS: &str = "invariant: a data folder of a world's own can be used";

fn data_folder() -> tempfile::TempDir {
    let memory = Path::new(MEMORY_DISK);
    let prefix = "counterfoil-world-";
    let made = tempfile::Builder::new().prefix(prefix).tempdir_in(memory);
    made.or_else(|_| tempfile::Builder::new().prefix(prefix).tempdir()).expect(OPENS)
}

/// Every world begins with copies of the same files.
static NEW_FILES: LazyLock<NewFiles> = LazyLock::new(|| NewFiles::make(data_folder().path()).expect(OPENS));

/// What the company is called, in whose folder everything lies.
const COMPANY: &str = "Acme Tools";

fn start(folder: &Path, world: InWorld, seed: u64, left_out: Option<Safeguard>) -> Result<Engine, EngineError> {
    let random = Arc::new(Mutex::new(Seeded(Random::new(seed ^ 0xB17E5))));
    let (clock, effects) = (Arc::new(ServerClock(world.clocks.clone())), world.effects.clone());
    let outside =
        Outside::of(clock, Arc::new(world), random).on_disk(Arc::new(move || effects.commits())).leaving_out(left_out);
    Engine::open(EngineOptions { data: folder.to_owned(), ..EngineOptions::default() }, outside)
}

fn add(
    engine: &Engine,
    organization_id: String,
    developer_key: String,
    settings: Vec<(String, String)>,
) -> Result<AddedView, EngineError> {
    engine.add_company(&NewCompany {
        name: COMPANY.to_owned(),
        billcom_url: "http://127.0.0.1:9/api/v2".to_owned(),
        billcom_org: organization_id,
        billcom_user: TOKEN.0.to_owned(),
        billcom_password: TOKEN.1.into(),
        billcom_dev_key: developer_key.into(),
        settings,
        start: false,
    })
}

/// What the SOAP endpoint does, without HTTP around it, as long as the process lives.
#[derive(Clone)]
struct Desk {
    engine: Shared<Option<Engine>>,
    company: String,
    effects: Arc<Effects>,
    transcript: Shared<Transcript>,
    statuses: Shared<BTreeMap<u16, u64>>,
    onlooker: Onlooker,
}

impl Desk {
    fn service(self) -> Service {
        Box::new(move |_action, body| self.answer(body))
    }

    fn answer(&self, body: &str) -> Result<HttpAnswer, TransportError> {
        let died = || TransportError::Closed("the process has died".to_owned());
        if !self.effects.happens() {
            return Err(died());
        }
        count_statuses(body, &mut open(&self.statuses));
        let engine = open(&self.engine).clone().ok_or_else(died)?;
        let answer = match engine.soap(&self.company, "127.0.0.1", body.as_bytes(), &qbwc::GuardLimits::default()) {
            Ok((reply, soap)) => {
                if let (qbwc::Reply::SendRequestXml(xml), Some(onlooker)) = (&reply, open(&self.onlooker).as_mut()) {
                    onlooker(xml);
                }
                HttpAnswer::xml(200, &String::from_utf8_lossy(&qbwc::encode(&reply, soap)))
            }
            Err(error) => {
                let fault = qbwc::encode_fault(&error.fault(), qbwc::SoapVersion::V11);
                HttpAnswer::xml(500, &String::from_utf8_lossy(&fault))
            }
        };
        let mut transcript = open(&self.transcript);
        transcript.pass(body.as_bytes());
        transcript.pass(&answer.body);
        if self.effects.happens() { Ok(answer) } else { Err(died()) }
    }
}

/// Counts the status codes in what the Web Connector delivers, past any parser.
fn count_statuses(body: &str, statuses: &mut BTreeMap<u16, u64>) {
    for name in ["statusCode=&quot;", "statusCode=\"", "messageSetStatusCode=&quot;", "messageSetStatusCode=\""] {
        for (at, found) in body.match_indices(name) {
            let digits: String = body[at + found.len()..].chars().take_while(char::is_ascii_digit).collect();
            if let Ok(code) = digits.parse() {
                *statuses.entry(code).or_default() += 1;
            }
        }
    }
}
