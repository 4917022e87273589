//! `counterfoil status [ID]`

use super::CliError;
use super::print::{self, Printed};
use super::problem;
use crate::engine::{Engine, StatusView};
use serde_json::json;
use std::collections::BTreeMap;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Id of the company; all companies when left out
    id: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn execute(args: &Args, engine: &Engine) -> Result<Printed, CliError> {
    match &args.id {
        Some(id) => {
            let status = engine.status(id)?;
            if args.json { Printed::json(&status) } else { Ok(Printed::text(show(&status))) }
        }
        None => {
            let all = engine.overview()?;
            if args.json { Printed::json(&json!({ "companies": all })) } else { Ok(Printed::text(overview(&all))) }
        }
    }
}

/// A line per company.
pub(super) fn overview(all: &[StatusView]) -> String {
    if all.is_empty() {
        return "There is no company yet. Add one with: counterfoil company add\n".to_owned();
    }
    let rows: Vec<_> = all
        .iter()
        .map(|status| {
            let problems = status.problems.len().to_string();
            [
                status.company.clone(),
                status.state.title().to_owned(),
                print::time(status.last_contact.as_deref()),
                problems,
                status.name.clone(),
            ]
        })
        .collect();
    print::table(["ID", "STATE", "LAST CONTACT", "PROBLEMS", "NAME"], &rows)
}

/// One company.
pub(super) fn show(status: &StatusView) -> String {
    let mut text =
        format!("{}: {}\n{}\n\n", print::clean(&status.name), status.state.title(), print::clean(&status.state_reason));
    text.push_str(&print::pairs(&[
        ("Mode", status.mode.clone()),
        ("Last contact", print::time(status.last_contact.as_deref())),
        ("Bill.com read", print::time(status.last_billcom_read.as_deref())),
        ("QuickBooks read", print::time(status.last_quickbooks_read.as_deref())),
        ("Changes", numbers(&status.intents)),
        ("Linked", numbers(&status.links)),
        ("Idle", if status.idle { "yes" } else { "no" }.to_owned()),
    ]));
    if !status.problems.is_empty() {
        text.push('\n');
        text.push_str(&problem::list(&status.company, &status.problems));
    }
    text
}

/// What is not zero, as `3 waiting, 1 sent`.
fn numbers(numbers: &BTreeMap<String, u64>) -> String {
    let named: Vec<String> = numbers
        .iter()
        .filter(|(_, number)| **number > 0)
        .map(|(name, number)| format!("{number} {}", name.replace('_', " ")))
        .collect();
    if named.is_empty() { "none".to_owned() } else { named.join(", ") }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::engine::StateWord;

    pub(in crate::cli) fn acme() -> StatusView {
        StatusView {
            company: "acme".to_owned(),
            name: "Acme \u{1b}[31mTools".to_owned(),
            state: StateWord::WaitingForQuickbooks,
            state_reason: "The Web Connector has not been here yet.".to_owned(),
            who: "You".to_owned(),
            mode: "running".to_owned(),
            last_contact: Some("2026-11-22T23:10:00Z".to_owned()),
            next_contact: Some("2026-11-22T23:25:00Z".to_owned()),
            silent: false,
            last_billcom_read: Some("2026-11-22T23:11:00Z".to_owned()),
            last_quickbooks_read: None,
            idle: false,
            intents: [("waiting", 2), ("in_doubt", 1), ("applied", 0)]
                .map(|(name, number)| (name.to_owned(), number))
                .into(),
            links: [("vendor".to_owned(), 54)].into(),
            problems: Vec::new(),
        }
    }

    #[test]
    fn a_company_is_shown_in_words() {
        insta::assert_snapshot!(show(&acme()), @r"
        Acme  [31mTools: Waiting for QuickBooks
        The Web Connector has not been here yet.

        Mode             running
        Last contact     2026-11-22 23:10:00 UTC
        Bill.com read    2026-11-22 23:11:00 UTC
        QuickBooks read  never
        Changes          1 in doubt, 2 waiting
        Linked           54 vendor
        Idle             no
        ");
    }

    #[test]
    fn all_companies_stand_in_a_table() {
        insta::assert_snapshot!(overview(&[acme()]), @r"
        ID    STATE                   LAST CONTACT             PROBLEMS  NAME
        acme  Waiting for QuickBooks  2026-11-22 23:10:00 UTC  0         Acme  [31mTools
        ");
        assert!(overview(&[]).contains("counterfoil company add"));
    }

    #[test]
    fn json_has_the_names_of_the_design() {
        let status = serde_json::to_value(acme()).expect("json");
        for name in ["company", "state", "last_contact", "idle", "intents", "links", "problems"] {
            assert!(status.get(name).is_some(), "{name}");
        }
        assert_eq!(status["state"], "waiting_for_quickbooks");
    }
}
