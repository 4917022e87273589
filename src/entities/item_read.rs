//! Items as QuickBooks shows them: twelve records, one canonical form.

use super::item::SUBTOTAL;
use super::quickbooks;
use crate::model::{Fields, Kind, Life, RecordKey, Side, Sighting, Value};
use qbxml::entity::{DiscountRate, ItemPrice, ItemRet, SalesSideRet};
use qbxml::{FromRecord, ListRef, Percent, Price, QbDateTime, Record};

/// What the twelve types have in common, and what of the rest is carried.
#[derive(Default)]
struct Seen<'a> {
    word: &'static str,
    name: Option<&'a str>,
    parent: Option<&'a ListRef>,
    modified: Option<&'a QbDateTime>,
    description: Option<&'a str>,
    price: Option<Price>,
    percent: Option<Percent>,
    account: Option<&'a ListRef>,
    purchase_description: Option<&'a str>,
    cost: Option<Price>,
    expense_account: Option<&'a ListRef>,
}

/// Reads an item of any type, with its `TimeModified`; none when the record is no item.
pub(super) fn read(record: &Record) -> Option<(Sighting, String)> {
    let item = ItemRet::from_record(record.clone()).ok()?;
    let id = quickbooks::native(item.list_id()?.as_str())?;
    let seen = seen(&item);
    let mut fields = Fields::new();
    fields.set_text("name", seen.name);
    fields.set("parent", quickbooks::reference(Kind::Item, seen.parent));
    fields.set_text("type", Some(seen.word));
    fields.set_text("description", seen.description);
    fields.set("price", seen.price.map(Price::decimal).filter(|price| !price.is_zero()).map(Value::Number));
    fields.set("percent", seen.percent.map(Percent::decimal).filter(|rate| !rate.is_zero()).map(Value::Number));
    fields.set("account", quickbooks::reference(Kind::Account, seen.account));
    fields.set_text("purchase_description", seen.purchase_description);
    fields.set("cost", seen.cost.map(Price::decimal).filter(|cost| !cost.is_zero()).map(Value::Number));
    fields.set("expense_account", quickbooks::reference(Kind::Account, seen.expense_account));
    fields.set("active", Some(Value::Flag(item.is_active().unwrap_or(true))));
    let sighting = Sighting {
        key: RecordKey::new(Side::QuickBooks, Kind::Item, id),
        version: quickbooks::version(item.edit_sequence()),
        fields,
        life: Life::Alive,
        merged_into: None,
        hold: None,
        mark: None,
        line_ids: Vec::new(),
    };
    Some((sighting, quickbooks::stamp(seen.modified)))
}

/// Fields that several types call the same.
macro_rules! common {
    ($word:expr, $item:expr) => {
        Seen { word: $word, name: $item.name.as_deref(), modified: $item.time_modified.as_ref(), ..Seen::default() }
    };
}

fn seen(item: &ItemRet) -> Seen<'_> {
    match item {
        ItemRet::Service(item) => {
            sides(Seen { parent: item.parent_ref.as_ref(), ..common!("Service", item) }, item.sides.as_ref())
        }
        ItemRet::NonInventory(item) => {
            sides(Seen { parent: item.parent_ref.as_ref(), ..common!("NonInventory", item) }, item.sides.as_ref())
        }
        ItemRet::OtherCharge(item) => {
            sides(Seen { parent: item.parent_ref.as_ref(), ..common!("OtherCharge", item) }, item.sides.as_ref())
        }
        ItemRet::Inventory(item) => Seen {
            parent: item.parent_ref.as_ref(),
            description: item.sales_desc.as_deref(),
            price: item.sales_price,
            account: item.income_account_ref.as_ref(),
            purchase_description: item.purchase_desc.as_deref(),
            cost: item.purchase_cost,
            expense_account: item.cogs_account_ref.as_ref(),
            ..common!("Inventory", item)
        },
        ItemRet::InventoryAssembly(item) => Seen {
            parent: item.parent_ref.as_ref(),
            description: item.sales_desc.as_deref(),
            price: item.sales_price,
            account: item.income_account_ref.as_ref(),
            purchase_description: item.purchase_desc.as_deref(),
            cost: item.purchase_cost,
            expense_account: item.cogs_account_ref.as_ref(),
            ..common!("InventoryAssembly", item)
        },
        ItemRet::FixedAsset(item) => Seen {
            purchase_description: item.purchase_desc.as_deref(),
            account: item.asset_account_ref.as_ref(),
            ..common!("FixedAsset", item)
        },
        ItemRet::Subtotal(item) => Seen { description: item.item_desc.as_deref(), ..common!(SUBTOTAL, item) },
        ItemRet::Discount(item) => {
            let (price, percent) = match &item.rate {
                Some(DiscountRate::Amount(amount)) => (Some(*amount), None),
                Some(DiscountRate::Percent(percent)) => (None, Some(*percent)),
                None => (None, None),
            };
            Seen {
                parent: item.parent_ref.as_ref(),
                description: item.item_desc.as_deref(),
                price,
                percent,
                account: item.account_ref.as_ref(),
                ..common!("Discount", item)
            }
        }
        ItemRet::Payment(item) => Seen {
            description: item.item_desc.as_deref(),
            account: item.deposit_to_account_ref.as_ref(),
            ..common!("Payment", item)
        },
        ItemRet::SalesTax(item) => {
            Seen { description: item.item_desc.as_deref(), percent: item.tax_rate, ..common!("SalesTax", item) }
        }
        ItemRet::SalesTaxGroup(item) => {
            Seen { description: item.item_desc.as_deref(), ..common!("SalesTaxGroup", item) }
        }
        ItemRet::Group(item) => Seen { description: item.item_desc.as_deref(), ..common!("Group", item) },
    }
}

/// One account, or one for selling and one for buying.
fn sides<'a>(seen: Seen<'a>, sides: Option<&'a SalesSideRet>) -> Seen<'a> {
    match sides {
        None => seen,
        Some(SalesSideRet::One(one)) => {
            let (price, percent) = match &one.price {
                Some(ItemPrice::Price(price)) => (Some(*price), None),
                Some(ItemPrice::Percent(percent)) => (None, Some(*percent)),
                None => (None, None),
            };
            Seen { description: one.desc.as_deref(), price, percent, account: one.account_ref.as_ref(), ..seen }
        }
        Some(SalesSideRet::Both(both)) => Seen {
            description: both.sales_desc.as_deref(),
            price: both.sales_price,
            account: both.income_account_ref.as_ref(),
            purchase_description: both.purchase_desc.as_deref(),
            cost: both.purchase_cost,
            expense_account: both.expense_account_ref.as_ref(),
            ..seen
        },
    }
}
