//! The shell: it loads, asks the core, commits, and answers. All side effects live here.
//!
//! One [`Engine`] serves all companies of a data folder. Each company has its own file and its own [`Company`] handle;
//! what belongs to one company is serialised by its store. Two kinds of work happen to a company, independently:
//!
//! * the Web Connector calls ([`Engine::soap`]): one operation in, one reply out, one transaction each;
//! * a loop reads Bill.com, plans, and works off what is to be written there ([`Engine::run`]).
//!
//! A command line beside a running server opens the same files and does its work in the same transactions; the server
//! notices by looking, never by being told.
//!
//! **Invariant:** no byte of a write leaves before its attempt is committed, and nothing that may have been done is done
//! again before it has been looked up.

mod act;
mod alerts;
pub mod backup;
mod balances;
mod calendar;
mod check;
mod companies;
mod contact;
mod credentials;
mod effects;
mod error;
mod examine;
mod history;
mod intents;
mod introduce;
pub mod keys;
#[cfg(test)]
pub(crate) mod measure;
mod measures;
mod new_files;
mod obstacle;
mod people;
mod plan_page;
mod planning;
mod problem_groups;
mod pull;
mod push;
mod push_many;
mod records;
mod resolve;
mod reverse;
mod run;
mod serve;
mod setup;
mod show;
mod standing;
mod transcripts;
mod views;
mod webhooks;
mod world;

pub use crate::store::CommitCheck;
pub use crate::store::server::{Origin, Role};
pub use act::{NewCompany, QwcView, SupportView};
pub use alerts::{AlertKind, AlertsView, ChannelView, MailView, NewChannel, NewMail};
pub use effects::{ChangeView, EffectView, SendView};
pub use error::EngineError;
pub use examine::{AccessView, ExaminedFile};
pub use history::HistoryQuery;
pub use measures::{CompanyMeasures, Measures};
pub use new_files::NewFiles;
pub use people::{PersonView, TokenView, WebSessionView, check_name, person_refusal};
pub use plan_page::{PlanGroupView, PlanPageView, PlanStepsView};
pub use problem_groups::{GroupView, MemberView};
pub use records::{IntentView, RecordFieldView, RecordLine, RecordQuery, RecordView, RecordsView, WhereView};
pub use setup::{BillComFound, NewBillCom, Suggestions};
pub use transcripts::{ExchangeTextView, ExchangeView, TranscriptView};
pub use views::{
    ActionView, AddedView, AmountsView, BalanceView, CalendarView, CheckView, CompanyView, CompareCell, CompareColumn,
    CompareRow, CompareView, DayView, DifferenceView, EventView, ExpectedView, FieldView, ForecastDayView, KindView,
    LedgerLineView, LedgersView, LeftOutView, MovingView, PlanView, ProblemLine, ProblemView, ProgressView, RecordRef,
    SeriesView, SessionView, StateWord, StatusView, StepView, SummaryView, WaitingView,
};
pub use webhooks::{Heard, WebhookView};
pub use world::{Connect, Safeguard, World};

use crate::model::{CompanyId, IntentId};
use crate::secrets::Sealer;
use crate::store::server::ServerStore;
use chrono::{DateTime, Utc};
use companies::Company;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// Where an engine lives.
#[derive(Clone, Debug, Default)]
pub struct EngineOptions {
    /// The data folder.
    pub data: PathBuf,
    /// The URL under which the outside reaches the server; remembered when given.
    pub public_url: Option<String>,
    /// The address the server listens on; remembered when given.
    pub listen: Option<SocketAddr>,
    /// How many nightly backups [`Engine::run`] keeps; none are made without a number.
    pub backups_kept: Option<usize>,
}

/// Everything that serves all companies of a data folder. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    shared: Arc<Shared>,
}

struct Shared {
    options: EngineOptions,
    server: ServerStore,
    sealer: Sealer,
    world: World,
    companies: Mutex<HashMap<CompanyId, Arc<Company>>>,
    changed: watch::Sender<u64>,
    meters: measures::Meters,
    /// When a nightly backup was last tried.
    backup_tried: Mutex<Option<DateTime<Utc>>>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("data", &self.shared.options.data).finish_non_exhaustive()
    }
}

impl Engine {
    /// Opens, and if need be makes, a data folder.
    ///
    /// # Errors
    /// [`EngineError`] when the folder, its key or its server file cannot be used.
    pub fn open(options: EngineOptions, world: World) -> Result<Self, EngineError> {
        backup::check_interrupted(&options.data)?;
        std::fs::create_dir_all(options.data.join("companies")).map_err(EngineError::Folder)?;
        let server = ServerStore::open(&options.data.join("server.db"))?;
        let asker = if options.listen.is_some() { keys::Asker::Server } else { keys::Asker::Command };
        let sealer = keys::sealer_of(&options.data, &server, &world, asker)?;
        server.check_commits(world.disk())?;
        if let Some(url) = &options.public_url {
            server.set_public_url(url.trim_end_matches('/'))?;
        }
        if let Some(listen) = options.listen {
            server.set_listen(&listen.to_string())?;
        }
        let (changed, _) = watch::channel(0);
        let companies = Mutex::new(HashMap::new());
        let (meters, backup_tried) = (measures::Meters::default(), Mutex::default());
        Ok(Self {
            shared: Arc::new(Shared { options, server, sealer, world, companies, changed, meters, backup_tried }),
        })
    }

    /// Whether everything is in working order: the server file can be written.
    ///
    /// # Errors
    /// [`EngineError`] saying what is not.
    pub fn ready(&self) -> Result<(), EngineError> {
        self.shared.server.check_writable()?;
        Ok(())
    }

    /// Where everything lies.
    #[must_use]
    pub fn data_folder(&self) -> &Path {
        &self.shared.options.data
    }

    /// People, sessions, tokens, throttles.
    #[must_use]
    pub fn server(&self) -> &ServerStore {
        &self.shared.server
    }

    /// What seals and hashes.
    #[must_use]
    pub fn sealer(&self) -> &Sealer {
        &self.shared.sealer
    }

    /// Changes whenever something visible has changed.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.shared.changed.subscribe()
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.shared.world.clock.now()
    }

    fn touch(&self) {
        self.shared.changed.send_modify(|count| *count = count.wrapping_add(1));
    }

    fn new_intent_id(&self) -> IntentId {
        let mut random = [0_u8; 10];
        self.shared.world.random().fill(&mut random);
        let millis = u64::try_from(self.now().timestamp_millis()).unwrap_or(0);
        IntentId::new(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// The URL under which the outside reaches the server: the one given, or the address listened on.
    ///
    /// # Errors
    /// [`EngineError`] when the server file cannot be read.
    pub fn public_url(&self) -> Result<String, EngineError> {
        if let Some(url) = self.shared.server.public_url()? {
            return Ok(url);
        }
        let listen = self.shared.server.listen()?.and_then(|text| text.parse::<SocketAddr>().ok());
        let port = listen.map_or(8080, |address| address.port());
        Ok(format!("http://localhost:{port}"))
    }

    fn handles(&self) -> std::sync::MutexGuard<'_, HashMap<CompanyId, Arc<Company>>> {
        self.shared.companies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
