//! What people can do with a company: add, change, start and pause it, and fetch the file that the Web Connector needs.

use super::companies::{Company, credential_kind};
use super::contact::every_minutes;
use super::{AddedView, Engine, EngineError, credentials};
use crate::billcom::HttpConfig;
use crate::limits::COMPANY_NAME_CHARS_MAX;
use crate::model::{CompanyId, Event, EventKind, Kind, Mode, ProblemCode, Settings, Side};
use crate::secrets::generate_password;
use crate::store::server::CompanyRow;
use crate::store::{Fact, StoreError, Tx};
use qbwc::Guid;
use qbwc::qwc::{QwcFile, Schedule};
use secrecy::{ExposeSecret, SecretString};

/// A company about to be added.
#[derive(Debug)]
pub struct NewCompany {
    /// Its name.
    pub name: String,
    /// The base of Bill.com's v2 API.
    pub billcom_url: String,
    /// The organisation.
    pub billcom_org: String,
    /// The user, or the name of a sync token.
    pub billcom_user: String,
    /// The password, or the value of a sync token.
    pub billcom_password: SecretString,
    /// The developer key.
    pub billcom_dev_key: SecretString,
    /// Settings that differ from their defaults.
    pub settings: Vec<(String, String)>,
    /// Write from the beginning, without a preview.
    pub start: bool,
}

/// A `.qwc` file.
#[derive(Debug)]
pub struct QwcView {
    /// The file.
    pub xml: String,
    /// What it is called.
    pub file_name: String,
    /// The new password, where one was asked for; shown this once.
    pub password: Option<String>,
}

/// What the support page shows.
#[derive(Clone, Debug)]
pub struct SupportView {
    /// The company's name.
    pub name: String,
    /// The URL the Web Connector calls.
    pub app_url: String,
}

impl Engine {
    /// Adds a company.
    ///
    /// # Errors
    /// [`EngineError`] naming what is wrong; nothing is added then.
    pub fn add_company(&self, new: &NewCompany) -> Result<AddedView, EngineError> {
        let name = new.name.trim();
        if name.is_empty() || name.chars().count() > COMPANY_NAME_CHARS_MAX || name.chars().any(char::is_control) {
            return Err(EngineError::BadCompany(format!(
                "a company's name has 1 to {COMPANY_NAME_CHARS_MAX} characters"
            )));
        }
        HttpConfig {
            base_url: new.billcom_url.clone(),
            organization_id: new.billcom_org.clone(),
            user_name: new.billcom_user.clone(),
            password: new.billcom_password.clone(),
            developer_key: new.billcom_dev_key.clone(),
            kind: credential_kind(&new.billcom_user),
        }
        .base()?;
        let now = self.now();
        let mut settings = Settings::defaults(now.date_naive());
        for (key, value) in &new.settings {
            settings.set(key, value)?;
        }
        let id = self.free_id(name)?;
        let file_id = self.new_guid();
        let password = generate_password(&mut *self.shared.world.random());
        let row = CompanyRow {
            id: id.clone(),
            name: name.to_owned(),
            billcom_url: new.billcom_url.trim().trim_end_matches('/').to_owned(),
            billcom_org: new.billcom_org.clone(),
            billcom_user: new.billcom_user.clone(),
            billcom_password: self.seal_for(&id, credentials::PASSWORD, &new.billcom_password),
            billcom_dev_key: self.seal_for(&id, credentials::DEV_KEY, &new.billcom_dev_key),
            connector_user: format!("counterfoil-{id}"),
            connector_hash: self.shared.sealer.connector_hash(&password),
            owner_id: self.owner_id()?,
            file_id: file_id.to_string(),
            created_at: now,
        };
        let connector_user = row.connector_user.clone();
        self.shared.server.insert_company(&row)?;
        let company = self.handle(&id)?;
        company.store.transact(|tx| -> Result<(), StoreError> {
            tx.set_fact(Fact::AddedOn, Some(&now.date_naive().to_string()))?;
            for (key, value) in &new.settings {
                tx.set_setting(key, value)?;
            }
            let mode = if new.start { Mode::Running } else { Mode::Preview };
            tx.set_fact(Fact::Mode, Some(mode.word()))?;
            tx.note(&event(self, EventKind::Person, format!("The company was added ({})", mode.word())))
        })?;
        self.touch();
        Ok(AddedView {
            app_url: self.app_url(&id)?,
            id: id.as_str().to_owned(),
            user_name: connector_user,
            password: password.expose_secret().to_owned(),
        })
    }

    fn free_id(&self, name: &str) -> Result<CompanyId, EngineError> {
        let wanted = CompanyId::from_name(name);
        let mut id = wanted.clone();
        let mut number = 2;
        while self.shared.server.is_taken(&id)? {
            id = wanted.numbered(number);
            number += 1;
        }
        Ok(id)
    }

    fn new_guid(&self) -> Guid {
        let mut bytes = [0_u8; 16];
        self.shared.world.random().fill(&mut bytes);
        Guid::from_bytes(uuid::Builder::from_random_bytes(bytes).into_uuid().into_bytes())
    }

    /// The OwnerID of this installation, made once (`qbwc.md` 5: one per application, never a new one per download).
    fn owner_id(&self) -> Result<String, EngineError> {
        Ok(self.shared.server.owner_id(&self.new_guid().to_string())?)
    }

    /// The URL the Web Connector calls.
    pub(super) fn app_url(&self, id: &CompanyId) -> Result<String, EngineError> {
        Ok(format!("{}/qbwc/{id}", self.public_url()?))
    }

    /// Lets a company write, after its owner has seen the plan.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn start(&self, company: &str, who: &str) -> Result<(), EngineError> {
        self.set_mode(company, Mode::Running, who, "started")
    }

    /// Stops a company from writing and reading.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn pause(&self, company: &str, who: &str) -> Result<(), EngineError> {
        self.set_mode(company, Mode::Paused, who, "paused")
    }

    /// Lets a paused company go on.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn resume(&self, company: &str, who: &str) -> Result<(), EngineError> {
        self.set_mode(company, Mode::Running, who, "resumed")
    }

    fn set_mode(&self, company: &str, mode: Mode, who: &str, word: &str) -> Result<(), EngineError> {
        let company = self.company(company)?;
        company.store.transact(|tx| -> Result<(), EngineError> {
            if word == "resumed" && tx.mode()? == Mode::Preview {
                let text = "this company is still in preview: look at its plan, then start it";
                return Err(EngineError::BadAction(text.to_owned()));
            }
            tx.set_fact(Fact::Mode, Some(mode.word()))?;
            tx.note(&event(self, EventKind::Person, format!("The company was {word} by {who}")))?;
            Ok(())
        })?;
        self.woken(&company);
        Ok(())
    }

    /// Reads Bill.com at once, and QuickBooks at the next visit of the Web Connector, whatever the schedule says. The connector
    /// cannot be called: it calls us.
    ///
    /// # Errors
    /// [`EngineError::BadAction`] while the company is paused.
    pub fn sync_now(&self, company: &str, who: &str) -> Result<(), EngineError> {
        let company = self.company(company)?;
        company.store.transact(|tx| -> Result<(), EngineError> {
            if tx.mode()? == Mode::Paused {
                return Err(EngineError::BadAction("the company is paused: resume it first".to_owned()));
            }
            tx.set_fact(Fact::SyncWanted, Some("1"))?;
            tx.note(&event(self, EventKind::Person, format!("A sync was asked for by {who}")))?;
            Ok(())
        })?;
        company.hint();
        self.woken(&company);
        Ok(())
    }

    /// A folder beside the data, for files on their way out; removed when it is dropped.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn work_folder(&self) -> std::io::Result<tempfile::TempDir> {
        tempfile::TempDir::new_in(&self.shared.options.data)
    }

    /// Copies the company's file, with everything Counterfoil knows about it and no credentials, to a new file.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn export(&self, company: &str, to: &std::path::Path) -> Result<(), EngineError> {
        self.company(company)?.store.copy_to(to)?;
        Ok(())
    }

    pub(super) fn woken(&self, company: &Company) {
        company.wake.notify_one();
        self.touch();
    }

    /// Removes a company. Its file stays in the data folder and its id is not given again; nothing in the books is touched.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn remove(&self, company: &str, who: &str) -> Result<(), EngineError> {
        let row = self.row(company)?;
        self.set_mode(company, Mode::Paused, who, "removed")?;
        self.shared.server.remove_company(&row.id, self.now())?;
        self.handles().remove(&row.id);
        self.touch();
        Ok(())
    }

    /// Changes settings.
    ///
    /// # Errors
    /// [`EngineError::Setting`] for the first that cannot be; nothing is changed then.
    pub fn set(&self, company: &str, changes: &[(String, String)], who: &str) -> Result<(), EngineError> {
        let company = self.company(company)?;
        company.store.transact(|tx| -> Result<(), EngineError> {
            let before = tx.settings()?;
            let mut settings = before.clone();
            for (key, value) in changes {
                settings.set(key, value)?;
                tx.set_setting(key, value)?;
                tx.note(&event(self, EventKind::Person, format!("{key} was set to {value:?} by {who}")))?;
            }
            stays_home(tx, &before, &settings)?;
            tx.replan_all()?;
            // What waited for a setting that names nothing goes on at once, or asks again.
            tx.close_problem(ProblemCode::BadSetting, None, self.now())?;
            tx.hurry(Side::QuickBooks)?;
            Ok(())
        })?;
        self.plan_due(&company)?;
        self.woken(&company);
        Ok(())
    }

    /// The `.qwc` file of a company: the same at every download, unless new ids are asked for.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn qwc(&self, company: &str, rotate_ids: bool, new_password: bool) -> Result<QwcView, EngineError> {
        let mut row = self.row(company)?;
        if rotate_ids {
            row.owner_id = self.new_guid().to_string();
            row.file_id = self.new_guid().to_string();
            self.shared.server.set_ids(&row.id, &row.owner_id, &row.file_id)?;
            let handle = self.handle(&row.id)?;
            handle.store.transact(|tx| tx.set_fact(Fact::PinnedFileId, None))?;
        }
        let password = new_password.then(|| generate_password(&mut *self.shared.world.random()));
        if let Some(password) = &password {
            self.shared.server.set_connector_hash(&row.id, &self.shared.sealer.connector_hash(password))?;
        }
        let bad = |_| EngineError::BadCompany("the stored ids of the company are damaged; make new ones".to_owned());
        let public = self.public_url()?;
        let settings = self.company(company)?.store.read(|tx| tx.settings())?;
        let file = QwcFile {
            app_description: "Keeps Bill.com and QuickBooks in step".to_owned(),
            app_display_name: Some(format!("Counterfoil - {}", row.name)),
            app_unique_name: Some(format!("counterfoil-{}", row.id)),
            schedule: Some(Schedule::Minutes(every_minutes(&settings))),
            ..QwcFile::new(
                &format!("Counterfoil - {}", row.name),
                &self.app_url(&row.id)?,
                &format!("{public}/support/{}", row.id),
                &row.connector_user,
                row.owner_id.parse::<Guid>().map_err(bad)?,
                row.file_id.parse::<Guid>().map_err(bad)?,
            )
        };
        Ok(QwcView {
            xml: file.to_xml(),
            file_name: format!("counterfoil-{}.qwc", row.id),
            password: password.map(|password| password.expose_secret().to_owned()),
        })
    }

    /// What the support page of a company shows.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn support_text(&self, company: &str) -> Result<SupportView, EngineError> {
        let row = self.row(company)?;
        Ok(SupportView { name: row.name, app_url: self.app_url(&row.id)? })
    }
}

/// Records that are linked would be looked for in another list of Bill.com, not found, and made there a second time.
fn stays_home(tx: &Tx<'_>, before: &Settings, after: &Settings) -> Result<(), EngineError> {
    let links = tx.counts()?.links;
    let moved = [
        ("class_dimension", Kind::Class, before.class_dimension != after.class_dimension),
        ("jobs", Kind::Customer, before.jobs != after.jobs),
    ];
    for (key, kind, _) in moved.into_iter().filter(|(.., moves)| *moves) {
        let linked = links.get(&kind).copied().unwrap_or(0);
        if linked > 0 {
            return Err(EngineError::BadAction(format!(
                "{key} cannot be changed any more: {linked} records are linked by it, and would be made a second time. \
                 Add the company anew to choose otherwise: what stands on both sides is recognised"
            )));
        }
    }
    Ok(())
}

/// A line of history about the company.
pub(super) fn event(engine: &Engine, kind: EventKind, text: String) -> Event {
    Event::of_company(kind, text, engine.now())
}
