//! What can go wrong, each as one plain sentence with its cause behind it.

use crate::billcom::ConfigError;
use crate::model::BadSetting;
use crate::secrets::{KeyError, SealError};
use crate::store::StoreError;

/// Something the engine could not do.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// No company of this id.
    #[error("there is no company {0:?}")]
    NoSuchCompany(String),
    /// No open problem of this number.
    #[error("there is no open problem {0}")]
    NoSuchProblem(i64),
    /// No such record, session or message set, or it is not kept any more.
    #[error("there is no such record")]
    NoSuchRecord,
    /// This cannot be done about this problem.
    #[error("{0}")]
    BadAction(String),
    /// A setting that cannot be.
    #[error(transparent)]
    Setting(#[from] BadSetting),
    /// Something a company cannot be added with.
    #[error("{0}")]
    BadCompany(String),
    /// Credentials for Bill.com that do not work.
    #[error("{sentence}")]
    Credentials {
        /// The field at fault: `url`, `org`, `user` or `dev_key`; empty when it is none of them.
        field: &'static str,
        /// What to do, in sentences.
        sentence: String,
    },
    /// Something about people or tokens that cannot be.
    #[error("{0}")]
    BadPerson(String),
    /// No alert channel of this number.
    #[error("there is no alert channel {0}")]
    NoSuchChannel(i64),
    /// An alert channel or mail server that cannot be.
    #[error("{0}")]
    BadAlert(String),
    /// Work inside the server ended without a result.
    #[error("the work broke off inside the server")]
    BrokeOff,
    /// The data folder cannot be used.
    #[error("the data folder cannot be used")]
    Folder(#[source] std::io::Error),
    /// Something is sealed here, and the key to it was not handed over.
    #[error(
        "the server key is not here: put server.key back into the data folder, or hand it over as the server gets it (a credential of \
         systemd, or COUNTERFOIL_KEY); when it is lost, start the server, which makes another, and set every company's credentials again"
    )]
    NoKey,
    /// The key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A stored secret cannot be opened.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// Bill.com credentials with which no call can be made.
    #[error(transparent)]
    BillCom(#[from] ConfigError),
    /// A backup.
    #[error(transparent)]
    Backup(#[from] super::backup::BackupError),
    /// A data file.
    #[error(transparent)]
    Store(#[from] StoreError),
}
