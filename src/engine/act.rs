//! What people can do: add and change companies, and press the buttons of problems.

use super::companies::{Company, credential_kind};
use super::contact::every_minutes;
use super::{AddedView, Engine, EngineError, credentials};
use crate::billcom::HttpConfig;
use crate::entities;
use crate::entities::Partners;
use crate::limits::{COMPANY_NAME_CHARS_MAX, RESOLVED_TOGETHER_MAX};
use crate::model::{
    Action, ActionId, CompanyId, Event, EventKind, Kind, Life, Mode, NativeId, Problem, ProblemCode, ProblemId,
    ProblemState, RecordKey, Settings, Side, Sighting, Value,
};
use crate::plan::{self, Transition};
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

    fn woken(&self, company: &Company) {
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

    /// Presses a button of a problem.
    ///
    /// # Errors
    /// [`EngineError::NoSuchProblem`], or [`EngineError::BadAction`] when the problem has no such button or it needs more.
    pub fn resolve(
        &self,
        company: &str,
        problem: i64,
        action: &str,
        with: Option<&str>,
        who: &str,
    ) -> Result<(), EngineError> {
        self.resolve_all(company, &[problem], action, with, who)
    }

    /// Presses the same button of several problems: of all of them, or of none.
    ///
    /// # Errors
    /// As [`Engine::resolve`], for the first problem it cannot be pressed for.
    pub fn resolve_all(
        &self,
        company: &str,
        problems: &[i64],
        action: &str,
        with: Option<&str>,
        who: &str,
    ) -> Result<(), EngineError> {
        let company = self.company(company)?;
        if problems.is_empty() || problems.len() > RESOLVED_TOGETHER_MAX {
            return Err(EngineError::BadAction(format!("choose 1 to {RESOLVED_TOGETHER_MAX} problems")));
        }
        company.store.transact(|tx| {
            for &problem in problems {
                let (open, action) = chosen(tx, problem, action, with)?;
                let text = format!("{} pressed “{}” for: {}", who, action.id.label(), open.summary);
                tx.note(&Event { key: open.key.clone(), ..event(self, EventKind::Person, text) })?;
                self.press(tx, &open, &action)?;
                tx.close_by_id(open.id, self.now())?;
                if action.id == ActionId::Retry && open.key.is_none() {
                    company.begin_afresh();
                    tx.set_fact(Fact::OtherSyncTrace, None)?;
                    company.hint();
                }
            }
            Ok::<(), EngineError>(())
        })?;
        self.plan_due(&company)?;
        self.woken(&company);
        Ok(())
    }

    pub(super) fn press(&self, tx: &Tx<'_>, problem: &Problem, action: &Action) -> Result<(), EngineError> {
        match (action.id, &problem.key) {
            (ActionId::AcceptFile, _) => {
                for fact in [Fact::PinnedFileId, Fact::PinnedName, Fact::PinnedPath] {
                    tx.set_fact(fact, None)?;
                }
                tx.set_fact(Fact::AcceptNextFile, Some("1"))?;
                tx.forget_marks(Side::QuickBooks)?;
                Ok(())
            }
            (ActionId::Skip, None) if problem.code == ProblemCode::OtherSync => {
                tx.set_fact(Fact::OtherSyncAccepted, Some("1"))?;
                Ok(())
            }
            (ActionId::Retry | ActionId::Skip, None) => Ok(()),
            // It stays aside until it changes. What is known of it is damaged perhaps, and is not looked at.
            (ActionId::Skip, Some(_)) if problem.code == ProblemCode::SetAside => Ok(()),
            (ActionId::Retry, Some(key)) => self.retry(tx, key, problem.code),
            (ActionId::Skip, Some(key)) => self.leave(tx, key, problem.code),
            (ActionId::Link, Some(key)) => self.link_to(tx, key, action.with.as_deref()),
            (ActionId::CreateAnyway, Some(key)) => self.create_anyway(tx, key, true),
            (ActionId::Create, Some(key)) => self.create_anyway(tx, key, false),
            (ActionId::Void, Some(key)) => self.void_too(tx, key),
            (ActionId::UseBillCom, Some(key)) => self.use_side(tx, key, Side::BillCom),
            (ActionId::UseQuickBooks, Some(key)) => self.use_side(tx, key, Side::QuickBooks),
            (_, None) => Err(EngineError::BadAction("this problem is not about a record".to_owned())),
        }
    }

    /// Refused intents are taken back; planning decides anew.
    fn retry(&self, tx: &Tx<'_>, key: &RecordKey, code: ProblemCode) -> Result<(), EngineError> {
        self.withdraw_rejected(tx, key, "tried again")?;
        if code == ProblemCode::TooManyRounds {
            tx.forgive_stale(key)?;
        }
        tx.replan(key)?;
        Ok(())
    }

    fn withdraw_rejected(&self, tx: &Tx<'_>, key: &RecordKey, why: &str) -> Result<(), StoreError> {
        for intent in tx.rejected_from(key)? {
            self.commit(tx, &[Transition::skip(intent.id, why)], self.now())?;
        }
        Ok(())
    }

    /// It stays as it is: an unlinked record is not carried, a pair's differences count as agreed.
    fn leave(&self, tx: &Tx<'_>, key: &RecordKey, code: ProblemCode) -> Result<(), EngineError> {
        self.withdraw_rejected(tx, key, "a person left it as it is")?;
        let Some(link) = tx.link(key)? else {
            tx.set_wish(key, true, false)?;
            return Ok(());
        };
        let mut for_good = code == ProblemCode::Difference;
        if let (Some(quickbooks), Some(billcom)) = self.as_planned(tx, key)? {
            // What is gone here would be voided on the other side for ever anew.
            let own = if key.side == Side::QuickBooks { &quickbooks } else { &billcom };
            for_good |= own.life == Life::Gone;
            let (quickbooks_base, billcom_base) = (quickbooks.fields, billcom.fields);
            let agreed = Transition::Rebase { link: link.id, quickbooks_base, billcom_base };
            self.commit(tx, &[agreed], self.now())?;
        }
        if for_good {
            tx.set_wish(key, true, false)?;
        }
        tx.replan(key)?;
        Ok(())
    }

    /// A record, or both of a pair, as planning reads them: in QuickBooks, in Bill.com.
    fn as_planned(&self, tx: &Tx<'_>, key: &RecordKey) -> Result<(Option<Sighting>, Option<Sighting>), StoreError> {
        let Some(entity) = entities::entity(key.kind) else { return Ok((None, None)) };
        let (subject, context) = tx.subject(key, &tx.settings()?, self.now())?;
        let subject = plan::prepared(entity, &subject, &context);
        Ok((subject.quickbooks.map(|seen| seen.sighting), subject.billcom.map(|seen| seen.sighting)))
    }

    fn link_to(&self, tx: &Tx<'_>, key: &RecordKey, with: Option<&str>) -> Result<(), EngineError> {
        let bad = |text: &str| EngineError::BadAction(text.to_owned());
        let id = with.and_then(|id| NativeId::new(id).ok()).ok_or_else(|| bad("say which record to link to"))?;
        let other = RecordKey::new(key.side.other(), key.kind, id);
        if tx.link(key)?.is_some() || tx.link(&other)?.is_some() {
            return Err(bad("one of the two records has a partner already"));
        }
        let on = |side: Side| if key.side == side { key } else { &other };
        let both = self.as_planned(tx, on(Side::QuickBooks))?.0.zip(self.as_planned(tx, on(Side::BillCom))?.1);
        let (quickbooks, billcom) = both.ok_or_else(|| bad("that record is not known"))?;
        let entity = entities::entity(key.kind).ok_or_else(|| bad("this kind of record does not travel yet"))?;
        let mut partners = Partners::default();
        tx.partners(Side::QuickBooks, quickbooks.fields.references(), &mut partners)?;
        let settings = tx.settings()?;
        let (quickbooks_base, billcom_base) =
            plan::new_bases(entity, &quickbooks.fields, &billcom.fields, &settings, &partners);
        let pair = Transition::Pair {
            kind: key.kind,
            quickbooks_id: quickbooks.key.id.clone(),
            billcom_id: billcom.key.id.clone(),
            quickbooks_base,
            billcom_base,
            unseen_version: None,
        };
        for linked in [key, &other] {
            self.withdraw_live(tx, linked, "a person linked it")?;
            // The same question may stand open about the other one of the two.
            for code in [ProblemCode::Ambiguous, ProblemCode::MoneyDiffers, ProblemCode::NotCreated] {
                tx.close_problem(code, Some(linked), self.now())?;
            }
        }
        let replan = [Transition::Replan(quickbooks.key), Transition::Replan(billcom.key)];
        self.commit(tx, &[pair], self.now())?;
        self.commit(tx, &replan, self.now())?;
        Ok(())
    }

    fn withdraw_live(&self, tx: &Tx<'_>, key: &RecordKey, why: &str) -> Result<(), EngineError> {
        for intent in tx.live_from(key)? {
            if intent.state.is_out() {
                return Err(EngineError::BadAction(
                    "a change of this record is under way; try again in a minute".to_owned(),
                ));
            }
            self.commit(tx, &[Transition::skip(intent.id, why)], self.now())?;
        }
        Ok(())
    }

    /// It is made, whatever it is like; with the suffix of the settings where its name may be taken.
    fn create_anyway(&self, tx: &Tx<'_>, key: &RecordKey, name_taken: bool) -> Result<(), EngineError> {
        let missing = || EngineError::BadAction("that record is not known".to_owned());
        let seen = tx.sighting(key)?.ok_or_else(missing)?;
        let entity = entities::entity(key.kind).ok_or_else(missing)?;
        self.withdraw_rejected(tx, key, "a person wants it made")?;
        if name_taken
            && let Some(suffix) = entity.name_suffix(&tx.settings()?)
            && let Some(name) = seen.sighting.fields.text("name")
        {
            tx.set_alias(key, &entities::with_suffix(entity, name, suffix))?;
        }
        tx.set_wish(key, false, true)?;
        Ok(())
    }

    /// Its partner is gone, and a person wants it gone too: the wish is noted at the one that is gone.
    fn void_too(&self, tx: &Tx<'_>, key: &RecordKey) -> Result<(), EngineError> {
        let missing = || EngineError::BadAction("that record has no partner any more".to_owned());
        let link = tx.link(key)?.ok_or_else(missing)?;
        tx.set_wish(&link.key_on(key.side.other()), false, true)?;
        tx.replan(key)?;
        Ok(())
    }

    /// The version of one side is written over the other's, in every field in which they differ.
    fn use_side(&self, tx: &Tx<'_>, key: &RecordKey, side: Side) -> Result<(), EngineError> {
        let missing = || EngineError::BadAction("both sides must be known for that".to_owned());
        let link = tx.link(key)?.ok_or_else(missing)?;
        let (quickbooks, billcom) = self.as_planned(tx, key)?;
        let (quickbooks, billcom) = (quickbooks.ok_or_else(missing)?.fields, billcom.ok_or_else(missing)?.fields);
        let entity = entities::entity(key.kind).ok_or_else(missing)?;
        let mut partners = Partners::default();
        tx.partners(Side::QuickBooks, quickbooks.references(), &mut partners)?;
        let (mut quickbooks_base, mut billcom_base) = (quickbooks.clone(), billcom.clone());
        for spec in entity.fields() {
            if plan::equivalent(spec, quickbooks.get(spec.name), billcom.get(spec.name), &partners) {
                continue;
            }
            // A base that differs from what the winner says now makes it the side that changed.
            let unlike = Some(Value::Text("\u{1}".to_owned()));
            match side {
                Side::BillCom => billcom_base.set(spec.name, unlike),
                Side::QuickBooks => quickbooks_base.set(spec.name, unlike),
            }
        }
        let rebase = Transition::Rebase { link: link.id, quickbooks_base, billcom_base };
        self.commit(tx, &[rebase, Transition::Replan(key.clone())], self.now())?;
        Ok(())
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

fn event(engine: &Engine, kind: EventKind, text: String) -> Event {
    Event::of_company(kind, text, engine.now())
}

/// An open problem, and the button of it that is meant.
pub(super) fn chosen(
    tx: &Tx<'_>,
    problem: i64,
    action: &str,
    with: Option<&str>,
) -> Result<(Problem, Action), EngineError> {
    let open = tx.problem(ProblemId::new(problem))?.filter(|open| open.state == ProblemState::Open);
    let open = open.ok_or(EngineError::NoSuchProblem(problem))?;
    let action = choose(&open, action, with)?;
    Ok((open, action))
}

/// The button of a problem that is meant.
fn choose(problem: &Problem, word: &str, with: Option<&str>) -> Result<Action, EngineError> {
    let words: Vec<_> = problem.actions.iter().map(|action| action.id.word()).collect();
    let id = ActionId::from_word(word).filter(|id| problem.actions.iter().any(|action| action.id == *id));
    let Some(id) = id else {
        let text = if words.is_empty() {
            "nothing can be pressed for this problem".to_owned()
        } else {
            format!("this problem offers: {}", words.join(", "))
        };
        return Err(EngineError::BadAction(text));
    };
    let offers: Vec<_> = problem.actions.iter().filter(|action| action.id == id).collect();
    match (offers.as_slice(), with) {
        ([one], None) => Ok((*one).clone()),
        ([one], Some(_)) if one.with.is_none() => Ok((*one).clone()),
        (_, Some(with)) if offers.iter().any(|offer| offer.with.as_deref() == Some(with)) => {
            Ok(Action { id, with: Some(with.to_owned()) })
        }
        _ => {
            let values: Vec<_> = offers.iter().filter_map(|offer| offer.with.as_deref()).collect();
            Err(EngineError::BadAction(format!("say with which: {}", values.join(", "))))
        }
    }
}
