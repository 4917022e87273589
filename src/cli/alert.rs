//! `counterfoil alert …`: where people are told that something needs them.
//!
//! The URL of a webhook is a secret, and so is the mail server's password: both come from the environment or a pipe.

use super::print::{self, Printed};
use super::{CliError, user};
use crate::engine::{AlertKind, AlertsView, Engine, NewChannel, NewMail};
use secrecy::SecretString;
use serde_json::json;

/// Variable with the URL of a webhook or heartbeat.
const URL: &str = "COUNTERFOIL_ALERT_URL";
/// Variable with the mail server's password.
const PASSWORD: &str = "COUNTERFOIL_SMTP_PASSWORD";

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Show where alerts go, and how the last tries went
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Add a channel
    ///
    /// The URL of a webhook, of Slack or of a heartbeat comes from COUNTERFOIL_ALERT_URL, or from standard input.
    #[command(verbatim_doc_comment)]
    Add {
        /// What sort
        #[arg(value_enum)]
        kind: KindWord,
        /// E-mail address, for the kind email
        #[arg(long, value_name = "ADDRESS")]
        to: Option<String>,
        /// Only what this company does; all companies when left out
        #[arg(long, value_name = "ID")]
        company: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Remove a channel
    Remove {
        /// Its number, as `list` shows it
        id: i64,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Send a message that says it is a test
    Test {
        /// Number of the channel, as `list` shows it
        id: i64,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Say which server takes e-mail
    ///
    /// Its password comes from COUNTERFOIL_SMTP_PASSWORD.
    #[command(verbatim_doc_comment)]
    Mail {
        /// smtps://HOST or smtp://HOST, with :PORT where it is unusual
        #[arg(long, value_name = "URL", required_unless_present = "remove")]
        server: Option<String>,
        /// Address that messages come from
        #[arg(long, value_name = "ADDRESS", required_unless_present = "remove")]
        sender: Option<String>,
        /// User name, where the server asks for one
        #[arg(long, value_name = "NAME")]
        user: Option<String>,
        /// Forget the server and its password
        #[arg(long, conflicts_with_all = ["server", "sender", "user"])]
        remove: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Say how long the Web Connector may be silent before it is an alarm
    Silence {
        /// A duration such as 4h
        after: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// A sort of channel on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum KindWord {
    /// A message to an e-mail address
    Email,
    /// JSON to a URL
    Webhook,
    /// JSON as Slack wants it
    Slack,
    /// A call of a URL every five minutes while everything goes on
    Heartbeat,
}

impl KindWord {
    const fn kind(self) -> AlertKind {
        match self {
            Self::Email => AlertKind::Email,
            Self::Webhook => AlertKind::Webhook,
            Self::Slack => AlertKind::Slack,
            Self::Heartbeat => AlertKind::Heartbeat,
        }
    }
}

pub(super) fn execute(command: Command, engine: &Engine) -> Result<Printed, CliError> {
    match command {
        Command::List { json } => show(engine, json),
        Command::Add { kind, to, company, json } => {
            let added = engine.add_channel(&NewChannel { kind: kind.kind(), target: target(kind, to)?, company })?;
            if json {
                return Printed::json(&added);
            }
            Ok(Printed::text(format!("Added as {}. Try it: counterfoil alert test {}\n", added.id, added.id)))
        }
        Command::Remove { id, json } => {
            engine.remove_channel(id)?;
            if json {
                return Printed::json(&json!({ "id": id, "removed": true }));
            }
            Ok(Printed::text("Nothing is sent there any more.\n"))
        }
        Command::Test { id, json } => test(engine, id, json),
        Command::Mail { remove: true, json, .. } => {
            engine.remove_mail()?;
            show(engine, json)
        }
        Command::Mail { server, sender, user, json, .. } => {
            let password = std::env::var(PASSWORD).ok().filter(|given| !given.is_empty()).map(SecretString::from);
            engine.set_mail(&NewMail {
                server: server.unwrap_or_default(),
                sender: sender.unwrap_or_default(),
                user: user.unwrap_or_default(),
                password,
            })?;
            show(engine, json)
        }
        Command::Silence { after, json } => {
            engine.set_silence(&after)?;
            show(engine, json)
        }
    }
}

/// Where a channel goes: an address stands on the command line, a URL never.
fn target(kind: KindWord, to: Option<String>) -> Result<SecretString, CliError> {
    match (kind, to) {
        (KindWord::Email, Some(to)) => Ok(to.into()),
        (KindWord::Email, None) => Err(CliError::wrong_use("say which e-mail address with --to")),
        (_, Some(_)) => Err(CliError::wrong_use(format!("--to is for e-mail; a URL comes from {URL}"))),
        (_, None) => user::secret_from(URL, "URL"),
    }
}

fn test(engine: &Engine, id: i64, json: bool) -> Result<Printed, CliError> {
    let error = super::block_on(async { Ok(engine.test_channel(id).await?) })?;
    if json {
        return Printed::json(&json!({ "id": id, "sent": error.is_none(), "error": error }));
    }
    match error {
        None => Ok(Printed::text("It was taken. Look whether it has arrived.\n")),
        Some(error) => Err(CliError::failed(format!("the test was not taken: {error}"))),
    }
}

fn show(engine: &Engine, json: bool) -> Result<Printed, CliError> {
    let alerts = engine.alerts()?;
    if json { Printed::json(&alerts) } else { Ok(Printed::text(list(&alerts))) }
}

fn list(alerts: &AlertsView) -> String {
    let mail =
        alerts.mail.as_ref().map_or_else(|| "none".to_owned(), |mail| format!("{} as {}", mail.server, mail.sender));
    let head = print::pairs(&[("Silence is an alarm after", alerts.silence_after.clone()), ("Mail server", mail)]);
    if alerts.channels.is_empty() {
        return format!("{head}\nNobody is told of anything yet. Add a channel with: counterfoil alert add\n");
    }
    let rows: Vec<_> = alerts
        .channels
        .iter()
        .map(|channel| {
            let last = channel.last_error.clone().unwrap_or_else(|| print::time(channel.last_sent.as_deref()));
            let company = channel.company.clone().unwrap_or_else(|| "all".to_owned());
            [channel.id.to_string(), channel.kind.clone(), company, channel.label.clone(), last]
        })
        .collect();
    format!("{head}\n{}", print::table(["ID", "KIND", "COMPANY", "TO", "LAST SENT"], &rows))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::ChannelView;

    #[test]
    fn channels_are_listed_without_what_is_secret_about_them() {
        let channel = ChannelView {
            id: 3,
            kind: "slack".to_owned(),
            company: None,
            label: "hooks.slack.example".to_owned(),
            last_sent: Some("2026-11-22T10:00:00Z".to_owned()),
            last_error: None,
        };
        let failed = ChannelView { id: 4, last_error: Some("There was no answer.".to_owned()), ..channel.clone() };
        let alerts = AlertsView { silence_after: "16h".to_owned(), mail: None, channels: vec![channel, failed] };
        insta::assert_snapshot!(list(&alerts), @r"
        Silence is an alarm after  16h
        Mail server                none

        ID  KIND   COMPANY  TO                   LAST SENT
        3   slack  all      hooks.slack.example  2026-11-22 10:00:00 UTC
        4   slack  all      hooks.slack.example  There was no answer.
        ");
        assert!(list(&AlertsView { channels: Vec::new(), ..alerts }).contains("alert add"));
    }

    #[test]
    fn an_address_is_for_email_only() {
        assert!(target(KindWord::Email, None).is_err());
        assert!(target(KindWord::Slack, Some("https://hooks.example/secret".to_owned())).is_err());
        assert!(target(KindWord::Email, Some("ada@example.com".to_owned())).is_ok());
    }
}
