//! The main job: accounts and vendors travel both ways, bills travel to QuickBooks, each exactly once.

use crate::harness::{Office, Setup, day};
use counterfoil::sim::billcom::{BillDraft, LineDraft, Organization};
use counterfoil::sim::quickbooks;

/// An organisation with an expense account, vendors and bills of their own.
pub(crate) fn bills(organization: &mut Organization, now: chrono::DateTime<chrono::Utc>, vendors: usize, bills: usize) {
    let mut person = organization.person(now);
    let account = person.create_account("Workshop supplies", "7", "6150").expect("account");
    let vendors: Vec<_> =
        (0..vendors).map(|number| person.create_vendor(&format!("Supplier {number:03}")).expect("vendor")).collect();
    for number in 0..bills {
        let draft = BillDraft {
            vendor_id: vendors[number % vendors.len()].clone(),
            number: format!("INV-{number:04}"),
            date: day(2026, 2, 1 + u32::try_from(number % 28).expect("small")),
            due: day(2026, 3, 15),
            lines: vec![LineDraft {
                cents: 1_000 + i64::try_from(number).expect("small"),
                account_id: Some(account.clone()),
                department_id: None,
                description: format!("Delivery {number}"),
            }],
        };
        person.create_bill(&draft).expect("bill");
    }
}

#[test]
fn a_vendor_and_a_bill_travel() {
    let books = quickbooks::demo(3, day(2026, 3, 2));
    let (accounts, vendors) = (books.accounts().len(), books.vendors().len());
    let mut office =
        Office::new(Setup { books, fill: |organization, now| bills(organization, now, 5, 20), ..Setup::default() });
    let status = office.settle(6);
    assert!(status.problems.is_empty(), "{:#?}", status.problems);
    assert_eq!(office.organization().accounts().len(), accounts + 1);
    assert_eq!(office.organization().vendors().len(), vendors + 5);
    let books = office.books.lock().expect("books");
    let ours = books
        .bills()
        .into_iter()
        .filter(|bill| bill.ref_number.as_deref().is_some_and(|number| number.starts_with("INV-")))
        .count();
    assert_eq!(ours, 20);
    assert_eq!(books.vendors().len(), vendors + 5);
    assert_eq!(books.trial_balance(), 0);
}
