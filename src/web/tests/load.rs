//! What pages cost in a company with very much in it, and an overview of very many companies.
//!
//! Measurements take a minute to prepare, so they run when asked for:
//! `cargo test --release -p counterfoil --lib load -- --ignored --nocapture`

use super::{House, get, send};
use crate::engine::NewCompany;
use crate::engine::measure::Much;
use actix_web::http::StatusCode;
use std::time::{Duration, Instant};

/// The median of some tries.
async fn median(app: &super::Browser, page: &str) -> (Duration, usize) {
    let mut times = Vec::new();
    let mut bytes = 0;
    for _ in 0..9 {
        let begun = Instant::now();
        let seen = send(app, get(page)).await;
        times.push(begun.elapsed());
        assert_eq!(seen.status, StatusCode::OK, "{page}");
        bytes = seen.body.len();
    }
    times.sort();
    (times[times.len() / 2], bytes)
}

/// The bound holds for optimised code; what is not is several times as slow.
const fn bound(milliseconds: u64) -> Duration {
    Duration::from_millis(if cfg!(debug_assertions) { milliseconds * 10 } else { milliseconds })
}

#[actix_web::test]
#[ignore = "a measurement: fills a company with a hundred thousand records"]
async fn pages_of_a_large_company_are_small_and_quick() {
    let house = House::new();
    house.engine.fill(&house.id, &Much { records: 100_000, intents: 50_000, problems: 1_000 });
    let app = house.app(true).await;
    let groups = house.engine.problem_groups(&house.id).expect("groups");
    let pages = [
        String::new(),
        "/problems".to_owned(),
        format!("/problems/group/{}", groups[0].key),
        "/problems/1".to_owned(),
        "/plan".to_owned(),
        "/plan/quickbooks/bill?skip=1000".to_owned(),
        "/records".to_owned(),
        "/records?q=49999".to_owned(),
        "/records?q=no+such+thing".to_owned(),
        "/records?skip=5000".to_owned(),
        "/records/billcom/bill/00n01000000000000007".to_owned(),
        "/history".to_owned(),
        "/history?q=no+such+thing".to_owned(),
        "/settings".to_owned(),
        "/setup".to_owned(),
    ];
    for page in pages {
        let (time, bytes) = median(&app, &format!("/companies/{}{page}", house.id)).await;
        println!("{time:>10.1?} {bytes:>7} bytes  {page}");
        assert!(bytes < 60_000, "{page} has {bytes} bytes");
        assert!(time < bound(50), "{page} takes {time:?}");
    }
}

#[actix_web::test]
#[ignore = "a measurement: makes a thousand companies"]
async fn an_overview_of_a_thousand_companies_is_quick() {
    let house = House::new();
    for number in 1..1_000 {
        let company = NewCompany {
            name: format!("Company {number}"),
            billcom_url: "https://billcom.invalid/api/v2".to_owned(),
            billcom_org: "00801".to_owned(),
            billcom_user: "token-name".to_owned(),
            billcom_password: "token-value".to_owned().into(),
            billcom_dev_key: "dev-key".to_owned().into(),
            settings: Vec::new(),
            start: true,
        };
        house.engine.add_company(&company).expect("added");
    }
    let _open = house.engine.hold_all();
    let app = house.app(true).await;
    let begun = Instant::now();
    send(&app, get("/")).await;
    println!("{:>10.1?} the first time", begun.elapsed());
    for page in ["/", "/?q=99&sort=name", "/?state=waiting_for_quickbooks&page=3"] {
        let (time, bytes) = median(&app, page).await;
        println!("{time:>10.1?} {bytes:>7} bytes  {page}");
        assert!(bytes < 60_000, "{page} has {bytes} bytes");
        assert!(time < bound(100), "{page} takes {time:?}");
    }
}
