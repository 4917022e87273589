//! The first minutes: are these credentials right, and what would be sensible settings?

use super::companies::credential_kind;
use super::{Engine, EngineError, NewCompany};
use crate::billcom::{BillComError, Entity, HttpConfig, ListQuery, NetworkKind};
use crate::limits::{BILLCOM_TRIED_FOR, SUGGESTIONS_MAX};
use crate::model::{Kind, Side};
use crate::store::{RecordFilter, StoreError};
use secrecy::SecretString;
use serde::Serialize;

/// What a person types in to reach an organisation.
#[derive(Debug)]
pub struct NewBillCom {
    /// The base of Bill.com's v2 API.
    pub url: String,
    /// The organisation.
    pub org: String,
    /// The user, or the name of a sync token.
    pub user: String,
    /// The password, or the value of the token.
    pub password: SecretString,
    /// The developer key.
    pub dev_key: SecretString,
}

impl NewBillCom {
    /// The company that these credentials reach.
    #[must_use]
    pub fn company(self, name: String, settings: Vec<(String, String)>) -> NewCompany {
        NewCompany {
            name,
            billcom_url: self.url,
            billcom_org: self.org,
            billcom_user: self.user,
            billcom_password: self.password,
            billcom_dev_key: self.dev_key,
            settings,
            start: false,
        }
    }
}

/// What a test of credentials found.
#[derive(Clone, Debug, Serialize)]
pub struct BillComFound {
    /// The organisation's name; none when these credentials may not read it.
    pub organization: Option<String>,
    /// The accounting software it says it works with: perhaps another sync is connected.
    pub software: Option<String>,
    /// Whether it is a sync token, which cannot move money.
    pub is_token: bool,
    /// Settings that fit what is there, and why each.
    pub settings: Vec<(&'static str, &'static str, &'static str)>,
}

/// What can be chosen from for settings that name a record of QuickBooks.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Suggestions {
    /// Accounts: full name, and type.
    pub accounts: Vec<(String, String)>,
    /// Items.
    pub items: Vec<String>,
}

/// Why Bill.com cannot be reached with what was typed: the field at fault, and a sentence.
pub(super) type Fault = (&'static str, String);

impl Engine {
    /// Signs in with credentials, and looks around.
    ///
    /// # Errors
    /// [`EngineError::Credentials`], naming the field at fault.
    pub async fn try_billcom(&self, new: &NewBillCom) -> Result<BillComFound, EngineError> {
        let config = HttpConfig {
            base_url: new.url.trim().to_owned(),
            organization_id: new.org.trim().to_owned(),
            user_name: new.user.trim().to_owned(),
            password: new.password.clone(),
            developer_key: new.dev_key.clone(),
            kind: credential_kind(&new.user),
        };
        let refused = |field, sentence: String| EngineError::Credentials { field, sentence };
        config.base().map_err(|error| refused("url", crate::model::sentence(&error.to_string())))?;
        let client = self.shared.world.billcom.connect(config)?;
        let look = async {
            let access = client.check_access().await?;
            let mut has = [false; 3];
            for (place, entity) in [Entity::DEPARTMENT, Entity::ACTG_CLASS, Entity::JOB].into_iter().enumerate() {
                let query = ListQuery { max: 1, nested: false, ..ListQuery::all(entity) };
                // What these credentials may not list tells nothing.
                has[place] = client.list(&query).await.is_ok_and(|rows| !rows.is_empty());
            }
            Ok::<_, BillComError>((access, has))
        };
        let Ok(answer) = tokio::time::timeout(BILLCOM_TRIED_FOR, look).await else {
            return Err(refused("url", "Bill.com did not answer in time. Try again in a minute.".to_owned()));
        };
        let (access, [departments, classes, jobs]) = answer.map_err(|error| {
            tracing::info!(%error, "credentials for Bill.com were tried and refused");
            let (field, sentence) = fault(&error);
            refused(field, sentence)
        })?;
        let mut settings = Vec::new();
        if classes && !departments {
            let why = "Bill.com has accounting classes and no departments.";
            settings.push(("class_dimension", "accounting_class", why));
        }
        if jobs {
            settings.push(("jobs", "jobs", "Bill.com has jobs."));
        }
        Ok(BillComFound {
            organization: access.organization_name,
            software: access.accounting_software.filter(|software| software.trim() != "0"),
            is_token: !new.user.contains('@'),
            settings,
        })
    }

    /// Signs in to a company's organisation with other credentials; what is not given is as it was.
    ///
    /// # Errors
    /// As [`Engine::try_billcom`], or when there is no such company.
    pub async fn try_credentials(
        &self,
        company: &str,
        user: Option<&str>,
        password: Option<&SecretString>,
        dev_key: Option<&SecretString>,
    ) -> Result<BillComFound, EngineError> {
        let config = self.billcom_config(&self.row(company)?)?;
        let new = NewBillCom {
            url: config.base_url,
            org: config.organization_id,
            user: user.map_or(config.user_name, str::to_owned),
            password: password.cloned().unwrap_or(config.password),
            dev_key: dev_key.cloned().unwrap_or(config.developer_key),
        };
        self.try_billcom(&new).await
    }

    /// What can be chosen from, as QuickBooks was last read.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn suggestions(&self, company: &str) -> Result<Suggestions, EngineError> {
        let handle = self.company(company)?;
        Ok(handle.store.read(|tx| -> Result<_, StoreError> {
            let mut suggestions = Suggestions::default();
            for kind in [Kind::Account, Kind::Item] {
                let filter = RecordFilter { kind: Some(kind), side: Some(Side::QuickBooks), ..RecordFilter::default() };
                for found in tx.find_records(&filter, SUGGESTIONS_MAX)? {
                    let Some(seen) = tx.sighting(&found.key)?.filter(|seen| !found.gone && is_active(seen)) else {
                        continue;
                    };
                    let name = tx.path_of(&seen.sighting)?;
                    match kind {
                        Kind::Item => suggestions.items.push(name),
                        _ => {
                            let sort = seen.sighting.fields.text("type").unwrap_or_default().to_owned();
                            suggestions.accounts.push((name, sort));
                        }
                    }
                }
            }
            Ok(suggestions)
        })?)
    }
}

fn is_active(seen: &crate::plan::Seen) -> bool {
    seen.sighting.fields.flag("active") != Some(false)
}

/// Which of the fields is wrong, and what to do about it.
fn fault(error: &BillComError) -> Fault {
    let (field, sentence) = match error {
        BillComError::SignIn(inner) => return fault(inner),
        BillComError::Credentials => (
            "user",
            "Bill.com does not accept this user or token name together with this password or token value. Copy both once more; \
             a locked or inactive user is refused like this too.",
        ),
        BillComError::DeveloperKey => (
            "dev_key",
            "Bill.com does not accept this developer key. Keys of the test system do not work with the real one, and the other way \
             round.",
        ),
        BillComError::NoAccess | BillComError::OtherOrganization => (
            "org",
            "This user or token has no access to an organisation with this id, or the organisation is not open to the API. The id \
             begins with 008.",
        ),
        BillComError::Refused { .. } => {
            ("user", "Bill.com let us in and then declined. The user needs the role of an administrator or accountant.")
        }
        BillComError::Untrusted => {
            ("user", "Bill.com asks this user for a second factor, which a server never has. Use a sync token.")
        }
        BillComError::RateLimited { .. } | BillComError::TooManyAtOnce => (
            "",
            "Bill.com asks to be left alone for a while: this developer key was used too often. Try again in an hour.",
        ),
        BillComError::Network { kind: NetworkKind::Connect, .. }
        | BillComError::Timeout { kind: NetworkKind::Connect } => {
            ("url", "There is no connection to this address. Is it right, and may this computer reach it?")
        }
        BillComError::Maintenance { .. } => {
            ("url", "A web page answered instead of Bill.com: it is being worked on, or the address is wrong.")
        }
        _ => ("url", "The answer was none that Bill.com gives. Is the address right? It ends with /api/v2."),
    };
    (field, sentence.to_owned())
}
