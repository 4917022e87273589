//! What selling an item needs to know of it: how its amount is found, where it is posted, whether it is taxed.

use super::item::posting;
use crate::sim::quickbooks::books::Books;
use crate::sim::quickbooks::lists::{ListKind, ListRecord};

/// How the amount of a sold line comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// Quantity times rate.
    Counted,
    /// The sum of the lines above.
    Subtotal,
    /// Taken off: an amount, or a percentage of the line above.
    TakenOff,
}

/// The facts of one item.
pub(super) struct ItemFacts<'a> {
    pub(super) record: &'a ListRecord,
    pub(super) manner: Manner,
    /// `ListID` of the account that is credited.
    pub(super) account: Option<&'a str>,
    /// Suggested price or, for what is taken off, the amount of it.
    pub(super) rate: Option<&'a str>,
    /// Suggested percentage of the line above.
    pub(super) rate_percent: Option<&'a str>,
    /// `ListID` of the sales tax code.
    pub(super) tax_code: Option<&'a str>,
}

/// The facts of an item that may stand on an invoice; `None` for one that may not.
pub(super) fn sold<'a>(books: &'a Books, id: &str) -> Option<ItemFacts<'a>> {
    let record = books.lists.item(id)?;
    let manner = match record.kind {
        ListKind::ItemSubtotal => Manner::Subtotal,
        ListKind::ItemDiscount | ListKind::ItemPayment => Manner::TakenOff,
        ListKind::ItemSalesTax | ListKind::ItemSalesTaxGroup | ListKind::ItemGroup => return None,
        _ => Manner::Counted,
    };
    let one_side = record.fields.iter().find(|field| field.name == "SalesOrPurchase");
    Some(ItemFacts {
        record,
        manner,
        account: posting::sold_to(record),
        rate: record.field("DiscountRate").or_else(|| posting::sales_price(record)),
        rate_percent: record.field("DiscountRatePercent").or_else(|| one_side?.text_of("PricePercent")),
        tax_code: record.reference("SalesTaxCodeRef"),
    })
}

/// What an item says of itself on an invoice.
pub(super) fn description(record: &ListRecord) -> Option<&str> {
    let inside = |group: &str, name: &str| {
        let group = record.fields.iter().find(|field| field.name == group)?;
        group.text_of(name)
    };
    let own = record.field("SalesDesc").or_else(|| record.field("ItemDesc"));
    own.or_else(|| inside("SalesOrPurchase", "Desc")).or_else(|| inside("SalesAndPurchase", "SalesDesc"))
}
