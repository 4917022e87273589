//! What an alert says, for each sort of channel.

use crate::limits::ALERT_FAULTS_SHOWN_MAX;
use crate::plan::alerts::{Digest, Sort};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// A message, ready to be sent in any way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Message {
    /// One line.
    pub(in crate::engine) subject: String,
    /// Plain text.
    pub(in crate::engine) text: String,
    /// The same for programs.
    pub(in crate::engine) json: Value,
}

/// What is told.
pub(in crate::engine) fn of_digest(digest: &Digest, public_url: &str) -> Message {
    let subject = subject(digest);
    let page = |company: &str| format!("{public_url}/companies/{company}");
    let mut text = String::new();
    for (fault, new) in digest.faults.iter().take(ALERT_FAULTS_SHOWN_MAX) {
        let mark = if *new { "" } else { " (told before)" };
        let _ =
            writeln!(text, "{}: {}{mark}\n{}\n{}\n", fault.name, title(fault.sort), fault.text, page(&fault.company));
    }
    let more = digest.faults.len().saturating_sub(ALERT_FAULTS_SHOWN_MAX);
    if more > 0 {
        let _ = writeln!(text, "And {more} more: {public_url}/\n");
    }
    for told in &digest.over {
        let _ = writeln!(text, "Over: {} ({}) {}", told.company, title(told.sort).to_lowercase(), page(&told.company));
    }
    let faults: Vec<Value> = digest
        .faults
        .iter()
        .take(ALERT_FAULTS_SHOWN_MAX)
        .map(|(fault, new)| {
            json!({ "company": fault.company, "name": fault.name, "state": fault.sort.word(), "text": fault.text,
                "url": page(&fault.company), "new": new })
        })
        .collect();
    let over: Vec<Value> =
        digest.over.iter().map(|told| json!({ "company": told.company, "state": told.sort.word() })).collect();
    let json = json!({ "source": "counterfoil", "test": false, "subject": subject, "faults": faults, "more": more, "over": over });
    Message { subject, text: text.trim_end().to_owned() + "\n", json }
}

/// What a test says.
pub(in crate::engine) fn of_test(public_url: &str) -> Message {
    let subject = "Counterfoil: a test".to_owned();
    let text = format!("This is a test, sent because somebody asked for it. Nothing is wrong.\n{public_url}/\n");
    let json =
        json!({ "source": "counterfoil", "test": true, "subject": subject, "faults": [], "more": 0, "over": [] });
    Message { subject, text, json }
}

/// The message in the form of Slack and its imitators, where three characters mean something.
pub(in crate::engine) fn for_slack(message: &Message) -> Value {
    let plain = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    json!({ "text": format!("*{}*\n{}", plain(&message.subject), plain(&message.text)) })
}

/// The words of the status page.
const fn title(sort: Sort) -> &'static str {
    match sort {
        Sort::Stopped => "Stopped",
        Sort::Silent => "Silent",
        Sort::NeedsYou => "Needs you",
    }
}

fn subject(digest: &Digest) -> String {
    match digest.faults.as_slice() {
        [] => "Counterfoil: everything is in order again".to_owned(),
        [(fault, _)] => format!("Counterfoil: {}: {}", fault.name, title(fault.sort).to_lowercase()),
        [(fault, _), ..] => format!("Counterfoil: {} things to look at, first {}", digest.faults.len(), fault.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::alerts::{Fault, Told};

    fn fault(company: &str, sort: Sort) -> Fault {
        Fault {
            company: company.to_owned(),
            name: format!("{company} <Sons> & Co"),
            sort,
            mark: 1,
            text: "2 problems need your decision.".to_owned(),
        }
    }

    #[test]
    fn a_digest_tells_what_where_and_what_is_over() {
        let over = Told { company: "bolt".to_owned(), sort: Sort::Silent, mark: 0 };
        let digest = Digest { faults: vec![(fault("acme", Sort::NeedsYou), true)], over: vec![over] };
        let message = of_digest(&digest, "https://sync.example.com");
        insta::assert_snapshot!(message.text, @r"
        acme <Sons> & Co: Needs you
        2 problems need your decision.
        https://sync.example.com/companies/acme

        Over: bolt (silent) https://sync.example.com/companies/bolt
        ");
        assert_eq!(message.subject, "Counterfoil: acme <Sons> & Co: needs you");
        assert_eq!(message.json["faults"][0]["url"], "https://sync.example.com/companies/acme");
        let slack = for_slack(&message);
        let text = slack["text"].as_str().expect("text");
        assert!(text.starts_with("*Counterfoil: acme &lt;Sons&gt; &amp; Co"), "{text}");
        assert!(!text.contains('<') && !text.contains('>'), "{text}");
    }

    #[test]
    fn a_long_digest_is_cut_and_says_so() {
        let faults = (0..60).map(|number| (fault(&format!("c{number}"), Sort::Stopped), number > 3)).collect();
        let message = of_digest(&Digest { faults, over: Vec::new() }, "http://localhost:8080");
        assert_eq!(message.json["faults"].as_array().map(Vec::len), Some(50));
        assert!(message.text.contains("And 10 more") && message.text.contains("(told before)"));
        assert!(message.subject.contains("60 things"));
        let none = Digest { faults: Vec::new(), over: Vec::new() };
        assert!(of_digest(&none, "").subject.contains("in order again"));
    }
}
