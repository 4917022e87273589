//! Bills whose books must be right.

use super::kit::{at_billcom, at_quickbooks, bill, bills_numbered, books, picture, rounds, vendor_in_quickbooks};
use crate::harness::{Office, Setup, day};
use counterfoil::sim::quickbooks::{BillDraft, BillDraftLine};

#[test]
fn an_edit_of_a_bill_whose_lines_take_the_default_account_arrives() {
    let mut office =
        Office::new(Setup { books: books(), settings: vec![("default_expense_account", "Fees")], ..Setup::default() });
    let (vendor, id) = at_billcom(&office, |person| {
        person.create_account("Fees", "7", "6000").expect("account");
        let vendor = person.create_vendor("Somebody").expect("vendor");
        let id = person.create_bill(&bill(&vendor, None, "D-1", 700)).expect("bill");
        (vendor, id)
    });
    rounds(&mut office, 3);
    assert_eq!(bills_numbered(&office, "D-1").len(), 1, "{}", picture(&office));
    at_billcom(&office, |person| person.edit_bill(&id, &bill(&vendor, None, "D-1", 900)).expect("edit"));
    rounds(&mut office, 3);
    assert_eq!(bills_numbered(&office, "D-1")[0].total_cents, 900, "{}", picture(&office));
}

#[test]
fn a_payables_account_that_does_not_exist_is_shown_and_not_replaced_silently() {
    let mut office = Office::new(Setup {
        books: books(),
        settings: vec![("payables_account", "Trade Payabels")],
        ..Setup::default()
    });
    at_quickbooks(&office, |person| {
        person.add_account("Trade Payables", "AccountsPayable").expect("account");
    });
    at_billcom(&office, |person| {
        let account = person.create_account("Fees", "7", "6000").expect("account");
        let vendor = person.create_vendor("Somebody").expect("vendor");
        person.create_bill(&bill(&vendor, Some(&account), "A-1", 700)).expect("bill");
    });
    rounds(&mut office, 4);
    assert!(
        !office.status().problems.is_empty(),
        "booked on an account nobody chose: {:?}",
        bills_numbered(&office, "A-1")
    );
}

#[test]
fn a_bill_travels_by_itself_once_its_default_account_is_known() {
    let mut office =
        Office::new(Setup { books: books(), settings: vec![("default_expense_account", "Fees")], ..Setup::default() });
    at_billcom(&office, |person| {
        let vendor = person.create_vendor("Somebody").expect("vendor");
        person.create_bill(&bill(&vendor, None, "F-1", 700)).expect("bill");
    });
    at_quickbooks(&office, |person| person.add_account("Fees", "Expense").expect("account"));
    rounds(&mut office, 4);
    assert_eq!(bills_numbered(&office, "F-1").len(), 1, "{}", picture(&office));
}

#[test]
fn that_a_line_has_no_account_is_not_said_any_more_once_it_has_one() {
    let mut office =
        Office::new(Setup { books: books(), settings: vec![("default_expense_account", "Fees")], ..Setup::default() });
    for taken in ["Somebody", "Somebody (V)"] {
        at_quickbooks(&office, |person| person.add_customer(taken).expect("customer"));
    }
    at_billcom(&office, |person| {
        let vendor = person.create_vendor("Somebody").expect("vendor");
        person.create_bill(&bill(&vendor, None, "F-1", 700)).expect("bill");
    });
    let codes = |office: &Office| -> Vec<String> {
        office.status().problems.into_iter().map(|problem| problem.code.to_owned()).collect()
    };
    rounds(&mut office, 3);
    let before = codes(&office);
    assert!(before.contains(&"incomplete".to_owned()) && before.len() == 2, "{}", picture(&office));
    assert!(picture(&office).contains("has no account “Fees” yet"), "{}", picture(&office));
    at_quickbooks(&office, |person| person.add_account("Fees", "Expense").expect("account"));
    rounds(&mut office, 3);
    let left: Vec<_> = before.into_iter().filter(|code| code != "incomplete").collect();
    assert_eq!(codes(&office), left, "the bill waits for its vendor alone: {}", picture(&office));
}

#[test]
fn the_default_account_is_the_one_whose_full_name_was_given() {
    for setting in ["Office:Fees", "Works:Fees"] {
        let mut office = Office::new(Setup {
            books: books(),
            settings: vec![("default_expense_account", setting)],
            ..Setup::default()
        });
        at_quickbooks(&office, |person| {
            for parent in ["Office", "Works"] {
                let id = person.add_account(parent, "Expense").expect("account");
                person.add_sub_account(&id, "Fees").expect("account");
            }
        });
        rounds(&mut office, 3);
        at_billcom(&office, |person| {
            let vendor = person.create_vendor("Somebody").expect("vendor");
            person.create_bill(&bill(&vendor, None, "F-1", 700)).expect("bill");
        });
        rounds(&mut office, 4);
        let found = bills_numbered(&office, "F-1");
        assert_eq!(found.len(), 1, "{}", picture(&office));
        assert_eq!(found[0].lines[0].account_name.as_deref(), Some(setting));
    }
}

#[test]
fn a_bill_with_more_look_alikes_than_are_compared_is_not_entered_on_a_guess() {
    let (mut office, vendor, account, somebody) = hundreds_of_bills_without_numbers("Somebody");
    at_billcom(&office, |person| person.create_bill(&bill(&vendor, Some(&account), "N/A", 700)).expect("bill"));
    rounds(&mut office, 3);
    let ours = bills_numbered(&office, "N/A").iter().filter(|bill| bill.vendor_id == somebody).count();
    assert_eq!(ours, 501, "entered although it may be there: {}", picture(&office));
    let status = office.status();
    let told = !status.problems.is_empty() || picture(&office).contains("than can be compared");
    assert!(told, "nobody is told: {}", picture(&office));
}

#[test]
fn a_bill_that_may_be_there_is_asked_about_among_hundreds_of_its_number() {
    let (mut office, vendor, account, somebody) = hundreds_of_bills_without_numbers("Sends no numbers");
    at_billcom(&office, |person| person.create_bill(&bill(&vendor, Some(&account), "N/A", 700)).expect("bill"));
    rounds(&mut office, 3);
    let ours = bills_numbered(&office, "N/A").iter().filter(|bill| bill.vendor_id == somebody).count();
    assert_eq!(ours, 1, "entered a second time: {}", picture(&office));
    assert_eq!(office.status().problems.len(), 1, "{}", picture(&office));
}

/// Somebody's bill of 6.50 without a number in QuickBooks, between five hundred others of a vendor. Gives the office,
/// Somebody and an account in Bill.com, and Somebody in QuickBooks.
fn hundreds_of_bills_without_numbers(of: &str) -> (Office, String, String, String) {
    let mut office = Office::new(Setup { books: books(), ..Setup::default() });
    let (vendor, account) = at_billcom(&office, |person| {
        person.create_vendor("Sends no numbers").expect("vendor");
        let vendor = person.create_vendor("Somebody").expect("vendor");
        (vendor, person.create_account("Fees", "7", "6000").expect("account"))
    });
    rounds(&mut office, 3);
    let fees = office.books.lock().expect("books").account("Fees").expect("account").id;
    let somebody = vendor_in_quickbooks(&office, "Somebody").expect("vendor").id;
    let other = vendor_in_quickbooks(&office, of).expect("vendor").id;
    at_quickbooks(&office, |person| {
        let mut enter = |vendor_id: &str, cents| {
            let lines = vec![BillDraftLine { account_id: fees.clone(), cents, memo: String::new() }];
            let (ref_number, date) = ("N/A".to_owned(), day(2026, 2, 10));
            let vendor_id = vendor_id.to_owned();
            person.add_bill(&BillDraft { vendor_id, date, ref_number, memo: String::new(), lines }).expect("bill");
        };
        (1..=250).for_each(|cents| enter(&other, cents));
        enter(&somebody, 650);
        (1..=250).for_each(|cents| enter(&other, cents));
    });
    rounds(&mut office, 2);
    (office, vendor, account, somebody)
}
