//! What the pages are made of, in a whole office: previews that promise nothing else than what happens, records, transcripts,
//! silence.

use crate::conversation::bills;
use crate::harness::{Office, Setup, day};
use chrono::Duration;
use counterfoil::engine::{HistoryQuery, RecordQuery, StateWord};
use counterfoil::sim::quickbooks;

/// An office in step, with some bills.
fn in_step() -> Office {
    let books = quickbooks::demo(3, day(2026, 3, 2));
    let mut office =
        Office::new(Setup { books, fill: |organization, now| bills(organization, now, 3, 6), ..Setup::default() });
    let status = office.settle(6);
    assert!(status.problems.is_empty(), "{:#?}", status.problems);
    office
}

/// Somebody changes what payables leave to Bill.com, in three bills.
fn with_differences() -> Office {
    let mut office = in_step();
    let now = office.wall_clock();
    let books = office.books.get_mut().expect("books");
    let ours = |number: &String| number.starts_with("INV-");
    let bills = books.bills().into_iter().filter(|bill| bill.ref_number.as_ref().is_some_and(ours));
    let bills: Vec<String> = bills.take(3).map(|bill| bill.id).collect();
    for bill in &bills {
        books.person(now).change_bill(bill, &[("Memo", "Pay late")]).expect("changed");
    }
    office.clock.advance(Duration::minutes(20));
    office.settle(6);
    office
}

#[test]
fn a_preview_shows_exactly_what_is_sent_and_changes_nothing() {
    let mut office = with_differences();
    let engine = office.engine();
    let groups = engine.problem_groups(&office.company).expect("groups");
    assert_eq!(groups.len(), 1, "equal problems are one group: {groups:#?}");
    let numbers: Vec<i64> = groups[0].members.iter().map(|member| member.id).collect();
    assert_eq!(numbers.len(), 3);
    assert_eq!(groups[0].title, "3 bills were changed in QuickBooks");
    let (before, history) = (office.status(), engine.history(&office.company, None, 500).expect("history"));

    let effect = engine.preview(&office.company, &numbers, "use_billcom", None).expect("a preview");
    assert_eq!(effect.sends.len(), 3, "{effect:#?}");
    let send = &effect.sends[0];
    assert_eq!((send.side.as_str(), send.operation.as_str(), send.kind.as_str()), ("quickbooks", "update", "bill"));
    let memo = send.changes.iter().find(|change| change.before.as_deref() == Some("Pay late")).expect("the memo");
    assert_ne!(memo.after, memo.before);
    let kept = engine.preview(&office.company, &numbers[..1], "skip", None).expect("a preview");
    assert!(kept.sends.is_empty(), "leaving it sends nothing: {kept:#?}");

    let after = office.status();
    assert_eq!((before.intents, before.problems.len()), (after.intents, after.problems.len()), "nothing was done");
    assert_eq!(history.len(), engine.history(&office.company, None, 500).expect("history").len());

    engine.resolve_all(&office.company, &numbers, "use_billcom", None, "page: Ada").expect("pressed");
    office.clock.advance(Duration::minutes(20));
    let status = office.settle(6);
    assert!(status.problems.is_empty(), "{:#?}", status.problems);
    let books = office.books.lock().expect("books");
    assert!(books.bills().iter().all(|bill| bill.memo.as_deref() != Some("Pay late")), "it was sent");
}

#[test]
fn several_problems_are_settled_all_or_none() {
    let office = with_differences();
    let engine = office.engine();
    let mut numbers: Vec<i64> = office.status().problems.iter().map(|problem| problem.id).collect();
    numbers.push(99_999);
    assert!(engine.resolve_all(&office.company, &numbers, "skip", None, "page: Ada").is_err());
    assert!(engine.preview(&office.company, &numbers, "skip", None).is_err());
    assert!(engine.preview(&office.company, &[], "skip", None).is_err());
    assert_eq!(office.status().problems.len(), 3, "none was settled");
}

#[test]
fn a_record_is_found_by_name_number_and_amount_and_shows_both_sides() {
    let office = with_differences();
    let engine = office.engine();
    let find = |text: &str| {
        let query = RecordQuery { text: text.to_owned(), kind: "bill".to_owned(), ..RecordQuery::default() };
        engine.records(&office.company, &query).expect("records").records
    };
    let all = find("INV-");
    assert_eq!(all.len(), 6, "a pair is one record: {all:#?}");
    let bill = office.organization().bills().into_iter().next().expect("a bill");
    let amount = format!("${}.{:02}", bill.cents / 100, bill.cents % 100);
    for text in [bill.number.as_str(), &bill.number.to_lowercase(), amount.as_str()] {
        assert!(find(text).iter().any(|line| line.title.contains(&bill.number)), "{text}");
    }
    assert!(find("%").is_empty() && find("no such thing").is_empty());

    let line = all.iter().find(|line| line.needs_you).expect("one needs a decision");
    let record = engine.record(&office.company, &line.record.side, "bill", &line.record.id).expect("the record");
    assert!(record.is_pair && record.problems.len() == 1, "{record:#?}");
    let memo = record.fields.iter().find(|field| field.quickbooks.as_deref() == Some("Pay late")).expect("the memo");
    assert!(memo.differs && memo.is_changed_in_quickbooks && !memo.is_changed_in_billcom, "{memo:#?}");
    assert_ne!(memo.quickbooks, memo.quickbooks_base);
    assert!(record.intents.iter().any(|intent| intent.operation == "create" && intent.state == "applied"));
    assert!(!record.events.is_empty());
    let partner = record.sides[0].id.clone().expect("in QuickBooks");
    let other = engine.record(&office.company, "quickbooks", "bill", &partner).expect("the same pair from there");
    assert_eq!(other.fields.len(), record.fields.len());
    for (side, kind, id) in
        [("quickbooks", "bill", "nowhere"), ("planet", "bill", &partner), ("quickbooks", "planet", &partner)]
    {
        assert!(engine.record(&office.company, side, kind, id).is_err(), "{side} {kind} {id}");
    }
}

#[test]
fn a_session_can_be_read_word_for_word_and_holds_no_secret() {
    let office = in_step();
    let engine = office.engine();
    let password = office.new_password();
    let mut written = false;
    for session in engine.sessions(&office.company, None, 50).expect("sessions") {
        let transcript = engine.transcript(&office.company, session.id).expect("a transcript");
        assert_eq!(transcript.exchanges.len(), usize::try_from(session.rounds).expect("small"));
        for exchange in &transcript.exchanges {
            let text = engine.exchange(&office.company, session.id, exchange.id).expect("its texts");
            let answer = text.answer.expect("an answer");
            assert!(text.request.contains("<QBXMLMsgsRq") && answer.contains("<QBXMLMsgsRs"), "{}", text.request);
            written |= text.request.contains("<BillAddRq");
            for secret in [password.as_str(), "office-sync-token", "office-developer-key"] {
                assert!(!text.request.contains(secret) && !answer.contains(secret));
            }
        }
        assert!(engine.exchange(&office.company, session.id + 1_000, 1).is_err());
    }
    assert!(written, "the bills that were made can be read");
}

#[test]
fn history_is_found_by_sort_kind_day_who_and_words() {
    let office = in_step();
    let engine = office.engine();
    engine.pause(&office.company, "page: Ada").expect("paused");
    let like = |query: HistoryQuery| engine.history_like(&office.company, &query, 500).expect("history");
    let words = |text: &str| like(HistoryQuery { text: text.to_owned(), ..HistoryQuery::default() });
    assert_eq!(words("page: ada").len(), 1);
    let people = like(HistoryQuery { who: "person".to_owned(), ..HistoryQuery::default() });
    assert!(people.iter().all(|event| event.kind == "person") && people.len() >= 2);
    let bills = like(HistoryQuery { kind: "bill".to_owned(), sort: "applied".to_owned(), ..HistoryQuery::default() });
    assert_eq!(bills.len(), 6, "{bills:#?}");
    let day = office.now().with_timezone(&chrono::Local).date_naive();
    let on = |from: String, to: String| like(HistoryQuery { from, to, ..HistoryQuery::default() }).len();
    assert_eq!(on(day.to_string(), day.to_string()), like(HistoryQuery::default()).len());
    assert_eq!(on("2027-01-01".to_owned(), String::new()), 0);
    let oldest = bills.last().expect("a line").id;
    assert!(like(HistoryQuery { before: Some(oldest), ..HistoryQuery::default() }).iter().all(|it| it.id < oldest));
}

#[test]
fn the_connector_that_stays_away_is_an_alarm() {
    let mut office = in_step();
    assert_eq!(office.status().state, StateWord::UpToDate);
    let expected = office.status().next_contact.expect("its schedule is known");
    assert!(expected.starts_with("2026-03-02T"), "{expected}");
    office.clock.advance(Duration::hours(3));
    office.work();
    let status = office.status();
    assert_eq!(status.state, StateWord::WaitingForQuickbooks);
    assert!(status.silent && status.who.starts_with("You"), "{status:#?}");
    assert!(status.state_reason.contains("should come every 15 minutes"), "{}", status.state_reason);
    office.update();
    assert!(!office.status().silent);
}

#[test]
fn a_sync_that_is_asked_for_reads_quickbooks_at_the_next_visit() {
    let mut office = in_step();
    office.update();
    let visits = |office: &Office| office.engine().sessions(&office.company, None, 50).expect("sessions").len();
    let before = visits(&office);
    office.update();
    assert_eq!(visits(&office), before, "nothing to do: no session");
    office.engine().sync_now(&office.company, "page: Ada").expect("asked for");
    assert!(office.engine().summary(&office.company).expect("a summary").sync_wanted);
    office.update();
    assert_eq!(visits(&office), before + 1);
    assert!(!office.engine().summary(&office.company).expect("a summary").sync_wanted, "it was done");
    office.engine().pause(&office.company, "page: Ada").expect("paused");
    assert!(office.engine().sync_now(&office.company, "page: Ada").is_err(), "a paused company is not synced");
}

#[test]
fn a_copy_of_the_company_holds_everything_and_no_credentials() {
    let office = in_step();
    let engine = office.engine();
    let folder = engine.work_folder().expect("a folder");
    let path = folder.path().join("copy.db");
    engine.export(&office.company, &path).expect("a copy");
    let bytes = std::fs::read(&path).expect("readable");
    assert!(bytes.starts_with(b"SQLite format 3") && bytes.len() > 50_000);
    for secret in ["office-sync-token", "office-developer-key"] {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret}");
    }
}
