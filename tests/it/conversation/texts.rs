//! Texts that QuickBooks cannot keep as they are: they travel once, are never taken for an edit, and what was lost is told.

use crate::harness::{Office, Setup};
use crate::review::kit::{at_billcom, bill, books, picture};
use counterfoil::sim::billcom::{BillDraft, LineDraft};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// Texts of all sorts: accents in both forms, typography, other scripts, emoji, controls, blanks, long ones.
fn text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "é",
        "e\u{301}",
        "Ł",
        "“",
        "”",
        "–",
        "…",
        "€",
        "™",
        "日",
        "😀",
        "\u{200B}",
        "\u{7}",
        "\t",
        "\r\n",
        "\n",
        " ",
        "  ",
        "&",
        "<",
        ">",
        "\"",
        "'",
        ":",
        "*",
        "?",
        "½",
        "\u{A0}",
        "Ω",
        "\u{FE0F}",
        "a",
        "Acme",
        "tools and everything that belongs to them",
    ]);
    prop_oneof![
        3 => prop::collection::vec(odd, 0..12).prop_map(|parts| parts.concat()),
        1 => any::<String>().prop_map(|text| text.chars().take(60).collect()),
    ]
}

/// Vendors and bills of these texts, synchronised; then read again as a whole; then nothing may follow.
fn settles(texts: &[(String, String, String)]) -> Result<(), TestCaseError> {
    let mut office = Office::new(Setup { books: books(), ..Setup::default() });
    let account = at_billcom(&office, |person| person.create_account("Fees", "7", "6000").expect("account"));
    for (number, (name, note, memo)) in texts.iter().enumerate() {
        let named = format!("{number} {name}");
        let vendor = at_billcom(&office, |person| person.create_vendor(&named));
        let Ok(vendor) = vendor else { continue };
        let changed =
            at_billcom(&office, |person| person.edit("Vendor", &vendor, &[("addressCity", note.as_str().into())]));
        drop(changed);
        let line =
            LineDraft { cents: 700, account_id: Some(account.clone()), department_id: None, description: memo.clone() };
        let draft = BillDraft { lines: vec![line], ..bill(&vendor, Some(&account), &format!("INV-{number}"), 700) };
        at_billcom(&office, |person| person.create_bill(&draft)).expect("bill");
    }
    let status = office.settle(8);
    prop_assert!(status.problems.is_empty(), "{}", picture(&office));
    let (applied, calls) = (office.applied(), writes(&office));
    // The whole file is read once more, as after a long silence.
    office.clock.advance(chrono::Duration::days(90));
    office.settle(6);
    office.clock.advance(chrono::Duration::minutes(20));
    let status = office.settle(6);
    prop_assert!(status.problems.is_empty(), "{}", picture(&office));
    prop_assert_eq!(office.applied(), applied, "a lossy text was taken for an edit: {}", picture(&office));
    prop_assert_eq!(writes(&office), calls);
    Ok(())
}

/// Calls that write to Bill.com.
fn writes(office: &Office) -> usize {
    let organization = office.organization();
    ["Crud/Create", "Crud/Update", "Crud/Delete"].iter().map(|call| organization.calls_to(call)).sum()
}

#[test]
fn whatever_stands_in_names_and_memos_travels_once() {
    let strategy = prop::collection::vec((text(), text(), text()), 1..8);
    let mut runner = TestRunner::new(Config { cases: 16, max_shrink_iters: 40, ..Config::default() });
    runner.run(&strategy, |texts| settles(&texts)).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn what_was_lost_is_a_line_of_history_once_for_every_write() {
    let mut office = Office::new(Setup { books: books(), ..Setup::default() });
    let long = "The Very Long Name of a Company that Makes Everything";
    at_billcom(&office, |person| {
        let vendor = person.create_vendor(long).expect("vendor");
        person.create_vendor("Plain").expect("vendor");
        let account = person.create_account("Fees", "7", "6000").expect("account");
        let line = |description: &str| LineDraft {
            cents: 350,
            account_id: Some(account.clone()),
            department_id: None,
            description: description.to_owned(),
        };
        let lines = vec![line("plain"), line("caf\u{e9} \u{2013} \u{65e5}\u{672c}")];
        person.create_bill(&BillDraft { lines, ..bill(&vendor, None, "INV-1", 700) }).expect("bill");
    });
    office.settle(8);
    office.clock.advance(chrono::Duration::minutes(20));
    office.settle(4);
    let history = office.engine().history(&office.company, None, 500).expect("history");
    let mut told: Vec<_> =
        history.iter().filter(|event| event.kind == "adapted").map(|event| event.text.as_str()).collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [
            "Bill INV-1 of 2026-02-10, 7.00: Description of line 2 was written as “caf\u{e9} - ??”, not “caf\u{e9} \u{2013} \u{65e5}\u{672c}”",
            "Vendor The Very Long Name of a Company that Makes Everything: Name was cut to 41 characters: “The Very Long Name of a Company that Make”",
        ],
        "{}",
        picture(&office)
    );
}
