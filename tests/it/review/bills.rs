//! Bills whose books must be right.

use super::kit::{at_billcom, at_quickbooks, bill, bills_numbered, books, picture, rounds};
use crate::harness::{Office, Setup};

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
