//! Alerts: where they go, and the loop that sends them.
//!
//! What is told, and when, is decided by `plan::alerts`; here it is loaded, sent and remembered. The loop stands beside the
//! companies' own: a mail server that hangs delays no visit of the Web Connector and no reading.
//!
//! **Invariant:** addresses of webhooks and the password of the mail server rest sealed and are shown nowhere again.

mod message;
mod send;
mod watch;

pub(super) use send::Way;

use super::{Engine, EngineError};
use crate::limits::{ALERT_CHANNELS_MAX, ALERT_TARGET_CHARS_MAX, SILENCE_MIN, SILENCE_USUAL};
use crate::model::{duration, show_duration};
use crate::secrets::SealContext;
use crate::store::server::{ChannelRow, MailRow};
use chrono::{DateTime, SecondsFormat, Utc};
use reqwest::Url;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use std::time::Duration;

/// What sort of channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertKind {
    /// A message to an e-mail address.
    Email,
    /// JSON to a URL.
    Webhook,
    /// JSON as Slack and what imitates it want it.
    Slack,
    /// A call of a URL while everything goes on.
    Heartbeat,
}

impl AlertKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Email, Self::Webhook, Self::Slack, Self::Heartbeat];

    /// The word used in stored rows, JSON and on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Webhook => "webhook",
            Self::Slack => "slack",
            Self::Heartbeat => "heartbeat",
        }
    }

    /// The one with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// A channel about to be added. No `Debug` of its target: the address of a webhook is a secret.
#[derive(Clone, Debug)]
pub struct NewChannel {
    /// What sort.
    pub kind: AlertKind,
    /// The e-mail address or URL.
    pub target: SecretString,
    /// The company it is about; all where there is none.
    pub company: Option<String>,
}

/// The server that takes e-mail, about to be set.
#[derive(Clone, Debug)]
pub struct NewMail {
    /// `smtps://HOST[:PORT]`, or `smtp://HOST[:PORT]` for encryption that is agreed on after connecting.
    pub server: String,
    /// The address that messages come from.
    pub sender: String,
    /// The user name; empty when the server asks for none.
    pub user: String,
    /// The password; the one before stays where none is given for the same server and user.
    pub password: Option<SecretString>,
}

/// Everything about alerts, without secrets.
#[derive(Clone, Debug, Serialize)]
pub struct AlertsView {
    /// How long the Web Connector may be silent, such as `16h`.
    pub silence_after: String,
    /// The server that takes e-mail.
    pub mail: Option<MailView>,
    /// Where alerts go.
    pub channels: Vec<ChannelView>,
}

/// The server that takes e-mail.
#[derive(Clone, Debug, Serialize)]
pub struct MailView {
    /// Where it is.
    pub server: String,
    /// The address that messages come from.
    pub sender: String,
    /// The user name; empty when it asks for none.
    pub user: String,
    /// Whether a password is kept.
    pub has_password: bool,
}

/// A channel.
#[derive(Clone, Debug, Serialize)]
pub struct ChannelView {
    /// Its number.
    pub id: i64,
    /// `email`, `webhook`, `slack` or `heartbeat`.
    pub kind: String,
    /// The company it is about; all where there is none.
    pub company: Option<String>,
    /// The e-mail address, or the host of the URL.
    pub label: String,
    /// When something was last taken there, RFC 3339.
    pub last_sent: Option<String>,
    /// Why the last try failed; none when it did not.
    pub last_error: Option<String>,
}

impl Engine {
    /// Where alerts go.
    ///
    /// # Errors
    /// [`EngineError`] when it cannot be read.
    pub fn alerts(&self) -> Result<AlertsView, EngineError> {
        let mail = self.server().mail_server()?.map(|row| MailView {
            has_password: !row.password.is_empty(),
            server: row.server,
            sender: row.sender,
            user: row.user,
        });
        let channels = self.server().alert_channels()?.into_iter().map(channel_view).collect();
        Ok(AlertsView { silence_after: show_duration(self.silence()?), mail, channels })
    }

    /// How long the Web Connector may be silent.
    pub(super) fn silence(&self) -> Result<Duration, EngineError> {
        let typed = self.server().silence_after()?;
        Ok(typed.and_then(|typed| duration(&typed)).unwrap_or(SILENCE_USUAL))
    }

    /// Sets how long the Web Connector may be silent.
    ///
    /// # Errors
    /// [`EngineError::BadAlert`] when that is no duration, or too short to mean anything.
    pub fn set_silence(&self, after: &str) -> Result<(), EngineError> {
        if duration(after.trim()).is_none_or(|length| length < SILENCE_MIN) {
            let text = "the silence that is an alarm is a duration from 15m to 168h, such as 4h";
            return Err(EngineError::BadAlert(text.to_owned()));
        }
        Ok(self.server().set_silence_after(after.trim())?)
    }

    /// Sets the server that takes e-mail. Nothing is sent; a test of a channel does that.
    ///
    /// # Errors
    /// [`EngineError::BadAlert`] when it cannot be one.
    pub fn set_mail(&self, new: &NewMail) -> Result<(), EngineError> {
        let server = new.server.trim();
        send::mail_address(server)?;
        send::mailbox(new.sender.trim())?;
        let before = self.server().mail_server()?.filter(|row| row.server == server && row.user == new.user);
        let password = match &new.password {
            Some(password) if password.expose_secret().is_empty() => Vec::new(),
            Some(password) => self.shared.sealer.seal(MAIL_PLACE, password, &mut *self.shared.world.random()),
            None => before.map(|row| row.password).unwrap_or_default(),
        };
        if !password.is_empty() && new.user.is_empty() {
            return Err(EngineError::BadAlert("a password needs a user name".to_owned()));
        }
        let (sender, user) = (new.sender.trim().to_owned(), new.user.clone());
        Ok(self.server().set_mail_server(Some(&MailRow { server: server.to_owned(), sender, user, password }))?)
    }

    /// Forgets the server that takes e-mail, and its password.
    ///
    /// # Errors
    /// [`EngineError`] when it cannot be written.
    pub fn remove_mail(&self) -> Result<(), EngineError> {
        Ok(self.server().set_mail_server(None)?)
    }

    /// Adds a channel.
    ///
    /// # Errors
    /// [`EngineError::BadAlert`] when nothing can be sent there, [`EngineError::NoSuchCompany`].
    pub fn add_channel(&self, new: &NewChannel) -> Result<ChannelView, EngineError> {
        if self.server().alert_channels()?.len() >= ALERT_CHANNELS_MAX {
            return Err(EngineError::BadAlert(format!("there are {ALERT_CHANNELS_MAX} channels already")));
        }
        let company = new.company.as_deref().map(|company| self.row(company)).transpose()?;
        let company = company.as_ref().map(|row| row.id.as_str());
        let target = SecretString::from(new.target.expose_secret().trim());
        let label = label_of(new.kind, target.expose_secret())?;
        let id = self.server().add_alert_channel(new.kind.word(), company, &label, |id| {
            self.shared.sealer.seal(place(&id.to_string()), &target, &mut *self.shared.world.random())
        })?;
        Ok(ChannelView {
            id,
            kind: new.kind.word().to_owned(),
            company: company.map(str::to_owned),
            label,
            last_sent: None,
            last_error: None,
        })
    }

    /// Removes a channel.
    ///
    /// # Errors
    /// [`EngineError::NoSuchChannel`].
    pub fn remove_channel(&self, id: i64) -> Result<(), EngineError> {
        if self.server().remove_alert_channel(id)? { Ok(()) } else { Err(EngineError::NoSuchChannel(id)) }
    }

    /// How to reach a channel.
    fn way(&self, row: &ChannelRow) -> Result<Way, EngineError> {
        let target = self.shared.sealer.open(place(&row.id.to_string()), &row.target)?;
        let unknown = || EngineError::BadAlert(format!("channels of the kind {:?} are not known", row.kind));
        Ok(match AlertKind::from_word(&row.kind).ok_or_else(unknown)? {
            AlertKind::Webhook => Way::Webhook(target),
            AlertKind::Slack => Way::Slack(target),
            AlertKind::Heartbeat => Way::Heartbeat(target),
            AlertKind::Email => {
                let missing = || EngineError::BadAlert("no mail server is set up to send e-mail with".to_owned());
                let mail = self.server().mail_server()?.ok_or_else(missing)?;
                let password = match mail.password.as_slice() {
                    [] => None,
                    sealed => Some(self.shared.sealer.open(MAIL_PLACE, sealed)?),
                };
                Way::Email { to: target, server: mail.server, sender: mail.sender, user: mail.user, password }
            }
        })
    }
}

/// Where the target of a channel rests.
const fn place(id: &str) -> SealContext<'_> {
    SealContext { table: "alert_channel", row: id, column: "target" }
}

/// Where the password of the mail server rests.
const MAIL_PLACE: SealContext<'static> = SealContext { table: "mail_server", row: "1", column: "password" };

/// What lists show of a target, which is checked on the way.
fn label_of(kind: AlertKind, target: &str) -> Result<String, EngineError> {
    if target.chars().count() > ALERT_TARGET_CHARS_MAX {
        return Err(EngineError::BadAlert(format!("an address has at most {ALERT_TARGET_CHARS_MAX} characters")));
    }
    if kind == AlertKind::Email {
        return send::mailbox(target).map(|mailbox| mailbox.email.to_string());
    }
    let bad = || EngineError::BadAlert("give a URL that begins with https:// or http://".to_owned());
    let url = Url::parse(target).map_err(|_| bad())?;
    let host = url.host_str().filter(|_| matches!(url.scheme(), "https" | "http")).ok_or_else(bad)?;
    Ok(host.to_owned())
}

fn channel_view(row: ChannelRow) -> ChannelView {
    let time = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    ChannelView {
        id: row.id,
        kind: row.kind,
        company: row.company,
        label: row.label,
        last_sent: row.memory.sent_at.map(time),
        last_error: row.error,
    }
}

#[cfg(test)]
mod tests;
