//! The files of a data folder before the first row: made once, and laid out for each of many servers that begin in one process,
//! as a simulation's do. A server finds them as if it had made them itself a moment ago.

use crate::model::CompanyId;
use crate::store::server::ServerStore;
use crate::store::{CompanyStore, StoreError};
use std::path::Path;

/// See the module.
#[derive(Debug)]
pub struct NewFiles {
    server: Vec<u8>,
    company: Vec<u8>,
}

impl NewFiles {
    /// Makes them, in a folder that is not needed afterwards.
    ///
    /// # Errors
    /// [`StoreError`] when the folder cannot be used.
    pub fn make(folder: &Path) -> Result<Self, StoreError> {
        let (server, company) = (folder.join("server.db"), folder.join("company.db"));
        drop(ServerStore::open(&server)?);
        drop(CompanyStore::open(&company)?);
        let read = |path: &Path| std::fs::read(path).map_err(StoreError::Spool);
        Ok(Self { server: read(&server)?, company: read(&company)? })
    }

    /// Lays them out in a new data folder, for a company that will have this name.
    ///
    /// # Errors
    /// When the folder cannot be used.
    pub fn lay_out(&self, data: &Path, company: &str) -> std::io::Result<()> {
        let companies = data.join("companies");
        std::fs::create_dir_all(&companies)?;
        std::fs::write(data.join("server.db"), &self.server)?;
        std::fs::write(companies.join(format!("{}.db", CompanyId::from_name(company))), &self.company)
    }
}
