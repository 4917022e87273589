//! The command line as a whole: what is accepted, what is printed, what is kept from the terminal.

use super::*;
use clap::CommandFactory as _;

fn parse(line: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(std::iter::once("counterfoil").chain(line.split_whitespace()))
}

#[test]
fn the_definition_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn every_line_of_the_design_is_accepted() {
    for line in [
        "demo",
        "demo --listen 127.0.0.1:8080",
        "serve",
        "serve --data d --listen 127.0.0.1:0 --public-url https://a.example --tls-cert c --tls-key k --config f",
        "company add Acme --billcom-url http://127.0.0.1:1/api/v2 --billcom-org 008 --billcom-user u",
        "company add Acme --billcom-url u --billcom-org o --billcom-user n --set a=b --set c=d --start --json --data x",
        "company list --json",
        "company show acme --json",
        "company set acme read_interval=0s bills=approved --json",
        "company pause acme --json",
        "company resume acme",
        "company start acme",
        "company remove acme",
        "company qwc acme",
        "company qwc acme -o acme.qwc --rotate-ids --new-password",
        "company credentials acme --billcom-user sync --json",
        "company webhooks acme",
        "company webhooks acme create --json",
        "company webhooks acme rotate-key",
        "company webhooks acme set-key",
        "company webhooks acme enable",
        "company webhooks acme remove",
        "plan acme --json",
        "status",
        "status --json --data x",
        "status acme --json",
        "problem list acme --json",
        "problem show acme 7 --json",
        "problem resolve acme 7 link --with 80000001-1",
        "backup f",
        "backup f --json",
        "restore f",
        "restore --in-place --json",
        "doctor",
        "doctor --local --json --bundle f",
        "health --listen 127.0.0.1:1",
        "key rotate",
        "key rotate --json",
        "token create --json",
        "token create --role viewer --name x",
        "token list --json",
        "token revoke 0a1b2c3d4e5f --json",
        "user add Ada --role owner --json",
        "user list --json",
        "user role Ada viewer --json",
        "user password Ada --json",
        "user remove Ada --json",
        "alert list --json",
        "alert add email --to ada@example.com --json",
        "alert add heartbeat --company acme",
        "alert remove 3 --json",
        "alert test 3 --json",
        "alert mail --server smtps://mail.example.com --sender a@example.com --user u --json",
        "alert mail --remove",
        "alert silence 4h --json",
        "simulate connector --qwc a.qwc --password p",
        "simulate billcom --listen 127.0.0.1:0",
        "--data x status",
    ] {
        if let Err(error) = parse(line) {
            panic!("{line}: {error}");
        }
    }
}

#[test]
fn wrong_use_ends_with_2_and_help_with_0() {
    for line in [
        "",
        "nothing",
        "company",
        "company add",
        "company set acme",
        "company set acme read_interval",
        "serve --listen 8080",
        "serve --public-url example.com",
        "demo --listen 0.0.0.0:8080",
        "problem show acme seven",
        "backup",
        "restore",
        "restore f --in-place",
        "serve --behind-proxy somewhere",
        "status --nonsense",
        "company add A --billcom-password hunter2",
        "user add Ada --password hunter2",
        "user role Ada emperor",
        "alert add pigeon",
        "alert mail",
    ] {
        assert_eq!(parse(line).expect_err(line).exit_code(), 2, "{line}");
    }
    for line in ["--help", "--version", "help", "company add --help"] {
        assert_eq!(parse(line).expect_err(line).exit_code(), 0, "{line}");
    }
}

#[test]
fn help_is_as_it_was_agreed() {
    let mut command = Cli::command();
    insta::assert_snapshot!("help", command.render_long_help());
    for path in [
        &["demo"][..],
        &["serve"],
        &["company"],
        &["company", "add"],
        &["company", "set"],
        &["company", "qwc"],
        &["company", "credentials"],
        &["company", "webhooks"],
        &["plan"],
        &["status"],
        &["problem"],
        &["problem", "resolve"],
        &["backup"],
        &["restore"],
        &["doctor"],
        &["health"],
        &["key", "rotate"],
        &["token", "create"],
        &["user"],
        &["user", "add"],
        &["alert"],
        &["alert", "add"],
        &["alert", "mail"],
        &["simulate", "connector"],
        &["simulate", "billcom"],
    ] {
        let mut command = Cli::command();
        command.build();
        let mut found = &mut command;
        for name in path {
            found = found.find_subcommand_mut(name).expect("declared");
        }
        insta::assert_snapshot!(format!("help-{}", path.join("-")), found.render_long_help());
    }
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_file() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("counterfoil.toml");
    std::fs::write(&path, "data = \"from-file\"\nbilldotcom_url = \"x\"\n").expect("write");
    let file = path.clone();
    let variable = move |name: &str| match name {
        "COUNTERFOIL_CONFIG" => Some(file.clone().into_os_string()),
        "COUNTERFOIL_DATA" => Some("from-environment".into()),
        _ => None,
    };
    let broken = Context::of(&parse("status").expect("parsed"), &variable).expect_err("typing error");
    assert_eq!(broken.exit(), Exit::WrongUse);
    assert!(broken.to_string().contains("did you mean \"billcom_url\"?"), "{broken}");
    std::fs::write(&path, "data = \"from-file\"\nbillcom_url = \"x\"\n").expect("write");
    let data =
        |line: &str| Context::of(&parse(line).expect("parsed"), &variable).expect("context").config.data_folder();
    assert_eq!(data("status"), Path::new("from-environment"));
    assert_eq!(data("status --data from-flag"), Path::new("from-flag"));
    let only_file = Context::of(&parse("status").expect("parsed"), |name| {
        (name == "COUNTERFOIL_CONFIG").then(|| path.clone().into_os_string())
    });
    let config = only_file.expect("context").config;
    assert_eq!((config.data_folder().as_path(), config.billcom_url.as_deref()), (Path::new("from-file"), Some("x")));
}

#[test]
fn a_mistyped_data_folder_is_not_made() {
    let folder = tempfile::tempdir().expect("folder");
    let missing = folder.path().join("missing");
    let config = Config { data: Some(missing.clone()), ..Config::default() };
    let error = Context { config }.existing().expect_err("refused");
    assert_eq!(error.exit(), Exit::Failed);
    assert!(error.to_string().contains("there is no data in"), "{error}");
    assert!(!missing.exists());
}

#[cfg(unix)]
#[test]
fn a_new_data_folder_is_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("a").join("b");
    make_private_folder(&data).expect("made");
    make_private_folder(&data).expect("there already");
    assert_eq!(std::fs::metadata(&data).expect("metadata").permissions().mode() & 0o777, 0o700);
}

#[test]
fn errors_name_their_causes_once() {
    let cause = std::io::Error::other("the disk is full");
    let error = CliError::failed("the file could not be written").because(&cause);
    assert_eq!(error.to_string(), "the file could not be written\n  because: the disk is full");
    let store = crate::store::StoreError::Sqlite(rusqlite::Error::InvalidQuery);
    let text = CliError::from(crate::engine::EngineError::from(store)).to_string();
    assert_eq!(text.matches("because").count(), 1, "{text}");
}
