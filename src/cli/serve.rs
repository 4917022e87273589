//! `counterfoil serve`: the server, until it is told to stop.
//!
//! The address is taken before anything else is touched, so that a second server fails at once and in plain words. A lock
//! on the data folder keeps two servers from working on the same companies; commands need no lock.

use super::{CliError, Context, block_on, listen_flag, make_private_folder, told_to_stop};
use crate::config::{self, Config};
use crate::engine::{Engine, EngineOptions, World};
use crate::secrets::{SystemRandom, Token};
use crate::web::{self, WebOptions};
use std::fs::{File, TryLockError};
use std::io::{self, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::Duration;
use tokio::sync::watch;

/// The whole process ends within 10 s of being told to (design section 5); half a second is for the rest of it.
const ENDING_MAX: Duration = Duration::from_millis(9_500);

/// File in the data folder that the one running server holds locked.
const LOCK_FILE: &str = "serve.lock";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Address to listen on; port 0 takes any free one [env: COUNTERFOIL_LISTEN] [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR", value_parser = listen_flag)]
    listen: Option<SocketAddr>,

    /// URL under which the Web Connector and people reach this server; remembered [env: COUNTERFOIL_PUBLIC_URL]
    #[arg(long, value_name = "URL", value_parser = url_flag)]
    public_url: Option<String>,

    /// Certificate chain, PEM; this version leaves encryption to a reverse proxy [env: COUNTERFOIL_TLS_CERT]
    #[arg(long, value_name = "FILE")]
    tls_cert: Option<PathBuf>,

    /// Private key, PEM [env: COUNTERFOIL_TLS_KEY]
    #[arg(long, value_name = "FILE")]
    tls_key: Option<PathBuf>,
}

fn url_flag(text: &str) -> Result<String, String> {
    config::parse_public_url(text).map_err(|wanted| format!("it wants {wanted}"))
}

pub(super) fn execute(args: &Args, context: &Context) -> Result<(), CliError> {
    let config = merged(args, &context.config);
    refuse_tls(&config)?;
    let folder = config.data_folder();
    let listener = bind(config.listen_address())?;
    let address = listener
        .local_addr()
        .map_err(|error| CliError::failed("the address listened on is not known").because(&error))?;
    make_private_folder(&folder)?;
    let _only_server = lock(&folder)?;
    let options = EngineOptions { data: folder, public_url: config.public_url, listen: Some(address) };
    let engine = Engine::open(options, World::real())?;
    announce(&engine, address)?;
    block_on(run(engine, listener, false))
}

/// What the flags say wins.
fn merged(args: &Args, config: &Config) -> Config {
    Config {
        listen: args.listen.or(config.listen),
        public_url: args.public_url.clone().or_else(|| config.public_url.clone()),
        tls_cert: args.tls_cert.clone().or_else(|| config.tls_cert.clone()),
        tls_key: args.tls_key.clone().or_else(|| config.tls_key.clone()),
        ..config.clone()
    }
}

/// This version leaves TLS to a reverse proxy, and must not serve in clear what was meant to be encrypted.
fn refuse_tls(config: &Config) -> Result<(), CliError> {
    match (&config.tls_cert, &config.tls_key) {
        (None, None) => Ok(()),
        (Some(_), Some(_)) => Err(CliError::wrong_use(
            "this version does not encrypt by itself yet; put a reverse proxy such as Caddy or nginx in front of it, \
             leave --tls-cert and --tls-key out, and give its address with --public-url https://…",
        )),
        _ => Err(CliError::wrong_use("--tls-cert and --tls-key belong together: give both or none")),
    }
}

/// Takes an address, or says in plain words why not.
pub(super) fn bind(address: SocketAddr) -> Result<TcpListener, CliError> {
    TcpListener::bind(address).map_err(|error| {
        let text = match error.kind() {
            io::ErrorKind::AddrInUse => {
                format!("{address} is taken by another program; choose another address with --listen")
            }
            io::ErrorKind::PermissionDenied => {
                format!("{address} needs more rights than this user has; choose a port above 1023 with --listen")
            }
            io::ErrorKind::AddrNotAvailable => {
                format!("this machine does not have the address {}; choose another one with --listen", address.ip())
            }
            _ => format!("{address} cannot be listened on"),
        };
        CliError::failed(text).because(&error)
    })
}

/// Makes this process the one server of the data folder, for as long as the file is held.
fn lock(folder: &Path) -> Result<File, CliError> {
    let path = folder.join(LOCK_FILE);
    let failed = |error: &io::Error| CliError::failed(format!("{} cannot be locked", path.display())).because(error);
    let mut options = File::options();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let file = options.open(&path).map_err(|error| failed(&error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(CliError::failed(format!("another server is running on the data in {}", folder.display())))
        }
        Err(TryLockError::Error(error)) => Err(failed(&error)),
    }
}

/// Says where the server is, and how its owner gets in while there is none.
fn announce(engine: &Engine, address: SocketAddr) -> Result<(), CliError> {
    let public_url = engine.public_url()?;
    if !config::connector_accepts(&public_url) {
        tracing::warn!(%public_url, "the Web Connector accepts plain http for localhost only; it needs an https public URL");
    }
    let mut text = format!("Listening on http://{address}\n");
    if !engine.server().has_people()? {
        let token = Token::generate(&mut SystemRandom);
        if engine.server().offer_setup(&token.hash(), engine.now())? {
            text.push_str(&format!("Set up with this link, which works once: {public_url}/setup/{}\n", token.expose()));
        }
    }
    let mut stdout = io::stdout().lock();
    // A server whose output nobody reads goes on serving.
    let _closed = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    Ok(())
}

/// Serves and works until told to stop, then lets both finish what is in hand. With open pages nobody needs to sign in:
/// for the demonstration.
pub(super) async fn run(engine: Engine, listener: TcpListener, open_pages: bool) -> Result<(), CliError> {
    let (stop, stopped) = watch::channel(false);
    let (worker, told) = (engine.clone(), stopped.clone());
    let work = tokio::spawn(async move { worker.run(told).await });
    let mut pages = pin!(web::serve(engine, listener, WebOptions { open_pages, stop: stopped }));
    let ended = tokio::select! {
        result = &mut pages => Some(result),
        () = told_to_stop() => None,
    };
    // Everybody listens or has ended already.
    let _nobody_left = stop.send(true);
    let early = ended.is_some();
    let ending = async {
        let served = match ended {
            Some(result) => result,
            None => pages.await,
        };
        (served, work.await)
    };
    match tokio::time::timeout(ENDING_MAX, ending).await {
        Ok((Err(error), _)) => Err(CliError::failed("the server broke off").because(&error)),
        Ok((_, Err(error))) => Err(CliError::failed("the work on the companies broke off").because(&error)),
        Ok(_) if early => Err(CliError::failed("the server ended without being told to")),
        Ok(_) => Ok(()),
        Err(_) => {
            // Nothing is lost: whatever was under way is in doubt and will be looked up.
            tracing::warn!("something was still under way after 10 s and was left; the next start looks it up");
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Exit;

    fn nothing() -> Args {
        Args { listen: None, public_url: None, tls_cert: None, tls_key: None }
    }

    #[test]
    fn flags_win_over_what_is_configured() {
        let config = Config {
            listen: Some("127.0.0.1:1".parse().expect("address")),
            public_url: Some("https://a.example".to_owned()),
            ..Config::default()
        };
        assert_eq!(merged(&nothing(), &config), config);
        let args = Args { public_url: Some("https://b.example".to_owned()), ..nothing() };
        let merged = merged(&args, &config);
        assert_eq!((merged.public_url.as_deref(), merged.listen), (Some("https://b.example"), config.listen));
    }

    #[test]
    fn a_taken_address_is_told_in_plain_words() {
        let first = bind("127.0.0.1:0".parse().expect("address")).expect("bound");
        let address = first.local_addr().expect("address");
        let error = bind(address).expect_err("taken");
        assert_eq!(error.exit(), Exit::Failed);
        assert!(error.to_string().contains("is taken by another program"), "{error}");
        let error = bind("203.0.113.1:0".parse().expect("address")).expect_err("not ours");
        assert!(error.to_string().contains("does not have the address 203.0.113.1"), "{error}");
    }

    #[test]
    fn encryption_that_was_asked_for_is_never_left_out_silently() {
        let with = |cert: Option<&str>, key: Option<&str>| Config {
            tls_cert: cert.map(PathBuf::from),
            tls_key: key.map(PathBuf::from),
            ..Config::default()
        };
        assert!(refuse_tls(&with(None, None)).is_ok());
        let half = refuse_tls(&with(Some("c.pem"), None)).expect_err("half");
        assert!(half.exit() == Exit::WrongUse && half.to_string().contains("belong together"), "{half}");
        let both = refuse_tls(&with(Some("c.pem"), Some("k.pem"))).expect_err("both");
        assert!(both.exit() == Exit::WrongUse && both.to_string().contains("reverse proxy"), "{both}");
    }

    #[test]
    fn one_server_per_data_folder() {
        let folder = tempfile::tempdir().expect("folder");
        let held = lock(folder.path()).expect("first");
        let error = lock(folder.path()).expect_err("second");
        assert!(error.to_string().contains("another server is running"), "{error}");
        drop(held);
        lock(folder.path()).expect("free again");
    }
}
