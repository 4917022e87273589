//! Merging through `ListMerge` and by hand.

use super::items::Shop;
use super::*;
use crate::sim::quickbooks::{CompanyFile, ListKind};

fn side(file: &CompanyFile, kind: ListKind, id: &str) -> String {
    let entry = file.entries(kind).into_iter().find(|entry| entry.id == id).expect("the record");
    format!("<ListID>{id}</ListID><EditSequence>{}</EditSequence>", entry.edit_sequence)
}

fn merge(file: &CompanyFile, kind: ListKind, loser: &str, winner: &str) -> String {
    format!(
        "<ListMergeRq><ListMergeType>{}</ListMergeType><MergeFrom>{}</MergeFrom><MergeTo>{}</MergeTo></ListMergeRq>",
        kind.word(),
        side(file, kind, loser),
        side(file, kind, winner)
    )
}

#[test]
fn a_merge_moves_transactions_and_balance_and_leaves_a_trace() {
    let mut desk = Desk::new();
    let bill = desk.bill("1", 1_000);
    let winner = desk.file.person(at(5)).add_vendor("Winner").expect("new");
    let loser = desk.vendor.clone();
    let request = merge(&desk.file, ListKind::Vendor, &loser, &winner);
    assert_eq!(desk.refusal(&request.replacen("<EditSequence>", "<EditSequence>1", 1)).0, 3200);
    desk.file.setup.multi_user = true;
    assert_eq!(desk.refusal(&request).0, 3162);
    desk.file.setup.multi_user = false;
    desk.file.person(at(6)).open_window(&loser);
    assert_eq!(desk.refusal(&request).0, 3176);
    desk.file.person(at(6)).close_window(&loser);
    let before = desk.file.vendor("Winner").expect("known").edit_sequence;
    let (code, response) = desk.one(&request);
    assert_eq!(code, 0);
    let names: Vec<&str> = response.children.iter().map(|child| child.name.as_str()).collect();
    assert_eq!(names, ["ListMergeType", "MergedFrom", "MergedTo"]);
    assert_eq!(response.children[1].text_of("FullName"), Some("C.U. Electric"));
    let kept = desk.file.vendor("Winner").expect("known");
    assert_eq!((kept.balance_cents, kept.edit_sequence), (1_000, before));
    assert_eq!(desk.file.bill(&bill).expect("the same ID").vendor_id, winner);
    let gone = "<ListDeletedQueryRq><ListDelType>Vendor</ListDelType></ListDeletedQueryRq>";
    assert_eq!(texts(&desk.one(gone).1, "ListID"), [loser.as_str()]);
    let by_id = format!("<VendorQueryRq><ListID>{loser}</ListID></VendorQueryRq>");
    assert_eq!(desk.one(&by_id).0, 500);
}

#[test]
fn jobs_move_along_unless_their_names_clash() {
    let mut desk = Desk::new();
    let mut person = desk.file.person(at(0));
    let loser = person.add_customer("Loser").expect("new");
    let winner = person.add_customer("Winner").expect("new");
    let kitchen = person.add_job(&loser, "Kitchen").expect("new");
    let taken = person.add_job(&winner, "KITCHEN").expect("new");
    assert_eq!(desk.refusal(&merge(&desk.file, ListKind::Customer, &loser, &winner)).0, 3100);
    assert_eq!(desk.refusal(&merge(&desk.file, ListKind::Customer, &loser, &kitchen)).0, 3210, "its own job");
    assert_eq!(desk.refusal(&merge(&desk.file, ListKind::Customer, &loser, &loser)).0, 3120);
    desk.file.person(at(2)).rename(ListKind::Customer, &taken, "Bath").expect("free");
    assert_eq!(desk.one(&merge(&desk.file, ListKind::Customer, &loser, &winner)).0, 0);
    let moved = desk.file.entry(ListKind::Customer, "Winner:Kitchen").expect("moved");
    assert_eq!((moved.id, moved.parent), (kitchen, Some(winner)));
}

#[test]
fn customers_with_the_same_address_need_leave() {
    let mut desk = Desk::new();
    let add = |name: &str| {
        format!(
            "<CustomerAddRq><CustomerAdd><Name>{name}</Name><ShipAddress><Addr1>1</Addr1></ShipAddress></CustomerAdd></CustomerAddRq>"
        )
    };
    let mut made = |name: &str| desk.one(&add(name)).1.children[0].text_of("ListID").expect("an ID").to_owned();
    let (one, other) = (made("One"), made("Other"));
    let request = merge(&desk.file, ListKind::Customer, &one, &other);
    assert_eq!(desk.refusal(&request).0, 3210);
    let allowed = request.replace("</ListMergeRq>", "<SameShipAddrOk>1</SameShipAddrOk></ListMergeRq>");
    assert_eq!(desk.one(&allowed).0, 0);
}

#[test]
fn references_inside_groups_follow_a_merge() {
    let mut shop = Shop::with_all_types();
    let other = shop.desk.file.person(at(60)).add_service("Mounting", &shop.sales, "40.00").expect("new");
    let old = shop.desk.file.item("Installation").expect("known").entry.id;
    let in_use = shop.desk.file.person(at(61)).delete(ListKind::ItemService, &old).expect_err("a group holds it");
    assert_eq!(in_use.code, 3160);
    assert_eq!(shop.desk.one(&merge(&shop.desk.file, ListKind::ItemService, &old, &other)).0, 0);
    let group = shop.desk.file.item("Door Set").expect("known").entry;
    assert_eq!(group.field("ItemGroupLine/ItemRef/ListID"), Some(other.as_str()));
    let repairs = shop.desk.repairs.clone();
    let spare = shop.desk.file.person(at(62)).add_account("Spare", "Expense").expect("new");
    shop.desk.file.person(at(63)).merge(ListKind::Account, &repairs, &spare).expect("two expense accounts");
    assert_eq!(shop.desk.file.item("Lumber").expect("known").bought_to, Some(spare));
    let unknown = "<ListMergeRq><ListMergeType>ItemFixedAsset</ListMergeType><MergeFrom><ListID>1-1</ListID><EditSequence>1</EditSequence></MergeFrom><MergeTo><ListID>1-1</ListID><EditSequence>1</EditSequence></MergeTo></ListMergeRq>";
    assert_eq!(
        shop.desk.send_with("onError=\"stopOnError\"", "13.0", unknown).expect_err("no such type").code,
        0x8004_0400
    );
}

#[test]
fn a_restore_brings_merged_records_back() {
    let mut desk = Desk::with_classes();
    let mut person = desk.file.person(at(0));
    let east = person.add_class("East").expect("new");
    let west = person.add_class("West").expect("new");
    let backup = desk.file.backup();
    desk.file.person(at(5)).merge(ListKind::Class, &east, &west).expect("two classes");
    let late = desk.file.person(at(6)).add_class("Late").expect("new");
    desk.file.restore(&backup, at(600));
    assert_eq!(desk.file.entry(ListKind::Class, "East").expect("back").id, east);
    assert!(desk.file.gone().is_empty(), "the trace is gone with what left it");
    let again = desk.file.person(at(601)).add_class("Again").expect("new");
    assert_eq!(again.split('-').next(), late.split('-').next(), "the counter goes back");
    assert_ne!(again, late, "but the ID carries another time");
    desk.session = desk.file.begin_session("{OWNER}", "").expect("open");
    let activity = desk.send("<CompanyActivityQueryRq/>");
    assert_eq!(texts(&activity.children[0], "LastRestoreTime"), ["2026-01-12T19:00:00-05:00"]);
}
