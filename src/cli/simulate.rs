//! `counterfoil simulate connector | billcom`: the other two sides, to practise on.
//!
//! Both keep their books in memory: they are as they were at every start. Nothing here is secret, so that the password
//! may stand on the command line.

use super::print::{self, Printed};
use super::{CliError, block_on, listen_flag, told_to_stop};
use crate::billcom::{Now as _, SystemNow};
use crate::sim::billcom::{self, Organization, SharedOrganization};
use crate::sim::connector::{Connector, Ending, HttpTransport, Qwc, SystemClock, UpdateReport};
use crate::sim::quickbooks::{self, CompanyFile};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The firm of the practice books is the same on both sides and at every start.
const SEED: u64 = 2012;
/// Pause between updates when the `.qwc` file has no schedule.
const INTERVAL: Duration = Duration::from_secs(60);
/// Pause between two things that people at the practice organisation do.
const PEOPLE_EVERY: Duration = Duration::from_secs(20);

/// The practice organisation's sync token, and its developer key.
const TOKEN_NAME: &str = "Counterfoil";
const TOKEN_VALUE: &str = "practice-token";

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// A Web Connector with a simulated company file, against any server
    Connector {
        /// The .qwc file, as made by: counterfoil company qwc
        #[arg(long, value_name = "FILE")]
        qwc: PathBuf,
        /// The password of the connection
        #[arg(long, value_name = "P")]
        password: String,
        /// Run one update and end
        #[arg(long)]
        once: bool,
        /// Write what the company file holds into this file after each update, a line a record
        #[arg(long, value_name = "FILE")]
        books: Option<PathBuf>,
    },
    /// A Bill.com organisation to practise on; prints base URL and credentials
    Billcom {
        /// Address to listen on, of this machine only
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8081", value_parser = listen_flag)]
        listen: SocketAddr,
        /// Let people enter and change bills while it runs
        #[arg(long)]
        lively: bool,
    },
}

pub(super) fn execute(command: Command) -> Result<(), CliError> {
    match command {
        Command::Connector { qwc, password, once, books } => {
            block_on(connector(&qwc, &password, once, books.as_deref()))
        }
        Command::Billcom { listen, lively } => block_on(practice(listen, lively)),
    }
}

async fn connector(path: &Path, password: &str, once: bool, books: Option<&Path>) -> Result<(), CliError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| CliError::failed(format!("{} cannot be read", path.display())).because(&error))?;
    let refused =
        |error| CliError::failed(format!("the Web Connector would refuse {}", path.display())).because(&error);
    let file = Qwc::parse(&text).map_err(refused)?;
    let transport = HttpTransport::new(&file.app_url, false)
        .map_err(|error| CliError::failed("the connector could not be set up").because(&error))?;
    let interval = file.run_every_seconds.map_or(INTERVAL, |seconds| Duration::from_secs(seconds.max(1)));
    let mut connector = Connector::new(&text, password, transport).map_err(refused)?;
    let company = Mutex::new(quickbooks::demo(SEED, chrono::Local::now().date_naive()));
    if once {
        let report = connector.run_update(&company, &SystemClock).await;
        tell(&report)?;
        list(&company, books)?;
        complain(&connector.violations);
        return went_well(&report.ending);
    }
    let mut closed = None;
    let told = |report: &UpdateReport| closed = tell(report).and_then(|()| list(&company, books)).err();
    tokio::select! {
        () = connector.run_on_timer(&company, interval, told) => {}
        () = told_to_stop() => {}
    }
    complain(&connector.violations);
    closed.map_or(Ok(()), Err)
}

/// One line per update, and what the user would see beside it.
fn tell(report: &UpdateReport) -> Result<(), CliError> {
    Printed::text(line(report, chrono::Local::now().time())).print()
}

/// What somebody would see who looks into QuickBooks.
fn list(company: &Mutex<CompanyFile>, books: Option<&Path>) -> Result<(), CliError> {
    let Some(file) = books else { return Ok(()) };
    let listing = company.lock().unwrap_or_else(PoisonError::into_inner).listing();
    std::fs::write(file, listing)
        .map_err(|error| CliError::failed(format!("{} cannot be written", file.display())).because(&error))
}

fn line(report: &UpdateReport, at: chrono::NaiveTime) -> String {
    let calls = print::count(report.calls.len(), "call");
    let requests = print::count(report.requests, "request");
    let mut text =
        format!("{} {calls}, {requests}: {}\n", at.format("%H:%M:%S"), print::clean(&report.ending.to_string()));
    for message in &report.messages {
        text.push_str(&format!("         {}\n", print::clean(message)));
    }
    text
}

fn complain(violations: &[String]) {
    for violation in violations {
        print::complain(&format!("the server broke a rule: {}", print::clean(violation)));
    }
}

fn went_well(ending: &Ending) -> Result<(), CliError> {
    match ending {
        Ending::Done | Ending::NoWork => Ok(()),
        // Nothing was left when it asked again: the server tells how the session went.
        Ending::LastError(text) if text.starts_with("OK") => Ok(()),
        other => Err(CliError::failed(format!("the update did not go well: {}", print::clean(&other.to_string())))),
    }
}

async fn practice(listen: SocketAddr, lively: bool) -> Result<(), CliError> {
    if !listen.ip().is_loopback() {
        return Err(CliError::wrong_use("the practice organisation listens on this machine only: use 127.0.0.1"));
    }
    let broken = |error: std::io::Error| CliError::failed(format!("{listen} cannot be listened on")).because(&error);
    let listener = TcpListener::bind(listen).map_err(broken)?;
    let mut organization = billcom::full_demo(SEED, chrono::Local::now().date_naive());
    // A second factor is for people; without this every change of a vendor's address would ask for one.
    organization.trust(TOKEN_NAME);
    let organization: SharedOrganization = Arc::new(Mutex::new(organization));
    let served = billcom::serve(listener, organization.clone(), Arc::new(SystemNow)).map_err(broken)?;
    Printed::text(invitation(&billcom::lock(&organization), &served.base_url)).print()?;
    tokio::select! {
        () = people(&organization), if lively => {}
        () = told_to_stop() => {}
    }
    served.stop().await;
    Ok(())
}

/// What a person needs to connect to it, and the command that does.
fn invitation(organization: &Organization, base_url: &str) -> String {
    let (id, dev_key) = (organization.id(), organization.developer_key());
    let table = print::pairs(&[
        ("Base URL", base_url.to_owned()),
        ("Organisation", id.to_owned()),
        ("User", TOKEN_NAME.to_owned()),
        ("Password", TOKEN_VALUE.to_owned()),
        ("Developer key", dev_key.to_owned()),
    ]);
    format!(
        "{table}\nConnect a company to it with:\n\
         \x20 COUNTERFOIL_BILLCOM_PASSWORD={TOKEN_VALUE} COUNTERFOIL_BILLCOM_DEV_KEY={dev_key} \\\n\
         \x20 counterfoil company add Practice --billcom-url {base_url} --billcom-org {id} --billcom-user {TOKEN_NAME}\n"
    )
}

/// Lets the people of the organisation work, for ever.
async fn people(organization: &SharedOrganization) {
    for step in 0.. {
        tokio::time::sleep(PEOPLE_EVERY).await;
        billcom::full_tick(&mut billcom::lock(organization), SEED, step, SystemNow.now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(organization: &Organization, password: &str) -> Vec<(String, String)> {
        let fields = [
            ("userName", TOKEN_NAME),
            ("password", password),
            ("orgId", organization.id()),
            ("devKey", organization.developer_key()),
        ];
        fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
    }

    #[test]
    fn the_printed_credentials_work() {
        let mut organization = billcom::demo(SEED, chrono::NaiveDate::from_ymd_opt(2026, 11, 22).expect("date"));
        for (password, works) in [(TOKEN_VALUE, true), ("wrong", false)] {
            let form = form(&organization, password);
            let reply = organization.handle(SystemNow.now(), "/api/v2/Login.json", &form);
            let reply: serde_json::Value = serde_json::from_slice(reply.body.as_ref()).expect("JSON");
            assert_eq!(reply["response_status"] == 0, works, "{password}: {reply}");
        }
        let text = invitation(&organization, "http://127.0.0.1:8081/api/v2");
        assert!(
            text.contains(organization.id()) && text.contains("--billcom-url http://127.0.0.1:8081/api/v2"),
            "{text}"
        );
    }

    #[test]
    fn an_update_is_told_in_a_line() {
        let report = UpdateReport {
            calls: Vec::new(),
            ending: Ending::LastError("out of\u{1b} paper".to_owned()),
            last_error: None,
            close_text: None,
            messages: vec!["a dialog".to_owned()],
            progress: Vec::new(),
            requests: 1,
            minimum_run_seconds: None,
        };
        let at = chrono::NaiveTime::from_hms_opt(9, 5, 1).expect("time");
        assert_eq!(line(&report, at), "09:05:01 0 calls, 1 request: out of  paper\n         a dialog\n");
        assert!(went_well(&report.ending).is_err() && went_well(&Ending::NoWork).is_ok());
    }

    #[test]
    fn the_books_are_listed_where_it_was_asked_for() {
        let folder = tempfile::tempdir().expect("folder");
        let company = Mutex::new(quickbooks::demo(SEED, chrono::NaiveDate::from_ymd_opt(2026, 11, 22).expect("date")));
        let file = folder.path().join("books.txt");
        list(&company, Some(&file)).expect("written");
        assert!(std::fs::read_to_string(&file).expect("text").lines().count() > 50);
        list(&company, None).expect("nothing asked for");
        let error = list(&company, Some(folder.path())).expect_err("a folder");
        assert!(error.to_string().contains("cannot be written"), "{error}");
    }

    #[tokio::test]
    async fn the_practice_organisation_stays_on_this_machine() {
        let error = practice("0.0.0.0:0".parse().expect("address"), false).await.expect_err("refused");
        assert_eq!(error.exit(), crate::cli::Exit::WrongUse);
    }

    #[tokio::test]
    async fn a_missing_or_foreign_file_is_told_apart() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("x.qwc");
        let error = connector(&path, "p", true, None).await.expect_err("missing");
        assert!(error.to_string().contains("cannot be read"), "{error}");
        std::fs::write(&path, "<html></html>").expect("write");
        let error = connector(&path, "p", true, None).await.expect_err("foreign");
        assert!(error.to_string().contains("would refuse"), "{error}");
    }
}
