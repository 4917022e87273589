//! People at the keyboard, backups, sessions and what keeps QuickBooks from opening.

use super::*;
use crate::sim::quickbooks::{Condition, ListKind, TxnKind, demo};

#[test]
fn a_merge_moves_everything_without_touching_stamps() {
    let mut desk = Desk::new();
    let id = desk.bill("1", 1_000);
    let winner = desk.file.person(at(5)).add_vendor("Winner").expect("new");
    let before = desk.file.bill(&id).expect("known");
    let loser = desk.vendor.clone();
    desk.file.person(at(50)).merge(ListKind::Vendor, &loser, &winner).expect("two vendors");
    let after = desk.file.bill(&id).expect("the same ID");
    assert_eq!((after.vendor_id.as_str(), after.edit_sequence), (winner.as_str(), before.edit_sequence));
    assert_eq!(desk.file.vendor("Winner").expect("known").balance_cents, 1_000);
    assert!(desk.file.vendor("C.U. Electric").is_none());
    assert_eq!(desk.file.gone().last().map(|gone| gone.id.as_str()), Some(loser.as_str()));
    let (rent, repairs) = (desk.rent.clone(), desk.repairs.clone());
    desk.file.person(at(51)).merge(ListKind::Account, &rent, &repairs).expect("two expense accounts");
    assert_eq!(desk.file.account("Repairs").expect("known").balance_cents, 1_000);
    assert_eq!(desk.file.bill(&id).expect("known").lines[0].account_name.as_deref(), Some("Repairs"));
    let bank = desk.bank.clone();
    assert_eq!(
        desk.file.person(at(52)).merge(ListKind::Account, &repairs, &bank).expect_err("types differ").code,
        3210
    );
    desk.file.person(at(53)).void(TxnKind::Bill, &id).expect("postings moved along");
    assert_eq!(desk.file.trial_balance(), 0);
}

#[test]
fn a_rename_changes_full_names_below_but_not_their_stamps() {
    let mut desk = Desk::new();
    let rent = desk.rent.clone();
    desk.file.person(at(1)).add_sub_account(&rent, "Office").expect("new");
    let before = desk.file.account("Rent:Office").expect("known").edit_sequence;
    desk.file.person(at(2)).rename(ListKind::Account, &rent, "Leases").expect("free");
    let child = desk.file.account("Leases:Office").expect("follows its parent");
    assert_eq!(child.edit_sequence, before);
    assert_eq!(desk.file.person(at(3)).rename(ListKind::Account, &rent, "repairs").expect_err("taken").code, 3100);
}

#[test]
fn bills_are_edited_and_deleted_by_hand() {
    let mut desk = Desk::new();
    let id = desk.bill("1", 1_000);
    let line = BillDraftLine { account_id: desk.repairs.clone(), cents: 2_500, memo: "x".to_owned() };
    desk.file.person(at(5)).change_bill_lines(&id, &[line]).expect("good");
    assert_eq!(desk.file.bill(&id).expect("known").total_cents, 2_500);
    desk.file.person(at(6)).delete_txn(TxnKind::Bill, &id).expect("known");
    assert!(desk.file.bills().is_empty());
    assert_eq!(desk.file.person(at(7)).delete_txn(TxnKind::Bill, &id).expect_err("gone").code, 3120);
}

#[test]
fn a_restore_makes_later_ids_vanish() {
    let mut desk = Desk::new();
    let early = desk.bill("early", 1_000);
    let backup = desk.file.backup();
    let late = desk.bill("late", 2_000);
    desk.file.restore(&backup, at(600));
    assert!(desk.file.bill(&early).is_some());
    assert!(desk.file.bill(&late).is_none());
    assert_eq!(desk.file.account("Rent").expect("known").balance_cents, 1_000);
    let refused = desk.file.process(&desk.session, at(601), "<x/>").expect_err("sessions end");
    assert_eq!(refused.code, 0x8004_040D);
    let again = desk.bill("later", 3_000);
    assert_ne!(again, late, "a new ID carries another time");
}

#[test]
fn sessions_begin_only_when_nothing_is_in_the_way() {
    let mut file = CompanyFile::new("X", 1);
    file.setup.path = r"C:\Books\X.qbw".to_owned();
    let mut tried = |condition: Condition, path: &str| {
        file.condition = condition;
        file.begin_session("{A}", path).map_err(|hresult| hresult.code).err()
    };
    let own = r"c:\books\x.QBW";
    assert_eq!(tried(Condition::Ready, ""), None);
    assert_eq!(tried(Condition::Ready, own), None);
    assert_eq!(tried(Condition::Ready, r"C:\Books\Y.qbw"), Some(0x8004_040A));
    assert_eq!(tried(Condition::Closed, ""), Some(0x8004_0416));
    assert_eq!(tried(Condition::Closed, own), None);
    assert_eq!(tried(Condition::CannotStart, own), Some(0x8004_0408));
    assert_eq!(tried(Condition::OtherFileOpen, ""), Some(0x8004_040A));
    assert_eq!(tried(Condition::DialogOpen, ""), Some(0x8004_0414));
    assert_eq!(tried(Condition::Failing(HResult::no_permission()), ""), Some(0x8004_041A));
}

#[test]
fn the_demo_is_plausible_and_repeatable() {
    let today = day("2026-08-05");
    let file = demo(1, today);
    assert_eq!((file.accounts().len(), file.vendors().len()), (42, 25));
    assert!(file.bills().len() > 5, "{} bills", file.bills().len());
    assert_eq!((file.entries(ListKind::Class).len(), file.parties(ListKind::Customer).len()), (5, 20));
    assert_eq!(ListKind::ITEMS.iter().map(|kind| file.entries(*kind).len()).sum::<usize>(), 17);
    let irrigation = file.entry(ListKind::Customer, "Bayshore Unified Schools:Sports Field:Irrigation");
    assert_eq!(irrigation.and_then(|job| job.field("JobStatus").map(str::to_owned)).as_deref(), Some("Awarded"));
    assert_eq!(file.trial_balance(), 0);
    let owed: i64 = file.vendors().iter().map(|vendor| vendor.balance_cents).sum();
    assert_eq!(file.account("Accounts Payable").expect("known").balance_cents, owed);
    assert_eq!(format!("{:?}", file.bills()), format!("{:?}", demo(1, today).bills()));
    assert_ne!(format!("{:?}", file.bills()), format!("{:?}", demo(2, today).bills()));
}
