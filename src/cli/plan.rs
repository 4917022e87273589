//! `counterfoil plan ID`

use super::CliError;
use super::print::{self, Printed};
use super::problem;
use crate::engine::{Engine, PlanView};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Id of the company
    id: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn execute(args: &Args, engine: &Engine) -> Result<Printed, CliError> {
    let plan = engine.plan(&args.id)?;
    if args.json { Printed::json(&plan) } else { Ok(Printed::text(show(&plan))) }
}

fn show(plan: &PlanView) -> String {
    let steps: Vec<_> = plan
        .steps
        .iter()
        .map(|step| [&step.side, &step.operation, &step.kind, &step.record, &step.reason].map(Clone::clone))
        .collect();
    let waiting: Vec<_> = plan
        .waiting
        .iter()
        .map(|waiting| [&waiting.side, &waiting.kind, &waiting.record, &waiting.reason].map(Clone::clone))
        .collect();
    let mut parts = vec![match steps.len() {
        0 => "Nothing is to be done.\n".to_owned(),
        many => {
            let table = print::table(["IN", "DO", "KIND", "RECORD", "WHY"], &steps);
            format!("To be done: {}\n\n{table}", print::count(many, "step"))
        }
    }];
    if !waiting.is_empty() {
        let table = print::table(["IN", "KIND", "RECORD", "WAITS FOR"], &waiting);
        parts.push(format!("Waiting: {}\n\n{table}", print::count(waiting.len(), "record")));
    }
    if !plan.problems.is_empty() {
        parts.push(problem::list(&plan.company, &plan.problems));
    }
    parts.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{ActionView, ProblemLine, StepView, WaitingView};

    fn text(text: &str) -> String {
        text.to_owned()
    }

    #[test]
    fn a_plan_says_what_waits_and_why() {
        let plan = PlanView {
            company: text("acme"),
            steps: vec![StepView {
                side: text("quickbooks"),
                kind: text("bill"),
                operation: text("create"),
                record: text("Stone & Sons 1001"),
                reason: text("new in Bill.com"),
            }],
            waiting: vec![WaitingView {
                side: text("quickbooks"),
                kind: text("bill"),
                record: text("Ridge Road 7"),
                reason: text("its vendor is created first"),
            }],
            problems: vec![ProblemLine {
                id: 3,
                code: text("ambiguous"),
                summary: text("Two vendors could be Ridge Road"),
                actions: vec![ActionView { id: text("link"), label: text("Link to one of them"), with: None }],
            }],
        };
        insta::assert_snapshot!(show(&plan), @r"
        To be done: 1 step

        IN          DO      KIND  RECORD             WHY
        quickbooks  create  bill  Stone & Sons 1001  new in Bill.com

        Waiting: 1 record

        IN          KIND  RECORD        WAITS FOR
        quickbooks  bill  Ridge Road 7  its vendor is created first

        Needs you: 1 problem

        NO  CODE       WHAT                             ACTIONS
        3   ambiguous  Two vendors could be Ridge Road  link

        Look closer with: counterfoil problem show acme NO
        ");
    }

    #[test]
    fn an_empty_plan_says_so() {
        let plan = PlanView { company: text("acme"), steps: Vec::new(), waiting: Vec::new(), problems: Vec::new() };
        assert_eq!(show(&plan), "Nothing is to be done.\n");
    }
}
