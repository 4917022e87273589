//! Ten thousand companies whose Web Connectors come by and find nothing to do: `cargo bench -p counterfoil --bench companies`.
//!
//! One company is brought in step; the others get a copy of its file. Then every connector signs in, and is told `none`: from
//! the bytes of its SOAP body to the bytes of the reply, without the network. The first round finds every file closed. More
//! companies than are kept open at once come by in turn, so later rounds open most files again; the last one asks a few
//! companies again and again, which stay open. What is printed is the time of one call, and the memory of the process.

#[path = "../tests/it/harness.rs"]
#[allow(dead_code, reason = "the tests use the rest of it")]
mod harness;

use counterfoil::engine::{AddedView, Engine, NewCompany};
use harness::{Office, Setup, answer};
use qbwc::client::{Call, encode_call, read_reply};
use qbwc::{Company, OperationName, Reply};
use std::time::{Duration, Instant};

/// Companies of the machine.
const COMPANIES: usize = 10_000;
/// Companies that stay open in the last round.
const FEW: usize = 100;

fn main() {
    let mut office = Office::new(Setup::default());
    office.settle(6);
    let began = Instant::now();
    let added: Vec<AddedView> = (0..COMPANIES).map(|number| add(&office.engine(), number)).collect();
    println!("{COMPANIES} companies added in {} ms", began.elapsed().as_millis());
    // Nobody may have a file open while another takes its place.
    office.restart(3);
    let folder = office.folder.path().join("companies");
    let first = folder.join(format!("{}.db", office.company));
    let bytes = std::fs::metadata(&first).expect("a file").len();
    for company in &added {
        let file = folder.join(format!("{}.db", company.id));
        for ending in ["-wal", "-shm"] {
            let beside = folder.join(format!("{}.db{ending}", company.id));
            if beside.exists() {
                std::fs::remove_file(beside).expect("removed");
            }
        }
        std::fs::copy(&first, file).expect("copied");
    }
    office.restart(4);
    let engine = office.engine();
    println!("resident, at the beginning  {:>8} KB; a company's file has {bytes} bytes", resident_kilobytes());
    let calls: Vec<(&AddedView, String)> = added.iter().map(|company| (company, sign_in(company))).collect();
    round("every file is closed", &engine, &calls);
    round("most are opened again", &engine, &calls);
    let few: Vec<_> = calls.iter().take(FEW).cycle().take(COMPANIES).cloned().collect();
    round("all are open", &engine, &few);
    println!("resident, at the end        {:>8} KB", resident_kilobytes());
}

fn add(engine: &Engine, number: usize) -> AddedView {
    let company = NewCompany {
        name: format!("Company {number}"),
        billcom_url: "http://127.0.0.1:9/api/v2".to_owned(),
        billcom_org: "00801".to_owned(),
        billcom_user: "sync".to_owned(),
        billcom_password: "token".into(),
        billcom_dev_key: "key".into(),
        settings: Vec::new(),
        start: true,
    };
    engine.add_company(&company).expect("a company")
}

fn sign_in(company: &AddedView) -> String {
    let call = Call::Authenticate { user_name: company.user_name.clone(), password: company.password.clone() };
    String::from_utf8(encode_call(&call)).expect("an envelope is text")
}

/// Every connector comes by once.
fn round(what: &str, engine: &Engine, calls: &[(&AddedView, String)]) {
    let mut times = Vec::with_capacity(calls.len());
    for (company, body) in calls {
        let began = Instant::now();
        let reply = answer(engine, &company.id, body);
        times.push(began.elapsed());
        let reply = read_reply(OperationName::Authenticate, &reply.body, 1 << 20).expect("a reply");
        assert!(
            matches!(reply, Reply::Authenticate(told) if told.company == Company::None),
            "{}: nothing to do",
            company.id
        );
    }
    times.sort_unstable();
    let all: Duration = times.iter().sum();
    let at = |part: usize| times[(times.len() - 1) * part / 100].as_micros();
    println!(
        "{what:<26} {:>6} µs each, median {:>6} µs, 99 of 100 within {:>6} µs, at most {:>7} µs",
        all.as_micros() / times.len() as u128,
        at(50),
        at(99),
        at(100)
    );
}

/// The memory of this process now; 0 where the operating system does not tell.
fn resident_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
