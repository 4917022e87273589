//! `counterfoil doctor`: looks at everything that can be wrong around the server, and says what to do about each.
//!
//! It runs beside a server, on the same machine with the same settings, and changes nothing. What needs the outside (DNS, the
//! public URL, Bill.com) is asked the way the Web Connector and the server ask it. A *failure* keeps something from working
//! today; a *warning* will, or may.

mod bundle;
mod machine;
mod outside;
#[cfg(test)]
mod tests;

use super::print::{self, Printed};
use super::{CliError, Context, block_on, serve};
use crate::engine::Engine;
use serde::Serialize;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Look at this machine only; ask nobody outside
    #[arg(long)]
    local: bool,
    /// Write a support bundle: what was found, versions and figures, without names, amounts and secrets
    #[arg(long, value_name = "FILE")]
    bundle: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Ok,
    Warning,
    Failure,
}

/// What a check found.
#[derive(Clone, Debug, Serialize)]
struct Finding {
    /// What was looked at.
    check: &'static str,
    outcome: Outcome,
    /// What was found.
    found: String,
    /// What to do about it; empty when it is well.
    to_do: String,
}

impl Finding {
    fn ok(check: &'static str, found: impl Into<String>) -> Self {
        Self { check, outcome: Outcome::Ok, found: found.into(), to_do: String::new() }
    }

    fn warning(check: &'static str, found: impl Into<String>, to_do: impl Into<String>) -> Self {
        Self { check, outcome: Outcome::Warning, found: found.into(), to_do: to_do.into() }
    }

    fn failure(check: &'static str, found: impl Into<String>, to_do: impl Into<String>) -> Self {
        Self { check, outcome: Outcome::Failure, found: found.into(), to_do: to_do.into() }
    }
}

/// Looks, prints, and fails when something has.
pub(super) fn execute(args: &Args, context: &Context) -> Result<(), CliError> {
    let engine = context.existing()?;
    let findings = examine(args.local, context, &engine)?;
    if let Some(file) = &args.bundle {
        bundle::write(file, &findings, &engine)?;
    }
    let printed = if args.json {
        Printed::json(&serde_json::json!({ "findings": findings }))?
    } else {
        Printed::text(told(&findings))
    };
    printed.print()?;
    match findings.iter().filter(|finding| finding.outcome == Outcome::Failure).count() {
        0 => Ok(()),
        failures => Err(CliError::failed(format!("{} to be mended", print::count(failures, "thing")))),
    }
}

fn examine(local: bool, context: &Context, engine: &Engine) -> Result<Vec<Finding>, CliError> {
    let mut findings = machine::examine(context, engine)?;
    let tls = serve::tls_files(&context.config)?;
    findings.extend(outside::certificate(tls.as_ref(), &engine.public_url()?));
    if !local {
        findings.extend(block_on(outside::examine(engine))?);
    }
    Ok(findings)
}

fn told(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let word = match finding.outcome {
            Outcome::Ok => "ok",
            Outcome::Warning => "WARNING",
            Outcome::Failure => "FAILURE",
        };
        text.push_str(&format!("{word:8} {}: {}\n", finding.check, print::clean(&finding.found)));
        if !finding.to_do.is_empty() {
            text.push_str(&format!("         {}\n", print::clean(&finding.to_do)));
        }
    }
    text
}
