//! Error recovery through whole message sets.

use super::*;
use crate::sim::quickbooks::{StatusCheck, StoreFull};

const ADD: &str = "<VendorAddRq requestID=\"7\"><VendorAdd><Name>Once</Name></VendorAdd></VendorAddRq>";

fn status(answer: &Element) -> Option<&str> {
    answer.attribute("messageSetStatusCode")
}

impl Desk {
    fn recover(&mut self, ids: &str, requests: &str) -> Element {
        self.send_with(&format!("{ids} onError=\"stopOnError\""), "13.0", requests).expect("valid")
    }
    fn once(&self) -> usize {
        self.file.vendors().iter().filter(|vendor| vendor.name == "Once").count()
    }
}

#[test]
fn resending_the_same_bytes_returns_the_kept_answer() {
    let mut desk = Desk::new();
    let first = desk.recover("newMessageSetID=\"X\"", ADD);
    assert_eq!((first.attribute("newMessageSetID"), status(&first)), (Some("X"), Some("0")));
    let again = desk.recover("newMessageSetID=\"X\"", ADD);
    assert_eq!(first, again);
    assert_eq!(desk.once(), 1);
    let other = desk.recover("newMessageSetID=\"X\"", &ADD.replace("Once", "Twice"));
    assert_eq!((status(&other), other.children.len()), (Some("9001"), 0));
    assert!(desk.file.vendor("Twice").is_none());
}

#[test]
fn a_status_check_answers_in_full_or_in_brief() {
    let mut desk = Desk::new();
    let check = "newMessageSetID=\"X\" oldMessageSetID=\"X\"";
    let nothing = desk.recover(check, "");
    assert_eq!((status(&nothing), nothing.children.len()), (Some("9002"), 0));
    let first = desk.recover("newMessageSetID=\"X\"", ADD);
    assert_eq!(desk.recover(check, ""), first);
    desk.file.setup.habits.status_check = StatusCheck::ErrorRecovery;
    let brief = desk.recover(check, "");
    let response = &brief.children[0];
    assert_eq!((response.attribute("requestID"), code(response)), (Some("7"), 0));
    let vendor = desk.file.vendor("Once").expect("added");
    let recovery = &response.children[0];
    assert_eq!(recovery.name, "ErrorRecovery");
    assert_eq!(recovery.text_of("ListID"), Some(vendor.id.as_str()));
    assert_eq!(recovery.text_of("EditSequence"), Some(vendor.edit_sequence.to_string().as_str()));
}

#[test]
fn old_sets_are_cleared() {
    let mut desk = Desk::new();
    desk.recover("newMessageSetID=\"X\"", ADD);
    assert_eq!(desk.file.message_sets_kept("{owner}"), 1);
    let next = desk.recover("newMessageSetID=\"Y\" oldMessageSetID=\"X\"", "<HostQueryRq/>");
    assert_eq!((status(&next), code(&next.children[0])), (Some("0"), 0));
    assert_eq!(status(&desk.recover("oldMessageSetID=\"X\"", "")), Some("600"));
    assert_eq!(status(&desk.recover("oldMessageSetID=\"Y\"", "")), Some("0"));
    assert_eq!(desk.file.message_sets_kept("{OWNER}"), 0);
    desk.recover("newMessageSetID=\"Z\"", "<HostQueryRq/>");
    let cleared = desk.recover("oldMessageSetID=\"ClearAllMessageSets\"", "");
    assert_eq!((status(&cleared), cleared.attribute("newMessageSetID")), (Some("0"), None));
    assert_eq!(desk.file.message_sets_kept("{OWNER}"), 0);
}

#[test]
fn long_ids_and_full_stores_are_told() {
    let mut desk = Desk::new();
    let long = desk.recover(&format!("newMessageSetID=\"{}\"", "x".repeat(24)), ADD);
    assert_eq!((status(&long), desk.once()), (Some("9004"), 0));
    desk.file.setup.habits.message_sets_max = 0;
    desk.file.setup.habits.store_full = StoreFull::Refused;
    let refused = desk.recover("newMessageSetID=\"X\"", ADD);
    assert_eq!((status(&refused), refused.children.len(), desk.once()), (Some("9005"), 0, 0));
    desk.file.setup.habits.store_full = StoreFull::DoneButWithheld;
    let withheld = desk.recover("newMessageSetID=\"X\"", ADD);
    assert_eq!((status(&withheld), withheld.children.len(), desk.once()), (Some("9005"), 0, 1));
    desk.file.setup.habits.store_full = StoreFull::DoneAndAnswered;
    let answered = desk.recover("newMessageSetID=\"X\"", &ADD.replace("Once", "More"));
    assert_eq!((status(&answered), answered.children.len()), (Some("9005"), 1));
}

#[test]
fn nothing_is_kept_of_a_set_that_does_not_parse() {
    let mut desk = Desk::new();
    let refused = desk.send_with("newMessageSetID=\"X\" onError=\"stopOnError\"", "13.0", "<Nonsense/>");
    assert_eq!(refused.expect_err("unknown request").code, 0x8004_0400);
    assert_eq!(status(&desk.recover("newMessageSetID=\"X\" oldMessageSetID=\"X\"", "")), Some("9002"));
}

#[test]
fn a_backup_brings_back_the_old_memory() {
    let mut desk = Desk::new();
    let backup = desk.file.backup();
    desk.recover("newMessageSetID=\"X\"", ADD);
    desk.file.restore(&backup, at(500));
    desk.session = desk.file.begin_session("{OWNER}", "").expect("open");
    assert_eq!(desk.once(), 0);
    assert_eq!(status(&desk.recover("newMessageSetID=\"X\" oldMessageSetID=\"X\"", "")), Some("9002"));
    let activity = desk.send("<CompanyActivityQueryRq/>");
    assert_eq!(texts(&activity.children[0], "LastRestoreTime"), ["2026-01-12T17:20:00-05:00"]);
}
