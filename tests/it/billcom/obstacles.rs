//! Whatever stands between us and Bill.com is one problem in plain words, and is gone once it is mended.

use super::kit::{Desk, TOKEN};
use chrono::Duration;
use counterfoil::sim::billcom::{FaultKind, On, SignInKind};

/// An obstacle: how it comes, how it goes, and what a person reads.
struct Case {
    name: &'static str,
    begins: fn(&Desk),
    ends: fn(&Desk),
    code: &'static str,
    words: &'static str,
}

fn no_faults(desk: &Desk) {
    let mut organization = desk.organization();
    organization.hazards = counterfoil::sim::billcom::Hazards::default();
}

fn always(desk: &Desk, kind: FaultKind) {
    desk.organization().hazards.rate(On::List, kind, 1000);
}

fn nothing_but(code: &str) -> String {
    let data = format!(r#"{{"error_code":"{code}","error_message":"words"}}"#);
    format!(r#"{{"response_status":1,"response_message":"Error","response_data":{data}}}"#)
}

fn sign_in_says(desk: &Desk, code: &'static str) {
    desk.organization().kill_sessions();
    desk.answer_instead(move |path| (path == "Login.json").then(|| nothing_but(code)));
}

const CASES: &[Case] = &[
    Case {
        name: "wrong password, or a token that has run out",
        begins: |desk| {
            desk.organization().allow("sync", "another", SignInKind::SyncToken);
            desk.organization().kill_sessions();
        },
        ends: |desk| desk.organization().allow("sync", TOKEN, SignInKind::SyncToken),
        code: "billcom_sign_in",
        words: "does not accept the user name and password",
    },
    Case {
        name: "wrong developer key",
        begins: |desk| sign_in_says(desk, "BDC_1102"),
        ends: Desk::answer_itself,
        code: "billcom_sign_in",
        words: "does not accept the developer key",
    },
    Case {
        name: "organisation without access",
        begins: |desk| {
            desk.organization().rules.api_access = false;
            desk.organization().kill_sessions();
        },
        ends: |desk| desk.organization().rules.api_access = true,
        code: "billcom_sign_in",
        words: "is not open to programs",
    },
    Case {
        name: "no network",
        begins: |desk| desk.organization().offline = true,
        ends: |desk| desk.organization().offline = false,
        code: "billcom_unreachable",
        words: "cannot be reached",
    },
    Case {
        name: "maintenance",
        begins: |desk| always(desk, FaultKind::Html),
        ends: no_faults,
        code: "billcom_unreachable",
        words: "is being worked on",
    },
    Case {
        name: "gateway error",
        begins: |desk| always(desk, FaultKind::Status(503)),
        ends: no_faults,
        code: "billcom_unreachable",
        words: "is being worked on",
    },
    Case {
        name: "cut off",
        begins: |desk| always(desk, FaultKind::Truncated),
        ends: no_faults,
        code: "billcom_unreachable",
        words: "cannot be understood",
    },
    Case {
        name: "an error of their own",
        begins: |desk| always(desk, FaultKind::Code("BDC_1001")),
        ends: no_faults,
        code: "billcom_unreachable",
        words: "cannot be understood",
    },
    Case {
        name: "connection broken",
        begins: |desk| always(desk, FaultKind::LostAfter),
        ends: no_faults,
        code: "billcom_unreachable",
        words: "does not answer",
    },
    Case {
        name: "no answer in time",
        begins: |desk| always(desk, FaultKind::Slow(std::time::Duration::from_secs(600))),
        ends: no_faults,
        code: "billcom_unreachable",
        words: "does not answer",
    },
    Case {
        name: "redirect",
        begins: |desk| always(desk, FaultKind::Redirect),
        ends: no_faults,
        code: "billcom_unreachable",
        words: "address has changed",
    },
    Case {
        name: "dead session, again and again",
        begins: |desk| always(desk, FaultKind::Code("BDC_1109")),
        ends: no_faults,
        code: "billcom_unreachable",
        words: "cannot be understood",
    },
    Case {
        name: "too many at once, again and again",
        begins: |desk| always(desk, FaultKind::Code("BDC_1322")),
        ends: no_faults,
        code: "billcom_unreachable",
        words: "asked too much at once",
    },
    Case {
        name: "the hour is used up",
        begins: |desk| always(desk, FaultKind::Code("BDC_1144")),
        ends: no_faults,
        code: "billcom_unreachable",
        words: "calls of this hour are used up",
    },
];

#[test]
fn each_obstacle_is_one_problem_in_plain_words_that_heals_by_itself() {
    for case in CASES {
        let desk = Desk::new();
        desk.work();
        assert!(desk.problems().is_empty(), "{}: {:?}", case.name, desk.problems());
        (case.begins)(&desk);
        for _ in 0..5 {
            desk.later(3);
        }
        let problems = desk.problems();
        assert_eq!(problems.len(), 1, "{}: {problems:?}", case.name);
        let problem = &problems[0];
        assert_eq!(problem.line.code, case.code, "{}", case.name);
        assert!(problem.line.summary.contains(case.words), "{}: {}", case.name, problem.line.summary);
        assert!(!problem.what_to_do.is_empty() && !format!("{problem:?}").contains(TOKEN), "{}", case.name);
        let state = desk.engine.status(desk.company()).expect("status").state_reason;
        assert!(case.code != "billcom_sign_in" || state.contains(case.words), "{}: {state}", case.name);
        (case.ends)(&desk);
        desk.later(61);
        desk.later(16);
        assert!(desk.problems().is_empty(), "{}: {:?}", case.name, desk.problems());
    }
}

#[test]
fn another_obstacle_takes_the_place_of_the_first() {
    let desk = Desk::new();
    desk.work();
    desk.organization().offline = true;
    desk.later(2);
    assert_eq!(desk.problems()[0].line.code, "billcom_unreachable");
    desk.organization().offline = false;
    sign_in_says(&desk, "BDC_1101");
    desk.later(6);
    let problems = desk.problems();
    assert_eq!(problems.iter().map(|problem| problem.line.code.as_str()).collect::<Vec<_>>(), ["billcom_sign_in"]);
}

#[test]
fn trying_again_is_trying_at_once() {
    let desk = Desk::new();
    desk.work();
    sign_in_says(&desk, "BDC_1101");
    (0..20).for_each(|_| desk.later(10));
    let problem = desk.problems()[0].line.id;
    desk.answer_itself();
    desk.engine.resolve(desk.company(), problem, "retry", None, "test").expect("pressed");
    desk.work();
    assert!(desk.problems().is_empty(), "without waiting for a pause: {:?}", desk.problems());
}

#[test]
fn new_credentials_are_used_at_once() {
    let desk = Desk::new();
    desk.work();
    desk.organization().allow("sync", "renewed-token", SignInKind::SyncToken);
    desk.organization().kill_sessions();
    (0..20).for_each(|_| desk.later(10));
    assert_eq!(desk.problems()[0].line.code, "billcom_sign_in");
    let nothing = desk.engine.set_credentials(desk.company(), None, Some(&" ".into()), None, "test");
    assert!(nothing.is_err(), "an empty password is no password");
    desk.engine.set_credentials(desk.company(), None, Some(&"renewed-token".into()), None, "test").expect("changed");
    desk.work();
    assert!(desk.problems().is_empty(), "{:?}", desk.problems());
    let file = std::fs::read(desk.folder.path().join("server.db")).expect("file");
    assert!(!file.windows(13).any(|bytes| bytes == b"renewed-token"), "it lies sealed");
}

#[test]
fn pauses_grow_while_nobody_answers_and_are_forgotten_afterwards() {
    let desk = Desk::new();
    desk.work();
    desk.organization().offline = true;
    let pauses: Vec<_> = (0..12)
        .map(|_| {
            desk.clock.advance(Duration::minutes(10));
            desk.work().as_secs()
        })
        .collect();
    assert!((5..=8).contains(&pauses[0]), "{pauses:?}");
    assert!(pauses.iter().all(|pause| *pause <= 450) && *pauses.last().expect("some") >= 300, "{pauses:?}");
    desk.organization().offline = false;
    desk.later(10);
    desk.organization().offline = true;
    desk.clock.advance(Duration::minutes(10));
    assert!((5..=8).contains(&desk.work().as_secs()), "after an answer the pauses begin again");
}

#[test]
fn ten_companies_with_one_key_stay_within_its_limits() {
    let desk = Desk::with(10, None);
    for company in &desk.companies {
        desk.engine.set(company, &[("poll_interval".to_owned(), "1s".to_owned())], "test").expect("set");
    }
    for organization in &desk.organizations {
        counterfoil::sim::billcom::lock(organization).rules.latency = std::time::Duration::from_micros(1);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().expect("runtime");
    // Two hours, in which everybody asks as often as every second.
    for _ in 0..2 * 60 {
        desk.clock.advance(Duration::seconds(55));
        for _ in 0..5 {
            let tasks: Vec<_> = desk
                .companies
                .iter()
                .map(|company| {
                    let (engine, company) = (desk.engine.clone(), company.clone());
                    runtime.spawn(async move { engine.work_once(&company).await.map(drop) })
                })
                .collect();
            tasks.into_iter().for_each(|task| runtime.block_on(task).expect("joins").expect("company"));
            desk.clock.advance(Duration::seconds(1));
        }
    }
    let usage = desk.usage.lock().expect("usage");
    assert!(usage.hours().values().all(|hour| hour.calls <= 20_000 && hour.logins <= 200), "{:?}", usage.hours());
    assert_eq!(usage.declined(), 0, "Bill.com never had to say no");
    assert!(usage.most_at_once() <= 2, "{} at once", usage.most_at_once());
    assert_eq!(usage.total().logins, 10, "one sign-in for each");
    drop(usage);
    let fresh = desk.companies.iter().map(|company| desk.engine.status(company).expect("status"));
    assert!(fresh.into_iter().all(|status| status.problems.is_empty() && status.last_billcom_read.is_some()));
}
