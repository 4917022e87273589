//! `counterfoil check ID`

use super::CliError;
use super::print::{self, Printed};
use crate::engine::{CheckView, Engine};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Id of the company
    id: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What to print, and whether the ledgers are equal: the command succeeds only then.
pub(super) fn execute(args: &Args, engine: &Engine) -> Result<(Printed, bool), CliError> {
    let check = engine.check(&args.id)?;
    let printed = if args.json { Printed::json(&check)? } else { Printed::text(show(&check)) };
    Ok((printed, check.equal))
}

/// How the process ends.
pub(super) fn exit(equal: bool) -> ExitCode {
    if equal { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn show(check: &CheckView) -> String {
    if check.equal {
        return "Both ledgers are equal, to the cent.\n".to_owned();
    }
    let rows: Vec<_> = check
        .differences
        .iter()
        .map(|it| {
            let cause = it.cause.clone().unwrap_or_else(|| "not known".to_owned());
            [
                it.kind.clone(),
                it.record.clone(),
                it.quickbooks.clone(),
                it.billcom.clone(),
                it.difference.clone(),
                cause,
            ]
        })
        .collect();
    let table = print::table(["KIND", "RECORD", "QUICKBOOKS", "BILL.COM", "DIFFERENCE", "WHY"], &rows);
    format!("The ledgers differ: {}\n\n{table}", print::count(rows.len(), "difference"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::DifferenceView;

    #[test]
    fn differences_are_a_table_and_none_is_a_sentence() {
        let mut check = CheckView { company: "acme".to_owned(), equal: true, differences: Vec::new() };
        assert_eq!(show(&check), "Both ledgers are equal, to the cent.\n");
        check.equal = false;
        check.differences.push(DifferenceView {
            kind: "bill".to_owned(),
            record: "1001 of 2026-11-02, 75.00".to_owned(),
            quickbooks: "70.00".to_owned(),
            billcom: "75.00".to_owned(),
            difference: "-5.00".to_owned(),
            cause: None,
        });
        insta::assert_snapshot!(show(&check), @r"
        The ledgers differ: 1 difference

        KIND  RECORD                     QUICKBOOKS  BILL.COM  DIFFERENCE  WHY
        bill  1001 of 2026-11-02, 75.00  70.00       75.00     -5.00       not known
        ");
    }
}
