//! The book balance of the bank accounts.

use super::{billcom_entry, in_billcom, in_quickbooks, settle};
use crate::harness::{Office, Setup, day};
use counterfoil::sim::billcom::Bank;
use counterfoil::sim::quickbooks::{BillDraft, BillDraftLine};

#[test]
fn a_book_balance_goes_to_billcom_when_it_changes_and_only_then() {
    let mut office = Office::new(Setup::default());
    let bank = in_quickbooks(&mut office, |person| {
        person.add_account("Checking", "Bank").expect("account");
        person.add_account("Savings", "Bank").expect("account")
    });
    settle(&mut office);
    let account = |office: &Office, name: &str| Some(billcom_entry(office, "ChartOfAccount", name).id);
    let checking = Bank { name: "First".into(), account_id: account(&office, "Checking"), pays: true, receives: true };
    let savings = Bank { name: "Second".into(), account_id: account(&office, "Savings"), ..Bank::default() };
    let (checking, savings) =
        in_billcom(&office, |person| (person.connect_bank(&checking), person.connect_bank(&savings)));
    settle(&mut office);
    let told = |office: &Office| {
        let organization = office.organization();
        (organization.book_balance_cents(&checking), organization.book_balance_cents(&savings))
    };
    assert_eq!(told(&office), (Some(0), Some(0)));

    in_quickbooks(&mut office, |person| {
        let vendor = person.add_vendor("Paper Mill").expect("vendor");
        let expense = person.add_account("Office", "Expense").expect("account");
        let line = BillDraftLine { account_id: expense, cents: 12_345, memo: String::new() };
        let bill = BillDraft {
            vendor_id: vendor,
            date: day(2026, 3, 2),
            ref_number: "1".into(),
            memo: String::new(),
            lines: vec![line],
        };
        let bill = person.add_bill(&bill).expect("bill");
        person.pay_bill(&bill, &bank, 12_345, "101").expect("paid");
    });
    settle(&mut office);
    assert_eq!(told(&office), (Some(0), Some(-12_345)));
    let calls = office.organization().calls_to("SetBankBalance");
    settle(&mut office);
    settle(&mut office);
    assert_eq!(office.organization().calls_to("SetBankBalance"), calls, "nothing changed, nothing is told");
}
