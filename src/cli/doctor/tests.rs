//! What the doctor finds in a folder, and what its bundle keeps to itself.

use super::*;
use crate::config::Config;
use crate::engine::NewCompany;
use std::io::Read as _;

const SECRETS: [&str; 8] = [
    "Hidden Valley Farm",
    "hidden-valley-farm",
    "a-token-value-nobody-may-see",
    "a-developer-key-nobody-may-see",
    "00801HIDDENORG",
    "the-sync-user",
    "books.hidden-valley.example",
    "the-data-folder",
];

fn context() -> (tempfile::TempDir, Context) {
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join(SECRETS[7]);
    let config = Config { data: Some(data), public_url: Some(format!("https://{}", SECRETS[6])), ..Config::default() };
    let context = Context { config };
    let company = NewCompany {
        name: SECRETS[0].to_owned(),
        billcom_url: "http://127.0.0.1:9/api/v2".to_owned(),
        billcom_org: SECRETS[4].to_owned(),
        billcom_user: SECRETS[5].to_owned(),
        billcom_password: SECRETS[2].to_owned().into(),
        billcom_dev_key: SECRETS[3].to_owned().into(),
        settings: Vec::new(),
        start: false,
    };
    context.made().expect("opens").add_company(&company).expect("added");
    (folder, context)
}

#[test]
fn a_sound_folder_has_no_failures() {
    let (_folder, context) = context();
    let findings = examine(true, &context, &context.existing().expect("opens")).expect("examined");
    let failures: Vec<_> = findings.iter().filter(|finding| finding.outcome == Outcome::Failure).collect();
    assert!(failures.is_empty(), "{failures:?}");
    let checks: Vec<_> = findings.iter().map(|finding| finding.check).collect();
    for check in ["version", "rights", "disk", "database", "server key", "backup", "certificate"] {
        assert!(checks.contains(&check), "{check} was not looked at: {checks:?}");
    }
}

#[test]
fn whatever_fails_says_what_to_do() {
    let (_folder, context) = context();
    let engine = context.existing().expect("opens");
    let _provider = rustls::crypto::ring::default_provider().install_default();
    let findings = examine(false, &context, &engine).expect("examined");
    let bad = findings.iter().filter(|finding| finding.outcome != Outcome::Ok);
    assert!(bad.clone().all(|finding| !finding.to_do.is_empty()), "{findings:?}");
    // Nobody answers under that name, nor at that Bill.com.
    for check in ["name", "Web Connector URL", "support URL", "Bill.com"] {
        assert!(bad.clone().any(|finding| finding.check == check), "{check}: {findings:?}");
    }
}

#[test]
fn another_key_is_a_failure() {
    let (_folder, context) = context();
    let data = context.config.data_folder();
    std::fs::write(data.join("server.key"), "++//++//++//++//++//++//++//++//++//++//++8=\n").expect("written");
    let findings = examine(true, &context, &context.existing().expect("opens")).expect("examined");
    let key = findings.iter().find(|finding| finding.check == "server key").expect("looked at");
    assert_eq!(key.outcome, Outcome::Failure, "{key:?}");
}

#[test]
fn a_bundle_tells_no_name_no_host_no_path_and_no_secret() {
    let (folder, context) = context();
    let engine = context.existing().expect("opens");
    let _provider = rustls::crypto::ring::default_provider().install_default();
    let mut findings = examine(false, &context, &engine).expect("examined");
    let data = context.config.data_folder().display().to_string();
    let all = format!("{}, {}, {} and {data}", SECRETS[0], SECRETS[1], SECRETS[6]);
    findings.push(Finding::failure("everything", all, "nothing"));
    let file = folder.path().join("bundle.tar");
    bundle::write(&file, &findings, &engine).expect("written");
    let mut text = String::new();
    let mut archive = tar::Archive::new(std::fs::File::open(&file).expect("open"));
    let mut names = Vec::new();
    for entry in archive.entries().expect("entries") {
        let mut entry = entry.expect("entry");
        names.push(entry.path().expect("path").display().to_string());
        entry.read_to_string(&mut text).expect("text");
    }
    assert_eq!(names, ["findings.json", "companies.json", "server.json"]);
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret} is in the bundle:\n{text}");
    }
    assert!(text.contains("company-1") && text.contains("HOST"), "{text}");
    assert!(bundle::write(&file, &findings, &engine).is_err(), "never replaces a file");
}
