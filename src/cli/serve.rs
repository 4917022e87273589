//! `counterfoil serve`: the server, until it is told to stop.
//!
//! The address is taken before anything else is touched, so that a second server fails at once and in plain words. A lock
//! on the data folder keeps two servers from working on the same companies; commands need no lock.

use super::{CliError, Context, block_on, listen_flag, make_private_folder, told_to_stop};
use crate::config::{self, Config};
use crate::engine::{Engine, EngineOptions, World};
use crate::limits::BACKUPS_KEPT;
use crate::secrets::{SystemRandom, Token};
use crate::web::tls::{Tls, TlsFiles};
use crate::web::{self, ProxyNet, WebOptions};
use std::fs::{File, TryLockError};
use std::io::{self, Write as _};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::Duration;
use tokio::sync::watch;

/// The whole process ends within 10 s of being told to (design section 5); half a second is for the rest of it.
const ENDING_MAX: Duration = Duration::from_millis(9_500);

/// File in the data folder that the one running server holds locked.
const LOCK_FILE: &str = "serve.lock";

#[derive(Debug, Default, clap::Args)]
pub(super) struct Args {
    /// Address to listen on; port 0 takes any free one [env: COUNTERFOIL_LISTEN] [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR", value_parser = listen_flag)]
    listen: Option<SocketAddr>,

    /// URL under which the Web Connector and people reach this server; remembered [env: COUNTERFOIL_PUBLIC_URL]
    #[arg(long, value_name = "URL", value_parser = url_flag)]
    public_url: Option<String>,

    /// Certificate chain, PEM, the server's own first; looked at again when it is replaced [env: COUNTERFOIL_TLS_CERT]
    #[arg(long, value_name = "FILE")]
    tls_cert: Option<PathBuf>,

    /// Private key, PEM: RSA or ECDSA [env: COUNTERFOIL_TLS_KEY]
    #[arg(long, value_name = "FILE")]
    tls_key: Option<PathBuf>,

    /// Address or network of a reverse proxy on another machine that encrypts; allows plain http [env:
    /// COUNTERFOIL_BEHIND_PROXY]
    #[arg(long, value_name = "NET", value_parser = network_flag)]
    behind_proxy: Option<(IpAddr, u8)>,

    /// Nightly backups kept in the folder “backups” of the data folder; 0 makes none [env: COUNTERFOIL_BACKUPS_KEPT]
    /// [default: 14]
    #[arg(long, value_name = "N", value_parser = count_flag)]
    backups_kept: Option<usize>,
}

fn count_flag(text: &str) -> Result<usize, String> {
    config::parse_backups(text).map_err(|wanted| format!("it wants {wanted}"))
}

fn network_flag(text: &str) -> Result<(IpAddr, u8), String> {
    config::parse_network(text).map_err(|wanted| format!("it wants {wanted}"))
}

fn url_flag(text: &str) -> Result<String, String> {
    config::parse_public_url(text).map_err(|wanted| format!("it wants {wanted}"))
}

pub(super) fn execute(args: &Args, context: &Context) -> Result<(), CliError> {
    let done = execute_until(args, context, watch::channel(false).1);
    if let Err(error) = &done {
        told_in_the_log(error, context);
    }
    done
}

/// Who looks into a log file for why a server does not run must find it there, not only on standard error.
fn told_in_the_log(error: &CliError, context: &Context) {
    if context.config.log_file.is_some() {
        tracing::error!(%error, "the server ended");
    }
}

/// Serves until the process is told to stop, or `asked` turns true.
pub(super) fn execute_until(args: &Args, context: &Context, asked: watch::Receiver<bool>) -> Result<(), CliError> {
    let config = merged(args, &context.config);
    let tls_files = tls_files(&config)?;
    refuse_plain(&config, tls_files.is_some())?;
    let folder = config.data_folder();
    let listener = bind(config.listen_address())?;
    let address = listener
        .local_addr()
        .map_err(|error| CliError::failed("the address listened on is not known").because(&error))?;
    make_private_folder(&folder)?;
    let _only_server = lock(&folder)?;
    let options = EngineOptions {
        data: folder,
        public_url: config.public_url.clone(),
        listen: Some(address),
        backups_kept: Some(config.backups_kept.unwrap_or(BACKUPS_KEPT)).filter(|kept| *kept > 0),
    };
    let engine = Engine::open(options, World::real())?;
    let tls = tls_files.map(|files| open_tls(files, &engine)).transpose()?;
    announce(&engine, address, tls.is_some())?;
    let proxy = config.behind_proxy.map(|(address, bits)| ProxyNet { address, bits });
    block_on(async move {
        let serving = run(engine, listener, asked, move |stop| WebOptions { tls, proxy, ..WebOptions::new(stop) });
        #[cfg(unix)]
        return tokio::select! {
            result = serving => result,
            () = super::supervisor::tell() => Ok(()),
        };
        #[cfg(not(unix))]
        serving.await
    })
}

/// What the flags say wins.
fn merged(args: &Args, config: &Config) -> Config {
    Config {
        listen: args.listen.or(config.listen),
        public_url: args.public_url.clone().or_else(|| config.public_url.clone()),
        tls_cert: args.tls_cert.clone().or_else(|| config.tls_cert.clone()),
        tls_key: args.tls_key.clone().or_else(|| config.tls_key.clone()),
        backups_kept: args.backups_kept.or(config.backups_kept),
        behind_proxy: args.behind_proxy.or(config.behind_proxy),
        ..config.clone()
    }
}

/// The certificate files, when there are any.
pub(super) fn tls_files(config: &Config) -> Result<Option<TlsFiles>, CliError> {
    match (&config.tls_cert, &config.tls_key) {
        (None, None) => Ok(None),
        (Some(cert), Some(key)) => Ok(Some(TlsFiles { cert: cert.clone(), key: key.clone() })),
        _ => Err(CliError::wrong_use("--tls-cert and --tls-key belong together: give both or none")),
    }
}

/// Passwords and books go over a network encrypted, or not at all.
fn refuse_plain(config: &Config, encrypted: bool) -> Result<(), CliError> {
    let address = config.listen_address();
    if encrypted || address.ip().is_loopback() || config.behind_proxy.is_some() {
        return Ok(());
    }
    Err(CliError::wrong_use(format!(
        "{address} can be reached from other machines, and without a certificate everything would go in clear; give \
         --tls-cert and --tls-key, or listen on 127.0.0.1 behind a reverse proxy on this machine, or name the address of a \
         proxy elsewhere that encrypts with --behind-proxy"
    )))
}

/// Takes in the certificate, and sees to it that the `.qwc` files will name an address it can serve.
fn open_tls(files: TlsFiles, engine: &Engine) -> Result<Tls, CliError> {
    let public_url = engine.public_url()?;
    if !public_url.starts_with("https://") {
        return Err(CliError::wrong_use(format!(
            "with a certificate, the address under which the Web Connector and people come begins with https://, but it is \
             {public_url}; give it once with --public-url https://NAME, the name the certificate is for"
        )));
    }
    let host = config::host_of(&public_url);
    Tls::open(files, host).map_err(|error| CliError::failed("the certificate cannot be used").because(&error))
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
pub(super) fn lock(folder: &Path) -> Result<File, CliError> {
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
fn announce(engine: &Engine, address: SocketAddr, encrypted: bool) -> Result<(), CliError> {
    let public_url = engine.public_url()?;
    if !config::connector_accepts(&public_url) {
        tracing::warn!(%public_url, "the Web Connector accepts plain http for localhost only; it needs an https public URL");
    }
    let scheme = if encrypted { "https" } else { "http" };
    let mut text = format!("Listening on {scheme}://{address}\n");
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

/// Serves and works until told to stop, then lets both finish what is in hand. `options` says how, given what tells of the
/// end.
pub(super) async fn run(
    engine: Engine,
    listener: TcpListener,
    mut asked: watch::Receiver<bool>,
    options: impl FnOnce(watch::Receiver<bool>) -> WebOptions,
) -> Result<(), CliError> {
    let (stop, stopped) = watch::channel(false);
    let (worker, told) = (engine.clone(), stopped.clone());
    let work = tokio::spawn(async move { worker.run(told).await });
    let mut pages = pin!(web::serve(engine, listener, options(stopped)));
    let ended = tokio::select! {
        result = &mut pages => Some(result),
        () = told_to_stop() => None,
        () = turned(&mut asked) => None,
    };
    #[cfg(unix)]
    super::supervisor::tell_of_the_end();
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

/// Waits until somebody in this process wants the end; for ever when nobody can.
async fn turned(asked: &mut watch::Receiver<bool>) {
    if asked.wait_for(|asked| *asked).await.is_err() {
        std::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Exit;

    fn nothing() -> Args {
        Args { listen: None, public_url: None, tls_cert: None, tls_key: None, behind_proxy: None, backups_kept: None }
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
        assert_eq!(tls_files(&with(None, None)).expect("none"), None);
        let half = tls_files(&with(Some("c.pem"), None)).expect_err("half");
        assert!(half.exit() == Exit::WrongUse && half.to_string().contains("belong together"), "{half}");
        assert!(tls_files(&with(Some("c.pem"), Some("k.pem"))).expect("both").is_some());
    }

    #[test]
    fn nothing_goes_over_a_network_in_clear_unless_a_proxy_is_named() {
        let listening = |address: &str, behind_proxy| Config {
            listen: Some(address.parse().expect("address")),
            behind_proxy,
            ..Config::default()
        };
        let proxy = Some(("10.0.0.5".parse().expect("address"), 32));
        assert!(refuse_plain(&listening("127.0.0.1:80", None), false).is_ok());
        assert!(refuse_plain(&listening("[::1]:80", None), false).is_ok());
        assert!(refuse_plain(&listening("0.0.0.0:443", None), true).is_ok());
        assert!(refuse_plain(&listening("0.0.0.0:80", proxy), false).is_ok());
        for open in ["0.0.0.0:80", "[::]:80", "192.0.2.1:80"] {
            let refused = refuse_plain(&listening(open, None), false).expect_err(open);
            assert!(refused.exit() == Exit::WrongUse && refused.to_string().contains("--behind-proxy"), "{refused}");
        }
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
