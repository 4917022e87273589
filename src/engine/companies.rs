//! Handles of companies.

use super::standing::Facts;
use super::{Engine, EngineError};
use crate::billcom::{BillCom, CredentialKind};
use crate::limits::OPEN_COMPANIES_MAX;
use crate::model::CompanyId;
use crate::store::CompanyStore;
use crate::store::server::CompanyRow;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

/// What pages are made of, and the mark of the file under which it was read.
pub(super) type KnownFacts = ((u64, i64), Arc<Facts>);

/// One company at hand.
pub(super) struct Company {
    pub(super) id: CompanyId,
    pub(super) store: CompanyStore,
    /// Wakes its loop: there may be something to read or write in Bill.com.
    pub(super) wake: Notify,
    /// When the Web Connector was last here, in ms; written to the file by the loop, so that an idle poll writes nothing.
    pub(super) contact: AtomicI64,
    /// Rounds towards Bill.com that broke off in a row: the more, the longer the pause.
    pub(super) failures: AtomicU32,
    /// When the organisation was last looked at, in ms; 0 before that.
    pub(super) introduced: AtomicI64,
    /// When it was last looked whether Bill.com sends notices, in ms.
    pub(super) notices_looked_at: AtomicI64,
    /// Bill.com said that something changed.
    pub(super) hinted: AtomicBool,
    /// What its pages are made of, once it was looked up.
    pub(super) facts: Mutex<Option<KnownFacts>>,
    client: Mutex<Option<(CompanyRow, Arc<dyn BillCom>)>>,
    /// Reading Bill.com and writing there happen one after the other.
    pub(super) turn: tokio::sync::Mutex<()>,
}

impl Company {
    pub(super) fn note_contact(&self, ms: i64) {
        self.contact.fetch_max(ms, Ordering::Relaxed);
    }

    /// Something changed in Bill.com: its loop reads as soon as it may.
    pub(super) fn hint(&self) {
        self.hinted.store(true, Ordering::Relaxed);
        self.wake.notify_one();
    }

    /// Begins afresh with Bill.com: a new session, without pauses, and another look at the organisation.
    pub(super) fn begin_afresh(&self) {
        *self.client.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.failures.store(0, Ordering::Relaxed);
        self.introduced.store(0, Ordering::Relaxed);
        self.notices_looked_at.store(0, Ordering::Relaxed);
    }
}

impl Engine {
    /// The row of a company, or an error that says there is none.
    pub(super) fn row(&self, company: &str) -> Result<CompanyRow, EngineError> {
        let missing = || EngineError::NoSuchCompany(company.chars().take(64).collect());
        let id = CompanyId::new(company).map_err(|_| missing())?;
        self.shared.server.company(&id)?.ok_or_else(missing)
    }

    /// The handle of a company that exists.
    pub(super) fn company(&self, company: &str) -> Result<Arc<Company>, EngineError> {
        let row = self.row(company)?;
        self.handle(&row.id)
    }

    pub(super) fn handle(&self, id: &CompanyId) -> Result<Arc<Company>, EngineError> {
        let mut handles = self.handles();
        if let Some(company) = handles.get(id) {
            return Ok(company.clone());
        }
        if handles.len() >= OPEN_COMPANIES_MAX {
            // Handles nobody holds are closed; a company in use keeps its one connection.
            handles.retain(|_, company| Arc::strong_count(company) > 1);
        }
        let store = CompanyStore::open(&self.file_of(id))?.timed(self.shared.meters.commits.clone());
        store.check_commits(self.shared.world.disk())?;
        let company = Arc::new(Company {
            id: id.clone(),
            store,
            wake: Notify::new(),
            contact: AtomicI64::new(0),
            failures: AtomicU32::new(0),
            introduced: AtomicI64::new(0),
            notices_looked_at: AtomicI64::new(0),
            hinted: AtomicBool::new(false),
            facts: Mutex::new(None),
            client: Mutex::new(None),
            turn: tokio::sync::Mutex::new(()),
        });
        handles.insert(id.clone(), company.clone());
        Ok(company)
    }

    pub(super) fn file_of(&self, id: &CompanyId) -> std::path::PathBuf {
        self.shared.options.data.join("companies").join(format!("{id}.db"))
    }

    /// Where lists lie that are too long for memory: beside what they are about, on the same disk.
    pub(super) fn spool_folder(&self) -> std::path::PathBuf {
        self.shared.options.data.join("companies")
    }

    /// The Bill.com client of a company, made anew when its credentials changed.
    pub(super) fn billcom(&self, company: &Company) -> Result<Arc<dyn BillCom>, EngineError> {
        let row = self.row(company.id.as_str())?;
        let mut client = company.client.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, client)) = &*client
            && *known == row
        {
            return Ok(client.clone());
        }
        let config = self.billcom_config(&row)?;
        let made = self.shared.world.billcom.connect(config)?;
        company.introduced.store(0, Ordering::Relaxed);
        *client = Some((row, made.clone()));
        Ok(made)
    }
}

/// A user name is an e-mail address; the name of a sync token is not (`billcom.md` 1).
pub(super) fn credential_kind(user_name: &str) -> CredentialKind {
    if user_name.contains('@') { CredentialKind::User } else { CredentialKind::SyncToken }
}
