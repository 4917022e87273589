//! `counterfoil company credentials ID`: other credentials for Bill.com.

use super::company::{DEV_KEY, PASSWORD};
use super::print::Printed;
use super::{CliError, WHO};
use crate::engine::Engine;
use secrecy::SecretString;
use serde_json::json;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Id of the company
    id: String,
    /// User name at Bill.com, or the name of a sync token
    #[arg(long, value_name = "NAME")]
    billcom_user: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn execute(
    args: &Args,
    engine: &Engine,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Printed, CliError> {
    let secret = |name: &str| variable(name).filter(|value| !value.is_empty()).map(SecretString::from);
    let (password, key) = (secret(PASSWORD), secret(DEV_KEY));
    if args.billcom_user.is_none() && password.is_none() && key.is_none() {
        let text = format!("nothing to change: give --billcom-user, or set {PASSWORD} or {DEV_KEY}");
        return Err(CliError::wrong_use(text));
    }
    engine.set_credentials(&args.id, args.billcom_user.as_deref(), password.as_ref(), key.as_ref(), WHO)?;
    if args.json {
        return Printed::json(&json!({ "id": args.id, "changed": true }));
    }
    let text = "signs in with them from now on; a running server notices by itself, at its next reading of Bill.com (poll_interval)";
    Ok(Printed::text(format!("{} {text}.\n", args.id)))
}
