//! What `doctor` asks the engine: whether the files are sound, whose key is there, and what Bill.com says to a company's
//! credentials.

use super::pull::api_entity;
use super::{Engine, EngineError};
use crate::billcom::{BillComError, ChangeScan};
use crate::entities::ENTITIES;
use crate::store::StoreError;
use crate::store::files::inspect_database;
use std::path::PathBuf;

/// What Bill.com says to a company's credentials.
#[derive(Clone, Debug, Default)]
pub struct AccessView {
    /// The organisation's name, where it may be read.
    pub organization: Option<String>,
    /// Lists that these credentials may not read.
    pub refused: Vec<String>,
    /// Why there was no answer; nothing else is known then.
    pub failed: Option<String>,
}

/// A database that was looked at.
#[derive(Debug)]
pub struct ExaminedFile {
    /// Which.
    pub file: PathBuf,
    /// The number of its form, or what is wrong with it.
    pub form: Result<u32, StoreError>,
}

impl Engine {
    /// Every database, with what is wrong with it.
    ///
    /// # Errors
    /// [`EngineError`] when the list of companies cannot be read.
    pub fn examine_files(&self) -> Result<Vec<ExaminedFile>, EngineError> {
        let server = self.shared.options.data.join("server.db");
        let companies = self.shared.server.company_ids()?;
        let files = std::iter::once(server).chain(companies.iter().map(|id| self.file_of(id)));
        let examine = |file: PathBuf| ExaminedFile { form: inspect_database(&file), file };
        Ok(files.filter(|file| file.exists()).map(examine).collect())
    }

    /// Whether the key that is here is the one that everything is sealed under.
    ///
    /// # Errors
    /// [`EngineError`] when the server's file cannot be read.
    pub fn key_fits(&self) -> Result<bool, EngineError> {
        Ok(self.shared.server.sealed_under()?.is_none_or(|id| id == self.shared.sealer.key_id()))
    }

    /// Companies with the base URL of their Bill.com.
    ///
    /// # Errors
    /// [`EngineError`] when they cannot be read.
    pub fn billcom_addresses(&self) -> Result<Vec<(String, String)>, EngineError> {
        let rows = self.shared.server.companies()?;
        Ok(rows.into_iter().map(|row| (row.id.as_str().to_owned(), row.billcom_url)).collect())
    }

    /// Signs in to Bill.com for a company and tries each list that is needed. Costs one sign-in of the hour and a call a list.
    ///
    /// # Errors
    /// [`EngineError`] when there is no such company, or its credentials cannot be opened.
    pub async fn examine_access(&self, company: &str) -> Result<AccessView, EngineError> {
        let company = self.company(company)?;
        let client = self.billcom(&company)?;
        let mut view = AccessView::default();
        match client.check_access().await {
            Ok(access) => view.organization = access.organization_name,
            Err(error) => {
                view.failed = Some(super::run::chain(&error));
                return Ok(view);
            }
        }
        let settings = company.store.read(|tx| tx.settings())?;
        for home in ENTITIES.iter().flat_map(|entity| entity.homes(&settings)) {
            let mut query = ChangeScan::new(api_entity(*home), None).next_query();
            query.max = 1;
            match client.list(&query).await {
                Ok(_) => {}
                Err(BillComError::Refused { .. } | BillComError::Untrusted | BillComError::NotOffered) => {
                    view.refused.push(home.entity.to_owned());
                }
                Err(error) => {
                    view.failed = Some(super::run::chain(&error));
                    break;
                }
            }
        }
        Ok(view)
    }
}
