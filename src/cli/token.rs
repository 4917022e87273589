//! `counterfoil token create`

use super::CliError;
use super::print::{self, Printed};
use crate::engine::Engine;
use crate::limits::TOKEN_NAME_CHARS_MAX;
use crate::secrets::{SystemRandom, Token};
use serde_json::json;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Make a token for a script; it is shown this once
    Create {
        /// What it is for; the history names it
        #[arg(long, value_name = "TEXT", default_value = "script", value_parser = name)]
        name: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn execute(command: &Command, engine: &Engine) -> Result<Printed, CliError> {
    let Command::Create { name, json } = command;
    let token = Token::generate(&mut SystemRandom);
    engine.server().add_api_token(&token.hash(), name, engine.now())?;
    if *json {
        return Printed::json(&json!({ "token": token.expose() }));
    }
    let aside = "Keep it: it is not shown again. Scripts send it as: Authorization: Bearer TOKEN\n";
    Ok(Printed { out: format!("{}\n", token.expose()), aside: aside.to_owned() })
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
}
