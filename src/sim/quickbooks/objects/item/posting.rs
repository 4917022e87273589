//! What buying and selling an item posts to, and at what price: read off the one side or the two sides it has.
//!
//! An item with one side (`SalesOrPurchase`) posts both ways to its only account; one with two sides has an account for each.
//! Goods that are counted are bought into their asset account. Groups and subtotals post nothing.

use crate::sim::quickbooks::lists::ListRecord;
use crate::sim::xml::Element;

/// The element at a path of names below the record.
fn at<'a>(item: &'a ListRecord, path: &[&str]) -> Option<&'a Element> {
    let (first, rest) = path.split_first()?;
    let start = item.fields.iter().find(|field| field.name == *first)?;
    rest.iter().try_fold(start, |element, name| element.child(name))
}

fn account<'a>(item: &'a ListRecord, paths: &[&[&str]]) -> Option<&'a str> {
    paths.iter().find_map(|path| at(item, path)?.text_of("ListID"))
}

fn price<'a>(item: &'a ListRecord, paths: &[&[&str]]) -> Option<&'a str> {
    paths.iter().find_map(|path| at(item, path)).map(|element| element.text.as_str())
}

/// `ListID` of the account that is debited when the item is bought.
pub(crate) fn bought_to(item: &ListRecord) -> Option<&str> {
    account(
        item,
        &[
            &["SalesOrPurchase", "AccountRef"],
            &["SalesAndPurchase", "ExpenseAccountRef"],
            &["AssetAccountRef"],
            &["AccountRef"],
            &["DepositToAccountRef"],
        ],
    )
}

/// `ListID` of the account that is credited when the item is sold.
pub(crate) fn sold_to(item: &ListRecord) -> Option<&str> {
    account(
        item,
        &[
            &["SalesOrPurchase", "AccountRef"],
            &["SalesAndPurchase", "IncomeAccountRef"],
            &["IncomeAccountRef"],
            &["AssetAccountRef"],
            &["AccountRef"],
            &["DepositToAccountRef"],
        ],
    )
}

/// What one of it costs to buy, as the item suggests it.
pub(crate) fn cost(item: &ListRecord) -> Option<&str> {
    price(item, &[&["SalesOrPurchase", "Price"], &["SalesAndPurchase", "PurchaseCost"], &["PurchaseCost"]])
}

/// What one of it is sold for, as the item suggests it.
pub(crate) fn sales_price(item: &ListRecord) -> Option<&str> {
    price(item, &[&["SalesOrPurchase", "Price"], &["SalesAndPurchase", "SalesPrice"], &["SalesPrice"]])
}
