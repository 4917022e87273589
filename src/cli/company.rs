//! `counterfoil company …`: adding companies and changing them.

use super::print::{self, Printed};
use super::{CliError, Context, WHO, credentials, status, webhooks};
use crate::config::Config;
use crate::engine::{AddedView, CompanyView, Engine, NewCompany, StatusView};
use crate::model::Settings;
use secrecy::SecretString;
use serde::Serialize;
use serde_json::json;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Variable with Bill.com's password, or the value of a sync token.
pub(super) const PASSWORD: &str = "COUNTERFOIL_BILLCOM_PASSWORD";
/// Variable with Bill.com's developer key.
pub(super) const DEV_KEY: &str = "COUNTERFOIL_BILLCOM_DEV_KEY";
/// Characters of names in one line of the help.
const SETTINGS_LINE_CHARS: usize = 90;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Add a company; nothing is written to its books until it is started
    ///
    /// Bill.com's secrets come from the environment, never from the command line:
    /// COUNTERFOIL_BILLCOM_PASSWORD (or the value of a sync token) and COUNTERFOIL_BILLCOM_DEV_KEY.
    #[command(verbatim_doc_comment, after_help = all_settings())]
    Add(AddArgs),
    /// List all companies
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show a company: where it stands, its connection, its settings
    Show(OneArgs),
    /// Change settings
    #[command(after_help = all_settings())]
    Set {
        /// Id of the company
        id: String,
        /// What to change
        #[arg(required = true, value_name = "KEY=VALUE", value_parser = key_and_value)]
        settings: Vec<(String, String)>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Stop writing to either side until it is resumed
    Pause(OneArgs),
    /// Go on after a pause
    Resume(OneArgs),
    /// End the preview: write from now on
    Start(OneArgs),
    /// Forget a company and its credentials; its books are left as they are
    Remove(OneArgs),
    /// Make the .qwc file for the Web Connector
    Qwc(QwcArgs),
    /// Give it other credentials for Bill.com
    ///
    /// What is to change comes from COUNTERFOIL_BILLCOM_PASSWORD, COUNTERFOIL_BILLCOM_DEV_KEY and --billcom-user.
    #[command(verbatim_doc_comment)]
    Credentials(credentials::Args),
    /// Have Bill.com tell of changes, so that they arrive sooner
    Webhooks(webhooks::Args),
}

#[derive(Debug, clap::Args)]
pub(super) struct AddArgs {
    /// Its name; the id is made from it
    name: String,
    /// Base URL of Bill.com, /api/v2 included [env: COUNTERFOIL_BILLCOM_URL]
    #[arg(long, value_name = "URL")]
    billcom_url: Option<String>,
    /// Id of the organisation at Bill.com [env: COUNTERFOIL_BILLCOM_ORG]
    #[arg(long, value_name = "ID")]
    billcom_org: Option<String>,
    /// User name at Bill.com, or the name of a sync token [env: COUNTERFOIL_BILLCOM_USER]
    #[arg(long, value_name = "NAME")]
    billcom_user: Option<String>,
    /// A setting that is not to have its default; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = key_and_value)]
    settings: Vec<(String, String)>,
    /// Write from the beginning, without a preview
    #[arg(long)]
    start: bool,
    /// Print JSON: id, app_url, user_name, password
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct OneArgs {
    /// Id of the company
    id: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct QwcArgs {
    /// Id of the company
    id: String,
    /// File to write; standard output when left out
    #[arg(short, long = "output", value_name = "FILE")]
    output: Option<PathBuf>,
    /// Give the file a fresh OwnerID and FileID: the way out of QBWC1039
    #[arg(long)]
    rotate_ids: bool,
    /// Make a new password for the Web Connector and print it, this once
    #[arg(long)]
    new_password: bool,
}

/// The names of all settings, for the help.
fn all_settings() -> String {
    let mut text = "Settings:".to_owned();
    let mut left = 0;
    for key in Settings::KEYS {
        if left < key.len() + 1 {
            text.push_str("\n ");
            left = SETTINGS_LINE_CHARS;
        }
        text.push(' ');
        text.push_str(key);
        left -= key.len() + 1;
    }
    text
}

pub(super) fn execute(command: Command, context: &Context) -> Result<Printed, CliError> {
    match command {
        Command::Add(args) => add(args, context, environment),
        Command::List { json } => list(&context.existing()?.overview()?, json),
        Command::Show(args) => {
            let engine = context.existing()?;
            show(&Shown { status: &engine.status(&args.id)?, company: &engine.company_page(&args.id)? }, args.json)
        }
        Command::Set { id, settings, json } => set(&context.existing()?, &id, &settings, json),
        Command::Pause(args) => {
            let engine = context.existing()?;
            engine.pause(&args.id, WHO)?;
            changed(&engine, &args, "paused: nothing is written until it is resumed")
        }
        Command::Resume(args) => {
            let engine = context.existing()?;
            engine.resume(&args.id, WHO)?;
            changed(&engine, &args, "resumed")
        }
        Command::Start(args) => {
            let engine = context.existing()?;
            engine.start(&args.id, WHO)?;
            changed(&engine, &args, "started: both sides are written to from now on")
        }
        Command::Remove(args) => remove(&context.existing()?, &args),
        Command::Qwc(args) => qwc(&context.existing()?, &args),
        Command::Credentials(args) => credentials::execute(&args, &context.existing()?, environment),
        Command::Webhooks(args) => webhooks::execute(&args, &context.existing()?, environment),
    }
}

fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn add(args: AddArgs, context: &Context, variable: impl Fn(&str) -> Option<String>) -> Result<Printed, CliError> {
    let json = args.json;
    let new = new_company(args, &context.config, variable)?;
    let added = context.made()?.add_company(&new)?;
    if json { Printed::json(&added) } else { Ok(Printed::text(welcome(&added))) }
}

/// Everything a new company needs; what is missing is named before anything is touched.
fn new_company(
    args: AddArgs,
    config: &Config,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<NewCompany, CliError> {
    let given = |flag: Option<String>, configured: &Option<String>, name: &str| {
        let missing = || CliError::wrong_use(format!("--{name} is missing; see: counterfoil company add --help"));
        flag.or_else(|| configured.clone()).ok_or_else(missing)
    };
    let secret = |name: &str, what: &str| {
        let missing = || CliError::wrong_use(format!("the environment variable {name} must hold {what}"));
        variable(name).filter(|value| !value.is_empty()).map(SecretString::from).ok_or_else(missing)
    };
    Ok(NewCompany {
        name: args.name,
        billcom_url: given(args.billcom_url, &config.billcom_url, "billcom-url")?,
        billcom_org: given(args.billcom_org, &config.billcom_org, "billcom-org")?,
        billcom_user: given(args.billcom_user, &config.billcom_user, "billcom-user")?,
        billcom_password: secret(PASSWORD, "the password of the Bill.com user, or the value of the sync token")?,
        billcom_dev_key: secret(DEV_KEY, "the developer key of Bill.com")?,
        settings: args.settings,
        start: args.start,
    })
}

fn welcome(added: &AddedView) -> String {
    let table = print::pairs(&[
        ("Web Connector URL", added.app_url.clone()),
        ("User name", added.user_name.clone()),
        ("Password", added.password.clone()),
    ]);
    format!(
        "Added as {id}.\n\n{table}\nThe password is not shown again. Next:\n\
         \x20 counterfoil company qwc {id} -o {id}.qwc   and open the file in the Web Connector\n\
         \x20 counterfoil plan {id}                     once QuickBooks was read, to see what would be done\n",
        id = added.id
    )
}

fn list(all: &[StatusView], json: bool) -> Result<Printed, CliError> {
    if !json {
        return Ok(Printed::text(status::overview(all)));
    }
    let line = |status: &StatusView| json!({ "id": status.company, "name": status.name, "mode": status.mode, "state": status.state });
    Printed::json(&json!({ "companies": all.iter().map(line).collect::<Vec<_>>() }))
}

/// What `company show` prints.
#[derive(Serialize)]
struct Shown<'v> {
    status: &'v StatusView,
    #[serde(flatten)]
    company: &'v CompanyView,
}

fn show(shown: &Shown<'_>, json: bool) -> Result<Printed, CliError> {
    if json {
        return Printed::json(shown);
    }
    let company = shown.company;
    let kinds: Vec<_> = company
        .kinds
        .iter()
        .map(|kind| {
            let numbers = [kind.quickbooks, kind.billcom, kind.linked, kind.to_quickbooks, kind.to_billcom];
            let [quickbooks, billcom, linked, to_quickbooks, to_billcom] = numbers.map(|number| number.to_string());
            [kind.title.clone(), quickbooks, billcom, linked, to_quickbooks, to_billcom]
        })
        .collect();
    let settings: Vec<_> = company.settings.iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
    let parts = [
        status::show(shown.status),
        print::table(["KIND", "IN QUICKBOOKS", "IN BILL.COM", "LINKED", "TO QUICKBOOKS", "TO BILL.COM"], &kinds),
        print::pairs(&[
            ("Web Connector URL", company.app_url.clone()),
            ("User name", company.user_name.clone()),
            ("Company file", company.company_file.clone().unwrap_or_else(|| "not seen yet".to_owned())),
        ]),
        print::pairs(&settings),
    ];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    Ok(Printed::text(parts.join("\n")))
}

fn set(engine: &Engine, id: &str, settings: &[(String, String)], json: bool) -> Result<Printed, CliError> {
    engine.set(id, settings, WHO)?;
    let page = engine.company_page(id)?;
    if json {
        let all: serde_json::Map<String, serde_json::Value> =
            page.settings.into_iter().map(|(key, value)| (key, value.into())).collect();
        return Printed::json(&json!({ "id": id, "settings": all }));
    }
    let now = page.settings.iter().filter(|(key, _)| settings.iter().any(|(changed, _)| changed == key));
    Ok(Printed::text(print::pairs(&now.map(|(key, value)| (key.as_str(), value.clone())).collect::<Vec<_>>())))
}

fn changed(engine: &Engine, args: &OneArgs, what: &str) -> Result<Printed, CliError> {
    if args.json {
        return Printed::json(&json!({ "id": args.id, "mode": engine.status(&args.id)?.mode }));
    }
    Ok(Printed::text(format!("{} is {what}.\n", args.id)))
}

fn remove(engine: &Engine, args: &OneArgs) -> Result<Printed, CliError> {
    engine.remove(&args.id, WHO)?;
    if args.json {
        return Printed::json(&json!({ "id": args.id, "removed": true }));
    }
    let text = "is removed and its credentials are wiped. Remove the application in the Web Connector too.";
    Ok(Printed::text(format!("{} {text}\n", args.id)))
}

fn qwc(engine: &Engine, args: &QwcArgs) -> Result<Printed, CliError> {
    let made = engine.qwc(&args.id, args.rotate_ids, args.new_password)?;
    let password = made.password.map_or_else(String::new, |password| format!("Password: {password}\n"));
    let Some(path) = &args.output else {
        // Standard output carries the file, and nothing else may get into it.
        return Ok(Printed { out: made.xml, aside: password });
    };
    if let Err(error) = write_whole(path, &made.xml) {
        // The new password holds already; it must not be lost with the file.
        let failed = CliError::failed(format!("the file {} could not be written", path.display())).because(&error);
        Printed { out: password, aside: String::new() }.print()?;
        return Err(failed);
    }
    Ok(Printed::text(format!("Wrote {}.\n{password}", path.display())))
}

/// Writes a file that is either whole or not there: beside its place, then under its name.
fn write_whole(path: &Path, text: &str) -> std::io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let mut file = std::fs::File::create(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&beside, path)
}

/// `KEY=VALUE`; the value may be empty and may hold further signs.
fn key_and_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => Ok((key.trim().to_owned(), value.to_owned())),
        _ => Err("write KEY=VALUE, such as read_interval=15m".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Exit;
    use secrecy::ExposeSecret as _;

    fn args() -> AddArgs {
        AddArgs {
            name: "Acme Tools".to_owned(),
            billcom_url: Some("https://api.example/api/v2".to_owned()),
            billcom_org: None,
            billcom_user: Some("sync".to_owned()),
            settings: vec![("bills".to_owned(), "all".to_owned())],
            start: false,
            json: true,
        }
    }

    fn secrets(name: &str) -> Option<String> {
        match name {
            PASSWORD => Some(" hunter2 ".to_owned()),
            DEV_KEY => Some("dev".to_owned()),
            _ => None,
        }
    }

    #[test]
    fn secrets_come_from_the_environment_and_are_not_trimmed() {
        let config = Config { billcom_org: Some("008AAA".to_owned()), ..Config::default() };
        let new = new_company(args(), &config, secrets).expect("complete");
        assert_eq!(new.billcom_password.expose_secret(), " hunter2 ");
        assert_eq!(new.billcom_dev_key.expose_secret(), "dev");
        assert_eq!(new.billcom_org, "008AAA", "configured, not given");
    }

    #[test]
    fn what_is_missing_is_named() {
        let error = new_company(args(), &Config::default(), secrets).expect_err("no organisation");
        assert_eq!(error.exit(), Exit::WrongUse);
        assert!(error.to_string().starts_with("--billcom-org is missing"), "{error}");
        let config = Config { billcom_org: Some("008AAA".to_owned()), ..Config::default() };
        for missing in [PASSWORD, DEV_KEY] {
            let without = |name: &str| if name == missing { Some(String::new()) } else { secrets(name) };
            let error = new_company(args(), &config, without).expect_err("no secret");
            assert_eq!(error.exit(), Exit::WrongUse);
            assert!(error.to_string().contains(missing) && !error.to_string().contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn settings_are_split_at_the_first_sign() {
        assert_eq!(key_and_value("a = b=c").expect("read"), ("a".to_owned(), " b=c".to_owned()));
        assert_eq!(key_and_value("quiet_hours=").expect("read"), ("quiet_hours".to_owned(), String::new()));
        assert!(key_and_value("=x").is_err() && key_and_value("read_interval").is_err());
    }

    #[test]
    fn add_prints_exactly_the_four_names_of_the_design() {
        let added = AddedView {
            id: "acme".to_owned(),
            app_url: "http://localhost:8080/qbwc/acme".to_owned(),
            user_name: "counterfoil-acme".to_owned(),
            password: "p".to_owned(),
        };
        let json: serde_json::Value = serde_json::from_str(&Printed::json(&added).expect("json").out).expect("read");
        let names: Vec<_> = json.as_object().expect("object").keys().map(String::as_str).collect();
        assert_eq!(names.len(), 4);
        assert!(["id", "app_url", "user_name", "password"].iter().all(|name| names.contains(name)));
        let text = welcome(&added);
        assert!(text.contains("counterfoil company qwc acme -o acme.qwc"), "{text}");
    }

    #[test]
    fn a_list_for_scripts_has_ids_names_modes_and_states() {
        let printed = list(&[status::tests::acme()], true).expect("json");
        let json: serde_json::Value = serde_json::from_str(&printed.out).expect("read");
        let expected = json!([{
            "id": "acme", "name": "Acme \u{1b}[31mTools", "mode": "running", "state": "waiting_for_quickbooks"
        }]);
        assert_eq!(json["companies"], expected);
    }

    #[test]
    fn a_file_is_replaced_whole() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("acme.qwc");
        write_whole(&path, "one").expect("written");
        write_whole(&path, "two").expect("replaced");
        assert_eq!(std::fs::read_to_string(&path).expect("read"), "two");
        assert_eq!(std::fs::read_dir(folder.path()).expect("list").count(), 1);
        assert!(write_whole(&folder.path().join("none").join("x"), "x").is_err());
    }
}
