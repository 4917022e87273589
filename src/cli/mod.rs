//! The command line: one file per command, exactly as design section 5 has it.
//!
//! Every command but `serve`, `demo` and `simulate` opens the data folder, does one thing and ends; it may do so beside
//! a running server. What it prints for people and what it prints with `--json` come from the same view models as the
//! pages. Nothing here decides anything: the engine does.
//!
//! Standard output carries results, standard error everything else. Exit codes: 0 done, 1 failed, 2 wrong use.
//!
//! **Invariant:** secrets are never taken from the command line (other users of the machine can read it), except by
//! `simulate`, whose books are practice books. A generated password is printed once, by the command that made it.

mod alert;
mod backup;
mod check;
mod company;
mod credentials;
mod demo;
mod doctor;
mod error;
mod health;
mod key;
mod plan;
mod print;
mod problem;
mod serve;
#[cfg(windows)]
mod service;
mod sim;
mod simulate;
mod status;
#[cfg(unix)]
mod supervisor;
mod token;
mod user;
mod webhooks;

pub use error::{CliError, Exit};

use crate::config::{self, Config};
use crate::engine::{Engine, EngineOptions, World};
use crate::telemetry;
use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::future::Future;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// Who did it, in the history.
const WHO: &str = "command line";

/// After a command has ended, what still runs on blocking threads is given this long.
const LINGER: Duration = Duration::from_millis(500);

/// Keeps Bill.com and QuickBooks Desktop in step.
///
/// Start with `counterfoil demo`: it needs no account and no network.
#[derive(Debug, Parser)]
#[command(name = "counterfoil", version, max_term_width = 110)]
struct Cli {
    /// Folder with all data [env: COUNTERFOIL_DATA] [default: ./counterfoil-data]
    #[arg(long, global = true, value_name = "DIR", display_order = 900)]
    data: Option<PathBuf>,

    /// TOML file with settings; flags and environment variables win over it [env: COUNTERFOIL_CONFIG]
    #[arg(long, global = true, value_name = "FILE", display_order = 901)]
    config: Option<PathBuf>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show everything at work: both sides simulated, plausible books, a live page
    Demo(demo::Args),
    /// Run the server
    Serve(serve::Args),
    /// Add companies and change them
    #[command(subcommand)]
    Company(company::Command),
    /// Show what would be done on each side, and why; nothing is written
    Plan(plan::Args),
    /// Compare both ledgers as last seen, to the cent; fails unless they are equal
    Check(check::Args),
    /// Show where all companies, or one, stand
    Status(status::Args),
    /// Show and resolve what a person must decide
    #[command(subcommand)]
    Problem(problem::Command),
    /// Write everything to one file, while the server goes on
    Backup(backup::BackupArgs),
    /// Put a backup in the place of the data; no server may be running
    Restore(backup::RestoreArgs),
    /// Look at everything that can be wrong around the server, and say what to do
    Doctor(doctor::Args),
    /// Ask the server on this machine whether it is ready: for containers
    Health(health::Args),
    /// Run the server as a service of Windows
    #[cfg(windows)]
    #[command(subcommand)]
    Service(service::Command),
    /// Look after the server key
    #[command(subcommand)]
    Key(key::Command),
    /// Say where people are told that something needs them
    #[command(subcommand)]
    Alert(alert::Command),
    /// Say who may sign in, and what they may do
    #[command(subcommand)]
    User(user::Command),
    /// Make tokens for the JSON interface, and take them back
    #[command(subcommand)]
    Token(token::Command),
    /// Play one of the other sides, to practise
    #[command(subcommand)]
    Simulate(simulate::Command),
    /// Run the deterministic simulation: the whole machine in worlds in which everything goes wrong
    Sim(sim::Args),
}

/// Runs the command of this process's arguments.
#[must_use]
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too; a closed pipe is no reason to complain about either.
            let _closed = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let code = match execute(cli) {
        Ok(code) => code,
        Err(error) => {
            print::complain(&error.to_string());
            error.exit().into()
        }
    };
    telemetry::finish();
    code
}

fn execute(cli: Cli) -> Result<ExitCode, CliError> {
    let context = Context::of(&cli, |name| std::env::var_os(name))?;
    context.start_log(&cli.command)?;
    // The client of Bill.com speaks TLS through the process's provider. One that is there already (in tests) stays.
    let _kept = rustls::crypto::ring::default_provider().install_default();
    let done = match cli.command {
        Command::Check(args) => {
            let (printed, equal) = check::execute(&args, &context.existing()?)?;
            return printed.print().map(|()| check::exit(equal));
        }
        Command::Demo(args) => demo::execute(&args),
        Command::Serve(args) => serve::execute(&args, &context),
        Command::Simulate(command) => simulate::execute(command),
        Command::Sim(args) => sim::execute(&args),
        Command::Company(command) => company::execute(command, &context)?.print(),
        Command::Plan(args) => plan::execute(&args, &context.existing()?)?.print(),
        Command::Status(args) => status::execute(&args, &context.existing()?)?.print(),
        Command::Problem(command) => problem::execute(command, &context.existing()?)?.print(),
        Command::Alert(command) => alert::execute(command, &context.existing()?)?.print(),
        Command::User(command) => user::execute(&command, &context.made()?)?.print(),
        Command::Backup(args) => backup::back_up(&args, &context.existing()?)?.print(),
        Command::Restore(args) => backup::restore(&args, &context)?.print(),
        Command::Doctor(args) => doctor::execute(&args, &context),
        Command::Health(args) => health::execute(&args, &context),
        #[cfg(windows)]
        Command::Service(command) => service::execute(&command, context),
        Command::Key(command) => key::execute(&command, &context)?.print(),
        Command::Token(command) => token::execute(&command, &context.made()?)?.print(),
    };
    done.map(|()| ExitCode::SUCCESS)
}

/// What every command has in common.
#[derive(Debug)]
struct Context {
    config: Config,
}

impl Context {
    fn of(cli: &Cli, variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, CliError> {
        let named = variable("COUNTERFOIL_CONFIG").filter(|name| !name.is_empty()).map(PathBuf::from);
        let mut config = Config::load(cli.config.clone().or(named).as_deref(), variable)?;
        config.data = cli.data.clone().or(config.data);
        Ok(Self { config })
    }

    /// Long-running commands tell what they do, the others only what goes wrong, unless something else was asked for.
    fn start_log(&self, command: &Command) -> Result<(), CliError> {
        let usual = match command {
            // What goes wrong in a simulated world is no news.
            Command::Sim(_) => "off",
            Command::Demo(_) | Command::Serve(_) | Command::Simulate(_) => "info",
            #[cfg(windows)]
            Command::Service(_) => "info",
            _ => "warn",
        };
        let format = self.config.log_format.unwrap_or_default();
        telemetry::start(self.config.log.as_deref().unwrap_or(usual), format, self.log_file(command).as_deref())?;
        let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        for (given, meant) in config::misspelt(names) {
            tracing::warn!("there is no environment variable {given}; did you mean {meant}?");
        }
        Ok(())
    }

    /// The file of the server's log. What a command beside it has to say belongs on the terminal it was given on.
    fn log_file(&self, command: &Command) -> Option<PathBuf> {
        match command {
            Command::Serve(_) => self.config.log_file.clone(),
            #[cfg(windows)]
            Command::Service(service::Command::Run) => Some(self.config.log_file_of_service()),
            _ => None,
        }
    }

    /// The engine of a data folder that exists. A folder is not made here: the name may be a typing error.
    fn existing(&self) -> Result<Engine, CliError> {
        self.existing_folder()?;
        self.open()
    }

    /// The data folder, when there is data in it.
    fn existing_folder(&self) -> Result<PathBuf, CliError> {
        let folder = self.config.data_folder();
        if !folder.join("server.db").is_file() {
            let text = format!(
                "there is no data in {}; name the folder with --data, or begin with: counterfoil serve",
                folder.display()
            );
            return Err(CliError::failed(text));
        }
        Ok(folder)
    }

    /// The engine of a data folder, which is made (for its owner only) when there is none.
    fn made(&self) -> Result<Engine, CliError> {
        make_private_folder(&self.config.data_folder())?;
        self.open()
    }

    fn open(&self) -> Result<Engine, CliError> {
        let options = EngineOptions {
            data: self.config.data_folder(),
            public_url: self.config.public_url.clone(),
            listen: None,
            ..EngineOptions::default()
        };
        Ok(Engine::open(options, World::real())?)
    }
}

/// Makes a folder that only its owner may look into, with those above it, unless it exists.
fn make_private_folder(folder: &Path) -> Result<(), CliError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder).map_err(|error| {
        CliError::failed(format!("the data folder {} cannot be made", folder.display())).because(&error)
    })
}

/// Runs a command that waits for things, and does not wait for ever for what it left behind.
fn block_on<T>(work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| CliError::failed("the process could not be set up").because(&error))?;
    let result = runtime.block_on(work);
    runtime.shutdown_timeout(LINGER);
    result
}

/// An address in a flag.
fn listen_flag(text: &str) -> Result<SocketAddr, String> {
    config::parse_listen(text).map_err(|wanted| format!("it wants {wanted}"))
}

/// Waits until somebody wants the process to end: ctrl-c or SIGTERM.
async fn told_to_stop() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let terminated = async {
            match signal(SignalKind::terminate()) {
                Ok(mut signals) => drop(signals.recv().await),
                Err(_) => std::future::pending::<()>().await,
            }
        };
        tokio::select! {
            () = interrupted => {}
            () = terminated => {}
        }
    }
    #[cfg(not(unix))]
    interrupted.await;
}

#[cfg(test)]
mod tests;
