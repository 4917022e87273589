//! The line that carries one POST and brings its answer.
//!
//! **Invariant:** redirects are never followed, bodies are read up to a bound, and every call ends within
//! [`limits::CALL_TIMEOUT`].

use super::config::is_loopback;
use super::{BoxFuture, ConfigError, limits};
use reqwest::{Client, Url, header, redirect};
use std::error::Error;
use std::fmt;
use std::sync::OnceLock;

/// The fields of a form, in order. They hold secrets, so only their names can be printed.
#[derive(Clone, Default)]
pub struct Form(Vec<(&'static str, String)>);

impl Form {
    /// A form of these fields.
    #[must_use]
    pub const fn new(fields: Vec<(&'static str, String)>) -> Self {
        Self(fields)
    }

    /// The fields.
    #[must_use]
    pub fn fields(&self) -> &[(&'static str, String)] {
        &self.0
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// An answer as it came.
#[derive(Clone, Debug)]
pub struct WireReply {
    /// The HTTP status.
    pub status: u16,
    /// The body, decompressed.
    pub body: Vec<u8>,
}

/// No answer.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// No connection; not a byte of the call was sent.
    #[error("no connection")]
    Connect(#[source] Box<dyn Error + Send + Sync>),
    /// No connection in time.
    #[error("no connection in time")]
    ConnectTimeout,
    /// The connection broke while the call or its answer was on its way.
    #[error("connection broken")]
    Sent(#[source] Box<dyn Error + Send + Sync>),
    /// No answer in time.
    #[error("no answer in time")]
    Timeout,
    /// More bytes than [`limits::REPLY_BYTES_MAX`].
    #[error("answer too large")]
    TooLarge,
}

/// Something that carries a POST: the network, or a simulated organisation in the same process.
pub trait Wire: Send + Sync {
    /// Sends a form and waits for the answer.
    fn post<'a>(&'a self, url: &'a Url, form: &'a Form) -> BoxFuture<'a, Result<WireReply, WireError>>;
}

/// The network.
#[derive(Clone, Debug)]
pub struct HttpWire(Client);

/// One client for all companies: it holds the root certificates, which cost milliseconds to load and much memory to keep.
/// Its pooled connections belong to the runtime that opened them; the server has one runtime for its whole life.
static ENCRYPTED: OnceLock<Client> = OnceLock::new();

impl HttpWire {
    /// What sends.
    pub(super) const fn client(&self) -> &Client {
        &self.0
    }

    /// The line towards a base URL. Needs a TLS provider installed as the process default; the roots are the operating system's.
    ///
    /// # Errors
    /// [`ConfigError`] without a TLS provider, or when the system has no root certificates.
    pub fn towards(base: &Url) -> Result<Self, ConfigError> {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            return Err(ConfigError::NoTlsProvider);
        }
        if base.scheme() == "http" && is_loopback(base) {
            return Self::unencrypted().map(Self);
        }
        if let Some(client) = ENCRYPTED.get() {
            return Ok(Self(client.clone()));
        }
        let client = builder().https_only(true).build().map_err(ConfigError::Client)?;
        Ok(Self(ENCRYPTED.get_or_init(|| client).clone()))
    }

    /// Needs neither root certificates nor a proxy: the other end is on this computer.
    fn unencrypted() -> Result<Client, ConfigError> {
        let no_roots = std::iter::empty::<reqwest::Certificate>();
        builder().no_proxy().tls_certs_only(no_roots).build().map_err(ConfigError::Client)
    }
}

fn builder() -> reqwest::ClientBuilder {
    Client::builder()
        .redirect(redirect::Policy::none())
        .connect_timeout(limits::CONNECT_TIMEOUT)
        .read_timeout(limits::READ_TIMEOUT)
        .timeout(limits::CALL_TIMEOUT)
        .user_agent(concat!("counterfoil/", env!("CARGO_PKG_VERSION")))
}

impl Wire for HttpWire {
    fn post<'a>(&'a self, url: &'a Url, form: &'a Form) -> BoxFuture<'a, Result<WireReply, WireError>> {
        Box::pin(async move {
            let request = self.0.post(url.clone()).header(header::ACCEPT, "application/json").form(form.fields());
            let response = request.send().await.map_err(failed)?;
            let status = response.status().as_u16();
            Ok(WireReply { status, body: read_bounded(response).await? })
        })
    }
}

pub(super) async fn read_bounded(mut response: reqwest::Response) -> Result<Vec<u8>, WireError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed_in_body)? {
        if body.len() + chunk.len() > limits::REPLY_BYTES_MAX {
            return Err(WireError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

pub(super) fn failed(error: reqwest::Error) -> WireError {
    let error = error.without_url();
    match (error.is_connect() || error.is_builder(), error.is_timeout()) {
        (true, true) => WireError::ConnectTimeout,
        (true, false) => WireError::Connect(Box::new(error)),
        (false, true) => WireError::Timeout,
        (false, false) => WireError::Sent(Box::new(error)),
    }
}

/// Once a status has come, the call has certainly been sent, whatever the error calls itself.
fn failed_in_body(error: reqwest::Error) -> WireError {
    if error.is_timeout() { WireError::Timeout } else { WireError::Sent(Box::new(error.without_url())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_form_shows_names_only() {
        let form = Form::new(vec![("devKey", "0123secret".to_owned()), ("data", "{}".to_owned())]);
        assert_eq!(format!("{form:?}"), r#"["devKey", "data"]"#);
    }
}
