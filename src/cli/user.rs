//! `counterfoil user …`: who may sign in on the pages.
//!
//! A new password comes from the environment, from a pipe, or is asked for on the terminal, unseen. It never stands on the
//! command line, where other users of the machine can read it.

use super::CliError;
use super::print::{self, Printed};
use crate::engine::{Engine, PersonView, Role};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use std::io::{self, BufRead, IsTerminal as _};

/// Variable with the new password.
const PASSWORD: &str = "COUNTERFOIL_USER_PASSWORD";
/// Bytes of a line read from a pipe: the longest password there can be, in the longest characters.
const LINE_BYTES_MAX: u64 = 4 * 1024;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Let somebody sign in
    ///
    /// The password comes from COUNTERFOIL_USER_PASSWORD, or from standard input: a terminal asks for it unseen.
    #[command(verbatim_doc_comment)]
    Add {
        /// Their name
        name: String,
        /// What they may do
        #[arg(long, value_enum, default_value_t = RoleWord::Viewer)]
        role: RoleWord,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List who may sign in
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Give somebody another role
    Role {
        /// Their name
        name: String,
        /// What they may do from now on
        #[arg(value_enum)]
        role: RoleWord,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Give somebody another password; their sessions end
    ///
    /// The password comes from COUNTERFOIL_USER_PASSWORD, or from standard input: a terminal asks for it unseen.
    #[command(verbatim_doc_comment)]
    Password {
        /// Their name
        name: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Keep somebody from signing in; their sessions end
    Remove {
        /// Their name
        name: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// A role on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum RoleWord {
    /// May do everything
    Owner,
    /// Sees everything, changes nothing
    Viewer,
}

impl RoleWord {
    pub(super) const fn role(self) -> Role {
        match self {
            Self::Owner => Role::Owner,
            Self::Viewer => Role::Viewer,
        }
    }
}

pub(super) fn execute(command: &Command, engine: &Engine) -> Result<Printed, CliError> {
    match command {
        Command::Add { name, role, json } => {
            engine.add_person(name, role.role(), &new_password()?)?;
            done(engine, name, *json, "may sign in now")
        }
        Command::List { json } => {
            let people = engine.people()?;
            if *json { Printed::json(&json!({ "people": people })) } else { Ok(Printed::text(list(&people))) }
        }
        Command::Role { name, role, json } => {
            engine.set_role(name, role.role())?;
            done(engine, name, *json, &format!("is {} from now on", role.role().word()))
        }
        Command::Password { name, json } => {
            engine.set_person_password(name, &new_password()?, None)?;
            done(engine, name, *json, "has a new password and is signed out everywhere")
        }
        Command::Remove { name, json } => {
            engine.remove_person(name)?;
            if *json {
                return Printed::json(&json!({ "name": name, "removed": true }));
            }
            Ok(Printed::text(format!("{} may not sign in any more.\n", print::clean(name))))
        }
    }
}

/// The person as they are now.
fn done(engine: &Engine, name: &str, json: bool, what: &str) -> Result<Printed, CliError> {
    if !json {
        return Ok(Printed::text(format!("{} {what}.\n", print::clean(name.trim()))));
    }
    let wanted = name.trim().to_lowercase();
    let person = engine.people()?.into_iter().find(|person| person.name.to_lowercase() == wanted);
    Printed::json(&person)
}

fn list(people: &[PersonView]) -> String {
    if people.is_empty() {
        return "Nobody may sign in yet. Open the setup link that `counterfoil serve` prints, or use: counterfoil user add\n"
            .to_owned();
    }
    let rows: Vec<_> = people
        .iter()
        .map(|person| {
            let since = print::time(Some(&person.created_at));
            [person.name.clone(), person.role.clone(), since, print::count(person.sessions, "session")]
        })
        .collect();
    print::table(["NAME", "ROLE", "SINCE", "SIGNED IN"], &rows)
}

/// The password of somebody, from the first of the places where there is one; on a terminal it is asked for twice.
fn new_password() -> Result<SecretString, CliError> {
    let first = secret_from(PASSWORD, "New password")?;
    if std::env::var_os(PASSWORD).is_none_or(|given| given.is_empty()) && io::stdin().is_terminal() {
        let again: SecretString =
            rpassword::prompt_password("The same again: ").map_err(|error| unread(&error))?.into();
        if first.expose_secret() != again.expose_secret() {
            return Err(CliError::wrong_use("the two passwords are not the same"));
        }
    }
    Ok(first)
}

/// A secret from an environment variable, or else from the terminal, unseen, or else from a pipe.
pub(super) fn secret_from(variable: &str, what: &str) -> Result<SecretString, CliError> {
    if let Some(given) = std::env::var(variable).ok().filter(|given| !given.is_empty()) {
        return Ok(given.into());
    }
    if io::stdin().is_terminal() {
        return Ok(rpassword::prompt_password(format!("{what}: ")).map_err(|error| unread(&error))?.into());
    }
    from_pipe(io::stdin().lock(), variable)
}

fn unread(error: &io::Error) -> CliError {
    CliError::failed("it could not be read from the terminal").because(error)
}

/// The first line, without its end and otherwise as it is.
fn from_pipe(input: impl BufRead, variable: &str) -> Result<SecretString, CliError> {
    let mut line = String::new();
    input
        .take(LINE_BYTES_MAX)
        .read_line(&mut line)
        .map_err(|error| CliError::failed("standard input could not be read").because(&error))?;
    let password = line.strip_suffix('\n').map_or(line.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
    if password.is_empty() {
        let text = format!("give it in {variable}, or as a line on standard input");
        return Err(CliError::wrong_use(text));
    }
    Ok(password.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_from_a_pipe_is_one_line_taken_as_it_is() {
        let read =
            |text: &str| from_pipe(text.as_bytes(), PASSWORD).map(|password| password.expose_secret().to_owned());
        assert_eq!(read("  seven green bottles \r\nmore\n").as_deref(), Ok("  seven green bottles "));
        assert_eq!(read("no line end at all").as_deref(), Ok("no line end at all"));
        assert!(read("").is_err() && read("\n").is_err());
        assert_eq!(read(&"x".repeat(10_000)).map(|text| text.len()), Ok(4 * 1024), "the rest is not read");
    }

    #[test]
    fn people_are_shown_in_a_table() {
        let people = [PersonView {
            name: "Ada".to_owned(),
            role: "owner".to_owned(),
            created_at: "2026-11-22T10:00:00Z".to_owned(),
            sessions: 2,
        }];
        insta::assert_snapshot!(list(&people), @r"
        NAME  ROLE   SINCE                    SIGNED IN
        Ada   owner  2026-11-22 10:00:00 UTC  2 sessions
        ");
        assert!(list(&[]).contains("user add"));
    }
}
