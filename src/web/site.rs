//! What all handlers share: the engine, how the pages are protected, and the turnstiles that bound work.

use super::WebOptions;
use super::caller::{self, ProxyNet};
use super::limits;
use super::people::People;
use crate::engine::{Engine, EngineError, Measures};
use crate::secrets::{SystemRandom, Token};
use actix_web::HttpRequest;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// One per server, shared by its workers.
pub(super) struct Site {
    engine: Engine,
    open_pages: bool,
    proxy: Option<ProxyNet>,
    /// Scheme and authority of the public URL, lower case, such as `https://sync.example.com`.
    public_origin: Option<String>,
    /// The secret behind the form tokens of pages that need no session; new at each start.
    open_secret: String,
    people: People,
    large_bodies: Arc<Semaphore>,
    hashes: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    stop: watch::Receiver<bool>,
    /// The figures last read, and when: whoever asks often gets them again.
    measured: Mutex<Option<(Instant, Arc<Measures>)>>,
}

impl Site {
    /// # Errors
    /// When the server's database cannot be read.
    pub(super) fn new(engine: Engine, options: &WebOptions) -> Result<Self, EngineError> {
        let people = People::new(engine.clone());
        let public_origin = origin(&engine.public_url()?);
        Ok(Self {
            people,
            engine,
            open_pages: options.open_pages,
            proxy: options.proxy,
            public_origin,
            open_secret: random_text(),
            large_bodies: Arc::new(Semaphore::new(limits::LARGE_BODIES_MAX)),
            hashes: Arc::new(Semaphore::new(limits::HASHES_MAX)),
            streams: Arc::new(Semaphore::new(limits::STREAMS_MAX)),
            stop: options.stop.clone(),
            measured: Mutex::default(),
        })
    }

    pub(super) const fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(super) const fn people(&self) -> &People {
        &self.people
    }

    pub(super) const fn open_pages(&self) -> bool {
        self.open_pages
    }

    /// Whose word about the caller is believed, beside that of this machine.
    pub(super) const fn proxy(&self) -> Option<ProxyNet> {
        self.proxy
    }

    pub(super) fn open_secret(&self) -> &str {
        &self.open_secret
    }

    pub(super) const fn large_bodies(&self) -> &Arc<Semaphore> {
        &self.large_bodies
    }

    /// Waits until a password may be hashed; the turn ends when the permit is dropped. `secrets` bounds the hashes too; waiting
    /// here keeps a crowd in front of the sign-in from taking the threads that the Web Connector needs.
    pub(super) async fn take_hash_turn(&self) -> OwnedSemaphorePermit {
        let turn = Arc::clone(&self.hashes).acquire_owned().await;
        turn.expect("invariant: this semaphore is never closed")
    }

    pub(super) const fn streams(&self) -> &Arc<Semaphore> {
        &self.streams
    }

    /// The figures for `/metrics`, a few seconds old at most. Blocking; who asks at the same time waits for the same answer.
    pub(super) fn measures(&self) -> Result<Arc<Measures>, EngineError> {
        let mut measured = self.measured.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, known)) = &*measured
            && at.elapsed() < limits::MEASURES_KEPT
        {
            return Ok(known.clone());
        }
        let fresh = Arc::new(self.engine.measures()?);
        *measured = Some((Instant::now(), fresh.clone()));
        Ok(fresh)
    }

    pub(super) fn stop(&self) -> watch::Receiver<bool> {
        self.stop.clone()
    }

    /// Whether a cookie of this request's browser may be `Secure`.
    ///
    /// https is seen in what a proxy on this machine says, or in the public URL when the request came under its name. On
    /// plain http, browsers keep `Secure` cookies of this very machine's names only.
    pub(super) fn is_secure(&self, request: &HttpRequest) -> bool {
        let host = caller::host(request);
        let public_https = || self.public_origin.as_deref().and_then(|origin| origin.strip_prefix("https://"));
        caller::says_https(request)
            || caller::is_loopback_host(host)
            || public_https().is_some_and(|public| public.eq_ignore_ascii_case(host))
    }

    /// Scheme and authority under which this request reached us, for the `soap:address` of an unknown company.
    pub(super) fn origin_for(&self, request: &HttpRequest) -> String {
        if let Some(origin) = &self.public_origin {
            return origin.clone();
        }
        let scheme = if caller::says_https(request) { "https" } else { "http" };
        let host = Some(caller::host(request)).filter(|host| !host.is_empty()).unwrap_or("localhost");
        format!("{scheme}://{host}")
    }

    /// Whether a request that changes something comes from one of our own pages, as far as the browser tells.
    ///
    /// `Sec-Fetch-Site` is the browser's own judgement, and no page can write it, so it decides where it stands: over https and
    /// on this machine. Elsewhere `Origin` does. Old browsers send neither; the form token is what holds, this is the second lock.
    pub(super) fn is_same_origin(&self, request: &HttpRequest) -> bool {
        let header = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap_or("?"));
        if let Some(site) = header("sec-fetch-site") {
            return matches!(site, "same-origin" | "none");
        }
        let Some(sent) = header("origin") else { return true };
        let host_matches =
            sent.split_once("://").is_some_and(|(_, host)| host.eq_ignore_ascii_case(caller::host(request)));
        let public_matches = self.public_origin.as_deref().is_some_and(|origin| origin.eq_ignore_ascii_case(sent));
        host_matches || public_matches
    }
}

/// 256 random bits as text.
pub(super) fn random_text() -> String {
    Token::generate(&mut SystemRandom).expose().to_owned()
}

/// Scheme and authority of a URL, lower case, without a default port: as a browser writes them into `Host` and `Origin`.
fn origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next().filter(|authority| !authority.is_empty())?;
    let scheme = scheme.to_ascii_lowercase();
    let default_port = if scheme == "https" { ":443" } else { ":80" };
    let authority = authority.strip_suffix(default_port).unwrap_or(authority);
    Some(format!("{scheme}://{}", authority.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_what_a_browser_calls_it() {
        assert_eq!(origin("https://Sync.Example.com/").as_deref(), Some("https://sync.example.com"));
        assert_eq!(origin("https://sync.example.com:443/a?b").as_deref(), Some("https://sync.example.com"));
        assert_eq!(origin("http://localhost:8080").as_deref(), Some("http://localhost:8080"));
        assert_eq!(origin("sync.example.com"), None);
        assert_eq!(origin("https://"), None);
    }
}
