//! The real binary over HTTP, killed at any moment and started again.
//!
//! A Bill.com organisation and a Web Connector with its company file live in the test; the server is the program itself, in a
//! process of its own, on a real data folder. While it reads, writes and is called, it gets SIGKILL, again and again; meanwhile
//! people enter vendors and bills. At the end everything stands in both books exactly once, and every file is sound.
//!
//! Deaths at *every* commit, call and answer, one after the other, are tried in process (`counterfoil sim --deaths S`); here the
//! moments are random, and the process, its sockets and its files are real. `COUNTERFOIL_KILLS` says how many.

use chrono::Utc;
use counterfoil::billcom::SystemNow;
use counterfoil::sim::billcom::{
    BillDraft, Identity, KeyUsage, LineDraft, Organization, SharedOrganization, SignInKind, lock, serve,
};
use counterfoil::sim::connector::{Connector, HttpTransport, SystemClock};
use counterfoil::sim::quickbooks::{CompanyFile, ListKind};
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Kills of an ordinary test run.
const KILLS: u64 = 12;
/// Longest time that the program may take to answer, or everything to come to rest.
const PATIENCE: Duration = Duration::from_secs(120);
/// Longest life of a process before it is killed.
const LIFE_MS_MAX: u64 = 400;

const TOKEN: (&str, &str) = ("sync", "crash-sync-token");
const DEVELOPER_KEY: &str = "crash-developer-key";

/// A sequence of numbers from a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// The program, its folder, and both sides.
struct Office {
    folder: PathBuf,
    address: SocketAddr,
    organization: SharedOrganization,
    books: Mutex<CompanyFile>,
    company: String,
    connector: Connector<HttpTransport>,
}

fn binary() -> Command {
    Command::new(env!("CARGO_BIN_EXE_counterfoil"))
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port")
}

/// Runs a command on the data folder; gives what it prints.
fn run(folder: &Path, arguments: &[&str]) -> String {
    let done = binary()
        .arg("--data")
        .arg(folder)
        .args(arguments)
        .env("COUNTERFOIL_BILLCOM_PASSWORD", TOKEN.1)
        .env("COUNTERFOIL_BILLCOM_DEV_KEY", DEVELOPER_KEY)
        .output()
        .expect("the program runs");
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("UTF-8")
}

fn books() -> CompanyFile {
    let mut file = CompanyFile::new("Acme Tools", 7);
    let now = file.setup.zone.at(Utc::now());
    let mut person = file.person(now);
    for (name, kind) in [("Accounts Payable", "AccountsPayable"), ("Office Supplies", "Expense"), ("Checking", "Bank")]
    {
        person.add_account(name, kind).expect("account");
    }
    file
}

impl Office {
    fn found(folder: &Path, base_url: &str, organization: SharedOrganization) -> Self {
        let address = free_address();
        let listen = address.to_string();
        let mut server = Server::start(folder, &listen);
        let id = lock(&organization).id().to_owned();
        let flags =
            ["company", "add", "Acme", "--billcom-url", base_url, "--billcom-org", &id, "--billcom-user", TOKEN.0];
        let account = "default_expense_account=Office Supplies";
        let settings = ["read_interval=0s", "poll_interval=1s", "start_date=2020-01-01", account];
        let settings = settings.map(|setting| ["--set", setting]).concat();
        let added = run(folder, &[&flags[..], &settings[..], &["--start", "--json"]].concat());
        let added: Value = serde_json::from_str(&added).expect("JSON");
        let text = |name: &str| added[name].as_str().expect("text").to_owned();
        let qwc = run(folder, &["company", "qwc", &text("id")]);
        let transport = HttpTransport::new(&text("app_url"), false).expect("transport");
        let connector = Connector::new(&qwc, &text("password"), transport).expect("the connector takes the file");
        server.kill();
        let (folder, company) = (folder.to_owned(), text("id"));
        Self { folder, address, organization, books: Mutex::new(books()), company, connector }
    }

    fn start(&self) -> Server {
        Server::start(&self.folder, &self.address.to_string())
    }

    /// People enter something on both sides.
    fn people_work(&self, number: u64) {
        let now = Utc::now();
        {
            let mut organization = lock(&self.organization);
            let mut person = organization.person(now);
            let vendor = person.create_vendor(&format!("V{number} Paper Mill")).expect("vendor");
            let cents = 1_000 + i64::try_from(number).expect("few");
            let line = LineDraft { cents, description: "paper".to_owned(), ..LineDraft::default() };
            let date = now.date_naive();
            let draft =
                BillDraft { vendor_id: vendor, number: format!("B{number}"), date, due: date, lines: vec![line] };
            person.create_bill(&draft).expect("bill");
        }
        let mut file = self.books.lock().expect("books");
        let now = file.setup.zone.at(now);
        file.person(now).add_vendor(&format!("W{number} Ink Works")).expect("vendor");
    }

    fn status(&self) -> Value {
        serde_json::from_str(&run(&self.folder, &["status", &self.company, "--json"])).expect("JSON")
    }

    async fn come_to_rest(&mut self) {
        let until = Instant::now() + PATIENCE;
        loop {
            self.connector.run_update(&self.books, &SystemClock).await;
            tokio::time::sleep(Duration::from_millis(1_200)).await;
            let status = self.status();
            if status["idle"] == Value::Bool(true) {
                let problems = status["problems"].as_array().expect("problems");
                if problems.is_empty() {
                    return;
                }
                problems.iter().for_each(|problem| self.answer(problem, &status));
            }
            assert!(Instant::now() < until, "not at rest: {status:#}");
        }
    }

    /// Whether a vendor that appeared while another one was being made is that one under another name: nobody renames any here, so
    /// it never is. Nothing else is ever asked.
    fn answer(&self, problem: &Value, status: &Value) {
        assert_eq!(problem["code"], "ambiguous", "{status:#}");
        let summary = problem["summary"].as_str().expect("text");
        assert!(summary.starts_with("Vendor ") && summary.ends_with(" already?"), "{problem:#}");
        let number = problem["id"].to_string();
        run(&self.folder, &["problem", "resolve", &self.company, &number, "create"]);
    }

    /// Everything stands on both sides exactly once.
    fn assert_once(&self, entered: u64) {
        let file = self.books.lock().expect("books");
        let organization = lock(&self.organization);
        let mut count: BTreeMap<String, [u64; 2]> = BTreeMap::new();
        let token = |name: &str| name.split(' ').next().unwrap_or_default().to_owned();
        for vendor in file.entries(ListKind::Vendor) {
            count.entry(token(&vendor.name)).or_default()[0] += 1;
        }
        for vendor in organization.vendors() {
            count.entry(token(&vendor.name)).or_default()[1] += 1;
        }
        file.bills().into_iter().for_each(|bill| count.entry(bill.ref_number.unwrap_or_default()).or_default()[0] += 1);
        organization.bills().into_iter().for_each(|bill| count.entry(bill.number).or_default()[1] += 1);
        let wrong: Vec<_> = count.iter().filter(|(_, count)| **count != [1, 1]).collect();
        assert!(wrong.is_empty(), "not exactly once on both sides: {wrong:?}");
        assert_eq!(u64::try_from(count.len()).expect("few"), 3 * entered, "something is missing: {count:?}");
        assert_eq!(file.trial_balance(), 0);
        assert!(organization.violations().is_empty(), "{:?}", organization.violations());
        assert!(self.connector.violations.is_empty(), "{:?}", self.connector.violations);
    }

    fn assert_files_sound(&self) {
        let of_company = self.folder.join("companies").join(format!("{}.db", self.company));
        for path in [self.folder.join("server.db"), of_company] {
            let file = rusqlite::Connection::open(&path).expect("the file opens");
            let sound: String = file.query_row("PRAGMA integrity_check", (), |row| row.get(0)).expect("checked");
            assert_eq!(sound, "ok", "{}", path.display());
        }
    }
}

/// A running program.
struct Server(Child);

impl Server {
    /// Starts the program and waits until it takes connections.
    fn start(folder: &Path, listen: &str) -> Self {
        let child = binary()
            .arg("--data")
            .arg(folder)
            .args(["serve", "--listen", listen])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut server = Self(child);
        let (address, until): (SocketAddr, _) = (listen.parse().expect("address"), Instant::now() + PATIENCE);
        while TcpStream::connect_timeout(&address, Duration::from_millis(100)).is_err() {
            assert!(Instant::now() < until, "the program does not listen");
            assert!(server.0.try_wait().expect("asked").is_none(), "the program has ended by itself");
            std::thread::sleep(Duration::from_millis(5));
        }
        server
    }

    /// SIGKILL.
    fn kill(&mut self) {
        self.0.kill().expect("killed");
        self.0.wait().expect("gone");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be gone already.
        let _gone = self.0.kill();
        let _waited = self.0.wait();
    }
}

#[test]
fn killed_at_any_moment_the_books_hold_everything_once() {
    let kills = std::env::var("COUNTERFOIL_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("runtime");
    runtime.block_on(async move {
        let identity =
            Identity { name: "Acme".to_owned(), accounting_software: None, developer_key: DEVELOPER_KEY.to_owned() };
        let mut organization = Organization::new(identity, 7, Utc::now(), KeyUsage::shared());
        organization.allow(TOKEN.0, TOKEN.1, SignInKind::SyncToken);
        let organization: SharedOrganization = Arc::new(Mutex::new(organization));
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let served = serve(listener, organization.clone(), Arc::new(SystemNow)).expect("served");
        let folder = tempfile::tempdir().expect("folder");
        let mut office = Office::found(&folder.path().join("data"), &served.base_url, organization);
        let mut dice = Dice(2_012);
        for kill in 1..=kills {
            office.people_work(kill);
            let mut server = office.start();
            let life = Duration::from_millis(dice.below(LIFE_MS_MAX));
            tokio::select! {
                () = tokio::time::sleep(life) => {}
                _ = async { loop { office.connector.run_update(&office.books, &SystemClock).await; } } => {}
            }
            server.kill();
            if kill % 10 == 0 {
                office.assert_files_sound();
            }
        }
        let server = office.start();
        office.come_to_rest().await;
        office.come_to_rest().await;
        drop(server);
        office.assert_files_sound();
        office.assert_once(kills);
        served.stop().await;
    });
}
