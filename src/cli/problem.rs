//! `counterfoil problem list | show | resolve`: the page's buttons, from the shell.

use super::print::{self, Printed};
use super::{CliError, WHO};
use crate::engine::{Engine, ProblemLine, ProblemView};
use serde_json::json;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List what a person must decide
    List {
        /// Id of the company
        company: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show what happened, what to do, and which actions there are
    Show {
        /// Id of the company
        company: String,
        /// Number of the problem
        problem: i64,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Press one of its buttons
    Resolve {
        /// Id of the company
        company: String,
        /// Number of the problem
        problem: i64,
        /// The action, as `show` names it
        action: String,
        /// The value the action wants
        #[arg(long, value_name = "VALUE")]
        with: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn execute(command: Command, engine: &Engine) -> Result<Printed, CliError> {
    match command {
        Command::List { company, json } => {
            let problems = engine.problems(&company)?;
            if json {
                Printed::json(&json!({ "company": company, "problems": problems }))
            } else {
                Ok(Printed::text(list(&company, &problems)))
            }
        }
        Command::Show { company, problem, json } => {
            let problem = engine.problem(&company, problem)?;
            if json { Printed::json(&problem) } else { Ok(Printed::text(show(&company, &problem))) }
        }
        Command::Resolve { company, problem, action, with, json } => {
            engine.resolve(&company, problem, &action, with.as_deref(), WHO)?;
            if json {
                Printed::json(&json!({ "company": company, "problem": problem, "action": action }))
            } else {
                Ok(Printed::text(format!("Problem {problem}: {action} done.\n")))
            }
        }
    }
}

/// A line per problem.
pub(super) fn list(company: &str, problems: &[ProblemLine]) -> String {
    if problems.is_empty() {
        return "Nothing needs you.\n".to_owned();
    }
    let rows: Vec<_> = problems
        .iter()
        .map(|problem| {
            let mut actions: Vec<&str> = problem.actions.iter().map(|action| action.id.as_str()).collect();
            actions.dedup();
            [problem.id.to_string(), problem.code.clone(), problem.summary.clone(), actions.join(", ")]
        })
        .collect();
    format!(
        "Needs you: {}\n\n{}\nLook closer with: counterfoil problem show {company} NO\n",
        print::count(rows.len(), "problem"),
        print::table(["NO", "CODE", "WHAT", "ACTIONS"], &rows)
    )
}

fn show(company: &str, problem: &ProblemView) -> String {
    let line = &problem.line;
    let mut text =
        format!("Problem {}: {}\n\n{}\n", line.id, print::clean(&line.summary), print::clean(&problem.what_happened));
    if !problem.what_to_do.is_empty() {
        text.push_str("\nWhat to do\n");
        for (number, step) in (1..).zip(&problem.what_to_do) {
            text.push_str(&format!("  {number}. {}\n", print::clean(step)));
        }
    }
    if !problem.fields.is_empty() {
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        let rows: Vec<_> = problem
            .fields
            .iter()
            .map(|field| {
                let differs = if field.differs { "differs" } else { "" };
                [field.label.clone(), shown(&field.quickbooks), shown(&field.billcom), differs.to_owned()]
            })
            .collect();
        text.push('\n');
        text.push_str(&print::table(["FIELD", "QUICKBOOKS", "BILL.COM", ""], &rows));
    }
    if !line.actions.is_empty() {
        text.push_str("\nActions\n");
        for action in &line.actions {
            let with = action.with.as_deref().map_or_else(String::new, |value| format!(" --with {}", quoted(value)));
            text.push_str(&format!(
                "  {}\n    counterfoil problem resolve {company} {} {}{with}\n",
                print::clean(&action.label),
                line.id,
                action.id
            ));
        }
    }
    text.push_str(&format!("\nSince {}, code {}\n", print::time(Some(&problem.opened_at)), line.code));
    if let Some(technical) = &problem.technical {
        text.push_str(&format!("The other side said: {}\n", print::clean(technical)));
    }
    text
}

/// A value as a shell takes it.
fn quoted(value: &str) -> String {
    let plain = !value.is_empty() && value.chars().all(|it| it.is_ascii_alphanumeric() || "-_.:/@".contains(it));
    if plain { value.to_owned() } else { format!("'{}'", print::clean(value).replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{ActionView, CompareView, FieldView};

    #[test]
    fn a_problem_is_shown_with_steps_fields_and_commands() {
        let problem = ProblemView {
            line: ProblemLine {
                id: 7,
                code: "ambiguous".to_owned(),
                summary: "Two vendors could be Ridge Road".to_owned(),
                actions: vec![
                    ActionView { id: "retry".to_owned(), label: "Try again".to_owned(), with: None },
                    ActionView {
                        id: "link".to_owned(),
                        label: "Link to".to_owned(),
                        with: Some("80000001-1".to_owned()),
                    },
                ],
            },
            kind: Some("vendor".to_owned()),
            what_happened: "QuickBooks has two vendors of this name.".to_owned(),
            what_to_do: vec!["Open the Vendor Center.".to_owned(), "Merge them.".to_owned()],
            technical: Some("3100: The name is already in use.\r\n".to_owned()),
            opened_at: "2026-11-22T23:10:00Z".to_owned(),
            fields: vec![FieldView {
                label: "Phone".to_owned(),
                quickbooks: Some("555-1".to_owned()),
                billcom: None,
                differs: true,
            }],
            record: None,
            compare: CompareView::default(),
        };
        insta::assert_snapshot!(show("acme", &problem), @r"
        Problem 7: Two vendors could be Ridge Road

        QuickBooks has two vendors of this name.

        What to do
          1. Open the Vendor Center.
          2. Merge them.

        FIELD  QUICKBOOKS  BILL.COM
        Phone  555-1       -         differs

        Actions
          Try again
            counterfoil problem resolve acme 7 retry
          Link to
            counterfoil problem resolve acme 7 link --with 80000001-1

        Since 2026-11-22 23:10:00 UTC, code ambiguous
        The other side said: 3100: The name is already in use.
        ");
    }

    #[test]
    fn values_can_be_pasted_into_a_shell() {
        assert_eq!(quoted("80000001-1"), "80000001-1");
        assert_eq!(quoted("O'Brien; rm -rf ~"), r"'O'\''Brien; rm -rf ~'");
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn no_problem_is_good_news() {
        assert_eq!(list("acme", &[]), "Nothing needs you.\n");
    }
}
