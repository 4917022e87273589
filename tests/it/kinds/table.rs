//! The rows of the table that say what moves, as far as the other tests leave them open: each direction, and each "never".

use super::payables::Firm;
use super::{
    billcom_entry, in_billcom, in_quickbooks, quickbooks_entry, settle, settle_and_stay, settle_with_problems,
};
use crate::harness::{Office, Setup, day};
use counterfoil::sim::quickbooks::{BillDraft, BillDraftLine, ListKind, TxnKind};

/// Entity, list, and a field that both sides know, with its name there and here.
const LISTS: [(&str, ListKind, &str, &str); 4] = [
    ("ChartOfAccount", ListKind::Account, "description", "Desc"),
    ("Department", ListKind::Class, "name", "Name"),
    ("Vendor", ListKind::Vendor, "phone", "Phone"),
    ("Customer", ListKind::Customer, "phone", "Phone"),
];

/// Two records of every list, known to both sides.
fn lists() -> Office {
    let mut office = Office::new(Setup::default());
    in_quickbooks(&mut office, |person| {
        person.set_preferences(|preferences| preferences.class_tracking = true);
        for number in [1, 2] {
            person.add_account(&format!("Account {number}"), "Expense").expect("account");
            person.add_class(&format!("Class {number}")).expect("class");
            person.add_vendor(&format!("Vendor {number}")).expect("vendor");
            person.add_customer(&format!("Customer {number}")).expect("customer");
        }
        let income = person.add_account("Fees", "Income").expect("account");
        for number in [1, 2] {
            person.add_service(&format!("Item {number}"), &income, "80.00").expect("item");
        }
    });
    settle(&mut office);
    office
}

fn name(kind: ListKind, number: u32) -> String {
    format!("{} {number}", kind.word())
}

#[test]
fn an_edit_of_a_list_in_billcom_is_made_in_quickbooks() {
    let mut office = lists();
    for (entity, kind, field, _) in LISTS.iter().filter(|(_, kind, ..)| *kind != ListKind::Class) {
        let id = billcom_entry(&office, entity, &name(*kind, 1)).id;
        in_billcom(&office, |person| person.edit(entity, &id, &[(field, "555-0177".into())]).expect("edited"));
    }
    let class = billcom_entry(&office, "Department", "Class 1").id;
    in_billcom(&office, |person| person.rename("Department", &class, "Class One").expect("renamed"));
    settle_and_stay(&mut office);
    for (_, kind, _, field) in LISTS.iter().filter(|(_, kind, ..)| *kind != ListKind::Class) {
        assert_eq!(quickbooks_entry(&office, *kind, &name(*kind, 1)).field(field), Some("555-0177"), "{kind:?}");
    }
    assert!(quickbooks_entry(&office, ListKind::Class, "Class One").active);
}

#[test]
fn an_edit_of_a_list_in_quickbooks_is_made_in_billcom() {
    let mut office = lists();
    for (_, kind, _, field) in LISTS.iter().filter(|(_, kind, ..)| *kind != ListKind::Class) {
        let id = quickbooks_entry(&office, *kind, &name(*kind, 1)).id;
        in_quickbooks(&mut office, |person| person.set_field(*kind, &id, field, "555-0188").expect("edited"));
    }
    settle_and_stay(&mut office);
    for (entity, kind, field, _) in LISTS.iter().filter(|(_, kind, ..)| *kind != ListKind::Class) {
        let found = billcom_entry(&office, entity, &name(*kind, 1));
        assert_eq!(found.fields.get(field).map(String::as_str), Some("555-0188"), "{entity}");
    }
}

#[test]
fn what_goes_out_of_use_in_quickbooks_goes_out_of_use_in_billcom_and_comes_back() {
    let mut office = lists();
    let mut all: Vec<_> = LISTS.iter().map(|(entity, kind, ..)| (*entity, *kind, name(*kind, 1))).collect();
    all.push(("Item", ListKind::ItemService, "Item 1".to_owned()));
    for active in [false, true] {
        for (_, kind, name) in &all {
            let id = quickbooks_entry(&office, *kind, name).id;
            in_quickbooks(&mut office, |person| person.set_active(*kind, &id, active).expect("set"));
        }
        settle_and_stay(&mut office);
        for (entity, _, name) in &all {
            assert_eq!(billcom_entry(&office, entity, name).active, active, "{entity}");
        }
    }
}

#[test]
fn what_is_deleted_in_quickbooks_goes_out_of_use_in_billcom() {
    let mut office = lists();
    for (_, kind, ..) in LISTS {
        let id = quickbooks_entry(&office, kind, &name(kind, 2)).id;
        in_quickbooks(&mut office, |person| person.delete(kind, &id).expect("deleted"));
    }
    settle_and_stay(&mut office);
    for (entity, kind, ..) in LISTS {
        assert!(!billcom_entry(&office, entity, &name(kind, 2)).active, "{entity}");
        assert!(billcom_entry(&office, entity, &name(kind, 1)).active, "{entity}");
    }
}

#[test]
fn what_is_archived_in_billcom_goes_out_of_use_in_quickbooks_but_items_never_do() {
    let mut office = lists();
    for (entity, kind, ..) in LISTS {
        let id = billcom_entry(&office, entity, &name(kind, 1)).id;
        in_billcom(&office, |person| person.archive(entity, &id).expect("archived"));
    }
    let item = billcom_entry(&office, "Item", "Item 1").id;
    in_billcom(&office, |person| person.archive("Item", &item).expect("archived"));
    settle_and_stay(&mut office);
    for (_, kind, ..) in LISTS {
        assert!(!quickbooks_entry(&office, kind, &name(kind, 1)).active, "{kind:?}");
    }
    assert!(quickbooks_entry(&office, ListKind::ItemService, "Item 1").active);
}

#[test]
fn payables_and_transfers_that_are_made_in_quickbooks_stay_there() {
    let mut firm = Firm::new();
    settle(&mut firm.office);
    let id = |firm: &Firm, name: &str| quickbooks_entry(&firm.office, ListKind::Account, name).id;
    let (expense, checking) = (id(&firm, "Office Supplies"), id(&firm, "Checking"));
    let clearing = id(&firm, "Money Out Clearing");
    let vendor_id = quickbooks_entry(&firm.office, ListKind::Vendor, "Paper Mill").id;
    in_quickbooks(&mut firm.office, |person| {
        let lines = vec![BillDraftLine { account_id: expense.clone(), cents: 5_000, memo: String::new() }];
        let (date, ref_number, memo) = (day(2026, 3, 1), "QB-1".to_owned(), String::new());
        let draft = BillDraft { vendor_id: vendor_id.clone(), date, ref_number, memo, lines };
        let bill = person.add_bill(&draft).expect("bill");
        person.pay_bill(&bill, &checking, 5_000, "101").expect("paid");
        person.enter_vendor_credit(&vendor_id, &expense, 900, "QC-1").expect("credit");
        person.transfer(&checking, &clearing, 700, "by hand").expect("transfer");
    });
    settle_and_stay(&mut firm.office);
    let organization = firm.office.organization();
    for entity in ["Bill", "SentPay", "VendorCredit", "MoneyMovement"] {
        assert_eq!(organization.count(entity), 0, "{entity}");
    }
}

#[test]
fn bills_and_credits_that_are_edited_or_deleted_in_quickbooks_are_shown_and_not_made_again() {
    let mut firm = Firm::new();
    firm.bill("B-1", 10_000);
    firm.credit("CR-1", 1_000);
    settle_and_stay(&mut firm.office);
    let kinds = [TxnKind::Bill, TxnKind::VendorCredit];
    for kind in kinds {
        let id = firm.txns(kind)[0].id.clone();
        in_quickbooks(&mut firm.office, |person| {
            person.change_txn(kind, &id, &[("Memo", "by hand")]).expect("changed");
        });
    }
    let status = settle_with_problems(&mut firm.office);
    assert_eq!(status.problems.iter().filter(|it| it.code == "difference").count(), 2, "{:#?}", status.problems);
    for kind in kinds {
        let id = firm.txns(kind)[0].id.clone();
        in_quickbooks(&mut firm.office, |person| person.delete_txn(kind, &id).expect("deleted"));
    }
    let status = settle_with_problems(&mut firm.office);
    let gone = status.problems.iter().filter(|it| it.summary.contains("is gone in QuickBooks")).count();
    assert_eq!((gone, status.problems.len()), (2, 2), "{:#?}", status.problems);
    assert!(kinds.iter().all(|kind| firm.txns(*kind).is_empty()), "nothing is made again");
    let organization = firm.office.organization();
    assert!(organization.bills()[0].state == "1" && organization.credits()[0].active, "nothing happens in Bill.com");
}

#[test]
fn a_transfer_that_is_edited_in_quickbooks_stays_so_and_one_that_is_deleted_is_shown() {
    let mut firm = Firm::new();
    let bill = firm.bill("B-1", 10_000);
    let (plan, bank) = (firm.plan(&[(&bill, 10_000)], &[]), firm.bank.clone());
    in_billcom(&firm.office, |person| person.schedule(&plan, &bank).expect("scheduled"));
    firm.office.clock.advance(chrono::Duration::days(4));
    let now = firm.office.now();
    firm.office.organization().back_office(now).pick_up();
    firm.office.organization().back_office(now).confirm_after(0);
    settle_and_stay(&mut firm.office);
    let [transfer] = firm.txns(TxnKind::Transfer).try_into().expect("one transfer");
    in_quickbooks(&mut firm.office, |person| {
        person.change_txn(TxnKind::Transfer, &transfer.id, &[("Memo", "by hand")]).expect("changed");
    });
    settle_and_stay(&mut firm.office);
    assert_eq!(firm.txns(TxnKind::Transfer)[0].memo.as_deref(), Some("by hand"));
    in_quickbooks(&mut firm.office, |person| {
        person.delete_txn(TxnKind::Transfer, &transfer.id).expect("deleted");
    });
    // QuickBooks lists no deleted transfers: it is missed at the next whole reading.
    firm.office.clock.advance(chrono::Duration::days(8));
    let status = settle_with_problems(&mut firm.office);
    assert_eq!(status.problems.len(), 1, "{:#?}", status.problems);
    assert!(status.problems[0].summary.contains("is gone in QuickBooks"), "{:#?}", status.problems);
    assert!(firm.txns(TxnKind::Transfer).is_empty(), "it is not made again");
}
