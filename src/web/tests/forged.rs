//! Forged, bent and overgrown input at every door that is not SOAP: addresses, query strings, settings, names, notices.

use super::{House, get, local, post, send};
use crate::engine::NewCompany;
use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// Texts that have broken something somewhere.
const BENT: &[&str] = &[
    "%00",
    "%ff%fe",
    "%c0%80",
    "..%2f..%2fserver.key",
    "%2e%2e",
    "-1",
    "0",
    "9223372036854775808",
    "99999999999999999999999999",
    "1e309",
    "NaN",
    "'%20OR%201=1--",
    "%22%3E%3Cscript%3E",
    "{{7*7}}",
    "%E2%80%AE",
    "%0d%0aSet-Cookie:%20a=b",
    "CON",
    "a%",
    "[]",
];

#[actix_web::test]
async fn bent_addresses_and_queries_get_an_answer_and_nothing_else() {
    let house = House::new();
    let app = house.app(true).await;
    let paths = [
        "/companies/{}",
        "/companies/{}/history?before={}",
        "/companies/{}/history?limit={}&limit={}",
        "/companies/{}/problems/{}",
        "/companies/{}/plan?{}={}",
        "/support/{}",
        "/qbwc/{}?{}",
        "/assets/{}",
        "/setup/{}",
        "/?done={}",
        "/sign-in?next={}",
        "/events?{}",
        "/api/v1/companies/{}/history?before={}",
        "/metrics?{}",
        "/{}",
    ];
    for path in paths {
        for bent in BENT {
            for first in [house.id.as_str(), *bent] {
                let path = path.replacen("{}", first, 1).replace("{}", bent);
                // What is no address at all is refused below us.
                if actix_web::http::Uri::try_from(path.as_str()).is_err() || path.starts_with("/events") {
                    continue;
                }
                let seen = send(&app, local(get(&path))).await;
                assert!(!seen.status.is_server_error(), "{path}: {}", seen.status);
                assert!(
                    !seen.body.contains("<script>alert")
                        && seen.header("set-cookie").is_empty() | !seen.header("set-cookie").contains("a=b"),
                    "{path}"
                );
                assert!(!seen.body.contains("server.db"), "{path} tells of files");
            }
        }
    }
}

#[actix_web::test]
async fn bent_settings_are_refused_with_a_sentence_or_kept_as_they_are() {
    let house = House::new();
    let app = house.app(true).await;
    let path = format!("/companies/{}/settings", house.id);
    let csrf = send(&app, get(&path)).await.csrf();
    let values = [
        "",
        " ",
        "-1s",
        "99999999999999999999h",
        "0s",
        "\u{0}",
        "\u{202e}",
        "1\n2",
        "x".repeat(60_000).as_str(),
        "'; DROP TABLE setting; --",
    ]
    .map(str::to_owned);
    for name in [
        "poll_interval",
        "read_interval",
        "start_date",
        "quiet_hours",
        "bills",
        "default_expense_account",
        "name_suffix_vendor",
        "nonsense",
    ] {
        for value in &values {
            let seen = send(&app, post(&path, &[("csrf", &csrf), (&format!("set.{name}"), value)])).await;
            assert!(!seen.status.is_server_error(), "{name}={value:?}: {}", seen.status);
            let again = send(&app, get(&path)).await;
            assert_eq!(again.status, StatusCode::OK, "{name}={value:?} breaks the page");
        }
    }
}

/// Names go into the `.qwc` file, its file name, pages and the history.
#[test]
fn any_name_makes_a_qwc_file_that_can_be_read() {
    let house = House::new();
    let mut runner = TestRunner::new(Config::with_cases(60));
    let names =
        prop_oneof![any::<String>(), "[\\PC<>&\"']{1,90}", Just("]]><x/>\u{202e}\r\n\"; filename=evil.exe".to_owned())];
    runner
        .run(&names, |name| {
            let company = NewCompany {
                name: name.clone(),
                billcom_url: "https://billcom.invalid/api/v2".to_owned(),
                billcom_org: "00801".to_owned(),
                billcom_user: "token-name".to_owned(),
                billcom_password: "token-value".to_owned().into(),
                billcom_dev_key: "dev-key".to_owned().into(),
                settings: Vec::new(),
                start: false,
            };
            let Ok(added) = house.engine.add_company(&company) else { return Ok(()) };
            let file = house.engine.qwc(&added.id, false, false).expect("a file");
            let parsed = roxmltree::Document::parse(&file.xml);
            prop_assert!(parsed.is_ok(), "{name:?}: {}", file.xml);
            let plain = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_' | '.');
            prop_assert!(file.file_name.chars().all(plain) && file.file_name.ends_with(".qwc"), "{:?}", file.file_name);
            prop_assert!(added.id.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '-'), "{:?}", added.id);
            Ok(())
        })
        .expect("every name");
}

#[actix_web::test]
async fn thousands_of_forged_notices_change_nothing() {
    let house = House::new();
    house.engine.webhooks_set_key(&house.id, &"the-security-key".into(), "test").expect("key");
    let app = house.app(false).await;
    let path = format!("/webhooks/billcom/{}", house.id);
    for number in 0..3_000_u32 {
        let signature = match number % 4 {
            0 => format!("{number:044}"),
            1 => String::new(),
            2 => "=".repeat(44),
            _ => format!("sha256={number}"),
        };
        let body = format!(r#"{{"metadata":{{"eventId":"e-{number}","eventType":"bill.updated"}}}}"#);
        let request =
            TestRequest::post().uri(&path).insert_header(("x-bill-sha-signature", signature)).set_payload(body);
        assert_eq!(send(&app, local(request)).await.status, StatusCode::UNAUTHORIZED);
    }
    assert!(house.engine.webhooks(&house.id).expect("view").last_notice.is_none());
}
