//! How a message leaves: over SMTP or HTTP, within [`ALERT_SEND_MAX`], once. Trying again is the memory's business.
//!
//! **Invariant:** an error says what went wrong and never where: addresses of webhooks are secrets.

use super::message::{Message, for_slack};
use crate::engine::EngineError;
use crate::limits::ALERT_SEND_MAX;
use crate::model::sentence;
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use reqwest::{Client, Url, redirect};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

/// Characters of an error that are kept.
const ERROR_CHARS_MAX: usize = 300;
/// The port of encrypted submission.
const SMTPS_PORT: u16 = 465;
/// The port of submission.
const SUBMISSION_PORT: u16 = 587;

/// How a channel is reached, opened for one message.
pub(in crate::engine) enum Way {
    /// By e-mail.
    Email { to: SecretString, server: String, sender: String, user: String, password: Option<SecretString> },
    /// As JSON.
    Webhook(SecretString),
    /// As Slack wants it.
    Slack(SecretString),
    /// Called without anything to say.
    Heartbeat(SecretString),
}

/// Why a message was not taken, in a sentence.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(in crate::engine) struct NotTaken(String);

impl NotTaken {
    fn new(text: &str) -> Self {
        let clean = text.chars().map(|sign| if sign.is_control() { ' ' } else { sign });
        Self(clean.take(ERROR_CHARS_MAX).collect())
    }
}

impl From<EngineError> for NotTaken {
    fn from(error: EngineError) -> Self {
        Self::new(&sentence(&error.to_string()))
    }
}

impl Way {
    /// Sends it, and waits until it was taken.
    pub(in crate::engine) async fn send(&self, message: &Message) -> Result<(), NotTaken> {
        let work = async {
            match self {
                Self::Email { .. } => self.mail(message).await,
                Self::Webhook(url) => post(url, &message.json).await,
                Self::Slack(url) => post(url, &for_slack(message)).await,
                Self::Heartbeat(url) => call(url).await,
            }
        };
        let late = |_| NotTaken::new("There was no answer in time.");
        tokio::time::timeout(ALERT_SEND_MAX, work).await.map_err(late)?
    }

    async fn mail(&self, message: &Message) -> Result<(), NotTaken> {
        let Self::Email { to, server, sender, user, password } = self else { return Ok(()) };
        let letter = lettre::Message::builder()
            .from(mailbox(sender)?)
            .to(mailbox(to.expose_secret())?)
            .subject(&message.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(message.text.clone())
            .map_err(|error| NotTaken::new(&format!("The message could not be made: {error}.")))?;
        let address = mail_address(server)?;
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&address.host)
            .port(address.port)
            .tls(address.tls()?)
            .timeout(Some(ALERT_SEND_MAX));
        if !user.is_empty() {
            let password = password.as_ref().map_or("", |password| password.expose_secret());
            transport = transport.credentials(Credentials::new(user.clone(), password.to_owned()));
        }
        let sent = transport.build().send(letter).await;
        sent.map(drop).map_err(|error| NotTaken::new(&format!("The mail server did not take it: {error}.")))
    }
}

/// Where e-mail is handed in, and how it is kept private on the way.
pub(super) struct MailAddress {
    host: String,
    port: u16,
    /// Encrypted from the first byte, rather than agreed on after connecting.
    from_the_start: bool,
}

impl MailAddress {
    /// Never in clear, except to a server on this very machine.
    fn tls(&self) -> Result<Tls, NotTaken> {
        if !self.from_the_start && is_this_machine(&self.host) {
            return Ok(Tls::None);
        }
        let unusable = |error| NotTaken::new(&format!("The encryption could not be set up: {error}."));
        let parameters = TlsParameters::new(self.host.clone()).map_err(unusable)?;
        Ok(if self.from_the_start { Tls::Wrapper(parameters) } else { Tls::Required(parameters) })
    }
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

/// Reads `smtps://HOST[:PORT]` or `smtp://HOST[:PORT]`.
pub(super) fn mail_address(text: &str) -> Result<MailAddress, EngineError> {
    let bad = || {
        EngineError::BadAlert(
            "a mail server is given as smtps://HOST or smtp://HOST, with :PORT where it is unusual".to_owned(),
        )
    };
    let url = Url::parse(text).map_err(|_| bad())?;
    let from_the_start = match url.scheme() {
        "smtps" => true,
        "smtp" => false,
        _ => return Err(bad()),
    };
    let bare = url.username().is_empty() && url.password().is_none() && matches!(url.path(), "" | "/");
    let host = url.host_str().filter(|host| bare && !host.is_empty()).ok_or_else(bad)?;
    let usual = if from_the_start { SMTPS_PORT } else { SUBMISSION_PORT };
    Ok(MailAddress { host: host.to_owned(), port: url.port().unwrap_or(usual), from_the_start })
}

/// Reads an e-mail address, with or without a name before it.
pub(super) fn mailbox(text: &str) -> Result<Mailbox, EngineError> {
    let bad = |_| EngineError::BadAlert("that is no e-mail address".to_owned());
    text.parse().map_err(bad)
}

fn client() -> Result<Client, NotTaken> {
    let builder = Client::builder()
        .redirect(redirect::Policy::none())
        .timeout(ALERT_SEND_MAX)
        .user_agent(concat!("counterfoil/", env!("CARGO_PKG_VERSION")));
    builder.build().map_err(|_| NotTaken::new("The connection could not be set up."))
}

async fn post(url: &SecretString, body: &Value) -> Result<(), NotTaken> {
    finish(client()?.post(url.expose_secret()).json(body)).await
}

async fn call(url: &SecretString) -> Result<(), NotTaken> {
    finish(client()?.get(url.expose_secret())).await
}

async fn finish(request: reqwest::RequestBuilder) -> Result<(), NotTaken> {
    let response = request.send().await.map_err(|error| {
        let why = if error.is_connect() { "There was no connection." } else { "There was no answer." };
        NotTaken::new(why)
    })?;
    let status = response.status();
    if status.is_success() { Ok(()) } else { Err(NotTaken::new(&format!("It was answered with {status}."))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_servers_are_read_with_their_usual_ports() {
        let read = |text: &str| mail_address(text).map(|it| (it.host, it.port, it.from_the_start)).ok();
        assert_eq!(read("smtps://mail.example.com"), Some(("mail.example.com".to_owned(), 465, true)));
        assert_eq!(read("smtp://mail.example.com:2525"), Some(("mail.example.com".to_owned(), 2525, false)));
        for bad in [
            "mail.example.com",
            "https://mail.example.com",
            "smtps://user:secret@mail.example.com",
            "smtp://",
            "smtp://a/b",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn nothing_leaves_this_machine_in_clear() {
        let tls = |text: &str| mail_address(text).expect("an address").tls().expect("encryption");
        assert!(matches!(tls("smtp://127.0.0.1:25"), Tls::None));
        assert!(matches!(tls("smtp://localhost"), Tls::None));
        assert!(matches!(tls("smtp://mail.example.com"), Tls::Required(_)));
        assert!(matches!(tls("smtps://mail.example.com"), Tls::Wrapper(_)));
        assert!(matches!(tls("smtps://localhost"), Tls::Wrapper(_)));
    }

    #[test]
    fn an_error_is_short_and_on_one_line() {
        assert_eq!(NotTaken::new("a\r\nb").to_string(), "a  b");
        assert_eq!(NotTaken::new(&"x".repeat(1_000)).to_string().len(), ERROR_CHARS_MAX);
    }
}
