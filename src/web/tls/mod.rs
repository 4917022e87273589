//! TLS of our own: the certificate files, and how they are taken in.
//!
//! A certificate is renewed every few weeks by another program, which replaces two files and tells nobody. So the files are
//! looked at again while connections come in, and a pair that has changed is taken over without a restart. While the two are
//! being replaced they do not belong together for a moment: a pair that cannot be used is told of once, and the one before
//! stays.
//!
//! What makes TLS impossible (no certificate, a key that belongs to another one) stops the start. What only makes clients
//! refuse us (expired, another host name, an incomplete chain) is told in the log and by `doctor` ([`chain`]), because
//! the work towards Bill.com goes on without any client.
//!
//! TLS 1.2 stays on beside 1.3: the Web Connector speaks what its .NET offers (`qbwc.md` 2.4).

mod chain;
#[cfg(test)]
mod tests;

pub use chain::{Complaint, complaints, trusted_roots};

use super::limits;
use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Where the certificate lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The chain, PEM: the server's own certificate first, then who issued it.
    pub cert: PathBuf,
    /// The private key of the first certificate, PEM: RSA or ECDSA.
    pub key: PathBuf,
}

/// Why a certificate and a key cannot be used. Every sentence is for the person who put the files there.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{} cannot be read", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is no PEM file of the right sort.
    #[error("{} holds no {wanted} in PEM form (it begins with “-----BEGIN”)", .path.display())]
    Missing {
        /// The file.
        path: PathBuf,
        /// What should be in it.
        wanted: &'static str,
    },
    /// More than a chain.
    #[error("{} holds more than {most} certificates; it should hold the chain of this server only", .path.display())]
    TooMany {
        /// The file.
        path: PathBuf,
        /// How many are taken.
        most: usize,
    },
    /// A key of a sort that is not supported.
    #[error("the key in {} is of a sort that is not supported; use RSA, or ECDSA on P-256 or P-384", .path.display())]
    Key {
        /// The file.
        path: PathBuf,
    },
    /// The two do not belong together.
    #[error(
        "the key in {} does not belong to the first certificate in {}; the server's own certificate must come first, and both \
         must come from the same request", .key.display(), .cert.display()
    )]
    Mismatch {
        /// The chain.
        cert: PathBuf,
        /// The key.
        key: PathBuf,
    },
    /// The library refuses to be set up.
    #[error("TLS cannot be set up")]
    Setup(#[source] rustls::Error),
}

/// A certificate that is served, and looked after.
#[derive(Clone, Debug)]
pub struct Tls {
    resolver: Arc<Resolver>,
}

impl Tls {
    /// Takes in the files. `host` is the name under which clients come, for the complaints in the log.
    ///
    /// # Errors
    /// [`TlsError`] when no connection could be served with them.
    pub fn open(files: TlsFiles, host: Option<String>) -> Result<Self, TlsError> {
        Self::looking_every(files, host, limits::TLS_LOOK_AGAIN)
    }

    pub(super) fn looking_every(files: TlsFiles, host: Option<String>, pause: Duration) -> Result<Self, TlsError> {
        let pair = PairText::read(&files)?;
        let key = pair.parse(&files)?;
        complain(&key.cert, host.as_deref());
        let state = State { key: Arc::new(key), known: pair.digest(), looked_at: Instant::now() };
        Ok(Self { resolver: Arc::new(Resolver { files, host, pause, state: Mutex::new(state) }) })
    }

    /// What the listener needs.
    pub(super) fn server_config(&self) -> Result<ServerConfig, TlsError> {
        let builder = ServerConfig::builder_with_provider(Arc::new(provider()))
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .map_err(TlsError::Setup)?;
        Ok(builder.with_no_client_auth().with_cert_resolver(self.resolver.clone()))
    }
}

/// Reads a chain and its key, as the server does at its start.
///
/// # Errors
/// [`TlsError`] when no connection could be served with them.
pub fn read_chain(files: &TlsFiles) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    Ok(PairText::read(files)?.parse(files)?.cert)
}

fn provider() -> CryptoProvider {
    ring::default_provider()
}

/// Tells the log what clients will not like about a chain.
fn complain(chain: &[CertificateDer<'_>], host: Option<&str>) {
    let now = chrono::Utc::now();
    for complaint in complaints(chain, host, &trusted_roots(), now) {
        if complaint.is_certain() {
            tracing::error!("{complaint}");
        } else {
            tracing::warn!("{complaint}");
        }
    }
}

/// Both files, as they lie there.
struct PairText {
    cert: Vec<u8>,
    key: zeroize::Zeroizing<Vec<u8>>,
}

impl PairText {
    fn read(files: &TlsFiles) -> Result<Self, TlsError> {
        Ok(Self { cert: bytes_of(&files.cert)?, key: zeroize::Zeroizing::new(bytes_of(&files.key)?) })
    }

    /// Tells one pair from another, without keeping the key.
    fn digest(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(&self.cert);
        hasher.update([0]);
        hasher.update(self.key.as_slice());
        hasher.finalize().into()
    }

    fn parse(&self, files: &TlsFiles) -> Result<CertifiedKey, TlsError> {
        let missing = |path: &Path, wanted| TlsError::Missing { path: path.to_owned(), wanted };
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&self.cert)
            .collect::<Result<_, pem::Error>>()
            .map_err(|_| missing(&files.cert, "certificate"))?;
        if chain.is_empty() {
            return Err(missing(&files.cert, "certificate"));
        }
        if chain.len() > limits::TLS_CHAIN_MAX {
            return Err(TlsError::TooMany { path: files.cert.clone(), most: limits::TLS_CHAIN_MAX });
        }
        let key = PrivateKeyDer::from_pem_slice(&self.key).map_err(|_| missing(&files.key, "private key"))?;
        let key =
            provider().key_provider.load_private_key(key).map_err(|_| TlsError::Key { path: files.key.clone() })?;
        let certified = CertifiedKey::new(chain, key);
        match certified.keys_match() {
            Ok(()) => Ok(certified),
            Err(rustls::Error::InconsistentKeys(_)) => {
                Err(TlsError::Mismatch { cert: files.cert.clone(), key: files.key.clone() })
            }
            Err(_) => Err(missing(&files.cert, "certificate")),
        }
    }
}

fn bytes_of(path: &Path) -> Result<Vec<u8>, TlsError> {
    let failed = |source| TlsError::Unreadable { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(failed)?;
    file.take(limits::TLS_FILE_BYTES_MAX).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// Gives each connection the certificate that lies there now.
#[derive(Debug)]
struct Resolver {
    files: TlsFiles,
    host: Option<String>,
    /// Time between two looks at the files.
    pause: Duration,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    key: Arc<CertifiedKey>,
    /// The pair last looked at, whether it could be used or not.
    known: [u8; 32],
    looked_at: Instant,
}

impl Resolver {
    fn current(&self) -> Arc<CertifiedKey> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.looked_at.elapsed() >= self.pause {
            state.looked_at = Instant::now();
            self.look_again(&mut state);
        }
        state.key.clone()
    }

    fn look_again(&self, state: &mut State) {
        // A file that is missing for the moment of its replacement is there at the next look.
        let Ok(pair) = PairText::read(&self.files) else { return };
        let digest = pair.digest();
        if digest == state.known {
            return;
        }
        state.known = digest;
        match pair.parse(&self.files) {
            Ok(key) => {
                tracing::info!("the certificate has been replaced; new connections use the new one");
                complain(&key.cert, self.host.as_deref());
                state.key = Arc::new(key);
            }
            Err(error) => tracing::error!(%error, "the new certificate cannot be used; the one before stays"),
        }
    }
}

impl ResolvesServerCert for Resolver {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current())
    }
}
