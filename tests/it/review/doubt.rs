//! Between a doubt and its end, the world goes on.

use super::kit::{at_billcom, at_quickbooks, bill, bills_numbered, books, picture, rounds};
use crate::harness::{Office, OfficeConnector, Service, Setup, answer, day};
use counterfoil::sim::connector::{Connector, LocalTransport, TransportError};
use counterfoil::sim::quickbooks::{BillDraft, BillDraftLine};
use std::sync::{Arc, Mutex};

/// Where the line between the connector and the server breaks, for the rest of an update.
#[derive(Clone, Copy)]
enum Cut {
    /// The reply that holds this never arrives.
    Reply(&'static str),
    /// The reply to the answer to a request that holds this never arrives.
    AfterAnswerTo(&'static str),
}

/// Where it breaks, and whether it is broken.
type Line = Arc<Mutex<(Option<Cut>, bool)>>;

/// The office's connector again, with a line that can be cut.
fn line(office: &mut Office) -> Line {
    let cut: Line = Arc::new(Mutex::new((None, false)));
    let engine = office.engine();
    let file = engine.qwc(&office.company, false, true).expect("qwc");
    let (company, ours) = (office.company.clone(), cut.clone());
    let last = Mutex::new(String::new());
    let service: Service = Box::new(move |_action, body: &str| {
        let (cut, broken) = *ours.lock().expect("cut");
        if broken {
            return Err(TransportError::Closed("cut".to_owned()));
        }
        let reply = answer(&engine, &company, body);
        let text = String::from_utf8_lossy(reply.body.as_ref()).into_owned();
        let breaks = match cut {
            Some(Cut::Reply(what)) => text.contains(what),
            Some(Cut::AfterAnswerTo(what)) => {
                body.contains("<receiveResponseXML") && last.lock().expect("last").contains(what)
            }
            None => false,
        };
        if body.contains("<sendRequestXML") {
            *last.lock().expect("last") = text;
        }
        if breaks {
            ours.lock().expect("cut").1 = true;
            return Err(TransportError::Closed("cut".to_owned()));
        }
        Ok(reply)
    });
    let connector: OfficeConnector =
        Connector::new(&file.xml, &file.password.expect("password"), LocalTransport::new(service)).expect("connector");
    office.connector = connector;
    cut
}

fn cut_update(office: &mut Office, line: &Line, cut: Cut) {
    *line.lock().expect("cut") = (Some(cut), false);
    office.update();
    *line.lock().expect("cut") = (None, false);
}

/// A vendor and an account on both sides, then a bill whose BillAdd never reached QuickBooks.
fn in_doubt() -> (Office, Line, String) {
    let mut office = Office::new(Setup { books: books(), ..Setup::default() });
    let (vendor, account) = at_billcom(&office, |person| {
        (
            person.create_vendor("Somebody").expect("vendor"),
            person.create_account("Fees", "7", "6000").expect("account"),
        )
    });
    office.settle(6);
    let line = line(&mut office);
    let id =
        at_billcom(&office, |person| person.create_bill(&bill(&vendor, Some(&account), "N-1", 700)).expect("bill"));
    office.clock.advance(chrono::Duration::minutes(20));
    office.work();
    cut_update(&mut office, &line, Cut::Reply("BillAddRq"));
    assert!(bills_numbered(&office, "N-1").is_empty());
    (office, line, id)
}

#[test]
fn a_look_up_of_an_earlier_session_is_not_trusted() {
    let (mut office, line, _) = in_doubt();
    // The next session finds that nothing was done, and ends before it does anything about it.
    office.clock.advance(chrono::Duration::minutes(20));
    cut_update(&mut office, &line, Cut::AfterAnswerTo("RefNumber&gt;N-1"));
    assert!(bills_numbered(&office, "N-1").is_empty());
    // Days later the bookkeeper misses the bill and enters it by hand.
    office.clock.advance(chrono::Duration::days(2));
    let account = office.books.lock().expect("books").account("Fees").expect("account").id;
    let vendor = office.books.lock().expect("books").vendor("Somebody").expect("vendor").id;
    at_quickbooks(&office, |person| {
        let lines = vec![BillDraftLine { account_id: account, cents: 700, memo: "work".to_owned() }];
        let draft = BillDraft {
            vendor_id: vendor,
            date: day(2026, 2, 10),
            ref_number: "N-1".into(),
            memo: String::new(),
            lines,
        };
        person.add_bill(&draft).expect("bill");
    });
    rounds(&mut office, 3);
    assert_eq!(bills_numbered(&office, "N-1").len(), 1, "a duplicate bill: {}", picture(&office));
}

#[test]
fn a_bill_archived_while_in_doubt_does_not_stand_in_quickbooks() {
    let (mut office, _line, id) = in_doubt();
    office.clock.advance(chrono::Duration::minutes(20));
    at_billcom(&office, |person| person.archive("Bill", &id).expect("archive"));
    rounds(&mut office, 4);
    assert!(bills_numbered(&office, "N-1").iter().all(|bill| bill.total_cents == 0), "{}", picture(&office));
    assert!(office.status().idle, "{}", picture(&office));
}

#[test]
fn a_bill_edited_while_in_doubt_arrives_once_with_its_last_version() {
    let (mut office, _line, id) = in_doubt();
    office.clock.advance(chrono::Duration::minutes(20));
    let (vendor, account) = {
        let organization = office.organization();
        (
            organization.vendors()[0].id.clone(),
            organization.accounts().iter().find(|a| a.name == "Fees").expect("account").id.clone(),
        )
    };
    at_billcom(&office, |person| person.edit_bill(&id, &bill(&vendor, Some(&account), "N-1", 900)).expect("edit"));
    rounds(&mut office, 4);
    let found = bills_numbered(&office, "N-1");
    assert_eq!(found.len(), 1, "{}", picture(&office));
    assert_eq!(found[0].total_cents, 900, "{}", picture(&office));
}

#[test]
fn a_bill_archived_between_two_looks_is_not_entered_at_all() {
    let (mut office, line, id) = in_doubt();
    office.clock.advance(chrono::Duration::minutes(20));
    cut_update(&mut office, &line, Cut::AfterAnswerTo("RefNumber&gt;N-1"));
    at_billcom(&office, |person| person.archive("Bill", &id).expect("archive"));
    rounds(&mut office, 4);
    assert!(
        bills_numbered(&office, "N-1").is_empty(),
        "entered and voided, though it was archived before: {}",
        picture(&office)
    );
}

#[test]
fn a_look_up_with_too_many_answers_is_no_proof_that_nothing_was_done() {
    let mut office = Office::new(Setup { books: books(), ..Setup::default() });
    let (vendor, account) = at_billcom(&office, |person| {
        (
            person.create_vendor("Somebody").expect("vendor"),
            person.create_account("Fees", "7", "6000").expect("account"),
        )
    });
    office.settle(6);
    let fees = office.books.lock().expect("books").account("Fees").expect("account").id;
    at_quickbooks(&office, |person| {
        let vendor_id = person.add_vendor("Sends no numbers").expect("vendor");
        for cents in 1..=1_001 {
            let lines = vec![BillDraftLine { account_id: fees.clone(), cents, memo: String::new() }];
            let (ref_number, date) = ("N/A".to_owned(), day(2026, 2, 10));
            let draft = BillDraft { vendor_id: vendor_id.clone(), date, ref_number, memo: String::new(), lines };
            person.add_bill(&draft).expect("bill");
        }
    });
    office.settle(6);
    // QuickBooks does the work, says nothing of it, and keeps nothing of it: only a look-up can tell (9005, `qbxml.md` 2).
    office.books.lock().expect("books").setup.habits.message_sets_max = 0;
    at_billcom(&office, |person| person.create_bill(&bill(&vendor, Some(&account), "N/A", 700_000)).expect("bill"));
    rounds(&mut office, 4);
    let ours = bills_numbered(&office, "N/A").iter().filter(|bill| bill.total_cents == 700_000).count();
    assert_eq!(ours, 1, "the bill was entered again: {}", picture(&office));
}
