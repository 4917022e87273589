//! `counterfoil service`: the server as a service of Windows, for the offices whose only machine that is always on is the one that
//! runs QuickBooks.
//!
//! `install` registers this very program with the settings file it is given; `run` is what the service manager calls. The account is
//! *Local Service*, which may do nothing but this; the data folder belongs to it and to Administrators.

mod manager;
mod running;

use super::{CliError, Context};
use std::path::PathBuf;

/// The service's name in the service manager.
const NAME: &str = "Counterfoil";

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Register the service and start it with Windows; in a terminal that was started as Administrator
    Install {
        /// Settings file of the service [default: C:\ProgramData\Counterfoil\counterfoil.toml]
        #[arg(long, value_name = "FILE")]
        settings: Option<PathBuf>,
    },
    /// Stop and unregister the service; the data stays
    Uninstall,
    /// Run as the service: for the service manager
    Run,
}

pub(super) fn execute(command: &Command, context: Context) -> Result<(), CliError> {
    match command {
        Command::Install { settings } => manager::install(settings.as_deref()),
        Command::Uninstall => manager::uninstall(),
        Command::Run => running::run(context),
    }
}
