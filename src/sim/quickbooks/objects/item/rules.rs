//! What holds for items: the form in which their parts are kept, and the rules that a schema cannot say.
//!
//! Some elements exist in requests only: a bar code with its instructions, `…Mod` groups that change a part of a group,
//! instructions about existing transactions. [`fold`] brings them into the form that answers show. Whether an item has one side
//! or two cannot be changed later (`qbxml.md` 6). Which accounts an item needs, and of which type, is recalled rather than
//! documented; an instruction to move existing transactions to another account is taken and not carried out.

use super::super::ListObject;
use crate::sim::quickbooks::books::Books;
use crate::sim::quickbooks::ledger::{PRIOR, Posting};
use crate::sim::quickbooks::lists::{ListKind, ListRecord};
use crate::sim::quickbooks::schema::Node;
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::time::Now;
use crate::sim::quickbooks::{CompanyFile, money, refs};
use crate::sim::xml::Element;

/// An item's object, with the rules that hold for all types.
pub(super) const fn item(ret: &'static str, table: &'static [Node]) -> ListObject {
    ListObject { fold, check, settle, ..ListObject::plain(ret, table) }
}

/// A `…Mod` group, the group it changes, and the group that must not be there instead.
const PARTS: &[(&str, &str, &str)] = &[
    ("SalesOrPurchaseMod", "SalesOrPurchase", "SalesAndPurchase"),
    ("SalesAndPurchaseMod", "SalesAndPurchase", "SalesOrPurchase"),
    ("FixedAssetSalesInfoMod", "FixedAssetSalesInfo", ""),
];

/// Pairs of which an item has at most one; what was sent last stays.
const EXCLUSIVE: &[(&str, &str)] = &[("Price", "PricePercent"), ("DiscountRate", "DiscountRatePercent")];

/// Lines an item may be made of.
const LINES: &[&str] = &["ItemGroupLine", "ItemInventoryAssemblyLine"];

fn fold(record: &mut ListRecord) -> Result<(), Status> {
    let fields = &mut record.fields;
    if let Some(given) = take(fields, "BarCode") {
        fields.retain(|field| field.name != "BarCodeValue");
        fields.extend(given.children.into_iter().filter(|field| field.name == "BarCodeValue" && !field.is_empty()));
    }
    if take(fields, "ClearItemsInGroup").is_some_and(|flag| flag.text == "true") {
        fields.retain(|field| !LINES.contains(&field.name.as_str()));
    }
    fields.retain(|field| !is_instruction(field));
    for (mod_name, name, other) in PARTS {
        let Some(changes) = take(fields, mod_name) else { continue };
        if fields.iter().any(|field| field.name == *other) {
            return Err(Status::rule(name, "", "The item was set up the other way, which cannot be changed."));
        }
        let mut part = take(fields, name).unwrap_or_else(|| Element::new(name));
        for change in changes.children.into_iter().filter(|change| !is_instruction(change)) {
            part.children.retain(|kept| kept.name != change.name);
            if !change.is_empty() && !refs::is_cleared(&change) {
                part.children.push(change);
            }
        }
        keep_last(&mut part.children);
        fields.push(part);
    }
    keep_last(fields);
    Ok(())
}

fn take(fields: &mut Vec<Element>, name: &str) -> Option<Element> {
    let index = fields.iter().position(|field| field.name == name)?;
    Some(fields.remove(index))
}

/// Says what to do, and is no field.
fn is_instruction(field: &Element) -> bool {
    field.name == "ForceUOMChange" || field.name.ends_with("ToExistingTxns")
}

fn keep_last(fields: &mut Vec<Element>) {
    for (one, other) in EXCLUSIVE {
        let place = |name: &str| fields.iter().position(|field| field.name == name);
        if let (Some(first), Some(second)) = (place(one), place(other)) {
            fields.remove(first.min(second));
        }
    }
}

/// An account an item posts to: path, whether it must be there, and the types it may have (any, if none are named).
type Account = (&'static [&'static str], bool, &'static [&'static str]);

/// A real answer shows an asset account in all three places, so only the type of the last is held to.
const STOCK: &[Account] = &[
    (&["IncomeAccountRef"], true, &[]),
    (&["COGSAccountRef"], true, &[]),
    (&["AssetAccountRef"], true, &["OtherCurrentAsset"]),
];

/// The accounts of an item, by its type.
fn accounts(record: &ListRecord) -> &'static [Account] {
    let has_two_sides = record.fields.iter().any(|field| field.name == "SalesAndPurchase");
    match record.kind {
        ListKind::ItemInventory | ListKind::ItemInventoryAssembly => STOCK,
        ListKind::ItemFixedAsset => &[(&["AssetAccountRef"], true, &["FixedAsset"])],
        ListKind::ItemDiscount => &[(&["AccountRef"], true, &[])],
        ListKind::ItemPayment => &[(&["DepositToAccountRef"], false, &["Bank", "OtherCurrentAsset"])],
        ListKind::ItemService | ListKind::ItemNonInventory | ListKind::ItemOtherCharge if has_two_sides => &[
            (&["SalesAndPurchase", "IncomeAccountRef"], true, &[]),
            (&["SalesAndPurchase", "ExpenseAccountRef"], true, &[]),
        ],
        ListKind::ItemService | ListKind::ItemNonInventory | ListKind::ItemOtherCharge => {
            &[(&["SalesOrPurchase", "AccountRef"], true, &[])]
        }
        _ => &[],
    }
}

fn check(file: &CompanyFile, record: &ListRecord, _before: Option<&ListRecord>) -> Result<(), Status> {
    let books = &file.books;
    for (path, is_needed, types) in accounts(record) {
        let (first, rest) = path.split_first().unwrap_or((&"", &[]));
        let start = record.fields.iter().find(|field| field.name == *first);
        let reference = rest.iter().fold(start, |element, name| element.and_then(|found| found.child(name)));
        let Some(reference) = reference else {
            if *is_needed {
                return Err(Status::missing(path.last().unwrap_or(first)));
            }
            continue;
        };
        let account_type = books.account_type(reference.text_of("ListID").unwrap_or(""));
        if account_type == "NonPosting" || !types.is_empty() && !types.contains(&account_type) {
            let reason = "The account is not of a type that can be used here.";
            return Err(refs::refused(reference, record.kind.word(), reason));
        }
    }
    for line in lines(record) {
        check_line(books, record, line)?;
    }
    Ok(())
}

/// `ListID`s of what an item is made of.
fn lines(record: &ListRecord) -> impl Iterator<Item = &Element> {
    let of_lines = record.fields.iter().filter(|field| LINES.contains(&field.name.as_str()));
    of_lines.filter_map(|line| line.child("ItemRef").or_else(|| line.child("ItemInventoryRef")))
}

fn check_line(books: &Books, record: &ListRecord, line: &Element) -> Result<(), Status> {
    let Some(part) = line.text_of("ListID").and_then(|id| books.lists.item(id)) else {
        return Ok(());
    };
    if part.kind == ListKind::ItemGroup {
        return Err(refs::refused(line, record.kind.word(), "A group cannot hold another group."));
    }
    if !record.id.is_empty() && holds(books, part, &record.id, PARTS_DEEP_MAX) {
        return Err(refs::refused(line, record.kind.word(), "An item cannot be a part of itself."));
    }
    Ok(())
}

/// Deepest nesting of assemblies that is looked through.
const PARTS_DEEP_MAX: usize = 20;

fn holds(books: &Books, part: &ListRecord, id: &str, levels: usize) -> bool {
    let inside = || lines(part).filter_map(|line| books.lists.item(line.text_of("ListID")?));
    part.id == id || levels > 0 && inside().any(|below| holds(books, below, id, levels - 1))
}

/// Posts what was on hand when the item was made; everything later comes from transactions.
fn settle(file: &mut CompanyFile, record: &mut ListRecord, _now: Now) {
    let is_counted = matches!(record.kind, ListKind::ItemInventory | ListKind::ItemInventoryAssembly);
    if !is_counted || record.field("AverageCost").is_some() {
        return;
    }
    let quantity = record.field("QuantityOnHand").unwrap_or("0").to_owned();
    let given = record.field("TotalValue").and_then(money::parse);
    let estimated = || money::extend(&quantity, record.field("PurchaseCost").unwrap_or("0"));
    let cents = given.or_else(estimated).unwrap_or(0);
    let average = money::cost_of_one(cents, &quantity).unwrap_or_else(|| "0.00".to_owned());
    record.fields.retain(|field| !matches!(field.name.as_str(), "TotalValue" | "InventoryDate"));
    for (name, value) in [
        ("QuantityOnHand", quantity.as_str()),
        ("AverageCost", average.as_str()),
        ("QuantityOnOrder", "0"),
        ("QuantityOnSalesOrder", "0"),
    ] {
        record.set_field(name, value);
    }
    let asset = record.reference("AssetAccountRef").unwrap_or("").to_owned();
    if cents != 0 && !asset.is_empty() {
        file.books.ledger.post(&[
            Posting { account: asset, party: None, cents },
            Posting { account: PRIOR.to_owned(), party: None, cents: -cents },
        ]);
    }
}
