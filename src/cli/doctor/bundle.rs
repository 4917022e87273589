//! The support bundle: one file to attach to a question, which tells nothing about anybody's books.
//!
//! What goes in is chosen piece by piece; nothing is copied as it lies. Companies become numbers, and every name, host and path
//! that is known here is replaced in what was found.

use super::super::CliError;
use super::Finding;
use crate::config;
use crate::engine::Engine;
use serde_json::json;
use std::fs::OpenOptions;
use std::path::Path;

pub(super) fn write(file: &Path, findings: &[Finding], engine: &Engine) -> Result<(), CliError> {
    let failed =
        |error: &std::io::Error| CliError::failed(format!("{} cannot be written", file.display())).because(error);
    let hidden = Hidden::of(engine)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut archive = tar::Builder::new(options.open(file).map_err(|error| failed(&error))?);
    let found: Vec<_> = findings
        .iter()
        .map(|finding| {
            let (found, to_do) = (hidden.hide(&finding.found), hidden.hide(&finding.to_do));
            json!({ "check": finding.check, "outcome": finding.outcome, "found": found, "to_do": to_do })
        })
        .collect();
    let parts =
        [("findings.json", json!(found)), ("companies.json", companies(engine)?), ("server.json", server(engine)?)];
    for (name, value) in parts {
        let text = serde_json::to_string_pretty(&value)
            .map_err(|error| CliError::failed("the bundle could not be written").because(&error))?;
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o600);
        header.set_size(u64::try_from(text.len()).unwrap_or(0));
        archive.append_data(&mut header, name, text.as_bytes()).map_err(|error| failed(&error))?;
    }
    archive.into_inner().and_then(|file| file.sync_all()).map_err(|error| failed(&error))
}

/// How the companies stand: words, counts and times.
fn companies(engine: &Engine) -> Result<serde_json::Value, CliError> {
    let mut all = Vec::new();
    for (number, status) in (1..).zip(engine.overview()?) {
        let problems: Vec<_> = status.problems.iter().map(|problem| problem.code.clone()).collect();
        all.push(json!({
            "company": format!("company-{number}"),
            "state": status.state,
            "mode": status.mode,
            "idle": status.idle,
            "last_contact": status.last_contact,
            "last_billcom_read": status.last_billcom_read,
            "last_quickbooks_read": status.last_quickbooks_read,
            "intents": status.intents,
            "links": status.links,
            "problems": problems,
        }));
    }
    Ok(json!(all))
}

fn server(engine: &Engine) -> Result<serde_json::Value, CliError> {
    let measures = engine.measures()?;
    Ok(json!({
        "version": env!("CARGO_PKG_VERSION"),
        "system": format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        "made_at": measures.now.to_rfc3339(),
        "companies": measures.companies,
        "companies_unreadable": measures.unreadable,
        "disk_free_bytes": measures.disk_free_bytes,
        "last_backup": measures.last_backup.map(|at| at.to_rfc3339()),
        "public_url_scheme": engine.public_url()?.split("://").next(),
    }))
}

/// What must not get out, and what stands for it.
struct Hidden(Vec<(String, String)>);

impl Hidden {
    fn of(engine: &Engine) -> Result<Self, CliError> {
        let mut words = vec![(engine.data_folder().display().to_string(), "DATA".to_owned())];
        let public_url = engine.public_url()?;
        words.extend(config::host_of(&public_url).map(|host| (host, "HOST".to_owned())));
        for (number, status) in (1..).zip(engine.overview()?) {
            words.push((status.name, format!("company-{number}")));
            words.push((status.company, format!("company-{number}")));
        }
        words.retain(|(word, _)| !word.is_empty());
        // Longer ones first: one name may be a part of another.
        words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        Ok(Self(words))
    }

    fn hide(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (word, instead)| text.replace(word.as_str(), instead))
    }
}
