//! `counterfoil token create | list | revoke`: scripts that may use the JSON interface.

use super::CliError;
use super::print::{self, Printed};
use super::user::RoleWord;
use crate::engine::{Engine, TokenView};
use crate::limits::TOKEN_NAME_CHARS_MAX;
use serde_json::json;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Make a token for a script; it is shown this once
    Create {
        /// What it is for; the history names it
        #[arg(long, value_name = "TEXT", default_value = "script", value_parser = name)]
        name: String,
        /// What the script may do
        #[arg(long, value_enum, default_value_t = RoleWord::Owner)]
        role: RoleWord,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List the tokens there are, and when each was last used
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Take a token back: it opens nothing any more
    Revoke {
        /// Its id, as `list` shows it
        id: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn execute(command: &Command, engine: &Engine) -> Result<Printed, CliError> {
    match command {
        Command::Create { name, role, json } => {
            let token = engine.create_token(name, role.role())?;
            if *json {
                return Printed::json(&json!({ "token": token.expose() }));
            }
            let aside = "Keep it: it is not shown again. Scripts send it as: Authorization: Bearer TOKEN\n";
            Ok(Printed { out: format!("{}\n", token.expose()), aside: aside.to_owned() })
        }
        Command::List { json } => {
            let tokens = engine.api_tokens()?;
            if *json { Printed::json(&json!({ "tokens": tokens })) } else { Ok(Printed::text(list(&tokens))) }
        }
        Command::Revoke { id, json } => {
            engine.revoke_token(id)?;
            if *json {
                return Printed::json(&json!({ "id": id, "revoked": true }));
            }
            Ok(Printed::text("It opens nothing any more.\n"))
        }
    }
}

fn list(tokens: &[TokenView]) -> String {
    if tokens.is_empty() {
        return "There is no token. Make one with: counterfoil token create\n".to_owned();
    }
    let rows: Vec<_> = tokens
        .iter()
        .map(|token| {
            let used = print::time(token.last_used_at.as_deref());
            let made = print::time(Some(&token.created_at));
            [token.id.clone(), token.name.clone(), token.role.clone(), used, made]
        })
        .collect();
    print::table(["ID", "FOR", "ROLE", "LAST USED", "MADE"], &rows)
}

fn name(text: &str) -> Result<String, String> {
    let name = print::clean(text).trim().to_owned();
    if (1..=TOKEN_NAME_CHARS_MAX).contains(&name.chars().count()) {
        Ok(name)
    } else {
        Err(format!("a name has 1 to {TOKEN_NAME_CHARS_MAX} characters"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_on_one_line() {
        assert_eq!(name(" nightly \n backup ").as_deref(), Ok("nightly   backup"));
        assert!(name("  ").is_err());
        assert!(name(&"x".repeat(65)).is_err());
    }

    #[test]
    fn tokens_are_shown_without_what_opens_anything() {
        let token = TokenView {
            id: "0a1b2c3d4e5f".to_owned(),
            name: "nightly report".to_owned(),
            role: "viewer".to_owned(),
            created_at: "2026-11-22T10:00:00Z".to_owned(),
            last_used_at: None,
        };
        insta::assert_snapshot!(list(&[token]), @r"
        ID            FOR             ROLE    LAST USED  MADE
        0a1b2c3d4e5f  nightly report  viewer  never      2026-11-22 10:00:00 UTC
        ");
        assert!(list(&[]).contains("token create"));
    }
}
