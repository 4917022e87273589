//! Error recovery, row by row of its table, and code by code (`qbxml.md` 2): whatever becomes of the message set that holds
//! three bills, each stands in the books once, and the next session has nothing to write.
//!
//! Three rows are for clearing, and one is for sets that nothing is kept of. The server clears an outcome together with its
//! next write (new and old id); it never sends an old id alone, nor the word that clears everything, and reading has no ids.

use crate::between::{Between, between};
use crate::harness::{Office, Setup};
use crate::review::kit::{at_billcom, bill, books, picture, rounds};
use counterfoil::sim::quickbooks::{StatusCheck, StoreFull};
use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

const BILLS: usize = 3;

/// What one message set was for, in a word.
fn word(request: &str, earlier: &HashSet<String>) -> Option<&'static str> {
    let (new, old) = (attribute(request, "newMessageSetID"), attribute(request, "oldMessageSetID"));
    Some(match (new, old) {
        (Some(new), Some(old)) if new == old => "check",
        (Some(_), _) if earlier.contains(request) => "same bytes",
        (Some(_), _) => "write",
        (None, Some(_)) => "clear",
        (None, None) if request.contains("<RefNumber>") => "look up",
        (None, None) => return None,
    })
}

fn attribute<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.split(&format!(" {name}=\"")).nth(1)?.split('"').next()
}

/// Something that may happen to a message set, and to what is asked about it.
struct Case {
    name: &'static str,
    /// What QuickBooks does that the sources leave open.
    habits: fn(&mut Office),
    /// What happens to the request on its way; the number says how many writes went before.
    request: fn(usize, &str) -> Option<String>,
    /// What happens to the answer.
    answer: fn(usize, &str, String) -> Option<String>,
    /// The message sets about the three bills, in order.
    expected: &'static [&'static str],
}

fn is_write(request: &str) -> bool {
    request.contains("<BillAddRq")
}

fn passes(_: usize, request: &str) -> Option<String> {
    Some(request.to_owned())
}

fn arrives(_: usize, _: &str, answer: String) -> Option<String> {
    Some(answer)
}

/// The answer to the first write is lost.
fn lost(writes: usize, request: &str, answer: String) -> Option<String> {
    (writes > 1 || !is_write(request)).then_some(answer)
}

/// The first write never reaches QuickBooks.
fn cut(writes: usize, request: &str) -> Option<String> {
    (writes > 1 || !is_write(request)).then(|| request.to_owned())
}

/// QuickBooks answers a status check with this code and nothing else.
fn check_says(code: u16, request: &str, answer: String) -> String {
    let (new, old) = (attribute(request, "newMessageSetID"), attribute(request, "oldMessageSetID"));
    match new.filter(|new| Some(*new) == old) {
        Some(id) => set_says(code, id),
        None => answer,
    }
}

fn set_says(code: u16, id: &str) -> String {
    format!("<QBXML><QBXMLMsgsRs newMessageSetID=\"{id}\" messageSetStatusCode=\"{code}\"></QBXMLMsgsRs></QBXML>")
}

/// A look-up that finds nothing, although something is there.
fn finds_nothing(request: &str, answer: String) -> String {
    if is_write(request) || !request.contains("<RefNumber>") {
        return answer;
    }
    let ids = request.split("requestID=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let nothing: String = ids
        .map(|id| {
            format!(
                "<BillQueryRs requestID=\"{id}\" statusCode=\"1\" statusSeverity=\"Info\" statusMessage=\"none\" />"
            )
        })
        .collect();
    format!("<QBXML><QBXMLMsgsRs>{nothing}</QBXMLMsgsRs></QBXML>")
}

/// Nothing can be stored any more; the next message set has room again.
fn no_room(office: &mut Office, habit: StoreFull) {
    let habits = &mut office.books.get_mut().expect("books").setup.habits;
    (habits.store_full, habits.message_sets_max) = (habit, 0);
}

const CASES: &[Case] = &[
    Case {
        name: "X is new: it runs, and its outcome is stored",
        habits: |_| {},
        request: passes,
        answer: arrives,
        expected: &["write"],
    },
    Case {
        name: "X and X: the status check gives the stored answer",
        habits: |_| {},
        request: passes,
        answer: lost,
        expected: &["write", "check"],
    },
    Case {
        name: "X and X: the status check gives ids only",
        habits: |office| {
            office.books.get_mut().expect("books").setup.habits.status_check = StatusCheck::ErrorRecovery;
        },
        request: passes,
        answer: lost,
        expected: &["write", "check"],
    },
    Case {
        name: "9002: nothing is stored, because it never ran",
        habits: |_| {},
        request: cut,
        answer: arrives,
        expected: &["write", "check", "look up", "same bytes"],
    },
    Case {
        name: "600: nothing is stored under the old id",
        habits: |_| {},
        request: cut,
        answer: |_, request, answer| Some(check_says(600, request, answer)),
        expected: &["write", "check", "look up", "same bytes"],
    },
    Case {
        name: "9002 although it ran: it is found by looking",
        habits: |_| {},
        request: passes,
        answer: |writes, request, answer| lost(writes, request, check_says(9002, request, answer)),
        expected: &["write", "check", "look up"],
    },
    Case {
        name: "X again, same content: nothing runs, the stored answer comes back",
        habits: |_| {},
        request: passes,
        answer: |writes, request, answer| {
            lost(writes, request, finds_nothing(request, check_says(9002, request, answer)))
        },
        expected: &["write", "check", "look up", "same bytes"],
    },
    Case {
        name: "9001: X was used for other content, so the bills go out under another id",
        habits: |_| {},
        request: |writes, request| {
            let id = attribute(request, "newMessageSetID").unwrap_or_default();
            let other = format!(
                "<?xml version=\"1.0\"?><?qbxml version=\"13.0\"?><QBXML><QBXMLMsgsRq newMessageSetID=\"{id}\" \
                 onError=\"continueOnError\"><HostQueryRq></HostQueryRq></QBXMLMsgsRq></QBXML>"
            );
            Some(if writes == 1 && is_write(request) { other } else { request.to_owned() })
        },
        answer: arrives,
        expected: &["write", "look up", "same bytes", "look up", "write"],
    },
    Case {
        name: "9004: the id is too long for this QuickBooks",
        habits: |_| {},
        request: passes,
        answer: arrives,
        expected: &["write", "look up", "write"],
    },
    Case {
        name: "9005: done, but neither stored nor told",
        habits: |office| no_room(office, StoreFull::DoneButWithheld),
        request: passes,
        answer: arrives,
        expected: &["write", "look up"],
    },
    Case {
        name: "9005: done and told, not stored",
        habits: |office| no_room(office, StoreFull::DoneAndAnswered),
        request: passes,
        answer: arrives,
        expected: &["write"],
    },
    Case {
        name: "9005: not done, because it could not be stored",
        habits: |office| no_room(office, StoreFull::Refused),
        request: passes,
        answer: arrives,
        // The second one finds no room either, and waits for a pause.
        expected: &["write", "look up", "write", "look up", "write"],
    },
    Case {
        name: "9005 and the answer is lost as well",
        habits: |office| no_room(office, StoreFull::DoneAndAnswered),
        request: passes,
        answer: lost,
        expected: &["write", "check", "look up"],
    },
    Case {
        name: "an answer that answers nothing: looked for, found, linked",
        habits: |_| {},
        request: passes,
        answer: |writes, request, answer| {
            let id = attribute(request, "newMessageSetID").filter(|_| writes == 1 && is_write(request));
            Some(id.map_or(answer, |id| set_says(0, id)))
        },
        expected: &["write", "look up"],
    },
];

/// An office in step, and three bills on their way to QuickBooks.
fn three_bills() -> Office {
    let mut office = Office::new(Setup { books: books(), ..Setup::default() });
    let (vendor, account) = at_billcom(&office, |person| {
        let vendor = person.create_vendor("Somebody").expect("vendor");
        (vendor, person.create_account("Fees", "7", "6000").expect("account"))
    });
    office.settle(6);
    office.clock.advance(chrono::Duration::hours(2));
    for number in 1..=BILLS {
        let draft = bill(&vendor, Some(&account), &format!("INV-{number}"), 700);
        at_billcom(&office, |person| person.create_bill(&draft).expect("bill"));
    }
    office
}

fn play(case: &Case) -> (Office, Vec<&'static str>) {
    let mut office = three_bills();
    (case.habits)(&mut office);
    let writes = Arc::new(AtomicUsize::new(0));
    let trace = Arc::new(Mutex::new((HashSet::new(), Vec::new())));
    let (seen, count, later) = (trace.clone(), writes.clone(), writes.clone());
    let (request, answer, too_long) = (case.request, case.answer, case.name.starts_with("9004"));
    let who = Between::changing(
        move |sent, given| {
            let mut seen = seen.lock().expect("trace");
            let word = word(sent, &seen.0);
            seen.1.extend(word);
            seen.0.insert(sent.to_owned());
            let writes = count.fetch_add(usize::from(is_write(sent)), Ordering::Relaxed) + usize::from(is_write(sent));
            let long = |text: String| text.replacen("newMessageSetID=\"", "newMessageSetID=\"longer-than-23-", 1);
            request(writes, &given)
                .map(|text| if too_long && writes == 1 && is_write(sent) { long(text) } else { text })
        },
        move |sent, given| answer(later.load(Ordering::Relaxed), sent, given),
    );
    between(&mut office, &who);
    for round in 0..6 {
        rounds(&mut office, 1);
        if round == 0 {
            // What was full is emptied before the next update.
            office.books.get_mut().expect("books").setup.habits.message_sets_max = 1_000;
        }
    }
    let trace = trace.lock().expect("trace").1.clone();
    (office, trace)
}

#[test]
fn every_row_and_every_code_of_error_recovery() {
    for case in CASES {
        let (office, trace) = play(case);
        assert_eq!(trace, case.expected, "{}\n{}", case.name, picture(&office));
        office.assert_exactly_once(BILLS);
        let status = office.status();
        assert!(status.idle && status.problems.is_empty(), "{}: {}", case.name, picture(&office));
        assert_eq!(status.links["bill"], u64::try_from(BILLS).expect("few"), "{}", case.name);
        assert!(!office.connector.requests.iter().any(|request| request.contains("ClearAllMessageSets")));
    }
}

#[test]
fn what_quickbooks_stores_does_not_pile_up() {
    let mut office = three_bills();
    for number in 10..16 {
        let (vendor, account) = {
            let organization = office.organization();
            let fees = organization.accounts().into_iter().find(|account| account.name == "Fees").expect("account").id;
            (organization.vendors()[0].id.clone(), fees)
        };
        let draft = bill(&vendor, Some(&account), &format!("INV-{number}"), 100 * number);
        at_billcom(&office, |person| person.create_bill(&draft).expect("bill"));
        rounds(&mut office, 1);
    }
    let file = office.engine().qwc(&office.company, false, false).expect("qwc").xml;
    let owner = file.split("<OwnerID>").nth(1).and_then(|rest| rest.split('<').next()).expect("an owner");
    let kept = office.books.lock().expect("books").message_sets_kept(owner);
    assert!((1..=2).contains(&kept), "{kept} outcomes are stored");
    // A write clears an earlier one with its old id; nothing else does, and readings store nothing.
    for request in &office.connector.requests {
        let (new, old) = (attribute(request, "newMessageSetID"), attribute(request, "oldMessageSetID"));
        assert_eq!(new.is_some(), request.contains("AddRq "), "{request}");
        assert!(old.is_none() || (new.is_some() && new != old), "{request}");
    }
    office.assert_exactly_once(BILLS + 6);
}

/// The company file is restored from a backup between the write and its answer: work and stored outcome are both gone.
#[test]
fn a_backup_restored_while_the_answer_is_lost() {
    let mut office = three_bills();
    let backup = office.books.lock().expect("books").backup();
    let who = Between::changing(|_, request| Some(request), |request, answer| lost(1, request, answer));
    between(&mut office, &who);
    rounds(&mut office, 1);
    assert_eq!(office.books.lock().expect("books").bills().len(), BILLS, "the work was done");
    who.stop();
    {
        let mut books = office.books.lock().expect("books");
        let now = books.setup.zone.at(office.now());
        books.restore(&backup, now);
    }
    rounds(&mut office, 4);
    office.assert_exactly_once(BILLS);
    let problems: Vec<_> = office.status().problems.into_iter().map(|problem| problem.code).collect();
    assert_eq!(problems, ["restored"], "{}", picture(&office));
}

/// An office with so many vendors in QuickBooks that a reading takes several pages.
fn many_vendors() -> Office {
    let mut office = Office::new(Setup { books: books(), ..Setup::default() });
    {
        let mut books = office.books.lock().expect("books");
        let now = books.setup.zone.at(office.now());
        for number in 0..400 {
            books.person(now).add_vendor(&format!("Vendor {number:03}")).expect("vendor");
        }
    }
    office.connector.settings.calls_max = 300;
    office
}

/// The sizes of the pages of vendors that were asked for, in order; 0 where no page was.
fn pages(office: &Office) -> Vec<u32> {
    let query = |request: &String| {
        let query = request.split("<VendorQueryRq").nth(1)?.split("</VendorQueryRq>").next()?.to_owned();
        let size = query.split("<MaxReturned>").nth(1).and_then(|rest| rest.split('<').next()?.parse().ok());
        query.contains("<ActiveStatus>All").then(|| size.unwrap_or(0))
    };
    office.connector.requests.iter().filter_map(query).collect()
}

fn all_arrived(office: &mut Office) {
    rounds(office, 3);
    assert_eq!(office.organization().vendors().len(), 400, "{}", picture(office));
    assert!(office.status().problems.is_empty(), "{}", picture(office));
}

#[test]
fn pages_grow_while_quickbooks_is_quick_and_the_filters_are_repeated() {
    let mut office = many_vendors();
    office.work();
    office.update();
    assert_eq!(pages(&office), [125, 250, 500]);
    let continued: Vec<_> =
        office.connector.requests.iter().filter(|request| request.contains("iterator=\"Continue\"")).collect();
    assert!(!continued.is_empty() && continued.iter().all(|request| request.contains("<ActiveStatus>All")));
    all_arrived(&mut office);
}

#[test]
fn pages_shrink_while_quickbooks_is_slow() {
    let mut office = many_vendors();
    let clock = office.clock.clone();
    let who = Between::changing(
        |_, request| Some(request),
        move |_, answer| {
            clock.advance(chrono::Duration::seconds(70));
            Some(answer)
        },
    );
    between(&mut office, &who);
    office.work();
    office.connector.settings.calls_max = 300;
    office.update();
    assert_eq!(pages(&office)[..5], [125, 62, 31, 15, 10]);
    who.stop();
    all_arrived(&mut office);
}

/// 3391 once: read from the beginning. 3391 always: at last without an iterator. In another session: never carried over.
#[test]
fn an_iterator_that_expires_begins_again_and_none_is_carried_over() {
    let expires = |times: usize| {
        let mut office = many_vendors();
        let spoilt = Arc::new(AtomicUsize::new(0));
        let clock = office.clock.clone();
        let who = Between::changing(
            move |_, request| {
                let Some(begin) = request.find("iteratorID=\"{") else { return Some(request) };
                if spoilt.fetch_add(1, Ordering::Relaxed) >= times {
                    return Some(request);
                }
                let unknown = "iteratorID=\"{00000000-0000-0000-0000-000000000000}";
                Some(format!("{}{unknown}{}", &request[..begin], &request[begin + unknown.len()..]))
            },
            move |_, answer| {
                // Neither slow nor quick: the pages stay as they are.
                clock.advance(chrono::Duration::seconds(30));
                Some(answer)
            },
        );
        between(&mut office, &who);
        office.work();
        office.connector.settings.calls_max = 300;
        office.update();
        let asked = pages(&office);
        all_arrived(&mut office);
        asked
    };
    assert_eq!(expires(1), [125, 125, 125, 125, 125, 125], "refused at the second page, and begun again");
    assert_eq!(expires(9), [125, 125, 125, 125, 0], "at last in one answer");
}

#[test]
fn an_iterator_of_a_session_that_was_cut_is_not_asked_for_again() {
    let mut office = many_vendors();
    let who = Between::changing(
        |sent, request| (!sent.contains("iterator=\"Continue\"")).then_some(request),
        |_, answer| Some(answer),
    );
    between(&mut office, &who);
    office.work();
    office.update();
    let seen = office.connector.requests.len();
    who.stop();
    office.clock.advance(chrono::Duration::minutes(20));
    office.update();
    let next = office.connector.requests[seen..].iter().find(|request| request.contains("<VendorQueryRq"));
    assert!(next.is_some_and(|request| request.contains("iterator=\"Start\"")), "{next:?}");
    all_arrived(&mut office);
}
