//! The worlds we do not own, as the engine sees them: the clock, the random source, Bill.com.

use crate::billcom::notices::NoticeClient;
use crate::billcom::{BillCom, Budget, ConfigError, HttpClient, HttpConfig, Now, SystemNow, Usage};
use crate::secrets::{Random, SystemRandom};
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

/// Everything outside this process.
#[derive(Clone)]
pub struct World {
    /// The time.
    pub clock: Arc<dyn Now>,
    /// Bill.com.
    pub billcom: Arc<dyn Connect>,
    random: Arc<Mutex<dyn Random + Send>>,
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
        Self { clock, billcom, random }
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
