//! `counterfoil demo`: the real server between both simulators, on this machine only.
//!
//! Everything that `serve` runs is running here, and both neighbours are reached over real HTTP: only they are
//! simulated. People on both sides go on working, so that there is always something on its way. The data folder is
//! temporary and goes with the demonstration; the pages need no sign-in, which is why the address must be a loopback one.

use super::print::Printed;
use super::{CliError, block_on, listen_flag, make_private_folder, serve};
use crate::billcom::{Now as _, SystemNow};
use crate::engine::{Engine, EngineOptions, NewCompany, World};
use crate::secrets::{Random as _, SystemRandom};
use crate::sim::billcom::{self, SharedOrganization};
use crate::sim::connector::{Connector, HttpTransport};
use crate::sim::quickbooks::{self, CompanyFile, ListKind, Receipt, Sale, Status, Txn, TxnKind};
use crate::web::WebOptions;
use chrono::{Days, NaiveDate};
use secrecy::SecretString;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The firm of the demonstration is the same at every start.
const SEED: u64 = 2012;
/// Name and value of the sync token that the simulated organisation accepts.
const TOKEN: (&str, &str) = ("Counterfoil", "practice-token");
/// Pause between two visits of the Web Connector; the real one comes every few minutes.
const VISIT_EVERY: Duration = Duration::from_secs(3);
/// Pause between two things that people at Bill.com do.
const BILLCOM_EVERY: Duration = Duration::from_secs(6);
/// Pause between two things that people at QuickBooks do.
const QUICKBOOKS_EVERY: Duration = Duration::from_secs(10);
/// When somebody changes bills in QuickBooks, so that there is something to decide: after that many other changes.
const DISAGREE_AT: usize = 1;
/// Bills of so many days are carried.
const DAYS_BACK: u64 = 60;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Address to listen on, of this machine only; port 0 takes any free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080", value_parser = loopback)]
    listen: SocketAddr,
}

fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address = listen_flag(text)?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err("the demonstration has no sign-in, so it wants an address of this machine such as 127.0.0.1:8080"
            .to_owned())
    }
}

pub(super) fn execute(args: &Args) -> Result<(), CliError> {
    let listener = serve::bind(args.listen)?;
    let folder = Folder::make()?;
    block_on(run(listener, &folder))
}

/// A temporary data folder, removed on drop.
struct Folder(PathBuf);

impl Folder {
    fn make() -> Result<Self, CliError> {
        let mut suffix = [0_u8; 8];
        SystemRandom.fill(&mut suffix);
        let path = std::env::temp_dir().join(format!("counterfoil-demo-{:016x}", u64::from_be_bytes(suffix)));
        make_private_folder(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is left to the system's own clearing of temporary files.
        let _left = std::fs::remove_dir_all(&self.0);
    }
}

/// Sets everything up and lets it run until the process is told to stop.
async fn run(listener: TcpListener, folder: &Folder) -> Result<(), CliError> {
    let broken = |error: std::io::Error| CliError::failed("the demonstration could not be set up").because(&error);
    let address = listener.local_addr().map_err(broken)?;
    let today = SystemNow.now().date_naive();
    let mut organization = billcom::full_demo(SEED, today);
    // Without this, every change of a vendor's address would ask a person to enter it in Bill.com by hand.
    organization.trust(TOKEN.0);
    let organization: SharedOrganization = Arc::new(Mutex::new(organization));
    let practice = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(broken)?;
    let served = billcom::serve(practice, organization.clone(), Arc::new(SystemNow)).map_err(broken)?;
    let options =
        EngineOptions { data: folder.0.clone(), public_url: None, listen: Some(address), ..EngineOptions::default() };
    let engine = Engine::open(options, World::real())?;
    let books = Mutex::new(quickbooks::demo(SEED, today));
    let connector = connect(&engine, &organization, &served.base_url, today)?;
    let text = format!(
        "Listening on http://{address}\nOpen it and watch both sides fall in step. Everything is practice; ctrl-c ends it.\n"
    );
    Printed::text(text).print()?;
    let result = tokio::select! {
        result = serve::run(engine, listener, tokio::sync::watch::channel(false).1, |stop| WebOptions { open_pages: true, ..WebOptions::new(stop) }) => result,
        () = visits(connector, &books) => Ok(()),
        () = people_at_billcom(&organization) => Ok(()),
        () = people_at_quickbooks(&books) => Ok(()),
    };
    served.stop().await;
    result
}

/// Adds the firm to the server, and its application to a Web Connector.
fn connect(
    engine: &Engine,
    organization: &SharedOrganization,
    base_url: &str,
    today: NaiveDate,
) -> Result<Connector<HttpTransport>, CliError> {
    let start_date = today.checked_sub_days(Days::new(DAYS_BACK)).unwrap_or(today);
    let (id, dev_key) = {
        let organization = billcom::lock(organization);
        (organization.id().to_owned(), SecretString::from(organization.developer_key()))
    };
    let settings = [
        ("start_date", start_date.to_string()),
        ("read_interval", "5s".to_owned()),
        ("poll_interval", "2s".to_owned()),
        ("default_expense_account", "Office Supplies".to_owned()),
        ("default_item", "Lawn Care".to_owned()),
        ("money_out_clearing", "Money Out Clearing".to_owned()),
        ("money_in_clearing", "Money In Clearing".to_owned()),
        ("deposit_account", "Undeposited Funds".to_owned()),
    ];
    let added = engine.add_company(&NewCompany {
        name: "Larch Street Landscaping".to_owned(),
        billcom_url: base_url.to_owned(),
        billcom_org: id,
        billcom_user: TOKEN.0.to_owned(),
        billcom_password: SecretString::from(TOKEN.1),
        billcom_dev_key: dev_key,
        settings: settings.map(|(key, value)| (key.to_owned(), value)).to_vec(),
        start: true,
    })?;
    let file = engine.qwc(&added.id, false, false)?;
    let transport = HttpTransport::new(&added.app_url, false)
        .map_err(|error| CliError::failed("the connector could not be set up").because(&error))?;
    Connector::new(&file.xml, &added.password, transport)
        .map_err(|error| CliError::failed("the Web Connector would refuse our own file").because(&error))
}

/// Lets the Web Connector come by, for ever.
async fn visits(mut connector: Connector<HttpTransport>, books: &Mutex<CompanyFile>) {
    let told = |report: &crate::sim::connector::UpdateReport| {
        tracing::debug!(calls = report.calls.len(), requests = report.requests, ending = %report.ending, "an update ended");
    };
    connector.run_on_timer(books, VISIT_EVERY, told).await;
}

/// Lets people enter, approve, change and pay bills, and write invoices, for ever.
async fn people_at_billcom(organization: &SharedOrganization) {
    for step in 0.. {
        tokio::time::sleep(BILLCOM_EVERY).await;
        billcom::full_tick(&mut billcom::lock(organization), SEED, step, SystemNow.now());
    }
}

/// Lets people write invoices and take money for them, take on vendors and change their telephone numbers, for ever.
async fn people_at_quickbooks(books: &Mutex<CompanyFile>) {
    for step in 0_usize.. {
        tokio::time::sleep(QUICKBOOKS_EVERY).await;
        let mut books = books.lock().unwrap_or_else(PoisonError::into_inner);
        if step == DISAGREE_AT {
            disagree(&mut books);
            continue;
        }
        let done = match step % 4 {
            0 => write_invoice(&mut books, step),
            1 => change_phone(&mut books, step),
            2 => take_payment(&mut books, step),
            _ => {
                let now = books.setup.zone.at(SystemNow.now());
                books.person(now).add_vendor(&format!("Corner Nursery No. {}", step / 4 + 1)).map(drop)
            }
        };
        if let Err(status) = done {
            tracing::debug!(?status, "QuickBooks refused what somebody typed");
        }
    }
}

/// Payables are Bill.com's: what is changed here stays here, and a person is asked what to do about it.
fn disagree(books: &mut CompanyFile) {
    let now = books.setup.zone.at(SystemNow.now());
    let bills: Vec<String> = books.bills().into_iter().rev().take(3).map(|bill| bill.id).collect();
    for bill in &bills {
        if let Err(status) = books.person(now).change_bill(bill, &[("Memo", "Pay by the end of the month")]) {
            tracing::debug!(?status, "QuickBooks refused what somebody typed");
        }
    }
}

fn change_phone(books: &mut CompanyFile, step: usize) -> Result<(), Status> {
    let vendors: Vec<String> = books.vendors().into_iter().filter(|it| it.active).map(|it| it.id).collect();
    let Some(vendor) = vendors.get(step * 7 % vendors.len().max(1)) else { return Ok(()) };
    let phone = format!("802-555-{:04}", step * 37 % 10_000);
    let now = books.setup.zone.at(SystemNow.now());
    books.person(now).set_field(ListKind::Vendor, vendor, "Phone", &phone)
}

/// Begins the numbers of invoices that are written in QuickBooks.
const INVOICE: &str = "Q-";

fn write_invoice(books: &mut CompanyFile, step: usize) -> Result<(), Status> {
    let customers: Vec<String> =
        books.entries(ListKind::Customer).into_iter().filter(|it| it.active).map(|it| it.id).collect();
    let item = books.entry(ListKind::ItemService, "Lawn Care").map(|item| item.id);
    let Some((customer, item_id)) = customers.get(step * 5 % customers.len().max(1)).zip(item) else { return Ok(()) };
    let cents = 4_500 * i64::try_from(step % 7 + 1).unwrap_or(1);
    let number = format!("{INVOICE}{}", 301 + step / 4);
    let sale = Sale { customer_id: customer.clone(), item_id, cents, number };
    let now = books.setup.zone.at(SystemNow.now());
    books.person(now).enter_invoice(&sale).map(drop)
}

/// Somebody pays the oldest open invoice that was written here.
fn take_payment(books: &mut CompanyFile, step: usize) -> Result<(), Status> {
    let ours = |txn: &Txn| txn.ref_number.as_deref().is_some_and(|number| number.starts_with(INVOICE));
    let open = books.txns(TxnKind::Invoice).into_iter().find(|txn| ours(txn) && txn.open_cents > 0);
    let Some(invoice) = open else { return Ok(()) };
    let receipt = Receipt {
        customer_id: invoice.party_id.unwrap_or_default(),
        cents: invoice.open_cents,
        number: format!("{}", 9_001 + step),
        deposit_to_id: None,
        paid: vec![(invoice.id, invoice.open_cents)],
    };
    let now = books.setup.zone.at(SystemNow.now());
    books.person(now).receive_payment(&receipt).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demonstration_stays_on_this_machine() {
        assert!(loopback("127.0.0.1:0").is_ok() && loopback("localhost:9").is_ok() && loopback("[::1]:9").is_ok());
        for text in ["0.0.0.0:8080", "[::]:8080", "192.168.1.4:8080", "8080"] {
            assert!(loopback(text).is_err(), "{text}");
        }
    }

    #[test]
    fn its_folder_is_removed_at_the_end() {
        let folder = Folder::make().expect("made");
        let path = folder.0.clone();
        std::fs::write(path.join("x"), "x").expect("write");
        drop(folder);
        assert!(!path.exists());
    }
}
