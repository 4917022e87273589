//! What a company signs in to Bill.com with.

use super::companies::credential_kind;
use super::{Engine, EngineError};
use crate::billcom::HttpConfig;
use crate::model::{CompanyId, Event, EventKind};
use crate::secrets::SealContext;
use crate::store::server::CompanyRow;
use secrecy::SecretString;

/// The column of the password, or of the value of a sync token.
pub(super) const PASSWORD: &str = "billcom_password";
/// The column of the developer key.
pub(super) const DEV_KEY: &str = "billcom_dev_key";

impl Engine {
    /// What it takes to reach a company's organisation.
    pub(super) fn billcom_config(&self, row: &CompanyRow) -> Result<HttpConfig, EngineError> {
        let open = |column: &'static str, sealed: &[u8]| {
            let context = SealContext { table: "company", row: row.id.as_str(), column };
            self.shared.sealer.open(context, sealed)
        };
        Ok(HttpConfig {
            base_url: row.billcom_url.clone(),
            organization_id: row.billcom_org.clone(),
            user_name: row.billcom_user.clone(),
            password: open(PASSWORD, &row.billcom_password)?,
            developer_key: open(DEV_KEY, &row.billcom_dev_key)?,
            kind: credential_kind(&row.billcom_user),
        })
    }

    /// Seals one of a company's credentials for its column.
    pub(super) fn seal_for(&self, id: &CompanyId, column: &str, secret: &SecretString) -> Vec<u8> {
        let context = SealContext { table: "company", row: id.as_str(), column };
        self.shared.sealer.seal(context, secret, &mut *self.shared.world.random())
    }

    /// Gives a company other credentials; what is not given stays. A running server signs in anew by itself.
    ///
    /// # Errors
    /// [`EngineError`] when there is no such company, or nothing could be called with them; nothing is changed then.
    pub fn set_credentials(
        &self,
        company: &str,
        user: Option<&str>,
        password: Option<&SecretString>,
        developer_key: Option<&SecretString>,
        who: &str,
    ) -> Result<(), EngineError> {
        let row = self.row(company)?;
        let mut config = self.billcom_config(&row)?;
        if let Some(user) = user {
            user.clone_into(&mut config.user_name);
        }
        config.password = password.cloned().unwrap_or(config.password);
        config.developer_key = developer_key.cloned().unwrap_or(config.developer_key);
        config.base()?;
        let password = self.seal_for(&row.id, PASSWORD, &config.password);
        let developer_key = self.seal_for(&row.id, DEV_KEY, &config.developer_key);
        self.shared.server.set_billcom(&row.id, &config.user_name, &password, &developer_key)?;
        let company = self.handle(&row.id)?;
        let text = format!("The credentials for Bill.com were changed by {who}");
        company.store.transact(|tx| tx.note(&Event::of_company(EventKind::Person, text, self.now())))?;
        company.begin_afresh();
        company.hint();
        self.touch();
        Ok(())
    }
}
