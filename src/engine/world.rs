//! The worlds we do not own, as the engine sees them: the clock, the random source, Bill.com.

use crate::billcom::notices::NoticeClient;
use crate::billcom::{BillCom, Budget, ConfigError, HttpClient, HttpConfig, Now, SystemNow, Usage};
use crate::secrets::{Random, SystemRandom};
use crate::store::CommitCheck;
use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Makes the client of an organisation.
pub trait Connect: Send + Sync {
    /// A client for these credentials.
    ///
    /// # Errors
    /// [`ConfigError`] when no call could be made with them.
    fn connect(&self, config: HttpConfig) -> Result<Arc<dyn BillCom>, ConfigError>;

    /// How much of Bill.com's limits is used. A world that does not count says nothing.
    fn usage(&self, _now: DateTime<Utc>) -> Usage {
        Usage::default()
    }

    /// The client that looks after notices. A world without them has none.
    ///
    /// # Errors
    /// [`ConfigError`] when no call could be made with these credentials.
    fn notices(&self, _config: HttpConfig) -> Result<Arc<NoticeClient>, ConfigError> {
        Err(ConfigError::NoNotices)
    }
}

/// What keeps the books from being written twice, lost or overwritten, one by one. A simulation leaves one out to see that its
/// checks notice; nothing else can: no setting, flag or stored row leads here, and [`World::real`] leaves none out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safeguard {
    /// What may have been done is looked up before it is sent again.
    Recovery,
    /// What both sides last agreed on tells a change from the echo of our own.
    EchoSuppression,
    /// A record that stands on the other side already is linked, not made.
    Adoption,
    /// Another company file than the one connected is left alone.
    IdentityCheck,
    /// Readings reach back before the newest stamp seen.
    Overlap,
}

impl Safeguard {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Recovery, Self::EchoSuppression, Self::Adoption, Self::IdentityCheck, Self::Overlap];

    /// Its name.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Recovery => "recovery",
            Self::EchoSuppression => "echo-suppression",
            Self::Adoption => "adoption",
            Self::IdentityCheck => "identity-check",
            Self::Overlap => "overlap",
        }
    }
}

/// Everything outside this process.
#[derive(Clone)]
pub struct World {
    /// The time.
    pub clock: Arc<dyn Now>,
    /// Bill.com.
    pub billcom: Arc<dyn Connect>,
    random: Arc<Mutex<dyn Random + Send>>,
    disk: Option<CommitCheck>,
    left_out: Option<Safeguard>,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("World")
    }
}

impl World {
    /// The real one: system clock, operating system's randomness, HTTP.
    #[must_use]
    pub fn real() -> Self {
        let clock = Arc::new(SystemNow);
        let random = Arc::new(Mutex::new(SystemRandom));
        let billcom = Arc::new(Http { clock: clock.clone(), random: random.clone(), budgets: Mutex::default() });
        Self::of(clock, billcom, random)
    }

    /// A world made of parts.
    #[must_use]
    pub fn of(clock: Arc<dyn Now>, billcom: Arc<dyn Connect>, random: Arc<Mutex<dyn Random + Send>>) -> Self {
        Self { clock, billcom, random, disk: None, left_out: None }
    }

    /// The same world with a disk of its own: it is asked before every commit.
    #[must_use]
    pub fn on_disk(self, disk: CommitCheck) -> Self {
        Self { disk: Some(disk), ..self }
    }

    /// The same world for an engine that lacks a safeguard.
    #[must_use]
    pub fn leaving_out(self, safeguard: Option<Safeguard>) -> Self {
        Self { left_out: safeguard, ..self }
    }

    /// The disk, when it is not simply the one of this machine.
    pub(super) fn disk(&self) -> Option<CommitCheck> {
        self.disk.clone()
    }

    /// Whether a safeguard is in force. It always is outside a simulation.
    pub(super) fn has(&self, safeguard: Safeguard) -> bool {
        self.left_out != Some(safeguard)
    }

    /// The random source.
    pub(super) fn random(&self) -> MutexGuard<'_, dyn Random + Send + 'static> {
        self.random.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Bill.com over the network. Clients with the same developer key share its hourly budget.
struct Http {
    clock: Arc<SystemNow>,
    random: Arc<Mutex<SystemRandom>>,
    budgets: Mutex<HashMap<[u8; 32], Arc<Budget>>>,
}

impl Http {
    /// The budget that belongs to a developer key.
    fn budget(&self, config: &HttpConfig) -> Arc<Budget> {
        let key: [u8; 32] = Sha256::digest(config.developer_key.expose_secret().as_bytes()).into();
        let mut budgets = self.budgets.lock().unwrap_or_else(PoisonError::into_inner);
        let budget = budgets.entry(key).or_insert_with(|| {
            let mut seed = [0; 8];
            self.random.lock().unwrap_or_else(PoisonError::into_inner).fill(&mut seed);
            Arc::new(Budget::seeded(u64::from_be_bytes(seed)))
        });
        budget.clone()
    }
}

impl Connect for Http {
    fn connect(&self, config: HttpConfig) -> Result<Arc<dyn BillCom>, ConfigError> {
        let budget = self.budget(&config);
        Ok(Arc::new(HttpClient::new(config, budget, self.clock.clone())?))
    }

    fn usage(&self, now: DateTime<Utc>) -> Usage {
        let mut usage = Usage::default();
        for budget in self.budgets.lock().unwrap_or_else(PoisonError::into_inner).values() {
            usage.add(&budget.usage(now));
        }
        usage
    }

    fn notices(&self, config: HttpConfig) -> Result<Arc<NoticeClient>, ConfigError> {
        let budget = self.budget(&config);
        Ok(Arc::new(NoticeClient::new(config, budget, self.clock.clone())?))
    }
}
