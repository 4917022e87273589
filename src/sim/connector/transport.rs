//! How the connector's requests reach the service: over HTTP, or by a call within the process.

use std::future::Future;
use std::time::Duration;

/// What came back over HTTP.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HttpAnswer {
    /// Status code.
    pub status: u16,
    /// Headers in order.
    pub headers: Vec<(String, String)>,
    /// Body as sent.
    pub body: Vec<u8>,
}

impl HttpAnswer {
    /// An answer as a good server gives it.
    #[must_use]
    pub fn xml(status: u16, body: &str) -> Self {
        Self {
            status,
            headers: vec![
                ("Content-Type".to_owned(), "text/xml; charset=utf-8".to_owned()),
                ("Content-Length".to_owned(), body.len().to_string()),
            ],
            body: body.as_bytes().to_vec(),
        }
    }

    /// The value of a header, whatever the case of its name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// Why there is no answer at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// No answer within the client's time limit.
    #[error("The operation has timed out")]
    TimedOut,
    /// The connection could not be made or was cut.
    #[error("The underlying connection was closed: {0}")]
    Closed(String),
}

/// Carries one SOAP request to the service.
pub trait Transport: Send + Sync {
    /// Posts a body with its `SOAPAction` (quotes included).
    fn post(&self, soap_action: &str, body: String) -> impl Future<Output = Result<HttpAnswer, TransportError>> + Send;
}

/// The real thing: HTTP as the .NET client class does it (`qbwc.md` 2.2).
#[derive(Debug, Clone)]
pub struct HttpTransport {
    client: reqwest::Client,
    url: String,
    content_type: &'static str,
}

/// `User-Agent` of the connector's client class on the .NET 2.0 runtime.
const USER_AGENT: &str = "Mozilla/4.0 (compatible; MSIE 6.0; MS Web Services Client Protocol 2.0.50727.1433)";
/// The default time limit of the client class for a call.
const TIMEOUT: Duration = Duration::from_secs(100);

impl HttpTransport {
    /// A client for a service address.
    ///
    /// # Errors
    /// If the HTTP client cannot be set up.
    pub fn new(url: &str, soap_12: bool) -> Result<Self, TransportError> {
        // Another part of the program may have chosen the provider already; that is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .no_gzip()
            .build()
            .map_err(|error| TransportError::Closed(error.to_string()))?;
        let content_type = if soap_12 { "application/soap+xml; charset=utf-8" } else { "text/xml; charset=utf-8" };
        Ok(Self { client, url: url.to_owned(), content_type })
    }
}

impl Transport for HttpTransport {
    async fn post(&self, soap_action: &str, body: String) -> Result<HttpAnswer, TransportError> {
        let closed = |error: &reqwest::Error| {
            if error.is_timeout() { TransportError::TimedOut } else { TransportError::Closed(error.to_string()) }
        };
        let response = self
            .client
            .post(&self.url)
            .header("Content-Type", self.content_type)
            .header("SOAPAction", soap_action)
            .header("Expect", "100-continue")
            .body(body)
            .send()
            .await
            .map_err(|error| closed(&error))?;
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let body = response.bytes().await.map_err(|error| closed(&error))?.to_vec();
        Ok(HttpAnswer { status, headers, body })
    }
}

/// A service within the process, for tests and for the fault simulation: no socket, no waiting.
pub struct LocalTransport<F>(F);

impl<F> LocalTransport<F>
where
    F: Fn(&str, &str) -> Result<HttpAnswer, TransportError> + Send + Sync,
{
    /// Wraps a function of `SOAPAction` and body.
    pub const fn new(service: F) -> Self {
        Self(service)
    }
}

impl<F> std::fmt::Debug for LocalTransport<F> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("LocalTransport")
    }
}

impl<F> Transport for LocalTransport<F>
where
    F: Fn(&str, &str) -> Result<HttpAnswer, TransportError> + Send + Sync,
{
    async fn post(&self, soap_action: &str, body: String) -> Result<HttpAnswer, TransportError> {
        (self.0)(soap_action, &body)
    }
}
