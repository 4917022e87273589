//! Every ordinary accident, at every call of a session: no duplicate, nothing lost.

use super::first_sync::bills;
use crate::harness::{Office, Setup, day};
use counterfoil::sim::billcom::{Fault as BillComFault, FaultKind, On};
use counterfoil::sim::connector::{Fault, When};
use counterfoil::sim::quickbooks::{self, HResult, StatusCheck};

const BILLS: usize = 7;

fn office() -> Office {
    let books = quickbooks::demo(3, day(2026, 3, 2));
    Office::new(Setup { books, fill: |organization, now| bills(organization, now, 3, BILLS), ..Setup::default() })
}

/// Calls of a first update that does everything.
fn calls_of_a_session() -> u64 {
    let mut office = office();
    office.work();
    office.update();
    office.connector.calls()
}

fn survives(fault: &Fault, prepare: fn(&mut Office)) {
    for call in 1..=calls_of_a_session() {
        let mut office = office();
        prepare(&mut office);
        office.work();
        office.connector.faults.plan(When::Call(call), fault.clone());
        office.update();
        let status = office.settle(8);
        assert!(status.problems.is_empty(), "{fault:?} at call {call}: {:#?}", status.problems);
        office.assert_exactly_once(BILLS);
        let applied = office.applied();
        office.settle(3);
        assert_eq!(office.applied(), applied, "{fault:?} at call {call}: a later run wrote again");
    }
}

#[test]
fn answer_lost_after_quickbooks_did_the_work() {
    survives(&Fault::LoseAnswer, |_| {});
}

#[test]
fn answer_lost_and_the_status_check_gives_only_ids() {
    survives(&Fault::LoseAnswer, |office| {
        office.books.get_mut().expect("books").setup.habits.status_check = StatusCheck::ErrorRecovery;
    });
}

#[test]
fn session_cut_before_quickbooks_saw_the_request() {
    survives(&Fault::CutBeforeExecution, |_| {});
}

#[test]
fn session_cut_after_any_call() {
    survives(&Fault::CutAfterCall, |_| {});
}

#[test]
fn reply_of_ours_lost_at_any_call() {
    survives(&Fault::CutDuringCall, |_| {});
}

#[test]
fn answer_delivered_twice() {
    survives(&Fault::ReceiveTwice, |_| {});
}

#[test]
fn answer_delivered_again_after_the_end() {
    survives(&Fault::ReceiveAfterClose, |_| {});
}

#[test]
fn request_asked_for_twice() {
    survives(&Fault::SendTwice, |_| {});
}

#[test]
fn answer_cut_short() {
    survives(&Fault::Truncate(60), |_| {});
}

#[test]
fn answer_damaged() {
    survives(&Fault::Garble, |_| {});
}

#[test]
fn quickbooks_dies_after_the_work() {
    survives(&Fault::HResultAfter(HResult::new(0x800706BA, "The RPC server is unavailable.")), |_| {});
}

#[test]
fn quickbooks_dies_before_the_work() {
    survives(&Fault::HResultInstead(HResult::new(0x80040402, "Unexpected error.")), |_| {});
}

#[test]
fn the_server_dies_between_any_two_calls() {
    for call in 1..=usize::try_from(calls_of_a_session()).expect("few") {
        let mut office = office();
        office.work();
        office.update_with_restart(call);
        let status = office.settle(8);
        assert!(status.problems.is_empty(), "restart after call {call}: {:#?}", status.problems);
        office.assert_exactly_once(BILLS);
    }
}

#[test]
fn bill_com_accidents_at_any_write() {
    let kinds = [
        FaultKind::LostAfter,
        FaultKind::LostBefore,
        FaultKind::Html,
        FaultKind::Truncated,
        FaultKind::Status(500),
        FaultKind::SessionKilled,
        FaultKind::Code("BDC_1001"),
        FaultKind::Code("BDC_1322"),
        FaultKind::Code("BDC_1144"),
    ];
    for kind in kinds {
        // Lists are made many at once, so that there are few writes.
        for skip in [0, 1, 2] {
            let mut office = office();
            office.organization().hazards.add(BillComFault { on: On::Write, skip, kind });
            let status = office.settle(16);
            assert!(status.problems.is_empty(), "{kind:?} after {skip}: {:#?}", status.problems);
            office.assert_exactly_once(BILLS);
            assert_eq!(office.organization().hazards.injected().len(), 1, "{kind:?} after {skip} did not happen");
        }
    }
}

#[test]
fn bill_com_accidents_while_reading() {
    for kind in [
        FaultKind::LostAfter,
        FaultKind::Html,
        FaultKind::Truncated,
        FaultKind::EditListedRow,
        FaultKind::Oversize(80_000_000),
    ] {
        for skip in [0, 1, 2] {
            let mut office = office();
            office.organization().hazards.add(BillComFault { on: On::List, skip, kind });
            let status = office.settle(16);
            assert!(status.problems.is_empty(), "{kind:?} after {skip}: {:#?}", status.problems);
            office.assert_exactly_once(BILLS);
        }
    }
}
