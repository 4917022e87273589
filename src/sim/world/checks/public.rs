//! What everybody can see of the server: that everything is explained, that nothing that heals by itself stays, and that no
//! plan contradicts itself.

use super::{Findings, Rest};
use crate::engine::{Engine, EngineError, PlanView};
use crate::sim::world::shelf::{is_token, token_of};
use std::collections::{BTreeMap, BTreeSet};

/// Problems that are over as soon as their cause is: none may stand once everything is quiet.
const HEALING: &[&str] = &[
    "quickbooks_not_open",
    "billcom_unreachable",
    "billcom_sign_in",
    "wrong_company_file",
    "request_refused",
    "outcome_untold",
    "list_refused",
    "billcom_fields",
    "billcom_notices",
    "billcom_vanished",
    "balance_refused",
];

/// Problems that say that the server contradicts itself, or does not understand what both simulators say.
const NEVER: &[&str] = &["set_aside", "unreadable", "bad_setting"];

/// Everything that is shown to people about records that are not carried.
#[derive(Debug, Default)]
pub(in crate::sim::world) struct Explained {
    tokens: BTreeSet<String>,
    /// Codes of open problems, each with a line.
    problems: Vec<(String, String)>,
    waiting: Vec<String>,
}

impl Explained {
    /// Reads what a company's pages show.
    pub(in crate::sim::world) fn read(engine: &Engine, company: &str) -> Result<Self, EngineError> {
        let mut explained = Self::default();
        let plan = engine.plan(company)?;
        for line in &plan.problems {
            let problem = engine.problem(company, line.id)?;
            explained.note(&line.summary);
            explained.note(&problem.what_happened);
            problem.fields.iter().for_each(|field| {
                [&field.quickbooks, &field.billcom].into_iter().flatten().for_each(|text| explained.note(text));
            });
            explained.problems.push((line.code.clone(), format!("{}: {}", line.summary, problem.what_happened)));
        }
        for step in &plan.waiting {
            explained.note(&step.record);
            explained.waiting.push(format!("{} {} {}: {}", step.side, step.kind, step.record, step.reason));
        }
        Ok(explained)
    }

    fn note(&mut self, text: &str) {
        let words = text.split(|sign: char| !sign.is_ascii_alphanumeric()).map(token_of);
        self.tokens.extend(words.filter(|word| is_token(word)));
    }

    /// Whether something that is shown names this token.
    pub(in crate::sim::world) fn names(&self, token: &str) -> bool {
        self.tokens.contains(token)
            || !is_token(token) && self.problems.iter().any(|(_, line)| line.to_lowercase().contains(token))
    }

    /// Everything that is shown, for the transcript.
    pub(in crate::sim::world) fn lines(&self) -> impl Iterator<Item = String> + '_ {
        let problems = self.problems.iter().map(|(code, line)| format!("problem {code}: {line}"));
        problems.chain(self.waiting.iter().map(|line| format!("waits: {line}")))
    }
}

/// What must be so once everything is quiet.
pub(super) fn quiet(rest: &Rest<'_>, findings: &mut Findings) {
    for (code, line) in &rest.explained.problems {
        if HEALING.contains(&code.as_str()) {
            findings.add("live", format!("a problem that should be over stands: {code}: {line}"));
        }
        if NEVER.contains(&code.as_str()) {
            findings.add("sound", format!("{code}: {line}"));
        }
    }
    let rejected = rest.status.intents.get("rejected").copied().unwrap_or(0);
    let refusals = ["quickbooks_rejected", "billcom_rejected", "not_expressible", "application_unknown"];
    let shown = rest.explained.problems.iter().filter(|(code, _)| refusals.contains(&code.as_str())).count();
    if rejected > 0 && shown == 0 && rest.explained.problems.is_empty() {
        findings.add("explained", format!("{rejected} changes were refused, and no problem says so"));
    }
    for violation in rest.organization.violations() {
        findings.add("contract", format!("Bill.com, {}: {}", violation.path, violation.what));
    }
}

/// A plan that contradicts itself, or says what must never be done.
pub(in crate::sim::world) fn lint(plan: &PlanView, findings: &mut Findings) {
    let mut seen: BTreeMap<(&str, &str, &str), &str> = BTreeMap::new();
    for step in &plan.steps {
        let key = (step.side.as_str(), step.kind.as_str(), step.record.as_str());
        if is_token(&token_of(&step.record))
            && let Some(before) = seen.insert(key, &step.operation)
        {
            findings.add("plan", format!("{key:?} is to be changed twice: {before} and {}", step.operation));
        }
        if step.reason.trim().is_empty() || step.record.trim().is_empty() {
            findings.add("plan", format!("a step without a reason or a record: {step:?}"));
        }
        let payable = matches!(step.kind.as_str(), "bill" | "vendor_credit" | "bill_payment" | "funds_transfer");
        if step.side == "billcom" && payable {
            findings.add("plan", format!("what never goes to Bill.com is to go there: {step:?}"));
        }
        if step.side == "quickbooks" && step.kind == "item" && step.operation != "create" {
            findings.add("plan", format!("items are not changed in QuickBooks: {step:?}"));
        }
    }
    for step in &plan.waiting {
        if step.reason.trim().is_empty() {
            findings.add("plan", format!("something waits without a reason: {step:?}"));
        }
    }
}
