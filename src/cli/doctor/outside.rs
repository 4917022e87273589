//! What others see: the certificate, the public URL as the Web Connector tries it, Bill.com and its clock.

use super::super::CliError;
use super::Finding;
use crate::config;
use crate::engine::Engine;
use crate::limits::{CLOCK_DIFFERENCE_MAX, CLOCK_DIFFERENCE_WANTED, DOCTOR_CALL_MAX};
use crate::web::tls::{Complaint, TlsFiles, complaints, read_chain, trusted_roots};
use chrono::{DateTime, Utc};
use reqwest::{Client, Url, redirect};
use std::collections::BTreeMap;
use std::error::Error as _;

/// The certificate files, held against the public URL that stands in every `.qwc` file.
pub(super) fn certificate(files: Option<&TlsFiles>, public_url: &str) -> Vec<Finding> {
    let check = "certificate";
    let Some(files) = files else {
        return vec![Finding::ok(check, "none is configured here: a proxy encrypts, or this machine is meant only")];
    };
    let chain = match read_chain(files) {
        Ok(chain) => chain,
        Err(error) => {
            let why = error.source().map_or_else(String::new, |cause| format!(" ({cause})"));
            return vec![Finding::failure(check, format!("{error}{why}"), "put the right files there")];
        }
    };
    let host = config::host_of(public_url);
    let found: Vec<Complaint> = complaints(&chain, host.as_deref(), &trusted_roots(), Utc::now());
    if found.is_empty() {
        return vec![Finding::ok(check, format!("the chain is complete and for {}", host.unwrap_or_default()))];
    }
    let finding = |complaint: &Complaint| {
        let text = complaint.to_string();
        let (said, to_do) = text.split_once("; ").unwrap_or((&text, ""));
        let make = if complaint.is_certain() { Finding::failure } else { Finding::warning };
        make(check, said.to_owned(), to_do.to_owned())
    };
    found.iter().map(finding).collect()
}

pub(super) async fn examine(engine: &Engine) -> Result<Vec<Finding>, CliError> {
    let client = Client::builder()
        .redirect(redirect::Policy::none())
        .timeout(DOCTOR_CALL_MAX)
        .user_agent(concat!("counterfoil/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| CliError::failed("nothing outside can be asked").because(&error))?;
    let public_url = engine.public_url()?;
    let companies = engine.billcom_addresses()?;
    let mut findings = vec![accepted(&public_url)];
    findings.extend(name(&public_url).await);
    for (company, _) in &companies {
        findings.push(probe(&client, "Web Connector URL", &format!("{public_url}/qbwc/{company}"), &[200]).await);
        findings.push(probe(&client, "support URL", &format!("{public_url}/support/{company}"), &[200, 202]).await);
    }
    let hosts: BTreeMap<&str, ()> = companies.iter().map(|(_, url)| (url.as_str(), ())).collect();
    for url in hosts.keys() {
        findings.push(clock(&client, url).await);
    }
    for (company, _) in &companies {
        findings.push(access(engine, company).await);
    }
    Ok(findings)
}

/// Whether the Web Connector takes a `.qwc` file with this URL at all.
fn accepted(public_url: &str) -> Finding {
    let check = "public URL";
    if !config::connector_accepts(public_url) {
        let to_do = "the Web Connector accepts plain http for localhost only (QBWC1010): encrypt, and start with --public-url https://NAME";
        return Finding::failure(check, format!("it is {public_url}"), to_do);
    }
    let is_address = config::host_of(public_url).is_some_and(|host| host.parse::<std::net::IpAddr>().is_ok());
    if is_address {
        let to_do = "the Web Connector refuses IP addresses (QBWC1001): use a name, on the same machine localhost";
        return Finding::failure(check, format!("it is {public_url}"), to_do);
    }
    Finding::ok(check, format!("it is {public_url}"))
}

/// Whether the name of the public URL leads anywhere.
async fn name(public_url: &str) -> Option<Finding> {
    let url = Url::parse(public_url).ok()?;
    let (host, port) = (url.host_str()?, url.port_or_known_default()?);
    Some(match tokio::net::lookup_host((host, port)).await {
        Ok(addresses) => {
            let mut found: Vec<_> = addresses.map(|address| address.ip().to_string()).collect();
            found.sort();
            found.dedup();
            Finding::ok("name", format!("{host} leads to {}", found.join(", ")))
        }
        Err(error) => Finding::failure(
            "name",
            format!("{host} leads nowhere ({error})"),
            "make a DNS entry for it; every machine with a Web Connector must find it",
        ),
    })
}

/// A plain GET, as the Web Connector sends it when an application is added.
async fn probe(client: &Client, check: &'static str, url: &str, wanted: &[u16]) -> Finding {
    let answer = match client.get(url).send().await {
        Ok(answer) => answer,
        Err(error) => {
            let text = chain(&error);
            let to_do = if text.contains("certificate") {
                "the certificate is not trusted here, and then seldom in Windows (QBWC1048): see the finding “certificate”"
            } else if error.is_connect() || error.is_timeout() {
                "is the server running, and does the firewall or proxy let the call through?"
            } else {
                "look at the proxy's log"
            };
            return Finding::failure(check, format!("{url}: {text}"), to_do);
        }
    };
    let status = answer.status().as_u16();
    if wanted.contains(&status) {
        return Finding::ok(check, format!("{url} answers {status}"));
    }
    let to_do = "the Web Connector wants 200 without a redirect and without a sign-in (QBWC1048, QBWC1003): let the proxy pass the path on";
    Finding::failure(check, format!("{url} answers {status}"), to_do)
}

/// Bill.com's clock and ours: stamps are compared, and a session is judged by its age.
async fn clock(client: &Client, url: &str) -> Finding {
    let check = "clock";
    let answer = match client.head(url).send().await {
        Ok(answer) => answer,
        Err(error) => {
            let to_do = "this machine must reach Bill.com by https; a proxy of your network is named in HTTPS_PROXY";
            return Finding::failure("Bill.com", format!("{url}: {}", chain(&error)), to_do);
        }
    };
    let date = answer.headers().get(reqwest::header::DATE).and_then(|value| value.to_str().ok());
    let Some(theirs) = date.and_then(|date| DateTime::parse_from_rfc2822(date).ok()) else {
        return Finding::warning(
            check,
            "Bill.com does not say what time it is",
            "compare this machine's clock yourself",
        );
    };
    judge_clock((Utc::now() - theirs.with_timezone(&Utc)).abs().to_std().unwrap_or_default())
}

fn judge_clock(difference: std::time::Duration) -> Finding {
    let (found, to_do) = (
        format!("it differs from Bill.com's by {} s", difference.as_secs()),
        "have the operating system keep the time (NTP)",
    );
    if difference > CLOCK_DIFFERENCE_MAX {
        Finding::failure("clock", found, to_do)
    } else if difference > CLOCK_DIFFERENCE_WANTED {
        Finding::warning("clock", found, to_do)
    } else {
        Finding::ok("clock", found)
    }
}

/// What Bill.com says to a company's credentials.
async fn access(engine: &Engine, company: &str) -> Finding {
    let check = "Bill.com";
    let to_do = format!("set them anew: counterfoil company credentials {company} --billcom-user NAME");
    let view = match engine.examine_access(company).await {
        Ok(view) => view,
        Err(error) => return Finding::failure(check, format!("{company}: {error}"), to_do),
    };
    if let Some(why) = view.failed {
        return Finding::failure(check, format!("{company}: {why}"), to_do);
    }
    if view.refused.is_empty() {
        return Finding::ok(check, format!("{company}: signed in, and every list may be read"));
    }
    let found = format!("{company}: these lists may not be read: {}", view.refused.join(", "));
    let to_do = "give the sync token the rights for accounts payable and receivable in Bill.com, or use another one";
    Finding::failure(check, found, to_do)
}

/// An error with its causes.
fn chain(error: &reqwest::Error) -> String {
    // Without the URL: it stands before it.
    let mut text = String::new();
    let mut next = error.source();
    while let Some(cause) = next {
        text = cause.to_string();
        next = cause.source();
    }
    if text.is_empty() { "no answer".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::super::Outcome;
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_clock_is_judged_by_how_far_it_is_off() {
        assert_eq!(judge_clock(Duration::from_secs(5)).outcome, Outcome::Ok);
        assert_eq!(judge_clock(Duration::from_secs(90)).outcome, Outcome::Warning);
        assert_eq!(judge_clock(Duration::from_secs(400)).outcome, Outcome::Failure);
    }

    #[test]
    fn urls_the_connector_refuses_are_told_with_their_code() {
        for (url, code) in [("http://sync.example.com", "QBWC1010"), ("https://192.0.2.1", "QBWC1001")] {
            let finding = accepted(url);
            assert!(finding.outcome == Outcome::Failure && finding.to_do.contains(code), "{finding:?}");
        }
        assert_eq!(accepted("https://sync.example.com").outcome, Outcome::Ok);
        assert_eq!(accepted("http://localhost:8080").outcome, Outcome::Ok);
    }
}
